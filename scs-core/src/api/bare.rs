//! Requests that fit none of the capabilities, for the clients of this crate itself.

use bytes::Bytes;
use http::{HeaderValue, Method};

use super::{Api, Operation, encode_query};
use crate::{Payload, Resource, Result, Singleton};

impl<R: Singleton> Api<R> {
    /// The only one there is, or the part of it that `query` asks for.
    pub(crate) async fn read_where(&self, query: &impl Payload) -> Result<R> {
        let operation = Operation::new("read", Method::GET, self.at.path(None, "")?)
            .query(encode_query(query)?);
        let answer = self.at.send(operation).await?;
        self.at.decode(&answer, "")
    }
}

impl<R: Resource> Api<R> {
    /// Posts what may safely be posted again.
    pub(crate) async fn post_state(&self, state: &impl Payload) -> Result<()> {
        let operation = Operation::new("set", Method::POST, self.at.path(None, "")?);
        self.at.send(operation.idempotent(true).body("", state)?).await.map(drop)
    }

    /// Posts a body as it is.
    pub(crate) async fn post_bytes(&self, body: Bytes, content_type: HeaderValue) -> Result<()> {
        let operation = Operation::new("create", Method::POST, self.at.path(None, "")?);
        self.at.send(operation.bytes(body, content_type)).await.map(drop)
    }
}

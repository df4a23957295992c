use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, header};
use serde::ser::{SerializeMap, Serializer};
use url::Url;

use super::{Path, Settings};
use crate::{
    ApiVersion, Dialect, Error, ErrorKind, Need, Payload, Result, Route,
    auth::BRIEF,
    transport::{Call, Request, Response, overdue},
};

/// One request, before it is known where it goes.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    name: &'static str,
    method: Method,
    path: Path,
    query: Option<String>,
    body: Bytes,
    content_type: Option<HeaderValue>,
    accept: HeaderValue,
    if_match: Option<HeaderValue>,
    need: Option<Need>,
    idempotent: bool,
    token_validity: Duration,
}

impl Operation {
    pub(super) fn new(name: &'static str, method: Method, path: Path) -> Self {
        Self {
            name,
            idempotent: method.is_idempotent(),
            method,
            path,
            query: None,
            body: Bytes::new(),
            content_type: None,
            accept: HeaderValue::from_static("application/json"),
            if_match: None,
            need: None,
            token_validity: BRIEF,
        }
    }

    pub(super) fn query(mut self, query: String) -> Self {
        self.query = Some(query);
        self
    }

    pub(super) fn needs(mut self, need: Option<Need>) -> Self {
        self.need = Need::max(self.need, need);
        self
    }

    pub(super) fn since(self, version: Option<ApiVersion>, because: &'static str) -> Self {
        self.needs(version.map(|version| Need::new(version, because)))
    }

    /// In which form the answer is wanted, if not as JSON.
    pub(super) fn accept(self, media_type: HeaderValue) -> Self {
        Self { accept: media_type, ..self }
    }

    /// Only if the resource is in this very state.
    pub(super) fn if_match(mut self, revision: Option<String>) -> Self {
        self.if_match = revision.and_then(|revision| revision.try_into().ok());
        self
    }

    pub(super) fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    pub(super) fn token_validity(mut self, validity: Duration) -> Self {
        self.token_validity = validity;
        self
    }

    /// `{"key": payload}` with what stands beside it, or the payload alone where the key is
    /// empty. `null` alone travels as no body.
    pub(super) fn body<P: Payload>(mut self, key: &str, payload: &P) -> Result<Self> {
        let mut body = Vec::with_capacity(256);
        let written = write(&mut body, key, payload);
        self.content_type = Some(P::CONTENT_TYPE);
        self.needs(payload.needs()).written(written.map(|()| body))
    }

    fn written(self, body: serde_json::Result<Vec<u8>>) -> Result<Self> {
        let body = body
            .map_err(|error| Error::invalid(format!("the request cannot be written: {error}")))?;
        Ok(if body == b"null" {
            Self { body: Bytes::new(), content_type: None, ..self }
        } else {
            Self { body: body.into(), ..self }
        })
    }

    /// The same with another body in place of the present one.
    pub(super) fn rewritten(
        &self,
        rewrite: impl FnOnce(&[u8]) -> serde_json::Result<Vec<u8>>,
    ) -> Result<Self> {
        self.clone().written(rewrite(&self.body))
    }

    /// A body as it is.
    #[cfg(feature = "conformance")]
    pub(super) fn bytes(self, body: Bytes, content_type: HeaderValue) -> Self {
        Self { body, content_type: Some(content_type), ..self }
    }

    /// Sends it; an answer without success is an error.
    pub(super) async fn run<D: Dialect>(
        self,
        dialect: &D,
        route: &Route,
        settings: Settings,
    ) -> Result<(Response, Url)> {
        let limit = settings.time_limit;
        let label = format!("{} {}", self.method, self.path.template);
        let sent = self.send(dialect, route, settings);
        let result = match limit {
            Some(limit) => {
                tokio::time::timeout(limit, sent).await.unwrap_or_else(|_| Err(overdue(limit)))
            }
            None => sent.await,
        };
        result.map_err(|error| error.about(route.service, label))
    }

    async fn send<D: Dialect>(
        self,
        dialect: &D,
        route: &Route,
        settings: Settings,
    ) -> Result<(Response, Url)> {
        let target = dialect.locate(route, self.need, settings.pinned).await?;
        let mut call = Call::new(
            route.service,
            format!("{}.{}", route.kind(), self.name),
            self.path.template.clone(),
            &self.method,
        );
        call.idempotent = self.idempotent;
        call.retry_conflicts = route.retry_conflicts && self.method == Method::DELETE;
        call.min_validity = settings.min_validity.unwrap_or(self.token_validity);
        let url = self.path.under(&target.base, self.query.as_deref());
        let mut request = Request::new(self.method, url.clone(), self.body, call);
        request.headers = target.headers;
        request.headers.insert(header::ACCEPT, self.accept);
        if let Some(content_type) = self.content_type {
            request.headers.insert(header::CONTENT_TYPE, content_type);
        }
        if let Some(revision) = self.if_match {
            request.headers.insert(header::IF_MATCH, revision);
        }
        let answer = dialect.transport().send(request).await?;
        if answer.status.is_success() {
            return Ok((answer, url));
        }
        if answer.status.is_redirection() {
            return Err(Error::new(ErrorKind::Config, "the server answers with a redirection")
                .with_status(answer.status)
                .with_hint("use the address it redirects to; tokens are not sent elsewhere"));
        }
        let error = dialect.fault(route, &answer).with_attempts(answer.attempts);
        Err(match answer.retry_after().filter(|wait| !wait.is_zero()) {
            Some(wait) => error.with_hint(format!("try again in {} s", wait.as_secs())),
            None => error,
        })
    }
}

fn write<P: Payload>(body: &mut Vec<u8>, key: &str, payload: &P) -> serde_json::Result<()> {
    let mut json = serde_json::Serializer::new(body);
    if key.is_empty() {
        return payload.serialize(&mut json);
    }
    let mut members = json.serialize_map(None)?;
    members.serialize_entry(key, payload)?;
    payload.write_beside(&mut members)?;
    members.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::request! {
        /// A kettle.
        struct Kettle(
            /// Litres.
            size: u32,
        ) {
            /// Where to put it.
            place: String => beside("os:place"),
        }
    }

    #[test]
    fn null_alone_travels_as_no_body() {
        let operation = |key| {
            let path = Path::new("kettles", &[], None, "boil").unwrap();
            Operation::new("boil", Method::POST, path).body(key, &()).unwrap()
        };
        let bare = operation("");
        assert!(bare.body.is_empty() && bare.content_type.is_none());
        assert_eq!(operation("boil").body, r#"{"boil":null}"#);
    }

    #[test]
    fn a_body_is_wrapped_and_has_neighbours() {
        let body = |key, kettle: &Kettle| {
            let path = Path::new("kettles", &[], None, "").unwrap();
            let operation = Operation::new("create", Method::POST, path).body(key, kettle);
            String::from_utf8(operation.unwrap().body.into()).unwrap()
        };
        let kettle = Kettle::new(2u32);
        let red = kettle.clone().with("colour", "red");
        assert_eq!(body("", &red), r#"{"size":2,"colour":"red"}"#);
        assert_eq!(body("kettle", &kettle), r#"{"kettle":{"size":2}}"#);
        assert_eq!(
            body("kettle", &kettle.place("stove")),
            r#"{"kettle":{"size":2},"os:place":"stove"}"#
        );
    }
}

use std::fmt;

use http::Method;
use serde::de::DeserializeOwned;
use url::Url;

use super::{Operation, Path, Settings};
use crate::{
    Dialect, Error, ErrorKind, Result, Route, answer, dialect::decode_member, route::Created,
    transport::Response,
};

/// What an [`Api`](super::Api) does for resources of all kinds alike. It is compiled once for a
/// dialect and not for each resource, which is most of what a handle would cost in code.
#[derive(Clone)]
pub(super) struct Collection<D> {
    pub(super) dialect: D,
    pub(super) route: &'static Route,
    pub(super) parents: Vec<String>,
    pub(super) settings: Settings,
}

/// An answer that holds a resource.
pub(super) struct Answer {
    response: Response,
    /// What was done before it was asked for, to be told if it cannot be read.
    done: Option<String>,
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self { response, done: None }
    }
}

impl<D: Dialect> Collection<D> {
    pub(super) fn path(&self, id: Option<&str>, suffix: &str) -> Result<Path> {
        let template = if id.is_some() { self.route.item_path } else { self.route.path };
        Path::new(template, &self.parents, id, suffix)
    }

    /// The key around one resource in a body or an answer.
    pub(super) fn one(&self) -> &'static str {
        if self.route.bare_one { "" } else { self.route.one }
    }

    pub(super) async fn run(&self, operation: Operation) -> Result<(Response, Url)> {
        operation.run(&self.dialect, self.route, self.settings).await
    }

    pub(super) async fn send(&self, operation: Operation) -> Result<Response> {
        self.run(operation).await.map(|(answer, _)| answer)
    }

    pub(super) async fn get(&self, id: &str) -> Result<Answer> {
        self.get_at(self.path(Some(id), "")?).await
    }

    async fn get_at(&self, path: Path) -> Result<Answer> {
        self.send(Operation::new("get", Method::GET, path)).await.map(Into::into)
    }

    /// Creates, and asks for what the answer does not tell.
    pub(super) async fn create(&self, operation: Operation) -> Result<Answer> {
        let answer = self.send(operation).await?;
        let (name, path) = match self.route.created {
            Created::Whole => return Ok(answer.into()),
            Created::Partly => {
                answer! {
                    struct Partial(id: String) {}
                }
                let Partial { id } = self.decode(&answer, self.one())?;
                let path = self.path(Some(&id), "")?;
                (id, path)
            }
            Created::Located => {
                let name = super::path::last_segment(answer.header("location").unwrap_or_default());
                let mut path = self.path(None, "")?;
                path.push(&name).map_err(|_| {
                    let words = "the answer to the creation does not say where it is";
                    self.about(&answer, Error::new(ErrorKind::Decode, words))
                })?;
                (name, path)
            }
        };
        self.read_after(format!("{} {name} was created", self.route.kind()), path).await
    }

    /// Carries an update out, in the way the route says.
    pub(super) async fn update(&self, id: &str, operation: Operation) -> Result<Answer> {
        if self.route.replaced {
            return self.replace(id, &operation).await;
        }
        let answer = self.send(operation).await?;
        self.changed(id, answer).await
    }

    /// The answer to a change, or what is there now if it tells nothing.
    pub(super) async fn changed(&self, id: &str, answer: Response) -> Result<Answer> {
        if !answer.body.is_empty() {
            return Ok(answer.into());
        }
        let path = self.path(Some(id), "")?;
        self.read_after(format!("{} {id} was changed", self.route.kind()), path).await
    }

    async fn read_after(&self, done: String, path: Path) -> Result<Answer> {
        match self.get_at(path).await {
            Ok(answer) => Ok(Answer { done: Some(done), ..answer }),
            Err(error) => Err(unread(error, done)),
        }
    }

    /// The resource in an answer.
    pub(super) fn read<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T> {
        self.decode(&answer.response, self.one()).map_err(|error| match &answer.done {
            Some(done) => unread(error, done),
            None => error,
        })
    }

    /// What stands under `key` in an answer.
    pub(super) fn decode<T: DeserializeOwned>(&self, answer: &Response, key: &str) -> Result<T> {
        decode_member(&answer.body, key).map_err(|error| self.about(answer, error))
    }

    /// The error with what is known of the answer it was found in.
    pub(super) fn about(&self, answer: &Response, error: Error) -> Error {
        error
            .with_service(self.route.service)
            .with_status(answer.status)
            .with_attempts(answer.attempts)
            .with_request_id(answer.header("x-openstack-request-id").map(Into::into))
    }
}

fn unread(error: Error, done: impl fmt::Display) -> Error {
    error.context(format_args!("{done}, but not read"))
}

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
};

use futures_core::future::BoxFuture;
use futures_util::FutureExt;
use http::{Response as Answer, StatusCode};
use oauth2::{AsyncHttpClient, ErrorResponse, HttpRequest, HttpResponse, RequestTokenError};
use scs_core::{
    Error, ErrorKind, Result, Transport,
    transport::{Call, Request, Response},
};

use super::{SERVICE, refusal::refusal};

/// Carries the requests of the crate oauth2 by our transport.
///
/// It also keeps what went wrong. The errors of oauth2 hold whole bodies, with tokens in them,
/// and forget the status; while it waits for a device it takes every failed connection for a
/// reason to go on. So it never sees a failure: it gets an answer that ends its work, and the
/// error is taken from here.
pub(super) struct Wire<'a> {
    http: &'a Transport,
    operation: &'static str,
    who: String,
    failure: Mutex<Option<Error>>,
}

impl<'a> Wire<'a> {
    /// For one operation (`POST token`) of the login of `who`.
    pub(super) fn new(http: &'a Transport, operation: &'static str, who: String) -> Self {
        Self { http, operation, who, failure: Mutex::default() }
    }

    async fn carry(&self, request: HttpRequest) -> HttpResponse {
        let (status, body) = match self.send(request).await {
            Ok(answer) => (answer.status, answer.body.to_vec()),
            Err(error) => {
                let error = error.with_service(SERVICE).with_operation(self.operation);
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                (StatusCode::BAD_REQUEST, br#"{"error":"failed"}"#.to_vec())
            }
        };
        let mut answer = Answer::new(body);
        *answer.status_mut() = status;
        answer
    }

    async fn send(&self, request: HttpRequest) -> Result<Response> {
        let (parts, body) = request.into_parts();
        let url = parts.uri.to_string().parse().map_err(|_| {
            Error::new(ErrorKind::Decode, "the address of the provider's endpoint is not a URL")
        })?;
        let (_, path) = self.operation.split_once(' ').unwrap_or_default();
        let mut call = Call::new(SERVICE, format!("{path}.create"), path.into(), &parts.method);
        // Two tokens are as good as one, and a code that is lost with an answer stays lost.
        call.idempotent = true;
        let mut request = Request::new(parts.method, url, body.into(), call);
        request.headers = parts.headers;
        let answer = self.http.send(request).await?;
        if answer.status == StatusCode::OK || is_pending(&answer) {
            return Ok(answer);
        }
        Err(refusal(&self.who, &answer))
    }

    /// The outcome of the exchange.
    pub(super) fn read<T, E: ErrorResponse + 'static>(
        &self,
        outcome: Result<T, RequestTokenError<Infallible, E>>,
    ) -> Result<T> {
        let error = match outcome {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        Err(failure.unwrap_or_else(|| self.unreadable(&error)))
    }

    fn unreadable<E: ErrorResponse + 'static>(
        &self,
        error: &RequestTokenError<Infallible, E>,
    ) -> Error {
        let error = match error {
            // The only one that oauth2 makes up by itself.
            RequestTokenError::ServerResponse(_) => Error::new(
                ErrorKind::Timeout,
                format!("nobody has confirmed the login of {} in time", self.who),
            )
            .with_hint("log in again and be quicker at the browser"),
            RequestTokenError::Parse(error, _) => {
                let path = error.path();
                let words = format!("the answer cannot be read as a token: at `{path}`");
                Error::new(ErrorKind::Decode, words)
                    .with_hint("check that the issuer is the address of an OpenID provider")
            }
            _ => Error::new(ErrorKind::Decode, "the answer is not one of an OpenID provider")
                .with_hint("check that the issuer is the address of an OpenID provider"),
        };
        error.with_service(SERVICE).with_operation(self.operation)
    }
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = Infallible;
    type Future = BoxFuture<'c, Result<HttpResponse, Infallible>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        self.carry(request).map(Ok).boxed()
    }
}

/// Whether the provider wants to be asked again: oauth2 does that, at the pace asked for.
fn is_pending(answer: &Response) -> bool {
    let (code, _) = crate::fault::words(&answer.body);
    matches!(code.as_deref(), Some("authorization_pending" | "slow_down"))
}

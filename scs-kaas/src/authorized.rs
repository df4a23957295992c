use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::future::BoxFuture;
use http::{HeaderValue, Request, Response, StatusCode, header::AUTHORIZATION};
use kube::client::Body;
use scs_core::auth::{Grant, TokenRequest, TokenSource};
use tower::{BoxError, Service};

/// Puts a token on each request. A 401 gives up the very token that was sent, and the request
/// is sent once more with a new one.
pub(crate) struct Authorized {
    client: kube::Client,
    tokens: Arc<dyn TokenSource>,
}

impl Authorized {
    pub(crate) fn new(client: kube::Client, tokens: Arc<dyn TokenSource>) -> Self {
        Self { client, tokens }
    }
}

impl Service<Request<Body>> for Authorized {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let (client, tokens) = (self.client.clone(), self.tokens.clone());
        Box::pin(async move {
            let wanted = TokenRequest::new(Duration::from_secs(30));
            let grant = tokens.token(wanted).await?;
            let again = copy(&request);
            let answer = client.send(signed(request, &grant)?).await?;
            match again {
                Some(request) if answer.status() == StatusCode::UNAUTHORIZED => {
                    let grant = tokens.token(wanted.rejected(grant.generation())).await?;
                    Ok(client.send(signed(request, &grant)?).await?)
                }
                _ => Ok(answer),
            }
        })
    }
}

/// The same request once more, unless its body is a stream.
fn copy(request: &Request<Body>) -> Option<Request<Body>> {
    let mut copy = Request::new(request.body().try_clone()?);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    Some(copy)
}

fn signed(mut request: Request<Body>, grant: &Grant) -> Result<Request<Body>, BoxError> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", grant.token().expose()))?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(request)
}

use std::fmt::Debug;

use async_trait::async_trait;

use super::{HttpService, Request, Response};
use crate::Result;

/// Something around each call or each attempt: adds headers, counts, limits, records.
///
/// ```
/// use scs_core::{Result, transport::{Next, Policy, Request, Response}};
///
/// #[derive(Debug)]
/// struct Tagged;
///
/// #[async_trait::async_trait]
/// impl Policy for Tagged {
///     async fn handle(&self, mut request: Request, next: Next<'_>) -> Result<Response> {
///         request.headers.insert("x-team", "billing".parse().expect("a plain text"));
///         next.run(request).await
///     }
/// }
/// ```
#[async_trait]
pub trait Policy: Debug + Send + Sync {
    /// Sees the request on its way and the answer on its way back. May run `next` several
    /// times or not at all.
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response>;
}

/// The rest of the chain behind a policy.
#[derive(Debug, Clone, Copy)]
pub struct Next<'a> {
    policies: &'a [&'a dyn Policy],
    http: &'a dyn HttpService,
}

impl<'a> Next<'a> {
    pub(super) fn new(policies: &'a [&'a dyn Policy], http: &'a dyn HttpService) -> Self {
        Self { policies, http }
    }

    /// Runs the rest of the chain.
    pub async fn run(self, request: Request) -> Result<Response> {
        match self.policies.split_first() {
            Some((policy, policies)) => {
                policy.handle(request, Next { policies, http: self.http }).await
            }
            None => self.http.call(request).await,
        }
    }
}

//! Spans with OpenTelemetry's names. No bodies, no headers but the request id, no URLs but
//! their template.

use async_trait::async_trait;
use tracing::{Instrument, field::Empty};

use super::{Next, Policy, Request, Response};
use crate::Result;

/// One span around the whole call.
#[derive(Debug)]
pub(super) struct CallSpan;

#[async_trait]
impl Policy for CallSpan {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response> {
        let call = &request.call;
        let span = tracing::debug_span!(
            "scs.call",
            otel.name = %call.operation,
            service = call.service,
            attempts = Empty,
        );
        let result = next.run(request).instrument(span.clone()).await;
        let attempts = match &result {
            Ok(answer) => answer.attempts,
            Err(error) => error.attempts(),
        };
        span.record("attempts", attempts);
        result
    }
}

/// One span around each attempt.
#[derive(Debug)]
pub(super) struct AttemptSpan;

#[async_trait]
impl Policy for AttemptSpan {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response> {
        let span = tracing::debug_span!(
            "scs.attempt",
            otel.kind = "client",
            http.request.method = %request.method,
            url.template = %request.call.template,
            server.address = request.url.host_str().unwrap_or_default(),
            server.port = request.url.port_or_known_default(),
            http.response.status_code = Empty,
            openstack.request_id = Empty,
            "error.type" = Empty,
        );
        let result = next.run(request).instrument(span.clone()).await;
        match &result {
            Ok(answer) => {
                span.record("http.response.status_code", answer.status.as_u16());
                if let Some(id) = answer.header("x-openstack-request-id") {
                    span.record("openstack.request_id", id);
                }
            }
            Err(error) => {
                span.record("error.type", tracing::field::debug(error.kind()));
            }
        }
        result
    }
}

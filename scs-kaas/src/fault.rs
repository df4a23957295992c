//! Failures of Kubernetes as the one error of the SDK.

use std::{borrow::Cow, error::Error as StdError, io, time::Duration};

use http::StatusCode;
use kube::core::Status;
use scs_core::{Error, ErrorKind, Result, error::Delivery};
use serde::de::DeserializeOwned;

/// What is known of a failed call.
pub(crate) struct Site<'a> {
    /// The API that was asked.
    pub(crate) service: &'static str,
    /// What was tried: `GET clusters/{}`.
    pub(crate) operation: String,
    /// Where the API server is, if that is known.
    pub(crate) endpoint: Option<&'a str>,
}

impl Site<'_> {
    pub(crate) fn error(&self, error: kube::Error) -> Error {
        // A token source has failed: that is what went wrong, not this call.
        if let kube::Error::Service(cause) = &error
            && let Some(error) = cause.downcast_ref::<Error>()
        {
            let error = error.clone().context(format_args!("no token for {}", self.place()));
            return if error.service().is_some() { error } else { self.locate(error) };
        }
        let error = match error {
            kube::Error::Api(status) => answered(&status),
            kube::Error::SerdeError(_) | kube::Error::FromUtf8(_) => {
                Error::new(ErrorKind::Decode, "the answer is no JSON of this API")
                    .with_hint("check that the address is that of a Kubernetes API server")
            }
            kube::Error::InferConfig(_) | kube::Error::InferKubeconfig(_) => {
                Error::config(format!("the kubeconfig cannot be used: {error}")).with_source(error)
            }
            kube::Error::Auth(_) => {
                let words = format!("the kubeconfig's login does not work: {}", innermost(&error));
                Error::new(ErrorKind::Unauthenticated, words)
                    .with_hint("run the command that the kubeconfig names, and log in there")
                    .with_delivery(Delivery::NotSent)
                    .with_source(error)
            }
            error => self.broken(error),
        };
        self.locate(error)
    }

    /// Names service and operation.
    pub(crate) fn locate(&self, error: Error) -> Error {
        error.with_service(self.service).with_operation(self.operation.clone())
    }

    /// No answer within the time that any answer takes.
    pub(crate) fn overdue(&self, limit: Duration) -> Error {
        self.locate(
            Error::new(
                ErrorKind::Timeout,
                format!("{} did not answer within {limit:?}", self.place()),
            )
            .with_hint("it may still have carried out the request: look before you repeat it"),
        )
    }

    /// Reads an answer.
    pub(crate) fn decode<T: DeserializeOwned>(&self, answer: &str) -> Result<T> {
        let read = &mut serde_json::Deserializer::from_str(answer);
        serde_path_to_error::deserialize(read).map_err(|error| {
            // Where, but not what: it could be a secret.
            let message =
                format!("the answer is not what this API promises, at `{}`", error.path());
            self.locate(Error::new(ErrorKind::Decode, message))
        })
    }

    fn place(&self) -> &str {
        self.endpoint.unwrap_or("the API server")
    }

    fn broken(&self, error: kube::Error) -> Error {
        let place = self.place();
        let reason = innermost(&error);
        if reason.contains("certificate") || reason.contains("UnknownIssuer") {
            let message = format!("the certificate of {place} is refused: {reason}");
            return Error::new(ErrorKind::Untrusted, message)
                .with_hint("give the certificate of the cluster's own authority")
                .with_delivery(Delivery::NotSent)
                .with_source(error);
        }
        let cause = cause::<io::Error>(&error).map(io::Error::kind);
        let unreachable = reason.contains("lookup")
            || matches!(
                cause,
                Some(
                    io::ErrorKind::ConnectionRefused
                        | io::ErrorKind::HostUnreachable
                        | io::ErrorKind::NetworkUnreachable
                        | io::ErrorKind::AddrNotAvailable
                )
            );
        if unreachable {
            return Error::new(
                ErrorKind::Transport,
                format!("cannot connect to {place}: {reason}"),
            )
            .with_hint("check the address and the network, and whether the cluster is running")
            .with_delivery(Delivery::NotSent)
            .with_source(error);
        }
        let (kind, message) = match cause {
            Some(io::ErrorKind::TimedOut) => {
                (ErrorKind::Timeout, format!("{place} did not answer in time"))
            }
            _ => (ErrorKind::Transport, format!("the connection to {place} broke: {reason}")),
        };
        Error::new(kind, message)
            .with_hint("it may still have carried out the request: look before you repeat it")
            .with_source(error)
    }
}

/// The API server's own words.
pub(crate) fn answered(status: &Status) -> Error {
    let by_policy = status.message.contains("User \"") && status.message.contains(" cannot ");
    let (kind, hint) = match status.code {
        401 => (
            ErrorKind::Unauthenticated,
            Some("log in again; the API server may not know the issuer or audience of the token"),
        ),
        403 if by_policy => {
            (ErrorKind::Forbidden, Some("ask for a role with this right in the namespace"))
        }
        403 if status.message.contains("exceeded quota") => {
            (ErrorKind::QuotaExceeded, Some("delete something or ask for more"))
        }
        // Admission refuses what is asked for, whoever asks for it.
        403 if !status.message.is_empty() => (ErrorKind::Rejected, None),
        403 => (ErrorKind::Forbidden, None),
        404 => (ErrorKind::NotFound, None),
        405 | 406 | 501 => (ErrorKind::Unsupported, None),
        409 => (ErrorKind::Conflict, None),
        429 => (ErrorKind::RateLimited, None),
        504 => (ErrorKind::Timeout, None),
        500.. => (ErrorKind::Unavailable, None),
        _ => (ErrorKind::Rejected, None),
    };
    let details = status.details.as_ref();
    let mut error = Error::new(kind, words(status));
    if let Ok(code) = StatusCode::from_u16(status.code) {
        error = error.with_status(code);
    }
    if !status.reason.is_empty() {
        error = error.with_code(status.reason.clone());
    }
    if let Some(hint) = hint {
        error = error.with_hint(hint);
    }
    let wait = details.map_or(0, |details| details.retry_after_seconds);
    error.with_retry_after((wait > 0).then(|| Duration::from_secs(wait.into())))
}

/// The message, and the causes that it does not name already.
fn words(status: &Status) -> Cow<'static, str> {
    let mut words = status.message.clone();
    for cause in status.details.iter().flat_map(|details| &details.causes) {
        if !words.contains(&cause.message) {
            words.push_str(if words.is_empty() { "" } else { "; " });
            if !cause.field.is_empty() {
                words.push_str(&cause.field);
                words.push_str(": ");
            }
            words.push_str(&cause.message);
        }
    }
    if words.is_empty() {
        format!("refused with {} {}", status.code, status.reason).into()
    } else {
        words.into()
    }
}

fn cause<E: StdError + 'static>(error: &kube::Error) -> Option<&E> {
    let mut error: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(this) = error {
        // Custom errors within an `io::Error` are no source of it, but what it wraps.
        if let Some(found) = this.downcast_ref() {
            return Some(found);
        }
        error = this.source();
    }
    None
}

fn innermost(error: &dyn StdError) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(status: serde_json::Value) -> Error {
        answered(&serde_json::from_value(status).unwrap())
    }

    #[test]
    fn causes_are_listed_with_their_fields() {
        let error = error(json!({
            "code": 422, "reason": "Invalid",
            "message": "Cluster.cluster.x-k8s.io \"shop\" is invalid",
            "details": {"causes": [
                {"field": "spec.topology.version", "message": "version cannot be decreased"},
                {"field": "spec", "message": "is invalid"},
            ]},
        }));
        assert_eq!(error.kind(), ErrorKind::Rejected);
        assert_eq!(error.code(), Some("Invalid"));
        assert_eq!(
            error.to_string(),
            "Cluster.cluster.x-k8s.io \"shop\" is invalid; spec.topology.version: \
             version cannot be decreased (HTTP 422)"
        );
    }

    #[test]
    fn policy_and_admission_are_told_apart() {
        let policy = "clusters.cluster.x-k8s.io is forbidden: User \"lab-reader\" cannot create \
                      resource \"clusters\" in API group \"cluster.x-k8s.io\"";
        let refused = |message: &str| {
            error(json!({"code": 403, "reason": "Forbidden", "message": message})).kind()
        };
        assert_eq!(refused(policy), ErrorKind::Forbidden);
        assert_eq!(
            refused("admission webhook \"validation\" denied the request"),
            ErrorKind::Rejected
        );
        assert_eq!(refused("pods \"a\" is forbidden: exceeded quota: x"), ErrorKind::QuotaExceeded);
    }

    #[test]
    fn kinds_follow_the_code() {
        for (code, kind) in [
            (400, ErrorKind::Rejected),
            (401, ErrorKind::Unauthenticated),
            (404, ErrorKind::NotFound),
            (409, ErrorKind::Conflict),
            (410, ErrorKind::Rejected),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Unavailable),
            (504, ErrorKind::Timeout),
        ] {
            assert_eq!(error(json!({"code": code, "message": "x"})).kind(), kind, "{code}");
        }
        let wait = json!({"code": 429, "message": "x", "details": {"retryAfterSeconds": 3}});
        assert_eq!(error(wait).retry_after(), Some(Duration::from_secs(3)));
    }
}

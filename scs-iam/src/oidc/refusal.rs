//! What a provider's refusal means and what to do about it.

use http::StatusCode;
use scs_core::{Error, ErrorKind, transport::Response};

use crate::fault::words;

/// The error that an answer of the token endpoint without success stands for. `who` is the
/// login that was tried: `user `ada``.
pub(super) fn refusal(who: &str, answer: &Response) -> Error {
    if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
        return unavailable(answer).context(format_args!("the login of {who} failed"));
    }
    let (code, message) = words(&answer.body);
    let code = code.unwrap_or_default();
    let reason = if message.is_empty() { code.as_str() } else { &message };
    let reason = if reason.is_empty() {
        answer.status.canonical_reason().unwrap_or("refused")
    } else {
        reason
    };
    let (kind, hint) = meaning(answer.status, &code, &message);
    Error::new(kind, format!("the login of {who} is refused: {reason}"))
        .with_hint(hint)
        .with_status(answer.status)
        .with_attempts(answer.attempts)
        .with_code(code)
}

fn meaning(status: StatusCode, code: &str, message: &str) -> (ErrorKind, &'static str) {
    use ErrorKind as K;
    let says = |words: &str| message.contains(words);
    match code {
        "invalid_grant" if says("disabled") => {
            (K::Unauthenticated, "an administrator has to enable the account")
        }
        "invalid_grant" if says("not fully set up") => (
            K::Unauthenticated,
            "log in with a browser once and do what the account still asks for",
        ),
        "invalid_grant" if says("credentials") => {
            (K::Unauthenticated, "check user name and password")
        }
        "invalid_grant" => (K::Unauthenticated, "the login is over: log in again"),
        "unauthorized_client" if says("credentials") => {
            (K::Unauthenticated, "check the secret of the client")
        }
        "unauthorized_client" => (
            K::Forbidden,
            "the client's settings have to allow this grant (in Keycloak: its capability config)",
        ),
        "invalid_client" => {
            (K::Unauthenticated, "check the id of the client, and that this is its realm")
        }
        "unsupported_grant_type" => (K::Unsupported, "choose another way to log in"),
        "invalid_scope" => (K::Config, "ask for other scopes, or have them added to the client"),
        "access_denied" => {
            (K::Unauthenticated, "the person at the browser, or a policy of the provider, said no")
        }
        "expired_token" => (K::Timeout, "log in again and be quicker at the browser"),
        _ if status == StatusCode::NOT_FOUND => {
            (K::Config, "check the issuer; that of a Keycloak is like https://HOST/realms/REALM")
        }
        _ if status == StatusCode::UNAUTHORIZED => (K::Unauthenticated, "check the credentials"),
        _ if status == StatusCode::FORBIDDEN => (K::Forbidden, "ask the provider's administrator"),
        _ => (K::Rejected, "ask the provider's administrator what its log says"),
    }
}

/// A provider that is there, but not able to answer.
pub(super) fn unavailable(answer: &Response) -> Error {
    let status = answer.status;
    let (kind, hint) = if status == StatusCode::TOO_MANY_REQUESTS {
        (ErrorKind::RateLimited, "log in less often")
    } else {
        (ErrorKind::Unavailable, "try again later; if it stays so, tell the provider's operator")
    };
    Error::new(kind, status.canonical_reason().unwrap_or("the provider cannot answer"))
        .with_hint(hint)
        .with_status(status)
        .with_attempts(answer.attempts)
        .with_retry_after(answer.retry_after())
}

use serde::Deserialize;

use crate::{Error, ErrorKind, transport::Response};

/// The longest refusal that is repeated in an error, in characters.
const LONGEST: usize = 300;

/// The error that an answer without success stands for.
pub(super) fn fault(service: &'static str, answer: &Response) -> Error {
    let (kind, hint) = match answer.status.as_u16() {
        401 => (ErrorKind::Unauthenticated, "this needs an account: give one by `login`"),
        403 => (
            ErrorKind::Forbidden,
            "an account may see and hand in what is of its own subject; more needs a role, such \
             as `read_any` or `approve`",
        ),
        404 => (ErrorKind::NotFound, "check the address of the monitor and the UUID"),
        409 => (ErrorKind::Conflict, "the monitor has it already"),
        413 => (ErrorKind::Rejected, "the report is too large: leave output of the tests out"),
        429 => (ErrorKind::RateLimited, "ask less often"),
        501 => (ErrorKind::Unsupported, "this monitor does not offer it"),
        408 | 500..=599 => {
            (ErrorKind::Unavailable, "try again later; `/healthz` tells whether its database is up")
        }
        _ => (ErrorKind::Rejected, "check the request against the documentation of the monitor"),
    };
    let reason = || answer.status.canonical_reason().unwrap_or("no reason is given").to_owned();
    Error::new(kind, words(answer).unwrap_or_else(reason))
        .with_service(service)
        .with_status(answer.status)
        .with_retry_after(answer.retry_after())
        .with_hint(hint)
}

/// What the monitor says of a failure, if it does so in words.
fn words(answer: &Response) -> Option<String> {
    #[derive(Deserialize)]
    struct Fault {
        detail: String,
    }
    let text = match serde_json::from_slice::<Fault>(&answer.body) {
        Ok(fault) => fault.detail,
        Err(_) if answer.header("content-type")?.starts_with("text/plain") => {
            String::from_utf8_lossy(&answer.body).into_owned()
        }
        Err(_) => return None,
    };
    let visible = text.chars().map(|char| if char.is_control() { ' ' } else { char });
    let text: String = visible.take(LONGEST).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

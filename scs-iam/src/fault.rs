//! The errors of Keycloak, in all their shapes, as the one [`Error`].

use scs_core::{Error, ErrorKind, transport::Response};
use serde::Deserialize;
use serde_json::Value;

/// What Keycloak calls a failure: `{"error", "error_description"}` (OAuth), `{"error"}` and
/// `{"errorMessage"}` (admin API), `{"field", "errorMessage", "params"}` or several of these in
/// `{"errors": […]}` (user profile).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fault {
    error: Option<String>,
    error_description: Option<String>,
    field: Option<String>,
    #[serde(rename = "errorMessage")]
    message: Option<String>,
    params: Vec<Value>,
    errors: Vec<Fault>,
}

impl Fault {
    fn message(&self) -> Option<String> {
        if !self.errors.is_empty() {
            let messages: Vec<_> = self.errors.iter().filter_map(Self::message).collect();
            return Some(messages.join(", "));
        }
        let Some(field) = &self.field else {
            return self.message.clone().or_else(|| self.error_description.clone());
        };
        let words = self.message.as_deref().unwrap_or("refused");
        // The field comes first among the parameters.
        let bounds: Vec<_> = self.params.iter().skip(1).map(ToString::to_string).collect();
        Some(match bounds.as_slice() {
            [] => format!("`{field}`: {words}"),
            bounds => format!("`{field}`: {words} ({})", bounds.join(", ")),
        })
    }
}

/// The code and the words of a failure; no words if the body is none of Keycloak's.
pub(crate) fn words(body: &[u8]) -> (Option<String>, String) {
    let fault: Fault = serde_json::from_slice(body).unwrap_or_default();
    match (fault.message(), fault.error) {
        (Some(message), code) => (code, message),
        // Words and codes share a member; words have spaces in between.
        (None, Some(error)) if error.contains(' ') => (None, error),
        (None, code) => (code, String::new()),
    }
}

/// The error that an answer of the admin API without success stands for.
pub(crate) fn fault(service: &'static str, answer: &Response) -> Error {
    let (code, mut message) = words(&answer.body);
    let kind = match answer.status.as_u16() {
        401 => ErrorKind::Unauthenticated,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        501 => ErrorKind::Unsupported,
        408 | 500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::Rejected,
    };
    if message.is_empty() {
        let reason = answer.status.canonical_reason().unwrap_or("no reason is given");
        message = code.clone().unwrap_or_else(|| reason.to_owned());
    }
    let hint = match kind {
        ErrorKind::Unauthenticated => {
            "log in again; the login may have ended, or be of another realm"
        }
        ErrorKind::Forbidden => {
            "the login needs a role of the client `realm-management`, such as `manage-users`"
        }
        ErrorKind::NotFound if message.starts_with("Realm") => {
            "check the name of the realm and the address of Keycloak"
        }
        ErrorKind::NotFound => "check the id and the realm",
        ErrorKind::Conflict => "choose another name, or use the one that is there",
        ErrorKind::RateLimited => "ask less often",
        ErrorKind::Unavailable => "try again later; if it stays so, see Keycloak's log",
        ErrorKind::Unsupported => "this release of Keycloak does not know the request",
        _ => "check the request against the settings of the realm",
    };
    let error = Error::new(kind, message)
        .with_service(service)
        .with_status(answer.status)
        .with_retry_after(answer.retry_after())
        .with_hint(hint);
    match code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;

    #[test]
    fn every_shape_gives_kind_code_and_words() {
        use ErrorKind as K;
        let table: [(u16, &str, K, &str, Option<&str>); 9] = [
            (
                400,
                r#"{"error":"invalid_grant","error_description":"Invalid user credentials"}"#,
                K::Rejected,
                "Invalid user credentials",
                Some("invalid_grant"),
            ),
            (
                401,
                r#"{"error":"HTTP 401 Unauthorized"}"#,
                K::Unauthenticated,
                "HTTP 401 Unauthorized",
                None,
            ),
            (404, r#"{"error":"User not found"}"#, K::NotFound, "User not found", None),
            (
                409,
                r#"{"errorMessage":"User exists with same username"}"#,
                K::Conflict,
                "User exists with same username",
                None,
            ),
            (
                400,
                r#"{"field":"username","errorMessage":"error-invalid-length","params":["username",3,255]}"#,
                K::Rejected,
                "`username`: error-invalid-length (3, 255)",
                None,
            ),
            (
                400,
                r#"{"errors":[{"field":"a","errorMessage":"x","params":["a"]},{"field":"b","errorMessage":"y"}]}"#,
                K::Rejected,
                "`a`: x, `b`: y",
                None,
            ),
            (
                403,
                r#"{"error":"unknown_error"}"#,
                K::Forbidden,
                "unknown_error",
                Some("unknown_error"),
            ),
            (502, "<html>Bad Gateway</html>", K::Unavailable, "Bad Gateway", None),
            (500, "", K::Unavailable, "Internal Server Error", None),
        ];
        for (status, body, kind, message, code) in table {
            let status = StatusCode::from_u16(status).unwrap();
            let error = fault("keycloak", &Response::new(status, HeaderMap::new(), body.into()));
            assert_eq!((error.kind(), error.message(), error.code()), (kind, message, code));
            assert!(error.hint().is_some(), "{error}");
        }
    }
}

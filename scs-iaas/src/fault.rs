//! The errors of OpenStack's services, in all their shapes, as the one [`Error`].

use http::StatusCode;
use scs_core::{Error, ErrorKind, transport::Response};
use serde_json::Value;

/// The error that an answer without success stands for.
pub(crate) fn fault(service: &'static str, answer: &Response) -> Error {
    let (message, code) = words(&answer.body);
    let kind = kind(answer.status, code.as_deref(), &message);
    let message = if message.is_empty() {
        answer.status.canonical_reason().unwrap_or("no reason is given").to_owned()
    } else {
        message
    };
    let request_id =
        answer.header("x-openstack-request-id").or_else(|| answer.header("x-compute-request-id"));
    let mut error = Error::new(kind, message)
        .with_service(service)
        .with_status(answer.status)
        .with_request_id(request_id.map(Into::into))
        .with_retry_after(answer.retry_after());
    if let Some(code) = code {
        error = error.with_code(code);
    }
    match hint(kind) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

fn hint(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::Unauthenticated => "log in again; the login may have ended or been revoked",
        ErrorKind::Forbidden => "the policy of this cloud asks for another role or project",
        ErrorKind::NotFound => "check the id, the project and the region",
        ErrorKind::QuotaExceeded => "delete what is not needed or ask the provider for more",
        ErrorKind::RateLimited => "ask less often",
        ErrorKind::Unavailable => {
            "try again later; if it stays so, tell the provider the request id"
        }
        ErrorKind::Unsupported => "this cloud's release does not know the request",
        _ => return None,
    })
}

fn kind(status: StatusCode, code: Option<&str>, message: &str) -> ErrorKind {
    let quota = || {
        code == Some("OverQuota")
            || message.contains("uota exceeded")
            || message.contains("exceeded for quota")
            || message.contains("exceeds allowed")
            || message.contains("Maximum number of")
            || message.contains("uota has been met")
            || message.contains("uota has been reached")
    };
    match status.as_u16() {
        401 => ErrorKind::Unauthenticated,
        403 | 409 | 413 if quota() => ErrorKind::QuotaExceeded,
        413 if code == Some("overLimit") => ErrorKind::RateLimited,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        409 | 412 => ErrorKind::Conflict,
        406 | 501 => ErrorKind::Unsupported,
        429 => ErrorKind::RateLimited,
        408 | 500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::Rejected,
    }
}

/// The message and the code, wherever the service has put them:
/// `{"itemNotFound": {"message", "code"}}`, `{"NeutronError": {"type", "message"}}`,
/// `{"error": {"title", "message"}}`, `{"title", "message"}`, `{"faultstring"}`, HTML.
fn words(body: &[u8]) -> (String, Option<String>) {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return (plain(&String::from_utf8_lossy(&body[..body.len().min(2000)])), None);
    };
    let (outer, fault) = match body.iter().next() {
        Some((key, Value::Object(fault))) if body.len() == 1 => (Some(key.as_str()), fault),
        _ => (None, &body),
    };
    let text = |keys: &[&str]| {
        let texts = keys.iter().filter_map(|key| fault.get(*key)?.as_str());
        texts.map(str::trim).find(|text| !text.is_empty()).map(str::to_owned)
    };
    let message = text(&["message", "faultstring", "description", "detail", "title"]);
    let outer = outer.filter(|key| !matches!(*key, "error" | "NeutronError"));
    let code = text(&["type"]).or_else(|| outer.map(str::to_owned)).or_else(|| text(&["title"]));
    (plain(&message.unwrap_or_default()), code)
}

/// Without the HTML that some services put around their words.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut tag = false;
    for char in text.chars() {
        match char {
            '<' => tag = true,
            '>' if tag => {
                tag = false;
                plain.push(' ');
            }
            _ if !tag => plain.push(char),
            _ => {}
        }
    }
    let words: Vec<_> = plain.split_whitespace().collect();
    words.join(" ").chars().take(400).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_gives_kind_code_and_words() {
        use ErrorKind as K;
        let quota = "Quota exceeded for cores: Requested 1, but already used 20 of 20 cores";
        let table: [(u16, String, K, &str, Option<&str>); 11] = [
            (404, r#"{"itemNotFound":{"code":404,"message":"Instance x could not be found."}}"#.into(),
             K::NotFound, "Instance x could not be found.", Some("itemNotFound")),
            (403, format!(r#"{{"forbidden":{{"code":403,"message":"{quota}"}}}}"#),
             K::QuotaExceeded, quota, Some("forbidden")),
            (409, r#"{"NeutronError":{"type":"OverQuota","message":"Quota exceeded for resources: ['port'].","detail":""}}"#.into(),
             K::QuotaExceeded, "Quota exceeded for resources: ['port'].", Some("OverQuota")),
            (413, r#"{"overLimit":{"code":413,"message":"VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.","retryAfter":"0"}}"#.into(),
             K::QuotaExceeded, "VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.", Some("overLimit")),
            (403, r#"{"code":403,"title":"Forbidden","description":"Secret creation issue seen - Creation not allowed because a quota has been reached."}"#.into(),
             K::QuotaExceeded, "Secret creation issue seen - Creation not allowed because a quota has been reached.", Some("Forbidden")),
            (413, r#"{"overLimit":{"code":413,"message":"BackupLimitExceeded: Maximum number of backups allowed (10) exceeded","retryAfter":"0"}}"#.into(),
             K::QuotaExceeded, "BackupLimitExceeded: Maximum number of backups allowed (10) exceeded", Some("overLimit")),
            (401, r#"{"error":{"code":401,"title":"Unauthorized","message":"No."}}"#.into(),
             K::Unauthenticated, "No.", Some("Unauthorized")),
            (404, "<html><head><title>404 Not Found</title></head><body>No image</body></html>".into(),
             K::NotFound, "404 Not Found No image", None),
            (409, r#"{"faultcode":"Client","faultstring":"Load Balancer x is immutable","debuginfo":null}"#.into(),
             K::Conflict, "Load Balancer x is immutable", None),
            (503, String::new(), K::Unavailable, "Service Unavailable", None),
            (406, r#"{"computeFault":{"code":406,"message":"Version 2.200 is not supported by the API."}}"#.into(),
             K::Unsupported, "Version 2.200 is not supported by the API.", Some("computeFault")),
        ];
        for (status, body, kind, message, code) in table {
            let status = StatusCode::from_u16(status).unwrap();
            let error =
                fault("compute", &Response::new(status, http::HeaderMap::new(), body.into()));
            assert_eq!((error.kind(), error.message(), error.code()), (kind, message, code));
        }
    }
}

//! Failures, in the form of a kube-apiserver.

use scs_core::testing::Answer;
use serde_json::{Value, json};

use super::Resource;

/// What makes an object invalid.
pub(super) struct Cause {
    pub(super) reason: &'static str,
    pub(super) field: String,
    pub(super) message: String,
}

impl Cause {
    /// `why` may be empty.
    pub(super) fn required(field: &str, why: &str) -> Self {
        let message = match why {
            "" => "Required value".to_owned(),
            why => format!("Required value: {why}"),
        };
        Self { reason: "FieldValueRequired", field: field.to_owned(), message }
    }

    pub(super) fn forbidden(field: &str, why: &str) -> Self {
        let message = format!("Forbidden: {why}");
        Self { reason: "FieldValueForbidden", field: field.to_owned(), message }
    }

    pub(super) fn invalid(field: &str, value: &Value, why: &str) -> Self {
        let message = format!("Invalid value: {value}: {why}");
        Self { reason: "FieldValueInvalid", field: field.to_owned(), message }
    }
}

/// The `Status` of a failure.
pub(super) fn status(code: u16, reason: &str, message: &str, details: Value) -> Value {
    let mut status = json!({
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code,
    });
    if !details.is_null() {
        status["details"] = details;
    }
    status
}

pub(super) fn failure(code: u16, reason: &str, message: &str, details: Value) -> Answer {
    Answer::json(code, status(code, reason, message, details))
}

/// A failure of which only the status is known, such as a fault that a test asked for.
pub(super) fn plain(code: u16, _: &str, message: &str) -> Answer {
    let reason = match code {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        409 => "Conflict",
        410 => "Expired",
        413 => "RequestEntityTooLarge",
        415 => "UnsupportedMediaType",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    };
    failure(code, reason, message, Value::Null)
}

pub(super) fn bad_request(message: &str) -> Answer {
    plain(400, "", message)
}

pub(super) fn unauthorized() -> Answer {
    plain(401, "", "Unauthorized")
}

/// An API that is not served.
pub(super) fn not_served() -> Answer {
    Answer::text(404, "text/plain; charset=utf-8", "404 page not found\n")
}

fn details(kind: &Resource, name: &str) -> Value {
    let mut details = json!({"name": name, "group": kind.group, "kind": kind.plural});
    if let Some(members) = details.as_object_mut() {
        members.retain(|_, value| *value != "");
    }
    details
}

pub(super) fn not_found(kind: &Resource, name: &str) -> Answer {
    let message = format!("{} \"{name}\" not found", kind.resource());
    failure(404, "NotFound", &message, details(kind, name))
}

pub(super) fn already_exists(kind: &Resource, name: &str) -> Answer {
    let message = format!("{} \"{name}\" already exists", kind.resource());
    failure(409, "AlreadyExists", &message, details(kind, name))
}

pub(super) fn conflict(kind: &Resource, name: &str, why: &str) -> Answer {
    let resource = kind.resource();
    let message = format!("Operation cannot be fulfilled on {resource} \"{name}\": {why}");
    failure(409, "Conflict", &message, details(kind, name))
}

pub(super) const STALE: &str = "the object has been modified; please apply your changes to the \
                                latest version and try again";

pub(super) fn forbidden(kind: &Resource, name: &str, why: &str) -> Answer {
    let subject = if name.is_empty() { String::new() } else { format!(" \"{name}\"") };
    let message = format!("{}{subject} is forbidden: {why}", kind.resource());
    failure(403, "Forbidden", &message, details(kind, name))
}

/// The object breaks rules. `hook` is the webhook that says so, if it is not the API itself.
pub(super) fn invalid(kind: &Resource, name: &str, causes: &[Cause], hook: Option<&str>) -> Answer {
    let each: Vec<_> =
        causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
    let all = match each.as_slice() {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    let mut message = format!("{} \"{name}\" is invalid: {all}", kind.qualified());
    if let Some(hook) = hook {
        message = format!("admission webhook \"{hook}\" denied the request: {message}");
    }
    let causes: Vec<_> = causes
        .iter()
        .map(
            |cause| json!({"reason": cause.reason, "message": cause.message, "field": cause.field}),
        )
        .collect();
    let mut details = details(kind, name);
    details["kind"] = kind.name.into();
    details["causes"] = causes.into();
    failure(422, "Invalid", &message, details)
}

/// What a resourceVersion or a continue token that is too old gets.
pub(super) fn expired(message: &str, fresh: Option<String>) -> Value {
    let mut status = status(410, "Expired", message, Value::Null);
    if let Some(fresh) = fresh {
        status["metadata"]["continue"] = fresh.into();
    }
    status
}

/// What the deletion of an object that is gone at once answers.
pub(super) fn deleted(kind: &Resource, name: &str, uid: &Value) -> Value {
    let mut details = details(kind, name);
    details["uid"] = uid.clone();
    json!({
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": details,
    })
}

//! Barbican: secrets.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use http::Method;
use scs_core::{
    Resource, Route, Timestamp,
    testing::{Answer, Answered, Call, Collection, FakeServer, FakeService, Script},
};
use serde_json::{Value, json};

use super::{authenticate, identified, is_admin, now, project, text};
use crate::key_manager::Secret;

const SECRETS: Route = Secret::ROUTE;
/// Whose a secret is, and what it hides. Only the fake sees these.
const HIDDEN: [&str; 4] = ["id", "project_id", "payload", "payload_content_encoding"];
const TEXT: &str = "text/plain";
const BINARY: [&str; 2] = ["application/octet-stream", "application/pkcs8"];

fn failure(status: u16, code: &str, message: &str) -> Answer {
    let title = http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason());
    let description = if code == "SecretNotFound" { "Secret not found." } else { message };
    Answer::json(status, json!({"code": status, "title": title, "description": description}))
}

pub(super) fn serve(server: &FakeServer) {
    let service = FakeService::new("key-manager/v1")
        .failures(failure)
        .finish(identified)
        .gate(gate)
        .visible(|caller, secret| secret["project_id"] == caller["project_id"] || is_admin(caller))
        // As many as Barbican puts on a page if nothing is said.
        .page_size(10)
        .collection(secrets())
        .on(Method::GET, "secrets/{}/payload", payload);
    server.serve(service);
}

/// Barbican looks for a secret before it asks whose it is.
fn gate(call: &mut Call<'_>) -> Answered<()> {
    authenticate(call)?;
    let Some(secret) = call.ids.first().and_then(|id| call.state.get(&SECRETS, id)) else {
        return Ok(());
    };
    if call.sees(secret) {
        return Ok(());
    }
    let what = match call.request.method {
        Method::DELETE => "Secret deletion",
        _ if call.request.path.ends_with("/payload") => "Secret payload retrieval",
        _ => "Secret retrieval",
    };
    let words = "attempt not allowed - please review your user/project privileges";
    Err(call.failure(403, "Forbidden", &format!("{what} {words}")))
}

fn secrets() -> Collection {
    Collection::new(SECRETS)
        .noun("Secret")
        .defaults(json!({
            "name": null, "secret_type": "opaque", "expiration": null, "algorithm": null,
            "bit_length": null, "mode": null,
        }))
        .on_create(|call, new| {
            // Barbican strips all texts.
            for member in new.as_object_mut().into_iter().flat_map(|members| members.values_mut()) {
                if let Some(text) = member.as_str() {
                    *member = text.trim().into();
                }
            }
            let content_type = checked(call, new)?;
            if let Some(members) = new.as_object_mut() {
                members.remove("payload_content_type");
            }
            if let Some(content_type) = content_type {
                new["content_types"] = json!({"default": content_type});
            }
            let now = now().replace('Z', "");
            new["created"] = now.clone().into();
            new["updated"] = now.into();
            new["status"] = "ACTIVE".into();
            new["creator_id"] = call.caller["user_id"].clone();
            new["project_id"] = project(call).into();
            let root = call.root();
            new["secret_ref"] = format!("{root}/key-manager/v1/secrets/{}", text(new, "id")).into();
            Ok(Script::new())
        })
        .shown(|_, secret| {
            let mut shown = secret.clone();
            if let Some(members) = shown.as_object_mut() {
                members.retain(|member, _| !HIDDEN.contains(&&**member));
            }
            Cow::Owned(shown)
        })
        .filter("name", |secret, pattern| like(text(secret, "name"), pattern))
        .filter("alg", |secret, pattern| like(text(secret, "algorithm"), pattern))
        .filter("mode", |secret, pattern| like(text(secret, "mode"), pattern))
        .filter("bits", |secret, bits| {
            bits.parse::<u64>().is_ok_and(|bits| secret["bit_length"] == bits)
        })
}

/// The media type of the payload of a new secret, if it has one and all is as it has to be.
fn checked(call: &Call<'_>, new: &Value) -> Answered<Option<&'static str>> {
    let refuse = |reason: &str, property: &str| {
        let words = format!(
            "Provided object does not match schema 'Secret': {reason}. Invalid property: \
             '{property}'"
        );
        Err(call.failure(400, "BadRequest", &words))
    };
    let expiration = text(new, "expiration");
    if !expiration.is_empty() {
        match expiration.parse::<Timestamp>() {
            Err(_) => return refuse("Invalid date for 'expiration'", "expiration"),
            Ok(moment) if moment.remaining().is_zero() => {
                return refuse("'expiration' is before current time", "expiration");
            }
            Ok(_) => {}
        }
    }
    let (types, encoding) = ("payload_content_type", "payload_content_encoding");
    let Some(payload) = new.get("payload").and_then(Value::as_str) else {
        if new[types].is_string() {
            let words = "payload must be provided when payload_content_type is specified";
            return refuse(words, "payload");
        }
        return Ok(None);
    };
    let content_type = match new[types].as_str() {
        None => {
            let words = "If 'payload' is supplied, 'payload_content_type' must also be supplied.";
            return refuse(words, types);
        }
        Some(given) => {
            let known = [TEXT, BINARY[0], BINARY[1]];
            let bare = given.split(';').next().unwrap_or_default();
            match known.into_iter().find(|known| *known == bare) {
                Some(known) => known,
                None => return refuse("payload_content_type is not one of the supported", types),
            }
        }
    };
    let encoded = new[encoding].as_str();
    if content_type == TEXT && encoded.is_some() {
        return refuse("payload_content_encoding is not one of None", encoding);
    }
    if content_type != TEXT && encoded != Some("base64") {
        return refuse("payload_content_encoding is not one of ['base64', 'binary']", encoding);
    }
    if payload.len() > 20_000 {
        let words = "Provided information too large to process";
        return Err(call.failure(413, "TooLarge", words));
    }
    if payload.is_empty() {
        return refuse("If 'payload' specified, must be non empty", "payload");
    }
    if encoded.is_some() && BASE64.decode(payload).is_err() {
        return refuse("Invalid payload for payload_content_encoding", "payload");
    }
    Ok(Some(content_type))
}

/// Whether a text is as a pattern of SQL says: `_` is any character, `%` any text.
fn like(text: &str, pattern: &str) -> bool {
    let mut rest = text.chars();
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('%') => {
            let pattern = &pattern[1..];
            like(text, pattern)
                || (rest.next().is_some() && like(rest.as_str(), &format!("%{pattern}")))
        }
        Some(wanted) => {
            let met = rest.next().is_some_and(|char| wanted == '_' || char == wanted);
            met && like(rest.as_str(), &pattern[wanted.len_utf8()..])
        }
    }
}

fn payload(call: &mut Call<'_>) -> Answered {
    let secret = call.state.get(&SECRETS, &call.ids[0]).cloned();
    let secret = secret.ok_or_else(|| call.failure(404, "SecretNotFound", ""))?;
    let Some(payload) = secret["payload"].as_str() else {
        let words = "Not Found. Sorry but your secret has no payload.";
        return Err(call.failure(404, "NotFound", words));
    };
    let asked = call.request.header("accept").unwrap_or(BINARY[0]);
    let Some(mime) = [TEXT, BINARY[0], BINARY[1]].into_iter().find(|mime| *mime == asked) else {
        let words = "Secret payload retrieval issue seen - Wrong payload content-type.";
        return Err(call.failure(406, "NotAcceptable", words));
    };
    let bytes = if secret["payload_content_encoding"].is_string() {
        BASE64.decode(payload).unwrap_or_default()
    } else {
        payload.as_bytes().to_vec()
    };
    Ok(Answer::text(200, mime, bytes))
}

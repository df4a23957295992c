//! What OpenID clients see of a realm: discovery, keys, tokens.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use scs_core::testing::{Answer, Answered, Call, FakeServer, FakeService};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    REALM, access,
    device::{Devices, INTERVAL, LIFE},
    text,
    tokens::{Grantee, Tokens, keys},
};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// `{"error", "error_description"}`
fn refused(status: u16, error: &str, words: &str) -> Answer {
    Answer::json(status, json!({"error": error, "error_description": words}))
}

fn invalid_grant(words: &str) -> Answer {
    refused(400, "invalid_grant", words)
}

pub(super) fn serve(server: &FakeServer, tokens: &Tokens, devices: &Devices) {
    let nowhere =
        |_: &mut Call<'_>| Ok(Answer::json(404, json!({"error": "Realm does not exist"})));
    server.serve(
        FakeService::new("realms/{}")
            .on(Method::GET, ".well-known/openid-configuration", nowhere)
            .on(Method::POST, "protocol/openid-connect/token", nowhere),
    );
    let (issuing, waiting) = (tokens.clone(), devices.clone());
    let begun = devices.clone();
    server.serve(
        FakeService::new(&format!("realms/{REALM}"))
            .failures(|status, _, words| {
                Answer::json(status, json!({"error": "unknown_error", "error_description": words}))
            })
            .on(Method::GET, ".well-known/openid-configuration", |call| Ok(discovery(call)))
            .on(Method::GET, "protocol/openid-connect/certs", |_| Ok(Answer::json(200, keys())))
            .on(Method::POST, "protocol/openid-connect/token", move |call| {
                token(call, &issuing, &waiting)
            })
            .on(Method::POST, "protocol/openid-connect/auth/device", move |call| {
                device(call, &begun)
            }),
    );
}

fn discovery(call: &Call<'_>) -> Answer {
    let issuer = format!("{}/realms/{REALM}", call.root());
    let at = |path: &str| format!("{issuer}/protocol/openid-connect/{path}");
    Answer::json(
        200,
        json!({
            "issuer": issuer,
            "authorization_endpoint": at("auth"),
            "token_endpoint": at("token"),
            "device_authorization_endpoint": at("auth/device"),
            "jwks_uri": at("certs"),
            "grant_types_supported": ["client_credentials", "password", "refresh_token", DEVICE],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["plain", "S256"],
        }),
    )
}

type Form = BTreeMap<String, String>;

fn decode(text: &[u8]) -> Form {
    form_urlencoded::parse(text).into_owned().collect()
}

fn given<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).map_or("", String::as_str)
}

/// The client that asks, by its secret in the header or in the body.
fn client(call: &Call<'_>, form: &Form) -> Answered<Value> {
    let header = call.token("authorization").and_then(|header| header.strip_prefix("Basic "));
    let basic = header.and_then(|code| String::from_utf8(STANDARD.decode(code).ok()?).ok());
    let (id, secret) = match basic.as_deref().and_then(|pair| pair.split_once(':')) {
        // Each half is encoded for itself.
        Some((id, secret)) => {
            let plain = |text: &str| decode(format!("text={text}").as_bytes()).remove("text");
            (plain(id).unwrap_or_default(), plain(secret))
        }
        None => (given(form, "client_id").to_owned(), form.get("client_secret").cloned()),
    };
    const WORDS: &str = "Invalid client or Invalid client credentials";
    let client = call.state.get(&access::CLIENTS, &id);
    let client = client.ok_or_else(|| refused(401, "invalid_client", WORDS))?;
    match client["secret"].as_str() {
        Some(right) if secret.as_deref() != Some(right) => {
            Err(refused(401, "unauthorized_client", WORDS))
        }
        _ => Ok(client.clone()),
    }
}

/// Whether a client may log in in this way.
fn may(client: &Value, grant: &str) -> bool {
    client["grants"].as_array().is_some_and(|grants| grants.iter().any(|one| one == grant))
}

/// `POST token`
fn token(call: &mut Call<'_>, tokens: &Tokens, devices: &Devices) -> Answered {
    let form = decode(&call.request.body);
    let kind = given(&form, "grant_type");
    if kind.is_empty() {
        return Err(refused(400, "invalid_request", "Missing form parameter: grant_type"));
    }
    let client = client(call, &form)?;
    let allowed = |grant: &str, words: &str| {
        if may(&client, grant) { Ok(()) } else { Err(refused(400, "unauthorized_client", words)) }
    };
    let mut session = None;
    let user = match kind {
        "password" => {
            allowed(kind, "Client not allowed for direct access grants")?;
            by_password(call, &form)?
        }
        "client_credentials" => {
            allowed(kind, "Client not enabled to retrieve service account")?;
            let name = format!("service-account-{}", text(&client, "clientId"));
            enabled(call, &name, "Account disabled")?
        }
        DEVICE => {
            allowed("device", "Client not allowed for OAuth 2.0 Device Authorization Grant")?;
            let proof = form.contains_key("code_verifier");
            let name = devices
                .ask(given(&form, "device_code"), text(&client, "clientId"), proof)
                .map_err(|(error, words)| refused(400, error, words))?;
            enabled(call, &name, "Account disabled")?
        }
        "refresh_token" => {
            let (of, name) = by_refresh_token(tokens, &form, text(&client, "clientId"))?;
            session = Some(of);
            enabled(call, &name, "User disabled")?
        }
        _ => return Err(refused(400, "unsupported_grant_type", "Unsupported grant_type")),
    };
    let refreshable = kind != "client_credentials";
    let grantee = Grantee { user: &user, client: &client, session, refreshable };
    Ok(Answer::json(200, tokens.issue(call.state, &grantee)))
}

fn by_password(call: &Call<'_>, form: &Form) -> Answered<Value> {
    let name = given(form, "username").to_lowercase();
    let user = access::user_named(call.state, &name);
    let right = user.and_then(|user| call.state.get(&access::PASSWORDS, text(user, "id")));
    if right.and_then(Value::as_str) != Some(given(form, "password")) {
        return Err(invalid_grant("Invalid user credentials"));
    }
    enabled(call, &name, "Account disabled")
}

/// The user of this name, if they may log in; else `words` say why not.
fn enabled(call: &Call<'_>, name: &str, words: &str) -> Answered<Value> {
    let user = access::user_named(call.state, name);
    let user = user.ok_or_else(|| invalid_grant("Invalid user credentials"))?;
    if user["enabled"] != true {
        return Err(invalid_grant(words));
    }
    Ok(user.clone())
}

/// The session and the name of the user that a refresh token stands for.
fn by_refresh_token(tokens: &Tokens, form: &Form, client: &str) -> Answered<(String, String)> {
    let settings = tokens.settings();
    let issued = settings.refresh.get(given(form, "refresh_token"));
    let issued = issued.filter(|issued| issued.claims.client == client);
    let issued = issued.ok_or_else(|| invalid_grant("Invalid refresh token"))?;
    if !issued.is_alive() {
        return Err(invalid_grant("Token is not active"));
    }
    if !settings.sessions.contains(&issued.session) {
        return Err(invalid_grant("Session not active"));
    }
    Ok((issued.session.clone(), issued.claims.username.clone()))
}

/// `POST auth/device`
fn device(call: &mut Call<'_>, devices: &Devices) -> Answered {
    let form = decode(&call.request.body);
    let client = client(call, &form)?;
    if !may(&client, "device") {
        let words = "Client is not allowed to initiate OAuth 2.0 Device Authorization Grant. \
                     The flow is disabled for the client.";
        return Err(refused(400, "unauthorized_client", words));
    }
    // Clients without a secret have to prove who began.
    if client["secret"].is_null() && given(&form, "code_challenge_method") != "S256" {
        let words = "Missing parameter: code_challenge_method";
        return Err(refused(400, "invalid_request", words));
    }
    let (code, letters) = (call.state.mint_hex(), call.state.mint_hex().to_uppercase());
    let user_code = format!("{}-{}", &letters[..4], &letters[4..8]);
    let proof = form.contains_key("code_challenge");
    devices.begin(code.clone(), user_code.clone(), text(&client, "clientId"), proof);
    let page = format!("{}/realms/{REALM}/device", call.root());
    Ok(Answer::json(
        200,
        json!({
            "device_code": code, "user_code": user_code, "verification_uri": page,
            "verification_uri_complete": format!("{page}?user_code={user_code}"),
            "expires_in": LIFE, "interval": INTERVAL,
        }),
    ))
}

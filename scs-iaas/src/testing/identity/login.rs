//! Who logs in, and whether what they show is enough.

use scs_core::{
    Route, Timestamp,
    testing::{Answer, Answered, Call},
};
use serde_json::{Value, json};

use super::{CREDENTIALS, USERS, find, holder, micros, text, unauthorized};
use crate::testing::{Habits, PASSWORD};

/// Logins that are half done, by receipt.
const RECEIPTS: Route = Route::new("identity", "auth/receipts");
const RECEIPT: &str = "openstack-auth-receipt";

/// Who logs in, by which methods, what the token is scoped to without a request, and when the
/// token ends that it is made from.
pub(super) struct Identity {
    pub(super) user: Value,
    pub(super) methods: Vec<String>,
    pub(super) credential: Option<Value>,
    pub(super) ends: Option<Value>,
}

/// What one method shows.
struct Shown {
    user: Value,
    credential: Option<Value>,
    ends: Option<Value>,
}

impl Shown {
    fn user(user: Value) -> Self {
        Self { user, credential: None, ends: None }
    }
}

pub(super) fn identify(call: &mut Call<'_>, habits: &Habits) -> Answered<Identity> {
    let identity = call.body["auth"]["identity"].clone();
    let methods = identity["methods"].as_array().cloned().unwrap_or_default();
    let mut methods: Vec<String> =
        methods.iter().filter_map(|method| Some(method.as_str()?.to_owned())).collect();
    let mut whole: Option<Shown> = None;
    for method in &methods {
        let shown = show(call, habits, method, &identity[method])?;
        let same = whole.as_ref().is_none_or(|whole| whole.user["id"] == shown.user["id"]);
        if !same {
            return Err(unauthorized(call));
        }
        let before = whole.take().unwrap_or_else(|| Shown::user(Value::Null));
        whole = Some(Shown {
            credential: shown.credential.or(before.credential),
            ends: shown.ends.or(before.ends),
            user: shown.user,
        });
    }
    let Some(Shown { user, credential, ends }) = whole else {
        return Err(call.failure(400, "BadRequest", "'identity' is a required property"));
    };
    if let Some(receipt) = call.token(RECEIPT).map(str::to_owned) {
        let kept = call.state.remove(&RECEIPTS, &receipt).filter(|kept| kept["id"] == user["id"]);
        let kept = kept.ok_or_else(|| {
            let message = format!("Could not find auth receipt: {receipt}.");
            call.failure(401, "Unauthorized", &message)
        })?;
        let before = kept["methods"].as_array().cloned().unwrap_or_default();
        methods.extend(before.iter().filter_map(|method| Some(method.as_str()?.to_owned())));
    }
    let rules = habits.settings().factors.get(text(&user, "name")).map(|(_, rules)| rules.clone());
    // A token has been through this before.
    if let Some(rules) = rules.filter(|_| !methods.iter().any(|method| method == "token")) {
        let fits = |rule: &Vec<String>| rule.iter().all(|method| methods.contains(method));
        if !rules.iter().any(fits) {
            return Err(half_done(call, &user, &methods, &rules));
        }
    }
    Ok(Identity { user, methods, credential, ends })
}

fn half_done(
    call: &mut Call<'_>,
    user: &Value,
    methods: &[String],
    rules: &[Vec<String>],
) -> Answer {
    let receipt = format!("gAAAAAR-{}", call.state.mint_hex());
    call.state.insert(&RECEIPTS, &receipt, json!({"id": user["id"], "methods": methods}));
    let issued = Timestamp::now();
    let body = json!({
        "receipt": {
            "methods": methods,
            "user": {
                "id": user["id"], "name": user["name"],
                "domain": {"id": "default", "name": "Default"},
            },
            "issued_at": micros(issued),
            "expires_at": micros(issued.after(std::time::Duration::from_secs(300))),
        },
        "required_auth_methods": rules,
    });
    Answer::json(401, body).header(RECEIPT, receipt)
}

fn show(call: &Call<'_>, habits: &Habits, method: &str, sent: &Value) -> Answered<Shown> {
    let state = &*call.state;
    let local = |user: &Value| user["domain_id"] == "default";
    let found = match method {
        "password" => {
            let right = sent["user"]["password"] == PASSWORD;
            find(state, &USERS, &sent["user"]).filter(|user| right && local(user)).map(Shown::user)
        }
        "totp" => find(state, &USERS, &sent["user"]).filter(local).and_then(|user| {
            let factors = &habits.settings().factors;
            let (passcode, _) = factors.get(text(&user, "name"))?;
            (sent["user"]["passcode"] == **passcode).then(|| Shown::user(user))
        }),
        "token" => {
            let Some(holder) = holder(state, text(sent, "id")) else {
                let message = "Could not recognize Fernet token";
                return Err(call.failure(404, "NotFound", message));
            };
            state.get(&USERS, text(&holder, "user_id")).cloned().map(|user| Shown {
                user,
                credential: None,
                ends: Some(holder["token"]["expires_at"].clone()),
            })
        }
        "application_credential" => {
            let named = |item: &Value| match sent.get("id") {
                Some(id) => *id == item["id"],
                None => {
                    let owner = find(state, &USERS, &sent["user"]);
                    sent["name"] == item["name"]
                        && owner.is_some_and(|owner| owner["id"] == item["user_id"])
                }
            };
            let right = sent["secret"] == PASSWORD;
            if let Some(id) = sent["id"].as_str()
                && state.get(&CREDENTIALS, id).is_none()
            {
                let message = format!("Could not find Application Credential: {id}.");
                return Err(call.failure(404, "NotFound", &message));
            }
            let credential = state.list(&CREDENTIALS).find(|(_, item)| named(item));
            credential.filter(|_| right).and_then(|(_, credential)| {
                let user = state.get(&USERS, text(credential, "user_id"))?.clone();
                Some(Shown { user, credential: Some(credential.clone()), ends: None })
            })
        }
        _ => None,
    };
    found.ok_or_else(|| unauthorized(call))
}

//! Tokens that look like Keycloak's, and who may tell what they say.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use scs_core::testing::State;
use serde_json::{Value, json};

use super::{access, text};

/// The id of the key that access tokens are signed with.
const KEY: &str = "A0MNW6gV7LnAjlkACU5rRnXJmcFJXFnlv-xBnK4qVRc";

/// What a token says of its bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claims {
    /// Who issued it.
    pub issuer: String,
    /// The id of the user.
    pub subject: String,
    /// The name of the user (`preferred_username`).
    pub username: String,
    /// The mail address of the user.
    pub email: Option<String>,
    /// The names of the groups that the user was in.
    pub groups: Vec<String>,
    /// The client that it was issued to.
    pub client: String,
    /// Who it is meant for.
    pub audience: Vec<String>,
}

impl Claims {
    /// Whether the token is meant for this one.
    pub fn is_for(&self, audience: &str) -> bool {
        self.audience.iter().any(|one| one == audience)
    }
}

/// Tells whose token a token is. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Verifier(Tokens);

impl Verifier {
    /// The claims of an access token that has not ended; `None` if it has, or is none of this
    /// Keycloak's. Whether the user is still there, or logged in, is not asked, as services
    /// that check tokens by themselves do not know that.
    pub fn verify(&self, token: &str) -> Option<Claims> {
        let settings = self.0.settings();
        let issued = settings.access.get(token).filter(|issued| issued.is_alive())?;
        Some(issued.claims.clone())
    }
}

/// The tokens that were issued, and how long they live.
#[derive(Debug, Clone)]
pub(super) struct Tokens(Arc<Mutex<Settings>>);

#[derive(Debug)]
pub(super) struct Settings {
    issuer: String,
    pub(super) access_life: Duration,
    pub(super) refresh_life: Duration,
    /// The sessions that are not over.
    pub(super) sessions: BTreeSet<String>,
    pub(super) access: BTreeMap<String, Issued>,
    pub(super) refresh: BTreeMap<String, Issued>,
}

#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) claims: Claims,
    pub(super) session: String,
    ends: Instant,
}

impl Issued {
    pub(super) fn is_alive(&self) -> bool {
        Instant::now() < self.ends
    }
}

/// To whom tokens are issued, and which.
pub(super) struct Grantee<'a> {
    pub(super) user: &'a Value,
    pub(super) client: &'a Value,
    /// The session, if it is there already.
    pub(super) session: Option<String>,
    /// Whether a refresh token goes with it.
    pub(super) refreshable: bool,
}

impl Grantee<'_> {
    fn claims(&self, state: &State, issuer: &str) -> Claims {
        let subject = text(self.user, "id");
        let audience = self.client["audience"].as_array().into_iter().flatten();
        Claims {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            username: text(self.user, "username").to_owned(),
            email: self.user["email"].as_str().map(Into::into),
            groups: names(&access::groups_of(state, subject)),
            client: text(self.client, "clientId").to_owned(),
            audience: audience.filter_map(|one| one.as_str().map(Into::into)).collect(),
        }
    }
}

fn names(items: &[&Value]) -> Vec<String> {
    items.iter().map(|item| text(item, "name").to_owned()).collect()
}

impl Tokens {
    pub(super) fn new(issuer: &str) -> Self {
        Self(Arc::new(Mutex::new(Settings {
            issuer: issuer.to_owned(),
            access_life: Duration::from_secs(300),
            refresh_life: Duration::from_secs(1800),
            sessions: BTreeSet::new(),
            access: BTreeMap::new(),
            refresh: BTreeMap::new(),
        })))
    }

    pub(super) fn settings(&self) -> MutexGuard<'_, Settings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn verifier(&self) -> Verifier {
        Verifier(self.clone())
    }

    pub(super) fn issuer(&self) -> String {
        self.settings().issuer.clone()
    }

    /// The answer of the token endpoint.
    pub(super) fn issue(&self, state: &mut State, to: &Grantee<'_>) -> Value {
        let (id, session) = (state.mint(), to.session.clone().unwrap_or_else(|| state.mint()));
        let mut settings = self.settings();
        let (access, refresh) = (settings.access_life, settings.refresh_life);
        let claims = to.claims(state, &settings.issuer);
        let payload = |kind: &str, life: Duration| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            json!({
                "exp": now + life.as_secs(), "iat": now, "jti": id, "iss": claims.issuer,
                "sub": claims.subject, "typ": kind, "azp": claims.client, "sid": session,
            })
        };
        let mut answer = json!({
            "expires_in": access.as_secs(), "refresh_expires_in": 0, "token_type": "Bearer",
            "not-before-policy": 0, "scope": "openid profile email",
        });
        let mut body = payload("Bearer", access);
        body["aud"] = json!(claims.audience);
        body["preferred_username"] = json!(claims.username);
        body["email"] = json!(claims.email);
        body["email_verified"] = to.user["emailVerified"].clone();
        body["groups"] = json!(claims.groups);
        let roles = access::roles_of(state, &claims.subject);
        body["realm_access"] = json!({"roles": names(&roles)});
        body["scope"] = answer["scope"].clone();
        let token = jwt("RS256", &body, 256);
        answer["access_token"] = json!(token);
        let ends = |life| Instant::now() + life;
        let issued =
            Issued { claims: claims.clone(), session: session.clone(), ends: ends(access) };
        if to.refreshable {
            let mut body = payload("Refresh", refresh);
            body["aud"] = body["iss"].clone();
            let token = jwt("HS512", &body, 64);
            answer["refresh_token"] = json!(token);
            answer["refresh_expires_in"] = json!(refresh.as_secs());
            settings.refresh.insert(token, Issued { ends: ends(refresh), ..issued.clone() });
        }
        settings.access.insert(token, issued);
        settings.sessions.insert(session);
        answer
    }
}

/// A token in shape: header, payload, and bytes in the place of a signature.
fn jwt(algorithm: &str, payload: &Value, signature: usize) -> String {
    let header = json!({"alg": algorithm, "typ": "JWT", "kid": KEY});
    let [header, payload] = [&header, payload].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let signature = URL_SAFE_NO_PAD.encode(bytes(&payload, signature));
    format!("{header}.{payload}.{signature}")
}

/// The answer of the endpoint that publishes keys. No key belongs to it.
pub(super) fn keys() -> Value {
    let modulus = URL_SAFE_NO_PAD.encode(bytes(KEY, 256));
    json!({"keys": [{
        "kid": KEY, "kty": "RSA", "alg": "RS256", "use": "sig", "n": modulus, "e": "AQAB",
    }]})
}

/// As many bytes as wanted that follow from a text.
fn bytes(text: &str, count: usize) -> Vec<u8> {
    let chunk = |number: usize| {
        let mut hasher = DefaultHasher::new();
        (text, number).hash(&mut hasher);
        hasher.finish().to_be_bytes()
    };
    (0..count.div_ceil(8)).flat_map(chunk).take(count).collect()
}

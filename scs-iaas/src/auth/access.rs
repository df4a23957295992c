use bytes::Bytes;
use http::HeaderName;
use scs_core::{
    Error, ErrorKind, Id, Result, Secret, Timestamp, answer, auth::Grant, dialect::decode_member,
    transport::Response,
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    auth::Receipt,
    catalog::{Catalog, Entry},
    identity::Project,
};

pub(super) const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// Who is logged in, to what, and what there is: what a token tells.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Access {
    /// The user.
    pub user: Named,
    /// The project that the token is scoped to.
    pub project: Option<Named>,
    /// The domain that the token is scoped to.
    pub domain: Option<Named>,
    /// Whether the token is scoped to the system.
    pub system: bool,
    /// The names of the roles that the user has there.
    pub roles: Vec<String>,
    /// When the token ends, by Keystone's clock.
    pub expires: Timestamp,
    /// The services.
    pub catalog: Catalog,
}

impl Access {
    /// The id of the project that the token is scoped to.
    pub fn project_id(&self) -> Option<Id<Project>> {
        self.project.as_ref().map(|project| project.id.as_str().into())
    }
}

answer! {
    /// An id and the name that goes with it.
    pub struct Named(
        /// The id.
        id: String,
        /// The name.
        name: String,
    ) {
        /// The id of the domain it belongs to, if it does.
        domain: Option<String> => DomainId,
    }
}

/// The id within a domain.
#[derive(Deserialize)]
#[serde(from = "Domain")]
struct DomainId(Option<String>);

impl From<Domain> for DomainId {
    fn from(domain: Domain) -> Self {
        Self(domain.id)
    }
}

answer! {
    struct Domain {
        id: Option<String>,
    }
}

answer! {
    struct Body(
        user: Named,
        issued_at: Timestamp,
        expires_at: Timestamp,
    ) {
        project: Option<Named>,
        domain: Option<Named>,
        system: Option<Value>,
        roles: Vec<Named>,
        catalog: Vec<Entry>,
    }
}

/// The token that an answer of Keystone brings.
pub(super) fn token(answer: &Response) -> Result<Secret> {
    answer
        .header("x-subject-token")
        .map(Secret::from)
        .ok_or_else(|| Error::new(ErrorKind::Decode, "the answer holds no X-Subject-Token"))
}

/// The receipt that an answer of Keystone brings.
pub(super) fn receipt(answer: &Response) -> Option<Receipt> {
    answer! {
        struct Answer(
            receipt: Shown,
            required_auth_methods: Vec<Vec<String>>,
        ) {}
    }
    answer! {
        struct Shown(
            user: Named,
            methods: Vec<String>,
            expires_at: Timestamp,
        ) {}
    }
    let id = Secret::from(answer.header("openstack-auth-receipt")?);
    let Answer { receipt, required_auth_methods: required } =
        serde_json::from_slice(&answer.body).ok()?;
    let Shown { user, methods, expires_at: expires } = receipt;
    Some(Receipt { id, user, methods, required, expires })
}

/// The token that an answer of Keystone brings, and the [`Access`] that it gives.
pub(super) fn grant(answer: &Response) -> Result<Grant> {
    restore(&token(answer)?, answer.body.clone())
}

/// The same from what a store has kept.
pub(super) fn restore(token: &Secret, answer: Bytes) -> Result<Grant> {
    let body: Body = decode_member(&answer, "token")?;
    let mut roles: Vec<String> = Vec::new();
    // Keystone lists roles twice that a user has by more than one way.
    for role in body.roles {
        if !roles.contains(&role.name) {
            roles.push(role.name);
        }
    }
    let access = Access {
        user: body.user,
        project: body.project,
        domain: body.domain,
        system: body.system.is_some(),
        roles,
        expires: body.expires_at,
        catalog: Catalog::new(body.catalog),
    };
    let life = body.expires_at.since(body.issued_at);
    Ok(Grant::new(X_AUTH_TOKEN, token, Some(life))?.with_details(access).with_answer(answer))
}

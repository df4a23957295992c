//! Users of an OpenID provider that Keystone trusts.

use http::Method;
use scs_core::testing::{Answer, Answered, Call, FakeServer, FakeService};
use serde_json::{Value, json};

use super::{Identity, PROJECTS, USERS, failure, identified, issue, unauthorized};
use crate::testing::Habits;

/// Somebody whom an identity provider of a [`FakeOpenStack`](super::super::FakeOpenStack) knows.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FederatedUser {
    /// The name; also the id, for the same provider.
    pub name: String,
    /// The groups. Who is in the group `demo` is a member of project `demo`.
    pub groups: Vec<String>,
}

impl FederatedUser {
    /// Somebody in these groups.
    pub fn new<G: Into<String>>(
        name: impl Into<String>,
        groups: impl IntoIterator<Item = G>,
    ) -> Self {
        Self { name: name.into(), groups: groups.into_iter().map(Into::into).collect() }
    }
}

/// Why a bearer token is refused before Keystone sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BearerRefusal {
    /// It has expired, or nobody here trusts who signed it.
    Invalid,
    /// It is good, but for somebody else than Keystone.
    Audience,
}

/// Answers for providers and protocols that nobody has set up.
pub(super) fn unknown(service: FakeService) -> FakeService {
    service.on(Method::POST, "v3/OS-FEDERATION/identity_providers/{}/protocols/{}/auth", |call| {
        let message = format!("Could not find Identity Provider: {}.", call.ids[0]);
        Err(call.failure(404, "NotFound", &message))
    })
}

pub(in crate::testing) fn serve(
    server: &FakeServer,
    habits: &Habits,
    provider: &str,
    protocol: &str,
    check: impl Fn(&str) -> Result<FederatedUser, BearerRefusal> + Send + Sync + 'static,
) {
    let path = format!("v3/OS-FEDERATION/identity_providers/{provider}/protocols");
    let (habits, domain, method) = (habits.clone(), provider.to_owned(), protocol.to_owned());
    let service = FakeService::new("identity")
        .failures(failure)
        .finish(identified)
        .on(Method::POST, &format!("{path}/{{}}/auth"), |call| {
            let message = "Attempted to authenticate with an unsupported method.";
            Err(call.failure(401, "Unauthorized", message))
        })
        .on(Method::POST, &format!("{path}/{protocol}/auth"), move |call| {
            let bearer = call.token("authorization").and_then(|text| text.strip_prefix("Bearer "));
            let user = bearer.map_or(Err(BearerRefusal::Invalid), &check).map_err(page)?;
            let user = known(call, &domain, &user)?;
            let identity =
                Identity { user, methods: vec![method.clone()], credential: None, ends: None };
            issue(call, &habits, identity, &Value::Null)
        });
    server.serve(service);
}

/// The page for people that the gateway in front of Keystone answers with.
fn page(refusal: BearerRefusal) -> Answer {
    let html = "<!DOCTYPE HTML>\n<html><head>\n<title>401 Unauthorized</title>\n</head></html>\n";
    let answer = Answer::text(401, "text/html; charset=iso-8859-1", html);
    match refusal {
        BearerRefusal::Audience => answer,
        BearerRefusal::Invalid => answer.header(
            "www-authenticate",
            "Bearer error=\"invalid_token\", error_description=\"Token could not be verified.\"",
        ),
    }
}

/// The user in Keystone, with the groups that the token of this login tells of. Who is in no
/// group that there is a project for is refused: no rule of the mapping fits.
fn known(call: &mut Call<'_>, domain: &str, user: &FederatedUser) -> Answered<Value> {
    let fits = |project: &Value| user.groups.iter().any(|group| project["name"] == *group);
    if !call.state.list(&PROJECTS).any(|(_, project)| fits(project)) {
        return Err(unauthorized(call));
    }
    let id = format!("{domain}-{}", user.name);
    let item = json!({
        "id": id, "name": user.name, "domain_id": domain, "groups": user.groups,
    });
    call.state.insert(&USERS, &id, item.clone());
    Ok(item)
}

//! An OpenStack cloud for tests, in the process of the test (feature `testing`).
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use scs_core::testing::Fault;
//! use scs_iaas::testing::FakeOpenStack;
//!
//! let fake = FakeOpenStack::start().await;
//! let cloud = fake.connect().await?;
//! fake.fail(Fault::status(503).retry_after(0).on("GET", "/compute"));
//! let flavor = cloud.flavors().find("SCS-2V-8").await?;
//! assert_eq!(flavor.ram, 8192);
//! assert!(fake.requests().iter().any(|request| request.status == 503));
//! # Ok::<(), scs_core::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Keystone, Nova, Neutron, Cinder, Glance and Barbican answer as the real ones do: with their
//! ids, links and defaults, their forms of errors, their reasons to refuse. A server is `BUILD`
//! before it is `ACTIVE`, a network in use is not deleted, quotas hold, tokens run out.
//!
//! | there is | |
//! |---|---|
//! | projects | `demo`, `admin` |
//! | users | `demo` (member of `demo`), `admin`; the password of both is `secret` |
//! | application credential | `demo-app` of `demo`, secret `secret` |
//! | flavors | the 15 that SCS clouds must have, of which only `SCS-2V-4-20s` and `SCS-4V-16-100s` have a disk |
//! | images | `Ubuntu 24.04`, `Debian 12` |
//! | networks | `public`, which leads out of the cloud |
//! | volume types | `__DEFAULT__` |
//! | availability zones | `nova` |
//!
//! Swift, Octavia and Placement are in the catalog and say that they are there; they cannot be
//! used.

mod block_storage;
mod compute;
mod identity;
mod image;
mod key_manager;
mod network;
mod present;
mod quota;
mod server;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use scs_core::{
    ApiVersion, Result,
    route::VersionRange,
    testing::{Answer, Answered, Call, FakeServer, Fault, Received, State, When},
};
use serde_json::{Value, json};

pub use self::identity::federation::{BearerRefusal, FederatedUser};
use crate::{
    OpenStack, SessionBuilder,
    auth::{Password, Scope},
};

/// The password of every user, and the secret of the application credential.
const PASSWORD: &str = "secret";

/// An OpenStack cloud on the loopback interface. It stops when it is dropped.
#[derive(Debug)]
pub struct FakeOpenStack {
    server: FakeServer,
    habits: Habits,
}

impl FakeOpenStack {
    /// Starts a cloud.
    pub async fn start() -> Self {
        let server = FakeServer::start().await;
        let habits = Habits::default();
        identity::serve(&server, &habits);
        compute::serve(&server, &habits);
        network::serve(&server, &habits);
        block_storage::serve(&server, &habits);
        image::serve(&server, &habits);
        present::serve(&server);
        key_manager::serve(&server);
        Self { server, habits }
    }

    /// The address of Keystone.
    pub fn auth_url(&self) -> String {
        format!("{}/identity/v3", self.server.url())
    }

    /// The settings of a session as user `demo` in project `demo`.
    pub fn builder(&self) -> SessionBuilder {
        self.login("demo")
    }

    /// The cloud, logged in to as user `demo` in project `demo`.
    ///
    /// # Errors
    /// If the login fails, as a [`Fault`] may cause.
    pub async fn connect(&self) -> Result<OpenStack> {
        Ok(OpenStack::new(self.builder().connect().await?))
    }

    /// The cloud, logged in to as its administrator.
    ///
    /// # Errors
    /// If the login fails, as a [`Fault`] may cause.
    pub async fn connect_as_admin(&self) -> Result<OpenStack> {
        Ok(OpenStack::new(self.login("admin").connect().await?))
    }

    /// User and project have the same name.
    fn login(&self, name: &str) -> SessionBuilder {
        let scope = Scope::project(name).domain("Default");
        let login = Password::new(name, PASSWORD).user_domain("Default").scope(scope);
        OpenStack::builder(self.auth_url(), login)
    }

    /// A clouds.yaml with the clouds `demo`, `admin` and `demo-app`.
    pub fn clouds_yaml(&self) -> String {
        let mut clouds = json!({"demo-app": {
            "auth_type": "v3applicationcredential",
            "region_name": "RegionOne",
            "auth": {
                "auth_url": self.auth_url(),
                "application_credential_id": identity::CREDENTIAL,
                "application_credential_secret": PASSWORD,
            },
        }});
        for name in ["demo", "admin"] {
            clouds[name] = json!({
                "region_name": "RegionOne",
                "auth": {
                    "auth_url": self.auth_url(),
                    "username": name,
                    "password": PASSWORD,
                    "project_name": name,
                    "user_domain_name": "Default",
                    "project_domain_name": "Default",
                },
            });
        }
        // JSON is YAML.
        json!({"clouds": clouds}).to_string()
    }

    /// Has Keystone trust an identity provider: whoever brings a bearer token that `check` knows
    /// somebody by is logged in as that user, and works in the projects that are called like
    /// the user's groups. Without any such group no rule of the mapping fits.
    ///
    /// ```
    /// # use scs_iaas::testing::{BearerRefusal, FakeOpenStack, FederatedUser};
    /// # fn f(fake: FakeOpenStack) {
    /// fake.federate("keycloak", "openid", |token| match token {
    ///     "alice's" => Ok(FederatedUser::new("alice", ["demo"])),
    ///     _ => Err(BearerRefusal::Invalid),
    /// });
    /// # }
    /// ```
    pub fn federate(
        &self,
        identity_provider: &str,
        protocol: &str,
        check: impl Fn(&str) -> Result<FederatedUser, BearerRefusal> + Send + Sync + 'static,
    ) {
        identity::federation::serve(&self.server, &self.habits, identity_provider, protocol, check);
    }

    /// Gives a user a one-time passcode (which here is good for ever), and has Keystone ask for
    /// all the methods of one of these rules when the user logs in.
    ///
    /// ```
    /// # fn f(fake: scs_iaas::testing::FakeOpenStack) {
    /// fake.require_factors("demo", "123456", &[&["password", "totp"]]);
    /// # }
    /// ```
    pub fn require_factors(&self, user: &str, passcode: &str, rules: &[&[&str]]) {
        let owned = |rule: &&[&str]| rule.iter().map(|method| (*method).to_owned()).collect();
        let factors = (passcode.to_owned(), rules.iter().map(owned).collect());
        self.habits.settings().factors.insert(user.to_owned(), factors);
    }

    /// Lets one user work in the project that is called like another user, and gives the id of
    /// that trust; `None` if there is no such user.
    pub fn entrust(&self, trustor: &str, trustee: &str) -> Option<String> {
        self.server.state(|state| identity::entrust(state, trustor, trustee))
    }

    /// Adds a service to the catalog of the tokens that are issued from now on:
    /// `fake.offer("dns", "https://dns.example")`.
    pub fn offer(&self, service_type: &str, address: &str) {
        let service = (service_type.to_owned(), address.to_owned());
        self.habits.settings().offered.push(service);
    }

    /// Makes requests fail. Paths begin with `/identity`, `/compute`, `/network`, `/volume`,
    /// `/image` and `/key-manager`.
    pub fn fail(&self, fault: Fault) {
        self.server.fail(fault);
    }

    /// All requests so far, oldest first.
    pub fn requests(&self) -> Vec<Received> {
        self.server.requests()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.server.forget_requests();
    }

    /// The requests that the fake does not know: see [`FakeServer::unexpected`].
    pub fn unexpected(&self) -> Vec<String> {
        self.server.unexpected()
    }

    /// Looks at what the cloud keeps, or changes it behind the back of its clients.
    pub fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        self.server.state(look)
    }

    /// How long things take: a server stays `BUILD`, a volume `creating`, a deleted server
    /// `deleting` until then. One read if not set; `When::Reads(0)` is at once.
    pub fn pace(&self, pace: When) {
        self.habits.settings().pace = pace;
    }

    /// What servers print that are told to say how they come by random numbers, as those of
    /// `standards::probe::Entropy` are; what a good one would if not set.
    pub fn console(&self, said: impl Into<String>) {
        self.habits.settings().console = Some(said.into());
    }

    /// How long tokens live that are issued from now on; 4 hours if not set.
    pub fn token_lifetime(&self, lifetime: Duration) {
        self.habits.settings().token_lifetime = lifetime;
    }

    /// Makes all tokens invalid that have been issued so far.
    pub fn revoke_tokens(&self) {
        self.server.state(|state| state.remove_all(&identity::TOKENS, |_, _| true));
    }

    /// The microversions that a service (`compute`, `block-storage`) offers from now on:
    /// `fake.microversions("compute", "2.1", "2.79")`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](scs_core::ErrorKind) if one of them is no version.
    pub fn microversions(&self, service: &'static str, min: &str, max: &str) -> Result<()> {
        let range = VersionRange::new(min.parse()?, max.parse()?);
        self.habits.settings().versions.insert(service, range);
        Ok(())
    }

    /// Limits how much of a resource each project may have; -1 is as much as it likes.
    /// Services are `compute` (`instances`, `cores`, `ram`, `key_pairs`, `server_groups`),
    /// `network` (`network`, `port`, `floatingip`, …) and `block-storage` (`volumes`,
    /// `gigabytes`, `snapshots`, `backups`, `backup_gigabytes`).
    pub fn set_quota(&self, service: &'static str, resource: &str, limit: i64) {
        self.server.state(|state| quota::set(state, service, quota::DEFAULTS, resource, limit));
    }

    /// Adds this many servers to project `demo`, all `ACTIVE`, whatever the quota.
    pub fn populate_servers(&self, count: usize) {
        let root = self.server.url();
        self.server.state(|state| server::populate(state, &root, count));
    }
}

/// What a test has chosen for the cloud.
#[derive(Debug, Clone, Default)]
struct Habits(Arc<Mutex<Settings>>);

#[derive(Debug)]
struct Settings {
    pace: When,
    token_lifetime: Duration,
    /// The passcode of a user and the rules of what is to be shown.
    factors: BTreeMap<String, (String, Vec<Vec<String>>)>,
    versions: BTreeMap<&'static str, VersionRange>,
    /// Services beside those of the fake, each with its address.
    offered: Vec<(String, String)>,
    /// What servers say that are asked about random numbers.
    console: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let range = |major, min, max| {
            VersionRange::new(ApiVersion::new(major, min), ApiVersion::new(major, max))
        };
        Self {
            pace: When::Reads(1),
            token_lifetime: Duration::from_secs(4 * 3600),
            factors: BTreeMap::new(),
            offered: Vec::new(),
            console: None,
            versions: [("compute", range(2, 1, 104)), ("block-storage", range(3, 0, 71))].into(),
        }
    }
}

impl Habits {
    fn settings(&self) -> MutexGuard<'_, Settings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pace(&self) -> When {
        self.settings().pace
    }

    fn versions(&self, service: &'static str) -> VersionRange {
        let newest = ApiVersion::new(u16::MAX, 0);
        let versions = self.settings().versions.get(service).copied();
        versions.unwrap_or(VersionRange::new(ApiVersion::new(0, 0), newest))
    }
}

/// A member of an item as text; empty if it has none.
fn text<'a>(item: &'a Value, member: &str) -> &'a str {
    item[member].as_str().unwrap_or_default()
}

/// A member of an item as a number; 0 if it has none.
fn number(item: &Value, member: &str) -> i64 {
    item[member].as_i64().unwrap_or_default()
}

/// The project that the caller works in.
fn project(call: &Call<'_>) -> String {
    text(&call.caller, "project_id").to_owned()
}

fn is_admin(caller: &Value) -> bool {
    caller["roles"].as_array().is_some_and(|roles| roles.iter().any(|role| role == "admin"))
}

/// Now, to the second, with `Z` behind it.
fn now() -> String {
    scs_core::testing::timestamp(scs_core::Timestamp::now())
}

/// Lets only holders of a valid token pass, and notes who they are. Else answers 401 as the
/// services do that leave this to a library of Keystone's.
fn authenticate(call: &mut Call<'_>) -> Answered<()> {
    let token = call.token("x-auth-token").and_then(|token| identity::holder(call.state, token));
    let Some(holder) = token else {
        let message = "The request you have made requires authentication.";
        let error = json!({"code": 401, "title": "Unauthorized", "message": message});
        let uri = format!("Keystone uri=\"{}/identity/v3\"", call.root());
        return Err(Answer::json(401, json!({"error": error})).header("www-authenticate", uri));
    };
    call.caller = holder;
    Ok(())
}

/// As [`authenticate`], and checks the microversion that the request asks for. It is the
/// caller's `version` then.
fn authenticate_versioned(
    call: &mut Call<'_>,
    range: VersionRange,
    header_name: &str,
) -> Answered<()> {
    authenticate(call)?;
    let asked = call
        .request
        .header("openstack-api-version")
        .and_then(|versions| {
            let mut versions = versions.split(',');
            versions.find_map(|version| version.trim().strip_prefix(header_name)?.strip_prefix(' '))
        })
        .unwrap_or_default()
        .trim()
        .to_owned();
    let version = match asked.as_str() {
        "" => range.min,
        "latest" => range.max,
        text => text.parse().map_err(|_| {
            let rule = "Must be of format MajorNum.MinorNum.";
            let message = format!("API Version String {text} is of invalid format. {rule}");
            call.failure(400, "BadRequest", &message)
        })?,
    };
    call.caller["version"] = json!([version.major, version.minor]);
    if range.contains(version) {
        return Ok(());
    }
    let (min, max) = (range.min, range.max);
    let limits = format!("Minimum is {min} and maximum is {max}.");
    let message = format!("Version {version} is not supported by the API. {limits}");
    Err(call.failure(406, "NotAcceptable", &message))
}

/// Whether the microversion of a request is at least `2.minor` or `3.minor`.
fn speaks(call: &Call<'_>, minor: u64) -> bool {
    call.caller["version"][1].as_u64().is_some_and(|version| version >= minor)
}

/// Adds the headers that every service puts on its answers.
fn identified(call: &mut Call<'_>, answer: Answer) -> Answer {
    let id = format!("req-{}", call.state.mint());
    answer.header("x-openstack-request-id", id)
}

/// As [`identified`], with the version spoken.
fn versioned(call: &mut Call<'_>, answer: Answer, header_name: &str) -> Answer {
    let version = &call.caller["version"];
    let version = format!("{header_name} {}.{}", version[0], version[1]);
    identified(call, answer)
        .header("openstack-api-version", version)
        .header("vary", "OpenStack-API-Version")
}

/// The form of failures of Nova and Cinder.
fn named_failure(status: u16, _code: &str, message: &str) -> Answer {
    let name = match status {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 | 429 => "overLimit",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "computeFault",
    };
    let mut fault = json!({"code": status, "message": message});
    if name == "overLimit" {
        fault["retryAfter"] = "0".into();
    }
    Answer::json(status, json!({(name): fault}))
}

/// The refusal of what the policy of Nova or Cinder does not allow.
fn forbidden(call: &Call<'_>, rule: &str) -> Answer {
    call.failure(403, "Forbidden", &format!("Policy doesn't allow {rule} to be performed."))
}

/// What Nova and Cinder add to an item: where it is.
fn links(call: &Call<'_>, service: &str, version: &str, kind: &str, id: &str) -> Value {
    links_at(call.root(), service, version, kind, id)
}

fn links_at(root: &str, service: &str, version: &str, kind: &str, id: &str) -> Value {
    json!([
        {"rel": "self", "href": format!("{root}/{service}/{version}/{kind}/{id}")},
        {"rel": "bookmark", "href": format!("{root}/{service}/{kind}/{id}")},
    ])
}

#[cfg(test)]
mod tests;

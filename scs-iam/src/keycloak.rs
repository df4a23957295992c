//! A realm of Keycloak, administered: users, groups, roles.
//!
//! Follows <https://www.keycloak.org/docs-api/latest/rest-api/index.html>.
//!
//! # Updates
//! Keycloak has no partial updates: what a `PUT` leaves out is kept or lost, differently for
//! each resource. [`Api::update`] therefore reads what is there and writes all of it back with
//! the changes, also what this SDK does not know. Keycloak does not count changes: of two
//! updates at the same time the later one wins.

mod credential;
mod group;
mod membership;
mod realm;
mod role;
mod role_mapping;
mod user;

use std::{fmt, sync::Arc};

use scs_core::{
    Api, ApiVersion, Dialect, Error, Id, Need, Resource, Result, Route, Transport,
    auth::{TokenRequest, TokenSource},
    dialect::Target,
    route::Paging,
    transport::{Response, TransportBuilder},
};
use url::Url;

pub use self::{
    credential::*, group::*, membership::*, realm::*, role::*, role_mapping::*, user::*,
};
use crate::fault;

/// What errors call the service.
const SERVICE: &str = "keycloak";

/// How lists of users, groups and roles go on.
const PAGING: Paging = Paging::Range { from: "first", size: "max", default: 100 };

/// Values that people attach to a user, group or role: several for each name.
pub type Attributes = std::collections::BTreeMap<String, Vec<String>>;

/// A realm of Keycloak: the [`Dialect`] of all its resources. Cheap to clone; clones share
/// connections and tokens.
///
/// It is a [`Provider`](scs_core::Provider), too: users, groups and roles in words that every
/// cloud shares.
#[derive(Clone)]
pub struct Keycloak(Arc<Inner>);

struct Inner {
    transport: Transport,
    /// `https://HOST/admin/realms/REALM`
    base: Url,
}

/// Settings of a [`Keycloak`].
#[derive(Debug)]
#[must_use]
pub struct KeycloakBuilder {
    url: String,
    realm: String,
    tokens: Arc<dyn TokenSource>,
    transport: TransportBuilder,
}

impl KeycloakBuilder {
    /// Certificates, time-outs, retries, policies.
    pub fn transport(
        mut self,
        configure: impl FnOnce(TransportBuilder) -> TransportBuilder,
    ) -> Self {
        self.transport = configure(self.transport);
        self
    }

    /// The realm; nothing is asked yet.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if the settings cannot be used.
    pub fn build(self) -> Result<Keycloak> {
        let unusable = |what: String| {
            Error::config(what).with_service(SERVICE).with_hint(
                "give the address of Keycloak, like https://id.example, and the name of the realm",
            )
        };
        let mut base: Url = self
            .url
            .parse()
            .ok()
            .filter(|url: &Url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| unusable(format!("`{}` is not an HTTP address", self.url)))?;
        if matches!(self.realm.as_str(), "" | "." | "..") {
            return Err(unusable(format!("`{}` is not the name of a realm", self.realm)));
        }
        if let Ok(mut path) = base.path_segments_mut() {
            path.pop_if_empty().extend(["admin", "realms", &self.realm]);
        }
        let transport = self.transport.build()?.with_tokens(self.tokens);
        Ok(Keycloak(Arc::new(Inner { transport, base })))
    }

    /// The realm, with a login that works.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if the settings cannot be used; what the
    /// login answers.
    pub async fn connect(self) -> Result<Keycloak> {
        let tokens = self.tokens.clone();
        let keycloak = self.build()?;
        tokens.token(TokenRequest::default()).await?;
        Ok(keycloak)
    }
}

impl Keycloak {
    /// The realm of this name of the Keycloak at this address, such as `https://id.example`.
    /// The tokens are those of a login to that realm, or to the realm `master`.
    ///
    /// # Errors
    /// If the login fails. What it may do shows when it does something.
    pub async fn connect(
        url: impl Into<String>,
        realm: impl Into<String>,
        tokens: Arc<dyn TokenSource>,
    ) -> Result<Self> {
        Self::builder(url, realm, tokens).connect().await
    }

    /// The same with certificates, time-outs and the like still to be set.
    pub fn builder(
        url: impl Into<String>,
        realm: impl Into<String>,
        tokens: Arc<dyn TokenSource>,
    ) -> KeycloakBuilder {
        let (url, realm) = (url.into(), realm.into());
        KeycloakBuilder { url, realm, tokens, transport: Transport::builder() }
    }

    /// The resources of kind `R`, also one that the application has declared.
    pub fn api<R: Resource<Dialect = Self>>(&self) -> Api<R> {
        Api::new(self.clone())
    }

    /// The resources of kind `R` that belong to the parents with these ids.
    pub fn api_in<'a, R: Resource<Dialect = Self>>(
        &self,
        parents: impl IntoIterator<Item = &'a str>,
    ) -> Api<R> {
        Api::within(self.clone(), parents)
    }

    /// The settings of the realm.
    pub fn realm(&self) -> Api<Realm> {
        self.api()
    }

    /// The users.
    pub fn users(&self) -> Api<User> {
        self.api()
    }

    /// The groups at the top; their sub-groups are not among them.
    pub fn groups(&self) -> Api<Group> {
        self.api()
    }

    /// The roles of the realm; those of its clients are not among them.
    pub fn roles(&self) -> Api<Role> {
        self.api()
    }

    /// The users in a group.
    pub fn members(&self, group: &Id<Group>) -> Api<Members, User> {
        self.api_in::<Members>([group.as_str()]).view()
    }

    /// The groups that a user is in.
    pub fn groups_of(&self, user: &Id<User>) -> Api<GroupsOf, Group> {
        self.api_in::<GroupsOf>([user.as_str()]).view()
    }

    /// The roles that a user or a group has: given to them, to a group they are in, or
    /// contained in another role.
    pub fn roles_of<H: RoleHolder>(&self, holder: &Id<H>) -> Api<RolesOf<H>, Role> {
        self.api_in::<RolesOf<H>>([holder.as_str()]).view()
    }
}

impl Dialect for Keycloak {
    fn transport(&self) -> &Transport {
        &self.0.transport
    }

    async fn locate(
        &self,
        _route: &Route,
        _need: Option<Need>,
        _pinned: Option<ApiVersion>,
    ) -> Result<Target> {
        Ok(Target::new(self.0.base.clone()))
    }

    fn fault(&self, route: &Route, answer: &Response) -> Error {
        fault::fault(route.service, answer)
    }
}

impl fmt::Debug for Keycloak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keycloak").field("realm", &self.0.base.as_str()).finish_non_exhaustive()
    }
}

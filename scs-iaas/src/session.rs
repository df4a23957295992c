//! A login to a cloud, and what it knows of the cloud: token, catalog, versions.

#[cfg(feature = "conformance")]
mod swift;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::{HeaderName, HeaderValue, Method};
use scs_core::{
    ApiVersion, Dialect, Error, ErrorKind, Id, Need, Result, Route, Transport, answer,
    auth::{Generation, Grant, TokenRequest, TokenStore, Tokens},
    dialect::{RawMembers, RawPage, Target, decode_member, decode_members},
    route::VersionRange,
    transport::{Call, Request, Response, TransportBuilder},
};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::{sync::OnceCell, time::Instant};
use url::Url;

use crate::{
    auth::{Access, Keystone, Login, Scope, Standalone},
    catalog::{Interface, Service},
    discovery, fault,
    identity::Project,
    places::Places,
};

const VERSION: HeaderName = HeaderName::from_static("openstack-api-version");
const NOVA_VERSION: HeaderName = HeaderName::from_static("x-openstack-nova-api-version");

/// A session with one OpenStack cloud: the [`Dialect`] of all its resources. Cheap to clone;
/// clones share connections, token and what is known of the cloud.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    transport: Transport,
    origin: Origin,
    places: Places,
    store: Option<Arc<dyn TokenStore>>,
    /// Shared by the projects of one login. By endpoint: a new catalog may name new ones.
    versions: Arc<Mutex<Versions>>,
    /// When the catalog was last asked for because a service was not in it.
    refreshed: tokio::sync::Mutex<Option<Instant>>,
}

type Versions = HashMap<Url, Arc<OnceCell<Option<VersionRange>>>>;

/// How often a service that is missing in the catalog is worth a new one.
const REFRESH: Duration = Duration::from_secs(300);

/// Where a session comes from.
enum Origin {
    Keystone(Arc<Keystone>),
    /// There is no Keystone.
    Standalone(Standalone),
}

/// How to get into a cloud.
#[derive(Debug)]
enum Entrance {
    Keystone { auth_url: String, login: Login },
    Standalone(Standalone),
}

/// Settings of a [`Session`].
#[derive(Debug)]
#[must_use]
pub struct SessionBuilder {
    entrance: Entrance,
    places: Places,
    transport: TransportBuilder,
    store: Option<Arc<dyn TokenStore>>,
}

impl SessionBuilder {
    pub(crate) fn new(auth_url: String, login: Login) -> Self {
        Self::by(Entrance::Keystone { auth_url, login })
    }

    pub(crate) fn standalone(standalone: Standalone) -> Self {
        Self::by(Entrance::Standalone(standalone))
    }

    fn by(entrance: Entrance) -> Self {
        Self { entrance, places: Places::default(), transport: Transport::builder(), store: None }
    }

    /// The region whose services are used; the first of the catalog if not set.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.places.all.region = Some(region.into());
        self
    }

    /// Which of a service's addresses are used; the public ones if not set.
    pub fn interface(self, interface: Interface) -> Self {
        self.interfaces([interface])
    }

    /// Which of a service's addresses are used: the first of these that it has.
    pub fn interfaces(mut self, interfaces: impl IntoIterator<Item = Interface>) -> Self {
        self.places.all.interfaces = interfaces.into_iter().collect();
        self
    }

    /// The address of a service (by its canonical type) instead of that in the catalog.
    pub fn endpoint_override(mut self, service_type: impl Into<String>, url: Url) -> Self {
        self.places.of(service_type).address = Some(url);
        self
    }

    /// The microversion that the calls of a service (by its canonical type) use, unless they
    /// [pin](scs_core::Api::at) another one. Without it, each call uses the newest that it
    /// and the cloud know.
    pub fn default_microversion(
        mut self,
        service_type: impl Into<String>,
        version: ApiVersion,
    ) -> Self {
        self.places.of(service_type).microversion = Some(version);
        self
    }

    /// What is chosen for a service, by its canonical type.
    #[cfg(feature = "config")]
    pub(crate) fn place(
        mut self,
        service_type: &str,
        choose: impl FnOnce(&mut crate::places::Place),
    ) -> Self {
        choose(self.places.of(service_type));
        self
    }

    /// Certificates, time-outs, retries, policies.
    pub fn transport(
        mut self,
        configure: impl FnOnce(TransportBuilder) -> TransportBuilder,
    ) -> Self {
        self.transport = configure(self.transport);
        self
    }

    /// Keeps tokens there, and takes them from there: sessions and processes that log in as the
    /// same user to the same scope share one token. Logins by [`Token`](crate::auth::Token) and
    /// [`Federated`](crate::auth::Federated) are not kept: nobody knows beforehand whose they are.
    /// Whoever may read the store is logged in without the password.
    pub fn token_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Logs in.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if the settings cannot be used, [`ErrorKind::Unauthenticated`]
    /// if the login is refused.
    pub async fn connect(self) -> Result<Session> {
        let http = self.transport.build()?;
        let (transport, origin) = match self.entrance {
            Entrance::Keystone { auth_url, login } => {
                let keystone = Arc::new(Keystone::new(&auth_url, login)?);
                let transport = logged_in(&http, keystone.clone(), self.store.as_ref());
                (transport, Origin::Keystone(keystone))
            }
            Entrance::Standalone(standalone) => {
                (http.with_tokens(standalone.tokens()?), Origin::Standalone(standalone))
            }
        };
        let session = Session(Arc::new(Inner {
            transport,
            origin,
            places: self.places,
            store: self.store,
            versions: Arc::default(),
            refreshed: tokio::sync::Mutex::default(),
        }));
        if let Origin::Keystone(_) = session.0.origin {
            session.access().await?;
        }
        Ok(session)
    }
}

fn logged_in(
    http: &Transport,
    keystone: Arc<Keystone>,
    store: Option<&Arc<dyn TokenStore>>,
) -> Transport {
    let plain = http.without_login();
    let tokens = match store {
        Some(store) => Tokens::stored(keystone, plain, store.clone()),
        None => Tokens::new(keystone, plain),
    };
    http.with_tokens(Arc::new(tokens))
}

impl Session {
    /// The same user in another project: with the same connections and what is known of the
    /// services, by a token of its own, which is got from that of the present login.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] if the login is bound to what it has: an application
    /// credential, a trust, or none of Keystone. [`ErrorKind::Unauthenticated`] if the user has
    /// no role in the project.
    pub async fn for_project(&self, project: &Id<Project>) -> Result<Self> {
        let Origin::Keystone(keystone) = &self.0.origin else {
            return Err(Error::invalid("without Keystone there are no projects to choose from"));
        };
        let scope = Scope::project_id(project.as_str());
        let keystone = Arc::new(keystone.rescoped(&self.0.transport, scope)?);
        let session = Self(Arc::new(Inner {
            transport: logged_in(&self.0.transport, keystone.clone(), self.0.store.as_ref()),
            origin: Origin::Keystone(keystone),
            places: self.0.places.clone(),
            store: self.0.store.clone(),
            versions: self.0.versions.clone(),
            refreshed: tokio::sync::Mutex::default(),
        }));
        session.access().await?;
        Ok(session)
    }

    /// Who is logged in, to what, and which services there are.
    pub async fn access(&self) -> Result<Arc<Access>> {
        access_of(&*self.0.transport.token(TokenRequest::default()).await?)
    }

    /// With the catalog that a new token brings, where that may help.
    async fn refreshed(&self, generation: Generation) -> Result<Option<Arc<Access>>> {
        let mut last = self.0.refreshed.lock().await;
        let present = self.0.transport.token(TokenRequest::default()).await?;
        if present.generation() != generation {
            return access_of(&present).map(Some);
        }
        if last.is_some_and(|at| at.elapsed() < REFRESH) {
            return Ok(None);
        }
        *last = Some(Instant::now());
        let renewed = TokenRequest::default().rejected(generation);
        access_of(&*self.0.transport.token(renewed).await?).map(Some)
    }

    /// The address of a service, by its canonical type, with the version in its path.
    pub async fn endpoint(&self, service_type: &str) -> Result<Url> {
        let endpoint = match (self.0.places.address(service_type), &self.0.origin) {
            (Some(url), _) | (_, Origin::Standalone(Standalone { endpoint: Some(url), .. })) => {
                url.clone()
            }
            (None, Origin::Keystone(keystone)) => {
                self.in_catalog(service_type, keystone.url()).await?
            }
            (None, Origin::Standalone(_)) => {
                let words = format!("without Keystone nobody knows where {service_type} is");
                return Err(Error::config(words)
                    .with_service(service_type.to_owned())
                    .with_hint("give its address as an endpoint override"));
            }
        };
        let default = Service::of(service_type).map_or("", |service| service.path);
        Ok(discovery::versioned(&endpoint, default))
    }

    async fn in_catalog(&self, service_type: &str, keystone: &Url) -> Result<Url> {
        let find = |access: &Access| self.0.places.in_catalog(&access.catalog, service_type);
        let grant = self.0.transport.token(TokenRequest::default()).await?;
        let missing = match find(&*access_of(&grant)?) {
            // An unscoped token has no catalog, but can do something there.
            Err(error) if service_type == "identity" && error.kind() == ErrorKind::Unsupported => {
                return Ok(keystone.clone());
            }
            Err(error) if error.kind() == ErrorKind::Decode => return Err(error),
            Err(error) => error,
            found => return found,
        };
        // The cloud may have got it since.
        match self.refreshed(grant.generation()).await? {
            Some(access) => find(&access),
            None => Err(missing),
        }
    }

    /// What a service says of itself at `url`.
    async fn document(
        &self,
        service: &'static str,
        what: &'static str,
        url: Url,
    ) -> Result<Response> {
        let call = Call::new(service, format!("{what}.get"), what.into(), &Method::GET);
        self.0.transport.send(Request::new(Method::GET, url, bytes::Bytes::new(), call)).await
    }

    /// The microversions that the service at `endpoint` offers; `None` if it does not say.
    async fn microversions(
        &self,
        service: &'static str,
        endpoint: &Url,
        major: u16,
    ) -> Result<Option<VersionRange>> {
        let known = {
            let mut versions = self.0.versions.lock().unwrap_or_else(PoisonError::into_inner);
            versions.entry(endpoint.clone()).or_default().clone()
        };
        let range = known.get_or_try_init(|| async {
            for url in discovery::documents(endpoint) {
                let answer = self.document(service, "versions", url).await?;
                if let Some(range) = discovery::microversions(&answer.body, major) {
                    return Ok(Some(range));
                }
                if answer.status.is_server_error() {
                    // Not remembered: the next call asks again.
                    return Err(fault::fault(service, &answer));
                }
            }
            tracing::warn!(service, "there is no readable version document");
            Ok(None)
        });
        range.await.copied()
    }

    async fn negotiate(
        &self,
        route: &Route,
        ours: VersionRange,
        endpoint: &Url,
        need: Option<Need>,
        pinned: Option<ApiVersion>,
    ) -> Result<Option<ApiVersion>> {
        match self.microversions(route.service, endpoint, ours.min.major).await? {
            Some(cloud) => ours.negotiate(cloud, pinned, need).map(Some),
            None => match need.map(|need| need.because).or(pinned.map(|_| "a pinned version")) {
                Some(because) => Err(Error::new(
                    ErrorKind::Unsupported,
                    format!("{because} needs a microversion, and the service does not say which it offers"),
                )
                .with_hint("ask the provider to publish the version document of the service")),
                None => Ok(None),
            },
        }
        .map_err(|error| error.with_service(route.service))
    }
}

fn access_of(grant: &Grant) -> Result<Arc<Access>> {
    grant.details().ok_or_else(|| {
        Error::config("there is no Keystone here that could tell who is logged in")
            .with_hint("log in by Keystone for what needs user, project or catalog")
    })
}

impl Dialect for Session {
    fn transport(&self) -> &Transport {
        &self.0.transport
    }

    async fn locate(
        &self,
        route: &Route,
        need: Option<Need>,
        pinned: Option<ApiVersion>,
    ) -> Result<Target> {
        let mut target = Target::new(self.endpoint(route.service).await?);
        let Some(ours) = route.versions else { return Ok(target) };
        let pinned = pinned.or_else(|| self.0.places.microversion(route.service));
        let version = self.negotiate(route, ours, &target.base, need, pinned).await?;
        if let (Some(version), Some(service)) = (version, Service::of(route.service)) {
            let mut set = |name: HeaderName, value: String| {
                if let Ok(value) = HeaderValue::from_maybe_shared(bytes::Bytes::from(value)) {
                    target.headers.insert(name, value);
                }
            };
            set(VERSION, format!("{} {version}", service.version_name));
            // What Nova before 2.27 reads.
            if service.canonical == "compute" {
                set(NOVA_VERSION, version.to_string());
            }
        }
        Ok(target)
    }

    fn page<T: DeserializeOwned>(&self, route: &Route, body: &[u8]) -> Result<RawPage<T>> {
        let links = links(route);
        let others = [links.as_str(), "next", "links"];
        let (items, members) = if route.wrapped_items {
            let (wrapped, members) = decode_members(body, route.many, &others)?;
            (wrapped.map(|items| unwrapped(items, route)).transpose()?, members)
        } else {
            decode_members(body, route.many, &others)?
        };
        Ok(RawPage::new(items.ok_or_else(|| without_items(route))?, next_link(&members)))
    }

    fn fault(&self, route: &Route, answer: &Response) -> Error {
        fault::fault(route.service, answer)
    }
}

/// Where Nova, Cinder and Neutron put the link to the next page.
fn links(route: &Route) -> String {
    format!("{}_links", route.many)
}

/// The link to the next page: of the members `<key>_links` (Nova, Cinder, Neutron), `next`
/// (Glance) and `links` (Keystone, Designate; as a list: Nova's instance actions).
fn next_link(members: &RawMembers) -> Option<String> {
    answer! {
        struct Link(rel: String, href: String) {}
    }
    answer! {
        struct Links { next: Option<String> }
    }
    let raw = |at: usize| members[at].as_deref().map(|raw| raw.get().as_bytes());
    let by_links = |at| {
        let links: Vec<Link> = serde_json::from_slice(raw(at)?).ok()?;
        links.into_iter().find(|link| link.rel == "next").map(|link| link.href)
    };
    by_links(0)
        .or_else(|| by_links(2))
        .or_else(|| serde_json::from_slice(raw(1)?).ok())
        .or_else(|| serde_json::from_slice::<Links>(raw(2)?).ok()?.next)
}

/// Items that each stand under a key of their own.
fn unwrapped<T: DeserializeOwned>(wrapped: Vec<Box<RawValue>>, route: &Route) -> Result<Vec<T>> {
    let mut items = Vec::with_capacity(wrapped.len());
    for item in wrapped {
        items.push(decode_member(item.get().as_bytes(), route.one)?);
    }
    Ok(items)
}

fn without_items(route: &Route) -> Error {
    Error::new(ErrorKind::Decode, format!("the answer has no member `{}`", route.many))
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("places", &self.0.places).finish_non_exhaustive()
    }
}

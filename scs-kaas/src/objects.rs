use std::{fmt, marker::PhantomData, sync::Arc};

use futures_core::stream::BoxStream;
use http::Method;
use scs_core::{Error, ErrorKind, Metadata, Result};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{
    Kind, Kubernetes,
    fault::Site,
    watch::{Sight, Watch},
};

/// The name under which the API server remembers what was set by whom.
const MANAGER: &str = "scs-cloud";

/// The objects of one kind, in one namespace or in all: see
/// [`Kubernetes::objects`] and [`Kubernetes::objects_in`].
pub struct Objects<K> {
    kubernetes: Kubernetes,
    namespace: Option<Arc<str>>,
    kind: PhantomData<fn() -> K>,
}

impl<K> Clone for Objects<K> {
    fn clone(&self) -> Self {
        let Self { kubernetes, namespace, kind } = self;
        Self { kubernetes: kubernetes.clone(), namespace: namespace.clone(), kind: *kind }
    }
}

impl<K: Kind> fmt::Debug for Objects<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects")
            .field("kind", &K::KIND)
            .field("namespace", &self.namespace)
            .field("kubernetes", &self.kubernetes)
            .finish()
    }
}

/// A page of a list.
#[derive(Deserialize)]
#[serde(bound = "K: DeserializeOwned")]
struct Page<K> {
    #[serde(default)]
    metadata: PageMeta,
    #[serde(default = "Vec::new", deserialize_with = "scs_core::value::nullable")]
    items: Vec<K>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PageMeta {
    resource_version: String,
    r#continue: String,
}

/// A list, and the moment at which it was true.
pub(crate) struct Listing<K> {
    pub(crate) items: Vec<K>,
    pub(crate) resource_version: String,
}

impl<K: Kind> Objects<K> {
    pub(crate) fn new(kubernetes: Kubernetes, namespace: Option<Arc<str>>) -> Self {
        Self { kubernetes, namespace, kind: PhantomData }
    }

    pub(crate) fn kubernetes(&self) -> &Kubernetes {
        &self.kubernetes
    }

    pub(crate) fn is_in_one_namespace(&self) -> bool {
        self.namespace.is_some()
    }

    /// What was tried, for errors.
    pub(crate) fn site(&self, verb: &str, rest: &str) -> Site<'_> {
        self.kubernetes.site(K::SERVICE, format!("{verb} {}{rest}", K::PLURAL))
    }

    /// The path of the collection, in the version that is served.
    pub(crate) async fn path(&self) -> Result<String> {
        let version = self.kubernetes.version::<K>().await?;
        let api = match K::GROUP {
            "" => format!("/api/{version}"),
            group => format!("/apis/{group}/{version}"),
        };
        Ok(match &self.namespace {
            Some(namespace) => format!("{api}/namespaces/{}/{}", checked(namespace)?, K::PLURAL),
            None => format!("{api}/{}", K::PLURAL),
        })
    }

    async fn path_of(&self, name: &str) -> Result<String> {
        checked(name)?;
        Ok(format!("{}/{name}", self.path().await?))
    }

    /// The one of this name.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is none.
    pub async fn get(&self, name: &str) -> Result<K> {
        self.get_as(name).await
    }

    /// The one of this name with all of its members.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is none.
    pub async fn get_raw(&self, name: &str) -> Result<Value> {
        self.get_as(name).await
    }

    async fn get_as<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        let site = self.site("GET", "/{}");
        let path = self.path_of(name).await.map_err(|error| site.locate(error))?;
        site.decode(&self.kubernetes.send(&site, Method::GET, &path, None).await?)
    }

    /// The one of this name, if there is one.
    pub async fn get_opt(&self, name: &str) -> Result<Option<K>> {
        match self.get(name).await {
            Err(error) if error.is_not_found() => Ok(None),
            got => got.map(Some),
        }
    }

    /// All of them.
    pub async fn list(&self) -> Result<Vec<K>> {
        self.list_with(&Metadata::new()).await
    }

    /// Those with all of these labels.
    pub async fn list_with(&self, labels: &Metadata) -> Result<Vec<K>> {
        Ok(self.listing(labels).await?.items)
    }

    /// Reads all pages. A list that became too old on the way is begun anew.
    pub(crate) async fn listing(&self, labels: &Metadata) -> Result<Listing<K>> {
        let site = self.site("GET", "");
        let path = self.path().await?;
        let mut items = Vec::new();
        let mut next = String::new();
        loop {
            let page = [("limit", "500"), ("continue", next.as_str())];
            let page = if next.is_empty() { &page[..1] } else { &page };
            let path = format!("{path}?{}", query(labels, page));
            let answer = match self.kubernetes.send(&site, Method::GET, &path, None).await {
                Err(error) if is_gone(&error) && !next.is_empty() => {
                    items.clear();
                    next.clear();
                    continue;
                }
                answer => answer?,
            };
            let page: Page<K> = site.decode(&answer)?;
            items.extend(page.items);
            if page.metadata.r#continue.is_empty() {
                let resource_version = page.metadata.resource_version;
                return Ok(Listing { items, resource_version });
            }
            next = page.metadata.r#continue;
        }
    }

    /// Makes one from its JSON; kind and version are filled in. Members that the API server
    /// does not know are refused.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] if there is one of this name already.
    pub async fn create(&self, mut object: Value) -> Result<K> {
        let version = self.kubernetes.version::<K>().await?;
        object["kind"] = K::KIND.into();
        object["apiVersion"] = match K::GROUP {
            "" => version.into(),
            group => format!("{group}/{version}").into(),
        };
        let path = format!("{}?fieldManager={MANAGER}&fieldValidation=Strict", self.path().await?);
        let site = self.site("POST", "");
        self.write(&site, Method::POST, &path, "application/json", &object).await
    }

    /// Changes the members that the patch has, and no others: a JSON merge patch
    /// ([RFC 7386](https://www.rfc-editor.org/rfc/rfc7386)). A list is replaced as a whole; put
    /// `metadata.resourceVersion` into the patch so that it applies to the state you have seen.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] if somebody has changed it meanwhile.
    pub async fn patch(&self, name: &str, patch: &Value) -> Result<K> {
        let target = format!("{}?fieldManager={MANAGER}", self.path_of(name).await?);
        let site = self.site("PATCH", "/{}");
        self.write(&site, Method::PATCH, &target, "application/merge-patch+json", patch).await
    }

    /// Reads one with all of its members, and sends the patch that `change` makes of it. If
    /// somebody else has changed it between the two, it is read and patched anew.
    ///
    /// # Errors
    /// What `change` answers, or [`ErrorKind::Conflict`] if it is changed all the time.
    pub(crate) async fn patch_seen(
        &self,
        name: &str,
        change: impl Fn(&Value) -> Result<Value>,
    ) -> Result<K> {
        let mut attempts = 5;
        loop {
            let seen = self.get_raw(name).await?;
            let mut patch = change(&seen)?;
            patch["metadata"]["resourceVersion"] = seen["metadata"]["resourceVersion"].clone();
            attempts -= 1;
            match self.patch(name, &patch).await {
                Err(error) if error.kind() == ErrorKind::Conflict && attempts > 0 => {}
                patched => return patched,
            }
        }
    }

    /// Asks a subresource of one for something.
    pub(crate) async fn request<T: DeserializeOwned>(
        &self,
        name: &str,
        subresource: &str,
        request: &Value,
    ) -> Result<T> {
        let path = format!("{}/{subresource}", self.path_of(name).await?);
        let site = self.site("POST", &format!("/{{}}/{subresource}"));
        self.write(&site, Method::POST, &path, "application/json", request).await
    }

    async fn write<T: DeserializeOwned>(
        &self,
        site: &Site<'_>,
        method: Method,
        path: &str,
        media_type: &'static str,
        body: &Value,
    ) -> Result<T> {
        let body = (media_type, body.to_string().into_bytes());
        site.decode(&self.kubernetes.send(site, method, path, Some(body)).await?)
    }

    /// Deletes one. It is gone when those whose finalizers it carries agree.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is none.
    pub async fn delete(&self, name: &str) -> Result<()> {
        let site = self.site("DELETE", "/{}");
        let path = self.path_of(name).await.map_err(|error| site.locate(error))?;
        // What belongs to it goes after it, and nobody waits for that here.
        let body = json!({"propagationPolicy": "Background"}).to_string().into_bytes();
        let body = Some(("application/json", body));
        self.kubernetes.send(&site, Method::DELETE, &path, body).await.map(drop)
    }

    /// Those with all of these labels as they are now, then each that changes or goes. The
    /// stream goes on across lost connections and ends with an error that waiting does not
    /// cure.
    pub fn watch(&self, labels: Metadata) -> BoxStream<'static, Result<Sight<K>>> {
        Watch::new(self.clone(), labels).into_stream()
    }
}

/// The labels and what else there is as a query.
pub(crate) fn query(labels: &Metadata, more: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !labels.is_empty() {
        let pairs: Vec<_> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        query.append_pair("labelSelector", &pairs.join(","));
    }
    query.extend_pairs(more).finish()
}

/// Whether what was asked for lies too far in the past.
pub(crate) fn is_gone(error: &Error) -> bool {
    error.status().is_some_and(|status| status.as_u16() == 410)
}

/// A name that can stand in a path: no other could be the name of an object.
fn checked(name: &str) -> Result<&str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':');
    match name {
        "" => Err(Error::invalid("the name is empty")),
        "." | ".." => Err(Error::invalid(format!("`{name}` is no name"))),
        name if name.chars().all(fits) => Ok(name),
        _ => Err(Error::invalid(format!("`{name}` is no name"))
            .with_hint("names are made of letters, digits, `-` and `.`")),
    }
}

//! The connection to a Kubernetes API server.

use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::{Method, Request, Uri};
use kube::{
    Config,
    config::{KubeConfigOptions, Kubeconfig, KubeconfigError},
};
use scs_core::{Error, ErrorKind, Result, Secret, auth::TokenSource};
use serde::Deserialize;

use crate::{Kind, Objects, authorized::Authorized, fault::Site, proxy};

/// No answer but a watch takes longer than that.
const LIMIT: Duration = Duration::from_secs(90);

/// A Kubernetes API server, as somebody who is logged in there. Cheap to clone.
///
/// ```no_run
/// use scs_kaas::{Kubernetes, Node};
///
/// # async fn f() -> scs_core::Result<()> {
/// let kubernetes = Kubernetes::from_kubeconfig_file("admin.kubeconfig").await?;
/// for node in kubernetes.objects::<Node>().list().await? {
///     println!("{} ready: {}", node.metadata.name, node.is_ready());
/// }
/// # Ok(()) }
/// ```
///
/// The connections that are made here give up when connecting takes 10 s or nothing arrives
/// for 100 s. A proxy is used if the kubeconfig or the environment (`HTTPS_PROXY`, `NO_PROXY`)
/// names one. Requests that are answered with 429, 503 or 504 are repeated by `kube`.
///
/// # TLS
/// `kube` uses rustls with aws-lc-rs. It makes that the default of the process, if the process
/// has none yet: an application that wants another installs it first
/// (`rustls::crypto::CryptoProvider::install_default`).
#[derive(Clone)]
pub struct Kubernetes {
    client: kube::Client,
    endpoint: Option<Arc<str>>,
    served: Arc<Mutex<Served>>,
}

/// The versions that are served of each group, as far as they were asked for.
type Served = BTreeMap<&'static str, Arc<[String]>>;

impl Kubernetes {
    /// By a client of the crate `kube` that the application has made. Its time-outs are its own.
    ///
    /// `kube` is outside of this crate's promise of stability: a new major version of it is a
    /// new minor version here.
    pub fn new(client: kube::Client) -> Self {
        Self { client, endpoint: None, served: Arc::default() }
    }

    /// By the present context of a kubeconfig. Commands that it names for the login are run:
    /// take it from where you trust it.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if it cannot be used.
    pub async fn from_kubeconfig(kubeconfig: &Secret) -> Result<Self> {
        let read = Kubeconfig::from_yaml(kubeconfig.expose());
        // The cause is left out: it could quote the file.
        let read = read.map_err(|_| Error::config("this is no kubeconfig"))?;
        Self::from_read(read, "the kubeconfig").await
    }

    /// By the present context of a kubeconfig file.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if it cannot be used.
    pub async fn from_kubeconfig_file(path: impl AsRef<Path>) -> Result<Self> {
        let name = path.as_ref().display().to_string();
        let read = Kubeconfig::read_from(path).map_err(|error| match error {
            KubeconfigError::ReadConfig(error, _) => {
                Error::config(format!("{name} cannot be read: {error}"))
            }
            // The cause is left out: it could quote the file.
            _ => Error::config(format!("{name} is no kubeconfig")),
        })?;
        Self::from_read(read, &name).await
    }

    /// By the kubeconfig of a workload cluster, which others may have written: nothing in it
    /// may make this process run a command or read a file.
    ///
    /// # Errors
    /// [`ErrorKind::Rejected`] if something in it would, [`ErrorKind::Config`] if it cannot be
    /// used.
    pub async fn from_foreign_kubeconfig(kubeconfig: &Secret) -> Result<Self> {
        let read = Kubeconfig::from_yaml(kubeconfig.expose());
        let read = read.map_err(|_| Error::config("the cluster's kubeconfig is none"))?;
        let reaches_out =
            read.auth_infos.iter().filter_map(|named| named.auth_info.as_ref()).any(|login| {
                login.exec.is_some()
                    || login.auth_provider.is_some()
                    || login.token_file.is_some()
                    || login.client_certificate.is_some()
                    || login.client_key.is_some()
            }) || read
                .clusters
                .iter()
                .filter_map(|named| named.cluster.as_ref())
                .any(|cluster| cluster.certificate_authority.is_some());
        if reaches_out {
            let words = "the cluster's kubeconfig wants to run a command or to read a file here";
            return Err(Error::new(ErrorKind::Rejected, words).with_hint(
                "look at it, and use it with `Kubernetes::from_kubeconfig` if you trust it",
            ));
        }
        Self::from_read(read, "the cluster's kubeconfig").await
    }

    async fn from_read(kubeconfig: Kubeconfig, name: &str) -> Result<Self> {
        let names_proxy = kubeconfig
            .clusters
            .iter()
            .filter_map(|named| named.cluster.as_ref())
            .any(|cluster| cluster.proxy_url.is_some());
        let options = KubeConfigOptions::default();
        let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
        let mut config =
            config.map_err(|error| Error::config(format!("{name} cannot be used: {error}")))?;
        if !names_proxy {
            config.proxy_url = proxy::of_environment(&config.cluster_url);
        }
        Self::connect(config)
    }

    /// By an address, the authority of its certificate (PEM; those of the platform if `None`)
    /// and tokens from elsewhere, such as an OpenID login that other clients share. A token
    /// that is refused is given up, and the request is sent once more with a new one.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if the address or the certificate cannot be used.
    pub fn with_tokens(
        endpoint: &str,
        ca_pem: Option<&str>,
        tokens: Arc<dyn TokenSource>,
    ) -> Result<Self> {
        let bad = |what: &str| Error::config(format!("{what} cannot be used"));
        let uri: Uri = endpoint.parse().map_err(|_| bad("the address of the API server"))?;
        if uri.scheme_str().is_none() || uri.host().is_none() {
            return Err(bad("the address of the API server")
                .with_hint("write it with scheme and host: `https://api.example:6443`"));
        }
        let mut config = Config::new(uri);
        config.proxy_url = proxy::of_environment(&config.cluster_url);
        if let Some(pem) = ca_pem {
            config.root_cert = Some(crate::pem::certificates(pem)?);
        }
        let plain = Self::connect(config)?;
        let namespace = plain.client.default_namespace().to_owned();
        let client = kube::Client::new(Authorized::new(plain.client, tokens), namespace);
        Ok(Self { client, ..plain })
    }

    fn connect(mut config: Config) -> Result<Self> {
        config.connect_timeout = Some(Duration::from_secs(10));
        config.read_timeout = Some(Duration::from_secs(100));
        config.reset_reader_on_write = true;
        let endpoint = config.cluster_url.authority().map(|place| place.as_str().into());
        let client = kube::Client::try_from(config).map_err(|error| {
            Error::config(format!("the connection cannot be set up: {error}")).with_source(error)
        })?;
        Ok(Self { client, endpoint, served: Arc::default() })
    }

    /// The client of the crate `kube` behind it, for all that this SDK does not do.
    pub fn client(&self) -> &kube::Client {
        &self.client
    }

    /// A failure of [`client`](Self::client) in the words of this SDK.
    pub fn error(&self, error: kube::Error) -> Error {
        self.site("kubernetes", "request".into()).error(error)
    }

    /// The objects of a kind in all namespaces, or of a kind that has none.
    pub fn objects<K: Kind>(&self) -> Objects<K> {
        Objects::new(self.clone(), None)
    }

    /// The objects of a kind in a namespace.
    pub fn objects_in<K: Kind>(&self, namespace: impl Into<Arc<str>>) -> Objects<K> {
        Objects::new(self.clone(), Some(namespace.into()))
    }

    /// Reads and writes the objects of a group in this version, instead of the best one of
    /// those that the API server has.
    #[must_use]
    pub fn with_version(self, group: &'static str, version: &str) -> Self {
        let version = Arc::new([version.to_owned()]);
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner).clone();
        served.insert(group, version);
        Self { served: Arc::new(Mutex::new(served)), ..self }
    }

    /// The version to use for a kind: the first of its versions that the API server has.
    pub(crate) async fn version<K: Kind>(&self) -> Result<&'static str> {
        if K::GROUP.is_empty() {
            return Ok(K::VERSIONS.first().copied().unwrap_or("v1"));
        }
        let served = match self.known(K::GROUP) {
            Some(served) => served,
            None => self.discover::<K>().await?,
        };
        let found = K::VERSIONS.iter().find(|version| served.iter().any(|one| one == *version));
        found.copied().ok_or_else(|| {
            let message = format!(
                "this API server has {} of {}, and {} is known in {}",
                served.join(", "),
                K::GROUP,
                K::KIND,
                K::VERSIONS.join(", "),
            );
            Error::new(ErrorKind::Unsupported, message).with_service(K::SERVICE)
        })
    }

    fn known(&self, group: &str) -> Option<Arc<[String]>> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner).get(group).cloned()
    }

    async fn discover<K: Kind>(&self) -> Result<Arc<[String]>> {
        #[derive(Deserialize)]
        struct Group {
            versions: Vec<GroupVersion>,
        }
        #[derive(Deserialize)]
        struct GroupVersion {
            version: String,
        }

        let site = self.site(K::SERVICE, format!("GET apis/{}", K::GROUP));
        let path = format!("/apis/{}", K::GROUP);
        let answer = self.send(&site, Method::GET, &path, None).await.map_err(|error| {
            if !error.is_not_found() {
                return error;
            }
            let message = format!(
                "{} does not serve {}",
                site.endpoint.unwrap_or("this API server"),
                K::GROUP
            );
            site.locate(Error::new(ErrorKind::Unsupported, message)).with_hint(
                "check that it is the right cluster, and that the API is installed there",
            )
        })?;
        let group: Group = site.decode(&answer)?;
        let versions: Arc<[String]> = group.versions.into_iter().map(|v| v.version).collect();
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        served.insert(K::GROUP, versions.clone());
        Ok(versions)
    }

    pub(crate) fn site(&self, service: &'static str, operation: String) -> Site<'_> {
        Site { service, operation, endpoint: self.endpoint.as_deref() }
    }

    /// Sends a request and reads the whole answer. Not by `kube`'s own decoding, which writes
    /// an answer that it cannot read into the log, be it a Secret.
    pub(crate) async fn send(
        &self,
        site: &Site<'_>,
        method: Method,
        path: &str,
        body: Option<(&'static str, Vec<u8>)>,
    ) -> Result<String> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some((media_type, _)) = &body {
            request = request.header(http::header::CONTENT_TYPE, *media_type);
        }
        let body = body.map(|(_, body)| body).unwrap_or_default();
        let request = request.body(body).map_err(|error| {
            site.locate(Error::invalid(format!("no request can be made of this: {error}")))
        })?;
        match tokio::time::timeout(LIMIT, self.client.request_text(request)).await {
            Ok(answer) => answer.map_err(|error| site.error(error)),
            Err(_) => Err(site.overdue(LIMIT)),
        }
    }
}

impl fmt::Debug for Kubernetes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kubernetes").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_that_are_no_kubeconfig_are_not_quoted() {
        let missing = Kubernetes::from_kubeconfig_file("/does/not/exist").await.unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::Config);
        assert!(missing.to_string().starts_with("/does/not/exist cannot be read: "), "{missing}");
        let garbage = Secret::from("users: token-of-ada");
        for error in [
            Kubernetes::from_kubeconfig(&garbage).await.unwrap_err(),
            Kubernetes::from_foreign_kubeconfig(&garbage).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(!format!("{error:?}").contains("ada"), "{error:?}");
        }
    }
}

//! The layers of a cloud from a file.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use scs_core::{Error, Result, Secret, auth::TokenSource, transport::ReqwestBuilder};
use serde::Deserialize;

use crate::Cloud;

/// No file of any use is larger.
const MAX_SIZE: u64 = 1 << 20;

/// A [`Cloud`] as a YAML file describes it: which layers it has, and the one login that they
/// share.
///
/// ```
/// # use scs_cloud::CloudConfig;
/// let config = CloudConfig::parse(
///     r#"
/// login:                                       # an OpenID provider
///   issuer: https://id.example/realms/engine
///   client_id: cli
///   username: ada                              # without one, the device grant
///   password: swordfish
/// openstack:                                   # logs in with that
///   auth_url: https://cloud.example:5000/v3
///   identity_provider: keycloak
///   protocol: openid
///   project: engine
///   project_domain: Default
/// keycloak: {}                                 # the realm of the login
/// cluster_api:
///   server: https://management.example:6443
///   namespace: engine
/// gardener:
///   kubeconfig: garden.kubeconfig              # has a login of its own
///   project: engine
///   region: RegionOne
///   credentials_binding: my-openstack
///   machine_type: SCS-4V-8                     # of pools that name none
/// "#,
///     "cloud.yaml",
/// )?;
/// # Ok::<(), scs_cloud::core::Error>(())
/// ```
///
/// Every layer may be left out. `openstack: {cloud: NAME}` takes a cloud of clouds.yaml, with
/// its own login. `cacert` names a file with the authority of a certificate, wherever there is
/// an address. Paths are relative to the file. Facets that several layers have are answered by
/// the one that comes first in the order above, but for Cluster API before Gardener.
pub struct CloudConfig {
    origin: String,
    /// What paths are relative to.
    folder: PathBuf,
    file: File,
    prompt: Option<Prompt>,
}

type Prompt = Box<dyn Fn(&scs_iam::oidc::DevicePrompt) + Send + Sync>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    login: Option<Login>,
    openstack: Option<OpenStack>,
    keycloak: Option<Keycloak>,
    cluster_api: Option<ClusterApi>,
    gardener: Option<Gardener>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    issuer: String,
    client_id: String,
    client_secret: Option<Secret>,
    username: Option<String>,
    password: Option<Secret>,
    cacert: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenStack {
    cloud: Option<String>,
    auth_url: Option<String>,
    identity_provider: Option<String>,
    #[serde(default = "openid")]
    protocol: String,
    project: Option<String>,
    project_domain: Option<String>,
    region: Option<String>,
    interface: Option<String>,
    cacert: Option<PathBuf>,
}

fn openid() -> String {
    "openid".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keycloak {
    url: Option<String>,
    realm: Option<String>,
    cacert: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClusterApi {
    server: Option<String>,
    cacert: Option<PathBuf>,
    kubeconfig: Option<PathBuf>,
    namespace: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gardener {
    server: Option<String>,
    cacert: Option<PathBuf>,
    kubeconfig: Option<PathBuf>,
    project: String,
    region: Option<String>,
    credentials_binding: Option<String>,
    machine_type: Option<String>,
}

impl CloudConfig {
    /// The cloud that this file describes.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind), naming the file and the place, if it cannot
    /// be read, or if it holds a secret and others may read it.
    pub fn load(file: impl AsRef<Path>) -> Result<Self> {
        let file = file.as_ref();
        let origin = file.display().to_string();
        let unreadable = |reason: &dyn fmt::Display| {
            Error::config(format!("{origin} cannot be read: {reason}"))
                .with_hint("check the file and its permissions")
        };
        let about = fs::metadata(file).map_err(|error| unreadable(&error))?;
        if about.len() > MAX_SIZE {
            return Err(unreadable(&format_args!("{} bytes are too many", about.len())));
        }
        let text = fs::read_to_string(file).map_err(|error| unreadable(&error))?;
        let mut config = Self::parse(&text, &origin)?;
        config.folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
        #[cfg(unix)]
        if config.holds_a_secret() {
            let mode = std::os::unix::fs::PermissionsExt::mode(&about.permissions());
            if mode & 0o077 != 0 {
                let words = format!("{origin} holds a secret, and others may read it");
                return Err(Error::config(words).with_hint(format!("run `chmod 600 {origin}`")));
            }
        }
        Ok(config)
    }

    /// The cloud that this text describes; `origin` names it in errors.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind), naming the place, if it is not as above.
    pub fn parse(text: &str, origin: &str) -> Result<Self> {
        let file: File = serde_saphyr::from_str(text).map_err(|error| {
            // Only the place: the words of the error may quote a secret.
            let place = error
                .location()
                .map_or_else(String::new, |at| format!(":{}:{}", at.line(), at.column()));
            Error::config(format!("{origin}{place} does not describe a cloud"))
                .with_hint("check the names of the settings, their indentation and quotes there")
        })?;
        Ok(Self { origin: origin.to_owned(), folder: PathBuf::new(), file, prompt: None })
    }

    /// What shows people where to log in, when the login is by the device grant.
    #[must_use]
    pub fn prompt(
        mut self,
        show: impl Fn(&scs_iam::oidc::DevicePrompt) + Send + Sync + 'static,
    ) -> Self {
        self.prompt = Some(Box::new(show));
        self
    }

    /// Logs in, and connects all layers.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if the settings do not fit together, and what
    /// the logins answer.
    pub async fn connect(mut self) -> Result<Cloud> {
        let tokens = self.log_in().await?;
        let mut cloud = Cloud::builder();
        if let Some(settings) = &self.file.openstack {
            cloud = cloud.with(self.openstack(settings, tokens.clone()).await?);
        }
        if let Some(settings) = &self.file.keycloak {
            cloud = cloud.with(self.keycloak(settings, tokens.clone()).await?);
        }
        if let Some(settings) = &self.file.cluster_api {
            let ClusterApi { server, cacert, kubeconfig, namespace } = settings;
            let server = (server.as_ref(), cacert.as_ref());
            let kubernetes =
                self.kubernetes("cluster_api", server, kubeconfig.as_ref(), tokens.as_ref());
            cloud = cloud.with(scs_kaas::ClusterApi::new(kubernetes.await?, namespace.as_str()));
        }
        if let Some(settings) = &self.file.gardener {
            let server = (settings.server.as_ref(), settings.cacert.as_ref());
            let kubeconfig = settings.kubeconfig.as_ref();
            let kubernetes = self.kubernetes("gardener", server, kubeconfig, tokens.as_ref());
            let mut gardener = scs_kaas::Gardener::new(kubernetes.await?, &settings.project);
            if let Some(region) = &settings.region {
                gardener = gardener.region(region);
            }
            if let Some(binding) = &settings.credentials_binding {
                gardener = gardener.credentials_binding(binding);
            }
            if let Some(machine_type) = &settings.machine_type {
                gardener = gardener.machine_type(machine_type);
            }
            cloud = cloud.with(gardener);
        }
        Ok(cloud.build())
    }

    async fn log_in(&mut self) -> Result<Option<Arc<dyn TokenSource>>> {
        let Some(login) = &self.file.login else { return Ok(None) };
        let trust = self.trust(login.cacert.as_deref())?;
        let mut oidc = scs_iam::Oidc::builder(&login.issuer, &login.client_id)
            .transport(|transport| transport.http(trust));
        if let Some(secret) = &login.client_secret {
            oidc = oidc.client_secret(secret.clone());
        }
        oidc = match (&login.username, &login.password) {
            (Some(user), Some(password)) => oidc.password(user, password.clone()),
            (None, None) if login.client_secret.is_some() => oidc.client_credentials(),
            (None, None) => match self.prompt.take() {
                Some(prompt) => oidc.device(prompt),
                None => {
                    let words = "`login` names nobody, and there is nothing to show a code with";
                    return Err(self
                        .wrong(words)
                        .with_hint("give `username` and `password`, or `CloudConfig::prompt`"));
                }
            },
            _ => {
                let words = "`login` has only one of `username` and `password`";
                return Err(self.wrong(words).with_hint("give both, or none"));
            }
        };
        Ok(Some(Arc::new(oidc.connect().await?)))
    }

    async fn openstack(
        &self,
        settings: &OpenStack,
        tokens: Option<Arc<dyn TokenSource>>,
    ) -> Result<scs_iaas::OpenStack> {
        if let Some(name) = &settings.cloud {
            return crate::connect(scs_iaas::clouds::Cloud::load(name).await?).await;
        }
        let (Some(auth_url), Some(provider)) = (&settings.auth_url, &settings.identity_provider)
        else {
            let words =
                "`openstack` names neither a `cloud` nor `auth_url` and `identity_provider`";
            return Err(self.wrong(words).with_hint("give one or the others"));
        };
        let tokens = tokens.ok_or_else(|| self.no_login("openstack"))?;
        let mut login = scs_iaas::auth::Federated::new(provider, &settings.protocol, tokens);
        if let Some(project) = &settings.project {
            let scope = scs_iaas::auth::Scope::project(project);
            login = login.scope(match &settings.project_domain {
                Some(domain) => scope.domain(domain),
                None => scope,
            });
        }
        let trust = self.trust(settings.cacert.as_deref())?;
        let mut session = scs_iaas::OpenStack::builder(auth_url, login)
            .transport(|transport| transport.http(trust));
        if let Some(region) = &settings.region {
            session = session.region(region);
        }
        if let Some(interface) = &settings.interface {
            session = session.interface(interface.parse()?);
        }
        Ok(scs_iaas::OpenStack::new(session.connect().await?))
    }

    async fn keycloak(
        &self,
        settings: &Keycloak,
        tokens: Option<Arc<dyn TokenSource>>,
    ) -> Result<scs_iam::Keycloak> {
        let tokens = tokens.ok_or_else(|| self.no_login("keycloak"))?;
        let issuer = self.file.login.as_ref().map_or("", |login| &login.issuer);
        let of_login = issuer.trim_end_matches('/').rsplit_once("/realms/");
        let url = settings.url.as_deref().or(of_login.map(|(url, _)| url));
        let realm = settings.realm.as_deref().or(of_login.map(|(_, realm)| realm));
        let (Some(url), Some(realm)) = (url, realm) else {
            return Err(self
                .wrong("the issuer of `login` is no realm of Keycloak")
                .with_hint("give `url` and `realm` of `keycloak`"));
        };
        let of_login = self.file.login.as_ref().and_then(|login| login.cacert.as_deref());
        let trust = self.trust(settings.cacert.as_deref().or(of_login))?;
        scs_iam::Keycloak::builder(url, realm, tokens)
            .transport(|transport| transport.http(trust))
            .connect()
            .await
    }

    async fn kubernetes(
        &self,
        layer: &str,
        (server, cacert): (Option<&String>, Option<&PathBuf>),
        kubeconfig: Option<&PathBuf>,
        tokens: Option<&Arc<dyn TokenSource>>,
    ) -> Result<scs_kaas::Kubernetes> {
        match (server, kubeconfig) {
            (None, Some(file)) => {
                scs_kaas::Kubernetes::from_kubeconfig_file(self.folder.join(file)).await
            }
            (Some(server), None) => {
                let tokens = tokens.cloned().ok_or_else(|| self.no_login(layer))?;
                let pem = cacert.map(|file| self.read(file)).transpose()?;
                scs_kaas::Kubernetes::with_tokens(server, pem.as_deref(), tokens)
            }
            _ => Err(self
                .wrong(&format!("`{layer}` needs one of `server` and `kubeconfig`"))
                .with_hint("`server` uses the `login`, a kubeconfig has its own")),
        }
    }

    /// Trusts the authority in this file, too.
    fn trust(
        &self,
        cacert: Option<&Path>,
    ) -> Result<impl FnOnce(ReqwestBuilder) -> ReqwestBuilder + use<>> {
        let pem = cacert.map(|file| self.read(file)).transpose()?;
        let origin = cacert.map(|file| self.folder.join(file).display().to_string());
        Ok(move |http: ReqwestBuilder| match (origin, pem) {
            (Some(origin), Some(pem)) => http.ca_pem(origin, pem),
            _ => http,
        })
    }

    fn read(&self, file: &Path) -> Result<String> {
        let file = self.folder.join(file);
        fs::read_to_string(&file).map_err(|error| {
            self.wrong(&format!("{} cannot be read: {error}", file.display()))
                .with_hint("paths are relative to the file that names them")
        })
    }

    fn holds_a_secret(&self) -> bool {
        let login = self.file.login.as_ref();
        login.is_some_and(|login| login.client_secret.is_some() || login.password.is_some())
    }

    fn wrong(&self, what: &str) -> Error {
        Error::config(format!("{}: {what}", self.origin))
    }

    fn no_login(&self, layer: &str) -> Error {
        self.wrong(&format!("`{layer}` has no login"))
            .with_hint("describe an OpenID provider as `login`")
    }
}

impl fmt::Debug for CloudConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudConfig").field("origin", &self.origin).finish_non_exhaustive()
    }
}

//! clouds.yaml: where other OpenStack tools keep their clouds.
//!
//! The file is the one that `OS_CLIENT_CONFIG_FILE` names, else `clouds.yaml` in the working
//! directory, in `~/.config/openstack` or in `/etc/openstack`. Read of a cloud are `auth`
//! (with `auth_type` password, token or v3applicationcredential), `region_name`,
//! `interface`, `cacert` and `verify`.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use scs_core::{Error, Result, Secret};
use serde::Deserialize;

use crate::{
    SessionBuilder,
    auth::{ApplicationCredential, Login, Password, ProjectScope, Reference, Scope, Token},
};

/// No clouds.yaml of any use is larger.
const MAX_SIZE: u64 = 1 << 20;

/// A cloud as clouds.yaml describes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Cloud {
    #[serde(skip)]
    origin: String,
    auth_type: Option<String>,
    #[serde(default)]
    auth: Auth,
    region_name: Option<String>,
    #[serde(alias = "endpoint_type")]
    interface: Option<String>,
    cacert: Option<PathBuf>,
    #[serde(default = "yes")]
    verify: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Auth {
    auth_url: Option<String>,
    username: Option<String>,
    user_id: Option<String>,
    user_domain_name: Option<String>,
    user_domain_id: Option<String>,
    password: Option<Secret>,
    token: Option<Secret>,
    project_name: Option<String>,
    project_id: Option<String>,
    project_domain_name: Option<String>,
    project_domain_id: Option<String>,
    domain_name: Option<String>,
    domain_id: Option<String>,
    system_scope: Option<String>,
    application_credential_id: Option<String>,
    application_credential_name: Option<String>,
    application_credential_secret: Option<Secret>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    clouds: BTreeMap<String, Cloud>,
}

impl Cloud {
    /// The cloud of this name in the first file there is.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind), naming the file, if there is none, if it
    /// cannot be read, or if it does not have the cloud.
    pub fn load(name: &str) -> Result<Self> {
        let (places, named) = match env::var_os("OS_CLIENT_CONFIG_FILE") {
            Some(file) => (vec![PathBuf::from(file)], true),
            None => (places(), false),
        };
        let Some(file) = places.iter().find(|file| named || file.is_file()) else {
            let places: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
            return Err(Error::config(format!("there is no clouds.yaml at {}", places.join(", ")))
                .with_hint("write one, or name it in the variable OS_CLIENT_CONFIG_FILE"));
        };
        let origin = file.display().to_string();
        let unreadable = |reason: &dyn std::fmt::Display| {
            Error::config(format!("{origin} cannot be read: {reason}"))
                .with_hint("check the file and its permissions")
        };
        let size = fs::metadata(file).map_err(|error| unreadable(&error))?.len();
        if size > MAX_SIZE {
            return Err(unreadable(&format_args!("{size} bytes are too many")));
        }
        let text = fs::read_to_string(file).map_err(|error| unreadable(&error))?;
        Self::parse(&text, &origin, name)
    }

    /// The cloud of this name in the text of a clouds.yaml; `origin` names it in errors.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) as with [`load`](Self::load).
    pub fn parse(text: &str, origin: &str, name: &str) -> Result<Self> {
        let mut file: File = serde_saphyr::from_str(text).map_err(|error| {
            // Only the place: the words of the error may quote a secret.
            let place = error
                .location()
                .map_or_else(String::new, |at| format!(":{}:{}", at.line(), at.column()));
            Error::config(format!("{origin}{place} is not a clouds.yaml"))
                .with_hint("check its indentation, quotes and the type of values at that place")
        })?;
        let Some(mut cloud) = file.clouds.remove(name) else {
            let names: Vec<_> = file.clouds.into_keys().collect();
            return Err(Error::config(format!("{origin} has no cloud `{name}`"))
                .with_hint(format!("use one of: {}", names.join(", "))));
        };
        cloud.origin = format!("{origin}, cloud `{name}`");
        Ok(cloud)
    }

    /// The settings of a session with this cloud.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if something is missing, contradictory, or
    /// names a file that cannot be read.
    pub fn into_builder(self) -> Result<SessionBuilder> {
        let origin = self.origin.clone();
        let auth_url = self.auth.auth_url.clone().ok_or_else(|| missing(&origin, "auth_url"))?;
        let login = self.auth.login(self.auth_type.as_deref(), &origin)?;
        let mut builder = SessionBuilder::new(auth_url, login);
        if let Some(region) = self.region_name {
            builder = builder.region(region);
        }
        if let Some(interface) = self.interface {
            builder = builder.interface(interface.parse()?);
        }
        let ca = self.cacert.map(|file| {
            let name = file.display().to_string();
            let pem = fs::read(&file).map_err(|error| {
                Error::config(format!("{origin}: cacert {name} cannot be read: {error}"))
                    .with_hint("check the path and the permissions")
            });
            pem.map(|pem| (name, pem))
        });
        let ca = ca.transpose()?;
        let verify = self.verify;
        Ok(builder.transport(|transport| {
            transport.http(|http| {
                let http = http.danger_accept_any_certificate(!verify);
                match ca {
                    Some((name, pem)) => http.ca_pem(name, pem),
                    None => http,
                }
            })
        }))
    }
}

fn places() -> Vec<PathBuf> {
    let user = env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".config")));
    let mut places = vec![PathBuf::from("clouds.yaml")];
    places.extend(user.map(|user| user.join("openstack/clouds.yaml")));
    places.push(PathBuf::from("/etc/openstack/clouds.yaml"));
    places
}

fn missing(origin: &str, key: &str) -> Error {
    Error::config(format!("{origin}: `{key}` is missing under `auth`"))
        .with_hint(format!("add `{key}`"))
}

impl Auth {
    fn login(self, auth_type: Option<&str>, origin: &str) -> Result<Login> {
        let scope = self.scope();
        let user = reference(self.user_id, self.username);
        let user_domain = reference(self.user_domain_id, self.user_domain_name);
        let auth_type = auth_type.unwrap_or_else(|| {
            if self.application_credential_secret.is_some() {
                "v3applicationcredential"
            } else if self.token.is_some() && self.password.is_none() {
                "token"
            } else {
                "password"
            }
        });
        match auth_type {
            "password" | "v3password" => {
                let password = self.password.ok_or_else(|| missing(origin, "password"))?;
                let mut login = match user.ok_or_else(|| missing(origin, "username"))? {
                    Reference::Id(id) => Password::by_id(id, password),
                    Reference::Name(name) => Password::new(name, password),
                };
                login = match user_domain {
                    Some(Reference::Id(id)) => login.user_domain_id(id),
                    Some(Reference::Name(name)) => login.user_domain(name),
                    None => login,
                };
                Ok(login.scope(scope).into())
            }
            "token" | "v3token" => {
                let token = self.token.ok_or_else(|| missing(origin, "token"))?;
                Ok(Token::new(token).scope(scope).into())
            }
            "v3applicationcredential" => {
                if scope != Scope::Unscoped {
                    return Err(Error::config(format!(
                        "{origin}: an application credential has its project in itself"
                    ))
                    .with_hint("remove project, domain and system scope from `auth`"));
                }
                let secret = self
                    .application_credential_secret
                    .ok_or_else(|| missing(origin, "application_credential_secret"))?;
                let id = self.application_credential_id;
                let credential = match (id, self.application_credential_name) {
                    (Some(id), _) => ApplicationCredential::by_id(id, secret),
                    (None, Some(name)) => {
                        let user = user.ok_or_else(|| missing(origin, "username"))?;
                        ApplicationCredential::by_name(name, user, user_domain, secret)
                    }
                    (None, None) => return Err(missing(origin, "application_credential_id")),
                };
                Ok(credential.into())
            }
            other => Err(Error::config(format!("{origin}: auth_type `{other}` is not supported"))
                .with_hint("use `password`, `token` or `v3applicationcredential`")),
        }
    }

    fn scope(&self) -> Scope {
        let project = reference(self.project_id.clone(), self.project_name.clone());
        let domain = reference(self.project_domain_id.clone(), self.project_domain_name.clone());
        let project: Option<Scope> = project.map(|project| match (project, domain) {
            (Reference::Id(id), _) => Scope::project_id(id),
            (Reference::Name(name), Some(Reference::Id(id))) => {
                ProjectScope::domain_id(Scope::project(name), id).into()
            }
            (Reference::Name(name), Some(Reference::Name(domain))) => {
                Scope::project(name).domain(domain).into()
            }
            (Reference::Name(name), None) => Scope::project(name).into(),
        });
        project
            .or_else(|| {
                reference(self.domain_id.clone(), self.domain_name.clone()).map(Scope::Domain)
            })
            .or_else(|| self.system_scope.as_ref().map(|_| Scope::System))
            .unwrap_or(Scope::Unscoped)
    }
}

fn reference(id: Option<String>, name: Option<String>) -> Option<Reference> {
    id.map(Reference::Id).or(name.map(Reference::Name))
}

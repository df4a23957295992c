//! Where other OpenStack tools keep their clouds: clouds.yaml and the variables `OS_*`.
//!
//! A cloud is resolved as the `openstack` command does it, so that what works there works here:
//!
//! 1. The file is the one that `OS_CLIENT_CONFIG_FILE` names, else the first `clouds.yaml`,
//!    `.yml` or `.json` in the working directory, the user's directory
//!    (`$XDG_CONFIG_HOME/openstack`, `~/.config/openstack`) and the site's
//!    (`$XDG_CONFIG_DIRS/openstack`, `/etc/openstack`). What the first `secure.yaml` says is laid
//!    over it.
//! 2. The cloud is the one that was asked for, else that of `OS_CLOUD`, else that of the
//!    variables (`OS_AUTH_URL`, …; called `envvars`), else the only one in the file.
//! 3. Below it lies what its `profile` says: a provider in `clouds-public.yaml`, one that is
//!    built in, or an address that is asked for `/.well-known/openstack/api`.
//! 4. Over it lie the values of its region, which is that of `OS_REGION_NAME`, else the first of
//!    `regions`; and over that the variables.
//! 5. What is set on the [`SessionBuilder`] counts before all of that.
//!
//! `auth_type` is one of `password` (which it is if nothing is said), `v3password`, `token`,
//! `v3token`, `v3applicationcredential`, `v3totp`, `v3multifactor`, `v3oidcpassword`,
//! `v3oidcclientcredentials`, `v3oidcdeviceauthz`, `v3oidcaccesstoken`, `none`, `http_basic` and
//! `admin_token`.
//!
//! # Different on purpose
//! - A text is what is written: the password `0123` is no octal number, and `yes` no boolean.
//!   What `openstack` would make of such a text is a [warning](Explanation::warnings).
//! - A file that is no YAML is an error that names the place; it is not skipped.
//! - An application credential with a scope is refused here, not by Keystone.
//! - `OS_INTERFACE` counts before `endpoint_type`, the old name of `interface` in files, and
//!   `null` is the same as leaving a setting out.
//! - `-` is `_` in all names of settings but `endpoint-type`, which `openstack` does not know.
//! - A value with a tag of its own, such as `!vault`, is an error.
//! - Nobody is asked for a password.
//!
//! ```no_run
//! use scs_iaas::clouds::Cloud;
//!
//! # async fn f() -> scs_core::Result<()> {
//! let cloud = Cloud::load("my-cloud").await?;
//! print!("{}", cloud.explain());
//! let session = cloud.into_builder()?.region("eu-2").connect().await?;
//! # Ok(()) }
//! ```

mod auth_type;
mod connection;
mod environment;
mod explain;
mod file;
mod login;
mod oidc;
mod resolve;
mod value;
mod vendor;
mod yaml;

use std::sync::Arc;

use scs_core::{Error, Result, auth::TokenSource, shown_address, transport::ReqwestBuilder};

pub use self::{
    environment::Environment,
    explain::{Explanation, Setting},
    oidc::{Grant, OidcLogin},
    value::Origin,
};
use self::{file::Files, login::Entrance, resolve::Resolved, vendor::Profile};
use crate::SessionBuilder;

/// A cloud as files and variables describe it.
#[derive(Debug)]
pub struct Cloud {
    resolved: Resolved,
    environment: Environment,
    explanation: Explanation,
}

impl Cloud {
    /// The cloud of this name, in the environment of this process.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind), naming file and line or the variable, if there
    /// is none or it cannot be used.
    pub async fn load(name: &str) -> Result<Self> {
        Self::resolve(&Environment::of_process(), Some(name)).await
    }

    /// The cloud that the environment of this process chooses.
    ///
    /// # Errors
    /// As [`load`](Self::load), and if nothing is chosen.
    pub async fn from_env() -> Result<Self> {
        Self::resolve(&Environment::of_process(), None).await
    }

    /// The cloud of this name, else the one that the environment chooses.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub async fn resolve(environment: &Environment, name: Option<&str>) -> Result<Self> {
        let files = Files::read(environment)?;
        let choice = resolve::choose(environment, &files, name)?;
        let profile = match choice.profile(environment, &files)? {
            Profile::Known(profile) => Some(profile),
            Profile::Remote(url) => Some(vendor::fetch(url).await?),
            Profile::Unknown => None,
        };
        Self::of(environment.clone(), &files, choice, profile)
    }

    /// The cloud of this name in the text of a clouds.yaml, which is called `origin` in errors;
    /// no variables and no other files count.
    ///
    /// # Errors
    /// As [`load`](Self::load), and if its profile is an address.
    pub fn parse(text: &str, origin: &str, name: &str) -> Result<Self> {
        let environment = Environment::default();
        let files = Files::parse(text, origin)?;
        let choice = resolve::choose(&environment, &files, Some(name))?;
        let profile = match choice.profile(&environment, &files)? {
            Profile::Known(profile) => Some(profile),
            Profile::Remote(url) => {
                let words = format!("{origin}: the profile has to be fetched from {url}");
                return Err(Error::config(words).with_hint("use `Cloud::resolve`"));
            }
            Profile::Unknown => None,
        };
        Self::of(environment, &files, choice, profile)
    }

    fn of(
        environment: Environment,
        files: &Files,
        choice: resolve::Choice,
        profile: Option<value::Settings>,
    ) -> Result<Self> {
        let resolved = choice.resolve(&environment, files, profile)?;
        let explanation = resolved.explanation(files);
        Ok(Self { resolved, environment, explanation })
    }

    /// Each setting and where it comes from, and what is odd.
    pub fn explain(&self) -> &Explanation {
        &self.explanation
    }

    /// The `auth_type`, such as `password`.
    pub fn auth_type(&self) -> &'static str {
        self.resolved.auth_type.name()
    }

    /// The region, if one is chosen.
    pub fn region(&self) -> Option<&str> {
        self.resolved.settings.get("region_name").and_then(value::Value::as_text)
    }

    /// Certificates of the cloud, for clients of other servers that stand beside it: whom to
    /// trust (`verify`, `insecure`, `cacert`), and what to show (`cert`, `key`).
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if a file cannot be read.
    pub fn http(&self) -> Result<impl FnOnce(ReqwestBuilder) -> ReqwestBuilder + use<>> {
        self.resolved.http(&self.environment)
    }

    /// What it says about an OpenID provider, if its `auth_type` is for one that has to be
    /// asked.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if something is missing.
    pub fn oidc(&self) -> Result<Option<OidcLogin>> {
        match self.resolved.entrance()? {
            Entrance::Oidc(login) => Ok(Some(*login)),
            Entrance::Keystone(..) | Entrance::Standalone(_) => Ok(None),
        }
    }

    /// The settings of a session with this cloud.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if something is missing, contradictory, or
    /// names a file that cannot be read; and if the login is that of an OpenID provider.
    pub fn into_builder(self) -> Result<SessionBuilder> {
        let builder = match self.resolved.entrance()? {
            Entrance::Keystone(auth_url, login) => SessionBuilder::new(auth_url, login),
            Entrance::Standalone(standalone) => SessionBuilder::standalone(standalone),
            Entrance::Oidc(login) => {
                let words = format!(
                    "cloud `{}`: auth_type `{}` needs a token of {}",
                    self.resolved.name,
                    login.auth_type,
                    shown_address(login.issuer)
                );
                return Err(Error::config(words).with_hint(
                    "connect by `scs_cloud::connect`, or give a source of tokens to \
                     `Cloud::into_builder_with`",
                ));
            }
        };
        self.equip(builder)
    }

    /// The same for a cloud whose login is that of an OpenID provider, by tokens from this
    /// source.
    ///
    /// # Errors
    /// As [`into_builder`](Self::into_builder), and if the login is another one.
    pub fn into_builder_with(self, tokens: Arc<dyn TokenSource>) -> Result<SessionBuilder> {
        if self.oidc()?.is_none() {
            let (cloud, auth_type) = (&self.resolved.name, self.auth_type());
            let words = format!("cloud `{cloud}`: auth_type `{auth_type}` takes no tokens");
            return Err(Error::config(words).with_hint("use `Cloud::into_builder`"));
        }
        let auth_url = self.resolved.auth.text("auth_url")?.unwrap_or_default().to_owned();
        let login = self.resolved.federated(tokens)?.into();
        self.equip(SessionBuilder::new(auth_url, login))
    }

    fn equip(self, builder: SessionBuilder) -> Result<SessionBuilder> {
        for warning in &self.explanation.warnings {
            tracing::warn!(cloud = self.resolved.name, "{warning}");
        }
        self.resolved.equip(&self.environment, builder)
    }
}

//! From settings to a login.

use std::sync::Arc;

use scs_core::{
    Error, Result, Secret,
    auth::{StaticToken, TokenSource},
};
use url::Url;

use super::{
    auth_type::Way,
    connection::boolean,
    oidc::{Grant, OidcLogin},
    resolve::Resolved,
};
use crate::auth::{
    ApplicationCredential, Factor, Federated, Login, MultiFactor, Password, ProjectScope,
    Reference, Scope, Standalone, Token, Totp,
};

/// How a session with the cloud begins.
pub(super) enum Entrance {
    Keystone(String, Login),
    Standalone(Standalone),
    /// By an OpenID provider, which somebody else has to ask.
    Oidc(Box<OidcLogin>),
}

impl Resolved {
    /// # Errors
    /// If something is missing, or contradicts something else.
    pub(super) fn entrance(&self) -> Result<Entrance> {
        self.auth_type.check(&self.name, &self.auth)?;
        if self.auth_type.way() == Way::ApplicationCredential {
            self.has_no_scope()?;
        }
        if self.auth_type.is_v3() {
            self.names_have_domains()?;
        }
        let login: Login = match self.auth_type.way() {
            Way::Password => self.password()?.scope(self.scope()?).into(),
            Way::Totp => self.totp()?.scope(self.scope()?).into(),
            Way::Token => Token::new(self.secret("token")?).scope(self.scope()?).into(),
            Way::ApplicationCredential => self.application_credential()?.into(),
            Way::MultiFactor => self.multi_factor()?.into(),
            Way::OidcAccessToken => {
                let token = StaticToken::new(self.secret("access_token")?)?;
                self.federated(Arc::new(token))?.into()
            }
            way @ (Way::OidcPassword | Way::OidcClientCredentials | Way::OidcDevice) => {
                self.scope()?;
                return Ok(Entrance::Oidc(Box::new(self.oidc(way)?)));
            }
            Way::None => return self.standalone(Standalone::open()),
            Way::HttpBasic => {
                let user = self.need("username")?;
                return self.standalone(Standalone::http_basic(user, self.secret("password")?));
            }
            Way::AdminToken => return self.standalone(Standalone::token(self.secret("token")?)),
        };
        Ok(Entrance::Keystone(self.need("auth_url")?, login))
    }

    /// The login to Keystone by tokens from this source.
    pub(super) fn federated(&self, tokens: Arc<dyn TokenSource>) -> Result<Federated> {
        let login = Federated::new(self.need("identity_provider")?, self.need("protocol")?, tokens);
        Ok(match self.scope()? {
            Scope::Default => login,
            scope => login.scope(scope),
        })
    }

    fn standalone(&self, standalone: Standalone) -> Result<Entrance> {
        Ok(Entrance::Standalone(match self.auth.text("endpoint")? {
            Some(endpoint) => standalone.endpoint(self.url("endpoint", endpoint)?),
            None => standalone,
        }))
    }

    fn url(&self, name: &str, text: &str) -> Result<Url> {
        text.parse().map_err(|_| {
            let origin = self.auth.get(name).map(|value| value.origin.to_string());
            Error::config(format!("{}: `{name}` is not a URL", origin.unwrap_or_default()))
                .with_hint("write it like https://cloud.example:8776/v3")
        })
    }

    fn need(&self, name: &str) -> Result<String> {
        let text = self.auth.text(name)?;
        text.map(str::to_owned).ok_or_else(|| self.auth_type.missing(&self.name, name))
    }

    fn secret(&self, name: &str) -> Result<Secret> {
        let text = self.auth.text(name)?;
        text.map(Secret::from).ok_or_else(|| self.auth_type.missing(&self.name, name))
    }

    /// By id if there is one, else by name.
    fn reference(&self, id: &str, name: &str) -> Result<Option<Reference>> {
        let id = self.auth.text(id)?.map(|id| Reference::Id(id.to_owned()));
        let name = self.auth.text(name)?.map(|name| Reference::Name(name.to_owned()));
        Ok(id.or(name))
    }

    fn user(&self) -> Result<Reference> {
        self.reference("user_id", "username")?
            .ok_or_else(|| self.auth_type.missing(&self.name, "username"))
    }

    /// The domain of `whose`: each id goes before each name, as with the `openstack` command.
    fn domain(&self, whose: &str) -> Result<Option<Reference>> {
        let of = |end: &str| -> Result<Option<String>> {
            let own = self.auth.text(&format!("{whose}_domain_{end}"))?;
            let default = self.auth.text(&format!("default_domain_{end}"))?;
            Ok(own.or(default).map(str::to_owned))
        };
        Ok(of("id")?.map(Reference::Id).or(of("name")?.map(Reference::Name)))
    }

    fn names_have_domains(&self) -> Result<()> {
        let user = self.auth_type.takes("user_domain_name") && self.auth.get("username").is_some();
        let project = self.auth.get("project_name").is_some();
        for (whose, name, is_named) in
            [("user", "username", user), ("project", "project_name", project)]
        {
            if is_named && self.domain(whose)?.is_none() {
                let cloud = &self.name;
                let words =
                    format!("cloud `{cloud}`: `{name}` is a name, and its domain is missing");
                return Err(Error::config(words).with_hint(format!(
                    "write `{whose}_domain_name` below `auth`; it often is Default"
                )));
            }
        }
        Ok(())
    }

    fn password(&self) -> Result<Password> {
        let password = self.secret("password")?;
        let login = match self.user()? {
            Reference::Id(id) => Password::by_id(id, password),
            Reference::Name(name) => Password::new(name, password),
        };
        Ok(match self.domain("user")? {
            Some(Reference::Id(id)) => login.user_domain_id(id),
            Some(Reference::Name(name)) => login.user_domain(name),
            None => login,
        })
    }

    fn totp(&self) -> Result<Totp> {
        let passcode = self.secret("passcode")?;
        let login = match self.user()? {
            Reference::Id(id) => Totp::by_id(id, passcode),
            Reference::Name(name) => Totp::new(name, passcode),
        };
        Ok(match self.domain("user")? {
            Some(Reference::Id(id)) => login.user_domain_id(id),
            Some(Reference::Name(name)) => login.user_domain(name),
            None => login,
        })
    }

    fn application_credential(&self) -> Result<ApplicationCredential> {
        let secret = self.secret("application_credential_secret")?;
        let credential =
            self.reference("application_credential_id", "application_credential_name")?;
        Ok(match credential {
            Some(Reference::Id(id)) => ApplicationCredential::by_id(id, secret),
            Some(Reference::Name(name)) => {
                ApplicationCredential::by_name(name, self.user()?, self.domain("user")?, secret)
            }
            None => return Err(self.auth_type.missing(&self.name, "application_credential_id")),
        })
    }

    fn multi_factor(&self) -> Result<MultiFactor> {
        let factor = |way| -> Result<Factor> {
            Ok(match way {
                Way::Totp => self.totp()?.into(),
                Way::Token => Token::new(self.secret("token")?).into(),
                Way::ApplicationCredential => self.application_credential()?.into(),
                _ => self.password()?.into(),
            })
        };
        let mut factors = self.auth_type.factors.iter().map(|kind| factor(kind.way()));
        let first =
            factors.next().ok_or_else(|| self.auth_type.missing(&self.name, "auth_methods"))?;
        let login = factors.try_fold(MultiFactor::new(first?), |login, factor| {
            Ok::<_, Error>(login.and(factor?))
        })?;
        Ok(login.scope(self.scope()?))
    }

    fn oidc(&self, way: Way) -> Result<OidcLogin> {
        let text = |name: &str| Ok::<_, Error>(self.auth.text(name)?.map(str::to_owned));
        let scopes = text("openid_scope")?.unwrap_or_else(|| "openid profile".to_owned());
        let issuer = OidcLogin::issuer_of(
            self.auth.text("discovery_endpoint")?,
            self.auth.text("access_token_endpoint")?,
        );
        let issuer = issuer.ok_or_else(|| {
            let words = format!("cloud `{}`: nothing says where the OpenID provider is", self.name);
            Error::config(words).with_hint(
                "write its `discovery_endpoint`, which ends in /.well-known/openid-configuration, or \
                 its `access_token_endpoint`",
            )
        })?;
        if let Some(value) = self.auth.get("idp_otp_key") {
            let words = format!("{}: `idp_otp_key` wants a code to be typed in", value.origin);
            return Err(Error::config(words).with_hint(
                "remove it, or use auth_type `v3oidcdeviceauthz`, which asks by browser",
            ));
        }
        let by_id_token = match self.auth.get("access_token_type") {
            None => false,
            Some(value) => match value.need_text("access_token_type")? {
                "access_token" => false,
                "id_token" => true,
                _ => {
                    let words = format!("{}: there is no such `access_token_type`", value.origin);
                    return Err(Error::config(words).with_hint("write access_token or id_token"));
                }
            },
        };
        Ok(OidcLogin {
            auth_type: self.auth_type.name(),
            issuer,
            discovery_endpoint: text("discovery_endpoint")?,
            access_token_endpoint: text("access_token_endpoint")?,
            device_authorization_endpoint: text("device_authorization_endpoint")?,
            by_id_token,
            client_id: self.need("client_id")?,
            client_secret: self.auth.text("client_secret")?.map(Secret::from),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            grant: match way {
                Way::OidcPassword => Grant::Password {
                    username: self.need("username")?,
                    password: self.secret("password")?,
                },
                Way::OidcClientCredentials => Grant::ClientCredentials,
                _ => Grant::Device,
            },
        })
    }

    /// An application credential has its project in itself.
    fn has_no_scope(&self) -> Result<()> {
        const SCOPES: [&str; 8] = [
            "unscoped",
            "project_id",
            "project_name",
            "domain_id",
            "domain_name",
            "system_scope",
            "trust_id",
            "default_domain_id",
        ];
        for name in SCOPES {
            if let Some(value) = self.auth.get(name) {
                let origin = &value.origin;
                let words = format!(
                    "{origin}: `{name}` contradicts the application credential, which has its \
                     project in itself"
                );
                return Err(Error::config(words).with_hint(format!("remove `{name}`")));
            }
        }
        Ok(())
    }

    fn scope(&self) -> Result<Scope> {
        let project = self.reference("project_id", "project_name")?;
        let project_domain = self.domain("project")?;
        let system = self.auth.text("system_scope")?.filter(|system| *system != "false");
        if let Some(other) = system.filter(|system| *system != "all") {
            let words = format!("cloud `{}`: there is no system scope `{other}`", self.name);
            return Err(Error::config(words).with_hint("write `system_scope: all`"));
        }
        let domain = self.reference("domain_id", "domain_name")?;
        let unscoped = self.auth.get("unscoped").map(|value| boolean("unscoped", value));
        let unscoped = unscoped.transpose()?;
        let scopes = [
            project.map(|project| ProjectScope::in_domain(project, project_domain).into()),
            domain.map(Scope::Domain),
            system.map(|_| Scope::System),
            self.auth.text("trust_id")?.map(Scope::trust),
            unscoped.unwrap_or(false).then_some(Scope::Unscoped),
        ];
        let mut scopes = scopes.into_iter().flatten();
        match (scopes.next(), scopes.next()) {
            (None, _) => Ok(Scope::Default),
            (Some(scope), None) => Ok(scope),
            (Some(_), Some(_)) => {
                let words = format!("cloud `{}`: a token cannot have two scopes", self.name);
                Err(Error::config(words)
                    .with_hint("keep one of project, domain, `system_scope` and `trust_id`"))
            }
        }
    }
}

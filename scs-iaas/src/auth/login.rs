use scs_core::{Result, Secret};
use serde_json::{Map, Value, json};

use super::{
    ApplicationCredential, Federated, MultiFactor, Password, Reference, Scope, Token, Totp,
    factor::Prove,
};

/// One of the ways to log in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Login {
    /// User and password.
    Password(Password),
    /// User and one-time passcode.
    Totp(Totp),
    /// A token.
    Token(Token),
    /// An application credential.
    ApplicationCredential(ApplicationCredential),
    /// Several of these together.
    MultiFactor(MultiFactor),
    /// A token of an OpenID provider.
    Federated(Federated),
}

macro_rules! logins {
    ($($login:ident)+) => {$(
        impl From<$login> for Login {
            fn from(login: $login) -> Self {
                Self::$login(login)
            }
        }
    )+};
}

logins!(Password Totp Token ApplicationCredential MultiFactor Federated);

impl Login {
    /// Who logs in, for messages.
    pub(super) fn who(&self) -> String {
        let user = |user: &Reference| format!("user `{user}`");
        match self {
            Self::Password(login) => user(&login.person.user),
            Self::Totp(login) => user(&login.person.user),
            Self::Token(_) => "the given token".to_owned(),
            Self::ApplicationCredential(login) => {
                format!("application credential `{}`", login.credential)
            }
            Self::MultiFactor(login) => {
                login.user().map_or_else(|| "several factors".to_owned(), user)
            }
            Self::Federated(login) => format!("the user of {login}"),
        }
    }

    /// What to do when Keystone refuses it.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Password(_) => "check user name, password, project and the domains of both",
            Self::Totp(_) => {
                "check user name, project and the domains of both; a passcode is good for half a \
                 minute, and for one login"
            }
            Self::Token(_) => "the token may have expired: get a new one",
            Self::ApplicationCredential(_) => {
                "check id and secret; the credential may have expired or been deleted"
            }
            Self::MultiFactor(login) if login.receipt.is_some() => {
                "the receipt or the passcode may have expired: log in from the beginning"
            }
            Self::MultiFactor(_) => {
                "check each factor, user name, project and the domains of both; a passcode is \
                 good for half a minute, and for one login"
            }
            Self::Federated(_) => {
                "check project and domain; the user may have no role there: ask the provider"
            }
        }
    }

    /// The secret that Keystone may repeat when it refuses it.
    pub(super) fn repeated(&self) -> Option<&Secret> {
        match self {
            Self::Token(login) => Some(&login.token),
            Self::MultiFactor(login) => login.receipt.as_ref(),
            _ => None,
        }
    }

    /// Whether it works only once.
    pub(super) fn is_one_time(&self) -> bool {
        match self {
            Self::Totp(_) => true,
            Self::MultiFactor(login) => login.is_one_time(),
            _ => false,
        }
    }

    /// Whether its project is fixed, by an application credential.
    pub(super) fn has_credential(&self) -> bool {
        match self {
            Self::ApplicationCredential(_) => true,
            Self::MultiFactor(login) => login.has_credential(),
            _ => false,
        }
    }

    /// What its tokens are good for, if it chooses that.
    pub(super) fn scope(&self) -> Option<&Scope> {
        match self {
            Self::Password(login) => Some(&login.scope),
            Self::Totp(login) => Some(&login.scope),
            Self::Token(login) => Some(&login.scope),
            Self::ApplicationCredential(_) => None,
            Self::MultiFactor(login) => Some(&login.scope),
            Self::Federated(login) => Some(&login.scope),
        }
    }

    /// The body of `POST auth/tokens`. A federated login has none before it knows its token.
    ///
    /// # Errors
    /// If the login contradicts itself.
    pub(super) fn body(&self) -> Result<Value> {
        Ok(self.compose(true)?.unwrap_or_default())
    }

    /// Who logs in to what, without any secret: what is the same for all who may share a token.
    /// `None` where that cannot be told.
    pub(super) fn identity(&self) -> Option<Value> {
        if matches!(self, Self::Token(_)) {
            return None;
        }
        self.compose(false).ok()?
    }

    fn compose(&self, with_secret: bool) -> Result<Option<Value>> {
        fn one<F: Prove>(factor: &F, with_secret: bool) -> Vec<(&'static str, Value)> {
            let part = if with_secret { factor.proof() } else { factor.identity() };
            vec![(F::METHOD, part)]
        }
        let (parts, scope, domain) = match self {
            Self::Password(login) => {
                (one(login, with_secret), &login.scope, login.person.domain.as_ref())
            }
            Self::Totp(login) => {
                (one(login, with_secret), &login.scope, login.person.domain.as_ref())
            }
            Self::Token(login) => (one(login, with_secret), &login.scope, None),
            Self::ApplicationCredential(login) => (one(login, with_secret), &Scope::Default, None),
            Self::MultiFactor(login) => {
                login.check()?;
                let scope = if login.has_credential() { &Scope::Default } else { &login.scope };
                (login.parts(with_secret), scope, login.user_domain())
            }
            Self::Federated(_) => return Ok(None),
        };
        let methods: Vec<_> = parts.iter().map(|(method, _)| *method).collect();
        let mut identity = Map::new();
        identity.extend(parts.into_iter().map(|(method, part)| (method.to_owned(), part)));
        identity.insert("methods".to_owned(), json!(methods));
        let mut auth = json!({ "identity": identity });
        if let Some(scope) = scope.json(domain) {
            auth["scope"] = scope;
        }
        Ok(Some(json!({ "auth": auth })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(login: impl Into<Login>) -> Value {
        login.into().body().unwrap()
    }

    #[test]
    fn user_domain_and_project_domain_are_kept_apart() {
        let login = Password::new("ada", "pw")
            .user_domain("people")
            .scope(Scope::project("engine").domain_id("d2"));
        assert_eq!(
            body(login),
            json!({"auth": {
                "identity": {"methods": ["password"], "password": {"user": {
                    "name": "ada", "domain": {"name": "people"}, "password": "pw"}}},
                "scope": {"project": {"name": "engine", "domain": {"id": "d2"}}}}})
        );
    }

    #[test]
    fn each_scope_has_its_form() {
        let scope = |scope: Scope| {
            body(Password::by_id("u", "pw").scope(scope))["auth"].get("scope").cloned()
        };
        assert_eq!(scope(Scope::Default), None);
        assert_eq!(scope(Scope::Unscoped), Some(json!("unscoped")));
        assert_eq!(scope(Scope::System), Some(json!({"system": {"all": true}})));
        assert_eq!(scope(Scope::domain("d")), Some(json!({"domain": {"name": "d"}})));
        assert_eq!(scope(Scope::project_id("p")), Some(json!({"project": {"id": "p"}})));
        assert_eq!(scope(Scope::trust("t")), Some(json!({"OS-TRUST:trust": {"id": "t"}})));
    }

    #[test]
    fn a_passcode_stands_where_a_password_does() {
        let login = Totp::new("ada", "123456").user_domain_id("default").scope(Scope::System);
        assert_eq!(
            body(login),
            json!({"auth": {
                "identity": {"methods": ["totp"], "totp": {"user": {
                    "name": "ada", "domain": {"id": "default"}, "passcode": "123456"}}},
                "scope": {"system": {"all": true}}}})
        );
    }

    #[test]
    fn an_application_credential_sends_no_scope() {
        let login = ApplicationCredential::by_name(
            "robot",
            Reference::Name("ada".into()),
            Some(Reference::Id("default".into())),
            "s",
        );
        assert_eq!(
            body(login),
            json!({"auth": {"identity": {
                "methods": ["application_credential"],
                "application_credential": {
                    "name": "robot", "secret": "s",
                    "user": {"name": "ada", "domain": {"id": "default"}}}}}})
        );
    }

    #[test]
    fn secrets_are_neither_printed_nor_part_of_the_identity() {
        let both = MultiFactor::new(Password::new("ada", "canary"))
            .and(Totp::new("ada", "canary"))
            .receipt("canary");
        for login in [
            Login::from(Password::new("ada", "canary")),
            Totp::new("ada", "canary").into(),
            Token::new("canary").into(),
            ApplicationCredential::by_id("ada", "canary").into(),
            both.into(),
        ] {
            assert!(!format!("{login:?}").contains("canary"));
            let identity = login.identity().map(|identity| identity.to_string());
            assert_eq!(identity.is_none(), matches!(login, Login::Token(_)));
            assert!(identity.is_none_or(|text| text.contains("ada") && !text.contains("canary")));
        }
    }
}

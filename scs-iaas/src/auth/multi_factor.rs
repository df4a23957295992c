use std::{error::Error as StdError, fmt};

use scs_core::{Error, Result, Secret, Timestamp};
use serde_json::Value;

use super::{
    ApplicationCredential, Password, Reference, Scope, Token, Totp,
    factor::{Person, Prove},
};

/// One of several things that a user shows in a [`MultiFactor`] login. Its own scope has to be
/// unset: it is the login that has one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Factor {
    /// User and password.
    Password(Password),
    /// User and one-time passcode.
    Totp(Totp),
    /// A token.
    Token(Token),
    /// An application credential.
    ApplicationCredential(ApplicationCredential),
}

impl Factor {
    fn method(&self) -> &'static str {
        match self {
            Self::Password(_) => Password::METHOD,
            Self::Totp(_) => Totp::METHOD,
            Self::Token(_) => Token::METHOD,
            Self::ApplicationCredential(_) => ApplicationCredential::METHOD,
        }
    }

    fn part(&self, with_secret: bool) -> Value {
        fn of(factor: &impl Prove, with_secret: bool) -> Value {
            if with_secret { factor.proof() } else { factor.identity() }
        }
        match self {
            Self::Password(factor) => of(factor, with_secret),
            Self::Totp(factor) => of(factor, with_secret),
            Self::Token(factor) => of(factor, with_secret),
            Self::ApplicationCredential(factor) => of(factor, with_secret),
        }
    }

    fn scope(&self) -> &Scope {
        match self {
            Self::Password(factor) => &factor.scope,
            Self::Totp(factor) => &factor.scope,
            Self::Token(factor) => &factor.scope,
            Self::ApplicationCredential(_) => &Scope::Unscoped,
        }
    }

    fn person(&self) -> Option<&Person> {
        match self {
            Self::Password(factor) => Some(&factor.person),
            Self::Totp(factor) => Some(&factor.person),
            Self::Token(_) | Self::ApplicationCredential(_) => None,
        }
    }
}

macro_rules! factors {
    ($($factor:ident)+) => {$(
        impl From<$factor> for Factor {
            fn from(factor: $factor) -> Self {
                Self::$factor(factor)
            }
        }
    )+};
}

factors!(Password Totp Token ApplicationCredential);

/// A login that shows more than one thing, in one request or one after the other.
///
/// ```no_run
/// use scs_iaas::{OpenStack, auth::{MultiFactor, Password, Receipt, Scope, Totp}};
///
/// # async fn f(ask: impl Fn(&str) -> String) -> scs_core::Result<()> {
/// # let url = "";
/// let project = Scope::project("engine").domain("Default");
/// let password = Password::new("ada", "swordfish").user_domain("Default");
/// let both = MultiFactor::new(password.clone())
///     .and(Totp::new("ada", "123456").user_domain("Default"))
///     .scope(project.clone());
/// let cloud = OpenStack::connect(url, both).await?;
///
/// // Whoever does not know what Keystone will ask for shows one, and goes on from the receipt:
/// let cloud = match OpenStack::connect(url, password.scope(project.clone())).await {
///     Ok(cloud) => cloud,
///     Err(error) => {
///         let Some(receipt) = Receipt::of(&error) else { return Err(error) };
///         let totp = Totp::by_id(&receipt.user.id, ask("the passcode"));
///         let rest = MultiFactor::new(totp).receipt(receipt.id.clone()).scope(project);
///         OpenStack::connect(url, rest).await?
///     }
/// };
/// # Ok(()) }
/// ```
///
/// Follows <https://docs.openstack.org/api-ref/identity/v3/#multi-factor-authentication>.
#[derive(Debug, Clone)]
pub struct MultiFactor {
    factors: Vec<Factor>,
    pub(super) receipt: Option<Secret>,
    pub(super) scope: Scope,
}

impl MultiFactor {
    /// Shows this; unscoped until [`scope`](Self::scope) is called.
    pub fn new(factor: impl Into<Factor>) -> Self {
        Self { factors: vec![factor.into()], receipt: None, scope: Scope::Unscoped }
    }

    /// And this, in the same request.
    #[must_use]
    pub fn and(mut self, factor: impl Into<Factor>) -> Self {
        self.factors.push(factor.into());
        self
    }

    /// Goes on with a login that is half done: see [`Receipt`].
    #[must_use]
    pub fn receipt(mut self, id: impl Into<Secret>) -> Self {
        self.receipt = Some(id.into());
        self
    }

    /// What the token is to be good for.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<Scope>) -> Self {
        self.scope = scope.into();
        self
    }

    /// # Errors
    /// If a factor has a scope of its own, comes twice, or excludes that of the login.
    pub(super) fn check(&self) -> Result<()> {
        for (at, factor) in self.factors.iter().enumerate() {
            let method = factor.method();
            if *factor.scope() != Scope::Unscoped {
                return Err(Error::invalid(format!(
                    "the factor `{method}` has a scope of its own"
                ))
                .with_hint("give the scope to the login as a whole"));
            }
            if self.factors[..at].iter().any(|other| other.method() == method) {
                return Err(Error::invalid(format!("the factor `{method}` is there twice"))
                    .with_hint("show each factor once"));
            }
        }
        let unsaid = matches!(self.scope, Scope::Unscoped | Scope::Default);
        if self.has_credential() && !unsaid {
            return Err(Error::invalid("an application credential has its project in itself")
                .with_hint("leave the scope out"));
        }
        Ok(())
    }

    pub(super) fn has_credential(&self) -> bool {
        self.factors.iter().any(|factor| matches!(factor, Factor::ApplicationCredential(_)))
    }

    pub(super) fn is_one_time(&self) -> bool {
        let totp = self.factors.iter().any(|factor| matches!(factor, Factor::Totp(_)));
        totp || self.receipt.is_some()
    }

    fn person(&self) -> Option<&Person> {
        self.factors.iter().find_map(Factor::person)
    }

    pub(super) fn user(&self) -> Option<&Reference> {
        Some(&self.person()?.user)
    }

    pub(super) fn user_domain(&self) -> Option<&Reference> {
        self.person()?.domain.as_ref()
    }

    pub(super) fn parts(&self, with_secret: bool) -> Vec<(&'static str, Value)> {
        let part = |factor: &Factor| (factor.method(), factor.part(with_secret));
        self.factors.iter().map(part).collect()
    }
}

/// What Keystone gives for a login that is right as far as it goes, but lacks something: with it
/// the login can go on, by [`MultiFactor::receipt`], until the receipt expires.
///
/// It comes as the cause of an error of kind
/// [`Unauthenticated`](scs_core::ErrorKind::Unauthenticated).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Receipt {
    /// What stands for it.
    pub id: Secret,
    /// Who logs in.
    pub user: super::Named,
    /// What has been shown, in Keystone's words: `password`.
    pub methods: Vec<String>,
    /// What Keystone wants to see: all the methods of one of these rules.
    pub required: Vec<Vec<String>>,
    /// When the receipt expires, by Keystone's clock.
    pub expires: Timestamp,
}

impl Receipt {
    /// The receipt that came with a login's error.
    pub fn of(error: &Error) -> Option<&Self> {
        error.source()?.downcast_ref()
    }

    /// What is still missing: all the methods of one of these sets.
    pub fn missing(&self) -> Vec<Vec<&str>> {
        let lacks = |method: &&String| !self.methods.contains(method);
        let rules = self.required.iter();
        rules.map(|rule| rule.iter().filter(lacks).map(String::as_str).collect()).collect()
    }

    /// [`missing`](Self::missing) in words.
    pub(super) fn wanted(&self) -> String {
        let rules: Vec<_> = self.missing().iter().map(|rule| rule.join(" and ")).collect();
        rules.join(", or ")
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.methods.join(" and ");
        write!(f, "{shown} of user `{}` shown, {} missing", self.user.name, self.wanted())
    }
}

impl StdError for Receipt {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Login;

    fn password() -> Password {
        Password::new("ada", "pw").user_domain("people")
    }

    #[test]
    fn all_factors_go_in_one_request() {
        let login = MultiFactor::new(password())
            .and(Totp::by_id("u1", "123456"))
            .scope(Scope::project("engine"));
        assert_eq!(
            Login::from(login).body().unwrap(),
            serde_json::json!({"auth": {
                "identity": {
                    "methods": ["password", "totp"],
                    "password": {"user": {
                        "name": "ada", "domain": {"name": "people"}, "password": "pw"}},
                    "totp": {"user": {"id": "u1", "passcode": "123456"}}},
                "scope": {"project": {"name": "engine", "domain": {"name": "people"}}}}})
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let credential = || ApplicationCredential::by_id("c", "s");
        for (login, words) in [
            (MultiFactor::new(password().scope(Scope::System)), "a scope of its own"),
            (MultiFactor::new(password()).and(password()), "is there twice"),
            (MultiFactor::new(credential()).scope(Scope::System), "has its project in itself"),
        ] {
            let error = Login::from(login).body().unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
        let login = MultiFactor::new(credential()).and(Totp::new("ada", "1"));
        assert_eq!(Login::from(login).body().unwrap()["auth"].get("scope"), None);
    }
}

//! Logins to Keystone, the identity service.
//!
//! A login is a value. What it cannot have, it has no method for: an application credential
//! carries its project in itself, so it takes no [`Scope`].
//!
//! | login | by | scopes | renewed |
//! |---|---|---|---|
//! | [`Password`] | user and password | all | yes |
//! | [`ApplicationCredential`] | id, or name and user; secret | that of the credential | yes |
//! | [`Totp`] | user and one-time passcode | all | no: a passcode is used once |
//! | [`MultiFactor`] | several of these; receipts | all | only without a passcode |
//! | [`Token`] | a token of Keystone's | all | while that token lives |
//! | [`Federated`] | a token of an OpenID provider | all | as long as the provider gives tokens |
//! | [`Standalone`] | services without Keystone | none | not needed |
//!
//! ```
//! use scs_iaas::auth::{ApplicationCredential, Password, Scope};
//!
//! let person = Password::new("ada", "swordfish")
//!     .user_domain("Default")
//!     .scope(Scope::project("engine").domain("Default"));
//! let machine = ApplicationCredential::by_id("8f2c…", "the secret");
//! ```
//!
//! Who logs in to an OpenID provider, such as Keycloak, logs in to Keystone with the token from
//! there: see [`Federated`].
//!
//! Follows <https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management>.

mod access;
mod factor;
mod federated;
mod keystone;
mod login;
mod multi_factor;
mod scope;
mod standalone;

pub(crate) use self::keystone::Keystone;
pub use self::{
    access::{Access, Named},
    factor::{ApplicationCredential, Password, Token, Totp},
    federated::Federated,
    login::Login,
    multi_factor::{Factor, MultiFactor, Receipt},
    scope::{ProjectScope, Reference, Scope},
    standalone::Standalone,
};

const IDENTITY: &str = "identity";

//! Logins to Keystone, the identity service.
//!
//! A login is a value. What it cannot have, it has no method for: an application credential
//! carries its project in itself, so it takes no [`Scope`].
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
mod federated;
mod keystone;
mod login;
mod scope;

pub(crate) use self::keystone::Keystone;
pub use self::{
    access::{Access, Named},
    federated::Federated,
    login::{ApplicationCredential, Login, Password, Token},
    scope::{ProjectScope, Reference, Scope},
};

const IDENTITY: &str = "identity";

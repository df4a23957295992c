use std::fmt;

use scs_core::Secret;

/// What a cloud says about the OpenID provider that its users log in to: the settings of the
/// `v3oidc…` values of `auth_type`.
///
/// This crate does not speak to such providers. `scs-cloud` does with `scs_cloud::connect`;
/// any other [`TokenSource`](scs_core::auth::TokenSource) goes into
/// [`Cloud::into_builder_with`](super::Cloud::into_builder_with).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OidcLogin {
    /// The `auth_type`, such as `v3oidcpassword`.
    pub auth_type: &'static str,
    /// The address of the provider, as far as the settings tell it: for Keycloak, that of the
    /// realm.
    pub issuer: String,
    /// Where the provider describes itself.
    pub discovery_endpoint: Option<String>,
    /// Where it issues tokens, if that is said.
    pub access_token_endpoint: Option<String>,
    /// Where logins by device begin, if that is said.
    pub device_authorization_endpoint: Option<String>,
    /// Whether Keystone is shown the id token of the provider, not its access token.
    pub by_id_token: bool,
    /// What the provider calls the client.
    pub client_id: String,
    /// The secret of the client; public clients have none.
    pub client_secret: Option<Secret>,
    /// What is asked for: `openid`, `profile`, ….
    pub scopes: Vec<String>,
    /// How to get a token.
    pub grant: Grant,
}

/// How to get a token from an OpenID provider.
#[derive(Clone)]
#[non_exhaustive]
pub enum Grant {
    /// By the name and password of a person.
    Password {
        /// The name.
        username: String,
        /// The password.
        password: Secret,
    },
    /// By the secret of the client.
    ClientCredentials,
    /// By a person who opens an address in a browser.
    Device,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password { .. } => "Password",
            Self::ClientCredentials => "ClientCredentials",
            Self::Device => "Device",
        })
    }
}

impl OidcLogin {
    /// The address of the provider, from that of its description or of its tokens.
    pub(super) fn issuer_of(
        discovery_endpoint: Option<&str>,
        access_token_endpoint: Option<&str>,
    ) -> Option<String> {
        const DISCOVERY: &str = "/.well-known/openid-configuration";
        // As Keycloak has it.
        const TOKENS: &str = "/protocol/openid-connect/token";
        let of =
            |url: Option<&str>, end| url.map(|url| url.strip_suffix(end).unwrap_or(url).to_owned());
        of(discovery_endpoint, DISCOVERY).or_else(|| of(access_token_endpoint, TOKENS))
    }
}

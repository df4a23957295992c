use std::sync::Arc;

use scs_core::{Error, Result};
use scs_iaas::{
    OpenStack,
    clouds::{Cloud, Grant, OidcLogin},
};
use scs_iam::{
    Oidc,
    oidc::{DevicePrompt, OidcBuilder},
};

/// Logs in to a cloud of clouds.yaml, whatever its `auth_type`: if it is one of `v3oidc…`, at the
/// OpenID provider first.
///
/// ```no_run
/// use scs_cloud::iaas::clouds::Cloud;
///
/// # async fn f() -> scs_cloud::core::Result<()> {
/// let cloud = scs_cloud::connect(Cloud::from_env().await?).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`ErrorKind::Config`](scs_core::ErrorKind) if settings are missing or contradictory; what the
/// logins answer; and for `v3oidcdeviceauthz`, which needs
/// [somebody to show a code to](connect_with_prompt).
pub async fn connect(cloud: Cloud) -> Result<OpenStack> {
    match cloud.oidc()? {
        None => Ok(OpenStack::new(cloud.into_builder()?.connect().await?)),
        Some(login) if matches!(login.grant, Grant::Device) => {
            let words = format!("auth_type `{}` shows a code, and nobody looks", login.auth_type);
            Err(Error::config(words)
                .with_hint("use `scs_cloud::connect_with_prompt`, or another auth_type"))
        }
        Some(login) => by_provider(cloud, login, |oidc| oidc).await,
    }
}

/// The same for a cloud whose users may have to open an address in a browser: `show` tells them
/// which.
///
/// # Errors
/// As [`connect`].
pub async fn connect_with_prompt(
    cloud: Cloud,
    show: impl Fn(&DevicePrompt) + Send + Sync + 'static,
) -> Result<OpenStack> {
    match cloud.oidc()? {
        Some(login) if matches!(login.grant, Grant::Device) => {
            by_provider(cloud, login, |oidc| oidc.device(show)).await
        }
        _ => connect(cloud).await,
    }
}

async fn by_provider(
    cloud: Cloud,
    login: OidcLogin,
    grant: impl FnOnce(OidcBuilder) -> OidcBuilder,
) -> Result<OpenStack> {
    let http = cloud.http()?;
    let mut oidc =
        Oidc::builder(login.issuer, login.client_id).transport(|transport| transport.http(http));
    if let Some(secret) = login.client_secret {
        oidc = oidc.client_secret(secret);
    }
    if let Some(url) = login.discovery_endpoint {
        oidc = oidc.discovery_endpoint(url);
    }
    if let Some(url) = login.access_token_endpoint {
        oidc = oidc.token_endpoint(url);
    }
    if let Some(url) = login.device_authorization_endpoint {
        oidc = oidc.device_authorization_endpoint(url);
    }
    if login.by_id_token {
        oidc = oidc.id_token();
    }
    let oidc = oidc.scopes(login.scopes);
    let oidc = match login.grant {
        Grant::Password { username, password } => oidc.password(username, password),
        Grant::ClientCredentials => oidc.client_credentials(),
        _ => grant(oidc),
    };
    let tokens = Arc::new(oidc.build()?);
    Ok(OpenStack::new(cloud.into_builder_with(tokens)?.connect().await?))
}

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use scs_core::{
    Error, Result, Secret, Transport,
    auth::{TokenRequest, TokenSource, Tokens},
    shown_address,
    transport::TransportBuilder,
};

use super::{
    DevicePrompt, Oidc,
    discovery::{Endpoints, Provider},
    login::{Login, Method, nothing_to_log_in_with},
};

/// Settings of an [`Oidc`].
#[must_use]
pub struct OidcBuilder {
    issuer: String,
    endpoints: Endpoints,
    by_id_token: bool,
    client_id: String,
    client_secret: Option<Secret>,
    scopes: Vec<String>,
    method: Option<Method>,
    refresh: Option<Secret>,
    transport: TransportBuilder,
}

impl OidcBuilder {
    pub(super) fn new(issuer: String, client_id: String) -> Self {
        Self {
            issuer,
            endpoints: Endpoints::default(),
            by_id_token: false,
            client_id,
            client_secret: None,
            scopes: vec!["openid".into()],
            method: None,
            refresh: None,
            // What a provider answers is small, and comes soon or not at all.
            transport: Transport::builder()
                .http(|http| http.max_answer(1 << 20).idle_timeout(Duration::from_secs(30))),
        }
    }

    /// Where the provider describes itself, if not where the address of the issuer leads to.
    /// Whatever it calls itself there is believed.
    pub fn discovery_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints.discovery = Some(url.into());
        self
    }

    /// Where the provider issues tokens: it is not asked to describe itself, unless
    /// [`discovery_endpoint`](Self::discovery_endpoint) says where.
    pub fn token_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints.token = Some(url.into());
        self
    }

    /// Where [logins by device](Self::device) begin, if the provider does not say it itself.
    pub fn device_authorization_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints.device_authorization = Some(url.into());
        self
    }

    /// Uses the token that says who has logged in, for services that want to see that one.
    pub fn id_token(mut self) -> Self {
        self.by_id_token = true;
        self
    }

    /// The secret of the client; public clients have none.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Asks for one more scope beside `openid`.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Asks for these scopes and no others, not even `openid`.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Logs a person in by name and password.
    pub fn password(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.method = Some(Method::Password(user.into(), password.into()));
        self
    }

    /// Logs the client itself in, by its secret.
    pub fn client_credentials(mut self) -> Self {
        self.method = Some(Method::ClientCredentials);
        self
    }

    /// Logs a person in who opens an address in a browser, on whatever device. `prompt` shows
    /// the address; then the provider is asked at the pace it wants until the person is done or
    /// the code ends.
    ///
    /// The prompt appears again when the login is over and somebody needs a token.
    pub fn device(mut self, prompt: impl Fn(&DevicePrompt) + Send + Sync + 'static) -> Self {
        self.method = Some(Method::Device(Arc::new(prompt)));
        self
    }

    /// Goes on with a login that was made earlier: see [`Oidc::refresh_token`]. When that is
    /// over, one of the other ways is taken, if one was chosen.
    pub fn refresh_token(mut self, token: impl Into<Secret>) -> Self {
        self.refresh = Some(token.into());
        self
    }

    /// Certificates, time-outs, retries, policies.
    pub fn transport(
        mut self,
        configure: impl FnOnce(TransportBuilder) -> TransportBuilder,
    ) -> Self {
        self.transport = configure(self.transport);
        self
    }

    /// The login, which happens when the first token is needed.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if the settings cannot be used.
    pub fn build(self) -> Result<Oidc> {
        let provider = Provider::new(&self.issuer, &self.endpoints)?;
        if self.method.is_none() && self.refresh.is_none() {
            return Err(nothing_to_log_in_with());
        }
        if matches!(self.method, Some(Method::ClientCredentials)) && self.client_secret.is_none() {
            let words = format!("the client `{}` has no secret to log in with", self.client_id);
            return Err(Error::config(words).with_hint("give its `client_secret`"));
        }
        let login = Arc::new(Login {
            provider,
            client_id: self.client_id,
            client_secret: self.client_secret,
            scopes: self.scopes,
            method: self.method,
            refresh: Mutex::new(self.refresh),
            by_id_token: self.by_id_token,
        });
        let tokens = Tokens::new(login.clone(), self.transport.build()?);
        Ok(Oidc { login, tokens })
    }

    /// Logs in.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if the settings cannot be used or there is no
    /// such provider, [`ErrorKind::Unauthenticated`](scs_core::ErrorKind) if it refuses.
    pub async fn connect(self) -> Result<Oidc> {
        let login = self.build()?;
        login.token(TokenRequest::default()).await?;
        Ok(login)
    }
}

impl fmt::Debug for OidcBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcBuilder")
            .field("issuer", &shown_address(&self.issuer))
            .field("client_id", &self.client_id)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use oauth2::{
    AuthType, Client, ClientId, ClientSecret, DeviceAuthorizationUrl, PkceCodeChallenge,
    RefreshToken, ResourceOwnerPassword, ResourceOwnerUsername, Scope,
    StandardDeviceAuthorizationResponse, TokenResponse, TokenUrl,
};
use scs_core::{
    Error, ErrorKind, Result, Secret, Transport,
    auth::{Authenticator, Grant},
};

use super::{
    SERVICE,
    answer::{Answer, AnswerClient},
    discovery::{Document, Provider},
    wire::Wire,
};

const TOKEN: &str = "POST token";
const DEVICE: &str = "POST device";

/// What the person who logs in has to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// The address to open.
    pub verification_uri: String,
    /// The code to enter there.
    pub user_code: String,
    /// An address that holds the code already, for a QR code or a link.
    pub verification_uri_complete: Option<String>,
    /// How long the code is good.
    pub expires_in: Duration,
}

/// How to log in without a refresh token.
#[derive(Clone)]
pub(super) enum Method {
    Password(String, Secret),
    ClientCredentials,
    Device(Arc<dyn Fn(&DevicePrompt) + Send + Sync>),
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password(..) => "Password",
            Self::ClientCredentials => "ClientCredentials",
            Self::Device(_) => "Device",
        })
    }
}

/// There is neither a refresh token nor another way.
pub(super) fn nothing_to_log_in_with() -> Error {
    Error::config("nothing says how to log in")
        .with_hint("choose `password`, `client_credentials`, `device` or `refresh_token`")
}

fn no_id_token() -> Error {
    Error::new(ErrorKind::Decode, "the provider issues no id token")
        .with_service(SERVICE)
        .with_operation(TOKEN)
        .with_hint("ask for the scope `openid`, or use the access token")
}

/// A client of a provider, and how it logs in.
pub(super) struct Login {
    pub(super) provider: Provider,
    pub(super) client_id: String,
    pub(super) client_secret: Option<Secret>,
    pub(super) scopes: Vec<String>,
    pub(super) method: Option<Method>,
    pub(super) refresh: Mutex<Option<Secret>>,
    /// Whether the token is the one that says who has logged in.
    pub(super) by_id_token: bool,
}

impl Login {
    pub(super) fn refresh_token(&self) -> Option<Secret> {
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, token: Option<Secret>) {
        *self.refresh.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }

    /// Who logs in, for messages.
    fn who(&self) -> String {
        match &self.method {
            Some(Method::Password(user, _)) => format!("user `{user}`"),
            _ => format!("client `{}`", self.client_id),
        }
    }

    fn wire<'a>(&self, http: &'a Transport, operation: &'static str) -> Wire<'a> {
        Wire::new(http, operation, self.who())
    }

    fn client(&self, document: &Document) -> AnswerClient {
        let client = Client::new(ClientId::new(self.client_id.clone()))
            .set_token_uri(TokenUrl::from_url(document.token_endpoint.clone()));
        let client = match &self.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().into())),
            None => client,
        };
        client.set_auth_type(if document.takes_secrets_in_the_body() {
            AuthType::RequestBody
        } else {
            AuthType::BasicAuth
        })
    }

    fn scopes(&self) -> impl Iterator<Item = Scope> + '_ {
        self.scopes.iter().cloned().map(Scope::new)
    }

    async fn renew(&self, http: &Transport, document: &Document, token: Secret) -> Result<Answer> {
        let wire = Wire::new(http, TOKEN, format!("{}, made earlier,", self.who()));
        let token = RefreshToken::new(token.expose().into());
        let client = self.client(document);
        let request = client.exchange_refresh_token(&token);
        wire.read(request.request_async(&wire).await)
    }

    async fn log_in(
        &self,
        http: &Transport,
        document: &Document,
        method: &Method,
    ) -> Result<Answer> {
        let client = self.client(document);
        let wire = self.wire(http, TOKEN);
        match method {
            Method::Password(user, password) => {
                let user = ResourceOwnerUsername::new(user.clone());
                let password = ResourceOwnerPassword::new(password.expose().into());
                let request = client.exchange_password(&user, &password).add_scopes(self.scopes());
                wire.read(request.request_async(&wire).await)
            }
            Method::ClientCredentials => {
                let request = client.exchange_client_credentials().add_scopes(self.scopes());
                wire.read(request.request_async(&wire).await)
            }
            Method::Device(prompt) => {
                let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
                let codes = self.codes(http, document, &challenge).await?;
                prompt(&DevicePrompt {
                    verification_uri: codes.verification_uri().to_string(),
                    user_code: codes.user_code().secret().clone(),
                    verification_uri_complete: codes
                        .verification_uri_complete()
                        .map(|url| url.secret().clone()),
                    expires_in: codes.expires_in(),
                });
                let request = client
                    .exchange_device_access_token(&codes)
                    .add_extra_param("code_verifier", verifier.secret());
                // A provider that names no interval must not be asked without a pause.
                let pause =
                    |interval: Duration| tokio::time::sleep(interval.max(Duration::from_secs(1)));
                wire.read(request.request_async(&wire, pause, None).await)
            }
        }
    }

    /// Asks for the codes of a login by device.
    async fn codes(
        &self,
        http: &Transport,
        document: &Document,
        challenge: &PkceCodeChallenge,
    ) -> Result<StandardDeviceAuthorizationResponse> {
        let endpoint = document.device_authorization_endpoint.clone().ok_or_else(|| {
            let words = format!("{} offers no login by device", self.provider.shown());
            Error::new(ErrorKind::Unsupported, words)
                .with_service(SERVICE)
                .with_hint("choose another way to log in")
        })?;
        let client = self
            .client(document)
            .set_device_authorization_url(DeviceAuthorizationUrl::from_url(endpoint));
        let wire = self.wire(http, DEVICE);
        let request = client
            .exchange_device_code()
            .add_scopes(self.scopes())
            .add_extra_param("code_challenge", challenge.as_str())
            .add_extra_param("code_challenge_method", challenge.method().as_str());
        wire.read(request.request_async(&wire).await)
    }
}

#[async_trait]
impl Authenticator for Login {
    /// Refreshes if it can, else logs in: also when the provider says that the login which the
    /// refresh token stands for is over.
    async fn grant(&self, http: &Transport) -> Result<Grant> {
        let document = self.provider.document(http).await?;
        let renewed = match self.refresh_token() {
            Some(token) => Some(self.renew(http, document, token).await),
            None => None,
        };
        let answer = match (renewed, &self.method) {
            (Some(Err(error)), Some(method)) if error.code() == Some("invalid_grant") => {
                tracing::debug!(%error, "the login is made anew");
                self.keep(None);
                self.log_in(http, document, method).await?
            }
            (Some(renewed), _) => renewed?,
            (None, Some(method)) => self.log_in(http, document, method).await?,
            (None, None) => return Err(nothing_to_log_in_with()),
        };
        if let Some(token) = answer.refresh_token() {
            self.keep(Some(token.secret().as_str().into()));
        }
        let token = match answer.id_token() {
            Some(token) if self.by_id_token => token,
            None if self.by_id_token => return Err(no_id_token()),
            _ => answer.access_token(),
        };
        Grant::bearer(&token.secret().as_str().into(), answer.expires_in())
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("issuer", &self.provider.shown())
            .field("client_id", &self.client_id)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

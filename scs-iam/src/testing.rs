//! A Keycloak for tests, in the process of the test (feature `testing`).
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use scs_iam::testing::FakeKeycloak;
//!
//! let fake = FakeKeycloak::start().await;
//! let realm = fake.connect().await?;
//! let alice = realm.users().find("alice").await?;
//! assert_eq!(alice.email.as_deref(), Some("alice@lab.test"));
//!
//! fake.disable_user("alice");
//! let login = fake.client("cli").password("alice", "secret").connect().await;
//! assert!(login.unwrap_err().to_string().contains("Account disabled"));
//! # Ok::<(), scs_core::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Discovery, the token endpoint, the keys and the admin API answer as the real ones do: with
//! their forms of errors, their reasons to refuse, and with what their `PUT` loses. Access
//! tokens are JWTs in shape; their signature is good for a [`Verifier`] only.
//!
//! | there is in realm `lab` | |
//! |---|---|
//! | users | `alice` in `lab-users` and `lab-admins`, `bob` in `lab-users`, `carol`; the password of all is `secret` |
//! | groups | `lab-users`, and `lab-admins`, whose members administer the realm |
//! | client `cli` | public; password, device; its tokens are for `keystone` and `kubernetes` |
//! | client `kubernetes` | the same; its tokens are for `kubernetes` only |
//! | client `service` | secret `secret`; client credentials; its tokens are for `keystone` |
//! | client `lab-admin` | secret `secret`; client credentials; administers the realm |

mod access;
mod admin;
mod device;
mod grants;
mod membership;
mod seed;
mod tokens;

use std::{sync::Arc, time::Duration};

use scs_core::{
    Result,
    auth::TokenSource,
    testing::{FakeServer, Fault, Received, State},
};
use serde_json::{Value, json};

pub use self::tokens::{Claims, Verifier};
use self::{device::Devices, tokens::Tokens};
use crate::{Keycloak, Oidc, keycloak::KeycloakBuilder, oidc::OidcBuilder};

/// The name of the realm.
const REALM: &str = "lab";

/// The password of every user, and the secret of every client that has one.
const PASSWORD: &str = "secret";

/// A Keycloak on the loopback interface. It stops when it is dropped.
#[derive(Debug)]
pub struct FakeKeycloak {
    server: FakeServer,
    tokens: Tokens,
    devices: Devices,
}

impl FakeKeycloak {
    /// Starts a Keycloak.
    pub async fn start() -> Self {
        let server = FakeServer::start().await;
        let tokens = Tokens::new(&format!("{}/realms/{REALM}", server.url()));
        let devices = Devices::default();
        server.state(seed::fill);
        grants::serve(&server, &tokens, &devices);
        admin::serve(&server, &tokens);
        Self { server, tokens, devices }
    }

    /// The address, without a slash at its end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The issuer of its tokens: the address of realm `lab`.
    pub fn issuer(&self) -> String {
        self.tokens.issuer()
    }

    /// A login of the client with this id.
    pub fn client(&self, id: &str) -> OidcBuilder {
        Oidc::builder(self.issuer(), id)
    }

    /// The settings of a client of the admin API that logs in by `tokens`.
    pub fn builder(&self, tokens: Arc<dyn TokenSource>) -> KeycloakBuilder {
        Keycloak::builder(self.url(), REALM, tokens)
    }

    /// The realm as its administrator sees it.
    ///
    /// # Errors
    /// If the login fails, as a [`Fault`] may cause.
    pub async fn connect(&self) -> Result<Keycloak> {
        let login = self.client("lab-admin").client_secret(PASSWORD).client_credentials();
        self.builder(Arc::new(login.connect().await?)).connect().await
    }

    /// What tells whose token a token is, for other fakes that take the tokens of this one. It
    /// works from any thread, also when the Keycloak is gone.
    pub fn verifier(&self) -> Verifier {
        self.tokens.verifier()
    }

    /// Makes requests fail. Paths begin with `/realms/lab` and `/admin/realms/lab`.
    pub fn fail(&self, fault: Fault) {
        self.server.fail(fault);
    }

    /// All requests so far, oldest first.
    pub fn requests(&self) -> Vec<Received> {
        self.server.requests()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.server.forget_requests();
    }

    /// The requests that the fake does not know: see [`FakeServer::unexpected`].
    pub fn unexpected(&self) -> Vec<String> {
        self.server.unexpected()
    }

    /// Looks at what the Keycloak keeps, or changes it behind the back of its clients.
    pub fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        self.server.state(look)
    }

    /// How long access tokens live that are issued from now on, in whole seconds; 300 s if not
    /// set.
    pub fn token_lifetime(&self, lifetime: Duration) {
        self.tokens.settings().access_life = lifetime;
    }

    /// How long a refresh token lives that is issued from now on, in whole seconds; 30 minutes
    /// if not set.
    pub fn session_lifetime(&self, lifetime: Duration) {
        self.tokens.settings().refresh_life = lifetime;
    }

    /// Ends all sessions: no refresh token is good any more, and the admin API takes no token
    /// that was issued so far. Others take them until they end, as those who only check the
    /// signature do.
    pub fn log_everyone_out(&self) {
        self.tokens.settings().sessions.clear();
    }

    /// Locks a user out.
    pub fn disable_user(&self, name: &str) {
        self.enabled(name, false);
    }

    /// Lets a user in again.
    pub fn enable_user(&self, name: &str) {
        self.enabled(name, true);
    }

    fn enabled(&self, name: &str, enabled: bool) {
        self.server.state(|state| {
            if let Some(id) =
                access::user_named(state, name).map(|user| text(user, "id").to_owned())
            {
                state.merge(&access::USERS, &id, json!({"enabled": enabled}));
            }
        });
    }

    /// Does what a user does who opens the page of a device login, enters the code, and says
    /// yes. Tells whether anybody waits for this code.
    pub fn confirm_device(&self, user_code: &str, user: &str) -> bool {
        self.devices.answer(user_code, Some(user))
    }

    /// The same with a no.
    pub fn deny_device(&self, user_code: &str) -> bool {
        self.devices.answer(user_code, None)
    }
}

/// A member of an item as text; empty if it has none.
fn text<'a>(item: &'a Value, member: &str) -> &'a str {
    item[member].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;

use scs_core::{Resource, Route, Singleton, answer};

use super::{Keycloak, SERVICE};

answer! {
    /// The realm itself. A login without rights to its settings sees its name only.
    pub struct Realm(
        /// Its name, as it stands in addresses.
        realm: String,
    ) {
        /// Its name for people.
        display_name: Option<String> as "displayName",
        /// Whether anybody can log in.
        enabled: Option<bool>,
        /// How long access tokens live, in seconds.
        access_token_lifespan: Option<u64> as "accessTokenLifespan",
        /// How long a session lives without a refresh, in seconds.
        sso_session_idle_timeout: Option<u64> as "ssoSessionIdleTimeout",
    }
}

impl Resource for Realm {
    type Dialect = Keycloak;
    const ROUTE: Route = Route::new(SERVICE, "").keys("realm", "").bare_one();
}

impl Singleton for Realm {}

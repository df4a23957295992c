use scs_core::{Resource, Route, Singleton};
use serde::Deserialize;

use super::{Keycloak, SERVICE};

/// The realm itself. A login without rights to its settings sees its name only.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Realm {
    /// Its name, as it stands in addresses.
    pub realm: String,
    /// Its name for people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Whether anybody can log in.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// How long access tokens live, in seconds.
    #[serde(default)]
    pub access_token_lifespan: Option<u64>,
    /// How long a session lives without a refresh, in seconds.
    #[serde(default)]
    pub sso_session_idle_timeout: Option<u64>,
}

impl Resource for Realm {
    type Dialect = Keycloak;
    const ROUTE: Route = Route::new(SERVICE, "").keys("realm", "").bare_one();
}

impl Singleton for Realm {}

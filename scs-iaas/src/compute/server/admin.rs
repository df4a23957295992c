//! Actions for administrators.

use std::time::Duration;

use scs_core::{Action, ApiVersion, Payload, Secret, auth::LASTING, open_enum, request};
use serde::Serialize;

use super::Server;

request! {
    /// Moves a server to another host, switched off in between. It ends as
    /// [`VerifyResize`](super::ServerStatus::VerifyResize).
    pub struct Migrate {
        /// The host; of the scheduler's choice if not set.
        host: String => since(2, 56),
    }
}

impl Action for Migrate {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "migrate";
    const TOKEN_VALIDITY: Duration = LASTING;
}

/// Moves a running server to another host. Local disks are copied where they have to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiveMigrate {
    host: Option<String>,
    block_migration: &'static str,
}

impl LiveMigrate {
    /// To the host of the scheduler's choice.
    pub fn anywhere() -> Self {
        Self { host: None, block_migration: "auto" }
    }

    /// To this host.
    pub fn to(host: impl Into<String>) -> Self {
        Self { host: Some(host.into()), ..Self::anywhere() }
    }
}

impl Payload for LiveMigrate {}

impl Action for LiveMigrate {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "os-migrateLive";
    const SINCE: Option<ApiVersion> = Some(ApiVersion::new(2, 25));
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Makes a server anew on another host, when its own is down.
    pub struct Evacuate {
        /// The host; of the scheduler's choice if not set.
        host: String,
        /// The password of its administrator.
        admin_password: Secret as "adminPass",
    }
}

impl Action for Evacuate {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "evacuate";
    const SINCE: Option<ApiVersion> = Some(ApiVersion::new(2, 14));
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Says that a server is in this state, whatever it is in. Nothing happens to the server.
    pub struct ResetState(
        /// The state.
        state: ResetTo,
    ) {}
}

impl Action for ResetState {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "os-resetState";
}

open_enum! {
    /// The state that [`ResetState`] gives a server.
    pub enum ResetTo {
        /// Fine.
        Active = "active",
        /// Not fine.
        Error = "error",
    }
}

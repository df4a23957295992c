//! Actions that change whether and how a server runs.

use std::time::Duration;

use scs_core::{
    Action, ApiVersion, Change, Id, Payload, Secret, answer, auth::LASTING, open_enum, request,
};
use serde::Serialize;

use super::Server;
use crate::image::Image;

/// Declares actions without particulars.
macro_rules! plain_actions {
    ($($(#[$m:meta])* $name:ident = $key:literal $(for $validity:ident)?;)+) => {$(
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub struct $name;

        impl Payload for $name {}

        impl Action for $name {
            type Target = Server;
            type Output = ();
            const KEY: &'static str = $key;
            $(const TOKEN_VALIDITY: Duration = $validity;)?
        }
    )+};
}

plain_actions! {
    /// Switches a server on that is off.
    Start = "os-start";
    /// Switches a server off.
    Stop = "os-stop";
    /// Lets a server stand still in memory.
    Pause = "pause";
    /// Lets a paused server go on.
    Unpause = "unpause";
    /// Lets a server stand still on disk.
    Suspend = "suspend";
    /// Lets a suspended server go on.
    Resume = "resume";
    /// Lets everybody in the project change a locked server again.
    Unlock = "unlock";
    /// Switches a server off and keeps it as an image; after a while it uses no host.
    Shelve = "shelve" for LASTING;
    /// Frees the host of a shelved server now.
    ShelveOffload = "shelveOffload" for LASTING;
    /// Lets a shelved server run again. [`UnshelveTo`] says where.
    Unshelve = "unshelve" for LASTING;
    /// Lets a rescued server run from its own disk again.
    Unrescue = "unrescue" for LASTING;
    /// Keeps the new flavor. The server is [`VerifyResize`](super::ServerStatus::VerifyResize)
    /// until that is done: wait for another status, not for a phase.
    ConfirmResize = "confirmResize" for LASTING;
    /// Goes back to the old flavor.
    RevertResize = "revertResize" for LASTING;
    /// Brings a server back that is deleted for the time being.
    Restore = "restore";
    /// Deletes a server for good, although the cloud would keep it for a while.
    ForceDelete = "forceDelete";
    /// Lets the kernel of a server write a crash dump (since 2.17).
    TriggerCrashDump = "trigger_crash_dump";
}

request! {
    /// Reboots a server.
    pub struct Reboot(
        /// How.
        kind: RebootType as "type",
    ) {}
}

impl Reboot {
    /// Asks the operating system to do it.
    pub fn soft() -> Self {
        Self::new(RebootType::Soft)
    }

    /// Switches it off and on.
    pub fn hard() -> Self {
        Self::new(RebootType::Hard)
    }
}

impl Action for Reboot {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "reboot";
}

open_enum! {
    /// How a server is rebooted.
    pub enum RebootType {
        /// The operating system does it.
        Soft = "SOFT",
        /// It is switched off and on.
        Hard = "HARD",
    }
}

request! {
    /// Lets only administrators change a server.
    pub struct Lock {
        /// Why.
        reason: String as "locked_reason" => since(2, 73),
    }
}

impl Action for Lock {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "lock";
}

request! {
    /// Lets a shelved server run again in a place of the caller's choice.
    pub struct UnshelveTo {
        /// The availability zone; `Clear` for any (since 2.91).
        availability_zone: Change<String> => since(2, 77),
        /// The host; for administrators.
        host: String => since(2, 91),
    }
}

impl Action for UnshelveTo {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "unshelve";
    const SINCE: Option<ApiVersion> = Some(ApiVersion::new(2, 77));
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Lets a server run from another image, with its own disk as the second one.
    pub struct Rescue {
        /// The image it runs from; its own if not set.
        image: Id<Image> as "rescue_image_ref",
        /// The password of its administrator; made by the service if not set.
        admin_password: Secret as "adminPass",
    }
}

impl Action for Rescue {
    type Target = Server;
    type Output = RescuePassword;
    const KEY: &'static str = "rescue";
    const TOKEN_VALIDITY: Duration = LASTING;
}

answer! {
    /// What is answered to a [`Rescue`].
    pub struct RescuePassword {
        /// The password of the administrator, if the cloud sets one.
        admin_password: Option<Secret> as "adminPass",
    }
}

//! Actions by which people get at a server.

use scs_core::{Action, ApiVersion, Secret, answer, open_enum, request};

use super::Server;

request! {
    /// Tells what a server has written to its console.
    pub struct ConsoleLog {
        /// The last lines only: so many.
        length: u32,
    }
}

impl Action for ConsoleLog {
    type Target = Server;
    type Output = String;
    const KEY: &'static str = "os-getConsoleOutput";
    const ANSWER: &'static str = "output";
    const IDEMPOTENT: bool = true;
}

request! {
    /// Opens the console of a server to a browser or a terminal.
    pub struct OpenConsole(
        /// The protocol.
        protocol: ConsoleProtocol,
        /// Who speaks it.
        kind: ConsoleType as "type",
    ) {}
}

impl OpenConsole {
    /// For noVNC in a browser.
    pub fn novnc() -> Self {
        Self::new(ConsoleProtocol::Vnc, ConsoleType::Novnc)
    }

    /// For a SPICE client in a browser.
    pub fn spice() -> Self {
        Self::new(ConsoleProtocol::Spice, ConsoleType::SpiceHtml5)
    }

    /// For a serial terminal over a web socket.
    pub fn serial() -> Self {
        Self::new(ConsoleProtocol::Serial, ConsoleType::Serial)
    }
}

impl Action for OpenConsole {
    type Target = Server;
    type Output = RemoteConsole;
    const KEY: &'static str = "remote_console";
    const PATH: &'static str = "remote-consoles";
    const ANSWER: &'static str = "remote_console";
    const SINCE: Option<ApiVersion> = Some(ApiVersion::new(2, 6));
}

open_enum! {
    /// The protocol of a console.
    pub enum ConsoleProtocol {
        /// Remote framebuffer.
        Vnc = "vnc",
        /// SPICE.
        Spice = "spice",
        /// A serial line.
        Serial = "serial",
        /// Of VMware (since 2.8).
        Mks = "mks",
    }
}

open_enum! {
    /// Who speaks the protocol of a console.
    pub enum ConsoleType {
        /// noVNC in a browser.
        Novnc = "novnc",
        /// A SPICE client in a browser.
        SpiceHtml5 = "spice-html5",
        /// A terminal over a web socket.
        Serial = "serial",
        /// A browser, with VMware (since 2.8).
        Webmks = "webmks",
    }
}

answer! {
    /// An open console.
    pub struct RemoteConsole(
        /// The protocol.
        protocol: ConsoleProtocol,
        /// Who speaks it.
        kind: ConsoleType as "type",
        /// Where it is. Who knows the address gets in.
        url: Secret,
    ) {}
}

request! {
    /// Gives the administrator of a server another password, where the hypervisor can.
    pub struct ChangePassword(
        /// The password.
        password: Secret as "adminPass",
    ) {}
}

impl Action for ChangePassword {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "changePassword";
}

request! {
    /// Puts all ports of a server into a security group.
    pub struct AddSecurityGroup(
        /// The group, by name or id.
        group: String as "name",
    ) {}
}

impl Action for AddSecurityGroup {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "addSecurityGroup";
}

request! {
    /// Takes all ports of a server out of a security group.
    pub struct RemoveSecurityGroup(
        /// The group, by name or id.
        group: String as "name",
    ) {}
}

impl Action for RemoveSecurityGroup {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "removeSecurityGroup";
}

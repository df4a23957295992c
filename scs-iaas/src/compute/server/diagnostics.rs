use scs_core::{
    ApiVersion, Id, Identified, Listable, Resource, Route, Singleton, Timestamp, answer, request,
    value::Lenient,
};

use crate::{
    Session,
    compute::{NEWEST, OLDEST},
    identity::{Project, User},
};

answer! {
    /// Something that was done to a server. Its id is that of the request.
    pub struct InstanceAction(
        /// The id of the request that did it.
        id: Id<InstanceAction> as "request_id",
        /// What was done: `create`, `stop`, `reboot`, …
        action: String,
    ) {
        /// What went wrong, if something did.
        message: Option<String>,
        /// The project of who did it.
        project_id: Option<Id<Project>>,
        /// The user who did it.
        user_id: Option<Id<User>>,
        /// When it began.
        start_time: Option<Timestamp> => Lenient<_>,
        /// When it last went on (since 2.58).
        updated_at: Option<Timestamp> => Lenient<_>,
        /// Its steps; lists leave them out.
        events: Vec<InstanceEvent>,
    }
}

answer! {
    /// A step of an [`InstanceAction`].
    pub struct InstanceEvent(
        /// What the step is called.
        event: String,
    ) {
        /// How it went: `Success`, `Error`; `None` while it goes on.
        result: Option<String>,
        /// What went wrong, where the policy shows it (since 2.84).
        details: Option<String>,
        /// When it began.
        start_time: Option<Timestamp> => Lenient<_>,
        /// When it ended.
        finish_time: Option<Timestamp> => Lenient<_>,
    }
}

request! {
    /// Which actions to list.
    pub struct InstanceActionQuery {
        /// Those that went on at this moment or later.
        changes_since: Timestamp as "changes-since" => since(2, 58),
        /// Those that went on at this moment or earlier.
        changes_before: Timestamp as "changes-before" => since(2, 66),
        /// How many a page holds.
        limit: u32 => since(2, 58),
        /// Those behind the one with this id.
        marker: Id<InstanceAction> => since(2, 58),
    }
}

impl Resource for InstanceAction {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "servers/{}/os-instance-actions")
        .keys("instanceAction", "instanceActions")
        .versions(OLDEST, NEWEST);
}

impl Identified for InstanceAction {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for InstanceAction {
    type Query = InstanceActionQuery;
}

answer! {
    /// What the hypervisor knows of a running server, for administrators. `None` where it does
    /// not know.
    pub struct ServerDiagnostics(
        /// Each virtual CPU.
        cpu_details: Vec<CpuDiagnostics>,
        /// Each disk.
        disk_details: Vec<DiskDiagnostics>,
        /// Each network interface.
        nic_details: Vec<NicDiagnostics>,
        /// The memory.
        memory_details: MemoryDiagnostics,
    ) {
        /// The state: `running`, `paused`, `shutdown`, …
        state: Option<String>,
        /// The driver: `libvirt`, …
        driver: Option<String>,
        /// The hypervisor: `kvm`, …
        hypervisor: Option<String>,
        /// The operating system of the hypervisor.
        hypervisor_os: Option<String>,
        /// For how long it has been running, in seconds.
        uptime: Option<u64>,
        /// Whether it has a configuration drive.
        config_drive: Option<bool>,
        /// Virtual CPUs.
        num_cpus: Option<u32>,
        /// Network interfaces.
        num_nics: Option<u32>,
        /// Disks.
        num_disks: Option<u32>,
    }
}

answer! {
    /// A virtual CPU of a server.
    pub struct CpuDiagnostics {
        /// Which one.
        id: Option<u32>,
        /// For how long it has worked, in nanoseconds.
        time: Option<u64>,
        /// How busy it is, in percent.
        utilisation: Option<u32>,
    }
}

answer! {
    /// A disk of a server.
    pub struct DiskDiagnostics {
        /// Bytes read.
        read_bytes: Option<u64>,
        /// Reads.
        read_requests: Option<u64>,
        /// Bytes written.
        write_bytes: Option<u64>,
        /// Writes.
        write_requests: Option<u64>,
        /// Errors.
        errors_count: Option<i64>,
    }
}

answer! {
    /// A network interface of a server.
    pub struct NicDiagnostics {
        /// Its hardware address.
        mac_address: Option<String>,
        /// Bytes received.
        rx_octets: Option<u64>,
        /// Packets received.
        rx_packets: Option<u64>,
        /// Packets not received because of an error.
        rx_errors: Option<u64>,
        /// Packets received and dropped.
        rx_drop: Option<u64>,
        /// Bytes sent.
        tx_octets: Option<u64>,
        /// Packets sent.
        tx_packets: Option<u64>,
        /// Packets not sent because of an error.
        tx_errors: Option<u64>,
        /// Packets dropped instead of sent.
        tx_drop: Option<u64>,
    }
}

answer! {
    /// The memory of a server.
    pub struct MemoryDiagnostics {
        /// How much it has, in MiB.
        maximum: Option<u64>,
        /// How much of it is used, in MiB.
        used: Option<u64>,
    }
}

impl Resource for ServerDiagnostics {
    type Dialect = Session;
    // Before 2.48 each hypervisor answered in its own words.
    const ROUTE: Route = Route::new("compute", "servers/{}/diagnostics")
        .keys("diagnostics", "")
        .bare_one()
        .versions(ApiVersion::new(2, 48), NEWEST);
}

impl Singleton for ServerDiagnostics {}

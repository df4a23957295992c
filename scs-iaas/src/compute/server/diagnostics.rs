use scs_core::{
    ApiVersion, Id, Identified, Listable, Resource, Route, Singleton, Timestamp, request,
    value::{lenient, nullable},
};
use serde::Deserialize;

use crate::{
    Session,
    compute::{NEWEST, OLDEST},
    identity::{Project, User},
};

/// Something that was done to a server. Its id is that of the request.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct InstanceAction {
    /// The id of the request that did it.
    #[serde(rename = "request_id")]
    pub id: Id<InstanceAction>,
    /// What was done: `create`, `stop`, `reboot`, …
    pub action: String,
    /// What went wrong, if something did.
    #[serde(default)]
    pub message: Option<String>,
    /// The project of who did it.
    #[serde(default)]
    pub project_id: Option<Id<Project>>,
    /// The user who did it.
    #[serde(default)]
    pub user_id: Option<Id<User>>,
    /// When it began.
    #[serde(default, deserialize_with = "lenient")]
    pub start_time: Option<Timestamp>,
    /// When it last went on (since 2.58).
    #[serde(default, deserialize_with = "lenient")]
    pub updated_at: Option<Timestamp>,
    /// Its steps; lists leave them out.
    #[serde(default, deserialize_with = "nullable")]
    pub events: Vec<InstanceEvent>,
}

/// A step of an [`InstanceAction`].
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct InstanceEvent {
    /// What the step is called.
    pub event: String,
    /// How it went: `Success`, `Error`; `None` while it goes on.
    #[serde(default)]
    pub result: Option<String>,
    /// What went wrong, where the policy shows it (since 2.84).
    #[serde(default)]
    pub details: Option<String>,
    /// When it began.
    #[serde(default, deserialize_with = "lenient")]
    pub start_time: Option<Timestamp>,
    /// When it ended.
    #[serde(default, deserialize_with = "lenient")]
    pub finish_time: Option<Timestamp>,
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

/// What the hypervisor knows of a running server, for administrators. `None` where it does
/// not know.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ServerDiagnostics {
    /// The state: `running`, `paused`, `shutdown`, …
    pub state: Option<String>,
    /// The driver: `libvirt`, …
    pub driver: Option<String>,
    /// The hypervisor: `kvm`, …
    pub hypervisor: Option<String>,
    /// The operating system of the hypervisor.
    pub hypervisor_os: Option<String>,
    /// For how long it has been running, in seconds.
    pub uptime: Option<u64>,
    /// Whether it has a configuration drive.
    pub config_drive: Option<bool>,
    /// Virtual CPUs.
    pub num_cpus: Option<u32>,
    /// Network interfaces.
    pub num_nics: Option<u32>,
    /// Disks.
    pub num_disks: Option<u32>,
    /// Each virtual CPU.
    pub cpu_details: Vec<CpuDiagnostics>,
    /// Each disk.
    pub disk_details: Vec<DiskDiagnostics>,
    /// Each network interface.
    pub nic_details: Vec<NicDiagnostics>,
    /// The memory.
    pub memory_details: MemoryDiagnostics,
}

/// A virtual CPU of a server.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct CpuDiagnostics {
    /// Which one.
    pub id: Option<u32>,
    /// For how long it has worked, in nanoseconds.
    pub time: Option<u64>,
    /// How busy it is, in percent.
    pub utilisation: Option<u32>,
}

/// A disk of a server.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct DiskDiagnostics {
    /// Bytes read.
    pub read_bytes: Option<u64>,
    /// Reads.
    pub read_requests: Option<u64>,
    /// Bytes written.
    pub write_bytes: Option<u64>,
    /// Writes.
    pub write_requests: Option<u64>,
    /// Errors.
    pub errors_count: Option<i64>,
}

/// A network interface of a server.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct NicDiagnostics {
    /// Its hardware address.
    pub mac_address: Option<String>,
    /// Bytes received.
    pub rx_octets: Option<u64>,
    /// Packets received.
    pub rx_packets: Option<u64>,
    /// Packets not received because of an error.
    pub rx_errors: Option<u64>,
    /// Packets received and dropped.
    pub rx_drop: Option<u64>,
    /// Bytes sent.
    pub tx_octets: Option<u64>,
    /// Packets sent.
    pub tx_packets: Option<u64>,
    /// Packets not sent because of an error.
    pub tx_errors: Option<u64>,
    /// Packets dropped instead of sent.
    pub tx_drop: Option<u64>,
}

/// The memory of a server.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct MemoryDiagnostics {
    /// How much it has, in MiB.
    pub maximum: Option<u64>,
    /// How much of it is used, in MiB.
    pub used: Option<u64>,
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

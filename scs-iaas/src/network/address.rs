use std::net::IpAddr;

use scs_core::{Id, answer, request};
use serde::{Deserialize, Serialize};

use super::Subnet;

/// The version of the internet protocol: `4` or `6` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum IpVersion {
    /// IPv4
    V4,
    /// IPv6
    V6,
}

impl From<IpVersion> for u8 {
    fn from(version: IpVersion) -> Self {
        match version {
            IpVersion::V4 => 4,
            IpVersion::V6 => 6,
        }
    }
}

impl TryFrom<u8> for IpVersion {
    type Error = String;

    fn try_from(version: u8) -> Result<Self, String> {
        match version {
            4 => Ok(Self::V4),
            6 => Ok(Self::V6),
            _ => Err(format!("there is no version {version} of IP")),
        }
    }
}

answer! {
    /// An address of a port.
    #[derive(PartialEq, Eq)]
    pub struct FixedIp(
        /// The subnet it is of.
        subnet_id: Id<Subnet>,
        /// The address.
        ip_address: IpAddr,
    ) {}
}

request! {
    /// Which address a port shall have: any of a subnet, or this one.
    pub struct NewFixedIp {
        /// The subnet it is of.
        subnet_id: Id<Subnet>,
        /// The address.
        ip_address: IpAddr,
    }
}

answer! {
    /// Addresses that a port may send from besides its own.
    #[derive(PartialEq, Eq, Serialize)]
    pub struct AllowedAddressPair(
        /// An address, or a range of them as in `10.8.0.0/28`.
        ip_address: String,
    ) {
        /// The hardware address; that of the port if not set.
        #[serde(skip_serializing_if = "Option::is_none")]
        mac_address: Option<String>,
    }
}

impl AllowedAddressPair {
    /// These addresses, with the hardware address of the port.
    pub fn new(ip_address: impl Into<String>) -> Self {
        Self { ip_address: ip_address.into(), mac_address: None }
    }
}

answer! {
    /// Addresses from the first to the last, both included, that ports are given.
    #[derive(PartialEq, Eq, Serialize)]
    pub struct AllocationPool(
        /// The first.
        start: IpAddr,
        /// The last.
        end: IpAddr,
    ) {}
}

impl AllocationPool {
    /// From `start` to `end`.
    pub fn new(start: impl Into<IpAddr>, end: impl Into<IpAddr>) -> Self {
        Self { start: start.into(), end: end.into() }
    }
}

answer! {
    /// What goes to `destination` goes by `nexthop`.
    #[derive(PartialEq, Eq, Serialize)]
    pub struct StaticRoute(
        /// The addresses it leads to, as in `10.9.0.0/16`.
        destination: String,
        /// The address of the router to them.
        nexthop: IpAddr,
    ) {}
}

impl StaticRoute {
    /// To `destination` by `nexthop`.
    pub fn new(destination: impl Into<String>, nexthop: impl Into<IpAddr>) -> Self {
        Self { destination: destination.into(), nexthop: nexthop.into() }
    }
}

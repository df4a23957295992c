//! Ranges of IP addresses, and who has which.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use scs_core::testing::State;
use serde_json::{Value, json};

use super::{FLOATING_IPS, NETWORKS, PORTS, SUBNETS, router::ROUTERS, text};

/// The addresses of a subnet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pool {
    first: u128,
    last: u128,
    v6: bool,
}

fn to_number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => v6.into(),
    }
}

impl Pool {
    /// Reads `10.0.0.0/24`.
    pub(super) fn parse(cidr: &str) -> Option<Self> {
        let (address, length) = cidr.split_once('/')?;
        let (address, length): (IpAddr, u32) = (address.parse().ok()?, length.parse().ok()?);
        let v6 = address.is_ipv6();
        let free = if v6 { 128_u32 } else { 32 }.checked_sub(length)?;
        let mask = 1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
        let first = to_number(address) & !mask;
        Some(Self { first, last: first | mask, v6 })
    }

    pub(super) fn version(self) -> i64 {
        if self.v6 { 6 } else { 4 }
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.v6 == other.v6 && self.first <= other.last && other.first <= self.last
    }

    fn address(self, number: u128) -> String {
        if self.v6 {
            return Ipv6Addr::from(number).to_string();
        }
        let number = u32::try_from(number & u128::from(u32::MAX)).unwrap_or_default();
        Ipv4Addr::from(number).to_string()
    }

    /// Neutron gives the router the first address of IPv4, and the zeroth of IPv6.
    pub(super) fn gateway(self) -> String {
        self.address(if self.v6 { self.first } else { self.first + 1 })
    }

    /// The first and the last address for ports.
    pub(super) fn bounds(self) -> (String, String) {
        let (low, high) = if self.v6 { (1, 0) } else { (2, 1) };
        (self.address(self.first + low), self.address(self.last.saturating_sub(high)))
    }
}

/// Whether a port, a router's gateway or a floating IP has this address on this subnet.
fn is_taken(state: &State, subnet: &Value, address: &str) -> bool {
    let has = |ips: &Value| {
        ips.as_array().is_some_and(|ips| {
            ips.iter().any(|ip| ip["subnet_id"] == subnet["id"] && ip["ip_address"] == address)
        })
    };
    state.list(&PORTS).any(|(_, port)| has(&port["fixed_ips"]))
        || state
            .list(&ROUTERS)
            .any(|(_, router)| has(&router["external_gateway_info"]["external_fixed_ips"]))
        || state.list(&FLOATING_IPS).any(|(_, ip)| {
            ip["floating_network_id"] == subnet["network_id"]
                && ip["floating_ip_address"] == address
        })
}

/// The next address of a subnet that nobody has.
pub(super) fn next(state: &State, subnet: &Value) -> Option<String> {
    let pool = Pool::parse(text(subnet, "cidr"))?;
    subnet["allocation_pools"].as_array()?.iter().find_map(|bounds| {
        let bound = |name| text(bounds, name).parse().ok().map(to_number);
        (bound("start")?..=bound("end")?)
            .map(|number| pool.address(number))
            .find(|address| !is_taken(state, subnet, address))
    })
}

/// The `fixed_ips` of a new port: those that are `wanted`, completed, or one of the first IPv4
/// and one of the first IPv6 subnet of the network. `None` if an address is not to be had.
pub(super) fn allocate(
    state: &State,
    network: &Value,
    wanted: Option<Vec<Value>>,
) -> Option<Vec<Value>> {
    let subnets = || {
        let ids = state.get(&NETWORKS, text(network, "id")).map(|network| &network["subnets"]);
        let ids = ids.and_then(Value::as_array).into_iter().flatten();
        ids.filter_map(|id| state.get(&SUBNETS, id.as_str()?))
    };
    let entry =
        |subnet: &Value, address: String| json!({"subnet_id": subnet["id"], "ip_address": address});
    let Some(wanted) = wanted else {
        let firsts = [4, 6].into_iter().filter_map(|v| subnets().find(|s| s["ip_version"] == v));
        return firsts.map(|subnet| Some(entry(subnet, next(state, subnet)?))).collect();
    };
    let complete = |ip: &Value| {
        let subnet = match ip["subnet_id"].as_str() {
            Some(id) => subnets().find(|subnet| subnet["id"] == id),
            None => subnets().next(),
        }?;
        match ip["ip_address"].as_str() {
            Some(address) if is_taken(state, subnet, address) => None,
            Some(address) => Some(entry(subnet, address.to_owned())),
            None => Some(entry(subnet, next(state, subnet)?)),
        }
    };
    wanted.iter().map(complete).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_laid_out_as_neutron_does() {
        let pool = Pool::parse("10.7.0.9/24").unwrap();
        assert_eq!(pool.gateway(), "10.7.0.1");
        assert_eq!(pool.bounds(), ("10.7.0.2".into(), "10.7.0.254".into()));
        let pool = Pool::parse("fd00:1ab::/64").unwrap();
        assert_eq!(pool.gateway(), "fd00:1ab::");
        assert_eq!(pool.bounds(), ("fd00:1ab::1".into(), "fd00:1ab::ffff:ffff:ffff:ffff".into()));
        for text in ["", "10.0.0.0", "10.0.0.0/33", "zz/8", "::/129"] {
            assert!(Pool::parse(text).is_none(), "{text}");
        }
        let overlap = |a, b| Pool::parse(a).unwrap().overlaps(Pool::parse(b).unwrap());
        assert!(overlap("10.0.0.0/8", "10.7.0.0/24") && overlap("::/0", "fd00::/8"));
        assert!(!overlap("10.0.0.0/24", "10.0.1.0/24") && !overlap("0.0.0.0/0", "::/0"));
    }
}

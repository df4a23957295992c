//! SCS-0126: ways to the outside.
//!
//! A project finds exactly one default external network, exactly one shared default pool of
//! IPv6 prefixes from which it can take a /64, and a floating IP where the cloud has IPv4. The
//! standard is a draft without an official test: no scope names the test cases.
//!
//! [Text](https://docs.scs.community/standards/scs-0126-v1-provider-networks)

use scs_core::{
    answer,
    standards::{Finding, Mode, Target, TestResult},
};

use crate::network::Network;

answer! {
    /// A pool that subnets are cut from, as Neutron's list of `subnetpools` tells.
    pub struct SubnetPool(
        /// The version of IP: 4 or 6.
        ip_version: u8,
    ) {
        /// Its name.
        name: String,
        /// Whether every project may use it.
        shared: bool,
        /// Whether it is the one to take when none is named.
        is_default: bool,
        /// The shortest prefix that is cut from it.
        min_prefixlen: Option<u8>,
        /// The longest prefix that is cut from it.
        max_prefixlen: Option<u8>,
        /// How much a project can take: single addresses of IPv4, /64 prefixes of IPv6; no limit if
        /// not set.
        default_quota: Option<u32>,
    }
}

/// Checks what a project finds: the networks, the pools, and how many floating IPs it may have
/// (-1 for any number, `None` if the cloud has no external IPv4).
pub fn check(
    networks: &[Network],
    pools: &[SubnetPool],
    floating_ips: Option<i64>,
    mode: Mode,
) -> Vec<TestResult> {
    let result = |id, findings| TestResult::new(id, Target::Preview, mode, findings);
    vec![
        result("scs-0126-default-network", default_network(networks)),
        result("scs-0126-ipv6-pool", ipv6_pool(pools)),
        result("scs-0126-ipv4-pool", ipv4_pool(pools)),
        result("scs-0126-floating-ips", floating(floating_ips)),
    ]
}

fn default_network(networks: &[Network]) -> Vec<Finding> {
    let external: Vec<_> = networks.iter().filter(|network| network.is_external).collect();
    let defaults: Vec<_> = networks.iter().filter(|network| network.is_default).collect();
    let mut findings = Vec::new();
    match defaults[..] {
        [] => findings.push(Finding::violation(
            "networks",
            "none is the default; set is_default on the external network to use",
        )),
        [network] => {
            let subject = format!("network `{}`", network.name);
            if !network.is_external {
                findings.push(Finding::violation(
                    subject,
                    "is the default and not external; make an external one the default",
                ));
            } else if network.shared && network.port_security_enabled == Some(false) {
                findings.push(Finding::violation(
                    subject,
                    "is shared by all projects without port security; switch it on",
                ));
            }
        }
        _ => findings.push(Finding::violation(
            "networks",
            format!("{} are the default; leave is_default on one of them", named(&defaults)),
        )),
    }
    if external.len() > 1 {
        findings.push(Finding::advice(
            "networks",
            format!("{} are external; projects should find one only", named(&external)),
        ));
    }
    findings
}

fn named(networks: &[&Network]) -> String {
    let names: Vec<_> = networks.iter().map(|network| format!("`{}`", network.name)).collect();
    names.join(", ")
}

fn ipv6_pool(pools: &[SubnetPool]) -> Vec<Finding> {
    const SUBJECT: &str = "pools of IPv6";
    match default_pools(pools, 6)[..] {
        [] => vec![Finding::violation(
            SUBJECT,
            "none is shared and the default; make one (shared=true, is_default=true)",
        )],
        [pool] => {
            let gives_64 = pool.min_prefixlen.is_none_or(|min| min <= 64)
                && pool.max_prefixlen.is_none_or(|max| max >= 64)
                && pool.default_quota.is_none_or(|quota| quota > 0);
            let subject = format!("pool `{}`", pool.name);
            let message = "gives a project no /64; let 64 lie between min_prefixlen and \
                           max_prefixlen, and default_quota be 1 at least";
            if gives_64 { Vec::new() } else { vec![Finding::violation(subject, message)] }
        }
        _ => vec![several(SUBJECT)],
    }
}

fn ipv4_pool(pools: &[SubnetPool]) -> Vec<Finding> {
    const SUBJECT: &str = "pools of IPv4";
    let is_offered = pools.iter().any(|pool| pool.ip_version == 4 && pool.shared);
    match default_pools(pools, 4).len() {
        0 if is_offered => vec![Finding::violation(
            SUBJECT,
            "are shared, and none is the default; set is_default on one of them",
        )],
        0 | 1 => Vec::new(),
        _ => vec![several(SUBJECT)],
    }
}

fn several(subject: &str) -> Finding {
    Finding::violation(subject, "several are the default; leave is_default on one of them")
}

fn default_pools(pools: &[SubnetPool], ip_version: u8) -> Vec<&SubnetPool> {
    let is_one =
        |pool: &&SubnetPool| pool.ip_version == ip_version && pool.shared && pool.is_default;
    pools.iter().filter(is_one).collect()
}

fn floating(limit: Option<i64>) -> Vec<Finding> {
    const SUBJECT: &str = "floating IPs";
    match limit {
        Some(0) => vec![Finding::violation(
            SUBJECT,
            "a project may have none; give it a quota of 1 at least",
        )],
        Some(_) => Vec::new(),
        None => vec![Finding::advice(SUBJECT, "are not offered; external IPv4 is good to have")],
    }
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{self, Fail, Pass};
    use serde_json::{Value, json};

    use super::*;

    fn network(name: &str, external: bool, default: bool) -> Network {
        let json = json!({"id": name, "name": name, "project_id": "p", "status": "ACTIVE",
            "admin_state_up": true, "router:external": external, "is_default": default,
            "shared": true, "port_security_enabled": name != "open"});
        serde_json::from_value(json).unwrap()
    }

    fn pool(change: &Value) -> SubnetPool {
        let mut pool = json!({"name": "p", "ip_version": 6, "shared": true, "is_default": true,
            "min_prefixlen": 48, "max_prefixlen": 128});
        for (key, value) in change.as_object().unwrap() {
            pool[key] = value.clone();
        }
        serde_json::from_value(pool).unwrap()
    }

    fn verdicts(networks: &[Network], pools: &[SubnetPool], ips: Option<i64>) -> [Verdict; 4] {
        let results = check(networks, pools, ips, Mode::Spec);
        results.iter().map(|result| result.verdict).collect::<Vec<_>>().try_into().unwrap()
    }

    #[test]
    fn there_is_one_default_network() {
        for (networks, verdict) in [
            (vec![network("public", true, true)], Pass),
            (vec![network("public", true, true), network("other", true, false)], Pass),
            (vec![network("public", true, false)], Fail),
            (vec![network("a", true, true), network("b", true, true)], Fail),
            (vec![network("private", false, true)], Fail),
            (vec![network("open", true, true)], Fail),
            (vec![], Fail),
        ] {
            assert_eq!(verdicts(&networks, &[], None)[0], verdict, "{networks:?}");
        }
    }

    #[test]
    fn pools_give_what_a_project_needs() {
        for (pools, ipv6, ipv4) in [
            (vec![pool(&json!({}))], Pass, Pass),
            (vec![pool(&json!({"min_prefixlen": 96}))], Fail, Pass),
            (vec![pool(&json!({"default_quota": 0}))], Fail, Pass),
            (vec![pool(&json!({"shared": false}))], Fail, Pass),
            (vec![pool(&json!({})), pool(&json!({}))], Fail, Pass),
            (vec![pool(&json!({})), pool(&json!({"ip_version": 4}))], Pass, Pass),
            (vec![pool(&json!({"ip_version": 4, "is_default": false}))], Fail, Fail),
        ] {
            assert_eq!(verdicts(&[], &pools, None)[1..3], [ipv6, ipv4], "{pools:?}");
        }
        assert_eq!(verdicts(&[], &[], Some(0))[3], Fail);
        assert_eq!(verdicts(&[], &[], Some(-1))[3], Pass);
        assert_eq!(verdicts(&[], &[], None)[3], Pass);
    }
}

use std::net::IpAddr;

use scs_core::{Error, Id, Result};

use super::{
    Direction, EtherType, NewSecurityGroupRule, Protocol, SecurityGroup, SecurityGroupRule,
};
use crate::OpenStack;

impl OpenStack {
    /// Gives a security group exactly these rules; answers with the group as it is then.
    ///
    /// Rules that it has already stay as they are; a rule is the same whatever its description,
    /// because Neutron does not keep two that differ in nothing else. First what is missing is
    /// created, all by one request, then what is too many is deleted: traffic that passes
    /// before and after passes all the time. Done twice, it changes nothing the second time.
    ///
    /// ```no_run
    /// use scs_iaas::{OpenStack, network::{Direction, NewSecurityGroupRule, SecurityGroup}};
    ///
    /// # async fn f(cloud: OpenStack, group: SecurityGroup) -> scs_core::Result<()> {
    /// let rule = |direction| NewSecurityGroupRule::new(&group.id, direction);
    /// let rules = [rule(Direction::Ingress).tcp(443), rule(Direction::Egress)];
    /// cloud.replace_security_group_rules(&group.id, rules).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](scs_core::ErrorKind) if a rule belongs to another group,
    /// [`ErrorKind::QuotaExceeded`](scs_core::ErrorKind) if the quota has no room for the old and the new rules at
    /// the same time. The message says what the group has been left with; doing it again goes
    /// on from there.
    pub async fn replace_security_group_rules(
        &self,
        group: &Id<SecurityGroup>,
        rules: impl IntoIterator<Item = NewSecurityGroupRule>,
    ) -> Result<SecurityGroup> {
        let mut wanted: Vec<(Key, NewSecurityGroupRule)> = Vec::new();
        for rule in rules {
            if rule.security_group_id != *group {
                let other = &rule.security_group_id;
                return Err(Error::invalid(format!("a rule is for group {other}, not {group}"))
                    .with_service("network")
                    .with_hint("make all rules for the group whose rules they replace"));
            }
            let key = Key::of_new(&rule);
            if wanted.iter().all(|(other, _)| *other != key) {
                wanted.push((key, rule));
            }
        }
        let groups = self.security_groups();
        let present = groups.get(group).await?;
        let there: Vec<_> = present.rules.iter().map(Key::of).collect();
        let is_wanted = |key: &Key| wanted.iter().any(|(other, _)| other == key);
        let rules = present.rules.iter().zip(&there);
        let surplus: Vec<_> =
            rules.filter(|(_, key)| !is_wanted(key)).map(|(rule, _)| rule).collect();
        wanted.retain(|(key, _)| !there.contains(key));
        if wanted.is_empty() && surplus.is_empty() {
            return Ok(present);
        }

        let api = self.security_group_rules();
        let state = |words: &str| format!("the rules of security group {group} {words}");
        api.create_all(wanted.into_iter().map(|(_, rule)| rule)).await.map_err(|error| {
            let refused = error.status().is_some_and(|status| status.is_client_error());
            let unclear = if refused { "" } else { ", or the new ones are added" };
            error.context(state(&format!("are as before{unclear}")))
        })?;
        for (deleted, rule) in surplus.iter().enumerate() {
            match api.delete(&rule.id).await {
                Err(error) if !error.is_not_found() => {
                    let left = surplus.len() - deleted;
                    let words = format!("are there, and {left} that should be gone");
                    return Err(error.context(state(&words)));
                }
                _ => {}
            }
        }
        groups.get(group).await
    }
}

/// What makes Neutron take two rules of a group for the same.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    direction: Direction,
    ethertype: EtherType,
    protocol: Option<String>,
    ports: (Option<u16>, Option<u16>),
    remote: Remote,
}

#[derive(Debug, PartialEq, Eq)]
enum Remote {
    Anybody,
    Range(IpAddr, u8),
    /// A range in other words, compared as they are.
    Text(String),
    Group(Id<SecurityGroup>),
    AddressGroup(String),
}

/// A key of a rule that has its members under the names that both kinds of rules share.
macro_rules! key {
    ($rule:expr) => {{
        let rule = $rule;
        let ethertype = rule.ethertype.clone().unwrap_or(EtherType::Ipv4);
        Key {
            direction: rule.direction.clone(),
            protocol: rule.protocol.as_ref().and_then(|protocol| number(protocol, &ethertype)),
            ethertype,
            ports: (rule.port_range_min, rule.port_range_max),
            remote: match (&rule.remote_group_id, &rule.remote_address_group_id) {
                (Some(group), _) => Remote::Group(group.clone()),
                (None, Some(group)) => Remote::AddressGroup(group.clone()),
                (None, None) => rule.remote_ip_prefix.as_deref().map_or(Remote::Anybody, range),
            },
        }
    }};
}

impl Key {
    fn of(rule: &SecurityGroupRule) -> Self {
        key!(rule)
    }

    fn of_new(rule: &NewSecurityGroupRule) -> Self {
        key!(rule)
    }
}

/// All addresses are as good as no range, and an address alone is the range of just itself.
fn range(text: &str) -> Remote {
    let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
    let Ok(address) = address.parse::<IpAddr>() else { return Remote::Text(text.to_owned()) };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    match length.map_or(Ok(longest), str::parse) {
        Ok(0) if address.is_unspecified() => Remote::Anybody,
        Ok(length) => Remote::Range(address, length),
        Err(_) => Remote::Text(text.to_owned()),
    }
}

/// The names that Neutron knows, with the numbers that it takes for the same.
const NUMBERS: [(&str, &str); 25] = [
    ("ah", "51"),
    ("dccp", "33"),
    ("egp", "8"),
    ("esp", "50"),
    ("gre", "47"),
    ("hopopt", "0"),
    ("icmp", "1"),
    ("icmpv6", "58"),
    ("igmp", "2"),
    ("ip", "0"),
    ("ipip", "4"),
    ("ipv6-encap", "41"),
    ("ipv6-frag", "44"),
    ("ipv6-icmp", "58"),
    ("ipv6-nonxt", "59"),
    ("ipv6-opts", "60"),
    ("ipv6-route", "43"),
    ("ospf", "89"),
    ("pgm", "113"),
    ("rsvp", "46"),
    ("sctp", "132"),
    ("tcp", "6"),
    ("udp", "17"),
    ("udplite", "136"),
    ("vrrp", "112"),
];

/// The number of a protocol; `None` for any. For IPv6 the ICMP of IPv4 means that of IPv6.
fn number(protocol: &Protocol, ethertype: &EtherType) -> Option<String> {
    let word = protocol.as_str().to_ascii_lowercase();
    let known = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number);
    match known.unwrap_or(&word) {
        "any" | "" => None,
        "1" if *ethertype == EtherType::Ipv6 => Some("58".to_owned()),
        number => Some(number.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> NewSecurityGroupRule {
        NewSecurityGroupRule::new("g", Direction::Ingress)
    }

    #[test]
    fn what_neutron_takes_for_the_same_is_the_same() {
        let v6 = || rule().ethertype(EtherType::Ipv6);
        for (one, other) in [
            (rule(), rule().ethertype(EtherType::Ipv4).description("d")),
            (
                rule().tcp(22),
                rule().protocol(Protocol::from("6")).port_range_min(22u16).port_range_max(22u16),
            ),
            (rule().protocol(Protocol::from("any")), rule()),
            (v6().protocol(Protocol::Icmp), v6().protocol(Protocol::from("58"))),
            (v6().protocol(Protocol::from("icmpv6")), v6().protocol(Protocol::Icmpv6)),
            (rule().remote_ip_prefix("0.0.0.0/0"), rule()),
            (v6().remote_ip_prefix("::/0"), v6()),
            (rule().remote_ip_prefix("192.0.2.1"), rule().remote_ip_prefix("192.0.2.1/32")),
            (v6().remote_ip_prefix("FD00:0::/8"), v6().remote_ip_prefix("fd00::/8")),
        ] {
            assert_eq!(Key::of_new(&one), Key::of_new(&other));
        }
    }

    #[test]
    fn what_differs_is_not_the_same() {
        let all = [
            rule(),
            rule().ethertype(EtherType::Ipv6),
            rule().protocol(Protocol::Icmp),
            rule().tcp(22),
            rule().tcp(23),
            rule().udp(22),
            rule().remote_ip_prefix("192.0.2.0/24"),
            rule().remote_ip_prefix("192.0.2.1/24"),
            rule().remote_ip_prefix("192.0.2.0/255.255.255.0"),
            rule().remote_group_id("h"),
            rule().remote_address_group_id("h"),
            NewSecurityGroupRule::new("g", Direction::Egress),
        ];
        for (at, rule) in all.iter().enumerate() {
            let same = all.iter().position(|other| Key::of_new(other) == Key::of_new(rule));
            assert_eq!(same, Some(at));
        }
    }
}

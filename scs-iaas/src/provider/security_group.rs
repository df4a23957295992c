use std::net::IpAddr;

use scs_core::{
    Api, Id, Result, model,
    provider::{Makes, Speaks},
};

use crate::network::{
    Direction, EtherType, NewSecurityGroup, NewSecurityGroupRule, Protocol, SecurityGroup,
    SecurityGroupRule,
};

impl Speaks<model::SecurityGroup> for SecurityGroup {
    fn raise(self) -> model::SecurityGroup {
        let mut group = model::SecurityGroup::new(self.id.cast(), self.name);
        for rule in self.rules.into_iter().filter_map(raise) {
            // Of IPv4 and IPv6 there are two native rules, which are one in neutral words.
            if !group.rules.contains(&rule) {
                group.rules.push(rule);
            }
        }
        group
    }
}

/// The rule in neutral words; `None` if there are none for it.
fn raise(rule: SecurityGroupRule) -> Option<model::Rule> {
    if rule.remote_group_id.is_some() || rule.remote_address_group_id.is_some() {
        return None;
    }
    let mut raised = match rule.direction {
        Direction::Ingress => model::Rule::ingress(),
        Direction::Egress => model::Rule::egress(),
        _ => return None,
    };
    raised.protocol = rule.protocol.map(|protocol| protocol.as_str().into());
    raised.ports = rule.port_range_min.zip(rule.port_range_max).map(|(first, last)| first..=last);
    raised.remote = rule.remote_ip_prefix.and_then(|range| range.parse().ok());
    Some(raised)
}

/// The native rules of a neutral one: one for each version of IP that it concerns.
fn lower(group: &Id<SecurityGroup>, rule: &model::Rule) -> Vec<NewSecurityGroupRule> {
    let versions = match rule.remote.map(|remote| remote.address()) {
        Some(IpAddr::V4(_)) => vec![EtherType::Ipv4],
        Some(IpAddr::V6(_)) => vec![EtherType::Ipv6],
        None => vec![EtherType::Ipv4, EtherType::Ipv6],
    };
    let direction = match rule.direction {
        model::Direction::Ingress => Direction::Ingress,
        model::Direction::Egress => Direction::Egress,
    };
    let native = |version: EtherType| {
        let mut native = NewSecurityGroupRule::new(group, direction.clone());
        native.protocol = rule.protocol.as_ref().map(|protocol| match protocol.as_str() {
            "icmp" if version == EtherType::Ipv6 => Protocol::Icmpv6,
            name => Protocol::from(name),
        });
        native.ethertype = Some(version);
        native.port_range_min = rule.ports.as_ref().map(|ports| *ports.start());
        native.port_range_max = rule.ports.as_ref().map(|ports| *ports.end());
        native.remote_ip_prefix = rule.remote.map(|remote| remote.to_string());
        native
    };
    versions.into_iter().map(native).collect()
}

impl Makes<model::SecurityGroup> for SecurityGroup {
    async fn make(api: &Api<Self>, spec: model::SecurityGroupSpec) -> Result<Self> {
        let group = api.create(NewSecurityGroup::new(spec.name)).await?;
        let rules = Api::<SecurityGroupRule>::new(api.dialect().clone());
        let make_rules = async {
            for rule in spec.rules.iter().flat_map(|rule| lower(&group.id, rule)) {
                rules.create(rule).await?;
            }
            api.get(&group.id).await
        };
        match make_rules.await {
            Ok(group) => Ok(group),
            Err(error) => {
                super::undo(api.delete(&group.id).await, &group.id);
                Err(error)
            }
        }
    }
}

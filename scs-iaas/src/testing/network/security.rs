//! Security groups and their rules.

use std::borrow::Cow;

use scs_core::{
    Resource, Route,
    testing::{Answered, Call, Collection, FakeService, Script, State},
};
use serde_json::{Value, json};

use super::{PORTS, admit, project, referred, required, revise, stamp, text};
use crate::network::{SecurityGroup, SecurityGroupRule};

pub(in crate::testing) const GROUPS: Route = SecurityGroup::ROUTE;
pub(super) const RULES: Route = SecurityGroupRule::ROUTE;

pub(super) fn serve(service: FakeService) -> FakeService {
    service.collection(groups()).collection(rules())
}

fn groups() -> Collection {
    Collection::new(GROUPS)
        .noun("SecurityGroup")
        .defaults(json!({
            "name": "", "stateful": true, "description": "", "shared": false, "tags": [],
        }))
        .on_create(|call, new| {
            admit(call, new, "security_group")?;
            let owner = project(call);
            default_group(call.state, &owner);
            let id = text(new, "id").to_owned();
            for version in ["IPv6", "IPv4"] {
                let rule = json!({"direction": "egress", "ethertype": version});
                add_rule(call.state, &id, &owner, rule);
            }
            Ok(Script::new())
        })
        .on_update(|_, _, after| {
            revise(after);
            Ok(())
        })
        .shown(|call, group| {
            let mut shown = group.clone();
            let rules = call.state.list(&RULES);
            let rules = rules.filter(|(_, rule)| rule["security_group_id"] == group["id"]);
            shown["security_group_rules"] = rules.map(|(_, rule)| rule.clone()).collect();
            Cow::Owned(shown)
        })
        .on_delete(|call, group| {
            let id = text(group, "id");
            if group["name"] == "default" {
                let message = "Insufficient rights for removing default security group.";
                return Err(call.failure(409, "SecurityGroupCannotRemoveDefault", message));
            }
            let uses = |port: &Value| {
                let groups = port["security_groups"].as_array();
                groups.is_some_and(|groups| groups.iter().any(|group| group == id))
            };
            if call.state.list(&PORTS).any(|(_, port)| uses(port)) {
                let message = format!("Security Group {id} in use.");
                return Err(call.failure(409, "SecurityGroupInUse", &message));
            }
            call.state.remove_all(&RULES, |_, rule| {
                rule["security_group_id"] == id || rule["remote_group_id"] == id
            });
            Ok(Script::new())
        })
}

fn rule_defaults() -> Value {
    json!({
        "ethertype": "IPv4", "protocol": null, "port_range_min": null, "port_range_max": null,
        "remote_ip_prefix": null, "remote_address_group_id": null, "normalized_cidr": null,
        "remote_group_id": null, "belongs_to_default_sg": false, "description": "",
    })
}

fn rules() -> Collection {
    Collection::new(RULES).noun("SecurityGroupRule").defaults(rule_defaults()).on_create(
        |call, new| {
            required(call, new, "security_group_id")?;
            referred(call, &GROUPS, "SecurityGroup", &new["security_group_id"])?;
            refuse_twin(call, new)?;
            admit(call, new, "security_group_rule")?;
            new["normalized_cidr"] = new["remote_ip_prefix"].clone();
            Ok(Script::new())
        },
    )
}

fn refuse_twin(call: &Call<'_>, new: &Value) -> Answered<()> {
    const SAME: [&str; 8] = [
        "security_group_id",
        "direction",
        "ethertype",
        "protocol",
        "port_range_min",
        "port_range_max",
        "remote_ip_prefix",
        "remote_group_id",
    ];
    let same = |rule: &Value| SAME.iter().all(|name| rule[*name] == new[*name]);
    match call.state.list(&RULES).find(|(_, rule)| same(rule)) {
        None => Ok(()),
        Some((id, _)) => {
            let message = format!("Security group rule already exists. Rule id is {id}.");
            Err(call.failure(409, "SecurityGroupRuleExists", &message))
        }
    }
}

fn add_rule(state: &mut State, group: &str, project: &str, members: Value) {
    let id = state.mint();
    let mut rule = rule_defaults();
    rule["security_group_id"] = group.into();
    rule["id"] = id.as_str().into();
    stamp(&mut rule, project);
    state.insert(&RULES, &id, rule);
    state.merge(&RULES, &id, members);
}

/// The id of the security group `default` of a project, which is made when it is first needed.
pub(in crate::testing) fn default_group(state: &mut State, project: &str) -> String {
    let mut groups = state.list(&GROUPS);
    let found = groups.find(|(_, g)| g["name"] == "default" && g["project_id"] == project);
    if let Some((id, _)) = found {
        return id.to_owned();
    }
    drop(groups);
    let id = state.mint();
    let mut group = json!({
        "id": id, "name": "default", "stateful": true, "description": "Default security group",
        "shared": false, "tags": [],
    });
    stamp(&mut group, project);
    state.insert(&GROUPS, &id, group);
    for version in ["IPv6", "IPv4"] {
        for (direction, remote) in [("ingress", json!(id)), ("egress", Value::Null)] {
            let members = json!({
                "direction": direction, "ethertype": version, "remote_group_id": remote,
                "belongs_to_default_sg": true,
            });
            add_rule(state, &id, project, members);
        }
    }
    id
}

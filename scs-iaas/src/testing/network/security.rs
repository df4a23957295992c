//! Security groups and their rules.

use std::borrow::Cow;

use scs_core::{
    Resource, Route,
    testing::{Answered, Call, Collection, FakeService, Script, State},
};
use serde_json::{Value, json};

use super::{PORTS, admit, is_admin, project, referred, required, revise, stamp, tag, text};
use crate::network::{DefaultSecurityGroupRule, SecurityGroup, SecurityGroupRule};

pub(in crate::testing) const GROUPS: Route = SecurityGroup::ROUTE;
pub(super) const RULES: Route = SecurityGroupRule::ROUTE;

const DEFAULTS: Route = DefaultSecurityGroupRule::ROUTE;

pub(super) fn serve(service: FakeService) -> FakeService {
    service.collection(tag::filters(groups())).collection(rules()).collection(default_rules())
}

/// The rules that new groups get are those that every Neutron begins with.
pub(super) fn seed(state: &mut State) {
    for version in ["IPv6", "IPv4"] {
        for (direction, remote, others) in
            [("ingress", json!("PARENT"), false), ("egress", Value::Null, true)]
        {
            let id = state.mint();
            let mut rule = default_rule_defaults();
            for (name, value) in [
                ("id", json!(id)),
                ("description", format!("Legacy default SG rule for {direction} traffic").into()),
                ("direction", direction.into()),
                ("ethertype", version.into()),
                ("remote_group_id", remote),
                ("used_in_default_sg", true.into()),
                ("used_in_non_default_sg", others.into()),
            ] {
                rule[name] = value;
            }
            state.insert(&DEFAULTS, &id, rule);
        }
    }
}

fn default_rule_defaults() -> Value {
    json!({
        "ethertype": "IPv4", "protocol": null, "port_range_min": null, "port_range_max": null,
        "remote_ip_prefix": null, "remote_address_group_id": null, "remote_group_id": null,
        "description": "",
    })
}

fn default_rules() -> Collection {
    Collection::new(DEFAULTS)
        .noun("SecurityGroupDefaultRule")
        .defaults(default_rule_defaults())
        .on_create(|call, new| {
            admins_only(call, "create_default_security_group_rule")?;
            for member in ["used_in_default_sg", "used_in_non_default_sg"] {
                required(call, new, member)?;
            }
            Ok(Script::new())
        })
        .on_delete(|call, _| {
            admins_only(call, "delete_default_security_group_rule")?;
            Ok(Script::new())
        })
}

fn admins_only(call: &Call<'_>, action: &str) -> Answered<()> {
    if is_admin(&call.caller) {
        return Ok(());
    }
    let message = format!("(rule:{action}) is disallowed by policy");
    Err(call.failure(403, "PolicyNotAuthorized", &message))
}

/// Gives a group the rules that groups of its sort begin with.
fn add_default_rules(state: &mut State, group: &str, project: &str, is_default: bool) {
    let sort = if is_default { "used_in_default_sg" } else { "used_in_non_default_sg" };
    let rules: Vec<_> = state.list(&DEFAULTS).map(|(_, rule)| rule.clone()).collect();
    for mut rule in rules.into_iter().filter(|rule| rule[sort] == true) {
        if rule["remote_group_id"] == "PARENT" {
            rule["remote_group_id"] = group.into();
        }
        let mut members = json!({
            "normalized_cidr": rule["remote_ip_prefix"], "belongs_to_default_sg": is_default,
        });
        for name in SAME.iter().filter(|name| **name != "security_group_id") {
            members[*name] = rule[*name].take();
        }
        add_rule(state, group, project, members);
    }
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
            add_default_rules(call.state, &id, &owner, false);
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

/// What a rule says; of two that say the same in a group, the second is refused.
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

fn refuse_twin(call: &Call<'_>, new: &Value) -> Answered<()> {
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
    add_default_rules(state, &id, project, true);
    id
}

//! SCS-0115: the rules that new security groups begin with.
//!
//! No new group lets anything in, except that the `default` group of a project should let in
//! what comes from itself: a rule with the remote group `PARENT` that only the `default` group
//! gets. Every new group should let everything out, by IPv4 and by IPv6.
//!
//! Where [`Mode::Reference`] differs from the text: what should be let out must be, and a rule
//! that names all addresses (`0.0.0.0/0`, `::/0`) does not do it; a rule that no group gets is
//! judged as well.
//!
//! Decisions: everything is let out if for either sort of group there is a rule without
//! protocol, ports and other side. A cloud that does not show its default rules (OpenStack before
//! 2023.2) is judged by the rules of a group that has just been made: [`check_new_group`].
//!
//! [Text](https://docs.scs.community/standards/scs-0115-v1-default-rules-for-security-groups)

use scs_core::{
    Id,
    standards::{Finding, Mode, Severity, Target, TestResult},
};

use crate::network::{DefaultSecurityGroupRule, Direction, EtherType, Protocol, SecurityGroupRule};

pub(super) const TESTCASE: &str = "scs-0115-default-rules";

/// What the check needs to know of a rule.
struct Rule<'a> {
    direction: &'a Direction,
    ethertype: Option<&'a EtherType>,
    protocol: Option<&'a Protocol>,
    has_ports: bool,
    prefix: Option<&'a str>,
    group: Option<&'a str>,
    has_address_group: bool,
    /// Whether a project's `default` group gets it.
    in_default: bool,
    /// Whether other groups get it.
    in_others: bool,
}

impl<'a> From<&'a DefaultSecurityGroupRule> for Rule<'a> {
    fn from(rule: &'a DefaultSecurityGroupRule) -> Self {
        Self {
            direction: &rule.direction,
            ethertype: rule.ethertype.as_ref(),
            protocol: rule.protocol.as_ref(),
            has_ports: rule.port_range_min.is_some() || rule.port_range_max.is_some(),
            prefix: rule.remote_ip_prefix.as_deref(),
            group: rule.remote_group_id.as_deref(),
            has_address_group: false,
            in_default: rule.used_in_default_sg,
            in_others: rule.used_in_non_default_sg,
        }
    }
}

impl<'a> From<&'a SecurityGroupRule> for Rule<'a> {
    fn from(rule: &'a SecurityGroupRule) -> Self {
        Self {
            direction: &rule.direction,
            ethertype: rule.ethertype.as_ref(),
            protocol: rule.protocol.as_ref(),
            has_ports: rule.port_range_min.is_some() || rule.port_range_max.is_some(),
            prefix: rule.remote_ip_prefix.as_deref(),
            group: rule.remote_group_id.as_ref().map(Id::as_str),
            has_address_group: rule.remote_address_group_id.is_some(),
            in_default: false,
            in_others: true,
        }
    }
}

/// Checks the default rules of a cloud.
pub fn check(rules: &[DefaultSecurityGroupRule], mode: Mode) -> TestResult {
    let rules: Vec<_> = rules.iter().map(Rule::from).collect();
    let mut findings = incoming(&rules, mode);
    if !rules.iter().any(|rule| rule.lets_in_its_own() && rule.in_default) {
        findings.push(Finding::advice(
            "default groups",
            "do not let in what comes from themselves; add an ingress rule with the remote group \
             PARENT that only they get",
        ));
    }
    let of_default: Vec<_> = rules.iter().filter(|rule| rule.in_default).collect();
    findings.extend(outgoing("default groups", &of_default, mode));
    let of_others: Vec<_> = rules.iter().filter(|rule| rule.in_others).collect();
    findings.extend(outgoing("other groups", &of_others, mode));
    TestResult::new(TESTCASE, Target::Main, mode, findings)
}

/// Checks the rules of a group that has just been made and is not a project's `default` one.
pub fn check_new_group(rules: &[SecurityGroupRule], mode: Mode) -> TestResult {
    let rules: Vec<_> = rules.iter().map(Rule::from).collect();
    let mut findings = incoming(&rules, mode);
    findings.extend(outgoing("a new group", &rules.iter().collect::<Vec<_>>(), mode));
    TestResult::new(TESTCASE, Target::Main, mode, findings)
}

/// What is let in that should not be.
fn incoming(rules: &[Rule<'_>], mode: Mode) -> Vec<Finding> {
    let is_used = |rule: &&Rule<'_>| mode == Mode::Reference || rule.in_default || rule.in_others;
    let open = |rule: &Rule<'_>| {
        if *rule.direction != Direction::Ingress {
            return None;
        }
        let message = match (rule.lets_in_its_own(), rule.in_others) {
            (true, false) => return None,
            (true, true) => {
                "lets members of groups other than `default` reach each other; let only default \
                 groups have it (used_in_non_default_sg=false)"
            }
            (false, _) => "lets something in from outside of the group; remove it",
        };
        Some(Finding::violation(rule.in_words(), message))
    };
    rules.iter().filter(is_used).filter_map(open).collect()
}

/// What is not let out that should be.
fn outgoing(subject: &str, rules: &[&Rule<'_>], mode: Mode) -> Vec<Finding> {
    let missing = [EtherType::Ipv4, EtherType::Ipv6].into_iter().filter_map(|version| {
        let lets_out = |rule: &&&Rule<'_>| rule.lets_out_all(&version);
        if rules.iter().any(|rule| rule.lets_out_all(&version) && rule.prefix.is_none()) {
            return None;
        }
        let named = rules.iter().find(lets_out);
        let (severity, message) = match (named, mode) {
            (Some(_), Mode::Spec) => return None,
            (Some(rule), Mode::Reference) => (
                Severity::Violation,
                format!(
                    "let everything out by {version}, but name the prefix `{}`, which the \
                     official test takes for less; make a rule without it",
                    rule.prefix.unwrap_or_default()
                ),
            ),
            (None, mode) => (
                match mode {
                    Mode::Spec => Severity::Advice,
                    Mode::Reference => Severity::Violation,
                },
                format!(
                    "do not let everything out by {version}; add an egress rule for {version} \
                     without protocol, ports and other side"
                ),
            ),
        };
        Some(Finding::new(severity, subject, message))
    });
    missing.collect()
}

impl Rule<'_> {
    /// Whether what it lets in comes from the group that has the rule.
    fn lets_in_its_own(&self) -> bool {
        *self.direction == Direction::Ingress && self.group == Some("PARENT")
    }

    /// Whether all packets of this version of IP get out by it.
    fn lets_out_all(&self, version: &EtherType) -> bool {
        let everywhere = match version {
            EtherType::Ipv6 => "::/0",
            _ => "0.0.0.0/0",
        };
        *self.direction == Direction::Egress
            // What Neutron takes for what was not said when the rule was made.
            && self.ethertype.unwrap_or(&EtherType::Ipv4) == version
            && self.protocol.is_none_or(|protocol| protocol.as_str() == "any")
            && !self.has_ports
            && self.prefix.is_none_or(|prefix| prefix == everywhere)
            && self.group.is_none()
            && !self.has_address_group
    }

    fn in_words(&self) -> String {
        let version = self.ethertype.map_or("IP", EtherType::as_str);
        let protocol = self.protocol.map_or("all protocols", Protocol::as_str);
        let from = self.group.or(self.prefix).unwrap_or("anywhere");
        format!("{} rule ({version}, {protocol}, {from})", self.direction)
    }
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{Fail, Pass};
    use serde_json::{Value, json};

    use super::*;

    fn rule(change: Value) -> DefaultSecurityGroupRule {
        let mut rule = json!({
            "id": "r", "direction": "egress", "ethertype": "IPv4",
            "used_in_default_sg": true, "used_in_non_default_sg": true,
        });
        for (key, value) in change.as_object().unwrap() {
            rule[key] = value.clone();
        }
        serde_json::from_value(rule).unwrap()
    }

    fn out() -> [DefaultSecurityGroupRule; 2] {
        [rule(json!({})), rule(json!({"ethertype": "IPv6"}))]
    }

    #[test]
    fn what_is_let_in_is_judged() {
        let from_parent = json!({"direction": "ingress", "remote_group_id": "PARENT",
            "used_in_non_default_sg": false});
        for (change, spec, reference) in [
            (from_parent.clone(), Pass, Pass),
            (json!({"direction": "ingress", "remote_group_id": "PARENT"}), Fail, Fail),
            (json!({"direction": "ingress", "remote_group_id": "4f2a"}), Fail, Fail),
            (json!({"direction": "ingress"}), Fail, Fail),
            (
                json!({"direction": "ingress", "protocol": "tcp", "port_range_min": 22,
                "port_range_max": 22, "remote_ip_prefix": "192.0.2.0/24"}),
                Fail,
                Fail,
            ),
            (
                json!({"direction": "ingress", "used_in_default_sg": false,
                "used_in_non_default_sg": false}),
                Pass,
                Fail,
            ),
        ] {
            let mut rules = out().to_vec();
            rules.push(rule(change.clone()));
            assert_eq!(check(&rules, Mode::Spec).verdict, spec, "{change}");
            assert_eq!(check(&rules, Mode::Reference).verdict, reference, "{change}");
        }
        let mut rules = out().to_vec();
        assert_eq!(check(&rules, Mode::Reference).findings.len(), 1);
        rules.push(rule(from_parent));
        assert!(check(&rules, Mode::Reference).findings.is_empty());
    }

    #[test]
    fn what_is_let_out_is_judged() {
        let [v4, v6] = out();
        let everywhere = rule(json!({"remote_ip_prefix": "0.0.0.0/0"}));
        let tcp = rule(json!({"protocol": "tcp"}));
        let only_default = rule(json!({"used_in_non_default_sg": false}));
        let unsaid = rule(json!({"ethertype": null}));
        for (rules, reference) in [
            (vec![v4.clone(), v6.clone()], Pass),
            (vec![v4.clone()], Fail),
            (vec![v6.clone()], Fail),
            (vec![], Fail),
            (vec![everywhere.clone(), v6.clone()], Fail),
            (vec![everywhere, v4.clone(), v6.clone()], Pass),
            (vec![tcp, v6.clone()], Fail),
            (vec![only_default, v6.clone()], Fail),
            (vec![unsaid.clone(), v6.clone()], Pass),
            (vec![unsaid], Fail),
        ] {
            assert_eq!(check(&rules, Mode::Reference).verdict, reference, "{rules:?}");
            assert_eq!(check(&rules, Mode::Spec).verdict, Pass, "{rules:?}");
        }
    }

    #[test]
    fn a_new_group_tells_as_well() {
        let rule = |direction: &str, version: &str| -> SecurityGroupRule {
            serde_json::from_value(json!({"id": "r", "security_group_id": "g", "project_id": "p",
                "direction": direction, "ethertype": version, "remote_group_id": null}))
            .unwrap()
        };
        let mut rules = vec![rule("egress", "IPv4"), rule("egress", "IPv6")];
        assert_eq!(check_new_group(&rules, Mode::Reference).verdict, Pass);
        rules.push(rule("ingress", "IPv4"));
        assert_eq!(check_new_group(&rules, Mode::Spec).verdict, Fail);
        assert_eq!(check_new_group(&rules[1..2], Mode::Reference).verdict, Fail);
    }

    #[test]
    fn findings_name_the_rule() {
        let ssh = rule(json!({"direction": "ingress", "protocol": "tcp"}));
        let findings = check(&[ssh], Mode::Reference).findings;
        assert_eq!(
            findings[0].to_string(),
            "ingress rule (IPv4, tcp, anywhere): lets something in from outside of the group; \
             remove it"
        );
    }
}

//! SCS-0214: where nodes are.
//!
//! Nodes tell their zone and their region by labels. The control plane lies on several physical
//! machines, which no label tells any more, so people look at it; that it lies in several zones
//! is recommended. A control plane that the provider runs elsewhere has no nodes to look at.
//!
//! [Text](https://docs.scs.community/standards/scs-0214-v2-k8s-node-distribution)

use std::collections::BTreeMap;

use scs_core::standards::{Finding, Mode, Target, TestResult};

use crate::Node;

const ZONE: &str = "topology.kubernetes.io/zone";
const REGION: &str = "topology.kubernetes.io/region";
const CONTROL_PLANE: [&str; 2] =
    ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/// How many nodes of a cluster lie in each zone; those that tell none under the empty name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spread {
    /// Nodes of the control plane.
    pub control_plane: BTreeMap<String, usize>,
    /// The other nodes.
    pub workers: BTreeMap<String, usize>,
}

impl Spread {
    /// Counts nodes.
    pub fn of(nodes: &[Node]) -> Self {
        let mut spread = Self::default();
        for node in nodes {
            let zone = node.metadata.labels.get(ZONE).cloned().unwrap_or_default();
            let part = if is_control_plane(node) {
                &mut spread.control_plane
            } else {
                &mut spread.workers
            };
            *part.entry(zone).or_default() += 1;
        }
        spread
    }
}

fn is_control_plane(node: &Node) -> bool {
    CONTROL_PLANE.iter().any(|label| node.metadata.labels.contains_key(*label))
}

/// Checks the labels of the nodes of a cluster.
///
/// A cluster whose nodes are labelled is undecided if its control plane has nodes: whether they
/// are on several machines cannot be seen.
pub fn check(nodes: &[Node], mode: Mode) -> TestResult {
    let mut findings = Vec::new();
    for node in nodes {
        for label in [ZONE, REGION] {
            if node.metadata.labels.get(label).is_none_or(String::is_empty) {
                findings.push(Finding::violation(
                    format!("node `{}`", node.metadata.name),
                    format!("has no label {label}; let the cloud controller manager set it"),
                ));
            }
        }
    }
    const SUBJECT: &str = "control plane";
    let zones = Spread::of(nodes).control_plane;
    match zones.values().sum::<usize>() {
        0 => {}
        1 => findings.push(Finding::violation(
            SUBJECT,
            "is a single node; run three on several physical machines",
        )),
        count => {
            if zones.len() == 1 {
                findings.push(Finding::advice(SUBJECT, "lies in one zone; spread it over several"));
            }
            findings.push(Finding::undecided(
                SUBJECT,
                format!("has {count} nodes; show that they are on several physical machines"),
            ));
        }
    }
    if nodes.is_empty() {
        findings.push(Finding::undecided("nodes", "none are seen"));
    }
    TestResult::new("node-distribution-check", Target::Preview, mode, findings)
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{Abort, Fail, Pass};

    use super::*;

    fn node(name: &str, zone: &str, control: bool) -> Node {
        let mut labels = serde_json::json!({ZONE: zone, REGION: "one"});
        if control {
            labels[CONTROL_PLANE[0]] = "".into();
        }
        serde_json::from_value(serde_json::json!({"metadata": {"name": name, "labels": labels}}))
            .unwrap()
    }

    #[test]
    fn labels_tell_where_nodes_are() {
        let control = |zone| node("c", zone, true);
        for (nodes, verdict, findings) in [
            (vec![node("w", "a", false)], Pass, 0),
            (vec![node("w", "", false)], Fail, 1),
            (vec![control("a")], Fail, 1),
            (vec![control("a"), control("b"), control("c")], Abort, 1),
            (vec![control("a"), control("a"), control("a")], Abort, 2),
            (vec![], Abort, 1),
        ] {
            let result = check(&nodes, Mode::Spec);
            assert_eq!((result.verdict, result.findings.len()), (verdict, findings), "{result:?}");
        }
        let spread = Spread::of(&[control("a"), node("w", "a", false), node("w", "b", false)]);
        assert_eq!((spread.control_plane["a"], spread.workers.len()), (1, 2));
    }
}

//! SCS-compatible KaaS.

use jiff::civil::date;

use super::{Group, Lifetime, Scope};
use crate::standards::Target::{Main, Preview};

pub(super) fn scope() -> Scope {
    let mut scope = Scope::shipped(
        "1fffebe6-fd4b-44d3-a36c-fc58b4bb0180",
        "SCS-compatible KaaS",
        "scs-compatible-kaas.yaml",
    );
    let conformance = "The cluster passes the conformance tests of Kubernetes";
    scope.add_module(
        "scs-0201-v1",
        "CNCF conformance",
        "scs-0201-v1-cncf-conformance",
        &[Group {
            lifetime: Lifetime::Year,
            section: Some("heavy"),
            ..Group::new(Main, "", "cncf-k8s-conformance", conformance)
        }],
    );
    let recent = "The version of Kubernetes is supported and has all urgent fixes";
    scope.add_module(
        "scs-0210-v2",
        "Kubernetes version policy",
        "scs-0210-v2-k8s-version-policy",
        &[Group { section: Some("light"), ..Group::new(Main, "", "version-policy-check", recent) }],
    );
    let spread = "Nodes are spread over machines and zones, and say where they are";
    scope.add_module(
        "scs-0214-v2",
        "Kubernetes node distribution and availability",
        "scs-0214-v2-k8s-node-distribution",
        &[Group::new(Preview, "", "node-distribution-check", spread)],
    );
    let policies = "Network policies are enforced";
    scope.add_module(
        "scs-0219-v1",
        "KaaS networking",
        "scs-0219-v1-kaas-networking",
        &[Group {
            lifetime: Lifetime::Month,
            section: Some("heavy"),
            ..Group::new(Main, "", "kaas-networking-check", policies)
        }],
    );
    let v1 = "scs-0201-v1 scs-0210-v2 scs-0214-v2 scs-0219-v1";
    scope.add_version("v1", Some(date(2024, 11, 26)), v1);
    scope.add_period(date(2024, 2, 28), "v1:draft");
    scope.add_period(date(2024, 11, 26), "v1:effective");
    scope
}

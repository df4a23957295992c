//! SCS-0219: network policies, ingress, gateways.
//!
//! A cluster has to enforce network policies. That its API knows them is seen here; that they
//! are enforced is seen only by the end-to-end tests of Kubernetes, which the official test
//! runs. So without them the test case fails, and with them it is undecided. The policies of
//! administrators, a managed ingress with a default class, and in v2 the Gateway API are
//! recommended.
//!
//! [Text](https://docs.scs.community/standards/scs-0219-v1-kaas-networking)

use scs_core::{
    Result,
    standards::{Finding, Mode, Target, TestResult},
};
use serde::Deserialize;

use crate::{Kind, Kubernetes, Meta};

/// The API groups that the standard is about.
const GROUPS: [&str; 3] =
    ["networking.k8s.io", "policy.networking.k8s.io", "gateway.networking.k8s.io"];

/// The annotation that makes a class the default one.
const DEFAULT: &str = "ingressclass.kubernetes.io/is-default-class";

/// A kind of object that a cluster serves, as its discovery tells.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Served {
    /// The API group.
    pub group: String,
    /// The version of the group.
    pub version: String,
    /// The kind.
    pub kind: String,
}

impl Served {
    /// A kind of this group and version.
    pub fn new(
        group: impl Into<String>,
        version: impl Into<String>,
        kind: impl Into<String>,
    ) -> Self {
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// What this cluster serves in the groups that the standard is about.
    ///
    /// # Errors
    /// Those of the cluster.
    pub async fn by(kubernetes: &Kubernetes) -> Result<Vec<Self>> {
        let client = kubernetes.client();
        let groups = client.list_api_groups().await.map_err(|error| kubernetes.error(error))?;
        let mut served = Vec::new();
        for group in groups.groups.iter().filter(|group| GROUPS.contains(&&*group.name)) {
            for version in &group.versions {
                let list = client.list_api_group_resources(&version.group_version).await;
                let list = list.map_err(|error| kubernetes.error(error))?;
                let one = |kind| Self::new(&*group.name, &*version.version, kind);
                served.extend(list.resources.into_iter().map(|resource| one(resource.kind)));
            }
        }
        Ok(served)
    }
}

/// A class of ingresses.
///
/// [API reference](https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-class-v1/)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct IngressClass {
    /// The metadata.
    pub metadata: Meta,
}

impl Kind for IngressClass {
    const GROUP: &'static str = GROUPS[0];
    const VERSIONS: &'static [&'static str] = &["v1"];
    const KIND: &'static str = "IngressClass";
    const PLURAL: &'static str = "ingressclasses";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

/// Checks what a cluster serves.
pub fn check(served: &[Served], ingress_classes: &[IngressClass], mode: Mode) -> TestResult {
    let is_served = |group: &str, version: Option<&str>, kind: &str| {
        served.iter().any(|one| {
            one.group == group && one.kind == kind && version.is_none_or(|v| v == one.version)
        })
    };
    const POLICIES: &str = "network policies";
    let mut findings = vec![if is_served(GROUPS[0], Some("v1"), "NetworkPolicy") {
        Finding::undecided(
            POLICIES,
            "are known; whether they are enforced shows in the end-to-end tests (`NetworkPolicy`)",
        )
    } else {
        Finding::violation(POLICIES, "are not known; install a network plugin that enforces them")
    }];
    for (group, kinds) in [
        (GROUPS[1], &["AdminNetworkPolicy", "BaselineAdminNetworkPolicy"][..]),
        (GROUPS[2], &["GatewayClass", "Gateway", "HTTPRoute"]),
    ] {
        let missing: Vec<_> =
            kinds.iter().copied().filter(|kind| !is_served(group, None, kind)).collect();
        if !missing.is_empty() {
            let message = format!("does not serve {}, which is recommended", missing.join(", "));
            findings.push(Finding::advice(group, message));
        }
    }
    let is_default = |class: &&IngressClass| {
        class.metadata.annotations.get(DEFAULT).is_some_and(|value| value == "true")
    };
    match ingress_classes.iter().filter(is_default).count() {
        1 => {}
        0 => findings.push(Finding::advice(
            "ingress",
            format!("has no default class; offer a managed one, annotated by {DEFAULT}=true"),
        )),
        count => findings.push(Finding::advice("ingress", format!("has {count} default classes"))),
    }
    TestResult::new("kaas-networking-check", Target::Main, mode, findings)
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{Abort, Fail};

    use super::*;

    #[test]
    fn what_is_served_is_looked_at() {
        let policy = |version| Served::new("networking.k8s.io", version, "NetworkPolicy");
        let class: IngressClass = serde_json::from_value(serde_json::json!(
            {"metadata": {"name": "nginx", "annotations": {DEFAULT: "true"}}}
        ))
        .unwrap();
        let all = [
            policy("v1"),
            Served::new("policy.networking.k8s.io", "v1alpha1", "AdminNetworkPolicy"),
            Served::new("policy.networking.k8s.io", "v1alpha1", "BaselineAdminNetworkPolicy"),
            Served::new("gateway.networking.k8s.io", "v1", "GatewayClass"),
            Served::new("gateway.networking.k8s.io", "v1", "Gateway"),
            Served::new("gateway.networking.k8s.io", "v1", "HTTPRoute"),
        ];
        let of = |served: &[Served], classes: &[IngressClass]| {
            let result = check(served, classes, Mode::Spec);
            (result.verdict, result.findings.len())
        };
        assert_eq!(of(&all, std::slice::from_ref(&class)), (Abort, 1));
        assert_eq!(of(&all, &[class.clone(), class]), (Abort, 2));
        assert_eq!(of(&all[..1], &[]), (Abort, 4));
        assert_eq!(of(&[policy("v1beta1")], &[]), (Fail, 4));
    }
}

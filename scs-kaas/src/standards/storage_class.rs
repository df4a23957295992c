//! SCS-0211: the default storage class.
//!
//! A cluster has exactly one default storage class, and its volumes are made on demand,
//! writable by one node, and bound to none. The last two show only when a volume is used; a
//! class whose volumes are known to lie on a node is told all the same. No scope names the test
//! case.
//!
//! [Text](https://docs.scs.community/standards/scs-0211-v2-kaas-default-storage-class)

use scs_core::standards::{Finding, Mode, Target, TestResult};
use serde::Deserialize;

use crate::{Kind, Meta};

/// The annotation that makes a class the default one.
const DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";

/// Provisioners whose volumes lie on one node.
const OF_ONE_NODE: [&str; 4] =
    ["docker.io/hostpath", "openebs.io/local", "rancher.io/local-path", "topolvm.io"];

/// A class of volumes.
///
/// [API reference](https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/storage-class-v1/)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct StorageClass {
    /// The metadata.
    pub metadata: Meta,
    /// What makes the volumes.
    #[serde(default)]
    pub provisioner: String,
}

impl StorageClass {
    /// Whether volumes are of this class if nothing is said.
    pub fn is_default(&self) -> bool {
        self.metadata.annotations.get(DEFAULT).is_some_and(|value| value == "true")
    }
}

impl Kind for StorageClass {
    const GROUP: &'static str = "storage.k8s.io";
    const VERSIONS: &'static [&'static str] = &["v1"];
    const KIND: &'static str = "StorageClass";
    const PLURAL: &'static str = "storageclasses";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

/// Checks the storage classes of a cluster.
pub fn check(classes: &[StorageClass], mode: Mode) -> TestResult {
    let defaults: Vec<_> = classes.iter().filter(|class| class.is_default()).collect();
    let finding = match defaults[..] {
        [] => Some(Finding::violation(
            "storage classes",
            format!("none is the default; annotate one by {DEFAULT}=true"),
        )),
        [class] => unfit(class),
        _ => {
            let names: Vec<_> = defaults.iter().map(|class| &*class.metadata.name).collect();
            Some(Finding::violation(
                "storage classes",
                format!("{} are the default; take {DEFAULT} off all but one", names.join(", ")),
            ))
        }
    };
    let findings = finding.into_iter().collect();
    TestResult::new("scs-0211-default-storage-class", Target::Preview, mode, findings)
}

fn unfit(class: &StorageClass) -> Option<Finding> {
    let message = match &*class.provisioner {
        "kubernetes.io/no-provisioner" => "makes no volumes; make another class the default",
        name if OF_ONE_NODE.contains(&name) => {
            "makes volumes that lie on one node; make another class the default"
        }
        _ => return None,
    };
    Some(Finding::violation(format!("storage class `{}`", class.metadata.name), message))
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{Fail, Pass};

    use super::*;

    #[test]
    fn one_class_is_the_default() {
        let class = |name: &str, default: &str, provisioner: &str| -> StorageClass {
            serde_json::from_value(serde_json::json!({
                "metadata": {"name": name, "annotations": {DEFAULT: default}},
                "provisioner": provisioner,
            }))
            .unwrap()
        };
        let cinder = class("cinder", "true", "cinder.csi.openstack.org");
        let other = class("other", "false", "cinder.csi.openstack.org");
        for (classes, verdict) in [
            (vec![cinder.clone(), other.clone()], Pass),
            (vec![cinder.clone(), cinder], Fail),
            (vec![other], Fail),
            (vec![], Fail),
            (vec![class("none", "true", "kubernetes.io/no-provisioner")], Fail),
            (vec![class("local", "true", "rancher.io/local-path")], Fail),
        ] {
            assert_eq!(check(&classes, Mode::Spec).verdict, verdict, "{classes:?}");
        }
    }
}

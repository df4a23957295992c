//! What holds the workspace together, and what keeps its parts apart.

use std::{path::Path, process::Command};

use scs_cloud::{
    Cloud,
    iaas::{OpenStack, compute::ServerQuery},
    iam::{Keycloak, Oidc},
    kaas::{ClusterApi, Gardener, Kubernetes},
};

/// The crates that `package` needs with its default features, itself among them.
fn crates_of(package: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(["--no-dedupe", "--format", "{p}", "--package", package])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let mut crates: Vec<String> = String::from_utf8(tree.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some(format!("{} {}", words.next()?, words.next()?))
        })
        .collect();
    crates.sort();
    crates.dedup();
    crates
}

#[test]
fn the_layers_do_not_know_each_other() {
    const LAYERS: [&str; 3] = ["scs-iaas", "scs-kaas", "scs-iam"];
    for layer in LAYERS {
        let crates = crates_of(layer);
        let is = |name: &str| crates.iter().any(|one| one.split(' ').next() == Some(name));
        assert!(is("scs-core"), "{layer}");
        for other in LAYERS {
            assert_eq!(is(other), other == layer, "{layer} and {other}");
        }
    }
    let core = crates_of("scs-core");
    assert!(!core.iter().any(|one| LAYERS.iter().any(|layer| one.starts_with(layer))), "{core:?}");
}

#[test]
fn openstack_alone_stays_light() {
    let crates = crates_of("scs-iaas");
    assert!(crates.len() <= 120, "{} crates: {crates:#?}", crates.len());
    for heavy in ["kube", "k8s-openapi", "oauth2"] {
        assert!(!crates.iter().any(|one| one.starts_with(heavy)), "{heavy}");
    }
}

/// What programs keep, share and send to other tasks: that it compiles is the test.
#[test]
fn clients_and_lists_go_from_task_to_task() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<OpenStack>();
    shared::<Keycloak>();
    shared::<Oidc>();
    shared::<Kubernetes>();
    shared::<ClusterApi>();
    shared::<Gardener>();
    shared::<Cloud>();
    fn sent<T: Send + 'static>(_: T) {}
    let _ = |cloud: &OpenStack| sent(cloud.servers().list(ServerQuery::new()));
    let _ = |cloud: OpenStack| sent(async move { cloud.flavors().find("tiny").await });
}

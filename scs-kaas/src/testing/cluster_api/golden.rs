//! The fake has no member that Cluster API has not, and says the same words where it matters:
//! compared with objects of the Kubernetes lab (Cluster API 1.14.0).

use std::collections::BTreeSet;

use scs_core::{
    Store,
    model::{ClusterSpec, NodePoolSpec},
    testing::When,
};
use serde_json::Value;

use super::beta1;
use crate::testing::{FakeKubernetes, Resource};

/// An object of the lab, in v1beta2 and in v1beta1.
macro_rules! sample {
    ($name:literal) => {
        [
            include_str!(concat!("../../cluster_api/samples/", $name, ".v1beta2.json")),
            include_str!(concat!("../../cluster_api/samples/", $name, ".v1beta1.json")),
        ]
        .map(|text| serde_json::from_str::<Value>(text).unwrap())
    };
}

/// The paths of all members; of items that have a type, it is part of the path.
fn paths(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = format!("{at}/{name}");
                paths(member, &path, found);
                found.insert(path);
            }
        }
        Value::Array(items) => {
            for item in items {
                let path = format!("{at}/{}", item["type"].as_str().unwrap_or("*"));
                paths(item, &path, found);
                found.insert(path);
            }
        }
        _ => {}
    }
}

fn all(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    paths(value, "", &mut found);
    found
}

/// The objects of a kind in a cluster that is ready, in v1beta2.
async fn ready(kind: Resource) -> Vec<Value> {
    let fake = FakeKubernetes::start().await;
    fake.pace(When::Reads(0));
    let order = ClusterSpec::new("shop", "inmemory-scs2-1-34-v1", "1.34.1");
    let order = order.pool(NodePoolSpec::new("workers", 1));
    fake.cluster_api().await.unwrap().create(order).await.unwrap();
    fake.objects(|objects| objects.list(&kind, "lab").into_iter().cloned().collect())
}

/// Compares each of them with a sample. Answers with the members of the sample's status that
/// the fake does not have.
async fn compare(kind: Resource, samples: [Value; 2]) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    let is_worker = |it: &Value| it["metadata"]["labels"].get("machine-template-hash").is_some();
    let alike = |it: &Value| is_worker(it) == is_worker(&samples[0]);
    for new in ready(kind).await.into_iter().filter(alike) {
        let old = beta1::show(&kind, &new);
        for (fake, real) in [new, old].iter().zip(&samples) {
            let (fake, real) = (all(fake), all(real));
            let added: Vec<_> = fake.difference(&real).collect();
            assert!(added.is_empty(), "{}: {added:#?}", kind.name);
            let status = real.difference(&fake).filter(|path| path.starts_with("/status/"));
            missing.extend(status.cloned());
        }
    }
    missing
}

#[tokio::test]
async fn clusters() {
    assert!(compare(Resource::CLUSTER, sample!("cluster-ready")).await.is_empty());
    let [sample, _] = sample!("cluster-ready");
    let words = |cluster: &Value| -> Vec<(Value, Value, Value)> {
        let conditions = cluster["status"]["conditions"].as_array().unwrap().iter();
        let words = |it: &Value| (it["type"].clone(), it["status"].clone(), it["reason"].clone());
        conditions.map(words).collect()
    };
    assert_eq!(words(&ready(Resource::CLUSTER).await[0]), words(&sample));
}

#[tokio::test]
async fn pools() {
    let missing = compare(Resource::MACHINE_DEPLOYMENT, sample!("machine-deployment")).await;
    assert!(missing.is_empty(), "{missing:#?}");
    let missing = compare(Resource::CONTROL_PLANE, sample!("control-plane")).await;
    assert!(missing.iter().all(|path| path.contains("/conditions/")), "{missing:#?}");
}

#[tokio::test]
async fn machines() {
    let missing = compare(Resource::MACHINE, sample!("machine")).await;
    let known = |path: &&String| path.contains("/conditions/") || path.ends_with("ExpiryDate");
    assert!(missing.iter().all(|path| known(&path)), "{missing:#?}");
}

#[tokio::test]
async fn classes() {
    compare(Resource::CLUSTER_CLASS, sample!("cluster-class")).await;
}

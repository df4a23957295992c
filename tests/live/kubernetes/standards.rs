//! The standards of SCS on the lab's own API server, whose nodes exist on paper only.

use scs_cloud::{
    core::standards::{
        Plan, Results, Target, TestResult,
        Verdict::{self, Abort, Fail, Missing, Pass},
        check,
        scope::Scope,
    },
    kaas::{
        Kubernetes,
        standards::{
            conformance::{self, Inputs},
            end_to_end,
            storage_class::StorageClass,
            version_policy::Upstream,
        },
    },
};
use serde_json::json;

use super::kubernetes;
use crate::lab::{self, Cleanup};

const CLASS: &str = "scs-0211-default-storage-class";

async fn examine(cluster: &Kubernetes, known: &Inputs, plan: &Plan) -> Vec<TestResult> {
    let checks = conformance::checks(cluster, known.clone(), plan);
    let outcomes = check::run(checks, |progress| println!("{progress}")).await;
    outcomes.into_iter().flat_map(|outcome| outcome.results).collect()
}

fn verdict(results: &[TestResult], testcase: &str) -> Verdict {
    results.iter().find(|result| result.testcase == testcase).unwrap().verdict
}

#[tokio::test]
async fn the_scope_of_clusters() {
    let cluster = kubernetes("admin").await;
    let scope = Scope::kaas();
    let plan = Plan::of(&scope, "v1").unwrap().at("2026-08-22".parse().unwrap());

    // Without what a cluster does not tell.
    let results = examine(&cluster, &Inputs::default(), &plan).await;
    assert_eq!(verdict(&results, "version-policy-check"), Abort);
    assert_eq!(verdict(&results, "kaas-networking-check"), Abort);
    let mut known = Results::default();
    results.into_iter().for_each(|result| known.add(result, plan.now));
    let assessment = scope.assess("v1", plan.now, &known).unwrap();
    assert_eq!(assessment.verdict(Target::Main), Missing, "{assessment}");

    // With it: the release of the lab is new enough, or not.
    let release = cluster.client().apiserver_version().await.unwrap().git_version;
    let newer = release.rsplit_once('.').map(|(minor, _)| format!("{minor}.99")).unwrap();
    let upstream = |days: [&str; 2]| {
        let upstream = Upstream::new().release(&release, days[0].parse().unwrap()).unwrap();
        upstream.release(&newer, days[1].parse().unwrap()).unwrap()
    };
    let test = |name| json!({"name": name, "status": "passed"});
    let tests = [test("Pods [Conformance]"), test("NetworkPolicy denies")];
    let end_to_end: end_to_end::Results =
        serde_json::from_value(json!({"name": "e2e", "items": tests})).unwrap();
    for (days, expected) in
        [(["2026-07-01", "2026-08-20"], Pass), (["2026-05-01", "2026-06-01"], Fail)]
    {
        let known = Inputs { upstream: Some(upstream(days)), end_to_end: Some(end_to_end.clone()) };
        let results = examine(&cluster, &known, &plan).await;
        assert_eq!(verdict(&results, "version-policy-check"), expected, "{results:?}");
        assert_eq!(verdict(&results, "cncf-k8s-conformance"), Pass);
        assert_eq!(verdict(&results, "kaas-networking-check"), Pass);
    }
}

#[tokio::test]
async fn the_default_storage_class() {
    Cleanup::after(|cleanup| async move {
        let cluster = kubernetes("admin").await;
        let classes = cluster.objects::<StorageClass>();
        let plan = Plan::new([CLASS]);
        let now = async || verdict(&examine(&cluster, &Inputs::default(), &plan).await, CLASS);
        // A run that was killed may have left some.
        for left in classes.list().await.unwrap() {
            if left.metadata.name.starts_with("live-class-") {
                classes.delete(&left.metadata.name).await.unwrap();
            }
        }
        assert_eq!(now().await, Fail);
        for expected in [Pass, Fail] {
            let name = lab::name("class");
            cleanup.undo({
                let (classes, name) = (classes.clone(), name.clone());
                async move { classes.delete(&name).await }
            });
            let class = json!({
                "metadata": {
                    "name": name,
                    "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
                },
                "provisioner": "cinder.csi.openstack.org",
            });
            classes.create(class).await.unwrap();
            assert_eq!(now().await, expected);
        }
    })
    .await;
}

/// What the login must not see is not judged, and says why.
#[tokio::test]
async fn what_is_forbidden_is_not_judged() {
    let cluster = kubernetes("lab-user").await;
    let plan = Plan::new([CLASS, "scs-0217-kubelet"]);
    let results = examine(&cluster, &Inputs::default(), &plan).await;
    assert_eq!(results.len(), 2, "{results:?}");
    for result in results {
        assert_eq!(result.verdict, Abort);
        assert!(result.findings[0].message.contains("forbidden"), "{:?}", result.findings);
    }
    let hardened = Plan::new(["scs-0217-pod-security", "scs-0217-authorization"]);
    let admin = kubernetes("admin").await;
    let results = examine(&admin, &Inputs::default(), &hardened).await;
    assert_eq!(results.len(), 2, "{results:?}");
    for result in results {
        // Its namespaces have no labels, and its API server is no pod.
        assert_eq!(result.verdict, Abort);
    }
}

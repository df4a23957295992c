//! Whether a living cluster keeps the standards: the checks of this module's siblings, over
//! what its API answers.
//!
//! ```
//! use scs_core::standards::{Plan, Verdict, check};
//! use scs_kaas::standards::{conformance, version_policy::Upstream};
//! # use scs_kaas::testing::FakeKubernetes;
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! # let fake = FakeKubernetes::start().await;
//! # let kubernetes = fake.connect().await?;
//! let upstream = Upstream::new().release("1.36.4", "2026-05-12".parse()?)?;
//! let plan = Plan::new(["version-policy-check"]).at("2026-05-13".parse()?);
//! let inputs = conformance::Inputs { upstream: Some(upstream), end_to_end: None };
//! let outcomes = check::run(conformance::checks(&kubernetes, inputs, &plan), |_| {}).await;
//! assert_eq!(outcomes[0].results[0].verdict, Verdict::Pass);
//! # Ok::<(), scs_core::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing is changed in the cluster.

use futures_util::{FutureExt, future::BoxFuture};
use scs_core::{
    Error, ErrorKind, Result,
    standards::{Check, Finding, Mode, Plan, TestResult},
};

use super::{
    end_to_end,
    hardening::{self, Seen},
    networking::{self, IngressClass, Served},
    node_distribution,
    storage_class::{self, StorageClass},
    version_policy::{self, Upstream},
};
use crate::{Kubernetes, Node};

type Answer = Result<Vec<TestResult>>;

/// What the cluster itself does not tell.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Releases of Kubernetes, ends of life and holes. Without it the policy of versions cannot
    /// be judged.
    pub upstream: Option<Upstream>,
    /// What end-to-end tests have shown. Without it, conformance is not judged.
    pub end_to_end: Option<end_to_end::Results>,
}

/// The tests that there are for a plan. Nothing is asked before they run.
pub fn checks(kubernetes: &Kubernetes, inputs: Inputs, plan: &Plan) -> Vec<Check> {
    let Inputs { upstream, end_to_end } = inputs;
    let mut checks = Vec::new();
    let mut add = |name: &'static str, testcases: &[&str], run: BoxFuture<'static, Answer>| {
        let wanted: Vec<_> = testcases.iter().flat_map(|id| plan.starting_with(id)).collect();
        if !wanted.is_empty() {
            checks.push(Check::new(name, wanted, run));
        }
    };
    let cluster = || kubernetes.clone();
    let mode = plan.mode;
    add(
        "scs-0210-version-policy",
        &["version-policy-check"],
        versions(cluster(), upstream, plan.clone()).boxed(),
    );
    add("scs-0211-default-storage-class", &["scs-0211-"], storage(cluster(), mode).boxed());
    add("scs-0214-node-distribution", &["node-distribution-check"], nodes(cluster(), mode).boxed());
    add("scs-0217-cluster-hardening", &["scs-0217-"], hardened(cluster(), mode).boxed());
    match end_to_end {
        Some(results) => add(
            "sonobuoy",
            &["cncf-k8s-conformance", "kaas-networking-check"],
            async move { Ok(end_to_end::check(&results, mode).to_vec()) }.boxed(),
        ),
        None => add(
            "scs-0219-kaas-networking",
            &["kaas-networking-check"],
            networks(cluster(), mode).boxed(),
        ),
    }
    checks
}

async fn versions(cluster: Kubernetes, upstream: Option<Upstream>, plan: Plan) -> Answer {
    let release = cluster.client().apiserver_version().await;
    let version = release.map_err(|error| cluster.error(error))?.git_version;
    let upstream = upstream.ok_or_else(|| {
        let words = format!("which releases there are beside {version} was not given");
        Error::invalid(words).with_hint("give the list of releases that GitHub has of Kubernetes")
    })?;
    Ok(vec![version_policy::check(&version, &upstream, plan.mode, plan.now)])
}

async fn storage(cluster: Kubernetes, mode: Mode) -> Answer {
    let classes = cluster.objects::<StorageClass>().list().await?;
    Ok(vec![storage_class::check(&classes, mode)])
}

async fn nodes(cluster: Kubernetes, mode: Mode) -> Answer {
    let nodes = cluster.objects::<Node>().list().await?;
    Ok(vec![node_distribution::check(&nodes, mode)])
}

async fn hardened(cluster: Kubernetes, mode: Mode) -> Answer {
    Ok(hardening::check(&Seen::of(&cluster).await?, mode))
}

async fn networks(cluster: Kubernetes, mode: Mode) -> Answer {
    let served = Served::by(&cluster).await?;
    let classes = cluster.objects::<IngressClass>().list().await;
    let (classes, unseen) = match classes {
        Ok(classes) => (classes, None),
        // They matter for a recommendation only.
        Err(error) if matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::Unsupported) => {
            (Vec::new(), Some(error))
        }
        Err(error) => return Err(error),
    };
    let mut result = networking::check(&served, &classes, mode);
    let finding = |error| Finding::advice("ingress classes", format!("cannot be seen: {error}"));
    result.findings.extend(unseen.map(finding));
    Ok(vec![result])
}

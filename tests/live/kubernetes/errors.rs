use std::sync::Arc;

use async_trait::async_trait;
use scs_cloud::{
    core::auth::{Grant, StaticToken, TokenRequest, TokenSource},
    kaas::{ClusterApi, Kind, Kubernetes, Meta, Node},
    model::{self, ClusterSpec, Upgrade},
    prelude::*,
};
use serde_json::{Value, json};
use tokio::process::Command;

use super::{folder, kubernetes};
use crate::lab::{Cleanup, name};

const CLASS: &str = "inmemory-scs2-1-34-v1";

fn spec(name: &str) -> ClusterSpec {
    ClusterSpec::new(name, CLASS, "1.34.1").parameter("workerMachineFlavor", "SCS-2V-4")
}

#[tokio::test]
async fn what_a_class_has_not_is_refused_before_anything_is_sent() {
    let cloud = ClusterApi::new(kubernetes("lab-user").await, "lab");
    let clusters = cloud.clusters().unwrap();
    let name = name("never");
    for (wrong, kind, words) in [
        (
            ClusterSpec::new(&name, "openstack-scs2-1-34-v1", "1.34.1"),
            ErrorKind::NotFound,
            "cluster-api: there is no ClusterClass `openstack-scs2-1-34-v1` in namespace lab; \
             there are: inmemory-scs2-1-33-v1, inmemory-scs2-1-34-v1, inmemory-scs2-1-34-v2",
        ),
        (
            ClusterSpec::new(&name, CLASS, "1.33.5"),
            ErrorKind::InvalidInput,
            "cluster-api: inmemory-scs2-1-34-v1 does not offer Kubernetes 1.33.5; it has: 1.34",
        ),
        (
            ClusterSpec::new(&name, CLASS, "1.34"),
            ErrorKind::InvalidInput,
            "cluster-api: inmemory-scs2-1-34-v1 does not say which patch of 1.34 it has; \
             name it too, as in 1.34.1",
        ),
        (
            ClusterSpec::new(&name, CLASS, "newest"),
            ErrorKind::InvalidInput,
            "cluster-api: `newest` is no version of Kubernetes; inmemory-scs2-1-34-v1 has: 1.34",
        ),
        (
            spec(&name).parameter("colour", "red"),
            ErrorKind::InvalidInput,
            "cluster-api: ClusterClass inmemory-scs2-1-34-v1 has no variable `colour`; it has: \
             workerMachineFlavor, controlPlaneMachineFlavor, rootDiskSize, certSANs, \
             dnsNameservers, nodeLabels, oidc, machineStartup",
        ),
    ] {
        let error = clusters.create(wrong).await.unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (kind, words.into()));
    }
    // What only the server can judge.
    let error = clusters.create(spec(&name).parameter("rootDiskSize", 1)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("Invalid")));
    assert!(error.to_string().contains("rootDiskSize"), "{error}");
    assert!(clusters.get(&name.as_str().into()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn who_may_not_is_told_so() {
    let cloud = ClusterApi::new(kubernetes("lab-reader").await, "lab");
    let clusters = cloud.clusters().unwrap();
    clusters.all().await.unwrap();
    let error = clusters.create(spec(&name("never"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    let words = error.to_string();
    assert!(words.starts_with("cluster-api: POST clusters: ") && words.contains("lab-reader"));
    assert!(words.ends_with("; ask for a role with this right in the namespace"), "{words}");
    let absent = clusters.scale(&name("absent").as_str().into(), "md-0", 1).await.unwrap_err();
    assert_eq!(absent.kind(), ErrorKind::NotFound, "{absent}");
    let absent = clusters.upgrade(&name("absent").as_str().into(), Upgrade::to("1.34.1")).await;
    assert!(absent.unwrap_err().is_not_found());
}

#[tokio::test]
async fn one_line_says_why_there_is_no_answer() {
    let ca = std::fs::read_to_string(folder().join("etc/pki/ca.crt")).unwrap();
    let tokens = || Arc::new(StaticToken::new("nobody").unwrap());
    let connect = |endpoint: &str, ca: Option<&str>| {
        Kubernetes::with_tokens(endpoint, ca, tokens()).unwrap().objects::<Node>()
    };

    let error = connect("https://127.0.0.1:9", Some(&ca)).list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    let words = error.to_string();
    let front = "kubernetes: GET nodes: cannot connect to 127.0.0.1:9: ";
    assert!(words.starts_with(front) && words.contains("refused"), "{words}");

    let error = connect("https://127.0.0.1:6443", None).list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Untrusted, "{error}");
    let words = error.to_string();
    assert!(words.ends_with("; give the certificate of the cluster's own authority"), "{words}");

    let error = connect("https://127.0.0.1:6443", Some(&ca)).list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
    let words = "kubernetes: GET nodes: no token for 127.0.0.1:6443: the given token is refused; ";
    assert!(error.to_string().starts_with(words), "{error}");

    let error = Kubernetes::with_tokens("api.example", None, tokens()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
}

/// A source whose first token is no good.
#[derive(Debug)]
struct Renewed(StaticToken);

#[async_trait]
impl TokenSource for Renewed {
    async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>> {
        match request.rejected {
            None => Ok(Arc::new(Grant::bearer(&"stale".into(), None)?)),
            Some(_) => self.0.token(TokenRequest::default()).await,
        }
    }
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed() {
    let kubectl = Command::new(folder().join("bin/kubectl"))
        .arg(format!("--kubeconfig={}", folder().join("lab-user.kubeconfig").display()))
        .args(["create", "token", "default", "--namespace=lab"])
        .output();
    let token = String::from_utf8(kubectl.await.unwrap().stdout).unwrap();
    let tokens = Arc::new(Renewed(StaticToken::new(token.trim()).unwrap()));
    let ca = std::fs::read_to_string(folder().join("etc/pki/ca.crt")).unwrap();
    let kubernetes = Kubernetes::with_tokens("https://127.0.0.1:6443", Some(&ca), tokens).unwrap();
    let error = kubernetes.objects::<Node>().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    assert!(error.to_string().contains("system:serviceaccount:lab:default"), "{error}");
}

/// A kind that the SDK does not have.
#[derive(Debug, Clone, serde::Deserialize)]
struct Kubeconfig {
    metadata: Meta,
}

impl Kind for Kubeconfig {
    const GROUP: &'static str = "";
    const VERSIONS: &'static [&'static str] = &["v1"];
    const KIND: &'static str = "Secret";
    const PLURAL: &'static str = "secrets";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

fn kubeconfig(user: &Value) -> String {
    let file = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:9"}}],
        "users": [{"name": "u", "user": user}],
    });
    file.to_string()
}

#[tokio::test]
async fn the_kubeconfig_of_a_workload_cluster_is_not_trusted() {
    Cleanup::after(|cleanup| async move {
        let cloud = ClusterApi::new(kubernetes("lab-user").await, "lab");
        let id: Id<model::Cluster> = name("foreign").as_str().into();
        let error = cloud.clusters().unwrap().kubeconfig(&id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");

        let secrets = cloud.objects::<Kubeconfig>();
        let secret = format!("{id}-kubeconfig");
        let plain = kubeconfig(&json!({"token": "nobody"}));
        let made = secrets.create(json!({
            "metadata": {"name": secret}, "stringData": {"value": plain},
        }));
        assert_eq!(made.await.unwrap().meta().name, secret);
        {
            let (secrets, secret) = (secrets.clone(), secret.clone());
            cleanup.undo(async move { secrets.delete(&secret).await });
        }
        let workload = cloud.workload(&id).await.unwrap();
        let error = workload.objects::<Node>().list().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        let front = "kubernetes: GET nodes: cannot connect to 127.0.0.1:9: ";
        assert!(error.to_string().starts_with(front), "{error}");

        let runs = json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1",
            "command": "touch", "args": ["/tmp/was-here"], "interactiveMode": "Never"}});
        let patch = json!({"stringData": {"value": kubeconfig(&runs)}});
        secrets.patch(&secret, &patch).await.unwrap();
        let error = cloud.workload(&id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
    })
    .await;
}

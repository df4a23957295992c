//! SCS-0217: what is switched off.
//!
//! The part that the API of a cluster shows: the levels of pod security that namespaces
//! enforce, how the API server is started, where its pod can be seen, and what kubelets say of
//! their configuration (`/api/v1/nodes/{node}/proxy/configz`). What cannot be seen, as with a
//! control plane that the provider runs elsewhere, is undecided. The standard is a draft: no
//! scope names the test cases.
//!
//! [Text](https://docs.scs.community/standards/scs-0217-v1-baseline-cluster-security)

use scs_core::{
    Error, ErrorKind, Metadata, Result,
    standards::{Finding, Mode, Target, TestResult},
};
use serde::Deserialize;

use crate::{Kind, Kubernetes, Meta, Node};

/// The label by which a namespace enforces a level of pod security.
const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// What a kubelet says of its configuration.
///
/// [API reference](https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/)
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct KubeletConfiguration {
    /// Who may talk to it.
    pub authentication: KubeletAuthentication,
    /// Who may do what.
    pub authorization: KubeletAuthorization,
    /// The port on which it answers everybody; 0 for none.
    pub read_only_port: u16,
}

/// Who may talk to a kubelet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct KubeletAuthentication {
    /// Whether those may who do not say who they are.
    pub anonymous: KubeletAnonymous,
}

/// Whether a kubelet answers those who do not say who they are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct KubeletAnonymous {
    /// It does. Kubelets that do not tell do not.
    pub enabled: bool,
}

/// Who may do what with a kubelet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct KubeletAuthorization {
    /// `Webhook`: those whom the API server lets; `AlwaysAllow`: everybody.
    pub mode: String,
}

/// What is seen of a cluster.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Its namespaces.
    pub namespaces: Vec<Meta>,
    /// The arguments that its API server is started with: `--authorization-mode=Node,RBAC`.
    pub api_server: Option<Vec<String>>,
    /// What kubelets say, by the name of the node.
    pub kubelets: Vec<(String, KubeletConfiguration)>,
}

/// What was seen, unless the login must not see it, or it is not there.
fn allowed<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Err(error) if error.kind() == ErrorKind::Forbidden || error.is_not_found() => Ok(None),
        answer => answer.map(Some),
    }
}

/// Checks what is seen of a cluster.
pub fn check(seen: &Seen, mode: Mode) -> Vec<TestResult> {
    let result = |id, findings| TestResult::new(id, Target::Preview, mode, findings);
    vec![
        result("scs-0217-pod-security", pod_security(&seen.namespaces)),
        result("scs-0217-authorization", seen.api_server(authorization)),
        result("scs-0217-node-restriction", seen.api_server(node_restriction)),
        result("scs-0217-etcd-tls", seen.api_server(etcd_tls)),
        result("scs-0217-kubelet", kubelets(&seen.kubelets)),
    ]
}

/// Namespaces in which the cluster itself runs, and needs privileges.
fn is_of_system(namespace: &Meta) -> bool {
    matches!(&*namespace.name, "kube-system" | "kube-public" | "kube-node-lease")
}

fn pod_security(namespaces: &[Meta]) -> Vec<Finding> {
    let finding = |namespace: &Meta| {
        let subject = format!("namespace `{}`", namespace.name);
        match namespace.labels.get(ENFORCE).map(String::as_str) {
            Some("baseline" | "restricted") => None,
            Some(level) => Some(Finding::violation(
                subject,
                format!("enforces the level `{level}`; set {ENFORCE} to baseline or restricted"),
            )),
            None => Some(Finding::undecided(
                subject,
                format!("enforces the level of the cluster, which is not seen; label it {ENFORCE}"),
            )),
        }
    };
    namespaces.iter().filter(|namespace| !is_of_system(namespace)).filter_map(finding).collect()
}

const API_SERVER: &str = "API server";

/// What the check needs to know of a pod of the control plane.
#[derive(Debug, Clone, Deserialize)]
struct Pod {
    metadata: Meta,
    #[serde(default)]
    spec: PodSpec,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct PodSpec {
    containers: Vec<Container>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Container {
    command: Vec<String>,
    args: Vec<String>,
}

impl Kind for Pod {
    const GROUP: &'static str = "";
    const VERSIONS: &'static [&'static str] = &["v1"];
    const KIND: &'static str = "Pod";
    const PLURAL: &'static str = "pods";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Namespace {
    metadata: Meta,
}

impl Kind for Namespace {
    const GROUP: &'static str = "";
    const VERSIONS: &'static [&'static str] = &["v1"];
    const KIND: &'static str = "Namespace";
    const PLURAL: &'static str = "namespaces";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

/// What a kubelet answers with at `configz`.
#[derive(Debug, Clone, Deserialize)]
struct Configz {
    kubeletconfig: KubeletConfiguration,
}

impl Seen {
    /// What the login sees of a cluster.
    ///
    /// # Errors
    /// Those of the cluster; that the login must not see pods or kubelets is none.
    pub async fn of(kubernetes: &Kubernetes) -> Result<Self> {
        let namespaces = kubernetes.objects::<Namespace>().list().await?;
        let labels = Metadata::from([("component".to_owned(), "kube-apiserver".to_owned())]);
        let pods = kubernetes.objects_in::<Pod>("kube-system").list_with(&labels).await;
        let pods = allowed(pods)?.unwrap_or_default();
        let container = pods.into_iter().find_map(|pod| pod.spec.containers.into_iter().next());
        let nodes = allowed(kubernetes.objects::<Node>().list().await)?.unwrap_or_default();
        let mut kubelets = Vec::new();
        for node in nodes {
            let name = node.metadata.name;
            let path = format!("/api/v1/nodes/{name}/proxy/configz");
            let request = http::Request::get(path)
                .body(Vec::new())
                .map_err(|error| Error::invalid(error.to_string()))?;
            let answer = kubernetes.client().request::<Configz>(request).await;
            let answer = answer.map_err(|error| kubernetes.error(error));
            if let Some(Configz { kubeletconfig }) = allowed(answer)? {
                kubelets.push((name, kubeletconfig));
            }
        }
        Ok(Self {
            namespaces: namespaces.into_iter().map(|namespace| namespace.metadata).collect(),
            api_server: container.map(|one| [one.command, one.args].concat()),
            kubelets,
        })
    }

    fn api_server(&self, look: fn(&[String]) -> Option<Finding>) -> Vec<Finding> {
        match &self.api_server {
            Some(arguments) => look(arguments).into_iter().collect(),
            None => vec![Finding::undecided(API_SERVER, "is not seen; ask who runs it")],
        }
    }
}

/// The values of an argument, separated by commas, as it was given last.
fn values<'a>(arguments: &'a [String], name: &str) -> Vec<&'a str> {
    let value = arguments.iter().rev().find_map(|argument| {
        argument.trim_start_matches('-').strip_prefix(name)?.strip_prefix('=')
    });
    value.map(|value| value.split(',').collect()).unwrap_or_default()
}

fn authorization(arguments: &[String]) -> Option<Finding> {
    if values(arguments, "authorization-config").is_empty() {
        let modes = values(arguments, "authorization-mode");
        let is_safe = ["Node", "RBAC"].iter().all(|mode| modes.contains(mode))
            && !modes.contains(&"AlwaysAllow");
        let message = "does not authorize by Node and RBAC alone; set \
                       --authorization-mode=Node,RBAC";
        return (!is_safe).then(|| Finding::violation(API_SERVER, message));
    }
    Some(Finding::undecided(API_SERVER, "authorizes by a file, which is not seen"))
}

fn node_restriction(arguments: &[String]) -> Option<Finding> {
    let is_on = values(arguments, "enable-admission-plugins").contains(&"NodeRestriction");
    let message = "lets nodes change others; add --enable-admission-plugins=NodeRestriction";
    (!is_on).then(|| Finding::violation(API_SERVER, message))
}

fn etcd_tls(arguments: &[String]) -> Option<Finding> {
    let servers = values(arguments, "etcd-servers");
    let is_encrypted = servers.iter().all(|server| server.starts_with("https://"));
    let has = |name| !values(arguments, name).is_empty();
    let is_known = has("etcd-cafile") && has("etcd-certfile") && has("etcd-keyfile");
    if servers.is_empty() {
        return Some(Finding::undecided(API_SERVER, "does not tell its etcd"));
    }
    let message = "talks to etcd without TLS on both sides; use https, --etcd-cafile, \
                   --etcd-certfile and --etcd-keyfile";
    (!is_encrypted || !is_known).then(|| Finding::violation(API_SERVER, message))
}

fn kubelets(kubelets: &[(String, KubeletConfiguration)]) -> Vec<Finding> {
    if kubelets.is_empty() {
        return vec![Finding::undecided("kubelets", "are not seen")];
    }
    let mut findings = Vec::new();
    for (node, configuration) in kubelets {
        let subject = format!("kubelet of `{node}`");
        if configuration.authentication.anonymous.enabled {
            let message = "answers those who do not say who they are; set \
                           authentication.anonymous.enabled to false";
            findings.push(Finding::violation(&*subject, message));
        }
        if configuration.authorization.mode == "AlwaysAllow" {
            let message = "lets everybody do everything; set authorization.mode to Webhook";
            findings.push(Finding::violation(&*subject, message));
        }
        if configuration.read_only_port != 0 {
            let port = configuration.read_only_port;
            let message = format!("answers everybody on port {port}; set readOnlyPort to 0");
            findings.push(Finding::violation(subject, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{self, Abort, Fail, Pass};
    use serde_json::json;

    use super::*;

    fn verdicts(seen: &Seen) -> [Verdict; 5] {
        let results = check(seen, Mode::Spec);
        results.iter().map(|result| result.verdict).collect::<Vec<_>>().try_into().unwrap()
    }

    fn seen(arguments: &[&str], level: &str, kubelet: serde_json::Value) -> Seen {
        let namespace = json!({"name": "shop", "labels": {ENFORCE: level}});
        Seen {
            namespaces: vec![serde_json::from_value(namespace).unwrap()],
            api_server: Some(arguments.iter().map(|&argument| argument.into()).collect()),
            kubelets: vec![("one".into(), serde_json::from_value(kubelet).unwrap())],
        }
    }

    const GOOD: [&str; 6] = [
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--etcd-servers=https://127.0.0.1:2379",
        "--etcd-cafile=/ca.crt",
        "--etcd-certfile=/client.crt",
        "--etcd-keyfile=/client.key",
    ];

    #[test]
    fn a_hardened_cluster_passes() {
        let kubelet = json!({"authentication": {"anonymous": {"enabled": false}}});
        let mut seen = seen(&GOOD, "baseline", kubelet);
        let system = json!({"name": "kube-system"});
        seen.namespaces.push(serde_json::from_value(system).unwrap());
        assert_eq!(verdicts(&seen), [Pass; 5]);
    }

    #[test]
    fn what_is_open_fails() {
        let open = json!({"authentication": {"anonymous": {"enabled": true}},
            "authorization": {"mode": "AlwaysAllow"}, "readOnlyPort": 10255});
        let arguments = ["--authorization-mode=RBAC", "--etcd-servers=http://127.0.0.1:2379"];
        let seen = seen(&arguments, "privileged", open);
        assert_eq!(verdicts(&seen), [Fail; 5]);
        assert_eq!(check(&seen, Mode::Spec)[4].findings.len(), 3);
    }

    #[test]
    fn what_is_not_seen_is_undecided() {
        let mut seen = Seen::default();
        assert_eq!(verdicts(&seen), [Pass, Abort, Abort, Abort, Abort]);
        seen.namespaces = vec![serde_json::from_value(json!({"name": "shop"})).unwrap()];
        seen.api_server = Some(vec!["--authorization-config=/authorization.yaml".into()]);
        assert_eq!(verdicts(&seen), [Abort, Abort, Fail, Abort, Abort]);
    }
}

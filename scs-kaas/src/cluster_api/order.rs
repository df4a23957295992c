use scs_core::{
    ErrorKind, Result,
    model::{self, ClusterTemplate, NodePoolSpec},
};
use serde_json::{Value, json};

use super::{ClusterApi, ClusterClass, failed, invalid};
use crate::version::Version;

impl ClusterApi {
    /// The Cluster that is asked for, checked against its class.
    pub(super) async fn order(&self, spec: &model::ClusterSpec) -> Result<Value> {
        let (class, template) = self.class(&spec.template).await?;
        let version = offered(&template, &spec.version)?;
        let variables = variables(&class, spec)?;
        let pools: Result<Vec<Value>> =
            spec.pools.iter().map(|pool| node_pool(&class, pool)).collect();
        let mut topology = json!({
            "version": version,
            "controlPlane": {"replicas": self.control_plane},
            "variables": variables,
        });
        let pools = pools?;
        // An empty list of them is refused.
        if !pools.is_empty() {
            topology["workers"] = json!({"machineDeployments": pools});
        }
        let (namespace, name) = self.place(&spec.template);
        self.set_class(&mut topology, namespace, name).await?;
        Ok(json!({
            "metadata": {"name": spec.name, "labels": spec.labels},
            "spec": {
                "clusterNetwork": {
                    "pods": {"cidrBlocks": [*self.pods]},
                    "services": {"cidrBlocks": [*self.services]},
                    "serviceDomain": "cluster.local",
                },
                "topology": topology,
            },
        }))
    }

    /// Writes which class it is, as the served version of the API wants it.
    pub(super) async fn set_class(
        &self,
        topology: &mut Value,
        namespace: &str,
        name: &str,
    ) -> Result<()> {
        let namespace = (*namespace != *self.namespace).then_some(namespace);
        if self.kubernetes.version::<super::Cluster>().await? == "v1beta1" {
            topology["class"] = name.into();
            if let Some(namespace) = namespace {
                topology["classNamespace"] = namespace.into();
            }
        } else {
            topology["classRef"] = json!({"name": name});
            if let Some(namespace) = namespace {
                topology["classRef"]["namespace"] = namespace.into();
            }
        }
        Ok(())
    }
}

/// The version as Cluster API writes it, if the template has it. A minor version means the
/// newest patch of it that the template names.
pub(super) fn offered(template: &ClusterTemplate, wanted: &str) -> Result<String> {
    let offers = || {
        if template.versions.is_empty() {
            "a full version, such as 1.34.2".into()
        } else {
            template.versions.join(", ")
        }
    };
    let parsed = Version::parse(wanted).ok_or_else(|| {
        invalid(format!("`{wanted}` is no version of Kubernetes")).with_hint(format!(
            "{} has: {}",
            template.name,
            offers()
        ))
    })?;
    if parsed.patch.is_some() {
        if template.offers(wanted) {
            return Ok(format!("v{parsed}"));
        }
        let message = format!("{} does not offer Kubernetes {parsed}", template.name);
        return Err(invalid(message).with_hint(format!("it has: {}", offers())));
    }
    let all = template.versions.iter().rev().filter_map(|text| Version::parse(text));
    let mut fitting = all.filter(|one| one.same_minor(&parsed));
    match fitting.next() {
        Some(version) if version.patch.is_some() => Ok(format!("v{version}")),
        None if !template.versions.is_empty() => {
            let message = format!("{} does not offer Kubernetes {parsed}", template.name);
            Err(invalid(message).with_hint(format!("it has: {}", offers())))
        }
        _ => {
            let message = format!("{} does not say which patch of {parsed} it has", template.name);
            Err(invalid(message).with_hint(format!("name it too, as in {parsed}.1")))
        }
    }
}

/// The variables that are set, all of which the class has; none that it needs is missing.
fn variables(class: &ClusterClass, spec: &model::ClusterSpec) -> Result<Vec<Value>> {
    let name = &class.metadata.name;
    let all = || class.variables().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    if let Some(unknown) = spec.parameters.keys().find(|key| class.variable(key).is_none()) {
        let message = format!("ClusterClass {name} has no variable `{unknown}`");
        return Err(invalid(message).with_hint(format!("it has: {}", all())));
    }
    let mut needed = class.variables().filter(|variable| variable.must_be_set());
    if let Some(missing) = needed.find(|one| !spec.parameters.contains_key(&one.name)) {
        let message = format!("ClusterClass {name} needs the variable `{}`", missing.name);
        return Err(invalid(message).with_hint("set it as a parameter of the cluster"));
    }
    let set = spec.parameters.iter();
    Ok(set.map(|(name, value)| json!({"name": name, "value": value})).collect())
}

fn node_pool(class: &ClusterClass, pool: &NodePoolSpec) -> Result<Value> {
    let name = &class.metadata.name;
    let workers = &class.spec.workers.machine_deployments;
    let default = workers.iter().find(|worker| worker.class == "default-worker");
    let worker = match (default, workers.as_slice()) {
        (Some(worker), _) | (None, [worker]) => &worker.class,
        (None, []) => {
            return Err(invalid(format!("ClusterClass {name} has no workers for a pool")));
        }
        (None, _) => {
            let message =
                format!("ClusterClass {name} has several workers and no `default-worker`");
            return Err(failed(ErrorKind::Unsupported, message)
                .with_hint("make the Cluster by `objects::<Cluster>().create`"));
        }
    };
    let mut deployment = json!({"class": worker, "name": pool.name, "replicas": pool.count});
    if let Some(flavor) = &pool.flavor {
        let Some(variable) = class.flavor_variable() else {
            let message = format!("ClusterClass {name} has no variable for the flavor of a pool");
            return Err(invalid(message).with_hint("leave the flavor out, or set a parameter"));
        };
        deployment["variables"] = json!({"overrides": [{"name": variable.name, "value": flavor}]});
    }
    Ok(deployment)
}

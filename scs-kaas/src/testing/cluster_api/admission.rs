//! What Cluster API completes and refuses. Of the schemas of variables, `type`, `enum`,
//! `minimum`, `maximum` and `required` are looked at.

use scs_core::testing::{Answer, Answered};
use serde_json::{Value, json};

use crate::testing::{
    Kept, Resource,
    kept::text,
    status::{self, Cause},
};

const DEFAULTING: &str = "default.cluster.cluster.x-k8s.io";
const VALIDATING: &str = "validation.cluster.cluster.x-k8s.io";

pub(super) fn create(objects: &Kept<'_>, cluster: &mut Value) -> Answered<Vec<String>> {
    let Some(class) = complete(objects, cluster)? else { return Ok(missing_class(cluster)) };
    check(cluster, &class)
}

pub(super) fn update(
    objects: &Kept<'_>,
    before: &Value,
    cluster: &mut Value,
) -> Answered<Vec<String>> {
    if !cluster["metadata"]["deletionTimestamp"].is_null() {
        return Ok(Vec::new());
    }
    let Some(class) = complete(objects, cluster)? else {
        if before["spec"] == cluster["spec"] {
            return Ok(missing_class(cluster));
        }
        let name = class_name(cluster);
        let cause = Cause {
            reason: "InternalError",
            field: "spec.topology.class".to_owned(),
            message: format!("Internal error: ClusterClass {name} not found"),
        };
        return Err(refuse(cluster, &[cause], VALIDATING));
    };
    let (old, new) =
        (&before["spec"]["topology"]["version"], &cluster["spec"]["topology"]["version"]);
    if let (Some(from), Some(to)) = (numbers(old), numbers(new)) {
        let why = |word: &str| {
            format!("version cannot be {word} from \"{}\" to \"{}\"", plain(old), plain(new))
        };
        let wrong = if to < from {
            Some(why("decreased"))
        } else if to[0] != from[0] || to[1] > from[1] + 1 {
            Some(why("increased"))
        } else {
            None
        };
        if let Some(why) = wrong {
            let cause = Cause::invalid("spec.topology.version", new, &why);
            return Err(refuse(cluster, &[cause], VALIDATING));
        }
    }
    check(cluster, &class)
}

fn refuse(cluster: &Value, causes: &[Cause], hook: &str) -> Answer {
    status::invalid(&Resource::CLUSTER, text(&cluster["metadata"], "name"), causes, Some(hook))
}

pub(super) fn class_name(cluster: &Value) -> String {
    let class = &cluster["spec"]["topology"]["classRef"];
    let namespace = match text(class, "namespace") {
        "" => text(&cluster["metadata"], "namespace"),
        namespace => namespace,
    };
    format!("{namespace}/{}", text(class, "name"))
}

/// The class that a cluster names, if there is such a class.
pub(super) fn class_of(objects: &Kept<'_>, cluster: &Value) -> Option<Value> {
    let name = class_name(cluster);
    let (namespace, name) = name.split_once('/')?;
    objects.get(&Resource::CLUSTER_CLASS, namespace, name).cloned()
}

fn missing_class(cluster: &Value) -> Vec<String> {
    if cluster["spec"]["topology"].is_null() {
        return Vec::new();
    }
    let warning = format!(
        "Cluster refers to ClusterClass {}, but this ClusterClass does not exist. Cluster topology \
         has not been fully validated. The ClusterClass must be created to reconcile the Cluster",
        class_name(cluster)
    );
    vec![warning]
}

/// Fills in what the client may leave out. Answers with the class.
fn complete(objects: &Kept<'_>, cluster: &mut Value) -> Answered<Option<Value>> {
    let topology = &mut cluster["spec"]["topology"];
    if !topology.is_object() {
        if let Some(spec) = cluster["spec"].as_object_mut() {
            spec.remove("topology");
        }
        return Ok(None);
    }
    let version = text(topology, "version").to_owned();
    if !version.starts_with('v') {
        topology["version"] = format!("v{version}").into();
    }
    if text(&topology["classRef"], "name").is_empty() {
        let cause = Cause::required("spec.topology.classRef.name", "cannot be empty");
        return Err(refuse(cluster, &[cause], DEFAULTING));
    }
    let Some(class) = class_of(objects, cluster) else { return Ok(None) };
    let mut given = match cluster["spec"]["topology"]["variables"].take() {
        Value::Array(given) => given,
        _ => Vec::new(),
    };
    let known = class["spec"]["variables"].as_array().cloned().unwrap_or_default();
    let causes: Vec<_> = known.iter().filter_map(|known| default(known, &mut given)).collect();
    let unknown = given.iter().filter_map(|given| check_variable(&known, given));
    let causes: Vec<_> = causes.into_iter().chain(unknown).collect();
    if !causes.is_empty() {
        return Err(refuse(cluster, &causes, DEFAULTING));
    }
    if !given.is_empty() {
        cluster["spec"]["topology"]["variables"] = given.into();
    }
    Ok(Some(class))
}

/// Adds a variable's default if it is not given.
fn default(known: &Value, given: &mut Vec<Value>) -> Option<Cause> {
    if given.iter().any(|given| given["name"] == known["name"]) {
        return None;
    }
    let default = &known["schema"]["openAPIV3Schema"]["default"];
    if !default.is_null() {
        given.push(json!({"name": known["name"], "value": default}));
        return None;
    }
    let why = format!("required variable with name {} must be defined", known["name"]);
    (known["required"] == true).then(|| Cause::required("spec.topology.variables", &why))
}

fn check_variable(known: &[Value], given: &Value) -> Option<Cause> {
    let name = text(given, "name");
    let field = format!("spec.topology.variables[{name}]");
    let Some(definition) = known.iter().find(|known| known["name"] == name) else {
        let why = "variable is not defined";
        return Some(Cause::invalid(&field, &json!(given["value"].to_string()), why));
    };
    let (value, schema) = (&given["value"], &definition["schema"]["openAPIV3Schema"]);
    let field = format!("{field}.value");
    let fits = match text(schema, "type") {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    let shown = json!(value.to_string());
    if !fits {
        let why = format!("must be of type {}: {value}", text(schema, "type"));
        return Some(Cause::invalid(&field, &shown, &why));
    }
    if let Some(options) = schema["enum"].as_array()
        && !options.contains(value)
    {
        let options: Vec<_> =
            options.iter().map(|option| json!(option.to_string()).to_string()).collect();
        let message =
            format!("Unsupported value: {shown}: supported values: {}", options.join(", "));
        return Some(Cause { reason: "FieldValueNotSupported", field, message });
    }
    let number = |member: &str| schema[member].as_f64();
    let (least, most) = (number("minimum"), number("maximum"));
    let off = value.as_f64().and_then(|value| match (least, most) {
        (Some(least), _) if value < least => Some(format!("greater than or equal to {least}")),
        (_, Some(most)) if value > most => Some(format!("less than or equal to {most}")),
        _ => None,
    });
    if let Some(off) = off {
        return Some(Cause::invalid(&field, &shown, &format!("should be {off}")));
    }
    let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut absent = needed.filter(|member| value[*member].is_null());
    absent.next().map(|member| Cause::required(&format!("{field}.{member}"), ""))
}

/// Whether the worker classes are those of the class, and the version is one.
fn check(cluster: &Value, class: &Value) -> Answered<Vec<String>> {
    let topology = &cluster["spec"]["topology"];
    let mut causes = Vec::new();
    if numbers(&topology["version"]).is_none() {
        let why = "version must be a valid semantic version";
        causes.push(Cause::invalid("spec.topology.version", &topology["version"], why));
    }
    let known = &class["spec"]["workers"]["machineDeployments"];
    let known: Vec<_> =
        known.as_array().into_iter().flatten().map(|worker| text(worker, "class")).collect();
    let pools = topology["workers"]["machineDeployments"].as_array();
    for (at, pool) in pools.into_iter().flatten().enumerate() {
        if !known.contains(&text(pool, "class")) {
            let field = format!("spec.topology.workers.machineDeployments[{at}].class");
            let name = text(&class["metadata"], "name");
            let why = format!(
                "MachineDeploymentClass with name \"{}\" does not exist in ClusterClass \"{name}\"",
                text(pool, "class")
            );
            causes.push(Cause::invalid(&field, &pool["class"], &why));
        }
    }
    if causes.is_empty() { Ok(Vec::new()) } else { Err(refuse(cluster, &causes, VALIDATING)) }
}

fn plain(version: &Value) -> &str {
    version.as_str().unwrap_or_default().trim_start_matches('v')
}

/// Major, minor and patch of a version such as `v1.34.1`.
fn numbers(version: &Value) -> Option<[u64; 3]> {
    let release = plain(version).split(['-', '+']).next()?;
    let numbers: Option<Vec<_>> = release.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

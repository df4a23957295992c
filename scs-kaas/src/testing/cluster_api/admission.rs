//! What Cluster API completes and refuses. Of the schemas of variables, `type`, `enum`,
//! `minimum`, `maximum` and `required` are looked at.

use scs_core::testing::{Answer, Answered};
use serde_json::{Value, json};

use crate::{
    testing::{
        Kept, Resource,
        kept::text,
        status::{self, Cause},
    },
    version::Version,
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
    let (old, new) = (version(before), version(cluster));
    if let (Some(old), Some(new)) = (old, new) {
        let why = |word: &str| format!("version cannot be {word} from \"{old}\" to \"{new}\"");
        let wrong = if new < old {
            Some(why("decreased"))
        } else if new.major != old.major || new.minor > old.minor + 1 {
            Some(why("increased"))
        } else {
            None
        };
        if let Some(why) = wrong {
            let asked = &cluster["spec"]["topology"]["version"];
            let cause = Cause::invalid("spec.topology.version", asked, &why);
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
    if !cluster["spec"]["topology"].is_object() {
        let spec = &cluster["spec"];
        if spec["controlPlaneRef"].is_null() && spec["infrastructureRef"].is_null() {
            let why =
                "one of spec.controlPlaneRef, spec.infrastructureRef or spec.topology must be set";
            return Err(refuse(cluster, &[Cause::forbidden("spec", why)], VALIDATING));
        }
        return Ok(None);
    }
    let topology = &mut cluster["spec"]["topology"];
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
    let mut sorted: Vec<_> = known.iter().collect();
    sorted.sort_unstable_by_key(|known| text(known, "name"));
    let missing: Vec<_> =
        sorted.into_iter().filter_map(|known| default(known, &mut given)).collect();
    let wrong = given.iter().flat_map(|given| check_variable(&known, given));
    let causes: Vec<_> = missing.into_iter().chain(wrong).collect();
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

fn check_variable(known: &[Value], given: &Value) -> Vec<Cause> {
    let name = text(given, "name");
    let field = format!("spec.topology.variables[{name}]");
    let value = &given["value"];
    let shown = json!(value.to_string());
    let Some(definition) = known.iter().find(|known| known["name"] == name) else {
        return vec![Cause::invalid(&field, &shown, "variable is not defined")];
    };
    let schema = &definition["schema"]["openAPIV3Schema"];
    let field = format!("{field}.value");
    let mut causes = Vec::new();
    let (wanted, found) = (text(schema, "type"), type_of(value));
    if wanted != found && (wanted, found) != ("number", "integer") {
        let why = format!("must be of type {wanted}: \"{found}\"");
        let cause = Cause::invalid(&field, &shown, &why);
        causes.push(Cause { reason: "FieldValueTypeInvalid", ..cause });
    }
    if let Some(options) = schema["enum"].as_array()
        && !options.contains(value)
    {
        let options: Vec<_> = options.iter().map(Value::to_string).collect();
        let options = options.join(", ");
        let message = format!("Unsupported value: {shown}: supported values: {options}");
        let field = field.clone();
        causes.push(Cause { reason: "FieldValueNotSupported", field, message });
    }
    if let Some(number) = value.as_f64() {
        let limit = |member: &str| schema[member].as_f64();
        let low = limit("minimum").filter(|least| number < *least);
        let high = limit("maximum").filter(|most| number > *most);
        let low = low.map(|least| format!("should be greater than or equal to {least}"));
        let high = high.map(|most| format!("should be less than or equal to {most}"));
        causes.extend(low.or(high).map(|why| Cause::invalid(&field, &shown, &why)));
    }
    let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let absent = needed.filter(|member| value[*member].is_null());
    causes.extend(absent.map(|member| Cause::required(&format!("{field}.{member}"), "")));
    causes
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether the worker classes are those of the class, and the version is one.
fn check(cluster: &Value, class: &Value) -> Answered<Vec<String>> {
    let topology = &cluster["spec"]["topology"];
    let mut causes = Vec::new();
    if version(cluster).is_none_or(|version| version.patch.is_none()) {
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

fn version(cluster: &Value) -> Option<Version> {
    Version::parse(text(&cluster["spec"]["topology"], "version"))
}

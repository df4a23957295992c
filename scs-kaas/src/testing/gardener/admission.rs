//! What Gardener's API server fills in and refuses.

use scs_core::testing::{Answer, Answered};
use serde_json::{Value, json};

use super::CREDENTIALS_BINDING;
use crate::{
    testing::{
        Kept, Resource, User,
        kept::text,
        status::{self, Cause},
    },
    version::Version,
};

const SHOOT: Resource = Resource::SHOOT;

pub(super) fn create(objects: &Kept<'_>, shoot: &mut Value, user: &User) -> Answered<Vec<String>> {
    if shoot["spec"].is_null() {
        return Err(status::bad_request("a Shoot needs a spec"));
    }
    shoot["metadata"]["annotations"]["gardener.cloud/created-by"] = user.name.as_str().into();
    complete(objects, shoot)?;
    shoot["status"] = json!({
        "gardener": {"id": "", "name": "", "version": ""},
        "hibernated": false,
        "technicalID": "",
        "uid": "",
    });
    Ok(Vec::new())
}

pub(super) fn update(
    objects: &Kept<'_>,
    before: &Value,
    shoot: &mut Value,
) -> Answered<Vec<String>> {
    if before["spec"] == shoot["spec"] || !shoot["metadata"]["deletionTimestamp"].is_null() {
        return Ok(Vec::new());
    }
    let mut causes: Vec<_> = ["region", "seedName", "credentialsBindingName"]
        .into_iter()
        .filter(|member| {
            let (old, new) = (&before["spec"][*member], &shoot["spec"][*member]);
            !old.is_null() && old != new
        })
        .map(|member| {
            let field = format!("spec.{member}");
            Cause::invalid(&field, &shoot["spec"][member], "field is immutable")
        })
        .collect();
    complete(objects, shoot)?;
    let version = |shoot: &Value| Version::parse(text(&shoot["spec"]["kubernetes"], "version"));
    if let (Some(old), Some(new)) = (version(before), version(shoot)) {
        let field = "spec.kubernetes.version";
        if new < old {
            causes.push(Cause::forbidden(field, "kubernetes version downgrade is not supported"));
        } else if new.minor > old.minor + 1 {
            let why = "kubernetes version upgrade cannot skip a minor version";
            causes.push(Cause::forbidden(field, why));
        }
    }
    if causes.is_empty() {
        return Ok(Vec::new());
    }
    Err(status::invalid(&SHOOT, text(&shoot["metadata"], "name"), &causes, None))
}

fn forbidden(shoot: &Value, why: &str) -> Answer {
    status::forbidden(&SHOOT, text(&shoot["metadata"], "name"), why)
}

/// The refusal of a value that is not on offer.
fn unsupported<'a>(
    shoot: &Value,
    field: &str,
    value: &Value,
    offered: impl Iterator<Item = &'a str>,
) -> Answer {
    let offered: Vec<_> = offered.map(|offered| format!("\"{offered}\"")).collect();
    let offered = offered.join(", ");
    let why = format!("{field}: Unsupported value: {value}: supported values: {offered}");
    forbidden(shoot, &why)
}

/// Fills in what the CloudProfile decides, and refuses what it does not offer.
fn complete(objects: &Kept<'_>, shoot: &mut Value) -> Answered<()> {
    let name = text(&shoot["spec"]["cloudProfile"], "name").to_owned();
    let Some(profile) = objects.get(&Resource::CLOUD_PROFILE, "", &name) else {
        let why = format!(
            "could not find referenced cloud profile: cloudprofile.core.gardener.cloud \"{name}\" \
             not found"
        );
        let details = json!({"causes": [{"message": why}]});
        let message = format!("Internal error occurred: {why}");
        return Err(status::failure(500, "InternalError", &message, details));
    };
    let profile = profile["spec"].clone();
    let binding = text(&shoot["spec"], "credentialsBindingName");
    let namespace = text(&shoot["metadata"], "namespace");
    if objects.get(&CREDENTIALS_BINDING, namespace, binding).is_none() {
        let why = format!("credentialsbinding.security.gardener.cloud \"{binding}\" not found");
        return Err(forbidden(shoot, &why));
    }
    let regions = named(&profile["regions"]);
    if !regions.contains(&text(&shoot["spec"], "region")) {
        let region = &shoot["spec"]["region"];
        return Err(unsupported(shoot, "spec.region", region, regions.into_iter()));
    }
    choose_version(shoot, &profile)?;
    let spec = &mut shoot["spec"];
    spec["cloudProfile"]["kind"] = "CloudProfile".into();
    preset(&mut spec["purpose"], json!("evaluation"));
    preset(&mut spec["schedulerName"], json!("default-scheduler"));
    preset(&mut spec["networking"]["ipFamilies"], json!(["IPv4"]));
    let maintenance = json!({
        "autoUpdate": {"kubernetesVersion": true, "machineImageVersion": true},
        "timeWindow": {"begin": "180000+0000", "end": "190000+0000"},
    });
    preset(&mut spec["maintenance"], maintenance);
    let count = spec["provider"]["workers"].as_array().map_or(0, Vec::len);
    (0..count).try_for_each(|at| complete_worker(shoot, at, &profile))
}

fn preset(value: &mut Value, default: Value) {
    if value.is_null() {
        *value = default;
    }
}

fn named(items: &Value) -> Vec<&str> {
    items.as_array().into_iter().flatten().map(|item| text(item, "name")).collect()
}

/// The version of the Shoot: one of those on offer, or the newest supported one that begins
/// with what was asked for.
fn choose_version(shoot: &mut Value, profile: &Value) -> Answered<()> {
    let asked = text(&shoot["spec"]["kubernetes"], "version").to_owned();
    let offered = profile["kubernetes"]["versions"].as_array();
    let offered: Vec<_> = offered.into_iter().flatten().collect();
    let exact = |asked: &str| offered.iter().any(|offered| offered["version"] == asked);
    let prefix = if asked.is_empty() { asked.clone() } else { format!("{asked}.") };
    let newest = offered
        .iter()
        .filter(|offered| offered["classification"] != "preview")
        .filter(|offered| text(offered, "version").starts_with(&prefix))
        .max_by_key(|offered| Version::parse(text(offered, "version")));
    let chosen =
        if exact(&asked) { Some(json!(asked)) } else { newest.map(|it| it["version"].clone()) };
    if let Some(chosen) = chosen {
        shoot["spec"]["kubernetes"]["version"] = chosen;
        return Ok(());
    }
    let shown: Vec<_> = offered
        .iter()
        .map(|offered| match text(offered, "classification") {
            "preview" => format!("{} (preview)", text(offered, "version")),
            _ => text(offered, "version").to_owned(),
        })
        .collect();
    let shown = shown.iter().map(String::as_str);
    Err(unsupported(shoot, "spec.kubernetes.version", &json!(asked), shown))
}

fn complete_worker(shoot: &mut Value, at: usize, profile: &Value) -> Answered<()> {
    let worker = &shoot["spec"]["provider"]["workers"][at];
    let field = format!("spec.provider.workers[{at}]");
    let (minimum, maximum) = (worker["minimum"].as_u64(), worker["maximum"].as_u64());
    if maximum < minimum {
        let why = "maximum value must not be less than minimum value";
        let cause = Cause::forbidden(&format!("{field}.maximum"), why);
        return Err(status::invalid(&SHOOT, text(&shoot["metadata"], "name"), &[cause], None));
    }
    let types = profile["machineTypes"].as_array().into_iter().flatten();
    let usable: Vec<_> =
        types.filter(|kind| kind["usable"] == true).map(|kind| text(kind, "name")).collect();
    if !usable.contains(&text(&worker["machine"], "type")) {
        let field = format!("{field}.machine.type");
        let asked = &worker["machine"]["type"];
        return Err(unsupported(shoot, &field, asked, usable.into_iter()));
    }
    let images = &profile["machineImages"];
    let worker = &mut shoot["spec"]["provider"]["workers"][at];
    let image = &mut worker["machine"]["image"];
    preset(&mut image["name"], images[0]["name"].clone());
    let mut all = images.as_array().into_iter().flatten();
    if let Some(known) = all.find(|known| known["name"] == image["name"]) {
        preset(&mut image["version"], known["versions"][0]["version"].clone());
    }
    preset(&mut worker["machine"]["architecture"], json!("amd64"));
    preset(&mut worker["cri"], json!({"name": "containerd"}));
    preset(&mut worker["maxSurge"], json!(1));
    preset(&mut worker["maxUnavailable"], json!(0));
    preset(&mut worker["systemComponents"], json!({"allow": true}));
    preset(&mut worker["updateStrategy"], json!("AutoRollingUpdate"));
    Ok(())
}

//! Views, phases and orders, with answers of the API server of Gardener 1.149.

use scs_core::{Phase, model::ClusterTemplate};
use serde_json::{Value, json};

use super::{CloudProfile, Shoot, look::raise, templates};

fn sample() -> Value {
    serde_json::from_str(include_str!("samples/shoot.json")).unwrap()
}

fn read(object: &Value) -> Shoot {
    serde_json::from_value(object.clone()).unwrap()
}

/// Phase and fault of the sample with these members of its status changed.
fn told(change: impl FnOnce(&mut Value)) -> (Phase, Option<String>) {
    let mut object = sample();
    change(&mut object);
    let raised = raise(&read(&object));
    (raised.phase, raised.fault)
}

#[test]
fn a_shoot_in_neutral_words() {
    let shoot = raise(&read(&sample()));
    assert_eq!((shoot.phase, shoot.fault), (Phase::Ready, None));
    assert_eq!((shoot.id.as_str(), shoot.name.as_str()), ("shop", "shop"));
    assert!(shoot.version.starts_with("1.34."), "{}", shoot.version);
    assert_eq!(shoot.template.unwrap().as_str(), "scs");
    assert_eq!(shoot.endpoint.as_deref(), Some("https://127.0.0.1:6443"));
    assert!(shoot.labels.is_empty(), "{:?}", shoot.labels);
    let pool = &shoot.pools[0];
    assert_eq!((pool.name.as_str(), pool.count, pool.ready), ("worker", 1, 1));
    assert_eq!(pool.flavor.as_deref(), Some("SCS-2V-4"));
}

#[test]
fn the_phase_is_that_of_the_last_operation() {
    let operation = |kind: &str, state: &str| {
        let (kind, state) = (kind.to_owned(), state.to_owned());
        told(move |shoot| {
            let last = &mut shoot["status"]["lastOperation"];
            (last["type"], last["state"]) = (kind.into(), state.into());
            (last["progress"], last["description"]) = (30.into(), "Waiting".into());
        })
    };
    let words = |text: &str| Some(text.to_owned());
    for (kind, state, phase, fault) in [
        ("Create", "Processing", Phase::Pending, words("Create at 30 %: Waiting")),
        ("Create", "Error", Phase::Pending, words("Waiting")),
        ("Create", "Failed", Phase::Failed, words("Waiting")),
        ("Reconcile", "Pending", Phase::Updating, words("Reconcile at 30 %: Waiting")),
        ("Reconcile", "Succeeded", Phase::Ready, None),
        ("Delete", "Processing", Phase::Deleting, words("Delete at 30 %: Waiting")),
        ("Delete", "Succeeded", Phase::Deleting, words("held by finalizer gardener")),
        ("Dance", "Twirling", Phase::Updating, words("Dance at 30 %: Waiting")),
    ] {
        assert_eq!(operation(kind, state), (phase, fault), "{kind} {state}");
    }
    let unborn = told(|shoot| drop(shoot.as_object_mut().unwrap().remove("status")));
    assert_eq!(unborn, (Phase::Pending, None));
}

#[test]
fn what_was_not_looked_at_yet_is_not_ready() {
    let (phase, fault) = told(|shoot| shoot["metadata"]["generation"] = json!(99));
    assert_eq!((phase, fault.is_some()), (Phase::Updating, true));
    let (phase, fault) = told(|shoot| {
        let conditions = shoot["status"]["conditions"].as_array_mut().unwrap();
        let node = conditions.iter_mut().find(|one| one["type"] == "EveryNodeReady").unwrap();
        (node["status"], node["message"]) = ("Progressing".into(), "1 of 2".into());
    });
    assert_eq!((phase, fault.as_deref()), (Phase::Updating, Some("EveryNodeReady: 1 of 2")));
    let (phase, fault) = told(|shoot| {
        shoot["status"]["lastOperation"]["state"] = "Error".into();
        shoot["status"]["lastErrors"] = json!([
            {"description": "no more cores", "codes": ["ERR_INFRA_QUOTA_EXCEEDED"]},
            {"description": "and another"},
        ]);
    });
    let words = "no more cores (ERR_INFRA_QUOTA_EXCEEDED); and another";
    assert_eq!((phase, fault.as_deref()), (Phase::Pending, Some(words)));
}

#[test]
fn versions_that_are_to_be_left_are_not_on_offer() {
    let text = include_str!("samples/cloud-profile.json");
    let profile: CloudProfile = serde_json::from_str(text).unwrap();
    let template: ClusterTemplate = templates::raise(&profile);
    assert_eq!(template.versions, ["1.33.8", "1.34.4", "1.35.2"]);
    let usable: Vec<_> = profile.flavors().collect();
    assert_eq!(usable, ["SCS-2V-4", "SCS-4V-8", "SCS-8V-16"]);
    assert_eq!(profile.region("RegionOne").unwrap().zones.len(), 2);

    let offered = |version| templates::offered(&template, version);
    assert_eq!(offered("v1.34.4").unwrap().to_string(), "1.34.4");
    assert_eq!(offered("1.34").unwrap().to_string(), "1.34");
    for wrong in ["1.34.1", "1.32", "newest", ""] {
        let words = offered(wrong).unwrap_err().to_string();
        assert!(words.ends_with("; it has: 1.33.8, 1.34.4, 1.35.2"), "{words}");
    }
}

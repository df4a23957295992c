use proptest::prelude::*;
use serde_json::json;

use super::*;

fn arguments(kind: Kind, mode: Mode) -> Arguments {
    Arguments { kind, mode, at: Some("2026-08-22".parse().unwrap()), json: false }
}

fn run(kind: Kind, document: &Value) -> Result<Vec<TestResult>> {
    check(&arguments(kind, Mode::Reference), &document.to_string())
}

fn verdict(kind: Kind, document: &Value, testcase: &str) -> Verdict {
    let results = run(kind, document).unwrap();
    let found = results.iter().find(|result| result.testcase == testcase);
    found.unwrap_or_else(|| panic!("{testcase} of {document}")).verdict
}

fn flavor() -> Value {
    json!({
        "id": "1", "name": "SCS-2V-4-20s", "vcpus": 2, "ram": 4096, "disk": 20,
        "OS-FLV-EXT-DATA:ephemeral": 0, "swap": "",
        "extra_specs": {
            "scs:name-v1": "SCS-2V:4:20s", "scs:name-v2": "SCS-2V-4-20s",
            "scs:cpu-type": "shared-core", "scs:disk0-type": "ssd",
        },
    })
}

fn image() -> Value {
    json!({
        "id": "i", "name": "Ubuntu 24.04", "status": "active", "visibility": "public",
        "architecture": "x86_64", "min_disk": 8, "min_ram": 512, "os_version": "24.04",
        "os_distro": "ubuntu", "os_purpose": "generic", "hw_disk_bus": "scsi",
        "os_hash_algo": "sha512", "os_hidden": false, "size": 1, "tags": [],
        "replace_frequency": "monthly", "provided_until": "none", "uuid_validity": "last-3",
        "image_source": "https://cloud-images.ubuntu.com/noble/x.img", "hotfix_hours": "0",
        "image_description": "text", "image_build_date": "2026-08-01",
        "image_original_user": "ubuntu",
    })
}

fn rules() -> Value {
    let rule = |direction, ethertype, group, others| {
        json!({
            "id": "r", "direction": direction, "ethertype": ethertype, "protocol": null,
            "port_range_min": null, "port_range_max": null, "remote_ip_prefix": null,
            "remote_group_id": group, "used_in_default_sg": true, "used_in_non_default_sg": others,
        })
    };
    let none = None::<&str>;
    json!({"default_security_group_rules": [
        rule("egress", "IPv4", none, true), rule("egress", "IPv6", none, true),
        rule("ingress", "IPv4", Some("PARENT"), false),
    ]})
}

fn recordings() -> [(Kind, Value); 7] {
    [
        (Kind::Flavors, json!({"flavors": [flavor()]})),
        (Kind::Images, json!({"images": [image()]})),
        (
            Kind::VolumeTypes,
            json!({"volume_types": [{"id": "v", "name": "LUKS", "is_public": true,
                "description": "[scs:encrypted] LUKS", "extra_specs": {}}]}),
        ),
        (Kind::DefaultSecurityGroupRules, rules()),
        (
            Kind::Catalog,
            json!({"info": {"s3api": {}}, "catalog": [{"type": "compute", "name": "nova",
                "endpoints": [{"interface": "public", "url": "https://x", "region": "R"}]}]}),
        ),
        (Kind::ConsoleOutput, json!({"output": "_scs-test-entropy-avail\n256\n"})),
        (
            Kind::KubernetesVersion,
            json!({
                "version": "v1.34.1", "date": "2026-08-22",
                "releases": {"1.34.1": "2026-05-12", "1.34.2": "2026-06-09"},
                "eol": [{"branch": "1.34", "eol": "2026-10-27"}],
                "cves": [{"id": "CVE-1", "score": 8.1,
                    "affected": [{"from": "1.34.0", "before": "1.34.2"}]}],
            }),
        ),
    ]
}

#[test]
fn a_list_is_found_wherever_it_stands() {
    let testcase = "scs-0100-syntax-check";
    let bad = json!({"id": "2", "name": "SCS-2", "vcpus": 1, "ram": 1, "disk": 0});
    for document in [
        json!({"flavors": [flavor(), bad]}),
        json!([flavor(), bad]),
        json!([{"flavor": flavor()}, {"flavor": bad}]),
        json!({"flavor": bad}),
        bad.clone(),
    ] {
        assert_eq!(verdict(Kind::Flavors, &document, testcase), Verdict::Fail, "{document}");
    }
    for document in [json!([]), json!({"flavors": []}), json!({"flavors": null}), json!(null)] {
        assert_eq!(verdict(Kind::Flavors, &document, testcase), Verdict::Pass, "{document}");
    }
    let lines = format!("\u{feff}{}\n{bad}\n", flavor());
    let results = check(&arguments(Kind::Flavors, Mode::Spec), &lines).unwrap();
    assert_eq!(results[0].verdict, Verdict::Fail);
    for text in ["", "\n", "{", "SCS-2V-4", "{} x"] {
        assert!(check(&arguments(Kind::Flavors, Mode::Spec), text).is_err(), "{text}");
    }
}

#[test]
fn flavors_are_read_from_the_command() {
    let flavor = json!([{
        "ID": "1", "Name": "SCS-2V-4-20s", "RAM": "4096", "VCPUs": 2.0, "Disk": "20",
        "Ephemeral": 0, "Is Public": true, "Swap": "", "RXTX Factor": 1.0,
        "Properties": flavor()["extra_specs"],
    }]);
    let testcase = "scs-0103-flavor-2v-4-20s";
    assert_eq!(verdict(Kind::Flavors, &flavor, testcase), Verdict::Pass);
}

#[test]
fn images_are_read_from_every_tool() {
    let passes = |image: &Value| {
        let results = run(Kind::Images, image).unwrap();
        let tests: Vec<_> = results
            .iter()
            .filter(|r| r.target == Target::Main && r.verdict != Verdict::Pass)
            .map(|r| r.testcase.clone())
            .collect();
        assert!(tests.is_empty(), "{tests:?}: {image}");
    };
    passes(&image());
    // Properties of their own, as the command and openstacksdk have them.
    let mut apart = image();
    let members = apart.as_object_mut().unwrap();
    let mut properties = json!({"hotfix_hours": 0, "os_hidden": "False"});
    for key in ["os_distro", "os_version", "image_source", "provided_until"] {
        properties[key] = members.remove(key).unwrap();
        members.insert(key.into(), Value::Null);
    }
    members.extend(
        json!({"properties": properties, "owner": 7, "size": "1", "tags": null})
            .as_object()
            .unwrap()
            .clone(),
    );
    passes(&apart);
    let mut dictionary = image();
    dictionary["min_disk"] = json!("8");
    dictionary["is_hidden"] = json!(false);
    dictionary["hash_algo"] = dictionary.as_object_mut().unwrap().remove("os_hash_algo").unwrap();
    dictionary.as_object_mut().unwrap().remove("id");
    passes(&dictionary);
    assert_eq!(verdict(Kind::Images, &dictionary, "scs-0102-prop-hash_algo"), Verdict::Pass);
    dictionary["min_disk"] = json!("none");
    assert_eq!(verdict(Kind::Images, &dictionary, "scs-0102-prop-min_disk"), Verdict::Fail);
}

#[test]
fn rules_are_default_ones_or_of_a_group() {
    let testcase = "scs-0115-default-rules";
    let mut rules = rules();
    let pass = |document: &Value| verdict(Kind::DefaultSecurityGroupRules, document, testcase);
    assert_eq!(pass(&rules), Verdict::Pass);
    assert_eq!(pass(&rules["default_security_group_rules"]), Verdict::Pass);
    assert_eq!(pass(&json!({"default_security_group_rules": []})), Verdict::Fail);
    for rule in rules["default_security_group_rules"].as_array_mut().unwrap() {
        rule["ether_type"] = rule.as_object_mut().unwrap().remove("ethertype").unwrap();
        rule["remote_ip_prefix"] = json!("");
        rule["used_in_default_sg"] = json!("True");
    }
    assert_eq!(pass(&rules), Verdict::Pass);
    let group = json!({"security_group": {"id": "g", "security_group_rules": [
        {"direction": "egress", "ethertype": "IPv4"}, {"direction": "egress", "ethertype": "IPv6"},
    ]}});
    assert_eq!(pass(&group), Verdict::Pass);
}

#[test]
fn a_catalog_may_be_types_alone() {
    for document in [
        json!(["compute", "volumev3"]),
        json!({"services": [{"type": "compute", "id": "s"}, {"type": "volumev3"}]}),
        json!([{"Name": "nova", "Type": "compute"}, {"Name": "cinder", "Type": "volumev3"}]),
        json!({"token": {"catalog": [{"type": "compute"}, {"type": "volumev3", "endpoints": null}]}}),
    ] {
        let of = |testcase| verdict(Kind::Catalog, &document, testcase);
        assert_eq!(of("scs-0123-service-compute"), Verdict::Pass, "{document}");
        assert_eq!(of("scs-0123-storage-apis"), Verdict::Pass, "{document}");
        assert_eq!(of("scs-0123-service-image"), Verdict::Fail, "{document}");
        assert_eq!(of("scs-0123-swift-s3"), Verdict::Fail, "{document}");
    }
}

#[test]
fn a_console_is_a_text_or_what_nova_answers() {
    let console = "_scs-test-entropy-avail\n256\n";
    for text in [
        console.to_owned(),
        json!(console).to_string(),
        json!({"output": console}).to_string(),
        format!("\u{fffd}\0{console}"),
    ] {
        let results = check(&arguments(Kind::ConsoleOutput, Mode::Spec), &text).unwrap();
        assert_eq!(results[0].verdict, Verdict::Pass, "{text}");
    }
}

#[test]
fn every_recording_is_judged() {
    for (kind, document) in recordings() {
        assert!(!run(kind, &document).unwrap().is_empty(), "{document}");
    }
}

/// How many values there are in a document, itself included.
fn count(document: &Value) -> usize {
    1 + match document {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Replaces the value that is the `at`-th in a document.
fn replace(document: &mut Value, at: &mut usize, by: &Value) {
    if *at == 0 {
        *document = by.clone();
    }
    *at = at.wrapping_sub(1);
    match document {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, at, by)),
        Value::Object(members) => members.values_mut().for_each(|value| replace(value, at, by)),
        _ => {}
    }
}

fn anything() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[ -~]{0,12}",
        "\\PC{0,6}",
        "SCS-[0-9VLTCinhspou.x_-]{0,20}",
        "\\[scs:[a-z, ]{0,20}\\]?",
        "[0-9]{1,5}-[0-9]{1,3}-[0-9]{1,3}( [0-9:]{0,9})?",
        "v?[0-9]{0,21}\\.[0-9]{0,3}(\\.[0-9a-z.+-]{0,9})?",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!(u64::MAX)),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let members = proptest::collection::btree_map("[a-z_]{0,6}", inner.clone(), 0..3);
        prop_oneof![
            proptest::collection::vec(inner, 0..3).prop_map(Value::from),
            members.prop_map(|members| json!(members)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever is in a recording, the answer is verdicts or an error.
    #[test]
    fn no_recording_panics(
        which in 0..7_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), anything()), 1..4),
    ) {
        let (kind, mut document) = recordings().into_iter().nth(which).unwrap();
        for (at, by) in &changes {
            let mut at = at.index(count(&document));
            replace(&mut document, &mut at, by);
        }
        let text = document.to_string();
        for mode in [Mode::Spec, Mode::Reference] {
            let _ = check(&arguments(kind, mode), &text);
            let _ = check(&Arguments { at: None, ..arguments(kind, mode) }, &text);
        }
    }

    #[test]
    fn no_text_panics(which in 0..7_usize, text in "\\PC{0,40}") {
        let (kind, _) = recordings().into_iter().nth(which).unwrap();
        let _ = check(&arguments(kind, Mode::Reference), &text);
    }
}

//! The standards of SCS over what the lab answered once: `tests/recordings`.

use std::{fs, path::Path};

use scs_cloud::{
    core::standards::{Mode, TestResult, Verdict},
    iaas::standards::{
        image_metadata, secure_connections, security_groups, services, volume_types,
    },
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A member of a recorded answer.
fn recorded<T: DeserializeOwned>(name: &str, member: &[&str]) -> T {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("recordings/{name}.json"));
    let recording: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let body = member.iter().fold(&recording["body"], |value, member| &value[*member]);
    serde_json::from_value(body.clone()).unwrap()
}

/// The ids of the test cases that ended so, without what all of them begin with.
fn ended(results: &[TestResult], verdict: Verdict) -> Vec<&str> {
    let ended = results.iter().filter(|result| result.verdict == verdict);
    ended.map(|result| result.testcase.trim_start_matches("scs-")).collect()
}

#[test]
fn neutron_begins_with_good_rules() {
    let name = "network/default_security_group_rule.list-200";
    let rules: Vec<_> = recorded(name, &["default_security_group_rules"]);
    for mode in [Mode::Spec, Mode::Reference] {
        let result = security_groups::check(&rules, mode);
        assert_eq!(result.verdict, Verdict::Pass);
        assert!(result.findings.is_empty(), "{:?}", result.findings);
    }
}

#[test]
fn the_catalog_of_the_lab_lacks_s3_and_tls() {
    let catalog = recorded("identity/token.create-201", &["token", "catalog"]);
    let check = |edition| services::check(&catalog, None, edition, Mode::Reference);
    let v1 = check(services::Edition::V1);
    assert_eq!(ended(&v1, Verdict::Abort), ["0123-swift-s3"]);
    assert_eq!(ended(&v1, Verdict::Pass).len(), 7);
    assert_eq!(ended(&check(services::Edition::V2), Verdict::Fail), ["0123-service-s3"]);
    assert_eq!(secure_connections::check(&catalog, Mode::Reference).verdict, Verdict::Fail);
}

#[test]
fn images_and_volume_types_of_the_lab_promise_little() {
    let images: Vec<_> = recorded("image/image.list-200", &["images"]);
    let now = "2026-11-21T16:00:00Z".parse().unwrap();
    let check = |mode| image_metadata::check(&images, image_metadata::Edition::V1, mode, now);
    let (spec, reference) = (check(Mode::Spec), check(Mode::Reference));
    let passed = ["prop-min_disk", "prop-min_ram", "prop-os_distro", "prop-hash_algo"];
    let expected: Vec<_> = passed.iter().map(|name| format!("0102-{name}")).collect();
    assert_eq!(ended(&spec, Verdict::Pass)[..4], expected);
    let more: Vec<_> = ended(&reference, Verdict::Pass)
        .into_iter()
        .filter(|id| !ended(&spec, Verdict::Pass).contains(id))
        .collect();
    assert_eq!(more, ["0102-prop-hw_disk_bus", "0102-prop-uuid_validity"]);

    let types: Vec<_> = recorded("block-storage/volume_type.list-200", &["volume_types"]);
    let results = volume_types::check(&types, Mode::Reference);
    assert_eq!(ended(&results, Verdict::Pass), ["0114-syntax-check"]);
}

use scs_core::standards::{
    Mode, Target,
    Verdict::{self, Abort, Fail, Pass},
};
use serde_json::{Value, json};

use super::*;
use crate::image::Image;

const NOW: &str = "2026-08-22T12:00:00Z";

/// An image with all there is to say of it, and this change; `null` takes away.
fn image(change: &Value) -> Image {
    let mut image = json!({
        "id": "i", "name": "Ubuntu 24.04", "status": "active", "visibility": "public",
        "os_hidden": false, "min_disk": 8, "min_ram": 512, "architecture": "x86_64",
        "os_version": "24.04", "os_distro": "ubuntu", "os_purpose": "generic",
        "hw_disk_bus": "scsi", "replace_frequency": "monthly", "provided_until": "2029-05-31",
        "uuid_validity": "last-3", "image_source": "https://cloud-images.ubuntu.com/noble/x.img",
        "image_description": "https://ubuntu.com/server/docs", "image_build_date": "2026-08-10",
        "image_original_user": "ubuntu", "os_hash_algo": "sha512", "os_hash_value": "ab12",
        "hypervisor_type": "qemu", "hw_rng_model": "virtio", "hotfix_hours": "0",
    });
    for (key, value) in change.as_object().unwrap() {
        image[key] = value.clone();
    }
    serde_json::from_value(image).unwrap()
}

fn verdict(image: &Image, edition: Edition, mode: Mode, id: &str) -> Verdict {
    let results = check(std::slice::from_ref(image), edition, mode, NOW.parse().unwrap());
    results.iter().find(|result| result.testcase == id).unwrap().verdict
}

#[test]
fn a_good_image_passes() {
    for (edition, count) in [(Edition::V1, 19), (Edition::V2, 20)] {
        for mode in [Mode::Spec, Mode::Reference] {
            let results = check(&[image(&json!({}))], edition, mode, NOW.parse().unwrap());
            assert_eq!(results.len(), count);
            let failed: Vec<_> = results.iter().filter(|r| !r.findings.is_empty()).collect();
            assert!(failed.is_empty(), "{failed:?}");
        }
    }
}

#[test]
fn each_property_has_its_rule() {
    // Property, value, by the text, by the test.
    for (property, value, spec, reference) in [
        ("architecture", json!("aarch64"), Pass, Pass),
        ("architecture", json!("amd64"), Fail, Fail),
        ("architecture", json!("X86_64"), Fail, Fail),
        ("architecture", json!(null), Fail, Fail),
        ("architecture", json!(""), Fail, Fail),
        ("architecture", json!(" x86_64"), Fail, Fail),
        ("min_disk", json!(0), Fail, Fail),
        ("min_disk", json!(1), Pass, Pass),
        ("min_ram", json!(0), Fail, Fail),
        ("min_ram", json!(null), Fail, Fail),
        ("os_version", json!(null), Fail, Fail),
        ("os_version", json!("  "), Fail, Fail),
        ("os_version", json!("rolling"), Pass, Pass),
        ("os_distro", json!(null), Fail, Fail),
        ("os_distro", json!("Ubuntu"), Fail, Pass),
        ("os_distro", json!("almalinux"), Pass, Pass),
        ("os_purpose", json!("k8snode"), Pass, Pass),
        ("os_purpose", json!("minimal"), Pass, Pass),
        ("os_purpose", json!("capinode"), Fail, Fail),
        ("os_purpose", json!(null), Fail, Fail),
        ("hw_disk_bus", json!("virtio"), Pass, Pass),
        ("hw_disk_bus", json!("floppy"), Fail, Fail),
        ("hw_disk_bus", json!(null), Fail, Pass),
        ("image_build_date", json!("2026-08-10 10:30"), Pass, Pass),
        ("image_build_date", json!("2026-08-10 10:30:01"), Pass, Pass),
        ("image_build_date", json!("2026-08-10T10:30:01Z"), Fail, Fail),
        ("image_build_date", json!("20260810"), Fail, Fail),
        ("image_build_date", json!(null), Fail, Fail),
        ("image_original_user", json!("none"), Pass, Pass),
        ("image_original_user", json!(null), Fail, Fail),
        ("image_source", json!("private"), Pass, Pass),
        ("image_source", json!("ftp://example.com/x.img"), Pass, Pass),
        ("image_source", json!("somewhere"), Fail, Fail),
        ("image_source", json!("mailto:me@example.com"), Fail, Fail),
        ("image_source", json!("file:///x.img"), Fail, Fail),
        ("image_source", json!(null), Fail, Fail),
        ("image_description", json!("Release notes: none"), Pass, Pass),
        ("image_description", json!(null), Fail, Fail),
        ("replace_frequency", json!("critical_bug"), Pass, Pass),
        ("replace_frequency", json!("never"), Pass, Pass),
        ("replace_frequency", json!("Monthly"), Fail, Fail),
        ("replace_frequency", json!(null), Fail, Fail),
        ("provided_until", json!("none"), Pass, Pass),
        ("provided_until", json!("notice"), Pass, Pass),
        ("provided_until", json!("9999-12-31"), Pass, Pass),
        ("provided_until", json!("forever"), Fail, Pass),
        ("provided_until", json!("2026-13-01"), Fail, Pass),
        ("provided_until", json!(null), Fail, Fail),
        ("uuid_validity", json!("forever"), Pass, Pass),
        ("uuid_validity", json!("last-1"), Pass, Pass),
        ("uuid_validity", json!("9999-12-31"), Pass, Pass),
        ("uuid_validity", json!("2027-02-30"), Fail, Fail),
        ("uuid_validity", json!("long"), Fail, Fail),
        ("uuid_validity", json!(null), Fail, Pass),
        ("hypervisor_type", json!("kvm"), Fail, Pass),
        ("hypervisor_type", json!("hyper-v"), Fail, Pass),
        ("hypervisor_type", json!("esxi"), Fail, Pass),
        ("hypervisor_type", json!("hyperv"), Pass, Fail),
        ("hypervisor_type", json!("vmware"), Pass, Fail),
        ("hypervisor_type", json!(null), Fail, Fail),
        ("hw_rng_model", json!("other"), Fail, Fail),
        ("hotfix_hours", json!("48"), Pass, Pass),
        ("hotfix_hours", json!("-1"), Fail, Fail),
        ("hotfix_hours", json!("soon"), Fail, Fail),
        ("hotfix_hours", json!(null), Pass, Fail),
    ] {
        let image = image(&json!({property: value}));
        let id = format!("scs-0102-prop-{property}");
        assert_eq!(verdict(&image, Edition::V2, Mode::Spec, &id), spec, "{property} {value}");
        let found = verdict(&image, Edition::V2, Mode::Reference, &id);
        assert_eq!(found, reference, "{property} {value}");
    }
    for (value, expected) in [("sha256", Pass), ("md5", Fail)] {
        let image = image(&json!({"os_hash_algo": value}));
        assert_eq!(verdict(&image, Edition::V1, Mode::Spec, "scs-0102-prop-hash_algo"), expected);
    }
}

#[test]
fn the_editions_differ_in_purpose() {
    let old = image(&json!({"os_purpose": "oldgeneric"}));
    let id = "scs-0102-prop-os_purpose";
    assert_eq!(verdict(&old, Edition::V1, Mode::Spec, id), Fail);
    assert_eq!(verdict(&old, Edition::V1, Mode::Reference, id), Pass);
    assert_eq!(verdict(&old, Edition::V2, Mode::Spec, id), Pass);
    let target = |edition| {
        let results = check(&[], edition, Mode::Spec, NOW.parse().unwrap());
        results.iter().find(|result| result.testcase == id).unwrap().target
    };
    assert_eq!(target(Edition::V1), Target::Recommended);
    assert_eq!(target(Edition::V2), Target::Main);
}

#[test]
fn images_that_few_see_do_not_matter() {
    for (visibility, expected) in
        [("public", Fail), ("community", Fail), ("private", Pass), ("shared", Pass)]
    {
        let image = image(&json!({"visibility": visibility, "architecture": null}));
        for mode in [Mode::Spec, Mode::Reference] {
            let id = "scs-0102-prop-architecture";
            assert_eq!(verdict(&image, Edition::V1, mode, id), expected, "{visibility}");
        }
    }
}

#[test]
fn images_have_to_be_renewed() {
    // Frequency, build date, promise, by the text, by the test; as of 2026-08-22 12:00.
    for (frequency, built, until, spec, reference) in [
        ("monthly", "2026-08-01", Some("2029-05-31"), Pass, Pass),
        // A month and 3 days end with 2026-08-22; 1.1 times 31 days ended that day at 02:24.
        ("monthly", "2026-07-20", Some("2029-05-31"), Pass, Pass),
        ("monthly", "2026-07-19", Some("2029-05-31"), Pass, Fail),
        ("monthly", "2026-07-18", Some("2029-05-31"), Fail, Fail),
        ("weekly", "2026-08-15", Some("2029-05-31"), Pass, Pass),
        ("weekly", "2026-08-12", Some("2029-05-31"), Pass, Fail),
        ("weekly", "2026-08-11", Some("2029-05-31"), Fail, Fail),
        ("daily", "2026-08-21 09:00", Some("2029-05-31"), Pass, Pass),
        ("daily", "2026-08-21 08:00", Some("2029-05-31"), Pass, Fail),
        ("daily", "2026-08-17", Some("2029-05-31"), Fail, Fail),
        ("quarterly", "2026-05-14", Some("2029-05-31"), Fail, Pass),
        ("quarterly", "2026-05-12", Some("2029-05-31"), Fail, Fail),
        ("yearly", "2025-07-25", Some("2029-05-31"), Fail, Pass),
        ("yearly", "2025-07-15", Some("2029-05-31"), Fail, Fail),
        ("never", "2020-01-01", Some("2029-05-31"), Pass, Pass),
        ("critical_bug", "2020-01-01", None, Pass, Pass),
        ("sometimes", "2020-01-01", None, Pass, Pass),
        // What frees from it.
        ("monthly", "2020-01-01", Some("none"), Pass, Pass),
        ("monthly", "2020-01-01", Some("notice"), Fail, Pass),
        ("monthly", "2020-01-01", Some("2026-08-21"), Pass, Pass),
        ("monthly", "2020-01-01", Some("2026-08-22"), Fail, Pass),
        ("monthly", "2020-01-01", Some("2026-08-23"), Fail, Fail),
        // What cannot be judged.
        ("monthly", "2020-01-01", None, Fail, Abort),
        ("monthly", "2020-01-01", Some("soon"), Fail, Abort),
        ("monthly", "long ago", Some("2029-05-31"), Abort, Abort),
        ("monthly", "2026-08-10", None, Pass, Pass),
    ] {
        let image = image(&json!({"replace_frequency": frequency, "image_build_date": built,
            "provided_until": until}));
        let id = "scs-0102-image-recency";
        let words = format!("{frequency} {built} {until:?}");
        assert_eq!(verdict(&image, Edition::V1, Mode::Spec, id), spec, "{words}");
        assert_eq!(verdict(&image, Edition::V1, Mode::Reference, id), reference, "{words}");
    }
    let hidden = image(&json!({"os_hidden": true, "image_build_date": "2020-01-01"}));
    assert_eq!(verdict(&hidden, Edition::V1, Mode::Spec, "scs-0102-image-recency"), Pass);
    assert_eq!(verdict(&hidden, Edition::V1, Mode::Reference, "scs-0102-image-recency"), Fail);
}

#[test]
fn generic_images_are_unique() {
    let unique = |change: Value, mode| {
        let images = [image(&json!({"name": "a"})), image(&change)];
        let results = check(&images, Edition::V2, mode, NOW.parse().unwrap());
        results.last().unwrap().clone()
    };
    for (change, expected) in [
        (json!({}), Fail),
        (json!({"visibility": "private"}), Pass),
        (json!({"os_hidden": true}), Pass),
        (json!({"os_purpose": "minimal"}), Pass),
        (json!({"os_purpose": "oldgeneric"}), Pass),
        (json!({"os_version": "22.04"}), Pass),
        (json!({"architecture": "aarch64"}), Pass),
        (json!({"os_distro": "debian"}), Pass),
    ] {
        for mode in [Mode::Spec, Mode::Reference] {
            let result = unique(change.clone(), mode);
            assert_eq!(result.testcase, "scs-0102-os_purpose-uniqueness");
            assert_eq!(result.verdict, expected, "{change}");
        }
    }
    let community = json!({"visibility": "community"});
    assert_eq!(unique(community.clone(), Mode::Spec).verdict, Pass);
    assert_eq!(unique(community, Mode::Reference).verdict, Fail);
    let findings = unique(json!({"name": "b"}), Mode::Spec).findings;
    assert!(findings[0].to_string().starts_with("image `b`: is the generic one of the same"));
}

#[test]
fn findings_say_what_to_write() {
    let bad = image(&json!({"replace_frequency": "often", "uuid_validity": null}));
    let results = check(&[bad], Edition::V1, Mode::Spec, NOW.parse().unwrap());
    let words: Vec<_> =
        results.iter().flat_map(|result| &result.findings).map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "image `Ubuntu 24.04`: replace_frequency is `often`; make it `yearly`, `quarterly`, \
             `monthly`, `weekly`, `daily`, `critical_bug` or `never`",
            "image `Ubuntu 24.04`: says no uuid_validity; make it `none`, `last-N`, `YYYY-MM-DD`, \
             `notice` or `forever`",
        ]
    );
}

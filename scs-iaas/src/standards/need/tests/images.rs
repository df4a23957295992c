use proptest::prelude::*;
use serde_json::{Value, json};

use super::{after, name, read};
use crate::{
    compute::Flavor,
    image::{Image, Visibility},
    standards::{image_metadata::Purpose, need::ImageNeed},
};

fn image(name: &str, more: Value) -> Image {
    let mut image = json!({"id": name, "name": name, "status": "active", "visibility": "public"});
    let members = image.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    read(image)
}

/// As the scopes up to v5.1 have it, in an extreme: nothing but names.
fn named() -> Vec<Image> {
    [
        "Ubuntu 22.04",
        "Ubuntu 24.04",
        "Ubuntu 24.04 (2026-01-15)",
        "Ubuntu 24.04 Minimal",
        "Debian 12",
        "Debian 13",
        "ubuntu-capi-image-v1.34.1",
    ]
    .map(|name| image(name, json!({})))
    .into()
}

/// As the next scope has it, in an extreme: nothing but metadata.
fn by_metadata() -> Vec<Image> {
    let all = [
        ("ubuntu", "22.04", "x86_64", "generic", "2026-01-01"),
        ("ubuntu", "24.04", "x86_64", "generic", "2026-01-01"),
        ("ubuntu", "24.04", "x86_64", "generic", "2026-02-01"),
        ("ubuntu", "24.04", "aarch64", "generic", "2026-03-01"),
        ("ubuntu", "24.04", "x86_64", "minimal", "2026-03-01"),
        ("ubuntu", "26.04", "x86_64", "k8snode", "2026-05-01"),
        ("debian", "9", "x86_64", "generic", "2026-04-01"),
        ("debian", "13", "x86_64", "generic", "2026-03-01"),
    ];
    let describe = |(at, (distribution, version, architecture, purpose, built))| {
        let properties = json!({"os_distro": distribution, "os_version": version,
            "architecture": architecture, "os_purpose": purpose, "image_build_date": built});
        image(&format!("image-{at}"), properties)
    };
    all.into_iter().enumerate().map(describe).collect()
}

#[test]
fn names_do_where_there_is_nothing_else() {
    let need = Image::need;
    for (need, expected) in [
        (need().distribution("ubuntu"), "Ubuntu 24.04"),
        (need().distribution("ubuntu").version("22.04"), "Ubuntu 22.04"),
        (need().distribution("debian").purpose(Purpose::Generic), "Debian 13"),
        (need().purpose(Purpose::KubernetesNode), "ubuntu-capi-image-v1.34.1"),
        (need().purpose(Purpose::Minimal), "Ubuntu 24.04 Minimal"),
    ] {
        assert_eq!(name(need.choose(&named())), expected, "{need}");
    }
    let images = named();
    let choice = need().distribution("debian").architecture("x86_64").choose(&images).unwrap();
    assert_eq!(
        choice.to_string(),
        "`Debian 13` (public, Debian 13, generic): the newest of 2 that do for debian, x86_64, out \
         of 7\n\
         not promised: x86_64: no image of this cloud has the property architecture\n\
         next: `Debian 12` is of an older version"
    );
    let error = need().distribution("fedora").choose(&images).unwrap_err();
    assert!(error.message().contains("`Debian 13` is of Debian, not fedora"), "{error}");
}

#[test]
fn metadata_do_without_names() {
    let need = Image::need;
    for (need, expected) in [
        (need().distribution("Ubuntu"), 2),
        (need().distribution("ubuntu").architecture("aarch64"), 3),
        (need().distribution("ubuntu").version("24.04").purpose(Purpose::Minimal), 4),
        (need().distribution("ubuntu").purpose(Purpose::KubernetesNode), 5),
        (need().distribution("ubuntu").version("26.04"), 5),
        // 13 is newer than 9, although it was built earlier.
        (need().distribution("debian"), 7),
        // Without a distribution versions say nothing.
        (need(), 6),
    ] {
        assert_eq!(name(need.choose(&by_metadata())), format!("image-{expected}"), "{need}");
    }
    // Whatever this is for, it is not for anything.
    let odd = image("odd", json!({"os_purpose": "desktop", "image_build_date": "2026-06-01"}));
    let images: Vec<_> = by_metadata().into_iter().chain([odd]).collect();
    assert_eq!(name(need().choose(&images)), "image-6");
    assert_eq!(
        name(need().distribution("debian").version("12").choose(&by_metadata())),
        "no image of 8 does for debian 12: `image-7` is of version 13, not 12; `image-6` is of \
         version 9, not 12; `image-2` is of ubuntu, not debian and is of version 24.04, not 12"
    );
}

#[test]
fn what_is_old_or_not_for_everybody_comes_last() {
    let system = json!({"os_distro": "debian", "os_version": "13"});
    let with = |name: &str, more: Value| {
        let mut all = system.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        image(name, all)
    };
    let images = vec![
        with("a", json!({"image_build_date": "2026-05-01", "os_hidden": true})),
        with("b (1)", json!({"image_build_date": "2026-05-01"})),
        with("c", json!({"image_build_date": "2026-05-01", "visibility": "private"})),
        with("d", json!({"image_build_date": "2026-05-01", "visibility": "community"})),
        with("e", json!({"image_build_date": "2026-05-01", "status": "deactivated"})),
        with("f", json!({"image_build_date": "2026-03-01"})),
        with("g", json!({"created_at": "2026-04-01T00:00:00Z"})),
    ];
    let need = Image::need().distribution("debian");
    let choice = need.choose(&images).unwrap();
    assert_eq!(choice.chosen.name, "g");
    let reasons = ["`f` was built earlier", "`d` is seen by fewer", "`c` is seen by fewer"];
    assert_eq!(after(&choice), reasons);
    assert_eq!(name(need.clone().visibility(Visibility::Private).choose(&images)), "c");
    let hidden = name(need.choose(&images[..1]));
    assert_eq!(hidden, "a", "better an old one than none");
    let choice = need.choose(&images[..1]).unwrap();
    assert!(choice.to_string().contains("hidden): the newest of 1"), "{choice}");
    assert!(name(need.choose(&images[4..5])).ends_with("`e` is deactivated"));
}

#[test]
fn an_image_has_to_fit_the_flavor() {
    let flavor = |name: &str, disk: u32| -> Flavor {
        read(json!({"id": "f", "name": name, "vcpus": 2, "ram": 4096, "disk": disk}))
    };
    let images = by_metadata();
    assert_eq!(name(Image::need().flavor(&flavor("SCS-2V-4_a2", 0)).choose(&images)), "image-3");
    assert_eq!(name(Image::need().flavor(&flavor("SCS-2V-4", 0)).choose(&images)), "image-6");
    let large = [image("large", json!({"min_disk": 30, "min_ram": 4096}))];
    assert_eq!(name(Image::need().flavor(&flavor("small", 0)).choose(&large)), "large");
    let error = Image::need().flavor(&flavor("small", 20)).choose(&large).unwrap_err();
    assert!(error.message().ends_with("`large` needs 30 GiB of disk, not 20"), "{error}");
}

fn some_image() -> impl Strategy<Value = Image> {
    let name = prop::sample::select(vec!["Ubuntu 24.04", "Ubuntu 22.04 (old)", "Debian 13", "x"]);
    let property = |values: &[&'static str]| prop::sample::select(values.to_vec());
    let properties = (
        property(&["ubuntu", "debian", ""]),
        property(&["13", "24.04", "9", ""]),
        property(&["x86_64", "aarch64"]),
        property(&["generic", "minimal", "k8snode", ""]),
        property(&["2026-01-01", "2026-02-01", ""]),
        property(&["public", "private", "community"]),
    );
    (name, properties, 0..1000_u32, prop::bool::weighted(0.2)).prop_map(
        |(name, (distribution, version, architecture, purpose, built, visibility), id, hidden)| {
            let properties = json!({"id": id.to_string(), "os_distro": distribution,
                "os_version": version, "architecture": architecture, "os_purpose": purpose,
                "image_build_date": built, "visibility": visibility, "os_hidden": hidden});
            image(name, properties)
        },
    )
}

fn some_need() -> impl Strategy<Value = ImageNeed> {
    let distribution = prop::option::of(prop::sample::select(vec!["ubuntu", "debian"]));
    let version = prop::option::of(prop::sample::select(vec!["13", "24.04"]));
    let architecture = prop::option::of(prop::sample::select(vec!["x86_64", "aarch64"]));
    let purpose = prop::option::of(prop::sample::select(Purpose::ALL));
    (distribution, version, architecture, purpose).prop_map(
        |(distribution, version, architecture, purpose)| {
            let mut need = Image::need();
            need = distribution.into_iter().fold(need, ImageNeed::distribution);
            need = version.into_iter().fold(need, ImageNeed::version);
            need = architecture.into_iter().fold(need, ImageNeed::architecture);
            purpose.into_iter().fold(need, ImageNeed::purpose)
        },
    )
}

proptest! {
    #[test]
    fn order_does_not_matter_and_what_does_not_do_changes_nothing(
        need in some_need(),
        images in prop::collection::vec(some_image(), 1..10),
        more in prop::collection::vec(some_image(), 0..6),
        turn in 0..10_usize,
    ) {
        // Some image says what it is for, so that silence is a lack.
        let teller = image("teller", json!({"os_purpose": "custom", "architecture": "s390x",
            "os_distro": "none", "status": "queued"}));
        let does = |image: &Image| need.choose(&[image.clone(), teller.clone()]).is_ok();
        let mut images = images;
        images.push(teller.clone());
        let chosen = need.choose(&images).map(|choice| choice.to_string()).ok();
        if let Ok(choice) = need.choose(&images) {
            prop_assert!(does(choice.chosen));
            prop_assert!(choice.unpromised.is_empty());
        } else {
            prop_assert!(!images.iter().any(does));
        }
        let mut turned = images.clone();
        turned.rotate_left(turn % images.len());
        turned.reverse();
        prop_assert_eq!(&need.choose(&turned).map(|choice| choice.to_string()).ok(), &chosen);

        turned.extend(more.into_iter().filter(|image| !does(image)));
        let id = |list: &[Image]| need.choose(list).map(|choice| choice.chosen.id.clone()).ok();
        prop_assert_eq!(id(&turned), id(&images));
    }
}

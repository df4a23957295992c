use scs_core::{Resource, testing::Fault};
use serde_json::json;

use crate::{
    block_storage::VolumeType,
    compute::Flavor,
    image::{Image, Visibility},
    network::Network,
    standards::{flavor_name::CpuClass, volume_types::Aspect},
    testing::FakeOpenStack,
};

/// How often the extra specs of single flavors were asked for.
fn looked_up(fake: &FakeOpenStack) -> usize {
    fake.requests().iter().filter(|request| request.path.ends_with("/os-extra_specs")).count()
}

#[tokio::test]
async fn one_request_does_for_each() {
    let fake = FakeOpenStack::start().await;
    let cloud = fake.connect().await.unwrap();
    let image = Image::need().distribution("ubuntu").choose_in(&cloud).await.unwrap().chosen;
    assert_eq!(image.name, "Ubuntu 24.04");
    let need = Flavor::need().vcpus(2).cpu_class(CpuClass::Shared).image(&image);
    let choice = need.choose_in(&cloud).await.unwrap();
    assert_eq!((choice.chosen.name.as_str(), choice.runners_up.len()), ("SCS-2V-4", 3));
    assert_eq!(looked_up(&fake), 0);
    assert_eq!(Network::need_external().choose_in(&cloud).await.unwrap().chosen.name, "public");
    let choice = VolumeType::need().choose_in(&cloud).await.unwrap();
    assert_eq!(choice.chosen.name, "__DEFAULT__");
    let need = VolumeType::need().aspect(Aspect::Encrypted);
    assert!(need.choose_in(&cloud).await.unwrap_err().is_not_found());
    assert_eq!(fake.unexpected(), [""; 0]);
}

#[tokio::test]
async fn an_old_nova_is_asked_flavor_by_flavor() {
    let fake = FakeOpenStack::start().await;
    fake.microversions("compute", "2.1", "2.60").unwrap();
    // Only the extra specs tell what the flavors are.
    let keys = fake.state(|state| {
        let keys: Vec<_> = state.list(&Flavor::ROUTE).map(|(key, _)| key.to_owned()).collect();
        for (at, key) in keys.iter().enumerate() {
            state.merge(&Flavor::ROUTE, key, json!({"name": format!("size-{at}")}));
        }
        keys
    });
    let cloud = fake.connect().await.unwrap();
    let need = Flavor::need().ram(8000);
    assert_eq!(need.choose_in(&cloud).await.unwrap().chosen.name, "size-11");
    assert_eq!(looked_up(&fake), 0);
    let need = need.cpu_class(CpuClass::Shared);
    let choice = need.choose_in(&cloud).await.unwrap();
    assert!(choice.unpromised.is_empty(), "{choice}");
    assert_eq!(choice.chosen.extra_specs["scs:name-v2"], "SCS-1V-8");
    // Of 15 flavors ten are large enough.
    assert_eq!(looked_up(&fake), 10);

    fake.forget_requests();
    fake.fail(Fault::status(403).on("GET", format!("/compute/v2.1/flavors/{}", keys[1])));
    let choice = need.choose_in(&cloud).await.unwrap();
    assert_eq!((choice.chosen.name.as_str(), choice.unpromised.len()), ("size-11", 1));
    assert_eq!(looked_up(&fake), 1);
    assert_eq!(fake.unexpected(), [""; 0]);
}

#[tokio::test]
async fn community_images_are_a_second_choice() {
    let fake = FakeOpenStack::start().await;
    fake.state(|state| {
        let seeded = state.list(&Image::ROUTE).next().unwrap().1.clone();
        let mut image = seeded;
        for (member, value) in [
            ("id", "aaaaaaaa-0000-0000-0000-000000000000"),
            ("name", "Arch 2026.01"),
            ("os_distro", "arch"),
            ("visibility", "community"),
        ] {
            image[member] = value.into();
        }
        state.insert(&Image::ROUTE, image["id"].as_str().unwrap().to_owned(), image);
    });
    let cloud = fake.connect().await.unwrap();
    let choice = Image::need().distribution("arch").choose_in(&cloud).await.unwrap();
    assert_eq!(choice.chosen.visibility, Visibility::Community);
    let public = Image::need().distribution("arch").visibility(Visibility::Public);
    assert!(public.choose_in(&cloud).await.unwrap_err().is_not_found());
}

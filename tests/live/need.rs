//! Choosing by need, on a cloud that has little of SCS in it.

use scs_cloud::{
    core::ErrorKind,
    iaas::{
        block_storage::VolumeType,
        compute::Flavor,
        image::Image,
        network::Network,
        standards::{flavor_name::CpuClass, volume_types::Aspect},
    },
};

use crate::lab;

#[tokio::test]
async fn what_the_lab_has_is_chosen_by_need() {
    let cloud = lab::cloud("lab-user").await;
    let image = Image::need().choose_in(&cloud).await.unwrap();
    let need = Flavor::need().image(&image.chosen).cpu_class(CpuClass::Shared);
    let flavor = need.choose_in(&cloud).await.unwrap();
    assert!(flavor.unpromised.is_empty() && flavor.chosen.name.starts_with("SCS-"), "{flavor}");
    assert!(flavor.chosen.ram >= image.chosen.min_ram);
    let network = Network::need_external().choose_in(&cloud).await.unwrap();
    assert!(network.chosen.is_external);
    let volume_type = VolumeType::need().choose_in(&cloud).await.unwrap();
    assert_eq!(volume_type.chosen.name, "__DEFAULT__");

    let error = Flavor::need().vcpus(4096).choose_in(&cloud).await.unwrap_err();
    assert_eq!((error.kind(), error.service()), (ErrorKind::NotFound, Some("compute")));
    let error = VolumeType::need().aspect(Aspect::Encrypted).choose_in(&cloud).await.unwrap_err();
    assert!(error.message().contains("does not promise to be encrypted"), "{error}");
}

#[tokio::test]
async fn extra_specs_are_told_flavor_by_flavor_too() {
    let cloud = lab::cloud("lab-user").await;
    let flavor = cloud.flavors().find("SCS-1V-4").await.unwrap();
    let specs = cloud.flavor_extra_specs(&flavor.id).at(2, 60).read().await.unwrap();
    assert_eq!(specs.0, flavor.extra_specs);
    assert!(cloud.flavors().at(2, 60).get(&flavor.id).await.unwrap().extra_specs.is_empty());
}

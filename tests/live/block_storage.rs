use scs_cloud::{
    core::Change,
    iaas::block_storage::{Extend, NewVolume, VolumePatch, VolumeStatus},
};

use crate::lab;

#[tokio::test]
async fn a_volume_from_creation_to_deletion() {
    let cloud = lab::cloud("lab-user").await;
    let volumes = cloud.volumes();
    let name = lab::name("volume");
    let image = cloud.images().find("lab-image").await.unwrap();
    let new = NewVolume::new(1).name(&name).description("d").image(&image.id);
    let volume = volumes.create(new).ready().await.unwrap();
    assert_eq!((&volume.status, volume.bootable), (&VolumeStatus::Available, Some(true)));
    assert_eq!(volume.image_metadata["image_id"], image.id.as_str());
    assert_eq!(volumes.find(&name).await.unwrap().id, volume.id);
    let patch = VolumePatch::new().description(Change::Clear);
    let volume = volumes.update(&volume.id, patch).await.unwrap();
    assert_eq!((&*volume.name, &*volume.description), (&*name, ""));
    volumes.act(&volume.id, Extend::new(2)).await.unwrap();
    assert_eq!(volumes.wait(&volume.id).ready().await.unwrap().size, 2);
    volumes.delete(&volume.id).await.unwrap();
    volumes.wait(&volume.id).gone().await.unwrap();
}

use scs_cloud::{
    core::{Change, ErrorKind},
    iaas::image::{DiskFormat, ImagePatch, ImageStatus, NewImage, Visibility},
};

use crate::lab;

#[tokio::test]
async fn an_image_from_creation_to_deletion() {
    let cloud = lab::cloud("lab-user").await;
    let images = cloud.images();
    let name = lab::name("image");
    let new = NewImage::new(&name, DiskFormat::Raw)
        .container_format("bare")
        .visibility(Visibility::Private)
        .min_disk(1)
        .tags(["live"])
        .os_distro("lab")
        .with("draft", "yes");
    let image = images.create(new).await.unwrap();
    assert_eq!((&image.status, image.size), (&ImageStatus::Queued, None));
    assert_eq!((image.os_distro(), &*image.properties["draft"]), (Some("lab"), "yes"));
    assert_eq!(images.find(&name).await.unwrap().id, image.id);

    let patch = ImagePatch::new()
        .tags(["a", "b"])
        .min_ram(64)
        .property("os_version", "13")
        .property("draft", Change::Clear);
    let image = images.update(&image.id, patch).await.unwrap();
    assert_eq!((&*image.name, image.min_disk, image.min_ram), (&*name, 1, 64));
    assert_eq!((image.tags.len(), image.os_version()), (2, Some("13")));
    assert!(!image.properties.contains_key("draft"));
    let image = images.update(&image.id, ImagePatch::new().name(Change::Clear)).await.unwrap();
    assert_eq!(image.name, "");
    let gone = ImagePatch::new().property("draft", Change::Clear);
    let error = images.update(&image.id, gone).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");

    images.delete(&image.id).await.unwrap();
    images.wait(&image.id).gone().await.unwrap();
}

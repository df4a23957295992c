//! Rules of images.

use scs_cloud::{
    core::{Change, Id},
    iaas::image::{DiskFormat, Image, ImagePatch, NewImage, Visibility},
};

use super::{
    Alone,
    lab::{self, Cleanup},
};

/// An image of which there is nothing to say.
fn faultless(name: &str) -> NewImage {
    let new = NewImage::new(name, DiskFormat::Raw).container_format("bare");
    let new = new.visibility(Visibility::Public).min_disk(1).min_ram(64);
    let new = new.architecture("x86_64").os_distro("lab").os_version("1").disk_bus("scsi");
    PROPERTIES.iter().fold(new, |new, (name, right, _)| new.with(*name, *right))
}

/// Properties of one's own, right and wrong. What the official test lets be missing has to be
/// wrong to fail.
const PROPERTIES: [(&str, &str, Option<&str>); 7] = [
    ("image_build_date", "2026-01-15", None),
    ("image_original_user", "nobody", None),
    ("image_source", "private", None),
    ("image_description", "made by a test", None),
    ("replace_frequency", "never", None),
    ("provided_until", "none", None),
    ("uuid_validity", "none", Some("a while")),
];

async fn change(lab: &Alone, image: &Id<Image>, patch: ImagePatch) {
    lab.admin.images().update(image, patch).await.unwrap();
}

#[tokio::test]
async fn each_property_counts() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        let name = lab::name("image");
        let image = lab.admin.images().create(faultless(&name)).await.unwrap().id;
        cleanup.delete(&lab.admin.images(), &image);
        lab.only(&[]).await;

        let others = [
            ("architecture", "x86_64", None),
            ("os_distro", "lab", None),
            ("os_version", "1", None),
            ("hw_disk_bus", "scsi", Some("steam")),
        ];
        for (name, right, wrong) in PROPERTIES.into_iter().chain(others) {
            let worse: Change<String> =
                wrong.map_or(Change::Clear, |wrong| Change::Set(wrong.to_owned()));
            change(&lab, &image, ImagePatch::new().property(name, worse)).await;
            lab.only(&[&format!("scs-0102-prop-{name}")]).await;
            change(&lab, &image, ImagePatch::new().property(name, right)).await;
        }
        change(&lab, &image, ImagePatch::new().min_disk(0)).await;
        lab.only(&["scs-0102-prop-min_disk"]).await;
        change(&lab, &image, ImagePatch::new().min_disk(1).min_ram(0)).await;
        lab.only(&["scs-0102-prop-min_ram"]).await;
        change(&lab, &image, ImagePatch::new().min_ram(64)).await;

        let promise = ImagePatch::new().property("replace_frequency", "monthly");
        let promise = promise.property("provided_until", "2050-01-01");
        change(&lab, &image, promise.property("image_build_date", "2020-01-15")).await;
        lab.only(&["scs-0102-image-recency"]).await;
    })
    .await;
}

#[tokio::test]
async fn each_standard_image_has_its_sources() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        for (name, testcase) in [
            ("ubuntu-capi-image v1.34.1", "scs-0104-source-capi-1"),
            ("ubuntu-capi-image-v1.34.1", "scs-0104-source-capi-2"),
            ("Ubuntu 22.04", "scs-0104-source-ubuntu-2204"),
            ("Ubuntu 20.04", "scs-0104-source-ubuntu-2004"),
            ("Debian 13", "scs-0104-source-debian-13"),
            ("Debian 11", "scs-0104-source-debian-11"),
        ] {
            let image = lab.admin.images().create(faultless(name)).await.unwrap().id;
            cleanup.delete(&lab.admin.images(), &image);
            lab.only(&[testcase]).await;
            lab.admin.images().delete(&image).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_images_of_the_lab_are_looked_at() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        let images = lab.admin.images();
        for (name, testcase) in [
            ("Ubuntu 24.04", "scs-0104-source-ubuntu-2404"),
            ("Debian 12", "scs-0104-source-debian-12"),
        ] {
            let image = images.find(name).await.unwrap();
            let source = image.properties["image_source"].clone();
            let source = ImagePatch::new().property("image_source", source);
            cleanup.undo({
                let (images, id, source) = (images.clone(), image.id.clone(), source.clone());
                async move { images.update(&id, source).await.map(drop) }
            });
            let foreign = "https://images.example/it.qcow2";
            change(&lab, &image.id, ImagePatch::new().property("image_source", foreign)).await;
            lab.only(&[testcase]).await;
            change(&lab, &image.id, source).await;
        }
        let image = images.find("Ubuntu 24.04").await.unwrap();
        cleanup.undo({
            let (images, id) = (images.clone(), image.id.clone());
            async move { images.update(&id, ImagePatch::new().name("Ubuntu 24.04")).await.map(drop) }
        });
        change(&lab, &image.id, ImagePatch::new().name("Ubuntu 24.04 (old)")).await;
        lab.only(&["scs-0104-image-ubuntu-2404"]).await;
    })
    .await;
}

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{Change, ErrorKind, Result},
    iaas::{
        OpenStack,
        image::{
            DiskFormat, ImagePatch, ImageQuery, ImageStatus, MemberPatch, MemberStatus, NewImage,
            NewMember, Visibility,
        },
    },
};

use crate::lab::{self, Cleanup};

/// Removes the images of a test: those of this name or with it as a tag.
pub async fn remove(cloud: OpenStack, name: String) -> Result<()> {
    for query in [ImageQuery::new().name(&name), ImageQuery::new().tag(&name)] {
        for image in cloud.images().list(query).try_collect::<Vec<_>>().await? {
            cloud.images().delete(&image.id).await?;
        }
    }
    Ok(())
}

fn new(name: &str) -> NewImage {
    NewImage::new(name, DiskFormat::Raw).container_format("bare").tags([name])
}

#[tokio::test]
async fn an_image_from_creation_to_deletion() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("image");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        let images = cloud.images();
        let new = new(&name)
            .visibility(Visibility::Private)
            .min_disk(1)
            .os_distro("lab")
            .with("draft", "yes");
        let image = images.create(new).await.unwrap();
        assert_eq!((&image.status, image.size), (&ImageStatus::Queued, None));
        assert_eq!((image.os_distro(), &*image.properties["draft"]), (Some("lab"), "yes"));
        assert_eq!(images.find(&name).await.unwrap().id, image.id);

        let patch = ImagePatch::new()
            .tags([&*name, "b"])
            .min_ram(64)
            .property("os_version", "13")
            .property("draft", Change::Clear);
        let image = images.update(&image.id, patch).await.unwrap();
        assert_eq!((&*image.name, image.min_disk, image.min_ram), (&*name, 1, 64));
        assert_eq!((image.tags.len(), image.os_version()), (2, Some("13")));
        assert!(!image.properties.contains_key("draft"));
        let patch = ImagePatch::new().name(Change::Clear).protected(true).hidden(true);
        let image = images.update(&image.id, patch).await.unwrap();
        assert_eq!((&*image.name, image.protected, image.hidden), ("", true, true));
        let error = images.delete(&image.id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
        let patch = ImagePatch::new().protected(false).hidden(false);
        images.update(&image.id, patch).await.unwrap();
        let gone = ImagePatch::new().property("draft", Change::Clear);
        let error = images.update(&image.id, gone).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        let public = ImagePatch::new().visibility(Visibility::Public);
        let error = images.update(&image.id, public).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");

        images.delete(&image.id).await.unwrap();
        images.wait(&image.id).gone().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_image_is_shared() {
    let (owner, other) = (lab::cloud("lab-user").await, lab::cloud("lab-other").await);
    let name = lab::name("share");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(owner.clone(), name.clone()));
        let image = owner.images().create(new(&name).visibility(Visibility::Shared)).await.unwrap();
        let project = other.session().access().await.unwrap().project_id().unwrap();
        assert!(other.images().get(&image.id).await.unwrap_err().is_not_found());
        let members = owner.image_members(&image.id);
        let member = members.create(NewMember::new(&project)).await.unwrap();
        assert_eq!(
            (member.id.as_str(), &member.status),
            (project.as_str(), &MemberStatus::Pending)
        );
        let listed = || other.images().list(ImageQuery::new().name(&name));
        assert!(lab::keys(listed(), |image| image.id.clone()).await.is_empty());
        let accept = MemberPatch::new(MemberStatus::Accepted);
        let error = members.update(&member.id, accept.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
        let member = other.image_members(&image.id).update(&member.id, accept).await.unwrap();
        assert_eq!(member.status, MemberStatus::Accepted);
        assert_eq!(lab::keys(listed(), |image| image.id.clone()).await, [image.id.clone()]);
        let all = members.list(());
        assert_eq!(lab::keys(all, |member| member.id.clone()).await, [member.id.clone()]);
        assert_eq!(members.get(&member.id).await.unwrap().image_id, image.id);
        members.delete(&member.id).await.unwrap();
        assert!(members.get_opt(&member.id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn images_whatever_the_page_size_and_names_found_twice() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("pages");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(cloud.images().create(new(&name)).await.unwrap().id);
        }
        ids.sort();
        for limit in 1..=4u32 {
            let query = ImageQuery::new().tag(&name).limit(limit);
            let listed = lab::keys(cloud.images().list(query), |image| image.id.clone()).await;
            assert_eq!(listed, ids, "page size {limit}");
        }
        let error = cloud.images().find(&name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(ids.iter().all(|id| error.message().contains(id.as_str())), "{error}");
    })
    .await;
}

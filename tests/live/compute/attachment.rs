use std::net::IpAddr;

use futures_util::TryStreamExt;
use scs_cloud::{
    core::ErrorKind,
    iaas::{
        block_storage::{NewVolume, VolumeStatus},
        compute::{NewInterface, NewVolumeAttachment, SetDeleteOnTermination},
    },
};

use super::Guest;
use crate::lab;

#[tokio::test]
async fn volumes_are_attached_and_detached() {
    let cloud = lab::cloud("lab-user").await;
    let new = NewVolume::new(1).name(lab::name("data"));
    let volume = cloud.volumes().create(new).ready().await.unwrap();
    let id = volume.id.clone();
    let _cleanup = lab::finally("lab-user", |cloud| async move {
        let free = |seen: Option<&scs_cloud::iaas::block_storage::Volume>| {
            seen.is_none_or(|volume| volume.status == VolumeStatus::Available)
        };
        cloud.volumes().wait(&id).until(free).await?;
        cloud.volumes().delete(&id).await
    });
    let guest = Guest::start("attach").await;
    let attachments = cloud.volume_attachments(guest.id());
    // Without a tag: the lab's hypervisor cannot detach devices that have one.
    let attachment = attachments.create(NewVolumeAttachment::new(&volume.id)).await.unwrap();
    assert_eq!(attachment.volume_id(), volume.id);
    assert_eq!(&attachment.server_id, guest.id());
    let seen = cloud.volumes().wait(&volume.id).ready().await.unwrap();
    assert_eq!(seen.status, VolumeStatus::InUse);
    let all: Vec<_> = attachments.list(()).try_collect().await.unwrap();
    assert_eq!(all.len(), 1);
    let set = SetDeleteOnTermination::new(&volume.id, true);
    attachments.act(&attachment.id, set).await.unwrap();
    let attachment = attachments.get(&attachment.id).await.unwrap();
    assert_eq!(attachment.delete_on_termination, Some(true));
    attachments.delete(&attachment.id).await.unwrap();
    attachments.wait(&attachment.id).gone().await.unwrap();
    guest.delete().await;
}

#[tokio::test]
async fn ports_are_attached_and_detached() {
    let guest = Guest::start("port").await;
    let cloud = &guest.cloud;
    let interfaces = cloud.interfaces(guest.id());
    let first: Vec<_> = interfaces.list(()).try_collect().await.unwrap();
    assert_eq!(first.len(), 1);
    let interface = interfaces.create(NewInterface::new().network(&first[0].network_id)).await;
    let interface = interface.unwrap();
    assert!(matches!(interface.fixed_ips[0].ip_address, IpAddr::V4(_) | IpAddr::V6(_)));
    let port = cloud.ports().get(&interface.port_id()).await.unwrap();
    assert_eq!(port.mac_address.to_string(), interface.mac_address);
    assert_eq!(interfaces.get(&interface.id).await.unwrap().id, interface.id);
    interfaces.delete(&interface.id).await.unwrap();
    interfaces.wait(&interface.id).gone().await.unwrap();
    let error = cloud.ports().get(&interface.port_id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    guest.delete().await;
}

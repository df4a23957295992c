//! What is sent, to the letter.

use scs_core::{Action, Change, Metadata, Need, Payload, Phase, Phased};

use super::*;
use crate::image::DiskFormat;

fn json(payload: &impl Payload) -> String {
    serde_json::to_string(payload).unwrap()
}

fn pairs() -> Metadata {
    [("a".to_owned(), "1".to_owned())].into()
}

#[test]
fn volumes() {
    assert_eq!(json(&NewVolume::new(1)), r#"{"size":1}"#);
    let new = NewVolume::new(10)
        .name("data")
        .description("d")
        .volume_type("fast")
        .availability_zone("nova")
        .image("i")
        .snapshot("s")
        .source("v")
        .metadata(pairs());
    assert_eq!(new.needs(), None);
    let backup = new.backup("b");
    assert_eq!(backup.needs(), Some(Need::new(ApiVersion::new(3, 47), "backup")));
    assert_eq!(
        json(&backup),
        concat!(
            r#"{"size":10,"name":"data","description":"d","volume_type":"fast","#,
            r#""availability_zone":"nova","imageRef":"i","snapshot_id":"s","source_volid":"v","#,
            r#""backup_id":"b","metadata":{"a":"1"}}"#
        )
    );
    assert_eq!(json(&VolumePatch::new()), "{}");
    let patch = VolumePatch::new().name("n").description(Change::Clear);
    assert_eq!(json(&patch), r#"{"name":"n","description":null}"#);
}

#[test]
fn actions() {
    fn body<A: Action>(action: &A) -> String {
        format!("{} {}", A::KEY, json(action))
    }
    for (body, wanted) in [
        (body(&Extend::new(2)), r#"os-extend {"new_size":2}"#),
        (
            body(&Retype::new("t").migration_policy(MigrationPolicy::OnDemand)),
            r#"os-retype {"new_type":"t","migration_policy":"on-demand"}"#,
        ),
        (
            body(&Migrate::new().host("a@lvm#pool").force_host_copy(true)),
            r#"os-migrate_volume {"host":"a@lvm#pool","force_host_copy":true}"#,
        ),
        (
            body(&AddEncryption::new("luks", ControlLocation::FrontEnd).key_size(256u32)),
            r#"encryption {"provider":"luks","control_location":"front-end","key_size":256}"#,
        ),
        (
            body(&ChangeEncryption::new("e", EncryptionPatch::new().cipher("aes-xts-plain64"))),
            r#"encryption {"cipher":"aes-xts-plain64"}"#,
        ),
        (body(&RemoveEncryption::new("e")), " null"),
        (body(&SetBootable::new(true)), r#"os-set_bootable {"bootable":true}"#),
        (body(&SetReadOnly::new(true)), r#"os-update_readonly_flag {"readonly":true}"#),
        (body(&SetImageMetadata::new(pairs())), r#"os-set_image_metadata {"metadata":{"a":"1"}}"#),
        (body(&UnsetImageMetadata::new("a")), r#"os-unset_image_metadata {"key":"a"}"#),
        (
            body(&UploadToImage::new("i").disk_format(DiskFormat::Qcow2).force(true)),
            r#"os-volume_upload_image {"image_name":"i","disk_format":"qcow2","force":true}"#,
        ),
        (body(&Revert::new("s")), r#"revert {"snapshot_id":"s"}"#),
        (
            body(&ResetVolume::new().status(VolumeStatus::InUse).attach_status("attached")),
            r#"os-reset_status {"status":"in-use","attach_status":"attached"}"#,
        ),
        (body(&ResetSnapshot::new(SnapshotStatus::Error)), r#"os-reset_status {"status":"error"}"#),
        (body(&AddMetadata::<Volume>::new(pairs())), r#"metadata {"a":"1"}"#),
        (body(&ReplaceMetadata::<Snapshot>::new(pairs())), r#"metadata {"a":"1"}"#),
        (body(&SetExtraSpecs::new(pairs())), r#" {"extra_specs":{"a":"1"}}"#),
        (body(&GrantAccess::new("p")), r#"addProjectAccess {"project":"p"}"#),
        (body(&RevokeAccess::new("p")), r#"removeProjectAccess {"project":"p"}"#),
    ] {
        assert_eq!(body, wanted);
    }
    assert_eq!(Revert::SINCE, Some(ApiVersion::new(3, 40)));
    let to_cluster = Migrate::new().cluster("c@lvm");
    assert_eq!(to_cluster.needs(), Some(Need::new(ApiVersion::new(3, 16), "cluster")));
    assert_eq!(ChangeEncryption::new("e", EncryptionPatch::new()).member(), Some("e"));
}

#[test]
fn snapshots_types_and_quotas() {
    let new = NewSnapshot::new("v").name("n").force(true).metadata(pairs());
    assert_eq!(json(&new), r#"{"volume_id":"v","name":"n","force":true,"metadata":{"a":"1"}}"#);
    let patch = SnapshotPatch::new().name(Change::Clear).description("d");
    assert_eq!(json(&patch), r#"{"name":null,"description":"d"}"#);
    let new = NewVolumeType::new("t").is_public(false).extra_specs(pairs());
    assert_eq!(
        json(&new),
        r#"{"name":"t","os-volume-type-access:is_public":false,"extra_specs":{"a":"1"}}"#
    );
    let patch = VolumeTypePatch::new().name("n").description("").is_public(true);
    assert_eq!(json(&patch), r#"{"name":"n","description":"","is_public":true}"#);
    let patch = QuotaSetPatch::new().volumes(5).gigabytes(-1).with("volumes_fast", 2);
    assert_eq!(json(&patch), r#"{"volumes":5,"gigabytes":-1,"volumes_fast":2}"#);
}

#[test]
fn a_volume_is_read_leniently() {
    let volume: Volume = serde_json::from_str(
        r#"{"id":"v","status":"frobnicating","size":1,"name":null,"bootable":"true",
        "metadata":null,"created_at":"2026-11-21T15:29:05.368342","updated_at":"soon",
        "attachments":[{"id":"v","attachment_id":"a","volume_id":"v","server_id":"s",
        "host_name":null,"device":"/dev/vdb","attached_at":"2026-11-21T15:29:05.000000"}]}"#,
    )
    .unwrap();
    assert_eq!((volume.bootable, volume.updated_at), (Some(true), None));
    assert_eq!((volume.status.as_str(), volume.status.phase()), ("frobnicating", Phase::Unknown));
    let [attachment] = &volume.attachments[..] else { panic!("one attachment") };
    assert_eq!((&*attachment.id, attachment.device.as_deref()), ("a", Some("/dev/vdb")));
    assert!(volume.created_at.is_some() && attachment.attached_at.is_some());
}

#[test]
fn the_lack_of_encryption_is_read() {
    let none: VolumeTypeEncryption = serde_json::from_str("{}").unwrap();
    assert_eq!((none.encryption_id, none.provider, none.key_size), (None, None, None));
}

#[test]
fn usage_is_read() {
    let usage = r#"{"limit":10,"in_use":1,"reserved":0}"#;
    let members = ["volumes", "snapshots", "gigabytes", "backups", "backup_gigabytes", "groups"];
    let members = members.map(|name| format!(r#""{name}":{usage}"#)).join(",");
    let usage: QuotaUsage = serde_json::from_str(&format!("{{{members}}}")).unwrap();
    assert_eq!((usage.volumes.limit, usage.gigabytes.in_use), (10, 1));
}

#[test]
fn backups() {
    let new = NewBackup::new("v")
        .name("nightly")
        .description("d")
        .container("c")
        .snapshot("s")
        .incremental(true)
        .force(true);
    assert_eq!(new.needs(), None);
    let new = new.metadata(pairs());
    assert_eq!(new.needs(), Some(Need::new(ApiVersion::new(3, 43), "metadata")));
    let new = new.availability_zone("nova");
    assert_eq!(new.needs(), Some(Need::new(ApiVersion::new(3, 51), "availability_zone")));
    assert_eq!(
        json(&new),
        concat!(
            r#"{"volume_id":"v","name":"nightly","description":"d","container":"c","#,
            r#""snapshot_id":"s","incremental":true,"force":true,"metadata":{"a":"1"},"#,
            r#""availability_zone":"nova"}"#
        )
    );
    assert_eq!(
        (Restore::PATH, Restore::KEY, json(&Restore::new())),
        ("restore", "restore", "{}".into())
    );
    let restore = Restore::new().volume("v").name("n");
    assert_eq!(json(&restore), r#"{"volume_id":"v","name":"n"}"#);
    assert_eq!(
        (ForceDeleteBackup::KEY, json(&ForceDeleteBackup::new())),
        ("os-force_delete", "{}".into())
    );
    let reset = ResetBackup::new(BackupStatus::Error);
    assert_eq!((ResetBackup::KEY, &*json(&reset)), ("os-reset_status", r#"{"status":"error"}"#));
}

#[test]
fn a_backup_tells_why_it_failed() {
    let backup = |status: &str, reason: &str| {
        let text = format!(
            r#"{{"id": "b", "status": "{status}", "size": 1, "name": null, "volume_id": "v",
            "fail_reason": {reason}, "container": null}}"#
        );
        serde_json::from_str::<Backup>(&text).unwrap()
    };
    let failed = backup("error", r#""Service not found for creating backup.""#);
    assert_eq!(failed.phase(), Phase::Failed);
    assert_eq!(failed.fault().as_deref(), Some("Service not found for creating backup."));
    assert_eq!(backup("available", r#""""#).fault(), None);
    assert_eq!(backup("creating", "null").phase(), Phase::Pending);
}

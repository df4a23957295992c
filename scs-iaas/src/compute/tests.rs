use std::{collections::BTreeMap, net::IpAddr};

use scs_core::{ApiVersion, Change, Id, Need, Payload, Phase, Phased};
use serde::{Serializer, ser::SerializeMap};
use serde_json::{Value, json, to_value};

use super::*;
use crate::network::{Network, Port};

fn body(payload: impl Payload) -> Value {
    to_value(&payload).unwrap()
}

/// What a payload puts next to itself.
fn beside(payload: impl Payload) -> Value {
    let mut map = serde_json::value::Serializer.serialize_map(None).unwrap();
    payload.write_beside(&mut map).unwrap();
    map.end().unwrap()
}

#[allow(clippy::unnecessary_wraps)] // what `needs` gives
fn since(minor: u16, because: &'static str) -> Option<Need> {
    Some(Need::new(ApiVersion::new(2, minor), because))
}

fn new(networks: Networks) -> NewServer {
    NewServer::new("web", "f", networks)
}

#[test]
fn a_server_is_asked_for() {
    let network: Id<Network> = "n".into();
    let port: Id<Port> = "p".into();
    let of = |nic: NewNic| new(Networks::of([nic]));
    assert_eq!(
        body(of((&network).into()).image("i")),
        json!({"name": "web", "flavorRef": "f", "networks": [{"uuid": "n"}], "imageRef": "i"})
    );
    assert_eq!(body(of(port.into()))["networks"], json!([{"port": "p"}]));
    let nic = NewNic::new().network(&network).fixed_ip(IpAddr::from([10, 0, 0, 9])).tag("lan");
    assert_eq!(
        body(of(nic.clone()))["networks"],
        json!([{"uuid": "n", "fixed_ip": "10.0.0.9", "tag": "lan"}])
    );
    assert_eq!(of(nic).needs(), since(42, "tag"));
    assert_eq!(of((&network).into()).needs(), None);
    assert_eq!(body(new(Networks::Auto))["networks"], "auto");
    assert_eq!(body(new(Networks::None))["networks"], "none");
    assert_eq!(new(Networks::None).needs(), since(37, "networks"));
}

#[test]
fn what_a_server_gets_besides() {
    let group: Id<ServerGroup> = "g".into();
    let full = new(Networks::None)
        .user_data("#!/bin/sh\n")
        .security_groups(["web", "default"])
        .metadata(BTreeMap::from([("k".into(), "v".into())]))
        .admin_password("swordfish")
        .scheduler_hints(SchedulerHints::new().group(&group).with("rack", 7))
        .hostname("web.example");
    assert!(!format!("{full:?}").contains("swordfish"));
    assert!(!format!("{full:?}").contains("IyEvY"));
    assert_eq!(full.needs(), since(90, "hostname"));
    assert_eq!(
        body(full.clone()),
        json!({
            "name": "web", "flavorRef": "f", "networks": "none",
            "security_groups": [{"name": "web"}, {"name": "default"}],
            "user_data": "IyEvYmluL3NoCg==", "metadata": {"k": "v"},
            "hostname": "web.example", "adminPass": "swordfish",
        })
    );
    assert_eq!(beside(full), json!({"os:scheduler_hints": {"group": "g", "rack": 7}}));
}

#[test]
fn block_devices_are_asked_for() {
    let root = BlockDevice::boot_image(&"i".into(), 20).volume_type("ssd");
    let new = new(Networks::None).block_devices([root, BlockDevice::volume(&"v".into())]);
    assert_eq!(new.needs(), since(67, "volume_type"));
    assert_eq!(
        body(new)["block_device_mapping_v2"],
        json!([
            {
                "source_type": "image", "destination_type": "volume", "uuid": "i",
                "volume_size": 20, "volume_type": "ssd", "boot_index": 0,
                "delete_on_termination": true,
            },
            {
                "source_type": "volume", "destination_type": "volume", "uuid": "v",
                "boot_index": -1, "delete_on_termination": false,
            },
        ])
    );
}

#[test]
fn actions_are_asked_for() {
    assert_eq!(body(Stop), Value::Null);
    assert_eq!(body(Reboot::hard()), json!({"type": "HARD"}));
    assert_eq!(body(Lock::new().reason("audit")), json!({"locked_reason": "audit"}));
    assert_eq!(
        body(UnshelveTo::new().availability_zone(Change::Clear)),
        json!({"availability_zone": null})
    );
    assert_eq!(
        body(Rebuild::new("i").key_name(Change::Clear).user_data(UserData::new("a"))),
        json!({"imageRef": "i", "key_name": null, "user_data": "YQ=="})
    );
    assert_eq!(
        body(CreateBackup::new("b", "daily", 2u32)),
        json!({"name": "b", "backup_type": "daily", "rotation": 2})
    );
    assert_eq!(body(OpenConsole::novnc()), json!({"protocol": "vnc", "type": "novnc"}));
    assert_eq!(body(LiveMigrate::anywhere()), json!({"host": null, "block_migration": "auto"}));
    assert_eq!(body(LiveMigrate::to("h")), json!({"host": "h", "block_migration": "auto"}));
    assert_eq!(
        body(Evacuate::new().host("h").admin_password("p")),
        json!({"host": "h", "adminPass": "p"})
    );
    assert_eq!(body(ChangePassword::new("p")), json!({"adminPass": "p"}));
    assert_eq!(
        body(NewInterface::new().network("n").fixed_ip(IpAddr::from([10, 0, 0, 9]))),
        json!({"net_id": "n", "fixed_ips": [{"ip_address": "10.0.0.9"}]})
    );
    assert_eq!(
        body(SetDeleteOnTermination::new("v", true)),
        json!({"volumeId": "v", "delete_on_termination": true})
    );
}

fn server(members: Value) -> Server {
    let mut server = json!({"id": "s", "name": "web", "status": "ACTIVE"});
    server.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    serde_json::from_value(server).unwrap()
}

#[test]
fn the_phase_heeds_what_is_being_done() {
    for (status, task, phase) in [
        ("BUILD", Some("spawning"), Phase::Pending),
        ("ACTIVE", None, Phase::Ready),
        ("ACTIVE", Some("powering-off"), Phase::Updating),
        ("SHUTOFF", None, Phase::Ready),
        ("ACTIVE", Some("deleting"), Phase::Deleting),
        ("ERROR", Some("deleting"), Phase::Deleting),
        ("ERROR", None, Phase::Failed),
        ("SOFT_DELETED", None, Phase::Deleted),
        ("DELETED", Some("deleting"), Phase::Deleting),
        ("UNKNOWN", None, Phase::Unknown),
        ("LEVITATING", None, Phase::Unknown),
    ] {
        let server = server(json!({"status": status, "OS-EXT-STS:task_state": task}));
        assert_eq!(server.phase(), phase, "{status} {task:?}");
    }
}

#[test]
fn one_type_reads_all_versions() {
    // 2.1, a server that boots from a volume.
    let old = server(json!({
        "image": "", "flavor": {"id": "f", "links": []}, "config_drive": "", "key_name": null,
        "accessIPv4": "", "OS-EXT-STS:power_state": 4,
    }));
    assert_eq!((old.image, old.flavor.id), (None, Some("f".into())));
    assert_eq!((old.config_drive, old.access_ipv4), (None, None));
    assert_eq!(old.power_state, PowerState::Shutdown);
    // 2.96
    let new = server(json!({
        "image": {"id": "i", "links": []}, "config_drive": "True", "progress": 0,
        "flavor": {"original_name": "SCS-2V-8", "vcpus": 2, "ram": 8192, "disk": 0, "swap": 0,
                   "ephemeral": 0, "extra_specs": {"scs:name-v2": "SCS-2V-8"}},
        "security_groups": [{"name": "default"}], "OS-EXT-STS:power_state": null,
        "created": "2026-11-21T10:00:00Z", "OS-SRV-USG:launched_at": "2026-11-21T10:00:01.000000",
        "fault": {"code": 500, "created": "2026-11-21T10:00:00Z", "message": "No valid host"},
    }));
    assert_eq!((new.image.clone(), new.config_drive), (Some("i".into()), Some(true)));
    assert_eq!((new.flavor.name.as_deref(), new.flavor.vcpus), (Some("SCS-2V-8"), Some(2)));
    assert_eq!(new.security_groups.0, ["default"]);
    assert!(new.created < new.launched_at);
    assert_eq!(new.fault().as_deref(), Some("No valid host"));
    // A part of the cloud does not answer.
    let down = json!({"id": "s", "status": "UNKNOWN", "tenant_id": "p", "links": []});
    assert_eq!(serde_json::from_value::<Server>(down).unwrap().name, "");
}

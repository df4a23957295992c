//! What the lab answered once, read again without it: `tests/recordings`, one file for each
//! operation and status, written by the live tests with `SCS_RECORD=1`.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use futures_util::{Stream, TryStreamExt};
use http::{HeaderMap, StatusCode};
use scs_cloud::{
    core::{
        Api, ErrorKind, Result,
        auth::StaticToken,
        transport::{HttpService, Request, Response, Retry},
    },
    iaas::{OpenStack, auth::Password, block_storage, compute, image, key_manager, network},
    iam::{
        Keycloak,
        keycloak::{Group, GroupsOf, Members, Role, RolesOf, User},
    },
};
use serde::Deserialize;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")
}

#[derive(Debug, Clone, Deserialize)]
struct Recording {
    operation: String,
    status: u16,
    content_type: Option<String>,
    body: Value,
}

impl Recording {
    fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
    }

    fn answer(&self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert("x-subject-token", "replayed".parse().unwrap());
        if let Some(content_type) = &self.content_type {
            headers.insert("content-type", content_type.parse().unwrap());
        }
        let body = match &self.body {
            Value::String(text) => text.clone(),
            body => body.to_string(),
        };
        Response::new(StatusCode::from_u16(self.status).unwrap(), headers, body.into())
    }

    /// The page behind the recorded one: empty.
    fn end(mut self) -> Self {
        if let Value::Array(items) = &mut self.body {
            items.clear();
        }
        if let Value::Object(members) = &mut self.body {
            members.retain(|key, _| !key.ends_with("links") && key != "next");
            members
                .values_mut()
                .filter(|value| value.is_array())
                .for_each(|v| *v = Value::Array(vec![]));
        }
        self
    }
}

/// Answers the calls under test with a recording, and what precedes them with theirs.
#[derive(Debug)]
struct Replay {
    recording: Recording,
    calls: AtomicUsize,
}

#[async_trait]
impl HttpService for Replay {
    async fn call(&self, request: Request) -> Result<Response> {
        let call = &request.call;
        if matches!(call.operation.as_str(), "token.create" | "versions.get") {
            let status = if call.operation == "token.create" { 201 } else { 200 };
            let file = format!("{}-{status}.json", call.operation);
            return Ok(Recording::read(&folder().join(call.service).join(file)).answer());
        }
        let recording = match self.calls.fetch_add(1, Ordering::Relaxed) {
            0 => self.recording.clone(),
            _ => self.recording.clone().end(),
        };
        Ok(recording.answer())
    }
}

fn replay(recording: &Recording) -> Arc<Replay> {
    Arc::new(Replay { recording: recording.clone(), calls: AtomicUsize::new(0) })
}

fn realm(recording: &Recording) -> Keycloak {
    let token = Arc::new(StaticToken::new("replayed").unwrap());
    let replay = replay(recording);
    Keycloak::builder("http://127.0.0.1:8180", "lab", token)
        .transport(|transport| transport.service(replay).retry(Retry::never()))
        .build()
        .unwrap()
}

async fn cloud(recording: &Recording) -> OpenStack {
    let replay = replay(recording);
    let session = OpenStack::builder("http://127.0.0.1:5000", Password::new("lab-user", "pw"))
        .transport(|transport| transport.service(replay).retry(Retry::never()))
        .connect();
    OpenStack::new(session.await.unwrap())
}

async fn drain<T>(list: impl Stream<Item = Result<T>>) -> Result<()> {
    let items: Vec<T> = list.try_collect().await?;
    assert!(!items.is_empty(), "a recording of an empty list shows nothing");
    Ok(())
}

/// `server: servers, …`: reads what was recorded of `server.get`, `server.list` and so on
/// through `cloud.servers()`. A creation or an update is answered like a reading.
macro_rules! replay {
    ($cloud:ident, $operation:ident; $($key:literal: $api:expr, [$($verb:ident),+];)+) => {
        match $operation.rsplit_once('.').unwrap() {
            $($(($key, stringify!($verb)) => replay!(@$verb $cloud, $api),)+)+
            (kind, verb) => panic!("how is {verb} of {kind} to be replayed?"),
        }
    };
    (@get $cloud:ident, $api:expr) => { $api(&$cloud).get(&"x".into()).await.map(drop) };
    (@create $cloud:ident, $api:expr) => { replay!(@get $cloud, $api) };
    (@update $cloud:ident, $api:expr) => { replay!(@get $cloud, $api) };
    (@delete $cloud:ident, $api:expr) => { $api(&$cloud).delete(&"x".into()).await };
    (@list $cloud:ident, $api:expr) => { drain($api(&$cloud).list(Default::default())).await };
    (@read $cloud:ident, $api:expr) => { $api(&$cloud).read().await.map(drop) };
}

fn created_server(cloud: &OpenStack) -> Api<compute::Server, compute::CreatedServer> {
    cloud.servers().view()
}

fn attachments(cloud: &OpenStack) -> Api<compute::VolumeAttachment> {
    cloud.volume_attachments(&"x".into())
}

fn interfaces(cloud: &OpenStack) -> Api<compute::Interface> {
    cloud.interfaces(&"x".into())
}

fn instance_actions(cloud: &OpenStack) -> Api<compute::InstanceAction> {
    cloud.instance_actions(&"x".into())
}

fn diagnostics(cloud: &OpenStack) -> Api<compute::ServerDiagnostics> {
    cloud.server_diagnostics(&"x".into())
}

fn flavor_access(cloud: &OpenStack) -> Api<compute::FlavorAccess> {
    cloud.flavor_access(&"x".into())
}

fn compute_usage(cloud: &OpenStack) -> Api<compute::QuotaUsage> {
    cloud.compute_quota_usage(&"x".into())
}

fn network_usage(cloud: &OpenStack) -> Api<network::QuotaUsage> {
    cloud.network_quota_usage(&"x".into())
}

fn volume_usage(cloud: &OpenStack) -> Api<block_storage::QuotaUsage> {
    cloud.volume_quota_usage(&"x".into())
}

fn volume_type_access(cloud: &OpenStack) -> Api<block_storage::VolumeTypeAccess> {
    cloud.volume_type_access(&"x".into())
}

fn volume_type_encryption(cloud: &OpenStack) -> Api<block_storage::VolumeTypeEncryption> {
    cloud.volume_type_encryption(&"x".into())
}

/// Only a part of it is answered.
fn created_backup(cloud: &OpenStack) -> Api<block_storage::Backup, Value> {
    cloud.volume_backups().view()
}

/// Only where it is, is answered.
fn created_secret(cloud: &OpenStack) -> Api<key_manager::Secret, Value> {
    cloud.secrets().view()
}

fn image_members(cloud: &OpenStack) -> Api<image::Member> {
    cloud.image_members(&"x".into())
}

fn members(realm: &Keycloak) -> Api<Members, User> {
    realm.members(&"x".into())
}

fn memberships(realm: &Keycloak) -> Api<GroupsOf, Group> {
    realm.groups_of(&"x".into())
}

fn role_mappings(realm: &Keycloak) -> Api<RolesOf<User>, Role> {
    realm.roles_of(&"x".into())
}

async fn replayed(service: &str, recording: &Recording) -> Result<()> {
    let operation = recording.operation.as_str();
    if service == "keycloak" {
        // Where it is, or that it is done: there is nothing to be read.
        if recording.body == "" && !operation.ends_with(".delete") {
            return Ok(());
        }
        let realm = realm(recording);
        return replay! { realm, operation;
            "realm": Keycloak::realm, [read];
            "user": Keycloak::users, [get, list, create, delete];
            "group": Keycloak::groups, [get, list, create, delete];
            "role": Keycloak::roles, [get, list, create, delete];
            "member": members, [list];
            "membership": memberships, [list];
            "role_mapping": role_mappings, [list];
        };
    }
    let cloud = cloud(recording).await;
    match service {
        "block-storage" => replay! { cloud, operation;
            "volume": OpenStack::volumes, [get, list, create, update, delete];
            "snapshot": OpenStack::volume_snapshots, [get, list, create, update, delete];
            "backup": OpenStack::volume_backups, [get, list, delete];
            "backup": created_backup, [create];
            "volume_type": OpenStack::volume_types, [get, list, create, update, delete];
            "volume_type_access": volume_type_access, [list];
            "encryption": volume_type_encryption, [read];
            "quota_set": OpenStack::volume_quotas, [get, update, delete];
            "quota_set": volume_usage, [read];
            "limits": OpenStack::volume_limits, [read];
            "availability_zone": OpenStack::volume_availability_zones, [list];
        },
        "compute" => replay! { cloud, operation;
            "server": OpenStack::servers, [get, list, update, delete];
            "server": created_server, [create];
            "volumeAttachment": attachments, [get, list, create, delete];
            "interfaceAttachment": interfaces, [get, list, create, delete];
            "instanceAction": instance_actions, [get, list];
            "diagnostics": diagnostics, [read];
            "flavor": OpenStack::flavors, [get, list, create, update, delete];
            "flavor_access": flavor_access, [list];
            "keypair": OpenStack::keypairs, [get, list, create, delete];
            "server_group": OpenStack::server_groups, [get, list, create, delete];
            "availability_zone": OpenStack::compute_availability_zones, [list];
            "limits": OpenStack::compute_limits, [read];
            "quota_set": OpenStack::compute_quotas, [get, update, delete];
            "quota_set": compute_usage, [read];
        },
        "identity" => replay! { cloud, operation;
            "domain": OpenStack::domains, [get, list, create, update, delete];
            "project": OpenStack::projects, [get, list, create, update, delete];
            "region": OpenStack::regions, [get, list, create, update, delete];
            "role": OpenStack::roles, [get, list, create, update, delete];
            "user": OpenStack::users, [get, list, create, update, delete];
        },
        "image" => replay! { cloud, operation;
            "image": OpenStack::images, [get, list, create, update, delete];
            "member": image_members, [get, list, create, update, delete];
        },
        "key-manager" => replay! { cloud, operation;
            "secret": OpenStack::secrets, [get, list, delete];
            "secret": created_secret, [create];
        },
        "network" => replay! { cloud, operation;
            "network": OpenStack::networks, [get, list, create, update, delete];
            "subnet": OpenStack::subnets, [get, list, create, update, delete];
            "port": OpenStack::ports, [get, list, create, update, delete];
            "router": OpenStack::routers, [get, list, create, update, delete];
            "floatingip": OpenStack::floating_ips, [get, list, create, update, delete];
            "security_group": OpenStack::security_groups, [get, list, create, update, delete];
            "security_group_rule": OpenStack::security_group_rules, [get, list, create, delete];
            "default_security_group_rule": OpenStack::default_security_group_rules, [get, list];
            "quota": OpenStack::network_quotas, [get, list, update, delete];
            "quota": network_usage, [read];
            "availability_zone": OpenStack::network_availability_zones, [list];
            "extension": OpenStack::network_extensions, [get, list];
        },
        service => panic!("how is {service} to be replayed?"),
    }
}

#[tokio::test]
async fn what_real_servers_answered_is_understood() {
    let mut count = 0;
    for service in fs::read_dir(folder()).unwrap() {
        let service = service.unwrap();
        for file in fs::read_dir(service.path()).unwrap() {
            let file = file.unwrap().path();
            let recording = Recording::read(&file);
            if matches!(recording.operation.as_str(), "token.create" | "versions.get") {
                continue;
            }
            let result = replayed(&service.file_name().to_string_lossy(), &recording).await;
            let name = file.display();
            match recording.status {
                200..300 => result.unwrap_or_else(|error| panic!("{name}: {error}")),
                status => {
                    let error = result.err().unwrap_or_else(|| panic!("{name}: no error"));
                    assert_eq!(error.status().map(|s| s.as_u16()), Some(status), "{name}");
                    assert_ne!(error.kind(), ErrorKind::Decode, "{name}: {error}");
                    assert!(!error.message().is_empty(), "{name}");
                }
            }
            count += 1;
        }
    }
    assert!(count >= 200, "only {count} recordings");
}

use std::collections::BTreeMap;

use scs_cloud::{
    core::{ErrorKind, Id, Metadata},
    iaas::{
        compute::{
            AddSecurityGroup, ChangePassword, ConfirmResize, ConsoleLog, CreateBackup, CreateImage,
            Evacuate, InstanceActionQuery, LiveMigrate, Lock, Migrate, OpenConsole, Pause, Reboot,
            Rebuild, RemoveMetadata, RemoveSecurityGroup, ReplaceMetadata, Rescue, ResetState,
            ResetTo, Resize, Resume, RevertResize, Server, ServerStatus, SetMetadata, Shelve,
            ShelveOffload, Start, Stop, Suspend, Unlock, Unpause, Unrescue, Unshelve,
        },
        image::Image,
        network::{AddTag, NewSecurityGroup, RemoveTag, SetTags},
    },
};

use super::Guest;
use crate::lab;

/// Does something to a server and says where that has brought it.
macro_rules! then {
    ($guest:ident, $action:expr) => {{
        let servers = $guest.cloud.servers();
        servers.act($guest.id(), $action).await.unwrap();
        $guest.settle().await.status.clone()
    }};
}

/// Waits for a status, where there is no phase to wait for.
async fn becomes(guest: &Guest, status: ServerStatus) -> Server {
    let wait = guest.cloud.servers().wait(guest.id());
    let is = |seen: Option<&Server>| {
        seen.is_none_or(|server| server.status == status && server.task_state.is_none())
    };
    wait.until(is).await.unwrap().unwrap()
}

#[tokio::test]
async fn servers_are_switched_on_and_off() {
    let mut guest = Guest::start("power").await;
    assert_eq!(then!(guest, Stop), ServerStatus::Shutoff);
    let error = guest.cloud.servers().act(guest.id(), Stop).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert_eq!(then!(guest, Start), ServerStatus::Active);
    assert_eq!(then!(guest, Reboot::soft()), ServerStatus::Active);
    assert_eq!(then!(guest, Reboot::hard()), ServerStatus::Active);
    assert_eq!(then!(guest, Pause), ServerStatus::Paused);
    assert_eq!(then!(guest, Unpause), ServerStatus::Active);
    assert_eq!(then!(guest, Suspend), ServerStatus::Suspended);
    assert_eq!(then!(guest, Resume), ServerStatus::Active);

    let servers = guest.cloud.servers();
    servers.act(guest.id(), Lock::new().reason("audit")).await.unwrap();
    let locked = servers.get(guest.id()).await.unwrap();
    assert_eq!((locked.locked, locked.locked_reason.as_deref()), (true, Some("audit")));
    assert_eq!(then!(guest, Unlock), ServerStatus::Active);
    assert!(!guest.server.locked);

    let actions = guest.cloud.instance_actions(guest.id());
    let id = |action: &scs_cloud::iaas::compute::InstanceAction| action.id.clone();
    let all = lab::keys(actions.list(InstanceActionQuery::new()), id).await;
    assert!(all.len() > 8);
    for limit in [1, 2, 5, 100] {
        let query = InstanceActionQuery::new().limit(limit);
        assert_eq!(lab::keys(actions.list(query), id).await, all, "page size {limit}");
    }
    let action = actions.get(&all[0]).await.unwrap();
    assert!(!action.events.is_empty() && action.start_time.is_some());
    guest.delete().await;
}

#[tokio::test]
async fn servers_are_shelved_and_rescued() {
    let mut guest = Guest::start("shelve").await;
    let shelved = then!(guest, Shelve);
    if shelved == ServerStatus::Shelved {
        guest.cloud.servers().act(guest.id(), ShelveOffload).await.unwrap();
    }
    becomes(&guest, ServerStatus::ShelvedOffloaded).await;
    assert_eq!(then!(guest, Unshelve), ServerStatus::Active);
    let rescue = Rescue::new().admin_password("swordfish");
    let answer = guest.cloud.servers().act(guest.id(), rescue).await.unwrap();
    assert_eq!(answer.admin_password.unwrap().expose(), "swordfish");
    assert_eq!(guest.settle().await.status, ServerStatus::Rescue);
    assert_eq!(then!(guest, Unrescue), ServerStatus::Active);
    guest.delete().await;
}

#[tokio::test]
async fn servers_are_resized_and_rebuilt() {
    let mut guest = Guest::start("resize").await;
    let flavor = guest.cloud.flavors().find("SCS-2V-4-20s").await.unwrap().id;
    assert_eq!(then!(guest, Resize::new(&flavor)), ServerStatus::VerifyResize);
    assert_eq!(then!(guest, RevertResize), ServerStatus::Active);
    assert_eq!(guest.server.flavor.name.as_deref(), Some("m1.tiny"));
    assert_eq!(then!(guest, Resize::new(&flavor)), ServerStatus::VerifyResize);
    guest.cloud.servers().act(guest.id(), ConfirmResize).await.unwrap();
    let server = becomes(&guest, ServerStatus::Active).await;
    assert_eq!(server.flavor.name.as_deref(), Some("SCS-2V-4-20s"));

    let rebuild = Rebuild::new(server.image.unwrap()).name(lab::name("rebuilt"));
    let rebuilt = guest.cloud.servers().act(guest.id(), rebuild).await.unwrap();
    assert_ne!(rebuilt.name, guest.server.name);
    assert_eq!(guest.settle().await.status, ServerStatus::Active);
    guest.delete().await;
}

/// Deletes an image at the end of the test.
fn cleanup(image: &Id<Image>) -> lab::Finally {
    let image = image.clone();
    lab::finally("lab-user", |cloud| async move { cloud.images().delete(&image).await })
}

#[tokio::test]
async fn servers_become_images() {
    let mut guest = Guest::start("image").await;
    let servers = guest.cloud.servers();
    let metadata = BTreeMap::from([("purpose".into(), "test".into())]);
    let create = CreateImage::new(lab::name("snapshot")).metadata(metadata);
    let image = servers.act(guest.id(), create).await.unwrap();
    let _cleanup = cleanup(&image);
    let image = guest.cloud.images().wait(&image).ready().await.unwrap();
    assert_eq!(image.properties["purpose"], "test");
    guest.settle().await;
    let backup = CreateBackup::new(lab::name("backup"), "daily", 1u32);
    let backup = servers.act(guest.id(), backup).await.unwrap();
    let _cleanup = cleanup(&backup);
    guest.cloud.images().wait(&backup).ready().await.unwrap();
    guest.settle().await;
    guest.delete().await;
}

#[tokio::test]
async fn servers_are_labelled_and_looked_into() {
    let guest = Guest::start("label").await;
    let servers = guest.cloud.servers();
    let pairs = |pairs: &[(&str, &str)]| -> Metadata {
        pairs.iter().map(|&(key, value)| (key.into(), value.into())).collect()
    };
    let id = guest.id();
    servers.act(id, SetMetadata(pairs(&[("a", "1")]))).await.unwrap();
    let all = servers.act(id, SetMetadata(pairs(&[("b", "2")]))).await.unwrap();
    assert_eq!(all, pairs(&[("a", "1"), ("b", "2")]));
    servers.act(id, RemoveMetadata("a".into())).await.unwrap();
    assert_eq!(servers.get(id).await.unwrap().metadata, pairs(&[("b", "2")]));
    let all = servers.act(id, ReplaceMetadata(pairs(&[("c", "3")]))).await.unwrap();
    assert_eq!(all, pairs(&[("c", "3")]));

    assert_eq!(servers.act(id, SetTags::new(["blue"])).await.unwrap(), ["blue"]);
    servers.act(id, AddTag::new("red")).await.unwrap();
    servers.act(id, RemoveTag::new("blue")).await.unwrap();
    assert_eq!(servers.get(id).await.unwrap().tags, ["red"]);

    let log = servers.act(id, ConsoleLog::new().length(5u32)).await.unwrap();
    assert!(log.contains("login:"), "{log}");
    let console = servers.act(id, OpenConsole::novnc()).await.unwrap();
    assert!(console.url.expose().starts_with("http"));
    servers.act(id, ChangePassword::new("swordfish")).await.unwrap();
    let known = lab::cloud("lab").await.server_diagnostics(id).read().await.unwrap();
    assert_eq!(known.state.as_deref(), Some("running"));

    let name = lab::name("group");
    let group = guest.cloud.security_groups().create(NewSecurityGroup::new(&name)).await.unwrap();
    let group_id = group.id.clone();
    let _cleanup =
        lab::finally(
            "lab-user",
            |cloud| async move { cloud.security_groups().delete(&group_id).await },
        );
    servers.act(id, AddSecurityGroup::new(&name)).await.unwrap();
    assert!(servers.get(id).await.unwrap().security_groups.0.contains(&name));
    servers.act(id, RemoveSecurityGroup::new(&name)).await.unwrap();
    assert!(!servers.get(id).await.unwrap().security_groups.0.contains(&name));
    guest.delete().await;
}

#[tokio::test]
async fn servers_are_moved_by_administrators() {
    let guest = Guest::start("move").await;
    let servers = lab::cloud("lab").await.servers();
    let host = servers.get(guest.id()).await.unwrap().host;
    assert!(host.is_some() && guest.server.host.is_none());
    let error = guest.cloud.servers().act(guest.id(), Migrate::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    servers.act(guest.id(), Migrate::new()).await.unwrap();
    becomes(&guest, ServerStatus::VerifyResize).await;
    servers.act(guest.id(), ConfirmResize).await.unwrap();
    becomes(&guest, ServerStatus::Active).await;
    assert_ne!(servers.get(guest.id()).await.unwrap().host, host);
    servers.act(guest.id(), LiveMigrate::to(host.clone().unwrap())).await.unwrap();
    becomes(&guest, ServerStatus::Active).await;
    assert_eq!(servers.get(guest.id()).await.unwrap().host, host);

    // Its host is up.
    let error = servers.act(guest.id(), Evacuate::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
    assert!(error.message().contains("still in use"), "{error}");

    servers.act(guest.id(), ResetState::new(ResetTo::Error)).await.unwrap();
    let error = servers.wait(guest.id()).ready().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    servers.act(guest.id(), ResetState::new(ResetTo::Active)).await.unwrap();
    servers.wait(guest.id()).ready().await.unwrap();
    guest.delete().await;
}

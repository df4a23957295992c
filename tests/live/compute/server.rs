use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{Change, ErrorKind, Phase, Phased as _, Timestamp},
    iaas::compute::{
        AddressType, CreatedServer, DiskConfig, Networks, NewServer, PowerState, ServerPatch,
        ServerQuery, ServerStatus,
    },
};

use super::{Guest, small};
use crate::lab;

#[tokio::test]
async fn a_server_from_creation_to_deletion() {
    let cloud = lab::cloud("lab-user").await;
    let servers = cloud.servers();
    let start = Timestamp::now();
    let new = small(&cloud, "server").await;
    let (name, image) = (new.name.clone(), new.image.clone());
    let new = new
        .description("d")
        .tags(["a", "b"])
        .metadata(BTreeMap::from([("k".to_owned(), "v".to_owned())]))
        .user_data("#cloud-config\n")
        .config_drive(true)
        .security_groups(["default"])
        .hostname("host")
        .admin_password("swordfish");
    let created: CreatedServer = servers.create(new).answer().await.unwrap();
    assert_eq!(created.admin_password.unwrap().expose(), "swordfish");
    let server = servers.wait(&created.id).ready().await.unwrap();
    let guest = Guest::of("lab-user", cloud.clone(), server.clone());
    assert_eq!((&server.status, server.power_state), (&ServerStatus::Active, PowerState::Running));
    assert_eq!((server.phase(), server.image, &server.name), (Phase::Ready, image, &name));
    assert_eq!(server.flavor.name.as_deref(), Some("m1.tiny"));
    assert_eq!(server.addresses["private"][0].kind, Some(AddressType::Fixed));
    assert_eq!((&server.tags[..], &*server.metadata["k"]), (&["a".into(), "b".into()][..], "v"));
    assert_eq!((server.config_drive, server.hostname.as_deref()), (Some(true), Some("host")));
    assert_eq!(server.security_groups.0, ["default"]);
    assert!(server.created.is_some() && server.launched_at.is_some());

    assert_eq!(servers.find(&name).await.unwrap().id, server.id);
    let summary = cloud.server_summaries().find(&name).await.unwrap();
    assert_eq!(summary.server_id(), server.id);

    let patch = ServerPatch::new().name("new.name").description(Change::Clear);
    let server = servers.update(&server.id, patch).await.unwrap();
    assert_eq!((&*server.name, server.description), ("new.name", None));
    let patch = ServerPatch::new()
        .access_ipv4(IpAddr::from([192, 0, 2, 1]))
        .access_ipv6("2001:db8::1".parse::<IpAddr>().unwrap());
    servers.update(guest.id(), patch.disk_config(DiskConfig::Manual)).await.unwrap();
    let changed = async |since| {
        let query = ServerQuery::new().name("^new[.]name$").changes_since(since);
        lab::keys(servers.list(query), |one| one.id.clone()).await.contains(guest.id())
    };
    assert!(changed(start).await);
    assert!(!changed(Timestamp::now().after(Duration::from_secs(3600))).await);
    assert!(servers.at(2, 1).get(guest.id()).await.unwrap().flavor.id.is_some());

    guest.delete().await;
}

/// Nova refuses filters that it does not know.
#[tokio::test]
async fn every_filter_is_known() {
    let cloud = lab::cloud("lab").await;
    let mine = cloud.session().access().await.unwrap();
    let query = || ServerQuery::new().name("^nobody is called so$");
    let long_ago = "2020-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    for query in [
        query().ip("^10[.]").ip6("^fd").key_name("k").host("h").availability_zone("nova"),
        query().tags("a,b").tags_any("c").not_tags("d").not_tags_any("e,f").locked(false),
        query().changes_since(long_ago).changes_before(Timestamp::now()).deleted(true),
        query()
            .all_projects(true)
            .project_id(mine.project_id().unwrap())
            .status(ServerStatus::Error),
        query().user_id(mine.user.id.as_str()).flavor("f").image("i"),
        query().sort_key("created_at").sort_dir("asc").limit(3u32),
    ] {
        let sent = format!("{query:?}");
        let list = cloud.servers().list(query).try_collect::<Vec<_>>().await;
        assert!(list.unwrap_or_else(|error| panic!("{sent}: {error}")).is_empty(), "{sent}");
    }
}

#[tokio::test]
async fn servers_whatever_the_page_size() {
    let cloud = lab::cloud("lab-other").await;
    let name = lab::name("page");
    let flavor = cloud.flavors().find("SCS-2V-4-20s").await.unwrap();
    let image = cloud.images().find("lab-image").await.unwrap();
    let mut guests = Vec::new();
    for number in 0..3 {
        let new =
            NewServer::new(format!("{name}-{number}"), &flavor.id, Networks::None).image(&image.id);
        guests.push(Guest::create("lab-other", new).await);
    }
    // While a server is being scheduled Nova may list it twice, on two pages.
    for guest in &mut guests {
        guest.settle().await;
    }
    let mut ids: Vec<_> = guests.iter().map(|guest| guest.id().clone()).collect();
    ids.sort();
    let query = ServerQuery::new().name(format!("^{name}"));
    for limit in 1..=4 {
        let query = query.clone().limit(limit);
        let all = lab::keys(cloud.servers().list(query.clone()), |one| one.id.clone()).await;
        assert_eq!(all, ids, "page size {limit}");
        let all = lab::keys(cloud.server_summaries().list(query), |one| one.server_id()).await;
        assert_eq!(all, ids, "page size {limit}");
    }
    // What looks like a regular expression is none.
    let error = cloud.servers().find(&format!("{name}-.")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_flavor_without_disk_boots_from_a_volume() {
    let cloud = lab::cloud("lab-user").await;
    let flavor = cloud.flavors().find("SCS-1V-4").await.unwrap();
    let mut new = small(&cloud, "diskless").await;
    new.flavor = flavor.id;
    let mut guest = Guest::create("lab-user", new).await;
    let server = guest.settle().await;
    assert_eq!(server.image, None);
    assert!(server.volumes[0].delete_on_termination);
    let volume = cloud.volumes().get(&server.volumes[0].id).await.unwrap();
    assert_eq!((volume.size, volume.bootable), (1, Some(true)));
    guest.delete().await;
    cloud.volumes().wait(&volume.id).gone().await.unwrap();
}

#[tokio::test]
async fn what_a_version_does_not_know_is_not_sent() {
    let cloud = lab::cloud("lab-user").await;
    let new = small(&cloud, "old").await.hostname("host");
    let error = cloud.servers().at(2, 89).create(new).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    for words in ["hostname", "2.90", "2.1 to 2.104", "2.1 to 2.96"] {
        assert!(error.to_string().contains(words), "{error}");
    }
    let error = cloud.servers().at(2, 200).get(&"x".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
}

#[tokio::test]
async fn a_reader_may_not_create() {
    let new = small(&lab::cloud("lab-user").await, "reader").await;
    let error = lab::cloud("lab-reader").await.servers().create(new).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
}

//! The fake as its clients see it. What the real services answer was looked up on a real
//! cloud: `tests/labs/openstack`.

mod backup;
mod key_manager;

use bytes::Bytes;
use http::{HeaderValue, Method};
use scs_core::{
    Dialect, ErrorKind,
    transport::{Call as Label, Request},
};

use super::*;
use crate::auth::{ApplicationCredential, Token};
use crate::network::NewNetwork;

struct Lab {
    fake: FakeOpenStack,
    cloud: OpenStack,
}

impl Lab {
    async fn new() -> Self {
        let fake = FakeOpenStack::start().await;
        fake.pace(When::Reads(0));
        let cloud = fake.connect().await.unwrap();
        Self { fake, cloud }
    }

    /// Sends a request in the newest version of the service.
    async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        self.send_at("compute 2.104, volume 3.71", method, path, body).await
    }

    async fn send_at(&self, at: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/{path}", self.fake.server.url()).parse().unwrap();
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let label = Label::new("test", "test".into(), path.to_owned(), &method);
        let mut request = Request::new(method, url, body, label);
        request.headers.insert("openstack-api-version", HeaderValue::from_str(at).unwrap());
        let answer = self.cloud.session().transport().send(request).await.unwrap();
        (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, Value::Null).await.1
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(Method::POST, path, body).await
    }

    async fn delete(&self, path: &str) -> (u16, Value) {
        self.send(Method::DELETE, path, Value::Null).await
    }

    /// Creates one, which must succeed; gives its id.
    async fn make(&self, path: &str, key: &str, members: Value) -> String {
        let (status, answer) = self.post(path, json!({(key): members})).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        let one = if key.is_empty() { &answer } else { &answer[key] };
        one["id"].as_str().unwrap().to_owned()
    }

    async fn id_of(&self, path: &str, many: &str, name: &str) -> String {
        let all = self.get(path).await;
        let found = all[many].as_array().unwrap().iter().find(|item| item["name"] == name);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    }

    async fn image(&self) -> String {
        self.id_of("image/v2/images", "images", "Debian 12").await
    }

    async fn flavor(&self, name: &str) -> String {
        self.id_of("compute/v2.1/flavors", "flavors", name).await
    }

    /// A network with a subnet.
    async fn network(&self) -> (String, String) {
        let network = self.make("network/v2.0/networks", "network", json!({"name": "n"})).await;
        let subnet = json!({"network_id": network, "ip_version": 4, "cidr": "10.7.0.0/24"});
        let subnet = self.make("network/v2.0/subnets", "subnet", subnet).await;
        (network, subnet)
    }

    async fn server(&self, network: &str) -> String {
        let server = json!({
            "name": "web-1", "flavorRef": self.flavor("SCS-2V-4-20s").await,
            "imageRef": self.image().await, "networks": [{"uuid": network}],
        });
        self.make("compute/v2.1/servers", "server", server).await
    }
}

const SERVERS: &str = "compute/v2.1/servers";

#[tokio::test]
async fn every_login_works_and_wrong_ones_do_not() {
    let lab = Lab::new().await;
    let url = lab.fake.auth_url();
    let login = |login: crate::auth::Login| OpenStack::builder(url.clone(), login).connect();
    let password = |text: &str| Password::new("demo", text).user_domain("Default");
    for scope in [Scope::Unscoped, Scope::project("demo").into()] {
        login(password("secret").scope(scope).into()).await.unwrap();
    }
    for scope in [Scope::System, Scope::domain("Default"), Scope::project("admin").into()] {
        let admin = Password::new("admin", "secret").user_domain("Default").scope(scope.clone());
        login(admin.into()).await.unwrap();
        let error = login(password("secret").scope(scope).into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    }
    let access = lab.cloud.session().access().await.unwrap();
    assert_eq!(access.project.as_ref().unwrap().name, "demo");
    let error = login(password("wrong").into()).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("Unauthorized")));
    let credential = ApplicationCredential::by_id(identity::CREDENTIAL, "secret");
    let session = login(credential.into()).await.unwrap();
    let token = session.transport().grant(Duration::ZERO).await.unwrap().token().clone();
    let again = Token::new(token).scope(Scope::project("demo").domain("Default"));
    login(again.into()).await.unwrap();
}

#[tokio::test]
async fn tokens_end() {
    let lab = Lab::new().await;
    lab.fake.forget_requests();
    lab.fake.revoke_tokens();
    lab.get("compute/v2.1/flavors").await;
    let statuses: Vec<_> = lab.fake.requests().iter().map(|r| r.status.as_u16()).collect();
    assert_eq!(statuses, [401, 201, 200]);
    lab.fake.token_lifetime(Duration::from_millis(40));
    lab.fake.revoke_tokens();
    lab.get("compute/v2.1/flavors").await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    lab.fake.forget_requests();
    lab.get("compute/v2.1/flavors").await;
    assert!(lab.fake.requests().iter().any(|r| r.path.ends_with("auth/tokens")));
}

#[tokio::test]
async fn what_is_in_use_is_not_deleted() {
    let lab = Lab::new().await;
    let (network, subnet) = lab.network().await;
    let groups = "network/v2.0/security-groups";
    let group = lab.make(groups, "security_group", json!({"name": "g"})).await;
    let port = json!({"network_id": network, "security_groups": [group]});
    let port = lab.make("network/v2.0/ports", "port", port).await;
    let external = lab.id_of("network/v2.0/networks", "networks", "public").await;
    let router = json!({"name": "r", "external_gateway_info": {"network_id": external}});
    let router = lab.make("network/v2.0/routers", "router", router).await;
    let plug = format!("network/v2.0/routers/{router}/add_router_interface");
    let unplug = format!("network/v2.0/routers/{router}/remove_router_interface");
    let body = json!({"subnet_id": subnet});
    assert_eq!(lab.send(Method::PUT, &plug, body.clone()).await.0, 200);
    assert_eq!(lab.send(Method::PUT, &plug, body.clone()).await.0, 400);
    let ip = json!({"floating_network_id": external, "port_id": port});
    let ip = lab.make("network/v2.0/floatingips", "floatingip", ip).await;
    for (path, code) in [
        (format!("networks/{network}"), "NetworkInUse"),
        (format!("subnets/{subnet}"), "SubnetInUse"),
        (format!("security-groups/{group}"), "SecurityGroupInUse"),
        (format!("routers/{router}"), "RouterInUse"),
    ] {
        let (status, error) = lab.delete(&format!("network/v2.0/{path}")).await;
        assert_eq!((status, &error["NeutronError"]["type"]), (409, &json!(code)), "{path}");
    }
    let (status, error) = lab.send(Method::PUT, &unplug, body.clone()).await;
    let code = "RouterInterfaceInUseByFloatingIP";
    assert_eq!((status, &error["NeutronError"]["type"]), (409, &json!(code)));
    assert_eq!(lab.delete(&format!("network/v2.0/floatingips/{ip}")).await.0, 204);
    assert_eq!(lab.send(Method::PUT, &unplug, body).await.0, 200);
    for path in [
        format!("ports/{port}"),
        format!("routers/{router}"),
        format!("networks/{network}"),
        format!("security-groups/{group}"),
    ] {
        assert_eq!(lab.delete(&format!("network/v2.0/{path}")).await.0, 204, "{path}");
    }
    assert_eq!(lab.get("network/v2.0/subnets").await["subnets"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_server_lives() {
    let lab = Lab::new().await;
    lab.fake.pace(When::Reads(1));
    let (network, _) = lab.network().await;
    let id = lab.server(&network).await;
    let one = format!("{SERVERS}/{id}");
    let first = lab.get(&one).await;
    assert_eq!(
        (&first["server"]["status"], &first["server"]["addresses"]),
        (&json!("BUILD"), &json!({}))
    );
    let server = lab.get(&one).await;
    assert_eq!(server["server"]["status"], "ACTIVE");
    assert_eq!(server["server"]["addresses"]["n"][0]["addr"], "10.7.0.2");
    assert_eq!(server["server"]["flavor"]["original_name"], "SCS-2V-4-20s");
    let action = format!("{one}/action");
    let (status, error) = lab.post(&action, json!({"os-start": null})).await;
    let message = format!("Cannot 'start' instance {id} while it is in vm_state active");
    assert_eq!((status, &error["conflictingRequest"]["message"]), (409, &json!(message)));
    let larger = lab.flavor("SCS-4V-16-100s").await;
    for (body, meanwhile, then) in [
        (json!({"os-stop": null}), "ACTIVE", "SHUTOFF"),
        (json!({"os-start": null}), "SHUTOFF", "ACTIVE"),
        (json!({"reboot": {"type": "SOFT"}}), "REBOOT", "ACTIVE"),
        (json!({"resize": {"flavorRef": larger}}), "RESIZE", "VERIFY_RESIZE"),
        (json!({"confirmResize": null}), "ACTIVE", "ACTIVE"),
    ] {
        let status = lab.post(&action, body.clone()).await.0;
        assert!(status == 202 || status == 204, "{body}");
        assert_eq!(lab.get(&one).await["server"]["status"], meanwhile, "{body}");
        assert_eq!(lab.get(&one).await["server"]["status"], then, "{body}");
    }
    let listed = lab.get(&format!("{SERVERS}/detail?name=web&status=active")).await;
    assert_eq!(listed["servers"][0]["flavor"]["vcpus"], 4);
    assert_eq!(lab.delete(&one).await.0, 204);
    assert_eq!(lab.delete(&format!("network/v2.0/networks/{network}")).await.0, 409);
    assert_eq!(lab.get(&one).await["server"]["OS-EXT-STS:task_state"], "deleting");
    assert_eq!(lab.get(&one).await["itemNotFound"]["code"], 404);
    assert_eq!(lab.delete(&format!("network/v2.0/networks/{network}")).await.0, 204);
}

#[tokio::test]
async fn a_diskless_flavor_needs_a_volume() {
    let lab = Lab::new().await;
    let (flavor, image) = (lab.flavor("SCS-1V-4").await, lab.image().await);
    let mut server =
        json!({"name": "s", "flavorRef": flavor, "imageRef": image, "networks": "none"});
    let (status, error) = lab.post(SERVERS, json!({"server": server})).await;
    assert_eq!(status, 403);
    assert!(error["forbidden"]["message"].as_str().unwrap().starts_with("Only volume-backed"));
    server["imageRef"] = "".into();
    server["block_device_mapping_v2"] = json!([{
        "boot_index": 0, "uuid": image, "source_type": "image", "destination_type": "volume",
        "volume_size": 10, "delete_on_termination": true,
    }]);
    let id = lab.make(SERVERS, "server", server).await;
    let server = lab.get(&format!("{SERVERS}/{id}")).await["server"].take();
    let volume = server["os-extended-volumes:volumes_attached"][0]["id"].as_str().unwrap();
    assert_eq!(server["image"], "");
    let volume = format!("volume/v3/volumes/{volume}");
    assert_eq!(lab.get(&volume).await["volume"]["status"], "in-use");
    assert_eq!(lab.delete(&volume).await.0, 400);
    lab.delete(&format!("{SERVERS}/{id}")).await;
    assert_eq!(lab.get(&volume).await["itemNotFound"]["code"], 404);
}

#[tokio::test]
async fn volumes_and_interfaces_come_and_go() {
    let lab = Lab::new().await;
    let (network, _) = lab.network().await;
    let server = lab.server(&network).await;
    let volume = lab.make("volume/v3/volumes", "volume", json!({"size": 1})).await;
    let attachments = format!("{SERVERS}/{server}/os-volume_attachments");
    let body = json!({"volumeAttachment": {"volumeId": volume}});
    let (status, answer) = lab.post(&attachments, body.clone()).await;
    assert_eq!((status, &answer["volumeAttachment"]["id"]), (200, &json!(volume)));
    assert_eq!(lab.post(&attachments, body).await.0, 400);
    let path = format!("volume/v3/volumes/{volume}");
    let seen = lab.get(&path).await["volume"].take();
    assert_eq!(
        (&seen["status"], &seen["attachments"][0]["server_id"]),
        (&json!("in-use"), &json!(server))
    );
    assert_eq!(lab.delete(&format!("{attachments}/{volume}")).await.0, 202);
    assert_eq!(lab.get(&path).await["volume"]["status"], "available");
    let snapshot = json!({"volume_id": volume, "name": "s"});
    let snapshot = lab.make("volume/v3/snapshots", "snapshot", snapshot).await;
    assert_eq!(lab.delete(&path).await.0, 400);
    assert_eq!(lab.delete(&format!("volume/v3/snapshots/{snapshot}")).await.0, 202);
    let grown = lab.post(&format!("{path}/action"), json!({"os-extend": {"new_size": 3}})).await;
    assert_eq!((grown.0, &lab.get(&path).await["volume"]["size"]), (202, &json!(3)));
    assert_eq!(lab.delete(&path).await.0, 202);

    let interfaces = format!("{SERVERS}/{server}/os-interface");
    let body = json!({"interfaceAttachment": {"net_id": network}});
    let (_, added) = lab.post(&interfaces, body).await;
    let port = added["interfaceAttachment"]["port_id"].as_str().unwrap();
    let addresses = async || {
        let server = lab.get(&format!("{SERVERS}/{server}")).await;
        server["server"]["addresses"]["n"].as_array().unwrap().len()
    };
    assert_eq!(addresses().await, 2);
    assert_eq!(lab.delete(&format!("{interfaces}/{port}")).await.0, 202);
    assert_eq!(addresses().await, 1);
}

#[tokio::test]
async fn types_of_volumes_are_encrypted_by_administrators() -> Result<()> {
    use crate::block_storage::{AddEncryption, ChangeEncryption, ControlLocation, EncryptionPatch};
    let fake = FakeOpenStack::start().await;
    let cloud = fake.connect_as_admin().await?;
    let types = cloud.volume_types();
    let id = types.find("__DEFAULT__").await?.id;
    let none = cloud.volume_type_encryption(&id).read().await?;
    let add = AddEncryption::new("luks", ControlLocation::FrontEnd).key_size(256u32);
    let own = types.act(&id, add.clone()).await?.encryption_id.unwrap();
    assert!(types.act(&id, add).await.is_err());
    let patch = EncryptionPatch::new().key_size(512u32);
    types.act(&id, ChangeEncryption::new(&own, patch)).await?;
    let present = cloud.volume_type_encryption(&id).read().await?;
    assert_eq!((present.key_size, present.provider.as_deref()), (Some(512), Some("luks")));
    types.act(&id, crate::block_storage::RemoveEncryption::new(&own)).await?;
    assert_eq!(cloud.volume_type_encryption(&id).read().await?, none);
    let user = fake.connect().await?;
    let error = user.volume_type_encryption(&id).read().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    Ok(())
}

#[tokio::test]
async fn quotas_hold_as_each_service_says_it() {
    let lab = Lab::new().await;
    let (network, _) = lab.network().await;
    lab.fake.set_quota("compute", "instances", 0);
    lab.fake.set_quota("compute", "cores", 1);
    lab.fake.set_quota("network", "network", 1);
    lab.fake.set_quota("block-storage", "gigabytes", 5);
    let (flavor, image) = (lab.flavor("SCS-2V-4-20s").await, lab.image().await);
    let server = json!({"name": "s", "flavorRef": flavor, "imageRef": image, "networks": "none"});
    let (status, error) = lab.post(SERVERS, json!({"server": server})).await;
    let message = "Quota exceeded for cores, instances: Requested 2, 1, but already used 0, 0 of \
                   1, 0 cores, instances";
    assert_eq!((status, &error["forbidden"]["message"]), (403, &json!(message)));
    let (status, error) = lab.post("network/v2.0/networks", json!({"network": {}})).await;
    assert_eq!((status, &error["NeutronError"]["type"]), (409, &json!("OverQuota")));
    let (status, error) = lab.post("volume/v3/volumes", json!({"volume": {"size": 6}})).await;
    assert_eq!((status, &error["overLimit"]["retryAfter"]), (413, &json!("0")));
    lab.delete(&format!("network/v2.0/networks/{network}")).await;
    let limits = lab.get("compute/v2.1/limits").await;
    assert_eq!(limits["limits"]["absolute"]["maxTotalInstances"], 0);
    let project = identity::DEMO_PROJECT;
    let quota = lab.get(&format!("network/v2.0/quotas/{project}/details.json")).await;
    assert_eq!(quota["quota"]["network"], json!({"limit": 1, "used": 0, "reserved": 0}));
    let quota = lab.get(&format!("volume/v3/{project}/os-quota-sets/{project}?usage=true")).await;
    assert_eq!(quota["quota_set"]["gigabytes"]["limit"], 5);
    let own = project.into();
    assert_eq!(lab.cloud.compute_quota_defaults(&own).read().await.unwrap().instances, 0);
    assert_eq!(lab.cloud.network_quota_defaults(&own).read().await.unwrap().network, Some(1));
    assert_eq!(lab.cloud.volume_quota_defaults(&own).read().await.unwrap().gigabytes, 5);
    let path = format!("compute/v2.1/os-quota-sets/{project}");
    assert_eq!(lab.send(Method::PUT, &path, json!({"quota_set": {}})).await.0, 403);
}

#[tokio::test]
async fn an_old_cloud_knows_less() {
    let lab = Lab::new().await;
    lab.fake.microversions("compute", "2.1", "2.60").unwrap();
    let (status, error) = lab.send(Method::GET, SERVERS, Value::Null).await;
    assert_eq!(status, 406);
    let message = "Version 2.104 is not supported by the API. Minimum is 2.1 and maximum is 2.60.";
    assert_eq!(error["computeFault"]["message"], message);
    lab.fake.populate_servers(1);
    let at = async |version: &str| {
        let path = format!("{SERVERS}/detail");
        lab.send_at(version, Method::GET, &path, Value::Null).await.1["servers"][0].take()
    };
    let (old, newer) = (at("compute 2.1").await, at("compute 2.60").await);
    assert!(old["flavor"]["id"].is_string() && old.get("locked").is_none());
    assert!(newer["flavor"]["vcpus"].is_number() && newer["locked"] == false);
    assert!(newer.get("server_groups").is_none());
    let document = lab.get("compute/v2.1/").await;
    assert_eq!(document["version"]["version"], "2.60");
    assert!(lab.fake.microversions("compute", "new", "newer").is_err());
}

#[tokio::test]
async fn projects_do_not_see_each_other() {
    let lab = Lab::new().await;
    let (network, _) = lab.network().await;
    let admin = lab.fake.connect_as_admin().await.unwrap();
    let project = admin.projects().create(crate::identity::NewProject::new("new")).await.unwrap();
    assert_eq!(project.name, "new");
    let error = lab.cloud.projects().get(&project.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    admin.projects().delete(&project.id).await.unwrap();
    let own = |state: &mut State| {
        state.merge(&network::NETWORKS, &network, json!({"project_id": "somebody else"}))
    };
    assert!(lab.fake.state(own));
    let (status, error) = lab.delete(&format!("network/v2.0/networks/{network}")).await;
    assert_eq!((status, &error["NeutronError"]["type"]), (404, &json!("NetworkNotFound")));
}

#[tokio::test]
async fn many_servers_are_listed_page_by_page() {
    let lab = Lab::new().await;
    lab.fake.populate_servers(2500);
    let mut path = format!("{SERVERS}/detail");
    let (mut pages, mut servers) = (0, 0);
    loop {
        let page = lab.get(&path).await;
        pages += 1;
        servers += page["servers"].as_array().unwrap().len();
        let Some(next) = page["servers_links"][0]["href"].as_str() else { break };
        next.trim_start_matches(&lab.fake.server.url())
            .trim_start_matches('/')
            .clone_into(&mut path);
    }
    assert_eq!((pages, servers), (3, 2500));
}

#[cfg(feature = "config")]
#[tokio::test]
async fn the_clouds_yaml_works() {
    let fake = FakeOpenStack::start().await;
    for name in ["demo", "admin", "demo-app"] {
        let cloud = crate::clouds::Cloud::parse(&fake.clouds_yaml(), "test", name).unwrap();
        let session = cloud.into_builder().unwrap().connect().await.unwrap();
        assert!(session.access().await.unwrap().project.is_some(), "{name}");
    }
}

/// The main job of the SDK, by its own types.
#[tokio::test]
async fn the_typed_client_works_on_it() -> Result<()> {
    use crate::{
        block_storage::NewVolume,
        compute::{Networks, NewKeypair, NewServer},
        network::{
            AddRouterInterface, Direction, IpVersion, NewExternalGateway, NewFloatingIp,
            NewNetwork, NewRouter, NewSecurityGroup, NewSecurityGroupRule, NewSubnet,
            RemoveRouterInterface, SetTags,
        },
    };
    let lab = Lab::new().await;
    let cloud = &lab.cloud;
    let flavor = cloud.flavors().find("SCS-1V-4").await?;
    let image = cloud.images().find("Ubuntu 24.04").await?;
    let public = cloud.networks().find("public").await?;
    let network = cloud.networks().create(NewNetwork::new().name("n")).ready().await?;
    let subnet = NewSubnet::new(&network.id, IpVersion::V4).cidr("10.1.0.0/24".to_owned());
    let subnet = cloud.subnets().create(subnet).await?;
    let gateway = NewExternalGateway::new(&public.id);
    let router = NewRouter::new().name("r").external_gateway(gateway);
    let router = cloud.routers().create(router).await?;
    let interface = AddRouterInterface::new().subnet_id(&subnet.id);
    cloud.routers().act(&router.id, interface).await?;
    let group = cloud.security_groups().create(NewSecurityGroup::new("g")).await?;
    let rule = NewSecurityGroupRule::new(&group.id, Direction::Ingress);
    cloud.security_group_rules().create(rule).await?;
    let key = NewKeypair::new("k").public_key("ssh-ed25519 AAAA k");
    let key = cloud.keypairs().create(key).await?;
    let volume = cloud.volumes().create(NewVolume::new(1).name("v")).ready().await?;
    let tags = cloud.networks().act(&network.id, SetTags::new(["blue".to_owned()])).await?;
    assert_eq!(tags, ["blue"]);

    let server = NewServer::new("web", &flavor.id, Networks::of([network.id.clone()]))
        .image(&image.id)
        .key_name(&key.name);
    let server = cloud.servers().create(server).ready().await?;
    assert_eq!(cloud.servers().find("web").await?.id, server.id);
    assert_eq!(cloud.volumes().find("v").await?.id, volume.id);
    let ip = cloud.floating_ips().create(NewFloatingIp::new(&public.id)).await?;

    cloud.floating_ips().delete(&ip.id).await?;
    cloud.servers().delete(&server.id).await?;
    cloud.servers().wait(&server.id).gone().await?;
    cloud.volumes().delete(&volume.id).await?;
    let interface = RemoveRouterInterface::new().subnet_id(&subnet.id);
    cloud.routers().act(&router.id, interface).await?;
    cloud.routers().delete(&router.id).await?;
    cloud.networks().delete(&network.id).await?;
    cloud.security_groups().delete(&group.id).await?;
    cloud.keypairs().delete(&key.name).await
}

#[tokio::test]
async fn several_networks_at_once_or_none() {
    let fake = FakeOpenStack::start().await;
    let cloud = fake.connect().await.unwrap();
    let new = |name: &str| NewNetwork::new().name(name);
    let made = cloud.networks().create_all([new("a"), new("b")]).await.unwrap();
    assert_eq!(made[1].name, "b");
    fake.set_quota("network", "network", 3);
    let error = cloud.networks().create_all([new("c"), new("d")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded);
    assert!(cloud.networks().find("c").await.unwrap_err().is_not_found());
}

//! What takes several requests to Neutron.

use std::collections::BTreeSet;

use futures_util::{TryStreamExt, future::try_join_all};
use http::Method;
use scs_cloud::{
    core::{ErrorKind, Id, Result},
    iaas::{
        OpenStack,
        network::{
            AddRouterInterface, Direction, EtherType, FloatingIp, FloatingIpQuery, Network,
            NetworkQuery, NewExternalGateway, NewFloatingIp, NewNetwork, NewPort, NewRouter,
            NewSecurityGroup, NewSecurityGroupRule, NewSubnet, Port, Protocol, SecurityGroup,
            SetTags,
        },
    },
    testing::{FakeCloud, Fault},
};

/// Ports behind a router that leads to `public`, and the id of that.
async fn ports(cloud: &OpenStack, count: usize) -> Result<(Vec<Id<Port>>, Id<Network>)> {
    let public = cloud.networks().find("public").await?.id;
    let network = cloud.networks().create(NewNetwork::new().name("n")).await?.id;
    let subnet = cloud.subnets().create(NewSubnet::of(&network, "10.7.0.0/24")).await?.id;
    let router = NewRouter::new().external_gateway(NewExternalGateway::new(&public));
    let router = cloud.routers().create(router).await?.id;
    cloud.routers().act(&router, AddRouterInterface::new().subnet_id(&subnet)).await?;
    let ports = cloud.ports().create_all((0..count).map(|_| NewPort::new(&network))).await?;
    Ok((ports.into_iter().map(|port| port.id).collect(), public))
}

async fn all(cloud: &OpenStack) -> Vec<FloatingIp> {
    cloud.floating_ips().list(FloatingIpQuery::new()).try_collect().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_callers_get_the_same_floating_ip() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    let (ports, public) = ports(&cloud, 8).await.unwrap();
    for _ in 0..4 {
        cloud.floating_ips().create(NewFloatingIp::new(&public)).await.unwrap();
    }
    // Everybody asks twice, as two programs for the same port would.
    let ask = ports.iter().chain(&ports).map(|port| {
        let (cloud, port, public) = (cloud.clone(), port.clone(), public.clone());
        let ask = async move { cloud.floating_ip_for(&port, &public).await.map(|ip| (port, ip)) };
        async { tokio::spawn(ask).await.unwrap() }
    });
    let got = try_join_all(ask).await.unwrap();
    let addresses: BTreeSet<_> = got.iter().map(|(port, ip)| (ip.address, port.clone())).collect();
    assert_eq!(addresses.len(), ports.len());
    assert!(got.iter().all(|(port, ip)| ip.port_id.as_ref() == Some(port)));
    assert!(all(&cloud).await.iter().all(|ip| ip.tags.is_empty()));
}

#[tokio::test]
async fn an_idle_floating_ip_is_used_again() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    let (ports, public) = ports(&cloud, 2).await.unwrap();
    let idle = cloud.floating_ips().create(NewFloatingIp::new(&public)).await.unwrap();
    // That of another project is none of ours.
    let admin = fake.openstack().connect_as_admin().await.unwrap();
    admin.floating_ips().create(NewFloatingIp::new(&public)).await.unwrap();

    let first = cloud.floating_ip_for(&ports[0], &public).await.unwrap();
    assert_eq!((&first.id, &first.port_id), (&idle.id, &Some(ports[0].clone())));
    let again = cloud.floating_ip_for(&ports[0], &public).await.unwrap();
    assert_eq!(again.id, first.id);
    let second = cloud.floating_ip_for(&ports[1], &public).await.unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!(all(&cloud).await.len(), 2);
}

#[tokio::test]
async fn an_unreachable_port_leaves_no_claim_behind() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    let public = cloud.networks().find("public").await.unwrap().id;
    let network = cloud.networks().create(NewNetwork::new()).await.unwrap().id;
    cloud.subnets().create(NewSubnet::of(&network, "10.7.0.0/24")).await.unwrap();
    let port = cloud.ports().create(NewPort::new(&network)).await.unwrap().id;
    cloud.floating_ips().create(NewFloatingIp::new(&public)).await.unwrap();
    let error = cloud.floating_ip_for(&port, &public).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(all(&cloud).await[0].tags.is_empty());
}

/// The requests that change something, since the last time.
fn changes(fake: &FakeCloud) -> Vec<Method> {
    let requests = fake.openstack().requests();
    fake.openstack().forget_requests();
    let methods = requests.into_iter().map(|request| request.method);
    methods.filter(|method| *method != Method::GET).collect()
}

fn rule(group: &Id<SecurityGroup>) -> NewSecurityGroupRule {
    NewSecurityGroupRule::new(group, Direction::Ingress)
}

#[tokio::test]
async fn the_rules_of_a_group_are_replaced() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    let group = cloud.security_groups().create(NewSecurityGroup::new("g")).await.unwrap().id;
    changes(&fake);
    let ping = rule(&group).ethertype(EtherType::Ipv6).protocol(Protocol::Icmpv6);
    let rules = [rule(&group).tcp(22), rule(&group).tcp(22).description("twice"), ping.clone()];
    let now = cloud.replace_security_group_rules(&group, rules.clone()).await.unwrap();
    assert_eq!(now.rules.len(), 2);
    // The new ones first and at once; then the two that let everything out.
    assert_eq!(changes(&fake), [Method::POST, Method::DELETE, Method::DELETE]);
    cloud.replace_security_group_rules(&group, rules).await.unwrap();
    assert_eq!(changes(&fake), [Method::GET; 0]);
    let now = cloud.replace_security_group_rules(&group, [ping]).await.unwrap();
    assert_eq!(now.rules[0].protocol, Some(Protocol::Icmpv6));
    assert_eq!(changes(&fake), [Method::DELETE]);
    let now = cloud.replace_security_group_rules(&group, []).await.unwrap();
    assert!(now.rules.is_empty());
}

#[tokio::test]
async fn half_replaced_rules_are_told_of() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    let group = cloud.security_groups().create(NewSecurityGroup::new("g")).await.unwrap().id;
    let replace = || cloud.replace_security_group_rules(&group, [rule(&group).tcp(22)]);
    fake.openstack().fail(Fault::status(409).on("POST", "/network/v2.0/security-group-rules"));
    let error = replace().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let words = format!("the rules of security group {group} are as before: ");
    assert!(error.message().starts_with(&words), "{error}");
    fake.openstack().fail(Fault::status(403).on("DELETE", "/network"));
    let error = replace().await.unwrap_err();
    assert!(error.message().contains(" are there, and 2 that should be gone: "), "{error}");
    assert_eq!(replace().await.unwrap().rules.len(), 1);

    let other = rule(&"other".into());
    let error = cloud.replace_security_group_rules(&group, [other]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}

#[tokio::test]
async fn what_is_tagged_is_found_by_its_tags() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    for (name, tags) in [("one", &["a"][..]), ("both", &["a", "b"]), ("other", &["c"])] {
        let network = cloud.networks().create(NewNetwork::new().name(name)).await.unwrap().id;
        cloud.networks().act(&network, SetTags::new(tags)).await.unwrap();
    }
    let named = async |query: NetworkQuery| {
        let list = cloud.networks().list(query).try_collect::<Vec<_>>().await.unwrap();
        let names = list.into_iter().map(|network| network.name);
        names.filter(|name| ["one", "both", "other"].contains(&&**name)).collect::<BTreeSet<_>>()
    };
    let query = NetworkQuery::new;
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(named(query().tags("a,b")).await, set(&["both"]));
    assert_eq!(named(query().tags_any("b,c")).await, set(&["both", "other"]));
    assert_eq!(named(query().not_tags("a,b")).await, set(&["one", "other"]));
    assert_eq!(named(query().not_tags_any("b,c")).await, set(&["one"]));
}

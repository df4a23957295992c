mod floating_ip;
mod rule_set;

use std::{
    net::IpAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{Change, ErrorKind, Id},
    iaas::{OpenStack, identity::NewProject, network::*},
};

use crate::lab::{self, Cleanup};

/// A network of this name, gone after the test.
async fn network(cloud: &OpenStack, cleanup: &Cleanup, name: &str) -> Network {
    let network = cloud.networks().create(NewNetwork::new().name(name)).ready().await.unwrap();
    cleanup.delete(&cloud.networks(), &network.id);
    network
}

/// A subnet, gone after the test.
async fn subnet(cloud: &OpenStack, cleanup: &Cleanup, network: &Network) -> Subnet {
    let new = NewSubnet::of(&network.id, "10.8.0.0/24").name(&network.name);
    let subnet = cloud.subnets().create(new).await.unwrap();
    cleanup.delete(&cloud.subnets(), &subnet.id);
    subnet
}

/// A port, gone after the test.
async fn port(cloud: &OpenStack, cleanup: &Cleanup, network: &Network) -> Port {
    let port = cloud.ports().create(NewPort::new(&network.id)).ready().await.unwrap();
    cleanup.delete(&cloud.ports(), &port.id);
    port
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_network_from_creation_to_deletion() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let networks = cloud.networks();
        let name = lab::name("network");
        let new = NewNetwork::new().name(&name).description("d").mtu(1400u32);
        let network = networks.create(new).ready().await.unwrap();
        cleanup.delete(&networks, &network.id);
        assert_eq!((&*network.name, &*network.description, network.mtu), (&*name, "d", Some(1400)));
        assert!(!network.is_external && network.created_at.is_some());
        assert_eq!(networks.find(&name).await.unwrap().id, network.id);

        let patch = NetworkPatch::new().description("").admin_state_up(false);
        let changed = networks.update(&network.id, patch).await.unwrap();
        assert_eq!((&*changed.name, &*changed.description), (&*name, ""));
        assert!(!changed.admin_state_up && changed.revision_number > network.revision_number);
        let patch = NetworkPatch::new().qos_policy_id(Change::Clear);
        assert_eq!(networks.update(&network.id, patch).await.unwrap().qos_policy_id, None);
        networks.wait(&network.id).ready().await.unwrap();

        let port = port(&cloud, &cleanup, &network).await;
        let error = networks.delete(&network.id).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("NetworkInUse")));
        cloud.ports().delete(&port.id).await.unwrap();
        networks.delete(&network.id).await.unwrap();
        networks.wait(&network.id).gone().await.unwrap();
        assert!(networks.get_opt(&network.id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn subnets_of_both_versions() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let subnets = cloud.subnets();
        let network = network(&cloud, &cleanup, &lab::name("subnet")).await;
        let new = NewSubnet::of(&network.id, "10.8.0.0/24")
            .name(&network.name)
            .allocation_pools([AllocationPool::new([10, 8, 0, 9], [10, 8, 0, 20])])
            .dns_nameservers([ip("192.0.2.53")])
            .host_routes([StaticRoute::new("10.9.0.0/16", [10, 8, 0, 1])]);
        let v4 = subnets.create(new).await.unwrap();
        cleanup.delete(&subnets, &v4.id);
        assert_eq!((v4.ip_version, v4.gateway_ip), (IpVersion::V4, Some(ip("10.8.0.1"))));
        assert_eq!(v4.allocation_pools[0].end, ip("10.8.0.20"));
        assert_eq!(v4.host_routes, [StaticRoute::new("10.9.0.0/16", [10, 8, 0, 1])]);

        let patch = SubnetPatch::new().gateway_ip(Change::Clear).host_routes([]);
        let v4 = subnets.update(&v4.id, patch).await.unwrap();
        assert_eq!((v4.gateway_ip, v4.host_routes.len()), (None, 0));
        assert_eq!((&v4.name, &*v4.dns_nameservers), (&network.name, &[ip("192.0.2.53")][..]));
        let patch = SubnetPatch::new().gateway_ip(ip("10.8.0.254"));
        assert_eq!(subnets.update(&v4.id, patch).await.unwrap().gateway_ip, Some(ip("10.8.0.254")));

        let new = NewSubnet::of(&network.id, "fd00:8::/64")
            .ipv6_ra_mode(Ipv6Mode::Slaac)
            .ipv6_address_mode(Ipv6Mode::Slaac)
            .gateway_ip(Change::Clear);
        let v6 = subnets.create(new).await.unwrap();
        cleanup.delete(&subnets, &v6.id);
        assert_eq!((v6.ip_version, v6.ipv6_ra_mode), (IpVersion::V6, Some(Ipv6Mode::Slaac)));
        assert_eq!(v6.gateway_ip, None);

        let of = SubnetQuery::new().network_id(&network.id);
        let of_v6 = of.clone().ip_version(IpVersion::V6);
        assert_eq!(lab::keys(subnets.list(of_v6), |subnet| subnet.id.clone()).await, [v6.id]);
        assert_eq!(lab::keys(subnets.list(of), |subnet| subnet.ip_version).await.len(), 2);
        subnets.delete(&v4.id).await.unwrap();
        assert!(subnets.get(&v4.id).await.unwrap_err().is_not_found());
    })
    .await;
}

#[tokio::test]
async fn tags_and_lists_whatever_the_page_size() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let networks = cloud.networks();
        let tag = lab::name("tag");
        for number in 0..4 {
            let network = network(&cloud, &cleanup, &format!("{tag}-{number}")).await;
            let tags = networks.act(&network.id, SetTags::new(["x", "live"])).await.unwrap();
            assert_eq!(tags.len(), 2);
            networks.act(&network.id, AddTag::new(&tag)).await.unwrap();
            networks.act(&network.id, AddTag::new(&tag)).await.unwrap();
            networks.act(&network.id, RemoveTag::new("x")).await.unwrap();
            let error = networks.act(&network.id, RemoveTag::new("x")).await.unwrap_err();
            assert!(error.is_not_found(), "{error}");
        }
        let id = |network: &Network| network.id.clone();
        let query = NetworkQuery::new().tags(format!("live,{tag}"));
        let all = lab::keys(networks.list(query.clone()), id).await;
        assert_eq!(all.len(), 4);
        for limit in 1..=5u32 {
            let query = query.clone().limit(limit).sort_key("name").sort_dir("desc");
            assert_eq!(lab::keys(networks.list(query), id).await, all, "page size {limit}");
        }
        let any = NetworkQuery::new().tags_any(format!("nobody-has-this,{tag}"));
        assert_eq!(lab::keys(networks.list(any), id).await, all);
        networks.act(&all[0], SetTags::new(vec![])).await.unwrap();
        assert!(networks.get(&all[0]).await.unwrap().tags.is_empty());
        assert_eq!(lab::keys(networks.list(query), id).await, all[1..]);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_two_networks_have() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let name = lab::name("twice");
        let one = network(&cloud, &cleanup, &name).await;
        let two = network(&cloud, &cleanup, &name).await;
        let error = cloud.networks().find(&name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        let words = error.to_string();
        assert!(words.contains(one.id.as_str()) && words.contains(two.id.as_str()), "{words}");
    })
    .await;
}

#[tokio::test]
async fn ports() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let ports = cloud.ports();
        let network = network(&cloud, &cleanup, &lab::name("port")).await;
        let subnet = subnet(&cloud, &cleanup, &network).await;
        let fixed = NewFixedIp::new().subnet_id(&subnet.id).ip_address(ip("10.8.0.77"));
        let new = NewPort::new(&network.id)
            .name(&network.name)
            .fixed_ips([fixed])
            .allowed_address_pairs([AllowedAddressPair::new("10.8.0.128/28")])
            .extra_dhcp_opts([DhcpOption::new("mtu", "1400")]);
        // Nothing is plugged in: it stays DOWN, and nobody waits for it.
        let port = ports.create(new).ready().await.unwrap();
        cleanup.delete(&ports, &port.id);
        assert_eq!((&port.status, &*port.device_id), (&PortStatus::Down, ""));
        assert_eq!(port.fixed_ips[0].ip_address, ip("10.8.0.77"));
        assert_eq!((port.security_groups.len(), port.extra_dhcp_opts.len()), (1, 1));
        assert_eq!(port.allowed_address_pairs[0].ip_address, "10.8.0.128/28");
        assert_eq!(ports.find(&network.name).await.unwrap().id, port.id);

        let patch = PortPatch::new().security_groups([]).allowed_address_pairs([]);
        let port = ports.update(&port.id, patch).await.unwrap();
        assert!(port.security_groups.is_empty() && port.allowed_address_pairs.is_empty());
        assert_eq!((&port.name, port.extra_dhcp_opts.len()), (&network.name, 1));
        let fixed = NewFixedIp::new().ip_address(ip("10.8.0.78"));
        let patch = PortPatch::new().fixed_ips([fixed]).port_security_enabled(false);
        let port = ports.update(&port.id, patch).await.unwrap();
        assert_eq!(port.port_security_enabled, Some(false));

        let other = self::port(&cloud, &cleanup, &network).await;
        let id = |port: &Port| port.id.clone();
        let at = format!("subnet_id={}", subnet.id);
        let query = PortQuery::new().fixed_ips(["ip_address=10.8.0.78".to_owned(), at]);
        assert_eq!(lab::keys(ports.list(query), id).await, vec![port.id.clone()]);
        let query = PortQuery::new().network_id(&network.id);
        let all = lab::keys(ports.list(query.clone()), id).await;
        assert!(all.contains(&other.id) && all.len() == 2);
        for limit in 1..=3u32 {
            assert_eq!(lab::keys(ports.list(query.clone().limit(limit)), id).await, all);
        }
        ports.delete(&port.id).await.unwrap();
        ports.wait(&port.id).gone().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn security_groups_and_their_rules() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let (groups, rules) = (cloud.security_groups(), cloud.security_group_rules());
        let name = lab::name("group");
        let group = groups.create(NewSecurityGroup::new(&name).description("d")).await.unwrap();
        cleanup.delete(&groups, &group.id);
        assert!(group.rules.iter().all(|rule| rule.direction == Direction::Egress));
        let patch = SecurityGroupPatch::new().description("");
        let changed = groups.update(&group.id, patch).await.unwrap();
        assert_eq!((&changed.name, &*changed.description), (&name, ""));

        let new = || NewSecurityGroupRule::new(&group.id, Direction::Ingress);
        let ssh = rules.create(new().tcp(22).description("ssh")).await.unwrap();
        assert_eq!((ssh.protocol, ssh.port_range_max), (Some(Protocol::Tcp), Some(22)));
        let ping = new().ethertype(EtherType::Ipv6).protocol(Protocol::Icmpv6);
        let ping = rules.create(ping.remote_group_id(&group.id)).await.unwrap();
        assert_eq!(ping.remote_group_id, Some(group.id.clone()));
        let dns = new().ports(Protocol::Udp, 50..=53).remote_ip_prefix("192.0.2.0/24");
        let dns = rules.create(dns).await.unwrap();
        assert_eq!(dns.remote_ip_prefix.as_deref(), Some("192.0.2.0/24"));
        let error = rules.create(new().tcp(22)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::Conflict, Some("SecurityGroupRuleExists"))
        );

        let id = |rule: &SecurityGroupRule| rule.id.clone();
        let of = SecurityGroupRuleQuery::new()
            .security_group_id(&group.id)
            .direction(Direction::Ingress);
        let all = lab::keys(rules.list(of.clone()), id).await;
        assert_eq!(all.len(), 3);
        for limit in 1..=4u32 {
            assert_eq!(lab::keys(rules.list(of.clone().limit(limit)), id).await, all);
        }
        rules.delete(&dns.id).await.unwrap();
        assert!(rules.get_opt(&dns.id).await.unwrap().is_none());
        let found = groups.find(&name).await.unwrap();
        assert_eq!((found.id, found.rules.len()), (group.id.clone(), group.rules.len() + 2));
        groups.delete(&group.id).await.unwrap();
        assert!(groups.get_opt(&group.id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_floating_ip_reaches_a_port_behind_a_router() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let (routers, addresses) = (cloud.routers(), cloud.floating_ips());
        let external = cloud.networks().find("external").await.unwrap();
        assert!(external.is_external);
        let network = network(&cloud, &cleanup, &lab::name("router")).await;
        let subnet = subnet(&cloud, &cleanup, &network).await;

        let new = NewRouter::new()
            .name(&network.name)
            .external_gateway(NewExternalGateway::new(&external.id));
        let router = routers.create(new).ready().await.unwrap();
        cleanup.delete(&routers, &router.id);
        let gateway = router.external_gateway.as_ref().unwrap();
        assert_eq!((&gateway.network_id, gateway.external_fixed_ips.len()), (&external.id, 1));
        let add = AddRouterInterface::new().subnet_id(&subnet.id);
        let interface = routers.act(&router.id, add.clone()).await.unwrap();
        let remove = RemoveRouterInterface::new().subnet_id(&subnet.id);
        let (undo, id) = (routers.clone(), router.id.clone());
        let removal = remove.clone();
        cleanup.undo(async move { undo.act(&id, removal).await.map(drop) });
        assert_eq!(interface.subnet_ids, vec![subnet.id.clone()]);
        let error = routers.act(&router.id, add).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Rejected, 1), "{error}");
        let error = routers.delete(&router.id).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("RouterInUse")));

        let port = port(&cloud, &cleanup, &network).await;
        let new = NewFloatingIp::new(&external.id).description("d");
        let address = addresses.create(new).ready().await.unwrap();
        cleanup.delete(&addresses, &address.id);
        assert_eq!((&address.port_id, &address.status), (&None, &FloatingIpStatus::Down));
        let associate = FloatingIpPatch::new().port_id(&port.id);
        addresses.update(&address.id, associate).await.unwrap();
        let address = addresses.wait(&address.id).ready().await.unwrap();
        assert_eq!((address.port_id, &*address.description), (Some(port.id.clone()), "d"));
        assert_eq!(address.fixed_ip, Some(port.fixed_ips[0].ip_address));
        assert_eq!(address.router_id, Some(router.id.clone()));
        assert_eq!(address.status, FloatingIpStatus::Active);
        let found = addresses.find(&address.address.to_string()).await.unwrap();
        assert_eq!(found.id, address.id);
        assert!(addresses.find("no-address").await.unwrap_err().is_not_found());
        let query = FloatingIpQuery::new().port_id(&port.id).limit(1u32);
        assert_eq!(lab::keys(addresses.list(query), |ip| ip.id.clone()).await, [found.id]);
        let error = routers.act(&router.id, remove.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        let disassociate = FloatingIpPatch::new().port_id(Change::Clear);
        let address = addresses.update(&address.id, disassociate).await.unwrap();
        assert_eq!((address.port_id, address.fixed_ip), (None, None));
        addresses.delete(&address.id).await.unwrap();
        addresses.wait(&address.id).gone().await.unwrap();

        let route = StaticRoute::new("10.9.0.0/16", [10, 8, 0, 99]);
        for _ in 0..2 {
            let changed = routers.act(&router.id, AddRoutes::new([route.clone()])).await.unwrap();
            assert_eq!(changed.routes, vec![route.clone()]);
        }
        for _ in 0..2 {
            let changed = routers.act(&router.id, RemoveRoutes::new([route.clone()])).await;
            assert!(changed.unwrap().routes.is_empty());
        }
        let patch = RouterPatch::new().routes([route.clone()]).description("d");
        let changed = routers.update(&router.id, patch).await.unwrap();
        assert_eq!((changed.routes.len(), &changed.name), (1, &network.name));
        let patch = RouterPatch::new().routes([]).external_gateway(Change::Clear);
        let changed = routers.update(&router.id, patch).await.unwrap();
        assert_eq!((changed.external_gateway, &*changed.description), (None, "d"));
        routers.act(&router.id, remove.clone()).await.unwrap();
        let error = routers.act(&router.id, remove).await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
        assert_eq!(routers.find(&network.name).await.unwrap().id, router.id);
        routers.delete(&router.id).await.unwrap();
        routers.wait(&router.id).gone().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_quota_that_is_reached() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab").await;
        let project = cloud.projects().create(NewProject::new(lab::name("quota"))).await.unwrap();
        cleanup.delete(&cloud.projects(), &project.id);
        let (quotas, id): (_, Id<QuotaSet>) = (cloud.network_quotas(), project.id.cast());
        let default = quotas.get(&id).await.unwrap();
        let patch = QuotaSetPatch::new().network(1).floating_ip(-1);
        let changed = quotas.update(&id, patch).await.unwrap();
        cleanup.delete(&quotas, &id);
        assert_eq!((changed.network, changed.floating_ip), (Some(1), Some(-1)));
        assert_eq!(changed.port, default.port);
        let defaults = cloud.network_quota_defaults(&project.id).read().await.unwrap();
        assert_eq!((defaults.network, defaults.port), (default.network, default.port));
        let listed = lab::keys(quotas.list(()), |quota| quota.project_id.clone()).await;
        assert!(listed.contains(&Some(project.id.clone())));

        let new = NewNetwork::new().name(&project.name).project_id(&project.id);
        let network = cloud.networks().create(new.clone()).await.unwrap();
        cleanup.delete(&cloud.networks(), &network.id);
        let error = cloud.networks().create(new).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.code(), error.attempts()),
            (ErrorKind::QuotaExceeded, Some("OverQuota"), 1),
            "{error}"
        );
        let usage = cloud.network_quota_usage(&project.id).read().await.unwrap();
        let networks = usage.network.unwrap();
        assert_eq!((networks.limit, networks.used), (1, 1));
        cloud.networks().delete(&network.id).await.unwrap();
        quotas.delete(&id).await.unwrap();
        assert_eq!(quotas.get(&id).await.unwrap().network, default.network);
    })
    .await;
}

#[tokio::test]
async fn a_reader_may_look_but_not_create() {
    let cloud = lab::cloud("lab-reader").await;
    cloud.networks().find("private").await.unwrap();
    let new = NewNetwork::new().name(lab::name("reader"));
    let error = cloud.networks().create(new).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    let error = cloud.security_groups().create(NewSecurityGroup::new("x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
}

#[tokio::test]
async fn what_the_service_offers() {
    let cloud = lab::cloud("lab-user").await;
    let extensions = cloud.network_extensions();
    let all = lab::keys(extensions.list(()), |extension| extension.id.clone()).await;
    assert!(all.contains(&"router".into()));
    assert!(extensions.get(&"extraroute-atomic".into()).await.unwrap().name.contains("routes"));
    assert!(extensions.get_opt(&"teleport".into()).await.unwrap().is_none());
    let zones = cloud.network_availability_zones();
    let query = AvailabilityZoneQuery::new().resource("router");
    let zones =
        lab::keys(zones.list(query), |zone| (zone.name.clone(), zone.state.to_string())).await;
    assert_eq!(zones, [("nova".to_owned(), ZoneState::Available.to_string())]);
    let rules = cloud.default_security_group_rules();
    let id = |rule: &DefaultSecurityGroupRule| rule.id.clone();
    let all = lab::keys(rules.list(DefaultSecurityGroupRuleQuery::new()), id).await;
    assert!(all.len() >= 4);
    for limit in 1..=all.len() as u32 + 1 {
        let query = DefaultSecurityGroupRuleQuery::new().limit(limit);
        assert_eq!(lab::keys(rules.list(query), id).await, all);
    }
    assert_eq!(rules.get(&all[0]).await.unwrap().id, all[0]);
}

/// Neutron refuses filters that it does not know.
#[tokio::test]
async fn every_filter_is_known() {
    let cloud = lab::cloud("lab-user").await;
    let project = cloud.session().access().await.unwrap().project_id().unwrap();
    macro_rules! empty {
        ($list:expr) => {
            assert!($list.try_collect::<Vec<_>>().await.unwrap().is_empty())
        };
    }
    // Each on its own: Neutron fails if it is to look for tags in two ways.
    macro_rules! tagged {
        ($api:ident, $query:ident) => {
            let query = || $query::new().name("-");
            empty!(cloud.$api().list(query().tags("a,b")));
            empty!(cloud.$api().list(query().tags_any("a,b")));
            empty!(cloud.$api().list(query().not_tags("a,b")));
            empty!(cloud.$api().list(query().not_tags_any("a,b")));
        };
    }
    tagged!(networks, NetworkQuery);
    tagged!(routers, RouterQuery);
    tagged!(subnets, SubnetQuery);
    tagged!(ports, PortQuery);
    tagged!(security_groups, SecurityGroupQuery);
    let query = NetworkQuery::new().name("-").project_id(&project).admin_state_up(true);
    let query = query.status(NetworkStatus::Active).shared(false).is_external(false);
    empty!(cloud.networks().list(query.is_default(false)));
    let query = RouterQuery::new().name("-").project_id(&project).admin_state_up(true);
    empty!(cloud.routers().list(query));
    let query = SubnetQuery::new().name("-").project_id(&project).network_id("-");
    let query = query.ip_version(IpVersion::V4).cidr("10.8.0.0/24").gateway_ip(ip("10.8.0.1"));
    empty!(cloud.subnets().list(query.enable_dhcp(true).subnetpool_id("-")));
    let query = PortQuery::new().name("-").project_id(&project).network_id("-");
    let query = query.status(PortStatus::Down).device_id("-").device_owner("-");
    let query = query.mac_address("fa:16:3e:00:00:00").admin_state_up(true);
    empty!(cloud.ports().list(query.security_groups(["-".into()])));
    let query = || FloatingIpQuery::new().address("192.0.2.1").project_id(&project);
    let others = query().status(FloatingIpStatus::Down).network_id("-").port_id("-");
    empty!(cloud.floating_ips().list(others.fixed_ip(ip("10.8.0.9")).router_id("-")));
    for tagged in [query().tags_any("a,b"), query().not_tags("a,b"), query().not_tags_any("a")] {
        empty!(cloud.floating_ips().list(tagged));
    }
    let query = SecurityGroupQuery::new().name("-").project_id(&project).shared(false);
    empty!(cloud.security_groups().list(query));
    let query = SecurityGroupRuleQuery::new().security_group_id("-").project_id(&project);
    let query = query.direction(Direction::Ingress).ethertype(EtherType::Ipv4);
    let query = query.protocol(Protocol::Tcp).remote_ip_prefix("192.0.2.0/24");
    empty!(cloud.security_group_rules().list(query.remote_group_id("-")));
    let query = DefaultSecurityGroupRuleQuery::new().direction(Direction::Ingress);
    let query = query.used_in_default_sg(false).used_in_non_default_sg(false);
    empty!(cloud.default_security_group_rules().list(query));
}

#[tokio::test]
async fn several_at_once_and_no_lost_update() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let networks = cloud.networks();
        let name = lab::name("bulk");
        let new = |n| NewNetwork::new().name(format!("{name}-{n}"));
        let made = networks.create_all([new(1), new(2)]).await.unwrap();
        made.iter().for_each(|network| cleanup.delete(&networks, &network.id));
        assert_eq!(made.len(), 2);

        // Somebody else changes the network between our reading and our writing, once.
        let id = &made[0].id;
        let reads = AtomicUsize::new(0);
        let network = networks.update_with(id, |network| {
            if reads.fetch_add(1, Ordering::Relaxed) == 0 {
                let id = id.clone();
                let other = std::thread::spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        let patch = NetworkPatch::new().description("theirs");
                        lab::cloud("lab-user").await.networks().update(&id, patch).await.unwrap();
                    });
                });
                other.join().unwrap();
            }
            NetworkPatch::new().description(format!("{} and ours", network.description))
        });
        assert_eq!(network.await.unwrap().description, "theirs and ours");
        assert_eq!(reads.into_inner(), 2);
    })
    .await;
}

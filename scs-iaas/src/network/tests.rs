use scs_core::{Change, Id, Payload, Phase, Phased};
use serde_json::{Value, json, to_value};

use super::*;

fn body(payload: impl Payload) -> Value {
    to_value(&payload).unwrap()
}

#[test]
fn what_is_sent() {
    let network: Id<Network> = "n".into();
    let group: Id<SecurityGroup> = "g".into();
    assert_eq!(body(NewNetwork::new()), json!({}));
    assert_eq!(
        body(NewNetwork::new().name("a").is_external(true).provider_segmentation_id(7u32)),
        json!({"name": "a", "router:external": true, "provider:segmentation_id": 7})
    );
    assert_eq!(
        body(NetworkPatch::new().qos_policy_id(Change::Clear)),
        json!({"qos_policy_id": null})
    );
    assert_eq!(
        body(NetworkQuery::new().tags_any("a,b").is_external(false)),
        json!({"router:external": false, "tags-any": "a,b"})
    );
    let pool = AllocationPool::new([10, 8, 0, 9], [10, 8, 0, 20]);
    assert_eq!(
        body(
            NewSubnet::of(&network, "10.8.0.0/24")
                .gateway_ip(Change::Clear)
                .allocation_pools([pool])
                .host_routes([StaticRoute::new("10.9.0.0/16", [10, 8, 0, 1])])
        ),
        json!({
            "network_id": "n", "ip_version": 4, "cidr": "10.8.0.0/24", "gateway_ip": null,
            "allocation_pools": [{"start": "10.8.0.9", "end": "10.8.0.20"}],
            "host_routes": [{"destination": "10.9.0.0/16", "nexthop": "10.8.0.1"}],
        })
    );
    assert_eq!(
        body(NewSubnet::of(&network, "fd00::/64").ipv6_ra_mode(Ipv6Mode::DhcpStateless)),
        json!({
            "network_id": "n", "ip_version": 6, "cidr": "fd00::/64",
            "ipv6_ra_mode": "dhcpv6-stateless",
        })
    );
    assert_eq!(
        body(NewSecurityGroupRule::new(&group, Direction::Ingress).tcp(22)),
        json!({
            "security_group_id": "g", "direction": "ingress", "protocol": "tcp",
            "port_range_min": 22, "port_range_max": 22,
        })
    );
}

#[test]
fn what_is_sent_for_ports_routers_and_addresses() {
    let network: Id<Network> = "n".into();
    let subnet: Id<Subnet> = "s".into();
    assert_eq!(
        body(
            NewPort::new(&network)
                .fixed_ips([NewFixedIp::new().subnet_id(&subnet)])
                .security_groups([])
                .allowed_address_pairs([AllowedAddressPair::new("10.8.0.0/28")])
                .extra_dhcp_opts([DhcpOption::new("mtu", "1400")])
                .vnic_type(VnicType::Direct)
        ),
        json!({
            "network_id": "n", "fixed_ips": [{"subnet_id": "s"}], "security_groups": [],
            "allowed_address_pairs": [{"ip_address": "10.8.0.0/28"}],
            "extra_dhcp_opts": [{"opt_name": "mtu", "opt_value": "1400"}],
            "binding:vnic_type": "direct",
        })
    );
    let gateway = NewExternalGateway::new(&network).enable_snat(false);
    assert_eq!(
        body(NewRouter::new().external_gateway(gateway)),
        json!({"external_gateway_info": {"network_id": "n", "enable_snat": false}})
    );
    assert_eq!(
        body(RouterPatch::new().external_gateway(Change::Clear).routes([])),
        json!({"external_gateway_info": null, "routes": []})
    );
    assert_eq!(body(AddRouterInterface::new().subnet_id(&subnet)), json!({"subnet_id": "s"}));
    assert_eq!(
        body(NewFloatingIp::new(&network).port_id("p")),
        json!({"floating_network_id": "n", "port_id": "p"})
    );
    assert_eq!(body(FloatingIpPatch::new().port_id(Change::Clear)), json!({"port_id": null}));
    assert_eq!(body(SetTags::<Network>::new(["a", "b"])), json!({"tags": ["a", "b"]}));
    assert_eq!(body(QuotaSetPatch::new().floating_ip(-1)), json!({"floatingip": -1}));
}

#[test]
fn a_port_without_a_device_is_not_waited_for() {
    let port = |change: Value| -> Port {
        let mut port = json!({
            "id": "p", "project_id": "x", "network_id": "n", "mac_address": "fa:16:3e:00:00:01",
            "status": "DOWN", "admin_state_up": true, "device_id": "d",
        });
        port.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        serde_json::from_value(port).unwrap()
    };
    assert_eq!(port(json!({})).phase(), Phase::Pending);
    assert_eq!(port(json!({"device_id": ""})).phase(), Phase::Ready);
    assert_eq!(port(json!({"admin_state_up": false})).phase(), Phase::Ready);
    assert_eq!(port(json!({"status": "ACTIVE"})).phase(), Phase::Ready);
    assert_eq!(port(json!({"status": "odd"})).phase(), Phase::Unknown);
    let failed = port(json!({"binding:vif_type": "binding_failed", "binding:host_id": "h1"}));
    assert_eq!(failed.phase(), Phase::Failed);
    assert_eq!(failed.fault().as_deref(), Some("it cannot be wired on host `h1`"));
}

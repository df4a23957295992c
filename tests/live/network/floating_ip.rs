use std::collections::BTreeSet;

use futures_util::{TryStreamExt, future::try_join_all};
use scs_cloud::{
    core::Change,
    iaas::network::{
        AddRouterInterface, FloatingIp, FloatingIpPatch, FloatingIpQuery, NewExternalGateway,
        NewFloatingIp, NewRouter, RemoveRouterInterface,
    },
};

use super::{network, port, subnet};
use crate::lab::{self, Cleanup};

/// In a project where no other test has floating IPs.
#[tokio::test(flavor = "multi_thread")]
async fn no_two_callers_get_the_same_one() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-other").await;
        let (routers, addresses) = (cloud.routers(), cloud.floating_ips());
        let external = cloud.networks().find("external").await.unwrap().id;
        let network = network(&cloud, &cleanup, &lab::name("claim")).await;
        let subnet = subnet(&cloud, &cleanup, &network).await;
        let gateway = NewExternalGateway::new(&external);
        let router = NewRouter::new().name(&network.name).external_gateway(gateway);
        let router = routers.create(router).ready().await.unwrap().id;
        cleanup.delete(&routers, &router);
        let add = AddRouterInterface::new().subnet_id(&subnet.id);
        routers.act(&router, add).await.unwrap();
        let remove = RemoveRouterInterface::new().subnet_id(&subnet.id);
        let (undo, id) = (routers.clone(), router.clone());
        cleanup.undo(async move { undo.act(&id, remove).await.map(drop) });

        let mut ports = Vec::new();
        for _ in 0..4 {
            ports.push(port(&cloud, &cleanup, &network).await.id);
        }
        for _ in 0..2 {
            let idle = addresses.create(NewFloatingIp::new(&external)).await.unwrap();
            cleanup.delete(&addresses, &idle.id);
        }
        let ask = ports.iter().map(|port| {
            let (cloud, port, external) = (cloud.clone(), port.clone(), external.clone());
            let ask = async move { cloud.floating_ip_for(&port, &external).await };
            async { tokio::spawn(ask).await.unwrap() }
        });
        let got = try_join_all(ask).await.unwrap();
        got.iter().for_each(|ip| cleanup.delete(&addresses, &ip.id));
        let different: BTreeSet<_> = got.iter().map(|ip| ip.address).collect();
        assert_eq!(different.len(), ports.len());
        // Also long after the answers.
        for (ip, port) in got.iter().zip(&ports) {
            let ip = addresses.get(&ip.id).await.unwrap();
            assert_eq!((ip.port_id.as_ref(), ip.tags.len()), (Some(port), 0));
        }
        let own = FloatingIpQuery::new().network_id(&external);
        let list = || async {
            addresses.list(own.clone()).try_collect::<Vec<FloatingIp>>().await.unwrap()
        };
        let before = list().await.len();
        let again = cloud.floating_ip_for(&ports[0], &external).await.unwrap();
        assert_eq!(again.id, got[0].id);
        let release = FloatingIpPatch::new().port_id(Change::Clear);
        addresses.update(&again.id, release).await.unwrap();
        let again = cloud.floating_ip_for(&ports[0], &external).await.unwrap();
        assert_eq!(again.port_id.as_ref(), Some(&ports[0]));
        assert_eq!(list().await.len(), before);
    })
    .await;
}

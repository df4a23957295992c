//! Kinds of Neutron that no other test lists page by page.

use scs_cloud::iaas::network::{
    AddTag, FloatingIp, FloatingIpQuery, NewFloatingIp, NewNetwork, NewRouter, NewSecurityGroup,
    NewSubnet, Router, RouterQuery, SecurityGroup, SecurityGroupQuery, Subnet, SubnetQuery,
};

use crate::lab::{self, Cleanup};

const COUNT: u32 = 3;

/// Makes some, tagged, and lists those with the tag in pages of 1 to one more than there are.
macro_rules! whatever_the_page_size {
    ($cleanup:ident, $api:expr, $kind:ty, $query:ty, $new:expr) => {{
        let (api, tag) = ($api, lab::name("paging"));
        for number in 0..COUNT {
            let made = api.create($new(&tag, number)).await.unwrap();
            $cleanup.delete(&api, &made.id);
            api.act(&made.id, AddTag::new(&*tag)).await.unwrap();
        }
        let id = |one: &$kind| one.id.clone();
        let all = lab::keys(api.list(<$query>::new().tags(&*tag)), id).await;
        assert_eq!(all.len(), COUNT as usize);
        for limit in 1..=COUNT + 1 {
            let paged = api.list(<$query>::new().tags(&*tag).limit(limit));
            assert_eq!(lab::keys(paged, id).await, all, "pages of {limit}");
        }
    }};
}

#[tokio::test]
async fn whatever_the_page_size() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let network = NewNetwork::new().name(lab::name("paging"));
        let network = cloud.networks().create(network).await.unwrap().id;
        cleanup.delete(&cloud.networks(), &network);
        let external = cloud.networks().find("external").await.unwrap().id;
        let router = |name: &str, _| NewRouter::new().name(name);
        whatever_the_page_size!(cleanup, cloud.routers(), Router, RouterQuery, router);
        let group = |name: &str, _| NewSecurityGroup::new(name);
        whatever_the_page_size!(
            cleanup,
            cloud.security_groups(),
            SecurityGroup,
            SecurityGroupQuery,
            group
        );
        let subnet = |name: &str, n| NewSubnet::of(&network, format!("10.77.{n}.0/24")).name(name);
        whatever_the_page_size!(cleanup, cloud.subnets(), Subnet, SubnetQuery, subnet);
        let address = |_: &str, _| NewFloatingIp::new(&external);
        whatever_the_page_size!(
            cleanup,
            cloud.floating_ips(),
            FloatingIp,
            FloatingIpQuery,
            address
        );
    })
    .await;
}

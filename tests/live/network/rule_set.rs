use scs_cloud::{
    core::ErrorKind,
    iaas::network::{
        Direction, EtherType, NewSecurityGroup, NewSecurityGroupRule, Protocol, SecurityGroup,
    },
};

use crate::lab::{self, Cleanup};

#[tokio::test]
async fn rules_are_replaced() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let new = NewSecurityGroup::new(lab::name("rules"));
        let group = cloud.security_groups().create(new).await.unwrap().id;
        cleanup.delete(&cloud.security_groups(), &group);
        let rule = || NewSecurityGroupRule::new(&group, Direction::Ingress);
        let v6 = || rule().ethertype(EtherType::Ipv6);
        // Each in words that Neutron turns into others.
        let rules = [
            rule().tcp(22).description("ssh").remote_ip_prefix("192.0.2.1"),
            rule().protocol(Protocol::from("17")),
            rule().remote_ip_prefix("0.0.0.0/0").protocol(Protocol::from("TCP")),
            v6().protocol(Protocol::Icmp),
            v6().remote_ip_prefix("FD00:0::/8"),
            v6().remote_group_id(&group).protocol(Protocol::from("any")),
        ];
        let first = cloud.replace_security_group_rules(&group, rules.clone()).await.unwrap();
        assert_eq!(first.rules.len(), rules.len());
        let again = cloud.replace_security_group_rules(&group, rules).await.unwrap();
        assert_eq!(again.revision_number, first.revision_number);
        let other = [rule().protocol(Protocol::Udp), rule().tcp(443)];
        let replaced = cloud.replace_security_group_rules(&group, other).await.unwrap();
        assert_eq!(replaced.rules.len(), 2);
        let udp = |group: &SecurityGroup| {
            let mut rules = group.rules.iter();
            rules.find(|rule| rule.protocol == Some(Protocol::from("17"))).unwrap().id.clone()
        };
        assert_eq!(udp(&replaced), udp(&first));

        let odd = [rule().protocol(Protocol::from("teleport"))];
        let error = cloud.replace_security_group_rules(&group, odd).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        assert!(error.message().contains("are as before"), "{error}");
        let error = cloud.replace_security_group_rules(&"no-such".into(), []).await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    })
    .await;
}

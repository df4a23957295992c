use scs_cloud::{
    Survey,
    core::standards::modules::{Level, Module},
};

use super::kubernetes;
use crate::lab;

#[tokio::test]
async fn the_labs_have_modules_of_scs() {
    let openstack = lab::cloud("lab-user").await;
    let management = kubernetes("lab-user").await;
    let survey = Survey::new().openstack(&openstack).kubernetes(&management);
    let landscape = survey.namespace("stacks").run().await.unwrap();
    // Nobody has tested the OpenStack lab here, and nobody has said where a registry is.
    for module in [Module::Iaas, Module::Registry, Module::Monitoring] {
        assert_eq!(landscape.level(module), Level::Unknown, "{landscape}");
    }
    // It has the Cluster Stack Operator with a release, and Gardener.
    assert_eq!(landscape.level(Module::Kubernetes), Level::Implementation, "{landscape}");
    assert_ne!(landscape.level(Module::Storage), Level::Unknown, "{landscape}");

    // Other namespaces are not for everybody. CloudProfiles are of none.
    let landscape = Survey::new().kubernetes(&management).run().await.unwrap();
    assert_eq!(landscape.level(Module::Kubernetes), Level::Compatible, "{landscape}");
    assert!(landscape.to_string().contains("could not be seen: cluster-api"), "{landscape}");
}

//! The conformance suite on the lab.

use std::time::Duration;

use scs_cloud::{prelude::*, testing::conformance::Suite};

use crate::lab;

#[tokio::test]
async fn openstack_conforms() {
    let cloud = lab::cloud("lab-user").await;
    let network = cloud.networks().find("private").await.unwrap();
    let suite =
        Suite::new(lab::name("suite")).network(network.id.cast()).every(Duration::from_millis(500));
    let provider: &dyn Provider = &cloud;
    let facets = suite.provider(provider).await.unwrap();
    assert_eq!(facets.len(), 8, "{facets:?}");
}

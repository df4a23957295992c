use scs_cloud::iaas::compute::{Flavor, FlavorQuery};

use crate::lab;

#[tokio::test]
async fn flavors_whatever_the_page_size() {
    let cloud = lab::cloud("lab-user").await;
    let id = |flavor: &Flavor| flavor.id.clone();
    let all = lab::keys(cloud.flavors().list(FlavorQuery::new()), id).await;
    assert!(all.len() >= 5);
    for limit in 1..=all.len() as u32 + 1 {
        let paged = lab::keys(cloud.flavors().list(FlavorQuery::new().limit(limit)), id).await;
        assert_eq!(paged, all, "page size {limit}");
    }
    let found = cloud.flavors().find("SCS-1V-4").await.unwrap();
    assert!(found.is_diskless());
    assert_eq!(cloud.flavors().get(&found.id).await.unwrap().name, "SCS-1V-4");
}

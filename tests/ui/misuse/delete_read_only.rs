//! An availability zone can be listed, and nothing else.
async fn f(cloud: &scs_cloud::iaas::OpenStack) {
    let _ = cloud.volume_availability_zones().delete(&"nova".into()).await;
}

fn main() {}

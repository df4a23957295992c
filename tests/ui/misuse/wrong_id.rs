//! The id of an image is not that of a volume.
use scs_cloud::iaas::{OpenStack, image::Image};

async fn f(cloud: &OpenStack, image: &Image) {
    let _ = cloud.volumes().get(&image.id).await;
}

fn main() {}

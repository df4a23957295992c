//! A volume has a size.
use scs_cloud::iaas::block_storage::NewVolume;

fn main() {
    let _ = NewVolume::new().name("data");
}

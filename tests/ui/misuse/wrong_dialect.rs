//! A volume is none of Keycloak's.
use scs_cloud::{
    core::{Api, ApiVersion, Dialect, Error, Need, Result, Route, Transport, dialect::*, transport::Response},
    iaas::block_storage::Volume,
};

#[derive(Debug, Clone)]
struct Keycloak;

impl Dialect for Keycloak {
    fn transport(&self) -> &Transport {
        loop {}
    }
    async fn locate(&self, _: &Route, _: Option<Need>, _: Option<ApiVersion>) -> Result<Target> {
        loop {}
    }
    fn page<T>(&self, _: &Route, _: &[u8]) -> Result<RawPage<T>> {
        loop {}
    }
    fn fault(&self, _: &Route, _: &Response) -> Error {
        loop {}
    }
}

fn main() {
    let _ = Api::<Volume>::new(Keycloak);
}

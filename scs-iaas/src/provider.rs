//! OpenStack in the neutral words of [`scs_core::provider`].

mod address;
mod image;
mod machine;
mod network;
mod project;
mod security_group;
mod volume;

use std::sync::Arc;

use scs_core::{
    Result, model,
    provider::{Adapter, Addresses, Catalogue, Machines, Provider, Store, Volumes},
};

use crate::OpenStack;

impl Provider for OpenStack {
    fn name(&self) -> &'static str {
        "openstack"
    }

    fn machines(&self) -> Result<Arc<dyn Machines>> {
        Ok(Arc::new(Adapter::new(self.servers())))
    }

    fn flavors(&self) -> Result<Arc<dyn Catalogue<model::Flavor>>> {
        Ok(Arc::new(Adapter::new(self.flavors())))
    }

    fn images(&self) -> Result<Arc<dyn Catalogue<model::Image>>> {
        Ok(Arc::new(Adapter::new(self.images())))
    }

    fn networks(&self) -> Result<Arc<dyn Store<model::Network>>> {
        Ok(Arc::new(Adapter::new(self.networks())))
    }

    fn addresses(&self) -> Result<Arc<dyn Addresses>> {
        Ok(Arc::new(Adapter::new(self.floating_ips())))
    }

    fn volumes(&self) -> Result<Arc<dyn Volumes>> {
        Ok(Arc::new(Adapter::new(self.volumes())))
    }

    fn keys(&self) -> Result<Arc<dyn Store<model::KeyPair>>> {
        Ok(Arc::new(Adapter::new(self.keypairs())))
    }

    fn security(&self) -> Result<Arc<dyn Store<model::SecurityGroup>>> {
        Ok(Arc::new(Adapter::new(self.security_groups())))
    }

    fn projects(&self) -> Result<Arc<dyn Store<model::Project>>> {
        Ok(Arc::new(Adapter::new(self.projects())))
    }
}

/// What became of clearing away a half-made resource: the caller gets the error that led to
/// it, the log gets this.
fn undo<T>(deleted: Result<()>, id: &scs_core::Id<T>) {
    if let Err(error) = deleted {
        tracing::warn!(%id, %error, "a half-made resource is left behind");
    }
}

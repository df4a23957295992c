//! Which of the addresses in a catalog are used.

use std::collections::BTreeMap;

use scs_core::{ApiVersion, Result};
use url::Url;

use crate::catalog::{Catalog, Interface};

/// What was chosen for all services, and for single ones by their canonical types.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    pub(crate) all: Place,
    services: BTreeMap<String, Place>,
}

/// What was chosen for a service; what is not set is as for all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) region: Option<String>,
    /// The first one that the service has counts.
    pub(crate) interfaces: Vec<Interface>,
    /// Instead of that in the catalog.
    pub(crate) address: Option<Url>,
    pub(crate) microversion: Option<ApiVersion>,
}

impl Places {
    pub(crate) fn of(&mut self, service_type: impl Into<String>) -> &mut Place {
        self.services.entry(service_type.into()).or_default()
    }

    /// The address that was given for the service.
    pub(crate) fn address(&self, service_type: &str) -> Option<&Url> {
        self.services.get(service_type)?.address.as_ref()
    }

    /// The microversion that calls of the service use unless they say otherwise.
    pub(crate) fn microversion(&self, service_type: &str) -> Option<ApiVersion> {
        self.services.get(service_type)?.microversion
    }

    /// The address of the service in a catalog.
    pub(crate) fn in_catalog(&self, catalog: &Catalog, service_type: &str) -> Result<Url> {
        let own = self.services.get(service_type);
        let region = own.and_then(|own| own.region.as_deref()).or(self.all.region.as_deref());
        let chosen = own.map(|own| &own.interfaces).filter(|chosen| !chosen.is_empty());
        let interfaces = chosen.unwrap_or(&self.all.interfaces);
        let Some((first, others)) = interfaces.split_first() else {
            return catalog.endpoint(service_type, Interface::default(), region);
        };
        let found = catalog.endpoint(service_type, *first, region);
        found.or_else(|error| {
            let mut others = others.iter();
            let other = |other: &Interface| catalog.endpoint(service_type, *other, region).ok();
            others.find_map(other).ok_or(error)
        })
    }
}

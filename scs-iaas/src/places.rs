//! Which of the addresses in a catalog are used.

use scs_core::{ApiVersion, Error, Result};
use url::Url;

use crate::catalog::{Catalog, Entry, Interface, Service};

/// What was chosen for all services, and for single ones by their canonical types.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    pub(crate) all: Place,
    services: Vec<(String, Place)>,
}

/// What was chosen for a service; what is not set is as for all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) region: Option<String>,
    /// The first one that the service has counts.
    pub(crate) interfaces: Vec<Interface>,
    /// Instead of that in the catalog.
    pub(crate) address: Option<Url>,
    /// Under which type it stands in the catalog, if not under one of its own.
    pub(crate) service_type: Option<String>,
    /// Which one of several services of a type counts.
    pub(crate) service_name: Option<String>,
    pub(crate) microversion: Option<ApiVersion>,
}

impl Places {
    pub(crate) fn of(&mut self, service_type: impl Into<String>) -> &mut Place {
        let service_type = service_type.into();
        let at = self.services.iter().position(|(there, _)| *there == service_type);
        let at = at.unwrap_or_else(|| {
            self.services.push((service_type, Place::default()));
            self.services.len() - 1
        });
        &mut self.services[at].1
    }

    fn own(&self, service_type: &str) -> Option<&Place> {
        self.services.iter().find(|(there, _)| there == service_type).map(|(_, place)| place)
    }

    /// The address that was given for the service.
    pub(crate) fn address(&self, service_type: &str) -> Option<&Url> {
        self.own(service_type)?.address.as_ref()
    }

    /// The microversion that calls of the service use unless they say otherwise.
    pub(crate) fn microversion(&self, service_type: &str) -> Option<ApiVersion> {
        self.own(service_type)?.microversion
    }

    /// The address of the service in a catalog.
    pub(crate) fn in_catalog(&self, catalog: &Catalog, service_type: &str) -> Result<Url> {
        let own = self.own(service_type);
        let narrowed = own.and_then(|own| own.narrow(catalog, service_type)).transpose()?;
        let catalog = narrowed.as_ref().unwrap_or(catalog);
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

impl Place {
    /// The services of the catalog that count, as those of the type that is looked for; `None` if
    /// nothing is said about that, or there are none at all.
    fn narrow(&self, catalog: &Catalog, service_type: &str) -> Option<Result<Catalog>> {
        let is_said = self.service_type.is_some() || self.service_name.is_some();
        if !is_said || catalog.entries().is_empty() {
            return None;
        }
        let is_of_type = |found: &str| match &self.service_type {
            Some(wanted) => found == wanted,
            None => Service::is_of(found, service_type),
        };
        let counts = |entry: &&Entry| {
            let name = self.service_name.as_ref();
            is_of_type(&entry.service_type) && name.is_none_or(|name| *name == entry.name)
        };
        let mut entries: Vec<_> = catalog.entries().iter().filter(counts).cloned().collect();
        for entry in &mut entries {
            service_type.clone_into(&mut entry.service_type);
        }
        if !entries.is_empty() {
            return Some(Ok(Catalog::new(entries)));
        }
        let wanted = self.service_type.as_deref().unwrap_or(service_type);
        let name = self.service_name.as_ref();
        let named = name.map(|name| format!(" with the name `{name}`")).unwrap_or_default();
        let words = format!("this cloud has no service of type `{wanted}`{named}");
        let there = catalog.entries().iter().map(|e| format!("{} ({})", e.service_type, e.name));
        let there = there.collect::<Vec<_>>().join(", ");
        Some(Err(Error::config(words)
            .with_service(service_type.to_owned())
            .with_hint(format!("correct its service_type and service_name; there are {there}"))))
    }
}

//! Which services a cloud has, and where.

use scs_core::{Error, ErrorKind, Result, answer};
use serde::Deserialize;
use url::Url;

/// A service of OpenStack: its type, the names it had before (service-types authority), the
/// path of the version that this SDK speaks, and how it is called in version headers.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) canonical: &'static str,
    aliases: &'static [&'static str],
    pub(crate) path: &'static str,
    pub(crate) version_name: &'static str,
}

const fn service(
    canonical: &'static str,
    aliases: &'static [&'static str],
    path: &'static str,
) -> Service {
    Service { canonical, aliases, path, version_name: canonical }
}

/// <https://service-types.openstack.org/>
const SERVICES: [Service; 10] = [
    service("identity", &[], "v3"),
    service("compute", &[], "v2.1"),
    service("image", &[], "v2"),
    service("network", &[], "v2.0"),
    Service {
        version_name: "volume",
        ..service("block-storage", &["volumev3", "volumev2", "volume", "block-store"], "v3")
    },
    service("load-balancer", &[], "v2"),
    service("key-manager", &[], "v1"),
    service("dns", &[], "v2"),
    service("object-store", &[], "v1"),
    service("placement", &[], ""),
];

impl Service {
    /// By its type or a former one.
    #[cfg(feature = "config")]
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        SERVICES.iter().find(|service| service.canonical == name || service.aliases.contains(&name))
    }

    /// How far a name is from the canonical one: aliases are listed newest first.
    #[cfg(feature = "config")]
    pub(crate) fn rank(name: &str) -> usize {
        let aliases = Self::named(name).map_or(&[][..], |service| service.aliases);
        aliases.iter().position(|alias| *alias == name).map_or(0, |at| at + 1)
    }

    /// Whether a service with the first type is one of the second, which is canonical.
    pub(crate) fn is_of(found: &str, canonical: &str) -> bool {
        found == canonical
            || Self::of(canonical).is_some_and(|service| service.aliases.contains(&found))
    }

    pub(crate) fn of(canonical: &str) -> Option<&'static Self> {
        SERVICES.iter().find(|service| service.canonical == canonical)
    }
}

/// The services of a cloud as the token that was issued tells them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<Entry>")]
pub struct Catalog(Vec<Entry>);

impl From<Vec<Entry>> for Catalog {
    fn from(entries: Vec<Entry>) -> Self {
        Self::new(entries)
    }
}

answer! {
    /// A service in the catalog.
    pub struct Entry(
        /// Its type, canonical or an alias.
        service_type: String as "type",
    ) {
        /// Its name, chosen by the operator.
        name: String,
        /// Where it is.
        endpoints: Vec<Endpoint>,
    }
}

answer! {
    /// An address of a service.
    pub struct Endpoint(
        /// For whom: `public`, `internal`, `admin`.
        interface: String,
        /// The address.
        url: String,
    ) {
        /// In which region.
        region: Option<String>,
    }
}

/// For whom an endpoint is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interface {
    /// Everybody.
    #[default]
    Public,
    /// Those inside the cloud's own network.
    Internal,
    /// Operators.
    Admin,
}

impl Interface {
    fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Interface {
    type Err = Error;

    /// Reads `public`, `internal`, `admin`, also with `URL` behind it.
    fn from_str(text: &str) -> Result<Self> {
        match text.strip_suffix("URL").unwrap_or(text) {
            "public" => Ok(Self::Public),
            "internal" => Ok(Self::Internal),
            "admin" => Ok(Self::Admin),
            _ => Err(Error::config(format!("there is no interface `{text}`"))
                .with_hint("use `public`, `internal` or `admin`")),
        }
    }
}

impl Catalog {
    pub(crate) fn new(mut entries: Vec<Entry>) -> Self {
        // An empty address says nothing.
        for entry in &mut entries {
            entry.endpoints.retain(|endpoint| !endpoint.url.is_empty());
        }
        Self(entries)
    }

    /// All services.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The address of a service by its canonical type: under that type, else under an alias;
    /// in `region`, else in the first one there is.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if the cloud does not have the service, and
    /// [`ErrorKind::Config`] if not in that region or not on that interface. Each names what
    /// there is.
    pub fn endpoint(
        &self,
        service_type: &str,
        interface: Interface,
        region: Option<&str>,
    ) -> Result<Url> {
        let aliases = Service::of(service_type).map_or(&[][..], |service| service.aliases);
        let names = || std::iter::once(service_type).chain(aliases.iter().copied());
        let found = names().flat_map(|name| self.0.iter().filter(move |e| e.service_type == name));
        let endpoints: Vec<_> = found.flat_map(|entry| &entry.endpoints).collect();
        if endpoints.is_empty() {
            let mut there: Vec<_> = self.0.iter().map(|e| e.service_type.as_str()).collect();
            there.sort_unstable();
            there.dedup();
            let there = if there.is_empty() {
                "the token has no catalog: is it scoped to a project?".to_owned()
            } else {
                format!("it has {}", there.join(", "))
            };
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("this cloud has no service of type {service_type}; {there}"),
            )
            .with_service(service_type.to_owned())
            .with_hint("do without it, or give its address as an endpoint override"));
        }
        let in_region: Vec<_> = endpoints
            .iter()
            .filter(|endpoint| region.is_none() || endpoint.region.as_deref() == region)
            .collect();
        if let (true, Some(region)) = (in_region.is_empty(), region) {
            let there = listed(endpoints.iter().filter_map(|e| e.region.as_deref()));
            return Err(Error::config(format!("there is no {service_type} in region `{region}`"))
                .with_service(service_type.to_owned())
                .with_hint(format!("set region_name to one of: {there}")));
        }
        let endpoint = in_region
            .iter()
            .find(|e| e.interface.trim_end_matches("URL") == interface.as_str())
            .ok_or_else(|| {
                let there = listed(in_region.iter().map(|e| e.interface.as_str()));
                let interface = interface.as_str();
                Error::config(format!("{service_type} has no interface `{interface}`"))
                    .with_service(service_type.to_owned())
                    .with_hint(format!("set interface to one of: {there}"))
            })?;
        endpoint.url.parse().map_err(|_| {
            let url = &endpoint.url;
            Error::new(ErrorKind::Decode, format!("the catalog's address `{url}` is not a URL"))
                .with_service(service_type.to_owned())
                .with_hint("the operator has to correct it; until then use an endpoint override")
        })
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let endpoint = |interface: &str, region: &str, url: &str| Endpoint {
            interface: interface.into(),
            region: Some(region.into()),
            url: url.into(),
        };
        let entry = |service_type: &str, endpoints| Entry {
            service_type: service_type.into(),
            name: String::new(),
            endpoints,
        };
        Catalog::new(vec![
            entry("volumev3", vec![endpoint("public", "one", "https://old/v3/p")]),
            entry("block-storage", vec![endpoint("public", "one", "https://new/v3")]),
            entry("volumev3", vec![endpoint("public", "two", "https://two/v3/p")]),
            entry(
                "compute",
                vec![endpoint("internal", "one", "https://c"), endpoint("public", "one", "")],
            ),
        ])
    }

    #[test]
    fn the_canonical_type_comes_first_and_the_region_counts() {
        let url = |region| {
            catalog().endpoint("block-storage", Interface::Public, region).unwrap().to_string()
        };
        assert_eq!(url(None), "https://new/v3");
        assert_eq!(url(Some("one")), "https://new/v3");
        assert_eq!(url(Some("two")), "https://two/v3/p");
    }

    #[test]
    fn what_is_missing_is_named_with_what_is_there() {
        let error = |service, region| {
            catalog().endpoint(service, Interface::Public, region).unwrap_err().to_string()
        };
        assert_eq!(
            error("dns", None),
            "dns: this cloud has no service of type dns; it has block-storage, compute, volumev3; \
             do without it, or give its address as an endpoint override"
        );
        assert_eq!(
            error("block-storage", Some("three")),
            "block-storage: there is no block-storage in region `three`; \
             set region_name to one of: one, two"
        );
        assert_eq!(
            error("compute", None),
            "compute: compute has no interface `public`; set interface to one of: internal"
        );
    }
}

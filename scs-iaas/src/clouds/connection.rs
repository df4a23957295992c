//! From settings to where services are, and how they are reached.

use scs_core::{ApiVersion, Error, Result, transport::ReqwestBuilder};
use url::Url;

use super::{
    environment::Environment,
    file::named_file,
    resolve::Resolved,
    value::{Data, Value},
};
use crate::{
    SessionBuilder,
    catalog::{Interface, Service},
};

impl Resolved {
    /// Sets region, interface, addresses, certificates.
    pub(super) fn equip(
        &self,
        environment: &Environment,
        mut builder: SessionBuilder,
    ) -> Result<SessionBuilder> {
        if let Some(region) = self.settings.text("region_name")? {
            builder = builder.region(region);
        }
        if let Some(value) = self.settings.get("interface") {
            builder = builder.interfaces(interfaces(value)?);
        }
        for ending in ["_endpoint", "_endpoint_override"] {
            for (name, service, value) in self.of_services(ending) {
                builder = builder.endpoint_override(service, url(name, value)?);
            }
        }
        for (name, service, value) in self.of_services("_region_name") {
            let region = value.need_text(name)?.to_owned();
            builder = builder.place(&service, |place| place.region = Some(region));
        }
        for (name, service, value) in self.of_services("_service_type") {
            let wanted = value.need_text(name)?.to_owned();
            // Its own types are looked for anyway.
            if !Service::is_of(&wanted, &service) {
                builder = builder.place(&service, |place| place.service_type = Some(wanted));
            }
        }
        for (name, service, value) in self.of_services("_service_name") {
            let wanted = value.need_text(name)?.to_owned();
            builder = builder.place(&service, |place| place.service_name = Some(wanted));
        }
        for (_, service, value) in self.of_services("_interface") {
            let interfaces = interfaces(value)?;
            builder = builder.place(&service, |place| place.interfaces = interfaces);
        }
        for ending in ["_api_version", "_default_microversion"] {
            for (name, service, value) in self.of_services(ending) {
                if let Some(version) = microversion(name, ending, value)? {
                    builder = builder.default_microversion(service, version);
                }
            }
        }
        let http = self.http(environment)?;
        Ok(builder.transport(|transport| transport.http(http)))
    }

    /// The settings whose names end like this, with the service that they are of by its
    /// canonical type; of several spellings of a service, the canonical one comes last.
    fn of_services(&self, ending: &str) -> Vec<(&str, String, &Value)> {
        let mut found = Vec::new();
        for (name, value) in self.settings.iter().filter(|(_, value)| !value.is_empty()) {
            let Some(service) = name.strip_suffix(ending) else { continue };
            let given = service.replace('_', "-");
            let rank = Service::rank(&given);
            let known = Service::named(&given).map(|service| service.canonical.to_owned());
            let place = found.partition_point(|(other, _)| *other >= rank);
            found.insert(place, (rank, (name, known.unwrap_or(given), value)));
        }
        found.into_iter().map(|(_, found)| found).collect()
    }

    /// How servers are trusted, and who shows a certificate to them.
    pub(super) fn http(
        &self,
        environment: &Environment,
    ) -> Result<impl FnOnce(ReqwestBuilder) -> ReqwestBuilder + use<>> {
        let insecure = self.settings.get("insecure").map(|v| boolean("insecure", v)).transpose()?;
        let verify = self.settings.get("verify").map(|v| boolean("verify", v)).transpose()?;
        let verify = verify.unwrap_or(true) && !insecure.unwrap_or(false);
        let file = |setting: &str| {
            let value = self.settings.get(setting);
            value.map(|value| named_file(environment, setting, value)).transpose()
        };
        let authority = if verify { file("cacert")? } else { None };
        let certificate = file("cert")?;
        let key = if certificate.is_some() { file("key")? } else { None };
        Ok(move |http: ReqwestBuilder| {
            let mut http = http.danger_accept_any_certificate(!verify);
            if let Some((name, pem)) = authority {
                http = http.ca_pem(format!("cacert {name}"), pem);
            }
            if let Some((name, pem)) = certificate {
                // The key may be in the file of the certificate.
                let (key_name, key) = key.unwrap_or_else(|| (name.clone(), pem.clone()));
                http = http.client_certificate(
                    format!("cert {name}"),
                    pem,
                    format!("key {key_name}"),
                    key,
                );
            }
            http
        })
    }
}

fn url(name: &str, value: &Value) -> Result<Url> {
    value.need_text(name)?.parse().map_err(|_| {
        Error::config(format!("{}: `{name}` is not a URL", value.origin))
            .with_hint("write it like https://cloud.example:8774/v2.1")
    })
}

/// `2.60`. An `api_version` without a minor one, or with the first one there is, says nothing
/// about microversions.
fn microversion(name: &str, ending: &str, value: &Value) -> Result<Option<ApiVersion>> {
    let text = value.need_text(name)?;
    let numbers = text
        .split_once('.')
        .and_then(|(major, minor)| Some(ApiVersion::new(major.parse().ok()?, minor.parse().ok()?)));
    match numbers {
        Some(version) if ending == "_api_version" && version.minor < 2 => Ok(None),
        Some(version) => Ok(Some(version)),
        None if ending == "_api_version" || text == "latest" => Ok(None),
        None => Err(Error::config(format!("{}: `{name}` is not a microversion", value.origin))
            .with_hint("write it like '2.79', in quotes")),
    }
}

/// `public`, or a list of which the first one that a service has counts.
fn interfaces(value: &Value) -> Result<Vec<Interface>> {
    let one = |value: &Value| -> Result<Interface> {
        value
            .need_text("interface")?
            .parse()
            .map_err(|error: Error| error.context(value.origin.to_string()))
    };
    match &value.data {
        // What is no interface cannot be one that a service has.
        Data::List(items) => {
            let known: Vec<_> = items.iter().filter_map(|item| one(item).ok()).collect();
            match (known.is_empty(), items.first()) {
                (true, Some(item)) => Ok(vec![one(item)?]),
                _ => Ok(known),
            }
        }
        _ => Ok(vec![one(value)?]),
    }
}

/// As people write it.
pub(super) fn boolean(name: &str, value: &Value) -> Result<bool> {
    match value.need_text(name)?.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" | "y" | "t" => Ok(true),
        "false" | "no" | "off" | "0" | "n" | "f" => Ok(false),
        _ => Err(Error::config(format!("{}: `{name}` is neither true nor false", value.origin))
            .with_hint(format!("write `{name}: true` or `{name}: false`"))),
    }
}

use std::fmt;

use scs_core::shown_address;

use super::{
    Origin,
    file::Files,
    resolve::Resolved,
    value::{Data, Settings, Value},
};

/// Each setting of a cloud, where it comes from, and what is odd.
///
/// Printed, it is a table for people:
///
/// ```
/// # fn main() -> scs_core::Result<()> {
/// use scs_iaas::clouds::Cloud;
///
/// let text = "clouds: {mine: {auth: {auth_url: https://c.example, password: swordfish}}}";
/// let cloud = Cloud::parse(text, "clouds.yaml", "mine")?;
/// let table = cloud.explain().to_string();
/// assert!(table.contains("auth.password = …  (clouds.yaml:1)"));
/// assert!(table.contains("interface = public  (default)"));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Explanation {
    /// The name of the cloud.
    pub cloud: String,
    /// The settings, by name; those that the login uses begin with `auth.`.
    pub settings: Vec<Setting>,
    /// What is odd: unknown names, secrets that others may read, texts that other readers of
    /// YAML take for numbers.
    pub warnings: Vec<String>,
}

/// A setting that counts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value; `…` for a secret, and for a setting that nobody knows.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "cloud {}", self.cloud)?;
        for Setting { name, value, origin } in &self.settings {
            writeln!(f, "  {name} = {value}  ({origin})")?;
        }
        for warning in &self.warnings {
            writeln!(f, "  warning: {warning}")?;
        }
        Ok(())
    }
}

/// What stands beside `auth`, and is used or at least known.
const KNOWN: &[&str] = &[
    "api_timeout",
    "auth_methods",
    "auth_type",
    "cacert",
    "cert",
    "default_domain",
    "disable_vendor_agent",
    "external_network",
    "floating_ip_source",
    "force_ipv4",
    "image_api_use_tasks",
    "image_format",
    "insecure",
    "interface",
    "internal_network",
    "key",
    "message",
    "metrics",
    "networks",
    "prefer_ipv6",
    "private",
    "profile",
    "region_name",
    "requires_floating_ip",
    "secgroup_source",
    "status",
    "timeout",
    "vendor_hook",
    "verify",
];
/// What stands behind the name of a service.
const OF_SERVICES: &[&str] = &[
    "_api_version",
    "_default_microversion",
    "_endpoint",
    "_endpoint_override",
    "_interface",
    "_max_version",
    "_min_version",
    "_region_name",
    "_retries",
    "_retry_delay",
    "_service_name",
    "_service_type",
    "_timeout",
];

impl Resolved {
    /// `files` are those that it comes from.
    pub(super) fn explanation(&self, files: &Files) -> Explanation {
        let mut warnings = self.warnings.clone();
        let mut settings = Vec::new();
        flatten("auth.", &self.auth, &mut settings);
        for (name, value) in self.settings.iter().filter(|(_, value)| !value.is_empty()) {
            if is_known(name) {
                add("", name, value, &mut settings);
                continue;
            }
            // It may be a secret under a misspelled name.
            let origin = value.origin.clone();
            settings.push(Setting { name: name.to_owned(), value: MASK.to_owned(), origin });
            if matches!(value.origin, Origin::File { .. }) {
                warnings.push(format!("{}: nobody knows the setting `{name}`", value.origin));
            }
        }
        for (name, value) in self.auth.iter() {
            if matches!(value.data, Data::Text { ambiguous: true, .. }) {
                warnings.push(format!(
                    "{}: other readers of YAML do not take `{name}` as it is written: put it in \
                     quotes",
                    value.origin
                ));
            }
        }
        for whose in ["user", "project"] {
            let name = if whose == "user" { "username" } else { "project_name" };
            let id = format!("{whose}_id");
            let has = |end: &str| {
                let own = self.auth.get(&format!("{whose}_domain_{end}"));
                own.or_else(|| self.auth.get(&format!("default_domain_{end}"))).is_some()
            };
            let named = self.auth_type.takes(&format!("{whose}_domain_id"))
                && self.auth.get(name).is_some()
                && self.auth.get(&id).is_none();
            if named && !has("id") && !has("name") {
                warnings.push(format!(
                    "`{name}` is a name, and its domain is missing: write `{whose}_domain_name`"
                ));
            }
        }
        for path in &files.exposed {
            let holds = self.auth.iter().chain(self.settings.iter()).any(|(name, value)| {
                is_secret(name)
                    && matches!(&value.origin, Origin::File { path: of, .. } if of == path)
            });
            if holds {
                warnings.push(format!(
                    "{path} holds a secret, and others may read it: run `chmod 600 {path}`"
                ));
            }
        }
        Explanation { cloud: self.name.clone(), settings, warnings }
    }
}

/// What is shown in place of a secret.
const MASK: &str = "…";

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || OF_SERVICES.iter().any(|end| name.ends_with(end))
}

fn flatten(prefix: &str, settings: &Settings, into: &mut Vec<Setting>) {
    for (name, value) in settings.iter().filter(|(_, value)| !value.is_empty()) {
        add(prefix, name, value, into);
    }
}

fn add(prefix: &str, name: &str, value: &Value, into: &mut Vec<Setting>) {
    if let Data::Map(below) = &value.data {
        return flatten(&format!("{prefix}{name}."), below, into);
    }
    into.push(Setting {
        name: format!("{prefix}{name}"),
        value: shown(name, value),
        origin: value.origin.clone(),
    });
}

fn shown(name: &str, value: &Value) -> String {
    if is_secret(name) {
        return MASK.to_owned();
    }
    match &value.data {
        Data::Text { text, .. } if is_address(name) || text.expose().contains("://") => {
            shown_address(text.expose())
        }
        Data::Text { text, .. } => text.expose().to_owned(),
        Data::List(items) => {
            let items: Vec<_> = items.iter().map(|item| shown(name, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Data::Map(_) => "{…}".to_owned(),
    }
}

/// Names that hold secrets, with whatever stands before and behind the words.
fn is_secret(name: &str) -> bool {
    let harmless = name.ends_with("_endpoint") || name.ends_with("_type");
    let words = ["password", "secret", "token", "passcode", "otp"];
    !harmless && (name == "code" || words.iter().any(|word| name.contains(word)))
}

/// Names that hold addresses, in which a password may stand.
fn is_address(name: &str) -> bool {
    let ends = ["_url", "endpoint", "_endpoint_override", "profile"];
    ends.iter().any(|end| name.ends_with(end))
}

//! From what files and variables say to the settings of one cloud.
//!
//! The order in which things are laid over each other, and the old names that are understood,
//! are those of the `openstack` command; `tests/clouds` records them.

use scs_core::{Error, Result, shown_address};

use super::{
    auth_type::AuthType,
    environment::Environment,
    file::{Files, usual_places},
    value::{Data, Origin, Settings, Value},
    vendor::{self, Profile},
};

/// The settings of one cloud.
#[derive(Debug)]
pub(super) struct Resolved {
    /// What it is called.
    pub(super) name: String,
    /// How to log in.
    pub(super) auth_type: AuthType,
    /// What the login needs.
    pub(super) auth: Settings,
    /// All else.
    pub(super) settings: Settings,
    /// What is odd.
    pub(super) warnings: Vec<String>,
}

/// A cloud that was chosen, before anything is laid over it.
pub(super) struct Choice {
    name: String,
    entry: Settings,
    /// Whether it is that of the variables.
    of_variables: bool,
}

/// What the cloud of the variables is called.
fn name_of_variables(environment: &Environment) -> &str {
    environment.get("OS_CLOUD_NAME").unwrap_or("envvars")
}

/// The cloud with this name, else that of `OS_CLOUD`, else that of the variables, else the only
/// one there is.
pub(super) fn choose(
    environment: &Environment,
    files: &Files,
    name: Option<&str>,
) -> Result<Choice> {
    let own_name = name_of_variables(environment);
    if let Some(cloud) = files.clouds.given(own_name) {
        let words =
            format!("{}: `{own_name}` is what the variables' cloud is called", cloud.origin);
        return Err(Error::config(words)
            .with_hint("call the cloud otherwise, or set OS_CLOUD_NAME to another name"));
    }
    let variables = environment.cloud();
    let mut names = files.clouds.names();
    let chosen = name.or_else(|| environment.get("OS_CLOUD"));
    let chosen = chosen.or(variables.as_ref().map(|_| own_name)).or(match names[..] {
        [only] => Some(only),
        _ => None,
    });
    match (chosen, variables) {
        (Some(chosen), Some(entry)) if chosen == own_name => {
            Ok(Choice { name: chosen.to_owned(), entry, of_variables: true })
        }
        (Some(chosen), variables) => match files.clouds.given(chosen) {
            Some(cloud) => Ok(Choice {
                name: chosen.to_owned(),
                entry: cloud.need_map(chosen)?.clone(),
                of_variables: false,
            }),
            None if files.read.is_empty() => {
                let places = usual_places(environment);
                let words = format!("there is no clouds.yaml with a cloud `{chosen}`");
                Err(Error::config(with_warnings(words, files))
                    .with_hint(format!("write one at one of {places}")))
            }
            None => {
                names.extend(variables.map(|_| own_name));
                let words = format!("{} has no cloud `{chosen}`", files.read.join(" or "));
                Err(Error::config(with_warnings(words, files)).with_hint(if names.is_empty() {
                    "there is none at all: add it under `clouds`".to_owned()
                } else {
                    format!("use one of: {}", names.join(", "))
                }))
            }
        },
        (None, _) if names.is_empty() => {
            let places = usual_places(environment);
            Err(Error::config("no cloud is described: there is no clouds.yaml, nor OS_AUTH_URL")
                .with_hint(format!("write one at one of {places}, or set the variables OS_*")))
        }
        (None, _) => Err(Error::config("several clouds are described, and none is chosen")
            .with_hint(format!("set OS_CLOUD to one of: {}", names.join(", ")))),
    }
}

/// Files that were left out may be the reason.
fn with_warnings(words: String, files: &Files) -> String {
    std::iter::once(words).chain(files.warnings.iter().cloned()).collect::<Vec<_>>().join("; ")
}

impl Choice {
    /// The profile that the cloud is of.
    pub(super) fn profile(&self, environment: &Environment, files: &Files) -> Result<Profile> {
        match self.entry.get("profile").or_else(|| self.entry.get("cloud")) {
            Some(name) if name.as_text() != Some(name_of_variables(environment)) => {
                vendor::find(files, name)
            }
            _ => Ok(Profile::Known(Settings::default())),
        }
    }

    /// Lays all over each other: defaults, profile, cloud, region, variables.
    pub(super) fn resolve(
        mut self,
        environment: &Environment,
        files: &Files,
        profile: Option<Settings>,
    ) -> Result<Resolved> {
        let mut warnings = files.warnings.clone();
        if profile.is_none() {
            let name = self.entry.text("profile")?.unwrap_or_default();
            warnings.push(format!("nothing is known of the profile `{}`", shown_address(name)));
        }
        let profile = profile.unwrap_or_default();
        let overlay = environment.overlay();
        if !self.of_variables {
            warnings.extend(environment.left_over().into_iter().map(|variable| {
                format!("{variable} counts only where no cloud of a file is chosen")
            }));
        }

        let regions = match regions(&self.entry)? {
            Some(regions) => regions,
            None => regions_of_profile(&profile)?,
        };
        let region = choose_region(&self.name, regions, environment)?;

        let mut settings = defaults();
        settings.lay_over(profile, 1);
        if self.of_variables {
            // The command puts them into that cloud, where they hide those of its profile.
            settings.lay_over(defaults(), 0);
            for name in ["verify", "cacert", "cert", "key"] {
                settings.remove(name);
            }
        }
        for gone in ["regions", "region_name"] {
            drop((settings.remove(gone), self.entry.remove(gone)));
        }
        settings.lay_over(self.entry, 1);
        if let Some(Region { name, values }) = region {
            settings.lay_over(values, 1);
            settings.insert("region_name", name);
        }
        let default_domain = Value::text("default", Origin::Default);
        settings.insert("default_domain", default_domain);
        settings.lay_over(overlay, 0);

        let mut auth = match settings.remove("auth") {
            Some(auth) => auth.need_map("auth")?.clone(),
            None => Settings::default(),
        };
        for old in ["auth_plugin", "cloud"] {
            if let Some(value) = settings.remove(old) {
                let now = if old == "cloud" { "profile" } else { "auth_type" };
                let origin = &value.origin;
                warnings.push(format!("{origin}: `{old}` is an old name: write `{now}`"));
            }
        }
        if let Some(value) = settings.get("service_provider") {
            let words = format!(
                "{}: a login to another cloud by way of this one is not supported",
                value.origin
            );
            return Err(Error::config(words)
                .with_hint("remove `service_provider`, and log in to that cloud itself"));
        }
        let auth_type = AuthType::of(&settings, &auth)?;
        under_new_names(&mut settings, &mut auth);
        domains_for_both(&mut auth, &auth_type);
        default_domains(&settings, &mut auth, &auth_type, &mut warnings)?;
        expand(&mut settings, &mut auth)?;
        let auth = auth_type.take(&mut settings, auth)?;
        Ok(Resolved { name: self.name, auth_type, auth, settings, warnings })
    }
}

/// What counts where nobody says anything.
fn defaults() -> Settings {
    let mut settings = Settings::default();
    for (name, value) in [("auth_type", "password"), ("interface", "public")] {
        settings.insert(name, Value::text(value, Origin::Default));
    }
    settings
}

/// A region of a cloud, and what is particular to it.
struct Region {
    name: Value,
    values: Settings,
}

/// The regions that a cloud names; `None` if it names none.
fn regions(entry: &Settings) -> Result<Option<Vec<Region>>> {
    if let Some(value) = entry.given("regions") {
        return listed(value, "regions").map(Some);
    }
    match entry.given("region_name") {
        Some(Value { data: Data::Text { text, .. }, origin }) => Ok(Some(
            text.expose()
                .split(',')
                .map(|name| Region {
                    name: Value::text(name, origin.clone()),
                    values: Settings::default(),
                })
                .collect(),
        )),
        Some(value) => listed(value, "region_name").map(Some),
        None => Ok(None),
    }
}

fn regions_of_profile(profile: &Settings) -> Result<Vec<Region>> {
    if let Some(value) = profile.given("regions") {
        return listed(value, "regions");
    }
    let name = profile.get("region_name").cloned();
    Ok(name.map(|name| Region { name, values: Settings::default() }).into_iter().collect())
}

/// `[one, {name: two, values: {…}}]`
fn listed(value: &Value, setting: &str) -> Result<Vec<Region>> {
    let wrong = |value: &Value| {
        Error::config(format!("{}: `{setting}` is not a list of regions", value.origin))
            .with_hint("write each as its name, or as `{name: …, values: {…}}`")
    };
    let Data::List(items) = &value.data else { return Err(wrong(value)) };
    let region = |item: &Value| match &item.data {
        Data::Text { .. } => Ok(Region { name: item.clone(), values: Settings::default() }),
        Data::Map(region) => {
            if !region.names().iter().all(|name| matches!(*name, "name" | "values")) {
                return Err(wrong(item));
            }
            let name = region.get("name").filter(|name| name.as_text().is_some());
            let values = match region.given("values") {
                Some(values) => values.need_map("values")?.clone(),
                None => Settings::default(),
            };
            Ok(Region { name: name.ok_or_else(|| wrong(item))?.clone(), values })
        }
        Data::List(_) => Err(wrong(item)),
    };
    items.iter().map(region).collect()
}

/// That of `OS_REGION_NAME`, else the first one.
fn choose_region(
    cloud: &str,
    mut regions: Vec<Region>,
    environment: &Environment,
) -> Result<Option<Region>> {
    let wanted = environment.get("OS_REGION_NAME");
    if regions.is_empty() {
        return Ok(wanted.map(|name| Region {
            name: Value::text(name, Origin::Variable("OS_REGION_NAME".to_owned())),
            values: Settings::default(),
        }));
    }
    let Some(wanted) = wanted else { return Ok(Some(regions.swap_remove(0))) };
    let at = regions.iter().position(|region| region.name.as_text() == Some(wanted));
    match at {
        Some(at) => Ok(Some(regions.swap_remove(at))),
        None => {
            let names: Vec<_> = regions.iter().filter_map(|region| region.name.as_text()).collect();
            let words = format!("the cloud `{cloud}` has no region `{wanted}`");
            Err(Error::config(words)
                .with_hint(format!("set OS_REGION_NAME to one of: {}", names.join(", "))))
        }
    }
}

/// Moves what may stand beside `auth` into it, old names under new ones. What stands beside it
/// counts, since variables do.
fn under_new_names(settings: &mut Settings, auth: &mut Settings) {
    const NAMES: [(&str, &[&str]); 10] = [
        ("domain_id", &["domain_id"]),
        ("domain_name", &["domain_name"]),
        ("user_domain_id", &["user_domain_id"]),
        ("user_domain_name", &["user_domain_name"]),
        ("project_domain_id", &["project_domain_id"]),
        ("project_domain_name", &["project_domain_name"]),
        ("token", &["auth_token", "token"]),
        ("passcode", &["passcode"]),
        ("project_id", &["tenant_id", "project_id"]),
        ("project_name", &["tenant_name", "project_name"]),
    ];
    for (name, spellings) in NAMES {
        let mut last = None;
        for spelling in spellings {
            last = auth.remove(spelling).or(last);
            last = settings.remove(spelling).or(last);
        }
        if let Some(value) = last.filter(|value| !value.is_empty()) {
            auth.insert(name, value);
        }
    }
    // The name of the service comes first: `compute_endpoint_type`.
    let old: Vec<_> = settings
        .names()
        .into_iter()
        .filter(|name| name.ends_with("endpoint_type"))
        .map(str::to_owned)
        .collect();
    for name in old {
        let now = name.replace("endpoint_type", "interface");
        let set = settings.get(&now).map(|value| &value.origin);
        let by_variable = matches!(set, Some(Origin::Variable(_)));
        if let Some(value) =
            settings.remove(&name).filter(|value| !value.is_empty() && !by_variable)
        {
            settings.insert(now, value);
        }
    }
}

/// Beside a project, a domain is that of the project and of the user.
fn domains_for_both(auth: &mut Settings, auth_type: &AuthType) {
    if auth.get("project_id").is_none() && auth.get("project_name").is_none() {
        return;
    }
    for end in ["id", "name"] {
        let Some(value) = auth.remove(&format!("domain_{end}")) else { continue };
        for whose in ["user", "project"] {
            let name = format!("{whose}_domain_{end}");
            if auth.get(&name).is_none() && auth_type.takes(&name) {
                auth.insert(name, value.clone());
            }
        }
    }
}

/// Where version 3 of Keystone is asked for, `OS_DEFAULT_DOMAIN` fills in for missing domains;
/// where version 2 is, which had none, they are left out.
fn default_domains(
    settings: &Settings,
    auth: &mut Settings,
    auth_type: &AuthType,
    warnings: &mut Vec<String>,
) -> Result<()> {
    let version = settings.text("identity_api_version")?.unwrap_or_default();
    if version.starts_with('2') && auth_type.name().ends_with("password") {
        for name in
            ["project_domain_id", "project_domain_name", "user_domain_id", "user_domain_name"]
        {
            if auth.remove(name).is_some() {
                warnings.push(format!(
                    "`{name}` is left out, since `identity_api_version` is {version}: make it 3"
                ));
            }
        }
    }
    if version == "3" && matches!(auth_type.name(), "password" | "v3password" | "v3totp") {
        for whose in ["project", "user"] {
            let id = format!("{whose}_domain_id");
            let has =
                auth.get(&id).is_some() || auth.get(&format!("{whose}_domain_name")).is_some();
            if let (false, Some(domain)) = (has, settings.get("default_domain")) {
                auth.insert(id, domain.clone());
            }
        }
    }
    Ok(())
}

/// Puts settings in for `{name}` in addresses.
fn expand(settings: &mut Settings, auth: &mut Settings) -> Result<()> {
    let addresses: Vec<_> = settings
        .names()
        .into_iter()
        .filter(|name| {
            *name == "auth_url"
                || name.ends_with("_endpoint_override")
                || name.ends_with("_endpoint")
        })
        .map(str::to_owned)
        .collect();
    for name in addresses {
        if let Some(expanded) = expanded(&name, settings.get(&name), settings)? {
            settings.insert(name, expanded);
        }
    }
    if let Some(value) = expanded("auth_url", auth.get("auth_url"), settings)? {
        auth.insert("auth_url", value);
    }
    Ok(())
}

fn expanded(name: &str, value: Option<&Value>, settings: &Settings) -> Result<Option<Value>> {
    let Some(value) = value else { return Ok(None) };
    let text = value.need_text(name)?;
    if !text.contains(['{', '}']) {
        return Ok(None);
    }
    let wrong = |what: String| {
        Err(Error::config(format!("{}: {what} in `{name}`", value.origin))
            .with_hint("between braces stands the name of a setting of the cloud"))
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let found = &rest[at..];
        if let Some(after) = found.strip_prefix("{{").or_else(|| found.strip_prefix("}}")) {
            out.push_str(&found[..1]);
            rest = after;
            continue;
        }
        let inner = found.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let Some((setting, after)) = inner else { return wrong("a lone brace".to_owned()) };
        match settings.get(setting).and_then(Value::as_text) {
            Some(text) => out.push_str(text),
            None => return wrong(format!("`{{{setting}}}` stands for nothing")),
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(Some(Value::text(out, value.origin.clone())))
}

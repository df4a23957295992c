//! What configuration is read from beside the files: variables and directories.

use std::{
    env, fmt,
    path::{Path, PathBuf},
};

use scs_core::Secret;

use super::value::{Origin, Settings, Value};

/// Variables that choose something, and alone make no cloud.
const SELECTORS: [&str; 6] = [
    "OS_CLOUD",
    "OS_REGION_NAME",
    "OS_CLIENT_CONFIG_FILE",
    "OS_CLIENT_SECURE_FILE",
    "OS_CLIENT_VENDOR_FILE",
    "OS_CLOUD_NAME",
];

/// What begins like this belongs to test runners and logs.
const FOREIGN: [&str; 3] = ["OS_TEST", "OS_STD", "OS_LOG"];

/// Variables that count beside a cloud that is named, as with the `openstack` command; and
/// `OS_<SERVICE>_API_VERSION`.
const LAID_OVER: &[&str] = &[
    "access_token",
    "access_token_endpoint",
    "access_token_type",
    "application_credential_id",
    "application_credential_name",
    "application_credential_secret",
    "auth_methods",
    "auth_type",
    "auth_url",
    "cacert",
    "cert",
    "client_id",
    "client_secret",
    "code",
    "code_challenge_method",
    "default_domain",
    "default_domain_id",
    "default_domain_name",
    "device_authorization_endpoint",
    "discovery_endpoint",
    "domain_id",
    "domain_name",
    "endpoint",
    "identity_provider",
    "idp_otp_key",
    "interface",
    "key",
    "openid_scope",
    "passcode",
    "password",
    "project_domain_id",
    "project_domain_name",
    "project_id",
    "project_name",
    "protocol",
    "service_provider",
    "system_scope",
    "token",
    "trust_id",
    "user_domain_id",
    "user_domain_name",
    "user_id",
    "username",
];

/// Where configuration is looked up: the variables, and the directories they lead to.
///
/// [`of_process`](Self::of_process) is what [`Cloud::load`](super::Cloud::load) uses. Tests, and
/// programs that serve several users, make their own.
#[derive(Clone, Default)]
pub struct Environment {
    variables: Settings,
    directory: PathBuf,
    home: Option<PathBuf>,
}

impl Environment {
    /// The environment of this process, as it is now.
    pub fn of_process() -> Self {
        let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let mut environment = Self::new(env::vars_os().filter_map(readable));
        environment.home = env::home_dir();
        environment
    }

    /// An environment of these variables. `HOME`, `XDG_CONFIG_HOME` and `XDG_CONFIG_DIRS` lead
    /// to files as usual.
    pub fn new<N: Into<String>, V: Into<Secret>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let known = |name: &str| {
            name.starts_with("OS_") || name.starts_with("XDG_CONFIG_") || name == "HOME"
        };
        let mut environment = Self::default();
        for (name, value) in variables {
            let name = name.into();
            if known(&name) {
                let value = Value::text(value, Origin::Variable(name.clone()));
                environment.variables.insert(name, value);
            }
        }
        environment.home =
            environment.variables.given("HOME").and_then(Value::as_text).map(PathBuf::from);
        environment
    }

    /// The working directory, if it is not that of the process: what relative paths begin at.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = directory.into();
        self
    }

    /// The variable, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).and_then(Value::as_text)
    }

    /// A path as it is meant: `~` is the user's home.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        let home = self.home.as_deref();
        let below = |rest: &str| home.map(|home| home.join(rest.trim_start_matches('/')));
        let at_home = match path.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => below(rest),
            _ => None,
        };
        self.directory.join(at_home.unwrap_or_else(|| PathBuf::from(path)))
    }

    /// Where configuration may lie, the most particular place first.
    pub(super) fn places(&self) -> Vec<PathBuf> {
        let home = |below: &str| self.home.as_ref().map(|home| home.join(below));
        let own = match self.get("XDG_CONFIG_HOME") {
            Some(folder) => Some(Path::new(folder).join("openstack")),
            None if cfg!(target_os = "macos") => home("Library/Application Support/openstack"),
            None if cfg!(windows) => home("AppData/Local/OpenStack/openstack"),
            None => None,
        };
        let site: Vec<_> = match self.get("XDG_CONFIG_DIRS") {
            Some(folders) => env::split_paths(folders).map(|at| at.join("openstack")).collect(),
            None if cfg!(target_os = "macos") => {
                vec!["/Library/Application Support/openstack".into()]
            }
            None => vec!["/etc/xdg/openstack".into()],
        };
        let mut places = vec![self.directory.clone()];
        places.extend(own);
        places.extend(home(".config/openstack"));
        places.extend(site);
        places.push("/etc/openstack".into());
        places
    }

    fn settings(&self) -> impl Iterator<Item = (&str, String, &Value)> {
        self.variables.iter().filter_map(|(variable, value)| {
            let name = variable.strip_prefix("OS_")?.to_ascii_lowercase();
            if FOREIGN.iter().any(|prefix| variable.starts_with(prefix)) {
                return None;
            }
            Some((variable, name, value))
        })
    }

    /// The cloud that the variables describe by themselves, if they do.
    pub(super) fn cloud(&self) -> Option<Settings> {
        let mut settings = Settings::default();
        let mut alone = true;
        for (variable, name, value) in self.settings() {
            alone &= SELECTORS.contains(&variable);
            settings.insert(name, value.clone());
        }
        (!alone).then_some(settings)
    }

    /// What the variables change of any cloud.
    pub(super) fn overlay(&self) -> Settings {
        let mut settings = Settings::default();
        let mut old = Vec::new();
        for (_, name, value) in self.settings().filter(|(.., value)| !value.is_empty()) {
            if is_laid_over(&name) {
                settings.insert(name, value.clone());
            } else if let Some(rest) = name.strip_prefix("tenant_") {
                old.push((format!("project_{rest}"), value.clone()));
            }
        }
        for (name, value) in old {
            if settings.get(&name).is_none() {
                settings.insert(name, value);
            }
        }
        settings
    }

    /// The variables that change nothing beside a cloud that is named.
    pub(super) fn left_over(&self) -> Vec<&str> {
        self.settings()
            .filter(|(variable, name, value)| {
                let used = is_laid_over(name) || name.starts_with("tenant_");
                !used && !SELECTORS.contains(variable) && !value.is_empty()
            })
            .map(|(variable, ..)| variable)
            .collect()
    }
}

fn is_laid_over(name: &str) -> bool {
    LAID_OVER.contains(&name) || name.ends_with("_api_version")
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.names())
            .field("directory", &self.directory)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_variables_that_differ_in_case_alone_the_same_one_counts_every_time() {
        let given = [("OS_REGION_NAME", "A"), ("OS_region_name", "B")];
        for _ in 0..32 {
            for given in [given, [given[1], given[0]]] {
                let cloud = Environment::new(given).cloud().unwrap();
                assert_eq!(cloud.text("region_name").unwrap(), Some("B"));
            }
        }
    }
}

//! The values of `auth_type`: which settings each takes, and which it needs.

use scs_core::{Error, Result};

use super::value::{Data, Origin, Settings, Value};

const SCOPE: &[&str] = &[
    "auth_url",
    "system_scope",
    "domain_id",
    "domain_name",
    "project_id",
    "project_name",
    "project_domain_id",
    "project_domain_name",
    "trust_id",
];
/// Of these only `unscoped` is of use; the command takes the others, too.
const OPTIONS: &[&str] = &["reauthenticate"];
const V3_OPTIONS: &[&str] = &["include_catalog", "reauthenticate"];
const UNSCOPED: &[&str] = &["unscoped"];
const DEFAULT_DOMAIN: &[&str] = &["default_domain_id", "default_domain_name"];
const USER: &[&str] = &["user_id", "username", "user_domain_id", "user_domain_name"];
const CREDENTIAL: &[&str] =
    &["application_credential_id", "application_credential_name", "application_credential_secret"];
const PROVIDER: &[&str] = &["identity_provider", "protocol"];
const CLIENT: &[&str] = &[
    "client_id",
    "client_secret",
    "openid_scope",
    "access_token_endpoint",
    "discovery_endpoint",
    "access_token_type",
];
/// What tells where tokens come from, left where one is given.
const LEFT_OVER: &[&str] =
    &["access_token_endpoint", "access_token_type", "discovery_endpoint", "scope"];

/// How a login is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Password,
    Totp,
    Token,
    ApplicationCredential,
    MultiFactor,
    OidcPassword,
    OidcClientCredentials,
    OidcDevice,
    OidcAccessToken,
    None,
    HttpBasic,
    AdminToken,
}

/// A row of the table.
#[derive(Debug)]
struct Row {
    name: &'static str,
    way: Way,
    takes: &'static [&'static [&'static str]],
    needs: &'static [&'static str],
}

const ROWS: [Row; 14] = [
    Row {
        name: "password",
        way: Way::Password,
        takes: &[SCOPE, OPTIONS, DEFAULT_DOMAIN, USER, &["password"]],
        needs: &["auth_url", "password"],
    },
    Row {
        name: "v3password",
        way: Way::Password,
        takes: &[SCOPE, V3_OPTIONS, UNSCOPED, USER, &["password"]],
        needs: &["auth_url", "password"],
    },
    Row {
        name: "token",
        way: Way::Token,
        takes: &[SCOPE, OPTIONS, DEFAULT_DOMAIN, &["token"]],
        needs: &["auth_url", "token"],
    },
    Row {
        name: "v3token",
        way: Way::Token,
        takes: &[SCOPE, V3_OPTIONS, UNSCOPED, &["token"]],
        needs: &["auth_url", "token"],
    },
    Row {
        name: "v3applicationcredential",
        way: Way::ApplicationCredential,
        takes: &[SCOPE, V3_OPTIONS, UNSCOPED, USER, CREDENTIAL],
        needs: &["auth_url", "application_credential_secret"],
    },
    Row {
        name: "v3totp",
        way: Way::Totp,
        takes: &[SCOPE, V3_OPTIONS, UNSCOPED, USER, &["passcode"]],
        needs: &["auth_url", "passcode"],
    },
    Row {
        name: "v3multifactor",
        way: Way::MultiFactor,
        takes: &[SCOPE, V3_OPTIONS, UNSCOPED, &["auth_methods"]],
        needs: &["auth_url", "auth_methods"],
    },
    Row {
        name: "v3oidcpassword",
        way: Way::OidcPassword,
        takes: &[SCOPE, V3_OPTIONS, PROVIDER, CLIENT, &["username", "password", "idp_otp_key"]],
        needs: &["auth_url", "identity_provider", "protocol", "client_id", "username", "password"],
    },
    Row {
        name: "v3oidcclientcredentials",
        way: Way::OidcClientCredentials,
        takes: &[SCOPE, V3_OPTIONS, PROVIDER, CLIENT],
        needs: &["auth_url", "identity_provider", "protocol", "client_id", "client_secret"],
    },
    Row {
        name: "v3oidcdeviceauthz",
        way: Way::OidcDevice,
        takes: &[
            SCOPE,
            V3_OPTIONS,
            PROVIDER,
            CLIENT,
            &["device_authorization_endpoint", "code_challenge_method"],
        ],
        needs: &["auth_url", "identity_provider", "protocol", "client_id"],
    },
    Row {
        name: "v3oidcaccesstoken",
        way: Way::OidcAccessToken,
        takes: &[SCOPE, V3_OPTIONS, PROVIDER, LEFT_OVER, &["access_token"]],
        needs: &["auth_url", "identity_provider", "protocol", "access_token"],
    },
    Row { name: "none", way: Way::None, takes: &[&["endpoint"]], needs: &[] },
    Row {
        name: "http_basic",
        way: Way::HttpBasic,
        takes: &[&["username", "password", "endpoint"]],
        needs: &["username", "password"],
    },
    Row {
        name: "admin_token",
        way: Way::AdminToken,
        takes: &[&["endpoint", "token"]],
        needs: &["endpoint", "token"],
    },
];

/// Other names of settings.
const OLD_NAMES: [(&str, &str); 3] =
    [("username", "user_name"), ("endpoint", "url"), ("openid_scope", "scope")];

/// A value of `auth_type`.
#[derive(Debug, Clone)]
pub(super) struct AuthType {
    row: &'static Row,
    /// The factors of `v3multifactor`.
    pub(super) factors: Vec<Self>,
}

impl AuthType {
    /// The one that the settings ask for.
    pub(super) fn of(settings: &Settings, auth: &Settings) -> Result<Self> {
        let asked = settings.get("auth_type");
        let name = asked.map(|value| value.need_text("auth_type")).transpose()?;
        let row = match name {
            Some("None") => "none",
            Some("token_endpoint") => "admin_token",
            name => name.unwrap_or("password"),
        };
        let Some(row) = ROWS.iter().find(|known| known.name == row) else {
            return Err(unsupported(asked, row));
        };
        let mut auth_type = Self { row, factors: Vec::new() };
        if row.way == Way::MultiFactor {
            let methods = settings.get("auth_methods").or_else(|| auth.get("auth_methods"));
            let factors = methods.map(factors).transpose()?;
            auth_type.factors = factors.unwrap_or_default();
        }
        Ok(auth_type)
    }

    pub(super) fn name(&self) -> &'static str {
        self.row.name
    }

    pub(super) fn way(&self) -> Way {
        self.row.way
    }

    /// Whether it is of version 3 of Keystone outright, and so stricter about domains.
    pub(super) fn is_v3(&self) -> bool {
        self.row.name.starts_with("v3")
    }

    /// Whether it has a use for this setting.
    pub(super) fn takes(&self, name: &str) -> bool {
        let here = self.row.takes.iter().any(|group| group.contains(&name));
        here || self.factors.iter().any(|factor| factor.takes(name))
    }

    fn all(&self) -> impl Iterator<Item = &'static str> {
        let factors = self.factors.iter().flat_map(|factor| factor.row.takes);
        self.row.takes.iter().chain(factors).copied().flatten().copied()
    }

    /// What it takes, from beside `auth`, else from `auth`.
    ///
    /// # Errors
    /// If something is missing, or something in `auth` is of no use.
    pub(super) fn take(&self, settings: &mut Settings, mut auth: Settings) -> Result<Settings> {
        let mut taken = Settings::default();
        for name in self.all() {
            let old = OLD_NAMES.iter().find(|(new, _)| *new == name).map(|(_, old)| *old);
            let mut value = None;
            for from in [&mut *settings, &mut auth] {
                let new = from.remove(name);
                let old = old.and_then(|old| from.remove(old));
                value = value.or(new.or(old).filter(|value| !value.is_empty()));
            }
            if let Some(value) = value {
                taken.insert(name, value);
            }
        }
        match auth.iter().find(|(_, value)| !value.is_empty()) {
            Some((name, value)) => Err(self.useless(name, value, settings)),
            None => Ok(taken),
        }
    }

    fn useless(&self, name: &str, value: &Value, settings: &Settings) -> Error {
        let (origin, auth_type) = (&value.origin, self.row.name);
        let error =
            Error::config(format!("{origin}: auth_type `{auth_type}` has no use for `{name}`"));
        let is_said = settings.get("auth_type").is_some_and(|said| said.origin != Origin::Default);
        match name {
            "token" if !is_said => error.with_hint("write `auth_type: token` beside `auth`"),
            name if CREDENTIAL.contains(&name) && !is_said => {
                error.with_hint("write `auth_type: v3applicationcredential` beside `auth`")
            }
            _ => {
                let mut known: Vec<_> = self.all().collect();
                known.sort_unstable();
                known.dedup();
                let known = known.join(", ");
                error.with_hint(format!("correct its name, or remove it; of use are {known}"))
            }
        }
    }

    /// # Errors
    /// If something is missing that the login needs.
    pub(super) fn check(&self, cloud: &str, auth: &Settings) -> Result<()> {
        let factors = self.factors.iter().flat_map(|factor| factor.row.needs);
        for name in self.row.needs.iter().chain(factors) {
            if auth.get(name).is_none() {
                return Err(self.missing(cloud, name));
            }
        }
        Ok(())
    }

    /// Says that a setting is missing.
    pub(super) fn missing(&self, cloud: &str, name: &str) -> Error {
        let words = format!(
            "cloud `{cloud}`: `{name}` is missing, which auth_type `{}` needs",
            self.row.name
        );
        let variable = name.to_ascii_uppercase();
        Error::config(words)
            .with_hint(format!("write it below `auth`, or set the variable OS_{variable}"))
    }
}

fn factors(value: &Value) -> Result<Vec<AuthType>> {
    let names: Vec<&str> = match &value.data {
        Data::List(items) => {
            items.iter().map(|item| item.need_text("auth_methods")).collect::<Result<_>>()?
        }
        Data::Text { text, .. } => text.expose().split(',').map(str::trim).collect(),
        Data::Map(_) => vec![value.need_text("auth_methods")?],
    };
    let factor = |name: &str| {
        let row = ROWS.iter().find(|row| row.name == name && row.name.starts_with("v3"));
        let row = row.filter(|row| {
            use Way::{ApplicationCredential, Password, Token, Totp};
            matches!(row.way, Password | Totp | Token | ApplicationCredential)
        });
        row.map(|row| AuthType { row, factors: Vec::new() }).ok_or_else(|| {
            Error::config(format!("{}: `{name}` is no method of `auth_methods`", value.origin))
                .with_hint("use v3password, v3totp, v3token or v3applicationcredential")
        })
    };
    names.into_iter().map(factor).collect()
}

fn unsupported(asked: Option<&Value>, name: &str) -> Error {
    let origin = asked.map(|value| format!("{}: ", value.origin)).unwrap_or_default();
    let error = Error::config(format!("{origin}auth_type `{name}` is not supported"));
    match name {
        "v2password" | "v2token" => {
            error.with_hint("version 2 of Keystone is gone: use `password` or `token`")
        }
        "v3oidcauthcode" | "v3websso" => {
            error.with_hint("it needs a browser: use `v3oidcdeviceauthz`, which works with any")
        }
        _ => {
            let known: Vec<_> = ROWS.iter().map(|row| row.name).collect();
            error.with_hint(format!("use one of: {}", known.join(", ")))
        }
    }
}

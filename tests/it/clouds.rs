//! Clouds are resolved as the `openstack` command does it.
//!
//! `tests/clouds/table.json` holds what that command did with many configurations; here the SDK
//! does the same, against a Keystone that answers alike. Where it differs on purpose, a row says
//! what it does instead, and why.

mod errors;
mod explain;
mod keystone;

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use futures_util::{StreamExt, stream};
use scs_cloud::iaas::{
    OpenStack,
    clouds::{Cloud, Environment},
};
use serde::Deserialize;
use serde_json::{Value, json};

use self::keystone::{Http, Keystone};

#[derive(Deserialize)]
struct Case {
    name: String,
    files: BTreeMap<String, String>,
    env: BTreeMap<String, String>,
    cloud: Option<String>,
    /// What the command does: what it sends to log in, and the addresses of compute and network
    /// that it uses; or the error.
    reference: Value,
    /// Why the SDK does something else.
    why: Option<String>,
    /// What it does instead.
    instead: Option<Value>,
}

/// Lays out the files of a case.
fn lay_out(case: &Case, root: &Path, keystone: &str) -> Environment {
    let placed = |text: &str| {
        text.replace("{keystone}", keystone).replace("{root}", &root.display().to_string())
    };
    for folder in ["home", "work"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    for (name, text) in &case.files {
        let file = root.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, placed(text)).unwrap();
    }
    let mut variables: BTreeMap<String, String> =
        case.env.iter().map(|(name, value)| (name.clone(), placed(value))).collect();
    variables.insert("HOME".into(), root.join("home").display().to_string());
    variables.insert("XDG_CONFIG_DIRS".into(), root.join("site").display().to_string());
    Environment::new(variables).directory(root.join("work"))
}

/// What the SDK does.
async fn outcome(case: &Case, root: &Path, http: Arc<Http>) -> Value {
    let keystone = Keystone::start().await;
    let environment = lay_out(case, root, &keystone.address());
    let connected = async {
        let cloud = Cloud::resolve(&environment, case.cloud.as_deref()).await?;
        let cloud = match cloud.oidc()? {
            Some(_) => scs_cloud::connect(cloud).await?,
            // One HTTP client for all: most of the time would go into making them.
            None => {
                let builder = cloud.into_builder()?.transport(|transport| transport.service(http));
                OpenStack::new(builder.connect().await?)
            }
        };
        let mut used = BTreeMap::new();
        for service in ["compute", "network"] {
            used.insert(service, cloud.session().endpoint(service).await?.path().to_owned());
        }
        Ok::<_, scs_cloud::core::Error>(used)
    };
    match connected.await {
        Ok(used) => json!({
            "login": keystone.logins().await,
            "compute": used["compute"].trim_end_matches('/'),
            "network": used["network"].trim_end_matches('/'),
        }),
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains('\n'), "{}: {text}", case.name);
            for secret in ["swordfish", "s3cret", "hidden"] {
                assert!(!text.contains(secret), "{}: {text}", case.name);
            }
            assert!(error.hint().is_some(), "{}: {text}", case.name);
            json!({ "error": text })
        }
    }
}

fn expected(case: &Case) -> &Value {
    match (&case.why, &case.instead) {
        (Some(_), Some(instead)) => instead,
        _ => &case.reference,
    }
}

fn agree(expected: &Value, found: &Value) -> bool {
    match (expected.get("error"), found.get("error")) {
        (Some(_), found) => found.is_some(),
        (None, _) => {
            // The words of the command are its own.
            ["login", "compute", "network"].iter().all(|part| expected.get(part) == found.get(part))
        }
    }
}

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/clouds/table.json");

#[tokio::test(flavor = "multi_thread")]
async fn as_the_openstack_command() {
    let mut rows: Vec<Value> = serde_json::from_str(&fs::read_to_string(TABLE).unwrap()).unwrap();
    let folder = std::env::temp_dir().join(format!("scs-clouds-{}", std::process::id()));
    let http = Arc::new(Http::default());
    let cases = rows.iter().enumerate().map(|(number, row)| {
        let case: Case = serde_json::from_value(row.clone()).unwrap();
        let root = folder.join(number.to_string());
        let http = http.clone();
        tokio::spawn(async move {
            let found = outcome(&case, &root, http).await;
            (case, found)
        })
    });
    // A few at a time.
    let outcomes: Vec<_> = stream::iter(cases).buffered(8).collect().await;
    let _ = fs::remove_dir_all(&folder);

    let record = std::env::var_os("SCS_RECORD").is_some();
    let mut wrong = Vec::new();
    for (row, outcome) in rows.iter_mut().zip(outcomes) {
        let (case, found) = outcome.unwrap();
        if record && case.why.is_some() {
            row["instead"] = match found.get("error") {
                Some(_) => json!({ "error": true }),
                None => found,
            };
        } else if !agree(expected(&case), &found) {
            let expected = expected(&case);
            wrong.push(format!("{}\n  wanted {expected}\n  found  {found}", case.name));
        }
    }
    if record {
        let lines: Vec<_> = rows.iter().map(Value::to_string).collect();
        fs::write(TABLE, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

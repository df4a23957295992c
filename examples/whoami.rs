//! Who is logged in, and where the services are: what a tool over an OpenStack cloud begins with.
//!
//! ```sh
//! cargo run --example whoami                          # the cloud that `openstack` would take
//! cargo run --example whoami -- --os-cloud NAME       # a cloud of clouds.yaml
//! cargo run --example whoami -- --explain             # and where each setting comes from
//! ```
//!
//! It resolves the configuration as the `openstack` command does, logs in, lists flavors and
//! networks, and prints one JSON object: `auth_type`, `user`, `project`, `domain` (names, as the
//! token has them; null where there is none), `scope` (`project`, `domain`, `system` or
//! `unscoped`), `region`, and `endpoints` of `compute` and `network`. With `--explain` the object
//! has a member `explain`, too: the settings with their origins, secrets masked, and what is odd
//! about them; after a failed login it is the only one.
//!
//! It never asks anything. If something goes wrong, one line on stderr says what and what to do,
//! and the exit status is 1, or 2 if the arguments are wrong.

// A program for people talks.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use clap::Parser;
use futures_util::TryStreamExt;
use scs_cloud::{
    core::{ErrorKind, Result, shown_address},
    iaas::{
        OpenStack,
        clouds::{Cloud, Environment, Explanation},
        compute::FlavorQuery,
        network::NetworkQuery,
    },
};
use serde_json::{Value, json};

/// Who is logged in, and where the services are.
#[derive(Parser)]
struct Arguments {
    /// A cloud of clouds.yaml; the one that the environment chooses if not given.
    #[arg(long, value_name = "NAME")]
    os_cloud: Option<String>,
    /// Tell where each setting comes from.
    #[arg(long)]
    explain: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            eprintln!("{}; see --help", one_line(&error.to_string()));
            return ExitCode::from(2);
        }
        Err(help) => {
            print!("{help}");
            return ExitCode::SUCCESS;
        }
    };
    let mut report = json!({});
    let outcome = whoami(&arguments, &mut report).await;
    // What could not be resolved cannot be explained.
    if outcome.is_ok() || report.get("explain").is_some() {
        println!("{report}");
    }
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", one_line(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}

/// The first paragraph, as one line.
fn one_line(text: &str) -> String {
    let words: Vec<_> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    words.join(" ")
}

async fn whoami(arguments: &Arguments, report: &mut Value) -> Result<()> {
    let environment = Environment::of_process();
    let cloud = Cloud::resolve(&environment, arguments.os_cloud.as_deref()).await?;
    if arguments.explain {
        report["explain"] = explained(cloud.explain());
    }
    let (auth_type, region) = (cloud.auth_type(), cloud.region().map(str::to_owned));
    let cloud = scs_cloud::connect(cloud).await?;

    // Services that run without Keystone know nobody.
    let access = match auth_type {
        "none" | "http_basic" | "admin_token" => None,
        _ => Some(cloud.session().access().await?),
    };
    let compute = endpoint(&cloud, "compute").await?;
    if compute.is_some() {
        cloud.flavors().list(FlavorQuery::new()).try_for_each(|_| async { Ok(()) }).await?;
    }
    let network = endpoint(&cloud, "network").await?;
    if network.is_some() {
        cloud.networks().list(NetworkQuery::new()).try_for_each(|_| async { Ok(()) }).await?;
    }

    let scope = access.as_ref().map(|access| match access {
        access if access.project.is_some() => "project",
        access if access.domain.is_some() => "domain",
        access if access.system => "system",
        _ => "unscoped",
    });
    let access = access.as_deref();
    report["auth_type"] = auth_type.into();
    report["user"] = access.map(|access| access.user.name.as_str()).into();
    report["project"] =
        access.and_then(|access| Some(access.project.as_ref()?.name.as_str())).into();
    report["domain"] = access.and_then(|access| Some(access.domain.as_ref()?.name.as_str())).into();
    report["scope"] = scope.into();
    report["region"] = region.into();
    report["endpoints"] = json!({ "compute": compute, "network": network });
    Ok(())
}

/// The address of a service, unless the cloud does not have it.
async fn endpoint(cloud: &OpenStack, service: &str) -> Result<Option<String>> {
    match cloud.session().endpoint(service).await {
        Ok(url) => Ok(Some(shown_address(url))),
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(error),
    }
}

fn explained(explanation: &Explanation) -> Value {
    let settings = explanation.settings.iter().map(|setting| {
        let origin = setting.origin.to_string();
        json!({ "name": setting.name, "value": setting.value, "origin": origin })
    });
    json!({
        "cloud": explanation.cloud,
        "settings": settings.collect::<Vec<_>>(),
        "warnings": explanation.warnings,
    })
}

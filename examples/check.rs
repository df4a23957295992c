//! Whether what a cloud answers is as the SCS standards ask, from a recording.
//!
//! ```sh
//! curl -H "x-auth-token: …" https://image.example/v2/images > images.json
//! cargo run --example check -- images --at 2026-08-22 < images.json
//! cargo run --example check -- flavors --mode reference --json < flavors.json
//! ```
//!
//! The kind of the recording is one of these; what it is, is read from standard input:
//!
//! | kind | recording | standards |
//! |---|---|---|
//! | `flavors` | `GET /flavors/detail`, with extra specs (since 2.61) | 0100, 0103 |
//! | `images` | `GET /v2/images` | 0102, 0104 |
//! | `volume-types` | `GET /types` | 0114 |
//! | `default-security-group-rules` | `GET /v2.0/default-security-group-rules`, or the rules of a group just made | 0115 |
//! | `catalog` | `GET /v3/auth/catalog` or a token; beside it under `info` Swift's answer to `/info` | 0116, 0123, 0125 |
//! | `console-output` | the console of a server, as text or as Nova answers | 0101 |
//! | `kubernetes-version` | see below | 0210 |
//!
//! A list may be bare or stand under its key (`{"images": […]}`), and a single object is a list of
//! one; what the `openstack` command writes with `-f json`, and openstacksdk's dictionaries, are read
//! as well, as far as they hold what is asked for. For `kubernetes-version` it is an object with
//! - `version`, as in `v1.34.2`, or `versions`, all that are offered;
//! - `date`, by which it is judged, unless `--at` says another;
//! - `releases`, an object of versions and dates, or a list of objects with `version` and `date`
//!   (`tag_name` and `published_at` will do, as GitHub lists them);
//! - `eol`, an object of minor versions and dates, or a list of objects with `branch` and `eol`;
//!   without it the table of the SDK counts;
//! - `cves`, a list of objects with `id`, `score` and `affected`, a list of objects with `from`
//!   and `before` (the first version that has the hole, and the first one that has it no more) or
//!   `until` (the last one that has it).
//!
//! There is one line for each test case. They are judged as the scope SCS-compatible IaaS v5.1 and
//! KaaS v1 do, by which certificates are given today; what only other scopes ask for is shown
//! behind, as a preview. The exit status is 0 if none fails that a certificate depends on, 1 if
//! one does, 2 if the recording cannot be read.

// A program for people talks.
#![allow(clippy::print_stderr)]

#[path = "check/recording.rs"]
mod recording;
#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use scs_cloud::{
    core::{
        Error, Result, Timestamp,
        standards::{Mode, Target, TestResult, Verdict},
    },
    iaas::{
        catalog::Catalog,
        standards::{
            entropy, flavor_name, image_metadata, key_manager, secure_connections, security_groups,
            services, standard_flavors, standard_images, volume_types,
        },
    },
    kaas::standards::version_policy,
};
use serde_json::{Map, Value};

use self::recording::{document, items, model, models};

/// Whether what a cloud answers is as the SCS standards ask, from a recording.
#[derive(Parser)]
struct Arguments {
    /// What is read from standard input.
    kind: Kind,
    /// `spec`: what the text of the standards says; `reference`: what the official tests do.
    #[arg(long, default_value = "spec", value_name = "spec|reference")]
    mode: Mode,
    /// The moment to judge by, in UTC, as `2026-08-22` or with a time; now if not given.
    #[arg(long, value_name = "DATE")]
    at: Option<Timestamp>,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

/// What has been recorded.
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Flavors,
    Images,
    VolumeTypes,
    DefaultSecurityGroupRules,
    Catalog,
    ConsoleOutput,
    KubernetesVersion,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut bytes = Vec::new();
    let results = match io::stdin().read_to_end(&mut bytes) {
        // A console may hold anything.
        Ok(_) => check(&arguments, &String::from_utf8_lossy(&bytes)),
        Err(error) => Err(Error::invalid(format!("standard input cannot be read: {error}"))),
    };
    match results {
        Ok(results) => {
            // Whoever reads may stop reading.
            let _ = print(&results, arguments.json);
            let fails = |r: &TestResult| r.target == Target::Main && r.verdict == Verdict::Fail;
            ExitCode::from(u8::from(results.iter().any(fails)))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn print(results: &[TestResult], json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for result in results {
        if json {
            writeln!(out, "{}", serde_json::to_string(result)?)?;
            continue;
        }
        let note = if result.target == Target::Main { "" } else { " (not mandatory)" };
        writeln!(out, "{:5} {}{note}", result.verdict, result.testcase)?;
        for finding in &result.findings {
            writeln!(out, "      {finding}")?;
        }
    }
    Ok(())
}

fn check(arguments: &Arguments, text: &str) -> Result<Vec<TestResult>> {
    let mode = arguments.mode;
    let now = arguments.at.unwrap_or_else(Timestamp::now);
    let read = || document(text);
    Ok(match arguments.kind {
        Kind::Flavors => {
            let flavors = models(items(read()?, "flavor"), recording::flavor)?;
            let mut results = flavor_name::check(&flavors, mode);
            results.extend(standard_flavors::check(&flavors, mode));
            results
        }
        Kind::Images => {
            let images = models(items(read()?, "image"), recording::image)?;
            use image_metadata::Edition;
            use standard_images::ImageList;
            let mut results = image_metadata::check(&images, Edition::V1, mode, now);
            results.extend(standard_images::check(&images, ImageList::V5, mode));
            preview(&mut results, image_metadata::check(&images, Edition::V2, mode, now));
            preview(&mut results, standard_images::check(&images, ImageList::V4, mode));
            results
        }
        Kind::VolumeTypes => {
            let types = items(read()?, "volume_type");
            volume_types::check(&models(types, recording::volume_type)?, mode)
        }
        Kind::DefaultSecurityGroupRules => vec![security_group_rules(read()?, mode)?],
        Kind::Catalog => catalog(read()?, mode)?,
        Kind::ConsoleOutput => {
            // Nova answers with an object.
            let answer = serde_json::from_str::<Value>(text).ok();
            let output = answer.as_ref().and_then(|it| it["output"].as_str().or(it.as_str()));
            entropy::check(entropy::ConsoleOutput::parse(output.unwrap_or(text)), mode)
        }
        Kind::KubernetesVersion => vec![kubernetes_version(read()?, mode, arguments.at)?],
    })
}

/// Adds what another scope asks for beyond what is asked for today.
fn preview(results: &mut Vec<TestResult>, others: Vec<TestResult>) {
    for mut other in others {
        if results.iter().all(|result| result.testcase != other.testcase) {
            other.target = Target::Preview;
            results.push(other);
        }
    }
}

fn security_group_rules(mut document: Value, mode: Mode) -> Result<TestResult> {
    if let Some(group) = document.get_mut("security_group") {
        document = group.take();
    }
    let key = ["default_security_group_rule", "security_group_rule"]
        .into_iter()
        .find(|key| document.get(format!("{key}s")).is_some());
    let rules = items(document, key.unwrap_or("default_security_group_rule"));
    // Only default rules say which groups get them.
    let is_default = key.map_or_else(
        || rules.iter().all(|rule| rule.get("used_in_default_sg").is_some()),
        |key| key == "default_security_group_rule",
    );
    Ok(if is_default {
        security_groups::check(&models(rules, recording::rule)?, mode)
    } else {
        security_groups::check_new_group(&models(rules, recording::rule)?, mode)
    })
}

fn catalog(document: Value, mode: Mode) -> Result<Vec<TestResult>> {
    let tells_s3 = document.get("info").map(|info| info.get("s3api").is_some());
    let catalog: Catalog = model(recording::entries(document))?;
    let mut results = services::check(&catalog, tells_s3, services::Edition::V1, mode);
    results.extend(key_manager::check(&catalog, None, mode));
    preview(&mut results, services::check(&catalog, tells_s3, services::Edition::V2, mode));
    results.push(secure_connections::check(&catalog, mode));
    Ok(results)
}

fn kubernetes_version(
    mut document: Value,
    mode: Mode,
    at: Option<Timestamp>,
) -> Result<TestResult> {
    let missing = || Error::invalid("the recording lacks `version`, the version of a cluster");
    let members = document.as_object_mut().ok_or_else(missing)?;
    let date = text(members, &["date", "now", "at"]).map(|date| date.parse()).transpose()?;
    let now = at.or(date).unwrap_or_else(Timestamp::now);
    let version = text(members, &["version", "gitVersion", "k8s_version"]);
    let offered: Option<Vec<String>> = members.remove("versions").map(model).transpose()?;
    let upstream = model(document)?;
    match (version, offered) {
        (_, Some(versions)) => Ok(version_policy::check_offer(&versions, &upstream, mode, now)),
        (Some(version), None) => Ok(version_policy::check(&version, &upstream, mode, now)),
        (None, None) => Err(missing()),
    }
}

/// The text under the first of these names that is there.
fn text(members: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| members.get(*name)?.as_str()).map(str::to_owned)
}

//! Whether a cloud or a cluster could be certified, and what to change.
//!
//! ```sh
//! cargo run --example conformance                                # the embedded fake cloud
//! cargo run --example conformance -- --os-cloud NAME --version v5.1 --date 2026-08-22
//! cargo run --example conformance -- --scope kaas --kubeconfig FILE \
//!     --upstream releases.json --end-to-end sonobuoy.yaml
//! ```
//!
//! The scope is `iaas`, `kaas`, or a machine-readable file of SCS; the version is the one that is
//! effective on the date, which is today. Log in as an ordinary member of a project: for `iaas`
//! the program boots a server, backs up a volume and keeps a secret there, and removes them
//! again; with `--read-only` it changes nothing, and those test cases stay open. What is left
//! behind when the program is killed has a name that begins with `scs-probe-`.
//!
//! A cluster does not tell which releases of Kubernetes there are: `--upstream` reads the list
//! that GitHub has of them, or an object as `examples/check.rs` reads it. `--end-to-end` reads
//! what `sonobuoy results --mode=dump` prints.
//!
//! How far it is goes to stderr, the assessment to stdout: for people, or with `--json` as one
//! JSON object. `--report`, `--junit` and `--sarif` write files for the compliance monitor, for
//! CI and for code scanning. The exit status is 0 if a certificate could be given, 1 if not, and
//! 2 if that could not be found out.

// A program for people talks.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use scs_cloud::{
    conformance,
    core::{
        Error, Result, Timestamp,
        standards::{
            Check, Mode, Plan, Results, Target, Verdict,
            assessment::Assessment,
            check,
            report::{Invocation, Report},
            scope::Scope,
        },
    },
    iaas,
    kaas::{self, Kubernetes, standards::conformance::Inputs},
    testing::FakeCloud,
};
use serde::Serialize;

/// Whether a cloud or a cluster could be certified, and what to change.
#[derive(Parser)]
struct Arguments {
    /// A cloud of clouds.yaml; the embedded fake cloud if not given.
    #[arg(long, value_name = "NAME")]
    os_cloud: Option<String>,
    /// How to get at a cluster, for `--scope kaas`; that of the embedded fake cloud if not given.
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// What a certificate asks for.
    #[arg(long, default_value = "iaas", value_name = "iaas|kaas|FILE")]
    scope: String,
    /// A version of the scope; the one that is effective on the date if not given.
    #[arg(long)]
    version: Option<String>,
    /// The day to judge by; today if not given.
    #[arg(long, value_name = "DATE")]
    date: Option<Timestamp>,
    /// `reference`: as the official tests do; `spec`: by the text of the standards.
    #[arg(long, default_value = "reference", value_name = "reference|spec")]
    mode: Mode,
    /// Change nothing.
    #[arg(long)]
    read_only: bool,
    /// The releases of Kubernetes, as JSON.
    #[arg(long, value_name = "FILE")]
    upstream: Option<String>,
    /// What end-to-end tests have shown of the cluster.
    #[arg(long, value_name = "FILE")]
    end_to_end: Option<String>,
    /// Print the assessment as JSON.
    #[arg(long)]
    json: bool,
    /// What the cloud is called in the report; its name in clouds.yaml, or the kubeconfig, if not
    /// given.
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
    /// Write the report of the compliance monitor: YAML, or JSON if the name ends so.
    #[arg(long, value_name = "FILE")]
    report: Option<String>,
    /// Write JUnit.
    #[arg(long, value_name = "FILE")]
    junit: Option<String>,
    /// Write SARIF.
    #[arg(long, value_name = "FILE")]
    sarif: Option<String>,
}

impl Arguments {
    fn subject(&self) -> String {
        let kubeconfig = self.kubeconfig.as_ref().map(|file| file.display().to_string());
        let subject = self.subject.clone().or(self.os_cloud.clone()).or(kubeconfig);
        subject.unwrap_or_else(|| "fake".to_owned())
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(Verdict::Pass) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: &Arguments) -> Result<Verdict> {
    let (scope, is_of_clusters) = match &*arguments.scope {
        "iaas" => (Scope::iaas(), false),
        "kaas" => (Scope::kaas(), true),
        file => {
            let text = read(file).map_err(|error| error.with_hint("or say `iaas` or `kaas`"))?;
            (conformance::read(&text, file)?, arguments.kubeconfig.is_some())
        }
    };
    let now = arguments.date.unwrap_or_else(Timestamp::now);
    let version = match &arguments.version {
        Some(version) => version,
        None => &scope.effective(now)?.version,
    };
    let mut plan = Plan::of(&scope, version)?.mode(arguments.mode).at(now);
    if arguments.read_only {
        plan = plan.read_only();
    }

    let fake = FakeCloud::start().await;
    let checks = if is_of_clusters {
        of_cluster(arguments, &fake, &plan).await?
    } else {
        of_cloud(arguments, &fake, &plan).await?
    };
    eprintln!("{} {version}: {} tests", scope.name, checks.len());
    let outcomes = check::run(checks, |progress| eprintln!("  {progress}")).await;

    let mut report = Report::new(&scope, arguments.subject(), Timestamp::now());
    report.reference_date = Some(now);
    report.run.argv = std::env::args().collect();
    report.run.forced_version.clone_from(&arguments.version);
    // What was judged by a day to come counts on that day.
    let judged_at = report.checked_at.max(now);
    let mut results = Results::default();
    for outcome in outcomes {
        report.add(Invocation::from(&outcome));
        for result in outcome.results {
            results.add(result, judged_at);
        }
    }
    let assessment = scope.assess(version, now, &results)?;
    write_files(arguments, &report, &assessment)?;
    if arguments.json {
        println!("{}", json(&assessment)?);
    } else {
        println!("{assessment}");
    }
    Ok(assessment.verdict(Target::Main))
}

async fn of_cloud(arguments: &Arguments, fake: &FakeCloud, plan: &Plan) -> Result<Vec<Check>> {
    let cloud = match &arguments.os_cloud {
        Some(name) => scs_cloud::connect(iaas::clouds::Cloud::load(name).await?).await?,
        None => fake.connect().await?,
    };
    iaas::standards::conformance::preflight(&cloud).await?;
    Ok(iaas::standards::conformance::checks(&cloud, plan))
}

async fn of_cluster(arguments: &Arguments, fake: &FakeCloud, plan: &Plan) -> Result<Vec<Check>> {
    let kubernetes = match &arguments.kubeconfig {
        Some(file) => Kubernetes::from_kubeconfig_file(file).await?,
        None => fake.kubernetes().connect().await?,
    };
    let mut inputs = Inputs::default();
    if let Some(file) = &arguments.upstream {
        inputs.upstream = Some(conformance::read(&read(file)?, file)?);
    }
    if let Some(file) = &arguments.end_to_end {
        inputs.end_to_end = Some(conformance::read(&read(file)?, file)?);
    }
    Ok(kaas::standards::conformance::checks(&kubernetes, inputs, plan))
}

fn read(file: &str) -> Result<String> {
    fs::read_to_string(file).map_err(|error| Error::config(format!("{file}: {error}")))
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string_pretty(value).map_err(|error| Error::invalid(error.to_string()))
}

fn write_files(arguments: &Arguments, report: &Report, assessment: &Assessment) -> Result<()> {
    let write = |file: &str, text: String| {
        fs::write(file, text).map_err(|error| Error::config(format!("{file}: {error}")))
    };
    if let Some(file) = &arguments.report {
        let is_json = Path::new(file).extension().is_some_and(|extension| extension == "json");
        write(file, if is_json { json(report)? } else { conformance::write(report)? })?;
    }
    if let Some(file) = &arguments.junit {
        write(file, assessment.to_junit())?;
    }
    if let Some(file) = &arguments.sarif {
        write(file, json(&assessment.to_sarif())?)?;
    }
    Ok(())
}

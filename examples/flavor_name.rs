//! What SCS flavor names promise, and what is wrong with those that are none.
//!
//! ```sh
//! cargo run --example flavor_name -- SCS-4V-16-100s_kvm_z3h
//! openstack flavor list -f value -c Name | cargo run --example flavor_name -- --json
//! ```
//!
//! Names come from the command line or, if there are none, from standard input, one a line. The
//! exit status is 0 if all are valid or none of the standard's business (they do not begin with
//! `SCS-`), 1 if one is invalid, 2 if the command line is. With `--json` each name becomes one
//! line: an object with `name`, `status` (`valid`, `invalid`, `not-scs`), `fields`, `canonical`,
//! `short`, `v1`, `text` and `error` (`position` counts the characters before what is wrong).

// A program for people talks.
#![allow(clippy::print_stderr)]

use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
};

use clap::Parser;
use scs_cloud::{
    core::standards::Mode,
    iaas::standards::flavor_name::{FlavorName, InvalidFlavorName, Language},
};
use serde::Serialize;

/// What SCS flavor names promise, and what is wrong with those that are none.
#[derive(Parser)]
struct Arguments {
    /// `spec`: what the text of the standard says; `reference`: what its official test accepts.
    #[arg(long, default_value = "spec", value_name = "spec|reference")]
    mode: Mode,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    /// The names; read from standard input, one a line, if there are none.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// One name as JSON.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    status: &'static str,
    fields: Option<FlavorName>,
    canonical: Option<String>,
    short: Option<String>,
    v1: Option<String>,
    text: Option<String>,
    error: Option<Wrong>,
}

#[derive(Serialize)]
struct Wrong {
    position: usize,
    message: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match job(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether no name is invalid.
fn job(arguments: &Arguments) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    let mut good = true;
    let mut show = |name: &str| {
        let result = FlavorName::parse(name, arguments.mode);
        good &= result.is_ok() || result.is_err_and(|error| error.is_foreign());
        if arguments.json {
            serde_json::to_writer(&mut out, &line(name, result))?;
            writeln!(out)
        } else {
            writeln!(out, "{name}: {}", words(name, result))
        }
    };
    if arguments.names.is_empty() {
        for name in io::stdin().lock().split(b'\n') {
            let name = name?;
            show(&String::from_utf8_lossy(name.strip_suffix(b"\r").unwrap_or(&name)))?;
        }
    } else {
        for name in &arguments.names {
            show(name)?;
        }
    }
    Ok(good)
}

fn line(name: &str, result: Result<FlavorName, InvalidFlavorName>) -> Line<'_> {
    let status = match result {
        Ok(_) => "valid",
        Err(error) if error.is_foreign() => "not-scs",
        Err(_) => "invalid",
    };
    let error = result.err().filter(|error| !error.is_foreign());
    let fields = result.ok();
    Line {
        name,
        status,
        fields,
        canonical: fields.map(|fields| fields.to_string()),
        short: fields.map(|fields| fields.short().to_string()),
        v1: fields.and_then(|fields| fields.v1()),
        text: fields.map(|fields| fields.describe(Language::English)),
        error: error.map(|error| Wrong { position: error.position(), message: error.to_string() }),
    }
}

fn words(name: &str, result: Result<FlavorName, InvalidFlavorName>) -> String {
    match result {
        Ok(fields) if fields.to_string() == name => fields.describe(Language::English),
        Ok(fields) => format!("{} (better: {fields})", fields.describe(Language::English)),
        Err(error) if error.is_foreign() => "not an SCS name".to_owned(),
        Err(error) => format!("invalid: {error}"),
    }
}

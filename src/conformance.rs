//! Certification scopes and reports as files.
//!
//! A newer scope can take the place of the shipped one, and a report is written as the compliance
//! monitor takes it, to be signed and handed in by
//! [`Monitor::upload`](crate::core::standards::monitor::Monitor::upload).
//!
//! ```
//! use scs_cloud::{conformance, core::standards::{Report, Results, Scope, Target, Verdict}};
//!
//! let scope: Scope = conformance::read(
//!     "
//! name: Our own
//! modules:
//! - {id: ours-v1, name: Ours, targets: {main: our-first our-second}}
//! timeline:
//! - {date: 2026-01-01, versions: {v1: effective}}
//! versions:
//! - {version: v1, include: [ours-v1]}
//! ",
//!     "own.yaml",
//! )?;
//! let report = Report::new(&scope, "my-cloud", "2026-08-22T10:00:00Z".parse()?);
//! let text = conformance::write(&report)?;
//!
//! let report: Report = conformance::read(&text, "report.yaml")?;
//! let assessment = scope.assess("v1", report.checked_at, &Results::from(&report))?;
//! assert_eq!(assessment.verdict(Target::Main), Verdict::Missing);
//! # Ok::<(), scs_cloud::core::Error>(())
//! ```

use scs_core::{Error, ErrorKind, Result};
use serde::{Serialize, de::DeserializeOwned};

/// Reads a scope, a report, or anything else that the standards take, from YAML or JSON.
/// `origin` names the file in errors.
///
/// # Errors
/// [`ErrorKind::Config`], naming the place, if it is none.
pub fn read<T: DeserializeOwned>(text: &str, origin: &str) -> Result<T> {
    serde_saphyr::from_str(text).map_err(|error| {
        let place = error
            .location()
            .map_or_else(String::new, |at| format!(":{}:{}", at.line(), at.column()));
        let name = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
        Error::config(format!("{origin}{place} holds no {name}: {}", error.without_snippet()))
    })
}

/// Writes a scope or a report as YAML.
///
/// # Errors
/// [`ErrorKind::Failed`] if it cannot be written.
pub fn write<T: Serialize>(value: &T) -> Result<String> {
    serde_saphyr::to_string(value)
        .map_err(|error| Error::new(ErrorKind::Failed, "YAML cannot be written").with_source(error))
}

#[cfg(test)]
mod tests {
    use scs_core::standards::{
        Finding, Mode, Report, Scope, Target, TestResult, report::Invocation,
    };

    use super::*;

    #[test]
    fn shipped_scopes_survive_yaml() {
        for scope in [Scope::iaas(), Scope::kaas()] {
            let text = write(&scope).unwrap();
            assert_eq!(read::<Scope>(&text, "scope.yaml").unwrap(), scope, "{text}");
        }
    }

    #[test]
    fn scopes_are_read_as_they_are_written_by_hand() {
        let text = "
uuid: 50393e6f-2ae1-4c5c-a62c-3b75f2abef3f
name: SCS-compatible IaaS
prerequisite: {name: x}
variables:
  - os_cloud
scripts:
  - executable: ./check.py
    args: -c {os_cloud}   # from the command line
    testcases:
    - id: a
      lifetime: day
      description: >
        Must be
        there.
    - id: 0123
modules:
  - id: scs-0100-v3.1
    targets:
      main: >
        a
        b
      recommended: [c]
timeline:
  - date: 2024-12-19
    versions: {v5.1: effective, v4: \"warn\"}
  - date: \"2025-02-01\"
    versions:
      v5.1: warn
versions:
  - version: v5.1
    stabilized_at: 2024-12-19
    include:
      - scs-0100-v3.1
      - ref: scs-0100-v3.1
        parameters: {image_spec: iaas/v5.yaml, count: 3}
  - version: 6
";
        let scope: Scope = read(text, "scope.yaml").unwrap();
        assert_eq!(scope.scripts[0].testcases[0].description, "Must be there.\n");
        assert_eq!(scope.modules[0].targets.main, ["a", "b"]);
        let at = |day: &str| day.parse().unwrap();
        let validity = |day| scope.validity("v5.1", at(day)).map(ToString::to_string);
        assert_eq!(validity("2025-01-31").as_deref(), Some("effective"));
        assert_eq!(validity("2025-02-01").as_deref(), Some("warn"));
        let included = &scope.version("v5.1").unwrap().include;
        assert_eq!(included[1].parameters["count"], 3);
        assert_eq!(scope.requirements("v5.1").unwrap().len(), 3);
        assert!(scope.version("6").is_ok());

        let error = read::<Scope>("timeline:\n- date: soon\n", "scope.yaml").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().starts_with("scope.yaml:2:9 holds no Scope: "), "{error}");
    }

    #[test]
    fn reports_survive_yaml_and_json() {
        let texts = [
            "",
            "yes",
            "1",
            "null",
            "~",
            "- a",
            "a: b",
            "# no",
            " x ",
            "a\nb",
            "a\n\n",
            "\u{1b}[1m",
            "é\t",
            "'",
            "\"",
            "{",
            "2026-01-01",
            "0x10",
            "%",
            "@",
            "|",
            ".5",
            "\u{feff}",
            "\\n",
        ];
        for text in texts {
            let mut report = Report::new(&Scope::iaas(), text, "2026-08-22".parse().unwrap());
            let findings = vec![Finding::violation(text, text)];
            let results = [TestResult::new(text, Target::Main, Mode::Spec, findings)];
            report.add(Invocation::new(text, &results));
            report.run.argv = vec![text.into()];
            report.run.assignment.insert(text.into(), text.into());
            report.run.forced_version = Some(text.into());
            let yaml = write(&report).unwrap();
            assert_eq!(read::<Report>(&yaml, "yaml").unwrap(), report, "{yaml}");
            let json = serde_json::to_string_pretty(&report).unwrap();
            assert_eq!(read::<Report>(&json, "json").unwrap(), report, "{json}");
        }
    }
}

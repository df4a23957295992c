//! What checks of the SCS standards answer with, on every layer, and how certificates are judged.
//!
//! All but [`Mode`] comes by the feature `conformance`. A check is a pure function over what a
//! service said. It answers with one `TestResult` for each test case of a standard, under the id
//! that the certification scopes use.
//!
//! ```
//! # #[cfg(feature = "conformance")] {
//! use scs_core::standards::{Finding, Mode, Target, TestResult, Verdict};
//!
//! let findings = vec![Finding::violation("Debian 13", "says no architecture; set it")];
//! let result = TestResult::new("scs-0102-prop-architecture", Target::Main, Mode::Spec, findings);
//! assert_eq!(result.verdict, Verdict::Fail);
//! assert_eq!(result.findings[0].to_string(), "Debian 13: says no architecture; set it");
//! # }
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | `check` | checks of a living cloud, and how they are run |
//! | `monitor` | the compliance monitor, which collects reports and knows who is certified |
//! | `scope` | which test cases a certificate asks for, and since when |
//! | `assessment` | whether it could be given, as text, JUnit or SARIF |
//! | `report` | what a run found out, as the compliance monitor takes it |
//! | `modules` | which modules of SCS a cloud has, and at which level |

#[cfg(feature = "conformance")]
mod address;
#[cfg(feature = "conformance")]
pub mod assessment;
#[cfg(feature = "conformance")]
pub mod check;
#[cfg(feature = "conformance")]
pub mod modules;
#[cfg(feature = "conformance")]
pub mod monitor;
#[cfg(feature = "conformance")]
pub mod report;
#[cfg(feature = "conformance")]
mod result;
#[cfg(feature = "conformance")]
mod results;
#[cfg(feature = "conformance")]
pub mod scope;

#[cfg(feature = "conformance")]
use self::result::printable;
#[cfg(feature = "conformance")]
pub use self::{
    assessment::Assessment,
    check::{Check, Plan},
    report::Report,
    result::{Finding, Severity, Target, TestResult, Verdict},
    results::{Known, Results},
    scope::Scope,
};

/// By what to judge where the text of a standard and its official test disagree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// By the text.
    #[default]
    Spec,
    /// As the official test does; certificates are given by it.
    Reference,
}

impl std::str::FromStr for Mode {
    type Err = crate::Error;

    /// Reads `spec` and `reference`.
    fn from_str(text: &str) -> crate::Result<Self> {
        match text {
            "spec" => Ok(Self::Spec),
            "reference" => Ok(Self::Reference),
            _ => Err(crate::Error::invalid(format!("there is no mode `{text}`"))
                .with_hint("use `spec` or `reference`")),
        }
    }
}

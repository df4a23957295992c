//! SCS-0125: encryption of connections.
//!
//! Every public endpoint must be reached by TLS. Which versions and ciphers of TLS an endpoint
//! takes is not looked at here. The standard is a draft: no scope names the test case.
//!
//! [Text](https://docs.scs.community/standards/scs-0125-v1-secure-connections)

use scs_core::standards::{Finding, Mode, Target, TestResult};

use crate::catalog::Catalog;

/// Checks the addresses in a catalog.
///
/// Addresses for others than users (`internal`, `admin`) are a matter of advice.
pub fn check(catalog: &Catalog, mode: Mode) -> TestResult {
    let plain = catalog.entries().iter().flat_map(|entry| {
        entry.endpoints.iter().filter_map(|endpoint| {
            if endpoint.url.get(..8).is_some_and(|s| s.eq_ignore_ascii_case("https://")) {
                return None;
            }
            let subject = format!("{} endpoint of {}", endpoint.interface, entry.service_type);
            let message = format!("is `{}`; put TLS before it and write https", endpoint.url);
            Some(match endpoint.interface.trim_end_matches("URL") {
                "internal" | "admin" => Finding::advice(subject, message),
                _ => Finding::violation(subject, message),
            })
        })
    });
    TestResult::new("scs-0125-https", Target::Preview, mode, plain.collect())
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{self, Fail, Pass};

    use super::*;

    fn verdict(interface: &str, url: &str) -> Verdict {
        let json = serde_json::json!([{"type": "image", "endpoints": [
            {"interface": interface, "url": url}]}]);
        check(&serde_json::from_value(json).unwrap(), Mode::Spec).verdict
    }

    #[test]
    fn what_users_reach_is_encrypted() {
        assert_eq!(verdict("public", "https://image.example"), Pass);
        assert_eq!(verdict("public", "HTTPS://image.example"), Pass);
        assert_eq!(verdict("public", "http://image.example"), Fail);
        assert_eq!(verdict("internal", "http://10.0.0.1:9292"), Pass);
        assert_eq!(check(&Catalog::default(), Mode::Spec).verdict, Pass);
    }
}

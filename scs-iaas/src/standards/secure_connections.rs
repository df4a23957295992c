//! SCS-0125: encryption of connections.
//!
//! Every endpoint in the catalog must be reached by TLS. Which versions and ciphers of TLS an
//! endpoint takes is not looked at here. The standard is a draft: no scope names the test case.
//!
//! Where [`Mode::Reference`] differs from the text: only public endpoints are looked at.
//!
//! [Text](https://docs.scs.community/standards/scs-0125-v1-secure-connections)

use scs_core::standards::{Finding, Mode, Target, TestResult};

use crate::catalog::Catalog;

/// Checks the addresses in a catalog.
pub fn check(catalog: &Catalog, mode: Mode) -> TestResult {
    let plain = catalog.entries().iter().flat_map(|entry| {
        entry.endpoints.iter().filter_map(|endpoint| {
            if endpoint.url.get(..8).is_some_and(|s| s.eq_ignore_ascii_case("https://")) {
                return None;
            }
            let subject = format!("{} endpoint of {}", endpoint.interface, entry.service_type);
            let message = format!("is `{}`; put TLS before it and write https", endpoint.url);
            Some(match (endpoint.interface.trim_end_matches("URL"), mode) {
                ("internal" | "admin", Mode::Reference) => Finding::advice(subject, message),
                _ => Finding::violation(subject, message),
            })
        })
    });
    TestResult::new("scs-0125-https", Target::Preview, mode, plain.collect())
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{Fail, Pass};

    use super::*;

    #[test]
    fn endpoints_are_encrypted() {
        for (interface, url, spec, reference) in [
            ("public", "https://image.example", Pass, Pass),
            ("public", "HTTPS://image.example", Pass, Pass),
            ("public", "http://image.example", Fail, Fail),
            ("internal", "http://10.0.0.1:9292", Fail, Pass),
            ("adminURL", "http://10.0.0.1:9292", Fail, Pass),
        ] {
            let json = serde_json::json!([{"type": "image", "endpoints": [
                {"interface": interface, "url": url}]}]);
            let catalog = serde_json::from_value(json).unwrap();
            assert_eq!(check(&catalog, Mode::Spec).verdict, spec, "{interface} {url}");
            assert_eq!(check(&catalog, Mode::Reference).verdict, reference, "{interface} {url}");
        }
        assert_eq!(check(&Catalog::default(), Mode::Spec).verdict, Pass);
    }
}

//! SCS-0123: services that every cloud has.
//!
//! They must be found in the catalog under their types. Where [`Mode::Reference`] differs from
//! the text:
//! - the test asks for `placement`, which no edition of the text names;
//! - block storage may be called `volume`, `volumev3` or `block-storage`; the text lets v2 use
//!   whatever aliases the service-types authority knows, that is `volumev2` and `block-store`, too;
//! - a type without an address is enough;
//! - S3 as v1 asks for it is looked for behind Swift: Swift must be there and tell of S3.
//!
//! Whether Swift tells of S3 is not in the catalog. Without its answer to `/info` the test case
//! is undecided, unless there is no Swift at all.
//!
//! [Text of v1](https://docs.scs.community/standards/scs-0123-v1-mandatory-and-supported-IaaS-services),
//! [of v2](https://docs.scs.community/standards/scs-0123-v2-services)

use scs_core::standards::{Finding, Mode, Target, TestResult};

use crate::catalog::{Catalog, Entry};

/// The editions of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Edition {
    /// Of the scope v5.1.
    V1,
    /// Of the next scope: S3 is in the catalog.
    V2,
}

/// Service types that must be there, with the id of the test case.
const MANDATORY: [(&str, &str); 5] = [
    ("compute", "scs-0123-service-compute"),
    ("identity", "scs-0123-service-identity"),
    ("image", "scs-0123-service-image"),
    ("network", "scs-0123-service-network"),
    ("load-balancer", "scs-0123-service-load-balancer"),
];

/// Types of block storage, the one to use first. The official test knows the first three.
const STORAGE: [&str; 5] = ["block-storage", "volumev3", "volume", "volumev2", "block-store"];

/// Checks the catalog of a cloud. `tells_s3` is whether Swift's answer to `/info` holds `s3api`;
/// `None` if it was not asked.
pub fn check(
    catalog: &Catalog,
    tells_s3: Option<bool>,
    edition: Edition,
    mode: Mode,
) -> Vec<TestResult> {
    let result = |id, finding: Option<Finding>| {
        TestResult::new(id, Target::Main, mode, finding.into_iter().collect())
    };
    let mut results: Vec<_> =
        MANDATORY.iter().map(|(name, id)| result(*id, missing(catalog, name, mode))).collect();
    results.push(result("scs-0123-storage-apis", storage(catalog, mode)));
    match edition {
        Edition::V1 => {
            results.push(result("scs-0123-service-placement", placement(catalog, mode)));
            results.push(result("scs-0123-swift-s3", s3_of_swift(catalog, tells_s3, mode)));
        }
        Edition::V2 => {
            let finding = missing(catalog, "object-store-s3", mode);
            results.push(result("scs-0123-service-s3", finding));
        }
    }
    results
}

/// The entry of a service, if it is there: with an address, or for the official test without.
fn find<'a>(catalog: &'a Catalog, service_type: &str, mode: Mode) -> Option<&'a Entry> {
    catalog.entries().iter().find(|entry| {
        let is_reachable = mode == Mode::Reference || !entry.endpoints.is_empty();
        entry.service_type == service_type && is_reachable
    })
}

fn missing(catalog: &Catalog, service_type: &str, mode: Mode) -> Option<Finding> {
    let message = "is not in the catalog, or has no address; offer it and register its endpoints \
                   under this type";
    let is_there = find(catalog, service_type, mode).is_some();
    (!is_there).then(|| Finding::violation(format!("service `{service_type}`"), message))
}

fn storage(catalog: &Catalog, mode: Mode) -> Option<Finding> {
    let subject = "block storage";
    let known = match mode {
        Mode::Spec => &STORAGE[..],
        Mode::Reference => &STORAGE[..3],
    };
    let there: Vec<_> =
        STORAGE.iter().copied().filter(|name| find(catalog, name, mode).is_some()).collect();
    match there.iter().find(|name| known.contains(name)) {
        Some(&"block-storage") => None,
        Some(alias) => Some(Finding::advice(
            subject,
            format!("is in the catalog as `{alias}`; register it as `block-storage`, too"),
        )),
        None if there.is_empty() => Some(Finding::violation(
            subject,
            "is not in the catalog; offer it and register its endpoints as `block-storage`",
        )),
        None => Some(Finding::violation(
            subject,
            format!(
                "is in the catalog as `{}`, which the official test does not know; register it as \
                 `block-storage`, too",
                there.join("`, `")
            ),
        )),
    }
}

fn placement(catalog: &Catalog, mode: Mode) -> Option<Finding> {
    missing(catalog, "placement", mode).map(|finding| match mode {
        Mode::Reference => finding,
        Mode::Spec => {
            Finding::advice(finding.subject, "is not in the catalog; only the test asks for it")
        }
    })
}

fn s3_of_swift(catalog: &Catalog, tells_s3: Option<bool>, mode: Mode) -> Option<Finding> {
    let subject = "S3";
    // By the text, S3 may come from anything.
    let named = ["object-store-s3", "s3"].iter().any(|name| find(catalog, name, mode).is_some());
    if mode == Mode::Spec && named {
        return None;
    }
    match (find(catalog, "object-store", mode), tells_s3) {
        (Some(_), Some(true)) => None,
        (Some(_), Some(false)) => Some(Finding::violation(
            subject,
            "is not what Swift tells at /info; switch its middleware `s3api` on",
        )),
        (Some(_), None) => Some(Finding::undecided(
            subject,
            "may be offered by Swift; its answer to /info tells, which was not given",
        )),
        (None, _) => Some(Finding::violation(
            subject,
            "is not in the catalog, and neither is Swift; register it as `object-store-s3`, and \
             for v1 of the standard Swift as `object-store`",
        )),
    }
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{self, Abort, Fail, Pass};

    use super::*;

    fn catalog(types: &[&str]) -> Catalog {
        let entry = |name: &&str| {
            serde_json::json!({"type": name, "endpoints": [
                {"interface": "public", "url": "https://x"}]})
        };
        serde_json::from_value(types.iter().map(entry).collect()).unwrap()
    }

    fn verdict(catalog: &Catalog, s3: Option<bool>, mode: Mode, id: &str) -> Option<Verdict> {
        let results = [Edition::V1, Edition::V2].map(|e| check(catalog, s3, e, mode)).concat();
        results.iter().find(|result| result.testcase == id).map(|result| result.verdict)
    }

    #[test]
    fn types_are_looked_for() {
        for mode in [Mode::Spec, Mode::Reference] {
            for (name, id) in MANDATORY {
                assert_eq!(verdict(&catalog(&[name]), None, mode, id), Some(Pass));
                assert_eq!(verdict(&catalog(&["dns"]), None, mode, id), Some(Fail));
            }
            let s3 = catalog(&["object-store-s3"]);
            assert_eq!(verdict(&s3, None, mode, "scs-0123-service-s3"), Some(Pass));
            assert_eq!(verdict(&catalog(&["s3"]), None, mode, "scs-0123-service-s3"), Some(Fail));
        }
    }

    #[test]
    fn block_storage_has_many_names() {
        for (types, spec, reference) in [
            (&["block-storage"][..], Pass, Pass),
            (&["volumev3"], Pass, Pass),
            (&["volume"], Pass, Pass),
            (&["volumev2"], Pass, Fail),
            (&["block-store"], Pass, Fail),
            (&["volumev2", "volumev3"], Pass, Pass),
            (&[], Fail, Fail),
        ] {
            let id = "scs-0123-storage-apis";
            assert_eq!(verdict(&catalog(types), None, Mode::Spec, id), Some(spec), "{types:?}");
            assert_eq!(verdict(&catalog(types), None, Mode::Reference, id), Some(reference));
        }
    }

    #[test]
    fn placement_and_addresses_matter_to_one_side_each() {
        let id = "scs-0123-service-placement";
        assert_eq!(verdict(&catalog(&[]), None, Mode::Spec, id), Some(Pass));
        assert_eq!(verdict(&catalog(&[]), None, Mode::Reference, id), Some(Fail));
        let nowhere: Catalog = serde_json::from_str(r#"[{"type": "image"}]"#).unwrap();
        let id = "scs-0123-service-image";
        assert_eq!(verdict(&nowhere, None, Mode::Spec, id), Some(Fail));
        assert_eq!(verdict(&nowhere, None, Mode::Reference, id), Some(Pass));
    }

    #[test]
    fn s3_is_looked_for_behind_swift() {
        let id = "scs-0123-swift-s3";
        for (types, tells, spec, reference) in [
            (&["object-store"][..], Some(true), Pass, Pass),
            (&["object-store"], Some(false), Fail, Fail),
            (&["object-store"], None, Abort, Abort),
            (&["object-store-s3"], None, Pass, Fail),
            (&["s3"], None, Pass, Fail),
            (&[], None, Fail, Fail),
        ] {
            let catalog = catalog(types);
            assert_eq!(verdict(&catalog, tells, Mode::Spec, id), Some(spec), "{types:?}");
            assert_eq!(verdict(&catalog, tells, Mode::Reference, id), Some(reference));
        }
    }
}

use scs_core::standards::Verdict::{self, Abort, Fail, Pass};

use super::*;

/// Releases of three minor versions, and a critical hole that 1.35.3 closes.
fn upstream() -> Upstream {
    serde_json::from_value(serde_json::json!({
        "releases": [
            {"tag_name": "v1.34.0", "name": "x", "published_at": "2025-08-27T12:00:00Z"},
            {"tag_name": "v1.34.6", "published_at": "2026-06-01T12:00:00Z"},
            {"version": "1.34.7", "date": "2026-07-15T12:00:00Z"},
            {"version": "1.34.8", "date": "2026-08-12T12:00:00Z"},
            {"version": "1.35.0", "date": "2025-12-17"},
            {"version": "1.35.1", "date": "2026-06-10"},
            {"version": "1.35.2", "date": "2026-07-25"},
            {"version": "1.35.3", "date": "2026-08-05"},
            {"version": "1.36.0", "date": "2026-04-22"},
            {"version": "1.37.0-rc.0", "date": "2026-08-01"},
        ],
        "eol": {"1.33": "2026-06-28", "1.34": "2026-10-27", "1.35": "2027-02-28",
            "1.36": "2027-06-28"},
        "cves": [
            {"id": "CVE-1", "score": 8.8, "affected": [{"from": "1.35.0", "before": "1.35.3"}]},
            {"id": "CVE-2", "score": "7.9", "affected": [{"from": "1.34.0", "until": "1.34.7"}]},
        ],
    }))
    .unwrap()
}

fn verdicts(version: &str, at: &str) -> [Verdict; 2] {
    let at = at.parse().unwrap();
    [Mode::Spec, Mode::Reference].map(|mode| check(version, &upstream(), mode, at).verdict)
}

#[test]
fn patches_have_to_be_new() {
    for (version, at, spec, reference) in [
        ("v1.34.8", "2026-08-22", Pass, Pass),
        ("1.34.7", "2026-08-22", Pass, Pass),
        // 1.34.7 of 07-15 noon: a month ends with 08-15, 31 days at noon of it.
        ("1.34.6", "2026-08-15T11:00:00Z", Pass, Pass),
        ("1.34.6", "2026-08-15T13:00:00Z", Pass, Fail),
        ("1.34.6", "2026-08-16", Fail, Fail),
        // 1.34.8 of 08-12 noon.
        ("1.34.7", "2026-09-12T11:00:00Z", Pass, Pass),
        ("1.34.7", "2026-09-13", Fail, Fail),
        // 1.35.3 of 08-05 closes a critical hole: two weeks.
        ("1.35.2", "2026-08-19T00:00:00Z", Pass, Pass),
        ("1.35.2", "2026-08-19T10:00:00Z", Pass, Fail),
        ("1.35.2", "2026-08-20", Fail, Fail),
        ("1.35.3", "2026-08-22", Pass, Pass),
        // What is not out yet is not missed.
        ("1.36.0", "2026-08-22", Pass, Pass),
        ("1.34.8", "2026-01-01", Pass, Pass),
    ] {
        assert_eq!(verdicts(version, at), [spec, reference], "{version} {at}");
    }
}

#[test]
fn ends_of_life_matter() {
    for (version, at, spec, reference) in [
        ("1.34.8", "2026-10-27T23:00:00Z", Pass, Pass),
        ("1.34.8", "2026-10-28", Pass, Fail),
        // Of releases nothing is known.
        ("1.33.9", "2026-06-01", Abort, Fail),
        ("1.37.0", "2026-08-22", Abort, Fail),
    ] {
        assert_eq!(verdicts(version, at), [spec, reference], "{version} {at}");
    }
}

#[test]
fn versions_that_cannot_be_read_or_compared() {
    for (version, spec, reference) in [
        ("v1.34.8-gke.1", Pass, Abort),
        ("v1.34.8+vendor", Pass, Abort),
        ("v1.34.6-gke.1", Fail, Abort),
        ("1.34", Abort, Abort),
        ("latest", Abort, Abort),
        ("", Abort, Abort),
        ("1.34.9", Abort, Fail),
    ] {
        assert_eq!(verdicts(version, "2026-08-22"), [spec, reference], "{version}");
    }
    let at = "2026-08-22".parse().unwrap();
    assert_eq!(check("1.34.8", &Upstream::new(), Mode::Reference, at).verdict, Abort);
}

#[test]
fn an_offer_holds_each_minor_version() {
    let offer = |versions: &[&str], day: &str| {
        let versions: Vec<_> = versions.iter().map(|&version| version.into()).collect();
        let at = day.parse().unwrap();
        [Mode::Spec, Mode::Reference].map(|mode| check_offer(&versions, &upstream(), mode, at))
    };
    let verdict = |versions, day| offer(versions, day).map(|result| result.verdict);
    let all = &["1.34.8", "1.35.3", "1.36.0"];
    assert_eq!(verdict(all, "2026-08-23"), [Pass, Pass]);
    // 1.36.0 of 04-22: 120 days end on 08-20, 4 months on 08-22.
    assert_eq!(verdict(&all[..2], "2026-08-20"), [Pass, Pass]);
    assert_eq!(verdict(&all[..2], "2026-08-22"), [Pass, Fail]);
    assert_eq!(verdict(&all[..2], "2026-08-23"), [Fail, Fail]);
    assert_eq!(verdict(&all[1..], "2026-08-23"), [Fail, Fail]);
    assert_eq!(verdict(&all[1..], "2026-10-28"), [Pass, Pass]);
    let [result, _] = offer(&all[1..], "2026-08-23");
    assert_eq!(
        result.findings[0].to_string(),
        "Kubernetes 1.34: is there since 2025-08-27 and until 2026-10-27, and is not offered; \
         offer it"
    );
}

#[test]
fn findings_say_what_to_do() {
    let words = |version| {
        let at = "2026-08-22".parse().unwrap();
        check(version, &upstream(), Mode::Reference, at).findings[0].to_string()
    };
    assert_eq!(
        words("1.35.2"),
        "Kubernetes 1.35.2: 1.35.3 of 2026-08-05 closes CVE-1 of base score 8.8; upgrade to 1.35.3"
    );
    assert_eq!(
        words("1.34.6"),
        "Kubernetes 1.34.6: 1.34.7 of 2026-07-15 replaces it; upgrade to 1.34.8"
    );
    // What is not out yet is not recommended.
    let at = "2026-07-10".parse().unwrap();
    let result = check("1.34.0", &upstream(), Mode::Spec, at);
    assert_eq!(
        result.findings[0].to_string(),
        "Kubernetes 1.34.0: 1.34.6 of 2026-06-01 replaces it; upgrade to 1.34.6"
    );
}

#[test]
fn what_is_known_can_be_built_too() {
    let day = |day: &str| -> Timestamp { day.parse().unwrap() };
    let upstream = Upstream::new()
        .release("1.36.1", day("2026-07-01"))
        .and_then(|upstream| upstream.release("v1.36.2", day("2026-08-01")))
        .and_then(|upstream| upstream.hole("CVE-3", 9.1, "1.36.0", "1.36.2"))
        .and_then(|upstream| upstream.end_of_life("1.36", day("2026-12-31")))
        .unwrap();
    let verdict = |at| check("1.36.1", &upstream, Mode::Reference, day(at)).verdict;
    assert_eq!((verdict("2026-08-15"), verdict("2026-08-16")), (Pass, Fail));
    assert_eq!(check("1.36.2", &upstream, Mode::Reference, day("2027-01-01")).verdict, Fail);
    assert!(Upstream::new().release("new", day("2026-08-01")).is_err());
}

#[test]
fn mistakes_in_what_is_known_are_named() {
    for (json, word) in [
        (r#"{"releases": {"new": "2026-08-01"}}"#, "`new` is not a version"),
        (r#"{"releases": [{"version": "1.34.1", "at": "2026-08-01"}]}"#, "lacks `version` or"),
        (r#"{"eol": {"1.34": "soon"}}"#, "`soon` is not a date"),
        (r#"{"eol": {"1.34": 3}}"#, "`3` is not the date of 1.34"),
        (r#"{"cves": [{"id": "CVE-1"}]}"#, "CVE-1 has no `score`"),
    ] {
        let error = serde_json::from_str::<Upstream>(json).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    let shipped: Upstream = serde_json::from_str("{}").unwrap();
    assert_eq!(shipped.ends.len(), 3);
}

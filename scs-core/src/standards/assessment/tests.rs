use super::*;
use crate::standards::{Mode, TestResult};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Two modules, as `(module, main, recommended)`.
fn scope() -> Scope {
    serde_json::from_value(serde_json::json!({
        "name": "Own",
        "scripts": [{"testcases": [
            {"id": "a", "description": "<A> & \"B\"", "url": "https://a.example/"},
            {"id": "b", "lifetime": "day"},
        ]}],
        "modules": [
            {"id": "one", "name": "One", "url": "https://one.example/", "targets": {"main": "a b"}},
            {"id": "two", "name": "Two", "targets": {"main": "c", "recommended": "d e", "preview": "f"}},
            {"id": "three", "name": "Three"},
        ],
        "timeline": [{"date": "2026-01-01", "versions": {"v1": "effective"}}],
        "versions": [{"version": "v1", "include": ["one", "two", "three"]}],
    }))
    .unwrap()
}

fn results(rows: &[(&'static str, Vec<Finding>)]) -> Results {
    let mut results = Results::default();
    for (testcase, findings) in rows {
        let result = TestResult::new(*testcase, Target::Main, Mode::Spec, findings.clone());
        results.add(result, at("2026-08-20T12:00:00Z"));
    }
    results
}

fn violation() -> Vec<Finding> {
    vec![Finding::violation("image <x>", "is old;\nrenew \u{1b}[1mit")]
}

fn undecided() -> Vec<Finding> {
    vec![Finding::undecided("image", "cannot be read")]
}

fn advice() -> Vec<Finding> {
    vec![Finding::advice("cloud", "has one zone")]
}

#[test]
fn the_worst_counts() {
    let scope = scope();
    let verdict = |rows: &[_]| {
        let assessment = scope.assess("v1", at("2026-08-20T13:00:00Z"), &results(rows)).unwrap();
        assessment.verdict(Target::Main)
    };
    let pass = [("a", vec![]), ("b", advice()), ("c", vec![])];
    assert_eq!(verdict(&pass), Verdict::Pass);
    assert_eq!(verdict(&[("a", vec![]), ("b", undecided()), ("c", vec![])]), Verdict::Abort);
    assert_eq!(verdict(&[("a", vec![]), ("b", undecided())]), Verdict::Missing);
    assert_eq!(verdict(&[("a", violation()), ("b", undecided())]), Verdict::Fail);
    assert_eq!(verdict(&[]), Verdict::Missing);
    // What is not main does not count.
    let recommended = [("a", vec![]), ("b", vec![]), ("c", vec![]), ("d", violation())];
    assert_eq!(verdict(&recommended), Verdict::Pass);
    assert!(scope.assess("v2", at("2026-08-20"), &Results::default()).is_err());
}

#[test]
fn results_expire() {
    let (scope, results) = (scope(), results(&[("a", vec![]), ("b", undecided()), ("c", vec![])]));
    let verdicts = |moment: &str| {
        let assessment = scope.assess("v1", at(moment), &results).unwrap();
        let main = assessment.scores().filter(|score| score.target == Target::Main);
        main.map(|score| score.verdict).collect::<Vec<_>>()
    };
    use Verdict::{Abort, Missing, Pass};
    assert_eq!(verdicts("2026-08-21T23:59:59.999Z"), [Pass, Abort, Pass]);
    assert_eq!(verdicts("2026-08-22T00:00:00Z"), [Pass, Missing, Pass]);
    assert_eq!(verdicts("2026-08-30T23:59:59Z"), [Pass, Missing, Pass]);
    assert_eq!(verdicts("2026-08-31T00:00:00Z"), [Missing, Missing, Missing]);

    let assessment = scope.assess("v1", at("2026-08-22"), &results).unwrap();
    let expired = &assessment.modules[0].scores[1];
    assert_eq!(expired.findings, []);
    assert_eq!(expired.checked_at, Some(at("2026-08-20T12:00:00Z")));
    assert_eq!(expired.expires_at, Some(at("2026-08-22")));
}

/// One of each sort.
fn mixed() -> Assessment {
    let rows = [
        ("a", violation()),
        ("b", advice()),
        ("c", undecided()),
        ("d", violation()),
        ("f", vec![]),
    ];
    scope().assess("v1", at("2026-08-20T13:00:00Z"), &results(&rows)).unwrap()
}

#[test]
fn people_see_the_worst_first() {
    let expected = "\
one One: FAIL
  FAIL    a
          image <x>: is old;\u{fffd}renew \u{fffd}[1mit
  PASS    b
          cloud: has one zone

two Two: ABORT
  FAIL    d (recommended)
          image <x>: is old;\u{fffd}renew \u{fffd}[1mit
  MISSING e (recommended)
  ABORT   c
          image: cannot be read
  PASS    f (preview)

three Three: nothing to test

main: 1 FAIL, 1 ABORT, 1 PASS
recommended: 1 FAIL, 1 MISSING
preview: 1 PASS
Own v1 (effective) on 2026-08-20: FAIL";
    assert_eq!(mixed().to_string(), expected);
    let later = scope().assess("v1", at("2026-08-31"), &results(&[("a", vec![])])).unwrap();
    let text = later.to_string();
    assert!(text.contains("MISSING a\n          its last result has expired on 2026-08-31\n"));
    let early = scope().assess("v1", at("2025-01-01"), &Results::default()).unwrap();
    assert!(early.to_string().ends_with("Own v1 (not valid) on 2025-01-01: MISSING"));
}

#[test]
fn machines_see_everything() {
    let json = serde_json::to_value(mixed()).unwrap();
    let wanted = serde_json::json!({
        "testcase": "c", "description": "", "url": null, "target": "main", "verdict": "ABORT",
        "findings": ["image: cannot be read"],
        "checked_at": "2026-08-20T12:00:00Z", "expires_at": "2026-08-31T00:00:00Z",
    });
    assert_eq!(json["modules"][1]["testcases"][0], wanted);
    assert_eq!((&json["verdict"], &json["recommended"]), (&"FAIL".into(), &"FAIL".into()));
    assert_eq!((&json["validity"], &json["version"]), (&"effective".into(), &"v1".into()));
    assert_eq!(json["modules"][1]["verdict"], "ABORT");
}

#[test]
fn build_servers_see_what_counts() {
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Own v1" tests="6" failures="1" errors="1" skipped="2">
  <testsuite name="one" tests="2" failures="1" errors="0" skipped="0" timestamp="2026-08-20T13:00:00Z">
    <testcase classname="one" name="a">
      <failure type="FAIL" message="&lt;A&gt; &amp; &quot;B&quot;">image &lt;x&gt;: is old;�renew �[1mit</failure>
    </testcase>
    <testcase classname="one" name="b">
      <system-out>cloud: has one zone</system-out>
    </testcase>
  </testsuite>
  <testsuite name="two" tests="4" failures="0" errors="1" skipped="2" timestamp="2026-08-20T13:00:00Z">
    <testcase classname="two" name="c">
      <error type="ABORT" message="c">image: cannot be read</error>
    </testcase>
    <testcase classname="two" name="d">
      <skipped message="recommended, FAIL: d">image &lt;x&gt;: is old;�renew �[1mit</skipped>
    </testcase>
    <testcase classname="two" name="e">
      <skipped message="recommended, MISSING: e"></skipped>
    </testcase>
    <testcase classname="two" name="f"/>
  </testsuite>
  <testsuite name="three" tests="0" failures="0" errors="0" skipped="0" timestamp="2026-08-20T13:00:00Z">
  </testsuite>
</testsuites>
"#;
    assert_eq!(mixed().to_junit(), expected);
}

#[test]
fn code_scanners_see_findings() {
    let log = mixed().to_sarif();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().contains("sarif-2.1.0"));
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "scs-cloud");
    let rules = driver["rules"].as_array().unwrap();
    for (rule, id) in rules.iter().zip(["a", "b", "c", "d", "e", "f"]) {
        assert_eq!(rule["id"], id);
        assert!(!rule["shortDescription"]["text"].as_str().unwrap().is_empty());
    }
    assert_eq!(rules[0]["helpUri"], "https://a.example/");
    assert_eq!(rules[1]["helpUri"], "https://one.example/");
    assert_eq!(rules[2].get("helpUri"), None);

    let results = run["results"].as_array().unwrap();
    let row = |result: &serde_json::Value| {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(result["locations"][0]["logicalLocations"][0]["name"].is_string());
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        [&result["ruleId"], &result["level"], &result["message"]["text"]].map(text)
    };
    let rows: Vec<_> = results.iter().map(row).collect();
    let old = "image <x>: is old;\u{fffd}renew \u{fffd}[1mit";
    let expected = [
        ["a", "error", old],
        ["b", "note", "cloud: has one zone"],
        ["c", "warning", "image: cannot be read"],
        ["d", "warning", old],
    ];
    assert_eq!(rows, expected.map(|row| row.map(str::to_owned)));
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], true);
    let missing = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0]["associatedRule"]["id"], "e");
}

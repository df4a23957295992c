use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
};

use super::*;
use crate::standards::{Mode, Results, Target};

fn result(testcase: &'static str, findings: Vec<Finding>) -> TestResult {
    TestResult::new(testcase, Target::Main, Mode::Spec, findings)
}

#[test]
fn a_report_is_written_as_the_compliance_monitor_takes_it() {
    let scope = Scope::kaas();
    let mut report = Report::new(&scope, "my-cluster", "2026-08-22T10:00:00Z".parse().unwrap());
    let id = |report: &Report| report.run.uuid.clone();
    assert_ne!(id(&report), id(&Report::new(&scope, "", Timestamp::now())));
    report.run.uuid = "4a".into();
    let findings = vec![
        Finding::violation("image", "is old"),
        Finding::advice("image", "is large"),
        Finding::violation("other", "is old"),
    ];
    let results = [
        result("a", vec![]),
        result("b", findings),
        result("c", vec![Finding::undecided("image", "cannot be read")]),
    ];
    report.add(Invocation { id: "5b".into(), ..Invocation::new("images", &results) });
    let wanted = serde_json::json!({
        "spec": {"uuid": scope.uuid, "name": "SCS-compatible KaaS", "url": scope.url},
        "checked_at": "2026-08-22T10:00:00Z",
        "reference_date": "2026-08-22",
        "subject": "my-cluster",
        "run": {
            "uuid": "4a", "argv": [], "assignment": {}, "sections": null,
            "forced_version": null, "forced_tests": null,
            "invocations": {"5b": {
                "id": "5b", "cmd": "images", "results": {"a": 1, "b": -1, "c": 0}, "rc": 1,
                "stdout": ["a: PASS", "b: FAIL", "c: ABORT"],
                "stderr": [
                    "ERROR: b: image: is old", "WARNING: b: image: is large",
                    "ERROR: b: other: is old", "CRITICAL: c: image: cannot be read"
                ],
                "info": 0, "warning": 1, "error": 2, "critical": 1,
            }},
        },
    });
    assert_eq!(serde_json::to_value(&report).unwrap(), wanted);
}

#[test]
fn reports_of_others_are_read() {
    let text = r#"{
        "spec": {"uuid": "1", "name": "n"},
        "creator": "someone",
        "checked_at": "2024-03-16T14:13:53.857422",
        "reference_date": "2024-03-16",
        "subject": "gxscs",
        "run": {"uuid": "9c", "argv": "-s gxscs", "sections": ["light"], "invocations": {
            "x": {"results": {"a": 1, "b": -1, "c": null}, "stdout": "one\ntwo\n", "error": ["e"], "info": null},
            "z": {"results": null},
            "y": {"results": {"b": 0}, "version": "v3"}
        }}
    }"#;
    let report: Report = serde_json::from_str(text).unwrap();
    assert_eq!(report.run.argv, ["-s", "gxscs"]);
    let invocation = &report.run.invocations["x"];
    assert_eq!((&invocation.stdout[..], invocation.error), (&["one".into(), "two".into()][..], 1));
    let results = Results::from(&report);
    let verdict = |testcase| results.get(testcase).map(|known| known.verdict);
    let verdicts = ["a", "b", "c"].map(verdict);
    assert_eq!(verdicts, [Some(Verdict::Pass), Some(Verdict::Fail), None]);
    let error = serde_json::from_str::<Report>(&text.replace(": -1", ": 2")).unwrap_err();
    assert!(error.to_string().starts_with("the result 2 of b is none of 1, 0, -1"), "{error}");
}

#[test]
fn ids_are_random_uuids() {
    for _ in 0..100 {
        let uuid = uuid_v4();
        let lengths: Vec<_> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]));
    }
    assert_ne!(uuid_v4(), uuid_v4());
}

fn text() -> impl Strategy<Value = String> {
    any::<String>()
}

prop_compose! {
    fn invocation()(
        id in text(), cmd in text(), rc in any::<i32>(), stdout in vec(text(), 0..3),
        stderr in vec(text(), 0..3), counts in any::<[u64; 4]>(),
        results in btree_map(
            text(),
            prop_oneof![Just(Verdict::Pass), Just(Verdict::Abort), Just(Verdict::Fail)],
            0..5,
        ),
    ) -> Invocation {
        let [info, warning, error, critical] = counts;
        Invocation { id, cmd, results, rc, stdout, stderr, info, warning, error, critical }
    }
}

prop_compose! {
    fn run()(
        uuid in text(), argv in vec(text(), 0..3), assignment in btree_map(text(), text(), 0..3),
        sections in option::of(vec(text(), 0..3)), forced_version in option::of(text()),
        forced_tests in option::of(vec(text(), 0..3)),
        invocations in btree_map(text(), invocation(), 0..3),
    ) -> Run {
        let assignment = assignment.into_iter().map(|(key, value)| (key, value.into())).collect();
        Run { uuid: uuid.into(), argv, assignment, sections, forced_version, forced_tests, invocations }
    }
}

prop_compose! {
    fn report()(
        ids in any::<[String; 4]>(), run in run(),
        second in -60_000_000_000_i64..200_000_000_000, day in option::of(0..60_000_u32),
    ) -> Report {
        let [uuid, name, url, subject] = ids;
        let epoch: Timestamp = "1970-01-01".parse().unwrap();
        let checked_at = jiff::Timestamp::from_second(second).unwrap().to_string();
        let date = |day| epoch.after(std::time::Duration::from_secs(86_400) * day);
        let reference_date = day.map(date);
        let checked_at = checked_at.parse().unwrap();
        Report { spec: Spec { uuid, name, url }, checked_at, reference_date, subject, run }
    }
}

proptest! {
    #[test]
    fn reports_survive_json(report in report()) {
        let text = serde_json::to_string(&report).unwrap();
        prop_assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }
}

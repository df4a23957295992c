use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn ids<'a>(requirements: &'a [Requirement<'_>], target: Target) -> Vec<&'a str> {
    let wanted = requirements.iter().filter(|required| required.target == target);
    wanted.map(|required| &*required.test_case.id).collect()
}

#[test]
fn the_shipped_versions_ask_for_what_the_official_ones_do() {
    let scope = Scope::iaas();
    for (version, main, recommended, preview) in
        [("v3", 16, 5, 0), ("v4", 39, 22, 0), ("v5.1", 54, 26, 3), ("next", 55, 25, 3)]
    {
        let requirements = scope.requirements(version).unwrap();
        assert_eq!(ids(&requirements, Target::Main).len(), main, "{version}");
        assert_eq!(ids(&requirements, Target::Recommended).len(), recommended, "{version}");
        assert_eq!(ids(&requirements, Target::Preview).len(), preview, "{version}");
        for required in &requirements {
            assert!(!required.test_case.description.contains("{}"), "{required:?}");
            assert_eq!(required.test_case.url.as_deref().map(|url| &url[..8]), Some("https://"));
            assert_eq!(required.test_case.lifetime, Lifetime::Week);
        }
    }
    let (now, next) = (scope.requirements("v5.1").unwrap(), scope.requirements("next").unwrap());
    let (now, next) = (ids(&now, Target::Main), ids(&next, Target::Main));
    let only = |these: &[&'static str], a: &[&str], b: &[&str]| {
        let left: Vec<_> = a.iter().filter(|id| !b.contains(id)).collect();
        assert!(left.iter().all(|id| these.contains(id)) && left.len() == these.len(), "{left:?}");
    };
    only(&["scs-0123-service-placement", "scs-0123-swift-s3"], &now, &next);
    let new = ["scs-0102-prop-os_purpose", "scs-0102-os_purpose-uniqueness", "scs-0123-service-s3"];
    only(&new, &next, &now);
    assert!(scope.source.unwrap().contains("077174d9"));

    let scope = Scope::kaas();
    let requirements = scope.requirements("v1").unwrap();
    let main = ["cncf-k8s-conformance", "version-policy-check", "kaas-networking-check"];
    assert_eq!(ids(&requirements, Target::Main), main);
    assert_eq!(ids(&requirements, Target::Preview), ["node-distribution-check"]);
    let lifetime = |id: &str| scope.test_case(id).unwrap().lifetime.as_str();
    assert_eq!(main.map(lifetime), ["year", "week", "month"]);
}

#[test]
fn the_timeline_is_followed_day_by_day() {
    let scope = Scope::iaas();
    let versions = ["next", "v5.1", "v4", "v3"];
    let table = [
        ("2024-12-18", ["-", "-", "-", "-"]),
        ("2024-12-19", ["-", "effective", "effective", "deprecated"]),
        ("2024-12-20", ["-", "effective", "effective", "deprecated"]),
        ("2025-01-31", ["-", "effective", "effective", "deprecated"]),
        ("2025-02-01", ["-", "effective", "warn", "deprecated"]),
        ("2025-02-02", ["-", "effective", "warn", "deprecated"]),
        ("2025-06-30", ["-", "effective", "warn", "deprecated"]),
        ("2025-07-01", ["-", "effective", "deprecated", "deprecated"]),
        ("2025-07-02", ["-", "effective", "deprecated", "deprecated"]),
        ("2025-09-08", ["-", "effective", "deprecated", "deprecated"]),
        ("2025-09-09", ["draft", "effective", "deprecated", "deprecated"]),
        ("2025-09-10", ["draft", "effective", "deprecated", "deprecated"]),
        ("2026-06-10", ["draft", "effective", "deprecated", "deprecated"]),
        ("2026-06-11", ["draft", "effective", "-", "-"]),
        ("2026-06-12", ["draft", "effective", "-", "-"]),
        ("2036-06-12", ["draft", "effective", "-", "-"]),
    ];
    for (date, wanted) in table {
        for time in ["00:00:00Z", "23:59:59Z"] {
            let now = at(&format!("{date}T{time}"));
            let validity =
                versions.map(|version| scope.validity(version, now).map_or("-", Validity::as_str));
            assert_eq!(validity, wanted, "{now}");
            match scope.effective(now) {
                Ok(version) => assert_eq!(version.version, "v5.1"),
                Err(error) => assert_eq!((wanted[1], error.hint()), ("-", Some("name a version"))),
            }
        }
    }
    let scope = Scope::kaas();
    let table = [
        ("2024-02-27", "-"),
        ("2024-02-28", "draft"),
        ("2024-11-25", "draft"),
        ("2024-11-26", "effective"),
        ("2026-08-22", "effective"),
    ];
    for (date, wanted) in table {
        assert_eq!(scope.validity("v1", at(date)).map_or("-", Validity::as_str), wanted, "{date}");
    }
}

#[test]
fn an_unknown_version_is_told_what_there_is() {
    let error = Scope::iaas().version("v6").unwrap_err();
    assert_eq!(error.message(), "the scope `SCS-compatible IaaS` has no version `v6`");
    assert_eq!(error.hint(), Some("the versions are: v3, v4, v5.1, next"));
}

const FILE: &str = r#"{
    "uuid": "8f03", "name": "Own", "url": "https://own.example/", "prerequisite": {"a": 1},
    "variables": ["os_cloud"],
    "scripts": [
        {"executable": "check.py", "args": "-c {os_cloud}", "env": {}, "testcases": [
            {"id": "a", "description": "A", "lifetime": "day", "section": "light", "url": "u", "tags": []},
            {"id": "b"}
        ]}
    ],
    "modules": [
        {"id": "scs-0001-v1", "name": "One", "url": "u1", "targets": {"main": ["a", "b"], "future": ["x"]}},
        {"id": "two", "targets": {"main": "c\n  d ", "recommended": "a", "preview": null}},
        {"id": "three", "targets": {"preview": "e", "recommended": ["c"]}},
        {"id": "four"}
    ],
    "timeline": [
        {"date": "2025-01-01", "versions": {"v1": "warn", "v2": "retired"}},
        {"date": "2024-01-01", "versions": {"v1": "effective"}},
        {"date": "2026-01-01"}
    ],
    "versions": [
        {"version": "v1", "stabilized_at": "2024-01-01", "include": ["three", {"ref": "two", "parameters": {"list": "v4"}}, "scs-0001-v1", "four"]},
        {"version": "v2", "include": ["five"]},
        {"version": "v3"}
    ]
}"#;

#[test]
fn official_files_are_read_and_written() {
    let scope: Scope = serde_json::from_str(FILE).unwrap();
    assert_eq!(scope.scripts[0].args.as_deref(), Some("-c {os_cloud}"));
    assert_eq!(scope.modules[1].targets.main, ["c", "d"]);
    assert_eq!(scope.versions[0].include[1].parameters["list"], "v4");
    assert_eq!(scope.validity("v2", at("2025-05-01")).unwrap().as_str(), "retired");
    assert_eq!(scope.validity("v1", at("2024-05-01")), Some(&Validity::Effective));
    assert_eq!(scope.validity("v1", at("2026-05-01")), None);

    for scope in [scope, Scope::iaas(), Scope::kaas()] {
        let text = serde_json::to_string(&scope).unwrap();
        assert_eq!(serde_json::from_str::<Scope>(&text).unwrap(), scope);
    }
    let kaas = serde_json::to_value(Scope::kaas()).unwrap();
    assert_eq!(kaas["timeline"][0]["date"], "2024-02-28");
    assert_eq!(kaas["versions"][0]["stabilized_at"], "2024-11-26");
    assert_eq!(kaas["versions"][0]["include"][0], "scs-0201-v1");
}

#[test]
fn a_test_case_counts_once_for_the_weightiest_target() {
    let scope: Scope = serde_json::from_str(FILE).unwrap();
    let requirements = scope.requirements("v1").unwrap();
    let row = |required: &Requirement<'_>| {
        (required.test_case.id.clone(), required.module.id.clone(), required.target)
    };
    let rows: Vec<_> = requirements.iter().map(row).collect();
    let wanted = [
        ("c", "two", Target::Main),
        ("e", "three", Target::Preview),
        ("d", "two", Target::Main),
        ("a", "scs-0001-v1", Target::Main),
        ("b", "scs-0001-v1", Target::Main),
    ];
    assert_eq!(rows, wanted.map(|(id, module, target)| (id.into(), module.into(), target)));
    assert_eq!(requirements[3].test_case.description, "A");
    assert_eq!(requirements[3].module.standard(), Some("scs-0001"));
    assert_eq!(requirements[0].module.standard(), None);
    assert_eq!(*requirements[0].test_case, TestCase::new("c"));
    let error = scope.requirements("v2").unwrap_err();
    assert!(error.message().contains("includes `five`"), "{error}");
    assert!(scope.requirements("v3").unwrap().is_empty());
}

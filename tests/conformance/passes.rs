//! The lab keeps the standards, and what has to be made to see that is removed again.

use scs_cloud::core::{
    Timestamp,
    standards::{
        Plan, Results, Target, Verdict, check,
        report::{Invocation, Report},
        scope::Scope,
    },
};
use scs_cloud::iaas::standards::conformance;

use super::{Alone, examine};

#[tokio::test]
async fn the_lab_could_be_certified() {
    let lab = Alone::new().await;
    conformance::preflight(&lab.member).await.unwrap();
    let error = conformance::preflight(&lab.admin).await.unwrap_err();
    assert!(error.to_string().contains("`admin`"), "{error}");

    let scope = Scope::iaas();
    let plan = Plan::of(&scope, "v5.1").unwrap();
    let checks = conformance::checks(&lab.member, &plan);
    let outcomes = check::run(checks, |progress| println!("{progress}")).await;
    let mut report = Report::new(&scope, "lab", Timestamp::now());
    let mut results = Results::default();
    for outcome in &outcomes {
        report.add(Invocation::from(outcome));
        for result in &outcome.results {
            results.add(result.clone(), report.checked_at);
        }
    }
    let assessment = scope.assess("v5.1", plan.now, &results).unwrap();
    println!("{assessment}");
    assert_eq!(assessment.verdict(Target::Main), Verdict::Pass);

    // The report alone tells the same.
    let read: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
    let again = scope.assess("v5.1", plan.now, &Results::from(&read)).unwrap();
    assert_eq!(again.verdict(Target::Main), Verdict::Pass);
    // Of what is asked for next, S3 in the catalog is not there.
    let plan = Plan::of(&scope, "next").unwrap().read_only();
    let main = scope.requirements("next").unwrap();
    let is_main =
        |id: &str| main.iter().any(|one| one.test_case.id == id && one.target == Target::Main);
    let failing = examine(&lab.member, plan).await.into_iter();
    let failing = failing.filter(|result| result.verdict != Verdict::Pass);
    let failing: Vec<_> = failing.map(|result| result.testcase).filter(|id| is_main(id)).collect();
    assert_eq!(failing, ["scs-0123-service-s3"]);
}

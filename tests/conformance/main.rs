//! The conformance engine against the OpenStack lab, which is seeded to keep the standards:
//! `cargo test -p scs-tests --features live --test conformance`.
//!
//! Each test breaks a rule for everybody in the lab, sees exactly the right test case fail, and
//! mends it. So they run one after another, and not beside other tests.

mod images;
#[path = "../live/lab.rs"]
#[allow(dead_code)] // shared with `live`, which uses all of it
mod lab;
mod passes;
#[path = "../live/record.rs"]
mod record;
mod rules;

use std::collections::BTreeMap;

use scs_cloud::{
    core::standards::{Mode, Plan, Target, TestResult, Verdict, check, scope::Scope},
    iaas::{OpenStack, standards::conformance},
};
use tokio::sync::{Mutex, MutexGuard};

/// The lab, with nobody else in it.
struct Alone {
    admin: OpenStack,
    member: OpenStack,
    _turn: MutexGuard<'static, ()>,
}

impl Alone {
    async fn new() -> Self {
        static TURN: Mutex<()> = Mutex::const_new(());
        let turn = TURN.lock().await;
        Self { admin: lab::cloud("lab").await, member: lab::cloud("lab-user").await, _turn: turn }
    }

    /// The test cases of standards that do not pass, if nothing may be made to find out.
    async fn failing(&self, standards: &[&str]) -> BTreeMap<String, Verdict> {
        let results = examine(&self.member, main_test_cases(standards).read_only()).await;
        let verdict = |result: TestResult| (result.testcase.into_owned(), result.verdict);
        results.into_iter().map(verdict).filter(|(_, verdict)| *verdict != Verdict::Pass).collect()
    }

    /// Of the test cases of these standards exactly this one fails now, for this user, who may
    /// make things to find out.
    async fn probed_only(&self, user: &str, standards: &[&str], expected: &str) {
        let results = examine(&lab::cloud(user).await, main_test_cases(standards)).await;
        let not_passed: Vec<_> =
            results.iter().filter(|one| one.verdict != Verdict::Pass).collect();
        let [failing] = not_passed[..] else { panic!("{results:?}") };
        assert_eq!((&*failing.testcase, failing.verdict), (expected, Verdict::Fail));
    }

    /// Exactly these test cases fail now, of all that can be told without making something.
    #[track_caller]
    fn only(&self, expected: &[&str]) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let failing = self.failing(&["scs-"]).await;
            let expected = expected.iter().map(|id| ((*id).to_owned(), Verdict::Fail)).collect();
            assert_eq!(failing, expected, "{place}");
        }
    }
}

/// The main test cases of v5.1 whose ids begin like one of these.
fn main_test_cases(starts: &[&str]) -> Plan {
    let scope = Scope::iaas();
    let requirements = scope.requirements("v5.1").unwrap();
    let main = requirements.iter().filter(|required| required.target == Target::Main);
    let ids = main.map(|required| &*required.test_case.id);
    Plan::new(ids.filter(|id| starts.iter().any(|start| id.starts_with(start))))
        .mode(Mode::Reference)
}

async fn examine(cloud: &OpenStack, plan: Plan) -> Vec<TestResult> {
    let checks = conformance::checks(cloud, &plan);
    let outcomes = check::run(checks, |progress| println!("{progress}")).await;
    outcomes.into_iter().flat_map(|outcome| outcome.results).collect()
}

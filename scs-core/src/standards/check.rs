//! Tests of a living cloud or cluster, and how they are run.
//!
//! A [`Plan`] says what is asked. Each layer makes the [`Check`]s that it has for a plan; they
//! do nothing before [`run`] runs them.
//!
//! ```
//! use scs_core::standards::{Check, Plan, Target, TestResult, Verdict, check};
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
//! # runtime.block_on(async {
//! let plan = Plan::new(["scs-0102-prop-os_distro"]);
//! let images = Check::new("images", plan.starting_with("scs-0102-"), async move {
//!     // … asks the cloud …
//!     Ok(vec![TestResult::new("scs-0102-prop-os_distro", Target::Main, plan.mode, vec![])])
//! });
//! let outcomes = check::run(vec![images], |progress| println!("{progress}")).await;
//! assert_eq!(outcomes[0].results[0].verdict, Verdict::Pass);
//! # });
//! # Ok::<(), std::io::Error>(())
//! ```

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fmt,
    time::{Duration, Instant},
};

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};

use super::{Finding, Mode, Target, TestResult, Verdict, scope::Scope};
use crate::{Error, Result, Timestamp};

/// How many checks run at once. The long ones wait for servers and volumes.
const AT_ONCE: usize = 4;

/// What is asked of a cloud or a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// The ids of the test cases.
    pub testcases: Vec<String>,
    /// By what to judge.
    pub mode: Mode,
    /// The moment to judge by.
    pub now: Timestamp,
    /// Whether tests may make things, which they remove again: servers, volumes, secrets. What
    /// cannot be tested without it is left out.
    pub may_create: bool,
}

impl Plan {
    /// These test cases, judged as the official tests do, as of now.
    pub fn new(testcases: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let testcases = testcases.into_iter().map(Into::into).collect();
        Self { testcases, mode: Mode::Reference, now: Timestamp::now(), may_create: true }
    }

    /// All test cases of a version of a scope.
    ///
    /// # Errors
    /// If there is no such version, or if it includes a module that the scope does not have.
    pub fn of(scope: &Scope, version: &str) -> Result<Self> {
        Ok(Self::new(scope.requirements(version)?.iter().map(|one| &*one.test_case.id)))
    }

    /// By what to judge.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// The moment to judge by.
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// Nothing is to be made.
    pub fn read_only(mut self) -> Self {
        self.may_create = false;
        self
    }

    /// The test cases whose ids begin like this.
    pub fn starting_with(&self, start: &str) -> Vec<String> {
        self.testcases.iter().filter(|id| id.starts_with(start)).cloned().collect()
    }
}

/// One test: it asks once, and answers for some test cases.
pub struct Check {
    name: Cow<'static, str>,
    testcases: Vec<String>,
    run: BoxFuture<'static, Result<Vec<TestResult>>>,
}

impl Check {
    /// A test with this name that answers for these test cases. It may answer for more, which
    /// are left out; of several answers for one the first counts.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        testcases: Vec<String>,
        run: impl Future<Output = Result<Vec<TestResult>>> + Send + 'static,
    ) -> Self {
        Self { name: name.into(), testcases, run: run.boxed() }
    }

    /// What the test is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// For which test cases it answers.
    pub fn testcases(&self) -> &[String] {
        &self.testcases
    }

    async fn outcome(self) -> Outcome {
        let began = Instant::now();
        let answer = self.run.await;
        let (mut results, error) = match answer {
            Ok(results) => (results, None),
            Err(error) => {
                (self.testcases.iter().map(|id| aborted(id, &error)).collect(), Some(error))
            }
        };
        let mut open: BTreeSet<_> = self.testcases.iter().map(String::as_str).collect();
        results.retain(|result| open.remove(&*result.testcase));
        Outcome { name: self.name, results, error, took: began.elapsed() }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = f.debug_struct("Check");
        f.field("name", &self.name).field("testcases", &self.testcases).finish_non_exhaustive()
    }
}

/// The result of a test case of which nothing could be found out.
fn aborted(testcase: &str, error: &Error) -> TestResult {
    let finding = Finding::undecided("test", format!("could not be done: {error}"));
    let testcase = testcase.to_owned();
    TestResult::new(testcase, Target::Main, Mode::Reference, vec![finding])
}

/// What became of a [`Check`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// What the test is called.
    pub name: Cow<'static, str>,
    /// The results of its test cases. If it could not be done, all of them are
    /// [`Verdict::Abort`].
    pub results: Vec<TestResult>,
    /// Why it could not be done.
    pub error: Option<Error>,
    /// How long it took.
    pub took: Duration,
}

impl Outcome {
    /// What the test ends with: the greatest verdict of what counts most.
    pub fn verdict(&self) -> Verdict {
        let heaviest = self.results.iter().map(|result| result.target).min();
        let results = self.results.iter().filter(|result| Some(result.target) == heaviest);
        results.map(|result| result.verdict).max().unwrap_or(Verdict::Missing)
    }
}

/// How far [`run`] is.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// A test begins.
    Began(&'a Check),
    /// A test is done.
    Done(&'a Outcome),
}

impl fmt::Display for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Began(check) => {
                write!(f, "{}: test cases to find out: {}", check.name, check.testcases.len())
            }
            Self::Done(outcome) => {
                let (name, verdict) = (&outcome.name, outcome.verdict());
                write!(f, "{name}: {verdict} after {:.1} s", outcome.took.as_secs_f64())
            }
        }
    }
}

/// Runs tests, some at once, and tells how far it is. The outcomes are in the order of the
/// tests.
///
/// It takes as long as the tests do; none is cut short. If the future is dropped, those that are
/// under way end where they are.
pub async fn run(checks: Vec<Check>, progress: impl Fn(Progress<'_>) + Sync) -> Vec<Outcome> {
    let progress = &progress;
    let outcomes = stream::iter(checks).enumerate().map(|(place, check)| async move {
        progress(Progress::Began(&check));
        let outcome = check.outcome().await;
        progress(Progress::Done(&outcome));
        (place, outcome)
    });
    // In whatever order they end: a long one must not keep others from beginning.
    let mut outcomes: Vec<_> = outcomes.buffer_unordered(AT_ONCE).collect().await;
    outcomes.sort_unstable_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn what_cannot_be_done_aborts_what_was_wanted_of_it() {
        let good = Check::new("good", vec!["a".to_owned()], async {
            let result = |id| TestResult::new(id, Target::Main, Mode::Spec, vec![]);
            Ok(vec![result("a"), result("not wanted"), result("a")])
        });
        let bad = Check::new("bad", vec!["b".to_owned(), "c".to_owned()], async {
            tokio::task::yield_now().await;
            Err(Error::invalid("no image"))
        });
        let lines = Mutex::new(Vec::new());
        let say = |progress: Progress<'_>| {
            let line = progress.to_string();
            lines.lock().unwrap().push(line.split(" after").next().unwrap().to_owned());
        };
        let outcomes = run(vec![bad, good], say).await;

        let of = |outcome: &Outcome| {
            let result = |result: &TestResult| (result.testcase.to_string(), result.verdict);
            outcome.results.iter().map(result).collect::<Vec<_>>()
        };
        let abort = |id: &str| (id.to_owned(), Verdict::Abort);
        assert_eq!(of(&outcomes[0]), [abort("b"), abort("c")]);
        assert!(outcomes[0].results[0].findings[0].message.contains("no image"));
        assert!(outcomes[0].error.is_some());
        assert_eq!(of(&outcomes[1]), [("a".to_owned(), Verdict::Pass)]);
        let lines = lines.into_inner().unwrap();
        let expected = [
            "bad: test cases to find out: 2",
            "good: test cases to find out: 1",
            "good: PASS",
            "bad: ABORT",
        ];
        assert_eq!(lines, expected);
    }

    #[tokio::test]
    async fn a_long_test_does_not_hold_up_the_others() {
        let (done, all_done) = tokio::sync::oneshot::channel();
        let long = Check::new("long", Vec::new(), async {
            all_done.await.map_err(|_| Error::invalid("nobody is done"))?;
            Ok(Vec::new())
        });
        let short = (0..2 * AT_ONCE).map(|_| Check::new("short", Vec::new(), async { Ok(vec![]) }));
        let last = Check::new("last", Vec::new(), async {
            let _ = done.send(());
            Ok(Vec::new())
        });
        let checks = std::iter::once(long).chain(short).chain([last]).collect();
        let outcomes = run(checks, |_| {}).await;
        assert_eq!((&*outcomes[0].name, &*outcomes[2 * AT_ONCE + 1].name), ("long", "last"));
        // Without a result nothing has passed.
        assert!(Progress::Done(&outcomes[0]).to_string().starts_with("long: MISSING after"));
    }
}

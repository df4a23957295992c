use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::{Monitor, PAGING, SERVICE, status::verdict};
use crate::{
    Id, Listable, Readable, Resource, Route, Timestamp, request,
    standards::Verdict,
    value::{lenient, nullable},
};

/// A report as the monitor keeps it. What is not here is read by
/// [`view`](crate::Api::view), as [`Full`](crate::Full) or another type.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct StoredReport {
    /// The cloud or cluster.
    pub subject: String,
    /// The scope.
    #[serde(default)]
    pub spec: Option<ScopeRef>,
    /// When it was tested.
    #[serde(default, deserialize_with = "lenient")]
    pub checked_at: Option<Timestamp>,
    /// What was run.
    pub run: Run,
}

/// The scope of a report.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ScopeRef {
    /// Its UUID.
    pub uuid: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Where it is described.
    #[serde(default)]
    pub url: Option<String>,
}

/// A run of the tests.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Run {
    /// The id of the report.
    pub uuid: Id<StoredReport>,
    /// The programs that were run, by their ids.
    #[serde(default, deserialize_with = "nullable")]
    pub invocations: BTreeMap<String, Invocation>,
}

/// What became of one program.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Invocation {
    /// The results, by the id of the test case.
    #[serde(default, deserialize_with = "verdicts")]
    pub results: BTreeMap<String, Verdict>,
    /// What it exited with.
    #[serde(default, deserialize_with = "lenient")]
    pub rc: Option<i32>,
}

fn verdicts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Verdict>, D::Error> {
    #[derive(Deserialize)]
    struct Number(#[serde(deserialize_with = "verdict")] Verdict);
    let numbers: BTreeMap<String, Number> = nullable(deserializer)?;
    Ok(numbers.into_iter().map(|(testcase, Number(verdict))| (testcase, verdict)).collect())
}

impl StoredReport {
    /// What it says of each test case.
    pub fn results(&self) -> impl Iterator<Item = (&str, Verdict)> {
        let invocations = self.run.invocations.values();
        invocations.flat_map(|one| one.results.iter().map(|(id, verdict)| (id.as_str(), *verdict)))
    }
}

impl Resource for StoredReport {
    type Dialect = Monitor;
    const ROUTE: Route = Route::new(SERVICE, "reports").paged_by(PAGING);
}
impl Readable for StoredReport {}

impl Listable for StoredReport {
    type Query = ReportQuery;
}

request! {
    /// Which reports to list.
    pub struct ReportQuery {
        /// Those of this subject, or of all if it is empty; of another than the account's own
        /// with the role `read_any`.
        subject: String,
        /// How many in one answer; all are listed anyway.
        limit: u32,
        /// How many to leave out at the beginning.
        skip: u32,
    }
}

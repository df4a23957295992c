use serde::{Deserialize, Deserializer, de::Error};

use super::{Monitor, PAGING, SERVICE};
use crate::{
    Id, Listable, Resource, Route, Timestamp, open_enum, request,
    standards::{Report, Verdict},
    value::lenient,
};

/// What a report says of a test case.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct CheckResult {
    /// The report that says it.
    #[serde(rename = "reportuuid")]
    pub report: Id<Report>,
    /// The cloud or cluster.
    pub subject: String,
    /// When it was tested.
    #[serde(default, deserialize_with = "lenient")]
    pub checked_at: Option<Timestamp>,
    /// The UUID of the scope.
    #[serde(rename = "scopeuuid")]
    pub scope: String,
    /// The version of the scope.
    pub version: String,
    /// The id of the test case.
    pub check: String,
    /// What it ended with.
    #[serde(deserialize_with = "verdict")]
    pub result: Verdict,
    /// Whether somebody has approved it although it is not passed.
    #[serde(default)]
    pub approval: bool,
}

fn verdict<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Verdict, D::Error> {
    let verdict = Verdict::of_number(i64::deserialize(deserializer)?);
    verdict.ok_or_else(|| D::Error::custom("a result is none of 1, 0, -1"))
}

impl CheckResult {
    /// What to post for this result to be approved, or not.
    pub fn approve(&self, approval: bool) -> Approval {
        Approval::new(&self.report, &self.scope, &self.version, &self.check, approval)
    }
}

impl Resource for CheckResult {
    type Dialect = Monitor;
    const ROUTE: Route = Route::new(SERVICE, "results").paged_by(PAGING);
}

impl Listable for CheckResult {
    type Query = ResultQuery;
}

request! {
    /// Which results to list.
    pub struct ResultQuery {
        /// Only those that somebody has approved, or only the others.
        approved: ApprovalState,
        /// How many in one answer; all are listed anyway.
        limit: u32,
        /// How many to leave out at the beginning.
        skip: u32,
    }
}

open_enum! {
    /// Whether somebody has approved a result.
    pub enum ApprovalState {
        /// Somebody has.
        Approved = "1",
        /// Nobody has, or it needs none.
        NotApproved = "0",
    }
}

request! {
    /// That a result is approved, or no longer.
    pub struct Approval(
        /// The report that holds the result.
        report: Id<Report> as "reportuuid",
        /// The UUID of the scope.
        scope: String as "scopeuuid",
        /// The version of the scope.
        version: String,
        /// The id of the test case.
        check: String,
        /// Whether it is approved.
        approval: bool,
    ) {}
}

use super::{Monitor, PAGING, SERVICE};
use crate::{Listable, Readable, Resource, Route, request, standards::Report};

/// As the compliance monitor keeps it.
impl Resource for Report {
    type Dialect = Monitor;
    const ROUTE: Route = Route::new(SERVICE, "reports").paged_by(PAGING);
}
impl Readable for Report {}

impl Listable for Report {
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

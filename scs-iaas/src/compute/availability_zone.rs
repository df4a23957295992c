use scs_core::{Listable, Resource, Route, answer, route::Paging};

use super::{NEWEST, OLDEST};
use crate::Session;

answer! {
    /// An availability zone: a part of the cloud that fails by itself.
    pub struct AvailabilityZone(
        /// Its name.
        name: String as "zoneName",
        /// How it is.
        state: AvailabilityZoneState as "zoneState",
    ) {}
}

answer! {
    /// How an [`AvailabilityZone`] is.
    #[derive(Copy, PartialEq, Eq)]
    pub struct AvailabilityZoneState(
        /// Whether servers can run there.
        available: bool,
    ) {}
}

impl Resource for AvailabilityZone {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "os-availability-zone")
        .keys("availability_zone", "availabilityZoneInfo")
        .paged_by(Paging::Whole)
        .versions(OLDEST, NEWEST);
}

impl Listable for AvailabilityZone {
    type Query = ();
}

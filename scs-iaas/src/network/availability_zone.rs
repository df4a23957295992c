use scs_core::{Listable, Resource, Route, answer, open_enum, request};

use crate::Session;

open_enum! {
    /// Whether an [`AvailabilityZone`] can be used.
    pub enum ZoneState {
        /// It can.
        Available = "available",
        /// It cannot.
        Unavailable = "unavailable",
    }
}

answer! {
    /// A part of the cloud that networks or routers can be placed in.
    #[derive(PartialEq, Eq)]
    pub struct AvailabilityZone(
        /// Its name.
        name: String,
        /// Whether it can be used.
        state: ZoneState,
        /// What can be placed in it: `network` or `router`.
        resource: String,
    ) {}
}

request! {
    /// Which availability zones to list.
    pub struct AvailabilityZoneQuery {
        /// Of this name.
        name: String,
        /// With this state.
        state: ZoneState,
        /// For these: `network` or `router`.
        resource: String,
    }
}

impl Resource for AvailabilityZone {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("network", "availability_zones").keys("availability_zone", "availability_zones");
}

impl Listable for AvailabilityZone {
    type Query = AvailabilityZoneQuery;
}

use scs_core::{Id, Identified, Listable, Resource, Route, answer, route::Paging};

use crate::Session;

answer! {
    /// An extension of the API that the cloud offers. Its id is its alias, such as `router` or
    /// `extraroute-atomic`.
    pub struct Extension(
        /// Its alias.
        id: Id<Extension> as "alias",
        /// Its name.
        name: String,
    ) {
        /// What it adds, in words.
        description: String,
    }
}

impl Resource for Extension {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("network", "extensions").keys("extension", "extensions").paged_by(Paging::Whole);
}

impl Identified for Extension {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Extension {
    type Query = ();
}

use scs_core::{Id, Identified, Listable, Resource, Route, route::Paging};
use serde::Deserialize;

use crate::Session;

/// An extension of the API that the cloud offers. Its id is its alias, such as `router` or
/// `extraroute-atomic`.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Extension {
    /// Its alias.
    #[serde(rename = "alias")]
    pub id: Id<Extension>,
    /// Its name.
    pub name: String,
    /// What it adds, in words.
    #[serde(default)]
    pub description: String,
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

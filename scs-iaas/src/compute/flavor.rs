use scs_core::{
    ApiVersion, Id, Identified, Listable, Metadata, Resource, Route, request, value::nullable,
};
use serde::Deserialize;

use crate::Session;

/// A size that servers come in.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Flavor {
    /// Its id.
    pub id: Id<Flavor>,
    /// Its name; on SCS clouds it says what the flavor promises, as in `SCS-2V-8`.
    pub name: String,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// Memory in MiB.
    pub ram: u32,
    /// Root disk in GiB; 0 if a server has to boot from a volume.
    pub disk: u32,
    /// Additional disk in GiB.
    #[serde(rename = "OS-FLV-EXT-DATA:ephemeral", default)]
    pub ephemeral: u32,
    /// Whether every project may use it.
    #[serde(rename = "os-flavor-access:is_public", default = "yes")]
    pub is_public: bool,
    /// Whether it is out of use for new servers.
    #[serde(rename = "OS-FLV-DISABLED:disabled", default)]
    pub is_disabled: bool,
    /// What it is, in words (since 2.55).
    #[serde(default)]
    pub description: Option<String>,
    /// Properties such as `scs:cpu-type`, where the policy shows them (since 2.61).
    #[serde(default, deserialize_with = "nullable")]
    pub extra_specs: Metadata,
}

fn yes() -> bool {
    true
}

impl Flavor {
    /// Whether a server of this flavor has to boot from a volume.
    pub fn is_diskless(&self) -> bool {
        self.disk == 0
    }
}

request! {
    /// Which flavors to list.
    pub struct FlavorQuery {
        /// At least this much memory, in MiB.
        min_ram: u32 as "minRam",
        /// At least this much root disk, in GiB.
        min_disk: u32 as "minDisk",
        /// `none` shows those that are not public too; for administrators.
        is_public: String,
        /// How many a page holds.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<Flavor>,
        /// By what to sort: `flavorid`, `name`, `memory_mb`, `vcpus`, `root_gb`.
        sort_key: String,
        /// `asc` or `desc`.
        sort_dir: String,
    }
}

impl Resource for Flavor {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "flavors")
        .keys("flavor", "flavors")
        .listed_at("flavors/detail")
        .versions(ApiVersion::new(2, 1), ApiVersion::new(2, 96));
}

impl Identified for Flavor {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Flavor {
    type Query = FlavorQuery;
}

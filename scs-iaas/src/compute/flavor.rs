use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Metadata, Resource, Route, Updatable,
    answer, request, value::Lenient,
};

use super::{NEWEST, OLDEST};
use crate::Session;

answer! {
    /// A size that servers come in.
    pub struct Flavor(
        /// Its id.
        id: Id<Flavor>,
        /// Its name; on SCS clouds it says what the flavor promises, as in `SCS-2V-8`.
        name: String,
        /// Virtual CPUs.
        vcpus: u32,
        /// Memory in MiB.
        ram: u32,
        /// Root disk in GiB; 0 if a server has to boot from a volume.
        disk: u32,
    ) {
        /// Additional disk in GiB.
        ephemeral: u32 as "OS-FLV-EXT-DATA:ephemeral",
        /// Swap space in MiB; `None` if there is none.
        swap: Option<u32> => Lenient<_>,
        /// Whether every project may use it.
        is_public: bool as "os-flavor-access:is_public" = true,
        /// Whether it is out of use for new servers.
        is_disabled: bool as "OS-FLV-DISABLED:disabled",
        /// What it is, in words (since 2.55).
        description: Option<String>,
        /// Properties such as `scs:cpu-type`, where the policy shows them (since 2.61).
        extra_specs: Metadata,
    }
}

impl Flavor {
    /// Whether a server of this flavor has to boot from a volume.
    pub fn is_diskless(&self) -> bool {
        self.disk == 0
    }
}

request! {
    /// What a [`Flavor`] is made from; for administrators.
    pub struct NewFlavor(
        /// Its name.
        name: String,
        /// Virtual CPUs.
        vcpus: u32,
        /// Memory in MiB.
        ram: u32,
        /// Root disk in GiB; 0 if a server has to boot from a volume.
        disk: u32,
    ) {
        /// Its id; made by the service if not set.
        id: Id<Flavor>,
        /// Additional disk in GiB.
        ephemeral: u32 as "OS-FLV-EXT-DATA:ephemeral",
        /// Swap space in MiB.
        swap: u32,
        /// Whether every project may use it; yes if not set.
        is_public: bool as "os-flavor-access:is_public",
        /// What it is, in words.
        description: String => since(2, 55),
    }
}

request! {
    /// What may change about a [`Flavor`]; for administrators.
    pub struct FlavorPatch {
        /// What it is, in words.
        description: Change<String> => since(2, 55),
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
        .versions(OLDEST, NEWEST);
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

impl Creatable for Flavor {
    type New = NewFlavor;
}

impl Updatable for Flavor {
    type Patch = FlavorPatch;
}

impl Deletable for Flavor {}

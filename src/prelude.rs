//! What most programs need: `use scs_cloud::prelude::*;`
//!
//! The traits come without their names, for their methods alone.

pub use scs_core::{
    Change, Dialect as _, Error, ErrorKind, Full, Id, Identified as _, Phase, Phased as _, Result,
    Secret,
    model::Model as _,
    provider::{
        Addresses as _, Catalogue as _, Clusters as _, Groups as _, Machines as _, Provider,
        Roles as _, Store as _, StoreExt as _, Volumes as _,
    },
};

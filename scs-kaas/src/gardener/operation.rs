use scs_core::{open_enum, value::nullable};
use serde::Deserialize;

/// Something that is done to a [`Shoot`](super::Shoot).
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Operation {
    /// What.
    #[serde(rename = "type")]
    pub name: OperationType,
    /// How far it is.
    pub state: OperationState,
    /// How far it is, in percent.
    #[serde(default)]
    pub progress: u8,
    /// What is being done at the moment.
    #[serde(default)]
    pub description: String,
}

open_enum! {
    /// What is done to a [`Shoot`](super::Shoot).
    pub enum OperationType {
        /// It is made.
        Create = "Create",
        /// It is brought to what is asked for.
        Reconcile = "Reconcile",
        /// It is deleted.
        Delete = "Delete",
        /// It moves to another seed.
        Migrate = "Migrate",
        /// It arrives at another seed.
        Restore = "Restore",
    }
}

open_enum! {
    /// How far an [`Operation`] is.
    pub enum OperationState {
        /// Not begun.
        Pending = "Pending",
        /// Under way.
        Processing = "Processing",
        /// Done.
        Succeeded = "Succeeded",
        /// It has failed and is tried again.
        Error = "Error",
        /// It has failed and is not tried again by itself.
        Failed = "Failed",
        /// It was stopped.
        Aborted = "Aborted",
    }
}

/// Why an [`Operation`] did not work.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Failure {
    /// In words for people.
    pub description: String,
    /// In words for programs: `ERR_INFRA_QUOTA_EXCEEDED`.
    #[serde(default, deserialize_with = "nullable")]
    pub codes: Vec<String>,
}

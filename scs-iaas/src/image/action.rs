use scs_core::{Action, Payload};
use serde::Serialize;

use super::Image;

/// Locks the data of an [`Image`]; for administrators. What it is made from goes on running.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Deactivate;

/// Unlocks the data of an [`Image`]; for administrators.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Reactivate;

impl Payload for Deactivate {}
impl Payload for Reactivate {}

impl Action for Deactivate {
    type Target = Image;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "actions/deactivate";
    const IDEMPOTENT: bool = true;
}

impl Action for Reactivate {
    type Target = Image;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "actions/reactivate";
    const IDEMPOTENT: bool = true;
}

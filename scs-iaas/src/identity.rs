//! Who may do what (Keystone).
//!
//! Follows <https://docs.openstack.org/api-ref/identity/v3/>.

mod project;

use scs_core::Api;

pub use self::project::*;
use crate::OpenStack;

impl OpenStack {
    /// The projects.
    pub fn projects(&self) -> Api<Project> {
        self.api()
    }
}

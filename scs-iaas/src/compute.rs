//! Servers and what they are made with (Nova).
//!
//! Follows <https://docs.openstack.org/api-ref/compute/>.

mod flavor;

use scs_core::Api;

pub use self::flavor::*;
use crate::OpenStack;

impl OpenStack {
    /// The flavors: the sizes that servers come in.
    pub fn flavors(&self) -> Api<Flavor> {
        self.api()
    }
}

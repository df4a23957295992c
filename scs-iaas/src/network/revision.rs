use scs_core::Revised;

use super::{FloatingIp, Network, Port, Router, SecurityGroup, Subnet};

/// Neutron counts the changes of these, and takes the number in `If-Match`. It forgets that when
/// it repeats a request that met another one in its database: of several that begin in the same
/// moment it may accept all, one after the other.
macro_rules! revised {
    ($($kind:ty),+) => {
        $(impl Revised for $kind {
            fn revision(&self) -> Option<String> {
                self.revision_number.map(|number| format!("revision_number={number}"))
            }
        })+
    };
}

revised!(FloatingIp, Network, Port, Router, SecurityGroup, Subnet);

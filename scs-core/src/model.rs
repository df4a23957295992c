//! The nouns that every cloud shares, and nothing that only one of them knows.
//!
//! A noun says what a thing is, in words that hold for any cloud: a [`Machine`] has a flavor,
//! addresses and a [phase](Phase); what only one back end knows of it stays with the native
//! client. Nouns are plain data. Where they come from is a [provider](crate::provider)'s
//! business; what one wants is said by a `Spec`, whose required members are the arguments of
//! its `new`:
//!
//! ```
//! use scs_core::model::{Cidr, NetworkSpec, Protocol, Rule, SecurityGroupSpec, VolumeSpec};
//!
//! let network = NetworkSpec::new("shop", "10.0.0.0/24".parse::<Cidr>()?);
//! let web = SecurityGroupSpec::new("web")
//!     .rule(Rule::ingress().protocol(Protocol::Tcp).ports(443..=443));
//! let data = VolumeSpec::new("data", 100).label("tier", "db");
//! # Ok::<(), scs_core::Error>(())
//! ```

mod address;
mod cidr;
mod cluster;
mod flavor;
mod group;
mod image;
mod key_pair;
mod machine;
mod network;
mod project;
mod role;
mod security_group;
mod user;
mod volume;

use std::fmt::Debug;

pub use self::{
    address::{Address, AddressSpec},
    cidr::Cidr,
    cluster::{Cluster, ClusterSpec, ClusterTemplate, NodePool, NodePoolSpec, Upgrade},
    flavor::Flavor,
    group::{Group, GroupSpec},
    image::Image,
    key_pair::{KeyPair, KeyPairSpec},
    machine::{Machine, MachineSpec},
    network::{Network, NetworkSpec},
    project::{Project, ProjectSpec},
    role::{Holder, Role, RoleSpec},
    security_group::{Direction, Protocol, Rule, SecurityGroup, SecurityGroupSpec},
    user::{User, UserSpec},
    volume::{Volume, VolumeSpec},
};
use crate::{Id, Metadata, Phase};

/// A noun: a thing that clouds have.
pub trait Model: Clone + Debug + Send + Sync + 'static {
    /// What it is called in messages: `volume`, `security group`.
    const KIND: &'static str;

    /// Its id: unique, and given by the cloud.
    fn id(&self) -> &Id<Self>;

    /// Its name: given by its maker and not always unique.
    fn name(&self) -> &str;

    /// Where it is in its life. What goes through no phases is ready from the beginning.
    fn phase(&self) -> Phase {
        Phase::Ready
    }

    /// What the cloud says of a failure, or of what is still missing.
    fn fault(&self) -> Option<&str> {
        None
    }

    /// Its labels, if it can have some.
    fn labels(&self) -> Option<&Metadata> {
        None
    }
}

/// A noun that is made to order.
///
/// Not every noun is: flavors and images are chosen from what the cloud has. For want of a
/// `Spec` there is no [`Store`](crate::provider::Store) of them, so that trying to create or
/// delete one does not compile.
pub trait Specified: Model {
    /// The order.
    type Spec: Clone + Debug + Send + Sync + 'static;

    /// The name that the order asks for, where the maker gives it.
    fn wanted_name(spec: &Self::Spec) -> Option<&str>;
}

//! Servers and what they are made with (Nova).
//!
//! ```no_run
//! use scs_iaas::{OpenStack, compute::{Networks, NewServer}};
//!
//! # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
//! let image = cloud.images().find("Debian 13").await?;
//! let flavor = cloud.flavors().find("SCS-2V-8").await?;
//! let network = cloud.networks().find("private").await?;
//! let new = NewServer::new("web", &flavor.id, Networks::of([&network.id])).image(&image.id);
//! let server = cloud.servers().create(new).ready().await?;
//! println!("{} has {:?}", server.name, server.addresses);
//! # Ok(()) }
//! ```
//!
//! Follows <https://docs.openstack.org/api-ref/compute/>.

mod flavor;
mod keypair;
mod server;
mod server_group;

use scs_core::{Api, ApiVersion};

pub use self::{flavor::*, keypair::*, server::*, server_group::*};
use crate::OpenStack;

/// The first version of the API there was.
const OLDEST: ApiVersion = ApiVersion::new(2, 1);

/// The version that the types of this module were written against.
const NEWEST: ApiVersion = ApiVersion::new(2, 96);

impl OpenStack {
    /// The servers.
    pub fn servers(&self) -> Api<Server> {
        self.api()
    }

    /// The servers with id and name only: much cheaper to list than [`servers`](Self::servers).
    pub fn server_summaries(&self) -> Api<ServerSummary> {
        self.api()
    }

    /// The flavors: the sizes that servers come in.
    pub fn flavors(&self) -> Api<Flavor> {
        self.api()
    }

    /// The server groups: which servers share a host and which must not.
    pub fn server_groups(&self) -> Api<ServerGroup> {
        self.api()
    }

    /// The keypairs of the user who is logged in.
    pub fn keypairs(&self) -> Api<Keypair> {
        self.api()
    }
}

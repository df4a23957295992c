//! Who may do what (Keystone).
//!
//! Follows <https://docs.openstack.org/api-ref/identity/v3/>.

mod domain;
mod ec2_credential;
mod project;
mod region;
mod role;
#[cfg(test)]
mod tests;
mod user;

use scs_core::{Api, Id};

pub use self::{domain::*, ec2_credential::*, project::*, region::*, role::*, user::*};
use crate::OpenStack;

impl OpenStack {
    /// The domains.
    pub fn domains(&self) -> Api<Domain> {
        self.api()
    }

    /// The regions.
    pub fn regions(&self) -> Api<Region> {
        self.api()
    }

    /// The roles.
    pub fn roles(&self) -> Api<Role> {
        self.api()
    }

    /// The users.
    pub fn users(&self) -> Api<User> {
        self.api()
    }

    /// The EC2 credentials of a user.
    pub fn ec2_credentials(&self, user: &Id<User>) -> Api<Ec2Credential> {
        self.api_in([user.as_str()])
    }

    /// The projects.
    pub fn projects(&self) -> Api<Project> {
        self.api()
    }
}

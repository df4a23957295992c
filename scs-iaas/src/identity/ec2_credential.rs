use scs_core::{
    Creatable, Deletable, Id, Identified, Listable, Resource, Route, Secret, answer, request,
    route::Paging,
};

use super::{Project, User};
use crate::Session;

answer! {
    /// A pair of keys for services that speak like those of Amazon, such as the S3 of the object
    /// store. Its id is the access key.
    ///
    /// It is no login to Keystone: only services and administrators may have a signature checked
    /// there.
    ///
    /// Follows <https://docs.openstack.org/api-ref/identity/v3/#create-ec2-credential>.
    pub struct Ec2Credential(
        /// The access key: who signs.
        access: Id<Ec2Credential>,
        /// The secret key: what is signed with.
        secret: Secret,
        /// Whose it is.
        user_id: Id<User>,
        /// The project that it works in.
        project_id: Id<Project> as "tenant_id",
    ) {
        /// The trust by which it was made.
        trust_id: Option<String>,
    }
}

request! {
    /// A pair of keys to be made.
    pub struct NewEc2Credential {
        /// The project that it is to work in. It has to be set.
        project_id: Id<Project> => beside("tenant_id"),
    }
}

impl NewEc2Credential {
    /// For work in this project.
    pub fn in_project(project: &Id<Project>) -> Self {
        Self::new().project_id(project)
    }
}

impl Resource for Ec2Credential {
    type Dialect = Session;
    const ROUTE: Route = Route::new("identity", "users/{}/credentials/OS-EC2")
        .keys("credential", "credentials")
        .paged_by(Paging::Whole);
}

impl Identified for Ec2Credential {
    fn id(&self) -> &Id<Self> {
        &self.access
    }
}

impl Listable for Ec2Credential {
    type Query = ();
}

impl Creatable for Ec2Credential {
    type New = NewEc2Credential;
}

impl Deletable for Ec2Credential {}

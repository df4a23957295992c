use scs_core::{
    Creatable, Deletable, Id, Identified, Listable, Resource, Route, Timestamp, Updatable,
    open_enum, request, route::Paging, value::lenient,
};
use serde::Deserialize;

use super::Image;
use crate::{Session, identity::Project};

/// A project that a [`Shared`](super::Visibility::Shared) image is shared with.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Member {
    /// The id of the project.
    #[serde(rename = "member_id")]
    pub id: Id<Member>,
    /// The image.
    pub image_id: Id<Image>,
    /// What the project says to it.
    pub status: MemberStatus,
    /// Since when it is shared.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// When that was changed last.
    #[serde(default, deserialize_with = "lenient")]
    pub updated_at: Option<Timestamp>,
}

open_enum! {
    /// What a project says to an image that is shared with it.
    pub enum MemberStatus {
        /// Nothing yet: lists do not show the image, but it can be used.
        Pending = "pending",
        /// Yes: lists show the image.
        Accepted = "accepted",
        /// No: lists do not show the image, but it can be used.
        Rejected = "rejected",
        /// Any of these; in queries.
        All = "all",
    }
}

request! {
    /// With which project an image is shared.
    pub struct NewMember(
        /// The project.
        member: Id<Project>,
    ) {}
}

request! {
    /// What a project says to an image that is shared with it. The owner of the image cannot
    /// say it.
    pub struct MemberPatch(
        /// What it says.
        status: MemberStatus,
    ) {}
}

impl Resource for Member {
    type Dialect = Session;
    const ROUTE: Route = Route::new("image", "images/{}/members")
        .keys("member", "members")
        .bare_one()
        .paged_by(Paging::Whole);
}

impl Identified for Member {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Member {
    type Query = ();
}

impl Creatable for Member {
    type New = NewMember;
}

impl Updatable for Member {
    type Patch = MemberPatch;
}

impl Deletable for Member {}

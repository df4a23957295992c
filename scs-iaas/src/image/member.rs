use scs_core::{
    Creatable, Deletable, Id, Identified, Listable, Resource, Route, Timestamp, Updatable, answer,
    open_enum, request, route::Paging, value::Lenient,
};

use super::Image;
use crate::{Session, identity::Project};

answer! {
    /// A project that a [`Shared`](super::Visibility::Shared) image is shared with.
    pub struct Member(
        /// The id of the project.
        id: Id<Member> as "member_id",
        /// The image.
        image_id: Id<Image>,
        /// What the project says to it.
        status: MemberStatus,
    ) {
        /// Since when it is shared.
        created_at: Option<Timestamp> => Lenient<_>,
        /// When that was changed last.
        updated_at: Option<Timestamp> => Lenient<_>,
    }
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

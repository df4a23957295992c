use scs_core::{Action, Id, Listable, Payload, Resource, Route, request, route::Verb};
use serde::{Deserialize, Serialize};

use super::{Group, Keycloak, PAGING, SERVICE, User};

/// Puts a user into a group; one who is there already stays.
///
/// ```no_run
/// # use scs_iam::{Keycloak, keycloak::{Group, Join, User}};
/// # async fn f(realm: Keycloak, user: User, group: Group) -> scs_core::Result<()> {
/// realm.users().act(&user.id, Join::new(&group.id)).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct Join {
    #[serde(skip)]
    group: Id<Group>,
}

/// Takes a user out of a group; one who is not there stays out.
#[derive(Debug, Clone, Serialize)]
pub struct Leave {
    #[serde(skip)]
    group: Id<Group>,
}

impl Join {
    /// This group.
    pub fn new(group: impl Into<Id<Group>>) -> Self {
        Self { group: group.into() }
    }
}

impl Leave {
    /// This group.
    pub fn new(group: impl Into<Id<Group>>) -> Self {
        Self { group: group.into() }
    }
}

impl Payload for Join {}
impl Payload for Leave {}

impl Action for Join {
    type Target = User;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "groups";
    const VERB: Verb = Verb::Put;

    fn member(&self) -> Option<&str> {
        Some(self.group.as_str())
    }
}

impl Action for Leave {
    type Target = User;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "groups";
    const VERB: Verb = Verb::Delete;

    fn member(&self) -> Option<&str> {
        Some(self.group.as_str())
    }
}

request! {
    /// Which members of a group, or groups of a user, to list.
    pub struct MembershipQuery {
        /// How many a page holds; 100 if not set.
        max: u32,
    }
}

/// Where the users in a group are listed: see [`Keycloak::members`].
#[derive(Debug, Clone, Copy, Deserialize)]
#[non_exhaustive]
pub struct Members {}

impl Resource for Members {
    type Dialect = Keycloak;
    const ROUTE: Route = Route::new(SERVICE, "groups/{}/members")
        .keys("member", "")
        .listed_at("groups/{}/members?briefRepresentation=false")
        .paged_by(PAGING);
}

impl Listable for Members {
    type Query = MembershipQuery;
}

/// Where the groups of a user are listed: see [`Keycloak::groups_of`].
#[derive(Debug, Clone, Copy, Deserialize)]
#[non_exhaustive]
pub struct GroupsOf {}

impl Resource for GroupsOf {
    type Dialect = Keycloak;
    const ROUTE: Route =
        Route::new(SERVICE, "users/{}/groups").keys("membership", "").paged_by(PAGING);
}

impl Listable for GroupsOf {
    type Query = MembershipQuery;
}

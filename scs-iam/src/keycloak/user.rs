use std::collections::BTreeMap;

use scs_core::{
    Creatable, Deletable, Id, Identified, Listable, Resource, Route, Updatable, answer, request,
};

use super::{Attributes, Keycloak, NewCredential, PAGING, SERVICE};

answer! {
    /// A user of a realm.
    pub struct User(
        /// Their id.
        id: Id<User>,
        /// The name they log in with, in lower case.
        username: String,
    ) {
        /// Their mail address.
        email: Option<String>,
        /// Whether they have shown that the mail address is theirs.
        email_verified: bool as "emailVerified",
        /// Their first name.
        first_name: Option<String> as "firstName",
        /// Their last name.
        last_name: Option<String> as "lastName",
        /// Whether they can log in.
        enabled: bool,
        /// What else is known of them.
        attributes: Attributes,
    }
}

request! {
    /// What a [`User`] is made from.
    pub struct NewUser(
        /// The name they log in with; Keycloak keeps it in lower case.
        username: String,
    ) {
        /// Their mail address.
        email: String,
        /// Whether the mail address is known to be theirs.
        email_verified: bool as "emailVerified",
        /// Their first name.
        first_name: String as "firstName",
        /// Their last name.
        last_name: String as "lastName",
        /// Whether they can log in; not unless said.
        enabled: bool,
        /// What else is known of them. Unless the realm's profile declares a name, it has to
        /// allow unmanaged attributes, or what is said here gets lost.
        attributes: Attributes,
        /// What they log in with.
        credentials: Vec<NewCredential>,
    }
}

request! {
    /// What may change about a [`User`].
    pub struct UserPatch {
        /// The name they log in with; the realm has to allow its change.
        username: String,
        /// Their mail address; an empty one takes it away.
        email: String,
        /// Whether the mail address is known to be theirs.
        email_verified: bool as "emailVerified",
        /// Their first name; an empty one takes it away.
        first_name: String as "firstName",
        /// Their last name; an empty one takes it away.
        last_name: String as "lastName",
        /// Whether they can log in.
        enabled: bool,
        /// Attributes to be set, or with `None` to be taken away; others stay.
        attributes: BTreeMap<String, Option<Vec<String>>>,
        /// What they log in with from now on; takes the place of what is there of the same
        /// type.
        credentials: Vec<NewCredential>,
    }
}

request! {
    /// Which users to list.
    pub struct UserQuery {
        /// Whose name holds this.
        username: String,
        /// Whose mail address holds this.
        email: String,
        /// Whose names and mail address hold this.
        search: String,
        /// Whether what is searched for is the whole of it, not a part.
        exact: bool,
        /// Those who can log in, or those who cannot.
        enabled: bool,
        /// With these attributes: `colour:blue size:2`.
        attributes: String as "q",
        /// How many a page holds; 100 if not set.
        max: u32,
    }
}

impl Resource for User {
    type Dialect = Keycloak;
    const ROUTE: Route = Route::new(SERVICE, "users")
        .keys("user", "")
        .bare_one()
        .paged_by(PAGING)
        .created_at_location()
        .replaced_whole();
}

impl Identified for User {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.username)
    }
}

impl Listable for User {
    type Query = UserQuery;

    fn named(name: &str) -> UserQuery {
        UserQuery::new().username(name).exact(true)
    }
}

impl Creatable for User {
    type New = NewUser;
}

impl Updatable for User {
    type Patch = UserPatch;
}

impl Deletable for User {}

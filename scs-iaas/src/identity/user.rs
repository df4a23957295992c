use scs_core::{
    Action, Change, Creatable, Deletable, Id, Identified, Listable, Resource, Route, Secret,
    Timestamp, Updatable, answer, request, route::Verb, value::Lenient,
};

use super::{Domain, Project};
use crate::Session;

answer! {
    /// A user: somebody, or a program, that can log in.
    pub struct User(
        /// Its id.
        id: Id<User>,
        /// Its name, unique within its domain.
        name: String,
        /// The domain it belongs to.
        domain_id: Id<Domain>,
        /// Whether it can log in.
        enabled: bool,
    ) {
        /// Who it is, in words.
        description: String,
        /// Its mail address.
        email: Option<String>,
        /// The project it logs in to if it does not say to which.
        default_project_id: Option<Id<Project>>,
        /// When its password ends; `None` if never, or if it has none.
        password_expires_at: Option<Timestamp> => Lenient<_>,
    }
}

request! {
    /// What a [`User`] is made from.
    pub struct NewUser(
        /// Its name, unique within its domain.
        name: String,
    ) {
        /// Its password; without one it can log in by other means only.
        password: Secret,
        /// The domain it belongs to; that of the login if not set.
        domain_id: Id<Domain>,
        /// Who it is, in words.
        description: String,
        /// Its mail address.
        email: String,
        /// Whether it can log in; yes if not set.
        enabled: bool,
        /// The project it logs in to if it does not say to which.
        default_project_id: Id<Project>,
    }
}

request! {
    /// What may change about a [`User`]; for administrators.
    pub struct UserPatch {
        /// Its name.
        name: String,
        /// Its password.
        password: Change<Secret>,
        /// Who it is, in words.
        description: Change<String>,
        /// Its mail address.
        email: Change<String>,
        /// Whether it can log in.
        enabled: bool,
        /// The project it logs in to if it does not say to which.
        default_project_id: Change<Id<Project>>,
    }
}

request! {
    /// Which users to list.
    pub struct UserQuery {
        /// Of this name.
        name: String,
        /// Of this domain.
        domain_id: Id<Domain>,
        /// Enabled or disabled ones.
        enabled: bool,
        /// How many a page holds; unpaged if not set.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<User>,
    }
}

impl Resource for User {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("identity", "users").keys("user", "users").updated_by(Verb::Patch);
}

impl Identified for User {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for User {
    type Query = UserQuery;

    fn named(name: &str) -> UserQuery {
        UserQuery::new().name(name)
    }
}

impl Creatable for User {
    type New = NewUser;
}

impl Updatable for User {
    type Patch = UserPatch;
}

impl Deletable for User {}

request! {
    /// Changes the password of a [`User`] who knows the present one. All logins of the user
    /// end with that.
    pub struct ChangePassword(
        /// The present one.
        original_password: Secret,
        /// The new one.
        password: Secret,
    ) {}
}

impl Action for ChangePassword {
    type Target = User;
    type Output = ();
    const KEY: &'static str = "user";
    const PATH: &'static str = "password";
}

//! Keycloak in the neutral words of [`scs_core::provider`].

use std::sync::Arc;

use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, future::ready, stream};
use scs_core::{
    Api, Error, ErrorKind, Extra, Id, Result, model,
    model::Holder,
    provider::{Adapter, GroupVerbs, Groups, Makes, Provider, RoleVerbs, Roles, Speaks, Store},
};

use crate::{
    Keycloak,
    keycloak::{
        AssignRoles, Group, Join, Leave, MembershipQuery, NewCredential, NewGroup, NewRole,
        NewUser, RevokeRoles, Role, User,
    },
};

impl Provider for Keycloak {
    fn name(&self) -> &'static str {
        "keycloak"
    }

    fn users(&self) -> Result<Arc<dyn Store<model::User>>> {
        Ok(Arc::new(Adapter::new(self.users())))
    }

    fn groups(&self) -> Result<Arc<dyn Groups>> {
        Ok(Arc::new(Adapter::new(self.groups())))
    }

    fn roles(&self) -> Result<Arc<dyn Roles>> {
        Ok(Arc::new(Adapter::new(self.roles())))
    }
}

impl Speaks<model::User> for User {
    fn raise(self) -> model::User {
        let mut user = model::User::new(self.id.cast(), self.username);
        user.email = self.email;
        user.enabled = self.enabled;
        user
    }
}

impl Makes<model::User> for User {
    async fn make(api: &Api<Self>, spec: model::UserSpec) -> Result<Self> {
        let mut new = NewUser::new(spec.name).enabled(true);
        new.email = spec.email;
        new.credentials = spec.password.map(|password| vec![NewCredential::password(password)]);
        api.create(new).await
    }
}

impl Speaks<model::Group> for Group {
    fn raise(self) -> model::Group {
        model::Group::new(self.id.cast(), self.name)
    }
}

impl Makes<model::Group> for Group {
    async fn make(api: &Api<Self>, spec: model::GroupSpec) -> Result<Self> {
        api.create(NewGroup::new(spec.name)).await
    }
}

impl GroupVerbs for Group {
    async fn add(api: &Api<Self>, id: &Id<Self>, user: &Id<model::User>) -> Result<()> {
        api.dialect().users().act(&user.cast(), Join::new(id)).await
    }

    async fn remove(api: &Api<Self>, id: &Id<Self>, user: &Id<model::User>) -> Result<()> {
        api.dialect().users().act(&user.cast(), Leave::new(id)).await
    }

    fn members(api: &Api<Self>, id: &Id<Self>) -> BoxStream<'static, Result<model::User>> {
        let members = api.dialect().members(id).list(MembershipQuery::new());
        members.map_ok(Speaks::raise).boxed()
    }
}

impl Speaks<model::Role> for Role {
    fn raise(self) -> model::Role {
        let mut role = model::Role::new(self.id.cast(), self.name);
        role.description = self.description;
        role
    }
}

impl Makes<model::Role> for Role {
    async fn make(api: &Api<Self>, spec: model::RoleSpec) -> Result<Self> {
        let mut new = NewRole::new(spec.name);
        new.description = spec.description;
        api.create(new).await
    }
}

impl RoleVerbs for Role {
    async fn assign(api: &Api<Self>, id: &Id<Self>, to: &Holder) -> Result<()> {
        let (realm, role) = (api.dialect(), api.get(id).await?);
        match to {
            Holder::User(user) => realm.users().act(&user.cast(), AssignRoles::new([&role])).await,
            Holder::Group(group) => {
                realm.groups().act(&group.cast(), AssignRoles::new([&role])).await
            }
            other => Err(unknown(other)),
        }
    }

    async fn revoke(api: &Api<Self>, id: &Id<Self>, from: &Holder) -> Result<()> {
        let (realm, role) = (api.dialect(), api.get(id).await?);
        match from {
            Holder::User(user) => realm.users().act(&user.cast(), RevokeRoles::new([&role])).await,
            Holder::Group(group) => {
                realm.groups().act(&group.cast(), RevokeRoles::new([&role])).await
            }
            other => Err(unknown(other)),
        }
    }

    fn held(api: &Api<Self>, by: &Holder) -> BoxStream<'static, Result<model::Role>> {
        let (realm, all) = (api.dialect(), Extra::new());
        match by {
            Holder::User(user) => {
                realm.roles_of::<User>(&user.cast()).list(all).map_ok(Speaks::raise).boxed()
            }
            Holder::Group(group) => {
                realm.roles_of::<Group>(&group.cast()).list(all).map_ok(Speaks::raise).boxed()
            }
            other => stream::once(ready(Err(unknown(other)))).boxed(),
        }
    }
}

/// Holders of a kind that Keycloak does not know.
fn unknown(holder: &Holder) -> Error {
    Error::new(ErrorKind::Unsupported, format!("Keycloak gives no roles to {holder:?}"))
        .with_service("keycloak")
        .with_hint("give the role to a user or to a group")
}

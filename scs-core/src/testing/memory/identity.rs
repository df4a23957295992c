use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, stream};

use super::{
    Memory,
    world::{Fabricated, Kept, Shelved, World},
};
use crate::{
    Id, Result,
    model::{Group, GroupSpec, Holder, Project, ProjectSpec, Role, RoleSpec, User, UserSpec},
    provider::{Groups, Roles},
};

impl Shelved for User {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.users
    }

    fn gone(world: &mut World, id: &Id<Self>) {
        world.members.retain(|(_, member)| member != id);
        world.holders.retain(|(_, holder)| *holder != Holder::User(id.clone()));
    }
}

impl Fabricated for User {
    fn fabricate(world: &mut World, spec: UserSpec) -> Result<Self> {
        world.vacant::<Self>(&spec.name)?;
        let mut user = Self::new(world.mint::<Self>(), spec.name);
        user.email = spec.email;
        Ok(user)
    }
}

impl Shelved for Group {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.groups
    }

    fn gone(world: &mut World, id: &Id<Self>) {
        world.members.retain(|(group, _)| group != id);
        world.holders.retain(|(_, holder)| *holder != Holder::Group(id.clone()));
    }
}

impl Fabricated for Group {
    fn fabricate(world: &mut World, spec: GroupSpec) -> Result<Self> {
        world.vacant::<Self>(&spec.name)?;
        Ok(Self::new(world.mint::<Self>(), spec.name))
    }
}

impl Shelved for Role {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.roles
    }

    fn gone(world: &mut World, id: &Id<Self>) {
        world.holders.retain(|(role, _)| role != id);
    }
}

impl Fabricated for Role {
    fn fabricate(world: &mut World, spec: RoleSpec) -> Result<Self> {
        world.vacant::<Self>(&spec.name)?;
        let mut role = Self::new(world.mint::<Self>(), spec.name);
        role.description = spec.description;
        Ok(role)
    }
}

impl Shelved for Project {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.projects
    }
}

impl Fabricated for Project {
    fn fabricate(world: &mut World, spec: ProjectSpec) -> Result<Self> {
        world.vacant::<Self>(&spec.name)?;
        let mut project = Self::new(world.mint::<Self>(), spec.name);
        project.description = spec.description;
        Ok(project)
    }
}

impl World {
    fn holder(&mut self, holder: &Holder) -> Result<()> {
        match holder {
            Holder::User(id) => self.known(id).map(drop),
            Holder::Group(id) => self.known(id).map(drop),
        }
    }
}

fn all<T: Send + 'static>(answer: Result<Vec<T>>) -> BoxStream<'static, Result<T>> {
    match answer {
        Ok(items) => stream::iter(items.into_iter().map(Ok)).boxed(),
        Err(error) => stream::iter([Err(error)]).boxed(),
    }
}

#[async_trait]
impl Groups for Memory {
    async fn add(&self, group: &Id<Group>, user: &Id<User>) -> Result<()> {
        self.attempt(|world| {
            world.known(group)?;
            world.known(user)?;
            let pair = (group.clone(), user.clone());
            if !world.members.contains(&pair) {
                world.members.push(pair);
            }
            Ok(())
        })
    }

    async fn remove(&self, group: &Id<Group>, user: &Id<User>) -> Result<()> {
        self.attempt(|world| {
            world.known(group)?;
            world.known(user)?;
            world.members.retain(|(of, member)| (of, member) != (group, user));
            Ok(())
        })
    }

    fn members(&self, group: &Id<Group>) -> BoxStream<'static, Result<User>> {
        all(self.attempt(|world| {
            world.known(group)?;
            let members = world.members.iter().filter(|(of, _)| of == group);
            let members: Vec<_> = members.map(|(_, user)| user.clone()).collect();
            members.iter().map(|user| world.known(user).map(|kept| kept.now.clone())).collect()
        }))
    }
}

#[async_trait]
impl Roles for Memory {
    async fn assign(&self, role: &Id<Role>, to: &Holder) -> Result<()> {
        self.attempt(|world| {
            world.known(role)?;
            world.holder(to)?;
            let pair = (role.clone(), to.clone());
            if !world.holders.contains(&pair) {
                world.holders.push(pair);
            }
            Ok(())
        })
    }

    async fn revoke(&self, role: &Id<Role>, from: &Holder) -> Result<()> {
        self.attempt(|world| {
            world.known(role)?;
            world.holder(from)?;
            world.holders.retain(|(of, holder)| (of, holder) != (role, from));
            Ok(())
        })
    }

    fn held(&self, by: &Holder) -> BoxStream<'static, Result<Role>> {
        all(self.attempt(|world| {
            world.holder(by)?;
            let mut holders = vec![by.clone()];
            if let Holder::User(user) = by {
                let groups = world.members.iter().filter(|(_, member)| member == user);
                holders.extend(groups.map(|(group, _)| Holder::Group(group.clone())));
            }
            let roles = world.roles.iter().map(|kept| &kept.now);
            let has = |role: &&Role| {
                let held =
                    |(of, holder): &(Id<Role>, Holder)| *of == role.id && holders.contains(holder);
                world.holders.iter().any(held)
            };
            Ok(roles.filter(has).cloned().collect())
        }))
    }
}

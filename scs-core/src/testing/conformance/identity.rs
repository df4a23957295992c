use futures_util::TryStreamExt;

use super::{Scope, Suite, check};
use crate::{
    Id, Result,
    model::{GroupSpec, Holder, ProjectSpec, Role, RoleSpec, User, UserSpec},
    provider::{Groups, Provider, Roles},
};

impl Suite {
    pub(super) fn a_user(&self) -> UserSpec {
        UserSpec::new(self.named("user")).email("somebody@example.org")
    }

    pub(super) fn a_group_of_users(&self) -> GroupSpec {
        GroupSpec::new(self.named("users"))
    }

    pub(super) fn a_role(&self) -> RoleSpec {
        RoleSpec::new(self.named("role"))
    }

    pub(super) fn a_project(&self) -> ProjectSpec {
        ProjectSpec::new(self.named("project"))
    }

    /// Checks who is in a group.
    pub(super) async fn members(&self, cloud: &dyn Provider, groups: &dyn Groups) -> Result<()> {
        let Ok(users) = cloud.users() else { return Ok(()) };
        let mut scope = Scope::new(self);
        let outcome = async {
            let user = scope.create(&*users, self.a_user()).await?;
            let group = scope.create(groups, self.a_group_of_users()).await?;
            // Twice is as good as once.
            for is_in in [true, true, false, false] {
                if is_in {
                    groups.add(&group.id, &user.id).await?;
                } else {
                    groups.remove(&group.id, &user.id).await?;
                }
                let members: Vec<User> = groups.members(&group.id).try_collect().await?;
                let found = members.iter().any(|member| member.id == user.id);
                check(found == is_in, format_args!("in the group is {members:?}"))?;
            }
            Ok(())
        }
        .await;
        scope.close(outcome).await
    }

    /// Checks who holds a role, through a group as well.
    pub(super) async fn holders(&self, cloud: &dyn Provider, roles: &dyn Roles) -> Result<()> {
        let (Ok(users), Ok(groups)) = (cloud.users(), cloud.groups()) else { return Ok(()) };
        let mut scope = Scope::new(self);
        let outcome = async {
            let role = scope.create(roles, self.a_role()).await?;
            let user = scope.create(&*users, self.a_user()).await?;
            let group = scope.create(&*groups, self.a_group_of_users()).await?;
            groups.add(&group.id, &user.id).await?;
            let user = Holder::from(&user);
            for holder in [user.clone(), Holder::from(&group)] {
                self.held(roles, &role.id, &user, false).await?;
                for _ in 0..2 {
                    roles.assign(&role.id, &holder).await?;
                    self.held(roles, &role.id, &user, true).await?;
                }
                for _ in 0..2 {
                    roles.revoke(&role.id, &holder).await?;
                    self.held(roles, &role.id, &user, false).await?;
                }
            }
            Ok(())
        }
        .await;
        scope.close(outcome).await
    }

    async fn held(
        &self,
        roles: &dyn Roles,
        role: &Id<Role>,
        by: &Holder,
        wanted: bool,
    ) -> Result<()> {
        let held: Vec<Role> = roles.held(by).try_collect().await?;
        let found = held.iter().filter(|one| one.id == *role).count();
        check(found == usize::from(wanted), format_args!("{by:?} holds {held:?}"))
    }
}

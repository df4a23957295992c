use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{Change, Error, ErrorKind, Extra, Id, Readable, Resource},
    iam::{
        Keycloak,
        keycloak::{
            AssignRoles, GroupPatch, GroupQuery, Join, Leave, MembershipQuery, NewCredential,
            NewGroup, NewRole, NewUser, RevokeRoles, Role, RolePatch, RoleQuery, UserPatch,
            UserQuery,
        },
    },
    testing::conformance::Suite,
};
use serde_json::{Value, json};

use super::{admin, client, realm};
use crate::lab::{self, Cleanup};

type Attributes = BTreeMap<String, Vec<String>>;

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    pairs.iter().map(|(name, value)| ((*name).into(), vec![(*value).into()])).collect()
}

fn member(name: &str) -> NewUser {
    NewUser::new(name).enabled(true).email(format!("{name}@lab.test"))
}

#[tokio::test]
async fn the_realm_tells_of_itself() {
    let settings = admin().await.realm().read().await.unwrap();
    assert_eq!((&*settings.realm, settings.enabled), ("lab", Some(true)));
    assert!(settings.access_token_lifespan.is_some());
}

#[tokio::test]
async fn a_user_from_first_to_last() {
    let users = admin().await.users();
    let name = lab::name("user");
    Cleanup::after(|cleanup| async move {
        let user = users.create(member(&name).first_name("Ada")).await.unwrap();
        cleanup.delete(&users, &user.id);
        assert_eq!((&*user.username, user.enabled), (&*name, true));
        assert_eq!(users.find(&name).await.unwrap().id, user.id);
        assert_eq!(users.find(user.id.as_str()).await.unwrap().username, name);

        let twin = users.create(NewUser::new(&name)).await.unwrap_err();
        assert_eq!(twin.kind(), ErrorKind::Conflict, "{twin}");

        let patch = UserPatch::new().last_name("Lovelace").enabled(false);
        let user = users.update(&user.id, patch).await.unwrap();
        assert_eq!(user.first_name.as_deref(), Some("Ada"));
        assert_eq!((user.last_name.as_deref(), user.enabled), (Some("Lovelace"), false));
        let user = users.update(&user.id, UserPatch::new().email("")).await.unwrap();
        assert_eq!((user.email.as_deref(), user.first_name.as_deref()), (None, Some("Ada")));
        let password = [NewCredential::password("new secret").temporary(true)];
        users.update(&user.id, UserPatch::new().credentials(password)).await.unwrap();

        users.delete(&user.id).await.unwrap();
        assert!(users.get_opt(&user.id).await.unwrap().is_none());
        assert!(users.delete(&user.id).await.unwrap_err().is_not_found());
    })
    .await;
}

/// All that the server tells of one.
async fn whole<R: Resource<Dialect = Keycloak> + Readable>(realm: &Keycloak, id: &Id<R>) -> Value {
    realm.api::<R>().view().get(id).await.unwrap()
}

#[tokio::test]
async fn updates_keep_what_they_do_not_name() {
    let realm = admin().await;
    let name = lab::name("whole");
    Cleanup::after(|cleanup| async move {
        let unknown = attributes(&[("colour", "blue"), ("plan", "gold")]);

        let users = realm.users();
        // Names that no type of the SDK knows.
        let new = member(&name)
            .first_name("Ada")
            .attributes(unknown.clone())
            .with("requiredActions", json!(["UPDATE_PASSWORD"]));
        let user = users.create(new).await.unwrap();
        cleanup.delete(&users, &user.id);
        let mut before = whole(&realm, &user.id).await;
        users.update(&user.id, UserPatch::new().last_name("Lovelace")).await.unwrap();
        before["lastName"] = "Lovelace".into();
        assert_eq!(whole(&realm, &user.id).await, before);
        let changes = [("size".into(), Some(vec!["2".into()])), ("plan".into(), None)];
        let patch = UserPatch::new().attributes(BTreeMap::from(changes.clone()));
        users.update(&user.id, patch).await.unwrap();
        before["attributes"] = json!({"colour": ["blue"], "size": ["2"]});
        assert_eq!(whole(&realm, &user.id).await, before);
        let patch = UserPatch::new().first_name("").email("");
        let user = users.update(&user.id, patch).await.unwrap();
        assert_eq!((user.first_name, user.email, user.attributes.len()), (None, None, 2));

        let groups = realm.groups();
        let new = NewGroup::new(&name).description("d").attributes(unknown.clone());
        let group = groups.create(new).await.unwrap();
        cleanup.delete(&groups, &group.id);
        let mut before = whole(&realm, &group.id).await;
        groups.update(&group.id, GroupPatch::new().name(format!("{name}-2"))).await.unwrap();
        before["name"] = format!("{name}-2").into();
        before["path"] = format!("/{name}-2").into();
        assert_eq!(whole(&realm, &group.id).await, before);
        let patch = GroupPatch::new()
            .description(Change::Clear)
            .attributes(BTreeMap::from(changes.clone()));
        let group = groups.update(&group.id, patch).await.unwrap();
        assert_eq!(group.description, None);
        assert_eq!(group.attributes, attributes(&[("colour", "blue"), ("size", "2")]));

        let roles = realm.roles();
        let new = NewRole::new(&name).description("d").attributes(unknown);
        let role = roles.create(new).await.unwrap();
        cleanup.delete(&roles, &role.id);
        let mut before = whole(&realm, &role.id).await;
        roles.update(&role.id, RolePatch::new().name(format!("{name}-2"))).await.unwrap();
        before["name"] = format!("{name}-2").into();
        assert_eq!(whole(&realm, &role.id).await, before);
        let patch = RolePatch::new().description(Change::Clear).attributes(BTreeMap::from(changes));
        let role = roles.update(&role.id, patch).await.unwrap();
        assert_eq!((role.description, role.attributes.len()), (None, 2));
    })
    .await;
}

#[tokio::test]
async fn groups_and_roles_reach_their_members() {
    let realm = admin().await;
    let name = lab::name("member");
    Cleanup::after(|cleanup| async move {
        let (users, groups, roles) = (realm.users(), realm.groups(), realm.roles());
        let user = users.create(member(&name)).await.unwrap();
        cleanup.delete(&users, &user.id);
        let group = groups.create(NewGroup::new(&name)).await.unwrap();
        cleanup.delete(&groups, &group.id);
        // The name of a role may hold anything.
        let role = roles.create(NewRole::new(format!("{name}/ä b"))).await.unwrap();
        cleanup.delete(&roles, &role.id);
        assert_eq!(groups.find(&name).await.unwrap().id, group.id);
        assert_eq!(roles.find(&role.name).await.unwrap().id, role.id);

        for _ in 0..2 {
            users.act(&user.id, Join::new(&group.id)).await.unwrap();
        }
        let members = realm.members(&group.id).list(MembershipQuery::new());
        assert_eq!(lab::keys(members, |user| user.id.clone()).await, [user.id.clone()]);
        let joined = realm.groups_of(&user.id).list(MembershipQuery::new());
        assert_eq!(lab::keys(joined, |group| group.id.clone()).await, [group.id.clone()]);

        let has = async || {
            let held = realm.roles_of(&user.id).list(Extra::new());
            lab::keys(held, |role| role.name.clone()).await.contains(&role.name)
        };
        assert!(!has().await);
        groups.act(&group.id, AssignRoles::new([&role])).await.unwrap();
        assert!(has().await);
        let held = realm.roles_of(&group.id).list(Extra::new());
        assert_eq!(lab::keys(held, |role| role.id.clone()).await, [role.id.clone()]);
        groups.act(&group.id, RevokeRoles::new([&role])).await.unwrap();
        assert!(!has().await);
        users.act(&user.id, AssignRoles::new([&role])).await.unwrap();
        assert!(has().await);

        for _ in 0..2 {
            users.act(&user.id, Leave::new(&group.id)).await.unwrap();
        }
        let members = realm.members(&group.id).list(MembershipQuery::new());
        assert!(members.try_collect::<Vec<_>>().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn lists_are_whole_whatever_the_page_size() {
    let realm = admin().await;
    let name = lab::name("page");
    Cleanup::after(|cleanup| async move {
        let (users, groups, roles) = (realm.users(), realm.groups(), realm.roles());
        let group = groups.create(NewGroup::new(format!("{name}-0"))).await.unwrap();
        cleanup.delete(&groups, &group.id);
        let mut names = vec![format!("{name}-0")];
        let mut members = Vec::new();
        for number in 1..=5 {
            let name = format!("{name}-{number}");
            let user = users.create(member(&name)).await.unwrap();
            cleanup.delete(&users, &user.id);
            users.act(&user.id, Join::new(&group.id)).await.unwrap();
            let new = NewGroup::new(&name).attributes(attributes(&[("n", "1")]));
            cleanup.delete(&groups, &groups.create(new).await.unwrap().id);
            let new = NewRole::new(&name).attributes(attributes(&[("n", "1")]));
            cleanup.delete(&roles, &roles.create(new).await.unwrap().id);
            names.push(name.clone());
            members.push(name);
        }
        for max in 1..=7u32 {
            let listed = users.list(UserQuery::new().username(&name).max(max));
            assert_eq!(lab::keys(listed, |user| user.username.clone()).await, members, "{max}");
            let listed = realm.members(&group.id).list(MembershipQuery::new().max(max));
            assert_eq!(lab::keys(listed, |user| user.username.clone()).await, members, "{max}");
            let listed = groups.list(GroupQuery::new().search(&name).max(max));
            assert_eq!(lab::keys(listed, |group| group.name.clone()).await, names, "{max}");
            let listed = roles.list(RoleQuery::new().search(&name).max(max));
            let listed: Vec<Role> = listed.try_collect().await.unwrap();
            assert_eq!(listed.len(), 5, "{max}");
            assert!(listed.iter().all(|role| role.attributes.contains_key("n")), "{listed:?}");
        }
    })
    .await;
}

/// One line that names the layer, with something to do at its end.
fn line(error: &Error, kind: ErrorKind, words: &str) {
    let text = error.to_string();
    assert_eq!(error.kind(), kind, "{text}");
    assert!(text.starts_with("keycloak: ") && text.contains(words), "{text}");
    assert!(!text.contains('\n') && error.hint().is_some(), "{text}");
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    use ErrorKind as K;
    let bob = realm(client("cli").password("bob", "secret")).await;
    let error = bob.users().list(UserQuery::new()).try_next().await.unwrap_err();
    line(&error, K::Forbidden, "HTTP 403");
    assert!(error.hint().unwrap().contains("manage-users"), "{error}");

    let admin = admin().await;
    let users = admin.users();
    line(&users.get(&"nobody".into()).await.unwrap_err(), K::NotFound, "User not found");
    line(&users.create(NewUser::new("alice")).await.unwrap_err(), K::Conflict, "same username");
    let error = users.create(NewUser::new("x")).await.unwrap_err();
    line(&error, K::Rejected, "`username`: error-invalid-length (3, 255)");
    let error = users.create(NewUser::new("live-none").with("nonsense", 1)).await.unwrap_err();
    line(&error, K::Rejected, "Unrecognized field");
    let error = admin.groups().create(NewGroup::new("lab-users")).await.unwrap_err();
    line(&error, K::Conflict, "already exists");
    let error = users.act(&"nobody".into(), Join::new("nowhere")).await.unwrap_err();
    line(&error, K::NotFound, "User not found");

    // A token of another realm, and a realm that does not exist.
    let login = client("lab-admin").client_secret("secret").client_credentials();
    let login = std::sync::Arc::new(login.connect().await.unwrap());
    for (realm, kind, words) in
        [("nowhere", K::NotFound, "Realm not found"), ("partner", K::Forbidden, "HTTP 403")]
    {
        let realm = Keycloak::builder(super::url(), realm, login.clone());
        let realm = realm.transport(super::trusting).build().unwrap();
        let error = realm.users().get(&"nobody".into()).await.unwrap_err();
        line(&error, kind, words);
    }
}

#[tokio::test]
async fn keycloak_conforms() {
    let facets = Suite::new(lab::name("suite")).provider(&admin().await).await.unwrap();
    assert_eq!(facets, ["users", "groups", "roles"]);
}

//! The fake, seen by its own clients.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::{TryStreamExt, future::join_all};
use http::Method;
use proptest::prelude::*;
use scs_core::{
    Api, Change, ErrorKind, Id, Readable, Resource, Route, Updatable,
    auth::{TokenRequest, TokenSource},
    testing::{Answer, FakeServer, FakeService, Fault, Received, conformance::Suite},
    transport::Retry,
};
use serde_json::{Value, json};

use super::FakeKeycloak;
use crate::{
    Keycloak, Oidc,
    keycloak::{
        GroupPatch, GroupQuery, Join, MembershipQuery, NewGroup, NewRole, NewUser, RolePatch,
        RoleQuery, UserPatch, UserQuery,
    },
    oidc::OidcBuilder,
};

/// How often the token endpoint was asked.
fn logins(fake: &FakeKeycloak) -> usize {
    fake.requests().iter().filter(|request| request.path.ends_with("/token")).count()
}

fn alice(fake: &FakeKeycloak) -> OidcBuilder {
    fake.client("cli").password("alice", "secret")
}

#[tokio::test]
async fn it_conforms() {
    let fake = FakeKeycloak::start().await;
    let facets = Suite::new("suite").provider(&fake.connect().await.unwrap()).await.unwrap();
    assert_eq!(facets, ["users", "groups", "roles"]);
}

#[tokio::test]
async fn tokens_tell_who_and_for_whom() {
    let fake = FakeKeycloak::start().await;
    let login = alice(&fake).connect().await.unwrap();
    let token = login.token(TokenRequest::default()).await.unwrap();
    let verifier = fake.verifier();
    let claims = verifier.verify(token.token().expose()).unwrap();
    assert_eq!((&*claims.username, &*claims.client), ("alice", "cli"));
    assert_eq!(claims.groups, ["lab-users", "lab-admins"]);
    assert_eq!(claims.issuer, fake.issuer());
    assert!(claims.is_for("keystone") && claims.is_for("kubernetes"));
    assert!(verifier.verify("nonsense").is_none());

    let login = fake.client("kubernetes").password("bob", "secret").connect().await.unwrap();
    let token = login.token(TokenRequest::default()).await.unwrap();
    assert!(!verifier.verify(token.token().expose()).unwrap().is_for("keystone"));

    fake.token_lifetime(Duration::from_secs(1));
    let login = alice(&fake).connect().await.unwrap();
    let token = login.token(TokenRequest::default()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(verifier.verify(token.token().expose()).is_none(), "it has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_make_one_refresh() {
    let fake = FakeKeycloak::start().await;
    let login = alice(&fake).connect().await.unwrap();
    let realm = fake.builder(Arc::new(login.clone())).connect().await.unwrap();
    realm.realm().read().await.unwrap();
    assert_eq!(logins(&fake), 1);
    // All tokens are refused from now on; the session lives.
    fake.tokens.settings().access.clear();
    let tasks = (0..1000).map(|_| {
        let realm = realm.clone();
        tokio::spawn(async move { realm.realm().read().await })
    });
    for outcome in join_all(tasks).await {
        outcome.unwrap().unwrap();
    }
    assert_eq!(logins(&fake), 2);
    let body = |request: &Received| String::from_utf8_lossy(&request.body).into_owned();
    let requests = fake.requests();
    let last = requests.iter().rfind(|request| request.path.ends_with("/token")).unwrap();
    assert!(body(last).contains("grant_type=refresh_token"), "{}", body(last));
}

#[tokio::test]
async fn a_session_that_is_over_is_begun_anew() {
    let fake = FakeKeycloak::start().await;
    let login = alice(&fake).connect().await.unwrap();
    let realm = fake.builder(Arc::new(login.clone())).connect().await.unwrap();
    fake.log_everyone_out();
    realm.realm().read().await.unwrap();
    // Refused, and then by the password.
    assert_eq!(logins(&fake), 3);

    let refresh = login.refresh_token().await.unwrap().unwrap();
    fake.log_everyone_out();
    let error = fake.client("cli").refresh_token(refresh).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(
        error.to_string(),
        "oidc: POST token: the login of client `cli`, made earlier, is refused: Session not \
         active (HTTP 400); the login is over: log in again"
    );
}

/// For two seconds after a failed login everybody gets the same answer.
async fn failure_is_forgotten() {
    tokio::time::sleep(Duration::from_millis(2100)).await;
}

#[tokio::test]
async fn a_refresh_that_fails_keeps_the_session() {
    let fake = FakeKeycloak::start().await;
    let login = alice(&fake)
        .transport(|transport| transport.retry(Retry::never()))
        .connect()
        .await
        .unwrap();
    let first = login.token(TokenRequest::default()).await.unwrap();
    fake.fail(Fault::status(503).on("POST", "/realms/lab"));
    let again = TokenRequest::default().rejected(first.generation());
    let error = login.token(again).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    failure_is_forgotten().await;
    login.token(again).await.unwrap();
    let requests = fake.requests();
    let bodies: Vec<_> = requests
        .iter()
        .filter(|request| request.path.ends_with("/token"))
        .map(|request| String::from_utf8_lossy(&request.body).into_owned())
        .collect();
    assert!(bodies[1..].iter().all(|body| body.contains("refresh_token")), "{}", bodies.len());
}

#[tokio::test]
async fn tokens_are_renewed_ahead_of_their_end() {
    let fake = FakeKeycloak::start().await;
    fake.token_lifetime(Duration::from_secs(4));
    let login = alice(&fake).connect().await.unwrap();
    let first = login.token(TokenRequest::default()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(2200)).await;
    let ahead = TokenRequest::new(Duration::from_secs(2));
    assert!(login.token(ahead).await.unwrap().generation() > first.generation());
    assert_eq!(logins(&fake), 2);
}

#[tokio::test]
async fn a_device_is_asked_for_at_the_pace_of_the_provider() {
    let fake = Arc::new(FakeKeycloak::start().await);
    let devices = fake.devices.clone();
    let runtime = tokio::runtime::Handle::current();
    let login = fake.client("cli").device(move |prompt| {
        let (devices, code) = (devices.clone(), prompt.user_code.clone());
        assert!(prompt.verification_uri_complete.as_ref().unwrap().contains(&code));
        runtime.spawn(async move {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            assert!(devices.answer(&code, Some("bob")));
        });
    });
    let login = login.connect().await.unwrap();
    let token = login.token(TokenRequest::default()).await.unwrap();
    let claims = fake.verifier().verify(token.token().expose()).unwrap();
    assert_eq!(claims.username, "bob");
    let asked = logins(&fake);
    assert!((2..=4).contains(&asked), "{asked}");
    // A renewal asks nobody.
    login.token(TokenRequest::default().rejected(token.generation())).await.unwrap();
    assert_eq!(logins(&fake), asked + 1);
}

#[tokio::test]
async fn a_device_login_ends_when_it_cannot_go_on() {
    let fake = Arc::new(FakeKeycloak::start().await);
    let devices = fake.devices.clone();
    let denied = fake.client("cli").device(move |prompt| {
        devices.answer(&prompt.user_code, None);
    });
    let error = denied.connect().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("access_denied")));

    // The provider goes away while somebody looks for their phone.
    let login =
        fake.client("cli").transport(|transport| transport.retry(Retry::never())).device(|_| {});
    let login = login.build().unwrap();
    fake.fail(Fault::status(502).on("POST", "/realms/lab/protocol/openid-connect/token"));
    let error = login.token(TokenRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");

    let none = fake.client("service").client_secret("secret").device(|_| {});
    let error = none.connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
}

#[tokio::test]
async fn bad_input_is_one_line_that_says_what_to_do() {
    use ErrorKind as K;
    let fake = FakeKeycloak::start().await;
    fake.disable_user("carol");
    let of = |issuer: String| Oidc::builder(issuer, "cli").password("alice", "secret");
    let once = |login: OidcBuilder| login.transport(|transport| transport.retry(Retry::never()));
    let table = [
        (fake.client("cli").password("alice", "wrong"), K::Unauthenticated, "check user name"),
        (fake.client("cli").password("carol", "secret"), K::Unauthenticated, "has to enable"),
        (fake.client("nobody").password("alice", "secret"), K::Unauthenticated, "id of the client"),
        (
            fake.client("service").client_secret("wrong").client_credentials(),
            K::Unauthenticated,
            "check the secret",
        ),
        (
            fake.client("service").client_secret("secret").password("alice", "secret"),
            K::Forbidden,
            "have to allow this grant",
        ),
        (of(format!("{}/realms/nowhere", fake.url())), K::Config, "check the issuer"),
        (of(fake.issuer().replace("127.0.0.1", "localhost")), K::Config, "as it calls itself"),
        (once(of("http://127.0.0.1:1/realms/lab".into())), K::Transport, "check the address"),
        (of("id.example".into()), K::Config, "write it like"),
        (fake.client("cli"), K::Config, "choose `password`"),
        (fake.client("cli").client_credentials(), K::Config, "client_secret"),
    ];
    for (login, kind, hint) in table {
        let error = login.connect().await.unwrap_err();
        let text = error.to_string();
        assert_eq!(error.kind(), kind, "{text}");
        assert!(error.hint().is_some_and(|given| given.contains(hint)), "{text}");
        assert!(!text.contains('\n') && !format!("{error:?}").contains("secret\""), "{text}");
    }

    let bob = fake.client("cli").password("bob", "secret").connect().await.unwrap();
    let realm = fake.builder(Arc::new(bob)).connect().await.unwrap();
    let error = realm.users().list(UserQuery::new()).try_next().await.unwrap_err();
    assert_eq!(error.kind(), K::Forbidden);
    assert!(error.to_string().contains("manage-users"), "{error}");

    // Somebody is locked out in the middle of it.
    let alice = alice(&fake).connect().await.unwrap();
    let realm = fake.builder(Arc::new(alice)).connect().await.unwrap();
    fake.disable_user("alice");
    let error = realm.users().find("bob").await.unwrap_err();
    assert_eq!(error.kind(), K::Unauthenticated, "{error}");
    assert!(error.to_string().contains("Account disabled"), "{error}");
    fake.enable_user("alice");
    failure_is_forgotten().await;
    realm.users().find("bob").await.unwrap();
}

#[tokio::test]
async fn what_the_provider_answers_is_not_printed() {
    let fake = FakeKeycloak::start().await;
    let secret = "canary-in-an-answer";
    // No token: not even a failure of OAuth, and not JSON.
    let server = FakeServer::start().await;
    let document = json!({
        "issuer": server.url(), "token_endpoint": format!("{}/token", server.url()),
    });
    server.serve(
        FakeService::new("")
            .on(Method::GET, ".well-known/openid-configuration", move |_| {
                Ok(Answer::json(200, &document))
            })
            .on(Method::POST, "token", move |_| {
                Ok(Answer::json(
                    200,
                    json!({"access_token": {"in": secret}, "token_type": "Bearer"}),
                ))
            }),
    );
    let error = Oidc::builder(server.url(), "cli").password("a", "b").connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
    let login = alice(&fake).connect().await.unwrap();
    let token = login.token(TokenRequest::default()).await.unwrap();
    let refresh = login.refresh_token().await.unwrap().unwrap();
    let printed = format!("{login:?} {token:?} {:?}", alice(&fake));
    for word in ["secret", token.token().expose(), refresh.expose()] {
        assert!(!printed.contains(word), "{printed}");
    }
}

#[tokio::test]
async fn an_endless_or_silent_provider_is_given_up() {
    let server = FakeServer::start().await;
    let endless =
        FakeService::new("endless").on(Method::GET, ".well-known/openid-configuration", |_| {
            Ok(Answer::text(200, "application/json", " ".repeat(2 << 20)))
        });
    server.serve(endless);
    let login = |path: &str| {
        Oidc::builder(format!("{}/{path}", server.url()), "cli").password("a", "b").transport(
            |transport| {
                transport
                    .http(|http| http.idle_timeout(Duration::from_millis(100)))
                    .retry(Retry::never())
            },
        )
    };
    let error = login("endless").connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.to_string().contains("larger than"), "{error}");
    server.fail(Fault::status(200).delay(Duration::from_secs(5)));
    let error = login("silent").connect().await.unwrap_err();
    assert_eq!((error.kind(), error.service()), (ErrorKind::Timeout, Some("oidc")), "{error}");
}

#[tokio::test]
async fn lists_are_whole_whatever_the_page_size() {
    let fake = FakeKeycloak::start().await;
    let realm = fake.connect().await.unwrap();
    let group = realm.groups().find("lab-users").await.unwrap();
    for number in 0..4 {
        let name = format!("page-{number}");
        let user = realm.users().create(NewUser::new(&name)).await.unwrap();
        realm.users().act(&user.id, Join::new(&group.id)).await.unwrap();
        realm.groups().create(NewGroup::new(&name)).await.unwrap();
        realm.roles().create(NewRole::new(&name)).await.unwrap();
    }
    for max in 1..=6u32 {
        let users = realm.users().list(UserQuery::new().username("page").max(max));
        assert_eq!(users.try_collect::<Vec<_>>().await.unwrap().len(), 4);
        let groups = realm.groups().list(GroupQuery::new().search("page").max(max));
        assert_eq!(groups.try_collect::<Vec<_>>().await.unwrap().len(), 4);
        let roles = realm.roles().list(RoleQuery::new().search("page").max(max));
        assert_eq!(roles.try_collect::<Vec<_>>().await.unwrap().len(), 4);
        let members = realm.members(&group.id).list(MembershipQuery::new().max(max));
        assert_eq!(members.try_collect::<Vec<_>>().await.unwrap().len(), 7, "with bob and alice");
    }
}

/// A group as a client sees it that does not know what Keycloak does.
#[derive(Debug, serde::Deserialize)]
struct Naive {}

impl Resource for Naive {
    type Dialect = Keycloak;
    const ROUTE: Route = Route::new("keycloak", "groups");
}

impl Updatable for Naive {
    type Patch = GroupPatch;
}

#[tokio::test]
async fn what_a_put_does_not_hold_is_lost() {
    let fake = FakeKeycloak::start().await;
    let realm = fake.connect().await.unwrap();
    let groups = realm.groups();
    let colour: Attributes = [("colour".into(), vec!["blue".into()])].into();
    let new = NewGroup::new("a").description("d").attributes(colour.clone());
    let group = groups.create(new).await.unwrap();
    let id = group.id.cast();
    realm.api::<Naive>().update(&id, GroupPatch::new().name("b")).await.unwrap();
    let group = groups.get(&group.id).await.unwrap();
    assert_eq!((group.description, group.attributes), (None, colour));
    let error = realm.api::<Naive>().update(&id, GroupPatch::new().with("x", 1)).await.unwrap_err();
    assert!(error.message().contains("Unrecognized field \"x\""), "{error}");
}

/// All that the fake tells of one.
async fn whole<R: Resource<Dialect = Keycloak> + Readable>(api: &Api<R>, id: &Id<R>) -> Value {
    api.view().get(id).await.unwrap()
}

type Attributes = BTreeMap<String, Vec<String>>;

fn attributes() -> impl Strategy<Value = Attributes> {
    let values = proptest::collection::vec("\\PC{0,6}", 1..3);
    proptest::collection::btree_map("[a-z]{1,5}", values, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a user, a group or a role holds, an update changes what it names and nothing
    /// else.
    #[test]
    fn updates_keep_what_they_do_not_name(
        present in attributes(),
        changed in attributes(),
        gone in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let fake = FakeKeycloak::start().await;
            let realm = fake.connect().await.unwrap();
            let (users, groups, roles) = (realm.users(), realm.groups(), realm.roles());
            let gone = present.keys().next().filter(|_| gone).cloned();
            let mut expected = present.clone();
            expected.extend(changed.clone());
            let mut patch: BTreeMap<_, _> =
                changed.into_iter().map(|(name, values)| (name, Some(values))).collect();
            if let Some(gone) = gone {
                expected.remove(&gone);
                patch.insert(gone, None);
            }

            let new = NewUser::new("ada").email("ada@lab.test").attributes(present.clone());
            let user = users.create(new).await.unwrap();
            let mut before = whole(&users, &user.id).await;
            users.update(&user.id, UserPatch::new().enabled(true)).await.unwrap();
            before["enabled"] = json!(true);
            assert_eq!(whole(&users, &user.id).await, before);
            let changes = UserPatch::new().first_name("Ada").attributes(patch.clone());
            let user = users.update(&user.id, changes).await.unwrap();
            assert_eq!(user.attributes, expected);
            assert_eq!(user.email.as_deref(), Some("ada@lab.test"));

            let new = NewGroup::new("a").description("d").attributes(present.clone());
            let group = groups.create(new).await.unwrap();
            let changes = GroupPatch::new().name("b").attributes(patch.clone());
            let group = groups.update(&group.id, changes).await.unwrap();
            assert_eq!(group.attributes, expected);
            assert_eq!(group.description.as_deref(), Some("d"));
            let cleared = GroupPatch::new().description(Change::Clear);
            assert_eq!(groups.update(&group.id, cleared).await.unwrap().description, None);

            let new = NewRole::new("a").description("d").attributes(present);
            let role = roles.create(new).await.unwrap();
            let role = roles.update(&role.id, RolePatch::new().attributes(patch)).await.unwrap();
            assert_eq!(role.attributes, expected);
            assert_eq!(role.description.as_deref(), Some("d"));
        });
    }
}

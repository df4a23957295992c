//! Logins of every kind, as Keystone takes and refuses them.

use std::time::Duration;

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{Dialect, Error, ErrorKind, testing::Fault},
    iaas::{
        OpenStack,
        auth::{
            ApplicationCredential, Login, MultiFactor, Password, Receipt, Scope, Standalone, Token,
            Totp,
        },
        compute::FlavorQuery,
        identity::NewEc2Credential,
        testing::FakeOpenStack,
    },
};

async fn fake() -> FakeOpenStack {
    let fake = FakeOpenStack::start().await;
    fake.require_factors("demo", "123456", &[&["password", "totp"]]);
    fake
}

fn password() -> Password {
    Password::new("demo", "secret").user_domain("Default")
}

fn totp(passcode: &str) -> Totp {
    Totp::new("demo", passcode).user_domain("Default")
}

fn project() -> Scope {
    Scope::project("demo").domain("Default").into()
}

async fn connect(fake: &FakeOpenStack, login: impl Into<Login>) -> Result<OpenStack, Error> {
    OpenStack::connect(fake.auth_url(), login).await
}

#[tokio::test]
async fn several_factors_at_once() {
    let fake = fake().await;
    let login = MultiFactor::new(password()).and(totp("123456")).scope(project());
    let cloud = connect(&fake, login).await.unwrap();
    assert_eq!(cloud.session().access().await.unwrap().project.as_ref().unwrap().name, "demo");
    let wrong = MultiFactor::new(password()).and(totp("1")).scope(project());
    let error = connect(&fake, wrong).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(Receipt::of(&error).is_none());
    assert!(error.to_string().contains("half a minute"), "{error}");
}

#[tokio::test]
async fn one_factor_after_the_other() {
    let fake = fake().await;
    let error = connect(&fake, password().scope(project())).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "identity: POST auth/tokens: the login of user `demo` is right, but Keystone also asks \
         for totp (HTTP 401); log in with all factors at once, or go on with the receipt"
    );
    let receipt = Receipt::of(&error).unwrap();
    assert_eq!(receipt.missing(), [["totp"]]);
    assert!(!format!("{error:?} {receipt:?}").contains(receipt.id.expose()));
    let rest = MultiFactor::new(totp("123456")).receipt(receipt.id.clone()).scope(project());
    connect(&fake, rest.clone()).await.unwrap();
    let id = receipt.id.clone();
    let error = connect(&fake, rest).await.unwrap_err();
    assert!(error.to_string().contains("Could not find auth receipt: …"), "{error}");
    assert!(!format!("{error:?}").contains(id.expose()), "{error:?}");
    assert!(error.to_string().contains("log in from the beginning"), "{error}");
}

#[tokio::test]
async fn a_passcode_is_sent_once() {
    let fake = FakeOpenStack::start().await;
    fake.require_factors("demo", "123456", &[&["totp"]]);
    let cloud = connect(&fake, totp("123456").scope(project())).await.unwrap();
    fake.revoke_tokens();
    fake.forget_requests();
    let error = cloud.flavors().find("SCS-1V-4").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(error.to_string().contains("its passcode has been used"), "{error}");
    assert!(fake.requests().iter().all(|request| !request.path.ends_with("auth/tokens")));

    // Nor again when nobody knows what has become of it.
    fake.fail(Fault::status(502).times(10).on("POST", "/identity/v3/auth/tokens"));
    fake.forget_requests();
    connect(&fake, totp("123456").scope(project())).await.unwrap_err();
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn a_token_by_passcode_opens_other_projects() {
    let fake = FakeOpenStack::start().await;
    fake.require_factors("admin", "123456", &[&["password", "totp"]]);
    let admin = MultiFactor::new(Password::new("admin", "secret").user_domain("Default"))
        .and(Totp::new("admin", "123456").user_domain("Default"))
        .scope(Scope::project("admin").domain("Default"));
    let admin = connect(&fake, admin).await.unwrap();
    let demo = admin.projects().find("demo").await.unwrap();
    let other = admin.for_project(&demo.id).await.unwrap();
    assert_eq!(other.session().access().await.unwrap().project_id(), Some(demo.id));
}

#[tokio::test]
async fn what_contradicts_itself_is_not_sent() {
    let fake = FakeOpenStack::start().await;
    let credential = || ApplicationCredential::by_id("c", "s");
    for (login, words) in [
        (MultiFactor::new(password().scope(project())).and(totp("1")), "a scope of its own"),
        (MultiFactor::new(password()).and(password()), "is there twice"),
        (MultiFactor::new(credential()).scope(project()), "has its project in itself"),
        (MultiFactor::new(totp("1")).receipt("line\nend"), "no header can"),
    ] {
        let error = connect(&fake, login).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_given_token_that_is_no_good_is_named() {
    let fake = FakeOpenStack::start().await;
    let error = connect(&fake, Token::new("wrong").scope(project())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(error.to_string().contains("the login of the given token is refused"), "{error}");
    let credential = ApplicationCredential::by_id("none", "s");
    let error = connect(&fake, credential).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(error.to_string().contains("Could not find Application Credential: none"), "{error}");
    let error = connect(&fake, totp("1").scope(Scope::trust("none"))).await.unwrap_err();
    assert!(error.to_string().contains("the login of user `demo` is refused"), "{error}");
}

#[tokio::test]
async fn ec2_credentials() {
    let fake = FakeOpenStack::start().await;
    let cloud = fake.connect().await.unwrap();
    let access = cloud.session().access().await.unwrap();
    let user = access.user.id.as_str().into();
    let credentials = cloud.ec2_credentials(&user);
    let project = access.project_id().unwrap();
    let made = credentials.create(NewEc2Credential::in_project(&project)).await.unwrap();
    assert_eq!((&made.user_id, &made.project_id), (&user, &project));
    assert!(!format!("{made:?}").contains(made.secret.expose()));
    let listed: Vec<_> = credentials.list(()).try_collect().await.unwrap();
    assert_eq!(listed[0].access, made.access);
    credentials.delete(&made.access).await.unwrap();
    assert!(credentials.get_opt(&made.access).await.unwrap().is_none());
}

#[tokio::test]
async fn services_without_keystone() {
    let fake = FakeOpenStack::start().await;
    let compute = || fake.auth_url().replace("identity/v3", "compute/v2.1").parse().unwrap();
    let token = fake.connect().await.unwrap().session().transport().grant(Duration::ZERO).await;
    let token = token.unwrap().token().clone();
    let given = OpenStack::standalone(Standalone::token(token))
        .endpoint_override("compute", compute())
        .connect()
        .await
        .unwrap();
    let given = OpenStack::new(given);
    assert!(
        !given.flavors().list(FlavorQuery::new()).try_collect::<Vec<_>>().await.unwrap().is_empty()
    );
    let error = given.networks().get(&"n".into()).await.unwrap_err();
    assert!(error.to_string().contains("nobody knows where network is"), "{error}");
    let error = given.for_project(&"p".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    let error = given.session().access().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");

    for (login, words) in [
        (Standalone::open(), "requests without a login are refused"),
        (Standalone::http_basic("ada", "canary"), "user `ada` is refused"),
    ] {
        assert!(!format!("{login:?}").contains("canary"));
        let session = OpenStack::standalone(login.endpoint(compute())).connect().await.unwrap();
        fake.forget_requests();
        let error = OpenStack::new(session).flavors().get(&"f".into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        assert!(error.to_string().contains(words), "{error}");
        let refused = fake.requests();
        assert_eq!(refused.iter().filter(|request| request.status == 401).count(), 1);
    }
}

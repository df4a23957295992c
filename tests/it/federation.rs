//! Logins to Keystone with tokens of an OpenID provider.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::TryStreamExt;
use scs_cloud::{
    core::{
        Error, ErrorKind, Result, Secret,
        auth::{Authenticator, Grant, StaticToken, TokenSource, Tokens},
        transport::Transport,
    },
    iaas::{
        OpenStack,
        auth::{Federated, Scope},
        compute::ServerQuery,
        testing::{BearerRefusal, FakeOpenStack, FederatedUser},
    },
};

/// A provider that knows alice (of project `demo`), carol (of none) and a token for others.
/// Of alice's tokens, those from `canary-alice-2` on are valid.
async fn cloud() -> FakeOpenStack {
    let fake = FakeOpenStack::start().await;
    fake.populate_servers(1);
    fake.federate("keycloak", "openid", |token| match token {
        "canary-carol" => Ok(FederatedUser::new("carol", ["nobody"])),
        "canary-other" => Err(BearerRefusal::Audience),
        "canary-alice-0" | "canary-alice-1" => Err(BearerRefusal::Invalid),
        token if token.starts_with("canary-alice") => Ok(FederatedUser::new("alice", ["demo"])),
        _ => Err(BearerRefusal::Invalid),
    });
    fake
}

fn given(token: &str) -> Arc<dyn TokenSource> {
    Arc::new(StaticToken::new(token).unwrap())
}

fn demo() -> Scope {
    Scope::project("demo").domain("Default").into()
}

async fn refused(fake: &FakeOpenStack, login: Federated) -> Error {
    let error = OpenStack::connect(fake.auth_url(), login).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("identity: "), "{text}");
    assert!(!text.contains('\n') && !text.contains('<') && !text.contains("canary"), "{text}");
    assert!(error.hint().is_some_and(|hint| text.ends_with(hint)), "{text}");
    error
}

#[tokio::test]
async fn a_token_of_the_provider_opens_the_project() {
    let fake = cloud().await;
    let login = Federated::new("keycloak", "openid", given("canary-alice"));
    let cloud = OpenStack::connect(fake.auth_url(), login.clone().scope(demo())).await.unwrap();
    let access = cloud.session().access().await.unwrap();
    assert_eq!((&*access.user.name, access.user.domain.as_deref()), ("alice", Some("keycloak")));
    assert_eq!(access.project.as_ref().map(|project| &*project.name), Some("demo"));
    let servers: Vec<_> = cloud.servers().list(ServerQuery::new()).try_collect().await.unwrap();
    assert_eq!(servers.len(), 1);
    // Keystone's token is given up, the provider's does for another one.
    fake.revoke_tokens();
    cloud.flavors().find("SCS-2V-8").await.unwrap();
    let unscoped = OpenStack::connect(fake.auth_url(), login).await.unwrap();
    assert!(unscoped.session().access().await.unwrap().project.is_none());
}

#[tokio::test]
async fn each_refusal_says_what_to_do() {
    let fake = cloud().await;
    let login = |token| Federated::new("keycloak", "openid", given(token)).scope(demo());
    for (login, kind, words) in [
        (login("canary-carol"), ErrorKind::Unauthenticated, "no rule of Keystone's mapping"),
        (login("canary-other"), ErrorKind::Unauthenticated, "not meant for Keystone"),
        (login("canary-old"), ErrorKind::Unauthenticated, "refuses the token"),
        (
            login("canary-alice").scope(Scope::project("admin").domain("Default")),
            ErrorKind::Unauthenticated,
            "the login of the user of identity provider `keycloak` is refused",
        ),
        (
            Federated::new("okta", "openid", given("canary-alice")),
            ErrorKind::Config,
            "no identity provider `okta`",
        ),
        (
            Federated::new("keycloak", "saml2", given("canary-alice")),
            ErrorKind::Config,
            "no protocol `saml2`",
        ),
        (
            Federated::new("", "openid", given("canary-alice")),
            ErrorKind::InvalidInput,
            "cannot be the name of the identity provider",
        ),
    ] {
        let error = refused(&fake, login).await;
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

/// A provider that gives `canary-alice-0`, `-1`, `-2` and so on, or nothing after the first.
#[derive(Debug, Default)]
struct Provider {
    given: AtomicU32,
    ended: bool,
}

#[async_trait]
impl Authenticator for Provider {
    async fn grant(&self, _: &Transport) -> Result<Grant> {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        if self.ended && number > 0 {
            return Err(Error::new(ErrorKind::Unauthenticated, "Session not active")
                .with_service("keycloak")
                .with_hint("log in again"));
        }
        let token = Secret::from(format!("canary-alice-{number}"));
        Grant::bearer(&token, Some(Duration::from_secs(300)))
    }
}

fn renewed(provider: &Arc<Provider>) -> Federated {
    let http = Transport::builder().build().unwrap();
    let tokens = Arc::new(Tokens::new(provider.clone(), http));
    Federated::new("keycloak", "openid", tokens).scope(demo())
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let fake = cloud().await;
    let provider = Arc::new(Provider::default());
    let error = refused(&fake, renewed(&provider)).await;
    assert!(error.message().contains("has expired or is not valid"), "{error}");
    assert_eq!(provider.given.load(Ordering::Relaxed), 2);
    // The next renewal gives one that is valid.
    let login = renewed(&provider);
    provider.given.store(1, Ordering::Relaxed);
    OpenStack::connect(fake.auth_url(), login).await.unwrap();
    assert_eq!(provider.given.load(Ordering::Relaxed), 3);

    let ended = Arc::new(Provider { ended: true, ..Provider::default() });
    let error = OpenStack::connect(fake.auth_url(), renewed(&ended)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "keycloak: Keystone refuses the token of identity provider `keycloak`, and there is no \
         other: Session not active; log in again"
    );
}

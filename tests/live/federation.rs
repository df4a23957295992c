//! Keystone behind its gateway, federated with the Keycloak lab.
//!
//! `OS_FEDERATION_URL` says where that is, if not where `up` puts it.

use std::{env, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::TryStreamExt;
use scs_cloud::{
    core::{
        Error, ErrorKind, Result,
        auth::{Grant, StaticToken, TokenRequest, TokenSource},
    },
    iaas::{
        OpenStack,
        auth::{Federated, Scope},
        compute::ServerQuery,
    },
    iam::Oidc,
};

use crate::keycloak::{client, trusting};

fn keystone() -> String {
    env::var("OS_FEDERATION_URL").unwrap_or("https://127.0.0.1:5443/v3".into())
}

/// A login of somebody to realm `lab`, by a client of it.
async fn person(name: &str, by: &str) -> Arc<Oidc> {
    Arc::new(client(by).password(name, "secret").connect().await.expect("a login"))
}

fn with(tokens: Arc<dyn TokenSource>) -> Federated {
    Federated::new("keycloak", "openid", tokens).scope(Scope::project("lab").domain("Default"))
}

async fn connect(login: Federated) -> Result<OpenStack> {
    let session = OpenStack::builder(keystone(), login).transport(trusting).connect().await?;
    Ok(OpenStack::new(session))
}

/// One line that names the layer, with something to do at its end.
async fn refused(login: Federated, kind: ErrorKind, words: &str) -> Error {
    let error = connect(login).await.expect_err("a refusal");
    let text = error.to_string();
    assert_eq!(error.kind(), kind, "{text}");
    assert!(text.starts_with("identity: ") && text.contains(words), "{text}");
    assert!(!text.contains(['\n', '<']) && error.hint().is_some(), "{text}");
    error
}

#[tokio::test]
async fn a_user_of_keycloak_works_in_a_project() {
    let alice = person("alice", "cli").await;
    let cloud = connect(with(alice.clone())).await.unwrap();
    let access = cloud.session().access().await.unwrap();
    assert_eq!(access.user.name, "alice");
    assert_eq!(access.project.as_ref().unwrap().name, "lab");
    assert_eq!(access.roles.iter().filter(|role| *role == "member").count(), 1);
    let _: Vec<_> = cloud.servers().list(ServerQuery::new()).try_collect().await.unwrap();
    cloud.flavors().find("SCS-1V-4").await.unwrap();

    let login = with(alice);
    let id = access.project_id().unwrap();
    let by_id = connect(login.clone().scope(Scope::project_id(id.as_str()))).await.unwrap();
    assert_eq!(by_id.session().access().await.unwrap().project_id(), Some(id));
    let domain = connect(login.clone().scope(Scope::domain("keycloak"))).await.unwrap();
    let domain = domain.session().access().await.unwrap();
    assert_eq!(domain.domain.as_ref().unwrap().name, "keycloak");
    assert!(domain.roles.iter().any(|role| role == "manager"));
    let unscoped = connect(login.clone().scope(Scope::Unscoped)).await.unwrap();
    assert!(unscoped.session().access().await.unwrap().project.is_none());
    let words = "the login of the user of identity provider `keycloak` is refused";
    refused(login.scope(Scope::domain("Default")), ErrorKind::Unauthenticated, words).await;
}

#[tokio::test]
async fn a_service_of_keycloak_logs_in() {
    let service = client("service").client_secret("secret").client_credentials();
    let cloud = connect(with(Arc::new(service.connect().await.unwrap()))).await.unwrap();
    assert_eq!(cloud.session().access().await.unwrap().project.as_ref().unwrap().name, "lab");
}

#[tokio::test]
async fn each_refusal_says_what_to_do() {
    let alice = person("alice", "cli").await;
    let carol = with(person("carol", "cli").await);
    refused(carol, ErrorKind::Unauthenticated, "no rule of Keystone's mapping").await;
    let other = with(person("alice", "kubernetes").await);
    refused(other, ErrorKind::Unauthenticated, "not meant for Keystone").await;
    let scope = || Scope::project("lab").domain("Default");
    let unknown = Federated::new("okta", "openid", alice.clone()).scope(scope());
    refused(unknown, ErrorKind::Config, "no identity provider `okta`").await;
    let unknown = Federated::new("keycloak", "x y", alice.clone()).scope(scope());
    refused(unknown, ErrorKind::Config, "no protocol `x y`").await;
    let nowhere = with(alice).scope(Scope::project("nowhere").domain("Default"));
    refused(nowhere, ErrorKind::Unauthenticated, "is refused").await;
    let nonsense = with(Arc::new(StaticToken::new("nonsense").unwrap()));
    refused(nonsense, ErrorKind::Unauthenticated, "and there is no other").await;
}

/// Gives a token that has expired until it is refused.
#[derive(Debug)]
struct Stale(Arc<Grant>, Arc<Oidc>);

#[async_trait]
impl TokenSource for Stale {
    async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>> {
        match request.rejected {
            None => Ok(self.0.clone()),
            Some(_) => self.1.token(request).await,
        }
    }
}

#[tokio::test]
async fn a_token_that_has_expired_is_renewed() {
    let alice = person("alice", "short").await;
    let first = alice.token(TokenRequest::default()).await.unwrap();
    let cloud = connect(with(alice.clone())).await.unwrap();
    // It lives for 3 s.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let expired = with(Arc::new(StaticToken::new(first.token().clone()).unwrap()));
    refused(expired, ErrorKind::Unauthenticated, "Keystone refuses the token").await;
    connect(with(Arc::new(Stale(first, alice.clone())))).await.unwrap();
    // Keystone's own token outlives it.
    cloud.flavors().find("SCS-1V-4").await.unwrap();
}

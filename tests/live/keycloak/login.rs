use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use scs_cloud::{
    core::{
        Error, ErrorKind,
        auth::{TokenRequest, TokenSource},
        transport::Retry,
    },
    iam::{
        Keycloak, Oidc,
        keycloak::{NewCredential, NewUser, UserPatch},
        oidc::OidcBuilder,
    },
};

use super::{admin, browser::Browser, client, trusting, url};
use crate::lab::{self, Cleanup};

/// One line that names the layer, with something to do at its end.
async fn refused(login: OidcBuilder, kind: ErrorKind, words: &str) -> Error {
    let error = login.connect().await.expect_err("a refusal");
    let text = error.to_string();
    assert_eq!(error.kind(), kind, "{text}");
    assert!(text.starts_with("oidc: ") && text.contains(words), "{text}");
    assert!(!text.contains('\n') && error.hint().is_some(), "{text}");
    error
}

#[tokio::test]
async fn a_password_and_what_it_was_exchanged_for() {
    let login = client("cli").password("alice", "secret").connect().await.unwrap();
    let first = login.token(TokenRequest::default()).await.unwrap();
    assert_eq!(first.token().expose().split('.').count(), 3);
    assert!(first.expires().unwrap().remaining() > Duration::from_secs(200));
    let later = login.refresh_token().await.unwrap().unwrap();

    // Another run of the program.
    let login = client("cli").refresh_token(later).connect().await.unwrap();
    let second = login.token(TokenRequest::default()).await.unwrap();
    assert_ne!(first.token(), second.token());
    let third = login.token(TokenRequest::default().rejected(second.generation())).await.unwrap();
    assert!(third.generation() > second.generation());

    let realm = Keycloak::builder(url(), "lab", Arc::new(login)).transport(trusting);
    realm.connect().await.unwrap();
}

#[tokio::test]
async fn a_client_by_its_secret() {
    for id in ["service", "lab-admin"] {
        let login = client(id).client_secret("secret").client_credentials();
        let login = login.connect().await.unwrap();
        assert!(login.refresh_token().await.unwrap().is_none());
        let first = login.token(TokenRequest::default()).await.unwrap();
        let next = TokenRequest::default().rejected(first.generation());
        assert_ne!(login.token(next).await.unwrap().token(), first.token());
    }
}

#[tokio::test]
async fn a_device_that_somebody_confirms() {
    let runtime = tokio::runtime::Handle::current();
    let login = client("cli").device(move |prompt| {
        assert!(prompt.verification_uri.starts_with(&url()) && !prompt.user_code.is_empty());
        let address = prompt.verification_uri_complete.clone().unwrap();
        runtime.spawn(async move { Browser::new("bob", true).open(&address).await });
    });
    let login = login.connect().await.unwrap();
    let first = login.token(TokenRequest::default()).await.unwrap();
    // Renewed without asking again.
    let next = TokenRequest::default().rejected(first.generation());
    assert_ne!(login.token(next).await.unwrap().token(), first.token());
}

#[tokio::test]
async fn a_device_that_somebody_denies() {
    let runtime = tokio::runtime::Handle::current();
    let login = client("cli").device(move |prompt| {
        let address = prompt.verification_uri_complete.clone().unwrap();
        runtime.spawn(async move { Browser::new("bob", false).open(&address).await });
    });
    let error = refused(login, ErrorKind::Unauthenticated, "the login of client `cli`").await;
    assert_eq!(error.code(), Some("access_denied"));
}

#[tokio::test]
async fn short_tokens_are_renewed_by_one_request_for_all() {
    let login = client("short").password("alice", "secret").connect().await.unwrap();
    let ask = || login.token(TokenRequest::default());
    let first = ask().await.unwrap();
    // Access tokens live 3 s, the session 8 s.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let tokens = join_all((0..100).map(|_| ask())).await;
    let second = tokens[0].as_ref().unwrap().clone();
    assert!(second.generation() > first.generation());
    for token in tokens {
        assert_eq!(token.unwrap().generation(), second.generation());
    }
    tokio::time::sleep(Duration::from_secs(9)).await;
    let third = ask().await.unwrap();
    assert!(third.generation() > second.generation(), "by the password again");

    // Without the password it ends.
    let refresh = login.refresh_token().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_secs(9)).await;
    let over = client("short").refresh_token(refresh);
    refused(over, ErrorKind::Unauthenticated, "not active").await;
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    use ErrorKind as K;
    let of = |issuer: &str, id: &str| {
        Oidc::builder(format!("{}/realms/{issuer}", url()), id).transport(trusting)
    };
    let wrong = client("cli").password("alice", "wrong");
    let error = refused(wrong, K::Unauthenticated, "the login of user `alice` is refused").await;
    assert!(error.to_string().contains("Invalid user credentials"), "{error}");
    let error = refused(
        client("service").client_secret("wrong").client_credentials(),
        K::Unauthenticated,
        "client `service`",
    )
    .await;
    assert!(error.hint().unwrap().contains("secret"), "{error}");
    let error =
        refused(client("nobody").password("alice", "secret"), K::Unauthenticated, "Invalid client")
            .await;
    assert!(error.hint().unwrap().contains("id of the client"), "{error}");
    let nowhere = of("nowhere", "cli").password("alice", "secret");
    refused(nowhere, K::Config, "there is no provider at").await;
    let unasked = client("service").client_secret("secret").password("alice", "secret");
    refused(unasked, K::Forbidden, "not allowed").await;
    let scope = client("cli").scope("nonsense").password("alice", "secret");
    refused(scope, K::Config, "scope").await;
    let distrusted = Oidc::builder(format!("{}/realms/lab", url()), "cli");
    refused(distrusted.password("alice", "secret"), K::Untrusted, "certificate").await;
    // Nothing listens on port 1.
    let down = Oidc::builder("https://127.0.0.1:1/realms/lab", "cli")
        .transport(|transport| transport.retry(Retry::never()));
    refused(down.password("alice", "secret"), K::Transport, "cannot connect").await;
    // It calls itself by another name.
    let plain = Oidc::builder("http://127.0.0.1:8180/realms/lab", "cli");
    refused(plain.password("alice", "secret"), K::Config, "calls itself").await;
}

#[tokio::test]
async fn a_disabled_user_is_out() {
    let users = admin().await.users();
    let name = lab::name("disabled");
    Cleanup::after(|cleanup| async move {
        let new = NewUser::new(&name)
            .enabled(true)
            .email(format!("{name}@lab.test"))
            .first_name("Live")
            .last_name("Test")
            .credentials([NewCredential::password("secret")]);
        let user = users.create(new).await.unwrap();
        cleanup.delete(&users, &user.id);
        let login = client("cli").password(&name, "secret").connect().await.unwrap();
        let token = login.token(TokenRequest::default()).await.unwrap();

        users.update(&user.id, UserPatch::new().enabled(false)).await.unwrap();
        // The refresh is refused, and so is the password.
        let next = TokenRequest::default().rejected(token.generation());
        let error = login.token(next).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
        assert!(error.to_string().contains("Account disabled"), "{error}");
        let disabled = client("cli").password(&name, "secret");
        refused(disabled, ErrorKind::Unauthenticated, "Account disabled").await;
    })
    .await;
}

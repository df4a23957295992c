use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::future::join_all;
use http::HeaderName;
use scs_core::{
    Api, Error, ErrorKind, Result, Secret, Transport,
    auth::{Authenticator, Grant, StaticToken, TokenRequest, TokenSource, Tokens},
};

use crate::kettle::{Kettle, Kitchen, json, transport};

const TOKEN: HeaderName = HeaderName::from_static("x-token");

/// Grants `token-1`, `token-2`, …
#[derive(Debug, Default)]
struct Counter {
    logins: AtomicUsize,
    broken: bool,
    life: Option<Duration>,
}

#[async_trait]
impl Authenticator for Counter {
    async fn grant(&self, _: &Transport) -> Result<Grant> {
        let count = self.logins.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
        if self.broken {
            return Err(Error::new(ErrorKind::Unauthenticated, "wrong password"));
        }
        Grant::new(TOKEN, &Secret::from(format!("token-{count}")), self.life)
    }
}

impl Counter {
    fn logins(&self) -> usize {
        self.logins.load(Ordering::SeqCst)
    }
}

/// A server that takes tokens from `token-<oldest>` on.
fn server(login: &Arc<Counter>, oldest: Arc<AtomicUsize>) -> Kitchen {
    Kitchen(guarded(oldest).with_login(login.clone()))
}

fn guarded(oldest: Arc<AtomicUsize>) -> Transport {
    let (plain, _) = transport(move |request| {
        let token = request.headers[TOKEN].to_str().unwrap();
        let number: usize = token.strip_prefix("token-").unwrap().parse().unwrap();
        if number < oldest.load(Ordering::SeqCst) {
            return json(401, "");
        }
        json(200, r#"{"kettle":{"id":"k1"}}"#)
    });
    plain
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_tasks_and_a_revoked_token_make_one_login() {
    let login = Arc::new(Counter::default());
    let oldest = Arc::new(AtomicUsize::new(1));
    let kettles = Api::<Kettle>::new(server(&login, oldest.clone()));
    kettles.get(&"k1".into()).await.unwrap();
    assert_eq!(login.logins(), 1);
    oldest.store(2, Ordering::SeqCst);
    let tasks = (0..1000).map(|_| {
        let kettles = kettles.clone();
        tokio::spawn(async move { kettles.get(&"k1".into()).await })
    });
    for result in join_all(tasks).await {
        result.unwrap().unwrap();
    }
    assert_eq!(login.logins(), 2);
}

#[tokio::test]
async fn a_dropped_caller_takes_nobody_with_it() {
    let login = Arc::new(Counter::default());
    let kettles = Api::<Kettle>::new(server(&login, Arc::default()));
    let first = kettles.clone();
    let first = tokio::spawn(async move { first.get(&"k1".into()).await });
    tokio::time::sleep(Duration::from_millis(5)).await;
    let second = kettles.clone();
    let second = tokio::spawn(async move { second.get(&"k1".into()).await });
    tokio::time::sleep(Duration::from_millis(5)).await;
    first.abort();
    second.await.unwrap().unwrap();
    assert_eq!(login.logins(), 1);
}

#[tokio::test]
async fn the_last_one_that_waits_is_enough() {
    let login = Arc::new(Counter::default());
    let kettles = Api::<Kettle>::new(server(&login, Arc::default()));
    let waiting = |_| {
        let kettles = kettles.clone();
        tokio::spawn(async move { kettles.get(&"k1".into()).await })
    };
    let mut waiting: Vec<_> = (0..10).map(waiting).collect();
    tokio::time::sleep(Duration::from_millis(5)).await;
    let last = waiting.pop().unwrap();
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    last.await.unwrap().unwrap();
    assert_eq!(login.logins(), 1);
}

#[tokio::test]
async fn a_login_that_nobody_waits_for_is_given_up() {
    let login = Arc::new(Counter::default());
    let kettles = Api::<Kettle>::new(server(&login, Arc::default()));
    let short = kettles.clone().time_limit(Duration::from_millis(5));
    assert_eq!(short.get(&"k1".into()).await.unwrap_err().kind(), ErrorKind::Timeout);
    kettles.get(&"k1".into()).await.unwrap();
    assert_eq!(login.logins(), 2, "an answer of long ago says nothing about now");
}

#[tokio::test(start_paused = true)]
async fn after_a_failed_login_there_is_a_pause() {
    let login = Arc::new(Counter { broken: true, ..Counter::default() });
    let (plain, _) = transport(|_| json(200, ""));
    let tokens = Tokens::new(login.clone(), plain);
    for logins in [1, 2] {
        for _ in 0..10 {
            let error = tokens.get(Duration::ZERO).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        }
        assert_eq!(login.logins(), logins);
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_logs_in_anew_once_however_often_it_is_repeated() {
    let login = Arc::new(Counter::default());
    let sent = AtomicUsize::new(0);
    let (plain, _) = transport(move |_| match sent.fetch_add(1, Ordering::SeqCst) {
        1 => json(503, ""),
        _ => json(401, ""),
    });
    let kettles = Api::<Kettle>::new(Kitchen(plain.with_login(login.clone())));
    let error = kettles.get(&"k1".into()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthenticated, 2));
    assert_eq!(login.logins(), 2);
}

#[tokio::test]
async fn a_failed_login_is_one_error_for_all() {
    let login = Arc::new(Counter { broken: true, ..Counter::default() });
    let kettles = Api::<Kettle>::new(server(&login, Arc::default()));
    let id = "k1".into();
    let results = join_all((0..100).map(|_| kettles.get(&id))).await;
    for result in results {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Unauthenticated);
    }
    assert_eq!(login.logins(), 1);
}

#[tokio::test]
async fn a_token_refused_for_good_ends_after_one_new_login() {
    let login = Arc::new(Counter::default());
    let kettles = Api::<Kettle>::new(server(&login, Arc::new(AtomicUsize::new(99))));
    let error = kettles.get(&"k1".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(login.logins(), 2);
}

#[tokio::test]
async fn a_late_refusal_of_an_old_token_leaves_the_new_one_alone() {
    let (plain, _) = transport(|_| json(200, ""));
    let login = Arc::new(Counter::default());
    let tokens = Tokens::new(login.clone(), plain);
    let old = tokens.get(Duration::ZERO).await.unwrap();
    tokens.reject(old.generation());
    let new = tokens.get(Duration::ZERO).await.unwrap();
    assert!(new.generation() > old.generation());
    tokens.reject(old.generation());
    assert_eq!(tokens.get(Duration::ZERO).await.unwrap().generation(), new.generation());
    assert_eq!(login.logins(), 2);
}

#[tokio::test]
async fn tokens_are_renewed_ahead_of_time() {
    let (plain, _) = transport(|_| json(200, ""));
    let login = Arc::new(Counter { life: Some(Duration::from_secs(100)), ..Counter::default() });
    let tokens = Tokens::new(login.clone(), plain);
    // Asked for more than a token can ever give: half of its life has to do.
    for _ in 0..3 {
        tokens.get(Duration::from_secs(1000)).await.unwrap();
    }
    assert_eq!(login.logins(), 1);
    let (plain, _) = transport(|_| json(200, ""));
    let login = Arc::new(Counter { life: Some(Duration::ZERO), ..Counter::default() });
    let tokens = Tokens::new(login.clone(), plain);
    tokens.get(Duration::ZERO).await.unwrap();
    tokens.get(Duration::ZERO).await.unwrap();
    assert_eq!(login.logins(), 2, "an expired token is never used");
}

#[tokio::test]
async fn a_renewal_for_one_client_is_one_for_all() {
    let login = Arc::new(Counter::default());
    let (plain, _) = transport(|_| json(200, ""));
    let tokens: Arc<dyn TokenSource> = Arc::new(Tokens::new(login.clone(), plain));
    let oldest = Arc::new(AtomicUsize::new(1));
    let clients = [(); 3]
        .map(|()| Api::<Kettle>::new(Kitchen(guarded(oldest.clone()).with_tokens(tokens.clone()))));
    for newest in 1..=3 {
        oldest.store(newest, Ordering::SeqCst);
        for client in &clients {
            client.get(&"k1".into()).await.unwrap();
        }
        assert_eq!(login.logins(), newest);
    }
}

#[tokio::test]
async fn a_given_token_cannot_be_renewed() {
    let token = StaticToken::new("token-1").unwrap();
    let grant = token.token(TokenRequest::new(Duration::ZERO)).await.unwrap();
    assert_eq!(grant.token().expose(), "token-1");
    let again = TokenRequest::default().rejected(grant.generation());
    let error = token.token(again).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(StaticToken::new("line\nend").unwrap_err().kind(), ErrorKind::Config);
}

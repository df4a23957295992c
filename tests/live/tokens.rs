//! Tokens of a real Keystone that are revoked or end under load.

use std::{
    env,
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::{TryStreamExt, future::join_all};
use reqwest::Method;
use scs_cloud::{
    core::{
        Dialect, ErrorKind, Result,
        auth::{Grant, MemoryTokens, TokenRequest},
        transport::{Next, Policy, Request, Response},
    },
    iaas::{
        OpenStack,
        auth::{Password, Scope},
        compute::ServerQuery,
        identity::{NewUser, User, UserPatch},
        network::NetworkQuery,
    },
};
use tokio::sync::{Semaphore, watch};

use crate::lab::{self, Cleanup};

/// Where the lab's Keystone is.
pub fn keystone() -> String {
    env::var("OS_AUTH_URL").unwrap_or("http://127.0.0.1:5000/v3".into())
}

/// Counts logins and refusals, and can hold logins up.
#[derive(Debug, Default)]
struct Watch {
    logins: AtomicUsize,
    refusals: AtomicUsize,
    slow: AtomicBool,
}

#[async_trait]
impl Policy for Watch {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response> {
        let login = request.call.operation == "token.create";
        if login {
            self.logins.fetch_add(1, Ordering::SeqCst);
            if self.slow.load(Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        let answer = next.run(request).await?;
        if answer.status == 401 && !login {
            self.refusals.fetch_add(1, Ordering::SeqCst);
        }
        Ok(answer)
    }
}

impl Watch {
    fn logins(&self) -> usize {
        self.logins.load(Ordering::SeqCst)
    }

    fn refusals(&self) -> usize {
        self.refusals.load(Ordering::SeqCst)
    }
}

/// A user of its own, logged in; without a role, it can still ask about itself.
async fn someone(cleanup: &Cleanup, watch: &Arc<Watch>) -> (OpenStack, User) {
    let admin = lab::cloud("lab").await;
    let name = lab::name("token");
    let user = admin.users().create(NewUser::new(&name).password("pw")).await.unwrap();
    cleanup.delete(&admin.users(), &user.id);
    let login = Password::new(&name, "pw").user_domain("Default");
    let builder = OpenStack::builder(keystone(), login);
    let session = builder.transport(|t| t.per_attempt(watch.clone())).connect().await.unwrap();
    (OpenStack::new(session), user)
}

/// Revokes a token, and waits until Keystone knows: for a moment it remembers whom it let in.
async fn revoke(grant: &Grant) {
    let token = grant.token().expose();
    let ask = |method| {
        let request = reqwest::Client::new().request(method, format!("{}/auth/tokens", keystone()));
        request.header("x-auth-token", token).header("x-subject-token", token).send()
    };
    assert_eq!(ask(Method::DELETE).await.unwrap().status(), 204);
    for _ in 0..600 {
        if ask(Method::GET).await.unwrap().status() == 401 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("a revoked token is good for a minute");
}

async fn present(cloud: &OpenStack) -> Arc<Grant> {
    cloud.session().transport().grant(Duration::ZERO).await.unwrap()
}

/// A thousand tasks that ask Keystone something, a few of them at a time. When some of them have
/// been answered `then` is run, and when that is done, the last half begins.
async fn thousand<F: Future<Output = ()>>(
    cloud: &OpenStack,
    user: &User,
    then: impl FnOnce() -> F,
) -> Vec<Result<()>> {
    let (gate, done) = (Arc::new(Semaphore::new(24)), Arc::new(AtomicUsize::new(0)));
    let (half, wait) = watch::channel(false);
    let tasks: Vec<_> = (0..1000)
        .map(|number| {
            let (users, id) = (cloud.users(), user.id.clone());
            let (gate, done, mut wait) = (gate.clone(), done.clone(), wait.clone());
            tokio::spawn(async move {
                if number >= 500 {
                    wait.wait_for(|begun| *begun).await.unwrap();
                }
                let _permit = gate.acquire().await.unwrap();
                let result = users.get(&id).await.map(drop);
                done.fetch_add(1, Ordering::SeqCst);
                result
            })
        })
        .collect();
    while done.load(Ordering::SeqCst) < 100 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    then().await;
    half.send(true).unwrap();
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_revoked_under_load() {
    Cleanup::after(|cleanup| async move {
        let watch = Arc::new(Watch::default());
        let (cloud, user) = someone(&cleanup, &watch).await;
        let token = present(&cloud).await;
        for result in thousand(&cloud, &user, || revoke(&token)).await {
            result.unwrap();
        }
        assert_eq!(watch.logins(), 2);
        assert!(watch.refusals() > 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_caller_that_renews_goes_away_under_load() {
    Cleanup::after(|cleanup| async move {
        let watch = Arc::new(Watch::default());
        let (cloud, user) = someone(&cleanup, &watch).await;
        watch.slow.store(true, Ordering::SeqCst);
        revoke(&*present(&cloud).await).await;
        let (users, id) = (cloud.users(), user.id.clone());
        // Not every worker of Keystone knows at once that the token is revoked.
        let renewing = tokio::spawn(async move {
            loop {
                users.get(&id).await.unwrap();
            }
        });
        let begun = async {
            while watch.logins() < 2 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(300), begun).await.expect("a renewal");
        let all = (0..100).map(|_| {
            let (users, id) = (cloud.users(), user.id.clone());
            tokio::spawn(async move { users.get(&id).await })
        });
        let all: Vec<_> = all.collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        renewing.abort();
        for result in join_all(all).await {
            result.unwrap().unwrap();
        }
        assert_eq!(watch.logins(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_revoked_while_it_is_renewed() {
    Cleanup::after(|cleanup| async move {
        let watch = Arc::new(Watch::default());
        let (cloud, user) = someone(&cleanup, &watch).await;
        let results = thousand(&cloud, &user, || async {
            watch.slow.store(true, Ordering::SeqCst);
            let token = present(&cloud).await;
            let again = TokenRequest::default().rejected(token.generation());
            let renewal = cloud.session().transport().token(again);
            let revoked = async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                revoke(&token).await;
            };
            futures_util::future::join(renewal, revoked).await.0.unwrap();
        });
        for result in results.await {
            result.unwrap();
        }
        assert_eq!(watch.logins(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_ends_under_load() {
    Cleanup::after(|cleanup| async move {
        let watch = Arc::new(Watch::default());
        let (cloud, user) = someone(&cleanup, &watch).await;
        let admin = lab::cloud("lab").await;
        let patch = UserPatch::new().password("another");
        let results = thousand(&cloud, &user, || async {
            // Takes the tokens with it.
            admin.users().update(&user.id, patch).await.unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
        });
        let errors: Vec<_> = results.await.into_iter().filter_map(Result::err).collect();
        assert!(!errors.is_empty());
        for error in &errors {
            assert_eq!(error.kind(), ErrorKind::Unauthenticated);
            assert!(error.to_string().contains("the login of user `"), "{error}");
        }
        // One at a time, and not again within two seconds.
        let refused = watch.logins() - 1;
        assert!((1..=10).contains(&refused), "{refused} logins for {} errors", errors.len());
    })
    .await;
}

#[tokio::test]
async fn sessions_share_a_token_by_a_store() {
    let store = Arc::new(MemoryTokens::new());
    Cleanup::after(|cleanup| async move {
        let watch = Arc::new(Watch::default());
        let (_, user) = someone(&cleanup, &watch).await;
        for _ in 0..3 {
            let login = Password::by_id(user.id.as_str(), "pw");
            let session = OpenStack::builder(keystone(), login)
                .transport(|transport| transport.per_attempt(watch.clone()))
                .token_store(store.clone())
                .connect()
                .await
                .unwrap();
            OpenStack::new(session).users().get(&user.id).await.unwrap();
        }
        assert_eq!(watch.logins(), 2, "one for the first, one for the three");
    })
    .await;
}

/// A second Keystone of the lab, as long as it is not dropped.
struct Keystone(Child);

impl Drop for Keystone {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Calls for this long with tokens that live for a minute: 150 s if `SCS_SHORT_TOKENS` does not
/// say how many seconds.
#[tokio::test(flavor = "multi_thread")]
async fn short_tokens_end_without_anybody_noticing() {
    let seconds = env::var("SCS_SHORT_TOKENS").ok().and_then(|text| text.parse().ok());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/labs/openstack/short-tokens");
    let mut command = Command::new(script);
    command.args([&port.to_string(), "60"]).stdout(Stdio::null()).stderr(Stdio::null());
    let _keystone = Keystone(command.spawn().unwrap());
    let watch = Arc::new(Watch::default());
    let scope = Scope::project("lab").domain("Default");
    let start = Instant::now();
    let session = loop {
        let login = Password::new("lab-user", "secret").user_domain("Default").scope(scope.clone());
        let builder = OpenStack::builder(format!("http://127.0.0.1:{port}"), login);
        match builder.transport(|transport| transport.per_attempt(watch.clone())).connect().await {
            Ok(session) => break session,
            Err(error) => assert!(start.elapsed() < Duration::from_secs(300), "{error}"),
        }
    };
    let cloud = OpenStack::new(session);
    let before = watch.logins();
    let access = cloud.session().access().await.unwrap();
    let project = access.project_id().unwrap();
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(150));
    let mut calls = 0;
    while Instant::now() < end {
        let ours = async { cloud.projects().get(&project).await.map(drop) };
        let networks = cloud.networks().list(NetworkQuery::new()).try_collect::<Vec<_>>();
        let servers = cloud.servers().list(ServerQuery::new()).try_collect::<Vec<_>>();
        let (ours, networks, servers) = futures_util::join!(ours, networks, servers);
        ours.unwrap();
        networks.unwrap();
        servers.unwrap();
        calls += 3;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let logins = watch.logins() - before;
    eprintln!("{calls} calls, {logins} renewals, {} refusals", watch.refusals());
    assert!(logins >= 2, "{logins}");
    assert_eq!(watch.refusals(), 0);
}

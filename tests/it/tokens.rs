//! The life of tokens: many callers, few logins.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, future::join_all, stream};
use scs_cloud::{
    core::{
        ErrorKind, Result,
        auth::{BRIEF, FileTokens, LASTING, MemoryTokens, TokenStore},
        testing::Fault,
        transport::{Next, Policy, Proxy, Request, Response},
    },
    iaas::{
        OpenStack,
        auth::{ApplicationCredential, Password, Scope},
        compute::{FlavorQuery, ServerQuery, Shelve, Stop},
        identity::NewProject,
        testing::FakeOpenStack,
    },
};

use crate::relay::Relay;

fn logins(fake: &FakeOpenStack) -> usize {
    let requests = fake.requests();
    requests.iter().filter(|r| r.method == "POST" && r.path.ends_with("/auth/tokens")).count()
}

/// Holds logins up, and notes what calls ask of their tokens.
#[derive(Debug, Default)]
struct Watch {
    delay: Duration,
    wanted: Mutex<Vec<(String, Duration)>>,
    under_way: AtomicUsize,
}

#[async_trait]
impl Policy for Watch {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response> {
        let call = request.call.clone();
        self.wanted.lock().unwrap().push((call.operation.clone(), call.min_validity));
        if call.operation == "token.create" {
            self.under_way.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(self.delay).await;
        }
        next.run(request).await
    }
}

/// A cloud whose logins take this long.
async fn slow(delay: Duration) -> (FakeOpenStack, OpenStack, Arc<Watch>) {
    let fake = FakeOpenStack::start().await;
    let watch = Arc::new(Watch { delay, ..Watch::default() });
    let builder = fake.builder().transport(|transport| transport.per_attempt(watch.clone()));
    let cloud = OpenStack::new(builder.connect().await.unwrap());
    cloud.flavors().find("SCS-1V-4").await.unwrap();
    fake.forget_requests();
    watch.under_way.store(0, Ordering::SeqCst);
    (fake, cloud, watch)
}

fn spawn_thousand(cloud: &OpenStack) -> Vec<tokio::task::JoinHandle<Result<()>>> {
    let one = |_| {
        let cloud = cloud.clone();
        tokio::spawn(async move { cloud.flavors().find("SCS-1V-4").await.map(drop) })
    };
    (0..1000).map(one).collect()
}

async fn until(done: impl Fn() -> bool) {
    while !done() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_tasks_and_a_revoked_token_make_one_login() {
    let (fake, cloud, _) = slow(Duration::from_millis(50)).await;
    fake.revoke_tokens();
    for result in join_all(spawn_thousand(&cloud)).await {
        result.unwrap().unwrap();
    }
    assert_eq!(logins(&fake), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_caller_that_renews_may_go_away() {
    let (fake, cloud, watch) = slow(Duration::from_millis(300)).await;
    fake.revoke_tokens();
    let renewing = cloud.clone();
    let renewing = tokio::spawn(async move { renewing.flavors().find("SCS-1V-4").await });
    until(|| watch.under_way.load(Ordering::SeqCst) == 1).await;
    let tasks = spawn_thousand(&cloud);
    tokio::time::sleep(Duration::from_millis(100)).await;
    renewing.abort();
    for result in join_all(tasks).await {
        result.unwrap().unwrap();
    }
    assert_eq!(logins(&fake), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_during_the_renewal_changes_nothing() {
    let (fake, cloud, watch) = slow(Duration::from_millis(300)).await;
    fake.token_lifetime(Duration::from_secs(2));
    fake.revoke_tokens();
    cloud.flavors().find("SCS-1V-4").await.unwrap();
    fake.token_lifetime(Duration::from_secs(3600));
    fake.forget_requests();
    watch.under_way.store(0, Ordering::SeqCst);
    // Half of its life is over: it is renewed, although it is still good.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let tasks = spawn_thousand(&cloud);
    until(|| watch.under_way.load(Ordering::SeqCst) == 1).await;
    fake.revoke_tokens();
    for result in join_all(tasks).await {
        result.unwrap().unwrap();
    }
    assert_eq!(logins(&fake), 1);
    assert!(fake.requests().iter().all(|request| request.status != 401));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_fails_is_one_error_for_all() {
    let (fake, cloud, _) = slow(Duration::from_millis(100)).await;
    fake.revoke_tokens();
    fake.fail(Fault::status(401).message("No.").times(1000).on("POST", "/identity/v3/auth/tokens"));
    for result in join_all(spawn_thousand(&cloud)).await {
        let error = result.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        assert!(error.to_string().contains("the login of user `demo` is refused: No."), "{error}");
    }
    assert_eq!(logins(&fake), 1);
}

#[tokio::test]
async fn short_tokens_are_renewed_before_they_end() {
    let fake = FakeOpenStack::start().await;
    fake.token_lifetime(Duration::from_secs(2));
    let cloud = fake.connect().await.unwrap();
    fake.forget_requests();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(7) {
        cloud.flavors().list(FlavorQuery::new()).try_collect::<Vec<_>>().await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(fake.requests().iter().all(|request| request.status != 401));
    let logins = logins(&fake);
    assert!((4..=14).contains(&logins), "{logins}");
}

#[tokio::test]
async fn while_a_token_is_good_a_failed_renewal_is_no_failure() {
    let fake = FakeOpenStack::start().await;
    fake.token_lifetime(Duration::from_secs(4));
    let cloud = fake.connect().await.unwrap();
    tokio::time::sleep(Duration::from_millis(2100)).await;
    fake.forget_requests();
    fake.fail(Fault::status(403).times(1000).on("POST", "/identity/v3/auth/tokens"));
    cloud.flavors().find("SCS-1V-4").await.unwrap();
    cloud.flavors().find("SCS-1V-4").await.unwrap();
    assert_eq!(logins(&fake), 1, "it is not tried again at once");
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let error = cloud.flavors().find("SCS-1V-4").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
}

#[tokio::test]
async fn calls_that_the_cloud_goes_on_with_ask_for_more() {
    let (_fake, cloud, watch) = slow(Duration::ZERO).await;
    let id = "0".into();
    let servers = cloud.servers();
    servers.get(&id).await.unwrap_err();
    servers.act(&id, Stop).await.unwrap_err();
    servers.act(&id, Shelve).await.unwrap_err();
    servers.clone().min_token_validity(Duration::from_secs(7)).act(&id, Shelve).await.unwrap_err();
    servers.delete(&id).await.unwrap_err();
    let wanted = watch.wanted.lock().unwrap();
    let wanted: Vec<_> = wanted.iter().filter(|(name, _)| name.starts_with("server.")).collect();
    let of = |name: &str| -> Vec<_> {
        let name = format!("server.{name}");
        wanted.iter().filter(|(operation, _)| *operation == name).map(|(_, wish)| *wish).collect()
    };
    assert_eq!(of("get"), [BRIEF]);
    assert_eq!(of("os-stop"), [BRIEF]);
    assert_eq!(of("shelve"), [LASTING, Duration::from_secs(7)]);
    assert_eq!(of("delete"), [LASTING]);
}

#[tokio::test]
async fn a_missing_service_is_worth_one_new_catalog() {
    let fake = FakeOpenStack::start().await;
    let cloud = fake.connect().await.unwrap();
    fake.offer("dns", "https://dns.example");
    let session = cloud.session();
    let found = join_all((0..20).map(|_| session.endpoint("dns"))).await;
    assert!(found.iter().all(|url| url.as_ref().unwrap().as_str() == "https://dns.example/v2"));
    assert_eq!(logins(&fake), 2);
    for _ in 0..5 {
        let error = session.endpoint("orchestration").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
    assert_eq!(logins(&fake), 2, "not again within minutes");
}

#[tokio::test]
async fn fifty_projects_share_the_connections_of_one_login() {
    let fake = FakeOpenStack::start().await;
    let relay = Relay::start().await;
    let proxy = Proxy::all(relay.url());
    let scope = Scope::project("admin").domain("Default");
    let login = Password::new("admin", "secret").user_domain("Default").scope(scope);
    let session = OpenStack::builder(fake.auth_url(), login)
        .transport(|transport| transport.http(|http| http.proxy(proxy)))
        .connect()
        .await
        .unwrap();
    let cloud = OpenStack::new(session);
    let mut projects = Vec::new();
    for number in 0..50 {
        let project = cloud.projects().create(NewProject::new(format!("p{number}"))).await.unwrap();
        projects.push(project.id);
    }
    fake.forget_requests();
    let clients: Vec<OpenStack> = stream::iter(&projects)
        .map(|project| cloud.for_project(project))
        .buffered(4)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(logins(&fake), 50, "one token each");
    for (client, project) in clients.iter().zip(&projects) {
        let access = client.session().access().await.unwrap();
        assert_eq!(access.project_id().as_ref(), Some(project));
        client.servers().list(ServerQuery::new()).try_collect::<Vec<_>>().await.unwrap();
    }
    assert_eq!(logins(&fake), 50);
    // Now and then one too many is begun, when another becomes free in the same moment.
    assert!(relay.connections() <= 10, "{} connections", relay.connections());
    // The version document of Nova was read once for all of them.
    let documents = fake.requests();
    let documents = documents.iter().filter(|r| r.path == "/compute/v2.1/").count();
    assert_eq!(documents, 1);
}

#[tokio::test]
async fn another_project_outlives_the_token_it_was_made_from() {
    let fake = FakeOpenStack::start().await;
    let admin = fake.connect_as_admin().await.unwrap();
    let demo = admin.projects().find("demo").await.unwrap();
    let other = admin.for_project(&demo.id).await.unwrap();
    let again = other.for_project(&admin.projects().find("admin").await.unwrap().id).await.unwrap();
    assert_eq!(again.session().access().await.unwrap().project.as_ref().unwrap().name, "admin");
    fake.revoke_tokens();
    fake.forget_requests();
    other.flavors().find("SCS-1V-4").await.unwrap();
    // The present one is refused, so is that of the parent: both are made anew.
    assert_eq!(logins(&fake), 3);
}

#[tokio::test]
async fn a_bound_login_has_no_other_project() {
    let fake = FakeOpenStack::start().await;
    let project = fake.connect_as_admin().await.unwrap().projects().find("admin").await.unwrap();
    let credential = ApplicationCredential::by_id("90d0551b5c1ad7f7a4e30a1b2f0e4d7a", "secret");
    let robot = OpenStack::connect(fake.auth_url(), credential).await.unwrap();
    let trust = Scope::trust(fake.entrust("admin", "demo").unwrap());
    let trustee = Password::new("demo", "secret").user_domain("Default").scope(trust);
    let trustee = OpenStack::connect(fake.auth_url(), trustee).await.unwrap();
    let access = trustee.session().access().await.unwrap();
    assert_eq!(access.project.as_ref().unwrap().name, "admin");
    fake.forget_requests();
    for bound in [robot, trustee] {
        let error = bound.for_project(&project.id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert!(fake.requests().is_empty());
    let demo = fake.connect().await.unwrap();
    let error = demo.for_project(&project.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    let words = format!("user `demo` gets no token for project `{}`", project.id);
    assert!(error.to_string().contains(&words), "{error}");
}

async fn stored(fake: &FakeOpenStack, store: &Arc<dyn TokenStore>) -> OpenStack {
    let session = fake.builder().token_store(store.clone()).connect().await.unwrap();
    OpenStack::new(session)
}

#[tokio::test]
async fn sessions_share_a_token_by_a_store() {
    let folder = std::env::temp_dir().join(format!("scs-tokens-{}", std::process::id()));
    std::fs::remove_dir_all(&folder).ok();
    let stores: [Arc<dyn TokenStore>; 2] =
        [Arc::new(MemoryTokens::new()), Arc::new(FileTokens::new(&folder))];
    for store in &stores {
        let fake = FakeOpenStack::start().await;
        let clouds = join_all((0..5).map(|_| stored(&fake, store))).await;
        for cloud in &clouds {
            cloud.flavors().find("SCS-1V-4").await.unwrap();
        }
        let memory = format!("{store:?}").starts_with("Memory");
        assert_eq!(logins(&fake), if memory { 5 } else { 1 }, "files are locked");
        stored(&fake, store).await.flavors().find("SCS-1V-4").await.unwrap();
        let before = logins(&fake);

        // Another scope is another token.
        let login = Password::new("demo", "secret").user_domain("Default");
        let unscoped = OpenStack::builder(fake.auth_url(), login).token_store(store.clone());
        unscoped.connect().await.unwrap();
        assert_eq!(logins(&fake), before + 1);

        // One that does not do any more costs one 401, and one login.
        fake.revoke_tokens();
        fake.forget_requests();
        let cloud = stored(&fake, store).await;
        cloud.flavors().find("SCS-1V-4").await.unwrap();
        assert_eq!(logins(&fake), 1);
        assert_eq!(fake.requests().iter().filter(|request| request.status == 401).count(), 1);

        // One that ends soon is passed over.
        fake.token_lifetime(Duration::from_millis(200));
        fake.revoke_tokens();
        stored(&fake, store).await.flavors().find("SCS-1V-4").await.unwrap();
        tokio::time::sleep(Duration::from_millis(250)).await;
        fake.token_lifetime(Duration::from_secs(3600));
        fake.forget_requests();
        stored(&fake, store).await.flavors().find("SCS-1V-4").await.unwrap();
        assert_eq!(logins(&fake), 1);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn files_that_cannot_be_trusted_are_passed_over() {
    use std::{fs, os::unix::fs::PermissionsExt};

    let folder = std::env::temp_dir().join(format!("scs-trust-{}", std::process::id()));
    fs::remove_dir_all(&folder).ok();
    let fake = FakeOpenStack::start().await;
    let store: Arc<dyn TokenStore> = Arc::new(FileTokens::new(&folder));
    stored(&fake, &store).await;
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files =
        || -> Vec<_> { fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect() };
    assert_eq!(mode(&folder), 0o700);
    assert!(files().iter().all(|file| mode(file) == 0o600), "{:?}", files());
    let file = files().into_iter().find(|file| file.extension().unwrap() == "json").unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("gAAAAAB") && !text.contains("secret"), "{text}");

    let spoil: [&dyn Fn(); 4] = [
        &|| fs::write(&file, "{").unwrap(),
        &|| fs::write(&file, text.replace("\"key\":\"", "\"key\":\"x")).unwrap(),
        &|| fs::write(&file, text.replace("gAAAAAB", "line\\nend")).unwrap(),
        &|| fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap(),
    ];
    for spoil in spoil {
        stored(&fake, &store).await;
        fake.forget_requests();
        stored(&fake, &store).await;
        assert_eq!(logins(&fake), 0);
        spoil();
        stored(&fake, &store).await;
        assert_eq!(logins(&fake), 1);
        assert_eq!(mode(&file), 0o600, "it is replaced");
    }
    // Without a folder it goes on without a store.
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "a file").unwrap();
    stored(&fake, &store).await.flavors().find("SCS-1V-4").await.unwrap();
    fs::remove_file(&folder).unwrap();
}

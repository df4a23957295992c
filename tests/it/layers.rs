//! One login over three layers: what works, and what a user does wrong first.

use std::sync::Arc;

use futures_util::TryStreamExt;
use scs_cloud::{
    CloudConfig,
    core::{
        ErrorKind, Phase, Result,
        auth::{TokenRequest, TokenSource},
        model::{ClusterSpec, NodePoolSpec, UserSpec},
        provider::ReadOnly,
        transport::{Retry, TransportBuilder},
    },
    iaas::{
        OpenStack,
        auth::{Federated, Scope},
        compute::ServerQuery,
    },
    iam::{Keycloak, Oidc},
    kaas::{ClusterApi, Kubernetes, Node},
    prelude::*,
    testing::{FakeCloud, When, conformance::Suite},
};

use crate::errors::{failed, line};

async fn login(fake: &FakeCloud, client: &str, user: &str) -> Result<Arc<Oidc>> {
    fake.keycloak().client(client).password(user, "secret").connect().await.map(Arc::new)
}

fn federated(provider: &str, tokens: Arc<Oidc>) -> Federated {
    Federated::new(provider, "openid", tokens).scope(Scope::project("demo").domain("Default"))
}

async fn openstack(fake: &FakeCloud, login: Federated) -> Result<OpenStack> {
    let session = OpenStack::builder(fake.openstack().auth_url(), login).connect().await?;
    Ok(OpenStack::new(session))
}

fn clusters(fake: &FakeCloud, tokens: Arc<Oidc>) -> ClusterApi {
    let kubernetes = Kubernetes::with_tokens(&fake.kubernetes().url(), None, tokens).unwrap();
    ClusterApi::new(kubernetes, "lab")
}

fn impatient(transport: TransportBuilder) -> TransportBuilder {
    transport.retry(Retry::never())
}

#[tokio::test]
async fn a_refresh_in_the_middle_is_seen_by_all_layers() {
    let fake = FakeCloud::start().await;
    let login = login(&fake, "cli", "alice").await.unwrap();
    let openstack = openstack(&fake, federated("keycloak", login.clone())).await.unwrap();
    let keycloak = fake.keycloak().builder(login.clone()).connect().await.unwrap();
    let clusters = clusters(&fake, login.clone());
    let all_answer = async || {
        keycloak.users().find("alice").await.unwrap();
        clusters.templates().unwrap().all().await.unwrap();
        let servers = openstack.servers().list(ServerQuery::new());
        servers.try_collect::<Vec<_>>().await.unwrap();
    };
    all_answer().await;
    let first = login.token(TokenRequest::default()).await.unwrap();
    // The provider forgets all tokens: whoever is refused first logs in anew for the others.
    fake.keycloak().log_everyone_out();
    let grants = |fake: &FakeCloud| {
        let requests = fake.keycloak().requests();
        requests.iter().filter(|request| request.path.ends_with("/token")).count()
    };
    let before = grants(&fake);
    all_answer().await;
    let second = login.token(TokenRequest::default()).await.unwrap();
    assert!(second.generation() > first.generation());
    assert!(grants(&fake) - before <= 2, "a refused refresh and a new login");
}

#[tokio::test]
async fn all_layers_conform() {
    let fake = FakeCloud::start().await;
    fake.kubernetes().pace(When::Reads(1));
    let cloud = fake.cloud().await.unwrap();
    let every = std::time::Duration::from_millis(1);
    for part in (&cloud as &dyn Provider).parts() {
        let suite = Suite::new(format!("suite-{}", part.name())).every(every);
        let facets = suite.provider(&**part).await.unwrap_or_else(|error| panic!("{error}"));
        let expected: &[&str] = match part.name() {
            // A member of a project may not list all of them.
            "openstack" => &[
                "flavors",
                "images",
                "networks",
                "keys",
                "security",
                "volumes",
                "addresses",
                "machines",
            ],
            "keycloak" => &["users", "groups", "roles"],
            _ => &["templates", "clusters"],
        };
        assert_eq!(facets, expected, "{}", part.name());
    }
    assert_eq!(fake.kubernetes().unexpected(), Vec::<String>::new());
}

#[tokio::test]
async fn a_read_only_cloud_changes_nothing_in_any_layer() {
    let fake = FakeCloud::start().await;
    let cloud = ReadOnly::new(Arc::new(fake.cloud().await.unwrap()));
    let refused = |error: Error| assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    let spec = ClusterSpec::new("shop", "inmemory-scs2-1-33-v1", "1.33.0");
    refused(failed(cloud.clusters().unwrap().create(spec).await));
    refused(failed(cloud.users().unwrap().create(UserSpec::new("eve")).await));
    assert!(cloud.users().unwrap().find("alice").await.is_ok());
}

#[tokio::test]
async fn keycloak_is_down() {
    let login = Oidc::builder("http://127.0.0.1:1/realms/lab", "cli").transport(impatient);
    let error = failed(login.password("alice", "secret").connect().await);
    line(&error, ErrorKind::Transport, "oidc: ");
    assert!(error.to_string().contains("cannot connect to 127.0.0.1:1"), "{error}");
}

#[tokio::test]
async fn wrong_realm() {
    let fake = FakeCloud::start().await;
    let issuer = fake.keycloak().issuer().replace("/lab", "/moon");
    let login = Oidc::builder(issuer, "cli").password("alice", "secret").connect().await;
    line(&failed(login), ErrorKind::Config, "/realms/moon");
    fake.keycloak().unexpected();
}

#[tokio::test]
async fn a_disabled_user() {
    let fake = FakeCloud::start().await;
    fake.keycloak().disable_user("alice");
    line(&failed(login(&fake, "cli", "alice").await), ErrorKind::Unauthenticated, "disabled");
}

#[tokio::test]
async fn a_token_for_somebody_else() {
    let fake = FakeCloud::start().await;
    let for_kubernetes = login(&fake, "kubernetes", "alice").await.unwrap();
    let error = failed(openstack(&fake, federated("keycloak", for_kubernetes)).await);
    line(&error, ErrorKind::Unauthenticated, "identity: ");
    assert!(error.to_string().contains("not meant for Keystone"), "{error}");

    let service = fake.keycloak().client("service").client_secret("secret").client_credentials();
    let for_keystone = Arc::new(service.connect().await.unwrap());
    let error = failed(clusters(&fake, for_keystone).templates().unwrap().all().await);
    line(&error, ErrorKind::Unauthenticated, "cluster-api: ");
    assert!(error.to_string().contains("audience"), "{error}");
}

#[tokio::test]
async fn keystone_does_not_know_the_provider() {
    let fake = FakeCloud::start().await;
    let login = login(&fake, "cli", "alice").await.unwrap();
    let error = failed(openstack(&fake, federated("github", login)).await);
    line(&error, ErrorKind::Config, "identity: ");
    assert!(error.to_string().contains("no identity provider `github`"), "{error}");
}

#[tokio::test]
async fn the_mapping_fits_nobody() {
    let fake = FakeCloud::start().await;
    let login = login(&fake, "cli", "carol").await.unwrap();
    let error = failed(openstack(&fake, federated("keycloak", login)).await);
    line(&error, ErrorKind::Unauthenticated, "identity: ");
    assert!(error.to_string().contains("no rule of Keystone's mapping"), "{error}");
}

#[tokio::test]
async fn orders_that_cannot_be_filled() {
    let fake = FakeCloud::start().await;
    let clusters = clusters(&fake, login(&fake, "cli", "alice").await.unwrap()).clusters().unwrap();
    let error = failed(clusters.create(ClusterSpec::new("shop", "huge", "1.33.0")).await);
    line(&error, ErrorKind::NotFound, "cluster-api: ");
    assert!(error.to_string().contains("inmemory-scs2-1-33-v1"), "{error}");
    let spec = ClusterSpec::new("shop", "inmemory-scs2-1-33-v1", "1.30.0");
    let error = failed(clusters.create(spec).await);
    line(&error, ErrorKind::InvalidInput, "1.33");
}

#[tokio::test]
async fn no_permission() {
    let fake = FakeCloud::start().await;
    let bob = login(&fake, "cli", "bob").await.unwrap();
    let spec = ClusterSpec::new("shop", "inmemory-scs2-1-33-v1", "1.33.0");
    let created = clusters(&fake, bob.clone()).clusters().unwrap().create(spec).await;
    let error = failed(created);
    line(&error, ErrorKind::Forbidden, "cluster-api: ");
    let keycloak: Keycloak = fake.keycloak().builder(bob).connect().await.unwrap();
    let error = failed(Provider::users(&keycloak).unwrap().create(UserSpec::new("eve")).await);
    line(&error, ErrorKind::Forbidden, "keycloak: ");
}

#[tokio::test]
async fn a_workload_cluster_that_is_away() {
    let fake = FakeCloud::start().await;
    fake.kubernetes().pace(When::Reads(0));
    let cluster_api = clusters(&fake, login(&fake, "cli", "alice").await.unwrap());
    let clusters = cluster_api.clusters().unwrap();
    let spec = ClusterSpec::new("shop", "inmemory-scs2-1-33-v1", "1.33.0")
        .pool(NodePoolSpec::new("workers", 1));
    let cluster = clusters.create(spec).await.unwrap();
    let cluster = clusters.ready(&cluster.id).await.unwrap();
    assert_eq!(cluster.phase, Phase::Ready);
    let kubeconfig = clusters.kubeconfig(&cluster.id).await.unwrap();
    let url = fake.kubernetes().url();
    let away = kubeconfig.expose().replace(&url, "http://127.0.0.1:1");
    let workload = Kubernetes::from_kubeconfig(&away.into()).await.unwrap();
    let error = failed(workload.objects::<Node>().list().await);
    line(&error, ErrorKind::Transport, "kubernetes: ");
    assert!(error.to_string().contains("cannot connect to 127.0.0.1:1"), "{error}");
}

#[tokio::test]
async fn a_file_that_describes_no_cloud() {
    for (text, kind, words) in [
        ("login: [1]", ErrorKind::Config, "cloud.yaml:1"),
        ("bucket: {}", ErrorKind::Config, "does not describe a cloud"),
        ("keycloak: {}", ErrorKind::Config, "`keycloak` has no login"),
        ("openstack: {region: x}", ErrorKind::Config, "`openstack` names neither"),
        ("cluster_api: {namespace: x}", ErrorKind::Config, "one of `server` and `kubeconfig`"),
        (
            "login: {issuer: 'http://127.0.0.1:1', client_id: x, username: ada}",
            ErrorKind::Config,
            "only one of `username` and `password`",
        ),
        (
            "login: {issuer: 'http://127.0.0.1:1', client_id: x, cacert: /nowhere}",
            ErrorKind::Config,
            "/nowhere cannot be read",
        ),
        (
            "login: {issuer: 'http://127.0.0.1:1', client_id: x}",
            ErrorKind::Config,
            "nothing to show a code with",
        ),
    ] {
        let cloud = async { CloudConfig::parse(text, "cloud.yaml")?.connect().await };
        line(&failed(cloud.await), kind, words);
    }
    let error = failed(CloudConfig::load("/nowhere/cloud.yaml"));
    line(&error, ErrorKind::Config, "/nowhere/cloud.yaml cannot be read");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_with_secrets_is_nobody_elses() {
    use std::os::unix::fs::PermissionsExt;

    let fake = FakeCloud::start().await;
    let file = std::env::temp_dir().join(format!("scs-cloud-{}.yaml", std::process::id()));
    std::fs::write(&file, fake.cloud_yaml()).unwrap();
    let allow = |mode| std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
    allow(0o644);
    line(&failed(CloudConfig::load(&file)), ErrorKind::Config, "others may read it");
    allow(0o600);
    let cloud = CloudConfig::load(&file).unwrap().connect().await.unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(cloud.users().unwrap().find("alice").await.is_ok());
}

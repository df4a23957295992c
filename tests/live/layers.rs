//! One login over all labs.

use std::{
    env, fs,
    path::PathBuf,
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::TryStreamExt;
use scs_cloud::{
    CloudConfig,
    core::{
        Result,
        auth::{Grant, TokenRequest, TokenSource},
        transport::TransportBuilder,
    },
    iaas::{
        OpenStack,
        auth::{Federated, Scope},
        compute::ServerQuery,
    },
    iam::{Keycloak, Oidc},
    kaas::{ClusterApi, Kubernetes, cluster_api::ClusterClass},
    prelude::*,
    testing::conformance::Suite,
};

use crate::lab;

const KEYCLOAK: &str = "https://127.0.0.1:8443";
const KEYSTONE: &str = "https://127.0.0.1:5443/v3";
const KUBERNETES: &str = "https://127.0.0.1:6443";

/// The file that names the layers of the labs.
fn cloud_file(clusters: &str) -> PathBuf {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/labs/cloud");
    let done = Command::new(script).arg(clusters).output().expect("a shell");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().into()
}

fn read(name: &str) -> String {
    let folder = env::var("KEYCLOAK_LAB_DIR").unwrap_or("/tmp/keycloak-lab".into());
    fs::read_to_string(format!("{folder}/{name}")).expect("the lab is up")
}

fn trusting(transport: TransportBuilder) -> TransportBuilder {
    transport.http(|http| http.ca_pem("ca.crt", read("ca.crt")))
}

/// A client's view of a login: remembers the last token that it was given.
#[derive(Debug)]
struct Client {
    login: Oidc,
    last: Mutex<Option<Secret>>,
}

impl Client {
    fn of(login: &Oidc) -> Arc<Self> {
        Arc::new(Self { login: login.clone(), last: Mutex::default() })
    }

    fn has(&self, grant: &Grant) -> bool {
        let last = self.last.lock().unwrap();
        last.as_ref().is_some_and(|last| last.expose() == grant.token().expose())
    }
}

#[async_trait]
impl TokenSource for Client {
    async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>> {
        let grant = self.login.token(request).await?;
        *self.last.lock().unwrap() = Some(grant.token().clone());
        Ok(grant)
    }
}

#[tokio::test]
async fn one_session_opens_three_layers() {
    cloud_file("cluster_api");
    let login = Oidc::builder(format!("{KEYCLOAK}/realms/lab"), "cli")
        .transport(trusting)
        .password("alice", "secret")
        .connect()
        .await
        .unwrap();
    let clients = [(); 3].map(|()| Client::of(&login));
    let [for_keycloak, for_keystone, for_kubernetes] = &clients;
    let keycloak = Keycloak::builder(KEYCLOAK, "lab", for_keycloak.clone())
        .transport(trusting)
        .connect()
        .await
        .unwrap();
    let federated = Federated::new("keycloak", "openid", for_keystone.clone())
        .scope(Scope::project("lab").domain("Default"));
    let session =
        OpenStack::builder(KEYSTONE, federated).transport(trusting).connect().await.unwrap();
    let openstack = OpenStack::new(session);
    let ca = read("kubernetes-ca.crt");
    let kubernetes =
        Kubernetes::with_tokens(KUBERNETES, Some(&ca), for_kubernetes.clone()).unwrap();
    let clusters = ClusterApi::new(kubernetes, "lab");

    let all_answer = async || {
        assert_eq!(keycloak.users().find("alice").await.unwrap().username, "alice");
        let servers = openstack.servers().list(ServerQuery::new());
        servers.try_collect::<Vec<_>>().await.unwrap();
        let access = openstack.session().access().await.unwrap();
        assert_eq!(access.project.as_ref().unwrap().name, "lab");
        assert!(!clusters.objects::<ClusterClass>().list().await.unwrap().is_empty());
    };
    all_answer().await;
    let first = login.token(TokenRequest::default()).await.unwrap();
    assert!(clients.iter().all(|client| client.has(&first)));

    // In the middle of the run the login is renewed: by its refresh token.
    let again = TokenRequest::default().rejected(first.generation());
    let second = login.token(again).await.unwrap();
    assert!(first.token().expose() != second.token().expose());
    // Keystone's own token outlives the one it was made from, unless it is given up as well.
    let grant = openstack.session().transport().grant(Duration::ZERO).await.unwrap();
    let ca = reqwest::Certificate::from_pem(read("ca.crt").as_bytes()).unwrap();
    let revoked = reqwest::Client::builder()
        .tls_certs_only([ca])
        .build()
        .unwrap()
        .delete(format!("{KEYSTONE}/auth/tokens"))
        .header("x-auth-token", grant.token().expose())
        .header("x-subject-token", grant.token().expose())
        .send()
        .await
        .unwrap();
    assert_eq!(revoked.status(), 204);
    // Keystone's processes remember for a moment whom they let in, other services for minutes.
    for _ in 0..60 {
        openstack.projects().get_opt(&"does-not-exist".into()).await.ok();
        if for_keystone.has(&second) {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    all_answer().await;
    assert!(clients.iter().all(|client| client.has(&second)));
}

#[tokio::test]
async fn the_layers_as_one_provider_conform() {
    let cloud = CloudConfig::load(cloud_file("cluster_api")).unwrap().connect().await.unwrap();
    let provider: &dyn Provider = &cloud;
    // OpenStack has its own test.
    for part in provider.parts().iter().filter(|part| part.name() != "openstack") {
        let name = lab::name(part.name());
        let suite = Suite::new(name).every(Duration::from_secs(1));
        let facets = suite.provider(&**part).await.unwrap_or_else(|error| panic!("{error}"));
        match part.name() {
            "keycloak" => assert_eq!(facets, ["users", "groups", "roles"]),
            _ => assert_eq!(facets, ["templates", "clusters"]),
        }
    }
}

use scs_core::Result;
use scs_iaas::{
    OpenStack,
    testing::{BearerRefusal, FakeOpenStack, FederatedUser},
};
use scs_iam::testing::FakeKeycloak;
use scs_kaas::testing::{FakeKubernetes, User};

use crate::{Cloud, CloudConfig};

/// All layers of a cloud, each a fake: an OpenStack, a Kubernetes with Cluster API and Gardener,
/// and a Keycloak whose logins both of them take. It stops when it is dropped.
///
/// In OpenStack, members of the group `lab-users` belong to project `demo`. In Kubernetes they
/// are called `oidc:NAME`, and those in `lab-admins` may change things; others may read.
///
/// ```
/// use scs_cloud::{iaas::OpenStack, iam::Keycloak, prelude::*, testing::FakeCloud};
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let fake = FakeCloud::start().await;
/// let cloud = fake.cloud().await?;                  // one login, all layers
/// assert!(cloud.users()?.find("alice").await?.enabled);
/// assert_eq!(cloud.templates()?.all().await?.len(), 3);
/// let cloud: &dyn Provider = &cloud;
/// let openstack: &OpenStack = cloud.native().expect("a part");
/// assert_eq!(openstack.session().access().await?.user.name, "alice");
///
/// fake.keycloak().disable_user("alice");
/// assert!(fake.cloud().await.unwrap_err().to_string().contains("disabled"));
/// # Ok::<(), scs_cloud::core::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FakeCloud {
    keycloak: FakeKeycloak,
    openstack: FakeOpenStack,
    kubernetes: FakeKubernetes,
}

impl FakeCloud {
    /// Starts a cloud.
    pub async fn start() -> Self {
        let keycloak = FakeKeycloak::start().await;
        let openstack = FakeOpenStack::start().await;
        let kubernetes = FakeKubernetes::start().await;

        let verifier = keycloak.verifier();
        openstack.federate("keycloak", "openid", move |token| {
            let claims = verifier.verify(token).ok_or(BearerRefusal::Invalid)?;
            if !claims.is_for("keystone") {
                return Err(BearerRefusal::Audience);
            }
            let member = claims.groups.iter().any(|group| group == "lab-users");
            Ok(FederatedUser::new(claims.username, member.then_some("demo")))
        });
        let (verifier, own) = (keycloak.verifier(), kubernetes.token());
        kubernetes.authenticate(move |token| {
            if token == own.expose() {
                return Some(User::new("lab-user").group("lab-admins"));
            }
            let claims = verifier.verify(token).filter(|claims| claims.is_for("kubernetes"))?;
            let user = User::new(format!("oidc:{}", claims.username));
            Some(claims.groups.into_iter().fold(user, User::group))
        });
        kubernetes.authorize(|user, access| {
            user.is_in("lab-admins") || user.is_in("lab-users") && access.is_read()
        });
        Self { keycloak, openstack, kubernetes }
    }

    /// Its Keycloak: what went wrong, what was asked, who may log in.
    pub fn keycloak(&self) -> &FakeKeycloak {
        &self.keycloak
    }

    /// Its OpenStack: what went wrong, what was asked, how long things take.
    pub fn openstack(&self) -> &FakeOpenStack {
        &self.openstack
    }

    /// Its Kubernetes: what went wrong, what was asked, how long things take.
    pub fn kubernetes(&self) -> &FakeKubernetes {
        &self.kubernetes
    }

    /// OpenStack alone, logged in to as an ordinary user of a project, without Keycloak.
    ///
    /// # Errors
    /// If the login fails, as a [`Fault`](super::Fault) may cause.
    pub async fn connect(&self) -> Result<OpenStack> {
        self.openstack.connect().await
    }

    /// A file that names all layers, as [`CloudConfig`] reads it: for `alice`, who administers
    /// realm and clusters.
    pub fn cloud_yaml(&self) -> String {
        let (issuer, keystone) = (self.keycloak.issuer(), self.openstack.auth_url());
        let kubernetes = self.kubernetes.url();
        format!(
            "login: {{issuer: '{issuer}', client_id: cli, username: alice, password: secret}}\n\
             openstack:\n  \
               auth_url: '{keystone}'\n  \
               identity_provider: keycloak\n  \
               project: demo\n  \
               project_domain: Default\n\
             keycloak: {{}}\n\
             cluster_api: {{server: '{kubernetes}', namespace: lab}}\n\
             gardener:\n  \
               server: '{kubernetes}'\n  \
               project: lab\n  \
               credentials_binding: lab\n  \
               machine_type: SCS-2V-4\n"
        )
    }

    /// All layers, logged in to as `alice`.
    ///
    /// # Errors
    /// If the login fails, as a [`Fault`](super::Fault) may cause.
    pub async fn cloud(&self) -> Result<Cloud> {
        CloudConfig::parse(&self.cloud_yaml(), "the fake cloud")?.connect().await
    }
}

use scs_core::{
    Result,
    standards::{
        Assessment,
        modules::{self, Landscape},
    },
    transport::TransportBuilder,
};
use scs_iaas::OpenStack;
use scs_kaas::Kubernetes;

/// Looks at the modules of SCS that a cloud has, and at their levels: see
/// [`modules`](scs_core::standards::modules). What is not named is unknown. Nothing is changed
/// anywhere.
///
/// ```
/// use scs_cloud::{Survey, core::standards::modules::{Level, Module}, testing::FakeCloud};
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let fake = FakeCloud::start().await;
/// let landscape = Survey::new()
///     .openstack(&fake.connect().await?)
///     .kubernetes(&fake.kubernetes().connect().await?)
///     .run()
///     .await?;
/// assert_eq!(landscape.level(Module::Kubernetes), Level::Compatible);
/// println!("{landscape}");
/// # Ok::<(), scs_cloud::core::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
#[must_use]
pub struct Survey {
    openstack: Option<OpenStack>,
    assessment: Option<Assessment>,
    kubernetes: Option<Kubernetes>,
    namespace: Option<String>,
    registry: Option<String>,
    monitoring: Option<String>,
    transport: TransportBuilder,
}

impl Survey {
    /// Nothing is named yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The cloud that infrastructure and storage are of.
    pub fn openstack(mut self, cloud: &OpenStack) -> Self {
        self.openstack = Some(cloud.clone());
        self
    }

    /// How the cloud stands by the scope of SCS-compatible IaaS. Without it the level of the
    /// infrastructure is unknown.
    pub fn assessment(mut self, assessment: Assessment) -> Self {
        self.assessment = Some(assessment);
        self
    }

    /// The management cluster that makes clusters.
    pub fn kubernetes(mut self, management: &Kubernetes) -> Self {
        self.kubernetes = Some(management.clone());
        self
    }

    /// The namespace of the management cluster to look in; all of them if not set.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// The address of the registry: `https://registry.example`.
    pub fn registry(mut self, address: impl Into<String>) -> Self {
        self.registry = Some(address.into());
        self
    }

    /// The address of the status page, or of what has metrics: `https://status.example`.
    pub fn monitoring(mut self, address: impl Into<String>) -> Self {
        self.monitoring = Some(address.into());
        self
    }

    /// Certificates and time-outs for registry and monitoring, which are asked without a login.
    pub fn transport(
        mut self,
        configure: impl FnOnce(TransportBuilder) -> TransportBuilder,
    ) -> Self {
        self.transport = configure(self.transport);
        self
    }

    /// Looks. What goes wrong on the way makes a module unknown, with the reason.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if an address is none or holds a login, or if
    /// the settings of the transport cannot be used.
    pub async fn run(self) -> Result<Landscape> {
        let transport = self.transport.build()?;
        let (registry, monitoring) = (self.registry.as_deref(), self.monitoring.as_deref());
        let mut standings = Vec::new();
        if let Some(address) = monitoring {
            standings.push(modules::monitoring(&transport, address).await?);
        }
        if let Some(cloud) = &self.openstack {
            let assessment = self.assessment.as_ref();
            standings.extend(scs_iaas::standards::modules::look(cloud, assessment).await);
        }
        if let Some(cluster) = &self.kubernetes {
            let namespace = self.namespace.as_deref();
            standings.push(scs_kaas::standards::modules::look(cluster, namespace).await);
        }
        if let Some(address) = registry {
            standings.push(modules::registry(&transport, address).await?);
        }
        Ok(standings.into_iter().collect())
    }
}

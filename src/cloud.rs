use std::sync::Arc;

use scs_core::{
    Catalogue, ErrorKind, Provider, Result, Store,
    model::{ClusterTemplate, Flavor, Image, KeyPair, Network, Project, SecurityGroup, User},
    provider::{Addresses, Clusters, Groups, Machines, Roles, Volumes},
};

/// Several providers as one: machines from OpenStack, clusters from Cluster API, users from
/// Keycloak.
///
/// Each facet is that of the first part that has it. What is particular to a part is reached
/// with [`native`](trait.Provider.html#method.native), as if the part were alone.
///
/// ```
/// use scs_cloud::{Cloud, prelude::*, testing::Memory};
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let cloud = Cloud::builder().with(Memory::new()).build();
/// let templates = cloud.templates()?.all().await?;
/// assert_eq!(templates[0].name, "scs2");
/// let cloud: &dyn Provider = &cloud;
/// assert!(cloud.native::<Memory>().is_some());
/// # Ok::<(), scs_cloud::core::Error>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Cloud {
    parts: Arc<[Arc<dyn Provider>]>,
}

/// What a [`Cloud`] is composed of.
#[derive(Debug, Default)]
#[must_use]
pub struct CloudBuilder {
    parts: Vec<Arc<dyn Provider>>,
}

impl Cloud {
    /// A cloud without parts.
    pub fn builder() -> CloudBuilder {
        CloudBuilder::default()
    }

    fn first<F>(&self, facet: impl Fn(&dyn Provider) -> Result<F>) -> Result<F> {
        for part in &*self.parts {
            match facet(&**part) {
                Err(error) if error.kind() == ErrorKind::Unsupported => {}
                answer => return answer,
            }
        }
        facet(&Nothing)
    }
}

impl CloudBuilder {
    /// Adds a part. Of two that have the same facet, the one added first answers.
    pub fn with(mut self, part: impl Provider) -> Self {
        self.parts.push(Arc::new(part));
        self
    }

    /// The parts as one.
    pub fn build(self) -> Cloud {
        Cloud { parts: self.parts.into() }
    }
}

const NAME: &str = "cloud";

/// What says that there is no such facet.
#[derive(Debug)]
struct Nothing;

impl Provider for Nothing {
    fn name(&self) -> &'static str {
        NAME
    }
}

impl Provider for Cloud {
    fn name(&self) -> &'static str {
        NAME
    }

    fn machines(&self) -> Result<Arc<dyn Machines>> {
        self.first(<dyn Provider>::machines)
    }

    fn flavors(&self) -> Result<Arc<dyn Catalogue<Flavor>>> {
        self.first(<dyn Provider>::flavors)
    }

    fn images(&self) -> Result<Arc<dyn Catalogue<Image>>> {
        self.first(<dyn Provider>::images)
    }

    fn networks(&self) -> Result<Arc<dyn Store<Network>>> {
        self.first(<dyn Provider>::networks)
    }

    fn addresses(&self) -> Result<Arc<dyn Addresses>> {
        self.first(<dyn Provider>::addresses)
    }

    fn volumes(&self) -> Result<Arc<dyn Volumes>> {
        self.first(<dyn Provider>::volumes)
    }

    fn keys(&self) -> Result<Arc<dyn Store<KeyPair>>> {
        self.first(<dyn Provider>::keys)
    }

    fn security(&self) -> Result<Arc<dyn Store<SecurityGroup>>> {
        self.first(<dyn Provider>::security)
    }

    fn clusters(&self) -> Result<Arc<dyn Clusters>> {
        self.first(<dyn Provider>::clusters)
    }

    fn templates(&self) -> Result<Arc<dyn Catalogue<ClusterTemplate>>> {
        self.first(<dyn Provider>::templates)
    }

    fn users(&self) -> Result<Arc<dyn Store<User>>> {
        self.first(<dyn Provider>::users)
    }

    fn groups(&self) -> Result<Arc<dyn Groups>> {
        self.first(<dyn Provider>::groups)
    }

    fn roles(&self) -> Result<Arc<dyn Roles>> {
        self.first(<dyn Provider>::roles)
    }

    fn projects(&self) -> Result<Arc<dyn Store<Project>>> {
        self.first(<dyn Provider>::projects)
    }

    fn parts(&self) -> &[Arc<dyn Provider>] {
        &self.parts
    }
}

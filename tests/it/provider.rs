//! The conformance suite on every provider that needs no cloud, and an application that runs
//! on each of them.

use std::time::Duration;

use scs_cloud::{
    Cloud,
    core::provider::ReadOnly,
    iaas::OpenStack,
    model::MachineSpec,
    prelude::*,
    testing::{FakeCloud, Memory, When, conformance::Suite},
};

const IAAS: [&str; 8] =
    ["flavors", "images", "networks", "security", "keys", "volumes", "machines", "addresses"];
const KAAS: [&str; 2] = ["templates", "clusters"];
const IAM: [&str; 4] = ["users", "groups", "roles", "projects"];

async fn conforms(cloud: &dyn Provider, name: &str, expected: &[&str]) {
    let every = Duration::from_millis(1);
    let suite = Suite::new(format!("suite-{name}")).every(every).timeout(Duration::from_secs(120));
    let mut facets = suite.provider(cloud).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut expected = expected.to_vec();
    facets.sort_unstable();
    expected.sort_unstable();
    assert_eq!(facets, expected, "{name}");
}

#[tokio::test]
async fn memory_conforms() {
    conforms(&Memory::new(), "memory", &[&IAAS[..], &KAAS, &IAM].concat()).await;
}

#[tokio::test]
async fn openstack_conforms_on_the_fake() {
    let fake = FakeCloud::start().await;
    let cloud = fake.connect().await.unwrap();
    conforms(&cloud, "fake", &IAAS).await;
    let admin = fake.openstack().connect_as_admin().await.unwrap();
    conforms(&admin, "admin", &[&IAAS[..], &["projects"]].concat()).await;
    assert_eq!(fake.openstack().unexpected(), Vec::<String>::new());
}

/// An application: it knows no cloud, only what a provider is.
async fn first_machine(cloud: &dyn Provider) -> Result<String> {
    let flavor = cloud.flavors()?.all().await?.remove(0);
    let image = cloud.images()?.all().await?.remove(0);
    let spec = MachineSpec::new("web-1", flavor.id(), image.id());
    let machine = cloud.machines()?.create(spec).await?;
    let machine = cloud.machines()?.ready(machine.id()).await?;
    Ok(machine.name().to_owned())
}

#[tokio::test]
async fn an_application_runs_on_any_provider() {
    let fake = FakeCloud::start().await;
    fake.openstack().pace(When::Reads(0));
    let cloud = fake.connect().await.unwrap();
    assert_eq!(first_machine(&cloud).await.unwrap(), "web-1");
    assert_eq!(first_machine(&Memory::new()).await.unwrap(), "web-1");

    let cloud: &dyn Provider = &cloud;
    let native: &OpenStack = cloud.native().expect("the native client");
    let server = native.servers().find("web-1").await.unwrap();
    assert!(!server.volumes.is_empty(), "a diskless flavor boots from a volume");
    assert!(cloud.native::<Memory>().is_none());
}

#[tokio::test]
async fn a_read_only_provider_changes_nothing() {
    let cloud = ReadOnly::new(Memory::new().into());
    let error = first_machine(&cloud).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
}

#[tokio::test]
async fn several_providers_are_one() {
    let fake = FakeCloud::start().await;
    let cloud = Cloud::builder().with(fake.connect().await.unwrap()).with(Memory::new()).build();
    assert_eq!(first_machine(&cloud).await.unwrap(), "web-1");
    let cloud: &dyn Provider = &cloud;
    let memory: &Memory = cloud.native().expect("a part");
    assert!(memory.machines().unwrap().all().await.unwrap().is_empty(), "OpenStack came first");
    assert!(cloud.native::<OpenStack>().unwrap().servers().find("web-1").await.is_ok());
    assert_eq!(cloud.templates().unwrap().all().await.unwrap()[0].name, "scs2");

    let error = Cloud::builder().build().clusters().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.to_string(), "cloud: this provider does not offer `clusters`");
}

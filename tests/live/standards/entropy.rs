use std::time::Duration;

use scs_cloud::{
    core::standards::{Mode, TestResult, Verdict},
    iaas::{
        OpenStack,
        block_storage::VolumeQuery,
        compute::{NewFlavor, ServerQuery},
        network::{NetworkQuery, Port, PortQuery, RouterQuery},
        standards::probe::Entropy,
    },
};

use crate::lab::{self, Cleanup};

/// What is there that probes have made, by name or, if it has none, by address.
async fn made(cloud: &OpenStack) -> Vec<String> {
    let address = |port: &Port| port.fixed_ips.first().map(|ip| ip.ip_address.to_string());
    let mut names = [
        lab::keys(cloud.servers().list(ServerQuery::new()), |it| it.name.clone()).await,
        lab::keys(cloud.volumes().list(VolumeQuery::new()), |it| it.name.clone()).await,
        lab::keys(cloud.routers().list(RouterQuery::new()), |it| it.name.clone()).await,
        lab::keys(cloud.networks().list(NetworkQuery::new()), |it| it.name.clone()).await,
        lab::keys(cloud.ports().list(PortQuery::new()), |it| address(it).unwrap_or_default()).await,
    ]
    .concat();
    names.retain(|name| name.starts_with("scs-probe-entropy-") || name.starts_with("10.1.0."));
    names
}

/// Fails if something stays. Another run of the same test is given time.
async fn nothing_is_left(cloud: &OpenStack) {
    for _ in 0..150 {
        if made(cloud).await.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    panic!("left behind: {:?}", made(cloud).await);
}

fn verdicts(results: &[TestResult]) -> Vec<Verdict> {
    results.iter().map(|result| result.verdict).collect()
}

#[tokio::test]
async fn a_server_tells_of_its_random_numbers() {
    let cloud = lab::cloud("lab-user").await;
    let results = Entropy::new().run(&cloud, Mode::Spec).await;
    assert_eq!(verdicts(&results), [Verdict::Pass; 3], "{results:?}");
    assert!(results.iter().all(|result| result.findings.is_empty()), "{results:?}");
    nothing_is_left(&cloud).await;
}

#[tokio::test]
async fn no_host_takes_the_server() {
    let (cloud, admin) = (lab::cloud("lab-user").await, lab::cloud("lab").await);
    let _others_wait = lab::FLAVORS.lock().await;
    Cleanup::after(async |cleanup| {
        // More than any host of the lab has.
        let flavor = NewFlavor::new(lab::name("huge"), 65, 512, 0);
        let flavor = admin.flavors().create(flavor).await.unwrap().id;
        cleanup.delete(&admin.flavors(), &flavor);
        let results = Entropy::new().flavor(&flavor).run(&cloud, Mode::Reference).await;
        assert_eq!(verdicts(&results), [Verdict::Abort; 3], "{results:?}");
        let findings = &results[0].findings;
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(findings[1].message.contains("No valid host was found"), "{findings:?}");
        nothing_is_left(&cloud).await;
    })
    .await;
}

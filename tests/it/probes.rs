//! What probes of the standards make, and how it goes again.

use std::time::Duration;

use futures_util::TryStreamExt;
use http::Method;
use scs_cloud::{
    core::{
        Error, Result,
        standards::{
            Mode, Plan, Scope, Severity, TestResult,
            Verdict::{self, Abort, Fail, Pass},
            check,
        },
    },
    iaas::{
        OpenStack,
        block_storage::{BackupQuery, NewVolume, VolumeQuery},
        compute::ServerQuery,
        key_manager::SecretQuery,
        network::{
            AddRouterInterface, NewNetwork, NewRouter, NewSubnet, RemoveRouterInterface,
            RouterQuery,
        },
        standards::{backup, conformance, key_manager, probe, probe::Cleanup},
        testing::FakeOpenStack,
    },
    testing::{FakeCloud, Fault, When},
};
use tokio::sync::oneshot;

/// A network behind a router, and a volume.
async fn make(cloud: &OpenStack, cleanup: &mut Cleanup) -> Result<()> {
    let name = cleanup.name().to_owned();
    cleanup.remove(cloud.networks());
    let network = cloud.networks().create(NewNetwork::new().name(&name)).await?;
    let subnet = cloud.subnets().create(NewSubnet::of(&network.id, "10.1.0.0/24")).await?;
    cleanup.remove(cloud.routers());
    let router = cloud.routers().create(NewRouter::new().name(&name)).await?.id;
    let (routers, id, subnet) = (cloud.routers(), router.clone(), subnet.id);
    let interface = AddRouterInterface::new().subnet_id(&subnet);
    cleanup.undo(format!("the interface of router {router}"), move || {
        let (routers, id, subnet) = (routers.clone(), id.clone(), subnet.clone());
        async move {
            let interface = RemoveRouterInterface::new().subnet_id(&subnet);
            routers.act(&id, interface).await.map(drop)
        }
    });
    cloud.routers().act(&router, interface).await?;
    cleanup.remove(cloud.volumes());
    // Another of this name is not known, as after an answer that was lost.
    for _ in 0..2 {
        cloud.volumes().create(NewVolume::new(1).name(&name)).await?;
    }
    Ok(())
}

/// How many volumes and routers there are.
async fn there_are(cloud: &OpenStack) -> (usize, usize) {
    let volumes: Vec<_> = cloud.volumes().list(VolumeQuery::new()).try_collect().await.unwrap();
    let routers: Vec<_> = cloud.routers().list(RouterQuery::new()).try_collect().await.unwrap();
    (volumes.len(), routers.len())
}

#[tokio::test]
async fn what_a_probe_makes_goes_again() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    let mut cleanup = Cleanup::new("scs-probe-test");
    make(&cloud, &mut cleanup).await.unwrap();
    assert_eq!(there_are(&cloud).await, (2, 1));
    // Cinder refuses once, as while a volume is busy.
    fake.openstack().fail(Fault::status(400).on("DELETE", "/volume"));
    assert_eq!(cleanup.finish().await, []);
    assert_eq!(there_are(&cloud).await, (0, 0));
}

#[tokio::test]
async fn what_does_not_go_is_told() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    let mut cleanup = Cleanup::new("scs-probe-test").patience(Duration::from_secs(30));
    make(&cloud, &mut cleanup).await.unwrap();
    let name = cleanup.name().to_owned();
    fake.openstack().fail(Fault::status(403).times(u32::MAX).on("DELETE", "/volume"));
    let left = cleanup.finish().await;
    assert_eq!(there_are(&cloud).await, (2, 0), "the rest goes all the same");
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left[0].subject.starts_with("volume ") && left[0].subject.contains(&name), "{left:?}");
    assert!(left[0].message.contains("by hand"), "{left:?}");
}

#[tokio::test]
async fn what_is_made_goes_when_nobody_waits_any_more() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    let (tell, told) = oneshot::channel();
    let probing = cloud.clone();
    let probe = tokio::spawn(async move {
        let mut cleanup = Cleanup::new("scs-probe-test");
        make(&probing, &mut cleanup).await.unwrap();
        tell.send(()).unwrap();
        std::future::pending::<()>().await;
        drop(cleanup);
    });
    told.await.unwrap();
    assert_eq!(there_are(&cloud).await, (2, 1));
    probe.abort();
    let gone = async {
        while there_are(&cloud).await != (0, 0) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), gone).await.expect("all is removed");
}

fn verdicts(results: &[TestResult]) -> [Verdict; 3] {
    let verdicts: Vec<_> = results.iter().map(|result| result.verdict).collect();
    verdicts.try_into().unwrap()
}

/// Whether the first result tells this in its findings.
fn tells(results: &[TestResult], words: &str) -> bool {
    results[0].findings.iter().any(|finding| finding.to_string().contains(words))
}

async fn servers(cloud: &OpenStack) -> usize {
    let servers: Vec<_> = cloud.servers().list(ServerQuery::new()).try_collect().await.unwrap();
    servers.len()
}

#[tokio::test]
async fn a_server_tells_of_its_random_numbers() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    let probe = probe::Entropy::new();
    for mode in [Mode::Spec, Mode::Reference] {
        let results = probe.run(&cloud, mode).await;
        assert_eq!(verdicts(&results), [Pass; 3], "{results:?}");
        assert!(results.iter().all(|result| result.findings.is_empty()), "{results:?}");
    }
    fake.openstack().console(
        "_scs-test-instructions\nnone\n_scs-test-entropy-avail\n3300\n_scs-test-fips-test\n\
         rngtest: FIPS 140-2 failures: 4\n_scs-test-end\n",
    );
    let results = probe.run(&cloud, Mode::Spec).await;
    assert_eq!(verdicts(&results), [Fail, Fail, Abort], "{results:?}");
    assert_eq!(verdicts(&probe.run(&cloud, Mode::Reference).await), [Fail, Pass, Abort]);
    assert_eq!((servers(&cloud).await, there_are(&cloud).await), (0, (0, 0)));
    assert_eq!(fake.openstack().unexpected(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_server_that_does_not_get_there_is_told_of() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    // It knows what is there already; what comes late is not waited for.
    fake.openstack().console("_scs-test-entropy-avail\n256\n_scs-test-tools\nE: no packages\n");
    let probe = probe::Entropy::new().time_limit(Duration::from_secs(8));
    let results = probe.run(&cloud, Mode::Reference).await;
    assert_eq!(verdicts(&results), [Pass, Abort, Abort], "{results:?}");
    let findings = &results[1].findings;
    assert!(findings[1].message.contains("`login:`"), "{findings:?}");

    fake.openstack().set_quota("compute", "instances", 0);
    let results = probe.run(&cloud, Mode::Reference).await;
    assert_eq!(verdicts(&results), [Abort; 3], "{results:?}");
    assert!(tells(&results, "Quota exceeded for instances"), "{results:?}");
    assert_eq!((servers(&cloud).await, there_are(&cloud).await), (0, (0, 0)));
}

#[tokio::test]
async fn a_plan_that_is_read_only_changes_nothing() {
    let fake = FakeCloud::start().await;
    let cloud = fake.openstack().connect().await.unwrap();
    // As of a Neutron that is too old to tell them.
    let fault = Fault::status(404).times(u32::MAX);
    fake.openstack().fail(fault.on("GET", "/network/v2.0/default-security-group-rules"));
    let plan = Plan::of(&Scope::iaas(), "v5.1").unwrap();
    let verdict = async |plan: &Plan| {
        let outcomes = check::run(conformance::checks(&cloud, plan), |_| {}).await;
        assert!(outcomes.iter().all(|outcome| outcome.error.is_none()), "{outcomes:?}");
        let of_groups = outcomes.iter().find(|one| one.name == "scs-0115-security-groups");
        of_groups.unwrap().verdict()
    };
    assert_eq!(verdict(&plan.clone().read_only()).await, Verdict::Missing);
    let requests = fake.openstack().requests();
    let changes = requests.iter().filter(|request| request.method != Method::GET);
    assert!(changes.clone().all(|request| request.path.ends_with("/auth/tokens")), "{changes:?}");
    assert_eq!(verdict(&plan).await, Pass);
    assert_eq!((servers(&cloud).await, there_are(&cloud).await), (0, (0, 0)));
}

#[tokio::test]
async fn extra_specs_are_read_of_an_old_nova_too() {
    let fake = FakeCloud::start().await;
    fake.openstack().microversions("compute", "2.1", "2.60").unwrap();
    let cloud = fake.connect().await.unwrap();
    let plan = Plan::new(["scs-0103-flavor-1v-8", "scs-0103-flavor-4v-16-100s"]);
    let outcomes = check::run(conformance::checks(&cloud, &plan), |_| {}).await;
    assert_eq!(outcomes[0].verdict(), Pass, "{outcomes:?}");
}

#[tokio::test]
async fn backups_that_do_not_work_are_told_of() -> Result<()> {
    let fake = FakeOpenStack::start().await;
    fake.pace(When::Reads(0));
    let cloud = fake.connect().await?;
    let probe = async || {
        let findings = probe::backup(&cloud).await;
        let verdict = backup::check(Some(findings.clone()), Mode::Spec).verdict;
        let volumes: Vec<_> = cloud.volumes().list(VolumeQuery::new()).try_collect().await?;
        let backups: Vec<_> = cloud.volume_backups().list(BackupQuery::new()).try_collect().await?;
        assert_eq!((volumes.len(), backups.len()), (0, 0));
        Ok::<_, Error>((verdict, findings.into_iter().map(|finding| finding.message).collect()))
    };
    let (verdict, findings): (_, Vec<String>) = probe().await?;
    assert_eq!((verdict, findings.len()), (Verdict::Pass, 0), "{findings:?}");

    // As where there is no cinder-backup.
    fake.fail(Fault::status(404).on("POST", "/volume/v3/backups"));
    let (verdict, findings) = probe().await?;
    assert_eq!((verdict, findings.len()), (Verdict::Fail, 1), "{findings:?}");
    assert!(findings[0].contains("set up cinder-backup"), "{findings:?}");

    fake.set_quota("block-storage", "backups", 0);
    assert_eq!(probe().await?.0, Verdict::Abort);
    fake.set_quota("block-storage", "volumes", 0);
    let (verdict, findings) = probe().await?;
    assert_eq!((verdict, findings.len()), (Verdict::Abort, 1), "{findings:?}");
    assert!(findings[0].contains("for want of a volume"), "{findings:?}");
    Ok(())
}

#[tokio::test]
async fn what_members_may_not_do_with_secrets_is_told() -> Result<()> {
    let fake = FakeOpenStack::start().await;
    let cloud = fake.connect().await?;
    let catalog = cloud.session().access().await?.catalog.clone();
    let verdict = |findings| {
        let results = key_manager::check(&catalog, Some(findings), Mode::Reference);
        results.last().map(|result| result.verdict)
    };
    assert_eq!(probe::key_manager(&cloud).await, []);
    assert_eq!(cloud.secrets().list(SecretQuery::new()).try_collect::<Vec<_>>().await?.len(), 0);

    fake.fail(Fault::status(403).on("POST", "/key-manager"));
    let findings = probe::key_manager(&cloud).await;
    assert!(findings[0].message.contains("give the role `member` that right"), "{findings:?}");
    assert_eq!((findings.len(), verdict(findings)), (1, Some(Verdict::Fail)));

    fake.fail(Fault::status(403).times(2).on("DELETE", "/key-manager"));
    let findings = probe::key_manager(&cloud).await;
    assert_eq!((findings.len(), findings[1].severity), (2, Severity::Advice), "{findings:?}");
    assert!(findings[1].subject.contains("scs-probe-secret-"), "{findings:?}");
    assert_eq!(verdict(findings), Some(Verdict::Fail));

    fake.fail(Fault::status(400).on("POST", "/key-manager"));
    assert_eq!(verdict(probe::key_manager(&cloud).await), Some(Verdict::Abort));
    Ok(())
}

//! Which modules of SCS a cloud has.

use http::Method;
use scs_cloud::{
    Survey,
    core::{
        ErrorKind,
        standards::modules::{Landscape, Level, Module},
        transport::Retry,
    },
    kaas::testing::Resource,
    testing::{Answer, FakeCloud, FakeServer, FakeService},
};
use serde_json::json;

const RELEASES: Resource = Resource::new(
    "clusterstack.x-k8s.io",
    &["v1alpha1"],
    "ClusterStackRelease",
    "clusterstackreleases",
);

/// Why a module has its level.
fn evidence(landscape: &Landscape, module: Module) -> String {
    let standing = landscape.standings().find(|standing| standing.module == module);
    standing.unwrap().evidence.join("; ")
}

#[tokio::test]
async fn all_modules_of_a_cloud() {
    let fake = FakeCloud::start().await;
    let web = FakeServer::start().await;
    let version = "registry/2.0";
    web.serve(
        FakeService::new("harbor")
            .on(Method::GET, "v2", move |_| {
                Ok(Answer::status(401).header("docker-distribution-api-version", version))
            })
            .on(Method::GET, "api/v2.0/ping", |_| Ok(Answer::text(200, "text/plain", "Pong"))),
    );
    web.serve(
        FakeService::new("status")
            .on(Method::GET, "components", |_| {
                let one = json!({"id": "1", "displayName": "Storage", "activelyAffectedBy": []});
                Ok(Answer::json(200, json!({"data": [one]})))
            })
            .on(Method::GET, "metrics", |_| Ok(Answer::text(404, "text/plain", "no"))),
    );
    let openstack = fake.connect().await.unwrap();
    let kubernetes = fake.kubernetes().connect().await.unwrap();
    let survey = || {
        Survey::new()
            .openstack(&openstack)
            .kubernetes(&kubernetes)
            .registry(format!("{}/harbor", web.url()))
            .monitoring(format!("{}/status/", web.url()))
    };
    let landscape = survey().run().await.unwrap();
    let levels: Vec<_> = landscape.standings().map(|standing| standing.level).collect();
    use Level::{Compatible, Implementation, Unknown};
    assert_eq!(
        levels,
        [Compatible, Unknown, Compatible, Compatible, Implementation],
        "{landscape}"
    );
    assert!(evidence(&landscape, Module::Iaas).starts_with("whether it passes"), "{landscape}");

    // The Cluster Stack Operator comes, first without a release that could be used.
    fake.kubernetes().serve(RELEASES);
    let release = |ready: bool| {
        let metadata = json!({"name": "openstack-scs2-1-34-v1", "namespace": "lab"});
        let status = json!({"ready": ready, "kubernetesVersion": "v1.34.7"});
        let release = json!({"metadata": metadata, "spec": {}, "status": status});
        fake.kubernetes().objects(|kept| kept.put(&RELEASES, release));
    };
    let connected = fake.kubernetes().connect().await.unwrap();
    for (ready, level) in [(false, Compatible), (true, Implementation)] {
        release(ready);
        let landscape = survey().kubernetes(&connected).namespace("lab").run().await.unwrap();
        assert_eq!(landscape.level(Module::Kubernetes), level, "{landscape}");
    }
}

#[tokio::test]
async fn what_cannot_be_seen_is_unknown_and_what_is_not_there_is_none() {
    let web = FakeServer::start().await;
    web.serve(
        FakeService::new("app")
            .on(Method::GET, "{}", |_| Ok(Answer::text(200, "text/html", "<html>")))
            .on(Method::GET, "api/v2.0/ping", |_| Ok(Answer::text(200, "text/html", "<html>"))),
    );
    web.serve(
        FakeService::new("monitor").on(Method::GET, "components", |_| Ok(Answer::status(404))).on(
            Method::GET,
            "metrics",
            |_| {
                let metrics = "# TYPE openstack_http_requests_total counter\n";
                Ok(Answer::text(200, "text/plain; version=0.0.4", metrics))
            },
        ),
    );
    let app = format!("{}/app", web.url());
    let landscape = Survey::new().registry(&app).monitoring(&app).run().await.unwrap();
    assert_eq!(landscape.level(Module::Registry), Level::None, "{landscape}");
    assert_eq!(landscape.level(Module::Monitoring), Level::None, "{landscape}");

    let monitor = format!("{}/monitor", web.url());
    let landscape = Survey::new().monitoring(monitor).run().await.unwrap();
    assert_eq!(landscape.level(Module::Monitoring), Level::Implementation, "{landscape}");

    let nowhere = "http://127.0.0.1:1";
    let landscape = Survey::new()
        .registry(nowhere)
        .monitoring(nowhere)
        .transport(|transport| transport.retry(Retry::never()))
        .run()
        .await
        .unwrap();
    assert_eq!(landscape.level(Module::Registry), Level::Unknown, "{landscape}");
    assert_eq!(landscape.level(Module::Monitoring), Level::Unknown, "{landscape}");

    for address in ["registry.example", "https://ada:secret@registry.example"] {
        let error = Survey::new().registry(address).run().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

//! A Shoot's life, as a client of the API server sees it.

use kube::{
    Api, Client, Config,
    api::{DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams},
    config::{KubeConfigOptions, Kubeconfig},
};
use serde_json::{Value, json};

use crate::testing::{
    FakeKubernetes, Resource,
    tests::{api, decoded, members, refusal},
};

struct Lab {
    _fake: FakeKubernetes,
    shoots: Api<DynamicObject>,
}

fn body() -> Value {
    json!({
        "apiVersion": "core.gardener.cloud/v1beta1",
        "kind": "Shoot",
        "metadata": {"name": "shop"},
        "spec": {
            "cloudProfile": {"name": "scs"},
            "credentialsBindingName": "lab",
            "region": "RegionOne",
            "purpose": "testing",
            "kubernetes": {"version": "1.33"},
            "networking": {"type": "calico", "nodes": "10.250.0.0/16"},
            "provider": {"type": "openstack", "workers": [{
                "name": "worker",
                "machine": {"type": "SCS-2V-4", "image": {"name": "gardenlinux"}},
                "minimum": 1,
                "maximum": 3,
                "volume": {"type": "ssd", "size": "50Gi"},
                "zones": ["nova"],
            }]},
        },
    })
}

impl Lab {
    async fn new() -> Self {
        let fake = FakeKubernetes::start().await;
        let shoots = api(
            fake.connect().await.unwrap().client().clone(),
            &Resource::SHOOT,
            "v1beta1",
            "garden-lab",
        );
        Self { _fake: fake, shoots }
    }

    async fn create(&self, body: Value) -> kube::Result<Value> {
        let body = serde_json::from_value(body).unwrap();
        let made = self.shoots.create(&PostParams::default(), &body).await?;
        Ok(serde_json::to_value(made).unwrap())
    }

    async fn patch(&self, patch: Value) -> kube::Result<DynamicObject> {
        self.shoots.patch("shop", &PatchParams::default(), &Patch::Merge(patch)).await
    }

    /// Reads until the last operation has succeeded; answers with what was seen of it.
    async fn done(&self) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            let shoot = self.shoots.get("shop").await.unwrap();
            let last = &shoot.data["status"]["lastOperation"];
            let known = shoot.data["status"]["observedGeneration"].as_i64();
            let current = known == shoot.metadata.generation;
            seen.push(format!("{} {} {}", last["type"], last["state"], last["progress"]));
            if current && last["state"] == "Succeeded" {
                return seen;
            }
        }
    }

    async fn kubeconfig(&self, part: &str, kind: &str) -> kube::Result<String> {
        let request = json!({
            "apiVersion": "authentication.gardener.cloud/v1alpha1",
            "kind": kind,
            "spec": {"expirationSeconds": 600},
        });
        let params = PostParams::default();
        let answer: Value = self.shoots.create_subresource(part, "shop", &params, &request).await?;
        assert!(answer["status"]["expirationTimestamp"].is_string());
        Ok(decoded(&answer["status"]["kubeconfig"]))
    }
}

async fn nodes(kubeconfig: &str) -> Api<DynamicObject> {
    let config = Kubeconfig::from_yaml(kubeconfig).unwrap();
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(config, &options).await.unwrap();
    api(Client::try_from(config).unwrap(), &Resource::NODE, "v1", "")
}

#[tokio::test]
async fn a_shoot_lives() {
    let lab = Lab::new().await;
    let made = lab.create(body()).await.unwrap();
    assert_eq!(made["spec"]["kubernetes"]["version"], "1.33.8");
    let worker = &made["spec"]["provider"]["workers"][0];
    assert_eq!(worker["machine"]["image"]["version"], "1877.5.0");
    assert_eq!(made["metadata"]["annotations"]["gardener.cloud/created-by"], "lab-user");
    let early = lab.kubeconfig("adminkubeconfig", "AdminKubeconfigRequest").await;
    let status = refusal(early);
    assert_eq!(
        (status.code, status.details.unwrap().kind.as_str()),
        (422, "AdminKubeconfigRequest")
    );

    assert_eq!(
        lab.done().await,
        [
            "null null null",
            "\"Create\" \"Processing\" 10",
            "\"Create\" \"Processing\" 55",
            "\"Create\" \"Succeeded\" 100",
        ]
    );
    let shoot = lab.shoots.get("shop").await.unwrap();
    assert_eq!(shoot.data["spec"]["dns"]["domain"], "shop.lab.shoot.lab.invalid");
    assert_eq!(
        members(&shoot.data["status"]),
        "advertisedAddresses clusterIdentity conditions constraints gardener hibernated \
         lastOperation observedGeneration seedName technicalID uid"
    );
    assert_eq!(
        members(&shoot.data["status"]["conditions"][0]),
        "lastTransitionTime lastUpdateTime message reason status type"
    );

    let admin = lab.kubeconfig("adminkubeconfig", "AdminKubeconfigRequest").await.unwrap();
    let admin = nodes(&admin).await;
    let found = admin.list(&ListParams::default()).await.unwrap().items;
    assert_eq!(found.len(), 1);
    let name = found[0].metadata.name.clone().unwrap();
    let viewer = lab.kubeconfig("viewerkubeconfig", "ViewerKubeconfigRequest").await.unwrap();
    let viewer = nodes(&viewer).await;
    assert_eq!(viewer.list(&ListParams::default()).await.unwrap().items.len(), 1);
    assert_eq!(refusal(viewer.delete(&name, &DeleteParams::default()).await).code, 403);

    let mut workers = shoot.data["spec"]["provider"]["workers"].clone();
    workers[0]["minimum"] = 3.into();
    let spec = json!({"provider": {"workers": workers}, "kubernetes": {"version": "1.34.4"}});
    lab.patch(json!({"spec": spec})).await.unwrap();
    let seen = lab.done().await;
    assert_eq!(seen[0], "\"Create\" \"Succeeded\" 100");
    assert_eq!(seen.last().unwrap(), "\"Reconcile\" \"Succeeded\" 100");
    let found = admin.list(&ListParams::default()).await.unwrap().items;
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].data["status"]["nodeInfo"]["kubeletVersion"], "v1.34.4");

    let status = refusal(lab.shoots.delete("shop", &DeleteParams::default()).await);
    assert!(status.is_forbidden() && status.message.contains("confirmation.gardener.cloud"));
    let confirmed = json!({"confirmation.gardener.cloud/deletion": "true"});
    lab.patch(json!({"metadata": {"annotations": confirmed}})).await.unwrap();
    lab.shoots.delete("shop", &DeleteParams::default()).await.unwrap();
    let going = lab.shoots.get("shop").await.unwrap();
    assert!(going.metadata.deletion_timestamp.is_some());
    while lab.shoots.get_opt("shop").await.unwrap().is_some() {}
    assert_eq!(refusal(admin.list(&ListParams::default()).await).code, 401);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let lab = Lab::new().await;
    for (path, value, code, word) in [
        ("/spec/region", json!("Mars"), 403, "\"RegionOne\""),
        ("/spec/kubernetes/version", json!("1.12.0"), 403, "\"1.35.2 (preview)\""),
        ("/spec/cloudProfile/name", json!("none"), 500, "cloud profile"),
        ("/spec/credentialsBindingName", json!("none"), 403, "credentialsbinding"),
        ("/spec/provider/workers/0/machine/type", json!("SCS-1L-1"), 403, "\"SCS-2V-4\""),
        ("/spec/provider/workers/0/maximum", json!(0), 422, "maximum"),
    ] {
        let mut wrong = body();
        *wrong.pointer_mut(path).unwrap() = value;
        let status = refusal(lab.create(wrong).await);
        assert_eq!(status.code, code, "{path}: {status:?}");
        assert!(status.message.contains(word), "{path}: {status:?}");
    }
    lab.create(body()).await.unwrap();
    for (spec, word) in [
        (json!({"kubernetes": {"version": "1.33.5"}}), "downgrade"),
        (json!({"kubernetes": {"version": "1.35.2"}}), "skip"),
    ] {
        let status = refusal(lab.patch(json!({"spec": spec})).await);
        assert_eq!(status.code, 422, "{status:?}");
        assert!(status.details.unwrap().causes[0].message.contains(word));
    }
}

//! The fake as the crate `kube` sees it. What the answers hold was compared with those of the
//! Kubernetes lab (kube-apiserver 1.36.4, Cluster API 1.14.0, Gardener 1.149.3).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::TryStreamExt;
use kube::{
    Api, Client, Error,
    api::{
        ApiResource, DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams,
        WatchEvent, WatchParams,
    },
    core::{GroupVersionKind, response::Status},
};
use scs_core::testing::Fault;
use serde_json::{Value, json};

use super::*;

const THING: Resource = Resource::new("lab.invalid", &["v1"], "Thing", "things");

pub(super) fn api(
    client: Client,
    kind: &Resource,
    version: &str,
    namespace: &str,
) -> Api<DynamicObject> {
    let resource = ApiResource::from_gvk_with_plural(
        &GroupVersionKind::gvk(kind.group, version, kind.name),
        kind.plural,
    );
    if kind.namespaced {
        Api::namespaced_with(client, namespace, &resource)
    } else {
        Api::all_with(client, &resource)
    }
}

fn thing(name: &str, spec: Value) -> DynamicObject {
    let object = json!({
        "apiVersion": "lab.invalid/v1", "kind": "Thing",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": spec,
    });
    serde_json::from_value(object).unwrap()
}

async fn things() -> (FakeKubernetes, Api<DynamicObject>) {
    let fake = FakeKubernetes::start().await;
    fake.serve(THING);
    let things = api(fake.connect().await.unwrap().client().clone(), &THING, "v1", "lab");
    (fake, things)
}

pub(super) fn refusal<T: std::fmt::Debug>(result: kube::Result<T>) -> Box<Status> {
    match result.unwrap_err() {
        Error::Api(status) => status,
        other => panic!("{other:?}"),
    }
}

/// The names of an object's members.
pub(super) fn members(object: &Value) -> String {
    let members = object.as_object().into_iter().flatten();
    members.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
}

/// What a member of a Secret's `data` holds.
pub(super) fn decoded(data: &Value) -> String {
    String::from_utf8(STANDARD.decode(data.as_str().unwrap()).unwrap()).unwrap()
}

async fn events(api: &Api<DynamicObject>, params: &WatchParams, from: &str) -> Vec<String> {
    let stream = api.watch(params, from).await.unwrap();
    let events: Vec<_> = stream.try_collect().await.unwrap();
    let name = |object: DynamicObject| object.metadata.name.unwrap();
    events
        .into_iter()
        .map(|event| match event {
            WatchEvent::Added(object) => format!("+{}", name(object)),
            WatchEvent::Modified(object) => format!("~{}", name(object)),
            WatchEvent::Deleted(object) => format!("-{}", name(object)),
            WatchEvent::Bookmark(mark) => format!("@{}", mark.metadata.resource_version),
            WatchEvent::Error(status) => format!("!{} {}", status.code, status.reason),
        })
        .collect()
}

#[tokio::test]
async fn objects_are_kept() {
    let (_fake, things) = things().await;
    let made =
        things.create(&PostParams::default(), &thing("a", json!({"size": 1}))).await.unwrap();
    let metadata = &made.metadata;
    assert_eq!((metadata.generation, metadata.namespace.as_deref()), (Some(1), Some("lab")));
    assert!(metadata.uid.is_some() && metadata.creation_timestamp.is_some());

    let again = things.create(&PostParams::default(), &thing("a", json!({}))).await;
    let status = refusal(again);
    assert_eq!((status.code, status.reason.as_str()), (409, "AlreadyExists"));
    assert_eq!(status.message, "things.lab.invalid \"a\" already exists");
    let missing = refusal(things.get("b").await);
    assert!(missing.is_not_found());
    let details = missing.details.unwrap();
    assert_eq!(
        (details.name, details.group, details.kind),
        ("b".into(), "lab.invalid".into(), "things".into())
    );

    let patch = Patch::Merge(json!({"spec": {"size": 2}}));
    let changed = things.patch("a", &PatchParams::default(), &patch).await.unwrap();
    assert_eq!(
        (changed.metadata.generation, &changed.data["spec"]),
        (Some(2), &json!({"size": 2}))
    );
    let same = things.patch("a", &PatchParams::default(), &patch).await.unwrap();
    assert_eq!(same.metadata.resource_version, changed.metadata.resource_version);
    let labels = Patch::Merge(json!({"metadata": {"labels": {"x": "y"}}}));
    let labelled = things.patch("a", &PatchParams::default(), &labels).await.unwrap();
    assert_eq!(labelled.metadata.generation, Some(2), "labels are no new generation");

    let stale = things.replace("a", &PostParams::default(), &made).await;
    assert!(refusal(stale).is_conflict());
    let mut fresh = labelled.clone();
    fresh.data["spec"] = json!({"size": 3});
    let replaced = things.replace("a", &PostParams::default(), &fresh).await.unwrap();
    assert_eq!(replaced.metadata.generation, Some(3));

    let status = Patch::Merge(json!({"spec": {"size": 9}, "status": {"phase": "On"}}));
    let reported = things.patch_status("a", &PatchParams::default(), &status).await.unwrap();
    assert_eq!(reported.data, json!({"spec": {"size": 3}, "status": {"phase": "On"}}));
    assert_eq!(reported.metadata.generation, Some(3));

    let nowhere = api(things.into_client(), &THING, "v1", "nowhere");
    let status = refusal(nowhere.create(&PostParams::default(), &thing("a", json!({}))).await);
    assert_eq!(status.message, "namespaces \"nowhere\" not found");
}

#[tokio::test]
async fn finalizers_hold() {
    let (_fake, things) = things().await;
    let mut held = thing("a", json!({}));
    held.metadata.finalizers = Some(vec!["lab.invalid/hold".into()]);
    things.create(&PostParams::default(), &held).await.unwrap();
    things.create(&PostParams::default(), &thing("b", json!({}))).await.unwrap();

    let gone = things.delete("b", &DeleteParams::default()).await.unwrap().right().unwrap();
    assert!(gone.is_success() && !gone.details.unwrap().uid.is_empty());
    let marked = things.delete("a", &DeleteParams::default()).await.unwrap().left().unwrap();
    assert_eq!(
        (marked.metadata.generation, marked.metadata.deletion_grace_period_seconds),
        (Some(2), Some(0))
    );
    assert!(things.get("a").await.unwrap().metadata.deletion_timestamp.is_some());
    let free = Patch::Merge(json!({"metadata": {"finalizers": null}}));
    things.patch("a", &PatchParams::default(), &free).await.unwrap();
    assert!(things.get_opt("a").await.unwrap().is_none());
}

#[tokio::test]
async fn lists_come_in_pages() {
    let (fake, things) = things().await;
    for name in ["c", "a", "b"] {
        things.create(&PostParams::default(), &thing(name, json!({}))).await.unwrap();
    }
    let names = |list: &kube::core::ObjectList<DynamicObject>| -> String {
        list.items.iter().map(|item| item.metadata.name.clone().unwrap()).collect()
    };
    let first = things.list(&ListParams::default().limit(2)).await.unwrap();
    assert_eq!((names(&first).as_str(), first.metadata.remaining_item_count), ("ab", Some(1)));
    let token = first.metadata.continue_.clone().unwrap();
    let rest = things.list(&ListParams::default().limit(2).continue_token(&token)).await.unwrap();
    assert_eq!((names(&rest).as_str(), rest.metadata.continue_.as_deref()), ("c", Some("")));
    assert_eq!(rest.metadata.resource_version, first.metadata.resource_version);
    let some = things.list(&ListParams::default().labels("app in (a, c),app!=c")).await.unwrap();
    assert_eq!(names(&some), "a");
    let some = things.list(&ListParams::default().fields("metadata.name=b")).await.unwrap();
    assert_eq!(names(&some), "b");

    fake.compact();
    let old = things.list(&ListParams::default().limit(2).continue_token(&token)).await;
    let status = refusal(old);
    assert_eq!((status.code, status.reason.as_str()), (410, "Expired"));
    let fresh = status.metadata.unwrap().continue_.unwrap();
    let rest = things.list(&ListParams::default().continue_token(&fresh)).await.unwrap();
    assert_eq!(names(&rest), "c");
}

#[tokio::test]
async fn watches_tell_what_happened_since() {
    let (fake, things) = things().await;
    things.create(&PostParams::default(), &thing("a", json!({}))).await.unwrap();
    let start =
        things.list(&ListParams::default()).await.unwrap().metadata.resource_version.unwrap();
    let all = WatchParams::default();
    assert_eq!(events(&things, &all, "0").await, ["+a"]);
    assert_eq!(events(&things, &all, &start).await, [format!("@{start}")]);

    things.create(&PostParams::default(), &thing("b", json!({}))).await.unwrap();
    let patch = Patch::Merge(json!({"metadata": {"labels": {"app": "b"}}}));
    things.patch("a", &PatchParams::default(), &patch).await.unwrap();
    things.delete("b", &DeleteParams::default()).await.unwrap();
    assert_eq!(events(&things, &all, &start).await, ["+b", "~a", "-b"]);
    let labelled = WatchParams::default().labels("app=a");
    assert_eq!(events(&things, &labelled, &start).await, ["-a"]);
    let labelled = WatchParams::default().labels("app=b").disable_bookmarks();
    assert_eq!(events(&things, &labelled, &start).await, ["+b", "+a", "-b"]);
    let streamed = WatchParams::default().initial_events();
    assert_eq!(events(&things, &streamed, "0").await[0], "+a");

    fake.compact();
    assert_eq!(events(&things, &all, &start).await, ["!410 Expired"]);
}

#[tokio::test]
async fn applying_creates_merges_and_conflicts() {
    let (_fake, things) = things().await;
    let apply = |spec: Value| {
        Patch::Apply(json!({
            "apiVersion": "lab.invalid/v1", "kind": "Thing", "metadata": {"name": "a"},
            "spec": spec,
        }))
    };
    let (one, other) = (PatchParams::apply("one"), PatchParams::apply("other"));
    let made = things.patch("a", &one, &apply(json!({"x": 1, "y": 1}))).await.unwrap();
    assert_eq!(made.metadata.generation, Some(1));
    let merged = things.patch("a", &other, &apply(json!({"z": 1}))).await.unwrap();
    assert_eq!(merged.data["spec"], json!({"x": 1, "y": 1, "z": 1}));
    let status = refusal(things.patch("a", &other, &apply(json!({"x": 2}))).await);
    assert!(status.is_conflict(), "{status:?}");
    assert_eq!(status.details.unwrap().causes[0].field, ".spec.x");
    let forced = things.patch("a", &other.clone().force(), &apply(json!({"x": 2}))).await.unwrap();
    assert_eq!(forced.data["spec"], json!({"x": 2, "y": 1}), "what is applied no more goes");

    let nobody = PatchParams::default();
    assert!(things.patch("a", &nobody, &apply(json!({}))).await.is_err());
    let request = http::Request::patch("/apis/lab.invalid/v1/namespaces/lab/things/a")
        .header("content-type", "application/apply-patch+yaml")
        .body(b"{}".to_vec())
        .unwrap();
    assert!(refusal(things.into_client().request::<Value>(request).await).is_invalid());
}

#[tokio::test]
async fn who_may_do_what() {
    let (fake, things) = things().await;
    fake.authenticate(|token| match token {
        "a" => Some(User::new("oidc:alice").group("oidc:lab-users")),
        "b" => Some(User::new("bob")),
        _ => None,
    });
    fake.authorize(|user, access| user.is_in("oidc:lab-users") && access.is_read());
    let status = refusal(things.get("x").await);
    assert_eq!(
        (status.code, status.reason.as_str(), status.message.as_str()),
        (401, "Unauthorized", "Unauthorized")
    );

    let alice =
        api(fake.connect_with(&"a".into()).await.unwrap().client().clone(), &THING, "v1", "lab");
    assert!(alice.list(&ListParams::default()).await.is_ok());
    let status = refusal(alice.create(&PostParams::default(), &thing("a", json!({}))).await);
    assert!(status.is_forbidden());
    assert_eq!(
        status.message,
        "things.lab.invalid is forbidden: User \"oidc:alice\" cannot create resource \"things\" \
         in API group \"lab.invalid\" in the namespace \"lab\""
    );
    let bob =
        api(fake.connect_with(&"b".into()).await.unwrap().client().clone(), &THING, "v1", "lab");
    assert!(
        refusal(bob.get("x").await).message.starts_with("things.lab.invalid \"x\" is forbidden")
    );

    let review = http::Request::post("/apis/authentication.k8s.io/v1/selfsubjectreviews")
        .body(b"{}".to_vec())
        .unwrap();
    let found: Value = alice.into_client().request(review).await.unwrap();
    assert_eq!(found["status"]["userInfo"]["username"], "oidc:alice");
}

#[tokio::test]
async fn faults_have_the_form_of_the_server() {
    let (fake, things) = things().await;
    fake.fail(Fault::status(500).on("GET", "/apis/lab.invalid"));
    let status = refusal(things.get("x").await);
    assert_eq!((status.code, status.reason.as_str()), (500, "InternalError"));
    fake.objects(|objects| {
        objects.put(&THING, json!({"metadata": {"name": "a", "namespace": "lab"}}));
    });
}

#[tokio::test]
async fn the_server_describes_itself() {
    let (fake, things) = things().await;
    let client = things.into_client();
    assert_eq!(client.apiserver_version().await.unwrap().git_version, "v1.36.4");
    let versions = client.list_core_api_versions().await.unwrap();
    assert_eq!(versions.versions, ["v1"]);
    let core = client.list_core_api_resources("v1").await.unwrap();
    assert!(core.resources.iter().any(|found| found.name == "secrets" && found.namespaced));
    let groups = client.list_api_groups().await.unwrap();
    let names: Vec<_> = groups.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "cluster.x-k8s.io",
            "controlplane.cluster.x-k8s.io",
            "core.gardener.cloud",
            "lab.invalid",
            "security.gardener.cloud",
        ]
    );
    let resources = client.list_api_group_resources("lab.invalid/v1").await.unwrap();
    let names: Vec<_> = resources.resources.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(names, ["things", "things/status"]);

    fake.versions("lab.invalid", &[]);
    let groups = client.list_api_groups().await.unwrap();
    assert!(groups.groups.iter().all(|group| group.name != "lab.invalid"));
    assert_eq!(refusal(client.list_api_group_resources("lab.invalid/v1").await).code, 404);
    let request = http::Request::get("/apis/none.invalid/v1/nothing").body(Vec::new()).unwrap();
    assert!(client.request::<Value>(request).await.is_err());
    assert_eq!(fake.unexpected(), ["GET /apis/none.invalid/v1/nothing"]);
}

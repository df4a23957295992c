//! The engine as a client sees it.

use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{Route, route::Verb};

const SERVERS: Route =
    Route::new("compute", "servers").keys("server", "servers").listed_at("servers/detail");
const KEYS: Route = Route::new("compute", "keys").keys("key", "keys").wrapped_items();
const IMAGES: Route = Route::new("image", "images").keys("", "images").updated_by(Verb::Patch);
const PROJECTS: Route = Route::new("identity", "projects").keys("project", "projects");
const DISKS: Route = Route::new("compute", "servers/{}/disks").keys("disk", "disks").bare_one();

struct Lab {
    fake: FakeServer,
    http: reqwest::Client,
}

impl Lab {
    async fn new(services: impl IntoIterator<Item = FakeService>) -> Self {
        let fake = FakeServer::start().await;
        services.into_iter().for_each(|service| fake.serve(service));
        Self { fake, http: reqwest::Client::new() }
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.request(method, format!("{}/{path}", self.fake.url()));
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        let answer = request.header("x-auth-token", "secret").send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.send(Method::GET, path, Value::Null).await
    }
}

fn compute() -> FakeService {
    let pace = When::Reads(1);
    FakeService::new("compute/v2.1")
        .collection(
            Collection::new(SERVERS)
                .defaults(json!({"status": "BUILD", "tags": []}))
                .statuses(202, 204)
                .on_create(move |_, _| Ok(Script::new().then(pace, json!({"status": "ACTIVE"}))))
                .on_delete(move |_, _| Ok(Script::new().gone(pace)))
                .action("os-stop", |call, _| {
                    let id = call.ids[0].clone();
                    call.state.merge(&SERVERS, &id, json!({"status": "SHUTOFF"}));
                    Ok(Answer::status(202))
                }),
        )
        .collection(Collection::new(KEYS).identified_by("name"))
        .collection(Collection::new(DISKS))
}

#[tokio::test]
async fn items_live() {
    let lab = Lab::new([compute()]).await;
    let body = json!({"server": {"name": "a"}});
    let (status, answer) = lab.send(Method::POST, "compute/v2.1/servers", body).await;
    let id = answer["server"]["id"].as_str().unwrap();
    assert_eq!((status, &answer["server"]["status"]), (202, &json!("BUILD")));

    let one = format!("compute/v2.1/servers/{id}");
    assert_eq!(lab.get(&one).await.1["server"]["status"], "BUILD");
    assert_eq!(lab.get("compute/v2.1/servers/detail").await.1["servers"][0]["status"], "ACTIVE");
    let summary = lab.get("compute/v2.1/servers").await.1;
    assert_eq!(summary, json!({"servers": [{"id": id, "name": "a"}]}));

    let (_, changed) = lab.send(Method::PUT, &one, json!({"server": {"name": "b"}})).await;
    assert_eq!((&changed["server"]["name"], &changed["server"]["tags"]), (&json!("b"), &json!([])));
    let stopped = lab.send(Method::POST, &format!("{one}/action"), json!({"os-stop": null})).await;
    assert_eq!(stopped.0, 202);
    assert_eq!(lab.get(&one).await.1["server"]["status"], "SHUTOFF");
    assert_eq!(lab.send(Method::POST, &format!("{one}/action"), json!({"x": 1})).await.0, 400);

    assert_eq!(lab.send(Method::DELETE, &one, Value::Null).await.0, 204);
    assert_eq!((lab.get(&one).await.0, lab.get(&one).await.0), (200, 404));
    let sent = &lab.fake.requests()[0];
    assert_eq!((sent.status.as_u16(), sent.header("x-auth-token")), (202, None));
    assert_eq!(sent.json()["server"]["name"], "a");
}

#[tokio::test]
async fn keys_differ_by_route() {
    let lab = Lab::new([compute()]).await;
    let key = json!({"key": {"name": "k"}});
    assert_eq!(lab.send(Method::POST, "compute/v2.1/keys", key.clone()).await.0, 201);
    assert_eq!(lab.send(Method::POST, "compute/v2.1/keys", key.clone()).await.0, 409);
    assert_eq!(lab.get("compute/v2.1/keys").await.1, json!({"keys": [key]}));

    let made = lab.send(Method::POST, "compute/v2.1/servers/s/disks", json!({"size": 1})).await.1;
    assert_eq!(made["size"], 1);
    let id = made["id"].as_str().unwrap();
    assert_eq!(lab.get(&format!("compute/v2.1/servers/s/disks/{id}")).await.1, made);
    assert_eq!(lab.get("compute/v2.1/servers/s/disks").await.1["disks"], json!([made]));
    assert_eq!(lab.get("compute/v2.1/servers/other/disks").await.1["disks"], json!([]));
}

#[tokio::test]
async fn what_is_unknown_is_named() {
    let lab = Lab::new([compute()]).await;
    assert_eq!(lab.get("compute/v2.1/nothing").await.0, 501);
    assert_eq!(lab.send(Method::PATCH, "compute/v2.1/servers/x", json!({})).await.0, 501);
    let unexpected = lab.fake.unexpected();
    assert_eq!(unexpected, ["GET /compute/v2.1/nothing", "PATCH /compute/v2.1/servers/x"]);
}

#[tokio::test]
async fn the_unknown_fails_the_test() {
    let lab = Lab::new([]).await;
    lab.get("nothing").await;
    let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(lab)));
    let message = *dropped.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("GET /nothing"), "{message}");
}

#[tokio::test]
async fn faults_strike_as_often_as_told() {
    let lab = Lab::new([compute()]).await;
    lab.fake.fail(Fault::status(503).retry_after(7).times(2).on("GET", "/compute/v2.1/servers"));
    lab.fake.fail(Fault::status(418).message("no coffee").on("", "/compute/v2.1/keys"));
    let url = format!("{}/compute/v2.1/servers", lab.fake.url());
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (503, &"7".parse().unwrap())
    );
    assert_eq!(lab.get("compute/v2.1/keys").await.1["error"]["message"], "no coffee");
    assert_eq!(lab.get("compute/v2.1/servers").await.0, 503);
    assert_eq!(lab.get("compute/v2.1/servers").await.0, 200);
}

#[tokio::test]
async fn lists_are_filtered_and_sorted() {
    let lab = Lab::new([compute()]).await;
    lab.fake.state(|state| {
        for (id, name, size, on) in
            [("1", "b", 2, true), ("2", "a", 10, false), ("3", "a", 1, true)]
        {
            let item = json!({"id": id, "name": name, "size": size, "on": on, "tags": ["t", id]});
            state.insert(&SERVERS, id, item);
        }
    });
    for (query, expected) in [
        ("", "123"),
        ("name=a", "23"),
        ("name=a&name=b", "123"),
        ("on=True&size=1", "3"),
        ("tags=2", "2"),
        ("nothing=1", ""),
        ("sort_key=size&sort_dir=desc", "213"),
        ("sort=name:asc&limit=1&marker=3", "1"),
    ] {
        let (_, found) = lab.get(&format!("compute/v2.1/servers?{query}")).await;
        let ids: String =
            found["servers"].as_array().unwrap().iter().filter_map(|s| s["id"].as_str()).collect();
        assert_eq!(ids, expected, "{query}");
    }
    assert_eq!(lab.get("compute/v2.1/servers?marker=9").await.0, 400);
    assert_eq!(lab.get("compute/v2.1/servers?limit=many").await.0, 400);
}

/// Follows the links of a list to its end.
async fn walk(lab: &Lab, path: &str, many: &str, limit: usize, most: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let mut next = Some(format!("{path}?limit={limit}&all_tenants=1"));
    while let Some(path) = next {
        let (_, page) = lab.get(&path).await;
        let items = page[many].as_array().unwrap();
        assert!(items.len() <= most);
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let link =
            [&page[format!("{many}_links")][0]["href"], &page["next"], &page["links"]["next"]];
        next = link.into_iter().find_map(Value::as_str).map(|url| {
            assert!(url.contains("all_tenants=1"), "{url} lost a parameter");
            url.trim_start_matches(&lab.fake.url()).trim_start_matches('/').to_owned()
        });
    }
    ids
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Each item is on exactly one page, whatever the size and the service's way to link.
    #[test]
    fn paging_neither_loses_nor_repeats(
        items in 0..40_usize, limit in 0..45_usize, cap in 1..45_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let service = |prefix, route, links| {
                FakeService::new(prefix).collection(Collection::new(route)).links(links).page_size(cap)
            };
            let lab = Lab::new([
                service("c", SERVERS, Links::Relations),
                service("i", IMAGES, Links::Next),
                service("k", PROJECTS, Links::Object),
            ]).await;
            for (path, route) in
                [("c/servers/detail", SERVERS), ("i/images", IMAGES), ("k/projects", PROJECTS)]
            {
                let ids: Vec<_> = lab.fake.state(|state| {
                    (0..items).map(|_| {
                        let id = state.mint();
                        state.insert(&route, &id, json!({"id": id}));
                        id
                    }).collect()
                });
                let most = if limit == 0 { cap } else { limit.min(cap) };
                assert_eq!(walk(&lab, path, route.many, limit, most).await, ids);
            }
        });
    }
}

//! The fake Keycloak next to what the real one answered once.

use std::{collections::BTreeSet, fs, path::Path};

use scs_cloud::core::{Api, Id};
use scs_cloud::{core::Readable, iam::Keycloak, testing::FakeKeycloak};
use serde_json::Value;

/// Members that are there only if somebody has set them.
const OPTIONAL: [&str; 5] = ["attributes", "description", "email", "firstName", "lastName"];

fn names(item: &Value) -> BTreeSet<&str> {
    let names = item.as_object().unwrap().keys().map(String::as_str);
    names.filter(|name| !OPTIONAL.contains(name)).collect()
}

/// The fake shows the members that the real one showed.
async fn alike<R: Readable<Dialect = Keycloak>>(recording: &str, api: Api<R>, id: &Id<R>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings/keycloak");
    let text = fs::read_to_string(folder.join(recording)).unwrap();
    let real = &serde_json::from_str::<Value>(&text).unwrap()["body"];
    let fake: Value = api.view().get(id).await.unwrap();
    assert_eq!(names(&fake), names(real), "{recording}");
}

#[tokio::test]
async fn the_fake_shows_what_the_real_one_showed() {
    let fake = FakeKeycloak::start().await;
    let realm = fake.connect().await.unwrap();
    let user = realm.users().find("alice").await.unwrap();
    alike("user.get-200.json", realm.users(), &user.id).await;
    let group = realm.groups().find("lab-users").await.unwrap();
    alike("group.get-200.json", realm.groups(), &group.id).await;
    let role = realm.roles().find("offline_access").await.unwrap();
    alike("role.get-200.json", realm.roles(), &role.id).await;
}

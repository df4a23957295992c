//! What a user does wrong first, and the one line that says what to do.

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{Error, ErrorKind, Result, transport::Retry},
    iaas::{
        OpenStack,
        auth::{Password, Scope},
        compute::{Networks, NewServer},
        network::{NetworkQuery, NewNetwork},
    },
    testing::{FakeCloud, Fault},
};

/// One line, with something to do behind the last semicolon.
pub(crate) fn line(error: &Error, kind: ErrorKind, words: &str) {
    let text = error.to_string();
    assert_eq!(error.kind(), kind, "{text}");
    assert!(text.contains(words), "{text}");
    assert!(!text.contains('\n'), "{text}");
    assert!(error.hint().is_some_and(|hint| text.ends_with(hint)), "{text}");
}

fn demo(password: &str) -> Password {
    Password::new("demo", password)
        .user_domain("Default")
        .scope(Scope::project("demo").domain("Default"))
}

pub(crate) fn failed<T>(result: Result<T>) -> Error {
    result.err().expect("an error")
}

#[tokio::test]
async fn wrong_password() {
    let fake = FakeCloud::start().await;
    let login = OpenStack::builder(fake.openstack().auth_url(), demo("wrong")).connect().await;
    line(&failed(login), ErrorKind::Unauthenticated, "the login of user `demo` is refused");
}

#[tokio::test]
async fn no_keystone_at_the_address() {
    let fake = FakeCloud::start().await;
    let address = fake.openstack().auth_url().replace("/identity", "/compute");
    let error = failed(OpenStack::builder(address, demo("secret")).connect().await);
    assert!(error.to_string().contains("check auth_url"), "{error}");
    fake.openstack().unexpected();
}

#[tokio::test]
async fn unreachable_host() {
    // Nothing listens on port 1.
    let address = "http://127.0.0.1:1";
    let login = OpenStack::builder(address, demo("pw"))
        .transport(|transport| transport.retry(Retry::never()))
        .connect()
        .await;
    line(&failed(login), ErrorKind::Transport, "cannot connect to 127.0.0.1:1");
    let login = OpenStack::builder("http://no-such-host.invalid:5000", demo("pw"))
        .transport(|transport| transport.retry(Retry::never()))
        .connect()
        .await;
    let error = failed(login);
    // Where nobody answers for names, it takes too long to find out.
    assert!(matches!(error.kind(), ErrorKind::Transport | ErrorKind::Timeout), "{error}");
    line(&error, error.kind(), "cannot connect to no-such-host.invalid:5000");
}

#[tokio::test]
async fn wrong_region_and_missing_service() {
    let fake = FakeCloud::start().await;
    let session = fake.openstack().builder().region("RegionTwo").connect().await.unwrap();
    let error = failed(OpenStack::new(session).flavors().find("SCS-1V-4").await);
    line(&error, ErrorKind::Config, "no compute in region `RegionTwo`");
    assert!(error.to_string().contains("RegionOne"), "{error}");

    let cloud = fake.connect().await.unwrap();
    let error = failed(cloud.session().endpoint("dns").await);
    line(&error, ErrorKind::Unsupported, "no service of type dns; it has block-storage, compute");
}

#[tokio::test]
async fn microversion_too_high() {
    let fake = FakeCloud::start().await;
    fake.openstack().microversions("compute", "2.1", "2.79").unwrap();
    let cloud = fake.connect().await.unwrap();
    let flavor = cloud.flavors().find("SCS-2V-4-20s").await.unwrap();
    let image = cloud.images().find("Ubuntu 24.04").await.unwrap();
    fake.openstack().forget_requests();
    let new = NewServer::new("web", &flavor.id, Networks::None).image(&image.id).hostname("web");
    let error = failed(cloud.servers().create(new.clone()).await);
    line(&error, ErrorKind::Unsupported, "`hostname` needs version 2.90");
    assert!(error.to_string().contains("2.1 to 2.79"), "{error}");
    let sent = fake.openstack().requests();
    assert!(sent.iter().all(|request| request.method != "POST"), "{sent:?}");

    let error = failed(cloud.servers().at(2, 95).get(&"x".into()).await);
    line(&error, ErrorKind::Unsupported, "version 2.95 was asked for");
}

#[tokio::test]
async fn empty_id() {
    let fake = FakeCloud::start().await;
    let cloud = fake.connect().await.unwrap();
    fake.openstack().forget_requests();
    for id in ["", "..", "."] {
        let error = failed(cloud.networks().delete(&id.into()).await);
        line(&error, ErrorKind::InvalidInput, "is not an id");
    }
    line(&failed(cloud.networks().find("").await), ErrorKind::InvalidInput, "is empty");
    assert!(fake.openstack().requests().is_empty());
}

#[tokio::test]
async fn name_found_twice() {
    let fake = FakeCloud::start().await;
    let cloud = fake.connect().await.unwrap();
    let one = cloud.networks().create(NewNetwork::new().name("twin")).await.unwrap();
    let two = cloud.networks().create(NewNetwork::new().name("twin")).await.unwrap();
    let error = failed(cloud.networks().find("twin").await);
    line(&error, ErrorKind::Conflict, "2 networks have the name `twin`");
    for id in [one.id, two.id] {
        assert!(error.to_string().contains(id.as_str()), "{error}");
    }
}

#[tokio::test]
async fn quota_and_overload() {
    let fake = FakeCloud::start().await;
    let cloud = fake.connect().await.unwrap();
    fake.openstack().set_quota("network", "network", 0);
    let error = failed(cloud.networks().create(NewNetwork::new().name("one")).await);
    line(&error, ErrorKind::QuotaExceeded, "uota exceeded");

    fake.openstack().fail(Fault::status(429).retry_after(3600).on("GET", "/network"));
    let list: Result<Vec<_>> = cloud.networks().list(NetworkQuery::new()).try_collect().await;
    let error = failed(list);
    line(&error, ErrorKind::RateLimited, "try again in 3600 s");
    assert_eq!(error.attempts(), 1);
}

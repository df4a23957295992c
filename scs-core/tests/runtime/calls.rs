use std::sync::atomic::{AtomicUsize, Ordering};

use http::Method;
use scs_core::{Api, ErrorKind, Id, Listable};
use serde::Deserialize;

use crate::kettle::{Kettle, KettleQuery, NewKettle, is, json, kitchen};

#[tokio::test]
async fn what_is_no_id_never_leaves_the_program() {
    let (kitchen, log) = kitchen(|_| json(204, ""));
    let kettles = Api::<Kettle>::new(kitchen);
    for id in ["", ".", ".."] {
        let id = Id::from(id);
        assert_eq!(kettles.delete(&id).await.unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(kettles.get(&id).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(kettles.find("").await.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert!(log.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_creation_answered_in_part_is_read_anew() {
    let (kitchen, log) = kitchen(|request| {
        if is(request, Method::POST, "/v1/kettles") {
            assert_eq!(request.body, r#"{"kettle":{"litres":2}}"#);
            return json(202, r#"{"kettle":{"id":"k1","secret":"shown once"}}"#);
        }
        json(200, r#"{"kettle":{"id":"k1","name":"tea"}}"#)
    });
    let kettles = Api::<Kettle>::new(kitchen);
    let kettle = kettles.create(NewKettle::new(2)).await.unwrap();
    assert_eq!(kettle.name.as_deref(), Some("tea"));
    assert_eq!(*log.lock().unwrap(), ["POST /v1/kettles", "GET /v1/kettles/k1"]);

    #[derive(Deserialize)]
    struct Once {
        secret: String,
    }
    let once: Once = kettles.create(NewKettle::new(2)).answer().await.unwrap();
    assert_eq!(once.secret, "shown once");
}

#[tokio::test]
async fn a_created_resource_that_cannot_be_read_is_named() {
    let (kitchen, _) = kitchen(|request| match request.method {
        Method::POST => json(202, r#"{"kettle":{"id":"k1"}}"#),
        _ => json(404, ""),
    });
    let error = Api::<Kettle>::new(kitchen).create(NewKettle::new(2)).await.unwrap_err();
    assert!(error.message().starts_with("kettle k1 was created, but not read"), "{error}");
}

#[tokio::test]
async fn find_goes_by_id_then_by_name() {
    let (kitchen, _) = kitchen(|request| match request.url.path() {
        "/v1/kettles/k1" => json(200, r#"{"kettle":{"id":"k1","name":"tea"}}"#),
        "/v1/kettles" => json(
            200,
            r#"{"kettles":[{"id":"k1","name":"tea"},{"id":"k2","name":"tea"},{"id":"k3","name":"a/b"}]}"#,
        ),
        // Some services refuse a name where an id belongs.
        "/v1/kettles/a%2Fb" => json(400, ""),
        _ => json(404, ""),
    });
    let kettles = Api::<Kettle>::new(kitchen);
    assert_eq!(kettles.find("k1").await.unwrap().id.as_str(), "k1");
    assert_eq!(kettles.find("a/b").await.unwrap().id.as_str(), "k3");
    let twice = kettles.find("tea").await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Conflict);
    assert_eq!(
        twice.to_string(),
        "kettle: 2 kettles have the name `tea`: k1, k2; use one of these ids"
    );
    assert_eq!(kettles.find("mate").await.unwrap_err().kind(), ErrorKind::NotFound);
    // `..` is looked for by name only: as an id it would leave the collection.
    assert_eq!(kettles.find("..").await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(Kettle::named("tea").limit, KettleQuery::new().limit);
}

#[tokio::test]
async fn an_answer_that_is_no_json_says_where_it_came_from() {
    let (kitchen, _) = kitchen(|_| json(200, "<html>Welcome</html>"));
    let error = Api::<Kettle>::new(kitchen).get(&"k1".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.service(), Some("kettle"));
    assert!(error.message().contains("<html>Welcome"), "{error}");
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let (kitchen, log) =
        kitchen(|_| crate::kettle::header(json(302, ""), "location", "https://evil.example/"));
    let error = Api::<Kettle>::new(kitchen).get(&"k1".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(log.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_holds_for_the_whole_call() {
    let (kitchen, log) = kitchen(|_| json(503, ""));
    let limit = std::time::Duration::from_millis(1);
    let error = Api::<Kettle>::new(kitchen).time_limit(limit).get(&"k1".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert_eq!(log.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn several_are_created_by_one_request() {
    let (kitchen, log) = kitchen(|request| {
        assert_eq!(request.body, r#"{"kettles":[{"litres":1},{"litres":2}]}"#);
        json(201, r#"{"kettles":[{"id":"k1"},{"id":"k2"}]}"#)
    });
    let kettles = Api::<Kettle>::new(kitchen);
    let made = kettles.create_all([NewKettle::new(1), NewKettle::new(2)]).await.unwrap();
    assert_eq!(made.len(), 2);
    assert!(kettles.create_all([]).await.unwrap().is_empty());
    assert_eq!(log.lock().unwrap().len(), 1, "nothing is asked for nothing");
}

#[tokio::test]
async fn an_update_that_is_overtaken_begins_anew() {
    let revision = AtomicUsize::new(1);
    let (kitchen, log) = kitchen(move |request| {
        let now = revision.load(Ordering::Relaxed);
        if request.method == Method::GET {
            return json(200, format!(r#"{{"kettle":{{"id":"k1","name":"{now}"}}}}"#));
        }
        let asked = request.headers["if-match"].to_str().unwrap();
        assert_eq!(asked, format!("revision={now}"));
        assert_eq!(request.body, format!(r#"{{"kettle":{{"litres":{now}}}}}"#));
        // Somebody else is faster twice.
        match revision.fetch_add(1, Ordering::Relaxed) {
            1 | 2 => json(412, ""),
            _ => json(200, r#"{"kettle":{"id":"k1","name":"done"}}"#),
        }
    });
    let litres =
        |kettle: &Kettle| NewKettle::new(kettle.name.as_ref().unwrap().parse::<u32>().unwrap());
    let kettle = Api::<Kettle>::new(kitchen).update_with(&"k1".into(), litres).await.unwrap();
    assert_eq!(kettle.name.as_deref(), Some("done"));
    assert_eq!(log.lock().unwrap().len(), 6);
}

#[tokio::test]
async fn an_update_that_is_always_overtaken_ends() {
    let (kitchen, log) = kitchen(|request| match request.method {
        Method::GET => json(200, r#"{"kettle":{"id":"k1","name":"1"}}"#),
        _ => json(412, ""),
    });
    let kettles = Api::<Kettle>::new(kitchen);
    let error = kettles.update_with(&"k1".into(), |_| NewKettle::new(1)).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(412));
    assert_eq!(log.lock().unwrap().len(), 10);
}

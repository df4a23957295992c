//! A resource that is paged by ranges, created elsewhere and replaced as a whole.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::TryStreamExt;
use http::Method;
use proptest::prelude::*;
use scs_core::{
    Api, Change, Creatable, ErrorKind, Id, Identified, Listable, Resource, Route, Updatable,
    request, route::Paging,
};
use serde::Deserialize;

use crate::kettle::{Kitchen, NewKettle, header, is, json, kitchen};

#[derive(Debug, Clone, Deserialize)]
struct Cup {
    id: Id<Cup>,
}

request! {
    /// Which cups.
    struct CupQuery {
        /// Page size.
        max: u32,
    }
}

request! {
    /// What may change about a cup.
    struct CupPatch {
        /// What is in it.
        content: Change<String>,
    }
}

impl Resource for Cup {
    type Dialect = Kitchen;
    const ROUTE: Route = Route::new("kettle", "cups")
        .keys("", "cups")
        .one_at("cups-by-id")
        .paged_by(Paging::Range { from: "first", size: "max", default: 3 })
        .created_at_location()
        .replaced_whole();
}

impl Identified for Cup {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Cup {
    type Query = CupQuery;
}

impl Creatable for Cup {
    type New = NewKettle;
}

impl Updatable for Cup {
    type Patch = CupPatch;
}

/// A server with `count` cups, of which it hides every third after it has cut the page.
fn shelf(count: usize) -> Kitchen {
    let (kitchen, _) = kitchen(move |request| {
        let number = |name: &str| {
            let mut pairs = request.url.query_pairs();
            let found = pairs.find(|(key, _)| key == name);
            found.map(|(_, value)| value.parse::<usize>().unwrap())
        };
        let from = number("first").unwrap_or(0).min(count);
        let to = (from + number("max").unwrap()).min(count);
        let shown = (from..to).filter(|n| n % 3 != 2);
        let items: Vec<_> = shown.map(|n| format!(r#"{{"id":"c{n}"}}"#)).collect();
        json(200, format!(r#"{{"cups":[{}]}}"#, items.join(",")))
    });
    kitchen
}

proptest! {
    #[test]
    fn ranges_neither_miss_nor_repeat(count in 0usize..30, max in proptest::option::of(2u32..9)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let list = Api::<Cup>::new(shelf(count)).list(CupQuery { max, ..CupQuery::new() });
        let ids = list.map_ok(|cup| cup.id.to_string());
        let ids: Vec<String> = runtime.block_on(ids.try_collect()).unwrap();
        let expected = (0..count).filter(|n| n % 3 != 2).map(|n| format!("c{n}"));
        prop_assert_eq!(ids, expected.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_creation_is_read_where_the_location_says() {
    let (kitchen, log) = kitchen(|request| match request.method {
        Method::POST => {
            header(json(201, ""), "location", "https://other.example:81/v1/cups/blue%20cup")
        }
        _ => json(200, r#"{"id":"c1"}"#),
    });
    let cup = Api::<Cup>::new(kitchen).create(NewKettle::new(1)).await.unwrap();
    assert_eq!(cup.id.as_str(), "c1");
    assert_eq!(*log.lock().unwrap(), ["POST /v1/cups", "GET /v1/cups/blue%20cup"]);
}

#[tokio::test]
async fn a_creation_without_a_location_says_so() {
    let (kitchen, log) = kitchen(|_| json(201, ""));
    let error = Api::<Cup>::new(kitchen).create(NewKettle::new(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.message().contains("does not say where"), "{error}");
    assert_eq!(log.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_update_keeps_what_the_type_does_not_know() {
    let (kitchen, log) = kitchen(|request| {
        if is(request, Method::PUT, "/v1/cups-by-id/c1") {
            assert_eq!(request.body, r#"{"colour":[1.10, null],"content":"tea","id":"c1"}"#);
            return json(204, "");
        }
        json(200, r#"{"id":"c1", "content": "mate", "colour": [1.10, null]}"#)
    });
    let cups = Api::<Cup>::new(kitchen);
    cups.update(&"c1".into(), CupPatch::new().content("tea")).await.unwrap();
    let one = "/v1/cups-by-id/c1";
    assert_eq!(
        *log.lock().unwrap(),
        [format!("GET {one}"), format!("PUT {one}"), format!("GET {one}")]
    );
}

#[tokio::test(start_paused = true)]
async fn an_unclear_replacement_begins_with_reading_again() {
    let reads = AtomicUsize::new(0);
    let (kitchen, log) = kitchen(move |request| {
        if request.method == Method::GET {
            let read = reads.fetch_add(1, Ordering::Relaxed);
            return json(200, format!(r#"{{"id":"c1","content":"tea","others":{read}}}"#));
        }
        // What somebody else has changed meanwhile is kept.
        match &*request.body {
            br#"{"id":"c1","others":0}"# => json(503, ""),
            br#"{"id":"c1","others":1}"# => json(204, ""),
            other => panic!("{}", String::from_utf8_lossy(other)),
        }
    });
    let cups = Api::<Cup>::new(kitchen);
    cups.update(&"c1".into(), CupPatch::new().content(Change::Clear)).await.unwrap();
    assert_eq!(log.lock().unwrap().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_replacement_that_never_works_ends() {
    let (kitchen, log) = kitchen(|request| match request.method {
        Method::GET => json(200, r#"{"id":"c1"}"#),
        _ => json(503, ""),
    });
    let cups = Api::<Cup>::new(kitchen);
    let error = cups.update(&"c1".into(), CupPatch::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(log.lock().unwrap().len(), 6);
}

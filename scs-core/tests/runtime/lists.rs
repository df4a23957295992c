use std::pin::pin;

use futures_util::{StreamExt, TryStreamExt};
use proptest::prelude::*;
use scs_core::{
    Api, ErrorKind, Full, Identified, Listable, Resource, Result,
    route::Paging,
    transport::{Request, Response},
};

use crate::kettle::{Kettle, KettleQuery, Kitchen, MarkerKettle, OffsetKettle, json, kitchen};

/// A server with `count` kettles that pages as the paging style says, at most `cap` a page.
fn server(count: usize, cap: usize, style: Paging) -> impl Fn(&Request) -> Result<Response> {
    move |request| {
        let member = |name: &str| {
            let mut pairs = request.url.query_pairs();
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let limit = member("limit").map_or(cap, |limit| limit.parse::<usize>().unwrap().min(cap));
        let offset = member("offset").map_or(0, |offset| offset.parse().unwrap());
        let marker = member("marker").map_or(0, |id| id[1..].parse::<usize>().unwrap() + 1);
        let from = offset.max(marker).min(count);
        let to = (from + limit).min(count);
        let items: Vec<_> = (from..to).map(|n| format!(r#"{{"id":"k{n}"}}"#)).collect();
        let next = (style == Paging::Links && to < count).then(|| {
            // As a server behind a load balancer writes it: other scheme, port and path.
            format!(
                r#","next":"http://kettles.example:81/kettles?limit={limit}&marker=k{}""#,
                to - 1
            )
        });
        json(200, format!(r#"{{"kettles":[{}]{}}}"#, items.join(","), next.unwrap_or_default()))
    }
}

async fn ids<R>(kitchen: Kitchen, limit: Option<usize>) -> Vec<String>
where
    R: Resource<Dialect = Kitchen> + Identified + Listable<Query = KettleQuery>,
{
    let query = KettleQuery { limit, ..KettleQuery::new() };
    let list = Api::<R>::new(kitchen).list(query);
    list.map_ok(|kettle| kettle.id().to_string()).try_collect().await.unwrap()
}

proptest! {
    #[test]
    fn n_items_in_n_items_out(count in 0usize..40, cap in 1usize..12, limit in proptest::option::of(1usize..15)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let expected: Vec<_> = (0..count).map(|n| format!("k{n}")).collect();
        runtime.block_on(async {
            let links = ids::<Kettle>(kitchen(server(count, cap, Paging::Links)).0, limit).await;
            assert_eq!(links, expected);
            let marker =
                ids::<MarkerKettle>(kitchen(server(count, cap, Paging::Marker)).0, limit).await;
            assert_eq!(marker, expected);
            let offset =
                ids::<OffsetKettle>(kitchen(server(count, cap, Paging::Offset)).0, limit).await;
            assert_eq!(offset, expected);
        });
    }
}

#[tokio::test]
async fn one_page_ahead_and_no_more() {
    let (kitchen, log) = kitchen(server(100, 10, Paging::Links));
    let mut list = pin!(Api::<Kettle>::new(kitchen).list(KettleQuery::new()));
    for taken in 1_usize..=35 {
        list.next().await.unwrap().unwrap();
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        let pages_begun = taken.div_ceil(10);
        assert!(log.lock().unwrap().len() <= pages_begun + 1, "after {taken} items");
    }
}

#[tokio::test]
async fn pages_resume_where_they_stopped() {
    let (kitchen, _) = kitchen(server(25, 10, Paging::Links));
    let kettles = Api::<Kettle>::new(kitchen);
    let first = pin!(kettles.pages(KettleQuery::new())).next().await.unwrap().unwrap();
    assert_eq!(first.items.len(), 10);
    let written = first.next.unwrap().to_string();
    let rest: Vec<_> = kettles.pages_from(written.parse().unwrap()).try_collect().await.unwrap();
    let counts: Vec<_> = rest.iter().map(|page| page.items.len()).collect();
    assert_eq!(counts, [10, 5]);
    assert!(rest[1].next.is_none());
}

#[tokio::test]
async fn a_view_keeps_what_the_type_does_not_know() {
    let (kitchen, _) = kitchen(|_| json(200, r#"{"kettles":[{"id":"k1","colour":"red"}]}"#));
    let view = Api::<Kettle>::new(kitchen).view::<Full<Kettle>>();
    let all: Vec<_> = view.list(KettleQuery::new()).try_collect().await.unwrap();
    assert_eq!(all[0].member::<String>("colour").unwrap().as_deref(), Some("red"));
}

async fn failure(
    answer: impl Fn(&Request) -> Result<Response> + Send + Sync + 'static,
) -> (String, usize) {
    let (kitchen, log) = kitchen(answer);
    let mut list = pin!(Api::<Kettle>::new(kitchen).list(KettleQuery::new()));
    let error = loop {
        match list.next().await.expect("an error before the end") {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(list.next().await.is_none(), "nothing behind an error");
    let requests = log.lock().unwrap().len();
    (error.to_string(), requests)
}

#[tokio::test]
async fn hostile_pages_end_in_an_error() {
    let (error, requests) = failure(|_| {
        json(200, r#"{"kettles":[{"id":"k1"}],"next":"https://evil.example/v1/kettles?marker=k1"}"#)
    })
    .await;
    assert!(error.contains("another host, evil.example"), "{error}");
    assert_eq!(requests, 1);

    // A circle of two.
    let (error, requests) = failure(|request| {
        let next = if request.url.query() == Some("marker=a") { "b" } else { "a" };
        json(200, format!(r#"{{"kettles":[{{"id":"k1"}}],"next":"?marker={next}"}}"#))
    })
    .await;
    assert!(error.contains("in a circle"), "{error}");
    assert_eq!(requests, 3);

    // Empty pages without end.
    let (error, requests) = failure(|request| {
        let next = request.url.query().unwrap_or_default().len();
        json(200, format!(r#"{{"kettles":[],"next":"?marker={}"}}"#, "x".repeat(next)))
    })
    .await;
    assert!(error.contains("do not end"), "{error}");
    assert!(requests < 30);

    let (error, _) = failure(|_| json(200, r#"{"kettles":[{"id":7}]}"#)).await;
    assert!(error.contains("[0].id"), "{error}");
}

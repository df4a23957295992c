use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures_util::{StreamExt, TryStreamExt};
use scs_core::{Api, ErrorKind, Phase, Phased};
use tokio::time::Instant;

use crate::kettle::{Kettle, NewKettle, json, kitchen};

/// Shows the states in turn, then goes on with the last one; `""` is 404.
fn kettles(states: &'static [&'static str]) -> Api<Kettle> {
    let turn = AtomicUsize::new(0);
    let (kitchen, _) = kitchen(move |request| {
        if request.method == http::Method::POST {
            return json(202, r#"{"kettle":{"id":"k1"}}"#);
        }
        let turn = turn.fetch_add(1, Ordering::Relaxed).min(states.len() - 1);
        match states[turn] {
            "" => json(404, ""),
            state => json(200, format!(r#"{{"kettle":{{"id":"k1","status":"{state}"}}}}"#)),
        }
    });
    Api::new(kitchen)
}

#[tokio::test(start_paused = true)]
async fn until_ready() {
    let kettles = kettles(&["building", "building", "descaling", "ready"]);
    let kettle = kettles.create(NewKettle::new(1)).ready().await.unwrap();
    assert_eq!(kettle.phase(), Phase::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_failure_ends_the_wait_with_the_services_words() {
    let error = kettles(&["building", "broken"]).wait("k1").ready().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.message().contains("the element is burnt"), "{error}");
    let error = kettles(&["ready", "broken"]).wait("k1").gone().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
}

#[tokio::test(start_paused = true)]
async fn what_goes_away_is_gone_and_never_ready() {
    kettles(&["ready", "ready", ""]).wait("k1").gone().await.unwrap();
    let error = kettles(&["building", ""]).wait("k1").ready().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn waiting_ends() {
    let start = Instant::now();
    let error = kettles(&["building"])
        .wait("k1")
        .timeout(Duration::from_secs(60))
        .ready()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(start.elapsed() <= Duration::from_secs(60));
    assert!(error.message().contains("last seen Pending"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn each_look_can_be_watched() {
    let states: Vec<_> = kettles(&["building", "building", "ready"])
        .wait("k1")
        .observe()
        .take(3)
        .map_ok(|seen| seen.unwrap().status.to_string())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(states, ["building", "building", "ready"]);
}

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use scs_core::{
    Api, Error, ErrorKind, Result,
    error::Delivery,
    transport::{Request, Response},
};
use tokio::time::Instant;

use crate::kettle::{Fill, Kettle, NewKettle, Stick, header, json, kitchen};

/// Answers as `script` says, in order; then goes on with its last entry.
fn in_turn(
    script: &'static [fn() -> Result<Response>],
) -> impl Fn(&Request) -> Result<Response> + Send + Sync {
    let turn = AtomicU32::new(0);
    move |_| {
        let turn = turn.fetch_add(1, Ordering::Relaxed) as usize;
        script[turn.min(script.len() - 1)]()
    }
}

fn down() -> Result<Response> {
    json(503, "")
}
fn lost() -> Result<Response> {
    Err(Error::new(ErrorKind::Transport, "the connection broke"))
}
fn refused() -> Result<Response> {
    Err(Error::new(ErrorKind::Transport, "cannot connect").with_delivery(Delivery::NotSent))
}
fn kettle() -> Result<Response> {
    json(200, r#"{"kettle":{"id":"k1"}}"#)
}
fn gone() -> Result<Response> {
    json(404, "")
}

#[tokio::test(start_paused = true)]
async fn reads_are_repeated() {
    let (kitchen, log) = kitchen(in_turn(&[down, lost, refused, kettle]));
    Api::<Kettle>::new(kitchen).get(&"k1".into()).await.unwrap();
    assert_eq!(log.lock().unwrap().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_put_is_repeated_unless_it_says_once() {
    let (kitchen, log) = kitchen(in_turn(&[lost]));
    let kettles = Api::<Kettle>::new(kitchen);
    kettles.act(&"k1".into(), Fill::new()).await.unwrap_err();
    assert_eq!(log.lock().unwrap().len(), 1);
    kettles.act(&"k1".into(), Stick::new("hot/new")).await.unwrap_err();
    let log = log.lock().unwrap();
    assert_eq!(log.len(), 5);
    assert!(log[4].ends_with("/kettles/k1/stickers/hot%2Fnew"), "{}", log[4]);
}

#[tokio::test(start_paused = true)]
async fn the_error_tells_the_attempts() {
    let (kitchen, log) = kitchen(in_turn(&[down]));
    let error = Api::<Kettle>::new(kitchen).get(&"k1".into()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 4));
    assert_eq!(log.lock().unwrap().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_creation_is_repeated_only_if_it_was_never_sent() {
    for (script, requests) in [
        (&[down as fn() -> _][..], 1),
        (&[lost as fn() -> _][..], 1),
        (&[refused as fn() -> _, kettle][..], 3),
    ] {
        let (kitchen, log) = kitchen(in_turn(script));
        let _ = Api::<Kettle>::new(kitchen).create(NewKettle::new(1)).await;
        assert_eq!(log.lock().unwrap().len(), requests);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_got_through_after_all_is_a_success() {
    let (kitchen, _) = kitchen(in_turn(&[lost, gone]));
    Api::<Kettle>::new(kitchen).delete(&"k1".into()).await.unwrap();
    let (kitchen, _) = crate::kettle::kitchen(in_turn(&[gone]));
    let error = Api::<Kettle>::new(kitchen).delete(&"k1".into()).await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_also_for_a_creation() {
    let (kitchen, log) = kitchen(in_turn(&[|| header(json(429, ""), "retry-after", "7"), kettle]));
    let start = Instant::now();
    Api::<Kettle>::new(kitchen).create(NewKettle::new(1)).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(7));
    assert_eq!(log.lock().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_beyond_the_window_fails_at_once_and_says_so() {
    let (kitchen, log) = kitchen(in_turn(&[|| header(json(429, ""), "retry-after", "3600")]));
    let start = Instant::now();
    let error = Api::<Kettle>::new(kitchen).get(&"k1".into()).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert!(error.to_string().contains("3600 s"), "{error}");
    assert_eq!(log.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dead_service_is_not_stormed() {
    let (kitchen, log) = kitchen(in_turn(&[down]));
    let kettles = Api::<Kettle>::new(kitchen);
    for _ in 0..50 {
        kettles.get(&"k1".into()).await.unwrap_err();
    }
    // 50 calls, a reserve of ten, and a fifth of the traffic.
    assert!(log.lock().unwrap().len() <= 50 + 10 + 10, "{}", log.lock().unwrap().len());
}

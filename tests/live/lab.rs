//! The OpenStack lab: how the tests get at it.

use std::{fmt::Debug, sync::Arc};

use futures_util::{Stream, TryStreamExt};
use scs_cloud::{
    core::Result,
    iaas::{OpenStack, clouds::Cloud},
};

use crate::record::Recorder;

/// A client of the lab as one of the users in its clouds.yaml: `lab` (admin), `lab-user`,
/// `lab-other`, `lab-reader`, `lab-manager`, `lab-system`, `lab-appcred`.
pub async fn cloud(name: &str) -> OpenStack {
    let builder = Cloud::load(name).and_then(Cloud::into_builder).expect("the lab's clouds.yaml");
    let builder = match Recorder::is_on() {
        true => builder.transport(|transport| transport.per_attempt(Arc::new(Recorder))),
        false => builder,
    };
    OpenStack::new(builder.connect().await.expect("the lab is up"))
}

/// A name that no other test uses.
pub fn name(what: &str) -> String {
    let id = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    format!("live-{what}-{:x}", id.as_nanos())
}

/// The items of a list, sorted by `key`.
pub async fn keys<T: Debug, K: Ord>(
    list: impl Stream<Item = Result<T>>,
    key: impl Fn(&T) -> K,
) -> Vec<K> {
    let items: Vec<T> = list.try_collect().await.expect("a list");
    let mut keys: Vec<K> = items.iter().map(key).collect();
    keys.sort();
    keys
}

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use futures_core::stream::BoxStream;
use futures_util::{StreamExt, stream};
use http::Request;
use kube::core::WatchEvent;
use scs_core::{Error, Metadata, Result, Select, model, provider::Event};
use tokio::time::timeout;

use crate::{
    Kind, Meta, Objects,
    fault::answered,
    objects::{is_gone, query},
};

/// The server ends a watch after that, so that a connection that is dead without saying so is
/// noticed: shorter than the time for which nothing may arrive.
const SECONDS: &str = "80";

/// A connection on which nothing comes for that long is dead: the server would have ended the
/// watch.
const SILENCE: Duration = Duration::from_secs(100);

/// What [`Objects::watch`] shows.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Sight<K> {
    /// It is there, as it is now.
    Present(K),
    /// The one of this name is gone; `namespace/name` in a watch of all namespaces.
    Gone(String),
}

/// Lists, then watches from there on; after a break it goes on where it was, and if that is
/// too long ago it lists again and tells the difference.
pub(crate) struct Watch<K> {
    objects: Objects<K>,
    labels: Metadata,
    /// What was told: the names with the version of each.
    told: BTreeMap<String, String>,
    untold: VecDeque<Sight<K>>,
    /// Up to where all is known.
    at: Option<String>,
    events: Option<BoxStream<'static, Result<WatchEvent<K>>>>,
    failures: u32,
}

impl<K: Kind> Watch<K> {
    pub(crate) fn new(objects: Objects<K>, labels: Metadata) -> Self {
        Self {
            objects,
            labels,
            told: BTreeMap::new(),
            untold: VecDeque::new(),
            at: None,
            events: None,
            failures: 0,
        }
    }

    pub(crate) fn into_stream(self) -> BoxStream<'static, Result<Sight<K>>> {
        stream::try_unfold(self, |mut watch| async move {
            let sight = watch.next().await?;
            Ok(Some((sight, watch)))
        })
        .boxed()
    }

    async fn next(&mut self) -> Result<Sight<K>> {
        loop {
            if let Some(sight) = self.untold.pop_front() {
                return Ok(sight);
            }
            match self.advance().await {
                Ok(()) => self.failures = 0,
                Err(error) if is_gone(&error) => {
                    (self.at, self.events) = (None, None);
                }
                Err(error) if error.is_retryable() => {
                    self.events = None;
                    self.failures += 1;
                    let wait = pause(self.failures).max(error.retry_after().unwrap_or_default());
                    tracing::debug!(%error, ?wait, "the watch will be begun again");
                    tokio::time::sleep(wait).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// One step: a list, the beginning of a watch, or one event of it.
    async fn advance(&mut self) -> Result<()> {
        let Some(at) = &self.at else {
            return self.list().await;
        };
        let Some(events) = &mut self.events else {
            let begun = timeout(SILENCE, begin(&self.objects, &self.labels, at)).await;
            let overdue = |_| self.objects.site("WATCH", "").overdue(SILENCE);
            self.events = Some(begun.map_err(overdue)??);
            return Ok(());
        };
        let event = timeout(SILENCE, events.next()).await.ok().flatten();
        match event.transpose()? {
            // The server has ended it in time, or can no longer be heard.
            None => self.events = None,
            Some(WatchEvent::Added(one) | WatchEvent::Modified(one)) => {
                self.at = Some(one.meta().resource_version.clone());
                self.present(one);
            }
            Some(WatchEvent::Deleted(one)) => {
                self.at = Some(one.meta().resource_version.clone());
                self.gone(self.name_of(&one));
            }
            Some(WatchEvent::Bookmark(mark)) => self.at = Some(mark.metadata.resource_version),
            Some(WatchEvent::Error(status)) => {
                return Err(self.objects.site("WATCH", "").locate(answered(&status)));
            }
        }
        Ok(())
    }

    async fn list(&mut self) -> Result<()> {
        let listing = self.objects.listing(&self.labels).await?;
        let mut missing = self.told.clone();
        for one in listing.items {
            missing.remove(&self.name_of(&one));
            self.present(one);
        }
        for name in missing.into_keys() {
            self.gone(name);
        }
        self.at = Some(listing.resource_version);
        Ok(())
    }

    fn present(&mut self, one: K) {
        let now = one.meta().resource_version.clone();
        if self.told.insert(self.name_of(&one), now.clone()) != Some(now) {
            self.untold.push_back(Sight::Present(one));
        }
    }

    fn name_of(&self, one: &K) -> String {
        let Meta { namespace, name, .. } = one.meta();
        if self.objects.is_in_one_namespace() || namespace.is_empty() {
            name.clone()
        } else {
            format!("{namespace}/{name}")
        }
    }

    fn gone(&mut self, name: String) {
        if self.told.remove(&name).is_some() {
            self.untold.push_back(Sight::Gone(name));
        }
    }
}

/// Begins to watch from this moment on.
async fn begin<K: Kind>(
    objects: &Objects<K>,
    labels: &Metadata,
    at: &str,
) -> Result<BoxStream<'static, Result<WatchEvent<K>>>> {
    let site = objects.site("WATCH", "");
    let watch = [
        ("watch", "true"),
        ("allowWatchBookmarks", "true"),
        ("timeoutSeconds", SECONDS),
        ("resourceVersion", at),
    ];
    let path = format!("{}?{}", objects.path().await?, query(labels, &watch));
    let request = Request::get(path).body(Vec::new()).map_err(|error| {
        site.locate(Error::invalid(format!("no request can be made of this: {error}")))
    })?;
    let events = objects.kubernetes().client().request_events(request).await;
    let events = events.map_err(|error| site.error(error))?;
    let objects = objects.clone();
    let located =
        move |event: Result<_, _>| event.map_err(|error| objects.site("WATCH", "").error(error));
    Ok(events.map(located).boxed())
}

/// Whether an event is about one of those that are meant. The API server has seen to the
/// labels: what loses one of them is gone for this watch.
pub(crate) fn is_meant(event: &Event<model::Cluster>, select: &Select) -> bool {
    match event {
        Event::Present(model::Cluster { id, .. }) | Event::Gone(id) => {
            select.name.as_deref().is_none_or(|name| name == id.as_str())
        }
        _ => true,
    }
}

/// 0.5 s, twice as long each time, up to 30 s; between half of that and all of it.
fn pause(failures: u32) -> Duration {
    let longest = Duration::from_millis(250) * (1 << failures.min(7));
    longest.min(Duration::from_secs(30)).mul_f64(0.5 + fastrand::f64() / 2.0)
}

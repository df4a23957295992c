use std::{fmt, time::Duration};

use futures_core::{Stream, future::BoxFuture};
use futures_util::{FutureExt, stream::try_unfold};
use tokio::time::Instant;

use super::Api;
use crate::{Error, ErrorKind, Id, Phase, Phased, Result, error::Delivery};

/// What is waited for: where to look, and how to read what is seen.
pub(crate) trait Subject<S>: Send + Sync {
    /// What it is: `server 8a6e`.
    fn what(&self) -> String;
    /// How it is now; `None` if it does not exist.
    fn look(&self) -> BoxFuture<'_, Result<Option<S>>>;
    /// The phase of what was seen.
    fn phase(&self, seen: &S) -> Phase;
    /// Its name, if it has one.
    fn name<'s>(&self, seen: &'s S) -> Option<&'s str>;
    /// What is said of its failure, or of what it waits for.
    fn fault(&self, seen: &S) -> Option<String>;
    /// Adds where it is to an error.
    fn locate(&self, error: Error) -> Error {
        error
    }
}

struct OfApi<R: Phased> {
    api: Api<R>,
    id: Id<R>,
}

impl<R: Phased> Subject<R> for OfApi<R> {
    fn what(&self) -> String {
        format!("{} {}", R::ROUTE.kind(), self.id)
    }

    fn look(&self) -> BoxFuture<'_, Result<Option<R>>> {
        self.api.get_opt(&self.id).boxed()
    }

    fn phase(&self, seen: &R) -> Phase {
        seen.phase()
    }

    fn name<'s>(&self, seen: &'s R) -> Option<&'s str> {
        seen.name()
    }

    fn fault(&self, seen: &R) -> Option<String> {
        seen.fault()
    }

    fn locate(&self, error: Error) -> Error {
        error.with_service(R::ROUTE.service)
    }
}

/// Waits for a resource, reading it again and again.
///
/// Reads come after 1 s, then ever more slowly up to one in 15 s, with jitter. After 15
/// minutes, unless [`timeout`](Self::timeout) says otherwise, waiting ends with
/// [`ErrorKind::Timeout`]. A resource that ends in an error phase ends the wait with
/// [`ErrorKind::Failed`] and the service's own words.
#[must_use = "nothing is waited for until `ready`, `gone` or `until` is awaited"]
pub struct Wait<'a, S> {
    subject: Box<dyn Subject<S> + 'a>,
    timeout: Duration,
    first: Duration,
    slowest: Duration,
}

impl<R: Phased> Wait<'static, R> {
    pub(super) fn of_api(api: Api<R>, id: Id<R>) -> Self {
        Self::new(OfApi { api, id })
    }
}

impl<'a, S: Send> Wait<'a, S> {
    pub(crate) fn new(subject: impl Subject<S> + 'a) -> Self {
        Self {
            subject: Box::new(subject),
            timeout: Duration::from_secs(15 * 60),
            first: Duration::from_secs(1),
            slowest: Duration::from_secs(15),
        }
    }

    /// How long to wait at most.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How soon to look again at first, and how slowly at most.
    pub fn every(mut self, first: Duration, slowest: Duration) -> Self {
        (self.first, self.slowest) = (first, slowest.max(first));
        self
    }

    /// Until it can be used.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if it ends in an error phase, [`ErrorKind::NotFound`] if it goes
    /// away, [`ErrorKind::Timeout`] if it takes too long.
    pub async fn ready(self) -> Result<S> {
        let ready = |seen: &S| self.subject.phase(seen) == Phase::Ready;
        let seen = self.meet(|seen| seen.is_none_or(ready)).await?;
        seen.ok_or_else(|| {
            let words = format!("{} does not exist any more", self.subject.what());
            self.subject.locate(Error::new(ErrorKind::NotFound, words))
        })
    }

    /// Until it is gone.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if it cannot be deleted, [`ErrorKind::Timeout`] if it takes too
    /// long.
    pub async fn gone(self) -> Result<()> {
        let deleted = |seen: &S| self.subject.phase(seen) == Phase::Deleted;
        self.meet(|seen| seen.is_none_or(deleted)).await.map(drop)
    }

    /// Until `condition` holds, which sees `None` when there is no such resource (any more).
    /// An error phase that does not meet the condition ends the wait.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if it ends in an error phase, [`ErrorKind::Timeout`] if it takes
    /// too long.
    pub async fn until(self, condition: impl Fn(Option<&S>) -> bool) -> Result<Option<S>> {
        self.meet(condition).await
    }

    async fn meet(&self, condition: impl Fn(Option<&S>) -> bool) -> Result<Option<S>> {
        let mut pace = Pace::new(self.timeout);
        loop {
            let now = self.look(&mut pace).await?;
            if condition(now.as_ref()) {
                return Ok(now);
            }
            if let Some(failed) = now.filter(|now| self.subject.phase(now) == Phase::Failed) {
                return Err(self.failure(&failed));
            }
        }
    }

    /// What each look shows, until the time is up: for progress displays. The stream does not
    /// end by itself when the resource is ready, failed or gone.
    pub fn observe(self) -> impl Stream<Item = Result<Option<S>>> + Send {
        let pace = Pace::new(self.timeout);
        try_unfold((self, pace), |(wait, mut pace)| async move {
            let seen = wait.look(&mut pace).await?;
            Ok(Some((seen, (wait, pace))))
        })
    }

    /// Looks when it is time to.
    async fn look(&self, pace: &mut Pace) -> Result<Option<S>> {
        if !pace.delay.is_zero() {
            let jittered = pace.delay.mul_f64(0.75 + fastrand::f64() / 2.0);
            if Instant::now() + jittered > pace.deadline {
                return Err(self.overdue(pace.last.as_deref()));
            }
            tokio::time::sleep(jittered).await;
        }
        let seen = self.subject.look().await?;
        pace.last = seen.as_ref().map(|seen| {
            let words = self.subject.fault(seen).map(|words| format!(": {words}"));
            format!("{:?}{}", self.subject.phase(seen), words.unwrap_or_default())
        });
        pace.delay = pace.delay.mul_f64(1.5).clamp(self.first, self.slowest);
        Ok(seen)
    }

    fn failure(&self, failed: &S) -> Error {
        let name = self.subject.name(failed).map(|name| format!(" ({name})")).unwrap_or_default();
        let words = self.subject.fault(failed);
        let words = words.unwrap_or_else(|| "the service does not say why".to_owned());
        let error = Error::new(
            ErrorKind::Failed,
            format!("{}{name} ended in an error: {words}", self.subject.what()),
        );
        self.subject
            .locate(error)
            .with_delivery(Delivery::Answered)
            .with_hint("it still exists: delete it when it is of no use")
    }

    fn overdue(&self, last: Option<&str>) -> Error {
        let last = last.unwrap_or("gone");
        let error = Error::new(
            ErrorKind::Timeout,
            format!(
                "{} did not get there within {:?}; it was last seen {last}",
                self.subject.what(),
                self.timeout
            ),
        );
        self.subject
            .locate(error)
            .with_hint("it may get there yet: look at it, or wait longer with `timeout`")
    }
}

impl<S> fmt::Debug for Wait<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("what", &self.subject.what())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// When to look next, and what the last look showed.
struct Pace {
    deadline: Instant,
    delay: Duration,
    last: Option<String>,
}

impl Pace {
    fn new(timeout: Duration) -> Self {
        Self { deadline: Instant::now() + timeout, delay: Duration::ZERO, last: None }
    }
}

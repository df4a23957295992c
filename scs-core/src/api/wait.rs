use std::time::Duration;

use futures_core::Stream;
use futures_util::{StreamExt, stream::try_unfold};
use tokio::time::Instant;

use super::{Api, kind};
use crate::{Error, ErrorKind, Id, Phase, Phased, Result, error::Delivery};

/// Waits for a resource, reading it again and again.
///
/// Reads come after 1 s, then ever more slowly up to one in 15 s, with jitter. After 15
/// minutes, unless [`timeout`](Self::timeout) says otherwise, waiting ends with
/// [`ErrorKind::Timeout`]. A resource that ends in an error phase ends the wait with
/// [`ErrorKind::Failed`] and the service's own words.
#[derive(Debug)]
#[must_use = "nothing is waited for until `ready`, `gone` or `until` is awaited"]
pub struct Wait<R: Phased> {
    api: Api<R>,
    id: Id<R>,
    timeout: Duration,
    first: Duration,
    slowest: Duration,
}

impl<R: Phased> Wait<R> {
    pub(super) fn new(api: Api<R>, id: Id<R>) -> Self {
        Self {
            api,
            id,
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
    pub async fn ready(self) -> Result<R> {
        let missing = format!("{} {} does not exist any more", kind::<R>(), self.id);
        self.until(|seen| seen.is_none_or(|seen| seen.phase() == Phase::Ready))
            .await?
            .ok_or_else(|| Error::new(ErrorKind::NotFound, missing).with_service(R::ROUTE.service))
    }

    /// Until it is gone.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if it cannot be deleted, [`ErrorKind::Timeout`] if it takes too
    /// long.
    pub async fn gone(self) -> Result<()> {
        self.until(|seen| seen.is_none_or(|seen| seen.phase() == Phase::Deleted)).await.map(drop)
    }

    /// Until `condition` holds, which sees `None` when there is no such resource (any more).
    /// An error phase that does not meet the condition ends the wait.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if it ends in an error phase, [`ErrorKind::Timeout`] if it takes
    /// too long.
    pub async fn until(self, condition: impl Fn(Option<&R>) -> bool) -> Result<Option<R>> {
        let mut seen = std::pin::pin!(self.observe());
        while let Some(now) = seen.next().await {
            let now = now?;
            if condition(now.as_ref()) {
                return Ok(now);
            }
            if let Some(failed) = now.filter(|now| now.phase() == Phase::Failed) {
                return Err(failure(&failed));
            }
        }
        unreachable_end()
    }

    /// What each look shows, until the time is up: for progress displays. The stream does not
    /// end by itself when the resource is ready, failed or gone.
    pub fn observe(self) -> impl Stream<Item = Result<Option<R>>> + Send {
        struct Look<R: Phased> {
            wait: Wait<R>,
            deadline: Instant,
            delay: Duration,
            last: Option<Phase>,
        }
        let look = Look {
            deadline: Instant::now() + self.timeout,
            delay: Duration::ZERO,
            last: None,
            wait: self,
        };
        try_unfold(look, |mut look| async move {
            let Look { wait, deadline, delay, last } = &mut look;
            if !delay.is_zero() {
                let jittered = delay.mul_f64(0.75 + fastrand::f64() / 2.0);
                if Instant::now() + jittered > *deadline {
                    return Err(overdue(wait, *last));
                }
                tokio::time::sleep(jittered).await;
            }
            let seen = wait.api.get_opt(&wait.id).await?;
            *last = seen.as_ref().map(Phased::phase);
            *delay = delay.mul_f64(1.5).clamp(wait.first, wait.slowest);
            Ok(Some((seen, look)))
        })
    }
}

fn unreachable_end<T>() -> Result<T> {
    // `observe` ends with an error at the deadline, never with `None`.
    Err(Error::new(ErrorKind::Timeout, "the time is up"))
}

fn failure<R: Phased>(failed: &R) -> Error {
    let name = failed.name().map(|name| format!(" ({name})")).unwrap_or_default();
    let words = failed.fault().unwrap_or_else(|| "the service does not say why".to_owned());
    Error::new(
        ErrorKind::Failed,
        format!("{} {}{name} ended in an error: {words}", kind::<R>(), failed.id()),
    )
    .with_service(R::ROUTE.service)
    .with_delivery(Delivery::Answered)
    .with_hint("it still exists: delete it when it is of no use")
}

fn overdue<R: Phased>(wait: &Wait<R>, last: Option<Phase>) -> Error {
    let last = last.map_or("gone".to_owned(), |phase| format!("{phase:?}"));
    Error::new(
        ErrorKind::Timeout,
        format!(
            "{} {} did not get there within {:?}; it was last seen {last}",
            kind::<R>(),
            wait.id,
            wait.timeout
        ),
    )
    .with_service(R::ROUTE.service)
    .with_hint("it may get there yet: look at it, or wait longer with `timeout`")
}

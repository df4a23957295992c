//! Probes: what has to make something in a cloud to find something out, and removes it again.
//!
//! Those for the standards come with the feature `conformance`.

#[cfg(feature = "conformance")]
mod backup;
#[cfg(feature = "conformance")]
mod entropy;
#[cfg(feature = "conformance")]
mod key_manager;
#[cfg(feature = "conformance")]
mod security_groups;

#[cfg(feature = "conformance")]
pub use self::{
    backup::backup, entropy::Entropy, key_manager::key_manager, security_groups::security_groups,
};

use std::{fmt, time::Duration};

use futures_core::future::BoxFuture;
use futures_util::{FutureExt, TryStreamExt};
use scs_core::{
    Api, Deletable, Error, ErrorKind, Identified, Listable, Result, standards::Finding,
};
use tokio::time::Instant;

/// Removes what a probe makes, whatever becomes of the probe.
///
/// All that is made bears one [`name`](Self::name), which nothing else bears, and is announced
/// before it is made. It is found by the name again, so even that is removed of whose creation no
/// answer came, if it is there by then. [`finish`](Self::finish) removes what was announced last
/// first. Without `finish`, as when the future of the probe is dropped, the same goes on in the
/// background as long as the runtime of Tokio lives; if the process ends before it is done, the
/// name tells what is left.
///
/// ```
/// use scs_core::standards::Finding;
/// use scs_iaas::{OpenStack, block_storage::NewVolume, standards::probe::Cleanup};
///
/// async fn probe(cloud: &OpenStack) -> (scs_core::Result<()>, Vec<Finding>) {
///     let mut cleanup = Cleanup::new("scs-probe-volume");
///     let made = make(cloud, &mut cleanup).await;
///     (made, cleanup.finish().await)
/// }
///
/// async fn make(cloud: &OpenStack, cleanup: &mut Cleanup) -> scs_core::Result<()> {
///     cleanup.remove(cloud.volumes());
///     let volume = NewVolume::new(1).name(cleanup.name());
///     cloud.volumes().create(volume).ready().await.map(drop)
/// }
/// ```
pub struct Cleanup {
    name: String,
    patience: Duration,
    steps: Vec<Step>,
}

/// Tries to undo something; answers what is left of it.
type Step = Box<dyn Fn() -> BoxFuture<'static, Vec<Left>> + Send + Sync>;

/// Something that is still there.
struct Left {
    what: String,
    /// Why; `None` if it is going.
    why: Option<Error>,
}

/// After that a request that was cut short has been carried out, if it ever is.
const CUT_SHORT: Duration = Duration::from_secs(5);

impl Cleanup {
    /// Of things whose name begins with `prefix`; it goes on with a random number.
    pub fn new(prefix: &str) -> Self {
        Self {
            name: format!("{prefix}-{:016x}", fastrand::u64(..)),
            patience: Duration::from_secs(5 * 60),
            steps: Vec::new(),
        }
    }

    /// How long each kind of thing may take to go, 5 minutes if not set: services refuse to
    /// delete what is in use, and take their time for the rest.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The name that all has to bear.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// From now on, all in `api` that bears the name goes in the end, and it is waited for
    /// until it is gone.
    pub fn remove<R: Identified + Listable + Deletable>(&mut self, api: Api<R>) {
        let name = self.name.clone();
        self.steps.push(Box::new(move || remove_named(api.clone(), name.clone()).boxed()));
    }

    /// From now on, `undo` is called in the end, for what cannot simply be deleted: again and
    /// again while the service refuses it or cannot be reached, until it succeeds or answers
    /// [`ErrorKind::NotFound`]. The words `what` tell what it undoes.
    pub fn undo<F>(
        &mut self,
        what: impl Into<String>,
        undo: impl Fn() -> F + Send + Sync + Clone + 'static,
    ) where
        F: Future<Output = Result<()>> + Send,
    {
        let what = what.into();
        self.steps.push(Box::new(move || {
            let (what, undo) = (what.clone(), undo.clone());
            async move { Vec::from_iter(refusal(undo().await).map(|why| Left::new(what, why))) }
                .boxed()
        }));
    }

    /// Removes everything, and tells what could not be removed: findings that say what it is
    /// and what to do. They break no rule.
    pub async fn finish(mut self) -> Vec<Finding> {
        // A step stays until it is done: if this is dropped, the rest is done in the background.
        take(&mut self.steps, self.patience).await
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if self.steps.is_empty() {
            return;
        }
        let (mut steps, patience) = (std::mem::take(&mut self.steps), self.patience);
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move {
                tokio::time::sleep(CUT_SHORT).await;
                for finding in take(&mut steps, patience).await {
                    tracing::warn!(%finding, "something is left behind");
                }
            })),
            Err(_) => tracing::warn!(
                name = self.name,
                "something of this name may be left behind: outside of a runtime nothing is removed"
            ),
        }
    }
}

impl fmt::Debug for Cleanup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cleanup").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Takes the steps, the last one first; each for so long at most.
async fn take(steps: &mut Vec<Step>, patience: Duration) -> Vec<Finding> {
    let mut findings = Vec::new();
    while let Some(step) = steps.last() {
        let until = Instant::now() + patience;
        let mut pause = Duration::from_millis(200);
        let left = loop {
            let left = step().await;
            if Instant::now() + pause > until || !left.iter().any(Left::may_go) {
                break left;
            }
            tokio::time::sleep(pause).await;
            pause = pause.mul_f64(1.5).min(Duration::from_secs(10));
        };
        findings.extend(left.into_iter().map(Finding::from));
        steps.pop();
    }
    findings
}

/// Asks for the deletion of all that bear the name.
async fn remove_named<R: Identified + Listable + Deletable>(
    api: Api<R>,
    name: String,
) -> Vec<Left> {
    let kind = R::ROUTE.kind();
    let found = api.list(R::named(&name));
    let found = found.try_filter(|found| std::future::ready(found.is_called(&name)));
    let found: Vec<R> = match found.try_collect().await {
        Ok(found) => found,
        Err(why) => return vec![Left::new(format!("{kind} {name}, if there is one"), why)],
    };
    let mut left = Vec::new();
    for found in found {
        let id = found.id();
        tracing::debug!(kind, %id, name, "removing");
        // Whether it is gone shows the next time.
        left.push(Left {
            what: format!("{kind} {id} ({name})"),
            why: refusal(api.delete(id).await),
        });
    }
    left
}

/// Why it is not gone, if it is known not to be.
fn refusal(deleted: Result<()>) -> Option<Error> {
    deleted.err().filter(|error| !error.is_not_found())
}

impl Left {
    fn new(what: String, why: Error) -> Self {
        Self { what, why: Some(why) }
    }

    /// Whether it may go if it is tried again.
    fn may_go(&self) -> bool {
        self.why.as_ref().is_none_or(|why| {
            // In use, or in the midst of something: Cinder calls both a bad request.
            matches!(why.kind(), ErrorKind::Conflict | ErrorKind::Rejected) || why.is_retryable()
        })
    }
}

impl From<Left> for Finding {
    fn from(Left { what, why }: Left) -> Self {
        let why = why.map_or_else(|| "it is still being deleted".to_owned(), |why| why.to_string());
        Self::advice(what, format!("is left behind, delete it by hand: {why}"))
    }
}

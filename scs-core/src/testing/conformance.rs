//! What every provider must pass, whatever is behind it.
//!
//! A [`Suite`] runs against anything: [`Memory`](super::Memory), a fake, a real cloud. It
//! makes things under names of its own, deletes them also when a check fails, and says what
//! is wrong in words instead of panicking.
//!
//! ```
//! use std::time::Duration;
//! use scs_core::{model::VolumeSpec, testing::{Memory, conformance::Suite}, Provider};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! let cloud = Memory::new();
//! let suite = Suite::new("ci-4711").timeout(Duration::from_secs(600));
//! // One store:
//! suite.store(&*cloud.volumes()?, VolumeSpec::new("ci-4711-data", 1)).await?;
//! // All that the provider offers:
//! let facets = suite.provider(&cloud).await?;
//! assert!(facets.contains(&"machines"));
//! # Ok::<(), scs_core::Error>(()) })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod clusters;
mod identity;
mod provider;
#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    fmt::{Debug, Display},
    time::Duration,
};

use futures_core::future::BoxFuture;
use futures_util::{FutureExt, TryStreamExt};

use crate::{
    Error, ErrorKind, Id, Phase, Result, Wait,
    model::{ClusterSpec, Model, Network, Specified, Upgrade},
    provider::{Catalogue, Select, Store, StoreExt},
};

/// The checks, and how to run them.
#[derive(Debug, Clone)]
pub struct Suite {
    prefix: String,
    timeout: Duration,
    every: Duration,
    network: Option<Id<Network>>,
    cluster: Option<ClusterSpec>,
    upgrade: Option<Upgrade>,
}

impl Suite {
    /// Checks that give names which begin with `prefix`. Choose one that nothing else has:
    /// what a run leaves behind, if it is killed, is found by it.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            timeout: Duration::from_secs(15 * 60),
            every: Duration::from_secs(1),
            network: None,
            cluster: None,
            upgrade: None,
        }
    }

    /// How long anything may take to be ready or gone; 15 minutes if not set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often to look meanwhile; every second if not set.
    #[must_use]
    pub fn every(mut self, pause: Duration) -> Self {
        self.every = pause;
        self
    }

    /// Connects machines to this network, which has a way out of the cloud. Without it they
    /// are connected to one that the suite makes, and assigning addresses is not checked.
    #[must_use]
    pub fn network(mut self, network: impl Into<Id<Network>>) -> Self {
        self.network = Some(network.into());
        self
    }

    /// Makes clusters of this order. Without it they are made from the first template that
    /// says which versions it offers.
    #[must_use]
    pub fn cluster(mut self, spec: ClusterSpec) -> Self {
        self.cluster = Some(spec);
        self
    }

    /// Upgrades clusters like this; to the next version on offer if not set.
    #[must_use]
    pub fn upgrade_to(mut self, upgrade: Upgrade) -> Self {
        self.upgrade = Some(upgrade);
        self
    }

    fn named(&self, what: &str) -> String {
        format!("{}-{what}", self.prefix)
    }

    fn wait<'a, T: Model>(&self, of: &'a (impl Catalogue<T> + ?Sized), id: &Id<T>) -> Wait<'a, T> {
        of.wait(id).timeout(self.timeout).every(self.every, self.every)
    }

    /// Waits until one has become what it should.
    async fn reaches<T: Model>(
        &self,
        catalogue: &(impl Catalogue<T> + ?Sized),
        id: &Id<T>,
        what: &str,
        is_so: impl Fn(&T) -> bool,
    ) -> Result<()> {
        let met = |seen: &T| seen.phase() == Phase::Ready && is_so(seen);
        let seen = self.wait(catalogue, id).until(|seen| seen.is_none_or(met)).await;
        let seen = seen.map_err(|error| error.context(format_args!("not {what}")))?;
        check(seen.is_some(), format_args!("{} {id} vanishes instead of being {what}", T::KIND))
    }

    /// Checks reading.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] with what is wrong, or the error of a call that should succeed.
    pub async fn catalogue<T: Model>(&self, catalogue: &dyn Catalogue<T>) -> Result<()> {
        self.read(catalogue).await.map_err(|error| error.context(T::KIND))
    }

    async fn read<T: Model>(&self, catalogue: &dyn Catalogue<T>) -> Result<()> {
        self.refuses(catalogue).await?;
        for one in all_once(catalogue).await?.iter().take(3) {
            let shown = self.shows(catalogue, one).await;
            // Others may use the cloud, too, and have deleted it meanwhile.
            if shown.is_err() && catalogue.get(one.id()).await.is_err_and(|e| e.is_not_found()) {
                continue;
            }
            shown?;
        }
        Ok(())
    }

    /// What does not exist is not found, and what is no id is refused.
    async fn refuses<T: Model>(&self, catalogue: &dyn Catalogue<T>) -> Result<()> {
        let absent = self.named("does-not-exist");
        let got = catalogue.get(&"".into()).await;
        fails(got, ErrorKind::InvalidInput, "get with an empty id")?;
        let got = catalogue.get(&absent.as_str().into()).await;
        fails(got, ErrorKind::NotFound, "get of what does not exist")?;
        let found = catalogue.find(&absent).await;
        fails(found, ErrorKind::NotFound, "find of what does not exist")?;
        let none = catalogue.list(Select::named(&absent)).try_collect::<Vec<_>>().await?;
        check(none.is_empty(), "list by a name that nothing has is not empty")?;
        let unlabelled = Select::all().label("scs-conformance", &absent);
        let none = catalogue.list(unlabelled).try_collect::<Vec<_>>().await?;
        check(none.is_empty(), "list by a label that nothing has is not empty")
    }

    /// What exists is shown the same by every way to it.
    async fn shows<T: Model>(&self, catalogue: &dyn Catalogue<T>, one: &T) -> Result<()> {
        let (id, name) = (one.id(), one.name());
        let got = catalogue.get(id).await?;
        same(&got, one, "get")?;
        check(got.name() == name, format_args!("get of `{name}` gives `{}`", got.name()))?;
        same(&catalogue.find(id.as_str()).await?, one, "find by id")?;

        let listed = all_once(catalogue).await?;
        check(listed.iter().any(|other| other.id() == id), format_args!("list misses {id}"))?;
        if name.is_empty() {
            return Ok(());
        }
        let named: Vec<T> = catalogue.list(Select::named(name)).try_collect().await?;
        let times = named.iter().filter(|other| other.id() == id).count();
        check(times == 1, format_args!("list by name `{name}` has {id} {times} times"))?;
        check(
            named.iter().all(|other| other.name() == name),
            format_args!("list by name `{name}` has others, too"),
        )?;
        match (catalogue.find(name).await, named.len()) {
            (Ok(found), 1) => same(&found, one, "find by name")?,
            (outcome, 1) => drop(outcome?),
            (outcome, _) => fails(outcome, ErrorKind::Conflict, "find of an ambiguous name")?,
        }
        if let Some((key, value)) = one.labels().and_then(|labels| labels.first_key_value()) {
            let labelled = Select::all().label(key, value);
            let labelled: Vec<T> = catalogue.list(labelled).try_collect().await?;
            let there = labelled.iter().any(|other| other.id() == id);
            check(there, format_args!("list by label `{key}` misses {id}"))?;
        }
        Ok(())
    }

    /// Checks the whole life of what `spec` makes; twice, to see what happens to equal names.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] with what is wrong, or the error of a call that should succeed.
    /// If something could not be deleted, the hint names it.
    pub async fn store<T: Specified>(&self, store: &dyn Store<T>, spec: T::Spec) -> Result<()> {
        let mut scope = Scope::new(self);
        let outcome = self.live(store, spec, &mut scope).await;
        scope.close(outcome.map_err(|error| error.context(T::KIND))).await
    }

    async fn live<'a, T: Specified>(
        &'a self,
        store: &'a dyn Store<T>,
        spec: T::Spec,
        scope: &mut Scope<'a>,
    ) -> Result<()> {
        self.refuses(store).await?;
        let absent = self.named("does-not-exist");
        let deleted = store.delete(&"".into()).await;
        fails(deleted, ErrorKind::InvalidInput, "delete with an empty id")?;
        let deleted = store.delete(&absent.as_str().into()).await;
        fails(deleted, ErrorKind::NotFound, "delete of what does not exist")?;

        let one = scope.create(store, spec.clone()).await?;
        check(one.phase() == Phase::Ready, "ready gives one that is not")?;
        self.shows(store, &one).await?;
        if let Some(name) = T::wanted_name(&spec) {
            check(one.name() == name, format_args!("`{name}` is called `{}`", one.name()))?;
            same(&store.ensure(spec.clone()).await?, &one, "ensure of what exists")?;
            self.twins(store, &one, spec.clone(), scope).await?;
        }
        let (id, name) = (one.id(), one.name());
        store.delete(id).await?;
        self.wait(store, id).gone().await?;
        fails(store.get(id).await, ErrorKind::NotFound, "get of what is gone")?;
        fails(store.delete(id).await, ErrorKind::NotFound, "delete of what is gone")?;
        let listed = all_once(store).await?;
        check(listed.iter().all(|other| other.id() != id), "list has what is gone")?;
        fails(store.find(name).await, ErrorKind::NotFound, "find of what is gone")
    }

    /// Two of one name are told apart by their ids, unless the cloud keeps names unique.
    async fn twins<'a, T: Specified>(
        &'a self,
        store: &'a dyn Store<T>,
        one: &T,
        spec: T::Spec,
        scope: &mut Scope<'a>,
    ) -> Result<()> {
        let twin = match scope.create(store, spec).await {
            Ok(twin) => twin,
            Err(error) if error.kind() == ErrorKind::Conflict => return Ok(()),
            Err(error) => return Err(error),
        };
        check(twin.id() != one.id(), "two have one id")?;
        self.shows(store, &twin).await?;
        fails(store.find(one.name()).await, ErrorKind::Conflict, "find of an ambiguous name")?;
        check(store.remove(twin.id().as_str()).await?, "remove finds nothing")?;
        check(!store.remove(twin.id().as_str()).await?, "remove finds what is gone")?;
        same(&store.find(one.name()).await?, one, "find after the other of that name is gone")
    }
}

/// What was made, and will be deleted in the opposite order.
struct Scope<'a> {
    suite: &'a Suite,
    undo: Vec<BoxFuture<'a, Result<()>>>,
}

impl<'a> Scope<'a> {
    fn new(suite: &'a Suite) -> Self {
        Self { suite, undo: Vec::new() }
    }

    /// Makes one and waits until it is ready.
    async fn create<T: Specified>(
        &mut self,
        store: &'a (impl Store<T> + ?Sized),
        spec: T::Spec,
    ) -> Result<T> {
        let made = store.create(spec).await?;
        self.undo.push(remove(self.suite, store, made.id().clone()).boxed());
        self.suite.wait(store, made.id()).ready().await
    }

    /// Deletes all of it, whatever the outcome is.
    async fn close(self, mut outcome: Result<()>) -> Result<()> {
        for step in self.undo.into_iter().rev() {
            let Err(left) = step.await else { continue };
            outcome = match outcome {
                Ok(()) => Err(left),
                Err(error) => {
                    let others = error.hint().map(|hint| format!("{hint}; ")).unwrap_or_default();
                    Err(error.with_hint(format!("{others}{left}")))
                }
            };
        }
        outcome
    }
}

/// Deletes one if it is still there.
async fn remove<T: Specified>(
    suite: &Suite,
    store: &(impl Store<T> + ?Sized),
    id: Id<T>,
) -> Result<()> {
    // Many clouds do not delete what is being made or changed. If it is not ready in the end,
    // deleting it is right all the same.
    drop(suite.wait(store, &id).ready().await);
    match store.delete(&id).await {
        Err(error) if error.is_not_found() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => suite.wait(store, &id).gone().await,
    }
    .map_err(|error| error.context(format_args!("{} {id} is left behind", T::KIND)))
}

/// All there are, none of them twice.
async fn all_once<T: Model>(catalogue: &(impl Catalogue<T> + ?Sized)) -> Result<Vec<T>> {
    let all = catalogue.all().await?;
    let mut seen = HashSet::new();
    let twice = all.iter().find(|one| !seen.insert(one.id()));
    check(twice.is_none(), format_args!("list has {:?} twice", twice.map(Model::id)))?;
    Ok(all)
}

fn check(holds: bool, otherwise: impl Display) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::new(ErrorKind::Failed, otherwise.to_string())) }
}

fn same<T: Model>(found: &T, wanted: &T, by: &str) -> Result<()> {
    let (found, wanted) = (found.id(), wanted.id());
    check(found == wanted, format_args!("{by} gives {found} instead of {wanted}"))
}

fn fails<T: Debug>(outcome: Result<T>, kind: ErrorKind, what: &str) -> Result<()> {
    match outcome {
        Err(error) if error.kind() == kind => Ok(()),
        Err(error) => {
            let words = format!("{what} is {:?} instead of {kind:?}", error.kind());
            Err(Error::new(ErrorKind::Failed, words).with_source(error))
        }
        Ok(value) => check(false, format_args!("{what} gives {value:?} instead of {kind:?}")),
    }
}

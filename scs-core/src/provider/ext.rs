use std::future::Future;

use futures_core::future::BoxFuture;
use futures_util::{FutureExt, TryStreamExt};

use super::{Catalogue, Select, Store};
use crate::{
    Error, ErrorKind, Id, Phase, Result, Wait,
    api::{Subject, absent, nameless, only},
    model::{Model, Specified},
};

/// What follows from a [`Catalogue`] and a [`Store`], for all of them, `dyn` or not.
pub trait StoreExt<T: Model>: Catalogue<T> {
    /// All there are.
    fn all(&self) -> impl Future<Output = Result<Vec<T>>> + Send {
        self.list(Select::all()).try_collect()
    }

    /// The one with this id or, if there is none, with this name.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if nothing has it, [`ErrorKind::Conflict`] if several have the
    /// name: the message then lists their ids.
    fn find(&self, name_or_id: &str) -> impl Future<Output = Result<T>> + Send {
        async move {
            if name_or_id.is_empty() {
                return Err(nameless(T::KIND));
            }
            match self.get(&name_or_id.into()).await {
                // Some clouds refuse a name where an id belongs.
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::InvalidInput
                    ) => {}
                found => return found,
            }
            only(with_name(self, name_or_id).await?, T::KIND, name_or_id, T::id)
        }
    }

    /// The one with the name that is asked for; it is made if there is none.
    ///
    /// What is there already is not compared with the rest of `spec`.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] if several have the name, [`ErrorKind::InvalidInput`] if names
    /// are not for the caller to give.
    fn ensure(&self, spec: T::Spec) -> impl Future<Output = Result<T>> + Send
    where
        Self: Store<T>,
        T: Specified,
    {
        async move {
            let Some(name) = T::wanted_name(&spec) else {
                return Err(Error::invalid(format!("one {} is like any other", T::KIND))
                    .with_hint("create one and keep its id"));
            };
            let found = with_name(self, name).await?;
            if found.is_empty() {
                return self.create(spec).await;
            }
            only(found, T::KIND, name, T::id)
        }
    }

    /// Deletes the one with this id or name and waits until it is gone. Says whether there was
    /// one.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] if several have the name or if it is in use, and as
    /// [`gone`](Self::gone).
    fn remove(&self, name_or_id: &str) -> impl Future<Output = Result<bool>> + Send
    where
        Self: Store<T>,
        T: Specified,
    {
        async move {
            let deleted = async {
                let found = self.find(name_or_id).await?;
                self.delete(found.id()).await?;
                self.gone(found.id()).await
            };
            Ok(absent(deleted.await)?.is_some())
        }
    }

    /// Waits for one to reach a phase, with a choice of how long.
    fn wait(&self, id: &Id<T>) -> Wait<'_, T> {
        Wait::new(OfStore { store: self, id: id.clone() })
    }

    /// Waits until it can be used.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if it ends in an error phase, [`ErrorKind::NotFound`] if it goes
    /// away, [`ErrorKind::Timeout`] after the 15 minutes of [`Wait`].
    fn ready(&self, id: &Id<T>) -> impl Future<Output = Result<T>> + Send {
        self.wait(id).ready()
    }

    /// Waits until it is gone.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if it cannot be deleted, [`ErrorKind::Timeout`] after the 15
    /// minutes of [`Wait`].
    fn gone(&self, id: &Id<T>) -> impl Future<Output = Result<()>> + Send {
        self.wait(id).gone()
    }
}

impl<T: Model, S: Catalogue<T> + ?Sized> StoreExt<T> for S {}

/// Those with exactly this name, whatever a catalogue makes of it: the wrong one could be
/// deleted next.
async fn with_name<T: Model>(
    catalogue: &(impl Catalogue<T> + ?Sized),
    name: &str,
) -> Result<Vec<T>> {
    let mut found: Vec<T> = catalogue.list(Select::named(name)).try_collect().await?;
    found.retain(|one| one.name() == name);
    Ok(found)
}

struct OfStore<'a, T, S: ?Sized> {
    store: &'a S,
    id: Id<T>,
}

impl<T: Model, S: Catalogue<T> + ?Sized> Subject<T> for OfStore<'_, T, S> {
    fn what(&self) -> String {
        format!("{} {}", T::KIND, self.id)
    }

    fn look(&self) -> BoxFuture<'_, Result<Option<T>>> {
        self.store.get(&self.id).map(absent).boxed()
    }

    fn phase(&self, seen: &T) -> Phase {
        seen.phase()
    }

    fn name<'s>(&self, seen: &'s T) -> Option<&'s str> {
        Some(seen.name())
    }

    fn fault(&self, seen: &T) -> Option<String> {
        seen.fault().map(str::to_owned)
    }
}

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::{BoxFuture, FutureExt, Shared, WeakShared};
use tokio::time::Instant;

use super::{Authenticator, Grant, TokenStore, store::Kept};
use crate::{Error, Result, transport::Transport};

/// After a login has failed, so long everybody gets the same answer: a thousand tasks that try
/// again would lock the user out, or keep a service down.
const PAUSE: Duration = Duration::from_secs(2);

/// Which one a grant is in the row of grants of one login. A 401 quotes the generation it was
/// sent with, so it can never invalidate a newer token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u64);

type Flight = BoxFuture<'static, Result<Arc<Grant>>>;

/// The present grant of a login. Clones share it.
///
/// However many callers need a new one at the same time, there is one login, and all get its
/// outcome. The login goes on as long as any of them waits for it. While the present grant is
/// still good, a failed renewal ahead of its end is no failure yet.
#[derive(Clone)]
pub struct Tokens(Arc<Inner>);

struct Inner {
    login: Arc<dyn Authenticator>,
    http: Transport,
    store: Option<Arc<dyn TokenStore>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    generation: Generation,
    current: Option<Arc<Grant>>,
    /// Weak: nobody's login is given up, so that no answer is read long after it came.
    flight: Option<(Generation, WeakShared<Flight>)>,
    failure: Option<(Instant, Error)>,
    /// Whether what a store keeps does not do.
    anew: bool,
}

impl State {
    fn in_flight(&self) -> Option<(Generation, Shared<Flight>)> {
        let (generation, flight) = self.flight.as_ref()?;
        Some((*generation, flight.upgrade()?))
    }

    /// The present grant, if it has not ended.
    fn alive(&self) -> Option<Arc<Grant>> {
        self.current.clone().filter(|grant| grant.lasts(Duration::ZERO, Duration::ZERO))
    }

    fn land(&mut self, result: &Result<Arc<Grant>>) {
        self.flight = None;
        match result {
            Ok(grant) => {
                self.current = Some(grant.clone());
                self.failure = None;
                self.anew = false;
            }
            Err(error) => self.failure = Some((Instant::now(), error.clone())),
        }
    }
}

impl Tokens {
    /// The grants of `login`, which sends its own requests by `http`.
    pub fn new(login: Arc<dyn Authenticator>, http: Transport) -> Self {
        Self::over(login, http, None)
    }

    /// The same, shared with other processes by way of a store, if the login is one that can be.
    pub fn stored(
        login: Arc<dyn Authenticator>,
        http: Transport,
        store: Arc<dyn TokenStore>,
    ) -> Self {
        Self::over(login, http, Some(store))
    }

    fn over(
        login: Arc<dyn Authenticator>,
        http: Transport,
        store: Option<Arc<dyn TokenStore>>,
    ) -> Self {
        Self(Arc::new(Inner { login, http, store, state: Mutex::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A grant that stays valid for at least `min_validity`, or for half of its life where
    /// grants live shorter than that. It is renewed somewhat earlier, each at a moment of its
    /// own, so that the clients of a fleet do not all come at once.
    ///
    /// # Errors
    /// What the login answers, to everybody who waited for it, and to those who come within the
    /// next two seconds.
    pub async fn get(&self, min_validity: Duration) -> Result<Arc<Grant>> {
        loop {
            let (generation, flight) = {
                let mut state = self.state();
                let current = state.current.as_ref();
                if let Some(grant) = current.filter(|grant| grant.covers(min_validity)) {
                    return Ok(grant.clone());
                }
                match state.in_flight() {
                    Some(flight) => flight,
                    None => {
                        if let Some((_, error)) =
                            state.failure.as_ref().filter(|(at, _)| at.elapsed() < PAUSE)
                        {
                            return state.alive().ok_or_else(|| error.clone());
                        }
                        state.generation.0 += 1;
                        let generation = state.generation;
                        let flight = self.0.clone().login(generation, min_validity, state.anew);
                        let flight = flight.boxed().shared();
                        state.flight = flight.downgrade().map(|flight| (generation, flight));
                        (generation, flight)
                    }
                }
            };
            let result = flight.await;
            let mut state = self.state();
            if state.flight.as_ref().is_some_and(|(of, _)| *of == generation) {
                state.land(&result);
            }
            match result {
                Ok(grant) if grant.restored && !grant.covers(min_validity) => state.anew = true,
                Ok(grant) => return Ok(grant),
                Err(error) => {
                    let present = state.alive().ok_or_else(|| error.clone())?;
                    tracing::warn!(%error, "the token is not renewed; it is used until it ends");
                    return Ok(present);
                }
            }
        }
    }

    /// Gives up the grant of this generation, if it is still the present one.
    pub fn reject(&self, generation: Generation) {
        let mut state = self.state();
        if state.current.as_ref().is_some_and(|grant| grant.generation == generation) {
            state.current = None;
            state.anew = true;
        }
    }
}

impl Inner {
    async fn login(
        self: Arc<Self>,
        generation: Generation,
        min_validity: Duration,
        anew: bool,
    ) -> Result<Arc<Grant>> {
        let kept = self.store.as_deref().and_then(|store| Kept::of(store, &*self.login));
        let mut grant = match kept {
            Some(kept) => kept.share(&*self.login, &self.http, min_validity, anew).await?,
            None => self.login.grant(&self.http).await?,
        };
        grant.generation = generation;
        // Only a store needs it.
        grant.answer = None;
        Ok(Arc::new(grant))
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("login", &self.0.login)
            .field("store", &self.0.store)
            .field("generation", &self.state().generation)
            .finish_non_exhaustive()
    }
}

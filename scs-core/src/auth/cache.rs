use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::{BoxFuture, FutureExt, Shared};

use super::{Authenticator, Grant};
use crate::{Result, transport::Transport};

/// Which one a grant is in the row of grants of one login. A 401 quotes the generation it was
/// sent with, so it can never invalidate a newer token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u64);

type Flight = Shared<BoxFuture<'static, Result<Arc<Grant>>>>;

/// The present grant of a login. Clones share it.
///
/// However many callers need a new one at the same time, there is one login, and all get its
/// outcome. The login goes on as long as any of them waits for it.
#[derive(Clone)]
pub struct Tokens(Arc<Inner>);

struct Inner {
    login: Arc<dyn Authenticator>,
    http: Transport,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    generation: Generation,
    current: Option<Arc<Grant>>,
    flight: Option<(Generation, Flight)>,
}

impl Tokens {
    /// The grants of `login`, which sends its own requests by `http`.
    pub fn new(login: Arc<dyn Authenticator>, http: Transport) -> Self {
        Self(Arc::new(Inner { login, http, state: Mutex::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A grant that stays valid for at least `min_validity`, or for half of its life where
    /// grants live shorter than that.
    ///
    /// # Errors
    /// What the login answers, to everybody who waited for it.
    pub async fn get(&self, min_validity: Duration) -> Result<Arc<Grant>> {
        let (generation, flight) = {
            let mut state = self.state();
            if let Some(grant) = state.current.as_ref().filter(|grant| lasts(grant, min_validity)) {
                return Ok(grant.clone());
            }
            if let Some(flight) = &state.flight {
                flight.clone()
            } else {
                state.generation.0 += 1;
                let started = (state.generation, self.login(state.generation));
                state.flight = Some(started.clone());
                started
            }
        };
        let result = flight.await;
        let mut state = self.state();
        if state.flight.as_ref().is_some_and(|(of, _)| *of == generation) {
            state.flight = None;
            state.current = result.as_ref().ok().cloned();
        }
        result
    }

    fn login(&self, generation: Generation) -> Flight {
        let (login, http) = (self.0.login.clone(), self.0.http.clone());
        async move {
            let mut grant = login.grant(&http).await?;
            grant.generation = generation;
            Ok(Arc::new(grant))
        }
        .boxed()
        .shared()
    }

    /// Gives up the grant of this generation, if it is still the present one.
    pub fn reject(&self, generation: Generation) {
        let mut state = self.state();
        if state.current.as_ref().is_some_and(|grant| grant.generation == generation) {
            state.current = None;
        }
    }
}

fn lasts(grant: &Grant, min_validity: Duration) -> bool {
    let Some((life, expires)) = grant.life else { return true };
    let left = expires.remaining();
    !left.is_zero() && left >= min_validity.min(life / 2)
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("login", &self.0.login)
            .field("generation", &self.state().generation)
            .finish_non_exhaustive()
    }
}

use std::{
    any::Any,
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use serde_json::json;

use super::{Authenticator, Grant};
use crate::{Error, ErrorKind, Result, Secret, Timestamp, answer, transport::Transport};

/// Where grants are kept, so that the sessions of a process, or several processes, share one
/// login: a map from text to secret text.
///
/// Keys say who is logged in to what, and hold no secret. What is kept opens doors: whoever
/// reads it is logged in. It is opaque, and may be thrown away at any time.
#[async_trait]
pub trait TokenStore: fmt::Debug + Send + Sync {
    /// What is kept under this key.
    ///
    /// # Errors
    /// If the store cannot be read. It is then done without it, with a warning.
    async fn load(&self, key: &str) -> Result<Option<Secret>>;

    /// Keeps this under this key, in the place of what was there.
    ///
    /// # Errors
    /// If the store cannot be written. It is then done without it, with a warning.
    async fn save(&self, key: &str, grant: &Secret) -> Result<()>;

    /// Waits until nobody else holds this key, and holds it until the answer is dropped: of
    /// several processes that have no token, one logs in, and the others find what it got. A
    /// store that cannot do that has them all log in.
    async fn hold(&self, _key: &str) -> Result<Hold> {
        Ok(Box::new(()))
    }
}

/// Holds a key of a [`TokenStore`] until it is dropped.
pub type Hold = Box<dyn Any + Send + Sync>;

/// Keeps grants in memory, for the sessions of one process.
#[derive(Default)]
pub struct MemoryTokens(Mutex<HashMap<String, Secret>>);

impl MemoryTokens {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }
}

impl fmt::Debug for MemoryTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokens").finish_non_exhaustive()
    }
}

#[async_trait]
impl TokenStore for MemoryTokens {
    async fn load(&self, key: &str) -> Result<Option<Secret>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    async fn save(&self, key: &str, grant: &Secret) -> Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(key.to_owned(), grant.clone());
        Ok(())
    }
}

/// What a store keeps of one login.
pub(super) struct Kept<'a> {
    store: &'a dyn TokenStore,
    key: String,
}

impl<'a> Kept<'a> {
    pub(super) fn of(store: &'a dyn TokenStore, login: &dyn Authenticator) -> Option<Self> {
        Some(Self { store, key: login.key()? })
    }

    /// The grant that is kept, or else a new one, which is then kept. `anew` passes over what is
    /// kept: it has been refused or does not last.
    pub(super) async fn share(
        &self,
        login: &dyn Authenticator,
        http: &Transport,
        min_validity: Duration,
        anew: bool,
    ) -> Result<Grant> {
        if !anew && let Some(grant) = self.load(login, min_validity).await {
            return Ok(grant);
        }
        let held = self.store.hold(&self.key).await;
        if let Err(error) = &held {
            tracing::warn!(%error, "tokens are not shared");
        }
        if !anew && let Some(grant) = self.load(login, min_validity).await {
            return Ok(grant);
        }
        let grant = login.grant(http).await?;
        if let Some(text) = write(&grant)
            && let Err(error) = self.store.save(&self.key, &text).await
        {
            tracing::warn!(%error, "the token is not kept");
        }
        Ok(grant)
    }

    async fn load(&self, login: &dyn Authenticator, min_validity: Duration) -> Option<Grant> {
        let read = |text: &Secret| read(text, login);
        match self.store.load(&self.key).await.and_then(|text| text.as_ref().map(read).transpose())
        {
            Ok(grant) => grant.filter(|grant| grant.covers(min_validity)),
            Err(error) => {
                tracing::warn!(%error, "the token that is kept cannot be used");
                None
            }
        }
    }
}

fn write(grant: &Grant) -> Option<Secret> {
    let answer = std::str::from_utf8(grant.answer.as_deref()?).ok()?;
    let life = grant.life?;
    let kept = json!({
        "token": grant.token.expose(),
        "seconds": life.whole.as_secs_f64(),
        "expires": life.expires,
        "answer": answer,
    });
    Some(kept.to_string().into())
}

fn read(text: &Secret, login: &dyn Authenticator) -> Result<Grant> {
    answer! {
        struct Kept(token: Secret, seconds: f64, expires: Timestamp, answer: String) {}
    }
    let unreadable = || Error::new(ErrorKind::Decode, "what is kept is no grant");
    let kept: Kept = serde_json::from_str(text.expose()).map_err(|_| unreadable())?;
    let whole = Duration::try_from_secs_f64(kept.seconds).map_err(|_| unreadable())?;
    let grant = login.restore(&kept.token, kept.answer.into())?;
    Ok(grant.living(whole, kept.expires))
}

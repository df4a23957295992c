//! Logins by device: who waits for whom.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How often a client may ask, in seconds.
pub(super) const INTERVAL: u64 = 1;
/// How long the codes are good, in seconds.
pub(super) const LIFE: u64 = 600;

/// The logins that are not done, by device code.
#[derive(Debug, Clone, Default)]
pub(super) struct Devices(Arc<Mutex<BTreeMap<String, Waiting>>>);

#[derive(Debug)]
struct Waiting {
    user_code: String,
    client: String,
    /// Whether the client has to prove that it began the login (PKCE).
    proof: bool,
    interval: Duration,
    asked: Option<Instant>,
    answer: Option<Said>,
}

/// What the person says.
#[derive(Debug, Clone)]
enum Said {
    /// It is the login of the user of this name.
    Yes(String),
    No,
}

/// Why there are no tokens for a device code: an OAuth error and its description.
pub(super) type NotYet = (&'static str, &'static str);

impl Devices {
    fn waiting(&self) -> MutexGuard<'_, BTreeMap<String, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin(&self, code: String, user_code: String, client: &str, proof: bool) {
        let interval = Duration::from_secs(INTERVAL);
        let client = client.to_owned();
        let new = Waiting { user_code, client, proof, interval, asked: None, answer: None };
        self.waiting().insert(code, new);
    }

    /// What the person says: whose login it is, or no.
    pub(super) fn answer(&self, user_code: &str, user: Option<&str>) -> bool {
        let mut waiting = self.waiting();
        let found = waiting.values_mut().find(|waiting| waiting.user_code == user_code);
        found.is_some_and(|waiting| {
            waiting.answer = Some(user.map_or(Said::No, |user| Said::Yes(user.into())));
            true
        })
    }

    /// The name of the user who has confirmed; the code is used up then.
    pub(super) fn ask(&self, code: &str, client: &str, proof: bool) -> Result<String, NotYet> {
        let mut all = self.waiting();
        let waiting = all
            .get_mut(code)
            .filter(|waiting| waiting.client == client)
            .ok_or(("invalid_grant", "Device code not valid"))?;
        if waiting.proof && !proof {
            return Err(("invalid_grant", "PKCE code verifier not specified"));
        }
        let now = Instant::now();
        let hasty = waiting.asked.is_some_and(|asked| now - asked < waiting.interval);
        waiting.asked = Some(now);
        if hasty {
            waiting.interval += Duration::from_secs(5);
            return Err(("slow_down", "Slow down"));
        }
        let words = "The authorization request is still pending";
        let answer = waiting.answer.clone().ok_or(("authorization_pending", words))?;
        all.remove(code);
        match answer {
            Said::Yes(user) => Ok(user),
            Said::No => Err(("access_denied", "The end user denied the authorization request")),
        }
    }
}

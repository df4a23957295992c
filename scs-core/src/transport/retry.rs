use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use http::{Method, StatusCode};
use tokio::time::Instant;

use super::{Next, Policy, Request, Response};
use crate::{Error, ErrorKind, Result, error::Delivery};

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The server answered, perhaps asking to wait.
    Answered(StatusCode, Option<Duration>),
    /// The request certainly never reached the server.
    NotSent,
    /// It may have reached the server, but there was no complete answer.
    Broken,
}

/// What follows from the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It stands.
    Stop,
    /// Repeat after a back-off.
    Retry,
    /// Repeat after the time that the server asked for.
    RetryAfter(Duration),
}

/// When and how often a request is repeated.
///
/// | outcome | idempotent | otherwise |
/// |---|---|---|
/// | never sent | repeat | repeat |
/// | 429 | after `Retry-After`, else back off | the same |
/// | 503 with `Retry-After` | after that | no |
/// | 408, 500, 502, 503, 504, broken | repeat | no |
/// | 409 | only where the route says so | only where the route says so |
/// | anything else | no | no |
///
/// The back-off is exponential with full jitter, 200 ms to 20 s. At most four attempts, none
/// begun later than 60 s after the first; repetitions are held to a fifth of the traffic
/// with a reserve of ten.
#[derive(Debug)]
pub struct Retry {
    attempts: u32,
    base: Duration,
    cap: Duration,
    window: Duration,
    /// In tenths of a repetition.
    budget: AtomicI64,
}

const RESERVE: i64 = 100;

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(20),
            window: Duration::from_secs(60),
            budget: AtomicI64::new(RESERVE),
        }
    }
}

impl Retry {
    /// Nothing is ever repeated.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// At most this many attempts, the first included.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The bounds of the back-off between attempts.
    #[must_use]
    pub fn back_off(mut self, base: Duration, cap: Duration) -> Self {
        (self.base, self.cap) = (base, cap);
        self
    }

    /// No attempt begins later than this after the first.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// What follows from an outcome: the table above as a function.
    pub fn classify(outcome: Outcome, idempotent: bool, retry_conflicts: bool) -> Decision {
        match outcome {
            Outcome::NotSent => Decision::Retry,
            Outcome::Broken if idempotent => Decision::Retry,
            Outcome::Answered(StatusCode::TOO_MANY_REQUESTS, wait) => {
                wait.map_or(Decision::Retry, Decision::RetryAfter)
            }
            Outcome::Answered(StatusCode::CONFLICT, _) if retry_conflicts => Decision::Retry,
            Outcome::Answered(StatusCode::SERVICE_UNAVAILABLE, Some(wait)) if idempotent => {
                Decision::RetryAfter(wait)
            }
            Outcome::Answered(status, _)
                if idempotent && matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504) =>
            {
                Decision::Retry
            }
            Outcome::Answered(..) | Outcome::Broken => Decision::Stop,
        }
    }

    fn back_off_before(&self, attempt: u32) -> Duration {
        let ceiling = self.cap.min(self.base.saturating_mul(1 << attempt.min(16)));
        ceiling.mul_f64(fastrand::f64())
    }

    fn withdraw(&self) -> bool {
        let enough = |left: i64| (left >= 10).then_some(left - 10);
        self.budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, enough).is_ok()
    }

    fn deposit(&self) {
        let add = |left: i64| (left < RESERVE).then_some(left + 2);
        let _ = self.budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

fn outcome(result: &Result<Response>) -> Option<Outcome> {
    match result {
        Ok(answer) => Some(Outcome::Answered(answer.status, answer.retry_after())),
        Err(error) if !error.is_retryable() => None,
        Err(error) if error.delivery() == Delivery::NotSent => Some(Outcome::NotSent),
        Err(_) => Some(Outcome::Broken),
    }
}

#[async_trait]
impl Policy for Retry {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response> {
        let call = request.call.clone();
        let delete = request.method == Method::DELETE;
        let last_start = Instant::now() + self.window;
        self.deposit();
        let mut attempt = 1;
        loop {
            let mut result = next.run(request.clone()).await;
            let decision = outcome(&result).map_or(Decision::Stop, |outcome| {
                Self::classify(outcome, call.idempotent, call.retry_conflicts)
            });
            let wait = match decision {
                Decision::Stop => None,
                Decision::Retry => Some(self.back_off_before(attempt)),
                // No jitter below what was asked for.
                Decision::RetryAfter(wait) => Some(wait),
            };
            let again = wait.filter(|wait| {
                attempt < self.attempts && Instant::now() + *wait <= last_start && self.withdraw()
            });
            let Some(wait) = again else {
                if let Ok(answer) = &mut result {
                    answer.attempts = attempt;
                    // An earlier attempt has deleted it.
                    if delete && attempt > 1 && answer.status == StatusCode::NOT_FOUND {
                        answer.status = StatusCode::NO_CONTENT;
                    }
                }
                return result.map_err(|error| error.with_attempts(attempt));
            };
            tracing::debug!(attempt, ?wait, operation = %call.operation, "will be repeated");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }
}

/// Reads `Retry-After`: seconds, or an HTTP date.
pub(super) fn retry_after(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    let wait = SystemTime::from(date.timestamp()).duration_since(SystemTime::now());
    Some(wait.unwrap_or_default())
}

/// A call as a whole took too long; used by handles that were given a time limit.
pub(crate) fn overdue(limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("not done within {limit:?}"))
        .with_hint("it may still have been carried out: look before you repeat it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        use Decision::{Retry as Again, RetryAfter, Stop};
        let soon = Duration::from_secs(3);
        let status = |code: u16, wait: Option<Duration>| {
            Outcome::Answered(StatusCode::from_u16(code).unwrap(), wait)
        };
        // outcome, idempotent, otherwise, idempotent where conflicts pass
        let table = [
            (Outcome::NotSent, Again, Again, Again),
            (Outcome::Broken, Again, Stop, Again),
            (status(429, None), Again, Again, Again),
            (status(429, Some(soon)), RetryAfter(soon), RetryAfter(soon), RetryAfter(soon)),
            (status(503, Some(soon)), RetryAfter(soon), Stop, RetryAfter(soon)),
            (status(503, None), Again, Stop, Again),
            (status(408, None), Again, Stop, Again),
            (status(500, None), Again, Stop, Again),
            (status(502, None), Again, Stop, Again),
            (status(504, None), Again, Stop, Again),
            (status(501, None), Stop, Stop, Stop),
            (status(409, None), Stop, Stop, Again),
            (status(200, None), Stop, Stop, Stop),
            (status(300, None), Stop, Stop, Stop),
            (status(400, None), Stop, Stop, Stop),
            (status(401, None), Stop, Stop, Stop),
            (status(403, None), Stop, Stop, Stop),
            (status(404, None), Stop, Stop, Stop),
            (status(413, Some(soon)), Stop, Stop, Stop),
        ];
        for (outcome, idempotent, otherwise, conflicts) in table {
            assert_eq!(Retry::classify(outcome, true, false), idempotent, "{outcome:?}");
            assert_eq!(Retry::classify(outcome, false, false), otherwise, "{outcome:?}");
            assert_eq!(Retry::classify(outcome, true, true), conflicts, "{outcome:?}");
        }
    }

    #[test]
    fn the_budget_runs_out_and_fills_again() {
        let retry = Retry::default();
        assert_eq!((0..100).filter(|_| retry.withdraw()).count(), 10);
        (0..5).for_each(|_| retry.deposit());
        assert!(retry.withdraw());
        assert!(!retry.withdraw());
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(retry_after("Wed, 21 Oct 2099 07:28:00 GMT").unwrap() > Duration::from_secs(9));
        assert_eq!(retry_after("soon"), None);
        assert_eq!(retry_after("-1"), None);
    }

    #[test]
    fn the_back_off_stays_within_bounds() {
        let retry = Retry::default();
        for attempt in 1..40 {
            assert!(retry.back_off_before(attempt) <= Duration::from_secs(20));
        }
    }
}

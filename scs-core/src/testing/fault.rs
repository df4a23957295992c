use std::time::Duration;

use http::{Method, StatusCode};

use super::Received;

/// Something that goes wrong, instead of the answer.
///
/// ```
/// use scs_core::testing::Fault;
/// let busy = Fault::status(503).retry_after(1).times(2).on("POST", "/compute/");
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Fault {
    status: u16,
    message: Option<String>,
    retry_after: Option<u64>,
    delay: Duration,
    times: u32,
    method: Option<String>,
    path: String,
}

impl Fault {
    /// The next request is answered with this status, in the form in which its service
    /// reports failures.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            message: None,
            retry_after: None,
            delay: Duration::ZERO,
            times: 1,
            method: None,
            path: String::new(),
        }
    }

    /// With these words; those of the status if not set.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// With a `Retry-After` of this many seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// After this much time.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// For this many requests; 1 if not set.
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Only for requests with this method, to paths that begin so. An empty method or path is
    /// any.
    pub fn on(mut self, method: &str, path: impl Into<String>) -> Self {
        self.method = (!method.is_empty()).then(|| method.to_ascii_uppercase());
        self.path = path.into();
        self
    }

    /// Takes the first of `faults` that strikes `request`, and forgets it when it is used up.
    pub(super) fn strike(faults: &mut Vec<Self>, request: &Received) -> Option<Self> {
        let at = faults.iter().position(|fault| fault.hits(&request.method, &request.path))?;
        let fault = &mut faults[at];
        fault.times = fault.times.saturating_sub(1);
        let struck = fault.clone();
        if fault.times == 0 {
            drop(faults.remove(at));
        }
        Some(struck)
    }

    fn hits(&self, method: &Method, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method.as_str())
            && path.starts_with(&self.path)
    }

    pub(super) fn code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(super) fn words(&self) -> &str {
        self.message.as_deref().or(self.code().canonical_reason()).unwrap_or("Failed")
    }

    pub(super) fn wait(&self) -> (Option<u64>, Duration) {
        (self.retry_after, self.delay)
    }
}

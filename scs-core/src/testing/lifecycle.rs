use std::{
    collections::VecDeque,
    fmt,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::State;

/// When the next step of a [`Script`] happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// After the state before it has been seen this many times; 0 is at once. Tests that use
    /// this alone run the same way each time.
    Reads(u32),
    /// After this much time.
    After(Duration),
}

/// What happens to an item by itself: `BUILD`, seen twice, then `ACTIVE`.
///
/// ```
/// use scs_core::testing::{Script, When};
/// use serde_json::json;
/// let boots = Script::new().then(When::Reads(2), json!({"status": "ACTIVE"}));
/// let goes = Script::new().gone(When::Reads(1));
/// ```
#[derive(Default)]
#[must_use]
pub struct Script {
    steps: VecDeque<(When, Change)>,
    /// When the first step began to wait.
    since: Option<Instant>,
}

/// What a step does.
pub(super) enum Change {
    Merge(Value),
    Gone,
    Run(Box<dyn FnOnce(&mut State) + Send>),
}

impl Script {
    /// Nothing happens.
    pub fn new() -> Self {
        Self::default()
    }

    /// The item's members change.
    pub fn then(self, when: When, members: Value) -> Self {
        self.step(when, Change::Merge(members))
    }

    /// The item is gone.
    pub fn gone(self, when: When) -> Self {
        self.step(when, Change::Gone)
    }

    /// Something happens elsewhere, together with the step before.
    pub fn run(self, effect: impl FnOnce(&mut State) + Send + 'static) -> Self {
        self.step(When::Reads(0), Change::Run(Box::new(effect)))
    }

    fn step(mut self, when: When, change: Change) -> Self {
        self.steps.push_back((when, change));
        self
    }

    pub(super) fn is_over(&self) -> bool {
        self.steps.is_empty()
    }

    /// The state has been seen once more.
    pub(super) fn seen(&mut self) {
        if let Some((When::Reads(left), _)) = self.steps.front_mut() {
            *left = left.saturating_sub(1);
        }
    }

    /// The next step, if its time has come.
    pub(super) fn due(&mut self, now: Instant) -> Option<Change> {
        let since = *self.since.get_or_insert(now);
        let due = match self.steps.front()?.0 {
            When::Reads(left) => left == 0,
            When::After(wait) => now.duration_since(since) >= wait,
        };
        if !due {
            return None;
        }
        self.since = None;
        self.steps.pop_front().map(|(_, change)| change)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = self.steps.iter().map(|(when, change)| match change {
            Change::Merge(members) => format!("{when:?}: {members}"),
            Change::Gone => format!("{when:?}: gone"),
            Change::Run(_) => format!("{when:?}: effect"),
        });
        f.debug_list().entries(steps).finish()
    }
}

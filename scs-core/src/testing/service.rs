use std::{fmt, sync::Arc};

use http::{HeaderMap, Method};
use serde_json::{Value, json};

use super::{Answer, Answered, Collection, Links, Received, State};
use crate::Route;

type Handler = Arc<dyn Fn(&mut Call<'_>) -> Answered + Send + Sync>;
type Gate = Box<dyn Fn(&mut Call<'_>) -> Answered<()> + Send + Sync>;
type Finish = Box<dyn Fn(&mut Call<'_>, Answer) -> Answer + Send + Sync>;
type Visible = Box<dyn Fn(&Value, &Value) -> bool + Send + Sync>;

/// A service of a [`FakeServer`](super::FakeServer): what lives below a path, and the habits
/// that all of it shares.
#[must_use]
pub struct FakeService {
    prefixes: Vec<Vec<String>>,
    endpoints: Vec<Endpoint>,
    failure: fn(u16, &str, &str) -> Answer,
    gate: Option<Gate>,
    finish: Option<Finish>,
    visible: Option<Visible>,
    pub(super) links: Links,
    pub(super) page_size: usize,
}

struct Endpoint {
    method: Method,
    pattern: Vec<String>,
    handler: Handler,
}

/// The segments of a path or of a pattern.
fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|segment| !segment.is_empty()).map(Into::into).collect()
}

fn plain_failure(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, json!({"error": {"code": code, "message": message}}))
}

impl FakeService {
    /// A service below `prefix`, such as `compute/v2.1`.
    pub fn new(prefix: &str) -> Self {
        Self {
            prefixes: vec![segments(prefix)],
            endpoints: Vec::new(),
            failure: plain_failure,
            gate: None,
            finish: None,
            visible: None,
            links: Links::Relations,
            page_size: 1000,
        }
    }

    /// The same below another path, in which `{}` stands for any segment.
    pub fn also_at(mut self, prefix: &str) -> Self {
        self.prefixes.push(segments(prefix));
        self
    }

    /// How it reports failures: from a status, a code and a message.
    pub fn failures(mut self, answer: fn(u16, &str, &str) -> Answer) -> Self {
        self.failure = answer;
        self
    }

    /// What is checked before anything else. It may leave in [`Call::caller`] who calls.
    pub fn gate(
        mut self,
        check: impl Fn(&mut Call<'_>) -> Answered<()> + Send + Sync + 'static,
    ) -> Self {
        self.gate = Some(Box::new(check));
        self
    }

    /// What is done to each answer.
    pub fn finish(
        mut self,
        change: impl Fn(&mut Call<'_>, Answer) -> Answer + Send + Sync + 'static,
    ) -> Self {
        self.finish = Some(Box::new(change));
        self
    }

    /// Which items exist for whom: from the caller and the item.
    pub fn visible(
        mut self,
        test: impl Fn(&Value, &Value) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.visible = Some(Box::new(test));
        self
    }

    /// How its lists point to the next page; [`Links::Relations`] if not set.
    pub fn links(mut self, links: Links) -> Self {
        self.links = links;
        self
    }

    /// How many items a page holds at most; 1000 if not set.
    pub fn page_size(mut self, items: usize) -> Self {
        self.page_size = items.max(1);
        self
    }

    /// Adds what belongs to a resource.
    pub fn collection(mut self, collection: Collection) -> Self {
        for (method, pattern, handler) in collection.endpoints() {
            self.endpoints.push(Endpoint { method, pattern: segments(&pattern), handler });
        }
        self
    }

    /// Adds an answer of its own to a path, in which each `{}` stands for any segment. It wins
    /// over what was there before.
    pub fn on(
        mut self,
        method: Method,
        path: &str,
        handler: impl Fn(&mut Call<'_>) -> Answered + Send + Sync + 'static,
    ) -> Self {
        self.endpoints.push(Endpoint {
            method,
            pattern: segments(path),
            handler: Arc::new(handler),
        });
        self
    }

    /// Whether a path lies below this service.
    pub(super) fn holds(&self, path: &[String]) -> bool {
        self.prefixes.iter().any(|prefix| {
            path.len() >= prefix.len() && matches(prefix.iter(), &path[..prefix.len()]).is_some()
        })
    }

    /// The endpoint that fits best, how well it fits, and what its `{}` stand for.
    pub(super) fn find(
        &self,
        method: &Method,
        path: &[String],
    ) -> Option<(u64, &Handler, Vec<String>)> {
        let fitting = self.endpoints.iter().filter(|endpoint| endpoint.method == *method).flat_map(
            |endpoint| {
                self.prefixes.iter().filter_map(|prefix| {
                    let (fit, ids) = matches(prefix.iter().chain(&endpoint.pattern), path)?;
                    let own = prefix.iter().filter(|segment| *segment == "{}").count();
                    Some((fit, &endpoint.handler, ids[own..].to_vec()))
                })
            },
        );
        fitting.max_by_key(|(fit, ..)| *fit)
    }

    pub(super) fn failure(&self, status: u16, code: &str, message: &str) -> Answer {
        (self.failure)(status, code, message)
    }

    pub(super) fn sees(&self, caller: &Value, item: &Value) -> bool {
        self.visible.as_ref().is_none_or(|visible| visible(caller, item))
    }

    /// Runs a handler between gate and finish.
    pub(super) fn run(&self, call: &mut Call<'_>, handler: &Handler) -> Answer {
        let passed = self.gate.as_ref().map_or(Ok(()), |gate| gate(call));
        let answer = passed.and_then(|()| handler(call)).unwrap_or_else(|failure| failure);
        match &self.finish {
            Some(finish) => finish(call, answer),
            None => answer,
        }
    }
}

/// What the `{}` of a pattern stand for in a path, and how well it fits: segments that are the
/// same count, those on the left most.
fn matches<'a>(
    pattern: impl Iterator<Item = &'a String>,
    path: &[String],
) -> Option<(u64, Vec<String>)> {
    let (mut fit, mut ids, mut rest) = (0, Vec::new(), path.iter());
    for segment in pattern {
        let given = rest.next()?;
        fit <<= 1;
        if segment == "{}" {
            ids.push(given.clone());
        } else if segment == given {
            fit |= 1;
        } else {
            return None;
        }
    }
    rest.next().is_none().then_some((fit, ids))
}

impl fmt::Debug for FakeService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoints = self
            .endpoints
            .iter()
            .map(|endpoint| format!("{} {}", endpoint.method, endpoint.pattern.join("/")));
        f.debug_struct("FakeService")
            .field("prefixes", &self.prefixes)
            .field("endpoints", &endpoints.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// A request on its way through a [`FakeService`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Call<'a> {
    /// What was sent.
    pub request: &'a Received,
    /// What the fake keeps.
    pub state: &'a mut State,
    /// Who calls, as the gate found out; `null` if nobody asked.
    pub caller: Value,
    /// What the `{}` of the path stand for.
    pub ids: Vec<String>,
    /// The body as JSON; `null` if it is none.
    pub body: Value,
    pub(super) service: &'a FakeService,
    secrets: &'a HeaderMap,
    root: &'a str,
    shown: Vec<(Route, String)>,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        request: &'a Received,
        secrets: &'a HeaderMap,
        state: &'a mut State,
        service: &'a FakeService,
        root: &'a str,
        ids: Vec<String>,
    ) -> Self {
        let body = request.json();
        let shown = Vec::new();
        Self { request, state, caller: Value::Null, ids, body, service, secrets, root, shown }
    }

    /// The token that was sent as header `name`.
    pub fn token(&self, name: &str) -> Option<&str> {
        self.secrets.get(name)?.to_str().ok()
    }

    /// The URL of the server, without a slash at the end.
    pub fn root(&self) -> &str {
        self.root
    }

    /// A failure in the form of the service.
    pub fn failure(&self, status: u16, code: &str, message: &str) -> Answer {
        self.service.failure(status, code, message)
    }

    /// Whether the caller may see an item.
    pub fn sees(&self, item: &Value) -> bool {
        self.service.sees(&self.caller, item)
    }

    /// The item with this key, if the caller may see it.
    pub fn visible(&self, route: &Route, key: &str) -> Option<&Value> {
        self.state.get(route, key).filter(|item| self.sees(item))
    }

    /// Notes that an item was shown, for scripts that count this.
    pub fn shown(&mut self, route: &Route, key: impl Into<String>) {
        self.shown.push((*route, key.into()));
    }

    pub(super) fn settle(self) {
        for (route, key) in self.shown {
            self.state.seen(&route, [key]);
        }
    }
}

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::header;
use wiremock::{Mock, MockServer, Respond, ResponseTemplate, matchers::any};

use super::{Answer, Call, FakeService, Fault, Received, State};

/// A server on the loopback interface that keeps what it is told.
///
/// It stops when it is dropped. If it received requests that it does not know by then, and
/// nobody asked for them with [`unexpected`](Self::unexpected), the test fails.
pub struct FakeServer {
    mock: MockServer,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    root: String,
    services: Vec<FakeService>,
    state: State,
    faults: Vec<Fault>,
    requests: Vec<Received>,
    unexpected: Vec<String>,
}

impl FakeServer {
    /// Starts a server that knows nothing yet.
    pub async fn start() -> Self {
        let mock = MockServer::builder().disable_request_recording().start().await;
        let inner = Arc::new(Mutex::new(Inner { root: mock.uri(), ..Inner::default() }));
        Mock::given(any()).respond_with(Router(inner.clone())).mount(&mock).await;
        Self { mock, inner }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }

    /// Adds a service.
    pub fn serve(&self, service: FakeService) {
        self.inner().services.push(service);
    }

    /// The address, such as `http://127.0.0.1:40117`: without a slash at its end.
    pub fn url(&self) -> String {
        self.mock.uri()
    }

    /// Makes requests fail. Several faults strike in the order in which they were added.
    pub fn fail(&self, fault: Fault) {
        self.inner().faults.push(fault);
    }

    /// All requests so far, oldest first.
    pub fn requests(&self) -> Vec<Received> {
        self.inner().requests.clone()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.inner().requests.clear();
    }

    /// The requests that this server does not know, such as `GET /compute/v2.1/nothing`. Who
    /// asks deals with them: the list is empty then, and the test does not fail for them.
    pub fn unexpected(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().unexpected)
    }

    /// Looks at what the server keeps, or changes it behind the back of its clients.
    pub fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.inner().state)
    }
}

fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        let unexpected = self.unexpected();
        assert!(
            unexpected.is_empty() || std::thread::panicking(),
            "the fake received requests that it does not know: {}",
            unexpected.join(", ")
        );
    }
}

impl fmt::Debug for FakeServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeServer")
            .field("url", &self.mock.uri())
            .field("services", &self.inner().services)
            .finish_non_exhaustive()
    }
}

struct Router(Arc<Mutex<Inner>>);

impl Respond for Router {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let (mut received, secrets) = Received::new(request);
        let mut inner = lock(&self.0);
        let answer = inner.answer(&received, &secrets);
        received.status = answer.code();
        inner.requests.push(received);
        answer.into()
    }
}

impl Inner {
    fn answer(&mut self, request: &Received, secrets: &http::HeaderMap) -> Answer {
        let path = request.segments();
        if let Some(fault) = Fault::strike(&mut self.faults, request) {
            let (retry_after, delay) = fault.wait();
            let service = self.services.iter().find(|service| service.holds(&path));
            let status = fault.code().as_u16();
            let answer = match service {
                Some(service) => service.failure(status, "Fault", fault.words()),
                None => Answer::text(status, "text/plain", fault.words()),
            };
            let answer = answer.delayed(delay);
            return match retry_after {
                Some(seconds) => answer.header(header::RETRY_AFTER.as_str(), seconds.to_string()),
                None => answer,
            };
        }
        self.state.tick();
        let found = self
            .services
            .iter()
            .filter_map(|service| Some((service, service.find(&request.method, &path)?)))
            .max_by_key(|(_, (fit, ..))| *fit);
        let Some((service, (_, handler, ids))) = found else {
            let what = format!("{} {}", request.method, request.path);
            self.unexpected.push(what.clone());
            return Answer::text(501, "text/plain", format!("the fake does not know {what}"));
        };
        let mut call = Call::new(request, secrets, &mut self.state, service, &self.root, ids);
        let answer = service.run(&mut call, handler);
        call.settle();
        answer
    }
}

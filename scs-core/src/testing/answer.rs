use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::Value;
use wiremock::ResponseTemplate;

/// Headers that hold tokens; they are not kept.
const SECRET: [&str; 4] =
    ["x-auth-token", "x-subject-token", "openstack-auth-receipt", "authorization"];

/// A request that a fake received, as [`FakeServer::requests`](super::FakeServer::requests)
/// lists it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Received {
    /// The method.
    pub method: Method,
    /// The path, as it was sent.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The headers, without those that hold tokens.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The status of the answer.
    pub status: StatusCode,
}

impl Received {
    /// The request, and the headers with tokens.
    pub(super) fn new(request: &wiremock::Request) -> (Self, HeaderMap) {
        let mut headers = request.headers.clone();
        let mut secrets = HeaderMap::new();
        for name in SECRET {
            if let Some(value) = headers.remove(name) {
                secrets.insert(name, value);
            }
        }
        let received = Self {
            method: request.method.clone(),
            path: request.url.path().to_owned(),
            query: request.url.query_pairs().into_owned().collect(),
            headers,
            body: request.body.clone().into(),
            status: StatusCode::NOT_IMPLEMENTED,
        };
        (received, secrets)
    }

    /// The first value of a parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The segments of the path, decoded; slashes at its end do not count.
    pub(super) fn segments(&self) -> Vec<String> {
        self.path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect()
    }
}

/// What a fake answers.
#[derive(Debug, Clone)]
#[must_use]
pub struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    mime: &'static str,
    body: Vec<u8>,
    delay: Duration,
}

/// An answer; `Err` is one that ends the handling early, with `?`.
pub type Answered<T = Answer> = Result<T, Answer>;

impl Answer {
    /// A status without a body.
    pub fn status(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: Vec::new(),
            mime: "application/json",
            body: Vec::new(),
            delay: Duration::ZERO,
        }
    }

    /// A status and JSON.
    pub fn json(status: u16, body: impl Serialize) -> Self {
        Self { body: serde_json::to_vec(&body).unwrap_or_default(), ..Self::status(status) }
    }

    /// A status and something else, such as a text.
    pub fn text(status: u16, mime: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { mime, body: body.into(), ..Self::status(status) }
    }

    pub(super) fn bytes(status: u16, body: Vec<u8>) -> Self {
        Self { body, ..Self::status(status) }
    }

    /// Adds a header; one that cannot be sent is left out.
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        if let (Ok(name), Ok(value)) = (name.parse(), value.as_ref().parse()) {
            self.headers.push((name, value));
        }
        self
    }

    /// The answer is sent after this much time. What it says was found out before.
    pub fn delayed(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    pub(super) fn code(&self) -> StatusCode {
        self.status
    }
}

impl From<Answer> for ResponseTemplate {
    fn from(answer: Answer) -> Self {
        let template = Self::new(answer.status).set_delay(answer.delay);
        let mut template = if answer.body.is_empty() {
            template
        } else {
            template.set_body_raw(answer.body, answer.mime)
        };
        for (name, value) in answer.headers {
            template = template.append_header(name, value);
        }
        template
    }
}

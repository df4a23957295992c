//! A Keystone as `tests/clouds/record.py` plays it: it issues a token to whoever asks, and has
//! two regions with three interfaces each.

use async_trait::async_trait;
use scs_cloud::core::{
    Result,
    transport::{self, HttpService, Response},
};
use serde_json::{Value, json};
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

/// An HTTP client that many sessions share.
#[derive(Debug, Default)]
pub(super) struct Http(reqwest::Client);

#[async_trait]
impl HttpService for Http {
    async fn call(&self, request: transport::Request) -> Result<Response> {
        let sent = self.0.request(request.method, request.url).headers(request.headers);
        let answer = sent.body(request.body).send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        Ok(Response::new(status, headers, answer.bytes().await.unwrap()))
    }
}

pub(super) struct Keystone(MockServer);

impl Keystone {
    pub(super) async fn start() -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Answers(server.uri())).mount(&server).await;
        Self(server)
    }

    pub(super) fn address(&self) -> String {
        self.0.uri()
    }

    /// What was sent to log in.
    pub(super) async fn logins(&self) -> Vec<Value> {
        let requests = self.0.received_requests().await.unwrap_or_default();
        let mut logins: Vec<Value> = Vec::new();
        for request in requests.iter().filter(|request| Login.matches(request)) {
            let mut login = json!({ "path": request.url.path() });
            if let Ok(body) = serde_json::from_slice::<Value>(&request.body) {
                login["body"] = body;
            }
            let bearer = request.headers.get("authorization").and_then(|value| value.to_str().ok());
            if let Some(bearer) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
                login["bearer"] = bearer.into();
            }
            if !logins.contains(&login) {
                logins.push(login);
            }
        }
        logins
    }
}

struct Login;

impl Match for Login {
    fn matches(&self, request: &Request) -> bool {
        let path = request.url.path();
        path.ends_with("/auth/tokens") || path.contains("/OS-FEDERATION/")
    }
}

struct Answers(String);

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let root = &self.0;
        let path = request.url.path().trim_end_matches('/');
        let json = |status, body| ResponseTemplate::new(status).set_body_json::<Value>(body);
        let issued = |token| json(201, self.token()).insert_header("x-subject-token", token);
        if path.contains("/OS-FEDERATION/") {
            return issued("unscoped");
        }
        if path.ends_with("/auth/tokens") {
            return issued("issued");
        }
        if path.ends_with("/token") {
            let tokens = json!({
                "access_token": "of-the-provider", "id_token": "who-it-is", "expires_in": 300});
            return json(200, tokens);
        }
        if path.ends_with("openid-configuration") {
            let realm = path.trim_end_matches("/.well-known/openid-configuration");
            let realm = format!("{root}{realm}");
            return json(200, json!({"issuer": realm, "token_endpoint": format!("{realm}/token")}));
        }
        if path.ends_with("/.well-known/openstack/api") {
            return json(
                200,
                json!({"name": "remote", "profile": {
                "auth": {
                    "auth_url": format!("{root}/remote/v3"), "user_domain_name": "remote-domain"},
                "region_name": "RegionTwo"}}),
            );
        }
        json(404, json!({}))
    }
}

impl Answers {
    fn token(&self) -> Value {
        let root = &self.0;
        let services = [
            ("compute", "compute", "/compute/v2.1"),
            ("network", "network", "/network/v2.0"),
            ("identity", "identity", "/identity/v3"),
            ("compute", "second", "/second/compute/v2.1"),
            ("compute_legacy", "old", "/old/compute/v2"),
        ];
        let catalog = services.map(|(service, name, path)| {
            let endpoints = ["RegionOne", "RegionTwo"].into_iter().flat_map(|region| {
                ["public", "internal", "admin"].map(|interface| {
                    json!({"region": region, "interface": interface,
                        "url": format!("{root}/{region}/{interface}{path}")})
                })
            });
            json!({"type": service, "name": name, "endpoints": endpoints.collect::<Vec<_>>()})
        });
        json!({"token": {
            "methods": ["password"], "roles": [{"id": "r", "name": "member"}],
            "user": {"id": "u", "name": "ada", "domain": {"id": "default", "name": "Default"}},
            "project": {"id": "p", "name": "engine", "domain": {"id": "default", "name": "Default"}},
            "issued_at": "2026-01-01T00:00:00.000000Z",
            "expires_at": "2036-01-01T00:00:00.000000Z",
            "catalog": catalog,
        }})
    }
}

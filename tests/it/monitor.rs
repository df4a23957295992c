//! The client of the compliance monitor, against answers as its documentation shows them.

use futures_util::TryStreamExt;
use scs_cloud::core::{
    ErrorKind, Secret,
    standards::{
        Results, Verdict,
        monitor::{
            ApprovalState, Monitor, ReportFormat, ReportQuery, ResultQuery, SignedReport,
            SigningKey, StatusQuery,
        },
    },
    transport::Retry,
};
use serde_json::{Value, json};
use wiremock::{
    Match, Mock, MockServer, Request, ResponseTemplate,
    matchers::{header, method, path, query_param, query_param_is_missing},
};

const IAAS: &str = "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f";
const KAAS: &str = "1fffebe6-fd4b-44d3-a36c-fc58b4bb0180";
const KEY: &str = include_str!("../../scs-core/src/standards/monitor/testdata/encrypted_key");
const SIGNATURE: &str =
    include_str!("../../scs-core/src/standards/monitor/testdata/report.yaml.sig");
const REPORT: &[u8] = include_bytes!("../../scs-core/src/standards/monitor/testdata/report.yaml");
/// `scs2:canary-91c4`
const BASIC: &str = "Basic c2NzMjpjYW5hcnktOTFjNA==";

fn monitor(server: &MockServer) -> Monitor {
    Monitor::builder(server.uri()).login("scs2", "canary-91c4").build().unwrap()
}

async fn answering(status: u16, body: &str) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).set_body_raw(body, "application/json");
    Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;
    server
}

struct Body(Vec<u8>);

impl Match for Body {
    fn matches(&self, request: &Request) -> bool {
        request.body == self.0
    }
}

#[tokio::test]
async fn everybody_may_ask_for_the_status() {
    let server = MockServer::start().await;
    let status = json!({
        "scs2": {IAAS: {"v4": -1, "v5.1": 1, "next": 0}, KAAS: {"v1": null}},
        "pco-prod1": {IAAS: {"v5.1": "FAIL"}},
    });
    Mock::given(method("GET"))
        .and(path("/status"))
        .and(query_param_is_missing("subject"))
        .respond_with(ResponseTemplate::new(200).set_body_json(status))
        .mount(&server)
        .await;
    let one = json!({"scs2": {IAAS: {"v4": -1, "v5.1": 1}}});
    Mock::given(path("/status"))
        .and(query_param("subject", "scs2"))
        .and(query_param("scopeuuid", IAAS))
        .respond_with(ResponseTemplate::new(200).set_body_json(one))
        .mount(&server)
        .await;
    Mock::given(path("/status"))
        .and(query_param("subject", "scs3"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .mount(&server)
        .await;
    let monitor = Monitor::new(server.uri()).unwrap();

    assert!(monitor.passes("scs2", IAAS, "v5.1").await.unwrap());
    assert!(!monitor.passes("scs2", IAAS, "v4").await.unwrap());
    assert!(!monitor.passes("scs2", IAAS, "v6").await.unwrap());
    let error = monitor.passes("scs3", IAAS, "v5.1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);

    let all = monitor.status(StatusQuery::default()).await.unwrap();
    assert_eq!(all.iter().count(), 5);
    assert_eq!(all.verdict("scs2", IAAS, "next"), Verdict::Abort);
    assert_eq!(all.verdict("scs2", KAAS, "v1"), Verdict::Missing);
    assert_eq!(all.verdict("scs2", KAAS, "v2"), Verdict::Missing);
    assert_eq!(all.verdict("pco-prod1", IAAS, "v5.1"), Verdict::Fail);
    for request in server.received_requests().await.unwrap() {
        assert!(!request.headers.contains_key("authorization"));
    }
}

#[tokio::test]
async fn a_status_that_cannot_be_read_certifies_nobody() {
    for body in [
        r#"{"scs2": {"x": {"v5.1": 2}}}"#,
        r#"{"scs2": {"x": {"v5.1": true}}}"#,
        r#"{"scs2": {"x": {"v5.1": "fine"}}}"#,
        r#"{"scs2": 1}"#,
        "[]",
        "<html>",
        "",
    ] {
        let server = answering(200, body).await;
        let error = Monitor::new(server.uri()).unwrap().passes("scs2", "x", "v5.1").await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Decode, "{body}");
    }
}

#[tokio::test]
async fn results_are_listed_and_approved() {
    let server = MockServer::start().await;
    let result = json!({
        "reportuuid": "def374a9-56a9-492c-b113-330d491c58c7",
        "subject": "scs2",
        "checked_at": "2024-03-16T14:13:53.857422",
        "scopeuuid": IAAS,
        "version": "v5.1",
        "check": "scs-0101-rngd",
        "result": -1,
        "approval": false,
    });
    let page = |skip: &str, items: Value| {
        Mock::given(method("GET"))
            .and(path("/results"))
            .and(header("authorization", BASIC))
            .and(query_param("approved", "0"))
            .and(query_param("limit", "1"))
            .and({
                let skip = skip.to_owned();
                move |request: &Request| {
                    let pairs: Vec<_> = request.url.query_pairs().collect();
                    let sent = pairs.iter().find(|(key, _)| key == "skip");
                    sent.map_or("0", |(_, value)| value) == skip
                }
            })
            .respond_with(ResponseTemplate::new(200).set_body_json(items))
            .expect(1)
    };
    page("0", json!([result])).mount(&server).await;
    page("1", json!([result])).mount(&server).await;
    page("2", json!([])).mount(&server).await;
    Mock::given(method("POST"))
        .and(path("/results"))
        .and(header("authorization", BASIC))
        .and(header("content-type", "application/json"))
        .and(wiremock::matchers::body_json(json!([{
            "reportuuid": "def374a9-56a9-492c-b113-330d491c58c7",
            "scopeuuid": IAAS,
            "version": "v5.1",
            "check": "scs-0101-rngd",
            "approval": true,
        }])))
        .respond_with(ResponseTemplate::new(204))
        .expect(1)
        .mount(&server)
        .await;

    let monitor = monitor(&server);
    let query = ResultQuery::default().approved(ApprovalState::NotApproved).limit(1u32);
    let results = monitor.results().list(query).try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(results.len(), 2);
    assert_eq!((results[0].result, results[0].approval), (Verdict::Fail, false));
    assert_eq!(results[0].checked_at.unwrap().date(), "2024-03-16");
    monitor.post_results(vec![results[0].approve(true)]).await.unwrap();
    monitor.post_results(Vec::new()).await.unwrap();
}

#[tokio::test]
async fn reports_are_listed_and_read() {
    let server = MockServer::start().await;
    let report = json!({
        "spec": {"uuid": IAAS, "name": "SCS-compatible IaaS", "url": "https://docs.example/iaas"},
        "checked_at": "2026-08-22T10:00:00",
        "reference_date": "2026-08-22",
        "subject": "scs2",
        "run": {
            "uuid": "95640a05-2690-4dd0-8c4a-024ad0a5a3d1",
            "argv": [],
            "invocations": {
                "a": {"id": "a", "cmd": "x", "results": {"scs-0101-fips-test": 1}, "rc": 0},
                "b": {"id": "b", "results": {"scs-0101-entropy-avail": 0}, "rc": 1},
                "c": {"id": "c", "results": null},
            },
        },
    });
    Mock::given(path("/reports/95640a05-2690-4dd0-8c4a-024ad0a5a3d1"))
        .and(header("authorization", BASIC))
        .respond_with(ResponseTemplate::new(200).set_body_json(&report))
        .mount(&server)
        .await;
    Mock::given(path("/reports"))
        .and(query_param("subject", ""))
        .and(query_param("limit", "100"))
        .respond_with(move |request: &Request| {
            let first = !request.url.query().unwrap_or_default().contains("skip");
            let items: &[Value] = if first { std::slice::from_ref(&report) } else { &[] };
            ResponseTemplate::new(200).set_body_json(items)
        })
        .expect(2)
        .mount(&server)
        .await;

    let monitor = monitor(&server);
    let listed = monitor
        .reports()
        .list(ReportQuery::default().subject(""))
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    let report = monitor.reports().get(&listed[0].run.uuid.as_str().into()).await.unwrap();
    assert_eq!((report.subject.as_str(), report.spec.uuid.as_str()), ("scs2", IAAS));
    assert_eq!(report.run.invocations["a"].results["scs-0101-fips-test"], Verdict::Pass,);
    let results = Results::from(&report);
    assert_eq!(results.get("scs-0101-entropy-avail").unwrap().verdict, Verdict::Abort);
    let none = "..".into();
    assert!(monitor.reports().get(&none).await.is_err());
}

#[tokio::test]
async fn a_signed_report_arrives_as_curl_would_send_it() {
    let server = MockServer::start().await;
    for kind in ["yaml", "json"] {
        Mock::given(method("POST"))
            .and(path("/reports"))
            .and(header("authorization", BASIC))
            .and(header("content-type", format!("application/x-signed-{kind}")))
            .and(Body([SIGNATURE.as_bytes(), b"&", REPORT].concat()))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"any": "thing"})))
            .expect(1)
            .mount(&server)
            .await;
    }
    let monitor = monitor(&server);
    let elsewhere = SignedReport::new(ReportFormat::Yaml, REPORT, SIGNATURE).unwrap();
    monitor.upload(&elsewhere).await.unwrap();
    let key = SigningKey::read(&KEY.into(), Some(&Secret::from("swordfish"))).unwrap();
    monitor.upload(&key.sign(ReportFormat::Json, REPORT).unwrap()).await.unwrap();
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let report = SignedReport::new(ReportFormat::Yaml, REPORT, SIGNATURE).unwrap();
    use ErrorKind as K;
    for (status, body, kind, words, hint) in [
        (400, r#"{"detail": "no such subject"}"#, K::Rejected, "no such subject", "public key"),
        (
            401,
            r#"{"detail": "who?"}"#,
            K::Unauthenticated,
            "the API key of `scs2` is refused",
            "key",
        ),
        (403, r#"{"detail": "not yours"}"#, K::Forbidden, "not yours", "role"),
        (409, "", K::Conflict, "Conflict", "already"),
        (413, "", K::Rejected, "Payload Too Large", "too large"),
        (415, r#"{"detail": ["x"]}"#, K::Rejected, "Unsupported Media Type", "public key"),
        (500, "<html>canary-91c4</html>", K::Unavailable, "Internal Server Error", "later"),
        (503, r#"{"detail": "a\nb"}"#, K::Unavailable, "a b", "later"),
    ] {
        let server = answering(status, body).await;
        let error = monitor(&server).upload(&report).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (kind, words), "{status}");
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(error.hint().unwrap().contains(hint), "{error}");
        assert_eq!(error.operation(), Some("POST reports"));
        assert!(!format!("{error:?}").contains("canary-91c4"), "{error:?}");
        // It may have arrived.
        assert_eq!(server.received_requests().await.unwrap().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn what_needs_an_account_says_so() {
    let server = answering(401, "").await;
    let results = Monitor::new(server.uri()).unwrap().results();
    let error = results.list(ResultQuery::default()).try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(error.hint().unwrap().contains("`login`"), "{error}");
}

#[tokio::test]
async fn an_answer_is_bounded() {
    let server = answering(200, &"[".repeat(1 << 20)).await;
    let bounded = Monitor::builder(server.uri())
        .transport(|transport| {
            transport.http(|http| http.max_answer(1 << 16)).retry(Retry::never())
        })
        .build()
        .unwrap();
    let error = bounded.status(StatusQuery::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    // As deep as it is, it is no reason to crash.
    let deep = Monitor::new(server.uri()).unwrap();
    assert_eq!(deep.status(StatusQuery::default()).await.unwrap_err().kind(), ErrorKind::Decode);
}

#[test]
fn settings_that_cannot_be_used_are_refused_and_not_shown() {
    for url in
        ["", "compliance.example", "ftp://compliance.example", "https://a:canary-91c4@b.example"]
    {
        let error = Monitor::new(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
    let builder = Monitor::builder(Monitor::SCS).login("a:b", "canary-91c4");
    assert!(!format!("{builder:?}").contains("canary"), "{builder:?}");
    assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config);
    let builder = Monitor::builder(Monitor::SCS).login("a", "canary-91c4");
    assert!(!format!("{:?}", builder.build().unwrap()).contains("canary"));
}

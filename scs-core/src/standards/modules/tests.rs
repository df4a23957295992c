use http::{HeaderMap, HeaderName};

use super::{
    monitoring::{components, series},
    registry::{is_harbor, speaks_oci},
    *,
};

fn answer(status: u16, headers: &[(&'static str, &str)], body: &'static str) -> Response {
    let headers =
        headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
    let headers: HeaderMap = headers.collect();
    Response::new(status.try_into().unwrap(), headers, Bytes::from_static(body.as_bytes()))
}

#[test]
fn registries_say_that_they_are() {
    const VERSION: (&str, &str) = ("docker-distribution-api-version", "registry/2.0");
    for (speaks, status, headers) in [
        (true, 200, &[VERSION][..]),
        (true, 401, &[VERSION]),
        (true, 401, &[("www-authenticate", "Bearer realm=\"https://r/token\"")]),
        (true, 200, &[("content-type", "application/json; charset=utf-8")]),
        (false, 200, &[("content-type", "text/html")]),
        (false, 401, &[("www-authenticate", "Basic realm=\"x\"")]),
        (false, 404, &[VERSION]),
    ] {
        assert_eq!(speaks_oci(&answer(status, headers, "{}")), speaks, "{status} {headers:?}");
    }
    assert!(is_harbor(&answer(200, &[], "Pong")) && is_harbor(&answer(200, &[], "\"Pong\"\n")));
    assert!(!is_harbor(&answer(200, &[], "<html>Pong")) && !is_harbor(&answer(404, &[], "Pong")));
}

#[test]
fn status_pages_and_metrics_are_told_from_other_pages() {
    let page = r#"{"data": [{"id": "1", "displayName": "Storage", "activelyAffectedBy": []}]}"#;
    assert_eq!(components(&answer(200, &[], page)), Some(1));
    assert_eq!(components(&answer(200, &[], r#"{"data": []}"#)), Some(0));
    for other in ["{}", "[]", r#"{"data": [{"id": 1}]}"#, "<html>", r#"{"data": {}}"#] {
        assert_eq!(components(&answer(200, &[], other)), None, "{other}");
    }
    assert_eq!(components(&answer(404, &[], page)), None);

    let metrics = "# HELP up Is it?\n# TYPE up gauge\nup 1\n# TYPE b counter\nb{c=\"d\"} 2\n";
    let text = [("content-type", "text/plain; version=0.0.4")];
    assert_eq!(series(&answer(200, &text, metrics)), ["up", "b"]);
    assert_eq!(series(&answer(200, &[("content-type", "text/html")], metrics)), [""; 0]);
}

#[test]
fn a_landscape_has_all_modules() {
    let standings = [
        Standing::new(Module::Storage, Level::None, ["no S3"]),
        Standing::new(Module::Storage, Level::Compatible, ["volumes", "S3"]),
    ];
    let landscape: Landscape = standings.into_iter().collect();
    assert_eq!(
        landscape.to_string(),
        "monitoring  unknown         nobody has looked at it\n\
         IaaS        unknown         nobody has looked at it\n\
         storage     compatible      volumes; S3\n\
         k8s-capi    unknown         nobody has looked at it\n\
         registry    unknown         nobody has looked at it"
    );
    let json = serde_json::to_value(&landscape).unwrap();
    assert_eq!(
        json[2].to_string(),
        r#"{"evidence":["volumes","S3"],"level":"compatible","module":"storage"}"#
    );
    let names = Module::ALL.map(|module| serde_json::to_value(module).unwrap());
    assert_eq!(names, Module::ALL.map(Module::as_str));
}

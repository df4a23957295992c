//! Services that only say that they are there: Swift, Octavia, Placement.

use http::Method;
use scs_core::testing::{Answer, FakeServer, FakeService};
use serde_json::json;

/// Their types, names and paths in the catalog.
pub(super) fn services(project: &str) -> [(&'static str, &'static str, String); 3] {
    [
        ("object-store", "swift", format!("object-store/v1/AUTH_{project}")),
        ("load-balancer", "octavia", "load-balancer".to_owned()),
        ("placement", "placement", "placement".to_owned()),
    ]
}

pub(super) fn serve(server: &FakeServer) {
    server.serve(FakeService::new("object-store").on(Method::GET, "info", |_| {
        Ok(Answer::json(200, json!({"s3api": {"s3_acl": false}, "swift": {"version": "2.38.3"}})))
    }));
    for (path, newest) in [("load-balancer", "v2.30"), ("placement", "v1.0")] {
        server.serve(FakeService::new(path).on(Method::GET, "", move |_| {
            Ok(Answer::json(200, json!({"versions": [{"id": newest, "status": "CURRENT"}]})))
        }));
    }
}

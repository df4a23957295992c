use http::StatusCode;
use serde_json::Value;

use super::{Level, Module, Standing, get};
use crate::{
    Result,
    standards::address::address as address_of,
    transport::{Response, Transport},
};

/// How the series of the SCS health monitor are called.
const HEALTH_MONITOR: [&str; 2] = ["openstack_http_requests_total", "openstack_http_response_time"];

/// Looks at what tells users how the cloud does, at an address that its provider names: a status
/// page (below it: `components`), or metrics (`metrics`). Nobody needs to be logged in.
///
/// Follows the [status page API](https://docs.scs.community/standards/scs-0402-v1-status-page-openapi-spec-decision)
/// and the text format of Prometheus.
///
/// # Errors
/// [`ErrorKind::Config`](crate::ErrorKind) if the address is none. What goes wrong on the
/// way makes the module unknown instead.
pub async fn monitoring(transport: &Transport, address: &str) -> Result<Standing> {
    const MODULE: Module = Module::Monitoring;
    let url = address_of("status page", address)?;
    let (page, metrics) = (
        get(transport, MODULE, &url, "components").await,
        get(transport, MODULE, &url, "metrics").await,
    );
    let (page, metrics) = match (page, metrics) {
        (Err(error), Err(_)) => return Ok(Standing::unknown(MODULE, error)),
        (page, metrics) => (page.ok(), metrics.ok()),
    };
    let mut evidence = Vec::new();
    if let Some(count) = page.as_ref().and_then(components) {
        evidence.push(format!("{address} is a status page with {count} components"));
    }
    let names = metrics.as_ref().map(series).unwrap_or_default();
    if !names.is_empty() {
        evidence.push(format!("{address} has {} series of metrics", names.len()));
    }
    if evidence.is_empty() {
        let words = format!("{address} has neither a status page nor metrics");
        return Ok(Standing::new(MODULE, Level::None, [words]));
    }
    let of_scs: Vec<_> = HEALTH_MONITOR
        .into_iter()
        .filter(|series| names.iter().any(|name| name.starts_with(series)))
        .collect();
    if of_scs.is_empty() {
        return Ok(Standing::new(MODULE, Level::Compatible, evidence));
    }
    evidence.push(format!("the health monitor of SCS writes {}", of_scs.join(", ")));
    Ok(Standing::new(MODULE, Level::Implementation, evidence))
}

/// How many components a status page has, if it is one.
pub(super) fn components(answer: &Response) -> Option<usize> {
    if answer.status != StatusCode::OK {
        return None;
    }
    let page: Value = serde_json::from_slice(&answer.body).ok()?;
    let components = page.get("data")?.as_array()?;
    let is_component = |one: &Value| one.get("id").is_some() && one.get("displayName").is_some();
    components.iter().all(is_component).then_some(components.len())
}

/// The names of the metrics; none if these are none.
pub(super) fn series(answer: &Response) -> Vec<&str> {
    let is_text = answer.header("content-type").is_some_and(|mime| {
        mime.starts_with("text/plain") || mime.starts_with("application/openmetrics-text")
    });
    let text = match std::str::from_utf8(&answer.body) {
        Ok(text) if answer.status == StatusCode::OK && is_text => text,
        _ => return Vec::new(),
    };
    let typed = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    typed.filter_map(|line| line.split_whitespace().next()).collect()
}

use http::StatusCode;

use super::{Level, Module, Standing, get};
use crate::{
    Result,
    standards::address::address as address_of,
    transport::{Response, Transport},
};

/// Looks at a registry for images of containers: `https://registry.example`. Nobody needs to be
/// logged in.
///
/// Follows the [OCI distribution specification](https://github.com/opencontainers/distribution-spec)
/// and [Harbor's API](https://goharbor.io/docs/latest/build-customize-contribute/configure-swagger/).
///
/// # Errors
/// [`ErrorKind::Config`](crate::ErrorKind) if the address is none. What goes wrong on the
/// way makes the module unknown instead.
pub async fn registry(transport: &Transport, address: &str) -> Result<Standing> {
    let url = address_of("registry", address)?;
    let answer = match get(transport, Module::Registry, &url, "v2/").await {
        Ok(answer) => answer,
        Err(error) => return Ok(Standing::unknown(Module::Registry, error)),
    };
    if !speaks_oci(&answer) {
        let words = format!(
            "what {address} answers to /v2/ (HTTP {}) is not what registries answer",
            answer.status.as_u16()
        );
        return Ok(Standing::new(Module::Registry, Level::None, [words]));
    }
    let oci = format!("{address} has the API of OCI registries");
    let (level, harbor) = match get(transport, Module::Registry, &url, "api/v2.0/ping").await {
        Ok(answer) if is_harbor(&answer) => {
            (Level::Implementation, "it answers as Harbor does".to_owned())
        }
        Ok(answer) => {
            let words = format!("it is no Harbor (HTTP {} to ping)", answer.status.as_u16());
            (Level::Compatible, words)
        }
        Err(error) => {
            (Level::Compatible, format!("whether it is Harbor could not be seen: {error}"))
        }
    };
    Ok(Standing::new(Module::Registry, level, [oci, harbor]))
}

/// A registry says so by a header, or by asking for a bearer token; a page that is there for any
/// path does neither.
pub(super) fn speaks_oci(answer: &Response) -> bool {
    let says = |name, start: &str| {
        answer.header(name).is_some_and(|value| value.to_ascii_lowercase().starts_with(start))
    };
    match answer.status {
        StatusCode::OK => {
            says("docker-distribution-api-version", "registry/2")
                || says("content-type", "application/json")
        }
        StatusCode::UNAUTHORIZED => {
            says("docker-distribution-api-version", "registry/2")
                || says("www-authenticate", "bearer")
        }
        _ => false,
    }
}

pub(super) fn is_harbor(answer: &Response) -> bool {
    let pong = answer.body.trim_ascii();
    answer.status == StatusCode::OK && (pong == b"Pong" || pong == b"\"Pong\"")
}

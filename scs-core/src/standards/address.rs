//! Where the services are that tell about standards.

use url::Url;

use crate::{Error, Result};

/// An address that reports and errors may show; errors call it the address `of` something.
pub(in crate::standards) fn address(of: &str, text: &str) -> Result<Url> {
    let url = text.parse().ok();
    let url =
        url.filter(|url: &Url| matches!(url.scheme(), "http" | "https")).ok_or_else(|| {
            Error::config(format!("the address of the {of} is not an HTTP address"))
                .with_hint("write it like https://name.example")
        })?;
    if url.username().is_empty() && url.password().is_none() {
        return Ok(url);
    }
    Err(Error::config(format!("the address of the {of} holds a login"))
        .with_hint("write the address without it"))
}

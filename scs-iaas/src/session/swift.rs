//! What Swift can do.

use scs_core::{Error, ErrorKind, Result};
use url::Url;

use super::Session;
use crate::{discovery::documents, fault};

impl Session {
    /// What Swift says of itself, with its middleware; [`ErrorKind::NotFound`] if it says
    /// nothing.
    pub(crate) async fn swift_info(&self) -> Result<serde_json::Value> {
        const SERVICE: &str = "object-store";
        let url = info(&self.endpoint(SERVICE).await?);
        let answer = self.document(SERVICE, "info", url).await?;
        if !answer.status.is_success() {
            return Err(fault::fault(SERVICE, &answer));
        }
        serde_json::from_slice(&answer.body).map_err(|error| {
            let words = format!("what Swift says at /info is no JSON: {error}");
            Error::new(ErrorKind::Decode, words).with_service(SERVICE)
        })
    }
}

/// Where a versioned endpoint tells what it can: `info`, beside the version.
fn info(endpoint: &Url) -> Url {
    let [_, mut above] = documents(endpoint);
    above.set_path(&format!("{}info", above.path()));
    above
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_swift_can_stands_beside_its_version() {
        for (endpoint, at) in [
            ("https://c:8080/v1/AUTH_p", "https://c:8080/info"),
            ("https://c/swift/v1/AUTH_p", "https://c/swift/info"),
            ("https://c/swift/v1", "https://c/swift/info"),
        ] {
            assert_eq!(info(&endpoint.parse().unwrap()).as_str(), at);
        }
    }
}

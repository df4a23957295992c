use bytes::Bytes;
use http::{Method, StatusCode};
use scs_core::{
    Error, ErrorKind, Result, Transport,
    dialect::decode,
    shown_address,
    transport::{Call, Request},
};
use serde::Deserialize;
use tokio::sync::OnceCell;
use url::Url;

use super::{SERVICE, refusal};

const PATH: &str = ".well-known/openid-configuration";

/// What a provider says of itself.
///
/// Follows <https://openid.net/specs/openid-connect-discovery-1_0.html>.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    issuer: Option<String>,
    pub(super) token_endpoint: Url,
    #[serde(default)]
    pub(super) device_authorization_endpoint: Option<Url>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Document {
    /// Whether a client's secret travels in the body because the provider takes it only there.
    pub(super) fn takes_secrets_in_the_body(&self) -> bool {
        self.token_endpoint_auth_methods_supported.as_ref().is_some_and(|methods| {
            let takes = |wanted: &str| methods.iter().any(|method| method == wanted);
            !takes("client_secret_basic") && takes("client_secret_post")
        })
    }
}

/// Addresses of a provider that are given, so that it need not be asked for them.
#[derive(Debug, Clone, Default)]
pub(super) struct Endpoints<U = String> {
    /// Where it describes itself.
    pub(super) discovery: Option<U>,
    pub(super) token: Option<U>,
    pub(super) device_authorization: Option<U>,
}

/// A provider at an address; asked once for what it says of itself.
#[derive(Debug)]
pub(super) struct Provider {
    issuer: Url,
    endpoints: Endpoints<Url>,
    document: OnceCell<Document>,
}

/// The address, if it is one.
fn address(what: &str, text: &str, like: &str) -> Result<Url> {
    let unusable = |kind: &str| {
        Error::config(format!("{what} `{}` is not {kind}", shown_address(text)))
            .with_hint(format!("write it like {like}"))
    };
    let url: Url = text.parse().map_err(|_| unusable("a URL"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(unusable("an HTTP address"));
    }
    Ok(url)
}

impl Provider {
    pub(super) fn new(issuer: &str, endpoints: &Endpoints) -> Result<Self> {
        let mut url = address("the issuer", issuer, "https://id.example/realms/engine")?;
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        url.set_query(None);
        url.set_fragment(None);
        let endpoint = |what, given: &Option<String>| {
            let like = "https://id.example/token";
            given.as_deref().map(|text| address(what, text, like)).transpose()
        };
        let endpoints = Endpoints {
            discovery: endpoint("the discovery endpoint", &endpoints.discovery)?,
            token: endpoint("the endpoint of tokens", &endpoints.token)?,
            device_authorization: endpoint(
                "the endpoint of devices",
                &endpoints.device_authorization,
            )?,
        };
        Ok(Self { issuer: url, endpoints, document: OnceCell::new() })
    }

    /// What it says of itself, or what is given in its place.
    pub(super) async fn document(&self, http: &Transport) -> Result<&Document> {
        let document = || async {
            let given = &self.endpoints;
            let mut document = match (&given.token, &given.discovery) {
                (Some(token), None) => Document {
                    issuer: None,
                    token_endpoint: token.clone(),
                    device_authorization_endpoint: None,
                    token_endpoint_auth_methods_supported: None,
                },
                _ => self.discover(http).await?,
            };
            if let Some(token) = &given.token {
                document.token_endpoint = token.clone();
            }
            if let Some(device) = &given.device_authorization {
                document.device_authorization_endpoint = Some(device.clone());
            }
            Ok(document)
        };
        self.document.get_or_try_init(document).await
    }

    async fn discover(&self, http: &Transport) -> Result<Document> {
        let url = self.endpoints.discovery.clone().unwrap_or_else(|| {
            let mut url = self.issuer.clone();
            url.set_path(&format!("{}/{PATH}", url.path().trim_end_matches('/')));
            url
        });
        let call = Call::new(SERVICE, "provider.discover".into(), PATH.into(), &Method::GET);
        let about =
            |error: Error| error.with_service(SERVICE).with_operation(format!("GET {PATH}"));
        let answer =
            http.send(Request::new(Method::GET, url, Bytes::new(), call)).await.map_err(about)?;
        let nobody = |words: String| {
            about(Error::config(words).with_status(answer.status).with_attempts(answer.attempts))
                .with_hint("check the issuer; that of a Keycloak is like https://HOST/realms/REALM")
        };
        match answer.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => {
                let (_, words) = crate::fault::words(&answer.body);
                let words = if words.is_empty() { "not found" } else { &words };
                return Err(nobody(format!("there is no provider at {}: {words}", self.shown())));
            }
            status if status.is_redirection() || status.is_client_error() => {
                return Err(nobody(format!("there is no provider at {}", self.shown())));
            }
            _ => return Err(about(refusal::unavailable(&answer))),
        }
        let document: Document = decode(&answer.body).map_err(|error| {
            about(error.with_status(answer.status))
                .with_hint("check the issuer; that of a Keycloak is like https://HOST/realms/REALM")
        })?;
        self.check(&document).map_err(about)?;
        Ok(document)
    }

    /// Whoever can answer in the provider's place must not get the credentials.
    fn check(&self, document: &Document) -> Result<()> {
        let name = document.issuer.as_deref().unwrap_or("nothing");
        let same = name.trim_end_matches('/') == self.issuer.as_str().trim_end_matches('/');
        if !same && self.endpoints.discovery.is_none() {
            let words = format!("the provider at {} calls itself {name}", self.shown());
            return Err(Error::config(words).with_hint(
                "give the issuer as it calls itself, or correct its host name setting",
            ));
        }
        let endpoints =
            [Some(&document.token_endpoint), document.device_authorization_endpoint.as_ref()];
        let plain = endpoints.into_iter().flatten().find(|url| url.scheme() != "https");
        match plain {
            Some(url) if self.issuer.scheme() == "https" => Err(Error::new(
                ErrorKind::Untrusted,
                format!(
                    "the provider wants credentials sent without encryption, to {}",
                    shown_address(url)
                ),
            )
            .with_hint("correct the host name setting of the provider")),
            _ => Ok(()),
        }
    }

    /// The issuer, for messages.
    pub(super) fn shown(&self) -> String {
        shown_address(&self.issuer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(issuer: &str, token: &str) -> Document {
        let json = format!(r#"{{"issuer":"{issuer}","token_endpoint":"{token}"}}"#);
        decode(json.as_bytes()).unwrap()
    }

    #[test]
    fn only_the_issuer_itself_is_believed() {
        let provider =
            Provider::new("https://id.example/realms/lab/", &Endpoints::default()).unwrap();
        let token = "https://id.example/token";
        assert!(provider.check(&document("https://id.example/realms/lab", token)).is_ok());
        assert!(provider.check(&document("https://id.example/realms/lab/", token)).is_ok());
        for other in ["https://id.example/realms/other", "http://id.example/realms/lab", ""] {
            let error = provider.check(&document(other, token)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{other}");
        }
        let plain = document("https://id.example/realms/lab", "http://id.example/token");
        assert_eq!(provider.check(&plain).unwrap_err().kind(), ErrorKind::Untrusted);
    }

    #[test]
    fn a_description_that_is_named_may_bear_any_name() {
        let endpoints = Endpoints {
            discovery: Some("https://id.example/described".to_owned()),
            ..Endpoints::default()
        };
        let provider = Provider::new("https://id.example", &endpoints).unwrap();
        let token = "https://id.example/token";
        assert!(provider.check(&document("https://public.example/realms/lab", token)).is_ok());
        let plain = document("https://id.example", "http://id.example/token");
        assert_eq!(provider.check(&plain).unwrap_err().kind(), ErrorKind::Untrusted);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for issuer in ["", "lab", "id.example:8443", "ftp://id.example", "/realms/lab"] {
            let error = Provider::new(issuer, &Endpoints::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{issuer}");
        }
    }

    #[test]
    fn secrets_travel_in_the_header_unless_only_the_body_is_taken() {
        let with = |methods: &str| {
            let json = format!(
                r#"{{"issuer":"i","token_endpoint":"https://t/","token_endpoint_auth_methods_supported":{methods}}}"#
            );
            decode::<Document>(json.as_bytes()).unwrap().takes_secrets_in_the_body()
        };
        assert!(!with("null"));
        assert!(!with(r#"["client_secret_post","client_secret_basic"]"#));
        assert!(with(r#"["private_key_jwt","client_secret_post"]"#));
    }
}

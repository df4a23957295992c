//! Certificates: wiremock speaks no TLS, so these tests have a server of their own.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use scs_cloud::{
    core::{
        Error, ErrorKind,
        transport::{Proxy, Retry},
    },
    iaas::{OpenStack, auth::Password},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ConfigBuilder, RootCertStore, ServerConfig,
        pki_types::PrivateKeyDer,
        server::{WantsServerCert, WebPkiClientVerifier},
    },
};

use crate::relay::Relay;

/// An authority, and what it signs.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        // Not the one of what it signs: OpenSSL would take that for signed by itself.
        params.distinguished_name.push(DnType::CommonName, "authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate that is valid until the end of `year`, and its key.
    fn sign(&self, year: i32) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let names = vec!["127.0.0.1".into(), "localhost".into()];
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(year, 12, 31);
        (params.signed_by(&key, &self.0).unwrap(), key)
    }
}

/// A server that answers everything with 404, with a certificate that is valid until the end of
/// `year`; gives its address and the authority's certificate.
async fn server(year: i32) -> (String, String) {
    let authority = Authority::new();
    let address = serve(&authority, year, ServerConfig::builder().with_no_client_auth()).await;
    (address, authority.0.pem())
}

/// The same, but only for clients that show a certificate of this authority.
async fn strict_server(clients: &Authority) -> (String, String) {
    let mut roots = RootCertStore::empty();
    roots.add(clients.0.der().clone()).unwrap();
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap();
    let authority = Authority::new();
    let config = ServerConfig::builder().with_client_cert_verifier(verifier);
    (serve(&authority, 2099, config).await, authority.0.pem())
}

async fn serve(
    authority: &Authority,
    year: i32,
    config: ConfigBuilder<ServerConfig, WantsServerCert>,
) -> String {
    let (certificate, key) = authority.sign(year);
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut socket) = acceptor.accept(socket).await else { return };
                let _ = socket.read(&mut [0; 4096]).await;
                let _ =
                    socket.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
                let _ = socket.shutdown().await;
            });
        }
    });
    address
}

async fn login(address: &str, ca: Option<String>) -> Error {
    OpenStack::builder(address, Password::new("ada", "pw"))
        .transport(|transport| {
            transport.http(|http| match ca {
                Some(ca) => http.ca_pem("ca.pem", ca),
                None => http,
            })
        })
        .connect()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn an_unknown_authority_is_refused_and_a_named_one_is_trusted() {
    let (address, ca) = server(2099).await;
    let error = login(&address, None).await;
    assert_eq!(error.kind(), ErrorKind::Untrusted, "{error}");
    assert!(error.to_string().contains("`cacert`"), "{error}");
    assert_eq!(error.attempts(), 1, "it stays refused, so it is not tried again");
    let error = login(&address, Some(ca)).await;
    assert!(error.to_string().contains("there is no Keystone at"), "{error}");
}

#[tokio::test]
async fn an_expired_certificate_says_whose_turn_it_is() {
    let (address, ca) = server(2021).await;
    let error = login(&address, Some(ca)).await;
    assert_eq!(error.kind(), ErrorKind::Untrusted, "{error}");
    assert!(error.to_string().contains("operator has to renew"), "{error}");
}

#[tokio::test]
async fn a_file_that_holds_no_certificate_is_named() {
    let error = login("https://127.0.0.1:1", Some("hello".into())).await;
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("ca.pem holds no usable certificate"), "{error}");
}

async fn show(address: &str, ca: &str, certificate: &str, key: &str) -> Error {
    let (ca, certificate, key) = (ca.to_owned(), certificate.to_owned(), key.to_owned());
    OpenStack::builder(address, Password::new("ada", "pw"))
        .transport(|transport| {
            transport.retry(Retry::never()).http(|http| {
                http.ca_pem("ca.pem", ca).client_certificate("me.pem", certificate, "me.key", key)
            })
        })
        .connect()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_server_may_ask_for_a_certificate() {
    let clients = Authority::new();
    let (address, ca) = strict_server(&clients).await;
    let (certificate, key) = clients.sign(2099);
    let (certificate, key) = (certificate.pem(), key.serialize_pem());
    let error = show(&address, &ca, &certificate, &key).await;
    assert!(error.to_string().contains("there is no Keystone at"), "{error}");
    // Both in one file.
    let both = format!("{certificate}{key}");
    let error = show(&address, &ca, &both, &both).await;
    assert!(error.to_string().contains("there is no Keystone at"), "{error}");

    let error = login(&address, Some(ca.clone())).await;
    assert_eq!(error.kind(), ErrorKind::Untrusted, "{error}");
    assert!(error.to_string().contains("asks for a client certificate"), "{error}");
    for (of, year) in [(&Authority::new(), 2099), (&clients, 2021)] {
        let (certificate, key) = of.sign(year);
        let error = show(&address, &ca, &certificate.pem(), &key.serialize_pem()).await;
        assert_eq!(error.kind(), ErrorKind::Untrusted, "{error}");
        assert!(error.to_string().contains("client certificate"), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_that_cannot_be_shown_is_named() {
    let authority = Authority::new();
    let ((certificate, key), (_, other)) = (authority.sign(2099), authority.sign(2099));
    let (certificate, key, other) = (certificate.pem(), key.serialize_pem(), other.serialize_pem());
    let cut = &key[..key.len() / 2];
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    for (certificate, key, words) in [
        (&*certificate, "", "me.key holds no private key"),
        (&key, &key, "me.pem holds no certificate"),
        ("hello", &key, "me.pem holds no certificate"),
        (&certificate, &certificate, "me.key holds no private key"),
        (&certificate, &encrypted, "the private key in me.key is encrypted"),
        (&certificate, &other, "me.pem with key me.key cannot be used"),
        (&certificate, cut, "me.pem with key me.key cannot be used"),
    ] {
        let error = show("https://127.0.0.1:1", &authority.0.pem(), certificate, key).await;
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_tunnel_leads_through_a_proxy() {
    let (address, ca) = server(2099).await;
    let relay = Relay::start().await;
    for proxy in [relay.url(), relay.socks()] {
        let ca = ca.clone();
        let error = OpenStack::builder(&address, Password::new("ada", "pw"))
            .transport(|transport| {
                transport.http(|http| http.ca_pem("ca.pem", ca).proxy(Proxy::https(proxy)))
            })
            .connect()
            .await
            .unwrap_err();
        assert!(error.to_string().contains("there is no Keystone at"), "{error}");
    }
    let heads = relay.heads();
    assert!(heads[0].starts_with("CONNECT 127.0.0.1:") && heads[1] == "SOCKS5", "{heads:?}");
}

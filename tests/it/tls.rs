//! Certificates: wiremock speaks no TLS, so these tests have a server of their own.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use scs_cloud::{
    core::{Error, ErrorKind},
    iaas::{OpenStack, auth::Password},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

/// A server that answers everything with 404, with a certificate that is valid until the end of
/// `year`; gives its address and the authority's certificate.
async fn server(year: i32) -> (String, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["127.0.0.1".into(), "localhost".into()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, 12, 31);
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
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
    (address, issuer.pem())
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

//! Proxies, named and of the environment.

use std::process::Command;

use scs_cloud::{
    core::{
        Error, ErrorKind,
        transport::{Proxy, Retry},
    },
    iaas::{
        OpenStack, SessionBuilder,
        auth::{Password, Scope},
        testing::FakeOpenStack,
    },
};

use crate::relay::Relay;

fn through(builder: SessionBuilder, proxy: Proxy) -> SessionBuilder {
    builder.transport(|transport| transport.http(|http| http.proxy(proxy)))
}

async fn failed(auth_url: &str, proxy: Proxy) -> Error {
    let builder = OpenStack::builder(auth_url, Password::new("ada", "pw"));
    let builder = builder.transport(|transport| transport.retry(Retry::never()));
    through(builder, proxy).connect().await.unwrap_err()
}

#[tokio::test]
async fn a_named_proxy_is_used_for_what_it_is_for() {
    let fake = FakeOpenStack::start().await;
    let relay = Relay::start().await;
    for (proxy, used) in [
        (Proxy::all(relay.url()), 1),
        (Proxy::http(relay.url()), 1),
        (Proxy::all(relay.socks()), 1),
        (Proxy::https(relay.url()), 0),
        (Proxy::all(relay.url()).except("127.0.0.0/8"), 0),
        (Proxy::all(relay.url()).except("localhost, 127.0.0.1"), 0),
        (Proxy::all(relay.url()).except("example.com"), 1),
    ] {
        let before = relay.connections();
        let what = format!("{proxy:?}");
        through(fake.builder(), proxy).connect().await.unwrap();
        assert_eq!(relay.connections() - before, used, "{what}");
    }
    let password = Proxy::all(relay.url().replace("//", "//ada:pw@"));
    through(fake.builder(), password).connect().await.unwrap();
    let head = relay.heads().pop().unwrap();
    assert!(head.to_lowercase().contains("proxy-authorization: basic ywrhonb3"), "{head}");
}

#[tokio::test]
async fn what_goes_wrong_at_a_proxy_is_said() {
    let error = failed("https://c.example", Proxy::all("http://127.0.0.1:1")).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("the proxy http://127.0.0.1:1 runs"), "{error}");
    let relay = Relay::start().await;
    let error = failed("https://refused.example", Proxy::all(relay.url())).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("proxy"), "{error}");
    let error = failed("https://c.example", Proxy::all("proxy:3128")).await;
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert!(error.to_string().contains("`proxy:3128` cannot be used"), "{error}");
}

/// What [`the_environment_names_proxies_too`] runs as a process of its own; nothing by itself.
#[tokio::test]
async fn child() {
    let Ok(auth_url) = std::env::var("FAKE") else { return };
    let scope = Scope::project("demo").domain("Default");
    let login = Password::new("demo", "secret").user_domain("Default").scope(scope);
    let builder = OpenStack::builder(auth_url, login);
    let builder = match std::env::var("DIRECT") {
        Ok(_) => builder.transport(|transport| transport.http(|http| http.without_proxy())),
        Err(_) => builder,
    };
    builder.connect().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_names_proxies_too() {
    let fake = FakeOpenStack::start().await;
    let relay = Relay::start().await;
    for (variables, used) in [
        (&["HTTP_PROXY"][..], 1),
        (&["http_proxy"], 1),
        (&["ALL_PROXY"], 1),
        (&["HTTPS_PROXY"], 0),
        (&["HTTP_PROXY", "NO_PROXY"], 0),
        (&["all_proxy", "no_proxy"], 0),
        (&["HTTP_PROXY", "DIRECT"], 0),
    ] {
        let before = relay.connections();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "proxy::child"]).env("FAKE", fake.auth_url());
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
            child.env_remove(name).env_remove(name.to_lowercase());
        }
        for name in variables {
            let value = match name.to_uppercase().as_str() {
                "NO_PROXY" => "example.com, 127.0.0.1".to_owned(),
                _ => relay.url(),
            };
            child.env(name, value);
        }
        let done = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
        assert_eq!(relay.connections() - before, used, "{variables:?}");
    }
}

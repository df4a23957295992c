//! A password or a token never shows: not in `Debug`, not in errors, not in traces.

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use scs_cloud::{
    core::{Dialect as _, Secret},
    iaas::{
        OpenStack,
        auth::{ApplicationCredential, Login, Password, Token},
        key_manager::NewSecret,
    },
    testing::{FakeCloud, Fault},
};
use tracing_subscriber::fmt::MakeWriter;

const CANARY: &str = "canary-7f3a";

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[test]
fn logins_print_no_secret() {
    let logins: [Login; 3] = [
        Password::new("ada", CANARY).into(),
        Token::new(CANARY).into(),
        ApplicationCredential::by_id("id", CANARY).into(),
    ];
    for login in logins {
        assert!(!format!("{login:?}").contains(CANARY), "{login:?}");
        let builder = OpenStack::builder("https://cloud.example", login);
        assert!(!format!("{builder:?}").contains(CANARY), "{builder:?}");
    }
    assert!(!format!("{:?}", Secret::from(CANARY)).contains(CANARY));
}

/// In a process of its own: what a trace shows depends on who in the process traces.
#[test]
fn traces_and_errors_hold_neither_password_nor_token() {
    const ALONE: &str = "SCS_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(traces_and_errors());
    }
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "secrets::traces_and_errors_hold_neither_password_nor_token"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && output.contains("1 passed"), "{output}");
}

async fn traces_and_errors() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(captured.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let fake = FakeCloud::start().await;
    let refused = OpenStack::builder(fake.openstack().auth_url(), Password::new("demo", CANARY))
        .connect()
        .await
        .unwrap_err();
    let cloud = fake.connect().await.unwrap();
    fake.openstack().fail(Fault::status(503).times(1));
    cloud.flavors().find("SCS-1V-4").await.unwrap();
    let new = NewSecret::text(CANARY);
    let shown = format!("{new:?}");
    let kept = cloud.secrets().create(new).await.unwrap();
    let payload = cloud.secret_payload(&kept.id).await.unwrap();
    assert_eq!(payload.text(), Some(CANARY));
    let missing = cloud.servers().get(&"no-such-server".into()).await.unwrap_err();

    let grant = cloud.session().transport().grant(Duration::ZERO).await.unwrap();
    let token = grant.token();
    let traces = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    for name in ["scs.call", "scs.attempt", "url.template", "http.response.status_code=503"] {
        assert!(traces.contains(name), "{name} is missing in {traces}");
    }
    for text in [
        traces,
        format!("{refused} {refused:?} {missing} {missing:?}"),
        format!("{grant:?} {cloud:?} {fake:?}"),
        format!("{shown} {kept:?} {payload:?}"),
    ] {
        assert!(!text.contains(CANARY), "{text}");
        assert!(!text.contains(token.expose()), "{text}");
    }
}

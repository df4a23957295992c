//! The examples as programs: what they say, how they end, and what they leave behind.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use futures_util::TryStreamExt;
use scs_cloud::{
    iaas::{
        OpenStack, block_storage::VolumeQuery, compute::ServerQuery, network::NetworkQuery,
        testing::FakeOpenStack,
    },
    prelude::*,
    testing::{FakeCloud, Fault, When},
};
use serde_json::{Value, json};

const QUICKSTART: &str = env!("CARGO_BIN_EXE_quickstart");
const THREE_LAYERS: &str = env!("CARGO_BIN_EXE_three_layers");
const WHOAMI: &str = env!("CARGO_BIN_EXE_whoami");
const FLAVOR_NAME: &str = env!("CARGO_BIN_EXE_flavor_name");

/// A file of its own that only its owner may read.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let file = std::env::temp_dir().join(format!("scs-{name}-{}.yaml", std::process::id()));
        fs::write(&file, text).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        Self(file)
    }

    /// A clouds.yaml in which the fake is called `fake`, and with another password `locked`.
    fn clouds(name: &str, fake: &FakeOpenStack) -> Self {
        let cloud = |password| {
            json!({
                "auth": {
                    "auth_url": fake.auth_url(), "username": "demo", "password": password,
                    "user_domain_name": "Default", "project_name": "demo",
                    "project_domain_name": "Default",
                },
                "region_name": "RegionOne",
            })
        };
        let clouds = json!({"fake": cloud("secret"), "locked": cloud("canary")});
        Self::new(name, &json!({ "clouds": clouds }).to_string())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// An example that knows nothing but this clouds.yaml.
fn example(program: &str, clouds: Option<&File>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.env_clear().args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(File(clouds)) = clouds {
        command.env("OS_CLIENT_CONFIG_FILE", clouds);
    }
    command
}

/// Lets an example do its work while the fake in this process answers.
async fn run(mut command: Command) -> Output {
    let output = tokio::task::spawn_blocking(move || command.output());
    output.await.unwrap().unwrap()
}

/// Presses Ctrl-C as soon as a line begins like this, and waits for the end.
async fn interrupted(mut command: Command, at: &'static str) -> Output {
    let run = move || {
        let mut child: Child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut stdout = Vec::new();
        for line in out.by_ref() {
            stdout.push(line.unwrap());
            if stdout.last().unwrap().starts_with(at) {
                break;
            }
        }
        // It is busy with something that takes its time.
        std::thread::sleep(Duration::from_millis(500));
        let signal = format!("kill -INT {}", child.id());
        assert!(Command::new("sh").args(["-c", &signal]).status().unwrap().success());
        stdout.extend(out.map(Result::unwrap));
        let rest = child.wait_with_output().unwrap();
        Output { stdout: stdout.join("\n").into_bytes(), ..rest }
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

/// The one line on stderr of an example that has failed.
fn failure(output: &Output) -> String {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr.trim_end().to_owned()
}

async fn nothing_is_left(cloud: &OpenStack) {
    let servers: Vec<_> = cloud.servers().list(ServerQuery::new()).try_collect().await.unwrap();
    let volumes: Vec<_> = cloud.volumes().list(VolumeQuery::new()).try_collect().await.unwrap();
    let networks: Vec<_> = cloud.networks().list(NetworkQuery::new()).try_collect().await.unwrap();
    assert_eq!((servers.len(), volumes.len()), (0, 0));
    assert!(networks.iter().all(|network| !network.name.starts_with("quickstart")), "{networks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn quickstart_removes_all_it_has_made() {
    let fake = FakeOpenStack::start().await;
    let clouds = File::clouds("quickstart", &fake);
    let cloud = fake.connect().await.unwrap();
    let done = run(example(QUICKSTART, Some(&clouds), &["--os-cloud", "fake"])).await;
    let stdout = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{stdout}");
    assert!(stdout.contains("is ACTIVE") && stdout.contains("nothing is left behind"), "{stdout}");
    nothing_is_left(&cloud).await;

    fake.set_quota("compute", "instances", 0);
    let failed = run(example(QUICKSTART, Some(&clouds), &["--os-cloud", "fake"])).await;
    assert!(failure(&failed).contains("Quota exceeded for instances"), "{failed:?}");
    nothing_is_left(&cloud).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quickstart_cleans_up_on_ctrl_c() {
    let fake = FakeOpenStack::start().await;
    let clouds = File::clouds("interrupted", &fake);
    let cloud = fake.connect().await.unwrap();
    // Long enough to be met in the midst of it.
    fake.pace(When::After(Duration::from_secs(4)));
    let quickstart = example(QUICKSTART, Some(&clouds), &["--os-cloud", "fake"]);
    let stopped = interrupted(quickstart, "volume quickstart-").await;
    assert_eq!(failure(&stopped), "interrupted by Ctrl-C; run it again");
    let stdout = String::from_utf8(stopped.stdout).unwrap();
    assert!(stdout.contains("what was made is removed first"), "{stdout}");
    nothing_is_left(&cloud).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quickstart_names_what_it_cannot_delete() {
    let fake = FakeOpenStack::start().await;
    let clouds = File::clouds("leftovers", &fake);
    let cloud = fake.connect().await.unwrap();
    fake.fail(Fault::status(403).times(u32::MAX).on("DELETE", "/volume"));
    let done = run(example(QUICKSTART, Some(&clouds), &["--os-cloud", "fake"])).await;
    let line = failure(&done);
    let volumes: Vec<_> = cloud.volumes().list(VolumeQuery::new()).try_collect().await.unwrap();
    assert_eq!(volumes.len(), 1);
    assert!(line.starts_with(&format!("volume {}", volumes[0].id)), "{line}");
    assert!(line.contains("delete it by hand"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_layers_cleans_up_on_ctrl_c() {
    let fake = FakeCloud::start().await;
    let file = File::new("layers", &fake.cloud_yaml());
    fake.kubernetes().pace(When::After(Duration::from_secs(2)));
    let path = file.0.display().to_string();
    let layers = example(THREE_LAYERS, None, &["--cloud", &path]);
    let stopped = interrupted(layers, "Kubernetes: cluster").await;
    assert_eq!(failure(&stopped), "interrupted by Ctrl-C");
    let cloud = fake.cloud().await.unwrap();
    assert!(cloud.clusters().unwrap().all().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn three_layers_removes_the_rest_where_something_stays() {
    let fake = FakeCloud::start().await;
    let file = File::new("stays", &fake.cloud_yaml());
    fake.keycloak().fail(Fault::status(403).times(u32::MAX).on("DELETE", "/admin"));
    let path = file.0.display().to_string();
    let line = failure(&run(example(THREE_LAYERS, None, &["--cloud", &path])).await);
    for kind in ["user", "group", "role"] {
        assert!(line.contains(&format!("{kind} layers-")), "{line}");
    }
    let cloud = fake.cloud().await.unwrap();
    assert!(cloud.clusters().unwrap().all().await.unwrap().is_empty(), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoami_prints_one_object_and_no_secret() {
    let fake = FakeOpenStack::start().await;
    let clouds = File::clouds("whoami", &fake);
    let done = run(example(WHOAMI, Some(&clouds), &["--os-cloud", "fake"])).await;
    assert!(done.status.success() && done.stderr.is_empty(), "{done:?}");
    let stdout = String::from_utf8(done.stdout).unwrap();
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    let mut object: Value = serde_json::from_str(&stdout).unwrap();
    let endpoints = object.as_object_mut().unwrap().remove("endpoints").unwrap();
    for (service, path) in [("compute", "/compute/v2.1"), ("network", "/network/v2.0")] {
        let endpoint = endpoints[service].as_str().unwrap();
        assert!(endpoint.starts_with("http://127.0.0.1:"), "{endpoint}");
        assert!(endpoint.trim_end_matches('/').ends_with(path), "{endpoint}");
    }
    let expected = json!({
        "auth_type": "password", "user": "demo", "project": "demo", "domain": null,
        "scope": "project", "region": "RegionOne",
    });
    assert_eq!(object, expected);

    let explain = ["--os-cloud", "fake", "--explain"];
    let done = run(example(WHOAMI, Some(&clouds), &explain)).await;
    let stdout = String::from_utf8(done.stdout).unwrap();
    let object: Value = serde_json::from_str(&stdout).unwrap();
    let settings = object["explain"]["settings"].as_array().unwrap();
    let password = settings.iter().find(|one| one["name"] == "auth.password").unwrap();
    assert_eq!(password["value"], "…");
    assert!(!stdout.contains("\"secret\""), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoami_fails_in_one_line() {
    let fake = FakeOpenStack::start().await;
    let clouds = File::clouds("nobody", &fake);
    for (name, words) in
        [("locked", "the login of user `demo` is refused"), ("moon", "has no cloud `moon`")]
    {
        let failed = run(example(WHOAMI, Some(&clouds), &["--os-cloud", name])).await;
        assert!(failed.stdout.is_empty(), "{failed:?}");
        let line = failure(&failed);
        assert!(line.contains(words) && !line.contains("canary"), "{line}");
    }
    let unknown = run(example(WHOAMI, Some(&clouds), &["--cloud", "fake"])).await;
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(String::from_utf8(unknown.stderr).unwrap().lines().count(), 1);
}

/// Gives names on standard input, and reads one object a line.
fn flavor_names(mode: &str, names: &str) -> (Option<i32>, Vec<Value>) {
    let mut child = example(FLAVOR_NAME, None, &["--json", "--mode", mode]).spawn().unwrap();
    child.stdin.take().unwrap().write_all(names.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let lines = String::from_utf8(done.stdout).unwrap();
    let objects = lines.lines().map(|line| serde_json::from_str(line).unwrap());
    (done.status.code(), objects.collect())
}

#[test]
fn flavor_name_reads_standard_input() {
    let (status, objects) = flavor_names("spec", "SCS-2V:4:20s\nm1.tiny\r\nSCS-2W-4");
    assert_eq!((status, objects.len()), (Some(1), 3));
    let members: BTreeSet<_> = objects[0].as_object().unwrap().keys().map(String::as_str).collect();
    let expected = ["name", "status", "fields", "canonical", "short", "v1", "text", "error"];
    assert_eq!(members, expected.into());
    let [old, foreign, wrong] = &objects[..] else { unreachable!() };
    assert_eq!((&old["status"], &old["canonical"]), (&json!("valid"), &json!("SCS-2V-4-20s")));
    assert_eq!((&old["v1"], &old["error"]), (&json!("SCS-2V:4:20s"), &Value::Null));
    assert_eq!((&foreign["name"], &foreign["status"]), (&json!("m1.tiny"), &json!("not-scs")));
    assert_eq!((&wrong["status"], &wrong["error"]["position"]), (&json!("invalid"), &json!(5)));
    assert!(wrong["error"]["message"].as_str().is_some_and(|message| !message.is_empty()));

    // One of the names on which text and official test differ.
    let status = |mode| flavor_names(mode, "SCS-2V-4_GNahh-24\n").1[0]["status"].clone();
    assert_eq!((status("spec"), status("reference")), (json!("invalid"), json!("valid")));
}

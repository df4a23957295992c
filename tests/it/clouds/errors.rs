//! What a user does wrong first with a clouds.yaml.

use std::{fs, path::PathBuf};

use scs_cloud::{
    core::{Error, ErrorKind, Result},
    iaas::clouds::{Cloud, Environment},
};

use crate::errors::line;

fn failed<T>(result: Result<T>) -> Error {
    result.err().expect("an error")
}

/// A directory of its own, with these files in it.
struct Place(PathBuf);

impl Place {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("scs-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
        Self(folder)
    }

    async fn resolve(&self, variables: &[(&str, &str)], name: Option<&str>) -> Result<Cloud> {
        let home = self.0.display().to_string();
        let usual = [("HOME", home.as_str()), ("XDG_CONFIG_DIRS", "/nowhere")];
        let variables = usual.iter().chain(variables).copied();
        let environment = Environment::new(variables).directory(&self.0);
        Cloud::resolve(&environment, name).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const GOOD: &str = "{auth_url: 'http://c', username: ada, password: canary}";

#[tokio::test]
async fn nothing_is_there() {
    let place = Place::new("nothing", &[]);
    let error = failed(place.resolve(&[], None).await);
    line(&error, ErrorKind::Config, "no cloud is described");
    let error = failed(place.resolve(&[], Some("mine")).await);
    line(&error, ErrorKind::Config, "there is no clouds.yaml with a cloud `mine`");
    let named = [("OS_CLIENT_CONFIG_FILE", "/nowhere/c.yaml")];
    let error = failed(place.resolve(&named, Some("mine")).await);
    line(&error, ErrorKind::Config, "OS_CLIENT_CONFIG_FILE names /nowhere/c.yaml, which is not");
    let alone = place.resolve(&[("OS_USERNAME", "ada")], None).await.unwrap();
    line(&failed(alone.into_builder()), ErrorKind::Config, "`auth_url` is missing");
}

#[tokio::test]
async fn the_wrong_cloud() {
    let text = format!("clouds: {{one: {{auth: {GOOD}}}, two: {{auth: {GOOD}}}}}");
    let place = Place::new("wrong-cloud", &[("clouds.yaml", &text)]);
    let error = failed(place.resolve(&[], Some("three")).await);
    line(&error, ErrorKind::Config, "has no cloud `three`; use one of: one, two");
    let error = failed(place.resolve(&[("OS_CLOUD", "three")], None).await);
    line(&error, ErrorKind::Config, "has no cloud `three`");
    let error = failed(place.resolve(&[], None).await);
    line(&error, ErrorKind::Config, "none is chosen; set OS_CLOUD to one of: one, two");
    let error = failed(place.resolve(&[("OS_CLOUD_NAME", "one")], None).await);
    line(&error, ErrorKind::Config, "`one` is what the variables' cloud is called");
}

#[tokio::test]
async fn files_that_are_none() {
    let large = format!("clouds: {{}}\n# {}", "canary ".repeat(200_000));
    for (name, text, words) in [
        ("broken", "clouds:\n  demo:\n    auth: [canary\n", "clouds.yaml:"),
        ("tabs", "clouds:\n\tdemo: canary\n", "is not YAML"),
        ("list", "- canary\n", "clouds.yaml:1:1: this is no setting"),
        ("word", "clouds: canary\n", "clouds.yaml:1: `clouds` has to hold settings"),
        ("wrong-cloud-type", "clouds: {demo: canary}\n", "`demo` has to hold settings"),
        ("large", &large, "is larger than 1024 KiB"),
        ("empty", "", "has no cloud `demo`"),
    ] {
        let place = Place::new(name, &[("clouds.yaml", text)]);
        let error = failed(place.resolve(&[], Some("demo")).await);
        line(&error, ErrorKind::Config, words);
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
    let binary = Place::new("binary", &[]);
    fs::write(binary.0.join("clouds.yaml"), b"clouds: \xff\xfe").unwrap();
    line(&failed(binary.resolve(&[], Some("demo")).await), ErrorKind::Config, "it is not UTF-8");
}

#[tokio::test]
async fn settings_that_do_not_fit() {
    for (cloud, words) in [
        ("{}", "`auth_url` is missing"),
        ("{auth: {auth_url: 'http://c', username: ada}}", "`password` is missing"),
        ("{auth: {auth_url: 'http://c', password: canary}}", "`username` is missing"),
        ("{auth: {auth_url: 'http://c', username: ada, pasword: canary}}", "no use for `pasword`"),
        (
            "{auth_type: v3kerberos, auth: {auth_url: 'http://c'}}",
            "clouds.yaml:1: auth_type `v3kerberos`",
        ),
        ("{auth_type: v2password, auth: {auth_url: 'http://c'}}", "version 2 of Keystone is gone"),
        ("{auth_type: v3websso, auth: {auth_url: 'http://c'}}", "use `v3oidcdeviceauthz`"),
        ("{auth: {auth_url: 'http://c', token: canary}}", "write `auth_type: token` beside"),
        (
            "{auth: {auth_url: 'http://c', application_credential_id: i, \
             application_credential_secret: canary}}",
            "write `auth_type: v3applicationcredential` beside",
        ),
        (
            "{auth_type: v3applicationcredential, auth: {auth_url: 'http://c', project_name: p, \
             application_credential_id: i, application_credential_secret: canary}}",
            "`project_name` contradicts the application credential",
        ),
        (
            "{auth_type: v3password, auth: {auth_url: 'http://c', username: ada, password: canary}}",
            "write `user_domain_name` below `auth`",
        ),
        (
            "{auth: {auth_url: 'http://c', username: ada, password: canary, project_id: p, \
             system_scope: all}}",
            "a token cannot have two scopes",
        ),
        (
            "{auth: {auth_url: 'http://c', username: ada, password: {canary: canary}}}",
            "`password` has to be a text",
        ),
        ("{auth: {auth_url: '{region}/v3', username: ada}}", "`{region}` stands for nothing"),
        ("{regions: [{values: {}}], auth: {}}", "`regions` is not a list of regions"),
        ("{auth_type: v3multifactor, auth_methods: [sms], auth: {}}", "`sms` is no method"),
        ("{profile: betacloud}", "the cloud `betacloud` no longer exists"),
        ("{interface: sideways, auth: GOOD}", "there is no interface `sideways`"),
        ("{verify: perhaps, auth: GOOD}", "`verify` is neither true nor false"),
        ("{cacert: /no/such/ca.pem, auth: GOOD}", "cacert /no/such/ca.pem cannot be read"),
        ("{cert: /no/such.pem, auth: GOOD}", "cert /no/such.pem cannot be read"),
        (
            "{compute_endpoint_override: here, auth: GOOD}",
            "`compute_endpoint_override` is not a URL",
        ),
        ("{compute_default_microversion: new, auth: GOOD}", "is not a microversion"),
        (
            "{auth_type: v3oidcpassword, auth: {auth_url: 'http://c', identity_provider: k, \
             protocol: openid, client_id: cli, username: ada, password: canary}}",
            "nothing says where the OpenID provider is",
        ),
        (
            "{auth_type: v3oidcpassword, auth: {auth_url: 'http://c', identity_provider: k, \
             protocol: openid, client_id: cli, username: ada, password: canary, \
             discovery_endpoint: 'http://k/.well-known/openid-configuration'}}",
            "connect by `scs_cloud::connect`",
        ),
    ] {
        let text = format!("clouds: {{demo: {}}}", cloud.replace("GOOD", GOOD));
        let built = Cloud::parse(&text, "clouds.yaml", "demo").and_then(Cloud::into_builder);
        let error = failed(built);
        line(&error, ErrorKind::Config, words);
        assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn regions_and_profiles() {
    let text = "clouds: {one: {region_name: eu, auth: {}}, two: {profile: 'http://127.0.0.1:1'}}";
    let place = Place::new("regions", &[("clouds.yaml", text)]);
    let error = failed(place.resolve(&[("OS_REGION_NAME", "us")], Some("one")).await);
    line(&error, ErrorKind::Config, "the cloud `one` has no region `us`");
    let error = failed(place.resolve(&[], Some("two")).await);
    line(&error, ErrorKind::Transport, "the profile of 127.0.0.1:1 cannot be had");
}

#[tokio::test]
async fn nobody_shows_a_code() {
    let text = "clouds: {demo: {auth_type: v3oidcdeviceauthz, auth: {auth_url: 'http://c', \
                identity_provider: k, protocol: openid, client_id: cli, \
                discovery_endpoint: 'http://k/.well-known/openid-configuration'}}}";
    let cloud = Cloud::parse(text, "clouds.yaml", "demo").unwrap();
    line(&failed(scs_cloud::connect(cloud).await), ErrorKind::Config, "connect_with_prompt");
}

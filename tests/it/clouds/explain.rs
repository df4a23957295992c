//! Each setting tells where it comes from.

use std::{fs, os::unix::fs::PermissionsExt};

use scs_cloud::iaas::clouds::{Cloud, Environment, Explanation};

fn origin<'a>(explanation: &'a Explanation, name: &str) -> (&'a str, String) {
    let setting = explanation.settings.iter().find(|setting| setting.name == name);
    let setting = setting.unwrap_or_else(|| panic!("no {name} in {explanation}"));
    (&setting.value, setting.origin.to_string())
}

#[tokio::test]
async fn of_files_and_variables() {
    let folder = std::env::temp_dir().join(format!("scs-explain-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str, mode: u32| {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        file.display().to_string()
    };
    let clouds = write(
        "clouds.yaml",
        "clouds:\n  mine:\n    profile: syseleven\n    auth:\n      username: 0123\n      \
         project_name: engine\n    nonsense: 1\n    compute_api_version: 2.1\n",
        0o644,
    );
    let secure =
        write("secure.yaml", "clouds:\n  mine:\n    auth:\n      password: canary\n", 0o640);
    let environment = Environment::new([
        ("OS_CLOUD", "mine"),
        ("OS_USER_DOMAIN_NAME", "people"),
        ("OS_INTERFACE", "internal"),
        ("OS_REGION_NAME", "ham1"),
        ("OS_INSECURE", "true"),
        ("XDG_CONFIG_DIRS", "/nowhere"),
    ])
    .directory(&folder);
    let cloud = Cloud::resolve(&environment, None).await.unwrap();
    fs::remove_dir_all(&folder).unwrap();

    let explanation = cloud.explain();
    let of = |name| origin(explanation, name);
    assert_eq!(of("auth.username"), ("0123", format!("{clouds}:5")));
    assert_eq!(of("auth.password"), ("…", format!("{secure}:4")));
    assert_eq!(of("auth.user_domain_name"), ("people", "variable OS_USER_DOMAIN_NAME".into()));
    let address = "https://keystone.cloud.syseleven.net:5000/v3";
    assert_eq!(of("auth.auth_url"), (address, "profile syseleven".into()));
    assert_eq!(of("region_name").0, "ham1");
    assert_eq!(of("interface"), ("internal", "variable OS_INTERFACE".into()));
    assert_eq!(of("auth_type"), ("password", "default".into()));

    for words in [
        "other readers of YAML do not take `username` as it is written",
        "nobody knows the setting `nonsense`",
        "OS_INSECURE counts only where no cloud of a file is chosen",
        &format!("{secure} holds a secret, and others may read it: run `chmod 600 {secure}`"),
    ] {
        let found = explanation.warnings.iter().any(|warning| warning.contains(words));
        assert!(found, "{words} in {explanation}");
    }
    // It holds no secret.
    let exposed = format!("chmod 600 {clouds}");
    assert!(!explanation.to_string().contains(&exposed), "{explanation}");
    assert!(!format!("{explanation} {cloud:?}").contains("canary"));
}

#[test]
fn passwords_in_addresses_are_masked() {
    let text = "clouds: {mine: {auth: {auth_url: 'https://ada:canary@c.example/v3'}}}";
    let cloud = Cloud::parse(text, "clouds.yaml", "mine").unwrap();
    let text = cloud.explain().to_string();
    assert!(text.contains("https://…@c.example/v3") && !text.contains("canary"), "{text}");
}

#[test]
fn what_nobody_knows_may_be_a_secret() {
    let text = "clouds: {mine: {pasword: canary, more: {passwd: canary}, list: [canary]}}";
    let cloud = Cloud::parse(text, "clouds.yaml", "mine").unwrap();
    for name in ["pasword", "more", "list"] {
        assert_eq!(origin(cloud.explain(), name), ("…", "clouds.yaml:1".to_owned()));
    }
    assert!(!format!("{} {cloud:?}", cloud.explain()).contains("canary"));
}

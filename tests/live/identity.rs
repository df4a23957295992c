use scs_cloud::core::ErrorKind;

use crate::lab;

#[tokio::test]
async fn logins_of_each_kind_and_scope() {
    for (name, project, system) in [
        ("lab-user", Some("lab"), false),
        ("lab-appcred", Some("lab"), false),
        ("lab-system", None, true),
        ("lab-manager", None, false),
    ] {
        let access = lab::cloud(name).await.session().access().await.unwrap();
        assert_eq!(access.project.as_ref().map(|project| project.name.as_str()), project, "{name}");
        assert_eq!(access.system, system, "{name}");
        assert_eq!(access.domain.is_some(), name == "lab-manager");
    }
}

#[tokio::test]
async fn a_member_may_not_list_all_projects() {
    let cloud = lab::cloud("lab-user").await;
    let error = cloud.projects().find("admin").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
}

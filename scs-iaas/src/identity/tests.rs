//! What is sent, to the letter.

use scs_core::{Change, Payload};

use super::*;

fn json(payload: &impl Payload) -> String {
    serde_json::to_string(payload).unwrap()
}

#[test]
fn members_are_kept_set_and_cleared() {
    let new = NewProject::new("p").domain_id("d").parent_id("q").tags(["a"]);
    assert_eq!(json(&new), r#"{"name":"p","domain_id":"d","parent_id":"q","tags":["a"]}"#);
    let patch = ProjectPatch::new().description(Change::Clear).enabled(false);
    assert_eq!(json(&patch), r#"{"description":null,"enabled":false}"#);
    assert_eq!(json(&NewDomain::new("d").description("x")), r#"{"name":"d","description":"x"}"#);
    let patch = DomainPatch::new().name("d").description(Change::Clear).tags(["a"]);
    assert_eq!(json(&patch), r#"{"name":"d","description":null,"tags":["a"]}"#);
    assert_eq!(json(&NewRole::new("r").domain_id("d")), r#"{"name":"r","domain_id":"d"}"#);
    let patch = RolePatch::new().description(Change::Clear);
    assert_eq!(json(&patch), r#"{"description":null}"#);
}

#[test]
fn passwords_are_sent_but_not_shown() {
    let new = NewUser::new("u").password("swordfish").default_project_id("p");
    assert!(!format!("{new:?}").contains("swordfish"));
    assert_eq!(json(&new), r#"{"name":"u","password":"swordfish","default_project_id":"p"}"#);
    let patch = UserPatch::new().password("new").email(Change::Clear);
    assert!(!format!("{patch:?}").contains("new\""));
    assert_eq!(json(&patch), r#"{"password":"new","email":null}"#);
    let patch = UserPatch::new().password(Change::Clear).default_project_id(Change::Clear);
    assert_eq!(json(&patch), r#"{"password":null,"default_project_id":null}"#);
    assert_eq!(
        json(&ChangePassword::new("old", "new")),
        r#"{"original_password":"old","password":"new"}"#
    );
}

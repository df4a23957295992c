//! Logins of every kind at a real Keystone.

use std::process::Command;

use scs_cloud::{
    core::{Creatable, Deletable, ErrorKind, Id, Identified, Resource, Result, Route, request},
    iaas::{
        OpenStack, Session,
        auth::{Login, MultiFactor, Password, Receipt, Scope, Totp},
        identity::{NewEc2Credential, NewUser, Project, User},
    },
};
use serde_json::json;

use crate::{
    lab::{self, Cleanup},
    tokens::keystone,
};

async fn connect(login: impl Into<Login>) -> Result<OpenStack> {
    OpenStack::connect(keystone(), login).await
}

/// A TOTP secret of a user, which Keystone calls a credential.
#[derive(Debug, serde::Deserialize)]
struct Credential {
    id: Id<Credential>,
}

request! {
    /// A credential to be made.
    struct NewCredential(
        /// Its kind.
        kind: String as "type",
        /// What it holds.
        blob: String,
        /// Whose it is.
        user_id: Id<User>,
    ) {}
}

impl Resource for Credential {
    type Dialect = Session;
    const ROUTE: Route = Route::new("identity", "credentials").keys("credential", "credentials");
}
impl Identified for Credential {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}
impl Creatable for Credential {
    type New = NewCredential;
}
impl Deletable for Credential {}

/// What one user hands over to another.
#[derive(Debug, serde::Deserialize)]
struct Trust {
    id: Id<Trust>,
}

request! {
    /// A trust to be made.
    struct NewTrust(
        /// Who hands over.
        trustor_user_id: Id<User>,
        /// To whom.
        trustee_user_id: Id<User>,
        /// What.
        project_id: Id<Project>,
        /// Whether one is then the other.
        impersonation: bool,
        /// As what.
        roles: serde_json::Value,
    ) {}
}

impl Resource for Trust {
    type Dialect = Session;
    const ROUTE: Route = Route::new("identity", "OS-TRUST/trusts").keys("trust", "trusts");
}
impl Identified for Trust {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}
impl Creatable for Trust {
    type New = NewTrust;
}
impl Deletable for Trust {}

/// The passcode of the present half minute.
fn passcode(secret: &str) -> String {
    const SCRIPT: &str = "import base64, hmac, struct, sys, time\n\
        key = base64.b32decode(sys.argv[1])\n\
        mac = hmac.digest(key, struct.pack('>Q', int(time.time()) // 30), 'sha1')\n\
        at = mac[-1] & 15\n\
        print('%06d' % ((struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 10**6))";
    let done = Command::new("python3").args(["-c", SCRIPT, secret]).output().expect("python3");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().into()
}

#[tokio::test]
async fn a_user_who_has_to_show_two_factors() {
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let admin = lab::cloud("lab").await;
    let name = lab::name("mfa");
    Cleanup::after(|cleanup| async move {
        let options = json!({
            "multi_factor_auth_enabled": true,
            "multi_factor_auth_rules": [["password", "totp"]],
        });
        let new = NewUser::new(&name).password("pw").with("options", options);
        let user = admin.users().create(new).await.unwrap();
        cleanup.delete(&admin.users(), &user.id);
        let credentials = admin.api::<Credential>();
        let credential = NewCredential::new("totp", SECRET, &user.id);
        let credential = credentials.create(credential).await.unwrap();
        cleanup.delete(&credentials, &credential.id);

        let password = || Password::new(&name, "pw").user_domain("Default");
        let totp = || Totp::new(&name, passcode(SECRET)).user_domain("Default");
        let access = connect(MultiFactor::new(password()).and(totp())).await.unwrap();
        let access = access.session().access().await.unwrap();
        assert_eq!(access.user.id, user.id.as_str());

        let error = connect(password()).await.unwrap_err();
        let receipt = Receipt::of(&error).unwrap_or_else(|| panic!("{error}"));
        assert_eq!((&*receipt.user.id, receipt.missing()), (user.id.as_str(), vec![vec!["totp"]]));
        connect(MultiFactor::new(totp()).receipt(receipt.id.clone())).await.unwrap();
        let error = connect(totp()).await.unwrap_err();
        assert_eq!(Receipt::of(&error).unwrap().missing(), [["password"]]);

        let wrong = Totp::new(&name, "000000").user_domain("Default");
        for login in [
            MultiFactor::new(password()).and(wrong),
            MultiFactor::new(totp()).receipt("gAAAAAwrong"),
        ] {
            let error = connect(login).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
            assert!(Receipt::of(&error).is_none(), "{error}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_trust_hands_a_project_over() {
    let admin = lab::cloud("lab").await;
    let trustor = lab::cloud("lab-user").await;
    let name = lab::name("trustee");
    Cleanup::after(|cleanup| async move {
        let user = admin.users().create(NewUser::new(&name).password("pw")).await.unwrap();
        cleanup.delete(&admin.users(), &user.id);
        let access = trustor.session().access().await.unwrap();
        let project = access.project_id().unwrap();
        let trusts = trustor.api::<Trust>();
        let roles = json!([{"name": "member"}]);
        let from = access.user.id.as_str();
        let trust = NewTrust::new(from, &user.id, &project, false, roles);
        let trust = trusts.create(trust).await.unwrap();
        cleanup.delete(&trusts, &trust.id);

        let login = Password::new(&name, "pw").user_domain("Default");
        let login = login.scope(Scope::trust(trust.id.as_str()));
        let trustee = connect(login).await.unwrap();
        let access = trustee.session().access().await.unwrap();
        assert_eq!(access.project_id().as_ref(), Some(&project));
        assert_eq!(access.user.name, name);
        // A role brings those with it that it implies.
        let mut roles = access.roles.clone();
        roles.sort();
        assert_eq!(roles, ["member", "reader"]);
        trustee.flavors().find("SCS-1V-4").await.unwrap();
        let error = trustee.for_project(&project).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    })
    .await;
}

#[tokio::test]
async fn ec2_credentials() {
    Cleanup::after(|cleanup| async move {
        let cloud = lab::cloud("lab-user").await;
        let access = cloud.session().access().await.unwrap();
        let credentials = cloud.ec2_credentials(&access.user.id.as_str().into());
        let project = access.project_id().unwrap();
        let made = credentials.create(NewEc2Credential::in_project(&project)).await.unwrap();
        cleanup.delete(&credentials, &made.access);
        assert_eq!(made.project_id, project);
        assert_eq!(credentials.get(&made.access).await.unwrap().secret, made.secret);
        let listed = lab::keys(credentials.list(()), |one| one.access.clone()).await;
        assert!(listed.contains(&made.access));
        credentials.delete(&made.access).await.unwrap();
        assert!(credentials.get_opt(&made.access).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn other_projects_of_a_user() {
    let admin = lab::cloud("lab").await;
    let project = admin.projects().find("lab").await.unwrap();
    let other = admin.projects().find("lab-other").await.unwrap();
    let user = lab::cloud("lab-user").await;
    let same = user.for_project(&project.id).await.unwrap();
    same.flavors().find("SCS-1V-4").await.unwrap();
    assert_eq!(same.session().access().await.unwrap().project_id(), Some(project.id.clone()));
    let error = user.for_project(&other.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(error.to_string().contains("gets no token for project"), "{error}");
    let error = lab::cloud("lab-appcred").await.for_project(&project.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}

//! Gardener: what its API server refuses and fills in, and what the gardenlet does.

mod admission;
mod lifecycle;
mod profile;
#[cfg(test)]
mod tests;

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use scs_core::{
    Timestamp,
    testing::{Answer, Answered, Call, FakeService, timestamp},
};
use serde_json::{Value, json};

use super::{
    Access, FakeKubernetes, Habits, Kept, Resource, User, access,
    api_server::Behavior,
    controller::follow,
    guarded,
    kept::text,
    status::{self, Cause},
    workload::{self, Role},
};

/// What lets a Shoot use the credentials of a cloud.
const CREDENTIALS_BINDING: Resource = Resource::new(
    "security.gardener.cloud",
    &["v1alpha1"],
    "CredentialsBinding",
    "credentialsbindings",
)
.plain();

/// The annotation without which nothing is deleted.
const CONFIRMED: &str = "confirmation.gardener.cloud/deletion";

pub(super) fn serve(fake: &FakeKubernetes) {
    fake.serve(Resource::CLOUD_PROFILE);
    fake.serve(CREDENTIALS_BINDING);
    fake.add(Resource::SHOOT, Shoots(fake.habits.clone()));
    let habits = &fake.habits;
    let path = "apis/core.gardener.cloud/v1beta1/namespaces/{}/shoots/{}";
    let mut service = guarded(FakeService::new(""), habits);
    for (part, kind, role) in [
        ("adminkubeconfig", "AdminKubeconfigRequest", Role::Admin),
        ("viewerkubeconfig", "ViewerKubeconfigRequest", Role::Viewer),
    ] {
        let habits = habits.clone();
        service = service.on(Method::POST, &format!("{path}/{part}"), move |call| {
            kubeconfig(&habits, call, part, kind, role)
        });
    }
    fake.server.serve(service);
    fake.objects(profile::seed);
}

struct Shoots(Habits);

impl Behavior for Shoots {
    fn create(&self, objects: &Kept<'_>, object: &mut Value, user: &User) -> Answered<Vec<String>> {
        admission::create(objects, object, user)
    }

    fn update(
        &self,
        objects: &Kept<'_>,
        before: &Value,
        object: &mut Value,
    ) -> Answered<Vec<String>> {
        admission::update(objects, before, object)
    }

    fn delete(&self, object: &Value) -> Answered<()> {
        let metadata = &object["metadata"];
        if metadata["annotations"][CONFIRMED] == "true" {
            return Ok(());
        }
        let why = format!("must have a \"{CONFIRMED}\" annotation to delete");
        Err(status::forbidden(&Resource::SHOOT, text(metadata, "name"), &why))
    }

    fn changed(&self, objects: &mut Kept<'_>, namespace: &str, name: &str) {
        follow(objects, &self.0, Resource::SHOOT, (namespace, name), lifecycle::step);
    }
}

/// A kubeconfig of a Shoot, for a while.
fn kubeconfig(
    habits: &Habits,
    call: &mut Call<'_>,
    part: &str,
    kind: &'static str,
    role: Role,
) -> Answered {
    let (namespace, name) = (call.ids[0].clone(), call.ids[1].clone());
    let (shoots, group) = (Resource::SHOOT, Resource::SHOOT.group);
    let resource = format!("{}/{part}", shoots.plural);
    let access =
        Access { verb: "create", group, resource: &resource, namespace: &namespace, name: &name };
    access::authorize(habits, call, &shoots, &access)?;
    let shoot = Kept::new(call.state).get(&shoots, &namespace, &name).cloned();
    let shoot = shoot.ok_or_else(|| status::not_found(&shoots, &name))?;
    if shoot["status"]["advertisedAddresses"].is_null() {
        let request = Resource::new("authentication.gardener.cloud", &["v1alpha1"], kind, "");
        let why = "no suitable advertised address for kube-apiserver found in \
                   .status.advertisedAddresses";
        let cause = Cause::invalid("status.status", &Value::Null, why);
        return Err(status::invalid(&request, &name, &[cause], None));
    }
    let seconds = call.body["spec"]["expirationSeconds"].as_u64().unwrap_or(3600);
    let end = Timestamp::now().after(Duration::from_secs(seconds));
    let text = workload::kubeconfig(habits, &shoot, role);
    Ok(Answer::json(
        201,
        json!({
            "kind": kind,
            "apiVersion": "authentication.gardener.cloud/v1alpha1",
            "metadata": {"namespace": namespace},
            "spec": {"expirationSeconds": seconds},
            "status": {
                "kubeconfig": STANDARD.encode(text),
                "expirationTimestamp": timestamp(end),
            },
        }),
    ))
}

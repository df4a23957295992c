//! What an API server does with the objects of one kind.

use scs_core::{
    Route,
    testing::{Answer, Answered, Call, Received},
};
use serde_json::{Value, json};

use super::{
    Access, Kept, Resource, access,
    api_server::{Place, Served, Verb},
    kept::{now, text},
    list, patch,
    resource::group_version,
    status::{self, Cause},
    watch,
};

/// What managers applied last, by the object's uid and their name.
const APPLIED: Route = Route::new("kubernetes", "applied");

/// The objects that a call is about.
struct Target<'a> {
    version: &'static str,
    scope: Option<&'a str>,
    namespace: &'a str,
    name: &'a str,
}

impl Served {
    pub(super) fn handle(
        &self,
        call: &mut Call<'_>,
        version: &'static str,
        place: Place,
        verb: Verb,
    ) -> Answered {
        if !self.habits.serves(self.kind.group, version) {
            return Err(status::not_served());
        }
        let ids = call.ids.clone();
        let (scope, rest) = match place {
            Place::Everywhere => (None, ids.as_slice()),
            Place::Global => (Some(String::new()), ids.as_slice()),
            Place::Namespace => (Some(ids[0].clone()), &ids[1..]),
            Place::Workload => (Some(ids[..2].join("/")), &ids[2..]),
        };
        let scope = scope.as_deref();
        let namespace = scope.filter(|_| self.kind.namespaced).unwrap_or_default();
        let name = rest.first().map_or("", String::as_str);
        let target = Target { version, scope, namespace, name };
        // Who has the kubeconfig of a workload cluster may do everything there.
        if !matches!(place, Place::Workload) {
            self.authorize(call, verb, &target)?;
        }
        match verb {
            Verb::List => self.list(call, &target),
            Verb::Create => self.create(call, &target),
            Verb::Get => self.get(call, &target),
            Verb::Update(part) => self.update(call, &target, part),
            Verb::Patch(part) => self.patch(call, &target, part),
            Verb::Delete => self.delete(call, &target),
        }
    }

    fn authorize(&self, call: &Call<'_>, verb: Verb, target: &Target<'_>) -> Answered<()> {
        let kind = &self.kind;
        let (verb, part) = match verb {
            Verb::List if is_watch(call) => ("watch", false),
            Verb::List => ("list", false),
            Verb::Create => ("create", false),
            Verb::Get => ("get", false),
            Verb::Update(part) => ("update", part),
            Verb::Patch(part) => ("patch", part),
            Verb::Delete => ("delete", false),
        };
        let status = format!("{}/status", kind.plural);
        let resource = if part { &status } else { kind.plural };
        let (namespace, name) = (target.namespace, target.name);
        let access = Access { verb, group: kind.group, resource, namespace, name };
        access::authorize(&self.habits, call, kind, &access)
    }

    fn list(&self, call: &mut Call<'_>, target: &Target<'_>) -> Answered {
        let watches = is_watch(call);
        let objects = Kept::new(call.state);
        let show = |object: &Value| self.show(object, target.version);
        let answer = if watches {
            watch::answer(&objects, call.request, &self.kind, target.scope, show)?
        } else {
            let (items, metadata) = list::page(&objects, call.request, &self.kind, target.scope)?;
            let items: Vec<_> = items.into_iter().map(show).collect();
            let kind = format!("{}List", self.kind.name);
            let version = group_version(self.kind.group, target.version);
            Answer::json(
                200,
                json!({"kind": kind, "apiVersion": version, "metadata": metadata, "items": items}),
            )
        };
        seen(call, target.scope);
        Ok(self.deprecate(answer, target.version))
    }

    fn get(&self, call: &mut Call<'_>, target: &Target<'_>) -> Answered {
        let answer = self.find(call, target).map(|found| self.answer(200, &found, target));
        seen(call, target.scope);
        answer
    }

    fn create(&self, call: &mut Call<'_>, target: &Target<'_>) -> Answered {
        let mut object = self.sent(call, target)?;
        let prefix = text(&object["metadata"], "generateName").to_owned();
        if text(&object["metadata"], "name").is_empty() && !prefix.is_empty() {
            let random = call.state.mint();
            object["metadata"]["name"] = format!("{prefix}{}", &random[..5]).into();
        }
        self.make(call, target, object)
    }

    /// Adds an object in the version that is kept.
    fn make(&self, call: &mut Call<'_>, target: &Target<'_>, mut object: Value) -> Answered {
        let name = text(&object["metadata"], "name").to_owned();
        let user = access::caller(call);
        let mut objects = Kept::new(call.state);
        let scope = target.scope.unwrap_or_default();
        if name.is_empty() {
            let cause = Cause::required("metadata.name", "name or generateName is required");
            return Err(status::invalid(&self.kind, &name, &[cause], None));
        }
        if !target.namespace.is_empty() {
            if objects.get(&Resource::NAMESPACE, "", target.namespace).is_none() {
                return Err(status::not_found(&Resource::NAMESPACE, target.namespace));
            }
            object["metadata"]["namespace"] = target.namespace.into();
        }
        if objects.get(&self.kind, scope, &name).is_some() {
            return Err(status::already_exists(&self.kind, &name));
        }
        if let Some(metadata) = object["metadata"].as_object_mut() {
            for member in ["uid", "resourceVersion", "deletionTimestamp", "managedFields"] {
                metadata.remove(member);
            }
        }
        if self.kind.status
            && let Some(members) = object.as_object_mut()
        {
            members.remove("status");
        }
        let warnings = self.behavior.create(&objects, &mut object, &user)?;
        if !is_dry_run(call.request) {
            objects.put_in(&self.kind, scope, object.clone());
            object = objects.get(&self.kind, scope, &name).cloned().unwrap_or(object);
            self.behavior.changed(&mut objects, scope, &name);
        }
        Ok(warned(self.answer(201, &object, target), &warnings))
    }

    fn update(&self, call: &mut Call<'_>, target: &Target<'_>, part: bool) -> Answered {
        let object = self.sent(call, target)?;
        let before = self.find(call, target)?;
        if self.kind.status && text(&object["metadata"], "resourceVersion").is_empty() {
            let cause = Cause {
                reason: "FieldValueInvalid",
                field: "metadata.resourceVersion".to_owned(),
                message: "Invalid value: 0: must be specified for an update".to_owned(),
            };
            return Err(status::invalid(&self.kind, target.name, &[cause], None));
        }
        self.store(call, target, &before, object, part)
    }

    fn patch(&self, call: &mut Call<'_>, target: &Target<'_>, part: bool) -> Answered {
        let mime = call.request.header("content-type").unwrap_or_default();
        match mime.split(';').next().unwrap_or_default().trim() {
            "application/merge-patch+json" => {
                let before = self.find(call, target)?;
                let mut object = self.show(&before, target.version);
                patch::merge(&mut object, &call.body);
                let object = self.keep(object, target.version);
                self.store(call, target, &before, object, part)
            }
            "application/apply-patch+yaml" | "application/apply-patch+json" => {
                self.apply(call, target, part)
            }
            _ => {
                let message = "the body of the request was in an unknown format - accepted media \
                               types include: application/merge-patch+json, \
                               application/apply-patch+yaml";
                Err(status::plain(415, "", message))
            }
        }
    }

    /// Server-side apply.
    fn apply(&self, call: &mut Call<'_>, target: &Target<'_>, part: bool) -> Answered {
        let manager = call.request.parameter("fieldManager").unwrap_or_default().to_owned();
        if manager.is_empty() {
            let options = Resource::new("meta.k8s.io", &["v1"], "PatchOptions", "");
            let cause = Cause::required("fieldManager", "is required for apply patch");
            return Err(status::invalid(&options, "", &[cause], None));
        }
        let wanted = self.sent(call, target)?;
        let Ok(before) = self.find(call, target) else {
            let answer = self.make(call, target, wanted.clone())?;
            if let Ok(made) = self.find(call, target) {
                remember(call, &made, &manager, wanted);
            }
            return Ok(answer);
        };
        let prefix = format!("{}/", text(&before["metadata"], "uid"));
        let forced = call.request.parameter("force") == Some("true");
        let owned = call.state.list(&APPLIED).find_map(|(key, other)| {
            let other_manager = key.strip_prefix(&prefix).filter(|other| *other != manager)?;
            Some((other_manager, patch::conflict(&wanted, other, "")?))
        });
        if let Some((other, field)) = owned.filter(|_| !forced) {
            return Err(owned_elsewhere(other, &field));
        }
        let last = call.state.get(&APPLIED, &format!("{prefix}{manager}")).cloned();
        let mut object = before.clone();
        patch::apply(&mut object, &last.unwrap_or_default(), &wanted);
        let answer = self.store(call, target, &before, object, part)?;
        remember(call, &before, &manager, wanted);
        Ok(answer)
    }

    /// Puts an object, in the version that is kept, in the place of the one before.
    fn store(
        &self,
        call: &mut Call<'_>,
        target: &Target<'_>,
        before: &Value,
        mut object: Value,
        part: bool,
    ) -> Answered {
        let (old, new) = (&before["metadata"], &object["metadata"]);
        let given = text(new, "resourceVersion");
        if !given.is_empty() && given != text(old, "resourceVersion") {
            return Err(status::conflict(&self.kind, target.name, status::STALE));
        }
        if part {
            let status = object["status"].take();
            object = before.clone();
            object["status"] = status;
        } else {
            for member in ["name", "namespace", "deletionTimestamp", "deletionGracePeriodSeconds"] {
                object["metadata"][member] = before["metadata"][member].clone();
            }
            if self.kind.status && !before["status"].is_null() {
                object["status"] = before["status"].clone();
            }
        }
        let scope = target.scope.unwrap_or_default();
        let mut objects = Kept::new(call.state);
        let warnings = self.behavior.update(&objects, before, &mut object)?;
        if !is_dry_run(call.request) {
            objects.put_in(&self.kind, scope, object.clone());
            object = objects.get(&self.kind, scope, target.name).cloned().unwrap_or(object);
            self.behavior.changed(&mut objects, scope, target.name);
        }
        Ok(warned(self.answer(200, &object, target), &warnings))
    }

    fn delete(&self, call: &mut Call<'_>, target: &Target<'_>) -> Answered {
        let mut object = self.find(call, target)?;
        let conditions = &call.body["preconditions"];
        for member in ["uid", "resourceVersion"] {
            let (wanted, found) = (&conditions[member], &object["metadata"][member]);
            if !wanted.is_null() && wanted != found {
                let why = format!("Precondition failed: {member} {wanted} is not {found}");
                return Err(status::conflict(&self.kind, target.name, &why));
            }
        }
        self.behavior.delete(&object)?;
        let scope = target.scope.unwrap_or_default();
        let metadata = &mut object["metadata"];
        let held = metadata["finalizers"].as_array().is_some_and(|names| !names.is_empty());
        let mut objects = Kept::new(call.state);
        if !held {
            let uid = metadata["uid"].clone();
            objects.remove(&self.kind, scope, target.name);
            self.behavior.changed(&mut objects, scope, target.name);
            return Ok(Answer::json(200, status::deleted(&self.kind, target.name, &uid)));
        }
        if metadata["deletionTimestamp"].is_null() {
            metadata["deletionTimestamp"] = now().into();
            metadata["deletionGracePeriodSeconds"] = 0.into();
            objects.put_in(&self.kind, scope, object);
            object = self.find(call, target)?;
            self.behavior.changed(&mut Kept::new(call.state), scope, target.name);
        }
        Ok(self.answer(200, &object, target))
    }

    fn find(&self, call: &Call<'_>, target: &Target<'_>) -> Answered<Value> {
        let key = format!("{}/{}", target.scope.unwrap_or_default(), target.name);
        let found = call.state.get(&self.kind.route(), &key).cloned();
        found.ok_or_else(|| status::not_found(&self.kind, target.name))
    }

    /// The object in the body, in the version that is kept.
    fn sent(&self, call: &Call<'_>, target: &Target<'_>) -> Answered<Value> {
        let body = &call.body;
        let version = group_version(self.kind.group, target.version);
        let (found, kind) = (text(body, "apiVersion"), text(body, "kind"));
        if (found, kind) != (&version, self.kind.name) {
            let expected = format!("{version}, Kind={}", self.kind.name);
            let message =
                format!("{found}, Kind={kind} in the body does not match the expected {expected}");
            return Err(status::bad_request(&message));
        }
        let metadata = &body["metadata"];
        for (member, expected) in [("name", target.name), ("namespace", target.namespace)] {
            let found = text(metadata, member);
            if !expected.is_empty() && !found.is_empty() && found != expected {
                let message = format!(
                    "the {member} of the object ({found}) does not match the one of the URL \
                     ({expected})"
                );
                return Err(status::bad_request(&message));
            }
        }
        Ok(self.keep(body.clone(), target.version))
    }

    fn is_kept(&self, version: &str) -> bool {
        self.kind.versions.first() == Some(&version)
    }

    /// An object of a version, in that which is kept.
    fn keep(&self, object: Value, version: &str) -> Value {
        if self.is_kept(version) { object } else { self.behavior.keep(object) }
    }

    fn show(&self, object: &Value, version: &str) -> Value {
        if self.is_kept(version) {
            return object.clone();
        }
        let mut shown = self.behavior.show(object);
        shown["apiVersion"] = group_version(self.kind.group, version).into();
        shown
    }

    fn answer(&self, status: u16, object: &Value, target: &Target<'_>) -> Answer {
        let answer = Answer::json(status, self.show(object, target.version));
        self.deprecate(answer, target.version)
    }

    /// Says so if a version is not the one to use.
    fn deprecate(&self, answer: Answer, version: &str) -> Answer {
        let Resource { group, versions, name, .. } = self.kind;
        match versions.first() {
            Some(newest) if *newest != version => {
                let warning =
                    format!("{group}/{version} {name} is deprecated; use {group}/{newest} {name}");
                warned(answer, &[warning])
            }
            _ => answer,
        }
    }
}

/// Notes what has been looked at: all that is under way there.
fn seen(call: &mut Call<'_>, scope: Option<&str>) {
    for kind in [Resource::CLUSTER, Resource::SHOOT] {
        let route = kind.route();
        let keys: Vec<_> = call
            .state
            .list(&route)
            .filter(|(key, _)| {
                scope.is_none_or(|scope| {
                    *key == scope || key.rsplit_once('/').is_some_and(|(space, _)| space == scope)
                })
            })
            .map(|(key, _)| key.to_owned())
            .collect();
        for key in keys {
            call.shown(&route, key);
        }
    }
}

fn remember(call: &mut Call<'_>, object: &Value, manager: &str, wanted: Value) {
    let key = format!("{}/{manager}", text(&object["metadata"], "uid"));
    call.state.insert(&APPLIED, key, wanted);
}

fn owned_elsewhere(manager: &str, field: &str) -> Answer {
    let conflict = format!("conflict with \"{manager}\"");
    let cause = json!({"reason": "FieldManagerConflict", "message": conflict, "field": field});
    let message = format!("Apply failed with 1 conflict: {conflict}: {field}");
    status::failure(409, "Conflict", &message, json!({"causes": [cause]}))
}

fn is_watch(call: &Call<'_>) -> bool {
    matches!(call.request.parameter("watch"), Some("true" | "1"))
}

fn is_dry_run(request: &Received) -> bool {
    request.parameter("dryRun").is_some()
}

/// With warnings, as kubectl shows them.
fn warned(answer: Answer, warnings: &[String]) -> Answer {
    warnings.iter().fold(answer, |answer, warning| {
        answer.header("warning", format!("299 - \"{}\"", warning.replace('"', "\\\"")))
    })
}

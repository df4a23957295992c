//! How the volumes of a type are encrypted.

use http::Method;
use scs_core::{
    Resource, Route,
    testing::{Answer, Answered, Call, FakeService},
};
use serde_json::{Value, json};

use super::{TYPES, bad, forbidden, is_admin};
use crate::block_storage::VolumeTypeEncryption;

/// By the id of the type.
const ENCRYPTIONS: Route = VolumeTypeEncryption::ROUTE;

pub(super) fn serve(service: FakeService) -> FakeService {
    service
        .on(Method::GET, "types/{}/encryption", |call| {
            let id = kind(call, "get")?;
            let present = call.state.get(&ENCRYPTIONS, &id).cloned();
            Ok(Answer::json(200, present.unwrap_or(json!({}))))
        })
        .on(Method::POST, "types/{}/encryption", |call| {
            let id = kind(call, "create")?;
            if call.state.get(&ENCRYPTIONS, &id).is_some() {
                let message = format!("Volume type encryption for type {id} already exists.");
                return Err(bad(call, &message));
            }
            let mut sent = call.body["encryption"].clone();
            for member in ["provider", "control_location"] {
                if !sent[member].is_string() {
                    let message = format!("'{member}' is a required property");
                    return Err(bad(call, &message));
                }
            }
            sent["encryption_id"] = call.state.mint().into();
            call.state.insert(&ENCRYPTIONS, id, sent.clone());
            Ok(Answer::json(200, json!({"encryption": sent})))
        })
        .on(Method::PUT, "types/{}/encryption/{}", |call| {
            let id = kind(call, "update")?;
            let sent = call.body["encryption"].clone();
            if !call.state.merge(&ENCRYPTIONS, &id, sent.clone()) {
                return Err(missing(call, &id));
            }
            Ok(Answer::json(200, json!({"encryption": sent})))
        })
        .on(Method::DELETE, "types/{}/encryption/{}", |call| {
            let id = kind(call, "delete")?;
            match call.state.remove(&ENCRYPTIONS, &id) {
                Some(_) => Ok(Answer::status(202)),
                None => Err(missing(call, &id)),
            }
        })
}

/// The id of the type, for administrators.
fn kind(call: &Call<'_>, action: &str) -> Answered<String> {
    let id = &call.ids[0];
    if !is_admin(&call.caller) {
        return Err(forbidden(call, &format!("volume_extension:volume_type_encryption:{action}")));
    }
    let message = format!("Volume type {id} could not be found.");
    let found: Option<&Value> = call.state.get(&TYPES, id);
    found.map(|_| id.clone()).ok_or_else(|| call.failure(404, "NotFound", &message))
}

fn missing(call: &Call<'_>, id: &str) -> Answer {
    let message = format!("Volume type encryption for type {id} does not exist.");
    call.failure(404, "NotFound", &message)
}

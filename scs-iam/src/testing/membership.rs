//! Who is in which group, and who has which role.

use http::Method;
use scs_core::testing::{Answer, Answered, Call, FakeService};
use serde_json::Value;

use super::{
    access::{self, GROUPS, MAPPINGS, MEMBERSHIPS, ROLES, USERS},
    text,
};

pub(super) fn endpoints(realm: FakeService) -> FakeService {
    let mut realm = realm
        .on(Method::PUT, "users/{}/groups/{}", |call| {
            let pair = pair(call)?;
            call.state.insert(&MEMBERSHIPS, pair, Value::Null);
            Ok(Answer::status(204))
        })
        .on(Method::DELETE, "users/{}/groups/{}", |call| {
            let pair = pair(call)?;
            call.state.remove(&MEMBERSHIPS, &pair);
            Ok(Answer::status(204))
        })
        .on(Method::GET, "users/{}/groups", |call| {
            holder(call, "users")?;
            Ok(page(call, &access::groups_of(call.state, &call.ids[0])))
        })
        .on(Method::GET, "groups/{}/members", |call| {
            holder(call, "groups")?;
            let pairs = call.state.list(&MEMBERSHIPS).filter_map(|(key, _)| key.split_once('/'));
            let users = pairs.filter(|(_, group)| *group == call.ids[0]).map(|(user, _)| user);
            let users: Vec<_> = users.filter_map(|user| call.state.get(&USERS, user)).collect();
            Ok(page(call, &users))
        });
    for kind in ["users", "groups"] {
        let mapped = format!("{kind}/{{}}/role-mappings/realm");
        realm = realm
            .on(Method::GET, &format!("{mapped}/composite"), move |call| {
                holder(call, kind)?;
                Ok(Answer::json(200, access::roles_of(call.state, &call.ids[0])))
            })
            .on(Method::POST, &mapped, move |call| {
                for pair in mappings(call, kind)? {
                    call.state.insert(&MAPPINGS, pair, Value::Null);
                }
                Ok(Answer::status(204))
            })
            .on(Method::DELETE, &mapped, move |call| {
                for pair in mappings(call, kind)? {
                    call.state.remove(&MAPPINGS, &pair);
                }
                Ok(Answer::status(204))
            });
    }
    realm
}

/// Whose path it is has to be there.
fn holder(call: &Call<'_>, kind: &str) -> Answered<()> {
    let (route, code) =
        if kind == "users" { (&USERS, "UserNotFound") } else { (&GROUPS, "GroupNotFound") };
    match call.state.get(route, &call.ids[0]) {
        Some(_) => Ok(()),
        None => Err(call.failure(404, code, "")),
    }
}

/// `user/group` of the path, if there are both.
fn pair(call: &Call<'_>) -> Answered<String> {
    holder(call, "users")?;
    match call.state.get(&GROUPS, &call.ids[1]) {
        Some(_) => Ok(call.ids.join("/")),
        None => Err(call.failure(404, "", "Group not found")),
    }
}

/// `holder/role` of each role in the body: id and name have to fit.
fn mappings(call: &Call<'_>, kind: &str) -> Answered<Vec<String>> {
    holder(call, kind)?;
    let roles = call.body.as_array().into_iter().flatten();
    let pair = |role: &Value| {
        let id = text(role, "id");
        let known = call.state.get(&ROLES, id).filter(|known| known["name"] == role["name"]);
        let known = known.ok_or_else(|| call.failure(404, "", "Role not found"))?;
        Ok(format!("{}/{}", call.ids[0], text(known, "id")))
    };
    roles.map(pair).collect()
}

/// The items that the request asks for.
fn page(call: &Call<'_>, items: &[&Value]) -> Answer {
    let number = |name, default| {
        let given = call.request.parameter(name).and_then(|text| text.parse().ok());
        given.unwrap_or(default)
    };
    let (first, max) = (number("first", 0), number("max", 100));
    Answer::json(200, items.iter().skip(first).take(max).collect::<Vec<_>>())
}

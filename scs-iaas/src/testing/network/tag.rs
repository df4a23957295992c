//! Tags on what Neutron keeps.

use http::Method;
use scs_core::{
    Route,
    testing::{Answer, Answered, Call, Collection, FakeService},
};
use serde_json::{Value, json};

use super::{FLOATING_IPS, GROUPS, NETWORKS, PORTS, SUBNETS, missing, revise, router::ROUTERS};

/// The filters by tags that there are besides `tags`; Nova and Keystone have them, too.
pub(in crate::testing) fn filters(collection: Collection) -> Collection {
    fn has(item: &Value, tag: &str) -> bool {
        item["tags"].as_array().is_some_and(|tags| tags.iter().any(|one| one == tag))
    }
    collection
        .filter("tags-any", |item, tags| tags.split(',').any(|tag| has(item, tag)))
        .filter("not-tags", |item, tags| !tags.split(',').all(|tag| has(item, tag)))
        .filter("not-tags-any", |item, tags| !tags.split(',').any(|tag| has(item, tag)))
}

pub(super) fn serve(service: FakeService) -> FakeService {
    let kinds = [NETWORKS, SUBNETS, PORTS, ROUTERS, FLOATING_IPS, GROUPS];
    kinds.into_iter().fold(service, |service, route| {
        let all = format!("{}/{{}}/tags", route.path);
        let one = format!("{all}/{{}}");
        service
            .on(Method::GET, &all, move |call| {
                let item = find(call, &route)?;
                Ok(Answer::json(200, json!({"tags": item["tags"]})))
            })
            .on(Method::PUT, &all, move |call| {
                let tags = call.body["tags"].clone();
                set(call, &route, tags.clone())?;
                Ok(Answer::json(200, json!({"tags": tags})))
            })
            .on(Method::DELETE, &all, move |call| {
                set(call, &route, json!([]))?;
                Ok(Answer::status(204))
            })
            .on(Method::PUT, &one, move |call| {
                let (mut tags, tag) = tags(call, &route)?;
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
                set(call, &route, tags.into())?;
                Ok(Answer::status(201))
            })
            .on(Method::DELETE, &one, move |call| {
                let (mut tags, tag) = tags(call, &route)?;
                let before = tags.len();
                tags.retain(|other| *other != tag);
                if tags.len() == before {
                    return Err(missing(call, "Tag", tag.as_str().unwrap_or_default()));
                }
                set(call, &route, tags.into())?;
                Ok(Answer::status(204))
            })
    })
}

fn find(call: &Call<'_>, route: &Route) -> Answered<Value> {
    let id = &call.ids[0];
    call.visible(route, id).cloned().ok_or_else(|| missing(call, route.one, id))
}

/// The tags of an item, and the one that the path names.
fn tags(call: &Call<'_>, route: &Route) -> Answered<(Vec<Value>, Value)> {
    let tags = find(call, route)?["tags"].as_array().cloned();
    Ok((tags.unwrap_or_default(), json!(call.ids[1])))
}

fn set(call: &mut Call<'_>, route: &Route, tags: Value) -> Answered<()> {
    let mut item = find(call, route)?;
    item["tags"] = tags;
    revise(&mut item);
    let id = call.ids[0].clone();
    call.state.merge(route, &id, item);
    Ok(())
}

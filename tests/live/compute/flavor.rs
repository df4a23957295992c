use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{ErrorKind, Id},
    iaas::{
        compute::{
            AllowProject, DenyProject, Flavor, FlavorPatch, FlavorQuery, NewFlavor,
            RemoveExtraSpec, SetExtraSpecs,
        },
        identity::Project,
    },
};

use crate::lab;

#[tokio::test]
async fn flavors_whatever_the_page_size() {
    let cloud = lab::cloud("lab-user").await;
    let _others_wait = lab::FLAVORS.lock().await;
    let id = |flavor: &Flavor| flavor.id.clone();
    let all = lab::keys(cloud.flavors().list(FlavorQuery::new()), id).await;
    assert!(all.len() >= 5);
    for limit in 1..=all.len() as u32 + 1 {
        let paged = lab::keys(cloud.flavors().list(FlavorQuery::new().limit(limit)), id).await;
        assert_eq!(paged, all, "page size {limit}");
    }
    let found = cloud.flavors().find("SCS-1V-4").await.unwrap();
    assert!(found.is_diskless());
    assert_eq!(cloud.flavors().get(&found.id).await.unwrap().name, "SCS-1V-4");
}

#[tokio::test]
async fn flavors_are_made_by_administrators() {
    let _others_wait = lab::FLAVORS.lock().await;
    let admin = lab::cloud("lab").await;
    let flavors = admin.flavors();
    let new = NewFlavor::new(lab::name("flavor"), 1u32, 256u32, 0u32).is_public(false).swap(64u32);
    let error = lab::cloud("lab-user").await.flavors().create(new.clone()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    let flavor = flavors.create(new).await.unwrap();
    let id = flavor.id.clone();
    let _cleanup = lab::finally("lab", |cloud| async move { cloud.flavors().delete(&id).await });
    assert_eq!((flavor.swap, flavor.is_public, flavor.description), (Some(64), false, None));
    let patch = FlavorPatch::new().description("small");
    let changed = flavors.update(&flavor.id, patch).await.unwrap();
    assert_eq!(changed.description.as_deref(), Some("small"));

    let specs = BTreeMap::from([("scs:cpu-type".to_owned(), "shared-core".to_owned())]);
    assert_eq!(flavors.act(&flavor.id, SetExtraSpecs(specs.clone())).await.unwrap(), specs);
    assert_eq!(flavors.get(&flavor.id).await.unwrap().extra_specs, specs);
    flavors.act(&flavor.id, RemoveExtraSpec("scs:cpu-type".into())).await.unwrap();
    assert!(flavors.get(&flavor.id).await.unwrap().extra_specs.is_empty());

    let user = lab::cloud("lab-user").await;
    let project = user.session().access().await.unwrap().project.clone().unwrap();
    let project: Id<Project> = project.id.into();
    let error = user.flavors().get(&flavor.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    flavors.act(&flavor.id, AllowProject::new(&project)).await.unwrap();
    user.flavors().get(&flavor.id).await.unwrap();
    let access: Vec<_> = admin.flavor_access(&flavor.id).list(()).try_collect().await.unwrap();
    assert_eq!(access[0].project_id, project);
    let left = flavors.act(&flavor.id, DenyProject::new(&project)).await.unwrap();
    assert!(left.is_empty());
    flavors.delete(&flavor.id).await.unwrap();
    assert!(flavors.get_opt(&flavor.id).await.unwrap().is_none());
}

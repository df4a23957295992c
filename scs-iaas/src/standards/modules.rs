//! The modules `IaaS` and `storage` of SCS, as a cloud shows them: see
//! [`scs_core::standards::modules`] for what counts.
//!
//! ```
//! use scs_core::standards::modules::{Landscape, Level, Module};
//! use scs_iaas::{standards::modules, testing::FakeOpenStack};
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let fake = FakeOpenStack::start().await;
//! let cloud = fake.connect().await?;
//! let landscape: Landscape = modules::look(&cloud, None).await.into_iter().collect();
//! assert_eq!(landscape.level(Module::Storage), Level::Compatible);
//! # Ok::<(), scs_core::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use futures_util::TryStreamExt;
use scs_core::standards::{
    Assessment, Target, Verdict,
    modules::{Level, Module, Standing},
};
use url::Url;

use super::{image_metadata::subject, volume_types::Aspects};
use crate::{
    OpenStack,
    block_storage::{VolumeType, VolumeTypeQuery},
    catalog::{Catalog, Interface},
    image::{Image, ImageQuery},
};

/// What OSISM's image manager tags its images with.
const OSISM: &str = "managed_by_osism";

/// Where Ceph's gateway has its Swift, if nobody moves it.
const CEPH: &str = "/swift/v1";

/// Types of services that are S3.
const S3: [&str; 2] = ["object-store-s3", "s3"];

/// Looks at both modules. How the cloud stands by the scope of SCS-compatible IaaS is given: to
/// find it out takes servers and volumes. Nothing is changed in the cloud.
pub async fn look(cloud: &OpenStack, assessment: Option<&Assessment>) -> [Standing; 2] {
    let infrastructure = match cloud.images().list(ImageQuery::new()).try_collect::<Vec<_>>().await
    {
        Ok(images) => iaas(assessment, &images),
        Err(error) => Standing::unknown(Module::Iaas, error),
    };
    [infrastructure, look_at_storage(cloud).await]
}

async fn look_at_storage(cloud: &OpenStack) -> Standing {
    let access = match cloud.session().access().await {
        Ok(access) => access,
        Err(error) => return Standing::unknown(Module::Storage, error),
    };
    let tells_s3 = match cloud.session().swift_info().await {
        Ok(info) => Some(info.get("s3api").is_some()),
        // Ceph's gateway has no answer, and S3 all the same.
        Err(_) => None,
    };
    let types = cloud.volume_types().list(VolumeTypeQuery::new()).try_collect::<Vec<_>>().await;
    // They are not needed for a level.
    storage(&access.catalog, tells_s3, &types.unwrap_or_default())
}

/// The module `IaaS`, from how a cloud stands by the scope of SCS-compatible IaaS (`None` if
/// nobody knows) and its images.
pub fn iaas(assessment: Option<&Assessment>, images: &[Image]) -> Standing {
    let managed = images.iter().find(|image| image.tags.iter().any(|tag| tag == OSISM));
    let traces = match managed {
        Some(image) => format!("OSISM manages {}", subject(image)),
        None => "no image says that OSISM manages it".to_owned(),
    };
    let Some(assessment) = assessment else {
        let words = "whether it passes SCS-compatible IaaS was not looked at".to_owned();
        return Standing::new(Module::Iaas, Level::Unknown, [words, traces]);
    };
    let scope = format!("{} {}", assessment.scope, assessment.version);
    let (level, words) = match (assessment.verdict(Target::Main), managed) {
        (Verdict::Pass, Some(_)) => (Level::Implementation, "passes"),
        (Verdict::Pass, None) => (Level::Compatible, "passes"),
        (Verdict::Fail, _) => (Level::None, "fails"),
        _ => (Level::Unknown, "was not tested to the end by"),
    };
    Standing::new(Module::Iaas, level, [format!("{words} {scope}"), traces])
}

/// The module `storage`, from the catalog, whether Swift tells of S3 (`None` if it does not answer),
/// and the types of volumes.
pub fn storage(catalog: &Catalog, tells_s3: Option<bool>, types: &[VolumeType]) -> Standing {
    let mut evidence = Vec::new();
    let at = |service| catalog.endpoint(service, Interface::Public, None).ok();
    let blocks = at("block-storage");
    evidence.push(match &blocks {
        Some(_) => "block storage is in the catalog".to_owned(),
        None => "there is no block storage in the catalog".to_owned(),
    });
    for (volume_type, aspects) in types.iter().map(|one| (one, Aspects::of(one))) {
        if !aspects.is_empty() {
            evidence.push(format!("volumes of type `{}` are {aspects}", volume_type.name));
        }
    }
    let objects = at("object-store");
    let is_ceph = objects.as_ref().is_some_and(|url: &Url| url.path().starts_with(CEPH));
    let named = S3.into_iter().find(|service| at(service).is_some());
    let s3 = named.is_some() || tells_s3 == Some(true);
    evidence.push(match (named, tells_s3, &objects) {
        (Some(service), _, _) => format!("S3 is in the catalog as `{service}`"),
        (None, Some(true), _) => "Swift tells of S3".to_owned(),
        (None, Some(false), _) => "Swift does not tell of S3, nor does the catalog".to_owned(),
        (None, None, Some(_)) => {
            "there is object storage, and neither it nor the catalog tells of S3".to_owned()
        }
        (None, None, None) => {
            "there is no S3 in the catalog, and no other object storage".to_owned()
        }
    });
    if is_ceph {
        evidence.push(format!("object storage is at {CEPH}, where Ceph has it"));
    }
    let level = match (blocks.is_some(), s3) {
        (true, true) if is_ceph => Level::Implementation,
        (true, true) => Level::Compatible,
        // It may have S3 and not say so.
        (true, false) if objects.is_some() && tells_s3.is_none() => Level::Unknown,
        _ => Level::None,
    };
    Standing::new(Module::Storage, level, evidence)
}

#[cfg(test)]
mod tests {
    use scs_core::standards::{Finding, Mode, Results, Scope, TestResult};
    use serde_json::json;

    use super::*;

    fn image(tags: &[&str]) -> Image {
        let image = json!({"id": "1", "name": "Ubuntu 24.04", "status": "active", "tags": tags});
        serde_json::from_value(image).unwrap()
    }

    /// How a cloud stands of which all test cases are known but one.
    fn assessed(but_one: Option<Finding>) -> Assessment {
        let scope = Scope::iaas();
        let now = "2026-08-22".parse().unwrap();
        let mut results = Results::default();
        let mut all = scope.requirements("v5.1").unwrap().into_iter();
        let first = all.next().unwrap().test_case.id.clone();
        for required in all {
            let id = required.test_case.id.clone();
            results.add(TestResult::new(id, required.target, Mode::Spec, vec![]), now);
        }
        if let Some(finding) = but_one {
            results.add(TestResult::new(first, Target::Main, Mode::Spec, vec![finding]), now);
        }
        scope.assess("v5.1", now, &results).unwrap()
    }

    #[test]
    fn infrastructure_passes_first_and_is_of_osism_then() {
        let (pass, fail) = (Finding::advice("a", "b"), Finding::violation("a", "b"));
        let (osism, other) = ([image(&[]), image(&["os:ubuntu", OSISM])], [image(&["os:ubuntu"])]);
        for (assessment, images, level, words) in [
            (None, &osism[..], Level::Unknown, "was not looked at"),
            (Some(assessed(None)), &osism, Level::Unknown, "was not tested to the end by"),
            (Some(assessed(Some(fail))), &osism, Level::None, "fails"),
            (Some(assessed(Some(pass.clone()))), &other, Level::Compatible, "passes"),
            (Some(assessed(Some(pass))), &osism, Level::Implementation, "passes"),
        ] {
            let standing = iaas(assessment.as_ref(), images);
            assert_eq!(standing.level, level, "{standing:?}");
            assert!(standing.evidence[0].contains(words), "{standing:?}");
            let traces = standing.evidence[1].contains("`Ubuntu 24.04`");
            assert_eq!(traces, images.len() == 2, "{standing:?}");
        }
    }

    #[test]
    fn storage_has_blocks_and_objects() {
        let luks: VolumeType = serde_json::from_value(
            json!({"id": "1", "name": "luks", "description": "[scs:encrypted]"}),
        )
        .unwrap();
        let look = |services: &[(&str, &str)], tells_s3| {
            let entry = |(service, path): &(&str, &str)| {
                let url = format!("https://cloud.example{path}");
                json!({"type": service, "endpoints": [{"interface": "public", "url": url}]})
            };
            let catalog: Vec<_> = services.iter().map(entry).collect();
            let catalog = serde_json::from_value(catalog.into()).unwrap();
            storage(&catalog, tells_s3, std::slice::from_ref(&luks))
        };
        let (blocks, s3) = (("volumev3", "/volume/v3"), ("object-store-s3", "/"));
        let (swift, ceph) = (("object-store", "/v1/AUTH_1"), ("object-store", "/swift/v1/AUTH_1"));
        for (services, tells_s3, level) in [
            (&[blocks, s3][..], None, Level::Compatible),
            (&[blocks, swift], Some(true), Level::Compatible),
            (&[blocks, swift], Some(false), Level::None),
            (&[blocks, swift], None, Level::Unknown),
            (&[blocks], None, Level::None),
            (&[s3, ceph], None, Level::None),
            (&[blocks, ("s3", "/"), ceph], None, Level::Implementation),
            (&[blocks, ceph], Some(true), Level::Implementation),
        ] {
            let standing = look(services, tells_s3);
            assert_eq!(standing.level, level, "{services:?} {standing:?}");
        }
        assert_eq!(
            look(&[blocks, ceph], None).evidence,
            [
                "block storage is in the catalog",
                "volumes of type `luks` are [scs:encrypted]",
                "there is object storage, and neither it nor the catalog tells of S3",
                "object storage is at /swift/v1, where Ceph has it",
            ]
        );
    }
}

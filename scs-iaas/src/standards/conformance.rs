//! Whether a living cloud keeps the standards: the checks of this module's siblings, over what
//! the cloud answers.
//!
//! ```
//! use scs_core::standards::{Plan, Verdict, check};
//! use scs_iaas::{standards::conformance, testing::FakeOpenStack};
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let fake = FakeOpenStack::start().await;
//! let cloud = fake.connect().await?;
//! let plan = Plan::new(["scs-0103-flavor-2v-8", "scs-0103-flavor-1v-4-10"]);
//! let outcomes = check::run(conformance::checks(&cloud, &plan), |_| {}).await;
//! let verdicts: Vec<_> = outcomes[0].results.iter().map(|result| result.verdict).collect();
//! assert_eq!(verdicts, [Verdict::Pass, Verdict::Fail]);
//! # Ok::<(), scs_core::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use futures_util::{FutureExt, TryStreamExt, future::BoxFuture};
use scs_core::{
    Error, Result,
    standards::{Check, Plan, Target, TestResult},
};

use super::{
    backup, extra_specs, flavor_name, image_metadata, key_manager, probe, secure_connections,
    security_groups, services, standard_flavors, standard_images, volume_types,
};
use crate::{
    OpenStack,
    block_storage::VolumeTypeQuery,
    compute::{Flavor, FlavorQuery},
    image::{Image, ImageQuery, Visibility},
    network::DefaultSecurityGroupRuleQuery,
};

type Run = fn(OpenStack, Plan) -> BoxFuture<'static, Result<Vec<TestResult>>>;

/// What a test is called, how the ids of its test cases begin, and what it does.
const TESTS: [(&str, &str, Run); 11] = [
    ("scs-0100-flavor-naming", "scs-0100-", |cloud, plan| flavor_names(cloud, plan).boxed()),
    ("scs-0101-entropy", "scs-0101-", |cloud, plan| random_numbers(cloud, plan).boxed()),
    ("scs-0102-image-metadata", "scs-0102-", |cloud, plan| metadata(cloud, plan).boxed()),
    ("scs-0103-standard-flavors", "scs-0103-", |cloud, plan| flavors(cloud, plan).boxed()),
    ("scs-0104-standard-images", "scs-0104-", |cloud, plan| images(cloud, plan).boxed()),
    ("scs-0114-volume-types", "scs-0114-", |cloud, plan| types_of_volumes(cloud, plan).boxed()),
    ("scs-0115-security-groups", "scs-0115-", |cloud, plan| rules(cloud, plan).boxed()),
    ("scs-0116-key-manager", "scs-0116-", |cloud, plan| secrets(cloud, plan).boxed()),
    ("scs-0117-volume-backup", "scs-0117-", |cloud, plan| backups(cloud, plan).boxed()),
    ("scs-0123-mandatory-services", "scs-0123-", |cloud, plan| catalog(cloud, plan).boxed()),
    ("scs-0125-secure-connections", "scs-0125-", |cloud, plan| connections(cloud, plan).boxed()),
];

/// The tests that there are for a plan. Nothing is asked before they run.
///
/// If the plan allows it, they boot a server, keep a secret, back up a volume and make a
/// security group, all in the project of the login, and remove them again.
pub fn checks(cloud: &OpenStack, plan: &Plan) -> Vec<Check> {
    let wanted = TESTS.iter().filter_map(|(name, start, run)| {
        let testcases = plan.starting_with(start);
        let check = || Check::new(*name, testcases.clone(), run(cloud.clone(), plan.clone()));
        (!testcases.is_empty()).then(check)
    });
    wanted.collect()
}

/// Whether the login is one that certificates are given by: that of an ordinary member.
///
/// # Errors
/// [`ErrorKind::InvalidInput`](scs_core::ErrorKind) if it has a role that may do more, or lacks the
/// role `member`.
pub async fn preflight(cloud: &OpenStack) -> Result<()> {
    let access = cloud.session().access().await?;
    let has = |name: &&str| access.roles.iter().any(|role| role == *name);
    let words = match ["admin", "manager"].iter().find(|role| has(role)) {
        Some(role) => format!("the login has the role `{role}`, and sees more than members do"),
        None if !has(&"member") => "the login lacks the role `member`".to_owned(),
        None => return Ok(()),
    };
    Err(Error::invalid(words).with_hint("log in as an ordinary member of a project"))
}

async fn flavor_names(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    let flavors: Vec<Flavor> = cloud.flavors().list(FlavorQuery::new()).try_collect().await?;
    Ok(flavor_name::check(&flavors, plan.mode))
}

async fn flavors(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    let flavors = extra_specs::flavors(&cloud, |_| true).await?;
    Ok(standard_flavors::check(&flavors, plan.mode))
}

async fn random_numbers(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    if !plan.may_create {
        return Ok(Vec::new());
    }
    Ok(probe::Entropy::new().run(&cloud, plan.mode).await)
}

async fn all_images(cloud: &OpenStack) -> Result<Vec<Image>> {
    // Without it Glance leaves out those that other projects give to the community.
    let every = ImageQuery::new().visibility(Visibility::from("all"));
    cloud.images().list(every).try_collect().await
}

async fn metadata(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    use image_metadata::Edition;
    // Only the second edition knows it.
    let is_wanted = !plan.starting_with("scs-0102-os_purpose-uniqueness").is_empty();
    let edition = if is_wanted { Edition::V2 } else { Edition::V1 };
    Ok(image_metadata::check(&all_images(&cloud).await?, edition, plan.mode, plan.now))
}

async fn images(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    use standard_images::ImageList;
    let images = all_images(&cloud).await?;
    // No test case is in both lists and means another thing there.
    let mut results = standard_images::check(&images, ImageList::V5, plan.mode);
    results.extend(standard_images::check(&images, ImageList::V4, plan.mode));
    Ok(results)
}

async fn types_of_volumes(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    let types: Vec<_> = cloud.volume_types().list(VolumeTypeQuery::new()).try_collect().await?;
    Ok(volume_types::check(&types, plan.mode))
}

async fn rules(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    let listed = cloud.default_security_group_rules().list(DefaultSecurityGroupRuleQuery::new());
    let listed = listed.try_collect::<Vec<_>>().await;
    match listed {
        Ok(rules) => Ok(vec![security_groups::check(&rules, plan.mode)]),
        // An older Neutron; what a new group gets tells the same.
        Err(error) if error.is_not_found() => Ok(if plan.may_create {
            vec![probe::security_groups(&cloud, plan.mode).await]
        } else {
            vec![]
        }),
        Err(error) => Err(error),
    }
}

async fn secrets(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    let access = cloud.session().access().await?;
    let probed = if plan.may_create && key_manager::is_offered(&access.catalog) {
        Some(probe::key_manager(&cloud).await)
    } else {
        None
    };
    let mut results = key_manager::check(&access.catalog, probed, plan.mode);
    results.retain(|result| plan.may_create || result.target != Target::Main);
    Ok(results)
}

async fn backups(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    if !plan.may_create {
        return Ok(Vec::new());
    }
    Ok(vec![backup::check(Some(probe::backup(&cloud).await), plan.mode)])
}

async fn catalog(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    use services::Edition;
    let access = cloud.session().access().await?;
    let tells_s3 = match cloud.session().swift_info().await {
        Ok(info) => Some(info.get("s3api").is_some()),
        Err(error) if error.is_not_found() => Some(false),
        Err(_) => None,
    };
    // No test case is in both editions and means another thing there.
    let of = |edition| services::check(&access.catalog, tells_s3, edition, plan.mode);
    let mut results = of(Edition::V1);
    results.extend(of(Edition::V2));
    Ok(results)
}

async fn connections(cloud: OpenStack, plan: Plan) -> Result<Vec<TestResult>> {
    let access = cloud.session().access().await?;
    Ok(vec![secure_connections::check(&access.catalog, plan.mode)])
}

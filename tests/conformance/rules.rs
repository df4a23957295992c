//! Rules of flavors, volume types, security groups and the catalog.

use std::path::PathBuf;

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{
        Id, Identified, Listable, Metadata, Resource, Route, Updatable, request,
        route::Verb,
        standards::{Target, Verdict},
    },
    iaas::{
        Session,
        block_storage::NewVolumeType,
        compute::{NewFlavor, SetExtraSpecs},
        network::{Direction, NewDefaultSecurityGroupRule, Protocol},
        standards::standard_flavors::StandardFlavor,
    },
};
use serde::Deserialize;

use super::{
    Alone, examine,
    lab::{self, Cleanup},
    main_test_cases,
};

#[tokio::test]
async fn names_of_flavors_are_read_and_believed() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        for (name, vcpus, testcase) in
            [("SCS-2W-8", 2, "scs-0100-syntax-check"), ("SCS-64V-8", 2, "scs-0100-semantics-check")]
        {
            let new = NewFlavor::new(name, vcpus, 8192, 0);
            let flavor = lab.admin.flavors().create(new).await.unwrap().id;
            cleanup.delete(&lab.admin.flavors(), &flavor);
            lab.only(&[testcase]).await;
            lab.admin.flavors().delete(&flavor).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn each_standard_flavor_counts() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        let flavors = lab.admin.flavors();
        let mandatory = StandardFlavor::ALL.iter().filter(|one| one.target == Target::Main);
        for standard in mandatory {
            let name = standard.name().to_string();
            let flavor = flavors.find(&name).await.unwrap().id;
            let specs = |class: &str| {
                SetExtraSpecs(Metadata::from([("scs:cpu-type".to_owned(), class.to_owned())]))
            };
            let right = specs(&standard.extra_specs()["scs:cpu-type"]);
            cleanup.undo({
                let (flavors, id, right) = (flavors.clone(), flavor.clone(), right.clone());
                async move { flavors.act(&id, right).await.map(drop) }
            });
            flavors.act(&flavor, specs("dedicated-steam-engine")).await.unwrap();
            let short = name.trim_start_matches("SCS-").to_lowercase();
            lab.only(&[&format!("scs-0103-flavor-{short}")]).await;
            flavors.act(&flavor, right).await.unwrap();
        }
        lab.only(&[]).await;
    })
    .await;
}

#[tokio::test]
async fn descriptions_of_volume_types_are_read() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        let types = lab.admin.volume_types();
        let new = NewVolumeType::new(lab::name("aspects"));
        let new = new.description("[scs:replicated, scs:encrypted] in the wrong order");
        let made = types.create(new).await.unwrap().id;
        cleanup.delete(&types, &made);
        lab.only(&["scs-0114-syntax-check"]).await;
    })
    .await;
}

#[tokio::test]
async fn new_groups_let_nothing_in() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        let rules = lab.admin.default_security_group_rules();
        let new = NewDefaultSecurityGroupRule::new(Direction::Ingress, false, true);
        let new = new.protocol(Protocol::Tcp).port_range_min(22).port_range_max(22);
        let made = rules.create(new).await.unwrap();
        cleanup.delete(&rules, &made.id);
        lab.only(&["scs-0115-default-rules"]).await;
    })
    .await;
}

/// What only shows by making something.
#[tokio::test]
async fn servers_have_random_numbers() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        let flavors = lab.admin.flavors();
        for (spec, value, testcase) in [
            ("lab:entropy_avail", "17", "scs-0101-entropy-avail"),
            ("lab:fips_failures", "6", "scs-0101-fips-test"),
        ] {
            let new = NewFlavor::new(lab::name("guest"), 1, 1024, 0);
            let flavor = flavors.create(new).await.unwrap().id;
            cleanup.delete(&flavors, &flavor);
            // The probe takes flavors with a random number generator first.
            let specs = [(spec, value), ("hw_rng:allowed", "true")];
            let specs = specs.map(|(key, value)| (key.to_owned(), value.to_owned()));
            flavors.act(&flavor, SetExtraSpecs(Metadata::from(specs))).await.unwrap();
            lab.probed_only("lab-user", &["scs-0101-"], testcase).await;
            flavors.delete(&flavor).await.unwrap();
        }
        let results = examine(&lab.member, main_test_cases(&["scs-0101-"])).await;
        assert!(results.iter().all(|result| result.verdict == Verdict::Pass), "{results:?}");
    })
    .await;
}

#[tokio::test]
async fn members_keep_secrets() {
    let lab = Alone::new().await;
    lab.probed_only("lab-reader", &["scs-0116-", "scs-0100-"], "scs-0116-permissions").await;
}

#[tokio::test]
async fn volumes_are_backed_up() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        let folder = std::env::var_os("OPENSTACK_LAB_DIR").unwrap_or("/tmp/openstack-lab".into());
        let store = PathBuf::from(folder).join("state/cinder/backups");
        let away = store.with_extension("away");
        std::fs::rename(&store, &away).expect("a lab on this machine");
        cleanup.undo({
            let store = store.clone();
            async move {
                std::fs::remove_file(&store).unwrap();
                std::fs::rename(&away, &store).unwrap();
                Ok(())
            }
        });
        // Where the backups were is no folder now.
        std::fs::write(&store, "").unwrap();
        lab.probed_only("lab-user", &["scs-0117-"], "scs-0117-test-backup").await;
    })
    .await;
}

/// A service in Keystone's catalog.
#[derive(Debug, Deserialize)]
struct Registered {
    id: Id<Registered>,
    #[serde(rename = "type")]
    service_type: String,
}

request! {
    /// What may change about a [`Registered`] service.
    struct RegisteredPatch {
        /// Whether it is in the catalog.
        enabled: bool,
    }
}

impl Resource for Registered {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("identity", "services").keys("service", "services").updated_by(Verb::Patch);
}

impl Identified for Registered {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Registered {
    type Query = ();
}

impl Updatable for Registered {
    type Patch = RegisteredPatch;
}

#[tokio::test]
async fn each_service_counts() {
    Cleanup::after(|cleanup| async move {
        let lab = Alone::new().await;
        let services = lab.admin.api::<Registered>();
        let known: Vec<Registered> = services.list(()).try_collect().await.unwrap();
        for (types, testcase) in [
            (&["compute"][..], "scs-0123-service-compute"),
            (&["identity"], "scs-0123-service-identity"),
            (&["image"], "scs-0123-service-image"),
            (&["network"], "scs-0123-service-network"),
            (&["load-balancer"], "scs-0123-service-load-balancer"),
            (&["placement"], "scs-0123-service-placement"),
            (&["block-storage", "volumev3"], "scs-0123-storage-apis"),
            (&["object-store"], "scs-0123-swift-s3"),
        ] {
            let chosen = known.iter().filter(|one| types.contains(&&*one.service_type));
            let chosen: Vec<_> = chosen.map(|one| one.id.clone()).collect();
            assert_eq!(chosen.len(), types.len());
            let switch = async |enabled| {
                for id in &chosen {
                    let patch = RegisteredPatch::new().enabled(enabled);
                    services.update(id, patch).await.unwrap();
                }
            };
            for id in &chosen {
                let (services, id) = (services.clone(), id.clone());
                cleanup.undo(async move {
                    services.update(&id, RegisteredPatch::new().enabled(true)).await.map(drop)
                });
            }
            switch(false).await;
            // A token keeps the catalog that it was issued with.
            let member = lab::cloud("lab-user").await;
            let results = examine(&member, main_test_cases(&["scs-0123-"])).await;
            switch(true).await;
            let failing: Vec<_> =
                results.iter().filter(|result| result.verdict != Verdict::Pass).collect();
            assert_eq!(failing.len(), 1, "{failing:?}");
            assert_eq!(failing[0].testcase, testcase);
            assert_eq!(failing[0].verdict, Verdict::Fail);
        }
    })
    .await;
}

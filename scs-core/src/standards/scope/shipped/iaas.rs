//! SCS-compatible IaaS.

use jiff::civil::date;

use super::{Group, Scope};
use crate::standards::Target::{Main, Preview, Recommended};

const SAYS: &str = "Every public image says what it has to in `{}`";
const SHOULD_SAY: &str = "Every public image says what it should in `{}`";
const RECENCY: &str = "Every public image is renewed as often as it promises";
const FLAVOR: &str = "The standard flavor SCS-{} is there, and says what it is";
const LISTED: &str = "The standard image `{}` is there";
const GENUINE: &str = "Images named like the standard image `{}` come from its makers";
const SERVICE: &str = "The catalog has the service `{}`";
const STORAGE: &str = "The catalog has block storage";

pub(super) fn scope() -> Scope {
    let mut scope = Scope::shipped(
        "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f",
        "SCS-compatible IaaS",
        "scs-compatible-iaas.yaml",
    );
    scope.add_module("opc-v2022.11", "End-to-end testing", "scs-0128-v1-e2e-testing", &[]);
    add_flavors(&mut scope);
    add_images(&mut scope);
    add_standard_images(&mut scope);
    add_since_v5(&mut scope);
    add_services(&mut scope);

    let v3 = "opc-v2022.11 scs-0100-v3.1 scs-0102-v1";
    let v4 = "opc-v2022.11 scs-0100-v3.1 scs-0101-v1 scs-0102-v1 scs-0103-v1 scs-0104-v1-1";
    let v5 = "opc-v2022.11 scs-0100-v3.1 scs-0101-v1 scs-0102-v1 scs-0103-v1 scs-0104-v1-2 \
        scs-0114-v1 scs-0115-v1 scs-0116-v1 scs-0117-v1 scs-0121-v1 scs-0123-v1 scs-0302-v1";
    let next = v5.replace("scs-0102-v1", "scs-0102-v2").replace("scs-0123-v1", "scs-0123-v2");
    scope.add_version("v3", Some(date(2023, 6, 15)), v3);
    scope.add_version("v4", Some(date(2024, 2, 28)), v4);
    scope.add_version("v5.1", Some(date(2024, 12, 19)), v5);
    scope.add_version("next", None, &next);

    scope.add_period(date(2024, 12, 19), "v5.1:effective v4:effective v3:deprecated");
    scope.add_period(date(2025, 2, 1), "v5.1:effective v4:warn v3:deprecated");
    scope.add_period(date(2025, 7, 1), "v5.1:effective v4:deprecated v3:deprecated");
    scope.add_period(date(2025, 9, 9), "next:draft v5.1:effective v4:deprecated v3:deprecated");
    scope.add_period(date(2026, 6, 11), "next:draft v5.1:effective");
    scope
}

fn add_flavors(scope: &mut Scope) {
    scope.add_module(
        "scs-0100-v3.1",
        "Flavor naming",
        "scs-0100-v3-flavor-naming",
        &[
            Group::new(Main, "scs-0100-", "syntax-check", "Names of flavors follow the grammar"),
            Group::new(Main, "scs-0100-", "semantics-check", "Flavors keep what names promise"),
        ],
    );
    scope.add_module(
        "scs-0101-v1",
        "Entropy",
        "scs-0101-v1-entropy",
        &[
            Group::new(Main, "scs-0101-", "entropy-avail", "The kernel has entropy to give"),
            Group::new(Main, "scs-0101-", "fips-test", "Random numbers pass FIPS 140-2"),
        ],
    );
    let mandatory = "1V-4 2V-8 4V-16 8V-32 1V-2 2V-4 4V-8 8V-16 16V-32 1V-8 2V-16 4V-32 1L-1 \
        2V-4-20s 4V-16-100s";
    let recommended = "1V-4-10 2V-8-20 4V-16-50 8V-32-100 16V-64 1V-2-5 2V-4-10 4V-8-20 8V-16-50 \
        16V-32-100 1V-8-20 2V-16-50 4V-32-100 8V-64 16V-128 1L-1-5";
    scope.add_module(
        "scs-0103-v1",
        "Standard flavors",
        "scs-0103-v1-standard-flavors",
        &[
            Group::new(Main, "scs-0103-flavor-", mandatory, FLAVOR),
            Group::new(Recommended, "scs-0103-flavor-", recommended, FLAVOR),
        ],
    );
}

fn add_images(scope: &mut Scope) {
    let mandatory = "architecture min_disk min_ram os_version os_distro hw_disk_bus \
        image_build_date image_original_user image_source image_description replace_frequency \
        provided_until uuid_validity";
    let recommended = "hash_algo hypervisor_type hw_rng_model hotfix_hours";
    let unique = "No two public images are generic for one distribution, version and architecture";
    scope.add_module(
        "scs-0102-v1",
        "Image metadata",
        "scs-0102-v1-image-metadata",
        &[
            Group::new(Main, "scs-0102-prop-", mandatory, SAYS),
            Group::new(Main, "scs-0102-", "image-recency", RECENCY),
            Group::new(Recommended, "scs-0102-prop-", recommended, SHOULD_SAY),
            Group::new(Recommended, "scs-0102-prop-", "os_purpose", SHOULD_SAY),
        ],
    );
    scope.add_module(
        "scs-0102-v2",
        "Image metadata",
        "scs-0102-v2-image-metadata",
        &[
            Group::new(Main, "scs-0102-prop-", mandatory, SAYS),
            Group::new(Main, "scs-0102-prop-", "os_purpose", SAYS),
            Group::new(Main, "scs-0102-", "image-recency", RECENCY),
            Group::new(Main, "scs-0102-", "os_purpose-uniqueness", unique),
            Group::new(Recommended, "scs-0102-prop-", recommended, SHOULD_SAY),
        ],
    );
}

/// One text with two lists.
fn add_standard_images(scope: &mut Scope) {
    let (name, page) = ("Standard images", "scs-0104-v1-standard-images");
    let sources = "capi-1 ubuntu-2204 ubuntu-2004 debian-12 debian-11";
    scope.add_module(
        "scs-0104-v1-1",
        name,
        page,
        &[
            Group::new(Main, "scs-0104-image-", "ubuntu-2204", LISTED),
            Group::new(Main, "scs-0104-source-", sources, GENUINE),
            Group::new(Recommended, "scs-0104-image-", "capi-1", LISTED),
        ],
    );
    let sources = "capi-1 capi-2 ubuntu-2404 ubuntu-2204 ubuntu-2004 debian-13 debian-12 debian-11";
    scope.add_module(
        "scs-0104-v1-2",
        name,
        page,
        &[
            Group::new(Main, "scs-0104-image-", "ubuntu-2404", LISTED),
            Group::new(Main, "scs-0104-source-", sources, GENUINE),
            Group::new(Recommended, "scs-0104-image-", "capi-2 debian-12", LISTED),
        ],
    );
}

/// What v5 brought, but for the services.
fn add_since_v5(scope: &mut Scope) {
    let aspects = "Volume types promise what they do in the right words";
    scope.add_module(
        "scs-0114-v1",
        "Volume types",
        "scs-0114-v1-volume-type-standard",
        &[
            Group::new(Main, "scs-0114-", "syntax-check", aspects),
            Group::new(Recommended, "scs-0114-", "encrypted-type", "A volume type encrypts"),
            Group::new(Recommended, "scs-0114-", "replicated-type", "A volume type replicates"),
        ],
    );
    let rules = "New security groups let everything out, and nothing in from elsewhere";
    scope.add_module(
        "scs-0115-v1",
        "Default rules for security groups",
        "scs-0115-v1-default-rules-for-security-groups",
        &[Group::new(Main, "scs-0115-", "default-rules", rules)],
    );
    let documented = "The provider tells where the key manager keeps its own keys";
    scope.add_module(
        "scs-0116-v1",
        "Key manager",
        "scs-0116-v1-key-manager-standard",
        &[
            Group::new(Main, "scs-0116-", "permissions", "Members can keep secrets"),
            Group::new(Recommended, "scs-0116-", "presence", "The catalog has a key manager"),
            Group::new(Preview, "", "key-manager-docs-check", documented),
        ],
    );
    let backup = "Volumes can be backed up, and backups restored";
    scope.add_module(
        "scs-0117-v1",
        "Volume backup",
        "scs-0117-v1-volume-backup-service",
        &[Group::new(Main, "scs-0117-", "test-backup", backup)],
    );
    let zones = "The provider tells how availability zones are kept apart";
    scope.add_module(
        "scs-0121-v1",
        "Availability zones",
        "scs-0121-v1-Availability-Zones-Standard",
        &[Group::new(Preview, "", "availability-zones-check", zones)],
    );
    let managers = "Domain managers can do what they may in their domain, and no more";
    scope.add_module(
        "scs-0302-v1",
        "Domain manager role",
        "scs-0302-v1-domain-manager-role",
        &[Group::new(Preview, "", "domain-manager-check", managers)],
    );
}

fn add_services(scope: &mut Scope) {
    let name = "Mandatory and supported IaaS services";
    let services = "compute identity image network load-balancer";
    scope.add_module(
        "scs-0123-v1",
        name,
        "scs-0123-v1-mandatory-and-supported-IaaS-services",
        &[
            Group::new(Main, "scs-0123-service-", services, SERVICE),
            Group::new(Main, "scs-0123-service-", "placement", SERVICE),
            Group::new(Main, "scs-0123-", "storage-apis", STORAGE),
            Group::new(Main, "scs-0123-", "swift-s3", "Object storage understands S3"),
        ],
    );
    scope.add_module(
        "scs-0123-v2",
        name,
        "scs-0123-v2-services",
        &[
            Group::new(Main, "scs-0123-service-", services, SERVICE),
            Group::new(Main, "scs-0123-service-", "s3", "The catalog has S3 object storage"),
            Group::new(Main, "scs-0123-", "storage-apis", STORAGE),
        ],
    );
}

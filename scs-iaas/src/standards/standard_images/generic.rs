//! Version 2, a draft: images are found by their metadata, and bear whatever names.

use scs_core::{
    Timestamp,
    standards::{Finding, Mode, Target, TestResult},
};

use super::{LIST, Listed, NODES};
use crate::{
    image::Image,
    standards::image_metadata::{ImageMetadata, Purpose, seen_by_all, subject},
};

/// A release of a distribution that is kept up for years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Release {
    /// `os_version` of its images.
    version: &'static str,
    /// What its images lie under at its makers.
    codename: &'static str,
    /// The last day on which a cloud may be without it.
    due: &'static str,
}

const fn release(version: &'static str, codename: &'static str, due: &'static str) -> Release {
    Release { version, codename, due }
}

/// A distribution that clouds have to have, or should.
#[derive(Debug)]
struct Distribution {
    /// `os_distro` of its images.
    distro: &'static str,
    /// The id of the test case for the latest release, and what that counts for.
    latest: (&'static str, Target),
    /// The id of the test case for the one before.
    previous: &'static str,
    /// How addresses begin that images may come from, before the codename.
    from: &'static [&'static str],
    /// Oldest first, as of 2026-11.
    releases: &'static [Release],
}

/// Of Ubuntu those with long-term support, due on 30 April of their year; of Debian the stable
/// ones, due a month after they were released.
const DISTRIBUTIONS: [Distribution; 2] = [
    Distribution {
        distro: "ubuntu",
        latest: ("scs-0104-generic-ubuntu-latest", Target::Main),
        previous: "scs-0104-generic-ubuntu-previous",
        from: &["https://cloud-images.ubuntu.com/releases/", "https://cloud-images.ubuntu.com/"],
        releases: &[
            release("18.04", "bionic", "2018-04-30"),
            release("20.04", "focal", "2020-04-30"),
            release("22.04", "jammy", "2022-04-30"),
            release("24.04", "noble", "2024-04-30"),
            release("26.04", "resolute", "2026-04-30"),
        ],
    },
    Distribution {
        distro: "debian",
        latest: ("scs-0104-generic-debian-latest", Target::Recommended),
        previous: "scs-0104-generic-debian-previous",
        from: &[
            "https://cloud.debian.org/images/cloud/",
            "https://cdimage.debian.org/cdimage/cloud/",
        ],
        releases: &[
            release("10", "buster", "2019-08-06"),
            release("11", "bullseye", "2021-09-14"),
            release("12", "bookworm", "2023-07-10"),
            release("13", "trixie", "2025-09-09"),
        ],
    },
];

/// Checks the images of a cloud at a moment against version 2 of the standard.
///
/// It is a draft, and no scope names it: the ids of its test cases are those of this SDK. There
/// is no official test, so both modes do the same. An image of a newer release than has to be
/// there is as good, and makes the one that had to be there the previous one. Releases are those
/// of a table that ends with Ubuntu 26.04 and Debian 13.
pub fn check_generic(images: &[Image], mode: Mode, now: Timestamp) -> Vec<TestResult> {
    let images: Vec<_> = seen_by_all(images).collect();
    let result = |id, target, findings| TestResult::new(id, target, mode, findings);
    let mut results = Vec::new();
    for distribution in &DISTRIBUTIONS {
        let [latest, previous] = distribution.missing(&images, now);
        let (id, target) = distribution.latest;
        results.push(result(id, target, latest));
        results.push(result(distribution.previous, Target::Recommended, previous));
    }
    let foreign = images.iter().filter_map(|image| foreign(image)).collect();
    results.push(result("scs-0104-generic-source", Target::Main, foreign));
    let nodes: Vec<&Listed> = LIST.iter().filter(|listed| listed.from == NODES).collect();
    let is_node = |image: &&&Image| nodes.iter().any(|listed| listed.name.fits(&image.name));
    let badly_kept = images.iter().filter(is_node).flat_map(|image| of_node(image)).collect();
    results.push(result("scs-0104-capi-properties", Target::Main, badly_kept));
    results
}

impl Distribution {
    /// What to say if the latest release is not there, and the one before that.
    fn missing(&self, images: &[&Image], now: Timestamp) -> [Vec<Finding>; 2] {
        let there = |release: &Release| {
            images.iter().any(|image| {
                !image.hidden
                    && is_generic(image, self.distro)
                    && image.os_version() == Some(release.version)
            })
        };
        // `YYYY-MM-DD` is in the order of time.
        let today = now.date();
        let is_due = |release: &&Release| release.due < today.as_str();
        let due = self.releases.iter().filter(is_due).count();
        let newest = self.releases.iter().rposition(there).map_or(0, |at| at + 1);
        let absent = |count: usize| {
            let release = count.checked_sub(1).and_then(|at| self.releases.get(at));
            release.filter(|release| !there(release)).map(|release| self.absent(release))
        };
        let latest = newest.max(due);
        [absent(latest), absent(latest.saturating_sub(1))]
            .map(|finding| finding.into_iter().collect())
    }

    fn absent(&self, release: &Release) -> Finding {
        let Self { distro, from, .. } = self;
        let Release { version, codename, .. } = release;
        Finding::violation(
            format!("{distro} {version}"),
            format!(
                "is not there for everybody; register the image from {}{codename}/… with \
                 os_distro={distro}, os_version={version}, os_purpose=generic",
                from[0]
            ),
        )
    }
}

fn is_generic(image: &Image, distro: &str) -> bool {
    ImageMetadata::of(image).purpose() == Some(Purpose::Generic)
        && image.os_distro() == Some(distro)
}

/// What to say of a generic image that does not come from the makers of its distribution.
fn foreign(image: &Image) -> Option<Finding> {
    let distribution = DISTRIBUTIONS.iter().find(|one| is_generic(image, one.distro))?;
    let release = distribution.releases.iter().find(|r| image.os_version() == Some(r.version))?;
    let source = ImageMetadata::of(image).text("image_source").unwrap_or_default();
    let prefixes = distribution.from.iter().map(|from| format!("{from}{}/", release.codename));
    let prefixes: Vec<_> = prefixes.collect();
    if prefixes.iter().any(|prefix| source.starts_with(prefix)) {
        return None;
    }
    let from = prefixes.join("…` or `");
    Some(Finding::violation(
        subject(image),
        format!(
            "is the generic one, and its image_source is `{source}`; take it from `{from}…`, or \
             change its os_purpose"
        ),
    ))
}

/// What is not as it has to be about an image of a node of Kubernetes.
fn of_node(image: &Image) -> Vec<Finding> {
    const DESCRIPTION: &str = "https://github.com/osism/k8s-capi-images";
    let metadata = ImageMetadata::of(image);
    let is = |property| metadata.text(property).unwrap_or_default();
    let source = is("image_source");
    [
        ("image_source", NODES[0], NODES.iter().any(|prefix| source.starts_with(prefix))),
        ("os_purpose", "k8snode", is("os_purpose") == "k8snode"),
        ("image_description", DESCRIPTION, is("image_description") == DESCRIPTION),
    ]
    .into_iter()
    .filter(|(.., is_right)| !is_right)
    .map(|(property, expected, _)| {
        let is = is(property);
        Finding::violation(subject(image), format!("{property} is `{is}`; make it {expected}"))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{self, Fail, Pass};
    use serde_json::{Value, json};

    use super::*;

    fn image(distro: &str, version: &str, source: &str) -> Value {
        json!({
            "id": version, "name": "any", "status": "active", "visibility": "community",
            "os_distro": distro, "os_version": version, "os_purpose": "generic",
            "image_source": source,
        })
    }

    fn ubuntu(version: &str) -> Value {
        let release = DISTRIBUTIONS[0].releases.iter().find(|release| release.version == version);
        image(
            "ubuntu",
            version,
            &format!("{}{}/x", DISTRIBUTIONS[0].from[1], release.unwrap().codename),
        )
    }

    fn verdict(id: &str, images: &[Value], date: &str) -> Verdict {
        let images: Vec<_> =
            images.iter().map(|image| serde_json::from_value(image.clone()).unwrap()).collect();
        let results = check_generic(&images, Mode::Spec, date.parse().unwrap());
        assert_eq!(results.len(), 6);
        results.iter().find(|result| result.testcase == id).unwrap().verdict
    }

    #[test]
    fn the_latest_ubuntu_is_due_by_the_end_of_april() {
        let (jammy, noble) = (ubuntu("22.04"), ubuntu("24.04"));
        for (images, date, latest, previous) in [
            (vec![], "2026-08-22", Fail, Fail),
            (vec![jammy.clone()], "2024-04-30", Pass, Fail),
            (vec![jammy.clone()], "2024-05-01", Fail, Pass),
            (vec![noble.clone()], "2024-04-26", Pass, Fail),
            (vec![noble.clone()], "2024-05-01", Pass, Fail),
            (vec![noble.clone(), jammy.clone()], "2024-04-26", Pass, Pass),
            (vec![noble.clone(), jammy], "2026-04-30", Pass, Pass),
            (vec![noble.clone()], "2026-05-01", Fail, Pass),
            (vec![noble, ubuntu("26.04")], "2026-05-01", Pass, Pass),
        ] {
            let of = |id| verdict(id, &images, date);
            assert_eq!(of("scs-0104-generic-ubuntu-latest"), latest, "{date} {images:?}");
            assert_eq!(of("scs-0104-generic-ubuntu-previous"), previous, "{date} {images:?}");
        }
    }

    #[test]
    fn debian_is_due_a_month_after_its_release() {
        let source = "https://cloud.debian.org/images/cloud/bookworm/";
        let bookworm = [image("debian", "12", source)];
        for (date, latest, previous) in
            [("2025-09-09", Pass, Fail), ("2025-09-10", Fail, Pass), ("2019-01-01", Pass, Fail)]
        {
            let of = |id| verdict(id, &bookworm, date);
            assert_eq!(of("scs-0104-generic-debian-latest"), latest, "{date}");
            assert_eq!(of("scs-0104-generic-debian-previous"), previous, "{date}");
        }
    }

    #[test]
    fn only_generic_images_that_everybody_sees_count() {
        for (key, value) in [
            ("visibility", json!("shared")),
            ("os_hidden", json!(true)),
            ("os_purpose", json!("minimal")),
            ("os_distro", json!("Ubuntu")),
            ("os_version", json!("26.04.1")),
        ] {
            let mut image = ubuntu("26.04");
            image[key] = value;
            let found = verdict("scs-0104-generic-ubuntu-latest", &[image], "2026-08-22");
            assert_eq!(found, Fail, "{key}");
        }
    }

    #[test]
    fn sources_are_those_of_the_makers() {
        let of = |image: Value| verdict("scs-0104-generic-source", &[image], "2026-08-22");
        assert_eq!(of(ubuntu("22.04")), Pass);
        let noble = "https://cloud-images.ubuntu.com/releases/noble/release/x.img";
        assert_eq!(of(image("ubuntu", "24.04", noble)), Pass);
        assert_eq!(of(image("ubuntu", "22.04", noble)), Fail);
        assert_eq!(of(image("debian", "13", "private")), Fail);
        assert_eq!(of(image("fedora", "43", "private")), Pass);
        assert_eq!(of(image("ubuntu", "25.10", "private")), Pass);
    }

    #[test]
    fn nodes_of_kubernetes_are_described() {
        let mut node = json!({
            "id": "n", "name": "ubuntu-capi-image-v1.34", "status": "active",
            "visibility": "public", "os_purpose": "k8snode",
            "image_source": format!("{}x.qcow2", NODES[0]),
            "image_description": "https://github.com/osism/k8s-capi-images",
        });
        let of = |node: &Value| {
            verdict("scs-0104-capi-properties", std::slice::from_ref(node), "2026-08-22")
        };
        assert_eq!(of(&node), Pass);
        node["os_purpose"] = json!("generic");
        assert_eq!(of(&node), Fail);
        node["name"] = json!("my-capi-image");
        assert_eq!(of(&node), Pass);
    }
}

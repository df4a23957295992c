//! SCS-0104: images that every cloud has, and where images come from.
//!
//! An image that bears a listed name must be there (or should), and whatever bears such a name
//! must come from where its makers offer it. Images are found as for
//! [`image_metadata`](super::image_metadata).
//!
//! Where [`Mode::Reference`] differs from the text: a hidden image counts as there, and of
//! several images of one name only the last in the list is looked at.
//!
//! [Text of v1](https://docs.scs.community/standards/scs-0104-v1-standard-images),
//! [of v2](https://docs.scs.community/standards/scs-0104-v2-standard-images), a draft:
//! [`check_generic`]

mod generic;

use std::collections::HashSet;

use scs_core::standards::{Finding, Mode, Target, TestResult};

pub use self::generic::check_generic;
use super::image_metadata::{ImageMetadata, seen_by_all, subject};
use crate::image::Image;

/// The lists of images that the certification scopes name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageList {
    /// Of the scope v4.
    V4,
    /// Of the scopes v5.1 and later.
    V5,
}

/// Which images a line of the list is about.
#[derive(Debug)]
enum Name {
    Exactly(&'static str),
    /// A node of Kubernetes: this, and a version behind it.
    Versioned(&'static str),
}

/// A line of the list.
#[derive(Debug)]
struct Listed {
    name: Name,
    /// The id of the test case for its presence, and what that counts for in which list.
    image: Option<(&'static str, ImageList, Target)>,
    /// The id of the test case for its source.
    source: &'static str,
    /// How addresses begin that it may come from.
    from: &'static [&'static str],
}

const NODES: &[&str] = &[
    "https://nbg1.your-objectstorage.com/osism/openstack-k8s-capi-images/",
    "https://swift.services.a.regiocloud.tech/swift/v1/AUTH_b182637428444b9aa302bb8d5a5a418c/\
     openstack-k8s-capi-images/",
];

const LIST: &[Listed] = &[
    Listed {
        name: Name::Versioned("ubuntu-capi-image v"),
        image: Some(("scs-0104-image-capi-1", ImageList::V4, Target::Recommended)),
        source: "scs-0104-source-capi-1",
        from: NODES,
    },
    Listed {
        name: Name::Versioned("ubuntu-capi-image-v"),
        image: Some(("scs-0104-image-capi-2", ImageList::V5, Target::Recommended)),
        source: "scs-0104-source-capi-2",
        from: NODES,
    },
    Listed {
        name: Name::Exactly("Ubuntu 24.04"),
        image: Some(("scs-0104-image-ubuntu-2404", ImageList::V5, Target::Main)),
        source: "scs-0104-source-ubuntu-2404",
        from: &[
            "https://cloud-images.ubuntu.com/releases/noble/",
            "https://cloud-images.ubuntu.com/noble/",
        ],
    },
    Listed {
        name: Name::Exactly("Ubuntu 22.04"),
        image: Some(("scs-0104-image-ubuntu-2204", ImageList::V4, Target::Main)),
        source: "scs-0104-source-ubuntu-2204",
        from: &[
            "https://cloud-images.ubuntu.com/releases/jammy/",
            "https://cloud-images.ubuntu.com/jammy/",
        ],
    },
    Listed {
        name: Name::Exactly("Ubuntu 20.04"),
        image: None,
        source: "scs-0104-source-ubuntu-2004",
        from: &[
            "https://cloud-images.ubuntu.com/releases/focal/",
            "https://cloud-images.ubuntu.com/focal/",
        ],
    },
    Listed {
        name: Name::Exactly("Debian 13"),
        image: None,
        source: "scs-0104-source-debian-13",
        from: &[
            "https://cloud.debian.org/images/cloud/trixie/",
            "https://cdimage.debian.org/cdimage/cloud/trixie/",
        ],
    },
    Listed {
        name: Name::Exactly("Debian 12"),
        image: Some(("scs-0104-image-debian-12", ImageList::V5, Target::Recommended)),
        source: "scs-0104-source-debian-12",
        from: &[
            "https://cloud.debian.org/images/cloud/bookworm/",
            "https://cdimage.debian.org/cdimage/cloud/bookworm/",
        ],
    },
    Listed {
        name: Name::Exactly("Debian 11"),
        image: None,
        source: "scs-0104-source-debian-11",
        from: &[
            "https://cloud.debian.org/images/cloud/bullseye/",
            "https://cdimage.debian.org/cdimage/cloud/bullseye/",
        ],
    },
];

/// Checks the images of a cloud against a list.
pub fn check(images: &[Image], list: ImageList, mode: Mode) -> Vec<TestResult> {
    let images: Vec<_> = seen_by_all(images).collect();
    let mut results = Vec::new();
    for listed in LIST {
        if let Some((id, of, target)) = listed.image
            && of == list
        {
            results.push(TestResult::new(id, target, mode, listed.missing(&images, mode)));
        }
        let findings = listed.foreign(&images, mode);
        results.push(TestResult::new(listed.source, Target::Main, mode, findings));
    }
    results
}

impl Listed {
    /// What to say if the image is not there.
    fn missing(&self, images: &[&Image], mode: Mode) -> Vec<Finding> {
        let is_it = |image: &&&Image| self.name.fits(&image.name);
        let there = images.iter().filter(is_it);
        if there.clone().any(|image| mode == Mode::Reference || !image.hidden) {
            return Vec::new();
        }
        let name = self.name.in_words();
        let message = match there.count() {
            0 => format!("is not there for everybody; register it from {}…", self.from[0]),
            _ => "is hidden; show the newest one (os_hidden=false)".to_owned(),
        };
        vec![Finding::violation(format!("image `{name}`"), message)]
    }

    /// What to say of images that come from elsewhere.
    fn foreign(&self, images: &[&Image], mode: Mode) -> Vec<Finding> {
        let named = images.iter().filter(|image| self.name.fits(&image.name));
        let mut seen = HashSet::new();
        let mut looked_at: Vec<_> = named
            .rev()
            .filter(|image| mode == Mode::Spec || seen.insert(image.name.as_str()))
            .collect();
        looked_at.reverse();
        let elsewhere = looked_at.into_iter().filter_map(|image| {
            let source = ImageMetadata::of(image).text("image_source").unwrap_or_default();
            if self.from.iter().any(|prefix| source.starts_with(prefix)) {
                return None;
            }
            let stands =
                if source.is_empty() { "missing".to_owned() } else { format!("`{source}`") };
            let from = self.from.join("…` or `");
            Some(Finding::violation(
                subject(image),
                format!("image_source is {stands}; take the image from `{from}…` or rename it"),
            ))
        });
        elsewhere.collect()
    }
}

impl Name {
    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Exactly(exact) => name == *exact,
            Self::Versioned(front) => name.strip_prefix(front).is_some_and(is_version),
        }
    }

    fn in_words(&self) -> String {
        match self {
            Self::Exactly(exact) => (*exact).to_owned(),
            Self::Versioned(front) => format!("{front}X.Y"),
        }
    }
}

/// Whether it is `X.Y` or `X.Y.Z`, where X has one digit.
fn is_version(text: &str) -> bool {
    let numbers: Vec<_> = text.split('.').collect();
    let is_number = |n: &&str| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit());
    matches!(numbers.len(), 2 | 3) && numbers[0].len() == 1 && numbers.iter().all(is_number)
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{self, Fail, Pass};

    use super::*;

    fn image(name: &str, source: &str) -> Image {
        let json = serde_json::json!({
            "id": name, "name": name, "status": "active", "visibility": "public",
            "image_source": source,
        });
        serde_json::from_value(json).unwrap()
    }

    fn verdict(images: &[Image], list: ImageList, mode: Mode, id: &str) -> Option<Verdict> {
        let results = check(images, list, mode);
        results.iter().find(|result| result.testcase == id).map(|result| result.verdict)
    }

    #[test]
    fn each_list_asks_for_its_own_images() {
        let noble = image("Ubuntu 24.04", "https://cloud-images.ubuntu.com/noble/x.img");
        for mode in [Mode::Spec, Mode::Reference] {
            let of = |images: &[Image], list, id| verdict(images, list, mode, id);
            let images = std::slice::from_ref(&noble);
            assert_eq!(of(images, ImageList::V5, "scs-0104-image-ubuntu-2404"), Some(Pass));
            assert_eq!(of(images, ImageList::V5, "scs-0104-image-ubuntu-2204"), None);
            assert_eq!(of(images, ImageList::V4, "scs-0104-image-ubuntu-2204"), Some(Fail));
            assert_eq!(of(images, ImageList::V5, "scs-0104-image-debian-12"), Some(Fail));
            assert_eq!(of(images, ImageList::V5, "scs-0104-source-ubuntu-2404"), Some(Pass));
            assert_eq!(of(&[], ImageList::V5, "scs-0104-source-ubuntu-2404"), Some(Pass));
            assert_eq!(check(images, ImageList::V5, mode).len(), 11);
        }
    }

    #[test]
    fn sources_are_looked_at() {
        for (source, expected) in [
            ("https://cloud.debian.org/images/cloud/bookworm/20260101/x.qcow2", Pass),
            ("https://cdimage.debian.org/cdimage/cloud/bookworm/x.qcow2", Pass),
            ("https://cloud.debian.org/images/cloud/trixie/x.qcow2", Fail),
            ("http://cloud.debian.org/images/cloud/bookworm/x.qcow2", Fail),
            ("private", Fail),
            ("", Fail),
        ] {
            for mode in [Mode::Spec, Mode::Reference] {
                let found = verdict(
                    &[image("Debian 12", source)],
                    ImageList::V5,
                    mode,
                    "scs-0104-source-debian-12",
                );
                assert_eq!(found, Some(expected), "{source}");
            }
        }
    }

    #[test]
    fn of_twins_the_text_looks_at_each_and_the_test_at_the_last() {
        let good = image("Debian 12", "https://cloud.debian.org/images/cloud/bookworm/x");
        let bad = image("Debian 12", "https://example.com/");
        let of = |images: &[Image], mode| {
            verdict(images, ImageList::V5, mode, "scs-0104-source-debian-12").unwrap()
        };
        assert_eq!(of(&[bad.clone(), good.clone()], Mode::Reference), Pass);
        assert_eq!(of(&[good.clone(), bad.clone()], Mode::Reference), Fail);
        assert_eq!(of(&[bad, good], Mode::Spec), Fail);
    }

    #[test]
    fn hidden_images_are_there_for_the_test_only() {
        let mut hidden = image("Ubuntu 24.04", "https://cloud-images.ubuntu.com/noble/x");
        hidden.hidden = true;
        let of = |mode| {
            let images = std::slice::from_ref(&hidden);
            verdict(images, ImageList::V5, mode, "scs-0104-image-ubuntu-2404").unwrap()
        };
        assert_eq!((of(Mode::Spec), of(Mode::Reference)), (Fail, Pass));
    }

    #[test]
    fn nodes_are_known_by_their_version() {
        for (name, fits) in [
            ("ubuntu-capi-image-v1.33", true),
            ("ubuntu-capi-image-v1.33.5", true),
            ("ubuntu-capi-image v1.33.5", false),
            ("ubuntu-capi-image-v1", false),
            ("ubuntu-capi-image-v10.1", false),
            ("ubuntu-capi-image-v1.33.5-rc1", false),
            ("ubuntu-capi-image-v1.33 (20260101)", false),
        ] {
            assert_eq!(LIST[1].name.fits(name), fits, "{name}");
        }
    }
}

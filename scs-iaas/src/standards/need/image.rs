use std::{cmp::Reverse, fmt};

use futures_util::TryStreamExt;
use scs_core::{Phase, Phased, Result, Timestamp};

use super::{Choice, Criterion, Lack, Rules, flavor::X86, image_name::ImageName};
use crate::{
    OpenStack,
    compute::Flavor,
    image::{Image, ImageQuery, Visibility},
    standards::image_metadata::{ImageMetadata, Purpose},
};

impl Image {
    /// Starts a description of the image that is needed.
    pub fn need() -> ImageNeed {
        ImageNeed::default()
    }
}

/// What an image has to be: see [`need`](super). What is not asked for is open.
///
/// ```
/// use scs_iaas::image::Image;
///
/// let images: Vec<Image> = serde_json::from_str(
///     r#"[{"id": "1", "name": "Ubuntu 22.04", "status": "active", "visibility": "public"},
///         {"id": "2", "name": "Ubuntu 24.04 (2026-01-15)", "status": "active", "visibility": "public"},
///         {"id": "3", "name": "Ubuntu 24.04", "status": "active", "visibility": "public",
///          "os_distro": "ubuntu", "os_version": "24.04", "image_build_date": "2026-02-15"}]"#,
/// )?;
/// let choice = Image::need().distribution("ubuntu").choose(&images)?;
/// assert_eq!(choice.chosen.id.as_str(), "3");
/// assert_eq!(choice.runners_up[1].why, "`Ubuntu 24.04 (2026-01-15)` has been replaced, by its name");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Of several, the one of the newest version is chosen (if a distribution is asked for), of these
/// the one that was built last. Images that are hidden or have been replaced come last; before
/// them those that not everybody sees; before them those for another architecture than x86-64 or
/// for a special purpose that nobody asked for.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ImageNeed {
    distribution: Option<String>,
    version: Option<String>,
    architecture: Option<String>,
    purpose: Option<Purpose>,
    visibility: Option<Visibility>,
    ram: Option<u32>,
    /// `None` if the server boots from a volume.
    disk: Option<u32>,
}

impl ImageNeed {
    /// Of this distribution, as its property `os_distro` names it: `ubuntu`, `debian`.
    pub fn distribution(mut self, name: impl Into<String>) -> Self {
        self.distribution = Some(name.into());
        self
    }

    /// Of exactly this version of the distribution; of the newest one if not set.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// For this architecture: `x86_64`, `aarch64`.
    pub fn architecture(mut self, architecture: impl Into<String>) -> Self {
        self.architecture = Some(architecture.into());
        self
    }

    /// Meant for this.
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = Some(purpose);
        self
    }

    /// Seen by just these.
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = Some(visibility);
        self
    }

    /// Runs on servers of this flavor: its architecture (as its SCS name says), its memory, its
    /// disk if it has one.
    pub fn flavor(mut self, flavor: &Flavor) -> Self {
        self.ram = Some(flavor.ram);
        self.disk = (!flavor.is_diskless()).then_some(flavor.disk);
        let names: Vec<_> = flavor.scs_names().collect();
        if let Some(architecture) = super::flavor::architecture(names.iter()) {
            self.architecture = Some(architecture.to_owned());
        }
        self
    }

    /// The newest of these images that does.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](scs_core::ErrorKind) with the nearest misses and what they lack.
    pub fn choose<'a>(&self, images: &'a [Image]) -> Result<Choice<&'a Image>> {
        super::choose(self, images)
    }

    /// The newest image of this cloud that does. Community images, which are in no usual list, are
    /// asked for if no other does.
    ///
    /// # Errors
    /// As [`choose`](Self::choose), or if the images cannot be listed.
    pub async fn choose_in(&self, cloud: &OpenStack) -> Result<Choice<Image>> {
        let list = |query| cloud.images().list(query).try_collect::<Vec<_>>();
        let usual = match &self.visibility {
            Some(visibility) => ImageQuery::new().visibility(visibility.clone()),
            None => ImageQuery::new(),
        };
        let mut images = list(usual).await?;
        let chosen = match self.choose(&images) {
            Err(error) if error.is_not_found() && self.visibility.is_none() => {
                images.extend(list(ImageQuery::new().visibility(Visibility::Community)).await?);
                self.choose(&images)
            }
            chosen => chosen,
        };
        chosen.map(Choice::cloned)
    }
}

/// What an image says of itself.
pub(super) struct View<'a> {
    image: &'a Image,
    distribution: Option<&'a str>,
    version: Option<&'a str>,
    purpose: Option<Purpose>,
    /// How far it is from being made for anything.
    specialty: u8,
    built: Option<Timestamp>,
    is_old: bool,
}

impl View<'_> {
    /// How many see it, as a number that grows the fewer they are.
    fn seclusion(&self) -> u8 {
        match self.image.visibility {
            Visibility::Public => 0,
            Visibility::Community => 1,
            Visibility::Shared => 2,
            _ => 3,
        }
    }

    /// The numbers of the version: 24 and 4 of `24.04`.
    fn numbers(&self) -> Vec<u64> {
        let parts = self.version.unwrap_or_default().split(|c: char| !c.is_ascii_digit());
        parts.map_while(|part| part.parse().ok()).collect()
    }

    fn is_foreign(&self) -> bool {
        self.image.architecture().is_some_and(|architecture| architecture != X86)
    }
}

/// What the images of a cloud tell at all.
pub(super) struct Survey {
    purposes: bool,
    architectures: bool,
}

impl Rules for ImageNeed {
    type Of = Image;
    type View<'a> = View<'a>;
    type Survey = Survey;
    const BEST: &'static str = "the newest";
    const ORDER: &'static [Criterion<Self>] = &[
        Criterion {
            after: "is hidden",
            order: |_, one, other| one.image.hidden.cmp(&other.image.hidden),
        },
        Criterion {
            after: "has been replaced, by its name",
            order: |_, one, other| one.is_old.cmp(&other.is_old),
        },
        Criterion {
            after: "is seen by fewer",
            order: |_, one, other| one.seclusion().cmp(&other.seclusion()),
        },
        Criterion {
            after: "is not for x86-64",
            order: |need, one, other| {
                let unasked = |view: &View<'_>| need.architecture.is_none() && view.is_foreign();
                unasked(one).cmp(&unasked(other))
            },
        },
        Criterion {
            after: "is made for something special",
            order: |need, one, other| {
                let unasked = |view: &View<'_>| need.purpose.map_or(view.specialty, |_| 0);
                unasked(one).cmp(&unasked(other))
            },
        },
        Criterion {
            after: "is of an older version",
            order: |need, one, other| match need.distribution {
                Some(_) => other.numbers().cmp(&one.numbers()),
                // Versions of different distributions cannot be compared.
                None => std::cmp::Ordering::Equal,
            },
        },
        Criterion {
            after: "was built earlier",
            order: |_, one, other| Reverse(one.built).cmp(&Reverse(other.built)),
        },
    ];

    fn view(image: &Image) -> View<'_> {
        let name = ImageName::parse(&image.name);
        let metadata = ImageMetadata::of(image);
        let distribution = metadata.text("os_distro");
        let said = metadata.text("os_purpose");
        let purpose = if said.is_some() { metadata.purpose() } else { name.purpose };
        View {
            image,
            distribution: distribution.or(name.distribution),
            version: metadata.text("os_version").or(name.version),
            purpose,
            specialty: match purpose {
                None if said.is_some() => 2,
                None | Some(Purpose::Generic) => 0,
                Some(Purpose::OldGeneric | Purpose::Minimal) => 1,
                Some(_) => 2,
            },
            built: metadata.build_date().or(image.created_at),
            is_old: name.is_old,
        }
    }

    fn survey(views: &[View<'_>]) -> Survey {
        Survey {
            purposes: views.iter().any(|view| view.purpose.is_some()),
            architectures: views.iter().any(|view| view.image.architecture().is_some()),
        }
    }

    fn unpromised(&self, survey: &Survey) -> Vec<String> {
        let none = |what: &str, property| {
            format!("{what}: no image of this cloud has the property {property}")
        };
        let mut open = Vec::new();
        if let (Some(purpose), false) = (self.purpose, survey.purposes) {
            open.push(none(purpose.as_str(), "os_purpose"));
        }
        if let (Some(architecture), false) = (&self.architecture, survey.architectures) {
            open.push(none(architecture, "architecture"));
        }
        open
    }

    fn lacks(&self, offer: &View<'_>, survey: &Survey) -> Vec<Lack> {
        let image = offer.image;
        let mut lacks = Vec::new();
        let mut differs = |what: &str, is: Option<&str>, asked: &str, gap| {
            let words = match is {
                Some(is) if is.eq_ignore_ascii_case(asked) => return,
                Some(is) => format!("is {what} {is}, not {asked}"),
                None => format!("does not say that it is {what} {asked}"),
            };
            lacks.push(Lack { words, gap });
        };
        if let Some(asked) = &self.distribution {
            differs("of", offer.distribution, asked, 1000);
        }
        if let Some(asked) = &self.version {
            differs("of version", offer.version, asked, 500);
        }
        if let (Some(asked), true) = (&self.architecture, survey.architectures) {
            differs("for", image.architecture(), asked, 1000);
        }
        if let (Some(asked), true) = (self.purpose, survey.purposes) {
            differs("meant as", offer.purpose.map(Purpose::as_str), asked.as_str(), 500);
        }
        if let Some(asked) = &self.visibility {
            differs("", Some(image.visibility.as_str()), asked.as_str(), 500);
        }
        if image.phase() != Phase::Ready {
            lacks.push(Lack::wholly(format!("is {}", image.status)));
        }
        for (needs, is, of) in
            [(image.min_ram, self.ram, "MiB of memory"), (image.min_disk, self.disk, "GiB of disk")]
        {
            if let Some(is) = is.filter(|&is| is < needs) {
                lacks.push(Lack::partly(format!("needs {needs} {of}, not {is}"), is, needs));
            }
        }
        lacks
    }

    fn describe(offer: &View<'_>) -> String {
        let image = offer.image;
        let mut words = vec![image.visibility.to_string()];
        if let (Some(distribution), Some(version)) = (offer.distribution, offer.version) {
            words.push(format!("{distribution} {version}"));
        }
        words.extend(image.architecture().map(ToOwned::to_owned));
        words.extend(offer.purpose.map(|purpose| purpose.as_str().to_owned()));
        words.extend(offer.built.map(|built| format!("of {}", built.date())));
        for (is, what) in [(image.hidden, "hidden"), (offer.is_old, "replaced, by its name")] {
            if is {
                words.push(what.to_owned());
            }
        }
        words.join(", ")
    }
}

impl fmt::Display for ImageNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        match (&self.distribution, &self.version) {
            (Some(distribution), Some(version)) => words.push(format!("{distribution} {version}")),
            (Some(distribution), None) => words.push(distribution.clone()),
            (None, Some(version)) => words.push(format!("version {version}")),
            (None, None) => {}
        }
        words.extend(self.architecture.clone());
        words.extend(self.purpose.map(|purpose| purpose.as_str().to_owned()));
        words.extend(self.visibility.as_ref().map(ToString::to_string));
        words.extend(self.ram.map(|ram| format!("{ram} MiB of memory")));
        words.extend(self.disk.map(|disk| format!("{disk} GiB of disk")));
        if words.is_empty() { f.write_str("anything") } else { f.write_str(&words.join(", ")) }
    }
}

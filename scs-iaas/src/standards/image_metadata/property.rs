//! The properties, each with its rule.

use scs_core::standards::{Finding, Mode, Severity, Target};

use super::{
    Edition, ImageMetadata, ProvidedUntil, Purpose, ReplaceFrequency, UuidValidity, subject, value,
};
use crate::image::Image;

/// How far a property must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Mandatory,
    /// By the text; the official test lets it be missing.
    MandatoryByText,
    MandatoryInV2,
    Recommended,
    /// By the official test; the text lets it be missing.
    RecommendedByTest,
}

/// A property that a test case is about.
///
/// `hypervisor_type` has to be of Glance's list, which is `hyperv`, `ironic`, `lxc`, `qemu`,
/// `uml`, `vmware` and `xen`. The official test knows `hyper-v`, `kvm` and `esxi`, and neither
/// `hyperv` nor `vmware`. What it does with the rest of Glance's list is not known; it is taken
/// to accept it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Property {
    /// Its name in Glance.
    pub name: &'static str,
    /// The id of its test case.
    pub testcase: &'static str,
    need: Need,
    /// Whether a value will do.
    fits: fn(&str, Edition, Mode) -> bool,
    /// Which values will do, in words.
    expected: &'static str,
}

const ARCHITECTURES: &str = "aarch64 alpha armv7l cris i686 ia64 lm32 m68k microblaze \
     microblazeel mips mipsel mips64 mips64el openrisc parisc parisc64 ppc ppc64 ppc64le ppcemb \
     riscv64 s390 s390x sh4 sh4eb sparc sparc64 unicore32 x86_64 xtensa xtensaeb";
const DISK_BUSES: &str = "fdc ide lxc sata scsi uml usb virtio xen";
const HYPERVISORS: &str = "hyperv ironic lxc qemu uml vmware xen";
const HYPERVISORS_OF_TEST: &str = "esxi hyper-v ironic kvm lxc qemu uml xen";

impl Property {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self {
            name: "architecture",
            testcase: "scs-0102-prop-architecture",
            need: Need::Mandatory,
            fits: |text, _, _| is_one_of(text, ARCHITECTURES),
            expected: "what `uname -m` says, as `x86_64` or `aarch64`",
        },
        Self {
            name: "min_disk",
            testcase: "scs-0102-prop-min_disk",
            need: Need::Mandatory,
            fits: |_, _, _| true,
            expected: "the least root disk in GiB, at least 1",
        },
        Self {
            name: "min_ram",
            testcase: "scs-0102-prop-min_ram",
            need: Need::Mandatory,
            fits: |_, _, _| true,
            expected: "the least memory to boot with in MiB, at least 1",
        },
        Self {
            name: "os_version",
            testcase: "scs-0102-prop-os_version",
            need: Need::Mandatory,
            fits: |_, _, _| true,
            expected: "the version of the operating system, as `24.04`",
        },
        Self {
            name: "os_distro",
            testcase: "scs-0102-prop-os_distro",
            need: Need::Mandatory,
            fits: |text, _, mode| {
                mode == Mode::Reference || !text.contains(|c: char| c.is_ascii_uppercase())
            },
            expected: "the operating system in one lower-case word, as `ubuntu`",
        },
        Self {
            name: "os_purpose",
            testcase: "scs-0102-prop-os_purpose",
            need: Need::MandatoryInV2,
            fits: |text, edition, mode| {
                Purpose::parse(text).is_some_and(|purpose| {
                    purpose != Purpose::OldGeneric
                        || edition == Edition::V2
                        || mode == Mode::Reference
                })
            },
            expected: "`generic`, `oldgeneric` (v2 only), `minimal`, `k8snode`, `gpu`, `network` \
                       or `custom`",
        },
        Self {
            name: "hw_disk_bus",
            testcase: "scs-0102-prop-hw_disk_bus",
            need: Need::MandatoryByText,
            fits: |text, _, _| is_one_of(text, DISK_BUSES),
            expected: "how disks are attached: `scsi`, better than `virtio`",
        },
        Self {
            name: "image_build_date",
            testcase: "scs-0102-prop-image_build_date",
            need: Need::Mandatory,
            fits: |text, _, _| value::build_date(text).is_some(),
            expected: "`YYYY-MM-DD`, `YYYY-MM-DD hh:mm` or `YYYY-MM-DD hh:mm:ss`",
        },
        Self {
            name: "image_original_user",
            testcase: "scs-0102-prop-image_original_user",
            need: Need::Mandatory,
            fits: |_, _, _| true,
            expected: "the user to log in as, or `none`",
        },
        Self {
            name: "image_source",
            testcase: "scs-0102-prop-image_source",
            need: Need::Mandatory,
            fits: |text, _, _| text == "private" || is_url(text),
            expected: "a URL to download it from, or `private`",
        },
        Self {
            name: "image_description",
            testcase: "scs-0102-prop-image_description",
            need: Need::Mandatory,
            fits: |_, _, _| true,
            expected: "release notes, or a URL of them",
        },
        Self {
            name: "replace_frequency",
            testcase: "scs-0102-prop-replace_frequency",
            need: Need::Mandatory,
            fits: |text, _, _| ReplaceFrequency::parse(text).is_some(),
            expected: "`yearly`, `quarterly`, `monthly`, `weekly`, `daily`, `critical_bug` or \
                       `never`",
        },
        Self {
            name: "provided_until",
            testcase: "scs-0102-prop-provided_until",
            need: Need::Mandatory,
            fits: |text, _, mode| mode == Mode::Reference || ProvidedUntil::parse(text).is_some(),
            expected: "`none`, `notice` or `YYYY-MM-DD`",
        },
        Self {
            name: "uuid_validity",
            testcase: "scs-0102-prop-uuid_validity",
            need: Need::MandatoryByText,
            fits: |text, _, _| UuidValidity::parse(text).is_some(),
            expected: "`none`, `last-N`, `YYYY-MM-DD`, `notice` or `forever`",
        },
        Self {
            name: "os_hash_algo",
            testcase: "scs-0102-prop-hash_algo",
            need: Need::Recommended,
            fits: |text, _, _| is_one_of(text, "sha256 sha512"),
            expected: "`sha256` or `sha512`",
        },
        Self {
            name: "hypervisor_type",
            testcase: "scs-0102-prop-hypervisor_type",
            need: Need::Recommended,
            fits: |text, _, mode| {
                is_one_of(
                    text,
                    match mode {
                        Mode::Spec => HYPERVISORS,
                        Mode::Reference => HYPERVISORS_OF_TEST,
                    },
                )
            },
            expected: "a hypervisor by the name that text and test share: `qemu` for KVM and \
                       QEMU, or `xen`",
        },
        Self {
            name: "hw_rng_model",
            testcase: "scs-0102-prop-hw_rng_model",
            need: Need::Recommended,
            fits: |text, _, _| text == "virtio",
            expected: "`virtio`",
        },
        Self {
            name: "hotfix_hours",
            testcase: "scs-0102-prop-hotfix_hours",
            need: Need::RecommendedByTest,
            fits: |text, _, _| {
                text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u32>().is_ok()
            },
            expected: "a number of hours; 0 if nothing is promised",
        },
    ];

    /// What the test case counts for.
    pub fn target(&self, edition: Edition) -> Target {
        match (self.need, edition) {
            (Need::Recommended | Need::RecommendedByTest, _)
            | (Need::MandatoryInV2, Edition::V1) => Target::Recommended,
            _ => Target::Main,
        }
    }

    /// What is wrong with the property of this image, if anything.
    pub(super) fn look(&self, image: &Image, edition: Edition, mode: Mode) -> Option<Finding> {
        let Self { name, expected, .. } = self;
        let text = match *name {
            "min_disk" => (image.min_disk > 0).then_some("set"),
            "min_ram" => (image.min_ram > 0).then_some("set"),
            name => ImageMetadata::of(image).text(name),
        };
        match text {
            Some(text) if (self.fits)(text, edition, mode) => None,
            Some(text) => Some(Finding::violation(
                subject(image),
                format!("{name} is `{text}`; make it {expected}"),
            )),
            None => {
                let severity = match (self.need, mode) {
                    (Need::MandatoryByText, Mode::Reference)
                    | (Need::RecommendedByTest, Mode::Spec) => Severity::Advice,
                    _ => Severity::Violation,
                };
                let message = format!("says no {name}; make it {expected}");
                Some(Finding::new(severity, subject(image), message))
            }
        }
    }
}

fn is_one_of(text: &str, words: &str) -> bool {
    words.split_ascii_whitespace().any(|word| word == text)
}

/// Whether it names a scheme and a host.
fn is_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| url.has_host()) && text.contains("://")
}

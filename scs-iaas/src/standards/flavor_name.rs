//! SCS-0100: what the names of flavors promise.
//!
//! ```
//! use scs_iaas::standards::flavor_name::{FlavorName, Language};
//!
//! let name: FlavorName = "SCS-4V-16-100s_kvm_z3h".parse()?;
//! assert_eq!((name.cpu.count, name.ram.gib()), (4, 16.0));
//! assert_eq!(name.short().to_string(), "SCS-4V-16-100s");
//! assert_eq!(name.v1().as_deref(), Some("SCS-4V:16:100s-kvm-z3h"));
//! assert_eq!(
//!     name.short().describe(Language::English),
//!     "4 shared vCPUs, 16 GiB RAM, local SSD of 100 GB"
//! );
//!
//! let error = "SCS-4V-16-100q".parse::<FlavorName>().unwrap_err();
//! assert_eq!(error.position(), 13);
//! # Ok::<(), scs_iaas::standards::flavor_name::InvalidFlavorName>(())
//! ```
//!
//! A name has a fixed order, and all of its letters count:
//!
//! ```text
//! SCS-4V-16-100s_kvm_hwv_z3h_GNa-72h-24h_ib
//!     |  |  |    |   |   |   |           InfiniBand
//!     |  |  |    |   |   |   GPU: access, vendor, generation, units, memory in GiB
//!     |  |  |    |   |   CPU: vendor, generation, frequency of all cores
//!     |  |  |    |   hardware virtualization
//!     |  |  |    hypervisor
//!     |  |  disk: `3x100s` are three; without a number the cloud decides; no part, no disk
//!     |  memory in GiB, in halves; `u` without ECC, `o` oversubscribed
//!     CPUs and their class; `i` if the microcode may be old
//! ```
//!
//! The deprecated spelling of version 1, `SCS-4V:16:100s-kvm`, is read in either mode.
//! [`Spelling::of`] tells which of the two a text has.
//!
//! # Two modes
//! The text of the standard and its official test differ. [`Mode::Spec`] is the text, and also
//! what `parse` from [`str`] does; [`Mode::Reference`] is the test:
//!
//! | name | by the text | in the test |
//! |---|---|---|
//! | `_GNa_ib`, `_GN_ib`: InfiniBand behind a GPU without a number of units | legal | refused |
//! | `-04`, `04V`, `_z03`: leading zeros | refused | like `-4`, `4V`, `_z3` |
//! | `-.5`, `4.`, `4.0`, `4.50` GiB | refused | like `0.5`, `4`, `4`, `4.5` |
//! | `-x10`, `-1x10`: one disk | refused | like `-10` |
//! | `_z0`: a generation that is left out | refused | like `_z` |
//! | `_GNah`: a grade of units whose number is not said | refused | read, not printed |
//! | `_GN-72`: units without a generation | refused | read |
//! | `_GNah-24`: memory behind a grade without units | refused | read |
//! | `_GNa-72-24hh`: the higher grade of memory | refused | read |
//! | `SCS-2C-4-n_bms_3`, an example of the text | refused: no vendor has the letter `3` | refused |
//!
//! Both refuse zeros (no CPU, no memory, a disk of 0 GB), numbers of 2⁶⁴ and above, unknown
//! generations, blanks, other cases and digits of other scripts, and in the spelling of
//! version 1 `chy`.
//!
//! `FlavorName::shortfalls` (feature `conformance`) has one difference, too: where a name says that
//! there is a disk but not how large, the test gives up and the text asks for nothing.
//!
//! Reading a name takes 90 ns for a short one and 400 ns for a long one
//! (`cargo bench -p scs-benches --bench flavor_name`), and no memory from the heap.
//!
//! [Text](https://docs.scs.community/standards/scs-0100-v3-flavor-naming)

mod builder;
#[cfg(feature = "conformance")]
mod check;
mod compare;
mod error;
mod parse;
mod print;
mod table;
#[cfg(test)]
#[cfg(feature = "conformance")]
mod tests;
mod text;

use std::str::FromStr;

use scs_core::standards::Mode;
use serde::{Serialize, Serializer, ser::SerializeStruct};

#[cfg(feature = "conformance")]
pub use self::check::check;
#[cfg(feature = "conformance")]
pub(super) use self::check::subject;
pub use self::{
    builder::FlavorNameBuilder,
    error::InvalidFlavorName,
    print::Spelling,
    table::{
        CpuClass, CpuModel, CpuVendor, DiskType, Frequency, GpuAccess, GpuGrade, GpuModel,
        GpuVendor, Hypervisor,
    },
    text::Language,
};
use crate::compute::Flavor;

/// What the name of a flavor promises; see the [module](self).
///
/// `Display` writes the canonical name, with all parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct FlavorName {
    /// The CPUs.
    pub cpu: Cpu,
    /// The memory.
    pub ram: Ram,
    /// The disks; `None` if servers have to boot from a volume.
    pub disk: Option<Disk>,
    /// The hypervisor, if it is said.
    pub hypervisor: Option<Hypervisor>,
    /// Whether servers can run virtual machines with the help of the hardware.
    pub hardware_virtualization: bool,
    /// The kind of CPU; `None` is any x86-64.
    pub arch: Option<Arch>,
    /// The graphics processor.
    pub gpu: Option<Gpu>,
    /// Whether there is InfiniBand.
    pub infiniband: bool,
}

impl FlavorName {
    /// Reads a name.
    ///
    /// ```
    /// use scs_core::standards::Mode;
    /// use scs_iaas::standards::flavor_name::FlavorName;
    ///
    /// assert!(FlavorName::parse("SCS-2V-04", Mode::Spec).is_err());
    /// let name = FlavorName::parse("SCS-2V-04", Mode::Reference)?;
    /// assert_eq!(name.to_string(), "SCS-2V-4");
    /// # Ok::<(), scs_iaas::standards::flavor_name::InvalidFlavorName>(())
    /// ```
    ///
    /// # Errors
    /// What was expected at which character.
    /// [`is_foreign`](InvalidFlavorName::is_foreign) if the name does not begin with `SCS-`, and
    /// so is free to be anything.
    pub fn parse(name: &str, mode: Mode) -> Result<Self, InvalidFlavorName> {
        parse::Cursor::new(name, mode).name()
    }

    /// The name that the standard wants to be offered too, next to a long one.
    ///
    /// It leaves out the hypervisor, hardware virtualization, the x86 vendor, generations and
    /// frequencies of CPUs, and the grades of the graphics processor.
    #[must_use]
    pub fn short(&self) -> Self {
        let arch = self.arch.filter(|arch| arch.model.architecture() != "x86_64");
        Self {
            hypervisor: None,
            hardware_virtualization: false,
            arch: arch.map(|arch| Arch::new(arch.model.any_generation())),
            gpu: self.gpu.map(|gpu| Gpu {
                units_grade: GpuGrade::Usual,
                vram_grade: GpuGrade::Usual,
                ..gpu
            }),
            ..*self
        }
    }

    /// The property `architecture` of images that run on such a flavor.
    pub fn architecture(&self) -> &'static str {
        self.arch.map_or("x86_64", |arch| arch.model.architecture())
    }
}

/// By the text of the standard: [`Mode::Spec`].
impl FromStr for FlavorName {
    type Err = InvalidFlavorName;

    fn from_str(name: &str) -> Result<Self, InvalidFlavorName> {
        Self::parse(name, Mode::Spec)
    }
}

/// The CPUs of a flavor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Cpu {
    /// How many; at least 1.
    pub count: u64,
    /// What of each a server gets.
    pub class: CpuClass,
    /// Whether the microcode may be old, or threads be shared on CPUs where that leaks.
    pub insecure: bool,
}

/// The memory of a flavor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Ram {
    halves: u64,
    /// Whether it goes without error correction.
    pub no_ecc: bool,
    /// Whether more of it is promised than there is.
    pub oversubscribed: bool,
}

impl Ram {
    /// So many GiB, with error correction and not oversubscribed.
    pub fn of_gib(gib: u32) -> Self {
        Self { halves: u64::from(gib) * 2, no_ecc: false, oversubscribed: false }
    }

    /// The size in GiB, a multiple of a half.
    pub fn gib(self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // No machine has 2^52 GiB.
        let halves = self.halves as f64;
        halves / 2.0
    }

    /// The size in MiB.
    pub const fn mib(self) -> u64 {
        self.halves.saturating_mul(512)
    }
}

impl Serialize for Ram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut ram = serializer.serialize_struct("Ram", 3)?;
        ram.serialize_field("gib", &self.gib())?;
        ram.serialize_field("no_ecc", &self.no_ecc)?;
        ram.serialize_field("oversubscribed", &self.oversubscribed)?;
        ram.end()
    }
}

/// The disks of a flavor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Disk {
    /// How many, independent of each other; at least 1.
    pub count: u64,
    /// The size of each in GB; `None` if the cloud makes it large enough for the image.
    pub size: Option<u64>,
    /// What they are made of; `None` if that is up to the cloud.
    #[serde(rename = "type")]
    pub kind: Option<DiskType>,
}

/// The kind of CPU of a flavor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Arch {
    /// Vendor and generation.
    #[serde(flatten)]
    pub model: CpuModel,
    /// What all cores reach.
    pub frequency: Frequency,
}

impl Arch {
    const fn new(model: CpuModel) -> Self {
        Self { model, frequency: Frequency::Unspecified }
    }
}

/// The graphics processor of a flavor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Gpu {
    /// How the server gets it.
    pub access: GpuAccess,
    /// Vendor and generation.
    #[serde(flatten)]
    pub model: GpuModel,
    /// How many processing units: see [`GpuVendor::units`].
    pub units: Option<u64>,
    /// How fast they are.
    pub units_grade: GpuGrade,
    /// Its memory in GiB.
    pub vram: Option<u64>,
    /// How fast that is.
    pub vram_grade: GpuGrade,
}

impl Gpu {
    const fn new(access: GpuAccess, model: GpuModel) -> Self {
        let (units_grade, vram_grade) = (GpuGrade::Usual, GpuGrade::Usual);
        Self { access, model, units: None, units_grade, vram: None, vram_grade }
    }
}

impl Flavor {
    /// The SCS names it bears: the one that it is listed by, then those of its extra specs
    /// `scs:name-vN`. All of them are promises, also one that only the text of the standard or
    /// only its official test takes for legal; texts that are no names are left out.
    pub fn scs_names(&self) -> impl Iterator<Item = FlavorName> {
        let variants = self.extra_specs.iter();
        let variants = variants.filter(|(key, _)| key.starts_with("scs:name-v"));
        std::iter::once(&self.name).chain(variants.map(|(_, name)| name)).filter_map(|name| {
            let by = |mode| FlavorName::parse(name, mode).ok();
            by(Mode::Spec).or_else(|| by(Mode::Reference))
        })
    }
}

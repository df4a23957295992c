//! Names in plain words.

use std::fmt;

use super::{
    Arch, Cpu, CpuClass, Disk, DiskType, FlavorName, Frequency, Gpu, GpuAccess, GpuGrade,
    Hypervisor, Ram,
};

/// A language that names are described in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
}

impl Language {
    /// The one of two wordings that is in this language.
    const fn pick<'a>(self, english: &'a str, german: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::German => german,
        }
    }
}

impl FlavorName {
    /// The name in plain words, on one line.
    ///
    /// ```
    /// use scs_iaas::standards::flavor_name::{FlavorName, Language};
    ///
    /// let name: FlavorName = "SCS-1L-0.5u_kvm_a1".parse()?;
    /// assert_eq!(
    ///     name.describe(Language::English),
    ///     "1 crowded vCPU, 0.5 GiB RAM without ECC, no disk (boot from a volume), KVM, \
    ///      CPU ARM A76/Neoverse N1"
    /// );
    /// assert_eq!(
    ///     name.describe(Language::German),
    ///     "1 überfüllte vCPU, 0,5 GiB RAM ohne ECC, keine Platte (Start von einem Volume), KVM, \
    ///      CPU ARM A76/Neoverse N1"
    /// );
    /// # Ok::<(), scs_iaas::standards::flavor_name::InvalidFlavorName>(())
    /// ```
    pub fn describe(&self, language: Language) -> String {
        Described(self, language).to_string()
    }
}

struct Described<'a>(&'a FlavorName, Language);

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name, language) = *self;
        cpu(name.cpu, language, f)?;
        f.write_str(", ")?;
        ram(name.ram, language, f)?;
        f.write_str(", ")?;
        match name.disk {
            Some(some) => disk(some, language, f)?,
            None => f.write_str(
                language
                    .pick("no disk (boot from a volume)", "keine Platte (Start von einem Volume)"),
            )?,
        }
        if let Some(some) = name.hypervisor {
            write!(f, ", {}", hypervisor(some, language))?;
        }
        if name.hardware_virtualization {
            let words = language.pick("hardware virtualization", "Hardware-Virtualisierung");
            write!(f, ", {words}")?;
        }
        if let Some(some) = name.arch {
            arch(some, language, f)?;
        }
        if let Some(some) = name.gpu {
            gpu(some, language, f)?;
        }
        if name.infiniband { f.write_str(", InfiniBand") } else { Ok(()) }
    }
}

fn cpu(cpu: Cpu, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (one, several) = match (cpu.class, language) {
        (CpuClass::Crowded, Language::English) => ("crowded vCPU", "crowded vCPUs"),
        (CpuClass::Crowded, Language::German) => ("überfüllte vCPU", "überfüllte vCPUs"),
        (CpuClass::Shared, Language::English) => ("shared vCPU", "shared vCPUs"),
        (CpuClass::Shared, Language::German) => ("geteilte vCPU", "geteilte vCPUs"),
        (CpuClass::DedicatedThread, Language::English) => ("dedicated thread", "dedicated threads"),
        (CpuClass::DedicatedThread, Language::German) => ("eigener Thread", "eigene Threads"),
        (CpuClass::DedicatedCore, Language::English) => ("dedicated core", "dedicated cores"),
        (CpuClass::DedicatedCore, Language::German) => ("eigener Kern", "eigene Kerne"),
    };
    write!(f, "{} {}", cpu.count, if cpu.count == 1 { one } else { several })?;
    if cpu.insecure {
        f.write_str(language.pick(" (insecure)", " (unsicher)"))?;
    }
    Ok(())
}

fn ram(ram: Ram, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let half = if ram.halves % 2 == 1 { language.pick(".5", ",5") } else { "" };
    write!(f, "{}{half} GiB RAM", ram.halves / 2)?;
    f.write_str(match (ram.no_ecc, ram.oversubscribed) {
        (false, false) => "",
        (true, false) => language.pick(" without ECC", " ohne ECC"),
        (false, true) => language.pick(" (oversubscribed)", " (überbucht)"),
        (true, true) => language.pick(" without ECC (oversubscribed)", " ohne ECC (überbucht)"),
    })
}

fn disk(disk: Disk, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (one, several) = match (disk.kind, language) {
        (None, Language::English) => ("disk of any type", "disks of any type"),
        (None, Language::German) => ("Platte beliebiger Art", "Platten beliebiger Art"),
        (Some(DiskType::Network), Language::English) => ("network disk", "network disks"),
        (Some(DiskType::Network), Language::German) => ("Netzwerkplatte", "Netzwerkplatten"),
        (Some(DiskType::Hdd), Language::English) => ("local hard disk", "local hard disks"),
        (Some(DiskType::Hdd), Language::German) => ("lokale Festplatte", "lokale Festplatten"),
        (Some(DiskType::Ssd), Language::English) => ("local SSD", "local SSDs"),
        (Some(DiskType::Ssd), Language::German) => ("lokale SSD", "lokale SSDs"),
        (Some(DiskType::Nvme), Language::English) => ("local NVMe disk", "local NVMe disks"),
        (Some(DiskType::Nvme), Language::German) => ("lokale NVMe-Platte", "lokale NVMe-Platten"),
    };
    if disk.count == 1 {
        f.write_str(one)?;
    } else {
        write!(f, "{} {several}", disk.count)?;
    }
    match (disk.size, disk.count) {
        (None, _) => f.write_str(
            language.pick(" as large as the image needs", " in der Größe, die das Image braucht"),
        ),
        (Some(size), 1) => write!(f, " {} {size} GB", language.pick("of", "mit")),
        (Some(size), _) => write!(f, " {} {size} GB", language.pick("of", "mit je")),
    }
}

const fn hypervisor(hypervisor: Hypervisor, language: Language) -> &'static str {
    match (hypervisor, language) {
        (Hypervisor::Kvm, _) => "KVM",
        (Hypervisor::CloudHypervisor, _) => "Cloud Hypervisor",
        (Hypervisor::Xen, _) => "Xen",
        (Hypervisor::Vmware, _) => "VMware",
        (Hypervisor::HyperV, _) => "Hyper-V",
        (Hypervisor::BareMetal, Language::English) => "bare metal",
        (Hypervisor::BareMetal, Language::German) => "eigene Maschine ohne Hypervisor",
    }
}

fn arch(arch: Arch, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, ", CPU {}", arch.model.label())?;
    let ghz = match arch.frequency {
        Frequency::Unspecified => return Ok(()),
        Frequency::High => language.pick("2.75", "2,75"),
        Frequency::Higher => language.pick("3.25", "3,25"),
        Frequency::Highest => language.pick("3.75", "3,75"),
    };
    write!(f, " {} {ghz} GHz", language.pick("with all cores above", "mit allen Kernen über"))
}

fn gpu(gpu: Gpu, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let access = match gpu.access {
        GpuAccess::PassThrough => language.pick("pass-through GPU", "durchgereichte GPU"),
        GpuAccess::Virtual => language.pick("virtual GPU", "virtuelle GPU"),
    };
    write!(f, ", {access} {}", gpu.model.label())?;
    let mut word = language.pick(" with ", " mit ");
    if let Some(units) = gpu.units {
        write!(f, "{word}{units} {}", gpu.model.vendor().units())?;
        f.write_str(match gpu.units_grade {
            GpuGrade::Usual => "",
            GpuGrade::High => language.pick(" of high frequency", " mit hohem Takt"),
            GpuGrade::Higher => language.pick(" of very high frequency", " mit sehr hohem Takt"),
        })?;
        word = language.pick(" and ", " und ");
    }
    if let Some(vram) = gpu.vram {
        write!(f, "{word}{vram} GiB {}", language.pick("memory", "Speicher"))?;
        f.write_str(match gpu.vram_grade {
            GpuGrade::Usual => "",
            GpuGrade::High => language.pick(" of high bandwidth", " mit hoher Bandbreite"),
            GpuGrade::Higher => {
                language.pick(" of very high bandwidth", " mit sehr hoher Bandbreite")
            }
        })?;
    }
    Ok(())
}

//! Writes names in either spelling.

use std::fmt;

use super::{Arch, FlavorName, Gpu, GpuGrade, Hypervisor, parse::PREFIX};

/// The two ways to write the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// The deprecated one: `SCS-2V:4:20s-kvm`.
    V1,
    /// The present one: `SCS-2V-4-20s_kvm`.
    V2,
}

impl Spelling {
    /// That of a text, which need not be a name: what stands behind the CPUs decides.
    pub fn of(text: &str) -> Self {
        let behind_cpu = text.bytes().skip(PREFIX.len()).find(|b| b"-:".contains(b));
        if behind_cpu == Some(b':') { Self::V1 } else { Self::V2 }
    }

    /// What stands before memory, disk and the numbers of a GPU.
    pub(super) const fn part(self) -> &'static str {
        match self {
            Self::V1 => ":",
            Self::V2 => "-",
        }
    }

    /// What stands before all other parts.
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::V1 => "-",
            Self::V2 => "_",
        }
    }
}

impl FlavorName {
    /// The name in the deprecated spelling, all parts of it; `None` for Cloud Hypervisor, which
    /// that has no letters for.
    ///
    /// The way back is [`parse`](Self::parse), which reads both.
    pub fn v1(&self) -> Option<String> {
        let has_letters = self.hypervisor != Some(Hypervisor::CloudHypervisor);
        has_letters.then(|| Spelled { name: self, spelling: Spelling::V1 }.to_string())
    }
}

impl fmt::Display for FlavorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Spelled { name: self, spelling: Spelling::V2 }.fmt(f)
    }
}

struct Spelled<'a> {
    name: &'a FlavorName,
    spelling: Spelling,
}

impl fmt::Display for Spelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (part, extension) = (self.spelling.part(), self.spelling.extension());
        let FlavorName { cpu, ram, disk, .. } = self.name;
        let letter = |said, letter| if said { letter } else { "" };
        write!(f, "{PREFIX}{}{}{}", cpu.count, cpu.class.code(), letter(cpu.insecure, "i"))?;
        write!(f, "{part}{}{}", ram.halves / 2, letter(ram.halves % 2 == 1, ".5"))?;
        write!(f, "{}{}", letter(ram.no_ecc, "u"), letter(ram.oversubscribed, "o"))?;
        if let Some(disk) = disk {
            f.write_str(part)?;
            if disk.count > 1 {
                write!(f, "{}x", disk.count)?;
            }
            if let Some(size) = disk.size {
                write!(f, "{size}")?;
            }
            f.write_str(disk.kind.map_or("", |kind| kind.code()))?;
        }
        if let Some(hypervisor) = self.name.hypervisor {
            write!(f, "{extension}{}", hypervisor.code())?;
        }
        if self.name.hardware_virtualization {
            write!(f, "{extension}hwv")?;
        }
        if let Some(Arch { model, frequency }) = self.name.arch {
            write!(f, "{extension}{}{}{}", model.vendor().code(), model.code(), frequency.code())?;
        }
        if let Some(gpu) = &self.name.gpu {
            f.write_str(extension)?;
            self.gpu(gpu, f)?;
        }
        if self.name.infiniband { write!(f, "{extension}ib") } else { Ok(()) }
    }
}

impl Spelled<'_> {
    fn gpu(&self, gpu: &Gpu, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = self.spelling.part();
        write!(f, "{}{}{}", gpu.access.code(), gpu.model.vendor().code(), gpu.model.code())?;
        if let Some(units) = gpu.units {
            write!(f, "{part}{units}")?;
        }
        f.write_str(match (gpu.units, gpu.vram) {
            (Some(_), _) => gpu.units_grade.code(),
            // Without a grade the memory would read as units.
            (None, Some(_)) => gpu.units_grade.max(GpuGrade::High).code(),
            (None, None) => "",
        })?;
        if let Some(vram) = gpu.vram {
            write!(f, "{part}{vram}{}", gpu.vram_grade.code())?;
        }
        Ok(())
    }
}

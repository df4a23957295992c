use scs_core::{Error, Result, standards::Mode};

use super::{
    Arch, Cpu, CpuClass, CpuModel, Disk, DiskType, FlavorName, Frequency, Gpu, GpuAccess, GpuGrade,
    GpuModel, Hypervisor, Ram,
};

impl FlavorName {
    pub(in crate::standards) const fn new(cpu: Cpu, ram: Ram) -> Self {
        Self {
            cpu,
            ram,
            disk: None,
            hypervisor: None,
            hardware_virtualization: false,
            arch: None,
            gpu: None,
            infiniband: false,
        }
    }

    /// Starts a name from what each must say: so many CPUs of this class, so much memory in GiB.
    ///
    /// ```
    /// use scs_iaas::standards::flavor_name::{
    ///     CpuClass, CpuModel, DiskType, FlavorName, GpuAccess, GpuModel,
    /// };
    ///
    /// let name = FlavorName::builder(16, CpuClass::DedicatedThread, 64.0)
    ///     .disk(200)
    ///     .disk_type(DiskType::Ssd)
    ///     .cpu_model(CpuModel::AmdGenoa)
    ///     .gpu(GpuAccess::PassThrough, GpuModel::NvidiaAmpere)
    ///     .gpu_units(72)
    ///     .gpu_vram(24)
    ///     .build()?;
    /// assert_eq!(name.to_string(), "SCS-16T-64-200s_z4_GNa-72-24");
    /// # Ok::<(), scs_core::Error>(())
    /// ```
    pub fn builder(cpus: u64, class: CpuClass, ram_gib: f64) -> FlavorNameBuilder {
        // What is no number of halves becomes none at all, which `build` refuses.
        let halves = ram_gib * 2.0;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It saturates.
        let halves = if halves.fract() == 0.0 { halves as u64 } else { 0 };
        let cpu = Cpu { count: cpus, class, insecure: false };
        let ram = Ram { halves, no_ecc: false, oversubscribed: false };
        FlavorNameBuilder { name: FlavorName::new(cpu, ram), lost: None }
    }
}

/// A name that is being put together: see [`FlavorName::builder`].
#[derive(Debug, Clone)]
#[must_use]
pub struct FlavorNameBuilder {
    name: FlavorName,
    /// What was said of a part that is not there.
    lost: Option<&'static str>,
}

impl FlavorNameBuilder {
    /// Microcode may be old, or threads are shared on CPUs where that leaks.
    pub fn insecure(mut self) -> Self {
        self.name.cpu.insecure = true;
        self
    }

    /// Memory goes without error correction.
    pub fn no_ecc(mut self) -> Self {
        self.name.ram.no_ecc = true;
        self
    }

    /// More memory is promised than there is.
    pub fn oversubscribed(mut self) -> Self {
        self.name.ram.oversubscribed = true;
        self
    }

    /// There is a disk of this size in GB; `None` if the cloud decides how large it is.
    pub fn disk(mut self, size: impl Into<Option<u64>>) -> Self {
        self.some_disk().size = size.into();
        self
    }

    /// There are so many disks.
    pub fn disk_count(mut self, count: u64) -> Self {
        self.some_disk().count = count;
        self
    }

    /// The disks are made of this.
    pub fn disk_type(mut self, kind: DiskType) -> Self {
        self.some_disk().kind = Some(kind);
        self
    }

    fn some_disk(&mut self) -> &mut Disk {
        self.name.disk.get_or_insert(Disk { count: 1, size: None, kind: None })
    }

    /// Servers run on this hypervisor.
    pub fn hypervisor(mut self, hypervisor: Hypervisor) -> Self {
        self.name.hypervisor = Some(hypervisor);
        self
    }

    /// Servers can run virtual machines with the help of the hardware.
    pub fn hardware_virtualization(mut self) -> Self {
        self.name.hardware_virtualization = true;
        self
    }

    /// The CPUs are of this kind.
    pub fn cpu_model(mut self, model: CpuModel) -> Self {
        self.name.arch = Some(Arch::new(model));
        self
    }

    /// All cores reach this, of the CPU that was named before.
    pub fn frequency(mut self, frequency: Frequency) -> Self {
        match &mut self.name.arch {
            Some(arch) => arch.frequency = frequency,
            None => self.lost = Some("a frequency needs a CPU model"),
        }
        self
    }

    /// There is a graphics processor.
    pub fn gpu(mut self, access: GpuAccess, model: GpuModel) -> Self {
        self.name.gpu = Some(Gpu::new(access, model));
        self
    }

    /// The graphics processor that was named before has so many processing units.
    pub fn gpu_units(self, units: u64) -> Self {
        self.of_gpu(|gpu| gpu.units = Some(units))
    }

    /// Its units are this fast.
    pub fn gpu_units_grade(self, grade: GpuGrade) -> Self {
        self.of_gpu(|gpu| gpu.units_grade = grade)
    }

    /// Its memory in GiB; only legal with units.
    pub fn gpu_vram(self, gib: u64) -> Self {
        self.of_gpu(|gpu| gpu.vram = Some(gib))
    }

    /// Its memory is this fast.
    pub fn gpu_vram_grade(self, grade: GpuGrade) -> Self {
        self.of_gpu(|gpu| gpu.vram_grade = grade)
    }

    fn of_gpu(mut self, change: impl FnOnce(&mut Gpu)) -> Self {
        match &mut self.name.gpu {
            Some(gpu) => change(gpu),
            None => self.lost = Some("what is said of a GPU needs one"),
        }
        self
    }

    /// There is InfiniBand.
    pub fn infiniband(mut self) -> Self {
        self.name.infiniband = true;
        self
    }

    /// The name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](scs_core::ErrorKind) if the text of the standard has no name
    /// for it: a number is 0, memory is no multiple of a half, or something is said of a part
    /// that is not there.
    pub fn build(self) -> Result<FlavorName> {
        if let Some(lost) = self.lost {
            return Err(Error::invalid(lost));
        }
        let text = self.name.to_string();
        match FlavorName::parse(&text, Mode::Spec) {
            Ok(name) if name == self.name => Ok(name),
            Ok(_) => Err(Error::invalid(format!("`{text}` does not say all that is asked for"))),
            Err(error) => Err(Error::invalid(format!("`{text}` would be no flavor name: {error}"))),
        }
    }
}

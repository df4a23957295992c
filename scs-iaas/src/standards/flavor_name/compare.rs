//! Whether one name promises what another one does.

use super::{Arch, Cpu, Disk, FlavorName, Gpu, Ram};

impl FlavorName {
    /// Whether this name promises at least all that `need` does: a flavor with this name may also
    /// bear the other.
    ///
    /// ```
    /// use scs_iaas::standards::flavor_name::FlavorName;
    ///
    /// let offer: FlavorName = "SCS-4C-16-50p_z3".parse()?;
    /// assert!(offer.satisfies(&"SCS-2V-8-50s".parse()?));
    /// assert!(!offer.satisfies(&"SCS-2V-8-50s_i".parse()?));
    /// # Ok::<(), scs_iaas::standards::flavor_name::InvalidFlavorName>(())
    /// ```
    ///
    /// - CPUs: `C` over `T` over `V` over `L`. Without `u`, `o` or `i` over with it.
    /// - Disks: `p` over `s` over `h` over `n`, as in the text's own example. Whoever needs `n`
    ///   for live migration, or because it survives a node, has to ask for exactly that. A size
    ///   that is up to the cloud satisfies no need of a certain size.
    /// - CPU models: of the same vendor, of the same generation or a later one. No model means
    ///   any x86-64, so that an ARM flavor does not satisfy it.
    /// - GPUs: the same access, vendor and generation. Generations are families for different
    ///   purposes, and their units cannot be compared.
    pub fn satisfies(&self, need: &Self) -> bool {
        self.cpu.satisfies(need.cpu)
            && self.ram.satisfies(need.ram)
            && has(self.disk, need.disk, Disk::satisfies)
            && (need.hypervisor.is_none() || self.hypervisor == need.hypervisor)
            && (self.hardware_virtualization || !need.hardware_virtualization)
            && self.architecture() == need.architecture()
            && has(self.arch, need.arch, Arch::satisfies)
            && has(self.gpu, need.gpu, Gpu::satisfies)
            && (self.infiniband || !need.infiniband)
    }
}

/// Whether what is offered is enough, if something is needed.
fn has<T>(offer: Option<T>, need: Option<T>, satisfies: fn(T, T) -> bool) -> bool {
    need.is_none_or(|need| offer.is_some_and(|offer| satisfies(offer, need)))
}

impl Cpu {
    fn satisfies(self, need: Self) -> bool {
        self.count >= need.count && self.class >= need.class && (!self.insecure || need.insecure)
    }
}

impl Ram {
    fn satisfies(self, need: Self) -> bool {
        self.halves >= need.halves
            && (!self.no_ecc || need.no_ecc)
            && (!self.oversubscribed || need.oversubscribed)
    }
}

impl Disk {
    fn satisfies(self, need: Self) -> bool {
        // `None` is less than any number and any type.
        self.count >= need.count && self.size >= need.size && self.kind >= need.kind
    }
}

impl Arch {
    pub(in crate::standards) fn satisfies(self, need: Self) -> bool {
        self.model.vendor() == need.model.vendor()
            && self.model.generation() >= need.model.generation()
            && self.frequency >= need.frequency
    }
}

impl Gpu {
    fn satisfies(self, need: Self) -> bool {
        self.access == need.access
            && self.model.vendor() == need.model.vendor()
            && (need.model.is_any_generation() || self.model == need.model)
            && self.units >= need.units
            && self.units_grade >= need.units_grade
            && self.vram >= need.vram
            && self.vram_grade >= need.vram_grade
    }
}

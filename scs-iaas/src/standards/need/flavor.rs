use std::fmt;

use scs_core::Result;

use super::{Choice, Criterion, Lack, Rules};
use crate::{
    OpenStack,
    compute::Flavor,
    image::Image,
    standards::{
        extra_specs::{self, ExtraSpecs},
        flavor_name::{
            Arch, CpuClass, CpuModel, DiskType, FlavorName, Frequency, Gpu, GpuAccess, GpuModel,
        },
    },
};

/// What servers run on if nobody says otherwise.
pub(super) const X86: &str = "x86_64";

impl Flavor {
    /// Starts a description of the flavor that is needed.
    pub fn need() -> FlavorNeed {
        FlavorNeed::default()
    }
}

/// What a flavor has to be and to promise: see [`need`](super). What is not asked for is open.
///
/// ```
/// use scs_iaas::{compute::Flavor, standards::flavor_name::CpuClass};
///
/// let flavors: Vec<Flavor> = serde_json::from_str(
///     r#"[{"id": "1", "name": "SCS-4V-16", "vcpus": 4, "ram": 16384, "disk": 0},
///         {"id": "2", "name": "SCS-2V-8-20s", "vcpus": 2, "ram": 8192, "disk": 20},
///         {"id": "3", "name": "SCS-2L-8", "vcpus": 2, "ram": 8192, "disk": 0}]"#,
/// )?;
/// let need = Flavor::need().vcpus(2).ram(8000).cpu_class(CpuClass::Shared);
/// let choice = need.choose(&flavors)?;
/// assert_eq!(choice.chosen.name, "SCS-2V-8-20s");
/// assert_eq!(
///     choice.to_string(),
///     "`SCS-2V-8-20s` (2 vCPUs, 8192 MiB of memory, a disk of 20 GiB, shared-core, ssd): the \
///      smallest of 2 that do for 2 vCPUs, 8000 MiB of memory, shared-core, out of 3\n\
///      next: `SCS-4V-16` has more vCPUs"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The smallest is the one with the fewest vCPUs, of these the one with the least memory, then
/// the smallest disk, then the weakest class of CPUs. Those with old microcode, a graphics
/// processor or an architecture that nobody asked for come last.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct FlavorNeed {
    vcpus: u32,
    ram: u32,
    class: Option<CpuClass>,
    disk: u32,
    disk_type: Option<DiskType>,
    /// What a disk must hold, where there is one: else the server boots from a volume.
    image_disk: u32,
    architecture: Option<String>,
    arch: Option<Arch>,
    gpu: Option<GpuNeed>,
}

#[derive(Debug, Clone, Copy, Default)]
struct GpuNeed {
    access: Option<GpuAccess>,
    model: Option<GpuModel>,
    units: Option<u64>,
    vram: Option<u64>,
}

impl FlavorNeed {
    /// At least so many virtual CPUs.
    pub fn vcpus(mut self, count: u32) -> Self {
        self.vcpus = count;
        self
    }

    /// At least so much memory, in MiB; the most of what is asked for if said several times.
    pub fn ram(mut self, mib: u32) -> Self {
        self.ram = self.ram.max(mib);
        self
    }

    /// At least so much of each CPU.
    pub fn cpu_class(mut self, class: CpuClass) -> Self {
        self.class = Some(class);
        self
    }

    /// A root disk of at least so many GiB, and not a boot from a volume.
    pub fn disk(mut self, gib: u32) -> Self {
        self.disk = gib;
        self
    }

    /// A root disk of this or better: NVMe over SSD over hard disk. Storage in the network is
    /// neither better nor worse than these: it is slower, and survives the failure of a node.
    pub fn disk_type(mut self, kind: DiskType) -> Self {
        self.disk_type = Some(kind);
        self.disk = self.disk.max(1);
        self
    }

    /// For programs of this architecture, as images name it: `x86_64`, `aarch64`.
    pub fn architecture(mut self, architecture: impl Into<String>) -> Self {
        self.architecture = Some(architecture.into());
        self
    }

    /// CPUs of this vendor, and of this generation or a later one.
    pub fn cpu_model(mut self, model: CpuModel) -> Self {
        self.arch = Some(Arch { model, frequency: Frequency::Unspecified });
        self.architecture(model.architecture())
    }

    /// A graphics processor, of whatever kind.
    pub fn gpu(mut self) -> Self {
        self.some_gpu();
        self
    }

    /// A graphics processor of this vendor and generation; of any one if the generation is not
    /// said (`GpuModel::Nvidia`).
    pub fn gpu_model(mut self, model: GpuModel) -> Self {
        self.some_gpu().model = Some(model);
        self
    }

    /// A graphics processor that the server gets in this way.
    pub fn gpu_access(mut self, access: GpuAccess) -> Self {
        self.some_gpu().access = Some(access);
        self
    }

    /// A graphics processor with at least so many processing units.
    pub fn gpu_units(mut self, units: u64) -> Self {
        self.some_gpu().units = Some(units);
        self
    }

    /// A graphics processor with at least so many GiB of memory.
    pub fn gpu_vram(mut self, gib: u64) -> Self {
        self.some_gpu().vram = Some(gib);
        self
    }

    fn some_gpu(&mut self) -> &mut GpuNeed {
        self.gpu.get_or_insert_default()
    }

    /// What this image needs to run: its memory, its architecture, and a disk that holds it if the
    /// flavor has one.
    pub fn image(mut self, image: &Image) -> Self {
        self.image_disk = self.image_disk.max(image.min_disk);
        if let Some(architecture) = image.architecture() {
            self.architecture = Some(architecture.to_owned());
        }
        self.ram(image.min_ram)
    }

    /// The smallest of these flavors that does.
    ///
    /// # Errors
    /// [`NotFound`](scs_core::ErrorKind::NotFound) with the nearest misses and what they lack.
    pub fn choose<'a>(&self, flavors: &'a [Flavor]) -> Result<Choice<&'a Flavor>> {
        super::choose(self, flavors)
    }

    /// The smallest flavor of this cloud that does.
    ///
    /// Extra specs are asked for as Nova offers them since version 2.61. From an older one they
    /// are read flavor by flavor, and only if the need depends on them.
    ///
    /// # Errors
    /// As [`choose`](Self::choose), or if the flavors cannot be listed.
    pub async fn choose_in(&self, cloud: &OpenStack) -> Result<Choice<Flavor>> {
        let large_enough =
            |flavor: &Flavor| self.asks_for_promises() && self.sizes(flavor).is_empty();
        let flavors = extra_specs::flavors(cloud, large_enough).await?;
        self.choose(&flavors).map(Choice::cloned)
    }

    fn asks_for_promises(&self) -> bool {
        self.class.is_some()
            || self.disk_type.is_some()
            || self.architecture.is_some()
            || self.gpu.is_some()
    }

    /// What a flavor falls short of that no promise is needed for.
    fn sizes(&self, flavor: &Flavor) -> Vec<Lack> {
        let mut lacks = Vec::new();
        if flavor.is_disabled {
            lacks.push(Lack::wholly("is out of use"));
        }
        let disk = match (self.disk, flavor.is_diskless()) {
            (0, true) => 0,
            (asked, _) => asked.max(self.image_disk),
        };
        for (is, asked, of) in [
            (flavor.vcpus, self.vcpus, "vCPUs"),
            (flavor.ram, self.ram, "MiB of memory"),
            (flavor.disk, disk, "GiB of disk"),
        ] {
            if is < asked {
                lacks.push(Lack::partly(format!("has {is} {of}, not {asked}"), is, asked));
            }
        }
        lacks
    }
}

/// What a flavor promises.
pub(super) struct View<'a> {
    flavor: &'a Flavor,
    names: Vec<FlavorName>,
    class: Option<CpuClass>,
    disk_type: Option<DiskType>,
}

impl View<'_> {
    fn is_of_scs(&self) -> bool {
        !self.names.is_empty() || self.class.is_some() || self.disk_type.is_some()
    }

    /// As images name it; `None` if nothing is said.
    fn architecture(&self) -> Option<&'static str> {
        architecture(self.names.iter())
    }

    fn gpus(&self) -> impl Iterator<Item = Gpu> {
        self.names.iter().filter_map(|name| name.gpu)
    }

    fn is_insecure(&self) -> bool {
        !self.names.is_empty() && self.names.iter().all(|name| name.cpu.insecure)
    }
}

/// The architecture that the names of a flavor promise, as images name it.
pub(super) fn architecture<'n>(
    mut names: impl Iterator<Item = &'n FlavorName>,
) -> Option<&'static str> {
    // One of the names may say more than the others.
    let first = names.next()?;
    let model = std::iter::once(first).chain(names).find_map(|name| name.arch);
    Some(model.map_or(X86, |arch| arch.model.architecture()))
}

impl GpuNeed {
    fn is_met_by(&self, gpu: Gpu) -> bool {
        let model = |model: GpuModel| {
            model.vendor() == gpu.model.vendor()
                && (model.is_any_generation() || model == gpu.model)
        };
        self.access.is_none_or(|access| gpu.access == access)
            && self.model.is_none_or(model)
            && gpu.units >= self.units
            && gpu.vram >= self.vram
    }
}

fn suffices(is: DiskType, asked: DiskType) -> bool {
    (is == DiskType::Network) == (asked == DiskType::Network) && is >= asked
}

impl Rules for FlavorNeed {
    type Of = Flavor;
    type View<'a> = View<'a>;
    /// Whether any flavor has a promise of SCS.
    type Survey = bool;
    const BEST: &'static str = "the smallest";
    const ORDER: &'static [Criterion<Self>] = &[
        Criterion {
            after: "has a graphics processor",
            order: |need, one, other| {
                let unasked = |view: &View<'_>| need.gpu.is_none() && view.gpus().next().is_some();
                unasked(one).cmp(&unasked(other))
            },
        },
        Criterion {
            after: "is not for x86-64",
            order: |need, one, other| {
                let unasked = |view: &View<'_>| {
                    need.architecture.is_none() && view.architecture().is_some_and(|a| a != X86)
                };
                unasked(one).cmp(&unasked(other))
            },
        },
        Criterion {
            after: "may have old microcode",
            order: |_, one, other| one.is_insecure().cmp(&other.is_insecure()),
        },
        Criterion {
            after: "has more vCPUs",
            order: |_, one, other| one.flavor.vcpus.cmp(&other.flavor.vcpus),
        },
        Criterion {
            after: "has more memory",
            order: |_, one, other| one.flavor.ram.cmp(&other.flavor.ram),
        },
        Criterion {
            after: "has a larger disk",
            order: |_, one, other| one.flavor.disk.cmp(&other.flavor.disk),
        },
        Criterion {
            after: "says nothing of its class of CPUs",
            order: |_, one, other| one.class.is_none().cmp(&other.class.is_none()),
        },
        Criterion {
            after: "promises more of each CPU",
            order: |_, one, other| one.class.cmp(&other.class),
        },
        Criterion {
            after: "has a better disk",
            order: |_, one, other| one.disk_type.cmp(&other.disk_type),
        },
    ];

    fn view(flavor: &Flavor) -> View<'_> {
        let names: Vec<_> = flavor.scs_names().collect();
        let specs = ExtraSpecs::from(&flavor.extra_specs);
        // What is said of the flavor counts more than what its names stand for.
        let class = specs.cpu_class.or_else(|| names.iter().map(|name| name.cpu.class).max());
        let by_name = names.iter().filter_map(|name| name.disk?.kind).max();
        let disk_type = specs.disk_type(0).or(by_name);
        View { flavor, names, class, disk_type: disk_type.filter(|_| !flavor.is_diskless()) }
    }

    fn survey(views: &[View<'_>]) -> bool {
        views.iter().any(View::is_of_scs)
    }

    fn unpromised(&self, &is_scs: &bool) -> Vec<String> {
        if is_scs {
            return Vec::new();
        }
        let because = "no flavor of this cloud has a name or an extra spec of SCS";
        let class = self.class.map(CpuClass::extra_spec);
        let disk = self.disk_type.map(DiskType::extra_spec);
        let model = self.arch.map(|arch| arch.model.label());
        let cpus = model.or(self.architecture.as_deref());
        let open = [class, disk, cpus].into_iter().flatten();
        open.map(|what| format!("{what}: {because}")).collect()
    }

    fn lacks(&self, offer: &View<'_>, &is_scs: &bool) -> Vec<Lack> {
        let mut lacks = self.sizes(offer.flavor);
        let mut lack = |words: String| lacks.push(Lack::wholly(words));
        match (offer.class, self.class) {
            (Some(is), Some(asked)) if is < asked => {
                lack(format!("is {}, not {}", is.extra_spec(), asked.extra_spec()));
            }
            (None, Some(_)) if is_scs => lack("says nothing of its class of CPUs".into()),
            _ => {}
        }
        match (offer.disk_type, self.disk_type) {
            // That there is no disk has been said.
            _ if offer.flavor.is_diskless() => {}
            (Some(is), Some(asked)) if !suffices(is, asked) => {
                lack(format!("has a disk of {}, not {}", is.extra_spec(), asked.extra_spec()));
            }
            (None, Some(_)) if is_scs => lack("says nothing of the type of its disk".into()),
            _ => {}
        }
        match (offer.architecture(), self.architecture.as_deref()) {
            (Some(is), Some(asked)) if is != asked => lack(format!("runs {is}, not {asked}")),
            (None, Some(asked)) if is_scs || asked != X86 => {
                lack(format!("does not say that it runs {asked}"));
            }
            (Some(_), _) => {
                let enough = |asked: Arch| {
                    offer.names.iter().filter_map(|name| name.arch).any(|is| is.satisfies(asked))
                };
                if let Some(asked) = self.arch.filter(|asked| !enough(*asked)) {
                    lack(format!("does not say that it has a CPU of {}", asked.model.label()));
                }
            }
            _ => {}
        }
        if let Some(asked) = self.gpu {
            if offer.gpus().next().is_none() {
                lack("says nothing of a graphics processor".into());
            } else if !offer.gpus().any(|gpu| asked.is_met_by(gpu)) {
                lack("has another graphics processor".into());
            }
        }
        lacks
    }

    fn describe(offer: &View<'_>) -> String {
        let flavor = offer.flavor;
        let mut words = vec![
            format!("{} vCPU{}", flavor.vcpus, if flavor.vcpus == 1 { "" } else { "s" }),
            format!("{} MiB of memory", flavor.ram),
            match flavor.disk {
                0 => "no disk".to_owned(),
                disk => format!("a disk of {disk} GiB"),
            },
        ];
        words.extend(offer.class.map(|class| class.extra_spec().to_owned()));
        words.extend(offer.disk_type.map(|kind| kind.extra_spec().to_owned()));
        words.extend(offer.gpus().next().map(|gpu| format!("GPU {}", gpu.model.label())));
        words.join(", ")
    }
}

impl fmt::Display for FlavorNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        let disk = self.disk.max(if self.disk > 0 { self.image_disk } else { 0 });
        for (asked, of) in
            [(self.vcpus, "vCPUs"), (self.ram, "MiB of memory"), (disk, "GiB of disk")]
        {
            if asked > 0 {
                words.push(format!("{asked} {of}"));
            }
        }
        if disk == 0 && self.image_disk > 0 {
            words.push(format!("{} GiB of disk if it has one", self.image_disk));
        }
        words.extend(self.class.map(|class| class.extra_spec().to_owned()));
        words.extend(self.disk_type.map(|kind| kind.extra_spec().to_owned()));
        match self.arch {
            Some(arch) => words.push(format!("a CPU of {}", arch.model.label())),
            None => words.extend(self.architecture.clone()),
        }
        if let Some(gpu) = self.gpu {
            let access = match gpu.access {
                Some(GpuAccess::PassThrough) => "a pass-through GPU",
                Some(GpuAccess::Virtual) => "a virtual GPU",
                None => "a GPU",
            };
            let model = gpu.model.map(|model| format!(" {}", model.label())).unwrap_or_default();
            words.push(format!("{access}{model}"));
            words.extend(gpu.units.map(|units| format!("{units} of its units")));
            words.extend(gpu.vram.map(|gib| format!("{gib} GiB of its memory")));
        }
        if words.is_empty() { f.write_str("anything") } else { f.write_str(&words.join(", ")) }
    }
}

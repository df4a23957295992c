use proptest::prelude::*;
use scs_core::standards::Mode;
use serde_json::json;

use super::{after, name, read};
use crate::{
    compute::Flavor,
    image::Image,
    standards::{
        flavor_name::{CpuClass, CpuModel, DiskType, FlavorName, GpuAccess, GpuModel},
        need::FlavorNeed,
        standard_flavors::StandardFlavor,
    },
};

/// A flavor that has what its name says.
fn flavor(name: &str) -> Flavor {
    let parsed = FlavorName::parse(name, Mode::Spec).unwrap();
    let disk = parsed.disk.map_or(0, |disk| disk.size.unwrap_or(10));
    sized(name, parsed.cpu.count, parsed.ram.mib(), disk)
}

fn sized(name: &str, vcpus: u64, ram: u64, disk: u64) -> Flavor {
    read(json!({"id": name, "name": name, "vcpus": vcpus, "ram": ram, "disk": disk}))
}

/// A flavor whose name says nothing, with these extra specs.
fn described(name: &str, vcpus: u64, ram: u64, disk: u64, specs: &[(&str, &str)]) -> Flavor {
    let specs = specs.iter().map(|&(key, value)| (key.into(), value.into())).collect();
    Flavor { extra_specs: specs, ..sized(name, vcpus, ram, disk) }
}

/// What every cloud has by SCS-0103, as the scopes up to v5.1 know it: by names.
fn named() -> Vec<Flavor> {
    StandardFlavor::ALL.iter().map(|standard| flavor(&standard.name().to_string())).collect()
}

/// The same in the deprecated spelling.
fn colons() -> Vec<Flavor> {
    let rename = |flavor: Flavor| {
        let name = flavor.name.parse::<FlavorName>().unwrap().v1().unwrap();
        Flavor { name, ..flavor }
    };
    named().into_iter().map(rename).collect()
}

/// The same, where only metadata tells.
fn by_metadata() -> Vec<Flavor> {
    let rename = |(at, standard): (usize, &StandardFlavor)| Flavor {
        extra_specs: standard.extra_specs(),
        name: format!("size-{at:02}"),
        ..flavor(&standard.name().to_string())
    };
    StandardFlavor::ALL.iter().enumerate().map(rename).collect()
}

/// The same, where nothing tells.
fn plain() -> Vec<Flavor> {
    let bare = |flavor: Flavor| Flavor { extra_specs: [].into(), ..flavor };
    by_metadata().into_iter().map(bare).collect()
}

#[test]
fn the_smallest_that_does_on_any_scope() {
    let need = Flavor::need;
    for (need, expected) in [
        (need(), "SCS-1L-1"),
        (need().cpu_class(CpuClass::Shared), "SCS-1V-2"),
        (need().vcpus(2).ram(6000), "SCS-2V-8"),
        (need().vcpus(3).ram(1).disk(1), "SCS-4V-8-20"),
        (need().vcpus(2).disk_type(DiskType::Ssd), "SCS-2V-4-20s"),
        (need().disk(60).disk_type(DiskType::Ssd), "SCS-4V-16-100s"),
        (need().ram(40_000).architecture("x86_64"), "SCS-8V-64"),
    ] {
        assert_eq!(name(need.choose(&named())), expected, "{need}");
        let standard: FlavorName = expected.parse().unwrap();
        assert_eq!(name(need.choose(&colons())), standard.v1().unwrap(), "{need}");
        let by_metadata = by_metadata();
        let choice = need.choose(&by_metadata).unwrap();
        assert_eq!(choice.chosen.extra_specs["scs:name-v2"], expected, "{need}");
        assert!(choice.unpromised.is_empty());
    }
}

#[test]
fn plain_clouds_are_judged_by_size_and_the_choice_says_so() {
    let flavors = plain();
    let need = Flavor::need().vcpus(2).ram(6000);
    assert!(need.choose(&flavors).unwrap().unpromised.is_empty());
    let need = need.cpu_class(CpuClass::DedicatedCore).disk(1).disk_type(DiskType::Nvme);
    let choice = need.choose(&flavors).unwrap();
    assert_eq!((choice.chosen.vcpus, choice.chosen.ram, choice.chosen.disk), (2, 8192, 20));
    let because = "no flavor of this cloud has a name or an extra spec of SCS";
    let expected = ["dedicated-core", "nvme"].map(|what| format!("{what}: {because}"));
    assert_eq!(choice.unpromised, expected);
    assert!(choice.to_string().contains("\nnot promised: dedicated-core: no flavor"), "{choice}");
    // One that says what it is turns silence into a lack.
    let mixed: Vec<_> = flavors.into_iter().chain([flavor("SCS-1L-1")]).collect();
    assert!(need.choose(&mixed).unwrap_err().is_not_found());

    // What nobody should take for granted.
    for need in [
        Flavor::need().gpu(),
        Flavor::need().architecture("aarch64"),
        Flavor::need().cpu_model(CpuModel::ArmA76),
    ] {
        let error = need.choose(&plain()).unwrap_err();
        assert!(error.is_not_found() && error.message().contains(" say"), "{error}");
    }
    let choice = Flavor::need().cpu_model(CpuModel::AmdMilan).choose(&plain()).unwrap().unpromised;
    assert_eq!(choice, [format!("AMD Zen 3 (Milan): {because}")]);
}

#[test]
fn what_is_special_is_for_those_who_ask() {
    let names = [
        "SCS-1V-2_GNa-8-4",
        "SCS-1V-2_a",
        "SCS-2Vi-4",
        "SCS-4V-8_z4",
        "SCS-8T-16-50n",
        "SCS-8T-16-50p_i3",
        "SCS-16C-64-200s_gNl",
    ];
    let flavors: Vec<_> = names.iter().map(|name| flavor(name)).collect();
    let need = Flavor::need;
    for (need, expected) in [
        (need(), 3),
        (need().vcpus(1).gpu(), 0),
        (need().gpu_access(GpuAccess::Virtual), 6),
        (need().gpu_model(GpuModel::Nvidia).gpu_units(8).gpu_vram(4), 0),
        (need().gpu_model(GpuModel::NvidiaAdaLovelace), 6),
        (need().architecture("aarch64"), 1),
        (need().cpu_model(CpuModel::Arm), 1),
        (need().cpu_model(CpuModel::AmdRome), 3),
        (need().cpu_model(CpuModel::Intel), 5),
        (need().disk_type(DiskType::Network), 4),
        (need().disk_type(DiskType::Hdd), 5),
        (need().cpu_class(CpuClass::DedicatedThread), 4),
    ] {
        assert_eq!(name(need.choose(&flavors)), names[expected], "{need}");
    }
    let choice = need().choose(&flavors).unwrap();
    assert_eq!(
        after(&choice),
        [
            "`SCS-8T-16-50n` has more vCPUs",
            "`SCS-8T-16-50p_i3` has more vCPUs",
            "`SCS-2Vi-4` may have old microcode"
        ]
    );
    for (need, lacks) in [
        (need().gpu_model(GpuModel::AmdCdna3), "`SCS-1V-2_GNa-8-4` has another graphics processor"),
        (need().cpu_model(CpuModel::AmdTurin), "does not say that it has a CPU of AMD Zen 5"),
        (need().architecture("riscv64"), "runs x86_64, not riscv64"),
    ] {
        let error = need.choose(&flavors).unwrap_err();
        assert!(error.message().contains(lacks), "{error}");
    }
}

#[test]
fn what_is_said_counts_more_than_names() {
    let flavors = [
        described("a", 1, 1024, 0, &[]),
        described(
            "b",
            1,
            2048,
            0,
            &[("scs:cpu-type", "crowded-core"), ("scs:name-v1", "SCS-1V-2")],
        ),
        described(
            "c",
            1,
            4096,
            0,
            &[("scs:cpu-type", "dedicated-core"), ("scs:name-v1", "SCS-1V:4")],
        ),
        described("d", 1, 8192, 9, &[("scs:disk0-type", "ssd"), ("scs:name-v2", "SCS-1T-8-9h")]),
    ];
    assert_eq!(name(Flavor::need().choose(&flavors)), "a");
    for (class, expected) in
        [(CpuClass::Crowded, "b"), (CpuClass::Shared, "c"), (CpuClass::DedicatedCore, "c")]
    {
        assert_eq!(name(Flavor::need().cpu_class(class).choose(&flavors)), expected);
    }
    assert_eq!(name(Flavor::need().disk_type(DiskType::Ssd).choose(&flavors)), "d");
}

#[test]
fn an_image_has_needs() {
    let flavors = ["SCS-1V-1-5", "SCS-1V-2-5", "SCS-1V-2", "SCS-1V-2-10", "SCS-2V-4_a"].map(flavor);
    let image: Image = read(json!({
        "id": "1", "name": "n", "status": "active", "min_disk": 8, "min_ram": 2000,
        "architecture": "x86_64",
    }));
    let need = Flavor::need().image(&image);
    assert_eq!(name(need.choose(&flavors)), "SCS-1V-2");
    assert_eq!(name(need.clone().disk(1).choose(&flavors)), "SCS-1V-2-10");
    assert_eq!(
        name(need.clone().disk(20).choose(&flavors)),
        "no flavor of 5 does for 2000 MiB of memory, 20 GiB of disk, x86_64: `SCS-1V-2-10` has 10 \
         GiB of disk, not 20; `SCS-1V-2-5` has 5 GiB of disk, not 20; `SCS-1V-2` has 0 GiB of \
         disk, not 20"
    );
    let image = Image { properties: [("architecture".into(), "aarch64".into())].into(), ..image };
    assert_eq!(name(Flavor::need().image(&image).choose(&flavors)), "SCS-2V-4_a");
}

#[test]
fn nothing_is_chosen_from_nothing() {
    let error = Flavor::need().choose(&[]).unwrap_err();
    assert_eq!(error.to_string(), "compute: the cloud offers no flavor; ask the provider for one");
    let disabled = Flavor { is_disabled: true, ..flavor("SCS-1V-2") };
    assert!(name(Flavor::need().choose(&[disabled])).ends_with("`SCS-1V-2` is out of use"));
}

fn some_flavor() -> impl Strategy<Value = Flavor> {
    let letters = prop::sample::select(vec!["L", "V", "Vi", "T", "C"]);
    let disk = prop::sample::select(vec!["", "-10", "-20n", "-20h", "-50s", "-100p"]);
    let end = prop::sample::select(vec!["", "", "_kvm", "_z3", "_i", "_a1", "_GNa-8-4"]);
    (1..9_u64, letters, 1..33_u64, disk, end).prop_map(|(cpus, class, ram, disk, end)| {
        flavor(&format!("SCS-{cpus}{class}-{ram}{disk}{end}"))
    })
}

/// What is asked for, to be judged by names alone: each flavor here has what its name says.
#[derive(Debug, Clone)]
struct Asked {
    vcpus: u32,
    ram: u32,
    class: Option<CpuClass>,
    disk: u32,
    kind: Option<DiskType>,
    architecture: Option<&'static str>,
    gpu: bool,
}

impl Asked {
    fn need(&self) -> FlavorNeed {
        let need = Flavor::need().vcpus(self.vcpus).ram(self.ram).disk(self.disk);
        let need = self.class.into_iter().fold(need, FlavorNeed::cpu_class);
        let need = self.kind.into_iter().fold(need, FlavorNeed::disk_type);
        let need = self.architecture.into_iter().fold(need, FlavorNeed::architecture);
        if self.gpu { need.gpu() } else { need }
    }

    fn is_met_by(&self, flavor: &Flavor) -> bool {
        let name: FlavorName = flavor.name.parse().unwrap();
        let disk = name.disk.and_then(|disk| disk.size).unwrap_or_default();
        let kind = name.disk.and_then(|disk| disk.kind);
        name.cpu.count >= self.vcpus.into()
            && name.ram.mib() >= self.ram.into()
            && self.class.is_none_or(|class| name.cpu.class >= class)
            && disk >= self.disk.into()
            && match self.kind {
                None => true,
                Some(DiskType::Network) => kind == Some(DiskType::Network),
                Some(asked) => kind >= Some(asked),
            }
            && self.architecture.is_none_or(|architecture| name.architecture() == architecture)
            && (!self.gpu || name.gpu.is_some())
    }
}

fn some_asked() -> impl Strategy<Value = Asked> {
    let class = prop::option::of(prop::sample::select(CpuClass::ALL));
    let kind = prop::option::of(prop::sample::select(DiskType::ALL));
    let architecture = prop::option::of(prop::sample::select(vec!["x86_64", "aarch64"]));
    let disk = prop::sample::select(vec![0, 0, 1, 15, 40]);
    (0..9_u32, 0..33_000_u32, class, disk, kind, architecture, prop::bool::weighted(0.1)).prop_map(
        |(vcpus, ram, class, disk, kind, architecture, gpu)| Asked {
            vcpus,
            ram,
            class,
            disk,
            kind,
            architecture,
            gpu,
        },
    )
}

proptest! {
    #[test]
    fn the_chosen_one_does_and_none_that_does_is_smaller(
        asked in some_asked(), flavors in prop::collection::vec(some_flavor(), 0..12)
    ) {
        let need = asked.need();
        match need.choose(&flavors) {
            Ok(choice) => {
                let chosen = choice.chosen;
                prop_assert!(asked.is_met_by(chosen), "{need}: {choice}");
                prop_assert!(choice.unpromised.is_empty());
                for other in flavors.iter().filter(|other| asked.is_met_by(other)) {
                    let size = |flavor: &Flavor| (flavor.vcpus, flavor.ram, flavor.disk);
                    let name: FlavorName = other.name.parse().unwrap();
                    let is_usual = !name.cpu.insecure && name.gpu.is_none() && name.arch.is_none();
                    prop_assert!(!is_usual || size(chosen) <= size(other), "{}: {choice}", other.name);
                }
            }
            Err(_) => prop_assert!(flavors.iter().all(|flavor| !asked.is_met_by(flavor))),
        }
    }

    #[test]
    fn order_does_not_matter_and_what_does_not_do_changes_nothing(
        asked in some_asked(),
        flavors in prop::collection::vec(some_flavor(), 1..12),
        more in prop::collection::vec(some_flavor(), 0..6),
        turn in 0..12_usize,
    ) {
        let need = asked.need();
        let chosen = need.choose(&flavors).map(|choice| choice.to_string()).ok();
        let mut turned = flavors.clone();
        turned.rotate_left(turn % flavors.len());
        turned.reverse();
        prop_assert_eq!(&need.choose(&turned).map(|choice| choice.to_string()).ok(), &chosen);

        turned.extend(more.into_iter().filter(|flavor| !asked.is_met_by(flavor)));
        let name = |list: &[Flavor]| need.choose(list).map(|choice| choice.chosen.name.clone()).ok();
        prop_assert_eq!(name(&turned), name(&flavors));
    }
}

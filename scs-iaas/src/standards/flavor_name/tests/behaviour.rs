//! What can be done with names.

use scs_core::standards::Verdict;
use serde_json::json;

use super::{
    super::*,
    Mode::{Reference, Spec},
};
use crate::compute::Flavor;

fn name(text: &str) -> FlavorName {
    text.parse().unwrap()
}

fn flavor(name: &str, vcpus: u32, ram: u32, disk: u32) -> Flavor {
    let json = json!({"id": "1", "name": name, "vcpus": vcpus, "ram": ram, "disk": disk});
    serde_json::from_value(json).unwrap()
}

#[test]
fn short_forms() {
    for (long, short) in [
        ("SCS-2V-4-20s", "SCS-2V-4-20s"),
        ("SCS-8Ti-32uo-3x50p_kvm_hwv_i1hh", "SCS-8Ti-32uo-3x50p"),
        ("SCS-4C-16-2x200p_a1h", "SCS-4C-16-2x200p_a"),
        ("SCS-4C-16_r", "SCS-4C-16_r"),
        ("SCS-16T-64_z4_GNa-72h-24h_ib", "SCS-16T-64_GNa-72-24_ib"),
        ("SCS-16T-64_gA3.1-96", "SCS-16T-64_gA3.1-96"),
    ] {
        assert_eq!(name(long).short().to_string(), short);
    }
    let odd = FlavorName::parse("SCS-2V-4_GNahh-24", Reference).unwrap();
    assert_eq!(odd.short().to_string(), "SCS-2V-4_GNah-24");
}

#[test]
fn what_satisfies_what() {
    for (offer, need) in [
        ("SCS-1C-1.5-8s", "SCS-1T-1-5n"),
        ("SCS-1C-1.5-8s", "SCS-1V-1-5"),
        ("SCS-2V-4-20p", "SCS-2V-4-20s"),
        ("SCS-2V-4-20p", "SCS-2V-4"),
        ("SCS-2V-4-20p", "SCS-2V-4-"),
        ("SCS-2V-4-n", "SCS-2V-4-"),
        ("SCS-2V-4-3x10", "SCS-2V-4-10"),
        ("SCS-2V-4", "SCS-2Li-4uo"),
        ("SCS-2V-4_bms_hwv", "SCS-2V-4"),
        ("SCS-2V-4_z4hh", "SCS-2V-4_z3h"),
        ("SCS-2V-4_z4", "SCS-2V-4_z"),
        ("SCS-2V-4_GNa-72h-24h_ib", "SCS-2V-4_GNa-54-20"),
        ("SCS-2V-4_GNa-72", "SCS-2V-4_GN"),
    ] {
        assert!(name(offer).satisfies(&name(need)), "{offer} {need}");
        assert!(!name(need).satisfies(&name(offer)), "{need} {offer}");
    }
    for (offer, need) in [
        ("SCS-2V-4", "SCS-2V-4_a"),
        ("SCS-2V-4_a1", "SCS-2V-4"),
        ("SCS-2V-4_z3", "SCS-2V-4_i3"),
        ("SCS-2V-4", "SCS-2V-4_kvm"),
        ("SCS-2V-4-s", "SCS-2V-4-10"),
        ("SCS-2V-4-20", "SCS-2V-4-20n"),
        ("SCS-2V-4-10p", "SCS-2V-4-2x5p"),
        ("SCS-2V-4_GNa-72", "SCS-2V-4_gNa-72"),
        ("SCS-2V-4_GNl-72", "SCS-2V-4_GNa-72"),
    ] {
        assert!(!name(offer).satisfies(&name(need)), "{offer} {need}");
    }
}

#[test]
fn builders_make_legal_names_only() {
    let builder = || FlavorName::builder(2, CpuClass::Crowded, 3.5);
    let full = builder()
        .insecure()
        .no_ecc()
        .oversubscribed()
        .disk(10)
        .disk_count(3)
        .disk_type(DiskType::Hdd)
        .hypervisor(Hypervisor::CloudHypervisor)
        .hardware_virtualization()
        .cpu_model(CpuModel::ArmAmpereOne)
        .frequency(Frequency::Highest)
        .gpu(GpuAccess::Virtual, GpuModel::AmdRdna3_5)
        .gpu_units(40)
        .gpu_units_grade(GpuGrade::Higher)
        .gpu_vram(16)
        .gpu_vram_grade(GpuGrade::High)
        .infiniband()
        .build()
        .unwrap();
    assert_eq!(full.to_string(), "SCS-2Li-3.5uo-3x10h_chy_hwv_a4hhh_gA3.5-40hh-16h_ib");
    assert_eq!(builder().disk(None).build().unwrap().to_string(), "SCS-2L-3.5-");
    for wrong in [
        FlavorName::builder(0, CpuClass::Shared, 4.0),
        FlavorName::builder(1, CpuClass::Shared, 0.0),
        FlavorName::builder(1, CpuClass::Shared, 0.3),
        FlavorName::builder(1, CpuClass::Shared, -1.0),
        FlavorName::builder(1, CpuClass::Shared, f64::NAN),
        builder().disk(0),
        builder().disk(5).disk_count(0),
        builder().frequency(Frequency::High),
        builder().gpu_units(4),
        builder().gpu(GpuAccess::PassThrough, GpuModel::Nvidia).gpu_units(4),
        builder().gpu(GpuAccess::PassThrough, GpuModel::NvidiaAmpere).gpu_vram(4),
        builder().gpu(GpuAccess::PassThrough, GpuModel::IntelArc).gpu_units_grade(GpuGrade::High),
    ] {
        let error = wrong.clone().build().unwrap_err();
        assert_eq!(error.kind(), scs_core::ErrorKind::InvalidInput, "{wrong:?}");
    }
}

#[test]
fn words_in_two_languages() {
    let described =
        |text| [Language::English, Language::German].map(|language| name(text).describe(language));
    assert_eq!(
        described("SCS-16Ti-64.5uo-3x200s_bms_hwv_z4hh_gA3.5-40hh-16h_ib"),
        [
            "16 dedicated threads (insecure), 64.5 GiB RAM without ECC (oversubscribed), \
             3 local SSDs of 200 GB, bare metal, hardware virtualization, CPU AMD Zen 4 (Genoa) \
             with all cores above 3.25 GHz, virtual GPU AMD RDNA 3.5 with 40 CUs of very high \
             frequency and 16 GiB memory of high bandwidth, InfiniBand",
            "16 eigene Threads (unsicher), 64,5 GiB RAM ohne ECC (überbucht), \
             3 lokale SSDs mit je 200 GB, eigene Maschine ohne Hypervisor, \
             Hardware-Virtualisierung, CPU AMD Zen 4 (Genoa) mit allen Kernen über 3,25 GHz, \
             virtuelle GPU AMD RDNA 3.5 mit 40 CUs mit sehr hohem Takt und 16 GiB Speicher mit \
             hoher Bandbreite, InfiniBand",
        ]
    );
    assert_eq!(
        described("SCS-1C-1-n_GN"),
        [
            "1 dedicated core, 1 GiB RAM, network disk as large as the image needs, \
             pass-through GPU NVIDIA",
            "1 eigener Kern, 1 GiB RAM, Netzwerkplatte in der Größe, die das Image braucht, \
             durchgereichte GPU NVIDIA",
        ]
    );
}

#[test]
fn fields_are_written_in_the_letters_of_names() {
    assert_eq!(
        serde_json::to_value(name("SCS-2V-4.5-20s_kvm_z3h_GNa-72-24")).unwrap(),
        json!({
            "cpu": {"count": 2, "class": "V", "insecure": false},
            "ram": {"gib": 4.5, "no_ecc": false, "oversubscribed": false},
            "disk": {"count": 1, "size": 20, "type": "s"},
            "hypervisor": "kvm",
            "hardware_virtualization": false,
            "arch": {"vendor": "z", "generation": 3, "frequency": "h"},
            "gpu": {
                "access": "G", "vendor": "N", "generation": "a",
                "units": 72, "units_grade": "", "vram": 24, "vram_grade": "",
            },
            "infiniband": false,
        })
    );
}

#[test]
fn images_that_fit() {
    for (text, architecture) in [
        ("SCS-2V-4", "x86_64"),
        ("SCS-2V-4_i", "x86_64"),
        ("SCS-2V-4_z3", "x86_64"),
        ("SCS-2V-4_a", "aarch64"),
    ] {
        assert_eq!(name(text).architecture(), architecture);
    }
}

#[test]
fn a_flavor_keeps_what_its_name_promises() {
    let lacks = |text, vcpus, ram, disk| {
        let flavor = flavor(text, vcpus, ram, disk);
        let findings = name(text).shortfalls(&flavor, Spec);
        findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
    };
    assert_eq!(lacks("SCS-2V-4-20s", 2, 4096, 20), [""; 0]);
    assert_eq!(lacks("SCS-2V-4-20s", 8, 8192, 100), [""; 0]);
    assert_eq!(lacks("SCS-2V-4", 2, 4045, 0), [""; 0]);
    assert_eq!(lacks("SCS-1L-0.5", 1, 461, 0), [""; 0]);
    assert_eq!(lacks("SCS-1L-0.5", 1, 460, 0), ["has 460 MiB RAM, its name promises 512"]);
    assert_eq!(lacks("SCS-2V-4", 1, 4096, 0), ["has 1 CPUs, its name promises 2"]);
    assert_eq!(lacks("SCS-2V-4", 2, 4044, 0), ["has 4044 MiB RAM, its name promises 4096"]);
    assert_eq!(lacks("SCS-2V-4-2x20", 2, 4096, 19), ["has a disk of 19 GB, its name promises 20"]);
    assert_eq!(lacks("SCS-2V-4-", 2, 4096, 0), [""; 0]);
}

#[test]
fn a_flavor_bears_several_names() {
    let mut flavor = flavor("SCS-2V-4-20s_GNa_ib", 2, 4096, 20);
    for (key, name) in [
        ("scs:name-v1", "SCS-2V:4:20s"),
        ("scs:name-v2", "SCS-2V-04"),
        ("scs:name-v3", "tiny"),
        ("scs:cpu-type", "SCS-2V-4"),
    ] {
        flavor.extra_specs.insert(key.into(), name.into());
    }
    let names: Vec<_> = flavor.scs_names().map(|name| name.to_string()).collect();
    assert_eq!(names, ["SCS-2V-4-20s_GNa_ib", "SCS-2V-4-20s", "SCS-2V-4"]);
}

#[test]
fn a_cloud_is_judged_by_its_names() {
    let verdicts = |mode, names: &[(&str, u32, u32, u32)]| {
        let flavors: Vec<_> =
            names.iter().map(|&(name, cpus, ram, disk)| flavor(name, cpus, ram, disk)).collect();
        let [syntax, semantics] = check(&flavors, mode).try_into().unwrap();
        (syntax.verdict, semantics.verdict)
    };
    use Verdict::{Abort, Fail, Pass};
    for mode in [Spec, Reference] {
        assert_eq!(verdicts(mode, &[("m1.tiny", 1, 1, 1)]), (Pass, Pass));
        assert_eq!(verdicts(mode, &[("SCS-2V:4:20s", 2, 4096, 20)]), (Pass, Pass));
        assert_eq!(verdicts(mode, &[("SCS-2V-4-huge", 2, 4096, 20)]), (Fail, Pass));
        assert_eq!(verdicts(mode, &[("SCS-2V-4", 1, 4096, 0)]), (Pass, Fail));
    }
    // The test compares the disk with a size that is not there.
    for unsized_disk in ["SCS-2C-4-n", "SCS-2C-4-"] {
        let names = [(unsized_disk, 2, 4096, 0)];
        assert_eq!(verdicts(Reference, &names), (Pass, Abort));
        assert_eq!(verdicts(Spec, &names), (Pass, Pass));
    }
}

//! SCS flavor names: reading, writing, and judging all flavors of a large cloud.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use scs_cloud::{
    core::standards::Mode,
    iaas::{
        compute::Flavor,
        standards::flavor_name::{self, FlavorName},
    },
};

const FLAVORS: usize = 10_000;

fn names(criterion: &mut Criterion) {
    for (what, name) in [
        ("short", "SCS-2V-4-20s"),
        ("long", "SCS-16Ti-64.5uo-3x200s_bms_hwv_z4hh_gA3.5-40hh-16h_ib"),
        ("v1", "SCS-16T:64:200s-GNa:72:24-ib"),
        ("wrong", "SCS-16T-64-200s_GNq-72-24_ib"),
    ] {
        criterion.bench_function(&format!("flavor_name/parse/{what}"), |bencher| {
            bencher.iter(|| FlavorName::parse(black_box(name), Mode::Reference));
        });
    }
    let name: FlavorName =
        "SCS-16Ti-64.5uo-3x200s_bms_hwv_z4hh_gA3.5-40hh-16h_ib".parse().expect("a name");
    criterion.bench_function("flavor_name/print/long", |bencher| {
        bencher.iter(|| black_box(name).to_string());
    });
}

fn flavors(criterion: &mut Criterion) {
    let flavors: Vec<Flavor> = (0..FLAVORS).map(flavor).collect();
    criterion.bench_function(&format!("flavor_name/check/{FLAVORS}"), |bencher| {
        bencher.iter(|| flavor_name::check(black_box(&flavors), Mode::Reference));
    });
}

fn flavor(number: usize) -> Flavor {
    let (cpus, ram) = (1 + number % 64, 1 + number % 512);
    let json = serde_json::json!({
        "id": number.to_string(),
        "name": format!("SCS-{cpus}V-{ram}-100s"),
        "vcpus": cpus,
        "ram": ram * 1024,
        "disk": 100,
    });
    serde_json::from_value(json).expect("a flavor")
}

criterion_group!(benches, names, flavors);
criterion_main!(benches);

use proptest::prelude::*;

use super::*;

mod behaviour;

use Mode::{Reference, Spec};

fn canonical(name: &str, mode: Mode) -> Result<String, usize> {
    FlavorName::parse(name, mode).map(|name| name.to_string()).map_err(|error| error.position())
}

/// Legal names as an expression, written down from the standard and not from the parser.
const LEGAL: &str = "SCS-[1-9][0-9]{0,3}[LVTC]i?\
    -([1-9][0-9]{0,3}(\\.5)?|0\\.5)u?o?\
    (-(([2-9]|[1-9][0-9])x)?([1-9][0-9]{0,4})?[nhsp]?)?\
    (_(kvm|chy|xen|vmw|hyv|bms))?\
    (_hwv)?\
    (_([iz][1-6]?|a[1-5]?|r)h{0,3})?\
    (_[Gg](\
        [NAI]|(N[fkmpvtalgbu]|A(0\\.4|0\\.5|1|1\\.1|2|2\\.1|3|3\\.1|3\\.5|4|4\\.1|5\\.1)|\
        I(0\\.9|0\\.95|1|2|3|4))(-[1-9][0-9]{0,2}h{0,2}(-[1-9][0-9]{0,2}h?)?)?\
    ))?\
    (_ib)?";

/// Whether only the official test refuses it.
fn is_refused_by_the_test(name: &FlavorName) -> bool {
    name.infiniband && name.gpu.is_some_and(|gpu| gpu.units.is_none())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_legal_name_is_read_and_written_alike(text in LEGAL) {
        let name = FlavorName::parse(&text, Spec).unwrap();
        prop_assert_eq!(name.to_string(), &*text);
        let by_the_test = FlavorName::parse(&text, Reference);
        if is_refused_by_the_test(&name) {
            prop_assert_eq!(by_the_test.unwrap_err().position(), text.len() - "_ib".len());
        } else {
            prop_assert_eq!(by_the_test.unwrap(), name);
        }
    }

    #[test]
    fn the_deprecated_spelling_says_the_same(text in LEGAL) {
        let name = FlavorName::parse(&text, Spec).unwrap();
        let Some(v1) = name.v1() else {
            prop_assert!(text.contains("_chy"));
            return Ok(());
        };
        let transformed = text[4..].replace('-', ":").replace('_', "-");
        prop_assert_eq!(&v1[4..], transformed);
        prop_assert_eq!(Spelling::of(&v1), Spelling::V1);
        prop_assert_eq!(FlavorName::parse(&v1, Spec).unwrap(), name);
    }

    #[test]
    fn a_mutated_name_is_another_name_or_an_error_within(
        text in LEGAL,
        at in any::<prop::sample::Index>(),
        what in prop::sample::select(
            "SCSLVTCiuonhspxkvmzar_-:.0123456789GgNAIhb \té\u{663}\0".chars().collect::<Vec<_>>()
        ),
        how in 0..4,
    ) {
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        match how {
            0 => { chars.remove(at); }
            1 => chars.insert(at, what),
            2 => chars[at] = what,
            _ => chars.swap(at, (at + 1) % text.len()),
        }
        let mutated: String = chars.iter().collect();
        for mode in [Spec, Reference] {
            match FlavorName::parse(&mutated, mode) {
                Ok(name) => {
                    let again = name.to_string();
                    // `_GNah_ib` is accepted, but its canonical form is not.
                    if mode == Spec || !is_refused_by_the_test(&name) {
                        prop_assert_eq!(canonical(&again, mode), Ok(again.clone()));
                    }
                    if mode == Spec && Spelling::of(&mutated) == Spelling::V2 {
                        prop_assert_eq!(&again, &mutated);
                    }
                }
                Err(error) => {
                    prop_assert!(error.position() <= chars.len());
                    prop_assert_eq!(error.found, chars.get(error.position()).copied());
                    prop_assert_eq!(error.is_foreign(), !mutated.starts_with("SCS-"));
                }
            }
        }
    }

    #[test]
    fn nothing_makes_it_panic(text in "(SCS-)?\\PC{0,24}") {
        for mode in [Spec, Reference] {
            let _ = FlavorName::parse(&text, mode);
        }
    }

    #[test]
    fn a_name_satisfies_itself_and_its_short_form(text in LEGAL) {
        let name: FlavorName = text.parse().unwrap();
        let short = name.short();
        prop_assert!(name.satisfies(&name));
        prop_assert!(name.satisfies(&short), "{} {}", name, short);
        prop_assert_eq!(short.short(), short);
        prop_assert_eq!(canonical(&short.to_string(), Spec), Ok(short.to_string()));
    }
}

#[test]
fn the_test_accepts_what_is_not_canonical() {
    for (written, meant) in [
        ("SCS-02V-4", "SCS-2V-4"),
        ("SCS-2V-04", "SCS-2V-4"),
        ("SCS-2V-0.5", "SCS-2V-0.5"),
        ("SCS-2V-.5", "SCS-2V-0.5"),
        ("SCS-2V-00.5", "SCS-2V-0.5"),
        ("SCS-2V-4.", "SCS-2V-4"),
        ("SCS-2V-4.u", "SCS-2V-4u"),
        ("SCS-2V-4.0", "SCS-2V-4"),
        ("SCS-2V-4.50", "SCS-2V-4.5"),
        ("SCS-2V-4-010", "SCS-2V-4-10"),
        ("SCS-2V-4-x10", "SCS-2V-4-10"),
        ("SCS-2V-4-1x10", "SCS-2V-4-10"),
        ("SCS-2V-4-02x10", "SCS-2V-4-2x10"),
        ("SCS-2V-4-x", "SCS-2V-4-"),
        ("SCS-2V-4-xs", "SCS-2V-4-s"),
        ("SCS-2V-4_z0", "SCS-2V-4_z"),
        ("SCS-2V-4_z00h", "SCS-2V-4_zh"),
        ("SCS-2V-4_z03", "SCS-2V-4_z3"),
        ("SCS-2V-4_r0", "SCS-2V-4_r"),
        ("SCS-2V-4_GNah", "SCS-2V-4_GNa"),
        ("SCS-2V-4_GNah_ib", "SCS-2V-4_GNa_ib"),
        ("SCS-2V-4_GN-72", "SCS-2V-4_GN-72"),
        ("SCS-2V-4_GN-72h-24", "SCS-2V-4_GN-72h-24"),
        ("SCS-2V-4_GNah-24", "SCS-2V-4_GNah-24"),
        ("SCS-2V-4_GNa-072-024hh", "SCS-2V-4_GNa-72-24hh"),
        ("SCS-02V:.5:x10-z0-GNah", "SCS-2V-0.5-10_z_GNa"),
    ] {
        assert_eq!(canonical(written, Reference).as_deref(), Ok(meant), "{written}");
        if written != meant || written.contains("GN") {
            let legal = written == "SCS-2V-0.5";
            assert_eq!(canonical(written, Spec).is_ok(), legal, "{written}");
        }
    }
    let graded = FlavorName::parse("SCS-2V-4_GNah", Reference).unwrap();
    assert_eq!(graded.gpu.unwrap().units_grade, GpuGrade::High);
}

#[test]
fn the_test_refuses_infiniband_behind_a_gpu_without_units() {
    for (name, position) in [
        ("SCS-2C-4_GNa_ib", 12),
        ("SCS-2C-4_GN_ib", 11),
        ("SCS-2C-4-10n_gA3.5_ib", 18),
        ("SCS-2C:4-GNa-ib", 12),
    ] {
        assert_eq!(canonical(name, Reference), Err(position), "{name}");
        assert!(canonical(name, Spec).is_ok(), "{name}");
    }
    for name in ["SCS-2C-4_GNa-72_ib", "SCS-2C-4_GNa-72-24h_ib", "SCS-2C-4_GNa", "SCS-2C-4_GN"] {
        assert_eq!(canonical(name, Reference).as_deref(), Ok(name));
        assert_eq!(canonical(name, Spec).as_deref(), Ok(name));
    }
}

#[test]
fn names_of_the_text_are_legal() {
    for name in [
        "SCS-2C-4-10n",
        "SCS-8Ti-32-50p_i1",
        "SCS-1L-1u-5",
        "SCS-16T-64-200s_GNa-72-24_ib",
        "SCS-4C-16-2x200p_a1",
        "SCS-1V-0.5",
        "SCS-2C-4uo-10n",
        "SCS-2C-4-n",
        "SCS-2C-4-",
        "SCS-2C-4-_bms_z3",
        "SCS-2C-4-_bms_z3h_GNa-64_ib",
        "SCS-2C-4-_ib",
        "SCS-2C-4_ib",
        "SCS-2C-4_i_ib",
        "SCS-2C-4-3x10",
        "SCS-2C-4-3x",
        "SCS-2C-4-3xp",
        "SCS-2C-4-10_kvm_hwv",
        "SCS-2C-4-10n_bms_z3hh",
        "SCS-16V-64-500s_GNa-14-6h",
        "SCS-4V-16_chy_hwv_r_gI0.95-96",
        "SCS-2V-4_GNl-142hh-48",
        "SCS-18446744073709551615V-4",
    ] {
        for mode in [Spec, Reference] {
            assert_eq!(canonical(name, mode).as_deref(), Ok(name));
        }
    }
}

#[test]
fn what_is_wrong_is_found_where_it_is() {
    for (name, position) in [
        // No name of the standard's.
        ("", 0),
        ("SCS", 3),
        ("scs-2V-4", 0),
        (" SCS-2V-4", 0),
        ("SCS_2V-4", 3),
        ("m1.small", 0),
        // CPUs.
        ("SCS-", 4),
        ("SCS-V-4", 4),
        ("SCS-0V-4", 4),
        ("SCS--4", 4),
        ("SCS-2-4", 5),
        ("SCS-2X-4", 5),
        ("SCS-2v-4", 5),
        ("SCS-2iT-4", 5),
        ("SCS-2", 5),
        ("SCS-2VV-4", 6),
        ("SCS-2V", 6),
        ("SCS-2Vii-4", 7),
        ("SCS-\u{662}V-4", 4),
        ("SCS-18446744073709551616V-4", 4),
        // Memory.
        ("SCS-2V-", 7),
        ("SCS-2V-0", 7),
        ("SCS-2V-4.51", 10),
        ("SCS-2V-.", 7),
        ("SCS-2V--10", 7),
        ("SCS-2V-u", 7),
        ("SCS-2V-4.25", 9),
        ("SCS-2V-4.7", 9),
        ("SCS-2V-4ou", 9),
        ("SCS-2V-4uu", 9),
        ("SCS-2V-4.5.5", 10),
        ("SCS-2V-4 ", 8),
        ("SCS-2V-4,5", 8),
        ("SCS-2V-4\n", 8),
        // Disk.
        ("SCS-2V-4-0", 9),
        ("SCS-2V-4-0x10", 9),
        ("SCS-2V-4--", 9),
        ("SCS-2V-4-ssd", 10),
        ("SCS-2V-4-10q", 11),
        ("SCS-2V-4-1.5n", 10),
        ("SCS-2V-4-10-", 11),
        ("SCS-2V-4-2x3x4", 12),
        ("SCS-2V-4-10\u{e9}", 11),
        ("SCS-2V-4s", 8),
        // Extensions.
        ("SCS-2V-4_", 9),
        ("SCS-2V-4__kvm", 9),
        ("SCS-2V-4_KVM", 9),
        ("SCS-2V-4_qemu", 9),
        ("SCS-2V-4_kvm_kvm", 13),
        ("SCS-2V-4_kvm_xen", 13),
        ("SCS-2V-4_kvmhwv", 12),
        ("SCS-2V-4_hwv_xen", 13),
        ("SCS-2V-4_z3_hwv", 12),
        ("SCS-2V-4_i7", 10),
        ("SCS-2V-4_a6", 10),
        ("SCS-2V-4_z33", 11),
        ("SCS-2V-4_r1", 10),
        ("SCS-2V-4_z3hhhh", 14),
        ("SCS-2V-4_h", 9),
        ("SCS-2C-4-n_bms_3", 15),
        ("SCS-2V-4_G", 10),
        ("SCS-2V-4_GX", 10),
        ("SCS-2V-4_GNx", 11),
        ("SCS-2V-4_GA1.2", 13),
        ("SCS-2V-4_GA01", 12),
        ("SCS-2V-4_GNa14", 12),
        ("SCS-2V-4_GNa-", 13),
        ("SCS-2V-4_GNa-0", 13),
        ("SCS-2V-4_GNa-h", 13),
        ("SCS-2V-4_GNa-14hhh", 17),
        ("SCS-2V-4_GNa-14-", 16),
        ("SCS-2V-4_GNa-14-6-6", 17),
        ("SCS-2V-4_GNa-14_z3", 16),
        ("SCS-2V-4_GNaa", 12),
        ("SCS-2V-4_GA3.2", 13),
        ("SCS-2V-4_GA1.", 13),
        ("SCS-2V-4_GI95", 11),
        ("SCS-2V-4_ib_ib", 11),
        ("SCS-2V-4_ib_GNa-14", 11),
        ("SCS-2V-4_ibx", 11),
        ("SCS-2V-4-10_", 12),
        // The deprecated spelling.
        ("SCS-2V:4-chy", 9),
        ("SCS-2V:4-20s", 9),
        ("SCS-2V:4_kvm", 8),
        ("SCS-2V-4:20s", 8),
        ("SCS-2V:4:20s_kvm", 12),
        ("SCS-2V:4:20s-GNa:72-24", 20),
        ("SCS-2V:", 7),
    ] {
        for mode in [Spec, Reference] {
            assert_eq!(canonical(name, mode), Err(position), "{name:?} {mode:?}");
        }
    }
}

#[test]
fn errors_say_what_was_expected() {
    let message = |name: &str| name.parse::<FlavorName>().unwrap_err().to_string();
    assert_eq!(
        message("SCS-2X-4"),
        "expected the class of the CPUs (`L`, `V`, `T` or `C`) at position 5, found `X`"
    );
    assert_eq!(message("SCS-2V-"), "expected the memory in GiB at position 7, found the end");
    assert_eq!(
        message("SCS-2V-4.50"),
        "expected no more digits: memory counts in halves at position 10, found `0`"
    );
    assert_eq!(
        message("SCS-2V-4_z3_hwv"),
        "expected a GPU (`G`, `g`) or `ib` at position 12, found `h`"
    );
    let error = scs_core::Error::from("m1.small".parse::<FlavorName>().unwrap_err());
    assert_eq!(error.kind(), scs_core::ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "not a flavor name: expected `SCS-` at position 0, found `m`");
}

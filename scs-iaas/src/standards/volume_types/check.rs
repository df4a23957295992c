//! Whether volume types promise what they do in the right way.

use scs_core::standards::{Finding, Mode, Target, TestResult};

use super::{Aspect, Aspects, words};
use crate::block_storage::VolumeType;

/// Checks the volume types of a cloud.
pub fn check(types: &[VolumeType], mode: Mode) -> Vec<TestResult> {
    let bound = || types.iter().filter(|t| mode == Mode::Reference || t.name != "__default__");
    let findings = bound().filter_map(|volume_type| syntax(volume_type, mode)).collect();
    let promised = |aspect: Aspect| {
        let promises = |t: &VolumeType| Aspects::promised_by(t).contains(aspect);
        let missing = (!bound().any(promises)).then(|| {
            let description = Aspects(vec![aspect]);
            Finding::violation(
                "volume types",
                format!(
                    "none promises to be {}; let the description of one that is begin with \
                     `{description}`",
                    aspect.as_str()
                ),
            )
        });
        missing.into_iter().collect()
    };
    let recommended = |id, aspect| TestResult::new(id, Target::Recommended, mode, promised(aspect));
    vec![
        TestResult::new("scs-0114-syntax-check", Target::Main, mode, findings),
        recommended("scs-0114-encrypted-type", Aspect::Encrypted),
        recommended("scs-0114-replicated-type", Aspect::Replicated),
    ]
}

/// What is wrong with the list of this type, if anything.
fn syntax(volume_type: &VolumeType, mode: Mode) -> Option<Finding> {
    let VolumeType { name, description, .. } = volume_type;
    let subject = format!("volume type `{name}`");
    if let Err(error) = description.parse::<Aspects>() {
        let is_list = matches!(words(description), Ok(Some(words)) if !words.is_empty());
        let message = format!("{error}");
        return Some(match mode {
            Mode::Reference if !is_list => Finding::advice(subject, message),
            _ => Finding::violation(subject, message),
        });
    }
    let start = description.trim_start().get(..5)?;
    if start.eq_ignore_ascii_case("[scs:") && !description.starts_with("[scs:") {
        let message = "begins with a list of aspects in another way than `[scs:`, so nobody finds \
                       it; write `[scs:` in lower case and put nothing before it";
        return Some(match mode {
            Mode::Spec => Finding::violation(subject, message),
            Mode::Reference => Finding::advice(subject, message),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scs_core::standards::Verdict::{self, Fail, Pass};

    use super::*;

    fn volume_type(name: &str, description: Option<&str>) -> VolumeType {
        let json = serde_json::json!({"id": name, "name": name, "description": description});
        serde_json::from_value(json).unwrap()
    }

    fn verdicts(types: &[VolumeType], mode: Mode) -> [Verdict; 3] {
        let verdicts: Vec<_> = check(types, mode).iter().map(|result| result.verdict).collect();
        verdicts.try_into().unwrap()
    }

    #[test]
    fn descriptions_are_judged() {
        // Description, by the text, by the test.
        for (description, spec, reference) in [
            ("", Pass, Pass),
            ("fast", Pass, Pass),
            ("[scs:encrypted]", Pass, Pass),
            ("[scs:encrypted] by LUKS", Pass, Pass),
            ("[scs:encrypted, replicated]", Pass, Pass),
            ("[scs:encrypted,replicated]...", Pass, Pass),
            ("[scs:replicated, encrypted]", Fail, Fail),
            ("[scs:encrypted, encrypted]", Fail, Fail),
            ("[scs:encrypted, fast]", Fail, Fail),
            ("[scs:Encrypted]", Fail, Fail),
            ("[scs:encrypted,]", Fail, Fail),
            ("[scs:encrypted, scs:replicated]", Fail, Fail),
            ("[scs:encrypted", Fail, Pass),
            ("[scs:fast and cheap", Fail, Pass),
            ("[scs:]", Fail, Pass),
            ("[SCS:encrypted]", Fail, Pass),
            (" [scs:encrypted]", Fail, Pass),
            ("see [scs:nothing]", Pass, Pass),
            ("[ssd]", Pass, Pass),
            ("[größe", Pass, Pass),
        ] {
            let types = [volume_type("a", Some(description))];
            assert_eq!(verdicts(&types, Mode::Spec)[0], spec, "{description}");
            assert_eq!(verdicts(&types, Mode::Reference)[0], reference, "{description}");
        }
        assert_eq!(verdicts(&[volume_type("a", None)], Mode::Reference)[0], Pass);
    }

    #[test]
    fn promises_are_found() {
        for (description, encrypted, replicated) in [
            ("[scs:encrypted]", Pass, Fail),
            ("[scs:encrypted, replicated]", Pass, Pass),
            ("[scs:replicated, encrypted]", Pass, Pass),
            ("[SCS:encrypted]", Fail, Fail),
            ("encrypted", Fail, Fail),
        ] {
            let types = [volume_type("x", None), volume_type("a", Some(description))];
            for mode in [Mode::Spec, Mode::Reference] {
                assert_eq!(verdicts(&types, mode)[1..], [encrypted, replicated], "{description}");
            }
        }
        assert_eq!(verdicts(&[], Mode::Reference), [Pass, Fail, Fail]);
    }

    #[test]
    fn nothing_is_asked_of_the_default_type() {
        let types = [volume_type("__default__", Some("[scs:fast, encrypted]"))];
        assert_eq!(verdicts(&types, Mode::Spec), [Pass, Fail, Fail]);
        assert_eq!(verdicts(&types, Mode::Reference), [Fail, Pass, Fail]);
    }

    #[test]
    fn findings_say_what_to_write() {
        let findings = |description| {
            let results = check(&[volume_type("luks", Some(description))], Mode::Spec);
            results[0].findings[0].to_string()
        };
        assert_eq!(
            findings("[scs:replicated, encrypted]"),
            "volume type `luks`: the aspects `replicated, encrypted` are not sorted, or one stands \
             twice; write `[scs:encrypted, replicated]`"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(encrypted: bool, replicated: bool, rest in "[^\\[].{0,20}") {
            let aspects = [(encrypted, Aspect::Encrypted), (replicated, Aspect::Replicated)];
            let aspects: Aspects =
                aspects.into_iter().filter(|(yes, _)| *yes).map(|(_, aspect)| aspect).collect();
            prop_assert_eq!(format!("{aspects}{rest}").parse::<Aspects>().unwrap(), aspects);
        }

        #[test]
        fn no_description_panics(description in "( ?\\[[sScC]{3}:)?.{0,20}") {
            for mode in [Mode::Spec, Mode::Reference] {
                check(&[volume_type("a", Some(&description))], mode);
            }
        }
    }
}

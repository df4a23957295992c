//! SCS-0101: random numbers inside of servers.
//!
//! A server writes to its console what it finds, and this reads it. What a server says begins
//! with a line that holds a marker, `_scs-test-` and a name, and goes on to the next marker. The
//! name tells what it is about by a word in it: `entropy` for the content of
//! `/proc/sys/kernel/random/entropy_avail`, `fips` or `rngtest` for the output of
//! `rngtest -c 1000`, `rngd` for the state of that service, `instructions` for those of the CPU
//! that make random numbers (`rdrand rdseed`, `none`); `end` in front of it ends what was said.
//! What `rngtest` counts, and a number behind `entropy_avail`, are understood without a marker,
//! too. Time stamps, the names of processes and colours before a line do not matter, nor does
//! what else is on the console. Of things that are said twice the last counts, since a server
//! that booted again says them again.
//!
//! `probe::Entropy`, of the feature `conformance`, boots a server that says all this.
//!
//! Where [`Mode::Reference`] differs from the text: up to 5 of 1000 blocks may fail, by the text
//! 3; it does not ask about instructions. What the console does not say is undecided.
//!
//! [Text](https://docs.scs.community/standards/scs-0101-v1-entropy)

mod console;

use scs_core::standards::{Finding, Mode, Severity, Target, TestResult};

pub use self::console::ConsoleOutput;

/// What the kernel tells since 5.18: its pool is full, always.
const FULL: u64 = 256;

/// Judges what a server has written to its console.
pub fn check(output: ConsoleOutput, mode: Mode) -> Vec<TestResult> {
    let result = |id, target, findings: [Option<Finding>; 2]| {
        TestResult::new(id, target, mode, findings.into_iter().flatten().collect())
    };
    let source = instructions(output.instructions, mode);
    vec![
        result("scs-0101-entropy-avail", Target::Main, [entropy(output.entropy), None]),
        result("scs-0101-fips-test", Target::Main, [fips(output.failures, mode), source]),
        result("scs-0101-rngd", Target::Preview, [rngd(output.rngd), None]),
    ]
}

fn instructions(there_are: Option<bool>, mode: Mode) -> Option<Finding> {
    let severity = match mode {
        Mode::Spec => Severity::Violation,
        Mode::Reference => Severity::Advice,
    };
    let message = "shows servers none of RDRAND, RDSEED and RNDR; do not filter them";
    (there_are == Some(false)).then(|| Finding::new(severity, "CPU", message))
}

fn entropy(entropy: Option<u64>) -> Option<Finding> {
    const SUBJECT: &str = "entropy_avail";
    match entropy {
        Some(FULL) => None,
        Some(other) => Some(Finding::violation(
            SUBJECT,
            format!("is {other}, not {FULL}; use an image with a kernel of 5.18 or later"),
        )),
        None => Some(Finding::undecided(SUBJECT, "is not on the console; did the server boot?")),
    }
}

fn fips(failures: Option<u64>, mode: Mode) -> Option<Finding> {
    const SUBJECT: &str = "rngtest";
    let most = match mode {
        Mode::Spec => 3,
        Mode::Reference => 5,
    };
    let Some(failures) = failures else {
        let message = "says nothing on the console; is it installed, did the server boot?";
        return Some(Finding::undecided(SUBJECT, message));
    };
    let message = format!(
        "counts {failures} failures in 1000 blocks, more than 3; pass the CPU's RDRAND and RDSEED \
         on to servers"
    );
    match failures {
        0..=3 => None,
        _ if failures <= most => Some(Finding::advice(SUBJECT, message)),
        _ => Some(Finding::violation(SUBJECT, message)),
    }
}

fn rngd(runs: Option<bool>) -> Option<Finding> {
    match runs {
        Some(true) => None,
        Some(false) => Some(Finding::violation("rngd", "does not run; install rng-tools")),
        None => Some(Finding::undecided("rngd", "is not on the console; no scope asks for it")),
    }
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{self, Abort, Fail, Pass};

    use super::*;

    fn verdicts(output: ConsoleOutput, mode: Mode) -> [Verdict; 3] {
        let results = check(output, mode);
        results.iter().map(|result| result.verdict).collect::<Vec<_>>().try_into().unwrap()
    }

    #[test]
    fn verdicts_follow_the_numbers() {
        for (entropy, verdict) in
            [(Some(256), Pass), (Some(255), Fail), (Some(3700), Fail), (None, Abort)]
        {
            let output = ConsoleOutput { entropy, ..ConsoleOutput::default() };
            assert_eq!(verdicts(output, Mode::Spec)[0], verdict);
            assert_eq!(verdicts(output, Mode::Reference)[0], verdict);
        }
        for (failures, spec, reference) in [
            (Some(0), Pass, Pass),
            (Some(3), Pass, Pass),
            (Some(4), Fail, Pass),
            (Some(5), Fail, Pass),
            (Some(6), Fail, Fail),
            (None, Abort, Abort),
        ] {
            let output = ConsoleOutput { failures, ..ConsoleOutput::default() };
            assert_eq!(verdicts(output, Mode::Spec)[1], spec, "{failures:?}");
            assert_eq!(verdicts(output, Mode::Reference)[1], reference, "{failures:?}");
        }
    }

    #[test]
    fn the_text_asks_for_instructions() {
        for (instructions, spec) in [(Some(false), Fail), (Some(true), Pass), (None, Pass)] {
            let output = ConsoleOutput { failures: Some(0), instructions, ..Default::default() };
            assert_eq!(verdicts(output, Mode::Spec)[1], spec);
            assert_eq!(verdicts(output, Mode::Reference)[1], Pass);
        }
    }
}

//! SCS-0101: random numbers inside of servers.
//!
//! A server writes to its console what it finds, and this reads it. What a server says begins
//! with a line that holds a marker, `_scs-test-` and a name, and goes on to the next marker. The
//! name tells what it is about by a word in it: `entropy` for the content of
//! `/proc/sys/kernel/random/entropy_avail`, `fips` or `rngtest` for the output of
//! `rngtest -c 1000`, `rngd` for the state of that service; `end` in front of it ends what was
//! said. What `rngtest` counts, and a number behind `entropy_avail`, are understood without a
//! marker, too. Time stamps, the names of processes and colours before a line do not
//! matter, nor does what else is on the console. Of things that are said twice the last counts,
//! since a server that booted again says them again.
//!
//! Where [`Mode::Reference`] differs from the text: up to 5 of 1000 blocks may fail, by the text
//! 3. What the console does not say is undecided.
//!
//! [Text](https://docs.scs.community/standards/scs-0101-v1-entropy)

use scs_core::standards::{Finding, Mode, Target, TestResult};

const MARKER: &str = "_scs-test-";

/// What the kernel tells since 5.18: its pool is full, always.
const FULL: u64 = 256;

/// What a server has written to its console about random numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsoleOutput {
    /// The content of `/proc/sys/kernel/random/entropy_avail`.
    pub entropy: Option<u64>,
    /// How many of 1000 blocks have failed the tests of FIPS 140-2.
    pub failures: Option<u64>,
    /// Whether `rngd` runs.
    pub rngd: Option<bool>,
}

impl ConsoleOutput {
    /// Reads the console.
    pub fn parse(console: &str) -> Self {
        let mut output = Self::default();
        let mut section = "";
        for line in console.lines() {
            let text = match line.rsplit_once(MARKER) {
                Some((_, rest)) => {
                    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
                    let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                    section = if rest.starts_with("end") { "" } else { &rest[..end] };
                    rest[end..].trim_start_matches([':', '=', '\'', '"'])
                }
                None => line,
            };
            output.read(section, said(text));
        }
        output
    }

    /// Reads a line of a section.
    fn read(&mut self, section: &str, line: &str) {
        if let Some((_, count)) = line.split_once("FIPS 140-2 failures:") {
            self.failures = count.trim().parse().ok().or(self.failures);
        } else if section.contains("entropy") || is_of_entropy(line) {
            let number = line.rsplit([':', '=', ' ']).next().unwrap_or_default();
            self.entropy = number.parse().ok().or(self.entropy);
        } else if section.contains("fips") || section.contains("rngtest") {
            self.failures = line.trim().parse().ok().or(self.failures);
        } else if section.contains("rngd") {
            let words = || line.split(|c: char| !c.is_ascii_alphanumeric());
            if words().any(|word| matches!(word, "inactive" | "failed" | "dead" | "unknown")) {
                self.rngd = Some(false);
            } else if words().any(|word| matches!(word, "active" | "running")) {
                self.rngd = Some(true);
            }
        }
    }
}

/// Whether it names what the kernel tells.
fn is_of_entropy(line: &str) -> bool {
    line.contains("entropy_avail") || line.contains("entropy-avail")
}

/// What a line says, without colours, the time since boot and the name of a process before it.
fn said(line: &str) -> &str {
    let mut rest = line.trim();
    loop {
        let shorter = match rest.as_bytes().first() {
            // A colour, as in `ESC [0;32m`.
            Some(0x1b) => rest.find('m').map(|end| &rest[end + 1..]),
            // The time since boot, as in `[   31.204173]`.
            Some(b'[') => rest.find(']').map(|end| &rest[end + 1..]),
            // A process, as in `cloud-init[612]:`.
            _ => rest.split_once("]: ").and_then(|(process, rest)| {
                let (name, id) = process.split_once('[')?;
                let is_process = !name.contains(' ') && id.bytes().all(|b| b.is_ascii_digit());
                is_process.then_some(rest)
            }),
        };
        match shorter {
            Some(shorter) => rest = shorter.trim(),
            None => return rest,
        }
    }
}

/// Judges what a server has written to its console.
pub fn check(output: ConsoleOutput, mode: Mode) -> Vec<TestResult> {
    let result = |id, target, finding: Option<Finding>| {
        TestResult::new(id, target, mode, finding.into_iter().collect())
    };
    vec![
        result("scs-0101-entropy-avail", Target::Main, entropy(output.entropy)),
        result("scs-0101-fips-test", Target::Main, fips(output.failures, mode)),
        result("scs-0101-rngd", Target::Preview, rngd(output.rngd)),
    ]
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
    use proptest::prelude::*;
    use scs_core::standards::Verdict::{self, Abort, Fail, Pass};

    use super::*;

    const CONSOLE: &str = "\
[    0.000000] Linux version 6.8.0-51-generic\r
[   12.104923] systemd[1]: Started cron.service\r
[   31.204173] cloud-init[612]: _scs-test-entropy-avail\r
[   31.204980] cloud-init[612]: 256\r
[   31.214173] cloud-init[612]: _scs-test-fips-test\r
[   31.304173] cloud-init[612]: rngtest 6.15\r
[   31.304174] cloud-init[612]: rngtest: bits received from input: 20000032\r
[   31.304175] cloud-init[612]: rngtest: FIPS 140-2 successes: 999\r
[   31.304176] cloud-init[612]: rngtest: FIPS 140-2 failures: 1\r
[   31.304177] cloud-init[612]: rngtest: FIPS 140-2(2001-10-10) Monobit: 0\r
[   31.404173] cloud-init[612]: _scs-test-rngd\r
[   31.404174] cloud-init[612]:      Active: active (running) since Sat\r
[   31.504173] cloud-init[612]: _scs-test-end\r
login: 4096\r
";

    fn verdicts(output: ConsoleOutput, mode: Mode) -> [Verdict; 3] {
        let results = check(output, mode);
        results.iter().map(|result| result.verdict).collect::<Vec<_>>().try_into().unwrap()
    }

    #[test]
    fn a_console_is_read() {
        let output = ConsoleOutput::parse(CONSOLE);
        let expected = ConsoleOutput { entropy: Some(256), failures: Some(1), rngd: Some(true) };
        assert_eq!(output, expected);
        assert_eq!(verdicts(output, Mode::Reference), [Pass; 3]);
    }

    #[test]
    fn what_is_said_is_found_in_many_ways() {
        for (console, entropy, failures) in [
            ("_scs-test-entropy-avail: 256", Some(256), None),
            ("_scs-test-entropy-avail=255\n", Some(255), None),
            ("_scs-test-entropy\n\u{1b}[32mentropy_avail: 256", Some(256), None),
            ("+ echo _scs-test-entropy-avail\n_scs-test-entropy-avail\n256\n", Some(256), None),
            ("_scs-test-fips-test 3\n", None, Some(3)),
            ("rngtest: FIPS 140-2 failures: 7", None, Some(7)),
            ("_scs-test-entropy-avail\n_scs-test-end\n256\n", None, None),
            ("entropy_avail: 256", Some(256), None),
            ("cat /proc/sys/kernel/random/entropy_avail", None, None),
            ("_scs-test-entropy\n256\n_scs-test-end-entropy\n12\n", Some(256), None),
            ("", None, None),
        ] {
            let output = ConsoleOutput::parse(console);
            assert_eq!((output.entropy, output.failures), (entropy, failures), "{console}");
        }
        let dead = ConsoleOutput::parse("_scs-test-rngd\nActive: inactive (dead)");
        assert_eq!(dead.rngd, Some(false));
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

    proptest! {
        #[test]
        fn any_console_is_read(entropy: u32, failures in 0..2000_u32, noise in "([^_F]{0,30}\n)?") {
            let console = format!(
                "{noise}_scs-test-entropy-avail\n{entropy}\n_scs-test-fips\n{noise}\
                 rngtest: FIPS 140-2 failures: {failures}\n_scs-test-end\n{noise}"
            );
            let output = ConsoleOutput::parse(&console);
            prop_assert_eq!(output.entropy, Some(entropy.into()));
            prop_assert_eq!(output.failures, Some(failures.into()));
        }

        #[test]
        fn no_console_panics(console in "(.|\n|_scs-test-|\u{1b}\\[|\\[|\\]: ){0,60}") {
            ConsoleOutput::parse(&console);
        }
    }
}

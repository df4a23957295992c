//! What a server writes to its console.

const MARKER: &str = "_scs-test-";

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
    /// Whether the CPU has an instruction for random numbers: RDRAND, RDSEED or RNDR.
    pub instructions: Option<bool>,
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
            if output.read(section, said(text)) {
                section = "";
            }
        }
        output
    }

    /// Reads a line of a section; answers whether it is the number that the section is about.
    fn read(&mut self, section: &str, line: &str) -> bool {
        if let Some((_, count)) = line.split_once("FIPS 140-2 failures:") {
            self.failures = count.trim().parse().ok().or(self.failures);
        } else if is_of_entropy(section, line) {
            let number = line.rsplit([':', '=', ' ']).next().and_then(|word| word.parse().ok());
            self.entropy = number.or(self.entropy);
            return number.is_some();
        } else if section.contains("fips") || section.contains("rngtest") {
            let number = line.parse().ok();
            self.failures = number.or(self.failures);
            return number.is_some();
        } else if section == "instructions" {
            let mut words = line.split(' ');
            self.instructions = match words.any(|word| matches!(word, "rdrand" | "rdseed" | "rng"))
            {
                true => Some(true),
                false if line == "none" => Some(false),
                false => self.instructions,
            };
        } else if section.contains("rngd") {
            let words = || line.split(|c: char| !c.is_ascii_alphanumeric());
            if words().any(|word| matches!(word, "inactive" | "failed" | "dead" | "unknown")) {
                self.rngd = Some(false);
            } else if words().any(|word| matches!(word, "active" | "running")) {
                self.rngd = Some(true);
            }
        }
        false
    }
}

/// Whether it names what the kernel tells, or is a number where that is to be told. The kernel and
/// the login prompt write between the lines of a section.
fn is_of_entropy(section: &str, line: &str) -> bool {
    line.contains("entropy_avail")
        || line.contains("entropy-avail")
        || section.contains("entropy")
            && (line.contains("entropy") || line.bytes().all(|byte| byte.is_ascii_digit()))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CONSOLE: &str = "\
[    0.000000] Linux version 6.8.0-51-generic\r
[   12.104923] systemd[1]: Started cron.service\r
[   31.204171] cloud-init[612]: _scs-test-instructions\r
[   31.204172] cloud-init[612]: rdrand rdseed\r
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

    #[test]
    fn a_console_is_read() {
        let output = ConsoleOutput::parse(CONSOLE);
        let expected = ConsoleOutput {
            entropy: Some(256),
            failures: Some(1),
            rngd: Some(true),
            instructions: Some(true),
        };
        assert_eq!(output, expected);
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
            ("_scs-test-entropy\nentropy = 255\n", Some(255), None),
            // Others write to the console, too.
            ("_scs-test-entropy\n[ 9.1] eth0: 17\n[ 9.2] 256\nlogin: 12\n", Some(256), None),
            ("_scs-test-entropy\n256\n17\n_scs-test-fips\n2\n9\n", Some(256), Some(2)),
            ("_scs-test-entropy\n255\n_scs-test-entropy\n256\n", Some(256), None),
            ("_scs-test-entropy\n25 6\n", None, None),
            ("", None, None),
        ] {
            let output = ConsoleOutput::parse(console);
            assert_eq!((output.entropy, output.failures), (entropy, failures), "{console}");
        }
        let dead = ConsoleOutput::parse("_scs-test-rngd\nActive: inactive (dead)");
        assert_eq!(dead.rngd, Some(false));
        let filtered = ConsoleOutput::parse("_scs-test-instructions\nnone\n\nlogin: ");
        assert_eq!(filtered.instructions, Some(false));
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

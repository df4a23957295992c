//! An assessment as JUnit XML, which build servers show.

use std::fmt::{self, Write};

use super::{Assessment, ModuleAssessment, Score};
use crate::standards::{Target, Verdict};

impl Assessment {
    /// As JUnit XML: a suite for each module, a case for each test case.
    ///
    /// A case fails if it counts for the certificate and fails, and is an error if its verdict
    /// could not be found out or is missing. What does not count for the certificate is skipped
    /// unless it passes, with a message that says why.
    pub fn to_junit(&self) -> String {
        Document(self).to_string()
    }
}

struct Document<'a>(&'a Assessment);

impl fmt::Display for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Assessment { scope, version, at, modules, .. } = self.0;
        writeln!(f, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        write!(f, r#"<testsuites name="{} {}""#, Escaped(scope), Escaped(version))?;
        writeln!(f, "{}>", Counts::of(self.0.scores()))?;
        for module in modules {
            write!(f, r#"  <testsuite name="{}""#, Escaped(&module.id))?;
            writeln!(f, r#"{} timestamp="{at}">"#, Counts::of(module.scores.iter()))?;
            write_cases(f, module)?;
            writeln!(f, "  </testsuite>")?;
        }
        writeln!(f, "</testsuites>")
    }
}

fn write_cases(f: &mut fmt::Formatter<'_>, module: &ModuleAssessment) -> fmt::Result {
    for score in &module.scores {
        let (class, name) = (Escaped(&module.id), Escaped(&score.testcase));
        write!(f, r#"    <testcase classname="{class}" name="{name}""#)?;
        let outcome = Outcome::of(score);
        if outcome == Outcome::Passed && score.findings.is_empty() {
            writeln!(f, "/>")?;
            continue;
        }
        writeln!(f, ">")?;
        let findings: Vec<_> = score.findings.iter().map(ToString::to_string).collect();
        let findings = findings.join("\n");
        let findings = Escaped(&findings);
        let (verdict, target) = (score.verdict, score.target);
        let asked = Escaped(score.asked());
        match outcome {
            Outcome::Passed => writeln!(f, "      <system-out>{findings}</system-out>")?,
            Outcome::Failed => {
                write!(f, r#"      <failure type="{verdict}" message="{asked}">"#)?;
                writeln!(f, "{findings}</failure>")?;
            }
            Outcome::Error => {
                write!(f, r#"      <error type="{verdict}" message="{asked}">"#)?;
                writeln!(f, "{findings}</error>")?;
            }
            Outcome::Skipped => {
                write!(f, r#"      <skipped message="{target}, {verdict}: {asked}">"#)?;
                writeln!(f, "{findings}</skipped>")?;
            }
        }
        writeln!(f, "    </testcase>")?;
    }
    Ok(())
}

/// What JUnit calls what a test case ended with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Error,
    Skipped,
}

impl Outcome {
    fn of(score: &Score) -> Self {
        match (score.verdict, score.target) {
            (Verdict::Pass, _) => Self::Passed,
            (_, Target::Recommended | Target::Preview) => Self::Skipped,
            (Verdict::Fail, Target::Main) => Self::Failed,
            (Verdict::Abort | Verdict::Missing, Target::Main) => Self::Error,
        }
    }
}

/// How many cases there are, as attributes.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a>(scores: impl Iterator<Item = &'a Score>) -> Self {
        let mut counts = Self::default();
        for score in scores {
            counts.tests += 1;
            match Outcome::of(score) {
                Outcome::Passed => {}
                Outcome::Failed => counts.failures += 1,
                Outcome::Error => counts.errors += 1,
                Outcome::Skipped => counts.skipped += 1,
            }
        }
        counts
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tests, failures, errors, skipped } = self;
        write!(f, r#" tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}""#)
    }
}

/// A text inside of XML, in an element or in an attribute. What XML cannot hold is replaced.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            // Readers make blanks of them in attributes.
            '\t' | '\n' | '\r' => write!(f, "&#{};", u32::from(c)),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => f.write_char(char::REPLACEMENT_CHARACTER),
            _ => f.write_char(c),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unescaped(xml: &str) -> String {
        let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#9;", "\t")];
        let named = named.into_iter().chain([("&#10;", "\n"), ("&#13;", "\r"), ("&amp;", "&")]);
        named.fold(xml.to_owned(), |text, (name, c)| text.replace(name, c))
    }

    #[test]
    fn xml_cannot_hold_everything() {
        let escaped = Escaped("a\0\u{8}\u{b}\u{1f}\u{fffe}\u{ffff}\u{7f}\u{10ffff}").to_string();
        assert_eq!(escaped, format!("a{}\u{7f}\u{10ffff}", "\u{fffd}".repeat(6)));
    }

    proptest! {
        #[test]
        fn texts_stay_where_they_are_put(text in "[ -~\t\n\ré&<>\"';#]*") {
            let escaped = Escaped(&text).to_string();
            prop_assert!(!escaped.contains(['<', '>', '"', '\t', '\n', '\r']));
            prop_assert_eq!(unescaped(&escaped), text);
        }
    }
}

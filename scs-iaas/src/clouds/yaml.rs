//! YAML as settings that know their lines.
//!
//! Texts are kept as they are written: `0123` and `yes` are no numbers or booleans here, since
//! a setting has the type that its reader expects.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};
use scs_core::{Error, Result};

use super::value::{Data, Origin, Settings, Value};

/// How deep a clouds.yaml is nested at most; five levels are usual.
const MAX_DEPTH: usize = 32;
/// How many values there are at most, those that aliases repeat included.
const MAX_VALUES: usize = 50_000;
/// How many bytes of text there are at most, those that aliases repeat included.
const MAX_BYTES: usize = 4 << 20;

/// The settings in a text; `path` names it in origins and errors.
///
/// # Errors
/// [`ErrorKind::Config`](scs_core::ErrorKind) with the place, but without any of its words, which
/// may be secret.
pub(super) fn parse(text: &str, path: &Arc<str>) -> Result<Settings> {
    let mut reader = Reader {
        events: Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)),
        path: path.clone(),
        anchors: HashMap::new(),
        weight: Weight::default(),
    };
    reader.document()
}

/// What a value costs.
#[derive(Clone, Copy, Default)]
struct Weight {
    values: usize,
    bytes: usize,
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    path: Arc<str>,
    /// What aliases stand for, with its weight; `None` as long as it is not complete. The value
    /// of an anchored null is `None`, too.
    anchors: HashMap<usize, Option<(Option<Value>, Weight)>>,
    weight: Weight,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Settings> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                _ if root.is_some() => return Err(self.wrong(&span, "a second document begins")),
                event => root = Some((self.value(event, &span, 0)?, span)),
            }
        }
        match root {
            None | Some((None, _)) => Ok(Settings::default()),
            Some((Some(Value { data: Data::Map(settings), .. }), _)) => Ok(settings),
            Some((Some(_), span)) => Err(self.wrong(&span, "this is no setting, `name: value`")),
        }
    }

    fn next(&mut self) -> Result<(Event<'static>, Span)> {
        loop {
            match self.events.next_event() {
                Some(Ok((event, span))) => {
                    if let Some(event) = owned(event) {
                        return Ok((event, span));
                    }
                }
                Some(Err(error)) => {
                    let (line, column) = (error.marker().line(), error.marker().col() + 1);
                    return Err(self.at(line, column, "this is not YAML"));
                }
                None => return Err(self.at(1, 1, "this is not YAML")),
            }
        }
    }

    /// `None` for a null.
    fn value(&mut self, event: Event<'static>, span: &Span, depth: usize) -> Result<Option<Value>> {
        if depth > MAX_DEPTH {
            return Err(self.wrong(span, "this is nested too deep"));
        }
        let before = self.weight;
        let line = span.start.line();
        let origin = Origin::File { path: self.path.clone(), line };
        let of = |data| Some(Value { data, origin });
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.weigh(Weight { values: 1, bytes: text.len() }, span)?;
                if tag.as_deref().is_some_and(|tag| !is_known(tag)) {
                    return Err(self.wrong(span, "nobody knows what this tag stands for"));
                }
                (scalar(&text, style, tag.as_deref()).and_then(of), anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.begin(anchor, span)?;
                (of(Data::List(self.list(depth)?)), anchor)
            }
            Event::MappingStart(_, anchor, _) => {
                self.begin(anchor, span)?;
                (of(Data::Map(self.map(depth)?)), anchor)
            }
            Event::Alias(anchor) => {
                let Some(Some((value, weight))) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.wrong(span, "this alias stands for something around it"));
                };
                self.weigh(weight, span)?;
                return Ok(value);
            }
            _ => return Err(self.wrong(span, "this is not YAML")),
        };
        if anchor > 0 {
            let weight = Weight {
                values: self.weight.values - before.values,
                bytes: self.weight.bytes - before.bytes,
            };
            self.anchors.insert(anchor, Some((value.clone(), weight)));
        }
        Ok(value)
    }

    fn begin(&mut self, anchor: usize, span: &Span) -> Result<()> {
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        self.weigh(Weight { values: 1, bytes: 0 }, span)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.extend(self.value(event, &span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Settings> {
        let mut settings = Settings::default();
        let mut merged = Settings::default();
        loop {
            let (name, span) = match self.next()? {
                (Event::MappingEnd, _) => break,
                (Event::Scalar(name, style, ..), span) => ((name, style), span),
                (_, span) => return Err(self.wrong(&span, "the name of a setting is no text")),
            };
            let (event, below) = self.next()?;
            let value = self.value(event, &below, depth + 1)?;
            match (name, value) {
                ((name, ScalarStyle::Plain), Some(value)) if name == "<<" => {
                    self.merge(&mut merged, value, &span)?;
                }
                ((name, _), Some(mut value)) => {
                    // Where its name stands is where people look.
                    if let Origin::File { line, .. } = &mut value.origin {
                        *line = span.start.line();
                    }
                    settings.insert(name, value);
                }
                ((name, _), None) => drop(settings.remove(&name)),
            }
        }
        settings.fill_from(&merged);
        Ok(settings)
    }

    /// `<<: *common`, or a list of such, of which the first one counts.
    fn merge(&self, merged: &mut Settings, value: Value, span: &Span) -> Result<()> {
        match value.data {
            Data::Map(settings) => merged.fill_from(&settings),
            Data::List(items) => {
                for item in items {
                    self.merge(merged, item, span)?;
                }
            }
            Data::Text { .. } => return Err(self.wrong(span, "`<<` takes settings")),
        }
        Ok(())
    }

    fn weigh(&mut self, more: Weight, span: &Span) -> Result<()> {
        self.weight.values += more.values;
        self.weight.bytes += more.bytes;
        if self.weight.values > MAX_VALUES || self.weight.bytes > MAX_BYTES {
            return Err(self.wrong(span, "up to here there is more than any clouds.yaml needs"));
        }
        Ok(())
    }

    fn wrong(&self, span: &Span, what: &str) -> Error {
        self.at(span.start.line(), span.start.col() + 1, what)
    }

    fn at(&self, line: usize, column: usize, what: &str) -> Error {
        Error::config(format!("{}:{line}:{column}: {what}", self.path))
            .with_hint("check indentation, quotes, colons and brackets there")
    }
}

/// `None` for a comment, which says nothing.
fn owned(event: Event<'_>) -> Option<Event<'static>> {
    Some(match event {
        Event::Scalar(text, style, anchor, tag) => {
            let tag = tag.map(|tag| Cow::Owned(tag.into_owned()));
            Event::Scalar(Cow::Owned(text.into_owned()), style, anchor, tag)
        }
        Event::SequenceStart(style, anchor, _) => Event::SequenceStart(style, anchor, None),
        Event::MappingStart(style, anchor, _) => Event::MappingStart(style, anchor, None),
        Event::Alias(anchor) => Event::Alias(anchor),
        Event::StreamStart => Event::StreamStart,
        Event::StreamEnd => Event::StreamEnd,
        Event::DocumentStart(explicit, version) => Event::DocumentStart(explicit, version),
        Event::DocumentEnd => Event::DocumentEnd,
        Event::SequenceEnd => Event::SequenceEnd,
        Event::MappingEnd => Event::MappingEnd,
        _ => return None,
    })
}

/// Whether a value with this tag is what is written: not so if it is encrypted or encoded.
fn is_known(tag: &Tag) -> bool {
    matches!(tag.suffix(), "" | "str" | "int" | "float" | "bool" | "null" | "timestamp")
}

/// `None` for a null.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Option<Data> {
    let is_text = style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix() == "str");
    if !is_text && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return None;
    }
    Some(Data::Text { text: text.into(), ambiguous: !is_text && is_ambiguous(text) })
}

/// Whether a reader of YAML 1.1 makes something of this plain text that, written as text again,
/// is another one.
fn is_ambiguous(text: &str) -> bool {
    const BOOLEANS: [&str; 6] = ["yes", "no", "on", "off", "true", "false"];
    let digits =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    let octal = number.len() > 1
        && number.starts_with('0')
        && number.bytes().all(|b| matches!(b, b'0'..=b'7' | b'_'));
    let other_base = ["0x", "0b"].iter().any(|base| number.starts_with(base));
    let grouped = digits(number) && (number.contains('_') || number.len() < text.len());
    let fraction = number.split_once('.').is_some_and(|(whole, rest)| {
        let rest = rest.split(['e', 'E']).next().unwrap_or_default();
        (whole.is_empty() || digits(whole)) && (rest.is_empty() || digits(rest)) && number.len() > 1
    });
    let sexagesimal = number.contains(':') && number.split(':').all(digits);
    let date = text.len() >= 8 && text.matches('-').count() == 2 && text.split('-').all(digits);
    BOOLEANS.contains(&text.to_ascii_lowercase().as_str())
        || octal
        || other_base
        || grouped
        || fraction
        || sexagesimal
        || date
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    fn read(text: &str) -> Result<Settings> {
        parse(text, &"c.yaml".into())
    }

    fn refused(text: &str) -> String {
        let error = read(text).unwrap_err().to_string();
        assert!(!error.contains("canary") && !error.contains('\n'), "{error}");
        error
    }

    #[test]
    fn texts_stay_as_they_are_written() {
        for (written, text, ambiguous) in [
            ("0123", "0123", true),
            ("'0123'", "0123", false),
            ("!!str 0123", "0123", false),
            ("0189", "0189", false),
            ("123456", "123456", false),
            ("1e5", "1e5", false),
            ("1.10", "1.10", true),
            ("1.2.3", "1.2.3", false),
            ("yes", "yes", true),
            ("1:30", "1:30", true),
            ("1_000", "1_000", true),
            ("2026-11-21", "2026-11-21", true),
            ("\"~\"", "~", false),
            ("a#b # not this", "a#b", false),
            ("|-\n  two\n  lines", "two\nlines", false),
        ] {
            let settings = read(&format!("k: {written}")).unwrap();
            let value = settings.get("k").unwrap();
            let Data::Text { text: found, ambiguous: warned } = &value.data else { panic!() };
            assert_eq!((found.expose(), *warned), (text, ambiguous), "{written}");
        }
        for null in ["", "~", "null"] {
            assert!(read(&format!("k: {null}")).unwrap().given("k").is_none());
        }
    }

    #[test]
    fn merges_fill_in() {
        let text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\nd: *a";
        let settings = read(text).unwrap();
        let c = settings.get("c").unwrap().as_map().unwrap();
        let value = |name| c.get(name).unwrap().as_text().unwrap();
        assert_eq!((value("x"), value("y"), value("z")), ("1", "1", "3"));
        let line = |value: &Value| value.origin.to_string();
        assert_eq!(line(c.get("z").unwrap()), "c.yaml:4");
        assert_eq!(line(settings.get("d").unwrap()), "c.yaml:6");
    }

    #[test]
    fn errors_name_the_place_and_quote_nothing() {
        assert!(refused("a: [canary").starts_with("c.yaml:"));
        assert!(refused("a: b\n\tcanary: d").starts_with("c.yaml:"));
        assert!(refused("- canary").starts_with("c.yaml:1:1: this is no setting"));
        assert!(refused("a: &a [*a]").contains("c.yaml:1:8"));
        assert!(refused("a: *canary").starts_with("c.yaml:1:"));
        assert!(refused("a: 1\n---\nb: 1").contains("c.yaml:3:1: a second document"));
        assert!(refused("a: !vault canary").contains("c.yaml:1:11: nobody knows"));
        assert!(refused("a: !!binary canary").contains("nobody knows"));
        assert!(refused("? [canary]\n: b").contains("c.yaml:1:3: the name"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "[ab:{}\\[\\],&*<!|>'\"#~?%\\n\\t -]{0,80}") {
            let _ = read(&text);
        }
    }

    #[test]
    fn hostile_files_end_soon() {
        let mut laughs = "a0: &a0 [canary, canary]\n".to_owned();
        for level in 1..60 {
            let below = format!("*a{}", level - 1);
            writeln!(laughs, "a{level}: &a{level} [{below}, {below}, {below}]").unwrap();
        }
        assert!(refused(&laughs).contains("more than any clouds.yaml needs"));
        let long = format!("a: &a {}\nb: [{}]", "canary".repeat(20_000), "*a, ".repeat(10_000));
        assert!(refused(&long).contains("more than any clouds.yaml needs"));
        for (open, close) in [("[", "]"), ("{a: ", "}")] {
            let deep = format!("a: {}canary{}", open.repeat(20_000), close.repeat(20_000));
            refused(&deep);
        }
        refused(&"- ".repeat(10_000));
        refused(&(0..5_000).map(|depth| " ".repeat(depth) + "a:\n").collect::<String>());
    }
}

//! Lists: selectors and pages.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use scs_core::testing::{Answer, Answered, Received};
use serde_json::{Value, json};

use super::{Kept, Resource, kept::text, status};

/// What the parameters of a request select.
#[derive(Default)]
pub(super) struct Selector {
    labels: Vec<Term>,
    fields: Vec<Term>,
}

/// A key, the values of which it may have one, and whether it is the other way round.
struct Term {
    key: String,
    values: Option<Vec<String>>,
    not: bool,
}

impl Selector {
    pub(super) fn of(request: &Received) -> Self {
        let terms = |name| request.parameter(name).map(terms).unwrap_or_default();
        Self { labels: terms("labelSelector"), fields: terms("fieldSelector") }
    }

    fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    pub(super) fn matches(&self, object: &Value) -> bool {
        let labels = &object["metadata"]["labels"];
        let field = |path: &str| path.split('.').fold(object, |value, member| &value[member]);
        self.labels.iter().all(|term| term.holds(labels[&term.key].as_str()))
            && self.fields.iter().all(|term| term.holds(field(&term.key).as_str()))
    }
}

impl Term {
    fn holds(&self, value: Option<&str>) -> bool {
        let held = match &self.values {
            None => value.is_some(),
            Some(values) => value.is_some_and(|value| values.iter().any(|wanted| wanted == value)),
        };
        held != self.not
    }

    fn parse(term: &str) -> Self {
        let term = term.trim();
        let one = |key: &str, value: &str, not| Self {
            key: key.trim().to_owned(),
            values: Some(vec![value.trim().to_owned()]),
            not,
        };
        let set = |key: &str, values: &str, not| Self {
            key: key.trim().to_owned(),
            values: Some(
                values
                    .trim_matches(['(', ')', ' '])
                    .split(',')
                    .map(|value| value.trim().to_owned())
                    .collect(),
            ),
            not,
        };
        if let Some((key, values)) = term.split_once(" notin ") {
            set(key, values, true)
        } else if let Some((key, values)) = term.split_once(" in ") {
            set(key, values, false)
        } else if let Some((key, value)) = term.split_once("!=") {
            one(key, value, true)
        } else if let Some((key, value)) = term.split_once('=') {
            one(key, value.trim_start_matches('='), false)
        } else {
            let key = term.trim_start_matches('!');
            Self { key: key.to_owned(), values: None, not: key != term }
        }
    }
}

/// The terms between commas that do not stand in parentheses.
fn terms(selector: &str) -> Vec<Term> {
    let mut depth = 0;
    let parts = selector.split(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    });
    parts.filter(|term| !term.trim().is_empty()).map(Term::parse).collect()
}

/// Where a list goes on: the resourceVersion of its first page, and the last key so far.
struct Token {
    revision: u64,
    after: String,
}

impl Token {
    fn read(token: &str) -> Option<Self> {
        let token: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        Some(Self { revision: token["rv"].as_u64()?, after: text(&token, "start").to_owned() })
    }

    fn write(&self) -> String {
        let token = json!({"v": "meta.k8s.io/v1", "rv": self.revision, "start": self.after});
        URL_SAFE_NO_PAD.encode(token.to_string())
    }
}

/// A page of a list, with objects as they are kept.
pub(super) fn page<'a>(
    objects: &'a Kept<'_>,
    request: &Received,
    kind: &Resource,
    scope: Option<&str>,
) -> Answered<(Vec<&'a Value>, Value)> {
    let token = match request.parameter("continue").filter(|token| !token.is_empty()) {
        Some(token) => Some(Token::read(token).ok_or_else(|| {
            status::bad_request("continue key is not valid: the token cannot be read")
        })?),
        None => None,
    };
    let revision = token.as_ref().map_or(objects.revision(), |token| token.revision);
    if let Some(Token { after, .. }) = &token
        && objects.since(revision, kind, scope).is_none()
    {
        let message = "The provided continue parameter is too old to display a consistent list \
                       result: start a new list, or go on with the token in this answer";
        let fresh = Token { revision: objects.revision(), after: after.clone() }.write();
        return Err(Answer::json(410, status::expired(message, Some(fresh))));
    }
    let selector = Selector::of(request);
    let after = token.map(|token| token.after).unwrap_or_default();
    let mut rest: Vec<_> = objects
        .select(kind, scope)
        .into_iter()
        .filter(|(key, object)| *key > after.as_str() && selector.matches(object))
        .collect();
    let limit = request.parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(0);
    let mut metadata = json!({"resourceVersion": revision.to_string(), "continue": ""});
    if limit > 0 && rest.len() > limit {
        if selector.is_empty() {
            metadata["remainingItemCount"] = (rest.len() - limit).into();
        }
        rest.truncate(limit);
        let after = rest.last().map(|(key, _)| (*key).to_owned()).unwrap_or_default();
        metadata["continue"] = Token { revision, after }.write().into();
    }
    Ok((rest.into_iter().map(|(_, object)| object).collect(), metadata))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_understood() {
        let object = json!({"metadata": {"name": "x", "labels": {"app": "shop", "tier": "web"}}});
        for (selector, expected) in [
            ("", true),
            ("app=shop", true),
            ("app==shop,tier=db", false),
            ("tier!=db,app", true),
            ("!app", false),
            ("tier in (db, web),app notin (a,b)", true),
            ("none notin (a)", true),
            ("none", false),
        ] {
            let labels = Selector { labels: terms(selector), fields: Vec::new() };
            assert_eq!(labels.matches(&object), expected, "{selector}");
        }
        let fields = Selector { labels: Vec::new(), fields: terms("metadata.name=x") };
        assert!(fields.matches(&object));
    }
}

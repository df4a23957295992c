use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::{Error, Result};

/// What stays as it is in a path segment: RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The path of a request behind a service's endpoint, and the same with the ids left out.
#[derive(Debug, Clone)]
pub(super) struct Path {
    path: String,
    pub(super) template: String,
}

/// Whether URL parsers take the segment for a step within the path, even when it is encoded.
pub(super) fn is_relative(segment: &str) -> bool {
    matches!(segment, "." | "..")
}

fn encode(segment: &str) -> Result<Cow<'_, str>> {
    if segment.is_empty() || is_relative(segment) {
        // It would hit the collection, or something above it.
        return Err(Error::invalid(format!("`{segment}` is not an id"))
            .with_hint("pass the id that the service gave"));
    }
    Ok(utf8_percent_encode(segment, SEGMENT).into())
}

/// What a URL names: the last segment of its path, decoded; empty if there is none.
pub(super) fn last_segment(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let segment = path.rsplit('/').next().unwrap_or_default();
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

impl Path {
    /// `template` with its `{}` filled by `parents`, then `id`, then `suffix`.
    pub(super) fn new(
        template: &str,
        parents: &[String],
        id: Option<&str>,
        suffix: &str,
    ) -> Result<Self> {
        let mut pieces = template.split("{}");
        let mut path = pieces.next().unwrap_or_default().to_owned();
        let mut parents = parents.iter();
        for piece in pieces {
            let parent = parents
                .next()
                .ok_or_else(|| Error::invalid(format!("`{template}` misses the id of a parent")))?;
            path.push_str(&encode(parent)?);
            path.push_str(piece);
        }
        let named = template.split('?').next().unwrap_or_default();
        let mut this = Self { path, template: named.to_owned() };
        if let Some(id) = id {
            this.push(id)?;
        }
        if !suffix.is_empty() {
            for text in [&mut this.path, &mut this.template] {
                text.push('/');
                text.push_str(suffix);
            }
        }
        Ok(this)
    }

    /// Adds an id.
    pub(super) fn push(&mut self, id: &str) -> Result<()> {
        self.path.push('/');
        self.path.push_str(&encode(id)?);
        self.template.push_str("/{}");
        Ok(())
    }

    /// The URL of this path under an endpoint.
    pub(super) fn under(&self, base: &Url, query: Option<&str>) -> Url {
        let (path, fixed) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let query = match query.unwrap_or_default() {
            "" => fixed.to_owned(),
            query if fixed.is_empty() => query.to_owned(),
            query => format!("{fixed}&{query}"),
        };
        let mut url = base.clone();
        if !path.is_empty() {
            url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
        }
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        url
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(id: &str) -> Result<Url> {
        let base = Url::parse("https://cloud.example/compute/v2.1/").unwrap();
        Path::new("servers/{}/tags", &["s 1".into()], Some(id), "action")
            .map(|path| path.under(&base, None))
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for id in ["", ".", ".."] {
            assert!(url(id).is_err(), "{id}");
        }
        assert!(Path::new("servers/{}/tags", &[], None, "").is_err());
        assert!(Path::new("servers/{}/tags", &["..".into()], None, "").is_err());
    }

    #[test]
    fn the_template_holds_no_id() {
        let path = Path::new("servers/{}/tags", &["s".into()], Some("t"), "action").unwrap();
        assert_eq!(path.template, "servers/{}/tags/{}/action");
    }

    #[test]
    fn a_location_names_its_last_segment() {
        for (url, name) in [
            ("https://cloud.example/admin/users/u1", "u1"),
            ("/roles/caf%C3%A9?brief=true", "café"),
            ("u1", "u1"),
            ("https://cloud.example/roles/", ""),
            ("", ""),
        ] {
            assert_eq!(last_segment(url), name);
        }
    }

    #[test]
    fn an_empty_path_is_the_endpoint_itself() {
        let base = Url::parse("https://cloud.example/admin/realms/lab").unwrap();
        let url = Path::new("", &[], None, "").unwrap().under(&base, None);
        assert_eq!(url, base);
    }

    #[test]
    fn a_path_may_end_in_a_query() {
        let base = Url::parse("https://cloud.example/v3").unwrap();
        let path = Path::new("quotas/{}?usage=true", &["p?q".into()], None, "").unwrap();
        let url = path.under(&base, None);
        assert_eq!(url.as_str(), "https://cloud.example/v3/quotas/p%3Fq?usage=true");
        let list = Path::new("groups?brief=false", &[], None, "").unwrap();
        let url = list.under(&base, Some("first=2"));
        assert_eq!(url.as_str(), "https://cloud.example/v3/groups?brief=false&first=2");
        assert_eq!(list.template, "groups");
    }

    proptest! {
        /// Whatever an id holds, it stays one segment and comes out as it went in.
        #[test]
        fn an_id_is_one_segment(id in "\\PC{1,20}") {
            prop_assume!(!is_relative(&id));
            let url = url(&id).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 7);
            let decoded = percent_encoding::percent_decode_str(segments[5]).decode_utf8().unwrap();
            prop_assert_eq!(decoded, id);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }
}

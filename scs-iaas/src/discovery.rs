//! Version documents, as far as they can be trusted.

use scs_core::{ApiVersion, route::VersionRange};
use serde_json::Value;
use url::Url;

/// The microversions of a service in the major version `major`, read from a version document.
///
/// Documents come as `{"version": {…}}`, `{"versions": […]}` or `{"versions": {"values": […]}}`,
/// with members missing, null or empty. What cannot be read is passed over.
pub(crate) fn microversions(document: &[u8], major: u16) -> Option<VersionRange> {
    let document: Value = serde_json::from_slice(document).ok()?;
    let versions = document.get("versions");
    let entries = match versions.and_then(|versions| versions.get("values")).or(versions) {
        Some(Value::Array(entries)) => entries.as_slice(),
        _ => std::slice::from_ref(document.get("version")?),
    };
    let read = |entry: &Value, key: &str| -> Option<ApiVersion> {
        entry.get(key)?.as_str()?.parse().ok().filter(|version: &ApiVersion| version.major == major)
    };
    let ranges = entries.iter().filter_map(|entry| {
        let max = read(entry, "version").or_else(|| read(entry, "max_version"))?;
        Some(VersionRange::new(read(entry, "min_version")?, max))
    });
    ranges.max_by_key(|range| range.max)
}

/// Where the version segment (`v2.1`) of an endpoint's path ends, if it has one.
fn version_end(path: &str) -> Option<usize> {
    let mut end = 0;
    for segment in path.split('/') {
        end += segment.len();
        let digits = segment.strip_prefix('v');
        if digits.is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit())) {
            return segment.parse::<ApiVersion>().is_ok().then_some(end);
        }
        end += 1;
    }
    None
}

/// The endpoint with the version in its path: as it is, or with `default` behind it.
pub(crate) fn versioned(endpoint: &Url, default: &str) -> Url {
    let mut url = endpoint.clone();
    let path = url.path().trim_end_matches('/');
    let path = match version_end(path) {
        Some(_) => path.to_owned(),
        None => format!("{path}/{default}"),
    };
    url.set_path(&path);
    url
}

/// Where the version document of a versioned endpoint may be: at the version, or above it.
pub(crate) fn documents(endpoint: &Url) -> [Url; 2] {
    let path = endpoint.path();
    let end = version_end(path).unwrap_or(path.len());
    let above = path[..end].rfind('/').unwrap_or(0);
    [end, above].map(|end| {
        let mut url = endpoint.clone();
        url.set_path(&format!("{}/", &path[..end]));
        url
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_all_shapes_are_read() {
        let range = Some(VersionRange::new(ApiVersion::new(2, 1), ApiVersion::new(2, 104)));
        let entry = r#"{"id":"v2.1","version":"2.104","min_version":"2.1"}"#;
        let old = r#"{"id":"v2.0","version":"","min_version":""}"#;
        for document in [
            format!(r#"{{"version":{entry}}}"#),
            format!(r#"{{"versions":[{old},{entry},{{"id":null}},7]}}"#),
            format!(r#"{{"versions":{{"values":[{entry}]}}}}"#),
        ] {
            assert_eq!(microversions(document.as_bytes(), 2), range, "{document}");
            assert_eq!(microversions(document.as_bytes(), 3), None, "{document}");
        }
        for broken in ["", "<html>", "[]", "{}", "null", r#"{"versions":7}"#, r#"{"version":[]}"#] {
            assert_eq!(microversions(broken.as_bytes(), 2), None, "{broken}");
        }
    }

    #[test]
    fn endpoints_get_their_version() {
        for (endpoint, used, documents_at) in [
            ("https://c:9696", "https://c:9696/v2.0", ["https://c:9696/v2.0/", "https://c:9696/"]),
            ("https://c/net/", "https://c/net/v2.0", ["https://c/net/v2.0/", "https://c/net/"]),
            ("https://c/v2.1/p", "https://c/v2.1/p", ["https://c/v2.1/", "https://c/"]),
            ("https://c/a/v3/", "https://c/a/v3", ["https://c/a/v3/", "https://c/a/"]),
            (
                "https://v.example/volume",
                "https://v.example/volume/v2.0",
                ["https://v.example/volume/v2.0/", "https://v.example/volume/"],
            ),
        ] {
            let url = versioned(&endpoint.parse().unwrap(), "v2.0");
            assert_eq!(url.as_str(), used);
            assert_eq!(documents(&url).map(String::from), documents_at.map(String::from));
        }
    }
}

//! What the name of an image tells, where clouds of the scopes up to v5.1 say it by names.

use crate::standards::image_metadata::Purpose;

/// What nodes of Kubernetes are called by SCS-0104.
const NODE: &str = "-capi-image";

/// The parts of a name such as `Ubuntu 24.04 Minimal (2026-01-15)`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ImageName<'a> {
    /// The first word, if a version follows: `Ubuntu`.
    pub(super) distribution: Option<&'a str>,
    /// The first word behind it that begins with a digit: `24.04`.
    pub(super) version: Option<&'a str>,
    /// What the rest of the name says that it is for.
    pub(super) purpose: Option<Purpose>,
    /// Whether something stands in brackets at the end, as it does when an image has been replaced
    /// by a newer one.
    pub(super) is_old: bool,
}

impl<'a> ImageName<'a> {
    pub(super) fn parse(name: &'a str) -> Self {
        let (name, is_old) =
            match name.trim_end().strip_suffix(')').and_then(|n| n.rsplit_once(" (")) {
                Some((name, _)) => (name, true),
                None => (name, false),
            };
        if let Some((distribution, _)) = name.split_once(NODE) {
            let purpose = Some(Purpose::KubernetesNode);
            return Self { distribution: Some(distribution), purpose, version: None, is_old };
        }
        let words = || name.split_whitespace();
        let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        let Some(at) = words().position(|word| is_version(&word)).filter(|&at| at > 0) else {
            return Self { is_old, ..Self::default() };
        };
        let purpose = match words().nth(at + 1) {
            None => Some(Purpose::Generic),
            Some(word) if word.eq_ignore_ascii_case("minimal") => Some(Purpose::Minimal),
            Some(_) => None,
        };
        Self { distribution: words().next(), version: words().nth(at), purpose, is_old }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_as_much_as_they_do() {
        let (generic, minimal) = (Some(Purpose::Generic), Some(Purpose::Minimal));
        for (name, distribution, version, purpose, is_old) in [
            ("Ubuntu 24.04", Some("Ubuntu"), Some("24.04"), generic, false),
            ("Ubuntu 24.04 (2026-01-15)", Some("Ubuntu"), Some("24.04"), generic, true),
            ("Ubuntu 24.04 Minimal", Some("Ubuntu"), Some("24.04"), minimal, false),
            ("openSUSE Leap 15.6", Some("openSUSE"), Some("15.6"), generic, false),
            ("Debian 13 with CUDA", Some("Debian"), Some("13"), None, false),
            ("cirros", None, None, None, false),
            ("24.04", None, None, None, false),
            ("my server (copy)", None, None, None, true),
            ("", None, None, None, false),
        ] {
            let expected = ImageName { distribution, version, purpose, is_old };
            assert_eq!(ImageName::parse(name), expected, "{name}");
        }
        for name in ["ubuntu-capi-image-v1.34.1", "ubuntu-capi-image v1.29.3"] {
            let parsed = ImageName::parse(name);
            assert_eq!(parsed.purpose, Some(Purpose::KubernetesNode));
            assert_eq!((parsed.distribution, parsed.version), (Some("ubuntu"), None));
        }
    }
}

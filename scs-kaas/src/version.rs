//! Versions of Kubernetes, and the names of Cluster Stacks that tell them.

use std::fmt;

/// A version of Kubernetes: a minor version, or a patch of it.
///
/// What follows the patch (`-rc.1`, `+vendor.2`) is kept and does not count in comparisons of
/// minor versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) patch: Option<u32>,
    /// What follows the patch.
    pub(crate) rest: String,
}

impl Version {
    /// Reads `1.34`, `1.34.2` or `v1.34.2`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let end = text.find(['-', '+']).unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        let mut parts = numbers.split('.').map(|part| part.parse().ok());
        let (major, minor) = (parts.next()??, parts.next()??);
        let patch = match parts.next() {
            None if rest.is_empty() => None,
            None => return None,
            Some(patch) => Some(patch?),
        };
        parts.next().is_none().then(|| Self { major, minor, patch, rest: rest.into() })
    }

    /// Whether both are of one minor version.
    pub(crate) fn same_minor(&self, other: &Self) -> bool {
        self.minor() == other.minor()
    }

    /// Major and minor version.
    pub(crate) fn minor(&self) -> (u32, u32) {
        (self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if let Some(patch) = self.patch {
            write!(f, ".{patch}")?;
        }
        f.write_str(&self.rest)
    }
}

/// The name of a ClusterClass that belongs to a Cluster Stack:
/// `<provider>-<stack>-<major>-<minor>-v<n>`.
///
/// <https://docs.scs.community/docs/container/components/cluster-stacks/overview/>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StackName<'a> {
    /// Provider and stack.
    pub(crate) stack: &'a str,
    pub(crate) minor: (u32, u32),
    /// `v2`, or `v0-sha.abc1234` of a stack that is being worked on.
    release: &'a str,
}

impl<'a> StackName<'a> {
    pub(crate) fn parse(name: &'a str) -> Option<Self> {
        let at = name
            .rfind("-v")
            .filter(|at| name[at + 2..].starts_with(|first: char| first.is_ascii_digit()))?;
        let (front, release) = (&name[..at], &name[at + 1..]);
        let (front, minor) = front.rsplit_once('-')?;
        let (stack, major) = front.rsplit_once('-')?;
        stack.contains('-').then_some(Self {
            stack,
            minor: (major.parse().ok()?, minor.parse().ok()?),
            release,
        })
    }

    /// The number of a stable release; later ones are higher.
    pub(crate) fn number(&self) -> Option<u32> {
        self.release.strip_prefix('v')?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_ordered() {
        let version = |text: &str| Version::parse(text).unwrap();
        assert_eq!(version("v1.34.2").to_string(), "1.34.2");
        assert_eq!(version("1.34").to_string(), "1.34");
        assert_eq!(version("1.34.2-rc.1").to_string(), "1.34.2-rc.1");
        assert!(version("1.34.10") > version("1.34.9"));
        assert!(version("1.34.1").same_minor(&version("1.34")));
        for bad in ["", "1", "x.y", "1.34.x", "1.34.2.3", "latest", "1.34-rc"] {
            assert_eq!(Version::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn stack_names_tell_the_minor_version() {
        let name = StackName::parse("openstack-scs2-1-34-v10").unwrap();
        assert_eq!((name.stack, name.minor, name.number()), ("openstack-scs2", (1, 34), Some(10)));
        let custom = StackName::parse("openstack-scs2-1-34-v0-sha.abc1234").unwrap();
        assert_eq!((custom.minor, custom.number()), ((1, 34), None));
        for other in ["quick-start", "scs2-1-34-v1", "openstack-scs2-1-34", "a-b-c-d-v1", "v1"] {
            assert_eq!(StackName::parse(other), None, "{other}");
        }
    }
}

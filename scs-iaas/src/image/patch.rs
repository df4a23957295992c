use http::HeaderValue;
use scs_core::{Arg, Change, Id, Payload};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{DiskFormat, Visibility};
use crate::identity::Project;

/// What may change about an [`Image`](super::Image): what is set here, and nothing else.
#[derive(Debug, Clone, Default)]
pub struct ImagePatch {
    operations: Vec<(String, Operation)>,
}

/// A step of a JSON patch (RFC 6902). `add` also replaces what is there.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Operation {
    Add { path: String, value: Value },
    Remove { path: String },
}

impl ImagePatch {
    /// A patch that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its name.
    #[must_use]
    pub fn name(self, name: impl Arg<Change<String>>) -> Self {
        self.set("name", value(name.arg()))
    }

    /// Who may see it.
    #[must_use]
    pub fn visibility(self, visibility: Visibility) -> Self {
        self.set("visibility", visibility.as_str().into())
    }

    /// The least root disk that a server needs, in GiB.
    #[must_use]
    pub fn min_disk(self, gib: u32) -> Self {
        self.set("min_disk", gib.into())
    }

    /// The least memory that a server needs, in MiB.
    #[must_use]
    pub fn min_ram(self, mib: u32) -> Self {
        self.set("min_ram", mib.into())
    }

    /// Whether it is protected against deletion.
    #[must_use]
    pub fn protected(self, protected: bool) -> Self {
        self.set("protected", protected.into())
    }

    /// Whether it is left out of lists that do not ask for it.
    #[must_use]
    pub fn hidden(self, hidden: bool) -> Self {
        self.set("os_hidden", hidden.into())
    }

    /// All of its tags.
    #[must_use]
    pub fn tags(self, tags: impl Arg<Vec<String>>) -> Self {
        self.set("tags", tags.arg().into())
    }

    /// The format of the disk, as long as it has no data.
    #[must_use]
    pub fn disk_format(self, format: DiskFormat) -> Self {
        self.set("disk_format", format.as_str().into())
    }

    /// What is around the disk, as long as it has no data.
    #[must_use]
    pub fn container_format(self, format: impl Into<String>) -> Self {
        self.set("container_format", format.into().into())
    }

    /// The project it belongs to; for administrators.
    #[must_use]
    pub fn owner(self, owner: &Id<Project>) -> Self {
        self.set("owner", owner.as_str().into())
    }

    /// A property such as `os_version`. To clear one that the image does not have is an
    /// [`ErrorKind::Conflict`](scs_core::ErrorKind::Conflict).
    #[must_use]
    pub fn property(self, key: impl Into<String>, value: impl Arg<Change<String>>) -> Self {
        let key = key.into();
        match value.arg() {
            Change::Set(value) => self.set(key, value.into()),
            Change::Clear => {
                let path = pointer(&key);
                self.then(key, Operation::Remove { path })
            }
        }
    }

    fn set(self, key: impl Into<String>, value: Value) -> Self {
        let key = key.into();
        let path = pointer(&key);
        self.then(key, Operation::Add { path, value })
    }

    /// What was said of the key before does not count any more.
    fn then(mut self, key: String, operation: Operation) -> Self {
        self.operations.retain(|(other, _)| *other != key);
        self.operations.push((key, operation));
        self
    }
}

fn value(change: Change<String>) -> Value {
    match change {
        Change::Set(value) => value.into(),
        Change::Clear => Value::Null,
    }
}

/// The JSON pointer (RFC 6901) to a member.
fn pointer(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

impl Serialize for ImagePatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.operations.iter().map(|(_, operation)| operation))
    }
}

impl Payload for ImagePatch {
    const CONTENT_TYPE: HeaderValue =
        HeaderValue::from_static("application/openstack-images-v2.1-json-patch");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_is_sent() {
        let json = |patch: &ImagePatch| serde_json::to_string(patch).unwrap();
        assert_eq!(json(&ImagePatch::new()), "[]");
        let patch = ImagePatch::new()
            .name(Change::Clear)
            .tags(["a"])
            .min_disk(3)
            .property("os_version", "12")
            .property("x/y~z", Change::Clear)
            .property("os_version", "13");
        assert_eq!(
            json(&patch),
            concat!(
                r#"[{"op":"add","path":"/name","value":null},"#,
                r#"{"op":"add","path":"/tags","value":["a"]},"#,
                r#"{"op":"add","path":"/min_disk","value":3},"#,
                r#"{"op":"remove","path":"/x~1y~0z"},"#,
                r#"{"op":"add","path":"/os_version","value":"13"}]"#
            )
        );
    }
}

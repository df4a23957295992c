//! How an image is read: Glance mixes the members of its own with those of its users.

use std::{borrow::Cow, fmt};

use scs_core::{Id, Metadata, Timestamp, value::lenient};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;

use super::{Image, ImageStatus, Visibility};

impl<'de> Deserialize<'de> for Image {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Image;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an image")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Image, A::Error> {
        let mut image = nothing();
        let mut status = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "id" => image.id = map.next_value()?,
                "status" => status = map.next_value()?,
                "name" => image.name = nullable(&mut map)?,
                "visibility" => image.visibility = map.next_value()?,
                "owner" => image.owner = map.next_value()?,
                "disk_format" => image.disk_format = map.next_value()?,
                "container_format" => image.container_format = map.next_value()?,
                "size" => image.size = map.next_value()?,
                "virtual_size" => image.virtual_size = map.next_value()?,
                "min_disk" => image.min_disk = nullable(&mut map)?,
                "min_ram" => image.min_ram = nullable(&mut map)?,
                "checksum" => image.checksum = map.next_value()?,
                "os_hash_algo" => image.hash_algorithm = map.next_value()?,
                "os_hash_value" => image.hash = map.next_value()?,
                "protected" => image.protected = nullable(&mut map)?,
                "os_hidden" => image.hidden = nullable(&mut map)?,
                "tags" => image.tags = nullable(&mut map)?,
                "stores" => {
                    let stores: String = nullable(&mut map)?;
                    let stores = stores.split(',').filter(|store| !store.is_empty());
                    image.stores = stores.map(Into::into).collect();
                }
                "created_at" => image.created_at = map.next_value::<Time>()?.0,
                "updated_at" => image.updated_at = map.next_value::<Time>()?.0,
                "self" | "file" | "schema" | "locations" | "direct_url" => {
                    map.next_value::<IgnoredAny>()?;
                }
                _ => match map.next_value()? {
                    Value::Null => {}
                    Value::String(text) => {
                        image.properties.insert(key.into_owned(), text);
                    }
                    other => {
                        image.properties.insert(key.into_owned(), other.to_string());
                    }
                },
            }
        }
        if image.id.as_str().is_empty() {
            return Err(A::Error::missing_field("id"));
        }
        image.status = status.ok_or_else(|| A::Error::missing_field("status"))?;
        Ok(image)
    }
}

fn nullable<'de, A: MapAccess<'de>, T: Deserialize<'de> + Default>(
    map: &mut A,
) -> Result<T, A::Error> {
    Ok(map.next_value::<Option<T>>()?.unwrap_or_default())
}

#[derive(Deserialize)]
struct Time(#[serde(deserialize_with = "lenient")] Option<Timestamp>);

/// What an image is before anything of it has been read.
fn nothing() -> Image {
    Image {
        id: Id::new(""),
        name: String::new(),
        status: ImageStatus::Queued,
        visibility: Visibility::Private,
        owner: None,
        disk_format: None,
        container_format: None,
        size: None,
        virtual_size: None,
        min_disk: 0,
        min_ram: 0,
        checksum: None,
        hash_algorithm: None,
        hash: None,
        protected: false,
        hidden: false,
        tags: Vec::new(),
        stores: Vec::new(),
        created_at: None,
        updated_at: None,
        properties: Metadata::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_of_users_are_kept() {
        let image: Image = serde_json::from_str(
            r#"{"os_distro": "lab", "owner_specified.openstack.md5": "", "hw_boot": true,
            "kernel_id": null, "name": "lab-image", "disk_format": "raw",
            "container_format": "bare", "visibility": "public", "size": 1048580,
            "virtual_size": null, "status": "active", "protected": false, "min_ram": 64,
            "min_disk": 1, "owner": "44df93c00a934f349bd38216cfd5e22a", "os_hidden": false,
            "os_hash_algo": "sha512", "os_hash_value": "dfdc",
            "id": "d1053947-8812-4b1d-bc00-b8aa8729fb61", "created_at": "2026-11-21T15:00:14Z",
            "updated_at": "?", "locations": [{"url": "file:///x", "metadata": {}}],
            "tags": [], "self": "/v2/images/d1", "schema": "/v2/schemas/image",
            "stores": "fast,slow"}"#,
        )
        .unwrap();
        assert_eq!(image.properties.len(), 3, "{:?}", image.properties);
        assert_eq!((image.os_distro(), &*image.properties["hw_boot"]), (Some("lab"), "true"));
        assert_eq!((&*image.name, image.size, image.min_ram), ("lab-image", Some(1_048_580), 64));
        assert_eq!((image.stores.len(), image.updated_at), (2, None));
        assert!(image.created_at.is_some());
    }

    #[test]
    fn what_must_be_there_is_missed() {
        for (json, missing) in [(r#"{"status":"active"}"#, "id"), (r#"{"id":"a"}"#, "status")] {
            let error = serde_json::from_str::<Image>(json).unwrap_err().to_string();
            assert!(error.contains(missing), "{error}");
        }
    }
}

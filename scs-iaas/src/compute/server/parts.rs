use std::{fmt, net::IpAddr};

use scs_core::{
    Id, Metadata, Timestamp, answer, open_enum,
    value::{Lenient, lenient, nullable},
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{block_storage::Volume, compute::Flavor, image::Image, network::SecurityGroup};

answer! {
    /// An address of a server.
    pub struct Address(
        /// The address.
        addr: IpAddr,
    ) {
        /// Whether it is an address of a port or a floating one.
        kind: Option<AddressType> as "OS-EXT-IPS:type",
        /// The hardware address of its port.
        mac: Option<String> as "OS-EXT-IPS-MAC:mac_addr",
    }
}

open_enum! {
    /// Whose an [`Address`] is.
    pub enum AddressType {
        /// That of a port.
        Fixed = "fixed",
        /// One that leads to an address of a port.
        Floating = "floating",
    }
}

answer! {
    /// The flavor of a server: since 2.47 as it was when the server got it, before that its id.
    #[derive(Default)]
    pub struct ServerFlavor {
        /// The id (before 2.47).
        id: Option<Id<Flavor>>,
        /// The name (since 2.47).
        name: Option<String> as "original_name",
        /// Virtual CPUs (since 2.47).
        vcpus: Option<u32>,
        /// Memory in MiB (since 2.47).
        ram: Option<u32>,
        /// Root disk in GiB (since 2.47).
        disk: Option<u32>,
        /// Additional disk in GiB (since 2.47).
        ephemeral: Option<u32>,
        /// Swap space in MiB (since 2.47).
        swap: Option<u32>,
        /// Properties, where the policy shows them (since 2.47).
        extra_specs: Metadata,
    }
}

answer! {
    /// What went wrong with a server.
    pub struct ServerFault(
        /// What happened.
        message: String,
    ) {
        /// The status code that fits it.
        code: Option<u16>,
        /// The stack trace, for administrators.
        details: Option<String>,
        /// When it happened.
        created: Option<Timestamp> => Lenient<_>,
    }
}

answer! {
    /// A volume of a server.
    pub struct AttachedVolume(
        /// Its id.
        id: Id<Volume>,
    ) {
        /// Whether it goes when the server goes (since 2.3).
        delete_on_termination: bool,
    }
}

/// What the hypervisor says of a server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PowerState {
    /// It says nothing.
    #[default]
    Unknown,
    /// It runs.
    Running,
    /// It stands still in memory.
    Paused,
    /// It is switched off.
    Shutdown,
    /// It has crashed.
    Crashed,
    /// It stands still on disk.
    Suspended,
}

impl<'de> Deserialize<'de> for PowerState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number: Option<u8> = lenient(deserializer)?;
        Ok(match number {
            Some(1) => Self::Running,
            Some(3) => Self::Paused,
            Some(4) => Self::Shutdown,
            Some(6) => Self::Crashed,
            Some(7) => Self::Suspended,
            _ => Self::Unknown,
        })
    }
}

/// Security groups, each by its name or its id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecurityGroups(pub Vec<String>);

answer! {
    #[derive(Serialize)]
    struct Named(name: String) {}
}

impl Serialize for SecurityGroups {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|name| Named { name: name.clone() }))
    }
}

impl<'de> Deserialize<'de> for SecurityGroups {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let groups: Vec<Named> = nullable(deserializer)?;
        Ok(Self(groups.into_iter().map(|group| group.name).collect()))
    }
}

impl scs_core::Arg<SecurityGroups> for Vec<String> {
    fn arg(self) -> SecurityGroups {
        SecurityGroups(self)
    }
}

impl<const N: usize> scs_core::Arg<SecurityGroups> for [&str; N] {
    fn arg(self) -> SecurityGroups {
        SecurityGroups(self.map(Into::into).into())
    }
}

impl<const N: usize> scs_core::Arg<SecurityGroups> for [&Id<SecurityGroup>; N] {
    fn arg(self) -> SecurityGroups {
        SecurityGroups(self.map(|id| id.as_str().into()).into())
    }
}

/// The image of a server, which Nova writes as `{"id": …}`, or as `""` where there is none.
pub(super) struct BootImage(pub(super) Option<Id<Image>>);

impl<'de> Deserialize<'de> for BootImage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reference;
        impl<'de> Visitor<'de> for Reference {
            type Value = Option<Id<Image>>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an image or an empty text")
            }
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(None)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Named::deserialize(MapAccessDeserializer::new(map)).map(|image| Some(image.id))
            }
        }
        answer! {
            struct Named(id: Id<Image>) {}
        }
        deserializer.deserialize_any(Reference).map(Self)
    }
}

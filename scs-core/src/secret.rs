//! Text that must not be seen.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A password, a token, a key: wiped from memory when dropped, never printed.
///
/// There is no `Display` and no `Serialize`; only a member of a [`request!`](crate::request)
/// struct puts a secret on the wire.
///
/// ```
/// use scs_core::Secret;
/// let password = Secret::from("swordfish");
/// assert_eq!(format!("{password:?}"), "Secret(…)");
/// assert_eq!(password.expose(), "swordfish");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself. Keep it out of logs and errors.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// An address to be shown: user name and password, which may stand before its host, are `…`.
///
/// ```
/// use scs_core::shown_address;
/// assert_eq!(shown_address("https://ada:swordfish@c.example/v3"), "https://…@c.example/v3");
/// assert_eq!(shown_address("https://c.example/v3"), "https://c.example/v3");
/// ```
pub fn shown_address(address: impl AsRef<str>) -> String {
    let address = address.as_ref();
    let (scheme, rest) = address.split_at(address.find("://").map_or(0, |at| at + "://".len()));
    // What is no proper address is shown from the last sign that can end a password.
    match rest.rfind('@') {
        Some(at) => format!("{scheme}…{}", &rest[at..]),
        None => address.to_owned(),
    }
}

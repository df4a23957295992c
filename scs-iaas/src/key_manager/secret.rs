use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use scs_core::{
    Creatable, Deletable, Id, Identified, Listable, Phase, Phased, Resource, Route, Timestamp,
    answer, open_enum, request, route::Paging, value::Lenient,
};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::Session;

answer! {
    /// What is known of a secret; what it hides is read by
    /// [`OpenStack::secret_payload`](crate::OpenStack::secret_payload).
    ///
    /// When it expires it is gone, as if it had been deleted.
    pub struct Secret(
        /// Its id: what its reference ends in.
        id: Id<Secret> as "secret_ref" => Referred,
        /// Where it is in its life.
        status: SecretStatus,
        /// What kind of secret it is.
        secret_type: SecretType,
    ) {
        /// Its name; need not be unique and may be empty.
        name: String,
        /// What its payload is; `None` if it has none.
        content_types: Option<ContentTypes>,
        /// When it expires.
        expiration: Option<Timestamp> => Lenient<_>,
        /// The algorithm that it is a key for: `aes`.
        algorithm: Option<String>,
        /// The length of the key, in bits.
        bit_length: Option<u32>,
        /// The mode of the algorithm: `cbc`.
        mode: Option<String>,
        /// The id of the user who made it.
        creator_id: Option<String>,
        /// When it was made.
        created_at: Option<Timestamp> as "created" => Lenient<_>,
        /// When it was changed last.
        updated_at: Option<Timestamp> as "updated" => Lenient<_>,
    }
}

/// The id in a reference such as `https://cloud.example:9311/v1/secrets/9a0b…`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Referred(Id<Secret>);

impl TryFrom<String> for Referred {
    type Error = &'static str;

    fn try_from(reference: String) -> Result<Self, Self::Error> {
        match reference.trim_end_matches('/').rsplit('/').next() {
            Some(id) if !id.is_empty() => Ok(Self(id.into())),
            _ => Err("the reference ends in no id"),
        }
    }
}

answer! {
    /// What the payload of a [`Secret`] is.
    #[derive(PartialEq, Eq)]
    pub struct ContentTypes(
        /// Its media type: `text/plain`, `application/octet-stream`.
        default: String,
    ) {}
}

open_enum! {
    /// Where a [`Secret`] is in its life.
    pub enum SecretStatus -> Phase {
        /// It is being made.
        Pending = "PENDING" => Pending,
        /// It is there.
        Active = "ACTIVE" => Ready,
        /// It could not be made.
        Error = "ERROR" => Failed,
    }
}

open_enum! {
    /// What kind of secret a [`Secret`] is. Barbican only notes it down.
    pub enum SecretType {
        /// A key of a symmetric algorithm.
        Symmetric = "symmetric",
        /// The public key of a pair.
        Public = "public",
        /// The private key of a pair.
        Private = "private",
        /// A password.
        Passphrase = "passphrase",
        /// A certificate.
        Certificate = "certificate",
        /// Anything; what it is if nothing is said.
        Opaque = "opaque",
    }
}

request! {
    /// What a [`Secret`] is made from: begin with [`text`](Self::text) or
    /// [`bytes`](Self::bytes).
    pub struct NewSecret {
        /// Its name, up to 255 characters. White space around it is lost.
        name: String,
        /// What kind of secret it is.
        secret_type: SecretType,
        /// When it expires: a moment to come. It never does if not set.
        expiration: Timestamp,
        /// The algorithm that it is a key for: `aes`.
        algorithm: String,
        /// The length of the key, in bits.
        bit_length: u32,
        /// The mode of the algorithm: `cbc`.
        mode: String,
        /// What it hides: up to 20,000 bytes, unless the cloud allows other sizes.
        payload: scs_core::Secret,
        /// What the payload is: `text/plain`, `application/octet-stream`.
        payload_content_type: String,
        /// How the payload is written, if it is no text: `base64`.
        payload_content_encoding: String,
    }
}

impl NewSecret {
    /// One that hides a text. White space around it is lost: where that matters, take
    /// [`bytes`](Self::bytes).
    pub fn text(payload: impl Into<scs_core::Secret>) -> Self {
        Self::new().payload(payload.into()).payload_content_type("text/plain")
    }

    /// One that hides these bytes.
    pub fn bytes(payload: &[u8]) -> Self {
        Self::new()
            .payload(BASE64.encode(payload))
            .payload_content_type("application/octet-stream")
            .payload_content_encoding("base64")
    }
}

request! {
    /// Which secrets of the project to list. Those that have expired are never among them.
    pub struct SecretQuery {
        /// Whose name fits: `_` stands for any character, `%` for any text. `+` has to be written
        /// as `%2B`, since Barbican decodes this one twice.
        name: String,
        /// For this algorithm.
        algorithm: String as "alg",
        /// For this mode of the algorithm.
        mode: String,
        /// Of this length, in bits.
        bit_length: u32 as "bits",
        /// Of this kind.
        secret_type: SecretType,
        /// Made then: `gt:2026-01-31T00:00:00`, `gte:…,lt:…`.
        created: String,
        /// Changed then.
        updated: String,
        /// Expiring then.
        expiration: String,
        /// Only those that others have shared with the user.
        acl_only: bool,
        /// By what to sort, and which way: `created:asc`, `name:desc`.
        sort: String,
        /// How many a page holds: 10 if not set, 100 at most.
        limit: u32,
    }
}

/// What a [`Secret`] hides: wiped from memory when dropped, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretPayload(Zeroizing<Vec<u8>>);

impl SecretPayload {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes. Keep them out of logs and errors.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as a text, if they are one. Keep it out of logs and errors.
    pub fn text(&self) -> Option<&str> {
        str::from_utf8(&self.0).ok()
    }
}

impl fmt::Debug for SecretPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretPayload(…)")
    }
}

/// Lists hold links to their next page, but with the host that Barbican takes itself for, which
/// is often one that only the cloud knows. Offsets do without.
impl Resource for Secret {
    type Dialect = Session;
    const ROUTE: Route = Route::new("key-manager", "secrets")
        .keys("secret", "secrets")
        .bare_one()
        .created_at_location()
        .paged_by(Paging::Offset);
}

impl Identified for Secret {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Secret {
    type Query = SecretQuery;

    /// Any character in the place of those that mean something else to Barbican finds more than
    /// is wanted, but nothing less.
    fn named(name: &str) -> SecretQuery {
        SecretQuery::new().name(name.replace(['%', '+', '\\'], "_"))
    }
}

impl Creatable for Secret {
    type New = NewSecret;
}

impl Deletable for Secret {}

impl Phased for Secret {
    fn phase(&self) -> Phase {
        self.status.phase()
    }
}

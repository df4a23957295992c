use scs_core::{
    ApiVersion, Creatable, Deletable, Id, Identified, Listable, Resource, Route, Secret, Timestamp,
    answer, open_enum, request, value::Lenient,
};

use super::OLDEST;
use crate::{Session, identity::User};

answer! {
    /// A key that a user logs in to servers with. It belongs to the user, not to the project, and
    /// its name is its id.
    pub struct Keypair(
        /// Its name: what it is known by.
        name: Id<Keypair>,
        /// The public half, as it stands in `authorized_keys`.
        public_key: String,
        /// The fingerprint of the public half.
        fingerprint: String,
    ) {
        /// What kind of key it is (since 2.2).
        kind: Option<KeypairType> as "type",
        /// The user it belongs to; lists leave it out.
        user_id: Option<Id<User>>,
        /// When it was made; lists leave it out.
        created_at: Option<Timestamp> => Lenient<_>,
    }
}

open_enum! {
    /// What kind of key a [`Keypair`] is.
    pub enum KeypairType {
        /// For Secure Shell.
        Ssh = "ssh",
        /// A certificate, for Windows.
        X509 = "x509",
    }
}

request! {
    /// What a [`Keypair`] is made from.
    ///
    /// Without a `public_key` the service makes a new pair and tells the private half in its
    /// answer, once:
    ///
    /// ```no_run
    /// use scs_iaas::{OpenStack, compute::{GeneratedKeypair, NewKeypair}};
    ///
    /// # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
    /// let new = NewKeypair::new("laptop");
    /// let pair: GeneratedKeypair = cloud.keypairs().create(new).answer().await?;
    /// std::fs::write("id", pair.private_key.expose()).ok();
    /// # Ok(()) }
    /// ```
    pub struct NewKeypair(
        /// Its name: letters, digits, spaces, `-` and `_`.
        name: String,
    ) {
        /// The public half of a key that exists, as it stands in `authorized_keys`.
        public_key: String,
        /// What kind of key it is; for Secure Shell if not set.
        kind: KeypairType as "type" => since(2, 2),
        /// The user it is for; for administrators.
        user_id: Id<User> => since(2, 10),
    }
}

answer! {
    /// What is answered when the service has made a new key: the private half is never told again.
    pub struct GeneratedKeypair(
        /// The name of the keypair.
        name: Id<Keypair>,
        /// The public half.
        public_key: String,
        /// The fingerprint of the public half.
        fingerprint: String,
        /// The private half, in PEM.
        private_key: Secret,
    ) {}
}

request! {
    /// Which keypairs to list.
    pub struct KeypairQuery {
        /// Those of this user; for administrators.
        user_id: Id<User> => since(2, 10),
        /// How many a page holds.
        limit: u32 => since(2, 35),
        /// Those behind the one with this name.
        marker: Id<Keypair> => since(2, 35),
    }
}

impl Resource for Keypair {
    type Dialect = Session;
    // From 2.92 on Nova makes no keys any more, it only imports them.
    const ROUTE: Route = Route::new("compute", "os-keypairs")
        .keys("keypair", "keypairs")
        .wrapped_items()
        .versions(OLDEST, ApiVersion::new(2, 91));
}

impl Identified for Keypair {
    fn id(&self) -> &Id<Self> {
        &self.name
    }
    fn name(&self) -> Option<&str> {
        Some(self.name.as_str())
    }
}

impl Listable for Keypair {
    type Query = KeypairQuery;
}

impl Creatable for Keypair {
    type New = NewKeypair;
}

impl Deletable for Keypair {}

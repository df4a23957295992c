use scs_core::{Secret, request};

request! {
    /// Something to log in with.
    pub struct NewCredential(
        /// What it is: `password`.
        kind: String as "type",
        /// The password.
        value: Secret,
    ) {
        /// Whether it has to be changed at the first login.
        temporary: bool,
    }
}

impl NewCredential {
    /// A password.
    pub fn password(password: impl Into<Secret>) -> Self {
        Self::new("password", password.into())
    }
}

//! Identity on a Sovereign Cloud Stack cloud: OIDC logins, Keycloak, federation with Keystone.
//!
//! This layer is in preparation: the crate reserves its place in the workspace and holds no
//! items yet.

//! A Keycloak for tests (feature `testing`).

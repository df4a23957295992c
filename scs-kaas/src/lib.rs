//! Kubernetes clusters on a Sovereign Cloud Stack cloud: Cluster API with cluster stacks, and
//! Gardener.
//!
//! This layer is in preparation: the crate reserves its place in the workspace and holds no
//! items yet.

//! The standards of SCS for Kubernetes: what a cluster promises by them, and whether it keeps
//! its word.
//!
//! Each standard is a module of pure functions over what a cluster answers, with one
//! [`TestResult`](scs_core::standards::TestResult) for each test case.
//!
//! | module | standard |
//! |---|---|
//! | [`version_policy`] | SCS-0210: how new Kubernetes is |
//! | [`storage_class`] | SCS-0211: the default storage class |
//! | [`node_distribution`] | SCS-0214: where nodes are |
//! | [`hardening`] | SCS-0217: what is switched off |
//! | [`networking`] | SCS-0219: network policies, ingress, gateways |
//!
//! Scopes name the test cases `version-policy-check`, `node-distribution-check` and
//! `kaas-networking-check`; ids that begin with `scs-` are of this SDK.
//!
//! The rules were written from the texts of the standards as of 2026-08-21, commit 077174d9 of
//! `SovereignCloudStack/standards`.

pub mod hardening;
pub mod networking;
pub mod node_distribution;
pub mod storage_class;
pub mod version_policy;

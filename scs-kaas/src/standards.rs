//! The standards of SCS for Kubernetes: what a cluster promises by them, and whether it keeps
//! its word.
//!
//! Each standard is a module of pure functions over what a cluster answers, with one
//! [`TestResult`](scs_core::standards::TestResult) for each test case.
//!
//! | module | standard |
//! |---|---|
//! | [`end_to_end`] | SCS-0201, and part of 0219: what the tests of Kubernetes itself have shown |
//! | [`version_policy`] | SCS-0210: how new Kubernetes is |
//! | [`storage_class`] | SCS-0211: the default storage class |
//! | [`node_distribution`] | SCS-0214: where nodes are |
//! | [`hardening`] | SCS-0217: what is switched off |
//! | [`networking`] | SCS-0219: network policies, ingress, gateways |
//!
//! [`conformance`] runs them against a living cluster, and [`modules`] tells how much of SCS is in
//! one that makes clusters.
//!
//! Scopes name the test cases `cncf-k8s-conformance`, `version-policy-check`,
//! `node-distribution-check` and `kaas-networking-check`; ids that begin with `scs-` are of this SDK.
//!
//! The rules were written from the texts of the standards as of 2026-08-21, commit 077174d9 of
//! `SovereignCloudStack/standards`.

pub mod conformance;
pub mod end_to_end;
pub mod hardening;
pub mod modules;
pub mod networking;
pub mod node_distribution;
pub mod storage_class;
pub mod version_policy;

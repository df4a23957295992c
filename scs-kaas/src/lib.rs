//! Kubernetes clusters on a Sovereign Cloud Stack cloud: Cluster API, Cluster Stacks and
//! Gardener.
//!
//! [`ClusterApi`] and [`Gardener`] are providers of clusters in the neutral words of
//! [`scs_core::provider`]: made from a template, watched, scaled, upgraded, opened, deleted.
//!
//! ```no_run
//! use scs_core::{Provider, StoreExt, model::{ClusterSpec, NodePoolSpec}};
//! use scs_kaas::{ClusterApi, Kubernetes};
//!
//! # async fn f() -> scs_core::Result<()> {
//! let kubernetes = Kubernetes::from_kubeconfig_file("management.kubeconfig").await?;
//! let cloud = ClusterApi::new(kubernetes, "my-clusters");
//! let clusters = cloud.clusters()?;
//! let spec = ClusterSpec::new("shop", "openstack-scs2-1-34-v1", "1.34.7")
//!     .pool(NodePoolSpec::new("workers", 3).flavor("SCS-4V-8"));
//! let shop = clusters.create(spec).await?;
//! clusters.ready(&shop.id).await?;
//! let workload = cloud.workload(&shop.id).await?; // ready to be used
//! # Ok(()) }
//! ```
//!
//! Below that is [`Kubernetes`], the connection, with small typed views of the objects
//! ([`Objects`], [`Kind`]). They read the API versions that servers have: Cluster API's
//! `v1beta1` and `v1beta2` become one type.
//!
//! # k8s-openapi
//! The crate `kube` needs exactly one version feature of `k8s-openapi` in the whole dependency
//! graph. The default feature `k8s-v1_33` enables the oldest one; this crate uses none of what
//! differs. An application that needs another one switches the default features off:
//!
//! ```toml
//! scs-kaas = { version = "0.1", default-features = false, features = ["rustls"] }
//! k8s-openapi = { version = "0.29", features = ["v1_36"] }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod authorized;
pub mod cluster_api;
mod connection;
mod fault;
pub mod gardener;
mod node;
mod object;
mod objects;
mod pem;
mod pools;
mod proxy;
mod secret;
#[cfg(feature = "conformance")]
pub mod standards;
#[cfg(feature = "testing")]
pub mod testing;
mod version;
mod watch;

pub use self::{
    cluster_api::ClusterApi,
    connection::Kubernetes,
    gardener::Gardener,
    node::{Node, NodeInfo, NodeStatus},
    object::{Condition, Conditions, Kind, Meta, Status},
    objects::Objects,
    watch::Sight,
};

//! What the layers of `scs-cloud` share.
//!
//! | module | what it holds |
//! |---|---|
//! | [`error`] | the one [`Error`] |
//! | [`value`] | [`open_enum!`], [`request!`], [`Change`], [`Full`]: what resource files are written with |
//! | [`route`], [`resource`] | what a resource is: one constant and a line for each capability |
//! | [`api`] | [`Api`]: the handle by which every resource is used |
//! | [`dialect`] | what a family of REST APIs has in common |
//! | [`transport`] | how requests travel: policies in a fixed order, retries, tracing |
//! | [`model`], [`provider`] | nouns and traits that every cloud shares |
//! | [`standards`] | verdicts and findings of the checks of SCS standards |
//! | [`auth`] | logins, and tokens renewed ahead of time by one caller for all |
//!
//! Application code rarely names this crate: the facade `scs-cloud` re-exports it as `core`.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod api;
pub mod auth;
pub mod dialect;
pub mod error;
mod id;
pub mod model;
pub mod provider;
pub mod resource;
pub mod route;
mod secret;
pub mod standards;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
pub mod transport;
pub mod value;

pub use self::{
    api::{Api, Creating, Wait},
    dialect::Dialect,
    error::{Error, ErrorKind, Result},
    id::Id,
    provider::{Catalogue, Provider, Select, Store, StoreExt},
    resource::{
        Action, BulkCreatable, Creatable, Deletable, Identified, Listable, Phase, Phased, Readable,
        Resource, Revised, Singleton, Updatable,
    },
    route::{ApiVersion, Route},
    secret::{Secret, shown_address},
    time::Timestamp,
    transport::Transport,
    value::{Arg, Change, Extra, Full, Metadata, Need, Payload},
};

// For the macros.
#[doc(hidden)]
pub use {serde, serde_json};

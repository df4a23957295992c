//! A cloud for tests, in the process of the test (feature `testing`).
//!
//! [`FakeServer`] speaks HTTP and keeps what it is told: a [`FakeService`] is a path and what
//! lives below it, a [`Collection`] is derived from the [`Route`](crate::Route) of a resource.
//! What a real service does beyond storing is said in small closures, how long things take in
//! a [`Script`], and what goes wrong in a [`Fault`].
//!
//! ```
//! use scs_core::{Route, testing::{Collection, FakeServer, FakeService, Script, When}};
//! use serde_json::json;
//!
//! const VOLUMES: Route = Route::new("block-storage", "volumes").keys("volume", "volumes");
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let fake = FakeServer::start().await;
//! fake.serve(FakeService::new("volume/v3").collection(
//!     Collection::new(VOLUMES).defaults(json!({"status": "creating"})).on_create(|_, _| {
//!         Ok(Script::new().then(When::Reads(1), json!({"status": "available"})))
//!     }),
//! ));
//! // Talk to `fake.url()`, then look at what was sent:
//! assert!(fake.requests().is_empty());
//! # });
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! A request to a path that the fake does not know is answered with 501 and fails the test
//! when the fake is dropped, unless it was asked for by [`FakeServer::unexpected`].
//!
//! Code against `dyn Provider` needs no server: [`Memory`] is a provider without sockets.
//! [`conformance`] is what every provider must pass.

mod answer;
mod collection;
pub mod conformance;
mod fault;
mod lifecycle;
mod memory;
mod page;
mod server;
mod service;
mod state;

pub use self::{
    answer::{Answer, Answered, Received},
    collection::Collection,
    fault::Fault,
    lifecycle::{Script, When},
    memory::Memory,
    page::Links,
    server::FakeServer,
    service::{Call, FakeService},
    state::{State, timestamp},
};

#[cfg(test)]
mod tests;

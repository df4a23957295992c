//! What a resource is and what can be done with it.
//!
//! A resource is a plain struct, one constant that says where it lives, and one line for each
//! thing that can be done with it. What a resource cannot do does not compile.

use std::{fmt::Debug, future::Future, time::Duration};

use serde::de::DeserializeOwned;

use crate::{Api, ApiVersion, Dialect, Id, Payload, Result, Route, auth::BRIEF, route::Verb};

/// A resource of a REST API.
pub trait Resource: DeserializeOwned + Debug + Send + Sync + 'static {
    /// The family of APIs it belongs to.
    type Dialect: Dialect;
    /// Where it lives and how it looks on the wire.
    const ROUTE: Route;
}

/// It can be read by an id: [`Api::get`], [`Api::get_opt`]. All that tell their ids can.
pub trait Readable: Resource {}

impl<R: Identified> Readable for R {}

/// It tells its id.
pub trait Identified: Resource {
    /// Its id.
    fn id(&self) -> &Id<Self>;

    /// Its name, if it has one.
    fn name(&self) -> Option<&str> {
        None
    }

    /// Whether people who say `word` can mean this one: if it is its name or its id.
    fn is_called(&self, word: &str) -> bool {
        self.name() == Some(word) || self.id().as_str() == word
    }
}

/// There is exactly one, without an id: [`Api::read`].
pub trait Singleton: Resource {}

/// It can be listed: [`Api::list`], [`Api::find`].
pub trait Listable: Resource {
    /// Which ones to list.
    type Query: Payload + Default + Clone + 'static;

    /// A query that finds those with this name. The default lists all: right for services
    /// that cannot filter by name.
    fn named(_name: &str) -> Self::Query {
        Self::Query::default()
    }
}

/// It can be created: [`Api::create`].
pub trait Creatable: Identified {
    /// What it is made from.
    type New: Payload + Clone + 'static;
    /// How long the token must still be valid that goes with the request:
    /// [`LASTING`](crate::auth::LASTING) where the cloud goes on with it after the answer.
    const TOKEN_VALIDITY: Duration = BRIEF;

    /// Looks up what must be known before `new` can be sent. The default changes nothing.
    fn prepare(_api: &Api<Self>, new: Self::New) -> impl Future<Output = Result<Self::New>> + Send {
        std::future::ready(Ok(new))
    }
}

/// Several can be created by one request: [`Api::create_all`].
pub trait BulkCreatable: Creatable {}

/// It can be changed: [`Api::update`].
pub trait Updatable: Resource {
    /// What may change.
    type Patch: Payload + 'static;
}

/// It counts its changes, so that nobody's change is lost: [`Api::update_with`].
pub trait Revised: Identified + Updatable {
    /// What `If-Match` has to hold for an update that applies to this very state; `None` if the
    /// service does not say.
    fn revision(&self) -> Option<String>;
}

/// It can be deleted: [`Api::delete`].
pub trait Deletable: Resource {
    /// How long the token must still be valid that goes with the request:
    /// [`LASTING`](crate::auth::LASTING) where the cloud goes on with it after the answer.
    const TOKEN_VALIDITY: Duration = BRIEF;
}

/// It goes through phases that can be waited for: [`Api::wait`].
pub trait Phased: Identified {
    /// The present phase.
    fn phase(&self) -> Phase;

    /// What the service says of a failure.
    fn fault(&self) -> Option<String> {
        None
    }
}

/// Where a resource is in its life, in words that every service shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// It is being made.
    Pending,
    /// It can be used.
    Ready,
    /// It exists and is being changed.
    Updating,
    /// It is going away.
    Deleting,
    /// It is gone, although the service still tells of it.
    Deleted,
    /// It needs somebody's attention.
    Failed,
    /// The service uses a word that this SDK does not know.
    Unknown,
}

/// Something that can be done to a resource besides reading and writing it.
///
/// The body is `{KEY: payload}`, or the payload alone where `KEY` is empty.
pub trait Action: Payload {
    /// What it is done to.
    type Target: Identified;
    /// What is answered; `()` where nothing is.
    type Output: DeserializeOwned + Send;
    /// The key around the payload.
    const KEY: &'static str;
    /// The path behind the resource's own.
    const PATH: &'static str = "action";
    /// The verb.
    const VERB: Verb = Verb::Post;
    /// The key around the answer.
    const ANSWER: &'static str = "";
    /// The least version of the API that knows the action.
    const SINCE: Option<ApiVersion> = None;
    /// Whether doing it twice is as good as doing it once, so that it may be repeated after a
    /// failure that leaves open whether it was done. As of the verb if not said otherwise.
    const IDEMPOTENT: bool = Self::VERB.is_idempotent();
    /// How long the token must still be valid that goes with the request:
    /// [`LASTING`](crate::auth::LASTING) where the cloud goes on with it after the answer.
    const TOKEN_VALIDITY: Duration = BRIEF;

    /// The id behind the path, for actions that have one there.
    fn member(&self) -> Option<&str> {
        None
    }
}

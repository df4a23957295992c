//! The one handle by which every resource is used.

#[cfg(feature = "conformance")]
mod bare;
mod collection;
mod exchange;
mod list;
mod path;
mod replace;
mod wait;

use std::{future::IntoFuture, marker::PhantomData, time::Duration};

use bytes::Bytes;
use futures_core::{Stream, future::BoxFuture};
use futures_util::{FutureExt, TryStreamExt};
use http::{HeaderValue, Method, StatusCode};
use serde::de::DeserializeOwned;

use crate::{
    Action, ApiVersion, BulkCreatable, Creatable, Deletable, Error, ErrorKind, Id, Identified,
    Listable, Payload, Phased, Readable, Resource, Result, Revised, Singleton, Updatable,
};

pub(crate) use self::wait::Subject;
use self::{collection::Collection, exchange::Operation, path::Path};
pub use self::{
    list::{Cursor, Page},
    wait::Wait,
};

/// A collection of resources of kind `R`, read as `T`: `Api<Volume>` is all you need to know.
///
/// It is cheap to clone, owns what it needs, and does what `R` can do: what `R` cannot do does
/// not compile.
pub struct Api<R: Resource, T = R> {
    at: Collection<R::Dialect>,
    kind: PhantomData<fn() -> (R, T)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Settings {
    pinned: Option<ApiVersion>,
    min_validity: Option<Duration>,
    time_limit: Option<Duration>,
}

impl<R: Resource> Api<R> {
    /// All of kind `R` in what `dialect` is a session with.
    pub fn new(dialect: R::Dialect) -> Self {
        Self::within(dialect, [])
    }

    /// Those of kind `R` that belong to the parents with these ids: one for each `{}` in the
    /// path of the route.
    pub fn within<'a>(dialect: R::Dialect, parents: impl IntoIterator<Item = &'a str>) -> Self {
        let parents = parents.into_iter().map(Into::into).collect();
        let route = const { &R::ROUTE };
        let at = Collection { dialect, route, parents, settings: Settings::default() };
        Self { at, kind: PhantomData }
    }
}

impl<R: Resource, T> Api<R, T> {
    /// The same collection, read as another type: your own struct, or
    /// [`Full<R>`](crate::Full) to keep members that the SDK does not know.
    pub fn view<U>(&self) -> Api<R, U> {
        Api { at: self.at.clone(), kind: PhantomData }
    }

    /// The same collection, spoken to in exactly this version of the API.
    #[must_use]
    pub fn at(mut self, major: u16, minor: u16) -> Self {
        self.at.settings.pinned = Some(ApiVersion::new(major, minor));
        self
    }

    /// The same collection, with tokens that stay valid for at least this long. If not set, it
    /// is 30 s, and 20 minutes for calls with which the cloud goes on after it has answered, such
    /// as attaching a volume.
    #[must_use]
    pub fn min_token_validity(mut self, validity: Duration) -> Self {
        self.at.settings.min_validity = Some(validity);
        self
    }

    /// The same collection, with a limit on the whole of each call, repetitions included.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.at.settings.time_limit = Some(limit);
        self
    }

    /// The session that this collection belongs to.
    pub fn dialect(&self) -> &R::Dialect {
        &self.at.dialect
    }
}

impl<R: Resource, T: DeserializeOwned> Api<R, T> {
    /// The one with this id.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is none, [`ErrorKind::InvalidInput`] if the id cannot
    /// be one (empty, `.`, `..`).
    pub async fn get(&self, id: &Id<R>) -> Result<T>
    where
        R: Readable,
    {
        self.at.read(&self.at.get(id.as_str()).await?)
    }

    /// The one with this id, or `None`.
    pub async fn get_opt(&self, id: &Id<R>) -> Result<Option<T>>
    where
        R: Readable,
    {
        absent(self.get(id).await)
    }

    /// What lies at `path` behind the one with this id and is no JSON, whole: the payload of a
    /// secret. `media_type` says in which form it is wanted.
    pub async fn content(
        &self,
        id: &Id<R>,
        path: &'static str,
        media_type: HeaderValue,
    ) -> Result<Bytes>
    where
        R: Readable,
    {
        let at = self.at.path(Some(id.as_str()), path)?;
        let operation = Operation::new(path, Method::GET, at).accept(media_type);
        self.at.send(operation).await.map(|answer| answer.body)
    }

    /// The only one there is.
    pub async fn read(&self) -> Result<T>
    where
        R: Singleton,
    {
        let operation = Operation::new("read", Method::GET, self.at.path(None, "")?);
        self.at.read(&self.at.send(operation).await?.into())
    }
}

pub(crate) fn absent<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

impl<R: Listable, T: DeserializeOwned + Send + 'static> Api<R, T> {
    /// All that match the query, one after the other. The next page is fetched while the
    /// present one is consumed; never more than that.
    ///
    /// A list neither misses nor repeats an item that was there all the time. It ends with an
    /// error, not silently, if a page cannot be read, if the pages go in a circle, or if the
    /// server points to another host.
    pub fn list(&self, query: R::Query) -> impl Stream<Item = Result<T>> + Send + use<R, T> {
        list::Ahead::new(self.walk(query))
    }

    /// All that match the query, page by page.
    pub fn pages(&self, query: R::Query) -> impl Stream<Item = Result<Page<T>>> + Send + use<R, T> {
        self.walk(query)
    }

    fn walk(&self, query: R::Query) -> list::Pages<R::Dialect, T> {
        list::Pages::new(self.at.clone(), query.needs(), encode_query(&query))
    }

    /// The pages from a [`Cursor`] on that an earlier page gave.
    pub fn pages_from(
        &self,
        cursor: Cursor,
    ) -> impl Stream<Item = Result<Page<T>>> + Send + use<R, T> {
        list::Pages::<_, T>::new(self.at.clone(), None, Ok(cursor.into_query()))
    }
}

fn encode_query<Q: Payload>(query: &Q) -> Result<String> {
    serde_html_form::to_string(query)
        .map_err(|error| Error::invalid(format!("the query cannot be written: {error}")))
}

impl<R: Listable + Identified> Api<R> {
    /// The one with this id or, if there is none, with this name.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if nothing has it, [`ErrorKind::Conflict`] if several have the
    /// name: the message then lists their ids.
    pub async fn find(&self, name_or_id: &str) -> Result<R> {
        if name_or_id.is_empty() {
            return Err(nameless(self.at.route.kind()));
        }
        if !path::is_relative(name_or_id) {
            match self.at.get(name_or_id).await {
                Ok(found) => return self.at.read(&found),
                // Some services refuse a name where an id belongs.
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Rejected) => {
                }
                Err(error) => return Err(error),
            }
        }
        let named = self
            .list(R::named(name_or_id))
            .try_filter(|found| std::future::ready(found.is_called(name_or_id)));
        only(named.try_collect().await?, self.at.route.kind(), name_or_id, R::id)
            .map_err(|error| error.with_service(R::ROUTE.service))
    }
}

/// Nothing was said where a name or an id belongs.
pub(crate) fn nameless(kind: &str) -> Error {
    Error::invalid(format!("the name or id of the {kind} is empty"))
        .with_hint("say which one is meant")
}

/// The one that was found by its name or id.
pub(crate) fn only<T>(
    mut found: Vec<T>,
    kind: &str,
    name_or_id: &str,
    id: fn(&T) -> &Id<T>,
) -> Result<T> {
    match found.len() {
        0 => Err(Error::new(
            ErrorKind::NotFound,
            format!("no {kind} has the name or id `{name_or_id}`"),
        )
        .with_hint(
            "check the spelling, and what this login may see: another project or region has others",
        )),
        1 => Ok(found.swap_remove(0)),
        count => {
            let ids: Vec<_> = found.iter().map(|found| id(found).as_str()).collect();
            Err(Error::new(
                ErrorKind::Conflict,
                format!("{count} {kind}s have the name `{name_or_id}`: {}", ids.join(", ")),
            )
            .with_hint("use one of these ids"))
        }
    }
}

impl<R: Creatable> Api<R> {
    /// Creates one. Awaited, it is what the service has accepted;
    /// [`ready`](Creating::ready) waits until it can be used.
    pub fn create(&self, new: impl Into<R::New>) -> Creating<R> {
        Creating { api: self.clone(), new: new.into() }
    }

    async fn creation(&self, new: R::New) -> Result<Operation> {
        let new = R::prepare(self, new).await?;
        Operation::new("create", Method::POST, self.at.path(None, "")?)
            .token_validity(R::TOKEN_VALIDITY)
            .body(self.at.one(), &new)
    }
}

impl<R: Updatable> Api<R> {
    /// Changes one: members that the patch leaves out keep their values. Answers what is there
    /// afterwards.
    ///
    /// Where the service replaces the whole of a resource by what an update holds, it is read
    /// first and written back with the changes, so that no member is lost, known to the SDK or
    /// not. Of two that write at the same time the later one wins with all it has read: what
    /// the other has changed between this reading and this writing is then undone. That is why
    /// such an update, when it is unclear whether it was done, is repeated from the reading on.
    pub async fn update(&self, id: &Id<R>, patch: impl Into<R::Patch>) -> Result<R> {
        let at = self.at.path(Some(id.as_str()), "")?;
        let operation = Operation::new("update", R::ROUTE.update.into(), at)
            .body(self.at.one(), &patch.into())?;
        self.at.read(&self.at.update(id.as_str(), operation).await?)
    }
}

impl<R: BulkCreatable> Api<R> {
    /// Creates several by one request: all of them, or none.
    pub async fn create_all(&self, new: impl IntoIterator<Item = R::New>) -> Result<Vec<R>> {
        let mut all = Vec::new();
        for new in new {
            all.push(R::prepare(self, new).await?);
        }
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let operation = Operation::new("create_all", Method::POST, self.at.path(None, "")?)
            .token_validity(R::TOKEN_VALIDITY)
            .body(R::ROUTE.many, &all)?;
        let answer = self.at.send(operation).await?;
        self.at.decode(&answer, R::ROUTE.many)
    }
}

/// How often an update begins anew because somebody else was faster.
const OVERTAKEN: u32 = 5;

impl<R: Revised> Api<R> {
    /// Changes one according to what it is: reads it, asks `change` for the patch, and writes
    /// that only if nobody has changed the resource in between; else begins anew. It is the
    /// service that compares: how strictly, is said where the resource implements [`Revised`].
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] if somebody was faster five times in a row.
    pub async fn update_with(
        &self,
        id: &Id<R>,
        change: impl Fn(&R) -> R::Patch + Send,
    ) -> Result<R> {
        let mut attempt = 1;
        loop {
            let present = self.get(id).await?;
            let path = self.at.path(Some(id.as_str()), "")?;
            let operation = Operation::new("update", R::ROUTE.update.into(), path)
                .body(self.at.one(), &change(&present))?
                .if_match(present.revision())
                // Repeated blindly it would be overtaken by itself.
                .idempotent(false);
            match self.at.send(operation).await {
                Err(error)
                    if error.status() == Some(StatusCode::PRECONDITION_FAILED)
                        && attempt < OVERTAKEN =>
                {
                    attempt += 1;
                }
                answer => return self.at.read(&answer?.into()),
            }
        }
    }
}

impl<R: Deletable> Api<R> {
    /// Deletes one. Most services only accept the request here: see [`Wait::gone`].
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is none, [`ErrorKind::Conflict`] if it is in use.
    pub async fn delete(&self, id: &Id<R>) -> Result<()> {
        let path = self.at.path(Some(id.as_str()), "")?;
        let operation = Operation::new("delete", Method::DELETE, path);
        self.at.send(operation.token_validity(R::TOKEN_VALIDITY)).await.map(drop)
    }
}

impl<R: Identified> Api<R> {
    /// Does something to one.
    pub async fn act<A: Action<Target = R>>(&self, id: &Id<R>, action: A) -> Result<A::Output> {
        let mut path = self.at.path(Some(id.as_str()), A::PATH)?;
        if let Some(member) = action.member() {
            path.push(member)?;
        }
        let name = if A::KEY.is_empty() { A::PATH } else { A::KEY };
        let operation = Operation::new(name, A::VERB.into(), path)
            .since(A::SINCE, name)
            .idempotent(A::IDEMPOTENT)
            .token_validity(A::TOKEN_VALIDITY)
            .body(A::KEY, &action)?;
        let answer = self.at.send(operation).await?;
        self.at.decode(&answer, A::ANSWER)
    }
}

impl<R: Phased> Api<R> {
    /// Waits for one to reach a phase.
    pub fn wait(&self, id: impl Into<Id<R>>) -> Wait<'static, R> {
        Wait::of_api(self.clone(), id.into())
    }
}

/// A creation: `.await` it, or wait until it is [`ready`](Self::ready).
#[must_use = "nothing is created until this is awaited"]
pub struct Creating<R: Creatable> {
    api: Api<R>,
    new: R::New,
}

impl<R: Creatable> Creating<R> {
    /// Sends the request and waits until what it created can be used.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] with the service's words if it ends in an error phase: it exists
    /// then and has to be deleted. [`Wait`] tells what else can go wrong.
    pub async fn ready(self) -> Result<R>
    where
        R: Phased,
    {
        let api = self.api.clone();
        let created = self.await?;
        api.wait(created.id()).ready().await
    }

    /// Sends the request and reads the answer as an `A`: for what services tell only once,
    /// such as a generated password.
    pub async fn answer<A: DeserializeOwned>(self) -> Result<A> {
        let Self { api, new } = self;
        let answer = api.at.send(api.creation(new).await?).await?;
        api.at.read(&answer.into())
    }
}

impl<R: Creatable> IntoFuture for Creating<R> {
    type Output = Result<R>;
    type IntoFuture = BoxFuture<'static, Result<R>>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let Self { api, new } = self;
            let operation = api.creation(new).await?;
            api.at.read(&api.at.create(operation).await?)
        }
        .boxed()
    }
}

impl<R: Creatable> std::fmt::Debug for Creating<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Creating").field("api", &self.api).finish_non_exhaustive()
    }
}

impl<R: Resource, T> Clone for Api<R, T> {
    fn clone(&self) -> Self {
        self.view()
    }
}

impl<R: Resource, T> std::fmt::Debug for Api<R, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api")
            .field("service", &R::ROUTE.service)
            .field("path", &R::ROUTE.path)
            .field("parents", &self.at.parents)
            .field("settings", &self.at.settings)
            .finish_non_exhaustive()
    }
}

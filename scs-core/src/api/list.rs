use std::{
    collections::HashSet,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    pin::Pin,
    str::FromStr,
    task::{Context, Poll},
    vec::IntoIter,
};

use futures_core::{Stream, stream::BoxStream};
use futures_util::stream::try_unfold;
use http::Method;
use serde::{Deserialize, de::DeserializeOwned};
use url::{Url, form_urlencoded};

use super::{Api, Operation, exchange};
use crate::{
    Dialect, Error, ErrorKind, Need, Resource, Result, dialect::decode_members, route::Paging,
    transport::Response,
};

/// Pages without items in a row before a list is taken for endless.
const EMPTY_PAGES: usize = 16;

/// Where a list goes on. Opaque; survives being written down and read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// A page of a list.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Where the list goes on; `None` on the last page.
    pub next: Option<Cursor>,
}

pub(super) enum Start {
    Query(Result<String>),
    Cursor(Cursor),
}

struct State<R: Resource, T> {
    api: Api<R, T>,
    need: Option<Need>,
    /// The query of the next page; `None` behind the last one.
    next: Option<String>,
    /// Hashes of the queries sent: a circle of any length is found.
    seen: HashSet<u64>,
    items: usize,
    empty: usize,
}

pub(super) fn pages<R, T>(
    api: Api<R, T>,
    need: Option<Need>,
    start: Start,
) -> impl Stream<Item = Result<Page<T>>> + Send
where
    R: Resource,
    T: DeserializeOwned + Send + 'static,
{
    let first = match start {
        Start::Query(query) => query,
        Start::Cursor(cursor) => Ok(cursor.0),
    };
    let state = first.map(|query| {
        let next = Some(query);
        State { api, need, next, seen: HashSet::new(), items: 0, empty: 0 }
    });
    try_unfold(Some(state), |state| async move {
        let Some(state) = state else { return Ok(None) };
        let mut state = state?;
        let Some(query) = state.next.take() else {
            return Ok(None);
        };
        let page = state.page(query).await?;
        Ok(Some((page, Some(Ok(state)))))
    })
}

impl<R: Resource, T: DeserializeOwned> State<R, T> {
    async fn page(&mut self, query: String) -> Result<Page<T>> {
        let fail = |message: String| {
            Error::new(ErrorKind::Decode, message)
                .with_service(R::ROUTE.service)
                .with_hint("the list is incomplete; report this to the operator of the service")
        };
        let mut hasher = DefaultHasher::new();
        query.hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            return Err(fail(format!("the pages of {} go in a circle", R::ROUTE.list_path)));
        }
        let query = match R::ROUTE.paging {
            Paging::Range { size, default, .. } if parameter(&query, size).is_none() => {
                with(&query, size, &default.to_string())
            }
            _ => query,
        };
        let path = super::Path::new(R::ROUTE.list_path, &self.api.parents, None, "")?;
        let operation =
            Operation::new("list", Method::GET, path).query(query.clone()).needs(self.need);
        let (answer, url) = operation.run(&self.api.dialect, &R::ROUTE, self.api.settings).await?;
        let page = self
            .api
            .dialect
            .page::<T>(&R::ROUTE, &answer.body)
            .map_err(exchange::about::<R>(&answer))?;
        self.items += page.items.len();
        self.empty = if page.items.is_empty() { self.empty + 1 } else { 0 };
        if self.empty > EMPTY_PAGES {
            return Err(fail(format!("the pages of {} do not end", R::ROUTE.list_path)));
        }
        self.next = match R::ROUTE.paging {
            Paging::Links => page.next.map(|link| follow(&url, &link)).transpose()?,
            Paging::Whole => None,
            _ if page.items.is_empty() => None,
            Paging::Marker => last_id::<R>(&answer)?.map(|id| with(&query, "marker", &id)),
            Paging::Offset => Some(with(&query, "offset", &self.items.to_string())),
            Paging::Range { from, size, .. } => {
                let next =
                    parameter(&query, from).unwrap_or(0) + parameter(&query, size).unwrap_or(0);
                Some(with(&query, from, &next.to_string()))
            }
        };
        Ok(Page { items: page.items, next: self.next.clone().map(Cursor) })
    }
}

/// The query of the next page. Of the server's link nothing else is used: scheme, port and
/// path are often those of a machine behind a load balancer.
fn follow(present: &Url, link: &str) -> Result<String> {
    let next = present.join(link).map_err(|_| {
        Error::new(ErrorKind::Decode, format!("the link to the next page is no URL: {link}"))
    })?;
    if next.host() != present.host() {
        return Err(Error::new(
            ErrorKind::Decode,
            format!(
                "the link to the next page points to another host, {}",
                next.host_str().unwrap_or_default()
            ),
        )
        .with_hint(
            "the token is not sent there; the operator has to correct the service's public address",
        ));
    }
    Ok(next.query().unwrap_or_default().to_owned())
}

/// A number in the query.
fn parameter(query: &str, key: &str) -> Option<u64> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == key)?.1.parse().ok()
}

/// The query with one member set.
fn with(query: &str, key: &str, value: &str) -> String {
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != key);
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair(key, value)
        .finish()
}

/// The id of the last item, whatever the items are read as.
fn last_id<R: Resource>(answer: &Response) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct Item {
        id: Option<String>,
        name: Option<String>,
    }
    let (items, _) = decode_members::<Vec<Item>>(&answer.body, R::ROUTE.many, &[])?;
    Ok(items.unwrap_or_default().pop().and_then(|item| item.id.or(item.name)))
}

/// The items of pages, with the next page on its way while the present one is consumed.
pub(super) struct Ahead<T> {
    pages: Option<BoxStream<'static, Result<Page<T>>>>,
    ahead: Option<Result<Page<T>>>,
    items: IntoIter<T>,
    turns: u8,
}

impl<T> Ahead<T> {
    pub(super) fn new(pages: BoxStream<'static, Result<Page<T>>>) -> Self {
        Self { pages: Some(pages), ahead: None, items: Vec::new().into_iter(), turns: 0 }
    }

    fn fetch(&mut self, cx: &mut Context<'_>) {
        let Some(pages) = self.pages.as_mut().filter(|_| self.ahead.is_none()) else {
            return;
        };
        match pages.as_mut().poll_next(cx) {
            Poll::Ready(Some(page)) => self.ahead = Some(page),
            Poll::Ready(None) => self.pages = None,
            Poll::Pending => {}
        }
    }
}

impl<T> Unpin for Ahead<T> {}

impl<T> Stream for Ahead<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let this = &mut *self;
        loop {
            // Each item gives the next page a chance to get on; one in sixteen is enough.
            if this.items.len() == 0 || this.turns.is_multiple_of(16) {
                this.fetch(cx);
            }
            this.turns = this.turns.wrapping_add(1);
            if let Some(item) = this.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match this.ahead.take() {
                Some(Ok(page)) => {
                    this.items = page.items.into_iter();
                    this.turns = 0;
                }
                Some(Err(error)) => {
                    this.pages = None;
                    return Poll::Ready(Some(Err(error)));
                }
                None if this.pages.is_none() => return Poll::Ready(None),
                None => return Poll::Pending,
            }
        }
    }
}

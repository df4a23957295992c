use std::{
    collections::HashSet,
    fmt,
    future::ready,
    hash::{DefaultHasher, Hash, Hasher},
    marker::PhantomData,
    pin::Pin,
    str::FromStr,
    task::{Context, Poll},
    vec::IntoIter,
};

use futures_core::{Stream, future::BoxFuture};
use http::Method;
use serde::de::DeserializeOwned;
use url::{Url, form_urlencoded};

use super::{Operation, collection::Collection};
use crate::{
    Dialect, Error, ErrorKind, Need, Result, Route, answer, dialect::decode_members, route::Paging,
    transport::Response,
};

/// Pages without items in a row before a list is taken for endless.
const EMPTY_PAGES: usize = 16;

/// Where a list goes on. Opaque; survives being written down and read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    pub(super) fn into_query(self) -> String {
        self.0
    }
}

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

/// A walk through the pages of a list.
struct Walk<D> {
    at: Collection<D>,
    need: Option<Need>,
    /// The query of the next page; `None` behind the last one.
    next: Option<String>,
    /// Hashes of the queries sent: a circle of any length is found.
    seen: HashSet<u64>,
    items: usize,
    empty: usize,
}

/// The way to the next page: the walk when it is there, and the page; `None` behind the last.
type Way<D> = BoxFuture<'static, Result<Option<(Walk<D>, Sent)>>>;

/// The pages of a list, each fetched when it is asked for. The way to a page is compiled once for
/// a dialect; what is left for each type of item is to read it.
pub(super) struct Pages<D, T> {
    way: Option<Way<D>>,
    items: PhantomData<fn() -> T>,
}

impl<D: Dialect, T> Pages<D, T> {
    pub(super) fn new(at: Collection<D>, need: Option<Need>, query: Result<String>) -> Self {
        Self { way: Some(Walk::start(at, need, query)), items: PhantomData }
    }
}

impl<D: Dialect, T: DeserializeOwned> Stream for Pages<D, T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(way) = &mut self.way else { return Poll::Ready(None) };
        let arrived = std::task::ready!(way.as_mut().poll(cx)).transpose();
        self.way = None;
        Poll::Ready(arrived.map(|arrived| {
            let (mut walk, sent) = arrived?;
            let page = walk.at.dialect.page::<T>(walk.at.route, &sent.answer.body);
            let page = page.map_err(|error| walk.at.about(&sent.answer, error))?;
            let next = walk.advance(&sent, page.items.len(), page.next)?;
            self.way = Some(walk.fetch());
            Ok(Page { items: page.items, next })
        }))
    }
}

/// A page as it came.
struct Sent {
    query: String,
    url: Url,
    answer: Response,
}

impl<D: Dialect> Walk<D> {
    fn start(at: Collection<D>, need: Option<Need>, query: Result<String>) -> Way<D> {
        match query {
            Ok(query) => {
                let next = Some(query);
                Walk { at, need, next, seen: HashSet::new(), items: 0, empty: 0 }.fetch()
            }
            Err(error) => Box::pin(ready(Err(error))),
        }
    }

    /// Asks for the next page.
    fn fetch(mut self) -> Way<D> {
        Box::pin(async move {
            let Some(query) = self.next.take() else { return Ok(None) };
            let route = self.at.route;
            let mut hasher = DefaultHasher::new();
            query.hash(&mut hasher);
            if !self.seen.insert(hasher.finish()) {
                return Err(self.broken(format_args!("go in a circle")));
            }
            let query = match route.paging {
                Paging::Range { size, default, .. } if parameter(&query, size).is_none() => {
                    with(&query, size, &default.to_string())
                }
                _ => query,
            };
            let path = super::Path::new(route.list_path, &self.at.parents, None, "")?;
            let operation =
                Operation::new("list", Method::GET, path).query(query.clone()).needs(self.need);
            let (answer, url) = self.at.run(operation).await?;
            Ok(Some((self, Sent { query, url, answer })))
        })
    }

    /// Notes where the list goes on.
    fn advance(
        &mut self,
        sent: &Sent,
        items: usize,
        link: Option<String>,
    ) -> Result<Option<Cursor>> {
        let Sent { query, url, answer } = sent;
        self.items += items;
        self.empty = if items == 0 { self.empty + 1 } else { 0 };
        if self.empty > EMPTY_PAGES {
            return Err(self.broken(format_args!("do not end")));
        }
        self.next = match self.at.route.paging {
            Paging::Links => link.map(|link| follow(url, &link)).transpose()?,
            Paging::Whole => None,
            _ if items == 0 => None,
            Paging::Marker => last_id(self.at.route, answer)?.map(|id| with(query, "marker", &id)),
            Paging::Offset => Some(with(query, "offset", &self.items.to_string())),
            Paging::Range { from, size, .. } => {
                let next =
                    parameter(query, from).unwrap_or(0) + parameter(query, size).unwrap_or(0);
                Some(with(query, from, &next.to_string()))
            }
        };
        Ok(self.next.clone().map(Cursor))
    }

    fn broken(&self, how: fmt::Arguments<'_>) -> Error {
        let words = format!("the pages of {} {how}", self.at.route.list_path);
        Error::new(ErrorKind::Decode, words)
            .with_service(self.at.route.service)
            .with_hint("the list is incomplete; report this to the operator of the service")
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
fn last_id(route: &Route, answer: &Response) -> Result<Option<String>> {
    answer! {
        struct Item { id: Option<String>, name: Option<String> }
    }
    let (items, _) = decode_members::<Vec<Item>>(&answer.body, route.many, &[])?;
    Ok(items.unwrap_or_default().pop().and_then(|item| item.id.or(item.name)))
}

/// The items of pages, with the next page on its way while the present one is consumed.
pub(super) struct Ahead<D, T> {
    pages: Option<Pages<D, T>>,
    ahead: Option<Result<Page<T>>>,
    items: IntoIter<T>,
    turns: u8,
}

impl<D: Dialect, T: DeserializeOwned> Ahead<D, T> {
    pub(super) fn new(pages: Pages<D, T>) -> Self {
        Self { pages: Some(pages), ahead: None, items: Vec::new().into_iter(), turns: 0 }
    }

    fn fetch(&mut self, cx: &mut Context<'_>) {
        let Some(pages) = self.pages.as_mut().filter(|_| self.ahead.is_none()) else {
            return;
        };
        match Pin::new(pages).poll_next(cx) {
            Poll::Ready(Some(page)) => self.ahead = Some(page),
            Poll::Ready(None) => self.pages = None,
            Poll::Pending => {}
        }
    }
}

impl<D, T> Unpin for Ahead<D, T> {}

impl<D: Dialect, T: DeserializeOwned> Stream for Ahead<D, T> {
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

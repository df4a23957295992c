//! A toy API: kettles at `https://kettles.example/v1`, behind a server that is a closure.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use http::{HeaderMap, Method, StatusCode};
use scs_core::{
    Action, ApiVersion, BulkCreatable, Creatable, Deletable, Dialect, Error, ErrorKind, Id,
    Identified, Listable, Need, Phase, Phased, Resource, Result, Revised, Route, Transport,
    Updatable,
    dialect::{RawPage, Target, decode_members},
    open_enum, request,
    route::{Paging, Verb},
    transport::{HttpService, Request, Response, Retry},
};
use serde::{Deserialize, de::DeserializeOwned};

/// What the server saw: the method, path and query of each request.
pub type Log = Arc<Mutex<Vec<String>>>;

type Answer = dyn Fn(&Request) -> Result<Response> + Send + Sync;

struct Scripted {
    log: Log,
    answer: Box<Answer>,
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

#[async_trait]
impl HttpService for Scripted {
    async fn call(&self, request: Request) -> Result<Response> {
        // A real server never answers at once.
        tokio::task::yield_now().await;
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let line = format!("{} {}{query}", request.method, request.url.path());
        self.log.lock().unwrap().push(line);
        (self.answer)(&request)
    }
}

pub fn json(status: u16, body: impl Into<String>) -> Result<Response> {
    let status = StatusCode::from_u16(status).unwrap();
    Ok(Response::new(status, HeaderMap::new(), body.into().into()))
}

pub fn header(answer: Result<Response>, name: &'static str, value: &str) -> Result<Response> {
    let mut answer = answer?;
    answer.headers.insert(name, value.parse().unwrap());
    Ok(answer)
}

pub fn transport(
    answer: impl Fn(&Request) -> Result<Response> + Send + Sync + 'static,
) -> (Transport, Log) {
    let log = Log::default();
    let service = Scripted { log: log.clone(), answer: Box::new(answer) };
    let builder = Transport::builder().service(Arc::new(service)).retry(Retry::default());
    (builder.build().unwrap(), log)
}

#[derive(Debug, Clone)]
pub struct Kitchen(pub Transport);

pub fn kitchen(
    answer: impl Fn(&Request) -> Result<Response> + Send + Sync + 'static,
) -> (Kitchen, Log) {
    let (transport, log) = transport(answer);
    (Kitchen(transport), log)
}

impl Dialect for Kitchen {
    fn transport(&self) -> &Transport {
        &self.0
    }
    async fn locate(&self, _: &Route, _: Option<Need>, _: Option<ApiVersion>) -> Result<Target> {
        Ok(Target::new("https://kettles.example/v1".parse().unwrap()))
    }
    fn page<T: DeserializeOwned>(&self, route: &Route, body: &[u8]) -> Result<RawPage<T>> {
        let (items, others) = decode_members(body, route.many, &["next"])?;
        let next = others[0].as_ref().map(|raw| serde_json::from_str(raw.get()).unwrap());
        Ok(RawPage::new(items.unwrap_or_default(), next))
    }
    fn fault(&self, _: &Route, answer: &Response) -> Error {
        let kind = match answer.status.as_u16() {
            400 => ErrorKind::Rejected,
            401 => ErrorKind::Unauthenticated,
            404 => ErrorKind::NotFound,
            429 => ErrorKind::RateLimited,
            _ => ErrorKind::Unavailable,
        };
        Error::new(kind, "no tea").with_status(answer.status).with_retry_after(answer.retry_after())
    }
}

open_enum! {
    /// Where a kettle is in its life.
    pub enum Status -> Phase {
        /// Being built.
        Building = "building" => Pending,
        /// Of use.
        Ready = "ready" => Ready,
        /// Of no use.
        Broken = "broken" => Failed,
    }
}

macro_rules! kettle {
    ($name:ident, $paging:expr) => {
        #[derive(Debug, Clone, Deserialize)]
        pub struct $name {
            pub id: Id<$name>,
            #[serde(default)]
            pub name: Option<String>,
            #[serde(default = "ready")]
            pub status: Status,
        }
        impl Resource for $name {
            type Dialect = Kitchen;
            const ROUTE: Route = Route::new("kettle", "kettles")
                .keys("kettle", "kettles")
                .paged_by($paging)
                .created_partly();
        }
        impl Identified for $name {
            fn id(&self) -> &Id<Self> {
                &self.id
            }
            fn name(&self) -> Option<&str> {
                self.name.as_deref()
            }
        }
        impl Listable for $name {
            type Query = KettleQuery;
        }
        impl Creatable for $name {
            type New = NewKettle;
        }
        impl Deletable for $name {}
        impl Phased for $name {
            fn phase(&self) -> Phase {
                self.status.phase()
            }
            fn fault(&self) -> Option<String> {
                Some("the element is burnt".into())
            }
        }
    };
}

impl BulkCreatable for Kettle {}

impl Updatable for Kettle {
    type Patch = NewKettle;
}

impl Revised for Kettle {
    fn revision(&self) -> Option<String> {
        self.name.as_ref().map(|name| format!("revision={name}"))
    }
}

fn ready() -> Status {
    Status::Ready
}

kettle!(Kettle, Paging::Links);
kettle!(MarkerKettle, Paging::Marker);
kettle!(OffsetKettle, Paging::Offset);

request! {
    /// Which kettles.
    pub struct KettleQuery {
        /// Page size.
        limit: usize,
    }
}

request! {
    /// What a kettle is made from.
    pub struct NewKettle(
        /// Litres.
        litres: u32,
    ) {}
}

request! {
    /// Puts water in; once is enough.
    pub struct Fill {}
}

impl Action for Fill {
    type Target = Kettle;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "fill";
    const VERB: Verb = Verb::Put;
    const IDEMPOTENT: bool = false;
}

request! {
    /// Puts a sticker on.
    pub struct Stick(
        /// Which one.
        sticker: String,
    ) {}
}

impl Action for Stick {
    type Target = Kettle;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "stickers";
    const VERB: Verb = Verb::Put;

    fn member(&self) -> Option<&str> {
        Some(&self.sticker)
    }
}

pub fn is(request: &Request, method: Method, path: &str) -> bool {
    request.method == method && request.url.path() == path
}

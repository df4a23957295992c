//! Native resources in neutral words.

use futures_util::TryStreamExt;
use http::Method;
use scs_core::{
    Api, ErrorKind, Id, Phase, Phased, Result, Select, Store, StoreExt,
    model::{Machine, Volume, VolumeSpec},
    provider::{Adapter, Makes, Speaks, VolumeVerbs, Volumes},
    transport::{Request, Response},
};

use crate::kettle::{Kettle, NewKettle, is, json, kitchen};

impl Speaks<Volume> for Kettle {
    fn raise(self) -> Volume {
        let phase = self.phase();
        Volume::new(self.id.cast(), self.name.unwrap_or_default(), phase, 1)
    }
}

impl Makes<Volume> for Kettle {
    async fn make(api: &Api<Self>, spec: VolumeSpec) -> Result<Self> {
        api.create(NewKettle::new(spec.gib)).await
    }
}

impl VolumeVerbs for Kettle {
    async fn resize(api: &Api<Self>, id: &Id<Self>, _: u32) -> Result<()> {
        api.get(id).await.map(drop)
    }

    async fn attach(api: &Api<Self>, id: &Id<Self>, _: &Id<Machine>) -> Result<()> {
        api.get(id).await.map(drop)
    }

    async fn detach(api: &Api<Self>, id: &Id<Self>, _: &Id<Machine>) -> Result<()> {
        api.get(id).await.map(drop)
    }
}

/// Three kettles; the server does not filter, and does not know any other id.
fn serve(request: &Request) -> Result<Response> {
    const TEA: &str = r#"{"id":"1","name":"tea","status":"building"}"#;
    if is(request, Method::POST, "/v1/kettles") || is(request, Method::GET, "/v1/kettles/1") {
        json(200, format!(r#"{{"kettle":{TEA}}}"#))
    } else if is(request, Method::GET, "/v1/kettles") {
        json(
            200,
            format!(
                r#"{{"kettles":[{TEA},{{"id":"2","name":"mate"}},{{"id":"3","name":"mate"}}]}}"#
            ),
        )
    } else if is(request, Method::DELETE, "/v1/kettles/1") {
        json(204, "")
    } else {
        json(404, "{}")
    }
}

#[tokio::test]
async fn an_api_is_a_store() {
    let (kitchen, log) = kitchen(serve);
    let volumes: &dyn Volumes = &Adapter::new(Api::<Kettle>::new(kitchen));
    let store: &dyn Store<Volume> = volumes;

    let made = store.create(VolumeSpec::new("tea", 1)).await.unwrap();
    assert_eq!((made.name.as_str(), made.phase), ("tea", Phase::Pending));
    volumes.resize(&made.id, 2).await.unwrap();
    assert_eq!(store.get(&made.id).await.unwrap(), made);

    let all = store.all().await.unwrap();
    assert_eq!(all.len(), 3);
    let named: Vec<_> = store.list(Select::named("tea")).try_collect().await.unwrap();
    assert_eq!(named, std::slice::from_ref(&made));
    assert_eq!(store.find("tea").await.unwrap(), made);
    let several = store.find("mate").await.unwrap_err();
    assert_eq!(several.kind(), ErrorKind::Conflict);
    assert_eq!(several.message(), "2 volumes have the name `mate`: 2, 3");
    assert_eq!(store.find("coffee").await.unwrap_err().kind(), ErrorKind::NotFound);

    store.delete(&made.id).await.unwrap();
    let before = log.lock().unwrap().len();
    assert_eq!(store.delete(&"".into()).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(store.find("").await.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(log.lock().unwrap().len(), before, "nothing was sent");
}

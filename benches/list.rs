//! What the SDK costs, in CPU time of the client's thread: the server has its own.
//!
//! `list/*` reads 10,000 servers in pages of 1,000: through the SDK, and by the plainest loop of
//! reqwest and serde into the same type. `get/*` is one server. `decode/*` is a page alone.

mod server;

use std::{hint::black_box, pin::pin, time::Duration};

use cpu_time::ThreadTime;
use criterion::{
    Criterion, Throughput, criterion_group, criterion_main,
    measurement::{Measurement, ValueFormatter, WallTime},
};
use futures_util::TryStreamExt;
use scs_cloud::iaas::{
    OpenStack,
    auth::Password,
    compute::{Server, ServerQuery},
};
use serde::Deserialize;
use server::{PAGE, SERVERS};
use tokio::runtime::Runtime;

/// CPU time of the present thread.
struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = ThreadTime;
    type Value = Duration;

    fn start(&self) -> ThreadTime {
        ThreadTime::now()
    }
    fn end(&self, start: ThreadTime) -> Duration {
        start.elapsed()
    }
    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }
    fn zero(&self) -> Duration {
        Duration::ZERO
    }
    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }
    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

#[derive(Deserialize)]
struct Page {
    servers: Vec<Server>,
    #[serde(default)]
    servers_links: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    rel: String,
    href: String,
}

/// What somebody without an SDK would write.
async fn plain_loop(client: &reqwest::Client, address: &str) -> usize {
    let mut next = Some(format!("{address}/v2.1/servers/detail?limit={PAGE}"));
    let mut count = 0;
    while let Some(url) = next {
        let request = client.get(url).header("x-auth-token", "t");
        let body = request.send().await.expect("an answer").bytes().await.expect("a body");
        let page: Page = serde_json::from_slice(&body).expect("a page");
        for server in page.servers {
            black_box(&server);
            count += 1;
        }
        next = page.servers_links.into_iter().find(|link| link.rel == "next").map(|link| link.href);
    }
    count
}

async fn sdk_list(cloud: &OpenStack) -> usize {
    let mut servers = pin!(cloud.servers().list(ServerQuery::new().limit(PAGE as u32)));
    let mut count = 0;
    while let Some(server) = servers.try_next().await.expect("a server") {
        black_box(&server);
        count += 1;
    }
    count
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn list(c: &mut Criterion<CpuTime>) {
    let address = server::start();
    let runtime = runtime();
    let cloud = OpenStack::builder(&address, Password::new("bench", "pw"));
    let cloud = OpenStack::new(runtime.block_on(cloud.connect()).expect("a login"));
    let client = reqwest::Client::new();

    let mut group = c.benchmark_group("list");
    group.throughput(Throughput::Elements(SERVERS as u64)).sample_size(40);
    group.measurement_time(Duration::from_secs(15));
    group.bench_function("plain", |b| {
        b.iter(|| assert_eq!(runtime.block_on(plain_loop(&client, &address)), SERVERS));
    });
    group.bench_function("sdk", |b| {
        b.iter(|| assert_eq!(runtime.block_on(sdk_list(&cloud)), SERVERS));
    });
    group.finish();

    let mut group = c.benchmark_group("get");
    let url = format!("{address}/v2.1/servers/s0");
    #[derive(Deserialize)]
    struct One {
        server: Server,
    }
    group.bench_function("plain", |b| {
        b.iter(|| {
            runtime.block_on(async {
                let request = client.get(&url).header("x-auth-token", "t");
                let body = request.send().await.expect("an answer").bytes().await.expect("a body");
                black_box(serde_json::from_slice::<One>(&body).expect("a server").server);
            });
        });
    });
    let (servers, id) = (cloud.servers(), "s0".into());
    group.bench_function("sdk", |b| {
        b.iter(|| black_box(runtime.block_on(servers.get(&id)).expect("a server")));
    });
    group.finish();

    let mut group = c.benchmark_group("decode");
    let page = runtime.block_on(async {
        let url = format!("{address}/v2.1/servers/detail?limit={PAGE}");
        client.get(url).send().await.expect("an answer").bytes().await.expect("a body")
    });
    group.throughput(Throughput::Bytes(page.len() as u64));
    group.bench_function("derive", |b| {
        b.iter(|| black_box(serde_json::from_slice::<Page>(&page).expect("a page").servers.len()));
    });
    group.bench_function("sdk", |b| {
        use scs_cloud::core::{Dialect as _, Resource as _};
        let session = cloud.session();
        b.iter(|| {
            black_box(session.page::<Server>(&Server::ROUTE, &page).expect("a page").items.len())
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = list
}
criterion_main!(benches);

mod flavor;
mod keypair;
mod server;

use scs_cloud::{
    core::Id,
    iaas::{
        OpenStack,
        compute::{Networks, NewServer, Server},
    },
};

/// A server that no other test uses, which goes when the test ends, however it ends.
struct Guest {
    cloud: OpenStack,
    server: Server,
}

impl Guest {
    /// A small running server on the network `private`.
    async fn start(cloud: &OpenStack, what: &str) -> Self {
        let new = small(cloud, what).await;
        let server = cloud.servers().create(new).await.unwrap();
        let mut guest = Self { cloud: cloud.clone(), server };
        guest.settle().await;
        guest
    }

    fn id(&self) -> &Id<Server> {
        &self.server.id
    }

    /// The server at rest.
    async fn settle(&mut self) -> &Server {
        self.server = self.cloud.servers().wait(self.id()).ready().await.unwrap();
        &self.server
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let (cloud, id) = (self.cloud.clone(), self.server.id.clone());
        // The runtime of a failed test ends at once, so the deletion needs one of its own.
        let deletion = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async { cloud.servers().delete(&id).await })
        });
        match deletion.join().unwrap() {
            Err(error) if !error.is_not_found() => eprintln!("{error}"),
            _ => {}
        }
    }
}

/// What a small server is made from.
async fn small(cloud: &OpenStack, what: &str) -> NewServer {
    let image = cloud.images().find("lab-image").await.unwrap();
    let flavor = cloud.flavors().find("m1.tiny").await.unwrap();
    let network = cloud.networks().find("private").await.unwrap();
    NewServer::new(crate::lab::name(what), &flavor.id, Networks::of([&network.id])).image(&image.id)
}

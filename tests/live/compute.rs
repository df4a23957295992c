mod action;
mod attachment;
mod flavor;
mod group;
mod keypair;
mod quota;
mod server;

use scs_cloud::{
    core::Id,
    iaas::{
        OpenStack,
        compute::{Networks, NewServer, Server},
    },
};

use crate::lab::{self, Finally};

/// A server that goes when the test ends, however it ends.
struct Guest {
    cloud: OpenStack,
    server: Server,
    _cleanup: Finally,
}

impl Guest {
    /// The server, as soon as it is accepted.
    async fn create(user: &'static str, new: NewServer) -> Self {
        let cloud = lab::cloud(user).await;
        let server = cloud.servers().create(new).await.unwrap();
        Self::of(user, cloud, server)
    }

    fn of(user: &'static str, cloud: OpenStack, server: Server) -> Self {
        let id = server.id.clone();
        let cleanup = |cloud: OpenStack| async move { cloud.servers().delete(&id).await };
        Self { cloud, server, _cleanup: lab::finally(user, cleanup) }
    }

    /// A small running server on the network `private`.
    async fn start(what: &str) -> Self {
        let user = "lab-user";
        let mut guest = Self::create(user, small(&lab::cloud(user).await, what).await).await;
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

    /// Deletes the server and waits until it is gone.
    async fn delete(self) {
        self.cloud.servers().delete(self.id()).await.unwrap();
        self.cloud.servers().wait(self.id()).gone().await.unwrap();
    }
}

/// What a small server is made from.
async fn small(cloud: &OpenStack, what: &str) -> NewServer {
    let image = cloud.images().find("lab-image").await.unwrap();
    let flavor = cloud.flavors().find("m1.tiny").await.unwrap();
    let network = cloud.networks().find("private").await.unwrap();
    NewServer::new(lab::name(what), &flavor.id, Networks::of([&network.id])).image(&image.id)
}

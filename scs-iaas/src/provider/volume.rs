use scs_core::{
    Api, Id, Phased, Result, model,
    provider::{Makes, Speaks, VolumeVerbs},
};

use crate::{
    block_storage::{Extend, NewVolume, Volume},
    compute::{NewVolumeAttachment, VolumeAttachment},
};

impl Speaks<model::Volume> for Volume {
    fn raise(self) -> model::Volume {
        let mut volume = model::Volume::new(self.id.cast(), &self.name, self.phase(), self.size);
        let servers = self.attachments.into_iter().filter_map(|attachment| attachment.server_id);
        volume.attached_to = servers.map(|server| server.cast()).collect();
        volume.labels = self.metadata;
        volume
    }
}

impl Makes<model::Volume> for Volume {
    async fn make(api: &Api<Self>, spec: model::VolumeSpec) -> Result<Self> {
        api.create(NewVolume::new(spec.gib).name(spec.name).metadata(spec.labels)).await
    }
}

impl VolumeVerbs for Volume {
    async fn resize(api: &Api<Self>, id: &Id<Self>, gib: u32) -> Result<()> {
        api.act(id, Extend::new(gib)).await
    }

    async fn attach(api: &Api<Self>, id: &Id<Self>, machine: &Id<model::Machine>) -> Result<()> {
        attachments(api, machine).create(NewVolumeAttachment::new(id)).await.map(drop)
    }

    async fn detach(api: &Api<Self>, id: &Id<Self>, machine: &Id<model::Machine>) -> Result<()> {
        attachments(api, machine).delete(&id.cast()).await
    }
}

fn attachments(api: &Api<Volume>, machine: &Id<model::Machine>) -> Api<VolumeAttachment> {
    Api::within(api.dialect().clone(), [machine.as_str()])
}

use scs_core::{
    Creatable, Deletable, Id, Identified, Listable, Metadata, Phase, Phased, Resource, Route,
    Timestamp, Updatable, open_enum, request, route::Verb,
};

use super::{ImagePatch, MemberStatus};
use crate::{Session, identity::Project};

/// An image: what is known of it, without its data.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Image {
    /// Its id.
    pub id: Id<Image>,
    /// Its name; need not be unique and may be empty.
    pub name: String,
    /// Where it is in its life.
    pub status: ImageStatus,
    /// Who may see it.
    pub visibility: Visibility,
    /// The project it belongs to.
    pub owner: Option<Id<Project>>,
    /// The format of the disk; `None` as long as it has no data and nobody said.
    pub disk_format: Option<DiskFormat>,
    /// What is around the disk: `bare` for nothing.
    pub container_format: Option<String>,
    /// Size of the data in bytes; `None` as long as it has none.
    pub size: Option<u64>,
    /// Size of the disk in bytes, where Glance knows it.
    pub virtual_size: Option<u64>,
    /// The least root disk that a server needs, in GiB; 0 if it does not matter.
    pub min_disk: u32,
    /// The least memory that a server needs, in MiB; 0 if it does not matter.
    pub min_ram: u32,
    /// The MD5 sum of the data.
    pub checksum: Option<String>,
    /// By which algorithm `hash` is made: `sha512`.
    pub hash_algorithm: Option<String>,
    /// The hash of the data, in hexadecimal digits.
    pub hash: Option<String>,
    /// Whether it is protected against deletion.
    pub protected: bool,
    /// Whether it is left out of lists that do not ask for it.
    pub hidden: bool,
    /// Its tags.
    pub tags: Vec<String>,
    /// The stores its data lie in, where there are several.
    pub stores: Vec<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was changed last.
    pub updated_at: Option<Timestamp>,
    /// All else that is said of it, such as the properties of
    /// [SCS-0102](https://docs.scs.community/standards/scs-0102-v1-image-metadata).
    pub properties: Metadata,
}

impl Image {
    fn property(&self, key: &str) -> Option<&str> {
        self.properties.get(key).map(String::as_str)
    }

    /// The processors it runs on: `x86_64`, `aarch64`.
    pub fn architecture(&self) -> Option<&str> {
        self.property("architecture")
    }

    /// The operating system, in one word: `debian`, `windows`.
    pub fn os_distro(&self) -> Option<&str> {
        self.property("os_distro")
    }

    /// The version of the operating system.
    pub fn os_version(&self) -> Option<&str> {
        self.property("os_version")
    }

    /// What it is meant for: `generic`, `minimal`, `k8snode`, `gpu`, `network`, `custom`.
    pub fn os_purpose(&self) -> Option<&str> {
        self.property("os_purpose")
    }

    /// How disks are attached: `virtio`, `scsi`.
    pub fn disk_bus(&self) -> Option<&str> {
        self.property("hw_disk_bus")
    }
}

open_enum! {
    /// Where an [`Image`] is in its life.
    pub enum ImageStatus -> Phase {
        /// It has no data yet.
        Queued = "queued" => Pending,
        /// Its data are coming in.
        Saving = "saving" => Pending,
        /// Its data are coming in and wait to be imported.
        Uploading = "uploading" => Pending,
        /// Its data are being imported.
        Importing = "importing" => Pending,
        /// It can be used.
        Active = "active" => Ready,
        /// An administrator has locked its data.
        Deactivated = "deactivated" => Failed,
        /// Its data could not be stored.
        Killed = "killed" => Failed,
        /// It is deleted after a time of grace.
        PendingDelete = "pending_delete" => Deleting,
        /// It is gone.
        Deleted = "deleted" => Deleted,
    }
}

open_enum! {
    /// Who may see an [`Image`].
    pub enum Visibility {
        /// Its project.
        Private = "private",
        /// Its project and the members it is shared with.
        Shared = "shared",
        /// Everybody; lists of other projects show it only if asked to.
        Community = "community",
        /// Everybody.
        Public = "public",
    }
}

open_enum! {
    /// The format of the disk in an [`Image`].
    pub enum DiskFormat {
        /// The bytes of the disk, one after the other.
        Raw = "raw",
        /// QEMU's.
        Qcow2 = "qcow2",
        /// VMware's.
        Vmdk = "vmdk",
        /// VirtualBox's.
        Vdi = "vdi",
        /// Hyper-V's, old.
        Vhd = "vhd",
        /// Hyper-V's.
        Vhdx = "vhdx",
        /// Virtuozzo's.
        Ploop = "ploop",
        /// An optical disc.
        Iso = "iso",
    }
}

request! {
    /// What an [`Image`] is made from. Its data are uploaded afterwards. Properties of your
    /// own are added by [`with`](Self::with); their values are texts.
    pub struct NewImage(
        /// Its name.
        name: String,
        /// The format of the disk.
        disk_format: DiskFormat,
    ) {
        /// What is around the disk; `bare` for nothing, as the data need it to be set.
        container_format: String,
        /// Who may see it; its project and the members it is shared with if not set.
        visibility: Visibility,
        /// The least root disk that a server needs, in GiB.
        min_disk: u32,
        /// The least memory that a server needs, in MiB.
        min_ram: u32,
        /// Whether it is protected against deletion.
        protected: bool,
        /// Whether it is left out of lists that do not ask for it.
        hidden: bool as "os_hidden",
        /// Its tags.
        tags: Vec<String>,
        /// The id it is to have.
        id: Id<Image>,
        /// The project it is to belong to; for administrators.
        owner: Id<Project>,
        /// The processors it runs on: `x86_64`, `aarch64`.
        architecture: String,
        /// The operating system, in one word: `debian`, `windows`.
        os_distro: String,
        /// The version of the operating system.
        os_version: String,
        /// What it is meant for: `generic`, `minimal`, `k8snode`, `gpu`, `network`, `custom`.
        os_purpose: String,
        /// How disks are attached: `virtio`, `scsi`.
        disk_bus: String as "hw_disk_bus",
    }
}

request! {
    /// Which images to list. Properties of your own are asked for by [`with`](Self::with).
    pub struct ImageQuery {
        /// Of this name.
        name: String,
        /// In this state.
        status: ImageStatus,
        /// Seen by these; [`Community`](Visibility::Community) images are listed only so.
        visibility: Visibility,
        /// Of this project.
        owner: Id<Project>,
        /// With this tag.
        tag: String,
        /// Those left out of other lists.
        hidden: bool as "os_hidden",
        /// Protected against deletion or not.
        protected: bool,
        /// What the answer was to the offer of shared images: `accepted` if not set.
        member_status: MemberStatus,
        /// By what to sort, and which way: `created_at:asc`, `name:desc`, `size`.
        sort: String,
        /// How many a page holds.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<Image>,
    }
}

impl Resource for Image {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("image", "images").keys("image", "images").bare_one().updated_by(Verb::Patch);
}

impl Identified for Image {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Image {
    type Query = ImageQuery;

    fn named(name: &str) -> ImageQuery {
        ImageQuery::new().name(name)
    }
}

impl Creatable for Image {
    type New = NewImage;
}

impl Updatable for Image {
    type Patch = ImagePatch;
}

impl Deletable for Image {}

impl Phased for Image {
    fn phase(&self) -> Phase {
        self.status.phase()
    }

    fn fault(&self) -> Option<String> {
        (self.phase() == Phase::Failed).then(|| format!("its status is {}", self.status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_stand_beside_the_members() {
        let new = NewImage::new("n", DiskFormat::Qcow2)
            .container_format("bare")
            .visibility(Visibility::Shared)
            .min_disk(8)
            .hidden(true)
            .os_distro("debian")
            .disk_bus("virtio")
            .with("draft", "yes");
        assert_eq!(
            serde_json::to_string(&new).unwrap(),
            concat!(
                r#"{"name":"n","disk_format":"qcow2","container_format":"bare","#,
                r#""visibility":"shared","min_disk":8,"os_hidden":true,"os_distro":"debian","#,
                r#""hw_disk_bus":"virtio","draft":"yes"}"#
            )
        );
    }
}

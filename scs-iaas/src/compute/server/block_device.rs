use scs_core::{Id, open_enum, request};

use crate::{
    block_storage::{Snapshot, Volume},
    image::Image,
};

request! {
    /// A volume or a local disk of a new server.
    ///
    /// The functions make the common ones; the setters change what is particular.
    ///
    /// ```
    /// use scs_iaas::compute::BlockDevice;
    /// # let image = scs_core::Id::from("debian");
    /// let root = BlockDevice::boot_image(&image, 20).volume_type("ssd").delete_on_termination(false);
    /// let data = BlockDevice::blank(100);
    /// ```
    pub struct BlockDevice(
        /// What it is made from.
        source: BlockSource as "source_type",
        /// Where it is.
        destination: BlockDestination as "destination_type",
    ) {
        /// The id of the image, the volume or the snapshot it is made from.
        source_id: String as "uuid",
        /// Its size in GiB.
        size: u32 as "volume_size",
        /// The volume type of a new volume; the cloud's default if not set.
        volume_type: String => since(2, 67),
        /// The server boots from the one with 0; -1 is never tried.
        boot_index: i32,
        /// Whether it goes when the server goes.
        delete_on_termination: bool,
        /// What kind of device the server sees: `disk`, `cdrom`, `lun`.
        device_type: String,
        /// How it is attached: `virtio`, `scsi`, `sata`.
        disk_bus: String,
        /// How a local disk is formatted: `ext4`, `swap`.
        guest_format: String,
        /// A tag by which the server can tell its devices apart.
        tag: String => since(2, 42),
    }
}

impl BlockDevice {
    /// A new volume that holds a copy of the image. The server boots from it, and it is
    /// deleted with the server. The size is in GiB.
    pub fn boot_image(image: &Id<Image>, size: u32) -> Self {
        Self::new(BlockSource::Image, BlockDestination::Volume)
            .source_id(image.as_str())
            .size(size)
            .boot_index(0)
            .delete_on_termination(true)
    }

    /// A volume that exists, from which the server boots. It stays when the server goes.
    pub fn boot_volume(volume: &Id<Volume>) -> Self {
        Self::volume(volume).boot_index(0)
    }

    /// A volume that exists. It stays when the server goes.
    pub fn volume(volume: &Id<Volume>) -> Self {
        Self::new(BlockSource::Volume, BlockDestination::Volume)
            .source_id(volume.as_str())
            .boot_index(-1)
            .delete_on_termination(false)
    }

    /// A new volume made from a snapshot. It stays when the server goes.
    pub fn snapshot(snapshot: &Id<Snapshot>) -> Self {
        Self::new(BlockSource::Snapshot, BlockDestination::Volume)
            .source_id(snapshot.as_str())
            .boot_index(-1)
            .delete_on_termination(false)
    }

    /// A new, empty volume, deleted with the server. The size is in GiB.
    pub fn blank(size: u32) -> Self {
        Self::new(BlockSource::Blank, BlockDestination::Volume)
            .size(size)
            .boot_index(-1)
            .delete_on_termination(true)
    }

    /// The disk of the flavor, from which the server boots: it has to be named when there are
    /// other block devices, too.
    pub fn boot_local(image: &Id<Image>) -> Self {
        Self::new(BlockSource::Image, BlockDestination::Local)
            .source_id(image.as_str())
            .boot_index(0)
            .delete_on_termination(true)
    }
}

open_enum! {
    /// What a [`BlockDevice`] is made from.
    pub enum BlockSource {
        /// An image.
        Image = "image",
        /// A volume.
        Volume = "volume",
        /// A snapshot of a volume.
        Snapshot = "snapshot",
        /// Nothing.
        Blank = "blank",
    }
}

open_enum! {
    /// Where a [`BlockDevice`] is.
    pub enum BlockDestination {
        /// In block storage.
        Volume = "volume",
        /// On the host of the server.
        Local = "local",
    }
}

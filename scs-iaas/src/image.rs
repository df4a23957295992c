//! Images that servers and volumes are made from (Glance).
//!
//! ```no_run
//! use scs_core::Change;
//! use scs_iaas::{OpenStack, image::ImagePatch};
//!
//! # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
//! let image = cloud.images().find("Debian 13").await?;
//! println!("{} needs {} GiB", image.name, image.min_disk);
//! let patch = ImagePatch::new().property("os_version", "13.1").property("draft", Change::Clear);
//! cloud.images().update(&image.id, patch).await?;
//! # Ok(()) }
//! ```
//!
//! Follows <https://docs.openstack.org/api-ref/image/v2/>.

mod action;
mod member;
mod metadata;
mod patch;
mod read;

use scs_core::{Api, Id};

pub use self::{action::*, member::*, metadata::*, patch::*};
use crate::OpenStack;

impl OpenStack {
    /// The images.
    pub fn images(&self) -> Api<Image> {
        self.api()
    }

    /// The projects that an image is shared with.
    pub fn image_members(&self, image: &Id<Image>) -> Api<Member> {
        self.api_in([image.as_str()])
    }
}

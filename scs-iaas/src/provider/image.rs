use scs_core::{Phased, model, provider::Speaks};

use crate::image::Image;

impl Speaks<model::Image> for Image {
    fn raise(self) -> model::Image {
        let mut image = model::Image::new(self.id.cast(), &self.name, self.phase());
        image.min_disk_gib = self.min_disk;
        image.min_ram_mib = self.min_ram.into();
        image.size = self.size;
        image.os_distro = self.os_distro().map(Into::into);
        image.os_version = self.os_version().map(Into::into);
        image.architecture = self.architecture().map(Into::into);
        image
    }
}

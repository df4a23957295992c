//! The files that describe clouds: which ones count, and what is in them.

use std::{
    fmt, fs,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use scs_core::{Error, Result};

use super::{
    environment::Environment,
    value::{Settings, Value},
    yaml,
};

/// No file of any use is larger, in bytes.
pub(super) const MAX_SIZE: u64 = 1 << 20;

const SUFFIXES: [&str; 3] = ["yaml", "yml", "json"];

/// What the files say.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The clouds, by their names.
    pub(super) clouds: Settings,
    /// The profiles of providers, by their names.
    pub(super) vendors: Settings,
    /// The paths of the files that were read.
    pub(super) read: Vec<Arc<str>>,
    /// Those of them that others than their owner may read.
    pub(super) exposed: Vec<Arc<str>>,
    /// What is odd about them.
    pub(super) warnings: Vec<String>,
}

impl Files {
    /// Of each kind, the first one there is.
    pub(super) fn read(environment: &Environment) -> Result<Self> {
        let mut files = Self::default();
        let kinds = [
            ("clouds", "OS_CLIENT_CONFIG_FILE", "clouds"),
            ("secure", "OS_CLIENT_SECURE_FILE", "clouds"),
            ("clouds-public", "OS_CLIENT_VENDOR_FILE", "public-clouds"),
        ];
        for (kind, variable, section) in kinds {
            let Some(found) = files.first(environment, kind, variable)? else { continue };
            let Some(section) = files.section(found, section)? else { continue };
            if kind == "clouds-public" {
                files.vendors = section;
            } else {
                files.clouds.lay_over(section, usize::MAX);
            }
        }
        Ok(files)
    }

    /// What a single text says.
    pub(super) fn parse(text: &str, path: &str) -> Result<Self> {
        let mut files = Self::default();
        let path: Arc<str> = path.into();
        let found = yaml::parse(text, &path)?;
        files.read.push(path);
        if let Some(clouds) = files.section(found, "clouds")? {
            files.clouds = clouds;
        }
        Ok(files)
    }

    fn first(
        &mut self,
        environment: &Environment,
        kind: &str,
        variable: &str,
    ) -> Result<Option<Settings>> {
        let named = environment.get(variable).map(|path| environment.path(path));
        let usual = environment
            .places()
            .into_iter()
            .flat_map(|place| SUFFIXES.map(|suffix| place.join(format!("{kind}.{suffix}"))));
        for (at, path) in named.iter().cloned().chain(usual).enumerate() {
            let is_named = at == 0 && named.is_some();
            match self.open(&path) {
                Ok(Some(settings)) => return Ok(Some(settings)),
                Ok(None) if is_named => self.warnings.push(format!(
                    "{variable} names {}, which is not there: the usual places are searched",
                    path.display()
                )),
                Ok(None) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// `None` if there is no such file, or not for us.
    fn open(&mut self, path: &Path) -> Result<Option<Settings>> {
        let name: Arc<str> = path.display().to_string().into();
        let (text, exposed) = match read(path) {
            Ok(read) => read,
            Err(Unreadable::Absent) => return Ok(None),
            Err(Unreadable::Forbidden) => {
                self.warnings.push(format!("{name} may not be read, and is left out"));
                return Ok(None);
            }
            Err(Unreadable::Other(reason)) => {
                return Err(Error::config(format!("{name} cannot be read: {reason}"))
                    .with_hint("check the file, or name another one in OS_CLIENT_CONFIG_FILE"));
            }
        };
        let settings = yaml::parse(&text, &name)?;
        self.read.push(name.clone());
        if exposed {
            self.exposed.push(name);
        }
        Ok(Some(settings))
    }

    fn section(&mut self, mut file: Settings, section: &str) -> Result<Option<Settings>> {
        match file.remove(section) {
            Some(value) => Ok(Some(value.need_map(section)?.clone().underscored_below())),
            None => {
                let path = self.read.last().map_or("", |path| path);
                self.warnings.push(format!("{path} has no section `{section}`"));
                Ok(None)
            }
        }
    }
}

enum Unreadable {
    Absent,
    Forbidden,
    Other(String),
}

/// The text of a file, and whether others than its owner may read it.
fn read(path: &Path) -> Result<(String, bool), Unreadable> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Unreadable::Absent,
        ErrorKind::PermissionDenied => Unreadable::Forbidden,
        _ => Unreadable::Other(error.to_string()),
    };
    let about = fs::metadata(path).map_err(failed)?;
    if about.is_dir() {
        return Err(Unreadable::Absent);
    }
    let mut text = String::new();
    let file = fs::File::open(path).map_err(failed)?;
    let size =
        file.take(MAX_SIZE + 1).read_to_string(&mut text).map_err(|error| match error.kind() {
            ErrorKind::InvalidData => Unreadable::Other("it is not UTF-8".to_owned()),
            _ => failed(error),
        })?;
    if size as u64 > MAX_SIZE {
        let reason = format!("it is larger than {} KiB", MAX_SIZE >> 10);
        return Err(Unreadable::Other(reason));
    }
    Ok((text, is_exposed(&about)))
}

#[cfg(unix)]
fn is_exposed(about: &fs::Metadata) -> bool {
    about.is_file() && std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o044 != 0
}

#[cfg(not(unix))]
fn is_exposed(_: &fs::Metadata) -> bool {
    false
}

/// The bytes of a file that a setting names: relative to the working directory, else to the
/// file that the setting stands in.
pub(super) fn named_file(
    environment: &Environment,
    setting: &str,
    value: &Value,
) -> Result<(String, Vec<u8>)> {
    let path = environment.path(value.need_text(setting)?);
    let beside = match &value.origin {
        super::Origin::File { path: file, .. } => Path::new(&**file)
            .parent()
            .map(|folder| folder.join(value.as_text().unwrap_or_default())),
        _ => None,
    };
    let path = match beside {
        Some(beside) if !path.exists() && beside.exists() => beside,
        _ => path,
    };
    let failed = |reason: &dyn fmt::Display| {
        let origin = &value.origin;
        Error::config(format!("{origin}: {setting} {} cannot be read: {reason}", path.display()))
            .with_hint("check the path and the permissions")
    };
    let mut bytes = Vec::new();
    let file = fs::File::open(&path).map_err(|error| failed(&error))?;
    file.take(MAX_SIZE + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(failed(&format_args!("it is larger than {} KiB", MAX_SIZE >> 10)));
    }
    Ok((path.display().to_string(), bytes))
}

/// For messages: where files were looked for.
pub(super) fn usual_places(environment: &Environment) -> String {
    let places: Vec<_> =
        environment.places().iter().map(|place: &PathBuf| place.join("clouds.yaml")).collect();
    places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(", ")
}

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{Hold, TokenStore};
use crate::{Error, Result, Secret, answer};

/// No grant of any use is larger.
const MAX_SIZE: u64 = 4 << 20;
/// How long a login of another process is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keeps grants in files that nobody but the user can read (mode 0600), one for each login, in a
/// folder of their own.
///
/// A file that others can read is not trusted, nor is one that cannot be read as what was
/// written: each is passed over with a warning, and replaced. Files are replaced as a whole.
/// Whoever logs in holds a lock meanwhile, so that processes that start together log in once.
#[derive(Debug, Clone)]
pub struct FileTokens {
    folder: PathBuf,
}

answer! {
    struct Content(key: String, grant: Secret) {}
}

impl FileTokens {
    /// In this folder, which is made if it is not there.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The files' names tell nothing; the content says which key it belongs to.
    fn path(&self, key: &str, ending: &str) -> PathBuf {
        let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325, fold);
        self.folder.join(format!("{hash:016x}.{ending}"))
    }

    fn make_folder(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(&self.folder)
    }
}

/// To be written; nobody else can read it.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.write(true)
}

#[cfg(unix)]
fn others_can_read(file: &File) -> io::Result<bool> {
    Ok(std::os::unix::fs::MetadataExt::mode(&file.metadata()?) & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &File) -> io::Result<bool> {
    Ok(false)
}

fn failed(path: &Path, what: &str, reason: impl std::fmt::Display) -> Error {
    Error::config(format!("{} cannot be {what}: {reason}", path.display()))
        .with_hint("check the folder of the token store, its owner and its permissions")
}

fn read(path: &Path, key: &str) -> io::Result<Option<Secret>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    if others_can_read(&file)? {
        return Err(io::Error::other("others than its owner can read it"));
    }
    let mut text = String::new();
    file.take(MAX_SIZE).read_to_string(&mut text)?;
    let text = Secret::from(text);
    let content: Content = serde_json::from_str(text.expose())
        .map_err(|_| io::Error::other("it is not what was written"))?;
    Ok((content.key == key).then_some(content.grant))
}

fn replace(path: &Path, text: &Secret) -> io::Result<()> {
    let draft = path.with_extension(format!("{:016x}", fastrand::u64(..)));
    let written = private(OpenOptions::new().create_new(true))
        .open(&draft)
        .and_then(|mut file| file.write_all(text.expose().as_bytes()))
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

#[async_trait]
impl TokenStore for FileTokens {
    async fn load(&self, key: &str) -> Result<Option<Secret>> {
        let path = self.path(key, "json");
        read(&path, key).map_err(|error| failed(&path, "used", error))
    }

    async fn save(&self, key: &str, grant: &Secret) -> Result<()> {
        let path = self.path(key, "json");
        let text = json!({ "key": key, "grant": grant.expose() }).to_string().into();
        self.make_folder()
            .and_then(|()| replace(&path, &text))
            .map_err(|error| failed(&path, "written", error))
    }

    async fn hold(&self, key: &str) -> Result<Hold> {
        let path = self.path(key, "lock");
        let locked = |error| failed(&path, "locked", error);
        self.make_folder().map_err(locked)?;
        let file = private(OpenOptions::new().create(true).truncate(false)).open(&path);
        let file = file.map_err(locked)?;
        let end = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Box::new(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < end => {
                    sleep(Duration::from_millis(20)).await;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(locked(io::Error::other("another process holds it for too long")));
                }
                Err(TryLockError::Error(error)) => return Err(locked(error)),
            }
        }
    }
}

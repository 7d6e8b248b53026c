//! Where class files come from: the JDK's image, jars, folders.
//!
//! All three answer the same question, [`ClassSource::resource`]: the bytes at a path such as
//! `java/lang/Object.class`. Bytes of the image and of folders that are mapped are handed out without a copy.
//!
//! Deliberately absent: the class path of a program. Its loaders are Java classes of the library and read
//! jars themselves; the sources here serve the boot loader and the command line.

pub mod directory;
pub mod jar;
pub mod jimage;
pub mod manifest;
mod mapped;
mod zip;

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub use directory::Directory;
pub use jar::Jar;
pub use jimage::JImage;
pub use manifest::Manifest;

/// Why a source could not be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("{path}: {error}", path = .path.display())]
    Io { path: PathBuf, error: io::Error },
    /// What the file contains makes no sense.
    #[error("{path}: {what}", path = .path.display())]
    Corrupt { path: PathBuf, what: String },
}

/// The result of asking a source.
pub type Result<T> = std::result::Result<T, SourceError>;

/// The largest file or entry of a jar that is read into memory.
const BYTES_MAX: u64 = 256 << 20;

/// The bytes of a file; an error if it is none, or larger than any class file.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    let io = |error| SourceError::Io { path: path.to_owned(), error };
    let corrupt = |what: &str| SourceError::Corrupt { path: path.to_owned(), what: what.to_owned() };
    let file = File::open(path).map_err(io)?;
    // What is no regular file (a device, a pipe) may have no end.
    if !file.metadata().map_err(io)?.is_file() {
        return Err(corrupt("not a regular file"));
    }
    let mut bytes = Vec::new();
    let read = file.take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(io)?;
    if read as u64 <= BYTES_MAX { Ok(bytes) } else { Err(corrupt("larger than any class file")) }
}

/// Something that has resources by path.
pub trait ClassSource: Send + Sync {
    /// The bytes at `path`, which has slashes and no leading one; `None` if there are none.
    fn resource(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>>;

    /// The packages that have at least one resource, dotted and sorted.
    fn packages(&self) -> Result<Vec<String>>;

    /// The bytes of a class's file, by its name in internal form.
    fn class_bytes(&self, name: &str) -> Result<Option<Cow<'_, [u8]>>> {
        self.resource(&format!("{name}.class"))
    }
}

/// The package of a resource, dotted; empty for one without.
fn package_of(path: &str) -> String {
    path.rsplit_once('/').map_or_else(String::new, |(package, _)| package.replace('/', "."))
}

//! A jar, mapped into memory.
//!
//! Invariant: reading an entry never takes more memory than the entry really unpacks to, and never more than
//! a fixed limit, whatever sizes the jar claims.
//!
//! Deliberately absent: signatures, and the choice among `META-INF/versions`: programs' jars are read by the
//! library, and what a user puts on the boot path is taken as it is, as the reference machine does.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memmap2::Mmap;
use zip::ZipArchive;
use zip::result::ZipError;

use super::{ClassSource, Manifest, Result, SourceError, package_of};

/// The largest entry that is read.
const ENTRY_BYTES_MAX: u64 = 1 << 30;

/// An open jar.
pub struct Jar {
    path: PathBuf,
    /// Reading moves a position, so each reading takes a copy of this; the directory in it is shared.
    archive: ZipArchive<Cursor<Mapped>>,
}

#[derive(Clone)]
enum Mapped {
    File(Arc<Mmap>),
    /// A jar inside another one.
    Memory(Arc<Vec<u8>>),
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        match self {
            Mapped::File(map) => map,
            Mapped::Memory(bytes) => bytes,
        }
    }
}

impl Jar {
    /// Maps a jar and reads its directory.
    pub fn open(path: &Path) -> Result<Jar> {
        let io = |error| SourceError::Io { path: path.to_owned(), error };
        let file = File::open(path).map_err(io)?;
        // SAFETY: the map is only read. That the file does not change while it is mapped is asked of whoever
        // names it on the boot path or the command line; the guest has no way to name it.
        let map = unsafe { Mmap::map(&file) }.map_err(io)?;
        Jar::from(path, Mapped::File(Arc::new(map)))
    }

    /// Reads the directory of a jar that is in memory; `path` stands for it in errors.
    pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<Jar> {
        Jar::from(path, Mapped::Memory(Arc::new(bytes)))
    }

    fn from(path: &Path, bytes: Mapped) -> Result<Jar> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| error(path, e))?;
        Ok(Jar { path: path.to_owned(), archive })
    }

    /// The file that it was opened from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of all entries, those left out that are no text.
    pub fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.archive.file_names().filter_map(|name| name.ok())
    }

    /// The bytes of an entry.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let mut archive = self.archive.clone();
        let entry = match archive.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(e) => return Err(error(&self.path, e)),
        };
        let mut bytes = Vec::new();
        let read = entry.take(ENTRY_BYTES_MAX + 1).read_to_end(&mut bytes);
        let read = read.map_err(|error| SourceError::Io { path: self.path.clone(), error })?;
        if read as u64 > ENTRY_BYTES_MAX {
            let what = format!("the entry {name} is larger than {ENTRY_BYTES_MAX} bytes");
            return Err(SourceError::Corrupt { path: self.path.clone(), what });
        }
        Ok(Some(bytes))
    }

    /// The main attributes of its manifest; none if it has no manifest.
    pub fn manifest(&self) -> Result<Manifest> {
        // Its name may be in any case, but everybody writes it like this.
        let name = "META-INF/MANIFEST.MF";
        let bytes = match self.read(name)? {
            Some(bytes) => Some(bytes),
            None => match self.names().find(|known| known.eq_ignore_ascii_case(name)) {
                Some(other) => self.read(&other)?,
                None => None,
            },
        };
        Ok(bytes.map(|bytes| Manifest::parse(&bytes)).unwrap_or_default())
    }
}

impl ClassSource for Jar {
    fn resource(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>> {
        Ok(self.read(path)?.map(Cow::Owned))
    }

    fn packages(&self) -> Result<Vec<String>> {
        let files = self.names().filter(|name| !name.ends_with('/') && !name.starts_with("META-INF/"));
        let packages: BTreeSet<_> =
            files.map(|name| package_of(&name)).filter(|package| !package.is_empty()).collect();
        Ok(packages.into_iter().collect())
    }
}

fn error(path: &Path, error: ZipError) -> SourceError {
    match error {
        ZipError::Io(error) => SourceError::Io { path: path.to_owned(), error },
        other => SourceError::Corrupt { path: path.to_owned(), what: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::source::directory::tests::Scratch;

    #[test]
    fn entries_packages_and_manifest() {
        let scratch = Scratch::new("jar");
        let path = scratch.path().join("some.jar");
        let mut writer = zip::ZipWriter::new(File::create(&path).unwrap());
        let options = SimpleFileOptions::default();
        let big = vec![7; 100_000];
        for (name, bytes) in [
            ("META-INF/manifest.mf", &b"Main-Class: a.b.Main\n"[..]),
            ("a/b/Main.class", &big),
            ("a/c/x.txt", b"text"),
            ("Top.class", b""),
        ] {
            writer.start_file(name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();

        let jar = Jar::open(&path).unwrap();
        assert_eq!(jar.class_bytes("a/b/Main").unwrap().unwrap(), big);
        assert_eq!(jar.class_bytes("Top").unwrap().unwrap(), b"".as_slice());
        assert!(jar.class_bytes("a/b/Other").unwrap().is_none());
        assert_eq!(jar.packages().unwrap(), ["a.b", "a.c"]);
        assert_eq!(jar.manifest().unwrap().main_class(), Some("a.b.Main"));

        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(matches!(Jar::open(&path), Err(SourceError::Corrupt { .. } | SourceError::Io { .. })));
        std::fs::write(&path, b"").unwrap();
        assert!(Jar::open(&path).is_err());
    }
}

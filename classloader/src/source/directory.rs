//! A folder of class files.
//!
//! Invariant: a path that would leave the folder by its own components (`..`, a root, a null) names nothing.
//! Links inside the folder are followed: whoever named the folder vouches for what is in it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::{ClassSource, Result, SourceError, package_of};

/// A folder that resources are looked up in.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// Takes a folder, which has to exist.
    pub fn open(root: &Path) -> Result<Directory> {
        let io = |error| SourceError::Io { path: root.to_owned(), error };
        match fs::metadata(root).map_err(io)?.is_dir() {
            true => Ok(Directory { root: root.to_owned() }),
            false => Err(SourceError::Corrupt { path: root.to_owned(), what: "not a folder".to_owned() }),
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Adds the packages below a folder. Depth is bounded, so that links that form a ring end.
    fn add_packages(
        &self,
        folder: &Path,
        package: &str,
        depth: u32,
        packages: &mut BTreeSet<String>,
    ) -> Result<()> {
        let io = |error| SourceError::Io { path: folder.to_owned(), error };
        for entry in fs::read_dir(folder).map_err(io)? {
            let entry = entry.map_err(io)?;
            // Java names are Unicode; a file name that is not cannot be one.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if package.is_empty() { name } else { format!("{package}/{name}") };
            if !entry.path().is_dir() {
                packages.insert(package_of(&path));
            } else if depth > 0 {
                self.add_packages(&entry.path(), &path, depth - 1, packages)?;
            }
        }
        Ok(())
    }
}

impl ClassSource for Directory {
    fn resource(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>> {
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || path.contains('\0') {
            return Ok(None);
        }
        let file = self.root.join(path);
        match fs::read(&file) {
            Ok(bytes) => Ok(Some(Cow::Owned(bytes))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) if error.kind() == ErrorKind::IsADirectory => Ok(None),
            // A name that the file system cannot have is a name that is not there.
            Err(error) if error.kind() == ErrorKind::InvalidFilename => Ok(None),
            Err(error) => Err(SourceError::Io { path: file, error }),
        }
    }

    fn packages(&self) -> Result<Vec<String>> {
        let mut packages = BTreeSet::new();
        self.add_packages(&self.root, "", 32, &mut packages)?;
        packages.remove("");
        Ok(packages.into_iter().collect())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A folder that lasts as long as a test.
    pub(in crate::source) struct Scratch(PathBuf);

    impl Scratch {
        pub(in crate::source) fn new(name: &str) -> Scratch {
            let path = std::env::temp_dir().join(format!("carafe-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Scratch(path)
        }

        pub(in crate::source) fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            // What remains of it is the temporary folder's affair.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn resources_and_packages() {
        let scratch = Scratch::new("directory");
        let root = scratch.path().join("root");
        fs::create_dir_all(root.join("p/q")).unwrap();
        fs::write(root.join("p/q/C.class"), b"bytes").unwrap();
        fs::write(root.join("Top.class"), b"top").unwrap();
        fs::write(scratch.path().join("Outside.class"), b"secret").unwrap();
        let directory = Directory::open(&root).unwrap();
        assert_eq!(directory.class_bytes("p/q/C").unwrap().unwrap(), b"bytes".as_slice());
        assert_eq!(directory.class_bytes("Top").unwrap().unwrap(), b"top".as_slice());
        let long = "x".repeat(300);
        let outside = scratch.path().join("Outside").display().to_string();
        for absent in ["p/q/D", "../Outside", "p/../../Outside", "p/q/C.class/x", "a\0b", &long, &outside] {
            assert!(directory.class_bytes(absent).unwrap().is_none(), "{absent:?}");
        }
        assert!(directory.resource("p/q").unwrap().is_none());
        assert_eq!(directory.packages().unwrap(), ["p.q"]);
        assert!(Directory::open(&root.join("nowhere")).is_err());
        assert!(Directory::open(&root.join("Top.class")).is_err());
    }
}

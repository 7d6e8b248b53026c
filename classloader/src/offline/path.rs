//! Where the classes to verify, and those they depend on, come from: files, folders and jars as one class path.
//!
//! A folder's class files are known by the name that stands in them, so any folder above the packages will do
//! (`target/` as well as `target/classes/`), and jars below it belong to it. A jar's entries are known by their paths, as
//! class loaders know them; `WEB-INF/classes/`, `BOOT-INF/classes/` and a jmod's `classes/` are roots too, and jars below
//! `WEB-INF/lib/` and `BOOT-INF/lib/` belong to it. Of a multi-release jar every version is known.
//!
//! Invariant: what cannot be read makes one entry fail, not the whole path. Nothing is unpacked before it is asked for,
//! except for jars inside jars.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::name::name_of;
use crate::classfile::mutf8;
use crate::source::{ClassSource, Directory, Jar, SourceError, read_file};

/// The highest `META-INF/versions` that a running machine would look at.
pub(super) const RELEASE: u16 = 25;
/// What all jars inside jars may unpack to.
const INNER_BYTES_MAX: u64 = 1 << 30;
/// How deep folders are looked through, so that links that form a ring end.
const DEPTH_MAX: u32 = 64;

/// A class file of a container.
#[derive(Debug)]
pub(super) struct Entry {
    /// In internal form; `module-info` for descriptions of modules, empty for a file whose name cannot be found out.
    pub(super) name: String,
    /// From `META-INF/versions`; 0 for the others.
    pub(super) version: u16,
    /// Where it is in the container.
    place: Place,
}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    Jar(String),
}

/// One jar, one folder or one file.
pub(super) struct Container {
    path: PathBuf,
    jar: Option<Jar>,
    pub(super) entries: Vec<Entry>,
    /// Indices of the entries of one name, the highest version first.
    by_name: HashMap<String, Vec<u32>>,
    /// Its classes are to be verified; else it is only asked for what others need.
    pub(super) verify: bool,
}

impl Container {
    fn new(path: PathBuf, jar: Option<Jar>, entries: Vec<Entry>, verify: bool) -> Container {
        let mut container = Container { path, jar, entries, by_name: HashMap::new(), verify };
        container
            .entries
            .sort_by(|a, b| (&a.name, a.version, a.place.text()).cmp(&(&b.name, b.version, b.place.text())));
        container.index();
        container
    }

    fn index(&mut self) {
        self.by_name.clear();
        for (index, entry) in self.entries.iter().enumerate() {
            self.by_name.entry(entry.name.clone()).or_default().push(index as u32);
        }
        let entries = &self.entries;
        let version = |index: &u32| entries.get(*index as usize).map(|entry| Reverse(entry.version));
        self.by_name.values_mut().filter(|same| same.len() > 1).for_each(|same| same.sort_by_key(version));
    }

    /// The entry that a machine of a release would load.
    pub(super) fn find(&self, name: &str, release: u16) -> Option<usize> {
        let candidates = self.by_name.get(name)?;
        let fits = |&&index: &&u32| self.entries.get(index as usize).is_some_and(|e| e.version <= release);
        candidates.iter().find(fits).map(|&index| index as usize)
    }

    /// Names and entries as a machine of the newest release sees them.
    fn effective(&self) -> impl Iterator<Item = (&str, usize)> {
        self.by_name.keys().filter_map(|name| Some((name.as_str(), self.find(name, RELEASE)?)))
    }

    pub(super) fn read(&self, entry: &Entry) -> Result<Vec<u8>, SourceError> {
        match (&entry.place, &self.jar) {
            (Place::File(path), _) => read_file(path),
            (Place::Jar(name), Some(jar)) => {
                let gone =
                    || SourceError::Corrupt { path: self.path.clone(), what: format!("no entry {name}") };
                jar.read_intact(name)?.ok_or_else(gone)
            }
            (Place::Jar(_), None) => {
                Err(SourceError::Corrupt { path: self.path.clone(), what: "not a jar".to_owned() })
            }
        }
    }

    /// How people find the entry: `path`, or `jar!path`.
    pub(super) fn label(&self, entry: &Entry) -> String {
        match &entry.place {
            Place::File(path) => path.display().to_string(),
            Place::Jar(name) => format!("{}!{name}", self.path.display()),
        }
    }
}

impl Place {
    fn text(&self) -> &str {
        match self {
            Place::File(path) => path.to_str().unwrap_or_default(),
            Place::Jar(name) => name,
        }
    }
}

/// Containers in order of search.
#[derive(Default)]
pub(super) struct ClassPath {
    pub(super) containers: Vec<Container>,
    /// The first container and entry for each name.
    first: HashMap<String, (usize, usize)>,
    /// Files whose entries are in it.
    known: HashMap<PathBuf, usize>,
    /// The folders above the packages of single class files.
    roots: Vec<Directory>,
    /// What the jars inside jars unpacked to so far.
    inner_bytes: u64,
}

impl ClassPath {
    /// The container and the entry that a class loader with this class path would take.
    pub(super) fn find(&self, name: &str) -> Option<(usize, usize)> {
        self.first.get(name).copied()
    }

    /// Learns from an entry whose class has another name than its path says: whatever stands in front of the name is a
    /// root, as in jars whose programs have class loaders of their own. Answers whether that changed anything.
    pub(super) fn learn_root(&mut self, container: usize, entry: usize, name: &str) -> bool {
        let Some(at) = self.containers.get_mut(container) else { return false };
        let root = at.entries.get(entry).and_then(|entry| entry.name.strip_suffix(name));
        let Some(root) = root.filter(|root| root.ends_with('/')).map(str::to_owned) else { return false };
        for entry in &mut at.entries {
            if let Some(inside) = entry.name.strip_prefix(&root) {
                entry.name = inside.to_owned();
            }
        }
        at.index();
        self.note_names(container);
        true
    }

    /// The bytes of a class that stands beside one of the single class files.
    pub(super) fn beside(&self, name: &str) -> Option<Vec<u8>> {
        let mut found = self.roots.iter().filter_map(|root| root.class_bytes(name).ok().flatten());
        found.next().map(Cow::into_owned)
    }

    /// Adds a file, folder or jar.
    pub(super) fn add(&mut self, path: &Path, verify: bool) -> Result<(), SourceError> {
        let io = |error| SourceError::Io { path: path.to_owned(), error };
        if fs::metadata(path).map_err(io)?.is_dir() {
            return self.add_folder(path, verify);
        }
        if path.extension().is_some_and(|extension| extension == "class") {
            return self.add_file(path, verify);
        }
        self.add_jar(path, verify)
    }

    /// One class file. What stands beside it can be found too.
    fn add_file(&mut self, path: &Path, verify: bool) -> Result<(), SourceError> {
        let name = read_file(path)?;
        let name = name_of(&name).map(mutf8::to_string).unwrap_or_default();
        let root = path.to_str().and_then(|text| text.strip_suffix(".class")?.strip_suffix(name.as_str()));
        if let Some(root) = root.filter(|root| !name.is_empty() && (root.is_empty() || root.ends_with('/'))) {
            let root = Path::new(if root.is_empty() { "." } else { root });
            if self.roots.iter().all(|known| known.path() != root) {
                self.roots.extend(Directory::open(root).ok());
            }
        }
        let entry = Entry { name, version: 0, place: Place::File(path.to_owned()) };
        self.push(Container::new(path.to_owned(), None, vec![entry], verify));
        Ok(())
    }

    fn add_folder(&mut self, path: &Path, verify: bool) -> Result<(), SourceError> {
        if !self.is_new(path, verify) {
            return Ok(());
        }
        let (mut entries, mut jars) = (Vec::new(), Vec::new());
        collect(path, DEPTH_MAX, &mut entries, &mut jars)?;
        self.push(Container::new(path.to_owned(), None, entries, verify));
        jars.sort_unstable();
        for jar in jars {
            // Jars in dependency folders were not asked for.
            if verify {
                self.add_jar(&jar, verify)?;
            }
        }
        Ok(())
    }

    fn add_jar(&mut self, path: &Path, verify: bool) -> Result<(), SourceError> {
        if !self.is_new(path, verify) {
            return Ok(());
        }
        let jar = Jar::open(path)?;
        self.add_open_jar(path, jar, verify, true)?;
        Ok(())
    }

    fn add_open_jar(
        &mut self,
        path: &Path,
        jar: Jar,
        verify: bool,
        outermost: bool,
    ) -> Result<(), SourceError> {
        let manifest = jar.manifest().unwrap_or_default();
        let (mut entries, mut inner) = (Vec::new(), Vec::new());
        let is_jmod = path.extension().is_some_and(|extension| extension == "jmod");
        for name in jar.names() {
            if let Some((class, version)) = class_of_path(name, is_jmod, manifest.is_multi_release()) {
                entries.push(Entry { name: class.to_owned(), version, place: Place::Jar(name.to_owned()) });
            } else if outermost && is_library(name) {
                inner.push(name.to_owned());
            }
        }
        let mut nested = Vec::new();
        for name in inner {
            let inside = PathBuf::from(format!("{}!{name}", path.display()));
            let bytes = jar.read(&name)?.unwrap_or_default();
            self.inner_bytes += bytes.len() as u64;
            if self.inner_bytes > INNER_BYTES_MAX {
                let what = format!("jars inside jars take more than {INNER_BYTES_MAX} bytes");
                return Err(SourceError::Corrupt { path: inside, what });
            }
            nested.push((inside.clone(), Jar::from_bytes(&inside, bytes)?));
        }
        let more: Vec<PathBuf> = match path.parent() {
            Some(folder) if outermost => manifest.class_path().map(|entry| folder.join(entry)).collect(),
            _ => Vec::new(),
        };
        self.push(Container::new(path.to_owned(), Some(jar), entries, verify));
        for (inside, jar) in nested {
            self.add_open_jar(&inside, jar, verify, false)?;
        }
        for dependency in more {
            // As class loaders do: what is not there, or is no jar, is passed by.
            let _ = self.add(&dependency, false);
        }
        Ok(())
    }

    /// Whether a file was not added before; one that was added as a dependency can become one to verify.
    fn is_new(&mut self, path: &Path, verify: bool) -> bool {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match self.known.get(&real) {
            Some(&index) => {
                if let Some(container) = self.containers.get_mut(index) {
                    container.verify |= verify;
                }
                false
            }
            None => {
                self.known.insert(real, self.containers.len());
                true
            }
        }
    }

    fn push(&mut self, container: Container) {
        self.containers.push(container);
        self.note_names(self.containers.len() - 1);
    }

    /// Names of a container that no earlier one has are its own.
    fn note_names(&mut self, index: usize) {
        let Some(container) = self.containers.get(index) else { return };
        for (name, entry) in container.effective() {
            if !self.first.contains_key(name) {
                self.first.insert(name.to_owned(), (index, entry));
            }
        }
    }
}

/// The class files and jars below a folder.
fn collect(
    folder: &Path,
    depth: u32,
    entries: &mut Vec<Entry>,
    jars: &mut Vec<PathBuf>,
) -> Result<(), SourceError> {
    let io = |error| SourceError::Io { path: folder.to_owned(), error };
    for item in fs::read_dir(folder).map_err(io)? {
        let path = item.map_err(io)?.path();
        if path.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, entries, jars)?;
            }
            continue;
        }
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension {
            "class" => {
                // A file that cannot be read fails when its turn comes.
                let bytes = read_file(&path).unwrap_or_default();
                let name = name_of(&bytes).map(mutf8::to_string).unwrap_or_default();
                entries.push(Entry { name, version: 0, place: Place::File(path) });
            }
            "jar" | "war" | "zip" | "jmod" => jars.push(path),
            _ => {}
        }
    }
    Ok(())
}

/// The class that a jar's entry holds, and its version.
fn class_of_path(path: &str, is_jmod: bool, multi_release: bool) -> Option<(&str, u16)> {
    let name = path.strip_suffix(".class")?;
    if is_jmod {
        return Some((name.strip_prefix("classes/")?, 0));
    }
    if let Some(versioned) = name.strip_prefix("META-INF/versions/") {
        let (version, name) = versioned.split_once('/')?;
        let version =
            version.parse().ok().filter(|version| multi_release && (9..=RELEASE).contains(version))?;
        return Some((name, version));
    }
    if name.starts_with("META-INF/") {
        return None;
    }
    let inside = name.strip_prefix("WEB-INF/classes/").or_else(|| name.strip_prefix("BOOT-INF/classes/"));
    Some((inside.unwrap_or(name), 0))
}

/// Whether a jar's entry is a jar of its own class path.
fn is_library(path: &str) -> bool {
    let inside = path.strip_prefix("WEB-INF/lib/").or_else(|| path.strip_prefix("BOOT-INF/lib/"));
    inside.is_some_and(|name| name.ends_with(".jar"))
}

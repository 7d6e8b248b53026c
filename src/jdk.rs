//! Finds the JDK whose class library carafe runs.
//!
//! Looked at in this order: the folder that holds carafe's own link, if it stands in a JDK in place of `java`; `JAVA_HOME`;
//! the newest one in the folders where distributions and SDKMAN put JDKs, one with a compiler before one without; the one
//! that `java` on `PATH` belongs to. Whatever is not a Java 25 image is passed by, and named if nothing else is found.
//!
//! An image counts by its `release` file and the presence of `lib/modules`; whether the latter is sound, its reader finds
//! out. scripts/setup.sh looks in the same places before it installs anything.

use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

/// The feature release whose library carafe knows.
pub const FEATURE: u32 = 25;

#[derive(Debug, Clone, PartialEq)]
pub struct Jdk {
    pub home: PathBuf,
    /// `JAVA_VERSION`, as in `25.0.1`.
    pub version: String,
    /// `JAVA_RUNTIME_VERSION`, as in `25.0.1+8-LTS`; the version if the file has none.
    pub runtime_version: String,
    /// Whether source files can be compiled.
    pub has_compiler: bool,
}

/// Where to look. [`Search::of_process`] fills it in; tests make up their own.
#[derive(Debug, Default)]
pub struct Search {
    /// How carafe was called, without following links.
    pub invoked_as: Option<PathBuf>,
    pub java_home: Option<OsString>,
    pub path: Option<OsString>,
    /// Folders whose children are JDKs, or that are one.
    pub folders: Vec<PathBuf>,
}

impl Search {
    pub fn of_process() -> Search {
        let mut folders: Vec<PathBuf> =
            ["/usr/lib/jvm", "/usr/java", "/opt", "/opt/java"].into_iter().map(PathBuf::from).collect();
        folders.extend(std::env::home_dir().map(|home| home.join(".sdkman/candidates/java")));
        Search {
            invoked_as: std::env::args_os().next().map(PathBuf::from),
            java_home: std::env::var_os("JAVA_HOME").filter(|home| !home.is_empty()),
            path: std::env::var_os("PATH"),
            folders,
        }
    }

    pub fn find(&self) -> Result<Jdk, NoJdk> {
        let mut rejected = Vec::new();
        let mut usable = |home: &Path| match Jdk::read(home) {
            Ok(jdk) => Some(jdk),
            Err(reason) => {
                rejected.push((home.to_owned(), reason));
                None
            }
        };
        if let Some(jdk) = self.own_folder().and_then(|home| Jdk::read(&home).ok()) {
            return Ok(jdk);
        }
        if let Some(jdk) = self.java_home.as_ref().and_then(|home| usable(Path::new(home))) {
            return Ok(jdk);
        }
        let newest = self.installed().filter_map(|home| Jdk::read(&home).ok()).max_by(Jdk::preference);
        if let Some(jdk) = newest {
            return Ok(jdk);
        }
        let on_path = self.look_up(OsStr::new("java")).and_then(|java| java.canonicalize().ok());
        if let Some(jdk) = on_path.as_deref().and_then(home_of_launcher).and_then(usable) {
            return Ok(jdk);
        }
        Err(NoJdk { rejected })
    }

    /// The folder above the one that carafe was called in.
    fn own_folder(&self) -> Option<PathBuf> {
        let name = self.invoked_as.as_deref()?;
        let called =
            if name.components().count() > 1 { name.to_owned() } else { self.look_up(name.as_os_str())? };
        home_of_launcher(&std::path::absolute(called).ok()?).map(Path::to_owned)
    }

    fn look_up(&self, name: &OsStr) -> Option<PathBuf> {
        std::env::split_paths(self.path.as_ref()?).map(|folder| folder.join(name)).find(|file| file.is_file())
    }

    /// Every folder that might be a JDK.
    fn installed(&self) -> impl Iterator<Item = PathBuf> + '_ {
        self.folders.iter().flat_map(|folder| {
            std::fs::read_dir(folder)
                .into_iter()
                .flatten()
                .filter_map(|entry| entry.ok())
                .map(|entry| entry.path())
        })
    }
}

/// `home` for `home/bin/java`.
fn home_of_launcher(launcher: &Path) -> Option<&Path> {
    launcher.parent().filter(|folder| folder.ends_with("bin")).and_then(Path::parent)
}

impl Jdk {
    /// Reads the `release` file of the image in `home`.
    fn read(home: &Path) -> Result<Jdk, Rejection> {
        let text = std::fs::read_to_string(home.join("release")).map_err(|_| Rejection::NoImage)?;
        if !home.join("lib/modules").is_file() {
            return Err(Rejection::NoImage);
        }
        let value = |key: &str| {
            text.lines()
                .filter_map(|line| line.split_once('='))
                .find(|(name, _)| *name == key)
                .map(|(_, value)| value.trim().trim_matches('"').to_owned())
        };
        let version = value("JAVA_VERSION").ok_or(Rejection::NoImage)?;
        if numbers(&version).first() != Some(&FEATURE) {
            return Err(Rejection::Version(version));
        }
        let modules = value("MODULES").unwrap_or_default();
        Ok(Jdk {
            home: home.to_owned(),
            runtime_version: value("JAVA_RUNTIME_VERSION").unwrap_or_else(|| version.clone()),
            version,
            has_compiler: modules.split(' ').any(|module| module == "jdk.compiler"),
        })
    }

    /// Which of two images to prefer: with a compiler, then the newer one; by name if there is nothing between them, so
    /// that the choice does not depend on the order of a directory.
    fn preference(left: &Jdk, right: &Jdk) -> Ordering {
        left.has_compiler
            .cmp(&right.has_compiler)
            .then_with(|| numbers(&left.version).cmp(&numbers(&right.version)))
            .then_with(|| left.home.cmp(&right.home))
    }
}

/// The files that a program on this JDK may read because the library does: its folder, and what links lead out of that to.
pub fn own_files(home: &Path) -> Vec<PathBuf> {
    let mut own = vec![home.to_path_buf()];
    own.extend(links_out_of(home));
    own
}

/// Distributions keep the settings of a JDK elsewhere, and link to them.
fn links_out_of(home: &Path) -> Vec<PathBuf> {
    const DEPTH: usize = 3;
    let real_home = home.canonicalize().unwrap_or_else(|_| home.to_path_buf());
    let mut found = Vec::new();
    let mut folders = vec![(home.join("conf"), DEPTH), (home.join("lib/security"), DEPTH)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
        for path in std::iter::once(folder.clone()).chain(entries) {
            let real =
                path.canonicalize().ok().filter(|real| path.is_symlink() && !real.starts_with(&real_home));
            found.extend(real);
            if depth > 0 && path != folder && path.is_dir() {
                folders.push((path, depth - 1));
            }
        }
    }
    found
}

/// The numbers of a version up to a `-` or `+`: `25.0.1+8` gives 25, 0, 1.
fn numbers(version: &str) -> Vec<u32> {
    let end = version.find(['-', '+']).unwrap_or(version.len());
    version[..end].split('.').map_while(|part| part.parse().ok()).collect()
}

/// Nothing usable was found.
#[derive(Debug, PartialEq)]
pub struct NoJdk {
    rejected: Vec<(PathBuf, Rejection)>,
}

#[derive(Debug, PartialEq)]
enum Rejection {
    NoImage,
    Version(String),
}

impl fmt::Display for NoJdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "carafe: no JDK {FEATURE} found: set JAVA_HOME to one")?;
        for (index, (home, reason)) in self.rejected.iter().enumerate() {
            let start = if index == 0 { " (" } else { ", " };
            match reason {
                Rejection::NoImage => write!(f, "{start}{} holds no Java image", home.display())?,
                Rejection::Version(version) => write!(f, "{start}{} is Java {version}", home.display())?,
            }
        }
        if self.rejected.is_empty() { Ok(()) } else { f.write_str(")") }
    }
}

impl std::error::Error for NoJdk {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A folder of fake images that is removed again.
    struct Machine(PathBuf);

    impl Machine {
        fn new(test: &str) -> Machine {
            let folder = std::env::temp_dir().join(format!("carafe-jdk-{}-{test}", std::process::id()));
            std::fs::create_dir_all(folder.join("jvm")).unwrap();
            Machine(folder)
        }

        fn image(&self, name: &str, version: &str, modules: &str) -> PathBuf {
            let home = self.0.join(name);
            std::fs::create_dir_all(home.join("lib")).unwrap();
            std::fs::create_dir_all(home.join("bin")).unwrap();
            std::fs::write(home.join("lib/modules"), "").unwrap();
            std::fs::write(home.join("bin/java"), "").unwrap();
            let release =
                format!("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"{version}\"\nMODULES=\"java.base {modules}\"\n");
            std::fs::write(home.join("release"), release).unwrap();
            home
        }

        fn search(&self) -> Search {
            Search { folders: vec![self.0.join("jvm"), self.0.join("absent")], ..Search::default() }
        }
    }

    impl Drop for Machine {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn newest_with_compiler_wins() {
        let machine = Machine::new("newest");
        for (name, version, modules) in [
            ("jvm/a", "25.0.9", "jdk.compiler"),
            ("jvm/b", "25.0.10", "jdk.compiler jdk.zipfs"),
            ("jvm/c", "25.0.11", "jdk.zipfs"),
            ("jvm/d", "26", "jdk.compiler"),
            ("jvm/e", "250.1", "jdk.compiler"),
            ("jvm/f", "17.0.1", "jdk.compiler"),
        ] {
            machine.image(name, version, modules);
        }
        std::fs::create_dir(machine.0.join("jvm/empty")).unwrap();
        let jdk = machine.search().find().unwrap();
        assert_eq!(jdk.home, machine.0.join("jvm/b"));
        assert_eq!(
            (jdk.version.as_str(), jdk.runtime_version.as_str(), jdk.has_compiler),
            ("25.0.10", "25.0.10", true)
        );
    }

    #[test]
    fn java_home_wins_if_it_fits() {
        let machine = Machine::new("home");
        let mine = machine.image("mine", "25", "");
        let old = machine.image("old", "21.0.2", "jdk.compiler");
        let other = machine.image("jvm/other", "25.0.3", "jdk.compiler");
        let found = |java_home: &Path| {
            Search { java_home: Some(java_home.into()), ..machine.search() }.find().unwrap().home
        };
        assert_eq!(found(&mine), mine);
        assert_eq!(found(&old), other);
    }

    #[test]
    fn link_in_an_image_wins() {
        let machine = Machine::new("link");
        let mine = machine.image("mine", "25", "");
        let other = machine.image("other", "25.0.1", "jdk.compiler");
        std::fs::write(machine.0.join("carafe"), "").unwrap();
        std::fs::remove_file(mine.join("bin/java")).unwrap();
        symlink(machine.0.join("carafe"), mine.join("bin/java")).unwrap();
        let search = |invoked_as: &Path| Search {
            invoked_as: Some(invoked_as.into()),
            java_home: Some(other.clone().into()),
            path: Some(mine.join("bin").into()),
            ..machine.search()
        };
        assert_eq!(search(&mine.join("bin/java")).find().unwrap().home, mine);
        assert_eq!(search(Path::new("java")).find().unwrap().home, mine);
        assert_eq!(search(&machine.0.join("carafe")).find().unwrap().home, other);
    }

    #[test]
    fn java_on_path() {
        let machine = Machine::new("path");
        let home = machine.image("elsewhere", "25-ea", "");
        std::fs::create_dir(machine.0.join("bin")).unwrap();
        symlink(home.join("bin/java"), machine.0.join("bin/java")).unwrap();
        let search = Search { path: Some(machine.0.join("bin").into()), ..machine.search() };
        assert_eq!(search.find().unwrap().home, home.canonicalize().unwrap());
    }

    #[test]
    fn errors_name_what_did_not_fit() {
        let machine = Machine::new("error");
        let old = machine.image("old", "17.0.1", "");
        let error = |search: Search| search.find().unwrap_err().to_string();
        assert_eq!(error(machine.search()), "carafe: no JDK 25 found: set JAVA_HOME to one");
        assert_eq!(
            error(Search { java_home: Some(old.clone().into()), ..machine.search() }),
            format!("carafe: no JDK 25 found: set JAVA_HOME to one ({} is Java 17.0.1)", old.display())
        );
        std::fs::remove_file(old.join("lib/modules")).unwrap();
        assert_eq!(
            error(Search { java_home: Some(old.clone().into()), ..machine.search() }),
            format!("carafe: no JDK 25 found: set JAVA_HOME to one ({} holds no Java image)", old.display())
        );
    }
}

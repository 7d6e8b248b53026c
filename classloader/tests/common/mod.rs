//! What the tests share: class files made by hand, stack maps, and the JDK that they read classes from.
//!
//! Without a JDK the tests that want one fail, because skipping would look like passing.

#![allow(dead_code, reason = "each test uses a part of this")]

pub(crate) mod assemble;

use std::path::{Path, PathBuf};

use carafe_classloader::source::JImage;

/// The image of the JDK that `JAVA_HOME` names, else of the newest in the usual folders.
pub(crate) fn image() -> JImage {
    let homes = std::env::var_os("JAVA_HOME").map(PathBuf::from).into_iter().filter(|home| has_image(home));
    let home = homes.chain(installed()).next();
    let home = home.expect("these tests read the classes of a JDK: set JAVA_HOME to one of version 25");
    JImage::open(&home.join("lib/modules")).unwrap()
}

fn has_image(home: &Path) -> bool {
    home.join("lib/modules").is_file()
}

/// JDKs in the usual folders, the highest version first.
fn installed() -> Vec<PathBuf> {
    let folders = ["/usr/lib/jvm", "/opt/java", "/opt", "/usr/java"];
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let mut homes: Vec<_> = entries.map(|entry| entry.path()).filter(|home| has_image(home)).collect();
    homes.sort_by_key(|home| std::cmp::Reverse(version(home)));
    homes
}

/// The feature version in a JDK's `release` file.
fn version(home: &Path) -> u32 {
    let release = std::fs::read_to_string(home.join("release")).unwrap_or_default();
    let quoted = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION=\""));
    let feature = quoted.map(|rest| rest.split(['.', '"', '-', '+']).next().unwrap_or_default());
    feature.and_then(|feature| feature.parse().ok()).unwrap_or(0)
}

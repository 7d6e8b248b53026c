//! What the command line grants: its flags, its policy files, and the files that the program consists of.
//!
//! Invariant: a program that is granted no paths learns of none but its own, so relative ones among those are made absolute
//! here (its own working directory is then no directory of the machine). Deliberately not here: what the jars of a program
//! name in their manifests. They are the program's word, and open nothing.

use std::path::{Path, PathBuf};

use anyhow::Context;
use carafe::{Grants, Policy};

use super::jdk::Jdk;
use super::options::{Action, Capability, LaunchOptions};

/// A binary that is called by this name does as it does.
const LIKE_JAVA: &str = "java";
/// System properties that hold lists of paths to the program's own files.
const OWN_LISTS: [&str; 4] =
    ["java.class.path", "jdk.module.path", "jdk.module.upgrade.path", "jdk.boot.class.path.append"];

pub(super) struct Granted {
    pub(super) grants: Grants,
    /// The files that the program consists of.
    pub(super) own: Vec<PathBuf>,
    /// Nothing is closed to it.
    pub(super) trusted: bool,
}

pub(super) fn of_options(jdk: &Jdk, options: &mut LaunchOptions) -> anyhow::Result<Granted> {
    let mut policy = Policy::default();
    for file in &options.policies {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read policy {name}"))?;
        policy.merge(Policy::from_toml(&name, &text)?);
    }
    for grant in &options.grants {
        match grant.capability {
            Capability::All => policy.allow_all(),
            Capability::Of(kind) if grant.values.is_empty() => policy.add(grant.allow, kind, None),
            Capability::Of(kind) => {
                grant.values.iter().for_each(|value| policy.add(grant.allow, kind, Some(value)));
            }
        }
    }
    let called = std::env::args_os().next().map(PathBuf::from);
    if called.is_some_and(|path| path.file_name().is_some_and(|name| name == LIKE_JAVA))
        || !runs_program(options)
        || options.watching.learn.is_some()
    {
        policy.allow_all();
    }
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let own = own_files(jdk, options, &here);
    let grants = policy.grants(own.clone(), &here)?;
    if !grants.tell_directory() {
        make_absolute(options, &here);
    }
    if !grants.allows_native_code() {
        // Methods that reach memory which is not Java's are refused and not only warned about.
        let deny = ("jdk.module.illegal.native.access".to_owned(), "deny".to_owned());
        options.properties.retain(|(key, _)| *key != deny.0);
        options.properties.push(deny);
    }
    // A run that learns goes as one under what it learns.
    let everything = grants == Grants { own: own.clone(), ..Grants::everything() };
    Ok(Granted { grants, own, trusted: everything && options.watching.learn.is_none() })
}

/// Whether any code but the JDK's runs.
fn runs_program(options: &LaunchOptions) -> bool {
    options.launch().is_some()
}

fn elements(list: &str) -> impl Iterator<Item = &Path> {
    // An empty element is the current directory.
    list.split(':').map(|element| Path::new(if element.is_empty() { "." } else { element }))
}

fn absolute(list: &str, here: &Path) -> String {
    let all = elements(list).map(|path| here.join(path).display().to_string());
    all.collect::<Vec<_>>().join(":")
}

fn own_files(jdk: &Jdk, options: &LaunchOptions, here: &Path) -> Vec<PathBuf> {
    let mut own = vec![jdk.home.clone()];
    own.extend(links_out_of(&jdk.home));
    let lists = options
        .properties
        .iter()
        .filter(|(key, value)| OWN_LISTS.contains(&key.as_str()) && !value.is_empty());
    own.extend(lists.flat_map(|(_, list)| elements(list)).map(|path| here.join(path)));
    let patches = options.vm.patch_modules.iter().flat_map(|(_, list)| elements(list));
    own.extend(patches.map(|path| here.join(path)));
    if let Action::RunSource(file) = &options.action {
        // Other source files are looked for beside it.
        own.extend(here.join(file).parent().map(Path::to_path_buf));
    }
    own
}

fn make_absolute(options: &mut LaunchOptions, here: &Path) {
    for (key, value) in &mut options.properties {
        if OWN_LISTS.contains(&key.as_str()) && !value.is_empty() {
            *value = absolute(value, here);
        }
    }
    for (module, list) in &mut options.vm.patch_modules {
        let paths = absolute(list, here);
        for (key, value) in &mut options.properties {
            if key.starts_with("jdk.module.patch.") && *value == format!("{module}={list}") {
                *value = format!("{module}={paths}");
            }
        }
        *list = paths;
    }
    match &mut options.action {
        Action::RunJar(jar) => *jar = here.join(&*jar),
        Action::RunSource(file) => *file = here.join(&*file).display().to_string(),
        _ => {}
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_paths_become_absolute() {
        let here = Path::new("/here");
        assert_eq!(absolute("a:/b::../c", here), "/here/a:/b:/here/.:/here/../c");
    }
}

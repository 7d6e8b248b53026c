//! What the command line grants: its flags, its policy files, and the files that the program consists of.
//!
//! Invariant: a program that is granted no paths learns of none but its own, so relative ones among those are made absolute
//! here (its own working directory is then no directory of the machine). Deliberately not here: what the jars of a program
//! name in their manifests. They are the program's word, and open nothing.

use std::path::{Path, PathBuf};

use anyhow::Context;
use carafe::{Grants, Policy};

use super::options::{Action, Capability, Host, LaunchOptions, ThisProcess};
use carafe::jdk::Jdk;

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
    if ThisProcess.is_like_java() || !runs_program(options) || options.watching.learn.is_some() {
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
    let mut own = carafe::jdk::own_files(&jdk.home);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_paths_become_absolute() {
        let here = Path::new("/here");
        assert_eq!(absolute("a:/b::../c", here), "/here/a:/b:/here/.:/here/../c");
    }
}

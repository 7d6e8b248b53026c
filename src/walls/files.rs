//! Files and TCP ports, kept by Landlock.
//!
//! A rule is about a folder with all that is in it, or about one file as it is now. So what may be written, or does not exist
//! yet, is granted here with the folder that it is in; and a file that is replaced by another is not readable any more unless
//! it may be written too.

use std::path::{Path, PathBuf};

use carafe_stdlib::gate::needs::{Needs, Ports, Reach};
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath, PathFd,
    Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};

use super::WallError;

/// What this code knows of. Kernels that know less keep what they can.
const KNOWN: ABI = ABI::V6;

/// The version that the kernel has.
pub(super) fn version() -> Option<i32> {
    const VERSION: u32 = 1;
    // SAFETY: with this flag the call reads nothing and tells a number.
    let version =
        unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u8>(), 0_usize, VERSION) };
    i32::try_from(version).ok().filter(|version| *version > 0)
}

/// What is kept, in words, and whether that is all that was to be kept.
pub(super) fn build(needs: &Needs) -> Result<(Option<String>, bool), WallError> {
    let failed = |error: landlock::RulesetError| WallError(format!("Landlock: {error}"));
    let mut rules = Ruleset::default().set_compatibility(CompatLevel::BestEffort);
    rules = rules.handle_access(AccessFs::from_all(KNOWN)).map_err(failed)?;
    let limits = (matches!(needs.connect, Ports::Listed(_)), matches!(needs.bind, Ports::Listed(_)));
    if limits.0 {
        rules = rules.handle_access(AccessNet::ConnectTcp).map_err(failed)?;
    }
    if limits.1 {
        rules = rules.handle_access(AccessNet::BindTcp).map_err(failed)?;
    }
    rules = rules.scope(Scope::AbstractUnixSocket).map_err(failed)?;
    if !needs.programs {
        rules = rules.scope(Scope::Signal).map_err(failed)?;
    }
    let mut rules = rules.create().map_err(failed)?;
    for (path, rights) in files(needs) {
        rules = add(rules, &path, rights).map_err(failed)?;
    }
    for (ports, right) in [(&needs.connect, AccessNet::ConnectTcp), (&needs.bind, AccessNet::BindTcp)] {
        if let Ports::Listed(ports) = ports {
            for port in ports {
                rules = rules.add_rule(NetPort::new(*port, right)).map_err(failed)?;
            }
        }
    }
    let status = rules.restrict_self().map_err(failed)?;
    let words = || {
        let reach = |what: &str, reach: &Reach| match reach {
            Reach::All => format!("{what} everything"),
            Reach::Listed(paths) => format!("{what} {} paths", paths.len()),
        };
        let ports = |what: &str, ports: &Ports| match ports {
            Ports::All => format!("{what} any port"),
            Ports::Listed(ports) => format!("{what} {} ports", ports.len()),
        };
        [
            reach("read", &needs.read),
            reach("write", &needs.write),
            ports("connect to", &needs.connect),
            ports("bind", &needs.bind),
        ]
        .join(", ")
    };
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => (Some(words()), true),
        RulesetStatus::PartiallyEnforced => (Some(words() + " (in part)"), false),
        RulesetStatus::NotEnforced => (None, false),
    })
}

/// What lies where, and may be used how.
fn files(needs: &Needs) -> Vec<(PathBuf, BitFlags<AccessFs>)> {
    let look = AccessFs::ReadFile | AccessFs::ReadDir;
    let change = AccessFs::from_write(KNOWN) & !(AccessFs::MakeChar | AccessFs::MakeBlock);
    let mut found = vec![(PathBuf::from("/dev/null"), AccessFs::ReadFile | AccessFs::WriteFile)];
    let writable =
        |path: &Path| matches!(&needs.write, Reach::Listed(paths) if paths.iter().any(|own| own == path));
    match &needs.read {
        Reach::All => found.push(("/".into(), look)),
        Reach::Listed(paths) => found.extend(paths.iter().map(|path| {
            let folder = !path.exists() || (path.is_file() && writable(path));
            (if folder { folder_of(path) } else { path.clone() }, look)
        })),
    }
    match &needs.write {
        Reach::All => found.push(("/".into(), change)),
        Reach::Listed(paths) => found.extend(
            paths.iter().map(|path| (if path.is_dir() { path.clone() } else { folder_of(path) }, change)),
        ),
    }
    found
}

/// The folder that a path is in: not any higher one, or a misspelt path would open half the machine.
fn folder_of(path: &Path) -> PathBuf {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    real.parent().unwrap_or(Path::new("/")).to_path_buf()
}

/// What cannot be opened is not there, or not for us: then there is nothing to allow.
fn add(
    rules: RulesetCreated,
    path: &Path,
    rights: BitFlags<AccessFs>,
) -> Result<RulesetCreated, landlock::RulesetError> {
    let Ok(place) = PathFd::new(path) else { return Ok(rules) };
    // Rights that are about what is in a folder say nothing of a file.
    let rights = if path.is_dir() { rights } else { rights & AccessFs::from_file(KNOWN) };
    rules.add_rule(PathBeneath::new(place, rights))
}

//! Which programs may be run, with which arguments and in which environment.
//!
//! A list of programs names files, or names that are looked for on the process's own PATH. Two paths are the same program
//! if they are the same name in the same real folder: links to the folder count for nothing, while a link to the file is a
//! program of its own (one file may be many programs, and goes by the name it is called). Who may run only what is listed
//! may not steer it either: variables of its environment need a grant by name, and those that decide what is loaded or run
//! keep the values that the process was started with.
//!
//! These are pure decisions on grants and a command: the gate makes them first, and the process that starts programs makes
//! them again. Deliberately not here: what the programs themselves do. Nothing of it is judged.

use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD};
use rustix::io::Errno;

use super::grants::{Grant, Grants, Program};
use super::{Denied, Failure, Outcome, Request};

/// What Java asks for: the program's name and arguments, and all of its environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// The program first. No text holds a NUL.
    pub words: Vec<Vec<u8>>,
    /// `NAME=value` each.
    pub environment: Vec<Vec<u8>>,
}

/// Where a program is, once it may be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Files to try, in this order.
    pub(super) programs: Vec<CString>,
    /// As it was decided about.
    pub(super) program: PathBuf,
}

/// Where programs are looked for if the process has no PATH.
const USUAL_PATH: &str = "/bin:/usr/bin";

/// Variables that decide what a program loads, or which programs it runs; a name that ends in `*` stands for all that begin so.
const STEERING: [&str; 24] = [
    "PATH",
    "LD_*",
    "GLIBC_TUNABLES",
    "GCONV_PATH",
    "LOCPATH",
    "NLSPATH",
    "MALLOC_*",
    "IFS",
    "ENV",
    "BASH_*",
    "SHELLOPTS",
    "BASHOPTS",
    "PS4",
    "CDPATH",
    "PYTHON*",
    "PERL*",
    "RUBY*",
    "NODE_*",
    "LUA_*",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "_JAVA_OPTIONS",
    "CLASSPATH",
    "JAVA_HOME",
];

/// The grants with each listed program's path in the form that programs are compared by. Names are looked up once, here:
/// what comes to lie on the PATH later is another program.
pub(super) fn with_places(mut grants: Grants) -> Grants {
    if let Grant::Rules(rules) = &mut grants.run {
        for rule in rules.allow.iter_mut().chain(&mut rules.deny) {
            rule.path = place(&rule.path);
        }
    }
    grants
}

/// Everything may be run: what one program may not do another may, so nothing else needs a decision.
pub(super) fn are_unlimited(grants: &Grants) -> bool {
    match &grants.run {
        Grant::Nothing => false,
        Grant::Everything => true,
        Grant::Rules(rules) => rules.all && rules.deny.is_empty(),
    }
}

impl Grants {
    /// Whether there is any program that may be run.
    pub fn run_programs(&self) -> bool {
        match &self.run {
            Grant::Nothing => false,
            Grant::Everything => true,
            Grant::Rules(rules) => rules.all || !rules.allow.is_empty(),
        }
    }
}

/// Decides about a command. `ask` is the gate's decision about one request, or the bare one of its grants; `refuse` hears of
/// what is refused without a request.
pub(super) fn find(
    grants: &Grants,
    command: &Command,
    ask: impl Fn(Request<'_>) -> Result<(), Denied>,
    refuse: impl Fn(Denied) -> Denied,
) -> Outcome<Found> {
    let (first, rest) = command.words.split_first().ok_or(Errno::INVAL)?;
    let typed = Path::new(OsStr::from_bytes(first));
    let arguments: Vec<String> = rest.iter().map(|word| argument(word)).collect();
    if are_unlimited(grants) {
        ask(Request::Run { program: typed, arguments: &arguments })?;
        return Ok(Found { programs: candidates(first)?, program: typed.to_path_buf() });
    }
    // A program that may run nothing does not make the gate look about.
    let mut program = if grants.run_programs() { place(typed) } else { typed.to_path_buf() };
    let found = Request::Run { program: &program, arguments: &arguments };
    if grants.covers(&found) {
        ask(found)?;
    } else {
        // In the program's own words: whether and where there is one of this name is not for it to know.
        let asked = Request::Run { program: typed, arguments: &arguments };
        ask(asked)?;
        // By the spelling alone, which may miss a denial. Otherwise somebody was asked and agreed.
        if grants.covers(&asked) {
            return Err(refuse(asked.denied()).into());
        }
        program = place(typed);
    }
    for variable in &command.environment {
        may_set(grants, variable, &ask, &refuse)?;
    }
    // A name that was not found anywhere is no path.
    let programs =
        if program.is_absolute() { vec![c_text(program.as_os_str().as_bytes())?] } else { Vec::new() };
    Ok(Found { programs, program })
}

/// Whether a variable may stand in a program's environment.
fn may_set(
    grants: &Grants,
    variable: &[u8],
    ask: impl Fn(Request<'_>) -> Result<(), Denied>,
    refuse: impl Fn(Denied) -> Denied,
) -> Result<(), Denied> {
    // A name may begin with an equals sign.
    let at = variable.iter().skip(1).position(|b| *b == b'=').map_or(variable.len(), |at| at + 1);
    let (name, value) = variable.split_at(at);
    let name = text(name);
    let refused = |flag: String| {
        refuse(Denied { resource: format!("setting environment variable \"{name}\" of a program"), flag })
    };
    let given = std::env::var_os(OsStr::from_bytes(&variable[..at]));
    let unchanged = given.is_some_and(|given| value.get(1..) == Some(given.as_bytes()));
    if !unchanged && STEERING.iter().any(|steering| is_like(steering, &name)) {
        return Err(refused("--allow-run".to_owned()));
    }
    if !grants.covers(&Request::Env(&name)) {
        return Err(refused(format!("--allow-env={name}")));
    }
    ask(Request::Env(&name))
}

fn is_like(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// The name by which a program is decided about: for a bare name, the first file of that name on the PATH.
pub(super) fn place(typed: &Path) -> PathBuf {
    let path = if typed.as_os_str().as_bytes().contains(&b'/') {
        typed.to_path_buf()
    } else {
        let here =
            folders().into_iter().filter(|folder| folder.is_absolute()).map(|folder| folder.join(typed));
        match here.into_iter().find(|path| is_program(path)) {
            Some(path) => path,
            None => return typed.to_path_buf(),
        }
    };
    let folder = path.parent().and_then(|folder| std::fs::canonicalize(folder).ok());
    match (folder, path.file_name()) {
        // What ends in `..` or in a slash is no program.
        (Some(folder), Some(name)) if path.as_os_str().as_bytes().ends_with(name.as_bytes()) => {
            folder.join(name)
        }
        _ => path,
    }
}

fn is_program(path: &Path) -> bool {
    path.is_file() && rustix::fs::accessat(CWD, path, Access::EXEC_OK, AtFlags::EACCESS).is_ok()
}

/// What stands on the process's PATH.
fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| OsString::from(USUAL_PATH));
    path.as_bytes().split(|b| *b == b':').map(|folder| PathBuf::from(OsStr::from_bytes(folder))).collect()
}

/// Every file that a name may mean; what is no bare name means itself.
fn candidates(name: &[u8]) -> Outcome<Vec<CString>> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    if name.contains(&b'/') {
        return Ok(vec![c_text(name)?]);
    }
    let in_folder = |folder: PathBuf| {
        let mut path = folder.into_os_string().into_vec();
        // An empty name is the current folder: the program's own, once it has changed to it.
        if path.is_empty() {
            path.push(b'.');
        }
        if path.last() != Some(&b'/') {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        c_text(&path)
    };
    folders().into_iter().map(in_folder).collect()
}

pub(super) fn c_text(bytes: &[u8]) -> Outcome<CString> {
    CString::new(bytes).map_err(|_| Failure::Os(Errno::INVAL))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What is no text is no argument that a rule could name, whatever it looks like.
fn argument(word: &[u8]) -> String {
    std::str::from_utf8(word).map_or_else(|_| text(word) + "\0", str::to_owned)
}

impl Program {
    /// A rule's path, if it is relative and no bare name, starts from a folder.
    pub(super) fn based(mut self, base: &Path) -> Program {
        if self.path.as_os_str().as_bytes().contains(&b'/') {
            self.path = base.join(self.path);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Gate, Kind};

    fn decide(words: &[(bool, Kind, &str)], command: &[&str], environment: &[&str]) -> Result<Found, String> {
        let mut grants = Grants::nothing();
        for (allow, kind, value) in words {
            let value = (!value.is_empty()).then_some(*value);
            let base = Path::new("/bin");
            if *allow { grants.allow(*kind, value, base) } else { grants.deny(*kind, value, base) }.unwrap();
        }
        let bytes = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        let command = Command { words: bytes(command), environment: bytes(environment) };
        let gate = Gate::new(grants);
        find(&gate.grants, &command, |request| gate.check(request), |refusal| refusal)
            .map_err(|error| error.to_string())
    }

    const SH: (bool, Kind, &str) = (true, Kind::Run, "sh");

    #[test]
    fn a_program_is_a_name_in_a_real_folder() {
        for rule in ["sh", "/bin/sh", "/usr/bin/sh", "./sh", "/bin/../bin/sh"] {
            for typed in ["sh", "/bin/sh", "/usr/bin/sh", "/bin//sh", "/usr/bin/../bin/sh"] {
                let found = decide(&[(true, Kind::Run, rule)], &[typed, "-c", "x"], &[]).unwrap();
                assert_eq!(found.programs.len(), 1, "{rule} {typed}");
                assert!(found.program.is_absolute() && found.program.ends_with("sh"));
            }
            for other in ["dash", "/bin/dash", "", "/", "..", "/bin/sh/", "/bin/sh/..", "/tmp/sh", "SH"] {
                let refused = decide(&[(true, Kind::Run, rule)], &[other], &[]).unwrap_err();
                let flag =
                    if other.is_empty() { "--allow-run".into() } else { format!("--allow-run={other}") };
                assert_eq!(refused, format!("running \"{other}\" is not granted ({flag})"));
            }
        }
        assert!(decide(&[], &["sh"], &[]).is_err());
    }

    #[test]
    fn arguments_are_compared_byte_by_byte() {
        let rule = [(true, Kind::Run, "sh -c true")];
        assert!(decide(&rule, &["sh", "-c", "true"], &[]).is_ok());
        for words in [&["sh"][..], &["sh", "-c"], &["sh", "-c", "true", ""], &["sh", "-c true"]] {
            assert!(decide(&rule, words, &[]).is_err());
        }
        let all_but = [(true, Kind::Run, ""), (false, Kind::Run, "sh")];
        assert!(decide(&all_but, &["dash"], &[]).is_ok() && decide(&all_but, &["/bin/sh"], &[]).is_err());
    }

    #[test]
    fn who_runs_a_listed_program_does_not_steer_it() {
        let refused = |words: &[(bool, Kind, &str)], variable: &str| {
            decide(words, &["sh"], &[variable])
                .map(|_| ())
                .map_err(|text| text.split('(').next_back().unwrap().to_owned())
        };
        let env = (true, Kind::Env, "");
        assert_eq!(refused(&[SH], "A=b"), Err("--allow-env=A)".into()));
        assert_eq!(refused(&[SH, env], "A=b"), Ok(()));
        assert_eq!(refused(&[SH, (true, Kind::Env, "A")], "A=b=c"), Ok(()));
        for variable in
            ["PATH=/tmp", "LD_PRELOAD=x", "LD_=", "BASH_ENV=x", "PYTHONPATH=x", "PATH", "JAVA_TOOL_OPTIONS="]
        {
            assert_eq!(refused(&[SH, env], variable), Err("--allow-run)".into()), "{variable}");
            assert_eq!(refused(&[(true, Kind::Run, "")], variable), Ok(()), "{variable}");
        }
        let path = format!("PATH={}", std::env::var("PATH").unwrap());
        assert_eq!(refused(&[SH, env], &path), Ok(()), "as it is");
        assert_eq!(refused(&[SH], &path), Err("--allow-env=PATH)".into()));
    }

    #[test]
    fn what_is_listed_and_not_there_is_an_error_and_no_refusal() {
        let found = decide(&[(true, Kind::Run, "no-such-program")], &["no-such-program"], &[]).unwrap();
        assert!(found.programs.is_empty());
        let everything = decide(&[(true, Kind::Run, "")], &["no-such-program"], &[]).unwrap();
        assert!(!everything.programs.is_empty());
    }
}

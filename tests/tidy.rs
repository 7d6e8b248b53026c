//! The rules of this repository, as tests: what reviewers would otherwise have to remember.
//!
//! Each rule is a function from a file's path and text to complaints, tried on a bad sample before it is trusted with the
//! tree. The rules read text, not syntax trees: they look at lines without their comments, which is enough for code that
//! `cargo fmt` has laid out. Lints that clippy has stand in Cargo.toml and are not repeated here.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Longer files are split by idea, or stand here with the reason why they are one.
const LINES_MAX: usize = 1000;
const LONG_FILES: &[(&str, &str)] = &[(
    "vm/src/interpreter/run.rs",
    "one loop with an arm per instruction; its state lives in the loop's locals",
)];

/// Which of our crates each one may use. What is not listed is above it.
const BELOW: &[(&str, &[&str])] = &[
    ("gc", &[]),
    ("classloader", &["gc"]),
    ("jit", &["gc", "classloader"]),
    ("vm", &["gc", "classloader", "jit"]),
    ("stdlib", &["gc", "classloader", "vm"]),
    ("models", &["gc"]),
];

/// Files with process-wide state that nothing smaller can hold, with the reason. Never code of the machine itself.
const GLOBALS: &[(&str, &str)] = &[
    ("classloader/tests/frames.rs", "tests that measure the peak of the process's memory take turns"),
    (
        "fuzz/fuzz_targets/verify.rs",
        "a fuzz target is called anew for each input and keeps its linker between them",
    ),
    (
        "tests/cli.rs",
        "test functions share nothing but their process, and the programs they run are compiled once",
    ),
    (
        "tests/isolates.rs",
        "as tests/cli.rs; and tests that count the process's threads and mappings take turns",
    ),
    ("gc/src/offheap/faults.rs", "the handler of a signal, and what it looks up: both are the process's"),
];

/// Interfaces to the outside that only `stdlib/src/gate` may use on Java's behalf.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::os::unix::net",
    "std::process",
    "std::env",
    "rustix::fs",
    "rustix::net",
    "rustix::process",
];

// ------------------------------------------------------------------------------------------------------------- rules

type Rule = fn(path: &str, text: &str) -> Vec<String>;

/// Every Rust file says at its head what it is for.
fn has_head(path: &str, text: &str) -> Vec<String> {
    let fine = !path.ends_with(".rs") || text.starts_with("//! ");
    if fine { vec![] } else { vec!["does not start with a `//!` head".into()] }
}

fn is_not_too_long(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    let listed = LONG_FILES.iter().any(|(long, _)| *long == path);
    match (path.ends_with(".rs") && lines > LINES_MAX, listed) {
        (true, false) => {
            vec![format!("has {lines} lines: split it by idea, or list it in tests/tidy.rs with a reason")]
        }
        (false, true) => vec!["is listed as long in tests/tidy.rs but is not".into()],
        (true, true) | (false, false) => vec![],
    }
}

/// Everything hangs off an isolate: no `static mut`, and no static that changes behind a lock or an atomic.
fn has_no_globals(path: &str, text: &str) -> Vec<String> {
    if !path.ends_with(".rs") || GLOBALS.iter().any(|(file, _)| *file == path) {
        return vec![];
    }
    const CHANGING: &[&str] = &["Mutex<", "RwLock<", "Once", "Lazy", "Atomic", "Cell<"];
    complain(text, |line| {
        let line = line.trim_start();
        let declared = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
        let kind = declared.strip_prefix("static ")?;
        let changes = kind.starts_with("mut ") || CHANGING.iter().any(|word| kind.contains(word));
        changes.then(|| "global state".into())
    })
}

fn has_no_leftovers(path: &str, text: &str) -> Vec<String> {
    if ![".rs", ".sh", ".toml"].iter().any(|end| path.ends_with(end)) {
        return vec![];
    }
    // Put together here, so that this file does not complain of itself.
    let words =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!("), concat!("unimpl", "emented!(")];
    complain_raw(text, |line| {
        words.iter().find(|word| line.contains(**word)).map(|word| format!("leftover {word}"))
    })
}

/// Nothing names the machine it was made on, or a package registry's host.
fn names_no_machine(path: &str, text: &str) -> Vec<String> {
    if path.ends_with("Cargo.lock") {
        return vec![];
    }
    let places = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("tem", "urin-25"),
        concat!("crates", ".io"),
        concat!("pypi", ".org"),
        concat!("pythonhosted", ".org"),
        concat!("maven", ".org"),
        concat!("npmjs", ".org"),
        concat!("static.rust", "-lang.org"),
    ];
    complain_raw(text, |line| {
        places.iter().find(|place| line.contains(**place)).map(|place| format!("names {place}"))
    })
}

fn imports_downward(path: &str, text: &str) -> Vec<String> {
    let Some((name, below)) = BELOW.iter().find(|(name, _)| path.starts_with(&format!("{name}/"))) else {
        return vec![];
    };
    let (prefix, applies) = match path.rsplit_once('.') {
        Some((_, "rs")) => ("carafe_", true),
        Some((_, "toml")) => ("carafe-", true),
        _ => ("", false),
    };
    if !applies {
        return vec![];
    }
    complain(text, |line| {
        let upward = line.match_indices(prefix).find_map(|(at, _)| {
            let used: String =
                line[at + prefix.len()..].chars().take_while(|c| c.is_ascii_lowercase()).collect();
            let known = BELOW.iter().any(|(other, _)| *other == used);
            (known && used != *name && !below.contains(&used.as_str())).then_some(used)
        })?;
        Some(format!("{name} uses {upward}, which does not stand below it"))
    })
}

/// Every unsafe block and impl says why it is sound, in the lines above it or beside it.
fn unsafe_is_explained(path: &str, text: &str) -> Vec<String> {
    if !path.ends_with(".rs") {
        return vec![];
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut complaints = vec![];
    for (index, line) in lines.iter().enumerate() {
        let code = code_of(line);
        let needs_reason =
            ["unsafe {", "unsafe impl "].iter().any(|word| code.contains(word)) && !code.contains('"');
        let explained = lines[index.saturating_sub(8)..=index].iter().any(|near| near.contains("SAFETY:"));
        if needs_reason && !explained {
            complaints.push(format!("line {}: unsafe without SAFETY", index + 1));
        }
    }
    complaints
}

/// Natives reach the operating system through the gate alone. Tests at the end of a file may do as they like.
fn goes_through_the_gate(path: &str, text: &str) -> Vec<String> {
    if !path.starts_with("stdlib/src/") || path.starts_with("stdlib/src/gate") || !path.ends_with(".rs") {
        return vec![];
    }
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    complain(code, |line| {
        let used =
            |way: &str| line.split(way).skip(1).any(|rest| !(way.starts_with("rustix") && is_types(rest)));
        OUTSIDE.iter().find(|way| used(way)).map(|way| format!("{way} outside the gate"))
    })
}

/// Whether what follows a module path names types only: `::{Mode, OFlags}` or `::Mode`. Flags and results may be
/// passed on.
fn is_types(rest: &str) -> bool {
    let names = rest.strip_prefix("::").unwrap_or_default();
    let names = names.strip_prefix('{').and_then(|list| list.split('}').next()).unwrap_or(names);
    names.split(',').all(|name| name.trim().starts_with(|first: char| first.is_ascii_uppercase()))
}

/// Files and folders that a document names in backticks or links to are there.
fn names_files_that_exist(path: &str, text: &str) -> Vec<String> {
    if !path.ends_with(".md") {
        return vec![];
    }
    let folder = root().join(path).parent().map(Path::to_owned).unwrap_or_default();
    complain_raw(text, |line| {
        let missing = named_files(line)
            .into_iter()
            .find(|name| !root().join(name).exists() && !folder.join(name).exists())?;
        Some(format!("names {missing}, which does not exist"))
    })
}

/// The parts of a Markdown line that claim to be files of ours: link targets, and code spans with a slash or a known
/// ending that consist of path characters only.
fn named_files(line: &str) -> Vec<&str> {
    let is_path = |name: &&str| {
        let characters = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        let ours = name.contains('/') || [".rs", ".md", ".sh", ".toml"].iter().any(|end| name.ends_with(end));
        ours && !name.starts_with(['/', '-']) && name.chars().all(characters)
    };
    // Only spans whose first folder or file is one of ours: `java/lang/Object` is no file of this repository.
    let ours = |name: &&str| {
        let first =
            name.trim_start_matches("./").trim_start_matches("../").split('/').next().unwrap_or_default();
        FOLDERS.contains(&first) || !name.contains('/')
    };
    let spans = line.split('`').skip(1).step_by(2).filter(is_path).filter(ours);
    let links = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    spans.chain(links.filter(|target| !target.contains("://") && !target.is_empty())).collect()
}

const FOLDERS: &[&str] = &[
    "gc",
    "classloader",
    "jit",
    "vm",
    "stdlib",
    "src",
    "models",
    "tests",
    "benches",
    "samples",
    "scripts",
    "docs",
    ".ci",
];

const RULES: &[(&str, Rule)] = &[
    ("has_head", has_head),
    ("is_not_too_long", is_not_too_long),
    ("has_no_globals", has_no_globals),
    ("has_no_leftovers", has_no_leftovers),
    ("names_no_machine", names_no_machine),
    ("imports_downward", imports_downward),
    ("unsafe_is_explained", unsafe_is_explained),
    ("goes_through_the_gate", goes_through_the_gate),
    ("names_files_that_exist", names_files_that_exist),
];

// ----------------------------------------------------------------------------------------------------------- reading

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A line without its comment. A `//` in a string cuts it short, which no rule minds.
fn code_of(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

fn complain(text: &str, rule: impl Fn(&str) -> Option<String>) -> Vec<String> {
    complain_raw(text, |line| rule(code_of(line)))
}

fn complain_raw(text: &str, rule: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let lines = text.lines().enumerate();
    lines.filter_map(|(index, line)| Some(format!("line {}: {}", index + 1, rule(line)?))).collect()
}

/// Every file of the tree that is text, without what is built or downloaded.
fn files() -> Vec<(String, String)> {
    let mut files = vec![];
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            if ["target", ".git", ".cache", "tests/out"].contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                files.push((name, text));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn the_tree_is_tidy() {
    let files = files();
    assert!(
        files.iter().any(|(path, _)| path == "tests/tidy.rs") && files.len() > 20,
        "the tree was not read"
    );
    let mut complaints = String::new();
    for (path, text) in &files {
        for (name, rule) in RULES {
            for complaint in rule(path, text) {
                writeln!(complaints, "{path}: {complaint} [{name}]").unwrap();
            }
        }
    }
    assert!(complaints.is_empty(), "\n{complaints}");
}

// ------------------------------------------------------------------------------------------------- the rules' own tests

#[track_caller]
fn check(rule: Rule, path: &str, text: &str, complaints: usize) {
    let found = rule(path, text);
    assert_eq!(found.len(), complaints, "{path}: {text}\n{found:?}");
}

#[test]
fn heads() {
    check(has_head, "a.rs", "//! What it is for.\n", 0);
    check(has_head, "a.rs", "use std::fmt;\n", 1);
    check(has_head, "a.rs", "", 1);
    check(has_head, "a.sh", "", 0);
}

#[test]
fn lengths() {
    check(is_not_too_long, "a.rs", &"x\n".repeat(LINES_MAX), 0);
    check(is_not_too_long, "a.rs", &"x\n".repeat(LINES_MAX + 1), 1);
    check(is_not_too_long, "a.md", &"x\n".repeat(LINES_MAX + 1), 0);
    check(is_not_too_long, LONG_FILES[0].0, &"x\n".repeat(LINES_MAX + 1), 0);
    check(is_not_too_long, LONG_FILES[0].0, "x\n", 1);
}

#[test]
fn globals() {
    check(has_no_globals, "a.rs", "static mut X: u32 = 0;", 1);
    check(
        has_no_globals,
        "a.rs",
        "pub static X: Mutex<u32> = Mutex::new(0);\n    static Y: AtomicU32 = AtomicU32::new(0);",
        2,
    );
    check(has_no_globals, "a.rs", "pub(crate) static X: OnceLock<u32> = OnceLock::new();", 1);
    check(
        has_no_globals,
        "a.rs",
        "static X: &[u32] = &[1];\n// static mut X\nfn f(x: &'static Mutex<u32>) {}",
        0,
    );
}

#[test]
fn leftovers() {
    check(has_no_leftovers, "a.rs", concat!("// TO", "DO: later\nlet x = to", "do!();"), 2);
    check(has_no_leftovers, "a.rs", "let todo = 1;", 0);
}

#[test]
fn machines() {
    check(names_no_machine, "a.md", concat!("see /wo", "rk/x and https://crates", ".io"), 1);
    check(names_no_machine, "a.md", "the framework/x, /usr/lib/jvm", 0);
}

#[test]
fn imports() {
    check(imports_downward, "gc/src/a.rs", "use carafe_vm::Isolate;", 1);
    check(imports_downward, "gc/src/a.rs", "use carafe_gc::heap; // as carafe_vm does", 0);
    check(imports_downward, "jit/src/a.rs", "use carafe_gc::{a}; use carafe_classloader::b;", 0);
    check(imports_downward, "jit/src/a.rs", "fn f(x: carafe_vm::X) {}", 1);
    check(
        imports_downward,
        "vm/Cargo.toml",
        "carafe-stdlib.workspace = true\ncarafe-jit.workspace = true",
        1,
    );
    check(imports_downward, "stdlib/src/a.rs", "use carafe_jit::x;", 1);
    check(imports_downward, "src/main.rs", "use carafe_vm::x;", 0);
}

#[test]
fn unsafety() {
    check(unsafe_is_explained, "a.rs", "let x = unsafe { f() };", 1);
    check(unsafe_is_explained, "a.rs", "// SAFETY: f says so.\nlet x = unsafe { f() };", 0);
    check(unsafe_is_explained, "a.rs", "unsafe impl Send for X {}", 1);
    check(unsafe_is_explained, "a.rs", "/// unsafe {\nunsafe fn f() {}", 0);
}

#[test]
fn gate() {
    check(goes_through_the_gate, "stdlib/src/java_io/a.rs", "use std::fs::File;", 1);
    check(goes_through_the_gate, "stdlib/src/java_io/a.rs", "// std::fs\n#[cfg(test)]\nuse std::fs;", 0);
    check(
        goes_through_the_gate,
        "stdlib/src/a.rs",
        "use rustix::fs::{Mode, OFlags};\nuse rustix::fs::Mode;",
        0,
    );
    check(
        goes_through_the_gate,
        "stdlib/src/a.rs",
        "use rustix::fs::{Mode, openat};\nrustix::fs::stat(x);\nuse rustix::fs;",
        3,
    );
    check(goes_through_the_gate, "stdlib/src/gate/fs.rs", "use std::fs::File;", 0);
    check(goes_through_the_gate, "vm/src/a.rs", "use std::env;", 0);
}

#[test]
fn documents() {
    check(
        names_files_that_exist,
        "README.md",
        "see `tests/tidy.rs` and [it](tests/tidy.rs#x), `java/lang/X`, `a b/c`",
        0,
    );
    check(names_files_that_exist, "README.md", "see `tests/no_such.rs`", 1);
    check(names_files_that_exist, "README.md", "see [it](docs/no_such.md)\nand `no_such.rs`", 2);
    check(names_files_that_exist, "README.md", "see [there](https://example.org/x) and `--class-path`", 0);
}

//! Reads a command line that `java` would accept into plain data.
//!
//! People keep their scripts, so the rules are `java`'s, found by experiment with JDK 25: which options take their value
//! from the next word, which need `=`, where `@argfiles` are expanded, what the environment variables may hold. As there,
//! two layers do the work, and each option belongs to one of them:
//!
//! * [`launcher`] decides *what* runs: main class, jar, module or source file, the class path, and options that print
//!   something and exit. It rewrites its options into words of the second layer (`--add-opens X` becomes `--add-opens=X`).
//! * [`vm`] reads words that configure the virtual machine: system properties, sizes, assertions, `-XX:` flags
//!   ([`flags`]). `JAVA_TOOL_OPTIONS` and `_JAVA_OPTIONS` hold such words only.
//!
//! [`log`] reads `-Xlog`; [`words`] splits files and variables into words; [`help`] is the text of `--help`.
//!
//! Invariant: parsing reads the world through [`Host`] alone and changes nothing, so every rule can be tested as a
//! function. Not here: whether files named on the command line exist (the class library reports that in its own words).

mod flags;
mod help;
mod launcher;
mod log;
mod vm;
mod words;

#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use carafe::Kind;
use carafe_vm::log::LogConfig;

use super::limits::Limits;
pub(crate) use help::help_text;
pub(crate) use launcher::parse;

/// All that the command line and the environment say about one run.
#[derive(Debug, PartialEq)]
pub(crate) struct LaunchOptions {
    pub(crate) action: Action,
    /// The program's own arguments, as bytes: how they become strings depends on the platform encoding.
    pub(crate) args: Vec<OsString>,
    /// Start the VM and load the main class, but do not run it.
    pub(crate) dry_run: bool,
    /// Print the version to this stream, then go on.
    pub(crate) show_version: Option<Stream>,
    /// `-XshowSettings` or `-XshowSettings:what`, in full, as `LauncherHelper.showSettings` wants it.
    pub(crate) show_settings: Option<String>,
    pub(crate) vm: VmOptions,
    /// System properties for the library's `Raw.vmProperties`, each key once, in the order of first mention. The VM adds
    /// those that it alone knows (`java.home`, `java.vm.*`).
    pub(crate) properties: Vec<(String, String)>,
    /// Lines for standard error, before anything else: which environment variables were read, what has no effect.
    pub(crate) notes: Vec<String>,
    /// What the program may do, in command-line order.
    pub(crate) grants: Vec<Grant>,
    /// Files that say the same.
    pub(crate) policies: Vec<PathBuf>,
    /// Do not run where the kernel's own walls cannot be built.
    pub(crate) require_walls: bool,
    pub(crate) watching: Watching,
    pub(crate) limits: Limits,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    RunClass(String),
    RunJar(PathBuf),
    /// `module` or `module/main.Class`.
    RunModule(String),
    /// A source file, for the library's source launcher.
    RunSource(String),
    Version(Stream),
    FullVersion(Stream),
    Help {
        topic: HelpTopic,
        stream: Stream,
    },
    ListNatives,
    ListModules,
    DescribeModule(String),
    /// Build the boot layer with full checks, then exit.
    ValidateModules,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HelpTopic {
    Common,
    Extra,
    Grants,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// What configures the virtual machine itself. `None` leaves the choice to the VM.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct VmOptions {
    pub(crate) heap_bytes_max: Option<u64>,
    pub(crate) heap_bytes_initial: Option<u64>,
    /// The share of the machine's memory that the heap may take, when no size is given.
    pub(crate) heap_percent_max: Option<f64>,
    pub(crate) stack_bytes: Option<u64>,
    pub(crate) processors: Option<u32>,
    pub(crate) execution: Execution,
    /// For classes outside the system class loaders, in command-line order: a later match overrides an earlier one.
    pub(crate) assertions: Vec<AssertionDirective>,
    pub(crate) system_assertions: Option<bool>,
    pub(crate) enable_preview: bool,
    /// Finalizers do not run (`--finalization=disabled`).
    pub(crate) finalization_off: bool,
    /// Leave HUP, INT and TERM to the system (`-Xrs`).
    pub(crate) reduced_signals: bool,
    /// Verify also what comes from the JDK image.
    pub(crate) verify_all: bool,
    pub(crate) log: LogConfig,
    pub(crate) boot_append: Vec<String>,
    /// Module and its patch (a path list), in command-line order.
    pub(crate) patch_modules: Vec<(String, String)>,
    /// System.gc() does nothing.
    pub(crate) explicit_gc_off: bool,
    /// Collect at every n-th allocation.
    pub(crate) stress_stride: Option<u32>,
    pub(crate) region_fill_bytes: u64,
    /// A program may collect and do nothing else for ever.
    pub(crate) overhead_limit_off: bool,
    /// Seed of random delays at safepoints.
    pub(crate) safepoint_delays: Option<u64>,
    /// Start-up counts too.
    pub(crate) stress_boot: bool,
    /// Verify the heap after each collection.
    pub(crate) verify_heap: bool,
    pub(crate) verify_heap_every: u32,
    pub(crate) eden_bytes: Option<u64>,
    pub(crate) metaspace_bytes_max: Option<u64>,
    pub(crate) metaspace_bytes_first: Option<u64>,
    pub(crate) pause_millis: Option<u64>,
    pub(crate) gc_threads: Option<usize>,
    /// Whether builds that have them make the interpreter's checks.
    pub(crate) checks: Option<bool>,
    /// Virtual threads are continuations.
    pub(crate) continuations: Option<bool>,
    /// Instructions that one thread may execute.
    pub(crate) steps_max: Option<u64>,
    /// The highest tier; 0 only interprets.
    pub(crate) tier_max: Option<u64>,
    /// Calls after which a method is compiled and what that number is multiplied with, which methods are, and which are not.
    pub(crate) compile_calls: Option<u32>,
    pub(crate) compile_scaling: Option<f64>,
    /// Whether that happens while the method is interpreted.
    pub(crate) compile_background: Option<bool>,
    pub(crate) code_bytes: Option<u64>,
    pub(crate) compile_only: Vec<String>,
    pub(crate) compile_exclude: Vec<String>,
    /// Profilers are told of compiled code: names, or the code itself.
    pub(crate) perf_map: bool,
    pub(crate) perf_dump: bool,
    /// Seed of the choice which compiled frames go on interpreted.
    pub(crate) stress_deopt: Option<u64>,
    /// What the compiler did is written here at the end.
    pub(crate) statistics_file: Option<PathBuf>,
    /// Dump the heap at the first OutOfMemoryError, to this file or folder.
    pub(crate) heap_dump: bool,
    pub(crate) heap_dump_path: String,
    /// A thread dump ends with a class histogram.
    pub(crate) class_histogram: bool,
    /// The words that the VM was given, as `VM.getRuntimeArguments` reports them: the source launcher reads the
    /// compiler's options from here.
    pub(crate) arguments: Vec<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Execution {
    #[default]
    Mixed,
    InterpretOnly,
    CompileFirst,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AssertionDirective {
    pub(crate) scope: AssertionScope,
    pub(crate) enable: bool,
}

/// Names are dotted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AssertionScope {
    All,
    /// A package and those below it; empty for the unnamed package.
    Package(String),
    Class(String),
}

/// One `--allow-*`, `--deny-*` or `-A`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) allow: bool,
    pub(crate) capability: Capability,
    /// What it is limited to (paths, hosts, names); empty means without limit.
    pub(crate) values: Vec<String>,
}

/// Who hears of what the program asks for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Watching {
    /// The record of decisions goes to this file.
    pub(crate) audit: Option<PathBuf>,
    /// Everything is granted, and the policy that would have done goes to this file.
    pub(crate) learn: Option<PathBuf>,
    /// Whoever sits at the terminal is asked before a refusal.
    pub(crate) prompt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Capability {
    All,
    Of(Kind),
}

/// The main class as `LauncherHelper.checkAndLoadMain` asks for it.
#[derive(Debug, PartialEq)]
pub(crate) struct Launch {
    /// The helper's launch mode: 1 class, 2 jar, 3 module, 4 source.
    pub(crate) mode: i32,
    pub(crate) what: OsString,
    pub(crate) args: Vec<OsString>,
}

/// What the library compiles and runs source files with.
const SOURCE_LAUNCHER: &str = "jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher";

impl LaunchOptions {
    /// The program to run; `None` for actions that run none.
    pub(crate) fn launch(&self) -> Option<Launch> {
        let (mode, what, before): (i32, OsString, Option<&str>) = match &self.action {
            Action::RunClass(name) => (1, name.into(), None),
            Action::RunJar(path) => (2, path.into(), None),
            Action::RunModule(name) => (3, name.into(), None),
            Action::RunSource(file) => (4, SOURCE_LAUNCHER.into(), Some(file)),
            Action::Version(_)
            | Action::FullVersion(_)
            | Action::Help { .. }
            | Action::ListNatives
            | Action::ListModules
            | Action::DescribeModule(_)
            | Action::ValidateModules => return None,
        };
        let args = before.map(OsString::from).into_iter().chain(self.args.iter().cloned()).collect();
        Some(Launch { mode, what, args })
    }
}

/// A command line that cannot be followed: one line that says why. The exit code is 1, as `java`'s.
#[derive(Debug, PartialEq)]
pub(crate) struct UsageError {
    pub(crate) refusal: Refusal,
    /// What was already to be said on standard error when the error was found.
    pub(crate) notes: Vec<String>,
    /// What the VM's log says about it, if it was an option of the log.
    pub(crate) log: Option<String>,
    pub(crate) message: String,
}

/// Which part of `java` would have refused; the parts report in different words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The launcher, before there is a VM.
    #[default]
    Launcher,
    /// The VM, reading its options.
    Options,
    /// The VM, acting on options that do not fit together.
    Initialization,
}

impl UsageError {
    /// All that is to be said on standard output and standard error, in this order.
    pub(crate) fn report(&self) -> (String, String) {
        let mut err: String = self.notes.iter().map(|note| format!("{note}\n")).collect();
        let mut out = String::new();
        match self.refusal {
            Refusal::Launcher => err += &format!("{}\n", self.message),
            Refusal::Options => {
                out = self.log.iter().map(|line| format!("[0.000s][error][logging] {line}\n")).collect();
                err += &format!(
                    "{}\nError: Could not create the Java Virtual Machine.\n\
                     Error: A fatal exception has occurred. Program will exit.\n",
                    self.message
                );
            }
            Refusal::Initialization => {
                out = format!("Error occurred during initialization of VM\n{}\n", self.message);
            }
        }
        (out, err)
    }
}

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UsageError {}

/// What parsing may ask of the machine.
pub(crate) trait Host {
    /// Called by a name that asks for what `java` does.
    fn is_like_java(&self) -> bool;
    fn variable(&self, name: &str) -> Option<OsString>;
    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>>;
    fn exists(&self, path: &Path) -> bool;
    /// Names in a directory; empty if it cannot be read.
    fn list_directory(&self, path: &Path) -> Vec<OsString>;
}

/// The process carafe runs in.
pub(crate) struct ThisProcess;

/// A binary that is called by this name does as it does, and grants everything.
const LIKE_JAVA: &str = "java";

impl Host for ThisProcess {
    fn is_like_java(&self) -> bool {
        let called = std::env::args_os().next().map(PathBuf::from);
        called.is_some_and(|path| path.file_name().is_some_and(|name| name == LIKE_JAVA))
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list_directory(&self, path: &Path) -> Vec<OsString> {
        let entries = std::fs::read_dir(path).into_iter().flatten();
        entries.filter_map(|entry| entry.ok()).map(|entry| entry.file_name()).collect()
    }
}

/// System properties hold strings, so words that are not UTF-8 lose what cannot be said.
fn to_text(word: &OsStr) -> String {
    word.to_string_lossy().into_owned()
}

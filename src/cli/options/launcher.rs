//! The launcher's layer: what runs, on which class path, with which arguments; options that print something and exit; and
//! the rewriting of two-word options for the VM's layer ([`super::vm`]).
//!
//! Order of reading, later words overriding earlier ones: `JAVA_TOOL_OPTIONS`, `CLASSPATH`, `JDK_JAVA_OPTIONS`, the command
//! line, `_JAVA_OPTIONS`. What runs can be said on the command line only, and so can grants: a variable inherited from who
//! knows where must not open doors. Unless everything is granted, such variables and argument files are not read at all: they
//! may come with the program, and could open its modules to it.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use carafe::Kind;

use super::flags;
use super::vm::VmWords;
use super::words::{UnmatchedQuote, Words, split_variable};
use super::{
    Action, Capability, Grant, HelpTopic, Host, LaunchOptions, SOURCE_LAUNCHER, Stream, UsageError, Watching,
    to_text,
};
use crate::cli::limits::Limits;

/// Reads the words after the program's name.
pub(crate) fn parse(
    words: impl IntoIterator<Item = OsString>,
    host: &dyn Host,
) -> Result<LaunchOptions, UsageError> {
    let mut launcher = Launcher::default();
    match launcher.read_all(words, host) {
        Ok((action, args)) => Ok(launcher.finish(action, args)),
        Err(message) => Err(UsageError {
            refusal: launcher.vm.refusal,
            notes: launcher.notes(),
            log: launcher.vm.log_error.clone(),
            message,
        }),
    }
}

#[derive(Default)]
struct Launcher {
    vm: VmWords,
    /// Which variables were picked up; printed before the VM's own notes.
    picked_up: Vec<String>,
    mode: Mode,
    /// What `-m` named.
    module: Option<String>,
    /// An option that prints something once the VM is up, instead of running a program.
    query: Option<Action>,
    version_stream: Option<Stream>,
    show_version: bool,
    show_settings: Option<String>,
    dry_run: bool,
    grants: Vec<Grant>,
    policies: Vec<PathBuf>,
    require_walls: bool,
    watching: Watching,
    limits: Limits,
}

/// What the first word that is no option names.
#[derive(Clone, Copy, Default, PartialEq)]
enum Mode {
    /// A main class, or a source file if it ends in `.java`.
    #[default]
    ClassOrSource,
    Jar,
    Source,
}

#[derive(Clone, Copy, PartialEq)]
enum Takes {
    Nothing,
    /// The next word, which must not look like an option.
    Next(&'static str),
    /// The next word, or `=value` in this one.
    NextOrEquals(&'static str),
    /// Nothing, or `=value` in this one, which then must not be empty.
    Optional(&'static str),
    /// The rest of the word.
    Rest,
}

#[derive(Clone, Copy, PartialEq)]
enum Meaning {
    ClassPath,
    Jar,
    Module,
    Source,
    /// For the VM, spelt this way there, value attached.
    Forward(&'static str),
    ShowModuleResolution,
    ValidateModules,
    ListModules,
    DescribeModule,
    DryRun,
    Diagnose,
    ShowSettings,
    Version(Option<Stream>),
    FullVersion(Stream),
    ShowVersion(Option<Stream>),
    Help(HelpTopic, Stream),
    ListNatives,
    DisableArgumentFiles,
    Grant {
        allow: bool,
        capability: Capability,
    },
    Policy,
    RequireWalls,
    Audit,
    Learn,
    Prompt,
    Limit(Limit),
    Nothing,
}

/// Limits that are not the VM's own.
#[derive(Clone, Copy, PartialEq)]
enum Limit {
    Heap,
    Code,
    Output,
    Threads,
    Files,
    Cpu,
    Time,
}

struct Row {
    names: &'static [&'static str],
    takes: Takes,
    meaning: Meaning,
}

const fn row(names: &'static [&'static str], takes: Takes, meaning: Meaning) -> Row {
    Row { names, takes, meaning }
}

const fn grant(names: &'static [&'static str], allow: bool, capability: Capability) -> Row {
    Row {
        names,
        takes: Takes::Optional("what it is limited to, or no '='"),
        meaning: Meaning::Grant { allow, capability },
    }
}

use Stream::{Err as ToErr, Out as ToOut};

/// The variable whose words come before those of the command line.
const DEFAULTS: &str = "JDK_JAVA_OPTIONS";

const SIZE: &str = "a size, as in 64m";
const NUMBER: &str = "a number";
const TIME: &str = "a time, as in 500ms, 2s or 1m";
const MODULES: &str = "modules to be specified";
const MODULE_NAME: &str = "module name";
const MODULE_PATH: &str = "module path specification";

const ROWS: &[Row] = &[
    // What runs.
    row(&["-cp", "-classpath"], Takes::Next("class path specification"), Meaning::ClassPath),
    row(&["--class-path"], Takes::NextOrEquals("class path specification"), Meaning::ClassPath),
    row(&["-jar"], Takes::Nothing, Meaning::Jar),
    row(&["-m"], Takes::Next(MODULE_NAME), Meaning::Module),
    row(&["--module"], Takes::NextOrEquals(MODULE_NAME), Meaning::Module),
    row(&["--source"], Takes::NextOrEquals("source version"), Meaning::Source),
    row(&["--dry-run"], Takes::Nothing, Meaning::DryRun),
    row(&["--disable-@files"], Takes::Nothing, Meaning::DisableArgumentFiles),
    // Modules.
    row(&["-p"], Takes::Next(MODULE_PATH), Meaning::Forward("--module-path=")),
    row(&["--module-path"], Takes::NextOrEquals(MODULE_PATH), Meaning::Forward("--module-path=")),
    row(
        &["--upgrade-module-path"],
        Takes::NextOrEquals(MODULE_PATH),
        Meaning::Forward("--upgrade-module-path="),
    ),
    row(&["--limit-modules"], Takes::NextOrEquals(MODULES), Meaning::Forward("--limit-modules=")),
    row(&["--add-modules"], Takes::NextOrEquals(MODULES), Meaning::Forward("--add-modules=")),
    row(&["--add-exports"], Takes::NextOrEquals(MODULES), Meaning::Forward("--add-exports=")),
    row(&["--add-opens"], Takes::NextOrEquals(MODULES), Meaning::Forward("--add-opens=")),
    row(&["--add-reads"], Takes::NextOrEquals(MODULES), Meaning::Forward("--add-reads=")),
    row(&["--patch-module"], Takes::NextOrEquals(MODULES), Meaning::Forward("--patch-module=")),
    row(
        &["--enable-native-access"],
        Takes::NextOrEquals(MODULES),
        Meaning::Forward("--enable-native-access="),
    ),
    // Information.
    row(&["-version"], Takes::Nothing, Meaning::Version(None)),
    row(&["--version"], Takes::Nothing, Meaning::Version(Some(ToOut))),
    row(&["-fullversion"], Takes::Nothing, Meaning::FullVersion(ToErr)),
    row(&["--full-version"], Takes::Nothing, Meaning::FullVersion(ToOut)),
    row(&["-showversion"], Takes::Nothing, Meaning::ShowVersion(None)),
    row(&["--show-version"], Takes::Nothing, Meaning::ShowVersion(Some(ToOut))),
    row(&["-help", "-h", "-?"], Takes::Nothing, Meaning::Help(HelpTopic::Common, ToErr)),
    row(&["--help"], Takes::Nothing, Meaning::Help(HelpTopic::Common, ToOut)),
    row(&["-X"], Takes::Nothing, Meaning::Help(HelpTopic::Extra, ToErr)),
    row(&["--help-extra"], Takes::Nothing, Meaning::Help(HelpTopic::Extra, ToOut)),
    row(&["--help-grants"], Takes::Nothing, Meaning::Help(HelpTopic::Grants, ToOut)),
    row(&["--list-natives"], Takes::Nothing, Meaning::ListNatives),
    row(&["--list-modules"], Takes::Nothing, Meaning::ListModules),
    row(&["-d"], Takes::Next(MODULE_NAME), Meaning::DescribeModule),
    row(&["--describe-module"], Takes::NextOrEquals(MODULE_NAME), Meaning::DescribeModule),
    row(&["--validate-modules"], Takes::Nothing, Meaning::ValidateModules),
    row(&["--show-module-resolution"], Takes::Nothing, Meaning::ShowModuleResolution),
    row(&["-XshowSettings"], Takes::Nothing, Meaning::ShowSettings),
    row(&["-XshowSettings:"], Takes::Rest, Meaning::ShowSettings),
    row(&["-Xdiag"], Takes::Nothing, Meaning::Diagnose),
    // Grants.
    row(&["-A", "--allow-all"], Takes::Nothing, Meaning::Grant { allow: true, capability: Capability::All }),
    grant(&["--allow-read"], true, Capability::Of(Kind::Read)),
    grant(&["--allow-write"], true, Capability::Of(Kind::Write)),
    grant(&["--allow-net"], true, Capability::Of(Kind::Net)),
    grant(&["--allow-listen"], true, Capability::Of(Kind::Listen)),
    grant(&["--allow-env"], true, Capability::Of(Kind::Env)),
    grant(&["--allow-run"], true, Capability::Of(Kind::Run)),
    grant(&["--allow-sys"], true, Capability::Of(Kind::Sys)),
    grant(&["--allow-ffi"], true, Capability::Of(Kind::Ffi)),
    grant(&["--deny-read"], false, Capability::Of(Kind::Read)),
    grant(&["--deny-write"], false, Capability::Of(Kind::Write)),
    grant(&["--deny-net"], false, Capability::Of(Kind::Net)),
    grant(&["--deny-listen"], false, Capability::Of(Kind::Listen)),
    grant(&["--deny-env"], false, Capability::Of(Kind::Env)),
    grant(&["--deny-run"], false, Capability::Of(Kind::Run)),
    grant(&["--deny-sys"], false, Capability::Of(Kind::Sys)),
    grant(&["--deny-ffi"], false, Capability::Of(Kind::Ffi)),
    grant(&["--allow-dns"], true, Capability::Of(Kind::Dns)),
    grant(&["--allow-signal"], true, Capability::Of(Kind::Signal)),
    grant(&["--allow-terminal"], true, Capability::Of(Kind::Terminal)),
    grant(&["--allow-random"], true, Capability::Of(Kind::Random)),
    grant(&["--allow-clock"], true, Capability::Of(Kind::Clock)),
    grant(&["--deny-dns"], false, Capability::Of(Kind::Dns)),
    grant(&["--deny-signal"], false, Capability::Of(Kind::Signal)),
    grant(&["--deny-terminal"], false, Capability::Of(Kind::Terminal)),
    grant(&["--deny-random"], false, Capability::Of(Kind::Random)),
    row(&["--policy"], Takes::NextOrEquals("a policy file"), Meaning::Policy),
    row(&["--require-kernel-sandbox"], Takes::Nothing, Meaning::RequireWalls),
    row(&["--audit"], Takes::NextOrEquals("a file"), Meaning::Audit),
    row(&["--learn"], Takes::NextOrEquals("a file"), Meaning::Learn),
    row(&["--prompt"], Takes::Nothing, Meaning::Prompt),
    // Limits.
    row(&["--max-heap"], Takes::NextOrEquals(SIZE), Meaning::Limit(Limit::Heap)),
    row(&["--max-stack"], Takes::NextOrEquals(SIZE), Meaning::Forward("-Xss")),
    row(&["--max-metaspace"], Takes::NextOrEquals(SIZE), Meaning::Forward("-XX:MaxMetaspaceSize=")),
    row(&["--max-code"], Takes::NextOrEquals(SIZE), Meaning::Limit(Limit::Code)),
    row(&["--max-output"], Takes::NextOrEquals(SIZE), Meaning::Limit(Limit::Output)),
    row(&["--max-threads"], Takes::NextOrEquals(NUMBER), Meaning::Limit(Limit::Threads)),
    row(&["--max-files"], Takes::NextOrEquals(NUMBER), Meaning::Limit(Limit::Files)),
    row(&["--max-cpu"], Takes::NextOrEquals(TIME), Meaning::Limit(Limit::Cpu)),
    row(&["--max-time"], Takes::NextOrEquals(TIME), Meaning::Limit(Limit::Time)),
    // Accepted for the sake of scripts.
    row(&["-splash:"], Takes::Rest, Meaning::Nothing),
];

/// The row a word fits, the name as it was typed (with its `=`, for messages), and the value attached to it.
fn find(word: &str) -> Option<(&'static Row, &str, Option<&str>)> {
    ROWS.iter().find_map(|row| {
        row.names.iter().find_map(|name| {
            let rest = word.strip_prefix(name)?;
            match row.takes {
                Takes::Rest => Some((row, word, Some(rest))),
                _ if rest.is_empty() => Some((row, word, None)),
                Takes::NextOrEquals(_) | Takes::Optional(_) if rest.starts_with('=') => {
                    Some((row, &word[..=name.len()], Some(&rest[1..])))
                }
                Takes::Nothing | Takes::Next(_) | Takes::NextOrEquals(_) | Takes::Optional(_) => None,
            }
        })
    })
}

/// True for options that environment variables must not hold: what runs, what exits, what is allowed.
fn command_line_only(meaning: Meaning) -> bool {
    match meaning {
        Meaning::Jar
        | Meaning::Module
        | Meaning::DryRun
        | Meaning::Version(_)
        | Meaning::FullVersion(_)
        | Meaning::Help(..)
        | Meaning::ListNatives
        | Meaning::Grant { .. }
        | Meaning::Policy
        | Meaning::Audit
        | Meaning::Learn
        | Meaning::Prompt => true,
        Meaning::ClassPath
        | Meaning::Source
        | Meaning::Forward(_)
        | Meaning::ShowModuleResolution
        | Meaning::ValidateModules
        | Meaning::ListModules
        | Meaning::DescribeModule
        | Meaning::Diagnose
        | Meaning::ShowSettings
        | Meaning::ShowVersion(_)
        | Meaning::DisableArgumentFiles
        | Meaning::RequireWalls
        | Meaning::Limit(_)
        | Meaning::Nothing => false,
    }
}

/// What reading the words of one source led to.
enum Outcome {
    /// All words were options, or `-m` ended them.
    Exhausted,
    /// An option that prints something and exits at once.
    Exit(Action),
    /// The first word that is no option; the program's arguments follow.
    Program(OsString),
}

impl Launcher {
    fn read_all(
        &mut self,
        words: impl IntoIterator<Item = OsString>,
        host: &dyn Host,
    ) -> Result<(Action, Vec<OsString>), String> {
        let words: Vec<OsString> = words.into_iter().collect();
        let trusting = host.is_like_java() || grants_all(&words);
        let mut pick_up = |note: &str, name: &str| {
            if trusting { self.pick_up(note, name, host) } else { Ok(self.pass_over(name, host)) }
        };
        let defaults = pick_up("NOTE: Picked up", DEFAULTS)?;
        let tool = pick_up("Picked up", "JAVA_TOOL_OPTIONS")?;
        let overrides = pick_up("Picked up", "_JAVA_OPTIONS")?;

        self.read_vm_words(tool)?;
        if let Some(path) = host.variable("CLASSPATH") {
            self.set_class_path(&to_text(&path), host);
        }
        let mut defaults = Words::new(host, defaults);
        match self.read_options(&mut defaults, host, Some(DEFAULTS))? {
            Outcome::Exhausted => {}
            Outcome::Exit(_) | Outcome::Program(_) => {
                return Err(format!("Error: Cannot specify main class in environment variable {DEFAULTS}"));
            }
        }
        let mut words = Words::new(host, words);
        if !trusting {
            words.refuse_files();
        }
        if !defaults.expanding() {
            words.stop_expanding();
        }
        let mut args = Vec::new();
        let action = match self.read_options(&mut words, host, None)? {
            Outcome::Exit(action) => action,
            outcome => {
                let program = match outcome {
                    Outcome::Program(word) => Some(self.program(&word, host)),
                    _ => self.module.take().map(Action::RunModule),
                };
                args = words.rest();
                self.describe_program(program.as_ref(), &args)?;
                match self.query.take().or(program) {
                    Some(action) => action,
                    None => return Err(self.nothing_to_run()),
                }
            }
        };
        self.read_vm_words(overrides)?;
        self.vm.finish()?;
        Ok((action, args))
    }

    fn pick_up(&mut self, note: &str, name: &str, host: &dyn Host) -> Result<Vec<OsString>, String> {
        let Some(value) = host.variable(name) else { return Ok(Vec::new()) };
        self.picked_up.push(format!("{note} {name}: {}", value.to_string_lossy()));
        split_variable(&value)
            .map_err(|UnmatchedQuote| format!("Error: Unmatched quote in environment variable {name}"))
    }

    /// Who runs a program that is not trusted does so in surroundings that may not be either.
    fn pass_over(&mut self, name: &str, host: &dyn Host) -> Vec<OsString> {
        if host.variable(name).is_some() {
            self.picked_up.push(format!("NOTE: {name} is not read without -A"));
        }
        Vec::new()
    }

    fn read_vm_words(&mut self, words: Vec<OsString>) -> Result<(), String> {
        words.iter().try_for_each(|word| self.vm.read(&to_text(word)))
    }

    /// Reads options up to the first word that is none. `variable` names the environment variable they come from, in which
    /// some are not allowed.
    fn read_options(
        &mut self,
        words: &mut Words,
        host: &dyn Host,
        variable: Option<&str>,
    ) -> Result<Outcome, String> {
        while let Some(word) = words.next()? {
            if !word.as_bytes().starts_with(b"-") {
                return Ok(Outcome::Program(word));
            }
            let text = to_text(&word);
            let Some((row, name, attached)) = find(&text) else {
                self.vm.read(&text)?;
                continue;
            };
            if let Some(variable) = variable
                && command_line_only(row.meaning)
            {
                return Err(format!(
                    "Error: Option {text} is not allowed in environment variable {variable}"
                ));
            }
            let value = read_value(row, name, attached, words)?;
            if let Some(outcome) = self.apply(row.meaning, &text, value, host)? {
                return Ok(outcome);
            }
            match row.meaning {
                Meaning::DisableArgumentFiles => words.stop_expanding(),
                // The words after the module are the program's.
                Meaning::Module => return Ok(Outcome::Exhausted),
                _ => {}
            }
        }
        Ok(Outcome::Exhausted)
    }

    /// What an option means; `Some` if nothing after it counts.
    fn apply(
        &mut self,
        meaning: Meaning,
        text: &str,
        value: String,
        host: &dyn Host,
    ) -> Result<Option<Outcome>, String> {
        match meaning {
            Meaning::ClassPath => self.set_class_path(&value, host),
            Meaning::Jar if self.mode == Mode::Source => return Err(with_source("-jar")),
            Meaning::Jar => self.mode = Mode::Jar,
            Meaning::Module if self.mode == Mode::Source => return Err(with_source("-m")),
            Meaning::Module => {
                let name = value.split('/').next().unwrap_or_default();
                self.vm.read(&format!("-Djdk.module.main={name}"))?;
                self.module = Some(value);
            }
            Meaning::Source if self.mode == Mode::Jar => return Err(with_source("-jar")),
            Meaning::Source => {
                self.mode = Mode::Source;
                self.vm.read(&format!("-Djdk.internal.javac.source={value}"))?;
            }
            Meaning::Forward(spelling) => self.vm.read(&format!("{spelling}{value}"))?,
            Meaning::ShowModuleResolution => self.vm.read("-Djdk.module.showModuleResolution=true")?,
            Meaning::ValidateModules => {
                self.vm.read("-Djdk.module.validation=true")?;
                self.query = Some(Action::ValidateModules);
            }
            Meaning::ListModules => self.query = Some(Action::ListModules),
            Meaning::DescribeModule => self.query = Some(Action::DescribeModule(value)),
            Meaning::DryRun => self.dry_run = true,
            Meaning::Diagnose => self.vm.properties.set("sun.java.launcher.diag", "true"),
            Meaning::ShowSettings => self.show_settings = Some(text.to_owned()),
            Meaning::Version(stream) => {
                let stream = stream.or(self.version_stream).unwrap_or(Stream::Err);
                return Ok(Some(Outcome::Exit(Action::Version(stream))));
            }
            Meaning::FullVersion(stream) => return Ok(Some(Outcome::Exit(Action::FullVersion(stream)))),
            Meaning::ShowVersion(stream) => {
                self.show_version = true;
                self.version_stream = stream.or(self.version_stream);
            }
            Meaning::Help(topic, stream) => return Ok(Some(Outcome::Exit(Action::Help { topic, stream }))),
            Meaning::ListNatives => return Ok(Some(Outcome::Exit(Action::ListNatives))),
            Meaning::Grant { allow, capability } => {
                let values = value.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect();
                self.grants.push(Grant { allow, capability, values });
            }
            Meaning::Policy => self.policies.push(PathBuf::from(value)),
            Meaning::RequireWalls => self.require_walls = true,
            Meaning::Audit => self.watching.audit = Some(PathBuf::from(value)),
            Meaning::Learn => self.watching.learn = Some(PathBuf::from(value)),
            Meaning::Prompt => self.watching.prompt = true,
            Meaning::Limit(limit) => self.limit(limit, text, &value)?,
            Meaning::DisableArgumentFiles | Meaning::Nothing => {}
        }
        Ok(None)
    }

    fn limit(&mut self, limit: Limit, text: &str, value: &str) -> Result<(), String> {
        let wrong = |what: &str| format!("Error: {text}: this needs {what}");
        let number = || value.parse::<usize>().map_err(|_| wrong(NUMBER));
        let time = || flags::time(value).ok_or_else(|| wrong(TIME));
        let limits = &mut self.limits;
        match limit {
            Limit::Heap => limits.heap_bytes = Some(flags::size(value).ok_or_else(|| wrong(SIZE))?),
            Limit::Code => limits.code_bytes = Some(flags::size(value).ok_or_else(|| wrong(SIZE))?),
            Limit::Output => limits.output_bytes = Some(flags::size(value).ok_or_else(|| wrong(SIZE))?),
            Limit::Threads => limits.threads = Some(number()?),
            Limit::Files => limits.files = Some(number()?),
            Limit::Cpu => limits.cpu = Some(time()?),
            Limit::Time => limits.time = Some(time()?),
        }
        Ok(())
    }

    fn set_class_path(&mut self, path: &str, host: &dyn Host) {
        self.vm.properties.set("java.class.path", &expand_wildcards(path, host));
    }

    /// A word that ends in `.java` is a source file if there is such a file, and else the name of a class.
    fn program(&self, word: &OsStr, host: &dyn Host) -> Action {
        match self.mode {
            Mode::Jar => Action::RunJar(PathBuf::from(word)),
            Mode::Source => Action::RunSource(to_text(word)),
            Mode::ClassOrSource if word.as_bytes().ends_with(b".java") && host.exists(Path::new(word)) => {
                Action::RunSource(to_text(word))
            }
            Mode::ClassOrSource => Action::RunClass(to_text(word)),
        }
    }

    /// The properties that follow from what runs: its class path and its command. A jar is its own class path; a main
    /// class without any looks in the current directory; a module looks nowhere.
    fn describe_program(&mut self, program: Option<&Action>, args: &[OsString]) -> Result<(), String> {
        let mut command = match program {
            Some(Action::RunJar(jar)) => {
                let jar = to_text(jar.as_os_str());
                self.vm.properties.set("java.class.path", &jar);
                jar
            }
            Some(Action::RunClass(name)) => {
                self.vm.properties.set_default("java.class.path", ".");
                name.clone()
            }
            Some(Action::RunSource(file)) => {
                self.vm.properties.set_default("java.class.path", ".");
                self.vm.properties.set("sun.java.launcher.mode", "source");
                // What a source file imports is not known before it is compiled.
                self.vm.read("--add-modules=ALL-DEFAULT")?;
                format!("{SOURCE_LAUNCHER} {file}")
            }
            Some(Action::RunModule(name)) => name.clone(),
            _ => String::new(),
        };
        self.vm.properties.set_default("java.class.path", "");
        for arg in args {
            command.push(' ');
            command.push_str(&arg.to_string_lossy());
        }
        if program.is_some() {
            self.vm.properties.set("sun.java.command", &command);
        }
        Ok(())
    }

    fn nothing_to_run(&mut self) -> String {
        // A misspelt option explains a missing program better than its absence does.
        match (self.vm.finish(), self.mode) {
            (Err(message), _) => message,
            (Ok(()), Mode::Jar) => "Error: -jar requires jar file specification".into(),
            (Ok(()), Mode::ClassOrSource | Mode::Source) => {
                "Error: nothing to run: name a main class, a .java file, -jar FILE or -m MODULE (see carafe --help)".into()
            }
        }
    }

    fn notes(&mut self) -> Vec<String> {
        let mut notes = std::mem::take(&mut self.picked_up);
        notes.append(&mut self.vm.notes);
        notes
    }

    fn finish(mut self, action: Action, args: Vec<OsString>) -> LaunchOptions {
        self.vm.properties.set("sun.java.launcher", "SUN_STANDARD");
        self.vm.properties.set_default("jdk.boot.class.path.append", "");
        let notes = self.notes();
        LaunchOptions {
            action,
            args,
            dry_run: self.dry_run,
            show_version: self.show_version.then_some(self.version_stream.unwrap_or(Stream::Err)),
            show_settings: self.show_settings,
            vm: self.vm.options,
            properties: self.vm.properties.list,
            notes,
            grants: self.grants,
            policies: self.policies,
            require_walls: self.require_walls,
            watching: self.watching,
            limits: self.limits,
        }
    }
}

/// Whether the options, as they stand on the command line itself, grant everything.
fn grants_all(words: &[OsString]) -> bool {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = to_text(word);
        let found = match text.as_bytes().first() {
            Some(b'-') => find(&text),
            Some(b'@') => None,
            _ => return false,
        };
        let Some((row, _, attached)) = found else { continue };
        match (row.meaning, row.takes) {
            (Meaning::Grant { capability: Capability::All, .. }, _) => return true,
            (Meaning::Module, _) => return false,
            (_, Takes::Next(_) | Takes::NextOrEquals(_)) if attached.is_none() => {
                words.next();
            }
            (_, _) => {}
        }
    }
    false
}

/// The value of an option, from its own word or the next one; empty if it takes none.
fn read_value(row: &Row, name: &str, attached: Option<&str>, words: &mut Words) -> Result<String, String> {
    let (value, what) = match (row.takes, attached) {
        (Takes::Nothing | Takes::Optional(_) | Takes::Rest, None) => return Ok(String::new()),
        (Takes::Nothing | Takes::Rest, Some(value)) => return Ok(value.to_owned()),
        (Takes::Optional(what), Some(value)) => {
            (value.split(',').any(|part| !part.is_empty()).then(|| value.to_owned()), what)
        }
        (Takes::Next(what) | Takes::NextOrEquals(what), Some(value)) => (Some(value.to_owned()), what),
        (Takes::Next(what) | Takes::NextOrEquals(what), None) => {
            (words.next_value()?.as_deref().map(to_text), what)
        }
    };
    // Only a class path may be empty.
    value
        .filter(|value| !value.is_empty() || row.meaning == Meaning::ClassPath)
        .ok_or_else(|| format!("Error: {name} requires {what}"))
}

fn with_source(option: &str) -> String {
    format!("Error: Option {option} is not allowed with --source")
}

/// Replaces each element `*` or `dir/*` by the jars in that directory, in the order of their names; an element that
/// matches none stays as it is.
fn expand_wildcards(path: &str, host: &dyn Host) -> String {
    let expand = |element: &str| {
        let directory = element.strip_suffix('*').filter(|rest| rest.is_empty() || rest.ends_with('/'))?;
        let names = host.list_directory(Path::new(if directory.is_empty() { "." } else { directory }));
        let is_jar = |name: &String| name.ends_with(".jar") || name.ends_with(".JAR");
        let mut jars: Vec<String> = names.iter().map(|name| to_text(name)).filter(is_jar).collect();
        jars.sort();
        let paths: Vec<String> = jars.iter().map(|jar| format!("{directory}{jar}")).collect();
        (!paths.is_empty()).then(|| paths.join(":"))
    };
    path.split(':')
        .map(|element| expand(element).unwrap_or_else(|| element.to_owned()))
        .collect::<Vec<_>>()
        .join(":")
}

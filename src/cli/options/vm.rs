//! The words that configure the virtual machine, in the form they have after the launcher's rewriting: every one is
//! complete in itself (`--add-opens=X`, `-Xmx1g`, `-Dname=value`), none takes a second word.
//!
//! The table [`ROWS`] states each option once: how it is spelt and what it means. Options that become system properties
//! follow the library's own protocol: `ModuleBootstrap` reads and removes the numbered `jdk.module.*` ones.

use carafe_vm::log::TagSet;

use super::flags::{self, FlagError, size};
use super::log;
use super::{AssertionDirective, AssertionScope, Execution, Refusal, VmOptions};

/// System properties: each key once, at its first place, with its last value.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) list: Vec<(String, String)>,
}

impl Properties {
    pub(super) fn set(&mut self, key: &str, value: &str) {
        match self.list.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => value.clone_into(old),
            None => self.list.push((key.to_owned(), value.to_owned())),
        }
    }

    /// Sets a property that has no value yet.
    pub(super) fn set_default(&mut self, key: &str, value: &str) {
        if !self.list.iter().any(|(known, _)| known == key) {
            self.list.push((key.to_owned(), value.to_owned()));
        }
    }

    /// Sets the first free one of `prefix.0`, `prefix.1`, ...
    fn append(&mut self, prefix: &str, value: &str) {
        let numbered = |key: &str| key.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'));
        let count = self.list.iter().filter(|(key, _)| numbered(key)).count();
        self.list.push((format!("{prefix}.{count}"), value.to_owned()));
    }
}

/// What the words read so far amount to.
#[derive(Default)]
pub(super) struct VmWords {
    pub(super) options: VmOptions,
    pub(super) properties: Properties,
    pub(super) notes: Vec<String>,
    /// What kind of error was returned, if one was.
    pub(super) refusal: Refusal,
    /// Unknown options, not yet an error: a later word may say that they are to be ignored.
    unknown: Vec<String>,
    ignore_unknown: bool,
    /// What was wrong with an option of the log.
    pub(super) log_error: Option<String>,
}

#[derive(Clone, Copy)]
enum Spelling {
    /// The word is the name.
    Exact,
    /// The rest of the word is the value, perhaps empty; names ending in `=` or `:` are of this kind.
    Prefix,
    /// The word is the name, or the name, a colon and a value.
    Colon,
}

type Effect = fn(&mut VmWords, &Given) -> Result<(), String>;

/// One word as a row sees it.
struct Given<'w> {
    word: &'w str,
    /// What follows the name (and its colon); empty if nothing does.
    value: &'w str,
}

struct Row {
    name: &'static str,
    spelling: Spelling,
    effect: Effect,
}

const fn row(name: &'static str, spelling: Spelling, effect: Effect) -> Row {
    Row { name, spelling, effect }
}

use Spelling::{Colon, Exact, Prefix};

const NOTHING: Effect = |_, _| Ok(());

/// In this order; the first row that fits a word is the one. So a longer name stands before a shorter prefix of it.
const ROWS: &[Row] = &[
    row("-D", Prefix, |vm, given| vm.define(given.value)),
    row("-XX:", Prefix, |vm, given| vm.flag(given.value)),
    // Memory.
    row("-Xmx", Prefix, |vm, given| {
        vm.options.heap_bytes_max = Some(heap_size("maximum heap", given, |bytes| bytes > 0)?);
        Ok(())
    }),
    row("-Xms", Prefix, |vm, given| {
        let bytes = heap_size("initial heap", given, |_| true)?;
        vm.options.heap_bytes_initial = (bytes > 0).then_some(bytes);
        Ok(())
    }),
    row("-Xmn", Prefix, |vm, given| {
        let bytes = heap_size("initial young generation", given, |_| true)?;
        vm.options.eden_bytes = (bytes > 0).then_some(bytes);
        Ok(())
    }),
    row("-Xss", Prefix, |vm, given| vm.stack(given)),
    // Execution.
    row("-Xint", Exact, |vm, _| vm.execution(Execution::InterpretOnly)),
    row("-Xmixed", Exact, |vm, _| vm.execution(Execution::Mixed)),
    row("-Xcomp", Exact, |vm, _| vm.execution(Execution::CompileFirst)),
    row("-Xbatch", Exact, |vm, _| {
        vm.options.compile_background = Some(false);
        Ok(())
    }),
    row("-Xrs", Exact, |vm, _| {
        vm.options.reduced_signals = true;
        Ok(())
    }),
    row("-Xverify", Colon, |vm, given| vm.verify(given)),
    row("-verify", Exact, |vm, given| vm.verify(given)),
    row("-noverify", Exact, |vm, given| vm.verify(given)),
    row("--enable-preview", Exact, |vm, _| {
        vm.options.enable_preview = true;
        Ok(())
    }),
    row("--finalization=", Prefix, |vm, given| {
        vm.options.finalization_off = match given.value {
            "enabled" => false,
            "disabled" => true,
            other => {
                return Err(format!(
                    "Invalid finalization value '{other}', must be 'disabled' or 'enabled'."
                ));
            }
        };
        Ok(())
    }),
    row("--sun-misc-unsafe-memory-access=", Prefix, |vm, given| match given.value {
        "allow" | "warn" | "debug" | "deny" => vm.property("sun.misc.unsafe.memory.access", given.value),
        other => Err(format!(
            "Value specified to --sun-misc-unsafe-memory-access not recognized: '{other}' (allow, warn, debug or deny)"
        )),
    }),
    // Assertions.
    row("-ea", Colon, |vm, given| vm.assertions(given, true)),
    row("-enableassertions", Colon, |vm, given| vm.assertions(given, true)),
    row("-da", Colon, |vm, given| vm.assertions(given, false)),
    row("-disableassertions", Colon, |vm, given| vm.assertions(given, false)),
    row("-esa", Exact, |vm, _| vm.system_assertions(true)),
    row("-enablesystemassertions", Exact, |vm, _| vm.system_assertions(true)),
    row("-dsa", Exact, |vm, _| vm.system_assertions(false)),
    row("-disablesystemassertions", Exact, |vm, _| vm.system_assertions(false)),
    // Modules.
    row("--module-path=", Prefix, |vm, given| vm.property("jdk.module.path", given.value)),
    row("--upgrade-module-path=", Prefix, |vm, given| vm.property("jdk.module.upgrade.path", given.value)),
    row("--limit-modules=", Prefix, |vm, given| vm.property("jdk.module.limitmods", given.value)),
    row("--add-modules=", Prefix, |vm, given| vm.numbered("jdk.module.addmods", given.value)),
    row("--add-exports=", Prefix, |vm, given| vm.numbered("jdk.module.addexports", given.value)),
    row("--add-opens=", Prefix, |vm, given| vm.numbered("jdk.module.addopens", given.value)),
    row("--add-reads=", Prefix, |vm, given| vm.numbered("jdk.module.addreads", given.value)),
    row("--enable-native-access=", Prefix, |vm, given| {
        vm.numbered("jdk.module.enable.native.access", given.value)
    }),
    row("--illegal-native-access=", Prefix, |vm, given| {
        vm.property("jdk.module.illegal.native.access", given.value)
    }),
    row("--patch-module=", Prefix, |vm, given| vm.patch(given.value)),
    row("-Xbootclasspath/a:", Prefix, |vm, given| vm.boot_append(given.value)),
    row(
        "-Xbootclasspath/p:",
        Prefix,
        |_, _| Err("-Xbootclasspath/p is no longer a supported option.".into()),
    ),
    row("-Xbootclasspath:", Prefix, |_, _| Err("-Xbootclasspath is no longer a supported option.".into())),
    // Logs.
    row("-verbose", Colon, |vm, given| vm.verbose(given.value)),
    row("-Xloggc:", Prefix, |vm, given| vm.log_gc(given)),
    row("-Xlog", Colon, |vm, given| vm.log(given)),
    // Accepted for the sake of scripts.
    row("-Xshare:", Prefix, |_, given| match given.value {
        "auto" | "on" | "off" => Ok(()),
        _ => Err(unrecognized(given.word)),
    }),
    row("-Xcheck:jni", Exact, NOTHING),
    row("-Xnoclassgc", Exact, NOTHING),
    row("-Xdebug", Exact, NOTHING),
    row("-client", Exact, NOTHING),
    row("-server", Exact, NOTHING),
    // Refused with a reason.
    row("-javaagent:", Prefix, |_, given| Err(no_agents(given.word))),
    row("-agentlib:", Prefix, |_, given| Err(no_agents(given.word))),
    row("-agentpath:", Prefix, |_, given| Err(no_agents(given.word))),
    row("-Xrun", Prefix, |_, given| Err(no_agents(given.word))),
];

/// The properties that options of the same meaning set, without `jdk.module.`: `-D` must not forge them.
const RESERVED: &[&str] = &[
    "addexports",
    "addmods",
    "addopens",
    "addreads",
    "enable.native.access",
    "illegal.native.access",
    "limitmods",
    "patch",
    "path",
    "upgrade.path",
];

/// As `java`: less than this does not hold the frames that start a thread.
const STACK_BYTES_MIN: u64 = 136 << 10;
const STACK_BYTES_MAX: u64 = 1 << 30;
const HEAP_BYTES_MIN: u64 = 2 << 20;

impl VmWords {
    pub(super) fn read(&mut self, word: &str) -> Result<(), String> {
        let outcome = self.read_word(word);
        if outcome.is_err() {
            self.refusal = Refusal::Options;
        }
        outcome
    }

    fn read_word(&mut self, word: &str) -> Result<(), String> {
        for row in ROWS {
            let Some(rest) = word.strip_prefix(row.name) else { continue };
            let value = match row.spelling {
                Exact if rest.is_empty() => "",
                Prefix => rest,
                Colon if rest.is_empty() => "",
                Colon if rest.starts_with(':') => &rest[1..],
                Exact | Colon => continue,
            };
            self.options.arguments.push(word.to_owned());
            return (row.effect)(self, &Given { word, value });
        }
        self.unknown.push(unrecognized(word));
        Ok(())
    }

    /// Sizes that only make sense together, and options that nobody knew.
    pub(super) fn finish(&mut self) -> Result<(), String> {
        if !self.ignore_unknown
            && let Some(first) = self.unknown.first()
        {
            self.refusal = Refusal::Options;
            return Err(first.clone());
        }
        let message = match (self.options.heap_bytes_initial, self.options.heap_bytes_max) {
            (_, Some(max)) if max < HEAP_BYTES_MIN => "Too small maximum heap",
            (Some(initial), Some(max)) if initial > max => {
                "Initial heap size set to a larger value than the maximum heap size"
            }
            _ => return Ok(()),
        };
        self.refusal = Refusal::Initialization;
        Err(message.to_owned())
    }

    fn define(&mut self, text: &str) -> Result<(), String> {
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        let reserved = key.strip_prefix("jdk.module.").is_some_and(|rest| {
            let follows = |name: &str| {
                rest.strip_prefix(name).is_some_and(|end| end.is_empty() || end.starts_with('.'))
            };
            RESERVED.iter().any(|name| follows(name))
        });
        if reserved {
            self.notes
                .push(format!("carafe: warning: -D{key} is ignored: use the command-line option for it"));
        } else if !key.is_empty() {
            self.properties.set(key, value);
        }
        Ok(())
    }

    fn flag(&mut self, text: &str) -> Result<(), String> {
        match text {
            "+IgnoreUnrecognizedVMOptions" => self.ignore_unknown = true,
            "-IgnoreUnrecognizedVMOptions" => self.ignore_unknown = false,
            "-BytecodeVerificationRemote" => {
                self.notes
                    .push(format!("carafe: warning: -XX:{text} is ignored: classes are always verified"));
            }
            _ => {}
        }
        match flags::apply(text, &mut self.options, &mut self.properties) {
            Ok(()) => Ok(()),
            Err(FlagError::Malformed(message)) => Err(message),
            Err(FlagError::Unknown(message)) => {
                self.unknown.push(message);
                Ok(())
            }
        }
    }

    fn property(&mut self, key: &str, value: &str) -> Result<(), String> {
        self.properties.set(key, value);
        Ok(())
    }

    fn numbered(&mut self, key: &str, value: &str) -> Result<(), String> {
        self.properties.append(key, value);
        Ok(())
    }

    fn execution(&mut self, mode: Execution) -> Result<(), String> {
        self.options.execution = mode;
        Ok(())
    }

    fn stack(&mut self, given: &Given) -> Result<(), String> {
        let bytes = size(given.value).filter(|bytes| *bytes <= STACK_BYTES_MAX);
        let bytes = bytes.ok_or_else(|| format!("Invalid thread stack size: {}", given.word))?;
        if (1..STACK_BYTES_MIN).contains(&bytes) {
            return Err("The Java thread stack size specified is too small. Specify at least 136k".into());
        }
        self.options.stack_bytes = (bytes > 0).then_some(bytes);
        Ok(())
    }

    /// Classes from outside the JDK image are verified whatever these say; `all` adds the image's.
    fn verify(&mut self, given: &Given) -> Result<(), String> {
        match (given.word, given.value) {
            ("-Xverify" | "-Xverify:all", _) => self.options.verify_all = true,
            ("-verify", _) => {
                let note = "Warning: -verify option is deprecated and may be removed in a future release.";
                self.notes.push(note.to_owned());
                self.options.verify_all = true;
            }
            ("-Xverify:remote", _) => self.options.verify_all = false,
            ("-noverify" | "-Xverify:none", _) => {
                self.notes
                    .push(format!("carafe: warning: {} is ignored: classes are always verified", given.word));
            }
            (word, _) => return Err(format!("Unrecognized verification option: {word}")),
        }
        Ok(())
    }

    fn assertions(&mut self, given: &Given, enable: bool) -> Result<(), String> {
        let name = given.value.replace('/', ".");
        let scope = match name.strip_suffix("...") {
            _ if name.is_empty() => AssertionScope::All,
            Some(package) => AssertionScope::Package(package.to_owned()),
            None => AssertionScope::Class(name),
        };
        self.options.assertions.push(AssertionDirective { scope, enable });
        Ok(())
    }

    fn system_assertions(&mut self, enable: bool) -> Result<(), String> {
        self.options.system_assertions = Some(enable);
        Ok(())
    }

    fn patch(&mut self, text: &str) -> Result<(), String> {
        let Some((module, paths)) = text.split_once('=') else {
            return Err("Missing '=' in --patch-module specification".into());
        };
        self.options.patch_modules.push((module.to_owned(), paths.to_owned()));
        self.numbered("jdk.module.patch", text)
    }

    fn boot_append(&mut self, paths: &str) -> Result<(), String> {
        self.options.boot_append.extend(paths.split(':').filter(|path| !path.is_empty()).map(str::to_owned));
        let all = self.options.boot_append.join(":");
        self.property("jdk.boot.class.path.append", &all)
    }

    fn verbose(&mut self, what: &str) -> Result<(), String> {
        match what {
            "" | "class" => log::verbose(&mut self.options.log, TagSet::ClassLoad),
            "gc" => log::verbose(&mut self.options.log, TagSet::Gc),
            // `java` takes any word here.
            _ => {}
        }
        Ok(())
    }

    fn log(&mut self, given: &Given) -> Result<(), String> {
        log::apply(&mut self.options.log, given.value).map_err(|line| {
            self.log_error = Some(line);
            format!("Invalid -Xlog option '{}', see error log for details.", given.word)
        })
    }

    /// What `-Xlog:gc:file` was once called.
    fn log_gc(&mut self, given: &Given) -> Result<(), String> {
        let warning = format!("-Xloggc is deprecated. Will use -Xlog:gc:{} instead.", given.value);
        self.options.log.warnings.push(warning);
        self.log(&Given { word: given.word, value: &format!("gc:{}", given.value) })
    }
}

fn heap_size(what: &str, given: &Given, fits: fn(u64) -> bool) -> Result<u64, String> {
    size(given.value)
        .filter(|bytes| fits(*bytes))
        .ok_or_else(|| format!("Invalid {what} size: {}", given.word))
}

fn unrecognized(word: &str) -> String {
    format!("Unrecognized option: {word}")
}

fn no_agents(word: &str) -> String {
    format!("carafe loads no agents: please leave out {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_reached() {
        for row in ROWS {
            let sample = match row.spelling {
                Exact | Colon => row.name.to_owned(),
                Prefix => format!("{}x", row.name),
            };
            let first = ROWS.iter().find(|other| match other.spelling {
                Exact => sample == other.name,
                Prefix => sample.starts_with(other.name),
                Colon => sample == other.name || sample.starts_with(&format!("{}:", other.name)),
            });
            assert_eq!(first.map(|found| found.name), Some(row.name), "hidden by an earlier row");
        }
    }
}

//! `-Xlog`: which messages go where. The grammar is the reference machine's:
//!
//! ```text
//! -Xlog[:[tag[+tag..][*][=level],..][:[output][:[decorator,..][:option=value,..]]]]
//! ```
//!
//! A tag that no log of either machine has is an error; a combination of tags that carafe has no messages for is a warning in
//! the log, and otherwise without effect. Not here: opening files.

use carafe_vm::log::{Decorator, Level, LogConfig, OutputConfig, TAG_SETS, TagSet, Target};

/// Tags of the reference machine's logs: whoever selects one of these has not misspelt it.
const KNOWN_TAGS: &str = "\
    add age alloc annotation aot arguments array attach barrier blocks bot breakpoint bytecode cause cds census \
    class classhisto cleanup codecache compaction compilation condy constantpool constraints container \
    continuations coops cpu cset data datacreation dcmd decoder defaultmethods deoptimization dependencies \
    director dump dynamic ergo event exceptions exit fastlock finalizer fingerprint free freelist gc handshake \
    hashtables heap heapdump humongous ihop iklass indy init inlinecache inlining install interpreter itables jfr \
    jit jmethod jni jvmci jvmti lambda library link liveness load loader logging malloc map mark marking \
    membername memops metadata metaspace methodcomparator methodhandles methodtrace mirror mmu module \
    monitorinflation monitormismatch monitortable native nestmates nmethod nmt normalize numa objecttagging \
    obsolete oldobject oom oopmap oops oopstorage os owner page pagesize parser patch path perf periodic phases \
    plab placeholders preempt preorder preview promotion ptrqueue purge record redefine ref refine region reloc \
    remset resolve safepoint sampling sandbox scavenge sealed setting smr stackbarrier stackmap stacktrace stackwalk start \
    startup startuptime state stats streaming stringdedup stringtable stubs subclass survivor suspend sweep \
    symboltable system table task thread throttle timer tlab tracking training trimnative unload unmap unshareable \
    update valuebasedclasses verification verify vmmutex vmoperation vmthread vtables vtablestubs";

/// Applies one option, given without its `-Xlog:`; the error is a line for the log.
pub(super) fn apply(config: &mut LogConfig, text: &str) -> Result<(), String> {
    match text {
        "disable" => {
            config.outputs.truncate(1);
            if let Some(output) = config.outputs.first_mut() {
                *output = OutputConfig::silent(Target::Output);
            }
            return Ok(());
        }
        // Messages are written as they come, whoever may wait for it.
        "async" | "async:drop" | "async:stall" => return Ok(()),
        _ => {}
    }
    let mut fields = split_fields(text).into_iter();
    let mut field = || fields.next().unwrap_or_default();
    let (selections, output, decorators, options) = (field(), field(), field(), field());
    let selections = read_selections(selections)?;
    let target = read_target(output)?;
    let decorators = read_decorators(decorators)?;
    read_options(options, &target)?;

    let at = match config.outputs.iter().position(|output| output.target == target) {
        Some(at) => at,
        None => {
            config.outputs.push(OutputConfig::silent(target));
            config.outputs.len() - 1
        }
    };
    config.outputs[at].decorators = decorators;
    for selection in &selections {
        if !selection.apply(&mut config.outputs[at]) {
            config.warnings.push(format!("No tag set matches selection: {}.", selection.text));
        }
    }
    Ok(())
}

/// At most four fields between colons; a file name in quotes may hold some.
fn split_fields(text: &str) -> Vec<&str> {
    let (mut fields, mut quoted, mut start) = (Vec::new(), false, 0);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ':' if !quoted && fields.len() < 3 => {
                fields.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.push(&text[start..]);
    fields
}

/// One choice of messages.
struct Selection<'t> {
    text: &'t str,
    /// Empty means all.
    tags: Vec<&'t str>,
    /// Sets with more tags are chosen as well.
    wildcard: bool,
    level: Level,
}

fn read_selections(text: &str) -> Result<Vec<Selection<'_>>, String> {
    if text.is_empty() {
        return Ok(vec![Selection { text: "all", tags: Vec::new(), wildcard: true, level: Level::Info }]);
    }
    text.split(',').map(read_selection).collect()
}

fn read_selection(text: &str) -> Result<Selection<'_>, String> {
    let (tags, level) = text.split_once('=').unwrap_or((text, "info"));
    let found = Level::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(level));
    let level = found.ok_or_else(|| format!("Invalid level '{level}' in log selection."))?;
    if tags.eq_ignore_ascii_case("all") {
        return Ok(Selection { text, tags: Vec::new(), wildcard: true, level });
    }
    let (names, wildcard) = match tags.strip_suffix('*') {
        Some(names) => (names, true),
        None => (tags, false),
    };
    let names: Vec<&str> = names.split('+').collect();
    for name in &names {
        if !KNOWN_TAGS.split_whitespace().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(format!("Invalid tag '{name}' in log selection."));
        }
    }
    Ok(Selection { text: tags, tags: names, wildcard, level })
}

impl Selection<'_> {
    /// Sets the level of what is selected; false if that is nothing.
    fn apply(&self, output: &mut OutputConfig) -> bool {
        let mut any = false;
        for (set, tags) in TAG_SETS {
            if self.selects(tags) {
                output.levels[set as usize] = self.level;
                any = true;
            }
        }
        any
    }

    fn selects(&self, tags: &[&str]) -> bool {
        let has = |name: &&str| tags.iter().any(|tag| tag.eq_ignore_ascii_case(name));
        self.tags.iter().all(has) && (self.wildcard || self.tags.len() == tags.len())
    }
}

fn read_target(text: &str) -> Result<Target, String> {
    let unquoted = |name: &str| Target::File(name.trim_matches('"').to_owned());
    match text.split_once('=') {
        None if text.is_empty() || text == "stdout" => Ok(Target::Output),
        None if text == "stderr" => Ok(Target::Error),
        None => Ok(unquoted(text)),
        Some(("file", name)) => Ok(unquoted(name)),
        Some((kind, _)) => Err(format!("Unsupported log output type: {kind}={}", &text[kind.len() + 1..])),
    }
}

fn read_decorators(text: &str) -> Result<Vec<Decorator>, String> {
    if text.is_empty() {
        return Ok(vec![Decorator::Uptime, Decorator::Level, Decorator::Tags]);
    }
    if text == "none" {
        return Ok(Vec::new());
    }
    let mut decorators = Vec::new();
    for word in text.split(',') {
        let named = |(_, name, short): &&(Decorator, &str, &str)| {
            word.eq_ignore_ascii_case(name) || word.eq_ignore_ascii_case(short)
        };
        match Decorator::NAMES.iter().find(named) {
            Some((decorator, _, _)) => decorators.push(*decorator),
            None => return Err(format!("Invalid decorator '{word}'.")),
        }
    }
    decorators.sort_unstable();
    decorators.dedup();
    Ok(decorators)
}

/// Options of files. Files are not rotated, so sizes and counts are read and left at that.
fn read_options(text: &str, target: &Target) -> Result<(), String> {
    let known: &[&str] = match target {
        Target::File(_) => &["filesize", "filecount", "foldmultilines"],
        Target::Output | Target::Error => &["foldmultilines"],
    };
    for option in text.split(',').filter(|option| !option.is_empty()) {
        let name = option.split_once('=').map_or(option, |(name, _)| name);
        if !known.contains(&name) {
            return Err(format!("Invalid option '{name}' for log output."));
        }
    }
    Ok(())
}

/// `-verbose:gc` and its like: information about one set on standard output.
pub(super) fn verbose(config: &mut LogConfig, set: TagSet) {
    if let Some(output) = config.outputs.first_mut() {
        output.levels[set as usize] = Level::Info;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(texts: &[&str]) -> LogConfig {
        let mut config = LogConfig::default();
        for text in texts {
            apply(&mut config, text).unwrap();
        }
        config
    }

    fn levels(config: &LogConfig, at: usize) -> Vec<(TagSet, Level)> {
        TAG_SETS.iter().map(|(set, _)| (*set, config.outputs[at].levels[*set as usize])).collect()
    }

    #[test]
    fn selections() {
        let gc = read(&["gc"]);
        assert_eq!(gc.outputs[0].levels[TagSet::Gc as usize], Level::Info);
        assert_eq!(gc.outputs[0].levels[TagSet::GcHeap as usize], Level::Warning);
        let more = read(&["gc*=debug,gc+heap=off,safepoint"]);
        for (set, level) in levels(&more, 0) {
            let expect = match set {
                TagSet::Gc | TagSet::GcMetaspace | TagSet::GcRef | TagSet::GcInit => Level::Debug,
                TagSet::GcHeap => Level::Off,
                TagSet::Safepoint => Level::Info,
                TagSet::ClassLoad
                | TagSet::ClassUnload
                | TagSet::JitCompilation
                | TagSet::JitCode
                | TagSet::PerfClassLink
                | TagSet::Sandbox => Level::Warning,
            };
            assert_eq!(level, expect, "{set:?}");
        }
        assert!(levels(&read(&[""]), 0).iter().all(|(_, level)| *level == Level::Info));
        assert!(levels(&read(&["all=trace"]), 0).iter().all(|(_, level)| *level == Level::Trace));
        assert!(levels(&read(&["gc", "disable"]), 0).iter().all(|(_, level)| *level == Level::Off));
        // Tags may stand in any order, and a later option changes only what it names.
        let twice = read(&["heap+gc=trace", "safepoint"]);
        assert_eq!(twice.outputs[0].levels[TagSet::GcHeap as usize], Level::Trace);
        assert_eq!(twice.outputs[0].levels[TagSet::Safepoint as usize], Level::Info);
        assert!(twice.warnings.is_empty());
    }

    #[test]
    fn outputs_and_decorators() {
        let config =
            read(&["gc:stderr:tags,u,level,uptime", "gc:file=\"a:b\":none:filecount=2", "safepoint:c.txt"]);
        let targets: Vec<&Target> = config.outputs.iter().map(|output| &output.target).collect();
        let file = |name: &str| Target::File(name.to_owned());
        assert_eq!(targets, [&Target::Output, &Target::Error, &file("a:b"), &file("c.txt")]);
        assert_eq!(config.outputs[1].decorators, [Decorator::Uptime, Decorator::Level, Decorator::Tags]);
        assert!(config.outputs[2].decorators.is_empty());
        assert_eq!(config.outputs[3].levels[TagSet::Gc as usize], Level::Off);
    }

    #[test]
    fn what_is_wrong_is_said_in_the_reference_machine_s_words() {
        for (text, expect) in [
            ("foo", "Invalid tag 'foo' in log selection."),
            ("gc+foo", "Invalid tag 'foo' in log selection."),
            ("gc=loud", "Invalid level 'loud' in log selection."),
            ("gc,safepoint=foo", "Invalid level 'foo' in log selection."),
            ("gc:stderr:up", "Invalid decorator 'up'."),
        ] {
            assert_eq!(apply(&mut LogConfig::default(), text), Err(expect.to_owned()), "{text}");
        }
        assert_eq!(read(&["gc+age"]).warnings, ["No tag set matches selection: gc+age."]);
    }
}

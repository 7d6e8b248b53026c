//! The `-XX:` flags: `+Name`, `-Name` or `Name=value`, each with its kind and effect in one table.
//!
//! A flag that HotSpot has but carafe does not know is refused like a misspelt one, as `java` refuses what it does not
//! know. The rows without effect are those that scripts commonly pass to choose or size something carafe does not have
//! (another collector, a code cache); they are checked for form only.

use std::time::Duration;

use super::VmOptions;
use super::vm::Properties;

struct Flag {
    name: &'static str,
    kind: Kind,
}

enum Kind {
    Switch(fn(&mut VmOptions, bool)),
    /// Bytes with an optional unit.
    Size(fn(&mut VmOptions, &mut Properties, u64)),
    Number(fn(&mut VmOptions, u64)),
    Percent(fn(&mut VmOptions, f64)),
    /// A number with a fraction that is not negative.
    Factor(fn(&mut VmOptions, f64)),
    /// A heap size, whose errors name the size and not the flag.
    Heap(&'static str, fn(&mut VmOptions, u64)),
    Text(fn(&mut VmOptions, &str)),
}

use Kind::{Factor, Heap, Number, Percent, Size, Switch, Text};

const FLAGS: &[Flag] = &[
    // What carafe does.
    Flag { name: "MaxHeapSize", kind: Heap("maximum", |vm, bytes| vm.heap_bytes_max = Some(bytes)) },
    Flag { name: "InitialHeapSize", kind: Heap("initial", |vm, bytes| vm.heap_bytes_initial = Some(bytes)) },
    Flag { name: "MaxRAMPercentage", kind: Percent(|vm, share| vm.heap_percent_max = Some(share)) },
    Flag {
        name: "ThreadStackSize",
        kind: Number(|vm, kib| vm.stack_bytes = kib.checked_mul(1024).filter(|n| *n > 0)),
    },
    Flag {
        name: "ActiveProcessorCount",
        kind: Number(|vm, n| vm.processors = u32::try_from(n).ok().filter(|n| *n > 0)),
    },
    Flag {
        name: "MaxDirectMemorySize",
        kind: Size(|_, properties, bytes| properties.set("sun.nio.MaxDirectMemorySize", &bytes.to_string())),
    },
    Flag { name: "UseGCOverheadLimit", kind: Switch(|vm, on| vm.overhead_limit_off = !on) },
    Flag { name: "DisableExplicitGC", kind: Switch(|vm, on| vm.explicit_gc_off = on) },
    Flag {
        name: "GCStressStride",
        kind: Number(|vm, n| vm.stress_stride = u32::try_from(n).ok().filter(|n| *n > 0)),
    },
    Flag { name: "GCStressRegionBytes", kind: Size(|vm, _, bytes| vm.region_fill_bytes = bytes) },
    Flag {
        name: "SafepointDelays",
        kind: Number(|vm, seed| vm.safepoint_delays = Some(seed).filter(|n| *n > 0)),
    },
    Flag { name: "GCStressBoot", kind: Switch(|vm, on| vm.stress_boot = on) },
    Flag { name: "VerifyHeap", kind: Switch(|vm, on| vm.verify_heap = on) },
    Flag {
        name: "VerifyHeapInterval",
        kind: Number(|vm, n| vm.verify_heap_every = u32::try_from(n).unwrap_or(u32::MAX)),
    },
    Flag { name: "MaxGCPauseMillis", kind: Number(|vm, n| vm.pause_millis = Some(n.clamp(1, 10_000))) },
    Flag { name: "NewSize", kind: Size(|vm, _, bytes| vm.eden_bytes = Some(bytes).filter(|n| *n > 0)) },
    Flag {
        name: "MaxMetaspaceSize",
        kind: Size(|vm, _, bytes| vm.metaspace_bytes_max = Some(bytes).filter(|n| *n > 0)),
    },
    Flag {
        name: "MetaspaceSize",
        kind: Size(|vm, _, bytes| vm.metaspace_bytes_first = Some(bytes).filter(|n| *n > 0)),
    },
    Flag { name: "ParallelGCThreads", kind: Number(|vm, n| vm.gc_threads = usize::try_from(n).ok()) },
    Flag { name: "CheckInterpreter", kind: Switch(|vm, on| vm.checks = Some(on)) },
    Flag { name: "MaxSteps", kind: Number(|vm, n| vm.steps_max = Some(n).filter(|n| *n > 0)) },
    Flag { name: "BytecodeVerificationLocal", kind: Switch(|vm, on| vm.verify_all = on) },
    Flag { name: "HeapDumpOnOutOfMemoryError", kind: Switch(|vm, on| vm.heap_dump = on) },
    Flag { name: "HeapDumpPath", kind: Text(|vm, path| vm.heap_dump_path = path.to_owned()) },
    Flag { name: "PrintClassHistogram", kind: Switch(|vm, on| vm.class_histogram = on) },
    Flag { name: "TieredStopAtLevel", kind: Number(|vm, n| vm.tier_max = Some(n)) },
    Flag {
        name: "CompileThreshold",
        kind: Number(|vm, n| vm.compile_calls = Some(u32::try_from(n).unwrap_or(u32::MAX))),
    },
    Flag { name: "CompileThresholdScaling", kind: Factor(|vm, factor| vm.compile_scaling = Some(factor)) },
    Flag { name: "CompileOnly", kind: Text(|vm, names| vm.compile_only.extend(parts(names))) },
    Flag { name: "CompileExclude", kind: Text(|vm, names| vm.compile_exclude.extend(parts(names))) },
    Flag { name: "CompileCommand", kind: Text(compile_command) },
    Flag { name: "BackgroundCompilation", kind: Switch(|vm, on| vm.compile_background = Some(on)) },
    Flag { name: "ReservedCodeCacheSize", kind: Size(|vm, _, bytes| vm.code_bytes = Some(bytes)) },
    Flag { name: "TieredCompilation", kind: Switch(|_, _| {}) },
    Flag { name: "PerfMap", kind: Switch(|vm, on| vm.perf_map = on) },
    Flag { name: "PerfJitDump", kind: Switch(|vm, on| vm.perf_dump = on) },
    Flag { name: "StressDeopt", kind: Number(|vm, seed| vm.stress_deopt = Some(seed).filter(|n| *n > 0)) },
    Flag { name: "StatisticsFile", kind: Text(|vm, path| vm.statistics_file = Some(path.into())) },
    // Without effect.
    Flag { name: "AlwaysPreTouch", kind: Switch(|_, _| {}) },
    Flag { name: "BytecodeVerificationRemote", kind: Switch(|_, _| {}) },
    Flag { name: "ConcGCThreads", kind: Number(|_, _| {}) },
    Flag { name: "CreateCoredumpOnCrash", kind: Switch(|_, _| {}) },
    Flag { name: "CrashOnOutOfMemoryError", kind: Switch(|_, _| {}) },
    Flag { name: "ErrorFile", kind: Text(|_, _| {}) },
    Flag { name: "ExitOnOutOfMemoryError", kind: Switch(|_, _| {}) },
    Flag { name: "G1HeapRegionSize", kind: Size(|_, _, _| {}) },
    Flag { name: "IgnoreUnrecognizedVMOptions", kind: Switch(|_, _| {}) },
    Flag { name: "InitialRAMPercentage", kind: Percent(|_, _| {}) },
    Flag { name: "InitiatingHeapOccupancyPercent", kind: Number(|_, _| {}) },
    Flag { name: "MinRAMPercentage", kind: Percent(|_, _| {}) },
    Flag { name: "NewRatio", kind: Number(|_, _| {}) },
    Flag { name: "MaxNewSize", kind: Size(|_, _, _| {}) },
    Flag { name: "OmitStackTraceInFastThrow", kind: Switch(|_, _| {}) },
    Flag { name: "PerfDisableSharedMem", kind: Switch(|_, _| {}) },
    Flag { name: "SharedArchiveFile", kind: Text(|_, _| {}) },
    Flag { name: "ShowCodeDetailsInExceptionMessages", kind: Switch(|_, _| {}) },
    Flag { name: "SoftRefLRUPolicyMSPerMB", kind: Number(|_, _| {}) },
    Flag { name: "SurvivorRatio", kind: Number(|_, _| {}) },
    Flag { name: "UnlockDiagnosticVMOptions", kind: Switch(|_, _| {}) },
    Flag { name: "UnlockExperimentalVMOptions", kind: Switch(|_, _| {}) },
    Flag { name: "UseCompactObjectHeaders", kind: Switch(|_, _| {}) },
    Flag { name: "UseCompressedClassPointers", kind: Switch(|_, _| {}) },
    Flag { name: "UseCompressedOops", kind: Switch(|_, _| {}) },
    Flag { name: "UseContainerSupport", kind: Switch(|_, _| {}) },
    Flag { name: "UseG1GC", kind: Switch(|_, _| {}) },
    Flag { name: "UseNUMA", kind: Switch(|_, _| {}) },
    Flag { name: "UseParallelGC", kind: Switch(|_, _| {}) },
    Flag { name: "UsePerfData", kind: Switch(|_, _| {}) },
    Flag { name: "UseSerialGC", kind: Switch(|_, _| {}) },
    Flag { name: "UseShenandoahGC", kind: Switch(|_, _| {}) },
    Flag { name: "UseStringDeduplication", kind: Switch(|_, _| {}) },
    Flag { name: "UseZGC", kind: Switch(|_, _| {}) },
    Flag { name: "VMContinuations", kind: Switch(|vm, on| vm.continuations = Some(on)) },
];

fn parts(names: &str) -> Vec<String> {
    names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// `exclude,Class.method` and `compileonly,Class.method`; several are parted by line ends or come in several flags. Commands for
/// what carafe does not have (`inline`, `print`) are passed over.
fn compile_command(vm: &mut VmOptions, commands: &str) {
    for command in commands.lines() {
        let Some((name, pattern)) = command.trim().split_once([',', ' ']) else { continue };
        let list = match name.trim().to_ascii_lowercase().as_str() {
            "exclude" => &mut vm.compile_exclude,
            "compileonly" => &mut vm.compile_only,
            _ => continue,
        };
        list.push(pattern.trim().to_owned());
    }
}

/// Why a flag was not accepted.
#[derive(Debug, PartialEq)]
pub(super) enum FlagError {
    /// No such flag: an error that `-XX:+IgnoreUnrecognizedVMOptions` silences.
    Unknown(String),
    Malformed(String),
}

/// Applies what follows `-XX:`.
pub(super) fn apply(text: &str, vm: &mut VmOptions, properties: &mut Properties) -> Result<(), FlagError> {
    let (setting, rest) = match text.as_bytes().first() {
        Some(b'+') => (Some(true), &text[1..]),
        Some(b'-') => (Some(false), &text[1..]),
        _ => (None, text),
    };
    let (name, value) = rest.split_once('=').map_or((rest, None), |(name, value)| (name, Some(value)));
    let Some(flag) = FLAGS.iter().find(|flag| flag.name == name) else {
        return Err(FlagError::Unknown(format!("Unrecognized VM option '{rest}'")));
    };
    let malformed = |problem: &str| Err(FlagError::Malformed(format!("{problem} VM option '{rest}'")));
    match (&flag.kind, setting, value) {
        (Switch(effect), Some(on), None) => effect(vm, on),
        (Switch(_), None, _) => return malformed("Missing +/- setting for"),
        (_, Some(_), _) if !matches!(flag.kind, Switch(_)) => return malformed("Unexpected +/- setting in"),
        (Size(effect), None, Some(value)) => match size(value) {
            Some(bytes) => effect(vm, properties, bytes),
            None => return malformed("Improperly specified"),
        },
        (Number(effect), None, Some(value)) => match size(value) {
            Some(number) => effect(vm, number),
            None => return malformed("Improperly specified"),
        },
        (Percent(effect), None, Some(value)) => match value.parse::<f64>() {
            Ok(share) if (0.0..=100.0).contains(&share) => effect(vm, share),
            _ => return malformed("Improperly specified"),
        },
        (Factor(effect), None, Some(value)) => match value.parse::<f64>() {
            Ok(factor) if factor.is_finite() && factor >= 0.0 => effect(vm, factor),
            _ => return malformed("Improperly specified"),
        },
        (Heap(which, effect), None, Some(value)) => match size(value) {
            Some(bytes) if bytes > 0 || *which == "initial" => effect(vm, bytes),
            _ => return Err(FlagError::Malformed(format!("Invalid {which} heap size: -XX:{rest}"))),
        },
        (Text(effect), None, Some(value)) => effect(vm, value),
        (Switch(_) | Size(_) | Number(_) | Percent(_) | Factor(_) | Heap(..) | Text(_), _, _) => {
            return malformed("Improperly specified");
        }
    }
    Ok(())
}

/// A time with its unit, seconds without one.
pub(super) fn time(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = number.parse().ok()?;
    let seconds = |factor: u64| number.checked_mul(factor).map(Duration::from_secs);
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "" | "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(3600),
        _ => None,
    }
}

/// A size as `java` writes it: a decimal or 0x number, then at most one of k, m, g, t.
pub(super) fn size(text: &str) -> Option<u64> {
    let (digits, shift) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 10),
        b'm' | b'M' => (&text[..text.len() - 1], 20),
        b'g' | b'G' => (&text[..text.len() - 1], 30),
        b't' | b'T' => (&text[..text.len() - 1], 40),
        _ => (text, 0),
    };
    let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u64::from_str_radix(hex, 16).ok()?,
        Some(_) => return None,
        // parse() alone would take a sign.
        None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
        None => return None,
    };
    number.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("0", 0),
            ("17", 17),
            ("2k", 2048),
            ("3M", 3 << 20),
            ("4g", 4 << 30),
            ("1T", 1 << 40),
            ("0x1f", 31),
            ("0x2k", 2048),
        ] {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        for text in [
            "",
            "k",
            "0x",
            "1q",
            "1mm",
            "-1",
            "+1",
            "1 k",
            "100m1",
            "99999999999999999999",
            "99999999999t",
            "é",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_unique() {
        for (index, flag) in FLAGS.iter().enumerate() {
            assert!(FLAGS[index + 1..].iter().all(|other| other.name != flag.name), "{} twice", flag.name);
        }
    }

    #[track_caller]
    fn check_error(text: &str, expect: FlagError) {
        assert_eq!(apply(text, &mut VmOptions::default(), &mut Properties::default()), Err(expect));
    }

    #[test]
    fn malformed_flags() {
        let malformed = |text: &str| FlagError::Malformed(text.into());
        check_error("", FlagError::Unknown("Unrecognized VM option ''".into()));
        check_error("Foo", FlagError::Unknown("Unrecognized VM option 'Foo'".into()));
        check_error("+Foo", FlagError::Unknown("Unrecognized VM option 'Foo'".into()));
        check_error("Foo=1", FlagError::Unknown("Unrecognized VM option 'Foo=1'".into()));
        check_error("useg1gc", FlagError::Unknown("Unrecognized VM option 'useg1gc'".into()));
        check_error("UseG1GC", malformed("Missing +/- setting for VM option 'UseG1GC'"));
        check_error("+UseG1GC=1", malformed("Improperly specified VM option 'UseG1GC=1'"));
        check_error("+MaxHeapSize", malformed("Unexpected +/- setting in VM option 'MaxHeapSize'"));
        check_error("MaxHeapSize", malformed("Improperly specified VM option 'MaxHeapSize'"));
        check_error("MaxHeapSize=abc", malformed("Invalid maximum heap size: -XX:MaxHeapSize=abc"));
        check_error("NewRatio=-1", malformed("Improperly specified VM option 'NewRatio=-1'"));
        check_error(
            "MaxRAMPercentage=500",
            malformed("Improperly specified VM option 'MaxRAMPercentage=500'"),
        );
        check_error(
            "MaxRAMPercentage=NaN",
            malformed("Improperly specified VM option 'MaxRAMPercentage=NaN'"),
        );
    }
}

//! The subcommands: `carafe verify` and `carafe dis`, which look at class files and run nothing; `carafe compile`, which tries
//! the compiler on the JDK's methods (for those who work on it: it is not in the help); and the way to `carafe bench`.
//!
//! A word is a subcommand only as the very first one and in exactly this spelling; so a class of that name still runs,
//! as in `carafe -cp . verify`. Their options are read by clap, unlike those of the launcher, which follow `java`'s rules.
//!
//! Exit codes: 0 fine, 1 something is wrong with a class, 2 the command line or a file cannot be used.

mod compile;
mod dis;
mod verify;

use std::ffi::{OsStr, OsString};
use std::io;
use std::sync::Arc;

use carafe_classloader::link::LinkError;
use carafe_classloader::source::JImage;
use clap::{Parser, Subcommand};

use carafe::jdk::Search;

use super::bench;

#[derive(Parser)]
#[command(name = "carafe", disable_help_subcommand = true)]
struct Tools {
    #[command(subcommand)]
    tool: Tool,
}

#[derive(Subcommand)]
enum Tool {
    Verify(verify::Options),
    Dis(dis::Options),
    Compile(compile::Options),
}

/// Runs the subcommand that a command line (the program's name included) begins with; `None` if it begins with none.
pub(super) fn run(words: impl Iterator<Item = OsString>) -> Option<i32> {
    let words: Vec<OsString> = words.collect();
    let first = words.get(1).and_then(|word| word.to_str())?;
    if first == "bench" {
        return Some(bench::run(&words[2..]));
    }
    if !matches!(first, "verify" | "dis" | "compile") {
        return None;
    }
    let words = words.into_iter().map(|word| match word.to_str() {
        // As `java` spells it.
        Some("-cp" | "-classpath") => OsString::from("--class-path"),
        _ => word,
    });
    let outcome = match Tools::try_parse_from(words) {
        Ok(Tools { tool: Tool::Verify(options) }) => verify::run(&options),
        Ok(Tools { tool: Tool::Dis(options) }) => dis::run(&options),
        Ok(Tools { tool: Tool::Compile(options) }) => compile::run(options),
        Err(error) => {
            let _ = error.print();
            return Some(error.exit_code());
        }
    };
    Some(outcome.unwrap_or_else(|error| {
        // Whoever reads the output may have seen enough.
        let closed = error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe);
        if !closed {
            eprintln!("carafe: {error:#}");
        }
        2
    }))
}

/// The image of the JDK that carafe would run on.
fn image() -> anyhow::Result<Arc<JImage>> {
    let jdk = Search::of_process().find().map_err(|error| {
        let text = error.to_string();
        anyhow::anyhow!("{}", text.strip_prefix("carafe: ").unwrap_or(&text))
    })?;
    Ok(Arc::new(JImage::open(&jdk.home.join("lib").join("modules"))?))
}

/// An error as a stack trace would begin.
fn as_java(error: &LinkError) -> String {
    format!("{}: {}", error.kind.class_name().replace('/', "."), error.message)
}

/// The parts of a path list, empty ones left out; `DIR/*` stands for the jars in a folder.
fn path_list(list: &OsStr) -> Vec<std::path::PathBuf> {
    let mut paths = Vec::new();
    for part in std::env::split_paths(list).filter(|part| !part.as_os_str().is_empty()) {
        if part.file_name() != Some(OsStr::new("*")) {
            paths.push(part);
            continue;
        }
        let folder = part.parent().unwrap_or(&part);
        let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(|file| file.ok());
        let is_jar = |path: &std::path::PathBuf| {
            path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("jar"))
        };
        let mut jars: Vec<_> = files.map(|file| file.path()).filter(is_jar).collect();
        jars.sort_unstable();
        paths.extend(jars);
    }
    paths
}

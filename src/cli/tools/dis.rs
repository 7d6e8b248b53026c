//! `carafe dis`: a class file as text, whatever state it is in.
//!
//! The listing is written while the file is read, so of a damaged file everything before the damage is shown; an attribute
//! whose contents make no sense is shown in hexadecimal, and reading goes on behind it. What is wrong is said on standard
//! error at the end, in the words of the class loader if the format checks refuse the file, and the exit code is 1.
//!
//! Invariants: output is linear in the file's size, because constants' texts are cut where they are used; nothing that a class file contains reaches the terminal as a control character.
//!
//! | part | file |
//! |---|---|
//! | taking numbers off bytes, writing lines | `input` |
//! | header, constant pool, fields and methods | `class` |
//! | attributes | `attributes`, `annotations` |
//! | code with its frames, lines and handlers | `code`, `frames` |
//!
//! Deliberately absent: verification, resolution, generic signatures as source would write them.

mod annotations;
mod attributes;
mod class;
mod code;
mod frames;
mod input;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use carafe_classloader::classfile::{ClassFile, ReadOptions};
use carafe_classloader::link::LinkError;
use carafe_classloader::source::{ClassSource, Jar};
use clap::Args;

/// Print a class file as text
///
/// Shows header, constant pool, fields, methods with their code, frames, handlers and lines, and all attributes. A damaged
/// file is shown as far as it goes. Exit code: 0, 1 if the format checks refuse the file, 2 if it cannot be read.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// A class file, or a jar that `--class` names a class of
    #[arg(value_name = "FILE", required_unless_present = "jdk")]
    file: Option<PathBuf>,
    /// The class in the jar or in the JDK image, as in java.lang.String
    #[arg(short, long, value_name = "NAME", required_if_eq("jdk", "true"))]
    class: Option<String>,
    /// Look for the class in the JDK image
    #[arg(long, conflicts_with = "file")]
    jdk: bool,
    /// Leave out the constant pool
    #[arg(long)]
    no_pool: bool,
}

/// The whole command; the exit code.
pub(super) fn run(options: &Options) -> anyhow::Result<i32> {
    let (label, bytes) = find(options)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let listed = class::list(&label, &bytes, !options.no_pool, &mut out)?;
    out.flush()?;
    let rules = ReadOptions { name: None, check: true, preview: true, module: true };
    let wrong = match ClassFile::read_with(&bytes, rules) {
        Err(error) => Some(super::as_java(&LinkError::from(error))),
        Ok(_) => listed,
    };
    if let Some(wrong) = wrong {
        eprintln!("carafe: {label}: {wrong}");
        return Ok(1);
    }
    Ok(0)
}

/// What to show, and what it is called.
fn find(options: &Options) -> anyhow::Result<(String, Vec<u8>)> {
    let internal = |name: &str| name.strip_suffix(".class").unwrap_or(name).replace('.', "/");
    let Some(file) = &options.file else {
        let image = super::image()?;
        let name = internal(options.class.as_deref().unwrap_or_default());
        let bytes = image.class_bytes(&name)?.with_context(|| format!("no class {name} in the JDK image"))?;
        return Ok((name, bytes.into_owned()));
    };
    let label = file.display().to_string();
    match &options.class {
        None => Ok((label, std::fs::read(file).with_context(|| file.display().to_string())?)),
        Some(name) => {
            let name = internal(name);
            let bytes = in_jar(file, &name)?.with_context(|| format!("no class {name} in {label}"))?;
            Ok((format!("{label}!{name}"), bytes))
        }
    }
}

/// A class of a jar, by its name or its path in the jar.
fn in_jar(path: &Path, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let jar = Jar::open(path)?;
    for root in ["", "classes/", "WEB-INF/classes/", "BOOT-INF/classes/"] {
        if let Some(bytes) = jar.read(&format!("{root}{name}.class"))? {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use carafe_classloader::source::JImage;

    use super::class;
    use carafe::jdk::Search;

    /// Listings of mutilated library classes end, and are not much longer than those of the classes themselves.
    #[test]
    fn any_bytes_can_be_listed() {
        let jdk = Search::of_process().find().expect("a JDK 25 is needed; set JAVA_HOME");
        let image = JImage::open(&jdk.home.join("lib/modules")).unwrap();
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % below.max(1) as u64) as usize
        };
        let (mut listed, mut damaged) = (0, 0);
        let entries = image
            .entries()
            .map(Result::unwrap)
            .filter(|entry| entry.is_class() && entry.module == "java.base");
        for entry in entries.step_by(40) {
            let original = entry.content().unwrap().into_owned();
            let mut whole = Vec::new();
            assert_eq!(
                class::list("original", &original, true, &mut whole).unwrap(),
                None,
                "{}",
                entry.path()
            );
            for _ in 0..20 {
                let mut bytes = original.clone();
                for _ in 0..=random(4) {
                    let at = random(bytes.len());
                    bytes[at] = if random(2) == 0 { random(256) as u8 } else { bytes[at] ^ (1 << random(8)) };
                }
                if random(4) == 0 {
                    bytes.truncate(random(bytes.len()));
                }
                let mut out = Vec::new();
                damaged += usize::from(class::list("mutant", &bytes, true, &mut out).unwrap().is_some());
                listed += 1;
                // Bytes become at most some five characters; constants are cut where they are used.
                assert!(
                    out.len() < 4 * whole.len() + 600 * bytes.len(),
                    "{} from {}",
                    out.len(),
                    bytes.len()
                );
            }
        }
        assert!(listed > 2000 && damaged > listed / 4, "{damaged} of {listed} were damaged");
    }
}

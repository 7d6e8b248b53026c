//! `--audit`, `--learn` and `--prompt`: who hears of what the program asks for.
//!
//! Invariant: files are opened by whoever starts carafe, before the program runs; what it is granted has no say in them. A
//! policy that was learned is written however the program ends. Deliberately not here: what the lines say
//! (`carafe_stdlib::gate`).

use std::fs::{File, OpenOptions};
use std::io::{Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::Context;
use carafe::{Audit, Lesson, Oversight, Prompt};

use super::options::Watching;

/// What records call the one isolate of the process.
const ISOLATE: &str = "main";

/// A policy in the making; nothing if none was asked for.
#[derive(Clone, Default)]
pub(super) struct Learning(Option<Arc<Notebook>>);

struct Notebook {
    lesson: Arc<Lesson>,
    path: PathBuf,
    file: Mutex<File>,
}

pub(super) fn begin(watching: &Watching, own: Vec<PathBuf>) -> anyhow::Result<(Oversight, Learning)> {
    let mut oversight = Oversight::default();
    if let Some(path) = &watching.audit {
        // What earlier runs have left stays.
        let file = open(path, OpenOptions::new().append(true))?;
        oversight.audit = Some(Audit::new(ISOLATE, Box::new(file)));
    }
    let mut learning = Learning::default();
    if let Some(path) = &watching.learn {
        let file = Mutex::new(open(path, OpenOptions::new().write(true))?);
        let lesson = Arc::new(Lesson::new(own));
        oversight.lesson = Some(lesson.clone());
        learning.0 = Some(Arc::new(Notebook { lesson, path: path.clone(), file }));
    }
    if watching.prompt {
        oversight.prompt = Prompt::of_terminal();
    }
    Ok((oversight, learning))
}

fn open(path: &Path, options: &mut OpenOptions) -> anyhow::Result<File> {
    // What a program asks for tells a lot about its user.
    let opened = options.create(true).mode(0o600).open(path);
    opened.with_context(|| format!("cannot write to {}", path.display()))
}

impl Learning {
    /// The program is over: what it needed so far is the policy.
    pub(super) fn end(&self) {
        let Some(Notebook { lesson, path, file }) = self.0.as_deref() else { return };
        let Ok(mut file) = file.lock() else { return };
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(lesson.policy().as_bytes())
        };
        if let Err(error) = write(&mut file) {
            eprintln!("carafe: cannot write to {}: {error}", path.display());
        }
    }
}

//! `carafe verify`: a verdict on every class of some class files, folders, jars, or of the JDK itself.
//!
//! Standard output has a paragraph for each class that was not accepted, and a summary as its last line. Nothing of what
//! is verified ever runs, static initializers included.
//!
//! Deliberately absent: the verifier (`carafe_classloader::verify`) and the loading of classes (`..::offline`).

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::Instant;

use carafe_classloader::offline::{Offline, STACK_BYTES, Verdict};
use clap::Args;

/// What the metadata of all classes may take.
const METASPACE_BYTES: u64 = 2 << 30;

/// Verify class files without running them
///
/// Loads, verifies and links each class as a class loader would, and tells which are refused and why. Exit code: 0 if all
/// classes were accepted, 1 if not, 2 if the command line or a file cannot be used.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// Class files, folders (with all class files and jars below), jars, wars and jmods
    #[arg(value_name = "INPUT", required_unless_present_any = ["jdk", "module"])]
    inputs: Vec<PathBuf>,
    /// Folders and jars that the inputs depend on; they are not verified themselves (`-cp` will do, too)
    #[arg(long, visible_alias = "classpath", value_name = "PATHS")]
    class_path: Vec<OsString>,
    /// Let the inputs see a package of the JDK that its module does not export
    #[arg(long, value_name = "MODULE/PACKAGE")]
    add_exports: Vec<String>,
    /// Verify all classes of the JDK image
    #[arg(long)]
    jdk: bool,
    /// Verify the classes of a module of the JDK image
    #[arg(long, value_name = "NAME")]
    module: Vec<String>,
    /// Missing dependencies are no reason for exit code 1
    #[arg(long)]
    ignore_missing: bool,
    /// Accept class files that use preview features
    #[arg(long)]
    enable_preview: bool,
    /// Print the summary only
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Print a line for each accepted class too
    #[arg(short, long)]
    verbose: bool,
}

/// The whole command; the exit code.
pub(super) fn run(options: &Options) -> anyhow::Result<i32> {
    // Superclasses are loaded recursively: a thread with room for that.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("verify".to_owned()).stack_size(STACK_BYTES);
        let verdict = thread.spawn_scoped(scope, || verify(options))?.join();
        verdict.unwrap_or_else(|_| Err(anyhow::anyhow!("internal error")))
    })
}

fn verify(options: &Options) -> anyhow::Result<i32> {
    let start = Instant::now();
    let mut offline = Offline::new(super::image()?, METASPACE_BYTES)?;
    if options.enable_preview {
        offline.accept_preview();
    }
    for export in &options.add_exports {
        // As `java` spells it, with the only target that there is.
        let (export, _) = export.split_once('=').unwrap_or((export, ""));
        let Some((module, package)) = export.split_once('/') else {
            anyhow::bail!("--add-exports {export}: expected MODULE/PACKAGE");
        };
        offline
            .add_exports(module, package)
            .map_err(|error| anyhow::anyhow!("--add-exports: {}", error.message))?;
    }
    for input in &options.inputs {
        offline.add_input(input)?;
    }
    for path in options.class_path.iter().flat_map(|list| super::path_list(list)) {
        // As `java`: an entry that is not there is passed by.
        if path.exists() {
            offline.add_dependency(&path)?;
        }
    }
    let mut report = Report { out: BufWriter::new(io::stdout().lock()), options, counts: Counts::default() };
    let modules: Vec<String> = match options.jdk {
        true => offline.modules().map(str::to_owned).collect(),
        false => options.module.clone(),
    };
    if let Some(unknown) = modules.iter().find(|name| !offline.modules().any(|known| known == *name)) {
        anyhow::bail!("no module {unknown} in the JDK image");
    }
    if !modules.is_empty() {
        offline.verify_image();
    }
    for module in &modules {
        for name in offline.classes_of(module).to_vec() {
            let verdict = offline.verify_boot(&name);
            report.add(|| format!("jrt:/{module}/{name}.class"), &verdict)?;
        }
    }
    for input in offline.inputs() {
        let verdict = offline.verify(input);
        report.add(|| offline.label(input), &verdict)?;
    }
    report.finish(start)
}

#[derive(Default)]
struct Counts {
    accepted: usize,
    refused: usize,
    missing: usize,
    duplicates: usize,
}

struct Report<'a, W: Write> {
    out: W,
    options: &'a Options,
    counts: Counts,
}

impl<W: Write> Report<'_, W> {
    fn add(&mut self, label: impl Fn() -> String, verdict: &Verdict) -> io::Result<()> {
        let (count, text) = match verdict {
            Verdict::Accepted => {
                self.counts.accepted += 1;
                if self.options.verbose {
                    writeln!(self.out, "{}: accepted", label())?;
                }
                return Ok(());
            }
            Verdict::Duplicate => {
                self.counts.duplicates += 1;
                if self.options.verbose {
                    writeln!(self.out, "{}: the same as an earlier one", label())?;
                }
                return Ok(());
            }
            Verdict::Refused(error) => (&mut self.counts.refused, super::as_java(error)),
            Verdict::SupertypeRefused { supertype, error } => {
                let first = super::as_java(error);
                let first = first.lines().next().unwrap_or_default();
                (&mut self.counts.refused, format!("its supertype {supertype} is refused: {first}"))
            }
            Verdict::Missing(name) => {
                (&mut self.counts.missing, format!("java.lang.NoClassDefFoundError: {name}"))
            }
            Verdict::Unreadable(why) => (&mut self.counts.refused, why.clone()),
        };
        *count += 1;
        if self.options.quiet {
            return Ok(());
        }
        writeln!(self.out, "{}: {text}", label())
    }

    fn finish(mut self, start: Instant) -> anyhow::Result<i32> {
        let Counts { accepted, refused, missing, duplicates } = self.counts;
        let all = accepted + refused + missing;
        let seconds = start.elapsed().as_secs_f64();
        write!(
            self.out,
            "{all} classes: {accepted} accepted, {refused} refused, {missing} with missing dependencies"
        )?;
        if duplicates > 0 {
            write!(self.out, " ({duplicates} duplicates left out)")?;
        }
        writeln!(self.out, ", in {seconds:.2} s")?;
        self.out.flush()?;
        if all == 0 && duplicates == 0 {
            anyhow::bail!("there are no classes");
        }
        Ok(i32::from(refused > 0 || missing > 0 && !self.options.ignore_missing))
    }
}

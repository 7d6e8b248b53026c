//! The machines that are compared, as command lines: tiers of carafe, and java.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::options::Options;

/// The class that calls the program, as the compiler made it from the source beside it.
pub(super) const HARNESS: &[u8] = include_bytes!("CarafeBench.bin");
pub(super) const HARNESS_NAME: &str = "CarafeBench";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    Interp,
    Baseline,
    Comp,
    Default,
}

impl Tier {
    const NAMES: [(&'static str, Tier, &'static [&'static str]); 4] = [
        ("interp", Tier::Interp, &["-Xint"]),
        ("baseline", Tier::Baseline, &["-XX:TieredStopAtLevel=1"]),
        ("comp", Tier::Comp, &["-Xcomp"]),
        ("default", Tier::Default, &[]),
    ];

    pub(super) fn from_name(name: &str) -> Result<Tier, String> {
        let names: Vec<&str> = Tier::NAMES.iter().map(|row| row.0).collect();
        let found = Tier::NAMES.iter().find(|row| row.0 == name);
        found.map(|row| row.1).ok_or_else(|| format!("no tier {name}; there are {}", names.join(", ")))
    }

    fn row(self) -> (&'static str, &'static [&'static str]) {
        let row = Tier::NAMES.iter().find(|row| row.1 == self).unwrap_or(&Tier::NAMES[3]);
        (row.0, row.2)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JavaTier {
    Full,
    C1,
    Interp,
}

impl JavaTier {
    /// `java`, or the path of a java command, with a tier behind a colon or without; the path is `None` for the former.
    pub(super) fn from_name(name: &str) -> Result<(Option<PathBuf>, JavaTier), String> {
        let (command, tier) = match name.rsplit_once(':') {
            Some((command, "c1")) => (command, JavaTier::C1),
            Some((command, "int" | "interp")) => (command, JavaTier::Interp),
            Some((_, tier)) => return Err(format!("--against {name}: no tier {tier}; there are c1, int")),
            None => (name, JavaTier::Full),
        };
        match command {
            "java" => Ok((None, tier)),
            path if path.contains('/') => Ok((Some(PathBuf::from(path)), tier)),
            other => {
                Err(format!("no java {other}; say java, java:c1, java:int or the path of a java command"))
            }
        }
    }

    fn options(self) -> (&'static str, &'static [&'static str]) {
        match self {
            JavaTier::Full => ("", &[]),
            JavaTier::C1 => (" c1", &["-XX:TieredStopAtLevel=1"]),
            JavaTier::Interp => (" -Xint", &["-Xint"]),
        }
    }
}

/// One column of the comparison.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    pub(super) label: String,
    pub(super) is_carafe: bool,
    command: PathBuf,
    options: Vec<OsString>,
}

/// Where a process leaves what it tells.
pub(super) struct Channels {
    pub(super) folder: PathBuf,
    pub(super) side: PathBuf,
    pub(super) gc: PathBuf,
    pub(super) statistics: PathBuf,
    pub(super) out: PathBuf,
    pub(super) err: PathBuf,
}

impl Channels {
    pub(super) fn new(folder: &Path) -> Channels {
        let at = |name| folder.join(name);
        Channels {
            folder: folder.to_owned(),
            side: at("side"),
            gc: at("gc"),
            statistics: at("statistics"),
            out: at("out"),
            err: at("err"),
        }
    }

    /// Nothing of an earlier process is left to be taken for this one's.
    pub(super) fn clear(&self) {
        for file in [&self.side, &self.gc, &self.statistics, &self.out, &self.err] {
            let _ = std::fs::remove_file(file);
        }
    }
}

impl Machine {
    /// All machines of a command line; `home` is the JDK's.
    pub(super) fn all(options: &Options, home: &Path) -> Result<Vec<Machine>, String> {
        let carafe = match &options.carafe {
            Some(path) => path.clone(),
            None => std::env::current_exe().map_err(|error| format!("cannot tell my own path: {error}"))?,
        };
        let tiers = options.tiers.iter().map(|tier| {
            let (name, words) = tier.row();
            Machine::new(format!("carafe {name}"), true, carafe.clone(), words)
        });
        let against = options.against.iter().map(|(path, tier)| {
            let (name, words) = tier.options();
            let command = path.clone().unwrap_or_else(|| home.join("bin/java"));
            let shown = path.as_ref().map_or("java".into(), |path| path.display().to_string());
            Machine::new(format!("{shown}{name}"), false, command, words)
        });
        let all: Vec<Machine> = tiers.chain(against).collect();
        match all.iter().find(|machine| !machine.command.is_file()) {
            Some(missing) => Err(format!("there is no {}", missing.command.display())),
            None => Ok(all),
        }
    }

    /// What finds out which methods there are.
    pub(super) fn lister(options: &Options, home: &Path) -> Result<Machine, String> {
        let only_java = options.tiers.is_empty();
        let mut one = options.clone();
        if !only_java {
            (one.tiers, one.against) = (vec![Tier::Interp], Vec::new());
        }
        Machine::all(&one, home)?.into_iter().next().ok_or_else(|| "nothing to run".to_owned())
    }

    fn new(label: String, is_carafe: bool, command: PathBuf, words: &[&str]) -> Machine {
        Machine { label, is_carafe, command, options: words.iter().map(OsString::from).collect() }
    }

    /// The command that has the harness do something: `what` is its words behind the class's name.
    pub(super) fn command(
        &self,
        options: &Options,
        home: &Path,
        at: &Channels,
        what: &[OsString],
    ) -> std::process::Command {
        let mut command = std::process::Command::new(&self.command);
        let with = |name: &str, path: &Path| {
            let mut word = OsString::from(name);
            word.push(path);
            word
        };
        command.args(&self.options).args(&options.machine);
        if self.is_carafe {
            command.env("JAVA_HOME", home).args(&options.grants);
            command.arg(with("--allow-write=", &at.side));
            command.arg(with("-XX:StatisticsFile=", &at.statistics));
        }
        command.arg(with("-Xlog:gc:file=", &at.gc));
        command.arg(with("-Xbootclasspath/a:", &at.folder));
        command.arg("-cp").arg(&options.class_path);
        command.arg(HARNESS_NAME).arg(&at.side).arg(&options.main).args(what);
        command
    }
}

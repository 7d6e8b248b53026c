//! The command line of `carafe bench`: its own options, options of the machines that it runs, and the program.
//!
//! Read by hand, because options of `java` (`-Xmx1g`, `-Dname=value`) are no options as other tools know them. Whatever is not
//! understood is an error that says what would be: a misspelt option must not silently measure something else.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use carafe_classloader::source::jar::Jar;

use super::machines::{JavaTier, Tier};

pub(super) const HELP: &str = "\
Usage: carafe bench [options] [options of the machines] -cp PATHS Main [args...]
       carafe bench [options] [options of the machines] -jar FILE.jar [args...]

Runs a program with each tier of carafe, and with an installed java if asked to, in turn, and compares them.

If Main has a method without parameters that is called `benchmark`, or that has an annotation called Benchmark (of any
package, kept at run time), static or not, then each such method is called again and again in a process of its own:
warm-up curve, steady state. A method called `setUp` or annotated Setup is called first. Else whole runs of the program
are measured.

What runs
  --tiers LIST          of interp, baseline, comp (all compiled at the first call), default (as carafe
                        chooses); interp,baseline without it
  --against LIST        also java: java, java:c1, java:int, or PATH[:c1|:int] of a java command
  --carafe FILE         another build of carafe, in place of this one
  --method NAME         only this method; --program: whole runs, though there are such methods
How often
  --runs N              processes of each machine and method (3), or runs of the program (5)
  --iterations N        samples in each process, or runs of the program
  --time SECONDS        for samples in each process (5), or for all runs of the program with one machine
  --sample MICROS       calls that take less together are one sample (1000)
  --timeout SECONDS     after which a process is ended (600)
What is reported
  --json FILE           all figures and samples
  --plot FILE           a chart: FILE ends in .svg or .html
  --quiet               no progress bar; there is none without a terminal
Machines
  -cp PATHS             class path; -D..., -X..., -ea, --add-...: for all machines
  -A, --allow-..., --deny-..., --policy FILE    grants of the program, for carafe

Start-up is the time until main begins. `to 90 %` is the time since the process began until calls took no more than a
ninth longer than in the steady state. Intervals hold the median with 95 % confidence, over runs and samples.
Exit code: 0, 1 if a machine failed (the others are reported), 2 if the command line cannot be used.
";

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) tiers: Vec<Tier>,
    pub(super) against: Vec<(Option<PathBuf>, JavaTier)>,
    pub(super) carafe: Option<PathBuf>,
    pub(super) method: Option<String>,
    pub(super) whole: bool,
    pub(super) runs: Option<u32>,
    pub(super) iterations: Option<u32>,
    pub(super) time: Option<Duration>,
    pub(super) sample: Duration,
    pub(super) timeout: Duration,
    pub(super) json: Option<PathBuf>,
    pub(super) plot: Option<PathBuf>,
    pub(super) quiet: bool,
    /// For all machines, and for carafe alone.
    pub(super) machine: Vec<OsString>,
    pub(super) grants: Vec<OsString>,
    pub(super) class_path: OsString,
    pub(super) main: String,
    pub(super) args: Vec<OsString>,
}

pub(super) enum Request {
    Help,
    Run(Box<Options>),
}

/// Options of the machines that have their value in the next word.
const TWO_WORDS: [&str; 8] = [
    "--add-modules",
    "--add-exports",
    "--add-opens",
    "--add-reads",
    "--limit-modules",
    "-p",
    "--module-path",
    "--patch-module",
];
const FLAGS: [&str; 10] = [
    "-ea",
    "-da",
    "-esa",
    "-dsa",
    "-enableassertions",
    "-disableassertions",
    "-enablesystemassertions",
    "-disablesystemassertions",
    "--enable-preview",
    "--illegal-native-access=allow",
];

/// Reads the words behind `bench`.
pub(super) fn parse(words: &[OsString]) -> Result<Request, String> {
    let mut options = Options {
        tiers: vec![Tier::Interp, Tier::Baseline],
        against: Vec::new(),
        carafe: None,
        method: None,
        whole: false,
        runs: None,
        iterations: None,
        time: None,
        sample: Duration::from_millis(1),
        timeout: Duration::from_secs(600),
        json: None,
        plot: None,
        quiet: false,
        machine: Vec::new(),
        grants: Vec::new(),
        class_path: std::env::var_os("CLASSPATH")
            .filter(|path| !path.is_empty())
            .unwrap_or_else(|| ".".into()),
        main: String::new(),
        args: Vec::new(),
    };
    let mut words = words.iter().cloned();
    let mut jar = None;
    while let Some(word) = words.next() {
        let text = word.to_string_lossy().into_owned();
        if !text.starts_with('-') {
            options.main = text;
            break;
        }
        let (name, inline) = match text.split_once('=') {
            Some((name, value)) if text.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (text.clone(), None),
        };
        let mut value = || match &inline {
            Some(value) => Ok(OsString::from(value)),
            None => words.next().ok_or_else(|| format!("{name} needs a value")),
        };
        match name.as_str() {
            "--help" | "-h" | "-?" => return Ok(Request::Help),
            "--tiers" => options.tiers = list(&value()?, Tier::from_name)?,
            "--against" => options.against = list(&value()?, JavaTier::from_name)?,
            "--carafe" => options.carafe = Some(PathBuf::from(value()?)),
            "--method" => options.method = Some(value()?.to_string_lossy().into_owned()),
            "--program" => options.whole = true,
            "--runs" => options.runs = Some(count(&name, &value()?)?),
            "--iterations" => options.iterations = Some(count(&name, &value()?)?),
            "--time" => options.time = Some(seconds(&name, &value()?)?),
            "--timeout" => options.timeout = seconds(&name, &value()?)?,
            "--sample" => options.sample = Duration::from_micros(count(&name, &value()?)?.into()),
            "--json" => options.json = Some(PathBuf::from(value()?)),
            "--plot" => options.plot = Some(plot(PathBuf::from(value()?))?),
            "--quiet" | "-q" => options.quiet = true,
            "-cp" | "-classpath" | "--class-path" | "--classpath" => options.class_path = value()?,
            "-jar" => {
                jar = Some(PathBuf::from(value()?));
                break;
            }
            "--policy" => {
                let file = value()?;
                options.grants.extend(["--policy".into(), file]);
            }
            "-A" => options.grants.push(word),
            _ if ["--allow-", "--deny-", "--max-"].iter().any(|p| name.starts_with(p)) => {
                options.grants.push(word);
            }
            _ if TWO_WORDS.contains(&name.as_str()) => {
                let has_value = inline.is_some();
                options.machine.push(word);
                if !has_value {
                    options.machine.push(value()?);
                }
            }
            _ if text.starts_with("-X") || text.starts_with("-D") || is_flag(&text) => {
                options.machine.push(word);
            }
            _ => return Err(format!("unknown option {text} (see `carafe bench --help`)")),
        }
    }
    options.args = words.collect();
    match jar {
        Some(jar) => {
            options.main = main_of(&jar)?;
            options.class_path = jar.into();
        }
        None if options.main.is_empty() => {
            return Err("no program: give a class, or -jar FILE.jar (see `carafe bench --help`)".to_owned());
        }
        None if options.main.ends_with(".java") => {
            return Err(format!("{} is source; compile it first and name the class", options.main));
        }
        None => {}
    }
    if options.tiers.is_empty() && options.against.is_empty() {
        return Err("nothing to run: --tiers and --against are both empty".to_owned());
    }
    if options.whole && options.method.is_some() {
        return Err("--program and --method exclude each other".to_owned());
    }
    Ok(Request::Run(Box::new(options)))
}

fn is_flag(text: &str) -> bool {
    FLAGS.contains(&text)
        || FLAGS[..4].iter().any(|f| text.strip_prefix(f).is_some_and(|r| r.starts_with(':')))
}

fn list<T: PartialEq>(value: &OsString, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    let text = value.to_string_lossy();
    let mut all = Vec::new();
    for name in text.split(',').filter(|name| !name.is_empty()) {
        let item = read(name)?;
        if all.contains(&item) {
            return Err(format!("{name} stands there twice"));
        }
        all.push(item);
    }
    Ok(all)
}

fn count(name: &str, value: &OsString) -> Result<u32, String> {
    let text = value.to_string_lossy();
    match text.parse::<u32>() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err(format!("{name} {text}: expected a whole number from 1")),
    }
}

fn seconds(name: &str, value: &OsString) -> Result<Duration, String> {
    let text = value.to_string_lossy();
    match text.trim_end_matches('s').parse::<f64>() {
        Ok(n) if n > 0.0 && n <= 1e6 => Ok(Duration::from_secs_f64(n)),
        _ => Err(format!("{name} {text}: expected seconds, as in 2.5")),
    }
}

fn plot(path: PathBuf) -> Result<PathBuf, String> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("svg" | "html") => Ok(path),
        _ => Err(format!("--plot {}: the name must end in .svg or .html", path.display())),
    }
}

fn main_of(jar: &Path) -> Result<String, String> {
    let shown = jar.display();
    let opened = Jar::open(jar).map_err(|error| format!("cannot use the jar {shown}: {error}"))?;
    let manifest =
        opened.manifest().map_err(|error| format!("cannot use the manifest of {shown}: {error}"))?;
    match manifest.main_class() {
        Some(name) => Ok(name.to_owned()),
        None => Err(format!("no main manifest attribute, in {shown}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        match parse(&words)? {
            Request::Run(options) => Ok(*options),
            Request::Help => Err("help".to_owned()),
        }
    }

    #[test]
    fn a_whole_line() {
        let line = "--tiers interp,comp --against java,java:c1,/x/java:int --time 2.5 --runs 4 --plot a.svg --json=a.json \
                    -Xmx64m -ea:p -Dx=y --add-modules a.b --allow-read=/x -A -cp a:b Main --tiers x";
        let options = read(line).unwrap();
        assert_eq!(options.tiers, [Tier::Interp, Tier::Comp]);
        let java = Some(PathBuf::from("/x/java"));
        assert_eq!(options.against, [(None, JavaTier::Full), (None, JavaTier::C1), (java, JavaTier::Interp)]);
        assert_eq!(options.time, Some(Duration::from_millis(2500)));
        assert_eq!(options.machine, ["-Xmx64m", "-ea:p", "-Dx=y", "--add-modules", "a.b"]);
        assert_eq!(options.grants, ["--allow-read=/x", "-A"]);
        assert_eq!((options.main.as_str(), options.class_path.to_str()), ("Main", Some("a:b")));
        assert_eq!(options.args, ["--tiers", "x"]);
    }

    #[test]
    fn mistakes_are_named() {
        for (line, expected) in [
            ("", "no program"),
            ("--tiers fast Main", "no tier fast; there are interp, baseline, comp, default"),
            ("--tiers interp,interp Main", "stands there twice"),
            ("--against c1 Main", "no java c1"),
            ("--runs 0 Main", "--runs 0: expected a whole number from 1"),
            ("--time soon Main", "--time soon: expected seconds"),
            ("--plot x.png Main", "must end in .svg or .html"),
            ("--iteration 5 Main", "unknown option --iteration"),
            ("--json", "--json needs a value"),
            ("Main.java", "is source"),
            ("-jar /nowhere/x.jar", "cannot use the jar /nowhere/x.jar"),
            ("--program --method m Main", "exclude each other"),
            ("--tiers= Main", "nothing to run"),
        ] {
            let error = read(line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
    }

    #[test]
    fn help_names_all_options() {
        for option in
            ["--tiers", "--against", "--iterations", "--time", "--json", "--plot", "--runs", "--sample"]
        {
            assert!(HELP.contains(option), "{option}");
        }
        assert!(HELP.lines().all(|line| line.len() <= 120));
    }
}

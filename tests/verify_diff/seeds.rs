//! The valid classes that mutants are made of: compiled Java sources, generated subroutines, and both again as files of
//! older versions.
//!
//! Invariant: the list of seeds is in a fixed order, since a mutant's number chooses among it. Deliberately not here: damage
//! (`carafe_mutator`).

use std::fs;
use std::path::Path;
use std::time::Duration;

use carafe_mutator::model::{Body, Class};
use carafe_mutator::{Mutant, Numbers};

use crate::common;
use crate::compare::Case;
use crate::judge::Verdict;

const LIMIT: Duration = Duration::from_secs(120);

/// Versions in which a class is seen again, if nothing in it needs a newer one, and whether it keeps its frames: types are
/// inferred before 50, in 50 where checking by frames fails, and never from 51 on.
const OLDER: &[(u16, bool)] = &[(46, false), (49, false), (50, false), (50, true), (51, true)];

pub(crate) struct Seeds {
    seeds: Vec<Seed>,
    /// Names and files of all classes, as compiled.
    companions: Vec<(String, Vec<u8>)>,
}

struct Seed {
    /// The class with its version, as `Old@49`.
    name: String,
    class: String,
    bytes: Vec<u8>,
}

impl Seeds {
    pub(crate) fn compile(jdk: &Path, folder: &Path) -> Seeds {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify_diff");
        let classes = folder.join("seeds");
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(&classes).unwrap();
        let run = |program: &str, args: &[&str], more: &[std::path::PathBuf]| {
            let mut command = common::command(jdk.join("bin").join(program), jdk);
            command.args(args).args(more);
            let outcome = common::run(&mut command, LIMIT).unwrap();
            let said = [outcome.stdout, outcome.stderr].concat();
            assert_eq!(outcome.exit, "0", "{program}: {}", String::from_utf8_lossy(&said));
            println!("{program}: {:.1} s", outcome.elapsed.as_secs_f64());
        };
        let mut java: Vec<_> =
            fs::read_dir(sources.join("seeds")).unwrap().map(|entry| entry.unwrap().path()).collect();
        java.sort();
        let (old, new): (Vec<_>, Vec<_>) = java.into_iter().partition(|path| path.ends_with("Old.java"));
        let [tools, seeds] = [folder, &classes].map(|folder| folder.to_str().unwrap());
        let quiet = ["-nowarn", "-Xlint:none", "-d"];
        run(
            "javac",
            &[&quiet[..], &[tools]].concat(),
            &["Judge.java", "Subroutines.java"].map(|name| sources.join(name)),
        );
        run("javac", &[&["-parameters"], &quiet[..], &[seeds]].concat(), &new);
        run("javac", &[&["--release", "8", "-XDstringConcat=inline"], &quiet[..], &[seeds]].concat(), &old);
        run("java", &["-cp", tools, "Subroutines", seeds], &[]);
        let mut files: Vec<_> = fs::read_dir(&classes).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let mut found = Seeds { seeds: Vec::new(), companions: Vec::new() };
        for file in files {
            let class = file.file_stem().unwrap().to_str().unwrap().to_owned();
            let bytes = fs::read(&file).unwrap();
            found.add(&class, &bytes);
            found.companions.push((class, bytes));
        }
        found
    }

    fn add(&mut self, class: &str, bytes: &[u8]) {
        let parsed = Class::parse(bytes).unwrap();
        assert!(parsed.write().bytes == bytes, "{class} is not put together as it was");
        self.push(class, parsed.major, bytes.to_vec());
        let new_constants = [15, 16, 17, 18].iter().any(|&tag| !parsed.with_tag(tag).is_empty());
        if new_constants || parsed.major < 52 || parsed.access & 0x0200 != 0 {
            return;
        }
        for &(version, keeps_frames) in OLDER {
            // Before 49 code could not load class constants.
            if version < 49 && !class.starts_with("Old") {
                continue;
            }
            let mut older = parsed.clone();
            older.major = version;
            for (_, code) in older.codes() {
                code.attributes
                    .retain(|attribute| keeps_frames || !matches!(attribute.body, Body::Frames(_)));
            }
            self.push(class, version, older.write().bytes);
        }
    }

    fn push(&mut self, class: &str, version: u16, bytes: Vec<u8>) {
        self.seeds.push(Seed { name: format!("{class}@{version}"), class: class.to_owned(), bytes });
    }

    pub(crate) fn len(&self) -> usize {
        self.seeds.len()
    }

    pub(crate) fn name(&self, seed: usize) -> &str {
        &self.seeds[seed].name
    }

    /// The mutant with this number.
    pub(crate) fn mutant(&self, number: u64) -> Case {
        let seed = Numbers::new(!number).below(self.seeds.len());
        self.case(number, seed, carafe_mutator::steps(number))
    }

    pub(crate) fn case(&self, number: u64, seed: usize, steps: Vec<u64>) -> Case {
        let (java, carafe) = (Verdict::default(), Verdict::default());
        Case { number, seed, steps, java, carafe, found_first: (false, false) }
    }

    pub(crate) fn bytes(&self, case: &Case) -> Mutant {
        carafe_mutator::mutate(&self.seeds[case.seed].bytes, &case.steps)
    }

    /// A file that the judge reads.
    pub(crate) fn batch(&self, cases: &[Case]) -> Vec<u8> {
        let mut file = Vec::new();
        list(&mut file, self.companions.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())));
        list(
            &mut file,
            cases.iter().map(|case| (self.seeds[case.seed].class.as_str(), self.bytes(case).bytes)),
        );
        file
    }
}

fn list<'a>(file: &mut Vec<u8>, items: impl ExactSizeIterator<Item = (&'a str, Vec<u8>)>) {
    file.extend_from_slice(&(items.len() as u32).to_be_bytes());
    for (name, bytes) in items {
        file.extend_from_slice(&(name.len() as u16).to_be_bytes());
        file.extend_from_slice(name.as_bytes());
        file.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        file.extend_from_slice(&bytes);
    }
}

/// A number that the environment gives, in decimal or after `0x`.
pub(crate) fn number_from(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let parsed = match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => text.parse(),
    };
    Some(parsed.unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}

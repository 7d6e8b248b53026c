//! Policies: what a program is granted, as the command line or a TOML file says it.
//!
//! ```toml
//! all = true                       # what `-A` says; leave it out to start from nothing
//!
//! [allow]
//! read = ["data", "/etc/hosts"]    # as --allow-read=data,/etc/hosts
//! sys = true                       # as --allow-sys
//!
//! [deny]
//! read = ["data/secret"]           # wins over what is allowed
//! ```
//!
//! Invariant: a file says exactly what the flags of the same names say, by the same code; the order of neither counts.
//! Relative paths start from the directory of the process. Deliberately not here: what the values of a kind look like
//! (`carafe_stdlib::gate` parses them).

use std::path::{Path, PathBuf};

use carafe_stdlib::gate::{Grants, Kind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Grants and denials, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    all: bool,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    kind: Kind,
    /// `None` for the whole kind.
    value: Option<String>,
    /// Where a file says it, for messages.
    place: Option<String>,
}

/// A policy that cannot be followed: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError(String);

impl std::fmt::Display for PolicyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PolicyError {}

impl Policy {
    /// Reads a policy file; `name` is how messages call it.
    pub fn from_toml(name: &str, text: &str) -> Result<Policy, PolicyError> {
        let file = PolicyFile { name, text };
        let table = DeTable::parse(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            file.error(start, "", error.message())
        })?;
        let mut policy = Policy::default();
        for (key, value) in table.get_ref() {
            let start = key.span().start;
            match (&**key.get_ref(), value.get_ref()) {
                ("all", DeValue::Boolean(all)) => policy.all = *all,
                ("all", _) => return Err(file.error(start, "all", "must be true or false")),
                (section @ ("allow" | "deny"), DeValue::Table(table)) => {
                    policy.read_section(&file, section, table)?;
                }
                (section @ ("allow" | "deny"), _) => {
                    return Err(file.error(start, section, "must be a table"));
                }
                (key, _) => {
                    return Err(file.error(start, key, "is not known here: there are all, allow and deny"));
                }
            }
        }
        // Here and not when a program starts: the file is wrong whatever runs.
        policy.grants(Vec::new(), Path::new("/"))?;
        Ok(policy)
    }

    fn read_section(
        &mut self,
        file: &PolicyFile<'_>,
        section: &str,
        table: &DeTable<'_>,
    ) -> Result<(), PolicyError> {
        for (key, value) in table {
            let (name, start) = (&**key.get_ref(), key.span().start);
            let path = format!("{section}.{name}");
            let Some(kind) = Kind::named(name) else {
                let known = Kind::ALL.map(|(_, name)| name).join(", ");
                return Err(file.error(start, &path, &format!("is no kind of grant: there are {known}")));
            };
            let mut add = |value: Option<&str>, start: usize| {
                let place = Some(file.place(start, &path));
                self.rules.push(Rule {
                    allow: section == "allow",
                    kind,
                    value: value.map(str::to_owned),
                    place,
                });
            };
            match value.get_ref() {
                DeValue::Boolean(true) => add(None, start),
                DeValue::Boolean(false) => {}
                DeValue::String(text) => add(Some(text), value.span().start),
                DeValue::Array(values) => {
                    for value in values.iter() {
                        let at = value.span().start;
                        let text = Spanned::get_ref(value).as_str();
                        add(
                            Some(
                                text.ok_or_else(|| {
                                    file.error(at, &path, "holds something that is no string")
                                })?,
                            ),
                            at,
                        );
                    }
                }
                _ => return Err(file.error(start, &path, "must be true, a string or a list of strings")),
            }
        }
        Ok(())
    }

    pub fn allow_all(&mut self) {
        self.all = true;
    }

    /// Adds one value, or without it the whole kind.
    pub fn add(&mut self, allow: bool, kind: Kind, value: Option<&str>) {
        self.rules.push(Rule { allow, kind, value: value.map(str::to_owned), place: None });
    }

    /// Both policies at once: what either allows, unless one denies it.
    pub fn merge(&mut self, other: Policy) {
        self.all |= other.all;
        self.rules.extend(other.rules);
    }

    /// The grants of a program that consists of `own` files. Relative paths start from `base`.
    pub fn grants(&self, own: Vec<PathBuf>, base: &Path) -> Result<Grants, PolicyError> {
        let mut grants = if self.all { Grants::everything() } else { Grants::program(Vec::new()) };
        grants.own = own;
        // Denials come last, so that they win wherever they stand.
        for allow in [true, false] {
            for rule in self.rules.iter().filter(|rule| rule.allow == allow) {
                let value = rule.value.as_deref();
                let done = if allow {
                    grants.allow(rule.kind, value, base)
                } else {
                    grants.deny(rule.kind, value, base)
                };
                done.map_err(|message| {
                    let word = if allow { "allow" } else { "deny" };
                    let flag = || format!("--{word}-{}", rule.kind.name());
                    PolicyError(format!("{}: {message}", rule.place.clone().unwrap_or_else(flag)))
                })?;
            }
        }
        Ok(grants)
    }
}

struct PolicyFile<'t> {
    name: &'t str,
    text: &'t str,
}

impl PolicyFile<'_> {
    fn place(&self, at: usize, key: &str) -> String {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let key = if key.is_empty() { String::new() } else { format!(": {key}") };
        format!("{}:{line}{key}", self.name)
    }

    fn error(&self, at: usize, key: &str, message: &str) -> PolicyError {
        PolicyError(format!("{}: {message}", self.place(at, key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Policy::from_toml("p.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn a_file_says_what_flags_say() {
        let text = "[allow]\nread = [\"data\", \"/etc/hosts\"]\nsys = true\nenv = \"HOME\"\nffi = false\n\
                    [deny]\nread = [\n  \"data/secret\",\n]\n";
        let file = Policy::from_toml("p.toml", text).unwrap();
        let mut flags = Policy::default();
        flags.add(false, Kind::Read, Some("data/secret"));
        flags.add(true, Kind::Env, Some("HOME"));
        flags.add(true, Kind::Sys, None);
        flags.add(true, Kind::Read, Some("data"));
        flags.add(true, Kind::Read, Some("/etc/hosts"));
        let grants = |policy: &Policy| policy.grants(vec!["/own".into()], Path::new("/here")).unwrap();
        assert_eq!(grants(&file), grants(&flags));
        let all = Policy::from_toml("p.toml", "all = true").unwrap();
        assert_eq!(all.grants(vec![], Path::new("/")).unwrap(), Grants::everything());
        let mut both = all;
        both.merge(file);
        assert_ne!(grants(&both).read, Grants::everything().read);
    }

    #[test]
    fn a_denial_of_all_wins_over_what_is_allowed_later() {
        let mut policy = Policy::default();
        policy.add(false, Kind::Net, None);
        policy.add(true, Kind::Net, Some("localhost"));
        assert_eq!(policy.grants(vec![], Path::new("/")).unwrap().net, Grants::nothing().net);
    }

    #[test]
    fn what_is_wrong_is_said_with_line_and_key() {
        assert_eq!(
            error("[allow]\n\nread = 7\n"),
            "p.toml:3: allow.read: must be true, a string or a list of strings"
        );
        assert_eq!(
            error("[allow]\nread = [\"a\",\n  7]\n"),
            "p.toml:3: allow.read: holds something that is no string"
        );
        assert!(error("[deny]\nreed = true").starts_with("p.toml:2: deny.reed: is no kind of grant"));
        assert!(error("alow = 1").starts_with("p.toml:1: alow: is not known here"));
        assert!(
            error("[allow]\nnet = [\n\"a:1\",\n\"a:b\"]")
                .starts_with("p.toml:4: allow.net: \"b\" is no port")
        );
        assert!(error("allow = true").starts_with("p.toml:1: allow: must be a table"));
        assert!(error("[allow]\nread = [\"a\"").starts_with("p.toml:"));
        assert!(error("\n\nread read").starts_with("p.toml:3"));
    }
}

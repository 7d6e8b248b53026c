//! What a native method reaches besides its isolate: the mark that every row of a table has.
//!
//! A mark says what may be asked of the gate on the native's way, not what each call asks: that depends on its arguments.
//! Invariant: a native that the gate hears of is marked with the kind that was asked for. The words are those of the flags
//! that grant (`--allow-read` opens what is marked `read`). `tests/natives.rs` of the root package holds natives to it: each
//! mark but `isolate` has to be earned by a call that is refused and one that works.
//!
//! Deliberately not here: the decisions, which are the gate's.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// The isolate alone: its heap, metaspace, off-heap memory, threads and tables, what it was started with, and descriptors
    /// that lead nowhere but back into it (pipes, events, selectors).
    Isolate,
    /// Something that is open already, by a number that the isolate's own table knows: files, sockets, folders that are
    /// read, mapped files, the standard streams, programs that it has started. Opening it was granted; a number that the
    /// table does not know leads nowhere.
    Opened,
    /// A function of the embedding host's: whoever declared it for the isolate has granted it.
    Host,
    /// Of the kernel's random devices that goes with `Random`.
    Read,
    Write,
    Net,
    Listen,
    Dns,
    Env,
    Run,
    /// Facts about the machine or its users, by kind.
    Sys(&'static str),
    Ffi,
    Signal,
    Terminal,
    Clock,
    Random,
}

impl Reach {
    /// The kind of grants that it takes, and which one of the kind; none for what takes no grant.
    pub fn grant(self) -> Option<(&'static str, Option<&'static str>)> {
        let kind = match self {
            Reach::Isolate | Reach::Opened | Reach::Host => return None,
            Reach::Sys(which) => return Some(("sys", Some(which))),
            Reach::Read => "read",
            Reach::Write => "write",
            Reach::Net => "net",
            Reach::Listen => "listen",
            Reach::Dns => "dns",
            Reach::Env => "env",
            Reach::Run => "run",
            Reach::Ffi => "ffi",
            Reach::Signal => "signal",
            Reach::Terminal => "terminal",
            Reach::Clock => "clock",
            Reach::Random => "random",
        };
        Some((kind, None))
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.grant()) {
            (_, Some((kind, Some(which)))) => write!(f, "{kind}={which}"),
            (_, Some((kind, None))) => f.write_str(kind),
            (Reach::Opened, None) => f.write_str("opened"),
            (Reach::Host, None) => f.write_str("host"),
            (_, None) => f.write_str("isolate"),
        }
    }
}

/// Whether marks can stand together.
pub(super) fn check(marks: &[Reach]) -> Result<(), &'static str> {
    let alone = |mark| marks.contains(&mark) && marks.len() > 1;
    let twice = || marks.iter().enumerate().any(|(at, mark)| marks[..at].contains(mark));
    if marks.is_empty() {
        Err("does not say what it reaches")
    } else if alone(Reach::Isolate) || alone(Reach::Host) {
        Err("reaches its isolate alone, and something else")
    } else if twice() {
        Err("is marked twice with the same")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_there_and_do_not_contradict_each_other() {
        assert!(check(&[Reach::Isolate]).is_ok() && check(&[Reach::Opened, Reach::Write]).is_ok());
        assert!(check(&[Reach::Sys("user"), Reach::Sys("pid")]).is_ok());
        for wrong in [
            &[][..],
            &[Reach::Isolate, Reach::Read],
            &[Reach::Opened, Reach::Host],
            &[Reach::Read, Reach::Read],
        ] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn marks_read_like_flags() {
        let text = [Reach::Isolate, Reach::Opened, Reach::Host, Reach::Read, Reach::Sys("user")]
            .map(|mark| mark.to_string());
        assert_eq!(text, ["isolate", "opened", "host", "read", "sys=user"]);
    }
}

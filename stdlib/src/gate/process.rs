//! What can be known of the machine's processes, from the proc file system.
//!
//! Deliberately not here: starting, awaiting and ending processes (`children`).

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{Gate, Outcome, Request};

/// One process, as far as it lets itself be looked at.
#[derive(Clone, Debug)]
pub struct Process {
    pub id: i32,
    pub parent: i32,
    /// When it was started, in milliseconds since the epoch; 0 if that is not known.
    pub started_millis: i64,
    /// Processor time so far; -1 if that is not known.
    pub cpu_nanos: i64,
}

/// What a process was started with.
#[derive(Clone, Debug, Default)]
pub struct CommandLine {
    pub program: Option<String>,
    pub arguments: Option<Vec<String>>,
    pub user: Option<String>,
}

impl Gate {
    /// A process by number; `None` if there is none.
    pub fn process(&self, id: i32) -> Outcome<Option<Process>> {
        if id == self.process_id() && !self.knows("process") {
            // That there is such a process is known to whoever asks from within it.
            return Ok(Some(Process { id, parent: 0, started_millis: 0, cpu_nanos: 0 }));
        }
        if !self.knows("process")
            && let Some(own) = self.own_process(id)
        {
            return Ok(own);
        }
        self.check(Request::Sys("process"))?;
        Ok(process(id, &self.boot))
    }

    /// All processes, or the direct children of one.
    pub fn processes(&self, children_of: Option<i32>) -> Outcome<Vec<Process>> {
        if !self.knows("process") && children_of == Some(self.process_id()) {
            return Ok(self.own_processes());
        }
        self.check(Request::Sys("process"))?;
        #[allow(
            clippy::disallowed_methods,
            reason = "the gate reads the proc file system on its own account"
        )]
        let entries = std::fs::read_dir("/proc");
        let ids = entries.into_iter().flatten().flatten();
        let ids = ids.filter_map(|e| e.file_name().to_str()?.parse().ok());
        let all = ids.filter(|id| Some(*id) != self.starter_id()).filter_map(|id| process(id, &self.boot));
        Ok(all.filter(|p| children_of.is_none_or(|parent| p.parent == parent)).collect())
    }

    pub fn command_line(&self, id: i32) -> Outcome<CommandLine> {
        use std::os::unix::fs::MetadataExt;

        let own = self.own_command_line(id);
        if !self.knows("process")
            && let Some(own) = own
        {
            return Ok(own);
        }
        if !self.knows("process") && id == self.process_id() {
            // As all of this process that is not known.
            return Ok(CommandLine::default());
        }
        self.check(Request::Sys("process"))?;
        let directory = Path::new("/proc").join(id.to_string());
        #[allow(
            clippy::disallowed_methods,
            reason = "the gate reads the proc file system on its own account"
        )]
        let (program, owner) = (std::fs::read_link(directory.join("exe")), std::fs::metadata(&directory));
        let user = match owner {
            Ok(owner) => self.user_name(owner.uid())?,
            Err(_) => None,
        };
        let words = read(directory.join("cmdline")).filter(|w| !w.is_empty());
        let arguments = words.map(|words| {
            let words = words.strip_suffix('\0').unwrap_or(&words);
            words.split('\0').skip(1).map(str::to_string).collect()
        });
        // The kernel's walls hide which program another process runs.
        let program = program.ok().map(|p| p.to_string_lossy().into_owned());
        Ok(CommandLine { program: program.or_else(|| own?.program), arguments, user })
    }
}

/// `boot` keeps when the machine was started: the kernel's answer changes as its clock is set, and a process's beginning is
/// what tells it from another of the same number.
pub(super) fn process(id: i32, boot: &OnceLock<i64>) -> Option<Process> {
    let stat = read(Path::new("/proc").join(id.to_string()).join("stat"))?;
    let facts = facts(&stat)?;
    let ticks = rustix::param::clock_ticks_per_second().max(1);
    let since_boot = (facts.start_ticks.saturating_mul(1000) / ticks) as i64;
    let boot = *boot.get_or_init(|| boot_millis().unwrap_or(0));
    Some(Process {
        id,
        parent: facts.parent,
        started_millis: if boot == 0 { 0 } else { boot.saturating_add(since_boot) },
        cpu_nanos: (facts.cpu_ticks.saturating_mul(1_000_000_000 / ticks)) as i64,
    })
}

#[derive(Debug, PartialEq, Eq)]
struct Facts {
    parent: i32,
    cpu_ticks: u64,
    start_ticks: u64,
}

/// Reads a `stat` line. The program's name comes second, in parentheses, and may hold anything, parentheses too.
fn facts(stat: &str) -> Option<Facts> {
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    // The first field here is the third of the line, the state.
    let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some(Facts {
        parent: fields.get(1)?.parse().ok()?,
        cpu_ticks: number(14)?.saturating_add(number(15)?),
        start_ticks: number(22)?,
    })
}

fn boot_millis() -> Option<i64> {
    let stat = read(PathBuf::from("/proc/stat"))?;
    let line = stat.lines().find_map(|l| l.strip_prefix("btime "))?;
    line.trim().parse::<i64>().ok()?.checked_mul(1000)
}

fn read(path: PathBuf) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Grants;

    #[test]
    fn a_strange_name_does_not_shift_the_fields() {
        let line = "7 (a) b (c) S 3 7 7 0 -1 4194560 1 2 3 4 10 20 0 0 20 0 1 0 12345 1 2";
        assert_eq!(facts(line), Some(Facts { parent: 3, cpu_ticks: 30, start_ticks: 12345 }));
        assert_eq!(facts("nonsense"), None);
    }

    #[test]
    fn this_process_is_found_and_one_that_cannot_be_is_not() {
        let gate = Gate::new(Grants::everything());
        let id = gate.process_id();
        let this = gate.process(id).unwrap().unwrap();
        assert!(this.started_millis > 0);
        assert_eq!(Some(this.parent), gate.parent_process_id().unwrap());
        assert!(gate.process(i32::MAX).unwrap().is_none());
        assert!(gate.processes(Some(this.parent)).unwrap().iter().any(|p| p.id == id));
    }
}

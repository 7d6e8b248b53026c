//! The programs that an isolate has started: starting them, waiting for them, ending them.
//!
//! Each is held by a descriptor of the process, so a number that the system uses again never names another one. Invariant:
//! the grants are asked before anything is started, and again for each process that the program did not start itself.
//! Programs outlive the isolate if the process ends (as they do under `java`); if only the isolate ends, they end with it,
//! because nobody else would wait for them.
//!
//! Deliberately not here: limits on what the programs take. They are processes of their own.

use std::collections::VecDeque;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use hashbrown::HashMap;
use parking_lot::Mutex;
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::{Errno, retry_on_intr};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, pidfd_send_signal, waitid};

use super::fs::{At, Links};
use super::handles::Handle;
use super::launch::Parent;
use super::oversight::Verdict;
use super::process::{CommandLine, Process};
use super::programs::{self, Command};
use super::starter::{Starter, Surroundings, begin};
use super::{Denied, Gate, Kind, Outcome};

/// So many processes that have ended are remembered as such.
const ENDED_MAX: usize = 4096;

#[derive(Default)]
pub(super) struct Children {
    known: Mutex<Known>,
    starter: OnceLock<Starter>,
}

#[derive(Default)]
struct Known {
    running: HashMap<i32, Child>,
    ended: VecDeque<i32>,
}

struct Child {
    process: Arc<Handle>,
    started_millis: i64,
    program: PathBuf,
    arguments: Vec<String>,
}

/// A program that runs, and what is left to do with the pipes to it: those of its streams that were to be made.
pub struct Started {
    pub id: i32,
    pub pipes: [Option<Handle>; 3],
}

/// What a stream of a new process is.
pub enum Stream {
    Pipe,
    Open(Arc<Handle>),
}

impl Gate {
    /// From now on another process starts programs: this one is about to lose the right to.
    pub fn use_starter(&self, starter: Starter) {
        // There is one at most; a second one would have nothing to do.
        let _ = self.children.starter.set(starter);
    }

    /// Starts a program. With `merged` errors go where output goes.
    pub fn start_program(
        &self,
        command: &Command,
        directory: Option<&[u8]>,
        streams: [Stream; 3],
        merged: bool,
    ) -> Outcome<Started> {
        let found = programs::find(
            &self.grants,
            command,
            |request| self.check(request),
            |refusal| self.refuse(Kind::Run, refusal),
        )?;
        let directory = self.directory_for(directory)?;
        let mut pipes = [None, None, None];
        let [input, output, error] = streams;
        let input = self.end_of(input, true, &mut pipes[0])?;
        let output = self.end_of(output, false, &mut pipes[1])?;
        let error = if merged { End::Shared } else { End::Own(self.end_of(error, false, &mut pipes[2])?) };
        let error = match &error {
            End::Own(handle) => handle.as_fd(),
            End::Shared => output.as_fd(),
        };
        let around =
            Surroundings { directory: directory.as_fd(), streams: [input.as_fd(), output.as_fd(), error] };
        let launched = match self.children.starter.get() {
            Some(starter) => starter.start(command, around)?,
            None => begin(found.programs, command, around, Parent::Caller)?,
        };
        if let Some(errno) = launched.failed {
            wait(&launched.process, WaitIdOptions::EXITED).ok();
            return Err(errno.into());
        }
        let id = launched.id;
        let child = Child {
            process: Arc::new(Handle::new(launched.process, None)),
            started_millis: super::process::process(id, &self.boot)
                .map_or_else(now_millis, |p| p.started_millis),
            program: found.program,
            arguments: command
                .words
                .iter()
                .skip(1)
                .map(|w| String::from_utf8_lossy(w).into_owned())
                .collect(),
        };
        let mut known = self.children.known.lock();
        known.ended.retain(|ended| *ended != id);
        known.running.insert(id, child);
        Ok(Started { id, pipes })
    }

    /// Where the program starts: as a path that may be read, or where this one believes to be itself.
    fn directory_for(&self, path: Option<&[u8]>) -> Outcome<OwnedFd> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match path {
            Some(path) => {
                let reached = self.readable(At::new(path), Links::Follow)?;
                Ok(retry_on_intr(|| openat(CWD, reached.whole_path(), flags, Mode::empty()))?)
            }
            None => Ok(retry_on_intr(|| openat(CWD, &self.directory, flags, Mode::empty()))?),
        }
    }

    /// The program's end of a stream; this end of a new pipe goes to `ours`.
    fn end_of(&self, stream: Stream, input: bool, ours: &mut Option<Handle>) -> Result<Arc<Handle>, Errno> {
        match stream {
            Stream::Open(handle) => Ok(handle),
            Stream::Pipe => {
                let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
                let (own, other) = if input { (writer, reader) } else { (reader, writer) };
                *ours = Some(Handle::new(own, None));
                Ok(Arc::new(Handle::new(other, None)))
            }
        }
    }

    /// A process that this program has started and nobody has waited for: readable once it has ended.
    pub fn child(&self, id: i32) -> Option<Arc<Handle>> {
        self.children.known.lock().running.get(&id).map(|child| child.process.clone())
    }

    /// The exit code of a program that has ended: 128 and more for one that a signal ended. With `reap` it is told once.
    pub fn exit_code(&self, id: i32, reap: bool) -> Result<i32, Errno> {
        let process = self.child(id).ok_or(Errno::CHILD)?;
        let how = if reap { WaitIdOptions::EXITED } else { WaitIdOptions::EXITED | WaitIdOptions::NOWAIT };
        let code = wait(&process, how)?;
        if reap {
            self.children.known.lock().end(id);
        }
        Ok(code)
    }

    /// Ends a program that nobody came to know.
    pub fn abandon(&self, id: i32) {
        if let Some(process) = self.child(id) {
            // It may have ended by itself.
            pidfd_send_signal(&*process, Signal::KILL).ok();
            self.exit_code(id, true).ok();
        }
    }

    /// Asks a process to end, or ends it. False if that is not possible, or if it is not the one that began then.
    pub fn end_process(&self, id: i32, started_millis: i64, force: bool) -> Outcome<bool> {
        let signal = if force { Signal::KILL } else { Signal::TERM };
        let whose =
            |id: i32| Denied { resource: format!("ending process {id}"), flag: "--allow-run".to_owned() };
        if let Some(process) = self.child(id) {
            return Ok(pidfd_send_signal(&*process, signal).is_ok());
        }
        if self.children.known.lock().ended.contains(&id) {
            return Ok(false);
        }
        if !programs::are_unlimited(&self.grants) {
            return Err(self.refuse(Kind::Run, whose(id)).into());
        }
        if let Some(overseer) = &self.overseer {
            overseer.record_other(Kind::Run, &whose(id), Verdict::Granted);
        }
        let same = |now: i64| now == started_millis || now == 0 || started_millis == 0;
        let there = super::process::process(id, &self.boot).is_some_and(|p| same(p.started_millis));
        let Some(pid) = Pid::from_raw(id).filter(|_| there && id > 0) else { return Ok(false) };
        Ok(kill_process(pid, signal).is_ok())
    }

    /// What is known of a process that this program has started: whoever did that may know. Nothing of others.
    pub(super) fn own_process(&self, id: i32) -> Option<Option<Process>> {
        let known = self.children.known.lock();
        match known.running.get(&id) {
            Some(child) => {
                let cpu = super::process::process(id, &self.boot).map_or(-1, |p| p.cpu_nanos);
                let (started_millis, parent) = (child.started_millis, self.process_id());
                Some(Some(Process { id, parent, started_millis, cpu_nanos: cpu }))
            }
            None => known.ended.contains(&id).then_some(None),
        }
    }

    pub(super) fn own_processes(&self) -> Vec<Process> {
        let ids: Vec<i32> = self.children.known.lock().running.keys().copied().collect();
        ids.into_iter().filter_map(|id| self.own_process(id).flatten()).collect()
    }

    pub(super) fn own_command_line(&self, id: i32) -> Option<CommandLine> {
        let known = self.children.known.lock();
        let child = known.running.get(&id)?;
        let program = programs::place(&child.program);
        let program = String::from_utf8_lossy(program.as_os_str().as_bytes()).into_owned();
        Some(CommandLine { program: Some(program), arguments: Some(child.arguments.clone()), user: None })
    }

    /// The process that starts programs for this one, which is none of the program's.
    pub(super) fn starter_id(&self) -> Option<i32> {
        self.children.starter.get().map(Starter::process_id)
    }
}

enum End {
    Own(Arc<Handle>),
    Shared,
}

impl Known {
    fn end(&mut self, id: i32) {
        if self.running.remove(&id).is_some() {
            self.ended.push_back(id);
            if self.ended.len() > ENDED_MAX {
                self.ended.pop_front();
            }
        }
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        for (_, child) in self.known.get_mut().running.drain() {
            // It may have ended by itself.
            pidfd_send_signal(&*child.process, Signal::KILL).ok();
            wait(&child.process, WaitIdOptions::EXITED).ok();
        }
    }
}

fn wait(process: &impl AsFd, how: WaitIdOptions) -> Result<i32, Errno> {
    const BY_SIGNAL: i32 = 128;
    let status = retry_on_intr(|| waitid(WaitId::PidFd(process.as_fd()), how))?.ok_or(Errno::AGAIN)?;
    let by_signal = || status.terminating_signal().map(|signal| BY_SIGNAL + signal);
    status.exit_status().or_else(by_signal).ok_or(Errno::CHILD)
}

fn now_millis() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

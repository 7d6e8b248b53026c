//! What the gate does for the VM itself: files for dumps and logs, wall clocks, processor time of threads, the end of waits.
//!
//! Dumps need the grant to write, like a program's files: a program can ask for them and choose their names. Logs need
//! none, and neither do the clocks: what they say goes into dumps and logs, for whoever runs the isolate.

use std::io::{Error, Result, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use carafe_vm::isolate::Isolate;
use carafe_vm::outside::{FileUse, LocalTime, NoFile, OutFile, Outside};
use rustix::fs::{FileType, Mode, OFlags};

use super::fs::{At, Links};
use super::handles::Handle;
use super::{Failure, Gate, strerror};
use crate::State;

pub(crate) const OUTSIDE: Outside = Outside {
    create_file,
    process_id,
    wall_clock_ms: || since_epoch().as_millis() as u64,
    local_time,
    thread_cpu,
    end_waits: |vm| vm.extension::<State>().interrupts.end(),
    looks_at_variable: |vm, name| vm.extension::<State>().gate.looks_at_variable(name),
};

fn process_id() -> u32 {
    std::process::id()
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn create_file(vm: &Isolate, purpose: FileUse, path: &str) -> OutFile {
    let gate = &vm.extension::<State>().gate;
    let name = match purpose {
        FileUse::HeapDump => heap_dump_name(gate, path),
        FileUse::HeapDumpNamed => path.to_owned(),
        FileUse::Log => path.replace("%p", &process_id().to_string()),
    };
    let (how, mode) = match purpose {
        // A dump tells all that the program knows: nobody else may read it.
        FileUse::HeapDump | FileUse::HeapDumpNamed => (OFlags::EXCL, Mode::RUSR | Mode::WUSR),
        FileUse::Log => (OFlags::TRUNC, Mode::from_raw_mode(0o644)),
    };
    let flags = OFlags::WRONLY | OFlags::CREATE | how;
    let opened = match purpose {
        FileUse::HeapDump | FileUse::HeapDumpNamed => gate.open_stream(At::new(name.as_bytes()), flags, mode),
        FileUse::Log => gate.create_for_host(Path::new(&name), flags, mode),
    };
    let file = match opened {
        Ok(handle) => Ok(Box::new(File(handle)) as Box<dyn Write + Send>),
        Err(Failure::Os(errno)) => Err(NoFile::Failed(strerror(errno).to_string())),
        Err(Failure::Denied(denied)) => {
            Err(NoFile::Refused { why: denied.to_string(), flag: denied.flag().to_owned() })
        }
    };
    OutFile { name, file }
}

/// The path that was given, or a file of the usual name in the folder that was given.
fn heap_dump_name(gate: &Gate, path: &str) -> String {
    let (id, path) = (process_id(), path.replace("%p", &process_id().to_string()));
    if path.is_empty() {
        return format!("java_pid{id}.hprof");
    }
    let folder = gate
        .attributes(At::new(path.as_bytes()), Links::Follow)
        .is_ok_and(|attributes| attributes.file_type() == FileType::Directory);
    if folder { format!("{}/java_pid{id}.hprof", path.trim_end_matches('/')) } else { path }
}

struct File(Handle);

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.write(bytes).map_err(Error::from)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

fn local_time() -> LocalTime {
    let now = since_epoch();
    let seconds = now.as_secs() as libc::time_t;
    // SAFETY: the struct is plain integers and a pointer, for which zero is a value.
    let mut local: libc::tm = unsafe { std::mem::zeroed() };
    // SAFETY: localtime_r reads one and writes the other. Nobody in this process changes the environment (clippy.toml
    // forbids it), which is what it reads besides.
    unsafe { libc::localtime_r(&raw const seconds, &raw mut local) };
    LocalTime {
        year: local.tm_year + 1900,
        month: local.tm_mon as u32 + 1,
        day: local.tm_mday as u32,
        hour: local.tm_hour as u32,
        minute: local.tm_min as u32,
        second: local.tm_sec as u32,
        millis: now.subsec_millis(),
        offset_seconds: local.tm_gmtoff,
    }
}

/// By the processor clock that the kernel keeps for each thread.
pub(super) fn thread_cpu(thread: u32) -> Option<Duration> {
    // Bits 3 and up: the thread, inverted; then "of one thread", and "by the scheduler's account".
    const OF_THREAD_BY_SCHEDULER: u32 = 6;
    let clock = (!thread << 3 | OF_THREAD_BY_SCHEDULER) as libc::clockid_t;
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: writes the struct; a clock that is not there is an error.
    if thread == 0 || unsafe { libc::clock_gettime(clock, &raw mut time) } != 0 {
        return None;
    }
    Some(Duration::new(u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_works_spends_time_and_one_that_is_not_there_has_no_clock() {
        let me = rustix::thread::gettid().as_raw_nonzero().get() as u32;
        let before = thread_cpu(me).unwrap();
        let began = std::time::Instant::now();
        while began.elapsed() < Duration::from_millis(20) {}
        assert!(thread_cpu(me).unwrap() > before);
        assert_eq!(thread_cpu(0), None);
        assert_eq!(thread_cpu(u32::MAX / 16), None);
    }

    #[test]
    fn folders_get_a_file_of_the_usual_name() {
        let gate = Gate::new(super::super::Grants::everything());
        let id = process_id();
        assert_eq!(heap_dump_name(&gate, ""), format!("java_pid{id}.hprof"));
        assert_eq!(heap_dump_name(&gate, "/"), format!("/java_pid{id}.hprof"));
        assert_eq!(heap_dump_name(&gate, "/no/such/thing_%p.bin"), format!("/no/such/thing_{id}.bin"));
    }
}

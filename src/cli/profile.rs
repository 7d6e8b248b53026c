//! What profilers want to know of compiled code: `-XX:+PerfMap` (names by address, /tmp/perf-PID.map) and `-XX:+PerfJitDump` (the
//! code itself, in the format that `perf inject --jit` reads).
//!
//! Both files are opened before the program starts and its walls stand; afterwards they are only appended to. A write that
//! fails is not the program's matter: the profile then misses names. Whoever may set options of the machine may read what it
//! compiles, so no grant is asked for.
//!
//! Deliberately absent: code that is moved or given back. A later entry for an address is the one that counts.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use carafe_vm::compiled::{CodeObserver, Published};
use parking_lot::Mutex;

/// Who hears of compiled code, if anybody was asked for.
pub(super) fn observer(map: bool, dump: bool) -> io::Result<Option<Arc<dyn CodeObserver>>> {
    if !map && !dump {
        return Ok(None);
    }
    let (folder, pid) = (std::env::temp_dir(), std::process::id());
    // Where perf looks for it, whatever TMPDIR says.
    let map = map.then(|| create(&Path::new("/tmp").join(format!("perf-{pid}.map")))).transpose()?;
    let dump = dump.then(|| Dump::new(&folder.join(format!("jit-{pid}.dump")), pid)).transpose()?;
    Ok(Some(Arc::new(Observer { map: map.map(Mutex::new), dump: dump.map(Mutex::new) })))
}

/// A new file of our own: what lies at a guessable name in a folder of all is not followed.
fn create(path: &Path) -> io::Result<File> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    // An earlier process of this number may have left one.
    match std::fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(named(error)),
    }
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path).map_err(named)
}

#[derive(Debug)]
struct Observer {
    map: Option<Mutex<File>>,
    dump: Option<Mutex<Dump>>,
}

impl CodeObserver for Observer {
    fn published(&self, code: &Published<'_>) {
        if let Some(map) = &self.map {
            let _ = map.lock().write_all(map_line(code).as_bytes());
        }
        if let Some(dump) = &self.dump {
            let _ = dump.lock().load(code);
        }
    }
}

/// Address and length in hexadecimal, and the name to the end of the line.
fn map_line(code: &Published<'_>) -> String {
    format!("{:x} {:x} {}\n", code.address, code.bytes.len(), one_line(code.name))
}

/// Names of classes may hold anything but a few characters.
fn one_line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// A file of records, each with its length and time in front.
#[derive(Debug)]
struct Dump {
    file: File,
    pid: u32,
    count: u64,
}

const DUMP_MAGIC: u32 = 0x4a69_5444;
const HEADER_BYTES: u32 = 40;
const MACHINE_X86_64: u32 = 62;
const RECORD_LOAD: u32 = 0;
const LOAD_BYTES: usize = 56;

impl Dump {
    fn new(path: &Path, pid: u32) -> io::Result<Dump> {
        let mut file = create(path)?;
        let mut header = Vec::new();
        for word in [DUMP_MAGIC, 1, HEADER_BYTES, MACHINE_X86_64, 0, pid] {
            header.extend(word.to_le_bytes());
        }
        header.extend(now().to_le_bytes());
        header.extend(0u64.to_le_bytes());
        file.write_all(&header)?;
        mark(&file)?;
        Ok(Dump { file, pid, count: 0 })
    }

    fn load(&mut self, code: &Published<'_>) -> io::Result<()> {
        let name = one_line(code.name);
        let bytes = LOAD_BYTES + name.len() + 1 + code.bytes.len();
        let mut record = Vec::with_capacity(bytes);
        record.extend(RECORD_LOAD.to_le_bytes());
        record.extend((bytes as u32).to_le_bytes());
        record.extend(now().to_le_bytes());
        let thread = rustix::thread::gettid().as_raw_nonzero().get();
        record.extend(self.pid.to_le_bytes());
        record.extend(thread.to_le_bytes());
        // Where it runs, where it was written to, how long it is, and which one it is.
        for word in [code.address as u64, code.address as u64, code.bytes.len() as u64, self.count] {
            record.extend(word.to_le_bytes());
        }
        record.extend(name.as_bytes());
        record.push(0);
        record.extend(code.bytes);
        self.count += 1;
        self.file.write_all(&record)
    }
}

/// perf notices the file because a page of it is mapped executable. The mapping stays as long as the process.
fn mark(file: &File) -> io::Result<()> {
    use rustix::mm::{MapFlags, ProtFlags, mmap};
    let rights = ProtFlags::READ | ProtFlags::EXEC;
    // SAFETY: a new private mapping at an address of the kernel's choice touches nothing that exists; nobody reads it.
    let page = unsafe { mmap(std::ptr::null_mut(), 4096, rights, MapFlags::PRIVATE, file, 0) };
    page.map(|_| ()).map_err(io::Error::from)
}

/// The clock of `perf record --clockid mono`.
fn now() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: Published<'static> =
        Published { name: "a.B.c()\n", address: 0x7f00_1000, bytes: &[0x90, 0xc3] };

    #[test]
    fn maps() {
        assert_eq!(map_line(&CODE), "7f001000 2 a.B.c()?\n");
    }

    #[test]
    fn dumps() {
        let path = std::env::temp_dir().join(format!("carafe-dump-test-{}", std::process::id()));
        let mut dump = Dump::new(&path, 77).unwrap();
        dump.load(&CODE).unwrap();
        dump.load(&CODE).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let long = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        assert_eq!((word(0), word(4), word(8), word(12), word(20)), (DUMP_MAGIC, 1, 40, 62, 77));
        let (first, length) = (HEADER_BYTES as usize, LOAD_BYTES + 9 + 2);
        assert_eq!((word(first), word(first + 4), word(first + 16)), (0, length as u32, 77));
        assert_eq!((long(first + 24), long(first + 40), long(first + 48)), (0x7f00_1000, 2, 0));
        assert_eq!(&bytes[first + 56..first + length], b"a.B.c()?\0\x90\xc3");
        assert_eq!((long(first + length + 48), bytes.len()), (1, first + 2 * length));
    }
}

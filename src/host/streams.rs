//! Where a guest's standard streams lead.
//!
//! Streams that a host reads or writes are pipes of the kernel, which hold 64 KiB: a guest that writes what nobody reads
//! waits, and so does one that reads what nobody writes; the end of the isolate wakes it. Invariant: the guest's end of a
//! pipe never waits in the kernel, and no descriptor that the host uses changes its mode for that.

use std::fs::{File, OpenOptions};
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread;

use rustix::fs::OFlags;

/// One standard stream of a guest.
#[derive(Default)]
pub struct Stdio(Kind);

#[derive(Default)]
enum Kind {
    #[default]
    Null,
    Inherit,
    Piped,
    Reader(Box<dyn Read + Send>),
    Writer(Box<dyn Write + Send>),
}

impl Stdio {
    /// Reads nothing, and what is written is lost.
    pub fn null() -> Stdio {
        Stdio(Kind::Null)
    }

    /// The stream of the host's own process.
    pub fn inherit() -> Stdio {
        Stdio(Kind::Inherit)
    }

    /// A pipe, whose other end the host takes from the isolate (`take_stdin`, `take_stdout`, `take_stderr`).
    pub fn piped() -> Stdio {
        Stdio(Kind::Piped)
    }

    /// The guest reads from this. A thread of its own does the reading, and ends with the isolate or with a read after it.
    pub fn from_reader(reader: impl Read + Send + 'static) -> Stdio {
        Stdio(Kind::Reader(Box::new(reader)))
    }

    /// The guest writes to this, through a thread of its own, which ends with the isolate.
    pub fn to_writer(writer: impl Write + Send + 'static) -> Stdio {
        Stdio(Kind::Writer(Box::new(writer)))
    }

    /// The guest's end of an input, and the host's if it wants one.
    pub(super) fn input(self) -> io::Result<(Option<Arc<OwnedFd>>, Option<PipeWriter>)> {
        match self.0 {
            Kind::Inherit => Ok((None, None)),
            Kind::Null | Kind::Writer(_) => Ok((Some(null()?), None)),
            Kind::Piped => {
                let (guest, host) = io::pipe()?;
                Ok((Some(never_waiting(guest.into())?), Some(host)))
            }
            Kind::Reader(mut reader) => {
                let (guest, mut host) = io::pipe()?;
                spawn("carafe stdin", move || io::copy(&mut reader, &mut host).map(drop))?;
                Ok((Some(never_waiting(guest.into())?), None))
            }
        }
    }

    /// The guest's end of an output, and the host's if it wants one.
    pub(super) fn output(self) -> io::Result<(Option<Arc<OwnedFd>>, Option<PipeReader>)> {
        match self.0 {
            Kind::Inherit => Ok((None, None)),
            Kind::Null | Kind::Reader(_) => Ok((Some(null()?), None)),
            Kind::Piped => {
                let (host, guest) = io::pipe()?;
                Ok((Some(never_waiting(guest.into())?), Some(host)))
            }
            Kind::Writer(mut writer) => {
                let (mut host, guest) = io::pipe()?;
                spawn("carafe stdout", move || {
                    let mut buffer = vec![0; 16 << 10];
                    loop {
                        match host.read(&mut buffer)? {
                            0 => return Ok(()),
                            count => writer.write_all(buffer.get(..count).unwrap_or_default())?,
                        }
                        writer.flush()?;
                    }
                })?;
                Ok((Some(never_waiting(guest.into())?), None))
            }
        }
    }
}

fn null() -> io::Result<Arc<OwnedFd>> {
    let file: File = OpenOptions::new().read(true).write(true).open("/dev/null")?;
    Ok(Arc::new(file.into()))
}

fn never_waiting(fd: OwnedFd) -> io::Result<Arc<OwnedFd>> {
    let flags = rustix::fs::fcntl_getfl(&fd)?;
    rustix::fs::fcntl_setfl(&fd, flags | OFlags::NONBLOCK)?;
    Ok(Arc::new(fd))
}

fn spawn(name: &str, copy: impl FnOnce() -> io::Result<()> + Send + 'static) -> io::Result<()> {
    // An error ends the copying: the guest then sees the end of its input, or a broken pipe.
    thread::Builder::new().name(name.to_owned()).spawn(move || drop(copy()))?;
    Ok(())
}

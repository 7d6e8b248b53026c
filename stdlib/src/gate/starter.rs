//! A small process that starts programs for one that has shut itself off from doing so.
//!
//! It is forked before the kernel's walls go up, so that programs do not stand within walls that were meant for Java code.
//! What it makes are children of the process that asks (`Parent::ParentOfCaller`), which waits for them as for its own, and
//! keeps them if the starter is gone. Invariants: it runs nothing that the grants, of which it has its own copy, do not
//! allow, whatever is asked of it; it holds no stream of the process open; it ends when the other end of its socket closes.
//!
//! A request is a length and the command, with the directory and the three streams as descriptors beside it; the answer
//! is the new process's number and an error number, with a descriptor of the process beside it.

use std::ffi::CString;
use std::io::{Error, IoSlice, IoSliceMut, Result as IoResult};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use parking_lot::Mutex;
use rustix::fs::{Mode, OFlags};
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};
use rustix::process::{Pid, WaitOptions, waitpid};

use super::grants::Grants;
use super::launch::{Launch, Launched, Parent};
use super::programs::{self, Command};
use super::{Outcome, Request};

/// What the kernel takes for arguments and environment of one program is less.
const COMMAND_BYTES_MAX: usize = 8 << 20;
const DESCRIPTORS: usize = 4;
const ANSWER_BYTES: usize = 12;

/// The other end: what the process has that asks.
pub struct Starter {
    /// Nothing once the starter was found to be gone.
    socket: Mutex<Option<OwnedFd>>,
    process: Pid,
}

/// What the new process is given besides the command.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) directory: BorrowedFd<'a>,
    pub(super) streams: [BorrowedFd<'a>; 3],
}

impl Starter {
    /// Forks. The process must have one thread only; this fails if it has more.
    pub fn fork(grants: &Grants) -> IoResult<Starter> {
        if std::fs::read_dir("/proc/self/task")?.count() != 1 {
            return Err(Error::other(
                "programs can be started by a process of its own only before there are threads",
            ));
        }
        let (ours, its) = socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
        let grants = programs::with_places(grants.clone());
        // SAFETY: there is no other thread, so the child finds no lock held and nothing half done.
        match unsafe { libc::fork() } {
            -1 => Err(Error::last_os_error()),
            0 => {
                drop(ours);
                serve(&its, &grants);
                // SAFETY: ends the process; nothing of the parent's is flushed or run.
                unsafe { libc::_exit(0) }
            }
            id => {
                let process = Pid::from_raw(id).ok_or(Errno::IO)?;
                Ok(Starter { socket: Mutex::new(Some(ours)), process })
            }
        }
    }

    /// The descriptor by which it is asked; none once it is gone.
    pub fn descriptor(&self) -> Option<i32> {
        self.socket.lock().as_ref().map(AsRawFd::as_raw_fd)
    }

    pub(super) fn process_id(&self) -> i32 {
        self.process.as_raw_nonzero().get()
    }

    /// Has a program started. EPIPE if the starter is gone, and from then on.
    pub(super) fn start(&self, command: &Command, around: Surroundings<'_>) -> Outcome<Launched> {
        let message = encode(command)?;
        let mut socket = self.socket.lock();
        let Some(connection) = socket.as_ref() else { return Err(Errno::PIPE.into()) };
        match ask(connection, &message, around) {
            Ok(answer) => Ok(answer?),
            Err(_) => {
                *socket = None;
                // Unless it ended by itself it has nothing to do any more.
                waitpid(Some(self.process), WaitOptions::empty()).ok();
                Err(Errno::PIPE.into())
            }
        }
    }
}

impl Drop for Starter {
    fn drop(&mut self) {
        if self.socket.get_mut().take().is_some() {
            retry_on_intr(|| waitpid(Some(self.process), WaitOptions::empty())).ok();
        }
    }
}

// ---- the asking end --------------------------------------------------------------------------------------------------

/// The outer error is one of the conversation, the inner one the answer.
fn ask(socket: &OwnedFd, message: &[u8], around: Surroundings<'_>) -> Result<Result<Launched, Errno>, Errno> {
    let length = (message.len() as u32).to_ne_bytes();
    let [input, output, error] = around.streams;
    send(socket, &length, &[around.directory, input, output, error])?;
    send_all(socket, message)?;
    let mut answer = [0; ANSWER_BYTES];
    let mut process = receive(socket, &mut answer)?;
    let word = |at: usize| i32::from_ne_bytes([answer[at], answer[at + 1], answer[at + 2], answer[at + 3]]);
    let error = |number: i32| (number != 0).then(|| Errno::from_raw_os_error(number.clamp(1, 4095)));
    match process.pop() {
        Some(process) => Ok(Ok(Launched { id: word(0), process, failed: error(word(4)) })),
        None => Ok(Err(error(word(8)).unwrap_or(Errno::PROTO))),
    }
}

fn encode(command: &Command) -> Result<Vec<u8>, Errno> {
    let texts = || [&command.words, &command.environment].into_iter().flatten();
    let bytes = 8 + texts().map(|text| text.len() + 1).sum::<usize>();
    if bytes > COMMAND_BYTES_MAX {
        return Err(Errno::TOOBIG);
    }
    let mut message = Vec::new();
    message.try_reserve_exact(bytes).map_err(|_| Errno::NOMEM)?;
    for list in [&command.words, &command.environment] {
        message.extend_from_slice(&(list.len() as u32).to_ne_bytes());
    }
    for text in texts() {
        message.extend_from_slice(text);
        message.push(0);
    }
    Ok(message)
}

// ---- the starter itself ----------------------------------------------------------------------------------------------

fn serve(socket: &OwnedFd, grants: &Grants) {
    // What the terminal sends to everybody is for the process that asks: it ends us when it ends.
    // SAFETY: a set of signals is plain data, and the calls get a valid one.
    unsafe {
        let mut all = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, std::ptr::null_mut());
        libc::prctl(libc::PR_SET_NAME, c"carafe starter".as_ptr());
    }
    if close_streams().is_err() {
        return;
    }
    while let Ok(Some((command, descriptors))) = next_request(socket) {
        let result = launch(grants, &command, &descriptors);
        let mut answer = [0; ANSWER_BYTES];
        let mut put = |at: usize, value: i32| answer[at..at + 4].copy_from_slice(&value.to_ne_bytes());
        let sent = match &result {
            Ok(launched) => {
                put(0, launched.id);
                put(4, launched.failed.map_or(0, Errno::raw_os_error));
                send(socket, &answer, &[launched.process.as_fd()])
            }
            Err(failure) => {
                put(8, failure.errno().raw_os_error());
                send(socket, &answer, &[])
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

/// Whoever reads what the process writes sees the end when the process ends, and not when we do.
fn close_streams() -> Result<(), Errno> {
    let null = rustix::fs::open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())?;
    rustix::stdio::dup2_stdin(&null)?;
    rustix::stdio::dup2_stdout(&null)?;
    rustix::stdio::dup2_stderr(&null)
}

fn launch(grants: &Grants, command: &Command, descriptors: &[OwnedFd]) -> Outcome<Launched> {
    let [directory, input, output, error] = descriptors else { return Err(Errno::PROTO.into()) };
    let ask = |request: Request<'_>| if grants.covers(&request) { Ok(()) } else { Err(request.denied()) };
    // Whoever asked keeps the record.
    let found = programs::find(grants, command, ask, |refusal| refusal)?;
    let around = Surroundings {
        directory: directory.as_fd(),
        streams: [input.as_fd(), output.as_fd(), error.as_fd()],
    };
    begin(found.programs, command, around, Parent::ParentOfCaller)
}

/// Starts one of `programs` from this process.
pub(super) fn begin(
    programs: Vec<CString>,
    command: &Command,
    around: Surroundings<'_>,
    parent: Parent,
) -> Outcome<Launched> {
    let texts =
        |list: &[Vec<u8>]| list.iter().map(|text| programs::c_text(text)).collect::<Outcome<Vec<_>>>();
    let launch = Launch {
        programs,
        arguments: texts(&command.words)?,
        environment: texts(&command.environment)?,
        directory: around.directory,
        streams: around.streams,
        parent,
    };
    Ok(launch.begin()?)
}

/// The next command with its descriptors; nothing when there is nobody any more who asks.
fn next_request(socket: &OwnedFd) -> Result<Option<(Command, Vec<OwnedFd>)>, Errno> {
    let mut length = [0; 4];
    let descriptors = match receive(socket, &mut length) {
        Err(Errno::PIPE) => return Ok(None),
        received => received?,
    };
    let length = u32::from_ne_bytes(length) as usize;
    if length > COMMAND_BYTES_MAX {
        return Err(Errno::TOOBIG);
    }
    let mut message = vec![0; length];
    receive_rest(socket, &mut message)?;
    Ok(Some((decode(&message).ok_or(Errno::PROTO)?, descriptors)))
}

fn decode(message: &[u8]) -> Option<Command> {
    let (words, rest) = message.split_first_chunk::<4>()?;
    let (variables, texts) = rest.split_first_chunk::<4>()?;
    let mut texts =
        texts.split_inclusive(|b| *b == 0).map(|text| text.strip_suffix(&[0]).map(<[u8]>::to_vec));
    let mut take = |count: &[u8; 4]| {
        let count = u32::from_ne_bytes(*count) as usize;
        texts.by_ref().take(count).collect::<Option<Vec<_>>>().filter(|list| list.len() == count)
    };
    let command = Command { words: take(words)?, environment: take(variables)? };
    texts.next().is_none().then_some(command)
}

// ---- both ends -------------------------------------------------------------------------------------------------------

/// Sends the first bytes of a message, with descriptors. They are so few that they go in one piece.
fn send(socket: &OwnedFd, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> Result<(), Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !beside.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(Errno::INVAL);
    }
    let sent = retry_on_intr(|| sendmsg(socket, &[IoSlice::new(bytes)], &mut beside, SendFlags::NOSIGNAL))?;
    if sent == bytes.len() { Ok(()) } else { Err(Errno::PIPE) }
}

fn send_all(socket: &OwnedFd, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        let sent = retry_on_intr(|| rustix::net::send(socket, bytes, SendFlags::NOSIGNAL))?;
        bytes = &bytes[sent..];
    }
    Ok(())
}

/// Fills `bytes`, and returns the descriptors that came with them. EPIPE at the end.
fn receive(socket: &OwnedFd, bytes: &mut [u8]) -> Result<Vec<OwnedFd>, Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
    let mut beside = RecvAncillaryBuffer::new(&mut space);
    let received = retry_on_intr(|| {
        recvmsg(socket, &mut [IoSliceMut::new(bytes)], &mut beside, RecvFlags::CMSG_CLOEXEC)
    })?;
    let mut descriptors = Vec::new();
    for message in beside.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = message {
            descriptors.extend(rights);
        }
    }
    if received.bytes == 0 || received.flags.contains(ReturnFlags::CTRUNC) {
        return Err(Errno::PIPE);
    }
    receive_rest(socket, &mut bytes[received.bytes..])?;
    Ok(descriptors)
}

fn receive_rest(socket: &OwnedFd, mut bytes: &mut [u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        match retry_on_intr(|| rustix::io::read(socket, &mut *bytes))? {
            0 => return Err(Errno::PIPE),
            got => bytes = &mut bytes[got..],
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_crosses_as_it_is_and_lies_are_refused() {
        let bytes = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
        let command = Command { words: bytes(&["a", "", "b c"]), environment: bytes(&["A=b", "=x"]) };
        let message = encode(&command).unwrap();
        assert_eq!(decode(&message), Some(command));
        assert_eq!(decode(&encode(&Command::default()).unwrap()), Some(Command::default()));
        for end in 0..message.len() {
            assert_eq!(decode(&message[..end]), None);
        }
        let mut lie = message.clone();
        lie[..4].copy_from_slice(&u32::MAX.to_ne_bytes());
        assert_eq!(decode(&lie), None);
        let more = [&message[..], b"more\0"].concat();
        assert_eq!(decode(&more), None);
        let large = Command { words: vec![vec![b'x'; COMMAND_BYTES_MAX]], environment: Vec::new() };
        assert_eq!(encode(&large), Err(Errno::TOOBIG));
    }
}

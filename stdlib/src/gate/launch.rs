//! Makes a new process that runs a program: the only place where one comes to be.
//!
//! The child shares the caller's memory until it has become the program, and the calling thread sleeps meanwhile (what
//! posix_spawn does), so nothing is copied, however large a heap is. Invariant: between clone and exec the child makes
//! system calls on what was prepared before and nothing else: it allocates nothing, takes no lock and runs no handler.
//!
//! Deliberately not here: what may be run (`programs`), and by which process (`starter`).

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

use rustix::io::Errno;

/// What is to run, and in which surroundings.
pub(super) struct Launch<'a> {
    /// Files to try, in this order.
    pub(super) programs: Vec<CString>,
    /// The name that the program is called by comes first.
    pub(super) arguments: Vec<CString>,
    /// `NAME=value` each.
    pub(super) environment: Vec<CString>,
    pub(super) directory: BorrowedFd<'a>,
    pub(super) streams: [BorrowedFd<'a>; 3],
    pub(super) parent: Parent,
}

/// Whose child the new process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    Caller,
    /// The caller's own parent, which then waits for it as for any child.
    ParentOfCaller,
}

/// A process that was made. It has to be waited for by its parent, even if it never became the program.
#[derive(Debug)]
pub(super) struct Launched {
    pub(super) id: i32,
    pub(super) process: OwnedFd,
    /// Why it did not become the program.
    pub(super) failed: Option<Errno>,
}

/// What the child reads, and the one word that it writes.
struct Plan {
    programs: Vec<*const c_char>,
    arguments: Vec<*const c_char>,
    environment: Vec<*const c_char>,
    /// As `arguments`, with the shell before them: for files that are no programs but scripts without a first line.
    script: Vec<*const c_char>,
    directory: RawFd,
    streams: [RawFd; 3],
    errno: c_int,
}

const STACK_BYTES: usize = 64 << 10;
const SHELL: &CStr = c"/bin/sh";

impl Launch<'_> {
    pub(super) fn begin(&self) -> Result<Launched, Errno> {
        let pointers = |texts: &[CString]| {
            let all = texts.iter().map(|text| text.as_ptr());
            all.chain([ptr::null()]).collect::<Vec<*const c_char>>()
        };
        let arguments = pointers(&self.arguments);
        let after_name = arguments.get(1..).unwrap_or(&[ptr::null()]);
        let script = [SHELL.as_ptr(), ptr::null()].iter().chain(after_name).copied().collect();
        let mut plan = Plan {
            programs: self.programs.iter().map(|path| path.as_ptr()).collect(),
            environment: pointers(&self.environment),
            script,
            arguments,
            directory: self.directory.as_raw_fd(),
            streams: self.streams.map(|stream| stream.as_raw_fd()),
            errno: 0,
        };
        let mut stack: Vec<MaybeUninit<u128>> = Vec::new();
        stack.try_reserve_exact(STACK_BYTES / size_of::<u128>()).map_err(|_| Errno::NOMEM)?;
        let flags = libc::CLONE_VM
            | libc::CLONE_VFORK
            | libc::CLONE_PIDFD
            | match self.parent {
                Parent::Caller => 0,
                Parent::ParentOfCaller => libc::CLONE_PARENT,
            }
            | libc::SIGCHLD;
        let mut process: c_int = -1;
        let before = block_signals();
        // SAFETY: the stack is 16-byte aligned memory of its own, and the top is one past its end. With CLONE_VFORK this
        // call returns when the child does not use it, `plan` or this thread's memory any more. No handler runs in the
        // child: all signals are blocked until it has put the handlers away.
        let id = unsafe {
            let top = stack.as_mut_ptr().cast::<u8>().add(STACK_BYTES);
            libc::clone(child, top.cast(), flags, (&raw mut plan).cast(), &raw mut process)
        };
        let failed = last_errno();
        restore_signals(&before);
        if id < 0 {
            return Err(failed);
        }
        // SAFETY: the kernel has just made this descriptor for us (CLONE_PIDFD).
        let process = unsafe { OwnedFd::from_raw_fd(process) };
        // SAFETY: `plan` lives here; the child that wrote to it is gone or another program. Volatile, because the
        // compiler knows nothing of the child.
        let errno = unsafe { ptr::read_volatile(&raw const plan.errno) };
        let failed = (errno != 0).then(|| Errno::from_raw_os_error(errno));
        Ok(Launched { id, process, failed })
    }
}

fn last_errno() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)
}

fn block_signals() -> libc::sigset_t {
    // SAFETY: sets of signals are plain data, for which zero is a value; both calls get valid ones.
    unsafe {
        let (mut all, mut before) = (std::mem::zeroed(), std::mem::zeroed());
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        before
    }
}

fn restore_signals(mask: &libc::sigset_t) {
    // SAFETY: a mask that the kernel gave.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask, ptr::null_mut()) };
}

extern "C" fn child(plan: *mut c_void) -> c_int {
    let plan = plan.cast::<Plan>();
    // SAFETY: `begin` gave its own plan and sleeps until we are gone, so nobody else uses it.
    unsafe {
        let errno = become_program(&mut *plan);
        ptr::write_volatile(&raw mut (*plan).errno, errno);
        libc::_exit(127)
    }
}

/// Returns only if it fails.
///
/// # Safety
/// To be called in the child alone: it changes descriptors, signals and directory of the process.
unsafe fn become_program(plan: &mut Plan) -> c_int {
    // SAFETY: system calls on numbers and on the lists in the plan, which end in null pointers and whose texts live as
    // long as the caller's `Launch`. errno is the sleeping caller's own, and it does not look before it has read the plan.
    unsafe {
        default_signals();
        for stream in &mut plan.streams {
            // Out of the way of the three numbers that are about to be replaced.
            *stream = libc::fcntl(*stream, libc::F_DUPFD_CLOEXEC, 3);
            if *stream < 0 {
                return *libc::__errno_location();
            }
        }
        if libc::fchdir(plan.directory) != 0 {
            return *libc::__errno_location();
        }
        for (number, stream) in plan.streams.iter().enumerate() {
            if libc::dup2(*stream, number as c_int) < 0 {
                return *libc::__errno_location();
            }
        }
        // What an embedding host left open for its own children is not for these. A kernel without the call has closed
        // all that is ours by exec all the same.
        libc::syscall(libc::SYS_close_range, 3, u32::MAX, 0);
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const none, ptr::null_mut());
        execute(plan)
    }
}

/// # Safety
/// As `become_program`.
unsafe fn execute(plan: &mut Plan) -> c_int {
    let mut refused = 0;
    let mut errno = libc::ENOENT;
    for program in &plan.programs {
        // SAFETY: as in `become_program`.
        errno = unsafe {
            libc::execve(*program, plan.arguments.as_ptr(), plan.environment.as_ptr());
            if *libc::__errno_location() == libc::ENOEXEC {
                if let Some(name) = plan.script.get_mut(1) {
                    *name = *program;
                }
                libc::execve(SHELL.as_ptr(), plan.script.as_ptr(), plan.environment.as_ptr());
            }
            *libc::__errno_location()
        };
        match errno {
            // There may be one further down the list; but if there is none, this is what is told.
            libc::EACCES => refused = errno,
            libc::ENOENT | libc::ENOTDIR | libc::ELOOP | libc::ESTALE | libc::ENODEV | libc::ETIMEDOUT => {}
            _ => return errno,
        }
    }
    if refused != 0 { refused } else { errno }
}

/// Handlers do not outlive exec, but must not run before it either; and what is ignored would stay ignored, which for
/// SIGPIPE and SIGXFSZ is this process's wish and no program's.
///
/// # Safety
/// As `become_program`.
unsafe fn default_signals() {
    // SAFETY: the struct is plain data; numbers that are no signals, or that cannot be changed, give errors.
    unsafe {
        for number in 1..=libc::SIGRTMAX() {
            let mut action: libc::sigaction = std::mem::zeroed();
            if libc::sigaction(number, ptr::null(), &raw mut action) != 0 {
                continue;
            }
            let ours = matches!(number, libc::SIGPIPE | libc::SIGXFSZ);
            let ignored = action.sa_sigaction == libc::SIG_IGN && !ours;
            if action.sa_sigaction != libc::SIG_DFL && !ignored {
                action = std::mem::zeroed();
                action.sa_sigaction = libc::SIG_DFL;
                libc::sigaction(number, &raw const action, ptr::null_mut());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::fd::AsFd;

    use rustix::process::{WaitId, WaitIdOptions, waitid};

    use super::*;

    fn texts(words: &[&str]) -> Vec<CString> {
        words.iter().map(|word| CString::new(*word).unwrap()).collect()
    }

    /// Exit code or errno, and what was written.
    fn run(programs: &[&str], arguments: &[&str], environment: &[&str]) -> (i32, String) {
        let (reader, writer) = std::io::pipe().unwrap();
        let null = std::fs::File::open("/dev/null").unwrap();
        let root = std::fs::File::open("/usr").unwrap();
        let launch = Launch {
            programs: texts(programs),
            arguments: texts(arguments),
            environment: texts(environment),
            directory: root.as_fd(),
            streams: [null.as_fd(), writer.as_fd(), writer.as_fd()],
            parent: Parent::Caller,
        };
        let launched = launch.begin().unwrap();
        drop(writer);
        let mut text = String::new();
        let mut reader = reader;
        reader.read_to_string(&mut text).unwrap();
        let status = waitid(WaitId::PidFd(launched.process.as_fd()), WaitIdOptions::EXITED).unwrap().unwrap();
        let code = status.exit_status().or(status.terminating_signal().map(|signal| 128 + signal));
        (launched.failed.map_or(code.unwrap(), |errno| -errno.raw_os_error()), text)
    }

    #[test]
    fn a_program_gets_what_it_was_given_and_nothing_else() {
        // A descriptor that anybody forgot to close on exec.
        let leaked = rustix::io::fcntl_dupfd_cloexec(std::io::stderr().as_fd(), 100).unwrap();
        rustix::io::fcntl_setfd(&leaked, rustix::io::FdFlags::empty()).unwrap();
        let script = "pwd; echo $0 $1 $A; ls /proc/self/fd | tr '\\n' ' '; kill -PIPE $$; echo alive";
        let (code, text) =
            run(&["/bin/sh"], &["shell", "-c", script, "name", "one"], &["A=b", "PATH=/usr/bin:/bin"]);
        assert_eq!((code, text.as_str()), (128 + libc::SIGPIPE, "/usr\nname one b\n0 1 2 3 "));
    }

    #[test]
    fn the_next_file_is_tried_and_the_error_is_the_telling_one() {
        assert_eq!(run(&["/nowhere/true", "/bin/true"], &["true"], &[]).0, 0);
        assert_eq!(run(&["/etc/passwd", "/nowhere/x"], &["x"], &[]).0, -libc::EACCES);
        assert_eq!(run(&["/nowhere/x"], &["x"], &[]).0, -libc::ENOENT);
        assert_eq!(run(&[], &["x"], &[]).0, -libc::ENOENT);
    }
}

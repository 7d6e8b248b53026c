//! The process's signals, for the isolate that was given them.
//!
//! A thread of this module takes the signals that the program asked for out of signal-hook's pipe and posts them to the
//! isolate. Invariants: Java code never runs in a signal handler; the thread ends with the isolate's state. Deliberately
//! absent: who may ask (the native method decides that).

use std::sync::{Arc, Weak};
use std::thread::JoinHandle;

use carafe_vm::isolate::Isolate;
use hashbrown::HashMap;
use parking_lot::Mutex;
use rustix::io::Errno;
use signal_hook::iterator::{Handle, Signals as Incoming};

use super::{Gate, Outcome, Request};

/// What happens when a signal comes; the numbers are the library's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    Default = 0,
    Ignore = 1,
    Dispatch = 2,
}

type Dispositions = Arc<Mutex<HashMap<i32, Disposition>>>;

/// The signals of one isolate.
#[derive(Default)]
pub struct Signals {
    known: Dispositions,
    receiver: Mutex<Option<Receiver>>,
}

struct Receiver {
    handle: Handle,
    thread: Option<JoinHandle<()>>,
}

impl Signals {
    /// Changes what a signal does, and returns what it did. With `keep_ignored` a signal that the process was started
    /// to ignore stays ignored.
    pub fn set(
        &self,
        vm: &Arc<Isolate>,
        number: i32,
        new: Disposition,
        keep_ignored: bool,
    ) -> Outcome<Disposition> {
        let known = self.known.lock().get(&number).copied();
        let old = match known {
            Some(old) => old,
            None if is_ignored(number) => Disposition::Ignore,
            None => Disposition::Default,
        };
        if known.is_none() {
            if new == old || (old == Disposition::Ignore && keep_ignored) {
                return Ok(old);
            }
            self.receive(vm, number)?;
        }
        self.known.lock().insert(number, new);
        Ok(old)
    }

    /// From now on the signal comes here.
    fn receive(&self, vm: &Arc<Isolate>, number: i32) -> Outcome<()> {
        let failed = |error: std::io::Error| Errno::from_io_error(&error).unwrap_or(Errno::INVAL);
        let mut receiver = self.receiver.lock();
        if let Some(receiver) = receiver.as_ref() {
            return Ok(receiver.handle.add_signal(number).map_err(failed)?);
        }
        let incoming = Incoming::new([number]).map_err(failed)?;
        let handle = incoming.handle();
        let (vm, known) = (Arc::downgrade(vm), self.known.clone());
        let thread = std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || forward(incoming, &vm, &known))
            .map_err(failed)?;
        *receiver = Some(Receiver { handle, thread: Some(thread) });
        Ok(())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.handle.close();
        if let Some(thread) = self.thread.take()
            // The last owner of the isolate may be that very thread, between two signals.
            && thread.thread().id() != std::thread::current().id()
        {
            // It cannot have panicked with anything that matters here.
            let _ = thread.join();
        }
    }
}

fn forward(mut incoming: Incoming, vm: &Weak<Isolate>, known: &Dispositions) {
    for number in incoming.forever() {
        let disposition = known.lock().get(&number).copied();
        match disposition {
            Some(Disposition::Dispatch) => {
                let Some(vm) = vm.upgrade() else { return };
                vm.signals.post(number);
            }
            Some(Disposition::Default) => {
                // It fails only for numbers that are no signals.
                let _ = signal_hook::low_level::emulate_default_handler(number);
            }
            Some(Disposition::Ignore) | None => {}
        }
    }
}

/// From now on a file that grows beyond the process's limit is an error of the write, as a full disk is, and not the
/// process's end.
pub fn survive_file_limits() {
    // SAFETY: ignores a signal; no handler is installed.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Whether the process ignores a signal.
fn is_ignored(number: i32) -> bool {
    // SAFETY: the struct is plain data, for which zero is a value; the call only writes to it, and fails for numbers that
    // are no signals.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(number, std::ptr::null(), &raw mut action) == 0
            && action.sa_sigaction == libc::SIG_IGN
    }
}

impl Gate {
    /// Sends the process a signal.
    pub fn raise_signal(&self, number: i32, name: &str) -> Outcome<()> {
        self.check(Request::Signal(name))?;
        let signal = rustix::process::Signal::from_named_raw(number).ok_or(Errno::INVAL)?;
        Ok(rustix::process::kill_process(rustix::process::getpid(), signal)?)
    }
}

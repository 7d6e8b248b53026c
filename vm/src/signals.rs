//! Signals on their way to Java code: a queue, and the daemon thread "Signal Dispatcher" that hands each to
//! `jdk.internal.misc.Signal.dispatch`, which starts a thread for its handler.
//!
//! Invariant: posting never waits for Java code. Deliberately absent: everything that talks to the kernel; whoever owns the
//! process's signals posts their numbers here.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::{Condvar, Mutex};

use crate::dump::print;
use crate::env::{Env, JResult, Value};
use crate::thread::start;

/// Which of the process's signals an isolate may ask for. They belong to the process, so the host decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProcessSignals {
    /// None: it is one of many isolates, or the host handles signals itself.
    #[default]
    Withheld,
    /// All but those that end a program (`-Xrs`).
    Reduced,
    All,
}

/// SIGQUIT: the VM answers it itself, with a thread dump.
pub const BREAK: i32 = 3;

#[derive(Default)]
pub struct SignalQueue {
    waiting: Mutex<VecDeque<i32>>,
    changed: Condvar,
    dispatcher: AtomicBool,
}

impl SignalQueue {
    /// A signal has come. It is dropped if the program is too far behind to care.
    pub fn post(&self, number: i32) {
        const WAITING_MAX: usize = 1024;
        let mut waiting = self.waiting.lock();
        if waiting.len() < WAITING_MAX {
            waiting.push_back(number);
        }
        self.changed.notify_all();
    }

    pub(crate) fn notify_all(&self) {
        let _guard = self.waiting.lock();
        self.changed.notify_all();
    }

    /// The next signal; `None` once `over` holds.
    fn next(&self, over: impl Fn() -> bool) -> Option<i32> {
        let mut waiting = self.waiting.lock();
        loop {
            if over() {
                return None;
            }
            if let Some(number) = waiting.pop_front() {
                return Some(number);
            }
            self.changed.wait(&mut waiting);
        }
    }
}

/// Starts the dispatcher if it does not run yet.
pub fn start_dispatcher(env: &mut Env<'_>) -> JResult<()> {
    if env.vm().signals.dispatcher.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    const PRIORITY: i32 = 9;
    start::start_system(env, "Signal Dispatcher", PRIORITY, Box::new(dispatch_all))
}

fn dispatch_all(env: &mut Env<'_>) -> JResult<()> {
    let vm = env.vm();
    while let Some(number) = env.blocking(|| vm.signals.next(|| vm.is_halting())) {
        env.poll()?;
        if number == BREAK {
            print::thread_dump_to_output(env);
            continue;
        }
        let class = env.wk().signal.id;
        if env.call_static(class, "dispatch", "(I)V", &[Value::Int(number)]).is_err() {
            if env.is_terminating() {
                break;
            }
            // No thread could be started for the handler: as if the signal had come and gone.
            env.take_exception();
        }
    }
    Ok(())
}

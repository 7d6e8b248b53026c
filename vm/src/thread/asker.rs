//! Who asks for something outside: for records of decisions, and for questions to whoever sits at the terminal.
//!
//! The asker is the calling thread, found by the kernel's number of it, because those who decide hold no token of the VM.
//! Invariant: only the caller's own frames are walked, and its name is read while the thread counts as running.

use std::sync::atomic::Ordering;

use super::{Thread, safepoint, state, walk};
use crate::exceptions::backtrace;
use crate::isolate::Isolate;
use crate::strings;

/// Characters of a thread's name that are kept.
const NAME_MAX: usize = 256;

/// A thread, and the line of the program that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The name of the `java.lang.Thread`.
    pub thread: String,
    /// `Class.method(File.java:12)` of the youngest frame that is not the class library's.
    pub frame: Option<String>,
    /// `java/io/FileInputStream.open0`: the native method that the thread is in.
    pub native: Option<String>,
}

/// The calling thread, if it is one of the isolate's.
pub fn of_caller(vm: &Isolate) -> Option<Asker> {
    let me = rustix::thread::gettid().as_raw_nonzero().get() as u32;
    let own = |entry: &&super::list::Entry| entry.control.os_tid.load(Ordering::Relaxed) == me;
    let thread = vm.threads.lock().iter().find(own)?.thread;
    // SAFETY: the entry is the calling thread's own, so the thread lives at least until it returns from here, and its
    // frames do not change meanwhile. Whoever holds its token is further up on this very stack and waits for us.
    let thread = unsafe { &*thread };
    let (mut frame, mut native, mut youngest) = (None, None, true);
    walk::each(thread, |at| {
        let class = vm.universe.class(at.method.class);
        if std::mem::take(&mut youngest) && at.native {
            native = Some(format!("{}.{}", vm.universe.str(class.name), vm.universe.str(at.method.name)));
        }
        if at.method.is_hidden() || vm.universe.is_of_library(class) {
            return true;
        }
        let file = backtrace::source_file(vm, class).map(String::from_utf8_lossy);
        let file = file.as_deref().unwrap_or("Unknown Source");
        let line = match backtrace::line_number(vm, at.method, at.bci) {
            line if line > 0 => format!(":{line}"),
            _ => String::new(),
        };
        let (class, method) = (vm.universe.external_name(class.id), vm.universe.str(at.method.name));
        frame = Some(format!("{class}.{method}({file}{line})"));
        false
    });
    Some(Asker { thread: name(vm, thread), frame, native })
}

fn name(vm: &Isolate, thread: &Thread) -> String {
    let Some(wk) = vm.wk_if_ready() else { return String::new() };
    let waiting = thread.control.state.load(Ordering::Relaxed) == state::NATIVE;
    if waiting {
        safepoint::leave_native(thread);
    }
    let units = if thread.current.is_null() {
        Vec::new()
    } else {
        // SAFETY: a reference field of a live object; the thread runs, so nothing moves.
        let name =
            unsafe { carafe_gc::object::load_ref(vm.cage.base(), thread.current, wk.thread.name as usize) };
        strings::units_at_most(vm, name, NAME_MAX)
    };
    if waiting {
        safepoint::enter_native(thread);
    }
    String::from_utf16_lossy(&units)
}

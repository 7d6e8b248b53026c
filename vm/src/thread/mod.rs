//! Threads of an isolate: what each one carries, and how others may reach it.
//!
//! [`Thread`] is owned by the OS thread that runs it: only that thread, or a collector that has stopped it, touches its
//! fields. What other threads may touch at any time (the poll word, the state, the parker) is in [`ThreadControl`].
//!
//! A thread is RUNNING while it may touch the heap, and NATIVE while it promised not to. Every way from NATIVE back to
//! RUNNING goes through [`crate::thread::safepoint`], which waits while the world is stopped.

pub mod asker;
pub mod delays;
pub mod frames;
pub mod list;
pub mod park;
pub mod safepoint;
pub mod stack;
pub mod start;
pub mod stopping;
pub mod walk;

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use carafe_classloader::class::LoaderId;
use carafe_classloader::symbols::Symbol;
use carafe_gc::heap::Tlab;
use carafe_gc::object::ObjRef;
use carafe_gc::refs::HandleStack;
use carafe_jit::anchor::Anchor;

use crate::continuation::Mounted;
use crate::continuation::frozen::{Resume, Scratch};
use crate::interpreter::watch::Watch;
use crate::isolate::Isolate;
use crate::monitor::Monitor;
use park::Parker;
use stack::JavaStack;
pub use stopping::state;

/// Bits of the poll word; any of them sends the thread to its slow path at the next poll.
pub mod poll {
    pub const SAFEPOINT: u32 = 1;
    pub const TERMINATE: u32 = 2;
    /// The thread has touched what a mapped file has no more, and must throw. Raised by its own signal handler.
    pub const FAULT: u32 = 4;
}

/// What other threads may use of a thread.
pub struct ThreadControl {
    pub poll: AtomicU32,
    /// What a frame's lowest address is compared with when a method is entered: the stack's limit, or an address above
    /// all while the poll word is not zero. So calls poll at no cost, and recursion stops like a loop does.
    pub entry_limit: AtomicUsize,
    /// Frames must end above this address.
    pub stack_limit: usize,
    pub state: AtomicU32,
    /// The VM's own number of the thread; never reused. 0 is no thread.
    pub id: u32,
    pub parker: Parker,
    /// Kernel thread id, once running.
    pub os_tid: AtomicU32,
    /// When the thread was made.
    pub started: Instant,
    /// How often it has waited to enter a monitor; to be notified, to be unparked or for time to pass.
    pub blocked_count: AtomicU64,
    pub waited_count: AtomicU64,
    /// Bytes of objects that it has made, but for those in the buffer that it allocates from.
    pub allocated: AtomicU64,
    /// Set by interrupt0 before the wake-up, cleared by whoever reports the interruption.
    pub interrupted: AtomicBool,
}

impl ThreadControl {
    /// Sends the thread to its slow path at its next poll. Also called in a signal handler of the thread's own.
    pub fn raise(&self, bit: u32) {
        self.poll.fetch_or(bit, Ordering::SeqCst);
        self.entry_limit.store(usize::MAX, Ordering::SeqCst);
    }

    /// Takes a reason to poll back. The caller holds the thread list's lock, so that there is one at a time.
    pub fn lower(&self, bit: u32) {
        if self.poll.fetch_and(!bit, Ordering::SeqCst) & !bit == 0 {
            self.entry_limit.store(self.stack_limit, Ordering::SeqCst);
            // A reason that came in between has stored its limit before ours, or does so yet.
            if self.poll.load(Ordering::SeqCst) != 0 {
                self.entry_limit.store(usize::MAX, Ordering::SeqCst);
            }
        }
    }
}

/// Where the Java stack of a thread stands while Rust code runs on its behalf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Top {
    /// Header of the youngest frame; null when there is none.
    pub fp: *mut u64,
    /// Lowest operand slot in use.
    pub sp: *mut u64,
    /// The instruction being executed.
    pub pc: *const u64,
}

impl Top {
    pub const EMPTY: Top = Top { fp: std::ptr::null_mut(), sp: std::ptr::null_mut(), pc: std::ptr::null() };
}

#[repr(C)]
pub struct Thread {
    /// Base of the cage.
    pub base: *mut u8,
    pub tlab: Tlab,
    /// Frames must end above this address.
    pub stack_limit: *mut u64,
    pub top: Top,
    /// The pending exception; null when there is none. A root.
    pub exception: ObjRef,
    /// Set when the thread is being ended: unwinding then passes every handler.
    pub terminating: bool,
    /// The java.lang.Thread of the platform thread. A root.
    pub carrier: ObjRef,
    /// What Thread.currentThread() returns. A root.
    pub current: ObjRef,
    /// Thread.scopedValueCache. A root.
    pub scoped_cache: ObjRef,
    pub handles: HandleStack,
    /// Objects locked by header bits, youngest last; an object appears once per nesting. Roots.
    pub locks: Vec<ObjRef>,
    /// The monitor that the thread used last, with its object. Forgotten before objects move (`deflate_idle`).
    pub monitor: Option<(ObjRef, Arc<Monitor>)>,
    /// What `monitorenter` instructions of frames have locked, youngest last: a frame releases only what it took, and
    /// must have released it all when it ends. Roots.
    pub held: Vec<Held>,
    /// Who the thread is to monitors: itself, or the virtual thread that runs on it.
    pub lock_owner: u64,
    /// The continuations on the Java stack, the innermost last. Roots.
    pub continuations: Vec<Mounted>,
    /// How the frames go on that were thawed last: the instruction that is executed again takes this.
    pub resumed: Option<Resume>,
    pub scratch: Scratch,
    /// Which classes the thread is asking loaders for right now, the latest last.
    pub loading: Vec<(LoaderId, Symbol)>,
    pub control: Arc<ThreadControl>,
    pub vm: *const Isolate,
    pub stack: JavaStack,
    /// How many dispatchers are nested on the native stack.
    pub nesting: u32,
    /// Lowest address of the native stack that a nested dispatcher may start at.
    pub native_limit: usize,
    /// Which monitor the thread waits for, for dumps and the deadlock report.
    pub waiting: Waiting,
    pub park_seed: Cell<u32>,
    /// Class word of boolean[], whose stores are masked.
    pub boolean_array: u32,
    pub handle_offsets: HandleOffsets,
    /// Present if every instruction is counted or checked.
    pub watch: Option<Box<Watch>>,
    /// What compiled code finds of the machine.
    pub anchor: Anchor,
    /// The frame and pc of the one instruction that the interpreter executes for compiled code.
    pub single: Option<(*mut u64, *const u64)>,
}

/// The monitor that a thread waits for. The thread itself writes it, before it counts as stopped and after it runs again.
#[derive(Debug)]
pub struct Waiting {
    /// Null if it waits for none. A root.
    pub object: ObjRef,
    /// One of [`waiting_for`]; also written while others may look.
    pub what: AtomicU32,
}

/// What a thread that waits for a monitor wants of it.
pub mod waiting_for {
    /// To enter it.
    pub const ENTRY: u32 = 1;
    /// To be notified.
    pub const NOTIFICATION: u32 = 2;
    /// To enter it again after `wait`.
    pub const ENTRY_AFTER_WAIT: u32 = 3;
}

/// One execution of `monitorenter` whose `monitorexit` has not come yet.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// Header of the frame that executed it; frames stay where they are while they hold locks.
    pub frame: *mut u64,
    pub object: ObjRef,
}

/// Field offsets on the way from a MethodHandle or MemberName to the method it runs.
#[derive(Clone, Copy, Default, Debug)]
pub struct HandleOffsets {
    /// MethodHandle.form
    pub form: u32,
    /// LambdaForm.vmentry
    pub vmentry: u32,
    /// MemberName.method
    pub method: u32,
    /// ResolvedMethodName.vmtarget
    pub vmtarget: u32,
}

impl Thread {
    pub fn id(&self) -> u32 {
        self.control.id
    }

    /// The innermost continuation on the Java stack.
    pub fn innermost(&self) -> Option<&Mounted> {
        self.continuations.last()
    }

    /// The word that polls look at.
    #[inline(always)]
    pub fn poll_word(&self) -> &AtomicU32 {
        &self.control.poll
    }

    /// Where the stack must not reach when a method is entered; see `ThreadControl`.
    #[inline(always)]
    pub fn entry_limit(&self) -> &AtomicUsize {
        &self.control.entry_limit
    }

    pub fn vm(&self) -> &Isolate {
        // SAFETY: a Thread is unregistered before the Isolate it was made from goes away (Isolate::drop asserts it).
        unsafe { &*self.vm }
    }
}

//! Continuations: what `jdk.internal.vm.Continuation` asks of the VM, and with it all of `java.lang.VirtualThread`.
//!
//! A continuation runs on the Java stack of the thread that runs it, above the frame of the native `enterSpecial` (the
//! *entry*). `doYield` takes the frames between itself and the entry off the stack, keeps them in the continuation's
//! StackChunk (`frozen` has the form, `freeze` makes it) and goes on as if `enterSpecial` had returned; the next
//! `enterSpecial` puts them back (`thaw`), on whatever thread, and `doYield` returns 0.
//!
//! Both natives are quick instructions of their own (`ContinuationEnter`, `ContinuationYield`), because they change which
//! frame is the youngest. While a continuation is on a stack its [`Mounted`] is in `Thread::continuations`.
//!
//! Invariant: locks belong to whoever runs. A virtual thread is another owner to monitors than its carrier
//! (`Thread::lock_owner`), with a lock stack of its own: the carrier's waits in `Mounted`, the virtual thread's travels
//! with its frames. Other continuations share the thread's locks, and are pinned while they hold any.
//!
//! Deliberately absent: thawing a few frames at a time, and taking a continuation off a thread that did not ask for it.

pub mod blocking;
pub mod freeze;
pub mod frozen;
pub mod thaw;

use carafe_classloader::class::Method;
use carafe_gc::object::{self, ObjRef};

use crate::dispatch;
use crate::env::{Env, JResult};
use crate::interpreter::slow::Flow;
use crate::isolate::Isolate;
use crate::thread::frames::Frame;
use crate::thread::{Held, Thread};
use freeze::Refusal;
use frozen::Resume;

/// Why a continuation cannot yield: the numbers of `Continuation.pinnedReason`.
pub mod pinned {
    pub const CRITICAL_SECTION: i32 = 2;
    pub const NATIVE: i32 = 3;
    pub const MONITOR: i32 = 4;
}

/// Owners of monitors are numbers of threads of the VM, or with this bit identifiers of virtual threads.
const VIRTUAL_OWNER: u64 = 1 << 63;

/// A continuation that is on a thread's stack.
pub struct Mounted {
    /// Header of its `enterSpecial` frame.
    pub entry: *mut u64,
    /// It is that of a virtual thread, with locks of its own.
    pub is_virtual: bool,
    /// How many critical sections it is in.
    pub pins: u32,
    /// What the thread had locked when it came, and who it was to monitors. Roots.
    pub locks: Vec<ObjRef>,
    pub held: Vec<Held>,
    owner: u64,
}

impl Mounted {
    /// The continuation object, which the entry frame has as its first argument.
    ///
    /// # Safety
    /// The thread it is mounted on stands still.
    pub unsafe fn object(&self, vm: &Isolate) -> ObjRef {
        // SAFETY: the entry frame is live while its Mounted is listed.
        unsafe {
            let frame = Frame::new(self.entry);
            ObjRef::from_raw(*frame.locals(vm.meta.get(frame.method()).max_locals as usize) as u32)
        }
    }
}

/// The two quick words of the natives that this module is, by name; `None` for other methods.
pub fn body_of(vm: &Isolate, method: &Method) -> Option<crate::interpreter::quick::Quick> {
    use crate::interpreter::quick::Quick;
    let class = vm.universe.class(method.class);
    if !class.loader.is_boot() || vm.universe.text(class.name) != b"jdk/internal/vm/Continuation" {
        return None;
    }
    match vm.universe.text(method.name) {
        b"enterSpecial" => Some(Quick::ContinuationEnter),
        b"doYield" => Some(Quick::ContinuationYield),
        _ => None,
    }
}

/// `ContinuationEnter`: the body of `enterSpecial(continuation, isContinue, isVirtualThread)`.
///
/// # Safety
/// The youngest frame is that of `enterSpecial`, with no operands; the contract of slow paths.
pub unsafe fn enter(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise; the frame has its three arguments as locals.
    unsafe {
        let vm = &*(*t).vm;
        let entry = (*t).top.fp;
        let frame = Frame::new(entry);
        let lp = frame.locals(vm.meta.get(frame.method()).max_locals as usize);
        let (is_continue, is_virtual) = (*lp.sub(1) & 1 != 0, *lp.sub(2) & 1 != 0);
        if *lp as u32 == 0 {
            Env::with(t, |env| env.throw_npe());
            return Flow::Throw;
        }
        if is_continue {
            mount(t, entry, is_virtual);
            // An exception unwinds the entry, which unmounts.
            return match thaw::thaw(t, entry, is_virtual) {
                Ok(()) => Flow::Next,
                Err(_) => Flow::Throw,
            };
        }
        let method = vm.well_known_methods().continuation_enter;
        if let Err(flow) = dispatch::prepare(t, method) {
            return flow;
        }
        mount(t, entry, is_virtual);
        let mut top = (*t).top;
        top.sp = top.sp.sub(2);
        *top.sp.add(1) = *lp as u32 as u64;
        *top.sp = 0;
        (*t).top = top;
        dispatch::push_frame(t, method, top.pc.add(1), 0)
    }
}

/// `ContinuationLeave`: the continuation has ended or yielded.
///
/// # Safety
/// The youngest frame is that of `enterSpecial`; the contract of slow paths.
pub unsafe fn leave(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise.
    unsafe {
        unmount(t, (*t).top.fp);
        (*t).top.pc = (*t).top.pc.add(1);
    }
    Flow::Next
}

/// `ContinuationYield`: the body of `doYield()`, whose result is 0 or why the continuation is pinned.
///
/// # Safety
/// The youngest frame is that of `doYield`, with no operands; the contract of slow paths.
pub unsafe fn do_yield(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise; the frame has room for its result.
    unsafe {
        let refused = Env::with(t, |env| match freeze::prepare(env, Resume::Yielded) {
            Ok(prepared) => {
                freeze::commit(env, prepared);
                None
            }
            Err(refusal) => Some(refusal),
        });
        match refused {
            None => Flow::Next,
            Some(Refusal::Throw) => Flow::Throw,
            Some(Refusal::Pinned(reason)) => {
                (*t).top.sp = (*t).top.sp.sub(1);
                *(*t).top.sp = reason as u32 as u64;
                (*t).top.pc = (*t).top.pc.add(1);
                Flow::Next
            }
        }
    }
}

/// # Safety
/// The thread is the caller's own; `entry` is its youngest frame.
unsafe fn mount(t: *mut Thread, entry: *mut u64, is_virtual: bool) {
    // SAFETY: the caller's promise; `current` is a live Thread object.
    unsafe {
        let thread = &mut *t;
        let owner = thread.lock_owner;
        let mut mounted = Mounted { entry, is_virtual, pins: 0, locks: Vec::new(), held: Vec::new(), owner };
        if is_virtual {
            let at = thread.vm().wk().thread.tid as usize;
            thread.lock_owner = VIRTUAL_OWNER | object::load_u64(thread.base, thread.current, at);
            // A carrier seldom holds locks: then its empty lists go on to be used.
            if !thread.locks.is_empty() {
                mounted.locks = std::mem::take(&mut thread.locks);
            }
            if !thread.held.is_empty() {
                mounted.held = std::mem::take(&mut thread.held);
            }
        }
        thread.continuations.push(mounted);
    }
}

/// The entry frame is about to go: what the thread was before it is again.
///
/// # Safety
/// The thread is the caller's own.
pub unsafe fn unmount(t: *mut Thread, entry: *mut u64) {
    // SAFETY: the caller's promise.
    let thread = unsafe { &mut *t };
    let Some(mounted) = thread.continuations.pop_if(|m| m.entry == entry) else { return };
    if mounted.is_virtual {
        debug_assert!(thread.locks.is_empty() && thread.held.is_empty(), "locks leave with their frames");
        thread.lock_owner = mounted.owner;
        if !mounted.locks.is_empty() {
            thread.locks = mounted.locks;
        }
        if !mounted.held.is_empty() {
            thread.held = mounted.held;
        }
    }
}

/// `Continuation.pin`; without a continuation there is nothing to do.
pub fn pin(env: &mut Env<'_>) -> JResult<()> {
    let Some(mounted) = env.thread_mut().continuations.last_mut() else { return Ok(()) };
    match mounted.pins.checked_add(1) {
        Some(pins) => {
            mounted.pins = pins;
            Ok(())
        }
        None => Err(env.throw("java/lang/IllegalStateException", "pin overflow")),
    }
}

pub fn unpin(env: &mut Env<'_>) -> JResult<()> {
    let Some(mounted) = env.thread_mut().continuations.last_mut() else { return Ok(()) };
    match mounted.pins.checked_sub(1) {
        Some(pins) => {
            mounted.pins = pins;
            Ok(())
        }
        None => Err(env.throw("java/lang/IllegalStateException", "pin underflow")),
    }
}

/// `Continuation.isPinned0`: why a yield to the scope would fail now, or 0. As on the reference machine the frame of this
/// native counts, so in a continuation there is always a reason.
pub fn is_pinned(env: &mut Env<'_>) -> i32 {
    match env.thread().continuations.last() {
        None => 0,
        Some(mounted) if mounted.pins > 0 => pinned::CRITICAL_SECTION,
        Some(_) => pinned::NATIVE,
    }
}

/// The virtual thread's continuation that is the innermost on this thread, if what runs is one that may be unmounted.
pub fn can_unmount(thread: &Thread) -> bool {
    thread.innermost().is_some_and(|m| m.is_virtual && m.pins == 0)
}

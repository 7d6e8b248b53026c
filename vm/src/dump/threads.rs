//! What all threads of an isolate are doing, at one moment: the common ground of thread dumps, thread beans and the search for
//! deadlocks.
//!
//! Facts hold naked references. Invariant: whoever gathers them makes handles of those it needs, or drops them, before it may
//! collect.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use carafe_classloader::class::{Method, is_subtype};
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::{self, ObjRef};

use crate::env::Env;
use crate::isolate::Isolate;
use crate::thread::frames::Frame;
use crate::thread::start::status;
use crate::thread::{Held, Thread, ThreadControl, safepoint, waiting_for, walk};
use crate::{monitor, strings};

/// Frames that are kept of one thread, whatever was asked for.
pub const FRAMES_MAX: usize = 1 << 16;
/// Characters of a thread's name that are kept.
const NAME_MAX: usize = 4096;

/// What to gather.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub frames: usize,
    /// Which objects each frame has locked.
    pub locks: bool,
    /// Which ownable synchronizers each thread holds: takes a walk over the whole heap.
    pub synchronizers: bool,
}

/// An object and its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thing {
    pub object: ObjRef,
    pub class: ClassId,
}

/// What keeps a thread from going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocker {
    Nothing,
    /// It waits to enter the monitor.
    Entry(Thing),
    /// It waits to be notified.
    Notification(Thing),
    /// It was notified (or interrupted) and waits to enter the monitor again.
    EntryAfterWait(Thing),
    /// It is parked, and said for what.
    Parked(Thing),
}

impl Blocker {
    pub fn thing(&self) -> Option<Thing> {
        match self {
            Blocker::Nothing => None,
            Blocker::Entry(thing)
            | Blocker::Notification(thing)
            | Blocker::EntryAfterWait(thing)
            | Blocker::Parked(thing) => Some(*thing),
        }
    }
}

pub struct FrameFacts<'v> {
    pub method: &'v Method,
    pub bci: i32,
    /// What it has locked, the latest first.
    pub locks: Vec<Thing>,
}

pub struct ThreadFacts<'v> {
    pub control: Arc<ThreadControl>,
    /// The java.lang.Thread.
    pub object: ObjRef,
    pub name: String,
    /// The identifier that Java knows it by.
    pub tid: i64,
    pub daemon: bool,
    pub priority: i32,
    /// Thread.holder.threadStatus.
    pub status: i32,
    pub is_virtual: bool,
    pub blocker: Blocker,
    /// The thread that holds what this one waits for, as the VM numbers threads; 0 if none does.
    pub blocked_by: u32,
    pub frames: Vec<FrameFacts<'v>>,
    pub synchronizers: Vec<Thing>,
    /// Bytes of Java stack in use.
    pub stack_bytes: usize,
}

/// The facts of all threads that have a java.lang.Thread and are alive to Java, in the order in which they were made.
pub fn gather<'v>(env: &mut Env<'v>, wanted: Wanted) -> Vec<ThreadFacts<'v>> {
    let vm: &'v Isolate = env.vm();
    safepoint::stop_the_world_for("ThreadDump", env.thread_mut(), |me| {
        let threads: Vec<*mut Thread> = vm.threads.lock().iter().map(|entry| entry.thread).collect();
        let look = Look { vm };
        let mut facts: Vec<ThreadFacts<'v>> = threads
            .into_iter()
            // SAFETY: the world is stopped: threads stand still, and none leaves the list.
            .filter_map(|thread| look.thread(unsafe { &*thread }, wanted))
            // Whoever has joined a thread may be faster than its way out of the list.
            .filter(|facts| facts.status != status::TERMINATED)
            .collect();
        if wanted.synchronizers {
            look.synchronizers(&mut facts);
        }
        // The caller goes on to name methods when their frames may be gone.
        facts.iter().flat_map(|facts| &facts.frames).for_each(|f| walk::keep_class(vm, me, f.method));
        facts
    })
}

/// A look at a stopped isolate.
struct Look<'v> {
    vm: &'v Isolate,
}

impl<'v> Look<'v> {
    fn load(&self, object: ObjRef, offset: u32) -> ObjRef {
        // SAFETY: callers name a reference field of a live object; the world is stopped.
        unsafe { object::load_ref(self.vm.cage.base(), object, offset as usize) }
    }

    fn load_int(&self, object: ObjRef, offset: u32) -> i32 {
        // SAFETY: as in `load`, of an int field.
        unsafe { object::load_u32(self.vm.cage.base(), object, offset as usize) as i32 }
    }

    fn thing(&self, object: ObjRef) -> Option<Thing> {
        if object.is_null() {
            return None;
        }
        // SAFETY: a live object, which is not null.
        let class = unsafe { object::class_of(self.vm.cage.base(), object) };
        Some(Thing { object, class })
    }

    fn thread(&self, thread: &Thread, wanted: Wanted) -> Option<ThreadFacts<'v>> {
        let wk = self.vm.wk();
        let object = thread.carrier;
        let class = self.thing(object)?.class;
        let holder = self.load(object, wk.thread.holder);
        let with_holder = |offset: u32| if holder.is_null() { 0 } else { self.load_int(holder, offset) };
        // SAFETY: a byte field of a live object.
        let daemon = holder.is_null()
            || unsafe { object::load_u8(self.vm.cage.base(), holder, wk.field_holder.daemon as usize) } != 0;
        // SAFETY: a long field of a live object.
        let tid = unsafe { object::load_u64(self.vm.cage.base(), object, wk.thread.tid as usize) } as i64;
        let name = strings::units_at_most(self.vm, self.load(object, wk.thread.name), NAME_MAX);
        let status = with_holder(wk.field_holder.thread_status);
        let blocker = self.blocker(thread, status);
        Some(ThreadFacts {
            control: thread.control.clone(),
            object,
            name: String::from_utf16_lossy(&name),
            tid,
            daemon,
            priority: with_holder(wk.field_holder.priority),
            // The thread could not write this one itself: it did not touch the heap.
            status: if matches!(blocker, Blocker::EntryAfterWait(_)) { status::BLOCKED } else { status },
            is_virtual: is_subtype(&self.vm.meta, class, wk.base_virtual_thread.id),
            blocker,
            blocked_by: self.holder_of(blocker),
            frames: self.frames(thread, blocker, wanted),
            synchronizers: Vec::new(),
            stack_bytes: (thread.stack.top() as usize).saturating_sub(thread.top.sp as usize),
        })
    }

    fn blocker(&self, thread: &Thread, status: i32) -> Blocker {
        if let Some(thing) = self.thing(thread.waiting.object) {
            return match thread.waiting.what.load(Ordering::Relaxed) {
                waiting_for::NOTIFICATION => Blocker::Notification(thing),
                waiting_for::ENTRY_AFTER_WAIT => Blocker::EntryAfterWait(thing),
                _ => Blocker::Entry(thing),
            };
        }
        let parked = matches!(status, status::PARKED | status::TIMED_PARKED);
        match self.thing(self.load(thread.carrier, self.vm.wk().thread.park_blocker)) {
            Some(thing) if parked => Blocker::Parked(thing),
            Some(_) | None => Blocker::Nothing,
        }
    }

    fn holder_of(&self, blocker: Blocker) -> u32 {
        match blocker {
            Blocker::Nothing => 0,
            Blocker::Entry(thing) | Blocker::Notification(thing) | Blocker::EntryAfterWait(thing) => {
                monitor::owner(self.vm, thing.object)
            }
            Blocker::Parked(thing) => {
                let owner = self.exclusive_owner(thing);
                if owner.is_null() { 0 } else { self.number_of(owner) }
            }
        }
    }

    /// The java.lang.Thread that holds an ownable synchronizer; null for other objects.
    fn exclusive_owner(&self, thing: Thing) -> ObjRef {
        let wk = self.vm.wk();
        if !is_subtype(&self.vm.meta, thing.class, wk.ownable_synchronizer.id) {
            return ObjRef::NULL;
        }
        self.load(thing.object, wk.ownable_synchronizer.owner)
    }

    /// The VM's number of a live java.lang.Thread.
    fn number_of(&self, thread: ObjRef) -> u32 {
        // SAFETY: a long field of a live Thread.
        unsafe { object::load_u64(self.vm.cage.base(), thread, self.vm.wk().thread.eetop as usize) as u32 }
    }

    fn frames(&self, thread: &Thread, blocker: Blocker, wanted: Wanted) -> Vec<FrameFacts<'v>> {
        let (mut frames, limit) = (Vec::new(), wanted.frames.min(FRAMES_MAX));
        if limit == 0 {
            return frames;
        }
        let vm = self.vm;
        walk::each(thread, |frame| {
            let method: &'v Method = vm.meta.get(vm.meta.meta_of(frame.method));
            let locks = if wanted.locks { self.locks(thread, frame.fp, method, blocker) } else { Vec::new() };
            frames.push(FrameFacts { method, bci: frame.bci, locks });
            frames.len() < limit
        });
        frames
    }

    /// What a frame has locked: by instructions, and by being of a synchronized method.
    fn locks(&self, thread: &Thread, fp: *mut u64, method: &Method, blocker: Blocker) -> Vec<Thing> {
        let own = |held: &&Held| held.frame == fp;
        let mut locks: Vec<Thing> =
            thread.held.iter().rev().filter(own).filter_map(|held| self.thing(held.object)).collect();
        if method.is_synchronized() {
            let locals = method.max_locals as usize;
            // SAFETY: a live frame of a stopped thread; a synchronized method's last local is what it has locked, null
            // until it has.
            let slot = unsafe { *Frame::new(fp).locals(locals).sub(locals - 1) };
            let waits_for_it = matches!(blocker, Blocker::Entry(thing) if thing.object.raw() == slot as u32);
            locks.extend(self.thing(ObjRef::from_raw(slot as u32)).filter(|_| !waits_for_it));
        }
        locks
    }

    /// Finds the synchronizers that threads hold.
    fn synchronizers(&self, facts: &mut [ThreadFacts<'_>]) {
        let (vm, above) = (self.vm, self.vm.wk().ownable_synchronizer.id);
        super::retire_buffers(vm);
        // SAFETY: the world is stopped and buffers are retired; the closure reads objects and no more.
        unsafe {
            vm.heap.for_each_object(|object, class, _| {
                if !is_subtype(&vm.meta, class, above) {
                    return;
                }
                let owner = self.exclusive_owner(Thing { object, class });
                if let Some(facts) = facts.iter_mut().find(|f| !owner.is_null() && f.object == owner) {
                    facts.synchronizers.push(Thing { object, class });
                }
            });
        }
    }
}

/// Cycles of threads that wait for each other, as places in `facts`; with `synchronizers` also those that wait for ownable
/// synchronizers.
pub fn deadlocks(facts: &[ThreadFacts<'_>], synchronizers: bool) -> Vec<Vec<usize>> {
    let next: Vec<Option<usize>> = facts
        .iter()
        .map(|waiting| {
            let counts = match waiting.blocker {
                Blocker::Entry(_) | Blocker::EntryAfterWait(_) => true,
                Blocker::Parked(_) => synchronizers,
                Blocker::Nothing | Blocker::Notification(_) => false,
            };
            let holder = |f: &ThreadFacts<'_>| f.control.id == waiting.blocked_by;
            if counts && waiting.blocked_by != 0 { facts.iter().position(holder) } else { None }
        })
        .collect();
    cycles(&next)
}

/// The cycles of a graph in which every node has at most one edge, each from its first-met member on.
fn cycles(next: &[Option<usize>]) -> Vec<Vec<usize>> {
    // When a node was met: 0 not yet, else 1 + the start of the walk that met it.
    let mut met = vec![0usize; next.len()];
    let mut found = Vec::new();
    for start in 0..next.len() {
        let mut at = Some(start);
        while let Some(node) = at {
            if met[node] != 0 {
                if met[node] == start + 1 {
                    let mut cycle = vec![node];
                    let mut member = next[node];
                    while let Some(other) = member.filter(|other| *other != node) {
                        cycle.push(other);
                        member = next[other];
                    }
                    // A thread that waits for itself does so only for a moment.
                    if cycle.len() > 1 {
                        found.push(cycle);
                    }
                }
                break;
            }
            met[node] = start + 1;
            at = next[node];
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn cycles_are_found_once_and_tails_are_not_part_of_them() {
        assert!(cycles(&[]).is_empty());
        assert!(cycles(&[Some(1), Some(2), None]).is_empty());
        assert!(cycles(&[Some(0)]).is_empty());
        assert_eq!(cycles(&[Some(1), Some(0)]), [[0, 1]]);
        assert_eq!(cycles(&[Some(2), Some(0), Some(3), Some(2)]), [[2, 3]]);
        assert_eq!(
            cycles(&[Some(1), Some(2), Some(0), Some(4), Some(3), Some(0)]),
            [vec![0, 1, 2], vec![3, 4]]
        );
    }
}

//! The protocol of an object's lock: header bits while nobody contends, a monitor afterwards, and header bits again once
//! the monitor is idle.
//!
//! The bits of the header say which: NONE, FAST (the owner has the object in its lock stack, once per nesting) or
//! INFLATED (the table has a monitor for it). Whoever inflates a lock that is held does not know the owner; the monitor then
//! belongs to "the thread that has it in its lock stack", which makes it its own at its next operation (`claim`).
//!
//! Entering a monitor that is taken: first spin, as long as that has paid for this monitor lately and the owner runs; then
//! sleep. Whoever leaves wakes one sleeper, but none while somebody spins or has been woken and has not come yet: that one
//! tries before it (again) sleeps, under the monitor's mutex. So while threads sleep the monitor has an owner, a spinner or
//! one who comes, and no wake-up is lost. There is no queue among them: whoever comes first gets it.
//!
//! Inflating happens under the table's lock; deflating while the world is stopped, if nobody holds the monitor's `Arc`.
//! So a running thread that reads INFLATED finds the monitor in the table.
//!
//! Deliberately absent: virtual threads and `wait` (a monitor carries their `queues` and knows no more than whether they
//! are empty), where objects lie, and when the world is stopped. `models/tests/locking.rs` runs this file through its interleavings.

use carafe_gc::object::mark::{LOCK_FAST, LOCK_INFLATED, LOCK_MASK, LOCK_NONE};

use crate::sync::{
    Arc, AtomicBool, AtomicU32, AtomicU64, Condvar, Mutex, MutexGuard, Ordering, SPINS_FIRST, SPINS_MAX,
    SPINS_MIN, spin,
};

/// Owner of a monitor that was inflated by somebody else while it was fast-locked.
pub const ANONYMOUS: u64 = u64::MAX;
/// Longer lock stacks inflate, so that the search for an object in it stays short.
const MAX_LOCK_STACK: usize = 64;

/// So often the loop asks whether waiting still makes sense.
const SPINS_PER_LOOK: u32 = 32;

/// What else hangs on a monitor.
pub trait Queues: Default {
    fn is_empty(&self) -> bool;
}

#[derive(Default)]
pub struct State<Q> {
    /// A thread's `lock_owner`, 0 for none, or ANONYMOUS. Changed through `Monitor::set_owner` alone.
    owner: u64,
    pub recursions: u32,
    /// Threads in `Monitor::free`.
    sleeping: u32,
    /// One of those has been woken and has not tried yet.
    coming: bool,
    /// Threads that will try before they sleep.
    spinning: u32,
    pub queues: Q,
}

impl<Q> State<Q> {
    pub fn owner(&self) -> u64 {
        self.owner
    }
}

pub struct Monitor<Q> {
    state: Mutex<State<Q>>,
    /// Copy of the owner for those that do not hold the mutex.
    shown: AtomicU64,
    /// Signalled when the owner leaves.
    free: Condvar,
    /// Signalled by notify, interrupt and termination.
    pub notified: Condvar,
    /// How long to spin.
    spins: AtomicU32,
    /// Somebody had to wait since the last attempt to deflate it.
    busy: AtomicBool,
}

impl<Q: Queues> Default for Monitor<Q> {
    fn default() -> Monitor<Q> {
        Monitor {
            state: Mutex::new(State::default()),
            shown: AtomicU64::new(0),
            free: Condvar::new(),
            notified: Condvar::new(),
            spins: AtomicU32::new(SPINS_FIRST),
            busy: AtomicBool::new(true),
        }
    }
}

impl<Q: Queues> Monitor<Q> {
    pub fn lock(&self) -> MutexGuard<'_, State<Q>> {
        self.state.lock()
    }

    fn set_owner(&self, state: &mut State<Q>, owner: u64, recursions: u32) {
        state.owner = owner;
        state.recursions = recursions;
        self.shown.store(owner, Ordering::Release);
    }

    /// Takes a monitor that is free.
    pub fn take(&self, state: &mut State<Q>, me: u64, recursions: u32) -> bool {
        let free = state.owner == 0;
        if free {
            self.set_owner(state, me, recursions);
        }
        free
    }

    /// The thread tries to enter: true if it has.
    pub fn attempt<P: Party<Queues = Q>>(&self, state: &mut State<Q>, party: &mut P) -> bool {
        self.claim(state, party);
        if state.owner == party.me() {
            state.recursions += 1;
            return true;
        }
        self.take(state, party.me(), 0)
    }

    /// If the monitor is anonymous and this thread has the object in its lock stack, it becomes this thread's.
    pub fn claim<P: Party<Queues = Q>>(&self, state: &mut State<Q>, party: &mut P) {
        if state.owner == ANONYMOUS {
            let held = party.forget_all();
            if held > 0 {
                self.set_owner(state, party.me(), held - 1);
            }
        }
    }

    /// The owner leaves altogether.
    pub fn leave(&self, state: &mut State<Q>) {
        self.set_owner(state, 0, 0);
        if state.sleeping > 0 && !state.coming && state.spinning == 0 {
            state.coming = true;
            self.free.notify_one();
        }
    }

    /// Waits a little without sleeping, for at most as long as `worthwhile` says of the owner; true if the monitor is this
    /// thread's now.
    pub fn spin(&self, me: u64, mut worthwhile: impl FnMut(u64) -> bool) -> bool {
        self.busy.store(true, Ordering::Relaxed);
        let most = self.spins.load(Ordering::Relaxed);
        {
            let mut state = self.state.lock();
            if self.take(&mut state, me, 0) {
                return true;
            }
            // One at a time: others would only keep processors from the owner.
            if state.spinning > 0 {
                return false;
            }
            state.spinning += 1;
        }
        let mut turn = 0;
        while turn < most {
            let owner = self.shown.load(Ordering::Acquire);
            if owner == 0 {
                let mut state = self.state.lock();
                if self.take(&mut state, me, 0) {
                    state.spinning -= 1;
                    self.spins.store((most * 2).min(SPINS_MAX), Ordering::Relaxed);
                    return true;
                }
            } else if turn.is_multiple_of(SPINS_PER_LOOK) && !worthwhile(owner) {
                break;
            }
            turn += 1;
            spin();
        }
        let mut state = self.state.lock();
        state.spinning -= 1;
        let taken = self.take(&mut state, me, 0);
        if turn == most {
            self.spins.store((most / 2).max(SPINS_MIN), Ordering::Relaxed);
        }
        taken
    }

    /// Sleeps until the monitor is this thread's, entered `recursions` times more; false if `halting` came to hold.
    pub fn block(
        &self,
        state: &mut MutexGuard<'_, State<Q>>,
        me: u64,
        recursions: u32,
        halting: impl Fn() -> bool,
    ) -> bool {
        self.busy.store(true, Ordering::Relaxed);
        loop {
            if self.take(state, me, recursions) {
                return true;
            }
            if halting() {
                return false;
            }
            state.sleeping += 1;
            self.free.wait(state);
            state.sleeping -= 1;
            state.coming = false;
        }
    }

    /// Wakes all that wait for anything, so that they look whether the isolate ends.
    pub fn wake_all(&self) {
        let _state = self.state.lock();
        self.free.notify_all();
        self.notified.notify_all();
    }
}

/// Where the lock bits of an object lie.
pub trait Header {
    fn load(&self) -> u32;

    /// Replaces the word if it is `old`; says so.
    fn replace(&self, old: u32, new: u32) -> bool;
}

/// A running thread and the object whose lock it is about.
pub trait Party: Header {
    type Queues: Queues;

    /// Who the thread is to monitors.
    fn me(&self) -> u64;

    /// Length of the thread's lock stack, and how often the object is in it.
    fn depth(&self) -> usize;
    fn nested(&self) -> u32;

    fn push(&mut self);

    /// Takes the youngest entry of the object off the lock stack; false if there is none.
    fn pop(&mut self) -> bool;

    /// Takes all entries of the object off the lock stack: how many there were.
    fn forget_all(&mut self) -> u32;

    /// Runs something with the object's monitor, under the table's lock; the monitor is made if there is none.
    fn inflating<R>(&mut self, work: impl FnOnce(&Self, &Monitor<Self::Queues>) -> R) -> R;

    /// The monitor of an object that is inflated.
    fn monitor<R>(&mut self, work: impl FnOnce(&mut Self, &Monitor<Self::Queues>) -> R) -> R;
}

/// Locks by header bits if it can; false if the object has a monitor now.
pub fn enter_fast<P: Party>(party: &mut P) -> bool {
    loop {
        let mark = party.load();
        let has_room = party.depth() < MAX_LOCK_STACK;
        match mark & LOCK_MASK {
            LOCK_NONE if has_room => {
                if party.replace(mark, mark & !LOCK_MASK | LOCK_FAST) {
                    party.push();
                    return true;
                }
            }
            LOCK_FAST if has_room && party.nested() > 0 => {
                party.push();
                return true;
            }
            LOCK_NONE | LOCK_FAST => inflate(party),
            _ => return false,
        }
    }
}

/// Sets the inflated bits; the monitor begins unowned or anonymous, as the lock was.
pub fn inflate<P: Party>(party: &mut P) {
    if party.load() & LOCK_MASK == LOCK_INFLATED {
        return;
    }
    party.inflating(|party, monitor| {
        loop {
            let mark = party.load();
            let owner = match mark & LOCK_MASK {
                LOCK_NONE => 0,
                LOCK_FAST => ANONYMOUS,
                _ => return,
            };
            let mut state = monitor.lock();
            monitor.set_owner(&mut state, owner, 0);
            if party.replace(mark, mark & !LOCK_MASK | LOCK_INFLATED) {
                return;
            }
            monitor.set_owner(&mut state, 0, 0);
        }
    });
}

/// Unlocks once; false if the thread does not hold the lock. `left` is called when it has left a monitor altogether.
pub fn release<P: Party>(party: &mut P, left: impl FnOnce(&P, &mut State<P::Queues>)) -> bool {
    let mut mark = party.load();
    if mark & LOCK_MASK == LOCK_FAST {
        if !party.pop() {
            return false;
        }
        if party.nested() > 0 {
            return true;
        }
        while mark & LOCK_MASK == LOCK_FAST {
            if party.replace(mark, mark & !LOCK_MASK | LOCK_NONE) {
                return true;
            }
            mark = party.load();
        }
        // Somebody has inflated it: the lock stack no longer shows that it is ours, so put that right first.
        party.push();
    }
    if mark & LOCK_MASK == LOCK_NONE {
        return false;
    }
    party.monitor(|party, monitor| {
        let mut state = monitor.lock();
        monitor.claim(&mut state, party);
        if state.owner != party.me() {
            return false;
        }
        if state.recursions > 0 {
            state.recursions -= 1;
        } else {
            monitor.leave(&mut state);
            left(party, &mut state);
        }
        true
    })
}

/// Takes the bits of an idle monitor back; the caller then takes it out of the table. The world is stopped, and the table's
/// is the only reference to the monitor unless somebody uses it.
pub fn deflate<H: Header, Q: Queues>(header: &H, monitor: &Arc<Monitor<Q>>) -> bool {
    let was_busy = monitor.busy.swap(false, Ordering::Relaxed);
    if was_busy || Arc::strong_count(monitor) > 1 {
        return false;
    }
    let state = monitor.lock();
    if state.owner != 0 || state.sleeping > 0 || state.spinning > 0 || !state.queues.is_empty() {
        return false;
    }
    loop {
        let mark = header.load();
        debug_assert!(mark & LOCK_MASK == LOCK_INFLATED);
        if header.replace(mark, mark & !LOCK_MASK | LOCK_NONE) {
            return true;
        }
    }
}

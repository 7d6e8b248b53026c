//! Locks taken and released by header bits and by monitors, inflated and deflated against each other: one owner at a time,
//! nobody sleeps for ever, and an object that is idle has no monitor.

#[path = "../../vm/src/monitor/protocol.rs"]
#[allow(dead_code, unreachable_pub, reason = "the machine's file, of which the model needs a part")]
mod protocol;
#[path = "../../vm/src/thread/stopping.rs"]
#[allow(dead_code, unreachable_pub, reason = "the machine's file, of which the model needs a part")]
mod stopping;
#[path = "common/mod.rs"]
mod sync;

use carafe_gc::object::mark::{LOCK_INFLATED, LOCK_MASK, LOCK_NONE};
use loom::cell::UnsafeCell;
use protocol::{Header, Party};
use stopping::{Stopping, state};
use sync::{Arc, AtomicU32, Mutex, Ordering, explore};

#[derive(Default)]
struct Nobody;

impl protocol::Queues for Nobody {
    fn is_empty(&self) -> bool {
        true
    }
}

type Monitor = protocol::Monitor<Nobody>;

/// An object, the part of the table that is about it, and the world it is in.
#[derive(Default)]
struct World {
    stopping: Stopping,
    mark: AtomicU32,
    monitor: Mutex<Option<Arc<Monitor>>>,
    /// What the lock guards: loom watches over it.
    guarded: UnsafeCell<u32>,
    words: [AtomicU32; 2],
}

impl Header for World {
    fn load(&self) -> u32 {
        self.mark.load(Ordering::Relaxed)
    }

    fn replace(&self, old: u32, new: u32) -> bool {
        self.mark.compare_exchange(old, new, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

struct Thread {
    world: Arc<World>,
    number: usize,
    /// The lock stack: all its entries are of the one object.
    entries: u32,
}

impl Header for Thread {
    fn load(&self) -> u32 {
        self.world.load()
    }

    fn replace(&self, old: u32, new: u32) -> bool {
        self.world.replace(old, new)
    }
}

impl Party for Thread {
    type Queues = Nobody;

    fn me(&self) -> u64 {
        self.number as u64 + 1
    }

    fn depth(&self) -> usize {
        self.entries as usize
    }

    fn nested(&self) -> u32 {
        self.entries
    }

    fn push(&mut self) {
        self.entries += 1;
    }

    fn pop(&mut self) -> bool {
        let any = self.entries > 0;
        self.entries -= u32::from(any);
        any
    }

    fn forget_all(&mut self) -> u32 {
        std::mem::take(&mut self.entries)
    }

    fn inflating<R>(&mut self, work: impl FnOnce(&Self, &Monitor) -> R) -> R {
        let world = self.world.clone();
        let mut monitor = world.monitor.lock();
        work(self, monitor.get_or_insert_with(Arc::default))
    }

    fn monitor<R>(&mut self, work: impl FnOnce(&mut Self, &Monitor) -> R) -> R {
        let monitor = self.the_monitor();
        work(self, &monitor)
    }
}

impl Thread {
    /// A running thread that has read INFLATED finds it.
    fn the_monitor(&self) -> Arc<Monitor> {
        self.world.monitor.lock().clone().expect("an inflated object has a monitor")
    }

    fn word(&self) -> &AtomicU32 {
        &self.world.words[self.number]
    }

    fn enter_running(&self) {
        while !self.world.stopping.try_enter(self.word()) {
            self.world.stopping.wait_for_release();
        }
    }

    fn leave_running(&self) {
        self.world.stopping.leave(self.word(), state::NATIVE);
    }

    fn lock(&mut self) {
        self.lock_how(true);
    }

    /// As `vm/src/monitor.rs` puts the steps together, for a thread that runs.
    fn lock_how(&mut self, spins: bool) {
        if protocol::enter_fast(self) {
            return;
        }
        let monitor = self.the_monitor();
        if monitor.attempt(&mut monitor.lock(), self) {
            return;
        }
        let me = self.me();
        self.leave_running();
        let got =
            (spins && monitor.spin(me, |_| true)) || monitor.block(&mut monitor.lock(), me, 0, || false);
        assert!(got);
        self.enter_running();
    }

    fn touch(&self) {
        // SAFETY: loom fails the model if two threads are here at once, which is what the model is about.
        self.world.guarded.with_mut(|guarded| unsafe { *guarded += 1 });
    }

    fn unlock(&mut self) {
        assert!(protocol::release(self, |_, _| {}));
    }

    fn once(&mut self) {
        self.lock();
        self.touch();
        self.unlock();
    }

    /// Stops the world, of which this thread is part, and deflates what is idle; says whether it was.
    fn sweep(&self) -> bool {
        let world = &self.world;
        world.stopping.request();
        world.stopping.ask(&world.words[1 - self.number]);
        world.stopping.wait_for_all(0);
        let deflated = deflate(world);
        world.stopping.release(1);
        deflated
    }
}

/// Twice, because the first time says only that somebody had to wait.
fn deflate(world: &World) -> bool {
    let mut entry = world.monitor.lock();
    let Some(monitor) = entry.as_ref() else { return false };
    let idle = protocol::deflate(world, monitor) || protocol::deflate(world, monitor);
    if idle {
        *entry = None;
    }
    idle
}

/// Two threads that run, each with what it does. At the end nobody holds the lock, and the monitor can go.
fn model(bodies: [fn(&mut Thread); 2]) {
    explore(move || {
        let world = Arc::new(World::default());
        world.words.iter().for_each(|word| word.store(state::NATIVE, Ordering::SeqCst));
        let body = |number: usize| {
            let world = world.clone();
            let body = bodies[number];
            move || {
                let mut thread = Thread { world, number, entries: 0 };
                thread.enter_running();
                body(&mut thread);
                assert!(thread.entries == 0);
                thread.leave_running();
            }
        };
        let other = loom::thread::spawn(body(1));
        body(0)();
        other.join().unwrap();
        if world.load() & LOCK_MASK == LOCK_INFLATED {
            assert!(deflate(&world), "an idle monitor can be deflated");
        }
        assert!(world.load() & LOCK_MASK == LOCK_NONE && world.monitor.lock().is_none());
    });
}

#[test]
fn one_at_a_time() {
    model([Thread::once, Thread::once]);
}

#[test]
fn nested_locks_that_somebody_inflates_meanwhile() {
    fn nested(thread: &mut Thread) {
        thread.lock();
        thread.lock();
        thread.touch();
        thread.unlock();
        thread.touch();
        thread.unlock();
    }
    model([nested, Thread::once]);
}

#[test]
fn whoever_leaves_wakes_a_sleeper() {
    fn without_spinning(thread: &mut Thread) {
        thread.lock_how(false);
        thread.touch();
        thread.unlock();
    }
    fn twice(thread: &mut Thread) {
        without_spinning(thread);
        without_spinning(thread);
    }
    model([twice, without_spinning]);
}

#[test]
fn deflating_a_lock_that_others_take() {
    fn sweeping(thread: &mut Thread) {
        thread.lock();
        protocol::inflate(thread);
        thread.touch();
        thread.unlock();
        thread.sweep();
        thread.once();
    }
    model([sweeping, Thread::once]);
}

#[test]
#[should_panic]
fn inflating_without_noting_that_there_is_an_owner_is_caught() {
    fn forgetful(thread: &mut Thread) {
        let mark = thread.load();
        *thread.world.monitor.lock() = Some(Arc::default());
        thread.replace(mark, mark & !LOCK_MASK | LOCK_INFLATED);
        thread.once();
    }
    model([Thread::once, forgetful]);
}

#[test]
#[should_panic]
fn deflating_while_the_world_runs_is_caught() {
    fn sweeping(thread: &mut Thread) {
        thread.lock();
        protocol::inflate(thread);
        thread.unlock();
        deflate(&thread.world);
        thread.once();
    }
    model([sweeping, Thread::once]);
}

#[test]
#[should_panic]
fn a_spinner_that_does_not_try_again_is_caught() {
    fn careless(thread: &mut Thread) {
        if !protocol::enter_fast(thread) {
            let monitor = thread.the_monitor();
            let me = thread.me();
            while monitor.lock().owner() != 0 {
                loom::thread::yield_now();
            }
            // Takes for granted that what it saw still holds.
            thread.touch();
            assert!(monitor.block(&mut monitor.lock(), me, 0, || false));
        }
        thread.unlock();
    }
    fn twice(thread: &mut Thread) {
        thread.once();
        thread.once();
    }
    model([twice, careless]);
}

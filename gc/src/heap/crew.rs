//! Threads that help a collection: they sleep between collections, and one that wakes late is not waited for.
//!
//! A collection offers its work to the crew and does its own part at once. Helpers *join* when they come to run; when the
//! collection's own part is done, nobody can join any more, and only who has joined is waited for. So a core that is
//! busy with something else, or a kernel that is slow to wake a thread, costs a helper and not the pause.
//!
//! Invariant: work is executed only between its offer and the end of [`Crew::run`], which is what makes borrowed work
//! sound. Threads are started when they are first wanted; where the kernel has none, the collection does all.
//!
//! Deliberately absent: how the work is shared (`evacuate`).

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::{Condvar, Mutex};

/// Work that helpers execute, without its lifetime.
#[derive(Clone, Copy)]
struct Work(*const (dyn Fn() + Sync));

// SAFETY: a shared reference to something `Sync`, in disguise.
unsafe impl Send for Work {}

#[derive(Default)]
struct State {
    work: Option<Work>,
    /// So many may join still.
    open: usize,
    /// So many have joined and not left.
    inside: usize,
    panic: Option<Box<dyn Any + Send>>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// There is work, or the end.
    come: Condvar,
    /// Somebody has joined or left.
    moved: Condvar,
}

#[derive(Default)]
pub(super) struct Crew {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Crew {
    /// Executes `mine`, while up to `helpers` threads execute `work`; all of them have left it on return.
    /// With `all` the helpers are waited for before `mine` begins: for tests of what many do at once.
    pub(super) fn run<R>(
        &self,
        helpers: usize,
        all: bool,
        work: &(dyn Fn() + Sync),
        mine: impl FnOnce() -> R,
    ) -> R {
        let helpers = self.ensure(helpers);
        if helpers == 0 {
            return mine();
        }
        let work: *const (dyn Fn() + Sync + '_) = work;
        // SAFETY: only the lifetime changes; nobody executes it after `Ending` is dropped, which is before this returns.
        let work =
            Work(unsafe { std::mem::transmute::<*const (dyn Fn() + Sync), *const (dyn Fn() + Sync)>(work) });
        {
            let mut state = self.shared.state.lock();
            debug_assert!(state.work.is_none() && state.inside == 0);
            (state.work, state.open) = (Some(work), helpers);
        }
        self.shared.come.notify_all();
        let result = {
            let _ending = Ending(&self.shared);
            if all {
                let mut state = self.shared.state.lock();
                self.shared.moved.wait_while(&mut state, |state| state.open > 0);
            }
            mine()
        };
        if let Some(panic) = self.shared.state.lock().panic.take() {
            resume_unwind(panic);
        }
        result
    }

    /// So many threads of those that are wanted exist.
    fn ensure(&self, helpers: usize) -> usize {
        let mut threads = self.threads.lock();
        while threads.len() < helpers {
            let shared = self.shared.clone();
            let thread = std::thread::Builder::new().name("carafe gc".into()).spawn(move || shared.help());
            match thread {
                Ok(thread) => threads.push(thread),
                Err(_) => break,
            }
        }
        threads.len().min(helpers)
    }
}

impl Shared {
    fn help(&self) {
        let mut state = self.state.lock();
        while !state.closed {
            let Some(work) = state.work.filter(|_| state.open > 0) else {
                self.come.wait(&mut state);
                continue;
            };
            state.open -= 1;
            state.inside += 1;
            drop(state);
            self.moved.notify_all();
            // SAFETY: `Crew::run` keeps the work alive until all that have joined have left, and this one has joined.
            let done = catch_unwind(AssertUnwindSafe(|| unsafe { (*work.0)() }));
            state = self.state.lock();
            state.inside -= 1;
            if let Err(panic) = done {
                state.panic = Some(panic);
            }
            self.moved.notify_all();
        }
    }
}

/// Nobody joins from now on; who has joined is waited for.
struct Ending<'c>(&'c Shared);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        (state.work, state.open) = (None, 0);
        self.0.moved.wait_while(&mut state, |state| state.inside > 0);
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.shared.state.lock().closed = true;
        self.shared.come.notify_all();
        for thread in self.threads.get_mut().drain(..) {
            // Panics of work are kept for `run`.
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for Crew {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Crew")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn all_help_who_are_waited_for_and_nobody_later() {
        let crew = Crew::default();
        for round in 0..200 {
            let helped = AtomicUsize::new(0);
            let own = crew.run(
                3,
                true,
                &|| {
                    helped.fetch_add(1, Ordering::Relaxed);
                },
                || round,
            );
            assert_eq!((own, helped.load(Ordering::Relaxed)), (round, 3));
        }
    }

    #[test]
    fn who_comes_late_is_not_waited_for() {
        let crew = Crew::default();
        for _ in 0..1000 {
            let inside = AtomicUsize::new(0);
            crew.run(
                2,
                false,
                &|| {
                    inside.fetch_add(1, Ordering::Relaxed);
                    std::thread::yield_now();
                    inside.fetch_sub(1, Ordering::Relaxed);
                },
                || (),
            );
            assert_eq!(inside.load(Ordering::Relaxed), 0, "still inside after the run");
        }
    }

    #[test]
    fn panics_reach_the_collection_and_the_crew_goes_on() {
        let crew = Crew::default();
        let failed = catch_unwind(AssertUnwindSafe(|| crew.run(1, true, &|| panic!("of a helper"), || ())));
        assert!(failed.is_err());
        let failed = catch_unwind(AssertUnwindSafe(|| crew.run(1, false, &|| (), || panic!("of one's own"))));
        assert!(failed.is_err());
        assert_eq!(crew.run(1, true, &|| (), || 7), 7);
    }
}

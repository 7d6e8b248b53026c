//! Parking against unparking, interrupts and timeouts: a permit or a wake-up that has been given is not lost.

#[path = "../../vm/src/thread/park.rs"]
#[allow(dead_code, unreachable_pub, reason = "the machine's file, of which the model needs a part")]
mod park;
#[path = "common/mod.rs"]
mod sync;

use std::sync::Arc;

use park::Parker;
use sync::{AtomicBool, Duration, Instant, Ordering, explore};

#[derive(Default)]
struct Thread {
    parker: Parker,
    interrupted: Flag,
}

struct Flag(AtomicBool);

impl Default for Flag {
    fn default() -> Flag {
        Flag(AtomicBool::new(false))
    }
}

impl Thread {
    fn is_interrupted(&self) -> bool {
        self.interrupted.0.load(Ordering::Acquire)
    }

    fn interrupt(&self) {
        self.interrupted.0.store(true, Ordering::Release);
        self.parker.wake();
    }
}

/// A thread that parks, and others.
fn model(parks: fn(&Thread), others: &'static [fn(&Thread)]) {
    explore(move || {
        let thread = Arc::new(Thread::default());
        let handles: Vec<_> = others
            .iter()
            .map(|body| {
                let thread = thread.clone();
                loom::thread::spawn(move || body(&thread))
            })
            .collect();
        parks(&thread);
        handles.into_iter().for_each(|handle| handle.join().unwrap());
    });
}

fn park(thread: &Thread) {
    thread.parker.park(None, || thread.is_interrupted());
}

fn unpark(thread: &Thread) {
    thread.parker.unpark();
}

#[test]
fn a_permit_ends_a_park() {
    model(park, &[unpark]);
}

#[test]
fn an_interrupt_ends_a_park() {
    model(park, &[Thread::interrupt]);
}

#[test]
fn permit_and_interrupt_together_end_two_parks() {
    fn twice(thread: &Thread) {
        park(thread);
        park(thread);
    }
    model(twice, &[unpark, Thread::interrupt]);
}

#[test]
fn a_park_with_a_timeout_takes_the_permit_or_leaves_it() {
    fn timed(thread: &Thread) {
        thread.parker.park(Some(Instant), || false);
        // Whether the permit has been taken or is yet to come, this ends.
        thread.parker.park(Some(Instant), || false);
    }
    model(timed, &[unpark]);
}

#[test]
fn an_interrupt_ends_a_sleep() {
    fn sleep(thread: &Thread) {
        assert!(!thread.parker.sleep(Duration::MAX, || thread.is_interrupted()));
    }
    model(sleep, &[unpark, Thread::interrupt]);
}

#[test]
#[should_panic]
fn waking_before_the_flag_is_set_is_caught() {
    fn wrong_order(thread: &Thread) {
        thread.parker.wake();
        thread.interrupted.0.store(true, Ordering::Release);
    }
    model(park, &[wrong_order]);
}

#[test]
#[should_panic]
fn a_second_park_for_one_permit_is_caught() {
    fn twice(thread: &Thread) {
        park(thread);
        park(thread);
    }
    model(twice, &[unpark]);
}

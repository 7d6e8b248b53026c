//! Entering and leaving native state against a request to stop: nobody touches the heap while the world is stopped, and
//! nobody sleeps for ever.

#![allow(
    clippy::arc_with_non_send_sync,
    reason = "loom runs its threads one at a time; its own Arc aborts in a failing model"
)]

#[path = "../../vm/src/thread/stopping.rs"]
#[allow(dead_code, unreachable_pub, reason = "the machine's file, of which the model needs a part")]
mod stopping;
#[path = "common/mod.rs"]
mod sync;

use std::sync::Arc;

use loom::cell::UnsafeCell;
use stopping::{Stopping, state};
use sync::{AtomicU32, Ordering, explore};

#[derive(Default)]
struct World {
    stopping: Stopping,
    threads: [Thread; 2],
}

#[derive(Default)]
struct Thread {
    word: Word,
    /// What the thread touches while it may, and the stopper while it may not: loom watches over it.
    heap: UnsafeCell<u32>,
}

struct Word(AtomicU32);

impl Default for Word {
    fn default() -> Word {
        Word(AtomicU32::new(state::NATIVE))
    }
}

fn touch(heap: &UnsafeCell<u32>) {
    // SAFETY: loom fails the model if two threads are here at once, which is what the model is about.
    heap.with_mut(|heap| unsafe { *heap += 1 });
}

fn enter(world: &World, thread: &Thread) {
    while !world.stopping.try_enter(&thread.word.0) {
        world.stopping.wait_for_release();
    }
}

fn run(world: &World, number: usize) {
    let thread = &world.threads[number];
    enter(world, thread);
    touch(&thread.heap);
    world.stopping.leave(&thread.word.0, state::NATIVE);
}

fn stop(world: &World) {
    world.stopping.request();
    world.threads.iter().for_each(|thread| {
        world.stopping.ask(&thread.word.0);
    });
    world.stopping.wait_for_all(0);
    world.threads.iter().for_each(|thread| touch(&thread.heap));
    world.stopping.release(1);
}

/// Two threads and one that stops them, each with what it does.
fn model(threads: [fn(&World, usize); 2], stopper: fn(&World)) {
    explore(move || {
        let world = Arc::new(World::default());
        let handles: Vec<_> = (0..2)
            .map(|number| {
                let world = world.clone();
                let body = threads[number];
                loom::thread::spawn(move || body(&world, number))
            })
            .collect();
        stopper(&world);
        handles.into_iter().for_each(|handle| handle.join().unwrap());
        let touched = world.threads.iter().map(|thread| {
            thread.heap.with(|heap| {
                // SAFETY: everybody else has ended.
                unsafe { *heap }
            })
        });
        assert!(touched.into_iter().all(|times| times >= 1));
    });
}

fn nothing(_: &World, _: usize) {}

#[test]
fn nobody_runs_in_a_stopped_world() {
    model([run, run], stop);
}

#[test]
fn threads_come_back_and_the_world_is_stopped_again() {
    fn twice(world: &World, number: usize) {
        run(world, number);
        run(world, number);
    }
    fn stop_twice(world: &World) {
        stop(world);
        stop(world);
    }
    model([twice, nothing], stop_twice);
}

#[test]
fn a_thread_may_end_while_it_is_awaited() {
    fn end(world: &World, number: usize) {
        let thread = &world.threads[number];
        enter(world, thread);
        touch(&thread.heap);
        world.stopping.leave(&thread.word.0, state::DEAD);
    }
    model([end, nothing], stop);
}

#[test]
#[should_panic]
fn looking_before_storing_is_caught() {
    fn hasty(world: &World, number: usize) {
        let thread = &world.threads[number];
        world.stopping.wait_for_release();
        thread.word.0.store(state::RUNNING, Ordering::SeqCst);
        touch(&thread.heap);
        world.stopping.leave(&thread.word.0, state::NATIVE);
    }
    model([hasty, nothing], stop);
}

#[test]
#[should_panic]
fn a_thread_that_does_not_count_itself_off_is_caught() {
    fn silent(world: &World, number: usize) {
        let thread = &world.threads[number];
        enter(world, thread);
        touch(&thread.heap);
        thread.word.0.store(state::NATIVE, Ordering::SeqCst);
    }
    model([silent, nothing], stop);
}

#[test]
#[should_panic]
fn going_on_without_waking_the_next_is_caught() {
    fn selfish(world: &World, number: usize) {
        let thread = &world.threads[number];
        while !world.stopping.try_enter(&thread.word.0) {
            world.stopping.sleep_until_release();
        }
        world.stopping.leave(&thread.word.0, state::NATIVE);
    }
    model([selfish, selfish], stop);
}

#[test]
#[should_panic]
fn not_waiting_for_all_is_caught() {
    fn impatient(world: &World) {
        world.stopping.request();
        world.stopping.ask(&world.threads[0].word.0);
        touch(&world.threads[0].heap);
        touch(&world.threads[1].heap);
        world.stopping.release(1);
    }
    model([run, nothing], impatient);
}

//! Stores of references against the marking beside the program: no object that the program can reach stays unmarked.
//!
//! Two old objects with a slot each; a third that only one of the slots refers to, and which the program moves to the other
//! slot. The marking may look at the slots in the worst order.

#[path = "../../gc/src/heap/changes.rs"]
#[allow(dead_code, unreachable_pub, reason = "the machine's file, of which the model needs a part")]
mod changes;
#[path = "common/mod.rs"]
mod sync;

/// What the file under test knows of objects.
mod object {
    pub(crate) use carafe_gc::object::CARD_DIRTY;
}

use std::sync::Arc;

use changes::{CardByte, make_clean, make_dirty, take_changed};
use loom::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use sync::{Mutex, explore};

struct Byte(AtomicU8);

impl CardByte for Byte {
    fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    fn put(&self, value: u8) {
        self.0.store(value, Ordering::Relaxed);
    }
}

/// An old object of one slot, alone on its card.
struct Object {
    slot: AtomicU32,
    dirty: Byte,
    changed: Byte,
}

struct Heap {
    objects: [Object; 2],
    /// What the marking has found. The lock is the one on the cycle: a pause waits for the step at hand.
    cycle: Mutex<bool>,
    /// Held by the program between two polls: a pause waits for it.
    program: Mutex<()>,
}

const NULL: u32 = 0;
const THIRD: u32 = 3;

impl Heap {
    fn new() -> Heap {
        let object = |value| Object {
            slot: AtomicU32::new(value),
            dirty: Byte(AtomicU8::new(0)),
            changed: Byte(AtomicU8::new(0)),
        };
        Heap { objects: [object(NULL), object(THIRD)], cycle: Mutex::new(false), program: Mutex::new(()) }
    }

    fn look(&self, at: usize, found: &mut bool) {
        *found |= self.objects[at].slot.load(Ordering::Relaxed) == THIRD;
    }

    /// A thread of the marking: first everything, then what has changed.
    fn mark(&self) {
        for at in 0..2 {
            self.look(at, &mut self.cycle.lock());
        }
        for at in 0..2 {
            let mut found = self.cycle.lock();
            if take_changed(&self.objects[at].changed) {
                self.look(at, &mut found);
            }
        }
    }

    /// A pause; the last one looks at everything that is changed.
    fn pause(&self, is_last: bool) {
        let _program = self.program.lock();
        let mut found = self.cycle.lock();
        for (at, object) in self.objects.iter().enumerate() {
            if object.dirty.get() != 0 {
                make_clean(&object.dirty, Some(&object.changed));
            }
            if is_last && take_changed(&object.changed) {
                self.look(at, &mut found);
            }
        }
    }
}

/// Moves the third object from one slot to the other, so that the marking may miss it in both.
fn program(heap: &Heap) {
    let _running = heap.program.lock();
    let third = heap.objects[1].slot.load(Ordering::Relaxed);
    heap.objects[0].slot.store(third, Ordering::Relaxed);
    make_dirty(&heap.objects[0].dirty);
    heap.objects[1].slot.store(NULL, Ordering::Relaxed);
    make_dirty(&heap.objects[1].dirty);
}

fn model(program: fn(&Heap)) {
    explore(move || {
        let heap = Arc::new(Heap::new());
        let marking = loom::thread::spawn({
            let heap = heap.clone();
            move || heap.mark()
        });
        let running = loom::thread::spawn({
            let heap = heap.clone();
            move || program(&heap)
        });
        heap.pause(false);
        marking.join().unwrap();
        running.join().unwrap();
        heap.pause(true);
        assert!(*heap.cycle.lock(), "the third object is reachable, and was not marked");
    });
}

#[test]
fn what_is_reachable_is_marked() {
    model(program);
}

#[test]
#[should_panic(expected = "was not marked")]
fn a_store_without_a_barrier_is_caught() {
    model(|heap| {
        let _running = heap.program.lock();
        heap.objects[0].slot.store(THIRD, Ordering::Relaxed);
        heap.objects[1].slot.store(NULL, Ordering::Relaxed);
        make_dirty(&heap.objects[1].dirty);
    });
}

#[test]
#[should_panic(expected = "was not marked")]
fn a_barrier_before_the_store_with_a_poll_between_is_caught() {
    model(|heap| {
        make_dirty(&heap.objects[0].dirty);
        // Here a pause cleans the card, and the marking looks at the slot.
        let _running = heap.program.lock();
        heap.objects[0].slot.store(THIRD, Ordering::Relaxed);
        heap.objects[1].slot.store(NULL, Ordering::Relaxed);
        make_dirty(&heap.objects[1].dirty);
    });
}

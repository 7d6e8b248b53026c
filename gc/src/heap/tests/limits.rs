//! Tests of limits and figures: out of memory, growth, buffers, memory that goes back.

use super::toy::*;
use crate::heap::*;
use crate::object::*;

const MIB: u64 = 1 << 20;

#[test]
fn the_heap_fills_up_to_the_last_bytes_and_recovers() {
    let mut toy = Toy::new(config(4 * MIB));
    let pair = toy.classes.pair;
    let root = toy.push_root(ObjRef::NULL);
    // Memory that never got a header reads as filler, and goes at the next collection.
    for _ in 0..2 * 4 * MIB / 24 {
        toy.alloc(24).unwrap();
    }
    let mut live = 0_u64;
    while let Ok(at) = toy.alloc(24) {
        // SAFETY: fresh memory for a pair.
        unsafe { init_instance(at, pair) };
        let obj = ObjRef::from_ptr(toy.base(), at);
        let before = toy.root(root);
        toy.put_ref(obj, PAIR_LEFT, before);
        toy.set_root(root, obj);
        live += 1;
    }
    assert!(live * 24 > 4 * MIB - (64 << 10), "only {live} pairs fit");
    assert_eq!(toy.alloc(24), Err(AllocFailure::OutOfMemory));
    toy.set_root(root, ObjRef::NULL);
    assert!(toy.alloc(24).is_ok());
    assert!(toy.heap.used_bytes() < MIB);
}

#[test]
fn requests_beyond_the_hard_limit_fail_at_once() {
    let mut toy = Toy::new(config(4 * MIB));
    let longs = toy.classes.longs;
    assert_eq!(toy.array(longs, i32::MAX as u32), Err(AllocFailure::OutOfMemory));
    assert_eq!(toy.alloc(usize::MAX / 2), Err(AllocFailure::OutOfMemory));
    assert_eq!(toy.alloc(5 << 20), Err(AllocFailure::OutOfMemory));
    assert_eq!(toy.reports.len(), 0);
}

#[test]
fn memory_is_out_only_after_a_collection_for_that_request() {
    let mut toy = Toy::new(config(4 * MIB));
    let bytes = toy.classes.bytes;
    let array = toy.array(bytes, 3 << 20).unwrap();
    let root = toy.push_root(array);
    for _ in 0..3 {
        let before = toy.reports.len();
        assert_eq!(toy.array(bytes, 2 << 20), Err(AllocFailure::OutOfMemory));
        assert_eq!(toy.reports.len(), before + 1);
    }
    // What was reachable a moment ago is garbage now, though nothing was allocated in between.
    toy.set_root(root, ObjRef::NULL);
    assert!(toy.array(bytes, 2 << 20).is_ok());
}

#[test]
fn garbage_never_grows_the_heap() {
    // Eden is given: how it grows depends on the time that collections take.
    let mut toy =
        Toy::new(HeapConfig { initial_bytes: MIB, eden_bytes: MIB, verify_every: 0, ..config(64 * MIB) });
    let pair = toy.classes.pair;
    for id in 0..1_000_000 {
        toy.instance(pair, id);
    }
    assert!(toy.heap.collections() >= 20);
    assert!(toy.heap.touched_bytes() <= 3 * MIB, "{} bytes touched", toy.heap.touched_bytes());
    assert_eq!(toy.heap.committed_bytes(), MIB);
    let total = toy.heap.allocated_bytes_total();
    assert!((24_000_000..24_200_000).contains(&total), "{total} bytes allocated");
}

#[test]
fn the_limit_follows_what_survives_and_memory_goes_back() {
    let mut toy = Toy::new(HeapConfig { initial_bytes: MIB, ..config(256 * MIB) });
    let bytes = toy.classes.bytes;
    let roots: Vec<_> = (0..20)
        .map(|_| {
            let array = toy.array(bytes, MIB as u32).unwrap();
            toy.push_root(array)
        })
        .collect();
    let report = toy.collect(GcCause::Explicit);
    assert!(report.live_bytes > 20 * MIB && report.limit_bytes > report.live_bytes);
    roots.iter().for_each(|&root| toy.set_root(root, ObjRef::NULL));
    let report = toy.collect(GcCause::Explicit);
    assert_eq!(report.live_bytes, 0);
    assert!(report.limit_bytes < 16 * MIB, "{} bytes", report.limit_bytes);
    assert!(report.freed_bytes > 20 * MIB);
    toy.collect(GcCause::Explicit);
    assert!(toy.heap.touched_bytes() <= MIB, "{} bytes touched", toy.heap.touched_bytes());
}

#[test]
fn allocation_without_collection_passes_the_soft_limit_only() {
    let mut toy = Toy::new(HeapConfig { initial_bytes: MIB, ..config(4 * MIB) });
    let mut taken = 0;
    let failure = loop {
        match toy.heap.alloc_without_collection(&mut toy.tlab, 1024) {
            Ok(_) => taken += 1024,
            Err(failure) => break failure,
        }
    };
    assert_eq!(failure, AllocFailure::OutOfMemory);
    assert!(taken > 4 * MIB - 2048 && taken <= 4 * MIB);
    assert_eq!(toy.heap.collections(), 0);
}

#[test]
fn threads_get_disjoint_zero_memory() {
    let toy = Toy::new(config(64 * MIB));
    let heap = &toy.heap;
    std::thread::scope(|scope| {
        for mark in 1..=4_u8 {
            scope.spawn(move || {
                let mut tlab = Tlab::new();
                let mut mine = Vec::new();
                for i in 0..2000 {
                    let bytes = 16 + i % 600 * 8;
                    let at = match tlab.alloc(bytes) {
                        Some(at) => at,
                        None => heap.alloc_without_collection(&mut tlab, bytes).unwrap(),
                    };
                    // SAFETY: memory of this thread alone.
                    unsafe {
                        assert!((0..bytes).all(|i| at.add(i).read() == 0));
                        at.write_bytes(mark, bytes);
                    }
                    mine.push((at as usize, bytes));
                }
                for (at, bytes) in mine {
                    // SAFETY: as above.
                    assert!(unsafe { (0..bytes).all(|i| (at as *const u8).add(i).read() == mark) });
                }
                // Not retired: this space is never walked (it holds no headers).
            });
        }
    });
}

#[test]
fn a_heap_must_fit_its_cage() {
    use crate::cage::{Cage, CageConfig};
    let cage = Cage::reserve(&CageConfig { heap_bytes: config(4 * MIB).cage_bytes() }).unwrap();
    assert!(matches!(Heap::new(&cage, config(8 * MIB)), Err(HeapError::AreaTooSmall { .. })));
    assert!(matches!(Heap::new(&cage, config(0)), Err(HeapError::AreaTooSmall { .. })));
    assert!(Heap::new(&cage, config(4 * MIB)).is_ok());
}

#[test]
fn buffers_grow_and_large_objects_pass_them() {
    let mut toy = Toy::new(config(16 * MIB));
    toy.alloc(24).unwrap();
    assert_eq!(toy.tlab.end - toy.tlab.start, 8 << 10);
    let (top, end) = (toy.tlab.top, toy.tlab.end);
    let large = toy.alloc(100_000).unwrap() as u64;
    assert_eq!((toy.tlab.top, toy.tlab.end), (top, end), "a large object leaves the buffer alone");
    assert!(large >= end);
    for _ in 0..10_000 {
        toy.alloc(24).unwrap();
    }
    assert_eq!(toy.tlab.end - toy.tlab.start, 64 << 10);
}

#[test]
#[should_panic(expected = "was not retired before a collection")]
fn a_buffer_from_before_a_collection_is_noticed() {
    let mut toy = Toy::new(config(16 * MIB));
    toy.alloc(24).unwrap();
    // SAFETY: the missing retirement is what this test is about; nothing uses the heap afterwards.
    unsafe { toy.heap.collect(&mut toy.roots, GcCause::Explicit) };
    toy.heap.retire(&mut toy.tlab);
}

#[test]
fn survivors_take_no_more_than_their_size() {
    let mut toy = Toy::new(config(64 * MIB));
    let bytes = toy.classes.bytes;
    const COUNT: u64 = 400;
    for _ in 0..COUNT {
        let array = toy.array(bytes, 9000).unwrap();
        toy.push_root(array);
    }
    for _ in 0..8 {
        toy.collect(GcCause::Allocation);
        let used = toy.heap.used_bytes();
        assert!(used < COUNT * 9500, "{used} bytes for {COUNT} arrays of 9000");
    }
}

#[test]
fn a_given_eden_is_kept_and_a_tiny_one_works() {
    for eden_bytes in [16 << 10, MIB] {
        let mut toy = Toy::new(HeapConfig { eden_bytes, ..config(32 * MIB) });
        let pair = toy.classes.pair;
        let root = toy.push_root(ObjRef::NULL);
        const OBJECTS: u64 = 50_000;
        for id in 1..=OBJECTS {
            let obj = toy.instance(pair, id as u32);
            let before = toy.root(root);
            toy.put_ref(obj, PAIR_LEFT, before);
            toy.set_root(root, if id % 100 == 0 { ObjRef::NULL } else { obj });
        }
        let collections = toy.heap.collections();
        let expected = OBJECTS * 24 / eden_bytes;
        assert!((expected / 2..=expected * 2 + 2).contains(&collections), "{collections} of {expected}");
    }
}

#[test]
fn a_large_object_that_finds_no_row_of_regions_is_out_of_memory_and_not_a_circle() {
    let mut toy = Toy::new(config(16 * MIB));
    let bytes = toy.classes.bytes;
    // Large objects everywhere; then holes of two regions between those that stay.
    let mut roots = Vec::new();
    while let Ok(array) = toy.array(bytes, 300 << 10) {
        roots.push(toy.push_root(array));
    }
    roots.iter().step_by(2).for_each(|&root| toy.set_root(root, ObjRef::NULL));
    let mut rows = Vec::new();
    let failure = loop {
        match toy.array(bytes, 2 << 20) {
            Ok(array) => rows.push(toy.push_root(array)),
            Err(failure) => break failure,
        }
        assert!(rows.len() < 16);
    };
    assert_eq!(failure, AllocFailure::OutOfMemory);
    roots.iter().chain(&rows).for_each(|&root| toy.set_root(root, ObjRef::NULL));
    assert!(toy.array(bytes, 2 << 20).is_ok(), "the heap recovers");
}

#[test]
fn large_objects_leave_room_for_what_an_evacuation_moves() {
    let mut toy = Toy::new(HeapConfig { verify_every: 0, ..config(512 * MIB) });
    let (bytes, pair) = (toy.classes.bytes, toy.classes.pair);
    let list = toy.push_root(ObjRef::NULL);
    // Just more than half a region each: they take twice the area that they count for. Small objects in between.
    while let Ok(array) = toy.array(bytes, 132 << 10) {
        toy.push_root(array);
        for _ in 0..100 {
            let Ok(at) = toy.alloc(24) else { break };
            // SAFETY: fresh memory for a pair.
            unsafe { init_instance(at, pair) };
            let obj = ObjRef::from_ptr(toy.base(), at);
            let before = toy.root(list);
            toy.put_ref(obj, PAIR_LEFT, before);
            toy.set_root(list, obj);
        }
    }
    for _ in 0..5 {
        toy.collect(GcCause::Allocation);
    }
    toy.roots.strong.fill(0);
    assert!(toy.array(bytes, 8 << 20).is_ok(), "the heap recovers");
}

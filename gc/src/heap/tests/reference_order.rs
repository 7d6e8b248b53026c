//! Tests of soft, weak, final and phantom references: what is cleared, what is kept, what is enqueued, in which order.

use super::toy::*;
use crate::heap::*;
use crate::object::ref_kind::{FINAL, PHANTOM, SOFT, WEAK};
use crate::object::*;

const MAX: u64 = 16 << 20;

fn toy() -> Toy {
    Toy::new(config(MAX))
}

/// A fresh pair in a root of its own.
fn pair(toy: &mut Toy, id: u32) -> usize {
    let class = toy.classes.pair;
    let obj = toy.instance(class, id);
    toy.push_root(obj)
}

fn drop_root(toy: &mut Toy, root: usize) {
    toy.set_root(root, ObjRef::NULL);
}

fn referent(toy: &Toy, reference: ObjRef) -> ObjRef {
    toy.get_ref(reference, REFERENCE.referent as usize)
}

/// Detaches the pending list: the ids of its references, sorted.
fn take_pending(toy: &mut Toy) -> Vec<u32> {
    assert_eq!(toy.heap.has_pending(), toy.reports.last().is_some_and(|report| report.enqueued > 0));
    let mut at = toy.heap.take_pending();
    assert!(!toy.heap.has_pending());
    let mut ids = Vec::new();
    while !at.is_null() {
        ids.push(toy.id(at));
        let next = toy.get_ref(at, REFERENCE.discovered as usize);
        toy.put_ref(at, REFERENCE.discovered as usize, ObjRef::NULL);
        at = next;
    }
    ids.sort();
    ids
}

#[test]
fn each_kind_with_a_strong_referent_is_left_alone() {
    let mut toy = toy();
    let target = pair(&mut toy, 1);
    let refs: Vec<_> =
        (SOFT..=PHANTOM).map(|kind| toy.reference(kind, 10 + u32::from(kind), target)).collect();
    toy.collect(GcCause::LowMemory);
    for at in refs {
        assert_eq!(referent(&toy, toy.root(at)), toy.root(target));
        assert!(toy.get_ref(toy.root(at), REFERENCE.next as usize).is_null());
    }
    assert!(take_pending(&mut toy).is_empty());
}

#[test]
fn the_dead_are_cleared_and_enqueued_and_the_finalizable_kept() {
    let mut toy = toy();
    let targets: Vec<_> = (0..4).map(|i| pair(&mut toy, i)).collect();
    let refs: Vec<_> = (SOFT..=PHANTOM)
        .map(|kind| toy.reference(kind, 10 + u32::from(kind), targets[kind as usize - 1]))
        .collect();
    targets.iter().for_each(|&target| drop_root(&mut toy, target));
    let report = toy.collect(GcCause::LowMemory);
    assert_eq!(report.enqueued, 4);
    for &at in &refs {
        let obj = toy.root(at);
        let is_final = toy.class_of(obj) == toy.classes.references[FINAL as usize];
        assert_eq!(referent(&toy, obj).is_null(), !is_final);
        assert_eq!(toy.get_ref(obj, REFERENCE.next as usize), if is_final { obj } else { ObjRef::NULL });
    }
    assert_eq!(take_pending(&mut toy), [11, 12, 13, 14]);
    // Once only.
    assert_eq!(toy.collect(GcCause::LowMemory).enqueued, 0);
    assert_eq!(toy.id(referent(&toy, toy.root(refs[2]))), 2, "an inactive final reference holds on");
}

#[test]
fn weak_is_cleared_before_finalization_and_phantom_after() {
    let mut toy = toy();
    let target = pair(&mut toy, 1);
    let weak = toy.reference(WEAK, 10, target);
    let fin = toy.reference(FINAL, 11, target);
    let phantom = toy.reference(PHANTOM, 12, target);
    drop_root(&mut toy, target);
    toy.collect(GcCause::Explicit);
    assert!(referent(&toy, toy.root(weak)).is_null());
    let resurrected = referent(&toy, toy.root(fin));
    assert_eq!(toy.id(resurrected), 1);
    assert_eq!(
        referent(&toy, toy.root(phantom)),
        resurrected,
        "not phantom reachable before it was finalized"
    );
    assert_eq!(take_pending(&mut toy), [10, 11]);
    // The finalizer has run: it drops the referent.
    toy.put_ref(toy.root(fin), REFERENCE.referent as usize, ObjRef::NULL);
    toy.collect(GcCause::Explicit);
    assert!(referent(&toy, toy.root(phantom)).is_null());
    assert_eq!(take_pending(&mut toy), [12]);
}

#[test]
fn finalizable_objects_that_refer_to_each_other_come_together() {
    let mut toy = toy();
    let (a, b) = (pair(&mut toy, 1), pair(&mut toy, 2));
    toy.put_ref(toy.root(a), PAIR_LEFT, toy.root(b));
    toy.put_ref(toy.root(b), PAIR_LEFT, toy.root(a));
    toy.reference(FINAL, 10, a);
    toy.reference(FINAL, 11, b);
    drop_root(&mut toy, a);
    drop_root(&mut toy, b);
    toy.collect(GcCause::Explicit);
    assert_eq!(take_pending(&mut toy), [10, 11]);
}

#[test]
fn a_weak_reference_found_behind_a_finalizable_object_is_processed_too() {
    let mut toy = toy();
    let (holder, target) = (pair(&mut toy, 1), pair(&mut toy, 2));
    let weak = toy.reference(WEAK, 10, target);
    toy.put_ref(toy.root(holder), PAIR_LEFT, toy.root(weak));
    let fin = toy.reference(FINAL, 11, holder);
    [holder, target, weak].into_iter().for_each(|root| drop_root(&mut toy, root));
    toy.collect(GcCause::Explicit);
    let weak = toy.get_ref(referent(&toy, toy.root(fin)), PAIR_LEFT);
    assert_eq!(toy.id(weak), 10);
    assert!(referent(&toy, weak).is_null());
    assert_eq!(take_pending(&mut toy), [10, 11]);
}

#[test]
fn a_dead_reference_object_is_never_enqueued() {
    let mut toy = toy();
    let target = pair(&mut toy, 1);
    let weak = toy.reference(WEAK, 10, target);
    drop_root(&mut toy, weak);
    drop_root(&mut toy, target);
    assert_eq!(toy.collect(GcCause::Explicit).enqueued, 0);
    assert!(take_pending(&mut toy).is_empty());
}

#[test]
fn an_enqueued_reference_is_not_discovered_again() {
    let mut toy = toy();
    let target = pair(&mut toy, 1);
    let weak = toy.reference(WEAK, 10, target);
    // The library enqueued it by hand: `next` is itself, the referent still there.
    let obj = toy.root(weak);
    toy.put_ref(obj, REFERENCE.next as usize, obj);
    drop_root(&mut toy, target);
    assert_eq!(toy.collect(GcCause::Explicit).enqueued, 0);
    assert_eq!(toy.id(referent(&toy, toy.root(weak))), 1, "an inactive reference is an ordinary object");
}

#[test]
fn the_pending_list_survives_collections_and_grows() {
    let mut toy = toy();
    for round in 0..5 {
        let target = pair(&mut toy, 1);
        toy.reference(WEAK, 10 + round, target);
        let weak = toy.roots.strong.len() - 1;
        drop_root(&mut toy, target);
        toy.collect(GcCause::Explicit);
        // Only the pending list holds it from now on.
        drop_root(&mut toy, weak);
    }
    assert_eq!(take_pending(&mut toy), [10, 11, 12, 13, 14]);
}

#[test]
fn soft_references_live_by_their_clock_until_memory_is_short() {
    let mut toy = toy();
    let (old, recent) = (pair(&mut toy, 1), pair(&mut toy, 2));
    let (soft_old, soft_recent) = (toy.reference(SOFT, 10, old), toy.reference(SOFT, 11, recent));
    let stamp = |toy: &Toy, at: usize, ms: i64| {
        // SAFETY: the timestamp of a toy SoftReference, in two halves: it is aligned to 4 only.
        unsafe { store_u64_unaligned(toy.base(), toy.root(at), REFERENCE.soft_timestamp as usize, ms as u64) }
    };
    stamp(&toy, soft_old, 1_000);
    stamp(&toy, soft_recent, 95_000);
    drop_root(&mut toy, old);
    drop_root(&mut toy, recent);
    toy.heap.set_soft_clock(100_000);
    // 16 MiB are free: 16 seconds.
    let report = toy.collect(GcCause::Explicit);
    assert!(!report.soft_cleared_all);
    assert!(referent(&toy, toy.root(soft_old)).is_null());
    assert_eq!(toy.id(referent(&toy, toy.root(soft_recent))), 2);
    assert_eq!(take_pending(&mut toy), [10]);
    let report = toy.collect(GcCause::LowMemory);
    assert!(report.soft_cleared_all);
    assert!(referent(&toy, toy.root(soft_recent)).is_null());
    assert_eq!(take_pending(&mut toy), [11]);
}

#[test]
fn soft_references_are_cleared_before_memory_runs_out() {
    let mut toy = toy();
    let bytes = toy.classes.bytes;
    let big = toy.array(bytes, 9 << 20).unwrap();
    let big = toy.push_root(big);
    let soft = toy.reference(SOFT, 10, big);
    drop_root(&mut toy, big);
    let second = toy.array(bytes, 9 << 20).unwrap();
    let second = toy.push_root(second);
    assert!(referent(&toy, toy.root(soft)).is_null());
    assert!(toy.reports.iter().any(|report| report.soft_cleared_all));
    assert_eq!(toy.array(bytes, 9 << 20), Err(AllocFailure::OutOfMemory));
    drop_root(&mut toy, second);
    assert!(toy.array(bytes, 9 << 20).is_ok());
}

#[test]
fn a_weak_table_keeps_what_lives_after_all_references() {
    let mut toy = toy();
    let (kept, finalizable, dead) = (pair(&mut toy, 1), pair(&mut toy, 2), pair(&mut toy, 3));
    toy.reference(FINAL, 10, finalizable);
    toy.reference(PHANTOM, 11, dead);
    toy.roots.weak = vec![toy.root(kept), toy.root(finalizable), toy.root(dead)];
    drop_root(&mut toy, finalizable);
    drop_root(&mut toy, dead);
    toy.collect(GcCause::Explicit);
    let ids: Vec<_> = toy.roots.weak.iter().map(|&obj| toy.id(obj)).collect();
    assert_eq!(ids, [1, 2]);
}

#[test]
fn the_queue_of_a_reference_is_an_ordinary_field() {
    let mut toy = toy();
    let (target, queue) = (pair(&mut toy, 1), pair(&mut toy, 2));
    let weak = toy.reference(WEAK, 10, target);
    toy.put_ref(toy.root(weak), 12, toy.root(queue));
    drop_root(&mut toy, queue);
    toy.collect(GcCause::Explicit);
    assert_eq!(toy.id(toy.get_ref(toy.root(weak), 12)), 2);
}

#[test]
fn many_references_of_all_kinds_under_stress() {
    let mut toy = Toy::new(HeapConfig { stress_stride: Some(3), ..config(MAX) });
    let mut random = Random(11);
    let mut enqueued = 0;
    for id in 1..600 {
        let target = pair(&mut toy, id);
        let kind = 1 + random.below(4) as u8;
        let at = toy.reference(kind, 1000 + id, target);
        if random.below(2) == 0 {
            drop_root(&mut toy, target);
        }
        if random.below(3) == 0 {
            drop_root(&mut toy, at);
        }
    }
    toy.collect(GcCause::LowMemory);
    let mut at = toy.heap.take_pending();
    while !at.is_null() {
        enqueued += 1;
        at = toy.get_ref(at, REFERENCE.discovered as usize);
    }
    assert_eq!(enqueued, toy.reports.iter().map(|report| report.enqueued).sum::<u64>());
    assert!(enqueued > 100);
}

/// More than a marking beside the program remembers one by one, some of them on cards that are looked at once more.
#[test]
fn a_marking_beside_the_program_decides_about_any_number_of_references() {
    const COUNT: u32 = 60_000;
    let mut toy = Toy::new(HeapConfig { background: true, verify_every: 8, ..config(MAX) });
    let objects = toy.classes.objects;
    let array = |toy: &mut Toy| {
        let array = toy.array(objects, COUNT).unwrap();
        toy.push_root(array)
    };
    let (references, referents) = (array(&mut toy), array(&mut toy));
    let slot = |i: u32| ARRAY_DATA_OFFSET + 4 * i as usize;
    for i in 0..COUNT {
        let target = pair(&mut toy, i + 1);
        let at = toy.reference(WEAK, i + 1, target);
        toy.put_ref(toy.root(references), slot(i), toy.root(at));
        if i % 3 == 0 {
            toy.put_ref(toy.root(referents), slot(i), toy.root(target));
        }
        toy.roots.strong.truncate(at - 1);
    }
    // All become old; then the dead are found by a cycle alone.
    let kinds = |toy: &Toy| toy.reports.iter().map(|report| report.kind).collect::<Vec<_>>();
    for _ in 0..8 {
        toy.collect(GcCause::Allocation);
    }
    toy.reports.clear();
    toy.collect(GcCause::Metadata);
    while !kinds(&toy).contains(&GcKind::Remark) {
        assert!(toy.reports.len() < 10_000, "the marking comes to its end");
        std::thread::sleep(std::time::Duration::from_millis(1));
        for i in (0..COUNT).step_by(7) {
            let obj = toy.get_ref(toy.root(references), slot(i));
            let queue = toy.root(referents);
            toy.put_ref(obj, 12, queue);
        }
        toy.collect(GcCause::Allocation);
    }
    assert!(!kinds(&toy).contains(&GcKind::Full), "{:?}", kinds(&toy));
    let mut ids = std::collections::HashSet::new();
    let mut at = toy.heap.take_pending();
    while !at.is_null() {
        assert!(ids.insert(toy.id(at)), "on the pending list once");
        at = toy.get_ref(at, REFERENCE.discovered as usize);
    }
    for i in 0..COUNT {
        let obj = toy.get_ref(toy.root(references), slot(i));
        let alive = i % 3 == 0;
        assert_eq!((referent(&toy, obj).is_null(), ids.contains(&(i + 1))), (!alive, !alive), "{i}");
    }
}

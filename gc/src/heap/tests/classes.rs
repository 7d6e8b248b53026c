//! Classes that may be unloaded: what keeps one alive, and when the heap says that it is gone.

use super::toy::*;
use crate::heap::*;
use crate::metaspace::ClassId;
use crate::object::*;

/// A toy with two classes that may be unloaded: instances like pairs, and arrays of references.
struct Unloadable {
    toy: Toy,
    pair: ClassId,
    array: ClassId,
}

impl Unloadable {
    fn new() -> Unloadable {
        let mut toy = Toy::new(config(8 << 20));
        toy.roots.records = Some(toy.space.clone());
        let runs = toy.arena.alloc_slice(&[RefRun { offset: 12, count: 2 }]).unwrap();
        let mut class = |layout: Layout| {
            let class = define(&toy.space, Layout { unloadable: 1, ..layout });
            let mirror = toy.instance(toy.classes.mirror, 0);
            toy.put(mirror, MIRROR_CLASS as usize, class.0);
            // SAFETY: the slot in a record that was just made.
            unsafe { toy.roots.mirror_slot(class).write(mirror.raw()) };
            toy.roots.unloadable.push(class);
            class
        };
        let pair = class(Layout::instance(24, runs));
        let array = class(Layout::ref_array());
        Unloadable { toy, pair, array }
    }

    fn mirror(&self, class: ClassId) -> ObjRef {
        // SAFETY: the slot of a record.
        ObjRef(unsafe { *self.toy.roots.mirror_slot(class) })
    }

    fn is_there(&self, class: ClassId) -> bool {
        self.toy.roots.unloadable.contains(&class)
    }

    /// A whole concurrent cycle: begins, marks, decides, and looks through what is left.
    fn cycle(&mut self) {
        let mut begun = false;
        for _ in 0..100 {
            let cause = if begun { GcCause::Allocation } else { GcCause::Metadata };
            begun |= self.toy.collect(cause).kind == GcKind::Begin;
            if begun && self.toy.reports.last().is_some_and(|report| report.kind == GcKind::Remark) {
                return;
            }
        }
        panic!("a cycle never ends");
    }
}

#[test]
fn a_full_collection_unloads_what_has_no_instance_and_no_mirror() {
    let mut it = Unloadable::new();
    let (pair, array) = (it.pair, it.array);
    let obj = it.toy.instance(pair, 0);
    let root = it.toy.push_root(obj);
    let elements = it.toy.array(array, 3).unwrap();
    let other = it.toy.push_root(elements);
    it.toy.collect(GcCause::Explicit);
    assert!(it.is_there(pair) && it.is_there(array));
    it.toy.set_root(other, ObjRef::NULL);
    it.toy.collect(GcCause::Explicit);
    assert!(it.is_there(pair) && !it.is_there(array));
    assert_eq!(it.toy.roots.forgotten, [array]);
    // A mirror is as good as an instance.
    let mirror = it.mirror(pair);
    it.toy.set_root(root, mirror);
    it.toy.collect(GcCause::Explicit);
    assert!(it.is_there(pair));
    it.toy.set_root(root, ObjRef::NULL);
    it.toy.collect(GcCause::Explicit);
    assert_eq!(it.toy.roots.forgotten, [array, pair]);
}

#[test]
fn young_collections_decide_nothing() {
    let mut it = Unloadable::new();
    for _ in 0..20 {
        assert_eq!(it.toy.collect(GcCause::Allocation).kind, GcKind::Young);
        assert!(it.is_there(it.pair) && it.is_there(it.array));
    }
}

#[test]
fn a_cycle_unloads_and_says_later_that_no_instance_is_left() {
    let mut it = Unloadable::new();
    let pair = it.pair;
    // The living and the dead lie close together, so no region goes as a whole.
    let plain = it.toy.classes.pair;
    let root = it.toy.push_root(ObjRef::NULL);
    let dead = it.toy.push_root(ObjRef::NULL);
    for id in 1..2000 {
        let link = it.toy.instance(plain, id);
        it.toy.put_ref(link, PAIR_LEFT, it.toy.root(root));
        it.toy.set_root(root, link);
        let obj = it.toy.instance(pair, 0);
        it.toy.put_ref(obj, PAIR_LEFT, it.toy.root(dead));
        it.toy.set_root(dead, obj);
    }
    it.toy.collect(GcCause::Explicit);
    it.cycle();
    assert!(it.is_there(pair), "instances are alive");
    it.toy.set_root(dead, ObjRef::NULL);
    it.cycle();
    assert!(!it.is_there(pair) && !it.is_there(it.array));
    assert!(!it.toy.roots.forgotten.contains(&pair), "dead instances may lie in the heap still");
    for _ in 0..50 {
        it.toy.collect(GcCause::Allocation);
    }
    assert!(it.toy.roots.forgotten.contains(&pair));
    // The verifier has walked over all regions without the class's layout; and the living are whole.
    let (mut kept, mut count) = (it.toy.root(root), 0);
    while !kept.is_null() {
        count += 1;
        assert_eq!(it.toy.id(kept), 2000 - count);
        kept = it.toy.get_ref(kept, PAIR_LEFT);
    }
    assert_eq!(count, 1999);
}

#[test]
fn instances_made_while_the_marking_goes_on_keep_their_class() {
    for promote in [false, true] {
        let mut it = Unloadable::new();
        let pair = it.pair;
        let mirror = it.mirror(pair);
        let root = it.toy.push_root(mirror);
        it.toy.collect(GcCause::Explicit);
        it.toy.set_root(root, ObjRef::NULL);
        while it.toy.collect(GcCause::Metadata).kind != GcKind::Begin {}
        // Its mirror is old and not marked.
        let obj = it.toy.instance(pair, 0);
        it.toy.set_root(root, obj);
        if promote {
            let holder = it.toy.instance(it.toy.classes.pair, 1);
            it.toy.put_ref(holder, PAIR_RIGHT, it.toy.root(root));
            it.toy.set_root(root, holder);
        }
        while it.toy.collect(GcCause::Allocation).kind != GcKind::Remark {}
        assert!(it.is_there(pair) && !it.is_there(it.array));
        it.toy.set_root(root, ObjRef::NULL);
        it.toy.collect(GcCause::Explicit);
        assert!(!it.is_there(pair));
    }
}

#[test]
fn a_finalizable_instance_keeps_its_class_until_it_is_finalized() {
    let mut it = Unloadable::new();
    let obj = it.toy.instance(it.pair, 0);
    let referent = it.toy.push_root(obj);
    it.toy.reference(ref_kind::FINAL, 7, referent);
    it.toy.set_root(referent, ObjRef::NULL);
    it.toy.collect(GcCause::Explicit);
    assert!(it.is_there(it.pair), "who finalizes it needs the class");
    assert_eq!(it.toy.reports.last().unwrap().enqueued, 1);
}

//! Tests that the verifier notices what it promises to notice.

use super::toy::*;
use crate::heap::*;
use crate::object::*;

fn with_pair(damage: impl FnOnce(&mut Toy, ObjRef)) {
    let mut toy = Toy::new(config(16 << 20));
    let pair = toy.classes.pair;
    toy.instance(pair, 1);
    let obj = toy.instance(pair, 2);
    toy.push_root(obj);
    damage(&mut toy, obj);
    toy.collect(GcCause::Explicit);
}

#[test]
fn a_sound_heap_passes() {
    with_pair(|_, _| ());
}

#[test]
#[should_panic(expected = "heap verifier: slot")]
fn a_slot_into_the_middle_of_an_object_is_noticed() {
    with_pair(|toy, obj| toy.put(obj, PAIR_LEFT, obj.raw() + 1));
}

#[test]
#[should_panic(expected = "heap verifier: slot")]
fn a_slot_outside_the_heap_is_noticed() {
    with_pair(|toy, obj| toy.put(obj, PAIR_LEFT, u32::MAX));
}

#[test]
#[should_panic(expected = "heap verifier: slot")]
fn a_stale_referent_is_noticed() {
    with_pair(|toy, _| {
        let class = toy.classes.references[ref_kind::WEAK as usize];
        let weak = toy.instance(class, 3);
        toy.put(weak, REFERENCE.referent as usize, 4096);
    });
}

#[test]
#[should_panic(expected = "heap verifier: root")]
fn a_stale_root_is_noticed() {
    with_pair(|toy, obj| {
        toy.collect(GcCause::Explicit);
        toy.push_root(obj);
    });
}

#[test]
#[should_panic(expected = "heap verifier: known class")]
fn a_class_without_a_layout_is_noticed() {
    with_pair(|toy, obj| toy.put(obj, CLASS_OFFSET, 999));
}

#[test]
#[should_panic(expected = "heap verifier: known class")]
fn a_class_word_outside_the_table_is_noticed() {
    with_pair(|toy, obj| toy.put(obj, CLASS_OFFSET, 0xDBDB_DBDB));
}

#[test]
#[should_panic(expected = "heap verifier: in bounds")]
fn a_forged_length_is_noticed() {
    with_pair(|toy, _| {
        let bytes = toy.classes.bytes;
        let array = toy.array(bytes, 10).unwrap();
        toy.put(array, ARRAY_LENGTH_OFFSET, 1 << 30);
    });
}

#[test]
#[should_panic(expected = "heap verifier: whole mark")]
fn a_forwarded_object_is_noticed() {
    with_pair(|toy, obj| toy.put(obj, MARK_OFFSET, crate::object::mark::FORWARDED));
}

#[test]
#[should_panic(expected = "heap corruption")]
fn without_the_verifier_a_wild_slot_still_stops_the_collection() {
    let mut toy = Toy::new(HeapConfig { verify_every: 0, ..config(16 << 20) });
    let pair = toy.classes.pair;
    let obj = toy.instance(pair, 2);
    toy.push_root(obj);
    toy.put(obj, PAIR_LEFT, u32::MAX);
    toy.collect(GcCause::Explicit);
}

#[test]
#[should_panic(expected = "heap corruption")]
fn without_the_verifier_a_forged_length_still_stops_the_collection() {
    let mut toy = Toy::new(HeapConfig { verify_every: 0, ..config(16 << 20) });
    let bytes = toy.classes.bytes;
    let array = toy.array(bytes, 10).unwrap();
    toy.push_root(array);
    toy.put(array, ARRAY_LENGTH_OFFSET, u32::MAX);
    toy.collect(GcCause::Explicit);
}

//! Tests of handles: indices stay, slots are roots, old keys find nothing.

use super::*;

#[test]
fn handles_keep_their_indices_across_chunks() {
    let stack = HandleStack::new();
    assert!(stack.is_empty());
    let indices: Vec<_> = (1..=5000).map(|i| stack.push(ObjRef(i))).collect();
    assert_eq!(indices[0], 1);
    for (i, &index) in indices.iter().enumerate() {
        assert_eq!(stack.get(index), ObjRef(i as u32 + 1));
    }
    assert_eq!(stack.len(), 5001);
    assert_eq!(Local::from_index(indices[7]).get(&stack), ObjRef(8));
    assert_eq!(Local::NULL.get(&stack), ObjRef::NULL);
}

#[test]
fn a_collection_updates_exactly_the_handles_in_use() {
    let stack = HandleStack::new();
    (1..=1000).for_each(|i| assert_eq!(stack.push(ObjRef(i)), i));
    stack.push(ObjRef::NULL);
    stack.truncate(700);
    let mut seen = Vec::new();
    stack.visit(&mut |slot| {
        seen.push(*slot);
        *slot += 10_000;
    });
    assert_eq!(seen, (1..700).collect::<Vec<_>>());
    assert_eq!(stack.get(1), ObjRef(10_001));
    assert_eq!(stack.get(699), ObjRef(10_699));
    assert_eq!(stack.get(700), ObjRef(700), "above the top nothing is visited");
    assert_eq!(stack.push(ObjRef(5)), 700);
}

#[test]
fn the_null_handle_stays() {
    let stack = HandleStack::new();
    stack.truncate(0);
    assert_eq!(stack.len(), 1);
    stack.set(0, ObjRef::NULL);
    assert_eq!(stack.get(0), ObjRef::NULL);
}

#[test]
#[should_panic(expected = "handle 0 is null")]
fn the_null_handle_cannot_be_set() {
    HandleStack::new().set(0, ObjRef(1));
}

#[test]
#[should_panic(expected = "never pushed")]
fn a_handle_far_above_the_top_is_noticed() {
    HandleStack::new().get(100_000);
}

#[test]
#[should_panic(expected = "handle leak")]
fn handles_end_somewhere() {
    let stack = HandleStack::new();
    for _ in 0..=MAX_HANDLES {
        stack.push(ObjRef::NULL);
    }
}

#[test]
fn globals_are_roots_until_dropped() {
    let table = GlobalTable::new(10);
    let a = table.insert(ObjRef(1)).unwrap();
    let b = table.insert(ObjRef(2)).unwrap();
    let copy = b.try_clone().unwrap();
    drop(b);
    let mut seen = Vec::new();
    table.visit(&mut |slot| {
        seen.push(*slot);
        *slot += 100;
    });
    seen.sort();
    assert_eq!(seen, [1, 2]);
    assert_eq!((a.get(), copy.get()), (ObjRef(101), ObjRef(102)));
    a.set(ObjRef(7));
    assert_eq!(a.get(), ObjRef(7));
    drop((a, copy));
    assert!(table.is_empty());
    table.visit(&mut |_| panic!("a dropped global is no root"));
}

#[test]
fn an_old_key_finds_nothing() {
    let table = GlobalTable::new(1);
    let old = table.insert(ObjRef(1)).unwrap().into_key();
    assert_eq!(table.len(), 1, "a key keeps its slot");
    assert_eq!(table.insert(ObjRef(2)).unwrap_err(), GlobalsFull);
    assert!(table.remove(old));
    assert!(!table.remove(old));
    let new = table.insert(ObjRef(2)).unwrap();
    assert_eq!(new.key().index, old.index);
    assert_eq!(table.get(old), None);
    assert!(!table.set(old, ObjRef(9)));
    assert_eq!(table.get(new.key()), Some(ObjRef(2)));
    assert_eq!(table.get(GlobalKey { index: 99, generation: 1 }), None);
}

#[test]
fn globals_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Global>();
    let table = GlobalTable::new(10_000);
    std::thread::scope(|scope| {
        for t in 0..4 {
            let table = &table;
            scope.spawn(move || {
                let mine: Vec<_> = (0..1000).map(|i| table.insert(ObjRef(t * 1000 + i)).unwrap()).collect();
                for (i, global) in mine.iter().enumerate() {
                    assert_eq!(global.get(), ObjRef(t * 1000 + i as u32));
                }
            });
        }
    });
    assert!(table.is_empty());
}

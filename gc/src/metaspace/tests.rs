//! Tests of metaspace: placement, limits, reuse.

use super::*;
use crate::cage::CageConfig;

fn metaspace(max_bytes: u64) -> Metaspace {
    let cage = Cage::reserve(&CageConfig { heap_bytes: 1 << 20 }).unwrap();
    Metaspace::new(&cage, max_bytes)
}

#[test]
fn values_come_back_and_lie_where_they_say() {
    let space = metaspace(1 << 20);
    let arena = space.new_arena(ArenaKind::Loader);
    let number = arena.alloc(0xCAFE_u32).unwrap();
    let text = arena.alloc_bytes(b"java/lang/Object").unwrap();
    let row = arena.alloc_slice_with(5, |i| i as u64 * 3).unwrap();
    assert_eq!(*space.get(number), 0xCAFE);
    assert_eq!(space.slice(text), b"java/lang/Object");
    assert_eq!(space.slice(row), [0, 3, 6, 9, 12]);
    assert_eq!(space.meta_of(space.get(number)), number);
    assert_eq!(space.meta_of(&space.slice(row)[2]), row.at(2).unwrap());
    assert_eq!(row.at(5), None);
    assert_eq!(space.slice(row.sub(1, 3)), [3, 6]);
    assert!(row.sub(4, 2).is_empty());
    assert!(space.slice(MetaSlice::<u64>::EMPTY).is_empty());
}

#[test]
fn alignment_is_kept_between_odd_neighbours() {
    #[repr(C, align(64))]
    struct Line(u64);
    // SAFETY: a u64 and padding, no pointers.
    unsafe impl Plain for Line {}

    let space = metaspace(8 << 20);
    let arena = space.new_arena(ArenaKind::Hidden);
    for i in 0..2000_u64 {
        arena.alloc_bytes(&vec![1; (i % 7) as usize + 1]).unwrap();
        let line = arena.alloc(Line(i)).unwrap();
        assert_eq!(&raw const *space.get(line) as usize % 64, 0);
        assert_eq!(space.get(line).0, i);
        assert_eq!(arena.alloc(i).unwrap().raw() % 8, 0);
    }
}

#[test]
fn a_maker_may_allocate_in_the_same_arena() {
    let space = metaspace(1 << 20);
    let arena = space.new_arena(ArenaKind::Loader);
    let rows = arena.alloc_slice_with(10, |i| arena.alloc_slice(&vec![i as u16; i]).unwrap()).unwrap();
    for (i, row) in space.slice(rows).iter().enumerate() {
        assert_eq!(space.slice(*row), vec![i as u16; i]);
    }
}

#[test]
fn the_limit_is_an_error_and_freeing_makes_room() {
    let space = metaspace(256 << 10);
    let arena = space.new_arena(ArenaKind::Loader);
    let mut blocks = 0;
    while arena.alloc_bytes(&[7; 1000]).is_ok() {
        blocks += 1;
    }
    assert!((250..=262).contains(&blocks), "{blocks} blocks of 1000 bytes fit 256 KiB");
    assert!(space.used_bytes() <= 256 << 10);
    assert_eq!(space.new_arena(ArenaKind::Hidden).alloc(1_u8), Err(MetaspaceFull));
    // SAFETY: nothing of the arena is used below.
    unsafe { space.free_arena(arena.clone()) };
    assert_eq!(space.used_bytes(), 0);
    assert_eq!(arena.alloc(1_u8), Err(MetaspaceFull), "a freed arena stays closed");
    let again = space.new_arena(ArenaKind::Loader);
    let zeroed = again.alloc_slice_zeroed::<u8>(200 << 10).unwrap();
    assert!(space.slice(zeroed).iter().all(|&b| b == 0), "freed chunks come back as zeroes");
}

#[test]
fn memory_outside_counts_until_it_is_given_back() {
    let space = metaspace(256 << 10);
    let mut charge = space.new_charge();
    charge.grow(200 << 10).unwrap();
    assert_eq!(charge.grow(100 << 10), Err(MetaspaceFull));
    assert_eq!((charge.bytes(), space.used_bytes()), (200 << 10, 200 << 10));
    assert_eq!(space.new_arena(ArenaKind::Boot).alloc_slice_zeroed::<u8>(64 << 10), Err(MetaspaceFull));
    drop(charge);
    assert_eq!(space.used_bytes(), 0);
}

#[test]
fn sizes_beyond_metaspace_are_refused() {
    let space = metaspace(u64::MAX);
    let arena = space.new_arena(ArenaKind::Boot);
    assert_eq!(arena.alloc_slice_zeroed::<u64>(usize::MAX / 2), Err(MetaspaceFull));
    assert_eq!(arena.alloc_slice_zeroed::<u8>(META_RESERVE as usize), Err(MetaspaceFull));
    assert!(arena.alloc_slice_zeroed::<u8>(1 << 30).is_ok(), "address space is there, pages are not touched");
}

#[test]
fn class_ids_are_dense_zeroed_and_masked() {
    let space = metaspace(1 << 20);
    let first = space.new_class_id().unwrap();
    let second = space.new_class_id().unwrap();
    assert_eq!((first, second), (ClassId(1), ClassId(2)));
    let record = space.class_ptr(second);
    assert_eq!(record as usize - space.base() as usize, 2 * CLASS_RECORD_BYTES);
    // SAFETY: a whole record, used by this test alone.
    unsafe {
        assert_eq!(record.read(), 0);
        record.write(9);
        space.free_class_id(second);
        assert_eq!(record.read(), 0);
    }
    assert_eq!(space.new_class_id().unwrap(), second);
    assert_eq!(space.class_ptr(ClassId(u32::MAX)), space.class_ptr(ClassId(MAX_CLASSES - 1)));
    assert_eq!(space.class_id_bound(), 3);
}

#[test]
fn class_ids_end_at_the_limit() {
    let space = metaspace(10 * CLASS_RECORD_BYTES as u64);
    for _ in 0..10 {
        space.new_class_id().unwrap();
    }
    assert_eq!(space.new_class_id(), Err(MetaspaceFull));
}

#[test]
fn threads_share_an_arena() {
    let space = metaspace(64 << 20);
    let arena = space.new_arena(ArenaKind::Loader);
    std::thread::scope(|scope| {
        for t in 0..4_u64 {
            let (space, arena) = (&space, &arena);
            scope.spawn(move || {
                let mine: Vec<_> = (0..5000).map(|i| arena.alloc(t << 32 | i).unwrap()).collect();
                for (i, meta) in mine.iter().enumerate() {
                    assert_eq!(*space.get(*meta), t << 32 | i as u64);
                }
            });
        }
    });
}

//! Tests of raw access: widths, alignment, copies that overlap, hashes under contention.

use super::*;
use crate::cage::{Cage, CageConfig, NULL_GUARD};

fn cage() -> Cage {
    Cage::reserve(&CageConfig { heap_bytes: 1 << 20 }).unwrap()
}

const OBJ: ObjRef = ObjRef::from_offset(NULL_GUARD + 4096);

#[test]
fn sizes_follow_the_header_picture() {
    assert_eq!(array_bytes(0, 0), 16);
    assert_eq!(array_bytes(0, 4), 16);
    assert_eq!(array_bytes(0, 5), 24);
    assert_eq!(array_bytes(2, 1), 16);
    assert_eq!(array_bytes(2, 2), 24);
    assert_eq!(array_bytes(3, 0), 16);
    assert_eq!(array_bytes(3, 1), 24);
    assert_eq!(array_bytes(3, i32::MAX as u32), 16 + 8 * (i32::MAX as usize));
}

#[test]
fn references_cover_the_reach_and_nothing_else() {
    assert_eq!(ObjRef(u32::MAX).offset(), crate::cage::REACH - 8);
    assert_eq!(ObjRef::from_offset(NULL_GUARD), ObjRef(8192));
    assert!(ObjRef::NULL.is_null());
}

#[test]
fn widths_are_little_endian_and_unaligned_views_agree() {
    let cage = cage();
    let base = cage.base();
    // SAFETY: writable memory of the heap area that only this test uses.
    unsafe {
        store_u64(base, OBJ, 16, 0x8877_6655_4433_2211);
        store_u64(base, OBJ, 24, 0x00FF_EEDD_CCBB_AA99);
        assert_eq!(load_u8(base, OBJ, 17), 0x22);
        assert_eq!(load_u16(base, OBJ, 18), 0x4433);
        assert_eq!(load_u32(base, OBJ, 20), 0x8877_6655);
        assert_eq!(load_u16_unaligned(base, OBJ, 23), 0x9988);
        assert_eq!(load_u32_unaligned(base, OBJ, 21), 0x9988_7766);
        assert_eq!(load_u64_unaligned(base, OBJ, 19), 0xBBAA_9988_7766_5544);
        store_u64_unaligned(base, OBJ, 19, 0);
        store_u32_unaligned(base, OBJ, 17, 0x0403_0201);
        store_u16_unaligned(base, OBJ, 27, 0xABCD);
        assert_eq!(load_u64(base, OBJ, 16), 0x0000_0004_0302_0111);
        assert_eq!(load_u64(base, OBJ, 24), 0x00FF_EEAB_CD00_0000);
    }
}

#[test]
fn read_modify_write_tells_what_was_there() {
    let cage = cage();
    let base = cage.base();
    // SAFETY: writable memory of the heap area that only this test uses.
    unsafe {
        store_u32(base, OBJ, 8, 5);
        assert_eq!(cas_u32(base, OBJ, 8, 5, 6), Ok(5));
        assert_eq!(cas_u32(base, OBJ, 8, 5, 7), Err(6));
        assert_eq!(swap_u32(base, OBJ, 8, 9), 6);
        assert_eq!(add_u32(base, OBJ, 8, u32::MAX), 9);
        assert_eq!(load_u32_volatile(base, OBJ, 8), 8);
        store_ref(base, OBJ, 12, ObjRef(77));
        assert_eq!(cas_ref(base, OBJ, 12, ObjRef(77), ObjRef::NULL), Ok(ObjRef(77)));
        assert_eq!(swap_ref(base, OBJ, 12, ObjRef(3)), ObjRef::NULL);
        assert_eq!(load_ref(base, OBJ, 12), ObjRef(3));
        fill_refs(base, OBJ, 12, ObjRef(4), 10);
        assert_eq!((load_u32(base, OBJ, 12), load_u32(base, OBJ, 48), load_u32(base, OBJ, 52)), (4, 4, 0));
    }
}

#[test]
fn element_copies_handle_overlap_in_every_width() {
    let cage = cage();
    let base = cage.base();
    const LEN: usize = 64;
    for shift in 0..4_u8 {
        for (from, to, count) in
            [(0, 3, 5), (3, 0, 5), (0, 1, 40), (1, 0, 40), (7, 7, 20), (2, 30, 8), (5, 9, 0)]
        {
            let size = 1 << shift;
            let mut model: Vec<u8> = (0..LEN * size).map(|i| i as u8).collect();
            // SAFETY: writable memory of the heap area that only this test uses.
            let seen = unsafe {
                (0..LEN * size).for_each(|i| store_u8(base, OBJ, 16 + i, i as u8));
                copy_elements(base, OBJ, 16 + from * size, OBJ, 16 + to * size, count, shift);
                (0..LEN * size).map(|i| load_u8(base, OBJ, 16 + i)).collect::<Vec<_>>()
            };
            model.copy_within(from * size..(from + count) * size, to * size);
            assert_eq!(seen, model, "shift {shift}, {from} to {to}, {count} elements");
        }
    }
}

#[test]
fn all_threads_see_one_identity_hash() {
    use super::mark::{LOCK_FAST, cas_mark, hash_of_mark, identity_hash, load_mark};
    let cage = cage();
    let hashes: Vec<u32> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=8_u32)
            .map(|i| {
                let cage = &cage;
                scope.spawn(move || {
                    // SAFETY: the mark word of memory that only this test uses.
                    unsafe {
                        if i == 1 {
                            // A lock taken meanwhile: neither loses the other's bits.
                            loop {
                                let mark = load_mark(cage.base(), OBJ);
                                if cas_mark(cage.base(), OBJ, mark, mark | LOCK_FAST).is_ok() {
                                    break;
                                }
                            }
                        }
                        identity_hash(cage.base(), OBJ, i << 10)
                    }
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(hashes[0] != 0 && hashes.iter().all(|&hash| hash == hashes[0]));
    // SAFETY: as above.
    assert_eq!(hash_of_mark(unsafe { load_mark(cage.base(), OBJ) }), hashes[0]);
    // SAFETY: fresh zero memory of the same area.
    assert_ne!(unsafe { identity_hash(cage.base(), ObjRef(OBJ.0 + 8), 0) }, 0, "0 means none yet");
}

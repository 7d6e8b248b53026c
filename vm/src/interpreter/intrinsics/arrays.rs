//! Leaf functions of the library's loops over arrays: copies, comparisons, hashes and searches of strings' bytes.
//!
//! Invariants: what a function reads or writes has been checked against the arrays' own lengths and classes, whatever the library
//! has promised; and it does so for at most [`BYTES_MOST`], because no safepoint can be reached meanwhile. All else is declined,
//! and the method's own code sees to it. Other threads may write the arrays meanwhile: each element is read once.

use carafe_classloader::basic::BasicType;
use carafe_gc::object::{self, ObjRef};

use super::{Leaf, i, int};
use crate::thread::Thread;

const BYTES_MOST: usize = 1 << 16;

/// The elements of an array, to be read as raw bytes.
struct Elements {
    start: *const u8,
    /// Number of elements.
    len: usize,
}

/// The elements of an array of a primitive type; `None` if it is anything else.
///
/// # Safety
/// `array` is a live reference or null, of the calling thread `t`.
unsafe fn elements(t: *mut Thread, array: u64, kind: BasicType, shift: u8) -> Option<Elements> {
    let array = ObjRef::from_raw(array as u32);
    if array.is_null() {
        return None;
    }
    // SAFETY: the caller's promise; the class says that it is an array.
    unsafe {
        let base = (*t).base;
        if object::class_of(base, array) != (&*(*t).vm).primitive_array(kind) {
            return None;
        }
        let len = object::array_length(base, array) as usize;
        let start = base.add(array.raw() as usize * 8 + object::array_data_offset(shift)).cast_const();
        Some(Elements { start, len })
    }
}

impl Elements {
    /// Checks a range of elements of `1 << shift` bytes.
    fn range(&self, from: i32, count: i32, shift: u8) -> Option<(usize, usize)> {
        let (from, count) = (usize::try_from(from).ok()?, usize::try_from(count).ok()?);
        let fits = from.checked_add(count)? <= self.len && count << shift <= BYTES_MOST;
        fits.then_some((from, count))
    }

    /// # Safety
    /// `at` is less than the number of elements, which have the size of `T`.
    unsafe fn read<T>(&self, at: usize) -> T {
        // SAFETY: the caller's promise; elements lie aligned.
        unsafe { self.start.cast::<T>().add(at).read_volatile() }
    }
}

/// `StringLatin1.equals(byte[], byte[])`
pub(super) const EQUALS: Leaf = leaf!(|t, sp| {
    let (a, b) = (elements(t, *sp.add(1), BasicType::Byte, 0)?, elements(t, *sp, BasicType::Byte, 0)?);
    if a.len != b.len {
        return Some(0);
    }
    if a.len > BYTES_MOST {
        return None;
    }
    // Data begins at a multiple of four.
    let words = a.len / 4;
    let same = (0..words).all(|n| a.read::<u32>(n) == b.read::<u32>(n))
        && (4 * words..a.len).all(|n| a.read::<u8>(n) == b.read::<u8>(n));
    Some(u64::from(same))
});

/// `ArraysSupport.vectorizedHashCode(Object, int, int, int, int)`
pub(super) const HASH: Leaf = leaf!(|t, sp| {
    const BOOLEAN: i32 = 4;
    const CHAR: i32 = 5;
    const BYTE: i32 = 8;
    const INT: i32 = 10;
    let (array, from, count) = (*sp.add(4), i(*sp.add(3)), i(*sp.add(2)));
    let mut hash = i(*sp.add(1));
    let mut add = |value: i32| hash = hash.wrapping_mul(31).wrapping_add(value);
    match i(*sp) {
        kind @ (BOOLEAN | BYTE) => {
            let bytes = elements(t, array, BasicType::Byte, 0)?;
            let (from, count) = bytes.range(from, count, 0)?;
            for n in from..from + count {
                let byte: u8 = bytes.read(n);
                add(if kind == BYTE { i32::from(byte as i8) } else { i32::from(byte) });
            }
        }
        CHAR => {
            let chars = elements(t, array, BasicType::Char, 1)?;
            let (from, count) = chars.range(from, count, 1)?;
            (from..from + count).for_each(|n| add(i32::from(chars.read::<u16>(n))));
        }
        INT => {
            let ints = elements(t, array, BasicType::Int, 2)?;
            let (from, count) = ints.range(from, count, 2)?;
            (from..from + count).for_each(|n| add(ints.read(n)));
        }
        _ => return None,
    }
    int(hash)
});

/// `StringLatin1.indexOfChar(byte[], int, int, int)`
pub(super) const INDEX_OF: Leaf = leaf!(|t, sp| {
    let bytes = elements(t, *sp.add(3), BasicType::Byte, 0)?;
    let (wanted, from, end) = (*sp.add(2) as u8, i(*sp.add(1)), i(*sp));
    if from >= end {
        return int(-1);
    }
    let (from, count) = bytes.range(from, end.checked_sub(from)?, 0)?;
    let found = (from..from + count).find(|n| bytes.read::<u8>(*n) == wanted);
    int(found.map_or(-1, |at| at as i32))
});

/// `StringCoding.countPositives(byte[], int, int)`
pub(super) const COUNT_POSITIVES: Leaf = leaf!(|t, sp| {
    let bytes = elements(t, *sp.add(2), BasicType::Byte, 0)?;
    let (from, count) = bytes.range(i(*sp.add(1)), i(*sp), 0)?;
    let negative = (0..count).find(|n| bytes.read::<i8>(from + n) < 0);
    int(negative.unwrap_or(count) as i32)
});

/// `System.arraycopy(Object, int, Object, int, int)` between arrays of one class.
pub(super) const COPY: Leaf = leaf!(|t, sp| {
    let (source, target) = (ObjRef::from_raw(*sp.add(4) as u32), ObjRef::from_raw(*sp.add(2) as u32));
    if source.is_null() || target.is_null() {
        return None;
    }
    let base = (*t).base;
    let class = object::class_of(base, source);
    if class != object::class_of(base, target) {
        return None;
    }
    let universe = &(&*(*t).vm).universe;
    let class = universe.class(class);
    if !class.is_array() {
        return None;
    }
    let shift = class.layout.elem_shift;
    let lens = (object::array_length(base, source), object::array_length(base, target));
    let part = |len: u32, from: i32| {
        Elements { start: std::ptr::null(), len: len as usize }.range(from, i(*sp), shift)
    };
    let (from, count) = part(lens.0, i(*sp.add(3)))?;
    let (to, _) = part(lens.1, i(*sp.add(1)))?;
    let data = object::array_data_offset(shift);
    let (from, to) = (data + (from << shift), data + (to << shift));
    if universe.class(class.component).is_primitive() {
        object::copy_elements(base, source, from, target, to, count, shift);
    } else {
        object::copy_refs(base, source, from, target, to, count);
    }
    Some(0)
});

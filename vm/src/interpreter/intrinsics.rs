//! Library methods that the interpreter executes itself, in place of a call.
//!
//! A row is a method (class, name, descriptor) and a leaf function that reads the arguments from the operand stack and
//! either gives the result or declines; when it declines, the ordinary method is called, which throws what there is to throw.
//! Leaf functions never reach a safepoint, never allocate and never throw.
//!
//! Rows apply only to classes of the boot loader. None is needed for correctness: every method here has a Java body or a
//! native implementation that does the same. Those of `ProcessEnvironment` always decline: they only tell whoever learns from
//! a run which variables it looks at, because the library answers from a copy. And those of the launcher are how a jar's wish
//! to have the library opened to it comes to nothing, unless the program is trusted.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

use carafe_classloader::class::Method;
use carafe_gc::cage::{NULL_GUARD, RAW_MASK};
use carafe_gc::object::{self, ObjRef};

use crate::isolate::Isolate;
use crate::thread::Thread;

/// `sp` is the youngest argument slot (see `thread::frames` for how slots lie).
///
/// # Safety
/// The thread is the caller's own and the arguments are those of the row's method, the receiver not null.
pub type Leaf = unsafe fn(t: *mut Thread, sp: *const u64) -> Option<u64>;

pub struct Row {
    pub class: &'static str,
    pub name: &'static str,
    pub descriptor: &'static str,
    /// Slots of the result.
    pub result: u8,
    pub leaf: Leaf,
}

macro_rules! leaf {
    (|$t:ident, $sp:ident| $body:expr) => {{
        unsafe fn leaf($t: *mut Thread, $sp: *const u64) -> Option<u64> {
            let _ = ($t, $sp);
            #[allow(unused_unsafe, reason = "some bodies only compute")]
            // SAFETY: the caller's promise (see Leaf): the argument slots are live, references are current.
            unsafe {
                $body
            }
        }
        leaf as Leaf
    }};
}

macro_rules! rows {
    ($($class:literal { $($name:literal $descriptor:literal -> $result:literal: $leaf:expr;)* })*) => {
        /// All intrinsics.
        pub static ROWS: &[Row] = &[
            $($(Row { class: $class, name: $name, descriptor: $descriptor, result: $result, leaf: $leaf },)*)*
        ];
    };
}

mod arrays;

/// The number of a method's row.
pub fn find(vm: &Isolate, method: &Method) -> Option<u16> {
    let class = vm.universe.class(method.class);
    if !class.loader.is_boot() {
        return None;
    }
    let (class, name, descriptor) =
        (vm.universe.text(class.name), vm.universe.text(method.name), vm.universe.text(method.descriptor));
    ROWS.iter()
        .position(|r| {
            r.name.as_bytes() == name && r.class.as_bytes() == class && r.descriptor.as_bytes() == descriptor
        })
        .map(|n| n as u16)
}

fn f(slot: u64) -> f32 {
    f32::from_bits(slot as u32)
}

fn d(slot: u64) -> f64 {
    f64::from_bits(slot)
}

fn i(slot: u64) -> i32 {
    slot as u32 as i32
}

fn int(v: i32) -> Option<u64> {
    Some(v as u32 as u64)
}

fn double(v: f64) -> Option<u64> {
    Some(v.to_bits())
}

/// Address that Unsafe means by (object, offset): inside the cage whatever they are, or null in the page of null, which
/// the native method reports.
///
/// # Safety
/// The thread is live.
unsafe fn at(t: *mut Thread, object: u64, offset: u64) -> *mut u8 {
    let place = ((object as u32 as u64) * 8).wrapping_add(offset) & RAW_MASK;
    if place < NULL_GUARD {
        return std::ptr::null_mut();
    }
    // SAFETY: the caller's promise; the mask keeps the sum inside the cage.
    unsafe { (*t).base.add(place as usize) }
}

macro_rules! get {
    ($ty:ty, $bits:expr) => {
        leaf!(|t, sp| {
            let p = at(t, *sp.add(2), *sp.add(1)).cast::<$ty>();
            if p.is_null() || !p.is_aligned() {
                return None;
            }
            let bits: fn($ty) -> u64 = $bits;
            Some(bits(p.read_volatile()))
        })
    };
}

macro_rules! put {
    ($ty:ty, $slots:literal, $fence:literal) => {
        leaf!(|t, sp| {
            let p = at(t, *sp.add($slots + 2), *sp.add($slots + 1)).cast::<$ty>();
            if p.is_null() || !p.is_aligned() {
                return None;
            }
            p.write_volatile(*sp.add($slots - 1) as $ty);
            if $fence {
                fence(Ordering::SeqCst);
            }
            Some(0)
        })
    };
}

macro_rules! put_ref {
    ($fence:literal) => {
        leaf!(|t, sp| {
            let p = at(t, *sp.add(3), *sp.add(2)).cast::<u32>();
            if p.is_null() || !p.is_aligned() {
                return None;
            }
            p.write_volatile(*sp as u32);
            barrier(t, *sp.add(3), *sp.add(2));
            if $fence {
                fence(Ordering::SeqCst);
            }
            Some(0)
        })
    };
}

/// # Safety
/// The arguments of an Unsafe reference store.
unsafe fn barrier(t: *mut Thread, object: u64, offset: u64) {
    // SAFETY: the caller's promise.
    unsafe { object::ref_barrier((*t).base, ObjRef::from_raw(object as u32), offset as usize) }
}

macro_rules! cas32 {
    ($reference:literal) => {
        leaf!(|t, sp| {
            let p = at(t, *sp.add(4), *sp.add(3)).cast::<u32>();
            if p.is_null() || !p.is_aligned() {
                return None;
            }
            let (expected, new) = (*sp.add(1) as u32, *sp as u32);
            let done =
                AtomicU32::from_ptr(p).compare_exchange(expected, new, Ordering::SeqCst, Ordering::SeqCst);
            if $reference {
                barrier(t, *sp.add(4), *sp.add(3));
            }
            Some(done.is_ok() as u64)
        })
    };
}

const CAS64: Leaf = leaf!(|t, sp| {
    let p = at(t, *sp.add(6), *sp.add(5)).cast::<u64>();
    if p.is_null() || !p.is_aligned() {
        return None;
    }
    let (expected, new) = (*sp.add(3), *sp.add(1));
    let done = AtomicU64::from_ptr(p).compare_exchange(expected, new, Ordering::SeqCst, Ordering::SeqCst);
    Some(done.is_ok() as u64)
});

const GET_REF: Leaf = get!(u32, |v| v as u64);
const GET_INT: Leaf = get!(u32, |v| v as u64);
const GET_LONG: Leaf = get!(u64, |v| v);
const LOOKS_AT_ENVIRONMENT: Leaf = leaf!(|t, sp| {
    let vm: &Isolate = &*(*t).vm;
    (vm.natives.outside.looks_at_variable)(vm, None);
    None
});
/// Does nothing for a program whose manifest counts for nothing.
const UNLESS_TRUSTED: Leaf = leaf!(|t, sp| if (&*(*t).vm).config.manifest_opens { None } else { Some(0) });
/// Characters of a variable's name that are looked at.
const VARIABLE_MAX: usize = 4096;
const SQRT: Leaf = leaf!(|t, sp| double(d(*sp.add(1)).sqrt()));

rows! {
    "java/lang/Math" {
        "sqrt" "(D)D" -> 2: SQRT;
        "abs" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).abs()));
        "abs" "(F)F" -> 1: leaf!(|t, sp| Some(f(*sp).abs().to_bits() as u64));
        "abs" "(I)I" -> 1: leaf!(|t, sp| int(i(*sp).wrapping_abs()));
        "abs" "(J)J" -> 2: leaf!(|t, sp| Some((*sp.add(1) as i64).wrapping_abs() as u64));
        "max" "(II)I" -> 1: leaf!(|t, sp| int(i(*sp).max(i(*sp.add(1)))));
        "min" "(II)I" -> 1: leaf!(|t, sp| int(i(*sp).min(i(*sp.add(1)))));
        "max" "(JJ)J" -> 2: leaf!(|t, sp| Some((*sp.add(1) as i64).max(*sp.add(3) as i64) as u64));
        "min" "(JJ)J" -> 2: leaf!(|t, sp| Some((*sp.add(1) as i64).min(*sp.add(3) as i64) as u64));
        "fma" "(DDD)D" -> 2: leaf!(|t, sp| double(d(*sp.add(5)).mul_add(d(*sp.add(3)), d(*sp.add(1)))));
        "floor" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).floor()));
        "ceil" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).ceil()));
        "rint" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).round_ties_even()));
        // HotSpot computes these by code of its own, not by the library's fdlibm port; correctly rounded results agree.
        "sin" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).sin()));
        "cos" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).cos()));
        "tan" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).tan()));
        "exp" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).exp()));
        "log" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).ln()));
        "log10" "(D)D" -> 2: leaf!(|t, sp| double(d(*sp.add(1)).log10()));
        "pow" "(DD)D" -> 2: leaf!(|t, sp| {
            let (x, y) = (d(*sp.add(3)), d(*sp.add(1)));
            // C's pow answers 1 where Java answers NaN: 1 to the NaN, and 1 or -1 to an infinity. The library knows.
            if y.is_nan() || (y.is_infinite() && x.abs() == 1.0) { None } else { double(x.powf(y)) }
        });
        "multiplyHigh" "(JJ)J" -> 2: leaf!(|t, sp| {
            Some(((*sp.add(1) as i64 as i128 * *sp.add(3) as i64 as i128) >> 64) as u64)
        });
        "unsignedMultiplyHigh" "(JJ)J" -> 2: leaf!(|t, sp| {
            Some(((*sp.add(1) as u128 * *sp.add(3) as u128) >> 64) as u64)
        });
    }
    "java/lang/StrictMath" {
        "sqrt" "(D)D" -> 2: SQRT;
    }
    "java/lang/Float" {
        "floatToRawIntBits" "(F)I" -> 1: leaf!(|t, sp| Some(*sp as u32 as u64));
        "intBitsToFloat" "(I)F" -> 1: leaf!(|t, sp| Some(*sp as u32 as u64));
    }
    "java/lang/Double" {
        "doubleToRawLongBits" "(D)J" -> 2: leaf!(|t, sp| Some(*sp.add(1)));
        "longBitsToDouble" "(J)D" -> 2: leaf!(|t, sp| Some(*sp.add(1)));
    }
    "java/lang/Integer" {
        "numberOfLeadingZeros" "(I)I" -> 1: leaf!(|t, sp| int((*sp as u32).leading_zeros() as i32));
        "numberOfTrailingZeros" "(I)I" -> 1: leaf!(|t, sp| int((*sp as u32).trailing_zeros() as i32));
        "bitCount" "(I)I" -> 1: leaf!(|t, sp| int((*sp as u32).count_ones() as i32));
        "reverseBytes" "(I)I" -> 1: leaf!(|t, sp| Some((*sp as u32).swap_bytes() as u64));
    }
    "java/lang/Long" {
        "numberOfLeadingZeros" "(J)I" -> 1: leaf!(|t, sp| int((*sp.add(1)).leading_zeros() as i32));
        "numberOfTrailingZeros" "(J)I" -> 1: leaf!(|t, sp| int((*sp.add(1)).trailing_zeros() as i32));
        "bitCount" "(J)I" -> 1: leaf!(|t, sp| int((*sp.add(1)).count_ones() as i32));
        "reverseBytes" "(J)J" -> 2: leaf!(|t, sp| Some((*sp.add(1)).swap_bytes()));
    }
    "java/lang/Character" {
        "reverseBytes" "(C)C" -> 1: leaf!(|t, sp| Some((*sp as u16).swap_bytes() as u64));
    }
    "java/lang/Short" {
        "reverseBytes" "(S)S" -> 1: leaf!(|t, sp| int((*sp as u16).swap_bytes() as i16 as i32));
    }
    "java/lang/Thread" {
        "currentThread" "()Ljava/lang/Thread;" -> 1: leaf!(|t, sp| Some((*t).current.raw() as u64));
        "currentCarrierThread" "()Ljava/lang/Thread;" -> 1: leaf!(|t, sp| Some((*t).carrier.raw() as u64));
    }
    "java/lang/Object" {
        "getClass" "()Ljava/lang/Class;" -> 1: leaf!(|t, sp| {
            let class = object::class_of((*t).base, ObjRef::from_raw(*sp as u32));
            let mirror = (&(*(*t).vm)).universe.class(class).mirror.load(Ordering::Relaxed);
            (mirror != 0).then_some(mirror as u64)
        });
        "hashCode" "()I" -> 1: leaf!(|t, sp| identity_hash(t, *sp));
    }
    "java/lang/System" {
        "identityHashCode" "(Ljava/lang/Object;)I" -> 1: leaf!(|t, sp| {
            if *sp as u32 == 0 { Some(0) } else { identity_hash(t, *sp) }
        });
        "arraycopy" "(Ljava/lang/Object;ILjava/lang/Object;II)V" -> 0: arrays::COPY;
    }
    "java/lang/StringLatin1" {
        "equals" "([B[B)Z" -> 1: arrays::EQUALS;
        "indexOfChar" "([BIII)I" -> 1: arrays::INDEX_OF;
    }
    "java/lang/StringCoding" {
        "countPositives" "([BII)I" -> 1: arrays::COUNT_POSITIVES;
    }
    "jdk/internal/util/ArraysSupport" {
        "vectorizedHashCode" "(Ljava/lang/Object;IIII)I" -> 1: arrays::HASH;
    }
    "java/lang/ProcessEnvironment" {
        "getenv" "(Ljava/lang/String;)Ljava/lang/String;" -> 1: leaf!(|t, sp| {
            let vm: &Isolate = &*(*t).vm;
            let name = crate::strings::units_at_most(vm, ObjRef::from_raw(*sp as u32), VARIABLE_MAX);
            (vm.natives.outside.looks_at_variable)(vm, Some(&String::from_utf16_lossy(&name)));
            None
        });
        "getenv" "()Ljava/util/Map;" -> 1: LOOKS_AT_ENVIRONMENT;
        "environment" "()Ljava/util/Map;" -> 1: LOOKS_AT_ENVIRONMENT;
    }
    "sun/launcher/LauncherHelper" {
        "addExportsOrOpens" "(Ljava/lang/String;Z)V" -> 0: UNLESS_TRUSTED;
    }
    "jdk/internal/module/Modules" {
        // For the launcher alone, when a manifest asks for it.
        "addEnableNativeAccessToAllUnnamed" "()V" -> 0: UNLESS_TRUSTED;
    }
    "jdk/internal/util/Preconditions" {
        "checkIndex" "(IILjava/util/function/BiFunction;)I" -> 1: leaf!(|t, sp| {
            let (index, length) = (i(*sp.add(2)), i(*sp.add(1)));
            if index >= 0 && index < length { int(index) } else { None }
        });
    }
    "jdk/internal/misc/Unsafe" {
        "getInt" "(Ljava/lang/Object;J)I" -> 1: GET_INT;
        "getIntVolatile" "(Ljava/lang/Object;J)I" -> 1: GET_INT;
        "getIntAcquire" "(Ljava/lang/Object;J)I" -> 1: GET_INT;
        "getIntOpaque" "(Ljava/lang/Object;J)I" -> 1: GET_INT;
        "getLong" "(Ljava/lang/Object;J)J" -> 2: GET_LONG;
        "getLongVolatile" "(Ljava/lang/Object;J)J" -> 2: GET_LONG;
        "getLongAcquire" "(Ljava/lang/Object;J)J" -> 2: GET_LONG;
        "getLongOpaque" "(Ljava/lang/Object;J)J" -> 2: GET_LONG;
        "getDouble" "(Ljava/lang/Object;J)D" -> 2: GET_LONG;
        "getFloat" "(Ljava/lang/Object;J)F" -> 1: GET_INT;
        "getReference" "(Ljava/lang/Object;J)Ljava/lang/Object;" -> 1: GET_REF;
        "getReferenceVolatile" "(Ljava/lang/Object;J)Ljava/lang/Object;" -> 1: GET_REF;
        "getReferenceAcquire" "(Ljava/lang/Object;J)Ljava/lang/Object;" -> 1: GET_REF;
        "getReferenceOpaque" "(Ljava/lang/Object;J)Ljava/lang/Object;" -> 1: GET_REF;
        "getBoolean" "(Ljava/lang/Object;J)Z" -> 1: get!(u8, |v| (v != 0) as u64);
        "getBooleanVolatile" "(Ljava/lang/Object;J)Z" -> 1: get!(u8, |v| (v != 0) as u64);
        "getByte" "(Ljava/lang/Object;J)B" -> 1: get!(i8, |v| v as i32 as u32 as u64);
        "getByteVolatile" "(Ljava/lang/Object;J)B" -> 1: get!(i8, |v| v as i32 as u32 as u64);
        "getShort" "(Ljava/lang/Object;J)S" -> 1: get!(i16, |v| v as i32 as u32 as u64);
        "getChar" "(Ljava/lang/Object;J)C" -> 1: get!(u16, |v| v as u64);
        "putInt" "(Ljava/lang/Object;JI)V" -> 0: put!(u32, 1, false);
        "putIntVolatile" "(Ljava/lang/Object;JI)V" -> 0: put!(u32, 1, true);
        "putIntRelease" "(Ljava/lang/Object;JI)V" -> 0: put!(u32, 1, false);
        "putIntOpaque" "(Ljava/lang/Object;JI)V" -> 0: put!(u32, 1, false);
        "putLong" "(Ljava/lang/Object;JJ)V" -> 0: put!(u64, 2, false);
        "putLongVolatile" "(Ljava/lang/Object;JJ)V" -> 0: put!(u64, 2, true);
        "putLongRelease" "(Ljava/lang/Object;JJ)V" -> 0: put!(u64, 2, false);
        "putLongOpaque" "(Ljava/lang/Object;JJ)V" -> 0: put!(u64, 2, false);
        "putDouble" "(Ljava/lang/Object;JD)V" -> 0: put!(u64, 2, false);
        "putFloat" "(Ljava/lang/Object;JF)V" -> 0: put!(u32, 1, false);
        "putByte" "(Ljava/lang/Object;JB)V" -> 0: put!(u8, 1, false);
        "putShort" "(Ljava/lang/Object;JS)V" -> 0: put!(u16, 1, false);
        "putChar" "(Ljava/lang/Object;JC)V" -> 0: put!(u16, 1, false);
        "putReference" "(Ljava/lang/Object;JLjava/lang/Object;)V" -> 0: put_ref!(false);
        "putReferenceVolatile" "(Ljava/lang/Object;JLjava/lang/Object;)V" -> 0: put_ref!(true);
        "putReferenceRelease" "(Ljava/lang/Object;JLjava/lang/Object;)V" -> 0: put_ref!(false);
        "putReferenceOpaque" "(Ljava/lang/Object;JLjava/lang/Object;)V" -> 0: put_ref!(false);
        "compareAndSetInt" "(Ljava/lang/Object;JII)Z" -> 1: cas32!(false);
        "weakCompareAndSetInt" "(Ljava/lang/Object;JII)Z" -> 1: cas32!(false);
        "compareAndSetReference" "(Ljava/lang/Object;JLjava/lang/Object;Ljava/lang/Object;)Z" -> 1: cas32!(true);
        "weakCompareAndSetReference" "(Ljava/lang/Object;JLjava/lang/Object;Ljava/lang/Object;)Z" -> 1: cas32!(true);
        "compareAndSetLong" "(Ljava/lang/Object;JJJ)Z" -> 1: CAS64;
        "weakCompareAndSetLong" "(Ljava/lang/Object;JJJ)Z" -> 1: CAS64;
        "fullFence" "()V" -> 0: leaf!(|t, sp| {
            fence(Ordering::SeqCst);
            Some(0)
        });
        "loadFence" "()V" -> 0: leaf!(|t, sp| {
            fence(Ordering::Acquire);
            Some(0)
        });
        "storeFence" "()V" -> 0: leaf!(|t, sp| {
            fence(Ordering::Release);
            Some(0)
        });
    }
}

/// # Safety
/// `object` is a live reference.
unsafe fn identity_hash(t: *mut Thread, object: u64) -> Option<u64> {
    // SAFETY: the caller's promise.
    let hash = unsafe { crate::monitor::identity_hash_of(&*t, ObjRef::from_raw(object as u32)) };
    int(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_take_the_slots_that_descriptors_say() {
        for row in ROWS {
            let slots = match row.descriptor.rsplit(')').next() {
                Some("V") => 0,
                Some("J" | "D") => 2,
                Some(_) | None => 1,
            };
            assert_eq!(row.result, slots, "{}.{}{}", row.class, row.name, row.descriptor);
        }
    }

    #[test]
    fn rows_are_distinct() {
        for (n, a) in ROWS.iter().enumerate() {
            for b in &ROWS[n + 1..] {
                assert!(
                    (a.class, a.name, a.descriptor) != (b.class, b.name, b.descriptor),
                    "{}.{}",
                    a.class,
                    a.name
                );
            }
        }
    }
}

//! The interpreter's loop: executes quick code until a dispatcher's exit or an exception that nobody in it catches.
//!
//! pc, stack pointer, locals and frame pointer live in Rust locals; everything that is not common is a call into
//! `slow`, with the state saved in `thread.top` before and read back after. The loop never recurses: calls push frames,
//! returns pop them.
//!
//! Invariants that the unsafe code below leans on, and who guarantees them:
//! * FRAME: pc, sp, lp and fp describe the youngest frame of this thread's Java stack, laid out as in `thread::frames`;
//!   every frame was pushed after a check that its locals, header and operand stack fit (`enter!`).
//! * CODE: quick code comes from `translate` and `fuse` and ends in an instruction that does not fall through; the
//!   verified bytecode behind it uses at most max_stack operand slots and max_locals locals, with types as its opcodes say.
//! * HEAP: a 32-bit reference is null or names a live object; null is tested before it is used.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use carafe_classloader::class::{Class, Method, Pool};
use carafe_gc::cage::META_RESERVE;
use carafe_gc::metaspace::{CLASS_RECORD_BYTES, MAX_CLASSES};
use carafe_gc::object::{self, ObjRef};

use super::intrinsics;
use super::quick::{Quick, a_of, b_high, b_low, b_of, op_of, sb_of, slot_of};
use super::slow::{self, Flow};
use super::watch::{self, Registers};
use crate::compiled;
use crate::continuation;
use crate::env::Throw;
use crate::exceptions::unwind::{self, Unwound};
use crate::linkage::methods::POLYMORPHIC;
use crate::thread::frames::{CALLER_FP, CALLER_LP, HEADER_WORDS, METHOD, RETURN_PC};
use crate::thread::{Thread, Top};

/// Runs from `thread.top` until the dispatcher's exit. On success the result lies on the entry frame's operand stack.
/// `WATCHED`: the thread has a watch, which is told of every instruction.
///
/// # Safety
/// `thread` is the calling thread's own, RUNNING, and `thread.top` names a frame, an operand stack and an instruction that fit
/// together (FRAME); the youngest entry frame below is the one this call belongs to.
#[allow(
    clippy::cognitive_complexity,
    reason = "one match over all instructions is what an interpreter loop is"
)]
pub unsafe fn run<const WATCHED: bool>(thread: *mut Thread) -> Result<(), Throw> {
    // SAFETY: for the whole body: the three invariants of the module's head, given the caller's promise; raw pointers to
    // the thread are used by this thread alone, except where `slow` functions get it, which return before we go on.
    unsafe {
        let t = thread;
        let base: *mut u8 = (*t).base;
        let meta_base: *mut u8 = base.sub(META_RESERVE as usize);
        let poll_word: *const AtomicU32 = (*t).poll_word();
        let entry_limit: *const AtomicUsize = (*t).entry_limit();
        let mut pc: *const u64 = (*t).top.pc;
        let mut sp: *mut u64 = (*t).top.sp;
        let mut fp: *mut u64 = (*t).top.fp;
        let mut lp: *mut u64 = locals_of(meta_base, fp);

        macro_rules! save {
            () => {
                (*t).top = Top { fp, sp, pc }
            };
        }
        macro_rules! reload {
            () => {
                pc = (*t).top.pc;
                sp = (*t).top.sp;
                fp = (*t).top.fp;
                lp = locals_of(meta_base, fp);
            };
        }
        macro_rules! unwind {
            () => {
                match unwind::unwind(t) {
                    Unwound::Handler => {
                        if WATCHED {
                            watch::caught(t);
                        }
                        reload!();
                        continue;
                    }
                    Unwound::Exit => return Err(Throw),
                }
            };
        }
        // Calls a slow path with the state saved. It may push frames, move the pc, or leave it to execute again.
        macro_rules! slow {
            ($call:expr) => {{
                save!();
                match $call {
                    Flow::Next => {
                        reload!();
                        continue;
                    }
                    Flow::Throw => unwind!(),
                }
            }};
        }
        // A slow path that fails for certain, reported at the word `$skip` after the current one.
        macro_rules! fail {
            ($call:expr) => {{
                save!();
                $call;
                unwind!();
            }};
            ($skip:expr, $call:expr) => {{
                pc = pc.add($skip);
                fail!($call);
            }};
        }
        macro_rules! next {
            ($n:expr) => {{
                pc = pc.add($n);
                continue;
            }};
        }
        macro_rules! push {
            ($v:expr) => {{
                let v: u64 = $v;
                sp = sp.sub(1);
                *sp = v;
            }};
        }
        macro_rules! pushi {
            ($v:expr) => {{
                let v: i32 = $v;
                push!(v as u32 as u64);
            }};
        }
        macro_rules! push2 {
            ($v:expr) => {{
                let v: u64 = $v;
                sp = sp.sub(2);
                *sp.add(1) = v;
            }};
        }
        macro_rules! pop {
            () => {{
                let v = *sp;
                sp = sp.add(1);
                v
            }};
        }
        macro_rules! popi {
            () => {
                pop!() as u32 as i32
            };
        }
        macro_rules! pop2 {
            () => {{
                let v = *sp.add(1);
                sp = sp.add(2);
                v
            }};
        }
        macro_rules! local {
            ($slot:expr) => {
                *lp.offset($slot)
            };
        }
        macro_rules! locali {
            ($slot:expr) => {
                *lp.offset($slot) as u32 as i32
            };
        }
        // Replaces the int on top by a function of it and another value.
        macro_rules! ibin {
            (|$x:ident, $y:ident| $e:expr) => {{
                let $y = popi!();
                let $x = *sp as u32 as i32;
                let r: i32 = $e;
                *sp = r as u32 as u64;
                next!(1)
            }};
        }
        macro_rules! lbin {
            (|$x:ident, $y:ident| $e:expr) => {{
                let $y = pop2!() as i64;
                let $x = *sp.add(1) as i64;
                let r: i64 = $e;
                *sp.add(1) = r as u64;
                next!(1)
            }};
        }
        macro_rules! fbin {
            (|$x:ident, $y:ident| $e:expr) => {{
                let $y = f32::from_bits(pop!() as u32);
                let $x = f32::from_bits(*sp as u32);
                let r: f32 = $e;
                *sp = r.to_bits() as u64;
                next!(1)
            }};
        }
        macro_rules! dbin {
            (|$x:ident, $y:ident| $e:expr) => {{
                let $y = f64::from_bits(pop2!());
                let $x = f64::from_bits(*sp.add(1));
                let r: f64 = $e;
                *sp.add(1) = r.to_bits();
                next!(1)
            }};
        }
        macro_rules! go {
            ($offset:expr) => {{
                pc = pc.offset($offset as isize);
                continue;
            }};
        }
        macro_rules! poll {
            () => {
                if (*poll_word).load(Ordering::Relaxed) != 0 {
                    slow!(slow::poll(t))
                }
            };
        }
        macro_rules! if1 {
            ($w:ident, |$x:ident| $c:expr) => {{
                let $x = popi!();
                if $c { go!(sb_of($w)) } else { next!(1) }
            }};
        }
        macro_rules! if1_back {
            ($w:ident, |$x:ident| $c:expr) => {{
                let $x = *sp as u32 as i32;
                if $c {
                    back!();
                    sp = sp.add(1);
                    go!(sb_of($w))
                } else {
                    sp = sp.add(1);
                    next!(1)
                }
            }};
        }
        macro_rules! if2 {
            ($w:ident, |$x:ident, $y:ident| $c:expr) => {{
                let $y = popi!();
                let $x = popi!();
                if $c { go!(sb_of($w)) } else { next!(1) }
            }};
        }
        macro_rules! if2_back {
            ($w:ident, |$x:ident, $y:ident| $c:expr) => {{
                let $y = *sp as u32 as i32;
                let $x = *sp.add(1) as u32 as i32;
                if $c {
                    back!();
                    sp = sp.add(2);
                    go!(sb_of($w))
                } else {
                    sp = sp.add(2);
                    next!(1)
                }
            }};
        }
        // A loop's back edge: poll (with the operands still in place, so that the branch can be executed again) and count.
        macro_rules! back {
            () => {
                poll!();
                let loops = &(*method_at!(*fp.add(METHOD) as u32)).loops;
                loops.store(loops.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
            };
        }
        macro_rules! lif2 {
            ($w:ident, $skip:expr, $x:expr, $y:expr, $off:expr, |$a:ident, $b:ident| $c:expr) => {{
                let $a: i32 = $x;
                let $b: i32 = $y;
                if $c { go!($off as isize + $skip) } else { next!($skip as usize + 1) }
            }};
        }
        macro_rules! method_at {
            ($raw:expr) => {
                meta_base.add($raw as usize).cast::<Method>()
            };
        }
        macro_rules! class_at {
            ($id:expr) => {
                meta_base
                    .add(($id & (MAX_CLASSES - 1)) as usize * CLASS_RECORD_BYTES as usize)
                    .cast::<Class>()
            };
        }
        // Address of a byte in an object.
        macro_rules! at {
            ($obj:expr, $off:expr) => {
                base.add(($obj as usize) * 8 + $off as usize)
            };
        }
        macro_rules! class_word {
            ($obj:expr) => {
                *at!($obj, object::CLASS_OFFSET).cast::<u32>()
            };
        }
        // Enters a method whose arguments are on the operand stack; the caller goes on at `$ret`. `$added` is how many
        // operands the instruction has pushed itself (or, negative, popped), for when it has to be executed again.
        macro_rules! enter {
            ($method:expr, $ret:expr) => {
                enter!($method, $ret, 0)
            };
            ($method:expr, $ret:expr, $added:expr) => {{
                let m: *const Method = $method;
                let quick = (*m).quick.load(Ordering::Acquire);
                if quick == 0 {
                    slow!(slow::prepare(t, m))
                }
                let args = (*m).arg_slots as usize;
                let nfp = sp.add(args).sub((*m).max_locals as usize + HEADER_WORDS);
                let end = nfp.sub((*m).max_stack as usize + 2);
                if (end as usize) < (*entry_limit).load(Ordering::Relaxed) {
                    sp = sp.offset($added);
                    slow!(slow::stopped_at_entry(t, end))
                }
                let calls = &(*m).calls;
                calls.store(calls.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
                *nfp.add(CALLER_FP) = fp as u64;
                *nfp.add(RETURN_PC) = $ret as u64;
                *nfp.add(METHOD) = (m as usize - meta_base as usize) as u64;
                *nfp.add(CALLER_LP) = lp as u64;
                lp = sp.add(args).sub(1);
                fp = nfp;
                sp = nfp;
                pc = meta_base.add(quick as usize).cast();
                continue;
            }};
        }
        // Leaves the frame; its locals and arguments are popped, and `sp` is the caller's.
        macro_rules! leave {
            () => {
                sp = lp.add(1);
                pc = *fp.add(RETURN_PC) as *const u64;
                lp = *fp.add(CALLER_LP) as *mut u64;
                fp = *fp.add(CALLER_FP) as *mut u64;
            };
        }
        macro_rules! get {
            ($skip:expr, $obj:expr, $off:expr, $t:ty, $conv:expr) => {{
                let o = $obj;
                if o == 0 {
                    fail!($skip, slow::null_pointer(t))
                }
                let v = *at!(o, $off).cast::<$t>();
                let bits: u64 = ($conv)(v);
                bits
            }};
        }
        macro_rules! put {
            ($w:ident, $t:ty, $slots:literal, $fence:literal) => {{
                let v = *sp.add($slots - 1);
                let o = *sp.add($slots) as u32;
                if o == 0 {
                    fail!(slow::null_pointer(t))
                }
                store::<$t>(at!(o, b_of($w)), v, $fence);
                sp = sp.add($slots + 1);
                next!(1)
            }};
        }
        macro_rules! static_at {
            () => {{
                let data = *pc.add(1);
                let mirror = (*class_at!(data as u32)).mirror.load(Ordering::Relaxed);
                at!(mirror, (data >> 32))
            }};
        }
        macro_rules! sput {
            ($t:ty, $slots:literal, $fence:literal) => {{
                let v = *sp.add($slots - 1);
                store::<$t>(static_at!(), v, $fence);
                sp = sp.add($slots);
                next!(2)
            }};
        }
        // Checks array and index; gives the address of the element.
        macro_rules! element {
            ($skip:expr, $arr:expr, $index:expr, $shift:literal, $data:expr) => {{
                let arr: u32 = $arr;
                let index: u32 = $index;
                if arr == 0 {
                    fail!($skip, slow::null_pointer(t))
                }
                let length = *at!(arr, object::ARRAY_LENGTH_OFFSET).cast::<u32>();
                if index >= length {
                    fail!($skip, slow::array_index(t, index as i32, length))
                }
                at!(arr, $data + ((index as usize) << $shift))
            }};
        }
        macro_rules! aload {
            ($t:ty, $shift:literal, $data:expr, $conv:expr) => {{
                let el = element!(0, *sp.add(1) as u32, *sp as u32, $shift, $data);
                sp = sp.add(1);
                let v = *el.cast::<$t>();
                let bits: u64 = ($conv)(v);
                *sp = bits;
                next!(1)
            }};
        }
        macro_rules! lla {
            ($w:ident, $t:ty, $shift:literal, $conv:expr) => {{
                let el = element!(
                    2,
                    local!(slot_of($w)) as u32,
                    local!(b_low($w) as isize) as u32,
                    $shift,
                    NARROW
                );
                let v = *el.cast::<$t>();
                push!(($conv)(v));
                next!(3)
            }};
        }

        loop {
            let w = (*pc.cast::<std::sync::atomic::AtomicU64>()).load(Ordering::Acquire);
            debug_assert!(op_of(w) < super::quick::COUNT);
            if WATCHED && watch::step(t, Registers { word: w, pc, sp, fp, lp }) {
                save!();
                return Ok(());
            }
            // SAFETY: CODE: words were made by `encode` from a Quick.
            let op: Quick = std::mem::transmute::<u16, Quick>(op_of(w));
            match op {
                Quick::Nop => next!(1),
                Quick::Const => {
                    push!(w >> 32);
                    next!(1)
                }
                Quick::ConstLong => {
                    push2!(sb_of(w) as i64 as u64);
                    next!(1)
                }
                Quick::ConstWide => {
                    push2!(*pc.add(1));
                    next!(2)
                }
                Quick::LdcRef => {
                    let m = method_at!(*fp.add(METHOD) as u32);
                    let array = (*class_at!((*m).class.raw())).resolved.load(Ordering::Relaxed);
                    push!(*at!(array, NARROW + 4 * b_of(w) as usize).cast::<u32>() as u64);
                    next!(1)
                }
                Quick::LdcClass => {
                    push!((*class_at!(b_of(w))).mirror.load(Ordering::Relaxed) as u64);
                    next!(1)
                }
                Quick::LdcUnresolved => slow!(slow::ldc(t, w)),
                Quick::LdcDynamic => slow!(slow::ldc_dynamic(t, w)),
                Quick::Load => {
                    push!(local!(slot_of(w)));
                    next!(1)
                }
                Quick::Load2 => {
                    push2!(local!(slot_of(w)));
                    next!(1)
                }
                Quick::Store => {
                    local!(slot_of(w)) = pop!();
                    next!(1)
                }
                Quick::Store2 => {
                    local!(slot_of(w)) = pop2!();
                    next!(1)
                }
                Quick::LoadFar => {
                    push!(local!(sb_of(w) as isize));
                    next!(1)
                }
                Quick::Load2Far => {
                    push2!(local!(sb_of(w) as isize));
                    next!(1)
                }
                Quick::StoreFar => {
                    local!(sb_of(w) as isize) = pop!();
                    next!(1)
                }
                Quick::Store2Far => {
                    local!(sb_of(w) as isize) = pop2!();
                    next!(1)
                }
                Quick::ALoadInt => aload!(u32, 2, NARROW, |v: u32| v as u64),
                Quick::ALoadRef => aload!(u32, 2, NARROW, |v: u32| v as u64),
                Quick::ALoadByte => aload!(i8, 0, NARROW, |v: i8| v as i32 as u32 as u64),
                Quick::ALoadChar => aload!(u16, 1, NARROW, |v: u16| v as u64),
                Quick::ALoadShort => aload!(i16, 1, NARROW, |v: i16| v as i32 as u32 as u64),
                Quick::ALoadLong => {
                    let el = element!(0, *sp.add(1) as u32, *sp as u32, 3, WIDE);
                    *sp.add(1) = *el.cast::<u64>();
                    next!(1)
                }
                Quick::AStoreInt => {
                    let el = element!(0, *sp.add(2) as u32, *sp.add(1) as u32, 2, NARROW);
                    *el.cast::<u32>() = *sp as u32;
                    sp = sp.add(3);
                    next!(1)
                }
                Quick::AStoreRef => {
                    let arr = *sp.add(2) as u32;
                    let index = *sp.add(1) as u32;
                    let el = element!(0, arr, index, 2, NARROW);
                    let value = *sp as u32;
                    if value != 0 {
                        let component = (*class_at!(class_word!(arr))).component;
                        let actual = class_word!(value);
                        if actual != component.raw()
                            && !fast_subtype(class_at!(actual), class_at!(component.raw()))
                        {
                            save!();
                            if !slow::array_store_fits(t, ObjRef::from_raw(arr), ObjRef::from_raw(value)) {
                                unwind!();
                            }
                        }
                    }
                    *el.cast::<u32>() = value;
                    object::ref_barrier(base, ObjRef::from_raw(arr), NARROW + 4 * index as usize);
                    sp = sp.add(3);
                    next!(1)
                }
                Quick::AStoreByte => {
                    let arr = *sp.add(2) as u32;
                    let el = element!(0, arr, *sp.add(1) as u32, 0, NARROW);
                    let mut value = *sp as u8;
                    if class_word!(arr) == (*t).boolean_array {
                        value &= 1;
                    }
                    *el = value;
                    sp = sp.add(3);
                    next!(1)
                }
                Quick::AStoreShort => {
                    let el = element!(0, *sp.add(2) as u32, *sp.add(1) as u32, 1, NARROW);
                    *el.cast::<u16>() = *sp as u16;
                    sp = sp.add(3);
                    next!(1)
                }
                Quick::AStoreLong => {
                    let el = element!(0, *sp.add(3) as u32, *sp.add(2) as u32, 3, WIDE);
                    *el.cast::<u64>() = *sp.add(1);
                    sp = sp.add(4);
                    next!(1)
                }
                Quick::Pop => {
                    sp = sp.add(1);
                    next!(1)
                }
                Quick::Pop2 => {
                    sp = sp.add(2);
                    next!(1)
                }
                Quick::Dup => {
                    push!(*sp);
                    next!(1)
                }
                Quick::DupX1 => {
                    let (a, b) = (*sp, *sp.add(1));
                    *sp.add(1) = a;
                    *sp = b;
                    push!(a);
                    next!(1)
                }
                Quick::DupX2 => {
                    let (a, b, c) = (*sp, *sp.add(1), *sp.add(2));
                    *sp.add(2) = a;
                    *sp.add(1) = c;
                    *sp = b;
                    push!(a);
                    next!(1)
                }
                Quick::Dup2 => {
                    let (a, b) = (*sp, *sp.add(1));
                    push!(b);
                    push!(a);
                    next!(1)
                }
                Quick::Dup2X1 => {
                    let (a, b, c) = (*sp, *sp.add(1), *sp.add(2));
                    *sp.add(2) = b;
                    *sp.add(1) = a;
                    *sp = c;
                    push!(b);
                    push!(a);
                    next!(1)
                }
                Quick::Dup2X2 => {
                    let (a, b, c, d) = (*sp, *sp.add(1), *sp.add(2), *sp.add(3));
                    *sp.add(3) = b;
                    *sp.add(2) = a;
                    *sp.add(1) = d;
                    *sp = c;
                    push!(b);
                    push!(a);
                    next!(1)
                }
                Quick::Swap => {
                    let (a, b) = (*sp, *sp.add(1));
                    *sp = b;
                    *sp.add(1) = a;
                    next!(1)
                }
                Quick::IAdd => ibin!(|x, y| x.wrapping_add(y)),
                Quick::ISub => ibin!(|x, y| x.wrapping_sub(y)),
                Quick::IMul => ibin!(|x, y| x.wrapping_mul(y)),
                Quick::IDiv => {
                    if *sp as u32 == 0 {
                        fail!(slow::divide_by_zero(t))
                    }
                    ibin!(|x, y| x.wrapping_div(y))
                }
                Quick::IRem => {
                    if *sp as u32 == 0 {
                        fail!(slow::divide_by_zero(t))
                    }
                    ibin!(|x, y| x.wrapping_rem(y))
                }
                Quick::INeg => {
                    *sp = (*sp as u32 as i32).wrapping_neg() as u32 as u64;
                    next!(1)
                }
                Quick::IShl => ibin!(|x, y| x.wrapping_shl(y as u32)),
                Quick::IShr => ibin!(|x, y| x.wrapping_shr(y as u32)),
                Quick::IUshr => ibin!(|x, y| (x as u32).wrapping_shr(y as u32) as i32),
                Quick::IAnd => ibin!(|x, y| x & y),
                Quick::IOr => ibin!(|x, y| x | y),
                Quick::IXor => ibin!(|x, y| x ^ y),
                Quick::LAdd => lbin!(|x, y| x.wrapping_add(y)),
                Quick::LSub => lbin!(|x, y| x.wrapping_sub(y)),
                Quick::LMul => lbin!(|x, y| x.wrapping_mul(y)),
                Quick::LDiv => {
                    if *sp.add(1) == 0 {
                        fail!(slow::divide_by_zero(t))
                    }
                    lbin!(|x, y| x.wrapping_div(y))
                }
                Quick::LRem => {
                    if *sp.add(1) == 0 {
                        fail!(slow::divide_by_zero(t))
                    }
                    lbin!(|x, y| x.wrapping_rem(y))
                }
                Quick::LNeg => {
                    *sp.add(1) = (*sp.add(1) as i64).wrapping_neg() as u64;
                    next!(1)
                }
                Quick::LShl => {
                    let n = pop!() as u32;
                    *sp.add(1) = (*sp.add(1)).wrapping_shl(n);
                    next!(1)
                }
                Quick::LShr => {
                    let n = pop!() as u32;
                    *sp.add(1) = (*sp.add(1) as i64).wrapping_shr(n) as u64;
                    next!(1)
                }
                Quick::LUshr => {
                    let n = pop!() as u32;
                    *sp.add(1) = (*sp.add(1)).wrapping_shr(n);
                    next!(1)
                }
                Quick::LAnd => lbin!(|x, y| x & y),
                Quick::LOr => lbin!(|x, y| x | y),
                Quick::LXor => lbin!(|x, y| x ^ y),
                Quick::FAdd => fbin!(|x, y| x + y),
                Quick::FSub => fbin!(|x, y| x - y),
                Quick::FMul => fbin!(|x, y| x * y),
                Quick::FDiv => fbin!(|x, y| x / y),
                Quick::FRem => fbin!(|x, y| x % y),
                Quick::FNeg => {
                    *sp ^= 0x8000_0000;
                    next!(1)
                }
                Quick::DAdd => dbin!(|x, y| x + y),
                Quick::DSub => dbin!(|x, y| x - y),
                Quick::DMul => dbin!(|x, y| x * y),
                Quick::DDiv => dbin!(|x, y| x / y),
                Quick::DRem => dbin!(|x, y| x % y),
                Quick::DNeg => {
                    *sp.add(1) ^= 1 << 63;
                    next!(1)
                }
                Quick::IInc => {
                    let slot = slot_of(w);
                    local!(slot) = (local!(slot) as u32).wrapping_add(b_of(w)) as u64;
                    next!(1)
                }
                Quick::IIncFar => {
                    let slot = sb_of(w) as isize;
                    local!(slot) = (local!(slot) as u32).wrapping_add(*pc.add(1) as u32) as u64;
                    next!(2)
                }
                Quick::I2L => {
                    let v = popi!();
                    push2!(v as i64 as u64);
                    next!(1)
                }
                Quick::I2F => {
                    *sp = (*sp as u32 as i32 as f32).to_bits() as u64;
                    next!(1)
                }
                Quick::I2D => {
                    let v = popi!();
                    push2!((v as f64).to_bits());
                    next!(1)
                }
                Quick::L2I => {
                    let v = pop2!();
                    push!(v as u32 as u64);
                    next!(1)
                }
                Quick::L2F => {
                    let v = pop2!() as i64;
                    push!((v as f32).to_bits() as u64);
                    next!(1)
                }
                Quick::L2D => {
                    *sp.add(1) = (*sp.add(1) as i64 as f64).to_bits();
                    next!(1)
                }
                Quick::F2I => {
                    *sp = f32::from_bits(*sp as u32) as i32 as u32 as u64;
                    next!(1)
                }
                Quick::F2L => {
                    let v = f32::from_bits(pop!() as u32);
                    push2!(v as i64 as u64);
                    next!(1)
                }
                Quick::F2D => {
                    let v = f32::from_bits(pop!() as u32);
                    push2!((v as f64).to_bits());
                    next!(1)
                }
                Quick::D2I => {
                    let v = f64::from_bits(pop2!());
                    pushi!(v as i32);
                    next!(1)
                }
                Quick::D2L => {
                    *sp.add(1) = f64::from_bits(*sp.add(1)) as i64 as u64;
                    next!(1)
                }
                Quick::D2F => {
                    let v = f64::from_bits(pop2!());
                    push!((v as f32).to_bits() as u64);
                    next!(1)
                }
                Quick::I2B => {
                    *sp = *sp as i8 as i32 as u32 as u64;
                    next!(1)
                }
                Quick::I2C => {
                    *sp = *sp as u16 as u64;
                    next!(1)
                }
                Quick::I2S => {
                    *sp = *sp as i16 as i32 as u32 as u64;
                    next!(1)
                }
                Quick::LCmp => {
                    let y = pop2!() as i64;
                    let x = pop2!() as i64;
                    pushi!(x.cmp(&y) as i32);
                    next!(1)
                }
                Quick::FCmpL | Quick::FCmpG => {
                    let y = f32::from_bits(pop!() as u32);
                    let x = f32::from_bits(pop!() as u32);
                    pushi!(x.partial_cmp(&y).map_or(if op == Quick::FCmpL { -1 } else { 1 }, |o| o as i32));
                    next!(1)
                }
                Quick::DCmpL | Quick::DCmpG => {
                    let y = f64::from_bits(pop2!());
                    let x = f64::from_bits(pop2!());
                    pushi!(x.partial_cmp(&y).map_or(if op == Quick::DCmpL { -1 } else { 1 }, |o| o as i32));
                    next!(1)
                }
                Quick::IfEq => if1!(w, |x| x == 0),
                Quick::IfEqBack => if1_back!(w, |x| x == 0),
                Quick::IfICmpEq => if2!(w, |x, y| x == y),
                Quick::IfICmpEqBack => if2_back!(w, |x, y| x == y),
                Quick::LLIfEq => {
                    lif2!(w, 2, locali!(slot_of(w)), locali!(b_low(w) as isize), b_high(w), |x, y| x == y)
                }
                Quick::LCIfEq => lif2!(w, 2, locali!(slot_of(w)), b_low(w) as i32, b_high(w), |x, y| x == y),
                Quick::TLIfEq => {
                    let top = popi!();
                    lif2!(w, 1, top, locali!(slot_of(w)), sb_of(w), |x, y| x == y)
                }
                Quick::TCIfEq => {
                    let top = popi!();
                    lif2!(w, 1, top, a_of(w) as i16 as i32, sb_of(w), |x, y| x == y)
                }
                Quick::LIfEq => lif2!(w, 1, locali!(slot_of(w)), 0, sb_of(w), |x, y| x == y),
                Quick::IfNe => if1!(w, |x| x != 0),
                Quick::IfNeBack => if1_back!(w, |x| x != 0),
                Quick::IfICmpNe => if2!(w, |x, y| x != y),
                Quick::IfICmpNeBack => if2_back!(w, |x, y| x != y),
                Quick::LLIfNe => {
                    lif2!(w, 2, locali!(slot_of(w)), locali!(b_low(w) as isize), b_high(w), |x, y| x != y)
                }
                Quick::LCIfNe => lif2!(w, 2, locali!(slot_of(w)), b_low(w) as i32, b_high(w), |x, y| x != y),
                Quick::TLIfNe => {
                    let top = popi!();
                    lif2!(w, 1, top, locali!(slot_of(w)), sb_of(w), |x, y| x != y)
                }
                Quick::TCIfNe => {
                    let top = popi!();
                    lif2!(w, 1, top, a_of(w) as i16 as i32, sb_of(w), |x, y| x != y)
                }
                Quick::LIfNe => lif2!(w, 1, locali!(slot_of(w)), 0, sb_of(w), |x, y| x != y),
                Quick::IfLt => if1!(w, |x| x < 0),
                Quick::IfLtBack => if1_back!(w, |x| x < 0),
                Quick::IfICmpLt => if2!(w, |x, y| x < y),
                Quick::IfICmpLtBack => if2_back!(w, |x, y| x < y),
                Quick::LLIfLt => {
                    lif2!(w, 2, locali!(slot_of(w)), locali!(b_low(w) as isize), b_high(w), |x, y| x < y)
                }
                Quick::LCIfLt => lif2!(w, 2, locali!(slot_of(w)), b_low(w) as i32, b_high(w), |x, y| x < y),
                Quick::TLIfLt => {
                    let top = popi!();
                    lif2!(w, 1, top, locali!(slot_of(w)), sb_of(w), |x, y| x < y)
                }
                Quick::TCIfLt => {
                    let top = popi!();
                    lif2!(w, 1, top, a_of(w) as i16 as i32, sb_of(w), |x, y| x < y)
                }
                Quick::LIfLt => lif2!(w, 1, locali!(slot_of(w)), 0, sb_of(w), |x, y| x < y),
                Quick::IfGe => if1!(w, |x| x >= 0),
                Quick::IfGeBack => if1_back!(w, |x| x >= 0),
                Quick::IfICmpGe => if2!(w, |x, y| x >= y),
                Quick::IfICmpGeBack => if2_back!(w, |x, y| x >= y),
                Quick::LLIfGe => {
                    lif2!(w, 2, locali!(slot_of(w)), locali!(b_low(w) as isize), b_high(w), |x, y| x >= y)
                }
                Quick::LCIfGe => lif2!(w, 2, locali!(slot_of(w)), b_low(w) as i32, b_high(w), |x, y| x >= y),
                Quick::TLIfGe => {
                    let top = popi!();
                    lif2!(w, 1, top, locali!(slot_of(w)), sb_of(w), |x, y| x >= y)
                }
                Quick::TCIfGe => {
                    let top = popi!();
                    lif2!(w, 1, top, a_of(w) as i16 as i32, sb_of(w), |x, y| x >= y)
                }
                Quick::LIfGe => lif2!(w, 1, locali!(slot_of(w)), 0, sb_of(w), |x, y| x >= y),
                Quick::IfGt => if1!(w, |x| x > 0),
                Quick::IfGtBack => if1_back!(w, |x| x > 0),
                Quick::IfICmpGt => if2!(w, |x, y| x > y),
                Quick::IfICmpGtBack => if2_back!(w, |x, y| x > y),
                Quick::LLIfGt => {
                    lif2!(w, 2, locali!(slot_of(w)), locali!(b_low(w) as isize), b_high(w), |x, y| x > y)
                }
                Quick::LCIfGt => lif2!(w, 2, locali!(slot_of(w)), b_low(w) as i32, b_high(w), |x, y| x > y),
                Quick::TLIfGt => {
                    let top = popi!();
                    lif2!(w, 1, top, locali!(slot_of(w)), sb_of(w), |x, y| x > y)
                }
                Quick::TCIfGt => {
                    let top = popi!();
                    lif2!(w, 1, top, a_of(w) as i16 as i32, sb_of(w), |x, y| x > y)
                }
                Quick::LIfGt => lif2!(w, 1, locali!(slot_of(w)), 0, sb_of(w), |x, y| x > y),
                Quick::IfLe => if1!(w, |x| x <= 0),
                Quick::IfLeBack => if1_back!(w, |x| x <= 0),
                Quick::IfICmpLe => if2!(w, |x, y| x <= y),
                Quick::IfICmpLeBack => if2_back!(w, |x, y| x <= y),
                Quick::LLIfLe => {
                    lif2!(w, 2, locali!(slot_of(w)), locali!(b_low(w) as isize), b_high(w), |x, y| x <= y)
                }
                Quick::LCIfLe => lif2!(w, 2, locali!(slot_of(w)), b_low(w) as i32, b_high(w), |x, y| x <= y),
                Quick::TLIfLe => {
                    let top = popi!();
                    lif2!(w, 1, top, locali!(slot_of(w)), sb_of(w), |x, y| x <= y)
                }
                Quick::TCIfLe => {
                    let top = popi!();
                    lif2!(w, 1, top, a_of(w) as i16 as i32, sb_of(w), |x, y| x <= y)
                }
                Quick::LIfLe => lif2!(w, 1, locali!(slot_of(w)), 0, sb_of(w), |x, y| x <= y),
                Quick::Goto => go!(sb_of(w)),
                Quick::GotoBack => {
                    back!();
                    go!(sb_of(w))
                }
                Quick::Jsr => {
                    push!(slow::return_address(*pc.add(1)));
                    if sb_of(w) <= 0 && (*poll_word).load(Ordering::Relaxed) != 0 {
                        sp = sp.add(1);
                        slow!(slow::poll(t))
                    }
                    go!(sb_of(w))
                }
                Quick::Ret => slow!(slow::ret(t, local!(sb_of(w) as isize))),
                Quick::TableSwitch => {
                    let value = popi!();
                    let bounds = *pc.add(1);
                    let (low, high) = (bounds as u32 as i32, (bounds >> 32) as u32 as i32);
                    let entry = if value < low || value > high {
                        2
                    } else {
                        3 + (value as i64 - low as i64) as usize
                    };
                    let offset = *pc.add(entry) as u32 as i32;
                    if offset <= 0 && (*poll_word).load(Ordering::Relaxed) != 0 {
                        sp = sp.sub(1);
                        slow!(slow::poll(t))
                    }
                    go!(offset)
                }
                Quick::LookupSwitch => {
                    let value = popi!();
                    let (mut low, mut high) = (0usize, b_of(w) as usize);
                    let mut offset = *pc.add(1) as u32 as i32;
                    while low < high {
                        let middle = (low + high) / 2;
                        let entry = *pc.add(2 + middle);
                        let key = entry as u32 as i32;
                        if key == value {
                            offset = (entry >> 32) as u32 as i32;
                            break;
                        }
                        if key < value {
                            low = middle + 1;
                        } else {
                            high = middle;
                        }
                    }
                    if offset <= 0 && (*poll_word).load(Ordering::Relaxed) != 0 {
                        sp = sp.sub(1);
                        slow!(slow::poll(t))
                    }
                    go!(offset)
                }
                Quick::Return => {
                    leave!();
                }
                Quick::Return1 => {
                    let v = *sp;
                    leave!();
                    push!(v);
                }
                Quick::Return2 => {
                    let v = *sp.add(1);
                    leave!();
                    push2!(v);
                }
                Quick::ReturnSync => {
                    save!();
                    if !slow::unlock_frame(t) {
                        unwind!();
                    }
                    let slots = a_of(w);
                    let v = if slots == 2 { *sp.add(1) } else { *sp };
                    leave!();
                    match slots {
                        0 => {}
                        1 => push!(v),
                        _ => push2!(v),
                    }
                }
                Quick::EnterSync => slow!(slow::lock_frame(t)),
                Quick::ReturnRegister => {
                    let this = *lp as u32;
                    if (*class_at!(class_word!(this)))
                        .flags
                        .contains(carafe_classloader::class::ClassFlags::FINALIZABLE)
                    {
                        slow!(slow::register_finalizer(t))
                    }
                    leave!();
                }
                Quick::GetI8 => {
                    let v = get!(0, *sp as u32, b_of(w), i8, |v: i8| v as i32 as u32 as u64);
                    *sp = v;
                    next!(1)
                }
                Quick::SGetI8 => {
                    let v = *static_at!().cast::<i8>();
                    push!(v as i32 as u32 as u64);
                    next!(2)
                }
                Quick::GetU8 => {
                    let v = get!(0, *sp as u32, b_of(w), u8, |v: u8| v as u64);
                    *sp = v;
                    next!(1)
                }
                Quick::SGetU8 => {
                    let v = *static_at!().cast::<u8>();
                    push!(v as u64);
                    next!(2)
                }
                Quick::GetI16 => {
                    let v = get!(0, *sp as u32, b_of(w), i16, |v: i16| v as i32 as u32 as u64);
                    *sp = v;
                    next!(1)
                }
                Quick::SGetI16 => {
                    let v = *static_at!().cast::<i16>();
                    push!(v as i32 as u32 as u64);
                    next!(2)
                }
                Quick::GetU16 => {
                    let v = get!(0, *sp as u32, b_of(w), u16, |v: u16| v as u64);
                    *sp = v;
                    next!(1)
                }
                Quick::SGetU16 => {
                    let v = *static_at!().cast::<u16>();
                    push!(v as u64);
                    next!(2)
                }
                Quick::Get32 => {
                    let v = get!(0, *sp as u32, b_of(w), u32, |v: u32| v as u64);
                    *sp = v;
                    next!(1)
                }
                Quick::SGet32 => {
                    let v = *static_at!().cast::<u32>();
                    push!(v as u64);
                    next!(2)
                }
                Quick::Get64 => {
                    let v = get!(0, *sp as u32, b_of(w), u64, |v: u64| v);
                    sp = sp.sub(1);
                    *sp.add(1) = v;
                    next!(1)
                }
                Quick::SGet64 => {
                    push2!(*static_at!().cast::<u64>());
                    next!(2)
                }
                Quick::PutRef | Quick::PutRefV => {
                    let v = *sp as u32;
                    let o = *sp.add(1) as u32;
                    if o == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    store::<u32>(at!(o, b_of(w)), v as u64, false);
                    object::ref_barrier(base, ObjRef::from_raw(o), b_of(w) as usize);
                    if op == Quick::PutRefV {
                        std::sync::atomic::fence(Ordering::SeqCst);
                    }
                    sp = sp.add(2);
                    next!(1)
                }
                Quick::SPutRef | Quick::SPutRefV => {
                    let v = *sp as u32;
                    let data = *pc.add(1);
                    let mirror = (*class_at!(data as u32)).mirror.load(Ordering::Relaxed);
                    store::<u32>(at!(mirror, (data >> 32)), v as u64, op == Quick::SPutRefV);
                    object::ref_barrier(base, ObjRef::from_raw(mirror), (data >> 32) as usize);
                    sp = sp.add(1);
                    next!(2)
                }
                Quick::Put8 => put!(w, u8, 1, false),
                Quick::SPut8 => sput!(u8, 1, false),
                Quick::Put8V => put!(w, u8, 1, true),
                Quick::SPut8V => sput!(u8, 1, true),
                Quick::Put16 => put!(w, u16, 1, false),
                Quick::SPut16 => sput!(u16, 1, false),
                Quick::Put16V => put!(w, u16, 1, true),
                Quick::SPut16V => sput!(u16, 1, true),
                Quick::Put32 => put!(w, u32, 1, false),
                Quick::SPut32 => sput!(u32, 1, false),
                Quick::Put32V => put!(w, u32, 1, true),
                Quick::SPut32V => sput!(u32, 1, true),
                Quick::Put64 => put!(w, u64, 2, false),
                Quick::SPut64 => sput!(u64, 2, false),
                Quick::Put64V => put!(w, u64, 2, true),
                Quick::SPut64V => sput!(u64, 2, true),
                Quick::PutBool => put!(w, BoolByte, 1, false),
                Quick::SPutBool => sput!(BoolByte, 1, false),
                Quick::PutBoolV => put!(w, BoolByte, 1, true),
                Quick::SPutBoolV => sput!(BoolByte, 1, true),
                Quick::GetFieldUnresolved => slow!(slow::get_field(t, w)),
                Quick::PutFieldUnresolved => slow!(slow::put_field(t, w)),
                Quick::GetStaticUnresolved => slow!(slow::get_static(t, w)),
                Quick::PutStaticUnresolved => slow!(slow::put_static(t, w)),
                Quick::InvokeStatic => enter!(method_at!(b_of(w)), pc.add(1)),
                Quick::InvokeDirect => {
                    if *sp.add(a_of(w) as usize - 1) as u32 == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    enter!(method_at!(b_of(w)), pc.add(1))
                }
                Quick::InvokeSpecialInInterface => {
                    let this = *sp.add(a_of(w) as usize - 1) as u32;
                    if this == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    let own = (*method_at!(*fp.add(METHOD) as u32)).class.raw();
                    if !slow::is_subtype(t, class_word!(this), own) {
                        fail!(slow::receiver_of_other_class(t, w, own))
                    }
                    enter!(method_at!(b_of(w)), pc.add(1))
                }
                Quick::InvokeInterfacePrivate => {
                    let this = *sp.add(a_of(w) as usize - 1) as u32;
                    if this == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    let interface = (*method_at!(b_of(w))).class.raw();
                    if !slow::is_subtype(t, class_word!(this), interface) {
                        fail!(slow::no_such_interface(t, w, interface as u64))
                    }
                    enter!(method_at!(b_of(w)), pc.add(1))
                }
                Quick::InvokeEmpty => {
                    let args = a_of(w) as usize;
                    if *sp.add(args - 1) as u32 == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    sp = sp.add(args);
                    next!(1)
                }
                Quick::InvokeObjectInit => {
                    let this = *sp as u32;
                    if this == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    if (*class_at!(class_word!(this)))
                        .flags
                        .contains(carafe_classloader::class::ClassFlags::FINALIZABLE)
                    {
                        enter!(method_at!(b_of(w)), pc.add(1))
                    }
                    sp = sp.add(1);
                    next!(1)
                }
                Quick::InvokeVirtual => {
                    let this = *sp.add(a_of(w) as usize - 1) as u32;
                    if this == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    let class = class_at!(class_word!(this));
                    let table = meta_base.add((*class).vtable.offset() as usize).cast::<u32>();
                    enter!(method_at!(*table.add(b_of(w) as usize)), pc.add(1))
                }
                Quick::InvokeInterface => {
                    let this = *sp.add(a_of(w) as usize - 1) as u32;
                    if this == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    let cached = (*pc.add(1).cast::<std::sync::atomic::AtomicU64>()).load(Ordering::Relaxed);
                    if cached as u32 == class_word!(this) {
                        enter!(method_at!((cached >> 32)), pc.add(3))
                    }
                    let target = slow::itable_find(class_at!(class_word!(this)), meta_base, *pc.add(2));
                    if target != 0 {
                        (*pc.add(1).cast::<std::sync::atomic::AtomicU64>())
                            .store(class_word!(this) as u64 | (target as u64) << 32, Ordering::Relaxed);
                        enter!(method_at!(target), pc.add(3))
                    }
                    fail!(slow::no_such_interface(t, w, *pc.add(2)))
                }
                Quick::InvokeHandle => {
                    let index = b_of(w);
                    if index != 0 {
                        let m = method_at!(*fp.add(METHOD) as u32);
                        let array = (*class_at!((*m).class.raw())).resolved.load(Ordering::Relaxed);
                        push!(*at!(array, NARROW + 4 * (index as usize - 1)).cast::<u32>() as u64);
                    }
                    let target = method_at!(*pc.add(1) as u32);
                    if (*target).quick.load(Ordering::Acquire) == 0 {
                        // Executed again after preparation, so the appendix must not be there twice.
                        if index != 0 {
                            sp = sp.add(1);
                        }
                        slow!(slow::prepare(t, target))
                    }
                    enter!(target, pc.add(2), isize::from(index != 0))
                }
                Quick::InvokePolymorphic => {
                    let m = method_at!(*fp.add(METHOD) as u32);
                    let class = class_at!((*m).class.raw());
                    let pool = meta_base.add((*class).pool.raw() as usize).cast::<Pool>();
                    let entries = meta_base.add((*pool).resolved.offset() as usize).cast::<u64>();
                    let entry = *entries.add(a_of(w) as usize);
                    let target = method_at!(entry as u32);
                    if (*target).quick.load(Ordering::Acquire) == 0 {
                        slow!(slow::prepare(t, target))
                    }
                    let index = ((entry & !POLYMORPHIC) >> 32) as usize;
                    // The adapter is static and takes the receiver first, the appendix last.
                    let slots = ((*target).arg_slots as usize).saturating_sub(usize::from(index != 0));
                    if slots == 0 || *sp.add(slots - 1) as u32 == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    if index != 0 {
                        let array = (*class).resolved.load(Ordering::Relaxed);
                        push!(*at!(array, NARROW + 4 * (index - 1)).cast::<u32>() as u64);
                    }
                    enter!(target, pc.add(1), isize::from(index != 0))
                }
                Quick::InvokeBasic => {
                    let handle = *sp.add(a_of(w) as usize - 1) as u32;
                    if handle == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    let o = &(*t).handle_offsets;
                    let form = *at!(handle, o.form).cast::<u32>();
                    let entry = if form == 0 { 0 } else { *at!(form, o.vmentry).cast::<u32>() };
                    let resolved = if entry == 0 { 0 } else { *at!(entry, o.method).cast::<u32>() };
                    let target = if resolved == 0 { 0 } else { *at!(resolved, o.vmtarget).cast::<u32>() };
                    if target == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    if (*method_at!(target))
                        .flags
                        .contains(carafe_classloader::class::method::MethodFlags::POLYMORPHIC)
                    {
                        fail!(slow::bad_member(t))
                    }
                    enter!(method_at!(target), pc.add(1))
                }
                Quick::LinkToStatic
                | Quick::LinkToSpecial
                | Quick::LinkToVirtual
                | Quick::LinkToInterface => {
                    let member = *sp as u32;
                    if member == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    let o = &(*t).handle_offsets;
                    let resolved = *at!(member, o.method).cast::<u32>();
                    let mut target = if resolved == 0 { 0 } else { *at!(resolved, o.vmtarget).cast::<u32>() };
                    if target == 0 {
                        fail!(slow::bad_member(t))
                    }
                    if op != Quick::LinkToStatic {
                        let this = *sp.add(a_of(w) as usize - 1) as u32;
                        if this == 0 {
                            fail!(slow::null_pointer(t))
                        }
                        if op != Quick::LinkToSpecial {
                            save!();
                            target = slow::select_member(
                                t,
                                ObjRef::from_raw(this),
                                target,
                                op == Quick::LinkToInterface,
                            );
                            if target == 0 {
                                unwind!();
                            }
                        }
                    }
                    let target = method_at!(target);
                    if (*target).quick.load(Ordering::Acquire) == 0 {
                        slow!(slow::prepare(t, target))
                    }
                    if (*target).arg_slots as usize + 1 != a_of(w) as usize {
                        fail!(slow::bad_member(t))
                    }
                    sp = sp.add(1);
                    enter!(target, pc.add(1), -1)
                }
                Quick::InvokeVirtualUnresolved => slow!(slow::invoke_virtual(t, w)),
                Quick::InvokeSpecialUnresolved => slow!(slow::invoke_special(t, w)),
                Quick::InvokeStaticUnresolved => slow!(slow::invoke_static(t, w)),
                Quick::InvokeInterfaceUnresolved => slow!(slow::invoke_interface(t, w)),
                Quick::InvokeDynamicUnresolved => slow!(slow::invoke_dynamic(t, w)),
                Quick::New => {
                    let class = class_at!(b_of(w));
                    let size = (*class).layout.instance_bytes as u64;
                    let at = (*t).tlab.top;
                    if size <= (*t).tlab.end.wrapping_sub(at) {
                        (*t).tlab.top = at + size;
                        *(at as *mut u64) = (b_of(w) as u64) << 32;
                        push!((at - base as u64) >> 3);
                        next!(1)
                    }
                    slow!(slow::new_instance(t, w))
                }
                Quick::NewUnresolved => slow!(slow::new_unresolved(t, w)),
                Quick::NewArray => {
                    let class = class_at!(b_of(w));
                    let length = *sp as u32;
                    if length < 0x1_0000 {
                        let layout = &(*class).layout;
                        let data = if layout.elem_shift == 3 { WIDE } else { NARROW };
                        let size = ((data + ((length as usize) << layout.elem_shift) + 7) & !7) as u64;
                        let at = (*t).tlab.top;
                        if size <= (*t).tlab.end.wrapping_sub(at) {
                            (*t).tlab.top = at + size;
                            *(at as *mut u64) = (b_of(w) as u64) << 32;
                            *((at + 8) as *mut u32) = length;
                            *sp = (at - base as u64) >> 3;
                            next!(1)
                        }
                    }
                    slow!(slow::new_array(t, w))
                }
                Quick::ANewArrayUnresolved => slow!(slow::anew_array(t, w)),
                Quick::MultiNewArray => slow!(slow::multi_new_array(t, w)),
                Quick::MultiNewArrayUnresolved => slow!(slow::multi_new_array_unresolved(t, w)),
                Quick::ArrayLength => {
                    let arr = *sp as u32;
                    if arr == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    *sp = *at!(arr, object::ARRAY_LENGTH_OFFSET).cast::<u32>() as u64;
                    next!(1)
                }
                Quick::AThrow => {
                    let exception = *sp as u32;
                    if exception == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    (*t).exception = ObjRef::from_raw(exception);
                    save!();
                    unwind!();
                }
                Quick::CheckCast => {
                    let o = *sp as u32;
                    if o == 0
                        || class_word!(o) == b_of(w)
                        || fast_subtype(class_at!(class_word!(o)), class_at!(b_of(w)))
                    {
                        next!(1)
                    }
                    slow!(slow::check_cast(t, w))
                }
                Quick::CheckCastUnresolved => slow!(slow::check_cast_unresolved(t, w)),
                Quick::InstanceOf => {
                    let o = *sp as u32;
                    if o == 0 {
                        next!(1)
                    }
                    let actual = class_word!(o);
                    if actual == b_of(w) || fast_subtype(class_at!(actual), class_at!(b_of(w))) {
                        *sp = 1;
                        next!(1)
                    }
                    *sp = slow::is_subtype(t, actual, b_of(w)) as u64;
                    next!(1)
                }
                Quick::InstanceOfUnresolved => slow!(slow::instance_of_unresolved(t, w)),
                Quick::MonitorEnter => slow!(slow::monitor_enter(t)),
                Quick::MonitorExit => slow!(slow::monitor_exit(t)),
                Quick::Intrinsic => {
                    let method = method_at!(b_of(w));
                    let args = (*method).arg_slots as usize;
                    let row = &intrinsics::ROWS[a_of(w) as usize];
                    if !(*method).is_static() && *sp.add(args - 1) as u32 == 0 {
                        fail!(slow::null_pointer(t))
                    }
                    match (row.leaf)(t, sp) {
                        Some(bits) => {
                            sp = sp.add(args).sub(row.result as usize);
                            match row.result {
                                0 => {}
                                1 => *sp = bits,
                                _ => *sp.add(1) = bits,
                            }
                            next!(1)
                        }
                        None => enter!(method, pc.add(1)),
                    }
                }
                Quick::Native => slow!(slow::native(t, w)),
                Quick::NativeWait => slow!(slow::native_wait(t, w)),
                Quick::ContinuationEnter => slow!(continuation::enter(t)),
                Quick::ContinuationLeave => slow!(continuation::leave(t)),
                Quick::ContinuationYield => slow!(continuation::do_yield(t)),
                Quick::Unrunnable => slow!(slow::unrunnable(t)),
                Quick::BadCode => slow!(slow::bad_code(t)),
                Quick::StubCall => slow!(slow::stub_call(t)),
                Quick::StubDone => slow!(slow::stub_done(t)),
                Quick::StubReturn => {
                    leave!();
                }
                Quick::InitBegin => slow!(slow::init_begin(t)),
                Quick::InitSupers => slow!(slow::init_supers(t)),
                Quick::InitClinit => slow!(slow::init_clinit(t)),
                Quick::InitDone => slow!(slow::init_done(t)),
                Quick::Exit => {
                    save!();
                    return Ok(());
                }
                Quick::Entry => slow!(compiled::entry(t, w)),
                Quick::Loop => slow!(compiled::at_loop(t, w)),
                Quick::Resume => slow!(compiled::resume(t, w)),
                Quick::LoadLoad => {
                    push!(local!(slot_of(w)));
                    push!(local!(b_low(w) as isize));
                    next!(2)
                }
                Quick::Load2Load2 => {
                    push2!(local!(slot_of(w)));
                    push2!(local!(b_low(w) as isize));
                    next!(2)
                }
                Quick::LoadGet32 => {
                    let o = local!(slot_of(w));
                    push!(o);
                    let v = get!(1, o as u32, b_of(w), u32, |v: u32| v as u64);
                    *sp = v;
                    next!(2)
                }
                Quick::LoadGet64 => {
                    let o = local!(slot_of(w));
                    push!(o);
                    let v = get!(1, o as u32, b_of(w), u64, |v: u64| v);
                    sp = sp.sub(1);
                    *sp.add(1) = v;
                    next!(2)
                }
                Quick::LoadGetI8 => {
                    let o = local!(slot_of(w));
                    push!(o);
                    let v = get!(1, o as u32, b_of(w), i8, |v: i8| v as i32 as u32 as u64);
                    *sp = v;
                    next!(2)
                }
                Quick::LoadGetU16 => {
                    let o = local!(slot_of(w));
                    push!(o);
                    let v = get!(1, o as u32, b_of(w), u16, |v: u16| v as u64);
                    *sp = v;
                    next!(2)
                }
                Quick::LLIAdd => {
                    pushi!(locali!(slot_of(w)).wrapping_add(locali!(b_low(w) as isize)));
                    next!(3)
                }
                Quick::LLISub => {
                    pushi!(locali!(slot_of(w)).wrapping_sub(locali!(b_low(w) as isize)));
                    next!(3)
                }
                Quick::LLIMul => {
                    pushi!(locali!(slot_of(w)).wrapping_mul(locali!(b_low(w) as isize)));
                    next!(3)
                }
                Quick::LLALoadInt => lla!(w, u32, 2, |v: u32| v as u64),
                Quick::LLALoadRef => lla!(w, u32, 2, |v: u32| v as u64),
                Quick::LLALoadByte => lla!(w, i8, 0, |v: i8| v as i32 as u32 as u64),
                Quick::LLALoadChar => lla!(w, u16, 1, |v: u16| v as u64),
                Quick::TLIAdd => {
                    *sp = (*sp as u32 as i32).wrapping_add(locali!(slot_of(w))) as u32 as u64;
                    next!(2)
                }
                Quick::TLISub => {
                    *sp = (*sp as u32 as i32).wrapping_sub(locali!(slot_of(w))) as u32 as u64;
                    next!(2)
                }
                Quick::TLIMul => {
                    *sp = (*sp as u32 as i32).wrapping_mul(locali!(slot_of(w))) as u32 as u64;
                    next!(2)
                }
                Quick::TLIAnd => {
                    *sp = (*sp as u32 & local!(slot_of(w)) as u32) as u64;
                    next!(2)
                }
                Quick::TCIAdd => {
                    *sp = (*sp as u32).wrapping_add(b_of(w)) as u64;
                    next!(2)
                }
                Quick::TCISub => {
                    *sp = (*sp as u32).wrapping_sub(b_of(w)) as u64;
                    next!(2)
                }
                Quick::TCIMul => {
                    *sp = (*sp as u32).wrapping_mul(b_of(w)) as u64;
                    next!(2)
                }
                Quick::TCIAnd => {
                    *sp = (*sp as u32 & b_of(w)) as u64;
                    next!(1 + a_of(w) as usize)
                }
                Quick::TCIShl => {
                    *sp = (*sp as u32).wrapping_shl(b_of(w)) as u64;
                    next!(2)
                }
                Quick::TCIShr => {
                    *sp = (*sp as u32 as i32).wrapping_shr(b_of(w)) as u32 as u64;
                    next!(2)
                }
                Quick::TCIUshr => {
                    *sp = (*sp as u32).wrapping_shr(b_of(w)) as u64;
                    next!(2)
                }
                Quick::LCIAdd => {
                    pushi!(locali!(slot_of(w)).wrapping_add(sb_of(w)));
                    next!(3)
                }
                Quick::LCISub => {
                    pushi!(locali!(slot_of(w)).wrapping_sub(sb_of(w)));
                    next!(3)
                }
                Quick::LCIMul => {
                    pushi!(locali!(slot_of(w)).wrapping_mul(sb_of(w)));
                    next!(3)
                }
                Quick::LCIAnd => {
                    pushi!(locali!(slot_of(w)) & sb_of(w));
                    next!(3)
                }
                Quick::LCIShl => {
                    pushi!(locali!(slot_of(w)).wrapping_shl(b_of(w)));
                    next!(3)
                }
                Quick::LCIShr => {
                    pushi!(locali!(slot_of(w)).wrapping_shr(b_of(w)));
                    next!(3)
                }
                Quick::LLIAddStore => {
                    let v = locali!(slot_of(w)).wrapping_add(locali!(b_low(w) as isize));
                    local!(b_high(w) as isize) = v as u32 as u64;
                    next!(4)
                }
                Quick::Move => {
                    local!(slot_of(w)) = local!(sb_of(w) as isize);
                    next!(2)
                }
                Quick::SetConst => {
                    local!(slot_of(w)) = w >> 32;
                    next!(2)
                }
                Quick::IIncGotoBack => {
                    if (*poll_word).load(Ordering::Relaxed) != 0 {
                        slow!(slow::poll(t))
                    }
                    let slot = slot_of(w);
                    local!(slot) = (local!(slot) as u32 as i32).wrapping_add(b_low(w) as i32) as u32 as u64;
                    go!(b_high(w) as isize + 1)
                }
                Quick::ReturnLocal => {
                    let v = local!(slot_of(w));
                    leave!();
                    push!(v);
                }
                Quick::ReturnConst => {
                    leave!();
                    push!(w >> 32);
                }
                Quick::TLDAdd => {
                    *sp.add(1) = (f64::from_bits(*sp.add(1)) + f64::from_bits(local!(slot_of(w)))).to_bits();
                    next!(2)
                }
                Quick::TLDSub => {
                    *sp.add(1) = (f64::from_bits(*sp.add(1)) - f64::from_bits(local!(slot_of(w)))).to_bits();
                    next!(2)
                }
                Quick::TLDMul => {
                    *sp.add(1) = (f64::from_bits(*sp.add(1)) * f64::from_bits(local!(slot_of(w)))).to_bits();
                    next!(2)
                }
                Quick::TLLAdd => {
                    *sp.add(1) = (*sp.add(1)).wrapping_add(local!(slot_of(w)));
                    next!(2)
                }
                Quick::StoreLoad => {
                    local!(slot_of(w)) = *sp;
                    *sp = local!(sb_of(w) as isize);
                    next!(2)
                }
            }
        }
    }
}

/// Data offsets of arrays with elements of at most 4 and of 8 bytes.
const NARROW: usize = object::ARRAY_DATA_OFFSET;
const WIDE: usize = object::ARRAY_DATA_OFFSET_WIDE;

/// Local 0 of the frame at `fp`.
///
/// # Safety
/// `fp` is a frame header whose method word names a method (FRAME).
#[inline(always)]
pub unsafe fn locals_of(meta_base: *mut u8, fp: *mut u64) -> *mut u64 {
    // SAFETY: the caller's promise.
    unsafe {
        let method = meta_base.add(*fp.add(METHOD) as u32 as usize).cast::<Method>();
        fp.add(HEADER_WORDS + (*method).max_locals as usize).sub(1)
    }
}

/// The part of the subtype test that needs no loop: superclasses within the display, and the cache of the last success.
///
/// # Safety
/// Both point to class records.
#[inline(always)]
unsafe fn fast_subtype(sub: *const Class, sup: *const Class) -> bool {
    // SAFETY: the caller's promise; the display is indexed below its length.
    unsafe {
        let depth = (*sup).depth as usize;
        (depth < carafe_classloader::class::DISPLAY
            && (*sub).display[depth] == (*sup).id
            && !(*sup).is_interface())
            || (*sub).secondary_cache.load(Ordering::Relaxed) == (*sup).id.raw()
    }
}

/// How a value goes to memory.
trait Stored {
    /// # Safety
    /// `at` is a writable, aligned location of this width.
    unsafe fn put(at: *mut u8, bits: u64);
}

macro_rules! stored {
    ($($t:ty),*) => { $(
        impl Stored for $t {
            #[inline(always)]
            unsafe fn put(at: *mut u8, bits: u64) {
                // SAFETY: the caller's promise.
                unsafe { at.cast::<$t>().write_volatile(bits as $t) }
            }
        }
    )* };
}
stored!(u8, u16, u32, u64);

/// A boolean field: only the lowest bit is stored.
struct BoolByte;

impl Stored for BoolByte {
    #[inline(always)]
    unsafe fn put(at: *mut u8, bits: u64) {
        // SAFETY: the caller's promise.
        unsafe { at.write_volatile(bits as u8 & 1) }
    }
}

/// # Safety
/// `at` is a field of a live object of the right width.
#[inline(always)]
unsafe fn store<T: Stored>(at: *mut u8, bits: u64, fence: bool) {
    // SAFETY: the caller's promise.
    unsafe { T::put(at, bits) };
    if fence {
        std::sync::atomic::fence(Ordering::SeqCst);
    }
}

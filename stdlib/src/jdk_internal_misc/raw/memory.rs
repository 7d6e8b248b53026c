//! Off-heap blocks, and filling and copying of raw memory or primitive arrays.
//!
//! Addresses are offsets into the cage. Bulk work goes in pieces with a poll in between; a poll may move an array, so
//! every piece forms its addresses again from (object, offset). A range that leaves mapped memory faults where it does.

use carafe_gc::object::{self, ObjRef};
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

natives! { pub(super) static MEMORY for "jdk/internal/misc/Unsafe" {
    "allocateMemory0" "(J)J" = allocate_memory(obj, long): isolate;
    "reallocateMemory0" "(JJ)J" = reallocate_memory(obj, long, long): isolate;
    "freeMemory0" "(J)V" = free_memory(obj, long): isolate;
    "setMemory0" "(Ljava/lang/Object;JJB)V" = set_memory(obj, obj, long, long, byte): isolate;
    "copyMemory0" "(Ljava/lang/Object;JLjava/lang/Object;JJ)V" =
        copy_memory(obj, obj, long, obj, long, long): isolate;
    "copySwapMemory0" "(Ljava/lang/Object;JLjava/lang/Object;JJJ)V" =
        copy_swap_memory(obj, obj, long, obj, long, long, long): isolate;
} }

const PIECE_BYTES: i64 = 1 << 20;
const SWAP_PIECE_BYTES: i64 = 64 << 10;

/// 0 when there is no room: Java code makes the OutOfMemoryError.
fn allocate_memory<'s>(env: &mut Env<'s>, _: Local<'s>, bytes: i64) -> JResult<i64> {
    let Ok(bytes) = u64::try_from(bytes) else { return Ok(0) };
    Ok(env.vm().off_heap.alloc(bytes).unwrap_or(0) as i64)
}

fn reallocate_memory<'s>(env: &mut Env<'s>, _: Local<'s>, address: i64, bytes: i64) -> JResult<i64> {
    let Ok(bytes) = u64::try_from(bytes) else { return Ok(0) };
    Ok(env.vm().off_heap.realloc(address as u64, bytes).unwrap_or(0) as i64)
}

/// An address that is no block's is a bug of whoever frees it, and here a harmless one.
fn free_memory<'s>(env: &mut Env<'s>, _: Local<'s>, address: i64) -> JResult<()> {
    let _ = env.vm().off_heap.free(address as u64);
    Ok(())
}

fn set_memory<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    object: Local<'s>,
    offset: i64,
    bytes: i64,
    value: i8,
) -> JResult<()> {
    env.check_raw(object, offset, bytes.max(0) as u64)?;
    let mut done = 0;
    while done < bytes {
        let count = PIECE_BYTES.min(bytes - done);
        let at = env.raw_address(object, offset.wrapping_add(done));
        // SAFETY: starts inside the cage, which is plain memory, and cannot get past its inaccessible tail.
        unsafe { std::ptr::write_bytes(at, value as u8, count as usize) }
        done += count;
        env.poll()?;
    }
    Ok(())
}

/// A bulk copy as Java asks for it: two places, not yet addresses.
#[derive(Clone, Copy)]
struct Copy<'s> {
    source: (Local<'s>, i64),
    target: (Local<'s>, i64),
    bytes: i64,
}

impl<'s> Copy<'s> {
    /// Whether pieces must go from the end backward, because the target overlaps what is still to be read.
    fn is_backward(&self, env: &Env<'s>) -> bool {
        env.same(self.source.0, self.target.0) && self.target.1 > self.source.1
    }

    /// Calls `copy(env, at, count)` for each piece in a safe order, polling in between.
    fn in_pieces(
        &self,
        env: &mut Env<'s>,
        piece: i64,
        mut copy: impl FnMut(&mut Env<'s>, i64, usize),
    ) -> JResult<()> {
        let backward = self.is_backward(env);
        let mut done = 0;
        while done < self.bytes {
            let count = piece.min(self.bytes - done);
            let at = if backward { self.bytes - done - count } else { done };
            copy(env, at, count as usize);
            done += count;
            if done < self.bytes {
                env.poll()?;
            }
        }
        Ok(())
    }
}

fn copy_memory<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    source: Local<'s>,
    source_offset: i64,
    target: Local<'s>,
    target_offset: i64,
    bytes: i64,
) -> JResult<()> {
    env.check_raw(source, source_offset, bytes.max(0) as u64)?;
    env.check_raw(target, target_offset, bytes.max(0) as u64)?;
    let request = Copy { source: (source, source_offset), target: (target, target_offset), bytes };
    request.in_pieces(env, PIECE_BYTES, |env, at, count| {
        let base = env.base() as usize;
        let from = env.raw_address(source, source_offset.wrapping_add(at)) as usize - base;
        let to = env.raw_address(target, target_offset.wrapping_add(at)) as usize - base;
        // By the widest unit that fits: nobody sees half of an element that is aligned at both ends.
        let shift = (from | to | count).trailing_zeros().min(3) as u8;
        // SAFETY: both ranges start inside the cage, cannot get past its inaccessible tail, and are aligned for `shift`.
        unsafe {
            object::copy_elements(env.base(), ObjRef::NULL, from, ObjRef::NULL, to, count >> shift, shift)
        }
    })
}

fn copy_swap_memory<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    source: Local<'s>,
    source_offset: i64,
    target: Local<'s>,
    target_offset: i64,
    bytes: i64,
    element_bytes: i64,
) -> JResult<()> {
    if !matches!(element_bytes, 2 | 4 | 8) || bytes < 0 || bytes % element_bytes != 0 {
        return Err(env.throw_illegal_argument("bad element size"));
    }
    let mut scratch = vec![0; SWAP_PIECE_BYTES.min(bytes) as usize];
    env.check_raw(source, source_offset, bytes.max(0) as u64)?;
    env.check_raw(target, target_offset, bytes.max(0) as u64)?;
    let request = Copy { source: (source, source_offset), target: (target, target_offset), bytes };
    request.in_pieces(env, SWAP_PIECE_BYTES, |env, at, count| {
        let Some(piece) = scratch.get_mut(..count) else { return };
        env.raw_read(source, source_offset.wrapping_add(at), piece);
        piece.chunks_exact_mut(element_bytes as usize).for_each(<[u8]>::reverse);
        env.raw_write(target, target_offset.wrapping_add(at), piece);
    })
}

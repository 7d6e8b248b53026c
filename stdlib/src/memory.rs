//! Moving bytes between the guest's memory and buffers of Rust's own.
//!
//! A range that a native is given (an array with offset and length, or a raw address with a length) is checked here
//! before anything is done with it. Buffers are bounded, so a guest's length never decides how much Rust allocates.

use carafe_gc::cage;
use carafe_vm::env::{Env, JResult, Local};

/// The most that one step of a transfer moves.
pub(crate) const PIECE_BYTES: usize = 1 << 20;

/// Checks `[offset, offset + length)` of a byte array: NullPointerException, IndexOutOfBoundsException.
pub(crate) fn array_range(
    env: &mut Env<'_>,
    array: Local<'_>,
    offset: i32,
    length: i32,
) -> JResult<(usize, usize)> {
    if env.is_null(array) {
        return Err(env.throw_npe());
    }
    let (start, count) = (usize::try_from(offset), usize::try_from(length));
    if let (Ok(start), Ok(count)) = (start, count)
        && start.checked_add(count).is_some_and(|end| end <= env.array_len(array))
    {
        return Ok((start, count));
    }
    Err(env.throw_no_message("java/lang/IndexOutOfBoundsException"))
}

/// Bytes that a native reads or writes: part of a byte array, or raw memory.
#[derive(Clone, Copy)]
pub(crate) enum Region<'s> {
    Array { array: Local<'s>, start: usize, length: usize },
    Raw { address: i64, length: usize },
}

impl<'s> Region<'s> {
    pub(crate) fn array(
        env: &mut Env<'_>,
        array: Local<'s>,
        offset: i32,
        length: i32,
    ) -> JResult<Region<'s>> {
        let (start, length) = array_range(env, array, offset, length)?;
        Ok(Region::Array { array, start, length })
    }

    /// A raw range, which must lie in the cage (whether it is mapped there shows when it is used).
    pub(crate) fn raw(env: &mut Env<'_>, address: i64, length: i64) -> JResult<Region<'s>> {
        match usize::try_from(length) {
            Ok(length) if raw_range_fits(address, length as u64) => Ok(Region::Raw { address, length }),
            Ok(_) | Err(_) => {
                let text = format!("no memory at address {address} with length {length}");
                Err(env.throw("java/lang/InternalError", &text))
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        match *self {
            Region::Array { length, .. } | Region::Raw { length, .. } => length,
        }
    }

    /// Copies `out.len()` bytes from `at` on; the caller keeps inside `len()`.
    pub(crate) fn read(&self, env: &Env<'_>, at: usize, out: &mut [u8]) {
        debug_assert!(at + out.len() <= self.len());
        match *self {
            Region::Array { array, start, .. } => {
                env.read_bytes(array, start + at, out);
            }
            Region::Raw { address, .. } => env.raw_read(Local::NULL, address + at as i64, out),
        }
    }

    /// Copies `bytes` to `at`; the caller keeps inside `len()`.
    pub(crate) fn write(&self, env: &Env<'_>, at: usize, bytes: &[u8]) {
        debug_assert!(at + bytes.len() <= self.len());
        match *self {
            Region::Array { array, start, .. } => {
                env.write_bytes(array, start + at, bytes);
            }
            Region::Raw { address, .. } => env.raw_write(Local::NULL, address + at as i64, bytes),
        }
    }

    /// A copy of the bytes from `at` on, at most one piece.
    pub(crate) fn piece(&self, env: &Env<'_>, at: usize) -> Vec<u8> {
        let mut bytes = vec![0; (self.len() - at.min(self.len())).min(PIECE_BYTES)];
        self.read(env, at, &mut bytes);
        bytes
    }
}

pub(crate) fn raw_range_fits(address: i64, length: u64) -> bool {
    match u64::try_from(address) {
        Ok(at) => {
            length == 0
                || (at >= cage::NULL_GUARD && at.checked_add(length).is_some_and(|end| end <= cage::REACH))
        }
        Err(_) => false,
    }
}

/// The bytes of a C string in raw memory, without the terminator; at most `limit` of them.
pub(crate) fn c_string(env: &mut Env<'_>, address: i64, limit: usize) -> JResult<Vec<u8>> {
    let mut bytes = Vec::new();
    if address == 0 {
        return Err(env.throw_npe());
    }
    while bytes.len() < limit {
        Region::raw(env, address, bytes.len() as i64 + 1)?;
        match env.raw_get::<u8>(Local::NULL, address + bytes.len() as i64) {
            0 => break,
            byte => bytes.push(byte),
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_ranges_stay_in_the_cage() {
        assert!(raw_range_fits(cage::NULL_GUARD as i64, 8));
        assert!(raw_range_fits(cage::REACH as i64 - 8, 8));
        assert!(!raw_range_fits(cage::REACH as i64 - 8, 9));
        assert!(!raw_range_fits(0, 1));
        assert!(!raw_range_fits(-1, 1));
        assert!(!raw_range_fits(i64::MAX, u64::MAX));
        assert!(raw_range_fits(0, 0));
    }
}

//! java.util.zip.CRC32 and Adler32. (CRC32C is written in Java.)

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

use super::zstream::{adler32, crc32};
use super::{STEP_BYTES, array};
use crate::memory::Region;

natives! { pub(super) static CRC32 for "java/util/zip/CRC32" {
    "update" "(II)I" = crc32_update(int, int): isolate;
    "updateBytes0" "(I[BII)I" = crc32_bytes(int, obj, int, int): isolate;
    "updateByteBuffer0" "(IJII)I" = crc32_buffer(int, long, int, int): isolate;
} }

natives! { pub(super) static ADLER32 for "java/util/zip/Adler32" {
    "update" "(II)I" = adler32_update(int, int): isolate;
    "updateBytes" "(I[BII)I" = adler32_bytes(int, obj, int, int): isolate;
    "updateByteBuffer" "(IJII)I" = adler32_buffer(int, long, int, int): isolate;
} }

fn crc32_update(_: &mut Env<'_>, sum: i32, byte: i32) -> JResult<i32> {
    Ok(crc32(sum, &[byte as u8]))
}

fn crc32_bytes(env: &mut Env<'_>, sum: i32, bytes: Local<'_>, offset: i32, length: i32) -> JResult<i32> {
    let region = array(env, bytes, offset, length)?;
    over(env, region, sum, crc32)
}

fn crc32_buffer(env: &mut Env<'_>, sum: i32, address: i64, offset: i32, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address.wrapping_add(i64::from(offset)), i64::from(length))?;
    over(env, region, sum, crc32)
}

fn adler32_update(_: &mut Env<'_>, sum: i32, byte: i32) -> JResult<i32> {
    Ok(adler32(sum, &[byte as u8]))
}

fn adler32_bytes(env: &mut Env<'_>, sum: i32, bytes: Local<'_>, offset: i32, length: i32) -> JResult<i32> {
    let region = array(env, bytes, offset, length)?;
    over(env, region, sum, adler32)
}

fn adler32_buffer(env: &mut Env<'_>, sum: i32, address: i64, offset: i32, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address.wrapping_add(i64::from(offset)), i64::from(length))?;
    over(env, region, sum, adler32)
}

/// Runs a checksum over a region, a piece at a time.
fn over(env: &mut Env<'_>, region: Region<'_>, start: i32, add: fn(i32, &[u8]) -> i32) -> JResult<i32> {
    let mut buffer = vec![0; region.len().min(STEP_BYTES)];
    let (mut sum, mut done) = (start, 0);
    while done < region.len() {
        let count = buffer.len().min(region.len() - done);
        let Some(piece) = buffer.get_mut(..count) else { break };
        region.read(env, done, piece);
        sum = add(sum, piece);
        done += count;
        env.poll()?;
    }
    Ok(sum)
}

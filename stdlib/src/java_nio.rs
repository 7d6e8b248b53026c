//! Natives of java.nio: the pages behind mapped buffers.
//!
//! The Java side passes addresses rounded to pages. They are checked to lie in the cage, and nothing here changes what
//! memory holds, so a forged address has no effect on any other memory.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;
use rustix::io::Errno;

use crate::errors;
use crate::gate::mapping::{self, Pages};
use crate::memory::raw_range_fits;

natives! { static MAPPED_MEMORY_UTILS for "java/nio/MappedMemoryUtils" {
    "registerNatives" "()V" = register_natives(): isolate;
    "isLoaded0" "(JJJ)Z" = is_loaded0(long, long, long): opened;
    "load0" "(JJ)V" = load0(long, long): opened;
    "force0" "(Ljava/io/FileDescriptor;JJ)V" = force0(obj, long, long): opened;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![MAPPED_MEMORY_UTILS]
}

fn register_natives(_: &mut Env<'_>) -> JResult<()> {
    Ok(())
}

/// The pages of a raw range, if it lies in the cage.
fn pages(env: &Env<'_>, address: i64, length: i64) -> Result<Pages, Errno> {
    let bytes = u64::try_from(length).map_err(|_| Errno::INVAL)?;
    if !raw_range_fits(address, bytes) {
        return Err(Errno::NOMEM);
    }
    // SAFETY: the range lies in the cage (checked), which stays reserved as long as the isolate that this thread runs.
    Ok(unsafe { Pages::new(env.raw_address(Local::NULL, address), bytes as usize) })
}

/// Whether all pages are in memory. The page count follows from the length.
fn is_loaded0(env: &mut Env<'_>, address: i64, length: i64, _pages: i64) -> JResult<bool> {
    let loaded = pages(env, address, length).and_then(|p| mapping::is_resident(&p));
    loaded.map_err(|e| errors::io_errno(env, e))
}

/// Advice only: the Java side touches every page afterwards.
fn load0(env: &mut Env<'_>, address: i64, length: i64) -> JResult<()> {
    let advised = pages(env, address, length).and_then(|p| env.blocking(|| mapping::will_need(&p)));
    advised.map_err(|e| errors::io_errno(env, e))
}

fn force0(env: &mut Env<'_>, _descriptor: Local<'_>, address: i64, length: i64) -> JResult<()> {
    let written = pages(env, address, length).and_then(|p| env.blocking(|| mapping::write_back(&p)));
    written.map_err(|e| errors::io_errno(env, e))
}

//! sun.nio.ch.UnixFileDispatcherImpl: files mapped into the isolate's off-heap memory.

use carafe_gc::cage::PAGE_BYTES;
use carafe_gc::offheap::{MapMode, OffHeapError};
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::io::Errno;

use super::handle_of;
use crate::errors;

natives! { pub(super) static MAPPINGS for "sun/nio/ch/UnixFileDispatcherImpl" {
    "allocationGranularity0" "()J" = allocation_granularity0(): isolate;
    "map0" "(Ljava/io/FileDescriptor;IJJZ)J" = map0(obj, int, long, long, bool): opened;
    "unmap0" "(JJ)I" = unmap0(long, long): opened;
} }

/// Places in files where a mapping can start are multiples of this.
fn allocation_granularity0(_: &mut Env<'_>) -> JResult<i64> {
    Ok(PAGE_BYTES as i64)
}

fn map0(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    protection: i32,
    position: i64,
    length: i64,
    synchronous: bool,
) -> JResult<i64> {
    let handle = handle_of(env, descriptor)?;
    let mode = match protection {
        0 => MapMode::ReadOnly,
        1 => MapMode::ReadWrite,
        2 => MapMode::Private,
        _ => return Err(env.throw_illegal_argument("unknown map mode")),
    };
    if synchronous {
        // Mappings of persistent memory would have to reach the device by cache flushes alone.
        return Err(env.throw("java/io/IOException", "map with mode MAP_SYNC unsupported"));
    }
    let (Ok(position), Ok(length)) = (u64::try_from(position), u64::try_from(length)) else {
        return Err(errors::io_errno(env, Errno::INVAL));
    };
    let off_heap = &env.vm().off_heap;
    let fd = std::os::fd::AsFd::as_fd(&*handle);
    match env.blocking(|| off_heap.map_file(fd, position, length, mode)) {
        Ok(address) => Ok(address as i64),
        Err(OffHeapError::Full | OffHeapError::TooManyMappings | OffHeapError::System(Errno::NOMEM)) => {
            Err(env.throw("java/lang/OutOfMemoryError", "Map failed"))
        }
        Err(OffHeapError::System(errno)) => Err(errors::io_errno(env, errno)),
        Err(OffHeapError::BadMapping | OffHeapError::BadAlignment(_) | OffHeapError::UnknownBlock(_)) => {
            Err(errors::io_errno(env, Errno::INVAL))
        }
    }
}

fn unmap0(env: &mut Env<'_>, address: i64, length: i64) -> JResult<i32> {
    let off_heap = &env.vm().off_heap;
    match env.blocking(|| off_heap.unmap(address as u64, length as u64)) {
        Ok(()) => Ok(0),
        Err(_) => Err(errors::io_errno(env, Errno::INVAL)),
    }
}

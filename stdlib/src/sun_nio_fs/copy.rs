//! Copying one open file into another: inside the kernel where it can, else through a buffer.
//!
//! Both stop when the Java side writes to the word it passes for that purpose.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::io::Errno;

use super::handle;
use crate::errors;
use crate::gate::handles::Handle;
use crate::memory::{PIECE_BYTES, Region};

natives! { pub(super) static UNIX_FILE_SYSTEM for "sun/nio/fs/UnixFileSystem" {
    "bufferedCopy0" "(IIJIJ)V" = buffered_copy0(int, int, long, int, long): opened;
} }

/// Answers of sun.nio.ch.IOStatus.
const UNAVAILABLE: i32 = -2;
const UNSUPPORTED_CASE: i32 = -6;

/// What the kernel copies between two looks at the word that cancels.
const STEP_BYTES: usize = 16 << 20;

/// How the kernel copies; the first that can is kept.
#[derive(Clone, Copy)]
enum Way {
    CopyRange,
    Send,
}

/// 0 when all is copied, else why the kernel cannot.
pub(super) fn direct_copy0(env: &mut Env<'_>, to: i32, from: i32, cancel: i64) -> JResult<i32> {
    let (to, from) = (handle(env, to)?, handle(env, from)?);
    let mut way = Way::CopyRange;
    loop {
        match env.blocking(|| step(way, &to, &from)) {
            Ok(0) => return Ok(0),
            Ok(_) => check_cancel(env, cancel)?,
            Err(Errno::AGAIN) => return Ok(UNAVAILABLE),
            Err(errno) if cannot(errno) => match way {
                Way::CopyRange => way = Way::Send,
                Way::Send => return Ok(UNSUPPORTED_CASE),
            },
            Err(errno) => return Err(errors::unix_errno(env, errno)),
        }
    }
}

fn step(way: Way, to: &Handle, from: &Handle) -> Result<usize, Errno> {
    match way {
        Way::CopyRange => to.copy_range(from, None, None, STEP_BYTES),
        Way::Send => to.send_from(from, None, STEP_BYTES),
    }
}

/// Whether an error speaks of the pair of files rather than of the copy.
pub(crate) fn cannot(errno: Errno) -> bool {
    matches!(errno, Errno::INVAL | Errno::NOSYS | Errno::XDEV | Errno::OPNOTSUPP | Errno::PERM)
}

/// Through a buffer of our own; the one that Java offers is not needed.
fn buffered_copy0(
    env: &mut Env<'_>,
    to: i32,
    from: i32,
    _buffer: i64,
    size: i32,
    cancel: i64,
) -> JResult<()> {
    let (to, from) = (handle(env, to)?, handle(env, from)?);
    let limit = usize::try_from(size).unwrap_or(0).clamp(8 << 10, PIECE_BYTES);
    loop {
        let copied = env.blocking(|| {
            let bytes = from.read_some(limit)?;
            to.write_all(&bytes)?;
            Ok(bytes.len())
        });
        match copied {
            Ok(0) => return Ok(()),
            Ok(_) => check_cancel(env, cancel)?,
            Err(errno) => return Err(errors::unix_errno(env, errno)),
        }
    }
}

/// UnixException(ECANCELED) if the word at the address (none if 0) is no longer zero.
fn check_cancel(env: &mut Env<'_>, address: i64) -> JResult<()> {
    env.poll()?;
    if address == 0 {
        return Ok(());
    }
    Region::raw(env, address, 4)?;
    match env.raw_get::<i32>(Local::NULL, address) {
        0 => Ok(()),
        _ => Err(errors::unix_errno(env, Errno::CANCELED)),
    }
}

//! sun.nio.ch.FileDispatcherImpl: moving bytes from file to file or socket inside the kernel.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::event::PollFlags;
use rustix::io::Errno;

use super::{descriptor_of, handle_of, nothing, outcome, status, token};
use crate::gate::handles::Handle;
use crate::state::State;
use crate::sun_nio_fs::cannot_copy;

natives! { pub(super) static FILE_DISPATCHER for "sun/nio/ch/FileDispatcherImpl" {
    "init0" "()V" = nothing(): isolate;
    "transferTo0" "(Ljava/io/FileDescriptor;JJLjava/io/FileDescriptor;Z)J" =
        transfer_to0(obj, long, long, obj, bool): opened;
    "transferFrom0" "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;JJZ)J" =
        transfer_from0(obj, obj, long, long, bool): opened;
} }

/// What the kernel moves between two looks at whether the world must stop.
const STEP_BYTES: usize = 16 << 20;

/// From a place in `source` to where `target` stands.
fn transfer_to0(
    env: &mut Env<'_>,
    source: Local<'_>,
    position: i64,
    count: i64,
    target: Local<'_>,
    append: bool,
) -> JResult<i64> {
    let (source, (number, target)) = (handle_of(env, source)?, descriptor_of(env, target)?);
    let (state, thread) = (State::of(env), token(env));
    let (Ok(mut from), Ok(count)) = (u64::try_from(position), usize::try_from(count)) else {
        return Ok(status::UNSUPPORTED_CASE);
    };
    // The kernel copies between files only, and not to the end of one that is appended to.
    let mut can_copy = !append;
    in_steps(env, count, |step| {
        if can_copy {
            match target.copy_range(&source, Some(&mut from), None, step) {
                Ok(n) if n > 0 => return Ok(n),
                Err(errno) if !cannot_copy(errno) => return Err(errno),
                Ok(_) | Err(_) => can_copy = false,
            }
        }
        let named = (&state.handles, number);
        let send = |target: &Handle| target.send_from(&source, Some(&mut from), step);
        state.interrupts.patiently(thread, named, &target, PollFlags::OUT, send)
    })
}

/// From where `source` stands to a place in `target`.
fn transfer_from0(
    env: &mut Env<'_>,
    source: Local<'_>,
    target: Local<'_>,
    position: i64,
    count: i64,
    append: bool,
) -> JResult<i64> {
    let (source, target): (_, std::sync::Arc<Handle>) = (handle_of(env, source)?, handle_of(env, target)?);
    let (Ok(mut to), Ok(count), false) = (u64::try_from(position), usize::try_from(count), append) else {
        return Ok(status::UNSUPPORTED_CASE);
    };
    in_steps(env, count, |step| target.copy_range(&source, None, Some(&mut to), step))
}

/// Repeats a step until `count` bytes are moved, nothing is left, or one fails: how many bytes, or a status.
fn in_steps(
    env: &mut Env<'_>,
    count: usize,
    mut step: impl FnMut(usize) -> Result<usize, Errno>,
) -> JResult<i64> {
    let mut done = 0;
    while done < count {
        match env.blocking(|| step((count - done).min(STEP_BYTES))) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(_) if done > 0 => break,
            Err(errno) if cannot_copy(errno) || errno == Errno::BADF => return Ok(status::UNSUPPORTED_CASE),
            Err(errno) => return outcome(env, Err(errno)),
        }
        env.poll()?;
    }
    Ok(done as i64)
}

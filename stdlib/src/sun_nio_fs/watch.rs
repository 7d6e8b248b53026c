//! LinuxWatchService: directories that tell of changes.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::event::{PollFd, PollFlags, poll as poll_handles};
use rustix::io::Errno;

use super::open::insert;
use super::{handle, on_handle, path};
use crate::errors;
use crate::gate::handles::Handle;
use crate::state::State;
use crate::sun_nio_ch::{Woken, token};

natives! { pub(super) static LINUX_WATCH_SERVICE for "sun/nio/fs/LinuxWatchService" {
    "eventSize" "()I" = event_size(): isolate;
    "eventOffsets" "()[I" = event_offsets(): isolate;
    "inotifyInit" "()I" = inotify_init(): isolate;
    "inotifyAddWatch" "(IJI)I" = inotify_add_watch(int, long, int): opened, read;
    "inotifyRmWatch" "(II)V" = inotify_rm_watch(int, int): opened;
    "configureBlocking" "(IZ)V" = configure_blocking(int, bool): opened;
    "socketpair" "([I)V" = socketpair(obj): isolate;
    "poll" "(II)I" = poll(int, int): opened;
} }

/// The kernel's `inotify_event`: watch, mask, cookie, length of the name, then the name.
const EVENT_OFFSETS: [i32; 5] = [0, 4, 8, 12, 16];

fn event_size(_: &mut Env<'_>) -> JResult<i32> {
    Ok(16)
}

fn event_offsets<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    env.new_int_array(&EVENT_OFFSETS)
}

fn inotify_init(env: &mut Env<'_>) -> JResult<i32> {
    let set = State::of(env).gate.new_watch_set().map_err(|e| errors::unix(env, &e))?;
    insert(env, set)
}

fn inotify_add_watch(env: &mut Env<'_>, set: i32, address: i64, mask: i32) -> JResult<i32> {
    let path = path(env, address)?;
    let set = handle(env, set)?;
    let gate = &State::of(env).gate;
    env.blocking(|| gate.watch(&set, &path, mask as u32)).map_err(|e| errors::unix(env, &e))
}

fn inotify_rm_watch(env: &mut Env<'_>, set: i32, watch: i32) -> JResult<()> {
    let set = handle(env, set)?;
    State::of(env).gate.unwatch(&set, watch).map_err(|e| errors::unix_errno(env, e))
}

fn configure_blocking(env: &mut Env<'_>, number: i32, blocking: bool) -> JResult<()> {
    on_handle(env, number, |h| h.set_blocking(blocking))
}

/// Two connected ends inside the process, by which the service wakes its own thread.
fn socketpair(env: &mut Env<'_>, out: Local<'_>) -> JResult<()> {
    if env.is_null(out) {
        return Err(env.throw_npe());
    }
    let (a, b) = Handle::connected_pair().map_err(|e| errors::unix_errno(env, e))?;
    let numbers = [insert(env, a)?, insert(env, b)?];
    if env.write_array(out, 0, &numbers) {
        Ok(())
    } else {
        Err(env.throw_no_message("java/lang/ArrayIndexOutOfBoundsException"))
    }
}

/// Waits until one of two is readable: how many are; 0 after an interruption.
fn poll(env: &mut Env<'_>, a: i32, b: i32) -> JResult<i32> {
    let (a, b) = (handle(env, a)?, handle(env, b)?);
    let (interrupts, thread) = (&State::of(env).interrupts, token(env));
    let mut ready = 0;
    let waited = env.blocking(|| {
        interrupts.wait_by(thread, |event| {
            let mut fds = [&*a, &*b, event].map(|handle| PollFd::new(handle, PollFlags::IN));
            poll_handles(&mut fds, None)?;
            ready = fds.iter().take(2).filter(|fd| !fd.revents().is_empty()).count();
            Ok(Woken::Ready)
        })
    });
    match waited {
        Ok(_) | Err(Errno::INTR) => {
            env.poll()?;
            Ok(ready as i32)
        }
        Err(errno) => Err(errors::unix_errno(env, errno)),
    }
}

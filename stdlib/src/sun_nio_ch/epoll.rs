//! sun.nio.ch.EPoll, EventFD and PollSelectorImpl: waiting for many descriptors at once.
//!
//! Java names descriptors by their numbers in the isolate's table, so the events that the kernel keeps carry those. Events
//! are written to raw memory in the kernel's form: flags, then the number, in twelve bytes.

use std::sync::Arc;
use std::time::Duration;

use carafe_vm::env::{Env, JResult};
use carafe_vm::natives;
use rustix::event::PollFlags;
use rustix::io::Errno;

use super::interrupts::Woken;
use super::native_thread::token;
use super::net::timeout_of;
use super::status;
use crate::errors;
use crate::gate::handles::{Handle, OPEN_FILES_MAX};
use crate::gate::net::socket::poll_many;
use crate::memory::Region;
use crate::state::State;

natives! { pub(super) static EPOLL for "sun/nio/ch/EPoll" {
    "eventSize" "()I" = event_size(): isolate;
    "eventsOffset" "()I" = events_offset(): isolate;
    "dataOffset" "()I" = data_offset(): isolate;
    "create" "()I" = create(): isolate;
    "ctl" "(IIII)I" = ctl(int, int, int, int): opened;
    "wait" "(IJII)I" = wait(int, long, int, int): opened;
} }

natives! { pub(super) static EVENT_FD for "sun/nio/ch/EventFD" {
    "eventfd0" "()I" = eventfd0(): isolate;
    "set0" "(I)I" = set0(int): opened;
} }

natives! { pub(super) static POLL_SELECTOR for "sun/nio/ch/PollSelectorImpl" {
    "poll" "(JII)I" = poll(long, int, int): opened;
} }

const EVENT_BYTES: usize = 12;
const DATA_AT: usize = 4;
/// More events are left for the next call.
const EVENTS_MAX: usize = 4096;

fn event_size(_: &mut Env<'_>) -> JResult<i32> {
    Ok(EVENT_BYTES as i32)
}

fn events_offset(_: &mut Env<'_>) -> JResult<i32> {
    Ok(0)
}

fn data_offset(_: &mut Env<'_>) -> JResult<i32> {
    Ok(DATA_AT as i32)
}

fn insert(env: &mut Env<'_>, made: Result<Handle, Errno>) -> JResult<i32> {
    let handles = &State::of(env).handles;
    made.and_then(|handle| handles.insert(handle)).map_err(|e| errors::io_errno(env, e))
}

fn create(env: &mut Env<'_>) -> JResult<i32> {
    insert(env, Handle::epoll())
}

/// 0 or an error number.
fn ctl(env: &mut Env<'_>, epoll: i32, what: i32, number: i32, events: i32) -> JResult<i32> {
    const ADD: i32 = 1;
    const DELETE: i32 = 2;
    const MODIFY: i32 = 3;
    let handles = &State::of(env).handles;
    let changed = (|| {
        let (epoll, target) = (handles.get(epoll)?, handles.get(number)?);
        let (data, events) = (number as u64, events as u32);
        match what {
            ADD => epoll.epoll_add(&target, data, events),
            MODIFY => epoll.epoll_modify(&target, data, events),
            DELETE => epoll.epoll_delete(&target),
            _ => Err(Errno::INVAL),
        }
    })();
    Ok(changed.err().map_or(0, Errno::raw_os_error))
}

/// How many events were stored: none if the time passed; or a status.
fn wait(env: &mut Env<'_>, epoll: i32, events: i64, count: i32, millis: i32) -> JResult<i32> {
    let region = Region::raw(env, events, i64::from(count) * EVENT_BYTES as i64)?;
    let limit = (region.len() / EVENT_BYTES).min(EVENTS_MAX);
    let (state, thread) = (State::of(env), token(env));
    let taken = env.blocking(|| {
        let handle = state.handles.get(epoll)?;
        let now = handle.epoll_take(limit)?;
        if !now.is_empty() || millis == 0 {
            return Ok(now);
        }
        let waited = Some((&*handle, PollFlags::IN));
        match state.interrupts.wait_while(thread, waited, timeout_of(i64::from(millis)), || true)? {
            Woken::Ready => handle.epoll_take(limit),
            Woken::TimedOut => Ok(Vec::new()),
            Woken::Interrupted => Err(Errno::INTR),
        }
    });
    match taken {
        Ok(taken) => {
            let mut bytes = Vec::with_capacity(taken.len() * EVENT_BYTES);
            for (flags, data) in &taken {
                bytes.extend(flags.to_ne_bytes());
                bytes.extend(data.to_ne_bytes());
            }
            region.write(env, 0, &bytes);
            Ok(taken.len() as i32)
        }
        Err(Errno::INTR) => Ok(status::INTERRUPTED as i32),
        Err(errno) => Err(errors::io_errno(env, errno)),
    }
}

fn eventfd0(env: &mut Env<'_>) -> JResult<i32> {
    insert(env, Handle::event())
}

fn set0(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    let handles = &State::of(env).handles;
    match handles.get(number).and_then(|event| event.write(&1_u64.to_ne_bytes())) {
        // One that cannot take more is set.
        Ok(_) | Err(Errno::AGAIN) => Ok(0),
        Err(errno) => Err(errors::io_errno(env, errno)),
    }
}

/// An array of (number, events, what came of them), each in eight bytes: how many have something, or a status.
fn poll(env: &mut Env<'_>, array: i64, count: i32, millis: i32) -> JResult<i32> {
    const ENTRY_BYTES: usize = 8;
    const RESULT_AT: usize = 6;
    let region = Region::raw(env, array, i64::from(count) * ENTRY_BYTES as i64)?;
    let mut entries: Vec<(Arc<Handle>, PollFlags, usize)> = Vec::new();
    let (state, thread) = (State::of(env), token(env));
    let mut ready = 0;
    for at in (0..region.len().min(OPEN_FILES_MAX * ENTRY_BYTES)).step_by(ENTRY_BYTES) {
        let mut entry = [0; ENTRY_BYTES];
        region.read(env, at, &mut entry);
        let number = i32::from_ne_bytes([entry[0], entry[1], entry[2], entry[3]]);
        let events = PollFlags::from_bits_retain(u16::from_ne_bytes([entry[4], entry[5]]));
        let came = match state.handles.get(number) {
            Ok(handle) => {
                entries.push((handle, events, at));
                PollFlags::empty()
            }
            Err(_) => {
                ready += 1;
                PollFlags::NVAL
            }
        };
        region.write(env, at + RESULT_AT, &came.bits().to_ne_bytes());
    }
    let timeout = if ready > 0 { Some(Duration::ZERO) } else { timeout_of(i64::from(millis)) };
    let mut came = Vec::new();
    let waited = env.blocking(|| {
        let list: Vec<_> = entries.iter().map(|(handle, events, _)| (&**handle, *events)).collect();
        state.interrupts.wait_by(thread, |event| {
            came = poll_many(&list, Some(event), timeout)?;
            Ok(Woken::Ready)
        })
    });
    match waited {
        Ok(Woken::Interrupted) => return Ok(status::INTERRUPTED as i32),
        Ok(Woken::Ready | Woken::TimedOut) => {}
        Err(errno) => return Err(errors::io_errno(env, errno)),
    }
    for ((_, _, at), came) in entries.iter().zip(came) {
        region.write(env, at + RESULT_AT, &came.bits().to_ne_bytes());
        ready += i32::from(!came.is_empty());
    }
    Ok(ready)
}

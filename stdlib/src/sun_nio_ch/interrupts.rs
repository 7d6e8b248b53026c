//! Waiting for a descriptor in a way that another thread can end, which closing a channel and ending an isolate need.
//!
//! The library remembers which threads are inside an operation on a channel and, when it closes the channel, "signals"
//! each until it is out. Instead of a signal, a thread that has to wait does so on the descriptor and on an event of its
//! own, under which it is registered here for as long as it waits. A signal that comes too early is lost; so whoever
//! waits looks, once it is registered, whether what it waits for is still the same (see [`Interrupts::wait_while`]).

use std::sync::Arc;
use std::time::Duration;

use hashbrown::HashMap;
use parking_lot::Mutex;
use rustix::event::PollFlags;
use rustix::io::Errno;

use crate::gate::handles::{Handle, HandleTable};

/// The threads of an isolate that wait, each with its event.
#[derive(Default)]
pub(crate) struct Interrupts {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    waiting: HashMap<i64, Waiting>,
    /// Events of waits that are over. None of them is set.
    idle: Vec<Arc<Handle>>,
    /// The isolate ends: nobody waits any more.
    ended: bool,
}

struct Waiting {
    event: Arc<Handle>,
    signalled: bool,
}

const IDLE_MAX: usize = 64;

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// The descriptor is ready, or will say so itself (a file is always ready, a non-blocking one never waited for).
    Ready,
    /// The time is over.
    TimedOut,
    Interrupted,
}

impl Interrupts {
    /// Waits on behalf of `thread` until the handle (if there is one) is ready for `events`, if its mode is blocking. To
    /// be called outside the heap.
    pub(crate) fn wait(
        &self,
        thread: i64,
        handle: Option<(&Handle, PollFlags)>,
        timeout: Option<Duration>,
    ) -> Result<Woken, Errno> {
        if let Some((handle, events)) = handle
            && (!handle.can_block() || handle.wait(events, Some(Duration::ZERO))? || !handle.is_blocking()?)
        {
            return Ok(Woken::Ready);
        }
        self.wait_while(thread, handle, timeout, || true)
    }

    /// Waits whatever the handle's mode is, but only if `still` holds after other threads can see the wait: what they
    /// change before they signal is then either seen by `still`, or the signal arrives.
    pub(crate) fn wait_while(
        &self,
        thread: i64,
        handle: Option<(&Handle, PollFlags)>,
        timeout: Option<Duration>,
        still: impl FnOnce() -> bool,
    ) -> Result<Woken, Errno> {
        self.wait_by(thread, |event| match handle {
            _ if !still() => Ok(Woken::Interrupted),
            Some((handle, events)) => handle.wait_or(events, event, timeout).map(ready),
            None => event.wait(PollFlags::IN, timeout).map(|_| Woken::TimedOut),
        })
    }

    /// Waits by a function of the caller's, which returns when the event that it is given is readable.
    pub(crate) fn wait_by(
        &self,
        thread: i64,
        wait: impl FnOnce(&Handle) -> Result<Woken, Errno>,
    ) -> Result<Woken, Errno> {
        let Some(event) = self.enter(thread)? else { return Ok(Woken::Interrupted) };
        let woken = wait(&event);
        if self.leave(thread) { Ok(Woken::Interrupted) } else { woken }
    }

    /// Repeats `work` until it does not fail for want of readiness, if the handle's mode is blocking. `number` is what
    /// the handle stood under in the table; the wait is over when it does not any more.
    pub(crate) fn patiently<T>(
        &self,
        thread: i64,
        (handles, number): (&HandleTable, i32),
        handle: &Handle,
        events: PollFlags,
        mut work: impl FnMut(&Handle) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        if !handle.is_patient() {
            // The kernel would wait, so nothing is begun before it is ready.
            return match self.wait(thread, Some((handle, events)), None)? {
                Woken::Ready | Woken::TimedOut => work(handle),
                Woken::Interrupted => Err(Errno::INTR),
            };
        }
        loop {
            match work(handle) {
                Err(Errno::AGAIN) if handle.is_blocking()? => {}
                result => return result,
            }
            let still = || handles.names(number, handle);
            if self.wait_while(thread, Some((handle, events)), None, still)? == Woken::Interrupted {
                return Err(Errno::INTR);
            }
        }
    }

    /// Registers a wait; none begins in an isolate that ends.
    fn enter(&self, thread: i64) -> Result<Option<Arc<Handle>>, Errno> {
        let mut inner = self.inner.lock();
        if inner.ended {
            return Ok(None);
        }
        let event = match inner.idle.pop() {
            Some(event) => event,
            None => Arc::new(Handle::event()?),
        };
        inner.waiting.insert(thread, Waiting { event: Arc::clone(&event), signalled: false });
        Ok(Some(event))
    }

    /// Takes a wait out again: whether it was signalled.
    fn leave(&self, thread: i64) -> bool {
        let mut inner = self.inner.lock();
        let Some(Waiting { event, signalled }) = inner.waiting.remove(&thread) else { return true };
        if inner.idle.len() < IDLE_MAX && (!signalled || event.read(&mut [0; 8]).is_ok()) {
            inner.idle.push(event);
        }
        signalled
    }

    /// Ends the wait of a thread, if it is in one.
    pub(crate) fn signal(&self, thread: i64) {
        if let Some(waiting) = self.inner.lock().waiting.get_mut(&thread) {
            waiting.wake();
        }
    }

    /// Ends all waits, for good.
    pub(crate) fn end(&self) {
        let mut inner = self.inner.lock();
        inner.ended = true;
        inner.waiting.values_mut().for_each(Waiting::wake);
    }
}

impl Waiting {
    fn wake(&mut self) {
        if !self.signalled {
            self.signalled = true;
            // An event takes more than one wake-up, so this one is never refused.
            self.event.write(&1_u64.to_ne_bytes()).ok();
        }
    }
}

fn ready(ready: bool) -> Woken {
    if ready { Woken::Ready } else { Woken::TimedOut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_ends_a_wait() {
        let interrupts = Interrupts::default();
        let (reader, writer) = Handle::pipe().unwrap();
        let wait = || interrupts.wait(1, Some((&reader, PollFlags::IN)), Some(Duration::from_millis(1)));
        assert_eq!(wait(), Ok(Woken::TimedOut));
        writer.write_all(b"x").unwrap();
        assert_eq!(wait(), Ok(Woken::Ready));
    }

    #[test]
    fn another_thread_ends_a_wait_and_the_event_is_used_again() {
        let interrupts = Interrupts::default();
        let (reader, _writer) = Handle::pipe().unwrap();
        for _ in 0..3 {
            let woken = std::thread::scope(|scope| {
                let waiter = scope.spawn(|| interrupts.wait(7, Some((&reader, PollFlags::IN)), None));
                while !waiter.is_finished() {
                    interrupts.signal(7);
                    std::thread::yield_now();
                }
                waiter.join().unwrap()
            });
            assert_eq!(woken, Ok(Woken::Interrupted));
        }
        let inner = interrupts.inner.lock();
        assert!(inner.waiting.is_empty());
        assert_eq!(inner.idle.len(), 1);
    }

    #[test]
    fn what_never_blocks_is_not_waited_for() {
        let interrupts = Interrupts::default();
        let (reader, _writer) = Handle::pipe().unwrap();
        reader.set_blocking(false).unwrap();
        assert_eq!(interrupts.wait(1, Some((&reader, PollFlags::IN)), None), Ok(Woken::Ready));
    }

    #[test]
    fn a_handle_that_was_replaced_before_the_wait_ends_it() {
        let interrupts = Interrupts::default();
        let table = HandleTable::default();
        let (reader, _writer) = Handle::pipe().unwrap();
        let number = table.insert(reader).unwrap();
        let reader = table.get(number).unwrap();
        table.close(number).unwrap();
        let result =
            interrupts.patiently(1, (&table, number), &reader, PollFlags::IN, |h| h.read(&mut [0; 4]));
        assert_eq!(result, Err(Errno::INTR));
    }

    #[test]
    fn nobody_waits_in_an_isolate_that_ends() {
        let interrupts = Interrupts::default();
        let (reader, _writer) = Handle::pipe().unwrap();
        let woken = std::thread::scope(|scope| {
            let waiter = scope.spawn(|| interrupts.wait(7, Some((&reader, PollFlags::IN)), None));
            std::thread::yield_now();
            interrupts.end();
            waiter.join().unwrap()
        });
        assert_eq!(woken, Ok(Woken::Interrupted));
        assert_eq!(interrupts.wait(8, Some((&reader, PollFlags::IN)), None), Ok(Woken::Interrupted));
    }
}

//! Waiting for a descriptor in a way that another thread can end, which closing a channel needs.
//!
//! The library remembers which threads are inside an operation on a channel and, when it closes the channel, "signals"
//! each until it is out. Instead of a signal, a thread that has to wait does so on the descriptor and on an event of its
//! own, under which it is registered here for as long as it waits. A signal that comes too early is lost, and the
//! library sends another.

use std::sync::Arc;
use std::time::Duration;

use hashbrown::HashMap;
use parking_lot::Mutex;
use rustix::event::PollFlags;
use rustix::io::Errno;

use crate::gate::handles::Handle;

/// The threads of an isolate that wait, each with its event.
#[derive(Default)]
pub(crate) struct Interrupts {
    waiting: Mutex<HashMap<i64, Arc<Handle>>>,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// The descriptor is ready, or will say so itself (a file is always ready, a non-blocking one never waited for).
    Ready,
    /// The time is over.
    TimedOut,
    Interrupted,
}

impl Interrupts {
    /// Waits on behalf of `thread` until the handle (if there is one) is ready for `events`. To be called outside the
    /// heap.
    pub(super) fn wait(
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
        let event = Arc::new(Handle::event()?);
        self.waiting.lock().insert(thread, Arc::clone(&event));
        let woken = match handle {
            Some((handle, events)) => handle.wait_or(events, &event, timeout),
            None => event.wait(PollFlags::IN, timeout).map(|_| false),
        };
        self.waiting.lock().remove(&thread);
        // The event is asked in any case: it may have come together with the descriptor.
        if event.wait(PollFlags::IN, Some(Duration::ZERO))? {
            return Ok(Woken::Interrupted);
        }
        Ok(if woken? { Woken::Ready } else { Woken::TimedOut })
    }

    /// Ends the wait of a thread, if it is in one.
    pub(super) fn signal(&self, thread: i64) {
        let event = self.waiting.lock().get(&thread).cloned();
        if let Some(event) = event {
            // An event that cannot take more has been signalled already.
            event.write(&1_u64.to_ne_bytes()).ok();
        }
    }
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
    fn another_thread_ends_a_wait() {
        let interrupts = Interrupts::default();
        let (reader, _writer) = Handle::pipe().unwrap();
        let woken = std::thread::scope(|scope| {
            let waiter = scope.spawn(|| interrupts.wait(7, Some((&reader, PollFlags::IN)), None));
            while !waiter.is_finished() {
                interrupts.signal(7);
                std::thread::yield_now();
            }
            waiter.join().unwrap()
        });
        assert_eq!(woken, Ok(Woken::Interrupted));
        assert!(interrupts.waiting.lock().is_empty());
    }

    #[test]
    fn what_never_blocks_is_not_waited_for() {
        let interrupts = Interrupts::default();
        let (reader, _writer) = Handle::pipe().unwrap();
        reader.set_blocking(false).unwrap();
        assert_eq!(interrupts.wait(1, Some((&reader, PollFlags::IN)), None), Ok(Woken::Ready));
    }
}

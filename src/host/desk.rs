//! Where calls into a guest are handed in, and the guest's threads that carry them out.
//!
//! A call is carried out by a Java thread of the isolate's own, never by the thread that asks for it: so its stack is as
//! large as Java needs, and whoever asks is free as soon as the isolate ends, whatever that thread is busy with. Threads
//! are started when all others are busy, so calls from several threads of the host, and calls that a function of the host
//! makes while it is called, do not wait for each other.
//!
//! Invariant: every call that was accepted gets exactly one answer: its result, or, once the desk is closed, why the isolate
//! has ended. Deliberately not here: what a call does (`call.rs`).

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use carafe_vm::env::{Env, JResult};
use parking_lot::{Condvar, Mutex};

use super::errors::CallError;
use super::value::Value;

pub(super) type Answer = Result<Value, CallError>;
/// What a thread of the guest does for a call.
pub(super) type Work = Box<dyn for<'x> FnOnce(&mut Env<'x>) -> Answer + Send>;

/// Where one answer is waited for.
#[derive(Default)]
struct Slot {
    answer: Mutex<Option<Answer>>,
    given: Condvar,
}

impl Slot {
    /// The first answer counts.
    fn give(&self, answer: Answer) {
        let mut slot = self.answer.lock();
        if slot.is_none() {
            *slot = Some(answer);
            self.given.notify_all();
        }
    }

    fn wait(&self) -> Answer {
        let mut slot = self.answer.lock();
        loop {
            match slot.take() {
                Some(answer) => return answer,
                None => self.given.wait(&mut slot),
            }
        }
    }
}

#[derive(Default)]
pub(super) struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<(Work, Arc<Slot>)>,
    /// Calls that somebody waits for.
    waiting: Vec<Weak<Slot>>,
    /// Threads that wait for jobs, threads that were asked for and have not come yet, and all threads.
    idle: usize,
    coming: usize,
    /// The main thread is to start so many more.
    wanted: usize,
    /// The isolate is up, or will never be.
    ready: Option<Result<(), CallError>>,
    /// The host wants no more calls: the main thread goes on to the program's end.
    finishing: bool,
    closed: Option<CallError>,
}

/// What the main thread is to do.
pub(super) enum Order {
    StartThread,
    Finish,
}

impl Desk {
    /// Has a job done and waits for its answer.
    pub(super) fn submit(&self, work: Work) -> Answer {
        let slot = Arc::new(Slot::default());
        {
            let mut state = self.state.lock();
            if let Some(end) = &state.closed {
                return Err(end.clone());
            }
            if state.finishing {
                return Err(CallError::Exited(0));
            }
            state.jobs.push_back((work, slot.clone()));
            state.waiting.retain(|slot| slot.strong_count() > 0);
            state.waiting.push(Arc::downgrade(&slot));
            if state.jobs.len() > state.idle + state.coming {
                state.wanted += 1;
                state.coming += 1;
            }
            self.changed.notify_all();
        }
        slot.wait()
    }

    /// A thread of the guest serves, until the desk is closed.
    pub(super) fn serve(&self, env: &mut Env<'_>) -> JResult<()> {
        self.state.lock().coming -= 1;
        while let Some((work, slot)) = env.blocking(|| self.next_job()) {
            let answer = env.scope(|env| work(env));
            slot.give(answer);
            env.poll()?;
        }
        Ok(())
    }

    fn next_job(&self) -> Option<(Work, Arc<Slot>)> {
        let mut state = self.state.lock();
        state.idle += 1;
        let job = loop {
            if state.closed.is_some() || state.finishing {
                break None;
            }
            match state.jobs.pop_front() {
                Some(job) => break Some(job),
                None => self.changed.wait(&mut state),
            }
        };
        state.idle -= 1;
        job
    }

    /// Waits until the main thread has something to do.
    pub(super) fn next_order(&self) -> Order {
        let mut state = self.state.lock();
        loop {
            if state.closed.is_some() || state.finishing {
                return Order::Finish;
            }
            if state.wanted > 0 {
                state.wanted -= 1;
                return Order::StartThread;
            }
            self.changed.wait(&mut state);
        }
    }

    /// A thread that was asked for does not come. A job that waits for it alone will not be done.
    pub(super) fn no_thread(&self, why: CallError) {
        let job = {
            let mut state = self.state.lock();
            state.coming -= 1;
            if state.jobs.len() > state.idle + state.coming { state.jobs.pop_back() } else { None }
        };
        if let Some((_, slot)) = job {
            slot.give(Err(why));
        }
    }

    /// The isolate is up, or why it is not.
    pub(super) fn set_ready(&self, outcome: Result<(), CallError>) {
        self.state.lock().ready.get_or_insert(outcome);
        self.changed.notify_all();
    }

    pub(super) fn wait_until_ready(&self) -> Result<(), CallError> {
        let mut state = self.state.lock();
        loop {
            match (&state.ready, &state.closed) {
                (Some(ready), _) => return ready.clone(),
                (None, Some(end)) => return Err(end.clone()),
                (None, None) => self.changed.wait(&mut state),
            }
        }
    }

    /// No more calls; those that wait for a thread are not done.
    pub(super) fn finish(&self) {
        let jobs = {
            let mut state = self.state.lock();
            state.finishing = true;
            std::mem::take(&mut state.jobs)
        };
        self.changed.notify_all();
        jobs.into_iter().for_each(|(_, slot)| slot.give(Err(CallError::Exited(0))));
    }

    /// The isolate has ended: everybody is told. The first reason counts.
    pub(super) fn close(&self, end: CallError) {
        let (waiting, end) = {
            let mut state = self.state.lock();
            state.jobs.clear();
            let end = state.closed.get_or_insert(end).clone();
            (std::mem::take(&mut state.waiting), end)
        };
        self.changed.notify_all();
        waiting.iter().filter_map(Weak::upgrade).for_each(|slot| slot.give(Err(end.clone())));
    }

    /// Why the isolate has ended, if it has.
    pub(super) fn closed(&self) -> Option<CallError> {
        self.state.lock().closed.clone()
    }

    pub(super) fn wait_until_closed(&self) -> CallError {
        let mut state = self.state.lock();
        loop {
            match &state.closed {
                Some(end) => return end.clone(),
                None => self.changed.wait(&mut state),
            }
        }
    }
}

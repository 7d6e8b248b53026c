//! Who hears of decisions besides the program: the audit record, the lesson of a run that learns, and whoever sits at the
//! terminal, who may grant what the grants do not.
//!
//! Invariant: a gate without oversight pays one branch for it. Only what the grants refuse is asked about, and nothing that
//! they deny by name: an answer opens what it is about and no more. Questions that have a neutral answer for everyone
//! (`Gate::knows`, the environment) are recorded and never asked about.

use std::path::Path;
use std::sync::{Arc, OnceLock, Weak};

use carafe_vm::isolate::Isolate;
use carafe_vm::thread::asker::{self, Asker};
use parking_lot::Mutex;
use rustix::io::Errno;

use super::audit::{Audit, Matter};
use super::fs::request_of;
use super::grants::{Grant, Grants, Kind, Rules};
use super::learn::Lesson;
use super::paths::{Paths, Use};
use super::prompt::{Answer, Prompt};
use super::{Denied, Failure, Outcome, Request};

/// The exit code of a program whose audit record cannot be written.
const UNRECORDED_STATUS: i32 = 124;
/// Answers that are remembered. Beyond them every question counts as answered with never.
const ANSWERS_MAX: usize = 4096;

/// What a host wants to hear of a program's decisions, and who may be asked.
#[derive(Default)]
pub struct Oversight {
    pub audit: Option<Audit>,
    pub lesson: Option<Arc<Lesson>>,
    pub prompt: Option<Prompt>,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Granted,
    Denied,
    /// Not granted, and answered with what is the same everywhere.
    Neutral,
}

pub(super) struct Overseer {
    oversight: Oversight,
    /// What is denied by name stays denied, whatever is answered.
    denials: (Vec<std::path::PathBuf>, Vec<std::path::PathBuf>),
    isolate: OnceLock<Weak<Isolate>>,
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Answers {
    /// By the flag that says the same.
    settled: hashbrown::HashMap<String, bool>,
    paths: Vec<(Use, Arc<Paths>)>,
}

impl Overseer {
    /// `None` if nobody wants to hear of anything.
    pub(super) fn new(oversight: Oversight, grants: &Grants) -> Option<Box<Overseer>> {
        if oversight.audit.is_none() && oversight.lesson.is_none() && oversight.prompt.is_none() {
            return None;
        }
        let denied = |grant: &Grant<std::path::PathBuf>| match grant {
            Grant::Rules(rules) => rules.deny.clone(),
            Grant::Nothing | Grant::Everything => Vec::new(),
        };
        let denials = (denied(&grants.read), denied(&grants.write));
        Some(Box::new(Overseer { oversight, denials, isolate: OnceLock::new(), answers: Mutex::default() }))
    }

    pub(super) fn oversees(&self, isolate: Weak<Isolate>) {
        // The first one counts; a gate belongs to one isolate.
        let _ = self.isolate.set(isolate);
    }

    pub(super) fn lesson(&self) -> Option<&Lesson> {
        self.oversight.lesson.as_deref()
    }

    fn isolate(&self) -> Option<Arc<Isolate>> {
        self.isolate.get()?.upgrade()
    }

    fn asker(&self) -> Option<Asker> {
        asker::of_caller(&*self.isolate()?)
    }

    /// Passes on what was decided.
    pub(super) fn record(&self, request: &Request<'_>, verdict: Verdict) {
        if let Some(lesson) = &self.oversight.lesson {
            lesson.take_in(request, verdict);
        }
        self.write(|| Matter::from(request), verdict);
    }

    /// Passes on what was decided about something that no request stands for.
    pub(super) fn record_other(&self, kind: Kind, refusal: &Denied, verdict: Verdict) {
        self.write(|| Matter::of(kind, refusal), verdict);
    }

    /// As `record`, for what is answered in any case.
    pub(super) fn record_told(&self, request: &Request<'_>, granted: bool) {
        if let Some(lesson) = &self.oversight.lesson {
            lesson.told(request);
        }
        self.write(|| Matter::from(request), if granted { Verdict::Granted } else { Verdict::Neutral });
    }

    fn write(&self, matter: impl FnOnce() -> Matter, verdict: Verdict) {
        if let Some(audit) = &self.oversight.audit
            && let Err(error) = audit.write(&matter(), verdict, self.asker().as_ref())
            && audit.failed_first()
        {
            // A program must not get around its record by filling the disk that it lies on.
            if let Some(isolate) = self.isolate() {
                isolate.console_error(&format!(
                    "carafe: the program was ended: its audit record cannot be written: {error}\n"
                ));
                isolate.request_halt(UNRECORDED_STATUS);
            }
        }
    }

    /// The last word on a request that is no path.
    pub(super) fn settle(
        &self,
        request: &Request<'_>,
        granted: bool,
        denied_by_name: bool,
    ) -> Result<(), Denied> {
        let granted = granted || (!denied_by_name && self.asks(request, None));
        self.record(request, if granted { Verdict::Granted } else { Verdict::Denied });
        if granted { Ok(()) } else { Err(request.denied()) }
    }

    /// The last word on a path that the grants do not open: `act` by an answer, now or earlier.
    pub(super) fn plead<T>(
        &self,
        to: Use,
        path: &Path,
        act: impl Fn(&Paths) -> Result<Option<T>, Errno>,
    ) -> Outcome<T> {
        let request = request_of(to, path);
        let found = self.by_answer(to, path, &request, act);
        self.record(&request, if found.is_some() { Verdict::Granted } else { Verdict::Denied });
        match found {
            Some(found) => found.map_err(Failure::Os),
            None => Err(request.denied().into()),
        }
    }

    fn by_answer<T>(
        &self,
        to: Use,
        path: &Path,
        request: &Request<'_>,
        act: impl Fn(&Paths) -> Result<Option<T>, Errno>,
    ) -> Option<Result<T, Errno>> {
        self.oversight.prompt.as_ref()?;
        let earlier = self.answers.lock().paths.clone();
        let opened =
            earlier.iter().filter(|(use_of, _)| *use_of == to).find_map(|(_, paths)| act(paths).transpose());
        if opened.is_some() {
            return opened;
        }
        // Held before the question is put: what the answer is about cannot be exchanged meanwhile.
        let (read, write) = &self.denials;
        let denied = if to == Use::Read { read } else { write };
        if denied.iter().any(|denied| path.starts_with(denied)) {
            return None;
        }
        let rules = Rules { all: false, allow: vec![path.to_path_buf()], deny: denied.clone() };
        let mut grants = Grants::nothing();
        match to {
            Use::Read => grants.read = Grant::Rules(rules),
            Use::Write => grants.write = Grant::Rules(rules),
        }
        let paths = Arc::new(Paths::new(&grants));
        // Without a root it leads to what is denied.
        let real = paths.only_root(to)?.to_path_buf();
        if !self.asks(request, Some(real.as_path()).filter(|real| *real != path)) {
            return None;
        }
        if self.is_settled(request) == Some(true) {
            self.answers.lock().paths.push((to, paths.clone()));
        }
        act(&paths).transpose()
    }

    fn is_settled(&self, request: &Request<'_>) -> Option<bool> {
        self.answers.lock().settled.get(&request.denied().flag).copied()
    }

    /// Whether somebody allows it, now or earlier.
    fn asks(&self, request: &Request<'_>, leads_to: Option<&Path>) -> bool {
        let Some(prompt) = &self.oversight.prompt else { return false };
        if let Some(settled) = self.is_settled(request) {
            return settled;
        }
        let over = || self.isolate().is_some_and(|isolate| isolate.is_halting());
        let turn = prompt.turn();
        // Another thread may have asked the same while this one waited for its turn.
        if let Some(settled) = self.is_settled(request) {
            return settled;
        }
        let remember = |answer| {
            let settled = &mut self.answers.lock().settled;
            if settled.len() < ANSWERS_MAX {
                settled.insert(request.denied().flag, answer);
            }
        };
        if self.answers.lock().settled.len() >= ANSWERS_MAX {
            return false;
        }
        match turn.ask(request, leads_to, self.asker().as_ref(), &over) {
            Answer::Once => true,
            Answer::Run => {
                remember(true);
                true
            }
            Answer::Never => {
                remember(false);
                false
            }
            Answer::None => false,
        }
    }
}

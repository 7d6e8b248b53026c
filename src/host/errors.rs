//! How a call into a guest can fail, as Rust types; and how an exception of the guest's becomes one.
//!
//! Invariant: no code of the guest's runs to describe its exceptions. Class, message and stack trace are read from the
//! object as it lies in the heap, so an overridden `toString` neither lies nor loops; and what is read is bounded. A
//! refusal counts as one only if the gate has said it: an exception that merely looks like one is [`CallError::Thrown`].

use std::fmt;
use std::fmt::Write as _;

use carafe_stdlib::State;
use carafe_vm::env::{Env, Local};
use carafe_vm::exceptions::{backtrace, limit_of_message, npe};
use carafe_vm::limits::{End, LimitKind, LimitPassed};

/// An exception that left the method that was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thrown {
    /// Its class, as in `java.lang.IllegalStateException`.
    pub class: String,
    pub message: Option<String>,
    /// Class, message, frames and causes, as Java prints them.
    pub trace: String,
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "{}: {message}", self.class),
            None => f.write_str(&self.class),
        }
    }
}

/// The guest was refused something, and the exception that told it so left the method that was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The flag that would have granted it, as in `--allow-read=/etc/passwd`.
    pub grant: String,
    pub thrown: Thrown,
}

/// The guest reached a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limited {
    pub kind: LimitKind,
    pub reason: String,
    /// The isolate has ended. Otherwise Java has an error for this limit, which left the method that was called.
    pub ended: bool,
}

/// Why a call into a guest gave no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    #[error("{0}")]
    Thrown(Thrown),
    #[error("{}", .0.thrown)]
    Denied(Refused),
    #[error("{}: {}", .0.kind.flag(), .0.reason)]
    Limit(Limited),
    /// The class that was called, or one that it needs, is not a sound class.
    #[error("{0}")]
    Verify(Thrown),
    /// The guest has ended itself, now or earlier.
    #[error("the guest has exited with status {0}")]
    Exited(i32),
    /// The host has ended it.
    #[error("the guest was terminated")]
    Terminated,
    /// A bug of carafe, or a function of the host's that panicked. The isolate has ended.
    #[error("the isolate has ended because of a panic: {0}")]
    Panicked(String),
    #[error("there is no static method {0}")]
    NoMethod(String),
    #[error("a value of {bytes} bytes is larger than the {most} bytes that may be handed over")]
    TooLarge { bytes: usize, most: usize },
    #[error("the method gave null")]
    Null,
    /// A value does not have the type that the call declares for it.
    #[error("value {0} does not have the type of its parameter")]
    WrongType(usize),
}

impl CallError {
    /// The isolate has ended: no call will succeed any more.
    pub fn is_end(&self) -> bool {
        match self {
            CallError::Exited(_) | CallError::Terminated | CallError::Panicked(_) => true,
            CallError::Limit(limited) => limited.ended,
            CallError::Thrown(_)
            | CallError::Denied(_)
            | CallError::Verify(_)
            | CallError::NoMethod(_)
            | CallError::TooLarge { .. }
            | CallError::Null
            | CallError::WrongType(_) => false,
        }
    }

    pub(super) fn of_end(end: &End) -> CallError {
        match end {
            End::Exit(status) => CallError::Exited(*status),
            End::Terminated(_) => CallError::Terminated,
            End::Panic(text) => CallError::Panicked(text.clone()),
            End::Limit(passed) => {
                let LimitPassed { kind, .. } = passed;
                CallError::Limit(Limited { kind: *kind, reason: passed.to_string(), ended: true })
            }
        }
    }
}

/// Frames and causes that a trace tells at most, and the length of a message.
const FRAMES_MAX: usize = 512;
const CAUSES_MAX: usize = 16;
const MESSAGE_MAX: usize = 64 << 10;

/// The exception that is pending in the thread, which is taken; or how the isolate ends.
pub(super) fn pending(env: &mut Env<'_>) -> CallError {
    if env.is_terminating() {
        return match env.vm().end() {
            Some(end) => CallError::of_end(&end),
            None => CallError::Terminated,
        };
    }
    let thrown = env.take_exception();
    if env.is_null(thrown) {
        return CallError::Terminated;
    }
    classify(env, thrown)
}

/// Classes of exceptions that say that a class is not sound.
const UNSOUND: &[&str] =
    &["java.lang.VerifyError", "java.lang.ClassFormatError", "java.lang.UnsupportedClassVersionError"];

fn classify(env: &mut Env<'_>, exception: Local<'_>) -> CallError {
    let chain = causes(env, exception);
    let Some(first) = chain.first() else { return CallError::Terminated };
    let mut trace = String::new();
    for (n, one) in chain.iter().enumerate() {
        let start = if n == 0 { "" } else { "Caused by: " };
        let _ = write!(trace, "{start}{}", one.head());
        for frame in &one.frames {
            let _ = write!(trace, "\n\tat {frame}");
        }
        trace.push('\n');
    }
    let thrown = Thrown { class: first.class.clone(), message: first.message.clone(), trace };
    let refused = chain.iter().filter(|one| one.is_platform && one.class == "java.lang.SecurityException");
    let refusals = &State::of(env).refusals;
    let grant = refused.filter_map(|one| refusals.flag_of(one.message.as_deref()?)).next();
    if let Some(grant) = grant {
        return CallError::Denied(Refused { grant, thrown });
    }
    if !first.is_platform {
        return CallError::Thrown(thrown);
    }
    let kind = match first.class.as_str() {
        "java.lang.OutOfMemoryError" => Some(limit_of_message(first.message.as_deref().unwrap_or_default())),
        "java.lang.StackOverflowError" => Some(LimitKind::Stack),
        _ => None,
    };
    match kind {
        Some(kind) => CallError::Limit(Limited { kind, reason: thrown.to_string(), ended: false }),
        None if UNSOUND.contains(&first.class.as_str()) => CallError::Verify(thrown),
        None => CallError::Thrown(thrown),
    }
}

/// What is told of one exception.
struct Told {
    class: String,
    message: Option<String>,
    frames: Vec<String>,
    /// Its class is the library's own.
    is_platform: bool,
}

impl Told {
    fn head(&self) -> String {
        match &self.message {
            Some(message) => format!("{}: {message}", self.class),
            None => self.class.clone(),
        }
    }
}

/// An exception and its causes, outermost first.
fn causes(env: &mut Env<'_>, exception: Local<'_>) -> Vec<Told> {
    env.scope(|env| {
        let mut told = Vec::new();
        let mut next = env.local(env.raw(exception));
        while !env.is_null(next) && told.len() < CAUSES_MAX {
            told.push(tell(env, next));
            let cause = env.get_ref(next, env.wk().throwable.cause);
            // An exception without a cause is its own.
            if env.same(cause, next) {
                break;
            }
            next = cause;
        }
        told
    })
}

fn tell(env: &mut Env<'_>, exception: Local<'_>) -> Told {
    let vm = env.vm();
    let class = env.class_id_of(exception);
    let message = env.scope(|env| {
        let exception = env.local(env.raw(exception));
        let message = env.get_ref(exception, env.wk().throwable.detail_message);
        if !env.is_null(message) {
            let units = env.string_utf16(message);
            return Some(String::from_utf16_lossy(units.get(..MESSAGE_MAX).unwrap_or(&units)));
        }
        // The machine's own NullPointerExceptions have a message that is only put together when somebody asks.
        let npe_class = &env.wk().null_pointer_exception;
        if class != npe_class.id || env.get::<i32>(exception, npe_class.message_state) != 1 {
            return None;
        }
        let trace = env.get_ref(exception, env.wk().throwable.backtrace);
        let (method, bci) = backtrace::top(env, trace)?;
        npe::message(env, method, bci)
    });
    let frames = env.scope(|env| {
        let exception = env.local(env.raw(exception));
        let trace = env.get_ref(exception, env.wk().throwable.backtrace);
        let elements = backtrace::elements(env, trace);
        elements.iter().take(FRAMES_MAX).map(|(method, bci)| place(env, method, *bci)).collect()
    });
    let is_platform = env.class(class).loader.is_boot();
    Told { class: vm.universe.external_name(class), message, frames, is_platform }
}

/// `Main.run(Main.java:12)`
fn place(env: &Env<'_>, method: &carafe_classloader::class::Method, bci: i32) -> String {
    let vm = env.vm();
    let class = vm.universe.class(method.class);
    let file = backtrace::source_file(vm, class).map(|file| String::from_utf8_lossy(file).into_owned());
    let source = match (backtrace::line_number(vm, method, bci), file) {
        (-2, _) => "Native Method".to_owned(),
        (line, Some(file)) if line > 0 => format!("{file}:{line}"),
        (_, Some(file)) => file,
        (_, None) => "Unknown Source".to_owned(),
    };
    format!("{}.{}({source})", vm.universe.external_name(class.id), vm.universe.str(method.name))
}

//! `jdk.internal.misc.Signal`: signal numbers by name.
//!
//! Signals belong to the process, and a process may hold many isolates; so an isolate is refused every handler unless its
//! host gave it the process's signals. HotSpot refuses some, too: the library takes that in silence (`Terminator`) or
//! tells the program with an IllegalArgumentException.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::signals::{self, ProcessSignals};

use crate::State;
use crate::errors;
use crate::gate::Request;
use crate::gate::signals::Disposition;

natives! { pub(super) static SIGNAL for "jdk/internal/misc/Signal" {
    "findSignal0" "(Ljava/lang/String;)I" = find_signal(obj): isolate;
    "handle0" "(IJ)J" = handle(int, long): signal;
    "raise0" "(I)V" = raise(int): signal;
} }

/// Linux on x86-64: position is the number.
const NAMES: [&str; 32] = [
    "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
    "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
    "VTALRM", "PROF", "WINCH", "POLL", "PWR", "SYS",
];

fn number_of(name: &str) -> Option<i32> {
    let alias = match name {
        "IOT" => "ABRT",
        "CLD" => "CHLD",
        "IO" => "POLL",
        other => other,
    };
    let at = NAMES.iter().position(|n| !n.is_empty() && *n == alias)?;
    i32::try_from(at).ok()
}

fn find_signal<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<i32> {
    if env.is_null(name) {
        return Err(env.throw_npe());
    }
    Ok(number_of(&env.string(name)).unwrap_or(-1))
}

/// The library's numbers of handlers: 0 the system's default, 1 nothing, 2 `Signal.dispatch`; answers with the old one.
fn handle(env: &mut Env<'_>, signal: i32, handler: i64) -> JResult<i64> {
    const REFUSED: i64 = -1;
    /// The VM's own, and those that no program can handle.
    const NEVER: [&str; 6] = ["QUIT", "ILL", "FPE", "KILL", "SEGV", "STOP"];
    const ENDING: [&str; 3] = ["HUP", "INT", "TERM"];
    let name = usize::try_from(signal).ok().and_then(|n| NAMES.get(n)).copied().unwrap_or_default();
    let new = match handler {
        0 => Disposition::Default,
        1 => Disposition::Ignore,
        2 => Disposition::Dispatch,
        _ => return Ok(REFUSED),
    };
    let withheld = match env.vm().config.signals {
        ProcessSignals::Withheld => true,
        ProcessSignals::Reduced => ENDING.contains(&name),
        ProcessSignals::All => false,
    };
    let state = State::of(env);
    if name.is_empty() || withheld || NEVER.contains(&name) {
        return Ok(REFUSED);
    }
    // During start-up it is the library that asks, so that the program's shutdown hooks run when the process is to end.
    let by_library = ENDING.contains(&name) && !env.vm().is_booted();
    if !by_library && let Err(refusal) = state.gate.check(Request::Signal(name)) {
        return Err(errors::denied(env, &refusal));
    }
    if new == Disposition::Dispatch {
        signals::start_dispatcher(env)?;
    }
    if new == Disposition::Dispatch && env.vm().config.signals == ProcessSignals::All {
        // The library asks for its first signals during start-up, and so the VM's own comes along. Without it there are no
        // thread dumps, and nothing else is missing.
        let vm = env.vm().arc();
        let _ = state.signals.set(&vm, signals::BREAK, Disposition::Dispatch, false);
    }
    // A program that was started with its ending signals ignored (nohup) leaves them so.
    let keep_ignored = ENDING.contains(&name);
    let vm = env.vm().arc();
    match state.signals.set(&vm, signal, new, keep_ignored) {
        Ok(old) => Ok(old as i64),
        Err(_) => Ok(REFUSED),
    }
}

fn raise(env: &mut Env<'_>, signal: i32) -> JResult<()> {
    let name = usize::try_from(signal).ok().and_then(|n| NAMES.get(n)).copied().unwrap_or_default();
    if env.vm().config.signals == ProcessSignals::Withheld {
        return Err(env.throw("java/lang/SecurityException", "raising signals is not granted"));
    }
    match State::of(env).gate.raise_signal(signal, name) {
        Ok(()) => Ok(()),
        Err(e) => Err(errors::io(env, &e)),
    }
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn numbers() {
        assert_eq!(number_of("HUP"), Some(1));
        assert_eq!(number_of("INT"), Some(2));
        assert_eq!(number_of("TERM"), Some(15));
        assert_eq!(number_of("SYS"), Some(31));
        assert_eq!(number_of("CLD"), Some(17));
        assert_eq!(number_of("SIGTERM"), None);
        assert_eq!(number_of(""), None);
    }
}

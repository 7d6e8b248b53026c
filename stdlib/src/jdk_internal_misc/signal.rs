//! `jdk.internal.misc.Signal`: signal numbers by name.
//!
//! Signals belong to the process, and a process may hold many isolates; so an isolate is refused every handler, as
//! HotSpot refuses some. The library takes that in silence (`Terminator`) or tells the program with an
//! IllegalArgumentException. Who runs a single isolate may give it the process's signals from outside.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

natives! { pub(super) static SIGNAL for "jdk/internal/misc/Signal" {
    "findSignal0" "(Ljava/lang/String;)I" = find_signal(obj);
    "handle0" "(IJ)J" = handle(int, long);
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

fn handle(_: &mut Env<'_>, _signal: i32, _handler: i64) -> JResult<i64> {
    const REFUSED: i64 = -1;
    Ok(REFUSED)
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

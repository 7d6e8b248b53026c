//! java.io.Console: which standard streams are terminals.

use carafe_vm::env::{Env, JResult};
use carafe_vm::natives;

use crate::state::State;

natives! { pub(super) static CONSOLE for "java/io/Console" {
    "ttyStatus" "()I" = tty_status(): opened;
} }

/// Bit n is set if standard stream n is a terminal.
fn tty_status(env: &mut Env<'_>) -> JResult<i32> {
    let state = State::of(env);
    let is_terminal = |number| state.handles.get(number).is_ok_and(|h| state.gate.is_terminal(&h));
    Ok((0..3).filter(|n| is_terminal(*n)).map(|n| 1 << n).sum())
}

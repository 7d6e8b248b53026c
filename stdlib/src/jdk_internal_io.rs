//! Natives of jdk.internal.io: the echo of a console that reads passwords.

use carafe_vm::env::{Env, JResult};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

use crate::errors;
use crate::state::State;

natives! { static JDK_CONSOLE_IMPL for "jdk/internal/io/JdkConsoleImpl" {
    "echo" "(Z)Z" = echo(bool): opened, terminal;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![JDK_CONSOLE_IMPL]
}

/// Turns the echo on or off: how it was before.
fn echo(env: &mut Env<'_>, on: bool) -> JResult<bool> {
    let state = State::of(env);
    let changed = env.blocking(|| {
        let input = state.handles.get(0)?;
        state.gate.set_echo(&input, on)
    });
    changed.map_err(|e| errors::io(env, &e))
}

//! Natives of java.lang that concern processes: the environment, and what the library asks when it starts.
//!
//! Deliberately not here yet: starting processes and looking at others (ProcessImpl.forkAndExec and most of
//! ProcessHandleImpl are missing rows).

use std::os::unix::ffi::OsStrExt;

use carafe_classloader::basic::BasicType;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

use crate::errors;
use crate::state::State;

natives! { static PROCESS_ENVIRONMENT for "java/lang/ProcessEnvironment" {
    "environ" "()[[B" = environ();
} }

natives! { static PROCESS_IMPL for "java/lang/ProcessImpl" {
    "init" "()V" = init();
} }

natives! { static PROCESS_HANDLE_IMPL for "java/lang/ProcessHandleImpl" {
    "initNative" "()V" = init();
    "getCurrentPid0" "()J" = get_current_pid0();
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![PROCESS_ENVIRONMENT, PROCESS_HANDLE_IMPL, PROCESS_IMPL]
}

fn init(_: &mut Env<'_>) -> JResult<()> {
    Ok(())
}

/// The granted variables: names and values in turn.
fn environ<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let variables = State::of(env).gate.environment();
    let bytes = env.vm().primitive_array(BasicType::Byte);
    let array = env.new_ref_array(bytes, 2 * variables.len())?;
    for (i, (name, value)) in variables.iter().enumerate() {
        env.scope(|env| {
            for (at, text) in [(2 * i, name), (2 * i + 1, value)] {
                let text = env.new_byte_array(text.as_bytes())?;
                env.set_elem(array, at, text);
            }
            Ok(())
        })?;
    }
    Ok(array)
}

fn get_current_pid0(env: &mut Env<'_>) -> JResult<i64> {
    let pid = State::of(env).gate.process_id().map_err(|e| errors::io(env, &e))?;
    Ok(i64::from(pid))
}

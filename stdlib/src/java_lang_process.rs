//! Natives of java.lang that concern processes: the environment, and what the library asks when it starts.
//!
//! Deliberately not here yet: starting, awaiting and ending processes (ProcessImpl.forkAndExec and
//! ProcessHandleImpl.waitForProcessExit0 and destroy0 are missing rows).

use std::os::unix::ffi::OsStrExt;

use carafe_classloader::basic::BasicType;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

use crate::errors;
use crate::gate::process::Process;
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
    "isAlive0" "(J)J" = is_alive0(long);
    "parent0" "(JJ)J" = parent0(long, long);
    "getProcessPids0" "(J[J[J[J)I" = get_process_pids0(long, obj, obj, obj);
} }

natives! { static PROCESS_INFO for "java/lang/ProcessHandleImpl$Info" {
    "initIDs" "()V" = init();
    "info0" "(J)V" = info0(obj, long);
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![PROCESS_ENVIRONMENT, PROCESS_HANDLE_IMPL, PROCESS_IMPL, PROCESS_INFO]
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
    Ok(i64::from(State::of(env).gate.process_id()))
}

/// Looks a process up by the number that Java holds.
fn process(env: &mut Env<'_>, id: i64) -> JResult<Option<Process>> {
    let Ok(id) = i32::try_from(id) else { return Ok(None) };
    let gate = &State::of(env).gate;
    env.blocking(|| gate.process(id)).map_err(|e| errors::io(env, &e))
}

/// When the process was started (0: unknown), -1 if there is none.
fn is_alive0(env: &mut Env<'_>, id: i64) -> JResult<i64> {
    Ok(process(env, id)?.map_or(-1, |p| p.started_millis))
}

/// The parent's number, -1 if there is none or the number now is another process's.
fn parent0(env: &mut Env<'_>, id: i64, started: i64) -> JResult<i64> {
    let same = |p: &Process| p.started_millis == started || p.started_millis == 0 || started == 0;
    Ok(process(env, id)?.filter(same).map_or(-1, |p| i64::from(p.parent)))
}

/// Fills as much as there is room for, and tells how many there are.
fn get_process_pids0<'s>(
    env: &mut Env<'s>,
    parent: i64,
    ids: Local<'s>,
    parents: Local<'s>,
    starts: Local<'s>,
) -> JResult<i32> {
    if env.is_null(ids) {
        return Err(env.throw_npe());
    }
    let parent = (parent != 0).then(|| i32::try_from(parent).unwrap_or(-1));
    let gate = &State::of(env).gate;
    let found = env.blocking(|| gate.processes(parent)).map_err(|e| errors::io(env, &e))?;
    for (i, p) in found.iter().enumerate().take(env.array_len(ids)) {
        for (array, value) in
            [(ids, i64::from(p.id)), (parents, i64::from(p.parent)), (starts, p.started_millis)]
        {
            if !env.is_null(array) && !env.write_array(array, i, &[value]) {
                return Err(env.throw_illegal_argument("array sizes not equal"));
            }
        }
    }
    Ok(i32::try_from(found.len()).unwrap_or(i32::MAX))
}

/// Fills in what is known; the rest stays as the constructor left it.
fn info0(env: &mut Env<'_>, this: Local<'_>, id: i64) -> JResult<()> {
    let Some(process) = process(env, id)? else { return Ok(()) };
    let gate = &State::of(env).gate;
    let line = env.blocking(|| gate.command_line(process.id)).map_err(|e| errors::io(env, &e))?;
    let [command, arguments, start, total, user] = State::of(env).fields.process_info.get(env)?;
    env.set(this, start, process.started_millis);
    env.set(this, total, process.cpu_nanos);
    for (field, text) in [(command, &line.program), (user, &line.user)] {
        if let Some(text) = text {
            let text = env.new_string(text)?;
            env.set_ref(this, field, text);
        }
    }
    if let Some(words) = &line.arguments {
        let array = env.new_ref_array(env.wk().string.id, words.len())?;
        for (i, word) in words.iter().enumerate() {
            env.scope(|env| {
                let word = env.new_string(word)?;
                env.set_elem(array, i, word);
                Ok(())
            })?;
        }
        env.set_ref(this, arguments, array);
    }
    Ok(())
}

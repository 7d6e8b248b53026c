//! Natives of java.lang that concern processes: the environment, programs that are started, processes that are looked at.
//!
//! Deliberately not here: how a program is started. The library says by which mechanism, and that is not its choice here.

use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

use carafe_classloader::basic::BasicType;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;
use rustix::event::PollFlags;
use rustix::io::Errno;

use crate::errors;
use crate::gate::handles::Handle;
use crate::gate::process::Process;
use crate::gate::{Command, Failure, Started, Stream, strerror};
use crate::state::State;
use crate::sun_nio_ch::token;

natives! { static PROCESS_ENVIRONMENT for "java/lang/ProcessEnvironment" {
    "environ" "()[[B" = environ(): env;
} }

natives! { static PROCESS_IMPL for "java/lang/ProcessImpl" {
    "init" "()V" = init(): isolate;
    "forkAndExec" "(I[B[B[BI[BI[B[IZ)I" =
        fork_and_exec(obj, int, obj, obj, obj, int, obj, int, obj, obj, bool): opened, run, read, env;
} }

natives! { static PROCESS_HANDLE_IMPL for "java/lang/ProcessHandleImpl" {
    "initNative" "()V" = init(): isolate;
    "getCurrentPid0" "()J" = get_current_pid0(): sys "pid";
    "isAlive0" "(J)J" = is_alive0(long): opened, sys "process", sys "pid";
    "parent0" "(JJ)J" = parent0(long, long): opened, sys "process", sys "pid";
    "getProcessPids0" "(J[J[J[J)I" = get_process_pids0(long, obj, obj, obj): opened, sys "process", sys "pid";
    "waitForProcessExit0" "(JZ)I" = wait_for_process_exit0(long, bool): opened;
    "destroy0" "(JJZ)Z" = destroy0(long, long, bool): opened, run;
} }

natives! { static PROCESS_INFO for "java/lang/ProcessHandleImpl$Info" {
    "initIDs" "()V" = init(): isolate;
    "info0" "(J)V" = info0(obj, long): opened, sys "process", sys "pid", sys "user";
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

/// More than any kernel takes for arguments and environment.
const BLOCK_BYTES_MAX: usize = 8 << 20;
/// What stands for a stream that is to be a pipe, and after the call for one that is none.
const NO_DESCRIPTOR: i32 = -1;
/// What waiting says of processes that are not ours to wait for.
const NOT_A_CHILD: i32 = -2;

/// Starts a program. The blocks hold texts that end in NUL; `descriptors` say what its streams are, and afterwards which
/// pipes there are to it.
fn fork_and_exec(
    env: &mut Env<'_>,
    _this: Local<'_>,
    _mechanism: i32,
    _helper: Local<'_>,
    program: Local<'_>,
    arguments: Local<'_>,
    argument_count: i32,
    environment: Local<'_>,
    variable_count: i32,
    directory: Local<'_>,
    descriptors: Local<'_>,
    merged: bool,
) -> JResult<i32> {
    if env.is_null(program) || env.is_null(arguments) || env.is_null(descriptors) {
        return Err(env.throw_npe());
    }
    let mut words = block(env, program, 1)?;
    words.extend(block(env, arguments, argument_count)?);
    let environment = if env.is_null(environment) {
        let granted = State::of(env).gate.environment();
        let join = |(name, value): &(_, _)| variable(name, value);
        granted.iter().map(join).collect()
    } else {
        block(env, environment, variable_count)?
    };
    let directory = if env.is_null(directory) { None } else { block(env, directory, 1)?.pop() };
    let mut numbers = [0; 3];
    if !env.read_array(descriptors, 0, &mut numbers) {
        return Err(env.throw_no_message("java/lang/ArrayIndexOutOfBoundsException"));
    }
    let state = State::of(env);
    let stream = |number: i32| match number {
        NO_DESCRIPTOR => Ok(Stream::Pipe),
        number => state.handles.get(number).map(Stream::Open),
    };
    let command = Command { words, environment };
    let started = env.blocking(|| {
        let [input, output, error] = numbers;
        let streams = [stream(input)?, stream(output)?, stream(error)?];
        state.gate.start_program(&command, directory.as_deref(), streams, merged)
    });
    let Started { id, pipes } = match started {
        Ok(started) => started,
        Err(Failure::Denied(denied)) => return Err(errors::denied(env, &denied)),
        Err(Failure::Os(errno)) => return Err(not_started(env, errno)),
    };
    let mut ours = [NO_DESCRIPTOR; 3];
    for (at, pipe) in pipes.into_iter().enumerate() {
        let Some(pipe) = pipe else { continue };
        match state.handles.insert(pipe) {
            Ok(number) => ours[at] = number,
            Err(errno) => {
                // Nobody would hold on to it.
                env.blocking(|| state.gate.abandon(id));
                ours.iter().filter(|number| **number != NO_DESCRIPTOR).for_each(|number| {
                    state.handles.close(*number).ok();
                });
                return Err(not_started(env, errno));
            }
        }
    }
    env.write_array(descriptors, 0, &ours);
    Ok(id)
}

fn not_started(env: &mut Env<'_>, errno: Errno) -> carafe_vm::env::Throw {
    let message = format!("Exec failed, error: {} ({}) ", errno.raw_os_error(), strerror(errno));
    env.throw("java/io/IOException", &message)
}

fn variable(name: &std::ffi::OsString, value: &std::ffi::OsString) -> Vec<u8> {
    [name.as_bytes(), b"=", value.as_bytes()].concat()
}

/// The first `count` texts of a block.
fn block(env: &mut Env<'_>, array: Local<'_>, count: i32) -> JResult<Vec<Vec<u8>>> {
    if env.array_len(array) > BLOCK_BYTES_MAX {
        return Err(not_started(env, Errno::TOOBIG));
    }
    let bytes = env.bytes(array);
    let count = usize::try_from(count).unwrap_or(0);
    Ok(bytes.split(|b| *b == 0).take(count).map(<[u8]>::to_vec).collect())
}

/// Waits until a process that this program has started ends, wherever it is waited for, and tells its exit code.
fn wait_for_process_exit0(env: &mut Env<'_>, id: i64, reap: bool) -> JResult<i32> {
    let state = State::of(env);
    let child = i32::try_from(id).ok().and_then(|id| Some((id, state.gate.child(id)?)));
    let Some((id, process)) = child else { return Ok(NOT_A_CHILD) };
    let (thread, process): (i64, Arc<Handle>) = (token(env), process);
    loop {
        let ended = env.blocking(|| {
            let waited = state.interrupts.wait_while(thread, Some((&process, PollFlags::IN)), None, || true);
            waited.and_then(|_| process.wait(PollFlags::IN, Some(std::time::Duration::ZERO)))
        });
        match ended {
            Ok(true) => break,
            // Somebody wants this thread: the isolate's end is seen here, everything else passes.
            Ok(false) | Err(Errno::INTR) => env.poll()?,
            Err(_) => return Ok(-1),
        }
    }
    Ok(state.gate.exit_code(id, reap).unwrap_or(NOT_A_CHILD))
}

fn destroy0(env: &mut Env<'_>, id: i64, started: i64, force: bool) -> JResult<bool> {
    let Ok(id) = i32::try_from(id) else { return Ok(false) };
    let gate = &State::of(env).gate;
    env.blocking(|| gate.end_process(id, started, force)).map_err(|e| errors::io(env, &e))
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

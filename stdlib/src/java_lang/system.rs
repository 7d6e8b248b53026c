//! `java.lang.System`: copying, identity, clocks and the standard streams.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::{monitor, natives};

use super::arraycopy::arraycopy;
use crate::State;
use crate::errors;
use crate::noop::nothing;

natives! { pub(crate) static SYSTEM for "java/lang/System" {
    "registerNatives" "()V" = nothing(): isolate;
    "arraycopy" "(Ljava/lang/Object;ILjava/lang/Object;II)V" = arraycopy(obj, int, obj, int, int): isolate;
    "identityHashCode" "(Ljava/lang/Object;)I" = identity_hash_code(obj): isolate;
    "currentTimeMillis" "()J" = current_time_millis(): clock;
    "nanoTime" "()J" = nano_time(): clock;
    "setIn0" "(Ljava/io/InputStream;)V" = set_in(obj): isolate;
    "setOut0" "(Ljava/io/PrintStream;)V" = set_out(obj): isolate;
    "setErr0" "(Ljava/io/PrintStream;)V" = set_err(obj): isolate;
    "mapLibraryName" "(Ljava/lang/String;)Ljava/lang/String;" = map_library_name(obj): isolate;
} }

fn identity_hash_code<'s>(env: &mut Env<'s>, object: Local<'s>) -> JResult<i32> {
    if env.is_null(object) {
        return Ok(0);
    }
    Ok(monitor::identity_hash(env, object))
}

fn current_time_millis(env: &mut Env<'_>) -> JResult<i64> {
    match State::of(env).gate.wall_clock() {
        Ok(now) => Ok(now.as_millis() as i64),
        Err(e) => Err(errors::io(env, &e)),
    }
}

fn nano_time(env: &mut Env<'_>) -> JResult<i64> {
    match State::of(env).gate.monotonic_nanos() {
        Ok(now) => Ok(now),
        Err(e) => Err(errors::io(env, &e)),
    }
}

// The three streams are final in Java, so that only these natives change them.

fn set_in<'s>(env: &mut Env<'s>, stream: Local<'s>) -> JResult<()> {
    set_stream(env, env.wk().system.in_, stream)
}

fn set_out<'s>(env: &mut Env<'s>, stream: Local<'s>) -> JResult<()> {
    set_stream(env, env.wk().system.out, stream)
}

fn set_err<'s>(env: &mut Env<'s>, stream: Local<'s>) -> JResult<()> {
    set_stream(env, env.wk().system.err, stream)
}

fn set_stream<'s>(env: &mut Env<'s>, offset: u32, stream: Local<'s>) -> JResult<()> {
    let system = env.mirror(env.wk().system.id);
    env.set_ref(system, offset, stream);
    Ok(())
}

/// What the file of a library called `name` is called on this system.
fn map_library_name<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<Local<'s>> {
    const NAME_LEN_MAX: usize = 240;
    if env.is_null(name) {
        return Err(env.throw_npe());
    }
    let units = env.string_utf16(name);
    if units.len() > NAME_LEN_MAX {
        return Err(env.throw_illegal_argument("name too long"));
    }
    let file: Vec<u16> = "lib".encode_utf16().chain(units).chain(".so".encode_utf16()).collect();
    env.new_string_utf16(&file)
}

//! UnixNativeDispatcher: names and numbers of users and groups.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::io::Errno;

use super::path;
use crate::errors;
use crate::gate::{Gate, Outcome};
use crate::state::State;

natives! { pub(super) static USERS for "sun/nio/fs/UnixNativeDispatcher" {
    "getpwuid" "(I)[B" = getpwuid(int): sys "user";
    "getgrgid" "(I)[B" = getgrgid(int): sys "user";
    "getpwnam0" "(J)I" = getpwnam0(long): sys "user";
    "getgrnam0" "(J)I" = getgrnam0(long): sys "user";
} }

fn getpwuid<'s>(env: &mut Env<'s>, id: i32) -> JResult<Local<'s>> {
    name(env, |gate| gate.user_name(id as u32))
}

fn getgrgid<'s>(env: &mut Env<'s>, id: i32) -> JResult<Local<'s>> {
    name(env, |gate| gate.group_name(id as u32))
}

/// A number without a name is UnixException(ENOENT); Java then shows the number.
fn name<'s>(env: &mut Env<'s>, ask: impl FnOnce(&Gate) -> Outcome<Option<String>>) -> JResult<Local<'s>> {
    let gate = &State::of(env).gate;
    match env.blocking(|| ask(gate)) {
        Ok(Some(name)) => env.new_byte_array(name.as_bytes()),
        Ok(None) => Err(errors::unix_errno(env, Errno::NOENT)),
        Err(failure) => Err(errors::unix(env, &failure)),
    }
}

fn getpwnam0(env: &mut Env<'_>, address: i64) -> JResult<i32> {
    number(env, address, |gate, name| gate.user_id(name))
}

fn getgrnam0(env: &mut Env<'_>, address: i64) -> JResult<i32> {
    number(env, address, |gate, name| gate.group_id(name))
}

/// -1 for a name that nobody has.
fn number(
    env: &mut Env<'_>,
    address: i64,
    ask: impl FnOnce(&Gate, &str) -> Outcome<Option<u32>>,
) -> JResult<i32> {
    let name = path(env, address)?;
    let gate = &State::of(env).gate;
    match env.blocking(|| ask(gate, &String::from_utf8_lossy(&name))) {
        Ok(id) => Ok(id.map_or(-1, |i| i as i32)),
        Err(failure) => Err(errors::unix(env, &failure)),
    }
}

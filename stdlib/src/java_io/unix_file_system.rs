//! java.io.UnixFileSystem: questions and changes that answer with a value instead of an exception.
//!
//! A failure of the system is the answer (false, 0, null); a refusal of the gate is a SecurityException all the same.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::fs::{Access, FileType, Mode, OFlags, StatVfs};
use rustix::io::Errno;

use super::canonical::canonical;
use super::nothing;
use crate::errors;
use crate::gate::fs::{At, Attributes, Links, Time};
use crate::gate::{Failure, Gate, Outcome};
use crate::state::State;

natives! { pub(super) static UNIX_FILE_SYSTEM for "java/io/UnixFileSystem" {
    "initIDs" "()V" = nothing(): isolate;
    "canonicalize0" "(Ljava/lang/String;)Ljava/lang/String;" = canonicalize0(obj, obj): read;
    "getBooleanAttributes0" "(Ljava/io/File;)I" = get_boolean_attributes0(obj, obj): read;
    "checkAccess0" "(Ljava/io/File;I)Z" = check_access0(obj, obj, int): read;
    "getLastModifiedTime0" "(Ljava/io/File;)J" = get_last_modified_time0(obj, obj): read;
    "getLength0" "(Ljava/io/File;)J" = get_length0(obj, obj): read;
    "setPermission0" "(Ljava/io/File;IZZ)Z" = set_permission0(obj, obj, int, bool, bool): read, write;
    "createFileExclusively0" "(Ljava/lang/String;)Z" = create_file_exclusively0(obj, obj): write;
    "delete0" "(Ljava/io/File;)Z" = delete0(obj, obj): write;
    "list0" "(Ljava/io/File;)[Ljava/lang/String;" = list0(obj, obj): read;
    "createDirectory0" "(Ljava/io/File;)Z" = create_directory0(obj, obj): write;
    "rename0" "(Ljava/io/File;Ljava/io/File;)Z" = rename0(obj, obj, obj): write;
    "setLastModifiedTime0" "(Ljava/io/File;J)Z" = set_last_modified_time0(obj, obj, long): read, write;
    "setReadOnly0" "(Ljava/io/File;)Z" = set_read_only0(obj, obj): read, write;
    "getSpace0" "(Ljava/io/File;I)J" = get_space0(obj, obj, int): read;
    "getNameMax0" "(Ljava/lang/String;)J" = get_name_max0(obj, obj): read;
} }

/// Bits and codes of java.io.FileSystem.
mod code {
    pub(super) const EXISTS: i32 = 1;
    pub(super) const REGULAR: i32 = 2;
    pub(super) const DIRECTORY: i32 = 4;
    pub(super) const ACCESS_EXECUTE: i32 = 1;
    pub(super) const ACCESS_WRITE: i32 = 2;
    pub(super) const ACCESS_READ: i32 = 4;
    pub(super) const SPACE_TOTAL: i32 = 0;
    pub(super) const SPACE_FREE: i32 = 1;
    pub(super) const SPACE_USABLE: i32 = 2;
}

/// The path in a java.io.File.
fn path_of(env: &mut Env<'_>, file: Local<'_>) -> JResult<Vec<u8>> {
    if env.is_null(file) {
        return Err(env.throw_npe());
    }
    let [path] = State::of(env).fields.file.get(env)?;
    let path = env.get_ref(file, path);
    if env.is_null(path) {
        return Err(env.throw_npe());
    }
    Ok(env.string(path).into_bytes())
}

/// Runs an operation on a file's path; `None` says that the system could not do it.
fn try_on<T>(
    env: &mut Env<'_>,
    file: Local<'_>,
    work: impl FnOnce(&Gate, At<'_>) -> Outcome<T>,
) -> JResult<Option<T>> {
    let path = path_of(env, file)?;
    let gate = &State::of(env).gate;
    match env.blocking(|| work(gate, At::new(&path))) {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Os(_)) => Ok(None),
        Err(Failure::Denied(d)) => Err(errors::denied(env, &d)),
    }
}

fn attributes(env: &mut Env<'_>, file: Local<'_>) -> JResult<Option<Attributes>> {
    try_on(env, file, |gate, at| gate.attributes(at, Links::Follow))
}

fn canonicalize0<'s>(env: &mut Env<'s>, _this: Local<'_>, path: Local<'_>) -> JResult<Local<'s>> {
    if env.is_null(path) {
        return Err(env.throw_npe());
    }
    let path = env.string(path).into_bytes();
    let gate = &State::of(env).gate;
    let done = env.blocking(|| canonical(&path, |prefix| gate.real_path(At::new(prefix))));
    let bytes = done.map_err(|e| errors::io(env, &e))?;
    env.new_string(&String::from_utf8_lossy(&bytes))
}

fn get_boolean_attributes0(env: &mut Env<'_>, _this: Local<'_>, file: Local<'_>) -> JResult<i32> {
    let Some(attributes) = attributes(env, file)? else {
        return Ok(0);
    };
    Ok(code::EXISTS
        | match attributes.file_type() {
            FileType::RegularFile => code::REGULAR,
            FileType::Directory => code::DIRECTORY,
            _ => 0,
        })
}

fn check_access0(env: &mut Env<'_>, _this: Local<'_>, file: Local<'_>, wanted: i32) -> JResult<bool> {
    let mut access = Access::empty();
    access.set(Access::READ_OK, wanted & code::ACCESS_READ != 0);
    access.set(Access::WRITE_OK, wanted & code::ACCESS_WRITE != 0);
    access.set(Access::EXEC_OK, wanted & code::ACCESS_EXECUTE != 0);
    Ok(try_on(env, file, |gate, at| gate.may_access(at, access))?.is_some())
}

fn get_last_modified_time0(env: &mut Env<'_>, _this: Local<'_>, file: Local<'_>) -> JResult<i64> {
    Ok(attributes(env, file)?.map_or(0, |a| a.modified.millis()))
}

fn get_length0(env: &mut Env<'_>, _this: Local<'_>, file: Local<'_>) -> JResult<i64> {
    Ok(attributes(env, file)?.map_or(0, |a| a.size as i64))
}

fn set_permission0(
    env: &mut Env<'_>,
    _this: Local<'_>,
    file: Local<'_>,
    access: i32,
    enable: bool,
    owner_only: bool,
) -> JResult<bool> {
    // The three bits of the owner, repeated for group and others unless only the owner is meant.
    let owner = Mode::from_raw_mode((access as u32 & 7) << 6);
    let bits = if owner_only { owner } else { owner | Mode::from_raw_mode((access as u32 & 7) * 0o11) };
    change_mode(env, file, |mode| if enable { mode | bits } else { mode - bits })
}

fn set_read_only0(env: &mut Env<'_>, _this: Local<'_>, file: Local<'_>) -> JResult<bool> {
    change_mode(env, file, |mode| mode - (Mode::WUSR | Mode::WGRP | Mode::WOTH))
}

fn change_mode(env: &mut Env<'_>, file: Local<'_>, change: impl Fn(Mode) -> Mode) -> JResult<bool> {
    let done = try_on(env, file, |gate, at| {
        let mode = gate.attributes(at, Links::Follow)?.permissions();
        gate.set_permissions(at, change(mode), Links::Follow)
    })?;
    Ok(done.is_some())
}

/// False if there is something by that name already; any other failure is an IOException.
fn create_file_exclusively0(env: &mut Env<'_>, _this: Local<'_>, path: Local<'_>) -> JResult<bool> {
    if env.is_null(path) {
        return Err(env.throw_npe());
    }
    let path = env.string(path).into_bytes();
    let gate = &State::of(env).gate;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
    match env.blocking(|| gate.open(At::new(&path), flags, Mode::from_raw_mode(0o666))) {
        Ok(_) => Ok(true),
        Err(Failure::Os(Errno::EXIST)) => Ok(false),
        // The root exists, but the kernel calls it a directory first.
        Err(Failure::Os(Errno::ISDIR)) => Ok(false),
        Err(failure) => Err(errors::io(env, &failure)),
    }
}

fn delete0(env: &mut Env<'_>, _this: Local<'_>, file: Local<'_>) -> JResult<bool> {
    Ok(try_on(env, file, |gate, at| gate.remove(at))?.is_some())
}

/// The names in a directory, or null. They go to the heap some at a time: there may be more of them than the heap holds, and
/// than can be read before somebody wants this thread to end.
fn list0<'s>(env: &mut Env<'s>, _this: Local<'_>, file: Local<'_>) -> JResult<Local<'s>> {
    const FIRST: usize = 64;
    const AT_ONCE: usize = 256;
    let Some(mut listing) = try_on(env, file, |gate, at| gate.list(at))? else {
        return Ok(Local::NULL);
    };
    let (mut array, mut count) = (env.new_ref_array(env.wk().string.id, FIRST)?, 0);
    loop {
        let mut names = Vec::new();
        let read = env.blocking(|| -> Result<(), Errno> {
            while names.len() < AT_ONCE
                && let Some(name) = listing.next_name()?
            {
                if name != b"." && name != b".." {
                    names.push(name);
                }
            }
            Ok(())
        });
        env.poll()?;
        if read.is_err() {
            return Ok(Local::NULL);
        }
        if names.is_empty() {
            return resized(env, array, count, count);
        }
        let room = env.array_len(array);
        if count + names.len() > room {
            array = resized(env, array, count, 2 * room + AT_ONCE)?;
        }
        for name in names {
            env.scope(|env| -> JResult<()> {
                let name = env.new_string(&String::from_utf8_lossy(&name))?;
                env.set_elem(array, count, name);
                Ok(())
            })?;
            count += 1;
        }
    }
}

/// A new array of strings that begins with the first `count` of another.
fn resized<'s>(env: &mut Env<'s>, from: Local<'_>, count: usize, length: usize) -> JResult<Local<'s>> {
    let to = env.new_ref_array(env.wk().string.id, length)?;
    for index in 0..count {
        env.scope(|env| -> JResult<()> {
            let element = env.elem(from, index);
            env.set_elem(to, index, element);
            Ok(())
        })?;
    }
    Ok(to)
}

fn create_directory0(env: &mut Env<'_>, _this: Local<'_>, file: Local<'_>) -> JResult<bool> {
    Ok(try_on(env, file, |gate, at| gate.make_directory(at, Mode::from_raw_mode(0o777)))?.is_some())
}

fn rename0(env: &mut Env<'_>, _this: Local<'_>, from: Local<'_>, to: Local<'_>) -> JResult<bool> {
    let to = path_of(env, to)?;
    Ok(try_on(env, from, |gate, from| gate.rename(from, At::new(&to)))?.is_some())
}

fn set_last_modified_time0(
    env: &mut Env<'_>,
    _this: Local<'_>,
    file: Local<'_>,
    millis: i64,
) -> JResult<bool> {
    let done = try_on(env, file, |gate, at| {
        let accessed = gate.attributes(at, Links::Follow)?.accessed;
        gate.set_times(at, accessed, Time::from_millis(millis), Links::Follow)
    })?;
    Ok(done.is_some())
}

fn get_space0(env: &mut Env<'_>, _this: Local<'_>, file: Local<'_>, kind: i32) -> JResult<i64> {
    let Some(volume) = try_on(env, file, |gate, at| gate.volume(at))? else {
        return Ok(0);
    };
    let blocks = match kind {
        code::SPACE_TOTAL => volume.f_blocks,
        code::SPACE_FREE => volume.f_bfree,
        code::SPACE_USABLE => volume.f_bavail,
        _ => 0,
    };
    Ok(i64::try_from(volume.f_frsize.saturating_mul(blocks)).unwrap_or(i64::MAX))
}

/// The longest file name in the directory that a path names, 255 where the system does not say.
fn get_name_max0(env: &mut Env<'_>, _this: Local<'_>, path: Local<'_>) -> JResult<i64> {
    if env.is_null(path) {
        return Err(env.throw_npe());
    }
    let path = env.string(path).into_bytes();
    let gate = &State::of(env).gate;
    let volume: Outcome<StatVfs> = env.blocking(|| gate.volume(At::new(&path)));
    Ok(volume.map_or(255, |v| i64::try_from(v.f_namemax).unwrap_or(255)))
}

//! LinuxNativeDispatcher, and the text streams it shares with UnixNativeDispatcher: the table of mounted file systems.
//!
//! The table is read whole when it is opened, so that it is one moment's table however slowly Java reads it.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use parking_lot::Mutex;
use rustix::fs::Advice;
use rustix::io::Errno;

use super::copy::direct_copy0;
use super::{handle, on_path};
use crate::errors;
use crate::state::State;

natives! { pub(super) static LINUX_NATIVE_DISPATCHER for "sun/nio/fs/LinuxNativeDispatcher" {
    "init" "()V" = init(): isolate;
    "setmntent0" "(JJ)J" = setmntent0(long, long): read;
    "getmntent0" "(JLsun/nio/fs/UnixMountEntry;JI)I" = getmntent0(long, obj, long, int): opened;
    "endmntent" "(J)V" = endmntent(long): opened;
    "posix_fadvise" "(IJJI)I" = posix_fadvise(int, long, long, int): opened;
    "directCopy0" "(IIJ)I" = direct_copy0(int, int, long): opened;
} }

natives! { pub(super) static TEXT_STREAMS for "sun/nio/fs/UnixNativeDispatcher" {
    "rewind" "(J)V" = rewind(long): opened;
    "getlinelen" "(J)I" = getlinelen(long): opened;
} }

/// A text file being read line by line.
pub(super) struct Text {
    bytes: Vec<u8>,
    at: usize,
}

impl Text {
    fn new(bytes: Vec<u8>) -> Text {
        Text { bytes, at: 0 }
    }

    /// The next line with its end, if there is one left.
    fn line(&mut self) -> Option<&[u8]> {
        let rest = self.bytes.get(self.at..).filter(|r| !r.is_empty())?;
        let length = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |p| p + 1);
        self.at += length;
        rest.get(..length)
    }

    /// The next entry of a mount table: device, directory, type, options.
    fn mount(&mut self) -> Option<[Vec<u8>; 4]> {
        loop {
            let line = self.line()?;
            let mut fields = line.split(|b| b.is_ascii_whitespace()).filter(|f| !f.is_empty());
            let Some(first) = fields.next().filter(|f| !f.starts_with(b"#")) else {
                continue;
            };
            let mut field = || fields.next().map(unescape).unwrap_or_default();
            return Some([unescape(first), field(), field(), field()]);
        }
    }
}

/// Undoes the `\ooo` escapes by which the table writes blanks and backslashes.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&byte, tail)) = rest.split_first() {
        if let (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) = (byte, tail) {
            out.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'));
            rest = after;
        } else {
            out.push(byte);
            rest = tail;
        }
    }
    out
}

fn init(_: &mut Env<'_>) -> JResult<()> {
    Ok(())
}

/// Opens a mount table; the mode is always for reading.
fn setmntent0(env: &mut Env<'_>, address: i64, _mode: i64) -> JResult<i64> {
    let bytes = on_path(env, address, |gate, at| gate.mounts(at))?;
    let inserted = State::of(env).lists.texts.insert(Mutex::new(Text::new(bytes)));
    inserted.map_err(|_| errors::unix_errno(env, Errno::MFILE))
}

/// Fills in the next entry: 0, or -1 at the end. The buffer is the C library's need, not ours.
fn getmntent0(env: &mut Env<'_>, stream: i64, entry: Local<'_>, _buffer: i64, _length: i32) -> JResult<i32> {
    if env.is_null(entry) {
        return Err(env.throw_npe());
    }
    let text = State::of(env).lists.texts.get(stream);
    let Some(mount) = text.and_then(|t| t.lock().mount()) else {
        return Ok(-1);
    };
    let [name, directory, kind, options, _device] = State::of(env).fields.unix_mount_entry.get(env)?;
    for (field, bytes) in [name, directory, kind, options].into_iter().zip(&mount) {
        env.scope(|env| {
            let array = env.new_byte_array(bytes)?;
            env.set_ref(entry, field, array);
            Ok(())
        })?;
    }
    Ok(0)
}

fn endmntent(env: &mut Env<'_>, stream: i64) -> JResult<()> {
    State::of(env).lists.texts.remove(stream);
    Ok(())
}

fn rewind(env: &mut Env<'_>, stream: i64) -> JResult<()> {
    match State::of(env).lists.texts.get(stream) {
        Some(text) => {
            text.lock().at = 0;
            Ok(())
        }
        None => Err(errors::unix_errno(env, Errno::BADF)),
    }
}

/// The length of the next line with its end, -1 if there is none.
fn getlinelen(env: &mut Env<'_>, stream: i64) -> JResult<i32> {
    match State::of(env).lists.texts.get(stream) {
        Some(text) => Ok(text.lock().line().map_or(-1, |l| i32::try_from(l.len()).unwrap_or(i32::MAX))),
        None => Err(errors::unix_errno(env, Errno::BADF)),
    }
}

/// Answers with the error number. The advice may be several kinds or-ed together, which the system does not know.
fn posix_fadvise(env: &mut Env<'_>, number: i32, start: i64, length: i64, advice: i32) -> JResult<i32> {
    let file = handle(env, number)?;
    let advice = match advice {
        0 => Advice::Normal,
        1 => Advice::Random,
        2 => Advice::Sequential,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        5 => Advice::NoReuse,
        _ => return Ok(Errno::INVAL.raw_os_error()),
    };
    let (Ok(start), Ok(length)) = (u64::try_from(start), u64::try_from(length)) else {
        return Ok(Errno::INVAL.raw_os_error());
    };
    Ok(env.blocking(|| file.advise(start, length, advice)).map_or_else(|e| e.raw_os_error(), |()| 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_tables_are_read_entry_by_entry() {
        let table = b"# comment\n\nproc /proc proc rw,nosuid 0 0\n/dev/sda1 /mnt/two\\040words ext4 rw 0 0";
        let mut text = Text::new(table.to_vec());
        let strings = |m: [Vec<u8>; 4]| m.map(|f| String::from_utf8(f).unwrap());
        assert_eq!(text.mount().map(strings), Some(["proc", "/proc", "proc", "rw,nosuid"].map(String::from)));
        assert_eq!(
            text.mount().map(strings),
            Some(["/dev/sda1", "/mnt/two words", "ext4", "rw"].map(String::from))
        );
        assert_eq!(text.mount(), None);
        text.at = 0;
        assert_eq!(text.line().map(<[u8]>::len), Some(10));
    }
}

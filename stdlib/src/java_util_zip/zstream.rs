//! One compressor or decompressor, as zlib defines it.
//!
//! The Java library was written against zlib's C interface and shows its states (needs a dictionary, may not set
//! parameters yet, running checksum, message), so this wraps that interface, as a Rust library implements it, rather
//! than a friendlier one that hides them.
//!
//! Invariant: between calls the stream holds no pointer to a buffer. `raw` was initialized by `inflateInit2_` or
//! `deflateInit2_`, according to `kind`, and is ended once, on drop.

use std::ffi::{CStr, c_int};

use libz_rs_sys as z;

/// How a stream ended a step. Names are zlib's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    StreamEnd,
    NeedDict,
    /// No progress was possible: nothing to read, or no room to write.
    BufError,
    DataError,
    MemError,
    /// Used out of order.
    StreamError,
}

impl Status {
    fn of(code: c_int) -> Status {
        match code {
            z::Z_OK => Status::Ok,
            z::Z_STREAM_END => Status::StreamEnd,
            z::Z_NEED_DICT => Status::NeedDict,
            z::Z_BUF_ERROR => Status::BufError,
            z::Z_DATA_ERROR => Status::DataError,
            z::Z_MEM_ERROR => Status::MemError,
            _ => Status::StreamError,
        }
    }
}

/// What one step did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) status: Status,
    pub(super) consumed: usize,
    pub(super) produced: usize,
}

/// zlib's flush values, which are also those of java.util.zip.Deflater.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flush {
    None,
    Sync,
    Full,
    Finish,
}

impl Flush {
    pub(super) fn of(number: i32) -> Option<Flush> {
        match number {
            z::Z_NO_FLUSH => Some(Flush::None),
            z::Z_SYNC_FLUSH => Some(Flush::Sync),
            z::Z_FULL_FLUSH => Some(Flush::Full),
            z::Z_FINISH => Some(Flush::Finish),
            _ => None,
        }
    }

    fn number(self) -> c_int {
        match self {
            Flush::None => z::Z_NO_FLUSH,
            Flush::Sync => z::Z_SYNC_FLUSH,
            Flush::Full => z::Z_FULL_FLUSH,
            Flush::Finish => z::Z_FINISH,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Inflate,
    Deflate,
}

pub(super) struct Stream {
    // Boxed, because a stream's state may point back at it.
    raw: Box<z::z_stream>,
    kind: Kind,
}

// SAFETY: the stream owns what it points to, and nothing in it belongs to a thread.
unsafe impl Send for Stream {}

/// The largest window that the format has.
const WINDOW_BITS: c_int = 15;
const MEMORY_LEVEL: c_int = 8;

impl Stream {
    /// A decompressor; without a header (`raw`), or with zlib's.
    pub(super) fn inflate(raw: bool) -> Result<Stream, Status> {
        let mut stream = Box::<z::z_stream>::default();
        let bits = if raw { -WINDOW_BITS } else { WINDOW_BITS };
        let size = size_of::<z::z_stream>() as c_int;
        // SAFETY: a default stream with allocation functions, not in use; version and size are the library's own.
        let code = unsafe { z::inflateInit2_(&raw mut *stream, bits, z::zlibVersion(), size) };
        Stream::made(stream, Kind::Inflate, code)
    }

    /// A compressor. A level or strategy that zlib does not know is a StreamError.
    pub(super) fn deflate(level: i32, strategy: i32, raw: bool) -> Result<Stream, Status> {
        let mut stream = Box::<z::z_stream>::default();
        let bits = if raw { -WINDOW_BITS } else { WINDOW_BITS };
        let size = size_of::<z::z_stream>() as c_int;
        // SAFETY: as in `inflate`.
        let code = unsafe {
            z::deflateInit2_(
                &raw mut *stream,
                level,
                z::Z_DEFLATED,
                bits,
                MEMORY_LEVEL,
                strategy,
                z::zlibVersion(),
                size,
            )
        };
        Stream::made(stream, Kind::Deflate, code)
    }

    fn made(raw: Box<z::z_stream>, kind: Kind, code: c_int) -> Result<Stream, Status> {
        match Status::of(code) {
            Status::Ok => Ok(Stream { raw, kind }),
            other => Err(other),
        }
    }

    /// Decompresses as much as fits, never waiting for more input than it has.
    pub(super) fn step_inflate(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        self.step(Kind::Inflate, input, output, |stream| {
            // SAFETY: initialized (see the type), with buffers of the lengths it was told.
            unsafe { z::inflate(stream, z::Z_SYNC_FLUSH) }
        })
    }

    pub(super) fn step_deflate(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Step {
        self.step(Kind::Deflate, input, output, |stream| {
            // SAFETY: as in `step_inflate`.
            unsafe { z::deflate(stream, flush.number()) }
        })
    }

    /// Changes level and strategy of a compressor, which may first have to compress and write what it has: BufError says
    /// that it needs another call for that.
    pub(super) fn set_parameters(
        &mut self,
        level: i32,
        strategy: i32,
        input: &[u8],
        output: &mut [u8],
    ) -> Step {
        self.step(Kind::Deflate, input, output, |stream| {
            // SAFETY: as in `step_inflate`.
            unsafe { z::deflateParams(stream, level, strategy) }
        })
    }

    fn step(
        &mut self,
        kind: Kind,
        input: &[u8],
        output: &mut [u8],
        call: impl FnOnce(*mut z::z_stream) -> c_int,
    ) -> Step {
        if self.kind != kind {
            return Step { status: Status::StreamError, consumed: 0, produced: 0 };
        }
        let (given, room) = (clip(input.len()), clip(output.len()));
        self.raw.next_in = input.as_ptr();
        self.raw.avail_in = given;
        self.raw.next_out = output.as_mut_ptr();
        self.raw.avail_out = room;
        let status = Status::of(call(&raw mut *self.raw));
        let consumed = given.saturating_sub(self.raw.avail_in) as usize;
        let produced = room.saturating_sub(self.raw.avail_out) as usize;
        self.raw.next_in = std::ptr::null();
        self.raw.avail_in = 0;
        self.raw.next_out = std::ptr::null_mut();
        self.raw.avail_out = 0;
        Step { status, consumed, produced }
    }

    pub(super) fn set_dictionary(&mut self, dictionary: &[u8]) -> Status {
        let (data, length) = (dictionary.as_ptr(), clip(dictionary.len()));
        // SAFETY: initialized; the dictionary has the length told and is copied during the call.
        Status::of(unsafe {
            match self.kind {
                Kind::Inflate => z::inflateSetDictionary(&raw mut *self.raw, data, length),
                Kind::Deflate => z::deflateSetDictionary(&raw mut *self.raw, data, length),
            }
        })
    }

    pub(super) fn reset(&mut self) -> Status {
        // SAFETY: initialized (see the type).
        Status::of(unsafe {
            match self.kind {
                Kind::Inflate => z::inflateReset(&raw mut *self.raw),
                Kind::Deflate => z::deflateReset(&raw mut *self.raw),
            }
        })
    }

    /// The running checksum, or that of the dictionary which is needed.
    pub(super) fn adler(&self) -> i32 {
        self.raw.adler as u32 as i32
    }

    /// The library's words for the last error.
    pub(super) fn message(&self) -> Option<String> {
        if self.raw.msg.is_null() {
            return None;
        }
        // SAFETY: a message that the library sets is one of its static C strings.
        Some(unsafe { CStr::from_ptr(self.raw.msg) }.to_string_lossy().into_owned())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: initialized, and ended only here.
        unsafe {
            match self.kind {
                Kind::Inflate => z::inflateEnd(&raw mut *self.raw),
                Kind::Deflate => z::deflateEnd(&raw mut *self.raw),
            };
        }
    }
}

fn clip(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

pub(super) fn crc32(start: i32, bytes: &[u8]) -> i32 {
    // SAFETY: the pointer is valid for the length, which callers keep to a piece.
    unsafe { z::crc32(u64::from(start as u32), bytes.as_ptr(), clip(bytes.len())) as u32 as i32 }
}

pub(super) fn adler32(start: i32, bytes: &[u8]) -> i32 {
    // SAFETY: as in `crc32`.
    unsafe { z::adler32(u64::from(start as u32), bytes.as_ptr(), clip(bytes.len())) as u32 as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compress(stream: &mut Stream, input: &[u8]) -> Vec<u8> {
        let mut out = vec![0; 1 << 16];
        let step = stream.step_deflate(input, &mut out, Flush::Finish);
        assert_eq!((step.status, step.consumed), (Status::StreamEnd, input.len()));
        out.truncate(step.produced);
        out
    }

    #[test]
    fn what_is_compressed_comes_back() {
        let text = b"to be or not to be, that is the question".repeat(50);
        for raw in [false, true] {
            for (level, strategy) in [(-1, 0), (0, 0), (1, 1), (9, 2)] {
                let packed = compress(&mut Stream::deflate(level, strategy, raw).unwrap(), &text);
                let mut out = vec![0; text.len() + 10];
                let step = Stream::inflate(raw).unwrap().step_inflate(&packed, &mut out);
                assert_eq!(
                    (step.status, step.consumed, step.produced),
                    (Status::StreamEnd, packed.len(), text.len())
                );
                assert_eq!(out.get(..text.len()), Some(&text[..]));
            }
        }
    }

    #[test]
    fn damage_is_reported_in_zlibs_words() {
        let mut stream = Stream::inflate(false).unwrap();
        let step = stream.step_inflate(b"this is not compressed", &mut [0; 16]);
        assert_eq!(step.status, Status::DataError);
        assert_eq!(stream.message().as_deref(), Some("incorrect header check"));
    }

    #[test]
    fn a_dictionary_is_asked_for_by_its_checksum() {
        let mut packer = Stream::deflate(-1, 0, false).unwrap();
        assert_eq!(packer.set_dictionary(b"question"), Status::Ok);
        let packed = compress(&mut packer, b"the question");
        let mut stream = Stream::inflate(false).unwrap();
        let mut out = [0; 32];
        let step = stream.step_inflate(&packed, &mut out);
        assert_eq!((step.status, step.produced), (Status::NeedDict, 0));
        assert_eq!(stream.adler(), adler32(1, b"question"));
        assert_eq!(stream.set_dictionary(b"wrong"), Status::DataError);
        assert_eq!(stream.set_dictionary(b"question"), Status::Ok);
        let step = stream.step_inflate(packed.get(step.consumed..).unwrap(), &mut out);
        assert_eq!((step.status, step.produced), (Status::StreamEnd, 12));
        assert_eq!(stream.adler(), adler32(1, b"the question"));
    }

    #[test]
    fn no_progress_is_no_error() {
        let step = Stream::inflate(true).unwrap().step_inflate(&[], &mut [0; 4]);
        assert_eq!((step.status, step.consumed, step.produced), (Status::BufError, 0, 0));
    }

    #[test]
    fn parameters_change_between_flushed_blocks() {
        let mut packer = Stream::deflate(1, 0, true).unwrap();
        let mut out = vec![0; 4096];
        let first = packer.step_deflate(b"abcabcabcabc", &mut out, Flush::Sync);
        let change = packer.set_parameters(9, 2, b"", out.get_mut(first.produced..).unwrap());
        assert_eq!(change.status, Status::Ok);
        let at = first.produced + change.produced;
        let last = packer.step_deflate(b"abcabc", out.get_mut(at..).unwrap(), Flush::Finish);
        assert_eq!(last.status, Status::StreamEnd);
        let mut back = [0; 64];
        let step = Stream::inflate(true).unwrap().step_inflate(&out, &mut back);
        assert_eq!((step.status, back.get(..18)), (Status::StreamEnd, Some(&b"abcabcabcabcabcabc"[..])));
    }

    #[test]
    fn checksums_agree_with_published_values() {
        assert_eq!(crc32(0, b"123456789") as u32, 0xCBF4_3926);
        assert_eq!(adler32(1, b"Wikipedia") as u32, 0x11E6_0398);
    }
}

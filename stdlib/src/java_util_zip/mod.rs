//! Natives of java.util.zip: checksums, Deflater, Inflater.
//!
//! Java holds a stream by its number in [`Streams`]. Data passes in pieces through buffers of Rust's own, as much as is
//! needed to fill the output that was asked for, so that a caller who reads a long array a little at a time does not
//! pay for all of it each time.

mod checksum;
mod deflater;
mod inflater;
mod zstream;

use std::sync::Arc;

use carafe_gc::heap::GcCause;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::limits::LimitKind;
use carafe_vm::natives::NativeRow;
use parking_lot::{Mutex, MutexGuard};

use crate::memory::Region;
use crate::slab::Slab;
use crate::state::State;
use zstream::{Status, Stream};

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![checksum::ADLER32, checksum::CRC32, deflater::DEFLATER, inflater::INFLATER]
}

/// The streams of one isolate. A compressor takes some 300 KiB of the host's memory, so their number is bounded.
pub(crate) struct Streams {
    inflaters: Slab<Mutex<Stream>>,
    deflaters: Slab<Mutex<Stream>>,
}

const INFLATERS_MAX: usize = 1 << 14;
const DEFLATERS_MAX: usize = 1 << 12;
/// The most that one step moves; small enough that a step is no long wait for a stopped world.
const STEP_BYTES: usize = 64 << 10;

/// What a stream takes of the host's memory, charged to the isolate's off-heap memory.
const INFLATER_BYTES: u64 = 56 << 10;
const DEFLATER_BYTES: u64 = 330 << 10;

/// Charges a new stream. If there is no room, what nobody uses any more is collected, so that a later try may succeed.
fn charge(env: &mut Env<'_>, bytes: u64) -> JResult<()> {
    let vm = env.vm();
    if vm.off_heap.charge(bytes) {
        return Ok(());
    }
    carafe_vm::alloc::collect(env, GcCause::LowMemory);
    if vm.off_heap.charge(bytes) {
        return Ok(());
    }
    vm.limits.note(LimitKind::OffHeap);
    Err(env.throw_no_message("java/lang/OutOfMemoryError"))
}

impl Streams {
    pub(crate) fn new() -> Streams {
        Streams { inflaters: Slab::new(INFLATERS_MAX), deflaters: Slab::new(DEFLATERS_MAX) }
    }
}

/// A piece of input that is likely to fill `room` bytes of output, and not much more.
fn input_piece(env: &Env<'_>, region: &Region<'_>, at: usize, room: usize) -> Vec<u8> {
    let wanted = (room + 64).clamp(512, STEP_BYTES);
    let mut piece = vec![0; wanted.min(region.len() - at)];
    region.read(env, at, &mut piece);
    piece
}

/// How far a call has come, and how it tells Java.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    consumed: usize,
    produced: usize,
    /// Bit 62: the end of the stream is reached.
    finished: bool,
    /// Bit 63: a dictionary is needed, or parameters are still to be set.
    pending: bool,
}

impl Progress {
    /// Bytes consumed in the low 31 bits, bytes produced in the next 31, then the two flags.
    fn packed(self) -> i64 {
        let word = self.consumed as u64
            | (self.produced as u64) << 31
            | u64::from(self.finished) << 62
            | u64::from(self.pending) << 63;
        word as i64
    }
}

/// The stream of that number, for this call alone. Java's own locks keep two threads apart, so another user means that
/// somebody went around them; waiting here could keep a stopped world waiting.
fn exclusive<'a>(
    env: &mut Env<'_>,
    stream: &'a Option<Arc<Mutex<Stream>>>,
) -> JResult<MutexGuard<'a, Stream>> {
    match stream.as_ref().and_then(|s| s.try_lock()) {
        Some(guard) => Ok(guard),
        None => Err(env.throw("java/lang/InternalError", "stream is closed or in use")),
    }
}

/// Sets a dictionary; what zlib does not accept is an IllegalArgumentException.
fn set_dictionary(
    env: &mut Env<'_>,
    stream: &Option<Arc<Mutex<Stream>>>,
    dictionary: Region<'_>,
) -> JResult<()> {
    // Only the last window's worth of a dictionary counts, but its checksum is that of the whole.
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(dictionary.len()).is_err() {
        return Err(env.throw("java/lang/OutOfMemoryError", "dictionary"));
    }
    bytes.resize(dictionary.len(), 0);
    dictionary.read(env, 0, &mut bytes);
    let mut stream = exclusive(env, stream)?;
    match stream.set_dictionary(&bytes) {
        Status::Ok => Ok(()),
        Status::StreamError | Status::DataError => {
            let message = stream.message();
            drop(stream);
            Err(throw(env, "java/lang/IllegalArgumentException", message))
        }
        Status::StreamEnd | Status::NeedDict | Status::BufError | Status::MemError => {
            let message = stream.message();
            drop(stream);
            Err(throw(env, "java/lang/InternalError", message))
        }
    }
}

fn throw(env: &mut Env<'_>, class: &str, message: Option<String>) -> carafe_vm::env::Throw {
    match message {
        Some(text) => env.throw(class, &text),
        None => env.throw_no_message(class),
    }
}

/// Part of a byte array that Java has checked already; checked again all the same.
fn array<'s>(env: &mut Env<'_>, array: Local<'s>, offset: i32, length: i32) -> JResult<Region<'s>> {
    Region::array(env, array, offset, length)
}

fn streams<'s>(env: &Env<'s>) -> &'s Streams {
    &State::of(env).zip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_packed_as_java_unpacks_them() {
        let word = Progress { consumed: 5, produced: 7, finished: true, pending: false }.packed();
        assert_eq!(word & 0x7fff_ffff, 5);
        assert_eq!((word >> 31) & 0x7fff_ffff, 7);
        assert_eq!((word >> 62) & 1, 1);
        assert!(word > 0);
        assert!(Progress { pending: true, ..Progress::default() }.packed() < 0);
        let most =
            Progress { consumed: i32::MAX as usize, produced: i32::MAX as usize, ..Progress::default() };
        assert_eq!((most.packed() >> 31) & 0x7fff_ffff, i64::from(i32::MAX));
        assert_eq!(most.packed() >> 62, 0);
    }
}

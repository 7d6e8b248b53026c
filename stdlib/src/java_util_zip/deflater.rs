//! java.util.zip.Deflater.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use parking_lot::Mutex;

use super::zstream::{Flush, Status, Stream};
use super::{
    DEFLATER_BYTES, Progress, STEP_BYTES, array, charge, exclusive, input_piece, set_dictionary, streams,
    throw,
};
use crate::memory::Region;

natives! { pub(super) static DEFLATER for "java/util/zip/Deflater" {
    "init" "(IIZ)J" = init(int, int, bool): isolate;
    "end" "(J)V" = end(long): isolate;
    "reset" "(J)V" = reset(long): isolate;
    "getAdler" "(J)I" = get_adler(long): isolate;
    "setDictionary" "(J[BII)V" = set_dictionary_bytes(long, obj, int, int): isolate;
    "setDictionaryBuffer" "(JJI)V" = set_dictionary_buffer(long, long, int): isolate;
    "deflateBytesBytes" "(J[BII[BIIII)J" = bytes_bytes(obj, long, obj, int, int, obj, int, int, int, int): isolate;
    "deflateBytesBuffer" "(J[BIIJIII)J" = bytes_buffer(obj, long, obj, int, int, long, int, int, int): isolate;
    "deflateBufferBytes" "(JJI[BIIII)J" = buffer_bytes(obj, long, long, int, obj, int, int, int, int): isolate;
    "deflateBufferBuffer" "(JJIJIII)J" = buffer_buffer(obj, long, long, int, long, int, int, int): isolate;
} }

fn init(env: &mut Env<'_>, level: i32, strategy: i32, no_header: bool) -> JResult<i64> {
    charge(env, DEFLATER_BYTES)?;
    let class = match Stream::deflate(level, strategy, no_header) {
        Ok(stream) => match streams(env).deflaters.insert(Mutex::new(stream)) {
            Ok(number) => return Ok(number),
            Err(_) => "java/lang/OutOfMemoryError",
        },
        Err(Status::StreamError) => "java/lang/IllegalArgumentException",
        Err(_) => "java/lang/OutOfMemoryError",
    };
    env.vm().off_heap.uncharge(DEFLATER_BYTES);
    Err(env.throw_no_message(class))
}

fn end(env: &mut Env<'_>, number: i64) -> JResult<()> {
    if streams(env).deflaters.remove(number).is_some() {
        env.vm().off_heap.uncharge(DEFLATER_BYTES);
    }
    Ok(())
}

fn reset(env: &mut Env<'_>, number: i64) -> JResult<()> {
    let stream = streams(env).deflaters.get(number);
    match exclusive(env, &stream)?.reset() {
        Status::Ok => Ok(()),
        _ => Err(env.throw_no_message("java/lang/InternalError")),
    }
}

fn get_adler(env: &mut Env<'_>, number: i64) -> JResult<i32> {
    let stream = streams(env).deflaters.get(number);
    Ok(exclusive(env, &stream)?.adler())
}

fn set_dictionary_bytes(
    env: &mut Env<'_>,
    number: i64,
    bytes: Local<'_>,
    offset: i32,
    length: i32,
) -> JResult<()> {
    let region = array(env, bytes, offset, length)?;
    set_dictionary(env, &streams(env).deflaters.get(number), region)
}

fn set_dictionary_buffer(env: &mut Env<'_>, number: i64, address: i64, length: i32) -> JResult<()> {
    let region = Region::raw(env, address, i64::from(length))?;
    set_dictionary(env, &streams(env).deflaters.get(number), region)
}

fn bytes_bytes(
    env: &mut Env<'_>,
    _this: Local<'_>,
    number: i64,
    input: Local<'_>,
    in_offset: i32,
    in_length: i32,
    output: Local<'_>,
    out_offset: i32,
    out_length: i32,
    flush: i32,
    parameters: i32,
) -> JResult<i64> {
    let input = array(env, input, in_offset, in_length)?;
    let output = array(env, output, out_offset, out_length)?;
    deflate(env, number, input, output, flush, parameters)
}

fn bytes_buffer(
    env: &mut Env<'_>,
    _this: Local<'_>,
    number: i64,
    input: Local<'_>,
    in_offset: i32,
    in_length: i32,
    output: i64,
    out_length: i32,
    flush: i32,
    parameters: i32,
) -> JResult<i64> {
    let input = array(env, input, in_offset, in_length)?;
    let output = Region::raw(env, output, i64::from(out_length))?;
    deflate(env, number, input, output, flush, parameters)
}

fn buffer_bytes(
    env: &mut Env<'_>,
    _this: Local<'_>,
    number: i64,
    input: i64,
    in_length: i32,
    output: Local<'_>,
    out_offset: i32,
    out_length: i32,
    flush: i32,
    parameters: i32,
) -> JResult<i64> {
    let input = Region::raw(env, input, i64::from(in_length))?;
    let output = array(env, output, out_offset, out_length)?;
    deflate(env, number, input, output, flush, parameters)
}

fn buffer_buffer(
    env: &mut Env<'_>,
    _this: Local<'_>,
    number: i64,
    input: i64,
    in_length: i32,
    output: i64,
    out_length: i32,
    flush: i32,
    parameters: i32,
) -> JResult<i64> {
    let input = Region::raw(env, input, i64::from(in_length))?;
    let output = Region::raw(env, output, i64::from(out_length))?;
    deflate(env, number, input, output, flush, parameters)
}

/// Compresses until the output is full or nothing is left to do. If bit 0 of `parameters` is set, the call changes level
/// and strategy instead, and bit 63 of the result stays set until that is done.
fn deflate(
    env: &mut Env<'_>,
    number: i64,
    input: Region<'_>,
    output: Region<'_>,
    flush: i32,
    parameters: i32,
) -> JResult<i64> {
    let Some(flush) = Flush::of(flush) else {
        return Err(env.throw_no_message("java/lang/IllegalArgumentException"));
    };
    let stream = streams(env).deflaters.get(number);
    let mut stream = exclusive(env, &stream)?;
    let mut progress = Progress::default();
    let mut buffer = vec![0; output.len().min(STEP_BYTES)];
    loop {
        let room = buffer.len().min(output.len() - progress.produced);
        let piece = input_piece(env, &input, progress.consumed, room);
        let is_last = progress.consumed + piece.len() == input.len();
        let out = buffer.get_mut(..room).unwrap_or_default();
        let step = if parameters & 1 != 0 {
            stream.set_parameters(parameters >> 3, (parameters >> 1) & 3, &piece, out)
        } else {
            // A flush means "after all of the input".
            stream.step_deflate(&piece, out, if is_last { flush } else { Flush::None })
        };
        output.write(env, progress.produced, buffer.get(..step.produced).unwrap_or_default());
        progress.consumed += step.consumed;
        progress.produced += step.produced;
        match step.status {
            Status::Ok | Status::BufError if parameters & 1 != 0 => {
                progress.pending = step.status == Status::BufError;
                return Ok(progress.packed());
            }
            Status::Ok => {}
            Status::BufError => return Ok(progress.packed()),
            Status::StreamEnd => {
                progress.finished = true;
                return Ok(progress.packed());
            }
            Status::NeedDict | Status::DataError | Status::MemError | Status::StreamError => {
                let message = stream.message();
                drop(stream);
                return Err(throw(env, "java/lang/InternalError", message));
            }
        }
        // Nothing more can come: the output is full, or all input is in and out, which zlib tells by leaving room.
        if progress.produced == output.len() || (is_last && step.produced < room) {
            return Ok(progress.packed());
        }
        env.poll()?;
    }
}

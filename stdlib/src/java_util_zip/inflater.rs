//! java.util.zip.Inflater.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use parking_lot::Mutex;

use super::zstream::{Status, Step, Stream};
use super::{
    INFLATER_BYTES, Progress, STEP_BYTES, array, charge, exclusive, input_piece, set_dictionary, streams,
    throw,
};
use crate::memory::Region;
use crate::state::State;

natives! { pub(super) static INFLATER for "java/util/zip/Inflater" {
    "initIDs" "()V" = init_ids(): isolate;
    "init" "(Z)J" = init(bool): isolate;
    "end" "(J)V" = end(long): isolate;
    "reset" "(J)V" = reset(long): isolate;
    "getAdler" "(J)I" = get_adler(long): isolate;
    "setDictionary" "(J[BII)V" = set_dictionary_bytes(long, obj, int, int): isolate;
    "setDictionaryBuffer" "(JJI)V" = set_dictionary_buffer(long, long, int): isolate;
    "inflateBytesBytes" "(J[BII[BII)J" = bytes_bytes(obj, long, obj, int, int, obj, int, int): isolate;
    "inflateBytesBuffer" "(J[BIIJI)J" = bytes_buffer(obj, long, obj, int, int, long, int): isolate;
    "inflateBufferBytes" "(JJI[BII)J" = buffer_bytes(obj, long, long, int, obj, int, int): isolate;
    "inflateBufferBuffer" "(JJIJI)J" = buffer_buffer(obj, long, long, int, long, int): isolate;
} }

fn init_ids(_: &mut Env<'_>) -> JResult<()> {
    Ok(())
}

fn init(env: &mut Env<'_>, no_header: bool) -> JResult<i64> {
    charge(env, INFLATER_BYTES)?;
    let made =
        Stream::inflate(no_header).ok().and_then(|s| streams(env).inflaters.insert(Mutex::new(s)).ok());
    made.ok_or_else(|| {
        env.vm().off_heap.uncharge(INFLATER_BYTES);
        env.throw_no_message("java/lang/OutOfMemoryError")
    })
}

fn end(env: &mut Env<'_>, number: i64) -> JResult<()> {
    if streams(env).inflaters.remove(number).is_some() {
        env.vm().off_heap.uncharge(INFLATER_BYTES);
    }
    Ok(())
}

fn reset(env: &mut Env<'_>, number: i64) -> JResult<()> {
    let stream = streams(env).inflaters.get(number);
    match exclusive(env, &stream)?.reset() {
        Status::Ok => Ok(()),
        _ => Err(env.throw_no_message("java/lang/InternalError")),
    }
}

fn get_adler(env: &mut Env<'_>, number: i64) -> JResult<i32> {
    let stream = streams(env).inflaters.get(number);
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
    set_dictionary(env, &streams(env).inflaters.get(number), region)
}

fn set_dictionary_buffer(env: &mut Env<'_>, number: i64, address: i64, length: i32) -> JResult<()> {
    let region = Region::raw(env, address, i64::from(length))?;
    set_dictionary(env, &streams(env).inflaters.get(number), region)
}

fn bytes_bytes(
    env: &mut Env<'_>,
    this: Local<'_>,
    number: i64,
    input: Local<'_>,
    in_offset: i32,
    in_length: i32,
    output: Local<'_>,
    out_offset: i32,
    out_length: i32,
) -> JResult<i64> {
    let input = array(env, input, in_offset, in_length)?;
    let output = array(env, output, out_offset, out_length)?;
    inflate(env, this, number, input, output)
}

fn bytes_buffer(
    env: &mut Env<'_>,
    this: Local<'_>,
    number: i64,
    input: Local<'_>,
    in_offset: i32,
    in_length: i32,
    output: i64,
    out_length: i32,
) -> JResult<i64> {
    let input = array(env, input, in_offset, in_length)?;
    let output = Region::raw(env, output, i64::from(out_length))?;
    inflate(env, this, number, input, output)
}

fn buffer_bytes(
    env: &mut Env<'_>,
    this: Local<'_>,
    number: i64,
    input: i64,
    in_length: i32,
    output: Local<'_>,
    out_offset: i32,
    out_length: i32,
) -> JResult<i64> {
    let input = Region::raw(env, input, i64::from(in_length))?;
    let output = array(env, output, out_offset, out_length)?;
    inflate(env, this, number, input, output)
}

fn buffer_buffer(
    env: &mut Env<'_>,
    this: Local<'_>,
    number: i64,
    input: i64,
    in_length: i32,
    output: i64,
    out_length: i32,
) -> JResult<i64> {
    let input = Region::raw(env, input, i64::from(in_length))?;
    let output = Region::raw(env, output, i64::from(out_length))?;
    inflate(env, this, number, input, output)
}

/// Decompresses until the output is full, the input is used up, or the stream says stop.
fn inflate(
    env: &mut Env<'_>,
    this: Local<'_>,
    number: i64,
    input: Region<'_>,
    output: Region<'_>,
) -> JResult<i64> {
    let stream = streams(env).inflaters.get(number);
    let mut stream = exclusive(env, &stream)?;
    let mut progress = Progress::default();
    let mut buffer = vec![0; output.len().min(STEP_BYTES)];
    loop {
        let room = buffer.len().min(output.len() - progress.produced);
        let piece = input_piece(env, &input, progress.consumed, room);
        let step = stream.step_inflate(&piece, buffer.get_mut(..room).unwrap_or_default());
        output.write(env, progress.produced, buffer.get(..step.produced).unwrap_or_default());
        progress.consumed += step.consumed;
        progress.produced += step.produced;
        match step.status {
            Status::Ok => {}
            Status::BufError => return Ok(progress.packed()),
            Status::StreamEnd => {
                progress.finished = true;
                return Ok(progress.packed());
            }
            Status::NeedDict => {
                progress.pending = true;
                return Ok(progress.packed());
            }
            Status::DataError => {
                let message = stream.message();
                drop(stream);
                return Err(bad_data(env, this, progress, message));
            }
            Status::MemError => {
                return Err(env.throw_no_message("java/lang/OutOfMemoryError"));
            }
            Status::StreamError => {
                let message = stream.message();
                drop(stream);
                return Err(throw(env, "java/lang/InternalError", message));
            }
        }
        if is_done(
            &step,
            room,
            piece.len(),
            progress.produced == output.len(),
            progress.consumed == input.len(),
        ) {
            return Ok(progress.packed());
        }
        env.poll()?;
    }
}

/// Whether a call on all of the input would stop here too. With the output full it goes on through what follows the
/// data (the end of the stream tells that it is finished), and with the input used up it goes on writing what it has.
fn is_done(step: &Step, room: usize, given: usize, is_full: bool, is_used_up: bool) -> bool {
    if is_full { step.consumed < given || is_used_up } else { is_used_up && step.produced < room }
}

/// DataFormatException; how far it came is left in two fields of the Inflater.
fn bad_data(
    env: &mut Env<'_>,
    this: Local<'_>,
    progress: Progress,
    message: Option<String>,
) -> carafe_vm::env::Throw {
    match State::of(env).fields.inflater.get(env) {
        Ok([consumed, produced]) => {
            env.set(this, consumed, progress.consumed as i32);
            env.set(this, produced, progress.produced as i32);
            throw(env, "java/util/zip/DataFormatException", message)
        }
        Err(thrown) => thrown,
    }
}

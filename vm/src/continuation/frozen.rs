//! The frozen form of frames.
//!
//! A continuation's StackChunk has an Object[] in its injected field `frozen`:
//!
//! | element | what |
//! |---|---|
//! | 0 | a byte[] that describes the frames, below |
//! | then | the objects of the lock stack; those of `held`; the references in the frames' slots, youngest frame first and by rising address within it; mirrors of classes that may be unloaded |
//!
//! Both arrays may be longer than needed: they are used again by the next freeze. While the continuation runs, all
//! elements but the first are null.
//!
//! The byte[] is a seal (8 bytes), the length of what follows the prefix and where the head begins in it (4 bytes each),
//! then for each frame, youngest first: method, index of the quick word it goes on at, number of operands, a bit for
//! each slot that holds a reference, the values of the other slots (and with the interpreter's checks, a tag for each).
//! The head has the counts. Numbers are of variable length, which makes a parked thread some four times smaller than raw
//! slots would.
//!
//! Invariant: frames are only ever made of sealed bytes. Java code that gets at the array (by Unsafe) can change it, so
//! the bytes are copied out, and the keyed hash in front of them is compared, before a word of them is believed.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use carafe_classloader::class::Method;
use carafe_gc::metaspace::Meta;

use crate::env::{Env, Local};
use crate::interpreter::quick::Quick;
use crate::interpreter::translate;

/// Seal, length, head.
pub const PREFIX_BYTES: usize = 16;
/// A number takes at most so many bytes.
pub const NUMBER_BYTES_MAX: usize = 10;

/// How frozen frames go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resume {
    /// `doYield` returns 0.
    Yielded,
    /// The youngest frame's instruction is executed again.
    Again,
    /// It is executed again; it is that of Object.wait, which had come so far.
    Waiting(Waiting),
}

/// Where an Object.wait stands whose virtual thread is unmounted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// How often the monitor was entered beyond the first time.
    pub recursions: u32,
    pub phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Waits for a notification, or has got one.
    Asleep,
    /// Was notified and wants the monitor back.
    Notified,
    /// Was not notified, and wants the monitor back.
    Ended,
}

impl Resume {
    fn to_numbers(self) -> [u64; 2] {
        match self {
            Resume::Yielded => [0, 0],
            Resume::Again => [1, 0],
            Resume::Waiting(Waiting { recursions, phase }) => {
                let kind = match phase {
                    Phase::Asleep => 2,
                    Phase::Notified => 3,
                    Phase::Ended => 4,
                };
                [kind, recursions as u64]
            }
        }
    }

    fn from_numbers(kind: u64, recursions: u64) -> Option<Resume> {
        let phase = match kind {
            0 => return Some(Resume::Yielded),
            1 => return Some(Resume::Again),
            2 => Phase::Asleep,
            3 => Phase::Notified,
            4 => Phase::Ended,
            _ => return None,
        };
        Some(Resume::Waiting(Waiting { recursions: recursions as u32, phase }))
    }
}

/// Buffers of a thread that freezes and thaws, kept from one time to the next.
#[derive(Default)]
pub struct Scratch {
    /// The byte[]'s contents behind the prefix.
    pub bytes: Vec<u8>,
    /// Slots that hold references, as distances from the lowest slot.
    pub slots: Vec<u32>,
    /// Which slots of the frame at hand hold references.
    pub bits: Vec<u8>,
    /// Tags of all slots, for the interpreter's checks.
    pub tags: Vec<u8>,
}

impl Scratch {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.slots.clear();
        self.bits.clear();
        self.tags.clear();
    }

    /// Gives back what a deep stack has needed.
    pub fn shrink(&mut self) {
        const KEPT: usize = 16 << 10;
        if self.bytes.capacity() + self.slots.capacity() + self.tags.capacity() > KEPT {
            *self = Scratch::default();
        }
    }
}

/// Appends a number; room was reserved.
pub fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// What stands in front of the frames' description, and is written behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub resume: Resume,
    /// Size of the frames on a stack.
    pub words: u32,
    pub frames: u32,
    pub slots: u32,
    pub locks: u32,
    /// How far below the entry the frames lie that have entered monitors, oldest first.
    pub held: Vec<u32>,
    pub tagged: bool,
}

impl Head {
    pub fn write(&self, out: &mut Vec<u8>) {
        let [kind, recursions] = self.resume.to_numbers();
        for number in [
            kind,
            recursions,
            self.words as u64,
            self.frames as u64,
            self.slots as u64,
            self.locks as u64,
            self.tagged as u64,
            self.held.len() as u64,
        ] {
            put(out, number);
        }
        self.held.iter().for_each(|distance| put(out, *distance as u64));
    }

    fn read(from: &mut Reader<'_>) -> Option<Head> {
        let (kind, recursions) = (from.number()?, from.number()?);
        let resume = Resume::from_numbers(kind, recursions)?;
        let mut next = || from.number().map(|n| n as u32);
        let (words, frames, slots, locks, tagged, held) =
            (next()?, next()?, next()?, next()?, next()?, next()?);
        let held = (0..held).map(|_| next()).collect::<Option<Vec<u32>>>()?;
        Some(Head { resume, words, frames, slots, locks, held, tagged: tagged != 0 })
    }
}

/// Reads what `put` wrote.
#[derive(Clone, Copy)]
pub struct Reader<'b> {
    bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    pub fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for at in 0..NUMBER_BYTES_MAX {
            let byte = *self.bytes.get(at)?;
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                self.bytes = &self.bytes[at + 1..];
                return Some(value);
            }
        }
        None
    }

    /// The next number, which stays.
    pub fn peek(&self) -> Option<u64> {
        Reader { bytes: self.bytes }.number()
    }

    pub fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }
}

/// The seal of some bytes: only this isolate's VM can make it.
pub fn seal(key: &std::hash::RandomState, head_at: u32, bytes: &[u8]) -> u64 {
    let mut hasher = key.build_hasher();
    hasher.write_u32(head_at);
    hasher.write(bytes);
    hasher.finish()
}

/// Copies a chunk's description out and checks it: the head, and the reader of the frames. `None`, with nothing to rely
/// on, if it is not what a freeze wrote, or there is no memory for the copy.
pub fn open<'b>(env: &Env<'_>, array: Local<'_>, copy: &'b mut Vec<u8>) -> Option<(Head, Reader<'b>)> {
    let byte_array = env.vm().primitive_array(carafe_classloader::basic::BasicType::Byte);
    if env.class_id_of(array) != byte_array {
        return None;
    }
    let mut prefix = [0; PREFIX_BYTES];
    if !env.read_bytes(array, 0, &mut prefix) {
        return None;
    }
    let word = |at: usize| u32::from_le_bytes([prefix[at], prefix[at + 1], prefix[at + 2], prefix[at + 3]]);
    let (sealed, len, head_at) = (u64::from(word(4)) << 32 | u64::from(word(0)), word(8), word(12));
    copy.clear();
    if len as usize > env.array_len(array) || copy.try_reserve_exact(len as usize).is_err() {
        return None;
    }
    copy.resize(len as usize, 0);
    if !env.read_bytes(array, PREFIX_BYTES, copy) || seal(&env.vm().seal, head_at, copy) != sealed {
        return None;
    }
    let (frames, head) = copy.split_at_checked(head_at as usize)?;
    let head = Head::read(&mut Reader { bytes: head })?;
    Some((head, Reader { bytes: frames }))
}

/// The prefix of a description.
pub fn prefix(key: &std::hash::RandomState, head_at: u32, bytes: &[u8]) -> [u8; PREFIX_BYTES] {
    let mut prefix = [0; PREFIX_BYTES];
    prefix[..8].copy_from_slice(&seal(key, head_at, bytes).to_le_bytes());
    prefix[8..12].copy_from_slice(&(bytes.len() as u32).to_le_bytes());
    prefix[12..].copy_from_slice(&head_at.to_le_bytes());
    prefix
}

/// The frames of an unmounted continuation, youngest first; empty if it has none, or is not one.
pub fn frames(env: &mut Env<'_>, continuation: Local<'_>, limit: usize) -> Vec<(Meta<Method>, i32)> {
    let wk = env.wk();
    let mut out = Vec::new();
    let chunk = env.get_ref(continuation, wk.continuation.tail);
    if env.is_null(chunk) || env.get::<i32>(chunk, wk.stack_chunk.sp) == env.get(chunk, wk.stack_chunk.bottom)
    {
        return out;
    }
    let refs = env.get_ref(chunk, wk.stack_chunk.frozen);
    if env.class_id_of(refs) != env.vm().object_array_class() {
        return out;
    }
    let (array, mut copy) = (env.elem(refs, 0), Vec::new());
    let Some((head, mut reader)) = open(env, array, &mut copy) else { return out };
    let meta = &env.vm().meta;
    for number in 0..head.frames {
        if out.len() == limit {
            break;
        }
        let Some((method, pc_index)) = skip_frame(env, &mut reader, head.tagged) else { break };
        let called = number > 0 || head.resume == Resume::Yielded;
        let bci = translate::quick_code(meta, meta.get(method)).and_then(|code| {
            // Who waits for a monitor shows behind the instruction that enters it, as on the reference machine.
            let enters = |word: &AtomicU64| {
                !called && Quick::from_word(word.load(Ordering::Relaxed)) == Quick::MonitorEnter
            };
            let enters = meta.slice(code.words).get(pc_index).is_some_and(enters);
            let at = (pc_index + usize::from(enters)).checked_sub(usize::from(called))?;
            meta.slice(code.bcis).get(at)
        });
        let bci = bci.map_or(-1, |bci| i32::from(*bci));
        out.push((method, if meta.get(method).is_native() { -1 } else { bci }));
    }
    out
}

/// Method and word index of a frame, whose slots are passed over.
fn skip_frame(env: &Env<'_>, reader: &mut Reader<'_>, tagged: bool) -> Option<(Meta<Method>, usize)> {
    let (method, pc_index, live) = (reader.number()?, reader.number()?, reader.number()?);
    let method = Meta::<Method>::from_raw(method as u32);
    let slots = live as usize + env.vm().meta.get(method).max_locals as usize;
    let bits = reader.bytes(slots.div_ceil(8))?;
    let references: u32 = bits.iter().map(|byte| byte.count_ones()).sum();
    for _ in 0..slots - references as usize {
        reader.number()?;
    }
    if tagged {
        reader.bytes(slots)?;
    }
    Some((method, pc_index as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 0x3fff, 0x4000, u32::MAX as u64, 0xfffa_0000_0000_0007, u64::MAX];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|n| put(&mut bytes, *n));
        let mut reader = Reader { bytes: &bytes };
        for n in numbers {
            assert_eq!(reader.number(), Some(n));
        }
        assert_eq!(reader.number(), None);
        assert_eq!(Reader { bytes: &[0x80; 11] }.number(), None);
    }

    #[test]
    fn heads_come_back() {
        for resume in [
            Resume::Yielded,
            Resume::Again,
            Resume::Waiting(Waiting { recursions: 0, phase: Phase::Asleep }),
            Resume::Waiting(Waiting { recursions: 7, phase: Phase::Notified }),
            Resume::Waiting(Waiting { recursions: u32::MAX, phase: Phase::Ended }),
        ] {
            let head =
                Head { resume, words: 90, frames: 12, slots: 300, locks: 1, held: vec![4, 88], tagged: true };
            let mut bytes = Vec::new();
            head.write(&mut bytes);
            assert_eq!(Head::read(&mut Reader { bytes: &bytes }), Some(head));
            bytes.pop();
            assert_eq!(Head::read(&mut Reader { bytes: &bytes }), None);
        }
    }

    #[test]
    fn a_seal_is_of_all_bytes_and_of_the_key() {
        let (key, other) = (std::hash::RandomState::new(), std::hash::RandomState::new());
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        let sealed = seal(&key, 4, &bytes);
        assert_eq!(sealed, seal(&key, 4, &bytes));
        assert_ne!(sealed, seal(&key, 5, &bytes));
        assert_ne!(sealed, seal(&other, 4, &bytes));
        for at in 0..bytes.len() {
            let mut changed = bytes;
            changed[at] ^= 1;
            assert_ne!(sealed, seal(&key, 4, &changed), "byte {at}");
        }
    }
}

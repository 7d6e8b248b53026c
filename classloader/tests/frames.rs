//! Frames times locals: methods whose stack maps, or whose inferred states, would take any amount of time and memory.
//!
//! Each ends in the verdict that a small method of its kind would get, or in an error that tells which limit it exceeds;
//! within the work that its length buys, and within a fixed amount of memory that is charged to metaspace meanwhile.
//! Tests take turns, because the peak of the process is what they measure. Other costs are in cost.rs.

#[allow(dead_code, reason = "each test program uses a part of it")]
#[path = "linking/class_file.rs"]
mod class_file;
mod common;
#[allow(dead_code, reason = "each test program uses a part of it")]
#[path = "linking/host.rs"]
mod host;

use std::fs;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use carafe_classloader::link::{LinkError, LinkErrorKind};

use class_file::ClassFile;
use host::Host;

const ALL: u16 = 65_535;
/// What tables of frames may take, twice because they grow, and some for everything else.
const GROWTH_MAX: u64 = (2 * 64 + 32) << 20;
const TIME_MAX: Duration = Duration::from_secs(30);

const NOP: u8 = 0x00;
const RETURN: u8 = 0xb1;
const ATHROW: u8 = 0xbf;

static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// A field of `/proc/self/status` in bytes.
fn status(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    digits.parse::<u64>().unwrap() << 10
}

/// Defines and links a class; what it was charged and the error, if any.
fn link_with(mut host: Host, file: ClassFile) -> (u64, Option<LinkError>) {
    let loader = host.universe.new_loader().unwrap();
    let bytes = file.bytes();
    let used = host.universe.meta.used_bytes();
    let class = match host.define(loader, &bytes) {
        Ok(class) => class,
        Err(error) => return (host.charged, Some(error)),
    };
    let defined = host.universe.meta.used_bytes();
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let (before, charged, start) = (status("VmRSS"), host.charged, Instant::now());
    let error = host.link(class).err();
    let (growth, took) = (status("VmHWM").saturating_sub(before), start.elapsed());
    let charged = host.charged - charged;
    eprintln!("{} bytes: {took:?}, {charged} units, {} MiB: {error:?}", bytes.len(), growth >> 20);
    assert!(growth < GROWTH_MAX, "{} MiB", growth >> 20);
    assert!(took < TIME_MAX, "{took:?}");
    assert!(charged <= (1 << 20) + 64 * bytes.len() as u64 + (1 << 18), "{charged} units");
    // Linking keeps something of a class, but no frames.
    assert!(
        host.universe.meta.used_bytes() - defined < defined - used + (1 << 20),
        "frames are still charged"
    );
    (charged, error)
}

fn link(file: ClassFile) -> Option<LinkError> {
    link_with(Host::booted(), file).1
}

#[track_caller]
fn refused(error: Option<LinkError>, kind: LinkErrorKind, message: &str) {
    let error = error.expect("refused");
    assert_eq!((error.kind, error.message.as_str()), (kind, message));
}

const TOO_MUCH_MEMORY: &str = "The stack map frames of method void C.m() take too much memory";

fn too_many_steps(error: Option<LinkError>) {
    let error = error.expect("refused");
    assert_eq!(error.kind, LinkErrorKind::VerifyError);
    assert!(error.message.starts_with("Verifying class C of "), "{error}");
    assert!(error.message.ends_with(" steps"), "{error}");
}

/// A StackMapTable of these frames.
fn table(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut table = (frames.len() as u16).to_be_bytes().to_vec();
    frames.iter().for_each(|frame| table.extend(frame));
    table
}

/// A full frame right behind the one before.
fn full(locals: &[u8], locals_count: u16, stack: &[u8], stack_count: u16) -> Vec<u8> {
    let mut frame = vec![255, 0, 0];
    frame.extend(locals_count.to_be_bytes());
    frame.extend(locals);
    frame.extend(stack_count.to_be_bytes());
    frame.extend(stack);
    frame
}

fn tops(count: u16) -> Vec<u8> {
    full(&vec![0; usize::from(count)], count, &[], 0)
}

/// `count` instructions of one byte, and a return.
fn code(instruction: u8, count: usize) -> Vec<u8> {
    let mut code = vec![instruction; count];
    code.push(RETURN);
    code
}

fn with_full_frames(count: usize) -> ClassFile {
    let frames = vec![tops(ALL); count];
    ClassFile::class("C").frames("m", (8, ALL), &code(NOP, count), &[], &table(&frames))
}

#[test]
fn full_frames_of_65535_locals() {
    let _turn = turn();
    assert_eq!(link(with_full_frames(200)), None);
    // The reference machine aborts.
    refused(link(with_full_frames(900)), LinkErrorKind::VerifyError, TOO_MUCH_MEMORY);
}

#[test]
fn full_frames_with_little_metaspace() {
    let _turn = turn();
    let mut host = Host::with_metaspace(96 << 20);
    host.boot("java/lang/Object");
    host.boot("java/lang/Class");
    let (_, error) = link_with(host, with_full_frames(200));
    refused(error, LinkErrorKind::OutOfMemoryError, "Metaspace");
}

#[test]
fn stacks_of_65535() {
    let _turn = turn();
    let null = 5;
    let frame = full(&[], 0, &vec![null; usize::from(ALL)], ALL);
    for (count, fits) in [(200, true), (900, false)] {
        // Nothing reaches the frames.
        let mut code = vec![RETURN];
        code.extend(vec![ATHROW; count]);
        let mut frames = vec![frame.clone(); count];
        frames[0][2] = 1;
        let file = ClassFile::class("C").frames("m", (ALL, 0), &code, &[], &table(&frames));
        match fits {
            true => assert_eq!(link(file), None),
            false => refused(link(file), LinkErrorKind::VerifyError, TOO_MUCH_MEMORY),
        }
    }
}

#[test]
fn storms_of_chop_and_append() {
    let _turn = turn();
    let storm = |locals: u16, pairs: usize| {
        let mut frames = vec![tops(locals)];
        for _ in 0..pairs {
            frames.extend([vec![250, 0, 0], vec![252, 0, 0, 0]]);
        }
        let code = code(NOP, frames.len());
        ClassFile::class("C").frames("m", (8, locals), &code, &[], &table(&frames))
    };
    assert_eq!(link(storm(20, 32_000)), None);
    refused(link(storm(ALL, 32_000)), LinkErrorKind::VerifyError, TOO_MUCH_MEMORY);
    // A long class file buys no more of it.
    let padded = (0..40).fold(storm(ALL, 32_000), |file, n| {
        file.frames(&format!("f{n}"), (0, 0), &[RETURN], &[], &vec![0; 1 << 20])
    });
    refused(link(padded), LinkErrorKind::VerifyError, TOO_MUCH_MEMORY);
}

#[test]
fn frames_that_say_same() {
    let _turn = turn();
    let same = |locals: u16, count: usize| {
        let mut frames = vec![tops(locals)];
        frames.extend(vec![vec![0]; count]);
        let code = code(NOP, frames.len());
        ClassFile::class("C").frames("m", (8, locals), &code, &[], &table(&frames))
    };
    assert_eq!(link(same(200, 65_000)), None);
    too_many_steps(link(same(ALL, 16_000)));
    too_many_steps(link(same(ALL, 65_000)));
}

#[test]
fn a_table_of_many_megabytes_that_lies() {
    let _turn = turn();
    // One frame, and zeroes behind it.
    let mut table = vec![0; 60 << 20];
    table[1] = 1;
    let file = ClassFile::class("C").frames("m", (8, ALL), &code(NOP, 3), &[], &table);
    let message = "StackMapTable format error: wrong attribute size";
    refused(link(file), LinkErrorKind::ClassFormatError, message);
}

#[test]
fn handlers_times_stores() {
    let _turn = turn();
    // An int and a float in turn, each seen by every handler.
    let mut code = [0x03, 0x3b, 0x0b, 0x43].repeat(16_000);
    code.extend([RETURN, RETURN]);
    let handler = code.len() as u16 - 1;
    let handlers = vec![[0, handler - 1, handler, 0]; usize::from(ALL)];
    let frame = full(&[], 0, &[0], 1);
    let mut frames = vec![frame];
    frames[0][1..3].copy_from_slice(&handler.to_be_bytes());
    let file =
        |major| ClassFile::class("C").major(major).frames("m", (8, ALL), &code, &handlers, &table(&frames));
    too_many_steps(link(file(69)));
    // Inference looks at handlers that say the same once.
    assert_eq!(link(file(49)), None);
}

#[test]
fn inferred_states_of_65535_locals() {
    let _turn = turn();
    // Every block knows all locals, because the last one is set.
    let blocks = |count: usize| {
        let mut code = vec![0x03, 0xc4, 0x36, 0xff, 0xfe];
        code.extend([0x03, 0x99, 0, 3].repeat(count));
        code.push(RETURN);
        ClassFile::class("C").major(49).frames("m", (8, ALL), &code, &[], &[])
    };
    assert_eq!(link(blocks(4)), None);
    too_many_steps(link(blocks(16_000)));
    // Subroutines keep a state for each caller.
    let mut code = vec![0x03, 0xc4, 0x36, 0xff, 0xfe];
    let end = 60_000;
    for at in (5..end).step_by(5) {
        let distance = end as u32 + 1 - at as u32;
        code.push(0xc9);
        code.extend(distance.to_be_bytes());
    }
    code.extend([RETURN, 0x4b, 0xa9, 0]);
    too_many_steps(link(ClassFile::class("C").major(49).frames("m", (8, ALL), &code, &[], &[])));
}

//! Operations are tested by running them: against a stretch of memory that plays the cage, and one that plays the thread.

use super::*;
use crate::code::{CodeBlock, CodeCache};

/// Where the made-up thread keeps what operations ask for.
const POLL_POINTER: i32 = 8;
const STACK_LIMIT: i32 = 16;
/// A reference: the object lies at byte 64 of the made-up cage.
const OBJECT: u32 = 8;
/// A field's place in it; not a multiple of its size, to see that the displacement arrives.
const FIELD: i32 = 12;

struct Bench {
    cache: CodeCache,
    enter: CodeBlock,
    cage: Vec<u64>,
    poll_word: Box<u32>,
    stack_limit: u64,
}

impl Bench {
    fn new() -> Bench {
        let cache = CodeCache::new(1 << 16).unwrap();
        let mut masm = Masm::new();
        masm.entry_from_rust();
        let enter = cache.publish(&masm.finish().unwrap()).unwrap();
        Bench { cache, enter, cage: vec![0; 64], poll_word: Box::new(0), stack_limit: 0 }
    }

    /// Emits, publishes and runs a piece of code with `argument` in rax; gives rax.
    fn run(&mut self, argument: u64, emit: impl FnOnce(&mut Masm)) -> u64 {
        let mut masm = Masm::new();
        emit(&mut masm);
        masm.return_to_caller();
        let block = self.cache.publish(&masm.finish().unwrap()).unwrap();
        let thread: [u64; 3] = [0, &raw const *self.poll_word as u64, self.stack_limit];
        // SAFETY: the stub was emitted as a function of this type.
        let enter: extern "sysv64" fn(*const u64, *mut u64, *const u8, u64) -> u64 =
            unsafe { std::mem::transmute(self.cache.entry(self.enter)) };
        enter(thread.as_ptr(), self.cage.as_mut_ptr(), self.cache.entry(block), argument)
    }

    fn field_bytes(&mut self) -> &mut [u8] {
        let start = OBJECT as usize * 8 + FIELD as usize;
        // SAFETY: the cage is 512 bytes of plain integers, borrowed for as long as the slice.
        let bytes = unsafe { std::slice::from_raw_parts_mut(self.cage.as_mut_ptr().cast::<u8>(), 512) };
        &mut bytes[start..start + 8]
    }
}

#[test]
fn constants() {
    let mut bench = Bench::new();
    for value in
        [0, 1, -1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, -0x8000_0000, -0x8000_0001, i64::MAX, i64::MIN]
    {
        assert_eq!(bench.run(7, |masm| masm.constant(Rq::RAX, value)), value as u64, "{value:#x}");
        let through = bench.run(7, |masm| {
            masm.constant(Rq::R9, value);
            masm.move_register(Rq::RAX, Rq::R9);
        });
        assert_eq!(through, value as u64);
    }
}

#[test]
fn fields_are_loaded_and_widened() {
    let mut bench = Bench::new();
    bench.field_bytes().copy_from_slice(&[0x81, 0x92, 0xa3, 0xb4, 0xc5, 0xd6, 0xe7, 0xf8]);
    for (width, expect) in [
        (Width::U8, 0x81),
        (Width::I8, 0xffff_ff81),
        (Width::U16, 0x9281),
        (Width::I16, 0xffff_9281),
        (Width::W32, 0xb4a3_9281),
        (Width::W64, 0xf8e7_d6c5_b4a3_9281),
    ] {
        // Every register that can hold an object, as source and as target.
        for register in [Rq::RAX, Rq::RCX, Rq::RBX, Rq::RBP, Rq::RSI, Rq::RDI, Rq::R8, Rq::R12, Rq::R13] {
            let value = bench.run(OBJECT.into(), |masm| {
                masm.move_register(register, Rq::RAX);
                masm.load_field(register, register, FIELD, width);
                masm.move_register(Rq::RAX, register);
            });
            assert_eq!(value, expect, "{width:?} through {register:?}");
        }
    }
}

#[test]
fn fields_are_stored_at_their_width() {
    for (width, bytes) in
        [(Width::U8, 1), (Width::I8, 1), (Width::U16, 2), (Width::I16, 2), (Width::W32, 4), (Width::W64, 8)]
    {
        for value in [Rq::RCX, Rq::RSI, Rq::RDI, Rq::RBP, Rq::R13] {
            let mut bench = Bench::new();
            bench.field_bytes().fill(0xee);
            bench.run(OBJECT.into(), |masm| {
                masm.constant(value, 0x1122_3344_5566_7788);
                masm.store_field(Rq::RAX, FIELD, value, width);
            });
            let mut expect = [0xee; 8];
            expect[..bytes].copy_from_slice(&0x1122_3344_5566_7788_u64.to_le_bytes()[..bytes]);
            assert_eq!(bench.field_bytes(), expect, "{width:?} from {value:?}");
        }
    }
}

#[test]
fn float_fields() {
    for (width, bytes) in [(FloatWidth::F32, 4), (FloatWidth::F64, 8)] {
        let mut bench = Bench::new();
        bench.field_bytes().copy_from_slice(&1.5_f64.to_le_bytes());
        let before: Vec<u8> = bench.field_bytes().to_vec();
        bench.run(OBJECT.into(), |masm| {
            masm.load_float_field(Rx::XMM9, Rq::RAX, FIELD, width);
            masm.store_float_field(Rq::RAX, FIELD - 8, Rx::XMM9, width);
        });
        let word = OBJECT as usize * 8 + FIELD as usize - 8;
        // SAFETY: as for field_bytes.
        let copy = unsafe { std::slice::from_raw_parts(bench.cage.as_ptr().cast::<u8>().add(word), bytes) };
        assert_eq!(copy, &before[..bytes], "{width:?}");
    }
}

#[test]
fn thread_words() {
    let mut bench = Bench::new();
    bench.stack_limit = 0x8182_8384_8586_8788;
    for (width, expect) in [
        (Width::U8, 0x88),
        (Width::I8, 0xffff_ff88),
        (Width::W32, 0x8586_8788),
        (Width::W64, 0x8182_8384_8586_8788),
    ] {
        assert_eq!(bench.run(0, |masm| masm.load_thread(Rq::RAX, STACK_LIMIT, width)), expect, "{width:?}");
    }
}

/// rax = 1 on the straight way, 2 by way of the label.
fn which_way(masm: &mut Masm, branch: impl FnOnce(&mut Masm, Label)) {
    let (other, end) = (masm.label(), masm.label());
    branch(masm, other);
    masm.constant(Rq::RAX, 1);
    masm.jump(end);
    masm.bind(other);
    masm.constant(Rq::RAX, 2);
    masm.bind(end);
}

#[test]
fn polls() {
    let mut bench = Bench::new();
    for (word, way) in [(0, 1), (1, 2), (0x8000_0000, 2)] {
        *bench.poll_word = word;
        assert_eq!(
            bench.run(0, |masm| which_way(masm, |masm, slow| masm.poll(POLL_POINTER, slow))),
            way,
            "{word:#x}"
        );
    }
}

#[test]
fn stack_checks() {
    let mut bench = Bench::new();
    let check =
        |masm: &mut Masm| which_way(masm, |masm, overflow| masm.check_stack(4096, STACK_LIMIT, overflow));
    bench.stack_limit = 0;
    assert_eq!(bench.run(0, check), 1);
    let here = &raw const bench.stack_limit as u64;
    bench.stack_limit = here - (1 << 20);
    assert_eq!(bench.run(0, check), 1);
    bench.stack_limit = here + (1 << 20);
    assert_eq!(bench.run(0, check), 2);
    bench.stack_limit = u64::MAX;
    assert_eq!(bench.run(0, check), 2);
}

#[test]
fn additions_wrap_at_their_width() {
    let mut bench = Bench::new();
    let mut sum = |left: i64, right: i64, width| {
        bench.run(0, |masm| {
            masm.constant(Rq::RAX, left);
            masm.constant(Rq::R10, right);
            masm.add(Rq::RAX, Rq::R10, width);
        })
    };
    assert_eq!(sum(0x7fff_ffff, 1, Width::W32), 0x8000_0000);
    assert_eq!(sum(0xffff_ffff, 1, Width::W32), 0);
    assert_eq!(sum(0xffff_ffff, 1, Width::W64), 0x1_0000_0000);
}

#[test]
fn reference_checks_let_good_ones_pass() {
    let mut bench = Bench::new();
    for reference in [0, 1, u64::from(u32::MAX)] {
        assert_eq!(bench.run(reference, |masm| masm.check_reference(Rq::RAX)), reference);
    }
}

/// A bad reference ends the process, so this test runs itself in another one.
#[test]
fn reference_checks_stop_bad_ones() {
    use std::os::unix::process::ExitStatusExt;
    const BAD: &str = "CARAFE_TEST_BAD_REFERENCE";
    if let Ok(reference) = std::env::var(BAD) {
        Bench::new().run(reference.parse().unwrap(), |masm| masm.check_reference(Rq::RAX));
        return;
    }
    let status = |reference: u64| {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "masm::tests::reference_checks_stop_bad_ones"])
            .env(BAD, reference.to_string())
            .output()
            .unwrap()
            .status
    };
    assert!(status(u64::from(u32::MAX)).success());
    const SIGTRAP: i32 = 5;
    assert_eq!(status(1 << 32).signal(), Some(SIGTRAP));
    assert_eq!(status(u64::MAX).signal(), Some(SIGTRAP));
}

#[test]
fn unbound_labels_are_errors() {
    let mut masm = Masm::new();
    let nowhere = masm.label();
    masm.jump(nowhere);
    assert!(masm.finish().is_err());
}

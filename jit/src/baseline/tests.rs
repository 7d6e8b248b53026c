//! Templates are tested by running them: tiny methods, on a made-up thread, stack and cage, against what the operation is in Rust.
//!
//! Each operation is tried with its operands in every place that one can be in: constants, arguments (locals), locals with a
//! register, and memory at the beginning of a block.

use std::sync::atomic::{AtomicU32, AtomicUsize};

use carafe_classloader::bytecode::{Kind, Opcode};

use super::*;
use crate::anchor::{Exit, HELPERS, STUBS};
use crate::code::CodeCache;
use crate::env::{CallInfo, Effect, Resolved, Target};
use crate::masm::stubs::emit_stubs;

/// Where a method's record would lie in metaspace.
const METHOD_RAW: u32 = 0x1234;
/// Where the interpreter's words would lie: a bci's is this plus eight times the bci.
const WORDS: u32 = 0x8000;
/// A made-up cage: an int array at 64, a long array at 128, and the page of null in front.
const INTS: u32 = 8;
const LONGS: u32 = 16;

#[repr(C)]
struct FakeThread {
    tlab: [u64; 2],
    top: [u64; 3],
    anchor: Anchor,
    boolean_array: u32,
    current: u32,
}

struct FakeEnv<'c> {
    layout: Layout,
    code: &'c [u8],
    arguments: u16,
    cancelled: bool,
}

fn layout() -> Layout {
    Layout {
        tlab_top: 0,
        tlab_end: 8,
        top_fp: 16,
        top_sp: 24,
        top_pc: 32,
        anchor: std::mem::offset_of!(FakeThread, anchor) as i32,
        boolean_array: std::mem::offset_of!(FakeThread, boolean_array) as i32,
        current_thread: std::mem::offset_of!(FakeThread, current) as i32,
        form: 8,
        vmentry: 8,
        member_method: 8,
        vmtarget: 8,
    }
}

impl CompileEnv for FakeEnv<'_> {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn method(&self) -> MethodInfo<'_> {
        MethodInfo {
            code: self.code,
            raw: METHOD_RAW,
            class: 7,
            arg_slots: self.arguments,
            max_locals: 8,
            max_stack: 12,
            is_synchronized: false,
            may_hold_locks: false,
            special_return: false,
            narrow_result: None,
            masks_result: false,
        }
    }

    fn pc(&self, bci: u32) -> u32 {
        WORDS + 8 * bci
    }

    fn lock_pc(&self) -> u32 {
        WORDS
    }

    fn resume_pc(&self, bci: u32) -> u32 {
        WORDS + 8 * bci
    }

    fn resolved(&self, _bci: u32) -> Resolved {
        Resolved::Interpreter
    }

    fn call(&self, _bci: u32) -> CallInfo {
        CallInfo { target: Target::Interpreter, arg_slots: 0, result: None }
    }

    fn effect(&self, _bci: u32) -> Effect {
        Effect { pops: 0, pushes: None }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    fn handlers(&self) -> Vec<u32> {
        Vec::new()
    }
}

/// How a method ended.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// The result's bits in rax and in xmm0.
    Returned(u64, u64),
    /// The interpreter takes over at this bci, with these operands, the deepest first.
    Interprets(u32, Vec<u64>),
}

struct Machine {
    cache: CodeCache,
    stubs: [*const u8; STUBS],
    cage: Vec<u64>,
}

impl Machine {
    fn new() -> Machine {
        let cache = CodeCache::new(4 << 20).unwrap();
        let (code, starts) = emit_stubs(&layout()).unwrap();
        let block = cache.publish(&code).unwrap();
        let stubs = starts.map(|start| cache.entry(block).wrapping_add(start as usize));
        let mut cage = vec![0u64; 64];
        // Headers are 8 bytes, then the length; ints follow at 12, longs at 16.
        cage[9] = 4 | 100 << 32;
        cage[10] = 101 | 102 << 32;
        cage[11] = 103;
        cage[17] = 2;
        (cage[18], cage[19]) = (1 << 40, u64::MAX);
        Machine { cache, stubs, cage }
    }

    /// Runs bytecode with these locals as arguments, one slot each.
    fn run(&mut self, code: &[u8], locals: &[u64]) -> Outcome {
        let env = FakeEnv { layout: layout(), code, arguments: locals.len() as u16, cancelled: false };
        let compiled = compile(&env).unwrap();
        let block = self.cache.publish(&compiled.code).unwrap();
        let (poll, limit) = (AtomicU32::new(0), AtomicUsize::new(0));
        let mut thread = FakeThread {
            tlab: [0; 2],
            top: [0; 3],
            anchor: Anchor {
                poll: &raw const poll,
                entry_limit: &raw const limit,
                code_base: self.stubs[0],
                mail: [0; 4],
                stubs: self.stubs,
                helpers: [std::ptr::null(); HELPERS],
            },
            boolean_array: 0,
            current: 0,
        };
        let mut stack = vec![0xdead_beef_dead_beef_u64; 64];
        // The frame as the interpreter pushes it: 8 locals from the top, the header, operands below.
        for (n, value) in locals.iter().enumerate() {
            stack[60 - n] = *value;
        }
        let header = 60 - 8 - 3;
        stack[header + 3] = self.stubs[Stub::ReturnToInterpreter as usize] as u64;
        let frame = &raw mut stack[header];
        // SAFETY: the stub was emitted as a function of this type, and the frame, the thread and the cage are what it expects.
        let exit = unsafe {
            let enter: extern "sysv64" fn(*mut FakeThread, *mut u64, *mut u64, *const u8) -> u32 =
                std::mem::transmute(self.stubs[Stub::Enter as usize]);
            let body = self.cache.entry(block).wrapping_add(compiled.body as usize);
            enter(&raw mut thread, self.cage.as_mut_ptr(), frame, body)
        };
        match Exit::from_u32(exit) {
            Exit::Return => {
                assert_eq!(thread.anchor.mail[0], frame as u64, "the frame that ends is this one");
                Outcome::Returned(thread.anchor.mail[1], thread.anchor.mail[2])
            }
            Exit::Interpret => {
                let [fp, sp, pc] = thread.top;
                assert_eq!(fp, frame as u64);
                let count = (fp - sp) as usize / 8;
                let operands = (0..count).map(|n| stack[header - 1 - n]).collect();
                let meta_base = (self.cage.as_ptr() as u64).wrapping_sub(1 << 31);
                Outcome::Interprets((pc.wrapping_sub(meta_base) as u32 - WORDS) / 8, operands)
            }
            other => panic!("ended by {other:?}"),
        }
    }
}

/// What an operation is in Rust.
type Model<T> = fn(T, T) -> T;

fn op(opcode: Opcode) -> u8 {
    opcode as u8
}

const INTEGERS: &[i32] = &[0, 1, -1, 2, 7, -8, 31, 33, 1000, i32::MAX, i32::MIN, 0x1234_5678];
const WIDE: &[i64] = &[0, 1, -1, 63, 65, i64::MAX, i64::MIN, 1 << 33, -5_000_000_000];
const DOUBLES: &[f64] =
    &[0.0, -0.0, 1.0, -1.5, 1e10, -1e10, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 2e9, 3e9];

/// Code that loads two ints (from locals, one of which also has a register) in several ways, and does `ops`.
fn int_shapes(ops: &[u8]) -> Vec<Vec<u8>> {
    let (load0, load1) = (op(Opcode::Iload0), op(Opcode::Iload1));
    let (store2, load2) = (op(Opcode::Istore2), op(Opcode::Iload2));
    let ireturn = op(Opcode::Ireturn);
    let goto_next = [op(Opcode::Goto), 0, 3];
    let shape = |parts: &[&[u8]]| parts.concat();
    vec![
        shape(&[&[load0, load1], ops, &[ireturn]]),
        // The second operand has a register; the first is a temporary.
        shape(&[&[load1, store2, load0, load2, load2, store2], ops, &[ireturn]]),
        // Both lie in memory, behind a jump.
        shape(&[&[load0, load1], &goto_next, ops, &[ireturn]]),
        // Below other operands.
        shape(&[&[load1, load0, load1], ops, &[op(Opcode::Swap), op(Opcode::Pop), ireturn]]),
    ]
}

#[test]
fn integer_arithmetic() {
    let table: &[(Opcode, Model<i32>)] = &[
        (Opcode::Iadd, i32::wrapping_add),
        (Opcode::Isub, i32::wrapping_sub),
        (Opcode::Imul, i32::wrapping_mul),
        (Opcode::Idiv, i32::wrapping_div),
        (Opcode::Irem, i32::wrapping_rem),
        (Opcode::Iand, |x, y| x & y),
        (Opcode::Ior, |x, y| x | y),
        (Opcode::Ixor, |x, y| x ^ y),
        (Opcode::Ishl, |x, y| x.wrapping_shl(y as u32)),
        (Opcode::Ishr, |x, y| x.wrapping_shr(y as u32)),
        (Opcode::Iushr, |x, y| (x as u32).wrapping_shr(y as u32) as i32),
    ];
    for (opcode, model) in table {
        for shape in int_shapes(&[op(*opcode)]) {
            let mut machine = Machine::new();
            for x in INTEGERS {
                for y in INTEGERS {
                    // Upper halves of slots mean nothing.
                    let locals = [u64::from(*x as u32) | 5 << 32, u64::from(*y as u32) | 7 << 32];
                    let outcome = machine.run(&shape, &locals);
                    if *y == 0 && matches!(opcode, Opcode::Idiv | Opcode::Irem) {
                        assert!(matches!(outcome, Outcome::Interprets(..)), "{opcode:?} by zero");
                        continue;
                    }
                    let Outcome::Returned(bits, _) = outcome else {
                        panic!("{opcode:?} {x} {y}: {outcome:?}")
                    };
                    assert_eq!(bits, u64::from(model(*x, *y) as u32), "{opcode:?} {x} {y} in {shape:?}");
                }
            }
        }
    }
}

#[test]
fn operands_are_in_memory_when_the_interpreter_takes_over() {
    let mut machine = Machine::new();
    let code = [
        op(Opcode::Iload1),
        op(Opcode::Lconst1),
        op(Opcode::Dconst1),
        op(Opcode::Iload0),
        op(Opcode::Iconst0),
        op(Opcode::Idiv),
        op(Opcode::Ireturn),
    ];
    let Outcome::Interprets(bci, operands) = machine.run(&code, &[77, 88]) else { panic!("divides by zero") };
    assert_eq!((bci, operands.len()), (5, 7));
    // The second slots of a long and a double hold nothing.
    assert_eq!([operands[0], operands[1], operands[5], operands[6]], [88, 1, 77, 0]);
    assert_eq!(operands[3], 1.0f64.to_bits());
}

#[test]
fn long_arithmetic() {
    let table: &[(Opcode, Model<i64>)] = &[
        (Opcode::Ladd, i64::wrapping_add),
        (Opcode::Lsub, i64::wrapping_sub),
        (Opcode::Lmul, i64::wrapping_mul),
        (Opcode::Ldiv, i64::wrapping_div),
        (Opcode::Lrem, i64::wrapping_rem),
        (Opcode::Land, |x, y| x & y),
        (Opcode::Lor, |x, y| x | y),
        (Opcode::Lxor, |x, y| x ^ y),
    ];
    for (opcode, model) in table {
        let code = [op(Opcode::Lload0), op(Opcode::Lload2), op(*opcode), op(Opcode::Lreturn)];
        let mut machine = Machine::new();
        for (x, y) in WIDE.iter().flat_map(|x| WIDE.iter().map(move |y| (*x, *y))) {
            let outcome = machine.run(&code, &[x as u64, 0, y as u64, 0]);
            if y == 0 && matches!(opcode, Opcode::Ldiv | Opcode::Lrem) {
                assert!(matches!(outcome, Outcome::Interprets(2, _)));
                continue;
            }
            let Outcome::Returned(bits, _) = outcome else { panic!("{opcode:?}") };
            assert_eq!(bits, model(x, y) as u64, "{opcode:?} {x} {y}");
        }
    }
    for (opcode, model) in [
        (Opcode::Lshl, (|x, n| x.wrapping_shl(n)) as fn(i64, u32) -> i64),
        (Opcode::Lshr, |x, n| x.wrapping_shr(n)),
        (Opcode::Lushr, |x, n| (x as u64).wrapping_shr(n) as i64),
    ] {
        let code = [op(Opcode::Lload0), op(Opcode::Iload2), op(opcode), op(Opcode::Lreturn)];
        let mut machine = Machine::new();
        for (x, n) in WIDE.iter().flat_map(|x| INTEGERS.iter().map(move |n| (*x, *n))) {
            let outcome = machine.run(&code, &[x as u64, 0, u64::from(n as u32)]);
            let Outcome::Returned(bits, _) = outcome else { panic!("{opcode:?}") };
            assert_eq!(bits, model(x, n as u32) as u64, "{opcode:?} {x} {n}");
        }
    }
}

#[test]
fn double_arithmetic_and_conversions() {
    let table: &[(Opcode, Model<f64>)] = &[
        (Opcode::Dadd, |x, y| x + y),
        (Opcode::Dsub, |x, y| x - y),
        (Opcode::Dmul, |x, y| x * y),
        (Opcode::Ddiv, |x, y| x / y),
    ];
    let mut machine = Machine::new();
    for (x, y) in DOUBLES.iter().flat_map(|x| DOUBLES.iter().map(move |y| (*x, *y))) {
        let locals = [x.to_bits(), 0, y.to_bits(), 0];
        for (opcode, model) in table {
            let code = [op(Opcode::Dload0), op(Opcode::Dload2), op(*opcode), op(Opcode::Dreturn)];
            let Outcome::Returned(_, bits) = machine.run(&code, &locals) else { panic!("{opcode:?}") };
            let (result, wanted) = (f64::from_bits(bits), model(x, y));
            assert!(
                result.to_bits() == wanted.to_bits() || (result.is_nan() && wanted.is_nan()),
                "{opcode:?} {x} {y}"
            );
        }
        for (opcode, unordered) in [(Opcode::Dcmpl, -1), (Opcode::Dcmpg, 1)] {
            let wanted = x.partial_cmp(&y).map_or(unordered, |order| order as i32);
            let code = [op(Opcode::Dload0), op(Opcode::Dload2), op(opcode), op(Opcode::Ireturn)];
            let outcome = machine.run(&code, &locals);
            let Outcome::Returned(bits, _) = outcome else { panic!("{opcode:?}") };
            assert_eq!(bits as u32 as i32, wanted, "{opcode:?} {x} {y}");
            for (branch, holds) in [
                (Opcode::IfEq, wanted == 0),
                (Opcode::IfNe, wanted != 0),
                (Opcode::IfLt, wanted < 0),
                (Opcode::IfGe, wanted >= 0),
                (Opcode::IfGt, wanted > 0),
                (Opcode::IfLe, wanted <= 0),
            ] {
                let code = [
                    op(Opcode::Dload0),
                    op(Opcode::Dload2),
                    op(opcode),
                    op(branch),
                    0,
                    5,
                    op(Opcode::Iconst0),
                    op(Opcode::Ireturn),
                    op(Opcode::Iconst1),
                    op(Opcode::Ireturn),
                ];
                let Outcome::Returned(bits, _) = machine.run(&code, &locals) else { panic!("{branch:?}") };
                assert_eq!(bits == 1, holds, "{opcode:?} {branch:?} {x} {y}");
            }
        }
    }
    for x in DOUBLES {
        let locals = [x.to_bits(), 0];
        let narrow = [op(Opcode::Dload0), op(Opcode::D2i), op(Opcode::Ireturn)];
        assert_eq!(machine.run(&narrow, &locals).general(), returned(u64::from(*x as i32 as u32)), "{x}");
        let wide = [op(Opcode::Dload0), op(Opcode::D2l), op(Opcode::Lreturn)];
        assert_eq!(machine.run(&wide, &locals).general(), returned(*x as i64 as u64), "{x}");
        let negated = [op(Opcode::Dload0), op(Opcode::Dneg), op(Opcode::Dreturn)];
        let Outcome::Returned(_, bits) = machine.run(&negated, &locals) else { panic!("dneg") };
        assert_eq!(bits, x.to_bits() ^ 1 << 63);
    }
}

/// A general result, whatever xmm0 holds.
fn returned(bits: u64) -> Outcome {
    Outcome::Returned(bits, 0)
}

impl Outcome {
    fn general(self) -> Outcome {
        match self {
            Outcome::Returned(bits, _) => Outcome::Returned(bits, 0),
            other => other,
        }
    }
}

#[test]
fn integer_conversions() {
    let mut machine = Machine::new();
    for x in INTEGERS {
        let locals = [u64::from(*x as u32)];
        for (opcode, wanted) in [
            (Opcode::I2b, *x as i8 as i32),
            (Opcode::I2c, i32::from(*x as u16)),
            (Opcode::I2s, i32::from(*x as i16)),
            (Opcode::Ineg, x.wrapping_neg()),
        ] {
            let code = [op(Opcode::Iload0), op(opcode), op(Opcode::Ireturn)];
            assert_eq!(
                machine.run(&code, &locals).general(),
                returned(u64::from(wanted as u32)),
                "{opcode:?} {x}"
            );
        }
        let code = [op(Opcode::Iload0), op(Opcode::I2l), op(Opcode::Lreturn)];
        assert_eq!(machine.run(&code, &locals).general(), returned(i64::from(*x) as u64));
        let code = [op(Opcode::Iload0), op(Opcode::I2d), op(Opcode::Dreturn)];
        let Outcome::Returned(_, bits) = machine.run(&code, &locals) else { panic!("i2d") };
        assert_eq!(f64::from_bits(bits), f64::from(*x));
    }
}

#[test]
fn elements_are_checked_and_loaded() {
    let mut machine = Machine::new();
    let ints = [op(Opcode::Aload0), op(Opcode::Iload1), op(Opcode::Iaload), op(Opcode::Ireturn)];
    for index in 0..4 {
        let outcome = machine.run(&ints, &[u64::from(INTS), index]);
        assert_eq!(outcome.general(), returned(100 + index));
    }
    for (array, index) in [(INTS, 4), (INTS, 0xffff_ffff), (0, 0)] {
        let outcome = machine.run(&ints, &[u64::from(array), index]);
        assert_eq!(outcome, Outcome::Interprets(2, vec![u64::from(array), index]));
    }
    let longs = [op(Opcode::Aload0), op(Opcode::Iload1), op(Opcode::Laload), op(Opcode::Lreturn)];
    assert_eq!(machine.run(&longs, &[u64::from(LONGS), 1]).general(), returned(u64::MAX));
    let store = [
        op(Opcode::Aload0),
        op(Opcode::Iconst2),
        op(Opcode::Iload1),
        op(Opcode::Iastore),
        op(Opcode::Aload0),
        op(Opcode::Iconst2),
        op(Opcode::Iaload),
        op(Opcode::Ireturn),
    ];
    assert_eq!(machine.run(&store, &[u64::from(INTS), 9]).general(), returned(9));
}

/// Sums 1 to n by a loop, whose header has a poll, an entry and registers for both locals.
#[test]
fn loops_run() {
    let mut machine = Machine::new();
    let code = [
        op(Opcode::Iconst0),
        op(Opcode::Istore1),
        op(Opcode::Iload0),
        op(Opcode::IfLe),
        0,
        13,
        op(Opcode::Iload1),
        op(Opcode::Iload0),
        op(Opcode::Iadd),
        op(Opcode::Istore1),
        op(Opcode::Iinc),
        0,
        0xff,
        op(Opcode::Goto),
        0xff,
        0xf5,
        op(Opcode::Iload1),
        op(Opcode::Ireturn),
    ];
    assert_eq!(machine.run(&code, &[100]).general(), returned(5050));
    let env = FakeEnv { layout: layout(), code: &code, arguments: 1, cancelled: false };
    assert_eq!(compile(&env).unwrap().entries.len(), 1);
}

/// A value that is stored while another operand still stands for the local's old value (`x++` as an argument).
#[test]
fn stores_leave_earlier_loads_alone() {
    let mut machine = Machine::new();
    let code = [
        op(Opcode::Lload0),
        op(Opcode::Dup2),
        op(Opcode::Lconst1),
        op(Opcode::Ladd),
        op(Opcode::Lstore0),
        op(Opcode::Lload0),
        op(Opcode::Lmul),
        op(Opcode::Lreturn),
    ];
    assert_eq!(machine.run(&code, &[6, 0]).general(), returned(42));
}

/// Both kinds of switch, dense and not, at each key and beside it.
#[test]
fn switches_find_their_case() {
    let cases = 9i32;
    for (step, is_table) in [(1, true), (1, false), (1000, false)] {
        let mut code = vec![op(Opcode::Iload0)];
        code.push(op(if is_table { Opcode::TableSwitch } else { Opcode::LookupSwitch }));
        code.extend([0, 0]);
        let start = 1;
        let entries = if is_table { 12 + 4 * cases } else { 8 + 8 * cases };
        let bodies = 4 + entries;
        let target = |n: i32| (bodies + 3 * n - start).to_be_bytes();
        code.extend(target(cases));
        if is_table {
            code.extend((-3i32).to_be_bytes());
            code.extend((-3 + cases - 1).to_be_bytes());
        } else {
            code.extend(cases.to_be_bytes());
        }
        for n in 0..cases {
            if !is_table {
                code.extend((-3 + step * n).to_be_bytes());
            }
            code.extend(target(n));
        }
        for n in 0..=cases {
            code.extend([op(Opcode::Bipush), n as u8, op(Opcode::Ireturn)]);
        }
        let mut machine = Machine::new();
        for key in (-10..10).chain([i32::MIN, i32::MAX]).chain((0..cases).map(|n| -3 + step * n)) {
            let at = i64::from(key) + 3;
            let known = at % i64::from(step) == 0 && (0..i64::from(cases)).contains(&(at / i64::from(step)));
            let wanted = if known { at / i64::from(step) } else { i64::from(cases) };
            let outcome = machine.run(&code, &[u64::from(key as u32)]);
            assert_eq!(outcome.general(), returned(wanted as u64), "{key} step {step}");
        }
    }
}

/// Kinds that the analysis takes for wide or narrow.
#[test]
fn references_are_wide_only_beside_subroutines() {
    let code = [op(Opcode::Return)];
    let env = FakeEnv { layout: layout(), code: &code, arguments: 0, cancelled: false };
    let blocks = Blocks::new(&env).unwrap();
    assert_eq!(blocks.class(Kind::Ref), Class::Narrow);
    let code = [op(Opcode::Jsr), 0, 4, op(Opcode::Return), op(Opcode::Astore0), op(Opcode::Ret), 0];
    let env = FakeEnv { layout: layout(), code: &code, arguments: 0, cancelled: false };
    let blocks = Blocks::new(&env).unwrap();
    assert_eq!(blocks.class(Kind::Ref), Class::Wide);
}

/// `pushed` operands, then a thousand instructions each of which may leave for the interpreter, which needs all of them in memory.
fn crowded(pushed: usize) -> Vec<u8> {
    let mut code = vec![Opcode::Iconst1 as u8; pushed];
    for _ in 0..1000 {
        code.extend([Opcode::AconstNull, Opcode::ArrayLength, Opcode::Pop].map(|op| op as u8));
    }
    code.push(Opcode::Return as u8);
    code
}

#[test]
fn code_grows_with_the_method_and_not_with_the_depth_of_its_stack() {
    let size = |pushed| {
        let code = crowded(pushed);
        let env = FakeEnv { layout: layout(), code: &code, arguments: 0, cancelled: false };
        compile(&env).unwrap().code.len()
    };
    let (few, many) = (size(10), size(20_000));
    assert!(many < few + 20_000 * 16, "{few} bytes became {many}");
}

#[test]
fn a_compiler_that_is_told_to_stop_does() {
    let compiled = |code: &[u8], cancelled| {
        compile(&FakeEnv { layout: layout(), code, arguments: 0, cancelled }).map(|compiled| compiled.steps)
    };
    let long = crowded(10);
    assert!(matches!(compiled(&long, true), Err(CompileError::Cancelled)));
    assert!(matches!(compiled(&long, false), Ok(0)));
    assert!(matches!(compiled(&[Opcode::Return as u8], true), Ok(0)), "it is over before it is asked");
}

//! From bytecode to quick code: one word array per method, made when the method is first called.
//!
//! Words stand in the order of the bytecode and every bytecode keeps its own words; `bcis` says for each word which
//! bytecode it belongs to. Resolution rewrites words in place, `fuse` overlays frequent sequences.
//!
//! The method's code has passed the loader's format checks, but not necessarily a verifier: code that cannot be decoded
//! becomes `BadCode`, which throws when it is reached.

use std::sync::atomic::{AtomicU64, Ordering};

use carafe_classloader::basic::BasicType;
use carafe_classloader::bytecode::{
    BinaryOp, Bits, CompareOp, Cond, Const, CpIndex, ElemKind, Equality, InvokeKind, Kind, Op, PrimKind,
    ShiftOp, StackOp, decode,
};
use carafe_classloader::class::pool::tag;
use carafe_classloader::class::{Method, Pool};
use carafe_gc::metaspace::{Arena, ClassId, Meta, MetaSlice, Metaspace, MetaspaceFull, Plain};

use super::fuse;
use super::quick::{Quick, encode};
use crate::compiled;
use crate::continuation;
use crate::isolate::Isolate;

/// What belongs to a method's quick code besides the words.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct QuickCode {
    pub words: MetaSlice<AtomicU64>,
    /// For each word, the bci of the bytecode it belongs to.
    pub bcis: MetaSlice<u16>,
    /// How many of the words are instructions of the method, with rising bcis. Behind them, with a compiler, two for each call
    /// of the method, at which compiled code goes on when an interpreted callee returns (`Quick::Resume`).
    pub own: u32,
}

// SAFETY: repr(C) of offsets, never changed after it is published.
unsafe impl Plain for QuickCode {}

/// Prepares a method for execution if that has not happened: `method.quick` is set when this returns Ok.
pub fn prepare(vm: &Isolate, method: &Method) -> Result<(), MetaspaceFull> {
    let _translating = vm.translate_lock.lock();
    if method.quick_code() != 0 {
        return Ok(());
    }
    let mut own = None;
    let (words, bcis) = if method.is_native() {
        native_body(vm, method)
    } else if method.code.is_empty() {
        (vec![encode(Quick::Unrunnable, 0, 0)], vec![0])
    } else if !crate::refmaps::is_analysable(vm, method) {
        // The collector could not find the references in its frames.
        let sync = method.is_synchronized().then(|| encode(Quick::EnterSync, 0, 0));
        let words: Vec<u64> = sync.into_iter().chain([encode(Quick::BadCode, 0, 0)]).collect();
        let bcis = vec![0; words.len()];
        (words, bcis)
    } else {
        let mut translator = Translator::new(vm, method);
        let code = vm.meta.slice(method.code);
        translator.translate(code);
        own = Some(translator.words.len());
        translator.add_returns(code);
        (translator.words, translator.bcis)
    };
    publish(vm, method, &words, &bcis, own.unwrap_or(words.len()))?;
    compiled::prepared(vm, method);
    Ok(())
}

/// Puts finished words into metaspace and makes them the method's code.
pub fn publish(
    vm: &Isolate,
    method: &Method,
    words: &[u64],
    bcis: &[u16],
    own: usize,
) -> Result<(), MetaspaceFull> {
    let arena = &arena_for(vm, method)?;
    let words = arena.alloc_slice_with(words.len(), |i| AtomicU64::new(words[i]))?;
    let bcis = arena.alloc_slice(bcis)?;
    let info = arena.alloc(QuickCode { words, bcis, own: own as u32 })?;
    fuse::fuse_all(&vm.meta.slice(words)[..own]);
    method.side.store(info.raw(), Ordering::Release);
    method.quick.store(words.offset(), Ordering::Release);
    Ok(())
}

/// Where the code of a method lies: what may be unloaded has its own with its class.
fn arena_for(vm: &Isolate, method: &Method) -> Result<Arena, MetaspaceFull> {
    if method.class == ClassId::NONE || !vm.universe.class(method.class).is_unloadable() {
        return Ok(vm.quick_arena.clone());
    }
    vm.universe.arena_of(method.class).map_err(|_| MetaspaceFull)
}

/// The quick code of a prepared method.
pub fn quick_code<'m>(meta: &'m Metaspace, method: &Method) -> Option<&'m QuickCode> {
    match method.side.load(Ordering::Acquire) {
        0 => None,
        raw => Some(meta.get(Meta::<QuickCode>::from_raw(raw))),
    }
}

/// The bci of the bytecode that `pc` (an address inside the method's quick code) belongs to; -1 where there is none.
pub fn bci_of(meta: &Metaspace, method: &Method, pc: *const u64) -> i32 {
    let Some(code) = quick_code(meta, method) else { return -1 };
    let start = meta.base() as usize + code.words.offset() as usize;
    let index = (pc as usize).wrapping_sub(start) / 8;
    meta.slice(code.bcis).get(index).map_or(-1, |b| *b as i32)
}

/// The first word of the bytecode at `bci`.
pub fn pc_of(meta: &Metaspace, method: &Method, bci: u16) -> Option<*const u64> {
    let code = quick_code(meta, method)?;
    let bcis = &meta.slice(code.bcis)[..code.own as usize];
    let mut index = bcis.partition_point(|b| *b < bci);
    if bcis.get(index) != Some(&bci) {
        return None;
    }
    if bci == 0 {
        // What a call does first comes before the first bytecode: who jumps there does not count or lock again.
        let first = meta.slice(code.words).first().map_or(0, |word| word.load(Ordering::Relaxed));
        index += usize::from(Quick::from_word(first) == Quick::Entry) + usize::from(method.is_synchronized());
    }
    Some((meta.base() as usize + code.words.offset() as usize + index * 8) as *const u64)
}

/// Code of a native method: call the implementation, return its result; or throw if there is none.
fn native_body(vm: &Isolate, method: &Method) -> (Vec<u64>, Vec<u16>) {
    let mut words = Vec::new();
    if method.is_synchronized() {
        words.push(encode(Quick::EnterSync, 0, 0));
    }
    if let Some(op) = continuation::body_of(vm, method) {
        words.push(encode(op, 0, 0));
        if op == Quick::ContinuationEnter {
            words.push(encode(Quick::ContinuationLeave, 0, 0));
        }
        let result = BasicType::from_u8(method.result).unwrap_or(BasicType::Void);
        words.push(return_word(false, result.slots()));
        return (words.clone(), vec![0; words.len()]);
    }
    match vm.bind_native(method) {
        Some(number)
            if vm.well_known_methods_if_ready().is_some_and(|m| std::ptr::eq(m.object_wait, method)) =>
        {
            words.push(encode(Quick::NativeWait, 0, number));
        }
        Some(number) => words.push(encode(Quick::Native, 0, number)),
        None => words.push(encode(Quick::Unrunnable, 0, 0)),
    }
    let result = BasicType::from_u8(method.result).unwrap_or(BasicType::Void);
    words.push(return_word(method.is_synchronized(), result.slots()));
    let bcis = vec![0; words.len()];
    (words, bcis)
}

/// `checked`: the frame may hold locks.
fn return_word(checked: bool, slots: usize) -> u64 {
    if checked {
        return encode(Quick::ReturnSync, slots as u16, 0);
    }
    encode(
        match slots {
            0 => Quick::Return,
            1 => Quick::Return1,
            _ => Quick::Return2,
        },
        0,
        0,
    )
}

pub fn enters_monitors(code: &[u8]) -> bool {
    let mut bci = 0;
    while let Ok(instr) = decode(code, bci) {
        if matches!(instr.op, Op::MonitorEnter) {
            return true;
        }
        bci = instr.next() as usize;
    }
    false
}

struct Translator<'v> {
    vm: &'v Isolate,
    method: &'v Method,
    pool: &'v Pool,
    words: Vec<u64>,
    bcis: Vec<u16>,
    /// (word that branches, word that holds the offset, whether in the high half, target bci)
    fixups: Vec<Fixup>,
    bci: u16,
    /// A frame of this method may hold locks when it returns.
    locks: bool,
}

struct Fixup {
    from: usize,
    at: usize,
    target: u32,
    place: Place,
}

enum Place {
    /// The b half of an instruction; the op becomes the second one when the branch goes back.
    Branch,
    /// A whole data word.
    Whole,
    /// The high half of a data word.
    High,
}

impl<'v> Translator<'v> {
    fn new(vm: &'v Isolate, method: &'v Method) -> Translator<'v> {
        let pool = vm.meta.get(vm.universe.class(method.class).pool);
        let size = method.code.len();
        Translator {
            vm,
            method,
            pool,
            words: Vec::with_capacity(size),
            bcis: Vec::with_capacity(size),
            fixups: Vec::new(),
            bci: 0,
            locks: method.is_synchronized(),
        }
    }

    fn translate(&mut self, code: &[u8]) {
        let mut starts: Vec<u32> = vec![u32::MAX; code.len()];
        let loops = if self.vm.code.is_some() { self.loops(code) } else { Bits::default() };
        if self.vm.code.is_some() {
            self.emit(Quick::Entry, 0, 0);
        }
        if self.method.is_synchronized() {
            self.emit(Quick::EnterSync, 0, 0);
        }
        self.locks |= enters_monitors(code);
        let mut bci = 0;
        while bci < code.len() {
            self.bci = bci as u16;
            starts[bci] = self.words.len() as u32;
            if loops.contains(bci) {
                self.emit(Quick::Loop, 0, 0);
            }
            let Ok(instr) = decode(code, bci) else {
                self.emit(Quick::BadCode, 0, 0);
                break;
            };
            self.instruction(&instr.op, instr.next());
            bci = instr.next() as usize;
        }
        // Falling off the end is impossible in verified code; this keeps it from running into other memory.
        self.emit(Quick::BadCode, 0, 0);
        self.resolve_branches(&starts);
    }

    /// Where backward branches and exceptions lead.
    fn loops(&self, code: &[u8]) -> Bits {
        let mut found = Bits::new(code.len());
        for handler in self.vm.meta.slice(self.method.handlers) {
            found.insert(usize::from(handler.handler));
        }
        let mut bci = 0;
        while let Ok(instr) = decode(code, bci) {
            instr.op.for_each_target(|target| {
                if target as usize <= bci {
                    found.insert(target as usize);
                }
            });
            bci = instr.next() as usize;
        }
        found
    }

    /// Behind the code, two words for each call.
    fn add_returns(&mut self, code: &[u8]) {
        if self.vm.code.is_none() {
            return;
        }
        let own = self.words.len();
        let mut bci = 0;
        while let Ok(instr) = decode(code, bci) {
            if matches!(instr.op, Op::Invoke { .. } | Op::InvokeDynamic(_)) {
                let after = self.bcis[..own].partition_point(|b| u32::from(*b) <= instr.bci);
                let mut at = self.bcis[..own].partition_point(|b| u32::from(*b) < instr.bci);
                while matches!(
                    Quick::from_word(self.words[at]),
                    Quick::Entry | Quick::EnterSync | Quick::Loop
                ) {
                    at += 1;
                }
                self.bci = instr.bci as u16;
                self.data(at as u64 | (after as u64) << 32);
                self.emit(Quick::Resume, 0, 0);
            }
            bci = instr.next() as usize;
        }
    }

    fn resolve_branches(&mut self, starts: &[u32]) {
        for fixup in std::mem::take(&mut self.fixups) {
            let bad = self.words.len() - 1;
            let target = starts.get(fixup.target as usize).copied().filter(|w| *w != u32::MAX);
            let target = target.map_or(bad, |w| w as usize);
            let offset = (target as i64 - fixup.from as i64) as i32;
            let word = &mut self.words[fixup.at];
            match fixup.place {
                Place::Whole => *word = offset as u32 as u64,
                Place::High => *word = *word & 0xffff_ffff | (offset as u32 as u64) << 32,
                Place::Branch => {
                    let op = Quick::from_word(*word);
                    let op = if offset <= 0 { backward(op) } else { op };
                    *word = encode(op, 0, offset as u32);
                }
            }
        }
    }

    fn emit(&mut self, op: Quick, a: u16, b: u32) {
        self.data(encode(op, a, b));
    }

    fn data(&mut self, word: u64) {
        self.words.push(word);
        self.bcis.push(self.bci);
    }

    /// An instruction whose resolved form takes `words` words.
    fn unresolved(&mut self, op: Quick, cp: CpIndex, b: u32) {
        self.emit(op, cp.0, b);
        for _ in 1..op.words() {
            self.data(0);
        }
    }

    fn branch(&mut self, op: Quick, target: u32) {
        let at = self.words.len();
        self.fixups.push(Fixup { from: at, at, target, place: Place::Branch });
        self.emit(op, 0, 0);
    }

    fn instruction(&mut self, op: &Op<'_>, next: u32) {
        match *op {
            Op::Nop => self.emit(Quick::Nop, 0, 0),
            Op::Const(c) => self.constant(c),
            Op::Ldc(cp) | Op::Ldc2(cp) => self.ldc(cp),
            Op::Load(kind, n) => {
                self.local(kind, n, [Quick::Load, Quick::Load2, Quick::LoadFar, Quick::Load2Far])
            }
            Op::Store(kind, n) => {
                self.local(kind, n, [Quick::Store, Quick::Store2, Quick::StoreFar, Quick::Store2Far])
            }
            Op::ArrayLoad(kind) => self.emit(array_load(kind), 0, 0),
            Op::ArrayStore(kind) => self.emit(array_store(kind), 0, 0),
            Op::Stack(s) => self.emit(stack_op(s), 0, 0),
            Op::Binary(op, kind) => self.emit(binary(op, kind), 0, 0),
            Op::Neg(kind) => self.emit(neg(kind), 0, 0),
            Op::Shift(op, kind) => self.emit(shift(op, kind), 0, 0),
            Op::Convert(from, to) => self.emit(convert(from, to), 0, 0),
            Op::Compare(c) => self.emit(compare(c), 0, 0),
            Op::Iinc { local, delta } => match near(local) {
                Some(slot) => self.emit(Quick::IInc, slot, delta as u32),
                None => {
                    self.emit(Quick::IIncFar, 0, far(local));
                    self.data(delta as u32 as u64);
                }
            },
            Op::If(cond, target) => self.branch(if_zero(cond), target),
            Op::IfICmp(cond, target) => self.branch(if_icmp(cond), target),
            // References are compared as their 32 bits, like ints.
            Op::IfACmp(eq, target) => self.branch(if_icmp(condition(eq)), target),
            Op::IfNull(eq, target) => self.branch(if_zero(condition(eq)), target),
            Op::Goto(target) => self.branch(Quick::Goto, target),
            Op::Jsr(target) => {
                let at = self.words.len();
                self.fixups.push(Fixup { from: at, at, target, place: Place::Branch });
                self.emit(Quick::Jsr, 0, 0);
                self.data(next as u64);
            }
            Op::Ret(local) => self.emit(Quick::Ret, 0, far(local)),
            Op::TableSwitch(table) => {
                let from = self.words.len();
                self.emit(Quick::TableSwitch, 0, 0);
                self.data(table.low as u32 as u64 | (table.high() as u32 as u64) << 32);
                self.switch_target(from, table.default, Place::Whole);
                for target in table.targets() {
                    self.switch_target(from, target, Place::Whole);
                }
            }
            Op::LookupSwitch(table) => {
                let from = self.words.len();
                self.emit(Quick::LookupSwitch, 0, table.len() as u32);
                self.switch_target(from, table.default, Place::Whole);
                for (key, target) in table.pairs() {
                    self.switch_target(from, target, Place::High);
                    if let Some(last) = self.words.last_mut() {
                        *last = key as u32 as u64;
                    }
                }
            }
            Op::Return(kind) => self.return_(kind),
            Op::GetStatic(cp) => self.unresolved(Quick::GetStaticUnresolved, cp, 0),
            Op::PutStatic(cp) => self.unresolved(Quick::PutStaticUnresolved, cp, 0),
            Op::GetField(cp) => self.unresolved(Quick::GetFieldUnresolved, cp, 0),
            Op::PutField(cp) => self.unresolved(Quick::PutFieldUnresolved, cp, 0),
            Op::Invoke { kind, pool, count: _ } => self.unresolved(
                match kind {
                    InvokeKind::Virtual => Quick::InvokeVirtualUnresolved,
                    InvokeKind::Special => Quick::InvokeSpecialUnresolved,
                    InvokeKind::Static => Quick::InvokeStaticUnresolved,
                    InvokeKind::Interface => Quick::InvokeInterfaceUnresolved,
                },
                pool,
                0,
            ),
            Op::InvokeDynamic(cp) => self.unresolved(Quick::InvokeDynamicUnresolved, cp, 0),
            Op::New(cp) => self.unresolved(Quick::NewUnresolved, cp, 0),
            Op::NewArray(kind) => {
                let class = self.vm.primitive_array(basic_of(kind));
                self.emit(Quick::NewArray, 0, class.raw());
            }
            Op::ANewArray(cp) => self.unresolved(Quick::ANewArrayUnresolved, cp, 0),
            Op::MultiANewArray(cp, dims) => {
                self.emit(Quick::MultiNewArrayUnresolved, cp.0, dims as u32);
            }
            Op::ArrayLength => self.emit(Quick::ArrayLength, 0, 0),
            Op::Throw => self.emit(Quick::AThrow, 0, 0),
            Op::CheckCast(cp) => self.unresolved(Quick::CheckCastUnresolved, cp, 0),
            Op::InstanceOf(cp) => self.unresolved(Quick::InstanceOfUnresolved, cp, 0),
            Op::MonitorEnter => self.emit(Quick::MonitorEnter, 0, 0),
            Op::MonitorExit => self.emit(Quick::MonitorExit, 0, 0),
        }
    }

    fn switch_target(&mut self, from: usize, target: u32, place: Place) {
        self.fixups.push(Fixup { from, at: self.words.len(), target, place });
        self.data(0);
    }

    fn constant(&mut self, c: Const) {
        match c {
            Const::Null => self.emit(Quick::Const, 0, 0),
            Const::Int(v) => self.emit(Quick::Const, 0, v as u32),
            Const::Float(v) => self.emit(Quick::Const, 0, v.to_bits()),
            Const::Long(v) => self.emit(Quick::ConstLong, 0, v as u32),
            Const::Double(v) => self.wide(v.to_bits()),
        }
    }

    fn wide(&mut self, bits: u64) {
        self.emit(Quick::ConstWide, 0, 0);
        self.data(bits);
    }

    fn ldc(&mut self, cp: CpIndex) {
        let meta = &self.vm.meta;
        let raw = self.pool.raw(meta, cp.0);
        match self.pool.tag(meta, cp.0) {
            tag::INTEGER | tag::FLOAT => self.emit(Quick::Const, 0, raw as u32),
            tag::LONG | tag::DOUBLE => self.wide(raw),
            tag::DYNAMIC => {
                let (_, _, descriptor) = self.pool.dynamic(meta, cp.0);
                match self.vm.universe.text(descriptor).first() {
                    Some(b'L' | b'[') => self.unresolved(Quick::LdcUnresolved, cp, 0),
                    _ => self.emit(Quick::LdcDynamic, cp.0, 0),
                }
            }
            _ => self.unresolved(Quick::LdcUnresolved, cp, 0),
        }
    }

    fn local(&mut self, kind: Kind, n: u16, [one, two, one_far, two_far]: [Quick; 4]) {
        let double = kind.slots() == 2;
        match near(n) {
            Some(slot) => self.emit(if double { two } else { one }, slot, 0),
            None => self.emit(if double { two_far } else { one_far }, 0, far(n)),
        }
    }

    fn return_(&mut self, kind: Option<Kind>) {
        let slots = kind.map_or(0, |k| k.slots() as usize);
        let is_object_init = self.method.is_init() && self.method.class == self.vm.object_class();
        let word =
            if is_object_init { encode(Quick::ReturnRegister, 0, 0) } else { return_word(self.locks, slots) };
        // Results of the small int types are narrowed, as HotSpot does for code that javac did not write.
        let narrow = match BasicType::from_u8(self.method.result) {
            Some(BasicType::Boolean) => Some(encode(Quick::TCIAnd, 0, 1)),
            Some(BasicType::Byte) => Some(encode(Quick::I2B, 0, 0)),
            Some(BasicType::Char) => Some(encode(Quick::I2C, 0, 0)),
            Some(BasicType::Short) => Some(encode(Quick::I2S, 0, 0)),
            _ => None,
        };
        if let Some(narrow) = narrow.filter(|_| self.vm.narrow_results(self.method)) {
            self.data(narrow);
        }
        self.data(word);
    }
}

/// Local variable number as a negative slot offset, if it fits `a`.
fn near(local: u16) -> Option<u16> {
    (local < 0x8000).then(|| (-(local as i32)) as i16 as u16)
}

fn far(local: u16) -> u32 {
    -(local as i32) as u32
}

fn condition(eq: Equality) -> Cond {
    match eq {
        Equality::Eq => Cond::Eq,
        Equality::Ne => Cond::Ne,
    }
}

pub fn basic_of(kind: PrimKind) -> BasicType {
    match kind {
        PrimKind::Boolean => BasicType::Boolean,
        PrimKind::Char => BasicType::Char,
        PrimKind::Float => BasicType::Float,
        PrimKind::Double => BasicType::Double,
        PrimKind::Byte => BasicType::Byte,
        PrimKind::Short => BasicType::Short,
        PrimKind::Int => BasicType::Int,
        PrimKind::Long => BasicType::Long,
    }
}

fn array_load(kind: ElemKind) -> Quick {
    match kind {
        ElemKind::Int | ElemKind::Float => Quick::ALoadInt,
        ElemKind::Ref => Quick::ALoadRef,
        ElemKind::Byte => Quick::ALoadByte,
        ElemKind::Char => Quick::ALoadChar,
        ElemKind::Short => Quick::ALoadShort,
        ElemKind::Long | ElemKind::Double => Quick::ALoadLong,
    }
}

fn array_store(kind: ElemKind) -> Quick {
    match kind {
        ElemKind::Int | ElemKind::Float => Quick::AStoreInt,
        ElemKind::Ref => Quick::AStoreRef,
        ElemKind::Byte => Quick::AStoreByte,
        ElemKind::Char | ElemKind::Short => Quick::AStoreShort,
        ElemKind::Long | ElemKind::Double => Quick::AStoreLong,
    }
}

fn stack_op(op: StackOp) -> Quick {
    match op {
        StackOp::Pop => Quick::Pop,
        StackOp::Pop2 => Quick::Pop2,
        StackOp::Dup => Quick::Dup,
        StackOp::DupX1 => Quick::DupX1,
        StackOp::DupX2 => Quick::DupX2,
        StackOp::Dup2 => Quick::Dup2,
        StackOp::Dup2X1 => Quick::Dup2X1,
        StackOp::Dup2X2 => Quick::Dup2X2,
        StackOp::Swap => Quick::Swap,
    }
}

fn binary(op: BinaryOp, kind: Kind) -> Quick {
    match (op, kind) {
        (BinaryOp::Add, Kind::Int) => Quick::IAdd,
        (BinaryOp::Sub, Kind::Int) => Quick::ISub,
        (BinaryOp::Mul, Kind::Int) => Quick::IMul,
        (BinaryOp::Div, Kind::Int) => Quick::IDiv,
        (BinaryOp::Rem, Kind::Int) => Quick::IRem,
        (BinaryOp::And, Kind::Int) => Quick::IAnd,
        (BinaryOp::Or, Kind::Int) => Quick::IOr,
        (BinaryOp::Xor, Kind::Int) => Quick::IXor,
        (BinaryOp::Add, Kind::Long) => Quick::LAdd,
        (BinaryOp::Sub, Kind::Long) => Quick::LSub,
        (BinaryOp::Mul, Kind::Long) => Quick::LMul,
        (BinaryOp::Div, Kind::Long) => Quick::LDiv,
        (BinaryOp::Rem, Kind::Long) => Quick::LRem,
        (BinaryOp::And, Kind::Long) => Quick::LAnd,
        (BinaryOp::Or, Kind::Long) => Quick::LOr,
        (BinaryOp::Xor, Kind::Long) => Quick::LXor,
        (BinaryOp::Add, Kind::Float) => Quick::FAdd,
        (BinaryOp::Sub, Kind::Float) => Quick::FSub,
        (BinaryOp::Mul, Kind::Float) => Quick::FMul,
        (BinaryOp::Div, Kind::Float) => Quick::FDiv,
        (BinaryOp::Rem, Kind::Float) => Quick::FRem,
        (BinaryOp::Add, Kind::Double) => Quick::DAdd,
        (BinaryOp::Sub, Kind::Double) => Quick::DSub,
        (BinaryOp::Mul, Kind::Double) => Quick::DMul,
        (BinaryOp::Div, Kind::Double) => Quick::DDiv,
        (BinaryOp::Rem, Kind::Double) => Quick::DRem,
        (BinaryOp::And | BinaryOp::Or | BinaryOp::Xor, Kind::Float | Kind::Double) | (_, Kind::Ref) => {
            Quick::BadCode
        }
    }
}

fn neg(kind: Kind) -> Quick {
    match kind {
        Kind::Int => Quick::INeg,
        Kind::Long => Quick::LNeg,
        Kind::Float => Quick::FNeg,
        Kind::Double => Quick::DNeg,
        Kind::Ref => Quick::BadCode,
    }
}

fn shift(op: ShiftOp, kind: Kind) -> Quick {
    match (op, kind) {
        (ShiftOp::Left, Kind::Int) => Quick::IShl,
        (ShiftOp::Right, Kind::Int) => Quick::IShr,
        (ShiftOp::UnsignedRight, Kind::Int) => Quick::IUshr,
        (ShiftOp::Left, Kind::Long) => Quick::LShl,
        (ShiftOp::Right, Kind::Long) => Quick::LShr,
        (ShiftOp::UnsignedRight, Kind::Long) => Quick::LUshr,
        (_, Kind::Float | Kind::Double | Kind::Ref) => Quick::BadCode,
    }
}

fn convert(from: Kind, to: PrimKind) -> Quick {
    match (from, to) {
        (Kind::Int, PrimKind::Long) => Quick::I2L,
        (Kind::Int, PrimKind::Float) => Quick::I2F,
        (Kind::Int, PrimKind::Double) => Quick::I2D,
        (Kind::Int, PrimKind::Byte) => Quick::I2B,
        (Kind::Int, PrimKind::Char) => Quick::I2C,
        (Kind::Int, PrimKind::Short) => Quick::I2S,
        (Kind::Long, PrimKind::Int) => Quick::L2I,
        (Kind::Long, PrimKind::Float) => Quick::L2F,
        (Kind::Long, PrimKind::Double) => Quick::L2D,
        (Kind::Float, PrimKind::Int) => Quick::F2I,
        (Kind::Float, PrimKind::Long) => Quick::F2L,
        (Kind::Float, PrimKind::Double) => Quick::F2D,
        (Kind::Double, PrimKind::Int) => Quick::D2I,
        (Kind::Double, PrimKind::Long) => Quick::D2L,
        (Kind::Double, PrimKind::Float) => Quick::D2F,
        (Kind::Int | Kind::Long | Kind::Float | Kind::Double | Kind::Ref, _) => Quick::BadCode,
    }
}

fn compare(op: CompareOp) -> Quick {
    match op {
        CompareOp::Long => Quick::LCmp,
        CompareOp::FloatLess => Quick::FCmpL,
        CompareOp::FloatGreater => Quick::FCmpG,
        CompareOp::DoubleLess => Quick::DCmpL,
        CompareOp::DoubleGreater => Quick::DCmpG,
    }
}

fn if_zero(cond: Cond) -> Quick {
    match cond {
        Cond::Eq => Quick::IfEq,
        Cond::Ne => Quick::IfNe,
        Cond::Lt => Quick::IfLt,
        Cond::Ge => Quick::IfGe,
        Cond::Gt => Quick::IfGt,
        Cond::Le => Quick::IfLe,
    }
}

fn if_icmp(cond: Cond) -> Quick {
    match cond {
        Cond::Eq => Quick::IfICmpEq,
        Cond::Ne => Quick::IfICmpNe,
        Cond::Lt => Quick::IfICmpLt,
        Cond::Ge => Quick::IfICmpGe,
        Cond::Gt => Quick::IfICmpGt,
        Cond::Le => Quick::IfICmpLe,
    }
}

/// The polling form of a branch that goes back.
fn backward(op: Quick) -> Quick {
    match op {
        Quick::IfEq => Quick::IfEqBack,
        Quick::IfNe => Quick::IfNeBack,
        Quick::IfLt => Quick::IfLtBack,
        Quick::IfGe => Quick::IfGeBack,
        Quick::IfGt => Quick::IfGtBack,
        Quick::IfLe => Quick::IfLeBack,
        Quick::IfICmpEq => Quick::IfICmpEqBack,
        Quick::IfICmpNe => Quick::IfICmpNeBack,
        Quick::IfICmpLt => Quick::IfICmpLtBack,
        Quick::IfICmpGe => Quick::IfICmpGeBack,
        Quick::IfICmpGt => Quick::IfICmpGtBack,
        Quick::IfICmpLe => Quick::IfICmpLeBack,
        Quick::Goto => Quick::GotoBack,
        other => other,
    }
}

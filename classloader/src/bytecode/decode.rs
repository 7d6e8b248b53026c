//! One instruction out of a code array, in a form that has forgotten its encoding.
//!
//! Two hundred opcodes become some forty canonical operations: `iload_2`, `iload 2` and `wide iload 2` are
//! all `Load(Int, 2)`. Verifier, compilers and data-flow passes match on [`Op`] and never see bytes.
//!
//! Invariant: a decoded instruction lies inside the code array with all its operands, and its reserved bytes
//! are as the specification demands. Branch targets are only computed here, not judged: one may lie outside
//! the code or inside another instruction until [`flow`](super::flow) has looked at the whole method.
//! Constant-pool indices and local variable numbers are not judged either.
//!
//! Deliberately absent: the demand that a switch's padding be zero, which holds only for class files older
//! than version 51; see [`padding_is_zero`].

use super::opcodes::{Format, Opcode};
use crate::for_each_opcode;

/// An index into a class file's constant pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CpIndex(pub u16);

impl std::fmt::Display for CpIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A computational type; `boolean`, `byte`, `char` and `short` are `Int`. A local variable holding a return
/// address is loaded never, and stored as `Ref`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Int,
    Long,
    Float,
    Double,
    Ref,
}

impl Kind {
    /// Slots taken in the local variables or on the operand stack.
    #[inline]
    pub const fn slots(self) -> u32 {
        match self {
            Kind::Int | Kind::Float | Kind::Ref => 1,
            Kind::Long | Kind::Double => 2,
        }
    }
}

/// The element type that an array load or store names. `Byte` also serves `boolean` arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElemKind {
    Int,
    Long,
    Float,
    Double,
    Ref,
    Byte,
    Char,
    Short,
}

impl ElemKind {
    /// The computational type of an element on the operand stack.
    pub const fn kind(self) -> Kind {
        match self {
            ElemKind::Int | ElemKind::Byte | ElemKind::Char | ElemKind::Short => Kind::Int,
            ElemKind::Long => Kind::Long,
            ElemKind::Float => Kind::Float,
            ElemKind::Double => Kind::Double,
            ElemKind::Ref => Kind::Ref,
        }
    }
}

/// A primitive type, numbered as `newarray` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum PrimKind {
    Boolean = 4,
    Char = 5,
    Float = 6,
    Double = 7,
    Byte = 8,
    Short = 9,
    Int = 10,
    Long = 11,
}

impl PrimKind {
    /// The type that `newarray` means by this code.
    pub const fn from_code(code: u8) -> Option<PrimKind> {
        Some(match code {
            4 => PrimKind::Boolean,
            5 => PrimKind::Char,
            6 => PrimKind::Float,
            7 => PrimKind::Double,
            8 => PrimKind::Byte,
            9 => PrimKind::Short,
            10 => PrimKind::Int,
            11 => PrimKind::Long,
            _ => return None,
        })
    }

    /// The computational type of a value.
    pub const fn kind(self) -> Kind {
        match self {
            PrimKind::Boolean | PrimKind::Char | PrimKind::Byte | PrimKind::Short | PrimKind::Int => {
                Kind::Int
            }
            PrimKind::Long => Kind::Long,
            PrimKind::Float => Kind::Float,
            PrimKind::Double => Kind::Double,
        }
    }

    /// The keyword of the Java language.
    pub const fn name(self) -> &'static str {
        match self {
            PrimKind::Boolean => "boolean",
            PrimKind::Char => "char",
            PrimKind::Float => "float",
            PrimKind::Double => "double",
            PrimKind::Byte => "byte",
            PrimKind::Short => "short",
            PrimKind::Int => "int",
            PrimKind::Long => "long",
        }
    }
}

/// A constant that stands in the instruction itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Const {
    Int(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    Null,
}

impl Const {
    /// The computational type of the constant.
    pub const fn kind(self) -> Kind {
        match self {
            Const::Int(_) => Kind::Int,
            Const::Long(_) => Kind::Long,
            Const::Float(_) => Kind::Float,
            Const::Double(_) => Kind::Double,
            Const::Null => Kind::Ref,
        }
    }
}

/// The instructions that move slots of the operand stack whatever is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackOp {
    Pop,
    Pop2,
    Dup,
    DupX1,
    DupX2,
    Dup2,
    Dup2X1,
    Dup2X2,
    Swap,
}

impl StackOp {
    /// How many slots it pops, and which of those it pushes in turn: 0 is the deepest popped slot, and the
    /// last one pushed becomes the top.
    pub const fn shuffle(self) -> (usize, &'static [u8]) {
        match self {
            StackOp::Pop => (1, &[]),
            StackOp::Pop2 => (2, &[]),
            StackOp::Dup => (1, &[0, 0]),
            StackOp::DupX1 => (2, &[1, 0, 1]),
            StackOp::DupX2 => (3, &[2, 0, 1, 2]),
            StackOp::Dup2 => (2, &[0, 1, 0, 1]),
            StackOp::Dup2X1 => (3, &[1, 2, 0, 1, 2]),
            StackOp::Dup2X2 => (4, &[2, 3, 0, 1, 2, 3]),
            StackOp::Swap => (2, &[1, 0]),
        }
    }
}

/// Arithmetic of two operands of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
}

/// Shifts; the distance is an `int` whatever is shifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShiftOp {
    Left,
    Right,
    UnsignedRight,
}

/// Three-way comparisons; the second word tells the result when an operand is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    Long,
    FloatLess,
    FloatGreater,
    DoubleLess,
    DoubleGreater,
}

impl CompareOp {
    /// The type of both operands.
    pub const fn kind(self) -> Kind {
        match self {
            CompareOp::Long => Kind::Long,
            CompareOp::FloatLess | CompareOp::FloatGreater => Kind::Float,
            CompareOp::DoubleLess | CompareOp::DoubleGreater => Kind::Double,
        }
    }
}

/// Signed comparison of `int`s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cond {
    Eq,
    Ne,
    Lt,
    Ge,
    Gt,
    Le,
}

impl Cond {
    /// The condition that holds exactly when this one does not.
    pub const fn negate(self) -> Cond {
        match self {
            Cond::Eq => Cond::Ne,
            Cond::Ne => Cond::Eq,
            Cond::Lt => Cond::Ge,
            Cond::Ge => Cond::Lt,
            Cond::Gt => Cond::Le,
            Cond::Le => Cond::Gt,
        }
    }

    /// Whether it holds for `left` and `right`.
    #[inline]
    pub const fn holds(self, left: i32, right: i32) -> bool {
        match self {
            Cond::Eq => left == right,
            Cond::Ne => left != right,
            Cond::Lt => left < right,
            Cond::Ge => left >= right,
            Cond::Gt => left > right,
            Cond::Le => left <= right,
        }
    }
}

/// Comparison of references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equality {
    Eq,
    Ne,
}

/// The four invocations that name a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvokeKind {
    Virtual,
    Special,
    Static,
    Interface,
}

/// The operands of `tableswitch`, still in the code array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSwitch<'a> {
    bci: u32,
    /// Where a value outside `low..=high` goes.
    pub default: u32,
    /// The value of the first entry.
    pub low: i32,
    offsets: &'a [u8],
}

impl<'a> TableSwitch<'a> {
    /// Number of entries, at least one.
    #[inline]
    pub fn len(&self) -> usize {
        self.offsets.len() / 4
    }

    /// A decoded table has at least one entry, so this is false; it is here because `len` is.
    pub fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    /// The value of the last entry.
    pub fn high(&self) -> i32 {
        self.low.wrapping_add(self.len() as i32).wrapping_sub(1)
    }

    /// Targets in order of value, the default not among them.
    pub fn targets(&self) -> impl ExactSizeIterator<Item = u32> + Clone + use<'a> {
        let bci = self.bci;
        self.offsets.chunks_exact(4).map(move |entry| target(bci, read_i32(entry, 0)))
    }

    /// Where `value` goes.
    pub fn target(&self, value: i32) -> u32 {
        let index = value.wrapping_sub(self.low) as u32 as usize;
        match self.offsets.get(index * 4..index * 4 + 4) {
            Some(entry) if value >= self.low => target(self.bci, read_i32(entry, 0)),
            _ => self.default,
        }
    }
}

/// The operands of `lookupswitch`, still in the code array. Keys rise strictly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupSwitch<'a> {
    bci: u32,
    /// Where a value that is no key goes.
    pub default: u32,
    pairs: &'a [u8],
}

impl<'a> LookupSwitch<'a> {
    /// Number of pairs, which may be none.
    #[inline]
    pub fn len(&self) -> usize {
        self.pairs.len() / 8
    }

    /// Whether every value goes to the default.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Pairs of key and target in order, the default not among them.
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (i32, u32)> + Clone + use<'a> {
        let bci = self.bci;
        self.pairs.chunks_exact(8).map(move |pair| (read_i32(pair, 0), target(bci, read_i32(pair, 4))))
    }

    /// Where `value` goes.
    pub fn target(&self, value: i32) -> u32 {
        let (pairs, _) = self.pairs.as_chunks::<8>();
        match pairs.binary_search_by_key(&value, |pair| read_i32(pair, 0)) {
            Ok(index) => pairs.get(index).map_or(self.default, |pair| target(self.bci, read_i32(pair, 4))),
            Err(_) => self.default,
        }
    }
}

/// What an instruction does, its operands decoded and its encoding forgotten. Targets are absolute `bci`s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op<'a> {
    Nop,
    Const(Const),
    /// A constant of one slot from the pool.
    Ldc(CpIndex),
    /// A constant of two slots from the pool.
    Ldc2(CpIndex),
    Load(Kind, u16),
    /// `Store(Ref, _)` may store a return address.
    Store(Kind, u16),
    ArrayLoad(ElemKind),
    ArrayStore(ElemKind),
    Stack(StackOp),
    Binary(BinaryOp, Kind),
    Neg(Kind),
    Shift(ShiftOp, Kind),
    Convert(Kind, PrimKind),
    Compare(CompareOp),
    Iinc {
        local: u16,
        delta: i32,
    },
    /// Comparison of an `int` with zero.
    If(Cond, u32),
    IfICmp(Cond, u32),
    IfACmp(Equality, u32),
    /// Comparison of a reference with null.
    IfNull(Equality, u32),
    Goto(u32),
    /// Pushes the `bci` of the next instruction.
    Jsr(u32),
    Ret(u16),
    TableSwitch(TableSwitch<'a>),
    LookupSwitch(LookupSwitch<'a>),
    /// `None` is `return`, the one of `void` methods.
    Return(Option<Kind>),
    GetStatic(CpIndex),
    PutStatic(CpIndex),
    GetField(CpIndex),
    PutField(CpIndex),
    /// `count` is the operand of `invokeinterface`, argument slots with the receiver; zero for the others.
    Invoke {
        kind: InvokeKind,
        pool: CpIndex,
        count: u8,
    },
    InvokeDynamic(CpIndex),
    New(CpIndex),
    NewArray(PrimKind),
    ANewArray(CpIndex),
    MultiANewArray(CpIndex, u8),
    ArrayLength,
    Throw,
    CheckCast(CpIndex),
    InstanceOf(CpIndex),
    MonitorEnter,
    MonitorExit,
}

impl Op<'_> {
    /// Calls `visit` with every branch target, the default of a switch first. The next instruction is not
    /// among them.
    #[inline]
    pub fn for_each_target(&self, mut visit: impl FnMut(u32)) {
        match *self {
            Op::If(_, target)
            | Op::IfICmp(_, target)
            | Op::IfACmp(_, target)
            | Op::IfNull(_, target)
            | Op::Goto(target)
            | Op::Jsr(target) => visit(target),
            Op::TableSwitch(table) => {
                visit(table.default);
                table.targets().for_each(visit);
            }
            Op::LookupSwitch(table) => {
                visit(table.default);
                table.pairs().for_each(|(_, target)| visit(target));
            }
            Op::Nop
            | Op::Const(_)
            | Op::Ldc(_)
            | Op::Ldc2(_)
            | Op::Load(..)
            | Op::Store(..)
            | Op::ArrayLoad(_)
            | Op::ArrayStore(_)
            | Op::Stack(_)
            | Op::Binary(..)
            | Op::Neg(_)
            | Op::Shift(..)
            | Op::Convert(..)
            | Op::Compare(_)
            | Op::Iinc { .. }
            | Op::Ret(_)
            | Op::Return(_)
            | Op::GetStatic(_)
            | Op::PutStatic(_)
            | Op::GetField(_)
            | Op::PutField(_)
            | Op::Invoke { .. }
            | Op::InvokeDynamic(_)
            | Op::New(_)
            | Op::NewArray(_)
            | Op::ANewArray(_)
            | Op::MultiANewArray(..)
            | Op::ArrayLength
            | Op::Throw
            | Op::CheckCast(_)
            | Op::InstanceOf(_)
            | Op::MonitorEnter
            | Op::MonitorExit => {}
        }
    }
}

/// A decoded instruction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instr<'a> {
    /// Where its opcode (or its `wide`) stands.
    pub bci: u32,
    /// Bytes that it takes, `wide` and operands included.
    pub len: u32,
    /// The opcode, the widened one after `wide`.
    pub opcode: Opcode,
    /// What it does.
    pub op: Op<'a>,
}

impl Instr<'_> {
    /// The `bci` after it.
    #[inline]
    pub const fn next(&self) -> u32 {
        self.bci + self.len
    }
}

/// Why there is no instruction at a `bci`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the code ends inside an instruction")]
    Truncated,
    #[error("{0} is no opcode")]
    BadOpcode(u8),
    #[error("wide cannot modify opcode {0}")]
    BadWide(u8),
    #[error("{0} is no primitive element type")]
    BadElementType(u8),
    #[error("a byte of {0} that must be zero is not")]
    ReservedByte(Opcode),
    #[error("tableswitch with low {low} above high {high}")]
    BadTable { low: i32, high: i32 },
    #[error("lookupswitch with {0} pairs")]
    BadPairCount(i32),
    #[error("lookupswitch with keys out of order")]
    UnsortedKeys,
}

/// The instruction at `bci`.
///
/// Takes time in the length of the instruction: a `lookupswitch` has its keys' order checked each time.
#[inline]
pub fn decode(code: &[u8], bci: usize) -> Result<Instr<'_>, DecodeError> {
    let number = *code.get(bci).ok_or(DecodeError::Truncated)?;
    let opcode = Opcode::from_u8(number).ok_or(DecodeError::BadOpcode(number))?;
    // A code array is shorter than 64 KiB in any class file; should a caller pass more, nothing lies that
    // far.
    let at = u32::try_from(bci).map_err(|_| DecodeError::Truncated)?;
    let mut operands = Operands { target: at, ..Operands::NONE };
    let (opcode, len) = match opcode.format() {
        Format::Plain => (opcode, 1),
        Format::Imm8 => {
            operands.value = i32::from(u8_at(code, bci + 1)? as i8);
            (opcode, 2)
        }
        Format::Imm16 => {
            operands.value = i32::from(u16_at(code, bci + 1)? as i16);
            (opcode, 3)
        }
        Format::Pool8 => {
            operands.pool = CpIndex(u16::from(u8_at(code, bci + 1)?));
            (opcode, 2)
        }
        Format::Pool16 => {
            operands.pool = CpIndex(u16_at(code, bci + 1)?);
            (opcode, 3)
        }
        Format::Local8 => {
            operands.local = u16::from(u8_at(code, bci + 1)?);
            (opcode, 2)
        }
        Format::Increment => {
            operands.local = u16::from(u8_at(code, bci + 1)?);
            operands.value = i32::from(u8_at(code, bci + 2)? as i8);
            (opcode, 3)
        }
        Format::Branch16 => {
            operands.target = target(at, i32::from(u16_at(code, bci + 1)? as i16));
            (opcode, 3)
        }
        Format::Branch32 => {
            operands.target = target(at, i32_at(code, bci + 1)?);
            (opcode, 5)
        }
        Format::TableSwitch => {
            let (table, len) = table_switch(code, at)?;
            operands.table = table;
            (opcode, len)
        }
        Format::LookupSwitch => {
            let (lookup, len) = lookup_switch(code, at)?;
            operands.lookup = lookup;
            (opcode, len)
        }
        Format::Interface => {
            operands.pool = CpIndex(u16_at(code, bci + 1)?);
            operands.count = u8_at(code, bci + 3)?;
            if u8_at(code, bci + 4)? != 0 {
                return Err(DecodeError::ReservedByte(opcode));
            }
            (opcode, 5)
        }
        Format::Dynamic => {
            operands.pool = CpIndex(u16_at(code, bci + 1)?);
            if u16_at(code, bci + 3)? != 0 {
                return Err(DecodeError::ReservedByte(opcode));
            }
            (opcode, 5)
        }
        Format::PrimArray => {
            let element = u8_at(code, bci + 1)?;
            operands.prim = PrimKind::from_code(element).ok_or(DecodeError::BadElementType(element))?;
            (opcode, 2)
        }
        Format::MultiArray => {
            operands.pool = CpIndex(u16_at(code, bci + 1)?);
            operands.count = u8_at(code, bci + 3)?;
            (opcode, 4)
        }
        Format::Wide => {
            let number = u8_at(code, bci + 1)?;
            let modified = Opcode::from_u8(number).ok_or(DecodeError::BadWide(number))?;
            operands.local = u16_at(code, bci + 2)?;
            match modified.format() {
                Format::Local8 => (modified, 4),
                Format::Increment => {
                    operands.value = i32::from(u16_at(code, bci + 4)? as i16);
                    (modified, 6)
                }
                _ => return Err(DecodeError::BadWide(number)),
            }
        }
    };
    Ok(Instr { bci: at, len, opcode, op: canonical(opcode, operands) })
}

/// The instructions of `code` in order, from its start to its end or the first error, which is the last item.
pub fn instructions(code: &[u8]) -> impl Iterator<Item = Result<Instr<'_>, (u32, DecodeError)>> {
    let mut bci = 0;
    std::iter::from_fn(move || {
        if bci >= code.len() {
            return None;
        }
        let at = bci;
        let item = decode(code, at).map_err(|error| (at as u32, error));
        bci = item.as_ref().map_or(code.len(), |instr| instr.next() as usize);
        Some(item)
    })
}

/// Whether the padding of the switch at `bci` is zero, as the specification demanded before version 51.
pub fn padding_is_zero(code: &[u8], bci: usize) -> bool {
    code.get(bci + 1..aligned(bci)).is_some_and(|padding| padding.iter().all(|&byte| byte == 0))
}

/// Decoded operands, from which the table's last column makes an [`Op`]. A format fills the fields that it
/// has.
#[derive(Clone, Copy)]
struct Operands<'a> {
    local: u16,
    pool: CpIndex,
    value: i32,
    count: u8,
    prim: PrimKind,
    target: u32,
    table: TableSwitch<'a>,
    lookup: LookupSwitch<'a>,
}

impl<'a> Operands<'a> {
    const NONE: Operands<'static> = Operands {
        local: 0,
        pool: CpIndex(0),
        value: 0,
        count: 0,
        prim: PrimKind::Int,
        target: 0,
        table: TableSwitch { bci: 0, default: 0, low: 0, offsets: &[] },
        lookup: LookupSwitch { bci: 0, default: 0, pairs: &[] },
    };

    fn invoke(self, kind: InvokeKind) -> Op<'a> {
        Op::Invoke { kind, pool: self.pool, count: self.count }
    }
}

/// Gives the table's closures their type.
#[inline(always)]
fn apply<'a>(canonical: impl FnOnce(Operands<'a>) -> Op<'a>, operands: Operands<'a>) -> Op<'a> {
    canonical(operands)
}

macro_rules! define_canonical {
    ($(($number:literal, $name:ident, $mnemonic:literal, $format:ident, $pops:tt, $pushes:tt, $flags:tt,
        $canonical:expr))*) => {
        #[inline]
        fn canonical<'a>(opcode: Opcode, operands: Operands<'a>) -> Op<'a> {
            match opcode {
                $(Opcode::$name => apply($canonical, operands),)*
            }
        }
    };
}

for_each_opcode!(define_canonical);

fn table_switch(code: &[u8], bci: u32) -> Result<(TableSwitch<'_>, u32), DecodeError> {
    let start = aligned(bci as usize);
    let default = target(bci, i32_at(code, start)?);
    let (low, high) = (i32_at(code, start + 4)?, i32_at(code, start + 8)?);
    if low > high {
        return Err(DecodeError::BadTable { low, high });
    }
    let count = (i64::from(high) - i64::from(low) + 1) as usize;
    let offsets = entries(code, start + 12, count, 4)?;
    Ok((TableSwitch { bci, default, low, offsets }, (start + 12 + offsets.len()) as u32 - bci))
}

fn lookup_switch(code: &[u8], bci: u32) -> Result<(LookupSwitch<'_>, u32), DecodeError> {
    let start = aligned(bci as usize);
    let default = target(bci, i32_at(code, start)?);
    let count = i32_at(code, start + 4)?;
    let pairs =
        entries(code, start + 8, usize::try_from(count).map_err(|_| DecodeError::BadPairCount(count))?, 8)?;
    let mut keys = pairs.chunks_exact(8).map(|pair| read_i32(pair, 0));
    if !keys.by_ref().is_sorted_by(|left, right| left < right) {
        return Err(DecodeError::UnsortedKeys);
    }
    Ok((LookupSwitch { bci, default, pairs }, (start + 8 + pairs.len()) as u32 - bci))
}

/// `count` entries of `size` bytes from `start`.
fn entries(code: &[u8], start: usize, count: usize, size: usize) -> Result<&[u8], DecodeError> {
    let bytes = count.checked_mul(size).ok_or(DecodeError::Truncated)?;
    code.get(start..).and_then(|rest| rest.get(..bytes)).ok_or(DecodeError::Truncated)
}

/// Where the operands of a switch at `bci` start.
const fn aligned(bci: usize) -> usize {
    (bci + 4) & !3
}

/// An absolute target. One before the code wraps to a number far beyond its end, where the flow pass rejects
/// it.
#[inline]
const fn target(bci: u32, distance: i32) -> u32 {
    bci.wrapping_add(distance as u32)
}

#[inline]
fn u8_at(code: &[u8], at: usize) -> Result<u8, DecodeError> {
    code.get(at).copied().ok_or(DecodeError::Truncated)
}

#[inline]
fn u16_at(code: &[u8], at: usize) -> Result<u16, DecodeError> {
    match code.get(at..at + 2) {
        Some(&[high, low]) => Ok(u16::from_be_bytes([high, low])),
        _ => Err(DecodeError::Truncated),
    }
}

#[inline]
fn i32_at(code: &[u8], at: usize) -> Result<i32, DecodeError> {
    match code.get(at..at + 4) {
        Some(&[a, b, c, d]) => Ok(i32::from_be_bytes([a, b, c, d])),
        _ => Err(DecodeError::Truncated),
    }
}

/// Like [`i32_at`] where the length is known; 0 if it is not, so that no panic lurks here.
#[inline]
fn read_i32(bytes: &[u8], at: usize) -> i32 {
    i32_at(bytes, at).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &[u8], expected: Op<'_>) {
        let instr = decode(code, 0).unwrap();
        assert_eq!(instr.op, expected, "{code:x?}");
        assert_eq!(instr.len as usize, code.len(), "{code:x?}");
    }

    #[test]
    fn encodings_of_one_operation_are_the_same() {
        check(&[0x1c], Op::Load(Kind::Int, 2));
        check(&[0x15, 2], Op::Load(Kind::Int, 2));
        check(&[0xc4, 0x15, 0, 2], Op::Load(Kind::Int, 2));
        check(&[0x84, 1, 0xff], Op::Iinc { local: 1, delta: -1 });
        check(&[0xc4, 0x84, 0, 1, 0xff, 0xff], Op::Iinc { local: 1, delta: -1 });
        check(&[0x10, 0x80], Op::Const(Const::Int(-128)));
        check(&[0x02], Op::Const(Const::Int(-1)));
    }

    #[test]
    fn every_fixed_length_opcode_decodes_to_its_table_length() {
        for opcode in Opcode::all() {
            let Some(len) = opcode.fixed_len() else { continue };
            let mut code = vec![0; len as usize];
            code[0] = opcode as u8;
            if opcode == Opcode::NewArray {
                code[1] = 10;
            }
            let instr = decode(&code, 0).unwrap();
            assert_eq!((instr.opcode, instr.len), (opcode, len));
            for short in 0..code.len() {
                assert_eq!(decode(&code[..short], 0), Err(DecodeError::Truncated), "{opcode} cut to {short}");
            }
        }
    }

    #[test]
    fn switches() {
        let mut code = vec![0, 0xaa, 0, 0];
        for word in [99, -1, 1, 10, 20, 30i32] {
            code.extend(word.to_be_bytes());
        }
        let instr = decode(&code, 1).unwrap();
        let Op::TableSwitch(table) = instr.op else { panic!("{instr:?}") };
        assert_eq!(instr.next() as usize, code.len());
        assert_eq!((table.low, table.high(), table.default), (-1, 1, 100));
        assert_eq!(table.targets().collect::<Vec<_>>(), [11, 21, 31]);
        assert_eq!([-2, -1, 1, 2, i32::MIN, i32::MAX].map(|v| table.target(v)), [100, 11, 31, 100, 100, 100]);

        let mut code = vec![0, 0xab, 0, 0];
        for word in [99, 2, -5, 10, 7, 20i32] {
            code.extend(word.to_be_bytes());
        }
        let instr = decode(&code, 1).unwrap();
        let Op::LookupSwitch(table) = instr.op else { panic!("{instr:?}") };
        assert_eq!(instr.next() as usize, code.len());
        assert_eq!(table.pairs().collect::<Vec<_>>(), [(-5, 11), (7, 21)]);
        assert_eq!([-5, 7, 0].map(|v| table.target(v)), [11, 21, 100]);
        assert!(padding_is_zero(&code, 1));
        code[3] = 1;
        assert!(!padding_is_zero(&code, 1));
    }

    #[test]
    fn malformed_instructions_are_refused() {
        assert_eq!(decode(&[0xca], 0), Err(DecodeError::BadOpcode(0xca)));
        assert_eq!(decode(&[0xc4, 0x60, 0, 0], 0), Err(DecodeError::BadWide(0x60)));
        assert_eq!(decode(&[0xbc, 3], 0), Err(DecodeError::BadElementType(3)));
        assert_eq!(decode(&[0xb9, 0, 1, 1, 1], 0), Err(DecodeError::ReservedByte(Opcode::InvokeInterface)));
        assert_eq!(decode(&[0xba, 0, 1, 0, 1], 0), Err(DecodeError::ReservedByte(Opcode::InvokeDynamic)));
        let table = |default: i32, a: i32, b: i32| {
            let mut code = vec![0xaa, 0, 0, 0];
            [default, a, b].iter().for_each(|word| code.extend(word.to_be_bytes()));
            code
        };
        assert_eq!(decode(&table(0, 1, 0), 0), Err(DecodeError::BadTable { low: 1, high: 0 }));
        assert_eq!(decode(&table(0, i32::MIN, i32::MAX), 0), Err(DecodeError::Truncated));
        let mut lookup = table(0, -1, 0);
        lookup[0] = 0xab;
        assert_eq!(decode(&lookup, 0), Err(DecodeError::BadPairCount(-1)));
        let mut unsorted = vec![0xab, 0, 0, 0];
        [0, 2, 5, 0, 5, 0i32].iter().for_each(|word| unsorted.extend(word.to_be_bytes()));
        assert_eq!(decode(&unsorted, 0), Err(DecodeError::UnsortedKeys));
    }
}

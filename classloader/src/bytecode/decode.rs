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
//! than version 51; see [`padding_is_zero`](super::padding_is_zero).

use super::opcodes::{Format, Opcode};
use super::ops::{
    BinaryOp, CompareOp, Cond, Const, CpIndex, ElemKind, Equality, Instr, InvokeKind, Kind, Op, PrimKind,
    ShiftOp, StackOp,
};
use super::switch::{LookupSwitch, TableSwitch, aligned, lookup_switch, table_switch};
use crate::for_each_opcode;

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

/// The length of what starts at `bci`, by its opcode and the operands that length depends on; `None` if that is no opcode, if
/// `wide` cannot modify what follows, if a switch has fewer than no entries, or if the code ends before.
///
/// What has a length may still be no instruction: [`decode`] also looks at reserved bytes, element types and the order of
/// keys.
pub fn raw_len(code: &[u8], bci: usize) -> Option<u32> {
    let opcode = Opcode::from_u8(*code.get(bci)?)?;
    let len = match opcode.format() {
        Format::TableSwitch => {
            let start = aligned(bci);
            let (low, high) = (i32_at(code, start + 4).ok()?, i32_at(code, start + 8).ok()?);
            let entries = i64::from(high) - i64::from(low) + 1;
            (start - bci) as i64 + 12 + 4 * Some(entries).filter(|&entries| entries > 0)?
        }
        Format::LookupSwitch => {
            let start = aligned(bci);
            let pairs = i32_at(code, start + 4).ok().filter(|&pairs| pairs >= 0)?;
            (start - bci) as i64 + 8 + 8 * i64::from(pairs)
        }
        Format::Wide => match Opcode::from_u8(*code.get(bci + 1)?)?.format() {
            Format::Local8 => 4,
            Format::Increment => 6,
            _ => return None,
        },
        format => i64::from(format.fixed_len()?),
    };
    let left = (code.len() - bci) as i64;
    (len <= left).then_some(len as u32)
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
        table: TableSwitch::EMPTY,
        lookup: LookupSwitch::EMPTY,
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

/// An absolute target. One before the code wraps to a number far beyond its end, where the flow pass rejects
/// it.
#[inline]
pub(super) const fn target(bci: u32, distance: i32) -> u32 {
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
pub(super) fn i32_at(code: &[u8], at: usize) -> Result<i32, DecodeError> {
    match code.get(at..at + 4) {
        Some(&[a, b, c, d]) => Ok(i32::from_be_bytes([a, b, c, d])),
        _ => Err(DecodeError::Truncated),
    }
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

//! What must hold of a method's code whatever the types are (JVMS 4.9.1): operands, targets, handlers.
//!
//! Unreachable code is held to this too. Invariant: after it, every instruction's local variables exist, and its constants
//! have the kind that it needs. Deliberately absent: where instructions and blocks are, which
//! [`Flow`](crate::bytecode::Flow) tells.

use super::frame::Reason;
use super::join::is_assignable;
use super::{Step, Stop};
use crate::bytecode::{
    CpIndex, DecodeError, Flow, FlowError, Format, Handler, Instr, InvokeKind, Op, Opcode, decode,
    padding_is_zero,
};
use crate::class::Method;
use crate::class::pool::tag;
use crate::classfile::descriptor::FieldType;
use crate::link::LinkHost;
use crate::symbols::Symbol;
use crate::verify::context::Context;

/// The first version whose `ldc` may name a class.
const CLASS_CONSTANTS_MAJOR: u16 = 49;
/// The first version that need not have zeroes between a switch and its table.
const ANY_PADDING_MAJOR: u16 = 51;
/// The most entries that a switch may have room for.
const SWITCH_MAX: i64 = 65535;
/// The most dimensions that an array may have.
const DIMENSIONS_MAX: usize = 255;

/// Where the instructions of a method are, all of which have operands as they must be.
pub(super) fn check<H: LinkHost>(cx: &mut Context<'_, H>, method: &Method) -> Step<Flow, H> {
    let meta = &cx.universe.meta;
    let code = meta.slice(method.code);
    let handlers = meta.slice(method.handlers).iter();
    let handlers: Vec<Handler> = handlers
        .map(|row| Handler {
            start: row.start,
            end: row.end,
            handler: row.handler,
            catch_type: row.catch_type,
        })
        .collect();
    cx.spend((code.len() + handlers.len()) as u64)?;
    let flow = Flow::new(code, &handlers).map_err(|error| malformed(code, error))?;
    for bci in flow.instruction_starts() {
        let Ok(instr) = decode(code, bci as usize) else { continue };
        check_instruction(cx, method, &instr)?;
        let switch = matches!(instr.opcode, Opcode::TableSwitch | Opcode::LookupSwitch);
        if switch && cx.class.major < ANY_PADDING_MAJOR && !padding_is_zero(code, bci as usize) {
            return Err(Stop::Reason("Non zero padding bytes in switch".into()));
        }
    }
    let throwable = cx.known.throwable;
    for handler in handlers.iter().filter(|handler| handler.catch_type != 0) {
        cx.spend(1)?;
        let caught = cx.class_constant(handler.catch_type).unwrap_or(throwable);
        if caught.is_array(cx.universe) || !is_assignable(cx, throwable, caught)? {
            return Err(Stop::Reason("catch_type not a subclass of Throwable".into()));
        }
    }
    Ok(flow)
}

fn malformed<E>(code: &[u8], error: FlowError) -> Stop<E> {
    let reason = match error {
        FlowError::Length(_) => "Empty code".into(),
        FlowError::Decode { bci, error } => undecodable(code, bci, error),
        FlowError::Target { bci, target } => {
            let op = decode(code, bci as usize).map(|instr| instr.op);
            match op {
                Ok(Op::TableSwitch(table)) if table.default == target => {
                    "Illegal default target in switch".into()
                }
                Ok(Op::LookupSwitch(lookup)) if lookup.default == target => {
                    "Illegal default target in switch".into()
                }
                Ok(Op::TableSwitch(_) | Op::LookupSwitch(_)) => "Illegal branch in tableswitch".into(),
                _ => "Illegal target of jump or branch".into(),
            }
        }
        FlowError::HandlerRange(_) => return Stop::Format("Illegal exception table range"),
        FlowError::HandlerTarget(_) => return Stop::Format("Illegal exception table handler"),
    };
    Stop::Reason(reason)
}

fn undecodable(code: &[u8], bci: u32, error: DecodeError) -> Reason {
    match error {
        DecodeError::Truncated if !has_length(code, bci as usize) => illegal(bci),
        DecodeError::Truncated => {
            format!("Code stops in the middle of instruction  starting at offset {bci}").into()
        }
        DecodeError::BadOpcode(_)
        | DecodeError::BadWide(_)
        | DecodeError::BadTable { .. }
        | DecodeError::BadPairCount(_) => illegal(bci),
        DecodeError::BadElementType(_) => "Bad type passed to newarray".into(),
        DecodeError::ReservedByte(Opcode::InvokeInterface) => {
            "Fourth operand byte of invokeinterface must be zero".into()
        }
        DecodeError::ReservedByte(_) => NO_INVOKEDYNAMIC.into(),
        DecodeError::UnsortedKeys => "Unsorted lookup switch".into(),
    }
}

fn illegal(bci: u32) -> Reason {
    format!("Illegal instruction found at offset {bci}").into()
}

/// Whether the start of an instruction that the code's end cuts off tells how long it would be.
fn has_length(code: &[u8], bci: usize) -> bool {
    let rest = code.get(bci..).unwrap_or_default();
    match rest.first().copied().and_then(Opcode::from_u8) {
        Some(Opcode::Wide) => {
            let widened = rest.get(1).copied().and_then(Opcode::from_u8).map(Opcode::format);
            matches!(widened, Some(Format::Local8 | Format::Increment))
        }
        Some(Opcode::TableSwitch) => table_entries(code, bci, 8).is_none_or(|entries| entries <= SWITCH_MAX),
        Some(Opcode::LookupSwitch) => table_entries(code, bci, 4).is_none_or(|entries| entries <= SWITCH_MAX),
        _ => true,
    }
}

/// The entries of the switch at `bci`, whose last number before the table stands so many bytes after the first; `None` if
/// the code ends before that.
fn table_entries(code: &[u8], bci: usize, last: usize) -> Option<i64> {
    let operands = (bci + 4) & !3;
    let number = |at: usize| match code.get(operands + at..operands + at + 4) {
        Some(&[a, b, c, d]) => Some(i64::from(i32::from_be_bytes([a, b, c, d]))),
        _ => None,
    };
    let last = number(last)?;
    if code.get(bci) == Some(&(Opcode::TableSwitch as u8)) { Some(last - number(4)? + 1) } else { Some(last) }
}

const NO_INVOKEDYNAMIC: &str = "invokedynamic bytecode is not supported in this class file version";

fn check_instruction<H: LinkHost>(
    cx: &mut Context<'_, H>,
    method: &Method,
    instr: &Instr<'_>,
) -> Step<(), H> {
    match instr.op {
        Op::Load(kind, local) | Op::Store(kind, local) => check_local(method, local, kind.slots()),
        Op::Iinc { local, .. } | Op::Ret(local) => check_local(method, local, 1),
        Op::Ldc(index) => {
            let mut tags = vec![tag::INTEGER, tag::FLOAT, tag::STRING];
            if cx.class.major >= CLASS_CONSTANTS_MAJOR {
                tags.push(tag::CLASS);
            }
            check_constant(cx, index, &tags)
        }
        Op::Ldc2(index) => check_constant(cx, index, &[tag::LONG, tag::DOUBLE]),
        Op::GetStatic(index) | Op::PutStatic(index) | Op::GetField(index) | Op::PutField(index) => {
            check_constant(cx, index, &[tag::FIELD])
        }
        Op::Invoke { kind, pool, count } => check_invoke(cx, kind, pool, count),
        Op::InvokeDynamic(_) => refuse(NO_INVOKEDYNAMIC),
        Op::New(index) => match dimensions(cx, index)? {
            0 => Ok(()),
            _ => refuse("Illegal creation of multi-dimensional array"),
        },
        Op::ANewArray(index) => match dimensions(cx, index)? {
            0..DIMENSIONS_MAX => Ok(()),
            _ => refuse("Array with too many dimensions"),
        },
        Op::MultiANewArray(index, count) => {
            let dimensions = dimensions(cx, index)?;
            match usize::from(count) {
                count if (1..=dimensions).contains(&count) => Ok(()),
                _ => refuse("Illegal dimension argument"),
            }
        }
        Op::CheckCast(index) | Op::InstanceOf(index) => check_constant(cx, index, &[tag::CLASS]),
        Op::Nop
        | Op::Const(_)
        | Op::ArrayLoad(_)
        | Op::ArrayStore(_)
        | Op::Stack(_)
        | Op::Binary(..)
        | Op::Neg(_)
        | Op::Shift(..)
        | Op::Convert(..)
        | Op::Compare(_)
        | Op::If(..)
        | Op::IfICmp(..)
        | Op::IfACmp(..)
        | Op::IfNull(..)
        | Op::Goto(_)
        | Op::Jsr(_)
        | Op::TableSwitch(_)
        | Op::LookupSwitch(_)
        | Op::Return(_)
        | Op::NewArray(_)
        | Op::ArrayLength
        | Op::Throw
        | Op::MonitorEnter
        | Op::MonitorExit => Ok(()),
    }
}

fn refuse<E>(reason: &'static str) -> Result<(), Stop<E>> {
    Err(Stop::Reason(reason.into()))
}

fn check_local<E>(method: &Method, local: u16, slots: u32) -> Result<(), Stop<E>> {
    if u32::from(local) + slots <= u32::from(method.code_locals()) {
        return Ok(());
    }
    refuse("Illegal local variable number")
}

fn check_constant<H: LinkHost>(cx: &Context<'_, H>, CpIndex(index): CpIndex, tags: &[u8]) -> Step<(), H> {
    if index == 0 || usize::from(index) >= cx.pool.len() {
        return refuse("Illegal constant pool index");
    }
    if tags.contains(&cx.pool.tag(&cx.universe.meta, index)) {
        return Ok(());
    }
    refuse("Illegal type in constant pool")
}

/// The dimensions of the array that a class constant names.
fn dimensions<H: LinkHost>(cx: &Context<'_, H>, index: CpIndex) -> Step<usize, H> {
    check_constant(cx, index, &[tag::CLASS])?;
    let name = cx.universe.text(cx.pool.class_name(&cx.universe.meta, index.0));
    Ok(FieldType::of_class_name(name).dimensions())
}

fn check_invoke<H: LinkHost>(
    cx: &mut Context<'_, H>,
    kind: InvokeKind,
    index: CpIndex,
    count: u8,
) -> Step<(), H> {
    let interface = kind == InvokeKind::Interface;
    check_constant(cx, index, if interface { &[tag::INTERFACE_METHOD] } else { &[tag::METHOD] })?;
    let (universe, special) = (cx.universe, kind == InvokeKind::Special);
    let member = cx.pool.member(&universe.meta, index.0);
    let name = universe.text(member.name);
    if name == b"<init>" {
        return match special {
            true => Ok(()),
            false => refuse("Must call initializers using invokespecial"),
        };
    }
    if name.first() == Some(&b'<') {
        return refuse("Illegal call to internal method");
    }
    if special && !is_own_or_super(cx, cx.pool.class_name(&universe.meta, member.class_index))? {
        return refuse("Illegal use of nonvirtual function call");
    }
    if interface {
        let signature = cx.signature(member.descriptor)?;
        if cx.arguments(signature).len() + 1 != usize::from(count) {
            return refuse("Inconsistent args_size for invokeinterface");
        }
    }
    Ok(())
}

/// Whether the verified class or one of its superclasses has this name.
fn is_own_or_super<H: LinkHost>(cx: &mut Context<'_, H>, name: Symbol) -> Step<bool, H> {
    Ok(cx.class.name == name || cx.named_in_supers(name)?)
}

//! The text of a NullPointerException that an instruction threw: what could not be done, and what was null.
//!
//! Nothing is recorded while a program runs. When somebody asks for the message, the code of the failing method is read
//! again: an abstract interpretation remembers for every operand which instruction pushed it, and from the operand that
//! was null the text is put together backward. Programs compare these texts, so the analysis has the limits of the
//! reference machine's, which its results depend on:
//! * one pass in the order of the code, repeated only while it reaches new instructions, and stopped as soon as the
//!   failing one is reached: what a loop does further down is not seen;
//! * an operand that several instructions may have pushed comes from nowhere;
//! * a handler starts as if no local variable had been written;
//! * descriptions nest five deep.
//!
//! It trusts nothing: code that does not decode or that pops an empty stack has no message. Work and text are bounded,
//! because code can be made whose analysis takes quadratic time and whose description never ends.
//!
//! Deliberately absent: whether there should be a message at all, which depends on how the exception came to be, except
//! that `new NullPointerException()` (an `invokespecial <init>`) has none.

use std::cell::Cell;

use carafe_classloader::bytecode::{Const, ElemKind, Instr, InvokeKind, Kind, Op, StackOp, decode};
use carafe_classloader::class::{Handler, Method, Pool};
use carafe_classloader::classfile::attributes::local_variables;
use carafe_classloader::classfile::descriptor::{FieldType, MethodDescriptor, external_class_name};
use carafe_classloader::classfile::mutf8;

use crate::env::Env;

/// How deep descriptions nest.
const DETAIL_MAX: u32 = 5;
/// Operands remembered in all stacks together.
const ENTRIES_MAX: usize = 1_000_000;
/// Operands looked at in all steps of the analysis together.
const WORK_MAX: usize = 8_000_000;
/// Operands described in one message.
const EXPRESSIONS_MAX: u32 = 1_000;

/// What the message of a NullPointerException thrown at `bci` of `method` says; `None` if there is nothing to say.
pub fn message(env: &Env<'_>, method: &Method, bci: i32) -> Option<String> {
    let meta = &env.vm().meta;
    let class = env.class(method.class);
    let code = Code {
        bytes: meta.slice(method.code),
        handlers: meta.slice(method.handlers),
        is_static: method.is_static(),
        descriptor: env.vm().universe.text(method.descriptor),
    };
    let names = ClassNames { env, method, pool: meta.get(class.pool) };
    describe(&code, &names, u32::try_from(bci).ok()?)
}

/// A method's code, and what its locals are at the start.
struct Code<'a> {
    bytes: &'a [u8],
    handlers: &'a [Handler],
    is_static: bool,
    descriptor: &'a [u8],
}

/// A field or method reference; the class's name dotted.
struct Member {
    class: String,
    name: String,
    descriptor: Vec<u8>,
}

/// Names that the code refers to by number.
trait Names {
    fn member(&self, index: u16) -> Member;
    /// The source name of a local variable where the class file tells.
    fn local(&self, slot: u16, bci: u32) -> Option<String>;
}

struct ClassNames<'e, 's> {
    env: &'e Env<'s>,
    method: &'e Method,
    pool: &'e Pool,
}

impl Names for ClassNames<'_, '_> {
    fn member(&self, index: u16) -> Member {
        let (meta, universe) = (&self.env.vm().meta, &self.env.vm().universe);
        let member = self.pool.member(meta, index);
        Member {
            class: external_class_name(universe.text(self.pool.class_name(meta, member.class_index))),
            name: mutf8::to_string(universe.text(member.name)),
            descriptor: universe.text(member.descriptor).to_vec(),
        }
    }

    fn local(&self, slot: u16, bci: u32) -> Option<String> {
        let (meta, universe) = (&self.env.vm().meta, &self.env.vm().universe);
        let class = self.env.class(self.method.class);
        let table = universe.attribute(class, self.method.code_attributes, "LocalVariableTable")?;
        let found = local_variables(&table).find(|v| {
            let start = u32::from(v.start_bci);
            v.slot == slot && (start..start + u32::from(v.len)).contains(&bci)
        })?;
        Some(mutf8::to_string(self.pool.utf8(meta, found.name)))
    }
}

fn describe(code: &Code<'_>, names: &impl Names, bci: u32) -> Option<String> {
    let instr = decode(code.bytes, bci as usize).ok()?;
    let (mut text, null_slot) = failed_action(&instr, names)?;
    let analysis = Analysis::run(code, names, bci);
    if let Some(analysis) = analysis {
        let printer = Printer { code, names, analysis, left: Cell::new(EXPRESSIONS_MAX) };
        if let Some(cause) = printer.cause(bci, null_slot) {
            text.push_str(" because ");
            text.push_str(&cause);
            text.push_str(" is null");
        }
    }
    Some(text)
}

/// What the instruction could not do, and how deep in the operand stack the null is that kept it from doing so.
fn failed_action(instr: &Instr<'_>, names: &impl Names) -> Option<(String, usize)> {
    let element = |kind| match kind {
        ElemKind::Int => "int",
        ElemKind::Long => "long",
        ElemKind::Float => "float",
        ElemKind::Double => "double",
        ElemKind::Ref => "object",
        ElemKind::Byte => "byte/boolean",
        ElemKind::Char => "char",
        ElemKind::Short => "short",
    };
    Some(match instr.op {
        Op::ArrayLoad(kind) => (format!("Cannot load from {} array", element(kind)), 1),
        Op::ArrayStore(kind) => {
            (format!("Cannot store to {} array", element(kind)), 1 + kind.kind().slots() as usize)
        }
        Op::ArrayLength => ("Cannot read the array length".to_owned(), 0),
        Op::Throw => ("Cannot throw exception".to_owned(), 0),
        Op::MonitorEnter => ("Cannot enter synchronized block".to_owned(), 0),
        Op::MonitorExit => ("Cannot exit synchronized block".to_owned(), 0),
        Op::GetField(index) => (format!("Cannot read field \"{}\"", names.member(index.0).name), 0),
        Op::PutField(index) => {
            let field = names.member(index.0);
            let slots = FieldType::parse(&field.descriptor)?.slots();
            (format!("Cannot assign field \"{}\"", field.name), slots as usize)
        }
        Op::Invoke {
            kind: InvokeKind::Virtual | InvokeKind::Special | InvokeKind::Interface, pool, ..
        } => {
            let method = names.member(pool.0);
            if method.name == "<init>" {
                return None;
            }
            let slots = MethodDescriptor::parse(&method.descriptor)?.argument_slots();
            (format!("Cannot invoke \"{}\"", method_text(&method)), slots as usize)
        }
        _ => return None,
    })
}

/// `Cls.name(int, String)`
fn method_text(method: &Member) -> String {
    let parameters = MethodDescriptor::parse(&method.descriptor).map_or_else(String::new, |parsed| {
        let types: Vec<String> = parsed.parameters().map(|t| shortened(&t.external_name())).collect();
        types.join(", ")
    });
    format!("{}.{}({parameters})", shortened(&method.class), method.name)
}

/// The two classes that everybody knows go without their package, as elements of arrays too.
fn shortened(name: &str) -> String {
    let element = name.trim_end_matches("[]");
    match element {
        "java.lang.Object" | "java.lang.String" => name.trim_start_matches("java.lang.").to_owned(),
        _ => name.to_owned(),
    }
}

/// The operand stack before an instruction.
#[derive(Clone, Default)]
struct State {
    /// Which instruction pushed each slot, bottom first; `None` if several may have.
    slots: Vec<Option<u32>>,
    /// Local variables written so far, those above 63 not counted.
    written: u64,
}

impl State {
    fn pop(&mut self, count: u32) -> Option<()> {
        self.slots.truncate(self.slots.len().checked_sub(count as usize)?);
        Some(())
    }

    fn push(&mut self, bci: u32, count: u32) {
        self.slots.extend(std::iter::repeat_n(Some(bci), count as usize));
    }

    fn top(&self, depth: usize) -> Option<u32> {
        *self.slots.get(self.slots.len().checked_sub(depth + 1)?)?
    }

    fn write_local(&mut self, slot: u16, count: u32) {
        for slot in u32::from(slot)..u32::from(slot) + count {
            self.written |= 1u64.checked_shl(slot).unwrap_or(0);
        }
    }

    fn is_written(&self, slot: u16) -> bool {
        // Nobody keeps count of so many: the reference machine takes them for written.
        1u64.checked_shl(u32::from(slot)).is_none_or(|bit| self.written & bit != 0)
    }

    fn merge(&mut self, other: &State) -> Option<()> {
        if self.slots.len() != other.slots.len() {
            return None;
        }
        for (mine, its) in self.slots.iter_mut().zip(&other.slots) {
            if *mine != *its {
                *mine = None;
            }
        }
        self.written |= other.written;
        Some(())
    }
}

/// Where the operands of every instruction come from, as far as it takes to know it of one.
struct Analysis {
    before: Vec<Option<State>>,
    entries: usize,
    work: usize,
    grew: bool,
}

impl Analysis {
    fn run(code: &Code<'_>, names: &impl Names, wanted: u32) -> Option<Analysis> {
        let mut before = vec![None; code.bytes.len()];
        *before.first_mut()? = Some(State::default());
        for handler in code.handlers {
            let entry = before.get_mut(usize::from(handler.handler))?;
            let exception = vec![Some(u32::from(handler.handler))];
            entry.get_or_insert(State { slots: exception, written: 0 });
        }
        let mut analysis = Analysis { before, entries: 0, work: 0, grew: true };
        while analysis.grew {
            analysis.grew = false;
            let mut bci = 0;
            while (bci as usize) < code.bytes.len() {
                if bci == wanted && analysis.state(bci).is_some() {
                    return Some(analysis);
                }
                let instr = decode(code.bytes, bci as usize).ok()?;
                if let Some(mut state) = analysis.state(bci).cloned() {
                    analysis.step(&instr, names, &mut state)?;
                }
                bci = instr.next();
            }
        }
        Some(analysis)
    }

    fn state(&self, bci: u32) -> Option<&State> {
        self.before.get(bci as usize)?.as_ref()
    }

    /// Carries the state through an instruction to all that may follow it.
    fn step(&mut self, instr: &Instr<'_>, names: &impl Names, state: &mut State) -> Option<()> {
        self.work += 1 + state.slots.len();
        if self.work > WORK_MAX {
            return None;
        }
        let falls_through = execute(instr, names, state)?;
        if falls_through {
            self.flow(instr.next(), state)?;
        }
        let mut targets = Vec::new();
        instr.op.for_each_target(|target| targets.push(target));
        targets.into_iter().try_for_each(|target| self.flow(target, state))
    }

    fn flow(&mut self, to: u32, state: &mut State) -> Option<()> {
        let slot = self.before.get_mut(to as usize)?;
        match slot {
            Some(known) => state.merge(known)?,
            None => {
                self.grew = true;
                self.entries += state.slots.len();
            }
        }
        *slot = Some(state.clone());
        (self.entries <= ENTRIES_MAX).then_some(())
    }
}

/// What an instruction does to operands and locals; whether the next one follows. `None` where the analysis gives up.
fn execute(instr: &Instr<'_>, names: &impl Names, state: &mut State) -> Option<bool> {
    let bci = instr.bci;
    match instr.op {
        Op::Nop | Op::Iinc { .. } | Op::CheckCast(_) => {}
        Op::Const(value) => state.push(bci, value.kind().slots()),
        Op::Ldc(_) | Op::New(_) => state.push(bci, 1),
        Op::Ldc2(_) => state.push(bci, 2),
        Op::Load(kind, _) => state.push(bci, kind.slots()),
        Op::Store(kind, local) => {
            state.write_local(local, kind.slots());
            state.pop(kind.slots())?;
        }
        Op::ArrayLoad(kind) => {
            state.pop(2)?;
            state.push(bci, kind.kind().slots());
        }
        Op::ArrayStore(kind) => state.pop(2 + kind.kind().slots())?,
        Op::Stack(op) => shuffle(op, state)?,
        Op::Binary(_, kind) => {
            state.pop(2 * kind.slots())?;
            state.push(bci, kind.slots());
        }
        Op::Neg(kind) => {
            state.pop(kind.slots())?;
            state.push(bci, kind.slots());
        }
        Op::Shift(_, kind) => {
            state.pop(1 + kind.slots())?;
            state.push(bci, kind.slots());
        }
        Op::Convert(from, to) => {
            state.pop(from.slots())?;
            state.push(bci, to.kind().slots());
        }
        Op::Compare(op) => {
            state.pop(2 * op.kind().slots())?;
            state.push(bci, 1);
        }
        Op::If(..) | Op::IfNull(..) => state.pop(1)?,
        Op::IfICmp(..) | Op::IfACmp(..) => state.pop(2)?,
        Op::Goto(_) => return Some(false),
        Op::Jsr(_) | Op::Ret(_) => return None,
        Op::TableSwitch(_) | Op::LookupSwitch(_) => {
            state.pop(1)?;
            return Some(false);
        }
        Op::Return(_) | Op::Throw => return Some(false),
        Op::GetStatic(index) => state.push(bci, field_slots(names, index.0)?),
        Op::PutStatic(index) => state.pop(field_slots(names, index.0)?)?,
        Op::GetField(index) => {
            state.pop(1)?;
            state.push(bci, field_slots(names, index.0)?);
        }
        Op::PutField(index) => state.pop(1 + field_slots(names, index.0)?)?,
        Op::Invoke { kind, pool, .. } => {
            let receiver = match kind {
                InvokeKind::Static => 0,
                InvokeKind::Virtual | InvokeKind::Special | InvokeKind::Interface => 1,
            };
            call(names, pool.0, receiver, bci, state)?;
        }
        Op::InvokeDynamic(pool) => call(names, pool.0, 0, bci, state)?,
        Op::NewArray(_) | Op::ANewArray(_) | Op::ArrayLength | Op::InstanceOf(_) => {
            state.pop(1)?;
            state.push(bci, 1);
        }
        Op::MultiANewArray(_, dimensions) => {
            state.pop(u32::from(dimensions))?;
            state.push(bci, 1);
        }
        Op::MonitorEnter | Op::MonitorExit => state.pop(1)?,
    }
    Some(true)
}

fn field_slots(names: &impl Names, index: u16) -> Option<u32> {
    Some(FieldType::parse(&names.member(index).descriptor)?.slots())
}

fn call(names: &impl Names, index: u16, receiver: u32, bci: u32, state: &mut State) -> Option<()> {
    let member = names.member(index);
    let descriptor = MethodDescriptor::parse(&member.descriptor)?;
    state.pop(descriptor.argument_slots() + receiver)?;
    state.push(bci, descriptor.result_kind().map_or(0, Kind::slots));
    Some(())
}

/// Moved operands keep their origin.
fn shuffle(op: StackOp, state: &mut State) -> Option<()> {
    let (pops, pushes) = op.shuffle();
    let popped = state.slots.split_off(state.slots.len().checked_sub(pops)?);
    for &from in pushes {
        state.slots.push(*popped.get(usize::from(from))?);
    }
    Some(())
}

struct Printer<'a, N> {
    code: &'a Code<'a>,
    names: &'a N,
    analysis: Analysis,
    /// How many more operands may be described.
    left: Cell<u32>,
}

impl<N: Names> Printer<'_, N> {
    /// What the operand at `depth` before `bci` was: a quoted expression, or whose return value.
    fn cause(&self, bci: u32, depth: usize) -> Option<String> {
        let source = self.analysis.state(bci)?.top(depth)?;
        let text = self.expression(bci, depth, DETAIL_MAX)?;
        let called = matches!(decode(self.code.bytes, source as usize).ok()?.op, Op::Invoke { .. });
        Some(if called { format!("the return value of \"{text}\"") } else { format!("\"{text}\"") })
    }

    /// The source text of an operand; `None` if it is nothing that can be told briefly.
    fn expression(&self, bci: u32, depth: usize, detail: u32) -> Option<String> {
        let inner = detail.checked_sub(1)?;
        self.left.set(self.left.get().checked_sub(1)?);
        let state = self.analysis.state(bci)?;
        let source = state.top(depth)?;
        Some(match decode(self.code.bytes, source as usize).ok()?.op {
            Op::Load(Kind::Int | Kind::Ref, slot) => self.local(slot, source, !state.is_written(slot)),
            Op::Const(Const::Int(value)) => value.to_string(),
            Op::Const(Const::Null) => "null".to_owned(),
            Op::GetStatic(index) => {
                let field = self.names.member(index.0);
                format!("{}.{}", shortened(&field.class), field.name)
            }
            Op::GetField(index) => {
                let field = self.names.member(index.0).name;
                match self.expression(source, 0, inner) {
                    Some(object) => format!("{object}.{field}"),
                    None => field,
                }
            }
            Op::Invoke { pool, .. } => method_text(&self.names.member(pool.0)),
            Op::ArrayLoad(ElemKind::Int | ElemKind::Ref) => {
                let array = self.expression(source, 1, inner).unwrap_or_else(|| "<array>".to_owned());
                // Only the way into the array counts as nesting, as in the reference machine.
                let index = self.expression(source, 0, detail).unwrap_or_else(|| "...".to_owned());
                format!("{array}[{index}]")
            }
            _ => return None,
        })
    }

    fn local(&self, slot: u16, bci: u32, is_parameter: bool) -> String {
        if let Some(name) = self.names.local(slot, bci) {
            return name;
        }
        let receiver_slots = u16::from(!self.code.is_static);
        if is_parameter && slot < receiver_slots {
            return "this".to_owned();
        }
        if is_parameter && let Some(descriptor) = MethodDescriptor::parse(self.code.descriptor) {
            let mut at = u32::from(receiver_slots);
            for (index, parameter) in descriptor.parameters().enumerate() {
                if (at..at + parameter.slots()).contains(&u32::from(slot)) {
                    return format!("<parameter{}>", index + 1);
                }
                at += parameter.slots();
            }
        }
        format!("<local{slot}>")
    }
}

#[cfg(test)]
mod tests;

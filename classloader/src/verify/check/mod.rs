//! Verification by type checking (JVMS 4.10.1): one walk over each method, from frame to frame of its StackMapTable.
//!
//! | what | file |
//! |---|---|
//! | the walk, frames at targets and handlers | here |
//! | instructions | `instructions` |
//! | fields, invocations, constructors | `members` |
//! | whether a handler can end a constructor | `athrow` |
//!
//! Order matters where a method has several defects: checks come in the order in which the reference machine makes them, so
//! that users see the same complaint.
//!
//! Invariant: when an instruction is looked at, the frame is either what the one before left or what the map says. What the
//! map says is believed here and proven wherever control comes from. Deliberately absent: subroutines, which no class file
//! with a StackMapTable may have.

mod athrow;
mod instructions;
mod members;

use std::borrow::Cow;

use super::context::{Context, Fail, Outcome, Signature};
use super::frame::Frame;
use super::report::{Place, Reason, Report, View};
use super::stackmap::{Defect, MapFrame, Owner, StackMap, mark};
use super::types::VType;
use crate::bytecode::{Opcode, raw_len};
use crate::class::Method;
use crate::class::method::Handler;
use crate::classfile::attributes::{self, AttributeTable};
use crate::link::{LinkError, LinkErrorKind, LinkHost};
use crate::universe::Universe;

/// Checks every method of the context's class that has code.
pub(super) fn class<H: LinkHost>(context: &mut Context<'_, H>) -> Outcome<(), H> {
    let universe = context.universe;
    let mut scratch = Scratch::default();
    for method in universe.meta.slice(context.class.methods) {
        if !method.code.is_empty() {
            let mut checker = Checker::new(context, method, &mut scratch);
            checker.run()?;
        }
    }
    Ok(())
}

/// Buffers that one method after the other uses.
#[derive(Default)]
struct Scratch {
    marks: Vec<u8>,
    frame: Frame,
    map: StackMap,
    arguments: Vec<VType>,
}

/// A method being checked.
struct Checker<'c, 'a, 's, H: LinkHost> {
    cx: &'c mut Context<'a, H>,
    universe: &'a Universe,
    method: &'a Method,
    code: &'a [u8],
    handlers: &'a [Handler],
    /// All `bci`s that a handler covers lie here.
    covered: (u32, u32),
    /// What starts at each byte.
    marks: &'s mut Vec<u8>,
    frame: &'s mut Frame,
    map: &'s mut StackMap,
    arguments: &'s mut Vec<VType>,
    /// The StackMapTable as the class file has it.
    map_bytes: Option<&'a [u8]>,
    signature: Option<Signature>,
    /// The instruction whose handlers were looked at last, and the version of the locals then.
    handlers_seen: Option<(u32, u32)>,
    athrow: athrow::Known,
}

/// Where control goes after an instruction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Ends,
}

impl<'c, 'a, 's, H: LinkHost> Checker<'c, 'a, 's, H> {
    fn new(
        cx: &'c mut Context<'a, H>,
        method: &'a Method,
        scratch: &'s mut Scratch,
    ) -> Checker<'c, 'a, 's, H> {
        let universe = cx.universe;
        let meta = &universe.meta;
        let code = meta.slice(method.code);
        let handlers = meta.slice(method.handlers);
        let first = handlers.iter().map(|handler| u32::from(handler.start)).min();
        let last = handlers.iter().map(|handler| u32::from(handler.end)).max();
        let Scratch { marks, frame, map, arguments } = scratch;
        let table = AttributeTable::at(meta.slice(method.code_attributes), 0);
        let map_bytes = named_attribute(cx, &table, b"StackMapTable");
        Checker {
            universe,
            method,
            code,
            handlers,
            covered: (first.unwrap_or(u32::MAX), last.unwrap_or(0)),
            marks,
            frame,
            map,
            arguments,
            map_bytes,
            signature: None,
            handlers_seen: None,
            athrow: athrow::Known::default(),
            cx,
        }
    }

    fn run(&mut self) -> Outcome<(), H> {
        self.cx.spend(8)?;
        let signature = self.cx.signature(self.method.descriptor)?;
        self.signature = Some(signature);
        self.arguments.clear();
        let mut this_uninit = false;
        if !self.method.is_static() {
            let object = self.cx.class.name == self.universe.well.object;
            this_uninit = self.method.is_init() && !object;
            self.arguments.push(if this_uninit { VType::UNINIT_THIS } else { self.cx.this_type });
        }
        self.arguments.extend_from_slice(self.cx.arguments(signature));
        self.frame.reset(self.arguments, this_uninit);
        self.mark_instructions()?;
        self.check_handler_table()?;
        self.check_local_variable_tables()?;
        self.read_map(this_uninit)?;
        self.walk()
    }

    /// Finds where instructions start.
    fn mark_instructions(&mut self) -> Outcome<(), H> {
        self.marks.clear();
        self.marks.resize(self.code.len(), mark::NOTHING);
        self.cx.spend(1 + self.code.len() as u64 / 16)?;
        let mut at = 0;
        while at < self.code.len() {
            let Some(len) = instruction_len(self.code, at) else {
                return Err(self.refuse_at(at as u32, "Bad instruction", Reason::Code));
            };
            let new = self.code.get(at) == Some(&(Opcode::New as u8));
            if let Some(place) = self.marks.get_mut(at) {
                *place = if new { mark::NEW } else { mark::INSTRUCTION };
            }
            at += len as usize;
        }
        Ok(())
    }

    fn is_instruction(&self, bci: u32) -> bool {
        self.marks.get(bci as usize).is_some_and(|&what| what != mark::NOTHING)
    }

    fn check_handler_table(&mut self) -> Outcome<(), H> {
        let len = self.code.len() as u32;
        for handler in self.handlers {
            self.cx.spend(1)?;
            let Handler { start, end, handler, catch_type } = *handler;
            let wrong = if !self.is_instruction(u32::from(start)) {
                Some(("start_pc", start))
            } else if u32::from(end) != len && !self.is_instruction(u32::from(end)) {
                Some(("end_pc", end))
            } else if !self.is_instruction(u32::from(handler)) {
                Some(("handler_pc", handler))
            } else {
                None
            };
            if let Some((what, value)) = wrong {
                return Err(self.format_error(format!("Illegal exception table {what} {value}")));
            }
            if catch_type == 0 {
                continue;
            }
            let caught = self.caught_type(catch_type);
            let throwable = self.cx.known.throwable;
            if !self.cx.is_assignable(throwable, caught)? {
                let message =
                    format!("Catch type is not a subclass of Throwable in exception handler {handler}");
                let reason = Reason::Type {
                    found: (caught, Place::Pool(catch_type)),
                    expected: Some((throwable, Place::Implied)),
                };
                return Err(self.refuse_at(u32::from(handler), message, reason));
            }
        }
        Ok(())
    }

    /// The type that a handler catches. Reading the class has checked that the index is a class's.
    fn caught_type(&self, index: u16) -> VType {
        self.cx.class_constant(index).unwrap_or(self.cx.known.throwable)
    }

    fn check_local_variable_tables(&mut self) -> Outcome<(), H> {
        let universe = self.universe;
        let table = AttributeTable::at(universe.meta.slice(self.method.code_attributes), 0);
        let len = self.code.len() as u32;
        for attribute in table.iter() {
            if self.cx.pool.utf8(&universe.meta, attribute.name) != b"LocalVariableTable" {
                continue;
            }
            for variable in attributes::local_variables(&attribute.info) {
                self.cx.spend(1)?;
                let start = u32::from(variable.start_bci);
                if !self.is_instruction(start) {
                    return Err(self.format_error(format!("Illegal local variable table start_pc {start}")));
                }
                let end = start + u32::from(variable.len);
                if end != len && !self.is_instruction(end) {
                    let message = format!("Illegal local variable table length {}", variable.len);
                    return Err(self.format_error(message));
                }
            }
        }
        Ok(())
    }

    fn read_map(&mut self, this_uninit: bool) -> Outcome<(), H> {
        let Some(bytes) = self.map_bytes else {
            self.map.clear();
            return Ok(());
        };
        let owner = Owner {
            marks: self.marks,
            max_locals: usize::from(self.method.code_locals()),
            max_stack: usize::from(self.method.max_stack),
        };
        let defect = match self.map.read(self.cx, bytes, owner, self.arguments, this_uninit)? {
            Ok(()) => return Ok(()),
            Err(defect) => defect,
        };
        Err(match defect {
            Defect::Format(what) => {
                // No older verifier is asked about a class whose attribute cannot be read.
                Fail::Host(LinkError::format(format!("StackMapTable format error: {what}")).into())
            }
            Defect::InMethod(what) => self.format_error(what.to_owned()),
            Defect::TooLarge => {
                let name = self.universe.external_method(self.method);
                let message = format!("The stack map frames of method {name} take too much memory");
                Fail::Host(LinkError::new(LinkErrorKind::VerifyError, message).into())
            }
            Defect::Offset(index) => {
                // The frame at fault is shown as the current one.
                let message = "StackMapTable error: bad offset";
                let at = self.map.frames.get(index).cloned();
                self.refuse_map(0, message, Reason::BadMap, at.as_ref(), None)
            }
        })
    }

    fn walk(&mut self) -> Outcome<(), H> {
        let (mut bci, mut next_frame, mut flow) = (0, 0, Flow::Next);
        while (bci as usize) < self.code.len() {
            self.cx.spend(1)?;
            self.frame.begin(bci);
            next_frame = self.meet_map(next_frame, bci, flow)?;
            let len = instruction_len(self.code, bci as usize).unwrap_or(1);
            let covered = self.is_covered(bci);
            let stores = covered && self.is_store(bci);
            if stores {
                // The instruction may throw before it stores.
                self.check_handlers(bci, false)?;
            }
            let mut this_done = false;
            flow = self.instruction(bci, &mut this_done)?;
            if covered && !stores {
                self.check_handlers(bci, this_done)?;
            }
            bci += len;
        }
        match flow {
            Flow::Ends => Ok(()),
            Flow::Next => Err(self.refuse_at(bci, "Control flow falls through code end", Reason::Code)),
        }
    }

    /// Matches the frame with the map where the map has one for this instruction, and goes on with that.
    fn meet_map(&mut self, index: usize, bci: u32, before: Flow) -> Outcome<usize, H> {
        let message = "Expecting a stack map frame";
        let Some(offset) = self.map.frames.get(index).map(|frame| frame.offset) else {
            return match before {
                Flow::Next => Ok(index),
                Flow::Ends => Err(self.refuse_at(bci, message, Reason::Code)),
            };
        };
        if before == Flow::Ends && offset > bci {
            return Err(self.refuse_at(bci, message, Reason::MissingMap));
        }
        if offset > bci {
            return Ok(index);
        }
        if offset < bci {
            return Err(self.format_error(format!("Bad stack map offset {offset}")));
        }
        if before == Flow::Next
            && let Some(mismatch) = self.mismatch(index, None)?
        {
            return Err(self.refuse_mismatch("Instruction type does not match stack map", mismatch, None));
        }
        if let Some(frame) = self.map.frames.get(index) {
            let (locals, stack) = (self.map.locals_of(frame), self.map.stack_of(frame));
            self.cx.spend_slots(locals.len() + stack.len())?;
            self.frame.assume(locals, stack, frame.this_uninit);
        }
        Ok(index + 1)
    }

    /// Demands that the map has a frame at a branch's target that the current one fits.
    fn check_target(&mut self, bci: u32, target: u32) -> Outcome<(), H> {
        let distance = target.wrapping_sub(bci) as i32;
        if !(-65535..=65535).contains(&distance) {
            let message = format!("Illegal target of jump or branch (bci {bci} + offset {distance})");
            return Err(self.refuse_current(message, Reason::BadMap));
        }
        let Some(index) = self.map_index(target) else {
            let message = format!("Expecting a stackmap frame at branch target {}", target as i32);
            return Err(self.refuse_at(bci, message, Reason::MissingMap));
        };
        match self.mismatch(index, None)? {
            None => Ok(()),
            Some(mismatch) => {
                let message = format!("Inconsistent stackmap frames at branch target {target}");
                Err(self.refuse_mismatch(message, mismatch, None))
            }
        }
    }

    fn map_index(&self, target: u32) -> Option<usize> {
        self.map.frames.binary_search_by_key(&target, |frame| frame.offset).ok()
    }

    fn is_covered(&self, bci: u32) -> bool {
        (self.covered.0..self.covered.1).contains(&bci)
    }

    fn is_store(&self, bci: u32) -> bool {
        let opcode = |at: usize| self.code.get(at).copied().and_then(Opcode::from_u8);
        let opcode = match opcode(bci as usize) {
            Some(Opcode::Wide) => opcode(bci as usize + 1),
            other => other,
        };
        opcode.is_some_and(|opcode| {
            (Opcode::Istore..=Opcode::Astore).contains(&opcode)
                || (Opcode::Istore0..=Opcode::Astore3).contains(&opcode)
        })
    }

    /// Demands that the frame, with the exception as its stack, fits the map at every handler that covers the instruction.
    fn check_handlers(&mut self, bci: u32, this_done: bool) -> Outcome<(), H> {
        // The answer depends on the locals and the flag alone. If they have not changed since the last look, only handlers
        // that began to cover since are of interest.
        let version = self.frame.version;
        let seen = match self.handlers_seen {
            Some((at, before)) if before == version && !this_done => Some(at),
            _ => None,
        };
        self.handlers_seen = (!this_done).then_some((bci, version));
        for &Handler { start, end, handler, catch_type } in self.handlers {
            self.cx.spend(1)?;
            let (start, end) = (u32::from(start), u32::from(end));
            let known = seen.is_some_and(|at| start <= at);
            if known || !(start..end).contains(&bci) {
                continue;
            }
            let caught = match catch_type {
                0 => self.cx.known.throwable,
                index => self.caught_type(index),
            };
            let target = u32::from(handler);
            let thrown = Thrown { caught, this_uninit: self.frame.this_uninit || this_done };
            let Some(index) = self.map_index(target) else {
                let message = format!("Expecting a stackmap frame at branch target {target}");
                return Err(self.refuse_at(bci, message, Reason::MissingMap));
            };
            if let Some(mismatch) = self.mismatch(index, Some(thrown))? {
                let message = match mismatch.what {
                    Difference::Overflow => "Operand stack overflow".to_owned(),
                    _ => format!("Stack map does not match the one at exception handler {target}"),
                };
                return Err(self.refuse_mismatch(message, mismatch, Some(thrown)));
            }
        }
        Ok(())
    }

    /// Compares the current frame, or what a handler would see of it, with frame `index` of the map.
    fn mismatch(&mut self, index: usize, thrown: Option<Thrown>) -> Outcome<Option<Mismatch>, H> {
        let Some(target) = self.map.frames.get(index) else { return Ok(None) };
        let exception = thrown.map(|thrown| [thrown.caught]);
        let stack = exception.as_ref().map_or(self.frame.stack(), |one| &one[..]);
        let (map_locals, map_stack) = (self.map.locals_of(target), self.map.stack_of(target));
        self.cx.spend_slots(map_locals.len() + map_stack.len())?;
        let found = |what| Ok(Some(Mismatch { index, what }));
        // A handler's frame needs room for the exception.
        if thrown.is_some() && self.method.max_stack == 0 {
            return found(Difference::Overflow);
        }
        if stack.len() != map_stack.len() {
            return found(Difference::Depth);
        }
        for (at, &to) in map_locals.iter().enumerate() {
            if !self.cx.is_assignable(to, self.frame.local(at))? {
                return found(Difference::Local(at));
            }
        }
        for (at, (&to, &from)) in map_stack.iter().zip(stack).enumerate() {
            if !self.cx.is_assignable(to, from)? {
                return found(Difference::Stack(at));
            }
        }
        let this_uninit = thrown.map_or(self.frame.this_uninit, |thrown| thrown.this_uninit);
        if this_uninit && !target.this_uninit {
            return found(Difference::Flags);
        }
        Ok(None)
    }

    fn refuse_mismatch(
        &self,
        message: impl Into<Cow<'static, str>>,
        mismatch: Mismatch,
        thrown: Option<Thrown>,
    ) -> Fail<H::Error> {
        let target = self.map.frames.get(mismatch.index);
        let map_slot = |slots: &[VType], at: usize| slots.get(at).copied().unwrap_or(VType::TOP);
        let (locals, stack) =
            target.map_or((&[][..], &[][..]), |frame| (self.map.locals_of(frame), self.map.stack_of(frame)));
        let (reason, at_target) = match mismatch.what {
            Difference::Overflow => (Reason::Overflow, false),
            Difference::Depth => (Reason::StackSize, false),
            Difference::Flags => (Reason::Flags(true), true),
            Difference::Local(at) => {
                let found = (self.frame.local(at), Place::Local(at));
                let expected = Some((map_slot(locals, at), Place::MapLocal(at)));
                (Reason::Type { found, expected }, true)
            }
            Difference::Stack(at) => {
                let slot = thrown.map_or(self.frame.slot(at), |thrown| thrown.caught);
                let found = (slot, Place::Stack(at));
                let expected = Some((map_slot(stack, at), Place::MapStack(at)));
                (Reason::Type { found, expected }, true)
            }
        };
        let bci = target.filter(|_| at_target).map_or(self.frame.bci, |frame| frame.offset);
        let shown = target.filter(|_| !matches!(reason, Reason::Overflow));
        let before = match (thrown, &reason) {
            (None, _) => self.frame.stack_before(),
            (Some(_), Reason::Overflow) => Vec::new(),
            (Some(thrown), _) => vec![thrown.caught],
        };
        let this_uninit = thrown.map_or(self.frame.this_uninit, |thrown| thrown.this_uninit);
        let current = View { bci: self.frame.bci, this_uninit, locals: &self.frame.locals, stack: &before };
        self.report(bci, message.into(), reason, Some(current), shown)
    }

    /// A complaint that shows no frame.
    fn refuse_at(&self, bci: u32, message: impl Into<Cow<'static, str>>, reason: Reason) -> Fail<H::Error> {
        self.report(bci, message.into(), reason, None, None)
    }

    /// A complaint about the current instruction that shows the current frame.
    fn refuse_current(&self, message: impl Into<Cow<'static, str>>, reason: Reason) -> Fail<H::Error> {
        let stack = self.frame.stack_before();
        let current = View {
            bci: self.frame.bci,
            this_uninit: self.frame.this_uninit,
            locals: &self.frame.locals,
            stack: &stack,
        };
        self.report(self.frame.bci, message.into(), reason, Some(current), None)
    }

    /// A complaint about a frame of the map, which is shown as the current one.
    fn refuse_map(
        &self,
        bci: u32,
        message: impl Into<Cow<'static, str>>,
        reason: Reason,
        frame: Option<&MapFrame>,
        expected: Option<&MapFrame>,
    ) -> Fail<H::Error> {
        let current = frame.map(|frame| self.view(frame));
        self.report(bci, message.into(), reason, current, expected)
    }

    fn view<'v>(&'v self, frame: &'v MapFrame) -> View<'v> {
        View {
            bci: frame.offset,
            this_uninit: frame.this_uninit,
            locals: self.map.locals_of(frame),
            stack: self.map.stack_of(frame),
        }
    }

    #[cold]
    fn report(
        &self,
        bci: u32,
        message: Cow<'static, str>,
        reason: Reason,
        current: Option<View<'_>>,
        expected: Option<&MapFrame>,
    ) -> Fail<H::Error> {
        let report = Report {
            universe: self.universe,
            method: self.method,
            code: self.code,
            handlers: self.handlers,
            stack_map: self.map_bytes,
            bci,
            reason,
            current,
            expected: expected.map(|frame| self.view(frame)),
        };
        let message = message.into_owned() + &report.text();
        Fail::Refused(LinkError::new(LinkErrorKind::VerifyError, message))
    }

    fn format_error(&self, message: String) -> Fail<H::Error> {
        let method = self.universe.external_method(self.method);
        Fail::Refused(LinkError::format(format!("{message} in method '{method}'")))
    }
}

/// What a handler sees instead of the stack.
#[derive(Clone, Copy)]
struct Thrown {
    caught: VType,
    this_uninit: bool,
}

/// How the current frame does not fit one of the map.
struct Mismatch {
    index: usize,
    what: Difference,
}

enum Difference {
    Depth,
    Local(usize),
    Stack(usize),
    Flags,
    Overflow,
}

/// The opcode that debuggers set. It has a length, but no class file may contain it.
const BREAKPOINT: u8 = 0xca;

fn instruction_len(code: &[u8], bci: usize) -> Option<u32> {
    if code.get(bci) == Some(&BREAKPOINT) { Some(1) } else { raw_len(code, bci) }
}

/// The contents of the first attribute of this name.
fn named_attribute<'a, H: LinkHost>(
    context: &Context<'a, H>,
    table: &AttributeTable<'a>,
    name: &[u8],
) -> Option<&'a [u8]> {
    let meta = &context.universe.meta;
    table.find_by(|index| context.pool.utf8(meta, index) == name).map(|raw| raw.bytes)
}

//! Verification by type inference (JVMS 4.10.2): class files without a StackMapTable, and subroutines.
//!
//! | what | file |
//! |---|---|
//! | the analysis: blocks, what waits, where control goes | here |
//! | operands, targets, handlers | `operands` |
//! | the state before an instruction | `frame` |
//! | what instructions do | `effects`, `members` |
//! | where paths meet | `join` |
//! | which subroutines are being executed | `subroutines` |
//!
//! The states before basic blocks rise from "not reached" until nothing changes. A block covered by a handler ends where
//! the handler's range does, so all of its instructions have the same handlers.
//!
//! A `ret` continues after every `jsr` that called its subroutine. What the subroutine did not store to is what it was at
//! that `jsr`; the rest is what the subroutine left (4.10.2.5). Each subroutine has one `ret`.
//!
//! Blocks are visited in the order of the code, and checks come in the order of the reference machine, so that users see
//! the same complaint.
//!
//! Invariants: a state is joined with every state that control can bring there; work and memory are bounded by the context's
//! budget. Deliberately absent: finding out what other versions allow, and anything that a StackMapTable says.

mod effects;
mod frame;
mod join;
mod members;
mod operands;
mod subroutines;

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::context::{Context, Fail, Outcome};
use super::types::VType;
use crate::bytecode::bits::Bits;
use crate::bytecode::{Flow, Instr, InvokeKind, Op, decode};
use crate::class::Method;
use crate::class::method::Handler;
use crate::link::{LinkError, LinkErrorKind, LinkHost};
use frame::{Frame, Reason};
use join::Joins;
use subroutines::{Chains, Subroutine};

/// Why a method is not accepted, without its name.
enum Stop<E> {
    Reason(Reason),
    /// The table of handlers is at fault, which makes it a ClassFormatError.
    Format(&'static str),
    Fail(Fail<E>),
}

type Step<T, H> = Result<T, Stop<<H as LinkHost>::Error>>;

impl<E> From<Reason> for Stop<E> {
    fn from(reason: Reason) -> Stop<E> {
        Stop::Reason(reason)
    }
}

impl<E> From<Fail<E>> for Stop<E> {
    fn from(fail: Fail<E>) -> Stop<E> {
        Stop::Fail(fail)
    }
}

/// Verifies every method of the context's class that has code.
pub(super) fn class<H: LinkHost>(cx: &mut Context<'_, H>) -> Outcome<(), H> {
    for method in cx.universe.meta.slice(cx.class.methods) {
        if !method.code.is_empty() {
            verify_method(cx, method)?;
        }
    }
    Ok(())
}

/// Verifies a method that has code.
pub(super) fn verify_method<H: LinkHost>(cx: &mut Context<'_, H>, method: &Method) -> Outcome<(), H> {
    let (kind, text) = match method_body(cx, method) {
        Ok(()) => return Ok(()),
        Err(Stop::Fail(fail)) => return Err(fail),
        Err(Stop::Reason(Reason(text))) => (LinkErrorKind::VerifyError, text),
        Err(Stop::Format(text)) => (LinkErrorKind::ClassFormatError, text.into()),
    };
    let universe = cx.universe;
    let (class, name) = (universe.str(cx.class.name), universe.str(method.name));
    let descriptor = universe.str(method.descriptor);
    let message = format!("(class: {class}, method: {name} signature: {descriptor}) {text}");
    Err(Fail::Refused(LinkError::new(kind, message)))
}

fn method_body<H: LinkHost>(cx: &mut Context<'_, H>, method: &Method) -> Step<(), H> {
    cx.spend(8)?;
    let flow = operands::check(cx, method)?;
    let mut analysis = Analysis::new(cx, method, &flow);
    analysis.enter_method()?;
    analysis.run()
}

/// A method being analysed.
struct Analysis<'c, 'a, H: LinkHost> {
    cx: &'c mut Context<'a, H>,
    method: &'c Method,
    code: &'a [u8],
    handlers: &'a [Handler],
    /// Whether it is a constructor that has to call another one.
    must_construct: bool,
    /// Where basic blocks start.
    starts: Vec<u32>,
    /// The state at the start of each block that was reached.
    states: Vec<Option<Frame>>,
    /// Blocks whose state changed since they were executed.
    waiting: BTreeSet<usize>,
    /// By the `bci` at which they start.
    subroutines: HashMap<u16, Subroutine>,
    chains: Chains,
    joins: Joins,
    /// What all states together take.
    slots: usize,
}

impl<'c, 'a, H: LinkHost> Analysis<'c, 'a, H> {
    fn new(cx: &'c mut Context<'a, H>, method: &'c Method, flow: &Flow) -> Analysis<'c, 'a, H> {
        let universe = cx.universe;
        let code = universe.meta.slice(method.code);
        let handlers = universe.meta.slice(method.handlers);
        let mut boundaries = Bits::new(code.len());
        for bci in flow.block_starts() {
            boundaries.insert(bci as usize);
        }
        for handler in handlers {
            boundaries.insert(usize::from(handler.start));
            boundaries.insert(usize::from(handler.end));
        }
        let starts: Vec<u32> = boundaries.iter().map(|bci| bci as u32).collect();
        let states = starts.iter().map(|_| None).collect();
        Analysis {
            must_construct: method.is_init() && !cx.class.super_class.is_none(),
            cx,
            method,
            code,
            handlers,
            starts,
            states,
            waiting: BTreeSet::new(),
            subroutines: HashMap::new(),
            chains: Chains::default(),
            joins: Joins::default(),
            slots: 0,
        }
    }

    /// The state that the caller makes.
    fn enter_method(&mut self) -> Step<(), H> {
        let signature = self.cx.signature(self.method.descriptor)?;
        let mut frame = Frame { stack_max: usize::from(self.method.max_stack), ..Frame::default() };
        if !self.method.is_static() {
            frame.locals.push(if self.must_construct { VType::UNINIT_THIS } else { self.cx.this_type });
        }
        frame.locals.extend_from_slice(self.cx.arguments(signature));
        self.flow_to(0, &frame)
    }

    fn run(&mut self) -> Step<(), H> {
        let mut from = 0;
        while let Some(block) = self.waiting.range(from..).next().or(self.waiting.first()).copied() {
            self.waiting.remove(&block);
            self.block(block)?;
            from = block + 1;
        }
        Ok(())
    }

    /// Executes a block from its state, and joins what comes out into the states of its successors.
    fn block(&mut self, block: usize) -> Step<(), H> {
        let (Some(&start), Some(Some(state))) = (self.starts.get(block), self.states.get(block)) else {
            return Ok(());
        };
        let mut frame = state.clone();
        self.cx.spend_slots(frame.slots())?;
        let end = self.starts.get(block + 1).copied().unwrap_or(self.code.len() as u32);
        let handlers = self.handlers_of(start)?;
        let mut bci = start;
        // Whether the handlers have not seen the locals as they are now.
        let mut stored = true;
        while bci < end {
            let Ok(instr) = decode(self.code, bci as usize) else { return Ok(()) };
            self.cx.spend(1 + u64::from(instr.len) / 16)?;
            let before = (stored && !handlers.is_empty()).then(|| frame.clone());
            self.execute(&instr, &mut frame)?;
            if let Some(before) = before {
                self.flow_to_handlers(&handlers, &before)?;
            }
            stored = matches!(instr.op, Op::Store(..) | Op::New(_));
            if matches!(instr.op, Op::Invoke { kind: InvokeKind::Special, .. }) {
                // A constructor that was called may throw when the object counts as initialized already.
                self.flow_to_handlers(&handlers, &frame)?;
            }
            self.flow_on(block, &instr, &frame)?;
            bci = instr.next();
            if instr.opcode.ends() {
                return Ok(());
            }
        }
        self.flow_to(end, &frame)
    }

    /// Where an instruction branches to.
    fn flow_on(&mut self, block: usize, instr: &Instr<'_>, frame: &Frame) -> Step<(), H> {
        match instr.op {
            Op::Jsr(target) => self.call(target, instr.next(), frame),
            Op::Ret(local) => self.ret(block, instr.bci, local, frame),
            Op::TableSwitch(_) | Op::LookupSwitch(_) => {
                let mut targets = Vec::new();
                instr.op.for_each_target(|target| targets.push(target));
                targets.sort_unstable();
                targets.dedup();
                targets.into_iter().try_for_each(|target| self.flow_to(target, frame))
            }
            _ if instr.opcode.branches() => {
                if !instr.opcode.ends() {
                    self.flow_to(instr.next(), frame)?;
                }
                let mut branch = None;
                instr.op.for_each_target(|target| branch = Some(target));
                branch.map_or(Ok(()), |target| self.flow_to(target, frame))
            }
            _ => Ok(()),
        }
    }

    /// Joins a state into that of the block which starts at `bci`.
    fn flow_to(&mut self, bci: u32, frame: &Frame) -> Step<(), H> {
        let Ok(block) = self.starts.binary_search(&bci) else {
            return Err(Stop::Reason("Falling off the end of the code".into()));
        };
        let Some(state) = self.states.get_mut(block) else { return Ok(()) };
        let (changed, more) = match state {
            Some(old) => {
                let before = old.slots();
                let changed = self.joins.frames(self.cx, &mut self.chains, old, frame)?;
                (changed, old.slots().saturating_sub(before))
            }
            None => {
                *state = Some(frame.clone());
                (true, frame.slots())
            }
        };
        if changed {
            self.waiting.insert(block);
        }
        self.remember(more)
    }

    /// Counts memory.
    fn remember(&mut self, slots: usize) -> Step<(), H> {
        self.slots += slots;
        self.cx.spend_slots(slots)?;
        if !self.cx.may_hold(self.slots)? {
            return Err(Stop::Fail(self.cx.exhausted()));
        }
        Ok(())
    }

    /// The handlers that cover a `bci`, and what each finds on the stack.
    fn handlers_of(&mut self, bci: u32) -> Step<Vec<(u32, VType)>, H> {
        self.cx.spend_slots(self.handlers.len())?;
        let covers = |handler: &&Handler| (u32::from(handler.start)..u32::from(handler.end)).contains(&bci);
        let mut found = Vec::new();
        for handler in self.handlers.iter().filter(covers) {
            let thrown = self.cx.class_constant(handler.catch_type).unwrap_or(self.cx.known.throwable);
            found.push((u32::from(handler.handler), thrown));
        }
        if found.len() > 1 {
            let mut seen = hashbrown::HashSet::new();
            found.retain(|&row| seen.insert(row));
        }
        Ok(found)
    }

    fn flow_to_handlers(&mut self, handlers: &[(u32, VType)], frame: &Frame) -> Step<(), H> {
        if handlers.is_empty() {
            return Ok(());
        }
        let mut at_handler = Frame { stack: Vec::new(), ..frame.clone() };
        for &(handler, thrown) in handlers {
            at_handler.stack.clear();
            at_handler.push(thrown)?;
            self.flow_to(handler, &at_handler)?;
        }
        Ok(())
    }

    /// `jsr`: `frame` has the address on its stack already.
    fn call(&mut self, target: u32, next: u32, frame: &Frame) -> Step<(), H> {
        self.cx.spend_slots(frame.slots() + usize::from(frame.chain.depth()))?;
        let entry = target as u16;
        let Some(chain) = self.chains.enter(frame.chain, entry) else {
            return Err(Stop::Reason("Recursive call to jsr entry".into()));
        };
        let mut inside = Frame { chain, ..frame.clone() };
        inside.drop_uninitialized();
        self.flow_to(target, &inside)?;
        let subroutine = self.subroutines.entry(entry).or_default();
        let known = subroutine.callers.get(&next);
        if known == Some(&frame.locals) {
            return Ok(());
        }
        let more = frame.locals.len().saturating_sub(known.map_or(0, Vec::len));
        subroutine.callers.insert(next, frame.locals.clone());
        subroutine.waiting.insert(next);
        if let Some((_, block)) = subroutine.ret {
            self.waiting.insert(block);
        }
        self.remember(more)
    }

    fn ret(&mut self, block: usize, bci: u32, local: u16, frame: &Frame) -> Step<(), H> {
        let entry = frame.return_address(local)?;
        self.cx.spend_slots(usize::from(frame.chain.depth()))?;
        let outside = self.chains.leave(frame.chain, entry);
        let Some(subroutine) = self.subroutines.get_mut(&entry) else { return Ok(()) };
        if *subroutine.ret.get_or_insert((bci, block)) != (bci, block) {
            return Err(Stop::Reason("Multiple returns to single jsr".into()));
        }
        let Some(outside) = outside else {
            return Err(Stop::Reason("Illegal return from subroutine".into()));
        };
        let mut left = frame.clone();
        left.drop_uninitialized();
        // The callers are lent out: nothing that `flow_to` does looks at them.
        let lent = std::mem::take(subroutine);
        let callers: Vec<u32> = match lent.left.as_ref() == Some(&left) {
            true => lent.waiting.into_iter().collect(),
            false => lent.callers.keys().copied().collect(),
        };
        for next in callers {
            let locals = lent.callers.get(&next).map(Vec::as_slice).unwrap_or_default();
            self.cx.spend_slots(left.slots() + locals.len())?;
            let returned = left.after_return(locals, outside);
            self.flow_to(next, &returned)?;
        }
        let more = left.slots().saturating_sub(lent.left.map_or(0, |left| left.slots()));
        let Subroutine { ret, callers, .. } = lent;
        self.subroutines
            .insert(entry, Subroutine { ret, callers, left: Some(left), waiting: BTreeSet::new() });
        self.remember(more)
    }
}

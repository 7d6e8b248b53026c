//! What the compiler knows of a method before it emits the first instruction: its blocks, how deep the operand stack is at
//! each, where loops begin, and which locals get a register of their own.
//!
//! A local variable is *pinned* to a register for the whole method by how often it is used, weighted by loops. Its slot in
//! memory is written at every store, so it is current at every instruction; the register only saves loads.
//!
//! Invariant: at the beginning of a block the registers of all pins in its `live_in` are loaded, and the operand stack lies in
//! memory, `depth` slots of it.

use carafe_classloader::bytecode::{Instr, Kind, Op, decode};

use crate::Rq;
use crate::Rx;
use crate::env::CompileEnv;

/// What kind of register a value wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// int or reference: 32 bits, zero-extended.
    Narrow,
    /// long
    Wide,
    /// float or double
    Float,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PinRegister {
    General(Rq),
    Float(Rx),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Pin {
    pub local: u16,
    pub class: Class,
    pub register: PinRegister,
}

pub(super) struct Block {
    pub start: u32,
    /// Operand slots at its beginning; `None` if nothing leads there.
    pub depth: Option<u16>,
    /// A backward branch or an exception leads here: the interpreter may enter, and there is a poll.
    pub is_entry: bool,
    /// Pins whose registers are loaded at the beginning, by their places in `pins`.
    pub live_in: u16,
    used: u16,
    defined: u16,
    successors: Vec<u32>,
}

pub(super) struct Blocks {
    pub blocks: Vec<Block>,
    pub pins: Vec<Pin>,
    /// Uses jsr or ret: references may be return addresses, which take 64 bits.
    pub has_subroutines: bool,
}

const GENERAL_PINS: [Rq; 6] = [Rq::RBX, Rq::R12, Rq::R13, Rq::R8, Rq::R9, Rq::R10];
const FLOAT_PINS: [Rx; 8] =
    [Rx::XMM8, Rx::XMM9, Rx::XMM10, Rx::XMM11, Rx::XMM12, Rx::XMM13, Rx::XMM14, Rx::XMM15];

impl Blocks {
    pub(super) fn find(&self, bci: u32) -> Option<usize> {
        self.blocks.binary_search_by_key(&bci, |block| block.start).ok()
    }

    pub(super) fn class(&self, kind: Kind) -> Class {
        match kind {
            Kind::Int => Class::Narrow,
            Kind::Ref if self.has_subroutines => Class::Wide,
            Kind::Ref => Class::Narrow,
            Kind::Long => Class::Wide,
            Kind::Float | Kind::Double => Class::Float,
        }
    }

    /// Analyses a method; `None` if its code cannot be decoded.
    pub(super) fn new<E: CompileEnv + ?Sized>(env: &E) -> Option<Blocks> {
        let method = env.method();
        let code = method.code;
        let mut leader = vec![false; code.len() + 1];
        let mut entry = vec![false; code.len() + 1];
        // How many loops begin and end at a bci: their difference up to one is how deep it lies in loops.
        let mut nesting = vec![0i32; code.len() + 2];
        let mut has_subroutines = false;
        *leader.first_mut()? = true;
        let handlers = env.handlers();
        for handler in &handlers {
            *leader.get_mut(*handler as usize)? = true;
            *entry.get_mut(*handler as usize)? = true;
        }
        each(code, |instr| {
            let mut fine = true;
            instr.op.for_each_target(|target| {
                fine &= (target as usize) < code.len();
                if fine {
                    leader[target as usize] = true;
                    if target <= instr.bci {
                        entry[target as usize] = true;
                        nesting[target as usize] += 1;
                        nesting[instr.bci as usize + 1] -= 1;
                    }
                }
            });
            if ends_block(&instr.op) {
                leader[instr.next() as usize] = true;
            }
            has_subroutines |= matches!(instr.op, Op::Jsr(_) | Op::Ret(_));
            fine.then_some(())
        })?;
        let blocks = (0..code.len())
            .filter(|bci| leader[*bci])
            .map(|bci| Block {
                start: bci as u32,
                depth: None,
                is_entry: entry[bci],
                live_in: 0,
                used: 0,
                defined: 0,
                successors: Vec::new(),
            })
            .collect();
        let mut all = Blocks { blocks, pins: Vec::new(), has_subroutines };
        all.choose_pins(code, &nesting)?;
        all.summarize(env, code)?;
        all.find_depths(env, code, &handlers)?;
        all.find_live();
        Some(all)
    }

    /// The locals that are used most get registers, each as one class.
    fn choose_pins(&mut self, code: &[u8], nesting: &[i32]) -> Option<()> {
        let mut weights: Vec<(u16, Class, u64)> = Vec::new();
        let mut index = std::collections::HashMap::new();
        let (mut deep, mut at) = (0i32, 0usize);
        each(code, |instr| {
            while at <= instr.bci as usize {
                deep += nesting[at];
                at += 1;
            }
            if let Some((local, kind, _)) = local_of(&instr.op) {
                let class = self.class(kind);
                if !(self.has_subroutines && kind == Kind::Ref) {
                    let weight = 1u64 << (3 * deep.clamp(0, 6));
                    let place = *index.entry((local, class)).or_insert_with(|| {
                        weights.push((local, class, 0));
                        weights.len() - 1
                    });
                    weights[place].2 += weight;
                }
            }
            Some(())
        })?;
        weights.sort_by_key(|(_, _, weight)| std::cmp::Reverse(*weight));
        let (mut general, mut float) = (GENERAL_PINS.iter(), FLOAT_PINS.iter());
        for (local, class, weight) in weights {
            // One load more costs as much as loading the register.
            if weight < 2 || self.pins.iter().any(|pin| pin.local == local) {
                continue;
            }
            let register = match class {
                Class::Narrow | Class::Wide => general.next().copied().map(PinRegister::General),
                Class::Float => float.next().copied().map(PinRegister::Float),
            };
            if let Some(register) = register {
                self.pins.push(Pin { local, class, register });
            }
        }
        Some(())
    }

    pub(super) fn pin_of(&self, local: u16, class: Class) -> Option<usize> {
        self.pins.iter().position(|pin| pin.local == local && pin.class == class)
    }

    /// What each block uses and defines, and where it leads.
    fn summarize<E: CompileEnv + ?Sized>(&mut self, env: &E, code: &[u8]) -> Option<()> {
        let _ = env;
        let mut current = 0;
        each(code, |instr| {
            if let Some(found) = self.find(instr.bci) {
                current = found;
            }
            if let Some((local, kind, access)) = local_of(&instr.op) {
                let pin = self.pin_of(local, self.class(kind));
                let block = &mut self.blocks[current];
                if let Some(pin) = pin {
                    let bit = 1 << pin;
                    if access != Access::Write && block.defined & bit == 0 {
                        block.used |= bit;
                    }
                    block.defined |= bit;
                }
            }
            let next = instr.next();
            let last = next as usize >= code.len() || self.find(next).is_some();
            if last {
                let mut successors = Vec::new();
                instr.op.for_each_target(|target| successors.push(target));
                if falls_through(&instr.op) && (next as usize) < code.len() {
                    successors.push(next);
                }
                self.blocks[current].successors = successors;
            }
            Some(())
        })
    }

    fn find_depths<E: CompileEnv + ?Sized>(&mut self, env: &E, code: &[u8], handlers: &[u32]) -> Option<()> {
        let mut work: Vec<(u32, u16)> = handlers.iter().map(|handler| (*handler, 1)).collect();
        work.push((0, 0));
        while let Some((bci, depth)) = work.pop() {
            let block = self.find(bci)?;
            if self.blocks[block].depth.is_some() {
                continue;
            }
            self.blocks[block].depth = Some(depth);
            let (mut at, mut depth) = (bci as usize, i32::from(depth));
            let end = self.blocks.get(block + 1).map_or(code.len(), |next| next.start as usize);
            let mut jsr = None;
            while at < end {
                let instr = decode(code, at).ok()?;
                let (pops, pushes) = effect(env, &instr);
                depth = depth - pops + pushes;
                if depth < 0 {
                    return None;
                }
                if let Op::Jsr(target) = instr.op {
                    jsr = Some((target, instr.next()));
                }
                at = instr.next() as usize;
            }
            let depth = u16::try_from(depth).ok()?;
            match jsr {
                // Behind the call the return address is gone again.
                Some((target, next)) => {
                    work.push((target, depth));
                    if (next as usize) < code.len() {
                        work.extend(env.depth_behind_jsr(next, depth - 1).map(|depth| (next, depth)));
                    }
                }
                None => work.extend(self.blocks[block].successors.iter().map(|next| (*next, depth))),
            }
        }
        Some(())
    }

    /// Pins that are read before they are written, on some way from a block's beginning. What a block gains goes on to those
    /// that lead to it, so each edge is looked at once for each pin at most.
    fn find_live(&mut self) {
        let mut edges: Vec<(usize, usize)> = Vec::new();
        for (from, block) in self.blocks.iter().enumerate() {
            edges.extend(block.successors.iter().filter_map(|next| Some((self.find(*next)?, from))));
        }
        edges.sort_unstable();
        edges.dedup();
        let mut work: Vec<(usize, u16)> = Vec::new();
        for (at, block) in self.blocks.iter_mut().enumerate() {
            block.live_in = block.used;
            if block.used != 0 {
                work.push((at, block.used));
            }
        }
        while let Some((block, gained)) = work.pop() {
            let from = edges.partition_point(|(to, _)| *to < block);
            for (_, before) in edges[from..].iter().take_while(|(to, _)| *to == block) {
                let before_block = &mut self.blocks[*before];
                let new = gained & !before_block.defined & !before_block.live_in;
                if new != 0 {
                    before_block.live_in |= new;
                    work.push((*before, new));
                }
            }
        }
    }

    /// Pins whose registers must be loaded when the block ends.
    pub(super) fn live_out(&self, block: usize) -> u16 {
        self.blocks[block]
            .successors
            .iter()
            .filter_map(|next| self.find(*next))
            .fold(0, |live, next| live | self.blocks[next].live_in)
    }
}

fn each(code: &[u8], mut visit: impl FnMut(&Instr<'_>) -> Option<()>) -> Option<()> {
    let mut bci = 0;
    while bci < code.len() {
        let instr = decode(code, bci).ok()?;
        visit(&instr)?;
        bci = instr.next() as usize;
    }
    (bci == code.len()).then_some(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
    Both,
}

fn local_of(op: &Op<'_>) -> Option<(u16, Kind, Access)> {
    match *op {
        Op::Load(kind, local) => Some((local, kind, Access::Read)),
        Op::Store(kind, local) => Some((local, kind, Access::Write)),
        Op::Iinc { local, .. } => Some((local, Kind::Int, Access::Both)),
        _ => None,
    }
}

pub(super) fn ends_block(op: &Op<'_>) -> bool {
    let mut branches = false;
    op.for_each_target(|_| branches = true);
    branches || matches!(op, Op::Return(_) | Op::Throw | Op::Ret(_))
}

pub(super) fn falls_through(op: &Op<'_>) -> bool {
    !matches!(
        op,
        Op::Goto(_)
            | Op::Jsr(_)
            | Op::Ret(_)
            | Op::TableSwitch(_)
            | Op::LookupSwitch(_)
            | Op::Return(_)
            | Op::Throw
    )
}

/// Slots that an instruction pops and pushes.
pub(super) fn effect<E: CompileEnv + ?Sized>(env: &E, instr: &Instr<'_>) -> (i32, i32) {
    let slots = |kind: Kind| kind.slots() as i32;
    match instr.op {
        Op::Nop | Op::Iinc { .. } | Op::Goto(_) | Op::Ret(_) => (0, 0),
        Op::Const(c) => (0, slots(c.kind())),
        Op::Ldc(_) => (0, 1),
        Op::Ldc2(_) => (0, 2),
        Op::Load(kind, _) => (0, slots(kind)),
        Op::Store(kind, _) => (slots(kind), 0),
        Op::ArrayLoad(kind) => (2, slots(kind.kind())),
        Op::ArrayStore(kind) => (2 + slots(kind.kind()), 0),
        Op::Stack(op) => {
            let (pops, picks) = op.shuffle();
            (pops as i32, picks.len() as i32)
        }
        Op::Binary(_, kind) => (2 * slots(kind), slots(kind)),
        Op::Neg(kind) => (slots(kind), slots(kind)),
        Op::Shift(_, kind) => (1 + slots(kind), slots(kind)),
        Op::Convert(from, to) => (slots(from), slots(to.kind())),
        Op::Compare(op) => (2 * slots(op.kind()), 1),
        Op::If(..) | Op::IfNull(..) | Op::TableSwitch(_) | Op::LookupSwitch(_) => (1, 0),
        Op::IfICmp(..) | Op::IfACmp(..) => (2, 0),
        Op::Jsr(_) => (0, 1),
        Op::Return(kind) => (kind.map_or(0, slots), 0),
        Op::GetStatic(_)
        | Op::PutStatic(_)
        | Op::GetField(_)
        | Op::PutField(_)
        | Op::Invoke { .. }
        | Op::InvokeDynamic(_) => {
            let effect = env.effect(instr.bci);
            (i32::from(effect.pops), effect.pushes.map_or(0, slots))
        }
        Op::New(_) => (0, 1),
        Op::NewArray(_) | Op::ANewArray(_) | Op::ArrayLength | Op::CheckCast(_) | Op::InstanceOf(_) => (1, 1),
        Op::MultiANewArray(_, dims) => (i32::from(dims), 1),
        Op::Throw | Op::MonitorEnter | Op::MonitorExit => (1, 0),
    }
}

//! The baseline compiler: machine code for any method, in one pass over its bytecode.
//!
//! Files: `blocks` is the analysis before the pass; `state` where operands and locals are between two instructions; `arith`,
//! `control`, `memory`, `objects` and `calls` have a template for each operation; this file drives them.
//!
//! Frames are those of the interpreter (`thread::frames` in the vm): locals, header, operands. Within a block operands live in
//! registers. At every instruction that may reach a safepoint, call, throw or leave, operands are in their slots, and
//! the machine is told the interpreter's pc of the instruction. So the reference maps, handlers and stack walks of interpreted
//! frames serve compiled ones, and the interpreter can go on at any instruction.
//!
//! What has no template (or names something that is not resolved yet) is executed by the interpreter, one instruction at a
//! time, and the code goes on behind it (`step`). What fails a check is left to the interpreter altogether (`exit`): it
//! executes the instruction again and throws. So no method is refused, and no exception is thrown here.
//!
//! Deliberately absent: anything that looks further than a block, and profiles.

mod arith;
mod blocks;
mod calls;
mod control;
mod memory;
mod objects;
mod picture;
mod state;
#[cfg(test)]
mod tests;

use carafe_classloader::bytecode::{Instr, Kind, Op, decode};

use crate::anchor::{Anchor, Stub};
use crate::env::{CompileEnv, Layout, MethodInfo};
use crate::masm::stubs::meta;
use crate::masm::{Alu, Flag, FloatWidth, Label, Masm, MasmError, Operand, Place, Width};
use crate::{Rq, Rx};
use blocks::{Blocks, Class};
use picture::Picture;
use state::{Locked, Slot, slot_place};

/// Words of a frame's header: the caller's frame, its pc, the method, and where to return in compiled code.
pub(crate) const FRAME_WORDS: i32 = 4;
/// A compiler that is told to stop does so within this many instructions.
const LOOK_EVERY: u32 = 128;
/// In a frame's header, in bytes.
const RETURN_PC: i32 = 8;
const METHOD: i32 = 16;
const RETURN_CODE: i32 = 24;

/// A compiled method.
#[derive(Debug)]
pub struct Compiled {
    pub code: Vec<u8>,
    /// Where compiled code calls it.
    pub entry: u32,
    /// Where the interpreter enters it, with the frame in place.
    pub body: u32,
    /// For each call, by bci: where the caller goes on with the result on its operand stack.
    pub resumes: Vec<(u32, u32)>,
    /// For each loop and handler, by bci: where a frame of the interpreter goes on.
    pub entries: Vec<(u32, u32)>,
    /// Instructions that the interpreter executes.
    pub steps: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    #[error("the bytecode cannot be decoded")]
    Malformed,
    #[error("the compiler was told to stop")]
    Cancelled,
    #[error(transparent)]
    Masm(#[from] MasmError),
}

struct Compiler<'e, E: ?Sized> {
    env: &'e E,
    layout: Layout,
    method: MethodInfo<'e>,
    masm: Masm,
    blocks: Blocks,
    labels: Vec<Label>,
    /// Where in the code each block begins.
    offsets: Vec<u32>,
    slots: Picture,
    /// Pins whose registers are loaded.
    valid: u16,
    locked: Locked,
    /// The block and instruction being compiled.
    block: usize,
    bci: u32,
    next: u32,
    late: Vec<Late>,
    tables: Vec<Table>,
    resumes: Vec<(u32, u32)>,
    entries: Vec<(u32, u32)>,
    steps: u32,
    /// Instructions so far, and pieces of code out of line.
    looks: u32,
}

/// Code out of line: what seldom runs.
enum Late {
    /// The interpreter takes over at an instruction, with these operands.
    Exit { label: Label, bci: u32, slots: Picture, valid: u16 },
    /// The interpreter executes one instruction; then registers are as the code at `back` expects them.
    Step { label: Label, back: Label, bci: u32, next: u32, before: State, after: State },
    /// A loop's poll.
    Poll { label: Label, back: Label, block: usize },
    /// The way in for frames of the interpreter.
    Entry { block: usize },
    /// A callee that was interpreted returns: its result is in memory.
    Resume { bci: u32, back: Label, result: Option<Kind>, index: usize },
    /// A call that an intrinsic has declined.
    Call { label: Label, back: Label, method: u32, bci: u32, operands: usize, reload: u16 },
    /// A method's frame does not fit, or the thread is to stop.
    NoRoom { label: Label },
    /// The target of an interface call is not the cached one.
    Select { label: Label, back: Label, bci: u32, cache: u32, class: Rq, operands: usize },
}

#[derive(Clone)]
struct State {
    slots: Picture,
    valid: u16,
}

/// A jump table in the code: its place, and the blocks that it leads to.
struct Table {
    label: Label,
    targets: Vec<u32>,
}

/// Compiles a method.
pub fn compile<E: CompileEnv + ?Sized>(env: &E) -> Result<Compiled, CompileError> {
    let blocks = Blocks::new(env).ok_or(CompileError::Malformed)?;
    let mut masm = Masm::new();
    let labels = blocks.blocks.iter().map(|_| masm.label()).collect();
    let mut compiler = Compiler {
        env,
        layout: *env.layout(),
        method: env.method(),
        masm,
        offsets: vec![0; blocks.blocks.len()],
        blocks,
        labels,
        slots: Picture::default(),
        valid: 0,
        locked: Locked::default(),
        block: 0,
        bci: 0,
        next: 0,
        late: Vec::new(),
        tables: Vec::new(),
        resumes: Vec::new(),
        entries: Vec::new(),
        steps: 0,
        looks: 0,
    };
    let (entry, body) = compiler.prologue();
    compiler.body()?;
    compiler.late()?;
    let tables = compiler.tables();
    let offsets = compiler.offsets;
    let mut code = compiler.masm.finish()?;
    for (at, targets) in tables {
        for (n, block) in targets.into_iter().enumerate() {
            let distance = offsets[block] as i32 - at as i32;
            code[at + 4 * n..at + 4 * n + 4].copy_from_slice(&distance.to_le_bytes());
        }
    }
    Ok(Compiled {
        code,
        entry,
        body,
        resumes: compiler.resumes,
        entries: compiler.entries,
        steps: compiler.steps,
    })
}

impl<E: CompileEnv + ?Sized> Compiler<'_, E> {
    /// Asks now and then whether anybody still waits for the code.
    fn look_up(&mut self) -> Result<(), CompileError> {
        self.looks += 1;
        if self.looks.is_multiple_of(LOOK_EVERY) && self.env.is_cancelled() {
            return Err(CompileError::Cancelled);
        }
        Ok(())
    }

    fn anchor(&self, displacement: i32) -> i32 {
        self.layout.anchor + displacement
    }

    /// Makes the frame and, in a synchronized method, takes the lock.
    fn prologue(&mut self) -> (u32, u32) {
        let method = self.method;
        let entry = self.masm.offset() as u32;
        let no_room = self.masm.label();
        let frame = 8 * (i32::from(method.arg_slots) - i32::from(method.max_locals) - FRAME_WORDS);
        self.masm.lea(Rq::RCX, Place::At(Rq::RSI, frame));
        self.masm.lea(Rq::RAX, Place::At(Rq::RCX, -8 * (i32::from(method.max_stack) + 2)));
        let limit = self.anchor(Anchor::ENTRY_LIMIT);
        self.masm.load(Rq::R11, Place::Thread(limit), Width::W64);
        self.masm.alu(Alu::Cmp, Rq::RAX, Operand::Place(Place::At(Rq::R11, 0)), true);
        self.masm.jump_if(Flag::Below, no_room);
        self.late.push(Late::NoRoom { label: no_room });
        self.masm.pop_place(Place::At(Rq::RCX, RETURN_CODE));
        self.masm.store(Place::At(Rq::RCX, 0), Rq::RBP, Width::W64);
        self.masm.store(Place::At(Rq::RCX, RETURN_PC), Rq::RDX, Width::W64);
        // A record's place in metaspace has 31 bits, so its sign extension is itself, and the flags above it are zero.
        self.masm.store_constant(Place::At(Rq::RCX, METHOD), method.raw as i32, Width::W64);
        self.masm.mov(Rq::RBP, Rq::RCX, true);
        let body = self.masm.offset() as u32;
        if method.is_synchronized {
            self.emit_step(self.env.lock_pc(), self.env.pc(0), 0);
        }
        (entry, body)
    }

    fn body(&mut self) -> Result<(), CompileError> {
        let code = self.method.code;
        self.load_pins(self.blocks.blocks[0].live_in);
        for block in 0..self.blocks.blocks.len() {
            let Some(depth) = self.blocks.blocks[block].depth else { continue };
            self.block = block;
            self.begin_block(block, usize::from(depth));
            let end = self.blocks.blocks.get(block + 1).map_or(code.len(), |next| next.start as usize);
            let mut bci = self.blocks.blocks[block].start as usize;
            while bci < end {
                self.look_up()?;
                if self.slots.is_crowded() {
                    self.flush();
                }
                let instr = decode(code, bci).map_err(|_| CompileError::Malformed)?;
                self.bci = instr.bci;
                self.next = instr.next();
                bci = instr.next() as usize;
                let is_last = bci >= end;
                // A comparison and the branch on it are one.
                if let Op::Compare(op) = instr.op
                    && !is_last
                    && let Ok(branch) = decode(code, bci)
                    && let Op::If(cond, target) = branch.op
                {
                    self.next = branch.next();
                    bci = branch.next() as usize;
                    self.compare_and_branch(op, cond, target);
                } else {
                    self.instruction(&instr);
                    if is_last && !blocks::ends_block(&instr.op) {
                        self.end_block();
                    }
                }
                self.unlock_all();
            }
        }
        // Code that falls off its end does not verify; should it be reached, it stops here.
        self.masm.trap();
        Ok(())
    }

    fn begin_block(&mut self, block: usize, depth: usize) {
        self.masm.bind(self.labels[block]);
        self.offsets[block] = self.masm.offset() as u32;
        self.slots = Picture::in_memory(depth);
        let this = &self.blocks.blocks[block];
        self.valid = this.live_in;
        if this.is_entry {
            let (label, back) = (self.masm.label(), self.masm.label());
            let poll = self.anchor(Anchor::POLL);
            self.masm.poll(poll, label);
            self.masm.bind(back);
            self.late.push(Late::Poll { label, back, block });
            self.late.push(Late::Entry { block });
        }
    }

    /// Operands to memory, and the pins that successors expect into their registers.
    fn end_block(&mut self) {
        self.flush();
        let live = self.blocks.live_out(self.block);
        self.load_pins(live);
    }

    fn instruction(&mut self, instr: &Instr<'_>) {
        match instr.op {
            Op::Nop => {}
            Op::Const(value) => self.constant(value),
            Op::Ldc(_) | Op::Ldc2(_) => self.load_constant(instr),
            Op::Load(kind, local) => {
                let class = self.blocks.class(kind);
                self.push(Slot::Local(local, class), kind.slots());
            }
            Op::Store(kind, local) => {
                let slots = kind.slots() as usize;
                let index = self.slots.len() - slots;
                self.detach(local);
                let class = self.blocks.class(kind);
                self.store_local(local, class, index);
                self.pop(slots);
            }
            Op::ArrayLoad(kind) => self.array_load(kind),
            Op::ArrayStore(kind) => self.array_store(kind),
            Op::Stack(op) => self.shuffle(op),
            Op::Binary(op, kind) => self.binary(op, kind, instr),
            Op::Neg(kind) => self.negate(kind),
            Op::Shift(op, kind) => self.shift(op, kind),
            Op::Convert(from, to) => self.convert(from, to),
            Op::Compare(op) => self.compare(op),
            Op::Iinc { local, delta } => self.increment(local, delta),
            Op::If(cond, target) => self.branch_on_zero(cond, target),
            Op::IfICmp(cond, target) => self.branch_on_compare(cond, target),
            Op::IfACmp(equality, target) => self.branch_on_compare(control::condition(equality), target),
            Op::IfNull(equality, target) => self.branch_on_zero(control::condition(equality), target),
            Op::Goto(target) => self.goto(target),
            Op::Jsr(target) => {
                self.push(Slot::Constant(control::return_address(instr.next())), 1);
                self.goto(target);
            }
            Op::Ret(_) | Op::Throw => self.leave(),
            Op::TableSwitch(table) => {
                let pairs: Vec<(i32, u32)> =
                    table.targets().enumerate().map(|(n, t)| (table.low.wrapping_add(n as i32), t)).collect();
                self.switch(&pairs, table.default);
            }
            Op::LookupSwitch(table) => {
                let pairs: Vec<(i32, u32)> = table.pairs().collect();
                self.switch(&pairs, table.default);
            }
            Op::Return(kind) => self.return_(kind),
            Op::GetStatic(_) => self.get_static(instr),
            Op::PutStatic(_) => self.put_static(instr),
            Op::GetField(_) => self.get_field(instr),
            Op::PutField(_) => self.put_field(instr),
            Op::Invoke { .. } | Op::InvokeDynamic(_) => self.call(instr),
            Op::New(_) => self.new_instance(instr),
            Op::NewArray(_) | Op::ANewArray(_) => self.new_array(instr),
            Op::MultiANewArray(..) | Op::MonitorEnter | Op::MonitorExit => self.step(instr),
            Op::ArrayLength => self.array_length(),
            Op::CheckCast(_) => self.check_cast(instr),
            Op::InstanceOf(_) => self.instance_of(instr),
        }
    }

    // ---- ways to the interpreter -----------------------------------------------------------------------------------------

    /// A label at which the interpreter takes over this instruction, with operands as they are now.
    fn exit(&mut self) -> Label {
        let label = self.masm.label();
        self.late.push(Late::Exit { label, bci: self.bci, slots: self.slots.clone(), valid: self.valid });
        label
    }

    /// The interpreter takes over here.
    fn leave(&mut self) {
        let slots = std::mem::take(&mut self.slots);
        self.emit_flush(&slots, self.valid);
        self.emit_exit(self.env.pc(self.bci), slots.len());
    }

    fn emit_exit(&mut self, pc: u32, operands: usize) {
        self.masm.constant(Rq::RDI, i64::from(pc));
        self.masm.constant(Rq::RSI, 8 * operands as i64);
        let stub = self.anchor(Anchor::stub(Stub::Interpret));
        self.masm.jump_thread(stub);
    }

    /// The interpreter executes the instruction at `pc`. All is in memory before and after.
    fn emit_step(&mut self, pc: u32, next: u32, operands: usize) {
        self.masm.constant(Rq::RDI, i64::from(pc));
        self.masm.constant(Rq::RSI, 8 * operands as i64);
        self.masm.constant(Rq::RDX, i64::from(next));
        let stub = self.anchor(Anchor::stub(Stub::Step));
        self.masm.call_thread(stub);
    }

    /// The interpreter executes this instruction.
    fn step(&mut self, instr: &Instr<'_>) {
        self.steps += 1;
        self.flush();
        let (pops, pushes) = blocks::effect(self.env, instr);
        // The lowest bit says that compiling it again may help.
        let next = self.env.pc(instr.next());
        let unknown =
            !matches!(instr.op, Op::MultiANewArray(..) | Op::MonitorEnter | Op::MonitorExit | Op::Binary(..));
        self.emit_step(self.env.pc(instr.bci), next | u32::from(unknown), self.slots.len());
        self.valid = 0;
        self.pop(pops as usize);
        for _ in 0..pushes {
            self.slots.push(Slot::Memory);
        }
    }

    fn state(&self) -> State {
        State { slots: self.slots.clone(), valid: self.valid }
    }

    // ---- out of line -----------------------------------------------------------------------------------------------------

    fn late(&mut self) -> Result<(), CompileError> {
        for late in std::mem::take(&mut self.late) {
            self.look_up()?;
            match late {
                Late::Exit { label, bci, slots, valid } => {
                    self.masm.bind(label);
                    self.emit_flush(&slots, valid);
                    self.emit_exit(self.env.pc(bci), slots.len());
                }
                Late::Step { label, back, bci, next, before, after } => {
                    self.masm.bind(label);
                    self.emit_flush(&before.slots, before.valid);
                    self.emit_step(self.env.pc(bci), self.env.pc(next), before.slots.len());
                    self.restore(&after);
                    self.masm.jump(back);
                }
                Late::Poll { label, back, block } => {
                    self.masm.bind(label);
                    let this = &self.blocks.blocks[block];
                    let (bci, depth, live) = (this.start, this.depth.unwrap_or(0), this.live_in);
                    self.masm.constant(Rq::RDI, i64::from(self.env.pc(bci)));
                    self.masm.constant(Rq::RSI, 8 * i64::from(depth));
                    let stub = self.anchor(Anchor::stub(Stub::Poll));
                    self.masm.call_thread(stub);
                    self.reload(live);
                    self.masm.jump(back);
                }
                Late::Entry { block } => {
                    let this = &self.blocks.blocks[block];
                    let (bci, live) = (this.start, this.live_in);
                    self.entries.push((bci, self.masm.offset() as u32));
                    self.reload(live);
                    self.masm.jump(self.labels[block]);
                }
                Late::Resume { bci, back, result, index } => {
                    self.resumes.push((bci, self.masm.offset() as u32));
                    let place = slot_place(index);
                    match result {
                        None => {}
                        Some(Kind::Int | Kind::Ref) => self.masm.load(Rq::RAX, place, Width::W32),
                        Some(Kind::Long) => self.masm.load(Rq::RAX, place, Width::W64),
                        Some(Kind::Float) => self.masm.float_load(Rx::XMM0, place, FloatWidth::F32),
                        Some(Kind::Double) => self.masm.float_load(Rx::XMM0, place, FloatWidth::F64),
                    }
                    self.masm.jump(back);
                }
                Late::Call { label, back, method, bci, operands, reload } => {
                    self.masm.bind(label);
                    self.emit_call(method, bci, operands);
                    // The result is in rax or xmm0, which are no pins.
                    self.reload(reload);
                    self.masm.jump(back);
                }
                Late::NoRoom { label } => {
                    self.masm.bind(label);
                    self.masm.constant(Rq::RDI, i64::from(self.method.raw));
                    let stub = self.anchor(Anchor::stub(Stub::EnterInterpreter));
                    self.masm.jump_thread(stub);
                }
                Late::Select { label, back, bci, cache, class, operands } => {
                    self.emit_select(label, back, bci, (cache, class), operands);
                }
            }
        }
        Ok(())
    }

    /// Loads registers as a state says.
    fn restore(&mut self, state: &State) {
        for (index, slot) in state.slots.indexed() {
            let place = slot_place(index);
            match *slot {
                Slot::General(r, upper) => {
                    self.masm.load(r, place, if upper { Width::W64 } else { Width::W32 });
                }
                Slot::Float(r) => self.masm.float_load(r, place, FloatWidth::F64),
                Slot::Memory | Slot::Half | Slot::Constant(_) | Slot::Local(..) => {}
            }
        }
        self.reload(state.valid);
    }

    fn reload(&mut self, pins: u16) {
        self.valid = 0;
        self.load_pins(pins);
    }

    /// The tables' places; they are filled in when all blocks have theirs.
    fn tables(&mut self) -> Vec<(usize, Vec<usize>)> {
        std::mem::take(&mut self.tables)
            .into_iter()
            .map(|table| {
                self.masm.bind(table.label);
                let at = self.masm.offset();
                self.masm.data(4 * table.targets.len());
                (at, table.targets.into_iter().map(|bci| self.block_at(bci)).collect())
            })
            .collect()
    }

    fn block_at(&self, bci: u32) -> usize {
        // Every target begins a block: the analysis made them so.
        self.blocks.find(bci).unwrap_or(0)
    }

    fn label_at(&self, bci: u32) -> Label {
        self.labels[self.block_at(bci)]
    }

    fn class_of(&self, kind: Kind) -> Class {
        self.blocks.class(kind)
    }

    /// A place in metaspace.
    fn meta(offset: u32) -> Place {
        Place::Base(meta(offset))
    }
}

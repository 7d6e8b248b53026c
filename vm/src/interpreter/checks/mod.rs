//! Checks of every access that the interpreter makes, in builds with debug assertions: what verified code cannot do, and
//! what the interpreter must not do with it.
//!
//! Beside the Java stack lies an array of *tags*, one per slot, that says what was really put there. Before an instruction
//! is executed its bytecode is looked up (not the quick form, so translation, quickening and fusion are checked too) and
//! compared with the tags of what it takes, the method's `max_stack` and `max_locals`, and the objects it is going to
//! touch: alive, of the class whose field, method or elements it names. What it leaves is noted and written to the tags
//! when the next instruction begins, because until then it may throw, or be executed again after a class was loaded.
//! Frames are compared when they come and go: arguments with the callee's descriptor, receiver with its class, the result
//! with the descriptor again.
//!
//! A failing check is a bug of the verifier or of the interpreter; it panics with `interpreter check failed: `, the method,
//! bci and instruction.
//!
//! Not checked: that an object is initialized before it is used; that an interface's reference implements it (the
//! verifier does not promise that either); what natives and slow paths do beyond their effect on the frame.

mod code;
mod objects;

use std::ops::Range;
use std::rc::Rc;

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{Method, Pool};
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::ClassId;
use hashbrown::HashMap;

use super::quick::{Quick, a_of};
use super::translate;
use super::watch::Registers;
use crate::isolate::Isolate;
use crate::linkage::handles::split_descriptor;
use crate::thread::frames::{CALLER_FP, Frame, HEADER_WORDS, flag};
use crate::thread::stack::JavaStack;
use crate::thread::{Thread, Top};

/// What a slot holds.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Tag {
    /// Nothing that may be read.
    #[default]
    Nothing = 0,
    Int,
    Float,
    Ref,
    Long,
    Double,
    /// The second slot of a long or double.
    Half,
    ReturnAddress,
}

impl Tag {
    fn of(basic: BasicType) -> Tag {
        match basic {
            BasicType::Boolean | BasicType::Char | BasicType::Byte | BasicType::Short | BasicType::Int => {
                Tag::Int
            }
            BasicType::Float => Tag::Float,
            BasicType::Long => Tag::Long,
            BasicType::Double => Tag::Double,
            BasicType::Object | BasicType::Array => Tag::Ref,
            BasicType::Void => Tag::Nothing,
        }
    }

    fn of_descriptor(descriptor: &[u8]) -> Tag {
        descriptor.first().and_then(|c| BasicType::from_descriptor(*c)).map_or(Tag::Nothing, Tag::of)
    }

    /// How many slots a value of this tag takes; the tag stands at the one with the lower index.
    fn slots(self) -> usize {
        match self {
            Tag::Nothing | Tag::Half => 0,
            Tag::Int | Tag::Float | Tag::Ref | Tag::ReturnAddress => 1,
            Tag::Long | Tag::Double => 2,
        }
    }
}

/// A descriptor taken apart. The texts are symbols' and live as long as the isolate.
struct Signature {
    parameters: Vec<(Tag, &'static [u8])>,
    slots: usize,
    result: Tag,
    result_type: &'static [u8],
}

/// What a frame's instructions are checked against.
#[derive(Clone, Copy)]
struct Known {
    fp: *mut u64,
    lp: *mut u64,
    caller_fp: *mut u64,
    method: &'static Method,
    words: &'static [std::sync::atomic::AtomicU64],
    bcis: &'static [u16],
    code: &'static [u8],
    pool: Option<&'static Pool>,
    /// Locals that the code may use (not the hidden one of a synchronized method).
    locals: usize,
    max_stack: usize,
    /// Made by the VM, as `linkage::stubs` says.
    stub: bool,
}

/// What the last instruction leaves, if it comes to its end.
#[derive(Clone, Copy)]
struct Pending {
    pc: *const u64,
    sp: *mut u64,
    pops: usize,
    pushes: [Tag; 12],
    count: usize,
    /// Its bytecode is a call.
    call: bool,
}

/// Where the checks stand in the stack: the youngest frame and the instruction in it.
#[derive(Clone, Copy, Default)]
pub struct Place {
    frame: Option<Known>,
    pending: Option<Pending>,
}

pub struct Checks {
    tags: Vec<Tag>,
    /// Address of the slot that `tags[0]` belongs to.
    lowest: usize,
    place: Place,
    signatures: HashMap<u32, Rc<Signature>>,
    /// References into the heap lie in this range.
    heap: Range<u64>,
}

/// What every check needs: where we are, for the report, and what to look at.
struct At<'c> {
    t: *mut Thread,
    vm: &'static Isolate,
    regs: Registers,
    frame: Known,
    bci: usize,
    checks: &'c mut Checks,
}

impl Checks {
    pub fn new(vm: &Isolate, stack: &JavaStack) -> Checks {
        let lowest = stack.lowest() as usize;
        let slots = (stack.top() as usize - lowest) / 8;
        Checks {
            tags: vec![Tag::Nothing; slots],
            lowest,
            place: Place::default(),
            signatures: HashMap::new(),
            heap: vm.cage.heap_range(),
        }
    }

    /// A dispatcher begins; what its first frame gets from Rust is believed. Returns where the outer one stood.
    ///
    /// # Safety
    /// `thread.top` describes the youngest frame of the calling thread.
    pub unsafe fn entered(&mut self, t: *mut Thread) -> Place {
        let outer = std::mem::take(&mut self.place);
        // SAFETY: the caller's promise.
        unsafe {
            let frame = self.frame_at(t, (*t).top.fp);
            self.begin(t, &frame);
            self.place.frame = Some(frame);
        }
        outer
    }

    pub fn restore(&mut self, outer: Place) {
        self.place = outer;
    }

    /// # Safety
    /// `thread.top` describes the youngest frame of the calling thread.
    pub unsafe fn caught(&mut self, t: *mut Thread) {
        self.place = Place::default();
        // SAFETY: the caller's promise.
        unsafe {
            let frame = self.frame_at(t, (*t).top.fp);
            if !frame.stub {
                assert!(
                    (*t).top.sp == frame.fp.sub(1),
                    "interpreter check failed: a handler begins with one operand"
                );
                *self.tag((*t).top.sp) = Tag::Ref;
            }
            self.place.frame = Some(frame);
        }
    }

    /// The instruction at the pc is about to be executed: notes what the last one left, and checks this one.
    ///
    /// # Safety
    /// The registers describe the youngest frame of the calling thread.
    pub unsafe fn before(&mut self, t: *mut Thread, regs: Registers) {
        // SAFETY: the caller's promise.
        unsafe {
            let pending = self.place.pending.take();
            let frame = match self.place.frame {
                Some(frame) if frame.fp == regs.fp => {
                    if let Some(pending) = pending {
                        self.settle(t, &frame, &pending, regs);
                    }
                    frame
                }
                Some(old) => {
                    let new = self.frame_at(t, regs.fp);
                    if new.fp < old.fp {
                        self.called(t, &old, &new, pending, regs)
                    } else {
                        self.returned(t, &old, &new, regs)
                    }
                    self.place.frame = Some(new);
                    new
                }
                None => {
                    let frame = self.frame_at(t, regs.fp);
                    self.place.frame = Some(frame);
                    frame
                }
            };
            if !frame.stub {
                let mut at = At { t, vm: &*(*t).vm, regs, frame, bci: 0, checks: self };
                let pending = at.instruction();
                self.place.pending = pending;
            }
        }
    }

    /// The last instruction of the same frame has come to its end, or is executed again.
    unsafe fn settle(&mut self, t: *mut Thread, frame: &Known, pending: &Pending, regs: Registers) {
        if pending.pc == regs.pc && pending.sp == regs.sp {
            return;
        }
        // SAFETY: the frame is the calling thread's youngest.
        unsafe {
            let sp = pending.sp.add(pending.pops).sub(pending.count);
            if sp != regs.sp {
                let mut at = At { t, vm: &*(*t).vm, regs, frame: *frame, bci: 0, checks: self };
                at.regs.pc = pending.pc;
                at.fail(&format!(
                    "it left the operand stack at depth {}, and should at {}",
                    frame.fp.offset_from(regs.sp),
                    frame.fp.offset_from(sp)
                ));
            }
            for (i, tag) in pending.pushes[..pending.count].iter().enumerate() {
                *self.tag(sp.add(pending.count - 1 - i)) = *tag;
            }
        }
    }

    /// A younger frame has come.
    unsafe fn called(
        &mut self,
        t: *mut Thread,
        old: &Known,
        new: &Known,
        pending: Option<Pending>,
        regs: Registers,
    ) {
        if new.stub {
            // The instruction will be executed again.
            return;
        }
        // SAFETY: both frames are the calling thread's.
        unsafe {
            let vm = &*(*t).vm;
            if old.stub {
                return self.begin(t, new);
            }
            let signature = self.signature(vm, new.method.descriptor);
            let mut at = At { t, vm, regs, frame: *new, bci: 0, checks: self };
            let Some(pending) = pending.filter(|p| p.call) else {
                at.fail("it was entered by something else than a call");
            };
            if new.caller_fp != old.fp {
                at.fail("its frame does not name its caller's");
            }
            // The first argument lies where the call's first operand lay.
            if new.lp != pending.sp.add(pending.pops).sub(1) {
                at.fail("it was called with a wrong number of arguments");
            }
            let mut local = 0;
            if !new.method.is_static() {
                let value = at.local(0, Tag::Ref);
                let class = at.object(value, "the receiver");
                if new.method.class != ClassId::NONE && !at.is_subtype(class, new.method.class) {
                    at.fail(&format!("the receiver is a {}", at.name_of(class)));
                }
                local = 1;
            }
            for (tag, descriptor) in &signature.parameters {
                // An appendix was pushed by the call itself.
                let slot = new.lp.sub(local);
                if slot < pending.sp {
                    *at.checks.tag(slot) = Tag::Ref;
                }
                let value = at.local(local, *tag);
                if *tag == Tag::Ref {
                    at.assignable(value, descriptor, "an argument");
                }
                local += tag.slots();
            }
            if local != new.method.arg_slots as usize {
                at.fail("its arguments take other slots than its descriptor says");
            }
            self.clear_locals(new, local);
        }
    }

    /// Frames have gone by returning; the youngest of them left its result.
    unsafe fn returned(&mut self, t: *mut Thread, old: &Known, new: &Known, regs: Registers) {
        // SAFETY: the old frame's slots are still there, and its method too.
        unsafe {
            let mut at = At { t, vm: &*(*t).vm, regs, frame: *new, bci: 0, checks: self };
            if old.caller_fp != new.fp {
                at.fail("a return came to another frame than the caller's");
            }
            if old.stub {
                return;
            }
            let result = BasicType::from_u8(old.method.result).map_or(Tag::Nothing, Tag::of);
            if old.lp.add(1).sub(result.slots()) != regs.sp {
                at.fail("a return left the operand stack at a wrong depth");
            }
            self.write(regs.sp, result);
        }
    }

    /// A frame begins whose arguments come from Rust.
    unsafe fn begin(&mut self, t: *mut Thread, frame: &Known) {
        if frame.stub {
            return;
        }
        // SAFETY: the frame is the calling thread's.
        unsafe {
            let mut local = 0;
            if !frame.method.is_static() {
                *self.tag(frame.lp) = Tag::Ref;
                local = 1;
            }
            let signature = self.signature(&*(*t).vm, frame.method.descriptor);
            for (tag, _) in &signature.parameters {
                self.write(frame.lp.sub(local).sub(tag.slots() - 1), *tag);
                local += tag.slots();
            }
            self.clear_locals(frame, local);
        }
    }

    unsafe fn clear_locals(&mut self, frame: &Known, from: usize) {
        for local in from..frame.locals {
            // SAFETY: locals of the frame.
            *self.tag(unsafe { frame.lp.sub(local) }) = Tag::Nothing;
        }
    }

    /// Notes a value of which the slot with the lowest address is given.
    unsafe fn write(&mut self, slot: *mut u64, tag: Tag) {
        match tag.slots() {
            0 => {}
            1 => *self.tag(slot) = tag,
            _ => {
                *self.tag(slot) = Tag::Half;
                // SAFETY: the second slot of a value that the caller knows to lie there.
                *self.tag(unsafe { slot.add(1) }) = tag;
            }
        }
    }

    fn tag(&mut self, slot: *mut u64) -> &mut Tag {
        let index = (slot as usize).wrapping_sub(self.lowest) / 8;
        match self.tags.get_mut(index) {
            Some(tag) => tag,
            None => panic!("interpreter check failed: a slot outside the Java stack"),
        }
    }

    /// # Safety
    /// `fp` is a frame of the calling thread.
    unsafe fn frame_at(&self, t: *mut Thread, fp: *mut u64) -> Known {
        // SAFETY: the caller's promise; the header names a method, which lives in metaspace as long as the isolate.
        unsafe {
            let vm: &'static Isolate = &*(*t).vm;
            let frame = Frame::new(fp);
            let method = vm.meta.get(frame.method());
            let quick = translate::quick_code(&vm.meta, method);
            let stub = frame.has(flag::REEXECUTE);
            Known {
                fp,
                lp: fp.add(HEADER_WORDS + method.max_locals as usize).sub(1),
                caller_fp: *fp.add(CALLER_FP) as *mut u64,
                method,
                words: quick.map_or(&[], |q| vm.meta.slice(q.words)),
                bcis: quick.map_or(&[], |q| vm.meta.slice(q.bcis)),
                code: vm.meta.slice(method.code),
                pool: (!stub && method.class != ClassId::NONE)
                    .then(|| vm.meta.get(vm.universe.class(method.class).pool)),
                locals: method.max_locals as usize - usize::from(method.is_synchronized() && !stub),
                max_stack: method.max_stack as usize,
                stub,
            }
        }
    }

    fn signature(&mut self, vm: &'static Isolate, descriptor: Symbol) -> Rc<Signature> {
        if let Some(known) = self.signatures.get(&descriptor.raw()) {
            return known.clone();
        }
        let made = match split_descriptor(vm.universe.text(descriptor)) {
            Some(parts) => {
                let parameters: Vec<_> =
                    parts.parameters.iter().map(|p| (Tag::of_descriptor(p), *p)).collect();
                let slots = parameters.iter().map(|(tag, _)| tag.slots()).sum();
                Signature {
                    parameters,
                    slots,
                    result: Tag::of_descriptor(parts.result),
                    result_type: parts.result,
                }
            }
            None => panic!("interpreter check failed: a method descriptor without parts"),
        };
        let made = Rc::new(made);
        self.signatures.insert(descriptor.raw(), made.clone());
        made
    }
}

impl At<'_> {
    /// Checks the instruction at the pc. `None` if it leaves nothing to note.
    unsafe fn instruction(&mut self) -> Option<Pending> {
        let frame = self.frame;
        let start = frame.words.as_ptr() as usize;
        let index = (self.regs.pc as usize).wrapping_sub(start) / 8;
        if index >= frame.words.len() {
            if self.regs.pc != self.vm.plain_return_pc() {
                self.fail("the pc is outside the method's code");
            }
            return None;
        }
        if frame.lp != self.regs.lp {
            self.fail("lp is not the frame's");
        }
        let op = Quick::from_word(self.regs.word);
        if matches!(op, Quick::EnterSync | Quick::Unrunnable | Quick::BadCode) {
            return None;
        }
        let mut view = View::new(self.regs.sp);
        if op == Quick::Native {
            if !frame.method.is_native() {
                self.fail("native code in a method that is not native");
            }
            view.push_any(self, BasicType::from_u8(frame.method.result).map_or(Tag::Nothing, Tag::of));
            return Some(view.pending(self.regs.pc, false));
        }
        if frame.code.is_empty() {
            return None;
        }
        self.bci = frame.bcis[index] as usize;
        let after_lock = index == 1 && frame.method.is_synchronized();
        if index > 0 && frame.bcis[index - 1] == frame.bcis[index] && !after_lock {
            // A word behind the first: a return whose value has been narrowed, or what an interface call leaves of itself.
            if !matches!(
                op,
                Quick::Return1 | Quick::Return2 | Quick::ReturnSync | Quick::ReturnRegister | Quick::Nop
            ) {
                self.fail("the pc is in the middle of an instruction");
            }
            return None;
        }
        let mut call = false;
        let mut ended = false;
        for part in 0..parts_of(op, self.regs.word) {
            self.bci = frame.bcis.get(index + part).map_or(usize::MAX, |bci| *bci as usize);
            // SAFETY: the frame is the calling thread's youngest.
            let outcome = unsafe { self.bytecode(&mut view) };
            call |= outcome == Outcome::Call;
            ended |= outcome == Outcome::Ends;
        }
        (!ended).then(|| view.pending(self.regs.pc, call))
    }

    fn fail(&self, what: &str) -> ! {
        let bci = translate::bci_of(&self.vm.meta, self.frame.method, self.regs.pc);
        let op =
            self.frame.code.get(self.bci).and_then(|op| carafe_classloader::bytecode::Opcode::from_u8(*op));
        let op = op.map_or("?", |op| op.mnemonic());
        // SAFETY: the thread is the caller's own; the report of the panic walks its frames.
        unsafe {
            (*self.t).top = Top { fp: self.regs.fp, sp: self.regs.sp, pc: self.regs.pc };
        }
        panic!(
            "interpreter check failed: {} @{bci}: {op} ({:?}): {what}",
            self.vm.universe.external_method(self.frame.method),
            Quick::from_word(self.regs.word),
        );
    }

    /// The value of a local, which must have the tag.
    fn local(&mut self, local: usize, tag: Tag) -> u32 {
        if local + tag.slots() > self.frame.locals {
            self.fail(&format!("local {local} of {}", self.frame.locals));
        }
        // SAFETY: a local of the frame, as just checked.
        let slot = unsafe { self.frame.lp.sub(local) };
        let mut found = *self.checks.tag(slot);
        if found == tag && tag.slots() == 2 {
            // SAFETY: as above.
            let half = *self.checks.tag(unsafe { slot.sub(1) });
            found = if half == Tag::Half { found } else { half };
        }
        if found != tag {
            self.fail(&format!("local {local} should be {tag:?} and is {found:?}"));
        }
        // SAFETY: as above.
        unsafe { *slot as u32 }
    }

    fn set_local(&mut self, local: usize, tag: Tag) {
        if local + tag.slots() > self.frame.locals {
            self.fail(&format!("local {local} of {}", self.frame.locals));
        }
        // SAFETY: locals of the frame, as just checked. An instruction that stores is never executed again.
        unsafe { self.checks.write(self.frame.lp.sub(local + tag.slots() - 1), tag) };
    }
}

/// How many bytecodes a quick instruction stands for.
fn parts_of(op: Quick, word: u64) -> usize {
    use Quick::*;
    match op {
        LLIAddStore => 4,
        LLIAdd | LLISub | LLIMul | LLALoadInt | LLALoadRef | LLALoadByte | LLALoadChar | LLIfEq | LLIfNe
        | LLIfLt | LLIfGe | LLIfGt | LLIfLe | LCIfEq | LCIfNe | LCIfLt | LCIfGe | LCIfGt | LCIfLe
        | LCIAdd | LCISub | LCIMul | LCIAnd | LCIShl | LCIShr => 3,
        LoadLoad | LoadGet32 | LoadGet64 | LoadGetI8 | LoadGetU16 | TLIfEq | TLIfNe | TLIfLt | TLIfGe
        | TLIfGt | TLIfLe | TCIfEq | TCIfNe | TCIfLt | TCIfGe | TCIfGt | TCIfLe | LIfEq | LIfNe | LIfLt
        | LIfGe | LIfGt | LIfLe | TLIAdd | TLISub | TLIMul | TLIAnd | TCIAdd | TCISub | TCIMul | TCIShl
        | TCIShr | TCIUshr | Move | SetConst | IIncGotoBack | ReturnLocal | ReturnConst | Load2Load2
        | TLDAdd | TLDSub | TLDMul | TLLAdd | StoreLoad => 2,
        TCIAnd => 1 + a_of(word) as usize,
        _ => 1,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Plain,
    Call,
    /// Control goes somewhere that the loop will show by itself: a return, a throw.
    Ends,
}

/// The operand stack in mid-instruction: what has been taken off it, and what put on it since.
struct View {
    sp: *mut u64,
    pops: usize,
    pushes: [Tag; 12],
    values: [u32; 12],
    count: usize,
}

impl View {
    fn new(sp: *mut u64) -> View {
        View { sp, pops: 0, pushes: [Tag::Nothing; 12], values: [0; 12], count: 0 }
    }

    fn pending(&self, pc: *const u64, call: bool) -> Pending {
        Pending { pc, sp: self.sp, pops: self.pops, pushes: self.pushes, count: self.count, call }
    }

    /// Takes one slot.
    fn pop_slot(&mut self, at: &mut At<'_>) -> (Tag, u32) {
        if self.count > 0 {
            self.count -= 1;
            return (self.pushes[self.count], self.values[self.count]);
        }
        // SAFETY: below the frame's header lie its operands.
        let slot = unsafe { self.sp.add(self.pops) };
        if slot >= at.frame.fp {
            at.fail("it takes more than there is on the operand stack");
        }
        self.pops += 1;
        // SAFETY: an operand of the frame, as just checked.
        (*at.checks.tag(slot), unsafe { *slot as u32 })
    }

    /// Takes a value of the kind. For references, gives it.
    fn pop(&mut self, at: &mut At<'_>, tag: Tag) -> u32 {
        let (found, value) = self.pop_slot(at);
        if tag.slots() == 2 {
            let (below, _) = self.pop_slot(at);
            if found != Tag::Half || below != tag {
                at.fail(&format!("an operand should be {tag:?} and is {below:?}, {found:?}"));
            }
        } else if found != tag {
            at.fail(&format!("an operand should be {tag:?} and is {found:?}"));
        }
        value
    }

    fn push_slot(&mut self, at: &mut At<'_>, tag: Tag, value: u32) {
        self.pushes[self.count] = tag;
        self.values[self.count] = value;
        self.count += 1;
        // SAFETY: only the distance is used.
        let depth = (at.frame.fp as usize - self.sp as usize) / 8 + self.count - self.pops;
        if depth > at.frame.max_stack {
            at.fail(&format!("{depth} operands, and max_stack is {}", at.frame.max_stack));
        }
    }

    fn push(&mut self, at: &mut At<'_>, tag: Tag, value: u32) {
        self.push_slot(at, tag, value);
        if tag.slots() == 2 {
            self.push_slot(at, Tag::Half, 0);
        }
    }

    /// As `push`, but of nothing for `Tag::Nothing`, and whatever max_stack: a native's is 0.
    fn push_any(&mut self, _: &At<'_>, tag: Tag) {
        if tag != Tag::Nothing {
            self.pushes[self.count] = tag;
            self.count += 1;
            if tag.slots() == 2 {
                self.pushes[self.count] = Tag::Half;
                self.count += 1;
            }
        }
    }
}

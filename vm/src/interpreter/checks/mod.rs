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
mod view;

use std::ops::Range;
use std::rc::Rc;
use std::sync::atomic::AtomicU64;

use carafe_classloader::basic::BasicType;
use carafe_classloader::bytecode::Opcode;
use carafe_classloader::class::{Method, Pool};
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::ClassId;
use hashbrown::{HashMap, HashSet};

use super::quick::{Quick, a_of};
use super::translate;
use super::watch::Registers;
use crate::isolate::Isolate;
use crate::linkage::handles::split_descriptor;
use crate::thread::frames::{Frame, HEADER_WORDS, flag};
use crate::thread::stack::JavaStack;
use crate::thread::{Thread, Top};
use view::View;

/// Slots that one instruction takes or leaves at most, calls' arguments aside.
const MOST: usize = 6;

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
    const ALL: [Tag; 8] =
        [Tag::Nothing, Tag::Int, Tag::Float, Tag::Ref, Tag::Long, Tag::Double, Tag::Half, Tag::ReturnAddress];

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
    result: Tag,
    result_type: &'static [u8],
}

/// What a method's instructions are checked against.
struct Facts {
    method: &'static Method,
    words: &'static [AtomicU64],
    bcis: &'static [u16],
    code: &'static [u8],
    pool: Option<&'static Pool>,
    /// Locals that the code may use (not the hidden one of a synchronized method).
    locals: usize,
    max_stack: usize,
    /// None for stubs.
    signature: Option<Rc<Signature>>,
    /// Where in `Checks::seen` those of its words begin.
    seen: usize,
    /// When these facts were found, of a class that may be unloaded: later another method may lie where it was.
    epoch: Option<u64>,
}

/// What an instruction found and left when its check passed: with the same word and the same tags it passes again. Only
/// for instructions that touch nothing but slots; others have the word 0, as what was not seen yet. None of them is
/// executed again after it has changed a slot that it takes, so what they leave is noted at once.
#[derive(Clone, Copy, Default)]
struct Seen {
    word: u64,
    /// Tags of the slots taken, that of the top in the lowest byte; and of those left.
    pops: u64,
    pushes: u64,
    popped: u8,
    pushed: u8,
    /// How much higher the operand stack was meanwhile.
    growth: u8,
    read: u8,
    reads: [(u16, Tag); 4],
    write: Option<(u16, Tag)>,
}

impl Seen {
    fn read(&mut self, local: usize, tag: Tag) {
        if let Some(place) = self.reads.get_mut(self.read as usize) {
            *place = (local as u16, tag);
            self.read += 1;
        }
    }
}

/// A frame, as its header says.
#[derive(Clone)]
struct Known {
    fp: *mut u64,
    lp: *mut u64,
    caller_fp: *mut u64,
    /// Made by the VM, as `linkage::stubs` says.
    stub: bool,
    /// Address and number of its method's words, and where in `Checks::seen` those of them begin.
    words: (usize, usize),
    seen: usize,
    max_stack: usize,
    facts: Rc<Facts>,
}

/// What the last instruction leaves, if it comes to its end.
#[derive(Clone, Copy)]
struct Pending {
    pc: *const u64,
    sp: *mut u64,
    pops: usize,
    /// Tags of the slots left, that of the top in the lowest byte.
    pushes: u64,
    count: usize,
    /// Its bytecode is a call.
    call: bool,
}

/// Where the checks stand: how many frames they know, and the last instruction of the youngest.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    frames: usize,
    pending: Option<Pending>,
    expected: Option<Expected>,
}

/// The last instruction has been noted; where the operand stack must stand if it is not executed again.
#[derive(Clone, Copy)]
struct Expected {
    pc: *const u64,
    sp: *mut u64,
    after: *mut u64,
}

pub(super) struct Checks {
    /// Of type [`Tag`].
    tags: Vec<u8>,
    /// Address of the slot that `tags[0]` belongs to.
    lowest: usize,
    /// Frames, the youngest last; of those that a dispatcher began above, all, of others perhaps not the oldest.
    frames: Vec<Known>,
    place: Place,
    methods: HashMap<u32, Rc<Facts>>,
    seen: Vec<Seen>,
    signatures: HashMap<u32, Rc<Signature>>,
    /// Classes (not hidden ones, which come and go) and descriptors that they were found to fit.
    fitting: HashSet<(ClassId, *const u8)>,
    /// References into the heap lie in this range.
    heap: Range<u64>,
}

/// One check: where we are, for the report, and what to look at.
struct At<'c> {
    t: *mut Thread,
    vm: &'static Isolate,
    regs: Registers,
    frame: &'c Known,
    /// That of the bytecode at hand, if one has been found for the pc.
    bci: Option<usize>,
    checks: &'c mut Checks,
    seen: Seen,
}

impl Checks {
    pub(super) fn new(vm: &Isolate, stack: &JavaStack) -> Checks {
        let lowest = stack.lowest() as usize;
        let slots = (stack.top() as usize - lowest) / 8;
        Checks {
            // Eight more, because tags are read by eights.
            tags: vec![0; slots + 8],
            lowest,
            frames: Vec::new(),
            place: Place::default(),
            methods: HashMap::new(),
            seen: Vec::new(),
            signatures: HashMap::new(),
            fitting: HashSet::new(),
            heap: vm.cage.heap_range(),
        }
    }

    /// A dispatcher begins; what its first frame gets from Rust is believed. Returns where the outer one stood.
    ///
    /// # Safety
    /// `thread.top` describes the youngest frame of the calling thread.
    pub(super) unsafe fn entered(&mut self, t: *mut Thread) -> Place {
        let outer = std::mem::take(&mut self.place);
        // SAFETY: the caller's promise.
        unsafe {
            let frame = self.frame_at(t, (*t).top.fp);
            self.begin(&frame);
            self.place.frames = outer.frames;
            self.know(frame);
        }
        outer
    }

    pub(super) fn restore(&mut self, outer: Place) {
        self.place = outer;
        self.frames.truncate(outer.frames);
    }

    fn know(&mut self, frame: Known) {
        self.frames.truncate(self.place.frames);
        self.frames.push(frame);
        self.place.frames += 1;
    }

    /// Forgets the frames that are younger than the one at `fp`; whether that one is known.
    fn back_to(&mut self, fp: *mut u64) -> bool {
        while self.frames.last().is_some_and(|frame| frame.fp < fp) {
            self.frames.pop();
        }
        self.place.frames = self.frames.len();
        self.frames.last().is_some_and(|frame| frame.fp == fp)
    }

    /// # Safety
    /// `thread.top` describes the youngest frame of the calling thread.
    pub(super) unsafe fn caught(&mut self, t: *mut Thread) {
        // SAFETY: the caller's promise.
        unsafe {
            let frame = self.frame_at(t, (*t).top.fp);
            self.back_to(frame.fp.wrapping_add(1));
            if !frame.stub {
                assert!(
                    (*t).top.sp == frame.fp.sub(1) && frame.facts.max_stack > 0,
                    "interpreter check failed: a handler begins with one operand"
                );
                self.set((*t).top.sp, Tag::Ref);
            }
            self.place = Place { frames: self.place.frames, ..Place::default() };
            self.know(frame);
        }
    }

    /// A continuation's frames have left the stack; its entry is the youngest.
    pub(super) fn frozen(&mut self, entry: *mut u64) {
        self.back_to(entry);
        self.place = Place { frames: self.frames.len(), ..Place::default() };
    }

    /// A continuation's frames have come above its entry, with the tags that they left with.
    ///
    /// # Safety
    /// `thread.top` describes the youngest of them; `low` is the lowest of their slots.
    pub(super) unsafe fn thawed(
        &mut self,
        t: *mut Thread,
        entry: *mut u64,
        low: *mut u64,
        tags: &[u8],
        yielded: bool,
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            let start = (low as usize - self.lowest) / 8;
            self.tags[start..start + tags.len()].copy_from_slice(tags);
            let mut frames = Vec::new();
            let mut fp = (*t).top.fp;
            while fp != entry {
                frames.push(fp);
                fp = Frame::new(fp).caller_fp();
            }
            self.place = Place { frames: self.frames.len(), ..Place::default() };
            while let Some(fp) = frames.pop() {
                let frame = self.frame_at(t, fp);
                self.know(frame);
            }
            if yielded {
                self.set((*t).top.sp, Tag::Int);
            }
        }
    }

    pub(super) fn tag_at(&self, slot: *mut u64) -> u8 {
        self.tag(slot) as u8
    }

    /// The instruction at the pc is about to be executed: notes what the last one left, and checks this one.
    ///
    /// # Safety
    /// The registers describe the youngest frame of the calling thread.
    pub(super) unsafe fn before(&mut self, t: *mut Thread, regs: Registers) {
        if self.again(regs).is_none() {
            // SAFETY: the caller's promise.
            unsafe { self.for_the_first_time(t, regs) }
        }
    }

    /// The quick way: the same frame, and an instruction that has passed before and finds the same again. `None`, with
    /// nothing changed, if that is not so.
    #[inline]
    fn again(&mut self, regs: Registers) -> Option<()> {
        let frame = self.frames.last().filter(|frame| frame.fp == regs.fp)?;
        let expected = self.place.expected.as_mut()?;
        if regs.sp != expected.after && (regs.sp != expected.sp || regs.pc != expected.pc) {
            return None;
        }
        let index = (regs.pc as usize).wrapping_sub(frame.words.0) / 8;
        if index >= frame.words.1 || frame.lp != regs.lp {
            return None;
        }
        let seen = self.seen.get(frame.seen + index)?;
        let depth = (frame.fp as usize - regs.sp as usize) / 8;
        let (popped, pushed) = (seen.popped as usize, seen.pushed as usize);
        if seen.word != regs.word || depth < popped || depth + seen.growth as usize > frame.max_stack {
            return None;
        }
        let top = (regs.sp as usize - self.lowest) / 8;
        if (eight(&self.tags, top)? ^ seen.pops) & low_bytes(popped) != 0 {
            return None;
        }
        let first = (frame.lp as usize - self.lowest) / 8;
        for (local, tag) in &seen.reads[..seen.read as usize] {
            if *self.tags.get(first - *local as usize)? != *tag as u8 {
                return None;
            }
        }
        if let Some((local, tag)) = seen.write {
            let slot = self.tags.get_mut(first - local as usize)?;
            *slot = tag as u8;
            if tag.slots() == 2 {
                *self.tags.get_mut(first - local as usize - 1)? = Tag::Half as u8;
            }
        }
        leave(&mut self.tags, top + popped, seen.pushes, pushed)?;
        *expected =
            Expected { pc: regs.pc, sp: regs.sp, after: regs.sp.wrapping_add(popped).wrapping_sub(pushed) };
        Some(())
    }

    /// # Safety
    /// As for `before`.
    #[inline(never)]
    unsafe fn for_the_first_time(&mut self, t: *mut Thread, regs: Registers) {
        let (pending, expected) = (self.place.pending.take(), self.place.expected.take());
        // SAFETY: the caller's promise.
        unsafe {
            let known = self.place.frames == self.frames.len();
            debug_assert!(known, "frames are forgotten together with their place");
            match self.frames.last() {
                Some(frame) if frame.fp == regs.fp => {
                    if let Some(expected) = expected {
                        self.compare(t, expected, regs);
                    }
                    if let Some(pending) = pending {
                        self.settle(t, &pending, regs);
                    }
                }
                Some(old) if regs.fp < old.fp => {
                    let old = old.clone();
                    let new = self.frame_at(t, regs.fp);
                    self.know(new.clone());
                    self.called(t, &old, &new, pending, regs);
                }
                Some(old) => {
                    let old = old.clone();
                    if !self.back_to(regs.fp) {
                        let frame = self.frame_at(t, regs.fp);
                        self.know(frame);
                    }
                    self.returned(t, &old, regs);
                }
                None => {
                    let frame = self.frame_at(t, regs.fp);
                    self.know(frame);
                }
            }
            // With what came before noted, the quick way may be open.
            self.place.expected = Some(Expected { pc: regs.pc, sp: regs.sp, after: regs.sp });
            let stub = self.frames.last().is_some_and(|frame| frame.stub);
            if !stub && self.again(regs).is_some() {
                return;
            }
            self.place.expected = None;
            if !stub && let Some(frame) = self.frames.pop() {
                let pending = self.at(t, &frame, regs).instruction();
                self.place.pending = pending;
                self.frames.push(frame);
            }
        }
    }

    /// # Safety
    /// As for `before`.
    unsafe fn compare(&mut self, t: *mut Thread, expected: Expected, mut regs: Registers) {
        if regs.sp != expected.after && (regs.sp != expected.sp || regs.pc != expected.pc) {
            // SAFETY: the caller's promise.
            unsafe {
                let depth = |sp: *mut u64| regs.fp.offset_from(sp);
                regs.pc = expected.pc;
                let what =
                    format!("it left {} operands, and should {}", depth(regs.sp), depth(expected.after));
                let frame = self.frame_at(t, regs.fp);
                self.at(t, &frame, regs).fail(&what);
            }
        }
    }

    /// # Safety
    /// The registers describe the youngest frame of the calling thread.
    unsafe fn at<'c>(&'c mut self, t: *mut Thread, frame: &'c Known, regs: Registers) -> At<'c> {
        // SAFETY: the isolate outlives its threads, and no `At` is kept.
        let vm = unsafe { &*(*t).vm };
        At { t, vm, regs, frame, bci: None, checks: self, seen: Seen::default() }
    }

    /// The last instruction of the same frame has come to its end, or is executed again.
    unsafe fn settle(&mut self, t: *mut Thread, pending: &Pending, regs: Registers) {
        if pending.pc == regs.pc && pending.sp == regs.sp {
            return;
        }
        // SAFETY: the frame is the calling thread's youngest.
        unsafe {
            let sp = pending.sp.add(pending.pops).sub(pending.count);
            self.compare(t, Expected { pc: pending.pc, sp: pending.sp, after: sp }, regs);
        }
        let below = (pending.sp as usize - self.lowest) / 8 + pending.pops;
        if leave(&mut self.tags, below, pending.pushes, pending.count).is_none() {
            panic!("interpreter check failed: a slot outside the Java stack");
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
            // A native pushes frames only to enter a continuation, with arguments of its own.
            if old.stub || old.facts.method.is_native() {
                return self.begin(new);
            }
            let mut at = self.at(t, new, regs);
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
            at.arguments(pending.sp);
        }
    }

    /// Frames have gone by returning; the youngest of them left its result.
    unsafe fn returned(&mut self, t: *mut Thread, old: &Known, regs: Registers) {
        // SAFETY: the frame is the calling thread's youngest.
        unsafe {
            let result = old.facts.signature.as_ref().map(|signature| signature.result);
            let sp = result.map_or(regs.sp, |result| old.lp.add(1).sub(result.slots()));
            if old.caller_fp != regs.fp || sp != regs.sp {
                let frame = self.frame_at(t, regs.fp);
                let at = self.at(t, &frame, regs);
                if old.caller_fp != regs.fp {
                    at.fail("a return came to another frame than the caller's");
                }
                at.fail("a return left the operand stack at a wrong depth");
            }
            self.write(regs.sp, result.unwrap_or_default());
        }
    }

    /// A frame begins whose arguments come from Rust.
    unsafe fn begin(&mut self, frame: &Known) {
        let Some(signature) = &frame.facts.signature else { return };
        // SAFETY: the frame is the calling thread's.
        unsafe {
            let mut local = 0;
            if !frame.facts.method.is_static() {
                self.set(frame.lp, Tag::Ref);
                local = 1;
            }
            for (tag, _) in &signature.parameters {
                self.write(frame.lp.sub(local).sub(tag.slots() - 1), *tag);
                local += tag.slots();
            }
            self.clear_locals(frame, local);
        }
    }

    unsafe fn clear_locals(&mut self, frame: &Known, from: usize) {
        for local in from..frame.facts.locals {
            // SAFETY: locals of the frame.
            self.set(unsafe { frame.lp.sub(local) }, Tag::Nothing);
        }
    }

    /// Notes a value of which the slot with the lowest address is given.
    unsafe fn write(&mut self, slot: *mut u64, tag: Tag) {
        match tag.slots() {
            0 => {}
            1 => self.set(slot, tag),
            _ => {
                self.set(slot, Tag::Half);
                // SAFETY: the second slot of a value that the caller knows to lie there.
                self.set(unsafe { slot.add(1) }, tag);
            }
        }
    }

    fn tag(&self, slot: *mut u64) -> Tag {
        let index = (slot as usize).wrapping_sub(self.lowest) / 8;
        match self.tags.get(index) {
            Some(tag) => Tag::ALL[(*tag & 7) as usize],
            None => panic!("interpreter check failed: a slot outside the Java stack"),
        }
    }

    fn set(&mut self, slot: *mut u64, tag: Tag) {
        let index = (slot as usize).wrapping_sub(self.lowest) / 8;
        match self.tags.get_mut(index) {
            Some(place) => *place = tag as u8,
            None => panic!("interpreter check failed: a slot outside the Java stack"),
        }
    }

    /// # Safety
    /// `fp` is a frame of the calling thread.
    unsafe fn frame_at(&mut self, t: *mut Thread, fp: *mut u64) -> Known {
        // SAFETY: the caller's promise; the header names a method, which lives in metaspace as long as the frame.
        unsafe {
            let vm: &'static Isolate = &*(*t).vm;
            let frame = Frame::new(fp);
            let method = vm.meta.get(frame.method());
            let stub = frame.has(flag::REEXECUTE);
            let facts = self.facts(vm, frame.method().raw(), method, stub);
            Known {
                fp,
                lp: fp.add(HEADER_WORDS + method.max_locals as usize).sub(1),
                caller_fp: frame.caller_fp(),
                stub,
                words: (facts.words.as_ptr() as usize, facts.words.len()),
                seen: facts.seen,
                max_stack: facts.max_stack,
                facts,
            }
        }
    }

    fn facts(&mut self, vm: &'static Isolate, raw: u32, method: &'static Method, stub: bool) -> Rc<Facts> {
        let quick = translate::quick_code(&vm.meta, method);
        let words = quick.map_or(&[][..], |q| vm.meta.slice(q.words));
        let may_go = method.class != ClassId::NONE && vm.universe.class(method.class).is_unloadable();
        let epoch = may_go.then(|| vm.unloading.epoch());
        // Another method may lie where one was that has been unloaded, and its code too.
        if let Some(known) = self.methods.get(&raw)
            && std::ptr::eq(known.words, words)
            && known.epoch == epoch
        {
            return known.clone();
        }
        let facts = Rc::new(Facts {
            method,
            words,
            bcis: quick.map_or(&[], |q| vm.meta.slice(q.bcis)),
            code: vm.meta.slice(method.code),
            pool: (!stub && method.class != ClassId::NONE)
                .then(|| vm.meta.get(vm.universe.class(method.class).pool)),
            locals: method.max_locals as usize - usize::from(method.is_synchronized() && !stub),
            max_stack: method.max_stack as usize,
            signature: (!stub).then(|| self.signature(vm, method.descriptor)),
            seen: self.seen.len(),
            epoch,
        });
        self.seen.resize(self.seen.len() + words.len(), Seen::default());
        self.methods.insert(raw, facts.clone());
        facts
    }

    fn signature(&mut self, vm: &'static Isolate, descriptor: Symbol) -> Rc<Signature> {
        if let Some(known) = self.signatures.get(&descriptor.raw()) {
            return known.clone();
        }
        let Some(parts) = split_descriptor(vm.universe.text(descriptor)) else {
            panic!("interpreter check failed: {:?} is no method descriptor", vm.universe.text(descriptor));
        };
        let made = Rc::new(Signature {
            parameters: parts.parameters.iter().map(|p| (Tag::of_descriptor(p), *p)).collect(),
            result: Tag::of_descriptor(parts.result),
            result_type: parts.result,
        });
        self.signatures.insert(descriptor.raw(), made.clone());
        made
    }
}

impl At<'_> {
    /// Checks the instruction at the pc. `None` if it leaves nothing to note.
    unsafe fn instruction(&mut self) -> Option<Pending> {
        let frame = self.frame;
        let facts = &*frame.facts;
        let start = facts.words.as_ptr() as usize;
        let index = (self.regs.pc as usize).wrapping_sub(start) / 8;
        if index >= facts.words.len() {
            if self.regs.pc != self.vm.plain_return_pc() {
                self.fail("the pc is outside the method's code");
            }
            return None;
        }
        if frame.lp != self.regs.lp {
            self.fail("lp is not the frame's");
        }
        let op = Quick::from_word(self.regs.word);
        if matches!(
            op,
            Quick::EnterSync
                | Quick::Unrunnable
                | Quick::BadCode
                | Quick::ContinuationEnter
                | Quick::ContinuationLeave
        ) {
            return None;
        }
        let mut view = View::new(self.regs.sp);
        if matches!(op, Quick::Native | Quick::NativeWait | Quick::ContinuationYield) {
            if !facts.method.is_native() {
                self.fail("native code in a method that is not native");
            }
            view.push_result(BasicType::from_u8(facts.method.result).map_or(Tag::Nothing, Tag::of));
            return Some(view.pending(self.regs.pc, false));
        }
        if facts.code.is_empty() {
            return None;
        }
        let after_lock = index == 1 && facts.method.is_synchronized();
        if index > 0 && facts.bcis[index - 1] == facts.bcis[index] && !after_lock {
            // A word behind the first: a return whose value has been narrowed, or what an interface call leaves of itself.
            if !matches!(
                op,
                Quick::Return1 | Quick::Return2 | Quick::ReturnSync | Quick::ReturnRegister | Quick::Nop
            ) {
                self.fail("the pc is in the middle of an instruction");
            }
            return None;
        }
        let mut outcome = Outcome::Slots;
        for part in 0..parts_of(op, self.regs.word) {
            self.bci = facts.bcis.get(index + part).map(|bci| *bci as usize);
            // SAFETY: the frame is the calling thread's youngest.
            outcome = outcome.max(unsafe { self.bytecode(&mut view) });
        }
        if outcome == Outcome::Slots {
            view.note(&mut self.seen);
            self.seen.word = self.regs.word;
            self.checks.seen[facts.seen + index] = self.seen;
        }
        (outcome != Outcome::Ends).then(|| view.pending(self.regs.pc, outcome == Outcome::Call))
    }

    /// Checks what a new frame finds in its first locals. Below `lowest` lies what the call itself has pushed.
    unsafe fn arguments(&mut self, lowest: *mut u64) {
        let frame = self.frame;
        let method = frame.facts.method;
        let mut local = 0;
        if !method.is_static() {
            let value = self.local(0, Tag::Ref);
            let class = self.object(value, "the receiver");
            if method.class != ClassId::NONE && !self.is_subtype(class, method.class) {
                self.fail(&format!("the receiver is a {}", self.name_of(class)));
            }
            local = 1;
        }
        let Some(signature) = frame.facts.signature.as_ref() else { return };
        for (tag, descriptor) in &signature.parameters {
            // SAFETY: a local of the frame.
            let slot = unsafe { frame.lp.sub(local) };
            if slot < lowest {
                self.checks.set(slot, Tag::Ref);
            }
            let value = self.local(local, *tag);
            if *tag == Tag::Ref {
                self.assignable(value, descriptor, "an argument");
            }
            local += tag.slots();
        }
        if local != method.arg_slots as usize {
            self.fail("its arguments take other slots than its descriptor says");
        }
        // SAFETY: the frame is the calling thread's youngest.
        unsafe { self.checks.clear_locals(frame, local) };
    }

    fn fail(&self, what: &str) -> ! {
        let facts = &*self.frame.facts;
        let at_pc = || usize::try_from(translate::bci_of(&self.vm.meta, facts.method, self.regs.pc)).ok();
        let bci = self.bci.or_else(at_pc).unwrap_or_default();
        let op = facts.code.get(bci).and_then(|op| Opcode::from_u8(*op)).map_or("?", Opcode::mnemonic);
        // SAFETY: the thread is the caller's own; the report of the panic walks its frames.
        unsafe {
            (*self.t).top = Top { fp: self.regs.fp, sp: self.regs.sp, pc: self.regs.pc };
        }
        panic!(
            "interpreter check failed: {} @{bci}: {op} ({:?}): {what}",
            self.vm.universe.external_method(facts.method),
            Quick::from_word(self.regs.word),
        );
    }

    /// The value of a local, which must have the tag.
    fn local(&mut self, local: usize, tag: Tag) -> u32 {
        self.has_local(local, tag);
        // SAFETY: a local of the frame, as just checked.
        let slot = unsafe { self.frame.lp.sub(local) };
        let mut found = self.checks.tag(slot);
        self.seen.read(local, tag);
        if found == tag && tag.slots() == 2 {
            // SAFETY: as above.
            let half = self.checks.tag(unsafe { slot.sub(1) });
            self.seen.read(local + 1, Tag::Half);
            found = if half == Tag::Half { found } else { half };
        }
        if found != tag {
            self.fail(&format!("local {local} should be {tag:?} and is {found:?}"));
        }
        // SAFETY: as above.
        unsafe { *slot as u32 }
    }

    fn set_local(&mut self, local: usize, tag: Tag) {
        self.has_local(local, tag);
        self.seen.write = Some((local as u16, tag));
        // SAFETY: locals of the frame, as just checked. An instruction that stores is never executed again.
        unsafe { self.checks.write(self.frame.lp.sub(local + tag.slots() - 1), tag) };
    }

    fn has_local(&self, local: usize, tag: Tag) {
        let locals = self.frame.facts.locals;
        if local + tag.slots() > locals {
            self.fail(&format!("it uses local {local}, and max_locals is {locals}"));
        }
    }
}

/// How an instruction, or a part of a fused one, acts; of several parts the greatest counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Only on slots.
    Slots,
    /// On objects too.
    Objects,
    Call,
    /// Control goes where the loop will show by itself: a return, a throw.
    Ends,
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

/// Eight tags from a place on, the first in the lowest byte.
fn eight(tags: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*tags.get(at..)?.first_chunk()?))
}

fn low_bytes(count: usize) -> u64 {
    (1 << (8 * count)) - 1
}

/// Notes what an instruction has left: `count` slots, ending below the one at `below`; the top's tag in the lowest byte.
#[inline]
fn leave(tags: &mut [u8], below: usize, left: u64, count: usize) -> Option<()> {
    if count > 0 {
        let top = below - count;
        let all = eight(tags, top)? & !low_bytes(count) | left;
        tags.get_mut(top..top + 8)?.copy_from_slice(&all.to_le_bytes());
    }
    Some(())
}

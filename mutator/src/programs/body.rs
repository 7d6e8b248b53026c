//! A method's code in the making: instructions on a stack of known types, labels, frames, handlers.
//!
//! Invariants: `stack` is what the verifier would say about the operands; locals have one type each from the method's first
//! instructions to its end (but `scratch`, which labels make unusable). Nothing is written where control does not arrive.
//! A label has the types of the stack with which it was made, and whoever comes there fits the stack to them.

use super::writer::ClassWriter;
use crate::numbers::Numbers;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Int,
    Long,
    Float,
    Double,
    Object,
    Base,
    Ints,
    Bytes,
    Chars,
    Longs,
    Doubles,
    Objects,
}

impl Type {
    pub(super) const ARRAYS: [Type; 6] =
        [Type::Ints, Type::Bytes, Type::Chars, Type::Longs, Type::Doubles, Type::Objects];
    pub(super) const NUMBERS: [Type; 4] = [Type::Int, Type::Long, Type::Float, Type::Double];

    pub(super) fn slots(self) -> usize {
        if matches!(self, Type::Long | Type::Double) { 2 } else { 1 }
    }

    pub(super) fn is_reference(self) -> bool {
        !Type::NUMBERS.contains(&self)
    }

    pub(super) fn descriptor(self) -> &'static str {
        match self {
            Type::Int => "I",
            Type::Long => "J",
            Type::Float => "F",
            Type::Double => "D",
            Type::Object => "Ljava/lang/Object;",
            Type::Base => "LBase;",
            Type::Ints => "[I",
            Type::Bytes => "[B",
            Type::Chars => "[C",
            Type::Longs => "[J",
            Type::Doubles => "[D",
            Type::Objects => "[Ljava/lang/Object;",
        }
    }

    /// The name of a reference type in the constant pool.
    pub(super) fn class(self) -> &'static str {
        match self {
            Type::Object => "java/lang/Object",
            Type::Base => "Base",
            other => other.descriptor(),
        }
    }

    /// Where the type stands among the five of loads, stores and returns.
    pub(super) fn five(self) -> u8 {
        match self {
            Type::Int => 0,
            Type::Long => 1,
            Type::Float => 2,
            Type::Double => 3,
            _ => 4,
        }
    }
}

/// What a frame says of a slot.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verified {
    Top,
    Is(Type),
    This,
    Throwable(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Signature {
    pub(super) name: String,
    pub(super) arguments: Vec<Type>,
    pub(super) result: Option<Type>,
    pub(super) is_static: bool,
    pub(super) is_synchronized: bool,
}

impl Signature {
    pub(super) fn descriptor(&self) -> String {
        let arguments: String = self.arguments.iter().map(|argument| argument.descriptor()).collect();
        format!("({arguments}){}", self.result.map_or("V", Type::descriptor))
    }
}

/// A finished body.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    pub(super) bytes: Vec<u8>,
    pub(super) max_stack: u16,
    pub(super) max_locals: u16,
    /// Start, end, handler, class.
    pub(super) handlers: Vec<[u16; 4]>,
    pub(super) lines: Vec<(u16, u16)>,
    /// The locals of every frame.
    pub(super) locals: Vec<Verified>,
    pub(super) frames: Vec<(u16, Vec<Verified>)>,
}

/// A jump that has to be filled in: where its offset stands, from where it counts, and whether it has four bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jump {
    pub(super) at: usize,
    pub(super) from: usize,
    pub(super) wide: bool,
}

/// What has been begun and must be ended.
#[derive(Clone, Debug)]
pub(super) enum Open {
    /// A place further down to which some jumps lead.
    Label { jumps: Vec<Jump>, stack: Vec<Type> },
    /// A loop: its head, and the jumps of those whose allowance is used up.
    Loop { head: usize, stack: Vec<Type>, counter: usize, out: Jump },
    /// A range with a handler.
    Try { start: usize, class: &'static str },
}

#[derive(Clone, Copy)]
pub(super) struct Local {
    pub(super) index: usize,
    pub(super) of: Type,
}

pub(super) struct Body<'c> {
    pub(super) class: &'c mut ClassWriter,
    pub(super) bytes: Vec<u8>,
    pub(super) stack: Vec<Type>,
    pub(super) reachable: bool,
    pub(super) locals: Vec<Local>,
    /// Counters of loops, and which of them are in use.
    counters: Vec<usize>,
    /// Slots without a lasting type: the type of what is in each.
    pub(super) scratch: Vec<(usize, Option<Type>)>,
    /// The slot of a subroutine's return address, where there are subroutines.
    pub(super) return_address: Option<usize>,
    /// The local variable of `this`, if there is one.
    pub(super) this: Option<usize>,
    /// Loops may be opened: what is called from everywhere has none.
    pub(super) open: Vec<Open>,
    pub(super) may_call: bool,
    depth_max: usize,
    max_locals: usize,
    verified: Vec<Verified>,
    handlers: Vec<[u16; 4]>,
    lines: Vec<(u16, u16)>,
    frames: Vec<(u16, Vec<Verified>)>,
    result: Option<Type>,
}

impl<'c> Body<'c> {
    pub(super) fn new(
        class: &'c mut ClassWriter,
        signature: &Signature,
        old: bool,
        may_call: bool,
        numbers: &mut Numbers,
    ) -> Body<'c> {
        let mut body = Body {
            class,
            bytes: Vec::new(),
            stack: Vec::new(),
            reachable: true,
            locals: Vec::new(),
            counters: Vec::new(),
            scratch: Vec::new(),
            return_address: None,
            this: None,
            open: Vec::new(),
            may_call,
            depth_max: 0,
            max_locals: 0,
            verified: Vec::new(),
            handlers: Vec::new(),
            lines: Vec::new(),
            frames: Vec::new(),
            result: signature.result,
        };
        if !signature.is_static {
            body.this = Some(0);
            body.max_locals = 1;
            body.verified.push(Verified::This);
        }
        for argument in &signature.arguments {
            body.local(*argument);
        }
        // Seldom, locals lie where only wide instructions reach.
        if numbers.chance(4) {
            for _ in 0..260 {
                body.verified.push(Verified::Top);
                body.max_locals += 1;
            }
        }
        let own = [
            Type::Int,
            Type::Int,
            Type::Long,
            Type::Float,
            Type::Double,
            Type::Object,
            Type::Base,
            Type::Ints,
        ];
        for of in own {
            if numbers.chance(75) {
                let index = body.local(of);
                body.push_value(of, numbers);
                body.store(of, index);
            }
        }
        for _ in 0..2 {
            let index = body.local(Type::Int);
            body.locals.pop();
            body.push_zero(Type::Int, numbers);
            body.store(Type::Int, index);
            body.counters.push(index);
        }
        // Behind these, frames say nothing.
        if old {
            body.return_address = Some(body.max_locals);
            body.max_locals += 1;
        }
        for _ in 0..3 {
            body.scratch.push((body.max_locals, None));
            body.max_locals += 2;
        }
        body
    }

    fn local(&mut self, of: Type) -> usize {
        let index = self.max_locals;
        self.locals.push(Local { index, of });
        self.verified.push(Verified::Is(of));
        self.max_locals += of.slots();
        index
    }

    // ---- instructions ------------------------------------------------------------------------------------------------

    pub(super) fn op(&mut self, op: u8) {
        self.bytes.push(op);
    }

    pub(super) fn op_index(&mut self, op: u8, index: u16) {
        self.bytes.push(op);
        self.bytes.extend(index.to_be_bytes());
    }

    pub(super) fn pushed(&mut self, of: Type) {
        self.stack.push(of);
        let depth: usize = self.stack.iter().map(|of| of.slots()).sum();
        self.depth_max = self.depth_max.max(depth);
    }

    /// Operands of an instruction that pushes them only to pop them at once.
    pub(super) fn room(&mut self, slots: usize) {
        let depth: usize = self.stack.iter().map(|of| of.slots()).sum();
        self.depth_max = self.depth_max.max(depth + slots);
    }

    pub(super) fn popped(&mut self, count: usize) {
        self.stack.truncate(self.stack.len() - count);
    }

    /// An instruction that names a local; `op` is the form for ints.
    fn on_local(&mut self, op: u8, of: Type, index: usize) {
        let op = op + of.five();
        match u8::try_from(index) {
            Ok(index) => self.bytes.extend([op, index]),
            Err(_) => {
                self.bytes.extend([0xc4, op]);
                self.bytes.extend((index as u16).to_be_bytes());
            }
        }
    }

    pub(super) fn load(&mut self, of: Type, index: usize) {
        self.on_local(0x15, of, index);
        self.pushed(of);
    }

    pub(super) fn store(&mut self, of: Type, index: usize) {
        self.on_local(0x36, of, index);
        self.popped(1);
    }

    pub(super) fn increment(&mut self, index: usize, by: i16) {
        match (u8::try_from(index), i8::try_from(by)) {
            (Ok(index), Ok(by)) => self.bytes.extend([0x84, index, by as u8]),
            _ => {
                self.bytes.extend([0xc4, 0x84]);
                self.bytes.extend((index as u16).to_be_bytes());
                self.bytes.extend(by.to_be_bytes());
            }
        }
    }

    pub(super) fn push_int(&mut self, value: i32) {
        match value {
            -1..=5 => self.op((3 + value) as u8),
            -128..=127 => self.bytes.extend([0x10, value as u8]),
            -32768..=32767 => self.op_index(0x11, value as u16),
            _ => {
                let index = self.class.int(value);
                self.load_constant(index);
            }
        }
        self.pushed(Type::Int);
    }

    pub(super) fn load_constant(&mut self, index: u16) {
        match u8::try_from(index) {
            Ok(index) => self.bytes.extend([0x12, index]),
            Err(_) => self.op_index(0x13, index),
        }
    }

    /// A plain value of a type.
    pub(super) fn push_zero(&mut self, of: Type, numbers: &mut Numbers) {
        match of {
            Type::Int => return self.push_int(numbers.below(7) as i32 - 1),
            Type::Long => self.op(9 + numbers.below(2) as u8),
            Type::Float => self.op(11 + numbers.below(3) as u8),
            Type::Double => self.op(14 + numbers.below(2) as u8),
            _ => self.op(1),
        }
        self.pushed(of);
    }

    /// A value that operations will do something with: references are not null.
    pub(super) fn push_value(&mut self, of: Type, numbers: &mut Numbers) {
        let known: Vec<usize> =
            self.locals.iter().filter(|local| local.of == of).map(|local| local.index).collect();
        let written = known.iter().filter(|index| **index != self.last_local()).count();
        if of.is_reference() && written > 0 {
            return self.load(of, known[numbers.below(written)]);
        }
        match of {
            Type::Object => {
                let index = self.class.string("carafe");
                self.load_constant(index);
            }
            Type::Base => {
                self.push_int(numbers.below(3) as i32);
                self.popped(1);
                self.call_static("Base", "pick", "(I)LBase;");
            }
            _ if of.is_reference() => {
                self.push_int(numbers.below(16) as i32);
                self.popped(1);
                let name = ["ints", "bytes", "chars", "longs", "doubles", "objects"];
                let place = Type::ARRAYS.iter().position(|array| *array == of).unwrap_or(0);
                self.call_static("Base", name[place], &format!("(I){}", of.descriptor()));
            }
            _ => return self.push_zero(of, numbers),
        }
        self.pushed(of);
    }

    /// The local made last, which may not have a value yet.
    fn last_local(&self) -> usize {
        self.locals.last().map_or(usize::MAX, |local| local.index)
    }

    pub(super) fn discard(&mut self) {
        let Some(of) = self.stack.last() else { return };
        let op = if of.slots() == 2 { 0x58 } else { 0x57 };
        self.op(op);
        self.popped(1);
    }

    /// The stack gets these types: what is in the way goes, what is missing is made up.
    pub(super) fn fit(&mut self, to: &[Type], numbers: &mut Numbers) {
        let same = self.stack.iter().zip(to).take_while(|(a, b)| a == b).count();
        while self.stack.len() > same {
            self.discard();
        }
        for of in &to[same..] {
            self.push_value(*of, numbers);
        }
    }

    /// A static method of `Base` or elsewhere.
    pub(super) fn call_static(&mut self, class: &str, name: &str, descriptor: &str) {
        let index = self.class.member(10, class, name, descriptor);
        self.op_index(0xb8, index);
    }

    // ---- control -----------------------------------------------------------------------------------------------------

    /// A jump with this opcode, its offset still open; `wide` makes a `goto` one of four bytes.
    pub(super) fn jump(&mut self, op: u8, wide: bool) -> Jump {
        let from = self.bytes.len();
        match wide && op == 0xa7 {
            true => self.bytes.extend([0xc8, 0, 0, 0, 0]),
            false => self.bytes.extend([op, 0, 0]),
        }
        Jump { at: from + 1, from, wide: wide && op == 0xa7 }
    }

    pub(super) fn land(&mut self, jump: Jump, at: usize) {
        let distance = at as i64 - jump.from as i64;
        match jump.wide {
            true => self.bytes[jump.at..jump.at + 4].copy_from_slice(&(distance as i32).to_be_bytes()),
            false => self.bytes[jump.at..jump.at + 2].copy_from_slice(&(distance as i16).to_be_bytes()),
        }
    }

    /// Control may arrive here from elsewhere, with the stack as it is.
    pub(super) fn frame(&mut self) {
        let stack = self.stack.iter().map(|of| Verified::Is(*of)).collect();
        self.frame_of(stack);
    }

    fn frame_of(&mut self, stack: Vec<Verified>) {
        self.scratch.iter_mut().for_each(|slot| slot.1 = None);
        let pc = self.bytes.len() as u16;
        if self.frames.last().is_none_or(|last| last.0 != pc) {
            self.frames.push((pc, stack));
        }
    }

    /// Each step has a line of its own.
    pub(super) fn line(&mut self, line: usize) {
        let pc = self.bytes.len() as u16;
        if self.lines.last().is_none_or(|last| last.0 != pc) {
            self.lines.push((pc, line as u16 + 1));
        }
    }

    /// How many steps have a line.
    pub(super) fn line_count(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn open_loop(&mut self, numbers: &mut Numbers) {
        let used = |counter: &usize| {
            self.open.iter().any(|open| matches!(open, Open::Loop { counter: c, .. } if c == counter))
        };
        let Some(counter) = self.counters.iter().copied().find(|counter| !used(counter)) else { return };
        self.push_int(1 + numbers.below(12) as i32);
        self.store(Type::Int, counter);
        let (head, stack) = (self.bytes.len(), self.stack.clone());
        self.frame();
        // if (--fuel < 0) break;
        let fuel = self.class.member(9, "Base", "fuel", "I");
        self.op_index(0xb2, fuel);
        self.pushed(Type::Int);
        self.room(2);
        self.bytes.extend([0x04, 0x64, 0x59]);
        self.op_index(0xb3, fuel);
        self.popped(1);
        let out = self.jump(0x9b, false);
        self.open.push(Open::Loop { head, stack, counter, out });
    }

    pub(super) fn open_try(&mut self, numbers: &mut Numbers) {
        const CLASSES: [&str; 6] = [
            "java/lang/Throwable",
            "java/lang/ArithmeticException",
            "java/lang/NullPointerException",
            "java/lang/ArrayIndexOutOfBoundsException",
            "java/lang/RuntimeException",
            "",
        ];
        let class = CLASSES[numbers.below(CLASSES.len())];
        self.open.push(Open::Try { start: self.bytes.len(), class });
    }

    /// Ends something that was begun; the place in `open` is the caller's choice.
    pub(super) fn close(&mut self, place: usize, numbers: &mut Numbers) {
        match self.open.remove(place) {
            Open::Label { jumps, stack } => self.close_label(&jumps, stack, numbers),
            Open::Loop { head, stack, counter, out } => {
                if self.reachable {
                    self.fit(&stack, numbers);
                    self.increment(counter, -1);
                    self.load(Type::Int, counter);
                    let back = self.jump(0x9d, false);
                    self.popped(1);
                    self.land(back, head);
                }
                self.close_label(&[out], stack, numbers);
            }
            Open::Try { start, class } => self.close_try(start, class, numbers),
        }
    }

    fn close_label(&mut self, jumps: &[Jump], stack: Vec<Type>, numbers: &mut Numbers) {
        if self.reachable {
            self.fit(&stack, numbers);
        }
        self.stack = stack;
        self.reachable = true;
        let here = self.bytes.len();
        jumps.iter().for_each(|jump| self.land(*jump, here));
        self.frame();
    }

    fn close_try(&mut self, start: usize, class: &'static str, numbers: &mut Numbers) {
        let end = self.bytes.len();
        if start == end {
            return;
        }
        let after = if self.reachable { self.stack.clone() } else { Vec::new() };
        let around = self.reachable.then(|| self.jump(0xa7, numbers.chance(10)));
        let handler = self.bytes.len();
        let caught = if class.is_empty() { "java/lang/Throwable" } else { class };
        self.frame_of(vec![Verified::Throwable(caught)]);
        let index = if class.is_empty() { 0 } else { self.class.class(class) };
        self.handlers.push([start as u16, end as u16, handler as u16, index]);
        // What was caught becomes part of the result, or an operand.
        self.stack = vec![Type::Object];
        self.room(0);
        self.call_static("Base", "note", "(Ljava/lang/Throwable;)V");
        self.popped(1);
        self.reachable = true;
        self.fit(&after, numbers);
        if let Some(around) = around {
            self.frame();
            let here = self.bytes.len();
            self.land(around, here);
        }
    }

    /// Ends all that was begun, and returns.
    pub(super) fn finish(mut self) -> Code {
        let mut numbers = Numbers::new(self.bytes.len() as u64);
        while let Some(last) = self.open.len().checked_sub(1) {
            self.close(last, &mut numbers);
        }
        if self.reachable {
            self.mix();
            self.return_(&mut numbers);
        }
        Code {
            bytes: self.bytes,
            max_stack: self.depth_max as u16 + 2,
            max_locals: self.max_locals as u16,
            handlers: self.handlers,
            lines: self.lines,
            locals: self.verified,
            frames: self.frames,
        }
    }

    /// All locals become part of the outcome.
    fn mix(&mut self) {
        for n in 0..self.locals.len() {
            let Local { index, of } = self.locals[n];
            self.load(of, index);
            self.popped(1);
            let of = if of.is_reference() { Type::Object } else { of };
            self.call_static("Base", "mix", &format!("({})V", of.descriptor()));
        }
    }

    /// Returns a value from the stack if one fits, else from a local.
    pub(super) fn return_(&mut self, numbers: &mut Numbers) {
        match self.result {
            None => self.op(0xb1),
            Some(of) => {
                if self.stack.last() != Some(&of) {
                    let known = self.locals.iter().find(|local| local.of == of).map(|local| local.index);
                    match known {
                        Some(index) => self.load(of, index),
                        None => self.push_zero(of, numbers),
                    }
                }
                self.op(0xac + of.five());
            }
        }
        self.reachable = false;
    }
}

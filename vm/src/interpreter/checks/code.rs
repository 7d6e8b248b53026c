//! What each bytecode takes and leaves, and what it may touch.
//!
//! The plain ones come from the opcode table; those whose operands decide are written out. All bytes were format-checked,
//! but nothing is read here without looking.

use carafe_classloader::basic::BasicType;
use carafe_classloader::bytecode::{Opcode, StackItem};
use carafe_classloader::class::pool::{RESOLUTION_FAILED, tag};
use carafe_classloader::class::{Field, Pool};
use carafe_gc::metaspace::Meta;

use super::view::View;
use super::{At, Outcome, Tag};
use crate::interpreter::quick::{Quick, b_of};
use crate::linkage::constants::resolved_class;

const ILOAD: u8 = 21;
const ISTORE: u8 = 54;
/// Kinds in the order in which loads, stores and returns are numbered.
const KINDS: [Tag; 5] = [Tag::Int, Tag::Long, Tag::Float, Tag::Double, Tag::Ref];
/// Elements in the order in which array loads and stores are numbered.
const ELEMENTS: [BasicType; 8] = [
    BasicType::Int,
    BasicType::Long,
    BasicType::Float,
    BasicType::Double,
    BasicType::Object,
    BasicType::Byte,
    BasicType::Char,
    BasicType::Short,
];

impl At<'_> {
    fn byte(&self, offset: usize) -> u8 {
        match self.frame.facts.code.get(self.bci.unwrap_or_default() + offset) {
            Some(byte) => *byte,
            None => self.fail("its code ends in mid-instruction"),
        }
    }

    fn short(&self, offset: usize) -> u16 {
        u16::from_be_bytes([self.byte(offset), self.byte(offset + 1)])
    }

    fn pool(&self) -> &'static Pool {
        match self.frame.facts.pool {
            Some(pool) => pool,
            None => self.fail("it names a constant, and the method has no class"),
        }
    }

    /// Checks one bytecode and lets it take and leave what it does.
    ///
    /// # Safety
    /// The registers describe the calling thread's youngest frame.
    pub(super) unsafe fn bytecode(&mut self, view: &mut View) -> Outcome {
        let number = self.byte(0);
        match number {
            21..=25 => self.load(view, KINDS[(number - ILOAD) as usize], self.byte(1) as usize),
            26..=45 => {
                self.load(view, KINDS[(number - 26) as usize / 4], (number - 26) as usize % 4);
            }
            54..=58 => self.store(view, KINDS[(number - ISTORE) as usize], self.byte(1) as usize),
            59..=78 => {
                self.store(view, KINDS[(number - 59) as usize / 4], (number - 59) as usize % 4);
            }
            46..=53 => {
                let element = ELEMENTS[number as usize - 46];
                view.pop(self, Tag::Int);
                let array = view.pop(self, Tag::Ref);
                self.array(array, element);
                view.push(self, Tag::of(element), 0);
            }
            79..=86 => {
                let element = ELEMENTS[number as usize - 79];
                let value = view.pop(self, Tag::of(element));
                view.pop(self, Tag::Int);
                let array = view.pop(self, Tag::Ref);
                self.array(array, element);
                if Tag::of(element) == Tag::Ref && value != 0 {
                    self.object(value, "the element");
                }
            }
            87..=95 => self.stack(view, number),
            132 => {
                self.local(self.byte(1) as usize, Tag::Int);
            }
            169 => {
                self.local(self.byte(1) as usize, Tag::ReturnAddress);
            }
            196 => self.wide(view),
            18 => self.constant(view, self.byte(1) as u16),
            19 | 20 => self.constant(view, self.short(1)),
            168 | 201 => view.push(self, Tag::ReturnAddress, 0),
            172..=176 => {
                let kind = KINDS[number as usize - 172];
                let wanted = BasicType::from_u8(self.frame.facts.method.result).map(Tag::of);
                if wanted != Some(kind) {
                    self.fail("the method's result is of another kind");
                }
                let value = view.pop(self, kind);
                if kind == Tag::Ref {
                    let wanted = self.frame.facts.signature.as_ref().map_or(&[][..], |s| s.result_type);
                    self.assignable(value, wanted, "the result");
                }
                return Outcome::Ends;
            }
            177 => {
                if BasicType::from_u8(self.frame.facts.method.result) != Some(BasicType::Void) {
                    self.fail("the method has a result");
                }
                return Outcome::Ends;
            }
            178..=181 => self.field(view, number),
            182..=186 => {
                self.call(view, number);
                return Outcome::Call;
            }
            190 => {
                let array = view.pop(self, Tag::Ref);
                if array != 0 {
                    let class = self.object(array, "the array");
                    if !self.class(class).is_array() {
                        self.fail(&format!("a {} is no array", self.name_of(class)));
                    }
                }
                view.push(self, Tag::Int, 0);
            }
            191 => {
                let value = view.pop(self, Tag::Ref);
                if value != 0 {
                    let class = self.object(value, "the exception");
                    if self.vm.wk_if_ready().is_some_and(|wk| !self.is_subtype(class, wk.throwable.id)) {
                        self.fail(&format!("a {} is not Throwable", self.name_of(class)));
                    }
                }
                return Outcome::Ends;
            }
            192..=195 => {
                let value = view.pop(self, Tag::Ref);
                if value != 0 {
                    self.object(value, "the object");
                }
                match number {
                    192 => view.push(self, Tag::Ref, value),
                    193 => view.push(self, Tag::Int, 0),
                    _ => {}
                }
            }
            197 => {
                for _ in 0..self.byte(3) {
                    view.pop(self, Tag::Int);
                }
                view.push(self, Tag::Ref, 0);
            }
            _ => self.plain(view, number),
        }
        match number {
            46..=53 | 79..=86 | 169 | 178..=201 if number != 196 && number < 198 => Outcome::Objects,
            _ => Outcome::Slots,
        }
    }

    /// An instruction of which the opcode table says all.
    fn plain(&mut self, view: &mut View, number: u8) {
        let Some(opcode) = Opcode::from_u8(number) else { self.fail("no such opcode") };
        let tag = |at: &At<'_>, item: &StackItem| match item {
            StackItem::Int => Tag::Int,
            StackItem::Long => Tag::Long,
            StackItem::Float => Tag::Float,
            StackItem::Double => Tag::Double,
            StackItem::Ref => Tag::Ref,
            StackItem::ReturnAddress
            | StackItem::RefOrReturn
            | StackItem::Slot
            | StackItem::Field
            | StackItem::Args
            | StackItem::Result
            | StackItem::Dims
            | StackItem::Constant1
            | StackItem::Constant2 => at.fail("its effect is not known"),
        };
        for item in opcode.pops().iter().rev() {
            let tag = tag(self, item);
            view.pop(self, tag);
        }
        for item in opcode.pushes() {
            let tag = tag(self, item);
            view.push(self, tag, 0);
        }
    }

    fn load(&mut self, view: &mut View, tag: Tag, local: usize) {
        let value = self.local(local, tag);
        view.push(self, tag, value);
    }

    fn store(&mut self, view: &mut View, tag: Tag, local: usize) {
        let mut tag = tag;
        if tag == Tag::Ref {
            let (found, _) = view.pop_slot(self);
            if found != Tag::Ref && found != Tag::ReturnAddress {
                self.fail(&format!("an operand should be Ref or ReturnAddress and is {found:?}"));
            }
            tag = found;
        } else {
            view.pop(self, tag);
        }
        self.set_local(local, tag);
    }

    fn wide(&mut self, view: &mut View) {
        let (number, local) = (self.byte(1), self.short(2) as usize);
        match number {
            21..=25 => self.load(view, KINDS[(number - ILOAD) as usize], local),
            54..=58 => self.store(view, KINDS[(number - ISTORE) as usize], local),
            132 => {
                self.local(local, Tag::Int);
            }
            169 => {
                self.local(local, Tag::ReturnAddress);
            }
            _ => self.fail("wide of something that cannot be"),
        }
    }

    fn constant(&mut self, view: &mut View, index: u16) {
        let meta = &self.vm.meta;
        let pool = self.pool();
        let tag = match pool.tag(meta, index) {
            tag::INTEGER => Tag::Int,
            tag::FLOAT => Tag::Float,
            tag::LONG => Tag::Long,
            tag::DOUBLE => Tag::Double,
            tag::DYNAMIC => Tag::of_descriptor(self.vm.universe.text(pool.dynamic(meta, index).2)),
            tag::CLASS | tag::STRING | tag::METHOD_HANDLE | tag::METHOD_TYPE => Tag::Ref,
            _ => self.fail("no constant that can be loaded"),
        };
        view.push(self, tag, 0);
    }

    /// pop, dup and their kin never take a long or double apart.
    fn stack(&mut self, view: &mut View, number: u8) {
        // How many slots are copied, and below how many the copies go.
        let (top, below) = match number {
            87 | 89 => (1, 0),
            88 | 92 => (2, 0),
            90 | 95 => (1, 1),
            91 => (1, 2),
            93 => (2, 1),
            _ => (2, 2),
        };
        let upper = self.group(view, top);
        let lower = self.group(view, below);
        if number <= 88 {
            return;
        }
        let moves: &[&[(Tag, u32)]] = match number {
            95 => &[&upper, &lower],
            _ => &[&upper, &lower, &upper],
        };
        for (tag, value) in moves.iter().flat_map(|group| group.iter()) {
            view.push_slot(self, *tag, *value);
        }
    }

    /// Takes slots that hold whole values; the lowest comes first.
    fn group(&mut self, view: &mut View, slots: usize) -> Vec<(Tag, u32)> {
        let mut taken: Vec<(Tag, u32)> = (0..slots).map(|_| view.pop_slot(self)).collect();
        taken.reverse();
        let whole = match taken[..] {
            [(first, _), (second, _)] => {
                second == Tag::Half && first.slots() == 2 || first.slots() == 1 && second.slots() == 1
            }
            [(only, _)] => only.slots() == 1,
            _ => true,
        };
        if !whole {
            self.fail(&format!("it takes half of a value: {taken:?}"));
        }
        taken
    }

    fn array(&self, array: u32, element: BasicType) {
        if array == 0 {
            return;
        }
        let class = self.object(array, "the array");
        let record = self.class(class);
        let fits = record.is_array() && {
            let component = self.class(record.component);
            match element {
                BasicType::Object => !component.is_primitive(),
                BasicType::Byte => {
                    component.is_primitive()
                        && [BasicType::Byte as u8, BasicType::Boolean as u8].contains(&component.basic)
                }
                _ => component.is_primitive() && component.basic == element as u8,
            }
        };
        if !fits {
            self.fail(&format!("the array is a {}", self.name_of(class)));
        }
    }

    fn field(&mut self, view: &mut View, number: u8) {
        let meta = &self.vm.meta;
        let (pool, index) = (self.pool(), self.short(1));
        let descriptor = self.vm.universe.text(pool.member(meta, index).descriptor);
        let tag = Tag::of_descriptor(descriptor);
        let (statics, store) = (number <= 179, number & 1 == 1);
        let stored = if store { Some(view.pop(self, tag)) } else { None };
        let holder = if statics { None } else { Some(view.pop(self, Tag::Ref)) };
        if !store {
            view.push(self, tag, 0);
        }
        let resolved = pool.resolved(meta, index);
        if resolved == 0 || resolved & RESOLUTION_FAILED != 0 {
            return;
        }
        let field: &Field = meta.get(Meta::from_raw(resolved as u32));
        if tag == Tag::Ref
            && let Some(value) = stored
        {
            self.assignable(value, descriptor, "the value");
        }
        if field.is_static() != statics {
            return;
        }
        let Some(object) = holder else { return };
        let op = Quick::from_word(self.regs.word);
        let unresolved = matches!(op, Quick::GetFieldUnresolved | Quick::PutFieldUnresolved);
        if !unresolved && b_of(self.regs.word) != field.offset {
            self.fail("the instruction has another offset than the field");
        }
        if object == 0 {
            return;
        }
        let class = self.object(object, "the holder");
        if !self.is_subtype(class, field.class) {
            self.fail(&format!("the field of a {} in a {}", self.name_of(field.class), self.name_of(class)));
        }
        let end = field.offset + (1 << BasicType::from_u8(field.basic).map_or(0, BasicType::size_shift));
        if end > self.class(class).layout.instance_bytes {
            self.fail("the field lies outside the object");
        }
    }

    fn call(&mut self, view: &mut View, number: u8) {
        let meta = &self.vm.meta;
        let (pool, index) = (self.pool(), self.short(1));
        let dynamic = number == 186;
        let member = pool.member(meta, index);
        let descriptor = if dynamic { pool.dynamic(meta, index).2 } else { member.descriptor };
        let signature = self.checks.signature(self.vm, descriptor);
        for (tag, descriptor) in signature.parameters.iter().rev() {
            let value = view.pop(self, *tag);
            // Those of a call that makes a frame are looked at when it comes.
            if *tag == Tag::Ref && makes_no_frame(Quick::from_word(self.regs.word)) {
                self.assignable(value, descriptor, "an argument");
            }
        }
        if number != 184 && !dynamic {
            let receiver = view.pop(self, Tag::Ref);
            if receiver != 0 {
                let class = self.object(receiver, "the receiver");
                let named = resolved_class(self.vm, self.frame.facts.method.class, member.class_index);
                if let Some(named) = named.filter(|named| !self.class(*named).is_interface())
                    && !self.is_subtype(class, named)
                {
                    self.fail(&format!(
                        "the receiver is a {}, and no {}",
                        self.name_of(class),
                        self.name_of(named)
                    ));
                }
            }
        }
        if signature.result != Tag::Nothing {
            view.push(self, signature.result, 0);
        }
    }
}

fn makes_no_frame(op: Quick) -> bool {
    matches!(op, Quick::Intrinsic | Quick::InvokeEmpty | Quick::InvokeObjectInit)
}

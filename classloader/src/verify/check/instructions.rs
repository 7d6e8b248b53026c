//! What each instruction asks of the frame, and what it leaves (JVMS 4.10.1.9), but for those that name members.
//!
//! Instructions that only move numbers take their rule straight from the opcode table's columns; the rest follows here.

use super::{Checker, Flow};
use crate::bytecode::{
    Const, CpIndex, DecodeError, ElemKind, Instr, Kind, Op, Opcode, StackItem, StackOp, decode,
    padding_is_zero,
};
use crate::class::pool::tag;
use crate::link::LinkHost;
use crate::verify::context::{Fail, Outcome};
use crate::verify::report::{Place, Reason};
use crate::verify::types::VType;

/// The most dimensions that an array may have.
const DIMENSIONS_MAX: usize = 255;

/// The largest number of entries that a switch may have, as the longest code has no room for more.
const SWITCH_ENTRIES_MAX: usize = 65535;

/// The first version whose switches may have anything in their padding.
const FREE_PADDING_MAJOR: u16 = 51;

impl<H: LinkHost> Checker<'_, '_, '_, H> {
    /// Checks one instruction. `this_done` is set if it is the constructor call that initializes `this`.
    pub(super) fn instruction(&mut self, bci: u32, this_done: &mut bool) -> Outcome<Flow, H> {
        let instr = match decode(self.code, bci as usize) {
            Ok(instr) => instr,
            Err(error) => return Err(self.undecodable(bci, error)?),
        };
        match instr.op {
            Op::Nop
            | Op::Const(Const::Int(_) | Const::Long(_) | Const::Float(_) | Const::Double(_))
            | Op::Binary(..)
            | Op::Neg(_)
            | Op::Shift(..)
            | Op::Convert(..)
            | Op::Compare(_) => self.by_table(instr.opcode)?,
            Op::If(_, target) | Op::IfICmp(_, target) => {
                self.by_table(instr.opcode)?;
                self.check_target(bci, target)?;
            }
            Op::Const(Const::Null) => self.push(VType::NULL)?,
            Op::Ldc(index) => self.load_constant(bci, index, false)?,
            Op::Ldc2(index) => self.load_constant(bci, index, true)?,
            Op::Load(kind, local) => self.load_local(kind, usize::from(local))?,
            Op::Store(kind, local) => self.store_local(kind, usize::from(local))?,
            Op::Iinc { local, .. } => {
                let local = usize::from(local);
                self.local(local, VType::INT)?;
                self.frame.set_local(local, VType::INT);
            }
            Op::ArrayLoad(element) => self.array_load(instr.opcode, element)?,
            Op::ArrayStore(element) => self.array_store(instr.opcode, element)?,
            Op::Stack(op) => self.shuffle(instr.opcode, op)?,
            Op::IfACmp(_, target) => {
                self.pop(VType::ANY_REF)?;
                self.pop(VType::ANY_REF)?;
                self.check_target(bci, target)?;
            }
            Op::IfNull(_, target) => {
                self.pop(VType::ANY_REF)?;
                self.check_target(bci, target)?;
            }
            Op::Goto(target) => {
                self.check_target(bci, target)?;
                return Ok(Flow::Ends);
            }
            Op::Jsr(_) | Op::Ret(_) => {
                let wide = self.code.get(bci as usize) == Some(&(Opcode::Wide as u8));
                let message = match wide {
                    true => "Bad wide instruction".to_owned(),
                    false => format!("Bad instruction: {:02x}", instr.opcode as u8),
                };
                return Err(self.refuse_at(bci, message, Reason::Code));
            }
            Op::TableSwitch(table) => {
                self.begin_switch(bci)?;
                if table.len() > SWITCH_ENTRIES_MAX {
                    return Err(self.refuse_at(bci, "too many keys in tableswitch", Reason::Code));
                }
                self.switch_targets(&instr)?;
                return Ok(Flow::Ends);
            }
            Op::LookupSwitch(_) => {
                self.begin_switch(bci)?;
                self.switch_targets(&instr)?;
                return Ok(Flow::Ends);
            }
            Op::Return(kind) => {
                self.check_return(bci, kind)?;
                return Ok(Flow::Ends);
            }
            Op::GetStatic(index) | Op::PutStatic(index) | Op::GetField(index) | Op::PutField(index) => {
                self.field(&instr, index)?;
            }
            Op::Invoke { pool, .. } | Op::InvokeDynamic(pool) => self.invoke(&instr, pool, this_done)?,
            Op::New(index) => self.new_object(bci, index)?,
            Op::NewArray(element) => {
                self.pop(VType::INT)?;
                self.push(self.cx.array_of_primitives(element)?)?;
            }
            Op::ANewArray(index) => {
                let component = self.class_type(bci, index)?;
                self.pop(VType::INT)?;
                if component.array_descriptor(self.universe).is_some_and(|text| {
                    text.iter().take_while(|&&byte| byte == b'[').count() >= DIMENSIONS_MAX
                }) {
                    let message = "Illegal anewarray instruction, array has more than 255 dimensions";
                    return Err(self.refuse_at(bci, message, Reason::Code));
                }
                let array = self.cx.array_of(component)?;
                self.push(array)?;
            }
            Op::MultiANewArray(index, dimensions) => self.multi_array(bci, index, dimensions)?,
            Op::ArrayLength => {
                let array = self.pop(VType::ANY_REF)?;
                if array != VType::NULL && !array.is_array(self.universe) {
                    return Err(self.bad_popped(instr.opcode, None));
                }
                self.push(VType::INT)?;
            }
            Op::Throw => {
                self.pop(self.cx.known.throwable)?;
                return Ok(Flow::Ends);
            }
            Op::CheckCast(index) => {
                let class = self.class_type(bci, index)?;
                self.pop(self.cx.known.object)?;
                self.push(class)?;
            }
            Op::InstanceOf(index) => {
                self.class_type(bci, index)?;
                self.pop(self.cx.known.object)?;
                self.push(VType::INT)?;
            }
            Op::MonitorEnter | Op::MonitorExit => {
                self.pop(VType::ANY_REF)?;
            }
        }
        Ok(Flow::Next)
    }

    /// The complaint about an instruction that has a length and yet is none.
    #[cold]
    fn undecodable(&mut self, bci: u32, error: DecodeError) -> Outcome<Fail<H::Error>, H> {
        let message = match error {
            DecodeError::UnsortedKeys => {
                self.begin_switch(bci)?;
                "Bad lookupswitch instruction".to_owned()
            }
            DecodeError::ReservedByte(opcode) => {
                self.check_invoked(bci, opcode)?;
                match opcode {
                    Opcode::InvokeDynamic => {
                        "Third and fourth operand bytes of invokedynamic must be zero".to_owned()
                    }
                    _ => "Fourth operand byte of invokeinterface must be zero".to_owned(),
                }
            }
            DecodeError::BadElementType(_) => "Illegal newarray instruction".to_owned(),
            // Only the one for breakpoints has a length.
            DecodeError::BadOpcode(number) => format!("Bad instruction: {number:02x}"),
            DecodeError::Truncated
            | DecodeError::BadWide(_)
            | DecodeError::BadTable { .. }
            | DecodeError::BadPairCount(_) => "Bad instruction".to_owned(),
        };
        Ok(self.refuse_at(bci, message, Reason::Code))
    }

    /// Pops and pushes what the table says; only for opcodes that take and leave numbers.
    fn by_table(&mut self, opcode: Opcode) -> Outcome<(), H> {
        for item in opcode.pops().iter().rev() {
            match item {
                StackItem::Long => self.pop_pair(VType::LONG)?,
                StackItem::Double => self.pop_pair(VType::DOUBLE)?,
                StackItem::Float => self.pop(VType::FLOAT).map(drop)?,
                _ => self.pop(VType::INT).map(drop)?,
            }
        }
        for item in opcode.pushes() {
            match item {
                StackItem::Long => self.push_pair(VType::LONG)?,
                StackItem::Double => self.push_pair(VType::DOUBLE)?,
                StackItem::Float => self.push(VType::FLOAT)?,
                _ => self.push(VType::INT)?,
            }
        }
        Ok(())
    }

    #[inline]
    pub(super) fn push(&mut self, slot: VType) -> Outcome<(), H> {
        if self.frame.depth() >= usize::from(self.method.max_stack) {
            return Err(self.refuse_current("Operand stack overflow", Reason::Overflow));
        }
        self.frame.push(slot);
        Ok(())
    }

    pub(super) fn push_pair(&mut self, first: VType) -> Outcome<(), H> {
        if self.frame.depth() + 1 >= usize::from(self.method.max_stack) {
            return Err(self.refuse_current("Operand stack overflow", Reason::Overflow));
        }
        self.frame.push(first);
        self.frame.push(first.second().unwrap_or(VType::TOP));
        Ok(())
    }

    /// Pops a slot that may be used as `expected`.
    #[inline]
    pub(super) fn pop(&mut self, expected: VType) -> Outcome<VType, H> {
        let Some(top) = self.frame.top() else { return Err(self.underflow()) };
        if !self.cx.is_assignable(expected, top)? {
            let found = (top, Place::Stack(self.frame.depth() - 1));
            let reason = Reason::Type { found, expected: Some((expected, Place::Implied)) };
            return Err(self.refuse_current("Bad type on operand stack", reason));
        }
        self.frame.drop_top();
        Ok(top)
    }

    /// Pops a slot, whatever it is.
    pub(super) fn pop_any(&mut self) -> Outcome<VType, H> {
        let Some(top) = self.frame.top() else { return Err(self.underflow()) };
        self.frame.drop_top();
        Ok(top)
    }

    fn pop_pair(&mut self, first: VType) -> Outcome<(), H> {
        let second = first.second().unwrap_or(VType::TOP);
        let &[.., below, top] = self.frame.stack() else { return Err(self.underflow()) };
        let depth = self.frame.depth();
        // The lower half is complained about first.
        for (found, expected, height) in [(below, first, depth - 2), (top, second, depth - 1)] {
            if found != expected {
                let found = (found, Place::Stack(height));
                let reason = Reason::Type { found, expected: Some((expected, Place::Implied)) };
                return Err(self.refuse_current("Bad type on operand stack", reason));
            }
        }
        self.frame.drop_top();
        self.frame.drop_top();
        Ok(())
    }

    #[cold]
    fn underflow(&self) -> Fail<H::Error> {
        self.refuse_current("Operand stack underflow", Reason::Underflow)
    }

    /// The slot that was popped last, for complaints.
    pub(super) fn popped(&self) -> (VType, Place) {
        let height = self.frame.depth();
        (self.frame.slot(height), Place::Stack(height))
    }

    #[cold]
    fn bad_popped(&self, opcode: Opcode, expected: Option<VType>) -> Fail<H::Error> {
        let expected = expected.map(|expected| (expected, Place::Implied));
        let reason = Reason::Type { found: self.popped(), expected };
        self.refuse_current(format!("Bad type on operand stack in {}", opcode.mnemonic()), reason)
    }

    /// What a local holds, if it may be used as `expected`.
    fn local(&mut self, index: usize, expected: VType) -> Outcome<VType, H> {
        if index >= usize::from(self.method.code_locals()) {
            return Err(self.no_such_local(index, "Local variable table overflow"));
        }
        let found = self.frame.local(index);
        if !self.cx.is_assignable(expected, found)? {
            let reason = Reason::Type {
                found: (found, Place::Local(index)),
                expected: Some((expected, Place::Implied)),
            };
            return Err(self.refuse_current("Bad local variable type", reason));
        }
        self.frame.reach(index);
        Ok(found)
    }

    #[cold]
    fn no_such_local(&self, index: usize, message: &'static str) -> Fail<H::Error> {
        self.refuse_at(self.frame.bci, message, Reason::LocalIndex(index as u16))
    }

    fn load_local(&mut self, kind: Kind, index: usize) -> Outcome<(), H> {
        let expected = VType::of_kind(kind);
        let Some(second) = expected.second() else {
            let found = self.local(index, expected)?;
            return self.push(found);
        };
        if index + 1 >= self.frame.locals.len() {
            return Err(self.no_such_local(index, "get long/double overflows locals"));
        }
        self.local(index, expected)?;
        self.local(index + 1, second)?;
        self.push_pair(expected)
    }

    fn store_local(&mut self, kind: Kind, index: usize) -> Outcome<(), H> {
        let expected = VType::of_kind(kind);
        let locals = usize::from(self.method.code_locals());
        self.cx.spend_slots(index.saturating_sub(self.frame.locals.len()))?;
        let Some(second) = expected.second() else {
            let found = self.pop(expected)?;
            if index >= locals {
                return Err(self.no_such_local(index, "Local variable table overflow"));
            }
            self.frame.set_local(index, found);
            return Ok(());
        };
        self.pop_pair(expected)?;
        if index + 1 >= locals {
            return Err(self.no_such_local(index, "Local variable table overflow"));
        }
        self.frame.set_local_pair(index, expected, second);
        Ok(())
    }

    fn load_constant(&mut self, bci: u32, index: CpIndex, wide: bool) -> Outcome<(), H> {
        const ONE: [u8; 7] = [
            tag::INTEGER,
            tag::FLOAT,
            tag::STRING,
            tag::CLASS,
            tag::METHOD_HANDLE,
            tag::METHOD_TYPE,
            tag::DYNAMIC,
        ];
        const TWO: [u8; 3] = [tag::LONG, tag::DOUBLE, tag::DYNAMIC];
        let loadable = if wide { &TWO[..] } else { &ONE[..] };
        let known = self.cx.known;
        match self.pool_tag(bci, index, loadable)? {
            tag::INTEGER => self.push(VType::INT),
            tag::FLOAT => self.push(VType::FLOAT),
            tag::LONG => self.push_pair(VType::LONG),
            tag::DOUBLE => self.push_pair(VType::DOUBLE),
            tag::STRING => self.push(known.string),
            tag::CLASS => self.push(known.class),
            tag::METHOD_HANDLE => self.push(known.method_handle),
            tag::METHOD_TYPE => self.push(known.method_type),
            _ => {
                let (_, _, descriptor) = self.cx.pool.dynamic(&self.universe.meta, index.0);
                let signature = self.cx.field_type(descriptor)?;
                let slots = self.cx.result(signature);
                let &[first, ..] = slots else { return Ok(()) };
                if (slots.len() == 2) != wide {
                    // The kind of the constant does not fit the instruction.
                    let other: Vec<u8> =
                        loadable.iter().copied().filter(|&tag| tag != tag::DYNAMIC).collect();
                    return self.pool_tag(bci, index, &other).map(drop);
                }
                if wide { self.push_pair(first) } else { self.push(first) }
            }
        }
    }

    /// The tag of a constant that must be one of `wanted`.
    pub(super) fn pool_tag(&mut self, bci: u32, index: CpIndex, wanted: &[u8]) -> Outcome<u8, H> {
        let CpIndex(index) = index;
        let class = || self.universe.external_name(self.cx.class.id);
        if index == 0 || usize::from(index) >= self.cx.pool.len() {
            let message = format!("Illegal constant pool index {index} in class {}", class());
            return Err(self.refuse_at(bci, message, Reason::PoolIndex(index)));
        }
        let tag = self.cx.pool.tag(&self.universe.meta, index);
        if !wanted.contains(&tag) {
            let message = format!("Illegal type at constant pool entry {index} in class {}", class());
            return Err(self.refuse_at(bci, message, Reason::PoolIndex(index)));
        }
        Ok(tag)
    }

    /// The type that an instruction's class constant names.
    pub(super) fn class_type(&mut self, bci: u32, index: CpIndex) -> Outcome<VType, H> {
        self.pool_tag(bci, index, &[tag::CLASS])?;
        Ok(self.cx.class_constant(index.0).unwrap_or(VType::TOP))
    }

    fn array_load(&mut self, opcode: Opcode, element: ElemKind) -> Outcome<(), H> {
        self.pop(VType::INT)?;
        let array = self.pop(VType::ANY_REF)?;
        self.check_array(opcode, array, element)?;
        match element {
            ElemKind::Ref if array == VType::NULL => self.push(VType::NULL),
            ElemKind::Ref => {
                let component = self.cx.component(array)?;
                self.push(component)
            }
            ElemKind::Long => self.push_pair(VType::LONG),
            ElemKind::Double => self.push_pair(VType::DOUBLE),
            _ => self.push(VType::of_kind(element.kind())),
        }
    }

    /// Which class of object may be stored is found out when it is (JVMS 6.5 aastore).
    fn array_store(&mut self, opcode: Opcode, element: ElemKind) -> Outcome<(), H> {
        match element {
            ElemKind::Ref => self.pop(self.cx.known.object).map(drop)?,
            ElemKind::Long => self.pop_pair(VType::LONG)?,
            ElemKind::Double => self.pop_pair(VType::DOUBLE)?,
            _ => self.pop(VType::of_kind(element.kind())).map(drop)?,
        }
        self.pop(VType::INT)?;
        let array = self.pop(VType::ANY_REF)?;
        self.check_array(opcode, array, element)
    }

    fn check_array(&mut self, opcode: Opcode, array: VType, element: ElemKind) -> Outcome<(), H> {
        let universe = self.universe;
        let prim = match element {
            ElemKind::Ref => {
                if array.is_array_of_references(universe) {
                    return Ok(());
                }
                return Err(self.bad_popped(opcode, Some(VType::ANY_REF)));
            }
            ElemKind::Byte => {
                if array.is_array_of(universe, b'Z') || array.is_array_of(universe, b'B') {
                    return Ok(());
                }
                return Err(self.bad_popped(opcode, None));
            }
            ElemKind::Int => b'I',
            ElemKind::Long => b'J',
            ElemKind::Float => b'F',
            ElemKind::Double => b'D',
            ElemKind::Char => b'C',
            ElemKind::Short => b'S',
        };
        if array.is_array_of(universe, prim) {
            return Ok(());
        }
        let expected = VType::named(universe.intern(&[b'[', prim])?);
        Err(self.bad_popped(opcode, Some(expected)))
    }

    /// The instructions that move slots about. A pair must never be torn apart.
    fn shuffle(&mut self, opcode: Opcode, op: StackOp) -> Outcome<(), H> {
        let (count, order) = op.shuffle();
        // Where values may lie across: as many slots from the top as the instruction takes for one operand.
        let groups: &[usize] = match op {
            StackOp::Pop | StackOp::Dup => &[1],
            StackOp::DupX1 | StackOp::Swap => &[1, 1],
            StackOp::DupX2 => &[1, 2],
            StackOp::Pop2 | StackOp::Dup2 => &[2],
            StackOp::Dup2X1 => &[2, 1],
            StackOp::Dup2X2 => &[2, 2],
        };
        let mut popped = [VType::TOP; 4];
        let mut at = count;
        for &group in groups {
            let mut take = |slot: VType| {
                at -= 1;
                if let Some(place) = popped.get_mut(at) {
                    *place = slot;
                }
            };
            if group == 1 {
                take(self.pop(VType::ONE_SLOT)?);
                continue;
            }
            let top = self.pop_any()?;
            take(top);
            if top.is_one_slot() {
                take(self.pop(VType::ONE_SLOT)?);
            } else if top.is_second() {
                take(self.pop(VType::TWO_SLOTS)?);
            } else {
                return Err(self.bad_popped(opcode, None));
            }
        }
        for &index in order {
            self.push(popped.get(usize::from(index)).copied().unwrap_or(VType::TOP))?;
        }
        Ok(())
    }

    fn begin_switch(&mut self, bci: u32) -> Outcome<(), H> {
        if self.cx.class.major < FREE_PADDING_MAJOR && !padding_is_zero(self.code, bci as usize) {
            let message = "Nonzero padding byte in lookupswitch or tableswitch";
            return Err(self.refuse_at(bci, message, Reason::Code));
        }
        self.pop(VType::INT).map(drop)
    }

    /// Looks at each target once, however many keys lead there.
    fn switch_targets(&mut self, instr: &Instr<'_>) -> Outcome<(), H> {
        let mut last = None;
        let mut result = Ok(());
        instr.op.for_each_target(|target| {
            if result.is_ok() && last != Some(target) {
                last = Some(target);
                result = self.cx.spend(1).and_then(|()| self.check_target(instr.bci, target));
            }
        });
        result
    }

    fn check_return(&mut self, bci: u32, kind: Option<Kind>) -> Outcome<(), H> {
        let expected = self.signature.and_then(|signature| self.cx.result(signature).first().copied());
        let Some(kind) = kind else {
            if expected.is_some() {
                return Err(self.refuse_at(bci, "Method expects a return value", Reason::Code));
            }
            if self.method.is_init() && self.frame.this_uninit {
                let message = "Constructor must call super() or this() before return";
                return Err(self.refuse_at(bci, message, Reason::Code));
            }
            return Ok(());
        };
        let found = match kind {
            Kind::Long => {
                self.pop(VType::LONG_2ND)?;
                self.pop(VType::LONG)?
            }
            Kind::Double => {
                self.pop(VType::DOUBLE_2ND)?;
                self.pop(VType::DOUBLE)?
            }
            Kind::Int | Kind::Float | Kind::Ref => self.pop(VType::of_kind(kind))?,
        };
        let fits = match expected {
            Some(expected) => self.cx.is_assignable(expected, found)?,
            None => false,
        };
        if fits {
            return Ok(());
        }
        let message =
            if expected.is_some() { "Bad return type" } else { "Method does not expect a return value" };
        let reason = Reason::Type {
            found: self.popped(),
            expected: Some((expected.unwrap_or(VType::TOP), Place::Signature)),
        };
        Err(self.refuse_current(message, reason))
    }

    /// `new`: the object is known by where it was made. A second one made there must not be taken for the first, so nothing
    /// may be left of that one (JVMS 4.10.1.9.new).
    fn new_object(&mut self, bci: u32, index: CpIndex) -> Outcome<(), H> {
        let class = self.class_type(bci, index)?;
        if !class.is_object(self.universe) {
            let reason = Reason::Type { found: (class, Place::Pool(index.0)), expected: None };
            return Err(self.refuse_at(bci, "Illegal new instruction", reason));
        }
        let object = VType::uninit(bci as u16);
        if let Some(height) = self.frame.stack().iter().position(|&slot| slot == object) {
            let reason = Reason::Type { found: (object, Place::Stack(height)), expected: None };
            return Err(
                self.refuse_current("Uninitialized object exists on operand stack at its new", reason)
            );
        }
        if self.frame.locals.contains(&object) {
            self.frame.replace(object, VType::TOP);
        }
        self.push(object)
    }

    fn multi_array(&mut self, bci: u32, index: CpIndex, dimensions: u8) -> Outcome<(), H> {
        let array = self.class_type(bci, index)?;
        let Some(text) = array.array_descriptor(self.universe) else {
            let reason = Reason::Type { found: (array, Place::Pool(index.0)), expected: None };
            let message = "Illegal constant pool index in multianewarray instruction";
            return Err(self.refuse_at(bci, message, reason));
        };
        let has = text.iter().take_while(|&&byte| byte == b'[').count();
        if dimensions == 0 || has < usize::from(dimensions) {
            let message = format!("Illegal dimension in multianewarray instruction: {dimensions}");
            return Err(self.refuse_at(bci, message, Reason::Code));
        }
        for _ in 0..dimensions {
            self.pop(VType::INT)?;
        }
        self.push(array)
    }
}

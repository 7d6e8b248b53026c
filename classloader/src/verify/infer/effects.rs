//! What instructions do to a frame (JVMS 4.10.2.2 and 6.5); those that name members are in `members`.
//!
//! Where an instruction's row in the opcode table says all, the row is what is executed. Invariant: an instruction that is
//! refused leaves a frame that nobody looks at again. Deliberately absent: where control goes.

use super::frame::Frame;
use super::join::is_assignable;
use super::{Analysis, Step, Stop};
use crate::bytecode::{Const, CpIndex, ElemKind, Instr, Kind, Op};
use crate::class::pool::tag;
use crate::link::LinkHost;
use crate::verify::types::VType;

impl<'a, H: LinkHost> Analysis<'_, 'a, H> {
    /// Executes an instruction; `jsr` only pushes its address.
    pub(super) fn execute(&mut self, instr: &Instr<'_>, frame: &mut Frame) -> Step<(), H> {
        let universe = self.cx.universe;
        match instr.op {
            Op::Const(Const::Null) => frame.push(VType::NULL)?,
            Op::Ldc(index) | Op::Ldc2(index) => {
                let constant = self.constant(index);
                frame.push(constant)?;
            }
            Op::Load(kind, local) => {
                let value = frame.load(kind, local)?;
                frame.push(value)?;
            }
            Op::Store(Kind::Ref, local) => {
                let value = frame.pop_any()?;
                let fits = value.is_reference() || value.is_uninitialized() || value.address().is_some();
                if !fits {
                    return Err(Stop::Reason("Expecting to find object/array on stack".into()));
                }
                frame.store(local, value);
            }
            Op::Store(kind, local) => {
                let value = frame.pop_kind(kind)?;
                frame.store(local, value);
            }
            Op::Iinc { local, .. } => frame.load(Kind::Int, local).map(drop)?,
            Op::ArrayLoad(element) => {
                frame.pop_int()?;
                let array = self.pop_array(frame, element)?;
                let value = match element {
                    ElemKind::Ref if array == VType::NULL => VType::NULL,
                    ElemKind::Ref => self.cx.component(array)?,
                    _ => VType::of_kind(element.kind()),
                };
                frame.push(value)?;
            }
            Op::ArrayStore(element) => {
                frame.pop_kind(element.kind())?;
                frame.pop_int()?;
                self.pop_array(frame, element)?;
            }
            Op::Stack(op) => frame.shuffle(op)?,
            Op::IfNull(..) => frame.pop_object_of_any_state().map(drop)?,
            Op::Jsr(target) => frame.push(VType::return_address(target as u16))?,
            Op::Return(kind) => self.leave(kind, frame)?,
            Op::GetStatic(index) => self.get_static(index, frame)?,
            Op::PutStatic(index) => self.put_static(index, frame)?,
            Op::GetField(index) => self.get_field(index, frame)?,
            Op::PutField(index) => self.put_field(index, frame)?,
            Op::Invoke { kind, pool, .. } => self.invoke(kind, pool, frame)?,
            // Operands of other versions are refused before.
            Op::InvokeDynamic(_) => {}
            Op::New(_) => self.make(instr.bci as u16, frame)?,
            Op::NewArray(prim) => {
                frame.pop_int()?;
                let array = self.cx.array_of_primitives(prim)?;
                frame.push(array)?;
            }
            Op::ANewArray(index) => {
                frame.pop_int()?;
                let class = self.class(index);
                let array = self.cx.array_of(class)?;
                frame.push(array)?;
            }
            Op::MultiANewArray(index, count) => {
                for _ in 0..count {
                    frame.pop_int()?;
                }
                frame.push(self.class(index))?;
            }
            Op::ArrayLength => {
                let array = frame.pop_any()?;
                if array != VType::NULL && !array.is_array(universe) {
                    return Err(Stop::Reason("Expecting to find array on stack".into()));
                }
                frame.push(VType::INT)?;
            }
            Op::Throw => {
                let thrown = frame.pop_any()?;
                if thrown != VType::NULL && !thrown.is_object(universe) {
                    return Err(Stop::Reason("Expecting to find object on stack".into()));
                }
                if !is_assignable(self.cx, self.cx.known.throwable, thrown)? {
                    return Err(Stop::Reason("Can only throw Throwable objects".into()));
                }
            }
            Op::CheckCast(index) => {
                frame.pop_reference()?;
                frame.push(self.class(index))?;
            }
            Op::Const(_)
            | Op::Nop
            | Op::Binary(..)
            | Op::Neg(_)
            | Op::Shift(..)
            | Op::Convert(..)
            | Op::Compare(_)
            | Op::If(..)
            | Op::IfICmp(..)
            | Op::IfACmp(..)
            | Op::Goto(_)
            | Op::Ret(_)
            | Op::TableSwitch(_)
            | Op::LookupSwitch(_)
            | Op::InstanceOf(_)
            | Op::MonitorEnter
            | Op::MonitorExit => {
                for &item in instr.opcode.pops().iter().rev() {
                    frame.pop_item(item)?;
                }
                for &item in instr.opcode.pushes() {
                    frame.push_item(item)?;
                }
            }
        }
        Ok(())
    }

    /// The type that a class constant names.
    pub(super) fn class(&self, CpIndex(index): CpIndex) -> VType {
        self.cx.class_constant(index).unwrap_or(VType::TOP)
    }

    fn constant(&self, CpIndex(index): CpIndex) -> VType {
        match self.cx.pool.tag(&self.cx.universe.meta, index) {
            tag::INTEGER => VType::INT,
            tag::FLOAT => VType::FLOAT,
            tag::LONG => VType::LONG,
            tag::DOUBLE => VType::DOUBLE,
            tag::STRING => self.cx.known.string,
            tag::CLASS => self.cx.known.class,
            _ => VType::TOP,
        }
    }

    /// Pops null or an array of such elements.
    fn pop_array(&self, frame: &mut Frame, element: ElemKind) -> Step<VType, H> {
        let universe = self.cx.universe;
        let array = frame.pop_any()?;
        let (fits, otherwise) = match element {
            ElemKind::Int => (array.is_array_of(universe, b'I'), "Expecting to find array of ints on stack"),
            ElemKind::Long => {
                (array.is_array_of(universe, b'J'), "Expecting to find array of longs on stack")
            }
            ElemKind::Float => {
                (array.is_array_of(universe, b'F'), "Expecting to find array of floats on stack")
            }
            ElemKind::Double => {
                (array.is_array_of(universe, b'D'), "Expecting to find array of doubles on stack")
            }
            ElemKind::Ref => (
                array.is_array_of_references(universe),
                "Expecting to find array of objects or arrays on stack",
            ),
            ElemKind::Byte => (
                array.is_array_of(universe, b'B') || array.is_array_of(universe, b'Z'),
                "Expecting to find array of bytes or Booleans on stack",
            ),
            ElemKind::Char => {
                (array.is_array_of(universe, b'C'), "Expecting to find array of chars on stack")
            }
            ElemKind::Short => {
                (array.is_array_of(universe, b'S'), "Expecting to find array of shorts on stack")
            }
        };
        if fits { Ok(array) } else { Err(Stop::Reason(otherwise.into())) }
    }

    /// A method returns a value of its own type, and a constructor only what it constructed.
    fn leave(&mut self, kind: Option<Kind>, frame: &mut Frame) -> Step<(), H> {
        let value = match kind {
            Some(kind) => Some(frame.pop_kind(kind)?),
            None => None,
        };
        let signature = self.cx.signature(self.method.descriptor)?;
        let expected = self.cx.result(signature).first().copied();
        let fits = match (expected, value) {
            (None, None) => true,
            (Some(expected), Some(value)) if expected.is_reference() => {
                value.is_reference() && is_assignable(self.cx, expected, value)?
            }
            (expected, value) => expected == value,
        };
        if !fits {
            return Err(Stop::Reason("Wrong return type in function".into()));
        }
        if self.must_construct && !frame.constructed {
            return Err(Stop::Reason("Constructor must call super() or this()".into()));
        }
        Ok(())
    }

    /// `new` at a place makes what was made there before, and still waits for its constructor, unusable.
    fn make(&mut self, bci: u16, frame: &mut Frame) -> Step<(), H> {
        let object = VType::uninit(bci);
        if frame.stack.contains(&object) {
            return Err(Stop::Reason("Uninitialized object on stack at creating point".into()));
        }
        frame.replace(object, VType::TOP);
        frame.push(object)?;
        Ok(())
    }
}

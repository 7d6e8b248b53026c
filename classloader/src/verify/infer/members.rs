//! Instructions that name fields and methods: what they pop and push, protected members, constructors.
//!
//! Invariant: an object becomes initialized, in all its copies, only by the call of a constructor of its own class, or of
//! the verified class or its direct superclass if it is `this`. Deliberately absent: resolution, which happens when the
//! instruction is executed.

use carafe_gc::metaspace::ClassId;

use super::frame::Frame;
use super::join::is_assignable;
use super::{Analysis, Step, Stop};
use crate::bytecode::{CpIndex, InvokeKind, Kind};
use crate::class::pool::MemberRef;
use crate::link::LinkHost;
use crate::symbols::Symbol;
use crate::verify::context::Signature;
use crate::verify::types::VType;

/// The most slots of arguments that a method may have.
const ARGUMENT_SLOTS_MAX: usize = 255;

const BAD_FIELD_OBJECT: &str = "Incompatible type for getting or setting field";
const BAD_FIELD_VALUE: &str = "Bad type in putfield/putstatic";
const BAD_RECEIVER: &str = "Incompatible object argument for function call";
const BAD_ARGUMENT: &str = "Incompatible argument to function";
const PROTECTED: &str = "Bad access to protected data";

/// What a member reference says.
struct Member {
    holder: VType,
    name: Symbol,
    descriptor: Symbol,
}

fn refuse<E>(reason: &'static str) -> Result<(), Stop<E>> {
    Err(Stop::Reason(reason.into()))
}

impl<'a, H: LinkHost> Analysis<'_, 'a, H> {
    fn member(&self, CpIndex(index): CpIndex) -> Member {
        let MemberRef { class_index, name, descriptor, .. } =
            self.cx.pool.member(&self.cx.universe.meta, index);
        Member { holder: self.class(CpIndex(class_index)), name, descriptor }
    }

    /// The type of a field.
    fn field(&mut self, member: &Member) -> Step<VType, H> {
        let signature = self.cx.field_type(member.descriptor)?;
        Ok(self.cx.result(signature).first().copied().unwrap_or(VType::TOP))
    }

    pub(super) fn get_static(&mut self, index: CpIndex, frame: &mut Frame) -> Step<(), H> {
        let member = self.member(index);
        frame.push(self.field(&member)?)?;
        Ok(())
    }

    pub(super) fn put_static(&mut self, index: CpIndex, frame: &mut Frame) -> Step<(), H> {
        let member = self.member(index);
        let field = self.field(&member)?;
        let value = pop_value(frame, field)?;
        self.demand_assignable(field, value, BAD_FIELD_VALUE)
    }

    pub(super) fn get_field(&mut self, index: CpIndex, frame: &mut Frame) -> Step<(), H> {
        let member = self.member(index);
        let object = frame.pop_reference()?;
        self.demand_assignable(member.holder, object, BAD_FIELD_OBJECT)?;
        self.check_protected(&member, false, object)?;
        frame.push(self.field(&member)?)?;
        Ok(())
    }

    /// A constructor may set fields of its own class before it calls another constructor.
    pub(super) fn put_field(&mut self, index: CpIndex, frame: &mut Frame) -> Step<(), H> {
        let member = self.member(index);
        let field = self.field(&member)?;
        let value = pop_value(frame, field)?;
        if frame.stack.last() == Some(&VType::UNINIT_THIS) && self.is_own_field(&member) {
            frame.pop_any()?;
        } else {
            let object = frame.pop_reference()?;
            self.demand_assignable(member.holder, object, BAD_FIELD_OBJECT)?;
            self.check_protected(&member, false, object)?;
        }
        self.demand_assignable(field, value, BAD_FIELD_VALUE)
    }

    fn is_own_field(&self, member: &Member) -> bool {
        let class = self.cx.class;
        member.holder == self.cx.this_type
            && class.find_declared_field(&self.cx.universe.meta, member.name, member.descriptor).is_some()
    }

    pub(super) fn invoke(&mut self, kind: InvokeKind, index: CpIndex, frame: &mut Frame) -> Step<(), H> {
        let member = self.member(index);
        let signature = self.cx.signature(member.descriptor)?;
        let slots = self.cx.arguments(signature).len() + usize::from(kind != InvokeKind::Static);
        self.cx.spend_slots(slots)?;
        if slots > ARGUMENT_SLOTS_MAX {
            let descriptor = self.cx.universe.str(member.descriptor);
            return Err(Stop::Reason(format!("Signature {descriptor} has too many arguments").into()));
        }
        let mut arguments = Vec::with_capacity(slots);
        self.pop_arguments(signature, frame, &mut arguments)?;
        let constructor = self.cx.universe.text(member.name) == b"<init>";
        match kind {
            InvokeKind::Static => {}
            InvokeKind::Special if constructor => {
                let object = frame.pop_any()?;
                self.construct(&member, object, frame)?;
            }
            InvokeKind::Virtual | InvokeKind::Special | InvokeKind::Interface => {
                let object = frame.pop_reference()?;
                self.check_receiver(kind, &member, object)?;
            }
        }
        for &(parameter, argument) in &arguments {
            self.demand_assignable(parameter, argument, BAD_ARGUMENT)?;
        }
        if let Some(&result) = self.cx.result(signature).first() {
            frame.push(result)?;
        }
        Ok(())
    }

    /// Pops the arguments, the last one first; answers those that are references, with what they should be.
    fn pop_arguments(
        &mut self,
        signature: Signature,
        frame: &mut Frame,
        references: &mut Vec<(VType, VType)>,
    ) -> Step<(), H> {
        for index in (0..self.cx.arguments(signature).len()).rev() {
            let parameter = self.cx.argument(signature, index);
            if !parameter.is_second() {
                let argument = pop_value(frame, parameter)?;
                if parameter.is_reference() {
                    references.push((parameter, argument));
                }
            }
        }
        references.reverse();
        Ok(())
    }

    fn check_receiver(&mut self, kind: InvokeKind, member: &Member, object: VType) -> Step<(), H> {
        self.demand_assignable(member.holder, object, BAD_RECEIVER)?;
        match kind {
            InvokeKind::Special => {
                let this = self.cx.this_type;
                self.demand_assignable(this, object, "Incompatible object argument for invokespecial")?;
            }
            // Arrays have a public clone.
            InvokeKind::Virtual if self.is_clone_of_array(member, object) => return Ok(()),
            InvokeKind::Virtual | InvokeKind::Static | InvokeKind::Interface => {}
        }
        self.check_protected(member, true, object)
    }

    fn is_clone_of_array(&self, member: &Member, object: VType) -> bool {
        let universe = self.cx.universe;
        object.is_array(universe)
            && member.holder == self.cx.known.object
            && universe.text(member.name) == b"clone"
            && universe.text(member.descriptor) == b"()Ljava/lang/Object;"
    }

    /// The call of a constructor on `object`.
    fn construct(&mut self, member: &Member, object: VType, frame: &mut Frame) -> Step<(), H> {
        let universe = self.cx.universe;
        let (this, class) = (self.cx.this_type, self.cx.class);
        let made = match object.uninit_bci() {
            Some(bci) => self.made_at(bci),
            None if object == VType::UNINIT_THIS => this,
            None => return refuse("Expecting to find uninitialized object on stack"),
        };
        let of_super = object == VType::UNINIT_THIS
            && !class.super_class.is_none()
            && member.holder.name() == Some(universe.class(class.super_class).name);
        if member.holder != made && !of_super {
            return refuse("Call to wrong initialization method");
        }
        if object == VType::UNINIT_THIS {
            frame.constructed = true;
        } else {
            self.check_protected(member, true, made)?;
        }
        frame.replace(object, made);
        Ok(())
    }

    /// The class that the `new` at a `bci` names.
    fn made_at(&self, bci: u16) -> VType {
        match crate::bytecode::decode(self.code, usize::from(bci)).map(|instr| instr.op) {
            Ok(crate::bytecode::Op::New(index)) => self.class(index),
            _ => VType::TOP,
        }
    }

    /// A protected member of a superclass in another package may be used only in objects of this class.
    fn check_protected(&mut self, member: &Member, method: bool, object: VType) -> Step<(), H> {
        let Some(holder) = member.holder.name() else { return Ok(()) };
        let Some(holder) = self.super_named(holder)? else { return Ok(()) };
        if !self.cx.is_protected_elsewhere(holder, member.name, member.descriptor, method) {
            return Ok(());
        }
        let this = self.cx.this_type;
        self.demand_assignable(this, object, PROTECTED)
    }

    /// The strict superclass of this name.
    fn super_named(&mut self, name: Symbol) -> Step<Option<ClassId>, H> {
        let universe = self.cx.universe;
        let mut at = self.cx.class.super_class;
        while !at.is_none() {
            self.cx.spend(1)?;
            let record = universe.class(at);
            if record.name == name {
                return Ok(Some(at));
            }
            at = record.super_class;
        }
        Ok(None)
    }

    fn demand_assignable(&mut self, to: VType, from: VType, otherwise: &'static str) -> Step<(), H> {
        // Kinds were looked at when the value was popped.
        if !to.is_reference() || is_assignable(self.cx, to, from)? {
            return Ok(());
        }
        refuse(otherwise)
    }
}

/// Pops a value that a slot of type `expected` takes, as far as the kind goes.
fn pop_value<E>(frame: &mut Frame, expected: VType) -> Result<VType, Stop<E>> {
    let kind = match expected {
        VType::INT => Kind::Int,
        VType::FLOAT => Kind::Float,
        VType::LONG => Kind::Long,
        VType::DOUBLE => Kind::Double,
        _ => Kind::Ref,
    };
    Ok(frame.pop_kind(kind)?)
}

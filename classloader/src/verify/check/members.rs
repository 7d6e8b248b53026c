//! Instructions that name fields and methods: their operands, protected members, and the calls of constructors that make an
//! uninitialized object an initialized one (JVMS 4.10.1.8, 4.10.1.9).

use super::Checker;
use crate::bytecode::{CpIndex, Instr, InvokeKind, Op, Opcode};
use crate::class::pool::{MemberRef, tag};
use crate::link::LinkHost;
use crate::verify::context::{Outcome, Signature};
use crate::verify::report::{Place, Reason};
use crate::verify::types::VType;

/// The first version whose invokespecial and invokestatic may name an interface's method.
const INTERFACE_BODIES_MAJOR: u16 = 52;
/// The first version with invokedynamic.
const DYNAMIC_MAJOR: u16 = 51;

impl<'a, H: LinkHost> Checker<'_, 'a, '_, H> {
    pub(super) fn field(&mut self, instr: &Instr<'_>, index: CpIndex) -> Outcome<(), H> {
        let bci = instr.bci;
        self.pool_tag(bci, index, &[tag::FIELD])?;
        let member = self.cx.pool.member(&self.universe.meta, index.0);
        let holder = self.holder(&member);
        if !holder.is_object(self.universe) {
            let message = format!(
                "Expecting reference to class in class {} at constant pool index {}",
                self.universe.external_name(self.cx.class.id),
                index.0
            );
            let reason = Reason::Type { found: (holder, Place::Pool(index.0)), expected: None };
            return Err(self.refuse_at(bci, message, reason));
        }
        let field_type = self.cx.field_type(member.descriptor)?;
        match instr.op {
            Op::GetStatic(_) => self.push_result(field_type),
            Op::PutStatic(_) => self.pop_result(field_type),
            Op::PutField(_) => {
                self.pop_result(field_type)?;
                let mut object = self.pop_any()?;
                // A constructor may set its own class's fields before it calls another constructor.
                if object == VType::UNINIT_THIS && holder == self.cx.this_type && self.declares_field(&member)
                {
                    object = self.cx.this_type;
                }
                self.check_object(instr.opcode, index, holder, object)?;
                self.check_protected_field(instr.opcode, &member, object)
            }
            _ => {
                let object = self.pop(holder)?;
                self.check_protected_field(instr.opcode, &member, object)?;
                self.push_result(field_type)
            }
        }
    }

    fn holder(&self, member: &MemberRef) -> VType {
        self.cx.class_constant(member.class_index).unwrap_or(VType::TOP)
    }

    fn declares_field(&self, member: &MemberRef) -> bool {
        let meta = &self.universe.meta;
        self.cx.class.find_declared_field(meta, member.name, member.descriptor).is_some()
    }

    fn check_object(
        &mut self,
        opcode: Opcode,
        index: CpIndex,
        holder: VType,
        object: VType,
    ) -> Outcome<(), H> {
        if self.cx.is_assignable(holder, object)? {
            return Ok(());
        }
        let reason = Reason::Type { found: self.popped(), expected: Some((holder, Place::Pool(index.0))) };
        let message = format!("Bad type on operand stack in {}", opcode.mnemonic());
        Err(self.refuse_current(message, reason))
    }

    fn check_protected_field(&mut self, opcode: Opcode, member: &MemberRef, object: VType) -> Outcome<(), H> {
        self.check_protected(opcode, member, object, false)
    }

    /// A protected member of a superclass in another package may be used only in objects of this class.
    fn check_protected(
        &mut self,
        opcode: Opcode,
        member: &MemberRef,
        object: VType,
        method: bool,
    ) -> Outcome<(), H> {
        let this_type = self.cx.this_type;
        if object == this_type {
            return Ok(());
        }
        let holder = self.cx.pool.class_name(&self.universe.meta, member.class_index);
        if !self.cx.named_in_supers(holder)? {
            return Ok(());
        }
        let class = self.cx.load(holder)?;
        if !self.cx.is_protected_elsewhere(class, member.name, member.descriptor, method) {
            return Ok(());
        }
        let well = &self.universe.well;
        if method && holder == well.object && member.name == well.clone && object.is_array(self.universe) {
            // Arrays have a public clone of their own.
            return Ok(());
        }
        if self.cx.is_assignable_protected(this_type, object)? {
            return Ok(());
        }
        let reason = Reason::Type { found: self.popped(), expected: Some((this_type, Place::Implied)) };
        let message = format!("Bad access to protected data in {}", opcode.mnemonic());
        Err(self.refuse_current(message, reason))
    }

    fn push_result(&mut self, signature: Signature) -> Outcome<(), H> {
        for index in 0..self.cx.result(signature).len() {
            let slot = self.cx.result(signature).get(index).copied().unwrap_or(VType::TOP);
            self.push(slot)?;
        }
        Ok(())
    }

    /// Pops a value of a field's type.
    fn pop_result(&mut self, signature: Signature) -> Outcome<(), H> {
        for index in (0..self.cx.result(signature).len()).rev() {
            let slot = self.cx.result(signature).get(index).copied().unwrap_or(VType::TOP);
            self.pop(slot)?;
        }
        Ok(())
    }

    /// What is checked of an invocation's operands before its reserved bytes.
    pub(super) fn check_invoked(&mut self, bci: u32, opcode: Opcode) -> Outcome<(), H> {
        let byte = |at: u32| self.code.get((bci + at) as usize).copied().unwrap_or(0);
        let (index, count) = (CpIndex(u16::from_be_bytes([byte(1), byte(2)])), byte(3));
        let wanted: &[u8] = match opcode {
            Opcode::InvokeInterface => &[tag::INTERFACE_METHOD],
            Opcode::InvokeDynamic => &[tag::INVOKE_DYNAMIC],
            Opcode::InvokeSpecial | Opcode::InvokeStatic if self.cx.class.major >= INTERFACE_BODIES_MAJOR => {
                &[tag::METHOD, tag::INTERFACE_METHOD]
            }
            _ => &[tag::METHOD],
        };
        self.pool_tag(bci, index, wanted)?;
        if opcode == Opcode::InvokeDynamic && self.cx.class.major < DYNAMIC_MAJOR {
            let message = format!(
                "invokedynamic instructions not supported by this class file version ({}), class {}",
                self.cx.class.major,
                self.universe.external_name(self.cx.class.id)
            );
            return Err(self.format_error(message));
        }
        if opcode == Opcode::InvokeInterface {
            let member = self.cx.pool.member(&self.universe.meta, index.0);
            let signature = self.cx.signature(member.descriptor)?;
            if usize::from(count) != self.cx.arguments(signature).len() + 1 {
                let message = "Inconsistent args count operand in invokeinterface";
                return Err(self.refuse_at(bci, message, Reason::Code));
            }
        }
        Ok(())
    }

    pub(super) fn invoke(
        &mut self,
        instr: &Instr<'_>,
        index: CpIndex,
        this_done: &mut bool,
    ) -> Outcome<(), H> {
        let bci = instr.bci;
        self.check_invoked(bci, instr.opcode)?;
        let (universe, meta) = (self.universe, &self.universe.meta);
        let Op::Invoke { kind, .. } = instr.op else {
            let (_, name, descriptor) = self.cx.pool.dynamic(meta, index.0);
            if universe.text(name).first() == Some(&b'<') {
                return Err(self.refuse_at(bci, "Illegal call to internal method", Reason::Code));
            }
            let signature = self.cx.signature(descriptor)?;
            self.pop_arguments(signature)?;
            return self.push_result(signature);
        };
        let member = self.cx.pool.member(meta, index.0);
        let holder = self.holder(&member);
        let signature = self.cx.signature(member.descriptor)?;
        let init = member.name == universe.well.init;
        if universe.text(member.name).first() == Some(&b'<') {
            if kind != InvokeKind::Special || !init {
                return Err(self.refuse_at(bci, "Illegal call to internal method", Reason::Code));
            }
        } else if kind == InvokeKind::Special {
            self.check_special(bci, &member, holder)?;
        }
        self.pop_arguments(signature)?;
        match kind {
            InvokeKind::Static => {}
            InvokeKind::Special if init => self.call_constructor(instr, index, &member, holder, this_done)?,
            InvokeKind::Special => self.pop(self.cx.this_type).map(drop)?,
            InvokeKind::Interface => self.pop(holder).map(drop)?,
            InvokeKind::Virtual => {
                let object = self.pop(holder)?;
                self.check_protected(instr.opcode, &member, object, true)?;
            }
        }
        self.push_result(signature)
    }

    fn pop_arguments(&mut self, signature: Signature) -> Outcome<(), H> {
        let count = self.cx.arguments(signature).len();
        self.cx.spend(count as u64 / 8)?;
        for index in (0..count).rev() {
            let expected = self.cx.argument(signature, index);
            self.pop(expected)?;
        }
        Ok(())
    }

    /// invokespecial reaches methods of this class, its superclasses and its direct superinterfaces.
    fn check_special(&mut self, bci: u32, member: &MemberRef, holder: VType) -> Outcome<(), H> {
        let (universe, class) = (self.universe, self.cx.class);
        let name_of = |id| VType::named(universe.class(id).name);
        let direct = universe.meta.slice(class.interfaces);
        self.cx.spend(direct.len() as u64 / 4)?;
        let near = holder == self.cx.this_type
            || !class.super_class.is_none() && holder == name_of(class.super_class)
            || direct.iter().any(|&interface| holder == name_of(interface));
        if near {
            return Ok(());
        }
        let message = if !self.cx.is_assignable(holder, self.cx.this_type)? {
            "Bad invokespecial instruction: current class isn't assignable to reference class."
        } else if member.tag == tag::INTERFACE_METHOD {
            "Bad invokespecial instruction: interface method to invoke is not in a direct superinterface."
        } else {
            return Ok(());
        };
        Err(self.refuse_at(bci, message, Reason::Code))
    }

    /// Pops the object that a constructor is called for, and makes it an initialized one wherever it stands.
    fn call_constructor(
        &mut self,
        instr: &Instr<'_>,
        index: CpIndex,
        member: &MemberRef,
        holder: VType,
        this_done: &mut bool,
    ) -> Outcome<(), H> {
        let bci = instr.bci;
        let object = self.pop(VType::ANY_REF)?;
        if object == VType::UNINIT_THIS {
            self.check_this_call(bci, holder)?;
            let this_type = self.cx.this_type;
            self.frame.replace(object, this_type);
            *this_done = true;
            return Ok(());
        }
        let Some(made_at) = object.uninit_bci() else {
            let reason = Reason::Type { found: self.popped(), expected: None };
            return Err(self.refuse_current("Bad operand type when invoking <init>", reason));
        };
        let byte = |at: usize| self.code.get(usize::from(made_at) + at).copied().unwrap_or(0);
        let made_index = u16::from_be_bytes([byte(1), byte(2)]);
        let made = self.class_type(bci, CpIndex(made_index))?;
        if made != holder {
            let reason = Reason::Type {
                found: (made, Place::Pool(made_index)),
                expected: Some((holder, Place::Pool(index.0))),
            };
            return Err(self.refuse_at(bci, "Call to wrong <init> method", reason));
        }
        self.check_protected_constructor(bci, made_index, member, holder)?;
        if self.is_covered(bci) {
            self.check_handlers(bci, *this_done)?;
        }
        self.frame.replace(object, made);
        Ok(())
    }

    /// `this(...)` or `super(...)`. A handler that covers it must not let the constructor go on with half an object.
    fn check_this_call(&mut self, bci: u32, holder: VType) -> Outcome<(), H> {
        let class = self.cx.class;
        let above = (!class.super_class.is_none()).then(|| self.universe.class(class.super_class).name);
        if holder != self.cx.this_type && holder.name() != above {
            let reason = Reason::Type {
                found: (holder, Place::Implied),
                expected: Some((self.cx.this_type, Place::Implied)),
            };
            return Err(self.refuse_at(bci, "Bad <init> method call", reason));
        }
        if !self.is_covered(bci) {
            return Ok(());
        }
        for handler in self.handlers {
            self.cx.spend(1)?;
            let covers = (u32::from(handler.start)..u32::from(handler.end)).contains(&bci);
            if covers && !self.ends_in_athrow(u32::from(handler.handler))? {
                let message = "Bad <init> method call from after the start of a try block";
                return Err(self.refuse_at(bci, message, Reason::Code));
            }
        }
        self.check_handlers(bci, true)
    }

    fn check_protected_constructor(
        &mut self,
        bci: u32,
        made_index: u16,
        member: &MemberRef,
        made: VType,
    ) -> Outcome<(), H> {
        let Some(name) = made.name() else { return Ok(()) };
        if !self.cx.named_in_supers(name)? {
            return Ok(());
        }
        let class = self.cx.load(name)?;
        if !self.cx.is_protected_elsewhere(class, member.name, member.descriptor, true) {
            return Ok(());
        }
        let this_type = self.cx.this_type;
        if self.cx.is_assignable_protected(this_type, made)? {
            return Ok(());
        }
        let reason = Reason::Type {
            found: (made, Place::Pool(made_index)),
            expected: Some((this_type, Place::Implied)),
        };
        Err(self.refuse_at(bci, "Bad access to protected <init> method", reason))
    }
}

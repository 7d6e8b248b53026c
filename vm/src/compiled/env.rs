//! What the compiler learns of a method: its bytecode, and what quick code has made of each instruction by now.
//!
//! Quick code is where resolution leaves its results, checks and initialization included. So an instruction in a resolved form
//! needs nothing further, and one that is not resolved yet is left to the interpreter.

use std::cell::OnceCell;
use std::mem::offset_of;
use std::sync::atomic::{AtomicU64, Ordering};

use carafe_classloader::basic::BasicType;
use carafe_classloader::bytecode::{InvokeKind, Kind, Op, decode};
use carafe_classloader::class::pool::tag;
use carafe_classloader::class::{DISPLAY, Method};
use carafe_gc::heap::Tlab;
use carafe_gc::metaspace::{ClassId, MetaSlice};
use carafe_jit::env::{
    CallInfo, ClassInfo, CompileEnv, Effect, FieldInfo, Inline, Layout, MethodInfo, Resolved, Target,
};
use carafe_jit::masm::Width;
use hashbrown::HashMap;

use crate::interpreter::intrinsics;
use crate::interpreter::quick::{Quick, a_of, b_of};
use crate::interpreter::translate::{self, QuickCode};
use crate::isolate::Isolate;
use crate::linkage::handles::split_descriptor;
use crate::linkage::methods::{self, POLYMORPHIC};
use crate::refmaps;
use crate::thread::{HandleOffsets, Thread, Top};

/// Offsets that are the same in all isolates.
pub(super) fn layout() -> Layout {
    let top = offset_of!(Thread, top);
    let tlab = offset_of!(Thread, tlab);
    Layout {
        tlab_top: (tlab + offset_of!(Tlab, top)) as i32,
        tlab_end: (tlab + offset_of!(Tlab, end)) as i32,
        top_fp: (top + offset_of!(Top, fp)) as i32,
        top_sp: (top + offset_of!(Top, sp)) as i32,
        top_pc: (top + offset_of!(Top, pc)) as i32,
        anchor: offset_of!(Thread, anchor) as i32,
        boolean_array: offset_of!(Thread, boolean_array) as i32,
        current_thread: offset_of!(Thread, current) as i32,
        form: 0,
        vmentry: 0,
        member_method: 0,
        vmtarget: 0,
    }
}

pub(super) struct VmEnv<'v> {
    vm: &'v Isolate,
    method: &'v Method,
    layout: Layout,
    code: &'v [u8],
    words: &'v [AtomicU64],
    /// Place of the first word.
    start: u32,
    bcis: &'v [u16],
    own: usize,
    /// Operands at each instruction of a method with subroutines, once it was asked for.
    depths: OnceCell<HashMap<u32, u16>>,
}

impl<'v> VmEnv<'v> {
    pub(super) fn new(vm: &'v Isolate, method: &'v Method, quick: &'v QuickCode) -> VmEnv<'v> {
        let HandleOffsets { form, vmentry, method: member, vmtarget } = vm.handle_offsets();
        VmEnv {
            vm,
            method,
            layout: Layout {
                form: form as i32,
                vmentry: vmentry as i32,
                member_method: member as i32,
                vmtarget: vmtarget as i32,
                ..layout()
            },
            code: vm.meta.slice(method.code),
            words: vm.meta.slice(quick.words),
            start: quick.words.offset(),
            bcis: vm.meta.slice(quick.bcis),
            own: quick.own as usize,
            depths: OnceCell::new(),
        }
    }

    /// The word at which an instruction is executed.
    fn index(&self, bci: u32) -> Option<usize> {
        let mut at = self.bcis[..self.own].partition_point(|b| u32::from(*b) < bci);
        if self.bcis.get(at).copied().map(u32::from) != Some(bci) || at >= self.own {
            return None;
        }
        while matches!(self.quick(at), Quick::Entry | Quick::EnterSync | Quick::Loop) {
            at += 1;
        }
        Some(at)
    }

    fn word(&self, at: usize) -> u64 {
        self.words.get(at).map_or(0, |word| word.load(Ordering::Acquire))
    }

    fn quick(&self, at: usize) -> Quick {
        Quick::from_word(self.word(at))
    }

    /// The descriptor that an instruction of the pool names.
    fn descriptor(&self, bci: u32) -> Option<(&'v [u8], Op<'v>)> {
        let instr = decode(self.code, bci as usize).ok()?;
        let pool = self.vm.meta.get(self.vm.universe.class(self.method.class).pool);
        let symbol = match instr.op {
            Op::GetStatic(cp) | Op::PutStatic(cp) | Op::GetField(cp) | Op::PutField(cp) => {
                pool.member(&self.vm.meta, cp.0).descriptor
            }
            Op::Invoke { pool: cp, .. } => pool.member(&self.vm.meta, cp.0).descriptor,
            Op::InvokeDynamic(cp) => pool.dynamic(&self.vm.meta, cp.0).2,
            _ => return None,
        };
        Some((self.vm.universe.text(symbol), instr.op))
    }

    pub(super) fn field(&self, bci: u32, offset: u32, is_volatile: bool) -> Option<FieldInfo> {
        let (descriptor, _) = self.descriptor(bci)?;
        let (kind, width) = match descriptor.first()? {
            b'Z' => (Kind::Int, Width::U8),
            b'B' => (Kind::Int, Width::I8),
            b'C' => (Kind::Int, Width::U16),
            b'S' => (Kind::Int, Width::I16),
            b'I' => (Kind::Int, Width::W32),
            b'J' => (Kind::Long, Width::W64),
            b'F' => (Kind::Float, Width::W32),
            b'D' => (Kind::Double, Width::W64),
            _ => (Kind::Ref, Width::W32),
        };
        // Places beyond this do not fit an address; no class has them.
        let offset = i32::try_from(offset).ok()? as u32;
        Some(FieldInfo { offset, kind, width, is_boolean: descriptor == b"Z", is_volatile })
    }

    fn class(&self, id: u32) -> ClassInfo {
        let class = self.vm.universe.class(ClassId::from_raw(id));
        let shown = class.is_plain() && !class.is_interface() && (class.depth as usize) < DISPLAY;
        ClassInfo {
            id,
            display: shown.then_some(class.depth as u8),
            instance_bytes: class.layout.instance_bytes,
        }
    }

    fn target(&self, at: usize) -> Target {
        let word = self.word(at);
        let method = b_of(word);
        match Quick::from_word(word) {
            Quick::InvokeStatic => Target::Direct { method, has_receiver: false },
            Quick::InvokeDirect => Target::Direct { method, has_receiver: true },
            Quick::InvokeEmpty => Target::Empty,
            Quick::InvokeObjectInit => Target::ObjectInit,
            Quick::Intrinsic => {
                let record = self.vm.meta.get(carafe_gc::metaspace::Meta::<Method>::from_raw(method));
                let row = a_of(word);
                Target::Intrinsic { row, method, has_receiver: !record.is_static(), inline: inline(row) }
            }
            Quick::InvokeVirtual => Target::Virtual { index: method },
            Quick::InvokeInterface => Target::Interface { cache: self.start + 8 * (at as u32 + 1) },
            Quick::InvokeHandle => Target::Adapter {
                method: self.word(at + 1) as u32,
                appendix: method.checked_sub(1),
                has_receiver: false,
            },
            Quick::InvokePolymorphic => {
                let (method, appendix) = polymorphic(self.vm, self.method, a_of(word));
                Target::Adapter { method, appendix, has_receiver: true }
            }
            Quick::InvokeBasic => Target::InvokeBasic,
            Quick::LinkToStatic => Target::Link { has_receiver: false },
            Quick::LinkToSpecial => Target::Link { has_receiver: true },
            _ => Target::Interpreter,
        }
    }
}

/// The adapter of a linked signature-polymorphic call, and its appendix among the resolved objects.
pub(super) fn polymorphic(vm: &Isolate, method: &Method, index: u16) -> (u32, Option<u32>) {
    let entry = vm.meta.get(vm.universe.class(method.class).pool).resolved(&vm.meta, index);
    (entry as u32, (((entry & !POLYMORPHIC) >> 32) as u32).checked_sub(1))
}

/// The `Resume` word for the call that the word at `at` belongs to, if the method has code behind it.
pub(super) fn resume_of(vm: &Isolate, method: &Method, at: *const u64) -> Option<*const u64> {
    let quick = translate::quick_code(&vm.meta, method)?;
    let bci = u16::try_from(translate::bci_of(&vm.meta, method, at)).ok()?;
    let (words, bcis): (MetaSlice<AtomicU64>, _) = (quick.words, vm.meta.slice(quick.bcis));
    let own = quick.own as usize;
    let index = own + bcis[own..].partition_point(|b| *b < bci) + 1;
    if bcis.get(index) != Some(&bci) {
        return None;
    }
    let word = vm.meta.slice(words).get(index)?;
    (b_of(word.load(Ordering::Acquire)) != 0).then(|| (&raw const *word).cast())
}

fn inline(row: u16) -> Option<Inline> {
    let row = intrinsics::ROWS.get(usize::from(row))?;
    Some(match (row.class, row.name, row.descriptor) {
        ("java/lang/Math" | "java/lang/StrictMath", "sqrt", _) => Inline::Sqrt,
        ("java/lang/Math", "abs", "(I)I") => Inline::AbsInt,
        ("java/lang/Math", "abs", "(D)D") => Inline::AbsDouble,
        ("java/lang/Math", "max", "(II)I") => Inline::MaxInt,
        ("java/lang/Math", "min", "(II)I") => Inline::MinInt,
        ("java/lang/Float", "floatToRawIntBits" | "intBitsToFloat", _)
        | ("java/lang/Double", "doubleToRawLongBits" | "longBitsToDouble", _) => Inline::Bits,
        ("java/lang/Thread", "currentThread", _) => Inline::CurrentThread,
        ("java/lang/Object", "getClass", _) => Inline::GetClass,
        ("jdk/internal/util/Preconditions", "checkIndex", _) => Inline::CheckIndex,
        _ => return None,
    })
}

fn kind_of(descriptor: &[u8]) -> Option<Kind> {
    match descriptor.first()? {
        b'V' => None,
        b'J' => Some(Kind::Long),
        b'F' => Some(Kind::Float),
        b'D' => Some(Kind::Double),
        b'L' | b'[' => Some(Kind::Ref),
        _ => Some(Kind::Int),
    }
}

impl CompileEnv for VmEnv<'_> {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn method(&self) -> MethodInfo<'_> {
        let method = self.method;
        let result = BasicType::from_u8(method.result);
        let narrows = self.vm.narrow_results(method);
        let locks = method.is_synchronized() || translate::enters_monitors(self.code);
        MethodInfo {
            code: self.code,
            raw: self.vm.meta.meta_of(method).raw(),
            class: method.class.raw(),
            arg_slots: method.arg_slots,
            max_locals: method.max_locals,
            max_stack: method.max_stack,
            is_synchronized: method.is_synchronized(),
            may_hold_locks: locks,
            special_return: method.is_init() && method.class == self.vm.object_class(),
            narrow_result: match result {
                Some(BasicType::Byte) if narrows => Some(Width::I8),
                Some(BasicType::Char) if narrows => Some(Width::U16),
                Some(BasicType::Short) if narrows => Some(Width::I16),
                _ => None,
            },
            masks_result: result == Some(BasicType::Boolean) && narrows,
        }
    }

    fn pc(&self, bci: u32) -> u32 {
        self.index(bci).map_or(0, |at| self.start + 8 * at as u32)
    }

    fn lock_pc(&self) -> u32 {
        let at = (0..self.own).find(|at| self.quick(*at) == Quick::EnterSync).unwrap_or(0);
        self.start + 8 * at as u32
    }

    fn resume_pc(&self, bci: u32) -> u32 {
        let pairs = &self.bcis[self.own..];
        let at = self.own + pairs.partition_point(|b| u32::from(*b) < bci) + 1;
        self.start + 8 * at as u32
    }

    fn resolved(&self, bci: u32) -> Resolved {
        let pool = self.vm.meta.get(self.vm.universe.class(self.method.class).pool);
        if let Ok(instr) = decode(self.code, bci as usize)
            && let Op::Ldc(cp) | Op::Ldc2(cp) = instr.op
        {
            // These may stand under a fused word.
            let raw = pool.raw(&self.vm.meta, cp.0);
            match pool.tag(&self.vm.meta, cp.0) {
                tag::INTEGER | tag::FLOAT => return Resolved::Bits(u64::from(raw as u32)),
                tag::LONG | tag::DOUBLE => return Resolved::Bits(raw),
                _ => {}
            }
        }
        let Some(at) = self.index(bci) else { return Resolved::Interpreter };
        let (word, data) = (self.word(at), self.word(at + 1));
        use Quick::*;
        let field = |offset, volatile| self.field(bci, offset, volatile).map(Resolved::Field);
        let of_class = |volatile| {
            let field = self.field(bci, (data >> 32) as u32, volatile)?;
            Some(Resolved::Static(data as u32, field))
        };
        let resolved = match Quick::from_word(word) {
            LdcRef => Some(Resolved::Object(b_of(word))),
            LdcClass => Some(Resolved::Mirror(b_of(word))),
            GetI8 | GetU8 | GetI16 | GetU16 | Get32 | Get64 => field(b_of(word), false),
            Put8 | PutBool | Put16 | Put32 | PutRef | Put64 => field(b_of(word), false),
            Put8V | PutBoolV | Put16V | Put32V | PutRefV | Put64V => field(b_of(word), true),
            SGetI8 | SGetU8 | SGetI16 | SGetU16 | SGet32 | SGet64 => of_class(false),
            SPut8 | SPutBool | SPut16 | SPut32 | SPutRef | SPut64 => of_class(false),
            SPut8V | SPutBoolV | SPut16V | SPut32V | SPutRefV | SPut64V => of_class(true),
            New | CheckCast | InstanceOf => Some(Resolved::Class(self.class(b_of(word)))),
            NewArray => {
                let class = self.vm.universe.class(ClassId::from_raw(b_of(word)));
                Some(Resolved::Array(b_of(word), class.layout.elem_shift))
            }
            _ => None,
        };
        resolved.unwrap_or(Resolved::Interpreter)
    }

    fn call(&self, bci: u32) -> CallInfo {
        let effect = self.effect(bci);
        let target = self.index(bci).map_or(Target::Interpreter, |at| self.target(at));
        CallInfo { target, arg_slots: effect.pops, result: effect.pushes }
    }

    fn effect(&self, bci: u32) -> Effect {
        let Some((descriptor, op)) = self.descriptor(bci) else { return Effect { pops: 0, pushes: None } };
        let value = kind_of(descriptor);
        let slots = value.map_or(0, |kind| kind.slots() as u16);
        match op {
            Op::GetStatic(_) => Effect { pops: 0, pushes: value },
            Op::PutStatic(_) => Effect { pops: slots, pushes: None },
            Op::GetField(_) => Effect { pops: 1, pushes: value },
            Op::PutField(_) => Effect { pops: 1 + slots, pushes: None },
            _ => {
                let is_static =
                    matches!(op, Op::InvokeDynamic(_) | Op::Invoke { kind: InvokeKind::Static, .. });
                let result = split_descriptor(descriptor).map_or(&b"V"[..], |parts| parts.result);
                Effect {
                    pops: methods::descriptor_slots(descriptor) as u16 + u16::from(!is_static),
                    pushes: kind_of(result),
                }
            }
        }
    }

    fn depth_behind_jsr(&self, bci: u32, _usual: u16) -> Option<u16> {
        let depths = self.depths.get_or_init(|| refmaps::depths(self.vm, self.method));
        depths.get(&bci).copied()
    }

    fn is_cancelled(&self) -> bool {
        self.vm.code.as_ref().is_some_and(|code| code.is_cancelled(self.vm))
    }

    fn handlers(&self) -> Vec<u32> {
        self.vm.meta.slice(self.method.handlers).iter().map(|h| u32::from(h.handler)).collect()
    }
}

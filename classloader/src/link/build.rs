//! The metadata records of a class, made from its parsed class file and the plans for its tables.
//!
//! The bytes of the class file are copied once; records refer to slices of that copy. What never changes goes to the
//! loader's constant arena, what does (methods with their counters, resolution slots) to the changing one.
//!
//! Invariant: nothing here judges. Whatever could refuse the class has run before, so the only failure is a full
//! metaspace. Deliberately absent: publication.

use std::sync::atomic::AtomicU32;

use carafe_gc::metaspace::{ClassId, Meta, MetaSlice};
use carafe_gc::object::{HEADER_BYTES, Layout, LayoutKind, RefRun, ref_kind};
use hashbrown::HashMap;

use super::itable::ItablePlan;
use super::layout::{self, FieldShape, Placement};
use super::names::Names;
use super::vtable::{Made, OwnMethod, Slot, VtablePlan};
use super::{LinkError, annotations};
use crate::basic::BasicType;
use crate::bytecode::{Op, instructions};
use crate::class::field::FieldFlags;
use crate::class::method::{MethodFlags, NO_VTABLE};
use crate::class::{Access, Class, ClassFlags, Field, Handler, ItableEntry, Method, MethodId};
use crate::classfile::attributes::{self, AttributeTable};
use crate::classfile::descriptor::FieldType;
use crate::classfile::{ClassFile, FieldInfo, MethodDescriptor, MethodInfo};
use crate::symbols::Symbol;
use crate::universe::{Arenas, Universe, basic_of};

/// A lone `return`.
const RETURN: &[u8] = &[0xb1];

/// Fields that the VM adds to classes of the library, invisible to Java code: ints, or references if so marked.
const INJECTED: &[(&[u8], &[&str])] = &[
    // Number of the class that a mirror is the mirror of.
    // Of a class that may be unloaded also its Object[] of resolved constants.
    (b"java/lang/Class", &["klass", "resolved"]),
    // What lives as long as the loader: an Object[], and how much of it is in use.
    (b"java/lang/ClassLoader", &["loaderId", "kept", "keptCount"]),
    (b"java/lang/Module", &["moduleId"]),
    (b"java/lang/invoke/ResolvedMethodName", &["vmtarget"]),
    (b"java/lang/invoke/MemberName", &["vmindex"]),
    // An Object[]: the frozen frames.
    (b"jdk/internal/vm/StackChunk", &["frozen"]),
];

/// The injected fields that hold references.
const INJECTED_REFERENCES: &[&str] = &["frozen", "resolved", "kept"];

/// The injected fields of a boot class.
pub(crate) fn injected(class: &[u8]) -> &'static [&'static str] {
    INJECTED.iter().find(|(name, _)| *name == class).map_or(&[], |(_, fields)| fields)
}

pub(crate) fn injected_type(field: &str) -> BasicType {
    if INJECTED_REFERENCES.contains(&field) { BasicType::Object } else { BasicType::Int }
}

/// What is known of a class before its metadata is made.
pub(super) struct Draft<'a> {
    pub file: &'a ClassFile<'a>,
    /// The record so far: identity, home, access, flags, superclass, method ids.
    pub record: Class,
    pub own: &'a [OwnMethod],
    pub interfaces: &'a [ClassId],
    pub all_interfaces: &'a [ClassId],
    pub inherited_interfaces: usize,
    /// Absent for interfaces.
    pub tables: Option<(VtablePlan, ItablePlan)>,
}

/// Makes all metadata and answers the finished record.
pub(super) fn build(
    universe: &Universe,
    arenas: &Arenas,
    names: &mut Names<'_>,
    draft: Draft<'_>,
) -> Result<Class, LinkError> {
    let Draft { file, mut record, own, interfaces, all_interfaces, inherited_interfaces, tables } = draft;
    let bytes = arenas.constant.alloc_bytes(file.bytes)?;
    let builder = Builder { universe, arenas, file, bytes };
    record.bytes = bytes;
    record.major = file.major;
    record.minor = file.minor;
    record.this_index = file.this_class;
    record.source_file = file.attributes.source_file.unwrap_or(0);
    record.attributes = builder.table(&file.attributes.table);
    record.modifiers = own_modifiers(file);
    record.flags.set(ClassFlags::INNER_CLASSES, file.attributes.inner_classes.is_some());
    builder.interfaces(&mut record, interfaces, all_interfaces, inherited_interfaces)?;
    builder.fields(&mut record, names)?;

    let empty = (Vec::new(), vec![NO_VTABLE; own.len()], Vec::new(), ItablePlan::Shared);
    let is_class = tables.is_some();
    let (slots, own_index, made, itable) = match tables {
        Some((vtable, itable)) => (vtable.slots, vtable.own_index, vtable.made, itable),
        None => empty,
    };
    builder.methods(&mut record, own, &own_index)?;
    let made = builder.made(&record, &made)?;
    record.pool = builder.pool(&record, names)?;
    let entry = |slot: Slot| match slot {
        Slot::Existing(method) => method,
        Slot::Own(index) => record.methods.at(index).unwrap_or(Meta::NULL),
        Slot::Made(index) => made.at(index).unwrap_or(Meta::NULL),
    };
    if is_class {
        let constant = &arenas.constant;
        let vtable: Vec<Meta<Method>> = slots.into_iter().map(entry).collect();
        let (itable, itable_methods) = match itable {
            ItablePlan::Shared => {
                let parent = universe.class(record.super_class);
                (parent.itable, parent.itable_methods)
            }
            ItablePlan::Own { entries, methods } => {
                let entry_of = |(interface, start)| ItableEntry { interface, start };
                let entries: Vec<ItableEntry> = entries.into_iter().map(entry_of).collect();
                let methods: Vec<Meta<Method>> = methods.into_iter().map(entry).collect();
                (constant.alloc_slice(&entries)?, constant.alloc_slice(&methods)?)
            }
        };
        record.vtable = builder.vtable(&record, &vtable)?;
        record.itable = itable;
        record.itable_methods = itable_methods;
    }
    Ok(record)
}

/// The class's flags as its own InnerClasses entry has them, else those of the class file.
fn own_modifiers(file: &ClassFile<'_>) -> u16 {
    const SUPER: u16 = crate::classfile::access::SUPER;
    let own = file.attributes.inner_classes.as_ref().and_then(|info| {
        let mut entries = attributes::inner_classes(info);
        entries.find(|entry| file.pool.class_name(entry.inner) == Some(file.name()))
    });
    own.map_or(file.access, |entry| entry.access & crate::classfile::access::OF_INNER_CLASS) & !SUPER
}

pub(super) struct Builder<'a> {
    universe: &'a Universe,
    pub(super) arenas: &'a Arenas,
    pub(super) file: &'a ClassFile<'a>,
    /// The copy of the class file.
    pub(super) bytes: MetaSlice<u8>,
}

impl Builder<'_> {
    /// Where a part of the class file lies in the copy.
    pub(super) fn part(&self, part: &[u8]) -> MetaSlice<u8> {
        let start = (part.as_ptr() as usize).wrapping_sub(self.file.bytes.as_ptr() as usize);
        self.bytes.sub(start, start.saturating_add(part.len()))
    }

    /// Where an attribute table lies in the copy, its count included.
    fn table(&self, table: &AttributeTable<'_>) -> MetaSlice<u8> {
        let start = table.offset() as usize;
        let last = table.iter().last().map(|attribute| attribute.info);
        let end = last.map_or(start + 2, |info| info.offset as usize + info.bytes.len());
        self.bytes.sub(start, end)
    }

    fn interfaces(
        &self,
        record: &mut Class,
        interfaces: &[ClassId],
        all: &[ClassId],
        inherited: usize,
    ) -> Result<(), LinkError> {
        let constant = &self.arenas.constant;
        record.interfaces = constant.alloc_slice(interfaces)?;
        record.all_interfaces = if all.len() == inherited {
            self.universe.class(record.super_class).all_interfaces
        } else {
            constant.alloc_slice(all)?
        };
        Ok(())
    }

    /// A vtable that is its parent's is shared with it.
    fn vtable(&self, record: &Class, vtable: &[Meta<Method>]) -> Result<MetaSlice<Meta<Method>>, LinkError> {
        if !record.super_class.is_none() {
            let parent = self.universe.class(record.super_class).vtable;
            if self.universe.meta.slice(parent) == vtable {
                return Ok(parent);
            }
        }
        Ok(self.arenas.constant.alloc_slice(vtable)?)
    }

    fn fields(&self, record: &mut Class, names: &mut Names<'_>) -> Result<(), LinkError> {
        let universe = self.universe;
        let is_boot = record.loader.is_boot() && !record.is_hidden();
        let injected = if is_boot { injected(self.file.name()) } else { &[] };
        let is_reference = is_boot && record.name == universe.well.reference;
        let is_static = |field: &FieldInfo<'_>| field.access & crate::classfile::access::STATIC != 0;
        let shape = |field: &FieldInfo<'_>| FieldShape {
            basic: basic_of(field.descriptor),
            unscanned: is_reference && !is_static(field) && matches!(field.name, b"referent" | b"discovered"),
        };
        let shapes = |of_class: bool| -> Vec<FieldShape> {
            self.file.fields.iter().filter(|f| is_static(f) == of_class).map(shape).collect()
        };
        let mut instance = shapes(false);
        let added = |name: &&str| FieldShape { basic: injected_type(name), unscanned: false };
        instance.extend(injected.iter().map(added));
        let parent = (!record.super_class.is_none()).then(|| universe.class(record.super_class));
        let start = parent.map_or(HEADER_BYTES as u32, |p| p.field_end);
        let instance = layout::place(start, &instance);
        let statics = layout::place(universe.mirror_start(), &shapes(true));
        self.layout(record, &instance, &statics)?;

        let (mut next_instance, mut next_static) = (instance.offsets.iter(), statics.offsets.iter());
        let mut fields: Vec<Field> = Vec::with_capacity(self.file.fields.len() + injected.len());
        for (index, field) in self.file.fields.iter().enumerate() {
            let offset = if is_static(field) { next_static.next() } else { next_instance.next() };
            fields.push(Field {
                class: record.id,
                name: names.utf8(field.name_index)?,
                descriptor: names.utf8(field.descriptor_index)?,
                offset: offset.copied().unwrap_or(0),
                access: Access::from_bits_retain(field.access),
                flags: self.field_annotations(record, field),
                basic: basic_of(field.descriptor) as u8,
                _pad: 0,
                constant: field.constant_value.unwrap_or(0),
                signature: field.signature.unwrap_or(0),
                index: index as u16,
                attributes: self.table(&field.attributes),
            });
        }
        for (number, name) in injected.iter().enumerate() {
            fields.push(Field {
                class: record.id,
                name: universe.sym(name)?,
                descriptor: match injected_type(name) {
                    BasicType::Int => universe.well.int_signature,
                    _ => universe.sym("Ljava/lang/Object;")?,
                },
                offset: next_instance.next().copied().unwrap_or(0),
                access: Access::PRIVATE | Access::SYNTHETIC,
                flags: FieldFlags::INJECTED,
                basic: injected_type(name) as u8,
                _pad: 0,
                constant: 0,
                signature: 0,
                index: (self.file.fields.len() + number) as u16,
                attributes: MetaSlice::EMPTY,
            });
        }
        record.fields = self.arenas.constant.alloc_slice(&fields)?;
        let declared = fields.get(..self.file.fields.len()).unwrap_or_default();
        record.fields_by_key = self.order_by_key(declared.iter().map(|f| (f.name, f.descriptor)))?;
        Ok(())
    }

    /// The indices of members by their names and descriptors, if they are too many to be looked through.
    fn order_by_key(
        &self,
        keys: impl ExactSizeIterator<Item = (Symbol, Symbol)>,
    ) -> Result<MetaSlice<u16>, LinkError> {
        const FEW: usize = 8;
        if keys.len() <= FEW {
            return Ok(MetaSlice::EMPTY);
        }
        let mut keyed: Vec<((Symbol, Symbol), u16)> = keys.zip(0..).collect();
        keyed.sort_unstable();
        let order: Vec<u16> = keyed.into_iter().map(|(_, index)| index).collect();
        Ok(self.arenas.constant.alloc_slice(&order)?)
    }

    fn layout(&self, record: &mut Class, instance: &Placement, statics: &Placement) -> Result<(), LinkError> {
        if instance.end > layout::MAX_INSTANCE_BYTES {
            let name = self.universe.str(record.name).into_owned();
            return Err(LinkError::format(format!("Too many fields in class file {name}")));
        }
        let constant = &self.arenas.constant;
        let parent = match record.super_class.is_none() {
            true => Layout::NONE,
            false => self.universe.class(record.super_class).layout,
        };
        record.field_end = instance.end;
        let mut shape = Layout::instance(instance.end.next_multiple_of(8), parent.ref_runs);
        if !instance.ref_runs.is_empty() {
            let above: &[RefRun] = self.universe.meta.slice(parent.ref_runs);
            shape.ref_runs = constant.alloc_slice(&layout::append_runs(above, &instance.ref_runs))?;
        }
        let well = &self.universe.well;
        if record.loader.is_boot() && record.name == well.class && !record.is_hidden() {
            shape.kind = LayoutKind::Mirror;
            record.flags |= ClassFlags::SPECIAL_ALLOCATION;
        }
        shape.ref_kind = parent.ref_kind;
        if record.loader.is_boot() && !record.is_hidden() {
            let kinds = [
                (well.soft_reference, ref_kind::SOFT),
                (well.weak_reference, ref_kind::WEAK),
                (well.final_reference, ref_kind::FINAL),
                (well.phantom_reference, ref_kind::PHANTOM),
            ];
            if let Some((_, kind)) = kinds.iter().find(|(name, _)| *name == record.name) {
                shape.ref_kind = *kind;
            }
        }
        if !statics.offsets.is_empty() {
            shape.mirror_bytes = statics.end.next_multiple_of(8);
            shape.static_runs = constant.alloc_slice(&statics.ref_runs)?;
        }
        shape.unloadable = u8::from(record.is_unloadable());
        record.layout = shape;
        Ok(())
    }

    fn visible_annotations<'t>(&self, record: &Class, table: &AttributeTable<'t>) -> Option<&'t [u8]> {
        if !record.flags.contains(ClassFlags::VM_ANNOTATIONS) {
            return None;
        }
        table.find(&self.file.pool, "RuntimeVisibleAnnotations").map(|info| info.bytes)
    }

    fn field_annotations(&self, record: &Class, field: &FieldInfo<'_>) -> FieldFlags {
        let utf8 = |index| self.file.pool.utf8(index).unwrap_or_default();
        let info = self.visible_annotations(record, &field.attributes);
        info.map_or(FieldFlags::empty(), |info| annotations::on_field(info, utf8))
    }

    fn methods(&self, record: &mut Class, own: &[OwnMethod], vtable_index: &[i32]) -> Result<(), LinkError> {
        let mut next_itable_index = 0;
        // Thousands of methods may share one long descriptor.
        let mut arities: HashMap<u16, Arity> = HashMap::new();
        let mut methods: Vec<Method> = Vec::with_capacity(own.len());
        for (index, (info, own)) in self.file.methods.iter().zip(own).enumerate() {
            let mut method = self.method(record, info, own, &mut arities)?;
            method.index = index as u16;
            method.id = MethodId(record.first_method + index as u32);
            method.vtable_index = vtable_index.get(index).copied().unwrap_or(NO_VTABLE);
            method.itable_index = -1;
            if record.is_interface() && own.is_virtual() {
                method.itable_index = next_itable_index;
                next_itable_index += 1;
            }
            methods.push(method);
        }
        let mut methods = methods.into_iter();
        let count = own.len();
        // The iterator has `count` elements, so an empty method never shows.
        let next = |_| methods.next().unwrap_or_else(empty_method);
        record.methods = self.arenas.changing.alloc_slice_with(count, next)?;
        record.methods_by_key = self.order_by_key(own.iter().map(|m| (m.name, m.descriptor)))?;
        for index in 0..count {
            if let Some(method) = record.methods.at(index) {
                self.universe.set_method(MethodId(record.first_method + index as u32), method);
                if self.universe.meta.get(method).is_clinit() {
                    record.clinit = method;
                    record.flags |= ClassFlags::HAS_CLINIT;
                }
            }
        }
        Ok(())
    }

    fn method(
        &self,
        record: &Class,
        info: &MethodInfo<'_>,
        own: &OwnMethod,
        arities: &mut HashMap<u16, Arity>,
    ) -> Result<Method, LinkError> {
        let mut method = empty_method();
        method.class = record.id;
        method.name = own.name;
        method.descriptor = own.descriptor;
        method.access = own.access;
        set_shape(
            &mut method,
            *arities.entry(info.descriptor_index).or_insert_with(|| arity(info.descriptor)),
        );
        method.signature = info.signature.unwrap_or(0);
        method.attributes = self.table(&info.attributes);
        method.flags = self.method_flags(record, info, own);
        // The last local of a synchronized method holds the object that it locked.
        let hidden_local = u16::from(own.access.contains(Access::SYNCHRONIZED));
        let locals = info.code.as_ref().map_or(method.arg_slots, |code| code.max_locals);
        method.max_locals = locals.checked_add(hidden_local).ok_or_else(|| {
            let name = self.universe.str(record.name).into_owned();
            LinkError::format(format!("Too many locals in a synchronized method in class file {name}"))
        })?;
        if let Some(code) = &info.code {
            method.max_stack = code.max_stack;
            method.code = self.part(code.code);
            method.code_attributes = self.table(&code.attributes);
            let handler = |h: &crate::bytecode::Handler| Handler {
                start: h.start,
                end: h.end,
                handler: h.handler,
                catch_type: h.catch_type,
            };
            let handlers: Vec<Handler> = code.handlers.iter().map(handler).collect();
            method.handlers = self.arenas.constant.alloc_slice(&handlers)?;
        }
        Ok(method)
    }

    fn method_flags(&self, record: &Class, info: &MethodInfo<'_>, own: &OwnMethod) -> MethodFlags {
        let well = &self.universe.well;
        let utf8 = |index| self.file.pool.utf8(index).unwrap_or_default();
        let annotations = self.visible_annotations(record, &info.attributes);
        let mut flags = annotations.map_or(MethodFlags::empty(), |info| annotations::on_method(info, utf8));
        flags.set(MethodFlags::INIT, own.name == well.init);
        flags.set(MethodFlags::CLINIT, own.name == well.clinit);
        if record.is_hidden() {
            flags |= MethodFlags::HIDDEN;
        }
        let handles = record.name == well.method_handle || record.name == well.var_handle;
        let polymorphic = handles
            && record.loader.is_boot()
            && own.access.contains(Access::NATIVE | Access::VARARGS)
            && info.descriptor.starts_with(b"([Ljava/lang/Object;)");
        flags.set(MethodFlags::POLYMORPHIC, polymorphic);
        if let Some(code) = &info.code {
            flags.set(MethodFlags::EMPTY, code.code == RETURN);
            flags.set(MethodFlags::HAS_JSR, record.major < 51 && uses_subroutines(code.code));
        }
        flags
    }

    /// Methods that throw the error which selection comes to.
    fn made(&self, record: &Class, made: &[Made]) -> Result<MetaSlice<Method>, LinkError> {
        let first = record.first_method + record.methods.len() as u32;
        let make = |index: usize| {
            let mut method = empty_method();
            if let Some(wanted) = made.get(index) {
                (method.name, method.descriptor) = wanted.key;
                method.vm_data = wanted.kind as u32;
            }
            let descriptor = self.universe.text(method.descriptor);
            set_shape(&mut method, arity(descriptor));
            method.max_locals = method.arg_slots;
            method.class = record.id;
            method.id = MethodId(first + index as u32);
            method.index = u16::MAX;
            method.access = Access::PUBLIC | Access::SYNTHETIC;
            method.flags = MethodFlags::VM_MADE | MethodFlags::HIDDEN;
            method
        };
        let methods = self.arenas.changing.alloc_slice_with(made.len(), make)?;
        for index in 0..made.len() {
            if let Some(method) = methods.at(index) {
                self.universe.set_method(MethodId(first + index as u32), method);
            }
        }
        Ok(methods)
    }
}

/// What a descriptor says of a method's frame: the slots of its parameters, and the type of its result.
type Arity = (u16, BasicType);

fn arity(descriptor: &[u8]) -> Arity {
    let Some(parsed) = MethodDescriptor::parse(descriptor) else { return (0, BasicType::Void) };
    let result = match parsed.result {
        None => BasicType::Void,
        Some(FieldType::Primitive(_)) => descriptor.last().map_or(BasicType::Void, |last| basic_of(&[*last])),
        Some(FieldType::Class(_)) => BasicType::Object,
        Some(FieldType::Array(_)) => BasicType::Array,
    };
    (parsed.argument_slots() as u16, result)
}

/// Sets what follows from the descriptor and the access flags.
fn set_shape(method: &mut Method, (arguments, result): Arity) {
    method.arg_slots = arguments.saturating_add(u16::from(!method.access.contains(Access::STATIC)));
    method.result = result as u8;
}

fn uses_subroutines(code: &[u8]) -> bool {
    instructions(code).any(|i| matches!(i, Ok(i) if matches!(i.op, Op::Jsr(_) | Op::Ret(_))))
}

fn empty_method() -> Method {
    Method {
        quick: AtomicU32::new(0),
        arg_slots: 0,
        max_locals: 0,
        max_stack: 0,
        access: Access::empty(),
        result: BasicType::Void as u8,
        _pad: 0,
        index: 0,
        class: ClassId::NONE,
        id: MethodId(0),
        name: Symbol::NONE,
        descriptor: Symbol::NONE,
        flags: MethodFlags::empty(),
        vtable_index: NO_VTABLE,
        itable_index: -1,
        code: MetaSlice::EMPTY,
        handlers: MetaSlice::EMPTY,
        attributes: MetaSlice::EMPTY,
        code_attributes: MetaSlice::EMPTY,
        native: AtomicU32::new(0),
        calls: AtomicU32::new(0),
        loops: AtomicU32::new(0),
        side: AtomicU32::new(0),
        entry: AtomicU32::new(0),
        vm_data: 0,
        signature: 0,
        intrinsic: 0,
    }
}

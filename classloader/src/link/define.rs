//! Creation of a class from bytes (JVMS 5.3.5), step by step.
//!
//! Invariants: everything that can refuse the class runs before metadata is allocated; the host makes the mirror of a
//! complete record; and only then the class gets its name in the dictionary. Of several threads that define one class one
//! wins, the others' records are taken back.
//!
//! Deliberately absent: finding the bytes.

use carafe_gc::metaspace::{ArenaKind, ClassId, MetaspaceFull};
use hashbrown::HashSet;

use super::budget::Budget;
use super::build::{self, Draft};
use super::names::Names;
use super::vtable::{self, Index, OwnMethod, Shape, overridden_final};
use super::{DefineRequest, Describe, LinkError, LinkErrorKind, LinkHost, itable};
use crate::class::{Access, Class, ClassFlags, ClassState, LoaderId, ModuleId};
use crate::classfile::{ClassFile, ClassFileError, ErrorKind, ReadOptions};
use crate::names::{hidden_name, package_of};
use crate::symbols::Symbol;
use crate::universe::{Arenas, BindError, Universe};

/// `Class::arena` of a class with an arena of its own; the rest of the number is the class.
pub(crate) const OWN_ARENA: u32 = 1 << 31;

/// How a definition ended.
pub(crate) enum Outcome {
    Created(ClassId),
    /// The name was taken; `error` says so as Java code should hear it.
    Lost {
        winner: ClassId,
        error: LinkError,
    },
}

impl From<ClassFileError> for LinkError {
    fn from(error: ClassFileError) -> LinkError {
        let kind = match error.kind {
            ErrorKind::ClassFormat => LinkErrorKind::ClassFormatError,
            ErrorKind::UnsupportedVersion => LinkErrorKind::UnsupportedClassVersionError,
            ErrorKind::NoClassDefFound => LinkErrorKind::NoClassDefFoundError,
            ErrorKind::IncompatibleClassChange => LinkErrorKind::IncompatibleClassChangeError,
            ErrorKind::Verify => LinkErrorKind::VerifyError,
        };
        LinkError { kind, message: error.message }
    }
}

/// A class record that is not published; dropping it takes it back.
struct Unpublished<'a> {
    universe: &'a Universe,
    id: ClassId,
    /// Arenas of the class's own, to be freed with it.
    own_arenas: Option<Arenas>,
    announced: bool,
}

impl Unpublished<'_> {
    fn publish(mut self) -> ClassId {
        if let Some(arenas) = self.own_arenas.take() {
            self.universe.keep_hidden_arenas(self.id, arenas);
        }
        let id = self.id;
        std::mem::forget(self);
        id
    }
}

impl Drop for Unpublished<'_> {
    fn drop(&mut self) {
        let arenas = self.own_arenas.take();
        if self.universe.retire(self.id, self.announced)
            && let Some(arenas) = arenas
        {
            // SAFETY: the record is gone and was never shown to anybody, so nobody looks into its arena.
            unsafe { self.universe.meta.free_arena(arenas.constant) };
        }
    }
}

impl Universe {
    /// Defines a class; that its name is taken is an error.
    pub fn define<H: LinkHost>(&self, host: &mut H, request: DefineRequest<'_>) -> Result<ClassId, H::Error> {
        match self.create(host, request)? {
            Outcome::Created(class) => Ok(class),
            Outcome::Lost { error, .. } => Err(error.into()),
        }
    }

    pub(crate) fn create<H: LinkHost>(
        &self,
        host: &mut H,
        request: DefineRequest<'_>,
    ) -> Result<Outcome, H::Error> {
        // The copy in metaspace alone takes that much: do not begin if it cannot fit.
        let size = request.bytes.len() as u64;
        if size > self.meta.max_bytes() {
            return Err(LinkError::from(MetaspaceFull).into());
        }
        host.charge(size)?;
        let name = request.name.map(|name| self.text(name));
        let check = !request.from_image || self.verify_all();
        let options = ReadOptions { name, check, preview: self.preview(), module: false };
        let file = ClassFile::read_with(request.bytes, options).map_err(LinkError::from)?;
        let mut names = Names::new(self, &file);
        let mut record = self.identify(host, &request, &file, &mut names)?;
        let (loader, name) = (record.loader, record.name);

        let super_class = match names.class(file.super_class)? {
            Symbol::NONE => ClassId::NONE,
            above => self.load_super(host, loader, name, above)?,
        };
        let mut interfaces = Vec::with_capacity(file.interfaces.len());
        for &index in &file.interfaces {
            let above = names.class(index)?;
            interfaces.push(self.load_super(host, loader, name, above)?);
        }

        record.id = self.meta.new_class_id().map_err(LinkError::from)?;
        record.super_class = super_class;
        let id = record.id;
        let mut unpublished = Unpublished { universe: self, id, own_arenas: None, announced: false };
        // The checks speak of the class by its id; the full record replaces this one.
        self.write_record(preliminary(&record));
        if !record.is_hidden()
            && let Some(winner) = self.find_loaded(loader, name)
        {
            return Ok(Outcome::Lost { winner, error: self.duplicate_definition(host, loader, id) });
        }
        let mut budget = Budget::of_class_file(host, request.bytes.len());
        self.check_supers(&mut budget, id, &interfaces)?;

        let own = names.own_methods()?;
        let all = self.all_interfaces(&record, &interfaces, &mut budget)?;
        let inherited = match super_class.is_none() {
            true => 0,
            false => self.class(super_class).all_interfaces.len(),
        };
        self.inherit_flags(&mut record, &interfaces, &own, &file);
        let shape = Shape {
            meta: &self.meta,
            loader,
            package: record.package,
            super_class,
            own: &own,
            all_interfaces: &all,
            inherited_interfaces: inherited,
        };
        let tables = self.plan_tables(&shape, &record, &mut budget)?;
        budget.finish()?;

        let made = tables.as_ref().map_or(0, |(vtable, _)| vtable.made.len());
        let methods = (own.len() + made) as u32;
        let first_method = self.reserve_methods(methods)?;
        // `retire` reads from the record which ids to give back.
        record.first_method = first_method;
        record.method_count = methods;
        self.write_record(preliminary(&record));

        let own_arenas = request.hidden.is_some_and(|hidden| !hidden.strong);
        let arenas = if own_arenas {
            let arenas = Arenas::new(&self.meta, ArenaKind::Hidden);
            unpublished.own_arenas = Some(arenas.clone());
            record.arena = OWN_ARENA | id.0;
            arenas
        } else {
            record.arena = loader.0;
            self.known_loader(loader)?.arenas.clone()
        };
        let draft = Draft {
            file: &file,
            record,
            own: &own,
            interfaces: &interfaces,
            all_interfaces: &all,
            inherited_interfaces: inherited,
            tables,
        };
        let record = build::build(self, &arenas, &mut names, draft)?;
        record.set_state(ClassState::Loaded);
        let hidden = record.is_hidden();
        self.write_record(record);

        unpublished.announced = true;
        self.announce(host, id)?;
        if !hidden {
            match self.bind(loader, name, id) {
                Ok(()) => {}
                Err(BindError::Taken(winner)) => {
                    let error = self.duplicate_definition(host, loader, id);
                    return Ok(Outcome::Lost { winner, error });
                }
                Err(BindError::Constraint(previous)) => {
                    return Err(self.constraint_violation(host, loader, id, previous).into());
                }
                Err(BindError::Other(error)) => return Err(error.into()),
            }
            if loader.is_boot() {
                self.note_core(name, id);
            }
        }
        let class = unpublished.publish();
        host.class_published(class);
        Ok(Outcome::Created(class))
    }

    /// Name, home, access and rights: what the record says before any other class is looked at.
    fn identify<H: LinkHost>(
        &self,
        host: &mut H,
        request: &DefineRequest<'_>,
        file: &ClassFile<'_>,
        names: &mut Names<'_>,
    ) -> Result<Class, H::Error> {
        let mut record = Class::empty();
        record.loader = request.loader;
        record.access = Access::from_bits_retain(file.access);
        record.major = file.major;
        let loader = self.known_loader(request.loader)?;
        self.check_package_is_allowed(host, request.loader, loader.is_platform(), file.name())?;
        let package = package_of(file.name());
        record.package = if package.is_empty() { Symbol::NONE } else { self.intern(package)? };
        let mut vm_annotations = request.loader.is_boot() || loader.is_platform() && request.from_image;
        let mut module = self.module_of_package(request.loader, record.package);
        record.name = names.class(file.this_class)?;
        if let Some(hidden) = request.hidden {
            record.name = match self.take_hidden_name(file.name()) {
                Some(free) => free,
                None => self.intern(&hidden_name(file.name(), self.next_hidden_number()))?,
            };
            record.flags |= ClassFlags::HIDDEN;
            record.flags.set(ClassFlags::STRONG_HIDDEN, hidden.strong);
            vm_annotations = hidden.vm_annotations;
            module = ModuleId(self.class(hidden.host).module.load(std::sync::atomic::Ordering::Acquire));
            if hidden.nestmate {
                let nest_host = self.nest_host(host, hidden.host)?;
                record.nest_host = nest_host.0.into();
            }
        }
        record.module = module.0.into();
        let own_life = request.hidden.is_some_and(|hidden| !hidden.strong);
        record.flags.set(ClassFlags::UNLOADABLE, own_life || !loader.is_permanent());
        record.flags.set(ClassFlags::VM_ANNOTATIONS, vm_annotations);
        record.flags.set(ClassFlags::FROM_IMAGE, request.from_image);
        record.flags.set(ClassFlags::SEALED, file.attributes.permitted_subclasses.is_some());
        record.flags.set(ClassFlags::PREVIEW, file.minor == u16::MAX);
        if let Some(source) = request.source {
            record.source = self.sym(source)?;
        }
        Ok(record)
    }

    /// Only the boot and platform loaders define classes of the platform's own packages.
    fn check_package_is_allowed(
        &self,
        describe: &dyn Describe,
        loader: LoaderId,
        is_platform: bool,
        name: &[u8],
    ) -> Result<(), LinkError> {
        if loader.is_boot() || is_platform || !name.starts_with(b"java/") {
            return Ok(());
        }
        let package = crate::names::dotted(package_of(name));
        Err(LinkError::new(
            LinkErrorKind::SecurityException,
            format!(
                "Class loader (instance of): {} tried to load prohibited package name: {package}",
                describe.loader_name(loader)
            ),
        ))
    }

    fn check_supers<H: LinkHost>(
        &self,
        budget: &mut Budget<'_, H>,
        id: ClassId,
        interfaces: &[ClassId],
    ) -> Result<(), H::Error> {
        let super_class = self.class(id).super_class;
        if !super_class.is_none() {
            budget.spend(self.cost_of_permission(super_class))?;
            self.check_superclass(budget.host(), id, super_class)?;
        }
        for &interface in interfaces {
            budget.spend(1 + self.cost_of_permission(interface))?;
            self.check_superinterface(budget.host(), id, interface)?;
        }
        Ok(())
    }

    /// All superinterfaces without duplicates: the superclass's first, every interface after those that it extends, and
    /// an interface itself last.
    fn all_interfaces<H: LinkHost>(
        &self,
        record: &Class,
        interfaces: &[ClassId],
        budget: &mut Budget<'_, H>,
    ) -> Result<Vec<ClassId>, H::Error> {
        let mut all: Vec<ClassId> = Vec::new();
        if !record.super_class.is_none() {
            let inherited = self.meta.slice(self.class(record.super_class).all_interfaces);
            budget.spend(inherited.len())?;
            all.extend_from_slice(inherited);
        }
        if !interfaces.is_empty() {
            let mut seen: HashSet<ClassId> = all.iter().copied().collect();
            for &interface in interfaces {
                let above = self.meta.slice(self.class(interface).all_interfaces);
                budget.spend(above.len())?;
                all.extend(above.iter().copied().filter(|&id| seen.insert(id)));
            }
        }
        if record.is_interface() {
            all.push(record.id);
        }
        Ok(all)
    }

    /// Flags and places in the hierarchy that follow from the supertypes and the declared methods.
    fn inherit_flags(
        &self,
        record: &mut Class,
        interfaces: &[ClassId],
        own: &[OwnMethod],
        file: &ClassFile<'_>,
    ) {
        let mut above = ClassFlags::empty();
        for &interface in interfaces {
            above |= self.class(interface).flags & (ClassFlags::HAS_DEFAULTS_ABOVE | ClassFlags::CLONEABLE);
        }
        if !record.super_class.is_none() {
            let parent = self.class(record.super_class);
            let inherited = ClassFlags::HAS_DEFAULTS_ABOVE
                | ClassFlags::CLONEABLE
                | ClassFlags::FINALIZABLE
                | ClassFlags::REFERENCE;
            above |= parent.flags & inherited;
            record.display = parent.display;
            if !record.is_interface() {
                record.depth = parent.depth + 1;
            }
            let is_record = parent.loader.is_boot() && parent.name == self.well.record;
            let record_class =
                is_record && record.access.contains(Access::FINAL) && file.attributes.record.is_some();
            record.flags.set(ClassFlags::RECORD, record_class);
            record.finals = parent.finals;
        }
        if own.iter().any(|m| m.is_virtual() && m.access.contains(Access::FINAL)) {
            record.finals = record.id;
        }
        record.flags |= above;
        if !record.is_interface()
            && let Some(slot) = record.display.get_mut(record.depth as usize)
        {
            *slot = record.id;
        }
        let has_defaults = record.is_interface()
            && own.iter().any(|m| !m.special && !m.access.intersects(Access::ABSTRACT | Access::STATIC));
        if has_defaults {
            record.flags |= ClassFlags::HAS_DEFAULTS | ClassFlags::HAS_DEFAULTS_ABOVE;
        }
        if record.loader.is_boot() && !record.is_hidden() {
            if record.name == self.well.cloneable {
                record.flags |= ClassFlags::CLONEABLE;
            }
            if record.name == self.well.reference {
                record.flags |= ClassFlags::REFERENCE;
            }
        }
        for (method, info) in own.iter().zip(&file.methods) {
            let finalizer = method.name == self.well.finalize
                && method.descriptor == self.well.void_signature
                && !method.access.contains(Access::STATIC)
                && !record.is_interface();
            if finalizer {
                // One whose body is empty takes back what a superclass declares.
                let empty = info.code.as_ref().is_some_and(|code| code.code == [0xb1]);
                record.flags.set(ClassFlags::FINALIZABLE, !empty);
            }
        }
    }

    fn plan_tables<H: LinkHost>(
        &self,
        shape: &Shape<'_>,
        record: &Class,
        budget: &mut Budget<'_, H>,
    ) -> Result<Option<(vtable::VtablePlan, itable::ItablePlan)>, H::Error> {
        let index = Index::new(shape, budget)?;
        if let Some(method) = overridden_final(shape, &index, budget)? {
            return Err(LinkError::incompatible(format!(
                "class {} overrides final method {}.{}{}",
                self.external_name(record.id),
                self.external_name(method.class),
                self.str(method.name),
                self.str(method.descriptor),
            ))
            .into());
        }
        if record.is_interface() {
            return Ok(None);
        }
        let mut vtable = vtable::plan(shape, &index, budget)?;
        let itable = itable::plan(shape, &index, &mut vtable, budget)?;
        Ok(Some((vtable, itable)))
    }
}

/// The plain part of a record under construction, for the time of the checks.
fn preliminary(record: &Class) -> Class {
    let mut copy = Class::empty();
    copy.id = record.id;
    copy.name = record.name;
    copy.access = record.access;
    copy.flags = record.flags;
    copy.super_class = record.super_class;
    copy.loader = record.loader;
    copy.package = record.package;
    copy.first_method = record.first_method;
    copy.method_count = record.method_count;
    copy.module = record.module.load(std::sync::atomic::Ordering::Relaxed).into();
    copy
}

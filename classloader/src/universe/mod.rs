//! All classes of one isolate: the records, the loaders' dictionaries, the boot loader itself, arrays and primitives.
//!
//! Invariants: a `ClassId` that the universe has handed out names a complete record until the class is unloaded. Every
//! lock here is held for a few look-ups only and never while the host runs, so a thread that waits for one is never
//! stopped by a safepoint. Names are bound under the lock of the loader constraints, then the dictionary's, in this order.
//!
//! Until `java.lang.Class` exists no class can have its mirror. Classes that are created earlier (its superclass and
//! superinterfaces, and the primitive types) wait in a list, and the host hears of them right after it.
//!
//! Deliberately absent: Java objects. Mirrors, loaders and modules are known here by number only.

mod arrays;
mod boot;
mod loaders;
mod method_table;
mod unload;
mod well_known;

pub(crate) use boot::basic_of;
pub use boot::{BootEntry, BootPath};
pub(crate) use loaders::{Arenas, Loader};
use loaders::{LOADER_BYTES, LoaderTable, NAME_BYTES};
pub use unload::{ClassSet, Holder, Unloaded};
use unload::{HiddenNames, OwnHome};
pub use well_known::WellKnown;

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use carafe_gc::metaspace::{Arena, ArenaKind, ClassId, Meta, MetaSlice, Metaspace, MetaspaceFull};
use hashbrown::HashMap;
use parking_lot::{Mutex, RwLock};

use crate::basic::BasicType;
use crate::class::{self, Access, Class, ClassFlags, ClassState, LoaderId, Method, MethodId, ModuleId};
use crate::link::constraints::Constraints;
use crate::link::{Describe, LinkError, LinkErrorKind, LinkHost, OWN_ARENA};
use crate::modules::{ModuleError, ModuleTable};
use crate::symbols::{Symbol, SymbolTable, symbol_bytes};
use method_table::MethodTable;

/// The classes of one isolate.
pub struct Universe {
    pub meta: Arc<Metaspace>,
    pub symbols: SymbolTable,
    pub well: WellKnown,
    pub modules: ModuleTable,
    boot_path: BootPath,
    loaders: RwLock<LoaderTable>,
    /// What belongs to hidden classes that live by themselves, by their number.
    hidden_homes: Mutex<HashMap<u32, OwnHome>>,
    hidden_names: Mutex<HiddenNames>,
    methods: MethodTable,
    pub(crate) constraints: Constraints,
    pub(crate) supers: crate::link::SuperLoads,
    /// Every class with a record, in order of creation.
    created: RwLock<Vec<ClassId>>,
    /// Classes without a mirror; `None` once `java.lang.Class` exists.
    waiting: Mutex<Option<Vec<ClassId>>>,
    core: Core,
    /// Where static fields start in a mirror: the end of `java.lang.Class`'s own fields.
    mirror_start: u32,
    hidden_count: AtomicU64,
    /// Class files that depend on preview features are accepted.
    preview: AtomicBool,
    /// Classes of the JDK image are checked and verified like all others.
    verify_all: AtomicBool,
    /// What the boot loader does not find, though the image has it.
    closed: OnceLock<Vec<String>>,
    /// The superinterfaces of every array class.
    array_interfaces: Mutex<MetaSlice<ClassId>>,
}

/// Classes that linking needs by number; 0 until loaded.
#[derive(Default)]
struct Core {
    object: AtomicU32,
    class: AtomicU32,
    cloneable: AtomicU32,
    serializable: AtomicU32,
}

/// `Class::modifiers` and access of primitive types: public, final and abstract.
const PRIMITIVE_ACCESS: Access = Access::PUBLIC.union(Access::FINAL).union(Access::ABSTRACT);

impl Universe {
    /// A universe with the primitive types and nothing else. `meta` must be fresh.
    pub fn new(meta: Arc<Metaspace>, boot_path: BootPath) -> Result<Universe, LinkError> {
        let symbols = SymbolTable::new(meta.new_arena(ArenaKind::Boot));
        let well = WellKnown::new(&meta, &symbols)?;
        let modules = ModuleTable::default();
        let unnamed = modules.new_unnamed(LoaderId::BOOT);
        let boot = Loader::new(Arenas::new(&meta, ArenaKind::Boot), LoaderId::BOOT, unnamed);
        let mirror_start = boot_path.mirror_start()?;
        let universe = Universe {
            symbols,
            well,
            modules,
            boot_path,
            loaders: RwLock::new(LoaderTable { list: vec![Some(Arc::new(boot))], free: Vec::new() }),
            hidden_homes: Mutex::new(HashMap::new()),
            hidden_names: Mutex::default(),
            methods: MethodTable::new(),
            constraints: Constraints::default(),
            supers: Default::default(),
            created: RwLock::new(Vec::new()),
            waiting: Mutex::new(Some(Vec::new())),
            core: Core::default(),
            mirror_start,
            hidden_count: AtomicU64::new(0),
            preview: AtomicBool::new(false),
            verify_all: AtomicBool::new(false),
            closed: OnceLock::new(),
            array_interfaces: Mutex::new(MetaSlice::EMPTY),
            meta,
        };
        universe.make_primitives()?;
        Ok(universe)
    }

    /// Records of the primitive types and void; their ids are the numbers of their `BasicType`.
    fn make_primitives(&self) -> Result<(), LinkError> {
        for number in 1..=BasicType::Void as u32 {
            let id = self.meta.new_class_id()?;
            assert_eq!(id, ClassId(number), "a universe starts with a fresh metaspace");
            let Some(basic) = BasicType::from_u8(number as u8) else { continue };
            if basic.is_reference() {
                continue;
            }
            let mut record = Class::empty();
            record.id = id;
            record.name = self.sym(basic.name())?;
            record.access = PRIMITIVE_ACCESS;
            record.modifiers = PRIMITIVE_ACCESS.bits();
            record.basic = basic as u8;
            record.flags = ClassFlags::PRIMITIVE;
            record.set_state(ClassState::Initialized);
            self.write_record(record);
            self.created.write().push(id);
            if let Some(waiting) = self.waiting.lock().as_mut() {
                waiting.push(id);
            }
        }
        Ok(())
    }

    #[inline(always)]
    pub fn class(&self, id: ClassId) -> &Class {
        class::class(&self.meta, id)
    }

    /// The method's record; for an id that names none, some record that is no method.
    #[inline]
    pub fn method(&self, id: MethodId) -> &Method {
        let method = self.methods.get(id);
        debug_assert!(!method.is_null(), "{id:?} names a method");
        self.meta.get(method)
    }

    /// One more than the highest method id so far: the size for tables beside the method table.
    pub fn method_id_bound(&self) -> u32 {
        self.methods.bound()
    }

    pub fn sym(&self, text: &str) -> Result<Symbol, LinkError> {
        self.intern(&crate::classfile::mutf8::from_str(text))
    }

    /// The symbol of modified UTF-8.
    pub fn intern(&self, bytes: &[u8]) -> Result<Symbol, LinkError> {
        Ok(self.symbols.intern(&self.meta, bytes)?)
    }

    pub fn text(&self, symbol: Symbol) -> &[u8] {
        symbol_bytes(&self.meta, symbol)
    }

    pub fn primitive(&self, basic: BasicType) -> ClassId {
        ClassId(basic as u32)
    }

    /// `java.lang.Object`, `ClassId::NONE` before it is loaded.
    pub fn object_class(&self) -> ClassId {
        ClassId(self.core.object.load(Ordering::Acquire))
    }

    /// `java.lang.Class`, `ClassId::NONE` before it is loaded.
    pub fn class_class(&self) -> ClassId {
        ClassId(self.core.class.load(Ordering::Acquire))
    }

    /// Whether class files that depend on preview features are accepted.
    pub fn preview(&self) -> bool {
        self.preview.load(Ordering::Relaxed)
    }

    pub fn set_preview(&self, accept: bool) {
        self.preview.store(accept, Ordering::Relaxed);
    }

    /// Whether classes of the JDK image are checked and verified too. There is no switch for the others: they always are.
    pub fn verify_all(&self) -> bool {
        self.verify_all.load(Ordering::Relaxed)
    }

    pub fn set_verify_all(&self, all: bool) {
        self.verify_all.store(all, Ordering::Relaxed);
    }

    /// The arena for what a class needs later: it lives as long as the class.
    pub fn arena_of(&self, class: ClassId) -> Result<Arena, LinkError> {
        let record = self.class(class);
        if record.arena & OWN_ARENA != 0
            && let Some(own) = self.hidden_homes.lock().get(&class.0)
        {
            return Ok(own.arenas.changing.clone());
        }
        Ok(self.known_loader(record.loader)?.arenas.changing.clone())
    }

    /// Where static fields start in mirrors.
    pub(crate) fn mirror_start(&self) -> u32 {
        self.mirror_start
    }

    /// Every class that has a record, arrays and primitives included, also those whose definition is not finished yet.
    pub fn classes(&self) -> impl Iterator<Item = ClassId> + use<> {
        self.created.read().clone().into_iter()
    }

    /// How many classes there are, as `classes` would list them.
    pub fn class_count(&self) -> usize {
        self.created.read().len()
    }

    // Loaders.

    pub fn new_loader(&self) -> Result<LoaderId, LinkError> {
        let mut loaders = self.loaders.write();
        let id = loaders.free.last().copied().unwrap_or(LoaderId(loaders.list.len() as u32));
        let arenas = Arenas::new(&self.meta, ArenaKind::Loader);
        arenas.constant.alloc_slice_zeroed::<u8>(LOADER_BYTES)?;
        let loader = Some(Arc::new(Loader::new(arenas, id, self.modules.new_unnamed(id))));
        match loaders.free.pop() {
            Some(_) => loaders.list[id.0 as usize] = loader,
            None => loaders.list.push(loader),
        }
        Ok(id)
    }

    /// Tells that a loader lives as long as the isolate. It has defined nothing yet.
    pub fn set_permanent_loader(&self, loader: LoaderId) {
        if let Some(loader) = self.loader(loader) {
            loader.set_permanent();
        }
    }

    pub fn is_permanent_loader(&self, loader: LoaderId) -> bool {
        self.loader(loader).is_some_and(|loader| loader.is_permanent())
    }

    /// Tells which loader is the library's platform loader, whose classes out of the image may use VM annotations.
    pub fn set_platform_loader(&self, loader: LoaderId) {
        if let Some(loader) = self.loader(loader) {
            loader.set_platform();
        }
    }

    pub fn is_platform_loader(&self, loader: LoaderId) -> bool {
        self.loader(loader).is_some_and(|loader| loader.is_platform())
    }

    pub(crate) fn loader(&self, id: LoaderId) -> Option<Arc<Loader>> {
        self.loaders.read().list.get(id.0 as usize).cloned().flatten()
    }

    /// A loader without an entry is one for which there was no room: that is the error.
    pub(crate) fn known_loader(&self, id: LoaderId) -> Result<Arc<Loader>, LinkError> {
        self.loader(id).ok_or_else(|| MetaspaceFull.into())
    }

    /// Whether there was room for a loader.
    pub fn loader_exists(&self, id: LoaderId) -> Result<(), LinkError> {
        self.known_loader(id).map(|_| ())
    }

    /// The unnamed module of a loader.
    pub fn unnamed_module(&self, loader: LoaderId) -> ModuleId {
        self.loader(loader).map_or(ModuleId(0), |loader| loader.unnamed)
    }

    /// The class that a loader has defined or initiated under a name (of a plain class).
    pub fn find_loaded(&self, loader: LoaderId, name: Symbol) -> Option<ClassId> {
        let loaders = self.loaders.read();
        loaders.list.get(loader.0 as usize)?.as_ref()?.dictionary.read().get(&name).copied()
    }

    /// Records that `loader` gave `class` when it was asked for `name`.
    pub fn record_initiating(
        &self,
        describe: &dyn Describe,
        loader: LoaderId,
        name: Symbol,
        class: ClassId,
    ) -> Result<(), LinkError> {
        match self.bind(loader, name, class) {
            Ok(()) => Ok(()),
            Err(BindError::Taken(existing)) if existing == class => Ok(()),
            Err(BindError::Taken(_)) => Err(self.duplicate_definition(describe, loader, class)),
            Err(BindError::Constraint(previous)) => {
                Err(self.constraint_violation(describe, loader, class, previous))
            }
            Err(BindError::Other(error)) => Err(error),
        }
    }

    /// Binds a name in a loader's dictionary, unless it is bound or a constraint forbids it.
    pub(crate) fn bind(&self, loader: LoaderId, name: Symbol, class: ClassId) -> Result<(), BindError> {
        let data = self.known_loader(loader).map_err(BindError::Other)?;
        if let Some(&existing) = data.dictionary.read().get(&name) {
            return Err(BindError::Taken(existing));
        }
        data.charge(NAME_BYTES).map_err(BindError::Other)?;
        let mut constraints = self.constraints.lock();
        let mut dictionary = data.dictionary.write();
        if let Some(&existing) = dictionary.get(&name) {
            return Err(BindError::Taken(existing));
        }
        constraints.check(loader, name, class).map_err(BindError::Constraint)?;
        dictionary.insert(name, class);
        Ok(())
    }

    /// The packages of the classes that a loader has defined, without the unnamed one, each once.
    pub fn packages_of(&self, loader: LoaderId) -> Vec<Symbol> {
        let Some(data) = self.loader(loader) else { return Vec::new() };
        let dictionary = data.dictionary.read();
        let defined = dictionary.values().map(|&id| self.class(id)).filter(|c| c.loader == loader);
        let mut packages: Vec<Symbol> = defined.map(|c| c.package).filter(|p| !p.is_none()).collect();
        packages.sort_unstable();
        packages.dedup();
        packages
    }

    // Modules.

    /// The module of a package of a loader: the named one that holds it, else the loader's unnamed module. Module 0 for
    /// the boot loader while there is no java.base.
    pub fn module_of_package(&self, loader: LoaderId, package: Symbol) -> ModuleId {
        match self.modules.of_package(loader, package) {
            Some(module) => module,
            None if loader.is_boot() && !self.modules.is_java_base_defined() => ModuleId(0),
            None => self.unnamed_module(loader),
        }
    }

    /// Defines a named module with its packages (internal form), and gives classes that wait for it their module.
    pub fn define_module(
        &self,
        loader: LoaderId,
        name: Symbol,
        packages: &[Symbol],
        open: bool,
    ) -> Result<ModuleId, LinkError> {
        let is_java_base = loader.is_boot() && name == self.well.java_base;
        if !is_java_base {
            self.check_packages_are_free(loader, name, packages)?;
        }
        self.known_loader(loader)?.charge((packages.len() + 2) * 2 * NAME_BYTES)?;
        let module = self
            .modules
            .define(loader, name, packages, open, is_java_base)
            .map_err(|error| self.module_error(name, error))?;
        if loader.is_boot() {
            for id in self.classes() {
                let class = self.class(id);
                if class.loader.is_boot() && class.module() == ModuleId(0) {
                    let of_package = self.modules.of_package(loader, class.package);
                    // Primitive types and their arrays are java.base's, though they are in no package.
                    let in_no_file = !self.class(self.element_class(id)).is_plain();
                    let home = of_package.or((in_no_file && is_java_base).then_some(module));
                    class.module.store(home.unwrap_or(ModuleId(0)).0, Ordering::Release);
                }
            }
        }
        Ok(module)
    }

    /// No package of a new module may hold a class that was loaded as part of the unnamed module.
    fn check_packages_are_free(
        &self,
        loader: LoaderId,
        name: Symbol,
        packages: &[Symbol],
    ) -> Result<(), LinkError> {
        let unnamed = self.unnamed_module(loader);
        let in_use = self.packages_of(loader);
        for &package in packages {
            let used = in_use.binary_search(&package).is_ok();
            if used && self.module_of_package(loader, package) == unnamed {
                let (package, name) = (self.str(package), self.str(name));
                return Err(LinkError::new(
                    LinkErrorKind::IllegalStateException,
                    format!(
                        "Package {package} for module {name} is already in the unnamed module defined to the class loader"
                    ),
                ));
            }
        }
        Ok(())
    }

    fn module_error(&self, name: Symbol, error: ModuleError) -> LinkError {
        let name = self.str(name);
        let message = match error {
            ModuleError::Duplicate => format!("Module {name} is already defined"),
            ModuleError::PackageTaken(package, other) => {
                let (package, other) = (self.str(package), self.modules.name(other).map(|n| self.str(n)));
                let other = other.unwrap_or_default();
                format!(
                    "Package {package} for module {name} is already in another module, {other}, defined to the class loader"
                )
            }
            ModuleError::NoSuchPackage | ModuleError::NoSuchModule => {
                format!("Module {name} cannot be defined")
            }
        };
        LinkError::new(LinkErrorKind::IllegalStateException, message)
    }

    // Records.

    /// Writes a record in place. The id is the caller's alone until it is announced.
    pub(crate) fn write_record(&self, record: Class) {
        let place = self.meta.class_ptr(record.id).cast::<Class>();
        // SAFETY: a record of the class table, large and aligned enough (asserted beside Class), that was handed out to
        // this caller and that nobody else knows yet.
        unsafe { place.write(record) };
    }

    /// Lets the host make the mirror of a class whose record stands, or notes that it must wait.
    pub(crate) fn announce<H: LinkHost>(&self, host: &mut H, id: ClassId) -> Result<(), H::Error> {
        self.created.write().push(id);
        let record = self.class(id);
        let is_class = record.loader.is_boot() && record.name == self.well.class && !record.is_hidden();
        let waiting = {
            let mut waiting = self.waiting.lock();
            match waiting.as_mut() {
                None => None,
                Some(list) => {
                    if !is_class {
                        list.push(id);
                        return Ok(());
                    }
                    waiting.take()
                }
            }
        };
        if let Some(waiting) = waiting {
            self.core.class.store(id.0, Ordering::Release);
            host.class_created(id)?;
            for earlier in waiting {
                host.class_created(earlier)?;
            }
            return Ok(());
        }
        host.class_created(id)
    }

    /// Takes back a record that never got published; true if it is gone. With a mirror in the heap the record must stay,
    /// because the mirror's size is read from it; it is no root any more, nothing finds it, and it goes with what keeps
    /// the mirror alive.
    pub(crate) fn retire(&self, id: ClassId, announced: bool) -> bool {
        if announced {
            // It is among the youngest: looked for from the end, it costs the same however many classes there are.
            let mut created = self.created.write();
            if let Some(at) = created.iter().rposition(|&other| other == id) {
                created.remove(at);
            }
        }
        if let Some(waiting) = self.waiting.lock().as_mut() {
            waiting.retain(|&other| other != id);
        }
        let record = self.class(id);
        if record.mirror.swap(0, Ordering::AcqRel) == 0 {
            self.methods.release(record.first_method, record.method_count);
            // SAFETY: the class was never found by name, no object was made, and it was handed out once.
            unsafe { self.meta.free_class_id(id) };
            return true;
        }
        match self.holder(id) {
            Holder::Loader(loader) => {
                if let Some(loader) = self.loader(loader) {
                    loader.retired.lock().push(id);
                }
            }
            Holder::Hidden(class) => {
                if let Some(own) = self.hidden_homes.lock().get_mut(&class.0) {
                    own.retired.push(id);
                }
            }
            Holder::Isolate => {}
        }
        false
    }

    pub(crate) fn reserve_methods(&self, count: u32) -> Result<u32, LinkError> {
        Ok(self.methods.reserve(count)?)
    }

    pub(crate) fn set_method(&self, id: MethodId, method: Meta<Method>) {
        self.methods.set(id, method);
    }

    pub(crate) fn next_hidden_number(&self) -> u64 {
        self.hidden_count.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn keep_hidden_arenas(&self, class: ClassId, arenas: Arenas) {
        self.hidden_homes.lock().insert(class.0, OwnHome { arenas, retired: Vec::new() });
    }

    /// Notes the classes that linking asks for by number.
    pub(crate) fn note_core(&self, name: Symbol, id: ClassId) {
        let slot = if name == self.well.object {
            &self.core.object
        } else if name == self.well.cloneable {
            &self.core.cloneable
        } else if name == self.well.serializable {
            &self.core.serializable
        } else {
            return;
        };
        slot.store(id.0, Ordering::Release);
    }

    pub(crate) fn cloneable_class(&self) -> ClassId {
        ClassId(self.core.cloneable.load(Ordering::Acquire))
    }

    fn serializable_class(&self) -> ClassId {
        ClassId(self.core.serializable.load(Ordering::Acquire))
    }
}

/// Why a name cannot be bound.
pub(crate) enum BindError {
    Taken(ClassId),
    /// The constraint already stands for this class.
    Constraint(ClassId),
    Other(LinkError),
}

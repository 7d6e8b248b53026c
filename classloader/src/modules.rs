//! Modules as the VM's own access checks know them (JVMS 5.3.6, 5.4.4): who reads whom, who exports what to whom.
//!
//! Invariants: a package of a loader belongs to at most one named module; a module id never changes its meaning while the
//! module's loader lives. Until
//! java.base is defined there are no boundaries, and classes of the boot loader carry module 0; the definition of
//! java.base gives them theirs (`Universe::define_module`).
//!
//! Deliberately absent: descriptors, services, layers and resolution, which are the library's, and everything that only
//! reflection asks (opens to single modules).

use std::sync::atomic::{AtomicU32, Ordering};

use hashbrown::{HashMap, HashSet};
use parking_lot::RwLock;

use crate::class::{LoaderId, ModuleId};
use crate::symbols::Symbol;

/// To whom a package is exported.
#[derive(Default, Debug)]
struct Export {
    to_all: bool,
    to_all_unnamed: bool,
    to: HashSet<ModuleId>,
}

#[derive(Debug)]
struct Module {
    loader: LoaderId,
    /// `NONE` for an unnamed module.
    name: Symbol,
    open: bool,
    reads: HashSet<ModuleId>,
    reads_all_unnamed: bool,
    packages: HashSet<Symbol>,
    exports: HashMap<Symbol, Export>,
}

impl Module {
    /// What stands in the table for a module whose loader is dead.
    fn gone() -> Module {
        Module {
            loader: LoaderId(u32::MAX),
            name: Symbol::NONE,
            open: false,
            reads: HashSet::new(),
            reads_all_unnamed: false,
            packages: HashSet::new(),
            exports: HashMap::new(),
        }
    }
}

#[derive(Default, Debug)]
struct Tables {
    /// Module `n` is element `n - 1`.
    modules: Vec<Module>,
    /// Packages of named modules.
    packages: HashMap<(LoaderId, Symbol), ModuleId>,
    /// Modules of dead loaders: their ids are given to others.
    free: Vec<ModuleId>,
}

impl Tables {
    fn get(&self, id: ModuleId) -> Option<&Module> {
        self.modules.get((id.0 as usize).wrapping_sub(1))
    }

    fn get_mut(&mut self, id: ModuleId) -> Option<&mut Module> {
        self.modules.get_mut((id.0 as usize).wrapping_sub(1))
    }

    fn add(&mut self, module: Module) -> ModuleId {
        if let Some(id) = self.free.pop()
            && let Some(free) = self.get_mut(id)
        {
            *free = module;
            return id;
        }
        self.modules.push(module);
        ModuleId(self.modules.len() as u32)
    }

    fn is_unnamed(&self, id: ModuleId) -> bool {
        self.get(id).is_none_or(|m| m.name.is_none())
    }
}

/// Why a module cannot be defined or changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModuleError {
    /// A module of this name is defined to the loader.
    Duplicate,
    /// The package is already in that other module of the loader.
    PackageTaken(Symbol, ModuleId),
    /// The package is not one of the module's.
    NoSuchPackage,
    NoSuchModule,
}

/// All modules of an isolate.
#[derive(Default, Debug)]
pub struct ModuleTable {
    tables: RwLock<Tables>,
    /// Id of java.base, 0 until it is defined.
    java_base: AtomicU32,
}

impl ModuleTable {
    /// The id of java.base, or module 0 before it is defined.
    pub fn java_base(&self) -> ModuleId {
        ModuleId(self.java_base.load(Ordering::Acquire))
    }

    pub fn is_java_base_defined(&self) -> bool {
        self.java_base().0 != 0
    }

    /// The unnamed module of a new loader.
    pub fn new_unnamed(&self, loader: LoaderId) -> ModuleId {
        self.tables.write().add(Module {
            loader,
            name: Symbol::NONE,
            open: true,
            reads: HashSet::new(),
            reads_all_unnamed: true,
            packages: HashSet::new(),
            exports: HashMap::new(),
        })
    }

    /// Defines a named module; the caller patches the classes that were loaded before.
    pub(crate) fn define(
        &self,
        loader: LoaderId,
        name: Symbol,
        packages: &[Symbol],
        open: bool,
        is_java_base: bool,
    ) -> Result<ModuleId, ModuleError> {
        let mut tables = self.tables.write();
        if tables.modules.iter().any(|m| m.loader == loader && m.name == name) {
            return Err(ModuleError::Duplicate);
        }
        for &package in packages {
            if let Some(&other) = tables.packages.get(&(loader, package)) {
                return Err(ModuleError::PackageTaken(package, other));
            }
        }
        let id = tables.add(Module {
            loader,
            name,
            open,
            reads: HashSet::new(),
            reads_all_unnamed: false,
            packages: packages.iter().copied().collect(),
            exports: HashMap::new(),
        });
        for &package in packages {
            tables.packages.insert((loader, package), id);
        }
        if is_java_base {
            self.java_base.store(id.0, Ordering::Release);
        }
        Ok(id)
    }

    /// Adds an edge `from` reads `to`, or `from` reads all unnamed modules.
    pub fn add_reads(&self, from: ModuleId, to: Option<ModuleId>) -> Result<(), ModuleError> {
        let mut tables = self.tables.write();
        if to.is_some_and(|to| tables.get(to).is_none()) {
            return Err(ModuleError::NoSuchModule);
        }
        let module = tables.get_mut(from).ok_or(ModuleError::NoSuchModule)?;
        match to {
            Some(to) => {
                module.reads.insert(to);
            }
            None => module.reads_all_unnamed = true,
        }
        Ok(())
    }

    /// Exports a package to one module.
    pub fn add_exports(&self, from: ModuleId, package: Symbol, to: ModuleId) -> Result<(), ModuleError> {
        if self.tables.read().get(to).is_none() {
            return Err(ModuleError::NoSuchModule);
        }
        self.export(from, package, |export| {
            export.to.insert(to);
        })
    }

    pub fn add_exports_to_all(&self, from: ModuleId, package: Symbol) -> Result<(), ModuleError> {
        self.export(from, package, |export| export.to_all = true)
    }

    pub fn add_exports_to_all_unnamed(&self, from: ModuleId, package: Symbol) -> Result<(), ModuleError> {
        self.export(from, package, |export| export.to_all_unnamed = true)
    }

    fn export(
        &self,
        from: ModuleId,
        package: Symbol,
        change: impl FnOnce(&mut Export),
    ) -> Result<(), ModuleError> {
        let mut tables = self.tables.write();
        let module = tables.get_mut(from).ok_or(ModuleError::NoSuchModule)?;
        if module.name.is_none() {
            // An unnamed module exports everything already.
            return Ok(());
        }
        if !module.packages.contains(&package) {
            return Err(ModuleError::NoSuchPackage);
        }
        change(module.exports.entry(package).or_default());
        Ok(())
    }

    /// Forgets the modules of dead loaders, also as what others read and export to, and tells which those were.
    pub(crate) fn remove_loaders(&self, dead: &HashSet<LoaderId>) -> Vec<ModuleId> {
        if dead.is_empty() {
            return Vec::new();
        }
        let mut tables = self.tables.write();
        let tables = &mut *tables;
        let mut gone: HashSet<ModuleId> = HashSet::new();
        for (module, number) in tables.modules.iter_mut().zip(1..) {
            if dead.contains(&module.loader) {
                *module = Module::gone();
                gone.insert(ModuleId(number));
            }
        }
        for module in &mut tables.modules {
            module.reads.retain(|read| !gone.contains(read));
            module.exports.values_mut().for_each(|export| export.to.retain(|to| !gone.contains(to)));
        }
        tables.packages.retain(|_, module| !gone.contains(module));
        let gone: Vec<ModuleId> = gone.into_iter().collect();
        tables.free.extend(&gone);
        gone
    }

    /// The named module that holds a package of a loader.
    pub fn of_package(&self, loader: LoaderId, package: Symbol) -> Option<ModuleId> {
        self.tables.read().packages.get(&(loader, package)).copied()
    }

    pub fn name(&self, module: ModuleId) -> Option<Symbol> {
        self.tables.read().get(module).map(|m| m.name).filter(|name| !name.is_none())
    }

    pub fn loader(&self, module: ModuleId) -> LoaderId {
        self.tables.read().get(module).map_or(LoaderId::BOOT, |m| m.loader)
    }

    pub fn is_named(&self, module: ModuleId) -> bool {
        !self.tables.read().is_unnamed(module)
    }

    /// The packages of a named module.
    pub fn packages(&self, module: ModuleId) -> Vec<Symbol> {
        self.tables.read().get(module).map_or_else(Vec::new, |m| m.packages.iter().copied().collect())
    }

    /// Whether `from` reads `to`: itself, java.base, what it was told to; an unnamed module reads every module.
    pub fn can_read(&self, from: ModuleId, to: ModuleId) -> bool {
        if from == to || to.0 == 0 || from.0 == 0 || to == self.java_base() {
            return true;
        }
        let tables = self.tables.read();
        let Some(module) = tables.get(from) else { return true };
        module.name.is_none()
            || module.reads.contains(&to)
            || (module.reads_all_unnamed && tables.is_unnamed(to))
    }

    /// Whether `module` exports `package` to `to`.
    pub fn is_exported(&self, module: ModuleId, package: Symbol, to: ModuleId) -> bool {
        if module == to || module.0 == 0 {
            return true;
        }
        let tables = self.tables.read();
        let Some(exporter) = tables.get(module) else { return true };
        exporter.name.is_none()
            || exporter.open
            || exporter.exports.get(&package).is_some_and(|export| {
                export.to_all || export.to.contains(&to) || (export.to_all_unnamed && tables.is_unnamed(to))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(n: u32) -> Symbol {
        Symbol::from_raw(n * 8)
    }

    #[test]
    fn reading_and_exporting() {
        let table = ModuleTable::default();
        let unnamed = table.new_unnamed(LoaderId::BOOT);
        let app = table.new_unnamed(LoaderId(2));
        let base = table.define(LoaderId::BOOT, symbol(1), &[symbol(10)], false, true).unwrap();
        let a = table.define(LoaderId(2), symbol(2), &[symbol(11), symbol(12)], false, false).unwrap();
        let b = table.define(LoaderId(2), symbol(3), &[symbol(13)], false, false).unwrap();
        assert_eq!(table.java_base(), base);
        assert!(table.can_read(a, base) && table.can_read(unnamed, a) && !table.can_read(a, b));
        table.add_reads(a, Some(b)).unwrap();
        assert!(table.can_read(a, b) && !table.can_read(b, a) && !table.can_read(a, app));
        table.add_reads(a, None).unwrap();
        assert!(table.can_read(a, app));

        assert!(!table.is_exported(a, symbol(11), b) && table.is_exported(a, symbol(11), a));
        table.add_exports(a, symbol(11), b).unwrap();
        assert!(table.is_exported(a, symbol(11), b) && !table.is_exported(a, symbol(12), b));
        assert!(!table.is_exported(a, symbol(11), app));
        table.add_exports_to_all_unnamed(a, symbol(11)).unwrap();
        assert!(table.is_exported(a, symbol(11), app) && !table.is_exported(a, symbol(11), base));
        table.add_exports_to_all(a, symbol(12)).unwrap();
        assert!(table.is_exported(a, symbol(12), base));
        assert!(table.is_exported(app, symbol(99), a), "unnamed modules export everything");
        assert_eq!(table.add_exports(a, symbol(13), b), Err(ModuleError::NoSuchPackage));
    }

    #[test]
    fn modules_go_with_their_loader() {
        let table = ModuleTable::default();
        let stays = table.define(LoaderId(1), symbol(1), &[symbol(10)], false, false).unwrap();
        let unnamed = table.new_unnamed(LoaderId(2));
        let goes = table.define(LoaderId(2), symbol(2), &[symbol(11)], false, false).unwrap();
        table.add_reads(stays, Some(goes)).unwrap();
        table.add_exports(stays, symbol(10), goes).unwrap();
        let mut gone = table.remove_loaders(&HashSet::from_iter([LoaderId(2)]));
        gone.sort_unstable();
        assert_eq!(gone, [unnamed, goes]);
        assert_eq!(table.of_package(LoaderId(2), symbol(11)), None);
        let next = [3, 4].map(|n| table.define(LoaderId(2), symbol(n), &[], false, false).unwrap());
        assert!(next.contains(&goes) && next.contains(&unnamed), "numbers are used again");
        assert!(!table.can_read(stays, goes) && !table.is_exported(stays, symbol(10), goes));
        assert!(table.remove_loaders(&HashSet::from_iter([LoaderId(9)])).is_empty());
    }

    #[test]
    fn packages_belong_to_one_module_of_a_loader() {
        let table = ModuleTable::default();
        let first = table.define(LoaderId(1), symbol(1), &[symbol(10)], false, false).unwrap();
        assert_eq!(
            table.define(LoaderId(1), symbol(2), &[symbol(9), symbol(10)], false, false),
            Err(ModuleError::PackageTaken(symbol(10), first))
        );
        assert_eq!(table.of_package(LoaderId(1), symbol(9)), None, "a refused definition leaves nothing");
        assert_eq!(table.define(LoaderId(1), symbol(1), &[], false, false), Err(ModuleError::Duplicate));
        let second = table.define(LoaderId(2), symbol(1), &[symbol(10)], true, false).unwrap();
        assert_eq!(table.of_package(LoaderId(2), symbol(10)), Some(second));
        assert!(table.is_exported(second, symbol(10), first), "an open module exports all its packages");
    }
}

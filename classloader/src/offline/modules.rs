//! The modules of the JDK image, defined as they stand in their descriptions, without any Java code.
//!
//! All of them are the boot loader's here, where a running machine spreads them over three loaders: no package is in two
//! modules of the image, so what a class may access is the same. Every module of the image is resolved.
//!
//! Deliberately absent: services, opens (only reflection asks), and modules that are not in the image.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::class::{LoaderId, ModuleId};
use crate::classfile::attributes;
use crate::classfile::{ClassFile, mutf8};
use crate::link::{LinkError, LinkErrorKind};
use crate::modules::ModuleError;
use crate::source::JImage;
use crate::universe::Universe;

/// What the image holds of a module.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Classes in internal form, sorted; descriptions of modules are not among them.
    pub(super) classes: Vec<String>,
    /// Packages in internal form.
    packages: BTreeSet<String>,
}

/// The modules of an image by name, with what they contain.
pub(super) fn contents(image: &JImage) -> Result<BTreeMap<String, Content>, LinkError> {
    let mut modules: BTreeMap<String, Content> = BTreeMap::new();
    for entry in image.entries() {
        let entry = entry.map_err(|error| unusable(&error.to_string()))?;
        if !entry.is_class() {
            continue;
        }
        let content = match modules.get_mut(entry.module) {
            Some(content) => content,
            None => modules.entry(entry.module.to_owned()).or_default(),
        };
        if entry.parent.is_empty() {
            // The module's description.
            continue;
        }
        if !content.packages.contains(entry.parent) {
            content.packages.insert(entry.parent.to_owned());
        }
        content.classes.push(format!("{}/{}", entry.parent, entry.base));
    }
    for content in modules.values_mut() {
        content.classes.sort_unstable();
    }
    Ok(modules)
}

/// Defines every module of the image, with who reads and exports what.
pub(super) fn define(
    universe: &Universe,
    image: &JImage,
    contents: &BTreeMap<String, Content>,
) -> Result<(), LinkError> {
    let mut ids: HashMap<&str, ModuleId> = HashMap::new();
    let mut descriptions: HashMap<&str, Description> = HashMap::new();
    // Others may be defined only when there is a java.base.
    let base = contents.get_key_value("java.base").ok_or_else(|| unusable("it has no java.base"))?;
    for (name, content) in std::iter::once(base).chain(contents.iter().filter(|(n, _)| *n != base.0)) {
        let description = Description::read(image, name)?;
        let packages: Result<Vec<_>, _> =
            content.packages.iter().map(|package| universe.sym(package)).collect();
        let id = universe.define_module(LoaderId::BOOT, universe.sym(name)?, &packages?, description.open)?;
        ids.insert(name, id);
        descriptions.insert(name, description);
    }
    for (name, description) in &descriptions {
        let Some(&id) = ids.get(name) else { continue };
        for read in readable(name, &descriptions) {
            if let Some(&other) = ids.get(read) {
                universe.modules.add_reads(id, Some(other)).map_err(inconsistent)?;
            }
        }
        for (package, to) in &description.exports {
            let package = universe.sym(package)?;
            if to.is_empty() {
                universe.modules.add_exports_to_all(id, package).map_err(inconsistent)?;
            }
            for target in to.iter().filter_map(|name| ids.get(name.as_str())) {
                universe.modules.add_exports(id, package, *target).map_err(inconsistent)?;
            }
        }
    }
    Ok(())
}

/// The parts of a `Module` attribute that access checks want.
#[derive(Debug, Default)]
struct Description {
    open: bool,
    /// Modules, and whether whoever reads this one reads them too.
    requires: Vec<(String, bool)>,
    /// Packages and the modules that they are exported to; none for all.
    exports: Vec<(String, Vec<String>)>,
}

impl Description {
    fn read(image: &JImage, module: &str) -> Result<Description, LinkError> {
        const OPEN: u16 = 0x0020;
        const TRANSITIVE: u16 = 0x0020;
        let found = image.find(module, "module-info.class").map_err(|error| unusable(&error.to_string()))?;
        let bytes = found.ok_or_else(|| unusable(&format!("{module} has no description")))?;
        let file = ClassFile::read(&bytes)?;
        let pool = &file.pool;
        let info = file.attributes.module.ok_or_else(|| unusable(&format!("{module} is no module")))?;
        let text = |bytes: Option<&[u8]>| bytes.map_or_else(String::new, mutf8::to_string);
        let parts = attributes::module(&info);
        Ok(Description {
            open: parts.flags & OPEN != 0,
            requires: parts
                .requires
                .iter()
                .map(|&(index, flags)| (text(pool.module_name(index)), flags & TRANSITIVE != 0))
                .collect(),
            exports: parts
                .exports
                .iter()
                .map(|(index, to)| {
                    let to = to.iter().map(|&index| text(pool.module_name(index))).collect();
                    (text(pool.package_name(*index)), to)
                })
                .collect(),
        })
    }
}

/// The modules that one reads: what it requires, and what those require transitively.
fn readable<'a>(name: &str, descriptions: &'a HashMap<&str, Description>) -> BTreeSet<&'a str> {
    let mut reads = BTreeSet::new();
    let requires = |name: &str| descriptions.get(name).map_or(&[][..], |d| &d.requires);
    let mut todo: Vec<&str> = requires(name).iter().map(|(name, _)| name.as_str()).collect();
    while let Some(next) = todo.pop() {
        if reads.insert(next) {
            todo.extend(
                requires(next).iter().filter(|(_, transitive)| *transitive).map(|(name, _)| name.as_str()),
            );
        }
    }
    reads
}

fn unusable(what: &str) -> LinkError {
    LinkError::new(LinkErrorKind::IllegalArgumentException, format!("the JDK's image cannot be used: {what}"))
}

pub(super) fn inconsistent(error: ModuleError) -> LinkError {
    unusable(&format!("its modules contradict each other: {error:?}"))
}

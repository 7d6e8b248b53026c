//! The boot loader: where it looks for classes, and loading through it.
//!
//! Search order for a class of a named module: the module's patches, then the image. All other classes come from the
//! appended entries. Before java.base is defined only its own packages are visible in the image.
//!
//! Invariant: losing a race is no error; all threads get the class that was published first. Deliberately absent: the
//! library's own loaders, which are Java.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use carafe_gc::metaspace::ClassId;
use carafe_gc::object::HEADER_BYTES;

use super::Universe;
use crate::basic::BasicType;
use crate::class::{Class, LoaderId};
use crate::classfile::{ClassFile, FieldInfo};
use crate::link::layout::{self, FieldShape};
use crate::link::{DefineRequest, LinkError, LinkErrorKind, LinkHost, Outcome, injected, injected_type};
use crate::names::package_of;
use crate::source::{ClassSource, Directory, JImage, Jar, SourceError};
use crate::symbols::Symbol;

/// A folder or jar that the boot loader reads besides the image.
pub struct BootEntry {
    source: Box<dyn ClassSource>,
    location: String,
}

impl BootEntry {
    /// Opens a folder, or a jar if `path` is a file.
    pub fn open(path: &Path) -> Result<BootEntry, SourceError> {
        let location = path.display().to_string();
        let source: Box<dyn ClassSource> =
            if path.is_dir() { Box::new(Directory::open(path)?) } else { Box::new(Jar::open(path)?) };
        Ok(BootEntry { source, location })
    }
}

/// Where the boot loader looks.
pub struct BootPath {
    pub image: Arc<JImage>,
    /// `--patch-module`: module name and what replaces parts of it, in order.
    pub patches: Vec<(String, Vec<BootEntry>)>,
    /// `-Xbootclasspath/a`, in order.
    pub append: Vec<BootEntry>,
}

/// A class file that the boot loader found.
struct Found<'a> {
    bytes: Cow<'a, [u8]>,
    source: String,
    from_image: bool,
}

impl BootPath {
    pub fn new(image: Arc<JImage>) -> BootPath {
        BootPath { image, patches: Vec::new(), append: Vec::new() }
    }

    fn in_module(&self, module: &str, name: &str) -> Result<Option<Found<'_>>, SourceError> {
        let patches = self.patches.iter().filter(|(patched, _)| patched == module);
        for entry in patches.flat_map(|(_, entries)| entries) {
            if let Some(bytes) = entry.source.class_bytes(name)? {
                return Ok(Some(Found { bytes, source: entry.location.clone(), from_image: false }));
            }
        }
        let bytes = self.image.find(module, &format!("{name}.class"))?;
        Ok(bytes.map(|bytes| Found { bytes, source: format!("jrt:/{module}"), from_image: true }))
    }

    fn appended(&self, name: &str) -> Result<Option<Found<'_>>, SourceError> {
        for entry in &self.append {
            if let Some(bytes) = entry.source.class_bytes(name)? {
                return Ok(Some(Found { bytes, source: entry.location.clone(), from_image: false }));
            }
        }
        Ok(None)
    }

    /// Where static fields start in mirrors: behind the instance fields of `java.lang.Class`, as its class file has them.
    /// It must be known for classes that are created before that one.
    pub(super) fn mirror_start(&self) -> Result<u32, LinkError> {
        let mut end = HEADER_BYTES as u32;
        for name in ["java/lang/Object", "java/lang/Class"] {
            let found = self.in_module("java.base", name).map_err(unreadable)?;
            let found = found.ok_or_else(|| LinkError::new(LinkErrorKind::NoClassDefFoundError, name))?;
            let file = ClassFile::read(&found.bytes).map_err(LinkError::from)?;
            let instance = |field: &&FieldInfo<'_>| field.access & crate::classfile::access::STATIC == 0;
            let shape =
                |field: &FieldInfo<'_>| FieldShape { basic: basic_of(field.descriptor), unscanned: false };
            let mut shapes: Vec<FieldShape> = file.fields.iter().filter(instance).map(shape).collect();
            let added = |name: &&str| FieldShape { basic: injected_type(name), unscanned: false };
            shapes.extend(injected(name.as_bytes()).iter().map(added));
            end = layout::place(end, &shapes).end;
        }
        Ok(end.next_multiple_of(8))
    }
}

/// The type of a field by its descriptor, which was checked when the class file was read.
pub(crate) fn basic_of(descriptor: &[u8]) -> BasicType {
    descriptor.first().and_then(|&c| BasicType::from_descriptor(c)).unwrap_or(BasicType::Int)
}

fn unreadable(error: SourceError) -> LinkError {
    LinkError::new(LinkErrorKind::NoClassDefFoundError, error.to_string())
}

impl Universe {
    /// Whether a class is the JDK's: the boot loader's, or that of one of the library's own loaders and of a module of the
    /// image.
    pub fn is_of_library(&self, class: &Class) -> bool {
        if class.loader.is_boot() || !self.is_permanent_loader(class.loader) {
            return class.loader.is_boot();
        }
        let Some(module) = self.modules.name(class.module()) else { return false };
        let package = String::from_utf8_lossy(package_of(self.text(class.name)));
        let of_image = self.boot_path.image.package_to_module(&package);
        of_image.is_ok_and(|found| found.is_some_and(|found| found == self.str(module)))
    }

    /// Loads a class through the boot loader; `None` if it is not found. Superclasses are loaded through the host.
    pub fn load_boot<H: LinkHost>(&self, host: &mut H, name: Symbol) -> Result<Option<ClassId>, H::Error> {
        if let Some(loaded) = self.find_loaded(LoaderId::BOOT, name) {
            return Ok(Some(loaded));
        }
        let Some(found) = self.find_boot(name)? else { return Ok(None) };
        let request = DefineRequest {
            name: Some(name),
            source: Some(&found.source),
            from_image: found.from_image,
            ..DefineRequest::new(LoaderId::BOOT, &found.bytes)
        };
        match self.create(host, request)? {
            Outcome::Created(class) | Outcome::Lost { winner: class, .. } => Ok(Some(class)),
        }
    }

    /// Classes of the image that do not exist for this isolate, by internal name. Only before anything is loaded.
    pub fn close(&self, names: Vec<String>) {
        debug_assert!(self.closed.get().is_none(), "once");
        let _ = self.closed.set(names);
    }

    fn find_boot(&self, name: Symbol) -> Result<Option<Found<'_>>, LinkError> {
        let text = self.str(name);
        if self.closed.get().is_some_and(|closed| closed.iter().any(|closed| *closed == *text)) {
            return Ok(None);
        }
        let package = package_of(text.as_bytes());
        let found = if !self.modules.is_java_base_defined() {
            self.boot_path.in_module("java.base", &text)
        } else {
            let package = self.symbols.lookup(&self.meta, package);
            let module = package.and_then(|package| self.modules.of_package(LoaderId::BOOT, package));
            match module.and_then(|module| self.modules.name(module)) {
                Some(module) => self.boot_path.in_module(&self.str(module), &text),
                None => self.boot_path.appended(&text),
            }
        };
        found.map_err(unreadable)
    }
}

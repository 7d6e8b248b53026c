//! A host for linking that runs no Java: user loaders are maps of class files that ask the boot loader first.

use std::collections::HashMap;
use std::sync::Arc;

use carafe_classloader::class::{LoaderId, ModuleId};
use carafe_classloader::link::{DefineRequest, Describe, LinkError, LinkErrorKind, LinkHost};
use carafe_classloader::symbols::Symbol;
use carafe_classloader::universe::{BootPath, Universe};
use carafe_gc::metaspace::{ClassId, Metaspace};
use carafe_gc::{Cage, CageConfig};

pub(crate) struct Host {
    pub(crate) universe: Arc<Universe>,
    /// In the order in which their mirrors were asked for.
    pub(crate) created: Vec<ClassId>,
    pub(crate) files: HashMap<(LoaderId, String), Vec<u8>>,
    /// Loaders that a loader asks first, besides the boot loader.
    pub(crate) parents: HashMap<LoaderId, LoaderId>,
    /// Refuses to make mirrors while set.
    pub(crate) out_of_memory: bool,
    /// Work charged so far, and how much there may be before the program counts as ended.
    pub(crate) charged: u64,
    pub(crate) allowed: u64,
}

impl Host {
    pub(crate) fn new() -> Host {
        Host::with_metaspace(1 << 30)
    }

    pub(crate) fn with_metaspace(bytes: u64) -> Host {
        let cage = Cage::reserve(&CageConfig { heap_bytes: 1 << 20 }).unwrap();
        let meta = Arc::new(Metaspace::new(&cage, bytes));
        let universe = Universe::new(meta, BootPath::new(Arc::new(crate::common::image()))).unwrap();
        Host {
            universe: Arc::new(universe),
            created: Vec::new(),
            files: HashMap::new(),
            parents: HashMap::new(),
            out_of_memory: false,
            charged: 0,
            allowed: u64::MAX,
        }
    }

    /// Gives every class a mirror of its own, as far as anybody can tell.
    pub(crate) fn mirrors(&self) {
        for id in self.universe.classes() {
            self.universe.class(id).mirror.store(1000 + id.0, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// Another thread's host of the same universe.
    pub(crate) fn sibling(&self) -> Host {
        Host {
            universe: self.universe.clone(),
            created: Vec::new(),
            files: HashMap::new(),
            parents: HashMap::new(),
            out_of_memory: false,
            charged: 0,
            allowed: u64::MAX,
        }
    }

    /// One that knows the classes that every VM loads first.
    pub(crate) fn booted() -> Host {
        let mut host = Host::new();
        host.boot("java/lang/Object");
        host.boot("java/lang/Class");
        host
    }

    pub(crate) fn symbol(&self, text: &str) -> Symbol {
        self.universe.sym(text).unwrap()
    }

    pub(crate) fn boot(&mut self, name: &str) -> ClassId {
        let universe = self.universe.clone();
        universe.load_boot(self, self.symbol(name)).unwrap().unwrap_or_else(|| panic!("no {name}"))
    }

    pub(crate) fn load(&mut self, loader: LoaderId, name: &str) -> Result<ClassId, LinkError> {
        let name = self.symbol(name);
        self.load_class(loader, name)
    }

    pub(crate) fn add(&mut self, loader: LoaderId, name: &str, bytes: Vec<u8>) {
        self.files.insert((loader, name.to_owned()), bytes);
    }

    pub(crate) fn define(&mut self, loader: LoaderId, bytes: &[u8]) -> Result<ClassId, LinkError> {
        let universe = self.universe.clone();
        universe.define(self, DefineRequest::new(loader, bytes))
    }

    pub(crate) fn link(&mut self, class: ClassId) -> Result<(), LinkError> {
        let universe = self.universe.clone();
        universe.link(self, class)
    }
}

impl Describe for Host {
    fn loader_name(&self, loader: LoaderId) -> String {
        if loader.is_boot() { "'bootstrap'".to_owned() } else { format!("'l{}' @{}", loader.0, loader.0) }
    }

    fn parent_loader_name(&self, loader: LoaderId) -> Option<String> {
        (!loader.is_boot()).then(|| "'bootstrap'".to_owned())
    }

    fn module_name(&self, module: ModuleId) -> Option<String> {
        match (module, self.universe.modules.name(module)) {
            (ModuleId(0), _) => Some("java.base".to_owned()),
            (_, name) => name.map(|name| self.universe.str(name).into_owned()),
        }
    }
}

impl LinkHost for Host {
    type Error = LinkError;

    fn load_class(&mut self, loader: LoaderId, name: Symbol) -> Result<ClassId, LinkError> {
        let universe = self.universe.clone();
        if let Some(found) = universe.find_loaded(loader, name) {
            return Ok(found);
        }
        if let Some(found) = universe.load_boot(self, name)? {
            if !loader.is_boot() {
                universe.record_initiating(self, loader, name, found)?;
            }
            return Ok(found);
        }
        let text = universe.str(name).into_owned();
        if let Some(&parent) = self.parents.get(&loader)
            && let Ok(found) = self.load_class(parent, name)
        {
            universe.record_initiating(self, loader, name, found)?;
            return Ok(found);
        }
        let missing = LinkError::new(LinkErrorKind::NoClassDefFoundError, text.clone());
        let bytes = self.files.get(&(loader, text)).ok_or(missing)?.clone();
        let request = DefineRequest { name: Some(name), ..DefineRequest::new(loader, &bytes) };
        universe.define(self, request)
    }

    fn class_created(&mut self, class: ClassId) -> Result<(), LinkError> {
        if self.out_of_memory {
            return Err(LinkError::new(LinkErrorKind::OutOfMemoryError, "Java heap space"));
        }
        self.created.push(class);
        Ok(())
    }

    fn charge(&mut self, units: u64) -> Result<(), LinkError> {
        self.charged += units;
        if self.charged > self.allowed {
            return Err(LinkError::new(LinkErrorKind::IllegalStateException, "ended"));
        }
        Ok(())
    }

    fn absorb(&mut self, error: LinkError) -> Result<String, LinkError> {
        Ok(error.to_string().replace('/', "."))
    }
}

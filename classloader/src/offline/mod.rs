//! Loading, verifying and linking classes without running any Java: what `carafe verify` is made of.
//!
//! An [`Offline`] has the modules of the JDK image, which the boot loader defines, and one class path ([`ClassPath`]) for
//! an application loader that asks the boot loader for packages of the image's modules, as the library's own does. No
//! object is ever made: classes have no mirrors.
//!
//! A class that the application loader would not take (because an earlier entry of the class path has one of that name,
//! or the image, or because a higher version of a multi-release jar replaces it) is loaded by a loader of its container's
//! own, which looks there first; so every class file gets its verdict.
//!
//! Invariants: a class file's verdict does not depend on the order in which verdicts are asked for. A broken class is
//! refused once; those that need it as a supertype are told apart, and so are those whose dependencies are missing.
//!
//! Deliberately absent: initialization, and loaders that programs write themselves.

mod modules;
mod name;
mod path;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use carafe_gc::metaspace::{ClassId, Metaspace};
use carafe_gc::{Cage, CageConfig};

pub use name::name_of;

use crate::class::{ClassState, LoaderId, ModuleId};
use crate::classfile::{ClassFile, ReadOptions, mutf8};
use crate::link::{DefineRequest, Describe, LinkError, LinkErrorKind, LinkHost};
use crate::source::{JImage, SourceError};
use crate::symbols::Symbol;
use crate::universe::{BootPath, Universe};
use modules::Content;
use path::{ClassPath, RELEASE};

/// How deep superclasses may be nested while classes are loaded. Each level takes some native stack.
const NESTING_MAX: u32 = 1000;
/// Native stack that is enough for [`NESTING_MAX`] levels.
pub const STACK_BYTES: usize = 128 << 20;

/// After so many classes of the image its pages are given back: loaded classes do not need them, and the image is large.
const IMAGE_READS: u32 = 1000;

/// What became of a class file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    Accepted,
    Refused(LinkError),
    /// A supertype (its name is dotted) was refused; the error is the supertype's.
    SupertypeRefused {
        supertype: String,
        error: LinkError,
    },
    /// A class (dotted) that has to be loaded for the verdict is nowhere.
    Missing(String),
    /// The class file cannot be had, with the reason.
    Unreadable(String),
    /// The same bytes under the same name come earlier on the class path.
    Duplicate,
}

/// One of the class files to verify.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Input {
    container: usize,
    entry: usize,
}

/// A class path above a JDK image, and the classes loaded from both.
pub struct Offline {
    host: Host,
    image: Arc<JImage>,
    read_from_image: u32,
    contents: std::collections::BTreeMap<String, Content>,
}

impl Offline {
    /// Everything of `image` in place, nothing on the class path. Metadata may take `metaspace_bytes`.
    pub fn new(image: Arc<JImage>, metaspace_bytes: u64) -> Result<Offline, LinkError> {
        let no_memory = |error: carafe_gc::cage::CageError| {
            LinkError::new(LinkErrorKind::OutOfMemoryError, error.to_string())
        };
        let cage = Cage::reserve(&CageConfig { heap_bytes: 1 << 20 }).map_err(no_memory)?;
        let meta = Arc::new(Metaspace::new(&cage, metaspace_bytes));
        let contents = modules::contents(&image)?;
        let universe = Arc::new(Universe::new(meta, BootPath::new(image.clone()))?);
        modules::define(&universe, &image, &contents)?;
        let application = universe.new_loader()?;
        let mut host = Host {
            universe,
            path: ClassPath::default(),
            loaders: vec![View { loader: application, own: None }],
            failed: HashMap::new(),
            refused: HashMap::new(),
            nesting: 0,
            missing: None,
            last_failed: None,
        };
        for name in ["java/lang/Object", "java/lang/Class"] {
            let name = host.universe.sym(name)?;
            host.load_class(LoaderId::BOOT, name)?;
        }
        Ok(Offline { host, image, read_from_image: 0, contents })
    }

    /// Classes of the image are verified too, from now on.
    pub fn verify_image(&mut self) {
        self.host.universe.set_verify_all(true);
    }

    /// Exports a package of an image's module (both names dotted) to what is on the class path.
    pub fn add_exports(&mut self, module: &str, package: &str) -> Result<(), LinkError> {
        let universe = &self.host.universe;
        let package = universe.sym(&package.replace('.', "/"))?;
        let home = universe.modules.of_package(LoaderId::BOOT, package);
        let named =
            |id: &ModuleId| universe.modules.name(*id).is_some_and(|name| universe.str(name) == module);
        let Some(home) = home.filter(named) else {
            let what = format!("package {} not in {module}", universe.str(package));
            return Err(LinkError::new(LinkErrorKind::IllegalArgumentException, what));
        };
        universe.modules.add_exports_to_all_unnamed(home, package).map_err(modules::inconsistent)
    }

    /// Class files that depend on preview features are accepted.
    pub fn accept_preview(&mut self) {
        self.host.universe.set_preview(true);
    }

    /// Adds a class file, a folder or a jar whose classes are to be verified.
    pub fn add_input(&mut self, path: &Path) -> Result<(), SourceError> {
        self.host.path.add(path, true)
    }

    /// Adds a folder or a jar with classes that others depend on.
    pub fn add_dependency(&mut self, path: &Path) -> Result<(), SourceError> {
        self.host.path.add(path, false)
    }

    /// The class files to verify, container by container.
    pub fn inputs(&self) -> Vec<Input> {
        let wanted = self.host.path.containers.iter().enumerate().filter(|(_, container)| container.verify);
        let inputs =
            |(container, entries): (usize, usize)| (0..entries).map(move |entry| Input { container, entry });
        wanted.map(|(index, container)| (index, container.entries.len())).flat_map(inputs).collect()
    }

    /// Where an input is: `path`, or `jar!path`.
    pub fn label(&self, input: Input) -> String {
        let container = self.host.path.containers.get(input.container);
        let found = container.and_then(|c| Some(c.label(c.entries.get(input.entry)?)));
        found.unwrap_or_default()
    }

    /// Loads, verifies and links a class of the class path.
    pub fn verify(&mut self, input: Input) -> Verdict {
        let verdict = self.host.verify_input(input).unwrap_or_else(|error| error);
        match &verdict {
            Verdict::Refused(error) if error.kind == LinkErrorKind::NoClassDefFoundError => {
                if self.host.learn_root(input) {
                    return self.host.verify_input(input).unwrap_or_else(|error| error);
                }
                verdict
            }
            _ => verdict,
        }
    }

    /// Defines, verifies and links a class file that is on no class path, in a loader to itself. `None` if it has no name.
    pub fn verify_bytes(&mut self, bytes: &[u8]) -> Option<Verdict> {
        let name = String::from_utf8_lossy(name_of(bytes)?).into_owned();
        Some(self.host.verify_alone(&name, bytes))
    }

    /// The names of the image's modules.
    pub fn modules(&self) -> impl Iterator<Item = &str> {
        self.contents.keys().map(String::as_str)
    }

    /// The names of the classes in a module of the image, in internal form.
    pub fn classes_of(&self, module: &str) -> &[String] {
        self.contents.get(module).map_or(&[], |content| &content.classes)
    }

    /// Loads, links and, if [`Offline::verify_image`] was called, verifies a class of the image.
    pub fn verify_boot(&mut self, name: &str) -> Verdict {
        self.read_from_image += 1;
        if self.read_from_image.is_multiple_of(IMAGE_READS) {
            self.image.release_memory();
        }
        self.host.verify_in(LoaderId::BOOT, name)
    }

    pub fn universe(&self) -> &Universe {
        &self.host.universe
    }
}

/// A loader: the application loader, or that of one container's overridden classes.
struct View {
    loader: LoaderId,
    /// The container that is asked first, and the release that it is asked as.
    own: Option<(usize, u16)>,
}

/// Why a class could not be loaded.
#[derive(Clone)]
struct Failure {
    /// The class that is to blame.
    origin: Symbol,
    error: LinkError,
    /// It is to blame because it is not there.
    missing: bool,
}

/// What linking asks.
struct Host {
    universe: Arc<Universe>,
    path: ClassPath,
    loaders: Vec<View>,
    /// Definitions that failed, to fail the same way again.
    failed: HashMap<(LoaderId, Symbol), Failure>,
    /// Classes that were loaded and failed to link.
    refused: HashMap<ClassId, Failure>,
    nesting: u32,
    /// The last class that was asked for and is nowhere.
    missing: Option<Symbol>,
    /// The last definition that failed.
    last_failed: Option<Failure>,
}

impl Host {
    fn verify_input(&mut self, input: Input) -> Result<Verdict, Verdict> {
        let container = self.path.containers.get(input.container);
        let Some((container, entry)) = container.and_then(|c| Some((c, c.entries.get(input.entry)?))) else {
            return Ok(Verdict::Unreadable("no such entry".to_owned()));
        };
        let unreadable = |error: SourceError| Verdict::Unreadable(error.to_string());
        let (name, version) = (entry.name.clone(), entry.version);
        let nameless = name.is_empty();
        if nameless || name == "module-info" {
            let bytes = container.read(entry).map_err(unreadable)?;
            let module = !nameless;
            let options = ReadOptions { name: None, check: true, preview: self.universe.preview(), module };
            return Ok(match ClassFile::read_with(&bytes, options) {
                Ok(_) => Verdict::Accepted,
                Err(error) => Verdict::Refused(error.into()),
            });
        }
        let place = (input.container, input.entry);
        let hidden_by_image = self.is_of_image(&name);
        if !hidden_by_image && self.path.find(&name) == Some(place) {
            let loader = self.loaders.first().map_or(LoaderId::BOOT, |view| view.loader);
            return Ok(self.verify_in(loader, &name));
        }
        if !hidden_by_image
            && let Some(other) = self.path.find(&name)
            && let Some(first) = self.path.containers.get(other.0)
            && let Some(first) = first.entries.get(other.1).map(|entry| first.read(entry))
            && first.is_ok_and(|first| container.read(entry).is_ok_and(|own| own == first))
        {
            return Ok(Verdict::Duplicate);
        }
        // What would be taken if this one's version were the newest.
        let release = if container.find(&name, RELEASE) == Some(input.entry) { RELEASE } else { version };
        if container.find(&name, release) != Some(input.entry) {
            let bytes = container.read(entry).map_err(unreadable)?;
            return Ok(self.verify_alone(&name, &bytes));
        }
        match self.loader_of((input.container, release)) {
            Ok(loader) => Ok(self.verify_in(loader, &name)),
            Err(error) => Ok(Verdict::Refused(error)),
        }
    }

    /// Whether the class of an input has another name than its path says, which is known from now on.
    fn learn_root(&mut self, input: Input) -> bool {
        let container = self.path.containers.get(input.container);
        let bytes = container.and_then(|c| c.read(c.entries.get(input.entry)?).ok()).unwrap_or_default();
        let name = name_of(&bytes).map(mutf8::to_string);
        name.is_some_and(|name| self.path.learn_root(input.container, input.entry, &name))
    }

    /// A second class file of one name in one container: it gets a loader to itself.
    fn verify_alone(&mut self, name: &str, bytes: &[u8]) -> Verdict {
        let universe = self.universe.clone();
        let loaded = universe.new_loader().and_then(|loader| {
            self.loaders.push(View { loader, own: None });
            let name = universe.sym(name)?;
            Ok((
                loader,
                name,
                universe
                    .define(self, DefineRequest { name: Some(name), ..DefineRequest::new(loader, bytes) }),
            ))
        });
        match loaded {
            Ok((_, name, Ok(class))) => self.verify_loaded(name, class),
            Ok((_, name, Err(error))) => {
                let missing = self.is_missing(&error);
                self.judge(name, Failure { origin: name, error, missing })
            }
            Err(error) => Verdict::Refused(error),
        }
    }

    /// The loader that asks a container first.
    fn loader_of(&mut self, own: (usize, u16)) -> Result<LoaderId, LinkError> {
        if let Some(view) = self.loaders.iter().find(|view| view.own == Some(own)) {
            return Ok(view.loader);
        }
        let loader = self.universe.new_loader()?;
        self.loaders.push(View { loader, own: Some(own) });
        Ok(loader)
    }

    fn verify_in(&mut self, loader: LoaderId, name: &str) -> Verdict {
        let name = match self.universe.sym(name) {
            Ok(name) => name,
            Err(error) => return Verdict::Refused(error),
        };
        match self.load_class(loader, name) {
            Ok(class) => self.verify_loaded(name, class),
            Err(error) => {
                let missing = self.is_missing(&error);
                let failure = self.failed.get(&(loader, name)).cloned();
                self.judge(name, failure.unwrap_or(Failure { origin: name, error, missing }))
            }
        }
    }

    /// Links a class, and finds out who is to blame if that fails.
    fn verify_loaded(&mut self, name: Symbol, class: ClassId) -> Verdict {
        let universe = self.universe.clone();
        if universe.class(class).state() >= ClassState::Linked {
            return Verdict::Accepted;
        }
        if let Some(failure) = self.refused.get(&class) {
            let failure = failure.clone();
            return self.judge(name, failure);
        }
        // Supertypes first, those above others before them, so that each error is found where it is.
        let record = universe.class(class);
        let mut order: Vec<ClassId> = universe.meta.slice(record.all_interfaces).to_vec();
        let mut supers = Vec::new();
        let mut above = record.super_class;
        while !above.is_none() {
            supers.push(above);
            above = universe.class(above).super_class;
        }
        order.extend(supers.iter().rev().chain(&[class]));
        for next in order {
            if universe.class(next).state() >= ClassState::Linked {
                continue;
            }
            if let Some(failure) = self.refused.get(&next) {
                let failure = failure.clone();
                self.refused.insert(class, failure.clone());
                return self.judge(name, failure);
            }
            self.missing = None;
            if let Err(error) = universe.link(self, next) {
                let failure =
                    Failure { origin: universe.class(next).name, missing: self.is_missing(&error), error };
                self.refused.insert(next, failure.clone());
                self.refused.insert(class, failure.clone());
                return self.judge(name, failure);
            }
        }
        Verdict::Accepted
    }

    /// The verdict on `name` when loading or linking failed so.
    fn judge(&self, name: Symbol, failure: Failure) -> Verdict {
        let Failure { origin, error, missing } = failure;
        if missing {
            Verdict::Missing(error.message.replace('/', "."))
        } else if origin == name {
            Verdict::Refused(error)
        } else {
            Verdict::SupertypeRefused { supertype: self.universe.str(origin).replace('/', "."), error }
        }
    }

    /// Whether an error says that the class that was last not found is not there.
    fn is_missing(&self, error: &LinkError) -> bool {
        error.kind == LinkErrorKind::NoClassDefFoundError
            && self.missing.is_some_and(|name| self.universe.str(name) == error.message)
    }

    /// Whether a class is in a package of the image's modules.
    fn is_of_image(&self, name: &str) -> bool {
        let package = name.rsplit_once('/').map_or("", |(package, _)| package);
        let package = self.universe.symbols.lookup(&self.universe.meta, package.as_bytes());
        package.is_some_and(|package| self.universe.modules.of_package(LoaderId::BOOT, package).is_some())
    }

    /// The bytes of a class as a loader sees them: its own container first, if it has one, then the class path.
    fn find(&self, own: Option<(usize, u16)>, name: &str) -> Option<(usize, usize)> {
        if let Some((index, release)) = own
            && let Some(entry) = self.path.containers.get(index).and_then(|c| c.find(name, release))
        {
            return Some((index, entry));
        }
        if self.is_of_image(name) { None } else { self.path.find(name) }
    }

    fn define_from_path(&mut self, view: LoaderId, name: Symbol) -> Result<ClassId, LinkError> {
        let universe = self.universe.clone();
        let text = universe.str(name);
        let own = self.loaders.iter().find(|v| v.loader == view).and_then(|v| v.own);
        let found = self.find(own, &text).and_then(|(container, entry)| {
            let container = self.path.containers.get(container)?;
            Some(container.read(container.entries.get(entry)?))
        });
        let bytes = match found {
            Some(Ok(bytes)) => bytes,
            Some(Err(error)) => {
                return Err(LinkError::new(LinkErrorKind::NoClassDefFoundError, error.to_string()));
            }
            None if !self.is_of_image(&text)
                && let Some(bytes) = self.path.beside(&text) =>
            {
                bytes
            }
            None => {
                if let Some(class) = universe.load_boot(self, name)? {
                    universe.record_initiating(self, view, name, class)?;
                    return Ok(class);
                }
                self.missing = Some(name);
                return Err(LinkError::new(LinkErrorKind::NoClassDefFoundError, text.into_owned()));
            }
        };
        universe.define(self, DefineRequest { name: Some(name), ..DefineRequest::new(view, &bytes) })
    }
}

impl Describe for Host {
    fn loader_name(&self, loader: LoaderId) -> String {
        match self.loaders.iter().position(|view| view.loader == loader) {
            None => "'bootstrap'".to_owned(),
            Some(0) => "'app'".to_owned(),
            Some(_) => format!("'app' @{}", loader.0),
        }
    }

    fn module_name(&self, module: ModuleId) -> Option<String> {
        self.universe.modules.name(module).map(|name| self.universe.str(name).into_owned())
    }
}

impl LinkHost for Host {
    type Error = LinkError;

    fn load_class(&mut self, loader: LoaderId, name: Symbol) -> Result<ClassId, LinkError> {
        if let Some(found) = self.universe.find_loaded(loader, name) {
            return Ok(found);
        }
        if let Some(failure) = self.failed.get(&(loader, name)) {
            if failure.missing {
                self.missing =
                    self.universe.symbols.lookup(&self.universe.meta, failure.error.message.as_bytes());
            }
            let error = failure.error.clone();
            self.last_failed = Some(failure.clone());
            return Err(error);
        }
        if self.nesting >= NESTING_MAX {
            let text = self.universe.str(name);
            return Err(LinkError::linkage(format!("{text} has too many superclasses above one another")));
        }
        self.nesting += 1;
        self.missing = None;
        self.last_failed = None;
        let universe = self.universe.clone();
        let loaded = if loader.is_boot() {
            universe.load_boot(self, name).and_then(|found| {
                found.ok_or_else(|| {
                    self.missing = Some(name);
                    LinkError::new(LinkErrorKind::NoClassDefFoundError, universe.str(name))
                })
            })
        } else {
            self.define_from_path(loader, name)
        };
        self.nesting -= 1;
        if let Err(error) = &loaded {
            // If a supertype failed on the way, with this very error, it is to blame.
            let nested = self.last_failed.take().filter(|failure| failure.error == *error);
            let own = || Failure { origin: name, error: error.clone(), missing: self.is_missing(error) };
            let failure = nested.unwrap_or_else(own);
            self.last_failed = Some(failure.clone());
            self.failed.insert((loader, name), failure);
        }
        loaded
    }

    fn class_created(&mut self, _class: ClassId) -> Result<(), LinkError> {
        Ok(())
    }

    fn absorb(&mut self, error: LinkError) -> Result<String, LinkError> {
        Ok(error.to_string())
    }
}

//! Creation and linking of classes (JVMS 5.3, 5.4): from the bytes of a class file to a class that can run.
//!
//! | step | file |
//! |---|---|
//! | creation, in the order of JVMS 5.3.5 | `define` |
//! | superclass and superinterfaces: circularity, kinds, access, sealing | `supers` |
//! | metadata records from the parsed class file | `build`, `names`, `annotations` |
//! | field placement | `layout` |
//! | method selection tables | `vtable`, `itable`, `defaults` |
//! | linking | `prepare` |
//! | how much work a class may cause | `budget` |
//! | one name, one class across loaders (JVMS 5.3.4) | `constraints` |
//! | resolution and selection of members, access control, nests | `resolve`, `select`, `access`, `nest` |
//!
//! Invariant: a class that can be found by name is complete: its tables are built, its mirror exists, and it never
//! changes except through its atomics. A failure leaves nothing that can be found.
//!
//! Deliberately absent: initialization (it runs Java code, so the vm does it) and resolution caches (`class::pool` has
//! the slots, the vm fills them).

pub mod access;
mod annotations;
mod budget;
mod build;
pub mod constraints;
mod defaults;
mod define;
pub mod error;
mod itable;
pub mod layout;
mod messages;
mod names;
pub mod nest;
mod prepare;
pub mod resolve;
pub mod select;
mod supers;
mod vtable;

pub use access::ClassAccess;
pub(crate) use build::{injected, injected_type};
pub(crate) use define::{OWN_ARENA, Outcome};
pub use error::{LinkError, LinkErrorKind};
pub(crate) use supers::SuperLoads;
pub use vtable::MadeKind;

use std::time::Duration;

use carafe_gc::metaspace::ClassId;

use crate::class::{LoaderId, ModuleId};
use crate::symbols::Symbol;

/// How the Java side names loaders and modules, for messages.
pub trait Describe {
    /// `'app'`, `'platform'`, `'bootstrap'`; any other loader `'name' @1dbd16a6`, unnamed ones `Its$Class @1dbd16a6`.
    fn loader_name(&self, loader: LoaderId) -> String;

    /// The parent of a loader that is not one of the three built-in ones, in the same form.
    fn parent_loader_name(&self, loader: LoaderId) -> Option<String> {
        let _ = loader;
        None
    }

    /// The name of a named module, `None` for an unnamed one.
    fn module_name(&self, module: ModuleId) -> Option<String>;

    /// The identity hash of a module's `java.lang.Module`.
    fn module_hash(&self, module: ModuleId) -> u32 {
        let _ = module;
        0
    }
}

/// What creation and linking ask of whoever can run Java code.
pub trait LinkHost: Describe {
    type Error: From<LinkError>;

    /// The class that `loader` gives for a name that is not an array's; runs `ClassLoader.loadClass` for all but the
    /// boot loader, for which the answer is [`Universe::load_boot`](crate::universe::Universe::load_boot). The host
    /// bounds the recursion: a superclass is loaded while its subclass is being defined.
    fn load_class(&mut self, loader: LoaderId, name: Symbol) -> Result<ClassId, Self::Error>;

    /// Makes the `java.lang.Class` object of a class before anybody can find the class.
    fn class_created(&mut self, class: ClassId) -> Result<(), Self::Error>;

    /// A class was verified or refused, which took so long; what loading others for it took is not counted.
    fn verified(&mut self, _class: ClassId, _took: Duration) {}

    /// The class can be found by others now.
    fn class_published(&mut self, _class: ClassId) {}

    /// `units` of work (an instruction, a table entry, some tens of nanoseconds) have been done, or are about to be, on
    /// behalf of the program. Loops that hostile input makes long call this every few thousand units, outside of all
    /// locks; an error means that the program is being ended, and the work is given up.
    fn charge(&mut self, units: u64) -> Result<(), Self::Error> {
        let _ = units;
        Ok(())
    }

    /// Swallows an error that JVMS lets linking ignore (a nest host that cannot be loaded), or gives it back if it must
    /// not be ignored, such as StackOverflowError or the isolate's end. Answers it in words, as `Throwable.toString` does.
    fn absorb(&mut self, error: Self::Error) -> Result<String, Self::Error> {
        Err(error)
    }
}

/// A class to be created from bytes.
#[derive(Clone, Copy)]
pub struct DefineRequest<'a> {
    pub loader: LoaderId,
    pub bytes: &'a [u8],
    /// The name that was asked for; another one in the bytes is NoClassDefFoundError.
    pub name: Option<Symbol>,
    /// Where the bytes come from, as `-verbose:class` shows it.
    pub source: Option<&'a str>,
    /// The bytes are known to be those of the JDK image: the class is not verified.
    pub from_image: bool,
    pub hidden: Option<HiddenRequest>,
}

impl<'a> DefineRequest<'a> {
    pub fn new(loader: LoaderId, bytes: &'a [u8]) -> DefineRequest<'a> {
        DefineRequest { loader, bytes, name: None, source: None, from_image: false, hidden: None }
    }
}

/// What `Lookup.defineHiddenClass` adds.
#[derive(Clone, Copy, Debug)]
pub struct HiddenRequest {
    /// The lookup class; its loader and module are the hidden class's too.
    pub host: ClassId,
    /// The hidden class joins the host's nest.
    pub nestmate: bool,
    /// Lives as long as its loader; others can be unloaded one by one.
    pub strong: bool,
    /// VM annotations count in it.
    pub vm_annotations: bool,
}

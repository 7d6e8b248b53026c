//! What the VM keeps for each class loader: its arenas and the names it has answered for.
//!
//! Invariants: a name in a dictionary stays bound to the same class for as long as the loader lives (JVMS 5.3), whether
//! the loader defined the class or only initiated its loading. What a program makes these tables take on the Rust heap
//! is charged to its metaspace before, so that the metaspace limit bounds it.
//!
//! Deliberately absent: the `java.lang.ClassLoader` object, which the vm finds by the loader's id.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use carafe_gc::metaspace::{Arena, ArenaKind, ClassId, Metaspace};
use hashbrown::HashMap;
use parking_lot::{Mutex, RwLock};

use crate::class::{LoaderId, ModuleId};
use crate::link::LinkError;
use crate::symbols::Symbol;

/// About what a loader takes here before it has any class, and a name in a dictionary.
pub(super) const LOADER_BYTES: usize = 512;
pub(super) const NAME_BYTES: usize = 24;

pub(crate) struct Loader {
    pub(crate) arenas: Arenas,
    pub(crate) dictionary: RwLock<HashMap<Symbol, ClassId>>,
    /// The loader's unnamed module.
    pub(crate) unnamed: ModuleId,
    /// The library's own platform loader, whose classes out of the image may use VM annotations.
    platform: AtomicBool,
    /// Never dies: the boot loader, and the library's own two.
    permanent: AtomicBool,
    /// Classes that were never published though they have mirrors: their records go with the loader.
    pub(super) retired: Mutex<Vec<ClassId>>,
}

/// All loaders by number; those of dead ones are given to others.
pub(super) struct LoaderTable {
    pub(super) list: Vec<Option<Arc<Loader>>>,
    pub(super) free: Vec<LoaderId>,
}

/// Where the metadata of a loader's classes lies: what never changes apart from what does, so that the pages of the
/// first can be shared between copies of a saved machine.
#[derive(Clone)]
pub(crate) struct Arenas {
    pub(crate) constant: Arena,
    pub(crate) changing: Arena,
}

impl Arenas {
    pub(crate) fn new(meta: &Metaspace, kind: ArenaKind) -> Arenas {
        let constant = meta.new_arena(kind);
        // One hidden class is too small to spend two pages on.
        let changing = if kind == ArenaKind::Hidden { constant.clone() } else { meta.new_arena(kind) };
        Arenas { constant, changing }
    }
}

impl Loader {
    pub(super) fn new(arenas: Arenas, id: LoaderId, unnamed: ModuleId) -> Loader {
        Loader {
            arenas,
            dictionary: RwLock::new(HashMap::new()),
            unnamed,
            platform: AtomicBool::new(false),
            permanent: AtomicBool::new(id.is_boot()),
            retired: Mutex::default(),
        }
    }

    /// Charges bytes of the Rust heap to metaspace. The place is never touched: only the count matters.
    pub(crate) fn charge(&self, bytes: usize) -> Result<(), LinkError> {
        self.arenas.constant.alloc_slice_zeroed::<u8>(bytes)?;
        Ok(())
    }

    pub(crate) fn is_platform(&self) -> bool {
        self.platform.load(Ordering::Relaxed)
    }

    pub(super) fn set_platform(&self) {
        self.platform.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_permanent(&self) -> bool {
        self.permanent.load(Ordering::Relaxed)
    }

    pub(super) fn set_permanent(&self) {
        self.permanent.store(true, Ordering::Relaxed);
    }
}

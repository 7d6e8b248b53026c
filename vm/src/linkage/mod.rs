//! Run-time linkage: from names in constant pools to classes, fields, methods and call sites.
//!
//! Resolution is written as functions that can be called again: what they have found so far is cached in the constant
//! pool and the loaders' dictionaries, and when Java code has to run first (a user loader's `loadClass`, a class
//! initializer, the library's linkage of method handles and call sites) they stop with a [`Need`]. The interpreter meets
//! a need by pushing a stub frame and executing the instruction again afterwards; a native method meets it by running a
//! nested dispatcher until it is met, and calling again.

pub mod constants;
pub mod fields;
pub mod handles;
pub mod init;
pub mod loading;
pub mod methods;
pub mod stubs;

use std::sync::atomic::Ordering;
use std::time::Duration;

use carafe_classloader::class::{Class, LoaderId, Method, ModuleId};
use carafe_classloader::link::{Describe, LinkError, LinkErrorKind, LinkHost};
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::ObjRef;

use crate::env::{Env, JResult, Throw};
use crate::exceptions;
use crate::log::{Level, TagSet};
pub use loading::{array_of, class_from_descriptor, load, loader_load_class};

/// What has to happen before a resolution can go on.
#[derive(Debug, Clone, Copy)]
pub enum Need {
    /// Ask a user loader for a class.
    /// `wanted` is what the error names: the array class, if the class is needed for one.
    /// `entry` is the entry of a class's constant pool whose resolution fails if this fails, if that is why it is asked for.
    Load { loader: LoaderId, name: Symbol, wanted: Symbol, entry: Option<(ClassId, u16)> },
    /// Run a class's initializer.
    Init(ClassId),
    /// Call a Java method and keep what it returns.
    Upcall(stubs::Upcall),
}

impl Need {
    /// Says which entry of a constant pool is being resolved, unless that is known already.
    pub fn on_behalf_of(self, class: ClassId, index: u16) -> Need {
        match self {
            Need::Load { loader, name, wanted, entry: None } => {
                Need::Load { loader, name, wanted, entry: Some((class, index)) }
            }
            Need::Load { .. } | Need::Init(_) | Need::Upcall(_) => self,
        }
    }
}

/// Why a resolution did not finish.
#[derive(Debug, Clone, Copy)]
pub enum Stop {
    Throw,
    Need(Need),
}

impl From<Throw> for Stop {
    fn from(_: Throw) -> Stop {
        Stop::Throw
    }
}

pub type Linked<T> = Result<T, Stop>;

/// Runs a resolution to its end from native code, meeting its needs with nested dispatchers.
pub fn finish<T>(env: &mut Env<'_>, mut resolve: impl FnMut(&mut Env<'_>) -> Linked<T>) -> JResult<T> {
    loop {
        match resolve(env) {
            Ok(value) => return Ok(value),
            Err(Stop::Throw) => return Err(Throw),
            Err(Stop::Need(need)) => stubs::meet(env, need)?,
        }
    }
}

/// What loading and linking report through the class loader crate's host trait.
#[derive(Debug)]
pub enum HostError {
    Link(LinkError),
    Throw,
}

impl From<LinkError> for HostError {
    fn from(e: LinkError) -> HostError {
        HostError::Link(e)
    }
}

/// The host of class loading while a native method (or the boot sequence) runs: loading a superclass may nest a dispatcher.
pub struct Host<'e, 's> {
    pub env: &'e mut Env<'s>,
}

impl LinkHost for Host<'_, '_> {
    type Error = HostError;

    fn load_class(&mut self, loader: LoaderId, name: Symbol) -> Result<ClassId, HostError> {
        load(self.env, loader, name).map_err(|Throw| HostError::Throw)
    }

    fn class_created(&mut self, class: ClassId) -> Result<(), HostError> {
        crate::mirrors::create(self.env, class).map_err(|Throw| HostError::Throw)
    }

    fn charge(&mut self, units: u64) -> Result<(), HostError> {
        self.env.vm().linking_work.fetch_add(units, Ordering::Relaxed);
        Ok(self.env.poll_between()?)
    }

    fn absorb(&mut self, error: HostError) -> Result<String, HostError> {
        let env = &mut *self.env;
        if let HostError::Link(e) = &error
            && e.kind != LinkErrorKind::OutOfMemoryError
        {
            return Ok(format!("{}: {}", e.kind.class_name().replace('/', "."), e.message));
        }
        if env.is_terminating() || !env.has_exception() {
            return Err(error);
        }
        // A full stack or heap is no statement about the class.
        let thrown = env.take_exception();
        if env.instance_of(thrown, env.wk().virtual_machine_error.id) {
            env.throw_local(thrown);
            return Err(error);
        }
        let class = env.vm().universe.external_name(env.class_id_of(thrown));
        let message = env.get_ref(thrown, env.wk().throwable.detail_message);
        Ok(if env.is_null(message) { class } else { format!("{class}: {}", env.string(message)) })
    }

    fn verified(&mut self, _class: ClassId, took: Duration) {
        let vm = self.env.vm();
        vm.verified_classes.fetch_add(1, Ordering::Relaxed);
        vm.verification_nanos.fetch_add(took.as_nanos() as u64, Ordering::Relaxed);
    }

    fn class_published(&mut self, class: ClassId) {
        let vm = self.env.vm();
        vm.log(TagSet::ClassLoad, Level::Info, || {
            let class = vm.universe.class(class);
            format!("{} source: {}", vm.universe.external_name(class.id), vm.universe.str(class.source))
        });
    }
}

impl Describe for Host<'_, '_> {
    fn loader_name(&self, loader: LoaderId) -> String {
        Names { env: self.env }.loader_name(loader)
    }

    fn parent_loader_name(&self, loader: LoaderId) -> Option<String> {
        Names { env: self.env }.parent_loader_name(loader)
    }

    fn module_name(&self, module: ModuleId) -> Option<String> {
        Names { env: self.env }.module_name(module)
    }

    fn module_hash(&self, module: ModuleId) -> u32 {
        Names { env: self.env }.module_hash(module)
    }
}

/// Names of loaders and modules, as messages have them, read from the Java objects.
pub struct Names<'e, 's> {
    pub env: &'e Env<'s>,
}

impl Names<'_, '_> {
    /// A reference field of an object that is alive without a handle (a loader or module of the isolate's tables).
    fn field(&self, object: ObjRef, offset: u32) -> ObjRef {
        // SAFETY: loaders and modules are kept alive by the isolate, and no safepoint lies between the read and its use.
        unsafe { carafe_gc::object::load_ref(self.env.base(), object, offset as usize) }
    }

    fn described(&self, loader: ObjRef) -> String {
        let Some(wk) = self.env.vm().wk_if_ready() else { return "'bootstrap'".to_owned() };
        if loader.is_null() {
            return "'bootstrap'".to_owned();
        }
        // ClassLoader.nameAndId is "'name' @hash", or without the hash for the built-in loaders.
        let text = self.field(loader, wk.class_loader.name_and_id);
        String::from_utf16_lossy(&crate::strings::units_of(self.env, text))
    }
}

impl Describe for Names<'_, '_> {
    fn loader_name(&self, loader: LoaderId) -> String {
        self.described(self.env.vm().loader_object(loader))
    }

    fn parent_loader_name(&self, loader: LoaderId) -> Option<String> {
        let wk = self.env.vm().wk_if_ready()?;
        let object = self.env.vm().loader_object(loader);
        if object.is_null() {
            return None;
        }
        let name = self.described(object);
        if matches!(name.as_str(), "'app'" | "'platform'") {
            return None;
        }
        Some(self.described(self.field(object, wk.class_loader.parent)))
    }

    fn module_name(&self, module: ModuleId) -> Option<String> {
        let vm = self.env.vm();
        vm.universe.modules.name(module).map(|name| vm.universe.str(name).into_owned())
    }

    fn module_hash(&self, module: ModuleId) -> u32 {
        match self.env.vm().module_object(module) {
            Some(object) => crate::monitor::identity_hash_of(self.env.thread(), object) as u32,
            None => 0,
        }
    }
}

/// Turns a host error into a pending exception.
pub fn raise(env: &mut Env<'_>, error: HostError) -> Throw {
    match error {
        HostError::Throw => Throw,
        HostError::Link(e) => exceptions::throw_link_error(env, e),
    }
}

/// Links a class (superclasses first) if that has not happened.
pub fn link(env: &mut Env<'_>, class: ClassId) -> JResult<()> {
    let vm = env.vm();
    if vm.universe.class(class).state() >= carafe_classloader::class::ClassState::Linked {
        return Ok(());
    }
    vm.universe.link(&mut Host { env }, class).map_err(|e| raise(env, e))
}

/// The method that a virtual or interface call of `method` runs for a receiver of class `receiver`.
pub fn select<'s>(env: &mut Env<'s>, receiver: ClassId, method: &Method) -> JResult<&'s Method> {
    let vm = env.vm();
    let selected = if vm.universe.class(method.class).is_interface() {
        vm.universe.select_interface(receiver, method)
    } else {
        vm.universe.select_virtual(receiver, method)
    };
    match selected {
        Ok(m) => Ok(m),
        Err(e) => Err(exceptions::throw_link_error(env, e)),
    }
}

/// Charges bytes of a table on the Rust heap to a class's metadata: OutOfMemoryError when metaspace is full.
pub fn charge(env: &mut Env<'_>, class: ClassId, bytes: usize) -> JResult<()> {
    let charged = env.vm().universe.arena_of(class).and_then(|arena| {
        // The place is never touched: only the count matters.
        Ok(arena.alloc_slice_zeroed::<u8>(bytes)?)
    });
    match charged {
        Ok(_) => Ok(()),
        Err(full) => Err(exceptions::throw_link_error(env, full)),
    }
}

/// Stores an object in the class's array of resolved constants and gives its index.
pub fn keep_resolved(env: &mut Env<'_>, class: ClassId, object: crate::env::Local<'_>) -> JResult<u32> {
    let vm = env.vm();
    let record: &Class = vm.universe.class(class);
    let array_class = vm.object_array_class();
    loop {
        // Grow outside the lock: allocation may collect, and the collector must not wait for us.
        let current = ObjRef::from_raw(record.resolved.load(Ordering::Acquire));
        // SAFETY: the array is kept alive by the class record.
        let capacity = if current.is_null() {
            0
        } else {
            // SAFETY: as above: a live array of references.
            unsafe { carafe_gc::object::array_length(env.base(), current) as usize }
        };
        let fresh = if record.resolved_count.load(Ordering::Acquire) as usize >= capacity {
            let raw = crate::alloc::array(env, array_class, (capacity * 2).max(8))?;
            Some(env.local(raw))
        } else {
            None
        };
        let _guard = vm.resolved_lock.lock();
        let current = ObjRef::from_raw(record.resolved.load(Ordering::Acquire));
        let now = if current.is_null() {
            0
        } else {
            // SAFETY: as above.
            unsafe { carafe_gc::object::array_length(env.base(), current) }
        };
        let count = record.resolved_count.load(Ordering::Acquire);
        let target = if count < now {
            current
        } else if let Some(fresh) = fresh {
            let fresh = env.raw(fresh);
            let data = carafe_gc::object::array_data_offset(2);
            // SAFETY: both are live arrays of references; the fresh one is at least as long as the old one was.
            unsafe {
                if carafe_gc::object::array_length(env.base(), fresh) <= now {
                    continue;
                }
                for i in 0..now as usize {
                    let v = carafe_gc::object::load_ref(env.base(), current, data + 4 * i);
                    carafe_gc::object::store_ref(env.base(), fresh, data + 4 * i, v);
                }
            }
            record.resolved.store(fresh.raw(), Ordering::Release);
            if record.is_unloadable() {
                // What marking goes by.
                let mirror = ObjRef::from_raw(record.mirror.load(Ordering::Acquire));
                // SAFETY: the class's mirror, whose injected field it is.
                unsafe {
                    carafe_gc::object::store_ref(env.base(), mirror, env.wk().class.resolved as usize, fresh);
                }
            }
            fresh
        } else {
            continue;
        };
        let raw = env.raw(object);
        // SAFETY: `count` is within the array's length by the test or the growth above.
        unsafe {
            carafe_gc::object::store_ref(
                env.base(),
                target,
                carafe_gc::object::array_data_offset(2) + 4 * count as usize,
                raw,
            );
        }
        record.resolved_count.store(count + 1, Ordering::Release);
        return Ok(count);
    }
}

/// The resolved object at `index` of a class.
pub fn resolved_object<'s>(env: &mut Env<'s>, class: ClassId, index: u32) -> crate::env::Local<'s> {
    let array = ObjRef::from_raw(env.class(class).resolved.load(Ordering::Acquire));
    let array = env.local(array);
    env.elem(array, index as usize)
}

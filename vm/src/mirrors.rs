//! java.lang.Class objects: made when a class is, with the fields that the library expects to find set.

use std::sync::atomic::Ordering;

use carafe_classloader::class::{Access, ModuleId};
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::ObjRef;

use crate::alloc;
use crate::env::{Env, JResult, Local};

/// Makes the mirror of a class that has none. Before java.lang.Class is loaded nothing happens: `create_missing` comes later.
pub fn create(env: &mut Env<'_>, class: ClassId) -> JResult<()> {
    let vm = env.vm();
    let Some(wk) = vm.wk_if_ready() else { return Ok(()) };
    let record = vm.universe.class(class);
    if record.mirror.load(Ordering::Acquire) != 0 {
        return Ok(());
    }
    env.scope(|env| {
        let c = &wk.class;
        let class_layout = &vm.universe.class(c.id).layout;
        let bytes = record.layout.mirror_size(class_layout) as usize;
        let raw = alloc::mirror(env, c.id, bytes)?;
        let mirror = env.local(raw);
        env.set::<u32>(mirror, c.klass, class.raw());
        env.set::<u16>(mirror, c.modifiers, record.modifiers);
        env.set::<bool>(mirror, c.primitive, record.is_primitive());
        if record.component != ClassId::NONE {
            let component = env.mirror(record.component);
            env.set_ref(mirror, c.component_type, component);
        }
        let loader = vm.loader_object(record.loader);
        let loader = env.local(loader);
        env.set_ref(mirror, c.class_loader, loader);
        let module = module_object(env, class, loader);
        env.set_ref(mirror, c.module, module);
        crate::unload::keep_new(env, class, mirror)?;
        let raw = env.raw(mirror);
        // Nobody else knows the class yet, or they have lost the race to define it.
        let _ = record.mirror.compare_exchange(0, raw.raw(), Ordering::AcqRel, Ordering::Acquire);
        Ok(())
    })
}

/// The java.lang.Module that a new mirror refers to; null until java.base is defined (the library's start-up patches it).
fn module_object<'s>(env: &mut Env<'s>, class: ClassId, loader: Local<'_>) -> Local<'s> {
    let vm = env.vm();
    let module = vm.universe.class(class).module();
    if let Some(object) = vm.module_object(module) {
        return env.local(object);
    }
    if env.is_null(loader) {
        // Not defined yet: the library's start-up will say which module it is.
        return Local::NULL;
    }
    env.get_ref(loader, env.wk().class_loader.unnamed_module)
}

/// Remembers the java.lang.Module object of a module, and shows it to the classes that are in the module already.
pub fn module_defined(env: &mut Env<'_>, id: ModuleId, module: Local<'_>) {
    let vm = env.vm();
    let raw = env.raw(module);
    vm.set_module_object(id, raw);
    env.set::<u32>(module, env.wk().module.module_id, id.0);
    let java_base = vm.universe.modules.java_base();
    for class in vm.universe.classes() {
        let record = vm.universe.class(class);
        // Array and primitive classes, and what was loaded before the module was known, count as java.base's.
        let own = record.module();
        let ours = own == id || (own.0 == 0 && record.loader.is_boot() && id == java_base);
        let mirror = record.mirror.load(Ordering::Acquire);
        if ours && mirror != 0 {
            let raw_mirror = ObjRef::from_raw(mirror);
            let at = env.wk().class.module as usize;
            // SAFETY: mirrors are alive as long as their classes; nothing here allocates, so both references are current.
            unsafe {
                if carafe_gc::object::load_ref(env.base(), raw_mirror, at).is_null() {
                    carafe_gc::object::store_ref(env.base(), raw_mirror, at, raw);
                }
            }
        }
    }
}

/// Makes mirrors for all classes that were loaded before java.lang.Class was.
pub fn create_missing(env: &mut Env<'_>) -> JResult<()> {
    let classes: Vec<ClassId> = env.vm().universe.classes().collect();
    for class in classes {
        create(env, class)?;
    }
    Ok(())
}

/// Class.getModifiers of an array class: its element's visibility, final and abstract.
pub fn array_modifiers(element: u16) -> u16 {
    let visible = Access::PUBLIC | Access::PROTECTED | Access::PRIVATE;
    (element & visible.bits()) | (Access::FINAL | Access::ABSTRACT).bits()
}

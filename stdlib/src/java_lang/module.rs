//! `java.lang.Module`: what the VM must know of modules for its own access checks.
//!
//! Readability and exports that only Java code looks at stay in Java. Package names arrive dotted.
//! New `java.lang.Class` objects get their module from the VM; those of classes that were there before their module was
//! defined (java.base's, above all) get it here.

use std::sync::atomic::Ordering;

use carafe_classloader::class::{LoaderId, ModuleId};
use carafe_classloader::modules::ModuleError;
use carafe_classloader::symbols::Symbol;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::{exceptions, natives};

use super::class::symbol;

natives! { pub(crate) static MODULE for "java/lang/Module" {
    "defineModule0" "(Ljava/lang/Module;ZLjava/lang/String;Ljava/lang/String;[Ljava/lang/Object;)V" =
        define_module(obj, bool, obj, obj, obj): isolate;
    "addReads0" "(Ljava/lang/Module;Ljava/lang/Module;)V" = add_reads(obj, obj): isolate;
    "addExports0" "(Ljava/lang/Module;Ljava/lang/String;Ljava/lang/Module;)V" = add_exports(obj, obj, obj): isolate;
    "addExportsToAll0" "(Ljava/lang/Module;Ljava/lang/String;)V" = add_exports_to_all(obj, obj): isolate;
    "addExportsToAllUnnamed0" "(Ljava/lang/Module;Ljava/lang/String;)V" =
        add_exports_to_all_unnamed(obj, obj): isolate;
} }

/// The VM's number of a module, `None` for one that was never defined. Unnamed modules of loaders are not announced, so
/// the first time one turns up it gets the number that the VM keeps for its loader's.
fn id_of(env: &mut Env<'_>, module: Local<'_>) -> Option<ModuleId> {
    let fields = env.wk().module;
    let known = env.get::<u32>(module, fields.module_id);
    if known != 0 {
        return Some(ModuleId(known));
    }
    env.scope(|env| {
        let name = env.get_ref(module, fields.name);
        if !env.is_null(name) {
            return None;
        }
        let loader = env.get_ref(module, fields.loader);
        let loader = env.vm().loader_of_object(env, loader);
        let id = env.vm().universe.unnamed_module(loader);
        env.set(module, fields.module_id, id.0);
        Some(id)
    })
}

fn defined(env: &mut Env<'_>, module: Local<'_>, role: &str) -> JResult<ModuleId> {
    if env.is_null(module) {
        let message = format!("{role} is null");
        return Err(env.throw("java/lang/NullPointerException", &message));
    }
    match id_of(env, module) {
        Some(id) => Ok(id),
        None => Err(env.throw_illegal_argument(&format!("{role} cannot be found"))),
    }
}

/// The symbol of a package in internal form.
fn package(env: &mut Env<'_>, name: Local<'_>) -> JResult<Symbol> {
    if env.is_null(name) {
        return Err(env.throw("java/lang/NullPointerException", "package is null"));
    }
    let internal: Vec<u8> =
        env.string_mutf8(name).into_iter().map(|b| if b == b'.' { b'/' } else { b }).collect();
    symbol(env, &internal)
}

fn define_module<'s>(
    env: &mut Env<'s>,
    module: Local<'s>,
    open: bool,
    _version: Local<'s>,
    _location: Local<'s>,
    packages: Local<'s>,
) -> JResult<()> {
    if env.is_null(module) {
        return Err(env.throw("java/lang/NullPointerException", "Null module object"));
    }
    let name = env.get_ref(module, env.wk().module.name);
    if env.is_null(name) {
        return Err(env.throw_illegal_argument("Module name cannot be null"));
    }
    let name = env.string_mutf8(name);
    let name = symbol(env, &name)?;
    let mut symbols = Vec::new();
    if !env.is_null(packages) {
        for index in 0..env.array_len(packages) {
            let symbol = env.scope(|env| {
                let element = env.elem(packages, index);
                if !env.is_null(element) && !env.instance_of(element, env.wk().string.id) {
                    return Err(env.throw_illegal_argument("Package name array contains a non-string"));
                }
                package(env, element)
            })?;
            symbols.push(symbol);
        }
    }
    let loader_object = env.get_ref(module, env.wk().module.loader);
    let loader = env.vm().loader_of_object(env, loader_object);
    // The VM names it by number from now on.
    carafe_vm::unload::keep(env, loader_object, module)?;
    let id = match env.vm().universe.define_module(loader, name, &symbols, open) {
        Ok(id) => id,
        Err(error) => return Err(exceptions::throw_link_error(env, error)),
    };
    env.set(module, env.wk().module.module_id, id.0);
    announce(env, id, module);
    Ok(())
}

/// Makes the Module object known as that of the module `id`, to the classes that are in it already too.
fn announce(env: &mut Env<'_>, id: ModuleId, module: Local<'_>) {
    let vm = env.vm();
    vm.set_module_object(id, env.raw(module));
    for class in vm.universe.classes() {
        let class = vm.universe.class(class);
        if class.loader.is_boot() && class.module() == id && class.mirror.load(Ordering::Acquire) != 0 {
            env.scope(|env| {
                let mirror = env.mirror(class.id);
                env.set_ref(mirror, env.wk().class.module, module);
            });
        }
    }
}

fn add_reads<'s>(env: &mut Env<'s>, from: Local<'s>, to: Local<'s>) -> JResult<()> {
    let from = defined(env, from, "from_module")?;
    // No module stands for all unnamed ones.
    let to = if env.is_null(to) { None } else { Some(defined(env, to, "to_module")?) };
    let result = env.vm().universe.modules.add_reads(from, to);
    done(env, result)
}

fn add_exports<'s>(env: &mut Env<'s>, from: Local<'s>, name: Local<'s>, to: Local<'s>) -> JResult<()> {
    let from = defined(env, from, "from_module")?;
    let package = package(env, name)?;
    let to = defined(env, to, "to_module")?;
    let result = env.vm().universe.modules.add_exports(from, package, to);
    done(env, result)
}

fn add_exports_to_all<'s>(env: &mut Env<'s>, from: Local<'s>, name: Local<'s>) -> JResult<()> {
    let from = defined(env, from, "from_module")?;
    let package = package(env, name)?;
    let result = env.vm().universe.modules.add_exports_to_all(from, package);
    done(env, result)
}

fn add_exports_to_all_unnamed<'s>(env: &mut Env<'s>, from: Local<'s>, name: Local<'s>) -> JResult<()> {
    let from = defined(env, from, "module")?;
    let package = package(env, name)?;
    let result = env.vm().universe.modules.add_exports_to_all_unnamed(from, package);
    done(env, result)
}

fn done(env: &mut Env<'_>, result: Result<(), ModuleError>) -> JResult<()> {
    let Err(error) = result else { return Ok(()) };
    let message = match error {
        ModuleError::NoSuchPackage => "Package not found in from_module",
        ModuleError::NoSuchModule => "Module cannot be found",
        ModuleError::Duplicate => "Module is already defined",
        ModuleError::PackageTaken(..) => "Package is already in another module",
    };
    Err(env.throw_illegal_argument(message))
}

/// `BootLoader.setBootLoaderUnnamedModule0`: the one unnamed module that is announced, before java.base is defined.
pub(crate) fn set_boot_unnamed_module<'s>(env: &mut Env<'s>, module: Local<'s>) -> JResult<()> {
    if env.is_null(module) {
        return Err(env.throw("java/lang/NullPointerException", "Null module object"));
    }
    let (name, loader) =
        (env.get_ref(module, env.wk().module.name), env.get_ref(module, env.wk().module.loader));
    if !env.is_null(name) {
        return Err(
            env.throw_illegal_argument("boot loader's unnamed java.lang.Module should not have a name")
        );
    }
    if !env.is_null(loader) {
        return Err(env.throw_illegal_argument("Class loader must be the boot class loader"));
    }
    let id = env.vm().universe.unnamed_module(LoaderId::BOOT);
    env.set(module, env.wk().module.module_id, id.0);
    announce(env, id, module);
    Ok(())
}

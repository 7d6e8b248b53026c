//! `jdk.internal.loader`: the boot loader's packages, and native libraries.
//!
//! The library's own native libraries are this crate: asked whether `libnet.so` is built in, it says yes and is
//! never asked for a symbol of it. Libraries of programs are not loaded at all.

use carafe_classloader::class::LoaderId;
use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

use crate::errors;
use crate::gate::Request;
use crate::java_lang::module::set_boot_unnamed_module;
use crate::state::State;

natives! { static BOOT_LOADER for "jdk/internal/loader/BootLoader" {
    "getSystemPackageNames" "()[Ljava/lang/String;" = get_system_package_names(): isolate;
    "getSystemPackageLocation" "(Ljava/lang/String;)Ljava/lang/String;" = get_system_package_location(obj): isolate;
    "setBootLoaderUnnamedModule0" "(Ljava/lang/Module;)V" = set_boot_unnamed_module(obj): isolate;
} }

natives! { static NATIVE_LIBRARIES for "jdk/internal/loader/NativeLibraries" {
    "findBuiltinLib" "(Ljava/lang/String;)Ljava/lang/String;" = find_builtin_lib(obj): ffi;
    "load" "(Ljdk/internal/loader/NativeLibraries$NativeLibraryImpl;Ljava/lang/String;ZZ)Z" =
        load(obj, obj, bool, bool): isolate;
    "unload" "(Ljava/lang/String;ZJ)V" = unload(obj, bool, long): isolate;
} }

natives! { static NATIVE_LIBRARY for "jdk/internal/loader/NativeLibrary" {
    "findEntry0" "(JLjava/lang/String;)J" = find_entry(long, obj): isolate;
} }

natives! { static RAW_NATIVE_LIBRARIES for "jdk/internal/loader/RawNativeLibraries" {
    "load0" "(Ljdk/internal/loader/RawNativeLibraries$RawNativeLibraryImpl;Ljava/lang/String;)Z" =
        load_raw(obj, obj): ffi;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![BOOT_LOADER, NATIVE_LIBRARIES, NATIVE_LIBRARY, RAW_NATIVE_LIBRARIES]
}

/// The packages in which the boot loader has defined a class, in internal form.
fn get_system_package_names<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let packages = env.vm().universe.packages_of(LoaderId::BOOT);
    let array = env.new_ref_array(env.wk().string.id, packages.len())?;
    for (index, package) in packages.into_iter().enumerate() {
        env.scope(|env| {
            let name = env.string_of_symbol(package)?;
            env.set_elem(array, index, name);
            Ok::<(), Throw>(())
        })?;
    }
    Ok(array)
}

/// Where the classes of a package of the boot loader come from: a module of the image, or a path. Null if it has none.
fn get_system_package_location<'s>(env: &mut Env<'s>, package: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(package) {
        return Err(env.throw_npe());
    }
    let name: Vec<u8> =
        env.string_mutf8(package).into_iter().map(|b| if b == b'.' { b'/' } else { b }).collect();
    let universe = &env.vm().universe;
    let Some(package) = universe.symbols.lookup(&env.vm().meta, &name) else { return Ok(Local::NULL) };
    if !universe.packages_of(LoaderId::BOOT).contains(&package) {
        return Ok(Local::NULL);
    }
    let module = universe.module_of_package(LoaderId::BOOT, package);
    if let Some(module) = universe.modules.name(module) {
        let location = format!("jrt:/{}", universe.str(module));
        return env.new_string(&location);
    }
    let of_package = universe.classes().map(|id| universe.class(id));
    let class = of_package.into_iter().find(|c| c.loader.is_boot() && c.package == package);
    match class.filter(|c| !c.source.is_none()) {
        Some(class) => env.string_of_symbol(class.source),
        None => Ok(Local::NULL),
    }
}

/// The library's own native libraries, all of which are here.
const BUILT_IN: [&str; 16] = [
    "attach",
    "extnet",
    "instrument",
    "jaas",
    "java",
    "jimage",
    "management",
    "management_agent",
    "management_ext",
    "net",
    "nio",
    "prefs",
    "rmi",
    "syslookup",
    "verify",
    "zip",
];

/// The name of the built-in library whose file would be called so.
fn built_in(file: &str) -> Option<&str> {
    let name = file.strip_prefix("lib")?.strip_suffix(".so")?;
    BUILT_IN.contains(&name).then_some(name)
}

fn find_builtin_lib<'s>(env: &mut Env<'s>, file: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(file) {
        return Err(env.throw("java/lang/InternalError", "NULL filename for native library"));
    }
    if let Some(name) = built_in(&env.string(file)) {
        return env.new_string(name);
    }
    // A program's own: the library asks here before it looks for the file.
    native_code(env)?;
    Ok(Local::NULL)
}

fn native_code(env: &mut Env<'_>) -> JResult<()> {
    let granted = State::of(env).gate.check(Request::NativeCode);
    granted.map_err(|refusal| errors::denied(env, &refusal))
}

fn load<'s>(
    env: &mut Env<'s>,
    library: Local<'s>,
    name: Local<'s>,
    is_built_in: bool,
    must: bool,
) -> JResult<bool> {
    const ANY_HANDLE: i64 = 1;
    const JNI_VERSION: i32 = 0x0018_0000;
    if env.is_null(library) || env.is_null(name) {
        return Err(env.throw_npe());
    }
    if !is_built_in {
        if !must {
            return Ok(false);
        }
        let message = format!("{}: this virtual machine loads no native libraries", env.string(name));
        return Err(env.throw("java/lang/UnsatisfiedLinkError", &message));
    }
    let class = env.class_id_of(library);
    let handle = env.field_offset(class, "handle", "J");
    let version = env.field_offset(class, "jniVersion", "I");
    let (Some(handle), Some(version)) = (handle, version) else {
        return Err(env.throw("java/lang/InternalError", "NativeLibraryImpl has no handle"));
    };
    env.set(library, handle, ANY_HANDLE);
    env.set(library, version, JNI_VERSION);
    Ok(true)
}

/// Built-in libraries stay.
fn unload<'s>(_: &mut Env<'s>, _name: Local<'s>, _is_built_in: bool, _handle: i64) -> JResult<()> {
    Ok(())
}

/// No library has symbols that Java code could call: 0 is "not found".
fn find_entry<'s>(env: &mut Env<'s>, _handle: i64, name: Local<'s>) -> JResult<i64> {
    if env.is_null(name) { Err(env.throw_npe()) } else { Ok(0) }
}

/// False: the library could not be opened.
fn load_raw<'s>(env: &mut Env<'s>, _library: Local<'s>, _name: Local<'s>) -> JResult<bool> {
    native_code(env)?;
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_libraries() {
        assert_eq!(built_in("libnet.so"), Some("net"));
        assert_eq!(built_in("libzip.so"), Some("zip"));
        assert_eq!(built_in("libevil.so"), None);
        assert_eq!(built_in("net"), None);
        assert_eq!(built_in("lib.so"), None);
        assert!(BUILT_IN.is_sorted());
    }
}

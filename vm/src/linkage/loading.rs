//! Getting classes by name, through the boot loader or a loader object.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{ClassState, LoaderId};
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::ClassId;

use super::{Host, Linked, Need, Stop, finish, raise};
use crate::env::{Env, JResult, Local, Throw, Value};
use crate::{exceptions, unload};

/// Loads from native code. A class that cannot be found is a NoClassDefFoundError with its ClassNotFoundException as cause.
pub fn load(env: &mut Env<'_>, loader: LoaderId, name: Symbol) -> JResult<ClassId> {
    finish(env, |env| try_load(env, loader, name))
}

/// Loads as far as it goes without running Java code.
pub fn try_load(env: &mut Env<'_>, loader: LoaderId, name: Symbol) -> Linked<ClassId> {
    try_load_for(env, loader, name, name)
}

fn try_load_for(env: &mut Env<'_>, loader: LoaderId, name: Symbol, wanted: Symbol) -> Linked<ClassId> {
    let vm = env.vm();
    let text = vm.universe.text(name);
    if text.first() == Some(&b'[') {
        return try_load_array(env, loader, name);
    }
    if let Some(class) = vm.universe.find_loaded(loader, name) {
        return Ok(class);
    }
    if !loader.is_boot() {
        return Err(Stop::Need(Need::Load { loader, name, wanted, entry: None }));
    }
    match unload::with_room(env, |env| vm.universe.load_boot(&mut Host { env }, name)) {
        Ok(Some(class)) => Ok(class),
        Ok(None) => {
            let text = vm.universe.str(wanted).into_owned();
            exceptions::throw_no_class_def(env, &text);
            Err(Stop::Throw)
        }
        Err(e) => {
            raise(env, e);
            Err(Stop::Throw)
        }
    }
}

fn try_load_array(env: &mut Env<'_>, loader: LoaderId, name: Symbol) -> Linked<ClassId> {
    let text = env.vm().universe.text(name);
    let dims = text.iter().take_while(|c| **c == b'[').count();
    let element = &text[dims..];
    let not_found = |env: &mut Env<'_>| {
        let text = String::from_utf8_lossy(text).into_owned();
        exceptions::throw_no_class_def(env, &text);
        Stop::Throw
    };
    if dims > 255 {
        return Err(not_found(env));
    }
    let mut class = match element {
        [c] => match BasicType::from_descriptor(*c) {
            Some(t) if t.is_primitive() => env.vm().universe.primitive(t),
            _ => return Err(not_found(env)),
        },
        [b'L', inner @ .., b';'] => {
            let symbol = intern(env, inner)?;
            try_load_for(env, loader, symbol, name)?
        }
        _ => return Err(not_found(env)),
    };
    for _ in 0..dims {
        class = array_of(env, class)?;
    }
    Ok(class)
}

fn intern(env: &mut Env<'_>, bytes: &[u8]) -> JResult<Symbol> {
    let interned = unload::with_room(env, |env| Ok(env.vm().universe.intern(bytes)?));
    interned.map_err(|e| raise(env, e))
}

/// The array class with the given component.
pub fn array_of(env: &mut Env<'_>, component: ClassId) -> JResult<ClassId> {
    let vm = env.vm();
    let known = vm.universe.class(component).array_class.load(std::sync::atomic::Ordering::Acquire);
    if known != 0 {
        return Ok(ClassId::from_raw(known));
    }
    unload::with_room(env, |env| vm.universe.array_of(&mut Host { env }, component))
        .map_err(|e| raise(env, e))
}

/// Calls `loader.loadClass(name)` and checks and records what it returns. The exception of a failing loader stays as it is.
pub fn loader_load_class(env: &mut Env<'_>, loader: LoaderId, name: Symbol) -> JResult<ClassId> {
    env.scope(|env| {
        let object = env.vm().loader_object(loader);
        let object = env.local(object);
        let dotted = dotted_name(env, name)?;
        let method = env.vm().well_known_methods().load_class;
        begin(env, loader, name)?;
        let result = env.call_virtual(method, &[Value::Ref(object), Value::Ref(dotted)]);
        end(env, loader, name);
        match accept(env, loader, name, result?.local())? {
            Some(class) => Ok(class),
            None => {
                let text = env.vm().universe.str(name).replace('/', ".");
                Err(env.throw("java/lang/ClassNotFoundException", &text))
            }
        }
    })
}

/// The thread is about to ask a loader for a class. A loader that has the VM ask it for the very class that it has been
/// asked for would do so for ever: ClassCircularityError.
pub fn begin(env: &mut Env<'_>, loader: LoaderId, name: Symbol) -> JResult<()> {
    if env.vm().loader_object(loader).is_null() {
        // There was no room to register the loader.
        return Err(exceptions::throw_metaspace(env));
    }
    if env.thread().loading.contains(&(loader, name)) {
        let text = env.vm().universe.str(name).into_owned();
        return Err(env.throw("java/lang/ClassCircularityError", &text));
    }
    env.thread_mut().loading.push((loader, name));
    Ok(())
}

/// The loader has answered or thrown.
pub fn end(env: &mut Env<'_>, loader: LoaderId, name: Symbol) {
    let loading = &mut env.thread_mut().loading;
    if let Some(at) = loading.iter().rposition(|asked| *asked == (loader, name)) {
        loading.remove(at);
    }
}

/// What a loader's loadClass returned becomes the class of that name for that loader. Null and classes of other names are
/// no answer.
pub fn accept(
    env: &mut Env<'_>,
    loader: LoaderId,
    name: Symbol,
    result: Local<'_>,
) -> JResult<Option<ClassId>> {
    if env.is_null(result) {
        return Ok(None);
    }
    let class = env.class_of_mirror(result);
    if env.class(class).name != name {
        return Ok(None);
    }
    if env.vm().universe.find_loaded(loader, name).is_none() {
        unload::keep_for_loader(env, loader, class)?;
    }
    match env.vm().universe.record_initiating(&super::Names { env }, loader, name, class) {
        Ok(()) => Ok(Some(class)),
        Err(e) => Err(exceptions::throw_link_error(env, e)),
    }
}

/// A class name with dots, as loaders are asked.
pub fn dotted_name<'s>(env: &mut Env<'s>, name: Symbol) -> JResult<Local<'s>> {
    let bytes: Vec<u8> =
        env.vm().universe.text(name).iter().map(|b| if *b == b'/' { b'.' } else { *b }).collect();
    env.new_string_mutf8(&bytes)
}

/// The class that a field descriptor names, as seen from `from`'s loader (and, if hidden, from itself).
pub fn class_from_descriptor(env: &mut Env<'_>, from: ClassId, descriptor: &[u8]) -> JResult<ClassId> {
    finish(env, |env| try_class_from_descriptor(env, from, descriptor))
}

pub fn try_class_from_descriptor(env: &mut Env<'_>, from: ClassId, descriptor: &[u8]) -> Linked<ClassId> {
    let loader = env.class(from).loader;
    match descriptor {
        [c] => match BasicType::from_descriptor(*c) {
            Some(t) if !t.is_reference() => Ok(env.vm().universe.primitive(t)),
            _ => {
                env.throw("java/lang/NoClassDefFoundError", &String::from_utf8_lossy(descriptor));
                Err(Stop::Throw)
            }
        },
        [b'L', inner @ .., b';'] => {
            let symbol = intern(env, inner)?;
            // A hidden class is not in any dictionary: its own name means itself.
            if env.class(from).is_hidden() && env.class(from).name == symbol {
                return Ok(from);
            }
            try_load(env, loader, symbol)
        }
        _ => {
            let symbol = intern(env, descriptor)?;
            try_load(env, loader, symbol)
        }
    }
}

/// Whether instances of the class may be made and its statics used by the calling thread without running its initializer.
pub fn ready(env: &Env<'_>, class: ClassId) -> bool {
    let record = env.class(class);
    match record.state() {
        ClassState::Initialized => true,
        ClassState::BeingInitialized => {
            record.init_thread.load(std::sync::atomic::Ordering::Acquire) == env.thread().id()
        }
        ClassState::Empty | ClassState::Loaded | ClassState::Linked | ClassState::Erroneous => false,
    }
}

/// Asks for the class to be initialized unless the calling thread may use it already.
pub fn need_ready(env: &Env<'_>, class: ClassId) -> Linked<()> {
    if ready(env, class) { Ok(()) } else { Err(Stop::Need(Need::Init(class))) }
}

impl From<Throw> for super::HostError {
    fn from(_: Throw) -> super::HostError {
        super::HostError::Throw
    }
}

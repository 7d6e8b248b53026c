//! Functions of the host that a guest sees as static native methods of a class.
//!
//! The host names the class and its methods; the class file is made here and defined in the guest's application loader
//! before any class of the guest's, so no file of the guest's takes its place. Each function is a capability: a guest has
//! those that its host declares for it, and what they do on its behalf is the host's decision. Grants do not count here.
//!
//! Invariants: arguments are copies, bounded in size, made before the function runs; while it runs, the thread counts as
//! stopped, so a slow function holds up no collection; a panic in it unwinds no frame of Java, it ends the isolate.
//! Deliberately not here: objects as arguments, and functions that a class of the guest's own declares.

use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use carafe_classloader::class::Method;
use carafe_gc::metaspace::ClassId;
use carafe_vm::env::{self, Env, JResult, Local};
use carafe_vm::limits::End;
use carafe_vm::natives::host::HostMethods;
use carafe_vm::natives::{Args, RawResult};
use carafe_vm::thread::safepoint;
use parking_lot::Mutex;

use super::call::{self, Request};
use super::desk::Answer;
use super::errors::CallError;
use super::value::{self, Arguments, FromJava, IntoJava, Parameters, TooLarge, Type, Value};

/// What a function of the host's fails with: an exception of the library's that the guest sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError {
    class: String,
    message: String,
}

impl HostError {
    /// A `java.lang.RuntimeException`.
    pub fn new(message: impl Into<String>) -> HostError {
        HostError::of_class("java.lang.RuntimeException", message)
    }

    /// An exception of a class of the library's, as in `java.io.IOException`. If there is none of that name, or it is no
    /// exception, the guest sees a `java.lang.RuntimeException`.
    pub fn of_class(class: impl Into<String>, message: impl Into<String>) -> HostError {
        HostError { class: class.into(), message: message.into() }
    }

    /// A `java.lang.SecurityException`.
    pub fn denied(message: impl Into<String>) -> HostError {
        HostError::of_class("java.lang.SecurityException", message)
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.message)
    }
}

impl std::error::Error for HostError {}

type Body = dyn for<'c> Fn(&mut Caller<'c>, Vec<Value>) -> Result<Value, HostError> + Send + Sync;

struct Function {
    name: String,
    parameters: Vec<Type>,
    result: Type,
    body: Box<Body>,
}

/// A class of static native methods that the host supplies.
///
/// ```
/// use carafe::{CallError, HostClass, HostError, Isolate};
///
/// let class = HostClass::new("plugin.Host")
///     .function("log", |_, (text,): (String,)| {
///         println!("the plugin says: {text}");
///         Ok(())
///     })
///     .function("half", |_, (n,): (i32,)| match n % 2 {
///         0 => Ok(n / 2),
///         _ => Err(HostError::of_class("java.lang.ArithmeticException", "odd")),
///     });
/// # let jdk = carafe::jdk::Search::of_process().find()?.home;
/// let isolate = Isolate::builder(jdk).host_class(class).start()?;
/// // The guest calls them, and so can the host, like any static method.
/// assert_eq!(isolate.call::<i32>("plugin.Host", "half", (4,)), Ok(2));
/// match isolate.call::<i32>("plugin.Host", "half", (5,)) {
///     Err(CallError::Thrown(thrown)) => assert_eq!(thrown.to_string(), "java.lang.ArithmeticException: odd"),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// To the guest that is
///
/// ```java
/// package plugin;
///
/// public final class Host {
///     public static native void log(String text);
///     public static native int half(int n);
/// }
/// ```
pub struct HostClass {
    name: String,
    functions: Vec<Function>,
}

impl HostClass {
    /// A class of this name, with dots or slashes.
    pub fn new(name: &str) -> HostClass {
        HostClass { name: name.replace('.', "/"), functions: Vec::new() }
    }

    /// Adds a method. Its parameters are those of the tuple that the function takes, and its result what it gives.
    pub fn function<P: Parameters, R: IntoJava>(
        self,
        name: &str,
        body: impl for<'c> Fn(&mut Caller<'c>, P) -> Result<R, HostError> + Send + Sync + 'static,
    ) -> HostClass {
        self.dynamic_function(name, P::types(), R::TYPE, move |caller, values| {
            let no_null = || HostError::of_class("java.lang.NullPointerException", "argument is null");
            let arguments = P::from_values(values).ok_or_else(no_null)?;
            body(caller, arguments).map(IntoJava::into_java)
        })
    }

    /// As [`HostClass::function`], with types that are only known when the host runs.
    pub fn dynamic_function(
        mut self,
        name: &str,
        parameters: Vec<Type>,
        result: Type,
        body: impl for<'c> Fn(&mut Caller<'c>, Vec<Value>) -> Result<Value, HostError> + Send + Sync + 'static,
    ) -> HostClass {
        self.functions.push(Function { name: name.to_owned(), parameters, result, body: Box::new(body) });
        self
    }

    /// What is wrong with it, if anything is.
    pub(super) fn check(&self) -> Result<(), String> {
        let part_fits = |part: &str| !part.is_empty() && !part.contains(['.', ';', '[', '\0', ':', '<', '>']);
        if !self.name.split('/').all(part_fits) || self.name.len() > 1000 || self.name.starts_with("java/") {
            return Err(format!("{:?} is no name for a class of the host's", self.name));
        }
        for (n, function) in self.functions.iter().enumerate() {
            let same =
                |other: &Function| other.name == function.name && other.parameters == function.parameters;
            if !part_fits(&function.name) || function.name.contains('/') || function.name.len() > 1000 {
                return Err(format!("{:?} is no name for a method", function.name));
            }
            if function.parameters.contains(&Type::Void) || function.parameters.len() > 100 {
                return Err(format!("{}: such parameters there are not", function.name));
            }
            if self.functions.iter().take(n).any(same) {
                return Err(format!("{} is declared twice", function.name));
            }
        }
        Ok(())
    }

    /// The class file: its methods are native, so it has no code.
    fn class_file(&self) -> Vec<u8> {
        const PUBLIC_FINAL_SUPER: u16 = 0x0031;
        const PUBLIC_STATIC_NATIVE: u16 = 0x0109;
        let mut pool = Vec::new();
        let mut count = 1_u16;
        let mut utf8 = |text: &str| {
            pool.push(1);
            pool.extend((text.len() as u16).to_be_bytes());
            pool.extend(text.as_bytes());
            count += 1;
            count - 1
        };
        let (this, above) = (utf8(&self.name), utf8("java/lang/Object"));
        let methods: Vec<(u16, u16)> = self
            .functions
            .iter()
            .map(|f| (utf8(&f.name), utf8(&value::descriptor(&f.parameters, f.result))))
            .collect();
        let mut class = |name: u16| {
            pool.push(7);
            pool.extend(name.to_be_bytes());
            count += 1;
            count - 1
        };
        let (this, above) = (class(this), class(above));
        let mut file = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52];
        file.extend(count.to_be_bytes());
        file.extend(pool);
        // Flags, itself, its superclass, no interfaces, no fields, methods without attributes, no attributes.
        [PUBLIC_FINAL_SUPER, this, above, 0, 0, methods.len() as u16]
            .iter()
            .for_each(|n| file.extend(n.to_be_bytes()));
        for (name, descriptor) in methods {
            [PUBLIC_STATIC_NATIVE, name, descriptor, 0].iter().for_each(|n| file.extend(n.to_be_bytes()));
        }
        file.extend([0, 0]);
        file
    }
}

/// What a function of the host's can ask of the guest that calls it. It cannot leave the call.
pub struct Caller<'c> {
    guest: &'c mut dyn Guest,
}

/// The guest as a function of the host's sees it.
trait Guest {
    fn call(&mut self, request: &Request) -> Answer;
}

impl Caller<'_> {
    /// Calls a static method on the thread that has called the function, above its frames. How deep such calls may nest is
    /// bounded as recursion is (StackOverflowError).
    pub fn call<R: FromJava>(
        &mut self,
        class: &str,
        method: &str,
        arguments: impl Arguments,
    ) -> Result<R, CallError> {
        let request = request::<R, _>(class, method, arguments, usize::MAX);
        request.check()?;
        R::from_java(self.guest.call(&request)?).ok_or(CallError::Null)
    }
}

pub(super) fn request<R: FromJava, A: Arguments>(
    class: &str,
    method: &str,
    arguments: A,
    most: usize,
) -> Request {
    Request {
        class: class.to_owned(),
        method: method.to_owned(),
        parameters: A::types(),
        arguments: arguments.into_values(),
        result: R::TYPE,
        most,
    }
}

/// The functions of one isolate.
pub(super) struct Functions {
    defined: Mutex<Defined>,
    most: usize,
}

#[derive(Default)]
struct Defined {
    classes: Vec<ClassId>,
    /// By the place of the method's record, which stays as long as its class, and that as long as the isolate.
    methods: HashMap<usize, Arc<Function>>,
}

impl Functions {
    /// `most`: the largest string or array that a guest may hand over.
    pub(super) fn new(most: usize) -> Functions {
        Functions { defined: Mutex::default(), most }
    }

    /// Defines the class in the guest. Its methods work from then on.
    pub(super) fn define(&self, env: &mut Env<'_>, class: HostClass) -> JResult<()> {
        let file = class.class_file();
        env.scope(|env| {
            let mirror = call::define(env, &class.name, &file)?;
            let id = env.class_of_mirror(mirror);
            let mut defined = self.defined.lock();
            defined.classes.push(id);
            for function in class.functions {
                let descriptor = value::descriptor(&function.parameters, function.result);
                if let Some(method) = env.find_method(id, &function.name, &descriptor) {
                    defined.methods.insert(std::ptr::from_ref(method).addr(), Arc::new(function));
                }
            }
            Ok(())
        })
    }

    fn find(&self, method: &Method) -> Option<Arc<Function>> {
        self.defined.lock().methods.get(&std::ptr::from_ref(method).addr()).cloned()
    }
}

/// The functions, as the virtual machine asks for them.
pub(super) struct Supplied(pub(super) Arc<Functions>);

impl HostMethods for Supplied {
    fn owns(&self, class: ClassId) -> bool {
        self.0.defined.lock().classes.contains(&class)
    }

    fn call(&self, env: &mut Env<'_>, method: &Method, args: Args) -> RawResult {
        match self.0.find(method) {
            Some(function) => run(env, &function, args, self.0.most),
            None => Err(env.throw("java/lang/UnsatisfiedLinkError", "the host has no such method")),
        }
    }
}

fn run(env: &mut Env<'_>, function: &Function, mut args: Args, most: usize) -> RawResult {
    let mut values = Vec::with_capacity(function.parameters.len());
    for ty in &function.parameters {
        values.push(match ty {
            Type::Boolean => Value::Boolean(args.bool(env)),
            Type::Byte => Value::Byte(args.byte(env)),
            Type::Char => Value::Char(args.char(env)),
            Type::Short => Value::Short(args.short(env)),
            Type::Int => Value::Int(args.int(env)),
            Type::Long => Value::Long(args.long(env)),
            Type::Float => Value::Float(args.float(env)),
            Type::Double => Value::Double(args.double(env)),
            Type::String | Type::Bytes => {
                let object = args.obj(env);
                match value::object_from_java(env, *ty, object, most) {
                    Ok(value) => value,
                    Err(TooLarge { bytes }) => {
                        let text = format!("{bytes} bytes are more than the {most} that may be handed over");
                        return Err(env.throw_illegal_argument(&text));
                    }
                }
            }
            Type::Void => Value::Void,
        });
    }
    let outcome = outside(env, |caller| (function.body)(caller, values));
    // The isolate may have ended meanwhile.
    env.poll()?;
    match outcome {
        Ok(Ok(value)) if function.result.accepts(&value) => raw(env, &value),
        Ok(Ok(_)) => Err(env.throw("java/lang/InternalError", "the host gave a value of another type")),
        Ok(Err(error)) => Err(throw(env, &error)),
        Err(panic) => {
            let text = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "a function of the host's panicked".to_owned());
            env.vm().end_with(End::Panic(format!("{}: {text}", function.name)));
            env.poll()?;
            Err(env.halt(carafe_vm::panics::PANIC_STATUS))
        }
    }
}

/// Runs something of the host's while the thread counts as stopped; a panic is caught.
fn outside<R>(env: &mut Env<'_>, work: impl FnOnce(&mut Caller<'_>) -> R) -> std::thread::Result<R> {
    safepoint::enter_native(env.thread());
    let result = catch_unwind(AssertUnwindSafe(|| {
        let mut guest = Inside { env: &mut *env };
        work(&mut Caller { guest: &mut guest })
    }));
    safepoint::leave_native(env.thread());
    result
}

/// The guest's thread, which counts as stopped but for the calls that it is asked for.
struct Inside<'e, 's> {
    env: &'e mut Env<'s>,
}

impl Guest for Inside<'_, '_> {
    fn call(&mut self, request: &Request) -> Answer {
        safepoint::leave_native(self.env.thread());
        let answer = catch_unwind(AssertUnwindSafe(|| match self.env.poll() {
            Ok(()) => request.run(self.env),
            Err(env::Throw) => Err(super::errors::pending(self.env)),
        }));
        safepoint::enter_native(self.env.thread());
        match answer {
            Ok(answer) => answer,
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// A result, as it goes onto the operand stack.
fn raw(env: &mut Env<'_>, value: &Value) -> RawResult {
    Ok(match value::to_java(env, value)? {
        env::Value::Void => 0,
        env::Value::Int(v) => u64::from(v as u32),
        env::Value::Long(v) => v as u64,
        env::Value::Float(v) => u64::from(v.to_bits()),
        env::Value::Double(v) => v.to_bits(),
        env::Value::Ref(local) => u64::from(env.raw(local).raw()),
    })
}

fn throw(env: &mut Env<'_>, error: &HostError) -> env::Throw {
    const FALLBACK: &str = "java/lang/RuntimeException";
    let class = error.class.replace('.', "/");
    let made = env.scope_ref(|env| {
        let throwable = env.wk().throwable.id;
        let known = match env.boot_class(&class) {
            Ok(id) if carafe_classloader::class::is_subtype(&env.vm().meta, id, throwable) => &class,
            Ok(_) => FALLBACK,
            Err(env::Throw) if env.is_terminating() => return Err(env::Throw),
            Err(env::Throw) => {
                env.take_exception();
                FALLBACK
            }
        };
        let env::Throw = env.throw(known, &error.message);
        if env.is_terminating() { Err(env::Throw) } else { Ok(env.take_exception()) }
    });
    match made {
        Ok(exception) if env.raw(exception) != env.raw(Local::NULL) => env.throw_local(exception),
        Ok(_) | Err(env::Throw) => env::Throw,
    }
}

#[cfg(test)]
mod tests {
    use carafe_classloader::classfile::read::ClassFile;

    use super::*;

    #[test]
    fn a_class_file_says_what_was_declared_and_is_sound() {
        let class = HostClass::new("a.B")
            .function("f", |_, (_, _): (i64, String)| Ok(1_i32))
            .function("f", |_, (): ()| Ok(()))
            .function("g", |_, (_,): (Vec<u8>,)| Ok(None::<String>));
        class.check().unwrap();
        let bytes = class.class_file();
        let file = ClassFile::read_checked(&bytes, Some(b"a/B")).unwrap();
        let methods: Vec<_> = file.methods.iter().map(|m| [m.name, m.descriptor].concat()).collect();
        let expected: [&[u8]; 3] = [b"f(JLjava/lang/String;)I", b"f()V", b"g([B)Ljava/lang/String;"];
        assert_eq!(methods, expected);
        assert!(file.methods.iter().all(|m| m.access == 0x0109));
    }

    #[test]
    fn names_that_are_none_are_refused() {
        let one = |class: &str, method: &str| {
            HostClass::new(class).function(method, |_, (): ()| Ok(())).check().is_ok()
        };
        assert!(one("a.B", "f") && one("B", "f"));
        assert!(!one("java.lang.Evil", "f") && !one("a..B", "f") && !one("", "f") && !one("a;b", "f"));
        assert!(!one("a.B", "") && !one("a.B", "<init>") && !one("a.B", "f/g"));
        let twice =
            HostClass::new("B").function("f", |_, (): ()| Ok(())).function("f", |_, (): ()| Ok(1_i32));
        assert!(twice.check().is_err());
    }
}

//! What a call into a guest does on the guest's thread: finds the method, hands the arguments over, takes the result.
//!
//! Invariant: it leaves no exception pending. Classes are found as the program's own code finds them, through its
//! application loader, so a call reaches the program's classes and those of the library.

use carafe_vm::boot;
use carafe_vm::env::{self, Env, JResult, Local};

use super::desk::Answer;
use super::errors::{self, CallError};
use super::value::{self, TooLarge, Type, Value};

/// One call of a static method.
pub(super) struct Request {
    /// With dots or slashes.
    pub(super) class: String,
    pub(super) method: String,
    pub(super) parameters: Vec<Type>,
    pub(super) arguments: Vec<Value>,
    pub(super) result: Type,
    /// The largest string or array that may come back.
    pub(super) most: usize,
}

impl Request {
    /// Whether every argument fits its parameter.
    pub(super) fn check(&self) -> Result<(), CallError> {
        let fits = |n: &usize| match (self.parameters.get(*n), self.arguments.get(*n)) {
            (Some(ty), Some(argument)) => ty.accepts(argument) && *ty != Type::Void,
            (None, _) | (_, None) => false,
        };
        let most = self.parameters.len().max(self.arguments.len());
        match (0..most).find(|n| !fits(n)) {
            Some(n) => Err(CallError::WrongType(n)),
            None => Ok(()),
        }
    }

    pub(super) fn run(&self, env: &mut Env<'_>) -> Answer {
        let descriptor = value::descriptor(&self.parameters, self.result);
        let outcome = env.scope(|env| -> JResult<Option<Result<Value, TooLarge>>> {
            let class = class(env, &self.class)?;
            let method = env.find_method(class, &self.method, &descriptor).filter(|m| m.is_static());
            let Some(method) = method else { return Ok(None) };
            let mut arguments = Vec::with_capacity(self.arguments.len());
            for argument in &self.arguments {
                arguments.push(value::to_java(env, argument)?);
            }
            env.initialize(class)?;
            let result = env.call(method, &arguments)?;
            Ok(Some(value::result_from_java(env, self.result, result, self.most)))
        });
        match outcome {
            Ok(Some(Ok(value))) => Ok(value),
            Ok(Some(Err(TooLarge { bytes }))) => Err(CallError::TooLarge { bytes, most: self.most }),
            Ok(None) => Err(CallError::NoMethod(format!("{}.{}{descriptor}", self.class, self.method))),
            Err(env::Throw) => Err(errors::pending(env)),
        }
    }
}

/// Calls `public static void main(String[])`.
pub(super) fn run_main(env: &mut Env<'_>, class_name: &str, arguments: &[String]) -> Answer {
    const DESCRIPTOR: &str = "([Ljava/lang/String;)V";
    let outcome = env.scope(|env| -> JResult<bool> {
        let class = class(env, class_name)?;
        let Some(main) = env.find_method(class, "main", DESCRIPTOR).filter(|m| m.is_static()) else {
            return Ok(false);
        };
        let array = boot::string_array(env, arguments)?;
        env.initialize(class)?;
        env.call(main, &[env::Value::Ref(array)])?;
        Ok(true)
    });
    match outcome {
        Ok(true) => Ok(Value::Void),
        Ok(false) => Err(CallError::NoMethod(format!("{class_name}.main{DESCRIPTOR}"))),
        Err(env::Throw) => Err(errors::pending(env)),
    }
}

/// Has the application loader define a class, as if it had found the file. Gives the class's mirror.
pub(super) fn define<'s>(env: &mut Env<'s>, name: &str, bytes: &[u8]) -> JResult<Local<'s>> {
    const DESCRIPTOR: &str = "(Ljava/lang/String;[BII)Ljava/lang/Class;";
    let loader = application_loader(env)?;
    let name = env.new_string(&name.replace('/', "."))?;
    let array = env.new_byte_array(bytes)?;
    let class_loader = env.wk().class_loader.id;
    let Some(define) = env.find_method(class_loader, "defineClass", DESCRIPTOR) else {
        return Err(env.throw("java/lang/NoSuchMethodError", "ClassLoader.defineClass"));
    };
    let arguments = [
        env::Value::Ref(loader),
        env::Value::Ref(name),
        env::Value::Ref(array),
        env::Value::Int(0),
        env::Value::Int(bytes.len() as i32),
    ];
    Ok(env.call(define, &arguments)?.local())
}

fn class(env: &mut Env<'_>, name: &str) -> JResult<carafe_gc::metaspace::ClassId> {
    let loader = application_loader(env)?;
    let loader = env.vm().loader_of_object(env, loader);
    let symbol = env.symbol(&name.replace('.', "/"))?;
    env.load_class(loader, symbol)
}

fn application_loader<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let class = env.wk().class_loader.id;
    let loader = env.call_static(class, "getSystemClassLoader", "()Ljava/lang/ClassLoader;", &[])?;
    Ok(loader.local())
}

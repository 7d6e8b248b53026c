//! `jdk.internal.reflect.Reflection`: who called, and what may be accessed.

use carafe_classloader::class::Method;
use carafe_classloader::class::method::MethodFlags;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::thread::walk;
use carafe_vm::{linkage, natives};

natives! { pub(super) static REFLECTION for "jdk/internal/reflect/Reflection" {
    "getCallerClass" "()Ljava/lang/Class;" = get_caller_class(): isolate;
    "getClassAccessFlags" "(Ljava/lang/Class;)I" = get_class_access_flags(obj): isolate;
    "areNestMates" "(Ljava/lang/Class;Ljava/lang/Class;)Z" = are_nest_mates(obj, obj): isolate;
} }

/// The class that called the method which asks. That method is caller sensitive, and so is `getCallerClass` itself; a
/// method without the annotation may not ask. Null when there is no caller.
fn get_caller_class<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let mut depth = 0;
    let mut insensitive = None;
    let mut caller = None;
    let vm = env.vm();
    walk::each(env.thread(), |frame| {
        let method = frame.method;
        if depth < 2 {
            if !method.flags.contains(MethodFlags::CALLER_SENSITIVE) {
                insensitive = Some(depth);
                return false;
            }
        } else if !is_passed_over(vm, method) {
            caller = Some(method.class);
            return false;
        }
        depth += 1;
        true
    });
    if let Some(depth) = insensitive {
        let text = format!("CallerSensitive annotation expected at frame {depth}");
        return Err(env.throw("java/lang/InternalError", &text));
    }
    match caller {
        Some(class) => Ok(env.mirror(class)),
        None => Ok(Local::NULL),
    }
}

/// Frames between caller and callee that reflection and method handles put there.
fn is_passed_over(vm: &carafe_vm::isolate::Isolate, method: &Method) -> bool {
    let wk = vm.wk();
    let is_below = |above| carafe_classloader::class::is_subtype(&vm.meta, method.class, above);
    let is_lambda_form = || {
        // Code of lambda forms is hidden and stands in java.lang.invoke. A hidden class elsewhere, such as that of a
        // lambda or an injected invoker, is a caller like any other.
        let class = vm.universe.class(method.class);
        method.is_hidden() && class.loader.is_boot() && vm.universe.text(class.package) == b"java/lang/invoke"
    };
    (method.class == wk.method.id && vm.universe.text(method.name) == b"invoke")
        || is_below(wk.method_accessor.id)
        || is_below(wk.constructor_accessor.id)
        || is_lambda_form()
}

/// The flags as the class file has them, not as InnerClasses does.
fn get_class_access_flags<'s>(env: &mut Env<'s>, mirror: Local<'s>) -> JResult<i32> {
    let class = env.class_arg(mirror)?;
    Ok(i32::from(env.class(class).access.bits()))
}

fn are_nest_mates<'s>(env: &mut Env<'s>, current: Local<'s>, member: Local<'s>) -> JResult<bool> {
    let (current, member) = (env.class_arg(current)?, env.class_arg(member)?);
    if current == member || !env.class(current).is_plain() || !env.class(member).is_plain() {
        return Ok(current == member);
    }
    let universe = &env.vm().universe;
    universe
        .are_nestmates(&mut linkage::Host { env }, current, member)
        .map_err(|error| linkage::raise(env, error))
}

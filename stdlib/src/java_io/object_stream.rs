//! java.io.ObjectStreamClass: the one question that serialization asks the VM.

use carafe_classloader::class::ClassFlags;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

use super::nothing;

natives! { pub(super) static OBJECT_STREAM_CLASS for "java/io/ObjectStreamClass" {
    "initNative" "()V" = nothing(): isolate;
    "hasStaticInitializer" "(Ljava/lang/Class;)Z" = has_static_initializer(obj): isolate;
} }

/// Whether the class itself (not a superclass) has a `<clinit>`: part of the default serialVersionUID.
fn has_static_initializer(env: &mut Env<'_>, mirror: Local<'_>) -> JResult<bool> {
    let class = env.class_arg(mirror)?;
    Ok(env.class(class).flags.contains(ClassFlags::HAS_CLINIT))
}

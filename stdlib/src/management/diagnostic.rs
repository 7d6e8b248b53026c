//! `com.sun.management.internal.HotSpotDiagnostic` and `Flag`: heap dumps on request, and the flags that the VM has.

use std::sync::atomic::Ordering;

use carafe_vm::dump::hprof;
use carafe_vm::env::{Env, JResult, Local, Value};
use carafe_vm::natives;
use carafe_vm::outside::NoFile;

use crate::errors;
use crate::noop::nothing;

natives! { pub(super) static HOTSPOT_DIAGNOSTIC for "com/sun/management/internal/HotSpotDiagnostic" {
    "dumpHeap0" "(Ljava/lang/String;Z)V" = dump_heap(obj, obj, bool): write;
} }

natives! { pub(super) static FLAG for "com/sun/management/internal/Flag" {
    "initialize" "()V" = nothing(): isolate;
    "getAllFlagNames" "()[Ljava/lang/String;" = get_all_flag_names(): isolate;
    "getFlags" "([Ljava/lang/String;[Lcom/sun/management/internal/Flag;I)I" = get_flags(obj, obj, int): isolate;
    "getInternalFlagCount" "()I" = get_internal_flag_count(): isolate;
    "setLongValue" "(Ljava/lang/String;J)V" = set_long_value(obj, long): isolate;
    "setDoubleValue" "(Ljava/lang/String;D)V" = set_double_value(obj, double): isolate;
    "setBooleanValue" "(Ljava/lang/String;Z)V" = set_boolean_value(obj, bool): isolate;
    "setStringValue" "(Ljava/lang/String;Ljava/lang/String;)V" = set_string_value(obj, obj): isolate;
} }

fn dump_heap<'s>(env: &mut Env<'s>, _: Local<'s>, file: Local<'s>, live: bool) -> JResult<()> {
    if env.is_null(file) {
        return Err(env.throw("java/lang/NullPointerException", "Output file name cannot be null."));
    }
    let path = env.string(file);
    match hprof::to_file(env, &path, live)? {
        Ok(_) => Ok(()),
        Err(NoFile::Failed(why)) => Err(env.throw("java/io/IOException", &why)),
        Err(NoFile::Refused { why, flag }) => Err(errors::refused(env, &why, &flag)),
    }
}

// ---- flags -------------------------------------------------------------------------------------------------------------------

enum Setting {
    Switch(bool),
    Number(i64),
    Text(String),
}

const DUMP: &str = "HeapDumpOnOutOfMemoryError";
const DUMP_PATH: &str = "HeapDumpPath";

/// Name, value, whether programs may change it.
fn flags(env: &Env<'_>) -> Vec<(&'static str, Setting, bool)> {
    let vm = env.vm();
    vec![
        (DUMP, Setting::Switch(vm.heap_dump.load(Ordering::Relaxed)), true),
        (DUMP_PATH, Setting::Text(vm.heap_dump_path.lock().clone()), true),
        ("InitialHeapSize", Setting::Number(vm.config.heap_initial as i64), false),
        ("MaxHeapSize", Setting::Number(vm.heap.max_bytes() as i64), false),
        ("MaxMetaspaceSize", Setting::Number(vm.meta.max_bytes() as i64), false),
        ("PrintClassHistogram", Setting::Switch(vm.config.class_histogram), false),
        ("ThreadStackSize", Setting::Number((vm.config.stack_bytes >> 10) as i64), false),
        ("UseCompressedOops", Setting::Switch(true), false),
    ]
}

fn get_all_flag_names<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let names: Vec<String> = flags(env).into_iter().map(|(name, _, _)| name.to_owned()).collect();
    carafe_vm::boot::string_array(env, &names)
}

fn get_internal_flag_count(env: &mut Env<'_>) -> JResult<i32> {
    Ok(flags(env).len() as i32)
}

/// Fills in the flags of these names (null for all); answers how many there are.
fn get_flags<'s>(env: &mut Env<'s>, names: Local<'s>, result: Local<'s>, count: i32) -> JResult<i32> {
    if env.is_null(result) {
        return Err(env.throw_npe());
    }
    let mut flags = flags(env);
    if !env.is_null(names) {
        let mut wanted = Vec::new();
        for index in 0..env.array_len(names) {
            let name = env.elem(names, index);
            if env.is_null(name) {
                return Err(env.throw_npe());
            }
            wanted.push(env.string(name));
        }
        flags.retain(|(name, _, _)| wanted.iter().any(|wanted| wanted == name));
    }
    flags.truncate(usize::try_from(count).unwrap_or(0));
    for (index, (name, setting, writable)) in flags.iter().enumerate() {
        env.scope(|env| -> JResult<()> {
            let flag = flag(env, name, setting, *writable)?;
            env.set_elem(result, index, flag);
            Ok(())
        })?;
    }
    Ok(flags.len() as i32)
}

fn flag<'s>(env: &mut Env<'s>, name: &str, setting: &Setting, writable: bool) -> JResult<Local<'s>> {
    let origins = env.boot_class("com/sun/management/VMOption$Origin")?;
    env.initialize(origins)?;
    let given = env.vm().config.arguments.iter().any(|word| word.starts_with("-XX:") && word.contains(name));
    let origin = if given { "VM_CREATION" } else { "DEFAULT" };
    let Some(offset) = env.field_offset(origins, origin, "Lcom/sun/management/VMOption$Origin;") else {
        return Err(env.throw("java/lang/InternalError", origin));
    };
    let mirror = env.mirror(origins);
    let origin = env.get_ref(mirror, offset);
    let text = env.new_string(name)?;
    let value = match setting {
        Setting::Switch(on) => {
            let class = env.wk().boolean_box.id;
            let argument = [Value::Int(i32::from(*on))];
            env.call_static(class, "valueOf", "(Z)Ljava/lang/Boolean;", &argument)?.local()
        }
        Setting::Number(number) => {
            let class = env.wk().long_box.id;
            env.call_static(class, "valueOf", "(J)Ljava/lang/Long;", &[Value::Long(*number)])?.local()
        }
        Setting::Text(text) => env.new_string(text)?,
    };
    let class = env.boot_class("com/sun/management/internal/Flag")?;
    let arguments = [
        Value::Ref(text),
        Value::Ref(value),
        Value::Int(i32::from(writable)),
        Value::Int(1),
        Value::Ref(origin),
    ];
    env.new_object(
        class,
        "(Ljava/lang/String;Ljava/lang/Object;ZZLcom/sun/management/VMOption$Origin;)V",
        &arguments,
    )
}

/// The library asks only for flags that it was told to be writable, with values of their type.
fn refused<T>(env: &mut Env<'_>, name: Local<'_>) -> JResult<T> {
    let text = format!("Flag {} does not exist or is not writeable", env.string(name));
    Err(env.throw("java/lang/InternalError", &text))
}

fn set_long_value<'s>(env: &mut Env<'s>, name: Local<'s>, _value: i64) -> JResult<()> {
    refused(env, name)
}

fn set_double_value<'s>(env: &mut Env<'s>, name: Local<'s>, _value: f64) -> JResult<()> {
    refused(env, name)
}

fn set_boolean_value<'s>(env: &mut Env<'s>, name: Local<'s>, on: bool) -> JResult<()> {
    if env.string(name) != DUMP {
        return refused(env, name);
    }
    env.vm().heap_dump.store(on, Ordering::Relaxed);
    Ok(())
}

fn set_string_value<'s>(env: &mut Env<'s>, name: Local<'s>, value: Local<'s>) -> JResult<()> {
    if env.string(name) != DUMP_PATH || env.is_null(value) {
        return refused(env, name);
    }
    let path = env.string(value);
    *env.vm().heap_dump_path.lock() = path;
    Ok(())
}

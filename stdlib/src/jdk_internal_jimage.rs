//! Natives of jdk.internal.jimage: the JDK's image file, mapped once for the library's own reader.

use std::path::Path;

use carafe_gc::offheap::MapMode;
use carafe_vm::env::{Env, JResult, Local, Value};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;
use parking_lot::Mutex;

use crate::errors;
use crate::state::State;

natives! { static NATIVE_IMAGE_BUFFER for "jdk/internal/jimage/NativeImageBuffer" {
    "getNativeMap" "(Ljava/lang/String;)Ljava/nio/ByteBuffer;" = get_native_map(obj): isolate;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![NATIVE_IMAGE_BUFFER]
}

/// Where the image lies in the isolate's memory, once it does: address and length.
#[derive(Default)]
pub(crate) struct ImageMap {
    mapped: Mutex<Option<(u64, u64)>>,
}

/// A buffer over the image that this VM itself runs on. For any other file it is null, and the library maps it itself.
fn get_native_map<'s>(env: &mut Env<'s>, path: Local<'_>) -> JResult<Local<'s>> {
    if env.is_null(path) {
        return Err(env.throw_npe());
    }
    let asked = env.string(path);
    let image = env.vm().config.java_home.join("lib").join("modules");
    if Path::new(&asked) != image {
        return Ok(Local::NULL);
    }
    let state = State::of(env);
    let off_heap = &env.vm().off_heap;
    let mapped = env.blocking(|| {
        let mut mapped = state.image.mapped.lock();
        if mapped.is_none() {
            let file = state.gate.open_image(&image)?;
            let bytes = file.size()?;
            let fd = std::os::fd::AsFd::as_fd(&file);
            *mapped = off_heap.map_file(fd, 0, bytes, MapMode::ReadOnly).ok().map(|address| (address, bytes));
        }
        Ok(*mapped)
    });
    match mapped {
        Ok(Some((address, bytes))) => {
            let class = env.boot_class("java/nio/DirectByteBuffer")?;
            let arguments = [Value::Long(address as i64), Value::Long(bytes as i64)];
            env.new_object(class, "(JJ)V", &arguments)
        }
        // No room for all of it: the library reads it piece by piece.
        Ok(None) => Ok(Local::NULL),
        Err(failure) => Err(errors::io(env, &failure)),
    }
}

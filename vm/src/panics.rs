//! A panic in the VM is a bug of carafe. It ends the isolate with a report; the host process goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::env::{Env, JResult, Throw};
use crate::limits::End;

/// Exit status of an isolate that a panic has ended.
pub const PANIC_STATUS: i32 = 134;

/// Runs `f`; a panic halts the isolate.
pub fn guard<'s, R>(env: &mut Env<'s>, f: impl FnOnce(&mut Env<'s>) -> JResult<R>) -> JResult<R> {
    match catch_unwind(AssertUnwindSafe(|| f(env))) {
        Ok(result) => result,
        Err(payload) => {
            let text = text_of(&*payload);
            let vm = env.vm();
            vm.console_error(&format!("carafe: internal error, the isolate ends: {text}\n"));
            crate::thread::walk::each(env.thread(), |f| {
                vm.console_error(&format!("\tin {}\n", vm.universe.external_method(f.method)));
                true
            });
            vm.end_with(End::Panic(text));
            env.thread_mut().terminating = true;
            Err(Throw)
        }
    }
}

/// What a panic has to say.
pub(crate) fn text_of(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown panic".to_owned())
}

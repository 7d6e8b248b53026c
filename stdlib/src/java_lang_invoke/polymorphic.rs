//! What reflection meets when it calls a signature-polymorphic method: UnsupportedOperationException.
//!
//! `Method.invoke` cannot say the type of such a call, so there is nothing that the method could do. Call sites in class
//! files never come here.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

const UNSUPPORTED: &str = "java/lang/UnsupportedOperationException";

natives! { pub(super) static METHOD_HANDLE for "java/lang/invoke/MethodHandle" {
    "invoke" "([Ljava/lang/Object;)Ljava/lang/Object;" = invoke(obj, obj): isolate;
    "invokeExact" "([Ljava/lang/Object;)Ljava/lang/Object;" = invoke_exact(obj, obj): isolate;
} }

natives! { pub(super) static VAR_HANDLE for "java/lang/invoke/VarHandle" {
    "get" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "set" "([Ljava/lang/Object;)V" = access(obj, obj): isolate;
    "getVolatile" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "setVolatile" "([Ljava/lang/Object;)V" = access(obj, obj): isolate;
    "getOpaque" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "setOpaque" "([Ljava/lang/Object;)V" = access(obj, obj): isolate;
    "getAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "setRelease" "([Ljava/lang/Object;)V" = access(obj, obj): isolate;
    "compareAndSet" "([Ljava/lang/Object;)Z" = access(obj, obj): isolate;
    "compareAndExchange" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "compareAndExchangeAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "compareAndExchangeRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "weakCompareAndSetPlain" "([Ljava/lang/Object;)Z" = access(obj, obj): isolate;
    "weakCompareAndSet" "([Ljava/lang/Object;)Z" = access(obj, obj): isolate;
    "weakCompareAndSetAcquire" "([Ljava/lang/Object;)Z" = access(obj, obj): isolate;
    "weakCompareAndSetRelease" "([Ljava/lang/Object;)Z" = access(obj, obj): isolate;
    "getAndSet" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndSetAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndSetRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndAdd" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndAddAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndAddRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndBitwiseOr" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndBitwiseOrAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndBitwiseOrRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndBitwiseAnd" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndBitwiseAndAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndBitwiseAndRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndBitwiseXor" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndBitwiseXorAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
    "getAndBitwiseXorRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj): isolate;
} }

fn invoke<'s>(env: &mut Env<'s>, _handle: Local<'s>, _arguments: Local<'s>) -> JResult<()> {
    Err(env.throw(UNSUPPORTED, "MethodHandle.invoke cannot be invoked reflectively"))
}

fn invoke_exact<'s>(env: &mut Env<'s>, _handle: Local<'s>, _arguments: Local<'s>) -> JResult<()> {
    Err(env.throw(UNSUPPORTED, "MethodHandle.invokeExact cannot be invoked reflectively"))
}

fn access<'s>(env: &mut Env<'s>, _handle: Local<'s>, _arguments: Local<'s>) -> JResult<()> {
    Err(env.throw(UNSUPPORTED, "VarHandle access mode methods cannot be invoked reflectively"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_access_mode_has_a_row() {
        assert_eq!(super::VAR_HANDLE.len(), 31);
        assert!(super::VAR_HANDLE.iter().all(|row| row.kinds == ["obj", "obj"]));
    }
}

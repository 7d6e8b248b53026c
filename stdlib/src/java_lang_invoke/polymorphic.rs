//! What reflection meets when it calls a signature-polymorphic method: UnsupportedOperationException.
//!
//! `Method.invoke` cannot say the type of such a call, so there is nothing that the method could do. Call sites in class
//! files never come here.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

const UNSUPPORTED: &str = "java/lang/UnsupportedOperationException";

natives! { pub(super) static METHOD_HANDLE for "java/lang/invoke/MethodHandle" {
    "invoke" "([Ljava/lang/Object;)Ljava/lang/Object;" = invoke(obj, obj);
    "invokeExact" "([Ljava/lang/Object;)Ljava/lang/Object;" = invoke_exact(obj, obj);
} }

natives! { pub(super) static VAR_HANDLE for "java/lang/invoke/VarHandle" {
    "get" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "set" "([Ljava/lang/Object;)V" = access(obj, obj);
    "getVolatile" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "setVolatile" "([Ljava/lang/Object;)V" = access(obj, obj);
    "getOpaque" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "setOpaque" "([Ljava/lang/Object;)V" = access(obj, obj);
    "getAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "setRelease" "([Ljava/lang/Object;)V" = access(obj, obj);
    "compareAndSet" "([Ljava/lang/Object;)Z" = access(obj, obj);
    "compareAndExchange" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "compareAndExchangeAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "compareAndExchangeRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "weakCompareAndSetPlain" "([Ljava/lang/Object;)Z" = access(obj, obj);
    "weakCompareAndSet" "([Ljava/lang/Object;)Z" = access(obj, obj);
    "weakCompareAndSetAcquire" "([Ljava/lang/Object;)Z" = access(obj, obj);
    "weakCompareAndSetRelease" "([Ljava/lang/Object;)Z" = access(obj, obj);
    "getAndSet" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndSetAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndSetRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndAdd" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndAddAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndAddRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndBitwiseOr" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndBitwiseOrAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndBitwiseOrRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndBitwiseAnd" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndBitwiseAndAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndBitwiseAndRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndBitwiseXor" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndBitwiseXorAcquire" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
    "getAndBitwiseXorRelease" "([Ljava/lang/Object;)Ljava/lang/Object;" = access(obj, obj);
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

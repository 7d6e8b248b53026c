//! Native methods that an embedding host supplies, for classes that it has had defined in this isolate.
//!
//! Unlike the rows of tables they belong to one isolate and carry state, so all of them share one row, whose function finds
//! out by the frame which method was called. Invariant: a method reaches the host only if its very class was announced by
//! the host ([`HostMethods::owns`]); a class of the same name that somebody else has defined does not.

use carafe_classloader::class::Method;
use carafe_gc::metaspace::ClassId;

use super::reach::Reach;
use super::{Args, NativeRow, RawResult};
use crate::env::Env;
use crate::thread::frames::Frame;

/// What a host supplies.
pub trait HostMethods: Send + Sync {
    /// Whether the native methods of this class are the host's.
    fn owns(&self, class: ClassId) -> bool;

    /// Runs one of them.
    fn call(&self, env: &mut Env<'_>, method: &Method, args: Args) -> RawResult;
}

const CLASS: &str = "carafe/Host";
const NAME: &str = "call";
const DESCRIPTOR: &str = "()V";

/// The row that all of them share. No class of the library has such a method.
pub static ROWS: &[NativeRow] = &[NativeRow {
    class: CLASS,
    name: NAME,
    descriptor: DESCRIPTOR,
    kinds: &[],
    function: call,
    reach: &[Reach::Host],
}];

/// The number of that row.
pub(crate) fn number(table: &super::NativeTable) -> Option<u32> {
    table.find(CLASS, NAME, DESCRIPTOR)
}

fn call(env: &mut Env<'_>, args: Args) -> RawResult {
    let vm = env.vm();
    // SAFETY: the interpreter calls a native's function with the native method's frame on top.
    let method = vm.meta.get(unsafe { Frame::new(env.thread().top.fp) }.method());
    match vm.host_methods.get().filter(|host| host.owns(method.class)) {
        Some(host) => host.call(env, method, args),
        None => Err(env.throw("java/lang/UnsatisfiedLinkError", "the host has no such method")),
    }
}

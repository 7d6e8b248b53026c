//! Resolution of field references (JVMS 5.4.3.2).

use carafe_classloader::class::Field;
use carafe_gc::metaspace::{ClassId, Meta};

use super::{Host, Linked, Stop, constants, raise};
use crate::env::Env;

/// The field that a Fieldref names, with access checked.
pub fn try_field<'s>(env: &mut Env<'s>, from: ClassId, index: u16) -> Linked<&'s Field> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(from).pool);
    let known = pool.resolved(&vm.meta, index);
    constants::check_failed(env, known)?;
    if known != 0 {
        return Ok(vm.meta.get(Meta::<Field>::from_raw(known as u32)));
    }
    let member = pool.member(&vm.meta, index);
    let target = constants::try_class(env, from, member.class_index)?;
    match vm.universe.resolve_field(&mut Host { env }, from, target, member.name, member.descriptor) {
        Ok(field) => {
            pool.resolve(&vm.meta, index, vm.meta.meta_of(field).raw() as u64);
            Ok(field)
        }
        Err(e) => {
            raise(env, e);
            constants::remember_failure(env, from, index);
            Err(Stop::Throw)
        }
    }
}

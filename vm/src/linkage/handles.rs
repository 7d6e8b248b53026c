//! Small helpers for method handles: descriptors taken apart, boxes, and members read back.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::Method;
use carafe_gc::metaspace::Meta;

use crate::env::{Env, JResult, Local};

/// A method descriptor's parameter and result descriptors.
pub struct Split<'a> {
    pub parameters: Vec<&'a [u8]>,
    pub result: &'a [u8],
}

/// Takes a method descriptor apart; `None` if it is malformed.
pub fn split_descriptor(descriptor: &[u8]) -> Option<Split<'_>> {
    let mut rest = descriptor.strip_prefix(b"(")?;
    let mut parameters = Vec::new();
    loop {
        if let Some(result) = rest.strip_prefix(b")") {
            return Some(Split { parameters, result });
        }
        let n = field_length(rest)?;
        let (p, tail) = rest.split_at_checked(n)?;
        parameters.push(p);
        rest = tail;
    }
}

fn field_length(text: &[u8]) -> Option<usize> {
    let dims = text.iter().take_while(|c| **c == b'[').count();
    match text.get(dims)? {
        b'L' => Some(text.iter().position(|c| *c == b';')? + 1),
        _ => Some(dims + 1),
    }
}

/// A new box object holding `bits`.
pub fn box_value<'s>(env: &mut Env<'s>, kind: BasicType, bits: u64) -> JResult<Local<'s>> {
    let wk = env.wk();
    let (class, offset) = match kind {
        BasicType::Boolean => (wk.boolean_box.id, wk.boolean_box.value),
        BasicType::Char => (wk.character_box.id, wk.character_box.value),
        BasicType::Float => (wk.float_box.id, wk.float_box.value),
        BasicType::Double => (wk.double_box.id, wk.double_box.value),
        BasicType::Byte => (wk.byte_box.id, wk.byte_box.value),
        BasicType::Short => (wk.short_box.id, wk.short_box.value),
        BasicType::Int => (wk.integer_box.id, wk.integer_box.value),
        BasicType::Long => (wk.long_box.id, wk.long_box.value),
        BasicType::Object | BasicType::Array | BasicType::Void => return Ok(Local::NULL),
    };
    let object = env.alloc(class)?;
    match kind.size_shift() {
        0 => env.set::<u8>(object, offset, bits as u8),
        1 => env.set::<u16>(object, offset, bits as u16),
        2 => env.set::<u32>(object, offset, bits as u32),
        _ => env.set::<u64>(object, offset, bits),
    }
    Ok(object)
}

/// The kind and bits of a box object, sign- or zero-extended as its type asks; `None` for other objects and null.
pub fn unbox(env: &Env<'_>, object: Local<'_>) -> Option<(BasicType, u64)> {
    if env.is_null(object) {
        return None;
    }
    let wk = env.wk();
    let class = env.class_id_of(object);
    Some(if class == wk.boolean_box.id {
        (BasicType::Boolean, env.get::<u8>(object, wk.boolean_box.value) as u64)
    } else if class == wk.character_box.id {
        (BasicType::Char, env.get::<u16>(object, wk.character_box.value) as u64)
    } else if class == wk.float_box.id {
        (BasicType::Float, env.get::<u32>(object, wk.float_box.value) as u64)
    } else if class == wk.double_box.id {
        (BasicType::Double, env.get::<u64>(object, wk.double_box.value))
    } else if class == wk.byte_box.id {
        (BasicType::Byte, env.get::<i8>(object, wk.byte_box.value) as i32 as u32 as u64)
    } else if class == wk.short_box.id {
        (BasicType::Short, env.get::<i16>(object, wk.short_box.value) as i32 as u32 as u64)
    } else if class == wk.integer_box.id {
        (BasicType::Int, env.get::<u32>(object, wk.integer_box.value) as u64)
    } else if class == wk.long_box.id {
        (BasicType::Long, env.get::<u64>(object, wk.long_box.value))
    } else {
        return None;
    })
}

/// The method that a resolved MemberName leads to.
pub fn member_target(env: &mut Env<'_>, member: Local<'_>) -> Option<Meta<Method>> {
    if env.is_null(member) {
        return None;
    }
    let wk = env.wk();
    let resolved = env.get_ref(member, wk.member_name.method);
    if env.is_null(resolved) {
        return None;
    }
    let target = Meta::<Method>::from_raw(env.get::<u32>(resolved, wk.resolved_method_name.vmtarget));
    (!target.is_null()).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_come_apart() {
        let d = split_descriptor(b"(IJ[Ljava/lang/String;[[D)Ljava/lang/Object;").unwrap();
        assert_eq!(d.parameters, [&b"I"[..], b"J", b"[Ljava/lang/String;", b"[[D"]);
        assert_eq!(d.result, b"Ljava/lang/Object;");
        assert!(split_descriptor(b"(Ljava/lang/String").is_none());
        assert!(split_descriptor(b"I)V").is_none());
    }
}

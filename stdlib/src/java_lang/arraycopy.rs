//! `System.arraycopy`: checks in HotSpot's order with HotSpot's messages, then a copy in pieces.
//!
//! A piece is at most [`PIECE_BYTES`]; between pieces the thread polls, so that a copy of gigabytes does not hold up a
//! safepoint. A poll may move both arrays, so every piece looks its addresses up again. Pieces go backward where source
//! and destination overlap that way. Other threads may see a copy half done: Java promises them nothing else.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{Class, is_subtype};
use carafe_gc::metaspace::ClassId;
use carafe_gc::object;
use carafe_vm::env::{Env, JResult, Local, Throw};

const PIECE_BYTES: usize = 1 << 20;

const ARRAY_STORE: &str = "java/lang/ArrayStoreException";

pub(super) fn arraycopy<'s>(
    env: &mut Env<'s>,
    source: Local<'s>,
    source_start: i32,
    target: Local<'s>,
    target_start: i32,
    len: i32,
) -> JResult<()> {
    if env.is_null(source) || env.is_null(target) {
        return Err(env.throw_npe());
    }
    let (from, to) = (env.class_of(source), env.class_of(target));
    if let Err(message) = check_types(env, from, to) {
        return Err(env.throw(ARRAY_STORE, &message));
    }
    let kinds = (element_name(env, from), element_name(env, to));
    let request = Request {
        source_start,
        target_start,
        len,
        source_len: env.array_len(source),
        target_len: env.array_len(target),
    };
    if let Err(fault) = request.check() {
        let message = fault.message(kinds.0, kinds.1);
        return Err(env.throw("java/lang/ArrayIndexOutOfBoundsException", &message));
    }
    let (source_start, target_start, len) = (source_start as usize, target_start as usize, len as usize);
    if element_is_primitive(env, from) || is_subtype(&env.vm().meta, from.component, to.component) {
        copy_same_kind(env, source, source_start, target, target_start, len, from)
    } else {
        copy_checked(env, source, source_start, target, target_start, len, (from, to))
    }
}

/// What Java code asked for; numbers not yet checked.
struct Request {
    source_start: i32,
    target_start: i32,
    len: i32,
    source_len: usize,
    target_len: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Fault {
    SourceIndex(i32, usize),
    TargetIndex(i32, usize),
    NegativeLength(i32),
    LastSourceIndex(u32, usize),
    LastTargetIndex(u32, usize),
}

impl Request {
    fn check(&self) -> Result<(), Fault> {
        if self.source_start < 0 {
            return Err(Fault::SourceIndex(self.source_start, self.source_len));
        }
        if self.target_start < 0 {
            return Err(Fault::TargetIndex(self.target_start, self.target_len));
        }
        if self.len < 0 {
            return Err(Fault::NegativeLength(self.len));
        }
        // Neither sum overflows: both parts are below 2^31.
        let source_end = self.source_start as u32 + self.len as u32;
        if source_end as usize > self.source_len {
            return Err(Fault::LastSourceIndex(source_end, self.source_len));
        }
        let target_end = self.target_start as u32 + self.len as u32;
        if target_end as usize > self.target_len {
            return Err(Fault::LastTargetIndex(target_end, self.target_len));
        }
        Ok(())
    }
}

impl Fault {
    /// The detail message; the names are those of the elements of both arrays ("int", "object array").
    fn message(&self, source: &str, target: &str) -> String {
        match self {
            Fault::SourceIndex(at, len) => {
                format!("arraycopy: source index {at} out of bounds for {source}[{len}]")
            }
            Fault::TargetIndex(at, len) => {
                format!("arraycopy: destination index {at} out of bounds for {target}[{len}]")
            }
            Fault::NegativeLength(len) => format!("arraycopy: length {len} is negative"),
            Fault::LastSourceIndex(end, len) => {
                format!("arraycopy: last source index {end} out of bounds for {source}[{len}]")
            }
            Fault::LastTargetIndex(end, len) => {
                format!("arraycopy: last destination index {end} out of bounds for {target}[{len}]")
            }
        }
    }
}

fn check_types(env: &Env<'_>, from: &Class, to: &Class) -> Result<(), String> {
    if !from.is_array() {
        return Err(format!(
            "arraycopy: source type {} is not an array",
            env.vm().universe.external_name(from.id)
        ));
    }
    if !to.is_array() {
        return Err(format!(
            "arraycopy: destination type {} is not an array",
            env.vm().universe.external_name(to.id)
        ));
    }
    let primitive = element_is_primitive(env, from) || element_is_primitive(env, to);
    if primitive && from.id != to.id {
        let (from, to) = (element_name(env, from), element_name(env, to));
        return Err(format!("arraycopy: type mismatch: can not copy {from}[] into {to}[]"));
    }
    Ok(())
}

fn element_is_primitive(env: &Env<'_>, array: &Class) -> bool {
    env.class(array.component).is_primitive()
}

/// What messages call the array's element: its name for primitives, "object array" for all others.
fn element_name(env: &Env<'_>, array: &Class) -> &'static str {
    let component = env.class(array.component);
    if !component.is_primitive() {
        return "object array";
    }
    BasicType::from_u8(component.basic).map_or("object array", BasicType::name)
}

/// Copies between arrays whose elements fit without a test: the same primitive type, or references of a subtype. Ranges
/// are checked. `from` is the source's class.
pub(super) fn copy_same_kind<'s>(
    env: &mut Env<'s>,
    source: Local<'s>,
    source_start: usize,
    target: Local<'s>,
    target_start: usize,
    len: usize,
    from: &Class,
) -> JResult<()> {
    let references = !element_is_primitive(env, from);
    let shift = from.layout.elem_shift;
    let data = object::array_data_offset(shift);
    let backward = env.same(source, target) && target_start > source_start;
    let piece = PIECE_BYTES >> shift;
    let mut done = 0;
    while done < len {
        let count = piece.min(len - done);
        let at = if backward { len - done - count } else { done };
        let (base, s, t) = (env.base(), env.raw(source), env.raw(target));
        let from_offset = data + ((source_start + at) << shift);
        let to_offset = data + ((target_start + at) << shift);
        // SAFETY: the caller checked both ranges against the lengths of two live arrays with elements of this size.
        unsafe {
            if references {
                object::copy_refs(base, s, from_offset, t, to_offset, count);
            } else {
                object::copy_elements(base, s, from_offset, t, to_offset, count, shift);
            }
        }
        done += count;
        if done < len {
            env.poll()?;
        }
    }
    Ok(())
}

/// Copies references one by one and stops with ArrayStoreException at the first that the destination cannot hold; what
/// was copied before stays. The arrays are different ones, since their element types differ.
fn copy_checked<'s>(
    env: &mut Env<'s>,
    source: Local<'s>,
    source_start: usize,
    target: Local<'s>,
    target_start: usize,
    len: usize,
    classes: (&Class, &Class),
) -> JResult<()> {
    let (from, to) = classes;
    let (piece, bound) = (PIECE_BYTES >> object::REF_BYTES_SHIFT, to.component);
    let mut fits = ClassId::NONE;
    for at in 0..len {
        if at > 0 && at % piece == 0 {
            env.poll()?;
        }
        let (base, s, t) = (env.base(), env.raw(source), env.raw(target));
        let data = object::array_data_offset(object::REF_BYTES_SHIFT);
        let slot = |index: usize| data + index * object::REF_BYTES;
        // SAFETY: the caller checked both ranges against the lengths of two live arrays of references.
        let value = unsafe { object::load_ref(base, s, slot(source_start + at)) };
        if !value.is_null() {
            // SAFETY: a reference read from the heap since the last safepoint names a live object.
            let class = unsafe { object::class_of(base, value) };
            if class != fits && !is_subtype(&env.vm().meta, class, bound) {
                return Err(element_mismatch(env, from, to));
            }
            fits = class;
        }
        // SAFETY: as for the load.
        unsafe { object::store_ref(base, t, slot(target_start + at), value) }
    }
    Ok(())
}

fn element_mismatch(env: &mut Env<'_>, from: &Class, to: &Class) -> Throw {
    let (source, target) = (env.class(from.component), env.class(to.component));
    let possible = is_subtype(&env.vm().meta, target.id, source.id);
    let (source, target) =
        (env.vm().universe.external_name(source.id), env.vm().universe.external_name(target.id));
    let message = if possible {
        format!(
            "arraycopy: element type mismatch: can not cast one of the elements of {source}[] to the type of the \
             destination array, {target}"
        )
    } else {
        format!("arraycopy: type mismatch: can not copy {source}[] into {target}[]")
    };
    env.throw(ARRAY_STORE, &message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source_start: i32, target_start: i32, len: i32, lens: (usize, usize)) -> Option<String> {
        let (source_len, target_len) = lens;
        let request = Request { source_start, target_start, len, source_len, target_len };
        request.check().err().map(|fault| fault.message("int", "object array"))
    }

    #[test]
    fn ranges_that_fit() {
        assert_eq!(check(0, 0, 0, (0, 0)), None);
        assert_eq!(check(3, 5, 0, (3, 5)), None);
        assert_eq!(check(1, 2, 2, (3, 4)), None);
        assert_eq!(check(0, 0, i32::MAX, (i32::MAX as usize, i32::MAX as usize)), None);
    }

    #[test]
    fn messages_name_the_array_and_come_in_hotspots_order() {
        let text = |s, t, l, lens| check(s, t, l, lens).unwrap_or_default();
        assert_eq!(text(-1, -1, -1, (2, 2)), "arraycopy: source index -1 out of bounds for int[2]");
        assert_eq!(
            text(0, -2, -1, (2, 3)),
            "arraycopy: destination index -2 out of bounds for object array[3]"
        );
        assert_eq!(text(9, 9, -1, (2, 3)), "arraycopy: length -1 is negative");
        assert_eq!(text(4, 9, 2, (3, 3)), "arraycopy: last source index 6 out of bounds for int[3]");
        assert_eq!(
            text(0, 1, 1, (3, 1)),
            "arraycopy: last destination index 2 out of bounds for object array[1]"
        );
        assert_eq!(text(3, 0, 0, (2, 2)), "arraycopy: last source index 3 out of bounds for int[2]");
    }

    #[test]
    fn the_sum_of_two_large_numbers_does_not_wrap() {
        let text = check(i32::MAX, 0, i32::MAX, (8, 8)).unwrap_or_default();
        assert_eq!(text, "arraycopy: last source index 4294967294 out of bounds for int[8]");
    }
}

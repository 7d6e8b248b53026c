//! Attributes: their contents in words where they are known, as bytes where they are not.

use carafe_classloader::classfile::mutf8;

use super::annotations;
use super::class::{CLASS_FLAGS, Context, OTHER_FLAGS, flag_words};
use super::code;
use super::input::{Input, Output, Result, Stop};

/// What an attribute is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Class,
    Field,
    Method { is_static: bool, descriptor: u16, name: u16 },
    Code,
    RecordComponent,
}

/// A table of attributes: a count and the attributes.
pub(super) fn list(
    input: &mut Input<'_>,
    context: &Context<'_>,
    place: Place,
    depth: usize,
    out: &mut Output<'_>,
) -> Result<()> {
    for index in 0..input.u16()? {
        if place == Place::Class && index == 0 {
            out.line(0, "")?;
        }
        let (name, len) = (input.u16()?, input.u32()?);
        let mut body = input.part(len as usize)?;
        attribute(name, &mut body, context, place, depth, out)?;
    }
    Ok(())
}

/// One attribute. If it makes no sense, that is noted, and the rest of it shown as bytes.
pub(super) fn attribute(
    name: u16,
    body: &mut Input<'_>,
    context: &Context<'_>,
    place: Place,
    depth: usize,
    out: &mut Output<'_>,
) -> Result<()> {
    let whole = *body;
    match known(&context.text(name), body, context, place, depth, out) {
        Ok(true) if body.left() == 0 => Ok(()),
        Ok(true) => {
            let left = body.left();
            out.note(
                depth + 1,
                format!(
                    "damaged at byte {}: {left} bytes are left over in {}",
                    body.at(),
                    context.text(name)
                ),
            )?;
            out.hex(depth + 1, body)
        }
        Ok(false) => {
            out.line(depth, format_args!("{}: {} bytes", context.text(name), whole.left()))?;
            out.hex(depth + 1, &whole)
        }
        Err(Stop::Damaged(what)) => {
            out.note(depth + 1, what)?;
            out.hex(depth + 1, &whole)
        }
        Err(stop) => Err(stop),
    }
}

/// Whether the attribute is known; its contents, if so.
fn known(
    name: &str,
    body: &mut Input<'_>,
    context: &Context<'_>,
    place: Place,
    depth: usize,
    out: &mut Output<'_>,
) -> Result<bool> {
    let inside = depth + 1;
    match (name, place) {
        ("Code", Place::Method { is_static, descriptor, name }) => {
            code::list(body, context, code::Method { is_static, descriptor, name }, depth, out)?;
        }
        ("ConstantValue", _) => {
            let index = body.u16()?;
            out.line(depth, format_args!("ConstantValue: {}", context.constant(index)))?;
        }
        ("Signature" | "SourceFile", _) => {
            let index = body.u16()?;
            out.line(depth, format_args!("{name}: {}", context.text(index)))?;
        }
        ("NestHost" | "ModuleMainClass", _) => {
            let index = body.u16()?;
            out.line(depth, format_args!("{name}: {}", context.name(index)))?;
        }
        ("Synthetic" | "Deprecated", _) => out.line(depth, name)?,
        ("SourceDebugExtension", _) => {
            out.line(depth, "SourceDebugExtension:")?;
            let text = body.take(body.left())?;
            for line in mutf8::to_string(text).lines() {
                out.line(inside, line)?;
            }
        }
        ("Exceptions" | "NestMembers" | "PermittedSubclasses" | "ModulePackages", _) => {
            out.line(depth, format_args!("{name}:"))?;
            for _ in 0..body.u16()? {
                let index = body.u16()?;
                out.line(inside, context.name(index))?;
            }
        }
        ("InnerClasses", _) => {
            out.line(depth, "InnerClasses:")?;
            for _ in 0..body.u16()? {
                let (inner, outer, short, flags) = (body.u16()?, body.u16()?, body.u16()?, body.u16()?);
                let short = if short == 0 { "-".to_owned() } else { context.text(short) };
                let flags = flag_words(flags, CLASS_FLAGS);
                out.line(
                    inside,
                    format_args!("{} in {} as {short}, {flags}", context.name(inner), context.name(outer)),
                )?;
            }
        }
        ("EnclosingMethod", _) => {
            let (class, method) = (body.u16()?, body.u16()?);
            out.line(
                depth,
                format_args!("EnclosingMethod: {}, {}", context.name(class), context.constant(method)),
            )?;
        }
        ("BootstrapMethods", _) => {
            out.line(depth, "BootstrapMethods:")?;
            for index in 0..body.u16()? {
                let (method, count) = (body.u16()?, body.u16()?);
                out.line(inside, format_args!("{index}: #{method} {}", context.constant(method)))?;
                for _ in 0..count {
                    let argument = body.u16()?;
                    out.line(inside + 1, format_args!("#{argument} {}", context.constant(argument)))?;
                }
            }
        }
        ("MethodParameters", _) => {
            out.line(depth, "MethodParameters:")?;
            for _ in 0..body.u8()? {
                let (name, flags) = (body.u16()?, body.u16()?);
                let name = if name == 0 { "-".to_owned() } else { context.text(name) };
                out.line(inside, format_args!("{name}, {}", flag_words(flags, OTHER_FLAGS)))?;
            }
        }
        ("Record", Place::Class) => {
            out.line(depth, "Record:")?;
            for _ in 0..body.u16()? {
                let (name, descriptor) = (body.u16()?, body.u16()?);
                out.line(inside, format_args!("{} {}", context.text(name), context.text(descriptor)))?;
                list(body, context, Place::RecordComponent, inside + 1, out)?;
            }
        }
        ("Module", Place::Class) => module(body, context, depth, out)?,
        ("LineNumberTable", Place::Code) => {
            out.line(depth, "LineNumberTable:")?;
            for _ in 0..body.u16()? {
                let (start, line) = (body.u16()?, body.u16()?);
                out.line(inside, format_args!("from {start}: line {line}"))?;
            }
        }
        ("LocalVariableTable" | "LocalVariableTypeTable", Place::Code) => {
            out.line(depth, format_args!("{name}:"))?;
            for _ in 0..body.u16()? {
                let (start, len) = (body.u16()?, body.u16()?);
                let (name, descriptor, slot) = (body.u16()?, body.u16()?, body.u16()?);
                let end = u32::from(start) + u32::from(len);
                let (name, descriptor) = (context.text(name), context.text(descriptor));
                out.line(inside, format_args!("{start}..{end} local {slot}: {name} {descriptor}"))?;
            }
        }
        _ => return annotations::list(name, body, context, depth, out),
    }
    Ok(true)
}

fn module(body: &mut Input<'_>, context: &Context<'_>, depth: usize, out: &mut Output<'_>) -> Result<()> {
    let inside = depth + 1;
    let version = |index: u16| if index == 0 { String::new() } else { format!(" @ {}", context.text(index)) };
    let (name, flags, number) = (body.u16()?, body.u16()?, body.u16()?);
    let words = flag_words(flags, &[(0x0020, "open"), (0x1000, "synthetic"), (0x8000, "mandated")]);
    out.line(depth, format_args!("Module: {}{}, {words}", context.name(name), version(number)))?;
    for _ in 0..body.u16()? {
        let (name, flags, number) = (body.u16()?, body.u16()?, body.u16()?);
        let words = flag_words(flags, OTHER_FLAGS);
        out.line(inside, format_args!("requires {}{}, {words}", context.name(name), version(number)))?;
    }
    for verb in ["exports", "opens"] {
        for _ in 0..body.u16()? {
            let (package, flags, count) = (body.u16()?, body.u16()?, body.u16()?);
            out.line(
                inside,
                format_args!("{verb} {}, {}", context.name(package), flag_words(flags, OTHER_FLAGS)),
            )?;
            for _ in 0..count {
                let to = body.u16()?;
                out.line(inside + 1, format_args!("to {}", context.name(to)))?;
            }
        }
    }
    for _ in 0..body.u16()? {
        let service = body.u16()?;
        out.line(inside, format_args!("uses {}", context.name(service)))?;
    }
    for _ in 0..body.u16()? {
        let (service, count) = (body.u16()?, body.u16()?);
        out.line(inside, format_args!("provides {}", context.name(service)))?;
        for _ in 0..count {
            let with = body.u16()?;
            out.line(inside + 1, format_args!("with {}", context.name(with)))?;
        }
    }
    Ok(())
}

//! Annotations: the structure of JVMS 4.7.16 to 4.7.22, on one line for each annotation.
//!
//! Invariant: nesting is followed to a fixed depth only, so that no file can exhaust the stack.

use std::fmt::Write as _;

use super::class::Context;
use super::input::{Input, Output, Result};

/// Deeper values are called damage. The library's own reader recurses too, and gives up at some depth.
const NESTING_MAX: u32 = 100;

/// Whether the attribute holds annotations; prints them, if so.
pub(super) fn list(
    name: &str,
    body: &mut Input<'_>,
    context: &Context<'_>,
    depth: usize,
    out: &mut Output<'_>,
) -> Result<bool> {
    match name {
        "RuntimeVisibleAnnotations" | "RuntimeInvisibleAnnotations" => {
            out.line(depth, format_args!("{name}:"))?;
            annotations(body, context, depth + 1, out)?;
        }
        "RuntimeVisibleParameterAnnotations" | "RuntimeInvisibleParameterAnnotations" => {
            out.line(depth, format_args!("{name}:"))?;
            for parameter in 0..body.u8()? {
                out.line(depth + 1, format_args!("parameter {parameter}:"))?;
                annotations(body, context, depth + 2, out)?;
            }
        }
        "RuntimeVisibleTypeAnnotations" | "RuntimeInvisibleTypeAnnotations" => {
            out.line(depth, format_args!("{name}:"))?;
            for _ in 0..body.u16()? {
                let target = target(body)?;
                let mut text = String::new();
                annotation(body, context, 0, &mut text)?;
                out.line(depth + 1, format_args!("{text} on {target}"))?;
            }
        }
        "AnnotationDefault" => {
            let mut text = String::new();
            value(body, context, 0, &mut text)?;
            out.line(depth, format_args!("AnnotationDefault: {text}"))?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn annotations(
    body: &mut Input<'_>,
    context: &Context<'_>,
    depth: usize,
    out: &mut Output<'_>,
) -> Result<()> {
    for _ in 0..body.u16()? {
        let mut text = String::new();
        annotation(body, context, 0, &mut text)?;
        out.line(depth, text)?;
    }
    Ok(())
}

fn annotation(body: &mut Input<'_>, context: &Context<'_>, nesting: u32, text: &mut String) -> Result<()> {
    let (name, count) = (body.u16()?, body.u16()?);
    *text += "@";
    *text += &context.text(name);
    *text += "(";
    for index in 0..count {
        if index > 0 {
            *text += ", ";
        }
        *text += &context.text(body.u16()?);
        *text += " = ";
        value(body, context, nesting + 1, text)?;
    }
    *text += ")";
    Ok(())
}

fn value(body: &mut Input<'_>, context: &Context<'_>, nesting: u32, text: &mut String) -> Result<()> {
    if nesting > NESTING_MAX {
        return Err(body.damaged(format_args!("annotations are nested more than {NESTING_MAX} deep")));
    }
    match body.u8()? {
        b's' => {
            // Writing to a string cannot fail, here and below.
            let _ = write!(text, "{:?}", context.text(body.u16()?));
        }
        b'c' => *text += &context.text(body.u16()?),
        tag @ (b'B' | b'C' | b'D' | b'F' | b'I' | b'J' | b'S' | b'Z') => {
            let _ = write!(text, "({}) {}", char::from(tag), context.constant(body.u16()?));
        }
        b'e' => {
            let (class, name) = (body.u16()?, body.u16()?);
            let _ = write!(text, "{}.{}", context.text(class), context.text(name));
        }
        b'@' => annotation(body, context, nesting + 1, text)?,
        b'[' => {
            *text += "{";
            for index in 0..body.u16()? {
                if index > 0 {
                    *text += ", ";
                }
                value(body, context, nesting + 1, text)?;
            }
            *text += "}";
        }
        tag => return Err(body.damaged(format_args!("{tag} is no tag of an annotation's value"))),
    }
    Ok(())
}

/// What a type annotation is on (JVMS 4.7.20.1) and where in that type (4.7.20.2).
fn target(body: &mut Input<'_>) -> Result<String> {
    let kind = body.u8()?;
    let mut text = match kind {
        0x00 => format!("type parameter {} of the class", body.u8()?),
        0x01 => format!("type parameter {} of the method", body.u8()?),
        0x10 => match body.u16()? {
            u16::MAX => "the superclass".to_owned(),
            index => format!("interface {index}"),
        },
        0x11 => format!("bound {1} of type parameter {0} of the class", body.u8()?, body.u8()?),
        0x12 => format!("bound {1} of type parameter {0} of the method", body.u8()?, body.u8()?),
        0x13 => "the field".to_owned(),
        0x14 => "the result".to_owned(),
        0x15 => "the receiver".to_owned(),
        0x16 => format!("parameter {}", body.u8()?),
        0x17 => format!("thrown type {}", body.u16()?),
        0x40 | 0x41 => {
            let mut text = if kind == 0x40 { "locals" } else { "resources" }.to_owned();
            for _ in 0..body.u16()? {
                let (start, len, slot) = (body.u16()?, body.u16()?, body.u16()?);
                let _ = write!(text, " {slot} at {start}..{}", u32::from(start) + u32::from(len));
            }
            text
        }
        0x42 => format!("catch of handler {}", body.u16()?),
        0x43 => format!("instanceof at {}", body.u16()?),
        0x44 => format!("new at {}", body.u16()?),
        0x45 => format!("constructor reference at {}", body.u16()?),
        0x46 => format!("method reference at {}", body.u16()?),
        0x47 => format!("type {1} of the cast at {0}", body.u16()?, body.u8()?),
        0x48 => format!("type argument {1} of the constructor call at {0}", body.u16()?, body.u8()?),
        0x49 => format!("type argument {1} of the method call at {0}", body.u16()?, body.u8()?),
        0x4a => format!("type argument {1} of the constructor reference at {0}", body.u16()?, body.u8()?),
        0x4b => format!("type argument {1} of the method reference at {0}", body.u16()?, body.u8()?),
        _ => return Err(body.damaged(format_args!("{kind} is no target of a type annotation"))),
    };
    for _ in 0..body.u8()? {
        let step = match (body.u8()?, body.u8()?) {
            (0, _) => ", element".to_owned(),
            (1, _) => ", nested type".to_owned(),
            (2, _) => ", bound".to_owned(),
            (3, index) => format!(", argument {index}"),
            (other, _) => return Err(body.damaged(format_args!("{other} is no step of a type path"))),
        };
        text += &step;
    }
    Ok(text)
}

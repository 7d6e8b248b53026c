//! `StackMapTable`: the frames of a method, with the types that each one means.
//!
//! Invariant: a frame is printed with a bounded number of types, so that output stays linear in the table's size even if
//! every frame of thousands has tens of thousands of locals.

use carafe_classloader::bytecode::Kind;
use carafe_classloader::classfile::{FieldType, MethodDescriptor, mutf8};

use super::class::Context;
use super::code::Method;
use super::input::{Input, Result};

/// How many types of a frame are printed.
const SHOWN_MAX: usize = 40;

/// A frame as a line, and where it stands.
pub(super) struct Frame {
    pub(super) bci: u32,
    pub(super) text: String,
}

/// The frames up to the first one that makes no sense, and how reading ended.
pub(super) fn list(body: &mut Input<'_>, context: &Context<'_>, method: Method) -> (Vec<Frame>, Result<()>) {
    let mut frames = Vec::new();
    let end = read(body, context, method, &mut frames);
    (frames, end)
}

fn read(body: &mut Input<'_>, context: &Context<'_>, method: Method, frames: &mut Vec<Frame>) -> Result<()> {
    let mut locals = arguments(context, method);
    let mut before: Option<u32> = None;
    for _ in 0..body.u16()? {
        let kind = body.u8()?;
        let delta = match kind {
            0..=127 => u16::from(kind % 64),
            _ => body.u16()?,
        };
        let mut stack = Vec::new();
        let word = match kind {
            0..=63 => "same",
            64..=127 => {
                stack.push(value(body, context)?);
                "one item"
            }
            128..=246 => return Err(body.damaged(format_args!("{kind} is no type of a frame"))),
            247 => {
                stack.push(value(body, context)?);
                "one item, long form"
            }
            248..=250 => {
                let gone = usize::from(251 - kind);
                if gone > locals.len() {
                    return Err(body.damaged(format_args!("a frame chops {gone} of {} locals", locals.len())));
                }
                locals.truncate(locals.len() - gone);
                "chop"
            }
            251 => "same, long form",
            252..=254 => {
                for _ in 251..kind {
                    locals.push(value(body, context)?);
                }
                "append"
            }
            255 => {
                locals.clear();
                for _ in 0..body.u16()? {
                    locals.push(value(body, context)?);
                }
                for _ in 0..body.u16()? {
                    stack.push(value(body, context)?);
                }
                "full"
            }
        };
        let bci = before.map_or(u32::from(delta), |bci| bci + u32::from(delta) + 1);
        before = Some(bci);
        let text = format!("frame ({word}) locals [{}] stack [{}]", shown(&locals), shown(&stack));
        frames.push(Frame { bci, text });
    }
    Ok(())
}

fn shown(types: &[String]) -> String {
    let first = types.get(..types.len().min(SHOWN_MAX)).unwrap_or_default().join(", ");
    match types.len() {
        0..=SHOWN_MAX => first,
        all => format!("{first}, ... {} more", all - SHOWN_MAX),
    }
}

/// The types that a method starts with.
fn arguments(context: &Context<'_>, method: Method) -> Vec<String> {
    let mut locals = Vec::new();
    if !method.is_static {
        let constructor = context.pool.utf8(method.name) == Some(b"<init>");
        locals.push(if constructor { "uninitialized this" } else { "this" }.to_owned());
    }
    let descriptor = context.pool.utf8(method.descriptor).and_then(MethodDescriptor::parse);
    for parameter in descriptor.iter().flat_map(|descriptor| descriptor.parameters()) {
        locals.push(match (parameter, parameter.kind()) {
            (FieldType::Class(name) | FieldType::Array(name), _) => mutf8::to_string(name),
            (_, Kind::Long) => "long".to_owned(),
            (_, Kind::Float) => "float".to_owned(),
            (_, Kind::Double) => "double".to_owned(),
            (_, Kind::Int | Kind::Ref) => "int".to_owned(),
        });
    }
    locals
}

fn value(body: &mut Input<'_>, context: &Context<'_>) -> Result<String> {
    Ok(match body.u8()? {
        0 => "top".to_owned(),
        1 => "int".to_owned(),
        2 => "float".to_owned(),
        3 => "double".to_owned(),
        4 => "long".to_owned(),
        5 => "null".to_owned(),
        6 => "uninitialized this".to_owned(),
        7 => context.name(body.u16()?),
        8 => format!("uninitialized at {}", body.u16()?),
        tag => return Err(body.damaged(format_args!("{tag} is no type of a value in a frame"))),
    })
}

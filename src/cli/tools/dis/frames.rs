//! `StackMapTable`: the frames of a method, with the types that each one means.
//!
//! Invariant: a frame is printed with a bounded number of types, so that output stays linear in the table's size even if
//! every frame of thousands has tens of thousands of locals.

use std::fmt;

use carafe_classloader::bytecode::Kind;
use carafe_classloader::classfile::stack_map::{Form, FrameError, Header, Item, Reader};
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
    let mut reader = Reader::new(body.rest());
    let end = read(&mut reader, context, method, &mut frames);
    let read = body.left() - reader.left();
    let end = body.take(read).and_then(|_| end.map_err(|defect| body.damaged(format_args!("{defect}"))));
    (frames, end)
}

/// Why there is no next frame.
enum Defect {
    Frame(FrameError),
    Chop { gone: usize, of: usize },
}

impl From<FrameError> for Defect {
    fn from(error: FrameError) -> Defect {
        Defect::Frame(error)
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Defect::Frame(FrameError::Truncated) => write!(f, "the table ends inside a frame"),
            Defect::Frame(FrameError::ReservedForm(kind)) => write!(f, "{kind} is no type of a frame"),
            Defect::Frame(FrameError::BadItem(tag)) => write!(f, "{tag} is no type of a value in a frame"),
            Defect::Chop { gone, of } => write!(f, "a frame chops {gone} of {of} locals"),
        }
    }
}

fn read(
    reader: &mut Reader<'_>,
    context: &Context<'_>,
    method: Method,
    frames: &mut Vec<Frame>,
) -> std::result::Result<(), Defect> {
    let mut locals = arguments(context, method);
    let mut next = 0;
    for _ in 0..reader.count()? {
        let Header { kind, form, delta } = reader.header()?;
        let mut stack = Vec::new();
        let word = match form {
            Form::Same => "same",
            Form::OneOnStack => {
                stack.push(value(reader, context)?);
                "one item"
            }
            Form::Chop(gone) => {
                let (gone, of) = (usize::from(gone), locals.len());
                locals.truncate(of.checked_sub(gone).ok_or(Defect::Chop { gone, of })?);
                "chop"
            }
            Form::Append(count) => {
                for _ in 0..count {
                    locals.push(value(reader, context)?);
                }
                "append"
            }
            Form::Full => {
                locals.clear();
                for _ in 0..reader.count()? {
                    locals.push(value(reader, context)?);
                }
                for _ in 0..reader.count()? {
                    stack.push(value(reader, context)?);
                }
                "full"
            }
        };
        let long = if matches!(kind, 247 | 251) { ", long form" } else { "" };
        let bci = next + u32::from(delta);
        next = bci + 1;
        let text = format!("frame ({word}{long}) locals [{}] stack [{}]", shown(&locals), shown(&stack));
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

fn value(reader: &mut Reader<'_>, context: &Context<'_>) -> std::result::Result<String, FrameError> {
    Ok(match reader.item()? {
        Item::Top => "top".to_owned(),
        Item::Int => "int".to_owned(),
        Item::Float => "float".to_owned(),
        Item::Double => "double".to_owned(),
        Item::Long => "long".to_owned(),
        Item::Null => "null".to_owned(),
        Item::UninitThis => "uninitialized this".to_owned(),
        Item::Object(class) => context.name(class),
        Item::Uninit(bci) => format!("uninitialized at {bci}"),
    })
}

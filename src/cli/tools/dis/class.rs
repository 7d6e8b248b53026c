//! The outer structure of a class file: header, constant pool, supertypes, fields, methods, attributes.

use std::fmt::Write as _;
use std::io::{self, Write};

use carafe_classloader::bytecode::CpIndex;
use carafe_classloader::bytecode::disasm::ConstantPrinter;
use carafe_classloader::classfile::pool::tag;
use carafe_classloader::classfile::{Constant, ConstantPool, access, mutf8};

use super::attributes::{self, Place};
use super::input::{Input, Output, Result, Stop};

/// What the parts of a listing share.
pub(super) struct Context<'a> {
    pub(super) pool: ConstantPool<'a>,
    pub(super) major: u16,
}

impl Context<'_> {
    /// The text of a `Utf8` entry.
    pub(super) fn text(&self, index: u16) -> String {
        match self.pool.utf8(index) {
            Some(bytes) => cut(mutf8::to_string(bytes)),
            None => format!("#{index}?"),
        }
    }

    /// What an entry stands for; `-` for index 0.
    pub(super) fn constant(&self, index: u16) -> String {
        if index == 0 {
            return "-".to_owned();
        }
        struct Shown<'c, 'a>(&'c ConstantPool<'a>, u16);
        impl std::fmt::Display for Shown<'_, '_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.print(CpIndex(self.1), f)
            }
        }
        match Shown(&self.pool, index).to_string() {
            unknown if unknown == "?" => format!("#{index}?"),
            text => cut(text),
        }
    }

    /// The name of a `Class`, `Module` or `Package` entry; `-` for index 0.
    pub(super) fn name(&self, index: u16) -> String {
        match self.pool.get(index) {
            Constant::Class { name } | Constant::Module { name } | Constant::Package { name } => {
                self.text(name)
            }
            _ if index == 0 => "-".to_owned(),
            _ => format!("#{index}?"),
        }
    }
}

impl ConstantPrinter for Context<'_> {
    fn print(&self, index: CpIndex, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.constant(index.0))
    }
}

/// How much of a constant is shown where it is used; the pool shows all of it.
const TEXT_CHARS_MAX: usize = 400;

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(TEXT_CHARS_MAX) {
        text.truncate(at);
        text += "...";
    }
    text
}

/// Writes the listing. Answers what is damaged, if anything is.
pub(super) fn list(
    label: &str,
    bytes: &[u8],
    with_pool: bool,
    out: &mut dyn Write,
) -> io::Result<Option<String>> {
    let mut out = Output::new(out);
    match class(label, Input::new(bytes), with_pool, &mut out) {
        Ok(()) => Ok(out.damage),
        Err(Stop::Damaged(what)) => Ok(Some(out.damage.unwrap_or(what))),
        Err(Stop::Io(error)) => Err(error),
    }
}

fn class(label: &str, mut input: Input<'_>, with_pool: bool, out: &mut Output<'_>) -> Result<()> {
    out.line(0, format_args!("{label}, {} bytes", input.left()))?;
    let magic = input.u32()?;
    if magic != 0xcafe_babe {
        out.line(1, format_args!("magic {magic:#010x}"))?;
        return Err(Stop::Damaged("damaged at byte 0: no class file".to_owned()));
    }
    let (minor, major) = (input.u16()?, input.u16()?);
    let release = match major {
        49.. => format!(", Java {}", major - 44),
        45..=48 => format!(", Java 1.{}", major - 44),
        _ => String::new(),
    };
    let preview = if minor == u16::MAX { " with preview features" } else { "" };
    out.line(1, format_args!("version {major}.{minor}{release}{preview}"))?;
    let pool = pool(&mut input, with_pool, out)?;
    let context = Context { pool, major };

    let flags = input.u16()?;
    out.line(1, format_args!("flags {}", flag_words(flags, CLASS_FLAGS)))?;
    let (this, above) = (input.u16()?, input.u16()?);
    out.line(1, format_args!("this  #{this} {}", context.name(this)))?;
    out.line(1, format_args!("super #{above} {}", context.name(above)))?;
    for _ in 0..input.u16()? {
        let interface = input.u16()?;
        out.line(1, format_args!("interface #{interface} {}", context.name(interface)))?;
    }
    members(&mut input, &context, Place::Field, out)?;
    members(&mut input, &context, Place::Method { is_static: false, descriptor: 0, name: 0 }, out)?;
    attributes::list(&mut input, &context, Place::Class, 0, out)?;
    if input.left() > 0 {
        out.line(0, "")?;
        out.line(0, format_args!("{} bytes behind the end:", input.left()))?;
        out.hex(1, &input)?;
        return Err(input.damaged(format_args!("there are bytes behind the end of the class")));
    }
    Ok(())
}

/// Reads the pool; prints its entries, as far as they can be read.
fn pool<'a>(input: &mut Input<'a>, print: bool, out: &mut Output<'_>) -> Result<ConstantPool<'a>> {
    let count = input.u16()?;
    let mut entries = vec![Constant::Unusable];
    let mut end = Ok(());
    while entries.len() < usize::from(count) {
        match constant(input) {
            Ok(constant) => {
                let wide = matches!(constant, Constant::Long(_) | Constant::Double(_));
                entries.push(constant);
                if wide {
                    entries.push(Constant::Unusable);
                }
            }
            Err(stop) => {
                end = Err(stop);
                break;
            }
        }
    }
    let context = Context { pool: ConstantPool::unchecked(entries), major: 0 };
    if print {
        out.line(0, "")?;
        out.line(0, format_args!("constant pool, {count} entries"))?;
        let width = count.to_string().len() + 1;
        for (index, constant) in context.pool.iter() {
            let index = index.to_string();
            let text = entry(&context, constant);
            out.line(1, format_args!("{index:>width$} {text}"))?;
        }
        out.line(0, "")?;
    }
    end.map(|()| context.pool)
}

fn constant<'a>(input: &mut Input<'a>) -> Result<Constant<'a>> {
    Ok(match input.u8()? {
        tag::UTF8 => {
            let len = usize::from(input.u16()?);
            Constant::Utf8(input.take(len)?)
        }
        tag::INTEGER => Constant::Integer(input.u32()? as i32),
        tag::FLOAT => Constant::Float(input.u32()?),
        tag::LONG => Constant::Long(input.u64()? as i64),
        tag::DOUBLE => Constant::Double(input.u64()?),
        tag::CLASS => Constant::Class { name: input.u16()? },
        tag::STRING => Constant::String { utf8: input.u16()? },
        tag::FIELD_REF => Constant::FieldRef { class: input.u16()?, name_and_type: input.u16()? },
        tag::METHOD_REF => Constant::MethodRef { class: input.u16()?, name_and_type: input.u16()? },
        tag::INTERFACE_METHOD_REF => {
            Constant::InterfaceMethodRef { class: input.u16()?, name_and_type: input.u16()? }
        }
        tag::NAME_AND_TYPE => Constant::NameAndType { name: input.u16()?, descriptor: input.u16()? },
        tag::METHOD_HANDLE => Constant::MethodHandle { kind: input.u8()?, reference: input.u16()? },
        tag::METHOD_TYPE => Constant::MethodType { descriptor: input.u16()? },
        tag::DYNAMIC => Constant::Dynamic { bootstrap: input.u16()?, name_and_type: input.u16()? },
        tag::INVOKE_DYNAMIC => {
            Constant::InvokeDynamic { bootstrap: input.u16()?, name_and_type: input.u16()? }
        }
        tag::MODULE => Constant::Module { name: input.u16()? },
        tag::PACKAGE => Constant::Package { name: input.u16()? },
        other => return Err(input.damaged(format_args!("{other} is no tag of a constant"))),
    })
}

/// An entry's kind, its indices, and what they stand for.
fn entry(context: &Context<'_>, constant: Constant<'_>) -> String {
    let (kind, indices) = match constant {
        Constant::Unusable => ("", String::new()),
        // The text itself follows.
        Constant::Utf8(bytes) => return format!("Utf8               {}", mutf8::to_string(bytes)),
        Constant::Integer(value) => return format!("Integer            {value}"),
        Constant::Float(bits) => return format!("Float              {:?}", f32::from_bits(bits)),
        Constant::Long(value) => return format!("Long               {value}"),
        Constant::Double(bits) => return format!("Double             {:?}", f64::from_bits(bits)),
        Constant::Class { name } => ("Class", format!("#{name}")),
        Constant::String { utf8 } => ("String", format!("#{utf8}")),
        Constant::FieldRef { class, name_and_type } => ("FieldRef", format!("#{class}.#{name_and_type}")),
        Constant::MethodRef { class, name_and_type } => ("MethodRef", format!("#{class}.#{name_and_type}")),
        Constant::InterfaceMethodRef { class, name_and_type } => {
            ("InterfaceMethodRef", format!("#{class}.#{name_and_type}"))
        }
        Constant::NameAndType { name, descriptor } => ("NameAndType", format!("#{name}:#{descriptor}")),
        Constant::MethodHandle { kind, reference } => ("MethodHandle", format!("{kind}:#{reference}")),
        Constant::MethodType { descriptor } => ("MethodType", format!("#{descriptor}")),
        Constant::Dynamic { bootstrap, name_and_type } => {
            ("Dynamic", format!("{bootstrap}:#{name_and_type}"))
        }
        Constant::InvokeDynamic { bootstrap, name_and_type } => {
            ("InvokeDynamic", format!("{bootstrap}:#{name_and_type}"))
        }
        Constant::Module { name } => ("Module", format!("#{name}")),
        Constant::Package { name } => ("Package", format!("#{name}")),
    };
    format!("{kind:18} {indices:13} // {}", meaning(context, constant))
}

/// What an entry's indices lead to. Chains end: a handle's reference is looked at one level deep.
fn meaning(context: &Context<'_>, constant: Constant<'_>) -> String {
    let pair = |index: u16| match context.pool.get(index) {
        Constant::NameAndType { name, descriptor } => {
            format!("{}:{}", context.text(name), context.text(descriptor))
        }
        _ => format!("#{index}?"),
    };
    match constant {
        Constant::Unusable
        | Constant::Utf8(_)
        | Constant::Integer(_)
        | Constant::Float(_)
        | Constant::Long(_)
        | Constant::Double(_) => String::new(),
        Constant::Class { name } | Constant::Module { name } | Constant::Package { name } => {
            context.text(name)
        }
        Constant::String { utf8 } => format!("{:?}", context.text(utf8)),
        Constant::FieldRef { class, name_and_type }
        | Constant::MethodRef { class, name_and_type }
        | Constant::InterfaceMethodRef { class, name_and_type } => {
            format!("{}.{}", context.name(class), pair(name_and_type))
        }
        Constant::NameAndType { name, descriptor } => {
            format!("{}:{}", context.text(name), context.text(descriptor))
        }
        Constant::MethodHandle { kind, reference } => {
            let what = match kind {
                1 => "getfield",
                2 => "getstatic",
                3 => "putfield",
                4 => "putstatic",
                5 => "invokevirtual",
                6 => "invokestatic",
                7 => "invokespecial",
                8 => "newinvokespecial",
                9 => "invokeinterface",
                _ => "?",
            };
            format!("{what} {}", context.constant(reference))
        }
        Constant::MethodType { descriptor } => context.text(descriptor),
        Constant::Dynamic { name_and_type, .. } | Constant::InvokeDynamic { name_and_type, .. } => {
            pair(name_and_type)
        }
    }
}

fn members(input: &mut Input<'_>, context: &Context<'_>, place: Place, out: &mut Output<'_>) -> Result<()> {
    for _ in 0..input.u16()? {
        out.line(0, "")?;
        let (flags, name, descriptor) = (input.u16()?, input.u16()?, input.u16()?);
        let (kind, words, place) = match place {
            Place::Method { .. } => {
                let is_static = flags & access::STATIC != 0;
                ("method", flag_words(flags, METHOD_FLAGS), Place::Method { is_static, descriptor, name })
            }
            other => ("field", flag_words(flags, FIELD_FLAGS), other),
        };
        out.line(0, format_args!("{kind} {} {}", context.text(name), context.text(descriptor)))?;
        out.line(1, format_args!("flags {words}"))?;
        attributes::list(input, context, place, 1, out)?;
    }
    Ok(())
}

type Flags = &'static [(u16, &'static str)];

pub(super) const CLASS_FLAGS: Flags = &[
    (access::PUBLIC, "public"),
    (access::PRIVATE, "private"),
    (access::PROTECTED, "protected"),
    (access::STATIC, "static"),
    (access::FINAL, "final"),
    (access::SUPER, "super"),
    (access::INTERFACE, "interface"),
    (access::ABSTRACT, "abstract"),
    (access::SYNTHETIC, "synthetic"),
    (access::ANNOTATION, "annotation"),
    (access::ENUM, "enum"),
    (access::MODULE, "module"),
];

const FIELD_FLAGS: Flags = &[
    (access::PUBLIC, "public"),
    (access::PRIVATE, "private"),
    (access::PROTECTED, "protected"),
    (access::STATIC, "static"),
    (access::FINAL, "final"),
    (access::VOLATILE, "volatile"),
    (access::TRANSIENT, "transient"),
    (access::SYNTHETIC, "synthetic"),
    (access::ENUM, "enum"),
];

const METHOD_FLAGS: Flags = &[
    (access::PUBLIC, "public"),
    (access::PRIVATE, "private"),
    (access::PROTECTED, "protected"),
    (access::STATIC, "static"),
    (access::FINAL, "final"),
    (access::SYNCHRONIZED, "synchronized"),
    (access::BRIDGE, "bridge"),
    (access::VARARGS, "varargs"),
    (access::NATIVE, "native"),
    (access::ABSTRACT, "abstract"),
    (access::STRICT, "strictfp"),
    (access::SYNTHETIC, "synthetic"),
];

/// Parameters, modules and what they require or export.
pub(super) const OTHER_FLAGS: Flags = &[
    (access::FINAL, "final"),
    (0x0020, "transitive"),
    (0x0040, "static-phase"),
    (access::SYNTHETIC, "synthetic"),
    (0x8000, "mandated"),
];

/// `0x0021 public super`; bits without a name are in the number only.
pub(super) fn flag_words(flags: u16, names: Flags) -> String {
    let mut words = format!("{flags:#06x}");
    for (_, name) in names.iter().filter(|(bit, _)| flags & bit != 0) {
        // Writing to a string cannot fail.
        let _ = write!(words, " {name}");
    }
    words
}

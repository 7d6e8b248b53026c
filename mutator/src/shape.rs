//! Damage to everything but code: constants, names and descriptors, flags, members, attributes, versions.
//!
//! Invariant: each function makes one change, says what it was, and answers `None` where the class offers no place for it.
//! Deliberately not here: counts and lengths that lie, which `raw` makes of the finished bytes.

use crate::model::{Attribute, Body, Class, Constant, Member, tag};
use crate::numbers::Numbers;

/// What descriptors, names and signatures are made of, and what they must not contain.
const LETTERS: &[u8] = b"BCDFIJSZVL[;()/<>.:Oa\0\xc0\x80\xed\xa0\xff";

/// Attributes whose mere presence, or presence in the wrong place, means something.
const ATTRIBUTES: &[&str] = &[
    "Code",
    "ConstantValue",
    "StackMapTable",
    "Exceptions",
    "BootstrapMethods",
    "NestHost",
    "NestMembers",
    "PermittedSubclasses",
    "InnerClasses",
    "EnclosingMethod",
    "Synthetic",
    "Signature",
    "Record",
    "SourceFile",
    "SourceDebugExtension",
    "LineNumberTable",
    "LocalVariableTable",
    "LocalVariableTypeTable",
    "Deprecated",
    "RuntimeVisibleAnnotations",
    "RuntimeVisibleParameterAnnotations",
    "RuntimeVisibleTypeAnnotations",
    "AnnotationDefault",
    "MethodParameters",
    "Module",
    "Unknown",
];

const NAMES: &[&str] = &[
    "<init>",
    "<clinit>",
    "java/lang/Object",
    "java/lang/String",
    "java/lang/Throwable",
    "[I",
    "[[Ljava/lang/Object;",
    "[Ljava/lang/String;",
    "()V",
    "(I)V",
    "(JD)I",
    "I",
    "J",
    "Ljava/lang/Object;",
    "no/such/Class",
    "clone",
    "finalize",
    "java/lang/Runnable",
    "java/lang/Integer",
    "java/lang/Record",
    "java/lang/Enum",
    "java/lang/invoke/MethodHandle",
    "invokeExact",
    "([Ljava/lang/Object;)Ljava/lang/Object;",
    "a//b",
    "a;b",
    "",
];

/// One change of a constant.
pub(crate) fn change_constant(class: &mut Class, numbers: &mut Numbers) -> Option<String> {
    let count = class.pool.len();
    let index = numbers.below(count) as u16;
    let all_like = class.with_tag(class.tag(index)?);
    let target_of = |class: &Class, old: u16, numbers: &mut Numbers| {
        let alike = class.tag(old).map(|tag| class.with_tag(tag)).unwrap_or_default();
        match numbers.below(10) {
            0..8 => numbers.pick(&alike).copied(),
            8 => Some(numbers.below(count) as u16),
            _ => Some(numbers.instead_of(u32::from(old), 16) as u16),
        }
    };
    let Some(Constant::Item(tag, bytes)) = class.pool.get(usize::from(index)).cloned() else { return None };
    let mut new = bytes.clone();
    let mut new_tag = tag;
    let way = numbers.below(20);
    let what = match (way, tag) {
        (0, _) => {
            let other = *numbers.pick(&all_like)?;
            class.pool.swap(usize::from(index), usize::from(other));
            return Some(format!("constants #{index} and #{other} swapped"));
        }
        (1, _) => {
            let added = class.add(tag, &bytes);
            return Some(format!("constant #{index} again as #{added}"));
        }
        (2, _) if tag != tag::UTF8 && bytes.len() == 2 => {
            new_tag = *numbers.pick(&[7, 8, 16, 19, 20])?;
            "tag"
        }
        (2 | 3, _) if tag != tag::UTF8 && bytes.len() == 4 => {
            new_tag = *numbers.pick(&[3, 4, 9, 10, 11, 12, 17, 18])?;
            "tag"
        }
        (_, tag::UTF8) => {
            new = text(class, &bytes, numbers)?;
            "text"
        }
        (_, tag::METHOD_HANDLE) if numbers.chance(40) => {
            let kind = new.first_mut()?;
            *kind = numbers.below(11) as u8;
            "kind"
        }
        (_, 3..=6) => {
            let byte = numbers.place(&new)?;
            *new.get_mut(byte)? = numbers.draw() as u8;
            "value"
        }
        _ => {
            let first = usize::from(tag == tag::METHOD_HANDLE);
            let halves = (new.len() - first) / 2;
            let at = first + 2 * numbers.below(halves);
            let place = new.get_mut(at..at + 2)?;
            let old = u16::from_be_bytes((&*place).try_into().ok()?);
            let target = target_of(class, old, numbers)?;
            place.copy_from_slice(&target.to_be_bytes());
            "index"
        }
    };
    let show = |tag: u8, bytes: &[u8]| match tag {
        tag::UTF8 => format!("\"{}\"", bytes.escape_ascii()),
        _ => format!("{tag} {bytes:?}"),
    };
    let said = format!("{what} of constant #{index}: {} becomes {}", show(tag, &bytes), show(new_tag, &new));
    *class.pool.get_mut(usize::from(index))? = Constant::Item(new_tag, new);
    Some(said)
}

/// Another text instead of `old`.
fn text(class: &Class, old: &[u8], numbers: &mut Numbers) -> Option<Vec<u8>> {
    let mut new = old.to_vec();
    match numbers.below(10) {
        0..4 if !new.is_empty() => {
            let at = numbers.place(&new)?;
            *new.get_mut(at)? = *numbers.pick(LETTERS)?;
        }
        4 => {
            let at = numbers.below(new.len() + 1);
            new.insert(at, *numbers.pick(LETTERS)?);
        }
        5 if !new.is_empty() => {
            let at = numbers.place(&new)?;
            new.remove(at);
        }
        6 => {
            let others = class.with_tag(tag::UTF8);
            new = class.utf8(*numbers.pick(&others)?)?.to_vec();
        }
        7 => new = numbers.pick(NAMES)?.as_bytes().to_vec(),
        8 if new.len() > 1 => {
            // A type of a descriptor twice, or a part of it gone.
            let from = numbers.place(&new)?;
            let part = new.get(from..(from + 1 + numbers.below(3)).min(new.len()))?.to_vec();
            new.splice(from..from, part);
        }
        _ => {
            let at = numbers.below(new.len() + 1);
            let count = if numbers.chance(10) { 256 } else { 1 };
            new.splice(at..at, std::iter::repeat_n(b'[', count));
        }
    }
    Some(new)
}

/// One change of the class's outer form.
pub(crate) fn change(class: &mut Class, numbers: &mut Numbers) -> Option<String> {
    match numbers.below(20) {
        0..3 => Some(class_flags(class, numbers)),
        3..7 => member(class, numbers),
        7..14 => attribute(class, numbers),
        14 | 15 => version(class, numbers),
        16 => {
            let classes = class.with_tag(tag::CLASS);
            class.super_class = if numbers.chance(90) { *numbers.pick(&classes)? } else { 0 };
            Some(format!("superclass is #{}", class.super_class))
        }
        17 | 18 => interfaces(class, numbers),
        _ => {
            let classes = class.with_tag(tag::CLASS);
            class.this_class = *numbers.pick(&classes)?;
            Some(format!("this class is #{}", class.this_class))
        }
    }
}

fn class_flags(class: &mut Class, numbers: &mut Numbers) -> String {
    class.access ^= 1 << numbers.below(16);
    format!("class flags {:#06x}", class.access)
}

fn version(class: &mut Class, numbers: &mut Numbers) -> Option<String> {
    class.major = match numbers.below(10) {
        0..9 => 45 + numbers.below(25) as u16,
        _ => numbers.instead_of(u32::from(class.major), 16) as u16,
    };
    if numbers.chance(20) {
        class.minor = *numbers.pick(&[0, 1, 3, 0xffff])?;
    }
    Some(format!("version {}.{}", class.major, class.minor))
}

fn interfaces(class: &mut Class, numbers: &mut Numbers) -> Option<String> {
    let classes = class.with_tag(tag::CLASS);
    if numbers.chance(50) {
        class.interfaces.push(*numbers.pick(&classes)?);
    } else {
        let place = numbers.place(&class.interfaces)?;
        if numbers.chance(50) {
            class.interfaces.remove(place);
        } else {
            *class.interfaces.get_mut(place)? = *numbers.pick(&classes)?;
        }
    }
    Some(format!("interfaces {:?}", class.interfaces))
}

fn member(class: &mut Class, numbers: &mut Numbers) -> Option<String> {
    let texts = class.with_tag(tag::UTF8);
    let init = class.text("<init>");
    let kind = if numbers.chance(70) { "method" } else { "field" };
    let members = if kind == "method" { &mut class.methods } else { &mut class.fields };
    let place = numbers.place(members)?;
    let others: Vec<Member> = members.clone();
    let member = members.get_mut(place)?;
    let what = match numbers.below(12) {
        0..6 => {
            member.access ^= 1 << numbers.below(16);
            format!("flags {:#06x}", member.access)
        }
        6 => {
            member.name = if numbers.chance(20) { init } else { *numbers.pick(&texts)? };
            format!("name #{}", member.name)
        }
        7 => {
            let other = numbers.pick(&others)?;
            member.descriptor = if numbers.chance(60) { other.descriptor } else { *numbers.pick(&texts)? };
            format!("descriptor #{}", member.descriptor)
        }
        8 => {
            let again = member.clone();
            members.push(again);
            "repeated".into()
        }
        9 => {
            members.remove(place);
            "removed".into()
        }
        10 => {
            let other = numbers.place(&others)?;
            members.swap(place, other);
            format!("swapped with {other}")
        }
        _ => {
            // Code under another member's flags, name and descriptor.
            let other = numbers.pick(&others)?;
            member.attributes = other.attributes.clone();
            format!("with the attributes of {}", other.name)
        }
    };
    Some(format!("{kind} {place}: {what}"))
}

/// The table of attributes of the class, of a member, or of a member's code.
fn table<'a>(class: &'a mut Class, numbers: &mut Numbers) -> Option<(String, &'a mut Vec<Attribute>)> {
    Some(match numbers.below(10) {
        0..4 => ("class".into(), &mut class.attributes),
        4 => {
            let place = numbers.place(&class.fields)?;
            (format!("field {place}"), &mut class.fields.get_mut(place)?.attributes)
        }
        5..8 => {
            let place = numbers.place(&class.methods)?;
            (format!("method {place}"), &mut class.methods.get_mut(place)?.attributes)
        }
        _ => {
            let codes = class.codes();
            let chosen = numbers.place(&codes)?;
            let (method, code) = codes.into_iter().nth(chosen)?;
            (format!("code of method {method}"), &mut code.attributes)
        }
    })
}

fn attribute(class: &mut Class, numbers: &mut Numbers) -> Option<String> {
    let wanted = *numbers.pick(ATTRIBUTES)?;
    let wanted_name = class.text(wanted);
    let donor = table(class, numbers).map(|(_, attributes)| attributes.clone()).unwrap_or_default();
    let (owner, attributes) = table(class, numbers)?;
    let what = match numbers.below(10) {
        0 | 1 => {
            let gone = numbers.place(attributes)?;
            attributes.remove(gone);
            format!("attribute {gone} removed")
        }
        2 => {
            let place = numbers.place(attributes)?;
            let again = attributes.get(place)?.clone();
            attributes.push(again);
            format!("attribute {place} repeated")
        }
        3 => {
            let place = numbers.place(attributes)?;
            attributes.get_mut(place)?.name = wanted_name;
            format!("attribute {place} named {wanted}")
        }
        4 => {
            attributes.push(numbers.pick(&donor)?.clone());
            "an attribute from elsewhere added".into()
        }
        5 => {
            let len = *numbers.pick(&[0, 0, 1, 2, 2, 4, 6])?;
            let bytes = (0..len).map(|_| numbers.below(24) as u8).collect();
            attributes.push(Attribute { name: wanted_name, body: Body::Raw(bytes) });
            format!("{wanted} of {len} bytes added")
        }
        _ => {
            let place = numbers.place(attributes)?;
            let Body::Raw(bytes) = &mut attributes.get_mut(place)?.body else { return None };
            let at = numbers.place(bytes)?;
            match numbers.below(8) {
                0 => drop(bytes.pop()),
                1 => bytes.push(numbers.below(8) as u8),
                _ => {
                    let byte = bytes.get_mut(at)?;
                    *byte = numbers.instead_of(u32::from(*byte), 8) as u8;
                }
            }
            format!("byte {at} of attribute {place} changed")
        }
    };
    Some(format!("{owner}: {what}"))
}

//! Two readers of class files against each other: this crate's and the independent `classfile-parser`, on all
//! of `java.base`. Whatever both can see must be the same.

mod common;

use std::time::Instant;

use carafe_classloader::bytecode::{Flow, Handler};
use carafe_classloader::classfile::pool::tag;
use carafe_classloader::classfile::{AttributeTable, ClassFile, Code, Constant, access};
use classfile_parser::attribute_info::{AttributeInfo, code_attribute_parser};
use classfile_parser::code_attribute::code_parser;
use classfile_parser::constant_info::ConstantInfo;

/// The other reader has never heard of these kinds of constants, and gives up.
const UNKNOWN_TO_THE_OTHER: [u8; 3] = [tag::DYNAMIC, tag::MODULE, tag::PACKAGE];

#[test]
fn both_readers_see_the_same() {
    let image = common::image();
    let start = Instant::now();
    let (mut compared, mut beyond) = (0, 0);
    for entry in image.entries() {
        let entry = entry.unwrap();
        if entry.module == "java.base" && entry.is_class() {
            match compare(&entry.path(), &entry.content().unwrap()) {
                true => compared += 1,
                false => beyond += 1,
            }
        }
    }
    println!("{compared} classes compared, {beyond} beyond the other reader, in {:?}", start.elapsed());
    assert!(compared > 5000 && beyond < compared / 10);
}

/// Compares what both see of a class; answers false if the other reader cannot read it, for a known reason.
fn compare(path: &str, bytes: &[u8]) -> bool {
    let ours = ClassFile::read(bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
    let readable = ours.pool.iter().all(|(_, constant)| !UNKNOWN_TO_THE_OTHER.contains(&constant.tag()));
    // It also panics on a pool without a single entry, which no class of the image has.
    assert!(ours.pool.len() > 1);
    let theirs = classfile_parser::class_parser(bytes);
    assert_eq!(theirs.is_ok(), readable, "{path}");
    let Ok((rest, theirs)) = theirs else { return false };
    assert!(rest.is_empty(), "{path}");

    assert_eq!((ours.major, ours.minor), (theirs.major_version, theirs.minor_version), "{path}");
    assert_eq!(ours.access, theirs.access_flags.bits(), "{path}");
    assert_eq!((ours.this_class, ours.super_class), (theirs.this_class, theirs.super_class), "{path}");
    assert_eq!(ours.interfaces, theirs.interfaces, "{path}");
    assert_eq!(ours.pool.len(), usize::from(theirs.const_pool_size), "{path}");
    for (index, constant) in (1..).zip(&theirs.const_pool) {
        assert_eq!(ours.pool.get(index), as_ours(constant), "{path} constant {index}");
    }
    assert_eq!(ours.fields.len(), theirs.fields.len(), "{path}");
    for (ours, theirs) in ours.fields.iter().zip(&theirs.fields) {
        assert_eq!(ours.access, theirs.access_flags.bits() & access::OF_FIELD, "{path}");
        assert_eq!(ours.name_index, theirs.name_index, "{path}");
        assert_eq!(ours.descriptor_index, theirs.descriptor_index, "{path}");
        same_attributes(bytes, ours.attributes, &theirs.attributes, path);
    }
    assert_eq!(ours.methods.len(), theirs.methods.len(), "{path}");
    for (method, theirs) in ours.methods.iter().zip(&theirs.methods) {
        assert_eq!(method.access, theirs.access_flags.bits(), "{path}");
        assert_eq!(method.name_index, theirs.name_index, "{path}");
        assert_eq!(method.descriptor_index, theirs.descriptor_index, "{path}");
        same_attributes(bytes, method.attributes, &theirs.attributes, path);
        let is_code = |a: &&AttributeInfo| ours.pool.utf8(a.attribute_name_index) == Some(b"Code");
        let their_code = theirs.attributes.iter().find(is_code);
        assert_eq!(method.code.is_some(), their_code.is_some(), "{path}");
        if let (Some(code), Some(theirs)) = (&method.code, their_code) {
            same_code(bytes, code, &theirs.info, path);
        }
    }
    same_attributes(bytes, ours.attributes.table, &theirs.attributes, path);
    true
}

/// A constant of the other reader in this one's words.
fn as_ours(constant: &ConstantInfo) -> Constant<'_> {
    match constant {
        ConstantInfo::Utf8(c) => Constant::Utf8(&c.bytes),
        ConstantInfo::Integer(c) => Constant::Integer(c.value),
        ConstantInfo::Float(c) => Constant::Float(c.value.to_bits()),
        ConstantInfo::Long(c) => Constant::Long(c.value),
        ConstantInfo::Double(c) => Constant::Double(c.value.to_bits()),
        ConstantInfo::Class(c) => Constant::Class { name: c.name_index },
        ConstantInfo::String(c) => Constant::String { utf8: c.string_index },
        ConstantInfo::FieldRef(c) => {
            Constant::FieldRef { class: c.class_index, name_and_type: c.name_and_type_index }
        }
        ConstantInfo::MethodRef(c) => {
            Constant::MethodRef { class: c.class_index, name_and_type: c.name_and_type_index }
        }
        ConstantInfo::InterfaceMethodRef(c) => {
            Constant::InterfaceMethodRef { class: c.class_index, name_and_type: c.name_and_type_index }
        }
        ConstantInfo::NameAndType(c) => {
            Constant::NameAndType { name: c.name_index, descriptor: c.descriptor_index }
        }
        ConstantInfo::MethodHandle(c) => {
            Constant::MethodHandle { kind: c.reference_kind, reference: c.reference_index }
        }
        ConstantInfo::MethodType(c) => Constant::MethodType { descriptor: c.descriptor_index },
        ConstantInfo::InvokeDynamic(c) => Constant::InvokeDynamic {
            bootstrap: c.bootstrap_method_attr_index,
            name_and_type: c.name_and_type_index,
        },
        ConstantInfo::Unusable => Constant::Unusable,
    }
}

/// Names, contents and offsets of a table's attributes, also when it is found again by its offset.
fn same_attributes(bytes: &[u8], ours: AttributeTable<'_>, theirs: &[AttributeInfo], path: &str) {
    for table in [ours, AttributeTable::at(bytes, ours.offset())] {
        assert_eq!(table.iter().count(), theirs.len(), "{path}");
        for (ours, theirs) in table.iter().zip(theirs) {
            assert_eq!(ours.name, theirs.attribute_name_index, "{path}");
            assert_eq!(ours.info.bytes, theirs.info, "{path}");
            assert_eq!(bytes[ours.info.offset as usize..][..theirs.info.len()], theirs.info, "{path}");
        }
    }
}

fn same_code(bytes: &[u8], ours: &Code<'_>, theirs: &[u8], path: &str) {
    let (rest, theirs) = code_attribute_parser(theirs).unwrap();
    assert!(rest.is_empty());
    assert_eq!((ours.max_stack, ours.max_locals), (theirs.max_stack, theirs.max_locals), "{path}");
    assert_eq!(ours.code, theirs.code, "{path}");
    assert_eq!(bytes[ours.code_offset as usize..][..theirs.code.len()], theirs.code, "{path}");
    let handlers: Vec<_> = theirs
        .exception_table
        .iter()
        .map(|entry| Handler {
            start: entry.start_pc,
            end: entry.end_pc,
            handler: entry.handler_pc,
            catch_type: entry.catch_type,
        })
        .collect();
    assert_eq!(ours.handlers, handlers, "{path}");
    same_attributes(bytes, ours.attributes, &theirs.attributes, path);
    let (rest, instructions) = code_parser(ours.code).unwrap();
    assert!(rest.is_empty(), "{path}");
    let flow = Flow::new(ours.code, &ours.handlers).unwrap();
    let starts = flow.instruction_starts().map(|bci| bci as usize);
    assert!(starts.eq(instructions.iter().map(|(at, _)| *at)), "{path}");
}

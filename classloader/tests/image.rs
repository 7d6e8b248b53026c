//! Every class of the JDK's image: each must pass the format checks, have well-formed code and reference maps
//! that agree with the stack maps that its compiler wrote.

mod common;

use std::time::Instant;

use carafe_classloader::bytecode::refmap::{Body, Limits, RefMaps};
use carafe_classloader::bytecode::{Flow, Kind};
use carafe_classloader::classfile::{ClassFile, ConstantPool, MethodDescriptor, ReadOptions, access};
use carafe_classloader::source::{ClassSource, JImage};

/// Calls `visit` with every class of the image and its path; answers how many there are and their bytes.
fn for_each_class(image: &JImage, mut visit: impl FnMut(&str, &[u8])) -> (usize, usize) {
    let (mut count, mut bytes) = (0, 0);
    for entry in image.entries() {
        let entry = entry.unwrap();
        if entry.is_class() {
            let content = entry.content().unwrap();
            visit(&entry.path(), &content);
            count += 1;
            bytes += content.len();
        }
    }
    assert!(count > 5000, "an image with {count} classes is no JDK");
    (count, bytes)
}

#[test]
fn every_class_passes_the_checks() {
    let image = common::image();
    for check in [false, true] {
        let start = Instant::now();
        let (count, bytes) = for_each_class(&image, |path, bytes| {
            let name = path.strip_suffix(".class").unwrap();
            let options = ReadOptions { check, module: true, name: Some(name.as_bytes()), preview: false };
            let class =
                ClassFile::read_with(bytes, options).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(class.name(), name.as_bytes());
        });
        let time = start.elapsed();
        println!("{count} classes, {} KiB, checked: {check}, in {time:?}", bytes / 1024);
    }
}

#[test]
fn every_method_is_well_formed_and_maps_its_references() {
    let image = common::image();
    let start = Instant::now();
    let mut asked = 0;
    let (count, _) = for_each_class(&image, |path, bytes| {
        let class = ClassFile::read(bytes).unwrap();
        for method in &class.methods {
            let Some(code) = &method.code else { continue };
            let flow = Flow::new(code.code, &code.handlers).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert!(!flow.last_falls_through(), "{path}");
            let body = Body {
                code: code.code,
                handlers: &code.handlers,
                max_locals: code.max_locals,
                max_stack: code.max_stack,
            };
            let descriptor = MethodDescriptor::parse(method.descriptor).unwrap();
            let receiver = (method.access & access::STATIC == 0).then_some(Kind::Ref);
            let arguments: Vec<Kind> =
                receiver.into_iter().chain(descriptor.parameters().map(|p| p.kind())).collect();
            // The library is far from the limits.
            let Limits { words, steps } = Limits::of_code(code.code.len());
            let limits = Limits { words: words / 8, steps: steps / 8 };
            let maps = RefMaps::compute(body, arguments.iter().copied(), &class.pool, limits)
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            let table = code.stack_map.map(|table| table.bytes).unwrap_or_default();
            let from_table = RefMaps::from_stack_map(body, arguments, &class.pool, limits, table)
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            asked += compare(&maps, &from_table, path);
        }
    });
    println!("{count} classes, {asked} frames compared, in {:?}", start.elapsed());
    assert!(asked > 100_000);
}

type Maps<'a> = RefMaps<'a, &'a ConstantPool<'a>>;

/// Compares what data flow finds with what the stack map table says, at every instruction; answers how many there are.
fn compare(maps: &Maps<'_>, from_table: &Maps<'_>, path: &str) -> usize {
    let mut count = 0;
    let mut found = Vec::new();
    maps.for_each(|_| true, |bci, map| found.push((bci, map)));
    from_table.for_each(
        |_| true,
        |bci, map| {
            // The table also has frames for code that nothing reaches.
            let Ok(index) = found.binary_search_by_key(&bci, |(bci, _)| *bci) else { return };
            let other = &found[index].1;
            assert_eq!((map.depth, &map.stack), (other.depth, &other.stack), "{path} at {bci}");
            // The table may forget a local that nobody reads any more; data flow does not.
            let forgotten = map.locals.iter().all(|slot| other.locals.contains(slot));
            assert!(forgotten, "{path} at {bci}: {map:?}, {other:?}");
            count += 1;
        },
    );
    assert_eq!(count, found.len(), "{path}");
    count
}

#[test]
fn packages_lead_to_their_modules() {
    let image = common::image();
    let module = |package| image.package_to_module(package).unwrap();
    assert_eq!(module("java.lang"), Some("java.base"));
    assert_eq!(module("java/util/logging"), Some("java.logging"));
    assert_eq!(module("no.such.package"), None);
    assert_eq!(module(""), None);
    assert!(image.class_bytes("java/lang/Object").unwrap().is_some());
    assert!(image.class_bytes("java/lang/NoSuchClass").unwrap().is_none());
    assert!(image.class_bytes("Object").unwrap().is_none());
    assert!(image.find("java.base", "module-info.class").unwrap().is_some());
    assert!(image.find("java.logging", "java/lang/Object.class").unwrap().is_none());
    assert!(image.packages().unwrap().iter().any(|package| package == "java.util.concurrent.atomic"));
}

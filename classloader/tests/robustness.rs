//! Damaged class files: no byte that is changed, and no byte that is missing, may make anything here panic or
//! run on.
//!
//! Each class of a sample is read with every byte changed in turn, in a way that a seed decides, and cut at
//! every length. What still reads goes through all the passes.

mod common;

use std::time::Instant;

use carafe_classloader::bytecode::disasm::Disassembly;
use carafe_classloader::bytecode::refmap::{Body, Limits, RefMaps};
use carafe_classloader::bytecode::{Flow, Kind};
use carafe_classloader::classfile::{ClassFile, MethodDescriptor, ReadOptions, access, attributes};

use common::assemble::ClassBuilder;

/// Short classes of many sorts: interface, annotation, enum, record; lambdas, switches, handlers, nests.
const SAMPLE: [&str; 7] = [
    "java/lang/Boolean",
    "java/lang/Comparable",
    "java/lang/Deprecated",
    "java/lang/Thread$State",
    "java/util/Optional",
    "java/util/concurrent/atomic/AtomicBoolean",
    "jdk/internal/foreign/abi/Binding$Copy",
];

/// Numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn no_change_of_a_byte_makes_a_reader_panic() {
    let image = common::image();
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let start = Instant::now();
    let (mut read, mut refused) = (0, 0);
    for name in SAMPLE {
        let original = image.find("java.base", &format!("{name}.class")).unwrap();
        let original = original.unwrap_or_else(|| panic!("the image has no {name}"));
        let mut bytes = original.to_vec();
        for at in 0..bytes.len() {
            let random = numbers.next();
            // Small changes lead to neighbours of what was meant, which is where checks are missing.
            let changed = match random % 4 {
                0 => bytes[at].wrapping_add(1),
                1 => bytes[at].wrapping_sub(1),
                2 => bytes[at] ^ 1 << (random >> 8 & 7),
                _ => (random >> 16) as u8,
            };
            let before = std::mem::replace(&mut bytes[at], changed);
            for check in [false, true] {
                match everything(&bytes, check) {
                    true => read += 1,
                    false => refused += 1,
                }
            }
            bytes[at] = before;
            // A cut file may still be a file, but only if nothing was cut.
            assert!(!everything(&bytes[..at], false), "{name} cut to {at}");
        }
        assert!(everything(&bytes, true));
    }
    println!("{read} damaged files read, {refused} refused, in {:?}", start.elapsed());
    assert!(read > 1000 && refused > 1000);
}

/// A name of 64 KB that twenty thousand constants and ten thousand fields use: it must not be looked at each
/// time.
#[test]
fn checking_takes_time_in_the_length_of_the_file() {
    let mut class = ClassBuilder::new();
    let long = "x".repeat(65_000);
    let long_class = format!("L{};", "y".repeat(65_000));
    let long_method = format!("({})V", "I".repeat(65_000));
    let name = class.utf8(&long);
    let field = class.utf8(&long_class);
    let method = class.utf8(&long_method);
    let init = class.utf8("<init>");
    for _ in 0..5_000 {
        class.constant(12, &[name, field]);
        class.constant(12, &[name, method]);
        class.constant(12, &[init, method]);
        class.constant(7, &[name]);
    }
    for index in 0..10_000 {
        let descriptor = class.constant_text(&format!("L{index};"));
        class.raw_field(&[8, name, descriptor, 0]);
    }
    class.raw_field(&[8, name, field, 0]);
    let bytes = class.build();
    let start = Instant::now();
    ClassFile::read_checked(&bytes, None).unwrap();
    // Looking each time would read some two thousand million bytes.
    let time = start.elapsed();
    println!("{} KB in {time:?}", bytes.len() / 1000);
    assert!(time.as_millis() < 700, "{time:?}");
}

/// Looks at all there is in a file; answers whether it could be read.
fn everything(bytes: &[u8], check: bool) -> bool {
    let options = ReadOptions { check, module: true, preview: true, name: None };
    let Ok(class) = ClassFile::read_with(bytes, options) else { return false };
    let tables = class.fields.iter().map(|field| field.attributes);
    let tables = tables.chain(class.methods.iter().map(|method| method.attributes));
    let tables =
        tables.chain(class.methods.iter().filter_map(|method| method.code.as_ref()?.attributes.into()));
    for attribute in tables.chain([class.attributes.table]).flat_map(|table| table.iter()) {
        // Every view over every attribute, whatever it is: a name can be damaged too.
        let info = attribute.info;
        attributes::line_at(&info, 3);
        attributes::single_index(&info);
        let seen = attributes::local_variables(&info).count()
            + attributes::class_list(&info).count()
            + attributes::method_parameters(&info).count()
            + attributes::inner_classes(&info).count()
            + attributes::record_components(&info).map(|c| c.attributes.iter().count()).sum::<usize>()
            + attributes::bootstrap_methods(&info).map(|entry| entry.arguments().len()).sum::<usize>();
        assert!(seen <= info.bytes.len() * 6, "more items than bytes");
    }
    for method in &class.methods {
        let Some(code) = &method.code else { continue };
        let listing = Disassembly { code: code.code, handlers: &code.handlers, constants: &class.pool };
        assert!(listing.to_string().lines().count() <= code.code.len() + code.handlers.len());
        let Ok(flow) = Flow::new(code.code, &code.handlers) else { continue };
        let body = Body {
            code: code.code,
            handlers: &code.handlers,
            max_locals: code.max_locals,
            max_stack: code.max_stack,
        };
        let Some(descriptor) = MethodDescriptor::parse(method.descriptor) else { continue };
        let receiver = (method.access & access::STATIC == 0).then_some(Kind::Ref);
        let arguments = receiver.into_iter().chain(descriptor.parameters().map(|p| p.kind()));
        let Ok(maps) = RefMaps::compute(body, arguments, &class.pool, Limits::default()) else { continue };
        for bci in flow.instruction_starts() {
            if let Ok(map) = maps.at_with(bci, |_| 7) {
                assert!(map.depth <= u32::from(code.max_stack));
            }
        }
    }
    true
}

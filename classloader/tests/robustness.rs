//! Damaged class files: no byte that is changed, and no byte that is missing, may make anything here panic or
//! run on.
//!
//! Each class of a sample is read with every byte changed in turn, in a way that a seed decides, and cut at
//! every length. What still reads goes through all the passes.

mod common;

use std::time::Instant;

use carafe_classloader::classfile::ClassFile;
use carafe_mutator::Numbers;
use carafe_mutator::oracles::parse as everything;

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

#[test]
fn no_change_of_a_byte_makes_a_reader_panic() {
    let image = common::image();
    let mut numbers = Numbers::new(0x9e37_79b9_7f4a_7c15);
    let start = Instant::now();
    let (mut read, mut refused) = (0, 0);
    for name in SAMPLE {
        let original = image.find("java.base", &format!("{name}.class")).unwrap();
        let original = original.unwrap_or_else(|| panic!("the image has no {name}"));
        let mut bytes = original.to_vec();
        for at in 0..bytes.len() {
            let random = numbers.draw();
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

//! Random programs: class files whose methods verify, end, and compute something that depends on most of what they do.
//!
//! Made to compare ways of execution (`tests/differ.rs`): whatever runs a program must end with the same values, exceptions,
//! messages and line numbers. A program is a class that extends `Base` of `tests/differ`, with half a dozen methods. A
//! method is a list of steps; each has a seed of its own and fits itself to the operand stack that it finds, so any of
//! them can be left out and the rest still verifies. That is how a failing program is made small.
//!
//! Invariants: a number gives the same program for ever. Programs verify in whatever version they are written (old ones
//! without frames and with subroutines, new ones with frames). They end: loops share an allowance of iterations that the
//! caller sets, and calls go from earlier methods to later ones only. Deliberately not here: programs that do not verify,
//! threads, and class initialization.

mod body;
mod steps;
mod writer;

use std::collections::BTreeSet;

use crate::numbers::Numbers;
use body::{Body, Signature, Type};
use writer::ClassWriter;

/// Static methods of a program besides the two that can be called from outside.
const STATICS: usize = 3;

/// A program: its number, and the steps that are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub number: u64,
    pub skipped: BTreeSet<usize>,
}

/// The class of a program and how many steps it has, left out or not.
#[derive(Clone, Debug)]
pub struct Written {
    pub bytes: Vec<u8>,
    pub steps: usize,
}

impl Program {
    pub fn new(number: u64) -> Program {
        Program { number, skipped: BTreeSet::new() }
    }

    /// The class, under this name (internal form).
    pub fn write(&self, name: &str) -> Written {
        let mut numbers = Numbers::new(self.number ^ 0x5eed_0f9a_7e00);
        let old = numbers.chance(20);
        let mut class = ClassWriter::new(name, "Base", if old { 49 } else { 65 });
        let statics: Vec<Signature> = (0..STATICS).map(|n| signature(n, &mut numbers)).collect();
        let mut step = 0;
        class.constructor();
        let methods = [
            Signature {
                name: "call".to_owned(),
                arguments: vec![Type::Int, Type::Long, Type::Float, Type::Double, Type::Object],
                result: Some(Type::Long),
                is_static: false,
                is_synchronized: false,
            },
            Signature {
                name: "virt".to_owned(),
                arguments: vec![Type::Int, Type::Long],
                result: Some(Type::Int),
                is_static: false,
                is_synchronized: numbers.chance(10),
            },
        ];
        for (n, signature) in methods.iter().chain(&statics).enumerate() {
            // `call` may call all; `virt`, which anybody may call, only what Java has written.
            let callees = match n {
                0 => &statics[..],
                1 => &[],
                n => &statics[n - 1..],
            };
            let count = match n {
                0 => 12 + numbers.below(60),
                _ => 4 + numbers.below(30),
            };
            let mut body = Body::new(&mut class, signature, old, n != 1, &mut numbers);
            if numbers.chance(60) {
                body.open_try(&mut numbers);
            }
            for _ in 0..count {
                let mut own = Numbers::new(numbers.draw());
                if !self.skipped.contains(&step) {
                    steps::one(&mut body, callees, &mut own);
                }
                step += 1;
            }
            let code = body.finish();
            class.method(signature, code);
        }
        Written { bytes: class.finish(), steps: step }
    }
}

fn signature(n: usize, numbers: &mut Numbers) -> Signature {
    let any = [Type::Int, Type::Long, Type::Float, Type::Double, Type::Object, Type::Base, Type::Ints];
    let count = numbers.below(6);
    let arguments = (0..count).map(|_| any[numbers.below(any.len())]).collect();
    let result = any.get(numbers.below(any.len() + 1)).copied();
    let is_synchronized = numbers.chance(10);
    Signature { name: format!("m{n}"), arguments, result, is_static: true, is_synchronized }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carafe_classloader::classfile::read::ClassFile;

    #[test]
    fn programs_are_class_files() {
        for number in 0..300 {
            let program = Program::new(number);
            let written = program.write("P");
            assert!(ClassFile::read(&written.bytes).is_ok(), "{number}");
            assert_eq!(written.bytes, program.write("P").bytes, "{number}");
        }
    }

    #[test]
    fn steps_can_be_left_out() {
        let whole = Program::new(7).write("P");
        let none = Program { number: 7, skipped: (0..whole.steps).collect() }.write("P");
        assert_eq!(none.steps, whole.steps);
        assert!(none.bytes.len() < whole.bytes.len());
        assert!(ClassFile::read(&none.bytes).is_ok());
    }
}

//! Damages class files on purpose: bits and bytes, and with knowledge of what they mean: opcodes, operands, frames,
//! descriptors, flags, attributes.
//!
//! [`zip`] and [`jars`] write jars that lie, for the tests of whoever reads them.
//!
//! Used by the comparison with the reference machine (`tests/verify_diff.rs`) and by the fuzz targets. Nothing that ships
//! depends on it.
//!
//! Invariants: a mutant is its seed class and a list of steps, each a number: the same list gives the same bytes for ever.
//! A step does not depend on the ones before it beyond what they left behind, so that a list can be shortened to find what
//! matters. Damage is total: no input panics, and every step changes something if anything can be changed. Deliberately not
//! here: the seeds.

#![forbid(unsafe_code)]

mod code;
mod frames;
mod insert;
pub mod jars;
pub mod model;
mod numbers;
pub mod oracles;
pub mod programs;
mod raw;
mod shape;
pub mod zip;

pub use numbers::Numbers;

use model::Class;

/// A damaged class file and, in words, what each step did.
#[derive(Clone, Debug)]
pub struct Mutant {
    pub bytes: Vec<u8>,
    pub story: Vec<String>,
}

/// The steps of the mutant with this number: mostly a single one, because damage hides damage.
pub fn steps(number: u64) -> Vec<u64> {
    let mut numbers = Numbers::new(number);
    let count = match numbers.below(10) {
        0..7 => 1,
        7 | 8 => 2,
        _ => 3,
    };
    (0..count).map(|_| numbers.draw()).collect()
}

/// `original` after `steps`.
pub fn mutate(original: &[u8], steps: &[u64]) -> Mutant {
    let mut mutant = Mutant { bytes: original.to_vec(), story: Vec::new() };
    for &step in steps {
        let mut numbers = Numbers::new(step);
        // A few tries: not every class has, say, a frame to damage.
        let said = (0..20).find_map(|_| one_step(&mut mutant.bytes, &mut numbers));
        mutant.story.extend(said);
    }
    mutant
}

/// Makes one change, or answers `None` and leaves the bytes alone.
fn one_step(bytes: &mut Vec<u8>, numbers: &mut Numbers) -> Option<String> {
    let way = numbers.below(100);
    let Some(mut class) = Class::parse(bytes) else { return raw::change(bytes, &[], numbers) };
    let said = match way {
        0..42 => code::change(&mut class, numbers),
        42..58 => code::change_frames(&mut class, numbers),
        58..72 => shape::change_constant(&mut class, numbers),
        72..84 => shape::change(&mut class, numbers),
        _ => {
            let sites = class.write().numbers;
            return raw::change(bytes, &sites, numbers);
        }
    }?;
    let changed = class.write().bytes;
    if changed == *bytes {
        return None;
    }
    *bytes = changed;
    Some(said)
}

//! Any bytes as a class file: read with and without checks, with every view over attributes, the disassembler and the
//! data-flow passes. Changes keep the form of a class file half of the time.

#![no_main]

use carafe_mutator::{Numbers, mutate, oracles};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|bytes: &[u8]| {
    for check in [false, true] {
        oracles::parse(bytes, check);
    }
});

fuzz_mutator!(|bytes: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut numbers = Numbers::new(u64::from(seed));
    if numbers.chance(50) {
        return fuzzer_mutate(bytes, size, max_size);
    }
    let mutant = mutate(&bytes[..size], &[numbers.draw()]).bytes;
    if mutant.len() > max_size {
        return fuzzer_mutate(bytes, size, max_size);
    }
    bytes[..mutant.len()].copy_from_slice(&mutant);
    mutant.len()
});

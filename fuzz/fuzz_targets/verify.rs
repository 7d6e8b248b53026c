//! Any bytes as a class: defined, verified and linked above the image of the JDK in `JAVA_HOME`, without running Java. Most
//! changes keep the form of a class file, so that the verifier is reached.

#![no_main]

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;

use carafe_classloader::source::JImage;
use carafe_mutator::oracles::Linker;
use carafe_mutator::{Numbers, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

thread_local! {
    static LINKER: RefCell<Linker> = RefCell::new(linker());
}

fn linker() -> Linker {
    let home = PathBuf::from(std::env::var_os("JAVA_HOME").expect("set JAVA_HOME to a JDK 25"));
    Linker::new(Arc::new(JImage::open(&home.join("lib/modules")).unwrap()))
}

fuzz_target!(|bytes: &[u8]| {
    LINKER.with_borrow_mut(|linker| linker.accepts(bytes));
});

fuzz_mutator!(|bytes: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut numbers = Numbers::new(u64::from(seed));
    if numbers.chance(10) {
        return fuzzer_mutate(bytes, size, max_size);
    }
    let mutant = mutate(&bytes[..size], &[numbers.draw()]).bytes;
    if mutant.len() > max_size {
        return fuzzer_mutate(bytes, size, max_size);
    }
    bytes[..mutant.len()].copy_from_slice(&mutant);
    mutant.len()
});

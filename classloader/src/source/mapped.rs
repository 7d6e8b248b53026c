//! A file mapped to be read: images and jars.
//!
//! Invariant: the file may become shorter meanwhile, by whoever may write it, and that is no end of the process: what is gone
//! reads as zeroes, which readers take for a damaged file (`faults` of carafe-gc). Deliberately absent: a promise that what is
//! read twice is the same.

use std::fs::File;
use std::io;
use std::ops::Deref;

use carafe_gc::offheap::faults::Guarded;
use memmap2::Mmap;

#[derive(Debug)]
pub(super) struct MappedFile {
    /// Ends before the map does. None if the process has more mappings than can be watched.
    _guarded: Option<Guarded>,
    map: Mmap,
}

impl MappedFile {
    pub(super) fn new(file: &File) -> io::Result<MappedFile> {
        // SAFETY: the map is only read. Who changes the file while it is mapped is asked of whoever names it: it is part of the
        // installation, or stands on the command line; a program has no way to name it.
        let map = unsafe { Mmap::map(file) }?;
        let start = map.as_ptr() as usize;
        // SAFETY: nothing but this map lies in the range, and the guard goes first.
        let guarded = unsafe { Guarded::new(start..start + map.len()) };
        Ok(MappedFile { _guarded: guarded, map })
    }

    /// Gives back the memory that holds what was read. What is read again comes from the file again.
    pub(super) fn release_memory(&self) {
        // SAFETY: the map is of a file and nobody writes to it, so dropped pages come back with the same bytes.
        let dropped = unsafe { self.map.unchecked_advise(memmap2::UncheckedAdvice::DontNeed) };
        // It was only advice.
        let _ = dropped;
    }
}

impl Deref for MappedFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}

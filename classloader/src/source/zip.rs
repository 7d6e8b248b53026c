//! The table of contents of a zip file, and the bytes of its entries.
//!
//! What counts as a zip file, and which entry a name means, is as for the library's own reader, so that a tool sees in a
//! jar what a program would load from it: only the directory at the file's end is believed, not the headers in front of
//! the data; of entries with one name the last counts; one defect of the directory condemns the file.
//!
//! Invariants: what it takes to know the contents is at most a third of the file; an entry takes no more room than it
//! declares and no more than its packed bytes can become. Nothing here panics, whatever the bytes.
//!
//! Deliberately absent: encryption, packing other than "deflate", archives in several parts, looking at checksums unasked
//! (the library does not), and what names mean to a file system: nothing is ever written under them.

use std::hash::BuildHasher;
use std::io::Read;
use std::ops::Range;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use hashbrown::{DefaultHashBuilder, HashTable};

/// A part of the format, which all begin with a magic number.
mod magic {
    pub(super) const LOCAL: u32 = 0x0403_4b50;
    pub(super) const CENTRAL: u32 = 0x0201_4b50;
    pub(super) const END: u32 = 0x0605_4b50;
    pub(super) const END_64: u32 = 0x0606_4b50;
    pub(super) const LOCATOR_64: u32 = 0x0706_4b50;
}

const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;
const END_64_BYTES: usize = 56;
const LOCATOR_64_BYTES: usize = 20;
/// The comment behind the end record is at most so long.
const COMMENT_MAX: usize = 0xffff;
/// The directory fits the arrays of the library's reader.
const DIRECTORY_MAX: usize = i32::MAX as usize - END_BYTES - 2;

/// Values that stand for "see the 64-bit field".
const ELSEWHERE_16: u16 = 0xffff;
const ELSEWHERE: u64 = 0xffff_ffff;
/// The extra field with 64-bit values.
const EXTRA_64: u16 = 1;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// A byte of packed data becomes at most so many (a run of 258 per two bits), and some for the last.
const DEFLATE_RATIO_MAX: u64 = 1032;

/// What is wrong with a file or an entry.
pub(super) type Defect = &'static str;
type Result<T> = std::result::Result<T, Defect>;

/// Where everything is.
pub(super) struct Contents {
    /// The directory's place in the file.
    directory: Range<usize>,
    /// What offsets count from: zip files may have something in front.
    start: u64,
    /// Offsets in the directory, by name.
    by_name: HashTable<u32>,
    hashing: DefaultHashBuilder,
}

/// What the directory says of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry<'a> {
    name: &'a str,
    method: u16,
    packed: u64,
    size: u64,
    checksum: u32,
    /// Where its local header is.
    local: u64,
}

impl Contents {
    /// Reads the directory.
    pub(super) fn read(file: &[u8]) -> Result<Contents> {
        let end = End::find(file)?;
        let mut contents = Contents {
            directory: 0..0,
            start: 0,
            by_name: HashTable::new(),
            hashing: DefaultHashBuilder::default(),
        };
        if end.at == 0 {
            return Ok(contents);
        }
        let at = end.at as u64;
        let first = at.checked_sub(end.directory_bytes).ok_or("bad size of the directory")?;
        contents.start = first.checked_sub(end.directory_offset).ok_or("bad offset of the directory")?;
        if end.directory_bytes > DIRECTORY_MAX as u64 {
            return Err("the directory is too large");
        }
        if end.entries > end.directory_bytes / CENTRAL_BYTES as u64 {
            return Err("more entries than the directory has room for");
        }
        contents.directory = first as usize..end.at;
        contents.index(file)?;
        Ok(contents)
    }

    fn index(&mut self, file: &[u8]) -> Result<()> {
        let directory = file.get(self.directory.clone()).unwrap_or_default();
        let hash = |at: u32| {
            let name = central(directory, at as usize).map_or("", |(entry, _)| entry.name);
            self.hashing.hash_one(name)
        };
        let mut at = 0;
        while directory.len() - at >= CENTRAL_BYTES {
            let (entry, next) = central(directory, at)?;
            let same =
                |&other: &u32| central(directory, other as usize).is_ok_and(|(e, _)| e.name == entry.name);
            match self.by_name.find_mut(self.hashing.hash_one(entry.name), same) {
                Some(earlier) => *earlier = at as u32,
                None => {
                    self.by_name.try_reserve(1, |&at| hash(at)).map_err(|_| "no memory for its directory")?;
                    self.by_name.insert_unique(self.hashing.hash_one(entry.name), at as u32, |&at| hash(at));
                }
            }
            at = next;
        }
        if at == directory.len() { Ok(()) } else { Err("bad header size") }
    }

    /// The names of all entries in the order of the directory, each once. `file` is what the contents were read from.
    pub(super) fn names<'a>(&'a self, file: &'a [u8]) -> impl Iterator<Item = &'a str> {
        let directory = file.get(self.directory.clone()).unwrap_or_default();
        let mut at = 0;
        std::iter::from_fn(move || {
            loop {
                let (entry, next) = central(directory, at).ok()?;
                let counts = self.find(directory, entry.name).is_some_and(|(counts, _)| counts == at);
                at = next;
                if counts {
                    return Some(entry.name);
                }
            }
        })
    }

    fn find<'a>(&self, directory: &'a [u8], name: &str) -> Option<(usize, Entry<'a>)> {
        let entry = |at: u32| central(directory, at as usize).ok().map(|(entry, _)| entry);
        let same = |&at: &u32| entry(at).is_some_and(|entry| entry.name == name);
        let &at = self.by_name.find(self.hashing.hash_one(name), same)?;
        Some((at as usize, entry(at)?))
    }

    /// Whether there is an entry of this name.
    pub(super) fn contains(&self, file: &[u8], name: &str) -> bool {
        self.find(file.get(self.directory.clone()).unwrap_or_default(), name).is_some()
    }

    /// The bytes of an entry, if there is one; a defect also if it is larger than `max`.
    pub(super) fn unpack(&self, file: &[u8], name: &str, max: u64) -> Option<Result<Vec<u8>>> {
        let directory = file.get(self.directory.clone()).unwrap_or_default();
        let (_, entry) = self.find(directory, name)?;
        Some(self.bytes_of(file, &entry, max))
    }

    /// Whether these are the bytes that the checksum of an entry was made of.
    pub(super) fn is_intact(&self, file: &[u8], name: &str, unpacked: &[u8]) -> bool {
        let directory = file.get(self.directory.clone()).unwrap_or_default();
        let mut sum = Crc::new();
        sum.update(unpacked);
        self.find(directory, name).is_some_and(|(_, entry)| entry.checksum == sum.sum())
    }

    fn bytes_of(&self, file: &[u8], entry: &Entry<'_>, max: u64) -> Result<Vec<u8>> {
        if entry.size > max {
            return Err("larger than any class file");
        }
        let local = usize::try_from(self.start.saturating_add(entry.local)).unwrap_or(usize::MAX);
        let header = bytes(file, local, LOCAL_BYTES).ok_or("the header lies behind the end of the file")?;
        if u32_at(header, 0) != magic::LOCAL {
            return Err("bad magic number of the header");
        }
        // Only these lengths are taken from here: they may differ from those in the directory.
        let data = local + LOCAL_BYTES + usize::from(u16_at(header, 26)) + usize::from(u16_at(header, 28));
        let behind = file.get(data..).ok_or("the data lie behind the end of the file")?;
        // If they say that they end there, they may still be all there: packed data know their end.
        let packed = behind.get(..usize::try_from(entry.packed).unwrap_or(usize::MAX)).unwrap_or(behind);
        // A lie about the size ends here or below.
        let room = match entry.method {
            STORED => packed.len() as u64,
            _ => (packed.len() as u64 + 1).saturating_mul(DEFLATE_RATIO_MAX).min(entry.size),
        };
        let mut unpacked = Vec::new();
        unpacked.try_reserve_exact(room.min(max) as usize).map_err(|_| "no memory for it")?;
        if entry.method == STORED {
            unpacked.extend(packed.iter().take(max as usize));
        } else {
            // One byte more than there is room for tells that there are more.
            let mut decoder = DeflateDecoder::new(packed).take(room);
            decoder.read_to_end(&mut unpacked).map_err(|_| "the packed data are damaged")?;
            let more = decoder.into_inner().read(&mut [0]).map_err(|_| "the packed data are damaged")?;
            if more > 0 {
                return Err("it unpacks to more than its size");
            }
        }
        if unpacked.len() as u64 == entry.size {
            Ok(unpacked)
        } else {
            Err("it has another size than it says")
        }
    }
}

/// The record at the end of the file.
struct End {
    /// Where it starts, or the 64-bit one that counts instead: the end of the directory.
    at: usize,
    entries: u64,
    directory_bytes: u64,
    directory_offset: u64,
}

impl End {
    fn find(file: &[u8]) -> Result<End> {
        let last = file.len().checked_sub(END_BYTES).ok_or("no end record")?;
        let first = last.saturating_sub(COMMENT_MAX);
        let found = (first..=last).rev().find_map(|at| End::at(file, at));
        let end = found.ok_or("no end record")??;
        Ok(end.of_64_bits(file).unwrap_or(end))
    }

    /// The record at an offset, if one is there that leads somewhere.
    fn at(file: &[u8], at: usize) -> Option<Result<End>> {
        let record = bytes(file, at, END_BYTES)?;
        if u32_at(record, 0) != magic::END {
            return None;
        }
        let end = End {
            at,
            entries: u64::from(u16_at(record, 10)),
            directory_bytes: u64::from(u32_at(record, 12)),
            directory_offset: u64::from(u32_at(record, 16)),
        };
        let comment = usize::from(u16_at(record, 20));
        if at + END_BYTES + comment == file.len() {
            return Some(Ok(end));
        }
        // Bytes behind the end are forgiven if the record leads to a directory and that to an entry.
        let directory = (at as u64).checked_sub(end.directory_bytes)?;
        let local = directory.checked_sub(end.directory_offset)?;
        let is = |at: u64, magic| bytes(file, at as usize, 4).is_some_and(|bytes| u32_at(bytes, 0) == magic);
        if !is(directory, magic::CENTRAL) || !is(local, magic::LOCAL) {
            return None;
        }
        Some(if at + END_BYTES + comment <= file.len() { Ok(end) } else { Err("the comment is cut off") })
    }

    /// The 64-bit record, if there is one that does not contradict this.
    fn of_64_bits(&self, file: &[u8]) -> Option<End> {
        let locator = bytes(file, self.at.checked_sub(LOCATOR_64_BYTES)?, LOCATOR_64_BYTES)?;
        let at = usize::try_from(u64_at(locator, 8)).ok()?;
        let record = bytes(file, at, END_64_BYTES)?;
        if u32_at(locator, 0) != magic::LOCATOR_64 || u32_at(record, 0) != magic::END_64 {
            return None;
        }
        let end = End {
            at,
            entries: u64_at(record, 32),
            directory_bytes: u64_at(record, 40),
            directory_offset: u64_at(record, 48),
        };
        let agrees = |wide: u64, narrow: u64, elsewhere: u64| wide == narrow || narrow == elsewhere;
        let all = agrees(end.entries, self.entries, u64::from(ELSEWHERE_16))
            && agrees(end.directory_bytes, self.directory_bytes, ELSEWHERE)
            && agrees(end.directory_offset, self.directory_offset, ELSEWHERE);
        all.then_some(end)
    }
}

/// The entry at an offset of the directory, and the offset of the next.
fn central(directory: &[u8], at: usize) -> Result<(Entry<'_>, usize)> {
    let header = bytes(directory, at, CENTRAL_BYTES).ok_or("bad header size")?;
    if u32_at(header, 0) != magic::CENTRAL {
        return Err("bad magic number in the directory");
    }
    if u16_at(header, 8) & 1 != 0 {
        return Err("an encrypted entry");
    }
    let method = u16_at(header, 10);
    if method != STORED && method != DEFLATED {
        return Err("an entry is packed in an unknown way");
    }
    let (name_len, extra_len, comment_len) =
        (usize::from(u16_at(header, 28)), usize::from(u16_at(header, 30)), usize::from(u16_at(header, 32)));
    let len = CENTRAL_BYTES + name_len + extra_len + comment_len;
    let all = bytes(directory, at, len).filter(|_| len <= 0xffff).ok_or("bad header size")?;
    let part = |start: usize, len: usize| bytes(all, start, len).unwrap_or_default();
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| "a name or comment is no text");
    let mut entry = Entry {
        name: text(part(CENTRAL_BYTES, name_len))?,
        method,
        packed: u64::from(u32_at(header, 20)),
        size: u64::from(u32_at(header, 24)),
        checksum: u32_at(header, 16),
        local: u64::from(u32_at(header, 42)),
    };
    text(part(CENTRAL_BYTES + name_len + extra_len, comment_len))?;
    entry.widen(part(CENTRAL_BYTES + name_len, extra_len), u16_at(header, 34) == ELSEWHERE_16)?;
    Ok((entry, at + len))
}

impl Entry<'_> {
    /// Takes 64-bit values from the extra fields.
    fn widen(&mut self, extra: &[u8], disk_elsewhere: bool) -> Result<()> {
        let fields = [&mut self.size, &mut self.packed, &mut self.local];
        let mut missing: Vec<&mut u64> = Vec::new();
        let mut expected = if disk_elsewhere { 4 } else { 0 };
        for field in fields {
            if *field == ELSEWHERE {
                expected += 8;
                missing.push(field);
            }
        }
        if extra.is_empty() {
            return if expected == 0 { Ok(()) } else { Err("64-bit values are missing") };
        }
        let mut missing = missing.into_iter();
        let mut rest = extra;
        while let Some((head, behind)) = rest.split_at_checked(4) {
            let (tag, len) = (u16_at(head, 0), usize::from(u16_at(head, 2)));
            let (field, behind) = behind.split_at_checked(len).ok_or("an extra field is too long")?;
            rest = behind;
            if tag != EXTRA_64 {
                continue;
            }
            if len != expected {
                return Err("an extra field of 64-bit values has a wrong size");
            }
            // A second one repeats what the first has said.
            for (index, target) in missing.by_ref().enumerate() {
                let value = u64_at(field, 8 * index);
                if value > i64::MAX as u64 {
                    return Err("a 64-bit value is too large");
                }
                *target = value;
            }
        }
        Ok(())
    }
}

fn bytes(from: &[u8], at: usize, len: usize) -> Option<&[u8]> {
    from.get(at..)?.get(..len)
}

/// The number at an offset; 0 outside.
fn u16_at(from: &[u8], at: usize) -> u16 {
    bytes(from, at, 2).and_then(|bytes| bytes.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn u32_at(from: &[u8], at: usize) -> u32 {
    bytes(from, at, 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_at(from: &[u8], at: usize) -> u64 {
    bytes(from, at, 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

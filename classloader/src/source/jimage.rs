//! The JDK's own container of classes, `lib/modules`, mapped into memory.
//!
//! **Format** (version 1.0, numbers in the machine's byte order): a header of seven words; a table of
//! *redirects* and one of *offsets*, as long as each other; attributes of the resources' *locations*;
//! zero-terminated *strings*; then the resources themselves. The tables are a perfect hash: the name's hash
//! selects a redirect, which is either the negated index of the offset or the seed of a second hash that
//! selects it. A location is a run of attributes, each a byte of kind and length and then a big-endian value;
//! its name is put together from strings, `/module/parent/base.ext`.
//!
//! Invariants: the four tables lie inside the file, which [`JImage::open`] checks; whatever they refer to is
//! looked up with checks, so a damaged image is an error and never a panic or a read beyond it. What is found
//! has the name that was asked for, whatever the hash says.
//!
//! Deliberately absent: the `compact-cp` decompressor, which shares strings between classes; images so made
//! (by `jlink` on request) are refused by name when such a resource is read.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::mapped::MappedFile;
use super::{ClassSource, Result, SourceError};

const MAGIC: u32 = 0xcafe_dada;
const VERSION: (u16, u16) = (1, 0);
const HEADER_BYTES: usize = 28;
/// Seed of the first hash, and the prime of both.
const HASH_MULTIPLIER: u32 = 0x0100_0193;
/// What a compressed resource starts with, and how long its header is.
const COMPRESSED_MAGIC: u32 = 0xcafe_fafa;
const COMPRESSED_HEADER_BYTES: usize = 29;
/// How many compressions may lie one inside the other. Data can be made that unpacks to itself for ever.
const COMPRESSIONS_MAX: u32 = 4;
/// The largest resource that is decompressed. Larger ones would be a mistake or an attack.
const DECOMPRESSED_BYTES_MAX: u64 = 1 << 30;

/// The kinds of location attributes.
mod kind {
    pub(super) const END: u8 = 0;
    pub(super) const MODULE: u8 = 1;
    pub(super) const PARENT: u8 = 2;
    pub(super) const BASE: u8 = 3;
    pub(super) const EXTENSION: u8 = 4;
    pub(super) const OFFSET: u8 = 5;
    pub(super) const COMPRESSED: u8 = 6;
    pub(super) const UNCOMPRESSED: u8 = 7;
    /// One beyond the highest kind that has a meaning here; higher ones are passed over.
    pub(super) const COUNT: usize = 8;
}

/// An open image.
#[derive(Debug)]
pub struct JImage {
    path: PathBuf,
    map: MappedFile,
    /// Entries of both hash tables.
    table_len: usize,
    /// Where the parts start; each ends where the next one starts.
    offsets_at: usize,
    locations_at: usize,
    strings_at: usize,
    data_at: usize,
}

/// Where a resource is and what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Location {
    attributes: [u64; kind::COUNT],
}

/// A resource of the image.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    image: &'a JImage,
    location: Location,
    /// The module's name; `modules` and `packages` for the image's own entries.
    pub module: &'a str,
    /// The folder, with slashes; empty if it is in none.
    pub parent: &'a str,
    /// The name without extension.
    pub base: &'a str,
    /// Empty if there is none.
    pub extension: &'a str,
}

impl JImage {
    /// Maps an image and looks at its header.
    pub fn open(path: &Path) -> Result<JImage> {
        let io = |error| SourceError::Io { path: path.to_owned(), error };
        let file = File::open(path).map_err(io)?;
        let map = MappedFile::new(&file).map_err(io)?;
        JImage::from_map(path.to_owned(), map)
    }

    fn from_map(path: PathBuf, map: MappedFile) -> Result<JImage> {
        let corrupt = |what: &str| SourceError::Corrupt { path: path.clone(), what: what.to_owned() };
        let word = |index: usize| {
            word_at(&map, index * 4).ok_or_else(|| corrupt("too short for an image of Java modules"))
        };
        let (magic, version) = (word(0)?, word(1)?);
        if magic == MAGIC.swap_bytes() {
            return Err(corrupt("an image of Java modules in the other byte order"));
        }
        if magic != MAGIC {
            return Err(corrupt("not an image of Java modules"));
        }
        let version = ((version >> 16) as u16, version as u16);
        if version != VERSION {
            let (major, minor) = version;
            return Err(corrupt(&format!("an image of Java modules of version {major}.{minor}, not 1.0")));
        }
        let (table_len, locations_len, strings_len) =
            (word(4)? as usize, word(5)? as usize, word(6)? as usize);
        let offsets_at = table_len.saturating_mul(4).saturating_add(HEADER_BYTES);
        let locations_at = table_len.saturating_mul(4).saturating_add(offsets_at);
        let strings_at = locations_at.saturating_add(locations_len);
        let data_at = strings_at.saturating_add(strings_len);
        if data_at > map.len() {
            return Err(corrupt("an image of Java modules whose tables are longer than the file"));
        }
        Ok(JImage { path, map, table_len, offsets_at, locations_at, strings_at, data_at })
    }

    /// The file that it was opened from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives back the memory that holds what was read. What is read again comes from the file again.
    pub fn release_memory(&self) {
        self.map.release_memory();
    }

    /// The bytes at `path` in `module`, such as `java/lang/Object.class` in `java.base`.
    pub fn find(&self, module: &str, path: &str) -> Result<Option<Cow<'_, [u8]>>> {
        let name = ["/", module, "/", path];
        match self.locate(&name)? {
            Some(location) => self.content(&location).map(Some),
            None => Ok(None),
        }
    }

    /// The module that has classes in a package, dotted or with slashes.
    pub fn package_to_module(&self, package: &str) -> Result<Option<&str>> {
        let dotted = package.replace('/', ".");
        let Some(location) = self.locate(&["/packages/", &dotted])? else { return Ok(None) };
        let content = self.content(&location)?;
        // Pairs of whether the package is empty in the module, and the module's name.
        let (pairs, _) = content.as_chunks::<8>();
        for pair in pairs {
            let (empty, name) = (word_at(pair, 0), word_at(pair, 4).unwrap_or(0));
            if empty == Some(0) {
                return self.string(u64::from(name)).map(Some);
            }
        }
        Ok(None)
    }

    /// All resources, in the order of the hash table. Entries of the image itself (`/packages/...`) are among
    /// them.
    pub fn entries(&self) -> impl Iterator<Item = Result<Entry<'_>>> {
        (0..self.table_len).map(|index| self.entry(self.location(index)?))
    }

    /// All packages that have classes, dotted, with their modules.
    pub fn packages_with_modules(&self) -> impl Iterator<Item = Result<(&str, &str)>> {
        self.entries().filter_map(|entry| match entry {
            Ok(entry) if entry.module == "packages" => {
                let module = self.package_to_module(entry.base).transpose()?;
                Some(module.map(|module| (entry.base, module)))
            }
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
    }

    fn entry(&self, location: Location) -> Result<Entry<'_>> {
        Ok(Entry {
            image: self,
            location,
            module: self.string(location.get(kind::MODULE))?,
            parent: self.string(location.get(kind::PARENT))?,
            base: self.string(location.get(kind::BASE))?,
            extension: self.string(location.get(kind::EXTENSION))?,
        })
    }

    /// The location whose name is what the parts make.
    fn locate(&self, name: &[&str]) -> Result<Option<Location>> {
        let Some(table_len) = u32::try_from(self.table_len).ok().filter(|&len| len > 0) else {
            return Ok(None);
        };
        let bytes = || name.iter().flat_map(|part| part.bytes());
        let slot = hash(HASH_MULTIPLIER, bytes()) % table_len;
        let redirect = word_at(&self.map, HEADER_BYTES + slot as usize * 4);
        let redirect = redirect.ok_or_else(|| self.corrupt("a redirect lies outside"))? as i32;
        let index = match redirect {
            0 => return Ok(None),
            1.. => hash(redirect as u32, bytes()) % table_len,
            // The complement is -1 minus the number, without overflow.
            _ => !redirect as u32,
        };
        if index >= table_len {
            return Err(self.corrupt("a redirect leads outside the table"));
        }
        let location = self.location(index as usize)?;
        Ok(self.entry(location)?.name_is(bytes()).then_some(location))
    }

    fn location(&self, index: usize) -> Result<Location> {
        let outside = || self.corrupt("a location lies outside");
        let offset = word_at(&self.map, self.offsets_at + index * 4).ok_or_else(outside)? as usize;
        let mut rest = self
            .map
            .get(self.locations_at..self.strings_at)
            .and_then(|all| all.get(offset..))
            .ok_or_else(outside)?;
        let mut attributes = [0; kind::COUNT];
        loop {
            let (&head, tail) = rest.split_first().ok_or_else(outside)?;
            let (kind, len) = (head >> 3, usize::from(head & 7) + 1);
            if kind == kind::END {
                return Ok(Location { attributes });
            }
            let (value, tail) = tail.split_at_checked(len).ok_or_else(outside)?;
            if let Some(attribute) = attributes.get_mut(usize::from(kind)) {
                *attribute = value.iter().fold(0, |value, &byte| value << 8 | u64::from(byte));
            }
            rest = tail;
        }
    }

    fn string(&self, offset: u64) -> Result<&str> {
        let all = self.map.get(self.strings_at..self.data_at).unwrap_or_default();
        let rest = usize::try_from(offset).ok().and_then(|offset| all.get(offset..));
        let text = rest.and_then(|rest| rest.split(|&byte| byte == 0).next());
        text.and_then(|text| std::str::from_utf8(text).ok()).ok_or_else(|| self.corrupt("a string is none"))
    }

    fn content(&self, location: &Location) -> Result<Cow<'_, [u8]>> {
        let (compressed, uncompressed) = (location.get(kind::COMPRESSED), location.get(kind::UNCOMPRESSED));
        let len = if compressed != 0 { compressed } else { uncompressed };
        let start =
            usize::try_from(location.get(kind::OFFSET)).ok().and_then(|at| self.data_at.checked_add(at));
        let bytes = start.and_then(|start| self.map.get(start..)?.get(..usize::try_from(len).ok()?));
        let bytes = bytes.ok_or_else(|| self.corrupt("a resource lies outside"))?;
        if compressed == 0 {
            Ok(Cow::Borrowed(bytes))
        } else {
            self.decompress(bytes, uncompressed).map(Cow::Owned)
        }
    }

    /// Undoes all compressions of a resource, one inside the other.
    fn decompress(&self, bytes: &[u8], len: u64) -> Result<Vec<u8>> {
        let mut current = Cow::Borrowed(bytes);
        for _ in 0..COMPRESSIONS_MAX {
            if word_at(&current, 0) != Some(COMPRESSED_MAGIC) {
                break;
            }
            let header = current.get(..COMPRESSED_HEADER_BYTES);
            let header = header.ok_or_else(|| self.corrupt("a compressed resource has no header"))?;
            let name = self.string(u64::from(word_at(header, 20).unwrap_or(0)))?;
            let size = u64_at(header, 12).filter(|&size| size <= DECOMPRESSED_BYTES_MAX);
            let size = size.ok_or_else(|| self.corrupt("a compressed resource is too large"))?;
            if name != "zip" {
                return Err(self.corrupt(&format!("resources compressed by {name:?} are not supported")));
            }
            let mut inflated = Vec::new();
            let packed = current.get(COMPRESSED_HEADER_BYTES..).unwrap_or_default();
            flate2::read::ZlibDecoder::new(packed)
                .take(size)
                .read_to_end(&mut inflated)
                .map_err(|error| SourceError::Io { path: self.path.clone(), error })?;
            current = Cow::Owned(inflated);
        }
        if current.len() as u64 != len {
            return Err(self.corrupt("a compressed resource has the wrong length"));
        }
        Ok(current.into_owned())
    }

    fn corrupt(&self, what: &str) -> SourceError {
        SourceError::Corrupt {
            path: self.path.clone(),
            what: format!("a damaged image of Java modules: {what}"),
        }
    }
}

impl Location {
    fn get(&self, kind: u8) -> u64 {
        self.attributes.get(usize::from(kind)).copied().unwrap_or(0)
    }
}

impl<'a> Entry<'a> {
    /// The bytes.
    pub fn content(&self) -> Result<Cow<'a, [u8]>> {
        self.image.content(&self.location)
    }

    /// Whether it is a class file.
    pub fn is_class(&self) -> bool {
        self.extension == "class" && self.module != "packages" && self.module != "modules"
    }

    /// The path inside the module, such as `java/lang/Object.class`.
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(self.parent.len() + self.base.len() + self.extension.len() + 2);
        path.push_str(self.parent);
        if !self.parent.is_empty() {
            path.push('/');
        }
        path.push_str(self.base);
        if !self.extension.is_empty() {
            path.push('.');
            path.push_str(self.extension);
        }
        path
    }

    /// Whether `/module/parent/base.extension`, without what is empty, is `name`.
    fn name_is(&self, mut name: impl Iterator<Item = u8>) -> bool {
        let parts =
            [("/", self.module, "/"), ("", self.parent, "/"), ("", self.base, ""), (".", self.extension, "")];
        for (before, part, after) in parts {
            if part.is_empty() {
                continue;
            }
            for byte in before.bytes().chain(part.bytes()).chain(after.bytes()) {
                if name.next() != Some(byte) {
                    return false;
                }
            }
        }
        name.next().is_none()
    }
}

impl ClassSource for JImage {
    /// Finds the module by the package. A resource in no package, or in one without classes, is not found so.
    fn resource(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>> {
        match self.package_to_module(&super::package_of(path))? {
            Some(module) => self.find(module, path),
            None => Ok(None),
        }
    }

    fn packages(&self) -> Result<Vec<String>> {
        let packages: Result<Vec<_>> =
            self.packages_with_modules().map(|pair| pair.map(|(package, _)| package.to_owned())).collect();
        let mut packages = packages?;
        packages.sort_unstable();
        Ok(packages)
    }
}

fn hash(seed: u32, bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(seed, |hash, byte| hash.wrapping_mul(HASH_MULTIPLIER) ^ u32::from(byte)) & 0x7fff_ffff
}

fn word_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_ne_bytes(*word))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|word| u64::from_ne_bytes(*word))
}

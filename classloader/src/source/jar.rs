//! A jar, mapped into memory.
//!
//! Invariant: reading an entry never takes more memory than the entry really unpacks to, and never more than
//! a fixed limit, whatever sizes the jar claims.
//!
//! Deliberately absent: the format ([`zip`](super::zip)), signatures, and the choice among `META-INF/versions`: programs'
//! jars are read by the library, and what a user puts on the boot path is taken as it is, as the reference machine does.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::mapped::MappedFile;
use super::zip::Contents;
use super::{BYTES_MAX, ClassSource, Manifest, Result, SourceError, package_of};

const MANIFEST: &str = "META-INF/MANIFEST.MF";

/// An open jar.
pub struct Jar {
    path: PathBuf,
    bytes: Mapped,
    contents: Contents,
}

enum Mapped {
    File(MappedFile),
    /// A jar inside another one.
    Memory(Vec<u8>),
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        match self {
            Mapped::File(map) => map,
            Mapped::Memory(bytes) => bytes,
        }
    }
}

impl Jar {
    /// Maps a jar and reads its directory.
    pub fn open(path: &Path) -> Result<Jar> {
        let io = |error| SourceError::Io { path: path.to_owned(), error };
        let file = File::open(path).map_err(io)?;
        let map = MappedFile::new(&file).map_err(io)?;
        Jar::from(path, Mapped::File(map))
    }

    /// Reads the directory of a jar that is in memory; `path` stands for it in errors.
    pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<Jar> {
        Jar::from(path, Mapped::Memory(bytes))
    }

    fn from(path: &Path, bytes: Mapped) -> Result<Jar> {
        let contents = Contents::read(bytes.as_ref()).map_err(|what| corrupt(path, what.to_owned()))?;
        Ok(Jar { path: path.to_owned(), bytes, contents })
    }

    /// The file that it was opened from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of all entries, each once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.contents.names(self.bytes.as_ref())
    }

    /// Whether it has an entry of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.contents.contains(self.bytes.as_ref(), name)
    }

    /// The bytes of an entry.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let bytes = self.contents.unpack(self.bytes.as_ref(), name, BYTES_MAX).transpose();
        bytes.map_err(|what| corrupt(&self.path, format!("{name}: {what}")))
    }

    /// The bytes of an entry, if its checksum is theirs. The library does not ask for that when it loads a class, so it is
    /// for tools that look for damage.
    pub fn read_intact(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let bytes = self.read(name)?;
        match &bytes {
            Some(bytes) if !self.contents.is_intact(self.bytes.as_ref(), name, bytes) => {
                Err(corrupt(&self.path, format!("{name}: Invalid checksum")))
            }
            _ => Ok(bytes),
        }
    }

    /// Whether it has a manifest; its name may be in any case.
    pub fn has_manifest(&self) -> bool {
        self.contains(MANIFEST) || self.names().any(|name| name.eq_ignore_ascii_case(MANIFEST))
    }

    /// The main attributes of its manifest; none if it has no manifest.
    pub fn manifest(&self) -> Result<Manifest> {
        let bytes = match self.read(MANIFEST)? {
            Some(bytes) => Some(bytes),
            None => match self.names().find(|known| known.eq_ignore_ascii_case(MANIFEST)) {
                Some(other) => self.read(other)?,
                None => None,
            },
        };
        Ok(bytes.map(|bytes| Manifest::parse(&bytes)).unwrap_or_default())
    }
}

impl ClassSource for Jar {
    fn resource(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>> {
        Ok(self.read(path)?.map(Cow::Owned))
    }

    fn packages(&self) -> Result<Vec<String>> {
        let files = self.names().filter(|name| !name.ends_with('/') && !name.starts_with("META-INF/"));
        let packages: BTreeSet<_> = files.map(package_of).filter(|package| !package.is_empty()).collect();
        Ok(packages.into_iter().collect())
    }
}

fn corrupt(path: &Path, what: String) -> SourceError {
    SourceError::Corrupt { path: path.to_owned(), what }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use carafe_mutator::zip::{ZipEnd, ZipEntry, zip};
    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;
    use crate::source::directory::tests::Scratch;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn deflated(name: &str, bytes: &[u8]) -> ZipEntry {
        ZipEntry::deflated(name, &packed(bytes), bytes.len() as u32)
    }

    fn jar(entries: &[ZipEntry], end: &ZipEnd) -> Result<Jar> {
        Jar::from_bytes(Path::new("some.jar"), zip(entries, end))
    }

    fn defect<T>(outcome: Result<T>) -> String {
        match outcome {
            Ok(_) => panic!("accepted"),
            Err(error) => error.to_string().strip_prefix("some.jar: ").unwrap().to_owned(),
        }
    }

    #[test]
    fn entries_packages_and_manifest() {
        let scratch = Scratch::new("jar");
        let path = scratch.path().join("some.jar");
        let big = vec![7; 100_000];
        let entries = [
            ZipEntry::stored("META-INF/manifest.mf", b"Main-Class: a.b.Main\n"),
            deflated("a/b/Main.class", &big),
            ZipEntry::stored("a/c/x.txt", b"text"),
            ZipEntry::stored("Top.class", b""),
        ];
        let bytes = zip(&entries, &ZipEnd::default());
        std::fs::write(&path, &bytes).unwrap();

        let jar = Jar::open(&path).unwrap();
        assert_eq!(jar.class_bytes("a/b/Main").unwrap().unwrap(), big);
        assert_eq!(jar.class_bytes("Top").unwrap().unwrap(), b"".as_slice());
        assert!(jar.class_bytes("a/b/Other").unwrap().is_none());
        assert_eq!(jar.packages().unwrap(), ["a.b", "a.c"]);
        assert_eq!(jar.manifest().unwrap().main_class(), Some("a.b.Main"));
        assert!(jar.has_manifest() && !jar.contains("META-INF/MANIFEST.MF"));

        std::fs::write(&path, b"").unwrap();
        assert!(Jar::open(&path).is_err());
    }

    #[test]
    fn a_jar_that_is_cut_or_damaged_is_no_reason_to_panic() {
        let entries = [ZipEntry::stored("A.class", b"abc"), deflated("B.class", &[5; 3000])];
        let end = ZipEnd { wide: Some([2, 0, 0]), comment: b"PK\x05\x06".to_vec(), ..ZipEnd::default() };
        for whole in [zip(&entries, &end), zip(&entries, &ZipEnd::default())] {
            for len in 0..whole.len() {
                assert!(Jar::from_bytes(Path::new("j"), whole[..len].to_vec()).is_err(), "{len}");
            }
            for (at, bit) in (0..whole.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                let Ok(jar) = Jar::from_bytes(Path::new("j"), bytes) else { continue };
                for name in jar.names() {
                    let _ = jar.read(name);
                }
            }
        }
    }

    #[test]
    fn the_last_of_one_name_counts_and_local_headers_do_not() {
        let mut other = ZipEntry::stored("A.class", b"second");
        other.local_name = b"X.class".to_vec();
        let entries = [ZipEntry::stored("A.class", b"first"), other, ZipEntry::stored("../\0", b"odd")];
        let jar = jar(&entries, &ZipEnd::default()).unwrap();
        assert_eq!(jar.names().collect::<Vec<_>>(), ["A.class", "../\0"]);
        assert_eq!(jar.read("A.class").unwrap().unwrap(), b"second");
        assert!(jar.read("X.class").unwrap().is_none());
        assert_eq!(jar.read("../\0").unwrap().unwrap(), b"odd");
    }

    #[test]
    fn sizes_that_lie_are_found_out_before_they_cost_anything() {
        let zeroes = packed(&vec![0; 8 << 20]);
        let read = |entry: ZipEntry| jar(&[entry], &ZipEnd::default()).unwrap().read("A");
        assert_eq!(read(ZipEntry::deflated("A", &zeroes, 8 << 20)).unwrap().unwrap().len(), 8 << 20);
        let wrong = |size, packed| {
            let entry = ZipEntry { packed, ..ZipEntry::deflated("A", &zeroes, size) };
            defect(read(entry))
        };
        let len = zeroes.len() as u32;
        assert_eq!(wrong(100, len), "A: it unpacks to more than its size");
        assert_eq!(wrong(0, len), "A: it unpacks to more than its size");
        assert_eq!(wrong(9 << 20, len), "A: it has another size than it says");
        assert_eq!(wrong(200 << 20, len), "A: it has another size than it says");
        assert_eq!(wrong(u32::MAX - 1, len), "A: larger than any class file");
        assert_eq!(wrong(8 << 20, len - 9), "A: the packed data are damaged");
        // Where they end does not matter if they are whole.
        let long = ZipEntry { packed: u32::MAX - 1, ..ZipEntry::deflated("A", &zeroes, 8 << 20) };
        assert_eq!(read(long).unwrap().unwrap().len(), 8 << 20);
        let stored = ZipEntry { size: 7, ..ZipEntry::stored("A", b"abc") };
        assert_eq!(defect(read(stored)), "A: it has another size than it says");
        let away = ZipEntry { local: Some(1 << 30), ..ZipEntry::stored("A", b"abc") };
        assert_eq!(defect(read(away)), "A: the header lies behind the end of the file");
        let astray = ZipEntry { local: Some(1), ..ZipEntry::stored("A", b"abc") };
        assert_eq!(defect(read(astray)), "A: bad magic number of the header");
    }

    #[test]
    fn checksums_count_when_asked_for() {
        let read = |crc| {
            let entry = ZipEntry { crc, ..ZipEntry::stored("A", b"123456789") };
            let jar = jar(&[entry], &ZipEnd::default()).unwrap();
            assert_eq!(jar.read("A").unwrap().unwrap(), b"123456789");
            assert!(jar.read_intact("B").unwrap().is_none());
            jar.read_intact("A")
        };
        assert_eq!(read(0xcbf4_3926).unwrap().unwrap(), b"123456789");
        assert_eq!(defect(read(0xcbf4_3927)), "A: Invalid checksum");
    }

    #[test]
    fn directories_that_lie() {
        let entry = ZipEntry::stored("A", b"abc");
        let with = |end: ZipEnd| jar(std::slice::from_ref(&entry), &end);
        let end = ZipEnd::default;
        assert!(with(end()).is_ok());
        assert_eq!(
            defect(with(ZipEnd { entries: Some(2), ..end() })),
            "more entries than the directory has room for"
        );
        // Fewer are forgiven, as in files with more than a 16-bit count can say.
        assert!(with(ZipEnd { entries: Some(0), ..end() }).is_ok());
        assert_eq!(
            defect(with(ZipEnd { directory_bytes: Some(1 << 30), ..end() })),
            "bad size of the directory"
        );
        assert_eq!(
            defect(with(ZipEnd { directory_offset: Some(1 << 30), ..end() })),
            "bad offset of the directory"
        );
        assert_eq!(
            defect(with(ZipEnd { directory_bytes: Some(48), ..end() })),
            "bad offset of the directory"
        );
        assert_eq!(
            defect(with(ZipEnd { directory_bytes: Some(46), ..end() })),
            "bad magic number in the directory"
        );
        let wide = |wide| with(ZipEnd { wide: Some(wide), entries: Some(0xffff), ..end() });
        assert!(wide([1, 47, 34]).is_ok());
        assert_eq!(defect(wide([u64::MAX, 47, 34])), "more entries than the directory has room for");
        assert_eq!(defect(wide([1 << 40, 47, 34])), "more entries than the directory has room for");
        for method in [1, 9, 99] {
            let odd = ZipEntry { method, ..entry.clone() };
            assert_eq!(defect(jar(&[odd], &end())), "an entry is packed in an unknown way");
        }
        let locked = ZipEntry { flags: 1, ..entry.clone() };
        assert_eq!(defect(jar(&[locked], &end())), "an encrypted entry");
        let odd = ZipEntry { name: vec![0xff], ..entry.clone() };
        assert_eq!(defect(jar(&[odd], &end())), "a name or comment is no text");
        let long = ZipEntry { name: vec![b'a'; 40_000], comment: vec![b'c'; 40_000], ..entry.clone() };
        assert_eq!(defect(jar(&[long], &end())), "bad header size");
        for (extra, what) in [
            (&[][..], "64-bit values are missing"),
            (&[1, 0, 4, 0, 0, 0, 0, 0], "an extra field of 64-bit values has a wrong size"),
            (&[1, 0, 9, 0, 0], "an extra field is too long"),
            (&[1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0x80], "a 64-bit value is too large"),
        ] {
            let wide = ZipEntry { size: u32::MAX, extra: extra.to_vec(), ..entry.clone() };
            assert_eq!(defect(jar(&[wide], &end())), what);
        }
        let wide = ZipEntry { size: u32::MAX, extra: vec![1, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0], ..entry };
        assert_eq!(jar(&[wide], &end()).unwrap().read("A").unwrap().unwrap(), b"abc");
    }

    #[test]
    fn comments_and_trailing_bytes() {
        let entry = ZipEntry::stored("A", b"abc");
        let with = |comment: &[u8], len| {
            let end = ZipEnd { comment: comment.to_vec(), comment_len: len, ..ZipEnd::default() };
            jar(std::slice::from_ref(&entry), &end)
        };
        let inner = zip(&[ZipEntry::stored("B", b"")], &ZipEnd::default());
        // The end record that is nearest to the end counts, if it is one: that of the comment is.
        assert_eq!(with(&inner, None).unwrap().names().collect::<Vec<_>>(), ["B"]);
        assert_eq!(with(b"PK\x05\x06", None).unwrap().names().count(), 1);
        assert_eq!(with(&[b'x'; 0xffff], None).unwrap().names().count(), 1);
        assert_eq!(with(b"bytes behind", Some(0)).unwrap().names().count(), 1);
        assert_eq!(defect(with(b"cut", Some(4))), "the comment is cut off");
    }
}

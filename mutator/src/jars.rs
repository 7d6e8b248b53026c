//! Jars that lie, each with one lie: about sizes, places, counts, names, or with two readings of one file.
//!
//! All are small, whatever they unpack to. Deliberately absent: what machines make of them (`tests/jars.rs`).

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::zip::{ZipEnd, ZipEntry, checksum, zip};

const MAIN: &str = "Main.class";
const MANIFEST: &str = "META-INF/MANIFEST.MF";
const ELSEWHERE: u32 = u32::MAX;

/// Bytes packed as zip files pack them.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; were it to, the entry would be a damaged one.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// So many packed zeroes.
fn bomb(bytes: usize) -> Vec<u8> {
    packed(&vec![0; bytes])
}

fn manifest(text: &str) -> ZipEntry {
    ZipEntry::stored(MANIFEST, text.as_bytes())
}

/// Extra fields with 64-bit values.
fn wide(values: &[u64]) -> Vec<u8> {
    let mut extra = vec![1, 0];
    extra.extend((8 * values.len() as u16).to_le_bytes());
    values.iter().for_each(|value| extra.extend(value.to_le_bytes()));
    extra
}

/// Names and contents. `first` and `second` are files of two classes `Main`.
pub fn cases(first: &[u8], second: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let main = || ZipEntry::stored(MAIN, first);
    let small = packed(first);
    let deflated =
        || ZipEntry { crc: checksum(first), ..ZipEntry::deflated(MAIN, &small, first.len() as u32) };
    let other = || ZipEntry::stored(MAIN, second);
    let name = |name: &str| ZipEntry { name: name.into(), ..main() };
    let end = ZipEnd::default;
    let of = |entries: &[ZipEntry]| zip(entries, &end());
    let mut cases: Vec<(&'static str, Vec<u8>)> = vec![
        ("honest-stored", of(&[main()])),
        ("honest-deflated", of(&[deflated()])),
        ("empty", zip(&[], &end())),
        ("empty-file", Vec::new()),
        ("twice", of(&[main(), other()])),
        ("twice-turned", of(&[other(), main()])),
        ("local-name-differs", of(&[ZipEntry { local_name: b"Other.class".to_vec(), ..main() }])),
        ("local-name-is-main", of(&[ZipEntry { name: b"Other.class".to_vec(), ..main() }])),
        ("local-name-longer", of(&[ZipEntry { local_name: vec![b'x'; 400], ..main() }])),
        ("shared-data", of(&[main(), ZipEntry { without_data: true, local: Some(0), ..name("Copy.class") }])),
        (
            "data-inside-data",
            of(&[deflated(), ZipEntry { without_data: true, local: Some(10), ..name("In.class") }]),
        ),
        ("no-data", of(&[ZipEntry { without_data: true, ..main() }])),
        ("data-far-away", of(&[ZipEntry { local: Some(1 << 30), ..main() }])),
        ("size-too-small", of(&[ZipEntry { size: 100, ..deflated() }])),
        ("size-zero", of(&[ZipEntry { size: 0, ..deflated() }])),
        ("size-too-large", of(&[ZipEntry { size: 1 << 20, ..deflated() }])),
        ("size-2-gigabytes", of(&[ZipEntry { size: i32::MAX as u32, ..deflated() }])),
        ("size-4-gigabytes", of(&[ZipEntry { size: ELSEWHERE - 1, ..deflated() }])),
        ("size-elsewhere", of(&[ZipEntry { size: ELSEWHERE, ..deflated() }])),
        ("size-wide", of(&[ZipEntry { size: ELSEWHERE, extra: wide(&[first.len() as u64]), ..deflated() }])),
        ("size-wide-huge", of(&[ZipEntry { size: ELSEWHERE, extra: wide(&[1 << 50]), ..deflated() }])),
        ("size-wide-negative", of(&[ZipEntry { size: ELSEWHERE, extra: wide(&[u64::MAX]), ..deflated() }])),
        (
            "size-wide-short",
            of(&[ZipEntry { size: ELSEWHERE, extra: vec![1, 0, 4, 0, 1, 2, 3, 4], ..deflated() }]),
        ),
        ("wide-unasked", of(&[ZipEntry { extra: wide(&[7]), ..deflated() }])),
        ("extra-too-long", of(&[ZipEntry { extra: vec![9, 0, 200, 0, 1], ..deflated() }])),
        ("packed-too-small", of(&[ZipEntry { packed: 50, ..deflated() }])),
        ("packed-too-large", of(&[ZipEntry { packed: 1 << 28, ..deflated() }])),
        ("packed-zero", of(&[ZipEntry { packed: 0, ..deflated() }])),
        ("stored-size-differs", of(&[ZipEntry { size: first.len() as u32 + 10, ..main() }])),
        ("stored-packed-differs", of(&[ZipEntry { packed: 40, ..main() }])),
        ("deflated-garbage", of(&[ZipEntry::deflated(MAIN, first, first.len() as u32)])),
        ("method-12", of(&[ZipEntry { method: 12, ..main() }])),
        ("encrypted", of(&[ZipEntry { flags: 1, ..main() }])),
        ("bad-checksum", of(&[ZipEntry { crc: 77, ..main() }])),
        ("bomb", of(&[ZipEntry::deflated(MAIN, &bomb(8 << 20), 8 << 20)])),
        ("bomb-says-small", of(&[ZipEntry::deflated(MAIN, &bomb(8 << 20), 500)])),
        ("parent-name", of(&[name("../Main.class")])),
        ("absolute-name", of(&[name("/Main.class")])),
        ("dotted-name", of(&[name("./Main.class")])),
        ("back-slash-name", of(&[name("a\\Main.class")])),
        ("nul-name", of(&[name("Main.class\0")])),
        ("nul-in-name", of(&[name("Main\0.class")])),
        ("folder-name", of(&[name("Main.class/")])),
        ("empty-name", of(&[name(""), main()])),
        ("other-case-name", of(&[name("MAIN.CLASS")])),
        ("bytes-that-are-no-name", of(&[ZipEntry { name: vec![0xff, 0xfe], ..main() }])),
        ("overlong-utf8-name", of(&[ZipEntry { name: b"M\xc1\xa1in.class".to_vec(), ..main() }])),
        ("long-name", of(&[ZipEntry { name: vec![b'n'; 65_000], ..main() }, main()])),
        (
            "too-long-header",
            of(&[ZipEntry { name: vec![b'n'; 40_000], comment: vec![b'c'; 40_000], ..main() }]),
        ),
        ("comment-is-no-text", of(&[ZipEntry { comment: vec![0xff], ..main() }])),
        ("no-class", of(&[name("Other.class")])),
        ("count-too-high", zip(&[main()], &ZipEnd { entries: Some(9), ..end() })),
        ("count-too-low", zip(&[main(), name("B.class")], &ZipEnd { entries: Some(1), ..end() })),
        ("count-zero", zip(&[main()], &ZipEnd { entries: Some(0), ..end() })),
        ("directory-too-large", zip(&[main()], &ZipEnd { directory_bytes: Some(1 << 28), ..end() })),
        ("directory-too-small", zip(&[main()], &ZipEnd { directory_bytes: Some(50), ..end() })),
        ("directory-far-away", zip(&[main()], &ZipEnd { directory_offset: Some(1 << 28), ..end() })),
        ("directory-too-near", zip(&[main()], &ZipEnd { directory_offset: Some(5), ..end() })),
        ("wide-end-unasked", zip(&[main()], &ZipEnd { wide: Some([5, 5, 5]), ..end() })),
        (
            "trailing-bytes",
            zip(&[main()], &ZipEnd { comment: b"behind".to_vec(), comment_len: Some(0), ..end() }),
        ),
        ("comment-cut", zip(&[main()], &ZipEnd { comment: b"cut".to_vec(), comment_len: Some(9), ..end() })),
        ("comment-full", zip(&[main()], &ZipEnd { comment: vec![b'c'; 0xffff], ..end() })),
        ("comment-is-jar", zip(&[main()], &ZipEnd { comment: zip(&[other()], &end()), ..end() })),
        ("comment-is-end", zip(&[main()], &ZipEnd { comment: b"PK\x05\x06".repeat(8), ..end() })),
        ("manifest-twice", of(&[manifest("A: b\n\n"), manifest("Multi-Release: true\n\n"), main()])),
        ("manifest-long-line", of(&[ZipEntry::deflated(MANIFEST, &bomb(1 << 20), 1 << 20), main()])),
        ("many-entries", of(&many(3000))),
        ("two-jars", [of(&[main()]), of(&[other()])].concat()),
        ("stub-in-front", [b"#!/bin/sh\nexit 1\n".to_vec(), of(&[main()])].concat()),
    ];
    let honest = of(&[main()]);
    let directory = (honest.len() - 22 - 46 - MAIN.len()) as u64;
    for (case, wide) in [
        ("wide-end", [1, 46 + MAIN.len() as u64, directory]),
        ("wide-end-many", [1 << 40, 46 + MAIN.len() as u64, directory]),
        ("wide-end-negative", [u64::MAX, u64::MAX, u64::MAX]),
        ("wide-end-huge", [1, 1 << 40, directory]),
    ] {
        let lie = ZipEnd {
            entries: Some(u16::MAX),
            directory_bytes: Some(ELSEWHERE),
            directory_offset: Some(ELSEWHERE),
            wide: Some(wide),
            ..end()
        };
        cases.push((case, zip(&[main()], &lie)));
    }
    for (case, cut) in
        [("cut-by-1", 1), ("cut-by-22", 22), ("cut-by-60", 60), ("cut-in-data", honest.len() - 90)]
    {
        cases.push((case, honest.get(..honest.len().saturating_sub(cut)).unwrap_or_default().to_vec()));
    }
    let release = "Manifest-Version: 1.0\nMulti-Release: true\n\n";
    let versioned = |version: &str| ZipEntry {
        name: format!("META-INF/versions/{version}/{MAIN}").into_bytes(),
        ..ZipEntry::stored(MAIN, second)
    };
    for (case, version) in
        [("release-9", "9"), ("release-99", "99"), ("release-8", "8"), ("release-odd", "-9")]
    {
        cases.push((case, of(&[manifest(release), main(), versioned(version)])));
    }
    cases.push(("release-not-said", of(&[manifest("Manifest-Version: 1.0\n\n"), main(), versioned("9")])));
    cases
}

/// So many entries without data.
fn many(count: usize) -> Vec<ZipEntry> {
    (0..count).map(|n| ZipEntry { without_data: true, ..ZipEntry::stored(&format!("e{n}"), b"") }).collect()
}

/// A jar with so many entries of which nothing but the directory is there.
pub fn flood(count: usize) -> Vec<u8> {
    zip(&many(count), &ZipEnd::default())
}

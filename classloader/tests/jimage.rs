//! Images of Java modules made by hand: every lookup, and every byte of one damaged in turn.

use std::path::{Path, PathBuf};

use carafe_classloader::source::{ClassSource, JImage, Result, SourceError};

/// Resources of the image: module, folder, name, extension, contents.
const RESOURCES: [(&str, &str, &str, &str, &[u8]); 6] = [
    ("java.base", "java/lang", "Object", "class", b"object"),
    ("java.base", "java/lang", "String", "class", b""),
    ("java.base", "", "module-info", "class", b"module"),
    ("java.base", "java/lang", "names", "", b"no extension"),
    ("other", "some/pkg", "C", "class", b"other"),
    ("packages", "", "no.classes", "", b"\x01\0\0\0\0\0\0\0"),
];

/// Where the parts of an image go.
#[derive(Default)]
struct Builder {
    strings: Vec<u8>,
    locations: Vec<u8>,
    data: Vec<u8>,
    /// Full names and where their locations start.
    entries: Vec<(String, u32)>,
}

impl Builder {
    fn string(&mut self, text: &str) -> u32 {
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(0);
        let found = self.strings.windows(bytes.len()).position(|window| window == bytes);
        found.unwrap_or_else(|| {
            self.strings.extend(&bytes);
            self.strings.len() - bytes.len()
        }) as u32
    }

    /// Adds a resource; `packed` is what stands in the file if that is not the contents themselves.
    fn add(&mut self, [module, parent, base, extension]: [&str; 4], content: &[u8], packed: Option<&[u8]>) {
        let name = [("/", module, "/"), ("", parent, "/"), ("", base, ""), (".", extension, "")];
        let name = name.iter().filter(|(_, part, _)| !part.is_empty());
        let name = name.map(|(before, part, after)| format!("{before}{part}{after}")).collect();
        self.entries.push((name, self.locations.len() as u32));
        let values = [
            self.string(module),
            self.string(parent),
            self.string(base),
            self.string(extension),
            self.data.len() as u32,
            packed.map_or(0, <[u8]>::len) as u32,
            content.len() as u32,
        ];
        for (kind, value) in (1..).zip(values).filter(|(_, value)| *value != 0) {
            // As few bytes as the value needs.
            let bytes = value.to_be_bytes();
            let skip = bytes.iter().take_while(|&&byte| byte == 0).count();
            self.locations.push(kind << 3 | (3 - skip as u8));
            self.locations.extend(&bytes[skip..]);
        }
        self.locations.push(0);
        self.data.extend(packed.unwrap_or(content));
    }

    fn build(&self) -> Vec<u8> {
        let len = self.entries.len();
        let mut redirects = vec![0i32; len];
        let mut offsets = vec![0u32; len];
        let mut free: Vec<usize> = (0..len).collect();
        let mut buckets: Vec<Vec<&(String, u32)>> = vec![Vec::new(); len];
        for entry in &self.entries {
            buckets[hash(0x0100_0193, &entry.0) as usize % len].push(entry);
        }
        let mut order: Vec<usize> = (0..len).collect();
        order.sort_by_key(|&bucket| std::cmp::Reverse(buckets[bucket].len()));
        for bucket in order {
            match buckets[bucket].as_slice() {
                [] => {}
                [(_, offset)] => {
                    let slot = free.pop().unwrap();
                    offsets[slot] = *offset;
                    redirects[bucket] = -1 - slot as i32;
                }
                several => {
                    let slots = |seed| several.iter().map(move |(name, _)| hash(seed, name) as usize % len);
                    let fits = |seed: &u32| {
                        let mut taken: Vec<_> = slots(*seed).filter(|slot| free.contains(slot)).collect();
                        taken.sort_unstable();
                        taken.dedup();
                        taken.len() == several.len()
                    };
                    let seed = (1..).find(fits).unwrap();
                    for (slot, (_, offset)) in slots(seed).zip(several) {
                        offsets[slot] = *offset;
                        free.retain(|&other| other != slot);
                    }
                    redirects[bucket] = seed as i32;
                }
            }
        }
        let header = [0xcafe_dada, 1 << 16, 0, len as u32, len as u32];
        let lengths = [self.locations.len() as u32, self.strings.len() as u32];
        let mut bytes: Vec<u8> = header.iter().chain(&lengths).flat_map(|word| word.to_ne_bytes()).collect();
        bytes.extend(redirects.iter().flat_map(|redirect| redirect.to_ne_bytes()));
        bytes.extend(offsets.iter().flat_map(|offset| offset.to_ne_bytes()));
        bytes.extend(&self.locations);
        bytes.extend(&self.strings);
        bytes.extend(&self.data);
        bytes
    }
}

fn hash(seed: u32, text: &str) -> u32 {
    text.bytes().fold(seed, |hash, byte| hash.wrapping_mul(0x0100_0193) ^ u32::from(byte)) & 0x7fff_ffff
}

/// A resource as the decompressor named finds it.
fn packed(builder: &mut Builder, decompressor: &str, content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, content).unwrap();
    let body = encoder.finish().unwrap();
    let mut bytes = 0xcafe_fafa_u32.to_ne_bytes().to_vec();
    bytes.extend((body.len() as u64).to_ne_bytes());
    bytes.extend((content.len() as u64).to_ne_bytes());
    bytes.extend(builder.string(decompressor).to_ne_bytes());
    bytes.extend(u32::MAX.to_ne_bytes());
    bytes.push(1);
    bytes.extend(body);
    bytes
}

fn image() -> Vec<u8> {
    let mut builder = Builder::default();
    builder.string("");
    for (module, parent, base, extension, content) in RESOURCES {
        builder.add([module, parent, base, extension], content, None);
    }
    for (package, module) in [("java.lang", "java.base"), ("some.pkg", "other")] {
        // First a module in which the package has no classes.
        let (empty, name) = (builder.string("packages"), builder.string(module));
        let words = [1, empty, 0, name];
        let content: Vec<u8> = words.iter().flat_map(|word: &u32| word.to_ne_bytes()).collect();
        builder.add(["packages", "", package, ""], &content, None);
    }
    let content = [7; 1000];
    let zip = packed(&mut builder, "zip", &content);
    builder.add(["java.base", "java/lang", "Zipped", "class"], &content, Some(&zip));
    let other = packed(&mut builder, "compact-cp", &content);
    builder.add(["java.base", "java/lang", "Compact", "class"], &content, Some(&other));
    builder.build()
}

/// A file that lasts as long as a test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        Scratch(std::env::temp_dir().join(format!("carafe-{name}-{}", std::process::id())))
    }

    /// A new file each time: one that is mapped must not be written.
    fn open(&self, bytes: &[u8]) -> Result<JImage> {
        let _ = std::fs::remove_file(&self.0);
        std::fs::write(&self.0, bytes).unwrap();
        JImage::open(&self.0)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What remains of it is the temporary folder's affair.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn resources_are_found_by_their_names_only() {
    let scratch = Scratch::new("image");
    let image = scratch.open(&image()).unwrap();
    for (module, parent, base, extension, content) in RESOURCES {
        let mut path = if parent.is_empty() { base.to_owned() } else { format!("{parent}/{base}") };
        if !extension.is_empty() {
            path = format!("{path}.{extension}");
        }
        assert_eq!(image.find(module, &path).unwrap().unwrap(), content, "{module} {path}");
        for (module, path) in [("none", path.as_str()), (module, &path[1..]), (module, &format!("{path}x"))] {
            assert!(image.find(module, path).unwrap().is_none(), "{module} {path}");
        }
    }
    assert_eq!(image.class_bytes("some/pkg/C").unwrap().unwrap(), b"other".as_slice());
    assert_eq!(image.class_bytes("java/lang/Zipped").unwrap().unwrap(), [7; 1000].as_slice());
    assert!(image.class_bytes("java/lang/Nothing").unwrap().is_none());
    let error = image.class_bytes("java/lang/Compact").unwrap_err().to_string();
    assert!(error.contains("\"compact-cp\" are not supported"), "{error}");
    assert_eq!(image.packages().unwrap(), ["java.lang", "some.pkg"]);
    assert_eq!(image.package_to_module("no.classes").unwrap(), None);
    let classes = image.entries().filter(|entry| entry.as_ref().unwrap().is_class()).count();
    assert_eq!(classes, 6);
}

#[test]
fn what_is_no_image_is_told_so() {
    let scratch = Scratch::new("no-image");
    let check = |change: fn(&mut Vec<u8>), expected: &str| {
        let mut bytes = image();
        change(&mut bytes);
        match scratch.open(&bytes) {
            Err(SourceError::Corrupt { what, .. }) => assert_eq!(what, expected),
            other => panic!("{other:?}, not {expected}"),
        }
    };
    check(|b| b[0] ^= 1, "not an image of Java modules");
    check(|b| b[..4].reverse(), "an image of Java modules in the other byte order");
    check(|b| b[4] = 9, "an image of Java modules of version 1.9, not 1.0");
    check(|b| b.truncate(20), "too short for an image of Java modules");
    check(|b| b.truncate(100), "an image of Java modules whose tables are longer than the file");
    check(|b| b[16..20].fill(0xff), "an image of Java modules whose tables are longer than the file");
    assert!(matches!(JImage::open(Path::new("no/such/file")), Err(SourceError::Io { .. })));
}

#[test]
fn no_damage_makes_a_lookup_panic() {
    let scratch = Scratch::new("damaged-image");
    let original = image();
    let (mut opened, mut errors) = (0, 0);
    for at in 0..original.len() {
        for change in [1, 0x80, 0xff] {
            let mut bytes = original.clone();
            bytes[at] ^= change;
            let Ok(image) = scratch.open(&bytes) else { continue };
            opened += 1;
            for (module, parent, base, ..) in RESOURCES {
                errors += u32::from(image.find(module, &format!("{parent}/{base}.class")).is_err());
            }
            errors += u32::from(image.class_bytes("java/lang/Zipped").is_err());
            errors += u32::from(image.packages().is_err());
            for entry in image.entries() {
                let fine = entry.and_then(|entry| entry.content().map(|bytes| bytes.len()));
                errors += u32::from(fine.is_err());
            }
        }
    }
    assert!(opened > 1000 && errors > 100, "{opened} {errors}");
}

//! The class file's own encoding of strings, "modified UTF-8", and the way from and to UTF-16 and Rust
//! strings.
//!
//! It differs from UTF-8 in two points: the character 0 takes two bytes, and a character beyond the basic
//! plane is a pair of surrogates of three bytes each. Surrogates may also stand alone, so not every such
//! string is a Rust string.
//!
//! Invariant: the conversions accept any bytes and never panic. What is not well formed becomes U+FFFD;
//! whoever must refuse such bytes asks [`is_legal`] first, as the class-file reader does.

/// Whether `bytes` are legal as a class file's string. Up to version 47 longer forms than needed are
/// accepted.
pub fn is_legal(bytes: &[u8], accept_overlong: bool) -> bool {
    let mut rest = bytes;
    loop {
        // Nearly all strings are ASCII; one test of the word finds bytes outside 1..=127.
        while let Some((word, tail)) = rest.split_first_chunk::<8>() {
            let word = u64::from_le_bytes(*word);
            if (word | word.wrapping_sub(0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080 != 0 {
                break;
            }
            rest = tail;
        }
        let Some(&first) = rest.first() else { return true };
        match decode(rest) {
            Some((unit, len)) => {
                let overlong = match len {
                    1 => unit == 0,
                    2 => unit < 0x80 && unit != 0 && !accept_overlong,
                    _ => unit < 0x800 && !accept_overlong,
                };
                debug_assert!(len > 1 || first < 0x80);
                if overlong {
                    return false;
                }
                rest = rest.get(len..).unwrap_or_default();
            }
            None => return false,
        }
    }
}

/// The UTF-16 unit that `bytes` start with and its length in bytes; `None` if they start with none.
fn decode(bytes: &[u8]) -> Option<(u16, usize)> {
    let continued = |byte: u8| byte & 0xc0 == 0x80;
    match *bytes {
        [a, ..] if a < 0x80 => Some((u16::from(a), 1)),
        [a, b, ..] if a & 0xe0 == 0xc0 && continued(b) => {
            Some((u16::from(a & 0x1f) << 6 | u16::from(b & 0x3f), 2))
        }
        [a, b, c, ..] if a & 0xf0 == 0xe0 && continued(b) && continued(c) => {
            Some((u16::from(a & 0x0f) << 12 | u16::from(b & 0x3f) << 6 | u16::from(c & 0x3f), 3))
        }
        _ => None,
    }
}

/// The UTF-16 units of `bytes`, with U+FFFD for every byte that is not part of a legal character.
pub fn utf16_units(bytes: &[u8]) -> impl Iterator<Item = u16> + Clone + '_ {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (unit, len) = if rest.is_empty() { return None } else { decode(rest).unwrap_or((0xfffd, 1)) };
        rest = rest.get(len..).unwrap_or_default();
        Some(unit)
    })
}

/// The UTF-16 units of `bytes` as a vector.
pub fn to_utf16(bytes: &[u8]) -> Vec<u16> {
    utf16_units(bytes).collect()
}

/// A Rust string for messages: surrogate pairs are joined, and what has no place in one becomes U+FFFD.
pub fn to_string(bytes: &[u8]) -> String {
    if bytes.is_ascii() {
        // ASCII is UTF-8, so nothing is replaced here.
        return String::from_utf8_lossy(bytes).into_owned();
    }
    char::decode_utf16(utf16_units(bytes)).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Modified UTF-8 of UTF-16 units.
pub fn from_utf16(units: impl IntoIterator<Item = u16>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for unit in units {
        match unit {
            1..0x80 => bytes.push(unit as u8),
            0 | 0x80..0x800 => bytes.extend([0xc0 | (unit >> 6) as u8, 0x80 | (unit & 0x3f) as u8]),
            _ => bytes.extend([
                0xe0 | (unit >> 12) as u8,
                0x80 | (unit >> 6 & 0x3f) as u8,
                0x80 | (unit & 0x3f) as u8,
            ]),
        }
    }
    bytes
}

/// Modified UTF-8 of a Rust string.
pub fn from_str(text: &str) -> Vec<u8> {
    from_utf16(text.encode_utf16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        for text in ["", "java/lang/Object", "nul\0inside", "grüße", "漢字", "𝄞 and 🦒"] {
            let bytes = from_str(text);
            assert!(is_legal(&bytes, false), "{text}");
            assert_eq!(to_string(&bytes), text);
            assert_eq!(to_utf16(&bytes), text.encode_utf16().collect::<Vec<_>>());
        }
        let lone = [0xd800, 0x41];
        assert_eq!(to_utf16(&from_utf16(lone)), lone);
        assert_eq!(to_string(&from_utf16(lone)), "\u{fffd}A");
    }

    #[test]
    fn illegal_bytes_are_seen_wherever_they_stand() {
        let check = |bad: &[u8], when_old: bool| {
            for before in 0..17 {
                let mut bytes = vec![b'a'; before];
                bytes.extend(bad);
                bytes.extend(b"tail of the string");
                assert!(!is_legal(&bytes, false), "{bad:x?} after {before}");
                assert_eq!(is_legal(&bytes, true), when_old, "{bad:x?} after {before}");
                assert!(to_utf16(&bytes).len() > before);
            }
        };
        check(&[0], false);
        check(&[0x80], false);
        check(&[0xf0, 0x9d, 0x84, 0x9e], false);
        check(&[0xc2], false);
        check(&[0xe0, 0xa0], false);
        check(&[0xc1, 0x81], true);
        check(&[0xe0, 0x81, 0x81], true);
        assert!(!is_legal(&[0xe1, 0x81], true) && !is_legal(&[0xc2], true));
    }
}

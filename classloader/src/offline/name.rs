//! The name of the class in a file, without reading the rest of it.
//!
//! Invariant: `None` for whatever is no class file up to its name; nothing is checked beyond that.

use crate::classfile::pool::tag;

/// The name in internal form.
pub fn name_of(bytes: &[u8]) -> Option<&[u8]> {
    let u16_at =
        |at: usize| bytes.get(at..)?.first_chunk().map(|pair| usize::from(u16::from_be_bytes(*pair)));
    if bytes.first_chunk() != Some(&0xcafe_babe_u32.to_be_bytes()) {
        return None;
    }
    let count = u16_at(8)?;
    // Where each entry starts; unusable ones start at 0, where no entry can.
    let mut starts = vec![0; count.min(bytes.len())];
    let (mut index, mut at) = (1, 10);
    while index < count {
        *starts.get_mut(index)? = at;
        let tag = *bytes.get(at)?;
        at += match tag {
            tag::UTF8 => 3 + u16_at(at + 1)?,
            tag::CLASS | tag::STRING | tag::METHOD_TYPE | tag::MODULE | tag::PACKAGE => 3,
            tag::METHOD_HANDLE => 4,
            tag::INTEGER
            | tag::FLOAT
            | tag::FIELD_REF
            | tag::METHOD_REF
            | tag::INTERFACE_METHOD_REF
            | tag::NAME_AND_TYPE
            | tag::DYNAMIC
            | tag::INVOKE_DYNAMIC => 5,
            tag::LONG | tag::DOUBLE => {
                index += 1;
                9
            }
            _ => return None,
        };
        index += 1;
    }
    let entry = |index: usize, tag: u8| {
        let start = *starts.get(index)?;
        (start != 0 && bytes.get(start) == Some(&tag)).then_some(start)
    };
    // Behind the pool: the access flags, then this class.
    let class = entry(u16_at(at + 2)?, tag::CLASS)?;
    let name = entry(u16_at(class + 1)?, tag::UTF8)?;
    bytes.get(name + 3..)?.get(..u16_at(name + 1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let mut file = b"\xca\xfe\xba\xbe\0\0\0\x45\0\x05".to_vec();
        file.extend(b"\x05........\x01\0\x03a/B\x07\0\x03\0\x21\0\x04");
        assert_eq!(name_of(&file), Some(&b"a/B"[..]));
        for len in 0..file.len() {
            assert_eq!(name_of(&file[..len]), None, "{len}");
        }
        let last = file.len() - 1;
        for index in [0, 1, 2, 3, 5, 255] {
            file[last] = index;
            assert_eq!(name_of(&file), None, "{index}");
        }
    }
}

//! Damage to bytes, whatever they mean: bits, bytes, numbers, cuts.
//!
//! Invariant: each function makes one change and says what it was. Deliberately not here: knowledge of the format, beyond
//! where numbers stand.

use crate::numbers::Numbers;

/// Changes some bit, byte, number or stretch. `sites` are the places and widths of numbers.
pub(crate) fn change(bytes: &mut Vec<u8>, sites: &[(usize, usize)], numbers: &mut Numbers) -> Option<String> {
    let at = numbers.place(bytes)?;
    Some(match numbers.below(40) {
        0..10 => {
            let bit = numbers.below(8);
            *bytes.get_mut(at)? ^= 1 << bit;
            format!("bit {bit} of byte {at} flipped")
        }
        10..18 => {
            let byte = bytes.get_mut(at)?;
            *byte = numbers.instead_of(u32::from(*byte), 8) as u8;
            format!("byte {at} becomes {byte}")
        }
        18..37 => {
            let &(at, width) = numbers.pick(sites)?;
            let place = bytes.get_mut(at..at + width)?;
            let old = place.iter().fold(0, |value, &byte| value << 8 | u32::from(byte));
            let new = numbers.instead_of(old, 8 * width as u32);
            place.copy_from_slice(new.to_be_bytes().get(4 - width..)?);
            format!("number at {at} becomes {new}")
        }
        37 => {
            bytes.truncate(at);
            format!("cut at byte {at}")
        }
        38 => {
            bytes.remove(at);
            format!("byte {at} removed")
        }
        _ => {
            let new = numbers.draw() as u8;
            let at = numbers.below(bytes.len() + 1);
            bytes.insert(at, new);
            format!("byte {new} put in at {at}")
        }
    })
}

//! Annotations that mean something to the VM itself, on methods and fields of classes that may use them.
//!
//! Invariant: the scan is iterative and total. On malformed bytes it ends; what it saw before counts, since such bytes
//! only come from classes that are trusted anyway.
//!
//! Deliberately absent: all other annotations, which Java code reads, and `@Contended`, which layout ignores.

use crate::class::field::FieldFlags;
use crate::class::method::MethodFlags;

/// Method annotations by descriptor.
const ON_METHODS: &[(&[u8], MethodFlags)] = &[
    (b"Ljdk/internal/vm/annotation/Hidden;", MethodFlags::HIDDEN),
    (b"Ljdk/internal/vm/annotation/ForceInline;", MethodFlags::FORCE_INLINE),
    (b"Ljdk/internal/vm/annotation/DontInline;", MethodFlags::DONT_INLINE),
    (b"Ljdk/internal/vm/annotation/IntrinsicCandidate;", MethodFlags::INTRINSIC_CANDIDATE),
    (b"Ljdk/internal/vm/annotation/ReservedStackAccess;", MethodFlags::RESERVED_STACK),
    (b"Ljdk/internal/vm/annotation/ChangesCurrentThread;", MethodFlags::CHANGES_CURRENT_THREAD),
    (b"Ljdk/internal/reflect/CallerSensitive;", MethodFlags::CALLER_SENSITIVE),
    (b"Ljdk/internal/misc/ScopedMemoryAccess$Scoped;", MethodFlags::SCOPED),
];

/// Field annotations by descriptor.
const ON_FIELDS: &[(&[u8], FieldFlags)] = &[(b"Ljdk/internal/vm/annotation/Stable;", FieldFlags::STABLE)];

/// The flags that a method's RuntimeVisibleAnnotations set. `utf8` gives the bytes at an index of the pool.
pub(super) fn on_method<'a>(info: &[u8], utf8: impl Fn(u16) -> &'a [u8]) -> MethodFlags {
    let mut flags = MethodFlags::empty();
    for descriptor in types(info) {
        let text = utf8(descriptor);
        let known = ON_METHODS.iter().find(|(name, _)| *name == text);
        flags |= known.map_or(MethodFlags::empty(), |(_, flag)| *flag);
    }
    flags
}

/// The flags that a field's RuntimeVisibleAnnotations set.
pub(super) fn on_field<'a>(info: &[u8], utf8: impl Fn(u16) -> &'a [u8]) -> FieldFlags {
    let mut flags = FieldFlags::empty();
    for descriptor in types(info) {
        let text = utf8(descriptor);
        let known = ON_FIELDS.iter().find(|(name, _)| *name == text);
        flags |= known.map_or(FieldFlags::empty(), |(_, flag)| *flag);
    }
    flags
}

/// The indices of the annotations' type descriptors (JVMS 4.7.16).
fn types(info: &[u8]) -> impl Iterator<Item = u16> + '_ {
    let mut cursor = Cursor { rest: info };
    let mut left = cursor.u16().unwrap_or(0);
    std::iter::from_fn(move || {
        left = left.checked_sub(1)?;
        let descriptor = cursor.u16()?;
        if cursor.skip_pairs().is_none() {
            left = 0;
        }
        Some(descriptor)
    })
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl Cursor<'_> {
    fn u8(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from(self.u8()?) << 8 | u16::from(self.u8()?))
    }

    /// Skips a table of element-value pairs with all that is nested in it.
    fn skip_pairs(&mut self) -> Option<()> {
        // How many values follow at each open level, and whether each has a name before it.
        let mut open = vec![(self.u16()?, true)];
        while let Some((left, named)) = open.last_mut() {
            let named = *named;
            let Some(fewer) = left.checked_sub(1) else {
                open.pop();
                continue;
            };
            *left = fewer;
            if named {
                self.u16()?;
            }
            match self.u8()? {
                b'e' => {
                    self.u16()?;
                    self.u16()?;
                }
                b'@' => {
                    self.u16()?;
                    open.push((self.u16()?, true));
                }
                b'[' => open.push((self.u16()?, false)),
                _ => {
                    self.u16()?;
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf8(index: u16) -> &'static [u8] {
        match index {
            1 => b"Ljdk/internal/vm/annotation/Hidden;",
            2 => b"Ljdk/internal/reflect/CallerSensitive;",
            _ => b"LOther;",
        }
    }

    #[test]
    fn flags_are_found_behind_nested_values() {
        #[rustfmt::skip]
        let info = [
            0, 3,
            0, 9, 0, 2, // @Other with two values
                0, 5, b'@', 0, 1, 0, 1, 0, 5, b'e', 0, 1, 0, 2, // nested @Hidden does not count
                0, 5, b'[', 0, 2, b'I', 0, 7, b'[', 0, 0,
            0, 2, 0, 0,
            0, 1, 0, 0,
        ];
        assert_eq!(on_method(&info, utf8), MethodFlags::CALLER_SENSITIVE | MethodFlags::HIDDEN);
        for end in 0..info.len() {
            on_method(&info[..end], utf8);
        }
        assert_eq!(on_method(&info[..25], utf8), MethodFlags::empty());
    }

    #[test]
    fn deep_nesting_is_no_recursion() {
        let mut info = vec![0, 1, 0, 9, 0, 1, 0, 5];
        info.extend([b'[', 0, 1].repeat(100_000));
        assert_eq!(on_method(&info, utf8), MethodFlags::empty());
    }
}

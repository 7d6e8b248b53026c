//! Canonical paths, as `File.getCanonicalPath` promises them: absolute, without links, `.` and `..`, and also for paths
//! whose end does not exist (yet).
//!
//! The longest prefix that exists is resolved by the system; what follows is taken as it stands, and `.` and `..` left
//! over are removed as text.

use rustix::io::Errno;

use crate::gate::{Failure, Outcome};

const PATH_MAX: usize = 4096;

/// The canonical form of an absolute path; `real_path` is the system's resolution of what exists.
pub(super) fn canonical(path: &[u8], real_path: impl Fn(&[u8]) -> Outcome<Vec<u8>>) -> Outcome<Vec<u8>> {
    if path.len() >= PATH_MAX {
        return Err(Errno::NAMETOOLONG.into());
    }
    match real_path(path) {
        Ok(real) => return Ok(collapse(&real)),
        Err(Failure::Denied(d)) => return Err(Failure::Denied(d)),
        Err(Failure::Os(_)) => {}
    }
    let mut end = path.len();
    while let Some(slash) = parent_end(path, end) {
        end = slash;
        let (prefix, rest) = path.split_at(slash);
        if prefix.is_empty() {
            break;
        }
        match real_path(prefix) {
            Ok(mut real) => {
                while real.last() == Some(&b'/') {
                    real.pop();
                }
                real.extend_from_slice(rest);
                return if real.len() < PATH_MAX {
                    Ok(collapse(&real))
                } else {
                    Err(Errno::NAMETOOLONG.into())
                };
            }
            // Not there, or not to be looked into: a shorter prefix may do.
            Err(Failure::Os(Errno::NOENT | Errno::NOTDIR | Errno::ACCESS)) => {}
            // The path itself was granted, what it lies in is not: it stays as it stands.
            Err(Failure::Denied(_)) => break,
            Err(other) => return Err(other),
        }
    }
    Ok(collapse(path))
}

/// Where the name before `end` starts, its slashes included.
fn parent_end(path: &[u8], end: usize) -> Option<usize> {
    let head = path.get(..end)?;
    let name_end = head.iter().rposition(|b| *b != b'/')? + 1;
    let slash = head.get(..name_end)?.iter().rposition(|b| *b == b'/')?;
    let parent = head.get(..slash)?;
    Some(parent.iter().rposition(|b| *b != b'/').map_or(0, |p| p + 1))
}

/// Removes `.`, `..` with the name before it, and doubled slashes.
fn collapse(path: &[u8]) -> Vec<u8> {
    let mut names: Vec<&[u8]> = Vec::new();
    for name in path.split(|b| *b == b'/') {
        match name {
            b"" | b"." => {}
            b".." => {
                names.pop();
            }
            _ => names.push(name),
        }
    }
    let mut out = Vec::with_capacity(path.len());
    for name in &names {
        out.push(b'/');
        out.extend_from_slice(name);
    }
    if out.is_empty() { b"/".to_vec() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A world with /a -> /real/a, /real/a and nothing else.
    fn world(path: &[u8]) -> Outcome<Vec<u8>> {
        match path {
            b"/a" | b"/real/a" => Ok(b"/real/a".to_vec()),
            b"/real" => Ok(b"/real".to_vec()),
            b"/loop" => Err(Errno::LOOP.into()),
            _ => Err(Errno::NOENT.into()),
        }
    }

    fn check(path: &str, expect: &str) {
        let got = canonical(path.as_bytes(), world).map(|b| String::from_utf8(b).unwrap());
        assert_eq!(got.as_deref(), Ok(expect), "{path}");
    }

    #[test]
    fn existing_prefixes_are_resolved_and_the_rest_kept() {
        check("/a", "/real/a");
        check("/a/new/file", "/real/a/new/file");
        check("/a/new/../file", "/real/a/file");
        check("/none/x/./y", "/none/x/y");
        check("/none/../../..", "/");
        check("//a//new/", "/a/new");
        check("/", "/");
    }

    #[test]
    fn errors_other_than_absence_are_reported() {
        assert_eq!(canonical(b"/loop/x", world), Err(Failure::Os(Errno::LOOP)));
        assert_eq!(canonical(&[b'/'; PATH_MAX], world), Err(Failure::Os(Errno::NAMETOOLONG)));
    }
}

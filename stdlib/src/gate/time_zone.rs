//! Which time zone the machine is set to.
//!
//! A zone hints at where the machine stands, so it goes with the grant for system information; without it a program
//! lives in Greenwich.

use std::path::{Path, PathBuf};

use super::Gate;

const LOCAL_TIME: &str = "/etc/localtime";
const ZONES: &str = "/usr/share/zoneinfo";

impl Gate {
    /// The zone's name as the time zone database has it, if that can be found out: from TZ, from where the system's
    /// `localtime` link leads, or by comparing its contents with the database.
    pub fn time_zone(&self) -> Option<String> {
        if !self.knows("timezone") {
            return Some("UTC".to_owned());
        }
        if let Some(zone) = std::env::var_os("TZ").filter(|z| !z.is_empty()) {
            let zone = zone.to_string_lossy();
            let zone = zone.strip_prefix(':').unwrap_or(&zone);
            return Some(zone.strip_prefix("posix/").unwrap_or(zone).to_string());
        }
        let link = std::fs::read_link(LOCAL_TIME);
        match link {
            Ok(target) => zone_of_path(&target),
            Err(_) => zone_like(LOCAL_TIME),
        }
    }

    /// Seconds that local time is ahead of Greenwich, by the system's own reckoning.
    pub fn zone_offset_seconds(&self) -> i64 {
        if !self.knows("timezone") {
            return 0;
        }
        // SAFETY: the struct is plain integers and a pointer, for which zero is a value.
        let mut local: libc::tm = unsafe { std::mem::zeroed() };
        // SAFETY: time with a null pointer only returns; localtime_r reads one and writes the other struct. Nobody in
        // this process changes the environment (clippy.toml forbids it), which is what localtime_r reads besides.
        unsafe {
            let now = libc::time(std::ptr::null_mut());
            libc::localtime_r(&raw const now, &raw mut local);
        }
        local.tm_gmtoff
    }
}

/// What follows `zoneinfo/` in a path into the database.
fn zone_of_path(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    let (_, zone) = text.split_once("zoneinfo/")?;
    (!zone.is_empty()).then(|| zone.to_string())
}

/// The zone in the database whose file has the same contents, shortest path first so that aliases lose.
fn zone_like(file: &str) -> Option<String> {
    let wanted = std::fs::read(file).ok()?;
    for favourite in ["UTC", "GMT"] {
        if same_file(&Path::new(ZONES).join(favourite), &wanted) {
            return Some(favourite.to_string());
        }
    }
    let mut directories = vec![PathBuf::from(ZONES)];
    while let Some(directory) = directories.pop() {
        let Ok(entries) = std::fs::read_dir(&directory) else { continue };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default();
            if ["ROC", "posixrules", "localtime"].iter().any(|skip| name == *skip)
                || name.to_string_lossy().starts_with('.')
            {
                continue;
            }
            if path.is_dir() {
                directories.push(path);
            } else if same_file(&path, &wanted) {
                return zone_of_path(&path);
            }
        }
    }
    None
}

fn same_file(path: &Path, wanted: &[u8]) -> bool {
    let metadata = std::fs::metadata(path);
    if !metadata.is_ok_and(|m| m.is_file() && m.len() == wanted.len() as u64) {
        return false;
    }
    let contents = std::fs::read(path);
    contents.is_ok_and(|c| c == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_named_by_their_place_in_the_database() {
        let zone = |p: &str| zone_of_path(Path::new(p));
        assert_eq!(zone("/usr/share/zoneinfo/Europe/Berlin").as_deref(), Some("Europe/Berlin"));
        assert_eq!(zone("../usr/share/zoneinfo/UTC").as_deref(), Some("UTC"));
        assert_eq!(zone("/etc/somewhere"), None);
    }
}

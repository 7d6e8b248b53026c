//! The manifest of a jar, as far as a launcher and a boot loader read it: the main attributes.
//!
//! Invariant: parsing is total; lines that are no attributes are passed over, as nobody but the jar's own
//! tools may judge them. Names are compared without regard to case. A continued line is joined before it is
//! decoded, because the continuation may stand inside a character.
//!
//! Deliberately absent: the attributes of single entries, and signatures, which Java code reads.

/// The main attributes of `META-INF/MANIFEST.MF`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    attributes: Vec<(String, String)>,
}

impl Manifest {
    /// The main section of a manifest: everything before the first empty line.
    pub fn parse(bytes: &[u8]) -> Manifest {
        let mut lines: Vec<Vec<u8>> = Vec::new();
        for line in split_lines(bytes) {
            match (line.split_first(), lines.last_mut()) {
                (None, _) => break,
                (Some((b' ', continued)), Some(last)) => last.extend_from_slice(continued),
                _ => lines.push(line.to_vec()),
            }
        }
        let attributes = lines.iter().filter_map(|line| {
            let line = String::from_utf8_lossy(line);
            let (name, value) = line.split_once(':')?;
            Some((name.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()))
        });
        Manifest { attributes: attributes.collect() }
    }

    /// The value of an attribute; of several of one name, the last.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The class to run.
    pub fn main_class(&self) -> Option<&str> {
        self.get("Main-Class").map(str::trim)
    }

    /// Jars and folders relative to the jar, as it has them.
    pub fn class_path(&self) -> impl Iterator<Item = &str> {
        self.get("Class-Path").unwrap_or_default().split_ascii_whitespace()
    }

    /// Whether entries under `META-INF/versions` take part.
    pub fn is_multi_release(&self) -> bool {
        self.get("Multi-Release").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }

    /// `module/package` pairs to open to the unnamed module.
    pub fn add_opens(&self) -> impl Iterator<Item = &str> {
        self.get("Add-Opens").unwrap_or_default().split_ascii_whitespace()
    }

    /// `module/package` pairs to export to the unnamed module.
    pub fn add_exports(&self) -> impl Iterator<Item = &str> {
        self.get("Add-Exports").unwrap_or_default().split_ascii_whitespace()
    }

    /// Whether the jar's code may call restricted methods.
    pub fn enables_native_access(&self) -> bool {
        self.get("Enable-Native-Access").is_some_and(|value| value.trim() == "ALL-UNNAMED")
    }

    /// The agent to start before the main class.
    pub fn launcher_agent(&self) -> Option<&str> {
        self.get("Launcher-Agent-Class").map(str::trim)
    }

    /// All attributes in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Lines that end with any of the three conventions.
fn split_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let end = bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r');
        let Some((line, tail)) = end.and_then(|end| bytes.split_at_checked(end)) else {
            rest = None;
            return (!bytes.is_empty()).then_some(bytes);
        };
        rest = tail.strip_prefix(b"\r\n").or_else(|| tail.get(1..));
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_attributes() {
        for ending in ["\n", "\r\n", "\r"] {
            let text = "Manifest-Version: 1.0\nmain-class: a.b.Main \n\
                        Class-Path: one.jar tw\n o.jar\n  three.jar\n\
                        Multi-Release: True\nAdd-Opens: java.base/java.lang\nnonsense\n\
                        Launcher-Agent-Class: a.Agent\n\nName: other\nMain-Class: no\n";
            let manifest = Manifest::parse(text.replace('\n', ending).as_bytes());
            assert_eq!(manifest.main_class(), Some("a.b.Main"));
            assert_eq!(manifest.class_path().collect::<Vec<_>>(), ["one.jar", "two.jar", "three.jar"]);
            assert!(manifest.is_multi_release());
            assert_eq!(manifest.add_opens().collect::<Vec<_>>(), ["java.base/java.lang"]);
            assert_eq!(manifest.launcher_agent(), Some("a.Agent"));
            assert_eq!(manifest.iter().count(), 6);
        }
        let cut = Manifest::parse("Main-Class: stra\u{df}e".as_bytes());
        assert_eq!(cut.main_class(), Some("straße"));
        let mut split = b"Main-Class: stra\xc3".to_vec();
        split.extend(b"\n \x9fe\n");
        assert_eq!(Manifest::parse(&split).main_class(), Some("straße"));
        assert_eq!(Manifest::parse(b"").main_class(), None);
        assert_eq!(Manifest::parse(b" \n:\n").get(""), Some(""));
    }
}

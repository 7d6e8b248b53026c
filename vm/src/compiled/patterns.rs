//! Names of methods with wildcards, as `-XX:CompileCommand` and its like take them.
//!
//! `java/lang/String.indexOf`, `java.lang.String::indexOf`, `*.toString`, `Main::run(I)V`, or a class alone, which stands for all
//! its methods; `*` stands for any characters.

/// Which methods a pattern means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Class, a dot, method; then a descriptor if one was given.
    text: String,
    with_descriptor: bool,
}

impl Pattern {
    pub fn parse(text: &str) -> Pattern {
        let (name, descriptor) = text.split_at(text.find('(').unwrap_or(text.len()));
        let text = name.trim().replace('/', ".").replace("::", ".") + descriptor.trim();
        Pattern { with_descriptor: text.contains('('), text }
    }

    /// The class with dots; name and descriptor as in the class file.
    pub fn matches(&self, class: &str, name: &str, descriptor: &str) -> bool {
        if self.with_descriptor {
            return fits(self.text.as_bytes(), format!("{class}.{name}{descriptor}").as_bytes());
        }
        fits(self.text.as_bytes(), format!("{class}.{name}").as_bytes())
            || fits(self.text.as_bytes(), class.as_bytes())
    }
}

/// Greedy matching that goes back to the last star only, so that its work is bounded by the product of the lengths.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == text.get(t) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            (p, t) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_methods() {
        let is = |pattern: &str| Pattern::parse(pattern).matches("java.lang.String", "indexOf", "(I)I");
        for pattern in [
            "java/lang/String.indexOf",
            "java.lang.String::indexOf",
            "java.lang.String.indexOf",
            "java.lang.String",
            "java.lang.*",
            "*::indexOf",
            "*.index*",
            "*String.indexOf(I)I",
            "*",
        ] {
            assert!(is(pattern), "{pattern}");
        }
        for pattern in [
            "java.lang.Str",
            "indexOf",
            "*::indexof",
            "java.lang.String::indexOf(J)I",
            "",
            "java.lang.String.index",
        ] {
            assert!(!is(pattern), "{pattern}");
        }
    }
}

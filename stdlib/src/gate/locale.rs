//! The language and encoding that the program's user works in.
//!
//! Four environment variables say it. Who is not granted them works in English and UTF-8.

use super::Gate;

/// What a locale is for: each has a variable of its own between `LC_ALL` and `LANG`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Numbers, dates, and the encoding of text.
    Format,
    /// Messages to the user.
    Display,
}

/// `language_COUNTRY.encoding@variant`, taken apart as Java's properties want it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    pub language: String,
    pub country: Option<String>,
    pub variant: Option<String>,
    pub encoding: String,
}

impl Gate {
    pub fn locale(&self, purpose: Purpose) -> Locale {
        if !self.knows("locale") {
            return parse("en.UTF-8");
        }
        let own = match purpose {
            Purpose::Format => "LC_CTYPE",
            Purpose::Display => "LC_MESSAGES",
        };
        let set = ["LC_ALL", own, "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        parse(set.as_deref().unwrap_or("C"))
    }
}

fn parse(name: &str) -> Locale {
    let (name, variant) = split(name, '@');
    let (name, encoding) = split(name, '.');
    let (language, country) = split(name, '_');
    let plain = matches!(language, "C" | "POSIX");
    Locale {
        language: if plain { "en".to_owned() } else { language.to_owned() },
        // Without an encoding it is the C library's default, which speaks American.
        country: if plain && encoding.is_none() { Some("US".to_owned()) } else { country.map(str::to_owned) },
        // The euro is no variant of a language: it only picks an encoding.
        variant: variant.filter(|v| *v != "euro").map(str::to_owned),
        encoding: match encoding {
            Some(encoding) if is_utf8(encoding) => "UTF-8".to_owned(),
            Some(encoding) => encoding.to_owned(),
            // What the C library calls ASCII, and what it assumes for a language without an encoding.
            None if plain => "ANSI_X3.4-1968".to_owned(),
            None if variant == Some("euro") => "ISO-8859-15".to_owned(),
            None => "ISO-8859-1".to_owned(),
        },
    }
}

fn is_utf8(encoding: &str) -> bool {
    encoding.eq_ignore_ascii_case("UTF-8") || encoding.eq_ignore_ascii_case("UTF8")
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, language: &str, country: Option<&str>, encoding: &str) {
        let found = parse(name);
        let expected = (language, country, encoding);
        assert_eq!(
            (found.language.as_str(), found.country.as_deref(), found.encoding.as_str()),
            expected,
            "{name}"
        );
    }

    #[test]
    fn names() {
        check("C", "en", Some("US"), "ANSI_X3.4-1968");
        check("POSIX", "en", Some("US"), "ANSI_X3.4-1968");
        check("C.UTF-8", "en", None, "UTF-8");
        check("C.utf8", "en", None, "UTF-8");
        check("de_DE.UTF-8", "de", Some("DE"), "UTF-8");
        check("ja_JP.EUC-JP", "ja", Some("JP"), "EUC-JP");
        check("fr", "fr", None, "ISO-8859-1");
        check("de_AT@euro", "de", Some("AT"), "ISO-8859-15");
        assert_eq!(parse("sr_RS.UTF-8@latin").variant.as_deref(), Some("latin"));
        assert_eq!(parse("de_AT.ISO-8859-15@euro").variant, None);
    }
}

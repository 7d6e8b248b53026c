//! Just enough JSON to write a report.

use std::fmt::{self, Display, Formatter};

pub(super) enum Json {
    Null,
    Bool(bool),
    /// What is no finite number is null.
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    pub(super) fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    pub(super) fn maybe(number: Option<f64>) -> Json {
        number.map_or(Json::Null, Json::Number)
    }
}

impl Display for Json {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_value(f, self, 0)
    }
}

/// Lists of plain values stand on one line.
fn write_value(f: &mut Formatter<'_>, value: &Json, depth: usize) -> fmt::Result {
    let indent = |f: &mut Formatter<'_>, depth: usize| write!(f, "\n{:1$}", "", 2 * depth);
    match value {
        Json::Null => f.write_str("null"),
        Json::Bool(value) => write!(f, "{value}"),
        Json::Number(number) if number.is_finite() => write!(f, "{number}"),
        Json::Number(_) => f.write_str("null"),
        Json::Text(text) => write_text(f, text),
        Json::List(items) => {
            let plain = items.iter().all(|item| !matches!(item, Json::Object(_)));
            f.write_str("[")?;
            for (n, item) in items.iter().enumerate() {
                f.write_str(if n == 0 { "" } else { "," })?;
                if plain && n > 0 {
                    f.write_str(" ")?;
                } else if !plain {
                    indent(f, depth + 1)?;
                }
                write_value(f, item, depth + 1)?;
            }
            if !plain {
                indent(f, depth)?;
            }
            f.write_str("]")
        }
        Json::Object(members) => {
            f.write_str("{")?;
            for (n, (name, member)) in members.iter().enumerate() {
                f.write_str(if n == 0 { "" } else { "," })?;
                indent(f, depth + 1)?;
                write_text(f, name)?;
                f.write_str(": ")?;
                write_value(f, member, depth + 1)?;
            }
            indent(f, depth)?;
            f.write_str("}")
        }
    }
}

fn write_text(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            c if u32::from(c) < 0x20 => write!(f, "\\u{:04x}", u32::from(c))?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let value = Json::Object(vec![
            ("a", Json::List(vec![Json::Number(1.5), Json::Null, Json::Number(f64::NAN), Json::Bool(true)])),
            ("b", Json::List(vec![Json::Object(vec![("c", Json::text("q\"\\\n\u{1}é"))])])),
            ("d", Json::List(vec![])),
        ]);
        let expected = "{\n  \"a\": [1.5, null, null, true],\n  \"b\": [\n    {\n      \"c\": \"q\\\"\\\\\\n\\u0001é\"\n    }\n  ],\n  \"d\": []\n}";
        assert_eq!(value.to_string(), expected);
    }
}

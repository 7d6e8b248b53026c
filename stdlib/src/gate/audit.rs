//! The audit record: every decision of the gate as one line of JSON, in the order of the decisions of each thread.
//!
//! ```json
//! {"time":"2026-01-31T12:00:00.123Z","isolate":"main","kind":"read","resource":"/etc/passwd","decision":"denied",
//!  "flag":"--allow-read=/etc/passwd","frame":"Main.main(Main.java:3)",
//!  "native":"java/io/FileInputStream.open0","thread":"main"}
//! ```
//!
//! (on one line). `decision` is `granted`, `denied` or `neutral`: not granted, and answered with what is the same everywhere.
//! `frame` is the youngest line of the program itself, null where only the library runs; `native` is the native method on
//! whose way the gate was asked, null where it was the machine itself. Invariant: a line is one write, and
//! holds nothing that a terminal or a reader of lines could take for anything but text: see [`escape_into`].

use std::io::{Result, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use carafe_vm::thread::asker::Asker;
use parking_lot::Mutex;

use super::oversight::Verdict;
use super::{Denied, Kind, Request};

/// What a line is about.
pub(super) struct Matter {
    kind: Kind,
    resource: String,
    flag: String,
}

impl From<&Request<'_>> for Matter {
    fn from(request: &Request<'_>) -> Matter {
        Matter { kind: request.kind(), resource: request.resource(), flag: request.denied().flag }
    }
}

impl Matter {
    /// What no request of its own stands for.
    pub(super) fn of(kind: Kind, denied: &Denied) -> Matter {
        Matter { kind, resource: denied.resource.clone(), flag: denied.flag.clone() }
    }
}

/// Where the record of one isolate goes.
pub struct Audit {
    isolate: String,
    sink: Mutex<Box<dyn Write + Send>>,
    failed: AtomicBool,
}

impl Audit {
    /// `isolate` is what the record calls the isolate; what `sink` is given is whole lines.
    pub fn new(isolate: &str, sink: Box<dyn Write + Send>) -> Audit {
        Audit { isolate: isolate.to_owned(), sink: Mutex::new(sink), failed: AtomicBool::new(false) }
    }

    pub(super) fn write(&self, matter: &Matter, verdict: Verdict, asker: Option<&Asker>) -> Result<()> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let line = self.line(since.as_millis() as u64, matter, verdict, asker);
        let mut sink = self.sink.lock();
        sink.write_all(line.as_bytes())?;
        sink.flush()
    }

    /// True once, when it is first asked.
    pub(super) fn failed_first(&self) -> bool {
        !self.failed.swap(true, Ordering::AcqRel)
    }

    fn line(&self, millis: u64, matter: &Matter, verdict: Verdict, asker: Option<&Asker>) -> String {
        let decision = match verdict {
            Verdict::Granted => "granted",
            Verdict::Denied => "denied",
            Verdict::Neutral => "neutral",
        };
        let mut line = String::from("{");
        let mut field = |name: &str, value: Option<&str>| {
            if line.len() > 1 {
                line.push(',');
            }
            line.push_str(&format!("\"{name}\":"));
            match value {
                Some(value) => quote_into(&mut line, value),
                None => line.push_str("null"),
            }
        };
        field("time", Some(&timestamp(millis)));
        field("isolate", Some(&self.isolate));
        field("kind", Some(matter.kind.name()));
        field("resource", Some(&matter.resource));
        field("decision", Some(decision));
        field("flag", Some(&matter.flag));
        field("frame", asker.and_then(|asker| asker.frame.as_deref()));
        field("native", asker.and_then(|asker| asker.native.as_deref()));
        field("thread", asker.map(|asker| asker.thread.as_str()));
        line.push_str("}\n");
        line
    }
}

fn quote_into(out: &mut String, text: &str) {
    out.push('"');
    escape_into(out, text);
    out.push('"');
}

/// The text with everything but letters, digits, marks of ASCII and spaces as `\uXXXX`: so no control character, no
/// change of direction and nothing invisible is left. Quotation marks and backslashes get a backslash.
pub(super) fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c if c.is_alphanumeric() => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
}

/// Milliseconds since the epoch as RFC 3339 has it, in UTC.
fn timestamp(millis: u64) -> String {
    let (seconds, days) = (millis / 1000, millis / 86_400_000);
    // By counting from the first of March of the year 0, leap days come last.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
        millis % 1000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stamps() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(timestamp(951_827_696_789), "2000-02-29T12:34:56.789Z");
        assert_eq!(timestamp(1_798_761_599_999), "2026-12-31T23:59:59.999Z");
    }

    #[test]
    fn whatever_a_program_puts_into_a_name_is_text() {
        let audit = Audit::new("i", Box::new(std::io::sink()));
        let asker =
            Asker { thread: "a\"b\n\u{202e}\u{1b}[31m\\é\u{1f600}".into(), frame: None, native: None };
        let line = audit.line(0, &Matter::from(&Request::Env("X\tY")), Verdict::Neutral, Some(&asker));
        assert_eq!(
            line,
            "{\"time\":\"1970-01-01T00:00:00.000Z\",\"isolate\":\"i\",\"kind\":\"env\",\"resource\":\"X\\u0009Y\",\
             \"decision\":\"neutral\",\"flag\":\"--allow-env=X\\u0009Y\",\"frame\":null,\
             \"native\":null,\"thread\":\"a\\\"b\\u000a\\u202e\\u001b[31m\\\\é\\ud83d\\ude00\"}\n"
        );
    }
}

//! Questions to whoever sits at the terminal.
//!
//! Invariants: nothing that the program has a say in reaches the terminal unescaped; what was typed before the question
//! counts for nothing; one question is put at a time. While a question stands, the thread that caused it waits, and those
//! that need a collection may wait for it. Deliberately not here: what is remembered of answers (`oversight`).

use std::fmt::Write;
use std::path::Path;

use carafe_vm::thread::asker::Asker;
use parking_lot::{Mutex, MutexGuard};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::stdio::{stderr, stdin};
use rustix::termios::{QueueSelector, isatty, tcflush};

use super::Request;
use super::audit::escape_into;

/// How often a question that nobody answers looks whether the program has ended.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
/// Characters of a resource, a thread's name or a frame that are shown.
const SHOWN_MAX: usize = 500;
const ANSWER_MAX: usize = 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Once,
    /// As long as the program runs.
    Run,
    Never,
    /// Nobody is there to answer.
    None,
}

/// The process's terminal.
pub struct Prompt {
    turn: Mutex<()>,
}

impl Prompt {
    /// `None` if standard input or standard error is no terminal: then nobody can be asked.
    pub fn of_terminal() -> Option<Prompt> {
        (isatty(stdin()) && isatty(stderr())).then(|| Prompt { turn: Mutex::new(()) })
    }

    pub(super) fn turn(&self) -> Turn<'_> {
        Turn { _guard: self.turn.lock() }
    }
}

/// The right to put one question.
pub(super) struct Turn<'p> {
    _guard: MutexGuard<'p, ()>,
}

impl Turn<'_> {
    /// `over` says that the answer is of no use any more.
    pub(super) fn ask(
        &self,
        request: &Request<'_>,
        leads_to: Option<&Path>,
        asker: Option<&Asker>,
        over: &dyn Fn() -> bool,
    ) -> Answer {
        // What was typed before was meant for something else. A terminal that cannot forget it is asked all the same.
        let _ = tcflush(stdin(), QueueSelector::IFlush);
        let mut text = question(request, leads_to, asker);
        loop {
            if say(&text).is_err() {
                return Answer::None;
            }
            let Some(line) = read_line(over) else { return Answer::None };
            match line.trim() {
                "o" | "once" => return Answer::Once,
                "r" | "run" => return Answer::Run,
                "n" | "never" => return Answer::Never,
                _ => text = "carafe: please type o, r or n: ".into(),
            }
        }
    }
}

fn question(request: &Request<'_>, leads_to: Option<&Path>, asker: Option<&Asker>) -> String {
    // Colours and hidden text that the program may have switched on end here.
    let mut out = String::from("\x1b[0m\r\ncarafe: the program asks for ");
    shown(&mut out, &request.denied().resource);
    if let Some(real) = leads_to {
        out.push_str("\r\ncarafe: which leads to \"");
        shown(&mut out, &real.display().to_string());
        out.push('"');
    }
    if let Some(asker) = asker {
        out.push_str("\r\ncarafe: at ");
        shown(&mut out, asker.frame.as_deref().unwrap_or("(the library)"));
        out.push_str(", thread \"");
        shown(&mut out, &asker.thread);
        out.push('"');
    }
    out.push_str("\r\ncarafe: allow it [o]nce, for the whole [r]un, or [n]ever? ");
    out
}

/// Escaped, but for the quotation marks of the gate's own words, and cut in the middle if it is long: its end says what
/// file it is.
fn shown(out: &mut String, text: &str) {
    let mut escaped = String::new();
    escape_into(&mut escaped, text);
    let escaped = escaped.replace("\\\"", "\"");
    let count = escaped.chars().count();
    if count <= SHOWN_MAX {
        out.push_str(&escaped);
        return;
    }
    let half = SHOWN_MAX / 2;
    out.extend(escaped.chars().take(half));
    // Writing to a String cannot fail.
    let _ = write!(out, " ...({} characters more)... ", count - 2 * half);
    out.extend(escaped.chars().skip(count - half));
}

fn say(text: &str) -> Result<(), Errno> {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let written = retry_on_intr(|| rustix::io::write(stderr(), rest))?;
        rest = rest.get(written..).unwrap_or_default();
    }
    Ok(())
}

/// A line of what is typed; `None` at its end, or when nobody needs it any more.
fn read_line(over: &dyn Fn() -> bool) -> Option<String> {
    let (mut line, input) = (Vec::new(), stdin());
    loop {
        let mut fds = [PollFd::new(&input, PollFlags::IN)];
        let ready = retry_on_intr(|| poll(&mut fds, Some(&LOOK))).ok()?;
        if over() {
            return None;
        }
        if ready == 0 {
            continue;
        }
        let mut byte = [0];
        match retry_on_intr(|| rustix::io::read(input, &mut byte)) {
            Ok(1) if byte[0] == b'\n' => return Some(String::from_utf8_lossy(&line).into_owned()),
            Ok(1) if line.len() < ANSWER_MAX => line.push(byte[0]),
            Ok(1) => {}
            // Somebody set the stream to non-blocking and was faster.
            Err(Errno::AGAIN) => {}
            Ok(_) | Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_shows_what_is_asked_and_by_whom_in_plain_text() {
        let asker = Asker { thread: "\u{1b}[2Jx".into(), frame: Some("M.f(M.java:3)".into()), native: None };
        let path = Path::new("/a\u{1b}[8m/b\u{202e}");
        let text = question(&Request::ReadPath(path), Some(Path::new("/real")), Some(&asker));
        assert_eq!(
            text,
            "\u{1b}[0m\r\ncarafe: the program asks for read access to \"/a\\u001b[8m/b\\u202e\"\r\n\
             carafe: which leads to \"/real\"\r\ncarafe: at M.f(M.java:3), thread \"\\u001b[2Jx\"\r\n\
             carafe: allow it [o]nce, for the whole [r]un, or [n]ever? "
        );
        let mut long = String::new();
        shown(&mut long, &format!("begin{}end", "x".repeat(5000)));
        assert!(long.starts_with("beginx") && long.ends_with("xend") && long.len() < 600, "{long}");
    }
}

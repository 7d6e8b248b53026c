//! The line at the bottom of a terminal that says how far a measurement is. Nothing is written elsewhere.

use std::io::{IsTerminal, Write};
use std::time::Instant;

const WIDTH: usize = 28;

pub(super) struct Progress {
    shown: bool,
    start: Instant,
}

impl Progress {
    pub(super) fn new(quiet: bool) -> Progress {
        Progress { shown: !quiet && std::io::stderr().is_terminal(), start: Instant::now() }
    }

    /// `share` of all is done, and `what` runs now.
    pub(super) fn show(&self, share: f64, what: &str) {
        if self.shown {
            let line = line(share, self.start.elapsed().as_secs_f64(), what);
            let _ = write!(std::io::stderr(), "\r\x1b[2K{line}");
            let _ = std::io::stderr().flush();
        }
    }

    pub(super) fn clear(&self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }
}

fn line(share: f64, elapsed: f64, what: &str) -> String {
    let share = share.clamp(0.0, 1.0);
    let full = (share * WIDTH as f64) as usize;
    let rest = match share {
        s if s < 0.02 => String::new(),
        s => format!(", {:.0} s left", elapsed / s * (1.0 - s)),
    };
    format!("[{}{}] {:3.0} %  {what}{rest}", "█".repeat(full), "·".repeat(WIDTH - full), share * 100.0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines() {
        assert_eq!(super::line(0.5, 10.0, "x"), "[██████████████··············]  50 %  x, 10 s left");
        assert_eq!(super::line(0.0, 1.0, "x"), "[····························]   0 %  x");
        assert!(super::line(7.0, 1.0, "x").contains("100 %"));
    }
}

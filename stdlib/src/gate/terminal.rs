//! The terminal behind the standard streams, if there is one.

use rustix::io::Errno;
use rustix::termios::{LocalModes, OptionalActions, isatty, tcgetattr, tcsetattr};

use super::handles::Handle;
use super::{Gate, Outcome, Request};

impl Gate {
    /// Whether a handle is a terminal: a property of something already open, so not a question of grants.
    pub fn is_terminal(&self, handle: &Handle) -> bool {
        isatty(handle)
    }

    /// Turns the echo of typed characters on or off, and says how it was.
    pub fn set_echo(&self, handle: &Handle, on: bool) -> Outcome<bool> {
        self.check(Request::Terminal)?;
        if !isatty(handle) {
            return Err(Errno::NOTTY.into());
        }
        let mut modes = tcgetattr(handle)?;
        let was_on = modes.local_modes.contains(LocalModes::ECHO);
        modes.local_modes.set(LocalModes::ECHO, on);
        if was_on != on {
            tcsetattr(handle, OptionalActions::Now, &modes)?;
        }
        Ok(was_on)
    }
}

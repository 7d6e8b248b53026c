//! What an isolate was granted, kind by kind.
//!
//! For now a kind is granted as a whole or not at all. Lists of paths need held directory handles beneath which paths
//! are resolved (a textual prefix is no protection against links), so they come with those.

use super::Request;

/// How much of one kind of resource is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    Nothing,
    Everything,
}

/// The grants of one isolate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grants {
    pub read: Grant,
    pub write: Grant,
    pub env: Grant,
    pub sys: Grant,
    pub run: Grant,
    pub net: Grant,
    pub listen: Grant,
    pub clock: Grant,
    pub random: Grant,
    pub signal: Grant,
    pub terminal: Grant,
}

impl Grants {
    pub fn everything() -> Grants {
        Grants::all(Grant::Everything)
    }

    pub fn nothing() -> Grants {
        Grants::all(Grant::Nothing)
    }

    fn all(grant: Grant) -> Grants {
        Grants {
            read: grant,
            write: grant,
            env: grant,
            sys: grant,
            run: grant,
            net: grant,
            listen: grant,
            clock: grant,
            random: grant,
            signal: grant,
            terminal: grant,
        }
    }

    /// The grant that decides a request.
    pub(super) fn of(&self, request: &Request<'_>) -> Grant {
        match request {
            Request::ReadPath(_) => self.read,
            Request::WritePath(_) => self.write,
            Request::Env(_) => self.env,
            Request::Sys(_) => self.sys,
            Request::Run(_) => self.run,
            Request::NetConnect { .. } => self.net,
            Request::Resolve(_) => self.net,
            Request::NetListen { .. } => self.listen,
            Request::Clock => self.clock,
            Request::Random => self.random,
            Request::Signal(_) => self.signal,
            Request::Terminal => self.terminal,
        }
    }
}

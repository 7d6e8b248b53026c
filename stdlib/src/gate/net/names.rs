//! Looking up names of hosts, by the system's own resolver.
//!
//! The resolver waits for other machines and cannot be woken, so it runs on a thread of its own, and who asked waits for
//! that. If the asker goes away, the thread ends by itself when the resolver gives up; there are at most [`LOOKUPS_MAX`].

use std::ffi::{CStr, CString};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hashbrown::HashMap;
use parking_lot::Mutex;

use super::socket;
use crate::gate::handles::Handle;
use crate::gate::{Gate, Outcome, Request};

const LOOKUPS_MAX: usize = 64;
const STACK_BYTES: usize = 512 << 10;
/// How many addresses are remembered with their names.
const REMEMBERED_MAX: usize = 4096;
const NAMES_OF_ONE_MAX: usize = 8;

/// Under which names this gate has found which addresses, the latest name last.
#[derive(Default)]
pub struct Names {
    found: Mutex<HashMap<IpAddr, Vec<Box<str>>>>,
    running: Arc<AtomicUsize>,
}

impl Names {
    pub(super) fn of(&self, ip: IpAddr) -> Vec<Box<str>> {
        self.found.lock().get(&ip).cloned().unwrap_or_default()
    }

    /// Whether it was found under a name that `is` knows.
    pub(super) fn any(&self, ip: IpAddr, is: &dyn Fn(&str) -> bool) -> bool {
        self.found.lock().get(&ip).is_some_and(|names| names.iter().any(|name| is(name)))
    }

    fn remember(&self, host: &str, addresses: &[SocketAddr]) {
        let mut found = self.found.lock();
        for address in addresses {
            if found.len() >= REMEMBERED_MAX {
                found.clear();
            }
            let names = found.entry(address.ip().to_canonical()).or_default();
            names.retain(|name| **name != *host);
            if names.len() >= NAMES_OF_ONE_MAX {
                names.remove(0);
            }
            names.push(host.into());
        }
    }
}

/// Which addresses are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Families {
    V4,
    V6,
    Both,
}

/// Why there is no answer, in the resolver's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAnswer(pub String);

type Answer<T> = Result<T, NoAnswer>;

/// A question on its way.
pub struct Lookup<T> {
    answer: Arc<Mutex<Option<Answer<T>>>>,
    /// Readable when the answer is there; none if it is there already.
    done: Option<Arc<Handle>>,
}

impl<T> Lookup<T> {
    fn answered(answer: Answer<T>) -> Lookup<T> {
        Lookup { answer: Arc::new(Mutex::new(Some(answer))), done: None }
    }

    /// What to wait for before `take`.
    pub fn done(&self) -> Option<&Handle> {
        self.done.as_deref()
    }

    /// The answer; none if it is not there yet.
    pub fn take(self) -> Option<Answer<T>> {
        self.answer.lock().take()
    }
}

impl Gate {
    /// Asks for the addresses of a name. The answer is to be handed to `found`.
    pub fn look_up(&self, host: &str, families: Families) -> Outcome<Lookup<Vec<SocketAddr>>> {
        self.check(Request::Resolve(host))?;
        let Ok(name) = CString::new(host) else {
            return Ok(Lookup::answered(Err(NoAnswer(text_of(libc::EAI_NONAME)))));
        };
        self.names.ask(move || addresses_of(&name, families))
    }

    /// Remembers what was found under a name, so that grants by name hold for it.
    pub fn found(&self, host: &str, addresses: &[SocketAddr]) {
        self.names.remember(host, addresses);
    }

    /// Asks for the name of an address.
    pub fn look_up_address(&self, ip: IpAddr) -> Outcome<Lookup<String>> {
        self.check(Request::Resolve(&ip.to_canonical().to_string()))?;
        self.names.ask(move || name_of(ip))
    }
}

impl Names {
    /// Runs `work` on a thread of its own.
    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Answer<T> + Send + 'static,
    ) -> Outcome<Lookup<T>> {
        // The thread's share in the count goes when the thread ends, or when there is none.
        let Some(turn) = Turn::take(&self.running) else {
            return Ok(Lookup::answered(Err(NoAnswer(text_of(libc::EAI_AGAIN)))));
        };
        let (answer, done) = (Arc::new(Mutex::new(None)), Arc::new(Handle::event()?));
        let lookup = Lookup { answer: Arc::clone(&answer), done: Some(Arc::clone(&done)) };
        let thread = std::thread::Builder::new().name("resolver".into()).stack_size(STACK_BYTES);
        let spawned = thread.spawn(move || {
            let found = work();
            drop(turn);
            *answer.lock() = Some(found);
            // An event takes more than one wake-up, so this one is never refused.
            done.write(&1_u64.to_ne_bytes()).ok();
        });
        match spawned {
            Ok(_) => Ok(lookup),
            Err(_) => Ok(Lookup::answered(Err(NoAnswer(text_of(libc::EAI_MEMORY))))),
        }
    }
}

/// One of the lookups that may run at the same time.
struct Turn(Arc<AtomicUsize>);

impl Turn {
    fn take(running: &Arc<AtomicUsize>) -> Option<Turn> {
        let turn = Turn(Arc::clone(running));
        (running.fetch_add(1, Ordering::AcqRel) < LOOKUPS_MAX).then_some(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn addresses_of(host: &CStr, families: Families) -> Answer<Vec<SocketAddr>> {
    // SAFETY: the struct is integers and pointers, for which zero is a value.
    let mut hints: libc::addrinfo = unsafe { std::mem::zeroed() };
    hints.ai_family = match families {
        Families::V4 => libc::AF_INET,
        Families::V6 => libc::AF_INET6,
        Families::Both => libc::AF_UNSPEC,
    };
    // One of each address, not one for each kind of socket.
    hints.ai_socktype = libc::SOCK_STREAM;
    let mut list = std::ptr::null_mut();
    // SAFETY: the name ends in zero, no service is named, and the list is written to a local of ours.
    let result =
        unsafe { libc::getaddrinfo(host.as_ptr(), std::ptr::null(), &raw const hints, &raw mut list) };
    if result != 0 {
        return Err(NoAnswer(text_of(result)));
    }
    let mut found = Vec::new();
    let mut at = list;
    while !at.is_null() {
        // SAFETY: `at` is an entry of the list that getaddrinfo made, which is not freed yet; its address has
        // `ai_addrlen` bytes.
        let entry = unsafe { &*at };
        if !entry.ai_addr.is_null() {
            // SAFETY: as above.
            let bytes =
                unsafe { std::slice::from_raw_parts(entry.ai_addr.cast::<u8>(), entry.ai_addrlen as usize) };
            found.extend(socket::decode(bytes).filter(|address| !found.contains(address)));
        }
        at = entry.ai_next;
    }
    // SAFETY: the list came from getaddrinfo, and nothing of it is used after this.
    unsafe { libc::freeaddrinfo(list) };
    Ok(found)
}

fn name_of(ip: IpAddr) -> Answer<String> {
    let address = socket::encode(SocketAddr::new(ip, 0));
    // A sockaddr begins at a multiple of 4.
    let mut storage = [0_u32; 8];
    for (word, bytes) in storage.iter_mut().zip(address.chunks_exact(4)) {
        *word = u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    const NAME_MAX: usize = 1025;
    let mut name = [0_u8; NAME_MAX];
    // SAFETY: the address is `address.len()` bytes of `storage`, the name at most its own length with its final zero;
    // no service is asked for.
    let result = unsafe {
        libc::getnameinfo(
            storage.as_ptr().cast(),
            address.len() as libc::socklen_t,
            name.as_mut_ptr().cast(),
            NAME_MAX as libc::socklen_t,
            std::ptr::null_mut(),
            0,
            libc::NI_NAMEREQD,
        )
    };
    match CStr::from_bytes_until_nul(&name) {
        Ok(name) if result == 0 => Ok(name.to_string_lossy().into_owned()),
        Ok(_) | Err(_) => Err(NoAnswer(text_of(result))),
    }
}

/// The resolver's words for a result of its own.
fn text_of(result: i32) -> String {
    if result == libc::EAI_SYSTEM {
        return crate::gate::strerror(socket::last_error()).to_string();
    }
    // SAFETY: the function knows all numbers, and returns a text that is never freed.
    unsafe { CStr::from_ptr(libc::gai_strerror(result)) }.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use rustix::event::PollFlags;

    use super::*;
    use crate::gate::{Grant, Grants};

    #[test]
    fn names_and_addresses_of_this_machine() {
        let gate = Gate::new(Grants::everything());
        let answer = |lookup: Lookup<Vec<SocketAddr>>| {
            lookup.done().map(|done| done.wait(PollFlags::IN, None));
            lookup.take().unwrap()
        };
        let found = answer(gate.look_up("127.0.0.9", Families::V4).unwrap()).unwrap();
        assert_eq!(found, ["127.0.0.9:0".parse().unwrap()]);
        assert!(answer(gate.look_up("a\0b", Families::Both).unwrap()).is_err());
        assert_eq!(gate.names.running.load(Ordering::Acquire), 0);
    }

    #[test]
    fn a_grant_by_name_holds_for_what_was_found_under_it() {
        let gate = Gate::new(Grants { read: Grant::Everything, ..Grants::nothing() });
        assert!(gate.look_up("example.org", Families::Both).is_err());
        let address: SocketAddr = "192.0.2.1:0".parse().unwrap();
        gate.found("example.org", &[address]);
        gate.found("www.example.org", &[address]);
        assert_eq!(gate.names.of(address.ip()), ["example.org".into(), "www.example.org".into()]);
        let refused = gate.ask_connect(SocketAddr::new(address.ip(), 80)).unwrap_err().to_string();
        assert!(refused.contains("\"www.example.org:80\""), "{refused}");
    }
}

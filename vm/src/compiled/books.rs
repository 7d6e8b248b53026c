//! Which code there is, whose it is, and when its memory can be used again.
//!
//! Code is *live* while words of its method's quick code or `Method::entry` name it. When it is replaced, or given up to make
//! room, it is *unlinked*: no word names it any more, so nobody enters it; but threads may still execute it, or return into it.
//! It is freed in a stopped world, once no frame of its method is on any Java stack:
//!
//! * STANDING: whoever executes code of a method, or calls the machine from it, or will return into it, has a frame of that
//!   method on its stack whenever the world is stopped. A prologue that has no frame yet cannot be stopped.
//!
//! Of a class that is unloaded no frame is left, so its code goes at once. Room is made by giving up the oldest code; methods that
//! are still hot are compiled again, and no sooner than every [`PATIENCE`], so that a program whose hot code does not fit spends
//! its time on running, not on compiling.
//!
//! Deliberately absent: which code is executed how often. Age is all that is known.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use carafe_classloader::class::Method;
use carafe_gc::metaspace::Meta;
use carafe_jit::code::{CodeBlock, CodeCache};

use super::{COUNT_BITS, Code};
use crate::interpreter::quick::{Quick, a_of, b_of, encode};
use crate::interpreter::translate;
use crate::isolate::Isolate;
use crate::log::{Level, TagSet};
use crate::thread::Thread;
use crate::thread::frames::{CALLER_FP, METHOD};

/// Time between two occasions at which live code is given up.
const PATIENCE: Duration = Duration::from_secs(2);

/// All under the lock that is also held while a method is compiled.
#[derive(Default)]
pub(super) struct Books {
    live: HashMap<u32, Live>,
    /// Methods with live code by when they got it.
    ages: BTreeMap<u64, u32>,
    retired: Vec<Retired>,
    retired_bytes: usize,
    /// Methods that cannot be compiled.
    pub(super) refused: HashSet<u32>,
    last_age: u64,
    given_up: Option<Instant>,
}

struct Live {
    block: CodeBlock,
    age: u64,
}

/// Unlinked code whose method may have frames.
struct Retired {
    method: u32,
    block: CodeBlock,
}

impl Books {
    /// A method gets code; what it had before is retired.
    pub(super) fn enter(&mut self, vm: &Isolate, base: u32, method: u32, block: CodeBlock) {
        self.unlink(vm, base, method, true);
        self.last_age += 1;
        self.live.insert(method, Live { block, age: self.last_age });
        self.ages.insert(self.last_age, method);
    }

    /// Takes a method's code out of everything that names it.
    fn unlink(&mut self, vm: &Isolate, base: u32, method: u32, stays: bool) {
        let Some(live) = self.live.remove(&method) else { return };
        self.ages.remove(&live.age);
        let start = live.block.offset() - base;
        clear(vm, vm.meta.get(Meta::from_raw(method)), start..start + live.block.bytes() as u32, stays);
        self.retired_bytes += live.block.bytes();
        self.retired.push(Retired { method, block: live.block });
    }

    pub(super) fn retired_bytes(&self) -> usize {
        self.retired_bytes
    }

    /// Whether live code may be given up again.
    pub(super) fn may_give_up(&self) -> bool {
        self.given_up.is_none_or(|at| at.elapsed() >= PATIENCE)
    }

    /// Classes are unloaded: their code goes. The world is stopped.
    fn forget(&mut self, cache: &CodeCache, is_dead: impl Fn(u32) -> bool) -> usize {
        let mut dead = Vec::new();
        self.live.retain(|method, live| {
            let dies = is_dead(*method);
            if dies {
                self.ages.remove(&live.age);
                dead.push(live.block);
            }
            !dies
        });
        self.retired.retain(|retired| {
            let dies = is_dead(retired.method);
            if dies {
                self.retired_bytes -= retired.block.bytes();
                dead.push(retired.block);
            }
            !dies
        });
        self.refused.retain(|method| !is_dead(*method));
        for block in &dead {
            // SAFETY: the world is stopped and no frame of a dead class is left (STANDING); nothing that lives names its methods.
            unsafe { cache.free(*block) };
        }
        dead.len()
    }
}

/// Takes code out of the words of its method: those that name a place in it. `stays`: the method will have other code.
fn clear(vm: &Isolate, method: &Method, places: std::ops::Range<u32>, stays: bool) {
    let entry = method.entry.load(Ordering::Relaxed);
    if places.contains(&entry) {
        let _ = method.entry.compare_exchange(entry, 0, Ordering::AcqRel, Ordering::Relaxed);
    }
    let Some(quick) = translate::quick_code(&vm.meta, method) else { return };
    let (words, bcis) = (vm.meta.slice(quick.words), vm.meta.slice(quick.bcis));
    let own = (quick.own as usize).min(words.len());
    let mut from = 0;
    for at in 0..own {
        if bcis[at] != bcis[from] {
            from = at;
        }
        if !is_head(words, from, at) {
            continue;
        }
        let word = words[at].load(Ordering::Relaxed);
        if places.contains(&b_of(word)) {
            let replaced = match Quick::from_word(word) {
                // How often it was compiled still counts if there is new code.
                Quick::Entry if stays => encode(Quick::Entry, a_of(word) >> COUNT_BITS << COUNT_BITS, 0),
                Quick::Entry => encode(Quick::Entry, 0, 0),
                Quick::Loop => encode(Quick::Loop, 0, 0),
                _ => continue,
            };
            words[at].store(replaced, Ordering::Release);
        }
    }
    for word in words[own..].iter().skip(1).step_by(2) {
        if places.contains(&b_of(word.load(Ordering::Relaxed))) {
            word.store(encode(Quick::Resume, 0, 0), Ordering::Release);
        }
    }
}

/// Whether the word at `at` is no data word: all of its instruction's before it are those that stand before an instruction.
fn is_head(words: &[std::sync::atomic::AtomicU64], from: usize, at: usize) -> bool {
    words[from..at].iter().all(|word| {
        matches!(
            Quick::from_word(word.load(Ordering::Relaxed)),
            Quick::Entry | Quick::EnterSync | Quick::Loop
        )
    })
}

/// Methods that have frames on Java stacks. The world is stopped.
fn standing(vm: &Isolate) -> HashSet<u32> {
    let mut methods = HashSet::new();
    for entry in vm.threads.lock().iter() {
        // SAFETY: the world is stopped, and a thread stays in the list as long as it lives; frames form a chain that ends in null.
        unsafe {
            let thread: *const Thread = entry.thread;
            let mut fp = (*thread).top.fp;
            while !fp.is_null() {
                methods.insert(*fp.add(METHOD) as u32);
                fp = *fp.add(CALLER_FP) as *mut u64;
            }
        }
    }
    methods
}

/// Frees what can be freed, if somebody has asked for it. The world is stopped.
pub fn sweep(vm: &Isolate) {
    let Some(code) = &vm.code else { return };
    if !code.sweep_wanted.load(Ordering::Acquire) {
        return;
    }
    let mut books = code.hold();
    code.sweep_wanted.store(false, Ordering::Release);
    let mut given_up = 0;
    if code.full.load(Ordering::Acquire) && books.may_give_up() {
        books.given_up = Some(Instant::now());
        let enough = code.cache.capacity_bytes() / 2;
        while books.retired_bytes + (code.cache.capacity_bytes() - code.cache.used_bytes()) < enough {
            let Some((_, &method)) = books.ages.first_key_value() else { break };
            books.unlink(vm, code.first, method, false);
            let record: &Method = vm.meta.get(Meta::from_raw(method));
            // It has to become hot again.
            record.calls.store(0, Ordering::Relaxed);
            record.loops.store(0, Ordering::Relaxed);
            given_up += 1;
        }
    }
    let standing = standing(vm);
    let mut freed = (0, 0);
    let retired = std::mem::take(&mut books.retired);
    for old in retired {
        if standing.contains(&old.method) {
            books.retired.push(old);
        } else {
            freed = (freed.0 + 1, freed.1 + old.block.bytes());
            books.retired_bytes -= old.block.bytes();
            // SAFETY: the code is unlinked, the world is stopped, and its method has no frame (STANDING).
            unsafe { code.cache.free(old.block) };
        }
    }
    let (kept, used) = (books.retired.len(), code.cache.used_bytes());
    if code.cache.capacity_bytes() - used >= code.cache.capacity_bytes() / 8 {
        code.full.store(false, Ordering::Release);
    }
    drop(books);
    vm.log(TagSet::JitCode, Level::Info, || {
        format!(
            "Swept: {} pieces of {} bytes freed, {given_up} methods given up, {kept} pieces still run, {used} bytes in use",
            freed.0, freed.1
        )
    });
}

/// Classes are unloaded, those whose methods are dead. The world is stopped.
pub fn forget(vm: &Isolate, is_dead: impl Fn(u32) -> bool) {
    let Some(code) = &vm.code else { return };
    let mut books = code.hold();
    code.queue.forget(&is_dead);
    let pieces = books.forget(&code.cache, &is_dead);
    if pieces > 0 {
        vm.log(TagSet::JitCode, Level::Info, || format!("Unloaded: {pieces} pieces freed"));
    }
}

impl Code {
    /// The books, for somebody in a stopped world: who compiles stops for it.
    fn hold(&self) -> parking_lot::MutexGuard<'_, Books> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let books = self.books.lock();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        books
    }
}

//! Type inference on methods made to be expensive, and on bytes that are no methods: what it costs, how it ends.
//!
//! Which types are accepted is compared with the reference machine, in the root's tests/negative (inference and
//! subroutines). Costs are asserted in the units that verification charges its host; the time limits are there to catch
//! work that nobody counts, and are wide. What is expensive is refused with a complaint about its cost, never differently.

mod common;
#[allow(dead_code, reason = "each test program uses a part of it")]
#[path = "linking/host.rs"]
mod host;

use std::time::{Duration, Instant};

use carafe_classloader::link::{LinkError, LinkErrorKind};
use carafe_mutator::Numbers;
use common::assemble::{ClassBuilder, words};
use host::Host;

const ACONST_NULL: u8 = 0x01;
const ICONST_0: u8 = 0x03;
const POP: u8 = 0x57;
const IFEQ: u8 = 0x99;
const GOTO: u8 = 0xa7;
const JSR_W: u8 = 0xc9;
const RETURN: u8 = 0xb1;
const WIDE: u8 = 0xc4;
const ASTORE: u8 = 0x3a;
const RET: u8 = 0xa9;

/// The work that every class may cause, as `verify::context` has it.
const BUDGET_BASE: u64 = 1 << 20;

/// A static method's body.
#[derive(Default)]
struct Body {
    code: Vec<u8>,
    locals: u16,
    handlers: Vec<[u16; 4]>,
}

impl Body {
    fn new(locals: u16) -> Body {
        Body { locals, ..Body::default() }
    }

    fn here(&self) -> usize {
        self.code.len()
    }

    fn op(&mut self, bytes: &[u8]) -> &mut Body {
        self.code.extend(bytes);
        self
    }

    /// `jsr_w` to a place that [`Body::land`] tells later.
    fn jsr(&mut self) -> usize {
        let at = self.here();
        self.op(&[JSR_W, 0, 0, 0, 0]);
        at
    }

    /// Makes a `jsr_w` call what comes next.
    fn land(&mut self, jsr: usize) {
        let distance = (self.here() - jsr) as i32;
        self.code[jsr + 1..jsr + 5].copy_from_slice(&distance.to_be_bytes());
    }

    fn wide(&mut self, opcode: u8, local: u16) {
        let [high, low] = local.to_be_bytes();
        self.op(&[WIDE, opcode, high, low]);
    }

    fn class(&self) -> Vec<u8> {
        let mut class = ClassBuilder::new();
        class.major = 49;
        let mut info = words(&[8, self.locals]);
        info.extend((self.code.len() as u32).to_be_bytes());
        info.extend(&self.code);
        info.extend(words(&[self.handlers.len() as u16]));
        info.extend(words(self.handlers.as_flattened()));
        info.extend(words(&[0]));
        let code = class.attribute("Code", &info);
        class.method(0x0009, "m", "()V", &[code]);
        class.build()
    }
}

/// What linking the class charges, how long it takes, and how it ends.
fn link(host: &mut Host, bytes: &[u8]) -> (u64, Duration, Result<(), LinkError>) {
    let loader = host.universe.new_loader().unwrap();
    let (before, start) = (host.charged, Instant::now());
    let outcome = host.define(loader, bytes).and_then(|class| host.link(class));
    (host.charged - before, start.elapsed(), outcome)
}

#[track_caller]
fn accepted(body: &Body) -> u64 {
    let (units, elapsed, outcome) = link(&mut Host::booted(), &body.class());
    eprintln!("{} bytes: {units} units, {elapsed:?}", body.code.len());
    outcome.unwrap();
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    units
}

#[track_caller]
fn too_expensive(body: &Body) {
    let bytes = body.class();
    let (units, elapsed, outcome) = link(&mut Host::booted(), &bytes);
    eprintln!("{} bytes: {units} units, {elapsed:?}", body.code.len());
    let error = outcome.unwrap_err();
    assert_eq!(error.kind, LinkErrorKind::VerifyError, "{error}");
    assert!(error.message.contains("takes more than"), "{error}");
    assert!(units < 2 * (BUDGET_BASE + 64 * bytes.len() as u64), "{units}");
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
}

/// A chain of subroutines, each of which calls the next one so many times.
fn chain(depth: u16, calls: usize) -> Body {
    let mut body = Body::new(depth);
    let mut callers = vec![body.jsr()];
    body.op(&[RETURN]);
    for local in 0..depth {
        callers.drain(..).for_each(|jsr| body.land(jsr));
        body.wide(ASTORE, local);
        if local + 1 < depth {
            callers = (0..calls).map(|_| body.jsr()).collect();
        }
        body.wide(RET, local);
    }
    body
}

#[test]
fn subroutines_that_call_the_next_one_twice_are_not_copied() {
    // Copies would be 2 to the 300th.
    let units = accepted(&chain(300, 2));
    assert!(units < BUDGET_BASE, "{units}");
}

#[test]
fn nested_subroutines_cost_their_depth_and_their_locals() {
    accepted(&chain(400, 1));
    // Each of 4000 states has thousands of locals.
    too_expensive(&chain(4000, 1));
}

#[test]
fn thousands_of_subroutines_that_are_never_left() {
    let mut body = Body::new(1);
    for _ in 0..9000 {
        let jsr = body.jsr();
        body.op(&[RETURN]);
        body.land(jsr);
        body.op(&[POP]);
    }
    body.op(&[RETURN]);
    accepted(&body);
}

#[test]
fn a_subroutine_returns_to_each_of_thousands_of_callers_once() {
    let mut body = Body::new(1);
    let callers: Vec<usize> = (0..12_000).map(|_| body.jsr()).collect();
    body.op(&[RETURN]);
    callers.into_iter().for_each(|jsr| body.land(jsr));
    body.wide(ASTORE, 0);
    body.wide(RET, 0);
    let units = accepted(&body);
    assert!(units < BUDGET_BASE, "{units}");
}

#[test]
fn many_locals_in_many_states_are_too_much() {
    let mut body = Body::new(u16::MAX);
    body.op(&[ACONST_NULL]);
    body.wide(ASTORE, u16::MAX - 1);
    for _ in 0..10_000 {
        body.op(&[ICONST_0, IFEQ, 0, 3]);
    }
    body.op(&[RETURN]);
    too_expensive(&body);
}

#[test]
fn as_many_handlers_as_a_table_takes_over_many_blocks() {
    let mut body = Body::new(8);
    for _ in 0..5_000 {
        body.op(&[ICONST_0, IFEQ, 0, 3]);
    }
    let end = body.here() as u16;
    body.op(&[RETURN]);
    let first = body.here() as u16;
    for _ in 0..40_000 {
        body.op(&[0]);
    }
    body.op(&[GOTO, 0, 0]);
    body.handlers = (0..40_000).map(|nth| [0, end, first + nth, 0]).collect();
    too_expensive(&body);
}

#[test]
fn no_bytes_make_it_panic_or_hang() {
    let mut host = Host::booted();
    let mut numbers = Numbers::new(0x1234_5678_9abc_def1);
    let mut accepted = 0;
    for _ in 0..3_000 {
        let mut body = Body::new((numbers.draw() % 6) as u16);
        // Mostly opcodes that need little, so that some go far.
        const COMMON: &[u8] =
            &[0, 1, 3, 0x15, 0x19, 0x36, 0x3a, 0x57, 0x59, 0x5f, 0x60, 0x99, 0xa7, 0xa8, 0xa9, 0xb1];
        for _ in 0..numbers.draw() % 40 + 1 {
            let number = numbers.draw();
            match number % 8 {
                0 => body.op(&[(number >> 8) as u8]),
                1 | 2 => body.op(&[(number >> 8) as u8 % 4]),
                _ => body.op(&[COMMON[(number >> 8) as usize % COMMON.len()]]),
            };
        }
        body.op(&[RETURN]);
        let length = body.here() as u64;
        for _ in 0..numbers.draw() % 3 {
            let [start, handler] = [numbers.draw() % length, numbers.draw() % length];
            let end = start + 1 + numbers.draw() % (length - start);
            body.handlers.push([start as u16, end as u16, handler as u16, 0]);
        }
        let (_, elapsed, outcome) = link(&mut host, &body.class());
        assert!(elapsed < Duration::from_secs(1), "{elapsed:?}: {:x?}", body.code);
        accepted += usize::from(outcome.is_ok());
    }
    assert!(accepted > 20, "{accepted}");
}

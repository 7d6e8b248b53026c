//! Reference maps of random methods with subroutines and handlers, against frames that really occur.
//!
//! Each method is walked along random paths with frames that know what is in every slot. A slot that the map
//! calls a reference must hold one: the collector would otherwise follow an `int`. The other direction, that
//! no reference is missed, is tested on compiled classes with their stack maps.

use carafe_classloader::bytecode::refmap::{
    Body, CallShape, ConstantShapes, FrameSlot, Limits, RefMaps, Shape,
};
use carafe_classloader::bytecode::{CpIndex, Handler, Kind, Op, StackOp, decode};

const LOCALS: usize = 4;
const SUBROUTINES: usize = 3;
const BLOCKS: usize = 4;

struct NoShapes;

impl ConstantShapes for NoShapes {
    fn field(&self, _: CpIndex) -> Option<Shape> {
        None
    }

    fn call(&self, _: CpIndex) -> Option<CallShape> {
        None
    }

    fn constant(&self, _: CpIndex) -> Option<Shape> {
        None
    }
}

/// Numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % limit
    }
}

/// A method in the making. Region 0 is the method itself, region `n` is subroutine `n`, which keeps its
/// return address in a local of its own and calls only subroutines with higher numbers.
#[derive(Default)]
struct Method {
    code: Vec<u8>,
    /// Where blocks start: by region and number.
    labels: Vec<(usize, usize, u16)>,
    /// Operands to fill in: where they stand, and the target.
    jumps: Vec<(usize, (usize, usize))>,
    handlers: Vec<Handler>,
}

impl Method {
    fn random(numbers: &mut Numbers) -> Method {
        let mut method = Method::default();
        for region in 0..=SUBROUTINES {
            for block in 0..BLOCKS {
                method.labels.push((region, block, method.code.len() as u16));
                if region > 0 && block == 0 {
                    method.code.extend([0x3a, (LOCALS + region) as u8]);
                }
                for _ in 0..numbers.below(3) {
                    method.snippet(numbers);
                }
                method.leave(region, block, numbers);
            }
        }
        // A handler belongs to the method itself and goes on there.
        let handler = method.code.len() as u16;
        method.code.extend([0x3a, numbers.below(LOCALS) as u8]);
        method.jump(0xa7, (0, numbers.below(BLOCKS)));
        let end = method.labels[1 + numbers.below(BLOCKS * 2)].2.max(method.labels[BLOCKS].2);
        method.handlers.push(Handler { start: 0, end, handler, catch_type: 0 });
        for (at, target) in std::mem::take(&mut method.jumps) {
            let label = method.labels.iter().find(|(region, block, _)| (*region, *block) == target).unwrap();
            let distance = label.2.wrapping_sub(at as u16 - 1);
            method.code[at..at + 2].copy_from_slice(&distance.to_be_bytes());
        }
        method
    }

    /// Something that leaves the operand stack as it was.
    fn snippet(&mut self, numbers: &mut Numbers) {
        let (from, to) = (numbers.below(LOCALS) as u8, numbers.below(LOCALS) as u8);
        let code: &[u8] = match numbers.below(5) {
            0 => &[0x01, 0x3a, to],
            1 => &[0x03, 0x36, to],
            2 => &[0x19, from, 0x3a, to],
            3 => &[0x19, from, 0x03, 0x5f, 0x3a, to, 0x57],
            _ => &[0x19, from, 0x59, 0x57, 0x57],
        };
        self.code.extend(code);
    }

    fn leave(&mut self, region: usize, block: usize, numbers: &mut Numbers) {
        let target = (region, numbers.below(BLOCKS - 1) + 1);
        if numbers.below(2) == 0 && region < SUBROUTINES {
            let callee = region + 1 + numbers.below(SUBROUTINES - region);
            self.jump(0xa8, (callee, 0));
        }
        if numbers.below(2) == 0 {
            self.code.push(0x03);
            self.jump(0x99, target);
        }
        match numbers.below(4) {
            _ if block == BLOCKS - 1 && region > 0 => self.code.extend([0xa9, (LOCALS + region) as u8]),
            _ if block == BLOCKS - 1 => self.code.push(0xb1),
            0 => self.jump(0xa7, target),
            // A subroutine may also be left for good.
            1 if numbers.below(4) == 0 => self.jump(0xa7, (0, numbers.below(BLOCKS))),
            _ => {}
        }
    }

    fn jump(&mut self, opcode: u8, target: (usize, usize)) {
        self.code.push(opcode);
        self.jumps.push((self.code.len(), target));
        self.code.extend([0, 0]);
    }

    fn body(&self) -> Body<'_> {
        let max_locals = (LOCALS + SUBROUTINES + 1) as u16;
        Body { code: &self.code, handlers: &self.handlers, max_locals, max_stack: 3 }
    }
}

/// What is in a slot of a frame that occurs.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Int,
    Ref,
    Return(u32),
}

#[test]
fn what_a_map_calls_a_reference_is_one() {
    let mut numbers = Numbers(0x1234_5678_9abc_def1);
    let (mut asked, mut with_addresses, mut refs) = (0, 0, 0);
    for _ in 0..3000 {
        let method = Method::random(&mut numbers);
        let arguments = [Kind::Ref, Kind::Int, Kind::Ref];
        let maps = RefMaps::compute(method.body(), arguments, NoShapes, Limits::of_code(method.code.len()));
        let maps = maps.unwrap_or_else(|error| panic!("{error}: {:x?}", method.code));
        for _ in 0..4 {
            let mut frame = Frame::new();
            for _ in 0..200 {
                let map = maps.at_with(frame.bci, |slot| match frame.slot(slot) {
                    Value::Return(address) => address,
                    // An int may have any value, also one that looks like an address.
                    Value::Int | Value::Ref => 2 + numbers.below(method.code.len()) as u32,
                });
                let map = map.unwrap_or_else(|error| panic!("{error}: {:x?}", method.code));
                assert_eq!(map.depth as usize, frame.stack.len());
                for local in map.locals.iter() {
                    assert_eq!(frame.locals[local], Value::Ref, "{} {:x?}", frame.bci, method.code);
                }
                for slot in map.stack.iter() {
                    assert_eq!(frame.stack[slot], Value::Ref, "{} {:x?}", frame.bci, method.code);
                }
                asked += 1;
                refs += map.locals.count();
                with_addresses += u32::from(maps.at(frame.bci).is_err());
                if !frame.step(&method, &mut numbers) {
                    break;
                }
            }
        }
    }
    println!("{asked} maps with {refs} references, {with_addresses} by return addresses");
    assert!(asked > 100_000 && refs > asked / 2 && with_addresses > 1000);
}

struct Frame {
    bci: u32,
    locals: Vec<Value>,
    stack: Vec<Value>,
}

impl Frame {
    fn new() -> Frame {
        let mut locals = vec![Value::Int; LOCALS + SUBROUTINES + 1];
        locals[0] = Value::Ref;
        locals[2] = Value::Ref;
        Frame { bci: 0, locals, stack: Vec::new() }
    }

    fn slot(&self, slot: FrameSlot) -> Value {
        match slot {
            FrameSlot::Local(local) => self.locals[usize::from(local)],
            FrameSlot::Stack(slot) => self.stack[usize::from(slot)],
        }
    }

    /// Executes an instruction, or has it throw. Answers false when the method returns.
    fn step(&mut self, method: &Method, numbers: &mut Numbers) -> bool {
        let handler = method.handlers.iter().find(|handler| handler.covers(self.bci));
        if let Some(handler) = handler.filter(|_| numbers.below(20) == 0) {
            self.stack = vec![Value::Ref];
            self.bci = u32::from(handler.handler);
            return true;
        }
        let instr = decode(&method.code, self.bci as usize).unwrap();
        let mut next = instr.next();
        match instr.op {
            Op::Const(constant) => {
                self.stack.push(if constant.kind() == Kind::Ref { Value::Ref } else { Value::Int });
            }
            Op::Load(_, local) => self.stack.push(self.locals[usize::from(local)]),
            Op::Store(_, local) => self.locals[usize::from(local)] = self.stack.pop().unwrap(),
            Op::Stack(StackOp::Pop) => drop(self.stack.pop()),
            Op::Stack(StackOp::Dup) => self.stack.push(*self.stack.last().unwrap()),
            Op::Stack(StackOp::Swap) => {
                let top = self.stack.len() - 1;
                self.stack.swap(top, top - 1);
            }
            Op::If(_, target) => {
                self.stack.pop();
                if numbers.below(2) == 0 {
                    next = target;
                }
            }
            Op::Goto(target) => next = target,
            Op::Jsr(target) => {
                self.stack.push(Value::Return(next));
                next = target;
            }
            Op::Ret(local) => match self.locals[usize::from(local)] {
                Value::Return(address) => next = address,
                other => panic!("ret of {other:?}"),
            },
            Op::Return(_) => return false,
            other => panic!("{other:?}"),
        }
        self.bci = next;
        true
    }
}

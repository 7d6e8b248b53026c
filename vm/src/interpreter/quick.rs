//! The interpreter's own instruction set: bytecode with its operands resolved and in place.
//!
//! Code is an array of 8-byte words: `op` in bits 0-15, `a` in bits 16-31, `b` in bits 32-63. Some instructions are
//! followed by data words. Local variables are given as negative slot offsets from the frame's `lp` (see
//! `thread::frames`), branch targets as word offsets from the branching instruction.
//!
//! An instruction that names something unresolved is emitted in its `..Unresolved` form with as many words as the
//! resolved form takes; executing it resolves, rewrites the words in place (data words first, the op word last) and
//! executes it again. Readers on other threads see either form whole, because the op word is written with release
//! and read with acquire order.
//!
//! A fused instruction stands for several bytecodes of one block, of which at most one can throw or call; the bci
//! recorded for its word is that one's.

macro_rules! quick_ops {
    ($($(#[$doc:meta])* $name:ident $words:literal),* $(,)?) => {
        /// One quick operation; the table gives how many words it takes (0: see the instruction).
        #[repr(u16)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Quick { $($(#[$doc])* $name),* }

        /// Number of operations.
        pub const COUNT: u16 = [$(Quick::$name),*].len() as u16;

        const ALL: [Quick; COUNT as usize] = [$(Quick::$name),*];
        const WORDS: [u8; COUNT as usize] = [$($words),*];
    };
}

quick_ops! {
    Nop 1,
    /// Push b as an int, float or null.
    Const 1,
    /// Push b, sign-extended, as a long.
    ConstLong 1,
    /// Push the next word as a long or double.
    ConstWide 2,
    /// Push element b of the class's resolved objects.
    LdcRef 1,
    /// Push the mirror of class b.
    LdcClass 1,
    LdcUnresolved 1,
    /// A dynamic constant of primitive type is unboxed at each execution: a is the constant-pool index.
    LdcDynamic 1,
    Load 1,
    Load2 1,
    Store 1,
    Store2 1,
    LoadFar 1,
    Load2Far 1,
    StoreFar 1,
    Store2Far 1,
    ALoadInt 1, ALoadRef 1, ALoadByte 1, ALoadChar 1, ALoadShort 1, ALoadLong 1,
    AStoreInt 1, AStoreRef 1, AStoreByte 1, AStoreShort 1, AStoreLong 1,
    Pop 1, Pop2 1, Dup 1, DupX1 1, DupX2 1, Dup2 1, Dup2X1 1, Dup2X2 1, Swap 1,
    IAdd 1, ISub 1, IMul 1, IDiv 1, IRem 1, INeg 1, IShl 1, IShr 1, IUshr 1, IAnd 1, IOr 1, IXor 1,
    LAdd 1, LSub 1, LMul 1, LDiv 1, LRem 1, LNeg 1, LShl 1, LShr 1, LUshr 1, LAnd 1, LOr 1, LXor 1,
    FAdd 1, FSub 1, FMul 1, FDiv 1, FRem 1, FNeg 1,
    DAdd 1, DSub 1, DMul 1, DDiv 1, DRem 1, DNeg 1,
    /// Local a += b.
    IInc 1,
    /// As IInc for a far local: the next word is the delta.
    IIncFar 2,
    I2L 1, I2F 1, I2D 1, L2I 1, L2F 1, L2D 1, F2I 1, F2L 1, F2D 1, D2I 1, D2L 1, D2F 1, I2B 1, I2C 1, I2S 1,
    LCmp 1, FCmpL 1, FCmpG 1, DCmpL 1, DCmpG 1,
    IfEq 1, IfNe 1, IfLt 1, IfGe 1, IfGt 1, IfLe 1,
    IfICmpEq 1, IfICmpNe 1, IfICmpLt 1, IfICmpGe 1, IfICmpGt 1, IfICmpLe 1,
    Goto 1,
    /// Backward branches poll.
    IfEqBack 1, IfNeBack 1, IfLtBack 1, IfGeBack 1, IfGtBack 1, IfLeBack 1,
    IfICmpEqBack 1, IfICmpNeBack 1, IfICmpLtBack 1, IfICmpGeBack 1, IfICmpGtBack 1, IfICmpLeBack 1,
    GotoBack 1,
    /// Push a return address: b is the target, the next word the bci of the instruction after the jsr.
    Jsr 2,
    /// Go to the instruction whose bci local a holds.
    Ret 1,
    /// [low | high << 32] [default] [targets...]
    TableSwitch 0,
    /// b pairs: [default] [key | target << 32 ...], keys rising.
    LookupSwitch 0,
    Return 1, Return1 1, Return2 1,
    /// Return from a frame that may hold locks: unlock what a synchronized method locked; a is the number of result slots.
    ReturnSync 1,
    /// First instruction of a synchronized method: lock `this` or the mirror and keep it in the last local.
    EnterSync 1,
    /// Object.<init>'s return: register an object that has a finalizer.
    ReturnRegister 1,
    GetI8 1, GetU8 1, GetI16 1, GetU16 1, Get32 1, Get64 1,
    Put8 1, PutBool 1, Put16 1, Put32 1, PutRef 1, Put64 1,
    /// Volatile stores; loads of volatile fields are plain on x86.
    Put8V 1, PutBoolV 1, Put16V 1, Put32V 1, PutRefV 1, Put64V 1,
    GetFieldUnresolved 1, PutFieldUnresolved 1,
    /// Statics: the next word is class id | offset << 32.
    SGetI8 2, SGetU8 2, SGetI16 2, SGetU16 2, SGet32 2, SGet64 2,
    SPut8 2, SPutBool 2, SPut16 2, SPut32 2, SPutRef 2, SPut64 2,
    SPut8V 2, SPutBoolV 2, SPut16V 2, SPut32V 2, SPutRefV 2, SPut64V 2,
    GetStaticUnresolved 2, PutStaticUnresolved 2,
    /// b is the method, a the argument slots.
    InvokeStatic 1,
    /// As InvokeStatic after a null check of the receiver: special, private and final methods.
    InvokeDirect 1,
    /// As InvokeDirect where the verifier has not proved the receiver's class, because to it interfaces are as Object:
    /// invokespecial in an interface, whose receiver must be of that interface, and invokeinterface of a private method.
    InvokeSpecialInInterface 1, InvokeInterfacePrivate 1,
    /// A direct call of a method with an empty body: pop a slots after the null check.
    InvokeEmpty 1,
    /// Object.<init>.
    InvokeObjectInit 1,
    /// b is the vtable index, a the argument slots.
    InvokeVirtual 1,
    /// [cached class | method << 32] [interface | itable index << 32]; a is the argument slots.
    InvokeInterface 3,
    /// A linked invokedynamic: b is 1 + index of the appendix (0 none), [adapter method].
    InvokeHandle 2,
    /// A linked call of a signature-polymorphic method: pool entry a has the adapter and the appendix.
    InvokePolymorphic 1,
    /// a is the argument slots, the MethodHandle is the first of them.
    InvokeBasic 1,
    /// The MemberName is the last argument; a is the argument slots with it.
    LinkToStatic 1, LinkToSpecial 1, LinkToVirtual 1, LinkToInterface 1,
    InvokeVirtualUnresolved 1, InvokeSpecialUnresolved 1, InvokeStaticUnresolved 1, InvokeInterfaceUnresolved 3,
    /// a is the constant-pool index; the second word keeps the call site's number once linked.
    InvokeDynamicUnresolved 2,
    New 1, NewUnresolved 1,
    /// b is the array class.
    NewArray 1,
    ANewArrayUnresolved 1,
    /// a is the number of dimensions, b the array class.
    MultiNewArray 1, MultiNewArrayUnresolved 1,
    ArrayLength 1,
    AThrow 1,
    CheckCast 1, CheckCastUnresolved 1,
    InstanceOf 1, InstanceOfUnresolved 1,
    MonitorEnter 1, MonitorExit 1,
    /// An intrinsic in place of a call: a is its number, b the method it stands for.
    Intrinsic 1,
    /// The body of a native method: call implementation b.
    Native 1,
    /// As Native, for Object.wait: a virtual thread that waits is taken off its carrier.
    NativeWait 1,
    /// Bodies of Continuation.enterSpecial (the second word comes when the continuation is gone) and doYield.
    ContinuationEnter 1, ContinuationLeave 1, ContinuationYield 1,
    /// A method that cannot run: throws the linkage error that fits it.
    Unrunnable 1,
    /// A method whose body cannot be executed at bci a (malformed code reached at run time).
    BadCode 1,
    // What VM-made stubs consist of (linkage::stubs).
    StubCall 1, StubDone 1, StubReturn 1,
    InitBegin 1, InitSupers 1, InitClinit 1, InitDone 1,
    /// Leave the dispatcher: the result, if any, is on the operand stack.
    Exit 1,
    // With a compiler (see `compiled`): b is a place in the isolate's code, 0 while there is none.
    /// First word of a method: enter its code, or count the call.
    Entry 1,
    /// Where a loop or handler begins: go on in the method's code, or count the iteration.
    Loop 1,
    /// Where callees return that compiled code has called: go on behind the call. The word in front of it has the places of the
    /// call's instruction and of the next one.
    Resume 1,
    // Fused forms. A fused operation replaces only the first word of the instructions it stands for, which stay in place
    // behind it (a branch may land there, and a failing part reports its own word), and skips over them.
    /// Two loads.
    LoadLoad 1,
    /// Load local a, then the field at offset b.
    LoadGet32 1, LoadGet64 1, LoadGetI8 1, LoadGetU16 1,
    /// Load local a and local (b low), then the operation.
    LLIAdd 1, LLISub 1, LLIMul 1,
    LLALoadInt 1, LLALoadRef 1, LLALoadByte 1, LLALoadChar 1,
    /// Load local a and local (b low), compare and branch; target in b's high half, relative to the branch's own word.
    LLIfEq 1, LLIfNe 1, LLIfLt 1, LLIfGe 1, LLIfGt 1, LLIfLe 1,
    /// Load local a and the constant in b's low half, compare and branch.
    LCIfEq 1, LCIfNe 1, LCIfLt 1, LCIfGe 1, LCIfGt 1, LCIfLe 1,
    /// Load local a, compare what is below it with it, and branch by b.
    TLIfEq 1, TLIfNe 1, TLIfLt 1, TLIfGe 1, TLIfGt 1, TLIfLe 1,
    /// Compare the top with the constant a, and branch by b.
    TCIfEq 1, TCIfNe 1, TCIfLt 1, TCIfGe 1, TCIfGt 1, TCIfLe 1,
    /// Load local a, compare with zero, branch by b.
    LIfEq 1, LIfNe 1, LIfLt 1, LIfGe 1, LIfGt 1, LIfLe 1,
    /// Top of stack with local a.
    TLIAdd 1, TLISub 1, TLIMul 1, TLIAnd 1,
    /// Top of stack with the constant b.
    TCIAdd 1, TCISub 1, TCIMul 1, TCIAnd 1, TCIShl 1, TCIShr 1, TCIUshr 1,
    /// Local a with the constant b, pushed.
    LCIAdd 1, LCISub 1, LCIMul 1, LCIAnd 1, LCIShl 1, LCIShr 1,
    /// Store local (b low) + local a in local (b high).
    LLIAddStore 1,
    /// Copy local b to local a.
    Move 1,
    /// Set local a to the constant b.
    SetConst 1,
    /// Add b's low half to local a and go back by b's high half (relative to the goto's own word).
    IIncGotoBack 1,


    ReturnLocal 1,
    ReturnConst 1,
    Load2Load2 1,
    /// Two-slot top with local a.
    TLDAdd 1, TLDSub 1, TLDMul 1, TLLAdd 1,
    /// Store the popped value in local a, then load local b: the pair that ends one statement and begins the next.
    StoreLoad 1,
}

impl Quick {
    #[inline(always)]
    pub fn number(self) -> u16 {
        self as u16
    }

    pub fn from_word(word: u64) -> Quick {
        ALL.get(op_of(word) as usize).copied().unwrap_or(Quick::BadCode)
    }

    /// Words the instruction takes, itself included; 0 for switches.
    pub fn words(self) -> usize {
        WORDS[self as usize] as usize
    }
}

#[inline(always)]
pub fn op_of(word: u64) -> u16 {
    word as u16
}

#[inline(always)]
pub fn a_of(word: u64) -> u16 {
    (word >> 16) as u16
}

/// `a` as a signed slot offset.
#[inline(always)]
pub fn slot_of(word: u64) -> isize {
    (word >> 16) as i16 as isize
}

#[inline(always)]
pub fn b_of(word: u64) -> u32 {
    (word >> 32) as u32
}

/// `b` as a signed number (branch offset, increment, far slot).
#[inline(always)]
pub fn sb_of(word: u64) -> i32 {
    (word >> 32) as i32
}

#[inline(always)]
pub fn b_low(word: u64) -> i16 {
    (word >> 32) as i16
}

#[inline(always)]
pub fn b_high(word: u64) -> i16 {
    (word >> 48) as i16
}

pub fn encode(op: Quick, a: u16, b: u32) -> u64 {
    op as u16 as u64 | (a as u64) << 16 | (b as u64) << 32
}

/// Two signed halves as `b`.
pub fn halves(low: i16, high: i16) -> u32 {
    low as u16 as u32 | (high as u16 as u32) << 16
}

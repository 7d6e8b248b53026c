//! The one table of all Java opcodes, and what is generated straight from it.
//!
//! Every fact about an opcode stands once, in [`for_each_opcode!`](crate::for_each_opcode): its number, its
//! Rust name, its mnemonic, the format of its operands, the typed values it pops and pushes, its flags, and
//! the canonical operation that it decodes to. The [`Opcode`] enum, instruction lengths, stack effects, the
//! decoder, the disassembler and (in other modules and crates) the verifier's simple rules, the interpreter's
//! table and the compilers' dispatch are expansions of it.
//!
//! Invariant: row `n` of the table describes opcode number `n`, for every `n` in `0..=201`; a `const`
//! assertion checks that. An opcode's section in the Java Virtual Machine Specification is 6.5.*mnemonic*, so
//! no row repeats it.
//!
//! Deliberately absent: the reserved opcodes (`breakpoint`, `impdep1`, `impdep2`), which no class file may
//! contain, and quickened opcodes, which belong to the interpreter.

/// Calls `$callback!` with every opcode, in order of number.
///
/// A row is `(number, Name, "mnemonic", Format, [pops], [pushes], [flags], canonical)`:
///
/// * *Format* is a variant of [`Format`](crate::bytecode::Format);
/// * *pops* and *pushes* are variants of [`StackItem`](crate::bytecode::StackItem), the top of the stack
///   last;
/// * *flags* are methods of [`Opcode`](crate::bytecode::Opcode): `throws` (an exception may leave the
///   instruction, so the handlers that cover it are successors), `branches` (it has targets other than the
///   next instruction), `ends` (control never falls through to the next instruction), `allocates` (its
///   purpose is to make an object), `safepoint` (the collector may run while it executes even if it throws
///   nothing; whatever throws may also allocate the exception);
/// * *canonical* is a closure from decoded `Operands` to [`Op`](crate::bytecode::Op). `wide` has no operation
///   of its own: the decoder folds it into the instruction that it modifies and never calls that row's
///   closure.
///
/// What follows the callback's name in the call is passed on to it, before the rows.
#[macro_export]
macro_rules! for_each_opcode {
    ($callback:ident $($extra:tt)*) => {
        $callback! {
            $($extra)*
            (0, Nop, "nop", Plain, [], [], [], |_| Op::Nop)
            (1, AconstNull, "aconst_null", Plain, [], [Ref], [], |_| Op::Const(Const::Null))
            (2, IconstM1, "iconst_m1", Plain, [], [Int], [], |_| Op::Const(Const::Int(-1)))
            (3, Iconst0, "iconst_0", Plain, [], [Int], [], |_| Op::Const(Const::Int(0)))
            (4, Iconst1, "iconst_1", Plain, [], [Int], [], |_| Op::Const(Const::Int(1)))
            (5, Iconst2, "iconst_2", Plain, [], [Int], [], |_| Op::Const(Const::Int(2)))
            (6, Iconst3, "iconst_3", Plain, [], [Int], [], |_| Op::Const(Const::Int(3)))
            (7, Iconst4, "iconst_4", Plain, [], [Int], [], |_| Op::Const(Const::Int(4)))
            (8, Iconst5, "iconst_5", Plain, [], [Int], [], |_| Op::Const(Const::Int(5)))
            (9, Lconst0, "lconst_0", Plain, [], [Long], [], |_| Op::Const(Const::Long(0)))
            (10, Lconst1, "lconst_1", Plain, [], [Long], [], |_| Op::Const(Const::Long(1)))
            (11, Fconst0, "fconst_0", Plain, [], [Float], [], |_| Op::Const(Const::Float(0.0)))
            (12, Fconst1, "fconst_1", Plain, [], [Float], [], |_| Op::Const(Const::Float(1.0)))
            (13, Fconst2, "fconst_2", Plain, [], [Float], [], |_| Op::Const(Const::Float(2.0)))
            (14, Dconst0, "dconst_0", Plain, [], [Double], [], |_| Op::Const(Const::Double(0.0)))
            (15, Dconst1, "dconst_1", Plain, [], [Double], [], |_| Op::Const(Const::Double(1.0)))
            (16, Bipush, "bipush", Imm8, [], [Int], [], |o| Op::Const(Const::Int(o.value)))
            (17, Sipush, "sipush", Imm16, [], [Int], [], |o| Op::Const(Const::Int(o.value)))
            (18, Ldc, "ldc", Pool8, [], [Constant1], [throws allocates safepoint], |o| Op::Ldc(o.pool))
            (19, LdcW, "ldc_w", Pool16, [], [Constant1], [throws allocates safepoint], |o| Op::Ldc(o.pool))
            (20, Ldc2W, "ldc2_w", Pool16, [], [Constant2], [throws allocates safepoint], |o| Op::Ldc2(o.pool))
            (21, Iload, "iload", Local8, [], [Int], [], |o| Op::Load(Kind::Int, o.local))
            (22, Lload, "lload", Local8, [], [Long], [], |o| Op::Load(Kind::Long, o.local))
            (23, Fload, "fload", Local8, [], [Float], [], |o| Op::Load(Kind::Float, o.local))
            (24, Dload, "dload", Local8, [], [Double], [], |o| Op::Load(Kind::Double, o.local))
            (25, Aload, "aload", Local8, [], [Ref], [], |o| Op::Load(Kind::Ref, o.local))
            (26, Iload0, "iload_0", Plain, [], [Int], [], |_| Op::Load(Kind::Int, 0))
            (27, Iload1, "iload_1", Plain, [], [Int], [], |_| Op::Load(Kind::Int, 1))
            (28, Iload2, "iload_2", Plain, [], [Int], [], |_| Op::Load(Kind::Int, 2))
            (29, Iload3, "iload_3", Plain, [], [Int], [], |_| Op::Load(Kind::Int, 3))
            (30, Lload0, "lload_0", Plain, [], [Long], [], |_| Op::Load(Kind::Long, 0))
            (31, Lload1, "lload_1", Plain, [], [Long], [], |_| Op::Load(Kind::Long, 1))
            (32, Lload2, "lload_2", Plain, [], [Long], [], |_| Op::Load(Kind::Long, 2))
            (33, Lload3, "lload_3", Plain, [], [Long], [], |_| Op::Load(Kind::Long, 3))
            (34, Fload0, "fload_0", Plain, [], [Float], [], |_| Op::Load(Kind::Float, 0))
            (35, Fload1, "fload_1", Plain, [], [Float], [], |_| Op::Load(Kind::Float, 1))
            (36, Fload2, "fload_2", Plain, [], [Float], [], |_| Op::Load(Kind::Float, 2))
            (37, Fload3, "fload_3", Plain, [], [Float], [], |_| Op::Load(Kind::Float, 3))
            (38, Dload0, "dload_0", Plain, [], [Double], [], |_| Op::Load(Kind::Double, 0))
            (39, Dload1, "dload_1", Plain, [], [Double], [], |_| Op::Load(Kind::Double, 1))
            (40, Dload2, "dload_2", Plain, [], [Double], [], |_| Op::Load(Kind::Double, 2))
            (41, Dload3, "dload_3", Plain, [], [Double], [], |_| Op::Load(Kind::Double, 3))
            (42, Aload0, "aload_0", Plain, [], [Ref], [], |_| Op::Load(Kind::Ref, 0))
            (43, Aload1, "aload_1", Plain, [], [Ref], [], |_| Op::Load(Kind::Ref, 1))
            (44, Aload2, "aload_2", Plain, [], [Ref], [], |_| Op::Load(Kind::Ref, 2))
            (45, Aload3, "aload_3", Plain, [], [Ref], [], |_| Op::Load(Kind::Ref, 3))
            (46, Iaload, "iaload", Plain, [Ref, Int], [Int], [throws], |_| Op::ArrayLoad(ElemKind::Int))
            (47, Laload, "laload", Plain, [Ref, Int], [Long], [throws], |_| Op::ArrayLoad(ElemKind::Long))
            (48, Faload, "faload", Plain, [Ref, Int], [Float], [throws], |_| Op::ArrayLoad(ElemKind::Float))
            (49, Daload, "daload", Plain, [Ref, Int], [Double], [throws], |_| Op::ArrayLoad(ElemKind::Double))
            (50, Aaload, "aaload", Plain, [Ref, Int], [Ref], [throws], |_| Op::ArrayLoad(ElemKind::Ref))
            (51, Baload, "baload", Plain, [Ref, Int], [Int], [throws], |_| Op::ArrayLoad(ElemKind::Byte))
            (52, Caload, "caload", Plain, [Ref, Int], [Int], [throws], |_| Op::ArrayLoad(ElemKind::Char))
            (53, Saload, "saload", Plain, [Ref, Int], [Int], [throws], |_| Op::ArrayLoad(ElemKind::Short))
            (54, Istore, "istore", Local8, [Int], [], [], |o| Op::Store(Kind::Int, o.local))
            (55, Lstore, "lstore", Local8, [Long], [], [], |o| Op::Store(Kind::Long, o.local))
            (56, Fstore, "fstore", Local8, [Float], [], [], |o| Op::Store(Kind::Float, o.local))
            (57, Dstore, "dstore", Local8, [Double], [], [], |o| Op::Store(Kind::Double, o.local))
            (58, Astore, "astore", Local8, [RefOrReturn], [], [], |o| Op::Store(Kind::Ref, o.local))
            (59, Istore0, "istore_0", Plain, [Int], [], [], |_| Op::Store(Kind::Int, 0))
            (60, Istore1, "istore_1", Plain, [Int], [], [], |_| Op::Store(Kind::Int, 1))
            (61, Istore2, "istore_2", Plain, [Int], [], [], |_| Op::Store(Kind::Int, 2))
            (62, Istore3, "istore_3", Plain, [Int], [], [], |_| Op::Store(Kind::Int, 3))
            (63, Lstore0, "lstore_0", Plain, [Long], [], [], |_| Op::Store(Kind::Long, 0))
            (64, Lstore1, "lstore_1", Plain, [Long], [], [], |_| Op::Store(Kind::Long, 1))
            (65, Lstore2, "lstore_2", Plain, [Long], [], [], |_| Op::Store(Kind::Long, 2))
            (66, Lstore3, "lstore_3", Plain, [Long], [], [], |_| Op::Store(Kind::Long, 3))
            (67, Fstore0, "fstore_0", Plain, [Float], [], [], |_| Op::Store(Kind::Float, 0))
            (68, Fstore1, "fstore_1", Plain, [Float], [], [], |_| Op::Store(Kind::Float, 1))
            (69, Fstore2, "fstore_2", Plain, [Float], [], [], |_| Op::Store(Kind::Float, 2))
            (70, Fstore3, "fstore_3", Plain, [Float], [], [], |_| Op::Store(Kind::Float, 3))
            (71, Dstore0, "dstore_0", Plain, [Double], [], [], |_| Op::Store(Kind::Double, 0))
            (72, Dstore1, "dstore_1", Plain, [Double], [], [], |_| Op::Store(Kind::Double, 1))
            (73, Dstore2, "dstore_2", Plain, [Double], [], [], |_| Op::Store(Kind::Double, 2))
            (74, Dstore3, "dstore_3", Plain, [Double], [], [], |_| Op::Store(Kind::Double, 3))
            (75, Astore0, "astore_0", Plain, [RefOrReturn], [], [], |_| Op::Store(Kind::Ref, 0))
            (76, Astore1, "astore_1", Plain, [RefOrReturn], [], [], |_| Op::Store(Kind::Ref, 1))
            (77, Astore2, "astore_2", Plain, [RefOrReturn], [], [], |_| Op::Store(Kind::Ref, 2))
            (78, Astore3, "astore_3", Plain, [RefOrReturn], [], [], |_| Op::Store(Kind::Ref, 3))
            (79, Iastore, "iastore", Plain, [Ref, Int, Int], [], [throws], |_| Op::ArrayStore(ElemKind::Int))
            (80, Lastore, "lastore", Plain, [Ref, Int, Long], [], [throws], |_| Op::ArrayStore(ElemKind::Long))
            (81, Fastore, "fastore", Plain, [Ref, Int, Float], [], [throws], |_| Op::ArrayStore(ElemKind::Float))
            (82, Dastore, "dastore", Plain, [Ref, Int, Double], [], [throws], |_| Op::ArrayStore(ElemKind::Double))
            (83, Aastore, "aastore", Plain, [Ref, Int, Ref], [], [throws], |_| Op::ArrayStore(ElemKind::Ref))
            (84, Bastore, "bastore", Plain, [Ref, Int, Int], [], [throws], |_| Op::ArrayStore(ElemKind::Byte))
            (85, Castore, "castore", Plain, [Ref, Int, Int], [], [throws], |_| Op::ArrayStore(ElemKind::Char))
            (86, Sastore, "sastore", Plain, [Ref, Int, Int], [], [throws], |_| Op::ArrayStore(ElemKind::Short))
            (87, Pop, "pop", Plain, [Slot], [], [], |_| Op::Stack(StackOp::Pop))
            (88, Pop2, "pop2", Plain, [Slot, Slot], [], [], |_| Op::Stack(StackOp::Pop2))
            (89, Dup, "dup", Plain, [Slot], [Slot, Slot], [], |_| Op::Stack(StackOp::Dup))
            (90, DupX1, "dup_x1", Plain, [Slot, Slot], [Slot, Slot, Slot], [], |_| Op::Stack(StackOp::DupX1))
            (91, DupX2, "dup_x2", Plain, [Slot, Slot, Slot], [Slot, Slot, Slot, Slot], [], |_| Op::Stack(StackOp::DupX2))
            (92, Dup2, "dup2", Plain, [Slot, Slot], [Slot, Slot, Slot, Slot], [], |_| Op::Stack(StackOp::Dup2))
            (93, Dup2X1, "dup2_x1", Plain, [Slot, Slot, Slot], [Slot, Slot, Slot, Slot, Slot], [], |_| Op::Stack(StackOp::Dup2X1))
            (94, Dup2X2, "dup2_x2", Plain, [Slot, Slot, Slot, Slot], [Slot, Slot, Slot, Slot, Slot, Slot], [], |_| Op::Stack(StackOp::Dup2X2))
            (95, Swap, "swap", Plain, [Slot, Slot], [Slot, Slot], [], |_| Op::Stack(StackOp::Swap))
            (96, Iadd, "iadd", Plain, [Int, Int], [Int], [], |_| Op::Binary(BinaryOp::Add, Kind::Int))
            (97, Ladd, "ladd", Plain, [Long, Long], [Long], [], |_| Op::Binary(BinaryOp::Add, Kind::Long))
            (98, Fadd, "fadd", Plain, [Float, Float], [Float], [], |_| Op::Binary(BinaryOp::Add, Kind::Float))
            (99, Dadd, "dadd", Plain, [Double, Double], [Double], [], |_| Op::Binary(BinaryOp::Add, Kind::Double))
            (100, Isub, "isub", Plain, [Int, Int], [Int], [], |_| Op::Binary(BinaryOp::Sub, Kind::Int))
            (101, Lsub, "lsub", Plain, [Long, Long], [Long], [], |_| Op::Binary(BinaryOp::Sub, Kind::Long))
            (102, Fsub, "fsub", Plain, [Float, Float], [Float], [], |_| Op::Binary(BinaryOp::Sub, Kind::Float))
            (103, Dsub, "dsub", Plain, [Double, Double], [Double], [], |_| Op::Binary(BinaryOp::Sub, Kind::Double))
            (104, Imul, "imul", Plain, [Int, Int], [Int], [], |_| Op::Binary(BinaryOp::Mul, Kind::Int))
            (105, Lmul, "lmul", Plain, [Long, Long], [Long], [], |_| Op::Binary(BinaryOp::Mul, Kind::Long))
            (106, Fmul, "fmul", Plain, [Float, Float], [Float], [], |_| Op::Binary(BinaryOp::Mul, Kind::Float))
            (107, Dmul, "dmul", Plain, [Double, Double], [Double], [], |_| Op::Binary(BinaryOp::Mul, Kind::Double))
            (108, Idiv, "idiv", Plain, [Int, Int], [Int], [throws], |_| Op::Binary(BinaryOp::Div, Kind::Int))
            (109, Ldiv, "ldiv", Plain, [Long, Long], [Long], [throws], |_| Op::Binary(BinaryOp::Div, Kind::Long))
            (110, Fdiv, "fdiv", Plain, [Float, Float], [Float], [], |_| Op::Binary(BinaryOp::Div, Kind::Float))
            (111, Ddiv, "ddiv", Plain, [Double, Double], [Double], [], |_| Op::Binary(BinaryOp::Div, Kind::Double))
            (112, Irem, "irem", Plain, [Int, Int], [Int], [throws], |_| Op::Binary(BinaryOp::Rem, Kind::Int))
            (113, Lrem, "lrem", Plain, [Long, Long], [Long], [throws], |_| Op::Binary(BinaryOp::Rem, Kind::Long))
            (114, Frem, "frem", Plain, [Float, Float], [Float], [], |_| Op::Binary(BinaryOp::Rem, Kind::Float))
            (115, Drem, "drem", Plain, [Double, Double], [Double], [], |_| Op::Binary(BinaryOp::Rem, Kind::Double))
            (116, Ineg, "ineg", Plain, [Int], [Int], [], |_| Op::Neg(Kind::Int))
            (117, Lneg, "lneg", Plain, [Long], [Long], [], |_| Op::Neg(Kind::Long))
            (118, Fneg, "fneg", Plain, [Float], [Float], [], |_| Op::Neg(Kind::Float))
            (119, Dneg, "dneg", Plain, [Double], [Double], [], |_| Op::Neg(Kind::Double))
            (120, Ishl, "ishl", Plain, [Int, Int], [Int], [], |_| Op::Shift(ShiftOp::Left, Kind::Int))
            (121, Lshl, "lshl", Plain, [Long, Int], [Long], [], |_| Op::Shift(ShiftOp::Left, Kind::Long))
            (122, Ishr, "ishr", Plain, [Int, Int], [Int], [], |_| Op::Shift(ShiftOp::Right, Kind::Int))
            (123, Lshr, "lshr", Plain, [Long, Int], [Long], [], |_| Op::Shift(ShiftOp::Right, Kind::Long))
            (124, Iushr, "iushr", Plain, [Int, Int], [Int], [], |_| Op::Shift(ShiftOp::UnsignedRight, Kind::Int))
            (125, Lushr, "lushr", Plain, [Long, Int], [Long], [], |_| Op::Shift(ShiftOp::UnsignedRight, Kind::Long))
            (126, Iand, "iand", Plain, [Int, Int], [Int], [], |_| Op::Binary(BinaryOp::And, Kind::Int))
            (127, Land, "land", Plain, [Long, Long], [Long], [], |_| Op::Binary(BinaryOp::And, Kind::Long))
            (128, Ior, "ior", Plain, [Int, Int], [Int], [], |_| Op::Binary(BinaryOp::Or, Kind::Int))
            (129, Lor, "lor", Plain, [Long, Long], [Long], [], |_| Op::Binary(BinaryOp::Or, Kind::Long))
            (130, Ixor, "ixor", Plain, [Int, Int], [Int], [], |_| Op::Binary(BinaryOp::Xor, Kind::Int))
            (131, Lxor, "lxor", Plain, [Long, Long], [Long], [], |_| Op::Binary(BinaryOp::Xor, Kind::Long))
            (132, Iinc, "iinc", Increment, [], [], [], |o| Op::Iinc { local: o.local, delta: o.value })
            (133, I2l, "i2l", Plain, [Int], [Long], [], |_| Op::Convert(Kind::Int, PrimKind::Long))
            (134, I2f, "i2f", Plain, [Int], [Float], [], |_| Op::Convert(Kind::Int, PrimKind::Float))
            (135, I2d, "i2d", Plain, [Int], [Double], [], |_| Op::Convert(Kind::Int, PrimKind::Double))
            (136, L2i, "l2i", Plain, [Long], [Int], [], |_| Op::Convert(Kind::Long, PrimKind::Int))
            (137, L2f, "l2f", Plain, [Long], [Float], [], |_| Op::Convert(Kind::Long, PrimKind::Float))
            (138, L2d, "l2d", Plain, [Long], [Double], [], |_| Op::Convert(Kind::Long, PrimKind::Double))
            (139, F2i, "f2i", Plain, [Float], [Int], [], |_| Op::Convert(Kind::Float, PrimKind::Int))
            (140, F2l, "f2l", Plain, [Float], [Long], [], |_| Op::Convert(Kind::Float, PrimKind::Long))
            (141, F2d, "f2d", Plain, [Float], [Double], [], |_| Op::Convert(Kind::Float, PrimKind::Double))
            (142, D2i, "d2i", Plain, [Double], [Int], [], |_| Op::Convert(Kind::Double, PrimKind::Int))
            (143, D2l, "d2l", Plain, [Double], [Long], [], |_| Op::Convert(Kind::Double, PrimKind::Long))
            (144, D2f, "d2f", Plain, [Double], [Float], [], |_| Op::Convert(Kind::Double, PrimKind::Float))
            (145, I2b, "i2b", Plain, [Int], [Int], [], |_| Op::Convert(Kind::Int, PrimKind::Byte))
            (146, I2c, "i2c", Plain, [Int], [Int], [], |_| Op::Convert(Kind::Int, PrimKind::Char))
            (147, I2s, "i2s", Plain, [Int], [Int], [], |_| Op::Convert(Kind::Int, PrimKind::Short))
            (148, Lcmp, "lcmp", Plain, [Long, Long], [Int], [], |_| Op::Compare(CompareOp::Long))
            (149, Fcmpl, "fcmpl", Plain, [Float, Float], [Int], [], |_| Op::Compare(CompareOp::FloatLess))
            (150, Fcmpg, "fcmpg", Plain, [Float, Float], [Int], [], |_| Op::Compare(CompareOp::FloatGreater))
            (151, Dcmpl, "dcmpl", Plain, [Double, Double], [Int], [], |_| Op::Compare(CompareOp::DoubleLess))
            (152, Dcmpg, "dcmpg", Plain, [Double, Double], [Int], [], |_| Op::Compare(CompareOp::DoubleGreater))
            (153, IfEq, "ifeq", Branch16, [Int], [], [branches safepoint], |o| Op::If(Cond::Eq, o.target))
            (154, IfNe, "ifne", Branch16, [Int], [], [branches safepoint], |o| Op::If(Cond::Ne, o.target))
            (155, IfLt, "iflt", Branch16, [Int], [], [branches safepoint], |o| Op::If(Cond::Lt, o.target))
            (156, IfGe, "ifge", Branch16, [Int], [], [branches safepoint], |o| Op::If(Cond::Ge, o.target))
            (157, IfGt, "ifgt", Branch16, [Int], [], [branches safepoint], |o| Op::If(Cond::Gt, o.target))
            (158, IfLe, "ifle", Branch16, [Int], [], [branches safepoint], |o| Op::If(Cond::Le, o.target))
            (159, IfICmpEq, "if_icmpeq", Branch16, [Int, Int], [], [branches safepoint], |o| Op::IfICmp(Cond::Eq, o.target))
            (160, IfICmpNe, "if_icmpne", Branch16, [Int, Int], [], [branches safepoint], |o| Op::IfICmp(Cond::Ne, o.target))
            (161, IfICmpLt, "if_icmplt", Branch16, [Int, Int], [], [branches safepoint], |o| Op::IfICmp(Cond::Lt, o.target))
            (162, IfICmpGe, "if_icmpge", Branch16, [Int, Int], [], [branches safepoint], |o| Op::IfICmp(Cond::Ge, o.target))
            (163, IfICmpGt, "if_icmpgt", Branch16, [Int, Int], [], [branches safepoint], |o| Op::IfICmp(Cond::Gt, o.target))
            (164, IfICmpLe, "if_icmple", Branch16, [Int, Int], [], [branches safepoint], |o| Op::IfICmp(Cond::Le, o.target))
            (165, IfACmpEq, "if_acmpeq", Branch16, [Ref, Ref], [], [branches safepoint], |o| Op::IfACmp(Equality::Eq, o.target))
            (166, IfACmpNe, "if_acmpne", Branch16, [Ref, Ref], [], [branches safepoint], |o| Op::IfACmp(Equality::Ne, o.target))
            (167, Goto, "goto", Branch16, [], [], [branches ends safepoint], |o| Op::Goto(o.target))
            (168, Jsr, "jsr", Branch16, [], [ReturnAddress], [branches ends safepoint], |o| Op::Jsr(o.target))
            (169, Ret, "ret", Local8, [], [], [branches ends safepoint], |o| Op::Ret(o.local))
            (170, TableSwitch, "tableswitch", TableSwitch, [Int], [], [branches ends safepoint], |o| Op::TableSwitch(o.table))
            (171, LookupSwitch, "lookupswitch", LookupSwitch, [Int], [], [branches ends safepoint], |o| Op::LookupSwitch(o.lookup))
            (172, Ireturn, "ireturn", Plain, [Int], [], [throws ends safepoint], |_| Op::Return(Some(Kind::Int)))
            (173, Lreturn, "lreturn", Plain, [Long], [], [throws ends safepoint], |_| Op::Return(Some(Kind::Long)))
            (174, Freturn, "freturn", Plain, [Float], [], [throws ends safepoint], |_| Op::Return(Some(Kind::Float)))
            (175, Dreturn, "dreturn", Plain, [Double], [], [throws ends safepoint], |_| Op::Return(Some(Kind::Double)))
            (176, Areturn, "areturn", Plain, [Ref], [], [throws ends safepoint], |_| Op::Return(Some(Kind::Ref)))
            (177, Return, "return", Plain, [], [], [throws ends safepoint], |_| Op::Return(None))
            (178, GetStatic, "getstatic", Pool16, [], [Field], [throws safepoint], |o| Op::GetStatic(o.pool))
            (179, PutStatic, "putstatic", Pool16, [Field], [], [throws safepoint], |o| Op::PutStatic(o.pool))
            (180, GetField, "getfield", Pool16, [Ref], [Field], [throws safepoint], |o| Op::GetField(o.pool))
            (181, PutField, "putfield", Pool16, [Ref, Field], [], [throws safepoint], |o| Op::PutField(o.pool))
            (182, InvokeVirtual, "invokevirtual", Pool16, [Ref, Args], [Result], [throws safepoint], |o| o.invoke(InvokeKind::Virtual))
            (183, InvokeSpecial, "invokespecial", Pool16, [Ref, Args], [Result], [throws safepoint], |o| o.invoke(InvokeKind::Special))
            (184, InvokeStatic, "invokestatic", Pool16, [Args], [Result], [throws safepoint], |o| o.invoke(InvokeKind::Static))
            (185, InvokeInterface, "invokeinterface", Interface, [Ref, Args], [Result], [throws safepoint], |o| o.invoke(InvokeKind::Interface))
            (186, InvokeDynamic, "invokedynamic", Dynamic, [Args], [Result], [throws safepoint], |o| Op::InvokeDynamic(o.pool))
            (187, New, "new", Pool16, [], [Ref], [throws allocates safepoint], |o| Op::New(o.pool))
            (188, NewArray, "newarray", PrimArray, [Int], [Ref], [throws allocates safepoint], |o| Op::NewArray(o.prim))
            (189, ANewArray, "anewarray", Pool16, [Int], [Ref], [throws allocates safepoint], |o| Op::ANewArray(o.pool))
            (190, ArrayLength, "arraylength", Plain, [Ref], [Int], [throws], |_| Op::ArrayLength)
            (191, AThrow, "athrow", Plain, [Ref], [], [throws ends safepoint], |_| Op::Throw)
            (192, CheckCast, "checkcast", Pool16, [Ref], [Ref], [throws safepoint], |o| Op::CheckCast(o.pool))
            (193, InstanceOf, "instanceof", Pool16, [Ref], [Int], [throws safepoint], |o| Op::InstanceOf(o.pool))
            (194, MonitorEnter, "monitorenter", Plain, [Ref], [], [throws safepoint], |_| Op::MonitorEnter)
            (195, MonitorExit, "monitorexit", Plain, [Ref], [], [throws safepoint], |_| Op::MonitorExit)
            (196, Wide, "wide", Wide, [], [], [], |_| Op::Nop)
            (197, MultiANewArray, "multianewarray", MultiArray, [Dims], [Ref], [throws allocates safepoint], |o| Op::MultiANewArray(o.pool, o.count))
            (198, IfNull, "ifnull", Branch16, [Ref], [], [branches safepoint], |o| Op::IfNull(Equality::Eq, o.target))
            (199, IfNonNull, "ifnonnull", Branch16, [Ref], [], [branches safepoint], |o| Op::IfNull(Equality::Ne, o.target))
            (200, GotoW, "goto_w", Branch32, [], [], [branches ends safepoint], |o| Op::Goto(o.target))
            (201, JsrW, "jsr_w", Branch32, [], [ReturnAddress], [branches ends safepoint], |o| Op::Jsr(o.target))
        }
    };
}

/// How the bytes after an opcode are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// No operands.
    Plain,
    /// A signed byte.
    Imm8,
    /// A signed 16-bit value.
    Imm16,
    /// An 8-bit constant-pool index.
    Pool8,
    /// A 16-bit constant-pool index.
    Pool16,
    /// An 8-bit local variable index; 16 bits under `wide`.
    Local8,
    /// An 8-bit local variable index and a signed byte; 16 bits each under `wide`.
    Increment,
    /// A signed 16-bit distance from the opcode.
    Branch16,
    /// A signed 32-bit distance from the opcode.
    Branch32,
    /// Padding to a multiple of four, default, low, high, then `high - low + 1` distances.
    TableSwitch,
    /// Padding to a multiple of four, default, the number of pairs, then pairs of key and distance.
    LookupSwitch,
    /// A 16-bit constant-pool index, a count of argument slots, a zero byte.
    Interface,
    /// A 16-bit constant-pool index and two zero bytes.
    Dynamic,
    /// The code of a primitive element type.
    PrimArray,
    /// A 16-bit constant-pool index and a count of dimensions.
    MultiArray,
    /// The prefix `wide`.
    Wide,
}

impl Format {
    /// Length of an instruction of this format with its opcode, or `None` where the operands decide.
    pub const fn fixed_len(self) -> Option<u32> {
        match self {
            Format::Plain => Some(1),
            Format::Imm8 | Format::Pool8 | Format::Local8 | Format::PrimArray => Some(2),
            Format::Imm16 | Format::Pool16 | Format::Increment | Format::Branch16 => Some(3),
            Format::MultiArray => Some(4),
            Format::Branch32 | Format::Interface | Format::Dynamic => Some(5),
            Format::TableSwitch | Format::LookupSwitch | Format::Wide => None,
        }
    }
}

/// What an opcode takes from or leaves on the operand stack: a typed value, or a shape that an operand
/// decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackItem {
    /// `int`, and what is one on the operand stack.
    Int,
    /// `long`: two slots.
    Long,
    /// `float`.
    Float,
    /// `double`: two slots.
    Double,
    /// A reference.
    Ref,
    /// A return address, which `jsr` pushes.
    ReturnAddress,
    /// What `astore` accepts: a reference or a return address.
    RefOrReturn,
    /// One slot of whatever kind, which `dup` and its siblings move about.
    Slot,
    /// A value of the type of the field that the operand names.
    Field,
    /// The arguments that the descriptor named by the operand lists, the receiver not among them.
    Args,
    /// The result that the descriptor named by the operand tells; nothing for `void`.
    Result,
    /// As many `int`s as the operand says.
    Dims,
    /// A constant of one slot, by the constant pool.
    Constant1,
    /// A constant of two slots, by the constant pool.
    Constant2,
}

impl StackItem {
    /// Slots that the item takes, or `None` if an operand decides.
    pub const fn slots(self) -> Option<u32> {
        match self {
            StackItem::Int
            | StackItem::Float
            | StackItem::Ref
            | StackItem::ReturnAddress
            | StackItem::RefOrReturn
            | StackItem::Slot
            | StackItem::Constant1 => Some(1),
            StackItem::Long | StackItem::Double | StackItem::Constant2 => Some(2),
            StackItem::Field | StackItem::Args | StackItem::Result | StackItem::Dims => None,
        }
    }
}

/// The flag columns of a row, as bits.
mod flag {
    pub(super) const THROWS: u8 = 1;
    pub(super) const BRANCHES: u8 = 2;
    pub(super) const ENDS: u8 = 4;
    pub(super) const ALLOCATES: u8 = 8;
    pub(super) const SAFEPOINT: u8 = 16;
}

macro_rules! flag_bit {
    (throws) => {
        flag::THROWS
    };
    (branches) => {
        flag::BRANCHES
    };
    (ends) => {
        flag::ENDS
    };
    (allocates) => {
        flag::ALLOCATES
    };
    (safepoint) => {
        flag::SAFEPOINT
    };
}

/// One row of the table, for code that asks rather than expands.
struct Row {
    opcode: Opcode,
    mnemonic: &'static str,
    format: Format,
    pops: &'static [StackItem],
    pushes: &'static [StackItem],
    flags: u8,
}

macro_rules! define_opcodes {
    ($(($number:literal, $name:ident, $mnemonic:literal, $format:ident, [$($pop:ident),*], [$($push:ident),*],
        [$($flag:ident)*], $canonical:expr))*) => {
        /// A Java opcode, numbered as in the class file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Opcode {
            $(#[doc = concat!("`", $mnemonic, "`")] $name = $number,)*
        }

        const ROWS: [Row; Opcode::COUNT] = [$(Row {
            opcode: Opcode::$name,
            mnemonic: $mnemonic,
            format: Format::$format,
            pops: &[$(StackItem::$pop),*],
            pushes: &[$(StackItem::$push),*],
            flags: 0 $(| flag_bit!($flag))*,
        }),*];
    };
}

for_each_opcode!(define_opcodes);

static TABLE: [Row; Opcode::COUNT] = ROWS;

const _: () = {
    let mut number = 0;
    while number < Opcode::COUNT {
        assert!(ROWS[number].opcode as usize == number, "the opcode table has a gap or is out of order");
        number += 1;
    }
};

impl Opcode {
    /// How many opcodes there are; they are numbered from 0 without a gap.
    pub const COUNT: usize = 202;

    /// The opcode with this number, if Java has one.
    #[inline]
    pub fn from_u8(number: u8) -> Option<Opcode> {
        TABLE.get(usize::from(number)).map(|row| row.opcode)
    }

    /// All opcodes in order.
    pub fn all() -> impl Iterator<Item = Opcode> {
        TABLE.iter().map(|row| row.opcode)
    }

    #[inline]
    fn row(self) -> &'static Row {
        // An `Opcode` is always a row's number, so this cannot be out of bounds.
        &TABLE[self as usize]
    }

    /// The name that the specification gives it.
    pub fn mnemonic(self) -> &'static str {
        self.row().mnemonic
    }

    /// How its operands are laid out.
    #[inline]
    pub fn format(self) -> Format {
        self.row().format
    }

    /// Length with operands, unless it is a switch or `wide`.
    #[inline]
    pub fn fixed_len(self) -> Option<u32> {
        self.row().format.fixed_len()
    }

    /// What it takes from the operand stack, the top last.
    #[inline]
    pub fn pops(self) -> &'static [StackItem] {
        self.row().pops
    }

    /// What it leaves on the operand stack, the top last.
    #[inline]
    pub fn pushes(self) -> &'static [StackItem] {
        self.row().pushes
    }

    /// Slots popped and pushed, or `None` where an operand decides.
    pub fn stack_effect(self) -> Option<(u32, u32)> {
        let slots = |items: &[StackItem]| items.iter().try_fold(0, |sum, item| Some(sum + item.slots()?));
        Some((slots(self.pops())?, slots(self.pushes())?))
    }

    /// Whether an exception may leave it.
    #[inline]
    pub fn throws(self) -> bool {
        self.row().flags & flag::THROWS != 0
    }

    /// Whether it has targets besides the next instruction.
    #[inline]
    pub fn branches(self) -> bool {
        self.row().flags & flag::BRANCHES != 0
    }

    /// Whether control never falls through to the next instruction.
    #[inline]
    pub fn ends(self) -> bool {
        self.row().flags & flag::ENDS != 0
    }

    /// Whether its purpose is to make an object.
    #[inline]
    pub fn allocates(self) -> bool {
        self.row().flags & flag::ALLOCATES != 0
    }

    /// Whether the collector may run while it executes, even if it throws nothing.
    #[inline]
    pub fn safepoint(self) -> bool {
        self.row().flags & flag::SAFEPOINT != 0
    }
}

impl std::fmt::Display for Opcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.mnemonic())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_agree_with_the_specification() {
        let check = |number: u8, mnemonic: &str| {
            assert_eq!(Opcode::from_u8(number).map(Opcode::mnemonic), Some(mnemonic), "opcode {number}");
        };
        check(0x00, "nop");
        check(0x10, "bipush");
        check(0x15, "iload");
        check(0x2a, "aload_0");
        check(0x36, "istore");
        check(0x53, "aastore");
        check(0x59, "dup");
        check(0x84, "iinc");
        check(0x94, "lcmp");
        check(0xa7, "goto");
        check(0xb1, "return");
        check(0xb6, "invokevirtual");
        check(0xba, "invokedynamic");
        check(0xc4, "wide");
        check(0xc9, "jsr_w");
        assert_eq!(Opcode::from_u8(0xca), None);
        assert_eq!(Opcode::from_u8(0xff), None);
    }

    #[test]
    fn stack_effects_come_from_the_typed_columns() {
        assert_eq!(Opcode::Ladd.stack_effect(), Some((4, 2)));
        assert_eq!(Opcode::Lastore.stack_effect(), Some((4, 0)));
        assert_eq!(Opcode::Lshl.stack_effect(), Some((3, 2)));
        assert_eq!(Opcode::Dup2X2.stack_effect(), Some((4, 6)));
        assert_eq!(Opcode::GetField.stack_effect(), None);
        assert_eq!(Opcode::D2i.stack_effect(), Some((2, 1)));
    }

    #[test]
    fn flags_follow_the_columns() {
        assert!(Opcode::Idiv.throws() && !Opcode::Fdiv.throws());
        assert!(Opcode::Goto.ends() && Opcode::Goto.branches());
        assert!(Opcode::IfNull.branches() && !Opcode::IfNull.ends());
        assert!(Opcode::New.allocates() && Opcode::New.safepoint());
        assert!(!Opcode::Iadd.safepoint());
    }
}

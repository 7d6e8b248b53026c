//! The code that all methods share: ways into and out of compiled code, and calls of the machine's functions.
//!
//! Compiled code runs on the native stack of whoever entered it, at one fixed depth: a call pushes a return address that the
//! callee's prologue at once takes into its frame. So Java recursion never grows the native stack, helpers are called like any
//! function, and an exit from anywhere is a few pops.
//!
//! Registers at calls of methods: edi the method's record, rsi the stack pointer of the caller's operands, rdx the caller's
//! return pc, rbp the caller's frame; results come in rax and xmm0. Nothing else survives a call.

use dynasmrt::{DynasmApi, DynasmLabelApi};

use super::{Masm, MasmError};
use crate::anchor::{Anchor, Exit, Helper, STUBS, Stub};
use crate::env::Layout;

/// What metaspace offsets are relative to, seen from the base.
pub const META_BASE: i32 = i32::MIN;

/// The displacement from the base of a place in metaspace.
pub fn meta(offset: u32) -> i32 {
    (offset as i64 + META_BASE as i64) as i32
}

/// The stubs' code and where in it each begins.
pub fn emit_stubs(layout: &Layout) -> Result<(Vec<u8>, [u32; STUBS]), MasmError> {
    let mut masm = Masm::new();
    let mut starts = [0; STUBS];
    let a = layout.anchor;
    let (top_fp, top_sp, top_pc) = (layout.top_fp, layout.top_sp, layout.top_pc);
    let mut begin = |masm: &mut Masm, stub: Stub| starts[stub as usize] = masm.offset() as u32;
    let leave = masm.label();

    begin(&mut masm, Stub::EnterInterpreter);
    emit!(masm.ops
        ; add rsp, 8
        ; mov [thread + a + Anchor::mail(0)], rdi
        ; mov [thread + a + Anchor::mail(1)], rsi
        ; mov [thread + a + Anchor::mail(2)], rdx
        ; mov [thread + top_fp], rbp
        ; mov eax, Exit::Call as i32
        ; jmp =>leave.0
    );

    begin(&mut masm, Stub::Native);
    emit!(masm.ops
        ; mov [thread + top_fp], rbp
        ; mov rcx, rdx
        ; mov rdx, rsi
        ; mov esi, edi
        ; mov rdi, thread
        ; sub rsp, 8
        ; call QWORD [thread + a + Anchor::helper(Helper::Native)]
        ; add rsp, 8
        ; test eax, eax
        ; jnz >out
        ; mov rax, [thread + a + Anchor::mail(3)]
        ; movq xmm0, rax
        ; ret
        ; out:
        ; add rsp, 8
        ; jmp =>leave.0
    );

    begin(&mut masm, Stub::ReturnToInterpreter);
    emit!(masm.ops
        ; mov [thread + a + Anchor::mail(0)], rcx
        ; mov [thread + a + Anchor::mail(1)], rax
        ; movq [thread + a + Anchor::mail(2)], xmm0
        ; mov eax, Exit::Return as i32
        ; jmp =>leave.0
    );

    // edi: the pc's place in metaspace, esi: bytes of operands.
    begin(&mut masm, Stub::Interpret);
    emit!(masm.ops
        ; mov [thread + top_fp], rbp
        ; mov rax, rbp
        ; sub rax, rsi
        ; mov [thread + top_sp], rax
        ; lea rax, [DWORD base + rdi * 1 + META_BASE]
        ; mov [thread + top_pc], rax
        ; mov eax, Exit::Interpret as i32
        ; jmp =>leave.0
    );

    // As before, and edx: the place of the next pc.
    begin(&mut masm, Stub::Step);
    emit!(masm.ops
        ; mov [thread + top_fp], rbp
        ; mov rax, rbp
        ; sub rax, rsi
        ; mov [thread + top_sp], rax
        ; lea rax, [DWORD base + rdi * 1 + META_BASE]
        ; mov [thread + top_pc], rax
        ; lea rsi, [DWORD base + rdx * 1 + META_BASE]
        ; mov rdi, thread
        ; sub rsp, 8
        ; call QWORD [thread + a + Anchor::helper(Helper::Step)]
        ; add rsp, 8
        ; test eax, eax
        ; jnz >out
        ; ret
        ; out:
        ; add rsp, 8
        ; jmp =>leave.0
    );

    begin(&mut masm, Stub::Poll);
    emit!(masm.ops
        ; mov [thread + top_fp], rbp
        ; mov rax, rbp
        ; sub rax, rsi
        ; mov [thread + top_sp], rax
        ; lea rax, [DWORD base + rdi * 1 + META_BASE]
        ; mov [thread + top_pc], rax
        ; mov rdi, thread
        ; sub rsp, 8
        ; call QWORD [thread + a + Anchor::helper(Helper::Poll)]
        ; add rsp, 8
        ; test eax, eax
        ; jnz >out
        ; ret
        ; out:
        ; add rsp, 8
        ; jmp =>leave.0
    );

    // edi: the row, esi: bytes of operands. Gives the bits in rax and xmm0, and in rdx whether they count.
    begin(&mut masm, Stub::Intrinsic);
    emit!(masm.ops
        ; mov rax, rbp
        ; sub rax, rsi
        ; mov rsi, rax
        ; mov edx, edi
        ; mov rdi, thread
        ; sub rsp, 8
        ; call QWORD [thread + a + Anchor::helper(Helper::Intrinsic)]
        ; add rsp, 8
        ; movq xmm0, rax
        ; ret
    );

    // extern "sysv64" fn(thread, base, frame, code) -> Exit
    begin(&mut masm, Stub::Enter);
    emit!(masm.ops
        ; push rbp
        ; push rbx
        ; push r12
        ; push r13
        ; push r14
        ; push r15
        ; sub rsp, 8
        ; mov thread, rdi
        ; mov base, rsi
        ; mov rbp, rdx
        ; jmp rcx
    );
    masm.bind(leave);
    emit!(masm.ops
        ; add rsp, 8
        ; pop r15
        ; pop r14
        ; pop r13
        ; pop r12
        ; pop rbx
        ; pop rbp
        ; ret
    );
    Ok((masm.finish()?, starts))
}

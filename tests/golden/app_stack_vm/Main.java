import java.nio.ByteBuffer;
import java.util.*;

public class Main {
    enum Op { PUSH(4), ADD(0), SUB(0), MUL(0), DIV(0), DUP(0), SWAP(0), POP(0), LOAD(1), STORE(1), JMP(2), JZ(2), LT(0), CALL(2), RET(0), PRINT(0), HALT(0), ALOAD(0), ASTORE(0), NEWARR(0);
        final int operands;
        Op(int n) { operands = n; } }

    static class GuestError extends RuntimeException { GuestError(String m, int pc) { super(m + " at " + pc); } }

    static byte[] assemble(String src) {
        Map<String, Integer> labels = new HashMap<>();
        List<String[]> lines = new ArrayList<>();
        int at = 0;
        for (String raw : src.lines().map(l -> l.replaceAll(";.*", "").strip()).filter(l -> !l.isEmpty()).toList()) {
            if (raw.endsWith(":")) { labels.put(raw.substring(0, raw.length() - 1), at); continue; }
            String[] p = raw.split("\\s+");
            lines.add(p);
            at += 1 + Op.valueOf(p[0].toUpperCase(Locale.ROOT)).operands;
        }
        ByteBuffer out = ByteBuffer.allocate(at);
        for (String[] p : lines) {
            Op op = Op.valueOf(p[0].toUpperCase(Locale.ROOT));
            out.put((byte) op.ordinal());
            switch (op.operands) {
                case 4 -> out.putInt(Integer.parseInt(p[1]));
                case 2 -> out.putShort((short) (int) Optional.ofNullable(labels.get(p[1])).orElseThrow(() -> new NoSuchElementException("label " + p[1])));
                case 1 -> out.put(Byte.parseByte(p[1]));
                default -> {}
            }
        }
        return out.array();
    }

    static String disassemble(byte[] code) {
        StringBuilder sb = new StringBuilder();
        ByteBuffer b = ByteBuffer.wrap(code);
        while (b.hasRemaining()) {
            sb.append(b.position()).append(':');
            Op op = Op.values()[b.get()];
            sb.append(op.name().toLowerCase(Locale.ROOT));
            switch (op.operands) { case 4 -> sb.append(' ').append(b.getInt()); case 2 -> sb.append(" @").append(b.getShort()); case 1 -> sb.append(" $").append(b.get()); default -> {} }
            sb.append("; ");
        }
        return sb.toString();
    }

    static String run(byte[] code, int budget) {
        long[] st = new long[64], locals = new long[256];
        int sp = 0, pc = 0, frame = 0;
        Deque<int[]> calls = new ArrayDeque<>();
        List<long[]> arrays = new ArrayList<>();
        StringBuilder out = new StringBuilder();
        ByteBuffer c = ByteBuffer.wrap(code);
        Op[] ops = Op.values();
        try {
            while (true) {
                if (budget-- == 0) throw new GuestError("out of fuel", pc);
                int here = pc;
                Op op = ops[c.get(pc++)];
                switch (op) {
                    case PUSH -> { st[sp++] = c.getInt(pc); pc += 4; }
                    case ADD -> { sp--; st[sp - 1] += st[sp]; }
                    case SUB -> { sp--; st[sp - 1] -= st[sp]; }
                    case MUL -> { sp--; st[sp - 1] *= st[sp]; }
                    case DIV -> { sp--; if (st[sp] == 0) throw new GuestError("division by zero", here); st[sp - 1] /= st[sp]; }
                    case DUP -> { st[sp] = st[sp - 1]; sp++; }
                    case SWAP -> { long t = st[sp - 1]; st[sp - 1] = st[sp - 2]; st[sp - 2] = t; }
                    case POP -> sp--;
                    case LOAD -> st[sp++] = locals[frame + c.get(pc++)];
                    case STORE -> locals[frame + c.get(pc++)] = st[--sp];
                    case JMP -> pc = c.getShort(pc);
                    case JZ -> pc = st[--sp] == 0 ? c.getShort(pc) : pc + 2;
                    case LT -> { sp--; st[sp - 1] = st[sp - 1] < st[sp] ? 1 : 0; }
                    case CALL -> { calls.push(new int[] {pc + 2, frame}); frame += 4; pc = c.getShort(pc); }
                    case RET -> { int[] f = calls.pop(); pc = f[0]; frame = f[1]; }
                    case PRINT -> out.append(st[--sp]).append(' ');
                    case NEWARR -> { arrays.add(new long[Math.toIntExact(st[sp - 1])]); st[sp - 1] = arrays.size() - 1; }
                    case ALOAD -> { sp--; st[sp - 1] = arrays.get((int) st[sp - 1])[(int) st[sp]]; }
                    case ASTORE -> { sp -= 3; arrays.get((int) st[sp])[(int) st[sp + 1]] = st[sp + 2]; }
                    case HALT -> { return out + "stack " + sp; }
                }
            }
        } catch (GuestError e) {
            return out + e.getMessage();
        } catch (ArrayIndexOutOfBoundsException e) {
            return out + "fault: " + e.getMessage();
        } catch (NoSuchElementException e) {
            return out + "return without call";
        } catch (NegativeArraySizeException e) {
            return out + "bad size " + e.getMessage();
        }
    }

    public static void main(String[] args) {
        String fact = "push 10\nstore 0\npush 1\nstore 1\nloop:\nload 0\njz done\nload 1\nload 0\nmul\nstore 1\nload 0\npush 1\nsub\nstore 0\njmp loop\ndone:\nload 1\nprint\nhalt";
        String fib = "push 15\ncall fib\nprint\nhalt\nfib:\nstore 0\nload 0\npush 2\nlt\njz rec\nload 0\nret\nrec:\nload 0\npush 1\nsub\ncall fib\nload 0\npush 2\nsub\ncall fib\nadd\nret";
        String sieve = "push 60\nnewarr\nstore 0\npush 2\nstore 1\nouter:\nload 1\npush 60\nlt\njz end\nload 0\nload 1\naload\njz prime\nnext:\nload 1\npush 1\nadd\nstore 1\njmp outer\nprime:\nload 1\nprint\nload 1\nload 1\nadd\nstore 2\nmark:\nload 2\npush 60\nlt\njz next\nload 0\nload 2\npush 1\nastore\nload 2\nload 1\nadd\nstore 2\njmp mark\nend:\nhalt";
        System.out.println(disassemble(assemble(fact)));
        for (String s : new String[] {fact, fib, sieve, "push 1\npush 0\ndiv\nhalt", "x:\njmp x", "x:\npush 1\njmp x", "pop\nhalt", "ret", "push -3\nnewarr\nhalt", "push 2\nnewarr\npush 5\naload\nhalt", "push 7\ndup\nmul\npush 3\nswap\nsub\nprint\nhalt"}) System.out.println(run(assemble(s), 60000));
        for (String bad : new String[] {"jmp nowhere", "frob 1", "push x"}) {
            try {
                assemble(bad);
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }
}

import java.util.ArrayList;
import java.util.HashMap;

/**
 * Guards: switches on strings (hashCode, lookupswitch, equals), on ints (tableswitch) and on enums. A small
 * language of postfix words: its source text is cut into tokens, translated to code and run by a loop around a
 * switch.
 */
public final class Interpreter {
    private static final int DEFAULT_ROUNDS = 375;

    /** What the program below leaves in `result`: the sum of the lengths of all Collatz walks from 1 to 149. */
    private static final long EXPECTED = 5_727L;

    private static final String SOURCE =
            "0 =result 1 =start\n"
            + "while start 150 less do\n"
            + "  start =n\n"
            + "  while n 1 less not n 1 equal not and do\n"
            + "    if n 2 mod 0 equal then n 2 div =n else n 3 mul 1 add =n end\n"
            + "    result 1 add =result\n"
            + "  end\n"
            + "  start 1 add =start\n"
            + "end\n"
            + "result dup sub result add =result";

    private enum Kind { NUMBER, ASSIGNMENT, WORD, END }

    // ------------------------------------------------------------------------------------------------------- tokens

    private static final class Tokens {
        private final String source;
        private int at;
        String word;

        Tokens(String source) {
            this.source = source;
        }

        Kind next() {
            while (at < source.length() && source.charAt(at) <= ' ') {
                at++;
            }
            if (at == source.length()) {
                return Kind.END;
            }
            int start = at;
            while (at < source.length() && source.charAt(at) > ' ') {
                at++;
            }
            char first = source.charAt(start);
            if (first == '=') {
                word = source.substring(start + 1, at);
                return Kind.ASSIGNMENT;
            }
            word = source.substring(start, at);
            return first >= '0' && first <= '9' ? Kind.NUMBER : Kind.WORD;
        }
    }

    // --------------------------------------------------------------------------------------------------------- code

    private static final int PUSH = 0;
    private static final int LOAD = 1;
    private static final int STORE = 2;
    private static final int JUMP = 3;
    private static final int JUMP_IF_ZERO = 4;
    private static final int ADD = 5;
    private static final int SUB = 6;
    private static final int MUL = 7;
    private static final int DIV = 8;
    private static final int MOD = 9;
    private static final int LESS = 10;
    private static final int EQUAL = 11;
    private static final int AND = 12;
    private static final int NOT = 13;
    private static final int DUP = 14;
    private static final int STOP = 15;

    private static final class Compiler {
        private final HashMap<String, Integer> variables = new HashMap<>();
        private final ArrayList<int[]> code = new ArrayList<>();
        private final ArrayList<int[]> open = new ArrayList<>();

        private int variable(String name) {
            Integer known = variables.get(name);
            if (known == null) {
                known = variables.size();
                variables.put(name, known);
            }
            return known;
        }

        private int[] emit(int operation, int operand) {
            int[] instruction = {operation, operand};
            code.add(instruction);
            return instruction;
        }

        private int[] close() {
            if (open.isEmpty()) {
                throw new IllegalArgumentException("nothing is open here");
            }
            return open.remove(open.size() - 1);
        }

        private void word(String word) {
            switch (word) {
                case "add":
                    emit(ADD, 0);
                    break;
                case "sub":
                    emit(SUB, 0);
                    break;
                case "mul":
                    emit(MUL, 0);
                    break;
                case "div":
                    emit(DIV, 0);
                    break;
                case "mod":
                    emit(MOD, 0);
                    break;
                case "less":
                    emit(LESS, 0);
                    break;
                case "equal":
                    emit(EQUAL, 0);
                    break;
                case "and":
                    emit(AND, 0);
                    break;
                case "not":
                    emit(NOT, 0);
                    break;
                case "dup":
                    emit(DUP, 0);
                    break;
                case "if":
                    break;
                case "then":
                    open.add(emit(JUMP_IF_ZERO, 0));
                    break;
                case "else": {
                    int[] branch = close();
                    open.add(emit(JUMP, 0));
                    branch[1] = code.size();
                    break;
                }
                case "while":
                    open.add(new int[] {-1, code.size()});
                    break;
                case "do":
                    open.add(emit(JUMP_IF_ZERO, 0));
                    break;
                case "end": {
                    int[] branch = close();
                    if (!open.isEmpty() && open.get(open.size() - 1)[0] == -1 && branch[0] == JUMP_IF_ZERO) {
                        emit(JUMP, close()[1]);
                    }
                    branch[1] = code.size();
                    break;
                }
                default:
                    emit(LOAD, variable(word));
                    break;
            }
        }

        int[][] compile(String source) {
            Tokens tokens = new Tokens(source);
            while (true) {
                switch (tokens.next()) {
                    case NUMBER:
                        emit(PUSH, Integer.parseInt(tokens.word));
                        break;
                    case ASSIGNMENT:
                        emit(STORE, variable(tokens.word));
                        break;
                    case WORD:
                        word(tokens.word);
                        break;
                    default:
                        emit(STOP, 0);
                        return code.toArray(new int[0][]);
                }
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------- execution

    private static void execute(int[][] code, long[] variables) {
        long[] stack = new long[16];
        int top = 0; // the next free place
        int at = 0;
        while (true) {
            int operand = code[at][1];
            switch (code[at++][0]) {
                case PUSH:
                    stack[top++] = operand;
                    break;
                case LOAD:
                    stack[top++] = variables[operand];
                    break;
                case STORE:
                    variables[operand] = stack[--top];
                    break;
                case JUMP:
                    at = operand;
                    break;
                case JUMP_IF_ZERO:
                    if (stack[--top] == 0) {
                        at = operand;
                    }
                    break;
                case ADD:
                    top--;
                    stack[top - 1] += stack[top];
                    break;
                case SUB:
                    top--;
                    stack[top - 1] -= stack[top];
                    break;
                case MUL:
                    top--;
                    stack[top - 1] *= stack[top];
                    break;
                case DIV:
                    top--;
                    stack[top - 1] /= stack[top];
                    break;
                case MOD:
                    top--;
                    stack[top - 1] %= stack[top];
                    break;
                case LESS:
                    top--;
                    stack[top - 1] = stack[top - 1] < stack[top] ? 1 : 0;
                    break;
                case EQUAL:
                    top--;
                    stack[top - 1] = stack[top - 1] == stack[top] ? 1 : 0;
                    break;
                case AND:
                    top--;
                    stack[top - 1] &= stack[top];
                    break;
                case NOT:
                    stack[top - 1] = stack[top - 1] == 0 ? 1 : 0;
                    break;
                case DUP:
                    stack[top] = stack[top - 1];
                    top++;
                    break;
                case STOP:
                    return;
                default:
                    throw new IllegalStateException("no such operation");
            }
        }
    }

    /** Translates the source many times (string switches), and runs the last translation (int switches). */
    private static long run() {
        Compiler compiler = null;
        int[][] code = null;
        for (int i = 0; i < 20; i++) {
            compiler = new Compiler();
            code = compiler.compile(SOURCE);
        }
        long[] variables = new long[compiler.variables.size()];
        execute(code, variables);
        return variables[compiler.variables.get("result")];
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("Interpreter: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Interpreter ");
        System.out.println(EXPECTED);
    }
}

/**
 * Guards: throwing and catching: in the same method, across many frames, through finally blocks, with and
 * without a stack trace, and the exceptions that the machine itself raises.
 */
public final class Exceptions {
    private static final int DEFAULT_ROUNDS = 425;
    private static final int PER_ROUND = 200;
    private static final int DEPTH = 30;
    private static final long EXPECTED = -308_594_695_273_558_314L;

    /** An exception that carries a number and fills in no stack trace. */
    private static final class Signal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int number;

        Signal(int number) {
            super(null, null, false, false);
            this.number = number;
        }
    }

    /** An ordinary checked exception, with its stack trace. */
    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private int cleanUps;

    private int signalFrom(int depth, int number) {
        if (depth == 0) {
            throw new Signal(number);
        }
        return signalFrom(depth - 1, number) + 1;
    }

    /** Every frame on the way has a finally block to run and a handler that does not fit. */
    private int signalThroughFinally(int depth, int number) {
        if (depth == 0) {
            throw new Signal(number);
        }
        try {
            return signalThroughFinally(depth - 1, number) + 1;
        } catch (IllegalStateException unrelated) {
            return -1;
        } finally {
            cleanUps++;
        }
    }

    /** Every frame catches and throws anew. */
    private int signalRelayed(int depth, int number) {
        if (depth == 0) {
            throw new Signal(number);
        }
        try {
            return signalRelayed(depth - 1, number);
        } catch (Signal signal) {
            throw new Signal(signal.number + 1);
        }
    }

    private int fail(int depth) throws Failure {
        if (depth == 0) {
            throw new Failure("at the bottom", null);
        }
        return fail(depth - 1) + 1;
    }

    private int failWithCause(int depth) throws Failure {
        try {
            return fail(depth);
        } catch (Failure cause) {
            throw new Failure("further up", cause);
        }
    }

    /** The machine's own exceptions, one kind after the other. */
    private static int raise(int kind, int[] numbers, Object object) {
        try {
            switch (kind % 5) {
                case 0:
                    return numbers[kind + numbers.length];
                case 1:
                    return numbers[0] / (numbers.length - 4);
                case 2:
                    return ((String) object).length();
                case 3:
                    return ((int[]) null).length + kind;
                default:
                    return new int[-kind].length;
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            return 1;
        } catch (ArithmeticException e) {
            return 2;
        } catch (ClassCastException e) {
            return 3;
        } catch (NullPointerException e) {
            return 4;
        } catch (NegativeArraySizeException e) {
            return 5;
        }
    }

    private static int nearby(int number) {
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            try {
                if ((number + i) % 3 == 0) {
                    throw new Signal(i);
                }
                sum++;
            } catch (Signal signal) {
                sum += signal.number;
            }
        }
        return sum;
    }

    private long run() {
        long sum = 0;
        int[] numbers = {1, 2, 3, 4};
        Object object = Integer.valueOf(1);
        for (int i = 0; i < PER_ROUND; i++) {
            sum += nearby(i);
            sum = sum * 7 + raise(i, numbers, object);
            try {
                sum += signalFrom(DEPTH, i);
            } catch (Signal signal) {
                sum += signal.number;
            }
            try {
                sum += signalThroughFinally(DEPTH, i);
            } catch (Signal signal) {
                sum += signal.number;
            }
            try {
                sum += signalRelayed(DEPTH, i);
            } catch (Signal signal) {
                sum += signal.number;
            }
            try {
                sum += failWithCause(DEPTH);
            } catch (Failure failure) {
                sum += failure.getMessage().length() + failure.getCause().getMessage().length();
            }
        }
        return sum + cleanUps;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = new Exceptions().run();
            if (checksum != EXPECTED) {
                System.out.print("Exceptions: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Exceptions ");
        System.out.println(EXPECTED);
    }
}

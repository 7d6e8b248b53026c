import java.util.ArrayList;

/**
 * Guards: abstract-class calls, ArrayList traffic and pointer chasing. An incremental solver of one-way
 * constraints with strengths: each variable is determined by at most one constraint, and a stronger constraint
 * may take a variable away from a weaker one, which then looks for another way or stays unsatisfied.
 */
public final class DeltaBlue {
    private static final int DEFAULT_ROUNDS = 150;
    private static final int LENGTH = 600;
    private static final long EXPECTED = 8_410_524_564_834_081_955L;

    // Strengths: a smaller number is stronger.
    private static final int REQUIRED = 0;
    private static final int PREFERRED = 2;
    private static final int DEFAULT = 4;
    private static final int WEAKEST = 6;

    private static final class Variable {
        int value;
        final ArrayList<Constraint> constraints = new ArrayList<>(4);
        Constraint determinedBy;
        int mark;
        int walkStrength = WEAKEST; // the weakest strength that could be overridden to change this variable
        boolean stays = true; // the value can be computed once, at planning

        Variable(int value) {
            this.value = value;
        }
    }

    private abstract static class Constraint {
        final int strength;

        Constraint(int strength) {
            this.strength = strength;
        }

        abstract void attach();

        abstract void detach();

        /** Chooses the direction whose output is weakest and not yet marked; leaves no direction if there is none. */
        abstract void choose(int mark);

        abstract boolean isSatisfied();

        abstract void unsatisfy();

        /** The variable that this satisfied constraint determines. */
        abstract Variable output();

        abstract void markInputs(int mark);

        /** Whether each input is marked, constant, or determined by nothing. */
        abstract boolean inputsKnown(int mark);

        /** Brings the output's walk strength and constancy up to date, and its value if it is constant. */
        abstract void recalculate();

        abstract void execute();

        boolean isInput() {
            return false;
        }
    }

    /** A constraint on one variable. */
    private abstract static class UnaryConstraint extends Constraint {
        final Variable variable;
        private boolean satisfied;

        UnaryConstraint(Variable variable, int strength) {
            super(strength);
            this.variable = variable;
        }

        @Override
        void attach() {
            variable.constraints.add(this);
        }

        @Override
        void detach() {
            variable.constraints.remove(this);
            satisfied = false;
        }

        @Override
        void choose(int mark) {
            satisfied = variable.mark != mark && strength < variable.walkStrength;
        }

        @Override
        boolean isSatisfied() {
            return satisfied;
        }

        @Override
        void unsatisfy() {
            satisfied = false;
        }

        @Override
        Variable output() {
            return variable;
        }

        @Override
        void markInputs(int mark) {
            // there are none
        }

        @Override
        boolean inputsKnown(int mark) {
            return true;
        }

        @Override
        void recalculate() {
            variable.walkStrength = strength;
            variable.stays = !isInput();
            if (variable.stays) {
                execute();
            }
        }

        @Override
        void execute() {
            // the value is whatever it is
        }
    }

    /** Keeps a variable as it is. */
    private static final class Stay extends UnaryConstraint {
        Stay(Variable variable, int strength) {
            super(variable, strength);
        }
    }

    /** Lets the world outside set a variable. */
    private static final class Edit extends UnaryConstraint {
        Edit(Variable variable, int strength) {
            super(variable, strength);
        }

        @Override
        boolean isInput() {
            return true;
        }
    }

    private static final int NONE = 0;
    private static final int FORWARD = 1;
    private static final int BACKWARD = 2;

    /** A constraint between two variables that can be solved for either. */
    private abstract static class BinaryConstraint extends Constraint {
        final Variable left;
        final Variable right;
        int direction = NONE;

        BinaryConstraint(Variable left, Variable right, int strength) {
            super(strength);
            this.left = left;
            this.right = right;
        }

        @Override
        void attach() {
            left.constraints.add(this);
            right.constraints.add(this);
        }

        @Override
        void detach() {
            left.constraints.remove(this);
            right.constraints.remove(this);
            direction = NONE;
        }

        @Override
        void choose(int mark) {
            boolean rightIsFree = right.mark != mark && strength < right.walkStrength;
            boolean leftIsFree = left.mark != mark && strength < left.walkStrength;
            if (left.mark == mark) {
                direction = rightIsFree ? FORWARD : NONE;
            } else if (right.mark == mark) {
                direction = leftIsFree ? BACKWARD : NONE;
            } else if (left.walkStrength > right.walkStrength) {
                direction = leftIsFree ? BACKWARD : NONE;
            } else {
                direction = rightIsFree ? FORWARD : NONE;
            }
        }

        @Override
        boolean isSatisfied() {
            return direction != NONE;
        }

        @Override
        void unsatisfy() {
            direction = NONE;
        }

        final Variable input() {
            return direction == FORWARD ? left : right;
        }

        @Override
        Variable output() {
            return direction == FORWARD ? right : left;
        }

        @Override
        void markInputs(int mark) {
            input().mark = mark;
        }

        static boolean isKnown(Variable variable, int mark) {
            return variable.mark == mark || variable.stays || variable.determinedBy == null;
        }

        @Override
        boolean inputsKnown(int mark) {
            return isKnown(input(), mark);
        }

        @Override
        void recalculate() {
            Variable in = input();
            Variable out = output();
            out.walkStrength = Math.max(strength, in.walkStrength);
            out.stays = in.stays;
            if (out.stays) {
                execute();
            }
        }
    }

    private static final class Equality extends BinaryConstraint {
        Equality(Variable left, Variable right, int strength) {
            super(left, right, strength);
        }

        @Override
        void execute() {
            output().value = input().value;
        }
    }

    /** right = left * factor + offset, where factor and offset are variables that are only ever read. */
    private static final class Scale extends BinaryConstraint {
        private final Variable factor;
        private final Variable offset;

        Scale(Variable left, Variable factor, Variable offset, Variable right, int strength) {
            super(left, right, strength);
            this.factor = factor;
            this.offset = offset;
        }

        @Override
        void attach() {
            super.attach();
            factor.constraints.add(this);
            offset.constraints.add(this);
        }

        @Override
        void detach() {
            super.detach();
            factor.constraints.remove(this);
            offset.constraints.remove(this);
        }

        @Override
        void markInputs(int mark) {
            super.markInputs(mark);
            factor.mark = mark;
            offset.mark = mark;
        }

        @Override
        boolean inputsKnown(int mark) {
            return super.inputsKnown(mark) && isKnown(factor, mark) && isKnown(offset, mark);
        }

        @Override
        void recalculate() {
            Variable in = input();
            Variable out = output();
            out.walkStrength = Math.max(strength, in.walkStrength);
            out.stays = in.stays && factor.stays && offset.stays;
            if (out.stays) {
                execute();
            }
        }

        @Override
        void execute() {
            if (direction == FORWARD) {
                right.value = left.value * factor.value + offset.value;
            } else {
                left.value = (right.value - offset.value) / factor.value;
            }
        }
    }

    private static final class Planner {
        private int currentMark;

        private int newMark() {
            currentMark++;
            return currentMark;
        }

        /** Satisfies the constraint if it is strong enough, and then in turn all that it displaces. */
        void add(Constraint constraint) {
            constraint.attach();
            int mark = newMark();
            Constraint displaced = satisfy(constraint, mark);
            while (displaced != null) {
                displaced = satisfy(displaced, mark);
            }
        }

        private Constraint satisfy(Constraint constraint, int mark) {
            constraint.choose(mark);
            if (!constraint.isSatisfied()) {
                if (constraint.strength == REQUIRED) {
                    throw new IllegalStateException("a required constraint cannot be satisfied");
                }
                return null;
            }
            constraint.markInputs(mark);
            Variable out = constraint.output();
            Constraint displaced = out.determinedBy;
            if (displaced != null) {
                displaced.unsatisfy();
            }
            out.determinedBy = constraint;
            if (!propagate(constraint, mark)) {
                throw new IllegalStateException("the constraints form a cycle");
            }
            out.mark = mark;
            return displaced;
        }

        /** Recalculates everything downstream; false if that leads back to where it began. */
        private boolean propagate(Constraint start, int mark) {
            ArrayList<Constraint> open = new ArrayList<>();
            open.add(start);
            while (!open.isEmpty()) {
                Constraint constraint = open.remove(open.size() - 1);
                Variable out = constraint.output();
                if (out.mark == mark) {
                    return false;
                }
                constraint.recalculate();
                addConsumers(out, open);
            }
            return true;
        }

        /** Takes the constraint away and gives all those downstream of it, strongest first, a new chance. */
        void remove(Constraint constraint) {
            if (!constraint.isSatisfied()) {
                constraint.detach();
                return;
            }
            Variable out = constraint.output();
            constraint.unsatisfy();
            constraint.detach();
            out.determinedBy = null;
            out.walkStrength = WEAKEST;
            out.stays = true;
            ArrayList<Constraint> unsatisfied = new ArrayList<>();
            ArrayList<Variable> open = new ArrayList<>();
            open.add(out);
            while (!open.isEmpty()) {
                Variable variable = open.remove(open.size() - 1);
                for (Constraint attached : variable.constraints) {
                    if (!attached.isSatisfied()) {
                        unsatisfied.add(attached);
                    } else if (attached != variable.determinedBy) {
                        attached.recalculate();
                        open.add(attached.output());
                    }
                }
            }
            for (int strength = REQUIRED; strength <= WEAKEST; strength++) {
                for (Constraint candidate : unsatisfied) {
                    if (candidate.strength == strength && !candidate.isSatisfied()) {
                        int mark = newMark();
                        Constraint displaced = satisfy(candidate, mark);
                        while (displaced != null) {
                            displaced = satisfy(displaced, mark);
                        }
                    }
                }
            }
        }

        /** The constraints to execute, in order, whenever this input changes. */
        ArrayList<Constraint> plan(Constraint input) {
            ArrayList<Constraint> plan = new ArrayList<>();
            ArrayList<Constraint> open = new ArrayList<>();
            int mark = newMark();
            if (input.isInput() && input.isSatisfied()) {
                open.add(input);
            }
            while (!open.isEmpty()) {
                Constraint constraint = open.remove(open.size() - 1);
                Variable out = constraint.output();
                if (out.mark != mark && constraint.inputsKnown(mark)) {
                    plan.add(constraint);
                    out.mark = mark;
                    addConsumers(out, open);
                }
            }
            return plan;
        }

        private static void addConsumers(Variable variable, ArrayList<Constraint> open) {
            for (Constraint attached : variable.constraints) {
                if (attached != variable.determinedBy && attached.isSatisfied()) {
                    open.add(attached);
                }
            }
        }

        /** Sets a variable to a row of values; returns the size of the plan that was run for each. */
        int edit(Variable variable, int first, int count) {
            Edit edit = new Edit(variable, PREFERRED);
            add(edit);
            ArrayList<Constraint> plan = plan(edit);
            for (int i = 0; i < count; i++) {
                variable.value = first + i;
                for (Constraint constraint : plan) {
                    constraint.execute();
                }
            }
            remove(edit);
            return plan.size();
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    /** A chain of equalities whose last link has a weak wish to stay: values set at one end arrive at the other. */
    private static long chain() {
        Planner planner = new Planner();
        Variable[] links = new Variable[LENGTH + 1];
        for (int i = 0; i <= LENGTH; i++) {
            links[i] = new Variable(0);
            if (i > 0) {
                planner.add(new Equality(links[i - 1], links[i], REQUIRED));
            }
        }
        planner.add(new Stay(links[LENGTH], DEFAULT));
        int size = planner.edit(links[0], 1, 20);
        require(links[LENGTH].value == 20, "the chain did not carry the value to its end");
        size += planner.edit(links[LENGTH], 100, 20);
        require(links[0].value == 119, "the chain did not carry the value back");
        return size;
    }

    /** Many pairs tied by one shared factor and offset; changing any of them must move the others. */
    private static long projection() {
        Planner planner = new Planner();
        Variable factor = new Variable(10);
        Variable offset = new Variable(1_000);
        planner.add(new Stay(factor, DEFAULT));
        planner.add(new Stay(offset, DEFAULT));
        Variable[] sources = new Variable[LENGTH];
        Variable[] targets = new Variable[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            sources[i] = new Variable(i);
            targets[i] = new Variable(i);
            planner.add(new Stay(sources[i], DEFAULT));
            planner.add(new Scale(sources[i], factor, offset, targets[i], REQUIRED));
        }
        long size = planner.edit(sources[LENGTH / 2], 7, 10);
        require(targets[LENGTH / 2].value == 16 * 10 + 1_000, "a source did not move its target");
        size += planner.edit(targets[LENGTH / 2], 1_050, 1);
        require(sources[LENGTH / 2].value == 5, "a target did not move its source");
        size += planner.edit(factor, 1, 5);
        size += planner.edit(offset, 2_000, 5);
        long sum = 0;
        for (int i = 0; i < LENGTH; i++) {
            require(targets[i].value == sources[i].value * 5 + 2_004, "factor or offset did not move a target");
            sum = sum * 31 + targets[i].value;
        }
        return sum + size;
    }

    private static long run() {
        return chain() * 1_000_003 ^ projection();
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("DeltaBlue: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("DeltaBlue ");
        System.out.println(EXPECTED);
    }
}

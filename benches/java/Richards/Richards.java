/**
 * Guards: virtual calls on a few receiver classes together with field updates and linked lists. The kernel of a
 * small operating system: six tasks of falling priority exchange packets through a scheduler.
 */
public final class Richards {
    private static final int DEFAULT_ROUNDS = 250;

    /** The counts known for an idle task that wakes a device 10,000 times. */
    private static final long EXPECTED = 23_246L * 100_000 + 9_297;
    private static final int WAKE_UPS = 10_000;

    private static final int IDLE = 0;
    private static final int WORKER = 1;
    private static final int HANDLER_A = 2;
    private static final int HANDLER_B = 3;
    private static final int DEVICE_A = 4;
    private static final int DEVICE_B = 5;
    private static final int TASKS = 6;

    private static final class Packet {
        static final int WORDS = 4;

        Packet next;
        int owner;
        final boolean isWork;
        int used;
        final int[] words = new int[WORDS];

        Packet(Packet next, int owner, boolean isWork) {
            this.next = next;
            this.owner = owner;
            this.isWork = isWork;
        }

        /** Puts this packet at the end of a queue; returns the queue's head. */
        Packet appendedTo(Packet queue) {
            next = null;
            if (queue == null) {
                return this;
            }
            Packet last = queue;
            while (last.next != null) {
                last = last.next;
            }
            last.next = this;
            return queue;
        }
    }

    /** A task and the scheduler's record of it. */
    private abstract static class Task {
        final Scheduler scheduler;
        final int id;
        final int priority;
        final Task lower;
        Packet inbox;
        boolean held;
        boolean waiting;
        boolean hasPacket;

        Task(Scheduler scheduler, int id, int priority, Packet inbox) {
            this.scheduler = scheduler;
            this.id = id;
            this.priority = priority;
            this.inbox = inbox;
            waiting = true;
            hasPacket = inbox != null;
            lower = scheduler.highest;
            scheduler.highest = this;
            scheduler.tasks[id] = this;
        }

        /** One step of work; returns the task to look at next. */
        abstract Task work(Packet packet);

        final boolean isBlocked() {
            return held || (waiting && !hasPacket);
        }

        final Task resume() {
            Packet packet = null;
            if (waiting && hasPacket) {
                packet = inbox;
                inbox = packet.next;
                waiting = false;
                hasPacket = inbox != null;
            }
            return work(packet);
        }

        /** Takes a packet; returns the task to go on with, which is this one if it is the more urgent. */
        final Task receive(Packet packet, Task sender) {
            if (inbox == null) {
                inbox = packet;
                hasPacket = true;
                if (priority > sender.priority) {
                    return this;
                }
            } else {
                inbox = packet.appendedTo(inbox);
            }
            return sender;
        }
    }

    private static final class Scheduler {
        final Task[] tasks = new Task[TASKS];
        Task highest;
        Task current;
        int packetsSent;
        int holds;

        void run() {
            current = highest;
            while (current != null) {
                current = current.isBlocked() ? current.lower : current.resume();
            }
        }

        Task pause() {
            current.waiting = true;
            return current;
        }

        Task hold() {
            holds++;
            current.held = true;
            return current.lower;
        }

        Task release(int id) {
            Task task = tasks[id];
            task.held = false;
            return task.priority > current.priority ? task : current;
        }

        Task send(Packet packet) {
            Task receiver = tasks[packet.owner];
            packetsSent++;
            packet.next = null;
            packet.owner = current.id;
            return receiver.receive(packet, current);
        }
    }

    /** Wakes one of the devices, as a feedback shift register says, until its count runs out. */
    private static final class IdleTask extends Task {
        private int register = 1;
        private int remaining = WAKE_UPS;

        IdleTask(Scheduler scheduler) {
            super(scheduler, IDLE, 0, null);
            waiting = false;
        }

        @Override
        Task work(Packet packet) {
            remaining--;
            if (remaining == 0) {
                return scheduler.hold();
            }
            boolean odd = (register & 1) != 0;
            register >>= 1;
            if (odd) {
                register ^= 0xD008;
            }
            return scheduler.release(odd ? DEVICE_B : DEVICE_A);
        }
    }

    /** Fills packets with letters and sends them to the two handlers in turn. */
    private static final class WorkerTask extends Task {
        private int handler = HANDLER_A;
        private int letter;

        WorkerTask(Scheduler scheduler, Packet inbox) {
            super(scheduler, WORKER, 1_000, inbox);
        }

        @Override
        Task work(Packet packet) {
            if (packet == null) {
                return scheduler.pause();
            }
            handler = handler == HANDLER_A ? HANDLER_B : HANDLER_A;
            packet.owner = handler;
            packet.used = 0;
            for (int i = 0; i < Packet.WORDS; i++) {
                letter = letter == 26 ? 1 : letter + 1;
                packet.words[i] = letter;
            }
            return scheduler.send(packet);
        }
    }

    /** Copies the words of work packets, one by one, into device packets. */
    private static final class HandlerTask extends Task {
        private Packet work;
        private Packet devices;

        HandlerTask(Scheduler scheduler, int id, int priority, Packet inbox) {
            super(scheduler, id, priority, inbox);
        }

        @Override
        Task work(Packet packet) {
            if (packet != null) {
                if (packet.isWork) {
                    work = packet.appendedTo(work);
                } else {
                    devices = packet.appendedTo(devices);
                }
            }
            if (work != null) {
                Packet source = work;
                if (source.used == Packet.WORDS) {
                    work = source.next;
                    return scheduler.send(source);
                }
                if (devices != null) {
                    Packet target = devices;
                    devices = target.next;
                    target.used = source.words[source.used];
                    source.used++;
                    return scheduler.send(target);
                }
            }
            return scheduler.pause();
        }
    }

    /** Keeps a packet until the idle task releases it. */
    private static final class DeviceTask extends Task {
        private Packet kept;

        DeviceTask(Scheduler scheduler, int id, int priority) {
            super(scheduler, id, priority, null);
        }

        @Override
        Task work(Packet packet) {
            if (packet != null) {
                kept = packet;
                return scheduler.hold();
            }
            if (kept == null) {
                return scheduler.pause();
            }
            Packet done = kept;
            kept = null;
            return scheduler.send(done);
        }
    }

    private static Packet packets(int count, int owner, boolean isWork) {
        Packet queue = null;
        for (int i = 0; i < count; i++) {
            queue = new Packet(queue, owner, isWork);
        }
        return queue;
    }

    private static long run() {
        Scheduler scheduler = new Scheduler();
        new IdleTask(scheduler);
        new WorkerTask(scheduler, packets(2, WORKER, true));
        new HandlerTask(scheduler, HANDLER_A, 2_000, packets(3, DEVICE_A, false));
        new HandlerTask(scheduler, HANDLER_B, 3_000, packets(3, DEVICE_B, false));
        new DeviceTask(scheduler, DEVICE_A, 4_000);
        new DeviceTask(scheduler, DEVICE_B, 5_000);
        scheduler.run();
        return scheduler.packetsSent * 100_000L + scheduler.holds;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("Richards: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Richards ");
        System.out.println(EXPECTED);
    }
}

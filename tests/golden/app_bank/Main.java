import java.math.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;

public class Main {
    static class Overdraft extends Exception {
        final BigDecimal missing;
        Overdraft(BigDecimal m) { super("missing " + m); missing = m; }
    }

    static class Account {
        final int id;
        private final Lock lock = new ReentrantLock();
        private BigDecimal balance;
        Account(int id, String b) { this.id = id; balance = new BigDecimal(b); }
        void withdraw(BigDecimal x) throws Overdraft {
            lock.lock();
            try {
                if (balance.compareTo(x) < 0) throw new Overdraft(x.subtract(balance));
                balance = balance.subtract(x);
            } finally {
                lock.unlock();
            }
        }
        void deposit(BigDecimal x) {
            lock.lock();
            try { balance = balance.add(x); } finally { lock.unlock(); }
        }
    }

    static class Bank {
        final Map<Integer, Account> accounts = new ConcurrentSkipListMap<>();
        final AtomicInteger ok = new AtomicInteger(), failed = new AtomicInteger();
        void transfer(int from, int to, BigDecimal x) {
            Account a = accounts.get(from), b = accounts.get(to), first = from < to ? a : b, second = from < to ? b : a;
            first.lock.lock();
            second.lock.lock();
            try {
                a.withdraw(x);
                b.deposit(x);
                ok.incrementAndGet();
            } catch (Overdraft e) {
                failed.incrementAndGet();
            } finally {
                second.lock.unlock();
                first.lock.unlock();
            }
        }
        BigDecimal total() { return accounts.values().stream().map(a -> a.balance).reduce(BigDecimal.ZERO, BigDecimal::add); }
    }

    public static void main(String[] args) throws Exception {
        Bank bank = new Bank();
        for (int i = 0; i < 8; i++) bank.accounts.put(i, new Account(i, i + "00.50"));
        BigDecimal before = bank.total();
        ExecutorService ex = Executors.newFixedThreadPool(4);
        List<Future<?>> fs = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int seed = t;
            fs.add(ex.submit(() -> {
                Random r = new Random(seed);
                for (int i = 0; i < 300; i++) bank.transfer(r.nextInt(8), r.nextInt(8), new BigDecimal(r.nextInt(100)).movePointLeft(1));
            }));
        }
        for (Future<?> f : fs) f.get();
        ex.shutdown();
        System.out.println(before + " " + bank.total() + " " + (bank.ok.get() + bank.failed.get()));
        System.out.println(bank.accounts.values().stream().allMatch(a -> a.balance.signum() >= 0));
        Account a = new Account(99, "10.00");
        try {
            a.withdraw(new BigDecimal("3.33"));
            a.withdraw(new BigDecimal("7.00"));
        } catch (Overdraft e) {
            System.out.println(e.getMessage() + " " + a.balance);
        }
        BigDecimal b = new BigDecimal("1000.00");
        StringBuilder sb = new StringBuilder();
        for (int year = 1; year <= 5; year++) {
            b = b.multiply(new BigDecimal("1.0375")).setScale(2, RoundingMode.HALF_EVEN);
            sb.append(b).append(' ');
        }
        System.out.println(sb);
        Map<String, BigDecimal> ledger = new TreeMap<>();
        String[] log = {"in 5.25 rent", "out 1.10 food", "out 3 food", "in 100 pay", "out 0.05 fee"};
        for (String line : log) {
            Scanner s = new Scanner(line);
            boolean in = s.next().equals("in");
            BigDecimal x = s.nextBigDecimal();
            ledger.merge(s.next(), in ? x : x.negate(), BigDecimal::add);
        }
        System.out.println(ledger + " " + ledger.values().stream().reduce(BigDecimal::add).get());
    }
}

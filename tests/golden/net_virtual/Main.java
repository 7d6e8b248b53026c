import java.io.*;
import java.net.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    public static void main(String[] args) throws Exception {
        int clients = Integer.getInteger("golden.scale", 1000), good = 0;
        var served = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 2000, InetAddress.getLoopbackAddress());
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Thread acceptor = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < clients; i++) {
                        Socket s = server.accept();
                        pool.submit(() -> {
                            try (s) {
                                s.getInputStream().transferTo(s.getOutputStream());
                                served.incrementAndGet();
                            }
                            return null;
                        });
                    }
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            var start = new CountDownLatch(1);
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int id = i;
                answers.add(pool.submit(() -> {
                    try (Socket s = new Socket(server.getInetAddress(), server.getLocalPort())) {
                        start.await();
                        byte[] data = new byte[200 + id % 50];
                        new Random(id).nextBytes(data);
                        for (int round = 0; round < 3; round++) {
                            s.getOutputStream().write(data);
                            if (!Arrays.equals(s.getInputStream().readNBytes(data.length), data)) return false;
                        }
                        s.shutdownOutput();
                        return s.getInputStream().read() == -1;
                    }
                }));
            }
            acceptor.join();
            start.countDown();
            for (Future<Boolean> answer : answers) if (answer.get()) good++;
        }
        System.out.println((good == clients) + " " + (served.get() == clients));
    }
}

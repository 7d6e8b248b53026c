import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.stream.*;
import svc.*;

public class Main {
    public static void main(String[] args) throws Exception {
        ServiceLoader<Greeter> sl = ServiceLoader.load(Greeter.class);
        System.out.println("loaded " + sl);
        Iterator<Greeter> it = sl.iterator();
        while (true) {
            try {
                if (!it.hasNext()) break;
                System.out.println(it.next().greet());
            } catch (ServiceConfigurationError e) {
                System.out.println(e.getMessage() + (e.getCause() == null ? "" : " <- " + e.getCause()));
            }
        }
        Iterator<Greeter> again = sl.iterator();
        System.out.println("cached " + (again.next() == sl.iterator().next()));
        Greeter before = sl.iterator().next();
        sl.reload();
        System.out.println("reloaded " + (before == sl.iterator().next()) + " " + sl.findFirst().get().greet());
        List<String> types = new ArrayList<>();
        ServiceLoader.load(Greeter.class).stream().limit(2).forEach(p -> types.add(p.type().getSimpleName()));
        System.out.println(types);
        System.out.println(ServiceLoader.load(Runnable.class).findFirst().isPresent() + " " + ServiceLoader.load(Greeter.class, null).findFirst().isPresent());
        try {
            it.next();
        } catch (ConcurrentModificationException e) {
            System.out.println("stale iterator");
        }
        try (InputStream in = Main.class.getResourceAsStream("/data/text.txt")) {
            System.out.print(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        System.out.println(Main.class.getResourceAsStream("data/text.txt") != null);
        System.out.println(Greeter.class.getResourceAsStream("data/text.txt") == null);
        System.out.println(Greeter.class.getResource("local.txt") != null);
        System.out.println(Main.class.getResourceAsStream("/nope") + " " + ClassLoader.getSystemResource("data/text.txt").getProtocol() + " " + Main.class.getClassLoader().getResourceAsStream("/data/text.txt"));
        try (BufferedReader r = new BufferedReader(new InputStreamReader(ClassLoader.getSystemResourceAsStream("data/text.txt"), StandardCharsets.UTF_8))) {
            System.out.println(r.lines().map(String::length).toList());
        }
        Properties p = new Properties();
        try (Reader r = new InputStreamReader(Main.class.getResourceAsStream("/data/app.properties"), StandardCharsets.ISO_8859_1)) {
            p.load(r);
        }
        System.out.println(new TreeMap<>(p));
        ResourceBundle rb = ResourceBundle.getBundle("data.messages", Locale.ROOT), de = ResourceBundle.getBundle("data.messages", Locale.GERMANY), fr = ResourceBundle.getBundle("data.messages", Locale.FRANCE, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_DEFAULT));
        System.out.println(rb.getString("hello") + de.getString("hello") + de.getString("only") + fr.getString("hello") + de.getLocale() + "|" + fr.getLocale() + "|" + new TreeSet<>(de.keySet()) + rb.containsKey("x"));
        try {
            rb.getString("missing");
        } catch (MissingResourceException e) {
            System.out.println(e.getMessage() + " " + e.getKey());
        }
        try {
            ResourceBundle.getBundle("no.bundle", Locale.ROOT);
        } catch (MissingResourceException e) {
            System.out.println(e.getMessage());
        }
    }
}

import java.io.*;
import java.lang.ref.Cleaner;
import java.net.*;
import java.net.http.*;
import java.nio.channels.*;
import java.nio.file.*;
import java.security.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;

/**
 * Has the library, or code that runs later or elsewhere, do what the program may not: every attempt must end in a refusal
 * that the program can see, or come to nothing.
 *
 * <p>Arguments: a file outside whose text is {@code <secret/>} in its own words, and the port of a server on the loopback
 * interface; 0 to leave out the network and the properties.
 */
public class Lured {
    static final PrintStream OUT = System.out;

    interface Attack {
        Object run() throws Throwable;
    }

    static synchronized void attempt(String what, Attack attack) {
        String outcome = "gave nothing";
        try {
            Object result = attack.run();
            if (result != null) outcome = "gave " + result;
        } catch (Throwable e) {
            outcome = text(e);
        }
        OUT.println(what + ": " + outcome.replace('\n', ' '));
    }

    /** The refusal in a chain of causes, or the exception itself. */
    static String text(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable e = thrown; e != null && seen.add(e); e = e.getCause()) {
            if (String.valueOf(e.getMessage()).contains("is not granted (--allow-")) return "refused " + e.getMessage();
        }
        return thrown.toString();
    }

    public static void main(String[] args) throws Exception {
        String path = args[0];
        int port = Integer.parseInt(args[1]);
        files(path);
        later(path);
        // Where everything is granted, nobody answers there.
        if (port == 0) return;
        properties(path);
        network(port);
    }

    // ---- B16: through the library

    static void files(String path) {
        attempt("URL", () -> new URL("file:" + path).openStream().read());
        attempt("jar URL", () -> new URL("jar:file:" + path + "!/x").openStream().read());
        attempt("connection", () -> new URL("file:" + path).openConnection().getContentLength());
        attempt("class loader", () -> new URLClassLoader(new URL[] {new URL("file:" + path)}).loadClass("X"));
        attempt("class loader, resource", () -> new URLClassLoader(new URL[] {new File(path).getParentFile().toPath().toUri().toURL()})
                .getResourceAsStream("outside.xml"));
        attempt("resource bundle", () -> ResourceBundle.getBundle("outside", Locale.ROOT, new URLClassLoader(
                new URL[] {new URL("file:" + Path.of(path).getParent() + "/")})));
        attempt("service loader", () -> ServiceLoader.load(Runnable.class, new URLClassLoader(
                new URL[] {new URL("file:" + Path.of(path).getParent() + "/")})).findFirst().isPresent());
        attempt("scanner", () -> new Scanner(new File(path)).next());
        attempt("lines", () -> Files.lines(Path.of(path)).count());
        attempt("parallel", () -> IntStream.range(0, 4).parallel().mapToObj(i -> new File(path).exists()).toList());
        attempt("XML entity", () -> xml(path, "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:" + path + "'>]><a>&e;</a>"));
        attempt("XML DTD", () -> xml(path, "<!DOCTYPE a SYSTEM 'file:" + path + "'><a/>"));
        attempt("XInclude", () -> {
            var factory = javax.xml.parsers.DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setXIncludeAware(true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(("<a xmlns:xi='http://www.w3.org/2001/XInclude'>"
                    + "<xi:include href='file:" + path + "' parse='text'/></a>").getBytes())).getDocumentElement().getTextContent();
        });
        attempt("XSLT", () -> {
            var source = new javax.xml.transform.stream.StreamSource(new StringReader(
                    "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                            + "<xsl:template match='/'><xsl:copy-of select=\"document('file:" + path + "')\"/></xsl:template></xsl:stylesheet>"));
            var out = new StringWriter();
            javax.xml.transform.TransformerFactory.newInstance().newTransformer(source).transform(
                    new javax.xml.transform.stream.StreamSource(new StringReader("<a/>")), new javax.xml.transform.stream.StreamResult(out));
            return out.toString().contains("secret");
        });
        attempt("schema", () -> javax.xml.validation.SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema").newSchema(new File(path)));
        attempt("log handler", () -> new java.util.logging.FileHandler(path + ".log"));
        attempt("log configuration", () -> {
            System.setProperty("java.util.logging.config.file", path);
            java.util.logging.LogManager.getLogManager().readConfiguration();
            return null;
        });
        attempt("preferences", () -> {
            var node = java.util.prefs.Preferences.userRoot().node("carafe");
            node.put("a", "b");
            node.flush();
            return null;
        });
        attempt("key store", () -> KeyStore.getInstance(new File(path), "x".toCharArray()));
        attempt("key store builder", () -> KeyStore.Builder.newInstance(new File(path), new KeyStore.PasswordProtection(null)).getKeyStore());
        attempt("certificate", () -> java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(path)));
        attempt("policy", () -> java.security.cert.CertStore.getInstance("Collection",
                new java.security.cert.CollectionCertStoreParameters(List.of())).getCertificates(null).size());
        attempt("zip", () -> new java.util.zip.ZipFile(path));
        attempt("zip file system", () -> FileSystems.newFileSystem(Path.of(path), Map.of("create", "true")));
        attempt("print stream", () -> new PrintStream(path));
        attempt("formatter", () -> new Formatter(path));
        attempt("temporary", () -> Files.createTempFile("a", "b"));
        attempt("temporary, old", () -> File.createTempFile("aaa", "b"));
        attempt("heap dump", () -> {
            var bean = java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class);
            bean.dumpHeap(path + ".hprof", true);
            return null;
        });
        attempt("thread dump", () -> {
            var bean = java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class);
            bean.dumpThreads(path + ".threads", com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            return null;
        });
        attempt("compiler", () -> javax.tools.ToolProvider.getSystemJavaCompiler() == null ? null
                : javax.tools.ToolProvider.getSystemJavaCompiler().run(null, OutputStream.nullOutputStream(),
                        OutputStream.nullOutputStream(), "-d", Path.of(path).getParent().toString(), path) != 0 ? null : "compiled");
        attempt("naming", () -> new javax.naming.InitialContext(new Hashtable<>(Map.of("java.naming.factory.initial",
                "com.sun.jndi.ldap.LdapCtxFactory", "java.naming.provider.url", "ldap://127.0.0.1:9/"))).lookup("x"));
        attempt("script", () -> new javax.script.ScriptEngineManager().getEngineByName("js"));
        attempt("file type", () -> Files.probeContentType(Path.of(path)));
        attempt("delete on exit", () -> {
            new File(path).deleteOnExit();
            return null;
        });
    }

    static Object xml(String path, String text) throws Exception {
        return javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes())).getDocumentElement().getTextContent().contains("secret") ? "the secret" : null;
    }

    // ---- B16: later, or on somebody else's thread

    static Object read(String path) throws IOException {
        return Files.readString(Path.of(path));
    }

    static class Finalized {
        final String path;
        final CountDownLatch done;

        Finalized(String path, CountDownLatch done) {
            this.path = path;
            this.done = done;
        }

        @Override
        @SuppressWarnings("removal")
        protected void finalize() {
            attempt("finalizer", () -> read(path));
            done.countDown();
        }
    }

    static void later(String path) throws Exception {
        CountDownLatch finalized = new CountDownLatch(1), cleaned = new CountDownLatch(1), timed = new CountDownLatch(1);
        make(path, finalized);
        Cleaner.create().register(new Object(), () -> {
            attempt("cleaner", () -> read(path));
            cleaned.countDown();
        });
        for (int i = 0; i < 100 && (finalized.getCount() > 0 || cleaned.getCount() > 0); i++) {
            System.gc();
            Thread.sleep(20);
        }
        finalized.await();
        cleaned.await();
        java.util.Timer timer = new java.util.Timer(true);
        timer.schedule(new TimerTask() {
            @Override
            public void run() {
                attempt("timer", () -> read(path));
                timed.countDown();
            }
        }, 1);
        timed.await();
        attempt("common pool", () -> ForkJoinPool.commonPool().submit(() -> read(path)).get());
        attempt("completable future", () -> CompletableFuture.supplyAsync(() -> {
            try {
                return read(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).get());
        Thread virtual = Thread.ofVirtual().start(() -> attempt("virtual thread", () -> read(path)));
        virtual.join();
        Thread thread = new Thread(() -> {
            throw new IllegalStateException();
        });
        thread.setUncaughtExceptionHandler((t, e) -> attempt("uncaught handler", () -> read(path)));
        thread.start();
        thread.join();
        attempt("privileged", () -> AccessController.doPrivileged((PrivilegedExceptionAction<Object>) () -> read(path)));
        attempt("printing an error", () -> {
            new Exception() {
                @Override
                public String toString() {
                    attempt("toString", () -> read(path));
                    return "x";
                }
            }.printStackTrace(new PrintStream(OutputStream.nullOutputStream()));
            return null;
        });
        attempt("a path that changes its mind", () -> {
            // The name is asked for more than once.
            var hostile = new File("x") {
                int asked;

                @Override
                public String getPath() {
                    return asked++ % 2 == 0 ? "/user" : path;
                }

                @Override
                public String getAbsolutePath() {
                    return getPath();
                }
            };
            for (int i = 0; i < 4; i++) {
                try {
                    return new FileInputStream(hostile).read();
                } catch (SecurityException e) {
                    continue;
                }
            }
            throw new SecurityException("it is not granted (--allow-read)");
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> attempt("shutdown hook", () -> read(path))));
    }

    static void make(String path, CountDownLatch done) {
        new Finalized(path, done);
    }

    // ---- B17, B18: properties steer nothing

    static void properties(String path) {
        String folder = Path.of(path).getParent().toString();
        for (String name : List.of("java.home", "java.io.tmpdir", "user.dir", "user.home", "sun.boot.library.path", "java.library.path",
                "java.class.path", "jdk.module.path", "java.security.properties", "java.security.policy", "java.locale.providers",
                "javax.net.ssl.trustStore", "javax.net.ssl.keyStore", "sun.zoneinfo.dir", "jdk.net.hosts.file",
                "java.net.useSystemProxies", "file.encoding", "securerandom.source")) {
            System.setProperty(name, name.equals("jdk.net.hosts.file") || name.contains("Store") || name.startsWith("java.security")
                    ? path : folder);
        }
        attempt("user.dir", () -> new File("outside.xml").exists());
        attempt("user.dir, new", () -> Files.exists(Path.of("outside.xml")));
        attempt("java.io.tmpdir", () -> File.createTempFile("aaa", "b"));
        attempt("trust store", () -> {
            var factory = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            return null;
        });
        attempt("java.home", () -> new java.util.Properties() {{
            load(new FileInputStream(System.getProperty("java.home") + "/outside.xml"));
        }});
        attempt("library path", () -> {
            System.loadLibrary("outside");
            return null;
        });
        attempt("time zone", () -> TimeZone.getTimeZone("Europe/Berlin").getRawOffset() == 3_600_000 ? null : "wrong");
        attempt("hosts file", () -> InetAddress.getByName("some.host.example"));
        attempt("service", () -> Security.insertProviderAt(new Provider("Mine", "1", "") {}, 1) > 0 ? null : "refused");
    }

    // ---- B26: the network

    static void network(int port) {
        attempt("socket", () -> new Socket("127.0.0.1", port));
        attempt("socket, name", () -> new Socket("localhost", port));
        attempt("socket, IPv6", () -> new Socket("::1", port));
        attempt("socket, mapped", () -> new Socket("::ffff:127.0.0.1", port));
        attempt("socket, decimal", () -> new Socket("2130706433", port));
        attempt("channel", () -> SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
        attempt("asynchronous", () -> AsynchronousSocketChannel.open().connect(new InetSocketAddress("127.0.0.1", port)).get());
        attempt("datagram", () -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                return channel.send(java.nio.ByteBuffer.wrap(new byte[1]), new InetSocketAddress("127.0.0.1", port));
            }
        });
        attempt("datagram socket", () -> new DatagramSocket());
        attempt("multicast", () -> new MulticastSocket(null).getReuseAddress() ? join() : join());
        attempt("unix", () -> SocketChannel.open(UnixDomainSocketAddress.of("/run/x")));
        attempt("unix, abstract", () -> SocketChannel.open(UnixDomainSocketAddress.of("\0abstract")));
        attempt("unix server", () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of("/tmp/x")));
        attempt("server", () -> new ServerSocket(0));
        attempt("server channel", () -> ServerSocketChannel.open().bind(null));
        attempt("asynchronous server", () -> AsynchronousServerSocketChannel.open().bind(null));
        attempt("HTTP server", () -> com.sun.net.httpserver.HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0));
        attempt("HTTP client", () -> HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(), HttpResponse.BodyHandlers.ofString()).body());
        attempt("URL", () -> new URL("http://127.0.0.1:" + port + "/").openStream().read());
        attempt("URL, proxy", () -> new URL("http://a.example/").openConnection(
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", port))).getInputStream().read());
        attempt("socks", () -> {
            Socket socket = new Socket(new Proxy(Proxy.Type.SOCKS, new InetSocketAddress("127.0.0.1", port)));
            socket.connect(new InetSocketAddress("127.0.0.2", 80));
            return "connected";
        });
        attempt("ftp", () -> new URL("ftp://127.0.0.1:" + port + "/").openStream().read());
        attempt("lookup", () -> InetAddress.getByName("secret-in-a-label.example"));
        attempt("reverse", () -> InetAddress.getByAddress(new byte[] {10, 1, 2, 3}).getCanonicalHostName().equals("10.1.2.3") ? null : "named");
        attempt("reachable", () -> InetAddress.getByAddress(new byte[] {127, 0, 0, 1}).isReachable(100));
        attempt("interfaces", () -> NetworkInterface.getNetworkInterfaces().hasMoreElements() ? "some" : null);
        attempt("inherited", System::inheritedChannel);
        attempt("local host", () -> InetAddress.getLocalHost().getHostAddress().equals("127.0.0.1") ? null : "known");
        attempt("port 0", () -> new Socket("127.0.0.1", 0));
    }

    static Object join() throws IOException {
        try (MulticastSocket socket = new MulticastSocket(null)) {
            socket.joinGroup(InetAddress.getByName("224.0.0.1"));
            return "joined";
        }
    }
}

import java.util.concurrent.Callable;

/** Tries the parts of the library that look into a machine or change it. */
public class Doors {
    public static void main(String[] args) {
        attempt("attach", () -> Class.forName("com.sun.tools.attach.VirtualMachine").getMethod("attach", String.class)
                .invoke(null, "2"));
        attempt("attach, list", () -> Class.forName("sun.tools.attach.HotSpotVirtualMachine").getDeclaredConstructors()[0]
                .newInstance(null, "1"));
        attempt("debugger", () -> Class.forName("com.sun.tools.jdi.VirtualMachineManagerImpl").getMethod("virtualMachineManager")
                .invoke(null));
        attempt("compiler interface", () -> Class.forName("jdk.vm.ci.runtime.JVMCI").getMethod("getRuntime").invoke(null));
        attempt("serviceability", () -> Class.forName("sun.jvm.hotspot.HotSpotAgent").getConstructor().newInstance());
        attempt("internal unsafe", () -> Class.forName("jdk.internal.misc.Unsafe").getMethod("getUnsafe").invoke(null));
        attempt("internal access", () -> Class.forName("jdk.internal.access.SharedSecrets").getMethod("getJavaLangAccess")
                .invoke(null));
        attempt("signals inside", () -> Class.forName("jdk.internal.misc.Signal").getMethod("raise",
                Class.forName("jdk.internal.misc.Signal")).invoke(null, (Object) null));
        attempt("agent", () -> Class.forName("sun.instrument.InstrumentationImpl").getMethod("loadAgent", String.class)
                .invoke(null, "x.jar"));
        attempt("linker", () -> {
            var linker = java.lang.foreign.Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow("getpid"),
                    java.lang.foreign.FunctionDescriptor.of(java.lang.foreign.ValueLayout.JAVA_INT)).invoke();
        });
        attempt("library lookup", () -> java.lang.foreign.SymbolLookup.libraryLookup("libc.so.6",
                java.lang.foreign.Arena.global()).find("getpid").isPresent());
    }

    interface Attempt {
        Object call() throws Throwable;
    }

    static void attempt(String what, Attempt attempt) {
        String outcome;
        try {
            outcome = "gave " + attempt.call();
        } catch (Throwable thrown) {
            outcome = thrown.toString();
            for (Throwable e = thrown; e != null; e = e.getCause()) {
                outcome = e.toString();
                if (String.valueOf(e.getMessage()).contains("is not granted (--allow-")) {
                    outcome = "refused " + e.getMessage();
                    break;
                }
            }
        }
        System.out.println(what + ": " + outcome.replace('\n', ' '));
    }
}

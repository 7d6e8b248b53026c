import java.lang.module.*;
import java.util.*;
import java.util.stream.*;

public class Main {
    public static void main(String[] args) throws Exception {
        Module base = Object.class.getModule(), mine = Main.class.getModule(), logging = java.util.logging.Logger.class.getModule();
        System.out.println(base + " " + base.isNamed() + base.getName() + " " + mine.isNamed() + mine.getName() + " " + mine.getDescriptor() + " " + logging + " " + base.getLayer().equals(ModuleLayer.boot()) + " " + mine.getLayer());
        System.out.println(base.isExported("java.util") + " " + base.isExported("jdk.internal.misc") + base.isExported("jdk.internal.misc", ModuleLayer.boot().findModule("jdk.unsupported").get()) + base.isOpen("java.lang") + base.isOpen("java.lang", mine) + base.isExported("no.such.pkg") + mine.isExported("anything") + mine.isOpen("x"));
        System.out.println(mine.canRead(base) + " " + base.canRead(mine) + logging.canRead(base) + base.canRead(logging) + mine.canUse(Runnable.class) + base.canUse(java.nio.file.spi.FileSystemProvider.class));
        ModuleDescriptor d = logging.getDescriptor();
        System.out.println(d.name() + " " + d.isOpen() + d.isAutomatic() + " " + d.requires().stream().map(ModuleDescriptor.Requires::name).sorted().toList() + " " + d.exports().stream().map(ModuleDescriptor.Exports::source).sorted().toList() + " " + d.provides().stream().map(ModuleDescriptor.Provides::service).sorted().toList() + " " + d.packages().contains("java.util.logging") + " " + d.modifiers().size());
        System.out.println(ModuleLayer.boot().findModule("java.xml").isPresent() + " " + ModuleLayer.boot().findModule("no.such").isPresent() + " " + ModuleLayer.boot().modules().stream().anyMatch(m -> m.getName().equals("java.base")) + " " + ModuleLayer.empty().modules().size() + " " + ModuleLayer.boot().parents().size() + " " + (ModuleLayer.boot().findLoader("java.base") == null));
        try (var in = base.getResourceAsStream("java/lang/Object.class")) {
            System.out.println(in.read() == 0xca);
        }
        System.out.println(base.getResourceAsStream("no/such") + " " + (Object.class.getResourceAsStream("Object.class") != null) + " " + Object.class.getResource("/java/lang/Object.class").getProtocol() + " " + base.getPackages().contains("java.lang") + " " + base.getAnnotations().length);
        ModuleReference ref = ModuleFinder.ofSystem().find("java.logging").get();
        try (ModuleReader r = ref.open()) {
            System.out.println(r.find("java/util/logging/Logger.class").isPresent() + " " + r.list().filter(n -> n.equals("module-info.class")).count());
        }
        mine.addReads(logging).addExports("any", base).addOpens("any", base).addUses(Runnable.class);
        for (Runnable r : new Runnable[] {() -> base.addExports("java.lang", mine), () -> base.addOpens("java.lang", mine), () -> base.addReads(mine), () -> ModuleLayer.boot().findLoader("no.such"), () -> ModuleDescriptor.newModule("bad-name"), () -> ModuleDescriptor.newModule("m").exports("a").exports("a"), () -> ModuleLayer.defineModulesWithOneLoader(Configuration.resolve(ModuleFinder.of(), List.of(ModuleLayer.boot().configuration()), ModuleFinder.of(), Set.of("missing")), List.of(ModuleLayer.boot()), null)}) {
            try {
                r.run();
                System.out.println("fine");
            } catch (RuntimeException e) {
                System.out.println((e.getClass().getSimpleName() + " " + e.getMessage()).replaceAll("@[0-9a-f]+", "@"));
            }
        }
        ModuleDescriptor built = ModuleDescriptor.newModule("my.mod", Set.of(ModuleDescriptor.Modifier.OPEN)).version("1.2").requires("java.sql").exports("a.b").packages(Set.of("c")).mainClass("a.b.Main").build();
        System.out.println(built.isOpen() + " " + built.requires().stream().map(Object::toString).sorted().toList() + " " + built.toNameAndVersion() + " " + built.packages().stream().sorted().toList() + built.mainClass().get() + " " + ModuleDescriptor.Version.parse("1.10").compareTo(ModuleDescriptor.Version.parse("1.9")));
        System.out.println(Class.forName(base, "java.util.List") + " " + Class.forName(base, "no.Such") + " " + Class.forName(mine, "Main"));
    }
}

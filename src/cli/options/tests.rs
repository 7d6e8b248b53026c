//! Whole command lines against what `java` 25 makes of them, on a made-up machine.

use std::collections::HashMap;
use std::io;

use carafe_vm::log::{Level, TagSet};

use carafe::Kind;

use super::*;

#[derive(Default)]
struct Machine {
    /// Not called `java`.
    wary: bool,
    variables: HashMap<&'static str, &'static str>,
    files: HashMap<&'static str, &'static str>,
    directories: HashMap<&'static str, Vec<&'static str>>,
}

impl Host for Machine {
    fn is_like_java(&self) -> bool {
        !self.wary
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).map(OsString::from)
    }

    fn exists(&self, path: &Path) -> bool {
        !path.as_os_str().to_string_lossy().contains("absent")
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        let text = path.to_str().and_then(|path| self.files.get(path)).ok_or(io::ErrorKind::NotFound)?;
        Ok(text.as_bytes().to_vec())
    }

    fn list_directory(&self, path: &Path) -> Vec<OsString> {
        let names = path.to_str().and_then(|path| self.directories.get(path));
        names.into_iter().flatten().map(OsString::from).collect()
    }
}

impl Machine {
    fn variable(mut self, name: &'static str, value: &'static str) -> Machine {
        self.variables.insert(name, value);
        self
    }

    fn file(mut self, name: &'static str, text: &'static str) -> Machine {
        self.files.insert(name, text);
        self
    }

    /// The words of `line`, split at blanks; `''` is an empty word.
    fn parse(&self, line: &str) -> Result<LaunchOptions, UsageError> {
        let words = line.split_whitespace().map(|word| OsString::from(if word == "''" { "" } else { word }));
        super::parse(words.collect::<Vec<_>>(), self)
    }

    #[track_caller]
    fn read(&self, line: &str) -> LaunchOptions {
        self.parse(line).unwrap_or_else(|error| panic!("{line}: {error}"))
    }
}

#[track_caller]
fn read(line: &str) -> LaunchOptions {
    Machine::default().read(line)
}

#[track_caller]
fn check_error(line: &str, message: &str) {
    let error = Machine::default().parse(line).expect_err(line);
    assert_eq!(error.message, message, "{line}");
    assert!(!error.message.contains('\n'), "one line: {line}");
}

fn property<'o>(options: &'o LaunchOptions, key: &str) -> Option<&'o str> {
    let mut found = options.properties.iter().filter(|(name, _)| name == key);
    let value = found.next().map(|(_, value)| value.as_str());
    assert_eq!(found.next(), None, "{key} twice");
    value
}

#[track_caller]
fn check_property(line: &str, key: &str, value: &str) {
    assert_eq!(property(&read(line), key), Some(value), "{key} of: {line}");
}

fn args(options: &LaunchOptions) -> Vec<&str> {
    options.args.iter().map(|arg| arg.to_str().unwrap()).collect()
}

#[test]
fn main_class() {
    let options = read("-cp out P a -cp x --version");
    assert_eq!(options.action, Action::RunClass("P".into()));
    assert_eq!(args(&options), ["a", "-cp", "x", "--version"]);
    assert_eq!(property(&options, "java.class.path"), Some("out"));
    assert_eq!(property(&options, "sun.java.command"), Some("P a -cp x --version"));
    assert_eq!(property(&options, "sun.java.launcher"), Some("SUN_STANDARD"));
    assert_eq!(property(&options, "jdk.boot.class.path.append"), Some(""));
    assert_eq!(options.notes, Vec::<String>::new());
    let launch = options.launch().unwrap();
    assert_eq!((launch.mode, launch.what.to_str().unwrap(), launch.args.len()), (1, "P", 4));
    assert_eq!(read("-cp out ''").action, Action::RunClass(String::new()));
}

#[test]
fn jar() {
    let options = read("-cp ignored -jar -Xint p.jar x @y");
    assert_eq!(options.action, Action::RunJar("p.jar".into()));
    assert_eq!(args(&options), ["x", "@y"]);
    assert_eq!(property(&options, "java.class.path"), Some("p.jar"));
    assert_eq!(property(&options, "sun.java.command"), Some("p.jar x @y"));
    assert_eq!(options.vm.execution, Execution::InterpretOnly);
    assert_eq!(options.launch().unwrap().mode, 2);
    check_error("-jar", "Error: -jar requires jar file specification");
    check_error("-jar -Xint", "Error: -jar requires jar file specification");
}

#[test]
fn module() {
    for line in [
        "-p mods -m m.x/px.P q",
        "--module-path=mods --module=m.x/px.P q",
        "--module-path mods --module m.x/px.P q",
    ] {
        let options = read(line);
        assert_eq!(options.action, Action::RunModule("m.x/px.P".into()), "{line}");
        assert_eq!(args(&options), ["q"]);
        assert_eq!(property(&options, "jdk.module.main"), Some("m.x"));
        assert_eq!(property(&options, "jdk.module.path"), Some("mods"));
        assert_eq!(property(&options, "java.class.path"), Some(""));
        assert_eq!(property(&options, "sun.java.command"), Some("m.x/px.P q"));
        assert_eq!(options.launch().unwrap().mode, 3);
    }
    let options = read("-m m.x -p mods -jar p.jar");
    assert_eq!(options.action, Action::RunModule("m.x".into()));
    assert_eq!(args(&options), ["-p", "mods", "-jar", "p.jar"]);
    check_property("-cp out -m m.x", "java.class.path", "out");
}

#[test]
fn source_file() {
    let options = read("-ea P.java q");
    assert_eq!(options.action, Action::RunSource("P.java".into()));
    assert_eq!(property(&options, "java.class.path"), Some("."));
    assert_eq!(property(&options, "jdk.module.addmods.0"), Some("ALL-DEFAULT"));
    assert_eq!(property(&options, "sun.java.launcher.mode"), Some("source"));
    assert_eq!(
        property(&options, "sun.java.command"),
        Some("jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher P.java q")
    );
    assert_eq!(options.vm.arguments, ["-ea", "--add-modules=ALL-DEFAULT"]);
    let launch = options.launch().unwrap();
    assert_eq!((launch.mode, launch.what.to_str().unwrap()), (4, SOURCE_LAUNCHER));
    assert_eq!(launch.args, ["P.java", "q"]);

    assert_eq!(read("-cp out P.java").action, Action::RunSource("P.java".into()));
    assert_eq!(read("absent.java").action, Action::RunClass("absent.java".into()));
    let options = read("--add-modules java.sql --source 25 script q");
    assert_eq!(options.action, Action::RunSource("script".into()));
    assert_eq!(property(&options, "jdk.internal.javac.source"), Some("25"));
    assert_eq!(property(&options, "jdk.module.addmods.1"), Some("ALL-DEFAULT"));
    // Only the word in the program's place names a source file.
    assert_eq!(read("-jar x.java").action, Action::RunJar("x.java".into()));
    check_error("--source 25 -jar p.jar", "Error: Option -jar is not allowed with --source");
    check_error("-jar --source 25 p.jar", "Error: Option -jar is not allowed with --source");
    check_error("--source 25 -m m.x", "Error: Option -m is not allowed with --source");
}

#[test]
fn class_path() {
    check_property("P", "java.class.path", ".");
    check_property("-cp '' P", "java.class.path", "");
    check_property("--class-path= P", "java.class.path", "");
    check_property("-classpath a -cp b P", "java.class.path", "b");
    check_property("--class-path=a:b P", "java.class.path", "a:b");
    check_property("--class-path a P", "java.class.path", "a");
    check_property("-Djava.class.path=d P", "java.class.path", "d");
    check_property("-cp c -Djava.class.path=d P", "java.class.path", "d");
    check_property("-Djava.class.path=d -cp c P", "java.class.path", "c");
    check_property("-cp :a:: P", "java.class.path", ":a::");
    let machine = Machine::default().variable("CLASSPATH", "env");
    for (line, path) in [
        ("P", "env"),
        ("-cp c P", "c"),
        ("-Djava.class.path=d P", "d"),
        ("-jar p.jar", "p.jar"),
        ("-m m", "env"),
    ] {
        assert_eq!(property(&machine.read(line), "java.class.path"), Some(path), "{line}");
    }
}

#[test]
fn class_path_wildcards() {
    let mut machine = Machine::default().variable("CLASSPATH", "lib/*:");
    machine.directories.insert("lib/", vec!["b.JAR", "a.jar", "c.txt", "d.Jar", ".h.jar"]);
    machine.directories.insert(".", vec!["here.jar"]);
    for (line, path) in [
        ("P", "lib/.h.jar:lib/a.jar:lib/b.JAR:"),
        ("-cp x:lib/*:y:none/*:z* P", "x:lib/.h.jar:lib/a.jar:lib/b.JAR:y:none/*:z*"),
        ("-cp *:out P", "here.jar:out"),
        ("-Djava.class.path=lib/* P", "lib/*"),
    ] {
        assert_eq!(property(&machine.read(line), "java.class.path"), Some(path), "{line}");
    }
}

#[test]
fn module_options_become_properties() {
    let options = read(
        "--add-modules=java.sql --add-modules java.xml --add-exports a/b=c --add-opens=d/e=f --add-opens g/h=i --add-reads=j=k \
         --limit-modules x --limit-modules=java.base --upgrade-module-path u --enable-native-access ALL-UNNAMED \
         --illegal-native-access=deny --patch-module m=p1:p2 --patch-module=n=q -Xbootclasspath/a:aa:ab -Xbootclasspath/a:bb \
         --sun-misc-unsafe-memory-access=warn --enable-preview --finalization=disabled P",
    );
    for (key, value) in [
        ("jdk.module.addmods.0", "java.sql"),
        ("jdk.module.addmods.1", "java.xml"),
        ("jdk.module.addexports.0", "a/b=c"),
        ("jdk.module.addopens.0", "d/e=f"),
        ("jdk.module.addopens.1", "g/h=i"),
        ("jdk.module.addreads.0", "j=k"),
        ("jdk.module.limitmods", "java.base"),
        ("jdk.module.upgrade.path", "u"),
        ("jdk.module.enable.native.access.0", "ALL-UNNAMED"),
        ("jdk.module.illegal.native.access", "deny"),
        ("jdk.module.patch.0", "m=p1:p2"),
        ("jdk.module.patch.1", "n=q"),
        ("jdk.boot.class.path.append", "aa:ab:bb"),
        ("sun.misc.unsafe.memory.access", "warn"),
    ] {
        assert_eq!(property(&options, key), Some(value), "{key}");
    }
    assert_eq!(options.vm.patch_modules, [("m".into(), "p1:p2".into()), ("n".into(), "q".into())]);
    assert_eq!(options.vm.boot_append, ["aa", "ab", "bb"]);
    assert!(options.vm.enable_preview && options.vm.finalization_off);
    assert_eq!(
        options.vm.arguments[..4],
        ["--add-modules=java.sql", "--add-modules=java.xml", "--add-exports=a/b=c", "--add-opens=d/e=f"]
    );
}

#[test]
fn values_that_are_missing() {
    for name in ["-cp", "-classpath", "--class-path"] {
        let message = format!("Error: {name} requires class path specification");
        check_error(name, &message);
        check_error(&format!("{name} -x P"), &message);
    }
    check_error("-m", "Error: -m requires module name");
    check_error("-m -x", "Error: -m requires module name");
    check_error("-m ''", "Error: -m requires module name");
    check_error("--module= P", "Error: --module= requires module name");
    check_error("-d", "Error: -d requires module name");
    check_error("-p '' P", "Error: -p requires module path specification");
    check_error("--module-path= P", "Error: --module-path= requires module path specification");
    check_error("--add-opens -x P", "Error: --add-opens requires modules to be specified");
    check_error("--add-modules= P", "Error: --add-modules= requires modules to be specified");
    check_error("--source= P", "Error: --source= requires source version");
    check_error("--patch-module=a P", "Missing '=' in --patch-module specification");
}

#[test]
fn unknown_options() {
    for word in [
        "-Zfoo",
        "--foo",
        "--foo=bar",
        "-Xfoo",
        "-",
        "--",
        "-classpath=out",
        "-cp=out",
        "-ea...",
        "-eaP",
        "-XX",
        "-X:",
        "-J-Xmx1g",
        "-d64",
        "--add-opensx=y",
        "-Xintx",
        "--allow-everything",
        "-Ax",
    ] {
        check_error(&format!("{word} P"), &format!("Unrecognized option: {word}"));
    }
    check_error("-Zfoo -version", "Unrecognized option: -Zfoo");
    check_error("-Zfoo", "Unrecognized option: -Zfoo");
    check_error("-XX:+Foo P", "Unrecognized VM option 'Foo'");
    read("-XX:+IgnoreUnrecognizedVMOptions -Zfoo --zoo -XX:Foo=2 P");
    read("-Zfoo -XX:+IgnoreUnrecognizedVMOptions P");
    check_error("-XX:+IgnoreUnrecognizedVMOptions -Xmxq P", "Invalid maximum heap size: -Xmxq");
    check_error("-javaagent:a.jar P", "carafe loads no agents: please leave out -javaagent:a.jar");
    let nothing =
        "Error: nothing to run: name a main class, a .java file, -jar FILE or -m MODULE (see carafe --help)";
    check_error("", nothing);
    check_error("-cp out", nothing);
    check_error("--source 25", nothing);
}

#[test]
fn errors_are_reported_as_by_the_part_of_java_that_finds_them() {
    let report = |line: &str| Machine::default().parse(line).expect_err(line).report();
    assert_eq!(report("-cp"), (String::new(), "Error: -cp requires class path specification\n".into()));
    assert_eq!(
        report("-Zfoo P"),
        (
            String::new(),
            "Unrecognized option: -Zfoo\nError: Could not create the Java Virtual Machine.\n\
             Error: A fatal exception has occurred. Program will exit.\n"
                .into()
        )
    );
    assert_eq!(
        report("-Xmx1k P"),
        ("Error occurred during initialization of VM\nToo small maximum heap\n".into(), String::new())
    );
}

#[test]
fn sizes() {
    let vm = read("-Xms16m -Xmx1g -Xss2m P").vm;
    assert_eq!(
        (vm.heap_bytes_initial, vm.heap_bytes_max, vm.stack_bytes),
        (Some(16 << 20), Some(1 << 30), Some(2 << 20))
    );
    let vm = read("-Xms0 -Xss0 -Xmx3g -Xmx2g P").vm;
    assert_eq!((vm.heap_bytes_initial, vm.heap_bytes_max, vm.stack_bytes), (None, Some(2 << 30), None));
    for word in ["-Xmx", "-Xmx0", "-Xmxabc", "-Xmx100m1"] {
        check_error(&format!("{word} P"), &format!("Invalid maximum heap size: {word}"));
    }
    check_error("-Xms P", "Invalid initial heap size: -Xms");
    check_error("-Xmn1q P", "Invalid initial young generation size: -Xmn1q");
    check_error("-Xmx1k P", "Too small maximum heap");
    check_error("-Xms3g -Xmx1g P", "Initial heap size set to a larger value than the maximum heap size");
    for word in ["-Xss", "-Xssabc", "-Xss2g"] {
        check_error(&format!("{word} P"), &format!("Invalid thread stack size: {word}"));
    }
    check_error("-Xss1k P", "The Java thread stack size specified is too small. Specify at least 136k");
}

#[test]
fn flags() {
    let options = read(
        "-XX:+UseG1GC -XX:MaxHeapSize=64m -XX:InitialHeapSize=8m -XX:ThreadStackSize=512 -XX:GCStressStride=7 -XX:+GCStressBoot -XX:+VerifyHeap \
         -XX:ActiveProcessorCount=3 -XX:MaxDirectMemorySize=10m -XX:MaxRAMPercentage=12.5 -XX:+DisableExplicitGC P",
    );
    let vm = &options.vm;
    assert_eq!(
        (vm.heap_bytes_max, vm.heap_bytes_initial, vm.stack_bytes),
        (Some(64 << 20), Some(8 << 20), Some(512 << 10))
    );
    assert_eq!((vm.stress_stride, vm.verify_heap, vm.processors), (Some(7), true, Some(3)));
    assert!(vm.stress_boot);
    assert_eq!((vm.heap_percent_max, vm.explicit_gc_off), (Some(12.5), true));
    assert_eq!(property(&options, "sun.nio.MaxDirectMemorySize"), Some("10485760"));
    let vm = read("-Xmn4m -XX:VerifyHeapInterval=9 -XX:MaxGCPauseMillis=20 -XX:ParallelGCThreads=3 P").vm;
    assert_eq!((vm.eden_bytes, vm.verify_heap_every), (Some(4 << 20), 9));
    assert_eq!((vm.pause_millis, vm.gc_threads), (Some(20), Some(3)));
    let vm = read("-XX:MaxMetaspaceSize=48m -XX:MetaspaceSize=2m P").vm;
    assert_eq!((vm.metaspace_bytes_max, vm.metaspace_bytes_first), (Some(48 << 20), Some(2 << 20)));
    let vm = read("-XX:+VerifyHeap -XX:-VerifyHeap -XX:GCStressStride=5 -XX:GCStressStride=0 P").vm;
    assert_eq!((vm.stress_stride, vm.verify_heap), (None, false));
    assert_eq!((vm.checks, vm.steps_max), (None, None));
    assert_eq!(read("-XX:SafepointDelays=77 P").vm.safepoint_delays, Some(77));
    assert_eq!(read("-XX:SafepointDelays=0 P").vm.safepoint_delays, None);
    let vm = read("-XX:-CheckInterpreter -XX:MaxSteps=500 P").vm;
    assert_eq!((vm.checks, vm.steps_max), (Some(false), Some(500)));
    assert_eq!(read("-XX:MaxSteps=5 -XX:MaxSteps=0 P").vm.steps_max, None);
    assert_eq!(vm.continuations, None);
    let vm = read("-XX:+UnlockExperimentalVMOptions -XX:-VMContinuations P").vm;
    assert_eq!(vm.continuations, Some(false));
}

#[test]
fn properties() {
    let options = read("-Dx -Da=b=c -Dx=1 -D -D=v -Dx=2 -De= P");
    let named: Vec<_> =
        options.properties.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(named[..3], [("x", "2"), ("a", "b=c"), ("e", "")]);
    assert_eq!(property(&options, ""), None);
    for key in [
        "addmods.0",
        "addmods",
        "path",
        "limitmods",
        "upgrade.path",
        "patch.0",
        "addreads.0",
        "enable.native.access.0",
    ] {
        let options = read(&format!("-Djdk.module.{key}=zz --add-modules a P"));
        assert_eq!(options.notes.len(), 1, "{key}");
        assert_eq!(property(&options, "jdk.module.addmods.0"), Some("a"));
    }
    for key in ["main.class", "foo", "pathx", "validation"] {
        check_property(&format!("-Djdk.module.{key}=zz P"), &format!("jdk.module.{key}"), "zz");
    }
}

#[test]
fn assertions() {
    use AssertionScope::{All, Class, Package};
    let vm = read("-ea -da:a.B -enableassertions:c.d... -ea: -disableassertions:... -ea:e/F -esa P").vm;
    let expect = [
        (All, true),
        (Class("a.B".into()), false),
        (Package("c.d".into()), true),
        (All, true),
        (Package(String::new()), false),
        (Class("e.F".into()), true),
    ];
    assert_eq!(vm.assertions, expect.map(|(scope, enable)| AssertionDirective { scope, enable }));
    assert_eq!(vm.system_assertions, Some(true));
    assert_eq!(read("-esa -dsa P").vm.system_assertions, Some(false));
    assert_eq!(read("P").vm.system_assertions, None);
}

#[test]
fn verification_and_logs() {
    assert!(read("-Xverify:all P").vm.verify_all);
    assert!(!read("-Xverify:remote P").vm.verify_all);
    assert_eq!(
        read("-Xverify:none P").notes,
        ["carafe: warning: -Xverify:none is ignored: classes are always verified"]
    );
    assert_eq!(
        read("-XX:-BytecodeVerificationRemote P").notes,
        ["carafe: warning: -XX:-BytecodeVerificationRemote is ignored: classes are always verified"]
    );
    let words = read("-verify P");
    assert!(words.vm.verify_all);
    assert_eq!(
        words.notes,
        ["Warning: -verify option is deprecated and may be removed in a future release."]
    );
    assert!(read("-XX:+BytecodeVerificationLocal P").vm.verify_all);
    check_error("-Xverify:foo P", "Unrecognized verification option: -Xverify:foo");
    let logs = |line: &str| {
        let output = read(line).vm.log.outputs.remove(0);
        [TagSet::ClassLoad, TagSet::Gc].map(|set| output.levels[set as usize] == Level::Info)
    };
    assert_eq!(logs("P"), [false, false]);
    assert_eq!(logs("-verbose P"), [true, false]);
    assert_eq!(logs("-verbose:class -verbose:gc -verbose:foo P"), [true, true]);
    assert_eq!(logs("-Xlog:class+load,gc*=debug:stdout:uptime P"), [true, false]);
    assert_eq!(logs("-verbose:class -Xlog:disable P"), [false, false]);
    assert_eq!(logs("-verbose:gc -Xlog:gc=off P"), [false, false]);
    assert_eq!(read("-Xlog:jit P").vm.log.warnings, ["No tag set matches selection: jit."]);
    check_error("-Xlog:foo P", "Invalid -Xlog option '-Xlog:foo', see error log for details.");
    let log = |line: &str| Machine::default().parse(line).unwrap_err().log;
    assert_eq!(log("-Xlog:foo P").as_deref(), Some("Invalid tag 'foo' in log selection."));
    assert_eq!(log("-Xfoo P"), None);
    let vm = read("-XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath=x -XX:+PrintClassHistogram P").vm;
    assert_eq!((vm.heap_dump, vm.heap_dump_path.as_str(), vm.class_histogram), (true, "x", true));
    check_error("-Xshare:foo P", "Unrecognized option: -Xshare:foo");
}

#[test]
fn information() {
    use Stream::{Err, Out};
    for (line, action) in [
        ("-version foo", Action::Version(Err)),
        ("--version", Action::Version(Out)),
        ("-version -foo -cp", Action::Version(Err)),
        ("--show-version -version", Action::Version(Out)),
        ("-fullversion", Action::FullVersion(Err)),
        ("--full-version", Action::FullVersion(Out)),
        ("-? x", Action::Help { topic: HelpTopic::Common, stream: Err }),
        ("-h", Action::Help { topic: HelpTopic::Common, stream: Err }),
        ("-help", Action::Help { topic: HelpTopic::Common, stream: Err }),
        ("--help", Action::Help { topic: HelpTopic::Common, stream: Out }),
        ("-X", Action::Help { topic: HelpTopic::Extra, stream: Err }),
        ("--help-extra", Action::Help { topic: HelpTopic::Extra, stream: Out }),
        ("--list-natives", Action::ListNatives),
        ("--list-modules P", Action::ListModules),
        ("--list-modules -p mods", Action::ListModules),
        ("-d java.base", Action::DescribeModule("java.base".into())),
        ("--describe-module=java.base --dry-run", Action::DescribeModule("java.base".into())),
        ("--validate-modules", Action::ValidateModules),
        ("--validate-modules -m m.x", Action::ValidateModules),
    ] {
        let options = read(line);
        assert_eq!(options.action, action, "{line}");
        assert_eq!(options.launch(), None, "{line}");
    }
    assert_eq!(read("-showversion P").show_version, Some(Err));
    assert_eq!(read("--show-version P").show_version, Some(Out));
    assert_eq!(read("P").show_version, None);
    assert!(read("--dry-run P").dry_run);
    assert_eq!(read("-XshowSettings:vm P").show_settings.as_deref(), Some("-XshowSettings:vm"));
    assert_eq!(read("-XshowSettings P").show_settings.as_deref(), Some("-XshowSettings"));
    check_property("--validate-modules", "jdk.module.validation", "true");
    check_property("--show-module-resolution P", "jdk.module.showModuleResolution", "true");
    check_property("-Xdiag P", "sun.java.launcher.diag", "true");
}

#[test]
fn argument_files() {
    let machine = Machine::default()
        .file("ok", "-cp out A x y")
        .file("cp", "# comment\n-cp")
        .file("nest", "@ok")
        .file("jar", "-cp out -jar")
        .file("off", "--disable-@files -cp out A @x")
        .file("path", "out");
    for (line, what, expect) in [
        ("@ok @ok", "A", &["x", "y", "@ok"][..]),
        ("@cp out A", "A", &[]),
        ("-cp @path A @@x", "A", &["@@x"]),
        ("@nest", "@ok", &[]),
        ("@@ok", "@ok", &[]),
        ("@", "@", &[]),
        ("@jar p.jar @ok", "p.jar", &["@ok"]),
        ("@off @y", "A", &["@x", "@y"]),
        ("--disable-@files @ok", "@ok", &[]),
        ("A --disable-@files @ok", "A", &["--disable-@files", "@ok"]),
        ("-m m @ok", "m", &["@ok"]),
    ] {
        let options = machine.read(line);
        assert_eq!(options.launch().unwrap().what, what, "{line}");
        assert_eq!(args(&options), expect, "{line}");
    }
    check_error("@none", "Error: could not open `none'");
}

/// What comes from the surroundings counts only if everything is granted on the command line itself.
#[test]
fn surroundings_are_not_trusted() {
    let machine = || Machine { wary: true, ..Machine::default() };
    let names = ["JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"];
    for name in names {
        let with = machine().variable(name, "-Dx=1");
        let options = with.read("-cp a -Xint P -A");
        assert_eq!(property(&options, "x"), None);
        assert_eq!(options.notes, [format!("NOTE: {name} is not read without -A")]);
        for line in ["-A P", "-cp a --allow-all P", "-XX:+UseSerialGC --source 25 -A P"] {
            assert_eq!(property(&with.read(line), "x"), Some("1"), "{line}");
        }
        for line in ["-cp -A P", "P -A", "-m m -A", "--source -A P"] {
            assert!(with.parse(line).is_err() || property(&with.read(line), "x").is_none(), "{line}");
        }
    }
    let files = machine().file("f", "-Dx=1").file("all", "-A");
    let refused = |line: &str| files.parse(line).expect_err(line).message;
    assert_eq!(refused("@f P"), "Error: argument files are not read without -A: @f");
    assert_eq!(refused("@all P"), "Error: argument files are not read without -A: @all");
    assert_eq!(property(&files.read("-A @f P"), "x"), Some("1"));
    assert_eq!(property(&files.read("@f -A P"), "x"), Some("1"));
    assert_eq!(args(&files.read("P @f")), ["@f"]);
    assert_eq!(files.read("@@f").action, Action::RunClass("@f".into()));
}

#[test]
fn default_options() {
    let with =
        |value: &'static str| Machine::default().variable("JDK_JAVA_OPTIONS", value).file("f", "-Dx=file");
    let options = with("-Dx=jdk -cp a").read("-Dy=1 P");
    assert_eq!(options.notes, ["NOTE: Picked up JDK_JAVA_OPTIONS: -Dx=jdk -cp a"]);
    assert_eq!((property(&options, "x"), property(&options, "java.class.path")), (Some("jdk"), Some("a")));
    assert_eq!(property(&with("-Dx=jdk").read("-Dx=line P"), "x"), Some("line"));
    assert_eq!(property(&with("\"@f\"").read("P"), "x"), Some("file"));
    assert_eq!(with("").read("P").notes, ["NOTE: Picked up JDK_JAVA_OPTIONS: "]);
    assert_eq!(with("--list-modules").read("P").action, Action::ListModules);
    assert_eq!(with("--source 25").read("P").action, Action::RunSource("P".into()));
    assert_eq!(with("--disable-@files").read("@f").action, Action::RunClass("@f".into()));
    for (value, message) in [
        ("-jar", "Error: Option -jar is not allowed in environment variable JDK_JAVA_OPTIONS"),
        ("--module=x", "Error: Option --module=x is not allowed in environment variable JDK_JAVA_OPTIONS"),
        ("-version", "Error: Option -version is not allowed in environment variable JDK_JAVA_OPTIONS"),
        ("--dry-run", "Error: Option --dry-run is not allowed in environment variable JDK_JAVA_OPTIONS"),
        ("-h", "Error: Option -h is not allowed in environment variable JDK_JAVA_OPTIONS"),
        ("-A", "Error: Option -A is not allowed in environment variable JDK_JAVA_OPTIONS"),
        (
            "--allow-read=/",
            "Error: Option --allow-read=/ is not allowed in environment variable JDK_JAVA_OPTIONS",
        ),
        ("P", "Error: Cannot specify main class in environment variable JDK_JAVA_OPTIONS"),
        ("''", "Error: Cannot specify main class in environment variable JDK_JAVA_OPTIONS"),
        ("-cp", "Error: -cp requires class path specification"),
        ("-Dx=\"open", "Error: Unmatched quote in environment variable JDK_JAVA_OPTIONS"),
        ("@none", "Error: could not open `none'"),
    ] {
        let error = with(value).parse("-cp out P").expect_err(value);
        assert_eq!(error.message, message);
        assert_eq!(error.notes, [format!("NOTE: Picked up JDK_JAVA_OPTIONS: {value}")]);
    }
}

#[test]
fn vm_options_of_the_environment() {
    let machine = Machine::default()
        .variable("JAVA_TOOL_OPTIONS", "-Dx=tool -Dt=1 --add-modules=a")
        .variable("_JAVA_OPTIONS", "-Dx=under -Xmx8m");
    let options = machine.read("-Dx=line -Dt=2 -Xmx9m --add-modules b P");
    assert_eq!(
        options.notes,
        [
            "Picked up JAVA_TOOL_OPTIONS: -Dx=tool -Dt=1 --add-modules=a",
            "Picked up _JAVA_OPTIONS: -Dx=under -Xmx8m"
        ]
    );
    assert_eq!((property(&options, "x"), property(&options, "t")), (Some("under"), Some("2")));
    assert_eq!(
        (property(&options, "jdk.module.addmods.0"), property(&options, "jdk.module.addmods.1")),
        (Some("a"), Some("b"))
    );
    assert_eq!(options.vm.heap_bytes_max, Some(8 << 20));
    for value in ["-cp out", "-jar x", "P", "-version", "@f", "--add-opens a", "-A", "--allow-all"] {
        let first = value.split(' ').next().unwrap();
        for name in ["JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"] {
            let error = Machine::default().variable(name, value).parse("P").expect_err(value);
            assert_eq!(error.message, format!("Unrecognized option: {first}"));
        }
    }
}

#[test]
fn grants() {
    let grants =
        read("--allow-read=/a,/b --deny-read=/a/c --allow-net --allow-env=HOME P --allow-all").grants;
    let expect = [
        (true, Capability::Of(Kind::Read), &["/a", "/b"][..]),
        (false, Capability::Of(Kind::Read), &["/a/c"]),
        (true, Capability::Of(Kind::Net), &[]),
        (true, Capability::Of(Kind::Env), &["HOME"]),
    ];
    let expect = expect.map(|(allow, capability, values)| Grant {
        allow,
        capability,
        values: values.iter().map(|value| value.to_string()).collect(),
    });
    assert_eq!(grants, expect);
    for line in ["-A P", "--allow-all P"] {
        assert_eq!(read(line).grants, [Grant { allow: true, capability: Capability::All, values: vec![] }]);
    }
    // An empty list must not come out as "without limit".
    for word in ["--allow-read=", "--allow-net=,"] {
        let name = word.trim_end_matches(',');
        check_error(
            &format!("{word} P"),
            &format!("Error: {name} requires what it is limited to, or no '='"),
        );
    }
}

#[test]
fn arguments_keep_their_bytes() {
    use std::os::unix::ffi::OsStringExt;
    let odd = OsString::from_vec(vec![b'a', 0xff]);
    let options = super::parse(["P".into(), odd.clone()], &Machine::default()).unwrap();
    assert_eq!(options.args.as_slice(), std::slice::from_ref(&odd));
    let options = super::parse(["-jar".into(), odd.clone()], &Machine::default()).unwrap();
    assert_eq!(options.action, Action::RunJar(odd.into()));
}

/// Each option that the help names is one: the words that start with a dash, up to the value's place.
#[test]
fn help_names_options_that_exist() {
    let mut seen = 0;
    for topic in [HelpTopic::Common, HelpTopic::Extra, HelpTopic::Grants] {
        let text = help_text(topic);
        assert!(text.lines().count() <= 45, "fits a screen");
        assert!(text.lines().all(|line| line.len() <= 100), "fits a screen");
        for word in text.split([' ', ',', ';', '(', ')', '\n']).filter(|word| word.starts_with('-')) {
            let word = word.split(['[', '|']).next().unwrap().trim_end_matches([':', '.']);
            let word = word.replace("SIZE", "64m").replace("=N", "=3").replace("=P", "=3");
            if let Err(error) = Machine::default().parse(&format!("{word} x=y P")) {
                assert!(!error.message.starts_with("Unrecognized"), "{error}");
            }
            seen += 1;
        }
    }
    assert!(seen > 60, "found only {seen} options");
}

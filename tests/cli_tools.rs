//! `carafe verify` and `carafe dis` as users call them: what they print, and how they exit.
//!
//! The classes are made by the small class-file writer of the class loader's tests, so that each is broken in exactly one
//! way. Deliberately not here: which classes the verifier accepts (tests/negative.rs, tests/verify_diff.rs).

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "casm/mod.rs"]
mod casm;
#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "../classloader/tests/linking/class_file.rs"]
mod class_file;
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use class_file::{ClassFile, PUBLIC, STATIC};

const LIMIT: Duration = Duration::from_secs(120);
const RETURN: u8 = 0xb1;

/// A folder of a test's own, in which commands run.
struct Lab {
    jdk: PathBuf,
    folder: PathBuf,
}

struct Ran {
    out: String,
    err: String,
    exit: String,
}

impl Lab {
    fn new(test: &str) -> Lab {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-tools").join(test);
        // What an earlier run left there.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Lab { jdk, folder }
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn class(&self, folder: &str, name: &str, file: ClassFile) {
        self.write(&format!("{folder}/{name}.class"), &file.bytes());
    }

    /// A jar of what is in a folder, stored without compression.
    fn jar(&self, jar: &str, folder: &str, manifest: Option<&str>) {
        let mut args = vec![if manifest.is_some() { "cfm0" } else { "cfM0" }, jar];
        if let Some(manifest) = manifest {
            self.write("manifest.txt", manifest.as_bytes());
            args.push("manifest.txt");
        }
        args.extend(["-C", folder, "."]);
        let mut command = common::command(self.jdk.join("bin/jar"), &self.jdk);
        let outcome = common::run(command.current_dir(&self.folder).args(args), LIMIT).unwrap();
        assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
    }

    fn run(&self, line: &str) -> Ran {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &self.jdk);
        let outcome = common::run(command.current_dir(&self.folder).args(line.split(' ')), LIMIT).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { out: text(outcome.stdout), err: text(outcome.stderr), exit: outcome.exit }
    }

    /// Runs `carafe verify` and compares all that it prints, the time left out.
    #[track_caller]
    fn verify(&self, line: &str, exit: &str, expected: &str) {
        let ran = self.run(&format!("verify {line}"));
        let out = match ran.out.rsplit_once(", in ") {
            Some((before, time)) => {
                assert!(
                    time.ends_with(" s\n") && time.trim_end_matches(" s\n").parse::<f64>().is_ok(),
                    "{time}"
                );
                format!("{before}\n")
            }
            None => ran.out,
        };
        assert_eq!((out.as_str(), ran.err.as_str(), ran.exit.as_str()), (expected, "", exit), "{line}");
    }
}

fn good(name: &str) -> ClassFile {
    ClassFile::class(name).body("fine", &[RETURN], &[])
}

/// Pops from an empty stack.
fn bad(name: &str) -> ClassFile {
    ClassFile::class(name).body("broken", &[0x57, RETURN], &[])
}

/// The whole message about [`bad`].
fn bad_error(name: &str) -> String {
    format!(
        "java.lang.VerifyError: Operand stack underflow\n\
         Exception Details:\n  Location:\n    {name}.broken()V @0: pop\n  Reason:\n    \
         Attempt to pop empty stack.\n  Current Frame:\n    bci: @0\n    flags: {{ }}\n    locals: {{ }}\n    stack: {{ }}\n  \
         Bytecode:\n    0000000: 57b1                                   \n"
    )
}

#[test]
fn single_files() {
    let lab = Lab::new("single_files");
    lab.class(".", "Good", good("Good"));
    lab.class(".", "Bad", bad("Bad"));
    lab.verify("Good.class", "0", "1 classes: 1 accepted, 0 refused, 0 with missing dependencies\n");
    lab.verify(
        "-v Good.class",
        "0",
        "Good.class: accepted\n1 classes: 1 accepted, 0 refused, 0 with missing dependencies\n",
    );
    let summary = "2 classes: 1 accepted, 1 refused, 0 with missing dependencies\n";
    lab.verify("Good.class Bad.class", "1", &format!("Bad.class: {}\n{summary}", bad_error("Bad")));
    lab.verify("-q Good.class Bad.class", "1", summary);
}

#[test]
fn folders_and_supertypes() {
    let lab = Lab::new("folders");
    lab.class("out/classes", "p/Good", good("p/Good"));
    lab.class("out/classes", "p/Bad", bad("p/Bad"));
    // Sorts before its superclass, and is itself fine.
    lab.class("out/classes", "a/Below", good("a/Below").extends("p/Bad"));
    lab.class("out/classes", "a/AlsoGood", good("a/AlsoGood").extends("p/Good"));
    lab.write("out/classes/notes.txt", b"no class");
    let folder = "out/classes";
    lab.verify(
        "out",
        "1",
        &format!(
            "{folder}/a/Below.class: its supertype p.Bad is refused: java.lang.VerifyError: Operand stack underflow\n\
             {folder}/p/Bad.class: {}\n4 classes: 2 accepted, 2 refused, 0 with missing dependencies\n",
            bad_error("p/Bad")
        ),
    );
    // Alone, a file finds what stands beside it.
    lab.verify("-v out/classes/a/AlsoGood.class", "0", "out/classes/a/AlsoGood.class: accepted\n1 classes: 1 accepted, 0 refused, 0 with missing dependencies\n");
}

#[test]
fn missing_dependencies() {
    let lab = Lab::new("missing");
    lab.class("main", "p/Main", good("p/Main").extends("q/Base"));
    lab.class("main", "p/More", good("p/More").extends("p/Main"));
    lab.class("dep", "q/Base", good("q/Base"));
    lab.class("dep", "q/Bad", bad("q/Bad"));
    let missing = "java.lang.NoClassDefFoundError: q.Base\n";
    let without = format!(
        "main/p/Main.class: {missing}main/p/More.class: {missing}\
         2 classes: 0 accepted, 0 refused, 2 with missing dependencies\n"
    );
    lab.verify("main", "1", &without);
    lab.verify("--ignore-missing main", "0", &without);
    let with = "2 classes: 2 accepted, 0 refused, 0 with missing dependencies\n";
    lab.verify("-cp dep main", "0", with);
    lab.jar("dep.jar", "dep", None);
    lab.verify("--class-path nowhere:dep.jar main", "0", with);
    lab.verify("-cp ./* main", "0", with);
    // A jar names its dependencies, as at run time.
    lab.jar("main.jar", "main", Some("Class-Path: nowhere.jar dep.jar\n"));
    lab.verify("main.jar", "0", with);
}

#[test]
fn jars() {
    let lab = Lab::new("jars");
    lab.class("in", "p/Good", good("p/Good"));
    lab.class("in", "p/Bad", bad("p/Bad"));
    lab.class("in", "p/Other", good("p/Other"));
    lab.write("in/p/Cut.class", &good("p/Cut").bytes()[..60]);
    lab.write("in/p/Empty.class", b"");
    lab.class("in", "p/Wrong", good("p/Right"));
    lab.jar("some.jar", "in", None);
    let format = "java.lang.ClassFormatError: Truncated class file";
    lab.verify(
        "some.jar",
        "1",
        &format!(
            "some.jar!p/Bad.class: {}\nsome.jar!p/Cut.class: {format}\nsome.jar!p/Empty.class: {format}\n\
             some.jar!p/Wrong.class: java.lang.NoClassDefFoundError: p/Wrong (wrong name: p/Right)\n\
             6 classes: 2 accepted, 4 refused, 0 with missing dependencies\n",
            bad_error("p/Bad")
        ),
    );
    // The same classes again are not verified again; a folder finds its jars.
    lab.class("twice", "p/Good", good("p/Good"));
    lab.class("twice", "p/Other", good("p/Other"));
    lab.jar("twice/copy.jar", "twice", None);
    lab.verify(
        "twice",
        "0",
        "2 classes: 2 accepted, 0 refused, 0 with missing dependencies (2 duplicates left out)\n",
    );
}

#[test]
fn damaged_jar_entries_are_refused() {
    let lab = Lab::new("damaged");
    lab.class("in", "p/Good", good("p/Good"));
    lab.class("in", "p/Hurt", good("p/Hurt").method(PUBLIC | STATIC, "thisIsWhereItHurts", "()V"));
    lab.jar("hurt.jar", "in", None);
    let mut bytes = fs::read(lab.folder.join("hurt.jar")).unwrap();
    let at = bytes.windows(5).position(|window| window == b"Hurts").unwrap();
    bytes[at] = b'X';
    lab.write("hurt.jar", &bytes);
    let ran = lab.run("verify -v hurt.jar");
    assert_eq!(ran.exit, "1", "{}", ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], "hurt.jar!p/Good.class: accepted");
    assert!(lines[1].starts_with("hurt.jar!p/Hurt.class: ") && lines[1].contains("hecksum"), "{}", lines[1]);
    assert!(lines[2].starts_with("2 classes: 1 accepted, 1 refused, "), "{}", lines[2]);

    lab.write("no.jar", &bytes[..bytes.len() / 2]);
    let ran = lab.run("verify no.jar");
    assert_eq!((ran.out.as_str(), ran.exit.as_str()), ("", "2"));
    assert!(ran.err.starts_with("carafe: no.jar: "), "{}", ran.err);
}

#[test]
fn every_version_of_a_multi_release_jar_counts() {
    let lab = Lab::new("versions");
    lab.class("in", "p/A", good("p/A"));
    lab.class("in/META-INF/versions/17", "p/A", bad("p/A"));
    lab.class("in", "p/B", bad("p/B"));
    lab.class("in/META-INF/versions/9", "p/B", good("p/B"));
    // Extends the class of its own release.
    lab.class("in", "p/C", good("p/C").extends("p/A"));
    // No release that there is.
    lab.class("in/META-INF/versions/99", "p/A", bad("p/A"));
    lab.jar("plain.jar", "in", None);
    lab.verify(
        "plain.jar",
        "1",
        &format!(
            "plain.jar!p/B.class: {}\n3 classes: 2 accepted, 1 refused, 0 with missing dependencies\n",
            bad_error("p/B")
        ),
    );
    lab.jar("versions.jar", "in", Some("Multi-Release: true\n"));
    lab.verify(
        "versions.jar",
        "1",
        &format!(
            "versions.jar!META-INF/versions/17/p/A.class: {}\nversions.jar!p/B.class: {}\n\
             versions.jar!p/C.class: its supertype p.A is refused: java.lang.VerifyError: Operand stack underflow\n\
             5 classes: 2 accepted, 3 refused, 0 with missing dependencies\n",
            bad_error("p/A"),
            bad_error("p/B")
        ),
    );
}

#[test]
fn jars_in_wars_are_on_their_class_path() {
    let lab = Lab::new("wars");
    lab.class("lib", "q/Base", good("q/Base"));
    fs::create_dir_all(lab.folder.join("in/WEB-INF/lib")).unwrap();
    lab.jar("in/WEB-INF/lib/base.jar", "lib", None);
    lab.class("in/WEB-INF/classes", "p/Servlet", bad("p/Servlet").extends("q/Base"));
    lab.jar("app.war", "in", None);
    lab.verify(
        "-v app.war",
        "1",
        &format!(
            "app.war!WEB-INF/classes/p/Servlet.class: {}\napp.war!WEB-INF/lib/base.jar!q/Base.class: accepted\n\
             2 classes: 1 accepted, 1 refused, 0 with missing dependencies\n",
            bad_error("p/Servlet")
        ),
    );
}

#[test]
fn the_library_is_there_and_keeps_its_walls() {
    let lab = Lab::new("library");
    lab.class(".", "Exported", good("Exported").extends("java/util/ArrayList"));
    lab.class(".", "Internal", good("Internal").extends("sun/security/x509/X509CertImpl"));
    lab.class(".", "Absent", good("Absent").extends("java/util/Absent"));
    lab.class("java", "lang/Mine", good("java/lang/Mine"));
    lab.verify("Exported.class", "0", "1 classes: 1 accepted, 0 refused, 0 with missing dependencies\n");
    let ran = lab.run("verify Internal.class");
    let start =
        "Internal.class: java.lang.IllegalAccessError: superclass access check failed: class Internal";
    assert!(ran.out.starts_with(start) && ran.exit == "1", "{}", ran.out);
    lab.verify(
        "--add-exports java.base/sun.security.x509=ALL-UNNAMED Internal.class",
        "0",
        "1 classes: 1 accepted, 0 refused, 0 with missing dependencies\n",
    );
    lab.verify(
        "Absent.class",
        "1",
        "Absent.class: java.lang.NoClassDefFoundError: java.util.Absent\n\
         1 classes: 0 accepted, 0 refused, 1 with missing dependencies\n",
    );
    let ran = lab.run("verify java");
    let start = "java/lang/Mine.class: java.lang.SecurityException: Class loader (instance of): 'app' tried to load prohibited";
    assert!(
        ran.out.starts_with("java/lang/Mine.class: java.lang.SecurityException") && ran.exit == "1",
        "{start} {}",
        ran.out
    );
    let ran = lab.run("verify -q --module java.logging");
    assert!(
        ran.out.contains(" 0 refused, 0 with missing dependencies, in ") && ran.exit == "0",
        "{}",
        ran.out
    );
}

/// Takes some seconds, so `./test --long` has it only; what it costs in a release build is in benches/README.md.
#[test]
fn the_whole_library_is_accepted() {
    if std::env::var_os("CARAFE_LONG").is_none() {
        println!("left out: ./test --long runs it");
        return;
    }
    let ran = Lab::new("whole_library").run("verify --jdk");
    let counts: Vec<usize> = ran.out.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
    assert!(counts.len() >= 4 && counts[0] > 20_000, "{}", ran.out);
    assert_eq!((counts[1], counts[2], counts[3], ran.exit.as_str()), (counts[0], 0, 0, "0"), "{}", ran.out);
}

#[test]
fn usage() {
    let lab = Lab::new("usage");
    lab.class(".", "verify", ClassFile::class("verify"));
    fs::create_dir(lab.folder.join("empty")).unwrap();
    for (line, says) in [
        ("verify", "required"),
        ("verify nowhere.class", "carafe: nowhere.class: No such file or directory"),
        ("verify --nonsense x", "--nonsense"),
        ("verify --module nowhere", "carafe: no module nowhere in the JDK image"),
        (
            "verify --add-exports java.base/nowhere empty",
            "carafe: --add-exports: package nowhere not in java.base",
        ),
        ("verify empty", "carafe: there are no classes"),
        ("dis", "required"),
        ("dis nowhere.class", "carafe: nowhere.class: No such file or directory"),
        ("dis --jdk -c java.lang.Nowhere", "carafe: no class java/lang/Nowhere in the JDK image"),
    ] {
        let ran = lab.run(line);
        assert_eq!(ran.exit, "2", "{line}: {}", ran.err);
        assert!(ran.err.contains(says), "{line}: {}", ran.err);
    }
    // Behind an option it is a class like any other; this one has no main method.
    let ran = lab.run("-cp . verify");
    assert!(ran.err.contains("Main method not found in class verify"), "{}", ran.err);
}

/// A class with a bit of everything, though it makes no sense to a verifier.
const LISTED: &str = r#"
case listed [none] The class of the listing.
class public super p/Some implements java/lang/Runnable
pool long:1234567890123
pool int:-5
pool float:1.5
pool str:two\swords
pool mhandle:6:method:p/Some.boot(Ljava/lang/Object;)V
pool mtype:(I)V
field private static final number J
attr ConstantValue #1
method public abstract run ()V
method public static work (IJLjava/lang/String;)I
  iload_0
  ifeq Else
  iconst_5
  wide istore 300
  Else: frame append int null
  new p/Some
  frame full [top uninit:@9 this] [double]
  pop
  Try: ldc #4
  pop
  Site:
  invokedynamic indy:0:call:(I)V
  Catch: frame same1 java/lang/Throwable
  athrow
  tableswitch -1 Else Try default Catch
  lookupswitch 7 Else 900 Try default Catch
  catch Try Site Catch java/lang/Exception
  catch Try Site Catch any
codeattr LineNumberTable u2:2 u2:0 u2:17 u2:4 u2:18
codeattr LocalVariableTable u2:1 u2:0 u2:9 utf8:number utf8:I u2:0
attr Exceptions u2:1 class:java/io/IOException
attr Strange 00 01 41 42
classattr SourceFile utf8:Some.java
classattr BootstrapMethods u2:1 mhandle:6:method:p/Some.boot(Ljava/lang/Object;)V u2:1 int:-5
classattr InnerClasses u2:1 class:p/Some$In class:p/Some utf8:In u2:9
classattr NestMembers u2:1 class:p/Some$In
classattr RuntimeVisibleAnnotations u2:1 utf8:Lp/Note; u2:2 utf8:value u1:115 utf8:text utf8:all u1:91 u2:2 u1:73 int:-5 u1:101 utf8:Lp/E; utf8:ONE
"#;

#[test]
fn listing() {
    let lab = Lab::new("listing");
    let mut bytes = casm::assemble(LISTED).unwrap().remove(0).classes.remove(0).bytes;
    lab.write("Some.class", &bytes);
    let ran = lab.run("dis Some.class");
    assert_eq!((ran.err.as_str(), ran.exit.as_str()), ("", "0"));
    let expected = include_str!("cli_tools_listing.txt");
    assert_eq!(ran.out, expected, "tests/cli_tools_listing.txt has the expected listing");
    let without_pool = lab.run("dis --no-pool Some.class").out;
    assert!(
        !without_pool.contains("Utf8")
            && expected.ends_with(&without_pool[without_pool.find("  flags").unwrap()..])
    );

    // Cut anywhere, the listing goes as far as the file does.
    for len in (0..bytes.len()).step_by(7) {
        lab.write("Cut.class", &bytes[..len]);
        let ran = lab.run("dis Cut.class");
        assert_eq!(ran.exit, "1", "{len}");
        assert!(ran.err.starts_with("carafe: Cut.class: java.lang."), "{len}: {}", ran.err);
        let shown = ran.out.lines().skip(1).filter(|line| !expected.contains(*line)).count();
        // What is damaged is shown in another way: two remarks and the bytes of an attribute that ends early.
        assert!(shown <= 8, "{len}:\n{}", ran.out);
    }

    // A name cannot talk to the terminal.
    let at = bytes.windows(6).position(|window| window == b"number").unwrap();
    bytes[at..at + 6].copy_from_slice(b"\x1b[2Jnu");
    lab.write("Some.class", &bytes);
    let ran = lab.run("dis Some.class");
    assert!(ran.out.contains("field \\u{1b}[2Jnu J\n") && !ran.out.contains('\x1b'), "{}", ran.out);
}

#[test]
fn listings_of_library_classes() {
    let lab = Lab::new("library_listings");
    for (class, part) in [
        ("java.lang.Object", "method hashCode ()I\n  flags 0x0101 public native\n"),
        ("java/util/HashMap", "// frame ("),
        (
            "java.lang.Integer",
            "RuntimeVisibleAnnotations:\n    @Ljdk/internal/vm/annotation/IntrinsicCandidate;()\n",
        ),
        ("java.lang.Runnable", "flags 0x0601 public interface abstract"),
    ] {
        let ran = lab.run(&format!("dis --jdk -c {class}"));
        assert_eq!((ran.err.as_str(), ran.exit.as_str()), ("", "0"), "{class}");
        assert!(ran.out.contains(part), "{class}: {}", ran.out);
        assert!(!ran.out.contains("damaged"), "{class}");
    }
}

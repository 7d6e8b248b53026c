//! The checks of the interpreter see what they are there for: code is spoilt after the verifier has accepted it, as only a
//! bug could, and executing it must end the isolate with the check's report.
//!
//! Invariant: each row spoils one instruction and names a part of the report; the same method unspoilt runs without one.
//! Deliberately not here: code that the verifier should have refused (tests/negative.rs, tests/execute.rs).
#![cfg(debug_assertions)]

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use carafe::{Grants, Streams, Vm, VmConfig};
use carafe_vm::env::{Env, JResult, Value};
use carafe_vm::panics::PANIC_STATUS;

const SOURCE: &str = r#"
    public class Spoilt {
        int x;
        static int done;
        static int add(int a, Object o) { return a + 1; }
        static int negate(int a) { return -a; }
        static int length(Object o, int[] a) { return a.length; }
        static int at(byte[] b, int[] a) { return a[0]; }
        static void put(byte[] b, int[] a) { a[0] = 1; }
        static int get(Object o, Spoilt s) { return s.x; }
        static void set(Object o, Spoilt s) { s.x = 1; }
        static void raise(Object o, RuntimeException e) { throw e; }
        static int call(Object o, Spoilt s) { return s.method(); }
        static int direct(Object o, Spoilt s) { return s.own(); }
        static int pass(Object o, Spoilt s) { return take(s); }
        static Object give(Object o, Spoilt s) { return same(o, s); }
        static Spoilt same(Object o, Spoilt s) { return s; }
        static long widen(long l, int i) { return i; }
        static long twice(long l, int i) { return l + l; }
        int method() { return 2; }
        private int own() { return x; }
        static int take(Spoilt s) { return 3; }
    }
    "#;

/// What a spoilt method is called with.
#[derive(Clone, Copy)]
enum With {
    /// An int and a string.
    Number,
    Int,
    /// A string and null.
    Text,
    /// A byte array and an int array.
    Arrays,
    /// A long and an int.
    Long,
}

struct Row {
    method: &'static str,
    descriptor: &'static str,
    with: With,
    /// Where, what, and what it was.
    bci: usize,
    spoilt: u8,
    was: u8,
    report: &'static str,
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { method: "add", descriptor: "(ILjava/lang/Object;)I", with: With::Number, bci: 0, spoilt: 0x2a, was: 0x1a,
        report: "aload_0 (LCIAdd): local 0 should be Ref and is Int" },
    Row { method: "add", descriptor: "(ILjava/lang/Object;)I", with: With::Number, bci: 0, spoilt: 0x1b, was: 0x1a,
        report: "local 1 should be Int and is Ref" },
    Row { method: "add", descriptor: "(ILjava/lang/Object;)I", with: With::Number, bci: 0, spoilt: 0x1c, was: 0x1a,
        report: "it uses local 2, and max_locals is 2" },
    Row { method: "add", descriptor: "(ILjava/lang/Object;)I", with: With::Number, bci: 1, spoilt: 0x60, was: 0x04,
        report: "it takes more than there is on the operand stack" },
    Row { method: "add", descriptor: "(ILjava/lang/Object;)I", with: With::Number, bci: 1, spoilt: 0x0c, was: 0x04,
        report: "@2: iadd (LCIAdd): an operand should be Int and is Float" },
    Row { method: "add", descriptor: "(ILjava/lang/Object;)I", with: With::Number, bci: 3, spoilt: 0xb0, was: 0xac,
        report: "the method's result is of another kind" },
    Row { method: "add", descriptor: "(ILjava/lang/Object;)I", with: With::Number, bci: 3, spoilt: 0xb1, was: 0xac,
        report: "the method has a result" },
    Row { method: "negate", descriptor: "(I)I", with: With::Int, bci: 1, spoilt: 0x59, was: 0x74,
        report: "it makes 2 operands, and max_stack is 1" },
    Row { method: "length", descriptor: "(Ljava/lang/Object;[I)I", with: With::Text, bci: 0, spoilt: 0x2a, was: 0x2b,
        report: "a java.lang.String is no array" },
    Row { method: "at", descriptor: "([B[I)I", with: With::Arrays, bci: 0, spoilt: 0x2a, was: 0x2b,
        report: "iaload (ALoadInt): the array is a [B" },
    Row { method: "put", descriptor: "([B[I)V", with: With::Arrays, bci: 0, spoilt: 0x2a, was: 0x2b,
        report: "iastore (AStoreInt): the array is a [B" },
    Row { method: "get", descriptor: "(Ljava/lang/Object;LSpoilt;)I", with: With::Text, bci: 0, spoilt: 0x2a, was: 0x2b,
        report: "the field of a Spoilt in a java.lang.String" },
    Row { method: "set", descriptor: "(Ljava/lang/Object;LSpoilt;)V", with: With::Text, bci: 0, spoilt: 0x2a, was: 0x2b,
        report: "the field of a Spoilt in a java.lang.String" },
    Row { method: "raise", descriptor: "(Ljava/lang/Object;Ljava/lang/RuntimeException;)V", with: With::Text, bci: 0,
        spoilt: 0x2a, was: 0x2b, report: "a java.lang.String is not Throwable" },
    Row { method: "call", descriptor: "(Ljava/lang/Object;LSpoilt;)I", with: With::Text, bci: 0, spoilt: 0x2a, was: 0x2b,
        report: "the receiver is a java.lang.String, and no Spoilt" },
    Row { method: "direct", descriptor: "(Ljava/lang/Object;LSpoilt;)I", with: With::Text, bci: 0, spoilt: 0x2a, was: 0x2b,
        report: "the receiver is a java.lang.String, and no Spoilt" },
    Row { method: "pass", descriptor: "(Ljava/lang/Object;LSpoilt;)I", with: With::Text, bci: 0, spoilt: 0x2a, was: 0x2b,
        report: "an argument is a java.lang.String, and LSpoilt; is wanted" },
    Row { method: "same", descriptor: "(Ljava/lang/Object;LSpoilt;)LSpoilt;", with: With::Text, bci: 0, spoilt: 0x2a,
        was: 0x2b, report: "the result is a java.lang.String, and LSpoilt; is wanted" },
    Row { method: "widen", descriptor: "(JI)J", with: With::Long, bci: 0, spoilt: 0x1b, was: 0x1c,
        report: "local 1 should be Int and is Half" },
    Row { method: "widen", descriptor: "(JI)J", with: With::Long, bci: 1, spoilt: 0x00, was: 0x85,
        report: "lreturn (Return2): " },
    Row { method: "twice", descriptor: "(JI)J", with: With::Long, bci: 1, spoilt: 0x26, was: 0x1e,
        report: "local 0 should be Double and is Long" },
];

struct Bench {
    jdk: PathBuf,
    classes: PathBuf,
}

impl Bench {
    fn new() -> Bench {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let classes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("checks");
        fs::create_dir_all(&classes).unwrap();
        fs::write(classes.join("Spoilt.java"), SOURCE).unwrap();
        let mut javac = common::command(jdk.join("bin/javac"), &jdk);
        javac.arg("-d").arg(&classes).arg(classes.join("Spoilt.java"));
        let outcome = common::run(&mut javac, Duration::from_secs(120)).unwrap();
        assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
        Bench { jdk, classes }
    }

    /// Runs a row's method, spoilt or not; the exit status and what was said.
    fn run(&self, row: &'static Row, spoil: bool) -> (i32, String) {
        let mut config = VmConfig::new(self.jdk.clone());
        config.compiler = None;
        config.boot_append = vec![self.classes.clone()];
        config.heap_max = 32 << 20;
        let (mut said, end) = rustix::pipe::pipe().map(|(read, end)| (fs::File::from(read), end)).unwrap();
        config.streams = Streams { error: Some(Arc::new(end)), ..Streams::default() };
        let vm = Vm::new(config, Grants::everything()).unwrap();
        let status = vm.run_with(move |env| execute(env, row, spoil).map(|()| 0)).unwrap().0;
        drop(vm);
        let mut text = String::new();
        said.read_to_string(&mut text).unwrap();
        (status, text)
    }
}

fn execute(env: &mut Env<'_>, row: &Row, spoil: bool) -> JResult<()> {
    let class = env.boot_class("Spoilt")?;
    env.initialize(class)?;
    let method = env.find_method(class, row.method, row.descriptor).expect(row.method);
    let meta = &env.vm().meta;
    assert_eq!(meta.slice(method.code)[row.bci], row.was, "{} is compiled as expected", row.method);
    if spoil {
        // SAFETY: the byte lies in metaspace, as the slice just read shows, and nobody else reads this method's code: it
        // has never been called.
        unsafe { meta.base().add(method.code.offset() as usize + row.bci).write_volatile(row.spoilt) };
    }
    let text = env.new_string("text")?;
    let bytes = env.new_byte_array(&[1, 2, 3])?;
    let ints = env.new_int_array(&[1, 2, 3])?;
    let null = carafe_vm::env::Local::NULL;
    let args: &[Value<'_>] = match row.with {
        With::Number => &[Value::Int(5), Value::Ref(text)],
        With::Int => &[Value::Int(5)],
        With::Text => &[Value::Ref(text), Value::Ref(null)],
        With::Arrays => &[Value::Ref(bytes), Value::Ref(ints)],
        With::Long => &[Value::Long(5), Value::Int(5)],
    };
    // An exception is an end as good as any: null has no fields.
    if env.call(method, args).is_err() && env.has_exception() {
        env.take_exception();
    }
    Ok(())
}

#[test]
fn spoilt_code_is_seen() {
    let bench = Bench::new();
    let mut complaints = Vec::new();
    for row in ROWS {
        let (status, said) = bench.run(row, true);
        if status != PANIC_STATUS
            || !said.contains("interpreter check failed: ")
            || !said.contains(row.report)
        {
            complaints
                .push(format!("{} @{}: wanted {}, status {status}: {said}", row.method, row.bci, row.report));
        }
        let (status, said) = bench.run(row, false);
        if status != 0 || !said.is_empty() {
            complaints.push(format!("{} unspoilt: status {status}: {said}", row.method));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

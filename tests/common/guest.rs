//! Machines in this process that run a class `Guest` which the test brings along, and whose output the test reads.
//!
//! Invariant: the tests of a file take turns, because they look at what the whole process holds. Deliberately not here: limits
//! and what a guest is expected to do.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use carafe::{ExitStatus, Grants, Launch, Streams, Vm, VmConfig};

use crate::common;

/// The guest's classes, compiled once by the reference, and the turn of one test.
pub(crate) struct Host {
    jdk: PathBuf,
    pub(crate) classes: PathBuf,
    _turn: File,
}

/// A machine, and what it writes to its standard streams.
pub(crate) struct Machine {
    pub(crate) vm: Arc<Vm>,
    pub(crate) out: File,
    pub(crate) err: File,
}

impl Host {
    /// Compiles `source` into a folder of this name, if it is not there already.
    pub(crate) fn new(folder: &str, source: &str) -> Host {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let classes = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        fs::create_dir_all(&classes).unwrap();
        // Each open file has a lock of its own, so this also keeps the threads of one process apart.
        let turn = File::create(classes.join("turn.lock")).unwrap();
        turn.lock().unwrap();
        let file = classes.join("Guest.java");
        let class = classes.join("Guest.class");
        if !class.exists() || fs::read_to_string(&file).unwrap_or_default() != source {
            fs::write(&file, source).unwrap();
            let mut command = common::command(jdk.join("bin/javac"), &jdk);
            command.arg("-d").arg(&classes).arg(&file);
            let outcome = common::run(&mut command, Duration::from_secs(120)).unwrap();
            assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
        }
        Host { jdk, classes, _turn: turn }
    }

    /// A machine with the guest's classes, after `limit` has set its limits; without `input` it reads nothing.
    pub(crate) fn machine(&self, input: Option<File>, limit: impl FnOnce(&mut VmConfig)) -> Machine {
        let mut config = VmConfig::new(self.jdk.clone());
        config.properties.push(("java.class.path".into(), self.classes.display().to_string()));
        limit(&mut config);
        let (out, out_end) = rustix::pipe::pipe().unwrap();
        let (err, err_end) = rustix::pipe::pipe().unwrap();
        let input = input.unwrap_or_else(|| File::open("/dev/null").unwrap());
        config.streams = Streams {
            input: Some(Arc::new(input.into())),
            output: Some(Arc::new(out_end)),
            error: Some(Arc::new(err_end)),
        };
        let vm = Arc::new(Vm::new(config, Grants::everything()).unwrap());
        Machine { vm, out: out.into(), err: err.into() }
    }
}

/// Runs the guest on a thread of its own, which answers its exit status.
pub(crate) fn start(vm: &Arc<Vm>, args: &[&str]) -> thread::JoinHandle<i32> {
    let vm = vm.clone();
    let launch = Launch::class("Guest", args.iter().map(|arg| (*arg).to_owned()).collect());
    thread::spawn(move || {
        let ExitStatus(status) = vm.run(launch).unwrap();
        status
    })
}

/// Takes a machine down that nobody else uses, so that the pipes it writes to end.
pub(crate) fn take_down(vm: Arc<Vm>) {
    drop(Arc::into_inner(vm).expect("nobody else uses the machine"));
}

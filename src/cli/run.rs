//! From parsed options to a running virtual machine.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use carafe::jdk::{Jdk, Search};
use carafe::walls::Walls;
use carafe::{AssertionOptions, Grants, Launch, ProcessSignals, Vm, VmConfig};
use carafe_classloader::source::jar::Jar;
use carafe_stdlib::State;
use carafe_stdlib::gate::Starter;
use carafe_stdlib::gate::needs::Needs;
use carafe_stdlib::gate::signals::survive_file_limits;
use carafe_vm::compiled::{CompilerConfig, Pattern};
use carafe_vm::env::{Env, JResult, Value};
use carafe_vm::isolate::Isolate;
use carafe_vm::log::{Level, TagSet};

use super::grants;
use super::limits;
use super::natives;
use super::options::{
    Action, AssertionScope, Execution, LaunchOptions, Stream, ThisProcess, VmOptions, help_text, parse,
};
use super::oversight;
use super::profile;
use super::tools;

/// The whole command; returns the exit code.
pub(crate) fn main() -> i32 {
    survive_file_limits();
    if let Some(code) = tools::run(std::env::args_os()) {
        return code;
    }
    let options = match parse(std::env::args_os().skip(1), &ThisProcess) {
        Ok(options) => options,
        Err(error) => {
            let (out, err) = error.report();
            print!("{out}");
            eprint!("{err}");
            return 1;
        }
    };
    options.notes.iter().for_each(|note| eprintln!("{note}"));
    if let Action::Help { topic, stream } = options.action {
        match stream {
            Stream::Out => print!("{}", help_text(topic)),
            Stream::Err => eprint!("{}", help_text(topic)),
        }
        return 0;
    }
    if let Action::RunJar(path) = &options.action
        && let Err(message) = check_jar(path)
    {
        eprintln!("{message}");
        return 1;
    }
    let jdk = match Search::of_process().find() {
        Ok(jdk) => jdk,
        Err(error) => {
            eprintln!("{error}");
            return 1;
        }
    };
    if let Action::ListNatives = options.action {
        return natives::list(&jdk);
    }
    match run(&jdk, options) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("carafe: {error}");
            1
        }
    }
}

/// What `java` finds out about a jar before there is a VM.
fn check_jar(path: &Path) -> Result<(), String> {
    if File::open(path).is_err() {
        return Err(format!("Error: Unable to access jarfile {}", path.display()));
    }
    match Jar::open(path) {
        Ok(jar) if jar.has_manifest() => match jar.manifest() {
            // Said here by the name that it was given: the library knows it by its whole path, if by any.
            Ok(manifest) if manifest.main_class().is_none() => {
                Err(format!("no main manifest attribute, in {}", path.display()))
            }
            Ok(_) | Err(_) => Ok(()),
        },
        Ok(_) | Err(_) => Err(format!("Error: Invalid or corrupt jarfile {}", path.display())),
    }
}

fn run(jdk: &Jdk, mut options: LaunchOptions) -> anyhow::Result<i32> {
    let granted = grants::of_options(jdk, &mut options)?;
    let (oversight, learning) = oversight::begin(&options.watching, granted.own)?;
    // Answers at the terminal may open what the walls would keep shut.
    let walled = !Needs::of(&granted.grants).everything && !options.watching.prompt;
    // Programs are not to stand within the walls, and whatever is forked later does.
    let starter =
        if walled && granted.grants.run_programs() { Some(Starter::fork(&granted.grants)?) } else { None };
    // Opened before the kernel's walls stand.
    let statistics = options.vm.statistics_file.as_ref().map(File::create).transpose()?;
    let mut config = config(jdk, &options);
    config.manifest_opens = granted.trusted;
    if let Some(compiler) = &mut config.compiler {
        compiler.observer = profile::observer(options.vm.perf_map, options.vm.perf_dump)?;
    }
    let vm = Vm::overseen(config, granted.grants.clone(), oversight)?;
    build_walls(vm.isolate(), walled.then_some(&granted.grants), starter, options.require_walls)?;
    let launch = options.launch().map(|l| {
        let args = l.args.iter().map(|a| a.to_string_lossy().into_owned()).collect();
        Launch::of_mode(l.mode, l.what.to_string_lossy().into_owned(), args)
    });
    let status = vm.run_with(move |env| before_and_main(env, &options, launch))?;
    limits::report(vm.isolate());
    learning.end();
    log_linking(vm.isolate());
    if let Some(file) = statistics {
        write_statistics(vm.isolate(), file)?;
    }
    // The process ends now; what its daemon threads still hold goes with it.
    std::mem::forget(vm);
    Ok(status.0)
}

/// The kernel's walls: after everything was opened that the machine needs, before there is another thread.
fn build_walls(
    vm: &Isolate,
    grants: Option<&Grants>,
    starter: Option<Starter>,
    required: bool,
) -> anyhow::Result<()> {
    const NONE: &str = "none: everything is granted, or may be";
    let build = |grants| Walls::build(grants, starter.as_ref().and_then(Starter::descriptor));
    let walls = grants.map(build).transpose()?.flatten();
    let tell = |walls: &Option<Walls>| walls.as_ref().map_or(NONE.to_owned(), Walls::to_string);
    vm.log(TagSet::Sandbox, Level::Info, || tell(&walls));
    if required && !walls.as_ref().is_some_and(Walls::are_complete) {
        let why = tell(&walls);
        anyhow::bail!("the kernel cannot keep what --require-kernel-sandbox asks for: {why}");
    }
    if let Some(starter) = starter {
        State::of_isolate(vm).gate.use_starter(starter);
    }
    Ok(())
}

/// What `-Xlog:perf+class+link` tells at the end.
fn log_linking(vm: &Isolate) {
    vm.log(TagSet::PerfClassLink, Level::Info, || {
        let classes = vm.verified_classes.load(Ordering::Relaxed);
        let millis = vm.verification_nanos.load(Ordering::Relaxed) as f64 / 1e6;
        format!("verify: {millis:.1}ms / {classes} classes")
    });
}

/// What `-XX:StatisticsFile` tells at the end: a word and a number in each line.
fn write_statistics(vm: &Isolate, mut file: File) -> std::io::Result<()> {
    let Some(code) = &vm.code else { return Ok(()) };
    for (name, figure) in
        [("compiled_methods", &code.methods), ("code_bytes", &code.bytes), ("compile_nanos", &code.nanos)]
    {
        writeln!(file, "{name} {}", figure.load(Ordering::Relaxed))?;
    }
    Ok(())
}

/// What the launcher does around the main program: versions, settings, listings.
fn before_and_main(env: &mut Env<'_>, options: &LaunchOptions, launch: Option<Launch>) -> JResult<i32> {
    let version = match &options.action {
        Action::Version(stream) => Some(*stream),
        Action::RunClass(_)
        | Action::RunJar(_)
        | Action::RunModule(_)
        | Action::RunSource(_)
        | Action::FullVersion(_)
        | Action::Help { .. }
        | Action::ListNatives
        | Action::ListModules
        | Action::DescribeModule(_)
        | Action::ValidateModules => options.show_version,
    };
    if let Some(stream) = version {
        let props = env.boot_class("java/lang/VersionProps")?;
        let to_error = i32::from(matches!(stream, Stream::Err));
        env.call_static(props, "print", "(Z)V", &[Value::Int(to_error)])?;
    }
    if matches!(options.action, Action::Version(_) | Action::ValidateModules) {
        return Ok(0);
    }
    let helper = env.boot_class("sun/launcher/LauncherHelper")?;
    if let Some(what) = &options.show_settings {
        let what = env.new_string(what)?;
        let initial = options.vm.heap_bytes_initial.unwrap_or(0) as i64;
        let max = options.vm.heap_bytes_max.unwrap_or(0) as i64;
        let stack = options.vm.stack_bytes.unwrap_or(0) as i64;
        env.call_static(
            helper,
            "showSettings",
            "(ZLjava/lang/String;JJJ)V",
            &[Value::Int(1), Value::Ref(what), Value::Long(initial), Value::Long(max), Value::Long(stack)],
        )?;
    }
    match &options.action {
        Action::ListModules => {
            env.call_static(helper, "listModules", "()V", &[])?;
            return Ok(0);
        }
        Action::DescribeModule(name) => {
            let name = env.new_string(name)?;
            env.call_static(helper, "describeModule", "(Ljava/lang/String;)V", &[Value::Ref(name)])?;
            return Ok(0);
        }
        Action::FullVersion(stream) => {
            let text = concat!("carafe ", env!("CARGO_PKG_VERSION"));
            match stream {
                Stream::Out => println!("{text}"),
                Stream::Err => eprintln!("{text}"),
            }
            return Ok(0);
        }
        Action::RunClass(_)
        | Action::RunJar(_)
        | Action::RunModule(_)
        | Action::RunSource(_)
        | Action::Version(_)
        | Action::Help { .. }
        | Action::ListNatives
        | Action::ValidateModules => {}
    }
    let Some(launch) = launch else { return Ok(0) };
    if options.dry_run {
        return launch.check(env).map(|()| 0);
    }
    launch.run(env)
}

fn config(jdk: &Jdk, options: &LaunchOptions) -> VmConfig {
    let vm = &options.vm;
    let mut config = VmConfig::new(jdk.home.clone());
    config.properties = options.properties.clone();
    let memory = physical_memory();
    config.heap_max = vm.heap_bytes_max.unwrap_or_else(|| {
        let share = vm.heap_percent_max.unwrap_or(25.0) / 100.0;
        ((memory as f64 * share) as u64).max(16 << 20)
    });
    // Unlike -Xmx, the limit counts what the collector keeps about objects.
    config.heap_total = options.limits.heap_bytes.is_some();
    config.heap_max = options.limits.heap_bytes.unwrap_or(config.heap_max).max(2 << 20);
    // Memory beside the heap may take as much again, as HotSpot's direct buffers may.
    config.off_heap_max = config.heap_max.max(16 << 20);
    config.heap_initial = vm.heap_bytes_initial.unwrap_or(0).min(config.heap_max);
    if let Some(bytes) = vm.stack_bytes {
        config.stack_bytes = bytes as usize;
    }
    options.limits.apply(&mut config);
    config.preview = vm.enable_preview;
    config.log = vm.log.clone();
    config.verbose_init = std::env::var_os("CARAFE_INIT").is_some();
    config.stress_stride = vm.stress_stride;
    config.region_fill_bytes = vm.region_fill_bytes;
    config.explicit_gc = !vm.explicit_gc_off;
    config.overhead_limit = !vm.overhead_limit_off;
    config.safepoint_delays = vm.safepoint_delays;
    config.stress_boot = vm.stress_boot;
    config.verify_heap_every = if vm.verify_heap { 1 } else { vm.verify_heap_every };
    config.eden_bytes = vm.eden_bytes.unwrap_or(0).min(config.heap_max);
    config.metaspace_max = vm.metaspace_bytes_max.unwrap_or(config.metaspace_max);
    config.metaspace_first = vm.metaspace_bytes_first.unwrap_or(config.metaspace_first);
    config.pause_budget = vm.pause_millis.map(Duration::from_millis);
    config.gc_threads = vm.gc_threads;
    config.verify_all = vm.verify_all;
    config.continuations = vm.continuations.unwrap_or(config.continuations);
    config.checks = vm.checks.unwrap_or(config.checks);
    config.steps_max = vm.steps_max;
    config.compiler = compiler(vm);
    config.heap_dump = vm.heap_dump;
    config.heap_dump_path = vm.heap_dump_path.clone();
    config.class_histogram = vm.class_histogram;
    config.boot_append = vm.boot_append.iter().flat_map(|p| p.split(':')).map(PathBuf::from).collect();
    config.patch_modules = vm.patch_modules.clone();
    config.arguments = vm.arguments.clone();
    config.assertions = assertions(options);
    config.signals = if vm.reduced_signals { ProcessSignals::Reduced } else { ProcessSignals::All };
    config
}

/// Whether programs are compiled that do not say.
const COMPILES: bool = false;

/// Which methods are compiled, if any.
fn compiler(vm: &VmOptions) -> Option<CompilerConfig> {
    let patterns = |names: &[String]| names.iter().map(|name| Pattern::parse(name)).collect();
    let mut config = CompilerConfig {
        only: patterns(&vm.compile_only),
        exclude: patterns(&vm.compile_exclude),
        stress_deopt: vm.stress_deopt,
        ..CompilerConfig::default()
    };
    let wanted = match vm.execution {
        Execution::InterpretOnly => false,
        Execution::Mixed => vm.tier_max.map_or(COMPILES, |tier| tier > 0),
        Execution::CompileFirst => vm.tier_max != Some(0),
    };
    // Checks are made instruction by instruction.
    if !wanted || vm.checks == Some(true) || vm.steps_max.is_some() {
        return None;
    }
    if vm.execution == Execution::CompileFirst {
        (config.calls, config.loops, config.background) = (0, 1, false);
    }
    if let Some(calls) = vm.compile_calls {
        (config.calls, config.loops) = (calls, calls.saturating_mul(10));
    }
    if let Some(factor) = vm.compile_scaling {
        // From 0 on, as HotSpot has it, which compiles everything at once.
        let scaled = |limit: u32| (f64::from(limit) * factor) as u32;
        (config.calls, config.loops) = (scaled(config.calls), scaled(config.loops));
    }
    config.background = vm.compile_background.unwrap_or(config.background);
    config.cache_bytes =
        vm.code_bytes.map_or(config.cache_bytes, |bytes| bytes.min(CODE_BYTES_MOST) as usize);
    Some(config)
}

/// What a code cache may be told to hold at most.
const CODE_BYTES_MOST: u64 = 1 << 30;

fn assertions(options: &LaunchOptions) -> AssertionOptions {
    let mut out =
        AssertionOptions { system: options.vm.system_assertions.unwrap_or(false), ..Default::default() };
    for directive in &options.vm.assertions {
        match &directive.scope {
            AssertionScope::All => out.default = directive.enable,
            AssertionScope::Package(name) => out.packages.push((name.clone(), directive.enable)),
            AssertionScope::Class(name) => out.classes.push((name.clone(), directive.enable)),
        }
    }
    out
}

/// Bytes of memory that the machine, or the control group that the process is in, has.
fn physical_memory() -> u64 {
    let total = {
        let pages = rustix::system::sysinfo();
        pages.totalram.saturating_mul(u64::from(pages.mem_unit.max(1)))
    };
    let limit =
        std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|t| t.trim().parse::<u64>().ok());
    limit.map_or(total, |l| l.min(total))
}

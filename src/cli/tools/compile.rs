//! `carafe compile`: compiles the methods of the JDK's classes and tells whether all went well, how fast and how large.
//!
//! Classes are loaded and linked, not initialized; what is compiled never runs. Each method is compiled as it is, with nothing
//! resolved, and as if everything were (`carafe_vm::compiled::every`).

use std::time::Instant;

use carafe::{Grants, Vm, VmConfig};
use carafe_classloader::source::JImage;
use carafe_vm::compiled::CompilerConfig;
use carafe_vm::compiled::every::{Tallies, Tally, compile_class};
use carafe_vm::env::{Env, JResult, Value};
use carafe_vm::linkage;
use clap::Args;

/// Room for all classes of the image.
const METASPACE_BYTES: u64 = 2 << 30;

/// Compile the JDK's methods without running them
///
/// Exit code: 0 if every method compiled, 1 if not, 2 if the command line cannot be used.
#[derive(Args, Debug)]
#[command(hide = true)]
pub(super) struct Options {
    /// All modules of the JDK image
    #[arg(long, required_unless_present = "module")]
    jdk: bool,
    /// A module of the JDK image
    #[arg(long, value_name = "NAME")]
    module: Vec<String>,
    /// Each N-th class only
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    every: u32,
}

pub(super) fn run(options: Options) -> anyhow::Result<i32> {
    let start = Instant::now();
    let classes = classes(&*super::image()?, &options)?;
    let jdk = carafe::jdk::Search::of_process().find()?;
    let mut config = VmConfig::new(jdk.home);
    config.compiler = Some(CompilerConfig { calls: u32::MAX, loops: u32::MAX, ..CompilerConfig::default() });
    config.metaspace_max = METASPACE_BYTES;
    config.checks = false;
    config.properties.push(("jdk.module.addmods.0".into(), "ALL-SYSTEM".into()));
    let vm = Vm::new(config, Grants::everything())?;
    let count = classes.len();
    let (send, receive) = std::sync::mpsc::channel();
    let status = vm.run_with(move |env| {
        let outcome = all(env, &classes)?;
        let _ = send.send(outcome);
        Ok(0)
    })?;
    let Ok((tallies, missing)) = receive.recv() else {
        anyhow::bail!("the machine ended with {} before all classes were compiled", status.0);
    };
    for class in missing.iter().take(20) {
        println!("not loaded: {class}");
    }
    print("nothing resolved", &tallies.as_is);
    print("everything resolved", &tallies.resolved);
    println!(
        "{} classes, {} not loaded, {} methods without a body that can run, in {:.1} s",
        count,
        missing.len(),
        tallies.unrunnable,
        start.elapsed().as_secs_f64()
    );
    Ok(i32::from(tallies.as_is.failed + tallies.resolved.failed > 0))
}

/// Internal names, in the image's order by module and name.
fn classes(image: &JImage, options: &Options) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for entry in image.entries() {
        let entry = entry?;
        known.insert(entry.module.to_owned());
        if !entry.is_class() || !(options.jdk || options.module.iter().any(|module| module == entry.module)) {
            continue;
        }
        let path = entry.path();
        let path = path.strip_prefix(&format!("/{}/", entry.module)).unwrap_or(&path);
        if let Some(name) = path.strip_suffix(".class").filter(|name| !name.ends_with("module-info")) {
            all.push(name.to_owned());
        }
    }
    if let Some(unknown) = options.module.iter().find(|module| !known.contains(*module)) {
        anyhow::bail!("no module {unknown} in the JDK image");
    }
    all.sort();
    Ok(all.into_iter().step_by(options.every as usize).collect())
}

/// What was compiled, and the classes that could not be loaded or linked.
fn all(env: &mut Env<'_>, classes: &[String]) -> JResult<(Tallies, Vec<String>)> {
    let (mut tallies, mut missing) = (Tallies::default(), Vec::new());
    let class = env.boot_class("java/lang/Class")?;
    let loaders = env.boot_class("java/lang/ClassLoader")?;
    let loader = env.call_static(loaders, "getSystemClassLoader", "()Ljava/lang/ClassLoader;", &[])?.local();
    let loader = env.global(loader)?;
    for name in classes {
        let outcome = env.scope(|env| {
            let loader = env.local_of(&loader);
            let dotted = env.new_string(&name.replace('/', "."))?;
            let mirror = env.call_static(
                class,
                "forName",
                "(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class;",
                &[Value::Ref(dotted), Value::Int(0), Value::Ref(loader)],
            )?;
            let class = env.class_of_mirror(mirror.local());
            linkage::link(env, class)?;
            compile_class(env.vm(), class, &mut tallies);
            Ok(())
        });
        if let Err(thrown) = outcome {
            if env.is_terminating() {
                return Err(thrown);
            }
            env.take_exception();
            missing.push(name.clone());
        }
    }
    Ok((tallies, missing))
}

fn print(how: &str, tally: &Tally) {
    let seconds = tally.compiling.as_secs_f64();
    println!(
        "{how}: {} methods, {} bytes of bytecode, {} of code ({:.1} per byte), {} instructions left to the interpreter",
        tally.methods,
        tally.bytecode_bytes,
        tally.code_bytes,
        tally.code_bytes as f64 / tally.bytecode_bytes.max(1) as f64,
        tally.steps
    );
    println!(
        "  {seconds:.2} s, {:.2} MB of bytecode a second; longest: {} us, {}",
        tally.bytecode_bytes as f64 / 1e6 / seconds.max(1e-9),
        tally.slowest.0.as_micros(),
        tally.slowest.1
    );
    for failure in &tally.failures {
        println!("  failed: {failure}");
    }
    if tally.failed > 0 {
        println!("  {} failed", tally.failed);
    }
}

//! Every method of the JDK compiles: with nothing resolved, and as if everything were. Some classes of each module, or with
//! CARAFE_LONG=1 all of them. Nothing of it runs; what compiled code does is asked elsewhere (golden.rs, differ.rs).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::time::Duration;

#[test]
fn every_method_of_the_jdk_compiles() {
    let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
    let long = std::env::var_os("CARAFE_LONG").is_some();
    let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &jdk);
    command.args(["compile", "--jdk", "--every", if long { "1" } else { "40" }]);
    let outcome = common::run(&mut command, Duration::from_secs(1800)).unwrap();
    let out = String::from_utf8_lossy(&outcome.stdout);
    println!("{out}");
    assert_eq!(outcome.exit, "0", "{out}{}", String::from_utf8_lossy(&outcome.stderr));
    assert!(out.contains("\n0 failed") || !out.contains("failed"), "{out}");
    let methods = out.split(" methods,").next().and_then(|text| text.rsplit(' ').next());
    let methods: u32 = methods.and_then(|text| text.parse().ok()).unwrap_or(0);
    assert!(methods > if long { 200_000 } else { 4_000 }, "{out}");
}

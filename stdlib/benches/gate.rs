//! What one decision of the gate costs, and what opening a file costs with the kernel resolving it beneath a granted folder.
//!
//! `cargo bench -p carafe-stdlib --bench gate`. The grants are those of an ordinary program: some rules of each kind, of
//! which the last one fits. "decision" is what is added to a call that is granted; a path's is by its name, because the
//! rest is part of opening it.

#![allow(clippy::disallowed_methods, reason = "a measurement makes its files itself; no program runs here")]

use std::hint::black_box;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use carafe_stdlib::gate::fs::At;
use carafe_stdlib::gate::{Gate, Grants, Kind, Request};
use criterion::{Criterion, criterion_group, criterion_main};
use rustix::fs::{Mode, OFlags};

/// A folder with a file in it; there is no other use for its contents.
fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("carafe-bench-gate-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("inner")).expect("a temporary folder");
    std::fs::write(folder.join("inner/file"), "x").expect("a temporary file");
    folder
}

fn gate(folder: &Path) -> Gate {
    let mut grants = Grants::program(vec!["/usr/lib".into(), "/usr/share".into()]);
    let folder = folder.display().to_string();
    for (kind, values) in [
        (Kind::Read, &["/etc/hosts", "/var/log", folder.as_str()][..]),
        (Kind::Env, &["HOME", "LANG", "JAVA_*", "APP_NAME"]),
        (Kind::Net, &["192.168.0.0/16", "10.1.2.3:443", "127.0.0.1:8080"]),
    ] {
        for value in values {
            grants.allow(kind, Some(value), Path::new("/")).expect("a value that fits its kind");
        }
    }
    Gate::new(grants)
}

fn decisions(c: &mut Criterion) {
    let folder = folder();
    let gate = gate(&folder);
    let path = folder.join("inner/file");
    let peer: SocketAddr = "127.0.0.1:8080".parse().expect("an address");
    let mut group = c.benchmark_group("decision");
    group.bench_function("read path", |b| b.iter(|| assert!(gate.covers_name(black_box(&path)))));
    group.bench_function("connect", |b| b.iter(|| gate.ask_connect(black_box(peer)).expect("granted")));
    group.bench_function("environment name", |b| {
        b.iter(|| gate.check(Request::Env(black_box("APP_NAME"))).expect("granted"));
    });
    group.bench_function("clock", |b| b.iter(|| gate.check(black_box(Request::Clock)).expect("granted")));
    group.finish();

    // By name, the addresses that were found under it are looked at too.
    let mut by_name = Grants::program(Vec::new());
    by_name.allow(Kind::Net, Some("localhost:8080"), Path::new("/")).expect("a host");
    let by_name = Gate::new(by_name);
    by_name.found("localhost", &[peer]);
    c.bench_function("decision/connect by name", |b| {
        b.iter(|| by_name.ask_connect(black_box(peer)).expect("granted"));
    });

    let bytes = path.display().to_string().into_bytes();
    let all = Gate::new(Grants::everything());
    let mut group = c.benchmark_group("open and close");
    for (name, gate) in [("listed", &gate), ("everything", &all)] {
        group.bench_function(name, |b| {
            b.iter(|| gate.open(At::new(black_box(&bytes)), OFlags::RDONLY, Mode::empty()).expect("granted"));
        });
    }
    group.finish();
    let mut group = c.benchmark_group("attributes");
    for (name, gate) in [("listed", &gate), ("everything", &all)] {
        group.bench_function(name, |b| {
            let links = carafe_stdlib::gate::fs::Links::Follow;
            b.iter(|| gate.attributes(At::new(black_box(&bytes)), links).expect("granted"));
        });
    }
    group.finish();
    // A temporary folder that stays is no failure of what was measured.
    let _ = std::fs::remove_dir_all(folder);
}

criterion_group!(benches, decisions);
criterion_main!(benches);

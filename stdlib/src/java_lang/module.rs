//! `java.lang.Module`: what the VM must know of modules for its own access checks.
//!
//! Readability and exports that only Java code looks at stay in Java. Package names arrive dotted.
//! The definition of java.base also gives a module to every class loaded before it; the VM does that
//! ([`carafe_vm::modules`]) because it walks all mirrors.

use carafe_classloader::class::ModuleId;
use carafe_classloader::symbols::Symbol;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

use super::class::symbol;

natives! { pub(crate) static MODULE for "java/lang/Module" {
    "defineModule0" "(Ljava/lang/Module;ZLjava/lang/String;Ljava/lang/String;[Ljava/lang/Object;)V" =
        define_module(obj, bool, obj, obj, obj);
    "addReads0" "(Ljava/lang/Module;Ljava/lang/Module;)V" = add_reads(obj, obj);
    "addExports0" "(Ljava/lang/Module;Ljava/lang/String;Ljava/lang/Module;)V" = add_exports(obj, obj, obj);
    "addExportsToAll0" "(Ljava/lang/Module;Ljava/lang/String;)V" = add_exports_to_all(obj, obj);
    "addExportsToAllUnnamed0" "(Ljava/lang/Module;Ljava/lang/String;)V" = add_exports_to_all_unnamed(obj, obj);
} }

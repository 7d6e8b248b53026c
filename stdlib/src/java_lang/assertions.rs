//! Which classes have their assertions on, by the options of the command line.
//!
//! An option names a class, a package with all its subpackages (`p...`), the unnamed package (`...`), or nothing, which
//! stands for all classes of that kind (`-ea` for those of loaders, `-esa` for the boot loader's). The last option that
//! names the class decides; then the one for the innermost package that has any; then the last one that names nothing.

use carafe_vm::isolate::VmConfig;

/// Whether the class of this (dotted) name has its assertions on.
pub(crate) fn enabled(config: &VmConfig, class: &str, system: bool) -> bool {
    let options = &config.assertions;
    if let Some(option) = options.classes.iter().rev().find(|(name, _)| name == class) {
        return option.1;
    }
    let mut package = class.rsplit_once('.').map_or("", |(package, _)| package);
    loop {
        if let Some(option) = options.packages.iter().rev().find(|(name, _)| name == package) {
            return option.1;
        }
        match package.rsplit_once('.') {
            Some((outer, _)) => package = outer,
            // The unnamed package encloses none.
            None => break,
        }
    }
    if system { config.system_assertions } else { options.default }
}

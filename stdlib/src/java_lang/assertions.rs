//! Which classes have their assertions on, by the options of the command line.
//!
//! An option names a class, a package with all its subpackages (`p...`), the unnamed package (`...`), or nothing, which
//! stands for all classes of that kind (`-ea` for those of loaders, `-esa` for the boot loader's). The last option that
//! names the class decides; then the one for the innermost package that has any; then the last one that names nothing.

use carafe_vm::isolate::AssertionOptions;

/// Whether the class of this (dotted) name has its assertions on.
pub(crate) fn enabled(options: &AssertionOptions, class: &str, system: bool) -> bool {
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
    if system { options.system } else { options.default }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> AssertionOptions {
        let of = |list: &[(&str, bool)]| list.iter().map(|(n, on)| ((*n).to_owned(), *on)).collect();
        AssertionOptions {
            classes: of(&[("a.b.C", true), ("a.b.C", false)]),
            packages: of(&[("a", true), ("a.b.c", false), ("", true)]),
            default: false,
            system: true,
        }
    }

    #[test]
    fn the_closest_option_decides_and_the_last_of_equals() {
        let on = |class, system| enabled(&options(), class, system);
        assert!(!on("a.b.C", false));
        assert!(on("a.b.D", false));
        assert!(on("a.b.C$Inner", false));
        assert!(!on("a.b.c.d.E", false));
        assert!(on("Unnamed", false));
        assert!(!on("x.Y", false));
        assert!(on("x.Y", true));
    }
}

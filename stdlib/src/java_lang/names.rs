//! How messages and `Class.getName` write the names of classes.

use carafe_classloader::class::Class;
use carafe_vm::env::Env;

/// The name that `Class.getName` gives: dots for slashes, `[Ljava.lang.String;` for arrays, `int` for primitives, and
/// for a hidden class its dotted name, a slash and the suffix that the VM gave it.
pub(crate) fn external(env: &Env<'_>, class: &Class) -> String {
    let name = env.vm().universe.str(class.name);
    if class.is_hidden() { hidden(&name) } else { name.replace('/', ".") }
}

/// A hidden class is called `pkg/Name+0x...` inside the VM: the plus keeps the package readable off the name.
fn hidden(internal: &str) -> String {
    match internal.rsplit_once('+') {
        Some((name, suffix)) => format!("{}/{suffix}", name.replace('/', ".")),
        None => internal.replace('/', "."),
    }
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn only_the_last_plus_of_a_hidden_name_is_the_vms() {
        assert_eq!(hidden("a/b/Gen+0x0000000045045210"), "a.b.Gen/0x0000000045045210");
        assert_eq!(hidden("a/x+y+0x1"), "a.x+y/0x1");
    }
}

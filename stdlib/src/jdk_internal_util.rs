//! `jdk.internal.util.SystemProps.Raw`: the system properties that come from outside Java.
//!
//! Two lists: what the platform is like, by position, and what the VM and its command line say, by name. The command
//! line's come last, so they win over the VM's own.

use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

use crate::State;
use crate::gate::locale::{Locale, Purpose};

natives! { static RAW for "jdk/internal/util/SystemProps$Raw" {
    "platformProperties" "()[Ljava/lang/String;" =
        platform_properties(): opened, sys "os", sys "user", sys "locale", sys "directory";
    "vmProperties" "()[Ljava/lang/String;" = vm_properties(): isolate;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![RAW]
}

/// Positions in the first list, in the order of the class's constants.
#[derive(Clone, Copy)]
enum Platform {
    DisplayCountry = 0,
    DisplayLanguage = 1,
    DisplayVariant = 3,
    FileSeparator = 4,
    FormatCountry = 5,
    FormatLanguage = 6,
    FormatVariant = 8,
    Tmpdir = 17,
    LineSeparator = 18,
    NativeEncoding = 19,
    OsArch = 20,
    OsName = 21,
    OsVersion = 22,
    PathSeparator = 23,
    StderrEncoding = 27,
    StdinEncoding = 28,
    StdoutEncoding = 29,
    DataModel = 31,
    Endian = 32,
    UnicodeEncoding = 34,
    JnuEncoding = 35,
    UserDir = 37,
    UserHome = 38,
    UserName = 39,
}
const PLATFORM_COUNT: usize = 40;

fn platform_properties<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let array = env.new_ref_array(env.wk().string.id, PLATFORM_COUNT)?;
    for (position, value) in platform(State::of(env)) {
        env.scope(|env| {
            let value = env.new_string(&value)?;
            env.set_elem(array, position as usize, value);
            Ok::<(), Throw>(())
        })?;
    }
    Ok(array)
}

fn platform(state: &State) -> Vec<(Platform, String)> {
    let gate = &state.gate;
    let system = gate.system_name();
    let user = gate.current_user();
    let (name, home) = user.map_or(("?".to_owned(), "?".to_owned()), |u| (u.name, u.home));
    let (format, display) = (gate.locale(Purpose::Format), gate.locale(Purpose::Display));
    let encoding = format.encoding.clone();
    let mut list = vec![
        (Platform::FileSeparator, "/".to_owned()),
        (Platform::Tmpdir, gate.temporary_directory().to_string_lossy().into_owned()),
        (Platform::LineSeparator, "\n".to_owned()),
        (Platform::NativeEncoding, encoding.clone()),
        (Platform::OsArch, "amd64".to_owned()),
        (Platform::OsName, system.name),
        (Platform::OsVersion, system.release),
        (Platform::PathSeparator, ":".to_owned()),
        (Platform::DataModel, "64".to_owned()),
        (Platform::Endian, "little".to_owned()),
        (Platform::UnicodeEncoding, "UnicodeLittle".to_owned()),
        (Platform::JnuEncoding, encoding.clone()),
        (Platform::UserDir, gate.working_directory().to_string_lossy().into_owned()),
        (Platform::UserHome, home),
        (Platform::UserName, name),
    ];
    let streams = [Platform::StdinEncoding, Platform::StdoutEncoding, Platform::StderrEncoding];
    for (number, position) in (0..).zip(streams) {
        if state.handles.get(number).is_ok_and(|stream| gate.is_terminal(&stream)) {
            list.push((position, encoding.clone()));
        }
    }
    let mut add = |locale: Locale, positions: [Platform; 3]| {
        let [language, country, variant] = positions;
        list.push((language, locale.language));
        list.extend(locale.country.map(|c| (country, c)));
        list.extend(locale.variant.map(|v| (variant, v)));
    };
    add(display, [Platform::DisplayLanguage, Platform::DisplayCountry, Platform::DisplayVariant]);
    add(format, [Platform::FormatLanguage, Platform::FormatCountry, Platform::FormatVariant]);
    list
}

/// Keys and values in turn; the array's end ends the list.
fn vm_properties<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let config = &env.vm().config;
    let list = with_defaults(&config.java_home.to_string_lossy(), &config.properties);
    let array = env.new_ref_array(env.wk().string.id, 2 * list.len() + 2)?;
    for (index, (key, value)) in list.iter().enumerate() {
        env.scope(|env| {
            let key = env.new_string(key)?;
            env.set_elem(array, 2 * index, key);
            let value = env.new_string(value)?;
            env.set_elem(array, 2 * index + 1, value);
            Ok::<(), Throw>(())
        })?;
    }
    Ok(array)
}

/// What the VM says of itself, then what it was started with.
fn with_defaults(java_home: &str, given: &[(String, String)]) -> Vec<(String, String)> {
    let has = |key: &str| given.iter().any(|(k, _)| k == key);
    let boot_libraries = format!("{java_home}/lib");
    let own = [
        ("java.vm.specification.name", "Java Virtual Machine Specification"),
        ("java.vm.specification.vendor", "Oracle Corporation"),
        ("java.vm.specification.version", "25"),
        ("java.vm.version", env!("CARGO_PKG_VERSION")),
        ("java.vm.name", "carafe"),
        ("java.vm.vendor", "carafe"),
        ("java.vm.info", "interpreted mode"),
        ("jdk.debug", "release"),
        ("sun.boot.library.path", &boot_libraries),
        ("java.library.path", "/usr/java/packages/lib:/usr/lib64:/lib64:/lib:/usr/lib"),
        ("java.home", java_home),
        // A program that is started from a module has no class path unless it asks for one.
        ("java.class.path", if has("jdk.module.main") { "" } else { "." }),
        ("jdk.boot.class.path.append", ""),
    ];
    let own = own.into_iter().filter(|(key, _)| !has(key));
    let own = own.map(|(key, value)| (key.to_owned(), value.to_owned()));
    own.chain(given.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'a>(list: &'a [(String, String)], key: &str) -> Vec<&'a str> {
        list.iter().filter(|(k, _)| k == key).map(|(_, v)| v.as_str()).collect()
    }

    #[test]
    fn the_command_line_wins() {
        let given = [("java.class.path".to_owned(), "a.jar".to_owned()), ("x".to_owned(), "y".to_owned())];
        let list = with_defaults("/jdk", &given);
        assert_eq!(value(&list, "java.class.path"), ["a.jar"]);
        assert_eq!(value(&list, "x"), ["y"]);
        assert_eq!(value(&list, "java.home"), ["/jdk"]);
        assert_eq!(value(&list, "sun.boot.library.path"), ["/jdk/lib"]);
    }

    #[test]
    fn the_class_path_has_a_default_only_without_a_main_module() {
        assert_eq!(value(&with_defaults("/jdk", &[]), "java.class.path"), ["."]);
        let given = [("jdk.module.main".to_owned(), "m".to_owned())];
        assert_eq!(value(&with_defaults("/jdk", &given), "java.class.path"), [""]);
    }
}

//! `--list-natives`: which native methods of the JDK image carafe implements, by module, and what each may reach besides
//! its isolate: nothing (`isolate`), what is open already (`opened`), or what takes a grant, by the name of its flag.

use carafe_classloader::classfile::read::ClassFile;
use carafe_classloader::source::jimage::JImage;
use carafe_vm::natives::reach::Reach;

use carafe::jdk::Jdk;

const ACC_NATIVE: u16 = 0x0100;

/// Prints a line per native method and a summary per module; returns the exit code.
pub(crate) fn list(jdk: &Jdk) -> i32 {
    let table = match carafe::natives() {
        Ok(table) => table,
        Err(error) => {
            eprintln!("carafe: {error}");
            return 1;
        }
    };
    let image = match JImage::open(&jdk.home.join("lib").join("modules")) {
        Ok(image) => image,
        Err(error) => {
            eprintln!("carafe: {error}");
            return 1;
        }
    };
    let mut rows: Vec<(String, String, Option<String>)> = Vec::new();
    for resource in image.entries() {
        let Ok(resource) = resource else { continue };
        if !resource.is_class() {
            continue;
        }
        let module = resource.module;
        let Ok(bytes) = resource.content() else { continue };
        let Ok(class) = ClassFile::read(&bytes) else { continue };
        for method in class.methods.iter().filter(|m| m.access & ACC_NATIVE != 0) {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let name =
                class.pool.class_name(class.this_class).map(String::from_utf8_lossy).unwrap_or_default();
            let (method, descriptor) = (text(method.name), text(method.descriptor));
            let row = table.find(&name, &method, &descriptor).map(|number| table.row(number));
            let marks = row.map(|row| row.reach.iter().map(Reach::to_string).collect::<Vec<_>>().join(","));
            rows.push((module.to_owned(), format!("{name}.{method}{descriptor}"), marks));
        }
    }
    rows.sort();
    let mut modules: Vec<(String, usize, usize)> = Vec::new();
    for (module, method, marks) in &rows {
        match marks {
            Some(marks) => println!("implemented {module} {method} {marks}"),
            None => println!("missing     {module} {method}"),
        }
        let known = usize::from(marks.is_some());
        match modules.last_mut().filter(|(m, _, _)| m == module) {
            Some((_, all, done)) => {
                *all += 1;
                *done += known;
            }
            None => modules.push((module.clone(), 1, known)),
        }
    }
    println!();
    for (module, all, done) in modules {
        println!("{module}: {done} of {all}");
    }
    0
}

//! `com.sun.management.internal.DiagnosticCommandImpl`: commands by name, as the reference machine's `jcmd` has them.
//!
//! One row of [`COMMANDS`] is one command; what the library shows of it comes from the row.

use carafe_gc::heap::GcCause;
use carafe_vm::dump::{histogram, hprof, print};
use carafe_vm::env::{Env, JResult, Local, Value};
use carafe_vm::outside::NoFile;
use carafe_vm::{alloc, natives};

use crate::State;
use crate::errors;

natives! { pub(super) static DIAGNOSTIC_COMMAND for "com/sun/management/internal/DiagnosticCommandImpl" {
    "getDiagnosticCommands" "()[Ljava/lang/String;" = get_diagnostic_commands(obj): isolate;
    "getDiagnosticCommandInfo" "([Ljava/lang/String;)[Lcom/sun/management/internal/DiagnosticCommandInfo;" =
        get_diagnostic_command_info(obj, obj): isolate;
    "executeDiagnosticCommand" "(Ljava/lang/String;)Ljava/lang/String;" =
        execute_diagnostic_command(obj, obj): write, clock;
} }

struct Command {
    name: &'static str,
    description: &'static str,
    impact: &'static str,
    arguments: &'static [Argument],
    run: fn(&mut Env<'_>, &[&str]) -> JResult<String>,
}

struct Argument {
    name: &'static str,
    description: &'static str,
    kind: &'static str,
    default: &'static str,
    mandatory: bool,
    /// Place among the arguments that are no options; -1 for options.
    position: i32,
}

const ALL: Argument = Argument {
    name: "-all",
    description: "Inspect all objects, including unreachable objects",
    kind: "BOOLEAN",
    default: "false",
    mandatory: false,
    position: -1,
};
const HEAVY: &str = "High: Depends on Java heap size and content.";

const COMMANDS: &[Command] = &[
    Command {
        name: "GC.class_histogram",
        description: "Provide statistics about the Java heap usage.",
        impact: HEAVY,
        arguments: &[ALL],
        run: |env, words| Ok(histogram::text(env, !words.contains(&"-all"))),
    },
    Command {
        name: "GC.heap_dump",
        description: "Generate a HPROF format dump of the Java heap.",
        impact: HEAVY,
        arguments: &[
            Argument {
                name: "filename",
                description: "Name of the dump file",
                kind: "FILE",
                default: "",
                mandatory: true,
                position: 0,
            },
            ALL,
        ],
        run: heap_dump,
    },
    Command {
        name: "GC.heap_info",
        description: "Provide generic Java heap information.",
        impact: "Medium",
        arguments: &[],
        run: |env, _| {
            Ok(print::heap(env.vm()).trim_start_matches("Heap\n").trim_end_matches('\n').to_owned() + "\n")
        },
    },
    Command {
        name: "GC.run",
        description: "Call java.lang.System.gc().",
        impact: "Medium: Depends on Java heap size and content.",
        arguments: &[],
        run: |env, _| {
            if !env.vm().config.explicit_gc {
                return Ok("Explicit GC is disabled, no GC has been performed.\n".into());
            }
            alloc::collect(env, GcCause::Explicit);
            Ok(String::new())
        },
    },
    Command {
        name: "Thread.print",
        description: "Print all threads with stacktraces.",
        impact: "Medium: Depends on the number of threads.",
        arguments: &[],
        run: |env, _| Ok(print::thread_dump(env)),
    },
    Command {
        name: "help",
        description: "For more information about a specific command use 'help <command>'. With no argument this will show a list of available commands.",
        impact: "Low",
        arguments: &[Argument {
            name: "command name",
            description: "The name of the command for which we want help",
            kind: "STRING",
            default: "",
            mandatory: false,
            position: 0,
        }],
        run: |env, words| match words.first() {
            Some(name) => command(env, name).map(help),
            None => Ok(COMMANDS
                .iter()
                .fold("The following commands are available:\n".to_owned(), |all, command| {
                    all + command.name + "\n"
                })),
        },
    },
    Command {
        name: "VM.command_line",
        description: "Print the command line used to start this VM instance.",
        impact: "Low",
        arguments: &[],
        run: |env, _| Ok(format!("VM Arguments:\njvm_args: {}\n", env.vm().config.arguments.join(" "))),
    },
    Command {
        name: "VM.uptime",
        description: "Print VM uptime.",
        impact: "Low",
        arguments: &[],
        run: |env, _| {
            let uptime = State::of(env).gate.elapsed(env.vm().uptime()).map_err(|e| errors::io(env, &e))?;
            Ok(format!("{:.3} s\n", uptime.as_secs_f64()))
        },
    },
    Command {
        name: "VM.version",
        description: "Print JVM version information.",
        impact: "Low",
        arguments: &[],
        run: |_, _| Ok(format!("carafe version {}\nJDK 25\n", env!("CARGO_PKG_VERSION"))),
    },
];

/// What a command does and takes, in the reference machine's form.
fn help(command: &'static Command) -> String {
    let Command { name, description, impact, arguments, .. } = command;
    let mut text = format!("{name}\n{description}\n\nImpact: {impact}\n\n");
    if arguments.is_empty() {
        return text + &format!("Syntax: {name}\n");
    }
    let is_option = |argument: &&Argument| argument.position < 0;
    let (options, plain): (Vec<&Argument>, Vec<&Argument>) = arguments.iter().partition(is_option);
    text += &format!("Syntax : {name}{}", if options.is_empty() { "" } else { " [options]" });
    for argument in &plain {
        let (open, close) = if argument.mandatory { ("", "") } else { ("[", "]") };
        text += &format!(" {open}<{}>{close}", argument.name);
    }
    text.push('\n');
    let mut section = |title: &str, rows: &[&Argument]| {
        if !rows.is_empty() {
            text += &format!("\n{title}\n");
        }
        for argument in rows {
            let mandatory = if argument.mandatory { "" } else { "[optional] " };
            let default = if argument.default.is_empty() { "no default value" } else { argument.default };
            text += &format!(
                "\t{} : {mandatory}{} ({}, {default})\n",
                argument.name, argument.description, argument.kind
            );
        }
    };
    section("Arguments:", &plain);
    section("Options: (options must be specified using the <key> or <key>=<value> syntax)", &options);
    text
}

fn heap_dump(env: &mut Env<'_>, words: &[&str]) -> JResult<String> {
    let Some(file) = words.iter().find(|word| !word.starts_with('-')) else {
        let text = "The argument 'filename' is mandatory.";
        return Err(env.throw_illegal_argument(text));
    };
    let outcome = hprof::to_file(env, file, !words.contains(&"-all"))?;
    Ok(match outcome {
        Ok(bytes) => format!("Dumping heap to {file} ...\nHeap dump file created [{bytes} bytes]\n"),
        Err(NoFile::Failed(why)) => format!("Dumping heap to {file} ...\nUnable to create {file}: {why}\n"),
        Err(NoFile::Refused { why, flag }) => return Err(errors::refused(env, &why, &flag)),
    })
}

fn get_diagnostic_commands<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<Local<'s>> {
    let names: Vec<String> = COMMANDS.iter().map(|command| command.name.to_owned()).collect();
    carafe_vm::boot::string_array(env, &names)
}

/// The row of a name that Java passes.
fn command(env: &mut Env<'_>, name: &str) -> JResult<&'static Command> {
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => Ok(command),
        None => Err(env.throw_illegal_argument("Unknown diagnostic command")),
    }
}

fn get_diagnostic_command_info<'s>(env: &mut Env<'s>, _: Local<'s>, names: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(names) {
        return Err(env.throw_npe());
    }
    let class = env.boot_class("com/sun/management/internal/DiagnosticCommandInfo")?;
    let count = env.array_len(names);
    let infos = env.new_ref_array(class, count)?;
    for index in 0..count {
        env.scope(|env| -> JResult<()> {
            let name = env.elem(names, index);
            if env.is_null(name) {
                return Err(env.throw("java/lang/NullPointerException", "Command name cannot be null."));
            }
            let text = env.string(name);
            let command = command(env, &text)?;
            let info = command_info(env, command)?;
            env.set_elem(infos, index, info);
            Ok(())
        })?;
    }
    Ok(infos)
}

fn command_info<'s>(env: &mut Env<'s>, command: &Command) -> JResult<Local<'s>> {
    let class = env.boot_class("com/sun/management/internal/DiagnosticCommandArgumentInfo")?;
    let array = env.new_ref_array(class, command.arguments.len())?;
    for (index, argument) in command.arguments.iter().enumerate() {
        env.scope(|env| -> JResult<()> {
            let info = argument_info(env, argument)?;
            env.set_elem(array, index, info);
            Ok(())
        })?;
    }
    let arrays = env.boot_class("java/util/Arrays")?;
    let as_list = "([Ljava/lang/Object;)Ljava/util/List;";
    let arguments = env.call_static(arrays, "asList", as_list, &[Value::Ref(array)])?.local();
    let [name, description, impact] = texts(env, [command.name, command.description, command.impact])?;
    let class = env.boot_class("com/sun/management/internal/DiagnosticCommandInfo")?;
    env.new_object(
        class,
        "(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;ZLjava/util/List;)V",
        &[
            Value::Ref(name),
            Value::Ref(description),
            Value::Ref(impact),
            Value::Int(1),
            Value::Ref(arguments),
        ],
    )
}

fn argument_info<'s>(env: &mut Env<'s>, argument: &Argument) -> JResult<Local<'s>> {
    let [name, description] = texts(env, [argument.name, argument.description])?;
    let [kind, default] = texts(env, [argument.kind, argument.default])?;
    let default = if argument.default.is_empty() { Local::NULL } else { default };
    let class = env.boot_class("com/sun/management/internal/DiagnosticCommandArgumentInfo")?;
    env.new_object(
        class,
        "(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;ZZZI)V",
        &[
            Value::Ref(name),
            Value::Ref(description),
            Value::Ref(kind),
            Value::Ref(default),
            Value::Int(i32::from(argument.mandatory)),
            Value::Int(i32::from(argument.position < 0)),
            Value::Int(0),
            Value::Int(argument.position),
        ],
    )
}

fn texts<'s, const N: usize>(env: &mut Env<'s>, texts: [&str; N]) -> JResult<[Local<'s>; N]> {
    let mut strings = [Local::NULL; N];
    for (string, text) in strings.iter_mut().zip(texts) {
        *string = env.new_string(text)?;
    }
    Ok(strings)
}

/// A command line: the name, then arguments.
fn execute_diagnostic_command<'s>(env: &mut Env<'s>, _: Local<'s>, line: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(line) {
        return Err(env.throw("java/lang/NullPointerException", "Command line cannot be null."));
    }
    let line = env.string(line);
    let mut words = line.split_whitespace();
    let command = command(env, words.next().unwrap_or_default())?;
    let words: Vec<&str> = words.collect();
    let options = || command.arguments.iter().filter(|argument| argument.position < 0);
    let plain = command.arguments.len() - options().count();
    let unknown = |word: &&&str| word.starts_with('-') && !options().any(|option| option.name == **word);
    if let Some(word) = words.iter().find(unknown) {
        let text = format!("Unknown argument '{word}' in diagnostic command.");
        return Err(env.throw_illegal_argument(&text));
    }
    if words.iter().filter(|word| !word.starts_with('-')).count() > plain {
        return Err(env.throw_illegal_argument("Too many arguments in diagnostic command."));
    }
    let text = env.scope(|env| (command.run)(env, &words))?;
    env.new_string(&text)
}

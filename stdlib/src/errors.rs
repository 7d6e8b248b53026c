//! Java exceptions for what the gate reports.

use carafe_vm::env::{Env, Local, Throw, Value};
use carafe_vm::thread::walk;
use rustix::io::Errno;

use crate::gate::{Denied, Failure, strerror};
use crate::state::State;

/// A refusal, as Java code sees it.
pub(crate) fn denied(env: &mut Env<'_>, denied: &Denied) -> Throw {
    refused(env, &denied.to_string(), denied.flag())
}

/// The same in words.
pub(crate) fn refused(env: &mut Env<'_>, message: &str, flag: &str) -> Throw {
    State::of(env).refusals.note(message, flag);
    env.throw("java/lang/SecurityException", message)
}

/// An IOException with the system's text for the error.
pub(crate) fn io_errno(env: &mut Env<'_>, errno: Errno) -> Throw {
    env.throw("java/io/IOException", &strerror(errno).to_string())
}

/// An IOException, or a SecurityException for a refusal.
pub(crate) fn io(env: &mut Env<'_>, failure: &Failure) -> Throw {
    match failure {
        Failure::Denied(d) => denied(env, d),
        Failure::Os(errno) => io_errno(env, *errno),
    }
}

/// The exception that java.net has for an error of a socket; a refusal is a SecurityException.
pub(crate) fn socket(env: &mut Env<'_>, failure: &Failure) -> Throw {
    match failure {
        Failure::Denied(d) => denied(env, d),
        Failure::Os(errno) => socket_errno(env, *errno),
    }
}

pub(crate) fn socket_errno(env: &mut Env<'_>, errno: Errno) -> Throw {
    let class = match errno {
        Errno::PROTO => "java/net/ProtocolException",
        Errno::CONNREFUSED | Errno::TIMEDOUT | Errno::NOTCONN => "java/net/ConnectException",
        Errno::HOSTUNREACH => "java/net/NoRouteToHostException",
        Errno::ADDRINUSE | Errno::ADDRNOTAVAIL | Errno::ACCESS => "java/net/BindException",
        _ => "java/net/SocketException",
    };
    env.throw(class, &strerror(errno).to_string())
}

/// FileNotFoundException: `PATH (REASON)`, made by the class's own constructor from the two.
pub(crate) fn file_not_found(env: &mut Env<'_>, path: Local<'_>, failure: &Failure) -> Throw {
    let errno = match failure {
        Failure::Denied(d) => return denied(env, d),
        Failure::Os(errno) => *errno,
    };
    let made = env.scope_ref(|env| {
        // The same object as a local of this scope, so that it can stand beside the other argument.
        let path = env.local(env.raw(path));
        let reason = env.new_string(&strerror(errno).to_string())?;
        let class = env.boot_class("java/io/FileNotFoundException")?;
        let arguments = [Value::Ref(path), Value::Ref(reason)];
        env.new_object(class, "(Ljava/lang/String;Ljava/lang/String;)V", &arguments)
    });
    match made {
        Ok(exception) => env.throw_local(exception),
        Err(thrown) => thrown,
    }
}

/// sun.nio.fs.UnixException with an error number; a refusal is a SecurityException. On a watch service's own thread, which
/// no other exception survives, it is a UnixException with the refusal's text: whoever waits for it gets an IOException.
pub(crate) fn unix(env: &mut Env<'_>, failure: &Failure) -> Throw {
    match failure {
        Failure::Denied(d) if serves_watches(env) => {
            let text = d.to_string();
            let made = env.scope_ref(|env| {
                let text = env.new_string(&text)?;
                let class = env.boot_class("sun/nio/fs/UnixException")?;
                env.new_object(class, "(Ljava/lang/String;)V", &[Value::Ref(text)])
            });
            match made {
                Ok(exception) => env.throw_local(exception),
                Err(thrown) => thrown,
            }
        }
        Failure::Denied(d) => denied(env, d),
        Failure::Os(errno) => unix_errno(env, *errno),
    }
}

/// Whether the calling thread is one of a watch service.
fn serves_watches(env: &Env<'_>) -> bool {
    let (vm, mut found) = (env.vm(), false);
    walk::each(env.thread(), |frame| {
        found = vm.universe.external_name(frame.method.class) == "sun.nio.fs.LinuxWatchService$Poller";
        !found
    });
    found
}

pub(crate) fn unix_errno(env: &mut Env<'_>, errno: Errno) -> Throw {
    let made = env.scope_ref(|env| {
        let class = env.boot_class("sun/nio/fs/UnixException")?;
        env.new_object(class, "(I)V", &[Value::Int(errno.raw_os_error())])
    });
    match made {
        Ok(exception) => env.throw_local(exception),
        Err(thrown) => thrown,
    }
}

/// An error number that Java passes, if it is one.
pub(crate) fn errno_of(number: i32) -> Option<Errno> {
    // What the kernel can report; rustix takes no others.
    (1..4096).contains(&number).then(|| Errno::from_raw_os_error(number))
}

//! `jdk.internal.misc.VM`, `CDS` and `PreviewFeatures`: what the library asks about its VM.
//!
//! There is no class-data archive, which `CDS` says once and the library then believes; the rest of that class is
//! missing because nothing calls it.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::thread::walk;

use crate::State;
use crate::errors;
use crate::noop::{nothing, nothing_of};

natives! { pub(super) static VM for "jdk/internal/misc/VM" {
    "initialize" "()V" = nothing(): isolate;
    "getNanoTimeAdjustment" "(J)J" = get_nano_time_adjustment(long): clock;
    "getRuntimeArguments" "()[Ljava/lang/String;" = get_runtime_arguments(): isolate;
    "getuid" "()J" = get_uid(): sys "user";
    "geteuid" "()J" = get_euid(): sys "user";
    "getgid" "()J" = get_gid(): sys "user";
    "getegid" "()J" = get_egid(): sys "user";
    "latestUserDefinedLoader0" "()Ljava/lang/ClassLoader;" = latest_user_defined_loader(): isolate;
} }

natives! { pub(super) static CDS for "jdk/internal/misc/CDS" {
    "getCDSConfigStatus" "()I" = get_cds_config_status(): isolate;
    "getRandomSeedForDumping" "()J" = get_random_seed_for_dumping(): isolate;
    "initializeFromArchive" "(Ljava/lang/Class;)V" = nothing_of(obj): isolate;
} }

natives! { pub(super) static PREVIEW_FEATURES for "jdk/internal/misc/PreviewFeatures" {
    "isPreviewEnabled" "()Z" = is_preview_enabled(): isolate;
} }

fn get_nano_time_adjustment(env: &mut Env<'_>, offset_seconds: i64) -> JResult<i64> {
    match State::of(env).gate.wall_clock() {
        Ok(now) => Ok(nanos_past(now.as_secs() as i64, now.subsec_nanos(), offset_seconds)),
        Err(e) => Err(errors::io(env, &e)),
    }
}

/// Nanoseconds of the time `seconds` and `nanos` past the second `offset`; -1 if the two are too far apart to say.
fn nanos_past(seconds: i64, nanos: u32, offset: i64) -> i64 {
    const SECONDS_MAX: i64 = 1 << 32;
    match seconds.checked_sub(offset) {
        Some(apart) if -SECONDS_MAX < apart && apart < SECONDS_MAX => {
            apart * 1_000_000_000 + i64::from(nanos)
        }
        _ => -1,
    }
}

/// Files of logs ask whether the process runs with another user's rights.
fn get_uid(env: &mut Env<'_>) -> JResult<i64> {
    let [id, _, _, _] = State::of(env).gate.own_ids();
    Ok(i64::from(id))
}

fn get_euid(env: &mut Env<'_>) -> JResult<i64> {
    let [_, id, _, _] = State::of(env).gate.own_ids();
    Ok(i64::from(id))
}

fn get_gid(env: &mut Env<'_>) -> JResult<i64> {
    let [_, _, id, _] = State::of(env).gate.own_ids();
    Ok(i64::from(id))
}

fn get_egid(env: &mut Env<'_>) -> JResult<i64> {
    let [_, _, _, id] = State::of(env).gate.own_ids();
    Ok(i64::from(id))
}

fn get_runtime_arguments<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let arguments = &env.vm().config.arguments;
    let array = env.new_ref_array(env.wk().string.id, arguments.len())?;
    for (index, argument) in arguments.iter().enumerate() {
        let argument = env.new_string(argument)?;
        env.set_elem(array, index, argument);
    }
    Ok(array)
}

/// The loader of the youngest frame whose class came neither from the boot nor from the platform loader; else null.
fn latest_user_defined_loader<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    const PLATFORM: &[u8] = b"jdk/internal/loader/ClassLoaders$PlatformClassLoader";
    let vm = env.vm();
    let mut seen = None;
    for frame in walk::frames(env, usize::MAX) {
        let loader = env.class(frame.method.class).loader;
        if loader.is_boot() || seen == Some(loader) {
            continue;
        }
        seen = Some(loader);
        let object = env.local(vm.loader_object(loader));
        let class = env.class_of(object);
        if !(class.loader.is_boot() && vm.universe.text(class.name) == PLATFORM) {
            return Ok(object);
        }
    }
    Ok(Local::NULL)
}

fn get_cds_config_status(_: &mut Env<'_>) -> JResult<i32> {
    Ok(0)
}

fn get_random_seed_for_dumping(_: &mut Env<'_>) -> JResult<i64> {
    Ok(0)
}

fn is_preview_enabled(env: &mut Env<'_>) -> JResult<bool> {
    Ok(env.vm().config.preview)
}

#[cfg(test)]
mod tests {
    use super::nanos_past;

    #[test]
    fn adjustments() {
        assert_eq!(nanos_past(10, 7, 10), 7);
        assert_eq!(nanos_past(10, 7, 8), 2_000_000_007);
        assert_eq!(nanos_past(8, 7, 10), -1_999_999_993);
        assert_eq!(nanos_past(1 << 32, 0, 0), -1);
        assert_eq!(nanos_past((1 << 32) - 1, 999_999_999, 0), 4_294_967_295_999_999_999);
        assert_eq!(nanos_past(0, 0, 1 << 32), -1);
        assert_eq!(nanos_past(i64::MAX, 0, i64::MIN), -1);
    }
}

//! Natives of java.util: the machine's time zone.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

use crate::state::State;

natives! { static TIME_ZONE for "java/util/TimeZone" {
    "getSystemTimeZoneID" "(Ljava/lang/String;)Ljava/lang/String;" = get_system_time_zone_id(obj): sys "timezone";
    "getSystemGMTOffsetID" "()Ljava/lang/String;" = get_system_gmt_offset_id(): sys "timezone";
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![TIME_ZONE]
}

/// Null lets the library choose. The Java home is for systems whose names need a table.
fn get_system_time_zone_id<'s>(env: &mut Env<'s>, _java_home: Local<'_>) -> JResult<Local<'s>> {
    let gate = &State::of(env).gate;
    match env.blocking(|| gate.time_zone()) {
        Some(zone) => env.new_string(&zone),
        None => Ok(Local::NULL),
    }
}

/// "GMT+hh:mm", for zones whose name the library does not know.
fn get_system_gmt_offset_id<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let gate = &State::of(env).gate;
    let seconds = env.blocking(|| gate.zone_offset_seconds());
    env.new_string(&custom_zone(seconds))
}

fn custom_zone(seconds: i64) -> String {
    if seconds == 0 {
        return "GMT".to_string();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("GMT{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::custom_zone;

    #[test]
    fn offsets_are_written_in_hours_and_minutes() {
        assert_eq!(custom_zone(0), "GMT");
        assert_eq!(custom_zone(3600), "GMT+01:00");
        assert_eq!(custom_zone(-(3 * 3600 + 1800)), "GMT-03:30");
    }
}

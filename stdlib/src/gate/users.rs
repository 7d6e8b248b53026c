//! Names of users and groups, from the machine's password and group files.
//!
//! Deliberately not here: network directories (NIS, LDAP). The C library reaches those through modules that it loads
//! into the process, which an isolate must not cause.

use super::{Gate, Outcome, Request};

/// One line of the password file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub name: String,
    pub id: u32,
    pub home: String,
}

/// Of the user that everybody seems to be who may not know better.
const NEUTRAL_ID: u32 = 1000;

impl Gate {
    /// The user that the process runs as; `None` if the machine has no name for it.
    pub fn current_user(&self) -> Option<User> {
        if !self.knows("user") {
            return Some(User { name: "user".into(), id: NEUTRAL_ID, home: "/user".into() });
        }
        let id = rustix::process::getuid().as_raw();
        find_line(PASSWORDS, |fields| number(fields, 2) == Some(id)).as_deref().and_then(user)
    }

    /// The numbers of the process's user and group, each as it is and as it counts.
    pub fn own_ids(&self) -> [u32; 4] {
        if !self.knows("user") {
            return [NEUTRAL_ID; 4];
        }
        use rustix::process::{getegid, geteuid, getgid, getuid};
        [getuid().as_raw(), geteuid().as_raw(), getgid().as_raw(), getegid().as_raw()]
    }

    pub fn user_name(&self, id: u32) -> Outcome<Option<String>> {
        self.check(Request::Sys("user"))?;
        Ok(find_line(PASSWORDS, |fields| number(fields, 2) == Some(id)).and_then(|f| f.into_iter().next()))
    }

    pub fn user_id(&self, name: &str) -> Outcome<Option<u32>> {
        self.check(Request::Sys("user"))?;
        Ok(find_line(PASSWORDS, |fields| fields.first().is_some_and(|n| n == name))
            .and_then(|f| number(&f, 2)))
    }

    pub fn group_name(&self, id: u32) -> Outcome<Option<String>> {
        self.check(Request::Sys("user"))?;
        Ok(find_line(GROUPS, |fields| number(fields, 2) == Some(id)).and_then(|f| f.into_iter().next()))
    }

    pub fn group_id(&self, name: &str) -> Outcome<Option<u32>> {
        self.check(Request::Sys("user"))?;
        Ok(find_line(GROUPS, |fields| fields.first().is_some_and(|n| n == name)).and_then(|f| number(&f, 2)))
    }
}

const PASSWORDS: &str = "/etc/passwd";
const GROUPS: &str = "/etc/group";

/// The colon-separated fields of the first line that `wanted` accepts; a missing file has no lines.
fn find_line(file: &str, wanted: impl Fn(&[String]) -> bool) -> Option<Vec<String>> {
    let text = std::fs::read(file).ok()?;
    String::from_utf8_lossy(&text)
        .lines()
        .map(|line| line.split(':').map(str::to_string).collect::<Vec<_>>())
        .find(|fields| wanted(fields))
}

fn number(fields: &[String], index: usize) -> Option<u32> {
    fields.get(index)?.parse().ok()
}

fn user(fields: &[String]) -> Option<User> {
    Some(User { name: fields.first()?.clone(), id: number(fields, 2)?, home: fields.get(5)?.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Grants;

    #[test]
    fn names_and_ids_agree() {
        let gate = Gate::new(Grants::everything());
        assert_eq!(gate.user_name(0), Ok(Some("root".to_string())));
        assert_eq!(gate.user_id("root"), Ok(Some(0)));
        assert_eq!(gate.group_id("root"), Ok(Some(0)));
        assert_eq!(gate.user_id("no such user: really"), Ok(None));
    }
}

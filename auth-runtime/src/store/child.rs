//! Child processes for tests. The test binary starts itself again to run one test, which does nothing in a normal run.

use std::{
    env,
    process::{Child, Command, Stdio},
    str::FromStr,
};

/// Returns a command by which this binary runs a test, named by its path in this crate's `store`.
pub(in crate::store) fn child(test: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", &format!("store::{test}"), "--nocapture"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(in crate::store) fn finish(child: Child) {
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

/// Returns the number in the environment variable, or `default` when it is not set.
pub(in crate::store) fn set_by<T: FromStr>(variable: &str, default: T) -> T {
    match env::var(variable) {
        Ok(value) => value.parse().ok().unwrap_or_else(|| panic!("{variable} is no number: {value}")),
        Err(_) => default,
    }
}

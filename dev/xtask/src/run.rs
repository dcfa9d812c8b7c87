//! Running other programs and speaking to the person who waits for them.

use std::fmt::Display;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::Outcome;

/// Writes one line to standard output; a reader that has gone away is not an error.
pub(crate) fn say(line: impl Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Runs a program with its output shown, and fails with its command line.
pub(crate) fn shown(command: &mut Command) -> Outcome {
    let line = line(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed with {status}; its own words are above")),
        Err(cause) => Err(format!("`{line}` could not be started: {cause}")),
    }
}

/// Runs a program without showing anything and answers whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Runs a program and returns what it wrote to standard output.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let line = line(command);
    let output = command.output().map_err(|cause| format!("`{line}` could not be started: {cause}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{line}` failed with {}: {}", output.status, words.trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let refusal = shown(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(refusal.contains("`sh -c exit 3` failed with exit status: 3"), "{refusal}");
    }

    #[test]
    fn a_missing_program_is_said_so() {
        let refusal = output(&mut Command::new("no-such-program-here")).unwrap_err();
        assert!(refusal.contains("`no-such-program-here` could not be started"), "{refusal}");
        assert!(!succeeds(&mut Command::new("no-such-program-here")));
    }

    #[test]
    fn output_is_what_was_written() {
        assert_eq!(output(Command::new("echo").arg("two words")).unwrap(), "two words\n");
    }
}

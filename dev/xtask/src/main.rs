//! `cargo xtask`: the project's own commands. Each one is a file here and an entry in [`COMMANDS`].
//!
//! Everything a fresh Debian machine with stable Rust lacks is installed by `setup`, which `test` runs first.

mod bench;
mod check;
mod fuzz;
mod machine;
mod run;
mod setup;
mod stage_pages;
mod tidy;

use std::process::ExitCode;

use machine::Machine;
use run::say;

/// What a command answers: nothing, or a sentence that says what to do.
type Outcome<T = ()> = Result<T, String>;

struct Command {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(&Machine, &[String]) -> Outcome,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        usage: "[--only STEP,STEP]",
        about: "run all checks, installing what they need",
        run: check::run,
    },
    Command { name: "setup", usage: "", about: "install what the checks need", run: setup::run },
    Command { name: "tidy", usage: "", about: "check the shape of the source tree", run: tidy::run },
    Command { name: "docs", usage: "", about: "write docs/stages/ from the code", run: stage_pages::run },
    Command {
        name: "fuzz",
        usage: "[TARGET [FILE]] [--seconds N] [--seed N]",
        about: "feed made-up input to every fuzz target, or one FILE to one TARGET",
        run: fuzz::run,
    },
    Command {
        name: "bench",
        usage: "[NAME ...] [--quick] [--seconds N] [--runs N] [--render]",
        about: "measure beside the peers and write docs/benchmarks*.md, or only write it from the last results",
        run: bench::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        None => ("help", &[][..]),
        Some((name, rest)) => (name.as_str(), rest),
    };
    if matches!(name, "help" | "--help" | "-h") {
        say(help());
        return ExitCode::SUCCESS;
    }
    let outcome = match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => Machine::find().and_then(|machine| (command.run)(&machine, rest)),
        None => Err(format!("there is no `cargo xtask {name}`\n\n{}", help())),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            say(format_args!("error: {sentence}"));
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = String::from("The project's own commands:\n");
    for command in COMMANDS {
        let call = format!("cargo xtask {} {}", command.name, command.usage);
        text.push_str(&format!("\n  {}\n      {}\n", call.trim_end(), command.about));
    }
    text.push_str("\nSteps of `test`: ");
    text.push_str(&check::step_names().join(", "));
    text
}

/// Splits `--name value` out of the arguments; what remains is returned beside it.
fn take_option(arguments: &[String], name: &str) -> Outcome<(Option<String>, Vec<String>)> {
    let mut rest = Vec::new();
    let mut value = None;
    let mut left = arguments.iter();
    while let Some(argument) = left.next() {
        if argument == name {
            value = Some(left.next().ok_or_else(|| format!("`{name}` needs a value after it"))?.clone());
        } else {
            rest.push(argument.clone());
        }
    }
    Ok((value, rest))
}

/// Refuses arguments that no one asked for.
fn no_more(arguments: &[String]) -> Outcome {
    match arguments.first() {
        None => Ok(()),
        Some(word) => Err(format!("`{word}` is not an argument here; `cargo xtask help` lists them")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_string).collect()
    }

    #[test]
    fn an_option_is_taken_from_anywhere() {
        let (seconds, rest) = take_option(&words("bundle --seconds 9 file"), "--seconds").unwrap();
        assert_eq!(seconds.as_deref(), Some("9"));
        assert_eq!(rest, words("bundle file"));
    }

    #[test]
    fn an_option_without_its_value_is_refused() {
        let refusal = take_option(&words("--seconds"), "--seconds").unwrap_err();
        assert_eq!(refusal, "`--seconds` needs a value after it");
    }

    #[test]
    fn left_over_arguments_are_refused() {
        assert!(no_more(&words("")).is_ok());
        assert!(no_more(&words("--frob")).unwrap_err().contains("`--frob`"));
    }

    #[test]
    fn the_help_names_every_command() {
        let text = help();
        assert!(COMMANDS.iter().all(|command| text.contains(command.about)), "{text}");
    }
}

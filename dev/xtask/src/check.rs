//! `cargo xtask test`: every check, in the order in which a failure is cheapest to find.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::machine::Machine;
use crate::run::{say, shown};
use crate::{Outcome, fuzz, no_more, setup, take_option, tidy};

/// One step of the test command.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Machine) -> Outcome,
}

const STEPS: &[Step] = &[
    Step { name: "setup", about: "install what is missing", run: |machine| setup::run(machine, &[]) },
    Step { name: "fmt", about: "formatting", run: format },
    Step { name: "tidy", about: "the shape of the tree", run: |machine| tidy::run(machine, &[]) },
    Step { name: "clippy", about: "lints, warnings denied", run: clippy },
    Step { name: "doc", about: "documentation, warnings denied", run: document },
    Step { name: "build", about: "the binary and the tests", run: build },
    Step { name: "unit", about: "unit, golden and live tests", run: test },
    Step { name: "fuzz", about: "a short run of every fuzz target", run: fuzz::run_briefly },
];

pub(crate) fn step_names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

pub(crate) fn run(machine: &Machine, arguments: &[String]) -> Outcome {
    let (only, rest) = take_option(arguments, "--only")?;
    no_more(&rest)?;
    let steps = select(only.as_deref())?;
    let mut times = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let (place, of, Step { name, about, run }) = (place + 1, steps.len(), step);
        say(format_args!("\n[{place}/{of}] {name}: {about}"));
        let start = Instant::now();
        let outcome = run(machine);
        times.push((*name, start.elapsed()));
        if let Err(sentence) = outcome {
            say(summary(&times, steps.len(), true));
            return Err(format!(
                "step `{name}` failed: {sentence}\nrun it alone: cargo xtask test --only {name}"
            ));
        }
        say(format_args!("[{place}/{of}] {name}: passed in {:.1} s", start.elapsed().as_secs_f64()));
    }
    say(summary(&times, steps.len(), false));
    Ok(())
}

/// The steps named, in their own order; all of them when none is named.
fn select(only: Option<&str>) -> Outcome<Vec<&'static Step>> {
    let Some(only) = only else { return Ok(STEPS.iter().collect()) };
    let names: Vec<&str> = only.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if let Some(unknown) = names.iter().find(|name| !step_names().contains(name)) {
        return Err(format!("there is no step `{unknown}`; the steps are {}", step_names().join(", ")));
    }
    Ok(STEPS.iter().filter(|step| names.contains(&step.name)).collect())
}

fn summary(times: &[(&str, Duration)], steps: usize, failed: bool) -> String {
    let mut text = String::from("\nSummary\n");
    for (place, (name, time)) in times.iter().enumerate() {
        let verdict = if failed && place + 1 == times.len() { "FAILED" } else { "passed" };
        let _ = writeln!(text, "  {name:<8} {verdict} {:>8.1} s", time.as_secs_f64());
    }
    let total: f64 = times.iter().map(|(_, time)| time.as_secs_f64()).sum();
    let left = steps - times.len();
    let _ = match (failed, left) {
        (false, _) => write!(text, "all {steps} steps passed in {total:.1} s"),
        (true, 0) => write!(text, "the last step failed after {total:.1} s"),
        (true, _) => write!(text, "stopped after {total:.1} s; {left} steps were not run"),
    };
    text
}

fn format(machine: &Machine) -> Outcome {
    let advice = |cause| format!("{cause}\nrun `cargo fmt --all` and look at what it changed");
    shown(machine.cargo().args(["fmt", "--all", "--check"])).map_err(advice)?;
    shown(machine.cargo().args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])).map_err(advice)
}

fn clippy(machine: &Machine) -> Outcome {
    shown(machine.cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn document(machine: &Machine) -> Outcome {
    shown(machine.cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

fn build(machine: &Machine) -> Outcome {
    shown(machine.cargo().args(["test", "--workspace", "--no-run"]))
}

fn test(machine: &Machine) -> Outcome {
    for environment in machine.python_environments()?.iter().filter(|it| !it.works()) {
        let name = &environment.name;
        say(format_args!(
            "`.venv/{name}` is not made, so its tests skip themselves; run `cargo xtask setup`"
        ));
    }
    let variables = machine.test_variables();
    for (name, value) in &variables {
        say(format_args!("{name}={}", value.display()));
    }
    shown(machine.cargo().args(["test", "--workspace"]).envs(variables))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_selected_by_name_in_their_own_order() {
        let names: Vec<_> = select(Some("unit, tidy")).unwrap().iter().map(|step| step.name).collect();
        assert_eq!(names, ["tidy", "unit"]);
        assert_eq!(select(None).unwrap().len(), STEPS.len());
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_list() {
        let refusal = select(Some("tidy,lint")).err().unwrap();
        assert!(refusal.contains("no step `lint`") && refusal.contains("setup, fmt, tidy"), "{refusal}");
    }

    #[test]
    fn the_summary_says_what_failed_and_what_was_left() {
        let times = [("fmt", Duration::from_millis(1500)), ("tidy", Duration::from_millis(500))];
        let text = summary(&times, 8, true);
        assert!(text.contains("fmt      passed      1.5 s"), "{text}");
        assert!(text.contains("tidy     FAILED      0.5 s"), "{text}");
        assert!(text.ends_with("stopped after 2.0 s; 6 steps were not run"), "{text}");
        assert!(summary(&times, 2, false).ends_with("all 2 steps passed in 2.0 s"));
    }
}

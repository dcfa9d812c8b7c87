//! `cargo xtask fuzz`: coverage-guided fuzzing on stable Rust.
//!
//! `fuzz/` is a workspace of its own with one libFuzzer target in each file of `fuzz/fuzz_targets`. The coverage
//! instrumentation is LLVM's SanitizerCoverage pass, asked for by the same flags that cargo-fuzz passes; they are
//! all stable. Sanitizers are not, and code without `unsafe` gains little from them, so there are none.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::machine::Machine;
use crate::run::{line, output, say, shown};
use crate::{Outcome, no_more, take_option};

/// How many inputs each target is fed in `cargo xtask test`, and the seed that they are made from.
const BRIEF_INPUTS: u64 = 20_000;
const BRIEF_SEED: u64 = 1;
/// How long each target runs in `cargo xtask fuzz` unless told otherwise.
const LONG_SECONDS: u64 = 60;
/// A single input that takes longer, or a process that holds more, is a failure.
const INPUT_SECONDS: u64 = 25;
const MEMORY_MIB: u64 = 2048;
/// Inputs grow up to this many bytes.
const INPUT_BYTES: u64 = 64 * 1024;

const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// What a person asked for.
struct Request {
    target: Option<String>,
    file: Option<PathBuf>,
    length: Length,
    seed: u64,
}

/// When a run ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Length {
    /// After so many inputs; the same inputs each time, since nothing is kept from run to run.
    Inputs(u64),
    /// After a time; inputs that reach new code are kept for the next run.
    Seconds(u64),
}

pub(crate) fn run(machine: &Machine, arguments: &[String]) -> Outcome {
    fuzz(machine, &parse(arguments)?)
}

/// The short run that belongs to the test command. It is always the same, so that it tells of the change and not of
/// the day; new ground is the longer run's.
pub(crate) fn run_briefly(machine: &Machine) -> Outcome {
    fuzz(
        machine,
        &Request { target: None, file: None, length: Length::Inputs(BRIEF_INPUTS), seed: BRIEF_SEED },
    )
}

fn parse(arguments: &[String]) -> Outcome<Request> {
    let (seconds, rest) = take_option(arguments, "--seconds")?;
    let (seed, rest) = take_option(&rest, "--seed")?;
    no_more(&rest.iter().filter(|word| word.starts_with('-')).cloned().collect::<Vec<_>>())?;
    no_more(rest.get(2..).unwrap_or_default())?;
    Ok(Request {
        target: rest.first().cloned(),
        file: rest.get(1).map(PathBuf::from),
        length: Length::Seconds(number("--seconds", seconds)?.unwrap_or(LONG_SECONDS)),
        seed: number("--seed", seed)?.unwrap_or_else(fresh_seed),
    })
}

fn number(name: &str, value: Option<String>) -> Outcome<Option<u64>> {
    let Some(value) = value else { return Ok(None) };
    match value.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(format!("`{name}` takes a whole number above 0, not `{value}`")),
    }
}

/// A seed that libFuzzer takes; it is printed, so that a run can be repeated.
fn fresh_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(now.subsec_nanos()).max(1)
}

fn fuzz(machine: &Machine, request: &Request) -> Outcome {
    let targets = targets(&machine.root)?;
    let chosen = match &request.target {
        None => targets,
        Some(name) if targets.contains(name) => vec![name.clone()],
        Some(name) => {
            return Err(format!("there is no fuzz target `{name}`; the targets are {}", targets.join(", ")));
        }
    };
    let binaries = build(machine)?;
    for name in &chosen {
        let binary = binaries.join(name);
        if !binary.is_file() {
            return Err(format!("fuzz/fuzz_targets/{name}.rs has no [[bin]] in fuzz/Cargo.toml; add one"));
        }
        match &request.file {
            Some(file) => shown(machine.command(&binary).arg(file))?,
            None => run_target(machine, &binary, name, request)?,
        }
    }
    Ok(())
}

/// The names of the files in `fuzz/fuzz_targets`.
fn targets(root: &Path) -> Outcome<Vec<String>> {
    let folder = root.join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(&folder)
        .map_err(|cause| format!("`{}` cannot be read: {cause}", folder.display()))?;
    let mut names: Vec<String> = files
        .flatten()
        .filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(".rs")?.to_string()))
        .collect();
    names.sort();
    Ok(names)
}

/// Builds every target and answers the folder they lie in.
fn build(machine: &Machine) -> Outcome<PathBuf> {
    let host = host(machine)?;
    let mut cargo = machine.cargo();
    cargo.args(["build", "--release", "--manifest-path", "fuzz/Cargo.toml"]);
    // Naming the target keeps the flags away from build scripts and macros.
    cargo.args(["--target-dir", "fuzz/target", "--target", &host]);
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", FLAGS.join(" "));
    shown(&mut cargo)?;
    Ok(machine.root.join("fuzz/target").join(host).join("release"))
}

/// The triple that rustc builds for when it is not told.
fn host(machine: &Machine) -> Outcome<String> {
    let version = output(machine.command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_string).ok_or_else(|| format!("`rustc -vV` names no host: {version}"))
}

fn run_target(machine: &Machine, binary: &Path, name: &str, request: &Request) -> Outcome {
    let seed = request.seed;
    let seeds = machine.root.join("fuzz/corpus").join(name);
    let (kept, limit) = match request.length {
        Length::Inputs(inputs) => ("fuzz/target/brief", format!("-runs={inputs}")),
        Length::Seconds(seconds) => ("fuzz/target/corpus", format!("-max_total_time={seconds}")),
    };
    let found = machine.root.join(kept).join(name);
    if matches!(request.length, Length::Inputs(_)) && found.is_dir() {
        std::fs::remove_dir_all(&found)
            .map_err(|cause| format!("`{}` cannot be emptied: {cause}", found.display()))?;
    }
    let artifacts = machine.root.join("fuzz/artifacts").join(name);
    for folder in [&found, &artifacts] {
        std::fs::create_dir_all(folder)
            .map_err(|cause| format!("`{}` cannot be made: {cause}", folder.display()))?;
    }
    say(format_args!("fuzz target {name}: {limit}, seed {seed}"));
    let mut command = Command::new(binary);
    command
        .current_dir(&machine.root)
        .arg(limit)
        .arg(format!("-seed={seed}"))
        .arg(format!("-timeout={INPUT_SECONDS}"))
        .arg(format!("-rss_limit_mb={MEMORY_MIB}"))
        .arg(format!("-max_len={INPUT_BYTES}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-print_final_stats=1", "-verbosity=0"])
        .arg(found);
    if seeds.is_dir() {
        command.arg(seeds);
    }
    let ran = command.output().map_err(|cause| format!("`{}` cannot be started: {cause}", line(&command)))?;
    let words = String::from_utf8_lossy(&ran.stderr);
    if ran.status.success() {
        say(format_args!(
            "fuzz target {name}: passed, {} inputs",
            statistic(&words, "number_of_executed_units")
        ));
        return Ok(());
    }
    say(&words);
    Err(format!(
        "fuzz target {name} failed with seed {seed}; its own words are above\n\
         the input is in fuzz/artifacts/{name}; try it again with `cargo xtask fuzz {name} FILE`"
    ))
}

/// One of the figures that libFuzzer closes with.
fn statistic<'a>(words: &'a str, name: &str) -> &'a str {
    let figure = |line: &'a str| line.strip_prefix("stat::")?.strip_prefix(name)?.strip_prefix(':');
    words.lines().find_map(figure).unwrap_or("an unknown number of").trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_string).collect()
    }

    #[test]
    fn arguments_are_read() {
        let request = parse(&words("bundle_archive crash --seconds 5 --seed 7")).unwrap();
        assert_eq!(request.target.as_deref(), Some("bundle_archive"));
        assert_eq!(request.file.as_deref(), Some(Path::new("crash")));
        assert_eq!((request.length, request.seed), (Length::Seconds(5), 7));
        assert_eq!(parse(&[]).unwrap().length, Length::Seconds(LONG_SECONDS));
    }

    #[test]
    fn bad_arguments_are_refused() {
        let refusal = |line| parse(&words(line)).err().unwrap();
        assert!(refusal("--seconds soon").contains("not `soon`"));
        assert!(refusal("--seed 0").contains("above 0"));
        assert!(refusal("a b c").contains("`c` is not an argument"));
        assert!(refusal("--frob").contains("`--frob` is not an argument"));
    }

    #[test]
    fn figures_are_read_from_what_the_fuzzer_says() {
        let words = "Done\nstat::number_of_executed_units: 21994\nstat::peak_rss_mb:              32\n";
        assert_eq!(statistic(words, "number_of_executed_units"), "21994");
        assert_eq!(statistic(words, "peak_rss_mb"), "32");
        assert_eq!(statistic("", "peak_rss_mb"), "an unknown number of");
    }

    #[test]
    fn the_host_is_a_triple() {
        assert!(host(&Machine::find().unwrap()).unwrap().contains("-linux-"));
    }
}

//! `cargo xtask bench`: measures Firesteel beside its peers in the same run, and writes `docs/benchmarks.md`, or
//! `benchmarks-avx2.md` where there is no AVX-512.
//!
//! Each benchmark is a script in `dev/bench` and an entry in [`BENCHMARKS`]. The scripts measure; here is only what they
//! need: the release build, the Python environment of the peers, and models that real Spark trains once into
//! `.cache/bench`. Results are JSON files in `target/bench`, from which the page and its charts are drawn.

use std::path::PathBuf;
use std::time::Instant;

use crate::Outcome;
use crate::machine::{Machine, PythonEnvironment};
use crate::run::{say, shown};
use crate::setup::python_environment;
use crate::take_option;

/// A script that measures, and the models that it needs trained.
struct Benchmark {
    name: &'static str,
    about: &'static str,
    script: &'static str,
    models: &'static [&'static str],
}

const LARGE_TREES: &[&str] = &["forest_500x10x30", "forest_1000x15x200", "boosted_100x5x30"];
const GROWING_TREES: &[&str] =
    &["forest_10x10x30", "forest_100x10x30", "forest_100x5x30", "forest_100x15x30", "forest_100x10x200"];

/// In the order in which they run and stand on the page.
const BENCHMARKS: &[Benchmark] = &[
    Benchmark { name: "forest", about: "the churn forest, by rows a call", script: "forest.py", models: &[] },
    Benchmark {
        name: "forests",
        about: "larger forests, boosted trees",
        script: "forest.py",
        models: LARGE_TREES,
    },
    Benchmark {
        name: "growth",
        about: "cost by trees, depth and features",
        script: "forest.py",
        models: GROWING_TREES,
    },
    Benchmark { name: "single", about: "one row a call, MLeap too", script: "single.py", models: &[] },
    Benchmark {
        name: "linear",
        about: "scaled logistic regression",
        script: "pipelines.py",
        models: &["linear_100"],
    },
    Benchmark {
        name: "text",
        about: "words, weights, regression",
        script: "pipelines.py",
        models: &["text"],
    },
    Benchmark {
        name: "distance",
        about: "k-means, Gaussian mixture",
        script: "distance.py",
        models: &["kmeans_20x20", "mixture_5x10"],
    },
    Benchmark { name: "threads", about: "threads that score at once", script: "threads.py", models: &[] },
    Benchmark { name: "batch", about: "Parquet to Parquet, beside Spark", script: "batch.py", models: &[] },
    Benchmark { name: "rest", about: "REST beside an echo server", script: "rest.py", models: &[] },
    Benchmark { name: "grpc", about: "gRPC beside an echo server", script: "grpc.py", models: &[] },
    Benchmark {
        name: "start",
        about: "start and memory, by models",
        script: "start.py",
        models: LARGE_TREES,
    },
];

const RESULTS: &str = "target/bench";
const MODELS: &str = ".cache/bench";
const SCRIPTS: &str = "dev/bench";

/// What a person asked for.
#[derive(Debug, Default)]
struct Request {
    names: Vec<String>,
    quick: bool,
    /// Only the page is written, from the results at hand.
    render: bool,
    /// Passed on to the scripts, which have their own defaults.
    options: Vec<String>,
}

pub(crate) fn run(machine: &Machine, arguments: &[String]) -> Outcome {
    let request = parse(arguments)?;
    let peers = PythonEnvironment {
        name: "bench".into(),
        requirements: machine.root.join(SCRIPTS).join("requirements.txt"),
        folder: machine.root.join(".venv/bench"),
    };
    python_environment(machine, &peers)?;
    if request.render {
        return render(machine, &peers);
    }
    shown(machine.cargo().args(["build", "--release", "--package", "firesteel-cli"]))?;
    let spark = spark(machine);
    let mut failed = Vec::new();
    for benchmark in chosen(&request.names)? {
        say(format_args!("\n{}: {}", benchmark.name, benchmark.about));
        train(machine, benchmark, spark.as_ref(), request.quick);
        let start = Instant::now();
        match measure(machine, benchmark, &peers, spark.as_ref(), &request) {
            Ok(()) => say(format_args!("{}: {:.0} s", benchmark.name, start.elapsed().as_secs_f64())),
            Err(sentence) => failed.push(sentence),
        }
    }
    // A page of part of the figures, or of hasty ones, is written only when it is asked for.
    if request.names.is_empty() && !request.quick {
        render(machine, &peers)?;
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

fn parse(arguments: &[String]) -> Outcome<Request> {
    let mut request = Request::default();
    let mut rest = arguments.to_vec();
    for name in ["--seconds", "--runs"] {
        let (value, left) = take_option(&rest, name)?;
        rest = left;
        if let Some(value) = value {
            positive(name, &value)?;
            request.options.extend([name.to_string(), value]);
        }
    }
    for word in rest {
        match word.as_str() {
            "--quick" => request.quick = true,
            "--render" => request.render = true,
            _ => request.names.push(word),
        }
    }
    chosen(&request.names)?;
    if request.quick && request.options.is_empty() {
        request.options.extend(["--seconds", "0.2", "--runs", "3"].map(String::from));
    }
    Ok(request)
}

fn positive(name: &str, value: &str) -> Outcome {
    match value.parse::<f64>() {
        Ok(number) if number > 0.0 => Ok(()),
        _ => Err(format!("`{name}` takes a number above 0, not `{value}`")),
    }
}

/// The benchmarks named, in their own order; all of them when none is named.
fn chosen(names: &[String]) -> Outcome<Vec<&'static Benchmark>> {
    let known: Vec<&str> = BENCHMARKS.iter().map(|benchmark| benchmark.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("there is no benchmark `{unknown}`; the benchmarks are {}", known.join(", ")));
    }
    let wanted = |benchmark: &&Benchmark| names.is_empty() || names.iter().any(|name| name == benchmark.name);
    Ok(BENCHMARKS.iter().filter(wanted).collect())
}

/// The Python that has PySpark 3.5, where `cargo xtask setup` has made it.
fn spark(machine: &Machine) -> Option<PathBuf> {
    let environments = machine.python_environments().ok()?;
    let spark = environments.into_iter().find(|environment| environment.name == "spark3")?;
    spark.works().then(|| spark.python())
}

/// Trains the models that are not there yet. One that cannot be trained is said so, and later shown as not measured.
fn train(machine: &Machine, benchmark: &Benchmark, spark: Option<&PathBuf>, quick: bool) {
    // A quick run measures the models that are there.
    let missing = benchmark.models.iter().filter(|model| !trained(machine, model) && !quick);
    for model in missing {
        let Some(python) = spark else {
            say(format_args!("`{model}` is not trained: PySpark is not here; run `cargo xtask setup`"));
            continue;
        };
        say(format_args!("training `{model}` by Spark, once"));
        let mut command = machine.command(python);
        command.arg(format!("{SCRIPTS}/train.py")).args([*model, &format!("{MODELS}/{model}")]);
        command.envs(machine.java().map(|home| ("JAVA_HOME", home)));
        if let Err(sentence) = shown(&mut command) {
            say(sentence);
        }
    }
}

/// Whether a model is whole: the script writes `about.json` last.
fn trained(machine: &Machine, model: &str) -> bool {
    machine.root.join(MODELS).join(model).join("about.json").exists()
}

fn measure(
    machine: &Machine,
    benchmark: &Benchmark,
    peers: &PythonEnvironment,
    spark: Option<&PathBuf>,
    request: &Request,
) -> Outcome {
    let name = benchmark.name;
    let results = machine.root.join(RESULTS).join(format!("{name}.json"));
    // What an earlier run left must not stand for one that fails now.
    let _ = std::fs::remove_file(&results);
    let mut command = machine.command(peers.python());
    command.arg(format!("{SCRIPTS}/{}", benchmark.script)).arg(name);
    command.arg("--binary").arg(machine.root.join("target/release/firesteel"));
    command.arg("--out").arg(results);
    command.args(&request.options);
    command.args(request.quick.then_some("--quick"));
    if let Some(home) = machine.java() {
        command.arg("--java").arg(home);
    }
    if let Some(python) = spark {
        command.arg("--spark").arg(python);
    }
    shown(command.env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// Writes the page and its charts from the results at hand.
fn render(machine: &Machine, peers: &PythonEnvironment) -> Outcome {
    let names = BENCHMARKS.iter().map(|benchmark| benchmark.name);
    let mut command = machine.command(peers.python());
    command.arg(format!("{SCRIPTS}/render.py")).args([RESULTS, "docs"]).args(names);
    shown(command.env("PYTHONDONTWRITEBYTECODE", "1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Outcome<Request> {
        parse(&line.split_whitespace().map(str::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn names_and_options_come_in_any_order() {
        let request = parsed("rest --runs 7 forest --render").unwrap();
        assert_eq!(request.names, ["rest", "forest"]);
        assert_eq!(request.options, ["--runs", "7"]);
        assert!(request.render && !request.quick);
        let names: Vec<&str> = chosen(&request.names).unwrap().iter().map(|it| it.name).collect();
        assert_eq!(names, ["forest", "rest"]);
    }

    #[test]
    fn a_quick_run_is_short_unless_told() {
        assert_eq!(parsed("--quick").unwrap().options, ["--seconds", "0.2", "--runs", "3"]);
        assert_eq!(parsed("--quick --seconds 1").unwrap().options, ["--seconds", "1"]);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(parsed("forset").unwrap_err().contains("no benchmark `forset`; the benchmarks are forest, "));
        assert!(parsed("--runs none").unwrap_err().contains("`--runs` takes a number above 0"));
        assert!(parsed("--frob").is_err());
    }

    #[test]
    fn every_script_is_there() {
        let machine = Machine::find().unwrap();
        let folder = machine.root.join(SCRIPTS);
        assert!(BENCHMARKS.iter().all(|benchmark| folder.join(benchmark.script).is_file()));
        assert!(folder.join("train.py").is_file() && folder.join("render.py").is_file());
    }
}

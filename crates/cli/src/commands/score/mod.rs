//! `firesteel score`: scores a file, folder or stream of rows.

mod pipeline;
mod progress;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use firesteel_plan::{Model, Plan};
use firesteel_tables::{Format, Layout, Sink, Source, Target};

use self::pipeline::{Pipeline, Reading};
use super::model::ModelArguments;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Score a file of rows: every column that Spark's transform would add.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  firesteel score examples/churn/model examples/churn/rows.parquet -o scored.parquet
  firesteel score examples/churn/model rows.csv -o scored.jsonl --columns prediction,probability
  firesteel score examples/churn/model spark_output_folder/ -o scored.parquet
  cat rows.jsonl | firesteel score examples/churn/model - | jq .prediction

Rows keep their order; rows that the model drops (handleInvalid=skip) are left out and counted.
The output appears under its name when it is whole.
In CSV the first line names the columns, an empty cell is null and \"\" is the empty string.")]
pub(crate) struct Score {
    #[command(flatten)]
    model: ModelArguments,
    /// The rows: a file, a folder of part files, or - for standard input (CSV or JSON lines)
    input: PathBuf,
    /// The file to write, .parquet, .csv or .json [default: standard output, as CSV if CSV came in, else JSON lines]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The outputs to add; without it all of them
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    columns: Option<Vec<String>>,
    /// The format of the input where its name and first bytes do not tell: parquet, csv or json
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// The format of the output where its name does not tell: parquet, csv or json
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<Format>,
}

impl Score {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let source = self.source()?;
        let (declared, input_format, spark_metadata) =
            (source.declared(), source.format(), source.spark_metadata());
        let rows = Reading::start(source);
        let model = self.model.open(declared)?;
        let plan = self.plan(&model)?;
        let format = self.output_format(input_format)?;
        let mut types = self.model.types();
        for input in plan.inputs() {
            types.insert(input.name.clone(), input.column_type.clone());
        }
        let layout = Layout { outputs: plan.outputs().to_vec(), types, spark_metadata };
        let to_file = self.file();
        let target = match to_file {
            Some(path) => Target::File(path.to_owned()),
            None => Target::Stream { stream: Box::new(io::stdout()), name: "standard output".to_owned() },
        };
        rows.catch_signals()?;
        let sink = Sink::create(target, format, layout).map_err(Failure::from_error)?;
        let pipeline = Pipeline { rows, plan, sink, to_file: to_file.is_some() };
        let summary = pipeline.run(terminal)?;
        terminal.say(&summary);
        Ok(())
    }

    fn source(&self) -> Result<Source, Failure> {
        let source = match is_dash(&self.input) {
            true => Source::stream(Box::new(io::stdin()), "standard input", self.format),
            false => Source::open(&self.input, self.format),
        };
        source.map_err(Failure::from_error)
    }

    fn plan(&self, model: &Model) -> Result<Plan, Failure> {
        match &self.columns {
            Some(columns) => model.plan(columns).map_err(Failure::from_error),
            None => model.plan_all().map_err(Failure::from_error),
        }
    }

    /// The file to write, if it is not standard output.
    fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !is_dash(path))
    }

    fn output_format(&self, input: Format) -> Result<Format, Failure> {
        let told = self.output_format.or_else(|| self.file().and_then(Format::of_name));
        match (told, self.file()) {
            (Some(Format::Parquet), None) if io::stdout().is_terminal() => {
                Err(Failure::usage("Parquet is not for a terminal").hint("give a file: -o scored.parquet"))
            }
            (Some(format), _) => Ok(format),
            (None, None) => Ok(if input == Format::Csv { Format::Csv } else { Format::JsonLines }),
            (None, Some(path)) => {
                let message = format!("{}: its name tells no format", path.display());
                Err(Failure::usage(message)
                    .hint("end it in .parquet, .csv or .jsonl, or give --output-format"))
            }
        }
    }
}

fn is_dash(path: &Path) -> bool {
    path == Path::new("-")
}

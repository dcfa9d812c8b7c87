//! The `firesteel` command: scores, inspects and serves saved models without the system that trained them.
//!
//! This file alone reads the environment; commands get what they need of it as arguments.

mod commands;
mod environment;
mod failure;
mod terminal;
mod text;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::Command;
use crate::environment::Environment;
use crate::terminal::Terminal;

/// Answers of saved Spark ML models, without Spark.
#[derive(Debug, Parser)]
#[command(
    name = "firesteel",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  firesteel serve examples/churn/model
  firesteel score examples/churn/model examples/churn/rows.parquet -o scored.parquet
  firesteel inspect examples/churn/model

Exit codes: 0 done, 1 the model or the data is at fault, 2 the command line is, 130 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let environment = Environment::new(std::env::vars_os());
    let mut terminal = Terminal::new(&environment);
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help that a pager closed is no error.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match cli.command.run(&mut terminal, &environment) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal.report(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

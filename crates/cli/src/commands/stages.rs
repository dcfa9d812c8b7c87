//! `firesteel stages`: the Spark classes that are read.

use clap::Args;
use firesteel_spark::supported_stages;

use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::text::table;

/// List the Spark stages that are supported.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  firesteel stages
  firesteel stages | grep feature")]
pub(crate) struct Stages {}

impl Stages {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let row = |class: &str, since: &str| vec![class.to_owned(), format!("since Spark {since}")];
        let rows: Vec<Vec<String>> =
            supported_stages().into_iter().map(|stage| row(stage.class, stage.since)).collect();
        table(&rows).iter().try_for_each(|line| terminal.line(line))
    }
}

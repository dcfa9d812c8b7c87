//! The commands, one file or folder each. A command is one module, one entry in [`Command`] and one arm.

mod bench;
mod completions;
mod inspect;
mod model;
mod score;
mod serve;
mod stages;

use clap::Subcommand;

use crate::environment::Environment;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(serve::Serve),
    Score(score::Score),
    Inspect(inspect::Inspect),
    Stages(stages::Stages),
    Bench(bench::Bench),
    #[command(hide = true)]
    BenchEcho(bench::Echo),
    Completions(completions::Completions),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(&self, terminal: &mut Terminal, _environment: &Environment) -> Result<(), Failure> {
        match self {
            Command::Serve(command) => command.run(terminal),
            Command::Score(command) => command.run(terminal),
            Command::Inspect(command) => command.run(terminal),
            Command::Stages(command) => command.run(terminal),
            Command::Bench(command) => command.run(terminal),
            Command::BenchEcho(command) => command.run(terminal),
            Command::Completions(command) => command.run(terminal),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound_and_every_command_has_examples() {
        let mut cli = crate::Cli::command();
        cli.build();
        cli.clone().debug_assert();
        for command in
            cli.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help")
        {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Examples:"), "{} has no examples", command.get_name());
        }
    }
}

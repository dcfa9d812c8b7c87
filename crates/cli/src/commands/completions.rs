//! `firesteel completions`: what a shell needs to complete the command line.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Cli;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Print completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  firesteel completions bash > ~/.local/share/bash-completion/completions/firesteel
  firesteel completions zsh > ~/.zfunc/_firesteel
  firesteel completions fish > ~/.config/fish/completions/firesteel.fish")]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "firesteel", &mut script);
        terminal.print(&script)
    }
}

//! What a person sees: lines on standard output, notes, progress and errors on standard error.

use std::io::{IsTerminal, Write};

use crate::environment::Environment;
use crate::failure::Failure;

/// Colours are for terminals only, and for no one who set `NO_COLOR` (see no-color.org).
#[derive(Debug)]
pub(crate) struct Terminal {
    colour_out: bool,
    colour_err: bool,
    progress: bool,
    /// Whether a line of progress stands on the screen.
    showing: bool,
}

const BOLD: &str = "1";
const RED: &str = "1;31";
const CYAN: &str = "36";

impl Terminal {
    /// The terminal that the process has.
    pub(crate) fn new(environment: &Environment) -> Terminal {
        let dumb = environment.get("TERM") == Some("dumb");
        let colour = environment.get("NO_COLOR").is_none() && !dumb;
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        Terminal {
            colour_out: out && colour,
            colour_err: err && colour,
            progress: err && !dumb,
            showing: false,
        }
    }

    /// Prints a line on standard output.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.print(format!("{text}\n").as_bytes())
    }

    /// Prints bytes on standard output.
    pub(crate) fn print(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).map_err(Failure::of_output)
    }

    /// A heading for standard output.
    pub(crate) fn heading(&self, text: &str) -> String {
        paint(self.colour_out, BOLD, text)
    }

    /// Prints a remark on standard error.
    pub(crate) fn note(&mut self, text: &str) {
        self.say(&format!("{} {text}", paint(self.colour_err, CYAN, "note:")));
    }

    /// Prints a line on standard error.
    pub(crate) fn say(&mut self, text: &str) {
        self.clear_progress();
        // Where standard error cannot be written, no one reads it.
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// Shows how far a command has come, in place of what it showed before; on a terminal only.
    pub(crate) fn progress(&mut self, text: &str) {
        if self.progress {
            let _ = write!(std::io::stderr(), "\r\u{1b}[2K{text}");
            self.showing = true;
        }
    }

    fn clear_progress(&mut self) {
        if std::mem::take(&mut self.showing) {
            let _ = write!(std::io::stderr(), "\r\u{1b}[2K");
        }
    }

    /// Prints why a command stopped.
    pub(crate) fn report(&mut self, failure: &Failure) {
        for (label, text) in failure.lines() {
            let line = match label {
                "because" => format!("  because: {text}"),
                "error" => format!("{} {text}", paint(self.colour_err, RED, "error:")),
                label => format!("{} {text}", paint(self.colour_err, CYAN, &format!("{label}:"))),
            };
            self.say(&line);
        }
    }
}

fn paint(colour: bool, code: &str, text: &str) -> String {
    if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

//! How a command ends when it does not end well, and the table of exit codes.

use std::error::Error;
use std::io;

use firesteel_tables::TableError;

/// The ways in which a command ends other than well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The model or the data is at fault, or the machine.
    Fault,
    /// The command line is at fault.
    Usage,
    /// Whoever read the output wants no more of it.
    Closed,
    /// The user stopped the command.
    Interrupted,
}

impl Kind {
    /// The table of exit codes; 130 is what shells give a command that was interrupted.
    const fn exit_code(self) -> u8 {
        match self {
            Kind::Closed => 0,
            Kind::Fault => 1,
            Kind::Usage => 2,
            Kind::Interrupted => 130,
        }
    }
}

/// Why a command stopped: what is wrong, what is behind it, what to try.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    message: String,
    causes: Vec<String>,
    hint: Option<String>,
}

impl Failure {
    fn new(kind: Kind, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), causes: Vec::new(), hint: None }
    }

    /// The model or the data is at fault.
    pub(crate) fn fault(message: impl Into<String>) -> Failure {
        Failure::new(Kind::Fault, message)
    }

    /// The command line is at fault.
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure::new(Kind::Usage, message)
    }

    /// The reader of the output is gone, which is no error.
    pub(crate) fn closed() -> Failure {
        Failure::new(Kind::Closed, "")
    }

    /// The user stopped the command.
    pub(crate) fn interrupted(message: impl Into<String>) -> Failure {
        Failure::new(Kind::Interrupted, message)
    }

    /// An error with what is behind it and, where it knows one, its hint.
    pub(crate) fn from_error(error: impl Error + 'static) -> Failure {
        let mut failure = Failure::fault(error.to_string());
        let error: &(dyn Error + 'static) = &error;
        failure.hint = error.downcast_ref::<TableError>().and_then(TableError::hint);
        let mut shown = failure.message.clone();
        let mut next = error.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            // Some errors show their cause already.
            if !shown.contains(&text) {
                failure.causes.push(text.clone());
                shown = text;
            }
            next = cause.source();
        }
        failure
    }

    /// The failure to write to standard output: an error, unless its reader is gone.
    pub(crate) fn of_output(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::closed(),
            _ => Failure {
                causes: vec![error.to_string()],
                ..Failure::fault("cannot write to standard output")
            },
        }
    }

    /// The same with what to try.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into()).filter(|hint| !hint.is_empty());
        self
    }

    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        self.kind.exit_code()
    }

    /// The lines to show, each with its label; none when all is well.
    pub(crate) fn lines(&self) -> Vec<(&'static str, &str)> {
        if self.kind == Kind::Closed {
            return Vec::new();
        }
        let causes = self.causes.iter().map(|cause| ("because", cause.as_str()));
        let hint = self.hint.iter().map(|hint| ("hint", hint.as_str()));
        std::iter::once(("error", self.message.as_str())).chain(causes).chain(hint).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_its_causes_and_its_hint() {
        let source = io::Error::from(io::ErrorKind::StorageFull);
        let error = TableError::Io { action: "write", path: "out.csv".into(), source };
        let failure = Failure::from_error(error);
        let lines = failure.lines();
        assert_eq!(lines[0], ("error", "cannot write out.csv"));
        assert_eq!(lines[1], ("because", "no storage space"));
        assert!(lines[2].0 == "hint" && lines[2].1.starts_with("make room"), "{lines:?}");
        assert_eq!(failure.exit_code(), 1);
    }

    #[test]
    fn a_gone_reader_is_no_error() {
        let failure = Failure::of_output(io::ErrorKind::BrokenPipe.into());
        assert_eq!((failure.exit_code(), failure.lines().len()), (0, 0));
        assert_eq!(Failure::of_output(io::ErrorKind::StorageFull.into()).exit_code(), 1);
    }
}

//! What becomes of a result that does not fit: Spark's `EvalMode`.

/// How an operator or a cast takes what does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvalMode {
    /// Integers wrap around or end at their borders; the rest is null.
    Legacy,
    /// It is an error.
    Ansi,
    /// It is null.
    Try,
}

impl EvalMode {
    /// The mode of a statement that has ANSI on or off.
    pub fn of(ansi: bool) -> EvalMode {
        if ansi { EvalMode::Ansi } else { EvalMode::Legacy }
    }
}

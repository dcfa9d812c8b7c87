//! Expressions with a null in place of an error.

use super::date::DateFunction;
use super::mode::EvalMode;
use super::text::TextFunction;
use super::tree::Expr;
use crate::column::ColumnType;

impl Expr {
    /// The expression with a null wherever a part of it fails; nothing where that cannot be said of every part.
    pub fn tried(self) -> Option<Expr> {
        let boxed = |expr: Box<Expr>| expr.tried().map(Box::new);
        let each = |parts: Vec<Expr>| parts.into_iter().map(Expr::tried).collect::<Option<Vec<_>>>();
        let tried = |mode| if mode == EvalMode::Ansi { EvalMode::Try } else { mode };
        Some(match self {
            Expr::Interval { function, mode, arguments, .. } => {
                Expr::Interval { function, mode, tried: true, arguments: each(arguments)? }
            }
            Expr::Arithmetic { operator, left, right, mode } => {
                Expr::Arithmetic { operator, left: boxed(left)?, right: boxed(right)?, mode: tried(mode) }
            }
            Expr::Cast { value, to, mode } => Expr::Cast { value: boxed(value)?, to, mode: tried(mode) },
            Expr::Date { function, arguments } => match function {
                DateFunction::AddDays
                | DateFunction::SubtractDays
                | DateFunction::DaysBetween
                | DateFunction::OfDate(_)
                | DateFunction::OfTime(_) => Expr::Date { function, arguments: each(arguments)? },
                _ => return None,
            },
            other => return other.never_fails().then_some(other),
        })
    }

    fn never_fails(&self) -> bool {
        match self {
            Expr::Input(_) | Expr::Literal(_) => true,
            Expr::Cast { value, to: ColumnType::String, .. } => value.never_fails(),
            Expr::Text { function: TextFunction::Concat, .. }
            | Expr::Compare { .. }
            | Expr::All(_)
            | Expr::Any(_)
            | Expr::Not(_)
            | Expr::IsNull(_)
            | Expr::Case { .. }
            | Expr::Coalesce(_)
            | Expr::Extreme { .. } => self.parts().into_iter().all(Expr::never_fails),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::interval::IntervalFunction;
    use super::super::interval_type::IntervalType;
    use super::*;

    #[test]
    fn what_fails_within_a_choice_is_not_tried() {
        let fails = || Expr::Interval {
            function: IntervalFunction::Read(IntervalType::TIME),
            mode: EvalMode::Legacy,
            tried: false,
            arguments: vec![Expr::Input(0)],
        };
        assert!(matches!(fails().tried(), Some(Expr::Interval { tried: true, .. })));
        assert!(Expr::Coalesce(vec![fails()]).tried().is_none());
        assert!(Expr::Coalesce(vec![Expr::Input(0)]).tried().is_some());
    }
}

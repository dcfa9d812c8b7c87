//! Expressions whose constant parts are computed once, when a plan is made.
//!
//! A part without an input comes to the same for every row. One that comes to an error is left as it is, since only the
//! rows that need it may fail; so is a list, for which there is no literal.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};

use super::literal::Literal;
use super::rows::Rows;
use super::tree::Expr;
use crate::column::ColumnType;

impl Expr {
    /// This expression with its constant parts as literals; `None` if it has none but literals.
    pub(crate) fn folded(&self) -> Option<Expr> {
        let mut folded = self.clone();
        folded.fold().then_some(folded)
    }

    /// Computes the constant parts; answers whether there were any.
    fn fold(&mut self) -> bool {
        let mut changed = false;
        for part in self.parts_mut() {
            changed |= part.fold();
        }
        let parts = self.parts();
        let constant = !parts.is_empty() && parts.iter().all(|part| matches!(part, Expr::Literal(_)));
        match self.constant().filter(|_| constant) {
            Some(literal) => {
                *self = Expr::Literal(literal);
                true
            }
            None => changed,
        }
    }

    /// What the expression comes to without inputs.
    fn constant(&self) -> Option<Literal> {
        let found = self.column_type(&[]).ok()?;
        literal(&self.run(&Rows::all(1, &[])).ok()?, &found)
    }
}

/// The only value of an array as a literal, if there are literals of its type.
fn literal(array: &ArrayRef, found: &ColumnType) -> Option<Literal> {
    if array.len() != 1 || array.data_type() != &found.to_arrow() {
        return None;
    }
    if array.is_null(0) {
        return (!matches!(found, ColumnType::Array(_))).then(|| Literal::Null(found.clone()));
    }
    Some(match found {
        ColumnType::Boolean => Literal::Boolean(array.as_boolean().value(0)),
        ColumnType::Byte => Literal::Byte(array.as_primitive::<Int8Type>().value(0)),
        ColumnType::Short => Literal::Short(array.as_primitive::<Int16Type>().value(0)),
        ColumnType::Int => Literal::Int(array.as_primitive::<Int32Type>().value(0)),
        ColumnType::Long => Literal::Long(array.as_primitive::<Int64Type>().value(0)),
        ColumnType::Float => Literal::Float(array.as_primitive::<Float32Type>().value(0)),
        ColumnType::Double => Literal::Double(array.as_primitive::<Float64Type>().value(0)),
        ColumnType::Decimal(of) => Literal::Decimal(array.as_primitive::<Decimal128Type>().value(0), *of),
        ColumnType::String => Literal::String(array.as_string::<i32>().value(0).into()),
        ColumnType::Date => Literal::Date(array.as_primitive::<Date32Type>().value(0)),
        ColumnType::Timestamp => {
            Literal::Timestamp(array.as_primitive::<TimestampMicrosecondType>().value(0))
        }
        ColumnType::TimestampNtz => {
            Literal::TimestampNtz(array.as_primitive::<TimestampMicrosecondType>().value(0))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::column::Column;
    use crate::ops::{Arithmetic, Comparison, EvalMode};

    /// Expressions of ints over two columns.
    fn ints() -> impl Strategy<Value = Expr> {
        let mode = || prop::sample::select(vec![EvalMode::Legacy, EvalMode::Ansi, EvalMode::Try]);
        let leaf = prop_oneof![
            1 => (0..2_usize).prop_map(Expr::Input),
            3 => prop::sample::select(vec![0, 1, 2, -3, i32::MAX, i32::MIN])
                .prop_map(|value| Expr::Literal(Literal::Int(value))),
            1 => Just(Expr::Literal(Literal::Null(ColumnType::Int))),
        ];
        leaf.prop_recursive(5, 40, 3, move |part| {
            let two = (part.clone(), part.clone(), part);
            let operator = prop::sample::select(vec![
                Arithmetic::Add,
                Arithmetic::Subtract,
                Arithmetic::Multiply,
                Arithmetic::Remainder,
            ]);
            (two, operator, mode(), 0..4).prop_map(|((one, other, third), operator, mode, kind)| {
                let [left, right] = [one.clone(), other.clone()].map(Box::new);
                match kind {
                    0 => Expr::Coalesce(vec![one, other, third]),
                    1 => {
                        let condition = Expr::Compare { comparison: Comparison::Less, left, right };
                        Expr::Case { branches: vec![(condition, one)], otherwise: Box::new(third) }
                    }
                    2 => {
                        let text = Expr::Cast { value: left, to: ColumnType::String, mode };
                        Expr::Cast { value: Box::new(text), to: ColumnType::Int, mode }
                    }
                    _ => Expr::Arithmetic { operator, left, right, mode },
                }
            })
        })
    }

    proptest! {
        #[test]
        fn folding_changes_no_answer(expr in ints(), rows in prop::collection::vec((any::<Option<i8>>(), any::<Option<i8>>()), 1..5)) {
            let column = |values: Vec<Option<i8>>| {
                let ints: arrow_array::Int32Array = values.into_iter().map(|value| value.map(i32::from)).collect();
                Column::Array(std::sync::Arc::new(ints))
            };
            let columns = [
                column(rows.iter().map(|row| row.0).collect()),
                column(rows.iter().map(|row| row.1).collect()),
            ];
            let inputs: Vec<&Column> = columns.iter().collect();
            let answer = |expr: &Expr| {
                let found = expr.run(&Rows::all(rows.len(), &inputs));
                found.map(|array| format!("{array:?}")).map_err(|error| format!("{error:?}"))
            };
            let types = [ColumnType::Int, ColumnType::Int];
            let found = |expr: &Expr| expr.column_type(&types.iter().collect::<Vec<_>>()).ok();
            if let Some(folded) = expr.folded() {
                prop_assert!(folded.size() < expr.size());
                prop_assert_eq!(found(&folded), found(&expr));
                prop_assert_eq!(answer(&folded), answer(&expr));
            }
        }
    }

    #[test]
    fn what_fails_stays_and_what_is_constant_goes() {
        let one = |value| Box::new(Expr::Literal(Literal::Int(value)));
        let divided = |by| Expr::Arithmetic {
            operator: Arithmetic::Remainder,
            left: one(7),
            right: one(by),
            mode: EvalMode::Ansi,
        };
        assert!(divided(0).folded().is_none());
        let input = Box::new(Expr::Input(0));
        let sum = Expr::Arithmetic {
            operator: Arithmetic::Add,
            left: input,
            right: Box::new(divided(4)),
            mode: EvalMode::Ansi,
        };
        assert_eq!((sum.size(), sum.folded().unwrap().size()), (5, 3));
    }
}

//! Three-valued logic and choices between values.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, new_null_array};
use arrow_select::zip::zip;

use super::compare::orders;
use super::rows::{Rows, booleans, is_true, texts};
use super::tree::Expr;
use crate::column::ColumnType;
use crate::error::OpError;

/// Whether all of `parts` hold, or any: null where nulls leave it open. A row that an earlier part has decided cannot
/// fail in a later one.
pub(super) fn combine(parts: &[Expr], all: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut known: Vec<Option<bool>> = vec![Some(all); rows.count];
    for part in parts {
        let values = part.run(&rows.only(|row| known[row] != Some(!all)))?;
        for (known, value) in known.iter_mut().zip(booleans(&values)?) {
            *known = match (*known, value) {
                (Some(one), _) | (_, Some(one)) if one != all => Some(!all),
                (Some(_), Some(_)) => Some(all),
                _ => None,
            };
        }
    }
    Ok(Arc::new(BooleanArray::from(known)))
}

/// The opposite; null stays.
pub(super) fn not(array: &ArrayRef) -> Result<ArrayRef, OpError> {
    let values: BooleanArray = booleans(array)?.iter().map(|value| Some(!value?)).collect();
    Ok(Arc::new(values))
}

/// Whether a value is null.
pub(super) fn is_null(array: &ArrayRef) -> ArrayRef {
    let values: Vec<bool> = (0..array.len()).map(|row| array.is_null(row)).collect();
    Arc::new(BooleanArray::from(values))
}

/// An error of the first row that needs it; nulls of a type where none does.
pub(super) fn raise(messages: &ArrayRef, to: &ColumnType, rows: &Rows) -> Result<ArrayRef, OpError> {
    let messages = texts(messages)?;
    match (0..rows.count).find(|row| rows.is_active(*row)) {
        Some(row) => {
            let message = if messages.is_valid(row) { messages.value(row) } else { "null" };
            let found = format!("the error that the statement raises: {message}");
            Err(OpError::row(row, 0, found, "a row for which it raises none"))
        }
        None => Ok(new_null_array(&to.to_arrow(), rows.count)),
    }
}

/// The value of the first branch whose condition is true.
pub(super) fn case(branches: &[(Expr, Expr)], otherwise: &Expr, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut chosen = Vec::with_capacity(branches.len());
    let mut left = rows.only(|_| true);
    for (condition, value) in branches {
        let holds = condition.run(&left)?;
        let holds = booleans(&holds)?;
        let taken = left.only(|row| is_true(holds, row));
        chosen.push((taken.mask(), value.run(&taken)?));
        left = left.only(|row| !is_true(holds, row));
    }
    let last = otherwise.run(&left)?;
    chosen.iter().rev().try_fold(last, |rest, (taken, value)| Ok(zip(taken, value, &rest)?))
}

/// The first value that is not null.
pub(super) fn coalesce(values: &[Expr], rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut found: Option<ArrayRef> = None;
    for value in values {
        found = Some(match found {
            None => value.run(rows)?,
            Some(before) => {
                let open = rows.only(|row| before.is_null(row));
                zip(&open.mask(), &value.run(&open)?, &before)?
            }
        });
    }
    found.ok_or_else(|| super::rows::promised("values"))
}

/// The largest or smallest value, nulls left out; of equal ones the first.
pub(super) fn extreme(values: &[Expr], greatest: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut found: Option<ArrayRef> = None;
    for value in values {
        let next = value.run(rows)?;
        found = Some(match found {
            None => next,
            Some(before) => {
                let orders = orders(&next, &before)?;
                let better = |row: usize| match orders[row] {
                    Some(order) => {
                        if greatest {
                            order.is_gt()
                        } else {
                            order.is_lt()
                        }
                    }
                    None => before.is_null(row),
                };
                let better: Vec<bool> = (0..rows.count).map(better).collect();
                zip(&BooleanArray::from(better), &next, &before)?
            }
        });
    }
    found.ok_or_else(|| super::rows::promised("values"))
}

//! Functions that make lists of texts.

use std::collections::HashSet;

use arrow_array::ArrayRef;

use super::lists::{ListFunction, Lists};
use super::rows::{Cells, Rows, promised};
use super::text::bounded;
use crate::error::OpError;
use crate::ops::word_lists::{finished, word_lists};

/// A text of a list, or a null in it.
pub(super) type Item<'a> = Option<&'a str>;

/// What a place in a list takes of the memory that one list may take, beside its text.
const PLACE: usize = 32;

/// The lists that a function makes.
pub(super) fn run(
    function: ListFunction,
    lists: &Lists,
    cells: &Cells,
    rows: &Rows,
) -> Result<ArrayRef, OpError> {
    let mut made = word_lists(rows.count);
    for row in 0..rows.count {
        let items = match function {
            ListFunction::Slice => slice(lists, cells, row, rows)?,
            ListFunction::Insert => inserted(lists, cells, row, rows)?,
            ListFunction::Repeat => repeated(cells, row)?,
            ListFunction::Concat => concat(lists, row)?,
            _ => items(function, lists, cells, row),
        };
        bounded(items.as_deref().map_or(0, size), row)?;
        items.iter().flatten().for_each(|item| made.values().append_option(*item));
        made.append(items.is_some());
    }
    finished(made).as_array().cloned().ok_or_else(|| promised("lists"))
}

fn items<'a>(
    function: ListFunction,
    lists: &Lists<'a>,
    cells: &Cells<'a>,
    row: usize,
) -> Option<Vec<Item<'a>>> {
    if function == ListFunction::Make {
        return Some((0..lists.count()).map(|at| cells.text(at, row)).collect());
    }
    let mut items = lists.items(0, row)?;
    match function {
        ListFunction::Distinct => distinct(&mut items),
        ListFunction::Remove => {
            let gone = cells.text(1, row)?;
            items.retain(|item| *item != Some(gone));
        }
        ListFunction::Compact => items.retain(Option::is_some),
        ListFunction::Append => items.push(cells.text(1, row)),
        ListFunction::Prepend => items.insert(0, cells.text(1, row)),
        ListFunction::Sort { ascending, nulls_first } => sort(&mut items, ascending, nulls_first),
        ListFunction::Reverse => items.reverse(),
        ListFunction::Union => {
            items.extend(lists.items(1, row)?);
            distinct(&mut items);
        }
        ListFunction::Intersect | ListFunction::Except => {
            let other: HashSet<Item> = lists.items(1, row)?.into_iter().collect();
            items.retain(|item| other.contains(item) == (function == ListFunction::Intersect));
            distinct(&mut items);
        }
        _ => return None,
    }
    Some(items)
}

/// The memory that a list takes.
fn size(items: &[Item]) -> usize {
    let sizes = items.iter().map(|item| item.map_or(0, str::len).saturating_add(PLACE));
    sizes.fold(0, usize::saturating_add)
}

/// One list behind the other, never more than one may hold.
fn concat<'a>(lists: &Lists<'a>, row: usize) -> Result<Option<Vec<Item<'a>>>, OpError> {
    let (mut all, mut bytes) = (Vec::new(), 0_usize);
    for at in 0..lists.count() {
        let Some(items) = lists.items(at, row) else { return Ok(None) };
        bytes = bytes.saturating_add(size(&items));
        bounded(bytes, row)?;
        all.extend(items);
    }
    Ok(Some(all))
}

fn distinct(items: &mut Vec<Item>) {
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(*item));
}

fn sort(items: &mut [Item], ascending: bool, nulls_first: bool) {
    items.sort_by(|one, other| match (one, other) {
        (Some(one), Some(other)) if ascending => one.cmp(other),
        (Some(one), Some(other)) => other.cmp(one),
        (one, other) if nulls_first => one.is_some().cmp(&other.is_some()),
        (one, other) => other.is_some().cmp(&one.is_some()),
    });
}

fn repeated<'a>(cells: &Cells<'a>, row: usize) -> Result<Option<Vec<Item<'a>>>, OpError> {
    let Some(count) = cells.int(1, row) else { return Ok(None) };
    let (text, count) = (cells.text(0, row), usize::try_from(count).unwrap_or(0));
    bounded(text.map_or(0, str::len).saturating_add(PLACE).saturating_mul(count), row)?;
    Ok(Some(vec![text; count]))
}

fn inserted<'a>(
    lists: &Lists<'a>,
    cells: &Cells<'a>,
    row: usize,
    rows: &Rows,
) -> Result<Option<Vec<Item<'a>>>, OpError> {
    let (Some(mut items), Some(place)) = (lists.items(0, row), cells.int(1, row)) else { return Ok(None) };
    let (count, item) = (place.unsigned_abs() as usize, cells.text(2, row));
    if count == 0 {
        return match rows.is_active(row) {
            true => Err(OpError::row(row, 0, "place 0", "a place counted from 1 or -1")),
            false => Ok(None),
        };
    }
    let between = count.saturating_sub(items.len() + 1);
    bounded(size(&items).saturating_add(between.saturating_mul(PLACE)), row)?;
    let nulls = std::iter::repeat_n(None, between);
    if place > 0 {
        items.extend(nulls);
        items.insert(count - 1, item);
    } else {
        items.splice(0..0, nulls);
        items.insert(items.len() + 1 - count, item);
    }
    Ok(Some(items))
}

fn slice<'a>(
    lists: &Lists<'a>,
    cells: &Cells,
    row: usize,
    rows: &Rows,
) -> Result<Option<Vec<Item<'a>>>, OpError> {
    let (Some(items), Some(start), Some(length)) =
        (lists.items(0, row), cells.int(1, row), cells.int(2, row))
    else {
        return Ok(None);
    };
    let wrong = |found: String, expected: &str| match rows.is_active(row) {
        true => Err(OpError::row(row, 0, found, expected)),
        false => Ok(None),
    };
    let Ok(length) = usize::try_from(length) else {
        return wrong(format!("a length of {length}"), "a length of 0 or more");
    };
    let from = match usize::try_from(start) {
        Ok(0) => return wrong("place 0".to_owned(), "a place counted from 1 or -1"),
        Ok(start) => Some(start - 1),
        Err(_) => items.len().checked_sub(start.unsigned_abs() as usize),
    };
    let rest = from.map_or_else(Vec::new, |from| items.into_iter().skip(from).take(length).collect());
    Ok(Some(rest))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Int32Array, StringArray};

    use super::*;

    #[test]
    fn the_size_of_a_list_is_bounded_before_it_is_made() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["ab"]));
        let counts = |count: i32| Arc::new(Int32Array::from(vec![count])) as ArrayRef;
        let made = |count| ListFunction::Repeat.run(&[Arc::clone(&texts), counts(count)], &Rows::all(1, &[]));
        assert!(made(2).is_ok() && made(-1).is_ok());
        assert!(made(i32::MAX).is_err());
    }

    #[test]
    fn nulls_are_sorted_to_one_end() {
        let sorted = |ascending, nulls_first| {
            let mut items = vec![Some("b"), None, Some("B"), Some("a")];
            sort(&mut items, ascending, nulls_first);
            items
        };
        assert_eq!(sorted(true, true), [None, Some("B"), Some("a"), Some("b")]);
        assert_eq!(sorted(false, false), [Some("b"), Some("a"), Some("B"), None]);
        assert_eq!(sorted(true, false), [Some("B"), Some("a"), Some("b"), None]);
    }
}

//! Functions of lists of texts; a null among the arguments makes a null but where it is said.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, Int32Array, Int64Array, ListArray, StringArray};
use arrow_schema::DataType;

use super::list_makers::{self, Item};
use super::rows::{Cells, Rows};
use super::text::bounded;
use crate::column::ColumnType;
use crate::error::OpError;

/// A function of lists of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFunction {
    /// The text at a place, counted from 0; null where there is none.
    At {
        /// Whether a place that is not there is an error.
        checked: bool,
    },
    /// The text at a place, counted from 1, or from the end by -1; null where there is none, and place 0 is an error.
    Element {
        /// Whether a place that is not there is an error.
        checked: bool,
    },
    /// How many texts there are; -1 for a null where it is not to be null.
    Size {
        /// Whether a null is -1.
        null_is_less: bool,
    },
    /// Whether a text is among them; null where it is not, but a null is.
    Contains,
    /// The place of a text, counted from 1; 0 where it is not there.
    Position,
    /// All in one text with the second argument between them, and the third, if there is one, in place of nulls.
    Join,
    /// All in one text with the first argument between them; the others are lists. Nulls are left out.
    JoinAll,
    /// The largest text; null where there is none.
    Largest,
    /// The smallest text; null where there is none.
    Smallest,
    /// Whether two lists have a text in common; null where nulls leave it open.
    Overlap,
    /// The list of all arguments, which are texts; nulls stay.
    Make,
    /// Each text once.
    Distinct,
    /// Without a text.
    Remove,
    /// Without nulls.
    Compact,
    /// With one more at the end, which may be null.
    Append,
    /// With one more at the start, which may be null.
    Prepend,
    /// With one more at a place, counted from 1 or from the end by -1, which may be null; nulls fill what is between.
    Insert,
    /// A text, which may be null, so many times.
    Repeat,
    /// From a place on, counted from 1 or from the end by -1, so many.
    Slice,
    /// From the smallest to the largest, or the other way round.
    Sort {
        /// Whether it is from the smallest.
        ascending: bool,
        /// Whether nulls come first.
        nulls_first: bool,
    },
    /// From last to first.
    Reverse,
    /// One behind the other.
    Concat,
    /// Each text of two lists once.
    Union,
    /// Each text of the first list that is in the second, once.
    Intersect,
    /// Each text of the first list that is not in the second, once.
    Except,
}

impl ListFunction {
    /// The types that it takes, of so many arguments where their number is free.
    pub fn types(self, arguments: usize) -> Vec<ColumnType> {
        use ColumnType::{Int, String};
        let strings = ColumnType::strings;
        match self {
            ListFunction::At { .. } | ListFunction::Element { .. } => vec![strings(), Int],
            ListFunction::Contains
            | ListFunction::Position
            | ListFunction::Remove
            | ListFunction::Append
            | ListFunction::Prepend => vec![strings(), String],
            ListFunction::Join => {
                let mut types = vec![strings(), String];
                types.resize(arguments.clamp(2, 3), String);
                types
            }
            ListFunction::JoinAll => {
                let mut types = vec![strings(); arguments.max(1)];
                types[0] = String;
                types
            }
            ListFunction::Make => vec![String; arguments.max(1)],
            ListFunction::Repeat => vec![String, Int],
            ListFunction::Slice => vec![strings(), Int, Int],
            ListFunction::Insert => vec![strings(), Int, String],
            ListFunction::Overlap | ListFunction::Union | ListFunction::Intersect | ListFunction::Except => {
                vec![strings(); 2]
            }
            ListFunction::Concat => vec![strings(); arguments.max(1)],
            ListFunction::Size { .. }
            | ListFunction::Largest
            | ListFunction::Smallest
            | ListFunction::Distinct
            | ListFunction::Compact
            | ListFunction::Sort { .. }
            | ListFunction::Reverse => vec![strings()],
        }
    }

    /// The type of what it answers.
    pub fn answers(self) -> ColumnType {
        match self {
            ListFunction::At { .. }
            | ListFunction::Element { .. }
            | ListFunction::Join
            | ListFunction::JoinAll
            | ListFunction::Largest
            | ListFunction::Smallest => ColumnType::String,
            ListFunction::Size { .. } => ColumnType::Int,
            ListFunction::Position => ColumnType::Long,
            ListFunction::Contains | ListFunction::Overlap => ColumnType::Boolean,
            _ => ColumnType::strings(),
        }
    }

    pub(super) fn run(self, arguments: &[ArrayRef], rows: &Rows) -> Result<ArrayRef, OpError> {
        let (lists, cells) = (Lists(arguments), Cells(arguments));
        let each = 0..rows.count;
        Ok(match self {
            ListFunction::At { checked } | ListFunction::Element { checked } => {
                let from_zero = matches!(self, ListFunction::At { .. });
                let found = each.map(|row| at(&lists, &cells, row, from_zero, checked, rows));
                Arc::new(StringArray::from(found.collect::<Result<Vec<_>, _>>()?))
            }
            ListFunction::Size { null_is_less } => {
                let size = |row| match lists.range(0, row) {
                    Some((_, from, to)) => Some((to - from) as i32),
                    None => null_is_less.then_some(-1),
                };
                Arc::new(each.map(size).collect::<Int32Array>())
            }
            ListFunction::Position => {
                Arc::new(each.map(|row| position(&lists, &cells, row)).collect::<Int64Array>())
            }
            ListFunction::Contains => {
                let holds = |row| {
                    let (items, wanted) = (lists.items(0, row)?, cells.text(1, row)?);
                    known(items.contains(&Some(wanted)), items.contains(&None))
                };
                Arc::new(each.map(holds).collect::<BooleanArray>())
            }
            ListFunction::Overlap => Arc::new(each.map(|row| overlap(&lists, row)).collect::<BooleanArray>()),
            ListFunction::Join | ListFunction::JoinAll => {
                let joined = each.map(|row| joined(self, &lists, &cells, row));
                Arc::new(StringArray::from(joined.collect::<Result<Vec<_>, _>>()?))
            }
            ListFunction::Largest | ListFunction::Smallest => {
                let found = |row| {
                    let items = lists.items(0, row)?.into_iter().flatten();
                    if self == ListFunction::Largest { items.max() } else { items.min() }
                };
                Arc::new(each.map(found).collect::<StringArray>())
            }
            _ => return list_makers::run(self, &lists, &cells, rows),
        })
    }
}

/// A column as it is; lists with the field that all lists have here, so that they can be chosen from.
pub(super) fn named_alike(array: &ArrayRef) -> ArrayRef {
    let Some(lists) = array.as_list_opt::<i32>() else { return Arc::clone(array) };
    let DataType::List(alike) = ColumnType::strings().to_arrow() else { return Arc::clone(array) };
    let (_, offsets, values, nulls) = lists.clone().into_parts();
    match ListArray::try_new(alike, offsets, values, nulls) {
        Ok(lists) => Arc::new(lists),
        Err(_) => Arc::clone(array),
    }
}

/// The lists among the arguments of a function.
pub(super) struct Lists<'a>(&'a [ArrayRef]);

impl<'a> Lists<'a> {
    /// The texts of all rows, and where those of this row begin and end; `None` for a null.
    fn range(&self, at: usize, row: usize) -> Option<(&'a StringArray, usize, usize)> {
        let lists: &ListArray = self.0.get(at)?.as_list_opt()?;
        let texts = lists.values().as_string_opt()?;
        let (from, to) = (*lists.value_offsets().get(row)?, *lists.value_offsets().get(row + 1)?);
        lists.is_valid(row).then_some((texts, from as usize, to as usize))
    }

    /// The texts of a row.
    pub(super) fn items(&self, at: usize, row: usize) -> Option<Vec<Item<'a>>> {
        let (texts, from, to) = self.range(at, row)?;
        Some((from..to).map(|at| texts.is_valid(at).then(|| texts.value(at))).collect())
    }

    /// How many arguments there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }
}

/// Whether something is among values of which some may be null.
fn known(found: bool, nulls: bool) -> Option<bool> {
    if found || !nulls { Some(found) } else { None }
}

fn at(
    lists: &Lists,
    cells: &Cells,
    row: usize,
    from_zero: bool,
    checked: bool,
    rows: &Rows,
) -> Result<Option<String>, OpError> {
    let (Some((texts, from, to)), Some(place)) = (lists.range(0, row), cells.int(1, row)) else {
        return Ok(None);
    };
    let count = (to - from) as i64;
    let place = i64::from(place);
    let index = match place {
        _ if from_zero => place,
        0 if rows.is_active(row) => {
            return Err(OpError::row(row, 0, "place 0", "a place counted from 1 or -1"));
        }
        0 => return Ok(None),
        place if place < 0 => count + place,
        place => place - 1,
    };
    if !(0..count).contains(&index) {
        if checked && rows.is_active(row) {
            let expected =
                format!("a place in a list of {count}, or get or try_element_at, which answer null");
            return Err(OpError::row(row, 0, format!("place {place}"), expected));
        }
        return Ok(None);
    }
    let index = from + index as usize;
    Ok(texts.is_valid(index).then(|| texts.value(index).to_owned()))
}

fn position(lists: &Lists, cells: &Cells, row: usize) -> Option<i64> {
    let (items, wanted) = (lists.items(0, row)?, cells.text(1, row)?);
    Some(items.iter().position(|item| *item == Some(wanted)).map_or(0, |at| at as i64 + 1))
}

fn overlap(lists: &Lists, row: usize) -> Option<bool> {
    let (one, other) = (lists.items(0, row)?, lists.items(1, row)?);
    let all: HashSet<&str> = one.iter().copied().flatten().collect();
    let found = other.iter().flatten().any(|text| all.contains(text));
    let open = !one.is_empty() && !other.is_empty() && (one.contains(&None) || other.contains(&None));
    known(found, open)
}

fn joined(
    function: ListFunction,
    lists: &Lists,
    cells: &Cells,
    row: usize,
) -> Result<Option<String>, OpError> {
    let every = function == ListFunction::JoinAll;
    let mut parts: Vec<&str> = Vec::new();
    let separator = if every {
        (1..lists.count()).for_each(|at| parts.extend(lists.items(at, row).into_iter().flatten().flatten()));
        cells.text(0, row)
    } else {
        let instead = cells.text(2, row);
        if lists.count() > 2 && instead.is_none() {
            return Ok(None);
        }
        let Some(items) = lists.items(0, row) else { return Ok(None) };
        parts.extend(items.into_iter().filter_map(|item| item.or(instead)));
        cells.text(1, row)
    };
    let Some(separator) = separator else { return Ok(None) };
    let bytes = parts.iter().map(|part| part.len().saturating_add(separator.len()));
    bounded(bytes.fold(0, usize::saturating_add), row)?;
    Ok(Some(parts.join(separator)))
}

#[cfg(test)]
mod tests {
    use arrow_array::builder::{ListBuilder, StringBuilder};

    use super::*;
    use crate::ops::word_lists::column;

    fn words() -> ArrayRef {
        let lists = column(&[Some(&[Some("b"), None, Some("a"), Some("b")]), Some(&[]), None]);
        lists.as_array().cloned().unwrap()
    }

    fn run(function: ListFunction, more: Vec<ArrayRef>) -> Result<ArrayRef, String> {
        let arguments: Vec<ArrayRef> = std::iter::once(words()).chain(more).collect();
        function.run(&arguments, &Rows::all(3, &[])).map_err(|error| format!("{error:?}"))
    }

    fn ints(values: [i32; 3]) -> ArrayRef {
        Arc::new(Int32Array::from(values.to_vec()))
    }

    #[test]
    fn places_outside_a_list_are_null_or_an_error() {
        let find = |function, places| {
            let found = run(function, vec![ints(places)])?;
            Ok::<_, String>(
                found.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>(),
            )
        };
        let a = Some("a".to_owned());
        assert_eq!(find(ListFunction::At { checked: false }, [2, 0, 0]), Ok(vec![a.clone(), None, None]));
        assert_eq!(find(ListFunction::Element { checked: false }, [-2, 1, 1]), Ok(vec![a, None, None]));
        let far = find(ListFunction::At { checked: true }, [-1, 0, 0]).unwrap_err();
        assert!(far.contains("a place in a list of 4"), "{far}");
        let zero = find(ListFunction::Element { checked: false }, [1, 0, 1]).unwrap_err();
        assert!(zero.contains("counted from 1"), "{zero}");
    }

    #[test]
    fn lists_of_other_fields_are_taken() {
        let mut lists = ListBuilder::new(StringBuilder::new());
        lists.append_value([Some("a"), None]);
        let given: ArrayRef = Arc::new(lists.finish());
        let alike = ColumnType::strings().to_arrow();
        assert_ne!(*given.data_type(), alike);
        assert_eq!(*named_alike(&given).data_type(), alike);
    }

    #[test]
    fn nulls_leave_it_open_what_a_list_holds() {
        let wanted = |text: &str| vec![Arc::new(StringArray::from(vec![text; 3])) as ArrayRef];
        let holds = |text: &str| {
            let found = run(ListFunction::Contains, wanted(text)).unwrap();
            found.as_boolean().iter().collect::<Vec<_>>()
        };
        assert_eq!(holds("a"), [Some(true), Some(false), None]);
        assert_eq!(holds("z"), [None, Some(false), None]);
        let joined = run(ListFunction::Join, wanted("-")).unwrap();
        assert_eq!(joined.as_string::<i32>().iter().collect::<Vec<_>>(), [Some("b-a-b"), Some(""), None]);
        let size = run(ListFunction::Size { null_is_less: true }, Vec::new()).unwrap();
        assert_eq!(size.as_ref(), ints([4, 0, -1]).as_ref());
    }
}

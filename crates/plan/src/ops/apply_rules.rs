//! What rules add to a list of items: Spark's `FPGrowthModel`.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, ListArray, UInt32Array};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};

use super::{Mismatch, Operation, Outputs, expect_types};
use crate::column::{Column, ColumnType};
use crate::error::OpError;

/// The items that rules speak of, each with a number.
#[derive(Clone, Debug)]
pub struct Items {
    distinct: ArrayRef,
    texts: HashMap<String, u32>,
    numbers: HashMap<i64, u32>,
}

impl Items {
    /// Numbers the strings or whole numbers of `array`, which has no nulls; the number of each comes too.
    pub fn new(array: &ArrayRef) -> Result<(Items, Vec<u32>), String> {
        let mut items = Items { distinct: Arc::clone(array), texts: HashMap::new(), numbers: HashMap::new() };
        let mut codes = Vec::with_capacity(array.len());
        let mut firsts: Vec<u32> = Vec::new();
        for at in 0..array.len() {
            let next = firsts.len() as u32;
            let code = match key(array, at)? {
                Key::Text(text) => *items.texts.entry(text.to_owned()).or_insert(next),
                Key::Number(number) => *items.numbers.entry(number).or_insert(next),
            };
            if code == next {
                firsts.push(at as u32);
            }
            codes.push(code);
        }
        let distinct = arrow_select::take::take(array.as_ref(), &UInt32Array::from(firsts), None);
        items.distinct = distinct.map_err(|error| error.to_string())?;
        Ok((items, codes))
    }

    /// The type of a column of lists of such items.
    pub fn list_type(&self) -> Option<ColumnType> {
        ColumnType::from_arrow(self.distinct.data_type()).map(|item| ColumnType::Array(Box::new(item)))
    }

    fn find(&self, array: &ArrayRef, at: usize) -> Option<u32> {
        match key(array, at).ok()? {
            Key::Text(text) => self.texts.get(text).copied(),
            Key::Number(number) => self.numbers.get(&number).copied(),
        }
    }
}

enum Key<'a> {
    Text(&'a str),
    Number(i64),
}

fn key(array: &ArrayRef, at: usize) -> Result<Key<'_>, String> {
    if array.is_null(at) {
        return Err("an item is null".to_owned());
    }
    Ok(match array.data_type() {
        DataType::Utf8 => Key::Text(array.as_string::<i32>().value(at)),
        DataType::Int8 => Key::Number(array.as_primitive::<Int8Type>().value(at).into()),
        DataType::Int16 => Key::Number(array.as_primitive::<Int16Type>().value(at).into()),
        DataType::Int32 => Key::Number(array.as_primitive::<Int32Type>().value(at).into()),
        DataType::Int64 => Key::Number(array.as_primitive::<Int64Type>().value(at)),
        other => return Err(format!("items are {other}, expected strings or whole numbers")),
    })
}

/// A list that has all of `needs` gets `gives`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The numbers of the items that must be there, at least one.
    pub needs: Vec<u32>,
    /// The number of the item that follows.
    pub gives: u32,
}

/// The items that rules add to a list, each once, in the order of the rules; a null list counts as an empty one.
#[derive(Clone, Debug)]
pub struct ApplyRules {
    items: Arc<Items>,
    rules: Arc<[Rule]>,
    /// For each item, the rules that need it first.
    by_item: Arc<[Vec<u32>]>,
}

impl ApplyRules {
    /// Applies `rules`, which speak of `items`.
    pub fn new(items: Items, rules: Vec<Rule>) -> ApplyRules {
        let mut by_item = vec![Vec::new(); items.distinct.len()];
        for (at, rule) in rules.iter().enumerate() {
            if let Some(known) = rule.needs.first().and_then(|&first| by_item.get_mut(first as usize)) {
                known.push(at as u32);
            }
        }
        ApplyRules { items: Arc::new(items), rules: rules.into(), by_item: by_item.into() }
    }

    /// Adds the numbers of what follows from the items `here` to `out`.
    fn follow(&self, here: &[u32], present: &mut [bool], out: &mut Vec<u32>) {
        here.iter().for_each(|&item| present[item as usize] = true);
        let has = |items: &[u32]| items.iter().all(|&item| present[item as usize]);
        let mut fire: Vec<u32> =
            here.iter().flat_map(|&item| &self.by_item[item as usize]).copied().collect();
        fire.retain(|&rule| has(&self.rules[rule as usize].needs));
        fire.sort_unstable();
        let mut given = Vec::new();
        for gives in fire.into_iter().map(|rule| self.rules[rule as usize].gives) {
            if !present[gives as usize] {
                present[gives as usize] = true;
                given.push(gives);
            }
        }
        here.iter().chain(&given).for_each(|&item| present[item as usize] = false);
        out.extend(given);
    }
}

impl Operation for ApplyRules {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        let lists = self.items.list_type();
        let lists = lists.ok_or_else(|| Mismatch { input: 0, expected: "items".to_owned() })?;
        expect_types(inputs, std::slice::from_ref(&lists))?;
        Ok(vec![lists])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let promised = || OpError::Internal("a column of lists was promised".to_owned());
        let lists = inputs[0].as_lists().ok_or_else(promised)?;
        let mut present = vec![false; self.items.distinct.len()];
        let (mut out, mut lengths) = (Vec::new(), Vec::with_capacity(rows));
        for row in 0..rows {
            let before = out.len();
            if lists.is_valid(row) {
                let (from, to) =
                    (lists.value_offsets()[row] as usize, lists.value_offsets()[row + 1] as usize);
                let mut here: Vec<u32> =
                    (from..to).filter_map(|at| self.items.find(lists.values(), at)).collect();
                here.sort_unstable();
                here.dedup();
                self.follow(&here, &mut present, &mut out);
            }
            lengths.push(out.len() - before);
        }
        let values = arrow_select::take::take(self.items.distinct.as_ref(), &UInt32Array::from(out), None)?;
        let field = Arc::new(Field::new("element", values.data_type().clone(), true));
        let lists = ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), values, None)?;
        Ok(Column::Array(Arc::new(lists)).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "apply rules [{} items, {} rules]", self.items.distinct.len(), self.rules.len())
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{Float64Array, StringArray};

    use super::super::word_lists::column;
    use super::*;

    fn rule(needs: &[u32], gives: u32) -> Rule {
        Rule { needs: needs.to_vec(), gives }
    }

    #[test]
    fn rules_add_what_is_not_there() {
        let array: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "a", "c"]));
        let (items, codes) = Items::new(&array).unwrap();
        assert_eq!(codes, [0, 1, 0, 2]);
        let op = ApplyRules::new(items, vec![rule(&[0], 2), rule(&[0, 1], 2), rule(&[2], 0), rule(&[2], 1)]);
        let rows = column(&[
            Some(&[Some("b"), Some("a"), None]),
            Some(&[Some("c"), Some("c")]),
            None,
            Some(&[Some("zz"), Some("a"), Some("c")]),
        ]);
        let outputs = op.run(4, &[&rows]).ok().unwrap();
        let shown: Vec<String> = (0..4).map(|row| outputs.columns[0].show(row)).collect();
        assert_eq!(shown, ["[c]", "[a, b]", "[]", "[b]"]);
    }

    #[test]
    fn other_items_are_refused() {
        let doubles: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
        assert!(Items::new(&doubles).unwrap_err().contains("items are Float64"));
        let null: ArrayRef = Arc::new(StringArray::from(vec![None::<&str>]));
        assert!(Items::new(&null).unwrap_err().contains("null"));
    }
}

//! Times of other zones than UTC.

use arrow_array::types::TimestampMicrosecondType;

use super::rows::{Cells, Rows};
use crate::error::OpError;
use crate::zones::Zone;

/// Zones by name, of which the last one is kept.
#[derive(Default)]
struct Known(Option<(String, Option<Zone>)>);

impl Known {
    fn zone(&mut self, name: &str) -> Option<Zone> {
        match &self.0 {
            Some((known, zone)) if known == name => zone.clone(),
            _ => {
                let zone = Zone::of(name);
                self.0 = Some((name.to_owned(), zone.clone()));
                zone
            }
        }
    }
}

/// Times from one zone to another, of which one is UTC.
pub(super) fn moved(
    cells: &Cells,
    checked: bool,
    rows: &Rows,
    by: fn(&Zone, i64) -> Option<i64>,
) -> Result<Vec<Option<i64>>, OpError> {
    let mut known = Known::default();
    let mut values = Vec::with_capacity(rows.count);
    for row in 0..rows.count {
        let (Some(time), Some(name)) = (cells.number::<TimestampMicrosecondType>(0, row), cells.text(1, row))
        else {
            values.push(None);
            continue;
        };
        let zone = known.zone(name);
        let value = zone.as_ref().and_then(|zone| by(zone, time));
        if value.is_none() && rows.is_active(row) && (checked || zone.is_some()) {
            return Err(wrong(row, name, zone.is_some()));
        }
        values.push(value);
    }
    Ok(values)
}

/// What clocks in a second zone show when those in a first show a time.
pub(super) fn converted(cells: &Cells, rows: &Rows) -> Result<Vec<Option<i64>>, OpError> {
    let (mut sources, mut targets) = (Known::default(), Known::default());
    let mut values = Vec::with_capacity(rows.count);
    for row in 0..rows.count {
        let time = cells.number::<TimestampMicrosecondType>(0, row);
        let (Some(time), Some(from), Some(to)) = (time, cells.text(1, row), cells.text(2, row)) else {
            values.push(None);
            continue;
        };
        let (source, target) = (sources.zone(from), targets.zone(to));
        let value = source.as_ref().zip(target.as_ref()).and_then(|(from, to)| from.shown_in(to, time));
        if value.is_none() && rows.is_active(row) {
            let name = if source.is_none() { from } else { to };
            return Err(wrong(row, name, source.is_some() && target.is_some()));
        }
        values.push(value);
    }
    Ok(values)
}

fn wrong(row: usize, name: &str, there: bool) -> OpError {
    let name: String = name.chars().take(120).collect();
    let (found, expected) = match there {
        false => (
            format!("the time zone \"{name}\""),
            "a zone such as \"Europe/Paris\", with its capitals, or \"+01:00\"",
        ),
        true => (format!("a time in \"{name}\""), "a timestamp of 64 bits"),
    };
    OpError::row(row, 0, found, expected)
}

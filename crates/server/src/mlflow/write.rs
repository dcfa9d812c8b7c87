//! Predictions as JSON lists. Vectors are written dense, as MLflow turns them into lists.

use firesteel_plan::{Scored, VectorColumn, VectorRef};

use crate::error::{Fault, Kind};
use crate::json::{Cells, write_f64, write_str};

/// The most values of all vectors of an answer.
const MAX_ELEMENTS: usize = 1 << 24;

/// How the doubles are written that JSON has no number for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Specials {
    /// Bare, as Python's `json` writes and reads them.
    Bare,
    /// As texts, which is JSON.
    Texts,
}

/// Predictions of scored rows, one a row of the request; null where the model dropped it.
#[derive(Debug)]
pub(crate) struct Predictions<'a> {
    pub(crate) names: &'a [&'a str],
    pub(crate) scored: &'a Scored,
    /// Whether a prediction is an object with a field for each output, or the value of the only one.
    pub(crate) as_records: bool,
    pub(crate) specials: Specials,
}

impl Predictions<'_> {
    /// Writes `{"predictions": […]}`.
    pub(crate) fn write(&self) -> Result<Vec<u8>, Fault> {
        self.check_size()?;
        let columns: Vec<Cells<'_>> = self.scored.columns.iter().map(Cells::of).collect();
        let mut out = Vec::with_capacity(32 + self.scored.rows_in * 24 * columns.len());
        out.extend_from_slice(b"{\"predictions\":");
        list(self.scored.places().into_iter(), &mut out, |place, out| match (place, columns.as_slice()) {
            (None, _) => out.extend_from_slice(b"null"),
            (Some(row), [only]) if !self.as_records => self.cell(only, row, out),
            (Some(row), columns) => {
                out.push(b'{');
                for (at, (name, cells)) in self.names.iter().zip(columns).enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    write_str(name, out);
                    out.push(b':');
                    self.cell(cells, row, out);
                }
                out.push(b'}');
            }
        });
        out.push(b'}');
        Ok(out)
    }

    /// Refuses vectors that are short only while they are sparse.
    fn check_size(&self) -> Result<(), Fault> {
        let vectors = self.scored.columns.iter().filter_map(|column| column.as_vectors());
        let size =
            |vectors: &VectorColumn| vectors.iter().flatten().map(|vector| vector.size()).sum::<usize>();
        if vectors.map(size).sum::<usize>() <= MAX_ELEMENTS {
            return Ok(());
        }
        let message =
            format!("the vectors asked for have more than {MAX_ELEMENTS} values; send fewer rows a request");
        Err(Fault::new(Kind::TooLarge, message))
    }

    fn cell(&self, cells: &Cells<'_>, row: usize, out: &mut Vec<u8>) {
        use arrow_array::Array;
        match cells {
            Cells::Double(values) if values.is_valid(row) => self.double(values.value(row), out),
            Cells::Float(values) if values.is_valid(row) && !values.value(row).is_finite() => {
                self.double(values.value(row).into(), out);
            }
            Cells::Vector(vectors) => match vectors.get(row) {
                Some(VectorRef::Dense(values)) => {
                    list(values.iter(), out, |&value, out| self.double(value, out))
                }
                Some(sparse) => {
                    let mut values = Vec::new();
                    sparse.write_dense(&mut values);
                    list(values.into_iter(), out, |value, out| self.double(value, out));
                }
                None => out.extend_from_slice(b"null"),
            },
            other => other.write(row, out),
        }
    }

    fn double(&self, value: f64, out: &mut Vec<u8>) {
        if self.specials == Specials::Texts || value.is_finite() {
            return write_f64(value, out);
        }
        out.extend_from_slice(match value {
            f64::INFINITY => b"Infinity",
            f64::NEG_INFINITY => b"-Infinity",
            _ => b"NaN",
        });
    }
}

fn list<T>(items: impl Iterator<Item = T>, out: &mut Vec<u8>, write: impl Fn(T, &mut Vec<u8>)) {
    out.push(b'[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use firesteel_plan::{Column, VectorBuilder};

    use super::*;

    #[test]
    fn predictions_are_values_or_records() {
        let mut vectors = VectorBuilder::default();
        vectors.push_dense(&[0.25, f64::NAN]);
        vectors.push_sparse(3, &[1], &[2.0]);
        let columns = vec![Column::from_doubles(vec![1.0, f64::NAN]), Column::Vector(vectors.finish())];
        let scored = Scored { rows_in: 3, survivors: Some(vec![0, 2]), columns };
        let mut predictions = Predictions {
            names: &["prediction", "p"],
            scored: &scored,
            as_records: true,
            specials: Specials::Bare,
        };
        let text = |predictions: &Predictions<'_>| String::from_utf8(predictions.write().unwrap()).unwrap();
        assert_eq!(
            text(&predictions),
            r#"{"predictions":[{"prediction":1.0,"p":[0.25,NaN]},null,{"prediction":NaN,"p":[0.0,2.0,0.0]}]}"#
        );
        predictions.specials = Specials::Texts;
        assert!(text(&predictions).contains(r#"{"prediction":"NaN","p":[0.0,2.0,0.0]}"#));
        let scored = Scored { rows_in: 2, survivors: None, columns: scored.columns[..1].to_vec() };
        let values = Predictions { scored: &scored, as_records: false, ..predictions };
        assert_eq!(text(&values), r#"{"predictions":[1.0,"NaN"]}"#);
    }
}

//! Matrices in the layout of Spark's `MatrixUDT`.
//!
//! `type` 1 is dense, column after column unless `isTransposed`; 0 is sparse: compressed columns (CSC), or rows
//! when transposed, of which `rowIndices` then holds the columns.

use super::Lists;

/// A matrix, its values row after row, whichever way it was saved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Matrix {
    /// The number of rows.
    pub(crate) rows: usize,
    /// The number of columns.
    pub(crate) cols: usize,
    /// Whether it was saved column after column.
    pub(crate) by_column: bool,
    /// The values.
    pub(crate) cells: Cells,
}

/// The values of a matrix, row after row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cells {
    /// All of them.
    Dense(Vec<f64>),
    /// Those that were saved; row `i` owns those at `offsets[i]..offsets[i + 1]`.
    Sparse {
        /// Where the values of each row begin.
        offsets: Vec<usize>,
        /// The columns of the values, ascending in each row.
        indices: Vec<u32>,
        /// The values.
        values: Vec<f64>,
    },
}

/// A matrix, written out row after row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DenseMatrix {
    /// The number of rows.
    pub(crate) rows: usize,
    /// The number of columns.
    pub(crate) cols: usize,
    /// The values, row after row.
    pub(crate) values: Vec<f64>,
}

impl Matrix {
    /// How many values there are when it is written out, beside those that were saved.
    pub(crate) fn zeros(&self) -> usize {
        match &self.cells {
            Cells::Dense(_) => 0,
            Cells::Sparse { values, .. } => self.rows.saturating_mul(self.cols).saturating_sub(values.len()),
        }
    }

    /// The matrix written out; the caller has bounded its [`zeros`](Self::zeros).
    pub(crate) fn written_out(self) -> DenseMatrix {
        let Matrix { rows, cols, cells, .. } = self;
        let values = match cells {
            Cells::Dense(values) => values,
            Cells::Sparse { offsets, indices, values } => {
                let mut written = vec![0.0; rows * cols];
                for (row, range) in offsets.windows(2).enumerate() {
                    for at in range[0]..range[1] {
                        written[row * cols + indices[at] as usize] = values[at];
                    }
                }
                written
            }
        };
        DenseMatrix { rows, cols, values }
    }
}

/// The fields of matrices as they are stored, each as long as there are matrices.
pub(super) struct Parts {
    pub(super) kinds: Vec<i8>,
    pub(super) rows: Vec<i32>,
    pub(super) cols: Vec<i32>,
    pub(super) pointers: Lists<i32>,
    pub(super) indices: Lists<i32>,
    pub(super) values: Lists<f64>,
    pub(super) transposed: Vec<bool>,
}

impl Parts {
    /// The number of rows of the matrix at `at`, which a sparse one says in a word.
    pub(super) fn rows(&self, at: usize) -> Result<usize, String> {
        Ok(self.shape(at)?.0)
    }

    /// The matrix at `at`.
    pub(super) fn matrix(&self, at: usize) -> Result<Matrix, String> {
        let (rows, cols) = self.shape(at)?;
        let values = self.values.get(at);
        let by_column = !self.transposed.get(at).copied().unwrap_or(false);
        let cells = match self.kinds.get(at) {
            Some(1) if rows.checked_mul(cols) != Some(values.len()) => {
                return Err(format!("{} values in a matrix of {rows} x {cols}", values.len()));
            }
            Some(1) if !by_column => Cells::Dense(values.to_vec()),
            Some(1) => {
                let turned = (0..rows).flat_map(|row| (0..cols).map(move |col| values[col * rows + row]));
                Cells::Dense(turned.collect())
            }
            Some(0) => self.sparse(at, rows, cols, by_column)?,
            kind => return Err(format!("matrix type {kind:?}, expected 0 (sparse) or 1 (dense)")),
        };
        Ok(Matrix { rows, cols, by_column, cells })
    }

    fn shape(&self, at: usize) -> Result<(usize, usize), String> {
        let number = |numbers: &[i32]| numbers.get(at).and_then(|&number| usize::try_from(number).ok());
        number(&self.rows)
            .zip(number(&self.cols))
            .ok_or_else(|| "a negative number of rows or columns".to_owned())
    }

    fn sparse(&self, at: usize, rows: usize, cols: usize, by_column: bool) -> Result<Cells, String> {
        let (pointers, indices, values) = (self.pointers.get(at), self.indices.get(at), self.values.get(at));
        let (outer, inner) = if by_column { (cols, rows) } else { (rows, cols) };
        if indices.len() != values.len() || pointers.len() != outer + 1 {
            let (pointers, indices, values) = (pointers.len(), indices.len(), values.len());
            return Err(format!(
                "{pointers} pointers, {indices} indices and {values} values in a matrix of {rows} x {cols}"
            ));
        }
        let offsets = offsets(pointers, values.len())?;
        let indices = lines(&offsets, indices, inner)?;
        Ok(match by_column {
            true => turned(&offsets, &indices, values, rows),
            false => Cells::Sparse { offsets, indices, values: values.to_vec() },
        })
    }
}

/// Where the lines of a compressed matrix begin: the pointers, if they ascend from 0 to the number of its values.
fn offsets(pointers: &[i32], values: usize) -> Result<Vec<usize>, String> {
    let mut offsets: Vec<usize> = Vec::with_capacity(pointers.len());
    for (line, &pointer) in pointers.iter().enumerate() {
        let before = offsets.last().copied();
        let offset = usize::try_from(pointer).ok().filter(|&offset| match before {
            Some(before) => before <= offset && offset <= values,
            None => offset == 0,
        });
        offsets.push(offset.ok_or_else(|| format!("pointer {line} does not ascend within its values"))?);
    }
    match offsets.last() {
        Some(&end) if end != values => Err(format!("its pointers end at {end} of {values} values")),
        _ => Ok(offsets),
    }
}

/// The places of the values in their lines, if they ascend in each and lie below `inner`.
fn lines(offsets: &[usize], indices: &[i32], inner: usize) -> Result<Vec<u32>, String> {
    let mut places = Vec::with_capacity(indices.len());
    for range in offsets.windows(2) {
        let mut next = 0;
        for &index in &indices[range[0]..range[1]] {
            let place = u32::try_from(index).ok().filter(|&place| (place as usize) < inner);
            let place = place.ok_or_else(|| format!("index {index} is not within 0..{inner}"))?;
            if place < next {
                return Err(format!("index {index} does not ascend"));
            }
            places.push(place);
            next = place + 1;
        }
    }
    Ok(places)
}

/// The rows of a matrix of compressed columns.
fn turned(offsets: &[usize], indices: &[u32], values: &[f64], rows: usize) -> Cells {
    let mut ends = vec![0; rows + 1];
    indices.iter().for_each(|&row| ends[row as usize + 1] += 1);
    for row in 0..rows {
        ends[row + 1] += ends[row];
    }
    let starts = ends.clone();
    let (mut columns, mut cells) = (vec![0; indices.len()], vec![0.0; indices.len()]);
    for (column, range) in offsets.windows(2).enumerate() {
        for at in range[0]..range[1] {
            let next = &mut ends[indices[at] as usize];
            columns[*next] = column as u32;
            cells[*next] = values[at];
            *next += 1;
        }
    }
    Cells::Sparse { offsets: starts, indices: columns, values: cells }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 rows, 3 columns: [1 0 2 / 0 3 0].
    const VALUES: [f64; 6] = [1.0, 0.0, 2.0, 0.0, 3.0, 0.0];

    fn parts(kind: i8, pointers: &[i32], indices: &[i32], values: &[f64], transposed: bool) -> Parts {
        Parts {
            kinds: vec![kind],
            rows: vec![2],
            cols: vec![3],
            pointers: Lists::one(pointers.to_vec()),
            indices: Lists::one(indices.to_vec()),
            values: Lists::one(values.to_vec()),
            transposed: vec![transposed],
        }
    }

    #[test]
    fn every_layout_is_written_out_row_after_row() {
        let layouts = [
            parts(1, &[], &[], &VALUES, true),
            parts(1, &[], &[], &[1.0, 0.0, 0.0, 3.0, 2.0, 0.0], false),
            parts(0, &[0, 1, 2, 3], &[0, 1, 0], &[1.0, 3.0, 2.0], false),
            parts(0, &[0, 2, 3], &[0, 2, 1], &[1.0, 2.0, 3.0], true),
        ];
        for layout in layouts {
            let by_column = !layout.transposed[0];
            let matrix = layout.matrix(0).unwrap();
            assert_eq!(matrix.by_column, by_column);
            assert_eq!(matrix.zeros(), if layout.kinds[0] == 0 { 3 } else { 0 });
            assert_eq!(matrix.written_out(), DenseMatrix { rows: 2, cols: 3, values: VALUES.to_vec() });
        }
    }

    #[test]
    fn parts_that_contradict_each_other_are_refused() {
        let cases = [
            (parts(2, &[], &[], &VALUES, true), "matrix type Some(2)"),
            (parts(1, &[], &[], &[1.0], true), "1 values in a matrix of 2 x 3"),
            (parts(0, &[0, 1], &[0], &[1.0], true), "2 pointers"),
            (parts(0, &[0, 1, 2], &[0], &[1.0], true), "does not ascend"),
            (parts(0, &[0, 1, 0], &[0], &[1.0], true), "does not ascend"),
            (parts(0, &[0, -1, 1], &[0], &[1.0], true), "does not ascend"),
            (parts(0, &[0, 0, 0], &[0], &[1.0], true), "pointers end at 0 of 1"),
            (parts(0, &[0, 1, 1], &[3], &[1.0], true), "index 3 is not within 0..3"),
            (parts(0, &[0, 1, 1], &[-1], &[1.0], true), "index -1"),
            (parts(0, &[0, 2, 2], &[1, 1], &[1.0, 2.0], true), "index 1 does not ascend"),
            (parts(0, &[0, 2, 2, 2], &[1, 0], &[1.0, 2.0], false), "index 0 does not ascend"),
        ];
        for (parts, expected) in cases {
            let error = parts.matrix(0).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        let negative = Parts { rows: vec![-1], ..parts(1, &[], &[], &[], true) };
        assert!(negative.rows(0).unwrap_err().contains("negative"));
        let huge = Parts { rows: vec![i32::MAX], cols: vec![i32::MAX], ..parts(1, &[], &[], &[], true) };
        assert!(huge.matrix(0).unwrap_err().contains("0 values"));
    }

    #[test]
    fn zeros_that_were_saved_stay() {
        let matrix = parts(0, &[0, 1, 2, 2], &[1, 0], &[0.0, -0.0], false).matrix(0).unwrap();
        let (offsets, indices, values) = (vec![0, 1, 2], vec![1, 0], vec![-0.0, 0.0]);
        assert_eq!(matrix.cells, Cells::Sparse { offsets, indices, values });
    }
}

//! Matrices in the layout of Spark's `MatrixUDT`.
//!
//! `type` 1 is dense, column after column unless `isTransposed`; 0 is sparse: compressed columns (CSC), or rows
//! when transposed, of which `rowIndices` then holds the columns.

use super::Lists;

/// A matrix, written out row after row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Matrix {
    /// The number of rows.
    pub(crate) rows: usize,
    /// The number of columns.
    pub(crate) cols: usize,
    /// The values, row after row.
    pub(crate) values: Vec<f64>,
    /// Whether it was saved as sparse.
    pub(crate) sparse: bool,
}

impl Matrix {
    /// A row's values.
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        self.values.get(row * self.cols..(row + 1) * self.cols).unwrap_or_default()
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
    /// The number of values of the matrix at `at`, written out; without any, that of its rows or columns.
    pub(super) fn size(&self, at: usize) -> Result<usize, String> {
        let (rows, cols) = self.shape(at)?;
        rows.max(1).checked_mul(cols.max(1)).ok_or_else(|| "it is too large".to_owned())
    }

    /// The matrix at `at`.
    pub(super) fn matrix(&self, at: usize) -> Result<Matrix, String> {
        let (rows, cols) = self.shape(at)?;
        let values = self.values.get(at);
        let by_row = self.transposed.get(at).copied().unwrap_or(false);
        match self.kinds.get(at) {
            Some(1) if values.len() != rows * cols => {
                Err(format!("{} values in a matrix of {rows} x {cols}", values.len()))
            }
            Some(1) if by_row => Ok(Matrix { rows, cols, values: values.to_vec(), sparse: false }),
            Some(1) => {
                let turned = (0..rows).flat_map(|row| (0..cols).map(move |col| values[col * rows + row]));
                Ok(Matrix { rows, cols, values: turned.collect(), sparse: false })
            }
            Some(0) => self.sparse(at, rows, cols, by_row),
            kind => Err(format!("matrix type {kind:?}, expected 0 (sparse) or 1 (dense)")),
        }
    }

    fn shape(&self, at: usize) -> Result<(usize, usize), String> {
        let number = |numbers: &[i32]| numbers.get(at).and_then(|&number| usize::try_from(number).ok());
        number(&self.rows)
            .zip(number(&self.cols))
            .ok_or_else(|| "a negative number of rows or columns".to_owned())
    }

    fn sparse(&self, at: usize, rows: usize, cols: usize, by_row: bool) -> Result<Matrix, String> {
        let (pointers, indices, values) = (self.pointers.get(at), self.indices.get(at), self.values.get(at));
        let (outer, inner) = if by_row { (rows, cols) } else { (cols, rows) };
        if indices.len() != values.len() || pointers.len() != outer + 1 {
            let (pointers, indices, values) = (pointers.len(), indices.len(), values.len());
            return Err(format!(
                "{pointers} pointers, {indices} indices and {values} values in a matrix of {rows} x {cols}"
            ));
        }
        let mut written = vec![0.0; rows * cols];
        let mut next = 0;
        for line in 0..outer {
            let range = (pointers[line], pointers[line + 1]);
            let range = usize::try_from(range.0).ok().zip(usize::try_from(range.1).ok());
            let range = range.filter(|&(start, end)| start == next && start <= end && end <= values.len());
            let (start, end) =
                range.ok_or_else(|| format!("pointer {line} does not ascend within its values"))?;
            next = end;
            for (&index, &value) in indices[start..end].iter().zip(&values[start..end]) {
                let place = usize::try_from(index).ok().filter(|&place| place < inner);
                let place = place.ok_or_else(|| format!("index {index} is not within 0..{inner}"))?;
                written[if by_row { line * cols + place } else { place * cols + line }] = value;
            }
        }
        if next != values.len() {
            return Err(format!("its pointers end at {next} of {} values", values.len()));
        }
        Ok(Matrix { rows, cols, values: written, sparse: true })
    }
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
            let matrix = layout.matrix(0).unwrap();
            assert_eq!((matrix.rows, matrix.cols, matrix.values.as_slice()), (2, 3, &VALUES[..]));
            assert_eq!(matrix.row(1), [0.0, 3.0, 0.0]);
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
        ];
        for (parts, expected) in cases {
            let error = parts.matrix(0).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        let negative = Parts { rows: vec![-1], ..parts(1, &[], &[], &[], true) };
        assert!(negative.size(0).unwrap_err().contains("negative"));
    }

    #[test]
    fn rows_without_columns_have_a_size() {
        let rows = Parts { rows: vec![i32::MAX], cols: vec![0], ..parts(1, &[], &[], &[], false) };
        assert_eq!(rows.size(0), Ok(i32::MAX as usize));
    }
}

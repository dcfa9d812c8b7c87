//! The ML vector column: each row is dense or sparse, exactly as Spark keeps it.
//!
//! While all rows are dense and of one size they lie in one block (the fast path); the first row that differs
//! turns the column into offsets with a size and a kind a row (sparse rows as in CSR).

use std::fmt;

use arrow_buffer::{NullBuffer, NullBufferBuilder, ScalarBuffer};

/// One ML vector, borrowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum VectorRef<'a> {
    /// Every value.
    Dense(&'a [f64]),
    /// The active values only; `indices` ascend.
    Sparse {
        /// The length of the vector.
        size: usize,
        /// The places of the active values.
        indices: &'a [u32],
        /// The active values; explicit zeros may stand among them.
        values: &'a [f64],
    },
}

impl<'a> VectorRef<'a> {
    /// The length of the vector.
    pub fn size(&self) -> usize {
        match self {
            VectorRef::Dense(values) => values.len(),
            VectorRef::Sparse { size, .. } => *size,
        }
    }

    /// The stored values: all of a dense vector, the active ones of a sparse one.
    pub fn values(&self) -> &'a [f64] {
        match self {
            VectorRef::Dense(values) | VectorRef::Sparse { values, .. } => values,
        }
    }

    /// Index and value of each stored value, ascending.
    pub fn active(&self) -> impl Iterator<Item = (usize, f64)> + 'a {
        let (indices, values): (&[u32], &[f64]) = match *self {
            VectorRef::Dense(values) => (&[], values),
            VectorRef::Sparse { indices, values, .. } => (indices, values),
        };
        values
            .iter()
            .enumerate()
            .map(move |(at, &value)| (indices.get(at).map_or(at, |&i| i as usize), value))
    }

    /// Writes every value into `out`, which is cleared first.
    pub fn write_dense(&self, out: &mut Vec<f64>) {
        out.clear();
        match *self {
            VectorRef::Dense(values) => out.extend_from_slice(values),
            VectorRef::Sparse { size, indices, values } => {
                out.resize(size, 0.0);
                for (&index, &value) in indices.iter().zip(values) {
                    out[index as usize] = value;
                }
            }
        }
    }
}

/// Spark's own form: `[1.0,2.0]` and `(3,[0],[1.0])`.
impl fmt::Display for VectorRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VectorRef::Dense(values) => write!(f, "{values:?}"),
            VectorRef::Sparse { size, indices, values } => write!(f, "({size}, {indices:?}, {values:?})"),
        }
    }
}

/// A column of ML vectors.
#[derive(Clone, Debug)]
pub struct VectorColumn {
    rows: Rows,
    nulls: Option<Box<NullBuffer>>,
}

#[derive(Clone, Debug)]
enum Rows {
    /// Every row is dense and has `size` values; null rows hold zeros.
    Block {
        len: usize,
        size: usize,
        values: Values,
    },
    Mixed(Box<Mixed>),
}

/// The most values of a block that lie in the column itself. Columns are moved often, so it is not many.
const FEW: usize = 8;

/// The values of a block.
#[derive(Clone, Debug)]
enum Values {
    /// So few that they need no memory of their own; what a block does not fill is zero.
    Few([f64; FEW]),
    Many(ScalarBuffer<f64>),
}

impl Values {
    /// The first `count` values.
    fn first(&self, count: usize) -> &[f64] {
        match self {
            Values::Few(values) => &values[..count],
            Values::Many(values) => &values[..count],
        }
    }
}

impl From<Vec<f64>> for Values {
    fn from(values: Vec<f64>) -> Values {
        if values.len() > FEW {
            return Values::Many(values.into());
        }
        let mut few = [0.0; FEW];
        few[..values.len()].copy_from_slice(&values);
        Values::Few(few)
    }
}

/// Row `i` owns `values[offsets[i]..offsets[i + 1]]`; `indices` is parallel to `values` (0 for dense rows).
#[derive(Clone, Debug)]
struct Mixed {
    sizes: ScalarBuffer<u32>,
    sparse: ScalarBuffer<u8>,
    offsets: ScalarBuffer<u64>,
    indices: ScalarBuffer<u32>,
    values: ScalarBuffer<f64>,
}

impl VectorColumn {
    /// A column of dense vectors of one size, row after row in `values`; `values` must hold whole rows.
    pub fn from_block(len: usize, size: usize, values: Vec<f64>) -> VectorColumn {
        debug_assert_eq!(len * size, values.len());
        VectorColumn { rows: Rows::Block { len, size, values: values.into() }, nulls: None }
    }

    /// A column of `len` dense vectors of `size`, row after row as `fill` writes them over zeros.
    pub(crate) fn fill_block<E>(
        len: usize,
        size: usize,
        fill: impl FnOnce(&mut [f64]) -> Result<(), E>,
    ) -> Result<VectorColumn, E> {
        let count = len * size;
        let values = if count > FEW {
            let mut values = vec![0.0; count];
            fill(&mut values)?;
            Values::Many(values.into())
        } else {
            let mut values = [0.0; FEW];
            fill(&mut values[..count])?;
            Values::Few(values)
        };
        Ok(VectorColumn { rows: Rows::Block { len, size, values }, nulls: None })
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Block { len, .. } => *len,
            Rows::Mixed(mixed) => mixed.sizes.len(),
        }
    }

    /// The bytes that its values take, with the places of those of sparse rows.
    pub(crate) fn bytes(&self) -> usize {
        match &self.rows {
            Rows::Block { len, size, .. } => len * size * size_of::<f64>(),
            Rows::Mixed(mixed) => mixed.values.len() * (size_of::<f64>() + size_of::<u32>()),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which rows are null; `None` when none is.
    pub fn nulls(&self) -> Option<&NullBuffer> {
        self.nulls.as_deref()
    }

    /// The size of the rows and all values, row after row, when every row is dense, of one size and not null.
    pub fn as_block(&self) -> Option<(usize, &[f64])> {
        match &self.rows {
            Rows::Block { len, size, values } if self.nulls.is_none() => {
                Some((*size, values.first(len * size)))
            }
            _ => None,
        }
    }

    /// [`as_block`](Self::as_block) with a share in the values, where there are many.
    pub(super) fn shared_block(&self) -> Option<(usize, ScalarBuffer<f64>)> {
        let (size, values) = self.as_block()?;
        let shared = match &self.rows {
            Rows::Block { values: Values::Many(shared), .. } => shared.slice(0, values.len()),
            _ => values.to_vec().into(),
        };
        Some((size, shared))
    }

    /// The vector at `row`; `None` where it is null.
    ///
    /// # Panics
    /// When `row` is not below [`len`](Self::len), as a slice would.
    pub fn get(&self, row: usize) -> Option<VectorRef<'_>> {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return None;
        }
        Some(match &self.rows {
            Rows::Block { len, size, values } => {
                VectorRef::Dense(&values.first(len * size)[row * size..(row + 1) * size])
            }
            Rows::Mixed(mixed) => {
                let range = mixed.offsets[row] as usize..mixed.offsets[row + 1] as usize;
                let values = &mixed.values[range.clone()];
                if mixed.sparse[row] == 0 {
                    VectorRef::Dense(values)
                } else {
                    VectorRef::Sparse {
                        size: mixed.sizes[row] as usize,
                        indices: &mixed.indices[range],
                        values,
                    }
                }
            }
        })
    }

    /// Every row in order; `None` where it is null.
    pub fn iter(&self) -> impl Iterator<Item = Option<VectorRef<'_>>> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// This column with each stored value as `map` makes it of its slot and itself; rows keep their form.
    pub(crate) fn map_stored(&self, map: impl Fn(usize, f64) -> f64) -> VectorColumn {
        let rows = match &self.rows {
            Rows::Block { len, size, values } => {
                let rows = values.first(len * size).chunks_exact((*size).max(1));
                let mapped = rows.flat_map(|row| row.iter().enumerate().map(|(slot, x)| map(slot, *x)));
                Rows::Block { len: *len, size: *size, values: mapped.collect::<Vec<_>>().into() }
            }
            Rows::Mixed(mixed) => {
                let mut values = Vec::with_capacity(mixed.values.len());
                for (row, sparse) in mixed.offsets.windows(2).zip(mixed.sparse.iter()) {
                    let range = row[0] as usize..row[1] as usize;
                    let stored = &mixed.values[range.clone()];
                    if *sparse == 0 {
                        values.extend(stored.iter().enumerate().map(|(slot, x)| map(slot, *x)));
                    } else {
                        let slots = mixed.indices[range].iter();
                        values.extend(slots.zip(stored).map(|(slot, x)| map(*slot as usize, *x)));
                    }
                }
                // All but the values is shared.
                Rows::Mixed(Box::new(Mixed { values: values.into(), ..Mixed::clone(mixed) }))
            }
        };
        VectorColumn { rows, nulls: self.nulls.clone() }
    }

    /// The rows at `rows`, in that order.
    pub fn take(&self, rows: impl IntoIterator<Item = usize>) -> VectorColumn {
        let mut builder = VectorBuilder::with_capacity(0, 0);
        rows.into_iter().for_each(|row| builder.push_option(self.get(row)));
        builder.finish()
    }
}

/// Builds a [`VectorColumn`] row by row.
#[derive(Debug, Default)]
pub struct VectorBuilder {
    len: usize,
    /// The size of the block's rows, once a row has set it.
    size: Option<usize>,
    /// Present once a row did not fit the block.
    mixed: Option<MixedBuilder>,
    values: Vec<f64>,
    nulls: Option<NullBufferBuilder>,
}

#[derive(Debug, Default)]
struct MixedBuilder {
    sizes: Vec<u32>,
    sparse: Vec<u8>,
    offsets: Vec<u64>,
    indices: Vec<u32>,
}

/// The most values that room is made for at first: a model says any size in a word, and its rows may be sparse.
const MOST_ROOM: usize = 1 << 22;

impl VectorBuilder {
    /// A builder with room for `rows` dense rows of `size`, if that is not very much.
    pub fn with_capacity(rows: usize, size: usize) -> VectorBuilder {
        let room = rows.saturating_mul(size).min(MOST_ROOM);
        VectorBuilder { values: Vec::with_capacity(room), ..VectorBuilder::default() }
    }

    /// The number of values of all rows so far.
    pub(crate) fn stored(&self) -> usize {
        self.values.len()
    }

    /// Adds a dense row.
    pub fn push_dense(&mut self, values: &[f64]) {
        self.push_with(values.len(), |out| out.extend_from_slice(values));
    }

    /// Adds a dense row of `size` values, which `fill` appends.
    pub(crate) fn push_with(&mut self, size: usize, fill: impl FnOnce(&mut Vec<f64>)) {
        if self.mixed.is_none() && *self.size.get_or_insert(size) != size {
            self.become_mixed();
        }
        let start = self.values.len();
        fill(&mut self.values);
        self.values.resize(start + size, 0.0);
        if let Some(mixed) = &mut self.mixed {
            mixed.indices.resize(self.values.len(), 0);
            mixed.end_row(size, false, self.values.len());
        }
        self.end_row(true);
    }

    /// Adds a sparse row. `indices` ascend, lie below `size` and are as many as `values`.
    pub fn push_sparse(&mut self, size: usize, indices: &[u32], values: &[f64]) {
        debug_assert_eq!(indices.len(), values.len());
        if self.mixed.is_none() {
            self.become_mixed();
        }
        self.values.extend_from_slice(values);
        if let Some(mixed) = &mut self.mixed {
            mixed.indices.extend_from_slice(indices);
            mixed.end_row(size, true, self.values.len());
        }
        self.end_row(true);
    }

    /// Adds a null row.
    pub fn push_null(&mut self) {
        if let Some(mixed) = &mut self.mixed {
            mixed.end_row(0, true, self.values.len());
        } else {
            let size = self.size.unwrap_or(0);
            self.values.resize(self.values.len() + size, 0.0);
            if self.size.is_none() {
                self.become_mixed();
                if let Some(mixed) = &mut self.mixed {
                    mixed.end_row(0, true, 0);
                }
            }
        }
        self.end_row(false);
    }

    /// Adds a copy of `row`.
    pub fn push(&mut self, row: VectorRef<'_>) {
        match row {
            VectorRef::Dense(values) => self.push_dense(values),
            VectorRef::Sparse { size, indices, values } => self.push_sparse(size, indices, values),
        }
    }

    /// Adds a copy of `row`, or a null.
    pub fn push_option(&mut self, row: Option<VectorRef<'_>>) {
        match row {
            Some(row) => self.push(row),
            None => self.push_null(),
        }
    }

    /// The column of all rows added.
    pub fn finish(self) -> VectorColumn {
        let nulls = self.nulls.and_then(|mut nulls| nulls.finish()).map(Box::new);
        let rows = match self.mixed {
            None => Rows::Block { len: self.len, size: self.size.unwrap_or(0), values: self.values.into() },
            Some(mixed) => Rows::Mixed(Box::new(Mixed {
                sizes: mixed.sizes.into(),
                sparse: mixed.sparse.into(),
                offsets: mixed.offsets.into(),
                indices: mixed.indices.into(),
                values: self.values.into(),
            })),
        };
        VectorColumn { rows, nulls }
    }

    fn end_row(&mut self, valid: bool) {
        match &mut self.nulls {
            Some(nulls) => nulls.append(valid),
            None if valid => {}
            None => {
                let mut nulls = NullBufferBuilder::new(self.len + 1);
                nulls.append_n_non_nulls(self.len);
                nulls.append_null();
                self.nulls = Some(nulls);
            }
        }
        self.len += 1;
    }

    fn become_mixed(&mut self) {
        let size = self.size.unwrap_or(0);
        self.mixed = Some(MixedBuilder {
            sizes: vec![size as u32; self.len],
            sparse: vec![0; self.len],
            offsets: (0..=self.len).map(|row| (row * size) as u64).collect(),
            indices: vec![0; self.values.len()],
        });
    }
}

impl MixedBuilder {
    fn end_row(&mut self, size: usize, sparse: bool, end: usize) {
        self.sizes.push(size as u32);
        self.sparse.push(u8::from(sparse));
        self.offsets.push(end as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_rows_of_one_size_stay_a_block() {
        let mut builder = VectorBuilder::with_capacity(2, 2);
        builder.push_dense(&[1.0, 2.0]);
        builder.push_dense(&[3.0, 4.0]);
        let column = builder.finish();
        assert_eq!(column.as_block(), Some((2, &[1.0, 2.0, 3.0, 4.0][..])));
    }

    #[test]
    fn rows_keep_their_form() {
        let mut builder = VectorBuilder::default();
        builder.push_dense(&[1.0, 2.0]);
        builder.push_null();
        builder.push_sparse(3, &[2], &[5.0]);
        builder.push_dense(&[7.0]);
        builder.push_null();
        let column = builder.finish();
        assert_eq!(column.len(), 5);
        assert_eq!(column.get(0), Some(VectorRef::Dense(&[1.0, 2.0])));
        assert_eq!(column.get(1), None);
        assert_eq!(column.get(2), Some(VectorRef::Sparse { size: 3, indices: &[2], values: &[5.0] }));
        assert_eq!(column.get(3), Some(VectorRef::Dense(&[7.0])));
        assert_eq!(column.get(4), None);
        assert_eq!(column.as_block(), None);
    }

    #[test]
    fn nulls_first_then_values() {
        let mut builder = VectorBuilder::default();
        builder.push_null();
        builder.push_dense(&[1.0]);
        let column = builder.finish();
        assert_eq!(column.get(0), None);
        assert_eq!(column.get(1), Some(VectorRef::Dense(&[1.0])));
    }

    #[test]
    fn take_repeats_and_reorders() {
        let mut builder = VectorBuilder::default();
        builder.push_sparse(4, &[1, 3], &[1.0, 2.0]);
        builder.push_dense(&[9.0]);
        let column = builder.finish().take([1, 0, 1]);
        assert_eq!(column.get(0), Some(VectorRef::Dense(&[9.0])));
        assert_eq!(column.get(1).map(|row| row.active().collect::<Vec<_>>()), Some(vec![(1, 1.0), (3, 2.0)]));
        assert_eq!(column.len(), 3);
    }

    #[test]
    fn writes_dense() {
        let mut out = vec![8.0; 9];
        VectorRef::Sparse { size: 3, indices: &[1], values: &[4.0] }.write_dense(&mut out);
        assert_eq!(out, [0.0, 4.0, 0.0]);
    }
}

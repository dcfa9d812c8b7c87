//! Scored columns to the tensors of an answer.
//!
//! A scalar column is a tensor of shape `[rows]`, a vector column one of `[rows, size]` and a list column one of
//! `[rows, length]`, whose rows must be of one length. Vectors are answered dense.
//!
//! The answer has a row for each row of the request. Where a model may drop rows (`handleInvalid=skip`), a dropped
//! row is never a made-up number: its elements are null (NaN in binary), and the tensor [`DROPPED`] tells which rows
//! those are. It is part of the answer unless the request names outputs without it; then a dropped row is an error
//! that names the rows.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::Buffer;
use arrow_schema::TimeUnit;
use firesteel_plan::calendar::{show_date, show_instant, show_local};
use firesteel_plan::decimal::show;
use firesteel_plan::{Column, ColumnType, Field, RowScores, Scored, VectorColumn};

use super::datatype::Datatype;
use super::packed::Packed;
use super::tensor::{Data, Tensor, TensorError};

/// The name of the tensor that tells which rows were dropped.
pub(crate) const DROPPED: &str = "dropped";

/// The most elements of one tensor of an answer: 128 MiB of doubles.
pub(crate) const MAX_ELEMENTS: usize = 1 << 24;

/// Where the rows of an answer come from: for each row of the request its place among the rows scored.
#[derive(Debug)]
pub(crate) struct Rows(Option<Vec<Option<usize>>>, usize);

impl Rows {
    /// The rows of a scored request.
    pub(crate) fn of(scored: &Scored) -> Rows {
        let whole = scored.rows() == scored.rows_in;
        Rows((!whole).then(|| scored.places()), scored.rows_in)
    }

    /// This many rows, of which none was dropped.
    pub(crate) fn kept(rows: usize) -> Rows {
        Rows(None, rows)
    }

    /// The number of rows of the request.
    pub(crate) fn len(&self) -> usize {
        self.1
    }

    /// The rows that were dropped.
    pub(crate) fn dropped(&self) -> Vec<usize> {
        let places = self.0.iter().flatten().enumerate();
        places.filter(|(_, place)| place.is_none()).map(|(row, _)| row).collect()
    }

    fn iter(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        (0..self.1).map(|row| self.0.as_ref().map_or(Some(row), |places| places[row]))
    }

    /// The tensor that tells which rows were dropped.
    pub(crate) fn marks(&self) -> Tensor {
        let marks: Vec<bool> = self.iter().map(|place| place.is_none()).collect();
        Tensor {
            name: DROPPED.to_owned(),
            datatype: Datatype::Bool,
            shape: vec![marks.len()],
            data: Data::Bool(marks),
            nulls: Vec::new(),
        }
    }
}

/// The tensor of one output.
pub(crate) fn tensor(field: &Field, column: &Column, rows: &Rows) -> Result<Tensor, TensorError> {
    let datatype = Datatype::of(&field.column_type);
    let mut writing = Writing { data: Data::empty(datatype), nulls: Vec::new() };
    let width = match column {
        Column::Vector(vectors) => {
            let size = even(field, rows, field.size, |row| vectors.get(row).map(|vector| vector.size()))?;
            writing.vectors(vectors, rows, size);
            Some(size)
        }
        Column::Array(array) => match array.as_list_opt::<i32>() {
            Some(lists) if VectorColumn::is_vector_type(&lists.value_type()) => {
                let problem = "found lists of vectors, which are no tensor; ask for JSON instead".to_owned();
                return Err(TensorError::new(&field.name, problem));
            }
            Some(lists) => {
                let length = |row| (!lists.is_null(row)).then(|| lists.value_length(row) as usize);
                let length = even(field, rows, None, length)?;
                let places = rows.iter().flat_map(|place| {
                    let start = place
                        .filter(|&row| !lists.is_null(row))
                        .map(|row| lists.value_offsets()[row] as usize);
                    (0..length).map(move |at| start.map(|start| start + at))
                });
                writing.array(lists.values(), places);
                Some(length)
            }
            None => {
                match whole(datatype, array, rows) {
                    Some(packed) => writing.data = Data::Packed(packed),
                    None => writing.array(array, rows.iter()),
                }
                None
            }
        },
    };
    let shape = std::iter::once(rows.len()).chain(width).collect();
    Tensor { name: field.name.clone(), datatype, shape, data: writing.data, nulls: writing.nulls }.checked()
}

/// The tensors of a row that was scored alone; `None` where one would be larger than one may be.
pub(crate) fn of_row(fields: &[Field], scores: RowScores<'_>) -> Option<Vec<Tensor>> {
    let tensor = |(place, field): (usize, &Field)| {
        let values = scores.output(place).filter(|values| values.len() <= MAX_ELEMENTS)?;
        let shape = match field.column_type {
            ColumnType::Vector => vec![1, values.len()],
            _ => vec![1],
        };
        let data = match field.column_type {
            ColumnType::Int => Data::Int(values.iter().map(|&value| value as i64).collect()),
            _ => Data::Float(values.to_vec()),
        };
        let (name, datatype) = (field.name.clone(), Datatype::of(&field.column_type));
        Some(Tensor { name, datatype, shape, data, nulls: Vec::new() })
    };
    fields.iter().enumerate().map(tensor).collect()
}

/// A column of numbers as it lies in memory, if it has all rows and no nulls.
fn whole(datatype: Datatype, array: &ArrayRef, rows: &Rows) -> Option<Packed> {
    use arrow_schema::DataType as T;
    if rows.0.is_some() || array.null_count() > 0 || array.len() != rows.len() {
        return None;
    }
    let values = match array.data_type() {
        T::Float64 => array.as_primitive::<Float64Type>().values().inner(),
        T::Float32 => array.as_primitive::<Float32Type>().values().inner(),
        T::Int64 => array.as_primitive::<Int64Type>().values().inner(),
        T::Int32 => array.as_primitive::<Int32Type>().values().inner(),
        T::Int16 => array.as_primitive::<Int16Type>().values().inner(),
        T::Int8 => array.as_primitive::<Int8Type>().values().inner(),
        _ => return None,
    };
    Packed::of(datatype, values.clone())
}

/// The one size of all rows, which a tensor needs.
fn even(
    field: &Field,
    rows: &Rows,
    known: Option<usize>,
    size: impl Fn(usize) -> Option<usize>,
) -> Result<usize, TensorError> {
    let fail = |problem: String| Err(TensorError::new(&field.name, problem));
    let mut found: Option<(usize, usize)> = None;
    for (row, place) in rows.iter().enumerate() {
        let Some(size) = place.and_then(&size) else { continue };
        match found {
            Some((first, other)) if other != size => {
                return fail(format!(
                    "row {first} has {other} values and row {row} has {size}, which is no tensor; send one row a request"
                ));
            }
            Some(_) => (),
            None => found = Some((row, size)),
        }
    }
    let size = found.map(|(_, size)| size).or(known).unwrap_or(0);
    match size.checked_mul(rows.len()) {
        Some(count) if count <= MAX_ELEMENTS => Ok(size),
        _ => fail(format!(
            "{} rows of {size} values are more than the {MAX_ELEMENTS} that an answer may have; send fewer rows a request",
            rows.len()
        )),
    }
}

struct Writing {
    data: Data,
    nulls: Vec<usize>,
}

impl Writing {
    fn null(&mut self) {
        self.nulls.push(self.data.len());
        self.data.push_filler();
    }

    fn vectors(&mut self, vectors: &VectorColumn, rows: &Rows, size: usize) {
        if let (Some((_, block)), None, None) = (vectors.as_block(), &rows.0, vectors.nulls()) {
            let packed = Packed::of(Datatype::Fp64, Buffer::from_slice_ref(block));
            self.data = packed.map_or_else(|| Data::Float(block.to_vec()), Data::Packed);
            return;
        }
        let mut dense = Vec::new();
        for place in rows.iter() {
            match (place.and_then(|row| vectors.get(row)), &mut self.data) {
                (Some(vector), Data::Float(values)) => {
                    vector.write_dense(&mut dense);
                    values.extend_from_slice(&dense);
                }
                _ => (0..size).for_each(|_| self.null()),
            }
        }
    }

    fn array(&mut self, array: &ArrayRef, places: impl Iterator<Item = Option<usize>>) {
        use arrow_schema::DataType as T;
        for place in places {
            let Some(row) = place.filter(|&row| !array.is_null(row)) else {
                self.null();
                continue;
            };
            match (&mut self.data, array.data_type()) {
                (Data::Bool(values), T::Boolean) => values.push(array.as_boolean().value(row)),
                (Data::Int(values), T::Int8) => {
                    values.push(array.as_primitive::<Int8Type>().value(row).into())
                }
                (Data::Int(values), T::Int16) => {
                    values.push(array.as_primitive::<Int16Type>().value(row).into())
                }
                (Data::Int(values), T::Int32) => {
                    values.push(array.as_primitive::<Int32Type>().value(row).into())
                }
                (Data::Int(values), T::Int64) => values.push(array.as_primitive::<Int64Type>().value(row)),
                (Data::Float(values), T::Float32) => {
                    values.push(array.as_primitive::<Float32Type>().value(row).into())
                }
                (Data::Float(values), T::Float64) => {
                    values.push(array.as_primitive::<Float64Type>().value(row))
                }
                (Data::Bytes(values), T::Utf8) => {
                    values.push(array.as_string::<i32>().value(row).to_owned().into())
                }
                (Data::Bytes(values), T::Decimal128(_, scale)) => {
                    let value = array.as_primitive::<Decimal128Type>().value(row);
                    values.push(show(value, u8::try_from(*scale).unwrap_or_default()).into());
                }
                (Data::Bytes(values), T::Date32) => {
                    values.push(show_date(array.as_primitive::<Date32Type>().value(row)).into())
                }
                (Data::Bytes(values), T::Timestamp(TimeUnit::Microsecond, zone)) => {
                    let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
                    let shown = if zone.is_some() { show_instant(micros) } else { show_local(micros) };
                    values.push(shown.into());
                }
                _ => self.null(),
            }
        }
    }
}

/// The `count` greatest values of each row as the classification extension writes them: `value:index`.
pub(crate) fn classes(tensor: Tensor, count: usize) -> Result<Tensor, TensorError> {
    let width = tensor.shape.get(1).copied().unwrap_or(1);
    let Data::Float(values) = &*tensor.data.wide() else {
        let problem =
            format!("found {}, expected floating-point numbers for a classification", tensor.datatype);
        return Err(TensorError::new(&tensor.name, problem));
    };
    let count = count.min(width);
    let mut texts = Vec::with_capacity(tensor.rows() * count);
    let mut nulls = Vec::new();
    for (row, values) in values.chunks_exact(width.max(1)).enumerate() {
        let start = row * width;
        let any_null = tensor.nulls.binary_search(&start).is_ok();
        let mut order: Vec<usize> = (0..width).collect();
        order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
        for &index in &order[..count] {
            if any_null {
                nulls.push(texts.len());
            }
            let text = if any_null { String::new() } else { format!("{}:{index}", values[index]) };
            texts.push(text.into());
        }
    }
    let shape = vec![tensor.rows(), count];
    Tensor { name: tensor.name, datatype: Datatype::Bytes, shape, data: Data::Bytes(texts), nulls }.checked()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::StringArray;
    use arrow_array::builder::{ListBuilder, StringBuilder};
    use firesteel_plan::ops::{Assemble, HandleInvalid, SparseRule};
    use firesteel_plan::{Batch, Builder, Declared, ModelInfo, StageInfo, VectorBuilder};

    use super::*;

    fn field(column_type: ColumnType) -> Field {
        Field { name: "out".to_owned(), column_type, size: None, nullable: true, stage: String::new() }
    }

    fn scored(rows_in: usize, survivors: Option<Vec<u32>>, columns: Vec<Column>) -> Scored {
        Scored { rows_in, survivors, columns }
    }

    #[test]
    fn dropped_rows_are_null_and_marked() {
        let vectors = VectorColumn::from_block(2, 2, vec![1.0, 2.0, 3.0, 4.0]);
        let scored =
            scored(3, Some(vec![0, 2]), vec![Column::from_doubles(vec![1.0, 2.0]), Column::Vector(vectors)]);
        let rows = Rows::of(&scored);
        assert_eq!(rows.dropped(), [1]);
        assert_eq!(rows.marks().data, Data::Bool(vec![false, true, false]));
        let scalar = tensor(&field(ColumnType::Double), &scored.columns[0], &rows).unwrap();
        assert_eq!((scalar.shape.as_slice(), scalar.nulls.as_slice()), (&[3][..], &[1][..]));
        let vector = tensor(&field(ColumnType::Vector), &scored.columns[1], &rows).unwrap();
        assert_eq!((vector.shape.as_slice(), vector.nulls.as_slice()), (&[3, 2][..], &[2, 3][..]));
        let Data::Float(values) = vector.data else { panic!("not floats") };
        assert!(values[2].is_nan() && values[3].is_nan());
        assert_eq!(values[4..], [3.0, 4.0]);
    }

    #[test]
    fn sparse_vectors_are_answered_dense_and_must_be_even() {
        let mut builder = VectorBuilder::default();
        builder.push_sparse(3, &[1], &[5.0]);
        builder.push_dense(&[1.0, 2.0, 3.0]);
        let even = scored(2, None, vec![Column::Vector(builder.finish())]);
        let tensor = |scored: &Scored| {
            super::tensor(&field(ColumnType::Vector), &scored.columns[0], &Rows::of(scored))
        };
        assert_eq!(tensor(&even).unwrap().data, Data::Float(vec![0.0, 5.0, 0.0, 1.0, 2.0, 3.0]));
        let mut builder = VectorBuilder::default();
        builder.push_dense(&[1.0]);
        builder.push_dense(&[1.0, 2.0]);
        let odd = scored(2, None, vec![Column::Vector(builder.finish())]);
        assert!(tensor(&odd).unwrap_err().problem.contains("row 0 has 1 values and row 1 has 2"));
        let mut builder = VectorBuilder::default();
        builder.push_sparse(1 << 25, &[], &[]);
        let large = scored(1, None, vec![Column::Vector(builder.finish())]);
        assert!(tensor(&large).unwrap_err().problem.contains("send fewer rows"));
    }

    #[test]
    fn texts_and_lists() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None]));
        let texts = scored(2, None, vec![Column::Array(texts)]);
        let written = tensor(&field(ColumnType::String), &texts.columns[0], &Rows::of(&texts)).unwrap();
        assert_eq!((written.data, written.nulls), (Data::Bytes(vec!["a".into(), "".into()]), vec![1]));
        let mut lists = ListBuilder::new(StringBuilder::new());
        for words in [["a", "b"], ["c", "d"]] {
            words.iter().for_each(|word| lists.values().append_value(word));
            lists.append(true);
        }
        let lists = scored(2, None, vec![Column::Array(Arc::new(lists.finish()))]);
        let written = tensor(&field(ColumnType::strings()), &lists.columns[0], &Rows::of(&lists)).unwrap();
        assert_eq!(written.shape, [2, 2]);
        assert_eq!(written.data, Data::Bytes(vec!["a".into(), "b".into(), "c".into(), "d".into()]));
    }

    #[test]
    fn a_row_alone_has_the_tensors_of_its_columns() {
        let mut builder = Builder::new(Declared::default());
        builder.stage(StageInfo::default());
        let x = builder.doubles("x", true).unwrap();
        let whole = builder.cast(&x, ColumnType::Int).unwrap();
        let sizes = vec![Some(1)];
        let assemble = Assemble { handle_invalid: HandleInvalid::Keep, sizes, rule: SparseRule::Ratio };
        let vector = builder.apply(assemble.into(), &[&x]).unwrap();
        for (name, column) in [("int", whole), ("vector", vector)] {
            builder.bind(name, column).unwrap();
        }
        let plan = builder.finish(ModelInfo::default()).unwrap().plan(&["int", "vector"]).unwrap();
        let mut scorer = plan.row_scorer().unwrap();
        for x in [0.5, 7.9, -3e10, f64::INFINITY] {
            let mut alone = of_row(plan.outputs(), scorer.score(&[x]).unwrap()).unwrap();
            let scored = plan.score(Batch::new(1, vec![Column::from_doubles(vec![x])])).unwrap();
            let columns = plan.outputs().iter().zip(&scored.columns);
            let mut together: Vec<Tensor> =
                columns.map(|(field, column)| tensor(field, column, &Rows::of(&scored)).unwrap()).collect();
            for tensor in alone.iter_mut().chain(&mut together) {
                tensor.data = tensor.data.wide().into_owned();
            }
            assert_eq!(alone, together);
        }
    }

    #[test]
    fn classes_are_the_greatest_values_with_their_places() {
        let tensor = Tensor {
            name: "probability".to_owned(),
            datatype: Datatype::Fp64,
            shape: vec![2, 3],
            data: Data::Float(vec![0.25, 0.5, 0.25, f64::NAN, f64::NAN, f64::NAN]),
            nulls: vec![3, 4, 5],
        };
        let classes = classes(tensor, 2).unwrap();
        assert_eq!((classes.shape.as_slice(), classes.nulls.as_slice()), (&[2, 2][..], &[2, 3][..]));
        assert_eq!(classes.data, Data::Bytes(vec!["0.5:1".into(), "0.25:0".into(), "".into(), "".into()]));
    }
}

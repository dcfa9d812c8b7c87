//! Random graphs of real operations and random batches, to compare a graph with what a pass makes of it.

mod choices;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Float64Array, Int32Array, StringArray};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use self::choices::Choices;
use crate::graph::Graph;
use crate::ops::*;
use crate::passes::{cut, optimize};
use crate::*;

/// Asserts that `rewrite` changes no answer of random graphs, and that it changes one graph in 50 at least.
pub(super) fn compare(rewrite: fn(&Graph) -> Option<Graph>) {
    let (cases, changed) = (Cell::new(0), Cell::new(0));
    let usual = Config::default();
    let config = Config { failure_persistence: None, cases: 4 * usual.cases, ..usual };
    let mut runner = TestRunner::new(config);
    let choices = |length| vec(any::<u32>(), 0..length);
    let done = runner.run(&(choices(300), vec(choices(150), 1..4)), |(graph, batches)| {
        let before = graph_from(&mut Choices::new(&graph));
        cases.set(cases.get() + 1);
        let Some(plans) = plans(&before, rewrite) else { return Ok(()) };
        changed.set(changed.get() + 1);
        for batch in &batches {
            let batch = batch_from(&before, &mut Choices::new(batch));
            let found = answers(&plans, &batch);
            if found[0] != found[1] {
                let [before, after] = &plans;
                let message = format!("{found:#?}\n{batch:?}\nbefore\n{before}after\n{after}");
                return Err(TestCaseError::fail(message));
            }
        }
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
    println!("changed {} of {} graphs", changed.get(), cases.get());
    assert!(changed.get() * 50 >= cases.get());
}

/// Asserts that rows one by one are answered as batches of one, where they are, in random graphs before and after the
/// passes, and that one row in 100 at least is.
pub(crate) fn compare_rows() {
    let (rows, answered) = (Cell::new(0), Cell::new(0));
    let usual = Config::default();
    let config = Config { failure_persistence: None, cases: 4 * usual.cases, ..usual };
    let choices = |length| vec(any::<u32>(), 0..length);
    let done = TestRunner::new(config).run(&(choices(80), choices(150)), |(graph, batch)| {
        let graph = graph_from(&mut Choices::new(&graph));
        let batch = batch_from(&graph, &mut Choices::new(&batch));
        for plan in [Plan::new(graph.clone()), Plan::new(optimize(graph.clone(), |_, _| ()))] {
            let Some(mut scorer) = plan.row_scorer() else { continue };
            for row in 0..batch.rows {
                let one = Batch::new(1, batch.columns.iter().map(|column| column.slice(row, 1)).collect());
                let mut values = Vec::new();
                if !scorer.read(&one.columns, 0, &mut values) {
                    continue;
                }
                rows.set(rows.get() + 1);
                let Some(found) = scorer.score(&values) else { continue };
                answered.set(answered.get() + 1);
                let found: Vec<_> = (plan.outputs().iter().enumerate())
                    .map(|(at, field)| of_row(&field.column_type, found.output(at).unwrap()))
                    .collect();
                let expected = plan.score(one).map(|scored| shown(&scored).2.concat());
                if expected.as_ref() != Ok(&found) {
                    return Err(TestCaseError::fail(format!(
                        "{found:?} of {values:?}, {expected:?}\n{plan}"
                    )));
                }
            }
        }
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
    println!("answered {} of {} rows", answered.get(), rows.get());
    assert!(answered.get() * 100 >= rows.get());
}

/// The graph of these operations, each of which reads the one input, a column of doubles.
pub(super) fn graph_of(ops: &[Op]) -> Graph {
    let mut builder = Builder::new(BTreeMap::new());
    builder.stage(StageInfo::default());
    let input = builder.doubles("x", true).unwrap();
    let names: Vec<String> = (0..ops.len()).map(|at| format!("out{at}")).collect();
    for (op, name) in ops.iter().zip(&names) {
        let made = builder.apply(op.clone(), &[&input]).unwrap();
        builder.bind(name, made).unwrap();
    }
    cut(&builder.finish(ModelInfo::default()).unwrap().graph, &names).unwrap()
}

/// The plans of a graph and of what a pass makes of it, if it changes anything.
pub(super) fn plans(graph: &Graph, rewrite: fn(&Graph) -> Option<Graph>) -> Option<[Plan; 2]> {
    Some([Plan::new(graph.clone()), Plan::new(rewrite(graph)?)])
}

/// What each plan answers to a batch, to the last bit.
pub(super) fn answers(plans: &[Plan; 2], batch: &Batch) -> [Result<Shown, ScoreError>; 2] {
    plans.each_ref().map(|plan| plan.score(batch.clone()).map(|scored| shown(&scored)))
}

/// The rows that went in, those that came out, and the cells of each column.
type Shown = (usize, Option<Vec<u32>>, Vec<Vec<String>>);

/// Everything that a face can see, to the last bit.
fn shown(scored: &Scored) -> Shown {
    let columns =
        scored.columns.iter().map(|column| (0..column.len()).map(|row| cell(column, row)).collect());
    (scored.rows_in, scored.survivors.clone(), columns.collect())
}

/// The bits of numbers; NaNs are all alike, since neither Rust nor Java says which bits an operation gives them.
fn bits(values: &[f64]) -> String {
    let bits = |value: &f64| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() };
    format!("{:?}", values.iter().map(|value| format!("{:x}", bits(value))).collect::<Vec<_>>())
}

/// A value of a row that was scored alone, as [`cell`] shows it.
fn of_row(column_type: &ColumnType, values: &[f64]) -> String {
    match (column_type, values) {
        (ColumnType::Int, &[value]) if f64::from(value as i32) == value => (value as i32).to_string(),
        _ => bits(values),
    }
}

fn cell(column: &Column, row: usize) -> String {
    if column.is_null(row) {
        return "null".to_owned();
    }
    match (column.as_vectors().and_then(|vectors| vectors.get(row)), column.as_doubles()) {
        (Some(VectorRef::Dense(values)), _) => bits(values),
        (Some(VectorRef::Sparse { size, indices, values }), _) => {
            format!("({size}, {indices:?}, {})", bits(values))
        }
        (None, Some(doubles)) => bits(&[doubles.value(row)]),
        _ => column.show(row),
    }
}

/// The columns that a random graph has so far.
struct Columns {
    doubles: Vec<Col>,
    vectors: Vec<(Col, usize)>,
    text: Col,
    applied: Vec<Step>,
}

/// An operation, its inputs, and the size of the vectors that it makes; `None` where it makes numbers.
type Step = (Op, Vec<Col>, Option<usize>);

/// A random graph in the making.
struct Made {
    builder: Builder,
    columns: Columns,
    names: Vec<String>,
}

impl Made {
    fn apply(&mut self, (op, inputs, size): Step) -> Col {
        let name = format!("out{}", self.names.len());
        self.builder.stage(StageInfo { place: name.clone(), ..StageInfo::default() });
        let made = self.builder.apply(op.clone(), &inputs.iter().collect::<Vec<_>>()).unwrap();
        match size {
            Some(size) => self.columns.vectors.push((made.clone(), size)),
            // Ints and lists of words, which no later step reads.
            None if *made.column_type() != ColumnType::Double => {}
            None => self.columns.doubles.push(made.clone()),
        }
        self.columns.applied.push((op, inputs, size));
        self.builder.bind(&name, made.clone()).unwrap();
        self.names.push(name);
        made
    }

    /// Doubles, assembled and scaled for a linear model or for models of clusters.
    fn numbers(&mut self, choices: &mut Choices<'_>) {
        let inputs: Vec<Col> =
            (0..choices.below(12) + 1).map(|_| choices.of(&self.columns.doubles)).collect();
        let size = inputs.len();
        let step = assemble_of(choices, inputs, vec![Some(1); size]);
        self.apply(step);
        for _ in 0..choices.below(3) {
            let vector = self.columns.vectors[self.columns.vectors.len() - 1].0.clone();
            let step = scale(choices, vector, size);
            self.apply(step);
        }
        let vector = self.columns.vectors[self.columns.vectors.len() - 1].0.clone();
        if choices.below(2) == 0 {
            self.apply((linear(choices, size), vec![vector], Some(2)));
            return;
        }
        for _ in 0..choices.below(2) + 1 {
            let (op, made) = clusters(choices, size);
            let cluster = self.apply((op, vec![vector.clone()], made));
            if made.is_some() && choices.below(2) == 0 {
                self.apply((LargestPlace.into(), vec![cluster], None));
            }
        }
    }

    /// Words of the text, counted.
    fn words(&mut self, choices: &mut Choices<'_>) {
        let mut split = SplitText::within(1 << 20, "[ ]+", None).unwrap();
        (split.min_length, split.lower_case) = (choices.below(3), true);
        let split = [Tokenize.into(), split.into()];
        let mut words = self.columns.text.clone();
        let mut ops: Vec<Op> = vec![choices.of(&split)];
        ops.extend(
            (0..choices.below(3)).map(|_| RemoveWords::new(&["z".to_owned()], WordCase::Lower).into()),
        );
        for op in ops {
            words = self.apply((op, vec![words], None));
        }
        let (least, binary) = (choices.of(&[1.0, 2.0, 0.3]), choices.below(2) == 0);
        let vocabulary = ["x", "y", "z"].map(str::to_owned).to_vec();
        let count = match choices.below(2) {
            0 => CountWords::new(vocabulary, least, binary).unwrap().into(),
            _ => HashTerms { size: 3, binary, hash: choices.of(&[TermHash::Spark2, TermHash::Standard]) }
                .into(),
        };
        self.apply((count, vec![words], Some(3)));
    }

    /// One-hot vectors, assembled with doubles for a linear model.
    fn categories(&mut self, choices: &mut Choices<'_>) {
        let before = self.columns.vectors.len();
        for _ in 0..choices.below(3) + 1 {
            let step = one_hot(choices, &self.columns);
            self.apply(step);
        }
        let one_hots = self.columns.vectors.split_off(before);
        let double = choices.of(&self.columns.doubles);
        let inputs = one_hots.iter().map(|(vector, _)| vector.clone()).chain([double]).collect();
        let sizes = one_hots.iter().map(|&(_, size)| Some(size)).chain([Some(1)]).collect();
        let step = assemble_of(choices, inputs, sizes);
        self.apply(step);
        let (vector, size) = self.columns.vectors[before].clone();
        self.apply((linear(choices, size), vec![vector], Some(2)));
    }
}

/// The size of the vectors in the input column `v`.
const SIZE: usize = 3;

fn graph_from(choices: &mut Choices<'_>) -> Graph {
    let declared = BTreeMap::from([("n".to_owned(), ColumnType::Int), ("s".to_owned(), ColumnType::String)]);
    let exactness = choices.of(&[
        Exactness::Fast,
        Exactness::Fast,
        Exactness::Spark35,
        Exactness::Spark4,
        Exactness::Spark4Avx2,
    ]);
    let mut builder = Builder::new(Declared { exactness, ..declared.into() });
    builder.stage(StageInfo::default());
    let doubles = ["a", "b", "c", "n"].map(|name| builder.doubles(name, true).unwrap()).to_vec();
    let vectors = vec![(builder.vectors("v").unwrap(), SIZE)];
    let text = builder.known("s", true).unwrap();
    let columns = Columns { doubles, vectors, text, applied: Vec::new() };
    let mut made = Made { builder, columns, names: Vec::new() };
    while !choices.have_run_out() {
        match choices.below(20) {
            18 | 19 => made.words(choices),
            16 | 17 => made.categories(choices),
            13..=15 => made.numbers(choices),
            _ => {
                let step = step(choices, &made.columns);
                made.apply(step);
            }
        }
    }
    // Mostly the last columns are asked for, so that something lies between inputs and outputs.
    let Made { builder, mut names, .. } = made;
    let last = names.split_off(names.len().saturating_sub(1 + choices.below(2)));
    let asked = last.into_iter().chain(names.pop().filter(|name| name.ends_with('5'))).collect::<Vec<_>>();
    cut(&builder.finish(ModelInfo::default()).unwrap().graph, &asked).unwrap()
}

fn step(choices: &mut Choices<'_>, columns: &Columns) -> Step {
    let (vector, size) = choices.late(&columns.vectors);
    let double = choices.late(&columns.doubles);
    match choices.below(20) {
        0..=3 => assemble(choices, columns),
        4..=6 => scale(choices, vector, size),
        7 => {
            let low = choices.numbers(size, Choices::finite);
            let high: Vec<f64> = low.iter().map(|low| low + choices.factor()).collect();
            let form = choices.of(&[MinMaxForm::DivideFirst, MinMaxForm::FactorFirst(SparseRule::Ratio)]);
            (MinMax::new(&low, &high, -1.0, choices.finite(), form).into(), vec![vector], Some(size))
        }
        8 => (Divide::Slots(choices.numbers(size, Choices::factor).into()).into(), vec![vector], Some(size)),
        9..=11 => forest(choices, vector, size),
        12 => (linear(choices, size), vec![vector], Some(2)),
        13 => (Impute { missing: choices.number(), surrogate: 1.5 }.into(), vec![double], None),
        14 => {
            let splits = Arc::from([f64::NEG_INFINITY, -1.0, 0.0, 2.5, f64::INFINITY]);
            (Bucketize { splits, handle_invalid: choices.handle_invalid() }.into(), vec![double], None)
        }
        15 => {
            let op = StringIndex::new(&["x".to_owned(), "y".to_owned()], choices.handle_invalid());
            (op.into(), vec![columns.text.clone()], None)
        }
        16 => one_hot(choices, columns),
        17 => (CheckSize { size, skip: choices.below(3) == 0 }.into(), vec![vector], Some(size)),
        18 => (Probability::Softmax.into(), vec![vector], Some(size)),
        _ => match columns.applied.is_empty() {
            true => (Decide::LargestOrNone.into(), vec![vector], None),
            false => choices.of(&columns.applied),
        },
    }
}

fn scale(choices: &mut Choices<'_>, vector: Col, size: usize) -> Step {
    let shift = (choices.below(2) == 0).then(|| choices.numbers(size, Choices::finite).into());
    let factor = (choices.below(4) > 0).then(|| choices.numbers(size, Choices::factor).into());
    (Scale { shift, factor }.into(), vec![vector], Some(size))
}

fn one_hot(choices: &mut Choices<'_>, columns: &Columns) -> Step {
    let categories = choices.below(5) + 1;
    let op = OneHot { categories, drop_last: choices.below(2) == 0, keep: choices.below(4) > 0 };
    let size = op.size();
    (op.into(), vec![choices.late(&columns.doubles)], Some(size))
}

fn assemble(choices: &mut Choices<'_>, columns: &Columns) -> Step {
    let (mut inputs, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..choices.below(5) + 1 {
        if choices.below(6) == 5 {
            let (vector, size) = choices.of(&columns.vectors);
            inputs.push(vector);
            sizes.push(Some(size));
        } else {
            inputs.push(choices.of(&columns.doubles));
            sizes.push(Some(1));
        }
    }
    assemble_of(choices, inputs, sizes)
}

fn assemble_of(choices: &mut Choices<'_>, inputs: Vec<Col>, sizes: Vec<Option<usize>>) -> Step {
    let size = sizes.iter().flatten().sum();
    let op = Assemble { handle_invalid: choices.handle_invalid(), sizes, rule: choices.rule() };
    (op.into(), inputs, Some(size))
}

fn linear(choices: &mut Choices<'_>, size: usize) -> Op {
    let values = choices.numbers(2 * size, |choices| match choices.below(20) {
        0 => choices.number(),
        _ => choices.finite(),
    });
    let intercepts = choices.numbers(2, Choices::finite);
    Linear::new(Weights::dense(2, size, values).unwrap(), intercepts, Shape::Vector).unwrap().into()
}

/// A model of clusters over vectors of `size`, some of them as far from one as from another, and what it makes.
fn clusters(choices: &mut Choices<'_>, size: usize) -> (Op, Option<usize>) {
    let count = choices.below(5) + 1;
    let centers: Vec<Vec<f64>> = (0..count).map(|_| choices.numbers(size, Choices::finite)).collect();
    let kind = choices.below(4);
    if kind < 3 {
        let sparse: Vec<u32> = (0..size as u32).collect();
        let is_sparse = choices.below(3) == 0;
        let center = |values| match is_sparse {
            true => VectorRef::Sparse { size, indices: &sparse, values },
            false => VectorRef::Dense(values),
        };
        let centers: Vec<VectorRef<'_>> = centers.iter().map(|values| center(values)).collect();
        if kind < 2 {
            return (NearestCenter::new(&centers).unwrap().into(), None);
        }
        let nodes = centers.iter().enumerate().map(|(at, &center)| ClusterNode {
            center,
            norm: center.values().iter().map(|value| value * value).sum::<f64>().sqrt(),
            children: if at == 0 { (1..count).collect() } else { Vec::new() },
            cluster: at as i32,
        });
        let nodes: Vec<ClusterNode<'_>> = nodes.collect();
        return (ClusterTree::new(&nodes, Distance::Euclidean, true).unwrap().into(), None);
    }
    let (spread, shared) = (choices.finite().abs().clamp(0.1, 9.0), choices.below(3) as f64 / 8.0);
    let place = |at| if at % (size + 1) == 0 { spread } else { shared };
    let covariance: Vec<f64> = (0..size * size).map(place).collect();
    let gaussians: Vec<(f64, &[f64], &[f64])> =
        centers.iter().map(|mean| (0.5, &mean[..], &covariance[..])).collect();
    (Mixture::new(&gaussians).unwrap().into(), Some(count))
}

/// A forest with sums, weighted sums or leaf numbers; some of its trees test categories.
fn forest(choices: &mut Choices<'_>, vector: Col, size: usize) -> Step {
    let mut builder = TreesBuilder::new(size);
    let trees = choices.below(3) + 1;
    for _ in 0..trees {
        builder.add(&tree(choices, size)).unwrap();
    }
    let trees = Arc::new(builder.finish().unwrap());
    let leaves = trees.leaves();
    let values = choices.numbers(leaves * 2, Choices::finite);
    let (forest, size) = match choices.below(3) {
        0 => {
            let sum =
                LeafSum { values: values.into(), width: 2, start: 0.0, divisor: 3.0, shape: Shape::Vector };
            (Forest::sum(trees, sum), Some(2))
        }
        1 => {
            let weights = choices.numbers(trees.len(), Choices::finite);
            (Forest::weighted(trees, values[..leaves].to_vec(), weights, Shape::Scalar), None)
        }
        _ => {
            let count = trees.len();
            (Forest::leaves(trees, Shape::Vector), Some(count))
        }
    };
    (forest.unwrap().into(), vec![vector], size)
}

fn tree(choices: &mut Choices<'_>, size: usize) -> Vec<TreeNode> {
    let mut nodes = vec![TreeNode::Leaf];
    for _ in 0..if size == 0 { 0 } else { choices.below(6) } {
        let leaves: Vec<usize> = (0..nodes.len()).filter(|&at| nodes[at] == TreeNode::Leaf).collect();
        let (place, feature) = (choices.of(&leaves), choices.below(size));
        let test = match choices.below(16) {
            0 => Test::Category { feature, categories: vec![0, 2, 3], side: Side::Right },
            _ => {
                let threshold = choices.number();
                Test::AtMost { feature, threshold: if threshold.is_nan() { 0.25 } else { threshold } }
            }
        };
        nodes[place] = TreeNode::Branch { test, left: nodes.len(), right: nodes.len() + 1 };
        nodes.extend([TreeNode::Leaf, TreeNode::Leaf]);
    }
    nodes
}

fn batch_from(graph: &Graph, choices: &mut Choices<'_>) -> Batch {
    let rows = choices.below(20);
    // Values that no stage takes are rare in half of the batches, so that not every batch is an error.
    let tame = choices.below(2) == 0;
    let columns = graph.inputs.iter().map(|field| input(choices, &field.column_type, rows, tame)).collect();
    Batch::new(rows, columns)
}

fn input(choices: &mut Choices<'_>, column_type: &ColumnType, rows: usize, tame: bool) -> Column {
    let null = |choices: &mut Choices<'_>| !tame && choices.below(20) == 19;
    let number = |choices: &mut Choices<'_>| if tame { choices.finite() } else { choices.number() };
    match column_type {
        ColumnType::Int => {
            let numbers = (0..rows).map(|_| (!null(choices)).then(|| choices.below(6) as i32 - 2));
            Column::Array(Arc::new(numbers.collect::<Int32Array>()))
        }
        ColumnType::String => {
            let texts = if tame { &["x", "y"][..] } else { &["x", "y", "z", " X  z y x"][..] };
            let texts = (0..rows).map(|_| (!null(choices)).then(|| choices.of(texts)));
            Column::Array(Arc::new(texts.collect::<StringArray>()))
        }
        ColumnType::Vector => {
            let mut vectors = VectorBuilder::default();
            for _ in 0..rows {
                match choices.below(if tame { 12 } else { 16 }) {
                    15 => vectors.push_null(),
                    14 => vectors.push_dense(&[1.0]),
                    9..=13 => vectors.push_sparse(SIZE, &[0, 2], &[number(choices), 2.0]),
                    _ => vectors.push_dense(&choices.numbers(SIZE, number)),
                }
            }
            Column::Vector(vectors.finish())
        }
        _ => {
            let numbers = (0..rows).map(|_| (!null(choices)).then(|| number(choices)));
            Column::Array(Arc::new(numbers.collect::<Float64Array>()))
        }
    }
}
